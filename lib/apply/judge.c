#include "apply/judge.h"

#define LOOK_HINT "run tenon plan again to see what is there now"

static int
conflict(struct tn_error *err, const struct tn_running *run, const char *what)
{
	int r = tn_error_set(err, TN_E_CONFLICT, "%s %s %s",
	    run->step->kind == TN_STEP_BIND ? "the flow of" : "action", run->step->name,
	    what);

	tn_error_hint(err, "%s", LOOK_HINT);
	return r;
}

/* Whether what runs is still the version that the plan saw. */
static bool
same_live(const struct tn_live_action *before, const struct tn_live_action *live)
{
	if (before->has_live != live->has_live)
		return false;
	return !before->has_live || tn_text_equal(before->live.id, live->live.id);
}

/* A deploy puts live what the draft holds: it must be the draft that this run wrote, or
 * the one that it saw. */
static const char *
expected_draft_time(const struct tn_running *run)
{
	const struct tn_apply *apply = run->apply;

	for (size_t i = 0; i < apply->n_runs; i++) {
		const struct tn_running *other = &apply->runs[i];

		if (other->step->kind <= TN_STEP_UPDATE &&
		    tn_text_equal(other->step->name, run->step->name))
			return other->draft_updated_at;
	}
	return run->step->has_before ? run->step->before.updated_at : NULL;
}

int
tn_judge_action_before(const struct tn_running *run, const struct tn_live_action *live,
    struct tn_error *err)
{
	const struct tn_step *step = run->step;

	if (live == NULL)
		return conflict(err, run, "is gone");
	if (step->has_before && !same_live(&step->before, live))
		return conflict(err, run, "was deployed by somebody else since the plan");
	if (step->kind == TN_STEP_UPDATE || step->kind == TN_STEP_ROLLBACK) {
		if (!tn_text_equal(step->before.updated_at, live->updated_at))
			return conflict(err, run,
			    "has a draft that is newer than the plan");
		return 0;
	}
	if (tn_content_differs(&live->draft, &step->after) != 0 ||
	    !tn_text_equal(expected_draft_time(run), live->updated_at))
		return conflict(err, run, "has a draft that somebody else wrote");
	if (live->build != TN_BUILD_BUILT)
		return conflict(err, run, "has a draft that is not built");
	return 0;
}

int
tn_judge_flow_before(const struct tn_running *run, const struct tn_flow *live,
    struct tn_error *err)
{
	if (!tn_flow_equal(&run->step->flow_before, live))
		return conflict(err, run, "was changed by somebody else since the plan");
	return 0;
}

static enum tn_verdict
wrong(struct tn_error *err, const struct tn_running *run, const char *what)
{
	conflict(err, run, what);
	return TN_WRONG;
}

static enum tn_verdict
judge_build(const struct tn_running *run, const struct tn_live_action *live,
    struct tn_error *err)
{
	switch (live->build) {
	case TN_BUILD_RUNNING:
		return TN_NOT_YET;
	case TN_BUILD_BUILT:
		return TN_SEEN;
	case TN_BUILD_FAILED:
		break;
	}
	tn_error_set(err, TN_E_PLATFORM, "the build of action %s failed",
	    run->step->name);
	tn_error_hint(err,
	    "the platform gives no reason; a package or version that does not "
	    "exist is the usual one");
	return TN_WRONG;
}

static enum tn_verdict
judge_created(const struct tn_running *run, const struct tn_live_action *live,
    struct tn_error *err)
{
	enum tn_verdict built;

	if (live == NULL)
		return run->lost ? TN_NOT_DONE : TN_NOT_YET;
	if (tn_content_differs(&live->draft, &run->step->after) != 0)
		return wrong(err, run,
		    "exists with another content than this run gave it");
	built = judge_build(run, live, err);
	if (built != TN_SEEN || !run->step->deploy_at_once)
		return built;
	return live->has_live && live->live.built ? TN_SEEN : TN_NOT_YET;
}

static enum tn_verdict
judge_updated(const struct tn_running *run, const struct tn_live_action *live,
    struct tn_error *err)
{
	bool unchanged;

