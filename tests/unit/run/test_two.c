/*
 * Two runs against two tenants in one loop: their calls interleave, one of them is
 * cancelled, and the other one finishes. In virtual time and in real time.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/mem.h"
#include "desk.h"

#define PROJECT                                                \
	"tenon: 1\n"                                           \
	"project: acme\n"                                      \
	"tenants:\n"                                           \
	"  dev:\n"                                             \
	"actions:\n"                                           \
	"  greet: {trigger: post-login@v3, runtime: node22}\n" \
	"  count: {trigger: post-login@v3, runtime: node22}\n" \
	"bindings:\n"                                          \
	"  post-login: [greet, count]\n"

struct pair {
	struct tn_loop *loop;
	struct desk desks[2];
	struct desk_run runs[2];
	struct tn_cancel cancel; /* of the first */
};

static void
pair_init(struct pair *pair, struct tn_loop *loop, const struct tn_sim_options *options)
{
	assert_non_null(loop);
	pair->loop = loop;
	pair->cancel = (struct tn_cancel){ 0 };
	for (unsigned i = 0; i < 2; i++) {
		struct desk *desk = &pair->desks[i];

		desk_init(desk, loop, options);
		desk->latency_ns = (2 + i) * TN_MSEC;
		desk_put(desk, "tenon.yaml", PROJECT);
		desk_put(desk, "greet.js", "exports.onExecutePostLogin = hello\n");
		desk_put(desk, "count.js", "exports.onExecutePostLogin = count\n");
		desk_prepare(desk, TN_COMMAND_APPLY, &pair->runs[i]);
	}
	pair->runs[0].options.cancel = &pair->cancel;
}

static void
pair_done(struct pair *pair)
{
	for (unsigned i = 0; i < 2; i++) {
		desk_end(&pair->runs[i]);
		desk_done(&pair->desks[i]);
	}
	tn_loop_free(pair->loop);
}

static bool
both_done(const struct pair *pair)
{
	return pair->runs[0].result != NULL && pair->runs[1].result != NULL;
}

static void
check_applied(struct pair *pair, unsigned i)
{
	TN_CLEANUP(tn_freep) char *flow = desk_flow(&pair->desks[i], "post-login");

	if (pair->runs[i].result->exit != TN_EXIT_DONE)
		fail_msg("%s", pair->runs[i].text);
	assert_string_equal(flow, "greet count ");
	assert_int_equal(tn_sim_view_actions(pair->desks[i].sim), 2);
}

static void
check_cancelled(struct pair *pair)
{
	assert_int_equal(pair->runs[0].result->exit, TN_EXIT_PUT_BACK);
	assert_int_equal(pair->runs[0].result->error->kind, TN_E_CANCELLED);
	assert_int_equal(tn_sim_view_actions(pair->desks[0].sim), 0);
	check_applied(pair, 1);
}

static uint64_t
calls(const struct pair *pair, unsigned i)
{
	return tn_sim_calls(pair->desks[i].sim, NULL, NULL);
}

/* In the middle: there are actions, and nothing is bound. */
static bool
in_the_middle(const struct pair *pair)
{
	return tn_sim_view_actions(pair->desks[0].sim) > 0;
}

static void
step(struct pair *pair)
{
	assert_true(tn_loop_step(pair->loop));
}

static void
two_runs_interleave_in_virtual_time(void **state TN_UNUSED)
{
	struct pair pair;
	uint64_t before[2] = { 0 };
	unsigned turns = 0, last = 2;

	pair_init(&pair, tn_loop_new_virtual(INT64_C(1780272000) * TN_SEC), NULL);
	desk_start(&pair.runs[0]);
	desk_start(&pair.runs[1]);
	while (!both_done(&pair)) {
		step(&pair);
		for (unsigned i = 0; i < 2; i++) {
			if (calls(&pair, i) == before[i])
				continue;
			before[i] = calls(&pair, i);
			turns += last != i;
			last = i;
		}
	}
	/* Not one after the other: the calls of both take turns. */
	assert_true(turns > 6);
	check_applied(&pair, 0);
	check_applied(&pair, 1);
	pair_done(&pair);
}

static void
one_is_cancelled_and_the_other_finishes_in_virtual_time(void **state TN_UNUSED)
{
	struct pair pair;

	pair_init(&pair, tn_loop_new_virtual(INT64_C(1780272000) * TN_SEC), NULL);
	desk_start(&pair.runs[0]);
	desk_start(&pair.runs[1]);
	while (!in_the_middle(&pair))
		step(&pair);
	assert_null(pair.runs[1].result);
	tn_cancel_fire(&pair.cancel);
	while (!both_done(&pair))
		step(&pair);
	check_cancelled(&pair);
	pair_done(&pair);
}

static void
one_dies_and_the_other_finishes(void **state TN_UNUSED)
{
	struct pair pair;

	pair_init(&pair, tn_loop_new_virtual(INT64_C(1780272000) * TN_SEC), NULL);
	desk_start(&pair.runs[0]);
	desk_start(&pair.runs[1]);
	while (!in_the_middle(&pair))
		step(&pair);
	tn_run_free(tn_take(pair.runs[0].run));
	desk_finish(&pair.runs[1]);
	check_applied(&pair, 1);
	assert_null(pair.runs[0].result);
	pair_done(&pair);
}

/* --- two on one tenant --- */

