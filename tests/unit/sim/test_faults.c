/* The simulator misbehaves as told, and only then. */
#include "tenant.h"

#include <string.h>

#include "json/json.h"

static int
setup(void **state)
{
	static struct tenant t;

	tenant_open(&t, NULL);
	*state = &t;
	return 0;
}

static int
teardown(void **state)
{
	tenant_close(*state);
	return 0;
}

static int
list(struct tenant *t)
{
	return tenant_call(t, "GET", "/actions/actions", NULL);
}

static void
test_status_before_has_no_effect(void **state)
{
	struct tenant *t = *state;
	uint64_t fault = tenant_fault(t,
	    "{'method':'POST','path':'/actions/actions',"
	    "'do':'status','status':502}");

	assert_int_equal(tenant_call(t, "POST", "/actions/actions",
			     "{'name':'a','supported_triggers':[{'id':'post-login'}]}"),
	    502);
	tenant_says(t, "Bad Gateway");
	assert_int_equal(tn_sim_view_actions(t->sim), 0);
	assert_int_equal(list(t), 200);
	assert_int_equal(tn_sim_fault_hits(t->sim, fault), 1);
	assert_true(tn_sim_fault_remove(t->sim, fault));
	assert_false(tn_sim_fault_remove(t->sim, fault));
	tenant_create(t, "a", "");
}

static void
test_status_after_has_its_effect(void **state)
{
	struct tenant *t = *state;

	tenant_fault(t, "{'method':'POST','do':'status','status':500,'when':'after'}");
	assert_int_equal(tenant_call(t, "POST", "/actions/actions",
			     "{'name':'a','supported_triggers':[{'id':'post-login'}]}"),
	    500);
	tenant_says(t, "An internal server error occurred");
	assert_int_equal(tn_sim_view_actions(t->sim), 1);
	assert_string_equal(tn_sim_reply_field(&t->reply, "content-type"),
	    "application/json; charset=utf-8");
	assert_int_equal(t->reply.n_fields, 4);
}

static void
test_status_with_a_body_of_ones_own(void **state)
{
	struct tenant *t = *state;
	uint64_t fault = tenant_fault(t,
	    "{'do':'status','status':503,'body':'<html>sorry</html>'}");

	assert_int_equal(list(t), 503);
	assert_string_equal(tn_str_text(&t->reply.body), "<html>sorry</html>");
	tn_sim_fault_remove(t->sim, fault);
	tenant_fault(t, "{'do':'status','status':200,'body':{'actions':[1]}}");
	assert_int_equal(list(t), 200);
	assert_string_equal(tn_str_text(&t->reply.body), "{\"actions\":[1]}");
}

static void
test_429_has_the_recorded_body(void **state)
{
	struct tenant *t = *state;

	tenant_fault(t, "{'do':'status','status':429}");
	list(t);
	assert_string_equal(tn_str_text(&t->reply.body),
	    "{\"statusCode\":429,\"error\":\"Too Many Requests\",\"message\":"
	    "\"Global limit has been reached\",\"errorCode\":\"too_many_requests\"}");
}

static void
test_nth_counts_from_when_the_fault_was_added(void **state)
{
	struct tenant *t = *state;
	uint64_t fault;

	list(t);
	list(t);
	fault = tenant_fault(t,
	    "{'path':'/actions/actions','nth':2,'do':'status','status':500}");
	assert_int_equal(list(t), 200);
	assert_int_equal(tenant_call(t, "GET", "/actions/triggers", NULL), 200);
	assert_int_equal(list(t), 500);
	assert_int_equal(list(t), 200);
	assert_int_equal(tn_sim_fault_hits(t->sim, fault), 1);
}

static void
test_path_is_a_template_or_literal(void **state)
{
	struct tenant *t = *state;
	const char *a = tenant_create(t, "a", ""), *b = tenant_create(t, "b", "");
	uint64_t fault = tenant_fault(t,
	    tn_arena_printf(t->arena,
		"{'path':'/actions/actions/%s','do':'status','status':500}", a));

	assert_int_equal(tenant_callf(t, "GET", NULL, "/actions/actions/%s", a), 500);
	assert_int_equal(tenant_callf(t, "GET", NULL, "/actions/actions/%s", b), 200);
	tn_sim_fault_remove(t->sim, fault);
	tenant_fault(t, "{'path':'/actions/actions/{id}','do':'status','status':500}");
	assert_int_equal(tenant_callf(t, "GET", NULL, "/actions/actions/%s", b), 500);
	assert_int_equal(list(t), 200);
}

