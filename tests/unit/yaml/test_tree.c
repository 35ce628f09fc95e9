/* YAML that is accepted: what becomes of it, and where it says that it stands. */
#include "help.h"

#include <string.h>

/* Text with its length. */
#define T(text)                        \
	{                              \
		text, sizeof(text) - 1 \
	}

static const struct {
	struct tn_span text;
	const char *shown;
} trees[] = {
	/* nothing */
	{ T(""), "null" },
	{ T("\n\n"), "null" },
	{ T("# a comment\n"), "null" },
	{ T("---\n"), "null" },
	{ T("--- \n...\n"), "null" },
	{ T("~\n"), "~" },
	{ T("null\n"), "null" },
	/* scalars are not typed here */
	{ T("a: 1.10\nb: no\nc: 0x1F\nd: 12:30:45\ne: 010\nf: 1e3\ng: .5\nh: True"),
	    "{a=1.10 b=no c=0x1F d=12:30:45 e=010 f=1e3 g=.5 h=True}" },
	{ T("a: \"1.10\"\nb: 'no'\n"), "{a='1.10' b='no'}" },
	{ T("a: \"\"\nb: ''\nc:\nd: \ne: ~\n"), "{a='' b='' c=null d=null e=~}" },
	{ T("a: 2026-08-29\n"), "{a=2026-08-29}" },
	{ T("plain text of\n  several lines\n"), "plain text of several lines" },
	{ T("http://a.example:80/x#y"), "http://a.example:80/x#y" },
	{ T("- a#b\n- a # comment\n"), "[a#b a]" },
	/* quotes */
	{ T("\"a\\n\\t\\\"\\\\\\u20ac\\x41\\U0001F600\\e\""), "'a\n\t\"\\€A😀\x1b'" },
	{ T("'it''s'"), "'it's'" },
	{ T("\"a\n  b\n\n  c\""), "'a b\nc'" },
	{ T("\"a\\\n  b\""), "'ab'" },
	/* blocks */
	{ T("a: |\n  x\n   y\n\n  z\nb: >\n  p\n  q\n\n  r\n"),
	    "{a='x\n y\n\nz\n' b='p q\nr\n'}" },
	{ T("a: |-\n  x\nb: |+\n  y\n\n"), "{a='x' b='y\n\n'}" },
	{ T("a: |2\n   x\n"), "{a=' x\n'}" },
	{ T("a: |\n"), "{a=''}" },
	/* lists and mappings */
	{ T("[]"), "[]" },
	{ T("{}"), "{}" },
	{ T("[a, [b, {c: d}], {}]"), "[a [b {c=d}] {}]" },
	{ T("[a, b, ]"), "[a b]" },
	{ T("{a: 1, b: , c}"), "{a=1 b=null c=null}" },
	{ T("[a: 1, b: 2]"), "[{a=1} {b=2}]" },
	{ T("- a\n-\n- - b\n  - c\n- d: 1\n  e: 2\n"), "[a null [b c] {d=1 e=2}]" },
	{ T("a:\n- x\n- y\nb:\n    c: z\n"), "{a=[x y] b={c=z}}" },
	{ T("a: {\n  b: 1,\n  c: [\n   2\n  ]\n}\n"), "{a={b=1 c=[2]}}" },
	{ T("? a\n: b\n? c\n"), "{a=b c=null}" },
	{ T("{\"a\":\"b\",\"c\":[1,true,null]}"), "{a='b' c=[1 true null]}" },
	/* keys */
	{ T("\"a b\": 1\n'c d': 2\ne f: 3\n"), "{a b=1 c d=2 e f=3}" },
	{ T("1: a\ntrue: b\n~: c\n\"<<\": d\n\"\": e\n"), "{1=a true=b ~=c <<=d =e}" },
	{ T("a: 1\nA: 2\n\"a \": 3\n"), "{a=1 A=2 a =3}" },
	{ T("é: ü\n日本: 語\n"), "{é=ü 日本=語}" },
	{ T("\"@auth0/x\": y\n"), "{@auth0/x=y}" },
	/* anchors */
	{ T("a: &x {p: 1, q: [r, 's']}\nb: *x\nc: [*x, *x]\n"),
	    "{a={p=1 q=[r 's']} b={p=1 q=[r 's']} c=[{p=1 q=[r 's']} {p=1 q=[r 's']}]}" },
	{ T("- &a 1\n- *a\n- &a 2\n- *a\n"), "[1 1 2 2]" },
	{ T("- &a [x]\n- &b [*a, *a]\n- *b\n"), "[[x] [[x] [x]] [[x] [x]]]" },
	{ T("- &a\n- *a\n"), "[null null]" },
	{ T("&k a: b\nc: *k\n"), "{a=b c=a}" },
	{ T("- &a [&a x, *a]\n- *a\n"), "[[x x] x]" },
	/* the frame of a document */
	{ T("--- a\n"), "a" },
	{ T("%YAML 1.1\n---\na: 1\n...\n"), "{a=1}" },
	{ T("%YAML 1.2\n--- {a: 1}\n"), "{a=1}" },
	{ T("\xef\xbb\xbf"
	    "a: 1\n"),
	    "{a=1}" },
	{ T("\xef\xbb\xbf"), "null" },
	{ T("a: 1\r\nb: 2\r\n"), "{a=1 b=2}" },
	{ T("a: \"x%TAG\"\n"), "{a='x%TAG'}" },
};

