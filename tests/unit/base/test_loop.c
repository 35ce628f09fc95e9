/* What both engines of the loop promise alike: timers, order, stopping, running again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/loop.h"
#include "base/rand.h"

static int
setup_real(void **state)
{
	*state = tn_loop_new(NULL);
	return *state != NULL ? 0 : -1;
}

static int
setup_virtual(void **state)
{
	*state = tn_loop_new_virtual(0);
	return 0;
}

static int
teardown(void **state)
{
	tn_loop_free(*state);
	return 0;
}

/* A timer that writes its name into a trace, and stops the loop when told to. */
struct note {
	struct tn_timer timer;
	struct tn_loop *loop;
	struct tn_str *trace;
	char name;
	bool last;
	int64_t at;
};

static void
on_note(void *arg)
{
	struct note *note = arg;

	tn_str_add_char(note->trace, note->name);
	note->at = tn_loop_now(note->loop);
	if (note->last)
		tn_loop_stop(note->loop);
}

static void
start(struct note *note, struct tn_loop *loop, struct tn_str *trace, char name,
    int64_t delay)
{
	note->loop = loop;
	note->trace = trace;
	note->name = name;
	tn_timer_start(&note->timer, loop, delay, on_note, note);
}

struct three {
	struct tn_loop *loop;
	struct tn_str trace;
	struct note a, b, c;
	int64_t begin;
};

/* From a callback, in which no time passes: a slow machine must not change the order. */
static void
start_three(void *arg)
{
	struct three *three = arg;

	three->begin = tn_loop_now(three->loop);
	start(&three->c, three->loop, &three->trace, 'c', 6 * TN_MSEC);
	start(&three->a, three->loop, &three->trace, 'a', 2 * TN_MSEC);
	start(&three->b, three->loop, &three->trace, 'b', 4 * TN_MSEC);
}

static void
timers_fire_when_due(void **state)
{
	struct three three = { .loop = *state, .c = { .last = true } };
	struct tn_timer kick = { 0 };

	tn_timer_start(&kick, three.loop, 0, start_three, &three);
	assert_true(tn_timer_active(&kick));
	assert_int_equal(tn_loop_run(three.loop, NULL), 0);
	assert_string_equal(tn_str_text(&three.trace), "abc");
	assert_true(three.a.at >= three.begin + 2 * TN_MSEC);
	assert_true(three.b.at >= three.begin + 4 * TN_MSEC);
	assert_true(three.c.at >= three.begin + 6 * TN_MSEC);
	assert_false(tn_timer_active(&three.a.timer));
	tn_str_done(&three.trace);
}

static void
at_the_same_time_the_first_started_comes_first(void **state)
{
	struct tn_loop *loop = *state;
	TN_CLEANUP(tn_str_done) struct tn_str trace = TN_STR_INIT;
	struct note notes[26] = { 0 };

	notes[25].last = true;
	for (int i = 0; i < 26; i++)
		start(&notes[i], loop, &trace, (char)('a' + i), i % 2 == 0 ? 0 : -5);
	assert_string_equal(tn_str_text(&trace), "");
	assert_int_equal(tn_loop_run(loop, NULL), 0);
	assert_string_equal(tn_str_text(&trace), "abcdefghijklmnopqrstuvwxyz");
}

static void
a_stopped_timer_does_not_fire(void **state)
{
	struct tn_loop *loop = *state;
	TN_CLEANUP(tn_str_done) struct tn_str trace = TN_STR_INIT;
	struct note a = { 0 }, b = { 0 }, c = { .last = true }, never = { 0 };

	start(&a, loop, &trace, 'a', 0);
	start(&b, loop, &trace, 'b', 0);
	start(&c, loop, &trace, 'c', 0);
	tn_timer_stop(&b.timer);
	tn_timer_stop(&b.timer);
	tn_timer_stop(&never.timer);
	assert_false(tn_timer_active(&b.timer));
	assert_int_equal(tn_loop_run(loop, NULL), 0);
	assert_string_equal(tn_str_text(&trace), "ac");
}

static void
starting_an_active_timer_restarts_it(void **state)
{
	struct tn_loop *loop = *state;
	TN_CLEANUP(tn_str_done) struct tn_str trace = TN_STR_INIT;
	struct note a = { 0 }, b = { 0 }, c = { .last = true };

	start(&a, loop, &trace, 'a', 0);
	start(&b, loop, &trace, 'b', 0);
	start(&c, loop, &trace, 'c', 100 * TN_MSEC);
	start(&a, loop, &trace, 'A', 0);
	assert_int_equal(tn_loop_run(loop, NULL), 0);
	assert_string_equal(tn_str_text(&trace), "bAc");
}

