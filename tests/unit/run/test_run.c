/* What a whole run does before and beside its calls: files, tenants, rights, the state.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/mem.h"
#include "desk.h"
#include "run/machine.h"

#define PROJECT                                                \
	"tenon: 1\n"                                           \
	"project: acme\n"                                      \
	"tenants:\n"                                           \
	"  dev:\n"                                             \
	"actions:\n"                                           \
	"  greet: {trigger: post-login@v3, runtime: node22}\n" \
	"bindings:\n"                                          \
	"  post-login: [greet]\n"
#define OTHER_TENANT                      \
	"connections:\n"                  \
	"  dev:\n"                        \
	"    provider: auth0\n"           \
	"    domain: other.example.com\n" \
	"    clientId: client\n"          \
	"    clientSecret: {env: CLIENT_SECRET}\n"

static struct desk desk;
static struct desk_run run;

static int
setup(void **state TN_UNUSED)
{
	desk_init(&desk, NULL, NULL);
	desk_put(&desk, "tenon.yaml", PROJECT);
	desk_put(&desk, "greet.js", "exports.onExecutePostLogin = hello\n");
	return 0;
}

static int
teardown(void **state TN_UNUSED)
{
	desk_done(&desk);
	return 0;
}

static void
says(const char *words)
{
	if (strstr(run.text, words) == NULL)
		fail_msg("\"%s\" is not in:\n%s", words, run.text);
}

static uint64_t
calls(void)
{
	return tn_sim_calls(desk.sim, NULL, NULL);
}

/* Ends with that status and says so; nothing was written to the tenant. */
static void
refused(enum tn_command command, enum tn_exit status, const char *words)
{
	uint64_t writes = tn_sim_writes(desk.sim);

	desk_run(&desk, command, &run);
	if (run.result->exit != status)
		fail_msg("%d: %s", (int)run.result->exit, run.text);
	says(words);
	assert_int_equal(tn_sim_writes(desk.sim), writes);
	desk_end(&run);
}

static void
apply_well(void)
{
	desk_run(&desk, TN_COMMAND_APPLY, &run);
	if (run.result->exit != TN_EXIT_DONE)
		fail_msg("%s", run.text);
	desk_end(&run);
}

static void
flow_is(const char *names)
{
	TN_CLEANUP(tn_freep) char *flow = desk_flow(&desk, "post-login");

	assert_string_equal(flow, names);
}

/* --- files and tenants --- */

static void
without_a_project_nothing_is_asked_of_the_tenant(void **state TN_UNUSED)
{
	desk_put(&desk, "tenon.yaml", NULL);
	refused(TN_COMMAND_APPLY, TN_EXIT_ERROR, "tenon.yaml");
	assert_int_equal(calls(), 0);
}

static void
findings_in_the_files_end_the_run_before_the_first_call(void **state TN_UNUSED)
{
	desk_put(&desk, "greet.js", NULL);
	refused(TN_COMMAND_PLAN, TN_EXIT_ERROR, "greet.js");
	assert_int_equal(calls(), 0);
}

static void
of_several_tenants_one_must_be_chosen(void **state TN_UNUSED)
{
	desk_put(&desk, "tenon.yaml",
	    "tenon: 1\nproject: acme\ntenants:\n  dev:\n  prod:\n");
	refused(TN_COMMAND_PLAN, TN_EXIT_ERROR, "--tenant");
	assert_int_equal(calls(), 0);
	desk_prepare(&desk, TN_COMMAND_PLAN, &run);
	run.options.tenant = "dev";
	desk_start(&run);
	desk_finish(&run);
	assert_int_equal(run.result->exit, TN_EXIT_DONE);
	assert_string_equal(run.result->tenant, "dev");
	desk_end(&run);
}

static void
a_tenant_that_the_project_does_not_name_is_refused(void **state TN_UNUSED)
{
	desk_prepare(&desk, TN_COMMAND_PLAN, &run);
	run.options.tenant = "prod";
	desk_start(&run);
	desk_finish(&run);
	assert_int_equal(run.result->exit, TN_EXIT_ERROR);
	says("prod");
	assert_int_equal(calls(), 0);
	desk_end(&run);
}

