/* Renames, replacements and deletes on their way: trouble, other people, and kills. */
#include <stdio.h>

#include "stage.h"

static struct stage stage;

static int
setup(void **state TN_UNUSED)
{
	stage_init(&stage);
	stage.owns_all = true;
	return 0;
}

static int
teardown(void **state TN_UNUSED)
{
	stage_done(&stage);
	return 0;
}

static void
run_until(const char *event, unsigned step)
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
recover(enum tn_apply_outcome outcome)
{
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;

	if (stage_recover(&stage, stage.store.n_records, &err) == NULL)
		fail_msg("%s", err.message);
	stage_finish(&stage);
	assert_true(stage.calls_are_covered);
	assert_int_equal(stage.report->outcome, outcome);
}

/* The id of an action by its name. */
static const char *
id_of(const char *name)
{
	static char id[40];
	struct tn_sim_action_view view;

	if (!tn_sim_view_by_name(stage.sim, name, tn_loop_unix(stage.loop), &view))
		fail_msg("there is no %s", name);
	snprintf(id, sizeof(id), "%s", view.id);
	return id;
}

static void
others_rename(const char *from, const char *to)
{
	TN_CLEANUP(tn_str_done) struct tn_str path = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str body = TN_STR_INIT;

	tn_str_addf(&path, "/actions/actions/%s", id_of(from));
	tn_str_addf(&body, "{\"name\":\"%s\"}", to);
	assert_int_equal(stage_other(&stage, "PATCH", tn_str_text(&path),
			     tn_str_text(&body)),
	    200);
}

/* --- renames --- */

/* 1: rename b, 2: update b, 3: deploy b */
static void
plan_rename(void)
{
	stage_want(&stage, "a", "1", true);
	stage_want_flow(&stage, "a");
	stage_apply(&stage);
	stage_want_anew(&stage);
	stage_want(&stage, "b", "2", true);
	stage_want_renamed(&stage, "a");
	stage_want_flow(&stage, "b");
	stage_plan(&stage);
	assert_int_equal(stage.plan->n_steps, 3);
}

static void
the_id_stays_and_the_draft_is_not_taken_for_somebodys(void **state TN_UNUSED)
{
	char before[40];

	plan_rename();
	snprintf(before, sizeof(before), "%s", id_of("a"));
	stage_start(&stage);
	stage_finish(&stage);
	assert_int_equal(stage.report->outcome, TN_APPLIED);
	assert_string_equal(id_of("b"), before);
	stage_is(&stage, "b: draft 2, runs 2\nflow: b");
	assert_int_equal(stage.writes, 3);
	assert_string_equal(stage.store.own[0], "b");
}

static void
a_rename_whose_answer_is_lost_is_found_done(void **state TN_UNUSED)
{
	plan_rename();
	stage_fault(&stage,
	    "{\"method\":\"PATCH\",\"nth\":1,\"do\":\"drop\",\"when\":\"after\"}");
	stage_start(&stage);
	stage_finish(&stage);
	assert_int_equal(stage.report->outcome, TN_APPLIED);
	assert_int_equal(stage.writes, 3);
}

static void
a_rename_that_never_arrived_is_sent_again(void **state TN_UNUSED)
{
	plan_rename();
	stage_fault(&stage,
	    "{\"method\":\"PATCH\",\"nth\":1,\"do\":\"drop\",\"when\":\"before\"}");
	stage_start(&stage);
	stage_finish(&stage);
	assert_int_equal(stage.report->outcome, TN_APPLIED);
	stage_is(&stage, "b: draft 2, runs 2\nflow: b");
}

static void
a_failure_behind_it_gives_the_old_name_back(void **state TN_UNUSED)
{
	plan_rename();
	stage_fault(&stage,
	    "{\"method\":\"PATCH\",\"path\":\"/actions/actions/{id}\",\"nth\":2,"
	    "\"do\":\"fail-build\"}");
	stage_start(&stage);
	stage_finish(&stage);
	assert_int_equal(stage.report->outcome, TN_PUT_BACK);
	stage_is(&stage, "a: draft 1, runs 1\nflow: a");
	assert_int_equal(stage.store.n_own, 0);
}

