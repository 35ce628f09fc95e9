#include "apply/kind.h"

#include "base/mem.h"

const struct tn_live_action *
tn_seen_action(const struct tn_op_result *seen)
{
	return seen != NULL && seen->n_actions > 0 ? &seen->actions[0] : NULL;
}

void
tn_action_look(const struct tn_running *run, struct tn_op *op)
{
	op->id = tn_running_action_id(run);
	op->kind = op->id != NULL ? TN_OP_GET_ACTION : TN_OP_FIND_ACTION;
	op->name = run->step->name;
}

void
tn_action_needs(const struct tn_running *run TN_UNUSED, struct tn_read_spec *spec,
    const char **triggers TN_UNUSED)
{
	spec->actions = true;
}

bool
tn_action_uses_modules(const struct tn_running *run)
{
	return run->after.n_modules > 0 ||
	    (run->step->has_before && run->step->before.draft.n_modules > 0);
}

void
tn_action_take(struct tn_running *run, const struct tn_live_action *live)
{
	tn_free(run->action_id);
	run->action_id = tn_strdup(live->id);
	tn_free(run->draft_updated_at);
	run->draft_updated_at = live->updated_at == NULL ? NULL
							 : tn_strdup(live->updated_at);
	tn_running_take_secrets(run, &live->draft);
}

enum tn_verdict
tn_action_take_draft(struct tn_running *run, const struct tn_op_result *answer,
    struct tn_error *err TN_UNUSED)
{
	const struct tn_live_action *live = tn_seen_action(answer);

	if (live != NULL)
		tn_action_take(run, live);
	return TN_NOT_YET;
}

void
tn_action_take_version(struct tn_running *run, const struct tn_version *version)
{
	tn_free(run->version_id);
	run->version_id = version->id == NULL ? NULL : tn_strdup(version->id);
	run->version = version->number;
}

bool
tn_action_same_live(const struct tn_live_action *before,
    const struct tn_live_action *live)
{
	if (before->has_live != live->has_live)
		return false;
	return !before->has_live || tn_text_equal(before->live.id, live->live.id);
}

static bool
on_same_action(const struct tn_running *a, const struct tn_running *b)
{
	const char *x = tn_running_action_id(a), *y = tn_running_action_id(b);

	return x != NULL && y != NULL ? tn_text_equal(x, y)
				      : tn_text_equal(a->step->name, b->step->name);
}

static bool
writes_draft(enum tn_step_kind kind)
{
	return kind == TN_STEP_RENAME || kind == TN_STEP_CREATE || kind == TN_STEP_UPDATE;
}

/* Of several steps on one action a later one finds what the earlier ones have written. */
const char *
tn_action_draft_time(const struct tn_running *run)
{
	for (const struct tn_running *other = run; other > run->apply->runs;) {
		other--;
		if (writes_draft(other->step->kind) && on_same_action(other, run))
			return other->draft_updated_at;
	}
	return run->step->has_before ? run->step->before.updated_at : NULL;
}

int
tn_action_still_runs(const struct tn_running *run, const struct tn_op_result *seen,
    struct tn_error *err)
{
	const struct tn_live_action *live = tn_seen_action(seen);

	if (live == NULL)
		return tn_kind_conflict(err, run, "is gone");
	if (run->step->has_before && !tn_action_same_live(&run->step->before, live))
		return tn_kind_conflict(err, run,
		    "was deployed by somebody else since the plan");
	return 0;
}

int
tn_action_unmoved(const struct tn_running *run, const struct tn_op_result *seen,
    struct tn_error *err)
{
	int r = tn_action_still_runs(run, seen, err);

	if (r == 0 &&
	    !tn_text_equal(tn_action_draft_time(run), tn_seen_action(seen)->updated_at))
		r = tn_kind_conflict(err, run, "has a draft that is newer than the plan");
	return r;
}

void
tn_action_see_draft(struct tn_running *run, const struct tn_live_action *live)
{
	run->own_draft = tn_content_differs(&live->draft, &run->after) == 0;
}

enum tn_verdict
tn_action_built(const struct tn_running *run, const struct tn_live_action *live,
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

bool
tn_action_runs(const struct tn_running *run, const struct tn_live *live,
    struct tn_error *err)
{
	const struct tn_live_action *action = tn_live_by_id(live,
	    tn_running_action_id(run));

	if (action == NULL) {
		tn_kind_conflict(err, run, "is gone");
		return false;
	}
	if (action->has_live &&
	    tn_content_differs(&action->live.content, &run->after) == 0)
		return true;
	tn_kind_conflict(err, run, "does not run with the planned content");
	return false;
}

enum tn_remedy
tn_action_undo_draft(const struct tn_running *run, const struct tn_live_action *live,
    struct tn_error *err)
{
	const struct tn_step *step = run->step;

	if (tn_content_differs(&live->draft, &step->before.draft) == 0)
		return live->build == TN_BUILD_RUNNING ? TN_WAIT : TN_AS_BEFORE;
	if (tn_content_differs(&live->draft, &run->after) != 0)
		return tn_kind_no_remedy(err, run,
		    "has a draft that somebody else wrote: it was left");
	if (step->inverse == TN_INVERSE_NONE)
		return tn_kind_irreversible(err, run);
	if (step->inverse != TN_INVERSE_REDEPLOY || !tn_live_action_clean(&step->before))
		return TN_REDRAFT;
	if (live->has_live &&
	    tn_content_differs(&live->live.content, &step->before.live.content) == 0)
		return TN_REDEPLOY;
	tn_kind_conflict(err, run,
	    "cannot get the secrets of its draft back, as another version runs now than "
	    "before: the draft was left");
	return TN_NONE_SEEN;
}

void
tn_action_remedy(struct tn_running *run, enum tn_remedy remedy, struct tn_op *op)
{
	const struct tn_step *step = run->step;

	op->id = tn_running_action_id(run);
	op->name = step->name;
	op->trigger = step->trigger;
	if (remedy == TN_REDRAFT) {
		op->kind = TN_OP_UPDATE_ACTION;
		op->content = &step->before.draft;
		op->send_modules = tn_action_uses_modules(run);
		op->left_out = step->left_out;
		return;
	}
	op->kind = TN_OP_DEPLOY_VERSION;
	op->version_id = step->before.live.id;
	/* A draft of somebody's that differed comes back by itself, in its own step. */
	op->update_draft = tn_live_action_clean(&step->before) && run->own_draft;
}
