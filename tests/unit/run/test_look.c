/*
 * Looking at a tenant and running a draft: what is shown, in text and in JSON (which the
 * desk holds against the schema), and what it costs.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/mem.h"
#include "desk.h"
#include "json/json.h"

static struct desk desk;
static struct desk_run run;

/* A tenant with two actions of ours that run, one of the marketplace, and a draft. */
static int
setup(void **state TN_UNUSED)
{
	char id[37];

	desk_init(&desk, NULL, NULL);
	desk_set(&desk, "TENON_SECRET_KEY", "the value of the key");
	desk_put(&desk, "tenon.yaml",
	    "tenon: 1\n"
	    "project: acme\n"
	    "tenants:\n"
	    "  dev:\n"
	    "actions:\n"
	    "  greet:\n"
	    "    trigger: post-login@v3\n"
	    "    runtime: node22\n"
	    "    dependencies: {axios: 1.7.2}\n"
	    "    secrets: [KEY]\n"
	    "  hello: {trigger: post-login@v3, runtime: node22}\n"
	    "bindings:\n"
	    "  post-login:\n"
	    "    - greet\n"
	    "    - hello: {displayName: Say it}\n");
	desk_put(&desk, "greet.js", "exports.onExecutePostLogin = greet\n");
	desk_put(&desk, "hello.js", "exports.onExecutePostLogin = hello\n");
	desk_run(&desk, TN_COMMAND_APPLY, &run);
	if (run.result->exit != TN_EXIT_DONE)
		fail_msg("%s", run.text);
	desk_end(&run);
	tn_sim_install(desk.sim, tn_loop_unix(desk.loop), "send-phone-message", "sms",
	    id);
	assert_int_equal(desk_other(&desk, "POST", "/actions/actions",
			     "{\"name\":\"draft\",\"code\":\"x\",\"supported_triggers\":["
			     "{\"id\":\"post-login\",\"version\":\"v3\"}]}"),
	    201);
	desk_wait(&desk, 10 * TN_SEC);
	tn_sim_log_clear(desk.sim);
	return 0;
}

static int
teardown(void **state TN_UNUSED)
{
	desk_done(&desk);
	return 0;
}

/* The files play no part: there may be none. */
static void
look(enum tn_command command, const struct tn_look *look, enum tn_exit status)
{
	desk_prepare(&desk, command, &run);
	run.options.tree = NULL;
	run.options.state_path = NULL;
	run.options.look = *look;
	desk_start(&run);
	desk_finish(&run);
	if (run.result->exit != status)
		fail_msg("%d: %s", (int)run.result->exit, run.text);
}

static void
get(const struct tn_look *what)
{
	look(TN_COMMAND_GET, what, TN_EXIT_DONE);
	assert_int_equal(tn_sim_writes(desk.sim), 0);
}

static void
says(const char *words)
{
	if (strstr(run.text, words) == NULL)
		fail_msg("\"%s\" is not in:\n%s", words, run.text);
}

static void
does_not_say(const char *words)
{
	if (strstr(run.text, words) != NULL)
		fail_msg("\"%s\" is in:\n%s", words, run.text);
}

/* The member of what was got, in the arena. */
static const struct tn_value *
got(struct tn_arena *arena, const char *key)
{
	struct tn_value *root;
	const struct tn_value *value;

	assert_int_equal(tn_json_parse(arena, tn_span(run.json), NULL, &root, NULL), 0);
	value = tn_value_get(tn_value_get(root, "got"), key);
	assert_non_null(value);
	return value;
}

/* --- actions --- */

static void
all_actions_are_shown_with_what_runs(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	const struct tn_value *actions;

	get(&(struct tn_look){ .kind = TN_LOOK_ACTIONS });
	says("NAME   TRIGGER                RUNTIME  RUNS       DRAFT");
	says("greet  post-login@v3          node22   version 1  the same");
	says("draft  post-login@v3          node22   no         differs");
	says("sms    send-phone-message@v2  ");
	says("marketplace");
	actions = got(arena, "actions");
	assert_int_equal(tn_value_count(actions), 4);
	/* A token and a page. */
	assert_int_equal(tn_sim_calls(desk.sim, NULL, NULL), 2);
	desk_end(&run);
}

static void
conditions_and_pages_are_the_tenants(void **state TN_UNUSED)
{
	static const struct {
		struct tn_look look;
		size_t n;
	} cases[] = {
		{ { .filter.trigger = "send-phone-message" }, 1 },
		{ { .filter.name = "hello" }, 1 },
		{ { .filter.name = "hell" }, 0 },
		{ { .filter.deployed = TN_NO }, 1 },
		{ { .filter.installed = TN_NO }, 3 },
		{ { .filter.installed = TN_YES }, 1 },
		{ { .filter = { "post-login", NULL, TN_YES, TN_NO } }, 2 },
		{ { .one_page = true }, 4 },
		{ { .one_page = true, .page = 1 }, 0 },
		{ { .one_page = true, .filter.installed = TN_NO }, 3 },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();

		get(&cases[i].look);
		assert_int_equal(tn_value_count(got(arena, "actions")), cases[i].n);
		desk_end(&run);
	}
}