static void
a_tenant_without_a_connection_is_refused(void **state TN_UNUSED)
{
	desk_connect(&desk, "connections: {}\n");
	refused(TN_COMMAND_PLAN, TN_EXIT_ERROR,
	    "the connections file does not say where tenant dev is");
	assert_int_equal(calls(), 0);
}

/* A change of the project could otherwise choose which of the operator's is written to.
 */
static void
where_several_are_connected_an_apply_says_which(void **state TN_UNUSED)
{
	desk_connect(&desk,
	    OTHER_TENANT "  prod:\n"
			 "    provider: auth0\n"
			 "    domain: acme.example.com\n"
			 "    clientId: client\n"
			 "    clientSecret: {env: CLIENT_SECRET}\n");
	desk_put(&desk, "tenon.yaml",
	    "tenon: 1\nproject: acme\ntenants:\n  prod:\nactions:\n"
	    "  greet: {trigger: post-login@v3, runtime: node22}\n");
	refused(TN_COMMAND_APPLY, TN_EXIT_ERROR,
	    "the project alone does not decide which of them is changed");
	assert_int_equal(calls(), 0);
	desk_run(&desk, TN_COMMAND_PLAN, &run);
	assert_int_equal(run.result->exit, TN_EXIT_DONE);
	desk_end(&run);
	desk_prepare(&desk, TN_COMMAND_APPLY, &run);
	run.options.tenant = "prod";
	desk_start(&run);
	desk_finish(&run);
	assert_int_equal(run.result->exit, TN_EXIT_DONE);
	desk_end(&run);
}

static const char *
get_variable(void *arg TN_UNUSED, const char *name)
{
	if (strcmp(name, "AUTH0_DOMAIN") == 0)
		return "acme.example.com";
	if (strcmp(name, "AUTH0_CLIENT_ID") == 0)
		return "client";
	return strcmp(name, "AUTH0_CLIENT_SECRET") == 0 ? "the-client-secret" : NULL;
}

static void
variables_are_of_the_tenant_that_is_chosen(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_connections_freep) struct tn_connections *connections = NULL;
	TN_CLEANUP(tn_diags_freep) struct tn_diags *diags = tn_diags_new();
	static const char *const projects[] = { PROJECT,
		"tenon: 1\nproject: acme\ntenants:\n  dev:\n  prod:\n" };

	assert_int_equal(tn_connections_from_environment(get_variable, NULL, desk.schemas,
			     &connections, diags),
	    0);
	for (size_t i = 0; i < TN_ARRAY_LEN(projects); i++) {
		desk_put(&desk, "tenon.yaml", projects[i]);
		desk_set(&desk, "AUTH0_CLIENT_SECRET", "the-client-secret");
		desk_prepare(&desk, TN_COMMAND_APPLY, &run);
		run.options.connections = connections;
		desk_start(&run);
		desk_finish(&run);
		if (i == 0) {
			assert_int_equal(run.result->exit, TN_EXIT_DONE);
			assert_string_equal(run.result->tenant, "dev");
		} else {
			assert_int_equal(run.result->exit, TN_EXIT_ERROR);
			says("say which one with --tenant");
		}
		desk_end(&run);
	}
}

