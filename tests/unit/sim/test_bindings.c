/* The trigger list, and what is bound to a trigger in which order. */
#include "tenant.h"

#include <string.h>

#define BINDINGS "/actions/triggers/post-login/bindings"

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

/* One reference; display NULL: none. */
static const char *
ref(struct tenant *t, const char *type, const char *value, const char *display)
{
	return tn_arena_printf(t->arena, "{'ref':{'type':'%s','value':'%s'}%s%s%s}", type,
	    value, display == NULL ? "" : ",'display_name':'",
	    display == NULL ? "" : display, display == NULL ? "" : "'");
}

static int
set(struct tenant *t, const char *items)
{
	return tenant_call(t, "PATCH", BINDINGS,
	    tn_arena_printf(t->arena, "{'bindings':[%s]}", items));
}

static void
test_binding_list_is_replaced_in_the_order_given(void **state)
{
	struct tenant *t = *state;
	const char *a = tenant_live(t, "a"), *b = tenant_live(t, "b");
	const char *old;

	assert_int_equal(set(t,
			     tn_arena_printf(t->arena, "%s,%s",
				 ref(t, "action_id", a, "First"),
				 ref(t, "action_name", "b", NULL))),
	    200);
	assert_int_equal(tenant_size(t, ""), 1);
	assert_string_equal(tenant_text(t, "bindings[0].action.id"), a);
	assert_string_equal(tenant_text(t, "bindings[0].display_name"), "First");
	assert_string_equal(tenant_text(t, "bindings[1].action.id"), b);
	assert_false(tenant_has(t, "bindings[1].display_name"));
	assert_true(tenant_time(t, "bindings[0].created_at") <
	    tenant_time(t, "bindings[1].created_at"));
	assert_false(tenant_true(t, "bindings[0].action.all_changes_deployed"));
	assert_false(tenant_has(t, "bindings[0].action.code"));
	assert_string_equal(tenant_text(t, "bindings[0].action.deployed_version.code"),
	    "// a");
	old = tenant_text(t, "bindings[1].id");
	assert_int_equal(set(t, ref(t, "action_id", b, NULL)), 200);
	assert_int_equal(tenant_size(t, "bindings"), 1);
	/* Even what stayed has a new id. */
	assert_string_not_equal(tenant_text(t, "bindings[0].id"), old);
	assert_int_equal(set(t, ""), 200);
	assert_string_equal(tn_str_text(&t->reply.body), "{\"bindings\":[]}");
}

static void
test_binding_by_binding_keeps_its_name_unless_given(void **state)
{
	struct tenant *t = *state;
	const char *a = tenant_live(t, "a");
	const char *binding;

	set(t, ref(t, "action_id", a, "Kept"));
	binding = tenant_text(t, "bindings[0].id");
	assert_int_equal(set(t,
			     tn_arena_printf(t->arena, "%s,%s",
				 ref(t, "binding_id", binding, NULL),
				 ref(t, "binding_id", binding, "New"))),
	    200);
	assert_string_equal(tenant_text(t, "bindings[0].display_name"), "Kept");
	assert_string_equal(tenant_text(t, "bindings[1].display_name"), "New");
	assert_string_equal(tenant_text(t, "bindings[1].action.id"), a);
	/* Its id is gone with that write. */
	assert_int_equal(set(t, ref(t, "binding_id", binding, NULL)), 404);
}

static void
test_list_of_bindings_pages(void **state)
{
	struct tenant *t = *state;
	const char *a = tenant_live(t, "a");
	const char *one = ref(t, "action_id", a, NULL);

	assert_int_equal(tenant_call(t, "GET", BINDINGS, NULL), 200);
	assert_string_equal(tn_str_text(&t->reply.body),
	    "{\"bindings\":[],\"per_page\":20}");
	set(t, tn_arena_printf(t->arena, "%s,%s,%s", one, one, one));
	tenant_call(t, "GET", BINDINGS "?per_page=2&page=1", NULL);
	assert_int_equal(tenant_size(t, "bindings"), 1);
	assert_int_equal(tenant_int(t, "total"), 3);
	tenant_call(t, "GET", BINDINGS "?page=1&per_page=100", NULL);
	assert_string_equal(tn_str_text(&t->reply.body),
	    "{\"bindings\":[],\"page\":1,\"per_page\":100}");
}

static void
test_at_most_twenty_are_bound(void **state)
{
	struct tenant *t = *state;
	struct tn_str items = TN_STR_INIT;

	tenant_live(t, "a");
	for (unsigned i = 0; i < 20; i++)
		tn_str_addf(&items, "%s%s", i == 0 ? "" : ",",
		    ref(t, "action_name", "a", NULL));
	assert_int_equal(set(t, tn_str_text(&items)), 200);
	tn_str_addf(&items, ",%s", ref(t, "action_name", "a", NULL));
	assert_int_equal(set(t, tn_str_text(&items)), 400);
	assert_int_equal(tn_sim_view_bindings(t->sim, "post-login"), 20);
	tn_str_done(&items);
}

