/* Cancelling, lost answers, failed builds, other people: the tenant is as wanted or as it
 * was, and the report says which. */
#include "stage.h"

#include "base/mem.h"

static struct stage stage;

/* A tenant with two actions of ours in the flow, and a change of everything. */
static void
set_out(void)
{
	stage_want(&stage, "a", "1", false);
	stage_want(&stage, "b", "1", false);
	stage_want_flow(&stage, "a b");
	stage_apply(&stage);
	stage_want_anew(&stage);
	stage_want(&stage, "a", "2", true);
	stage_want(&stage, "b", "1", false);
	stage_want(&stage, "c", "1", false);
	stage_want_flow(&stage, "c b a");
	stage_plan(&stage);
}

#define BEFORE "a: draft 1, runs 1\nb: draft 1, runs 1\nflow: a b"
#define WANTED "a: draft 2, runs 2\nb: draft 1, runs 1\nc: draft 1, runs 1\nflow: c b a"

static int
setup(void **state TN_UNUSED)
{
	stage_init(&stage);
	set_out();
	return 0;
}

static int
teardown(void **state TN_UNUSED)
{
	stage_done(&stage);
	return 0;
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
fails(enum tn_error_kind kind, const char *words)
{
	go(TN_PUT_BACK);
	assert_int_equal(stage.report->error->kind, kind);
	if (strstr(stage.report->error->message, words) == NULL)
		fail_msg("%s", stage.report->error->message);
	stage_is(&stage, BEFORE);
}

static void
without_trouble_it_is_as_wanted(void **state TN_UNUSED)
{
	go(TN_APPLIED);
	assert_null(stage.report->error);
	stage_is(&stage, WANTED);
	assert_int_equal(stage.report->n_steps, 4);
	/* create c, update a, deploy a, bind */
	assert_int_equal(stage.report->steps[2].version, 2);
	assert_non_null(stage.report->steps[0].action_id);
}

/* --- cancel --- */

/* Fires before the n-th callback of the loop; false when it was over before. */
static bool
cancel_at(unsigned n)
{
	stage_start(&stage);
	for (unsigned i = 0; i < n; i++) {
		if (stage.report != NULL)
			return false;
		assert_true(tn_loop_step(stage.loop));
	}
	if (stage.report != NULL)
		return false;
	tn_cancel_fire(&stage.cancel);
	stage_finish(&stage);
	return true;
}

static void
cancelled_at_any_moment_it_is_as_before_or_as_wanted(void **state)
{
	unsigned outcomes[4] = { 0 };

	for (unsigned n = 0; cancel_at(n); n++) {
		TN_CLEANUP(tn_freep) char *look = stage_look(&stage);
		enum tn_apply_outcome outcome = stage.report->outcome;

		assert_true(stage.calls_are_covered);
		outcomes[outcome]++;
		if (strcmp(look, outcome == TN_APPLIED ? WANTED : BEFORE) != 0)
			fail_msg("cancelled at %u, outcome %d:\n%s", n, (int)outcome,
			    look);
		if (outcome == TN_NOT_STARTED)
			assert_int_equal(stage.writes, 0);
		if (outcome != TN_APPLIED)
			assert_int_equal(stage.report->error->kind, TN_E_CANCELLED);
		teardown(state);
		setup(state);
	}
	assert_true(outcomes[TN_NOT_STARTED] > 0);
	assert_true(outcomes[TN_PUT_BACK] > 10);
	assert_true(outcomes[TN_APPLIED] > 0);
	assert_int_equal(outcomes[TN_NOT_PUT_BACK], 0);
}

/* Cancels when the moves come to that one, and as many calls are on their way. */
static void
cancel_when(const char *move, size_t calls)
{
	stage_start(&stage);
	while (strstr(tn_str_text(&stage.moves), move) == NULL ||
	    tn_sim_transport_pending(stage.transport) != calls) {
		assert_null(stage.report);
		assert_true(tn_loop_step(stage.loop));
	}
	tn_cancel_fire(&stage.cancel);
	stage_finish(&stage);
}

static void
state_is(size_t number, enum tn_step_state state)
{
	assert_int_equal(stage.report->steps[number - 1].state, state);
}

/* It stands in the journal that it is meant, and it is not sent any more. */
static void
cancelled_while_it_is_being_recorded_nothing_is_sent(void **state TN_UNUSED)
{
	cancel_when("1:intended", 0);
	assert_int_equal(stage.report->outcome, TN_NOT_STARTED);
	assert_int_equal(stage.writes, 0);
	state_is(1, TN_STEP_FAILED);
	state_is(2, TN_STEP_PENDING);
	stage_is(&stage, BEFORE);
}

static void
cancelled_while_staging_nothing_went_live(void **state TN_UNUSED)
{
	cancel_when("2:in-flight", 2);
	assert_int_equal(stage.report->outcome, TN_PUT_BACK);
	state_is(1, TN_STEP_UNDONE);
	state_is(2, TN_STEP_UNDONE);
	state_is(3, TN_STEP_PENDING);
	state_is(4, TN_STEP_PENDING);
	assert_null(strstr(tn_str_text(&stage.moves), "3:"));
	stage_is(&stage, BEFORE);
}

/* A write that is on its way is not dropped: its effect is known before it is undone. */
static void
cancelled_while_deploying_the_version_of_before_runs_again(void **state TN_UNUSED)
{
	cancel_when("3:in-flight", 1);
	assert_int_equal(stage.report->outcome, TN_PUT_BACK);
	state_is(3, TN_STEP_UNDONE);
	state_is(4, TN_STEP_PENDING);
	stage_is(&stage, BEFORE);
}

/* In the order of the flow, and the next one when the one before runs. */
static void
what_goes_live_goes_one_by_one(void **state TN_UNUSED)
{
	const char *moves;

	stage_end(&stage);
	stage_want_anew(&stage);
	stage_want(&stage, "a", "3", true);
	stage_want(&stage, "b", "3", true);
	stage_want_flow(&stage, "b a");
	stage_plan(&stage);
	go(TN_APPLIED);
	moves = tn_str_text(&stage.moves);
	assert_string_equal(stage.plan->steps[2].name, "b");
	assert_string_equal(stage.plan->steps[3].name, "a");
	assert_non_null(strstr(moves, "3:done"));
	assert_true(strstr(moves, "3:done") < strstr(moves, "4:in-flight"));
}

static void
cancelled_while_binding_the_flow_is_set_back(void **state TN_UNUSED)
{
	cancel_when("4:in-flight", 1);
	assert_int_equal(stage.report->outcome, TN_PUT_BACK);
	state_is(4, TN_STEP_UNDONE);
	stage_is(&stage, BEFORE);
	/* In reverse: the flow first, what it was built on last. */
	assert_true(strstr(tn_str_text(&stage.moves), "4:undone") <
	    strstr(tn_str_text(&stage.moves), "3:undone"));
	assert_true(strstr(tn_str_text(&stage.moves), "3:undone") <
	    strstr(tn_str_text(&stage.moves), "1:undone"));
}

static void
cancelled_while_verifying_everything_is_set_back(void **state TN_UNUSED)
{
	cancel_when("4:done", 0);
	assert_int_equal(stage.report->outcome, TN_PUT_BACK);
	stage_is(&stage, BEFORE);
}

static void
while_putting_back_cancelling_changes_nothing(void **state TN_UNUSED)
{
	stage_fault(&stage,
	    "{\"method\":\"PATCH\",\"path\":\"/actions/triggers/{triggerId}/bindings\","
	    "\"nth\":1,\"do\":\"status\",\"status\":400}");
	cancel_when("3:undoing", 0);
	assert_int_equal(stage.report->outcome, TN_PUT_BACK);
	/* What failed first stays the reason. */
	assert_int_equal(stage.report->error->status, 400);
	stage_is(&stage, BEFORE);
}

/* --- failures --- */

static void
a_failed_build_is_put_back(void **state TN_UNUSED)
{
	stage_fault(&stage,
	    "{\"method\":\"PATCH\",\"path\":\"/actions/actions/{id}\",\"nth\":1,"
	    "\"do\":\"fail-build\"}");
	fails(TN_E_PLATFORM, "the build of action a failed");
	assert_non_null(stage.report->error->hint);
}

static void
a_refused_binding_is_put_back(void **state TN_UNUSED)
{
	stage_fault(&stage,
	    "{\"method\":\"PATCH\",\"path\":\"/actions/triggers/{triggerId}/bindings\","
	    "\"nth\":1,\"do\":\"status\",\"status\":400}");
	go(TN_PUT_BACK);
	assert_int_equal(stage.report->error->status, 400);
	/* The refused write had no effect. */
	state_is(4, TN_STEP_FAILED);
	stage_is(&stage, BEFORE);
}

/* Whatever the write: its effect is there and its answer is not. */
static void
an_answer_that_is_lost_is_looked_for(void **state)
{
	static const char *const writes[] = {
		"\"method\":\"POST\",\"path\":\"/actions/actions\"",
		"\"method\":\"PATCH\",\"path\":\"/actions/actions/{id}\"",
		"\"method\":\"POST\",\"path\":\"/actions/actions/{id}/deploy\"",
		"\"method\":\"PATCH\",\"path\":\"/actions/triggers/{triggerId}/bindings\"",
	};
	static const char *const losses[] = {
		"\"do\":\"drop\",\"when\":\"after\"",
		"\"do\":\"status\",\"status\":500,\"when\":\"after\"",
		"\"do\":\"cut\"",
		"\"do\":\"drop\",\"when\":\"before\"",
		"\"do\":\"status\",\"status\":500,\"when\":\"before\"",
	};

	for (size_t w = 0; w < TN_ARRAY_LEN(writes); w++)
		for (size_t l = 0; l < TN_ARRAY_LEN(losses); l++) {
			TN_CLEANUP(tn_str_done) struct tn_str fault = TN_STR_INIT;

			tn_str_addf(&fault, "{%s,\"nth\":1,%s}", writes[w], losses[l]);
			stage_fault(&stage, tn_str_text(&fault));
			go(TN_APPLIED);
			stage_is(&stage, WANTED);
			/* Nothing was done twice. */
			assert_int_equal(stage.writes,
			    4 + (strstr(losses[l], "before") != NULL));
			teardown(state);
			setup(state);
		}
}

/* What may still arrive is waited out before it is looked at. */
static void
a_lost_call_that_may_still_arrive_holds_up_the_way_back(void **state TN_UNUSED)
{
	int64_t lost;

	stage_fault(&stage,
	    "{\"method\":\"PATCH\",\"path\":\"/actions/actions/{id}\",\"nth\":1,"
	    "\"do\":\"drop\",\"when\":\"after\"}");
	stage_start(&stage);
	while (strstr(tn_str_text(&stage.moves), "2:verifying") == NULL)
		assert_true(tn_loop_step(stage.loop));
	lost = tn_loop_now(stage.loop);
	tn_cancel_fire(&stage.cancel);
	while (strstr(tn_str_text(&stage.moves), "2:undoing") == NULL)
		assert_true(tn_loop_step(stage.loop));
	assert_true(
	    tn_loop_now(stage.loop) - lost >= tn_remote_call_deadline(stage.remote));
	stage_finish(&stage);
	assert_int_equal(stage.report->outcome, TN_PUT_BACK);
	stage_is(&stage, BEFORE);
}

static void
a_write_that_never_gets_an_answer_is_given_up_after_three_tries(void **state TN_UNUSED)
{
	stage_fault(&stage,
	    "{\"method\":\"POST\",\"path\":\"/actions/actions/{id}/deploy\","
	    "\"do\":\"drop\",\"when\":\"before\"}");
	fails(TN_E_TRANSIENT, "deploy of a got no answer, 3 times");
	assert_int_equal(tn_sim_calls(stage.sim, "POST", "/actions/actions/{id}/deploy"),
	    3);
}

static void
a_build_that_is_never_seen_is_given_up(void **state TN_UNUSED)
{
	stage_fault(&stage,
	    "{\"method\":\"PATCH\",\"path\":\"/actions/actions/{id}\",\"nth\":1,"
	    "\"do\":\"lag\",\"ms\":3000000}");
	fails(TN_E_PLATFORM, "was not seen within 6 minutes");
}

/* Reads show what was, for a while: it is waited for, and nothing is done twice. */
static void
a_reading_side_that_lags_is_waited_for(void **state TN_UNUSED)
{
	stage_fault(&stage, "{\"method\":\"GET\",\"do\":\"lag\",\"ms\":3000}");
	go(TN_APPLIED);
	assert_int_equal(stage.writes, 4);
	stage_sleep(&stage, 5 * TN_SEC);
	stage_is(&stage, WANTED);
}

/* Fails at the flow; what is read while it is put back may be of some seconds ago. */
static unsigned
writes_of_an_undo(const char *fault)
{
	stage_fault(&stage,
	    "{\"method\":\"PATCH\",\"path\":\"/actions/triggers/{triggerId}/bindings\","
	    "\"nth\":1,\"do\":\"status\",\"status\":400}");
	stage_start(&stage);
	while (strstr(tn_str_text(&stage.moves), "4:failed") == NULL)
		assert_true(tn_loop_step(stage.loop));
	if (fault != NULL)
		stage_fault(&stage, fault);
	stage_finish(&stage);
	assert_int_equal(stage.report->outcome, TN_PUT_BACK);
	stage_sleep(&stage, 5 * TN_SEC);
	stage_is(&stage, BEFORE);
	return stage.writes;
}

static void
what_is_put_back_and_not_seen_yet_is_not_put_back_twice(void **state)
{
	unsigned writes = writes_of_an_undo(NULL);

	teardown(state);
	setup(state);
	assert_int_equal(writes_of_an_undo(
			     "{\"method\":\"GET\",\"do\":\"lag\",\"ms\":3000}"),
	    writes);
}

/* --- other people --- */

static char path[128];

static const char *
path_of(const char *name, const char *end)
{
	struct tn_sim_action_view view;
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

	assert_true(
	    tn_sim_view_by_name(stage.sim, name, tn_loop_unix(stage.loop), &view));
	tn_str_addf(&text, "/actions/actions/%s%s", view.id, end);
	assert_true(text.len < sizeof(path));
	memcpy(path, tn_str_text(&text), text.len + 1);
	return path;
}

static void
a_draft_that_is_newer_than_the_plan_is_left(void **state TN_UNUSED)
{
	assert_int_equal(stage_other(&stage, "PATCH", path_of("a", ""),
			     "{\"code\":\"theirs\"}"),
	    200);
	go(TN_PUT_BACK);
	assert_int_equal(stage.report->error->kind, TN_E_CONFLICT);
	assert_non_null(
	    strstr(stage.report->error->message, "a draft that is newer than the plan"));
	state_is(2, TN_STEP_FAILED);
	stage_is(&stage, "a: draft theirs, runs 1\nb: draft 1, runs 1\nflow: a b");
}

/* Between our update and our deploy. */
static void
a_draft_over_ours_does_not_go_live(void **state TN_UNUSED)
{
	stage_start(&stage);
	while (strstr(tn_str_text(&stage.moves), "2:done") == NULL)
		assert_true(tn_loop_step(stage.loop));
	assert_int_equal(stage_other(&stage, "PATCH", path_of("a", ""),
			     "{\"code\":\"theirs\"}"),
	    200);
	stage_finish(&stage);
	/* Their draft stays; what runs never changed. */
	assert_int_equal(stage.report->outcome, TN_NOT_PUT_BACK);
	assert_int_equal(stage.report->error->kind, TN_E_CONFLICT);
	state_is(2, TN_STEP_STUCK);
	assert_non_null(
	    strstr(stage.report->steps[1].stuck->message, "somebody else wrote"));
	stage_is(&stage, "a: draft theirs, runs 1\nb: draft 1, runs 1\nflow: a b");
	assert_non_null(strstr(tn_str_text(&stage.store.log), "<not-put-back>"));
}

static void
a_flow_that_somebody_changed_since_is_left(void **state TN_UNUSED)
{
	assert_int_equal(stage_other(&stage, "PATCH",
			     "/actions/triggers/post-login/bindings",
			     "{\"bindings\":[{\"ref\":{\"type\":\"action_name\","
			     "\"value\":\"b\"}}]}"),
	    200);
	go(TN_PUT_BACK);
	assert_int_equal(stage.report->error->kind, TN_E_CONFLICT);
	state_is(4, TN_STEP_FAILED);
	stage_is(&stage, "a: draft 1, runs 1\nb: draft 1, runs 1\nflow: b");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(without_trouble_it_is_as_wanted),
		TEST(cancelled_at_any_moment_it_is_as_before_or_as_wanted),
		TEST(cancelled_while_it_is_being_recorded_nothing_is_sent),
		TEST(cancelled_while_staging_nothing_went_live),
		TEST(cancelled_while_deploying_the_version_of_before_runs_again),
		TEST(what_goes_live_goes_one_by_one),
		TEST(cancelled_while_binding_the_flow_is_set_back),
		TEST(cancelled_while_verifying_everything_is_set_back),
		TEST(while_putting_back_cancelling_changes_nothing),
		TEST(a_failed_build_is_put_back),
		TEST(a_refused_binding_is_put_back),
		TEST(an_answer_that_is_lost_is_looked_for),
		TEST(a_lost_call_that_may_still_arrive_holds_up_the_way_back),
		TEST(a_write_that_never_gets_an_answer_is_given_up_after_three_tries),
		TEST(a_build_that_is_never_seen_is_given_up),
		TEST(a_reading_side_that_lags_is_waited_for),
		TEST(what_is_put_back_and_not_seen_yet_is_not_put_back_twice),
		TEST(a_draft_that_is_newer_than_the_plan_is_left),
		TEST(a_draft_over_ours_does_not_go_live),
		TEST(a_flow_that_somebody_changed_since_is_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
