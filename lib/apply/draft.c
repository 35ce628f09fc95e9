#include "apply/kind.h"

#include "base/mem.h"

/* Values for the secrets that the step writes; the others keep what the platform has. */
static size_t
secret_values(const struct tn_running *run, struct tn_secret_value *values)
{
	const struct tn_apply_options *options = &run->apply->options;
	size_t n = 0;

	for (size_t i = 0; i < run->step->n_secrets; i++) {
		const struct tn_secret_change *change = &run->step->secrets[i];

		if (!tn_secret_change_writes(change->kind) ||
		    change->kind == TN_SECRET_REMOVE)
			continue;
		for (size_t k = 0; k < options->n_secrets; k++) {
			const struct tn_apply_secret *secret = &options->secrets[k];

			if (!secret->of_module &&
			    tn_text_equal(secret->action, run->step->name) &&
			    tn_text_equal(secret->name, change->name))
				values[n++] = (struct tn_secret_value){ change->name,
					secret->value };
		}
	}
	return n;
}

static void
write_content(const struct tn_running *run, struct tn_arena *arena, struct tn_op *op)
{
	const struct tn_step *step = run->step;
	struct tn_secret_value *values = tn_arena_array(arena, step->n_secrets,
	    struct tn_secret_value);

	op->id = step->action_id;
	op->name = step->name;
	op->trigger = step->trigger;
	op->content = &run->after;
	op->send_secrets = tn_step_writes_secrets(step);
	op->send_modules = tn_action_uses_modules(run);
	op->values = values;
	op->n_values = secret_values(run, values);
	op->left_out = step->left_out;
	op->deploy = step->deploy_at_once;
}

/* Creations. */

static void
write_create(const struct tn_running *run, struct tn_arena *arena, struct tn_op *op)
{
	op->kind = TN_OP_CREATE_ACTION;
	write_content(run, arena, op);
}

static enum tn_verdict
take_create(struct tn_running *run, const struct tn_op_result *answer,
    struct tn_error *err)
{
	const struct tn_live_action *live = tn_seen_action(answer);

	if (live != NULL && live->has_live)
		tn_action_take_version(run, &live->live);
	return tn_action_take_draft(run, answer, err);
}

/* Found by a name that a step of this plan takes from another action: a read that lags
 * still shows that one. */
static const struct tn_live_action *
not_another(const struct tn_running *run, const struct tn_live_action *live)
{
	const struct tn_apply *apply = run->apply;

	for (size_t i = 0; live != NULL && i < apply->n_runs; i++)
		if (tn_text_equal(apply->runs[i].step->action_id, live->id))
			return NULL;
	return live;
}

static enum tn_verdict
judge_created(const struct tn_running *run, const struct tn_live_action *live,
    struct tn_error *err)
{
	enum tn_verdict built;

	if (live == NULL)
		return run->lost ? TN_NOT_DONE : TN_NOT_YET;
	if (tn_content_differs(&live->draft, &run->after) != 0)
		return tn_kind_wrong(err, run,
		    "exists with another content than this run gave it");
	built = tn_action_built(run, live, err);
	if (built != TN_SEEN || !run->step->deploy_at_once)
		return built;
	return live->has_live && live->live.built ? TN_SEEN : TN_NOT_YET;
}

static enum tn_verdict
after_create(struct tn_running *run, const struct tn_op_result *seen,
    struct tn_error *err)
{
	const struct tn_live_action *live = not_another(run, tn_seen_action(seen));
	enum tn_verdict verdict = judge_created(run, live, err);

	if (verdict != TN_SEEN)
		return verdict;
	tn_action_take(run, live);
	if (live->has_live)
		tn_action_take_version(run, &live->live);
	return TN_SEEN;
}

static enum tn_remedy
undo_create(struct tn_running *run, const struct tn_op_result *seen, struct tn_error *err)
{
	const struct tn_live_action *live = not_another(run, tn_seen_action(seen));
	bool ours;

	/* We were told its id: a read that does not show it may only lag behind. */
	if (live == NULL)
		return run->action_id != NULL && run->remedies == 0 ? TN_DELETE
								    : TN_AS_BEFORE;
	ours = tn_text_equal(run->action_id, live->id) ||
	    tn_content_differs(&live->draft, &run->after) == 0;
	if (!ours)
		return tn_kind_no_remedy(err, run,
		    "exists, and this run did not make it: it was left");
	/* The answer to the creation was lost, and the action was found by its name. */
	if (run->action_id == NULL)
		run->action_id = tn_strdup(live->id);
	return TN_DELETE;
}

