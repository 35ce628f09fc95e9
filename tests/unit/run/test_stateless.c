/* Without a state: ownership by name, secrets of which nobody knows the value, and what
 * is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/mem.h"
#include "desk.h"

#define HEAD                     \
	"tenon: 1\n"             \
	"project: acme\n"        \
	"tenants:\n"             \
	"  dev: {delete: all}\n" \
	"actions:\n"
#define GREET(more) "  greet: {trigger: post-login@v3, runtime: node22" more "}\n"

static struct desk desk;
static struct desk_run run;

static int
setup(void **state TN_UNUSED)
{
	desk_init(&desk, NULL, NULL);
	desk_put(&desk, "tenon.yaml", HEAD GREET(", secrets: [KEY]"));
	desk_put(&desk, "greet.js", "exports.onExecutePostLogin = f1\n");
	desk_set(&desk, "TENON_SECRET_KEY", "first-value");
	return 0;
}

static int
teardown(void **state TN_UNUSED)
{
	desk_done(&desk);
	return 0;
}

static void
start(enum tn_command command)
{
	desk_prepare(&desk, command, &run);
	run.options.state_path = NULL;
	run.options.disk = NULL;
}

static void
finish(enum tn_exit exit, const char *words)
{
	desk_start(&run);
	desk_finish(&run);
	if (run.result->exit != exit || strstr(run.text, words) == NULL)
		fail_msg("exit %d:\n%s", (int)run.result->exit, run.text);
}

static void
applied(size_t steps)
{
	start(TN_COMMAND_APPLY);
	finish(TN_EXIT_DONE, "There is no state: ");
	assert_int_equal(run.result->plan->n_steps, steps);
	desk_end(&run);
}

/* By sha256sum. */
#define FIRST  "c3f6e2837f715b90d207174b4d0772d3b43d333a838bd28f35c74f3afb7ab930"
#define SECOND "e3ae6d0f1fc09e6a11e25aefa4cb66d73da71a6b2ef9b4d989ea2d5a6caf69f1"

/* The value that greet's secret has in what runs. */
static void
runs_with(const char *sha256)
{
	struct tn_sim_action_view action;

	desk_wait(&desk, 10 * TN_SEC);
	assert_true(desk_action(&desk, "greet", &action));
	assert_int_equal(action.live.content.n_secrets, 1);
	assert_string_equal(action.live.content.secrets[0].sha256, sha256);
}

static void
other(const char *method, const char *path, const char *body, int status)
{
	assert_int_equal(desk_other(&desk, method, path, body), status);
	desk_wait(&desk, 10 * TN_SEC);
}

static void
a_second_apply_writes_nothing(void **state TN_UNUSED)
{
	applied(1);
	runs_with(FIRST);
	start(TN_COMMAND_APPLY);
	finish(TN_EXIT_DONE, "Nothing to do: the tenant is what the files say.");
	assert_int_equal(run.result->writes, 0);
	desk_end(&run);
	start(TN_COMMAND_DRIFT);
	finish(TN_EXIT_DONE, "There is no state: ");
	desk_end(&run);
}

/* Nobody asks for the value of one that is there. */
static void
a_secret_that_runs_is_left_alone(void **state TN_UNUSED)
{
	applied(1);
	desk_set(&desk, "TENON_SECRET_KEY", "second-value");
	applied(0);
	runs_with(FIRST);
	desk_put(&desk, "greet.js", "exports.onExecutePostLogin = f2\n");
	desk_set(&desk, "TENON_SECRET_KEY", NULL);
	start(TN_COMMAND_APPLY);
	finish(TN_EXIT_DONE, "secret KEY (value not known: left as it is)");
	desk_end(&run);
	runs_with(FIRST);
}

static void
all_secrets_are_written_when_somebody_says_so(void **state TN_UNUSED)
{
	applied(1);
	desk_set(&desk, "TENON_SECRET_KEY", "second-value");
	start(TN_COMMAND_APPLY);
	run.options.write_secrets = true;
	finish(TN_EXIT_DONE, "secret KEY (value not known: written once)");
	assert_non_null(strstr(run.text, "all secrets are written each time"));
	assert_null(strstr(run.text, "stay as they are"));
	desk_end(&run);
	runs_with(SECOND);
}

