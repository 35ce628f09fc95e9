/* Creating, reading, changing and deleting actions, and what is refused. */
#include "tenant.h"

#include <string.h>

#include "json/json.h"

#define TRIGGER "'supported_triggers':[{'id':'post-login','version':'v3'}]"

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

static void
test_create_fills_in_what_is_left_out(void **state)
{
	struct tenant *t = *state;

	assert_int_equal(tenant_call(t, "POST", "/actions/actions",
			     "{'name':'a'," TRIGGER "}"),
	    201);
	assert_string_equal(tenant_text(t, "runtime"), "node22");
	assert_string_equal(tenant_text(t, "status"), "pending");
	assert_int_equal(tenant_size(t, "dependencies"), 0);
	assert_int_equal(tenant_size(t, "secrets"), 0);
	assert_false(tenant_true(t, "all_changes_deployed"));
	assert_false(tenant_has(t, "current_version"));
	assert_false(tenant_has(t, "deployed_version"));
	assert_true(tenant_time(t, "created_at") < tenant_time(t, "updated_at"));
	assert_string_equal(tn_sim_reply_field(&t->reply, "content-type"),
	    "application/json; charset=utf-8");
}

static void
test_default_runtime_is_the_triggers(void **state)
{
	struct tenant *t = *state;

	tenant_call(t, "POST", "/actions/actions",
	    "{'name':'a','supported_triggers':[{'id':'post-login','version':'v2'}]}");
	assert_string_equal(tenant_text(t, "runtime"), "node16");
	/* Without a version it is the current one. */
	tenant_call(t, "POST", "/actions/actions",
	    "{'name':'b','supported_triggers':[{'id':'credentials-exchange'}]}");
	assert_string_equal(tenant_text(t, "supported_triggers[0].version"), "v2");
	assert_string_equal(tenant_text(t, "runtime"), "node22");
}

struct refusal {
	const char *body;
	int status;
	const char *code; /* NULL: none */
	const char *words;
};

static void
check_refusals(struct tenant *t, const char *method, const char *path,
    const struct refusal *refusals, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		print_message("%s\n", refusals[i].body);
		assert_int_equal(tenant_call(t, method, path, refusals[i].body),
		    refusals[i].status);
		tenant_says(t, refusals[i].words);
		if (refusals[i].code == NULL)
			assert_false(tenant_has(t, "errorCode"));
		else
			assert_string_equal(tenant_text(t, "errorCode"),
			    refusals[i].code);
	}
}

static void
test_create_refuses_what_the_schema_does_not_know(void **state)
{
	static const struct refusal refusals[] = {
		{ "{" TRIGGER "}", 400, "invalid_body",
		    "Missing required property: name" },
		{ "{'name':'a'}", 400, "invalid_body",
		    "Missing required property: supported_triggers" },
		{ "{'name':'a','supported_triggers':[]}", 400, "invalid_body",
		    "supported_triggers" },
		{ "{'name':'a','supported_triggers':[{'id':'post-login'},{'id':'post-login'}]}",
		    400, "invalid_body", "supported_triggers" },
		{ "{'name':'a','supported_triggers':[{'id':'no-such-trigger'}]}", 400,
		    "invalid_body", "no-such-trigger" },
		{ "{'name':'a','supported_triggers':[{'id':'post-login','version':'v9'}]}",
		    400, "invalid_body", "supported_triggers[0]" },
		{ "{'name':null," TRIGGER "}", 400, "invalid_body",
		    "Expected type string but found type null" },
		{ "{'name':''," TRIGGER "}", 400, "invalid_body", "too short" },
		{ "{'name':'a'," TRIGGER ",'colour':1}", 400, "invalid_body",
		    "Additional properties not allowed: colour" },
		{ "{'name':'a'," TRIGGER ",'code':7}", 400, "invalid_body",
		    "Expected type string but found type number" },
		{ "{'name':'a'," TRIGGER ",'deploy':'yes'}", 400, "invalid_body",
		    "Expected type boolean" },
		{ "{'name':'a'," TRIGGER ",'dependencies':[{'name':'x'}]}", 400,
		    "invalid_body",
		    "Missing required property: version' on property dependencies[0]" },
		{ "{'name':'a'," TRIGGER
		  ",'dependencies':[{'name':'x','version':'1.0.0','why':1}]}",
		    400, "invalid_body", "Additional properties not allowed: why" },
		{ "{'name':'a'," TRIGGER ",'secrets':[{'value':'v'}]}", 400,
		    "invalid_body", "Missing required property: name" },
		{ "{'name':'a'," TRIGGER ",'secrets':['v']}", 400, "invalid_body",
		    "Expected type object" },
		{ "[]", 400, "invalid_body",
		    "Expected type object but found type array" },
		{ "null", 400, "invalid_body",
		    "Expected type object but found type null" },
		{ "{", 400, NULL, "JSON" },
		{ "{'name':'a','name':'b'," TRIGGER "}", 400, NULL, "JSON" },
	};
	struct tenant *t = *state;

	check_refusals(t, "POST", "/actions/actions", refusals, TN_ARRAY_LEN(refusals));
	assert_int_equal(tenant_call(t, "POST", "/actions/actions", NULL), 400);
	assert_int_equal(tn_sim_view_actions(t->sim), 0);
}

