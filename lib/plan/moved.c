#include "plan/saved.h"

#include <string.h>

#include "base/str.h"
#include "base/value.h"
#include "plan/basis.h"
#include "plan/digest.h"

static const char *const kind_names[] = {
	[TN_MOVED_FILES] = "files",
	[TN_MOVED_TENANT] = "tenant",
	[TN_MOVED_SECRET] = "secret",
	[TN_MOVED_STATE] = "state",
	[TN_MOVED_PLAN] = "plan",
};

const char *
tn_moved_kind_name(enum tn_moved_kind kind)
{
	return kind_names[kind];
}

struct comparing {
	struct tn_arena *arena;
	struct tn_moved *items;
	size_t n, cap;
};

static void moved(struct comparing *c, enum tn_moved_kind kind, const char *resource,
    const char *format, ...) TN_PRINTF(4, 5);

static void
moved(struct comparing *c, enum tn_moved_kind kind, const char *resource,
    const char *format, ...)
{
	TN_CLEANUP(tn_str_done) struct tn_str message = TN_STR_INIT;
	va_list args;

	va_start(args, format);
	tn_str_addv(&message, format, args);
	va_end(args);
	c->items = tn_arena_grow(c->arena, c->items, c->n, &c->cap, sizeof(*c->items));
	c->items[c->n++] = (struct tn_moved){
		.kind = kind,
		.resource = tn_arena_text(c->arena, resource),
		.message = tn_arena_text(c->arena, tn_str_text(&message)),
	};
}

/* NULL counts as a value of its own. */
static bool
same(const struct tn_value *a, const struct tn_value *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return tn_value_equal(a, b);
}

static bool
same_member(const struct tn_value *a, const struct tn_value *b, const char *key)
{
	return same(tn_value_get(a, key), tn_value_get(b, key));
}

static const struct tn_value *
find(const struct tn_value *list, const char *key, const char *name)
{
	for (size_t i = 0; i < tn_value_count(list); i++)
		if (tn_text_equal(tn_value_get_text(tn_value_at(list, i), key), name))
			return tn_value_at(list, i);
	return NULL;
}

/* The members that differ, by name: "code, runtime". False when none does. */
static bool
differing(const struct tn_value *a, const struct tn_value *b, const char *const *keys,
    size_t n, struct tn_str *out)
{
	for (size_t i = 0; i < n; i++)
		if (!same_member(a, b, keys[i]))
			tn_str_addf(out, "%s%s", out->len > 0 ? ", " : "", keys[i]);
	return out->len > 0;
}

static const char *const content_parts[] = { "code", "runtime", "dependencies", "secrets",
	"modules" };

static void
compare_wanted(struct comparing *c, const char *resource, const struct tn_value *then,
    const struct tn_value *now)
{
	static const char *const parts[] = { "code", "runtime", "dependencies", "modules",
		"tests", "trigger", "trigger_version" };
	TN_CLEANUP(tn_str_done) struct tn_str words = TN_STR_INIT;

	if (differing(then, now, parts, TN_ARRAY_LEN(parts), &words))
		moved(c, TN_MOVED_FILES, resource, "the files want something else: %s",
		    tn_str_text(&words));
}

static void
compare_running(struct comparing *c, const char *resource, const struct tn_value *then,
    const struct tn_value *now)
{
	TN_CLEANUP(tn_str_done) struct tn_str words = TN_STR_INIT;
	int64_t before = 0, after = 0;

	if (same(then, now))
		return;
	if (then == NULL || now == NULL) {
		moved(c, TN_MOVED_TENANT, resource, "%s",
		    now != NULL ? "it has a version now, and had none"
				: "it has no version any more");
		return;
	}
	tn_value_to_int(tn_value_get(then, "number"), &before);
	tn_value_to_int(tn_value_get(now, "number"), &after);
	if (differing(tn_value_get(then, "content"), tn_value_get(now, "content"),
		content_parts, TN_ARRAY_LEN(content_parts), &words))
		moved(c, TN_MOVED_TENANT, resource,
		    "it is at version %lld and not at %lld, with another %s",
		    (long long)after, (long long)before, tn_str_text(&words));
	else
		moved(c, TN_MOVED_TENANT, resource,
		    "it is at version %lld and not at %lld, with the same content",
		    (long long)after, (long long)before);
}

