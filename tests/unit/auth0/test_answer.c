#include "help.h"

#include "base/mem.h"
#include <stdio.h>

/* Bodies are told after recorded ones: same keys, same order, same omissions. */
#define DRAFT                                                                        \
	"{\"id\":\"bd0c5171-9fcd-4f23-b34c-9ac4cc27dc48\",\"name\":\"enrich\","      \
	"\"supported_triggers\":[{\"id\":\"post-login\",\"version\":\"v2\"}],"       \
	"\"created_at\":\"2023-01-25T17:42:09.416646212Z\","                         \
	"\"updated_at\":\"2023-01-25T17:42:09.432535192Z\","                         \
	"\"code\":\"exports.x = async () => {}\","                                   \
	"\"dependencies\":[{\"name\":\"lodash\",\"version\":\"4.0.0\","              \
	"\"registry_url\":\"https://www.npmjs.com/package/lodash\"}],"               \
	"\"runtime\":\"node16\",\"status\":\"pending\","                             \
	"\"secrets\":[{\"name\":\"S\",\"updated_at\":\"2023-01-25T17:42:09.43Z\"}]," \
	"\"all_changes_deployed\":false}"

#define VERSION(deployed, built_at)                                           \
	"{\"code\":\"live();\",\"dependencies\":[{\"name\":\"lodash\","       \
	"\"version\":\"4.0.0\"}],\"id\":\"35ae3c8e\",\"deployed\":" deployed  \
	",\"number\":7," built_at "\"secrets\":[],\"status\":\"built\","      \
	"\"created_at\":\"2023-01-25T17:42:14Z\","                            \
	"\"updated_at\":\"2023-01-25T17:42:14.935Z\",\"runtime\":\"node18\"," \
	"\"supported_triggers\":[{\"id\":\"post-login\",\"version\":\"v2\"}]}"
#define BUILT_AT "\"built_at\":\"2023-01-25T17:42:14.935058189Z\","

static const struct tn_op list = { .kind = TN_OP_LIST_ACTIONS };
static const struct tn_op get = { .kind = TN_OP_GET_ACTION };
static const struct tn_op create = { .kind = TN_OP_CREATE_ACTION, .name = "enrich" };
static const struct tn_op deploy = { .kind = TN_OP_DEPLOY_ACTION, .id = "bd0c" };
static const struct tn_op versions = { .kind = TN_OP_LIST_VERSIONS, .id = "bd0c" };
static const struct tn_op get_flow = { .kind = TN_OP_GET_FLOW,
	.trigger.id = "post-login" };
static const struct tn_op set_flow = { .kind = TN_OP_SET_FLOW,
	.trigger.id = "post-login" };
static const struct tn_op triggers = { .kind = TN_OP_LIST_TRIGGERS };

static void
a_fresh_draft_is_read_whole(void **state)
{
	struct help_answer a;
	const struct tn_live_action *action;

	(void)state;
	help_answer(&a, &create, 201, DRAFT);
	assert_int_equal(a.r, 0);
	assert_int_equal(a.result.n_actions, 1);
	action = &a.result.actions[0];
	assert_string_equal(action->id, "bd0c5171-9fcd-4f23-b34c-9ac4cc27dc48");
	assert_string_equal(action->name, "enrich");
	assert_string_equal(action->trigger.id, "post-login");
	assert_string_equal(action->trigger.version, "v2");
	assert_string_equal(action->created_at, "2023-01-25T17:42:09.416646212Z");
	assert_string_equal(action->updated_at, "2023-01-25T17:42:09.432535192Z");
	assert_false(action->installed);
	assert_int_equal(action->build, TN_BUILD_RUNNING);
	assert_string_equal(action->build_status, "pending");
	assert_string_equal(action->draft.code, "exports.x = async () => {}");
	assert_string_equal(action->draft.runtime, "node16");
	assert_int_equal(action->draft.n_dependencies, 1);
	assert_string_equal(action->draft.dependencies[0].name, "lodash");
	assert_string_equal(action->draft.dependencies[0].version, "4.0.0");
	assert_string_equal(action->draft.dependencies[0].registry,
	    "https://www.npmjs.com/package/lodash");
	assert_int_equal(action->draft.n_secrets, 1);
	assert_string_equal(action->draft.secrets[0].name, "S");
	assert_string_equal(action->draft.secrets[0].updated_at,
	    "2023-01-25T17:42:09.43Z");
	assert_null(action->draft.secrets[0].fingerprint);
	assert_false(action->has_live);
	help_done(&a);
}

