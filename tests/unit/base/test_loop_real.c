/* The real engine: descriptors, both clocks, who blocks, and signals. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/loop.h"

struct end {
	struct tn_watch watch;
	struct tn_loop *loop;
	struct end *stops; /* on its first event */
	struct end *other;
	struct tn_timer *timer; /* stopped on its first event */
	int fds[2];
	unsigned seen;
	int calls;
	int stop_after;
	bool drains;
};

/* Reading and writing ends of a socket pair: readable and writable at both. */
static void
end_open(struct end *end, struct tn_loop *loop)
{
	*end = (struct end){ .loop = loop, .stop_after = 1 };
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
			     0, end->fds),
	    0);
}

static void
end_close(struct end *end)
{
	tn_watch_stop(&end->watch);
	close(end->fds[0]);
	if (end->fds[1] >= 0)
		close(end->fds[1]);
}

static void
on_end(void *arg, unsigned events)
{
	struct end *end = arg;
	char byte;

	end->seen |= events;
	end->calls++;
	if (end->drains)
		(void)!read(end->fds[0], &byte, 1);
	if (end->stops != NULL)
		tn_watch_stop(&end->stops->watch);
	if (end->timer != NULL)
		tn_timer_stop(end->timer);
	if (end->calls == end->stop_after)
		tn_loop_stop(end->loop);
}

static void
watch(struct end *end, unsigned events)
{
	assert_int_equal(tn_watch_start(&end->watch, end->loop, end->fds[0], events,
			     on_end, end, NULL),
	    0);
}

static void
poke(struct end *end, const char *text)
{
	assert_int_equal(write(end->fds[1], text, strlen(text)), (ssize_t)strlen(text));
}

static void
on_alarm(void *arg)
{
	tn_loop_stop(arg);
}

/* Runs for some milliseconds whatever the descriptors do. */
static void
run_for(struct tn_loop *loop, int64_t ms)
{
	struct tn_timer alarm = { 0 };

	tn_timer_start(&alarm, loop, ms * TN_MSEC, on_alarm, loop);
	assert_int_equal(tn_loop_run(loop, NULL), 0);
	tn_timer_stop(&alarm);
}

static int
setup(void **state)
{
	*state = tn_loop_new(NULL);
	return *state != NULL ? 0 : -1;
}

static int
teardown(void **state)
{
	tn_loop_free(*state);
	return 0;
}

static void
events_are_those_asked_for(void **state)
{
	struct end end;

	end_open(&end, *state);
	assert_false(tn_loop_is_virtual(*state));
	assert_false(tn_loop_step(*state));
	watch(&end, TN_WATCH_READ);
	run_for(*state, 5);
	assert_int_equal(end.calls, 0);
	poke(&end, "x");
	assert_int_equal(tn_loop_run(*state, NULL), 0);
	assert_int_equal(end.seen, TN_WATCH_READ);
	end.seen = 0;
	end.stop_after = 2;
	assert_int_equal(tn_watch_change(&end.watch, TN_WATCH_WRITE, NULL), 0);
	assert_int_equal(tn_loop_run(*state, NULL), 0);
	assert_int_equal(end.seen, TN_WATCH_WRITE);
	end.seen = 0;
	end.stop_after = 3;
	assert_int_equal(tn_watch_change(&end.watch, TN_WATCH_READ | TN_WATCH_WRITE,
			     NULL),
	    0);
	assert_int_equal(tn_loop_run(*state, NULL), 0);
	assert_int_equal(end.seen, TN_WATCH_READ | TN_WATCH_WRITE);
	end_close(&end);
}

static void
it_calls_again_as_long_as_there_is_more(void **state)
{
	struct end end;

	end_open(&end, *state);
	end.drains = true;
	end.stop_after = 3;
	watch(&end, TN_WATCH_READ);
	poke(&end, "xyz");
	assert_int_equal(tn_loop_run(*state, NULL), 0);
	assert_int_equal(end.calls, 3);
	run_for(*state, 5);
	assert_int_equal(end.calls, 3);
	end_close(&end);
}

