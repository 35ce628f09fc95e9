#include "help.h"

#include "base/mem.h"
#include "base/secret.h"

/* Modules: bodies, answers in their own shapes, and the modules of an action. */

#define API "https://acme.eu.auth0.com/api/v2/actions/modules"

static void
check(const struct tn_op *op, const char *expected)
{
	TN_CLEANUP(tn_freep) char *request = help_request(op);

	assert_string_equal(request, expected);
}

static void
reads_have_paths_of_their_own(void **state)
{
	(void)state;
	check(&(struct tn_op){ .kind = TN_OP_LIST_MODULES, .page = 2 },
	    "GET " API "?page=2&per_page=100\n");
	check(&(struct tn_op){ .kind = TN_OP_FIND_MODULE, .name = "greeter" },
	    "GET " API "\n");
	check(&(struct tn_op){ .kind = TN_OP_GET_MODULE, .id = "m1" },
	    "GET " API "/m1\n");
	check(&(struct tn_op){ .kind = TN_OP_LIST_MODULE_USERS, .id = "m1" },
	    "GET " API "/m1/actions?page=0&per_page=100\n");
	check(&(struct tn_op){ .kind = TN_OP_LIST_MODULE_VERSIONS, .id = "m1" },
	    "GET " API "/m1/versions?page=0&per_page=50\n");
	check(&(struct tn_op){ .kind = TN_OP_GET_MODULE_VERSION,
		  .id = "m1",
		  .version_id = "v/1" },
	    "GET " API "/m1/versions/v%2F1\n");
}

static void
a_module_is_created_with_all_its_values(void **state)
{
	const struct tn_dependency dependency = { "axios", "1.7.2", NULL };
	const struct tn_secret_ref secret = { .name = "TOKEN" };
	struct tn_secret *value = tn_secret_new("s3cret", 6);
	const struct tn_secret_value values[] = { { "TOKEN", value } };
	const struct tn_content content = {
		.code = "module.exports = {};",
		.dependencies = &dependency,
		.n_dependencies = 1,
		.secrets = &secret,
		.n_secrets = 1,
	};
	struct tn_op op = {
		.kind = TN_OP_CREATE_MODULE,
		.name = "greeter",
		.content = &content,
		.values = values,
		.n_values = 1,
		.deploy = true,
	};

	(void)state;
	check(&op,
	    "POST " API "\n"
	    "{\"name\":\"greeter\",\"code\":\"module.exports = {};\","
	    "\"dependencies\":[{\"name\":\"axios\",\"version\":\"1.7.2\"}],"
	    "\"publish\":true,\"secrets\":[{\"name\":\"TOKEN\",\"value\":\"s3cret\"}]}");
	op.n_values = 0;
	assert_int_equal(help_request_error(&op), TN_E_INPUT);
	tn_secret_unref(value);
}

/* The name cannot change, and a registry is no key of a module's dependency. */
static void
an_update_sends_what_may_change(void **state)
{
	const struct tn_dependency dependency = { "axios", "1.7.2", "https://r.example" };
	const struct tn_secret_ref secret = { .name = "TOKEN" };
	const struct tn_content content = {
		.code = "x",
		.dependencies = &dependency,
		.n_dependencies = 1,
		.secrets = &secret,
		.n_secrets = 1,
	};
	struct tn_op op = {
		.kind = TN_OP_UPDATE_MODULE,
		.id = "m1",
		.name = "greeter",
		.content = &content,
	};

	(void)state;
	check(&op,
	    "PATCH " API "/m1\n"
	    "{\"code\":\"x\",\"dependencies\":[{\"name\":\"axios\",\"version\":"
	    "\"1.7.2\"}]}");
	op.send_secrets = true;
	assert_int_equal(help_request_error(&op), TN_E_INPUT);
}

static void
publishing_rolling_back_and_deleting(void **state)
{
	(void)state;
	check(&(struct tn_op){ .kind = TN_OP_PUBLISH_MODULE, .id = "m1" },
	    "POST " API "/m1/versions\n");
	check(&(struct tn_op){ .kind = TN_OP_ROLLBACK_MODULE,
		  .id = "m1",
		  .version_id = "v1" },
	    "POST " API "/m1/rollback\n{\"module_version_id\":\"v1\"}");
	check(&(struct tn_op){ .kind = TN_OP_DELETE_MODULE, .id = "m1" },
	    "DELETE " API "/m1\n");
	assert_int_equal(help_request_error(&(
			     struct tn_op){ .kind = TN_OP_ROLLBACK_MODULE, .id = "m1" }),
	    TN_E_BUG);
}