static void
one_action_is_shown_with_its_code(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_freep) char *id = NULL;
	struct tn_sim_action_view action;

	get(&(struct tn_look){ .kind = TN_LOOK_ACTIONS, .name = "greet" });
	says("exports.onExecutePostLogin = greet\n");
	does_not_say("hello");
	desk_end(&run);
	assert_true(desk_action(&desk, "hello", &action));
	id = tn_strdup(action.id);
	get(&(struct tn_look){ .kind = TN_LOOK_ACTIONS, .name = id });
	says("exports.onExecutePostLogin = hello\n");
	desk_end(&run);
}

static void
what_is_not_there_is_an_error_with_the_way_on(void **state TN_UNUSED)
{
	static const struct {
		struct tn_look look;
		const char *words;
	} cases[] = {
		{ { .kind = TN_LOOK_ACTIONS, .name = "nobody" },
		    "the tenant has no action \"nobody\"" },
		{ { .kind = TN_LOOK_VERSIONS, .name = "nobody" },
		    "the tenant has no action \"nobody\"" },
		{ { .kind = TN_LOOK_ACTIONS,
		      .name = "11111111-2222-4333-8444-555555555555" },
		    "the tenant has no action \"11111111-" },
		{ { .kind = TN_LOOK_EXECUTIONS, .name = "nothing" },
		    "the tenant has no execution \"nothing\"" },
		{ { .kind = TN_LOOK_MODULES, .name = "nothing" },
		    "the tenant has no module \"nothing\"" },
		{ { .kind = TN_LOOK_BINDINGS, .name = "nothing" },
		    "read the bindings of trigger \"nothing\"" },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		look(TN_COMMAND_GET, &cases[i].look, TN_EXIT_ERROR);
		says(cases[i].words);
		assert_null(run.result->seen);
		desk_end(&run);
	}
}

/* --- the other kinds --- */

static void
versions_are_those_of_one_action(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();

	desk_put(&desk, "hello.js", "exports.onExecutePostLogin = better\n");
	desk_run(&desk, TN_COMMAND_APPLY, &run);
	desk_end(&run);
	desk_wait(&desk, 10 * TN_SEC);
	tn_sim_log_clear(desk.sim);
	look(TN_COMMAND_GET,
	    &(struct tn_look){ .kind = TN_LOOK_VERSIONS, .name = "hello" }, TN_EXIT_DONE);
	says("VERSION");
	assert_int_equal(tn_value_count(got(arena, "versions")), 2);
	assert_string_equal(run.result->seen->action, "hello");
	desk_end(&run);
}

static void
bindings_are_shown_in_their_order(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();

	get(&(struct tn_look){ .kind = TN_LOOK_BINDINGS, .name = "post-login" });
	says("post-login  1      greet   -         ");
	says("post-login  2      hello   Say it    ");
	assert_int_equal(tn_value_count(got(arena, "bindings")), 1);
	desk_end(&run);
}

static void
all_bindings_are_those_of_triggers_that_have_some(void **state TN_UNUSED)
{
	get(&(struct tn_look){ .kind = TN_LOOK_BINDINGS });
	says("post-login  2      hello   Say it    ");
	does_not_say("event-stream");
	/* Thirteen ids have twenty versions; actions of four are bound elsewhere. */
	assert_int_equal(tn_sim_calls(desk.sim, "GET",
			     "/actions/triggers/{triggerId}/bindings"),
	    9);
	desk_end(&run);
}

static void
triggers_are_what_the_tenant_offers(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();

	get(&(struct tn_look){ .kind = TN_LOOK_TRIGGERS });
	says("post-login@v3                     current     bindings          "
	     "node18-actions, node22\n");
	says("post-login@v1                     deprecated  bindings          node22\n");
	says("event-stream@v1                   current     another resource  node22\n");
	assert_int_equal(tn_value_count(got(arena, "triggers")), 20);
	desk_end(&run);
}

static void
an_execution_tells_how_each_action_went(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_freep)
	char *id = tn_strdup(
	    tn_sim_execute(desk.sim, tn_loop_unix(desk.loop), "post-login", "hello"));

	get(&(struct tn_look){ .kind = TN_LOOK_EXECUTIONS, .name = id });
	says("post-login: final\n");
	says("greet ");
	says("well\n");
	says("hello ");
	desk_end(&run);
}

static void
modules_are_shown_by_name_and_newest_version(void **state TN_UNUSED)
{
	assert_int_equal(desk_other(&desk, "POST", "/actions/modules",
			     "{\"name\":\"greeter\",\"code\":\"x\",\"publish\":true}"),
	    201);
	assert_int_equal(desk_other(&desk, "POST", "/actions/modules",
			     "{\"name\":\"other\",\"code\":\"x\"}"),
	    201);
	tn_sim_log_clear(desk.sim);
	get(&(struct tn_look){ .kind = TN_LOOK_MODULES });
	says("greeter  version 1  the same  ");
	says("other    -          differs   ");
	desk_end(&run);
	get(&(struct tn_look){ .kind = TN_LOOK_MODULES, .name = "other" });
	does_not_say("greeter");
	desk_end(&run);
}

