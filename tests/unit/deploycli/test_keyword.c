/*
 * Keywords. What the mappings make of a text was worked out with the replacement
 * functions of auth0-deploy-cli 8.44.0; tests/deploycli holds both against each other.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "deploycli/keyword.h"
#include "deploycli/ruler.h"
#include "json/json.h"

static struct tn_arena *arena;
static struct tn_diags *diags;
static struct tn_placeholder placeholders[4];
static const char *secrets[2];
static struct tn_deploycli_options options;
static struct tn_keywords keywords;

static int
setup(void **state TN_UNUSED)
{
	arena = tn_arena_new();
	diags = tn_diags_new();
	options = (struct tn_deploycli_options){
		.placeholders = placeholders,
		.secrets = secrets,
	};
	keywords = (struct tn_keywords){
		.arena = arena,
		.diags = diags,
		.options = &options,
	};
	return 0;
}

static int
teardown(void **state TN_UNUSED)
{
	tn_diags_free(diags);
	tn_arena_free(arena);
	return 0;
}

static void
map(const char *json)
{
	struct tn_value *object;

	assert_int_equal(tn_json_parse(arena, tn_span(json), NULL, &object, NULL), 0);
	keywords.n_mappings = 0;
	tn_keywords_map(&keywords, object);
}

static void
allow(const char *name, const char *value)
{
	placeholders[options.n_placeholders++] = (struct tn_placeholder){ name, value };
}

static const char *
code_of(const char *text)
{
	TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;

	assert_true(tn_keywords_replace_code(&keywords, "a.js", tn_span(text), &out));
	return tn_arena_bytes(arena, tn_str_text(&out), out.len);
}

static const struct {
	const char *mappings;
	const char *text;
	const char *after;
} cases[] = {
	{ "{}", "a ##b## c", "a ##b## c" },
	{ "{\"A\":\"x\"}", "##A##", "x" },
	{ "{\"A\":\"x\"}", "a##A##b##A##", "axbx" },
	{ "{\"A\":\"x\"}", "##a## #A# ##A#", "##a## #A# ##A#" },
	{ "{\"A\":\"x\"}", "###A###", "#x#" },
	/* `$` is nothing special */
	{ "{\"A\":\"$& $1 $$ $'\"}", "[##A##]", "[$& $1 $$ $']" },
	{ "{\"A\":\"$& $$\"}", "[@@A@@]", "[\"$& $$\"]" },
	/* JSON, with the quotes around it */
	{ "{\"A\":[\"x\",1,true,null]}", "v = @@A@@;", "v = [\"x\",1,true,null];" },
	{ "{\"A\":[1]}", "v = \"@@A@@\";", "v = [1];" },
	{ "{\"A\":[1]}", "v = '@@A@@';", "v = [1];" },
	{ "{\"A\":[1]}", "v = '@@A@@\";", "v = '[1]\";" },
	{ "{\"A\":[1]}", "v = \"x@@A@@\";", "v = \"x[1]\";" },
	{ "{\"A\":[1]}", "\"@@A@@@@A@@\"", "\"[1][1]\"" },
	{ "{\"A\":[1]}", "'@@A@@''@@A@@'", "[1][1]" },
	{ "{\"A\":\"q\\\"\\\\\\n\\u0001\"}", "@@A@@", "\"q\\\"\\\\\\n\\u0001\"" },
	{ "{\"A\":{\"b\":[{}]}}", "@@A@@", "{\"b\":[{}]}" },
	{ "{\"A\":5}", "@@A@@", "5" },
	/* text of what is none */
	{ "{\"A\":5,\"B\":true,\"C\":null}", "##A## ##B## ##C##", "5 true null" },
	{ "{\"A\":[\"x\",[1,2],null,true]}", "##A##", "x,1,2,,true" },
	{ "{\"A\":[]}", "[##A##]", "[]" },
	/* in the order of the mappings, all of JSON first */
	{ "{\"A\":\"##B##\",\"B\":\"x\"}", "##A##", "x" },
	{ "{\"A\":\"@@B@@\",\"B\":[1]}", "@@A@@", "[1]" },
	{ "{\"A\":\"x\",\"B\":[\"##A##\"]}", "@@B@@", "[\"x\"]" },
	/* keys are text, whatever they hold */
	{ "{\"A.B\":\"x\"}", "##A.B## ##A-B##", "x ##A-B##" },
	{ "{\"a-b c\":\"x\"}", "##a-b c##", "x" },
	{ "{\"\":\"x\"}", "####", "####" },
	{ "{\"\xc3\xa9\":\"\xc3\xa8\"}", "##\xc3\xa9##", "\xc3\xa8" },
};

static void
mappings_replace_text(void **state TN_UNUSED)
{
	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		map(cases[i].mappings);
		assert_string_equal(code_of(cases[i].text), cases[i].after);
	}
	assert_int_equal(tn_diags_count(diags), 0);
}

