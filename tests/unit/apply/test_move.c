/* The table of states: what it allows, and nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "apply/apply.h"

/* A row for each state, a column for each state that it may go to. */
static const char *const wanted[TN_STEP_STATE__COUNT] = {
	/*                     P R I F V D X U B S */
	[TN_STEP_PENDING] = "  . x . . . . . . . .",
	[TN_STEP_READY] = "    x . x . . . x . . .",
	[TN_STEP_INTENDED] = " . . . x . . x . . .",
	[TN_STEP_INFLIGHT] = " . . . . x . x . . .",
	[TN_STEP_VERIFYING] = ". x . . . x x . . .",
	[TN_STEP_DONE] = "     . . . . . . . x . .",
	[TN_STEP_FAILED] = "   . . . . . . . x . .",
	[TN_STEP_UNDOING] = "  . . . . . . . . x x",
	[TN_STEP_UNDONE] = "   . . . . . . . . . .",
	[TN_STEP_STUCK] = "    . . . . . . . . . .",
};

static void
the_moves_are_those_of_the_table(void **state TN_UNUSED)
{
	for (unsigned from = 0; from < TN_STEP_STATE__COUNT; from++) {
		const char *at = wanted[from];

		for (unsigned to = 0; to < TN_STEP_STATE__COUNT; to++) {
			at += strspn(at, " ");
			assert_int_equal(tn_step_may_go((enum tn_step_state)from,
					     (enum tn_step_state)to),
			    *at == 'x');
			at++;
		}
		assert_int_equal(*at, '\0');
	}
}

static void
every_state_has_a_name_of_its_own(void **state TN_UNUSED)
{
	for (unsigned i = 0; i < TN_STEP_STATE__COUNT; i++)
		for (unsigned k = 0; k < i; k++)
			assert_string_not_equal(tn_step_state_name((enum tn_step_state)i),
			    tn_step_state_name((enum tn_step_state)k));
}

/* Nothing is written to the tenant that was not written to the journal before. */
static void
only_what_is_intended_can_be_sent(void **state TN_UNUSED)
{
	for (unsigned from = 0; from < TN_STEP_STATE__COUNT; from++)
		assert_int_equal(tn_step_may_go((enum tn_step_state)from,
				     TN_STEP_INFLIGHT),
		    from == TN_STEP_INTENDED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_moves_are_those_of_the_table),
		cmocka_unit_test(every_state_has_a_name_of_its_own),
		cmocka_unit_test(only_what_is_intended_can_be_sent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