static void
a_deployed_version_is_read_beside_the_draft(void **state)
{
	struct help_answer a;
	const struct tn_live_action *action;

	(void)state;
	help_answer(&a, &get, 200,
	    "{\"id\":\"x\",\"name\":\"n\",\"code\":\"draft();\",\"status\":\"built\","
	    "\"current_version\":{\"id\":\"35ae3c8e\",\"status\":\"BUILT\"},"
	    "\"deployed_version\":" VERSION("true", BUILT_AT) "}");
	assert_int_equal(a.r, 0);
	action = &a.result.actions[0];
	assert_int_equal(action->build, TN_BUILD_BUILT);
	assert_string_equal(action->draft.code, "draft();");
	assert_true(action->has_live);
	assert_string_equal(action->live.id, "35ae3c8e");
	assert_int_equal(action->live.number, 7);
	assert_true(action->live.deployed);
	assert_true(action->live.built);
	assert_string_equal(action->live.content.code, "live();");
	assert_string_equal(action->live.content.runtime, "node18");
	assert_string_equal(action->live.created_at, "2023-01-25T17:42:14Z");
	assert_int_equal(action->live.content.n_dependencies, 1);
	assert_null(action->live.content.dependencies[0].registry);
	help_done(&a);
}

static void
every_word_of_a_build_has_a_meaning(void **state)
{
	static const struct {
		const char *status;
		enum tn_build build;
	} cases[] = {
		{ "pending", TN_BUILD_RUNNING },
		{ "building", TN_BUILD_RUNNING },
		{ "packaged", TN_BUILD_RUNNING },
		{ "retrying", TN_BUILD_RUNNING },
		{ "built", TN_BUILD_BUILT },
		{ "BUILT", TN_BUILD_BUILT },
		{ "failed", TN_BUILD_FAILED },
		{ "Failed", TN_BUILD_FAILED },
		{ "deployed-to-mars", TN_BUILD_RUNNING },
		{ "", TN_BUILD_RUNNING },
	};
	char body[128];

	(void)state;
	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		struct help_answer a;

		snprintf(body, sizeof body,
		    "{\"id\":\"x\",\"name\":\"n\",\"status\":\"%s\"}", cases[i].status);
		help_answer(&a, &get, 200, body);
		assert_int_equal(a.r, 0);
		assert_int_equal(a.result.actions[0].build, cases[i].build);
		assert_string_equal(a.result.actions[0].build_status, cases[i].status);
		help_done(&a);
	}
}

static void
absent_and_null_parts_are_empty(void **state)
{
	static const char *const bodies[] = {
		"{\"id\":\"x\",\"name\":\"n\"}",
		("{\"id\":\"x\",\"name\":\"n\",\"supported_triggers\":null,\"code\":null,"
		 "\"dependencies\":null,\"secrets\":null,\"runtime\":null,\"status\":null,"
		 "\"deployed_version\":null,\"integration\":null,"
		 "\"installed_integration_id\":null,\"created_at\":null,"
		 "\"updated_at\":null}"),
		("{\"id\":\"x\",\"name\":\"n\",\"supported_triggers\":[],"
		 "\"dependencies\":[],\"secrets\":[]}"),
	};

	(void)state;
	for (size_t i = 0; i < TN_ARRAY_LEN(bodies); i++) {
		struct help_answer a;
		const struct tn_live_action *action;

		help_answer(&a, &get, 200, bodies[i]);
		assert_int_equal(a.r, 0);
		action = &a.result.actions[0];
		assert_string_equal(action->draft.code, "");
		assert_null(action->draft.runtime);
		assert_int_equal(action->draft.n_dependencies, 0);
		assert_int_equal(action->draft.n_secrets, 0);
		assert_string_equal(action->trigger.id, "");
		assert_int_equal(action->build, TN_BUILD_RUNNING);
		assert_false(action->has_live);
		assert_false(action->installed);
		help_done(&a);
	}
}