static void
a_hang_up_reaches_whoever_asked_for_anything(void **state)
{
	static const unsigned asked[] = { TN_WATCH_READ, TN_WATCH_WRITE };

	for (size_t i = 0; i < TN_ARRAY_LEN(asked); i++) {
		struct end end;

		end_open(&end, *state);
		watch(&end, asked[i]);
		close(end.fds[1]);
		end.fds[1] = -1;
		assert_int_equal(tn_loop_run(*state, NULL), 0);
		assert_int_equal(end.seen, asked[i]);
		end_close(&end);
	}
}

/* The reading end of an empty pipe reports the hang-up and nothing else. */
static void
the_end_of_a_pipe_is_something_to_read(void **state)
{
	struct end end = { .loop = *state, .stop_after = 1 };

	assert_int_equal(pipe2(end.fds, O_CLOEXEC | O_NONBLOCK), 0);
	watch(&end, TN_WATCH_READ);
	close(end.fds[1]);
	end.fds[1] = -1;
	assert_int_equal(tn_loop_run(*state, NULL), 0);
	assert_int_equal(end.seen, TN_WATCH_READ);
	end_close(&end);
}

/* Otherwise the loop would spin on a hang-up that nobody wants to hear of. */
static void
a_watch_for_nothing_rests(void **state)
{
	struct end end;

	end_open(&end, *state);
	end.stop_after = 1000000;
	watch(&end, 0);
	poke(&end, "x");
	run_for(*state, 5);
	assert_int_equal(end.calls, 0);
	end.stop_after = 1;
	assert_int_equal(tn_watch_change(&end.watch, TN_WATCH_READ, NULL), 0);
	assert_int_equal(tn_loop_run(*state, NULL), 0);
	assert_int_equal(end.calls, 1);
	assert_int_equal(tn_watch_change(&end.watch, TN_WATCH_READ, NULL), 0);
	assert_int_equal(tn_watch_change(&end.watch, 0, NULL), 0);
	close(end.fds[1]);
	end.fds[1] = -1;
	run_for(*state, 5);
	assert_int_equal(end.calls, 1);
	end_close(&end);
}

static void
who_is_stopped_in_the_same_batch_is_not_called(void **state)
{
	struct end a, b;

	end_open(&a, *state);
	end_open(&b, *state);
	a.stops = &b;
	b.stops = &a;
	watch(&a, TN_WATCH_READ);
	watch(&b, TN_WATCH_READ);
	poke(&a, "x");
	poke(&b, "x");
	a.stop_after = b.stop_after = 2;
	run_for(*state, 3);
	/* Whichever came first stopped the other one, and then itself went on. */
	assert_true((a.calls == 0) != (b.calls == 0));
	end_close(&a);
	end_close(&b);
}

static void
on_change_other(void *arg, unsigned events)
{
	struct end *end = arg;

	on_end(end, events);
	assert_int_equal(tn_watch_change(&end->other->watch, TN_WATCH_READ, NULL), 0);
}

/* Both are writable in one batch; the first says that the other only reads from now on.
 */
static void
who_is_changed_in_the_same_batch_gets_what_is_asked_now(void **state)
{
	struct end a, b;

	end_open(&a, *state);
	end_open(&b, *state);
	a.other = &b;
	b.other = &a;
	a.stop_after = b.stop_after = 1000000;
	assert_int_equal(tn_watch_start(&a.watch, *state, a.fds[0], TN_WATCH_WRITE,
			     on_change_other, &a, NULL),
	    0);
	assert_int_equal(tn_watch_start(&b.watch, *state, b.fds[0], TN_WATCH_WRITE,
			     on_change_other, &b, NULL),
	    0);
	run_for(*state, 3);
	assert_true((a.calls == 0) != (b.calls == 0));
	end_close(&a);
	end_close(&b);
}

static void
a_callback_may_stop_its_own_watch(void **state)
{
	struct end end;

	end_open(&end, *state);
	end.stops = &end;
	end.stop_after = 100;
	watch(&end, TN_WATCH_READ);
	poke(&end, "x");
	run_for(*state, 3);
	assert_int_equal(end.calls, 1);
	assert_null(end.watch.loop);
	end_close(&end);
}

static void
on_restart(void *arg, unsigned events)
{
	struct end *end = arg;

	on_end(end, events);
	if (end->calls < end->stop_after)
		assert_int_equal(tn_watch_start(&end->watch, end->loop, end->fds[0],
				     TN_WATCH_READ, on_restart, end, NULL),
		    0);
}

