#include "lint/lint.h"

static void
refuse_tests(const struct tn_want_action *action, struct tn_diags *diags)
{
	for (size_t i = 0; i < action->n_tests; i++) {
		struct tn_diag *diag = tn_diags_error(diags, "later-tests",
		    action->tests[i].mark,
		    "tenon does not run tests yet; validate checks it");

		tn_diags_resource(diags, diag, "action/%s", action->name);
		tn_diags_hint(diags, diag,
		    "take it out to plan and apply with this version");
	}
}

void
tn_lint_later(const struct tn_want *want, struct tn_diags *diags)
{
	for (size_t i = 0; i < want->n_actions; i++)
		refuse_tests(&want->actions[i], diags);
}
