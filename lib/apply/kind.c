#include "apply/kind.h"

static const struct tn_kind *const kinds[TN_STEP_KIND__COUNT] = {
	[TN_STEP_MODULE_CREATE] = &tn_kind_module_create,
	[TN_STEP_MODULE_UPDATE] = &tn_kind_module_update,
	[TN_STEP_MODULE_PUBLISH] = &tn_kind_module_publish,
	[TN_STEP_RENAME] = &tn_kind_rename,
	[TN_STEP_CREATE] = &tn_kind_create,
	[TN_STEP_UPDATE] = &tn_kind_update,
	[TN_STEP_TEST] = &tn_kind_test,
	[TN_STEP_DEPLOY] = &tn_kind_deploy,
	[TN_STEP_ROLLBACK] = &tn_kind_rollback,
	[TN_STEP_BIND] = &tn_kind_bind,
	[TN_STEP_DELETE] = &tn_kind_delete,
	[TN_STEP_MODULE_DELETE] = &tn_kind_module_delete,
};

const struct tn_kind *
tn_kind_of(const struct tn_running *run)
{
	return kinds[run->step->kind];
}

int
tn_kind_conflict(struct tn_error *err, const struct tn_running *run, const char *what)
{
	int r = tn_error_set(err, TN_E_CONFLICT, "%s %s %s",
	    tn_step_object(run->step->kind), run->step->name, what);

	tn_error_hint(err, "run tenon plan again to see what is there now");
	return r;
}

enum tn_verdict
tn_kind_wrong(struct tn_error *err, const struct tn_running *run, const char *what)
{
	tn_kind_conflict(err, run, what);
	return TN_WRONG;
}

enum tn_remedy
tn_kind_no_remedy(struct tn_error *err, const struct tn_running *run, const char *what)
{
	tn_kind_conflict(err, run, what);
	return TN_NO_REMEDY;
}

enum tn_remedy
tn_kind_irreversible(struct tn_error *err, const struct tn_running *run)
{
	tn_error_set(err, TN_E_CONFLICT, "%s %s cannot be put back: %s",
	    tn_step_object(run->step->kind), run->step->name, run->step->irreversible);
	tn_error_hint(err,
	    "the plan listed this; look at the action and deploy what should run");
	return TN_NO_REMEDY;
}
