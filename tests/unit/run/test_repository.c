/*
 * A repository of auth0-deploy-cli in the place of a project: which tenant, under which
 * name, what the connection lets its files use, and that values of secrets get out
 * nowhere.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/mem.h"
#include "crypto/crypto.h"
#include "desk.h"

#define TRIGGER "    supported_triggers: [{id: post-login, version: v3}]\n"
#define CONNECTION(name)                 \
	"  " name ":\n"                  \
	"    provider: auth0\n"          \
	"    domain: acme.example.com\n" \
	"    clientId: client\n"         \
	"    clientSecret: {env: CLIENT_SECRET}\n"
#define VALUE "v4lue+of/the \"key\""

static struct desk desk;
static struct desk_run run;

static int
setup(void **state TN_UNUSED)
{
	desk_init(&desk, NULL, NULL);
	desk_put(&desk, "tenant.yaml",
	    "actions:\n"
	    "  - name: greet\n    code: ./greet.js\n    deployed: true\n" TRIGGER
	    "    secrets: [{name: API_KEY, value: ##GREET_KEY##}]\n"
	    "triggers:\n  post-login: [{action_name: greet, display_name: greet}]\n");
	desk_put(&desk, "greet.js", "exports.onExecutePostLogin = hello('##STAGE##')\n");
	desk_connect(&desk,
	    "connections:\n" CONNECTION("dev") "    placeholders: [STAGE, GREET_KEY]\n");
	desk_set(&desk, "STAGE", "development");
	desk_set(&desk, "GREET_KEY", VALUE);
	return 0;
}

static int
teardown(void **state TN_UNUSED)
{
	desk_done(&desk);
	return 0;
}

static void
play(enum tn_command command, enum tn_exit status)
{
	desk_run(&desk, command, &run);
	if (run.result->exit != status)
		fail_msg("%d: %s", (int)run.result->exit, run.text);
}

static void
says(const char *words)
{
	if (strstr(run.text, words) == NULL)
		fail_msg("\"%s\" is not in:\n%s", words, run.text);
}

static void
value_is(const char *name, const char *value)
{
	struct tn_sim_action_view action;
	char hex[TN_SHA256_HEX];

	assert_true(desk_action(&desk, name, &action));
	assert_int_equal(action.live.content.n_secrets, 1);
	tn_sha256_hex(tn_span(value), hex);
	assert_string_equal(action.live.content.secrets[0].sha256, hex);
}

static void
find_value(void *arg, const char *name, const void *bytes, size_t len)
{
	const char *value = arg;

	if (memmem(bytes, len, value, strlen(value)) != NULL)
		fail_msg("%s holds the value", name);
}

static void
got_out_nowhere(const char *value)
{
	TN_CLEANUP(tn_freep) char *own = tn_strdup(value);

	assert_null(strstr(run.text, value));
	assert_null(strstr(run.json, value));
	tn_memdisk_each(desk.disk, find_value, own);
}

static void
placeholders_and_secrets_come_from_the_connection(void **state TN_UNUSED)
{
	struct tn_sim_action_view action;

	play(TN_COMMAND_APPLY, TN_EXIT_DONE);
	assert_string_equal(run.result->project, "auth0-deploy-cli");
	assert_string_equal(run.result->tenant, "dev");
	assert_true(desk_action(&desk, "greet", &action));
	assert_string_equal(action.live.content.code,
	    "exports.onExecutePostLogin = hello('development')\n");
	value_is("greet", VALUE);
	got_out_nowhere("v4lue");
	desk_end(&run);
	play(TN_COMMAND_APPLY, TN_EXIT_DONE);
	says("Nothing to do");
	desk_end(&run);
	desk_set(&desk, "GREET_KEY", "a new one");
	play(TN_COMMAND_PLAN, TN_EXIT_DONE);
	says("secret API_KEY (another value)");
	assert_null(strstr(run.text, "a new one"));
	desk_end(&run);
}

static void
what_the_connection_does_not_allow_is_refused(void **state TN_UNUSED)
{
	desk_connect(&desk,
	    "connections:\n" CONNECTION("dev") "    placeholders: [GREET_KEY]\n");
	play(TN_COMMAND_PLAN, TN_EXIT_ERROR);
	says("greet.js:1:37: error");
	says("placeholders: [STAGE]");
	assert_int_equal(tn_sim_calls(desk.sim, NULL, NULL), 0);
	desk_end(&run);
}

static void
a_secret_without_any_source_is_told_with_all_cures(void **state TN_UNUSED)
{
	desk_connect(&desk,
	    "connections:\n" CONNECTION("dev") "    placeholders: [STAGE]\n");
	play(TN_COMMAND_APPLY, TN_EXIT_ERROR);
	says("the secret API_KEY has no value");
	says("placeholders: [GREET_KEY]");
	says("TENON_SECRET_API_KEY");
	desk_end(&run);
	desk_set(&desk, "TENON_SECRET_API_KEY", "by its own name");
	play(TN_COMMAND_APPLY, TN_EXIT_DONE);
	value_is("greet", "by its own name");
	desk_end(&run);
}

static void
an_unset_variable_of_a_secret_is_told(void **state TN_UNUSED)
{
	desk_set(&desk, "GREET_KEY", NULL);
	play(TN_COMMAND_APPLY, TN_EXIT_ERROR);
	says("from the variable GREET_KEY, which is not set");
	desk_end(&run);
}

static void
secrets_of_the_connection_come_first(void **state TN_UNUSED)
{
	desk_connect(&desk,
	    "connections:\n" CONNECTION(
		"dev") "    placeholders: [STAGE, GREET_KEY]\n"
		       "    secrets: {GREET_KEY: {env: OTHER}}\n");
	desk_set(&desk, "OTHER", "by the name of its placeholder");
	play(TN_COMMAND_APPLY, TN_EXIT_DONE);
	value_is("greet", "by the name of its placeholder");
	desk_end(&run);
	desk_connect(&desk,
	    "connections:\n" CONNECTION("dev") "    placeholders: [STAGE]\n"
					       "    secrets: {GREET_KEY: {env: OTHER}, "
					       "API_KEY: {env: THIRD}}\n");
	desk_set(&desk, "THIRD", "by its own name");
	play(TN_COMMAND_APPLY, TN_EXIT_DONE);
	value_is("greet", "by its own name");
	desk_end(&run);
}

static void
secrets_of_one_name_may_have_several_values(void **state TN_UNUSED)
{
	desk_put(&desk, "tenant.yaml",
	    "actions:\n"
	    "  - name: one\n    code: ./greet.js\n    deployed: true\n" TRIGGER
	    "    secrets: [{name: KEY, value: ##ONE_KEY##}]\n"
	    "  - name: two\n    code: ./greet.js\n    deployed: true\n" TRIGGER
	    "    secrets: [{name: KEY, value: ##TWO_KEY##}]\n");
	desk_connect(&desk,
	    "connections:\n" CONNECTION(
		"dev") "    placeholders: [STAGE, ONE_KEY, TWO_KEY]\n");
	desk_set(&desk, "ONE_KEY", "first value");
	desk_set(&desk, "TWO_KEY", "second value");
	play(TN_COMMAND_APPLY, TN_EXIT_DONE);
	value_is("one", "first value");
	value_is("two", "second value");
	got_out_nowhere("first value");
	got_out_nowhere("second value");
	desk_end(&run);
	play(TN_COMMAND_PLAN, TN_EXIT_DONE);
	says("Nothing to do");
	desk_end(&run);
}

/* A pull request that puts it into code would show it in the plan. */
static void
the_value_of_a_secret_is_no_text(void **state TN_UNUSED)
{
	desk_put(&desk, "greet.js",
	    "exports.onExecutePostLogin = hello('##GREET_KEY##', '##STAGE##')\n");
	play(TN_COMMAND_PLAN, TN_EXIT_ERROR);
	says("greet.js:1:37: error");
	got_out_nowhere("v4lue");
	desk_end(&run);
	desk_connect(&desk,
	    "connections:\n" CONNECTION(
		"dev") "    placeholders: [STAGE]\n"
		       "    secrets: {GREET_KEY: {env: GREET_KEY}}\n");
	desk_put(&desk, "tenant.yaml",
	    "actions:\n"
	    "  - name: greet\n    code: ./greet.js\n    deployed: true\n" TRIGGER);
	play(TN_COMMAND_PLAN, TN_EXIT_ERROR);
	says("GREET_KEY is a secret of the connection");
	got_out_nowhere("v4lue");
	desk_end(&run);
}