	if (live == NULL)
		return wrong(err, run, "is gone");
	unchanged = tn_text_equal(run->step->before.updated_at, live->updated_at);
	if (unchanged)
		return run->lost ? TN_NOT_DONE : TN_NOT_YET;
	if (tn_content_differs(&live->draft, &run->step->after) != 0)
		return wrong(err, run, "has a draft that somebody else wrote");
	return judge_build(run, live, err);
}

/* The same for a deploy and a rollback: a version with the wanted content runs. */
static enum tn_verdict
judge_deployed(const struct tn_running *run, const struct tn_live_action *live,
    struct tn_error *err)
{
	bool ours;

	if (live == NULL)
		return wrong(err, run, "is gone");
	if (run->step->has_before ? same_live(&run->step->before, live) : !live->has_live)
		return run->lost ? TN_NOT_DONE : TN_NOT_YET;
	if (!live->has_live)
		return wrong(err, run, "does not run any more");
	ours = run->version_id == NULL || tn_text_equal(run->version_id, live->live.id);
	if (tn_content_differs(&live->live.content, &run->step->after) != 0)
		return wrong(err, run,
		    ours ? "went live with another content than planned"
			 : "was deployed by somebody else during this run");
	if (!live->live.built)
		return TN_NOT_YET;
	if (run->step->kind == TN_STEP_ROLLBACK &&
	    tn_content_differs(&live->draft, &run->step->after) != 0) {
		if (tn_content_differs(&live->draft, &run->step->before.draft) != 0)
			return wrong(err, run, "has a draft that somebody else wrote");
		return run->followed ? TN_NOT_YET : TN_FOLLOW;
	}
	return TN_SEEN;
}

enum tn_verdict
tn_judge_action_after(const struct tn_running *run, const struct tn_live_action *live,
    struct tn_error *err)
{
	switch (run->step->kind) {
	case TN_STEP_CREATE:
		return judge_created(run, live, err);
	case TN_STEP_UPDATE:
		return judge_updated(run, live, err);
	case TN_STEP_DEPLOY:
	case TN_STEP_ROLLBACK:
		return judge_deployed(run, live, err);
	case TN_STEP_BIND:
	case TN_STEP_KIND__COUNT:
		break;
	}
	return TN_WRONG;
}

enum tn_verdict
tn_judge_flow_after(const struct tn_running *run, const struct tn_flow *live,
    struct tn_error *err)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	struct tn_flow after = tn_running_flow_after(run, arena);

	if (tn_flow_equal(&after, live))
		return TN_SEEN;
	if (run->lost && tn_flow_equal(&run->step->flow_before, live))
		return TN_NOT_DONE;
	return wrong(err, run, "was changed by somebody else during this run");
}

static enum tn_remedy
no_remedy(struct tn_error *err, const struct tn_running *run, const char *what)
{
	conflict(err, run, what);
	return TN_NO_REMEDY;
}

static enum tn_remedy
irreversible(struct tn_error *err, const struct tn_running *run)
{
	tn_error_set(err, TN_E_CONFLICT, "action %s cannot be put back: %s",
	    run->step->name, run->step->irreversible);
	tn_error_hint(err,
	    "the plan listed this; look at the action and deploy what should run");
	return TN_NO_REMEDY;
}

static enum tn_remedy
undo_create(const struct tn_running *run, const struct tn_live_action *live,
    struct tn_error *err)
{
	bool ours;

	/* We were told its id: a read that does not show it may only lag behind. */
	if (live == NULL)
		return run->action_id != NULL && run->remedies == 0 ? TN_DELETE
								    : TN_AS_BEFORE;
	ours = tn_text_equal(run->action_id, live->id) ||
	    tn_content_differs(&live->draft, &run->step->after) == 0;
	if (!ours)
		return no_remedy(err, run,
		    "exists, and this run did not make it: it was left");
	return TN_DELETE;
}

