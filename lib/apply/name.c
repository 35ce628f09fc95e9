#include "apply/kind.h"

/* The plan does not know the run: names out of the way carry its id. */
static const char *
name_of(const struct tn_running *run, const char *planned)
{
	return planned != NULL ? planned
			       : tn_arena_printf(run->apply->arena, "tenon-%s-%u",
				     run->apply->options.run_id, run->step->aside);
}

static bool
is_called(const struct tn_running *run, const struct tn_live_action *live,
    const char *planned)
{
	return tn_text_equal(live->name, name_of(run, planned));
}

static int
before_rename(const struct tn_running *run, const struct tn_op_result *seen,
    struct tn_error *err)
{
	int r = tn_action_unmoved(run, seen, err);

	if (r == 0 && !is_called(run, tn_seen_action(seen), run->step->old_name))
		r = tn_kind_conflict(err, run, "was renamed by somebody else");
	return r;
}

static void
write_rename(const struct tn_running *run, struct tn_arena *arena TN_UNUSED,
    struct tn_op *op)
{
	op->kind = TN_OP_RENAME_ACTION;
	op->id = tn_running_action_id(run);
	op->name = name_of(run, run->step->new_name);
}

/* The platform builds the draft again, though nothing but the name has changed: a deploy
 * that follows must find it built. One that could not be built before cannot be now. */
static enum tn_verdict
judge_build(const struct tn_running *run, const struct tn_live_action *live,
    struct tn_error *err)
{
	if (live->build == TN_BUILD_FAILED && run->step->before.build == TN_BUILD_FAILED)
		return TN_SEEN;
	return tn_action_built(run, live, err);
}

static enum tn_verdict
after_rename(struct tn_running *run, const struct tn_op_result *seen,
    struct tn_error *err)
{
	const struct tn_live_action *live = tn_seen_action(seen);
	enum tn_verdict verdict;

	if (live == NULL)
		return tn_kind_wrong(err, run, "is gone");
	if (tn_text_equal(tn_action_draft_time(run), live->updated_at))
		return run->lost ? TN_NOT_DONE : TN_NOT_YET;
	if (!is_called(run, live, run->step->new_name))
		return tn_kind_wrong(err, run, "was renamed by somebody else");
	if (tn_content_differs(&live->draft, &run->step->after) != 0)
		return tn_kind_wrong(err, run, "has a draft that somebody else wrote");
	verdict = judge_build(run, live, err);
	if (verdict == TN_SEEN)
		tn_action_take(run, live);
	return verdict;
}

static enum tn_remedy
undo_rename(struct tn_running *run, const struct tn_op_result *seen, struct tn_error *err)
{
	const struct tn_live_action *live = tn_seen_action(seen);

	if (live == NULL)
		return tn_kind_no_remedy(err, run, "is gone: somebody deleted it");
	if (is_called(run, live, run->step->new_name))
		return TN_RENAME;
	if (!is_called(run, live, run->step->old_name))
		return tn_kind_no_remedy(err, run,
		    "was renamed by somebody else: it was left");
	/* Answered, and not shown yet. */
	if (run->remedies == 0 && run->draft_updated_at != NULL &&
	    tn_text_equal(tn_action_draft_time(run), live->updated_at))
		return TN_WAIT;
	return live->build == TN_BUILD_RUNNING ? TN_WAIT : TN_AS_BEFORE;
}

static void
remedy_rename(struct tn_running *run, enum tn_remedy remedy TN_UNUSED, struct tn_op *op)
{
	op->kind = TN_OP_RENAME_ACTION;
	op->id = tn_running_action_id(run);
	op->name = name_of(run, run->step->old_name);
}

/* No later step gives the action yet another name. */
static bool
is_last(const struct tn_running *run)
{
	const struct tn_apply *apply = run->apply;

	for (const struct tn_running *other = run + 1;
	     other < apply->runs + apply->n_runs; other++)
		if (other->step->kind == TN_STEP_RENAME &&
		    tn_text_equal(other->step->action_id, run->step->action_id))
			return false;
	return true;
}

static bool
holds_rename(const struct tn_running *run, const struct tn_live *live,
    struct tn_error *err)
{
	const struct tn_live_action *action = tn_live_by_id(live, run->step->action_id);

	if (action != NULL &&
	    (!is_last(run) || is_called(run, action, run->step->new_name)))
		return true;
	tn_kind_conflict(err, run,
	    action == NULL ? "is gone" : "was renamed by somebody else");
	return false;
}

/* Also what is out of the way stays ours until it is deleted. */
static void
settle_rename(const struct tn_running *run, const struct tn_live *live TN_UNUSED)
{
	if (is_last(run))
		tn_settle_own(run->apply, name_of(run, run->step->new_name),
		    run->step->action_id);
}

const struct tn_kind tn_kind_rename = {
	.in_list = true,
	.look = tn_action_look,
	.before = before_rename,
	.write = write_rename,
	.answered = tn_action_take_draft,
	.after = after_rename,
	.undo = undo_rename,
	.remedy = remedy_rename,
	.needs = tn_action_needs,
	.holds = holds_rename,
	.settle = settle_rename,
};