/* Of a bucket of four that gets one a second, a quarter is one call in four seconds. */
static void
a_share_of_the_rate_limit_is_kept(void **state TN_UNUSED)
{
	static const char *const shares[] = { "", "    rate: {share: 25%}\n" };
	struct tn_sim_options options = TN_SIM_OPTIONS_INIT;
	int64_t took[TN_ARRAY_LEN(shares)];

	options.rate_burst = 4;
	options.rate_per_second = 1;
	for (size_t i = 0; i < TN_ARRAY_LEN(shares); i++) {
		TN_CLEANUP(tn_str_done) struct tn_str connection = TN_STR_INIT;
		int64_t before;

		desk_done(&desk);
		desk_init(&desk, NULL, &options);
		desk_put(&desk, "tenon.yaml", PROJECT);
		desk_put(&desk, "greet.js", "exports.onExecutePostLogin = hello\n");
		tn_str_addf(&connection, "%s%s", OTHER_TENANT, shares[i]);
		desk_connect(&desk, tn_str_text(&connection));
		before = tn_loop_now(desk.loop);
		desk_run(&desk, TN_COMMAND_PLAN, &run);
		assert_int_equal(run.result->exit, TN_EXIT_DONE);
		assert_int_equal(run.result->calls, 3);
		took[i] = tn_loop_now(desk.loop) - before;
		desk_end(&run);
	}
	assert_true(took[0] < TN_SEC);
	/* The first comes out of a full bucket. */
	assert_true(took[1] >= 8 * TN_SEC);
}

/* --- reading --- */

static void
reading_that_fails_ends_the_run_and_writes_nothing(void **state)
{
	static const struct {
		const char *fault, *says;
	} rows[] = {
		{ "{\"path\":\"/oauth/token\",\"do\":\"status\",\"status\":401}",
		    "Error: " },
		{ "{\"path\":\"/oauth/token\",\"do\":\"status\",\"status\":403}",
		    "Error: " },
		{ "{\"method\":\"GET\",\"do\":\"status\",\"status\":401}", "Error: " },
		{ "{\"method\":\"GET\",\"do\":\"status\",\"status\":403}", "Error: " },
		{ "{\"method\":\"GET\",\"do\":\"status\",\"status\":200,"
		  "\"body\":\"<html>no</html>\"}",
		    "Error: " },
		{ "{\"method\":\"GET\",\"do\":\"status\",\"status\":200,"
		  "\"body\":{\"unexpected\":true}}",
		    "Error: " },
		{ "{\"method\":\"GET\",\"do\":\"status\",\"status\":500}", "Error: " },
		{ "{\"method\":\"GET\",\"do\":\"cut\"}", "Error: " },
		{ "{\"method\":\"GET\",\"do\":\"drop\"}", "Error: " },
		{ "{\"path\":\"/actions/triggers\",\"do\":\"status\",\"status\":403}",
		    "Error: " },
		{ "{\"path\":\"/actions/triggers/{triggerId}/bindings\","
		  "\"do\":\"status\",\"status\":404}",
		    "Error: " },
	};
	static const enum tn_command commands[] = { TN_COMMAND_PLAN, TN_COMMAND_APPLY,
		TN_COMMAND_DRIFT };

	for (size_t i = 0; i < TN_ARRAY_LEN(rows); i++)
		for (size_t k = 0; k < TN_ARRAY_LEN(commands); k++) {
			desk_fault(&desk, rows[i].fault);
			refused(commands[k], TN_EXIT_ERROR, rows[i].says);
			assert_int_equal(tn_sim_view_actions(desk.sim), 0);
			teardown(state);
			setup(state);
		}
}

struct tried {
	bool done;
	enum tn_error_kind kind;
};

static void
on_tried(void *arg, const struct tn_op_result *result, const struct tn_error *err)
{
	struct tried *tried = arg;

	assert_null(result);
	tried->done = true;
	tried->kind = err->kind;
}

/* The transport of a plan lets no write through, whatever the code above it tries. */
static void
plan_and_drift_cannot_write(void **state TN_UNUSED)
{
	static const enum tn_command commands[] = { TN_COMMAND_PLAN, TN_COMMAND_DRIFT };
	const struct tn_op delete = { .kind = TN_OP_DELETE_ACTION, .id = "some-id" };

	for (size_t i = 0; i < TN_ARRAY_LEN(commands); i++) {
		struct tried tried = { false, TN_E_NONE };

		desk_run(&desk, commands[i], &run);
		assert_int_equal(run.result->writes, 0);
		assert_null(run.result->applied);
		tn_remote_op(run.run->remote, &delete, on_tried, &tried);
		while (!tried.done)
			assert_true(tn_loop_step(desk.loop));
		assert_int_equal(tried.kind, TN_E_BUG);
		assert_int_equal(tn_sim_writes(desk.sim), 0);
		desk_end(&run);
	}
}

