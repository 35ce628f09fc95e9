/*
 * What the platform does otherwise than one would think: a whole run for each, as a
 * person would meet it. tests/traps.md lists all of them, and the tests of single rooms.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/mem.h"
#include "desk.h"

#define PROJECT                                                                      \
	"tenon: 1\n"                                                                 \
	"project: acme\n"                                                            \
	"tenants:\n"                                                                 \
	"  dev:\n"                                                                   \
	"actions:\n"                                                                 \
	"  greet:\n"                                                                 \
	"    trigger: post-login@v3\n"                                               \
	"    runtime: node22\n"                                                      \
	"    dependencies: {axios: 1.7.2, dayjs: 1.11.10, got: 11.8.6, ms: 2.1.3}\n" \
	"    secrets: [KEY, OTHER, THIRD, FOURTH]\n"                                 \
	"  count: {trigger: post-login@v3, runtime: node22}\n"                       \
	"bindings:\n"                                                                \
	"  post-login: [greet, count]\n"
#define FLOW "/actions/triggers/post-login/bindings"

static struct desk desk;
static struct desk_run run;

static int
teardown(void **state TN_UNUSED)
{
	desk_done(&desk);
	return 0;
}

static void
apply(void)
{
	desk_run(&desk, TN_COMMAND_APPLY, &run);
	if (run.result->exit != TN_EXIT_DONE)
		fail_msg("%s", run.text);
	desk_end(&run);
}

/* The project is there, and the tenant as it says. */
static void
begin(const struct tn_sim_options *options)
{
	desk_init(&desk, NULL, options);
	desk_set(&desk, "TENON_SECRET_KEY", "first value");
	desk_set(&desk, "TENON_SECRET_OTHER", "second value");
	desk_set(&desk, "TENON_SECRET_THIRD", "third value");
	desk_set(&desk, "TENON_SECRET_FOURTH", "fourth value");
	desk_put(&desk, "tenon.yaml", PROJECT);
	desk_put(&desk, "greet.js", "exports.onExecutePostLogin = hello\n");
	desk_put(&desk, "count.js", "exports.onExecutePostLogin = count\n");
	apply();
	desk_wait(&desk, 60 * TN_SEC);
	tn_sim_log_clear(desk.sim);
}

static struct tn_sim_action_view
look(const char *name)
{
	struct tn_sim_action_view action;

	assert_true(desk_action(&desk, name, &action));
	return action;
}

static void
flow_is(const char *names)
{
	TN_CLEANUP(tn_freep) char *flow = desk_flow(&desk, "post-login");

	assert_string_equal(flow, names);
}

static void
nothing_is_written(void)
{
	uint64_t writes = tn_sim_writes(desk.sim);

	apply();
	assert_int_equal(tn_sim_writes(desk.sim), writes);
}

static void
nothing_was_refused(void)
{
	for (size_t i = 0; i < tn_sim_log_count(desk.sim); i++)
		assert_true(tn_sim_log_at(desk.sim, i)->status < 400);
}

static void
somebody(const char *method, const char *path, const char *body)
{
	int status = desk_other(&desk, method, path, body);

	if (status < 200 || status > 299)
		fail_msg("%s %s: %d", method, path, status);
}

/* --- builds and deploys --- */

static void
every_update_is_built_again_before_it_is_deployed(void **state TN_UNUSED)
{
	struct tn_sim_options options = TN_SIM_OPTIONS_INIT;

	options.build_ns = 20 * TN_SEC;
	begin(&options);
	desk_put(&desk, "greet.js", "exports.onExecutePostLogin = better\n");
	apply();
	nothing_was_refused();
	assert_int_equal(tn_sim_calls(desk.sim, "POST", "/actions/actions/{id}/deploy"),
	    1);
	assert_string_equal(look("greet").live.content.code,
	    "exports.onExecutePostLogin = better\n");
}

