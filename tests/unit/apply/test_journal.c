/* The journal: written together, tried again, and nothing is sent without it. */
#include "stage.h"

static struct stage stage;

static int
setup(void **state TN_UNUSED)
{
	stage_init(&stage);
	return 0;
}

static int
teardown(void **state TN_UNUSED)
{
	stage_done(&stage);
	return 0;
}

static void
log_is(const char *text)
{
	assert_string_equal(tn_str_text(&stage.store.log), text);
}

static void
apply_with_failures(unsigned sound, unsigned failures)
{
	stage_plan(&stage);
	stage.store.sound = sound;
	stage.store.failures = failures;
	stage_start(&stage);
	stage_finish(&stage);
	assert_true(stage.calls_are_covered);
}

static void
records_that_are_ready_together_share_one_append(void **state TN_UNUSED)
{
	stage_want(&stage, "a", "1", false);
	stage_want(&stage, "b", "2", false);
	stage_want(&stage, "c", "3", false);
	stage_want_flow(&stage, "a b c");
	apply_with_failures(0, 0);
	assert_int_equal(stage.report->outcome, TN_APPLIED);
	/* The end of a step goes with the next record that somebody waits for. */
	log_is("[begin][1:intended 2:intended 3:intended]"
	       "[3:done 2:done 1:done 4:intended][4:done settling]<applied>");
	assert_int_equal(stage.store.n_own, 3);
	stage_is(&stage,
	    "a: draft 1, runs 1\nb: draft 2, runs 2\nc: draft 3, runs 3\nflow: a b c");
}

static void
the_begin_holds_the_plan_and_the_records_what_is_known(void **state TN_UNUSED)
{
	stage_want(&stage, "a", "1", false);
	apply_with_failures(0, 0);
	assert_string_equal(stage.store.records[0].event, "begin");
	assert_non_null(strstr(stage.store.records[0].payload, "\"digest\":\""));
	assert_string_equal(stage.store.records[2].event, "done");
	assert_non_null(
	    strstr(stage.store.records[2].payload, stage.report->steps[0].action_id));
}

static void
every_state_is_passed_in_order(void **state TN_UNUSED)
{
	stage_want(&stage, "a", "1", false);
	apply_with_failures(0, 0);
	assert_string_equal(tn_str_text(&stage.moves),
	    "1:ready 1:intended 1:in-flight 1:verifying 1:done");
}

static void
an_append_that_fails_twice_is_tried_a_third_time(void **state TN_UNUSED)
{
	stage_want(&stage, "a", "1", false);
	apply_with_failures(1, 2);
	assert_int_equal(stage.report->outcome, TN_APPLIED);
	log_is("[begin][!][!][1:intended][1:done settling]<applied>");
}

static void
without_a_begin_nothing_is_sent(void **state TN_UNUSED)
{
	stage_want(&stage, "a", "1", false);
	apply_with_failures(0, 3);
	assert_int_equal(stage.report->outcome, TN_NOT_STARTED);
	assert_int_equal(stage.report->error->kind, TN_E_SYSTEM);
	assert_non_null(strstr(stage.report->error->message, "the disk is full"));
	assert_int_equal(stage.writes, 0);
	/* What is left is the end, which tells that nothing happened. */
	log_is("[!][!][!]<put-back>");
	stage_is(&stage, "flow:");
}

static void
with_a_journal_that_never_works_nothing_is_sent(void **state TN_UNUSED)
{
	stage.store.end_fails = true;
	stage_want(&stage, "a", "1", false);
	stage_want(&stage, "b", "1", true);
	apply_with_failures(0, UINT32_MAX);
	assert_int_equal(stage.report->outcome, TN_NOT_STARTED);
	assert_int_equal(stage.report->error->kind, TN_E_SYSTEM);
	assert_int_equal(stage.writes, 0);
	/* The begin was tried three times; without it there is no journal to settle. */
	log_is("[!][!][!]<put-back>");
	stage_is(&stage, "flow:");
}

static void
without_an_intention_no_step_is_sent(void **state TN_UNUSED)
{
	stage_want(&stage, "a", "1", false);
	stage_want(&stage, "b", "1", false);
	apply_with_failures(1, 3);
	assert_int_equal(stage.report->outcome, TN_NOT_STARTED);
	assert_int_equal(stage.writes, 0);
	assert_int_equal(stage.report->steps[0].state, TN_STEP_FAILED);
	stage_is(&stage, "flow:");
}

/* Another holder of the lock: trying again would be wrong. */
static void
a_conflict_is_not_tried_again(void **state TN_UNUSED)
{
	stage.store.kind = TN_E_CONFLICT;
	stage_want(&stage, "a", "1", false);
	apply_with_failures(1, 1);
	assert_int_equal(stage.report->outcome, TN_NOT_STARTED);
	assert_int_equal(stage.report->error->kind, TN_E_CONFLICT);
	assert_int_equal(stage.writes, 0);
}

/* The creation is done and cannot be taken back without a record: it is told, and left.
 */
