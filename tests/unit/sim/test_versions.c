/* Deploying, what is live, and going back. */
#include "tenant.h"

#include <string.h>

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
get(struct tenant *t, const char *id)
{
	return tenant_callf(t, "GET", NULL, "/actions/actions/%s", id);
}

static void
patch(struct tenant *t, const char *id, const char *body)
{
	assert_int_equal(tenant_callf(t, "PATCH", body, "/actions/actions/%s", id), 200);
}

static void
test_deploy_is_answered_before_it_shows(void **state)
{
	struct tenant *t = *state;
	const char *id = tenant_create(t, "a", "");
	const char *version;

	tenant_wait(t, 1000);
	assert_int_equal(tenant_callf(t, "POST", "null", "/actions/actions/%s/deploy",
			     id),
	    200);
	version = tenant_text(t, "id");
	assert_false(tenant_true(t, "deployed"));
	assert_string_equal(tenant_text(t, "status"), "built");
	assert_int_equal(tenant_int(t, "number"), 1);
	assert_false(tenant_has(t, "built_at"));
	assert_int_equal(tenant_time(t, "created_at"), tenant_time(t, "updated_at"));
	assert_string_equal(tenant_text(t, "action.id"), id);
	assert_false(tenant_true(t, "action.all_changes_deployed"));
	tenant_wait(t, 99);
	get(t, id);
	assert_false(tenant_has(t, "deployed_version"));
	assert_false(tenant_true(t, "all_changes_deployed"));
	tenant_wait(t, 1);
	get(t, id);
	assert_string_equal(tenant_text(t, "deployed_version.id"), version);
	assert_string_equal(tenant_text(t, "current_version.id"), version);
	assert_true(tenant_true(t, "deployed_version.deployed"));
	assert_string_equal(tenant_text(t, "current_version.status"), "BUILT");
	assert_true(tenant_time(t, "deployed_version.built_at") >
	    tenant_time(t, "deployed_version.created_at"));
	assert_true(tenant_time(t, "deployed_version.updated_at") >
	    tenant_time(t, "deployed_version.built_at"));
	assert_true(tenant_true(t, "all_changes_deployed"));
}

static void
test_deploy_accepts_an_empty_body_in_three_spellings(void **state)
{
	struct tenant *t = *state;
	const char *id = tenant_create(t, "a", "");
	const char *path = tn_arena_printf(t->arena, "/actions/actions/%s/deploy", id);

	tenant_wait(t, 1000);
	assert_int_equal(tenant_call(t, "POST", path, NULL), 200);
	assert_int_equal(tenant_call(t, "POST", path, "{}"), 200);
	assert_int_equal(tenant_call(t, "POST", path, "null"), 200);
	assert_int_equal(tenant_call(t, "POST", path, "{'x':1}"), 400);
	/* An unchanged draft makes yet another version. */
	tenant_call(t, "POST", path, NULL);
	assert_int_equal(tenant_int(t, "number"), 4);
}

static void
test_draft_does_not_change_what_runs(void **state)
{
	struct tenant *t = *state;
	const char *id = tenant_live(t, "a");
	struct tn_sim_action_view view;

	patch(t, id, "{'code':'new'}");
	assert_string_equal(tenant_text(t, "code"), "new");
	assert_string_equal(tenant_text(t, "deployed_version.code"), "// a");
	assert_false(tenant_true(t, "all_changes_deployed"));
	tenant_wait(t, 1000);
	assert_true(tn_sim_view_by_id(t->sim, id, t->now, &view));
	assert_string_equal(view.live.content.code, "// a");
	assert_string_equal(view.draft.code, "new");
	assert_string_equal(view.status, "built");
	assert_false(view.all_changes_deployed);
}

static void
test_all_changes_deployed_compares_content(void **state)
{
	struct tenant *t = *state;
	const char *id = tenant_create(t, "a",
	    ",'secrets':[{'name':'s','value':'v'}],"
	    "'dependencies':[{'name':'x','version':'1.0.0'},{'name':'y','version':'1.0.0'}]");

	tenant_deploy(t, id);
	patch(t, id, "{}");
	assert_true(tenant_true(t, "all_changes_deployed"));
	patch(t, id, "{'name':'renamed'}");
	assert_true(tenant_true(t, "all_changes_deployed"));
	patch(t, id, "{'secrets':[{'name':'s'}]}");
	assert_true(tenant_true(t, "all_changes_deployed"));
	patch(t, id,
	    "{'dependencies':[{'name':'y','version':'1.0.0'},{'name':'x','version':'1.0.0'}]}");
	assert_true(tenant_true(t, "all_changes_deployed"));
	patch(t, id, "{'secrets':[{'name':'s','value':'v'}]}");
	assert_false(tenant_true(t, "all_changes_deployed"));
	tenant_deploy(t, id);
	patch(t, id, "{'runtime':'node18-actions'}");
	assert_false(tenant_true(t, "all_changes_deployed"));
	patch(t, id, "{'runtime':'node22'}");
	assert_true(tenant_true(t, "all_changes_deployed"));
	patch(t, id, "{'dependencies':[{'name':'x','version':'1.0.0'}]}");
	assert_false(tenant_true(t, "all_changes_deployed"));
}

