#include "apply/kind.h"

static void
look_flow(const struct tn_running *run, struct tn_op *op)
{
	op->kind = TN_OP_GET_FLOW;
	op->trigger = run->step->trigger;
}

static int
before_bind(const struct tn_running *run, const struct tn_op_result *seen,
    struct tn_error *err)
{
	if (seen == NULL || !tn_flow_equal(&run->step->flow_before, &seen->flow))
		return tn_kind_conflict(err, run,
		    "was changed by somebody else since the plan");
	return 0;
}

static void
write_bind(const struct tn_running *run, struct tn_arena *arena, struct tn_op *op)
{
	struct tn_flow *flow = tn_arena_new_object(arena, struct tn_flow);

	*flow = tn_running_flow_after(run, arena);
	op->kind = TN_OP_SET_FLOW;
	op->trigger = run->step->trigger;
	op->flow = flow;
}

static enum tn_verdict
after_bind(struct tn_running *run, const struct tn_op_result *seen, struct tn_error *err)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	struct tn_flow after = tn_running_flow_after(run, arena);

	if (seen != NULL && tn_flow_equal(&after, &seen->flow))
		return TN_SEEN;
	if (seen != NULL && run->lost &&
	    tn_flow_equal(&run->step->flow_before, &seen->flow))
		return TN_NOT_DONE;
	return tn_kind_wrong(err, run, "was changed by somebody else during this run");
}

static enum tn_remedy
undo_bind(struct tn_running *run, const struct tn_op_result *seen,
    struct tn_error *err TN_UNUSED)
{
	struct tn_flow target;

	if (seen == NULL)
		return TN_NO_REMEDY;
	target = tn_merge_target(run, &seen->flow, run->apply->arena);
	if (tn_flow_equal(&target, &seen->flow))
		return TN_AS_BEFORE;
	/* What was read dies with this call. */
	tn_flow_copy(run->apply->arena, &run->target, &target);
	return TN_REBIND;
}

static void
remedy_bind(struct tn_running *run, enum tn_remedy remedy TN_UNUSED, struct tn_op *op)
{
	op->kind = TN_OP_SET_FLOW;
	op->trigger = run->step->trigger;
	op->flow = &run->target;
}

/* The answer is the list as it is now. */
static bool
put_back_bind(const struct tn_running *run, const struct tn_op_result *answer)
{
	return tn_flow_equal(&run->target, &answer->flow);
}

static void
needs_flow(const struct tn_running *run, struct tn_read_spec *spec, const char **triggers)
{
	triggers[spec->n_triggers++] = run->step->name;
}

static bool
holds_bind(const struct tn_running *run, const struct tn_live *live, struct tn_error *err)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	const struct tn_flow *flow = tn_live_flow(live, run->step->name);
	struct tn_flow after = tn_running_flow_after(run, arena);

	if (flow != NULL && tn_flow_equal(&after, flow))
		return true;
	tn_kind_conflict(err, run, "is not bound as planned");
	return false;
}

const struct tn_kind tn_kind_bind = {
	.look = look_flow,
	.before = before_bind,
	.write = write_bind,
	.answered = after_bind,
	.after = after_bind,
	.undo = undo_bind,
	.remedy = remedy_bind,
	.put_back = put_back_bind,
	.needs = needs_flow,
	.holds = holds_bind,
};