static void
test_create_refuses_what_the_service_does_not_take(void **state)
{
	static const struct refusal refusals[] = {
		{ "{'name':'taken'," TRIGGER "}", 409, NULL, "already exists" },
		{ "{'name':'a'," TRIGGER ",'runtime':'node12'}", 400, NULL,
		    "runtime is not supported" },
		{ "{'name':'a'," TRIGGER ",'secrets':[{'name':'s'}]}", 400, NULL,
		    "secret s has no value" },
		{ "{'name':'a'," TRIGGER ",'secrets':[{'name':'','value':'v'}]}", 400,
		    NULL, "value length must be between 1 and 128 runes, inclusive" },
		{ "{'name':'a'," TRIGGER
		  ",'secrets':[{'name':'s','value':'1'},{'name':'s','value':'2'}]}",
		    400, NULL, "duplicate secret: s" },
		{ "{'name':'a'," TRIGGER
		  ",'dependencies':[{'name':'x','version':'1.0.0'},"
		  "{'name':'x','version':'2.0.0'}]}",
		    400, NULL, "duplicate dependency: x" },
		{ "{'name':'a'," TRIGGER ",'modules':[{'module_id':'m'}]}", 400,
		    "invalid_body", "Missing required property: module_version_id" },
		{ "{'name':'a'," TRIGGER
		  ",'modules':[{'module_id':'m','module_version_id':'v'}]}",
		    400, NULL,
		    "invalid ModuleRef.ModuleVersionId: value must be a valid UUID" },
	};
	struct tenant *t = *state;

	tenant_create(t, "taken", "");
	check_refusals(t, "POST", "/actions/actions", refusals, TN_ARRAY_LEN(refusals));
	assert_int_equal(tn_sim_view_actions(t->sim), 1);
}

/* count items, each made from the format with its number. */
static const char *
repeat(struct tenant *t, const char *before, size_t count, const char *item,
    const char *after)
{
	struct tn_str text = TN_STR_INIT;
	const char *copy;

	tn_str_add(&text, before);
	for (size_t i = 0; i < count; i++) {
		tn_str_addf(&text, "%s{'name':'n%zu',%s}", i == 0 ? "" : ",", i, item);
	}
	tn_str_add(&text, after);
	copy = tn_arena_text(t->arena, tn_str_text(&text));
	tn_str_done(&text);
	return copy;
}

static const char *
long_text(struct tenant *t, size_t n, const char *unit)
{
	struct tn_str text = TN_STR_INIT;
	const char *copy;

	for (size_t i = 0; i < n; i++)
		tn_str_add(&text, unit);
	copy = tn_arena_text(t->arena, tn_str_text(&text));
	tn_str_done(&text);
	return copy;
}

