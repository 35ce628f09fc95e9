/* Modules: drafts, published versions, and the actions that use them. */
#include "tenant.h"

#include <string.h>

#include "sim/view.h"

#define MODULE "/actions/modules/%s"

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

/* Returns its id. */
static const char *
create(struct tenant *t, const char *name, const char *more)
{
	const char *body = tn_arena_printf(t->arena, "{'name':'%s','code':'// %s'%s}",
	    name, name, more);

	assert_int_equal(tenant_call(t, "POST", "/actions/modules", body), 201);
	return tenant_text(t, "id");
}

/* Returns the id of the version. */
static const char *
publish(struct tenant *t, const char *id)
{
	assert_int_equal(tenant_callf(t, "POST", NULL, MODULE "/versions", id), 200);
	return tenant_text(t, "id");
}

static int
patch(struct tenant *t, const char *id, const char *body)
{
	return tenant_callf(t, "PATCH", body, MODULE, id);
}

static int
get(struct tenant *t, const char *id)
{
	return tenant_callf(t, "GET", NULL, MODULE, id);
}

/* An action that uses the version. */
static const char *
use(struct tenant *t, const char *name, const char *id, const char *version)
{
	return tenant_create(t, name,
	    tn_arena_printf(t->arena,
		",'modules':[{'module_id':'%s','module_version_id':'%s'}]", id, version));
}

static void
test_a_draft_is_not_published_by_writing(void **state)
{
	struct tenant *t = *state;
	const char *id = create(t, "greeter", "");

	assert_false(tenant_true(t, "all_changes_published"));
	assert_false(tenant_has(t, "latest_version"));
	assert_int_equal(tenant_int(t, "actions_using_module_total"), 0);
	assert_int_equal(tenant_time(t, "created_at") % 1000, 0);
	publish(t, id);
	assert_int_equal(tenant_int(t, "version_number"), 1);
	assert_string_equal(tenant_text(t, "module_id"), id);
	get(t, id);
	assert_true(tenant_true(t, "all_changes_published"));
	assert_int_equal(patch(t, id, "{'code':'2'}"), 200);
	assert_false(tenant_true(t, "all_changes_published"));
	assert_string_equal(tenant_text(t, "code"), "2");
	assert_string_equal(tenant_text(t, "latest_version.code"), "// greeter");
	publish(t, id);
	assert_int_equal(tenant_int(t, "version_number"), 2);
	assert_int_equal(tenant_callf(t, "POST", NULL, MODULE "/versions", id), 409);
	tenant_says(t, "no changes");
}

static void
test_publish_with_the_creation(void **state)
{
	struct tenant *t = *state;

	create(t, "a", ",'publish':true");
	assert_true(tenant_true(t, "all_changes_published"));
	assert_int_equal(tenant_int(t, "latest_version.version_number"), 1);
}

static void
test_update_answers_stale_times(void **state)
{
	struct tenant *t = *state;
	const char *id = create(t, "a", "");
	int64_t created = tenant_time(t, "created_at");

	tenant_wait(t, 5000);
	assert_int_equal(patch(t, id, "{'secrets':[{'name':'S','value':'v'}]}"), 200);
	assert_int_equal(tenant_time(t, "updated_at"), created);
	assert_int_equal(tenant_time(t, "secrets[0].updated_at"), created);
	get(t, id);
	assert_true(tenant_time(t, "updated_at") > created + 5000 * TN_MSEC);
	assert_int_equal(tenant_time(t, "secrets[0].updated_at"),
	    tenant_time(t, "updated_at"));
	assert_string_equal(tenant_text(t, "code"), "// a");
	assert_int_equal(patch(t, id, "{'secrets':[]}"), 200);
	assert_int_equal(tenant_size(t, "secrets"), 0);
	assert_null(strstr(tn_str_text(&t->reply.body), "\"v\""));
}