static void
a_callback_may_start_its_own_watch_again(void **state)
{
	struct end end;

	end_open(&end, *state);
	end.stops = &end;
	end.stop_after = 3;
	poke(&end, "x");
	assert_int_equal(tn_watch_start(&end.watch, end.loop, end.fds[0], TN_WATCH_READ,
			     on_restart, &end, NULL),
	    0);
	assert_int_equal(tn_loop_run(*state, NULL), 0);
	assert_int_equal(end.calls, 3);
	end_close(&end);
}

static void
a_watch_may_stop_a_timer(void **state)
{
	struct tn_timer timer = { 0 };
	struct end end;

	end_open(&end, *state);
	end.timer = &timer;
	watch(&end, TN_WATCH_READ);
	poke(&end, "x");
	tn_timer_start(&timer, *state, 3600 * TN_SEC, on_alarm, *state);
	assert_int_equal(tn_loop_run(*state, NULL), 0);
	assert_false(tn_timer_active(&timer));
	end_close(&end);
}

struct restless {
	struct tn_timer timer;
	struct tn_loop *loop;
	int rounds;
};

static void
on_restless(void *arg)
{
	struct restless *restless = arg;

	restless->rounds++;
	tn_timer_start(&restless->timer, restless->loop, 0, on_restless, restless);
}

static void
a_timer_that_never_rests_does_not_starve_descriptors(void **state)
{
	struct restless restless = { .loop = *state };
	struct end end;

	end_open(&end, *state);
	watch(&end, TN_WATCH_READ);
	poke(&end, "x");
	tn_timer_start(&restless.timer, *state, 0, on_restless, &restless);
	assert_int_equal(tn_loop_run(*state, NULL), 0);
	assert_int_equal(end.calls, 1);
	assert_true(restless.rounds < 10);
	tn_timer_stop(&restless.timer);
	end_close(&end);
}

static void
many_descriptors_at_once(void **state)
{
	static struct end ends[150];
	int calls = 0;

	for (size_t i = 0; i < TN_ARRAY_LEN(ends); i++) {
		end_open(&ends[i], *state);
		ends[i].drains = true;
		ends[i].stop_after = 2;
		watch(&ends[i], TN_WATCH_READ);
		poke(&ends[i], "x");
	}
	run_for(*state, 20);
	for (size_t i = 0; i < TN_ARRAY_LEN(ends); i++) {
		calls += ends[i].calls;
		end_close(&ends[i]);
	}
	assert_int_equal(calls, TN_ARRAY_LEN(ends));
}

static void
what_cannot_be_watched(void **state)
{
	struct tn_watch watch_it = { 0 };
	struct tn_error err = TN_ERROR_INIT;

	assert_int_equal(tn_watch_start(&watch_it, *state, 9999, TN_WATCH_READ, on_end,
			     NULL, &err),
	    -TN_E_SYSTEM);
	assert_string_equal(err.message,
	    "cannot watch descriptor 9999: Bad file descriptor");
	tn_error_done(&err);
	assert_null(watch_it.loop);
	assert_int_equal(tn_watch_change(&watch_it, TN_WATCH_READ, NULL), -TN_E_BUG);
	assert_int_equal(tn_loop_run(*state, NULL), -TN_E_BUG);
}

static void
a_descriptor_closed_too_early_is_survived(void **state)
{
	struct end end;

	end_open(&end, *state);
	watch(&end, TN_WATCH_READ);
	close(end.fds[0]);
	tn_watch_stop(&end.watch);
	assert_null(end.watch.loop);
	close(end.fds[1]);
	assert_int_equal(tn_loop_run(*state, NULL), -TN_E_BUG);
}

static int64_t
clock_of(clockid_t clock)
{
	struct timespec now;

	assert_int_equal(clock_gettime(clock, &now), 0);
	return (int64_t)now.tv_sec * TN_SEC + now.tv_nsec;
}

static void
both_clocks_are_the_systems(void **state)
{
	int64_t before = clock_of(CLOCK_MONOTONIC);
	int64_t now = tn_loop_now(*state);
	int64_t after = clock_of(CLOCK_MONOTONIC);

	assert_true(before <= now && now <= after);
	before = clock_of(CLOCK_REALTIME);
	now = tn_loop_unix(*state);
	after = clock_of(CLOCK_REALTIME);
	assert_true(before <= now && now <= after);
}