/* What a placeholder stands for may be any piece of the code. */
static void
code_with_open_placeholders_is_not_read(void **state TN_UNUSED)
{
	desk_put(&desk, "greet.js", "exports.onExecutePostLogin = @@HANDLER@@\n");
	play(TN_COMMAND_VALIDATE, TN_EXIT_DONE);
	desk_end(&run);
	desk_put(&desk, "greet.js", "exports.onExecutePostLogin = f(\n");
	play(TN_COMMAND_VALIDATE, TN_EXIT_ERROR);
	says("[invalid-javascript]");
	desk_end(&run);
}

static void
values_that_stand_in_the_files_are_not_shown(void **state TN_UNUSED)
{
	desk_put(&desk, "tenant.yaml",
	    "actions:\n"
	    "  - name: greet\n    code: ./greet.js\n    deployed: true\n" TRIGGER
	    "    secrets: [{name: API_KEY, value: in-the-files}]\n");
	desk_put(&desk, "greet.js",
	    "exports.onExecutePostLogin = hello('in-the-files')\n");
	desk_put(&desk, "config.json", "{\"AUTH0_CLIENT_SECRET\": \"in-the-config\"}");
	desk_set(&desk, "TENON_SECRET_API_KEY", VALUE);
	play(TN_COMMAND_PLAN, TN_EXIT_DONE);
	says("AUTH0_CLIENT_SECRET");
	says("the value of secret API_KEY stands in these files");
	assert_null(strstr(run.text, "in-the-files"));
	assert_null(strstr(run.json, "in-the-files"));
	assert_null(strstr(run.text, "in-the-config"));
	desk_end(&run);
}

