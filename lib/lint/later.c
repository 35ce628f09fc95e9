#include "lint/lint.h"

static void
refuse(struct tn_diags *diags, const char *code, struct tn_mark mark, const char *kind,
    const char *name, const char *what)
{
	struct tn_diag *diag = tn_diags_error(diags, code, mark,
	    "tenon does not %s yet; validate checks it", what);

	if (name != NULL)
		tn_diags_resource(diags, diag, "%s/%s", kind, name);
	tn_diags_hint(diags, diag, "take it out to plan and apply with this version");
}

static void
refuse_in_action(const struct tn_want_action *action, struct tn_diags *diags)
{
	for (size_t i = 0; i < action->n_modules; i++)
		refuse(diags, "later-modules", action->modules[i].mark, "action",
		    action->name, "give modules to an action");
	for (size_t i = 0; i < action->n_tests; i++)
		refuse(diags, "later-tests", action->tests[i].mark, "action",
		    action->name, "run tests");
}

void
tn_lint_later(const struct tn_want *want, struct tn_diags *diags)
{
	for (size_t i = 0; i < want->n_actions; i++)
		refuse_in_action(&want->actions[i], diags);
	for (size_t i = 0; i < want->n_modules; i++)
		refuse(diags, "later-modules", want->modules[i].mark, "module",
		    want->modules[i].name, "put modules on a tenant");
}
