/*
 * Other people at work while a run is on its way or back: what they wrote meanwhile is
 * left, and the report says so.
 */
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
run_until_move(const char *move)
{
	stage_start(&stage);
	while (strstr(tn_str_text(&stage.moves), move) == NULL) {
		assert_null(stage.report);
		assert_true(tn_loop_step(stage.loop));
	}
}

static void
run_until_record(const char *event, unsigned step)
{
	const struct tn_record *last;

	do {
		assert_null(stage.report);
		assert_true(tn_loop_step(stage.loop));
		last = stage.store.n_records == 0
		    ? NULL
		    : &stage.store.records[stage.store.n_records - 1];
	} while (last == NULL || last->step != step || strcmp(last->event, event) != 0);
}

static void
recover(void)
{
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;

	if (stage_recover(&stage, stage.store.n_records, &err) == NULL)
		fail_msg("%s", err.message);
	stage_finish(&stage);
	assert_true(stage.calls_are_covered);
}

static void
others_write(const char *name, const char *body)
{
	TN_CLEANUP(tn_str_done) struct tn_str path = TN_STR_INIT;
	struct tn_sim_action_view view;

	assert_true(
	    tn_sim_view_by_name(stage.sim, name, tn_loop_unix(stage.loop), &view));
	tn_str_addf(&path, "/actions/actions/%s", view.id);
	assert_int_equal(stage_other(&stage, "PATCH", tn_str_text(&path), body), 200);
}

static void
state_is(size_t number, enum tn_step_state state)
{
	assert_int_equal(stage.report->steps[number - 1].state, state);
}

static void
log_has(const char *text)
{
	if (strstr(tn_str_text(&stage.store.log), text) == NULL)
		fail_msg("%s is not in %s", text, tn_str_text(&stage.store.log));
}

/* The step could not be put back, for that reason, and trying again does not help. */
static void
stuck_at(size_t number, const char *words)
{
	const struct tn_error *stuck;

	assert_int_equal(stage.report->outcome, TN_NOT_PUT_BACK);
	state_is(number, TN_STEP_STUCK);
	stuck = stage.report->steps[number - 1].stuck;
	assert_int_equal(stuck->kind, TN_E_CONFLICT);
	if (strstr(stuck->message, words) == NULL)
		fail_msg("%s", stuck->message);
	log_has("settling]<not-put-back>");
}

/* --- a draft that they write after a deploy of ours --- */

/* 1: create b, 2: update a, 3: deploy a, 4: deploy b, 5: bind */
static void
plan_two(void)
{
	stage_want(&stage, "a", "1", false);
	stage_want_flow(&stage, "a");
	stage_apply(&stage);
	stage_want_anew(&stage);
	stage_want(&stage, "a", "2", false);
	stage_want(&stage, "b", "1", true);
	stage_want_flow(&stage, "a b");
	stage_plan(&stage);
	assert_int_equal(stage.plan->n_steps, 5);
}

/* What runs is ours to put back; what they wrote over our draft is not. */
static void
only_their_draft_is_left(void)
{
	stuck_at(2, "action a has a draft that somebody else wrote: it was left");
	state_is(3, TN_STEP_UNDONE);
	state_is(1, TN_STEP_UNDONE);
	stage_is(&stage, "a: draft theirs, runs 1\nflow: a");
}

static void
a_draft_over_what_was_deployed_survives_the_way_back(void **state TN_UNUSED)
{
	plan_two();
	run_until_move("3:done");
	others_write("a", "{\"code\":\"theirs\"}");
	tn_cancel_fire(&stage.cancel);
	stage_finish(&stage);
	assert_int_equal(stage.report->error->kind, TN_E_CANCELLED);
	only_their_draft_is_left();
}

static void
a_draft_over_what_was_deployed_survives_a_recovery(void **state TN_UNUSED)
{
	plan_two();
	stage_start(&stage);
	run_until_record("intended", 4);
	others_write("a", "{\"code\":\"theirs\"}");
	recover();
	only_their_draft_is_left();
}