static void
test_limits_hold_at_their_edges(void **state)
{
	struct tenant *t = *state;
	const char *id = tenant_create(t, "a", "");
	const char *path = tn_arena_printf(t->arena, "/actions/actions/%s", id);

	assert_int_equal(tenant_call(t, "PATCH", path,
			     repeat(t, "{'dependencies':[", 10, "'version':'1.0.0'",
				 "]}")),
	    200);
	assert_int_equal(tenant_call(t, "PATCH", path,
			     repeat(t, "{'dependencies':[", 11, "'version':'1.0.0'",
				 "]}")),
	    400);
	assert_int_equal(tenant_call(t, "PATCH", path,
			     repeat(t, "{'secrets':[", 30, "'value':'v'", "]}")),
	    200);
	assert_int_equal(tenant_call(t, "PATCH", path,
			     repeat(t, "{'secrets':[", 31, "'value':'v'", "]}")),
	    400);
	/* Characters are counted, not bytes. */
	assert_int_equal(tenant_call(t, "PATCH", path,
			     tn_arena_printf(t->arena,
				 "{'secrets':[{'name':'%s','value':'%s'}]}",
				 long_text(t, 128, "é"), long_text(t, 4096, "é"))),
	    200);
	assert_int_equal(tenant_call(t, "PATCH", path,
			     tn_arena_printf(t->arena,
				 "{'secrets':[{'name':'%s','value':'v'}]}",
				 long_text(t, 129, "é"))),
	    400);
	tenant_says(t, "invalid UpdateActionRequest.Draft");
	assert_int_equal(tenant_call(t, "PATCH", path,
			     tn_arena_printf(t->arena,
				 "{'secrets':[{'name':'s','value':'%s'}]}",
				 long_text(t, 4097, "x"))),
	    400);
	assert_int_equal(tenant_call(t, "PATCH", path,
			     tn_arena_printf(t->arena, "{'code':'%s'}",
				 long_text(t, 102400, "x"))),
	    200);
	assert_int_equal(tenant_call(t, "PATCH", path,
			     tn_arena_printf(t->arena, "{'code':'%s'}",
				 long_text(t, 102401, "x"))),
	    400);
}

static void
test_a_hundred_actions_and_no_more(void **state)
{
	struct tenant *t = *state;
	char installed[37];

	/* What comes from the marketplace does not count. */
	tn_sim_install(t->sim, t->now, "post-login", "partner", installed);
	for (unsigned i = 0; i < 100; i++)
		tenant_create(t, tn_arena_printf(t->arena, "a%u", i), "");
	assert_int_equal(tenant_call(t, "POST", "/actions/actions",
			     "{'name':'b'," TRIGGER "}"),
	    403);
	tenant_says(t, "limit of 100 actions");
	assert_int_equal(tenant_call(t, "GET", "/actions/actions?page=1&per_page=100",
			     NULL),
	    200);
	assert_int_equal(tenant_size(t, "actions"), 1);
}

static void
test_list_pages_and_leaves_keys_out(void **state)
{
	struct tenant *t = *state;

	assert_int_equal(tenant_call(t, "GET", "/actions/actions", NULL), 200);
	assert_string_equal(tn_str_text(&t->reply.body),
	    "{\"actions\":[],\"per_page\":100}");
	for (unsigned i = 0; i < 5; i++)
		tenant_create(t, tn_arena_printf(t->arena, "a%u", i), "");
	tenant_call(t, "GET", "/actions/actions?per_page=2", NULL);
	assert_int_equal(tenant_size(t, "actions"), 2);
	assert_int_equal(tenant_int(t, "total"), 5);
	assert_int_equal(tenant_int(t, "per_page"), 2);
	assert_false(tenant_has(t, "page"));
	assert_string_equal(tenant_text(t, "actions[0].name"), "a0");
	tenant_call(t, "GET", "/actions/actions?page=2&per_page=2", NULL);
	assert_int_equal(tenant_size(t, "actions"), 1);
	assert_string_equal(tenant_text(t, "actions[0].name"), "a4");
	assert_int_equal(tenant_int(t, "page"), 2);
	tenant_call(t, "GET", "/actions/actions?page=3&per_page=2", NULL);
	assert_string_equal(tn_str_text(&t->reply.body),
	    "{\"actions\":[],\"page\":3,\"per_page\":2}");
}

