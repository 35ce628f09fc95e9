/* Secrets: names, where values come from, and that values get nowhere. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "repo.h"

static void
secret(const char *written)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

	tn_str_addf(&text,
	    "actions:\n"
	    "  - name: a\n"
	    "    deployed: true\n"
	    "    code: a.js\n"
	    "    supported_triggers: [{id: post-login, version: v3}]\n"
	    "    secrets:\n"
	    "      - %s\n",
	    written);
	repo_put("tenant.yaml", tn_str_text(&text));
}

static int
setup(void **state)
{
	repo_setup(state);
	repo_put("a.js", "x\n");
	return 0;
}

static const struct tn_secret_ref *
read_secret(void)
{
	const struct tn_want_action *action = repo_action();

	assert_int_equal(action->content.n_secrets, 1);
	assert_string_equal(action->content.secrets[0].name, "KEY");
	assert_null(action->content.secrets[0].fingerprint);
	return &action->content.secrets[0];
}

static void
a_whole_placeholder_is_the_name_of_the_value(void **state TN_UNUSED)
{
	static const char *const written[] = {
		"{name: KEY, value: ##PROD_KEY##}",
		"{name: KEY, value: '##PROD_KEY##'}",
		"{name: KEY, value: @@PROD_KEY@@}",
		"{name: KEY, value: \"@@PROD_KEY@@\"}",
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(written); i++) {
		secret(written[i]);
		assert_string_equal(read_secret()->source, "PROD_KEY");
		assert_int_equal(tn_diags_count(repo.diags), 0);
		assert_int_equal(repo.loaded->n_hidden, 0);
	}
}

/* Whether the operator allows it or not: run decides where the value comes from. */
static void
the_value_of_a_placeholder_is_not_taken(void **state TN_UNUSED)
{
	repo_allow("PROD_KEY", "hunter22");
	secret("{name: KEY, value: ##PROD_KEY##}");
	assert_string_equal(read_secret()->source, "PROD_KEY");
	repo_has_secret("PROD_KEY");
	assert_string_equal(read_secret()->source, "PROD_KEY");
}

static void
a_name_alone_has_no_other_source(void **state TN_UNUSED)
{
	static const char *const written[] = { "name: KEY", "{name: KEY, value: ''}",
		"{name: KEY, value: null}", "{name: KEY, value: _VALUE_NOT_SHOWN_}" };

	for (size_t i = 0; i < TN_ARRAY_LEN(written); i++) {
		secret(written[i]);
		assert_null(read_secret()->source);
		assert_int_equal(tn_diags_count(repo.diags), 0);
	}
}

static void
names_of_secrets_may_have_placeholders(void **state TN_UNUSED)
{
	repo_allow("WHICH", "KEY");
	secret("{name: ##WHICH##, value: ##PROD_KEY##}");
	assert_string_equal(read_secret()->source, "PROD_KEY");
}

static void
no_output_holds(const char *text)
{
	for (size_t i = 0; i < tn_diags_count(repo.diags); i++) {
		const struct tn_diag *diag = tn_diags_at(repo.diags, i);

		assert_null(strstr(diag->message, text));
		assert_null(diag->hint == NULL ? NULL : strstr(diag->hint, text));
	}
}

static void
a_plain_value_is_not_used_and_hidden(void **state TN_UNUSED)
{
	const struct tn_diag *diag;

	secret("{name: KEY, value: hunter22}");
	assert_null(read_secret()->source);
	diag = repo_finding("secret-in-files");
	assert_int_equal(diag->severity, TN_SEVERITY_WARNING);
	assert_non_null(strstr(diag->message, "KEY"));
	assert_non_null(strstr(diag->hint, "TENON_SECRET_KEY"));
	assert_string_equal(diag->resource, "action/a");
	assert_int_equal(diag->mark.line, 2); /* not the line that has it */
	no_output_holds("hunter22");
	assert_int_equal(repo.loaded->n_hidden, 1);
	assert_string_equal(repo.loaded->hidden[0], "hunter22");
}

