/* Records of logins, test runs, and the older dialect. */
#include "tenant.h"

#include <string.h>

#define DAY_MS INT64_C(86400000)

static void
bind(struct tenant *t, const char *names)
{
	assert_int_equal(tenant_call(t, "PATCH", "/actions/triggers/post-login/bindings",
			     names),
	    200);
}

#define BY_NAME(name) "{'ref':{'type':'action_name','value':'" name "'}}"

static void
test_a_login_can_be_read_for_ten_days(void **state)
{
	struct tenant t;
	const char *id;

	(void)state;
	tenant_open(&t, NULL);
	tenant_live(&t, "first");
	tenant_live(&t, "second");
	bind(&t, "{'bindings':[" BY_NAME("second") "," BY_NAME("first") "]}");
	id = tn_arena_text(t.arena, tn_sim_execute(t.sim, t.now, "post-login", NULL));
	assert_int_equal(tenant_callf(&t, "GET", NULL, "/actions/executions/%s", id),
	    200);
	assert_string_equal(tenant_text(&t, "id"), id);
	assert_string_equal(tenant_text(&t, "trigger_id"), "post-login");
	assert_string_equal(tenant_text(&t, "status"), "final");
	assert_int_equal(tenant_size(&t, "results"), 2);
	assert_string_equal(tenant_text(&t, "results[0].action_name"), "second");
	assert_false(tenant_has(&t, "results[0].error"));
	assert_true(tenant_time(&t, "results[0].ended_at") <
	    tenant_time(&t, "results[1].started_at"));
	assert_true(tenant_time(&t, "updated_at") > tenant_time(&t, "created_at"));
	t.authorization = tn_sim_admin_authorization(
	    t.sim); /* whose token does not age */
	tenant_wait(&t, 10 * DAY_MS - 1000);
	assert_int_equal(tenant_callf(&t, "GET", NULL, "/actions/executions/%s", id),
	    200);
	tenant_wait(&t, 2000);
	assert_int_equal(tenant_callf(&t, "GET", NULL, "/actions/executions/%s", id),
	    404);
	tenant_says(&t, "That execution does not exist.");
	assert_null(tn_sim_execute(t.sim, t.now, "no-such-trigger", NULL));
	tenant_close(&t);
}

static void
test_a_login_ends_with_the_action_that_fails(void **state)
{
	struct tenant t;
	const char *id;

	(void)state;
	tenant_open(&t, NULL);
	tenant_live(&t, "first");
	tenant_live(&t, "second");
	bind(&t, "{'bindings':[" BY_NAME("first") "," BY_NAME("second") "]}");
	id = tn_sim_execute(t.sim, t.now, "post-login", "first");
	tenant_callf(&t, "GET", NULL, "/actions/executions/%s", id);
	assert_int_equal(tenant_size(&t, "results"), 1);
	assert_non_null(tenant_text(&t, "results[0].error.id"));
	assert_non_null(tenant_text(&t, "results[0].error.msg"));
	assert_non_null(tenant_text(&t, "results[0].error.url"));
	tenant_close(&t);
}

static void
test_a_thousand_logins_are_kept(void **state)
{
	struct tenant t;
	const char *first = NULL, *id = NULL;

	(void)state;
	tenant_open(&t, NULL);
	for (int i = 0; i < 1001; i++) {
		id = tn_sim_execute(t.sim, t.now, "post-login", NULL);
		if (i == 0)
			first = tn_arena_text(t.arena, id);
	}
	id = tn_arena_text(t.arena, id);
	assert_int_equal(tenant_callf(&t, "GET", NULL, "/actions/executions/%s", first),
	    404);
	assert_int_equal(tenant_callf(&t, "GET", NULL, "/actions/executions/%s", id),
	    200);
	tenant_close(&t);
}

static void
test_a_test_run_needs_a_built_draft(void **state)
{
	struct tenant t;
	const char *id;

	(void)state;
	tenant_open(&t, NULL);
	id = tenant_create(&t, "a", "");
	assert_int_equal(tenant_callf(&t, "POST", "{'payload':{'event':{}}}",
			     "/actions/actions/%s/test", id),
	    400);
	tenant_wait(&t, 1000);
	assert_int_equal(tenant_callf(&t, "POST", "{'payload':{'event':{}}}",
			     "/actions/actions/%s/test", id),
	    200);
	assert_true(tenant_int(&t, "payload.stats.action_duration_ms") > 0);
	assert_true(tenant_int(&t, "payload.stats.total_request_duration_ms") >
	    tenant_int(&t, "payload.stats.action_duration_ms"));
	assert_int_equal(tenant_size(&t, "payload.stats"), 7);
	assert_false(tenant_has(&t, "payload.error"));
	assert_int_equal(tenant_callf(&t, "POST", "{}", "/actions/actions/%s/test", id),
	    400);
	assert_int_equal(tenant_call(&t, "POST", "/actions/actions/nope/test",
			     "{'payload':{}}"),
	    404);
	tenant_fault(&t,
	    "{'do':'status','when':'after','status':200,"
	    "'path':'/actions/actions/{id}/test',"
	    "'body':{'payload':{'error':{'message':'m','name':'Error','stack':'s'}}}}");
	assert_int_equal(tenant_callf(&t, "POST", "{'payload':{}}",
			     "/actions/actions/%s/test", id),
	    200);
	assert_string_equal(tenant_text(&t, "payload.error.message"), "m");
	tenant_close(&t);
}