/* Only where it is asked for: a tenant without the feature may know no such key. */
static void
an_action_is_sent_with_the_versions_it_uses(void **state)
{
	const struct tn_module_ref ref = { "greeter", 2, "m1", "v2" };
	struct tn_content content = { .code = "x", .modules = &ref, .n_modules = 1 };
	struct tn_op op = {
		.kind = TN_OP_UPDATE_ACTION,
		.id = "a1",
		.trigger = { "post-login", "v3" },
		.content = &content,
	};

	(void)state;
	check(&op,
	    "PATCH https://acme.eu.auth0.com/api/v2/actions/actions/a1\n"
	    "{\"supported_triggers\":[{\"id\":\"post-login\",\"version\":\"v3\"}],"
	    "\"code\":\"x\",\"dependencies\":[]}");
	op.send_modules = true;
	check(&op,
	    "PATCH https://acme.eu.auth0.com/api/v2/actions/actions/a1\n"
	    "{\"supported_triggers\":[{\"id\":\"post-login\",\"version\":\"v3\"}],"
	    "\"code\":\"x\",\"dependencies\":[],\"modules\":[{\"module_id\":\"m1\","
	    "\"module_version_id\":\"v2\"}]}");
	content.n_modules = 0;
	check(&op,
	    "PATCH https://acme.eu.auth0.com/api/v2/actions/actions/a1\n"
	    "{\"supported_triggers\":[{\"id\":\"post-login\",\"version\":\"v3\"}],"
	    "\"code\":\"x\",\"dependencies\":[],\"modules\":[]}");
}

#define DRAFT                                                                           \
	"\"id\":\"m1\",\"name\":\"greeter\",\"code\":\"new\",\"dependencies\":[],"      \
	"\"secrets\":[{\"name\":\"TOKEN\",\"updated_at\":\"2026-02-16T16:36:45.4Z\"}]," \
	"\"all_changes_published\":false,\"actions_using_module_total\":0,"             \
	"\"created_at\":\"2026-02-16T16:36:38.7Z\","                                    \
	"\"updated_at\":\"2026-02-16T16:36:45.4Z\""

static void
a_module_shows_its_draft_and_its_newest_version(void **state)
{
	static const struct tn_op get = { .kind = TN_OP_GET_MODULE, .id = "m1" };
	const struct tn_live_module *module;
	struct help_answer a;

	(void)state;
	help_answer(&a, &get, 200,
	    "{" DRAFT ",\"latest_version\":{\"id\":\"v2\",\"version_number\":2,"
	    "\"code\":\"old\",\"dependencies\":[{\"name\":\"axios\",\"version\":"
	    "\"1.7.2\"}],\"secrets\":[]}}");
	assert_int_equal(a.r, 0);
	assert_int_equal(a.result.n_modules, 1);
	module = a.result.modules;
	assert_string_equal(module->name, "greeter");
	assert_string_equal(module->draft.code, "new");
	assert_string_equal(module->draft.secrets[0].updated_at,
	    "2026-02-16T16:36:45.4Z");
	assert_string_equal(module->updated_at, "2026-02-16T16:36:45.4Z");
	assert_false(module->all_published);
	assert_true(module->has_latest);
	assert_int_equal(module->latest_number, 2);
	assert_string_equal(module->latest.id, "v2");
	assert_string_equal(module->latest.content.code, "old");
	assert_int_equal(module->latest.content.n_dependencies, 1);
	help_done(&a);
	help_answer(&a, &get, 200, "{" DRAFT "}");
	assert_false(a.result.modules->has_latest);
	assert_int_equal(a.result.modules->latest_number, 0);
	help_done(&a);
}

