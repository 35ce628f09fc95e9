/* Findings: their parts, their order, their bound. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/diag.h"

static struct tn_mark
at(const char *file, unsigned line, unsigned col)
{
	return (struct tn_mark){ .file = file, .line = line, .col = col };
}

static void
a_finding_has_all_its_parts(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_diags_freep) struct tn_diags *diags = tn_diags_new();
	char file[] = "tenon.yaml";
	struct tn_diag *diag = tn_diags_error(diags, "unknown-key", at(file, 3, 5),
	    "no key \"%s\"", "nam");
	const struct tn_diag *found;

	tn_diags_resource(diags, diag, "action/%s", "enrich");
	tn_diags_hint(diags, diag, "did you mean \"%s\"?", "name");
	memset(file, 'x', sizeof(file) - 1);
	assert_int_equal(tn_diags_count(diags), 1);
	found = tn_diags_at(diags, 0);
	assert_ptr_equal(found, diag);
	assert_int_equal(found->severity, TN_SEVERITY_ERROR);
	assert_string_equal(found->code, "unknown-key");
	assert_string_equal(found->mark.file, "tenon.yaml");
	assert_int_equal(found->mark.line, 3);
	assert_int_equal(found->mark.col, 5);
	assert_string_equal(found->resource, "action/enrich");
	assert_string_equal(found->message, "no key \"nam\"");
	assert_string_equal(found->hint, "did you mean \"name\"?");
}

static void
warnings_are_no_errors(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_diags_freep) struct tn_diags *diags = tn_diags_new();
	const struct tn_diag *diag;

	diag = tn_diags_warning(diags, "old", at(NULL, 0, 0), "an old runtime");
	assert_int_equal(diag->severity, TN_SEVERITY_WARNING);
	assert_null(diag->mark.file);
	assert_null(diag->resource);
	assert_null(diag->hint);
	assert_int_equal(tn_diags_errors(diags), 0);
	tn_diags_error(diags, "bad", at("a", 1, 1), "bad");
	assert_int_equal(tn_diags_errors(diags), 1);
	assert_int_equal(tn_diags_count(diags), 2);
	assert_null(tn_diags_at(diags, 2));
	assert_null(tn_diags_at(diags, SIZE_MAX));
}

static void
sorting_is_by_file_line_column_and_time_of_finding(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_diags_freep) struct tn_diags *diags = tn_diags_new();
	static const char *const wanted[] = { "none", "a1", "a2", "a3", "a4", "a10",
		"b" };

	tn_diags_error(diags, "x", at("b.yaml", 1, 1), "b");
	tn_diags_error(diags, "x", at("a.yaml", 10, 1), "a10");
	tn_diags_error(diags, "x", at("a.yaml", 2, 9), "a3");
	tn_diags_warning(diags, "x", at("a.yaml", 2, 9), "a4");
	tn_diags_error(diags, "x", at(NULL, 0, 0), "none");
	tn_diags_error(diags, "x", at("a.yaml", 2, 3), "a2");
	tn_diags_error(diags, "x", at("a.yaml", 1, 80), "a1");
	tn_diags_sort(diags);
	for (size_t i = 0; i < TN_ARRAY_LEN(wanted); i++)
		assert_string_equal(tn_diags_at(diags, i)->message, wanted[i]);
}

static void
what_was_said_is_not_said_again(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_diags_freep) struct tn_diags *diags = tn_diags_new();
	char file[] = "a";
	struct tn_mark here = { file, 3, 1 }, there = { file, 3, 2 };
	struct tn_diag *diag = tn_diags_error(diags, "x", here, "%s", "one");

	tn_diags_hint(diags, diag, "first");
	diag = tn_diags_error(diags, "x", here, "%s", "one");
	tn_diags_hint(diags, diag, "second");
	tn_diags_resource(diags, diag, "second");
	assert_int_equal(tn_diags_count(diags), 1);
	assert_int_equal(tn_diags_errors(diags), 1);
	assert_string_equal(tn_diags_at(diags, 0)->hint, "first");
	assert_null(tn_diags_at(diags, 0)->resource);
	tn_diags_error(diags, "x", there, "%s", "one");
	tn_diags_error(diags, "y", here, "%s", "one");
	tn_diags_error(diags, "x", here, "%s", "two");
	here.file = "b";
	tn_diags_error(diags, "x", here, "%s", "one");
	here.file = NULL;
	tn_diags_error(diags, "x", here, "%s", "one");
	assert_int_equal(tn_diags_count(diags), 6);
	assert_int_equal(tn_diags_errors(diags), 6);
}

static void
many_findings_are_cut_but_counted(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_diags_freep) struct tn_diags *diags = tn_diags_new();
	const struct tn_diag *last;

	for (unsigned i = 0; i < TN_DIAGS_MAX; i++)
		tn_diags_error(diags, "x", at("z", TN_DIAGS_MAX - i, 1), "%u", i);
	assert_int_equal(tn_diags_count(diags), TN_DIAGS_MAX);
	for (unsigned i = 0; i < 500; i++) {
		struct tn_diag *diag = tn_diags_error(diags, "x", at("a", i, 1), "more");

		assert_non_null(diag);
		tn_diags_resource(diags, diag, "r");
		tn_diags_hint(diags, diag, "h");
	}
	tn_diags_warning(diags, "x", at("a", 1, 1), "a warning");
	assert_int_equal(tn_diags_count(diags), TN_DIAGS_MAX + 1);
	assert_int_equal(tn_diags_errors(diags), TN_DIAGS_MAX + 500);

	tn_diags_sort(diags);
	assert_string_equal(tn_diags_at(diags, 0)->message, "999");
	last = tn_diags_at(diags, TN_DIAGS_MAX);
	assert_string_equal(last->code, "too-many-findings");
	assert_string_equal(last->message,
	    "more than 1000 findings; the others are counted but not shown");
}

/* "x" and then two-byte characters: the bound goes through one of them. */
static void
long_texts_are_cut_between_characters(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_diags_freep) struct tn_diags *diags = tn_diags_new();
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
	struct tn_diag *diag;
	const char *kept;

	tn_str_add_char(&text, 'x');
	for (unsigned i = 0; i < TN_DIAG_TEXT_MAX; i++)
		tn_str_add(&text, "\xc3\xa9");
	diag = tn_diags_error(diags, "x", at("a", 1, 1), "%s", tn_str_text(&text));
	tn_diags_resource(diags, diag, "%s", tn_str_text(&text));
	tn_diags_hint(diags, diag, "%s", tn_str_text(&text));
	kept = diag->message;
	assert_int_equal(strlen(kept), TN_DIAG_TEXT_MAX - 1 + strlen("…"));
	assert_memory_equal(kept, tn_str_text(&text), TN_DIAG_TEXT_MAX - 1);
	assert_string_equal(kept + TN_DIAG_TEXT_MAX - 1, "…");
	assert_string_equal(diag->resource, kept);
	assert_string_equal(diag->hint, kept);
}

