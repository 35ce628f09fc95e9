#include "help.h"

#include "base/mem.h"

#define BASE "https://acme.eu.auth0.com/api/v2"

static void
check(const struct tn_op *op, const char *expected)
{
	char *got = help_request(op);

	assert_string_equal(got, expected);
	tn_free(got);
}

static const struct tn_dependency axios = { "axios", "1.7.2", NULL };
static const struct tn_dependency two[] = {
	{ "axios", "1.7.2", NULL },
	{ "left-pad", "1.3.0", "https://npm.acme.example/" },
};
static const struct tn_secret_ref secret_refs[] = { { .name = "A_KEY" },
	{ .name = "B_KEY" } };

static void
reads_have_the_documented_paths(void **state)
{
	(void)state;
	check(&(struct tn_op){ .kind = TN_OP_LIST_ACTIONS },
	    "GET " BASE "/actions/actions?page=0&per_page=100\n");
	check(&(struct tn_op){ .kind = TN_OP_LIST_ACTIONS, .page = 12 },
	    "GET " BASE "/actions/actions?page=12&per_page=100\n");
	check(&(struct tn_op){ .kind = TN_OP_GET_ACTION, .id = "0b8f2c1e" },
	    "GET " BASE "/actions/actions/0b8f2c1e\n");
	check(&(struct tn_op){ .kind = TN_OP_LIST_VERSIONS, .id = "0b8f", .page = 1 },
	    "GET " BASE "/actions/actions/0b8f/versions?page=1&per_page=50\n");
	check(&(struct tn_op){ .kind = TN_OP_GET_FLOW, .trigger.id = "post-login" },
	    "GET " BASE "/actions/triggers/post-login/bindings?page=0&per_page=100\n");
	check(&(struct tn_op){ .kind = TN_OP_LIST_TRIGGERS },
	    "GET " BASE "/actions/triggers\n");
}

static void
one_version_and_one_execution_are_read_by_id(void **state)
{
	(void)state;
	check(&(struct tn_op){ .kind = TN_OP_GET_VERSION,
		  .id = "0b8f",
		  .version_id = "d2a3" },
	    "GET " BASE "/actions/actions/0b8f/versions/d2a3\n");
	check(&(struct tn_op){ .kind = TN_OP_GET_EXECUTION, .id = "M9Iq/+=" },
	    "GET " BASE "/actions/executions/M9Iq%2F%2B%3D\n");
}

static void
a_list_takes_every_condition(void **state)
{
	struct tn_op op = { .kind = TN_OP_LIST_ACTIONS,
		.page = 2,
		.filter = { "post-login", "a&b", TN_YES, TN_NO } };

	(void)state;
	check(&op,
	    "GET " BASE "/actions/actions?page=2&per_page=100&triggerId=post-login"
	    "&actionName=a%26b&deployed=true&installed=false\n");
	op.filter = (struct tn_action_filter){ .deployed = TN_NO };
	check(&op, "GET " BASE "/actions/actions?page=2&per_page=100&deployed=false\n");
	op.filter = (struct tn_action_filter){ .installed = TN_YES };
	check(&op, "GET " BASE "/actions/actions?page=2&per_page=100&installed=true\n");
	op.filter = (struct tn_action_filter){ .name = "enrich" };
	check(&op,
	    "GET " BASE "/actions/actions?page=2&per_page=100&actionName=enrich\n");
}

static void
only_who_says_force_deletes_by_force(void **state)
{
	struct tn_op op = { .kind = TN_OP_DELETE_ACTION, .id = "0b8f" };

	(void)state;
	check(&op, "DELETE " BASE "/actions/actions/0b8f\n");
	op.force = true;
	check(&op, "DELETE " BASE "/actions/actions/0b8f?force=true\n");
	op.kind = TN_OP_GET_ACTION;
	check(&op, "GET " BASE "/actions/actions/0b8f\n");
}

static void
a_test_run_sends_its_payload(void **state)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	struct tn_value *payload = tn_value_object(arena);
	struct tn_op op = { .kind = TN_OP_TEST_ACTION, .id = "0b8f", .payload = payload };

	(void)state;
	check(&op, "POST " BASE "/actions/actions/0b8f/test\n{\"payload\":{}}");
	tn_value_set_text(arena, payload, "user", "auth0|1");
	check(&op,
	    "POST " BASE
	    "/actions/actions/0b8f/test\n{\"payload\":{\"user\":\"auth0|1\"}}");
	op.payload = tn_value_array(arena);
	assert_int_equal(help_request_error(&op), TN_E_INPUT);
	op.payload = NULL;
	assert_int_equal(help_request_error(&op), TN_E_INPUT);
}