static void
an_update_that_changes_nothing_is_no_difference_though_it_builds(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_str_done) struct tn_str path = TN_STR_INIT;

	begin(NULL);
	tn_str_addf(&path, "/actions/actions/%s", look("greet").id);
	somebody("PATCH", tn_str_text(&path), "{\"name\":\"greet\"}");
	assert_string_equal(look("greet").status, "pending");
	nothing_is_written();
}

static void
a_deploy_is_waited_for_though_its_answer_says_that_it_is_not_live(void **state TN_UNUSED)
{
	struct tn_sim_options options = TN_SIM_OPTIONS_INIT;

	options.visible_ns = 3 * TN_SEC;
	begin(&options);
	desk_put(&desk, "count.js", "exports.onExecutePostLogin = better\n");
	apply();
	assert_int_equal(tn_sim_calls(desk.sim, "POST", "/actions/actions/{id}/deploy"),
	    1);
	assert_int_equal(look("count").n_versions, 2);
	assert_string_equal(look("count").live.content.code,
	    "exports.onExecutePostLogin = better\n");
}

static void
a_build_that_is_tried_again_is_waited_for(void **state TN_UNUSED)
{
	begin(NULL);
	desk_fault(&desk,
	    "{\"method\":\"PATCH\",\"path\":\"/actions/actions/{id}\",\"nth\":1,"
	    "\"do\":\"retry-build\"}");
	desk_put(&desk, "greet.js", "exports.onExecutePostLogin = better\n");
	apply();
	nothing_was_refused();
	assert_true(look("greet").all_changes_deployed);
}

static void
any_status_of_two_hundred_is_a_success(void **state TN_UNUSED)
{
	begin(NULL);
	desk_fault(&desk,
	    "{\"method\":\"PATCH\",\"do\":\"status\",\"status\":201,\"when\":\"after\"}");
	desk_fault(&desk,
	    "{\"method\":\"POST\",\"path\":\"/actions/actions/{id}/deploy\","
	    "\"do\":\"status\",\"status\":202,\"when\":\"after\"}");
	desk_put(&desk, "greet.js", "exports.onExecutePostLogin = better\n");
	desk_put(&desk, "tenon.yaml",
	    "tenon: 1\n"
	    "project: acme\n"
	    "tenants:\n"
	    "  dev:\n"
	    "actions:\n"
	    "  greet:\n"
	    "    trigger: post-login@v3\n"
	    "    runtime: node22\n"
	    "  count: {trigger: post-login@v3, runtime: node22}\n"
	    "bindings:\n"
	    "  post-login: [count, greet]\n");
	apply();
	assert_true(tn_sim_fault_hits(desk.sim, 1) == 2);
	assert_true(tn_sim_fault_hits(desk.sim, 2) == 1);
	flow_is("count greet ");
	assert_true(look("greet").all_changes_deployed);
}

/* --- content --- */

static const struct tn_sim_secret *
secret_of(const struct tn_sim_content *content, const char *name)
{
	for (size_t i = 0; i < content->n_secrets; i++)
		if (strcmp(content->secrets[i].name, name) == 0)
			return &content->secrets[i];
	fail_msg("there is no secret %s", name);
	return NULL;
}

struct kept {
	char sha256[65];
	int64_t updated_at;
};

static struct kept
keep(const char *name)
{
	const struct tn_sim_action_view action = look("greet");
	const struct tn_sim_secret *secret = secret_of(&action.live.content, name);
	struct kept kept = { .updated_at = secret->updated_at };

	assert_int_equal(strlen(secret->sha256), 64);
	memcpy(kept.sha256, secret->sha256, sizeof(kept.sha256));
	return kept;
}

static bool
is_kept(const struct kept *kept, const char *name)
{
	const struct kept now = keep(name);

	return now.updated_at == kept->updated_at &&
	    strcmp(now.sha256, kept->sha256) == 0;
}

