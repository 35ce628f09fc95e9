#include "run/machine.h"

#include "base/mem.h"
#include "base/value.h"

/* Version numbers told in a message. */
#define NUMBERS_TOLD 10

bool
tn_run_is_past(const struct tn_run *run)
{
	return run->options.command == TN_COMMAND_ROLLBACK &&
	    (run->options.to_run != NULL || run->options.to_action != NULL);
}

bool
tn_run_uses_files(const struct tn_run *run)
{
	return !tn_run_is_past(run) && !tn_run_looks_back(run);
}

void
tn_run_begin_past(struct tn_run *run)
{
	struct tn_want *want = tn_want_new();

	want->project = run->want->project;
	want->delete_mode = run->want->delete_mode;
	want->delete_mark = run->want->delete_mark;
	want->actions_only = true;
	run->files = run->want;
	run->want = want;
}

/* --- One action's version --- */

static int
find_action(struct tn_run *run, const struct tn_live_action **out)
{
	const char *name = run->options.to_action;
	int r = 0;

	*out = tn_live_by_name(run->live, name);
	if (*out == NULL) {
		r = tn_error_set(&run->error, TN_E_NOT_FOUND,
		    "the tenant has no action named \"%s\"", name);
		tn_error_hint(&run->error,
		    "an action that was deleted comes back with "
		    "a rollback to a run or to a commit");
	} else if (!tn_known_owns(run->store->known, (*out)->id)) {
		r = tn_error_set(&run->error, TN_E_CONFLICT,
		    "the action \"%s\" is not one that project %s made or adopted", name,
		    run->want->project);
		tn_error_hint(&run->error,
		    "name it in the files and apply them: that adopts it");
	}
	return r;
}

/* Newer ones first in what is told, whatever order the platform gives. */
static const struct tn_version *
newest_below(const struct tn_action_versions *held, int64_t below)
{
	const struct tn_version *best = NULL;

	for (size_t i = 0; i < held->n_versions; i++) {
		const struct tn_version *version = &held->versions[i];

		if (version->number < below &&
		    (best == NULL || version->number > best->number))
			best = version;
	}
	return best;
}

static const struct tn_version *
numbered(const struct tn_action_versions *held, int64_t number)
{
	for (size_t i = 0; i < held->n_versions; i++)
		if (held->versions[i].number == number)
			return &held->versions[i];
	return NULL;
}

/* The newest one that is built, and another than the one that runs, which is in its
 * place when it was rolled back to. */
static const struct tn_version *
one_before(const struct tn_live_action *action, const struct tn_action_versions *held)
{
	const struct tn_version *version = NULL;
	int64_t below = action->has_live ? action->live.number : INT64_MAX;

	while ((version = newest_below(held, below)) != NULL) {
		if (version->built &&
		    (!action->has_live ||
			tn_content_differs(&version->content, &action->live.content) !=
			    0))
			return version;
		below = version->number;
	}
	return NULL;
}

static int
refuse_version(struct tn_run *run, const struct tn_action_versions *held,
    const struct tn_version *found)
{
	TN_CLEANUP(tn_str_done) struct tn_str numbers = TN_STR_INIT;
	const struct tn_version *version = NULL;
	int64_t below = INT64_MAX, wanted = run->options.to_version;
	size_t n = 0;
	int r;

	for (; n < NUMBERS_TOLD && (version = newest_below(held, below)) != NULL; n++) {
		tn_str_addf(&numbers, "%s%lld", n > 0 ? ", " : "",
		    (long long)version->number);
		below = version->number;
	}
	if (found != NULL)
		r = tn_error_set(&run->error, TN_E_CONFLICT,
		    "version %lld of action \"%s\" was never built, so it cannot run",
		    (long long)wanted, run->options.to_action);
	else if (wanted > 0)
		r = tn_error_set(&run->error, TN_E_NOT_FOUND,
		    "the platform holds no version %lld of action \"%s\"",
		    (long long)wanted, run->options.to_action);
	else
		r = tn_error_set(&run->error, TN_E_NOT_FOUND,
		    "the platform holds no version of action \"%s\" before the one that "
		    "runs that is another",
		    run->options.to_action);
	tn_error_hint(&run->error, "it holds %s%s",
	    n > 0 ? tn_str_text(&numbers) : "none", n == NUMBERS_TOLD ? ", …" : "");
	return r;
}