static void
a_look_up_by_name_encodes_the_name(void **state)
{
	(void)state;
	check(&(struct tn_op){ .kind = TN_OP_FIND_ACTION, .name = "a b&page=9" },
	    "GET " BASE
	    "/actions/actions?page=0&per_page=100&actionName=a%20b%26page%3D9\n");
	check(&(struct tn_op){ .kind = TN_OP_FIND_ACTION, .name = "\xc3\xa9" },
	    "GET " BASE "/actions/actions?page=0&per_page=100&actionName=%C3%A9\n");
}

static void
an_id_cannot_leave_its_place_in_the_path(void **state)
{
	(void)state;
	check(&(struct tn_op){ .kind = TN_OP_GET_ACTION, .id = "a/../b?c#d%2e" },
	    "GET " BASE "/actions/actions/a%2F..%2Fb%3Fc%23d%252e\n");
}

static void
an_upper_case_id_stays_upper_case(void **state)
{
	(void)state;
	check(&(struct tn_op){ .kind = TN_OP_DELETE_ACTION, .id = "0B8F-2C1E" },
	    "DELETE " BASE "/actions/actions/0B8F-2C1E\n");
}

static void
an_operation_without_its_id_is_never_sent(void **state)
{
	static const char *const bad[] = { NULL, "", ".", ".." };

	(void)state;
	for (size_t i = 0; i < TN_ARRAY_LEN(bad); i++) {
		struct tn_op op = { .id = bad[i], .version_id = "v" };

		op.kind = TN_OP_DELETE_ACTION;
		assert_int_equal(help_request_error(&op), TN_E_BUG);
		op.kind = TN_OP_GET_ACTION;
		assert_int_equal(help_request_error(&op), TN_E_BUG);
		op.kind = TN_OP_DEPLOY_VERSION;
		assert_int_equal(help_request_error(&op), TN_E_BUG);
		op = (struct tn_op){ .kind = TN_OP_DEPLOY_VERSION,
			.id = "a",
			.version_id = bad[i] };
		assert_int_equal(help_request_error(&op), TN_E_BUG);
		op = (struct tn_op){ .kind = TN_OP_GET_FLOW, .trigger.id = bad[i] };
		assert_int_equal(help_request_error(&op), TN_E_BUG);
		op = (struct tn_op){ .kind = TN_OP_FIND_ACTION, .name = bad[i] };
		assert_int_equal(help_request_error(&op), TN_E_BUG);
	}
	assert_int_equal(help_request_error(&(struct tn_op){ .kind = TN_OP__COUNT }),
	    TN_E_BUG);
}

static void
create_sends_all_of_it_and_secrets_with_values(void **state)
{
	TN_CLEANUP(tn_secret_unrefp) struct tn_secret *a = tn_secret_new("s\"1", 3);
	TN_CLEANUP(tn_secret_unrefp) struct tn_secret *b = tn_secret_new("two", 3);
	struct tn_secret_value values[] = { { "B_KEY", b }, { "A_KEY", a } };
	struct tn_content content = { .code = "exports.x = 1;\n",
		.runtime = "node22",
		.dependencies = two,
		.n_dependencies = 2,
		.secrets = secret_refs,
		.n_secrets = 2 };
	struct tn_op op = { .kind = TN_OP_CREATE_ACTION,
		.name = "enrich",
		.trigger = { "post-login", "v3" },
		.content = &content,
		.values = values,
		.n_values = 2,
		.deploy = true };

	(void)state;
	check(&op,
	    "POST " BASE "/actions/actions\n"
	    "{\"name\":\"enrich\","
	    "\"supported_triggers\":[{\"id\":\"post-login\",\"version\":\"v3\"}],"
	    "\"code\":\"exports.x = 1;\\n\",\"runtime\":\"node22\","
	    "\"dependencies\":[{\"name\":\"axios\",\"version\":\"1.7.2\"},"
	    "{\"name\":\"left-pad\",\"version\":\"1.3.0\","
	    "\"registry_url\":\"https://npm.acme.example/\"}],"
	    "\"secrets\":[{\"name\":\"A_KEY\",\"value\":\"s\\\"1\"},"
	    "{\"name\":\"B_KEY\",\"value\":\"two\"}],\"deploy\":true}");
}