static void
open_one_tenant(struct pair *pair)
{
	pair_init(pair, tn_loop_new_virtual(INT64_C(1780272000) * TN_SEC), NULL);
	desk_end(&pair->runs[1]);
	desk_prepare(&pair->desks[0], TN_COMMAND_APPLY, &pair->runs[1]);
}

/* Until the first one has begun to work. */
static void
start_both(struct pair *pair, int64_t timeout)
{
	pair->runs[1].options.lock_timeout_ns = timeout;
	desk_start(&pair->runs[0]);
	while (!in_the_middle(pair))
		step(pair);
	assert_null(pair->runs[0].result);
	desk_start(&pair->runs[1]);
}

static void
who_waits_for_the_lock_gets_it_when_the_other_is_done(void **state TN_UNUSED)
{
	struct pair pair;

	open_one_tenant(&pair);
	start_both(&pair, 600 * TN_SEC);
	/* As long as the other one is there nothing of it is seen. */
	while (pair.runs[0].result == NULL)
		step(&pair);
	assert_null(pair.runs[1].result);
	tn_run_free(tn_take(pair.runs[0].run));
	while (pair.runs[1].result == NULL)
		step(&pair);
	assert_int_equal(pair.runs[1].result->exit, TN_EXIT_DONE);
	assert_int_equal(pair.runs[1].result->writes, 0);
	pair_done(&pair);
}

static void
waiting_for_the_lock_has_an_end(void **state TN_UNUSED)
{
	struct pair pair;
	int64_t begun;

	open_one_tenant(&pair);
	start_both(&pair, 300 * TN_MSEC);
	begun = tn_loop_now(pair.loop);
	while (pair.runs[1].result == NULL)
		step(&pair);
	assert_int_equal(pair.runs[1].result->exit, TN_EXIT_LOCKED);
	assert_int_equal(pair.runs[1].result->calls, 0);
	assert_in_range(tn_loop_now(pair.loop) - begun, 300 * TN_MSEC, 600 * TN_MSEC);
	pair_done(&pair);
}

static void
waiting_for_the_lock_can_be_stopped(void **state TN_UNUSED)
{
	struct pair pair;
	struct tn_cancel cancel = { 0 };
	bool early;

	open_one_tenant(&pair);
	pair.runs[1].options.cancel = &cancel;
	start_both(&pair, 600 * TN_SEC);
	for (int i = 0; i < 20; i++)
		step(&pair);
	early = pair.runs[0].result == NULL && pair.runs[1].result == NULL;
	assert_true(early);
	tn_cancel_fire(&cancel);
	while (pair.runs[1].result == NULL)
		step(&pair);
	assert_int_equal(pair.runs[1].result->exit, TN_EXIT_ERROR);
	assert_int_equal(pair.runs[1].result->error->kind, TN_E_CANCELLED);
	pair_done(&pair);
}

/* --- in real time: builds take milliseconds, so that a test does not take minutes --- */

static void
open_real(struct pair *pair)
{
	struct tn_sim_options options = TN_SIM_OPTIONS_INIT;

	options.plain_ns = 5 * TN_MSEC;
	options.visible_ns = 5 * TN_MSEC;
	pair_init(pair, tn_loop_new(NULL), &options);
}

/* desk ends a round of the loop when a run is done. */
static void
finish_both(struct pair *pair)
{
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;

	while (!both_done(pair))
		if (tn_loop_run(pair->loop, &err) < 0)
			fail_msg("%s", err.message);
}

static void
two_runs_share_a_real_loop(void **state TN_UNUSED)
{
	struct pair pair;
	int64_t before;

	open_real(&pair);
	before = tn_loop_now(pair.loop);
	desk_start(&pair.runs[0]);
	desk_start(&pair.runs[1]);
	finish_both(&pair);
	check_applied(&pair, 0);
	check_applied(&pair, 1);
	/* It took time, and no callback held the others up. */
	assert_true(tn_loop_now(pair.loop) > before);
	assert_true(tn_loop_longest(pair.loop) < 2 * TN_SEC);
	pair_done(&pair);
}

struct watcher {
	struct pair *pair;
	struct tn_timer timer;
};

static void
cancel_in_the_middle(void *arg)
{
	struct watcher *watcher = arg;

	if (in_the_middle(watcher->pair))
		tn_cancel_fire(&watcher->pair->cancel);
	else
		tn_timer_start(&watcher->timer, watcher->pair->loop, TN_MSEC,
		    cancel_in_the_middle, watcher);
}

static void
one_is_cancelled_and_the_other_finishes_in_real_time(void **state TN_UNUSED)
{
	struct pair pair;
	struct watcher watcher = { .pair = &pair };

	open_real(&pair);
	desk_start(&pair.runs[0]);
	desk_start(&pair.runs[1]);
	tn_timer_start(&watcher.timer, pair.loop, TN_MSEC, cancel_in_the_middle,
	    &watcher);
	finish_both(&pair);
	check_cancelled(&pair);
	pair_done(&pair);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_runs_interleave_in_virtual_time),
		cmocka_unit_test(one_is_cancelled_and_the_other_finishes_in_virtual_time),
		cmocka_unit_test(one_dies_and_the_other_finishes),
		cmocka_unit_test(who_waits_for_the_lock_gets_it_when_the_other_is_done),
		cmocka_unit_test(waiting_for_the_lock_has_an_end),
		cmocka_unit_test(waiting_for_the_lock_can_be_stopped),
		cmocka_unit_test(two_runs_share_a_real_loop),
		cmocka_unit_test(one_is_cancelled_and_the_other_finishes_in_real_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
