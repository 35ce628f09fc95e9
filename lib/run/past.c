#include "run/past.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/value.h"

void
tn_remark(struct tn_remarks *remarks, struct tn_arena *arena, const char *format, ...)
{
	const char *text;
	va_list args;

	va_start(args, format);
	text = tn_arena_vprintf(arena, format, args);
	va_end(args);
	remarks->items = tn_arena_grow(arena, remarks->items, remarks->n, &remarks->cap,
	    sizeof(*remarks->items));
	remarks->items[remarks->n++] = text;
}

/* --- Which run says it --- */

static bool
is_kind(const struct tn_past_object *object, const char *kind)
{
	return tn_text_equal(object->kind, kind);
}

/* An action by its id, as names move; a flow by its trigger. */
static bool
same_thing(const struct tn_past_object *a, const struct tn_past_object *b)
{
	if (!tn_text_equal(a->kind, b->kind))
		return false;
	return is_kind(a, "action") ? tn_text_equal(a->id, b->id)
				    : tn_text_equal(a->name, b->name);
}

/* What was put back is as before. */
static bool
tells(const struct tn_past_object *object)
{
	return !tn_text_equal(object->state, "undone") &&
	    !tn_text_equal(object->what, "adopt") &&
	    (is_kind(object, "flow") ||
		(is_kind(object, "action") && object->id != NULL));
}

static struct tn_past_source *
find_source(const struct tn_past *past, const struct tn_past_object *object)
{
	for (size_t i = 0; i < past->n; i++)
		if (same_thing(past->sources[i].object, object))
			return &past->sources[i];
	return NULL;
}

static struct tn_past_source *
add_source(struct tn_past *past, size_t *cap, struct tn_arena *arena)
{
	past->sources = tn_arena_grow(arena, past->sources, past->n, cap,
	    sizeof(*past->sources));
	return &past->sources[past->n++];
}

/* What a run got stuck with may be anything between: the run after it, if there is one,
 * says what it found. */
static void
take(struct tn_past *past, size_t *cap, struct tn_arena *arena,
    const struct tn_past_object *object, const struct tn_past_run *run, bool later)
{
	struct tn_past_source *source = find_source(past, object);
	bool stuck = !tn_text_equal(object->state, "done");

	if (source != NULL && (source->settled || (stuck && !later))) {
		source->settled = true;
		return;
	}
	if (source == NULL)
		source = add_source(past, cap, arena);
	*source = (struct tn_past_source){ object, run, later, stuck && !later, !later };
}

static bool
is_kept(const struct tn_past_object *object)
{
	return tn_text_equal(object->what, TN_PAST_KEPT);
}

static void
note_adoption(struct tn_past *past, struct tn_arena *arena,
    const struct tn_past_object *object, const struct tn_past_run *run)
{
	if (!tn_text_equal(object->what, "adopt") || !is_kind(object, "action"))
		return;
	past->adoptions = tn_arena_grow(arena, past->adoptions, past->n_adoptions,
	    &past->cap_adoptions, sizeof(*past->adoptions));
	past->adoptions[past->n_adoptions++] = (struct tn_past_adoption){ object->id,
		run };
}

/* The runs come from the latest to the first: up to `at` the first that is met counts,
 * after it the last. */
void
tn_past_find(const struct tn_history *history, size_t at, struct tn_arena *arena,
    struct tn_past *out)
{
	size_t cap = 0;

	*out = (struct tn_past){ 0 };
	for (size_t i = 0; i < history->n_runs; i++) {
		const struct tn_past_run *run = &history->runs[i];

		for (size_t k = 0; k < run->n_objects; k++) {
			/* What a later run left as it was says nothing of before. */
			if (i < at && is_kept(&run->objects[k]))
				continue;
			if (tells(&run->objects[k]))
				take(out, &cap, arena, &run->objects[k], run, i < at);
			else if (i >= at)
				note_adoption(out, arena, &run->objects[k], run);
		}
	}
}

const struct tn_value *
tn_past_document(const struct tn_past_source *source, const struct tn_history *history)
{
	for (size_t i = 0; !source->lost && i < history->n_runs; i++) {
		const struct tn_past_run *run = &history->runs[i];

		if (!tn_text_equal(run->run_id, source->run->run_id))
			continue;
		for (size_t k = 0; k < run->n_objects; k++)
			if (tells(&run->objects[k]) &&
			    same_thing(&run->objects[k], source->object))
				return source->before ? run->objects[k].before
						      : run->objects[k].after;
	}
	return NULL;
}