static void
create_of_the_least_leaves_out_what_is_not_said(void **state)
{
	struct tn_content content = { .code = "x" };
	struct tn_op op = { .kind = TN_OP_CREATE_ACTION,
		.name = "n",
		.trigger = { "post-login", "v3" },
		.content = &content };

	(void)state;
	check(&op,
	    "POST " BASE "/actions/actions\n"
	    "{\"name\":\"n\",\"supported_triggers\":[{\"id\":\"post-login\","
	    "\"version\":\"v3\"}],\"code\":\"x\",\"dependencies\":[]}");
}

static void
create_without_a_secrets_value_is_refused(void **state)
{
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	TN_CLEANUP(tn_secret_unrefp) struct tn_secret *a = tn_secret_new("v", 1);
	struct tn_secret_value values[] = { { "A_KEY", a } };
	struct tn_content content = { .code = "x",
		.secrets = secret_refs,
		.n_secrets = 2 };
	struct tn_op op = { .kind = TN_OP_CREATE_ACTION,
		.name = "n",
		.trigger = { "post-login", "v3" },
		.content = &content,
		.values = values,
		.n_values = 1 };
	struct tn_http_request req = { 0 };

	(void)state;
	assert_int_equal(tn_auth0_provider.request(&help_connection, &op, &req, &err),
	    -TN_E_INPUT);
	assert_non_null(strstr(err.message, "B_KEY"));
}

static void
update_sends_the_whole_draft_and_no_secrets_unless_asked(void **state)
{
	struct tn_content content = { .code = "x",
		.runtime = "node18",
		.dependencies = &axios,
		.n_dependencies = 1,
		.secrets = secret_refs,
		.n_secrets = 2 };
	struct tn_op op = { .kind = TN_OP_UPDATE_ACTION,
		.id = "0b8f",
		.name = "n",
		.trigger = { "post-login", "v3" },
		.content = &content,
		.deploy = true };

	(void)state;
	check(&op,
	    "PATCH " BASE "/actions/actions/0b8f\n"
	    "{\"name\":\"n\",\"supported_triggers\":[{\"id\":\"post-login\","
	    "\"version\":\"v3\"}],\"code\":\"x\",\"runtime\":\"node18\","
	    "\"dependencies\":[{\"name\":\"axios\",\"version\":\"1.7.2\"}]}");
}

static void
update_sends_values_where_there_are_and_names_where_not(void **state)
{
	TN_CLEANUP(tn_secret_unrefp) struct tn_secret *b = tn_secret_new("new", 3);
	struct tn_secret_value values[] = { { "B_KEY", b } };
	struct tn_content content = { .code = "x",
		.secrets = secret_refs,
		.n_secrets = 2 };
	struct tn_op op = { .kind = TN_OP_UPDATE_ACTION,
		.id = "0b8f",
		.trigger = { "post-login", "v3" },
		.content = &content,
		.send_secrets = true,
		.values = values,
		.n_values = 1 };

	(void)state;
	check(&op,
	    "PATCH " BASE "/actions/actions/0b8f\n"
	    "{\"supported_triggers\":[{\"id\":\"post-login\",\"version\":\"v3\"}],"
	    "\"code\":\"x\",\"dependencies\":[],"
	    "\"secrets\":[{\"name\":\"A_KEY\"},{\"name\":\"B_KEY\",\"value\":\"new\"}]}");
}

static void
update_can_remove_all_secrets(void **state)
{
	struct tn_content content = { .code = "x" };
	struct tn_op op = { .kind = TN_OP_UPDATE_ACTION,
		.id = "0b8f",
		.trigger = { "post-login", "v3" },
		.content = &content,
		.send_secrets = true };

	(void)state;
	check(&op,
	    "PATCH " BASE "/actions/actions/0b8f\n"
	    "{\"supported_triggers\":[{\"id\":\"post-login\",\"version\":\"v3\"}],"
	    "\"code\":\"x\",\"dependencies\":[],\"secrets\":[]}");
}

