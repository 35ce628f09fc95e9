#include "run/resolve.h"

#include <string.h>

#include "base/mem.h"
#include "base/secret.h"
#include "base/text.h"
#include "run/command.h"

/* Permission bits of those who are neither the owner nor of the group. */
#define OTHERS       0007u
#define OTHERS_WRITE 0002u
/* As many programs may ask the same vault at once without being a burden to it. */
#define TOGETHER 8

struct item {
	struct tn_resolve *resolve;
	const struct tn_secret_source *source;
	char *what;
	struct tn_secret *value;
	bool failed;
	struct tn_secret_command *command; /* while it runs */
};

struct tn_resolve {
	const struct tn_run_options *options;
	struct tn_diags *diags;
	struct item **items;
	size_t n, cap;
	size_t next;    /* the first that was not asked yet */
	size_t running; /* commands */
	struct tn_timer timer;
	tn_loop_fn *done;
	void *arg;
};

struct tn_resolve *
tn_resolve_new(const struct tn_run_options *options, struct tn_diags *diags)
{
	struct tn_resolve *resolve = tn_new(struct tn_resolve);

	resolve->options = options;
	resolve->diags = diags;
	return resolve;
}

static void
free_item(struct item *item)
{
	tn_secret_unref(item->value);
	tn_free(item->what);
	tn_free(item);
}

void
tn_resolve_stop(struct tn_resolve *resolve)
{
	tn_timer_stop(&resolve->timer);
	for (size_t i = 0; i < resolve->n; i++)
		tn_secret_command_free(tn_take(resolve->items[i]->command));
}

void
tn_resolve_free(struct tn_resolve *resolve)
{
	if (resolve == NULL)
		return;
	tn_resolve_stop(resolve);
	for (size_t i = 0; i < resolve->n; i++)
		free_item(resolve->items[i]);
	tn_free(resolve->items);
	tn_free(resolve);
}

static bool
same_texts(const char *const *a, const char *const *b)
{
	while (*a != NULL && *b != NULL && strcmp(*a, *b) == 0) {
		a++;
		b++;
	}
	return *a == NULL && *b == NULL;
}

static bool
same_source(const struct tn_secret_source *a, const struct tn_secret_source *b)
{
	if (a->kind != b->kind || !tn_text_equal(a->name, b->name))
		return false;
	return a->kind != TN_SECRET_COMMAND ||
	    (same_texts(a->argv, b->argv) && same_texts(a->pass_env, b->pass_env));
}

size_t
tn_resolve_add(struct tn_resolve *resolve, const struct tn_secret_source *source,
    const char *what)
{
	struct item *item;

	for (size_t i = 0; i < resolve->n; i++)
		if (same_source(resolve->items[i]->source, source))
			return i;
	item = tn_new(struct item);
	item->resolve = resolve;
	item->source = source;
	item->what = tn_strdup(what);
	resolve->items = tn_grow(resolve->items, resolve->n, &resolve->cap,
	    sizeof(*resolve->items));
	resolve->items[resolve->n] = item;
	return resolve->n++;
}

/* What went wrong with a source. */
static void
complain(struct item *item, const char *code, const struct tn_error *why)
{
	struct tn_diags *diags = item->resolve->diags;
	struct tn_diag *diag = tn_diags_error(diags, code, item->source->mark, "%s: %s",
	    item->what, why->message);

	if (why->hint != NULL)
		tn_diags_hint(diags, diag, "%s", why->hint);
	item->failed = true;
}

/* The redactor learns a value before anything else can happen to it. */
static void
keep(struct item *item, const struct tn_secret *value)
{
	struct tn_redactor *redactor = item->resolve->options->redactor;
	TN_CLEANUP(tn_error_done) struct tn_error why = TN_ERROR_INIT;

	if (redactor != NULL)
		tn_redactor_add(redactor, value);
	if (tn_secret_len(value) == 0)
		tn_error_set(&why, TN_E_INPUT, "the value is empty");
	else if (!tn_secret_is_text(value))
		tn_error_set(&why, TN_E_INPUT,
		    "the value is no text: it has a NUL character or is not valid UTF-8");
	if (tn_error_is_set(&why))
		complain(item, "bad-secret-value", &why);
	else
		item->value = tn_secret_ref(value);
}