static void
test_build_and_deploy_do_not_touch_the_drafts_time(void **state)
{
	struct tenant *t = *state;
	const char *id = tenant_create(t, "a", "");
	int64_t updated = tenant_time(t, "updated_at");

	tenant_deploy(t, id);
	get(t, id);
	assert_int_equal(tenant_time(t, "updated_at"), updated);
}

static void
test_create_with_deploy_is_deployed_at_once(void **state)
{
	struct tenant *t = *state;
	const char *id = tenant_create(t, "a", ",'deploy':true");
	int64_t updated = tenant_time(t, "updated_at");

	assert_string_equal(tenant_text(t, "status"), "pending");
	assert_string_equal(tenant_text(t, "current_version.status"), "PENDING");
	assert_string_equal(tenant_text(t, "deployed_version.status"), "pending");
	assert_true(tenant_true(t, "deployed_version.deployed"));
	assert_true(tenant_true(t, "all_changes_deployed"));
	assert_int_equal(tenant_int(t, "deployed_version.number"), 1);
	assert_false(tenant_has(t, "deployed_version.built_at"));
	assert_false(tenant_has(t, "current_version.build_time"));
	/* It is not to be bound before it is built. */
	assert_int_equal(tenant_call(t, "PATCH", "/actions/triggers/post-login/bindings",
			     "{'bindings':[{'ref':{'type':'action_name','value':'a'}}]}"),
	    400);
	tenant_wait(t, 300);
	get(t, id);
	assert_string_equal(tenant_text(t, "status"), "built");
	assert_string_equal(tenant_text(t, "current_version.status"), "BUILT");
	assert_true(tenant_has(t, "deployed_version.built_at"));
	assert_true(tenant_time(t, "updated_at") > updated);
	assert_int_equal(tenant_call(t, "PATCH", "/actions/triggers/post-login/bindings",
			     "{'bindings':[{'ref':{'type':'action_name','value':'a'}}]}"),
	    200);
}

static void
test_create_with_deploy_can_fail_to_build(void **state)
{
	struct tenant *t = *state;
	const char *id = tenant_create(t, "a",
	    ",'deploy':true,'dependencies':[{'name':'x','version':'x'}]");

	tenant_wait(t, 60000);
	get(t, id);
	assert_string_equal(tenant_text(t, "status"), "failed");
	assert_string_equal(tenant_text(t, "deployed_version.status"), "failed");
	assert_false(tenant_has(t, "deployed_version.built_at"));
	assert_int_equal(tenant_callf(t, "POST", NULL,
			     "/actions/actions/%s/versions/%s/deploy", id,
			     tenant_text(t, "deployed_version.id")),
	    400);
}

static void
test_versions_are_listed_newest_first(void **state)
{
	struct tenant *t = *state;
	const char *id = tenant_live(t, "a");

	patch(t, id, "{'code':'two'}");
	tenant_deploy(t, id);
	assert_int_equal(tenant_callf(t, "GET", NULL, "/actions/actions/%s/versions", id),
	    200);
	assert_int_equal(tenant_int(t, "total"), 2);
	assert_int_equal(tenant_int(t, "per_page"), 20);
	assert_int_equal(tenant_int(t, "versions[0].number"), 2);
	assert_true(tenant_true(t, "versions[0].deployed"));
	assert_false(tenant_true(t, "versions[1].deployed"));
	assert_true(tenant_has(t, "versions[1].built_at"));
	assert_int_equal(tenant_callf(t, "GET", NULL, "/actions/actions/%s/versions/%s",
			     id, tenant_text(t, "versions[1].id")),
	    200);
	assert_string_equal(tenant_text(t, "code"), "// a");
	assert_int_equal(tenant_callf(t, "GET", NULL, "/actions/actions/%s/versions/nope",
			     id),
	    404);
	assert_int_equal(tenant_call(t, "GET", "/actions/actions/nope/versions", NULL),
	    404);
	tenant_callf(t, "GET", NULL, "/actions/actions/%s/versions?page=1&per_page=1",
	    id);
	assert_int_equal(tenant_int(t, "versions[0].number"), 1);
	assert_int_equal(tenant_int(t, "page"), 1);
}