static void
a_text_of_the_bound_stays_whole(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_diags_freep) struct tn_diags *diags = tn_diags_new();
	char text[TN_DIAG_TEXT_MAX + 1] = "";

	memset(text, 'x', TN_DIAG_TEXT_MAX);
	assert_string_equal(
	    tn_diags_error(diags, "x", at("a", 1, 1), "%s", text)->message, text);
}

static void
findings_can_be_told_again_elsewhere(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_diags_freep) struct tn_diags *from = tn_diags_new();
	TN_CLEANUP(tn_diags_freep) struct tn_diags *to = tn_diags_new();
	struct tn_diag *first = tn_diags_error(from, "x", at("a", 1, 1), "100%% wrong");
	const struct tn_diag *copy;

	tn_diags_resource(from, first, "action/%s", "%s");
	tn_diags_hint(from, first, "write 50%%");
	tn_diags_warning(from, "y", at("a", 2, 1), "odd");
	tn_diags_copy(to, first, at("b", 7, 8));
	tn_diags_copy(to, tn_diags_at(from, 1), at("b", 9, 1));
	assert_int_equal(tn_diags_errors(to), 1);
	copy = tn_diags_at(to, 0);
	assert_string_equal(copy->code, "x");
	assert_string_equal(copy->message, "100% wrong");
	assert_string_equal(copy->resource, "action/%s");
	assert_string_equal(copy->hint, "write 50%");
	assert_string_equal(copy->mark.file, "b");
	assert_int_equal(copy->mark.line, 7);
	copy = tn_diags_at(to, 1);
	assert_int_equal(copy->severity, TN_SEVERITY_WARNING);
	assert_null(copy->resource);
	assert_null(copy->hint);
}

static void
a_byte_has_a_place(void **state TN_UNUSED)
{
	struct tn_span text = tn_span("ab\n\xc3\xa9\xc3\xa9x\n");
	static const struct {
		size_t byte;
		unsigned line, col;
	} cases[] = { { 0, 1, 1 }, { 2, 1, 3 }, { 3, 2, 1 }, { 7, 2, 3 }, { 9, 3, 1 } };

	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		struct tn_mark mark = tn_mark_at("f", text, cases[i].byte);

		assert_string_equal(mark.file, "f");
		assert_int_equal(mark.line, cases[i].line);
		assert_int_equal(mark.col, cases[i].col);
	}
}

static void
an_empty_list_sorts_and_frees(void **state TN_UNUSED)
{
	struct tn_diags *diags = tn_diags_new();

	tn_diags_sort(diags);
	assert_int_equal(tn_diags_count(diags), 0);
	assert_null(tn_diags_at(diags, 0));
	tn_diags_free(diags);
	tn_diags_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_finding_has_all_its_parts),
		cmocka_unit_test(warnings_are_no_errors),
		cmocka_unit_test(sorting_is_by_file_line_column_and_time_of_finding),
		cmocka_unit_test(what_was_said_is_not_said_again),
		cmocka_unit_test(many_findings_are_cut_but_counted),
		cmocka_unit_test(long_texts_are_cut_between_characters),
		cmocka_unit_test(a_text_of_the_bound_stays_whole),
		cmocka_unit_test(findings_can_be_told_again_elsewhere),
		cmocka_unit_test(a_byte_has_a_place),
		cmocka_unit_test(an_empty_list_sorts_and_frees),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