static void
compare_live(struct comparing *c, const char *resource, const struct tn_value *then,
    const struct tn_value *now)
{
	static const char *const about[] = { "name", "trigger", "installed" };
	TN_CLEANUP(tn_str_done) struct tn_str words = TN_STR_INIT;

	if (then == NULL && now == NULL)
		return;
	if (then == NULL || now == NULL) {
		moved(c, TN_MOVED_TENANT, resource, "%s",
		    now != NULL ? "it is there now, and was not"
				: "it is gone from the tenant");
		return;
	}
	if (!same_member(then, now, "id")) {
		moved(c, TN_MOVED_TENANT, resource,
		    "it is another action of the same name");
		return;
	}
	compare_running(c, resource, tn_value_get(then, "live"),
	    tn_value_get(now, "live"));
	if (differing(tn_value_get(then, "draft"), tn_value_get(now, "draft"),
		content_parts, TN_ARRAY_LEN(content_parts), &words))
		moved(c, TN_MOVED_TENANT, resource, "its draft has another %s",
		    tn_str_text(&words));
	tn_str_clear(&words);
	if (differing(then, now, about, TN_ARRAY_LEN(about), &words))
		moved(c, TN_MOVED_TENANT, resource, "it has another %s",
		    tn_str_text(&words));
}

/* A secret whose wanted value is the same: what became of it, by what it is now. */
static const char *
news_of(const char *change)
{
	static const struct {
		enum tn_secret_change_kind kind;
		const char *words;
	} news[] = {
		{ TN_SECRET_KEEP, "has been written meanwhile" },
		{ TN_SECRET_ADD, "is not in the tenant any more" },
		{ TN_SECRET_CHANGE, "has been written with another value meanwhile" },
		{ TN_SECRET_STAGED, "has been written to the draft meanwhile" },
		{ TN_SECRET_FOREIGN, "was written by somebody else meanwhile" },
		{ TN_SECRET_UNKNOWN, "is in the tenant, and its value is not known" },
		{ TN_SECRET_LATER, "has no value any more" },
		{ TN_SECRET_REMOVE, "is not wanted any more" },
		{ TN_SECRET_LEFT, "is in the tenant, and its value is not known" },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(news); i++)
		if (tn_text_equal(change, tn_secret_change_name(news[i].kind)))
			return news[i].words;
	return "is not what it was";
}

static void
compare_secret(struct comparing *c, const char *resource, const struct tn_value *then,
    const struct tn_value *now)
{
	const char *name = tn_value_get_text(now, "name");
	const char *change = tn_value_get_text(now, "change");

	if (!same_member(then, now, "fingerprint") &&
	    tn_value_get(then, "fingerprint") != NULL &&
	    tn_value_get(now, "fingerprint") != NULL)
		moved(c, TN_MOVED_SECRET, resource, "the secret %s has another value now",
		    name);
	else if (!same_member(then, now, "change"))
		moved(c, TN_MOVED_SECRET, resource, "the secret %s %s", name,
		    news_of(change));
}