static struct tn_want_action *
want_one(struct tn_run *run, const struct tn_live_action *live, int64_t number)
{
	struct tn_want *want = run->want;
	struct tn_want_action *action = tn_arena_new_object(want->arena,
	    struct tn_want_action);

	action->name = live->name;
	action->trigger = live->trigger;
	want->actions = action;
	want->n_actions = 1;
	want->partial = true;
	run->result.target = tn_arena_printf(want->arena, "version %lld of action %s",
	    (long long)number, live->name);
	return action;
}

static void
want_version(struct tn_run *run, const struct tn_live_action *live,
    const struct tn_version *version)
{
	struct tn_want_action *action = want_one(run, live, version->number);

	action->content = version->content;
	action->version = version;
	tn_run_compare(run);
}

/* --- A version that the platform does not hold any more --- */

/* Its secrets went with it: those of today stay. */
static int
want_content(struct tn_run *run, const struct tn_live_action *live,
    const struct tn_value *document, const char *run_id)
{
	struct tn_want_action *action = want_one(run, live, run->options.to_version);
	int r = tn_content_from_value(run->want->arena, tn_value_get(document, "content"),
	    &action->content, &run->error);

	if (r < 0) {
		tn_error_context(&run->error, "the history of action %s in run %s",
		    live->name, run_id);
		return r;
	}
	tn_past_uses(run->want->arena, action);
	action->unstated = TN_PART_SECRETS;
	if (action->content.n_secrets > 0)
		tn_remark(&run->remarks, run->want->arena,
		    "the platform does not hold this version any more: its secrets are "
		    "gone, and those of today stay");
	return 0;
}

static void
on_content(void *arg, struct tn_history *history, const struct tn_error *err)
{
	TN_CLEANUP(tn_history_freep) struct tn_history *owned = history;
	struct tn_run *run = arg;
	const struct tn_live_action *live;
	const struct tn_value *document = NULL;
	int r;

	if (run->finished)
		return;
	if (err != NULL) {
		tn_run_finish_error(run, err);
		return;
	}
	r = find_action(run, &live);
	if (r == 0)
		document = tn_history_version(owned, live->id, run->options.to_version);
	if (r == 0 && document == NULL)
		r = refuse_version(run, run->versions, NULL);
	if (r == 0)
		r = want_content(run, live, document, owned->runs[0].run_id);
	if (r < 0)
		tn_run_finish_error(run, NULL);
	else
		tn_run_compare(run);
}

static void
look_into_history(struct tn_run *run, const struct tn_live_action *action)
{
	const struct tn_history_query query = {
		.object_id = action->id,
		.version = run->options.to_version,
		.contents = true,
		.limit = 1,
	};

	tn_store_history(run->store, &query, on_content, run);
}

/* --- The versions are read --- */

static void
choose(struct tn_run *run)
{
	const struct tn_action_versions *held = run->versions;
	const struct tn_live_action *action;
	const struct tn_version *version;

	if (find_action(run, &action) < 0) {
		tn_run_finish_error(run, NULL);
		return;
	}
	version = run->options.to_version > 0 ? numbered(held, run->options.to_version)
					      : one_before(action, held);
	if (version != NULL && version->built) {
		want_version(run, action, version);
	} else if (version == NULL && run->options.to_version > 0) {
		look_into_history(run, action);
	} else {
		(void)refuse_version(run, held, version);
		tn_run_finish_error(run, NULL);
	}
}

static void
on_versions(void *arg, struct tn_arena *arena, const struct tn_action_versions *versions,
    size_t n, const struct tn_error *err)
{
	struct tn_run *run = arg;

	run->versions_arena = arena;
	run->versions = versions;
	run->n_versions = n;
	if (err != NULL)
		tn_run_finish_error(run, err);
	else
		choose(run);
}

void
tn_run_want_past(struct tn_run *run)
{
	const struct tn_live_action *action;

	if (run->recall != NULL) {
		tn_recall_want(run);
	} else if (find_action(run, &action) < 0) {
		tn_run_finish_error(run, NULL);
	} else {
		tn_remote_versions(run->remote, &action->id, 1, on_versions, run);
	}
}
