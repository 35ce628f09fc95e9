/*
 * What the platform answers: a no that is final, an answer that was lost and an effect
 * that comes late, an answer without an effect.
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
state_is(size_t number, enum tn_step_state state)
{
	assert_int_equal(stage.report->steps[number - 1].state, state);
}

static bool
log_has(const char *text)
{
	return strstr(tn_str_text(&stage.store.log), text) != NULL;
}

/* 1: create greet, 2: bind */
static void
plan_creation(void)
{
	stage_want(&stage, "greet", "1", false);
	stage_want_flow(&stage, "greet");
	stage_plan(&stage);
}

/* 1: update greet, 2: deploy greet */
static void
plan_change(void)
{
	stage_want(&stage, "greet", "1", false);
	stage_want_flow(&stage, "greet");
	stage_apply(&stage);
	stage_want_anew(&stage);
	stage_want(&stage, "greet", "2", false);
	stage_want_flow(&stage, "greet");
	stage_plan(&stage);
	assert_int_equal(stage.plan->n_steps, 2);
}

/* --- refused --- */

#define NO_ENTITLEMENT                                                                  \
	"\"status\":403,\"body\":{\"statusCode\":403,\"error\":\"Forbidden\","          \
	"\"message\":\"You have reached the limit\",\"errorCode\":\"insufficient_entit" \
	"lement\"}"

static void
a_limit_of_the_tenant_is_told_at_once(void **state TN_UNUSED)
{
	int64_t began;

	plan_creation();
	stage_fault(&stage,
	    "{\"method\":\"POST\",\"path\":\"/actions/actions\",\"do\":\"status\"," NO_ENTITLEMENT
	    "}");
	began = tn_loop_now(stage.loop);
	go(TN_NOT_STARTED);
	assert_true(tn_loop_now(stage.loop) - began < TN_SEC);
	assert_int_equal(stage.report->error->kind, TN_E_LIMIT);
	assert_non_null(
	    strstr(stage.report->error->message, "You have reached the limit"));
	assert_int_equal(tn_sim_calls(stage.sim, "POST", "/actions/actions"), 1);
	state_is(1, TN_STEP_FAILED);
	stage_is(&stage, "flow:");
}

/* The deploy is refused, and so is what would put the draft back. */
static void
refuse_undo(const char *with)
{
	TN_CLEANUP(tn_str_done) struct tn_str fault = TN_STR_INIT;

	plan_change();
	stage_fault(&stage,
	    "{\"method\":\"POST\",\"path\":\"/actions/actions/{id}/deploy\","
	    "\"do\":\"status\",\"status\":403}");
	tn_str_addf(&fault,
	    "{\"method\":\"PATCH\",\"path\":\"/actions/actions/{id}\",\"nth\":2,"
	    "\"do\":\"status\",%s}",
	    with);
	stage_fault(&stage, tn_str_text(&fault));
	go(TN_NOT_PUT_BACK);
	assert_int_equal(stage.report->error->status, 403);
	state_is(1, TN_STEP_STUCK);
	stage_is(&stage, "greet: draft 2, runs 1\nflow: greet");
}

/* Kept open it would be refused the same way before everything that comes after it. */
static void
an_undo_that_is_refused_for_good_ends_the_run(void **state)
{
	static const struct {
		const char *with;
		enum tn_error_kind kind;
	} rows[] = {
		{ "\"status\":400", TN_E_INPUT },
		{ NO_ENTITLEMENT, TN_E_LIMIT },
		{ "\"status\":409", TN_E_CONFLICT },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(rows); i++) {
		refuse_undo(rows[i].with);
		assert_int_equal(stage.report->steps[0].stuck->kind, rows[i].kind);
		assert_true(log_has("settling]<not-put-back>"));
		teardown(state);
		setup(state);
	}
}

/* A right can be given, and then the next run puts back. */
static void
an_undo_that_lacks_a_right_stays_open(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;

	refuse_undo("\"status\":403");
	assert_int_equal(stage.report->steps[0].stuck->kind, TN_E_PERMISSION);
	assert_false(log_has("<"));
	assert_non_null(stage_recover(&stage, stage.store.n_records, &err));
	stage_finish(&stage);
	assert_int_equal(stage.report->outcome, TN_PUT_BACK);
	stage_is(&stage, "greet: draft 1, runs 1\nflow: greet");
}