static void
a_marketplace_action_is_installed_and_has_no_draft(void **state)
{
	static const char body[] =
	    "{\"actions\":[{\"id\":\"9F4A0E61-0B4C-4D2B-8C11-2E8D3C5A7B90\","
	    "\"name\":\"Acme Fraud\",\"supported_triggers\":[{\"id\":\"post-login\","
	    "\"version\":\"v2\",\"status\":\"CURRENT\"}],"
	    "\"created_at\":\"2023-03-01T10:00:00.1Z\","
	    "\"updated_at\":\"2023-03-01T10:00:00.1Z\","
	    "\"current_version\":{\"id\":\"c1\",\"runtime\":\"node16\","
	    "\"status\":\"BUILT\"},"
	    "\"deployed_version\":{\"code\":\"\",\"dependencies\":[],\"id\":\"c1\","
	    "\"deployed\":true,\"secrets\":[],\"status\":\"built\"},"
	    "\"installed_integration_id\":\"i1\",\"integration\":{\"id\":\"i1\"},"
	    "\"all_changes_deployed\":false}],\"total\":1,\"per_page\":100}";
	struct help_answer a;
	const struct tn_live_action *action;

	(void)state;
	help_answer(&a, &list, 200, body);
	assert_int_equal(a.r, 0);
	action = &a.result.actions[0];
	assert_true(action->installed);
	assert_string_equal(action->id, "9F4A0E61-0B4C-4D2B-8C11-2E8D3C5A7B90");
	assert_string_equal(action->draft.code, "");
	assert_true(action->has_live);
	assert_int_equal(action->live.number, 0);
	assert_true(action->live.deployed);
	help_done(&a);
}

static void
either_mark_makes_an_action_installed(void **state)
{
	struct help_answer a;

	(void)state;
	help_answer(&a, &get, 200, "{\"id\":\"x\",\"name\":\"n\",\"integration\":{}}");
	assert_true(a.result.actions[0].installed);
	help_done(&a);
	help_answer(&a, &get, 200,
	    "{\"id\":\"x\",\"name\":\"n\",\"installed_integration_id\":\"i\"}");
	assert_true(a.result.actions[0].installed);
	help_done(&a);
}

static void
created_with_deploy_the_version_is_there_but_not_built(void **state)
{
	struct help_answer a;

	(void)state;
	help_answer(&a, &create, 201,
	    "{\"id\":\"x\",\"name\":\"enrich\",\"status\":\"pending\","
	    "\"current_version\":{\"id\":\"v\",\"status\":\"PENDING\",\"number\":1},"
	    "\"deployed_version\":{\"id\":\"v\",\"deployed\":true,\"number\":1,"
	    "\"status\":\"pending\"},\"all_changes_deployed\":true}");
	assert_int_equal(a.r, 0);
	assert_true(a.result.actions[0].has_live);
	assert_true(a.result.actions[0].live.deployed);
	assert_false(a.result.actions[0].live.built);
	help_done(&a);
}

static void
built_needs_the_word_and_the_time(void **state)
{
	static const struct {
		const char *body;
		bool built;
	} cases[] = {
		{ "{\"id\":\"v\",\"status\":\"built\"}", false },
		{ "{\"id\":\"v\",\"status\":\"built\",\"built_at\":null}", false },
		{ "{\"id\":\"v\",\"status\":\"built\",\"built_at\":\"2026-01-01T00:00:00Z\"}",
		    true },
		{ "{\"id\":\"v\",\"status\":\"BUILT\",\"build_time\":\"2026-01-01T00:00:00Z\"}",
		    true },
		{ "{\"id\":\"v\",\"status\":\"failed\",\"built_at\":\"2026-01-01T00:00:00Z\"}",
		    false },
		{ "{\"id\":\"v\",\"built_at\":\"2026-01-01T00:00:00Z\"}", false },
	};

	(void)state;
	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		struct help_answer a;

		help_answer(&a, &deploy, 200, cases[i].body);
		assert_int_equal(a.r, 0);
		assert_int_equal(a.result.n_versions, 1);
		assert_int_equal(a.result.versions[0].built, cases[i].built);
		help_done(&a);
	}
}

static void
the_answer_to_a_deploy_is_a_version_that_is_not_live_yet(void **state)
{
	static const int statuses[] = { 200, 201, 202 };

	(void)state;
	for (size_t i = 0; i < TN_ARRAY_LEN(statuses); i++) {
		struct help_answer a;

		help_answer(&a, &deploy, statuses[i], VERSION("false", ""));
		assert_int_equal(a.r, 0);
		assert_int_equal(a.result.n_versions, 1);
		assert_string_equal(a.result.versions[0].id, "35ae3c8e");
		assert_int_equal(a.result.versions[0].number, 7);
		assert_false(a.result.versions[0].deployed);
		assert_false(a.result.versions[0].built);
		help_done(&a);
	}
}