static void
remedy_create(struct tn_running *run, enum tn_remedy remedy TN_UNUSED, struct tn_op *op)
{
	op->kind = TN_OP_DELETE_ACTION;
	op->id = tn_running_action_id(run);
}

/* What a deploy that follows makes of it is judged by that deploy. */
static bool
holds_create(const struct tn_running *run, const struct tn_live *live,
    struct tn_error *err)
{
	if (run->step->deploy_at_once)
		return tn_action_runs(run, live, err);
	if (tn_live_by_id(live, tn_running_action_id(run)) != NULL)
		return true;
	tn_kind_conflict(err, run, "is gone");
	return false;
}

static void
settle_create(const struct tn_running *run, const struct tn_live *live)
{
	tn_settle_own(run->apply, run->step->name, run->action_id);
	tn_settle_draft(run, live);
}

/* What we made and is still there is ours. */
static void
left_create(const struct tn_running *run)
{
	if (run->action_id != NULL)
		settle_create(run, NULL);
}

/* Whether it is still there is told by its time. */
static void
left_update(const struct tn_running *run)
{
	tn_settle_draft(run, NULL);
}

const struct tn_kind tn_kind_create = {
	.in_list = true,
	.may_be_taken = true,
	.look = tn_action_look,
	.write = write_create,
	.answered = take_create,
	.after = after_create,
	.undo = undo_create,
	.remedy = remedy_create,
	.needs = tn_action_needs,
	.holds = holds_create,
	.settle = settle_create,
	.left = left_create,
};

/* Updates. */

static void
write_update(const struct tn_running *run, struct tn_arena *arena, struct tn_op *op)
{
	op->kind = TN_OP_UPDATE_ACTION;
	write_content(run, arena, op);
}

static enum tn_verdict
after_update(struct tn_running *run, const struct tn_op_result *seen,
    struct tn_error *err)
{
	const struct tn_live_action *live = tn_seen_action(seen);
	enum tn_verdict verdict;

	if (live == NULL)
		return tn_kind_wrong(err, run, "is gone");
	if (tn_text_equal(tn_action_draft_time(run), live->updated_at))
		return run->lost ? TN_NOT_DONE : TN_NOT_YET;
	if (tn_content_differs(&live->draft, &run->after) != 0)
		return tn_kind_wrong(err, run, "has a draft that somebody else wrote");
	verdict = tn_action_built(run, live, err);
	if (verdict == TN_SEEN)
		tn_action_take(run, live);
	return verdict;
}

static enum tn_remedy
undo_update(struct tn_running *run, const struct tn_op_result *seen, struct tn_error *err)
{
	const struct tn_live_action *live = tn_seen_action(seen);

	if (live == NULL)
		return tn_kind_no_remedy(err, run, "is gone: somebody deleted it");
	tn_action_see_draft(run, live);
	/* The write was answered, and the reading side still shows what was there before
	 * it. A remedy that was sent comes after our write, however late either is shown.
	 */
	if (run->remedies == 0 && run->draft_updated_at != NULL &&
	    tn_text_equal(tn_action_draft_time(run), live->updated_at))
		return TN_WAIT;
	return tn_action_undo_draft(run, live, err);
}

static bool
holds_update(const struct tn_running *run, const struct tn_live *live,
    struct tn_error *err)
{
	if (tn_live_by_id(live, tn_running_action_id(run)) != NULL)
		return true;
	tn_kind_conflict(err, run, "is gone");
	return false;
}

const struct tn_kind tn_kind_update = {
	.in_list = true,
	.look = tn_action_look,
	.before = tn_action_unmoved,
	.write = write_update,
	.answered = tn_action_take_draft,
	.after = after_update,
	.undo = undo_update,
	.remedy = tn_action_remedy,
	.needs = tn_action_needs,
	.holds = holds_update,
	.settle = tn_settle_draft,
	.left = left_update,
};
