/* config.json: what is honoured, what is told, what is hidden. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "repo.h"

static const char tenant[] =
    "actions:\n"
    "  - {name: a, deployed: true, supported_triggers: [{id: post-login, version: v3}]}\n"
    "triggers:\n"
    "  post-login: [{action_name: a}]\n";

static void
sections_can_be_left_out_or_be_the_only_ones(void **state TN_UNUSED)
{
	static const struct {
		const char *settings;
		size_t actions, flows;
	} cases[] = {
		{ "{}", 1, 1 },
		{ "{\"AUTH0_EXCLUDED\": null, \"AUTH0_INCLUDED_ONLY\": null}", 1, 1 },
		{ "{\"AUTH0_EXCLUDED\": [\"clients\"]}", 1, 1 },
		{ "{\"AUTH0_EXCLUDED\": [\"actions\"]}", 0, 1 },
		{ "{\"AUTH0_EXCLUDED\": [\"triggers\", \"actions\"]}", 0, 0 },
		{ "{\"AUTH0_INCLUDED_ONLY\": [\"actions\"]}", 1, 0 },
		{ "{\"AUTH0_INCLUDED_ONLY\": [\"clients\"], \"AUTH0_EXCLUDED\": []}", 0,
		    0 },
	};

	for (unsigned form = 0; form < 2; form++) {
		repo_put("tenant.yaml", form == 0 ? tenant : NULL);
		repo_put("actions/a.json",
		    "{\"name\": \"a\", \"deployed\": true, \"supported_triggers\": "
		    "[{\"id\": \"post-login\", \"version\": \"v3\"}]}");
		repo_put("triggers/t.json",
		    "{\"post-login\": [{\"action_name\": \"a\"}]}");
		for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
			repo_put("config.json", cases[i].settings);
			assert_int_equal(repo_want()->n_actions, cases[i].actions);
			assert_int_equal(repo.loaded->want->n_flows, cases[i].flows);
			assert_int_equal(repo_count("ignored-section"),
			    cases[i].actions == 0 || cases[i].flows == 0);
		}
	}
}

static void
what_is_left_out_is_bound_as_somebody_elses(void **state TN_UNUSED)
{
	repo_put("tenant.yaml", tenant);
	repo_put("config.json", "{\"AUTH0_EXCLUDED\": [\"actions\"]}");
	assert_int_equal(repo_want()->flows[0].entries[0].kind, TN_ENTRY_EXTERNAL);
	assert_non_null(strstr(repo_finding("ignored-section")->message, "actions"));
}

static void
mistakes_have_their_place(void **state TN_UNUSED)
{
	static const struct {
		const char *settings;
		const char *finding;
	} cases[] = {
		{ "", "syntax config.json:1:1" },
		{ "[]", "wrong-type config.json:1:1" },
		{ "{\n \"AUTH0_EXCLUDED\": \"actions\"}", "wrong-type config.json:2:2" },
		{ "{\"AUTH0_INCLUDED_ONLY\": {}}", "wrong-type config.json:1:2" },
		{ "{\"AUTH0_INCLUDED_ONLY\": []}", "too-few config.json:1:2" },
		{ "{\"AUTH0_INCLUDED_ONLY\": [\"actions\"],\n\"AUTH0_EXCLUDED\": [\"a\"]}",
		    "not-together config.json:1:2" },
		{ "{\"AUTH0_KEYWORD_REPLACE_MAPPINGS\": []}",
		    "wrong-type config.json:1:2" },
	};

	repo_put("tenant.yaml", tenant);
	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		repo_put("config.json", cases[i].settings);
		repo_refused(cases[i].finding);
	}
}

static bool
is_hidden(const char *text)
{
	for (size_t i = 0; i < repo.loaded->n_hidden; i++)
		if (strcmp(repo.loaded->hidden[i], text) == 0)
			return true;
	return false;
}

/* Their names are told, their values are not. */
static void
credentials_are_not_used_and_not_shown(void **state TN_UNUSED)
{
	repo_put("tenant.yaml", tenant);
	repo_put("config.json",
	    "{\"AUTH0_DOMAIN\": \"acme.example\", \"AUTH0_CLIENT_ID\": \"me\",\n"
	    "\"AUTH0_CLIENT_SECRET\": \"hunter22\", \"AUTH0_ACCESS_TOKEN\": \"ey.J\",\n"
	    "\"AUTH0_ALLOW_DELETE\": true, \"EXCLUDED_PROPS\": {\"actions\": [\"code\"]}}");
	assert_int_equal(repo_want()->actions[0].unstated & TN_PART_CODE, TN_PART_CODE);
	assert_non_null(strstr(repo_finding("ignored-credentials")->message,
	    "AUTH0_DOMAIN, AUTH0_CLIENT_ID, AUTH0_CLIENT_SECRET, AUTH0_ACCESS_TOKEN"));
	assert_non_null(strstr(repo_finding("ignored-setting")->message,
	    "AUTH0_ALLOW_DELETE, EXCLUDED_PROPS"));
	assert_int_equal(repo_finding("ignored-credentials")->mark.line, 0);
	assert_int_equal(tn_diags_count(repo.diags), 2);
	assert_true(is_hidden("hunter22"));
	assert_true(is_hidden("ey.J"));
	assert_int_equal(repo.loaded->n_hidden, 2);
}

