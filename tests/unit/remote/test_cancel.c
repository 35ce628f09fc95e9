#include "world.h"

/* Cancelling, and ending a remote that is busy. */

static void
step_until_calls(struct world *w, const char *resource, uint64_t n)
{
	while (tn_sim_calls(w->sim, NULL, resource) < n)
		assert_true(tn_loop_step(w->loop));
}

static void
reads_in_flight_stop_at_once(void **state)
{
	struct outcome outcomes[2] = { 0 };
	struct world w;
	int64_t before;

	(void)state;
	world_init(&w, NULL, 10 * TN_MSEC);
	world_fault(&w, "{\"path\":\"/actions/triggers\",\"do\":\"hold\"}");
	for (size_t i = 0; i < 2; i++)
		tn_remote_op(w.remote, &world_list_triggers, outcome_take, &outcomes[i]);
	step_until_calls(&w, "/actions/triggers", 2);
	before = world_now(&w);
	tn_cancel_fire(&w.cancel);
	assert_false(outcomes[0].done);
	assert_int_equal(tn_sim_transport_pending(w.transport), 0);
	world_drain(&w);
	assert_int_equal(world_now(&w), before);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(outcomes[i].times, 1);
		assert_int_equal(outcomes[i].err.kind, TN_E_CANCELLED);
		assert_string_equal(outcomes[i].err.message,
		    "list the triggers: cancelled");
		outcome_done(&outcomes[i]);
	}
	world_done(&w);
}

static void
writes_in_flight_are_finished(void **state)
{
	struct outcome outcome = { 0 };
	struct world w;

	(void)state;
	world_init(&w, NULL, 200 * TN_MSEC);
	tn_remote_op(w.remote, &world_create_op, outcome_take, &outcome);
	while (tn_remote_counts(w.remote).writes == 0)
		assert_true(tn_loop_step(w.loop));
	tn_cancel_fire(&w.cancel);
	world_drain(&w);
	assert_int_equal(outcome.times, 1);
	assert_false(tn_error_is_set(&outcome.err));
	assert_non_null(outcome.id);
	assert_int_equal(tn_sim_view_actions(w.sim), 1);
	outcome_done(&outcome);
	world_done(&w);
}

/* Without ending anything else: a later call goes as ever. */
static void
what_is_called_off_was_not_sent_and_the_rest_is_finished(void **state TN_UNUSED)
{
	struct outcome outcomes[8] = { 0 }, later = { 0 };
	struct world w;

	world_init(&w, NULL, 100 * TN_MSEC);
	world_meet(&w);
	for (size_t i = 0; i < TN_ARRAY_LEN(outcomes); i++)
		tn_remote_op(w.remote, &world_list_triggers, outcome_take, &outcomes[i]);
	while (tn_sim_transport_pending(w.transport) < 4)
		assert_true(tn_loop_step(w.loop));
	assert_false(tn_remote_is_held(w.remote));
	tn_remote_call_off(w.remote);
	assert_false(outcomes[7].done);
	world_drain(&w);
	for (size_t i = 0; i < TN_ARRAY_LEN(outcomes); i++) {
		assert_int_equal(outcomes[i].times, 1);
		assert_int_equal(outcomes[i].err.kind, i < 4 ? 0 : TN_E_CANCELLED);
		outcome_done(&outcomes[i]);
	}
	world_op(&w, &world_list_triggers, &later);
	assert_false(tn_error_is_set(&later.err));
	outcome_done(&later);
	world_done(&w);
}

static void
a_finished_write_may_still_be_unknown(void **state)
{
	struct outcome outcome = { 0 };
	struct world w;

	(void)state;
	world_init(&w, NULL, 200 * TN_MSEC);
	world_fault(&w, "{\"path\":\"/actions/actions\",\"do\":\"drop\"}");
	tn_remote_op(w.remote, &world_create_op, outcome_take, &outcome);
	while (tn_remote_counts(w.remote).writes == 0)
		assert_true(tn_loop_step(w.loop));
	tn_cancel_fire(&w.cancel);
	world_drain(&w);
	assert_int_equal(outcome.err.kind, TN_E_UNKNOWN);
	outcome_done(&outcome);
	world_done(&w);
}