static void
test_token_endpoint_can_fail(void **state)
{
	struct tenant *t = *state;
	struct tn_sim_request req = { .method = "POST",
		.path = "/oauth/token",
		.content_type = "application/json",
		.body = tn_span("{}") };

	tenant_fault(t, "{'path':'/oauth/token','do':'status','status':500}");
	assert_int_equal(tenant_raw(t, &req), 500);
	assert_string_equal(tn_str_text(&t->reply.body),
	    "{\"error\":\"access_denied\","
	    "\"error_description\":\"Global limit has been reached\"}");
	assert_int_equal(list(t), 200);
}

static void
test_drop_before_and_after(void **state)
{
	struct tenant *t = *state;
	uint64_t fault = tenant_fault(t, "{'method':'POST','do':'drop','when':'before'}");
	const char *body = "{'name':'a','supported_triggers':[{'id':'post-login'}]}";

	tenant_call(t, "POST", "/actions/actions", body);
	assert_int_equal(t->reply.fate, TN_SIM_DROP);
	assert_int_equal(tn_sim_view_actions(t->sim), 0);
	tn_sim_fault_remove(t->sim, fault);
	tenant_fault(t, "{'method':'POST','do':'drop'}");
	tenant_call(t, "POST", "/actions/actions", body);
	assert_int_equal(t->reply.fate, TN_SIM_DROP);
	assert_int_equal(tn_sim_view_actions(t->sim), 1);
	assert_int_equal(tn_sim_log_at(t->sim, 1)->fate, TN_SIM_DROP);
	assert_int_equal(tn_sim_log_at(t->sim, 1)->status, 201);
	assert_int_equal(tn_sim_log_at(t->sim, 0)->status, 0);
}

static void
test_cut_keeps_the_effect(void **state)
{
	struct tenant *t = *state;

	tenant_fault(t, "{'do':'cut'}");
	tenant_call(t, "POST", "/actions/actions",
	    "{'name':'a','supported_triggers':[{'id':'post-login'}]}");
	assert_int_equal(t->reply.fate, TN_SIM_CUT);
	assert_int_equal(t->reply.status, 201);
	assert_int_equal(tn_sim_view_actions(t->sim), 1);
}

static void
test_delay_adds_up(void **state)
{
	struct tenant *t = *state;

	tenant_fault(t, "{'do':'delay','ms':200}");
	tenant_fault(t, "{'do':'delay','ms':50,'when':'after'}");
	assert_int_equal(list(t), 200);
	assert_false(t->reply.before);
	assert_int_equal(t->reply.delay_ns, 250 * TN_MSEC);
}

static struct tn_sim_request
create_request(struct tenant *t)
{
	return (struct tn_sim_request){
		.method = "POST",
		.path = "/api/v2/actions/actions",
		.authorization = t->authorization,
		.content_type = "application/json",
		.body = tn_span(
		    "{\"name\":\"a\",\"supported_triggers\":[{\"id\":\"post-login\"}]}"),
	};
}

static void
test_delay_before_puts_the_effect_off(void **state)
{
	struct tenant *t = *state;
	struct tn_sim_request req = create_request(t);

	tenant_fault(t, "{'do':'delay','ms':200,'when':'before','method':'POST'}");
	tenant_raw(t, &req);
	assert_true(t->reply.before);
	assert_int_equal(t->reply.delay_ns, 200 * TN_MSEC);
	assert_int_equal(tn_sim_view_actions(t->sim), 0);
	assert_int_equal(tn_sim_log_at(t->sim, 0)->status, 0);
	tenant_wait(t, 200);
	tn_sim_resume(t->sim, t->now, &req, &t->reply);
	assert_int_equal(t->reply.status, 201);
	assert_false(t->reply.before);
	assert_int_equal(t->reply.delay_ns, 0);
	assert_int_equal(tn_sim_view_actions(t->sim), 1);
	/* One call, one entry, and no second fault. */
	assert_int_equal(tn_sim_log_count(t->sim), 1);
	assert_int_equal(tn_sim_log_at(t->sim, 0)->status, 201);
}