/* The same without them: the draft goes back with the version. */
static void
a_draft_that_is_ours_goes_back_with_the_version(void **state TN_UNUSED)
{
	plan_two();
	run_until_move("3:done");
	tn_cancel_fire(&stage.cancel);
	stage_finish(&stage);
	assert_int_equal(stage.report->outcome, TN_PUT_BACK);
	stage_is(&stage, "a: draft 1, runs 1\nflow: a");
}

/* --- a rollback --- */

static void
plan_rollback(void)
{
	stage_want(&stage, "a", "1", false);
	stage_apply(&stage);
	stage_want_anew(&stage);
	stage_want(&stage, "a", "2", false);
	stage_apply(&stage);
	stage_want_anew(&stage);
	stage_want(&stage, "a", "1", false);
	stage.looks_back = true;
	stage_plan(&stage);
	assert_int_equal(stage.plan->n_steps, 1);
	assert_int_equal(stage.plan->steps[0].kind, TN_STEP_ROLLBACK);
}

static void
a_rollback_takes_the_draft_with_it(void **state TN_UNUSED)
{
	plan_rollback();
	stage_start(&stage);
	stage_finish(&stage);
	assert_int_equal(stage.report->outcome, TN_APPLIED);
	stage_is(&stage, "a: draft 1, runs 1\nflow:");
}

/* Nobody wrote over it: the draft goes with the version, back as it came. */
static void
a_rollback_that_is_stopped_goes_back_with_its_draft(void **state TN_UNUSED)
{
	plan_rollback();
	run_until_move("1:verifying");
	tn_cancel_fire(&stage.cancel);
	stage_finish(&stage);
	assert_int_equal(stage.report->outcome, TN_PUT_BACK);
	assert_true(stage.calls_are_covered);
	stage_is(&stage, "a: draft 2, runs 2\nflow:");
}

/* It looks like a draft that did not follow the rollback, and is not. */
static void
a_draft_written_during_a_rollback_is_left(void **state TN_UNUSED)
{
	plan_rollback();
	run_until_move("1:verifying");
	others_write("a", "{\"code\":\"theirs\"}");
	stage_finish(&stage);
	assert_int_equal(stage.report->error->kind, TN_E_CONFLICT);
	assert_non_null(strstr(stage.report->error->message, "somebody else wrote"));
	stuck_at(1, "action a has a draft that somebody else wrote: it was left");
	stage_is(&stage, "a: draft theirs, runs 2\nflow:");
}

/*
 * The platform did not let the draft follow (here somebody else saw to that), so it is
 * told to, and the run is stopped after every callback from then on. Gives the outcome.
 */
static enum tn_apply_outcome
stopped_while_following(unsigned callbacks)
{
	enum tn_apply_outcome outcome;

	stage_init(&stage);
	plan_rollback();
	run_until_move("1:verifying");
	others_write("a", "{\"code\":\"2\"}");
	stage_fault(&stage,
	    "{\"method\":\"PATCH\",\"path\":\"/actions/actions/{id}\",\"nth\":1,"
	    "\"do\":\"delay\",\"when\":\"before\",\"ms\":3000}");
	for (unsigned i = 0; i < callbacks && stage.report == NULL; i++)
		assert_true(tn_loop_step(stage.loop));
	tn_cancel_fire(&stage.cancel);
	if (stage.report == NULL)
		stage_finish(&stage);
	outcome = stage.report->outcome;
	/* What was still on its way arrives. */
	stage_sleep(&stage, 30 * TN_SEC);
	if (outcome == TN_APPLIED)
		stage_is(&stage, "a: draft 1, runs 1\nflow:");
	else
		stage_is(&stage, "a: draft 2, runs 2\nflow:");
	stage_done(&stage);
	return outcome;
}