static void
update_leaves_out_the_keys_that_are_to_stay(void **state)
{
	struct tn_content content = { .code = "x",
		.runtime = "node18",
		.dependencies = &axios,
		.n_dependencies = 1 };
	struct tn_op op = { .kind = TN_OP_UPDATE_ACTION,
		.id = "0b8f",
		.trigger = { "post-login", "v3" },
		.content = &content,
		.left_out = TN_PART_CODE | TN_PART_RUNTIME };

	(void)state;
	check(&op,
	    "PATCH " BASE "/actions/actions/0b8f\n"
	    "{\"supported_triggers\":[{\"id\":\"post-login\",\"version\":\"v3\"}],"
	    "\"dependencies\":[{\"name\":\"axios\",\"version\":\"1.7.2\"}]}");
	op.left_out = TN_PART_DEPENDENCIES | TN_PART_SECRETS;
	check(&op,
	    "PATCH " BASE "/actions/actions/0b8f\n"
	    "{\"supported_triggers\":[{\"id\":\"post-login\",\"version\":\"v3\"}],"
	    "\"code\":\"x\",\"runtime\":\"node18\"}");
}

static void
writes_without_content_are_bugs(void **state)
{
	struct tn_content content = { .code = "x" };
	struct tn_op op = { .kind = TN_OP_UPDATE_ACTION,
		.id = "0b8f",
		.trigger = { "post-login", "v3" } };

	(void)state;
	assert_int_equal(help_request_error(&op), TN_E_BUG);
	op = (struct tn_op){ .kind = TN_OP_CREATE_ACTION,
		.trigger = { "post-login", "v3" },
		.content = &content };
	assert_int_equal(help_request_error(&op), TN_E_BUG);
	op = (struct tn_op){ .kind = TN_OP_CREATE_ACTION,
		.name = "n",
		.content = &content };
	assert_int_equal(help_request_error(&op), TN_E_BUG);
	op = (struct tn_op){ .kind = TN_OP_SET_FLOW, .trigger.id = "post-login" };
	assert_int_equal(help_request_error(&op), TN_E_BUG);
}

static void
deploys_have_the_documented_bodies(void **state)
{
	struct tn_op op = { .kind = TN_OP_DEPLOY_VERSION,
		.id = "0b8f",
		.version_id = "d2a3",
		.update_draft = true };

	(void)state;
	check(&(struct tn_op){ .kind = TN_OP_DEPLOY_ACTION, .id = "0b8f" },
	    "POST " BASE "/actions/actions/0b8f/deploy\n");
	check(&op,
	    "POST " BASE "/actions/actions/0b8f/versions/d2a3/deploy\n"
	    "{\"update_draft\":true}");
	op.update_draft = false;
	check(&op,
	    "POST " BASE "/actions/actions/0b8f/versions/d2a3/deploy\n"
	    "{\"update_draft\":false}");
}

static void
bindings_are_sent_by_id_in_order_as_they_were_read(void **state)
{
	static const struct tn_binding bindings[] = {
		{ "0b8f", "enrich", "Enrich \"it\"", false },
		{ "AB-CD", "Acme Fraud", NULL, true },
		{ "0b8f", "enrich", NULL, false },
	};
	struct tn_flow flow = { "post-login", bindings, 3 };
	struct tn_op op = { .kind = TN_OP_SET_FLOW,
		.trigger.id = "post-login",
		.flow = &flow };

	(void)state;
	check(&op,
	    "PATCH " BASE "/actions/triggers/post-login/bindings\n"
	    "{\"bindings\":["
	    "{\"ref\":{\"type\":\"action_id\",\"value\":\"0b8f\"},"
	    "\"display_name\":\"Enrich \\\"it\\\"\"},"
	    "{\"ref\":{\"type\":\"action_id\",\"value\":\"AB-CD\"}},"
	    "{\"ref\":{\"type\":\"action_id\",\"value\":\"0b8f\"}}]}");
	flow.n_bindings = 0;
	check(&op,
	    "PATCH " BASE "/actions/triggers/post-login/bindings\n{\"bindings\":[]}");
}