/* --- What was wanted then --- */

struct builder {
	const struct tn_past *past;
	const struct tn_value *const *documents;
	const struct tn_live *live;
	const struct tn_known *known;
	struct tn_want *want;
	struct tn_remarks *remarks;
	/* By want->actions: the id that each had. */
	const char **ids;
};

static int
not_understood(struct tn_error *err, const struct tn_past_source *source)
{
	tn_error_context(err, "the history of %s %s in run %s", source->object->kind,
	    source->object->name, source->run->run_id);
	return -(int)err->kind;
}

static struct tn_want_action *
add_action(struct builder *b, const char *id)
{
	struct tn_want *want = b->want;

	b->ids[want->n_actions] = id;
	return &want->actions[want->n_actions++];
}

static bool
is_named(const struct builder *b, const char *name)
{
	for (size_t i = 0; i < b->want->n_actions; i++)
		if (tn_text_equal(b->want->actions[i].name, name))
			return true;
	return false;
}

/* One that nobody knows to have been another, or whose draft alone there was: it stays,
 * whatever it is. */
static void
keep_action(struct builder *b, const struct tn_live_action *live)
{
	if (is_named(b, live->name))
		return;
	*add_action(b, live->id) = (struct tn_want_action){
		.name = live->name,
		.trigger = live->trigger,
		.unstated = TN_PART_CODE | TN_PART_RUNTIME | TN_PART_DEPENDENCIES |
		    TN_PART_SECRETS | TN_PART_MODULES,
	};
}

/* The platform's times are of then; the names of the secrets are what is wanted. */
static void
forget_times(struct tn_arena *arena, struct tn_content *content)
{
	struct tn_secret_ref *refs = tn_arena_array(arena, content->n_secrets,
	    struct tn_secret_ref);

	for (size_t i = 0; i < content->n_secrets; i++) {
		refs[i] = content->secrets[i];
		refs[i].updated_at = NULL;
	}
	content->secrets = refs;
}

static int
by_module(const void *a, const void *b)
{
	const struct tn_want_use *x = a, *y = b;

	return strcmp(x->name, y->name);
}

void
tn_past_uses(struct tn_arena *arena, struct tn_want_action *action)
{
	size_t n = action->content.n_modules;
	struct tn_want_use *uses = tn_arena_array(arena, n, struct tn_want_use);

	for (size_t i = 0; i < n; i++)
		uses[i] = (struct tn_want_use){ .name = action->content.modules[i].name,
			.version = action->content.modules[i].number };
	if (n > 1)
		qsort(uses, n, sizeof(*uses), by_module);
	action->modules = uses;
	action->n_modules = n;
}

static int
check_name(const struct builder *b, const char *id, const char *name,
    struct tn_error *err)
{
	const struct tn_live_action *holder = tn_live_by_name(b->live, name);
	int r;

	if (holder == NULL || tn_text_equal(holder->id, id) ||
	    tn_known_owns(b->known, holder->id))
		return 0;
	r = tn_error_set(err, TN_E_CONFLICT,
	    "the name \"%s\", which one of our actions had then, is somebody else's now",
	    name);
	tn_error_hint(err,
	    "rename or delete that action, or go back to a commit that "
	    "does not have this name");
	return r;
}

static int
want_action(struct builder *b, const struct tn_past_source *source,
    const struct tn_value *document, struct tn_error *err)
{
	const struct tn_value *trigger = tn_value_get(document, "trigger");
	const struct tn_live_action *live = tn_live_by_id(b->live, source->object->id);
	const char *name = tn_value_get_text(document, "name");
	struct tn_want_action *action;
	int r;

	if (name == NULL || tn_value_get_text(trigger, "id") == NULL) {
		tn_error_set(err, TN_E_SYSTEM, "it has no name or no trigger");
		return not_understood(err, source);
	}
	if (!tn_value_get_bool(document, "deployed", true)) {
		tn_remark(b->remarks, b->want->arena,
		    "action %s did not run then, and the platform has no way to "
		    "undeploy: it stays as it is",
		    name);
		if (live != NULL)
			keep_action(b, live);
		return 0;
	}
	r = check_name(b, source->object->id, name, err);
	if (r < 0)
		return r;
	action = add_action(b, source->object->id);
	*action = (struct tn_want_action){
		.name = name,
		.trigger = { tn_value_get_text(trigger, "id"),
		    tn_value_get_text(trigger, "version") },
	};
	if (live != NULL && !tn_text_equal(live->name, name))
		action->renamed_from = live->name;
	r = tn_content_from_value(b->want->arena, tn_value_get(document, "content"),
	    &action->content, err);
	if (r < 0)
		return not_understood(err, source);
	forget_times(b->want->arena, &action->content);
	tn_past_uses(b->want->arena, action);
	return 0;
}

