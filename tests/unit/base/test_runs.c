/*
 * Two runs in one loop on either engine: each makes calls one after the other and waits
 * for their answers; one is cancelled midway and the other finishes undisturbed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/loop.h"

struct run {
	struct tn_loop *loop;
	struct tn_timer answer;
	struct tn_cancel cancel;
	struct tn_cancel_hook hook;
	struct tn_str *trace;
	char name;
	int64_t call_takes;
	int calls_left;
	int answers;
	int result; /* 1 while under way */
	int *under_way;
};

static void
finish(struct run *run, int result)
{
	tn_cancel_unhook(&run->hook);
	run->result = result;
	if (--*run->under_way == 0)
		tn_loop_stop(run->loop);
}

static void
on_answer(void *arg)
{
	struct run *run = arg;

	run->answers++;
	tn_str_add_char(run->trace, run->name);
	if (--run->calls_left == 0)
		finish(run, 0);
	else
		tn_timer_start(&run->answer, run->loop, run->call_takes, on_answer, run);
}

static void
on_cancelled(void *arg)
{
	struct run *run = arg;

	tn_timer_stop(&run->answer);
	finish(run, -TN_E_CANCELLED);
}

static void
run_start(struct run *run)
{
	run->result = 1;
	++*run->under_way;
	tn_cancel_hook(&run->cancel, &run->hook, on_cancelled, run);
	tn_timer_start(&run->answer, run->loop, run->call_takes, on_answer, run);
}

static void
on_give_up(void *arg)
{
	tn_cancel_fire(arg);
}

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

static void
one_is_cancelled_and_the_other_finishes(void **state)
{
	TN_CLEANUP(tn_str_done) struct tn_str trace = TN_STR_INIT;
	int under_way = 0;
	struct run a = { .loop = *state,
		.trace = &trace,
		.name = 'a',
		.under_way = &under_way,
		.call_takes = 4 * TN_MSEC,
		.calls_left = 1000 };
	struct run b = a;
	struct tn_timer give_up = { 0 };

	b.name = 'b';
	b.calls_left = 8;
	run_start(&a);
	run_start(&b);
	tn_timer_start(&give_up, *state, 14 * TN_MSEC, on_give_up, &a.cancel);
	assert_int_equal(tn_loop_run(*state, NULL), 0);
	assert_int_equal(a.result, -TN_E_CANCELLED);
	assert_int_equal(b.result, 0);
	assert_int_equal(b.answers, 8);
	assert_in_range(a.answers, 1, 3);
	assert_false(tn_timer_active(&a.answer));
	assert_false(tn_cancel_fired(&b.cancel));
	/* They took turns until one was gone. */
	assert_memory_equal(tn_str_text(&trace), "ab", 2);
	/* Nothing of either is left in the loop. */
	assert_int_equal(tn_loop_run(*state, NULL), -TN_E_BUG);
	if (tn_loop_is_virtual(*state))
		assert_string_equal(tn_str_text(&trace), "abababbbbbb");
}

static void
one_cancels_the_other_from_its_own_callback(void **state)
{
	TN_CLEANUP(tn_str_done) struct tn_str trace = TN_STR_INIT;
	int under_way = 0;
	struct run a = { .loop = *state,
		.trace = &trace,
		.name = 'a',
		.under_way = &under_way,
		.call_takes = 2 * TN_MSEC,
		.calls_left = 3 };
	struct run b = a;
	struct tn_cancel_hook chain = { 0 };

	b.name = 'b';
	b.call_takes = 3600 * TN_SEC;
	run_start(&a);
	run_start(&b);
	/* Cancelling a, in the middle of its hooks, cancels b. */
	tn_cancel_hook(&a.cancel, &chain, on_give_up, &b.cancel);
	tn_cancel_fire(&a.cancel);
	assert_int_equal(a.result, -TN_E_CANCELLED);
	assert_int_equal(b.result, -TN_E_CANCELLED);
	assert_int_equal(under_way, 0);
	assert_int_equal(tn_loop_run(*state, NULL), -TN_E_BUG);
	assert_string_equal(tn_str_text(&trace), "");
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
		BOTH(one_is_cancelled_and_the_other_finishes),
		BOTH(one_cancels_the_other_from_its_own_callback),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