static void
a_binding_without_an_id_is_never_sent(void **state)
{
	static const struct tn_binding bindings[] = { { "0b8f", "a", NULL, false },
		{ NULL, "b", NULL, false } };
	struct tn_flow flow = { "post-login", bindings, 2 };
	struct tn_op op = { .kind = TN_OP_SET_FLOW,
		.trigger.id = "post-login",
		.flow = &flow };

	(void)state;
	assert_int_equal(help_request_error(&op), TN_E_BUG);
}

static void
bindings_can_be_named_in_three_ways(void **state)
{
	static const struct tn_binding_ref refs[] = {
		{ TN_REF_ACTION_NAME, "audit log", "Audit" },
		{ TN_REF_BINDING_ID, "29a9", NULL },
		{ TN_REF_ACTION_ID, "0B8F", NULL },
	};
	static const struct tn_binding_ref nameless[] = {
		{ TN_REF_ACTION_NAME, "", NULL }, { TN_REF_BINDING_ID, NULL, NULL }
	};
	struct tn_op op = { .kind = TN_OP_SET_FLOW,
		.trigger.id = "post-login",
		.refs = refs,
		.n_refs = 3 };

	(void)state;
	check(&op,
	    "PATCH " BASE "/actions/triggers/post-login/bindings\n"
	    "{\"bindings\":["
	    "{\"ref\":{\"type\":\"action_name\",\"value\":\"audit log\"},"
	    "\"display_name\":\"Audit\"},"
	    "{\"ref\":{\"type\":\"binding_id\",\"value\":\"29a9\"}},"
	    "{\"ref\":{\"type\":\"action_id\",\"value\":\"0B8F\"}}]}");
	for (size_t i = 0; i < TN_ARRAY_LEN(nameless); i++) {
		op.refs = &nameless[i];
		op.n_refs = 1;
		assert_int_equal(help_request_error(&op), TN_E_BUG);
	}
	/* Nothing at all is not a flow without bindings. */
	op.n_refs = 0;
	assert_int_equal(help_request_error(&op), TN_E_BUG);
}

static void
every_operation_names_its_resource_without_ids(void **state)
{
	struct tn_content content = { .code = "x" };
	struct tn_flow flow = { "post-login", NULL, 0 };
	struct tn_value payload = { .kind = TN_VALUE_OBJECT };
	struct tn_op op = { .id = "id-1",
		.payload = &payload,
		.version_id = "version-1",
		.name = "name-1",
		.trigger = { "trigger-1", "v1" },
		.content = &content,
		.flow = &flow };

	(void)state;
	for (int kind = 0; kind < TN_OP__COUNT; kind++) {
		struct tn_http_request req = { 0 };

		op.kind = (enum tn_op_kind)kind;
		assert_int_equal(tn_auth0_provider.request(&help_connection, &op, &req,
				     NULL),
		    0);
		assert_true(tn_text_starts(req.resource, "/actions/"));
		assert_null(strstr(req.resource, "-1"));
		assert_null(tn_http_header_text(&req, "Authorization"));
		tn_http_request_done(&req);
	}
}