/* A timer never comes early, and the delay counts from when it was started. */
static void
a_timer_started_after_a_pause_is_not_early(void **state)
{
	struct timespec pause = { .tv_nsec = 20 * TN_MSEC };
	int64_t started;

	run_for(*state, 1);
	nanosleep(&pause, NULL);
	started = clock_of(CLOCK_MONOTONIC);
	run_for(*state, 10);
	assert_true(clock_of(CLOCK_MONOTONIC) - started >= 10 * TN_MSEC);
}

static void
on_block(void *arg TN_UNUSED)
{
	struct timespec pause = { .tv_nsec = 30 * TN_MSEC };

	nanosleep(&pause, NULL);
}

static void
the_longest_callback_is_known(void **state)
{
	struct tn_timer blocks = { 0 };

	assert_int_equal(tn_loop_longest(*state), 0);
	tn_timer_start(&blocks, *state, 0, on_block, NULL);
	run_for(*state, 1);
	assert_true(tn_loop_longest(*state) >= 30 * TN_MSEC);
	run_for(*state, 1);
	assert_true(tn_loop_longest(*state) >= 30 * TN_MSEC);
}

/* Lets fn run while no descriptor is to be had. */
static void
without_descriptors(void (*fn)(void *arg), void *arg)
{
	struct rlimit before, none;

	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = before;
	none.rlim_cur = 3;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	fn(arg);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
}

static void
new_loop_fails(void *arg TN_UNUSED)
{
	struct tn_error err = TN_ERROR_INIT;

	assert_null(tn_loop_new(&err));
	assert_int_equal(err.kind, TN_E_SYSTEM);
	assert_int_equal(err.sys_errno, EMFILE);
	tn_error_done(&err);
}

static void
on_no_signal(void *arg TN_UNUSED, int number TN_UNUSED)
{
	fail();
}

static void
new_signals_fail(void *loop)
{
	struct tn_error err = TN_ERROR_INIT;

	assert_null(tn_signals_new(loop, on_no_signal, NULL, &err));
	assert_int_equal(err.sys_errno, EMFILE);
	tn_error_done(&err);
}

static void
running_out_of_descriptors_is_told(void **state)
{
	without_descriptors(new_loop_fails, NULL);
	without_descriptors(new_signals_fail, *state);
}

struct signal_log {
	struct tn_loop *loop;
	struct tn_signals *signals;
	int numbers[4];
	int count;
	int stop_after;
	bool frees;
};

static void
on_signal(void *arg, int number)
{
	struct signal_log *log = arg;

	log->numbers[log->count++] = number;
	if (log->frees)
		tn_signals_free(tn_take(log->signals));
	if (log->count == log->stop_after)
		tn_loop_stop(log->loop);
}

static void
signals_arrive_as_events(void **state)
{
	struct signal_log log = { .loop = *state, .stop_after = 3 };
	struct tn_timer forever = { 0 };

	log.signals = tn_signals_new(*state, on_signal, &log, NULL);
	assert_non_null(log.signals);
	tn_timer_start(&forever, *state, 10 * TN_SEC, on_alarm, *state);
	assert_int_equal(raise(SIGTERM), 0);
	assert_int_equal(raise(SIGINT), 0);
	assert_int_equal(raise(SIGHUP), 0);
	assert_int_equal(log.count, 0);
	assert_int_equal(tn_loop_run(*state, NULL), 0);
	assert_int_equal(log.count, 3);
	assert_int_equal(log.numbers[0], SIGTERM);
	assert_int_equal(log.numbers[1], SIGINT);
	assert_int_equal(log.numbers[2], SIGHUP);
	tn_timer_stop(&forever);
	tn_signals_free(log.signals);
}

