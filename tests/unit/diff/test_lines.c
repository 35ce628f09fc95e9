/* Line diffs: known ones, and the property that a diff leads from before to after. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/rand.h"
#include "diff/diff.h"

#define ALL 1000000u

static void
collect(void *arg, char mark, struct tn_span line)
{
	struct tn_str *out = arg;

	tn_str_add_char(out, mark);
	tn_str_add_bytes(out, line.ptr, line.len);
	tn_str_add_char(out, '\n');
}

static void
assert_diff(const char *before, const char *after, unsigned context, const char *expected)
{
	TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;

	tn_line_diff(before, after, context, collect, &out);
	assert_string_equal(tn_str_text(&out), expected);
}

static void
equal_texts_have_no_diff(void **state TN_UNUSED)
{
	assert_diff("", "", 3, "");
	assert_diff("a\nb\n", "a\nb\n", 3, "");
	assert_diff("a", "a", ALL, "");
}

static void
lines_are_added_removed_and_replaced(void **state TN_UNUSED)
{
	assert_diff("", "a\nb\n", 3, "+a\n+b\n");
	assert_diff("a\nb\n", "", 3, "-a\n-b\n");
	assert_diff("a\nb\nc\n", "a\nc\n", 3, " a\n-b\n c\n");
	assert_diff("a\nc\n", "a\nb\nc\n", 3, " a\n+b\n c\n");
	assert_diff("a\nb\nc\n", "a\nx\nc\n", 3, " a\n-b\n+x\n c\n");
	assert_diff("a\nb\n", "x\ny\n", 3, "-a\n-b\n+x\n+y\n");
}

static void
context_is_kept_and_gaps_are_told(void **state TN_UNUSED)
{
	const char *before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";

	assert_diff(before, "1\n2\n3\n4\nx\n6\n7\n8\n9\n", 1, "@-4 +4\n 4\n-5\n+x\n 6\n");
	assert_diff(before, "1\n2\n3\n4\nx\n6\n7\n8\n9\n", 0, "@-5 +5\n-5\n+x\n");
	assert_diff(before, "x\n2\n3\n4\n5\n6\n7\n8\ny\n", 2,
	    "-1\n+x\n 2\n 3\n@-7 +7\n 7\n 8\n-9\n+y\n");
	assert_diff(before, "0\n1\n2\n3\n4\n5\n6\n7\n8\n", 3,
	    "+0\n 1\n 2\n 3\n@-6 +7\n 6\n 7\n 8\n-9\n");
}

static void
neighbouring_changes_share_their_context(void **state TN_UNUSED)
{
	assert_diff("a\n1\n2\nb\n", "x\n1\n2\ny\n", 1, "-a\n+x\n 1\n 2\n-b\n+y\n");
	assert_diff("a\n1\n2\n3\nb\n", "x\n1\n2\n3\ny\n", 1,
	    "-a\n+x\n 1\n@-4 +4\n 3\n-b\n+y\n");
}

static void
a_missing_newline_at_the_end_is_a_difference(void **state TN_UNUSED)
{
	assert_diff("a\nb\n", "a\nb", 1, " a\n-b\n+b\n\\No newline at end of file\n");
	assert_diff("a", "a\n", 1, "-a\n\\No newline at end of file\n+a\n");
	assert_diff("a\nb", "x\nb", 1, "-a\n+x\n b\n\\No newline at end of file\n");
}

static void
empty_lines_and_carriage_returns_are_lines(void **state TN_UNUSED)
{
	assert_diff("\n\n", "\n", 3, " \n-\n");
	assert_diff("a\r\n", "a\n", 3, "-a\r\n+a\n");
}

static void
a_line_that_begins_another_is_not_the_same(void **state TN_UNUSED)
{
	assert_diff("ab\n", "abc\n", 0, "-ab\n+abc\n");
	assert_diff("ab\n\n", "ab\nab\n", 0, "@-2 +2\n-\n+ab\n");
}

/* The shortest way: what stays is the longest common subsequence. */
static void
the_diff_is_the_shortest(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;
	size_t edits = 0;

	tn_line_diff("a\nb\nc\na\nb\nb\na\n", "c\nb\na\nb\na\nc\n", 0, collect, &out);
	for (size_t i = 0; i < out.len; i++) {
		if (i == 0 || out.ptr[i - 1] == '\n')
			edits += out.ptr[i] == '-' || out.ptr[i] == '+';
	}
	assert_int_equal(edits, 5);
}

/* Both texts as a diff with all its context tells them. */
struct sides {
	struct tn_str before, after;
};

static void
add_line(struct tn_str *text, struct tn_span line)
{
	tn_str_add_bytes(text, line.ptr, line.len);
	tn_str_add_char(text, '\n');
}

static void
drop_newline(struct tn_str *text)
{
	assert_true(text->len > 0 && text->ptr[text->len - 1] == '\n');
	text->ptr[--text->len] = '\0';
}

static char last_mark;

static void
rebuild(void *arg, char mark, struct tn_span line)
{
	struct sides *sides = arg;

	assert_int_not_equal(mark, '@');
	if (mark == ' ' || mark == '-')
		add_line(&sides->before, line);
	if (mark == ' ' || mark == '+')
		add_line(&sides->after, line);
	if (mark == '\\' && last_mark != '+')
		drop_newline(&sides->before);
	if (mark == '\\' && last_mark != '-')
		drop_newline(&sides->after);
	last_mark = mark;
}