static void
test_refused_list_changes_nothing(void **state)
{
	struct tenant *t = *state;
	const char *a = tenant_live(t, "a");
	const char *draft = tenant_create(t, "draft", "");
	const char *other;
	struct tn_sim_binding_view before, after;
	const char *good = ref(t, "action_id", a, "First");

	tenant_call(t, "POST", "/actions/actions",
	    "{'name':'m2m','supported_triggers':[{'id':'credentials-exchange'}]}");
	other = tenant_text(t, "id");
	tenant_deploy(t, other);
	assert_int_equal(set(t, good), 200);
	assert_true(tn_sim_view_binding(t->sim, "post-login", 0, &before));
	before.id = tn_arena_text(t->arena, before.id);
	assert_int_equal(set(t,
			     tn_arena_printf(t->arena, "%s,%s", good,
				 ref(t, "action_id", draft, NULL))),
	    400);
	tenant_says(t,
	    "Trying to create a binding for an action that has not been deployed yet.");
	assert_int_equal(set(t,
			     tn_arena_printf(t->arena, "%s,%s", good,
				 ref(t, "action_id", other, NULL))),
	    400);
	tenant_says(t,
	    "Trying to create a binding between an incompatible action and trigger.");
	assert_int_equal(set(t,
			     tn_arena_printf(t->arena, "%s,%s", good,
				 ref(t, "action_name", "x", NULL))),
	    404);
	tenant_says(t, "That action does not exist.");
	assert_int_equal(tn_sim_view_bindings(t->sim, "post-login"), 1);
	assert_true(tn_sim_view_binding(t->sim, "post-login", 0, &after));
	assert_string_equal(after.id, before.id);
}

static void
test_binding_waits_for_the_deploy_to_show(void **state)
{
	struct tenant *t = *state;
	const char *id = tenant_create(t, "a", "");

	tenant_wait(t, 1000);
	tenant_callf(t, "POST", NULL, "/actions/actions/%s/deploy", id);
	assert_int_equal(set(t, ref(t, "action_id", id, NULL)), 400);
	tenant_wait(t, 100);
	assert_int_equal(set(t, ref(t, "action_id", id, NULL)), 200);
}

static void
test_malformed_items_are_named(void **state)
{
	static const char *const items[] = {
		"{}",
		"'a'",
		"{'ref':'a'}",
		"{'ref':{'type':'action_id'}}",
		"{'ref':{'type':'action_id','value':1}}",
		"{'ref':{'type':'name','value':'a'}}",
		"{'ref':{'type':'action_id','value':'a','more':1}}",
		"{'ref':{'type':'action_name','value':'a'},'display_name':null}",
		"{'ref':{'type':'action_name','value':'a'},'colour':'red'}",
		"{'ref':{'type':'action_name','value':'a'},'secrets':{}}",
	};
	struct tenant *t = *state;
	const char *good;

	tenant_live(t, "a");
	good = ref(t, "action_name", "a", NULL);
	for (size_t i = 0; i < TN_ARRAY_LEN(items); i++) {
		print_message("%s\n", items[i]);
		assert_int_equal(set(t,
				     tn_arena_printf(t->arena, "%s,%s", good, items[i])),
		    400);
		assert_string_equal(tenant_text(t, "message"),
		    "Payload validation error: 'Data does not match any schemas from 'oneOf'' "
		    "on property bindings[1].");
		assert_string_equal(tenant_text(t, "errorCode"), "invalid_body");
	}
	assert_int_equal(tenant_call(t, "PATCH", BINDINGS, "{}"), 400);
	assert_int_equal(tenant_call(t, "PATCH", BINDINGS, "{'bindings':null}"), 400);
	assert_int_equal(tenant_call(t, "PATCH", BINDINGS, "{'bindings':[],'x':1}"), 400);
	assert_int_equal(tenant_call(t, "PATCH", BINDINGS, NULL), 400);
	/* Secrets of a binding are let through. */
	assert_int_equal(
	    set(t, "{'ref':{'type':'action_name','value':'a'},'secrets':[{'name':'x'}]}"),
	    200);
}

static void
test_binding_follows_a_new_name_but_not_its_own(void **state)
{
	struct tenant *t = *state;
	const char *a = tenant_live(t, "a");

	set(t, ref(t, "action_id", a, "a"));
	tenant_callf(t, "PATCH", "{'name':'renamed'}", "/actions/actions/%s", a);
	tenant_call(t, "GET", BINDINGS, NULL);
	assert_string_equal(tenant_text(t, "bindings[0].action.name"), "renamed");
	assert_string_equal(tenant_text(t, "bindings[0].display_name"), "a");
	assert_true(tenant_time(t, "bindings[0].action.updated_at") >
	    tenant_time(t, "bindings[0].action.created_at"));
}