static void
drift_and_plan_have_their_own_status(void **state TN_UNUSED)
{
	desk_run(&desk, TN_COMMAND_DRIFT, &run);
	assert_int_equal(run.result->exit, TN_EXIT_CHANGES);
	desk_end(&run);
	desk_run(&desk, TN_COMMAND_PLAN, &run);
	assert_int_equal(run.result->exit, TN_EXIT_DONE);
	assert_true(tn_plan_writes(run.result->plan));
	desk_end(&run);
	apply_well();
	desk_run(&desk, TN_COMMAND_DRIFT, &run);
	assert_int_equal(run.result->exit, TN_EXIT_DONE);
	desk_end(&run);
}

static void
a_missing_right_is_named_and_nothing_written(void **state)
{
	static const struct {
		const char *scopes, *lacks;
	} rows[] = {
		{ "read:actions update:actions create:actions", "delete:actions" },
		{ "read:actions update:actions delete:actions", "create:actions" },
		{ "read:actions create:actions delete:actions", "update:actions" },
		{ "read:actions create:actions",
		    "the rights delete:actions and update:actions" },
		{ "read:actions",
		    "the rights create:actions, delete:actions and "
		    "update:actions" },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(rows); i++) {
		const struct tn_sim_client client = { "client", "the-client-secret",
			rows[i].scopes, NULL };
		struct tn_sim_options options = TN_SIM_OPTIONS_INIT;

		options.clients = &client;
		options.n_clients = 1;
		desk_done(&desk);
		desk_init(&desk, NULL, &options);
		desk_put(&desk, "tenon.yaml", PROJECT);
		desk_put(&desk, "greet.js", "exports.onExecutePostLogin = hello\n");
		/* A plan says it and is no error. */
		refused(TN_COMMAND_PLAN, TN_EXIT_DONE, rows[i].lacks);
		refused(TN_COMMAND_APPLY, TN_EXIT_ERROR, rows[i].lacks);
	}
	teardown(state);
	setup(state);
}

/* --- the question --- */

static struct desk_run *asked;

static void
on_confirm(void *arg, struct tn_run *of, const struct tn_run_result *so_far)
{
	asked = arg;
	assert_ptr_equal(of, asked->run);
	assert_non_null(so_far->plan);
	assert_null(so_far->applied);
}

static void
ask(void)
{
	asked = NULL;
	desk_prepare(&desk, TN_COMMAND_APPLY, &run);
	run.options.confirm = on_confirm;
	desk_start(&run);
	for (unsigned steps = 0; asked == NULL && steps < 10000; steps++)
		assert_true(tn_loop_step(desk.loop));
	assert_non_null(asked);
	assert_null(run.result);
	assert_int_equal(tn_sim_writes(desk.sim), 0);
}

static void
who_says_no_gets_nothing_written(void **state TN_UNUSED)
{
	ask();
	tn_run_confirm(run.run, false);
	desk_finish(&run);
	assert_int_equal(run.result->exit, TN_EXIT_ERROR);
	assert_true(run.result->declined);
	assert_int_equal(tn_sim_writes(desk.sim), 0);
	says("Declined: this run wrote nothing.");
	desk_end(&run);
}

static void
who_says_yes_gets_it_applied(void **state TN_UNUSED)
{
	ask();
	tn_run_confirm(run.run, true);
	/* A second answer comes too late. */
	tn_run_confirm(run.run, false);
	desk_finish(&run);
	assert_int_equal(run.result->exit, TN_EXIT_DONE);
	flow_is("greet ");
	desk_end(&run);
}