/* --- test runs --- */

static const struct tn_value payload = { .kind = TN_VALUE_OBJECT };
static const struct tn_look test_greet = { .name = "greet", .payload = &payload };

static void
a_draft_that_runs_well_ends_with_nought(void **state TN_UNUSED)
{
	look(TN_COMMAND_TEST, &test_greet, TN_EXIT_DONE);
	says("greet ran without an error:\n");
	says("\"stats\"");
	assert_int_equal(tn_sim_writes(desk.sim), 1);
	desk_end(&run);
}

static void
a_draft_that_throws_ends_with_one(void **state TN_UNUSED)
{
	desk_fault(&desk,
	    "{\"path\":\"/actions/actions/{id}/test\",\"do\":\"status\",\"status\":200,"
	    "\"body\":{\"payload\":{\"error\":{\"message\":\"boom\\u0007 "
	    "the value of the key\"}}}}");
	look(TN_COMMAND_TEST, &test_greet, TN_EXIT_ERROR);
	says("greet failed: boom\\x07");
	assert_true(run.result->seen->test->failed);
	desk_end(&run);
}

static void
a_draft_that_is_being_built_is_waited_for(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_str_done) struct tn_str path = TN_STR_INIT;
	struct tn_sim_action_view action;

	assert_true(desk_action(&desk, "greet", &action));
	tn_str_addf(&path, "/actions/actions/%s", action.id);
	assert_int_equal(desk_other(&desk, "PATCH", tn_str_text(&path),
			     "{\"code\":\"y\"}"),
	    200);
	look(TN_COMMAND_TEST, &test_greet, TN_EXIT_DONE);
	says("greet ran without an error:\n");
	assert_true(tn_sim_calls(desk.sim, "POST", "/actions/actions/{id}/test") > 1);
	desk_end(&run);
}

static void
a_draft_that_is_not_there_is_not_run(void **state TN_UNUSED)
{
	const struct tn_look nobody = { .name = "nobody", .payload = &payload };

	look(TN_COMMAND_TEST, &nobody, TN_EXIT_ERROR);
	says("the tenant has no action \"nobody\"");
	assert_int_equal(tn_sim_writes(desk.sim), 0);
	desk_end(&run);
}

/* --- which tenant --- */

static void
of_several_connections_one_must_be_named(void **state TN_UNUSED)
{
	const struct tn_look actions = { .kind = TN_LOOK_ACTIONS };

	desk_connect(&desk,
	    "connections:\n"
	    "  dev: {provider: auth0, domain: a.example.com, token: {env: CLIENT_SECRET}}\n"
	    "  two: {provider: auth0, domain: b.example.com, token: {env: NOBODY}}\n");
	look(TN_COMMAND_GET, &actions, TN_EXIT_ERROR);
	says("there are 2 connections");
	says("--tenant: dev, two");
	desk_end(&run);
	desk_prepare(&desk, TN_COMMAND_GET, &run);
	run.options.tree = NULL;
	run.options.look = actions;
	run.options.tenant = "two";
	desk_start(&run);
	desk_finish(&run);
	says("the token of tenant two has no value");
	assert_int_equal(tn_sim_calls(desk.sim, NULL, NULL), 0);
	desk_end(&run);
}

static void
a_look_can_be_stopped_and_freed_at_any_moment(void **state TN_UNUSED)
{
	bool done = false;

	for (unsigned steps = 0; !done; steps++) {
		desk_prepare(&desk, TN_COMMAND_GET, &run);
		run.options.tree = NULL;
		run.options.look = (struct tn_look){ .kind = TN_LOOK_BINDINGS };
		desk_start(&run);
		for (unsigned i = 0; i < steps && run.result == NULL; i++)
			tn_loop_step(desk.loop);
		done = run.result != NULL;
		desk_end(&run);
		assert_true(steps < 1000);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(all_actions_are_shown_with_what_runs),
		TEST(conditions_and_pages_are_the_tenants),
		TEST(one_action_is_shown_with_its_code),
		TEST(what_is_not_there_is_an_error_with_the_way_on),
		TEST(versions_are_those_of_one_action),
		TEST(bindings_are_shown_in_their_order),
		TEST(all_bindings_are_those_of_triggers_that_have_some),
		TEST(triggers_are_what_the_tenant_offers),
		TEST(an_execution_tells_how_each_action_went),
		TEST(modules_are_shown_by_name_and_newest_version),
		TEST(a_draft_that_runs_well_ends_with_nought),
		TEST(a_draft_that_throws_ends_with_one),
		TEST(a_draft_that_is_being_built_is_waited_for),
		TEST(a_draft_that_is_not_there_is_not_run),
		TEST(of_several_connections_one_must_be_named),
		TEST(a_look_can_be_stopped_and_freed_at_any_moment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