static void
any_connection_can_be_the_tenant(void **state TN_UNUSED)
{
	desk_connect(&desk,
	    "connections:\n" CONNECTION("dev") "    placeholders: [STAGE]\n" CONNECTION(
		"prod") "    placeholders: [STAGE]\n");
	play(TN_COMMAND_PLAN, TN_EXIT_ERROR);
	says("there are 2 connections");
	says("--tenant: dev, prod");
	desk_end(&run);
	desk_prepare(&desk, TN_COMMAND_PLAN, &run);
	run.options.tenant = "prod";
	desk_start(&run);
	desk_finish(&run);
	assert_int_equal(run.result->exit, TN_EXIT_DONE);
	assert_string_equal(run.result->tenant, "prod");
	desk_end(&run);
	desk_prepare(&desk, TN_COMMAND_PLAN, &run);
	run.options.tenant = "test";
	desk_start(&run);
	desk_finish(&run);
	says("does not say where tenant test is");
	desk_end(&run);
}

static const char *
get_variable(void *arg TN_UNUSED, const char *name)
{
	static const struct {
		const char *name, *value;
	} variables[] = { { "AUTH0_DOMAIN", "Acme.example.com" },
		{ "AUTH0_CLIENT_ID", "client" }, { "AUTH0_CLIENT_SECRET", "x" },
		{ "TENON_PLACEHOLDERS", "STAGE,GREET_KEY" } };

	for (size_t i = 0; i < TN_ARRAY_LEN(variables); i++)
		if (strcmp(variables[i].name, name) == 0)
			return variables[i].value;
	return NULL;
}