static void
what_somebody_renamed_is_left_to_them(void **state TN_UNUSED)
{
	plan_rename();
	others_rename("a", "theirs");
	stage_start(&stage);
	stage_finish(&stage);
	assert_int_equal(stage.report->outcome, TN_NOT_STARTED);
	stage_is(&stage, "theirs: draft 1, runs 1\nflow: theirs");
}

/* 1: b aside, 2: rename b, 3: rename a */
static void
plan_circle(void)
{
	stage_want(&stage, "a", "1", false);
	stage_want(&stage, "b", "2", false);
	stage_want_flow(&stage, "a b");
	stage_apply(&stage);
	stage_want_anew(&stage);
	stage_want(&stage, "a", "2", false);
	stage_want_renamed(&stage, "b");
	stage_want(&stage, "b", "1", false);
	stage_want_renamed(&stage, "a");
	stage_want_flow(&stage, "b a");
	stage_plan(&stage);
	assert_int_equal(stage.plan->n_steps, 3);
}

static void
a_circle_turns_over_a_name_with_the_id_of_the_run(void **state TN_UNUSED)
{
	plan_circle();
	stage_start(&stage);
	run_until("intended", 2);
	assert_non_null(id_of("tenon-run-1-1"));
	stage_finish(&stage);
	assert_int_equal(stage.report->outcome, TN_APPLIED);
	stage_is(&stage, "b: draft 1, runs 1\na: draft 2, runs 2\nflow: b a");
}

static void
a_circle_that_was_killed_half_way_turns_back(void **state TN_UNUSED)
{
	for (unsigned step = 1; step <= 3; step++) {
		plan_circle();
		stage_start(&stage);
		run_until("intended", step);
		stage_end(&stage);
		recover(TN_PUT_BACK);
		stage_is(&stage, "a: draft 1, runs 1\nb: draft 2, runs 2\nflow: a b");
		teardown(NULL);
		setup(NULL);
	}
}

static void
what_somebody_renames_meanwhile_is_not_put_back(void **state TN_UNUSED)
{
	plan_circle();
	stage_start(&stage);
	run_until("intended", 2);
	others_rename("tenon-run-1-1", "theirs");
	stage_finish(&stage);
	assert_int_equal(stage.report->outcome, TN_NOT_PUT_BACK);
	assert_int_equal(stage.report->steps[0].state, TN_STEP_STUCK);
	assert_non_null(strstr(stage.report->steps[0].stuck->message,
	    "was renamed by somebody else: it was left"));
	stage_is(&stage, "a: draft 1, runs 1\ntheirs: draft 2, runs 2\nflow: a theirs");
}

/* --- replacements --- */

/* 1: a aside, 2: create a, 3: bind, 4: delete a. Nothing but the trigger's version is
 * another one. */
static void
plan_replacement(void)
{
	stage_want(&stage, "a", "1", false);
	stage_want_flow(&stage, "a");
	stage_apply(&stage);
	stage_want_anew(&stage);
	stage_want(&stage, "a", "1", false);
	stage.want->actions[0].trigger.version = "v2";
	stage_want_flow(&stage, "a");
	stage_plan(&stage);
	assert_int_equal(stage.plan->n_steps, 4);
}

static void
a_replacement_leaves_one_action_of_the_name(void **state TN_UNUSED)
{
	char before[40];

	plan_replacement();
	snprintf(before, sizeof(before), "%s", id_of("a"));
	stage_start(&stage);
	stage_finish(&stage);
	assert_int_equal(stage.report->outcome, TN_APPLIED);
	stage_is(&stage, "a: draft 1, runs 1\nflow: a");
	assert_string_not_equal(id_of("a"), before);
	assert_int_equal(stage.store.n_disowned, 1);
}