/* An action; a flow that is not named stays. */
static void
want_lost(struct builder *b, const struct tn_past_source *source)
{
	const struct tn_live_action *live = is_kind(source->object, "action")
	    ? tn_live_by_id(b->live, source->object->id)
	    : NULL;

	tn_remark(b->remarks, b->want->arena,
	    "run %s could not put back the %s %s, and nobody knows what it was then: it "
	    "%s",
	    source->run->run_id,
	    is_kind(source->object, "flow") ? "flow of" : source->object->kind,
	    source->object->name,
	    live == NULL && is_kind(source->object, "action") ? "is gone, and stays away"
							      : "stays as it is");
	if (live != NULL)
		keep_action(b, live);
}

static bool
is_told(const struct builder *b, const struct tn_live_action *live)
{
	for (size_t i = 0; i < b->past->n; i++) {
		const struct tn_past_object *object = b->past->sources[i].object;

		if (is_kind(object, "action") && tn_text_equal(object->id, live->id))
			return true;
	}
	return false;
}

static int
want_actions(struct builder *b, struct tn_error *err)
{
	size_t most = b->past->n + b->live->n_actions;

	b->want->actions = tn_arena_array(b->want->arena, most, struct tn_want_action);
	b->ids = tn_arena_array(b->want->arena, most, const char *);
	for (size_t i = 0; i < b->past->n; i++) {
		const struct tn_past_source *source = &b->past->sources[i];
		int r = 0;

		if (source->lost)
			want_lost(b, source);
		else if (is_kind(source->object, "action") && b->documents[i] != NULL)
			r = want_action(b, source, b->documents[i], err);
		if (r < 0)
			return r;
	}
	for (size_t i = 0; i < b->live->n_actions; i++) {
		const struct tn_live_action *live = &b->live->actions[i];

		if (tn_known_owns(b->known, live->id) && !is_told(b, live))
			keep_action(b, live);
	}
	return 0;
}

/* --- Flows --- */

static const struct tn_want_action *
by_id(const struct builder *b, const char *id)
{
	for (size_t i = 0; i < b->want->n_actions; i++)
		if (tn_text_equal(b->ids[i], id))
			return &b->want->actions[i];
	return NULL;
}

/* Whoever else was bound then comes to its place when it is bound now; it is not ours to
 * bind again. */
static bool
want_other(struct builder *b, const struct tn_flow *flow,
    const struct tn_binding *binding, struct tn_want_entry *out)
{
	const struct tn_flow *live = tn_live_flow(b->live, flow->trigger);

	if (live == NULL || !tn_flow_has_action(live, binding->action_id)) {
		tn_remark(b->remarks, b->want->arena,
		    "action %s was bound to %s then; it is not ours, and is left unbound",
		    binding->action_name == NULL ? "?" : binding->action_name,
		    flow->trigger);
		return false;
	}
	for (size_t i = 0; i < live->n_bindings; i++)
		if (tn_text_equal(live->bindings[i].action_id, binding->action_id))
			out->name = live->bindings[i].action_name;
	out->kind = TN_ENTRY_EXTERNAL;
	return out->name != NULL;
}

static bool
is_gone(const struct builder *b, const char *id)
{
	return id == NULL || tn_known_owns(b->known, id);
}

/* A run that takes an action over where it is bound already writes no flow: what an
 * earlier run has left there does not know of it. For runs that a recovery has finished:
 * it does not know what they left as it was, which the history has of all others. */