static void
versions_are_read_in_the_order_given(void **state)
{
	struct help_answer a;

	(void)state;
	help_answer(&a, &versions, 200,
	    "{\"versions\":[{\"id\":\"b\",\"number\":2,\"deployed\":true},"
	    "{\"id\":\"a\",\"number\":1,\"deployed\":false}],\"total\":2,"
	    "\"per_page\":50}");
	assert_int_equal(a.r, 0);
	assert_int_equal(a.result.n_versions, 2);
	assert_string_equal(a.result.versions[0].id, "b");
	assert_true(a.result.versions[0].deployed);
	assert_int_equal(a.result.versions[1].number, 1);
	assert_false(a.result.more);
	help_done(&a);
}

/* It is always false in versions and in bindings, so it counts nowhere. */
static void
no_flag_says_whether_all_is_deployed(void **state)
{
	static const char *const words[] = { "true", "false", "null" };
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	struct tn_value *first = NULL;

	(void)state;
	for (size_t i = 0; i < TN_ARRAY_LEN(words); i++) {
		const char *body = tn_arena_printf(arena,
		    "{\"id\":\"a\",\"name\":\"n\",\"code\":\"x\",\"status\":\"built\","
		    "\"deployed_version\":{\"id\":\"v\",\"code\":\"x\",\"deployed\":true,"
		    "\"action\":{\"all_changes_deployed\":%s}},"
		    "\"all_changes_deployed\":%s}",
		    words[i], words[i]);
		struct tn_value *value;
		struct help_answer a;

		help_answer(&a, &get, 200, body);
		assert_int_equal(a.r, 0);
		assert_true(tn_live_action_clean(a.result.actions));
		value = tn_live_action_to_value(arena, a.result.actions);
		if (first == NULL)
			first = tn_value_clone(arena, value);
		assert_true(tn_value_equal(value, first));
		help_done(&a);
	}
}

static void
a_delete_needs_no_body(void **state)
{
	struct tn_op op = { .kind = TN_OP_DELETE_ACTION, .id = "x" };
	struct help_answer a;

	(void)state;
	help_answer(&a, &op, 204, "");
	assert_int_equal(a.r, 0);
	help_done(&a);
	help_answer(&a, &op, 200, "{}");
	assert_int_equal(a.r, 0);
	help_done(&a);
}

static void
a_flow_keeps_order_duplicates_and_display_names(void **state)
{
	static const char body[] =
	    "{\"bindings\":["
	    "{\"id\":\"b1\",\"trigger_id\":\"post-login\",\"action\":{\"id\":\"a1\","
	    "\"name\":\"enrich\",\"all_changes_deployed\":false},"
	    "\"display_name\":\"Enrich\"},"
	    "{\"id\":\"b2\",\"trigger_id\":\"post-login\",\"action\":{\"id\":\"AA-2\","
	    "\"name\":\"Acme\",\"integration\":{\"id\":\"i\"}}},"
	    "{\"id\":\"b3\",\"trigger_id\":\"post-login\",\"action\":{\"id\":\"a1\","
	    "\"name\":\"enrich\"},\"display_name\":null}],\"total\":3,\"per_page\":100}";
	struct help_answer a;
	const struct tn_flow *flow;

	(void)state;
	help_answer(&a, &get_flow, 200, body);
	assert_int_equal(a.r, 0);
	flow = &a.result.flow;
	assert_string_equal(flow->trigger, "post-login");
	assert_int_equal(flow->n_bindings, 3);
	assert_string_equal(flow->bindings[0].action_id, "a1");
	assert_string_equal(flow->bindings[0].action_name, "enrich");
	assert_string_equal(flow->bindings[0].display_name, "Enrich");
	assert_false(flow->bindings[0].installed);
	assert_string_equal(flow->bindings[1].action_id, "AA-2");
	assert_null(flow->bindings[1].display_name);
	assert_true(flow->bindings[1].installed);
	assert_null(flow->bindings[2].display_name);
	assert_false(a.result.more);
	help_done(&a);
}

static void
binding_ids_stand_beside_the_flow(void **state)
{
	static const char body[] =
	    "{\"bindings\":[{\"id\":\"b-1\",\"action\":{\"id\":\"a\","
	    "\"name\":\"n\"}},{\"action\":{\"id\":\"a\",\"name\":\"n\"}}]}";
	struct help_answer a;

	(void)state;
	help_answer(&a, &get_flow, 200, body);
	assert_int_equal(a.r, 0);
	assert_string_equal(a.result.binding_ids[0], "b-1");
	assert_null(a.result.binding_ids[1]);
	help_done(&a);
	help_answer(&a, &get_flow, 200,
	    "{\"bindings\":[{\"id\":7,\"action\":"
	    "{\"id\":\"a\",\"name\":\"n\"}}]}");
	assert_int_equal(a.err.kind, TN_E_PLATFORM);
	help_done(&a);
}