static void
test_rollback_reaches_the_draft_only(void **state)
{
	struct tenant *t = *state;
	const char *id = create(t, "a", ",'publish':true");
	const char *first = tenant_text(t, "latest_version.id"), *body;

	patch(t, id, "{'code':'2'}");
	publish(t, id);
	body = tn_arena_printf(t->arena, "{'module_version_id':'%s'}", first);
	assert_int_equal(tenant_callf(t, "POST", body, MODULE "/rollback", id), 200);
	assert_string_equal(tenant_text(t, "code"), "// a");
	assert_int_equal(tenant_int(t, "latest_version.version_number"), 2);
	assert_false(tenant_true(t, "all_changes_published"));
	assert_int_equal(tenant_callf(t, "POST", body, MODULE "/rollback", id), 409);
	assert_int_equal(tenant_callf(t, "POST", "{'module_version_id':'x'}",
			     MODULE "/rollback", id),
	    404);
	assert_int_equal(tenant_callf(t, "POST", "{}", MODULE "/rollback", id), 400);
}

static void
test_lists_print_their_zeros(void **state)
{
	struct tenant *t = *state;
	const char *id, *version;

	tenant_call(t, "GET", "/actions/modules", NULL);
	assert_string_equal(tn_str_text(&t->reply.body),
	    "{\"modules\":[],\"total\":0,\"page\":0,\"per_page\":100}");
	create(t, "a", "");
	id = create(t, "b", ",'publish':true");
	tenant_call(t, "GET", "/actions/modules?page=1&per_page=1", NULL);
	assert_int_equal(tenant_int(t, "total"), 2);
	assert_string_equal(tenant_text(t, "modules[0].name"), "b");
	assert_int_equal(tenant_int(t, "modules[0].latest_version_number"), 1);
	assert_false(tenant_has(t, "modules[0].latest_version"));
	patch(t, id, "{'code':'2'}");
	version = publish(t, id);
	tenant_callf(t, "GET", NULL, MODULE "/versions", id);
	assert_string_equal(tenant_text(t, "versions[0].id"), version);
	assert_int_equal(tenant_int(t, "versions[1].version_number"), 1);
	assert_int_equal(tenant_int(t, "total"), 2);
	tenant_callf(t, "GET", NULL, MODULE "/versions?page=1&per_page=50", id);
	assert_string_equal(tn_str_text(&t->reply.body),
	    "{\"versions\":[],\"total\":0,\"page\":1,\"per_page\":50}");
	assert_int_equal(tenant_callf(t, "GET", NULL, MODULE "/versions/%s", id, version),
	    200);
	assert_string_equal(tenant_text(t, "code"), "2");
	assert_int_equal(tenant_callf(t, "GET", NULL, MODULE "/versions/nope", id), 404);
}

static void
test_actions_pin_a_version(void **state)
{
	struct tenant *t = *state;
	const char *id = create(t, "a", ",'publish':true");
	const char *first = tenant_text(t, "latest_version.id");
	const char *action = use(t, "user", id, first);

	assert_string_equal(tenant_text(t, "modules[0].module_name"), "a");
	assert_int_equal(tenant_int(t, "modules[0].module_version_number"), 1);
	tenant_callf(t, "GET", NULL, MODULE "/actions", id);
	assert_string_equal(tn_str_text(&t->reply.body),
	    "{\"actions\":[],\"per_page\":50}");
	tenant_deploy(t, action);
	tenant_callf(t, "GET", NULL, MODULE "/actions", id);
	assert_string_equal(tenant_text(t, "actions[0].action_id"), action);
	assert_string_equal(tenant_text(t, "actions[0].module_version_id"), first);
	get(t, id);
	assert_int_equal(tenant_int(t, "actions_using_module_total"), 1);
	patch(t, id, "{'code':'2'}");
	publish(t, id);
	tenant_callf(t, "GET", NULL, "/actions/actions/%s", action);
	assert_int_equal(tenant_int(t, "modules[0].module_version_number"), 1);
	assert_true(tenant_true(t, "all_changes_deployed"));
	tenant_callf(t, "PATCH", "{'modules':[]}", "/actions/actions/%s", action);
	assert_false(tenant_has(t, "modules"));
	assert_false(tenant_true(t, "all_changes_deployed"));
	assert_true(tenant_has(t, "deployed_version.modules"));
}