static void
test_rollback_makes_a_new_version_of_old_content(void **state)
{
	struct tenant *t = *state;
	const char *id = tenant_create(t, "a", ",'secrets':[{'name':'s','value':'one'}]");
	const char *first = tenant_deploy(t, id);
	struct tn_sim_action_view before, view;

	assert_true(tn_sim_view_by_id(t->sim, id, t->now, &before));
	patch(t, id, "{'code':'two','secrets':[{'name':'s','value':'two'}]}");
	tenant_deploy(t, id);
	assert_int_equal(tenant_callf(t, "POST", NULL,
			     "/actions/actions/%s/versions/%s/deploy", id, first),
	    200);
	assert_int_equal(tenant_int(t, "number"), 3);
	assert_string_equal(tenant_text(t, "code"), "// a");
	assert_string_not_equal(tenant_text(t, "id"), first);
	assert_false(tenant_true(t, "deployed"));
	tenant_wait(t, 1000);
	assert_true(tn_sim_view_by_id(t->sim, id, t->now, &view));
	assert_string_equal(view.live.content.code, "// a");
	assert_string_equal(view.live.content.secrets[0].sha256,
	    before.live.content.secrets[0].sha256);
	/* The draft stayed where it was. */
	assert_string_equal(view.draft.code, "two");
	get(t, id);
	assert_false(tenant_true(t, "all_changes_deployed"));
}

static void
test_rollback_can_take_the_draft_along(void **state)
{
	struct tenant *t = *state;
	const char *id = tenant_create(t, "a", "");
	const char *first = tenant_deploy(t, id);
	const char *path = tn_arena_printf(t->arena,
	    "/actions/actions/%s/versions/%s/deploy", id, first);

	patch(t, id, "{'code':'two'}");
	tenant_deploy(t, id);
	assert_int_equal(tenant_call(t, "POST", path, "{'update_draft':1}"), 400);
	assert_int_equal(tenant_call(t, "POST", path, "{'other':true}"), 400);
	assert_int_equal(tenant_call(t, "POST", path, "{'update_draft':true}"), 200);
	tenant_wait(t, 1000);
	get(t, id);
	assert_string_equal(tenant_text(t, "code"), "// a");
	assert_string_equal(tenant_text(t, "status"), "built");
	assert_true(tenant_true(t, "all_changes_deployed"));
	assert_int_equal(tenant_call(t, "POST", path, "null"), 200);
	assert_int_equal(tenant_call(t, "POST", path, "{}"), 200);
	assert_int_equal(tenant_callf(t, "POST", NULL,
			     "/actions/actions/%s/versions/nope/deploy", id),
	    404);
}

static void
test_fifty_versions_are_kept(void **state)
{
	struct tenant *t = *state;
	const char *id = tenant_create(t, "a", "");
	struct tn_sim_version_view version;

	tenant_wait(t, 1000);
	for (unsigned i = 1; i <= 52; i++) {
		tenant_callf(t, "POST", NULL, "/actions/actions/%s/deploy", id);
		assert_int_equal(tenant_int(t, "number"), i);
		tenant_wait(t, 1000);
	}
	tenant_callf(t, "GET", NULL, "/actions/actions/%s/versions?per_page=100", id);
	assert_int_equal(tenant_int(t, "total"), 50);
	assert_int_equal(tenant_int(t, "versions[0].number"), 52);
	assert_true(tn_sim_view_version(t->sim, id, 0, t->now, &version));
	assert_int_equal(version.number, 3);
	assert_false(version.live);
	assert_false(tn_sim_view_version(t->sim, id, 50, t->now, &version));
}

static void
test_deploys_at_one_time_go_live_in_order(void **state)
{
	struct tenant *t = *state;
	const char *id = tenant_create(t, "a", "");
	const char *second;

	tenant_wait(t, 1000);
	tenant_fault(t, "{'do':'lag','ms':5000,'nth':1,'method':'POST'}");
	tenant_callf(t, "POST", NULL, "/actions/actions/%s/deploy", id);
	tenant_callf(t, "POST", NULL, "/actions/actions/%s/deploy", id);
	second = tenant_text(t, "id");
	tenant_wait(t, 5099);
	get(t, id);
	assert_false(tenant_has(t, "deployed_version"));
	tenant_wait(t, 1);
	get(t, id);
	assert_string_equal(tenant_text(t, "deployed_version.id"), second);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_deploy_is_answered_before_it_shows),
		TEST(test_deploy_accepts_an_empty_body_in_three_spellings),
		TEST(test_draft_does_not_change_what_runs),
		TEST(test_all_changes_deployed_compares_content),
		TEST(test_build_and_deploy_do_not_touch_the_drafts_time),
		TEST(test_create_with_deploy_is_deployed_at_once),
		TEST(test_create_with_deploy_can_fail_to_build),
		TEST(test_versions_are_listed_newest_first),
		TEST(test_rollback_makes_a_new_version_of_old_content),
		TEST(test_rollback_can_take_the_draft_along),
		TEST(test_fifty_versions_are_kept),
		TEST(test_deploys_at_one_time_go_live_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