static void
note_release(void *arg, uint64_t id)
{
	*(uint64_t *)arg = id;
}

static void
test_hold_keeps_the_answer_until_released(void **state)
{
	struct tenant *t = *state;
	struct tn_sim_request req = create_request(t);
	struct tn_sim_watch watch;
	uint64_t released = 0;
	uint64_t fault = tenant_fault(t, "{'do':'hold','method':'POST','nth':1}");

	tn_sim_watch(t->sim, &watch, note_release, &released);
	tenant_raw(t, &req);
	assert_int_equal(t->reply.held_by, fault);
	assert_false(t->reply.before);
	assert_int_equal(t->reply.status, 201);
	assert_int_equal(tn_sim_view_actions(t->sim), 1);
	assert_int_equal(released, 0);
	tn_sim_fault_remove(t->sim, fault);
	assert_int_equal(released, fault);
	tn_sim_unwatch(&watch);
	tn_sim_unwatch(&watch);
}

static void
test_hold_before_puts_the_effect_off(void **state)
{
	struct tenant *t = *state;
	struct tn_sim_request req = create_request(t);
	uint64_t fault = tenant_fault(t, "{'do':'hold','when':'before','method':'POST'}");

	tenant_raw(t, &req);
	assert_true(t->reply.before);
	assert_int_equal(t->reply.held_by, fault);
	assert_int_equal(tn_sim_view_actions(t->sim), 0);
	tn_sim_fault_remove(t->sim, fault);
	tn_sim_resume(t->sim, t->now, &req, &t->reply);
	assert_int_equal(t->reply.held_by, 0);
	assert_int_equal(t->reply.status, 201);
}

static void
test_fail_build_fails_that_build_only(void **state)
{
	struct tenant *t = *state;
	const char *a, *b;

	tenant_fault(t,
	    "{'do':'fail-build','method':'POST','path':'/actions/actions','nth':1}");
	a = tenant_create(t, "a", "");
	b = tenant_create(t, "b", "");
	tenant_wait(t, 1000);
	tenant_callf(t, "GET", NULL, "/actions/actions/%s", a);
	assert_string_equal(tenant_text(t, "status"), "failed");
	tenant_callf(t, "GET", NULL, "/actions/actions/%s", b);
	assert_string_equal(tenant_text(t, "status"), "built");
	tenant_callf(t, "PATCH", "{}", "/actions/actions/%s", a);
	tenant_wait(t, 1000);
	tenant_callf(t, "GET", NULL, "/actions/actions/%s", a);
	assert_string_equal(tenant_text(t, "status"), "built");
}

static void
test_lagging_read_shows_the_past(void **state)
{
	struct tenant *t = *state;
	uint64_t fault;

	tenant_create(t, "a", "");
	tenant_wait(t, 1000);
	fault = tenant_fault(t, "{'do':'lag','method':'GET','ms':500}");
	/* Not further back than the fault: what was there then is seen at once. */
	list(t);
	assert_int_equal(tenant_size(t, "actions"), 1);
	tenant_wait(t, 1000);
	tenant_create(t, "b", "");
	tenant_wait(t, 100);
	tenant_create(t, "c", "");
	list(t);
	assert_int_equal(tenant_size(t, "actions"), 1);
	tenant_wait(t, 399);
	list(t);
	assert_int_equal(tenant_size(t, "actions"), 1);
	tenant_wait(t, 1);
	list(t);
	assert_int_equal(tenant_size(t, "actions"), 2);
	tenant_wait(t, 100);
	list(t);
	assert_int_equal(tenant_size(t, "actions"), 3);
	/* Writes see the present. */
	tenant_create(t, "d", "");
	assert_int_equal(tenant_call(t, "POST", "/actions/actions",
			     "{'name':'d','supported_triggers':[{'id':'post-login'}]}"),
	    409);
	tn_sim_fault_remove(t->sim, fault);
	list(t);
	assert_int_equal(tenant_size(t, "actions"), 4);
}