static void
test_a_used_module_cannot_be_deleted(void **state)
{
	struct tenant *t = *state;
	const char *id = create(t, "a", ",'publish':true");
	const char *action = use(t, "user", id, tenant_text(t, "latest_version.id"));

	assert_int_equal(tenant_callf(t, "DELETE", NULL, MODULE, id), 412);
	tenant_deploy(t, action);
	tenant_callf(t, "PATCH", "{'modules':[]}", "/actions/actions/%s", action);
	assert_int_equal(tenant_callf(t, "DELETE", NULL, MODULE, id), 412);
	tenant_deploy(t, action);
	assert_int_equal(tenant_callf(t, "DELETE", NULL, MODULE, id), 204);
	assert_int_equal(tenant_callf(t, "DELETE", NULL, MODULE, id), 404);
	tenant_says(t, "That module does not exist.");
}

static void
test_the_oldest_unused_version_makes_place(void **state)
{
	struct tn_sim_options options = TN_SIM_OPTIONS_INIT;
	struct tenant t;
	const char *id, *first, *second;

	(void)state;
	options.limits.versions = 2;
	tenant_open(&t, &options);
	id = create(&t, "a", ",'publish':true");
	first = tenant_text(&t, "latest_version.id");
	use(&t, "user", id, first);
	patch(&t, id, "{'code':'2'}");
	second = publish(&t, id);
	patch(&t, id, "{'code':'3'}");
	publish(&t, id);
	assert_int_equal(tenant_int(&t, "version_number"), 3);
	assert_int_equal(tenant_callf(&t, "GET", NULL, MODULE "/versions/%s", id, second),
	    404);
	assert_int_equal(tenant_callf(&t, "GET", NULL, MODULE "/versions/%s", id, first),
	    200);
	get(&t, id);
	use(&t, "other", id, tenant_text(&t, "latest_version.id"));
	patch(&t, id, "{'code':'4'}");
	assert_int_equal(tenant_callf(&t, "POST", NULL, MODULE "/versions", id), 412);
	tenant_close(&t);
}

static void
test_what_is_refused(void **state)
{
	static const struct {
		const char *body;
		int status;
		const char *words;
	} bodies[] = {
		{ "{'code':''}", 400, "Missing required property: name" },
		{ "{'name':'b'}", 400, "Missing required property: code" },
		{ "{'name':'','code':''}", 400, "too short" },
		{ "{'name':'a','code':''}", 409, "already exists" },
		{ "{'name':'b','code':'','runtime':'node22'}", 400,
		    "Additional properties not allowed: runtime" },
		{ "{'name':'b','code':'','secrets':[{'name':'s'}]}", 400,
		    "Missing required property: value" },
		{ "{'name':'b','code':'','secrets':[{'name':'s','value':'v','x':1}]}",
		    400, "Additional properties not allowed: x" },
		{ "{'name':'b','code':'','dependencies':[{'name':'d','version':'1',"
		  "'registry_url':'https://r'}]}",
		    400, "Additional properties not allowed: registry_url" },
		{ "{'name':'b','code':'','api_version':'123456789012345678901'}", 400,
		    "too long (21), maximum 20" },
	};
	struct tenant *t = *state;
	const char *id = create(t, "a", "");

	for (size_t i = 0; i < TN_ARRAY_LEN(bodies); i++) {
		print_message("%s\n", bodies[i].body);
		assert_int_equal(tenant_call(t, "POST", "/actions/modules",
				     bodies[i].body),
		    bodies[i].status);
		tenant_says(t, bodies[i].words);
	}
	assert_int_equal(patch(t, id, "{'name':'b'}"), 400);
	assert_int_equal(patch(t, "nope", "{}"), 404);
	assert_int_equal(get(t, "nope"), 404);
}