static void
a_write_that_was_refused_is_not_tried_again_after_a_cancel(void **state)
{
	static const char *const faults[] = {
		"{\"path\":\"/actions/actions\",\"do\":\"status\",\"status\":429}",
		"{\"path\":\"/actions/actions\",\"do\":\"status\",\"status\":401}",
	};

	(void)state;
	for (size_t i = 0; i < TN_ARRAY_LEN(faults); i++) {
		struct outcome outcome = { 0 };
		struct world w;

		world_init(&w, NULL, 200 * TN_MSEC);
		world_fault(&w, faults[i]);
		tn_remote_op(w.remote, &world_create_op, outcome_take, &outcome);
		while (tn_remote_counts(w.remote).writes == 0)
			assert_true(tn_loop_step(w.loop));
		tn_cancel_fire(&w.cancel);
		world_drain(&w);
		assert_int_equal(outcome.times, 1);
		assert_int_equal(outcome.err.kind, TN_E_CANCELLED);
		assert_int_equal(tn_remote_counts(w.remote).writes, 1);
		outcome_done(&outcome);
		world_done(&w);
	}
}

static void
what_waits_or_is_queued_is_never_sent(void **state)
{
	struct outcome outcomes[6] = { 0 };
	struct world w;

	(void)state;
	world_open(&w, NULL, 100 * TN_MSEC);
	w.options.max_in_flight = 1;
	world_connect(&w);
	for (size_t i = 0; i < 6; i++)
		tn_remote_op(w.remote, i % 2 ? &world_create_op : &world_list_triggers,
		    outcome_take, &outcomes[i]);
	while (tn_remote_counts(w.remote).writes == 0)
		assert_true(tn_loop_step(w.loop));
	tn_cancel_fire(&w.cancel);
	world_drain(&w);
	assert_false(tn_error_is_set(&outcomes[1].err));
	for (size_t i = 2; i < 6; i++) {
		assert_int_equal(outcomes[i].times, 1);
		assert_int_equal(outcomes[i].err.kind, TN_E_CANCELLED);
		assert_int_equal(outcomes[i].err.attempts, 0);
	}
	assert_int_equal(tn_remote_counts(w.remote).calls, 2);
	for (size_t i = 0; i < 6; i++)
		outcome_done(&outcomes[i]);
	world_done(&w);
}

static void
whoever_waits_for_a_token_is_cancelled_too(void **state)
{
	struct outcome outcomes[3] = { 0 };
	struct world w;

	(void)state;
	world_init(&w, NULL, 100 * TN_MSEC);
	tn_remote_login(w.remote, outcome_take, &outcomes[0]);
	tn_remote_op(w.remote, &world_list_triggers, outcome_take, &outcomes[1]);
	tn_remote_op(w.remote, &world_create_op, outcome_take, &outcomes[2]);
	world_sleep(&w, 20 * TN_MSEC);
	assert_int_equal(tn_remote_counts(w.remote).tokens, 1);
	tn_cancel_fire(&w.cancel);
	world_drain(&w);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(outcomes[i].times, 1);
		assert_int_equal(outcomes[i].err.kind, TN_E_CANCELLED);
		outcome_done(&outcomes[i]);
	}
	assert_int_equal(tn_remote_counts(w.remote).calls, 0);
	world_done(&w);
}

static void
whoever_waits_to_try_again_is_cancelled_too(void **state)
{
	struct outcome outcome = { 0 };
	struct world w;
	int64_t before;

	(void)state;
	world_init(&w, NULL, 0);
	world_fault(&w,
	    "{\"path\":\"/actions/triggers\",\"do\":\"status\","
	    "\"status\":429}");
	tn_remote_op(w.remote, &world_list_triggers, outcome_take, &outcome);
	step_until_calls(&w, "/actions/triggers", 1);
	while (tn_sim_transport_pending(w.transport) > 0)
		assert_true(tn_loop_step(w.loop));
	before = world_now(&w);
	tn_cancel_fire(&w.cancel);
	world_until(&w, &outcome.done);
	assert_int_equal(world_now(&w), before);
	assert_int_equal(outcome.err.kind, TN_E_CANCELLED);
	assert_int_equal(outcome.err.attempts, 1);
	outcome_done(&outcome);
	world_done(&w);
}

static void
after_a_cancel_nothing_starts_any_more(void **state)
{
	struct outcome outcome = { 0 };
	struct world w;

	(void)state;
	world_init(&w, NULL, 0);
	tn_cancel_fire(&w.cancel);
	world_op(&w, &world_list_triggers, &outcome);
	assert_int_equal(outcome.err.kind, TN_E_CANCELLED);
	outcome_done(&outcome);
	world_op(&w, &world_create_op, &outcome);
	assert_int_equal(outcome.err.kind, TN_E_CANCELLED);
	outcome_done(&outcome);
	assert_int_equal(tn_sim_calls(w.sim, NULL, NULL), 0);
	world_done(&w);
}

