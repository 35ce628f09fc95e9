#include "apply/kind.h"

/* A deploy puts live what the draft holds: it must be the draft that this run wrote, or
 * the one that it saw. */
int
tn_action_ready(const struct tn_running *run, const struct tn_op_result *seen,
    struct tn_error *err)
{
	const struct tn_live_action *live = tn_seen_action(seen);
	int r = tn_action_still_runs(run, seen, err);

	if (r < 0)
		return r;
	if (tn_content_differs(&live->draft, &run->after) != 0 ||
	    !tn_text_equal(tn_action_draft_time(run), live->updated_at))
		return tn_kind_conflict(err, run, "has a draft that somebody else wrote");
	if (live->build == TN_BUILD_RUNNING)
		return tn_error_set(err, TN_E_TRANSIENT,
		    "the draft of action %s is still being built", run->step->name);
	if (live->build == TN_BUILD_FAILED)
		return tn_kind_conflict(err, run, "has a draft that is not built");
	return 0;
}

/* A draft that somebody, or an earlier run, has just written: this run waits for no build
 * of it otherwise, and nothing goes live before everything is built. */
static bool
is_being_built(const struct tn_running *run)
{
	const struct tn_step *step = run->step;

	return step->has_before && step->before.build == TN_BUILD_RUNNING &&
	    tn_text_equal(tn_action_draft_time(run), step->before.updated_at);
}

static void
write_deploy(const struct tn_running *run, struct tn_arena *arena TN_UNUSED,
    struct tn_op *op)
{
	op->kind = TN_OP_DEPLOY_ACTION;
	op->id = tn_running_action_id(run);
}

/* The content that a version was answered with, compared at once: a foreign draft must
 * not stay live. */
static enum tn_verdict
take_deployed(struct tn_running *run, const struct tn_op_result *answer,
    struct tn_error *err)
{
	const struct tn_version *version = answer->versions;

	if (answer->n_versions == 0)
		return TN_NOT_YET;
	tn_action_take_version(run, version);
	if (tn_content_differs(&version->content, &run->after) == 0)
		return TN_NOT_YET;
	tn_error_set(err, TN_E_CONFLICT,
	    "action %s went live with a draft that somebody else wrote", run->step->name);
	tn_error_hint(err, "run tenon plan again to see what is there now");
	return TN_WRONG;
}

static bool
not_live_yet(const struct tn_running *run, const struct tn_live_action *live)
{
	return run->step->has_before ? tn_action_same_live(&run->step->before, live)
				     : !live->has_live;
}

/* A version with the wanted content runs. */
static enum tn_verdict
judge_deployed(const struct tn_running *run, const struct tn_live_action *live,
    struct tn_error *err)
{
	bool ours;

	if (live == NULL)
		return tn_kind_wrong(err, run, "is gone");
	if (not_live_yet(run, live))
		return run->lost ? TN_NOT_DONE : TN_NOT_YET;
	if (!live->has_live)
		return tn_kind_wrong(err, run, "does not run any more");
	ours = run->version_id == NULL || tn_text_equal(run->version_id, live->live.id);
	if (tn_content_differs(&live->live.content, &run->after) != 0)
		return tn_kind_wrong(err, run,
		    ours ? "went live with another content than planned"
			 : "was deployed by somebody else during this run");
	return live->live.built ? TN_SEEN : TN_NOT_YET;
}

static void
take_live(struct tn_running *run, const struct tn_live_action *live)
{
	tn_action_take(run, live);
	if (live->has_live)
		tn_action_take_version(run, &live->live);
}

static enum tn_verdict
after_deploy(struct tn_running *run, const struct tn_op_result *seen,
    struct tn_error *err)
{
	const struct tn_live_action *live = tn_seen_action(seen);
	enum tn_verdict verdict = judge_deployed(run, live, err);

	if (verdict == TN_SEEN)
		take_live(run, live);
	return verdict;
}

/* What runs alone. */
static enum tn_remedy
undo_live(const struct tn_running *run, const struct tn_live_action *live,
    struct tn_error *err)
{
	const struct tn_step *step = run->step;

