/* A run that is left where it failed: what was done stays, is ours, and is told. */
#include "stage.h"

static struct stage stage;

/* 1 create c, 2 update a, 3 deploy a, 4 bind. */
static int
setup(void **state TN_UNUSED)
{
	stage_init(&stage);
	stage.stop = true;
	stage_want(&stage, "a", "1", false);
	stage_want(&stage, "b", "1", false);
	stage_want_flow(&stage, "a b");
	stage_apply(&stage);
	stage_want_anew(&stage);
	stage_want(&stage, "a", "2", true);
	stage_want(&stage, "b", "1", false);
	stage_want(&stage, "c", "1", false);
	stage_want_secret(&stage, "KEY");
	stage_want_flow(&stage, "c b a");
	stage_plan(&stage);
	return 0;
}

static int
teardown(void **state TN_UNUSED)
{
	stage_done(&stage);
	return 0;
}

static void
log_has(const char *text)
{
	if (strstr(tn_str_text(&stage.store.log), text) == NULL)
		fail_msg("%s is not in %s", text, tn_str_text(&stage.store.log));
}

static void
states_are(const char *text)
{
	TN_CLEANUP(tn_str_done) struct tn_str states = TN_STR_INIT;

	for (size_t i = 0; i < stage.report->n_steps; i++)
		tn_str_addf(&states, "%s%s", i == 0 ? "" : " ",
		    tn_step_state_name(stage.report->steps[i].state));
	assert_string_equal(tn_str_text(&states), text);
}

static void
go(enum tn_apply_outcome outcome)
{
	stage_start(&stage);
	stage_finish(&stage);
	assert_true(stage.calls_are_covered);
	if (stage.report->outcome != outcome)
		fail_msg("outcome %d: %s", (int)stage.report->outcome,
		    stage.report->error == NULL ? "" : stage.report->error->message);
}

static void
break_build(void)
{
	stage_fault(&stage,
	    "{\"method\":\"PATCH\",\"path\":\"/actions/actions/{id}\",\"do\":\"fail-build\"}");
}

#define LEFT "a: draft 2, runs 1\nb: draft 1, runs 1\nc: draft 1, runs 1\nflow: a b"

static void
c_is_ours(void)
{
	assert_int_equal(stage.store.n_own, 1);
	assert_string_equal(stage.store.own[0], "c");
	assert_int_equal(stage.store.n_secrets, 1);
}

static void
a_failed_build_leaves_what_was_done(void **state TN_UNUSED)
{
	break_build();
	go(TN_STOPPED);
	states_are("done failed pending pending");
	assert_non_null(
	    strstr(stage.report->error->message, "the build of action a failed"));
	stage_is(&stage, LEFT);
	c_is_ours();
	/* That of a as well, though its build failed. */
	assert_int_equal(stage.store.n_drafts, 2);
	log_has("stop]");
	log_has("<stopped>");
}

static void
a_refused_order_leaves_what_runs(void **state TN_UNUSED)
{
	stage_fault(&stage,
	    "{\"method\":\"PATCH\",\"path\":\"/actions/triggers/{triggerId}/bindings\","
	    "\"do\":\"status\",\"status\":400}");
	go(TN_STOPPED);
	states_are("done done done failed");
	stage_is(&stage,
	    "a: draft 2, runs 2\nb: draft 1, runs 1\nc: draft 1, runs 1\nflow: a b");
	c_is_ours();
}

/* Refused at once, while the creation waits to be seen. */
static void
what_is_under_way_is_looked_at_once_more(void **state TN_UNUSED)
{
	stage_fault(&stage,
	    "{\"method\":\"PATCH\",\"path\":\"/actions/actions/{id}\",\"do\":\"status\","
	    "\"status\":400}");
	go(TN_STOPPED);
	assert_int_equal(stage.report->steps[1].state, TN_STEP_FAILED);
	assert_int_equal(stage.report->steps[2].state, TN_STEP_PENDING);
	assert_true(stage.report->steps[0].state == TN_STEP_DONE ||
	    stage.report->steps[0].error != NULL);
	stage_sleep(&stage, 30 * TN_SEC);
	stage_is(&stage,
	    "a: draft 1, runs 1\nb: draft 1, runs 1\nc: draft 1, runs 1\nflow: a b");
	c_is_ours();
}

