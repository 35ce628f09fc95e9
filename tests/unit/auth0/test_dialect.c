#include "help.h"

#include "base/mem.h"

/* What is sent to a tenant of the older dialect. */

#define BASE "https://acme.eu.auth0.com/api/v2"

static void
check(const struct tn_op *op, const char *expected)
{
	char *got = help_request_to(&help_older, op);

	assert_string_equal(got, expected);
	tn_free(got);
}

static void
actions_are_one_level_higher(void **state)
{
	struct tn_value payload = { .kind = TN_VALUE_OBJECT };
	struct tn_content content = { .code = "x" };

	(void)state;
	check(&(struct tn_op){ .kind = TN_OP_FIND_ACTION, .name = "n" },
	    "GET " BASE "/actions?page=0&per_page=100&actionName=n\n");
	check(&(struct tn_op){ .kind = TN_OP_GET_ACTION, .id = "0b8f" },
	    "GET " BASE "/actions/0b8f\n");
	check(&(struct tn_op){ .kind = TN_OP_DELETE_ACTION, .id = "0b8f", .force = true },
	    "DELETE " BASE "/actions/0b8f?force=true\n");
	check(&(struct tn_op){ .kind = TN_OP_DEPLOY_ACTION, .id = "0b8f" },
	    "POST " BASE "/actions/0b8f/deploy\n");
	check(&(struct tn_op){ .kind = TN_OP_TEST_ACTION,
		  .id = "0b8f",
		  .payload = &payload },
	    "POST " BASE "/actions/0b8f/test\n{\"payload\":{}}");
	check(&(struct tn_op){ .kind = TN_OP_CREATE_ACTION,
		  .name = "n",
		  .trigger = { "post-login", "v3" },
		  .content = &content },
	    "POST " BASE "/actions\n"
	    "{\"name\":\"n\",\"supported_triggers\":[{\"id\":\"post-login\","
	    "\"version\":\"v3\"}],\"code\":\"x\",\"dependencies\":[]}");
	check(&(struct tn_op){ .kind = TN_OP_UPDATE_ACTION,
		  .id = "0b8f",
		  .name = "n",
		  .trigger = { "post-login", "v3" },
		  .content = &content },
	    "PATCH " BASE "/actions/0b8f\n"
	    "{\"name\":\"n\",\"supported_triggers\":[{\"id\":\"post-login\","
	    "\"version\":\"v3\"}],\"code\":\"x\",\"dependencies\":[]}");
}

/* Its list knows triggerId, actionName, page, per_page and installed. */
static void
a_condition_that_it_does_not_know_is_not_sent(void **state)
{
	const struct tn_op op = { .kind = TN_OP_LIST_ACTIONS,
		.page = 1,
		.filter = { "post-login", "n", TN_YES, TN_NO } };

	(void)state;
	check(&op,
	    "GET " BASE "/actions?page=1&per_page=100&triggerId=post-login"
	    "&actionName=n&installed=false\n");
}

static void
everything_else_is_where_it_is_today(void **state)
{
	static const struct tn_flow flow = { "post-login", NULL, 0 };
	static const struct tn_op ops[] = {
		{ .kind = TN_OP_LIST_VERSIONS, .id = "0b8f" },
		{ .kind = TN_OP_GET_VERSION, .id = "0b8f", .version_id = "d2a3" },
		{ .kind = TN_OP_DEPLOY_VERSION, .id = "0b8f", .version_id = "d2a3" },
		{ .kind = TN_OP_GET_FLOW, .trigger.id = "post-login" },
		{ .kind = TN_OP_SET_FLOW, .trigger.id = "post-login", .flow = &flow },
		{ .kind = TN_OP_LIST_TRIGGERS },
		{ .kind = TN_OP_GET_EXECUTION, .id = "M9" },
	};

	(void)state;
	for (size_t i = 0; i < TN_ARRAY_LEN(ops); i++) {
		char *today = help_request(&ops[i]);

		check(&ops[i], today);
		tn_free(today);
	}
}

/* DELETE /actions/triggers would be answered "not found", which passes for "deleted". */
static void
an_id_cannot_be_the_name_of_something_else(void **state)
{
	static const char *const bad[] = { "actions", "executions", "modules", "triggers",
		"", ".", ".." };
	static const enum tn_op_kind kinds[] = { TN_OP_GET_ACTION, TN_OP_DELETE_ACTION,
		TN_OP_DEPLOY_ACTION };

	(void)state;
	for (size_t i = 0; i < TN_ARRAY_LEN(bad); i++) {
		for (size_t k = 0; k < TN_ARRAY_LEN(kinds); k++) {
			struct tn_op op = { .kind = kinds[k], .id = bad[i] };

			assert_int_equal(help_request_error_to(&help_older, &op),
			    TN_E_BUG);
		}
	}
	check(&(struct tn_op){ .kind = TN_OP_GET_ACTION, .id = "triggers/x" },
	    "GET " BASE "/actions/triggers%2Fx\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(actions_are_one_level_higher),
		cmocka_unit_test(a_condition_that_it_does_not_know_is_not_sent),
		cmocka_unit_test(everything_else_is_where_it_is_today),
		cmocka_unit_test(an_id_cannot_be_the_name_of_something_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