static void
test_actions_of_another_trigger_version_are_bound_alike(void **state)
{
	struct tenant *t = *state;
	const char *id;

	tenant_call(t, "POST", "/actions/actions",
	    "{'name':'old','supported_triggers':[{'id':'post-login','version':'v2'}]}");
	id = tenant_text(t, "id");
	tenant_deploy(t, id);
	assert_int_equal(set(t, ref(t, "action_id", id, NULL)), 200);
}

static void
test_installed_actions_are_bound_with_their_integration(void **state)
{
	struct tenant *t = *state;
	char id[37];

	tn_sim_install(t->sim, t->now, "post-login", "partner", id);
	assert_int_equal(set(t, ref(t, "action_id", id, NULL)), 200);
	assert_string_equal(tenant_text(t, "bindings[0].action.id"), id);
	assert_string_equal(tenant_text(t, "bindings[0].action.integration.id"),
	    tenant_text(t, "bindings[0].action.installed_integration_id"));
}

static void
test_unknown_and_entity_bound_triggers(void **state)
{
	struct tenant *t = *state;

	assert_int_equal(tenant_call(t, "GET", "/actions/triggers/nothing/bindings",
			     NULL),
	    400);
	tenant_says(t, "nothing");
	assert_string_equal(tenant_text(t, "errorCode"), "bad_request");
	assert_int_equal(tenant_call(t, "GET", "/actions/triggers/event-stream/bindings",
			     NULL),
	    200);
	assert_int_equal(tenant_size(t, "bindings"), 0);
	assert_int_equal(tenant_call(t, "PATCH",
			     "/actions/triggers/event-stream/bindings",
			     "{'bindings':[]}"),
	    400);
}

static void
test_trigger_list_has_every_row(void **state)
{
	struct tenant *t = *state;
	bool turned = false;
	const char *first;

	assert_int_equal(tenant_call(t, "GET", "/actions/triggers", NULL), 200);
	assert_int_equal(tenant_size(t, "triggers"), 20);
	first = tenant_text(t, "triggers[0].version");
	for (size_t i = 0; i < 20; i++) {
		const struct tn_value *row = tn_value_at(tenant_at(t, "triggers"), i);

		assert_int_equal(tn_value_count(row), 7);
		assert_true(tn_value_count(tn_value_get(row, "runtimes")) > 0);
		if (strcmp(tn_value_get_text(row, "id"), "post-login") == 0)
			assert_true(i < 3);
		if (strcmp(tn_value_get_text(row, "id"), "mcp-tool") == 0)
			assert_string_equal(tn_value_get_text(row, "binding_policy"),
			    "entity-bound");
	}
	for (unsigned i = 0; i < 50 && !turned; i++) {
		tenant_call(t, "GET", "/actions/triggers", NULL);
		turned = strcmp(first, tenant_text(t, "triggers[0].version")) != 0;
	}
	assert_true(turned);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

static void
test_entity_bound_lists_may_be_refused(void **state)
{
	struct tn_sim_options options = TN_SIM_OPTIONS_INIT;
	struct tenant t;

	(void)state;
	options.refuse_entity_bound = true;
	options.limits.bindings = 1;
	tenant_open(&t, &options);
	assert_int_equal(tenant_call(&t, "GET", "/actions/triggers/mcp-tool/bindings",
			     NULL),
	    400);
	tenant_says(&t, "cannot list action bindings for an entity-bound trigger");
	assert_int_equal(tenant_call(&t, "GET", "/actions/triggers/post-login/bindings",
			     NULL),
	    200);
	tenant_live(&t, "a");
	assert_int_equal(tenant_call(&t, "PATCH", "/actions/triggers/post-login/bindings",
			     "{'bindings':[{'ref':{'type':'action_name','value':'a'}},"
			     "{'ref':{'type':'action_name','value':'a'}}]}"),
	    400);
	tenant_says(&t, "at most 1 actions");
	tenant_close(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_entity_bound_lists_may_be_refused),
		TEST(test_binding_list_is_replaced_in_the_order_given),
		TEST(test_binding_by_binding_keeps_its_name_unless_given),
		TEST(test_list_of_bindings_pages),
		TEST(test_at_most_twenty_are_bound),
		TEST(test_refused_list_changes_nothing),
		TEST(test_binding_waits_for_the_deploy_to_show),
		TEST(test_malformed_items_are_named),
		TEST(test_binding_follows_a_new_name_but_not_its_own),
		TEST(test_actions_of_another_trigger_version_are_bound_alike),
		TEST(test_installed_actions_are_bound_with_their_integration),
		TEST(test_unknown_and_entity_bound_triggers),
		TEST(test_trigger_list_has_every_row),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
