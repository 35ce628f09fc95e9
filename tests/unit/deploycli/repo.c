#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "repo.h"

#include <stdio.h>
#include <string.h>

#include "schema/schema.h"

struct repo repo;

int
repo_setup(void **state TN_UNUSED)
{
	repo = (struct repo){ .tree = tn_memtree_new() };
	repo.options.placeholders = repo.placeholders;
	repo.options.secrets = repo.secrets;
	return 0;
}

static void
forget(void)
{
	tn_deploycli_free(repo.loaded);
	tn_diags_free(repo.diags);
	repo.loaded = NULL;
	repo.diags = NULL;
}

int
repo_teardown(void **state TN_UNUSED)
{
	forget();
	tn_tree_free(repo.tree);
	return 0;
}

void
repo_put(const char *path, const char *text)
{
	tn_memtree_put(repo.tree, path, text, text == NULL ? 0 : strlen(text));
}

void
repo_allow(const char *name, const char *value)
{
	assert_true(repo.options.n_placeholders < REPO_MOST);
	repo.placeholders[repo.options.n_placeholders++] = (struct tn_placeholder){ name,
		value };
}

void
repo_has_secret(const char *name)
{
	assert_true(repo.options.n_secrets < REPO_MOST);
	repo.secrets[repo.options.n_secrets++] = name;
}

int
repo_load(void)
{
	TN_CLEANUP(tn_schemas_freep) struct tn_schemas *schemas = tn_schemas_new();
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;

	forget();
	repo.diags = tn_diags_new();
	repo.result = tn_deploycli_load(repo.tree, schemas, &repo.options, &repo.loaded,
	    repo.diags, &err);
	if (tn_error_is_set(&err))
		print_message("# %s\n", err.message);
	assert_false(tn_error_is_set(&err));
	assert_int_equal(repo.result<0, tn_diags_errors(repo.diags)> 0);
	return repo.result;
}

static void
show_findings(void)
{
	for (size_t i = 0; i < tn_diags_count(repo.diags); i++) {
		const struct tn_diag *diag = tn_diags_at(repo.diags, i);

		print_message("# %s %s:%u:%u %s (%s)\n", diag->code, diag->mark.file,
		    diag->mark.line, diag->mark.col, diag->message, diag->hint);
	}
}

const struct tn_want *
repo_want(void)
{
	if (repo_load() < 0)
		show_findings();
	assert_int_equal(repo.result, 0);
	return repo.loaded->want;
}

const struct tn_want_action *
repo_action(void)
{
	const struct tn_want *want = repo_want();

	assert_int_equal(want->n_actions, 1);
	return &want->actions[0];
}

size_t
repo_count(const char *code)
{
	size_t n = 0;

	for (size_t i = 0; i < tn_diags_count(repo.diags); i++)
		n += strcmp(tn_diags_at(repo.diags, i)->code, code) == 0;
	return n;
}

const struct tn_diag *
repo_finding(const char *code)
{
	for (size_t i = 0; i < tn_diags_count(repo.diags); i++)
		if (strcmp(tn_diags_at(repo.diags, i)->code, code) == 0)
			return tn_diags_at(repo.diags, i);
	show_findings();
	fail_msg("no finding %s", code);
	return NULL;
}

void
repo_refused(const char *expected)
{
	char found[200] = "none";

	assert_int_equal(repo_load(), -TN_E_INPUT);
	for (size_t i = 0; i < tn_diags_count(repo.diags); i++) {
		const struct tn_diag *diag = tn_diags_at(repo.diags, i);

		if (diag->severity != TN_SEVERITY_ERROR)
			continue;
		snprintf(found, sizeof(found), "%s %s:%u:%u", diag->code,
		    diag->mark.file == NULL ? "" : diag->mark.file, diag->mark.line,
		    diag->mark.col);
		if (strcmp(found, expected) != 0)
			show_findings();
		assert_string_equal(found, expected);
	}
}