static void
test_lag_slows_a_build(void **state)
{
	struct tenant *t = *state;
	const char *id;

	tenant_fault(t, "{'do':'lag','method':'POST','ms':2000}");
	id = tenant_create(t, "a", "");
	tenant_wait(t, 2299);
	tenant_callf(t, "GET", NULL, "/actions/actions/%s", id);
	assert_string_equal(tenant_text(t, "status"), "pending");
	tenant_wait(t, 1);
	tenant_callf(t, "GET", NULL, "/actions/actions/%s", id);
	assert_string_equal(tenant_text(t, "status"), "built");
}

static void
test_administrator_meets_no_faults(void **state)
{
	struct tenant *t = *state;

	tenant_fault(t, "{'do':'status','status':500}");
	t->authorization = tn_sim_admin_authorization(t->sim);
	assert_int_equal(list(t), 200);
}

static void
test_bad_descriptions_are_refused_with_reasons(void **state)
{
	static const struct {
		const char *json, *words;
	} cases[] = {
		{ "[]", "a fault is an object" },
		{ "{}", "\"do\" is one of" },
		{ "{'do':'explode'}", "\"do\" is one of" },
		{ "{'do':1}", "\"do\" is" },
		{ "{'do':'drop','colour':1}", "no key \"colour\"" },
		{ "{'do':'drop','nth':0}", "\"nth\" is a whole number" },
		{ "{'do':'drop','nth':1.5}", "\"nth\" is a whole number" },
		{ "{'do':'drop','nth':'1'}", "\"nth\" is string" },
		{ "{'do':'drop','when':'later'}", "\"when\"" },
		{ "{'do':'cut','when':'before'}", "no answer to cut" },
		{ "{'do':'status'}", "\"status\" is missing" },
		{ "{'do':'status','status':99}", "\"status\" is a whole number" },
		{ "{'do':'delay'}", "\"ms\" is missing" },
		{ "{'do':'lag'}", "\"ms\" is missing" },
		{ "{'do':'delay','ms':3600001}", "\"ms\" is a whole number" },
		{ "{", "" },
	};
	struct tenant *t = *state;

	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		struct tn_error err = TN_ERROR_INIT;
		uint64_t id = 0;

		assert_int_equal(tn_sim_fault_add_text(t->sim, t->now,
				     tenant_json(t, cases[i].json), &id, &err),
		    -TN_E_INPUT);
		if (strstr(err.message, cases[i].words) == NULL)
			fail_msg("%s: %s", cases[i].json, err.message);
		tn_error_done(&err);
	}
	assert_false(tn_sim_fault_exists(t->sim, 1));
}

/* --- the control paths --- */

static int
control(struct tenant *t, const char *method, const char *path, const char *body)
{
	struct tn_sim_request req = { .method = method,
		.path = path,
		.body = tn_span(body == NULL ? "" : tenant_json(t, body)) };
	struct tn_value *answer = NULL;

	tn_sim_reply_done(&t->reply);
	assert_true(tn_sim_control(t->sim, t->now, &req, &t->reply));
	if (t->reply.body.len > 0)
		assert_int_equal(tn_json_parse(t->arena, tn_str_span(&t->reply.body),
				     NULL, &answer, NULL),
		    0);
	t->answer = answer;
	return t->reply.status;
}

static void
test_control_adds_and_removes_faults(void **state)
{
	struct tenant *t = *state;

	assert_int_equal(control(t, "POST", "/_sim/faults",
			     "{'do':'status','status':500,'nth':3}"),
	    201);
	assert_int_equal(tenant_int(t, "id"), 1);
	control(t, "GET", "/_sim/state", NULL);
	assert_int_equal(tenant_int(t, "faults[0].nth"), 3);
	assert_string_equal(tenant_text(t, "faults[0].do"), "status");
	assert_int_equal(control(t, "DELETE", "/_sim/faults/1", NULL), 204);
	assert_int_equal(control(t, "DELETE", "/_sim/faults/1", NULL), 404);
	assert_int_equal(control(t, "DELETE", "/_sim/faults/1x", NULL), 404);
	assert_int_equal(control(t, "DELETE", "/_sim/faults/99999999999999999999", NULL),
	    404);
	assert_int_equal(control(t, "POST", "/_sim/faults", "{'do':'explode'}"), 400);
	assert_true(tenant_has(t, "error"));
	assert_int_equal(control(t, "POST", "/_sim/faults", "not json"), 400);
	assert_int_equal(control(t, "POST", "/_sim/faults", NULL), 400);
	assert_int_equal(control(t, "GET", "/_sim/faults", NULL), 405);
	assert_int_equal(control(t, "GET", "/_sim/faults/1", NULL), 405);
	assert_int_equal(control(t, "GET", "/_sim/nothing", NULL), 404);
}