static void
a_remote_opened_after_the_cancel_is_cancelled_from_the_start(void **state)
{
	struct outcome outcome = { 0 };
	struct world w;

	(void)state;
	world_open(&w, NULL, 0);
	tn_cancel_fire(&w.cancel);
	world_connect(&w);
	world_op(&w, &world_list_triggers, &outcome);
	assert_int_equal(outcome.err.kind, TN_E_CANCELLED);
	outcome_done(&outcome);
	world_done(&w);
}

static void
take_live(void *arg, struct tn_live *live, const struct tn_error *err)
{
	struct outcome *outcome = arg;

	outcome->done = true;
	outcome->times++;
	if (err != NULL)
		tn_error_copy(&outcome->err, err);
	tn_live_free(live);
}

static void
a_reading_of_a_tenant_is_cancelled_as_a_whole(void **state)
{
	static const char *const triggers[] = { "post-login", "credentials-exchange" };
	struct tn_read_spec spec = { .triggers = triggers,
		.n_triggers = 2,
		.trigger_list = true,
		.actions = true };
	struct outcome outcome = { 0 };
	struct world w;

	(void)state;
	world_init(&w, NULL, 100 * TN_MSEC);
	tn_remote_read(w.remote, &spec, take_live, &outcome);
	step_until_calls(&w, "/actions/actions", 1);
	tn_cancel_fire(&w.cancel);
	world_drain(&w);
	assert_int_equal(outcome.times, 1);
	assert_int_equal(outcome.err.kind, TN_E_CANCELLED);
	outcome_done(&outcome);
	world_done(&w);
}

/* --- ending a remote --- */

static void
a_remote_may_end_at_any_step(void **state)
{
	static const char *const triggers[] = { "post-login", "credentials-exchange" };
	struct tn_read_spec spec = { .triggers = triggers,
		.n_triggers = 2,
		.trigger_list = true,
		.actions = true };
	bool ended_before_all = false;

	(void)state;
	for (unsigned steps = 0; steps < 60; steps++) {
		struct outcome outcomes[6] = { 0 };
		struct outcome read = { 0 };
		struct world w;

		world_init(&w, NULL, 30 * TN_MSEC);
		world_fault(&w,
		    "{\"path\":\"/actions/triggers\",\"nth\":1,"
		    "\"do\":\"status\",\"status\":503}");
		world_fault(&w,
		    "{\"path\":\"/actions/triggers\",\"nth\":2,"
		    "\"do\":\"status\",\"status\":401}");
		for (size_t i = 0; i < 6; i++)
			tn_remote_op(w.remote,
			    i % 3 ? &world_list_triggers : &world_create_op, outcome_take,
			    &outcomes[i]);
		tn_remote_read(w.remote, &spec, take_live, &read);
		for (unsigned i = 0; i < steps && tn_loop_step(w.loop); i++)
			;
		ended_before_all |= !read.done;
		tn_remote_free(w.remote);
		w.remote = NULL;
		for (size_t i = 0; i < 6; i++) {
			outcome_done(&outcomes[i]);
			outcomes[i] = (struct outcome){ 0 };
		}
		outcome_done(&read);
		read = (struct outcome){ 0 };
		assert_int_equal(tn_sim_transport_pending(w.transport), 0);
		world_drain(&w);
		for (size_t i = 0; i < 6; i++)
			assert_int_equal(outcomes[i].times, 0);
		assert_int_equal(read.times, 0);
		/* The cancel token has forgotten it. */
		tn_cancel_fire(&w.cancel);
		world_done(&w);
	}
	assert_true(ended_before_all);
}

struct last_act {
	struct world *w;
	unsigned times;
};

static void
end_remote(void *arg, const struct tn_op_result *result, const struct tn_error *err)
{
	struct last_act *act = arg;

	act->times++;
	tn_remote_free(act->w->remote);
	act->w->remote = NULL;
	/* What was handed over is good until the end of this function. */
	assert_true(result == NULL || result->n_triggers > 0);
	assert_true(err == NULL || err->message != NULL);
}

static void
a_remote_may_end_in_a_completion(void **state)
{
	static const char *const faults[] = { NULL,
		"{\"path\":\"/actions/triggers\",\"do\":\"status\",\"status\":404}" };

	(void)state;
	for (size_t i = 0; i < TN_ARRAY_LEN(faults); i++) {
		struct world w;
		struct last_act act = { &w, 0 };
		struct outcome outcomes[5] = { 0 };

		world_init(&w, NULL, 10 * TN_MSEC);
		if (faults[i] != NULL)
			world_fault(&w, faults[i]);
		tn_remote_op(w.remote, &world_list_triggers, end_remote, &act);
		for (size_t k = 0; k < 5; k++)
			tn_remote_op(w.remote, &world_list_triggers, outcome_take,
			    &outcomes[k]);
		world_drain(&w);
		assert_int_equal(act.times, 1);
		for (size_t k = 0; k < 5; k++)
			assert_int_equal(outcomes[k].times, 0);
		world_done(&w);
	}
}

