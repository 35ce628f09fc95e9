#include "apply/machine.h"

#include "base/value.h"

/* What the history keeps of a run: of each object that its steps touched, once, what it
 * was before the first of them and after the last. */

/* The steps of one object. */
struct touched {
	const struct tn_running *first; /* of them */
	const struct tn_running *last;
	const struct tn_running *version; /* that put one live; NULL: none */
	enum tn_step_state state;         /* the worst */
};

static struct tn_value *
document(struct tn_arena *arena, const char *name, const struct tn_trigger *trigger,
    bool deployed, const struct tn_content *content)
{
	struct tn_value *out = tn_value_object(arena);
	struct tn_value *of_trigger = tn_value_object(arena);

	tn_value_set_text(arena, of_trigger, "id", trigger->id);
	tn_value_set_text(arena, of_trigger, "version", trigger->version);
	tn_value_set_text(arena, out, "name", name);
	tn_value_set(arena, out, "trigger", of_trigger);
	tn_value_set_bool(arena, out, "deployed", deployed);
	tn_value_set(arena, out, "content", tn_content_to_value(arena, content));
	return out;
}

/* What was seen, with the fingerprints of the values that are known. */
static struct tn_content
seen_content(struct tn_arena *arena, const struct tn_content *live,
    const struct tn_content *wanted)
{
	struct tn_content content = *live;
	struct tn_secret_ref *secrets = tn_arena_array(arena, live->n_secrets,
	    struct tn_secret_ref);

	for (size_t i = 0; i < live->n_secrets; i++) {
		const struct tn_secret_ref *ours = tn_content_secret(wanted,
		    live->secrets[i].name);

		secrets[i] = live->secrets[i];
		if (ours != NULL)
			secrets[i].fingerprint = ours->fingerprint;
	}
	content.secrets = secrets;
	return content;
}

/* What runs, and else the draft. */
static const struct tn_content *
content_of(const struct tn_live_action *action)
{
	return action->has_live ? &action->live.content : &action->draft;
}

static void
fill_before(struct tn_arena *arena, const struct tn_step *step,
    struct tn_past_object *out)
{
	const struct tn_live_action *before = &step->before;
	bool overwritten = step->kind == TN_STEP_UPDATE || step->kind == TN_STEP_ROLLBACK;

	if (!step->has_before)
		return;
	out->before = document(arena, before->name, &before->trigger, before->has_live,
	    content_of(before));
	if (before->has_live) {
		out->version_before = before->live.number;
		out->version_before_id = before->live.id;
	}
	if (overwritten && before->has_live && !tn_live_action_clean(before))
		out->draft = document(arena, before->name, &before->trigger, false,
		    &before->draft);
}

/* Then it is nothing any more. */
static bool
is_deleted(const struct touched *touched)
{
	return tn_step_phase(touched->last->step->kind) > TN_PHASE_VERIFY &&
	    touched->state == TN_STEP_DONE;
}

/* Another name, and a deletion that failed: what ran before runs on, and not the draft,
 * which may be somebody's. */
static bool
leaves_what_ran(const struct touched *touched)
{
	enum tn_step_kind kind = touched->last->step->kind;

	return kind == TN_STEP_RENAME || kind == TN_STEP_DELETE;
}

static struct tn_value *
action_after(struct tn_arena *arena, const struct touched *touched,
    const struct tn_live *live, const char *id)
{
	const struct tn_step *step = touched->last->step;
	const struct tn_live_action *seen = NULL;
	struct tn_content content = step->after;

	if (leaves_what_ran(touched))
		return document(arena, step->name, &step->trigger, step->before.has_live,
		    content_of(&step->before));
	if (live != NULL && id != NULL)
		seen = tn_live_by_id(live, id);
	if (seen != NULL && seen->has_live)
		content = seen_content(arena, &seen->live.content, &step->after);
	return document(arena, step->name, &step->trigger, true, &content);
}

static void
fill_action(struct tn_arena *arena, const struct touched *touched,
    const struct tn_live *live, struct tn_past_object *out)
{
	out->kind = "action";
	out->id = tn_running_action_id(touched->first);
	fill_before(arena, touched->first->step, out);
	if (!is_deleted(touched))
		out->after = action_after(arena, touched, live, out->id);
	if (touched->version != NULL) {
		out->version_after = touched->version->version;
		out->version_after_id = touched->version->version_id;
	}
}

static void
fill_flow(struct tn_arena *arena, const struct tn_running *run,
    struct tn_past_object *out)
{
	const struct tn_flow after = tn_running_flow_after(run, arena);

	out->kind = "flow";
	out->before = tn_flow_to_value(arena, &run->step->flow_before);
	out->after = tn_flow_to_value(arena, &after);
}

static struct tn_value *
module_document(struct tn_arena *arena, const char *name, bool published,
    const struct tn_content *content)
{
	struct tn_value *out = tn_value_object(arena);

	tn_value_set_text(arena, out, "name", name);
	tn_value_set_bool(arena, out, "deployed", published);
	tn_value_set(arena, out, "content", tn_content_to_value(arena, content));
	return out;
}

/* Its newest version in the place of the one that runs. */
static void
fill_module(struct tn_arena *arena, const struct touched *touched,
    struct tn_past_object *out)
{
	const struct tn_step *step = touched->first->step;
	const struct tn_live_module *before = &step->module_before;
	const struct tn_content *latest = tn_live_module_latest(before);

	out->kind = "module";
	out->id = tn_running_action_id(touched->first);
	if (step->has_before) {
		out->before = module_document(arena, before->name, latest != NULL,
		    latest != NULL ? latest : &before->draft);
		out->version_before = before->latest_number;
		out->version_before_id = before->latest.id;
	}
	if (step->has_before && latest != NULL && !tn_live_module_clean(before))
		out->draft = module_document(arena, before->name, false, &before->draft);
	if (!is_deleted(touched))
		out->after = module_document(arena, step->name, true, &step->after);
	if (touched->version != NULL) {
		out->version_after = touched->version->version;
		out->version_after_id = touched->version->version_id;
	}
}

