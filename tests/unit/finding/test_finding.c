/* The table of findings: complete, in order, found. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/text.h"
#include "finding/finding.h"

/* Says which code it is about: assertions alone name a line of this file. */
static void
check(bool holds, const struct tn_finding *finding, const char *what)
{
	if (!holds)
		fail_msg("%s: %s", finding->code, what);
}

static void
every_entry_is_complete(void **state TN_UNUSED)
{
	assert_true(tn_finding_count() > 50);
	for (size_t i = 0; i < tn_finding_count(); i++) {
		const struct tn_finding *finding = tn_finding_at(i);

		assert_non_null(finding);
		check(strlen(finding->code) <= 40, finding, "the code is long");
		check(
		    finding->code[strspn(finding->code, "abcdefghijklmnopqrstuvwxyz-")] ==
			'\0',
		    finding, "a code has small letters and hyphens");
		check(finding->title != NULL && strchr(finding->title, '\n') == NULL &&
			strlen(finding->title) <= 70 &&
			!tn_text_ends(finding->title, "."),
		    finding, "a title is one short line without a full stop");
		check(finding->why != NULL && tn_text_ends(finding->why, "."), finding,
		    "why is made of sentences");
		check(finding->cure != NULL && tn_text_ends(finding->cure, "."), finding,
		    "the cure is made of sentences");
	}
}

static void
examples_come_in_pairs_of_whole_lines(void **state TN_UNUSED)
{
	for (size_t i = 0; i < tn_finding_count(); i++) {
		const struct tn_finding *finding = tn_finding_at(i);

		check((finding->wrong == NULL) == (finding->right == NULL), finding,
		    "an example shows both");
		if (finding->wrong == NULL)
			continue;
		check(tn_text_ends(finding->wrong, "\n") &&
			tn_text_ends(finding->right, "\n"),
		    finding, "an example is made of whole lines");
		check(strcmp(finding->wrong, finding->right) != 0, finding,
		    "the example mends nothing");
	}
}

static void
codes_stand_in_the_order_of_the_alphabet_and_once(void **state TN_UNUSED)
{
	for (size_t i = 1; i < tn_finding_count(); i++)
		check(strcmp(tn_finding_at(i - 1)->code, tn_finding_at(i)->code) < 0,
		    tn_finding_at(i), "not behind the one before");
	assert_null(tn_finding_at(tn_finding_count()));
	assert_null(tn_finding_at(SIZE_MAX));
}

static void
a_code_is_found(void **state TN_UNUSED)
{
	for (size_t i = 0; i < tn_finding_count(); i++)
		assert_ptr_equal(tn_finding_find(tn_finding_at(i)->code),
		    tn_finding_at(i));
	assert_int_equal(tn_finding_find("unknown-key")->severity, TN_SEVERITY_ERROR);
	assert_int_equal(tn_finding_find("deprecated-trigger")->severity,
	    TN_SEVERITY_WARNING);
	assert_null(tn_finding_find("unknown"));
	assert_null(tn_finding_find(""));
}

static void
a_mistyped_code_has_a_nearest_one(void **state TN_UNUSED)
{
	assert_string_equal(tn_finding_nearest("unknwon-key"), "unknown-key");
	assert_string_equal(tn_finding_nearest("Merge-Keys"), "merge-key");
	assert_null(tn_finding_nearest("zzzzzzzz"));
	assert_null(tn_finding_nearest(""));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_entry_is_complete),
		cmocka_unit_test(examples_come_in_pairs_of_whole_lines),
		cmocka_unit_test(codes_stand_in_the_order_of_the_alphabet_and_once),
		cmocka_unit_test(a_code_is_found),
		cmocka_unit_test(a_mistyped_code_has_a_nearest_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
