/*
 * A project: a tree of files, each behind a line "%% PATH" (without one the input is
 * tenon.yaml). Whatever it says, it is loaded or refused with findings, and the findings
 * can be shown.
 */
#include "fuzz.h"

#include "auth0/auth0.h"
#include "base/tree.h"
#include "config/config.h"
#include "lint/lint.h"
#include "schema/schema.h"

static void
must_be_wanted(const struct tn_project *project, struct tn_diags *diags)
{
	must_be_words(project->name);
	for (size_t i = 0; i < project->n_tenants; i++) {
		TN_CLEANUP(tn_want_freep) struct tn_want *want = NULL;
		TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;

		must(tn_project_want(project, project->tenants[i], &want, &err) == 0);
		tn_lint_want(want, tn_auth0_provider.capabilities, diags);
	}
	for (size_t i = 0; i < project->n_actions; i++)
		tn_lint_action(project->actions[i], tn_auth0_provider.capabilities,
		    diags);
	for (size_t i = 0; i < project->n_modules; i++)
		tn_lint_module(project->modules[i], tn_auth0_provider.capabilities,
		    diags);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static struct tn_schemas *schemas;
	TN_CLEANUP(tn_tree_freep) struct tn_tree *tree = tn_memtree_new();
	TN_CLEANUP(tn_diags_freep) struct tn_diags *diags = tn_diags_new();
	TN_CLEANUP(tn_project_freep) struct tn_project *project = NULL;
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	size_t longest = put_files(tree, TN_PROJECT_FILE,
	    tn_span_of((const char *)bytes, len));
	int r;

	if (schemas == NULL)
		schemas = tn_schemas_new();
	r = tn_project_load(tree, schemas, &project, diags, &err);
	must((project != NULL) == (r == 0));
	if (tn_diags_errors(diags) == 0)
		must_be_told(r, &err);
	else
		must(r == -TN_E_INPUT && !tn_error_is_set(&err));
	if (r == 0)
		must_be_wanted(project, diags);
	must_be_findings(diags, longest);
	must_be_shown(diags, &err);
	return 0;
}