static void
assert_refused(const char *text, const char *code, unsigned line, unsigned col)
{
	TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;
	const struct tn_diag *diag;
	size_t before = tn_diags_count(diags);

	assert_false(tn_keywords_replace_code(&keywords, "a.js", tn_span(text), &out));
	assert_int_equal(tn_diags_count(diags), before + 1);
	diag = tn_diags_at(diags, before);
	assert_string_equal(diag->code, code);
	assert_string_equal(diag->mark.file, "a.js");
	assert_int_equal(diag->mark.line, line);
	assert_int_equal(diag->mark.col, col);
	assert_non_null(diag->hint);
}

static void
what_nobody_maps_is_refused_where_it_stands(void **state TN_UNUSED)
{
	assert_refused("x\n\xc3\xa9 ##API_KEY##", "unresolved-placeholder", 2, 3);
	assert_refused("@@LIST_2@@", "unresolved-placeholder", 1, 1);
	map("{\"A\":\"several\\nlines\\n\"}");
	assert_refused("##A##\n ##B##", "unresolved-placeholder", 2, 2);
	map("{\"B\":\"x\",\"A\":\"##B##\"}");
	assert_refused("##B## ##A##", "unresolved-placeholder", 1, 7);
	map("{\"A\":{}}");
	assert_refused("##A##", "object-as-text", 0, 0);
	map("{\"B\":[{}]}");
	assert_refused("##B##", "object-as-text", 0, 0);
}

static void
lower_case_that_nobody_maps_is_text(void **state TN_UNUSED)
{
	assert_string_equal(code_of("@@password@@ ##x## ## A ## ##A-B## ##"),
	    "@@password@@ ##x## ## A ## ##A-B## ##");
}

static void
the_operator_comes_before_the_mappings(void **state TN_UNUSED)
{
	allow("A", "$& \"##B##\" \\");
	allow("lower", "y");
	map("{\"A\":\"x\",\"B\":\"z\"}");
	assert_string_equal(code_of("##A## ##lower## ##B##"), "$& \"##B##\" \\ y z");
	assert_string_equal(code_of("v = '@@A@@'"), "v = \"$& \\\"##B##\\\" \\\\\"");
	assert_int_equal(keywords.n_used, 2);
	assert_string_equal(keywords.used[0].name, "A");
}

static void
a_placeholder_without_value_is_refused(void **state TN_UNUSED)
{
	allow("A", NULL);
	assert_refused("##A##", "unresolved-placeholder", 1, 1);
	assert_non_null(strstr(tn_diags_at(diags, 0)->hint, "set the variable A"));
	allow("B", "\xff");
	assert_refused("##B##", "unresolved-placeholder", 1, 1);
}

static void
a_secret_of_the_connection_is_no_text(void **state TN_UNUSED)
{
	secrets[options.n_secrets++] = "api_key";
	assert_refused("##api_key##", "secret-as-text", 1, 1);
	allow("api_key", "hunter22");
	assert_refused(" ##api_key##", "secret-as-text", 1, 2);
}

static void
without_a_connection_they_stay_and_are_remembered(void **state TN_UNUSED)
{
	options.open = true;
	assert_string_equal(code_of("##A## @@B@@ ##A##"), "##A## @@B@@ ##A##");
	assert_int_equal(keywords.n_open, 2);
	assert_string_equal(keywords.open[1].name, "B");
	assert_int_equal(tn_diags_count(diags), 0);
}

/* 40 mappings that each hold the next one twice. */
static void
mappings_that_hold_each_other_are_bounded(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_str_done) struct tn_str json = TN_STR_INIT;

	for (unsigned i = 0; i < 40; i++)
		tn_str_addf(&json, "%c\"A%u\":\"##A%u####A%u##\"", i == 0 ? '{' : ',', i,
		    i + 1, i + 1);
	tn_str_add(&json, "}");
	map(tn_str_text(&json));
	assert_refused("##A0##", "too-large", 0, 0);
}

static void
assert_document(enum tn_keyword_form form, const char *text, const char *expected)
{
	TN_CLEANUP(tn_keyword_text_done) struct tn_keyword_text out = { 0 };

	assert_true(tn_keywords_replace(&keywords, "f", tn_span(text), form, &out));
	assert_string_equal(tn_str_text(&out.bytes), expected);
}

#define M(kind, name) "\xee\x83\x9c" kind name "\xee\x83\x9d"