static void
variables_alone_are_a_connection(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_diags_freep) struct tn_diags *diags = tn_diags_new();

	tn_connections_free(tn_take(desk.connections));
	assert_int_equal(tn_connections_from_environment(get_variable, NULL, desk.schemas,
			     &desk.connections, diags),
	    0);
	desk_set(&desk, "AUTH0_CLIENT_SECRET", "the-client-secret");
	play(TN_COMMAND_APPLY, TN_EXIT_DONE);
	assert_string_equal(run.result->tenant, "acme.example.com");
	value_is("greet", VALUE);
	desk_end(&run);
}

static void
name_and_config(const char *name, const char *config, enum tn_exit status)
{
	desk_prepare(&desk, TN_COMMAND_PLAN, &run);
	run.options.project_name = name;
	run.options.config = config;
	desk_start(&run);
	desk_finish(&run);
	if (run.result->exit != status)
		fail_msg("%d: %s", (int)run.result->exit, run.text);
}

static void
name_and_config_can_be_given(void **state TN_UNUSED)
{
	desk_put(&desk, "env/dev.json",
	    "{\"AUTH0_KEYWORD_REPLACE_MAPPINGS\": {\"STAGE\": \"x\"}}");
	desk_connect(&desk,
	    "connections:\n" CONNECTION("dev") "    placeholders: [GREET_KEY]\n");
	name_and_config("acme-login", "env/dev.json", TN_EXIT_DONE);
	assert_string_equal(run.result->project, "acme-login");
	assert_string_equal(run.result->plan->project, "acme-login");
	assert_string_equal(run.result->plan->steps[0].after.code,
	    "exports.onExecutePostLogin = hello('x')\n");
	desk_end(&run);
	name_and_config("Acme Login", "env/dev.json", TN_EXIT_ERROR);
	says("is no name of a project");
	desk_end(&run);
	name_and_config(NULL, "env/none.json", TN_EXIT_ERROR);
	says("env/none.json");
	desk_end(&run);
}

static void
a_project_of_tenon_comes_first(void **state TN_UNUSED)
{
	desk_put(&desk, "tenon.yaml", "tenon: 1\nproject: acme\ntenants:\n  dev:\n");
	play(TN_COMMAND_PLAN, TN_EXIT_DONE);
	says("tenant.yaml: warning");
	assert_string_equal(run.result->project, "acme");
	desk_end(&run);
	name_and_config("other", NULL, TN_EXIT_ERROR);
	says("--project is for repositories of auth0-deploy-cli");
	desk_end(&run);
	name_and_config(NULL, "config.json", TN_EXIT_ERROR);
	says("--config is for repositories of auth0-deploy-cli");
	desk_end(&run);
	desk_put(&desk, "tenon.yaml", NULL);
	desk_put(&desk, "tenant.yaml", NULL);
	play(TN_COMMAND_PLAN, TN_EXIT_ERROR);
	says("there is no tenon.yaml");
	desk_end(&run);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(placeholders_and_secrets_come_from_the_connection),
		TEST(what_the_connection_does_not_allow_is_refused),
		TEST(a_secret_without_any_source_is_told_with_all_cures),
		TEST(an_unset_variable_of_a_secret_is_told),
		TEST(secrets_of_the_connection_come_first),
		TEST(secrets_of_one_name_may_have_several_values),
		TEST(the_value_of_a_secret_is_no_text),
		TEST(code_with_open_placeholders_is_not_read),
		TEST(values_that_stand_in_the_files_are_not_shown),
		TEST(any_connection_can_be_the_tenant),
		TEST(variables_alone_are_a_connection),
		TEST(name_and_config_can_be_given),
		TEST(a_project_of_tenon_comes_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