static void
what_a_filter_excludes_is_left_out_whoever_answers(void **state)
{
	static const char body[] =
	    "{\"actions\":[{\"id\":\"1\",\"name\":\"draft\"},"
	    "{\"id\":\"2\",\"name\":\"runs\",\"deployed_version\":{\"id\":\"v\"}},"
	    "{\"id\":\"3\",\"name\":\"shop\",\"integration\":{},"
	    "\"deployed_version\":{\"id\":\"v\"}}],\"total\":9,\"per_page\":3}";
	static const struct {
		struct tn_action_filter filter;
		const char *ids;
	} cases[] = {
		{ { .name = NULL }, "123" },
		{ { .deployed = TN_YES }, "23" },
		{ { .deployed = TN_NO }, "1" },
		{ { .installed = TN_YES }, "3" },
		{ { .installed = TN_NO }, "12" },
		{ { .name = "runs" }, "2" },
		{ { .deployed = TN_YES, .installed = TN_NO }, "2" },
		{ { .name = "run" }, "" },
	};

	(void)state;
	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		struct tn_op op = { .kind = TN_OP_LIST_ACTIONS,
			.filter = cases[i].filter };
		struct help_answer a;

		help_answer(&a, &op, 200, body);
		assert_int_equal(a.r, 0);
		assert_int_equal(a.result.n_actions, strlen(cases[i].ids));
		for (size_t k = 0; k < a.result.n_actions; k++)
			assert_int_equal(a.result.actions[k].id[0], cases[i].ids[k]);
		/* The page was full before it was filtered. */
		assert_true(a.result.more);
		help_done(&a);
	}
}

static void
an_answer_about_another_version_is_refused(void **state)
{
	struct tn_op op = { .kind = TN_OP_GET_VERSION, .id = "a", .version_id = "v-1" };
	struct help_answer a;

	(void)state;
	help_answer(&a, &op, 200, "{\"id\":\"V-1\",\"number\":4}");
	assert_int_equal(a.r, 0);
	assert_int_equal(a.result.versions[0].number, 4);
	help_done(&a);
	help_answer(&a, &op, 200, "{\"id\":\"v-2\"}");
	assert_int_equal(a.err.kind, TN_E_PLATFORM);
	help_done(&a);
	op.kind = TN_OP_DEPLOY_VERSION;
	help_answer(&a, &op, 200, "{\"id\":\"v-2\"}");
	assert_int_equal(a.r, 0);
	help_done(&a);
}

static void
the_answer_to_a_binding_write_is_the_flow(void **state)
{
	struct help_answer a;

	(void)state;
	help_answer(&a, &set_flow, 200, "{\"bindings\":[]}");
	assert_int_equal(a.r, 0);
	assert_string_equal(a.result.flow.trigger, "post-login");
	assert_int_equal(a.result.flow.n_bindings, 0);
	help_done(&a);
	help_answer(&a, &set_flow, 200,
	    "{\"bindings\":[{\"action\":{\"id\":\"a\",\"name\":\"n\"}}]}");
	assert_int_equal(a.result.flow.n_bindings, 1);
	help_done(&a);
}

static void
a_trigger_bound_elsewhere_has_an_empty_flow(void **state)
{
	static const char body[] =
	    "{\"statusCode\":400,\"error\":\"Bad Request\","
	    "\"message\":\"cannot list action bindings for an entity-bound trigger\"}";
	struct help_answer a;

	(void)state;
	help_answer(&a, &get_flow, 400, body);
	assert_int_equal(a.r, 0);
	assert_int_equal(a.result.flow.n_bindings, 0);
	assert_string_equal(a.result.flow.trigger, "post-login");
	help_done(&a);
	help_answer(&a, &set_flow, 400, body);
	assert_int_equal(a.err.kind, TN_E_INPUT);
	help_done(&a);
}

