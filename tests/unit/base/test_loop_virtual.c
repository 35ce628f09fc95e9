/* The virtual engine: time jumps, everything can be played again, and it costs little. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <unistd.h>

#include "base/loop.h"

static void
count(void *arg)
{
	(*(int *)arg)++;
}

static void
time_jumps_to_the_next_timer(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_loop_freep)
	struct tn_loop *loop = tn_loop_new_virtual(1000 * TN_SEC);
	struct tn_timer hour = { 0 }, day = { 0 };
	int fired = 0;

	assert_true(tn_loop_is_virtual(loop));
	assert_int_equal(tn_loop_now(loop), 0);
	assert_true(tn_loop_unix(loop) == 1000 * TN_SEC);
	tn_timer_start(&day, loop, 86400 * TN_SEC, count, &fired);
	tn_timer_start(&hour, loop, 3600 * TN_SEC, count, &fired);
	assert_true(tn_loop_step(loop));
	assert_int_equal(fired, 1);
	assert_true(tn_loop_now(loop) == 3600 * TN_SEC);
	assert_true(tn_loop_unix(loop) == 4600 * TN_SEC);
	assert_true(tn_loop_step(loop));
	assert_true(tn_loop_now(loop) == 86400 * TN_SEC);
	assert_false(tn_loop_step(loop));
	assert_true(tn_loop_now(loop) == 86400 * TN_SEC);
	assert_int_equal(tn_loop_longest(loop), 0);
}

static void
a_step_is_one_callback(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_loop_freep) struct tn_loop *loop = tn_loop_new_virtual(0);
	struct tn_timer timers[3] = { 0 };
	int fired = 0;

	for (int i = 0; i < 3; i++)
		tn_timer_start(&timers[i], loop, 0, count, &fired);
	for (int i = 1; i <= 3; i++) {
		assert_true(tn_loop_step(loop));
		assert_int_equal(fired, i);
	}
	assert_false(tn_loop_step(loop));
}

static void
on_descriptor(void *arg TN_UNUSED, unsigned events TN_UNUSED)
{
	fail();
}

static void
descriptors_do_not_belong_here(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_loop_freep) struct tn_loop *loop = tn_loop_new_virtual(0);
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	struct tn_watch watch = { 0 };

	assert_int_equal(tn_watch_start(&watch, loop, STDIN_FILENO, TN_WATCH_READ,
			     on_descriptor, NULL, &err),
	    -TN_E_BUG);
	assert_string_equal(err.message,
	    "descriptor 0 cannot be watched in virtual time");
	assert_null(watch.loop);
	tn_watch_stop(&watch);
	assert_int_equal(tn_watch_change(&watch, TN_WATCH_WRITE, NULL), -TN_E_BUG);
	assert_int_equal(tn_loop_run(loop, NULL), -TN_E_BUG);
}

static void
a_loop_may_be_freed_with_timers_left(void **state TN_UNUSED)
{
	struct tn_loop *loop = tn_loop_new_virtual(0);
	struct tn_timer timer = { 0 };
	int fired = 0;

	tn_timer_start(&timer, loop, 5, count, &fired);
	tn_loop_free(loop);
	tn_loop_free(NULL);
	assert_int_equal(fired, 0);
}

struct ticker {
	struct tn_timer timer;
	struct tn_loop *loop;
	unsigned left;
};

static void
on_tick(void *arg)
{
	struct ticker *ticker = arg;

	if (--ticker->left == 0)
		tn_loop_stop(ticker->loop);
	else
		tn_timer_start(&ticker->timer, ticker->loop, TN_SEC, on_tick, ticker);
}

/* Eleven days in seconds; this is what makes long runs cheap to test. */
static void
a_million_seconds_pass_at_once(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_loop_freep) struct tn_loop *loop = tn_loop_new_virtual(0);
	struct ticker ticker = { .loop = loop, .left = 1000000 };

	tn_timer_start(&ticker.timer, loop, TN_SEC, on_tick, &ticker);
	assert_int_equal(tn_loop_run(loop, NULL), 0);
	assert_true(tn_loop_now(loop) == 1000000 * TN_SEC);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(time_jumps_to_the_next_timer),
		cmocka_unit_test(a_step_is_one_callback),
		cmocka_unit_test(descriptors_do_not_belong_here),
		cmocka_unit_test(a_loop_may_be_freed_with_timers_left),
		cmocka_unit_test(a_million_seconds_pass_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