static void
without_a_change_nobody_is_asked(void **state TN_UNUSED)
{
	apply_well();
	asked = NULL;
	desk_prepare(&desk, TN_COMMAND_APPLY, &run);
	run.options.confirm = on_confirm;
	desk_start(&run);
	desk_finish(&run);
	assert_null(asked);
	assert_int_equal(run.result->exit, TN_EXIT_DONE);
	desk_end(&run);
}

/* --- the state --- */

static void
who_comes_second_is_told_of_the_lock(void **state TN_UNUSED)
{
	struct desk_run first;

	desk_prepare(&desk, TN_COMMAND_APPLY, &first);
	first.options.confirm = on_confirm;
	asked = NULL;
	desk_start(&first);
	while (asked == NULL)
		assert_true(tn_loop_step(desk.loop));
	refused(TN_COMMAND_APPLY, TN_EXIT_LOCKED, "Error: ");
	/* Reading waits for nobody. */
	refused(TN_COMMAND_PLAN, TN_EXIT_DONE, "Plan: 1 to create");
	tn_run_confirm(first.run, true);
	desk_finish(&first);
	assert_int_equal(first.result->exit, TN_EXIT_DONE);
	desk_end(&first);
	apply_well();
}

static void
a_tenant_stays_pinned_to_its_address(void **state TN_UNUSED)
{
	uint64_t before;

	apply_well();
	before = calls();
	desk_connect(&desk, OTHER_TENANT);
	refused(TN_COMMAND_APPLY, TN_EXIT_ERROR, "other.example.com");
	refused(TN_COMMAND_PLAN, TN_EXIT_ERROR, "acme.example.com");
	assert_int_equal(calls(), before);
}

/* Dies while its creation is on the way. */
static void
kill_an_apply(void)
{
	desk_prepare(&desk, TN_COMMAND_APPLY, &run);
	desk_start(&run);
	while (tn_sim_view_actions(desk.sim) == 0)
		assert_true(tn_loop_step(desk.loop));
	desk_end(&run);
}

static void
a_plan_tells_of_an_interrupted_run_and_an_apply_mends_it(void **state TN_UNUSED)
{
	kill_an_apply();
	desk_run(&desk, TN_COMMAND_PLAN, &run);
	assert_int_equal(run.result->exit, TN_EXIT_DONE);
	assert_non_null(run.result->open_run);
	says(run.result->open_run);
	says("was interrupted");
	assert_non_null(strstr(run.json, "\"interrupted_run\": \""));
	assert_int_equal(tn_sim_view_actions(desk.sim), 1);
	desk_end(&run);

	desk_run(&desk, TN_COMMAND_APPLY, &run);
	assert_int_equal(run.result->exit, TN_EXIT_DONE);
	assert_non_null(run.result->recovery);
	assert_int_equal(run.result->recovery->outcome, TN_PUT_BACK);
	assert_int_equal(run.result->applied->outcome, TN_APPLIED);
	says("A run was interrupted");
	says("Applied");
	assert_int_equal(tn_sim_view_actions(desk.sim), 1);
	flow_is("greet ");
	desk_end(&run);
}

static void
a_blocked_change_writes_nothing(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_str_done) struct tn_str path = TN_STR_INIT;
	struct tn_sim_action_view action;

	apply_well();
	assert_true(desk_action(&desk, "greet", &action));
	tn_str_addf(&path, "/actions/actions/%s", action.id);
	assert_int_equal(desk_other(&desk, "PATCH", tn_str_text(&path),
			     "{\"code\":\"half\"}"),
	    200);
	desk_put(&desk, "greet.js", "exports.onExecutePostLogin = better\n");
	desk_put(&desk, "new.js", "exports.onExecutePostLogin = x\n");
	desk_put(&desk, "tenon.yaml",
	    "tenon: 1\nproject: acme\ntenants:\n  dev:\nactions:\n"
	    "  greet: {trigger: post-login@v3, runtime: node22}\n"
	    "  new: {trigger: post-login@v3, runtime: node22}\n");
	refused(TN_COMMAND_APPLY, TN_EXIT_ERROR, "a draft that is not ours");
	assert_false(desk_action(&desk, "new", &action));
}

