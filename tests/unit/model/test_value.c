/* Contents, actions and flows as trees: canonical when written, strict when read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/value.h"
#include "json/json.h"
#include "model/action.h"
#include "model/flow.h"

#define F64 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static struct tn_arena *arena;

static int
setup(void **state TN_UNUSED)
{
	arena = tn_arena_new();
	return 0;
}

static int
teardown(void **state TN_UNUSED)
{
	tn_arena_free(arena);
	return 0;
}

/* JSON with ' for ". */
static const struct tn_value *
json(const char *text)
{
	char *quoted = tn_arena_alloc(arena, strlen(text) + 1, 1);
	struct tn_value *value = NULL;

	for (size_t i = 0; text[i] != '\0'; i++)
		quoted[i] = text[i] == '\'' ? '"' : text[i];
	assert_int_equal(tn_json_parse(arena, tn_span(quoted), NULL, &value, NULL), 0);
	return value;
}

static void
assert_json(const struct tn_value *value, const char *expected)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

	tn_json_write(value, &text);
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '"')
			text.ptr[i] = '\'';
	}
	assert_string_equal(tn_str_text(&text), expected);
}

static void
a_content_is_written_in_one_way(void **state TN_UNUSED)
{
	const struct tn_dependency dependencies[] = {
		{ .name = "b", .version = "2", .registry = "https://r.example" },
		{ .name = "a", .version = "2" },
		{ .name = "a", .version = "1" },
	};
	const struct tn_secret_ref secrets[] = {
		{ .name = "Z", .fingerprint = F64 },
		{ .name = "A", .updated_at = "t1" },
	};
	struct tn_content content = { .code = "c",
		.runtime = "node22",
		.dependencies = dependencies,
		.n_dependencies = 3,
		.secrets = secrets,
		.n_secrets = 2 };

	assert_json(tn_content_to_value(arena, &content),
	    "{'code':'c','runtime':'node22','dependencies':["
	    "{'name':'a','version':'1'},{'name':'a','version':'2'},"
	    "{'name':'b','version':'2','registry':'https://r.example'}],"
	    "'secrets':[{'name':'A','updated_at':'t1'},"
	    "{'name':'Z','fingerprint':'" F64 "'}]}");
}

static void
an_empty_content_is_written_with_its_sets(void **state TN_UNUSED)
{
	struct tn_content content = { 0 };

	assert_json(tn_content_to_value(arena, &content),
	    "{'code':'','dependencies':[],'secrets':[]}");
}

static void
items_of_one_name_have_one_order_too(void **state TN_UNUSED)
{
	struct tn_dependency dependencies[] = {
		{ .name = "a", .version = "1", .registry = "r2" },
		{ .name = "a", .version = "1" },
		{ .name = "a", .version = "1", .registry = "r1" },
	};
	struct tn_secret_ref secrets[] = {
		{ .name = "A", .updated_at = "t2" },
		{ .name = "A", .updated_at = "t1" },
	};
	struct tn_content content = { .dependencies = dependencies,
		.n_dependencies = 3,
		.secrets = secrets,
		.n_secrets = 2 };

	assert_json(tn_content_to_value(arena, &content),
	    "{'code':'','dependencies':[{'name':'a','version':'1'},"
	    "{'name':'a','version':'1','registry':'r1'},"
	    "{'name':'a','version':'1','registry':'r2'}],"
	    "'secrets':[{'name':'A','updated_at':'t1'},{'name':'A','updated_at':'t2'}]}");
}

static void
a_content_comes_back(void **state TN_UNUSED)
{
	const char *text = "{'code':'c','runtime':'node22','dependencies':["
			   "{'name':'a','version':'1','registry':'r'}],"
			   "'secrets':[{'name':'A','fingerprint':'" F64
			   "','updated_at':'t1'}]}";
	struct tn_content content;

	assert_int_equal(tn_content_from_value(arena, json(text), &content, NULL), 0);
	assert_string_equal(content.code, "c");
	assert_string_equal(content.dependencies[0].registry, "r");
	assert_string_equal(content.secrets[0].fingerprint, F64);
	assert_json(tn_content_to_value(arena, &content), text);
}

/* A fingerprint may stand behind the id of its key, and behind nothing else. */
static void
a_fingerprint_may_name_its_key(void **state TN_UNUSED)
{
	static const struct {
		const char *fingerprint;
		bool fine;
	} rows[] = {
		{ F64, true },
		{ "0123456789abcdef:" F64, true },
		{ "0123456789abcde:" F64, false },
		{ "0123456789abcdef0:" F64, false },
		{ "0123456789ABCDEF:" F64, false },
		{ "0123456789abcdef:" F64 "0", false },
		{ "0123456789abcdef:0123456789abcdef:" F64, false },
		{ ":" F64, false },
		{ "0123456789abcdef:", false },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(rows); i++) {
		const char *text = tn_arena_printf(arena,
		    "{'code':'c','dependencies':[],"
		    "'secrets':[{'name':'A','fingerprint':'%s'}]}",
		    rows[i].fingerprint);
		struct tn_content content;

		assert_int_equal(tn_content_from_value(arena, json(text), &content,
				     NULL) == 0,
		    rows[i].fine);
	}
}