/* As nohup starts a program: it outlives the terminal. */
static void
an_ignored_hangup_stays_ignored(void **state)
{
	struct signal_log log = { .loop = *state, .stop_after = 1 };
	struct tn_timer forever = { 0 };
	void (*before)(int) = signal(SIGHUP, SIG_IGN);

	log.signals = tn_signals_new(*state, on_signal, &log, NULL);
	assert_non_null(log.signals);
	tn_timer_start(&forever, *state, 10 * TN_SEC, on_alarm, *state);
	assert_int_equal(raise(SIGHUP), 0);
	assert_int_equal(raise(SIGTERM), 0);
	assert_int_equal(tn_loop_run(*state, NULL), 0);
	assert_int_equal(log.count, 1);
	assert_int_equal(log.numbers[0], SIGTERM);
	tn_timer_stop(&forever);
	tn_signals_free(log.signals);
	assert_ptr_equal(signal(SIGHUP, before), SIG_IGN);
}

static void
signals_alone_are_no_reason_to_wait(void **state)
{
	struct signal_log log = { .loop = *state };

	log.signals = tn_signals_new(*state, on_signal, &log, NULL);
	assert_non_null(log.signals);
	assert_int_equal(tn_loop_run(*state, NULL), -TN_E_BUG);
	tn_signals_free(log.signals);
}

static void
a_signals_function_may_free_the_set(void **state)
{
	struct signal_log log = { .loop = *state, .stop_after = 1, .frees = true };
	struct tn_timer forever = { 0 };

	log.signals = tn_signals_new(*state, on_signal, &log, NULL);
	tn_timer_start(&forever, *state, 10 * TN_SEC, on_alarm, *state);
	raise(SIGINT);
	raise(SIGTERM);
	assert_int_equal(tn_loop_run(*state, NULL), 0);
	assert_int_equal(log.count, 1);
	tn_timer_stop(&forever);
}

static volatile sig_atomic_t previous_called;

static void
previous(int number TN_UNUSED)
{
	previous_called = 1;
}

static void
one_set_a_process_and_what_was_is_restored(void **state)
{
	struct signal_log log = { .loop = *state };
	struct tn_error err = TN_ERROR_INIT;

	assert_true(signal(SIGTERM, previous) != SIG_ERR);
	log.signals = tn_signals_new(*state, on_signal, &log, NULL);
	assert_non_null(log.signals);
	assert_null(tn_signals_new(*state, on_signal, &log, &err));
	assert_int_equal(err.kind, TN_E_BUG);
	tn_error_done(&err);
	raise(SIGTERM);
	assert_int_equal(previous_called, 0);
	tn_signals_free(log.signals);
	tn_signals_free(NULL);
	raise(SIGTERM);
	assert_int_equal(previous_called, 1);
	assert_true(signal(SIGTERM, SIG_DFL) != SIG_ERR);
}

static void
signals_need_the_real_engine(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_loop_freep) struct tn_loop *loop = tn_loop_new_virtual(0);
	struct signal_log log = { .loop = loop };
	struct tn_error err = TN_ERROR_INIT;

	assert_null(tn_signals_new(loop, on_signal, &log, &err));
	assert_int_equal(err.kind, TN_E_BUG);
	tn_error_done(&err);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(events_are_those_asked_for),
		TEST(it_calls_again_as_long_as_there_is_more),
		TEST(a_hang_up_reaches_whoever_asked_for_anything),
		TEST(the_end_of_a_pipe_is_something_to_read),
		TEST(a_watch_for_nothing_rests),
		TEST(who_is_stopped_in_the_same_batch_is_not_called),
		TEST(who_is_changed_in_the_same_batch_gets_what_is_asked_now),
		TEST(a_callback_may_stop_its_own_watch),
		TEST(a_callback_may_start_its_own_watch_again),
		TEST(a_watch_may_stop_a_timer),
		TEST(a_timer_that_never_rests_does_not_starve_descriptors),
		TEST(many_descriptors_at_once),
		TEST(what_cannot_be_watched),
		TEST(a_descriptor_closed_too_early_is_survived),
		TEST(both_clocks_are_the_systems),
		TEST(a_timer_started_after_a_pause_is_not_early),
		TEST(the_longest_callback_is_known),
		TEST(signals_arrive_as_events),
		TEST(an_ignored_hangup_stays_ignored),
		TEST(an_ignored_hangup_stays_ignored),
		TEST(signals_alone_are_no_reason_to_wait),
		TEST(a_signals_function_may_free_the_set),
		TEST(one_set_a_process_and_what_was_is_restored),
		TEST(signals_need_the_real_engine),
		TEST(running_out_of_descriptors_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