static void
test_control_shows_calls_and_state(void **state)
{
	struct tenant *t = *state;
	const char *id = tenant_live(t, "a");

	tenant_call(t, "PATCH", "/actions/triggers/post-login/bindings",
	    tn_arena_printf(t->arena,
		"{'bindings':[{'ref':{'type':'action_id','value':'%s'}}]}", id));
	assert_int_equal(control(t, "GET", "/_sim/calls", NULL), 200);
	assert_int_equal(tenant_size(t, "calls"), 3);
	assert_string_equal(tenant_text(t, "calls[1].resource"),
	    "/actions/actions/{id}/deploy");
	assert_string_equal(tenant_text(t, "calls[1].who"), "tester");
	assert_int_equal(tenant_int(t, "calls[1].status"), 200);
	assert_int_equal(tenant_int(t, "counts.POST /actions/actions"), 1);
	assert_int_equal(tenant_int(t, "writes"), 3);
	assert_int_equal(control(t, "GET", "/_sim/state", NULL), 200);
	assert_string_equal(tenant_text(t, "actions[0].id"), id);
	assert_true(tenant_true(t, "actions[0].versions[0].live"));
	assert_string_equal(tenant_text(t, "bindings.post-login[0].action_id"), id);
	assert_int_equal(control(t, "POST", "/_sim/reset", NULL), 204);
	control(t, "GET", "/_sim/state", NULL);
	assert_int_equal(tenant_size(t, "actions"), 0);
	control(t, "GET", "/_sim/calls", NULL);
	assert_int_equal(tenant_int(t, "total"), 0);
}

static void
test_control_leaves_other_paths_alone(void **state)
{
	struct tenant *t = *state;
	struct tn_sim_request req = { .method = "GET",
		.path = "/api/v2/actions/actions" };
	struct tn_sim_reply reply = TN_SIM_REPLY_INIT;

	assert_false(tn_sim_control(t->sim, t->now, &req, &reply));
	assert_int_equal(reply.status, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

static void
test_success_may_have_another_status(void **state)
{
	struct tenant *t = *state;
	const char *id = tenant_create(t, "a", "");

	tenant_fault(t, "{'method':'PATCH','do':'status','status':201,'when':'after'}");
	assert_int_equal(tenant_callf(t, "PATCH", "{'code':'2'}", "/actions/actions/%s",
			     id),
	    201);
	assert_string_equal(tenant_text(t, "code"), "2");
	assert_string_equal(tenant_text(t, "status"), "pending");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_status_before_has_no_effect),
		TEST(test_status_after_has_its_effect),
		TEST(test_status_with_a_body_of_ones_own),
		TEST(test_success_may_have_another_status),
		TEST(test_429_has_the_recorded_body),
		TEST(test_nth_counts_from_when_the_fault_was_added),
		TEST(test_path_is_a_template_or_literal),
		TEST(test_token_endpoint_can_fail),
		TEST(test_drop_before_and_after),
		TEST(test_cut_keeps_the_effect),
		TEST(test_delay_adds_up),
		TEST(test_delay_before_puts_the_effect_off),
		TEST(test_hold_keeps_the_answer_until_released),
		TEST(test_hold_before_puts_the_effect_off),
		TEST(test_fail_build_fails_that_build_only),
		TEST(test_lagging_read_shows_the_past),
		TEST(test_lag_slows_a_build),
		TEST(test_administrator_meets_no_faults),
		TEST(test_bad_descriptions_are_refused_with_reasons),
		TEST(test_control_adds_and_removes_faults),
		TEST(test_control_shows_calls_and_state),
		TEST(test_control_leaves_other_paths_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