static void
undo_waits_for_the_draft_that_follows(void **state TN_UNUSED)
{
	unsigned callbacks = 0;

	while (stopped_while_following(callbacks) == TN_PUT_BACK)
		assert_true(++callbacks < 200);
	assert_true(callbacks > 5);
}

/* --- after everything was done --- */

/* Somebody has just written the very draft that is wanted. */
static void
a_draft_that_is_still_built_is_waited_for(void **state TN_UNUSED)
{
	stage_want(&stage, "a", "1", false);
	stage_apply(&stage);
	stage_want_anew(&stage);
	stage_want(&stage, "a", "2", false);
	others_write("a", "{\"code\":\"2\"}");
	stage_plan(&stage);
	assert_int_equal(stage.plan->n_steps, 1);
	assert_int_equal(stage.plan->steps[0].kind, TN_STEP_DEPLOY);
	assert_int_equal(stage.plan->steps[0].before.build, TN_BUILD_RUNNING);
	stage_start(&stage);
	stage_finish(&stage);
	assert_int_equal(stage.report->outcome, TN_APPLIED);
	assert_int_equal(stage.writes, 1);
	stage_is(&stage, "a: draft 2, runs 2\nflow:");
}

/* 1 update a, 2 deploy a, 3 deploy b, which somebody has just written. */
static void
nothing_goes_live_while_a_draft_is_still_built(void **state TN_UNUSED)
{
	const char *ready, *deploys[2];

	stage_want(&stage, "a", "1", false);
	stage_want(&stage, "b", "1", false);
	stage_apply(&stage);
	stage_want_anew(&stage);
	stage_want(&stage, "a", "2", false);
	stage_want(&stage, "b", "2", false);
	others_write("b", "{\"code\":\"2\"}");
	stage_plan(&stage);
	assert_int_equal(stage.plan->n_steps, 3);
	stage_start(&stage);
	stage_finish(&stage);
	assert_int_equal(stage.report->outcome, TN_APPLIED);
	ready = strstr(tn_str_text(&stage.moves), "3:pending");
	deploys[0] = strstr(tn_str_text(&stage.moves), "2:in-flight");
	deploys[1] = strstr(tn_str_text(&stage.moves), "3:in-flight");
	assert_non_null(ready);
	assert_true(ready < deploys[0] && deploys[0] < deploys[1]);
	stage_is(&stage, "a: draft 2, runs 2\nb: draft 2, runs 2\nflow:");
}

static void
plan_secret(void)
{
	stage_want(&stage, "a", "1", false);
	stage_want_secret(&stage, "KEY");
	stage_plan(&stage);
	stage_start(&stage);
}

static void
the_time_of_a_secret_that_was_written_is_made_known(void **state TN_UNUSED)
{
	plan_secret();
	stage_finish(&stage);
	assert_int_equal(stage.report->outcome, TN_APPLIED);
	assert_int_equal(stage.store.n_secrets, 1);
}

/* Their value with our fingerprint would never be written over again. */
static void
their_secret_is_not_taken_for_ours(void)
{
	struct tn_sim_action_view view;

	assert_int_equal(stage.report->outcome, TN_APPLIED);
	assert_int_equal(stage.store.n_own, 1);
	assert_int_equal(stage.store.n_secrets, 1);
	assert_true(tn_sim_view_by_name(stage.sim, "a", tn_loop_unix(stage.loop), &view));
	assert_int_equal(view.draft.n_secrets, 1);
	assert_true(stage.store.secret_time < view.draft.secrets[0].updated_at);
}

static void
a_secret_they_wrote_during_the_run_is_not_taken_for_ours(void **state TN_UNUSED)
{
	plan_secret();
	while (strstr(tn_str_text(&stage.moves), "1:done") == NULL)
		assert_true(tn_loop_step(stage.loop));
	others_write("a", "{\"secrets\":[{\"name\":\"KEY\",\"value\":\"theirs\"}]}");
	stage_finish(&stage);
	their_secret_is_not_taken_for_ours();
}