static void
one_that_is_missing_needs_its_value(void **state TN_UNUSED)
{
	desk_put(&desk, "tenon.yaml", HEAD GREET(""));
	applied(1);
	desk_put(&desk, "tenon.yaml", HEAD GREET(", secrets: [KEY]"));
	desk_set(&desk, "TENON_SECRET_KEY", NULL);
	start(TN_COMMAND_APPLY);
	finish(TN_EXIT_ERROR, "the secret KEY has no value for tenant dev");
	assert_int_equal(run.result->writes, 0);
	desk_end(&run);
	desk_set(&desk, "TENON_SECRET_KEY", "second-value");
	applied(2);
	runs_with(SECOND);
}

/* Modules are ours by name as well, and keep their secrets. */
static void
modules_go_by_their_names(void **state TN_UNUSED)
{
	desk_put(&desk, "tenon.yaml",
	    HEAD GREET(", modules: [util]") "modules:\n"
					    "  util: {code: util.js, secrets: [KEY]}\n");
	desk_put(&desk, "greet.js",
	    "exports.onExecutePostLogin = require('actions:util')\n");
	desk_put(&desk, "util.js", "module.exports = 1\n");
	desk_set(&desk, "TENON_SECRET_KEY", NULL);
	start(TN_COMMAND_APPLY);
	finish(TN_EXIT_ERROR, "the secret KEY has no value for tenant dev");
	assert_non_null(strstr(run.text, "module/util"));
	assert_int_equal(run.result->writes, 0);
	desk_end(&run);
	desk_set(&desk, "TENON_SECRET_KEY", "first-value");
	applied(2);
	desk_wait(&desk, 10 * TN_SEC);
	desk_set(&desk, "TENON_SECRET_KEY", NULL);
	applied(0);
	desk_put(&desk, "util.js", "module.exports = 2\n");
	start(TN_COMMAND_PLAN);
	finish(TN_EXIT_DONE, "module util  update and publish: code");
	assert_null(strstr(run.text, "adopt"));
	assert_non_null(strstr(run.text, "secret KEY (value not known: left as it is)"));
	desk_end(&run);
}

/* What somebody has put into the draft has never run. */
static void
a_secret_of_the_draft_alone_is_written(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_str_done) struct tn_str path = TN_STR_INIT;
	struct tn_sim_action_view action;

	desk_put(&desk, "tenon.yaml", HEAD GREET(""));
	applied(1);
	assert_true(desk_action(&desk, "greet", &action));
	tn_str_addf(&path, "/actions/actions/%s", action.id);
	other("PATCH", tn_str_text(&path),
	    "{\"secrets\":[{\"name\":\"KEY\",\"value\":\"theirs\"}]}", 200);
	desk_put(&desk, "tenon.yaml", HEAD GREET(", secrets: [KEY]"));
	start(TN_COMMAND_APPLY);
	run.options.overwrite_drafts = true;
	finish(TN_EXIT_DONE, "secret KEY");
	desk_end(&run);
	runs_with(FIRST);
}

/* Also with `delete: all`. */
static void
nothing_is_deleted(void **state TN_UNUSED)
{
	struct tn_sim_action_view action;

	desk_put(&desk, "tenon.yaml",
	    HEAD GREET(
		"") "  old: {trigger: post-login@v3, runtime: node22, code: greet.js}\n");
	applied(2);
	desk_put(&desk, "tenon.yaml", HEAD GREET(""));
	applied(0);
	assert_true(desk_action(&desk, "old", &action));
	desk_put(&desk, "tenon.yaml",
	    HEAD "  greet: {trigger: credentials-exchange@v2, runtime: node22}\n");
	desk_put(&desk, "greet.js", "exports.onExecuteCredentialsExchange = f1\n");
	start(TN_COMMAND_PLAN);
	finish(TN_EXIT_ERROR, "without a state nothing is deleted");
	desk_end(&run);
}