static void
an_answer_about_another_module_is_none(void **state)
{
	static const struct tn_op other = { .kind = TN_OP_GET_MODULE, .id = "m9" };
	static const struct tn_op version = { .kind = TN_OP_GET_MODULE_VERSION,
		.id = "m1",
		.version_id = "v9" };
	static const struct tn_op update = { .kind = TN_OP_UPDATE_MODULE, .id = "m9" };
	struct help_answer a;

	(void)state;
	help_answer(&a, &other, 200, "{" DRAFT "}");
	assert_int_equal(a.err.kind, TN_E_PLATFORM);
	help_done(&a);
	help_answer(&a, &version, 200, "{\"id\":\"v1\",\"version_number\":1}");
	assert_int_equal(a.err.kind, TN_E_PLATFORM);
	help_done(&a);
	/* Something was written, and nobody knows what. */
	help_answer(&a, &update, 200, "{" DRAFT "}");
	assert_int_equal(a.err.kind, TN_E_UNKNOWN);
	help_done(&a);
}

static void
a_list_tells_numbers_and_whether_more_follows(void **state)
{
	static const struct tn_op list = { .kind = TN_OP_LIST_MODULES };
	struct help_answer a;

	(void)state;
	help_answer(&a, &list, 200,
	    "{\"modules\":[{" DRAFT ",\"latest_version_number\":7}],\"total\":3,"
	    "\"page\":0,\"per_page\":1}");
	assert_int_equal(a.r, 0);
	assert_int_equal(a.result.n_modules, 1);
	assert_int_equal(a.result.modules[0].latest_number, 7);
	assert_false(a.result.modules[0].has_latest);
	assert_true(a.result.more);
	help_done(&a);
	help_answer(&a, &list, 200,
	    "{\"modules\":[],\"total\":0,\"page\":0,\"per_page\":100}");
	assert_int_equal(a.r, 0);
	assert_int_equal(a.result.n_modules, 0);
	assert_false(a.result.more);
	assert_false(a.result.modules_off);
	help_done(&a);
}

static void
a_module_is_found_by_its_exact_name(void **state)
{
	static const char body[] = "{\"modules\":[{" DRAFT "},{\"id\":\"m2\","
				   "\"name\":\"greeter2\"}],\"total\":2}";
	struct tn_op find = { .kind = TN_OP_FIND_MODULE, .name = "greeter2" };
	struct help_answer a;

	(void)state;
	help_answer(&a, &find, 200, body);
	assert_int_equal(a.result.n_modules, 1);
	assert_string_equal(a.result.modules[0].id, "m2");
	help_done(&a);
	find.name = "nobody";
	help_answer(&a, &find, 200, body);
	assert_int_equal(a.r, 0);
	assert_int_equal(a.result.n_modules, 0);
	help_done(&a);
}

/* Recorded: a tenant without the feature refuses the list. */
static void
a_tenant_without_the_feature_has_no_modules(void **state)
{
	static const char off[] =
	    "{\"statusCode\":403,\"error\":\"Forbidden\",\"message\":\"This feature is "
	    "not enabled for this tenant.\",\"errorCode\":\"feature_not_enabled\"}";
	static const char scope[] =
	    "{\"statusCode\":403,\"error\":\"Forbidden\",\"message\":\"Insufficient "
	    "scope, expected any of: read:actions\",\"errorCode\":\"insufficient_scope\"}";
	static const struct tn_op list = { .kind = TN_OP_LIST_MODULES };
	static const struct tn_op create = { .kind = TN_OP_CREATE_MODULE };
	struct help_answer a;

	(void)state;
	help_answer(&a, &list, 403, off);
	assert_int_equal(a.r, 0);
	assert_true(a.result.modules_off);
	assert_int_equal(a.result.n_modules, 0);
	help_done(&a);
	help_answer(&a, &list, 403, scope);
	assert_int_equal(a.err.kind, TN_E_PERMISSION);
	help_done(&a);
	help_answer(&a, &create, 403, off);
	assert_int_equal(a.err.kind, TN_E_PERMISSION);
	help_done(&a);
}

