/* A tenant that is kept and comes back, and files that are no tenant. */
#include "tenant.h"

#include <string.h>

#include "json/json.h"

static const char *
json_of(struct tenant *t, const struct tn_value *value)
{
	struct tn_str text = TN_STR_INIT;
	const char *copy;

	tn_json_write(value, &text);
	copy = tn_arena_text(t->arena, tn_str_text(&text));
	tn_str_done(&text);
	return copy;
}

static const char *
saved_text(struct tenant *t)
{
	return json_of(t, tn_sim_save(t->sim, t->arena));
}

static struct tn_value *
parse(struct tenant *t, const char *text)
{
	struct tn_value *value;

	assert_int_equal(tn_json_parse(t->arena, tn_span(text), NULL, &value, NULL), 0);
	return value;
}

/* Something of everything, some of it under way. */
static void
fill(struct tenant *t)
{
	char installed[37];
	const char *id;

	assert_int_equal(tenant_call(t, "POST", "/actions/modules",
			     "{'name':'m','code':'1','publish':true,"
			     "'secrets':[{'name':'S','value':'very secret'}]}"),
	    201);
	id = tenant_create(t, "live",
	    tn_arena_printf(t->arena,
		",'secrets':[{'name':'KEY','value':'very secret'}],"
		"'modules':[{'module_id':'%s','module_version_id':'%s'}]",
		tenant_text(t, "id"), tenant_text(t, "latest_version.id")));
	tenant_deploy(t, id);
	tn_sim_install(t->sim, t->now, "post-login", "theirs", installed);
	assert_int_equal(tenant_call(t, "PATCH", "/actions/triggers/post-login/bindings",
			     "{'bindings':[{'ref':{'type':'action_name','value':'live'},"
			     "'display_name':'Live'},"
			     "{'ref':{'type':'action_name','value':'theirs'}}]}"),
	    200);
	assert_int_equal(tenant_call(t, "POST", "/actions/actions",
			     "{'name':'early','code':'','deploy':true,"
			     "'supported_triggers':[{'id':'post-login'}]}"),
	    201);
	tenant_create(t, "building",
	    ",'dependencies':[{'name':'x','version':'1.0.0',"
	    "'registry_url':'https://r'}]");
	assert_non_null(tn_sim_execute(t->sim, t->now, "post-login", "live"));
}

static void
test_what_is_kept_comes_back(void **state)
{
	struct tenant t, u;
	const char *saved, *all, *later;

	(void)state;
	tenant_open(&t, NULL);
	fill(&t);
	saved = saved_text(&t);
	assert_null(strstr(saved, "very secret"));
	tenant_open(&u, NULL);
	assert_int_equal(tn_sim_load(u.sim, parse(&u, saved), NULL), 0);
	u.now = t.now;
	assert_string_equal(saved_text(&u), saved);
	all = json_of(&t, tn_sim_state_json(t.sim, t.now, t.arena));
	assert_string_equal(json_of(&u, tn_sim_state_json(u.sim, u.now, u.arena)), all);
	/* Time goes on, and ids, as they would have. */
	tenant_wait(&t, 60000);
	tenant_wait(&u, 60000);
	tenant_create(&t, "next", "");
	tenant_create(&u, "next", "");
	tenant_call(&t, "GET", "/actions/actions", NULL);
	tenant_call(&u, "GET", "/actions/actions", NULL);
	later = tn_str_text(&t.reply.body);
	assert_non_null(strstr(later, "\"status\":\"built\""));
	assert_string_equal(tn_str_text(&u.reply.body), later);
	tenant_close(&u);
	tenant_close(&t);
}