static void
test_list_filters(void **state)
{
	struct tenant *t = *state;
	char installed[37];

	tenant_live(t, "live one");
	tenant_create(t, "draft", "");
	tenant_call(t, "POST", "/actions/actions",
	    "{'name':'m2m','supported_triggers':[{'id':'credentials-exchange'}]}");
	tn_sim_install(t->sim, t->now, "post-login", "partner", installed);
	tenant_call(t, "GET", "/actions/actions?triggerId=post-login", NULL);
	assert_int_equal(tenant_int(t, "total"), 3);
	tenant_call(t, "GET", "/actions/actions?actionName=live+one", NULL);
	assert_int_equal(tenant_int(t, "total"), 1);
	tenant_call(t, "GET", "/actions/actions?actionName=live", NULL);
	assert_int_equal(tenant_size(t, "actions"), 0);
	tenant_call(t, "GET", "/actions/actions?deployed=true", NULL);
	assert_int_equal(tenant_int(t, "total"), 2);
	tenant_call(t, "GET", "/actions/actions?deployed=false", NULL);
	assert_int_equal(tenant_int(t, "total"), 2);
	tenant_call(t, "GET", "/actions/actions?installed=true", NULL);
	assert_int_equal(tenant_int(t, "total"), 1);
	assert_string_equal(tenant_text(t, "actions[0].id"), installed);
	tenant_call(t, "GET",
	    "/actions/actions?installed=false&deployed=false&triggerId=post-login", NULL);
	assert_int_equal(tenant_int(t, "total"), 1);
	assert_string_equal(tenant_text(t, "actions[0].name"), "draft");
}

static void
test_queries_are_checked(void **state)
{
	static const struct {
		const char *query, *words;
	} cases[] = {
		{ "include_totals=true",
		    "Additional properties not allowed: include_totals" },
		{ "page=-1", "property page" },
		{ "page=", "property page" },
		{ "page=1x", "property page" },
		{ "page=99999999999999999999", "property page" },
		{ "per_page=0", "property per_page" },
		{ "per_page=101", "maximum 100" },
		{ "deployed=1", "property deployed" },
		{ "installed=", "property installed" },
		{ "triggerId=nothing", "property triggerId" },
		{ "actionName=%zz", "Malformed escape" },
		{ "actionName=%ff", "Malformed escape" },
	};
	struct tenant *t = *state;

	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		assert_int_equal(tenant_callf(t, "GET", NULL, "/actions/actions?%s",
				     cases[i].query),
		    400);
		tenant_says(t, cases[i].words);
	}
	assert_int_equal(tenant_call(t, "GET", "/actions/actions?&page=0&", NULL), 200);
	assert_int_equal(tenant_call(t, "GET", "/actions/triggers?page=0", NULL), 400);
}

static void
test_unknown_paths_answer_like_the_router(void **state)
{
	static const struct {
		const char *method, *path;
	} cases[] = {
		{ "DELETE", "/actions/actions/" },
		{ "GET", "/actions" },
		{ "GET", "/actions/actions/a/b" },
		{ "PUT", "/actions/actions/a" },
		{ "GET", "/actions/actions/%zz" },
		{ "GET", "/clients" },
	};
	struct tenant *t = *state;

	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		assert_int_equal(tenant_call(t, cases[i].method, cases[i].path, NULL),
		    404);
		assert_string_equal(tn_str_text(&t->reply.body),
		    "{\"statusCode\":404,\"error\":\"Not Found\",\"message\":\"Not Found\"}");
	}
}

static void
test_what_does_not_exist_is_said_without_a_code(void **state)
{
	static const char missing[] =
	    "{\"statusCode\":404,\"error\":\"Not Found\",\"message\":"
	    "\"That action does not exist.\"}";
	struct tenant *t = *state;

	assert_int_equal(tenant_call(t, "GET", "/actions/actions/nope", NULL), 404);
	assert_string_equal(tn_str_text(&t->reply.body), missing);
	assert_int_equal(tenant_call(t, "PATCH", "/actions/actions/nope", "{}"), 404);
	assert_int_equal(tenant_call(t, "DELETE", "/actions/actions/nope", NULL), 404);
	assert_string_equal(tn_str_text(&t->reply.body), missing);
	assert_int_equal(tenant_call(t, "GET", "/actions/executions/nope", NULL), 404);
	tenant_says(t, "That execution does not exist.");
}