static void
compare_secrets(struct comparing *c, const char *resource, const struct tn_value *then,
    const struct tn_value *now)
{
	const char *removal = tn_secret_change_name(TN_SECRET_REMOVE);

	for (size_t i = 0; i < tn_value_count(now); i++) {
		const struct tn_value *secret = tn_value_at(now, i);
		const char *name = tn_value_get_text(secret, "name");
		const struct tn_value *old = find(then, "name", name);
		bool wanted = !tn_text_equal(tn_value_get_text(secret, "change"),
		    removal);

		if (old != NULL)
			compare_secret(c, resource, old, secret);
		else
			moved(c, wanted ? TN_MOVED_FILES : TN_MOVED_TENANT, resource,
			    wanted ? "the files want the secret %s besides"
				   : "it has a secret %s besides",
			    name);
	}
	for (size_t i = 0; i < tn_value_count(then); i++) {
		const char *name = tn_value_get_text(tn_value_at(then, i), "name");

		if (find(now, "name", name) == NULL)
			moved(c, TN_MOVED_SECRET, resource,
			    "the secret %s is neither wanted nor there any more",
			    name == NULL ? "?" : name);
	}
}

static void
compare_action(struct comparing *c, const char *resource, const struct tn_value *then,
    const struct tn_value *now)
{
	compare_wanted(c, resource, tn_value_get(then, "wanted"),
	    tn_value_get(now, "wanted"));
	compare_live(c, resource, tn_value_get(then, "live"), tn_value_get(now, "live"));
	compare_secrets(c, resource, tn_value_get(then, "secrets"),
	    tn_value_get(now, "secrets"));
	if (!same_member(then, now, "adopt"))
		moved(c, TN_MOVED_STATE, resource, "%s",
		    tn_value_get_bool(now, "adopt", false)
			? "it is not recorded as ours"
			: "it is ours by now, or another project's");
}

/* What others bound moves what is wanted too, as it is kept. */
static void
compare_flow(struct comparing *c, const char *resource, const struct tn_value *then,
    const struct tn_value *now)
{
	if (!same_member(then, now, "live"))
		moved(c, TN_MOVED_TENANT, resource,
		    "other actions are bound, or in "
		    "another order");
	else if (!same_member(then, now, "wanted"))
		moved(c, TN_MOVED_FILES, resource,
		    "the files want other bindings, or "
		    "another order");
}

static void
compare_lists(struct comparing *c, const struct tn_value *then,
    const struct tn_value *now, const char *prefix, const char *key,
    void (*compare)(struct comparing *c, const char *resource,
	const struct tn_value *then, const struct tn_value *now))
{
	for (size_t i = 0; i < tn_value_count(now); i++) {
		const struct tn_value *item = tn_value_at(now, i);
		const char *name = tn_value_get_text(item, key);
		const char *resource = tn_arena_printf(c->arena, "%s%s", prefix, name);
		const struct tn_value *old = find(then, key, name);

		if (old != NULL)
			compare(c, resource, old, item);
		else
			moved(c, TN_MOVED_FILES, resource, "the files name it now");
	}
	for (size_t i = 0; i < tn_value_count(then); i++) {
		const char *name = tn_value_get_text(tn_value_at(then, i), key);

		if (name != NULL && find(now, key, name) == NULL)
			moved(c, TN_MOVED_FILES,
			    tn_arena_printf(c->arena, "%s%s", prefix, name),
			    "the files do not name it any more");
	}
}

static void
compare_bases(struct comparing *c, const struct tn_value *then,
    const struct tn_value *now)
{
	compare_lists(c, tn_value_get(then, "modules"), tn_value_get(now, "modules"),
	    "module/", "name", compare_action);
	compare_lists(c, tn_value_get(then, "actions"), tn_value_get(now, "actions"),
	    "action/", "name", compare_action);
	compare_lists(c, tn_value_get(then, "flows"), tn_value_get(now, "flows"),
	    "bindings/", "trigger", compare_flow);
}

/* Steps, where nothing was said of what they are about. */

static bool
is_told(const struct comparing *c, const struct tn_value *step)
{
	const char *name = tn_value_get_text(step, "name");

	for (size_t i = 0; i < c->n; i++) {
		const char *slash = strchr(c->items[i].resource, '/');

		if (slash != NULL && tn_text_equal(slash + 1, name))
			return true;
	}
	return false;
}