/* The same content under the same name: only its id tells the old one. */
static void
the_old_one_is_never_taken_for_the_new_one(void **state TN_UNUSED)
{
	static const char *const faults[] = {
		"{\"method\":\"POST\",\"path\":\"/actions/actions\",\"do\":\"drop\","
		"\"when\":\"before\"}",
		"{\"method\":\"POST\",\"path\":\"/actions/actions\",\"do\":\"status\","
		"\"status\":400}",
		"{\"method\":\"GET\",\"nth\":2,\"do\":\"lag\",\"ms\":3000}",
	};
	char before[40];

	for (size_t i = 0; i < TN_ARRAY_LEN(faults); i++) {
		plan_replacement();
		snprintf(before, sizeof(before), "%s", id_of("a"));
		stage_fault(&stage, faults[i]);
		stage_start(&stage);
		run_until("intended", 2);
		tn_cancel_fire(&stage.cancel);
		stage_finish(&stage);
		assert_int_equal(stage.report->outcome, TN_PUT_BACK);
		stage_is(&stage, "a: draft 1, runs 1\nflow: a");
		assert_string_equal(id_of("a"), before);
		teardown(NULL);
		setup(NULL);
	}
}

/* --- deletes --- */

/* 1: bind, 2: delete b */
static void
plan_delete(void)
{
	stage_want(&stage, "a", "1", false);
	stage_want(&stage, "b", "2", false);
	stage_want_flow(&stage, "a b");
	stage_apply(&stage);
	stage_want_anew(&stage);
	stage.want->delete_mode = TN_DELETE_MANAGED;
	stage_want(&stage, "a", "1", false);
	stage_want_flow(&stage, "a");
	stage_plan(&stage);
	assert_int_equal(stage.plan->n_steps, 2);
}

static void
before_everything_is_verified_nothing_is_deleted(void **state TN_UNUSED)
{
	plan_delete();
	stage_start(&stage);
	while (strstr(tn_str_text(&stage.moves), "1:done") == NULL)
		assert_true(tn_loop_step(stage.loop));
	stage_end(&stage);
	recover(TN_PUT_BACK);
	stage_is(&stage, "a: draft 1, runs 1\nb: draft 2, runs 2\nflow: a b");
}

static void
after_it_the_rest_is_finished_and_not_put_back(void **state TN_UNUSED)
{
	plan_delete();
	stage_start(&stage);
	run_until("verified", 0);
	stage_end(&stage);
	stage.writes = 0;
	recover(TN_APPLIED);
	/* The plan that follows sees to it. */
	stage_is(&stage, "a: draft 1, runs 1\nb: draft 2, runs 2\nflow: a");
	assert_int_equal(stage.writes, 0);
	assert_int_equal(stage.store.n_disowned, 0);
}

static void
a_delete_that_may_still_arrive_is_waited_out(void **state TN_UNUSED)
{
	int64_t killed;

	plan_delete();
	stage_start(&stage);
	run_until("intended", 2);
	stage_end(&stage);
	killed = tn_loop_now(stage.loop);
	recover(TN_APPLIED);
	assert_true(
	    tn_loop_now(stage.loop) - killed >= tn_remote_call_deadline(stage.remote));
}

static void
a_delete_that_fails_puts_nothing_back_and_stays_ours(void **state TN_UNUSED)
{
	plan_delete();
	stage_fault(&stage, "{\"method\":\"DELETE\",\"do\":\"status\",\"status\":409}");
	stage_start(&stage);
	stage_finish(&stage);
	assert_int_equal(stage.report->outcome, TN_APPLIED);
	assert_non_null(stage.report->error);
	assert_int_equal(stage.report->steps[0].state, TN_STEP_DONE);
	assert_int_equal(stage.report->steps[1].state, TN_STEP_FAILED);
	assert_int_equal(stage.store.n_disowned, 0);
	stage_is(&stage, "a: draft 1, runs 1\nb: draft 2, runs 2\nflow: a");
}