static bool
is_adopted_since(const struct tn_past *past, const struct tn_past_source *flow,
    const char *id)
{
	/* Of two runs of one history the later comes first. */
	for (size_t i = 0; i < past->n_adoptions; i++)
		if (tn_text_equal(past->adoptions[i].id, id) &&
		    past->adoptions[i].run < flow->run)
			return true;
	return false;
}

static size_t
place_of(const struct tn_flow *flow, const char *action_id)
{
	size_t i = 0;

	while (i < flow->n_bindings &&
	    !tn_text_equal(flow->bindings[i].action_id, action_id))
		i++;
	return i;
}

/* With these: each behind whoever is before it now. */
static struct tn_flow
with_adopted(const struct builder *b, const struct tn_past_source *source,
    struct tn_flow then)
{
	const struct tn_flow *live = tn_live_flow(b->live, then.trigger);
	size_t n_live = live == NULL ? 0 : live->n_bindings;
	struct tn_binding *bindings = tn_arena_array(b->want->arena,
	    then.n_bindings + n_live, struct tn_binding);

	if (then.n_bindings > 0)
		memcpy(bindings, then.bindings, then.n_bindings * sizeof(*bindings));
	then.bindings = bindings;
	for (size_t i = 0; i < n_live; i++) {
		const struct tn_binding *binding = &live->bindings[i];
		size_t at = 0;

		if (!is_adopted_since(b->past, source, binding->action_id) ||
		    tn_flow_has_action(&then, binding->action_id))
			continue;
		if (i > 0)
			at = place_of(&then, live->bindings[i - 1].action_id) + 1;
		if (at > then.n_bindings)
			at = then.n_bindings;
		memmove(&bindings[at + 1], &bindings[at],
		    (then.n_bindings++ - at) * sizeof(*bindings));
		bindings[at] = *binding;
	}
	return then;
}

static void
want_entries(struct builder *b, const struct tn_flow *then, struct tn_want_flow *out)
{
	struct tn_want_entry *entries = tn_arena_array(b->want->arena, then->n_bindings,
	    struct tn_want_entry);

	out->entries = entries;
	for (size_t i = 0; i < then->n_bindings; i++) {
		const struct tn_binding *binding = &then->bindings[i];
		const struct tn_want_action *action = by_id(b, binding->action_id);
		struct tn_want_entry *entry = &entries[out->n_entries];

		if (action != NULL) {
			entry->kind = TN_ENTRY_ACTION;
			entry->name = action->name;
			entry->display_name = binding->display_name;
			out->n_entries++;
		} else if (!is_gone(b, binding->action_id) &&
		    want_other(b, then, binding, entry)) {
			out->n_entries++;
		}
	}
}

static int
want_flows(struct builder *b, struct tn_error *err)
{
	struct tn_want *want = b->want;

	want->flows = tn_arena_array(want->arena, b->past->n, struct tn_want_flow);
	for (size_t i = 0; i < b->past->n; i++) {
		const struct tn_past_source *source = &b->past->sources[i];
		struct tn_flow then;

		if (!is_kind(source->object, "flow") || b->documents[i] == NULL)
			continue;
		if (tn_flow_from_value(want->arena, b->documents[i], &then, err) < 0)
			return not_understood(err, source);
		then = with_adopted(b, source, then);
		want->flows[want->n_flows].trigger = then.trigger;
		want_entries(b, &then, &want->flows[want->n_flows++]);
	}
	return 0;
}

static int
compare_actions(const void *a, const void *b)
{
	const struct tn_want_action *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static int
compare_flows(const void *a, const void *b)
{
	const struct tn_want_flow *x = a, *y = b;

	return strcmp(x->trigger, y->trigger);
}

int
tn_past_want(const struct tn_past *past, const struct tn_value *const *documents,
    const struct tn_live *live, const struct tn_known *known, struct tn_want *want,
    struct tn_remarks *remarks, struct tn_error *err)
{
	struct builder b = { past, documents, live, known, want, remarks, NULL };
	int r = want_actions(&b, err);

	if (r == 0)
		r = want_flows(&b, err);
	if (r < 0)
		return r;
	if (want->n_actions > 1)
		qsort(want->actions, want->n_actions, sizeof(*want->actions),
		    compare_actions);
	if (want->n_flows > 1)
		qsort(want->flows, want->n_flows, sizeof(*want->flows), compare_flows);
	return 0;
}