static void
a_name_that_the_files_give_up_is_renamed(void **state TN_UNUSED)
{
	struct tn_sim_action_view action;

	applied(1);
	desk_put(&desk, "tenon.yaml",
	    HEAD "  hello: {trigger: post-login@v3, runtime: node22, code: greet.js, "
		 "renamedFrom: greet, secrets: [KEY]}\n");
	applied(1);
	assert_true(desk_action(&desk, "hello", &action));
	assert_false(desk_action(&desk, "greet", &action));
}

/* Who is bound and not in the files is not known to be ours. */
static void
who_else_is_bound_stays_bound(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_freep) char *flow = NULL;

	desk_put(&desk, "tenon.yaml",
	    HEAD GREET(
		"") "  old: {trigger: post-login@v3, runtime: node22, code: greet.js}\n"
		    "bindings:\n  post-login: [greet, old]\n");
	applied(3);
	desk_put(&desk, "tenon.yaml",
	    HEAD GREET("") "bindings:\n  post-login: [greet]\n");
	applied(0);
	flow = desk_flow(&desk, "post-login");
	assert_string_equal(flow, "greet old ");
}

/* A failure is put back as ever: the journal lives as long as the run. */
static void
a_failure_is_put_back(void **state TN_UNUSED)
{
	struct tn_sim_action_view action;

	applied(1);
	desk_put(&desk, "greet.js", "exports.onExecutePostLogin = f2\n");
	desk_fault(&desk,
	    "{\"method\":\"POST\",\"path\":\"/actions/actions/{id}/deploy\","
	    "\"do\":\"status\",\"status\":400}");
	start(TN_COMMAND_APPLY);
	finish(TN_EXIT_PUT_BACK, "everything was put back");
	desk_end(&run);
	desk_wait(&desk, 10 * TN_SEC);
	assert_true(desk_action(&desk, "greet", &action));
	assert_string_equal(action.draft.code, "exports.onExecutePostLogin = f1\n");
	assert_true(action.all_changes_deployed);
}

/* Without a state to hold one, the key of fingerprints is the operator's or nobody's. */
static void
a_saved_plan_needs_a_key_of_the_operator(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_freep) char *saved = NULL;

	for (unsigned i = 0; i < 2; i++) {
		if (i == 1)
			desk_set(&desk, "TENON_KEY", "a key of the operator's");
		start(TN_COMMAND_PLAN);
		desk_keep(&run);
		finish(TN_EXIT_DONE, "Plan: 1 to create");
		tn_free(saved);
		saved = tn_strdup(run.saved);
		desk_end(&run);
		start(TN_COMMAND_APPLY);
		desk_approve(&run, saved);
		finish(i == 0 ? TN_EXIT_STALE : TN_EXIT_DONE,
		    i == 0 ? "TENON_KEY" : "Applied: ");
		desk_end(&run);
	}
	runs_with(FIRST);
}

static void
what_needs_a_state_is_refused(void **state TN_UNUSED)
{
	static const struct {
		enum tn_command command;
		const char *words;
	} rows[] = {
		{ TN_COMMAND_HISTORY, "the runs of the past are in it" },
		{ TN_COMMAND_SHOW, "the runs of the past are in it" },
		{ TN_COMMAND_ROLLBACK, "tenon apply --ref REV" },
		{ TN_COMMAND_UNLOCK, "the lock is in it" },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(rows); i++) {
		start(rows[i].command);
		finish(TN_EXIT_ERROR, rows[i].words);
		assert_int_equal(run.result->calls, 0);
		desk_end(&run);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(a_second_apply_writes_nothing),
		TEST(a_secret_that_runs_is_left_alone),
		TEST(all_secrets_are_written_when_somebody_says_so),
		TEST(one_that_is_missing_needs_its_value),
		TEST(modules_go_by_their_names),
		TEST(a_secret_of_the_draft_alone_is_written),
		TEST(nothing_is_deleted),
		TEST(a_name_that_the_files_give_up_is_renamed),
		TEST(who_else_is_bound_stays_bound),
		TEST(a_failure_is_put_back),
		TEST(a_saved_plan_needs_a_key_of_the_operator),
		TEST(what_needs_a_state_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