/* The creation's answer was lost, as often as it was tried, but not the creation. */
static void
what_was_made_without_an_answer_is_ours(void **state TN_UNUSED)
{
	stage_fault(&stage,
	    "{\"method\":\"POST\",\"path\":\"/actions/actions\",\"do\":\"drop\","
	    "\"when\":\"after\"}");
	break_build();
	go(TN_STOPPED);
	stage_sleep(&stage, 30 * TN_SEC);
	stage_is(&stage, LEFT);
	c_is_ours();
}

static void
a_run_that_is_cancelled_is_put_back(void **state TN_UNUSED)
{
	stage_start(&stage);
	while (strstr(tn_str_text(&stage.moves), "1:done") == NULL)
		assert_true(tn_loop_step(stage.loop));
	tn_cancel_fire(&stage.cancel);
	stage_finish(&stage);
	assert_int_equal(stage.report->outcome, TN_PUT_BACK);
	stage_is(&stage, "a: draft 1, runs 1\nb: draft 1, runs 1\nflow: a b");
}

static void
what_wrote_nothing_has_nothing_to_leave(void **state TN_UNUSED)
{
	stage_fault(&stage,
	    "{\"path\":\"/actions/actions\",\"method\":\"POST\",\"do\":\"status\","
	    "\"status\":403}");
	stage_fault(&stage,
	    "{\"path\":\"/actions/actions/{id}\",\"do\":\"status\",\"status\":403}");
	go(TN_NOT_STARTED);
	stage_is(&stage, "a: draft 1, runs 1\nb: draft 1, runs 1\nflow: a b");
}

static void
run_until_record(const char *record)
{
	stage_start(&stage);
	while (strstr(tn_str_text(&stage.store.log), record) == NULL) {
		assert_null(stage.report);
		assert_true(tn_loop_step(stage.loop));
	}
}

static void
recover(void)
{
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;

	if (stage_recover(&stage, stage.store.n_records, &err) == NULL)
		fail_msg("%s", err.message);
	stage_finish(&stage);
	assert_true(stage.report->recovered);
}

/* What it had decided stays so; what it did not come to know is looked at again. */
static void
a_run_that_died_while_it_stopped_is_closed_where_it_was(void **state TN_UNUSED)
{
	break_build();
	run_until_record("stop]");
	recover();
	assert_int_equal(stage.report->outcome, TN_STOPPED);
	assert_int_equal(stage.writes, 0);
	states_are("done failed pending pending");
	stage_is(&stage, LEFT);
	c_is_ours();
	log_has("<stopped>");
}

static void
a_run_that_died_before_is_put_back(void **state TN_UNUSED)
{
	run_until_record("1:done");
	recover();
	assert_int_equal(stage.report->outcome, TN_PUT_BACK);
	stage_is(&stage, "a: draft 1, runs 1\nb: draft 1, runs 1\nflow: a b");
}

static void
an_end_that_cannot_be_recorded_is_told(void **state TN_UNUSED)
{
	stage.store.end_fails = true;
	break_build();
	go(TN_STOPPED);
	assert_non_null(
	    strstr(stage.report->error->message, "what was done could not be recorded"));
	stage_is(&stage, LEFT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_failed_build_leaves_what_was_done),
		TEST(a_refused_order_leaves_what_runs),
		TEST(what_is_under_way_is_looked_at_once_more),
		TEST(what_was_made_without_an_answer_is_ours),
		TEST(a_run_that_is_cancelled_is_put_back),
		TEST(what_wrote_nothing_has_nothing_to_leave),
		TEST(a_run_that_died_while_it_stopped_is_closed_where_it_was),
		TEST(a_run_that_died_before_is_put_back),
		TEST(an_end_that_cannot_be_recorded_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