static void
test_other_media_types_are_refused(void **state)
{
	struct tenant *t = *state;
	struct tn_sim_request req = { .method = "POST",
		.path = "/api/v2/actions/actions",
		.authorization = t->authorization,
		.content_type = "text/plain",
		.body = tn_span("{}") };

	assert_int_equal(tenant_raw(t, &req), 415);
	req.content_type = NULL;
	assert_int_equal(tenant_raw(t, &req), 400);
	req.content_type = "application/json; charset=utf-8";
	assert_int_equal(tenant_raw(t, &req), 400);
}

/* --- update --- */

static void
test_update_keeps_what_is_left_out(void **state)
{
	struct tenant *t = *state;
	const char *id = tenant_create(t, "a",
	    ",'runtime':'node18-actions','dependencies':[{'name':'x','version':'1.0.0'}],"
	    "'secrets':[{'name':'s','value':'v'}]");
	int64_t created = tenant_time(t, "created_at"),
		updated = tenant_time(t, "updated_at");

	tenant_wait(t, 10000);
	assert_int_equal(tenant_callf(t, "PATCH", "{}", "/actions/actions/%s", id), 200);
	assert_string_equal(tenant_text(t, "name"), "a");
	assert_string_equal(tenant_text(t, "code"), "// a");
	assert_string_equal(tenant_text(t, "runtime"), "node18-actions");
	assert_string_equal(tenant_text(t, "dependencies[0].name"), "x");
	assert_int_equal(tenant_time(t, "secrets[0].updated_at"), updated);
	assert_int_equal(tenant_time(t, "created_at"), created);
	/* Even a change of nothing starts a build and moves the time. */
	assert_true(tenant_time(t, "updated_at") > updated);
	assert_string_equal(tenant_text(t, "status"), "pending");
	assert_int_equal(tenant_callf(t, "PATCH",
			     "{'name':'b','code':'','dependencies':[],'secrets':[]}",
			     "/actions/actions/%s", id),
	    200);
	assert_string_equal(tenant_text(t, "name"), "b");
	assert_string_equal(tenant_text(t, "code"), "");
	assert_int_equal(tenant_size(t, "dependencies"), 0);
	assert_int_equal(tenant_size(t, "secrets"), 0);
}

static void
test_update_refuses(void **state)
{
	static const struct refusal refusals[] = {
		{ "{'name':'other'}", 409, NULL, "already exists" },
		{ "{'supported_triggers':[{'id':'credentials-exchange','version':'v2'}]}",
		    400, NULL, "can't upgrade to this trigger." },
		{ "{'supported_triggers':[{'id':'post-login','version':'v2'}]}", 400,
		    NULL, "can't upgrade to this trigger." },
		{ "{'name':null}", 400, "invalid_body",
		    "Expected type string but found type null" },
		{ "{'deploy':true}", 400, "invalid_body",
		    "Additional properties not allowed: deploy" },
		{ "{'status':'built'}", 400, "invalid_body",
		    "Additional properties not allowed: status" },
		{ "{'secrets':[{'name':'new'}]}", 400, NULL, "has no value" },
		{ "{'runtime':'node16'}", 400, NULL, "runtime is not supported" },
	};
	struct tenant *t = *state;
	const char *id = tenant_create(t, "a", "");

	tenant_create(t, "other", "");
	check_refusals(t, "PATCH", tn_arena_printf(t->arena, "/actions/actions/%s", id),
	    refusals, TN_ARRAY_LEN(refusals));
	/* Its own name is not taken by another. */
	assert_int_equal(tenant_callf(t, "PATCH", "{'name':'a'}", "/actions/actions/%s",
			     id),
	    200);
}

static void
test_update_moves_within_compatible_triggers(void **state)
{
	struct tenant *t = *state;
	const char *id;

	tenant_call(t, "POST", "/actions/actions",
	    "{'name':'a','supported_triggers':[{'id':'post-login','version':'v2'}]}");
	id = tenant_text(t, "id");
	assert_int_equal(tenant_callf(t, "PATCH", "{" TRIGGER "}", "/actions/actions/%s",
			     id),
	    200);
	assert_string_equal(tenant_text(t, "supported_triggers[0].version"), "v3");
}

/* --- secrets --- */