static void
documents_get_markers_that_any_parser_reads(void **state TN_UNUSED)
{
	map("{\"LIST\":[1]}");
	allow("lower", "x");
	assert_document(TN_KEYWORD_YAML, "a: ##A##", "a: " M("#", "A"));
	assert_document(TN_KEYWORD_YAML, "a: @@A@@", "a: \"" M("@", "A") "\"");
	assert_document(TN_KEYWORD_YAML, "a: '@@A@@'", "a: \"" M("@", "A") "\"");
	assert_document(TN_KEYWORD_YAML, "a: @@LIST@@", "a: [1]");
	assert_document(TN_KEYWORD_YAML, "##A##\n  ##B##\na: ##C##",
	    "##A##\n  ##B##\na: " M("#", "C"));
	assert_document(TN_KEYWORD_YAML, "- ##lower## ##other##",
	    "- " M("#", "lower") " ##other##");
	assert_document(TN_KEYWORD_JSON, "{\"a\": \"x ##A##\"}",
	    "{\"a\": \"x " M("#", "A") "\"}");
	assert_document(TN_KEYWORD_JSON, "{\"a\\\"\": ##A##, \"b\": \"##B##\"}",
	    "{\"a\\\"\": \"" M("=", "A") "\", \"b\": \"" M("#", "B") "\"}");
	assert_document(TN_KEYWORD_JSON, "[\"@@A@@\", @@B@@, ##C##]",
	    "[\"" M("@", "A") "\", \"" M("@", "B") "\", \"" M("=", "C") "\"]");
}

static void
values_get_their_text_back(void **state TN_UNUSED)
{
	struct tn_value *object = tn_value_object(arena);
	struct tn_value *list = tn_value_array(arena);

	allow("A", "a: [b");
	allow("B", "true");
	tn_value_push(arena, list, tn_value_string(arena, "x" M("#", "A") M("#", "B")));
	tn_value_push(arena, list, tn_value_string(arena, M("=", "B")));
	tn_value_push(arena, list, tn_value_string(arena, "##A##"));
	tn_value_set(arena, object, M("#", "B"), list);
	assert_true(tn_keywords_resolve(&keywords, object));
	assert_string_equal(object->as.members[0].key, "true");
	assert_string_equal(tn_value_at(list, 0)->as.text, "xa: [btrue");
	assert_int_equal(tn_value_at(list, 1)->kind, TN_VALUE_SCALAR);
	assert_string_equal(tn_value_at(list, 1)->as.text, "true");
	assert_string_equal(tn_value_at(list, 2)->as.text, "a: [b");
	assert_int_equal(tn_value_at(list, 2)->kind, TN_VALUE_STRING);
}

static void
whole_keywords_are_told_from_others(void **state TN_UNUSED)
{
	assert_string_equal(tn_keyword_whole(&keywords, M("#", "A_1")), "A_1");
	assert_string_equal(tn_keyword_whole(&keywords, "@@lower@@"), "lower");
	assert_null(tn_keyword_whole(&keywords, "x" M("#", "A")));
	assert_null(tn_keyword_whole(&keywords, M("#", "A") "x"));
	assert_null(tn_keyword_whole(&keywords, ""));
	assert_null(tn_keyword_whole(&keywords, "##A#"));
	assert_true(tn_keyword_any("x" M("@", "A") "x"));
	assert_true(tn_keyword_any("x##A##"));
	assert_false(tn_keyword_any("#A# @@ ## \xee\x83\x9c"));
}

/* Against a count by hand of every byte, over more than one step of the ruler. */
static void
places_are_found_both_ways(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
	struct tn_ruler ruler;
	unsigned line = 1, col = 1;

	for (unsigned i = 0; i < 300; i++)
		tn_str_add(&text,
		    i % 17 == 5      ? "\n"
			: i % 3 == 0 ? "\xf0\x9f\x98\x80"
				     : "ab\xc3\xa9");
	tn_ruler_init(&ruler, tn_str_span(&text));
	for (size_t i = 0; i <= text.len; i++) {
		struct tn_mark mark = { 0 };

		if (i < text.len && ((unsigned char)text.ptr[i] & 0xc0) == 0x80)
			continue;
		tn_ruler_mark(&ruler, i, &mark);
		assert_int_equal(mark.line, line);
		assert_int_equal(mark.col, col);
		assert_int_equal(tn_ruler_byte(&ruler, line, col), i);
		col++;
		if (i < text.len && text.ptr[i] == '\n') {
			line++;
			col = 1;
		}
	}
	assert_int_equal(tn_ruler_byte(&ruler, line + 1, 1), text.len);
	assert_int_equal(tn_ruler_byte(&ruler, 0, 0), 0);
	tn_ruler_done(&ruler);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(mappings_replace_text),
		TEST(what_nobody_maps_is_refused_where_it_stands),
		TEST(lower_case_that_nobody_maps_is_text),
		TEST(the_operator_comes_before_the_mappings),
		TEST(a_placeholder_without_value_is_refused),
		TEST(a_secret_of_the_connection_is_no_text),
		TEST(without_a_connection_they_stay_and_are_remembered),
		TEST(mappings_that_hold_each_other_are_bounded),
		TEST(documents_get_markers_that_any_parser_reads),
		TEST(values_get_their_text_back),
		TEST(whole_keywords_are_told_from_others),
		TEST(places_are_found_both_ways),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