static void
versions_have_a_number_and_a_content(void **state)
{
	static const struct tn_op list = { .kind = TN_OP_LIST_MODULE_VERSIONS,
		.id = "m1" };
	static const struct tn_op publish = { .kind = TN_OP_PUBLISH_MODULE, .id = "m1" };
	struct help_answer a;

	(void)state;
	help_answer(&a, &list, 200,
	    "{\"versions\":[{\"id\":\"v2\",\"module_id\":\"m1\",\"version_number\":2,"
	    "\"code\":\"two\",\"secrets\":[],\"dependencies\":[],\"created_at\":"
	    "\"2026-02-16T16:36:45.4Z\"},{\"id\":\"v1\",\"version_number\":1}],"
	    "\"total\":2,\"page\":0,\"per_page\":50}");
	assert_int_equal(a.r, 0);
	assert_int_equal(a.result.n_versions, 2);
	assert_int_equal(a.result.versions[0].number, 2);
	assert_string_equal(a.result.versions[0].content.code, "two");
	assert_string_equal(a.result.versions[1].id, "v1");
	assert_false(a.result.more);
	help_done(&a);
	help_answer(&a, &publish, 200,
	    "{\"id\":\"v3\",\"module_id\":\"m1\",\"version_number\":3,\"code\":\"x\"}");
	assert_int_equal(a.result.n_versions, 1);
	assert_int_equal(a.result.versions[0].number, 3);
	help_done(&a);
}

static void
users_are_told_with_their_versions(void **state)
{
	static const struct tn_op users = { .kind = TN_OP_LIST_MODULE_USERS, .id = "m1" };
	struct help_answer a;

	(void)state;
	help_answer(&a, &users, 200,
	    "{\"actions\":[{\"action_id\":\"a1\",\"action_name\":\"enrich\","
	    "\"module_version_id\":\"v2\",\"module_version_number\":2}],\"total\":1,"
	    "\"per_page\":50}");
	assert_int_equal(a.r, 0);
	assert_int_equal(a.result.n_users, 1);
	assert_string_equal(a.result.users[0].action_id, "a1");
	assert_string_equal(a.result.users[0].action_name, "enrich");
	assert_string_equal(a.result.users[0].version_id, "v2");
	assert_int_equal(a.result.users[0].version_number, 2);
	help_done(&a);
}

static void
an_action_tells_the_versions_it_uses(void **state)
{
	static const struct tn_op get = { .kind = TN_OP_GET_ACTION, .id = "a1" };
	const struct tn_live_action *action;
	struct help_answer a;

	(void)state;
	help_answer(&a, &get, 200,
	    "{\"id\":\"a1\",\"name\":\"enrich\",\"modules\":[{\"module_id\":\"m1\","
	    "\"module_name\":\"greeter\",\"module_version_id\":\"v2\","
	    "\"module_version_number\":2}],\"deployed_version\":{\"id\":\"w1\","
	    "\"modules\":[{\"module_id\":\"m1\",\"module_name\":\"greeter\","
	    "\"module_version_id\":\"v1\",\"module_version_number\":1}]}}");
	assert_int_equal(a.r, 0);
	action = a.result.actions;
	assert_int_equal(action->draft.n_modules, 1);
	assert_string_equal(action->draft.modules[0].name, "greeter");
	assert_string_equal(action->draft.modules[0].module_id, "m1");
	assert_string_equal(action->draft.modules[0].version_id, "v2");
	assert_int_equal(action->draft.modules[0].number, 2);
	assert_int_equal(action->live.content.modules[0].number, 1);
	help_done(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_have_paths_of_their_own),
		cmocka_unit_test(a_module_is_created_with_all_its_values),
		cmocka_unit_test(an_update_sends_what_may_change),
		cmocka_unit_test(publishing_rolling_back_and_deleting),
		cmocka_unit_test(an_action_is_sent_with_the_versions_it_uses),
		cmocka_unit_test(a_module_shows_its_draft_and_its_newest_version),
		cmocka_unit_test(an_answer_about_another_module_is_none),
		cmocka_unit_test(a_list_tells_numbers_and_whether_more_follows),
		cmocka_unit_test(a_module_is_found_by_its_exact_name),
		cmocka_unit_test(a_tenant_without_the_feature_has_no_modules),
		cmocka_unit_test(versions_have_a_number_and_a_content),
		cmocka_unit_test(users_are_told_with_their_versions),
		cmocka_unit_test(an_action_tells_the_versions_it_uses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