static void
traits_say_which_right_each_operation_needs(void **state)
{
	static const char *const rights[TN_OP__COUNT] = {
		[TN_OP_LIST_ACTIONS] = "read:actions",
		[TN_OP_FIND_ACTION] = "read:actions",
		[TN_OP_GET_ACTION] = "read:actions",
		[TN_OP_CREATE_ACTION] = "create:actions",
		[TN_OP_UPDATE_ACTION] = "update:actions",
		[TN_OP_RENAME_ACTION] = "update:actions",
		[TN_OP_DELETE_ACTION] = "delete:actions",
		[TN_OP_DEPLOY_ACTION] = "create:actions",
		[TN_OP_TEST_ACTION] = "create:actions",
		[TN_OP_LIST_VERSIONS] = "read:actions",
		[TN_OP_GET_VERSION] = "read:actions",
		[TN_OP_DEPLOY_VERSION] = "create:actions",
		[TN_OP_GET_FLOW] = "read:actions",
		[TN_OP_SET_FLOW] = "update:actions",
		[TN_OP_LIST_TRIGGERS] = "read:actions",
		[TN_OP_GET_EXECUTION] = "read:actions",
		[TN_OP_LIST_MODULES] = "read:actions",
		[TN_OP_FIND_MODULE] = "read:actions",
		[TN_OP_GET_MODULE] = "read:actions",
		[TN_OP_CREATE_MODULE] = "create:actions",
		[TN_OP_UPDATE_MODULE] = "update:actions",
		[TN_OP_DELETE_MODULE] = "delete:actions",
		[TN_OP_LIST_MODULE_USERS] = "read:actions",
		[TN_OP_LIST_MODULE_VERSIONS] = "read:actions",
		[TN_OP_GET_MODULE_VERSION] = "read:actions",
		[TN_OP_PUBLISH_MODULE] = "update:actions",
		[TN_OP_ROLLBACK_MODULE] = "update:actions",
	};
	static const enum tn_op_kind once[] = { TN_OP_CREATE_ACTION, TN_OP_DEPLOY_ACTION,
		TN_OP_DEPLOY_VERSION, TN_OP_TEST_ACTION, TN_OP_CREATE_MODULE,
		TN_OP_PUBLISH_MODULE };

	(void)state;
	for (size_t i = 0; i < TN_OP__COUNT; i++) {
		const struct tn_op_traits *traits = &tn_auth0_provider.traits[i];

		assert_string_equal(traits->right, rights[i]);
		assert_int_equal(traits->writes, strcmp(rights[i], "read:actions") != 0);
		assert_true(strlen(traits->words) > 5);
	}
	for (size_t i = 0; i < TN_ARRAY_LEN(once); i++)
		assert_false(tn_auth0_provider.traits[once[i]].idempotent);
	assert_true(tn_auth0_provider.traits[TN_OP_SET_FLOW].idempotent);
	assert_true(tn_auth0_provider.traits[TN_OP_UPDATE_ACTION].idempotent);
}

static void
capabilities_are_the_published_limits(void **state)
{
	const struct tn_capabilities *can = tn_auth0_provider.capabilities;

	(void)state;
	assert_true(
	    can->versions && can->drafts && can->secrets && can->ordered_bindings);
	assert_int_equal(can->limits.actions, 100);
	assert_int_equal(can->limits.modules, 100);
	assert_int_equal(can->limits.bindings, 20);
	assert_int_equal(can->limits.uses, 3);
	assert_int_equal(can->limits.action.secrets, 30);
	assert_int_equal(can->limits.action.dependencies, 10);
	assert_int_equal(can->limits.action.secret_name, 128);
	assert_int_equal(can->limits.action.secret_value, 4096);
	assert_int_equal(can->limits.action.code, 102400);
	assert_int_equal(can->limits.module.secrets, 30);
	assert_int_equal(can->limits.module.dependencies, 10);
	assert_int_equal(can->limits.module.code, 65536);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_have_the_documented_paths),
		cmocka_unit_test(one_version_and_one_execution_are_read_by_id),
		cmocka_unit_test(a_list_takes_every_condition),
		cmocka_unit_test(only_who_says_force_deletes_by_force),
		cmocka_unit_test(a_test_run_sends_its_payload),
		cmocka_unit_test(a_look_up_by_name_encodes_the_name),
		cmocka_unit_test(an_id_cannot_leave_its_place_in_the_path),
		cmocka_unit_test(an_upper_case_id_stays_upper_case),
		cmocka_unit_test(an_operation_without_its_id_is_never_sent),
		cmocka_unit_test(create_sends_all_of_it_and_secrets_with_values),
		cmocka_unit_test(create_of_the_least_leaves_out_what_is_not_said),
		cmocka_unit_test(create_without_a_secrets_value_is_refused),
		cmocka_unit_test(
		    update_sends_the_whole_draft_and_no_secrets_unless_asked),
		cmocka_unit_test(update_sends_values_where_there_are_and_names_where_not),
		cmocka_unit_test(update_can_remove_all_secrets),
		cmocka_unit_test(update_leaves_out_the_keys_that_are_to_stay),
		cmocka_unit_test(writes_without_content_are_bugs),
		cmocka_unit_test(deploys_have_the_documented_bodies),
		cmocka_unit_test(bindings_are_sent_by_id_in_order_as_they_were_read),
		cmocka_unit_test(a_binding_without_an_id_is_never_sent),
		cmocka_unit_test(bindings_can_be_named_in_three_ways),
		cmocka_unit_test(every_operation_names_its_resource_without_ids),
		cmocka_unit_test(traits_say_which_right_each_operation_needs),
		cmocka_unit_test(capabilities_are_the_published_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
