/* Plans that are kept and applied: what voids them, and what does not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/mem.h"
#include "desk.h"

#define PROJECT                                                              \
	"tenon: 1\n"                                                         \
	"project: acme\n"                                                    \
	"tenants: {dev: {}, prod: {}}\n"                                     \
	"actions:\n"                                                         \
	"  greet: {trigger: post-login@v3, runtime: node22, secrets: [K]}\n" \
	"bindings: {post-login: [greet]}\n"
#define AT(tenant, domain)                                               \
	"  " tenant ": {provider: auth0, domain: " domain                \
	", clientId: client, clientSecret: {env: CLIENT_SECRET}, rate: " \
	"{share: 100%}}\n"
#define VALUE "the-value-of-K"

static struct desk desk;
static struct desk_run run;
static char *saved;

static int
setup(void **state TN_UNUSED)
{
	desk_init(&desk, NULL, NULL);
	desk_put(&desk, "tenon.yaml", PROJECT);
	desk_put(&desk, "greet.js", "exports.onExecutePostLogin = hello\n");
	desk_connect(&desk,
	    "connections:\n" AT("dev", "acme.example.com")
		AT("prod", "prod.example.com"));
	desk_set(&desk, "TENON_SECRET_K", VALUE);
	return 0;
}

static int
teardown(void **state TN_UNUSED)
{
	tn_free(tn_take(saved));
	desk_done(&desk);
	return 0;
}

static void
keep(const char *tenant, const char *commit)
{
	desk_prepare(&desk, TN_COMMAND_PLAN, &run);
	run.options.tenant = tenant;
	run.options.commit = commit;
	desk_keep(&run);
	desk_start(&run);
	desk_finish(&run);
	if (run.result->exit != TN_EXIT_DONE)
		fail_msg("%s", run.text);
	assert_non_null(run.saved);
	tn_free(saved);
	saved = tn_take(run.saved);
	desk_end(&run);
}

/* Left for a look at what it said, and to be ended. */
static void
apply(const char *tenant, const char *commit, enum tn_exit status)
{
	desk_prepare(&desk, TN_COMMAND_APPLY, &run);
	run.options.tenant = tenant;
	run.options.commit = commit;
	desk_approve(&run, saved);
	desk_start(&run);
	desk_finish(&run);
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
another_commit_with_the_same_content_passes(void **state TN_UNUSED)
{
	keep("dev", "0000000000000000000000000000000000000001");
	/* Of no concern to the tenant. */
	desk_put(&desk, "README.md", "words\n");
	apply(NULL, "0000000000000000000000000000000000000002", TN_EXIT_DONE);
	says("commit 0000000000");
	says("Applied: 2 steps, verified.");
	desk_end(&run);
}

static void
the_plan_chooses_its_tenant(void **state TN_UNUSED)
{
	keep("prod", NULL);
	apply("dev", NULL, TN_EXIT_ERROR);
	says("the plan is for tenant prod, and --tenant says dev");
	desk_end(&run);
	apply("prod", NULL, TN_EXIT_DONE);
	assert_string_equal(run.result->tenant, "prod");
	desk_end(&run);
}

static void
another_address_of_the_tenant_is_told(void **state TN_UNUSED)
{
	uint64_t calls;

	keep("dev", NULL);
	calls = tn_sim_log_count(desk.sim);
	desk_connect(&desk, "connections:\n" AT("dev", "other.example.com"));
	apply(NULL, NULL, TN_EXIT_STALE);
	says("the plan is for tenant dev at https://acme.example.com (auth0), and the "
	     "connection leads to https://other.example.com (auth0)");
	assert_int_equal(tn_sim_log_count(desk.sim), calls);
	desk_end(&run);
}

static void
another_project_is_told(void **state TN_UNUSED)
{
	keep("dev", NULL);
	desk_put(&desk, "tenon.yaml",
	    "tenon: 1\nproject: other\ntenants: {dev: }\nactions: {}\n");
	apply(NULL, NULL, TN_EXIT_STALE);
	says("the plan is of project acme, and the files here are of other");
	desk_end(&run);
}

static void
what_is_no_plan_is_an_error(void **state TN_UNUSED)
{
	saved = tn_strdup("{\"tenon_plan\": 1}");
	apply(NULL, NULL, TN_EXIT_ERROR);
	says("it is no plan that tenon saved");
	desk_end(&run);
}

/* Values under the state's own key can be compared where that state is, and only there.
 */
static void
another_state_has_another_key(void **state TN_UNUSED)
{
	keep("dev", NULL);
	tn_memdisk_free(desk.disk);
	desk.disk = tn_memdisk_new();
	apply(NULL, NULL, TN_EXIT_STALE);
	says("under the key");
	says("set TENON_KEY to the same key");
	desk_end(&run);
	desk_set(&desk, "TENON_KEY", "a-key-of-the-operator");
	keep("dev", NULL);
	tn_memdisk_free(desk.disk);
	desk.disk = tn_memdisk_new();
	apply(NULL, NULL, TN_EXIT_DONE);
	desk_end(&run);
}

/* Without a secret no key was used. */
static void
without_fingerprints_any_key_will_do(void **state TN_UNUSED)
{
	desk_put(&desk, "tenon.yaml",
	    "tenon: 1\nproject: acme\ntenants: {dev: }\n"
	    "actions: {greet: {trigger: post-login@v3, runtime: node22}}\n");
	keep("dev", NULL);
	desk_set(&desk, "TENON_KEY", "a-key-of-the-operator");
	apply(NULL, NULL, TN_EXIT_DONE);
	desk_end(&run);
}

static void
no_value_is_in_the_file(void **state TN_UNUSED)
{
	desk_set(&desk, "TENON_KEY", "a-key-of-the-operator");
	/* Even where somebody pasted it into the code. */
	desk_put(&desk, "greet.js", "exports.onExecutePostLogin = '" VALUE "'\n");
	keep("dev", NULL);
	assert_null(strstr(saved, VALUE));
	assert_null(strstr(saved, "a-key-of-the-operator"));
	assert_null(strstr(saved, "the-client-secret"));
}

static void
the_report_says_what_moved_in_json_too(void **state TN_UNUSED)
{
	keep("dev", NULL);
	desk_set(&desk, "TENON_SECRET_K", "another-value");
	apply(NULL, NULL, TN_EXIT_STALE);
	assert_non_null(strstr(run.json, "\"saved_plan\""));
	assert_non_null(strstr(run.json, "the secret K has another value now"));
	assert_null(strstr(run.json, "another-value"));
	assert_null(run.result->plan);
	desk_end(&run);
}

/* The run that was killed had done what the plan says: that is not done again. */
static void
a_run_that_died_is_mended_first(void **state TN_UNUSED)
{
	desk_set(&desk, "TENON_KEY", "a-key-of-the-operator");
	keep("dev", NULL);
	desk_prepare(&desk, TN_COMMAND_APPLY, &run);
	desk_approve(&run, saved);
	desk_start(&run);
	while (tn_sim_writes(desk.sim) == 0)
		desk_must(tn_loop_step(desk.loop), "a run waits for nothing");
	desk_end(&run);
	apply(NULL, NULL, TN_EXIT_DONE);
	assert_non_null(run.result->recovery);
	assert_int_equal(run.result->recovery->outcome, TN_PUT_BACK);
	says("Applied: 2 steps, verified.");
	assert_int_equal(tn_sim_view_actions(desk.sim), 1);
	desk_end(&run);
}

static int
no_room(void *arg TN_UNUSED, struct tn_span bytes TN_UNUSED, struct tn_error *err)
{
	return tn_error_set(err, TN_E_SYSTEM, "there is no room");
}

static void
a_plan_that_cannot_be_kept_is_an_error(void **state TN_UNUSED)
{
	desk_prepare(&desk, TN_COMMAND_PLAN, &run);
	run.options.tenant = "dev";
	run.options.save = no_room;
	desk_start(&run);
	desk_finish(&run);
	assert_int_equal(run.result->exit, TN_EXIT_ERROR);
	says("Plan: 1 to create");
	says("there is no room");
	desk_end(&run);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(another_commit_with_the_same_content_passes),
		TEST(the_plan_chooses_its_tenant),
		TEST(another_address_of_the_tenant_is_told),
		TEST(another_project_is_told),
		TEST(what_is_no_plan_is_an_error),
		TEST(another_state_has_another_key),
		TEST(without_fingerprints_any_key_will_do),
		TEST(no_value_is_in_the_file),
		TEST(the_report_says_what_moved_in_json_too),
		TEST(a_run_that_died_is_mended_first),
		TEST(a_plan_that_cannot_be_kept_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
