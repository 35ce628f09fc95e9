/* JSON that people write: every value and key says where it stands, and so do mistakes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/diag.h"
#include "json/json.h"

static struct tn_arena *arena;
static struct tn_diags *diags;
static struct tn_value *root;

static int
setup(void **state TN_UNUSED)
{
	arena = tn_arena_new();
	diags = tn_diags_new();
	return 0;
}

static int
teardown(void **state TN_UNUSED)
{
	tn_diags_free(diags);
	tn_arena_free(arena);
	return 0;
}

static int
parse(const char *text)
{
	return tn_json_parse_file(arena, "actions/a.json", tn_span(text), NULL, &root,
	    diags);
}

static void
assert_mark(struct tn_mark mark, unsigned line, unsigned col)
{
	assert_string_equal(mark.file, "actions/a.json");
	assert_int_equal(mark.line, line);
	assert_int_equal(mark.col, col);
}

static void
keys_and_values_have_marks(void **state TN_UNUSED)
{
	const struct tn_member *member;
	const struct tn_value *list;

	assert_int_equal(parse("{\n  \"a\": 1, \"b\" : [\n\ttrue, {}, \"x\"],\n"
			       "\"c\":{\"d\":null}}"),
	    0);
	assert_mark(root->mark, 1, 1);
	member = tn_value_member(root, "a");
	assert_mark(member->mark, 2, 3);
	assert_mark(member->value->mark, 2, 8);
	member = tn_value_member(root, "b");
	assert_mark(member->mark, 2, 11);
	list = member->value;
	assert_mark(list->mark, 2, 17);
	assert_mark(tn_value_at(list, 0)->mark, 3, 2);
	assert_mark(tn_value_at(list, 1)->mark, 3, 8);
	assert_mark(tn_value_at(list, 2)->mark, 3, 12);
	member = tn_value_member(tn_value_get(root, "c"), "d");
	assert_mark(member->mark, 4, 6);
	assert_mark(member->value->mark, 4, 10);
	assert_int_equal(tn_diags_count(diags), 0);
}

static void
columns_count_characters(void **state TN_UNUSED)
{
	assert_int_equal(parse("[\"\xc3\xa9\xf0\x9f\x98\x80\", \"\\u00e9\", 2]"), 0);
	assert_mark(tn_value_at(root, 1)->mark, 1, 8);
	assert_mark(tn_value_at(root, 2)->mark, 1, 18);
}

static void
mistakes_are_findings_with_their_place(void **state TN_UNUSED)
{
	static const struct {
		const char *text;
		const char *code;
		unsigned line, col;
	} cases[] = {
		{ "", "syntax", 1, 1 },
		{ "{\n  \"a\": 1,\n}", "syntax", 3, 1 },
		{ "{\"a\": 1, \"a\": 2}", "syntax", 1, 10 },
		{ "[1] x", "syntax", 1, 5 },
		{ "[\n\"open", "syntax", 2, 1 },
		{ "[\"\xff\"]", "syntax", 1, 3 },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		const struct tn_diag *diag;

		assert_int_equal(parse(cases[i].text), -TN_E_INPUT);
		assert_null(root);
		assert_int_equal(tn_diags_count(diags), i + 1);
		diag = tn_diags_at(diags, i);
		assert_string_equal(diag->code, cases[i].code);
		assert_mark(diag->mark, cases[i].line, cases[i].col);
		assert_int_not_equal(strncmp(diag->message, "line ", 5), 0);
	}
}

static void
bounds_are_findings(void **state TN_UNUSED)
{
	const struct tn_json_limits few = { .bytes = 100, .values = 3, .depth = 2 };

	assert_int_equal(tn_json_parse_file(arena, "f", tn_span("[[[]]]"), &few, &root,
			     diags),
	    -TN_E_INPUT);
	assert_int_equal(tn_json_parse_file(arena, "f", tn_span("[1,2,\n3]"), &few, &root,
			     diags),
	    -TN_E_INPUT);
	for (size_t i = 0; i < 2; i++)
		assert_string_equal(tn_diags_at(diags, i)->code, "too-large");
	assert_int_equal(tn_diags_at(diags, 1)->mark.line, 2);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(keys_and_values_have_marks),
		TEST(columns_count_characters),
		TEST(mistakes_are_findings_with_their_place),
		TEST(bounds_are_findings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