static void
test_changes_are_counted(void **state)
{
	struct tenant t;
	uint64_t before;
	const char *id;

	(void)state;
	tenant_open(&t, NULL);
	before = tn_sim_changes(t.sim);
	tenant_call(&t, "GET", "/actions/actions", NULL);
	tenant_call(&t, "POST", "/actions/actions", "{}");
	assert_int_equal(tn_sim_changes(t.sim), before);
	id = tenant_create(&t, "a", "");
	assert_int_equal(tn_sim_changes(t.sim), before + 1);
	tenant_fault(&t, "{'do':'status','status':500,'when':'after'}");
	assert_int_equal(tenant_callf(&t, "DELETE", NULL, "/actions/actions/%s", id),
	    500);
	assert_int_equal(tn_sim_changes(t.sim), before + 2);
	tn_sim_reset(t.sim);
	assert_int_equal(tn_sim_changes(t.sim), before + 3);
	tenant_close(&t);
}

static void
refused(struct tenant *t, const char *text, const char *words)
{
	struct tn_error err = TN_ERROR_INIT;

	assert_int_equal(tn_sim_load(t->sim, parse(t, tenant_json(t, text)), &err),
	    -TN_E_INPUT);
	if (strstr(err.message, words) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", err.message, words);
	tn_error_done(&err);
}

static void
test_what_is_no_tenant_is_refused(void **state)
{
#define HEAD "{'tenon_sim':1,'clock':0,'rand':['1','2','3','4'],"
	struct tenant t;

	(void)state;
	tenant_open(&t, NULL);
	tenant_create(&t, "stays", "");
	refused(&t, "[]", "no tenant of tenon-sim");
	refused(&t, "{'tenon_sim':2}", "version 2");
	refused(&t, "{'tenon_sim':1,'clock':-1}", "\"clock\" is not a number");
	refused(&t, "{'tenon_sim':1,'clock':0,'rand':[]}", "\"rand\"");
	refused(&t, HEAD "'actions':{}}", "\"actions\" is not an array");
	refused(&t, HEAD "'actions':[7]}", "actions[0]: \"id\" is not a text");
	refused(&t,
	    HEAD "'actions':[],'modules':[],'flows':[{'trigger':'post-login',"
		 "'bindings':[{'id':'00000000-0000-4000-8000-000000000000',"
		 "'action':'00000000-0000-4000-8000-000000000000','created':1}]}]}",
	    "flows[0]: \"action\" is not one that there is");
	assert_int_equal(tn_sim_view_actions(t.sim), 1);
	tenant_close(&t);
}

/* Goes through the tree and changes one value at a time, the n-th. */
static bool
spoil(struct tn_arena *arena, struct tn_value *value, size_t *n)
{
	for (size_t i = 0; i < tn_value_count(value); i++) {
		bool object = tn_value_is(value, TN_VALUE_OBJECT);
		struct tn_value **at = object ? &value->as.members[i].value
					      : &value->as.items[i];

		if ((*n)-- == 0) {
			*at = tn_value_null(arena);
			return true;
		}
		if (spoil(arena, *at, n))
			return true;
	}
	return false;
}

/* Whatever is spoilt, it is found or does no harm: what was loaded can be shown. */
static void
test_any_spoilt_value_does_no_harm(void **state)
{
	struct tenant t;
	const char *saved;
	unsigned found = 0, harmless = 0;

	(void)state;
	tenant_open(&t, NULL);
	fill(&t);
	saved = saved_text(&t);
	for (size_t i = 0;; i++) {
		struct tn_value *tree = parse(&t, saved);
		struct tn_sim *fresh;
		size_t n = i;

		if (!spoil(t.arena, tree, &n))
			break;
		fresh = tn_sim_new(NULL);
		if (tn_sim_load(fresh, tree, NULL) < 0) {
			found++;
		} else {
			harmless++;
			tn_sim_state_json(fresh, t.now, t.arena);
		}
		tn_sim_free(fresh);
	}
	/* Flags and what may be absent go unnoticed, all else is found. */
	assert_true(found > 200);
	assert_true(harmless < 40);
	tenant_close(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_kept_comes_back),
		cmocka_unit_test(test_changes_are_counted),
		cmocka_unit_test(test_what_is_no_tenant_is_refused),
		cmocka_unit_test(test_any_spoilt_value_does_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
