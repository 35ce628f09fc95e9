#include "plan/plan.h"

static const struct tn_phase_traits phases[TN_PHASE__COUNT] = {
	[TN_PHASE_MODULES] = { "modules", true },
	[TN_PHASE_PUBLISH] = { "publish", true },
	/* Each may take a name that the one before it has left. */
	[TN_PHASE_NAMES] = { "names", false },
	[TN_PHASE_STAGE] = { "stage", true },
	[TN_PHASE_GATE] = { "gate", true },
	/* Each changes what runs, and the order of the flow is kept. */
	[TN_PHASE_DEPLOY] = { "deploy", false },
	[TN_PHASE_BIND] = { "bind", true },
	[TN_PHASE_VERIFY] = { "verify", true },
	[TN_PHASE_DELETE] = { "delete", true },
	[TN_PHASE_DELETE_MODULES] = { "delete-modules", true },
};

static const struct {
	const char *name;
	const char *object;
	enum tn_phase phase;
	enum tn_op_kind op; /* that carries it out */
} kinds[TN_STEP_KIND__COUNT] = {
	[TN_STEP_MODULE_CREATE] = { "module-create", "module", TN_PHASE_MODULES,
	    TN_OP_CREATE_MODULE },
	[TN_STEP_MODULE_UPDATE] = { "module-update", "module", TN_PHASE_MODULES,
	    TN_OP_UPDATE_MODULE },
	[TN_STEP_MODULE_PUBLISH] = { "module-publish", "module", TN_PHASE_PUBLISH,
	    TN_OP_PUBLISH_MODULE },
	[TN_STEP_RENAME] = { "rename", "action", TN_PHASE_NAMES, TN_OP_RENAME_ACTION },
	[TN_STEP_CREATE] = { "create", "action", TN_PHASE_STAGE, TN_OP_CREATE_ACTION },
	[TN_STEP_UPDATE] = { "update", "action", TN_PHASE_STAGE, TN_OP_UPDATE_ACTION },
	[TN_STEP_TEST] = { "test", "action", TN_PHASE_GATE, TN_OP_TEST_ACTION },
	[TN_STEP_DEPLOY] = { "deploy", "action", TN_PHASE_DEPLOY, TN_OP_DEPLOY_ACTION },
	[TN_STEP_ROLLBACK] = { "rollback", "action", TN_PHASE_DEPLOY,
	    TN_OP_DEPLOY_VERSION },
	[TN_STEP_BIND] = { "bind", "the flow of", TN_PHASE_BIND, TN_OP_SET_FLOW },
	[TN_STEP_DELETE] = { "delete", "action", TN_PHASE_DELETE, TN_OP_DELETE_ACTION },
	[TN_STEP_MODULE_DELETE] = { "module-delete", "module", TN_PHASE_DELETE_MODULES,
	    TN_OP_DELETE_MODULE },
};

static const struct {
	const char *name;
	enum tn_op_kind op; /* that puts a step back */
} inverses[] = {
	[TN_INVERSE_RENAME] = { "rename", TN_OP_RENAME_ACTION },
	[TN_INVERSE_DELETE] = { "delete", TN_OP_DELETE_ACTION },
	[TN_INVERSE_REDRAFT] = { "redraft", TN_OP_UPDATE_ACTION },
	[TN_INVERSE_REDEPLOY] = { "redeploy", TN_OP_DEPLOY_VERSION },
	[TN_INVERSE_REBIND] = { "rebind", TN_OP_SET_FLOW },
	[TN_INVERSE_REPUBLISH] = { "republish", TN_OP_PUBLISH_MODULE },
	[TN_INVERSE_NOTHING] = { "nothing", TN_OP_GET_ACTION },
	[TN_INVERSE_NONE] = { "none", TN_OP_GET_ACTION },
};

const struct tn_phase_traits *
tn_phase_traits(enum tn_phase phase)
{
	return &phases[phase];
}

const char *
tn_step_kind_name(enum tn_step_kind kind)
{
	return kinds[kind].name;
}

const char *
tn_step_object(enum tn_step_kind kind)
{
	return kinds[kind].object;
}

enum tn_phase
tn_step_phase(enum tn_step_kind kind)
{
	return kinds[kind].phase;
}

bool
tn_step_of_module(enum tn_step_kind kind)
{
	return kinds[kind].phase == TN_PHASE_MODULES ||
	    kinds[kind].phase == TN_PHASE_PUBLISH ||
	    kinds[kind].phase == TN_PHASE_DELETE_MODULES;
}

bool
tn_step_changes(enum tn_step_kind kind)
{
	return kinds[kind].phase != TN_PHASE_GATE;
}

bool
tn_step_writes_secrets(const struct tn_step *step)
{
	for (size_t i = 0; i < step->n_secrets; i++)
		if (tn_secret_change_writes(step->secrets[i].kind))
			return true;
	return false;
}

const char *
tn_inverse_name(enum tn_inverse inverse)
{
	return inverses[inverse].name;
}

bool
tn_plan_writes(const struct tn_plan *plan)
{
	return plan->n_steps > 0;
}

size_t
tn_plan_operations(const struct tn_plan *plan, enum tn_op_kind out[TN_OP__COUNT])
{
	bool needed[TN_OP__COUNT] = { [TN_OP_LIST_ACTIONS] = true };
	size_t n = 0;

	for (size_t i = 0; i < plan->n_steps; i++) {
		needed[kinds[plan->steps[i].kind].op] = true;
		needed[inverses[plan->steps[i].inverse].op] = true;
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