static const char live_action[] =
    "{'id':'1','name':'a','trigger':{'id':'post-login','version':'v3'},"
    "'created_at':'t1','updated_at':'t2','installed':false,'build':'failed',"
    "'build_status':'failed','draft':{'code':'d','dependencies':[],'secrets':[]},"
    "'live':{'id':'9','number':4,'created_at':'t3','deployed':true,'built':true,"
    "'content':{'code':'l','runtime':'node22','dependencies':[],'secrets':[]}}}";

static void
a_live_action_comes_back(void **state TN_UNUSED)
{
	struct tn_live_action action;

	assert_int_equal(tn_live_action_from_value(arena, json(live_action), &action,
			     NULL),
	    0);
	assert_int_equal(action.build, TN_BUILD_FAILED);
	assert_true(action.has_live);
	assert_int_equal(action.live.number, 4);
	assert_true(action.live.built);
	assert_string_equal(action.live.content.code, "l");
	assert_null(action.draft.runtime);
	assert_json(tn_live_action_to_value(arena, &action), live_action);
}

static void
an_installed_action_comes_back_without_draft(void **state TN_UNUSED)
{
	const char *text =
	    "{'id':'AB','name':'m','trigger':{'id':'post-login'},'installed':true,"
	    "'build':'running'}";
	struct tn_live_action action;

	assert_int_equal(tn_live_action_from_value(arena, json(text), &action, NULL), 0);
	assert_true(action.installed);
	assert_false(action.has_live);
	assert_null(action.updated_at);
	assert_json(tn_live_action_to_value(arena, &action), text);
}

static void
a_flow_comes_back(void **state TN_UNUSED)
{
	const char *text =
	    "{'trigger':'post-login','bindings':["
	    "{'action_id':'1','action_name':'a','display_name':'A','installed':false},"
	    "{'action_name':'new','installed':false},"
	    "{'action_id':'M','action_name':'m','installed':true}]}";
	struct tn_flow flow;

	assert_int_equal(tn_flow_from_value(arena, json(text), &flow, NULL), 0);
	assert_int_equal(flow.n_bindings, 3);
	assert_null(flow.bindings[1].action_id);
	assert_true(flow.bindings[2].installed);
	assert_json(tn_flow_to_value(arena, &flow), text);
}

struct refusal {
	const char *text, *message;
};

static int
read_content(const struct tn_value *value, struct tn_error *err)
{
	struct tn_content content;

	return tn_content_from_value(arena, value, &content, err);
}

static int
read_action(const struct tn_value *value, struct tn_error *err)
{
	struct tn_live_action action;

	return tn_live_action_from_value(arena, value, &action, err);
}

static int
read_flow(const struct tn_value *value, struct tn_error *err)
{
	struct tn_flow flow;

	return tn_flow_from_value(arena, value, &flow, err);
}

static void
assert_refused(int (*read)(const struct tn_value *, struct tn_error *),
    const struct refusal *refusals, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;

		assert_int_equal(read(json(refusals[i].text), &err), -TN_E_INPUT);
		assert_string_equal(err.message, refusals[i].message);
	}
}

static void
a_wrong_content_is_refused_with_its_place(void **state TN_UNUSED)
{
	static const struct refusal refusals[] = {
		{ "[]", "an object was expected, found array" },
		{ "{}", "code is missing" },
		{ "{'code':null,'dependencies':[],'secrets':[]}",
		    "code: a string was expected, found null" },
		{ "{'code':''}", "dependencies: an array was expected" },
		{ "{'code':'','dependencies':{},'secrets':[]}",
		    "dependencies: an array was expected" },
		{ "{'code':'','dependencies':[]}", "secrets: an array was expected" },
		{ "{'code':'','runtime':18,'dependencies':[],'secrets':[]}",
		    "runtime: a string was expected, found number" },
		{ "{'code':'','dependencies':[],'secrets':[],'Code':''}",
		    "unknown member \"Code\"" },
		{ "{'code':'','dependencies':[{'name':'a','version':'1'},{'name':'a'}],"
		  "'secrets':[]}",
		    "dependencies[1]: version is missing" },
		{ "{'code':'','dependencies':[{'name':'','version':'1'}],'secrets':[]}",
		    "dependencies[0]: name is empty" },
		{ "{'code':'','dependencies':['a'],'secrets':[]}",
		    "dependencies[0]: an object was expected, found string" },
		{ "{'code':'','dependencies':[],'secrets':[{'name':'A','value':'x'}]}",
		    "secrets[0]: unknown member \"value\"" },
		{ "{'code':'','dependencies':[],'secrets':[{'name':'A',"
		  "'fingerprint':'abc'}]}",
		    "secrets[0]: fingerprint: 64 hexadecimal digits in lower case were "
		    "expected" },
		{ "{'code':'','dependencies':[],'secrets':[{'updated_at':'t'}]}",
		    "secrets[0]: name is missing" },
	};

	assert_refused(read_content, refusals, TN_ARRAY_LEN(refusals));
}

