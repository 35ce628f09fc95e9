/* A run whose holder died is finished or undone from its journal, or refused as a whole.
 */
#include "base/value.h"
#include "stage.h"

static struct stage stage;

static int
setup(void **state TN_UNUSED)
{
	stage_init(&stage);
	stage_want(&stage, "a", "1", false);
	stage_want(&stage, "b", "1", false);
	stage_want_flow(&stage, "a b");
	return 0;
}

static int
teardown(void **state TN_UNUSED)
{
	stage_done(&stage);
	return 0;
}

static size_t
count(const char *event)
{
	size_t n = 0;

	for (size_t i = 0; i < stage.store.n_records; i++)
		n += strcmp(stage.store.records[i].event, event) == 0;
	return n;
}

/* Steps until the journal holds so many records of that event. */
static void
run_until(const char *event, size_t n)
{
	stage_plan(&stage);
	stage_start(&stage);
	while (count(event) < n)
		assert_true(tn_loop_step(stage.loop));
}

static void
recover(void)
{
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;

	if (stage_recover(&stage, stage.store.n_records, &err) == NULL)
		fail_msg("%s", err.message);
	stage_finish(&stage);
	assert_true(stage.report->recovered);
	assert_true(stage.calls_are_covered);
}

static void
a_run_that_had_only_begun_is_closed(void **state TN_UNUSED)
{
	run_until("begin", 1);
	recover();
	assert_int_equal(stage.report->outcome, TN_NOT_STARTED);
	assert_int_equal(stage.report->error->kind, TN_E_CANCELLED);
	assert_non_null(strstr(stage.report->error->message, "run-1"));
	assert_int_equal(stage.writes, 0);
	stage_is(&stage, "flow:");
}

/* It was meant and never sent: there is nothing to take back, and that is seen late
 * enough for a call that was on its way. */
static void
what_was_only_intended_is_waited_for_and_looked_at(void **state TN_UNUSED)
{
	int64_t before;

	run_until("intended", 2);
	before = tn_loop_now(stage.loop);
	recover();
	assert_true(
	    tn_loop_now(stage.loop) - before >= tn_remote_call_deadline(stage.remote));
	assert_int_equal(stage.report->outcome, TN_PUT_BACK);
	assert_int_equal(stage.writes, 0);
	stage_is(&stage, "flow:");
}

static void
what_was_created_is_deleted(void **state TN_UNUSED)
{
	run_until("done", 2);
	assert_int_equal(tn_sim_view_actions(stage.sim), 2);
	recover();
	assert_int_equal(stage.report->outcome, TN_PUT_BACK);
	assert_int_equal(stage.writes, 2);
	assert_int_equal(stage.store.n_own, 0);
	stage_is(&stage, "flow:");
}

/* Its answer was lost with the run: it is found by its name. */
static void
what_was_created_without_an_answer_is_deleted_too(void **state TN_UNUSED)
{
	stage_fault(&stage,
	    "{\"method\":\"POST\",\"path\":\"/actions/actions\",\"do\":\"drop\"}");
	run_until("intended", 2);
	stage_sleep(&stage, TN_SEC);
	assert_int_equal(tn_sim_view_actions(stage.sim), 2);
	assert_int_equal(count("done"), 0);
	recover();
	assert_int_equal(stage.report->outcome, TN_PUT_BACK);
	stage_is(&stage, "flow:");
}

/* As deep as the file of a payload may be. */
static struct tn_value *
deep_payload(struct tn_arena *arena)
{
	struct tn_value *out = tn_value_object(arena);

	for (unsigned depth = 1; depth < 64; depth++) {
		struct tn_value *outer = tn_value_object(arena);

		tn_value_set(arena, outer, "event", out);
		out = outer;
	}
	return out;
}

static void
what_a_test_was_run_on_is_put_back(void **state TN_UNUSED)
{
	const struct tn_want_test test = { .payload_path = "p.json",
		.payload = deep_payload(stage.want->arena) };

	stage.want->actions[0].tests = &test;
	stage.want->actions[0].n_tests = 1;
	run_until("intended", 3);
	assert_int_equal(count("done"), 2);
	recover();
	assert_int_equal(stage.report->outcome, TN_PUT_BACK);
	assert_int_equal(stage.writes, 2);
	stage_is(&stage, "flow:");
}