static const char *
state_word(enum tn_step_state state)
{
	return state == TN_STEP_DONE || state == TN_STEP_UNDONE
	    ? tn_step_state_name(state)
	    : tn_step_state_name(TN_STEP_STUCK);
}

static void
fill(struct tn_arena *arena, const struct touched *touched, const struct tn_live *live,
    struct tn_past_object *out)
{
	const struct tn_step *step = touched->first->step;

	out->name = touched->last->step->name;
	out->what = tn_step_kind_name(step->kind);
	out->state = state_word(touched->state);
	if (tn_step_of_module(step->kind))
		fill_module(arena, touched, out);
	else if (step->kind == TN_STEP_BIND)
		fill_flow(arena, touched->first, out);
	else
		fill_action(arena, touched, live, out);
}

/* Stuck is worse than undone, which is worse than done. */
static enum tn_step_state
worse(enum tn_step_state a, enum tn_step_state b)
{
	return a > b ? a : b;
}

/* A flow by its trigger; an action by its id, as two may have one name, one after the
 * other. */
static bool
same_object(const struct tn_running *a, const struct tn_running *b)
{
	const char *id = tn_running_action_id(a), *other = tn_running_action_id(b);

	if ((a->step->kind == TN_STEP_BIND) != (b->step->kind == TN_STEP_BIND) ||
	    tn_step_of_module(a->step->kind) != tn_step_of_module(b->step->kind))
		return false;
	if (id != NULL && other != NULL)
		return tn_text_equal(id, other);
	return tn_text_equal(a->step->name, b->step->name);
}

static struct touched *
find_touched(struct touched *list, size_t n, const struct tn_running *run)
{
	for (size_t i = 0; i < n; i++)
		if (same_object(list[i].first, run))
			return &list[i];
	return NULL;
}

/* Gives the number of objects. What was never sent touched nothing. */
static size_t
gather(const struct tn_apply *apply, struct touched *list)
{
	size_t n = 0;

	for (size_t i = 0; i < apply->n_runs; i++) {
		const struct tn_running *run = &apply->runs[i];
		struct touched *touched;

		if (!run->sent || !tn_step_changes(run->step->kind))
			continue;
		touched = find_touched(list, n, run);
		if (touched == NULL) {
			touched = &list[n++];
			*touched = (struct touched){ .first = run, .state = run->state };
		}
		touched->last = run;
		touched->state = worse(touched->state, run->state);
		if (run->version_id != NULL)
			touched->version = run;
	}
	return n;
}

static size_t
add_adoptions(const struct tn_plan *plan, struct tn_past_object *objects)
{
	for (size_t i = 0; i < plan->n_adoptions; i++)
		objects[i] = (struct tn_past_object){
			.kind = plan->adoptions[i].of_module ? "module" : "action",
			.name = plan->adoptions[i].name,
			.id = plan->adoptions[i].action_id,
			.what = "adopt",
			.state = tn_step_state_name(TN_STEP_DONE),
		};
	return plan->n_adoptions;
}

static bool
is_touched(const struct touched *list, size_t n, const struct tn_apply_kept *kept)
{
	for (size_t i = 0; i < n; i++)
		if (kept->live != NULL
			? tn_text_equal(tn_running_action_id(list[i].first),
			      kept->live->id)
			: list[i].first->step->kind == TN_STEP_BIND &&
			    tn_text_equal(list[i].first->step->name, kept->flow->trigger))
			return true;
	return false;
}

static void
fill_kept(struct tn_arena *arena, const struct tn_apply_kept *kept,
    struct tn_past_object *out)
{
	const struct tn_live_action *live = kept->live;
	struct tn_content content;

	*out = (struct tn_past_object){ .what = TN_PAST_KEPT,
		.state = tn_step_state_name(TN_STEP_DONE) };
	if (live == NULL) {
		out->kind = "flow";
		out->name = kept->flow->trigger;
		out->before = out->after = tn_flow_to_value(arena, kept->flow);
		return;
	}
	content = seen_content(arena, content_of(live), kept->want);
	out->kind = "action";
	out->name = live->name;
	out->id = live->id;
	out->before = out->after = document(arena, live->name, &live->trigger,
	    live->has_live, &content);
}

/* Gives the number of objects. */
static size_t
add_kept(const struct tn_apply *apply, const struct touched *list, size_t n,
    struct tn_past_object *objects)
{
	size_t kept = 0;

	for (size_t i = 0; i < apply->options.n_kept; i++)
		if (!is_touched(list, n, &apply->options.kept[i]))
			fill_kept(apply->arena, &apply->options.kept[i],
			    &objects[kept++]);
	return kept;
}

void
tn_past_settle(struct tn_apply *apply, const struct tn_live *live)
{
	struct tn_arena *arena = apply->arena;
	struct touched *list = tn_arena_array(arena, apply->n_runs, struct touched);
	size_t touched = gather(apply, list), n = 0;
	struct tn_past_object *objects = tn_arena_array(arena,
	    touched + apply->plan->n_adoptions + apply->options.n_kept,
	    struct tn_past_object);

	if (apply->settlement.applied)
		n = add_adoptions(apply->plan, objects);
	for (size_t i = 0; i < touched; i++)
		fill(arena, &list[i], live, &objects[n++]);
	if (apply->settlement.applied)
		n += add_kept(apply, list, touched, &objects[n]);
	apply->settlement.objects = objects;
	apply->settlement.n_objects = n;
}