static void
keep_bytes(struct item *item, const char *bytes, size_t len)
{
	TN_CLEANUP(tn_secret_unrefp) struct tn_secret *value = tn_secret_new(bytes, len);

	keep(item, value);
}

static void
ask_variable(struct item *item)
{
	const struct tn_environment *environment = &item->resolve->options->environment;
	const char *value = environment->get(environment->arg, item->source->name);

	/* Empty is how many systems hand on what is not set. */
	if (value != NULL && value[0] != '\0')
		keep_bytes(item, value, strlen(value));
}

static void
check_mode(const struct item *item, unsigned mode)
{
	struct tn_diags *diags = item->resolve->diags;
	struct tn_diag *diag;

	if ((mode & OTHERS) == 0)
		return;
	diag = tn_diags_warning(diags, "open-secret-file", item->source->mark,
	    "%s: other users of this machine can %s \"%s\"", item->what,
	    (mode & OTHERS_WRITE) != 0 ? "change" : "read", item->source->name);
	tn_diags_hint(diags, diag, "chmod o-rwx it");
}

static void
ask_file(struct item *item)
{
	const struct tn_environment *environment = &item->resolve->options->environment;
	TN_CLEANUP(tn_error_done) struct tn_error why = TN_ERROR_INIT;
	struct tn_str bytes = TN_STR_INIT;
	unsigned mode = 0;

	if (environment->read_file(environment->arg, item->source->name, &bytes, &mode,
		&why) < 0) {
		complain(item, "secret-file", &why);
		return;
	}
	check_mode(item, mode);
	/* An editor ends the last line; the newline is not part of the value. */
	keep_bytes(item, tn_str_text(&bytes),
	    tn_text_ends(tn_str_text(&bytes), "\n") ? bytes.len - 1 : bytes.len);
	if (bytes.ptr != NULL)
		tn_wipe(bytes.ptr, bytes.len);
	tn_str_done(&bytes);
}

static void go_on(void *arg);

static void
on_command(void *arg, const struct tn_secret *value, const struct tn_error *err)
{
	struct item *item = arg;
	struct tn_resolve *resolve = item->resolve;

	if (err != NULL)
		complain(item, "secret-command", err);
	else
		keep(item, value);
	tn_secret_command_free(tn_take(item->command));
	resolve->running--;
	tn_timer_start(&resolve->timer, resolve->options->loop, 0, go_on, resolve);
}

static void
ask(struct item *item)
{
	switch (item->source->kind) {
	case TN_SECRET_NONE:
		break;
	case TN_SECRET_ENV:
		ask_variable(item);
		break;
	case TN_SECRET_FILE:
		ask_file(item);
		break;
	case TN_SECRET_COMMAND:
		item->resolve->running++;
		item->command = tn_secret_command_start(item->resolve->options,
		    item->source, on_command, item);
		break;
	}
}

static void
go_on(void *arg)
{
	struct tn_resolve *resolve = arg;

	while (resolve->next < resolve->n && resolve->running < TOGETHER)
		ask(resolve->items[resolve->next++]);
	if (resolve->running == 0)
		resolve->done(resolve->arg);
}

void
tn_resolve_start(struct tn_resolve *resolve, tn_loop_fn *done, void *arg)
{
	resolve->done = done;
	resolve->arg = arg;
	tn_timer_start(&resolve->timer, resolve->options->loop, 0, go_on, resolve);
}

const struct tn_secret *
tn_resolve_value(const struct tn_resolve *resolve, size_t number)
{
	return resolve->items[number]->value;
}

bool
tn_resolve_failed(const struct tn_resolve *resolve, size_t number)
{
	return resolve->items[number]->failed;
}
