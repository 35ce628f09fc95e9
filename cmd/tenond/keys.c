#include "keys.h"

#include "base/mem.h"
#include "base/str.h"
#include "run/resolve.h"

struct keys {
	const struct tn_daemon *daemon;
	struct tn_run_options run;
	struct tn_resolve *resolve;
	size_t *hook_numbers, *target_numbers;
	struct tn_door_hook *hooks;
	struct tn_notify_target *targets;
	tn_loop_fn *done;
	void *arg;
};

static size_t
ask_for(struct keys *keys, const struct tn_secret_source *source, const char *what,
    const char *name)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

	tn_str_addf(&text, "the %s %s", what, name);
	return tn_resolve_add(keys->resolve, source, tn_str_text(&text));
}

static void
add_all(struct keys *keys)
{
	const struct tn_daemon *daemon = keys->daemon;

	for (size_t i = 0; i < daemon->n_webhooks; i++) {
		const struct tn_webhook_entry *entry = &daemon->webhooks[i];

		keys->hooks[i].entry = entry;
		keys->hook_numbers[i] = ask_for(keys, &entry->secret, "secret of webhook",
		    entry->name);
	}
	for (size_t i = 0; i < daemon->n_notify; i++) {
		const struct tn_notify_entry *entry = &daemon->notify[i];

		keys->targets[i].entry = entry;
		keys->target_numbers[i] = ask_for(keys, &entry->url, "URL for",
		    entry->slack ? "Slack" : "notifications");
	}
}

static void
on_resolved(void *arg)
{
	struct keys *keys = arg;

	for (size_t i = 0; i < keys->daemon->n_webhooks; i++)
		keys->hooks[i].secret = tn_resolve_value(keys->resolve,
		    keys->hook_numbers[i]);
	for (size_t i = 0; i < keys->daemon->n_notify; i++)
		keys->targets[i].url = tn_resolve_value(keys->resolve,
		    keys->target_numbers[i]);
	keys->done(keys->arg);
}

struct keys *
keys_ask(const struct tn_daemon *daemon, const struct tn_run_options *run,
    struct tn_diags *diags, tn_loop_fn *done, void *arg)
{
	struct keys *keys = tn_new(struct keys);

	keys->daemon = daemon;
	keys->run = *run;
	keys->done = done;
	keys->arg = arg;
	keys->resolve = tn_resolve_new(&keys->run, diags);
	keys->hooks = tn_alloc(daemon->n_webhooks, sizeof(*keys->hooks));
	keys->hook_numbers = tn_alloc(daemon->n_webhooks, sizeof(*keys->hook_numbers));
	keys->targets = tn_alloc(daemon->n_notify, sizeof(*keys->targets));
	keys->target_numbers = tn_alloc(daemon->n_notify, sizeof(*keys->target_numbers));
	add_all(keys);
	tn_resolve_start(keys->resolve, on_resolved, keys);
	return keys;
}

void
keys_free(struct keys *keys)
{
	if (keys == NULL)
		return;
	tn_resolve_free(keys->resolve);
	tn_free(keys->hooks);
	tn_free(keys->hook_numbers);
	tn_free(keys->targets);
	tn_free(keys->target_numbers);
	tn_free(keys);
}

const struct tn_door_hook *
keys_hooks(const struct keys *keys, size_t *n)
{
	*n = keys->daemon->n_webhooks;
	return keys->hooks;
}

const struct tn_notify_target *
keys_targets(const struct keys *keys, size_t *n)
{
	*n = keys->daemon->n_notify;
	return keys->targets;
}

void
keys_missing(const struct keys *keys, struct tn_str *out)
{
	for (size_t i = 0; i < keys->daemon->n_webhooks; i++)
		if (keys->hooks[i].secret == NULL)
			tn_str_addf(out, "%swebhook %s", out->len > 0 ? ", " : "",
			    keys->hooks[i].entry->name);
	for (size_t i = 0; i < keys->daemon->n_notify; i++)
		if (keys->targets[i].url == NULL)
			tn_str_addf(out, "%snotification %zu", out->len > 0 ? ", " : "",
			    i + 1);
}
