/* Spans, text and the growing buffer with its bound. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/mem.h"
#include "base/str.h"

static void
spans_compare_bytes(void **state TN_UNUSED)
{
	assert_int_equal(tn_span(NULL).len, 0);
	assert_int_equal(tn_span("abc").len, 3);
	assert_true(tn_span_equal(tn_span("abc"), tn_span_of("abcd", 3)));
	assert_false(tn_span_equal(tn_span("abc"), tn_span("abd")));
	assert_false(tn_span_equal(tn_span("abc"), tn_span("ab")));
	assert_true(tn_span_equal(tn_span(NULL), tn_span("")));
	assert_true(tn_span_equal(tn_span_of("a\0b", 3), tn_span_of("a\0b", 3)));
	assert_false(tn_span_equal(tn_span_of("a\0b", 3), tn_span_of("a\0c", 3)));
	assert_true(tn_span_is(tn_span_of("secrets", 6), "secret"));
	assert_true(tn_span_is(tn_span(NULL), ""));
}

static void
a_span_is_copied_with_a_terminator(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_freep) char *copy = tn_span_dup(tn_span_of("secrets", 6));
	TN_CLEANUP(tn_freep) char *empty = tn_span_dup(tn_span(NULL));

	assert_string_equal(copy, "secret");
	assert_string_equal(empty, "");
}

static void
text_compares_with_null(void **state TN_UNUSED)
{
	static const struct {
		const char *a, *b;
		bool equal, starts, ends;
	} cases[] = {
		{ "abc", "abc", true, true, true },
		{ "abc", "ab", false, true, false },
		{ "abc", "bc", false, false, true },
		{ "abc", "", false, true, true },
		{ "", "", true, true, true },
		{ "", "a", false, false, false },
		{ "a", "aa", false, false, false },
		{ NULL, NULL, true, false, false },
		{ NULL, "", false, false, false },
		{ "", NULL, false, false, false },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		assert_int_equal(tn_text_equal(cases[i].a, cases[i].b), cases[i].equal);
		assert_int_equal(tn_text_starts(cases[i].a, cases[i].b), cases[i].starts);
		assert_int_equal(tn_text_ends(cases[i].a, cases[i].b), cases[i].ends);
	}
}

static void
an_untouched_buffer_is_empty_text(void **state TN_UNUSED)
{
	struct tn_str str = TN_STR_INIT;
	char *taken;

	assert_string_equal(tn_str_text(&str), "");
	assert_int_equal(tn_str_span(&str).len, 0);
	assert_non_null(tn_str_span(&str).ptr);
	taken = tn_str_take(&str);
	assert_string_equal(taken, "");
	tn_free(taken);
	tn_str_clear(&str);
	tn_str_done(&str);
}

static void
appends_of_every_kind(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_str_done) struct tn_str str = TN_STR_INIT;

	tn_str_add(&str, "plan");
	tn_str_add(&str, NULL);
	tn_str_add(&str, "");
	tn_str_add_char(&str, ':');
	tn_str_add_bytes(&str, "\0x", 2);
	tn_str_add_bytes(&str, NULL, 0);
	tn_str_addf(&str, " %d %s", -5, "steps");
	assert_int_equal(str.len, 16);
	assert_memory_equal(tn_str_text(&str), "plan:\0x -5 steps", 17);
	assert_false(tn_str_overflowed(&str));
}

static void
it_grows_to_any_size(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_str_done) struct tn_str str = TN_STR_INIT;

	for (int i = 0; i < 20000; i++)
		tn_str_addf(&str, "%05d,", i);
	assert_int_equal(str.len, 120000);
	assert_memory_equal(str.ptr, "00000,00001,", 12);
	assert_string_equal(str.ptr + 119994, "19999,");
}

static void
the_bound_cuts_and_is_remembered(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_str_done) struct tn_str str;

	tn_str_init(&str, 5);
	tn_str_add(&str, "12345");
	assert_false(tn_str_overflowed(&str));
	tn_str_add(&str, "");
	assert_false(tn_str_overflowed(&str));
	tn_str_add_char(&str, '6');
	assert_true(tn_str_overflowed(&str));
	assert_string_equal(tn_str_text(&str), "12345");

	tn_str_clear(&str);
	assert_false(tn_str_overflowed(&str));
	assert_string_equal(tn_str_text(&str), "");
	tn_str_add(&str, "abc");
	tn_str_addf(&str, "%s", "defgh");
	assert_true(tn_str_overflowed(&str));
	assert_string_equal(tn_str_text(&str), "abcde");
	tn_str_add(&str, "");
	assert_true(tn_str_overflowed(&str));
}

static void
one_append_far_over_the_bound_is_cut(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_str_done) struct tn_str str;

	tn_str_init(&str, 3);
	tn_str_addf(&str, "%100000d", 1);
	assert_true(tn_str_overflowed(&str));
	assert_string_equal(tn_str_text(&str), "   ");
	assert_true(str.cap < 1000);
}

static void
taking_leaves_an_empty_buffer_with_its_bound(void **state TN_UNUSED)
{
	struct tn_str str;
	char *taken;

	tn_str_init(&str, 4);
	tn_str_add(&str, "12345");
	taken = tn_str_take(&str);
	assert_string_equal(taken, "1234");
	tn_free(taken);
	assert_false(tn_str_overflowed(&str));
	assert_string_equal(tn_str_text(&str), "");
	tn_str_add(&str, "abcdef");
	assert_string_equal(tn_str_text(&str), "abcd");
	tn_str_done(&str);
	assert_null(str.ptr);
}

static void
what_was_reserved_does_not_move(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_str_done) struct tn_str str = TN_STR_INIT;
	const char *before;

	tn_str_add(&str, "ab");
	tn_str_reserve(&str, 1000);
	assert_string_equal(tn_str_text(&str), "ab");
	before = tn_str_text(&str);
	for (int i = 0; i < 1000; i++)
		tn_str_add_char(&str, 'x');
	assert_ptr_equal(tn_str_text(&str), before);
	assert_int_equal(str.len, 1002);
}

static void
reserving_over_the_bound_is_no_overflow(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_str_done) struct tn_str str;

	tn_str_init(&str, 10);
	tn_str_reserve(&str, 100);
	assert_false(tn_str_overflowed(&str));
	assert_string_equal(tn_str_text(&str), "");
	tn_str_add(&str, "1234567890");
	assert_false(tn_str_overflowed(&str));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spans_compare_bytes),
		cmocka_unit_test(a_span_is_copied_with_a_terminator),
		cmocka_unit_test(text_compares_with_null),
		cmocka_unit_test(an_untouched_buffer_is_empty_text),
		cmocka_unit_test(appends_of_every_kind),
		cmocka_unit_test(it_grows_to_any_size),
		cmocka_unit_test(the_bound_cuts_and_is_remembered),
		cmocka_unit_test(one_append_far_over_the_bound_is_cut),
		cmocka_unit_test(taking_leaves_an_empty_buffer_with_its_bound),
		cmocka_unit_test(what_was_reserved_does_not_move),
		cmocka_unit_test(reserving_over_the_bound_is_no_overflow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
