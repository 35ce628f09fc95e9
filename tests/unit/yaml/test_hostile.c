/* Bounds, and documents that are made to be slow or large: each ends soon and in bounds.
 */
#include "help.h"

#include <string.h>
#include <time.h>

/* Generous, as sanitizers and busy machines are slow; what is quadratic takes far longer.
 */
#define SECONDS 10

static void
repeat(struct tn_str *out, const char *text, size_t times)
{
	for (size_t i = 0; i < times; i++)
		tn_str_add(out, text);
}

static const struct tn_yaml_limits shallow = { .bytes = 100, .values = 50, .depth = 3 };
static const struct tn_yaml_limits small = { .bytes = 100, .values = 5, .depth = 3 };

static void
bytes_are_bounded_exactly(void **state)
{
	const struct tn_yaml_limits limits = { .bytes = 4, .values = 5, .depth = 3 };

	(void)state;
	expect_findings(tn_span("a: 12"), &limits,
	    "1:1 too-large: the file has 5 bytes, at most 4 are read [is it the right file?]\n");
	expect_findings(tn_span("a: ]"), &limits,
	    "1:4 syntax: a value is missing [take out the superfluous comma or bracket]\n");
}

#define VALUES                                                                           \
	"too-large: the document holds more than 5 values [each use of an alias counts " \
	"in full]\n"
#define DEEP \
	"too-deep: lists and mappings are nested more than 3 deep [look for a bracket that is not closed]\n"

static void
expect_fits(const char *text, const struct tn_yaml_limits *limits)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	TN_CLEANUP(tn_diags_freep) struct tn_diags *diags = tn_diags_new();
	struct tn_value *value;

	assert_int_equal(tn_yaml_parse(arena, "f", tn_span(text), limits, &value, diags),
	    0);
}

static void
values_are_bounded_exactly(void **state)
{
	(void)state;
	expect_fits("[a, b, c, d]", &small);
	expect_findings(tn_span("[a, b, c, d, e]"), &small, "1:14 " VALUES);
	expect_fits("{a: 1, b: 2, c: [3]}", &small);
	expect_findings(tn_span("{a: 1, b: 2, c: [3, 4]}"), &small, "1:21 " VALUES);
	/* The list, its anchored list of two, and two more for the copy's items would be
	 * seven. */
	expect_fits("[&a [x], *a]", &small);
	expect_findings(tn_span("[&a [x, y], *a]"), &small, "1:13 " VALUES);
}

static void
depth_is_bounded_exactly(void **state)
{
	(void)state;
	expect_fits("[[[a]]]", &shallow);
	expect_findings(tn_span("[[[[a]]]]"), &shallow, "1:4 " DEEP);
	expect_fits("a:\n  b:\n    c: 1\n", &shallow);
	expect_findings(tn_span("a:\n  b:\n    c:\n      d: 1\n"), &shallow, "4:7 " DEEP);
	/* An alias brings the height of what it names. */
	expect_fits("- &a [x]\n- [*a]\n", &shallow);
	expect_findings(tn_span("- &a [[]]\n- [*a]\n"), &shallow, "2:4 " DEEP);
}

/* --- Floods ------------------------------------------------------------------------ */

struct outcome {
	int result;
	const char *code; /* of the last finding */
	size_t memory;
};

static struct outcome
run(struct tn_str *text, const struct tn_yaml_limits *limits)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	TN_CLEANUP(tn_diags_freep) struct tn_diags *diags = tn_diags_new();
	struct tn_value *value;
	struct outcome outcome = { .code = "" };
	clock_t start = clock();

	outcome.result = tn_yaml_parse(arena, "f", tn_str_span(text), limits, &value,
	    diags);
	assert_true((clock() - start) / CLOCKS_PER_SEC < SECONDS);
	outcome.memory = tn_arena_size(arena);
	if (tn_diags_count(diags) > 0)
		outcome.code = tn_diags_at(diags, tn_diags_count(diags) - 1)->code;
	tn_str_clear(text);
	return outcome;
}

#define MEGABYTE ((size_t)1 << 20)