static void
a_secret_without_a_new_value_keeps_the_old_one(void **state TN_UNUSED)
{
	struct kept key, other;

	begin(NULL);
	key = keep("KEY");
	other = keep("OTHER");
	desk_put(&desk, "greet.js", "exports.onExecutePostLogin = better\n");
	apply();
	assert_true(is_kept(&key, "KEY") && is_kept(&other, "OTHER"));
	desk_wait(&desk, 60 * TN_SEC);
	desk_set(&desk, "TENON_SECRET_OTHER", "another value");
	apply();
	assert_true(is_kept(&key, "KEY"));
	assert_false(is_kept(&other, "OTHER"));
	assert_int_equal(look("greet").live.content.n_secrets, 4);
}

static void
another_order_of_secrets_and_packages_is_no_difference(void **state TN_UNUSED)
{
	struct tn_sim_options options = TN_SIM_OPTIONS_INIT;
	bool moved = false;

	options.shuffle = true;
	for (options.seed = 1; options.seed <= 5; options.seed++) {
		begin(&options);
		moved = moved ||
		    strcmp(look("greet").draft.secrets[0].name, "KEY") != 0 ||
		    strcmp(look("greet").draft.dependencies[0].name, "axios") != 0;
		nothing_is_written();
		if (options.seed < 5)
			desk_done(&desk);
	}
	assert_true(moved);
}

/* --- flows --- */

static void
bindings_that_got_new_ids_are_no_difference(void **state TN_UNUSED)
{
	struct tn_sim_binding_view before, after;
	TN_CLEANUP(tn_freep) char *id = NULL;

	begin(NULL);
	assert_true(tn_sim_view_binding(desk.sim, "post-login", 0, &before));
	id = tn_strdup(before.id);
	somebody("PATCH", FLOW,
	    "{\"bindings\":["
	    "{\"ref\":{\"type\":\"action_name\",\"value\":\"greet\"}},"
	    "{\"ref\":{\"type\":\"action_name\",\"value\":\"count\"}}]}");
	assert_true(tn_sim_view_binding(desk.sim, "post-login", 0, &after));
	assert_string_not_equal(after.id, id);
	nothing_is_written();
}

static void
make_theirs(void)
{
	somebody("POST", "/actions/actions",
	    "{\"name\":\"theirs\",\"code\":\"x\",\"deploy\":true,\"supported_triggers\":"
	    "[{\"id\":\"post-login\",\"version\":\"v3\"}]}");
	desk_wait(&desk, 10 * TN_SEC);
}

static void
an_action_of_others_that_is_bound_twice_stays_twice(void **state TN_UNUSED)
{
	begin(NULL);
	make_theirs();
	somebody("PATCH", FLOW,
	    "{\"bindings\":["
	    "{\"ref\":{\"type\":\"action_name\",\"value\":\"theirs\"}},"
	    "{\"ref\":{\"type\":\"action_name\",\"value\":\"count\"}},"
	    "{\"ref\":{\"type\":\"action_name\",\"value\":\"theirs\"}}]}");
	apply();
	flow_is("theirs greet count theirs ");
	nothing_is_written();
}

static void
a_binding_waits_for_a_deploy_that_is_not_visible_everywhere(void **state TN_UNUSED)
{
	begin(NULL);
	for (unsigned nth = 1; nth <= 3; nth++) {
		TN_CLEANUP(tn_str_done) struct tn_str fault = TN_STR_INIT;

		tn_str_addf(&fault,
		    "{\"method\":\"PATCH\","
		    "\"path\":\"/actions/triggers/{triggerId}/bindings\",\"nth\":%u,"
		    "\"do\":\"status\",\"status\":400,\"body\":{\"statusCode\":400,"
		    "\"error\":\"Bad Request\",\"message\":\"Trying to create a binding "
		    "for an action that has not been deployed yet.\"}}",
		    nth);
		desk_fault(&desk, tn_str_text(&fault));
	}
	desk_put(&desk, "tenon.yaml",
	    "tenon: 1\n"
	    "project: acme\n"
	    "tenants:\n"
	    "  dev:\n"
	    "actions:\n"
	    "  fresh: {trigger: post-login@v3, runtime: node22}\n"
	    "bindings:\n"
	    "  post-login: [fresh]\n");
	desk_put(&desk, "fresh.js", "exports.onExecutePostLogin = fresh\n");
	apply();
	flow_is("fresh ");
	assert_int_equal(tn_sim_calls(desk.sim, "PATCH",
			     "/actions/triggers/{triggerId}/bindings"),
	    4);
}

