/*
 * A project: a tree of files, each behind a line "%% PATH" (without one the input is
 * tenon.yaml). Whatever it says, it is loaded or refused with findings, and the findings
 * can be shown.
 */
#include "fuzz.h"

#include <string.h>

#include "auth0/auth0.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/tree.h"
#include "config/config.h"
#include "json/json.h"
#include "lint/lint.h"
#include "report/report.h"
#include "schema/schema.h"

/* Files of the input, and the length of the longest. */
static size_t
put_files(struct tn_tree *tree, struct tn_span input)
{
	TN_CLEANUP(tn_freep) char *path = tn_strdup(TN_PROJECT_FILE);
	const char *start = input.ptr;
	size_t longest = 0;

	while (start != NULL) {
		struct tn_span rest = tn_span_of(input.ptr, input.len);
		struct tn_span line = next_line(&rest);
		bool heading = line.len > 3 && memcmp(line.ptr, "%% ", 3) == 0;
		bool last = input.len == 0;

		if (heading || last) {
			size_t len = (size_t)(input.ptr - start);

			tn_memtree_put(tree, path, start, len);
			longest = len > longest ? len : longest;
			start = last ? NULL : rest.ptr;
		}
		if (heading) {
			tn_free(path);
			path = tn_strndup(line.ptr + 3, line.len - 3);
		}
		input = rest;
	}
	return longest;
}

static void
must_be_shown(const struct tn_diags *diags, const struct tn_error *err)
{
	const struct tn_report_options options = { .colour = true };
	const struct tn_run_result result = {
		.command = TN_COMMAND_VALIDATE,
		.exit = tn_diags_errors(diags) > 0 ? TN_EXIT_ERROR : TN_EXIT_DONE,
		.run_id = "run",
		.source = ".",
		.diags = diags,
		.error = tn_error_is_set(err) ? err : NULL,
	};
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
	struct tn_value *value;

	tn_report_text(&result, &options, &text);
	must_be_words(tn_str_text(&text));
	tn_str_clear(&text);
	tn_report_json(&result, NULL, &text);
	must(tn_json_parse(arena, tn_str_span(&text), NULL, &value, NULL) == 0);
}

static void
must_be_wanted(const struct tn_project *project, struct tn_diags *diags)
{
	must_be_words(project->name);
	for (size_t i = 0; i < project->n_tenants; i++) {
		TN_CLEANUP(tn_want_freep) struct tn_want *want = NULL;
		TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;

		must(tn_project_want(project, project->tenants[i], &want, &err) == 0);
		tn_lint_want(want, tn_auth0_provider.capabilities, diags);
		tn_lint_later(want, diags);
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
	size_t longest = put_files(tree, tn_span_of((const char *)bytes, len));
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