/* One piece, again and again, between a head and a tail; and the last finding. */
static const struct {
	const char *head, *piece, *tail;
	const char *code;
} floods[] = {
	{ "", "[", "", "too-deep" },
	{ "", "{", "", "too-deep" },
	{ "", "{a: ", "", "too-deep" },
	{ "", "- ", "", "too-deep" },
	{ "", "? ", "", "too-deep" },
	{ "", "[a: ", "", "too-deep" },
	{ "a: ", "[: ", "", "syntax" },
	{ "", "a: ", "", "syntax" },
	{ "", ": ", "", "syntax" },
	{ "", "! ", "", "syntax" },
	{ "", "&a ", "", "syntax" },
	{ "", "*a ", "", "syntax" },
	{ "", "\"a\" ", "", "syntax" },
	{ "", "---\n", "", "several-documents" },
	{ "", "%TAG !a! tag:a,2000:\n", "--- a\n", "tag" },
	{ "a\n...\n", "%TAG !a! tag:a,2000:\n", "--- a\n", "tag" },
	{ "", "%TAG !a! tag:a,2000:\xe2\x80\xa8", "--- a\n", "tag" },
	{ "", "%YAML 1.1\n", "---\n", "syntax" },
	{ "", "%X y\n", "---\n", "syntax" },
	{ "", "- !x y\n", "", "too-many-findings" },
	{ "", "a: 1\n", "", "too-many-findings" },
	{ "", "- *a\n", "", "too-many-findings" },
	{ "a: &a x\n", "*a : 1\n", "", "too-many-findings" },
	{ "", "<<: 1\n", "", "too-many-findings" },
	{ "", "- &a x\n", "", "" },
	{ "", "- a\n", "", "" },
	{ "", "- |\n  x\n", "", "" },
	{ "[", "a, ", "]", "" },
	{ "[", "a: b, ", "]", "" },
	{ "a: &a x\nb: [", "*a, ", "]", "" },
	{ "", "#", "", "" },
	{ "", "#\n", "", "" },
	{ "", " ", "", "" },
	{ "", "\n", "", "" },
	{ "a:", "\n", "", "" },
	{ "a: ", "x ", "", "" },
	{ "a: ", "x\n  ", "", "" },
	{ "a: \"", "\\n", "\"", "" },
	{ "a: \"", " ", "\"", "" },
	{ "a: \"", "\n", "\"", "" },
	{ "a: '", "''", "'", "" },
	{ "a: |\n", "  x\n", "", "" },
	{ "a: |\n", "\n", "", "" },
	{ "a: >\n", "  x\n\n", "", "" },
	{ "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "a,",
	    "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]", "" },
	{ "\"", "x", "\": 1", "syntax" },
};

static void
a_quarter_megabyte_of_anything_ends_soon(void **state)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

	(void)state;
	for (size_t i = 0; i < TN_ARRAY_LEN(floods); i++) {
		struct outcome outcome;

		tn_str_add(&text, floods[i].head);
		repeat(&text, floods[i].piece, MEGABYTE / 4 / strlen(floods[i].piece));
		tn_str_add(&text, floods[i].tail);
		outcome = run(&text, NULL);
		if (strcmp(outcome.code, floods[i].code) != 0)
			fail_msg("%s%s...: %s", floods[i].head, floods[i].piece,
			    outcome.code);
		assert_int_equal(outcome.result, *floods[i].code ? -TN_E_INPUT : 0);
		assert_true(outcome.memory < 32 * MEGABYTE);
	}
}

static void
a_hundred_thousand_keys_are_read_quickly(void **state)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

	(void)state;
	for (unsigned i = 0; i < 100000; i++)
		tn_str_addf(&text, "k%u: v\n", i);
	assert_int_equal(run(&text, NULL).result, 0);
	for (unsigned i = 0; i < 100000; i++)
		tn_str_addf(&text, "k%u: v\n", i % 50000);
	assert_string_equal(run(&text, NULL).code, "too-many-findings");
}

static void
many_anchors_are_refused(void **state)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

	(void)state;
	for (unsigned i = 0; i < 256; i++)
		tn_str_addf(&text, "- &a%u x\n", i);
	assert_int_equal(run(&text, NULL).result, 0);
	for (unsigned i = 0; i < 257; i++)
		tn_str_addf(&text, "- &a%u x\n", i);
	assert_string_equal(run(&text, NULL).code, "too-large");
}

/* 256 names and a megabyte of uses of the last one. */
static void
many_uses_of_many_anchors_are_quick(void **state)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

	(void)state;
	for (unsigned i = 0; i < 256; i++)
		tn_str_addf(&text, "- &anchor%u x\n", i);
	repeat(&text, "- *anchor255\n", 80000);
	assert_int_equal(run(&text, NULL).result, 0);
}