/* The draft alone; what runs was looked after before. */
static enum tn_remedy
undo_draft(const struct tn_running *run, const struct tn_live_action *live,
    struct tn_error *err)
{
	const struct tn_step *step = run->step;

	if (tn_content_differs(&live->draft, &step->before.draft) == 0)
		return live->build == TN_BUILD_RUNNING ? TN_WAIT : TN_AS_BEFORE;
	if (tn_content_differs(&live->draft, &step->after) != 0)
		return no_remedy(err, run,
		    "has a draft that somebody else wrote: it was left");
	if (step->inverse == TN_INVERSE_NONE)
		return irreversible(err, run);
	if (step->inverse == TN_INVERSE_REDEPLOY && tn_live_action_clean(&step->before) &&
	    live->has_live &&
	    tn_content_differs(&live->live.content, &step->before.live.content) == 0)
		return TN_REDEPLOY;
	return TN_REDRAFT;
}

static enum tn_remedy
undo_deploy(const struct tn_running *run, const struct tn_live_action *live,
    struct tn_error *err)
{
	const struct tn_step *step = run->step;

	if (!step->before.has_live)
		return live->has_live ? irreversible(err, run) : TN_AS_BEFORE;
	if (!live->has_live)
		return no_remedy(err, run, "does not run any more");
	if (tn_content_differs(&live->live.content, &step->before.live.content) != 0) {
		bool ours = run->version_id != NULL
		    ? tn_text_equal(run->version_id, live->live.id)
		    : tn_content_differs(&live->live.content, &step->after) == 0;

		return ours ? TN_REDEPLOY
			    : no_remedy(err, run,
				  "was deployed by somebody else: it was left as it is");
	}
	if (!live->live.built)
		return TN_WAIT;
	return step->kind == TN_STEP_ROLLBACK ? undo_draft(run, live, err) : TN_AS_BEFORE;
}

/* The write was answered, and the reading side still shows what was there before it. */
static bool
not_shown_yet(const struct tn_running *run, const struct tn_live_action *live)
{
	const struct tn_live_action *before = &run->step->before;

	/* A remedy that was sent comes after our write, however late either is shown. */
	if (run->remedies > 0)
		return false;
	if (run->step->kind == TN_STEP_UPDATE)
		return run->draft_updated_at != NULL &&
		    tn_text_equal(before->updated_at, live->updated_at);
	return run->version_id != NULL && same_live(before, live);
}

enum tn_remedy
tn_judge_action_undo(const struct tn_running *run, const struct tn_live_action *live,
    struct tn_error *err)
{
	if (run->step->kind == TN_STEP_CREATE)
		return undo_create(run, live, err);
	if (!run->step->has_before)
		return TN_AS_BEFORE; /* goes with the creation */
	if (live == NULL)
		return no_remedy(err, run, "is gone: somebody deleted it");
	if (not_shown_yet(run, live))
		return TN_WAIT;
	if (run->step->kind == TN_STEP_UPDATE)
		return undo_draft(run, live, err);
	return undo_deploy(run, live, err);
}

bool
tn_judge_holds(const struct tn_running *run, const struct tn_live *live,
    struct tn_error *err)
{
	const struct tn_live_action *action;

	if (run->step->kind == TN_STEP_BIND) {
		const struct tn_flow *flow = tn_live_flow(live, run->step->name);
		TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
		struct tn_flow after = tn_running_flow_after(run, arena);

		if (flow != NULL && tn_flow_equal(&after, flow))
			return true;
		conflict(err, run, "is not bound as planned");
		return false;
	}
	action = tn_live_by_id(live, tn_running_action_id(run));
	if (action == NULL) {
		conflict(err, run, "is gone");
		return false;
	}
	/* What a stage step of a later deploy leaves behind is judged by that deploy. */
	if (run->step->kind == TN_STEP_UPDATE ||
	    (run->step->kind == TN_STEP_CREATE && !run->step->deploy_at_once))
		return true;
	if (action->has_live &&
	    tn_content_differs(&action->live.content, &run->step->after) == 0)
		return true;
	conflict(err, run, "does not run with the planned content");
	return false;
}