static void
cancelled_before_anything_was_written_it_ends_at_once(void **state TN_UNUSED)
{
	struct tn_cancel cancel = { 0 };

	for (unsigned n = 0; n < 30; n++) {
		desk_prepare(&desk, TN_COMMAND_PLAN, &run);
		cancel = (struct tn_cancel){ 0 };
		run.options.cancel = &cancel;
		desk_start(&run);
		for (unsigned i = 0; i < n && run.result == NULL; i++)
			assert_true(tn_loop_step(desk.loop));
		if (run.result == NULL) {
			tn_cancel_fire(&cancel);
			desk_finish(&run);
			assert_int_equal(run.result->exit, TN_EXIT_ERROR);
			assert_int_equal(run.result->error->kind, TN_E_CANCELLED);
		}
		desk_end(&run);
	}
	assert_int_equal(tn_sim_writes(desk.sim), 0);
}

/* At any moment of an apply: as before with 3, or with 1 when it had not begun. */
static void
a_reason_to_stop_is_told(void **state)
{
	unsigned put_back = 0;

	for (unsigned n = 0; n < 200; n += 5) {
		struct tn_cancel cancel = { .reason = "it is late" };

		teardown(state);
		setup(state);
		desk_prepare(&desk, TN_COMMAND_APPLY, &run);
		run.options.cancel = &cancel;
		desk_start(&run);
		for (unsigned i = 0; i < n && run.result == NULL; i++)
			assert_true(tn_loop_step(desk.loop));
		if (run.result == NULL) {
			tn_cancel_fire(&cancel);
			desk_finish(&run);
			if (run.result->exit != TN_EXIT_DONE) {
				says(": it is late\n");
				put_back += run.result->exit == TN_EXIT_PUT_BACK;
				flow_is(" ");
			}
		}
		desk_end(&run);
	}
	assert_true(put_back > 3);
}

/* Wherever a run is when it is freed: nothing of it comes back. */
static void
a_run_can_be_freed_at_any_moment(void **state)
{
	for (unsigned n = 0; n < 120; n += 3) {
		desk_prepare(&desk, TN_COMMAND_APPLY, &run);
		desk_start(&run);
		for (unsigned i = 0; i < n && run.result == NULL; i++)
			assert_true(tn_loop_step(desk.loop));
		desk_end(&run);
		desk_wait(&desk, TN_SEC);
	}
	apply_well();
	flow_is("greet ");
	teardown(state);
	setup(state);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(without_a_project_nothing_is_asked_of_the_tenant),
		TEST(findings_in_the_files_end_the_run_before_the_first_call),
		TEST(of_several_tenants_one_must_be_chosen),
		TEST(a_tenant_that_the_project_does_not_name_is_refused),
		TEST(a_tenant_without_a_connection_is_refused),
		TEST(where_several_are_connected_an_apply_says_which),
		TEST(variables_are_of_the_tenant_that_is_chosen),
		TEST(a_share_of_the_rate_limit_is_kept),
		TEST(reading_that_fails_ends_the_run_and_writes_nothing),
		TEST(plan_and_drift_cannot_write),
		TEST(drift_and_plan_have_their_own_status),
		TEST(a_missing_right_is_named_and_nothing_written),
		TEST(who_says_no_gets_nothing_written),
		TEST(who_says_yes_gets_it_applied),
		TEST(without_a_change_nobody_is_asked),
		TEST(who_comes_second_is_told_of_the_lock),
		TEST(a_tenant_stays_pinned_to_its_address),
		TEST(a_plan_tells_of_an_interrupted_run_and_an_apply_mends_it),
		TEST(a_blocked_change_writes_nothing),
		TEST(cancelled_before_anything_was_written_it_ends_at_once),
		TEST(a_reason_to_stop_is_told),
		TEST(a_run_can_be_freed_at_any_moment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