static void
an_action_of_the_marketplace_keeps_its_id_in_capitals(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_str_done) struct tn_str body = TN_STR_INIT;
	struct tn_sim_binding_view binding;
	char id[37];

	begin(NULL);
	tn_sim_install(desk.sim, tn_loop_unix(desk.loop), "post-login", "shop", id);
	tn_str_addf(&body,
	    "{\"bindings\":[{\"ref\":{\"type\":\"action_id\",\"value\":\"%s\"}}]}", id);
	somebody("PATCH", FLOW, tn_str_text(&body));
	apply();
	flow_is("shop greet count ");
	assert_true(tn_sim_view_binding(desk.sim, "post-login", 0, &binding));
	assert_string_equal(binding.action_id, id);
	assert_null(binding.display_name);
	assert_non_null(strpbrk(id, "ABCDEF"));
}

/* --- triggers --- */

#define TOOL              \
	"tenon: 1\n"      \
	"project: acme\n" \
	"tenants:\n"      \
	"  dev:\n"        \
	"actions:\n"      \
	"  tool: {trigger: mcp-tool@v1, runtime: node22}\n"

/* Served, bound by another resource, and in no published list of triggers. */
static void
a_trigger_that_only_the_tenant_knows_gets_its_action(void **state TN_UNUSED)
{
	begin(NULL);
	desk_put(&desk, "tenon.yaml", TOOL);
	desk_put(&desk, "tool.js", "exports.onExecuteMcpTool = async () => {}\n");
	apply();
	assert_string_equal(look("tool").trigger, "mcp-tool");
	assert_true(look("tool").deployed);
	nothing_is_written();
}

/* As in 2024: the answer to a question is no reason to end without the right words. */
static void
the_flow_of_a_trigger_bound_elsewhere_may_be_refused(void **state TN_UNUSED)
{
	struct tn_sim_options options = TN_SIM_OPTIONS_INIT;
	uint64_t writes;

	options.refuse_entity_bound = true;
	begin(&options);
	writes = tn_sim_writes(desk.sim);
	desk_put(&desk, "tenon.yaml", TOOL "bindings:\n  mcp-tool: [tool]\n");
	desk_put(&desk, "tool.js", "exports.onExecuteMcpTool = async () => {}\n");
	desk_run(&desk, TN_COMMAND_APPLY, &run);
	assert_int_equal(run.result->exit, TN_EXIT_ERROR);
	assert_non_null(strstr(run.text, "[entity-bound]"));
	assert_int_equal(tn_sim_writes(desk.sim), writes);
	desk_end(&run);
}

#define TEST(name) cmocka_unit_test_teardown(name, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_update_is_built_again_before_it_is_deployed),
		TEST(an_update_that_changes_nothing_is_no_difference_though_it_builds),
		TEST(a_deploy_is_waited_for_though_its_answer_says_that_it_is_not_live),
		TEST(a_build_that_is_tried_again_is_waited_for),
		TEST(any_status_of_two_hundred_is_a_success),
		TEST(a_secret_without_a_new_value_keeps_the_old_one),
		TEST(another_order_of_secrets_and_packages_is_no_difference),
		TEST(bindings_that_got_new_ids_are_no_difference),
		TEST(an_action_of_others_that_is_bound_twice_stays_twice),
		TEST(a_binding_waits_for_a_deploy_that_is_not_visible_everywhere),
		TEST(an_action_of_the_marketplace_keeps_its_id_in_capitals),
		TEST(a_trigger_that_only_the_tenant_knows_gets_its_action),
		TEST(the_flow_of_a_trigger_bound_elsewhere_may_be_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
