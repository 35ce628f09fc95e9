#include "plan/plan.h"

static const char *const kind_names[TN_STEP_KIND__COUNT] = {
	[TN_STEP_CREATE] = "create",
	[TN_STEP_UPDATE] = "update",
	[TN_STEP_DEPLOY] = "deploy",
	[TN_STEP_ROLLBACK] = "rollback",
	[TN_STEP_BIND] = "bind",
};

static const enum tn_phase kind_phases[TN_STEP_KIND__COUNT] = {
	[TN_STEP_CREATE] = TN_PHASE_STAGE,
	[TN_STEP_UPDATE] = TN_PHASE_STAGE,
	[TN_STEP_DEPLOY] = TN_PHASE_DEPLOY,
	[TN_STEP_ROLLBACK] = TN_PHASE_DEPLOY,
	[TN_STEP_BIND] = TN_PHASE_BIND,
};

static const char *const inverse_names[] = {
	[TN_INVERSE_DELETE] = "delete",
	[TN_INVERSE_REDRAFT] = "redraft",
	[TN_INVERSE_REDEPLOY] = "redeploy",
	[TN_INVERSE_REBIND] = "rebind",
	[TN_INVERSE_NONE] = "none",
};

const char *
tn_step_kind_name(enum tn_step_kind kind)
{
	return kind_names[kind];
}

enum tn_phase
tn_step_phase(enum tn_step_kind kind)
{
	return kind_phases[kind];
}

const char *
tn_inverse_name(enum tn_inverse inverse)
{
	return inverse_names[inverse];
}

bool
tn_plan_writes(const struct tn_plan *plan)
{
	return plan->n_steps > 0;
}

/* The operation that carries a step out, and the one that puts it back. */
static enum tn_op_kind
forward_operation(enum tn_step_kind kind)
{
	switch (kind) {
	case TN_STEP_CREATE:
		return TN_OP_CREATE_ACTION;
	case TN_STEP_UPDATE:
		return TN_OP_UPDATE_ACTION;
	case TN_STEP_DEPLOY:
		return TN_OP_DEPLOY_ACTION;
	case TN_STEP_ROLLBACK:
		return TN_OP_DEPLOY_VERSION;
	case TN_STEP_BIND:
	case TN_STEP_KIND__COUNT:
		break;
	}
	return TN_OP_SET_FLOW;
}

static enum tn_op_kind
inverse_operation(enum tn_inverse inverse)
{
	switch (inverse) {
	case TN_INVERSE_DELETE:
		return TN_OP_DELETE_ACTION;
	case TN_INVERSE_REDRAFT:
		return TN_OP_UPDATE_ACTION;
	case TN_INVERSE_REDEPLOY:
		return TN_OP_DEPLOY_VERSION;
	case TN_INVERSE_REBIND:
		return TN_OP_SET_FLOW;
	case TN_INVERSE_NONE:
		break;
	}
	return TN_OP_GET_ACTION;
}

size_t
tn_plan_operations(const struct tn_plan *plan, enum tn_op_kind out[TN_OP__COUNT])
{
	bool needed[TN_OP__COUNT] = { [TN_OP_LIST_ACTIONS] = true };
	size_t n = 0;

	for (size_t i = 0; i < plan->n_steps; i++) {
		needed[forward_operation(plan->steps[i].kind)] = true;
		needed[inverse_operation(plan->steps[i].inverse)] = true;
		/* Where the draft does not follow by itself it is written. */
		if (plan->steps[i].kind == TN_STEP_ROLLBACK)
			needed[TN_OP_UPDATE_ACTION] = true;
	}
	for (unsigned kind = 0; kind < TN_OP__COUNT; kind++)
		if (needed[kind])
			out[n++] = (enum tn_op_kind)kind;
	return n;
}

void
tn_plan_free(struct tn_plan *plan)
{
	/* The plan lives in its own arena. */
	if (plan != NULL)
		tn_arena_free(plan->arena);
}