static void
the_trigger_list_tells_versions_runtimes_and_policy(void **state)
{
	static const char body[] =
	    "{\"triggers\":[{\"id\":\"post-login\",\"version\":\"v3\","
	    "\"status\":\"CURRENT\",\"runtimes\":[\"node18-actions\",\"node22\"],"
	    "\"default_runtime\":\"node22\",\"binding_policy\":\"trigger-bound\","
	    "\"compatible_triggers\":[{\"id\":\"post-login\",\"version\":\"v2\"}]},"
	    "{\"id\":\"send-phone-message\",\"version\":\"v1\","
	    "\"status\":\"DEPRECATED\",\"runtimes\":[],\"compatible_triggers\":[]},"
	    "{\"id\":\"event-stream\",\"version\":\"v1\",\"status\":\"CURRENT\","
	    "\"runtimes\":[\"node22\"],\"binding_policy\":\"entity-bound\"},"
	    "{\"id\":\"new-thing\",\"version\":\"v1\"}]}";
	struct help_answer a;
	const struct tn_trigger_info *info;

	(void)state;
	help_answer(&a, &triggers, 200, body);
	assert_int_equal(a.r, 0);
	assert_int_equal(a.result.n_triggers, 4);
	info = a.result.triggers;
	assert_string_equal(info[0].trigger.id, "post-login");
	assert_string_equal(info[0].trigger.version, "v3");
	assert_true(info[0].current);
	assert_false(info[0].entity_bound);
	assert_int_equal(info[0].n_runtimes, 2);
	assert_string_equal(info[0].runtimes[1], "node22");
	assert_false(info[1].current);
	assert_int_equal(info[1].n_runtimes, 0);
	assert_true(info[2].entity_bound);
	assert_true(info[3].current);
	help_done(&a);
}

/* {"KEY":[n items],EXTRA} */
static char *
page_body(const char *key, size_t n, const char *extra)
{
	struct tn_str text = TN_STR_INIT;

	tn_str_addf(&text, "{\"%s\":[", key);
	for (size_t i = 0; i < n; i++)
		tn_str_addf(&text, "%s{\"id\":\"%zu\",\"name\":\"n%zu\"}", i ? "," : "",
		    i, i);
	tn_str_addf(&text, "]%s}", extra);
	return tn_str_take(&text);
}

static void
another_page_follows_only_a_full_one(void **state)
{
	static const struct {
		size_t n;
		unsigned page;
		const char *extra;
		bool more;
	} cases[] = {
		{ 0, 0, ",\"per_page\":100", false },
		{ 99, 0, ",\"total\":250,\"per_page\":100", false },
		{ 100, 0, ",\"total\":100,\"per_page\":100", false },
		{ 100, 0, ",\"total\":101,\"per_page\":100", true },
		{ 100, 0, ",\"per_page\":100", true },
		{ 100, 0, "", true },
		{ 100, 1, ",\"total\":200,\"page\":1,\"per_page\":100", false },
		{ 100, 1, ",\"total\":201,\"page\":1,\"per_page\":100", true },
		{ 0, 1, ",\"page\":1,\"per_page\":100", false },
		/* A server that gives smaller pages than it was asked for. */
		{ 50, 0, ",\"total\":60,\"per_page\":50", true },
		{ 50, 0, ",\"total\":50,\"per_page\":50", false },
		{ 100, 0, ",\"total\":250,\"per_page\":1000", true },
		/* Rubbish in the envelope does not make an endless list. */
		{ 1, 0, ",\"total\":5,\"per_page\":0", false },
		{ 1, 0, ",\"total\":5,\"per_page\":-3", false },
		{ 1, 0, ",\"total\":5,\"per_page\":\"x\"", false },
		{ 0, 0, ",\"total\":5,\"per_page\":0", false },
		{ 100, 0, ",\"total\":\"many\",\"per_page\":100", true },
		/* An older tenant. */
		{ 100, 0, ",\"total\":100,\"start\":0,\"limit\":100", false },
		{ 100, 0, ",\"total\":101,\"start\":0,\"limit\":100", true },
		{ 100, 1, ",\"total\":201,\"start\":100,\"limit\":100", true },
		{ 100, 1, ",\"total\":200,\"start\":100,\"limit\":100", false },
		{ 25, 1, ",\"total\":51,\"start\":25,\"limit\":25", true },
		{ 25, 1, ",\"total\":50,\"start\":25,\"limit\":25", false },
		{ 0, 2, ",\"total\":50,\"start\":50,\"limit\":25", false },
		{ 100, 0, ",\"total\":9223372036854775807,\"start\":0", true },
		{ 100, 0, ",\"total\":5,\"start\":-9223372036854775808", false },
		{ 100, 0, ",\"total\":-9223372036854775808,\"start\":0", false },
		{ 100, 0, ",\"total\":150,\"start\":9223372036854775807", false },
	};

	(void)state;
	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		struct tn_op op = { .kind = TN_OP_LIST_ACTIONS, .page = cases[i].page };
		char *body = page_body("actions", cases[i].n, cases[i].extra);
		struct help_answer a;

		help_answer(&a, &op, 200, body);
		assert_int_equal(a.r, 0);
		assert_int_equal(a.result.n_actions, cases[i].n);
		assert_int_equal(a.result.more, cases[i].more);
		help_done(&a);
		tn_freep(&body);
	}
}