static void
a_value_from_a_mapping_is_a_plain_one(void **state TN_UNUSED)
{
	repo_put("config.json",
	    "{\"AUTH0_KEYWORD_REPLACE_MAPPINGS\": {\"PROD_KEY\": \"hunter22\"}}");
	secret("{name: KEY, value: ##PROD_KEY##}");
	assert_null(read_secret()->source);
	assert_int_equal(repo_count("secret-in-files"), 1);
	assert_string_equal(repo.loaded->hidden[0], "hunter22");
}

static void
a_value_of_several_parts_is_not_used(void **state TN_UNUSED)
{
	static const char *const written[] = { "{name: KEY, value: x-##PROD_KEY##}",
		"{name: KEY, value: '##A####B##'}" };

	for (size_t i = 0; i < TN_ARRAY_LEN(written); i++) {
		secret(written[i]);
		assert_null(read_secret()->source);
		assert_int_equal(repo_count("secret-in-files"), 1);
	}
}

static void
values_are_hidden_when_something_else_is_wrong(void **state TN_UNUSED)
{
	secret("{name: KEY, value: hunter22}\n    code: 5");
	repo_put("tenant.yaml",
	    "actions:\n  - name: a\n    deployed: true\n    code: missing.js\n"
	    "    supported_triggers: []\n    secrets: [{name: KEY, value: hunter22}]\n");
	assert_int_equal(repo_load(), -TN_E_INPUT);
	assert_int_equal(repo.loaded->n_hidden, 1);
	no_output_holds("hunter22");
}

/* What gives a secret its value would be shown by a plan if it were text besides. */
static void
a_source_is_no_text_besides(void **state TN_UNUSED)
{
	repo_allow("PROD_KEY", "hunter22");
	secret("{name: KEY, value: ##PROD_KEY##}");
	repo_put("a.js", "x\nconst key = '##PROD_KEY##'\n");
	repo_refused("secret-as-text a.js:2:14");
	no_output_holds("hunter22");
	repo_has_secret("KEY"); /* comes from elsewhere then */
	repo_want();
}

static void
a_secret_of_the_connection_is_no_text(void **state TN_UNUSED)
{
	repo_has_secret("PROD_KEY");
	secret("{name: KEY, value: ##PROD_KEY##}");
	repo_want();
	repo_put("a.js", "x\nconst key = '##PROD_KEY##'\n");
	repo_refused("secret-as-text a.js:2:14");
	repo_put("a.js", "x");
	secret("{name: '##PROD_KEY##'}");
	repo_refused("secret-as-text tenant.yaml:7:16");
}

static void
text_needs_a_mapping_or_the_operator(void **state TN_UNUSED)
{
	secret("{name: KEY}");
	repo_put("a.js", "const stage = '##STAGE##'\n");
	repo_refused("unresolved-placeholder a.js:1:16");
	repo_allow("STAGE", NULL);
	repo_refused("unresolved-placeholder a.js:1:16");
	repo.placeholders[0].value = "prod";
	assert_string_equal(repo_action()->content.code, "const stage = 'prod'\n");
}

/* Before there is a connection nobody can say. */
static void
open_placeholders_are_told_once(void **state TN_UNUSED)
{
	repo.options.open = true;
	secret("{name: KEY, value: ##PROD_KEY##}\n    runtime: ##NODE##");
	repo_put("a.js", "const stage = '##STAGE##'\n");
	assert_string_equal(repo_action()->content.code, "const stage = '##STAGE##'\n");
	assert_int_equal(tn_diags_count(repo.diags), 1);
	assert_non_null(strstr(repo_finding("open-placeholder")->message, "NODE, STAGE"));
	assert_null(strstr(repo_finding("open-placeholder")->message, "PROD_KEY"));
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, repo_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_whole_placeholder_is_the_name_of_the_value),
		TEST(the_value_of_a_placeholder_is_not_taken),
		TEST(a_name_alone_has_no_other_source),
		TEST(names_of_secrets_may_have_placeholders),
		TEST(a_plain_value_is_not_used_and_hidden),
		TEST(a_value_from_a_mapping_is_a_plain_one),
		TEST(a_value_of_several_parts_is_not_used),
		TEST(values_are_hidden_when_something_else_is_wrong),
		TEST(a_source_is_no_text_besides),
		TEST(a_secret_of_the_connection_is_no_text),
		TEST(text_needs_a_mapping_or_the_operator),
		TEST(open_placeholders_are_told_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