static void
what_is_gone_already_is_deleted(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_str_done) struct tn_str path = TN_STR_INIT;

	plan_delete();
	stage_start(&stage);
	run_until("verified", 0);
	tn_str_addf(&path, "/actions/actions/%s", id_of("b"));
	assert_int_equal(stage_other(&stage, "DELETE", tn_str_text(&path), NULL), 204);
	stage_finish(&stage);
	assert_int_equal(stage.report->outcome, TN_APPLIED);
	assert_null(stage.report->error);
	assert_int_equal(stage.store.n_disowned, 1);
}

static void
what_somebody_changed_meanwhile_is_not_deleted(void **state TN_UNUSED)
{
	plan_delete();
	stage_start(&stage);
	run_until("verified", 0);
	others_rename("b", "theirs");
	stage_finish(&stage);
	assert_int_equal(stage.report->outcome, TN_APPLIED);
	assert_non_null(strstr(stage.report->error->message, "newer than the plan"));
	stage_is(&stage, "a: draft 1, runs 1\ntheirs: draft 2, runs 2\nflow: a");
}

static void
a_delete_whose_answer_is_lost_is_looked_after(void **state TN_UNUSED)
{
	static const char *const when[] = { "before", "after" };

	for (size_t i = 0; i < TN_ARRAY_LEN(when); i++) {
		TN_CLEANUP(tn_str_done) struct tn_str fault = TN_STR_INIT;

		plan_delete();
		tn_str_addf(&fault,
		    "{\"method\":\"DELETE\",\"nth\":1,\"do\":\"drop\",\"when\":\"%s\"}",
		    when[i]);
		stage_fault(&stage, tn_str_text(&fault));
		stage_start(&stage);
		stage_finish(&stage);
		assert_int_equal(stage.report->outcome, TN_APPLIED);
		if (stage.report->error != NULL)
			fail_msg("%s", stage.report->error->message);
		stage_is(&stage, "a: draft 1, runs 1\nflow: a");
		teardown(NULL);
		setup(NULL);
	}
}

/* A person who stops it now stops the deleting alone. */
static void
stopped_while_deleting_it_is_applied_and_says_what_is_left(void **state TN_UNUSED)
{
	plan_delete();
	stage_start(&stage);
	run_until("verified", 0);
	tn_cancel_fire(&stage.cancel);
	stage_finish(&stage);
	assert_int_equal(stage.report->outcome, TN_APPLIED);
	assert_int_equal(stage.report->error->kind, TN_E_CANCELLED);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_id_stays_and_the_draft_is_not_taken_for_somebodys),
		TEST(a_rename_whose_answer_is_lost_is_found_done),
		TEST(a_rename_that_never_arrived_is_sent_again),
		TEST(a_failure_behind_it_gives_the_old_name_back),
		TEST(what_somebody_renamed_is_left_to_them),
		TEST(a_circle_turns_over_a_name_with_the_id_of_the_run),
		TEST(a_circle_that_was_killed_half_way_turns_back),
		TEST(what_somebody_renames_meanwhile_is_not_put_back),
		TEST(a_replacement_leaves_one_action_of_the_name),
		TEST(the_old_one_is_never_taken_for_the_new_one),
		TEST(before_everything_is_verified_nothing_is_deleted),
		TEST(after_it_the_rest_is_finished_and_not_put_back),
		TEST(a_delete_that_may_still_arrive_is_waited_out),
		TEST(a_delete_that_fails_puts_nothing_back_and_stays_ours),
		TEST(what_is_gone_already_is_deleted),
		TEST(what_somebody_changed_meanwhile_is_not_deleted),
		TEST(a_delete_whose_answer_is_lost_is_looked_after),
		TEST(stopped_while_deleting_it_is_applied_and_says_what_is_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
