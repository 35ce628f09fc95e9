#include "apply/kind.h"

/* Not there any more: somebody else deleted it, or an earlier try whose answer was
 * lost. */
static int
before_delete(const struct tn_running *run, const struct tn_op_result *seen,
    struct tn_error *err)
{
	return tn_seen_action(seen) == NULL ? 0 : tn_action_unmoved(run, seen, err);
}

/* Never by force: the platform refuses to delete what is bound. */
static void
write_delete(const struct tn_running *run, struct tn_arena *arena TN_UNUSED,
    struct tn_op *op)
{
	op->kind = TN_OP_DELETE_ACTION;
	op->id = run->step->action_id;
}

static enum tn_verdict
answered_delete(struct tn_running *run TN_UNUSED,
    const struct tn_op_result *answer TN_UNUSED, struct tn_error *err TN_UNUSED)
{
	return TN_SEEN;
}

static enum tn_verdict
after_delete(struct tn_running *run, const struct tn_op_result *seen,
    struct tn_error *err TN_UNUSED)
{
	if (tn_seen_action(seen) == NULL)
		return TN_SEEN;
	return run->lost ? TN_NOT_DONE : TN_NOT_YET;
}

static enum tn_remedy
undo_delete(struct tn_running *run, const struct tn_op_result *seen TN_UNUSED,
    struct tn_error *err)
{
	return tn_kind_irreversible(err, run);
}

static void
settle_delete(const struct tn_running *run, const struct tn_live *live TN_UNUSED)
{
	if (run->state == TN_STEP_DONE)
		tn_settle_disown(run->apply, run->step->action_id);
}

const struct tn_kind tn_kind_delete = {
	.gone_is_done = true,
	.in_list = true,
	.look = tn_action_look,
	.before = before_delete,
	.write = write_delete,
	.answered = answered_delete,
	.after = after_delete,
	.undo = undo_delete,
	.settle = settle_delete,
};

/* Modules: the platform refuses to delete what an action uses. */

static int
before_module_delete(const struct tn_running *run, const struct tn_op_result *seen,
    struct tn_error *err)
{
	return tn_seen_module(seen) == NULL ? 0 : tn_module_unmoved(run, seen, err);
}

static void
write_module_delete(const struct tn_running *run, struct tn_arena *arena TN_UNUSED,
    struct tn_op *op)
{
	op->kind = TN_OP_DELETE_MODULE;
	op->id = run->step->action_id;
}

static enum tn_verdict
after_module_delete(struct tn_running *run, const struct tn_op_result *seen,
    struct tn_error *err TN_UNUSED)
{
	if (tn_seen_module(seen) == NULL)
		return TN_SEEN;
	return run->lost ? TN_NOT_DONE : TN_NOT_YET;
}

const struct tn_kind tn_kind_module_delete = {
	.gone_is_done = true,
	.look = tn_module_look,
	.before = before_module_delete,
	.write = write_module_delete,
	.answered = answered_delete,
	.after = after_module_delete,
	.undo = undo_delete,
	.settle = settle_delete,
};