static void
cancel_in_completion(void *arg, const struct tn_op_result *result TN_UNUSED,
    const struct tn_error *err TN_UNUSED)
{
	struct last_act *act = arg;

	act->times++;
	tn_cancel_fire(&act->w->cancel);
}

static void
a_cancel_may_come_from_a_completion(void **state)
{
	struct world w;
	struct last_act act = { &w, 0 };
	struct outcome outcomes[8] = { 0 };

	(void)state;
	world_init(&w, NULL, 10 * TN_MSEC);
	tn_remote_op(w.remote, &world_list_triggers, cancel_in_completion, &act);
	for (size_t k = 0; k < 8; k++)
		tn_remote_op(w.remote, &world_list_triggers, outcome_take, &outcomes[k]);
	world_drain(&w);
	assert_int_equal(act.times, 1);
	for (size_t k = 0; k < 8; k++) {
		assert_int_equal(outcomes[k].times, 1);
		assert_int_equal(outcomes[k].err.kind, TN_E_CANCELLED);
		outcome_done(&outcomes[k]);
	}
	world_done(&w);
}

static void
nothing_is_an_acceptable_remote_to_end(void **state)
{
	(void)state;
	tn_remote_free(NULL);
}

static void
two_tenants_share_a_loop_and_one_is_cancelled(void **state)
{
	struct outcome left[20] = { 0 }, right[20] = { 0 };
	struct world a, b;
	unsigned cancelled = 0;

	(void)state;
	world_init(&a, NULL, 30 * TN_MSEC);
	world_open_on(&b, a.loop, NULL, 45 * TN_MSEC);
	world_connect(&b);
	for (size_t i = 0; i < 20; i++) {
		tn_remote_op(a.remote, &world_list_triggers, outcome_take, &left[i]);
		tn_remote_op(b.remote, &world_list_triggers, outcome_take, &right[i]);
	}
	step_until_calls(&a, "/actions/triggers", 9);
	tn_cancel_fire(&a.cancel);
	world_drain(&a);
	for (size_t i = 0; i < 20; i++) {
		assert_int_equal(left[i].times, 1);
		assert_int_equal(right[i].times, 1);
		cancelled += left[i].err.kind == TN_E_CANCELLED;
		assert_false(tn_error_is_set(&right[i].err));
		outcome_done(&left[i]);
	}
	assert_true(cancelled >= 8 && cancelled < 20);
	assert_int_equal(tn_sim_calls(b.sim, "GET", "/actions/triggers"), 20);
	assert_int_equal(tn_sim_calls(a.sim, "POST", "/oauth/token"), 1);
	assert_int_equal(tn_sim_calls(b.sim, "POST", "/oauth/token"), 1);
	b.loop = NULL;
	world_done(&b);
	world_done(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_in_flight_stop_at_once),
		cmocka_unit_test(writes_in_flight_are_finished),
		cmocka_unit_test(a_finished_write_may_still_be_unknown),
		cmocka_unit_test(
		    a_write_that_was_refused_is_not_tried_again_after_a_cancel),
		cmocka_unit_test(
		    what_is_called_off_was_not_sent_and_the_rest_is_finished),
		cmocka_unit_test(what_waits_or_is_queued_is_never_sent),
		cmocka_unit_test(whoever_waits_for_a_token_is_cancelled_too),
		cmocka_unit_test(whoever_waits_to_try_again_is_cancelled_too),
		cmocka_unit_test(after_a_cancel_nothing_starts_any_more),
		cmocka_unit_test(
		    a_remote_opened_after_the_cancel_is_cancelled_from_the_start),
		cmocka_unit_test(a_reading_of_a_tenant_is_cancelled_as_a_whole),
		cmocka_unit_test(a_remote_may_end_at_any_step),
		cmocka_unit_test(a_remote_may_end_in_a_completion),
		cmocka_unit_test(a_cancel_may_come_from_a_completion),
		cmocka_unit_test(nothing_is_an_acceptable_remote_to_end),
		cmocka_unit_test(two_tenants_share_a_loop_and_one_is_cancelled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