static void
test_limits(void **state)
{
	struct tn_sim_options options = TN_SIM_OPTIONS_INIT;
	struct tenant t;
	const char *ids[4], *list = "";

	(void)state;
	options.limits.modules = 4;
	tenant_open(&t, &options);
	for (int i = 0; i < 4; i++) {
		ids[i] = create(&t, tn_arena_printf(t.arena, "m%d", i),
		    ",'publish':true");
		list = tn_arena_printf(t.arena,
		    "%s%s{'module_id':'%s','module_version_id':'%s'}", list,
		    i == 0 ? "" : ",", ids[i], tenant_text(&t, "latest_version.id"));
	}
	assert_int_equal(tenant_call(&t, "POST", "/actions/modules",
			     "{'name':'m4','code':''}"),
	    403);
	assert_int_equal(tenant_call(&t, "POST", "/actions/actions",
			     tn_arena_printf(t.arena,
				 "{'name':'a','supported_triggers':[{'id':'post-login'}],"
				 "'modules':[%s]}",
				 list)),
	    400);
	tenant_says(&t, "at most 3 modules");
	tenant_close(&t);
}

static void
test_a_tenant_without_modules_says_so(void **state)
{
	struct tn_sim_options options = TN_SIM_OPTIONS_INIT;
	struct tenant t;

	(void)state;
	options.modules = false;
	tenant_open(&t, &options);
	assert_int_equal(tenant_call(&t, "GET", "/actions/modules", NULL), 403);
	assert_string_equal(tenant_text(&t, "errorCode"), "feature_not_enabled");
	assert_int_equal(tenant_call(&t, "POST", "/actions/modules/x/versions", NULL),
	    403);
	assert_int_equal(tenant_call(&t, "POST", "/actions/actions",
			     "{'name':'a','supported_triggers':[{'id':'post-login'}],"
			     "'modules':[{'module_id':'m'}]}"),
	    403);
	t.authorization = NULL;
	assert_int_equal(tenant_call(&t, "GET", "/actions/modules", NULL), 401);
	tenant_close(&t);
}

static void
test_a_copy_has_modules_of_its_own(void **state)
{
	struct tenant *t = *state;
	const char *id = create(t, "a", ",'publish':true");
	struct tn_sim *copy = tn_sim_clone(t->sim), *original = t->sim;

	patch(t, id, "{'code':'2'}");
	t->sim = copy;
	get(t, id);
	assert_string_equal(tenant_text(t, "code"), "// a");
	assert_true(tenant_true(t, "all_changes_published"));
	assert_int_equal(tenant_callf(t, "DELETE", NULL, MODULE, id), 204);
	t->sim = original;
	tn_sim_free(copy);
	assert_int_equal(get(t, id), 200);
}

static void
test_a_view_of_a_version_that_is_kept(void **state)
{
	struct tenant *t = *state;
	const char *id = create(t, "a", ""), *other = create(t, "b", "");
	const char *first = publish(t, id), *second;
	struct tn_sim_version_view view;

	patch(t, id, "{'code':'2'}");
	second = publish(t, id);
	assert_true(tn_sim_view_module_version(t->sim, id, first, &view));
	assert_int_equal(view.number, 1);
	assert_string_equal(view.id, first);
	assert_string_equal(view.content.code, "// a");
	assert_true(tn_sim_view_module_version(t->sim, id, second, &view));
	assert_int_equal(view.number, 2);
	assert_string_equal(view.content.code, "2");
	assert_false(tn_sim_view_module_version(t->sim, other, first, &view));
	assert_false(tn_sim_view_module_version(t->sim, first, first, &view));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(test_a_draft_is_not_published_by_writing),
		TEST(test_publish_with_the_creation),
		TEST(test_update_answers_stale_times),
		TEST(test_rollback_reaches_the_draft_only),
		TEST(test_lists_print_their_zeros),
		TEST(test_actions_pin_a_version),
		TEST(test_a_used_module_cannot_be_deleted),
		cmocka_unit_test(test_the_oldest_unused_version_makes_place),
		TEST(test_what_is_refused),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_a_tenant_without_modules_says_so),
		TEST(test_a_copy_has_modules_of_its_own),
		TEST(test_a_view_of_a_version_that_is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