static void
an_endless_delay_is_no_overflow(void **state)
{
	struct tn_loop *loop = *state;
	TN_CLEANUP(tn_str_done) struct tn_str trace = TN_STR_INIT;
	struct note a = { 0 }, b = { .last = true };

	start(&a, loop, &trace, 'a', INT64_MAX);
	start(&b, loop, &trace, 'b', 1 * TN_MSEC);
	assert_int_equal(tn_loop_run(loop, NULL), 0);
	assert_string_equal(tn_str_text(&trace), "b");
	assert_true(tn_timer_active(&a.timer));
	tn_timer_stop(&a.timer);
}

/* A timer whose callback does something to two others. */
struct meddler {
	struct note note;
	struct note *stops;
	struct note *starts;
	size_t again;
};

static void
on_meddle(void *arg)
{
	struct meddler *meddler = arg;
	struct note *note = &meddler->note;

	assert_false(tn_timer_active(&note->timer));
	if (meddler->stops != NULL)
		tn_timer_stop(&meddler->stops->timer);
	if (meddler->starts != NULL)
		start(meddler->starts, note->loop, note->trace, meddler->starts->name, 0);
	if (meddler->again > 0) {
		meddler->again--;
		tn_timer_start(&note->timer, note->loop, 0, on_meddle, meddler);
	}
	on_note(note);
}

static void
meddle(struct meddler *meddler, struct tn_loop *loop, struct tn_str *trace, char name)
{
	meddler->note.loop = loop;
	meddler->note.trace = trace;
	meddler->note.name = name;
	tn_timer_start(&meddler->note.timer, loop, 0, on_meddle, meddler);
}

static void
a_callback_may_stop_another_that_is_due(void **state)
{
	struct tn_loop *loop = *state;
	TN_CLEANUP(tn_str_done) struct tn_str trace = TN_STR_INIT;
	struct note b = { 0 }, c = { .last = true };
	struct meddler a = { .stops = &b };

	meddle(&a, loop, &trace, 'a');
	start(&b, loop, &trace, 'b', 0);
	start(&c, loop, &trace, 'c', 0);
	assert_int_equal(tn_loop_run(loop, NULL), 0);
	assert_string_equal(tn_str_text(&trace), "ac");
}

static void
a_callback_may_stop_and_start_itself(void **state)
{
	struct tn_loop *loop = *state;
	TN_CLEANUP(tn_str_done) struct tn_str trace = TN_STR_INIT;
	struct note end = { .last = true };
	struct meddler a = { .again = 3 };

	a.stops = &a.note;
	meddle(&a, loop, &trace, 'a');
	start(&end, loop, &trace, '.', 100 * TN_MSEC);
	assert_int_equal(tn_loop_run(loop, NULL), 0);
	assert_string_equal(tn_str_text(&trace), "aaaa.");
}

static void
what_a_callback_starts_runs_after_it(void **state)
{
	struct tn_loop *loop = *state;
	TN_CLEANUP(tn_str_done) struct tn_str trace = TN_STR_INIT;
	struct note late = { .name = 'z', .last = true }, b = { 0 };
	struct meddler a = { .starts = &late };

	meddle(&a, loop, &trace, 'a');
	start(&b, loop, &trace, 'b', 0);
	assert_int_equal(tn_loop_run(loop, NULL), 0);
	assert_string_equal(tn_str_text(&trace), "abz");
}

struct clock_watcher {
	struct tn_timer timer;
	struct tn_loop *loop;
	bool stood_still;
};

static void
on_watch_clock(void *arg)
{
	struct clock_watcher *watcher = arg;
	int64_t now = tn_loop_now(watcher->loop);

	watcher->stood_still = true;
	for (volatile int i = 0; i < 100000; i++)
		watcher->stood_still &= tn_loop_now(watcher->loop) == now;
	tn_loop_stop(watcher->loop);
}

static void
time_stands_still_in_a_callback(void **state)
{
	struct clock_watcher watcher = { .loop = *state };

	tn_timer_start(&watcher.timer, *state, 0, on_watch_clock, &watcher);
	assert_int_equal(tn_loop_run(*state, NULL), 0);
	assert_true(watcher.stood_still);
}

static void
a_loop_with_nothing_to_wait_for_says_so(void **state)
{
	struct tn_loop *loop = *state;
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str trace = TN_STR_INIT;
	struct note a = { 0 };

	assert_int_equal(tn_loop_run(loop, NULL), -TN_E_BUG);
	start(&a, loop, &trace, 'a', 0);
	assert_int_equal(tn_loop_run(loop, &err), -TN_E_BUG);
	assert_string_equal(tn_str_text(&trace), "a");
	assert_string_equal(err.message,
	    "the loop has nothing left to wait for, and nobody stopped it");
}