/* The time of ours stands in the journal. */
static void
a_secret_they_wrote_before_a_recovery_is_not_taken_for_ours(void **state TN_UNUSED)
{
	plan_secret();
	run_until_record("settling", 0);
	others_write("a", "{\"secrets\":[{\"name\":\"KEY\",\"value\":\"theirs\"}]}");
	recover();
	assert_int_equal(stage.writes, 0);
	their_secret_is_not_taken_for_ours();
}

/* What the platform shows may lag behind, so it is looked at for a while before that is
 * said. */
static void
secrets_of_a_draft_that_no_version_brings_back_are_told(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_str_done) struct tn_str path = TN_STR_INIT;
	struct tn_sim_action_view view;
	int64_t began;

	stage_want(&stage, "a", "1", false);
	stage_apply(&stage);
	stage_want_anew(&stage);
	stage_want(&stage, "a", "2", false);
	stage_want_secret(&stage, "KEY");
	stage_plan(&stage);
	assert_int_equal(stage.plan->steps[0].inverse, TN_INVERSE_REDEPLOY);
	run_until_move("1:done");
	assert_true(tn_sim_view_by_name(stage.sim, "a", tn_loop_unix(stage.loop), &view));
	tn_str_addf(&path, "/actions/actions/%s/deploy", view.id);
	assert_int_equal(stage_other(&stage, "POST", tn_str_text(&path), NULL), 200);
	/* Until then what they did shows. */
	stage_fault(&stage,
	    "{\"method\":\"GET\",\"nth\":1,\"do\":\"delay\","
	    "\"when\":\"before\",\"ms\":4000}");
	began = tn_loop_now(stage.loop);
	stage_finish(&stage);
	assert_in_range(tn_loop_now(stage.loop) - began, 20 * TN_SEC, 60 * TN_SEC);
	stuck_at(1, "cannot get the secrets of its draft back");
	stage_is(&stage, "a: draft 2, runs 2\nflow:");
}

/* Everything is otherwise by now, and all of it stays. */
static void
a_recovery_of_a_finished_run_writes_nothing_whatever_they_did(void **state TN_UNUSED)
{
	plan_two();
	stage_start(&stage);
	run_until_record("settling", 0);
	others_write("a", "{\"code\":\"theirs\"}");
	assert_int_equal(stage_other(&stage, "PATCH",
			     "/actions/triggers/post-login/bindings",
			     "{\"bindings\":[]}"),
	    200);
	recover();
	assert_int_equal(stage.report->outcome, TN_APPLIED);
	assert_null(stage.report->error);
	assert_int_equal(stage.writes, 0);
	log_has("<applied>");
	stage_is(&stage, "a: draft theirs, runs 2\nb: draft 1, runs 1\nflow:");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_draft_over_what_was_deployed_survives_the_way_back),
		TEST(a_draft_over_what_was_deployed_survives_a_recovery),
		TEST(a_draft_that_is_ours_goes_back_with_the_version),
		TEST(a_rollback_takes_the_draft_with_it),
		TEST(a_rollback_that_is_stopped_goes_back_with_its_draft),
		TEST(a_draft_written_during_a_rollback_is_left),
		cmocka_unit_test(undo_waits_for_the_draft_that_follows),
		TEST(a_draft_that_is_still_built_is_waited_for),
		TEST(nothing_goes_live_while_a_draft_is_still_built),
		TEST(the_time_of_a_secret_that_was_written_is_made_known),
		TEST(a_secret_they_wrote_during_the_run_is_not_taken_for_ours),
		TEST(secrets_of_a_draft_that_no_version_brings_back_are_told),
		TEST(a_secret_they_wrote_before_a_recovery_is_not_taken_for_ours),
		TEST(a_recovery_of_a_finished_run_writes_nothing_whatever_they_did),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