static void
versions_come_in_pages_of_fifty(void **state)
{
	char *body = page_body("versions", 50, ",\"per_page\":50");
	struct help_answer a;

	(void)state;
	help_answer(&a, &versions, 200, body);
	assert_true(a.result.more);
	help_done(&a);
	tn_freep(&body);
	body = page_body("versions", 50, ",\"total\":50,\"per_page\":50");
	help_answer(&a, &versions, 200, body);
	assert_false(a.result.more);
	help_done(&a);
	tn_freep(&body);
}

static void
a_look_up_gives_the_one_with_exactly_that_name(void **state)
{
	struct tn_op op = { .kind = TN_OP_FIND_ACTION, .name = "enrich" };
	struct help_answer a;

	(void)state;
	help_answer(&a, &op, 200,
	    "{\"actions\":[{\"id\":\"1\",\"name\":\"enrich-more\"},"
	    "{\"id\":\"2\",\"name\":\"enrich\"},{\"id\":\"3\",\"name\":\"Enrich\"}]}");
	assert_int_equal(a.r, 0);
	assert_int_equal(a.result.n_actions, 1);
	assert_string_equal(a.result.actions[0].id, "2");
	help_done(&a);
	help_answer(&a, &op, 200, "{\"actions\":[],\"per_page\":100}");
	assert_int_equal(a.r, 0);
	assert_int_equal(a.result.n_actions, 0);
	help_done(&a);
	help_answer(&a, &op, 200,
	    "{\"actions\":[{\"id\":\"1\",\"name\":\"enrich\"},"
	    "{\"id\":\"2\",\"name\":\"enrich\"}]}");
	assert_int_equal(a.err.kind, TN_E_PLATFORM);
	help_done(&a);
}

static void
an_answer_about_another_action_is_refused(void **state)
{
	struct tn_op op = { .kind = TN_OP_GET_ACTION, .id = "AB-1" };
	struct help_answer a;

	(void)state;
	help_answer(&a, &op, 200, "{\"id\":\"ab-2\",\"name\":\"n\"}");
	assert_int_equal(a.err.kind, TN_E_PLATFORM);
	help_done(&a);
	help_answer(&a, &op, 200, "{\"id\":\"ab-1\",\"name\":\"n\"}");
	assert_int_equal(a.r, 0);
	help_done(&a);
}