static void
without_a_record_nothing_is_put_back(void **state TN_UNUSED)
{
	stage.store.end_fails = true;
	stage_want(&stage, "a", "1", false);
	stage_want_flow(&stage, "a");
	apply_with_failures(2, UINT32_MAX);
	assert_int_equal(stage.report->outcome, TN_NOT_PUT_BACK);
	assert_int_equal(stage.writes, 1);
	assert_int_equal(stage.report->steps[0].state, TN_STEP_STUCK);
	assert_int_equal(stage.report->steps[0].stuck->kind, TN_E_SYSTEM);
	assert_null(stage.report->steps[1].stuck);
	stage_is(&stage, "a: draft 1, runs 1\nflow:");
	/* The run stays open: the next one goes on with it. */
	assert_null(strchr(tn_str_text(&stage.store.log), '<'));
}

static void
a_failure_in_the_middle_is_put_back(void **state TN_UNUSED)
{
	stage_want(&stage, "a", "1", false);
	stage_want_flow(&stage, "a");
	apply_with_failures(2, 3);
	assert_int_equal(stage.report->outcome, TN_PUT_BACK);
	assert_int_equal(stage.report->error->kind, TN_E_SYSTEM);
	assert_int_equal(stage.writes, 2);
	log_is("[begin][1:intended][!][!][!][undo][1:undoing][1:undone settling]"
	       "<put-back>");
	assert_int_equal(stage.store.n_own, 0);
	stage_is(&stage, "flow:");
}

static void
a_state_that_cannot_be_ended_is_told(void **state TN_UNUSED)
{
	stage.store.end_fails = true;
	stage_want(&stage, "a", "1", false);
	apply_with_failures(0, 0);
	assert_int_equal(stage.report->outcome, TN_APPLIED);
	assert_int_equal(stage.report->error->kind, TN_E_SYSTEM);
	assert_non_null(strstr(stage.report->error->message, "the tenant is as wanted"));
	assert_non_null(strstr(stage.report->error->hint, "run tenon apply again"));
}

static void
a_plan_without_steps_writes_its_end_alone(void **state TN_UNUSED)
{
	apply_with_failures(0, 0);
	assert_int_equal(stage.report->outcome, TN_APPLIED);
	assert_int_equal(stage.writes, 0);
	log_is("<applied>");
}

/* No record but the end: the next run finds nothing to mend. */
static void
only_the_end_is_recorded_after(unsigned callbacks)
{
	stage_want(&stage, "a", "1", false);
	stage_plan(&stage);
	stage_start(&stage);
	for (unsigned i = 0; i < callbacks; i++)
		assert_true(tn_loop_step(stage.loop));
	tn_cancel_fire(&stage.cancel);
	stage_finish(&stage);
	stage_sleep(&stage, 10 * TN_SEC);
	assert_int_equal(stage.report->outcome, TN_NOT_STARTED);
	assert_int_equal(stage.report->error->kind, TN_E_CANCELLED);
	assert_int_equal(stage.writes, 0);
	log_is("<put-back>");
	assert_string_equal(tn_str_text(&stage.moves), "");
}

static void
cancelled_before_the_begin_only_the_end_is_recorded(void **state TN_UNUSED)
{
	only_the_end_is_recorded_after(0);
}

/* The begin waits to be written: behind the end it would be a run that nobody can read.
 */
static void
cancelled_while_the_begin_waits_only_the_end_is_recorded(void **state TN_UNUSED)
{
	only_the_end_is_recorded_after(1);
}

static void
plan_adoption(struct tn_adoption *adoption)
{
	*adoption = (struct tn_adoption){ .name = "a", .action_id = "id-a" };
	stage_plan(&stage);
	stage.plan->adoptions = adoption;
	stage.plan->n_adoptions = 1;
	stage_start(&stage);
}

/* The stage fails at a second report. */
static void
an_adoption_is_told_of_once(void **state TN_UNUSED)
{
	struct tn_adoption adoption;

	plan_adoption(&adoption);
	stage_finish(&stage);
	stage_sleep(&stage, 10 * TN_SEC);
	assert_int_equal(stage.report->outcome, TN_APPLIED);
	assert_int_equal(stage.store.n_own, 1);
	log_is("<applied>");
}

static void
an_adoption_that_is_cancelled_is_told_of_once(void **state TN_UNUSED)
{
	struct tn_adoption adoption;

	plan_adoption(&adoption);
	tn_cancel_fire(&stage.cancel);
	stage_finish(&stage);
	stage_sleep(&stage, 10 * TN_SEC);
	assert_int_equal(stage.report->outcome, TN_NOT_STARTED);
	assert_int_equal(stage.store.n_own, 0);
	log_is("<put-back>");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(records_that_are_ready_together_share_one_append),
		TEST(the_begin_holds_the_plan_and_the_records_what_is_known),
		TEST(every_state_is_passed_in_order),
		TEST(an_append_that_fails_twice_is_tried_a_third_time),
		TEST(without_a_begin_nothing_is_sent),
		TEST(with_a_journal_that_never_works_nothing_is_sent),
		TEST(without_an_intention_no_step_is_sent),
		TEST(a_conflict_is_not_tried_again),
		TEST(without_a_record_nothing_is_put_back),
		TEST(a_failure_in_the_middle_is_put_back),
		TEST(a_state_that_cannot_be_ended_is_told),
		TEST(a_plan_without_steps_writes_its_end_alone),
		TEST(cancelled_before_the_begin_only_the_end_is_recorded),
		TEST(cancelled_while_the_begin_waits_only_the_end_is_recorded),
		TEST(an_adoption_is_told_of_once),
		TEST(an_adoption_that_is_cancelled_is_told_of_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
