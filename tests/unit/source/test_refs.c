/* The list of branches and tags that git gives, and what a name means in it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/mem.h"
#include "source/refs.h"

#define A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define C "cccccccccccccccccccccccccccccccccccccccc"

static const char listing[] = A
    "\trefs/heads/main\n" B "\trefs/heads/same\n" A "\trefs/heads/twice\n" A
    "\trefs/heads/v\n" A "\trefs/tags/light\n" C "\trefs/tags/heavy\n" B
    "\trefs/tags/heavy^{}\n" C "\trefs/tags/same\n" B "\trefs/tags/same^{}\n" B
    "\trefs/tags/twice";

static void
names_mean_branches_and_tags(void **state TN_UNUSED)
{
	static const struct {
		const char *rev, *name, *commit;
	} cases[] = {
		{ "main", "refs/heads/main", A },
		{ "light", "refs/tags/light", A },
		{ "heavy", "refs/tags/heavy", B },
		{ "same", "refs/heads/same", B },
		{ "refs/tags/twice", "refs/tags/twice", B },
		{ "refs/heads/twice", "refs/heads/twice", A },
		{ "refs/tags/same", "refs/tags/same", B },
	};
	TN_CLEANUP(tn_refs_done) struct tn_refs refs = { .n = 0 };

	assert_int_equal(tn_refs_parse(tn_span(listing), &refs, NULL), 0);
	assert_int_equal(refs.n, 10);
	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		TN_CLEANUP(tn_freep) char *name = NULL;
		struct tn_span commit;

		assert_int_equal(tn_refs_choose(&refs, cases[i].rev, &name, &commit,
				     NULL),
		    0);
		assert_string_equal(name, cases[i].name);
		assert_true(tn_span_is(commit, cases[i].commit));
	}
}

static void
what_is_not_there_is_named(void **state TN_UNUSED)
{
	static const struct {
		const char *rev, *message, *hint;
	} cases[] = {
		{ "mian", "there is no branch or tag \"mian\"",
		    "did you mean \"main\"?" },
		{ "zzzzzz", "there is no branch or tag \"zzzzzz\"",
		    "\"git ls-remote\" lists what there is" },
		{ "abcdef0", "there is no branch or tag \"abcdef0\"",
		    "of a commit's id, all 40 digits are needed here" },
		{ "refs/heads/light", "there is no branch or tag \"refs/heads/light\"",
		    NULL },
		{ "twice",
		    "revision \"twice\" means two different commits: a branch and a tag",
		    "give its whole name: refs/heads/twice or refs/tags/twice" },
	};
	TN_CLEANUP(tn_refs_done) struct tn_refs refs = { .n = 0 };

	assert_int_equal(tn_refs_parse(tn_span(listing), &refs, NULL), 0);
	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
		struct tn_span commit;
		char *name = NULL;
		int r = tn_refs_choose(&refs, cases[i].rev, &name, &commit, &err);

		assert_null(name);
		assert_int_equal(r, -TN_E_INPUT);
		assert_string_equal(err.message, cases[i].message);
		if (cases[i].hint != NULL)
			assert_string_equal(err.hint, cases[i].hint);
	}
}

static void
a_list_in_another_form_is_refused(void **state TN_UNUSED)
{
	static const struct {
		const char *listing;
		enum tn_error_kind kind;
	} cases[] = {
		{ "x\n", TN_E_SYSTEM },
		{ "\n", TN_E_SYSTEM },
		{ A "\n", TN_E_SYSTEM },
		{ A "\t", TN_E_SYSTEM },
		{ A " refs/heads/main\n", TN_E_SYSTEM },
		{ "aaaa\trefs/heads/main\n", TN_E_SYSTEM },
		{ A "\trefs/heads/a\nwarning: x\n", TN_E_SYSTEM },
		{ "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\trefs/heads/a\n",
		    TN_E_SYSTEM },
		{ A A "\trefs/heads/main\n", TN_E_SYSTEM },
		{ A "aaaaaaaaaaaaaaaaaaaaaaaa\trefs/heads/main\n", TN_E_INPUT },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		struct tn_refs refs;

		assert_int_equal(tn_refs_parse(tn_span(cases[i].listing), &refs, NULL),
		    -(int)cases[i].kind);
		assert_null(refs.items);
	}
}

static void
an_empty_list_is_an_empty_repository(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	struct tn_span commit;
	struct tn_refs refs;
	char *name = NULL;

	assert_int_equal(tn_refs_parse(tn_span(""), &refs, NULL), 0);
	assert_int_equal(tn_refs_choose(&refs, "main", &name, &commit, &err),
	    -TN_E_INPUT);
	assert_string_equal(err.message, "the repository has no branch yet");
	assert_null(name);
	tn_refs_done(&refs);
}

static void
only_whole_ids_are_ids(void **state TN_UNUSED)
{
	static const struct {
		const char *rev, *id;
	} cases[] = {
		{ A, A },
		{ "ABCDEFabcdef0123456789ABCDEFabcdef012345",
		    "abcdefabcdef0123456789abcdefabcdef012345" },
		{ "abcdef0", NULL },
		{ A "a", NULL },
		{ "gaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", NULL },
		{ "", NULL },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		TN_CLEANUP(tn_freep) char *id = tn_refs_id(cases[i].rev);

		assert_true(tn_text_equal(id, cases[i].id));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_mean_branches_and_tags),
		cmocka_unit_test(what_is_not_there_is_named),
		cmocka_unit_test(a_list_in_another_form_is_refused),
		cmocka_unit_test(an_empty_list_is_an_empty_repository),
		cmocka_unit_test(only_whole_ids_are_ids),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