static void
a_run_that_had_done_everything_is_finished(void **state TN_UNUSED)
{
	run_until("settling", 1);
	recover();
	assert_int_equal(stage.report->outcome, TN_APPLIED);
	assert_null(stage.report->error);
	assert_int_equal(stage.writes, 0);
	assert_int_equal(stage.store.n_own, 2);
	stage_is(&stage, "a: draft 1, runs 1\nb: draft 1, runs 1\nflow: a b");
}

/* Done by the journal, and somebody has changed it since: not as planned any more. */
static void
what_others_changed_after_a_finished_run_stays(void **state TN_UNUSED)
{
	run_until("settling", 1);
	assert_int_equal(stage_other(&stage, "PATCH",
			     "/actions/triggers/post-login/bindings",
			     "{\"bindings\":[]}"),
	    200);
	recover();
	assert_int_equal(stage.report->outcome, TN_APPLIED);
	assert_int_equal(stage.writes, 0);
}

static void
a_recovery_that_died_goes_on(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;

	run_until("done", 2);
	assert_non_null(stage_recover(&stage, stage.store.n_records, &err));
	while (count("undone") < 1)
		assert_true(tn_loop_step(stage.loop));
	recover();
	assert_int_equal(stage.report->outcome, TN_PUT_BACK);
	stage_is(&stage, "flow:");
}

/* --- what cannot be understood --- */

static struct tn_record good[3];

static void
refused(const char *what, size_t n)
{
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	uint64_t calls = tn_sim_calls(stage.sim, NULL, NULL);

	stage.store.records = good;
	if (stage_recover(&stage, n, &err) != NULL)
		fail_msg("understood: %s", what);
	assert_non_null(err.message);
	if (strstr(err.message, "the journal of run run-1: ") != err.message)
		fail_msg("%s: %s", what, err.message);
	stage_sleep(&stage, 60 * TN_SEC);
	assert_int_equal(tn_sim_calls(stage.sim, NULL, NULL), calls);
}

static void
a_journal_that_is_malformed_is_refused_and_nothing_sent(void **state TN_UNUSED)
{
	static const struct {
		const char *what;
		size_t record, n;
		unsigned step;
		const char *event, *payload;
	} rows[] = {
		{ "nothing", 0, 0, 0, "begin", NULL },
		{ "no begin", 0, 1, 0, "undo", "{}" },
		{ "a begin without a plan", 0, 1, 0, "begin", NULL },
		{ "a plan that is no JSON", 0, 1, 0, "begin", "{" },
		{ "a plan that is none", 0, 1, 0, "begin", "{}" },
		{ "an unknown word", 1, 2, 1, "hoped", NULL },
		{ "an unknown word of the run", 1, 2, 0, "hoped", NULL },
		{ "a second begin", 1, 2, 0, "begin", NULL },
		{ "a word of the run at a step", 1, 2, 1, "undo", NULL },
		{ "a step that is not in the plan", 1, 2, 4, "intended", NULL },
		{ "a step far out", 1, 2, UINT32_MAX, "intended", NULL },
		{ "knowledge that is no JSON", 1, 2, 1, "done", "{\"action_id\":" },
	};
	struct tn_record begin;

	run_until("begin", 1);
	begin = stage.store.records[0];
	for (size_t i = 0; i < TN_ARRAY_LEN(rows); i++) {
		good[0] = begin;
		good[rows[i].record] = (struct tn_record){ .step = rows[i].step,
			.event = rows[i].event,
			.payload = rows[i].payload };
		refused(rows[i].what, rows[i].n);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_run_that_had_only_begun_is_closed),
		TEST(what_was_only_intended_is_waited_for_and_looked_at),
		TEST(what_was_created_is_deleted),
		TEST(what_was_created_without_an_answer_is_deleted_too),
		TEST(what_a_test_was_run_on_is_put_back),
		TEST(a_run_that_had_done_everything_is_finished),
		TEST(what_others_changed_after_a_finished_run_stays),
		TEST(a_recovery_that_died_goes_on),
		TEST(a_journal_that_is_malformed_is_refused_and_nothing_sent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