static void
it_runs_again_after_a_stop(void **state)
{
	struct tn_loop *loop = *state;
	TN_CLEANUP(tn_str_done) struct tn_str trace = TN_STR_INIT;
	struct note notes[3] = { { .last = true }, { .last = true }, { .last = true } };

	for (int i = 0; i < 3; i++)
		start(&notes[i], loop, &trace, (char)('a' + i), 0);
	assert_int_equal(tn_loop_run(loop, NULL), 0);
	assert_string_equal(tn_str_text(&trace), "a");
	assert_int_equal(tn_loop_run(loop, NULL), 0);
	assert_string_equal(tn_str_text(&trace), "ab");
	assert_int_equal(tn_loop_run(loop, NULL), 0);
	assert_string_equal(tn_str_text(&trace), "abc");
}

static void
a_stop_outside_of_a_run_does_nothing(void **state)
{
	struct tn_loop *loop = *state;
	TN_CLEANUP(tn_str_done) struct tn_str trace = TN_STR_INIT;
	struct note a = { .last = true };

	tn_loop_stop(loop);
	start(&a, loop, &trace, 'a', 0);
	assert_int_equal(tn_loop_run(loop, NULL), 0);
	assert_string_equal(tn_str_text(&trace), "a");
}

struct nester {
	struct tn_timer timer;
	struct tn_loop *loop;
	int result;
	bool stepped;
};

static void
on_nest(void *arg)
{
	struct nester *nester = arg;

	nester->result = tn_loop_run(nester->loop, NULL);
	nester->stepped = tn_loop_step(nester->loop);
	tn_loop_stop(nester->loop);
}

static void
running_inside_a_callback_is_refused(void **state)
{
	struct nester nester = { .loop = *state };

	tn_timer_start(&nester.timer, *state, 0, on_nest, &nester);
	assert_int_equal(tn_loop_run(*state, NULL), 0);
	assert_int_equal(nester.result, -TN_E_BUG);
	assert_false(nester.stepped);
}

/* Many timers, started and stopped at random, against a plain account of who is due. */
struct swarm {
	struct note notes[200];
	int64_t due[200]; /* -1: stopped */
};

static void
a_swarm_of_timers_fires_in_order(void **state)
{
	struct tn_loop *loop = *state;
	TN_CLEANUP(tn_str_done) struct tn_str trace = TN_STR_INIT;
	struct swarm swarm = { 0 };
	struct note end = { .last = true };
	struct tn_rand rand;
	size_t expected = 0;

	tn_rand_init(&rand, 4);
	for (int i = 0; i < 2000; i++) {
		size_t k = (size_t)tn_rand_below(&rand, 200);

		if (tn_rand_one_in(&rand, 3)) {
			tn_timer_stop(&swarm.notes[k].timer);
			swarm.due[k] = -1;
			continue;
		}
		start(&swarm.notes[k], loop, &trace, '.',
		    (int64_t)tn_rand_below(&rand, 20) * TN_MSEC);
		swarm.due[k] = swarm.notes[k].timer.due;
	}
	for (size_t k = 0; k < 200; k++)
		expected += tn_timer_active(&swarm.notes[k].timer);
	start(&end, loop, &trace, '!', 60 * TN_MSEC);
	assert_int_equal(tn_loop_run(loop, NULL), 0);
	assert_int_equal(trace.len, expected + 1);
	for (size_t k = 0; k < 200; k++) {
		const struct note *note = &swarm.notes[k];

		assert_false(tn_timer_active(&note->timer));
		if (note->at == 0)
			continue;
		assert_true(note->at >= swarm.due[k]);
		for (size_t other = 0; other < k; other++) {
			if (swarm.notes[other].at != 0 && swarm.due[other] < swarm.due[k])
				assert_true(swarm.notes[other].at <= note->at);
		}
	}
}

#define BOTH(fn)                                                   \
	{ "real: " #fn, fn, setup_real, teardown, NULL },          \
	{                                                          \
		"virtual: " #fn, fn, setup_virtual, teardown, NULL \
	}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH(timers_fire_when_due),
		BOTH(at_the_same_time_the_first_started_comes_first),
		BOTH(a_stopped_timer_does_not_fire),
		BOTH(starting_an_active_timer_restarts_it),
		BOTH(an_endless_delay_is_no_overflow),
		BOTH(a_callback_may_stop_another_that_is_due),
		BOTH(a_callback_may_stop_and_start_itself),
		BOTH(what_a_callback_starts_runs_after_it),
		BOTH(time_stands_still_in_a_callback),
		BOTH(a_loop_with_nothing_to_wait_for_says_so),
		BOTH(it_runs_again_after_a_stop),
		BOTH(a_stop_outside_of_a_run_does_nothing),
		BOTH(running_inside_a_callback_is_refused),
		BOTH(a_swarm_of_timers_fires_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