static void
assert_leads_from_to(const char *before, const char *after)
{
	struct sides sides = { TN_STR_INIT, TN_STR_INIT };

	last_mark = ' ';
	tn_line_diff(before, after, ALL, rebuild, &sides);
	if (strcmp(before, after) != 0) {
		assert_string_equal(tn_str_text(&sides.before), before);
		assert_string_equal(tn_str_text(&sides.after), after);
	} else {
		assert_int_equal(sides.before.len + sides.after.len, 0);
	}
	tn_str_done(&sides.before);
	tn_str_done(&sides.after);
}

/* Lines of few letters, so that many are equal; sometimes without the last newline. */
static void
random_text(struct tn_rand *rand, struct tn_str *out)
{
	size_t n = tn_rand_below(rand, 30);

	tn_str_clear(out);
	for (size_t i = 0; i < n; i++) {
		size_t letters = tn_rand_below(rand, 3);

		for (size_t k = 0; k < letters; k++)
			tn_str_add_char(out, (char)('a' + tn_rand_below(rand, 2)));
		if (i + 1 < n || !tn_rand_one_in(rand, 4))
			tn_str_add_char(out, '\n');
	}
}

static void
every_diff_leads_from_before_to_after(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_str_done) struct tn_str before = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str after = TN_STR_INIT;
	struct tn_rand rand;

	tn_rand_init(&rand, 3);
	for (int round = 0; round < 3000; round++) {
		random_text(&rand, &before);
		random_text(&rand, &after);
		assert_leads_from_to(tn_str_text(&before), tn_str_text(&after));
	}
}

/* The lines below are their own numbers, and after has one line more in front. */
struct place {
	size_t gaps;
	char *told; /* by the last '@', until the line after it has come */
};

static void
check_gap(void *arg, char mark, struct tn_span line)
{
	struct place *place = arg;
	char expected[64];
	size_t number = 0;

	if (mark == '@') {
		place->told = tn_span_dup(line);
		place->gaps++;
	} else if (place->told != NULL) {
		for (size_t i = 0; i < line.len; i++)
			number = number * 10 + (size_t)(line.ptr[i] - '0');
		snprintf(expected, sizeof(expected), "-%zu +%zu", number, number + 1);
		assert_string_equal(place->told, expected);
		tn_free(tn_take(place->told));
	}
}

static void
gaps_tell_where_it_goes_on(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_str_done) struct tn_str before = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str after = TN_STR_INIT;
	struct place place = { 0 };

	tn_str_add(&after, "new\n");
	for (int i = 1; i <= 400; i++) {
		tn_str_addf(&before, "%d\n", i);
		if (i % 40 != 0)
			tn_str_addf(&after, "%d\n", i);
		else
			tn_str_addf(&after, "x%d\n", i);
	}
	tn_line_diff(tn_str_text(&before), tn_str_text(&after), 2, check_gap, &place);
	assert_int_equal(place.gaps, 10);
	assert_null(place.told);
}

static void
nothing_in_common_costs_bounded_time(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_str_done) struct tn_str before = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str after = TN_STR_INIT;

	tn_str_add(&before, "begin\n");
	tn_str_add(&after, "begin\n");
	for (int i = 0; i < 20000; i++) {
		tn_str_addf(&before, "b%d\n", i);
		tn_str_addf(&after, "a%d\n", i);
	}
	tn_str_add(&before, "end\n");
	tn_str_add(&after, "end\n");
	assert_leads_from_to(tn_str_text(&before), tn_str_text(&after));
}

static void
repeated_lines_cost_bounded_time(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_str_done) struct tn_str before = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str after = TN_STR_INIT;

	for (int i = 0; i < 30000; i++) {
		tn_str_add(&before, i % 3 == 0 ? "x\n" : "\n");
		tn_str_add(&after, i % 5 == 0 ? "x\n" : "\n");
	}
	assert_leads_from_to(tn_str_text(&before), tn_str_text(&after));
}

static void
texts_of_very_many_lines_come_whole(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_str_done) struct tn_str before = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str after = TN_STR_INIT;

	for (int i = 0; i < 60000; i++)
		tn_str_add(&before, "same\n");
	tn_str_add_bytes(&after, before.ptr, before.len);
	tn_str_add(&after, "more");
	assert_leads_from_to(tn_str_text(&before), tn_str_text(&after));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equal_texts_have_no_diff),
		cmocka_unit_test(lines_are_added_removed_and_replaced),
		cmocka_unit_test(context_is_kept_and_gaps_are_told),
		cmocka_unit_test(neighbouring_changes_share_their_context),
		cmocka_unit_test(a_missing_newline_at_the_end_is_a_difference),
		cmocka_unit_test(empty_lines_and_carriage_returns_are_lines),
		cmocka_unit_test(a_line_that_begins_another_is_not_the_same),
		cmocka_unit_test(the_diff_is_the_shortest),
		cmocka_unit_test(every_diff_leads_from_before_to_after),
		cmocka_unit_test(gaps_tell_where_it_goes_on),
		cmocka_unit_test(nothing_in_common_costs_bounded_time),
		cmocka_unit_test(repeated_lines_cost_bounded_time),
		cmocka_unit_test(texts_of_very_many_lines_come_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