	if (!tn_live_action_runs(&step->before))
		return tn_live_action_runs(live) ? tn_kind_irreversible(err, run)
						 : TN_AS_BEFORE;
	if (!live->has_live)
		return tn_kind_no_remedy(err, run, "does not run any more");
	if (tn_content_differs(&live->live.content, &step->before.live.content) != 0) {
		bool ours = run->version_id != NULL
		    ? tn_text_equal(run->version_id, live->live.id)
		    : tn_content_differs(&live->live.content, &run->after) == 0;

		return ours ? TN_REDEPLOY
			    : tn_kind_no_remedy(err, run,
				  "was deployed by somebody else: it was left as it is");
	}
	return live->live.built ? TN_AS_BEFORE : TN_WAIT;
}

static enum tn_remedy
undo_deploy(struct tn_running *run, const struct tn_op_result *seen, struct tn_error *err)
{
	const struct tn_live_action *live = tn_seen_action(seen);

	if (!run->step->has_before)
		return TN_AS_BEFORE; /* goes with the creation */
	if (live == NULL)
		return tn_kind_no_remedy(err, run, "is gone: somebody deleted it");
	tn_action_see_draft(run, live);
	/* The write was answered, and the reading side still shows what was there before
	 * it. */
	if (run->remedies == 0 && run->version_id != NULL &&
	    tn_action_same_live(&run->step->before, live))
		return TN_WAIT;
	return undo_live(run, live, err);
}

const struct tn_kind tn_kind_deploy = {
	.in_list = true,
	.look = tn_action_look,
	.before = tn_action_ready,
	.early = is_being_built,
	.write = write_deploy,
	.answered = take_deployed,
	.after = after_deploy,
	.undo = undo_deploy,
	.remedy = tn_action_remedy,
	.needs = tn_action_needs,
	.holds = tn_action_runs,
};

/* Rollbacks. */

static void
write_rollback(const struct tn_running *run, struct tn_arena *arena TN_UNUSED,
    struct tn_op *op)
{
	op->kind = TN_OP_DEPLOY_VERSION;
	op->id = tn_running_action_id(run);
	op->version_id = run->step->version_id;
	op->update_draft = true;
}

static enum tn_verdict
after_rollback(struct tn_running *run, const struct tn_op_result *seen,
    struct tn_error *err)
{
	const struct tn_live_action *live = tn_seen_action(seen);
	const struct tn_step *step = run->step;
	enum tn_verdict verdict = judge_deployed(run, live, err);

	if (verdict != TN_SEEN)
		return verdict;
	if (tn_content_differs(&live->draft, &run->after) != 0) {
		if (tn_content_differs(&live->draft, &step->before.draft) != 0)
			return tn_kind_wrong(err, run,
			    "has a draft that somebody else wrote");
		return run->followed ? TN_NOT_YET : TN_FOLLOW;
	}
	take_live(run, live);
	return TN_SEEN;
}

/* The draft is told to be what runs, where the platform did not do it itself. */
static void
follow_rollback(const struct tn_running *run, struct tn_op *op)
{
	op->kind = TN_OP_UPDATE_ACTION;
	op->id = tn_running_action_id(run);
	op->name = run->step->name;
	op->trigger = run->step->trigger;
	op->content = &run->after;
	op->send_modules = tn_action_uses_modules(run);
}

static enum tn_remedy
undo_rollback(struct tn_running *run, const struct tn_op_result *seen,
    struct tn_error *err)
{
	enum tn_remedy remedy = undo_deploy(run, seen, err);

	if (remedy != TN_AS_BEFORE || !run->step->before.has_live)
		return remedy;
	return tn_action_undo_draft(run, tn_seen_action(seen), err);
}

const struct tn_kind tn_kind_rollback = {
	.in_list = true,
	.look = tn_action_look,
	.before = tn_action_unmoved,
	.write = write_rollback,
	.answered = take_deployed,
	.after = after_rollback,
	.follow = follow_rollback,
	.undo = undo_rollback,
	.remedy = tn_action_remedy,
	.needs = tn_action_needs,
	.holds = tn_action_runs,
	.settle = tn_settle_secrets,
};
