/* Errors: the first one stands, context goes before it, the deepest cure wins. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "base/error.h"

static void
setting_returns_the_negative_kind(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;

	assert_false(tn_error_is_set(&err));
	assert_int_equal(tn_error_set(&err, TN_E_AUTH, "no %s", "token"), -TN_E_AUTH);
	assert_true(tn_error_is_set(&err));
	assert_int_equal(err.kind, TN_E_AUTH);
	assert_string_equal(err.message, "no token");
	assert_null(err.hint);
	assert_int_equal(err.sys_errno, 0);
}

static void
the_first_failure_stands(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;

	tn_error_set(&err, TN_E_TRANSIENT, "the network is down");
	assert_int_equal(tn_error_set(&err, TN_E_BUG, "another"), -TN_E_BUG);
	assert_int_equal(tn_error_errno(&err, EIO, "a third"), -TN_E_SYSTEM);
	assert_int_equal(err.kind, TN_E_TRANSIENT);
	assert_string_equal(err.message, "the network is down");
	assert_int_equal(err.sys_errno, 0);
}

static void
an_errno_is_told_and_kept(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;

	assert_int_equal(tn_error_errno(&err, ENOENT, "cannot open %s", "x"),
	    -TN_E_SYSTEM);
	assert_string_equal(err.message, "cannot open x: No such file or directory");
	assert_int_equal(err.kind, TN_E_SYSTEM);
	assert_int_equal(err.sys_errno, ENOENT);
}

static void
context_goes_before_and_loses_nothing(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;

	tn_error_errno(&err, EACCES, "cannot read");
	err.status = 503;
	err.attempts = 4;
	tn_error_context(&err, "action/%s", "a");
	tn_error_context(&err, "plan %d", 3);
	assert_string_equal(err.message,
	    "plan 3: action/a: cannot read: Permission denied");
	assert_int_equal(err.kind, TN_E_SYSTEM);
	assert_int_equal(err.sys_errno, EACCES);
	assert_int_equal(err.status, 503);
	assert_int_equal(err.attempts, 4);
}

static void
context_may_quote_the_message_itself(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;

	tn_error_set(&err, TN_E_INPUT, "a");
	tn_error_context(&err, "<%s>", err.message);
	assert_string_equal(err.message, "<a>: a");
}

static void
the_deepest_hint_wins(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;

	tn_error_set(&err, TN_E_INPUT, "a");
	tn_error_hint(&err, "do %d", 1);
	tn_error_hint(&err, "do %d", 2);
	assert_string_equal(err.hint, "do 1");
}

static void
success_is_not_decorated(void **state TN_UNUSED)
{
	struct tn_error err = TN_ERROR_INIT;

	tn_error_context(&err, "loading");
	tn_error_hint(&err, "nothing");
	assert_false(tn_error_is_set(&err));
	assert_null(err.message);
	assert_null(err.hint);
}

static void
who_does_not_care_passes_null(void **state TN_UNUSED)
{
	assert_int_equal(tn_error_set(NULL, TN_E_LIMIT, "x"), -TN_E_LIMIT);
	assert_int_equal(tn_error_errno(NULL, EIO, "x"), -TN_E_SYSTEM);
	tn_error_context(NULL, "x");
	tn_error_hint(NULL, "x");
	tn_error_done(NULL);
	assert_false(tn_error_is_set(NULL));
}

static void
an_impossible_kind_is_our_bug(void **state TN_UNUSED)
{
	struct tn_error err = TN_ERROR_INIT;

	assert_int_equal(tn_error_set(&err, TN_E_NONE, "x"), -TN_E_BUG);
	assert_int_equal(err.kind, TN_E_BUG);
	tn_error_done(&err);
	assert_int_equal(tn_error_set(&err, TN_E__COUNT, "x"), -TN_E_BUG);
	tn_error_done(&err);
}

static void
moving_empties_the_source(void **state TN_UNUSED)
{
	struct tn_error from = TN_ERROR_INIT, to = TN_ERROR_INIT;

	tn_error_set(&from, TN_E_CONFLICT, "changed");
	tn_error_hint(&from, "plan again");
	tn_error_move(&to, &from);
	assert_false(tn_error_is_set(&from));
	assert_null(from.message);
	assert_string_equal(to.message, "changed");
	assert_string_equal(to.hint, "plan again");
	tn_error_move(&to, &to);
	assert_string_equal(to.message, "changed");
	tn_error_done(&to);
	assert_false(tn_error_is_set(&to));
}

static void
moving_keeps_what_stands_already(void **state TN_UNUSED)
{
	struct tn_error from = TN_ERROR_INIT, to = TN_ERROR_INIT;

	tn_error_set(&to, TN_E_INPUT, "first");
	tn_error_set(&from, TN_E_BUG, "second");
	tn_error_move(&to, &from);
	assert_string_equal(to.message, "first");
	assert_false(tn_error_is_set(&from));
	tn_error_set(&from, TN_E_BUG, "third");
	tn_error_move(NULL, &from);
	assert_false(tn_error_is_set(&from));
	tn_error_move(&to, NULL);
	tn_error_done(&to);
}

static void
moving_nothing_changes_nothing(void **state TN_UNUSED)
{
	struct tn_error from = TN_ERROR_INIT, to = TN_ERROR_INIT;

	tn_error_set(&to, TN_E_INPUT, "first");
	tn_error_move(&to, &from);
	assert_string_equal(to.message, "first");
	tn_error_done(&to);
	tn_error_move(&to, &from);
	assert_false(tn_error_is_set(&to));
}

static void
a_copy_is_independent(void **state TN_UNUSED)
{
	struct tn_error from = TN_ERROR_INIT, to = TN_ERROR_INIT, other = TN_ERROR_INIT;

	tn_error_errno(&from, EIO, "x");
	tn_error_hint(&from, "y");
	from.status = 429;
	from.attempts = 2;
	tn_error_copy(&to, &from);
	tn_error_done(&from);
	assert_string_equal(to.message, "x: Input/output error");
	assert_string_equal(to.hint, "y");
	assert_int_equal(to.status, 429);
	assert_int_equal(to.attempts, 2);
	assert_int_equal(to.sys_errno, EIO);

	tn_error_set(&other, TN_E_BUG, "z");
	tn_error_copy(&to, &other);
	assert_string_equal(to.message, "x: Input/output error");
	tn_error_copy(NULL, &other);
	tn_error_copy(&to, NULL);
	tn_error_done(&to);
	tn_error_done(&other);
}

static void
every_kind_has_a_name_of_its_own(void **state TN_UNUSED)
{
	assert_string_equal(tn_error_kind_name(TN_E_INPUT), "input");
	assert_string_equal(tn_error_kind_name(TN_E_PERMISSION), "permission");
	for (unsigned a = 0; a < TN_E__COUNT; a++) {
		assert_non_null(tn_error_kind_name((enum tn_error_kind)a));
		for (unsigned b = 0; b < a; b++)
			assert_string_not_equal(tn_error_kind_name((enum tn_error_kind)a),
			    tn_error_kind_name((enum tn_error_kind)b));
	}
	assert_string_equal(tn_error_kind_name(TN_E__COUNT), "bug");
}

static void
results_become_kinds(void **state TN_UNUSED)
{
	assert_int_equal(tn_result_kind(0), TN_E_NONE);
	assert_int_equal(tn_result_kind(5), TN_E_NONE);
	assert_int_equal(tn_result_kind(-TN_E_LOCKED), TN_E_LOCKED);
	assert_int_equal(tn_result_kind(-TN_E_BUG), TN_E_BUG);
	assert_int_equal(tn_result_kind(-TN_E__COUNT), TN_E_BUG);
	assert_int_equal(tn_result_kind(INT32_MIN), TN_E_BUG);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(setting_returns_the_negative_kind),
		cmocka_unit_test(the_first_failure_stands),
		cmocka_unit_test(an_errno_is_told_and_kept),
		cmocka_unit_test(context_goes_before_and_loses_nothing),
		cmocka_unit_test(context_may_quote_the_message_itself),
		cmocka_unit_test(the_deepest_hint_wins),
		cmocka_unit_test(success_is_not_decorated),
		cmocka_unit_test(who_does_not_care_passes_null),
		cmocka_unit_test(an_impossible_kind_is_our_bug),
		cmocka_unit_test(moving_empties_the_source),
		cmocka_unit_test(moving_keeps_what_stands_already),
		cmocka_unit_test(moving_nothing_changes_nothing),
		cmocka_unit_test(a_copy_is_independent),
		cmocka_unit_test(every_kind_has_a_name_of_its_own),
		cmocka_unit_test(results_become_kinds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