static void
what_is_wrong_in_an_answer_is_named(void **state)
{
	static const struct {
		const struct tn_op *op;
		const char *body;
		const char *words;
	} cases[] = {
		{ &get, "", "empty" },
		{ &get, "<html>502</html>", "JSON object" },
		{ &get, "{\"id\":\"x\",\"name\":", "JSON object" },
		{ &get, "{} {}", "JSON object" },
		{ &get, "[]", "array" },
		{ &get, "null", "null" },
		{ &get, "{}", "\"id\" is missing" },
		{ &get, "{\"id\":\"\",\"name\":\"n\"}", "\"id\" is missing" },
		{ &get, "{\"id\":\"x\"}", "\"name\" is missing" },
		{ &get, "{\"id\":7,\"name\":\"n\"}", "\"id\" should be of type string" },
		{ &get, "{\"id\":\"x\",\"name\":\"n\",\"code\":[]}", "\"code\"" },
		{ &get, "{\"id\":\"x\",\"name\":\"n\",\"secrets\":{}}", "\"secrets\"" },
		{ &get, "{\"id\":\"x\",\"name\":\"n\",\"secrets\":[1]}", "secrets[0]" },
		{ &get, "{\"id\":\"x\",\"name\":\"n\",\"dependencies\":[{}]}",
		    "dependencies[0]: \"name\" is missing" },
		{ &get, "{\"id\":\"x\",\"name\":\"n\",\"deployed_version\":\"v\"}",
		    "\"deployed_version\"" },
		{ &get, "{\"id\":\"x\",\"name\":\"n\",\"deployed_version\":{}}",
		    "deployed_version: \"id\" is missing" },
		{ &get,
		    "{\"id\":\"x\",\"name\":\"n\",\"supported_triggers\":[{\"id\":1}]}",
		    "supported_triggers[0]" },
		{ &list, "{}", "\"actions\" is missing" },
		{ &list, "{\"actions\":null}", "\"actions\" is missing" },
		{ &list, "{\"actions\":{}}", "\"actions\"" },
		{ &list, "{\"actions\":[{\"id\":\"a\",\"name\":\"n\"},{\"id\":\"b\"}]}",
		    "actions[1]: \"name\" is missing" },
		{ &list, "{\"actions\":[null]}", "actions[0]" },
		{ &versions, "{\"versions\":[{}]}", "versions[0]: \"id\" is missing" },
		{ &get_flow, "{\"bindings\":[{}]}", "bindings[0]: action: \"id\"" },
		{ &get_flow, "{\"bindings\":[{\"action\":[]}]}", "\"action\"" },
		{ &get_flow,
		    "{\"bindings\":[{\"action\":{\"id\":\"a\",\"name\":\"n\"},"
		    "\"display_name\":5}]}",
		    "\"display_name\"" },
		{ &triggers, "{\"triggers\":[{\"id\":\"x\"}]}",
		    "\"version\" is missing" },
		{ &triggers,
		    "{\"triggers\":[{\"id\":\"x\",\"version\":\"v\",\"runtimes\":[1]}]}",
		    "runtimes[0]" },
	};

	(void)state;
	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		struct help_answer a;

		help_answer(&a, cases[i].op, 200, cases[i].body);
		assert_int_equal(a.err.kind, TN_E_PLATFORM);
		assert_int_equal(a.err.status, 200);
		if (strstr(a.err.message, cases[i].words) == NULL)
			fail_msg("\"%s\" does not say \"%s\"", a.err.message,
			    cases[i].words);
		assert_int_equal(a.result.n_actions, 0);
		help_done(&a);
	}
}

static void
a_write_whose_success_cannot_be_read_is_unknown(void **state)
{
	static const struct tn_op *const writes[] = { &create, &deploy, &set_flow };

	(void)state;
	for (size_t i = 0; i < TN_ARRAY_LEN(writes); i++) {
		struct help_answer a;

		help_answer(&a, writes[i], 200, "{\"cut\":");
		assert_int_equal(a.err.kind, TN_E_UNKNOWN);
		help_done(&a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_fresh_draft_is_read_whole),
		cmocka_unit_test(a_deployed_version_is_read_beside_the_draft),
		cmocka_unit_test(every_word_of_a_build_has_a_meaning),
		cmocka_unit_test(absent_and_null_parts_are_empty),
		cmocka_unit_test(a_marketplace_action_is_installed_and_has_no_draft),
		cmocka_unit_test(either_mark_makes_an_action_installed),
		cmocka_unit_test(created_with_deploy_the_version_is_there_but_not_built),
		cmocka_unit_test(built_needs_the_word_and_the_time),
		cmocka_unit_test(
		    the_answer_to_a_deploy_is_a_version_that_is_not_live_yet),
		cmocka_unit_test(versions_are_read_in_the_order_given),
		cmocka_unit_test(no_flag_says_whether_all_is_deployed),
		cmocka_unit_test(a_delete_needs_no_body),
		cmocka_unit_test(a_flow_keeps_order_duplicates_and_display_names),
		cmocka_unit_test(binding_ids_stand_beside_the_flow),
		cmocka_unit_test(what_a_filter_excludes_is_left_out_whoever_answers),
		cmocka_unit_test(an_answer_about_another_version_is_refused),
		cmocka_unit_test(the_answer_to_a_binding_write_is_the_flow),
		cmocka_unit_test(a_trigger_bound_elsewhere_has_an_empty_flow),
		cmocka_unit_test(the_trigger_list_tells_versions_runtimes_and_policy),
		cmocka_unit_test(another_page_follows_only_a_full_one),
		cmocka_unit_test(versions_come_in_pages_of_fifty),
		cmocka_unit_test(a_look_up_gives_the_one_with_exactly_that_name),
		cmocka_unit_test(an_answer_about_another_action_is_refused),
		cmocka_unit_test(what_is_wrong_in_an_answer_is_named),
		cmocka_unit_test(a_write_whose_success_cannot_be_read_is_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