static void
a_trigger_that_is_gone_on_the_way_back_ends_the_run(void **state TN_UNUSED)
{
	plan_creation();
	stage_start(&stage);
	while (strstr(tn_str_text(&stage.moves), "2:done") == NULL)
		assert_true(tn_loop_step(stage.loop));
	stage_fault(&stage,
	    "{\"method\":\"GET\",\"path\":\"/actions/triggers/{triggerId}/bindings\","
	    "\"do\":\"status\",\"status\":404}");
	tn_cancel_fire(&stage.cancel);
	stage_finish(&stage);
	assert_int_equal(stage.report->outcome, TN_NOT_PUT_BACK);
	state_is(2, TN_STEP_STUCK);
	assert_int_equal(stage.report->steps[1].stuck->kind, TN_E_NOT_FOUND);
	assert_true(log_has("<not-put-back>"));
}

/* --- a creation whose answer was lost --- */

#define FIRST_LOST(when)                                                \
	"{\"method\":\"POST\",\"path\":\"/actions/actions\",\"nth\":1," \
	"\"do\":\"drop\",\"when\":\"" when "\"}"
/* Longer than a lost call is waited for. */
#define FIRST_LOOK_LAGS                                                \
	"{\"method\":\"GET\",\"path\":\"/actions/actions\",\"nth\":1," \
	"\"do\":\"lag\",\"ms\":14000}"

static unsigned
creations(void)
{
	return (unsigned)tn_sim_calls(stage.sim, "POST", "/actions/actions");
}

/* The second try finds its name taken, by the first one. */
static void
a_creation_that_is_shown_late_is_found_after_all(void **state TN_UNUSED)
{
	plan_creation();
	stage_fault(&stage, FIRST_LOST("after"));
	stage_fault(&stage,
	    "{\"method\":\"GET\",\"path\":\"/actions/actions\",\"do\":\"lag\","
	    "\"ms\":14000}");
	go(TN_APPLIED);
	assert_null(stage.report->error);
	assert_int_equal(creations(), 2);
	assert_int_equal(stage.store.n_own, 1);
	stage_is(&stage, "greet: draft 1, runs 1\nflow: greet");
}

/* The name is somebody's: it is not taken for what we sent. */
static void
a_name_that_others_took_meanwhile_stays_theirs(void **state TN_UNUSED)
{
	plan_creation();
	stage_fault(&stage, FIRST_LOST("before"));
	stage_fault(&stage, FIRST_LOOK_LAGS);
	stage_start(&stage);
	stage_sleep(&stage, TN_SEC);
	assert_int_equal(
	    stage_other(&stage, "POST", "/actions/actions",
		"{\"name\":\"greet\",\"code\":\"theirs\",\"supported_triggers\":"
		"[{\"id\":\"post-login\",\"version\":\"v3\"}]}"),
	    201);
	stage_finish(&stage);
	assert_int_equal(stage.report->outcome, TN_NOT_PUT_BACK);
	assert_int_equal(stage.report->error->kind, TN_E_CONFLICT);
	assert_non_null(strstr(stage.report->steps[0].stuck->message, "did not make it"));
	assert_int_equal(stage.store.n_own, 0);
	stage_is(&stage, "greet: draft theirs, does not run\nflow:");
}

/* Refused the second time, and the first had its effect: it must not stay unseen. */
static void
a_creation_that_is_shown_late_and_refused_then_is_deleted(void **state TN_UNUSED)
{
	plan_creation();
	stage_fault(&stage, FIRST_LOST("after"));
	stage_fault(&stage, FIRST_LOOK_LAGS);
	stage_fault(&stage,
	    "{\"method\":\"POST\",\"path\":\"/actions/actions\",\"nth\":2,"
	    "\"do\":\"status\",\"status\":400}");
	go(TN_PUT_BACK);
	assert_int_equal(stage.report->error->status, 400);
	assert_int_equal(creations(), 2);
	state_is(1, TN_STEP_UNDONE);
	stage_is(&stage, "flow:");
}

/* Refused the first time, there is nothing to look for. */
static void
a_creation_that_is_refused_at_once_was_not_started(void **state TN_UNUSED)
{
	plan_creation();
	stage_fault(&stage,
	    "{\"method\":\"POST\",\"path\":\"/actions/actions\",\"do\":\"status\","
	    "\"status\":409}");
	go(TN_NOT_STARTED);
	assert_int_equal(stage.report->error->kind, TN_E_CONFLICT);
	assert_int_equal(creations(), 1);
	state_is(1, TN_STEP_FAILED);
}