static const struct tn_value *
find_step(const struct tn_value *steps, const struct tn_value *like)
{
	for (size_t i = 0; i < tn_value_count(steps); i++)
		if (same_member(tn_value_at(steps, i), like, "kind") &&
		    same_member(tn_value_at(steps, i), like, "name"))
			return tn_value_at(steps, i);
	return NULL;
}

static void
compare_members(struct comparing *c, const char *step, const struct tn_value *then,
    const struct tn_value *now)
{
	for (size_t i = 0; i < tn_value_count(now); i++) {
		const char *key = now->as.members[i].key;

		if (!tn_text_equal(key, "number") && !same_member(then, now, key))
			moved(c, TN_MOVED_PLAN, step, "%s is not what it was", key);
	}
}

static const char *
step_name(struct comparing *c, const struct tn_value *step)
{
	const char *kind = tn_value_get_text(step, "kind");
	const char *name = tn_value_get_text(step, "name");

	return tn_arena_printf(c->arena, "%s of %s", kind == NULL ? "?" : kind,
	    name == NULL ? "?" : name);
}

static void
compare_steps(struct comparing *c, const struct tn_value *then,
    const struct tn_value *now)
{
	for (size_t i = 0; i < tn_value_count(now); i++) {
		const struct tn_value *step = tn_value_at(now, i);
		const struct tn_value *old = find_step(then, step);

		if (is_told(c, step))
			continue;
		if (old == NULL)
			moved(c, TN_MOVED_PLAN, step_name(c, step),
			    "the plan does not have this step");
		else
			compare_members(c, step_name(c, step), old, step);
	}
	for (size_t i = 0; i < tn_value_count(then); i++) {
		const struct tn_value *step = tn_value_at(then, i);

		if (find_step(now, step) == NULL && !is_told(c, step))
			moved(c, TN_MOVED_PLAN, step_name(c, step),
			    "this step is not needed any more");
	}
}

static void
compare_blocked(struct comparing *c, const struct tn_diff *diff)
{
	for (size_t i = 0; i < diff->n_modules; i++)
		if (diff->modules[i].kind == TN_MODULE_BLOCKED)
			moved(c, TN_MOVED_PLAN,
			    tn_arena_printf(c->arena, "module/%s",
				diff->modules[i].want->name),
			    "it cannot be changed now: %s", diff->modules[i].reason);
	for (size_t i = 0; i < diff->n_changes; i++)
		if (diff->changes[i].kind == TN_CHANGE_BLOCKED)
			moved(c, TN_MOVED_PLAN,
			    tn_arena_printf(c->arena, "action/%s",
				diff->changes[i].want->name),
			    "it cannot be changed now: %s", diff->changes[i].reason);
	for (size_t i = 0; i < diff->n_flows; i++)
		if (diff->flows[i].blocked != NULL)
			moved(c, TN_MOVED_PLAN,
			    tn_arena_printf(c->arena, "bindings/%s",
				diff->flows[i].trigger),
			    "they cannot be set now: %s", diff->flows[i].blocked);
}

const struct tn_moved *
tn_saved_plan_moved(const struct tn_saved_plan *saved, const struct tn_plan *plan,
    const struct tn_diff *diff, struct tn_arena *arena, size_t *n)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *own = tn_arena_new();
	struct comparing c = { .arena = arena };

	compare_bases(&c, saved->basis, tn_basis_build(own, diff));
	if (plan == NULL)
		compare_blocked(&c, diff);
	else
		compare_steps(&c, tn_value_get(saved->core, "steps"),
		    tn_value_get(tn_plan_core(own, plan), "steps"));
	if (c.n == 0)
		moved(&c, TN_MOVED_PLAN, "plan",
		    "what is to be done, or in which order, is not what it was");
	*n = c.n;
	return c.items;
}