#define ACTION_HEAD "{'id':'1','name':'a','trigger':{'id':'t'},"
#define EMPTY       "{'code':'','dependencies':[],'secrets':[]}"

static void
a_wrong_action_is_refused_with_its_place(void **state TN_UNUSED)
{
	static const struct refusal refusals[] = {
		{ "null", "an object was expected, found null" },
		{ "{'name':'a'}", "id is missing" },
		{ "{'id':'1','name':''}", "name is empty" },
		{ "{'id':'1','name':'a'}",
		    "trigger: an object was expected, found nothing" },
		{ "{'id':'1','name':'a','trigger':{}}", "trigger: id is missing" },
		{ ACTION_HEAD "'build':'built'}", "installed: a boolean was expected" },
		{ ACTION_HEAD "'installed':false}", "build is missing" },
		{ ACTION_HEAD "'installed':false,'build':'pending'}",
		    "build: \"running\", \"built\" or \"failed\" was expected" },
		{ ACTION_HEAD "'installed':false,'build':'built'}",
		    "draft: an object was expected, found nothing" },
		{ ACTION_HEAD "'installed':true,'build':'built','draft':" EMPTY "}",
		    "an installed action has no draft" },
		{ ACTION_HEAD "'installed':false,'build':'built','draft':" EMPTY
			      ",'live':{'id':'9','number':1.5}}",
		    "live: number: a whole number was expected" },
		{ ACTION_HEAD "'installed':false,'build':'built','draft':" EMPTY
			      ",'live':{'id':'9','number':1,'deployed':true,'built':1}}",
		    "live: built: a boolean was expected" },
		{ ACTION_HEAD "'installed':false,'build':'built','draft':" EMPTY
			      ",'live':{'id':'9','number':1,'deployed':true,'built':true,"
			      "'content':{}}}",
		    "live: content: code is missing" },
		{ ACTION_HEAD "'installed':false,'build':'built','draft':" EMPTY
			      ",'live':{'number':1}}",
		    "live: id is missing" },
		{ ACTION_HEAD "'status':'built'}", "unknown member \"status\"" },
	};

	assert_refused(read_action, refusals, TN_ARRAY_LEN(refusals));
}

static void
a_wrong_flow_is_refused_with_its_place(void **state TN_UNUSED)
{
	static const struct refusal refusals[] = {
		{ "'post-login'", "an object was expected, found string" },
		{ "{'bindings':[]}", "trigger is missing" },
		{ "{'trigger':'t'}", "bindings: an array was expected" },
		{ "{'trigger':'t','bindings':[{'action_id':'1','installed':false}]}",
		    "bindings[0]: action_name is missing" },
		{ "{'trigger':'t','bindings':[{'action_name':'a','installed':false},"
		  "{'action_name':'b'}]}",
		    "bindings[1]: installed: a boolean was expected" },
		{ "{'trigger':'t','bindings':[{'action_name':'a','installed':false,"
		  "'id':'1'}]}",
		    "bindings[0]: unknown member \"id\"" },
	};

	assert_refused(read_flow, refusals, TN_ARRAY_LEN(refusals));
}

static void
what_is_refused_leaves_the_target_alone(void **state TN_UNUSED)
{
	struct tn_content content = { .code = "kept" };
	struct tn_flow flow = { .trigger = "kept" };

	assert_true(
	    tn_content_from_value(arena, json("{'code':'x'}"), &content, NULL) < 0);
	assert_true(tn_flow_from_value(arena, json("{'trigger':'x'}"), &flow, NULL) < 0);
	assert_string_equal(content.code, "kept");
	assert_string_equal(flow.trigger, "kept");
	assert_int_equal(tn_content_from_value(arena, NULL, &content, NULL), -TN_E_INPUT);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_content_is_written_in_one_way),
		TEST(an_empty_content_is_written_with_its_sets),
		TEST(items_of_one_name_have_one_order_too),
		TEST(a_content_comes_back),
		TEST(a_fingerprint_may_name_its_key),
		TEST(a_live_action_comes_back),
		TEST(an_installed_action_comes_back_without_draft),
		TEST(a_flow_comes_back),
		TEST(a_wrong_content_is_refused_with_its_place),
		TEST(a_wrong_action_is_refused_with_its_place),
		TEST(a_wrong_flow_is_refused_with_its_place),
		TEST(what_is_refused_leaves_the_target_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