static const char *
sha_of(struct tenant *t, const char *action, const char *secret)
{
	struct tn_sim_action_view view;

	assert_true(tn_sim_view_by_name(t->sim, action, t->now, &view));
	for (size_t i = 0; i < view.draft.n_secrets; i++)
		if (strcmp(view.draft.secrets[i].name, secret) == 0)
			return view.draft.secrets[i].sha256;
	return "";
}

static void
test_secret_by_name_alone_keeps_value_and_time(void **state)
{
	struct tenant *t = *state;
	const char *id = tenant_create(t, "a",
	    ",'secrets':[{'name':'foo','value':'1'},{'name':'baz','value':'2'}]");
	int64_t first = tenant_time(t, "secrets[0].updated_at");

	/* The hash of the one character "1". */
	assert_string_equal(sha_of(t, "a", "foo"),
	    "6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b");
	tenant_wait(t, 1000);
	assert_int_equal(
	    tenant_callf(t, "PATCH",
		"{'secrets':[{'name':'bar','value':'3'},{'name':'foo','colour':'any'}]}",
		"/actions/actions/%s", id),
	    200);
	/* The kept one stays in its place, the new one comes after it, baz is gone. */
	assert_int_equal(tenant_size(t, "secrets"), 2);
	assert_string_equal(tenant_text(t, "secrets[0].name"), "foo");
	assert_string_equal(tenant_text(t, "secrets[1].name"), "bar");
	assert_int_equal(tenant_time(t, "secrets[0].updated_at"), first);
	assert_int_equal(tenant_time(t, "secrets[1].updated_at"),
	    tenant_time(t, "updated_at"));
	assert_string_equal(sha_of(t, "a", "foo"),
	    "6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b");
	assert_int_equal(tenant_size(t, "secrets[0]"), 2);
}

static void
test_secret_with_the_same_value_moves_its_time(void **state)
{
	struct tenant *t = *state;
	const char *id = tenant_create(t, "a", ",'secrets':[{'name':'foo','value':'1'}]");
	int64_t first = tenant_time(t, "secrets[0].updated_at");

	tenant_wait(t, 1000);
	tenant_callf(t, "PATCH",
	    "{'secrets':[{'name':'foo','value':'1','updated_at':'2020-01-01T00:00:00Z'}]}",
	    "/actions/actions/%s", id);
	assert_true(tenant_time(t, "secrets[0].updated_at") > first);
	assert_int_equal(tenant_time(t, "secrets[0].updated_at"),
	    tenant_time(t, "updated_at"));
}

static void
test_secret_values_are_in_no_answer_and_no_dump(void **state)
{
	struct tenant *t = *state;
	TN_CLEANUP(tn_str_done) struct tn_str dump = TN_STR_INIT;
	const char *id = tenant_create(t, "a",
	    ",'secrets':[{'name':'foo','value':'xyzzy-value'}]");

	assert_null(strstr(tn_str_text(&t->reply.body), "xyzzy"));
	tenant_deploy(t, id);
	assert_null(strstr(tn_str_text(&t->reply.body), "xyzzy"));
	tn_json_write(tn_sim_state_json(t->sim, t->now, t->arena), &dump);
	assert_null(strstr(tn_str_text(&dump), "xyzzy"));
	tenant_call(t, "GET", "/actions/actions", NULL);
	assert_null(strstr(tn_str_text(&t->reply.body), "xyzzy"));
}

/* --- delete --- */

static void
test_delete_leaves_nothing(void **state)
{
	struct tenant *t = *state;
	const char *id = tenant_create(t, "a", "");

	assert_int_equal(tenant_callf(t, "DELETE", NULL, "/actions/actions/%s", id), 204);
	assert_int_equal(t->reply.body.len, 0);
	assert_string_equal(tn_sim_reply_field(&t->reply, "content-type"),
	    "application/json; charset=utf-8");
	assert_int_equal(tenant_callf(t, "DELETE", NULL, "/actions/actions/%s", id), 404);
	assert_int_equal(tenant_callf(t, "GET", NULL, "/actions/actions/%s", id), 404);
	/* The name is free again. */
	tenant_create(t, "a", "");
}