static void
another_file_can_be_named(void **state TN_UNUSED)
{
	repo_put("tenant.yaml", tenant);
	repo_put("config.json", "{\"AUTH0_EXCLUDED\": [\"actions\"]}");
	repo_put("env/prod.json", "{\"AUTH0_EXCLUDED\": [\"triggers\"]}");
	repo.options.config = "./env/prod.json";
	assert_int_equal(repo_want()->n_actions, 1);
	assert_int_equal(repo.loaded->want->n_flows, 0);
}

static void
a_named_file_must_be_there_and_inside(void **state TN_UNUSED)
{
	static const struct {
		const char *path;
		enum tn_error_kind kind;
	} cases[] = {
		{ "env/none.json", TN_E_NOT_FOUND },
		{ "../config.json", TN_E_INPUT },
		{ "/etc/passwd", TN_E_INPUT },
	};

	repo_put("tenant.yaml", tenant);
	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
		TN_CLEANUP(tn_diags_freep) struct tn_diags *diags = tn_diags_new();
		struct tn_deploycli *loaded = NULL;

		repo.options.config = cases[i].path;
		assert_int_equal(tn_deploycli_load(repo.tree, NULL, &repo.options,
				     &loaded, diags, &err),
		    -(int)cases[i].kind);
		assert_non_null(strstr(err.message, cases[i].path));
		tn_deploycli_free(loaded);
	}
}

static void
ownership_has_the_name_that_is_asked_for(void **state TN_UNUSED)
{
	repo_put("tenant.yaml", tenant);
	repo.options.project = "acme-login";
	assert_string_equal(repo_want()->project, "acme-login");
}

static void
too_many_mappings_are_refused(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

	tn_str_add(&text, "{\"AUTH0_KEYWORD_REPLACE_MAPPINGS\": {\"a\": 1");
	for (unsigned i = 0; i < 1000; i++)
		tn_str_addf(&text, ",\"a%u\": 1", i);
	tn_str_add(&text, "}}");
	repo_put("tenant.yaml", tenant);
	repo_put("config.json", tn_str_text(&text));
	repo_refused("too-large config.json:1:2");
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, repo_setup, repo_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(sections_can_be_left_out_or_be_the_only_ones),
		TEST(what_is_left_out_is_bound_as_somebody_elses),
		TEST(mistakes_have_their_place),
		TEST(credentials_are_not_used_and_not_shown),
		TEST(another_file_can_be_named),
		TEST(a_named_file_must_be_there_and_inside),
		TEST(ownership_has_the_name_that_is_asked_for),
		TEST(too_many_mappings_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