/* --- answered, and without an effect --- */

#define A_VERSION                                                            \
	"{\"id\":\"11111111-1111-4111-8111-111111111111\",\"number\":2,"     \
	"\"code\":\"2\",\"dependencies\":[],\"secrets\":[],\"runtime\":"     \
	"\"node22\",\"deployed\":false,\"status\":\"built\",\"created_at\":" \
	"\"2026-06-01T00:00:00Z\",\"updated_at\":\"2026-06-01T00:00:00Z\"}"

/* What runs is what ran before, for longer than anybody waits: that is put back. */
static void
a_deploy_that_never_shows_does_not_block_the_tenant(void **state TN_UNUSED)
{
	plan_change();
	stage_fault(&stage,
	    "{\"method\":\"POST\",\"path\":\"/actions/actions/{id}/deploy\",\"do\":"
	    "\"status\",\"status\":200,\"body\":" A_VERSION "}");
	go(TN_PUT_BACK);
	assert_int_equal(stage.report->error->kind, TN_E_PLATFORM);
	state_is(2, TN_STEP_UNDONE);
	state_is(1, TN_STEP_UNDONE);
	assert_true(log_has("<put-back>"));
	stage_is(&stage, "greet: draft 1, runs 1\nflow: greet");
}

/* Somebody's draft came between the look at it and the deploy: the answer shows it. */
static void
a_deploy_is_held_to_its_answer(void **state TN_UNUSED)
{
	static const char body[] = A_VERSION;
	TN_CLEANUP(tn_str_done) struct tn_str fault = TN_STR_INIT;
	const char *code = strstr(body, "\"code\":\"2\"");

	plan_change();
	tn_str_addf(&fault,
	    "{\"method\":\"POST\",\"path\":\"/actions/actions/{id}/deploy\",\"do\":"
	    "\"status\",\"status\":200,\"body\":%.*s\"code\":\"theirs\"%s}",
	    (int)(code - body), body, code + strlen("\"code\":\"2\""));
	stage_fault(&stage, tn_str_text(&fault));
	go(TN_PUT_BACK);
	assert_int_equal(stage.report->error->kind, TN_E_CONFLICT);
	assert_non_null(strstr(stage.report->error->message,
	    "went live with a draft that somebody else wrote"));
	stage_is(&stage, "greet: draft 1, runs 1\nflow: greet");
}

/* --- how soon a write is looked for --- */

/* A build that took long has made the pauses long; the deploy is there at once. */
static void
after_a_slow_build_a_deploy_is_seen_as_soon_as_ever(void **state TN_UNUSED)
{
	int64_t sent;

	plan_change();
	stage_fault(&stage,
	    "{\"method\":\"PATCH\",\"path\":\"/actions/actions/{id}\",\"nth\":1,"
	    "\"do\":\"lag\",\"ms\":30000}");
	stage_start(&stage);
	while (strstr(tn_str_text(&stage.moves), "2:in-flight") == NULL)
		assert_true(tn_loop_step(stage.loop));
	sent = tn_loop_now(stage.loop);
	while (strstr(tn_str_text(&stage.moves), "2:done") == NULL)
		assert_true(tn_loop_step(stage.loop));
	assert_true(tn_loop_now(stage.loop) - sent < TN_SEC);
	stage_finish(&stage);
	assert_int_equal(stage.report->outcome, TN_APPLIED);
	/* An update puts no version live, whatever was live when it was answered. */
	assert_int_equal(stage.report->steps[0].version, 0);
	assert_int_equal(stage.report->steps[1].version, 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_limit_of_the_tenant_is_told_at_once),
		TEST(an_undo_that_is_refused_for_good_ends_the_run),
		TEST(an_undo_that_lacks_a_right_stays_open),
		TEST(a_trigger_that_is_gone_on_the_way_back_ends_the_run),
		TEST(a_creation_that_is_shown_late_is_found_after_all),
		TEST(a_name_that_others_took_meanwhile_stays_theirs),
		TEST(a_creation_that_is_shown_late_and_refused_then_is_deleted),
		TEST(a_creation_that_is_refused_at_once_was_not_started),
		TEST(a_deploy_that_never_shows_does_not_block_the_tenant),
		TEST(a_deploy_is_held_to_its_answer),
		TEST(after_a_slow_build_a_deploy_is_seen_as_soon_as_ever),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
