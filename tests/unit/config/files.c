#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "files.h"

#include <string.h>

struct tn_tree *tree;
struct tn_schemas *schemas;
struct tn_diags *diags;
struct tn_project *project;
struct tn_error err;

int
setup(void **state TN_UNUSED)
{
	tree = tn_memtree_new();
	schemas = tn_schemas_new();
	diags = tn_diags_new();
	project = NULL;
	err = (struct tn_error)TN_ERROR_INIT;
	return 0;
}

int
teardown(void **state TN_UNUSED)
{
	tn_tree_free(tree);
	tn_project_free(project);
	tn_schemas_free(schemas);
	tn_diags_free(diags);
	tn_error_done(&err);
	return 0;
}

void
put(const char *path, const char *text)
{
	tn_memtree_put(tree, path, text, strlen(text));
}

int
load(const char *text)
{
	if (text != NULL)
		put("tenon.yaml", text);
	return tn_project_load(tree, schemas, &project, diags, &err);
}

void
assert_loads(const char *text)
{
	int r = load(text);

	for (size_t i = 0; i < tn_diags_count(diags); i++)
		fail_msg("unexpected: %s (%s)", tn_diags_at(diags, i)->message,
		    tn_diags_at(diags, i)->code);
	assert_int_equal(r, 0);
	assert_non_null(project);
}

void
is_finding(const struct tn_diag *diag, const char *code, const char *place,
    const char *resource, const char *message, const char *hint)
{
	TN_CLEANUP(tn_str_done) struct tn_str found = TN_STR_INIT;

	assert_non_null(diag);
	tn_str_addf(&found, "%s:%u:%u", diag->mark.file, diag->mark.line, diag->mark.col);
	assert_string_equal(diag->code, code);
	assert_string_equal(tn_str_text(&found), place);
	assert_string_equal(diag->resource != NULL ? diag->resource : "-", resource);
	assert_string_equal(diag->message, message);
	assert_non_null(diag->hint);
	if (strstr(diag->hint, hint) == NULL)
		fail_msg("the hint \"%s\" does not say \"%s\"", diag->hint, hint);
}

void
assert_finding(const char *text, const char *code, const char *place,
    const char *resource, const char *message, const char *hint)
{
	assert_int_equal(load(text), -TN_E_INPUT);
	assert_null(project);
	assert_false(tn_error_is_set(&err));
	is_finding(tn_diags_at(diags, 0), code, place, resource, message, hint);
	assert_int_equal(tn_diags_count(diags), 1);
	assert_int_equal(tn_diags_errors(diags), 1);
}

const struct tn_want *
want_of(const char *tenant)
{
	for (size_t i = 0; i < project->n_tenants; i++) {
		if (strcmp(project->tenants[i], tenant) == 0)
			return project->wants[i];
	}
	fail_msg("no tenant %s", tenant);
	return NULL;
}

const struct tn_want_action *
action_of(const char *tenant, const char *name)
{
	return tn_want_action(want_of(tenant), name);
}