static void
yaml_becomes_a_tree(void **state)
{
	(void)state;
	for (size_t i = 0; i < TN_ARRAY_LEN(trees); i++)
		expect_tree(trees[i].text, trees[i].shown);
}

static void
values_and_keys_say_where_they_stand(void **state)
{
	(void)state;
	expect_marks(tn_span("a: 1\nb:\n  - x\n  -  'y'\nc: {d: e,  f: [g]}\n"),
	    "{a@1:1=1@1:4 b@2:1=[x@3:5 'y'@4:6]@3:3 "
	    "c@5:1={d@5:5=e@5:8 f@5:12=[g@5:16]@5:15}@5:4}@1:1");
	expect_marks(tn_span("\n\n  - a\n"), "[a@3:5]@3:3");
	expect_marks(tn_span("a: |\n  x\n"), "{a@1:1='x\n'@1:4}@1:1");
	expect_marks(tn_span("a:\nb: 1\n"), "{a@1:1=null@1:3 b@2:1=1@2:4}@1:1");
	expect_marks(tn_span(""), "null@1:1");
	expect_marks(tn_span("# x\n"), "null@1:1");
}

static void
columns_count_characters(void **state)
{
	(void)state;
	expect_marks(tn_span("{é€😀: x, y: z}"), "{é€😀@1:2=x@1:7 y@1:10=z@1:13}@1:1");
	expect_marks(tn_span("\xef\xbb\xbf"
			     "a: b"),
	    "{a@1:1=b@1:4}@1:1");
	expect_marks(tn_span("a:\t\tb"), "{a@1:1=b@1:5}@1:1");
}

/* The use is what a finding about the whole is about; what is inside stands at the
 * anchor. */
static void
an_alias_stands_where_it_is_used(void **state)
{
	(void)state;
	expect_marks(tn_span("a: &x [p]\nb: *x\n"),
	    "{a@1:1=[p@1:8]@1:4 b@2:1=[p@1:8]@2:4}@1:1");
}

static void
copies_of_an_anchor_are_trees_of_their_own(void **state)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	TN_CLEANUP(tn_diags_freep) struct tn_diags *diags = tn_diags_new();
	struct tn_value *value;
	const struct tn_value *a, *b;

	(void)state;
	assert_int_equal(tn_yaml_parse(arena, "f", tn_span("- &a [x]\n- *a\n"), NULL,
			     &value, diags),
	    0);
	a = tn_value_at(value, 0);
	b = tn_value_at(value, 1);
	assert_true(tn_value_equal(a, b));
	assert_ptr_not_equal(a, b);
	assert_ptr_not_equal(tn_value_at(a, 0), tn_value_at(b, 0));
}

static void
findings_that_were_there_before_do_not_count(void **state)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	TN_CLEANUP(tn_diags_freep) struct tn_diags *diags = tn_diags_new();
	struct tn_value *value;

	(void)state;
	tn_diags_error(diags, "x", (struct tn_mark){ 0 }, "of another file");
	assert_int_equal(tn_yaml_parse(arena, "f", tn_span("a: 1"), NULL, &value, diags),
	    0);
	assert_non_null(value);
	assert_int_equal(tn_diags_count(diags), 1);
}

static void
the_name_of_the_file_is_copied(void **state)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	TN_CLEANUP(tn_diags_freep) struct tn_diags *diags = tn_diags_new();
	char name[] = "one.yaml";
	struct tn_value *value;

	(void)state;
	assert_int_equal(tn_yaml_parse(arena, name, tn_span("a: 1"), NULL, &value, diags),
	    0);
	name[0] = 'X';
	assert_string_equal(value->mark.file, "one.yaml");
	assert_string_equal(value->as.members[0].mark.file, "one.yaml");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(yaml_becomes_a_tree),
		cmocka_unit_test(values_and_keys_say_where_they_stand),
		cmocka_unit_test(columns_count_characters),
		cmocka_unit_test(an_alias_stands_where_it_is_used),
		cmocka_unit_test(copies_of_an_anchor_are_trees_of_their_own),
		cmocka_unit_test(findings_that_were_there_before_do_not_count),
		cmocka_unit_test(the_name_of_the_file_is_copied),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