/* --- the older dialect --- */

static const char *
create_older(struct tenant *t, const char *name)
{
	assert_int_equal(tenant_call(t, "POST", "/actions",
			     tn_arena_printf(t->arena,
				 "{'name':'%s','supported_triggers':"
				 "[{'id':'post-login','version':'v3'}],'code':''}",
				 name)),
	    201);
	return tenant_text(t, "id");
}

static void
open_older(struct tenant *t)
{
	struct tn_sim_options options = TN_SIM_OPTIONS_INIT;

	options.older = true;
	tenant_open(t, &options);
}

static void
test_older_lists_count_from_a_start(void **state)
{
	struct tenant t;

	(void)state;
	open_older(&t);
	create_older(&t, "a");
	create_older(&t, "b");
	create_older(&t, "c");
	tenant_call(&t, "GET", "/actions?page=1&per_page=2", NULL);
	assert_int_equal(tenant_int(&t, "total"), 3);
	assert_int_equal(tenant_int(&t, "start"), 2);
	assert_int_equal(tenant_int(&t, "limit"), 2);
	assert_int_equal(tenant_size(&t, ""), 4);
	assert_string_equal(tenant_text(&t, "actions[0].name"), "c");
	tenant_call(&t, "GET", "/actions?page=9&per_page=2", NULL);
	assert_int_equal(tenant_int(&t, "total"), 3);
	assert_int_equal(tenant_size(&t, "actions"), 0);
	tenant_call(&t, "GET",
	    "/actions?triggerId=post-login&actionName=b&installed=false", NULL);
	assert_int_equal(tenant_int(&t, "total"), 1);
	tenant_close(&t);
}

static void
test_older_paths_have_one_actions(void **state)
{
	struct tenant t;
	const char *id;

	(void)state;
	open_older(&t);
	id = create_older(&t, "a");
	assert_int_equal(tenant_callf(&t, "PATCH", "{'code':'2'}", "/actions/%s", id),
	    200);
	tenant_wait(&t, 1000);
	assert_int_equal(tenant_callf(&t, "GET", NULL, "/actions/%s", id), 200);
	assert_string_equal(tenant_text(&t, "status"), "built");
	assert_int_equal(tenant_callf(&t, "POST", "{'payload':{}}", "/actions/%s/test",
			     id),
	    200);
	assert_int_equal(tenant_size(&t, "results"), 1);
	assert_true(tenant_has(&t, "logs"));
	assert_int_equal(tenant_callf(&t, "POST", NULL, "/actions/%s/deploy", id), 200);
	assert_int_equal(tenant_callf(&t, "GET", NULL, "/actions/actions/%s/versions",
			     id),
	    200);
	assert_int_equal(tenant_int(&t, "versions[0].number"), 1);
	assert_int_equal(tenant_call(&t, "GET", "/actions/triggers", NULL), 200);
	assert_int_equal(tenant_call(&t, "GET", "/actions/triggers/post-login/bindings",
			     NULL),
	    200);
	assert_int_equal(tenant_callf(&t, "DELETE", NULL, "/actions/%s", id), 204);
	assert_int_equal(tenant_call(&t, "POST", "/actions/actions", "{}"), 404);
	tenant_close(&t);
}

static void
test_older_errors_have_names(void **state)
{
	struct tenant t;

	(void)state;
	open_older(&t);
	assert_int_equal(tenant_call(&t, "GET", "/actions/nope", NULL), 404);
	assert_string_equal(tenant_text(&t, "error"), "not_found");
	tenant_says(&t, "That action does not exist.");
	assert_int_equal(tenant_call(&t, "POST", "/actions", "{}"), 400);
	assert_string_equal(tenant_text(&t, "error"), "bad_request");
	t.authorization = NULL;
	assert_int_equal(tenant_call(&t, "GET", "/actions", NULL), 401);
	assert_string_equal(tenant_text(&t, "error"), "unauthorized");
	tenant_close(&t);
}

static void
test_paths_of_the_other_dialect_are_not_there(void **state)
{
	struct tenant t;

	(void)state;
	tenant_open(&t, NULL);
	assert_int_equal(tenant_call(&t, "GET", "/actions", NULL), 404);
	assert_string_equal(tenant_text(&t, "error"), "Not Found");
	tenant_close(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_login_can_be_read_for_ten_days),
		cmocka_unit_test(test_a_login_ends_with_the_action_that_fails),
		cmocka_unit_test(test_a_thousand_logins_are_kept),
		cmocka_unit_test(test_a_test_run_needs_a_built_draft),
		cmocka_unit_test(test_older_lists_count_from_a_start),
		cmocka_unit_test(test_older_paths_have_one_actions),
		cmocka_unit_test(test_older_errors_have_names),
		cmocka_unit_test(test_paths_of_the_other_dialect_are_not_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