/* Nine times nine times nine ...: some 400 bytes that stand for more than a billion
 * values. */
static void
a_bomb_of_lists_is_refused_in_bounds(void **state)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
	struct outcome outcome;

	(void)state;
	tn_str_add(&text, "a: &a [x,x,x,x,x,x,x,x,x]\n");
	for (char c = 'b'; c <= 'j'; c++)
		tn_str_addf(&text, "%c: &%c [*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c]\n", c,
		    c, c - 1, c - 1, c - 1, c - 1, c - 1, c - 1, c - 1, c - 1, c - 1);
	outcome = run(&text, NULL);
	assert_int_equal(outcome.result, -TN_E_INPUT);
	assert_string_equal(outcome.code, "too-large");
	assert_true(outcome.memory < 256 * MEGABYTE);
}

static void
a_bomb_of_mappings_is_refused_in_bounds(void **state)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
	struct outcome outcome;

	(void)state;
	tn_str_add(&text, "a: &a {p: x, q: x}\n");
	for (char c = 'b'; c <= 'z'; c++)
		tn_str_addf(&text, "%c: &%c {p: *%c, q: *%c}\n", c, c, c - 1, c - 1);
	outcome = run(&text, NULL);
	assert_string_equal(outcome.code, "too-large");
	assert_true(outcome.memory < 256 * MEGABYTE);
}

/* Few values, but each of them is long: the text counts, too. */
static void
a_bomb_of_long_text_is_refused_in_bounds(void **state)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
	struct outcome outcome;

	(void)state;
	tn_str_add(&text, "a: &a \"");
	repeat(&text, "x", MEGABYTE / 2);
	tn_str_add(&text, "\"\nb: [");
	repeat(&text, "*a, ", 100000);
	tn_str_add(&text, "]\n");
	outcome = run(&text, NULL);
	assert_string_equal(outcome.code, "too-large");
	assert_true(outcome.memory < 40 * MEGABYTE);
}

static void
a_bomb_of_long_keys_is_refused_in_bounds(void **state)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
	struct outcome outcome;

	(void)state;
	tn_str_add(&text, "a: &a\n  ? \"");
	repeat(&text, "x", MEGABYTE / 2);
	tn_str_add(&text, "\"\n  : 1\nb: [");
	repeat(&text, "*a, ", 100000);
	tn_str_add(&text, "]\n");
	outcome = run(&text, NULL);
	assert_string_equal(outcome.code, "too-large");
	assert_true(outcome.memory < 40 * MEGABYTE);
}

/* Every document cut short and with every byte changed: no crash, and a verdict. */
static void
damaged_documents_get_a_verdict(void **state)
{
	static const char original[] = "a: &x {b: [1, \"t\\n\"], 'c': |-\n   z\n}\n"
				       "d:\n  - *x\n  - ? k\n    : v # c\n--- !t\n";
	static const char bytes[] = "\0\t\n\r !\"#%&'*,-:?@[]`{|}~\x7f\x80\xc3\xff"
				    "a0";
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

	(void)state;
	for (size_t i = 0; i <= sizeof(original) - 1; i++) {
		tn_str_add_bytes(&text, original, i);
		run(&text, NULL);
		for (size_t k = 0; k < sizeof(bytes) - 1; k++) {
			tn_str_add(&text, original);
			text.ptr[i < text.len ? i : 0] = bytes[k];
			run(&text, &small);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_are_bounded_exactly),
		cmocka_unit_test(values_are_bounded_exactly),
		cmocka_unit_test(depth_is_bounded_exactly),
		cmocka_unit_test(a_quarter_megabyte_of_anything_ends_soon),
		cmocka_unit_test(a_hundred_thousand_keys_are_read_quickly),
		cmocka_unit_test(many_anchors_are_refused),
		cmocka_unit_test(many_uses_of_many_anchors_are_quick),
		cmocka_unit_test(a_bomb_of_lists_is_refused_in_bounds),
		cmocka_unit_test(a_bomb_of_mappings_is_refused_in_bounds),
		cmocka_unit_test(a_bomb_of_long_text_is_refused_in_bounds),
		cmocka_unit_test(a_bomb_of_long_keys_is_refused_in_bounds),
		cmocka_unit_test(damaged_documents_get_a_verdict),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