static void
test_delete_of_a_bound_action_needs_force(void **state)
{
	struct tenant *t = *state;
	const char *id = tenant_live(t, "a");

	assert_int_equal(
	    tenant_call(t, "PATCH", "/actions/triggers/post-login/bindings",
		tn_arena_printf(t->arena,
		    "{'bindings':[{'ref':{'type':'action_id','value':'%s'}},"
		    "{'ref':{'type':'action_name','value':'a'},'display_name':'again'}]}",
		    id)),
	    200);
	assert_int_equal(tenant_callf(t, "DELETE", NULL, "/actions/actions/%s", id), 409);
	tenant_says(t, "Unable to delete an action bound to a trigger.");
	assert_int_equal(tenant_callf(t, "DELETE", NULL,
			     "/actions/actions/%s?force=false", id),
	    409);
	assert_int_equal(tenant_callf(t, "DELETE", NULL,
			     "/actions/actions/%s?force=maybe", id),
	    400);
	assert_int_equal(tenant_callf(t, "DELETE", NULL, "/actions/actions/%s?force=true",
			     id),
	    204);
	assert_int_equal(tn_sim_view_bindings(t->sim, "post-login"), 0);
}

static void
test_installed_actions_cannot_be_changed(void **state)
{
	struct tenant *t = *state;
	char id[37];

	tn_sim_install(t->sim, t->now, "post-login", "partner", id);
	assert_int_equal(tenant_callf(t, "GET", NULL, "/actions/actions/%s", id), 200);
	assert_true(tenant_has(t, "integration.catalog_id"));
	assert_false(tenant_has(t, "code"));
	assert_false(tenant_has(t, "status"));
	assert_string_equal(tenant_text(t, "supported_triggers[0].status"), "CURRENT");
	assert_string_equal(tenant_text(t, "deployed_version.code"), "");
	assert_false(tenant_has(t, "deployed_version.number"));
	assert_int_equal(strspn(id, "0123456789ABCDEF-"), 36);
	assert_int_equal(tenant_callf(t, "PATCH", "{}", "/actions/actions/%s", id), 403);
	assert_int_equal(tenant_callf(t, "DELETE", NULL, "/actions/actions/%s", id), 403);
	assert_int_equal(tenant_callf(t, "POST", NULL, "/actions/actions/%s/deploy", id),
	    403);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

static void
test_lists_may_come_back_in_another_order(void **state)
{
	struct tn_sim_options options = TN_SIM_OPTIONS_INIT;
	struct tenant t;

	(void)state;
	options.shuffle = true;
	tenant_open(&t, &options);
	tenant_create(&t, "a",
	    ",'dependencies':[{'name':'x','version':'1.0.0'},"
	    "{'name':'y','version':'2.0.0'}],"
	    "'secrets':[{'name':'S','value':'1'},{'name':'T','value':'2'}]");
	assert_string_equal(tenant_text(&t, "dependencies[0].name"), "y");
	assert_string_equal(tenant_text(&t, "dependencies[1].version"), "1.0.0");
	assert_string_equal(tenant_text(&t, "secrets[0].name"), "T");
	assert_string_equal(tenant_text(&t, "secrets[1].name"), "S");
	tenant_close(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lists_may_come_back_in_another_order),
		TEST(test_create_fills_in_what_is_left_out),
		TEST(test_default_runtime_is_the_triggers),
		TEST(test_create_refuses_what_the_schema_does_not_know),
		TEST(test_create_refuses_what_the_service_does_not_take),
		TEST(test_limits_hold_at_their_edges),
		TEST(test_a_hundred_actions_and_no_more),
		TEST(test_list_pages_and_leaves_keys_out),
		TEST(test_list_filters),
		TEST(test_queries_are_checked),
		TEST(test_unknown_paths_answer_like_the_router),
		TEST(test_what_does_not_exist_is_said_without_a_code),
		TEST(test_other_media_types_are_refused),
		TEST(test_update_keeps_what_is_left_out),
		TEST(test_update_refuses),
		TEST(test_update_moves_within_compatible_triggers),
		TEST(test_secret_by_name_alone_keeps_value_and_time),
		TEST(test_secret_with_the_same_value_moves_its_time),
		TEST(test_secret_values_are_in_no_answer_and_no_dump),
		TEST(test_delete_leaves_nothing),
		TEST(test_delete_of_a_bound_action_needs_force),
		TEST(test_installed_actions_cannot_be_changed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
