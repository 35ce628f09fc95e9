/* When syncs are looked at, and how often an address may ask. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "serve/limiter.h"
#include "serve/schedule.h"

#define HOUR (3600 * TN_SEC)

static void
jitter_only_lengthens(void **state TN_UNUSED)
{
	struct tn_rand rand;
	int64_t least = INT64_MAX, most = 0;

	tn_rand_init(&rand, 1);
	for (unsigned i = 0; i < 10000; i++) {
		int64_t wait = tn_schedule_wait(&rand, 100 * TN_SEC, 10);

		assert_in_range(wait, 100 * TN_SEC, 110 * TN_SEC);
		least = wait < least ? wait : least;
		most = wait > most ? wait : most;
	}
	/* All of it is used. */
	assert_true(least < 101 * TN_SEC);
	assert_true(most > 109 * TN_SEC);
	assert_int_equal(tn_schedule_wait(&rand, 100 * TN_SEC, 0), 100 * TN_SEC);
}

static void
pauses_double_up_to_an_hour(void **state TN_UNUSED)
{
	static const struct {
		unsigned failures;
		int64_t least;
	} cases[] = {
		{ 1, 10 * TN_SEC },
		{ 2, 20 * TN_SEC },
		{ 3, 40 * TN_SEC },
		{ 9, 2560 * TN_SEC },
		{ 10, HOUR },
		{ 11, HOUR },
		{ 4000000000, HOUR },
	};
	struct tn_rand rand;

	tn_rand_init(&rand, 1);
	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++)
		for (unsigned k = 0; k < 100; k++)
			assert_in_range(tn_schedule_pause(&rand, cases[i].failures),
			    cases[i].least, cases[i].least / 4 * 5);
}

static void
corrections_count_for_a_day(void **state TN_UNUSED)
{
	struct tn_corrections corrections = { 0 };

	tn_corrections_add(&corrections, 1 * HOUR);
	tn_corrections_add(&corrections, 2 * HOUR);
	tn_corrections_add(&corrections, 20 * HOUR);
	assert_int_equal(tn_corrections_count(&corrections, 20 * HOUR), 3);
	assert_int_equal(tn_corrections_count(&corrections, 25 * HOUR - 1), 3);
	assert_int_equal(tn_corrections_count(&corrections, 25 * HOUR), 2);
	assert_int_equal(tn_corrections_count(&corrections, 44 * HOUR), 0);
	tn_corrections_done(&corrections);
}

/* A clock that was wrong must not stop corrections for ever. */
static void
what_lies_in_the_future_is_now(void **state TN_UNUSED)
{
	struct tn_corrections corrections = { 0 };

	tn_corrections_add(&corrections, 10000 * HOUR);
	assert_int_equal(tn_corrections_count(&corrections, 100 * HOUR), 1);
	assert_int_equal(tn_corrections_count(&corrections, 123 * HOUR), 1);
	assert_int_equal(tn_corrections_count(&corrections, 124 * HOUR), 0);
	tn_corrections_done(&corrections);
}

static unsigned
taken(struct tn_limiter *limiter, const char *address, int64_t now, unsigned tries)
{
	unsigned n = 0;

	for (unsigned i = 0; i < tries; i++)
		n += tn_limiter_take(limiter, address, now);
	return n;
}

static void
an_address_has_a_burst_and_a_rate(void **state TN_UNUSED)
{
	struct tn_limiter limiter = { 0 };

	assert_int_equal(taken(&limiter, "10.0.0.1", 5 * TN_SEC, 10000),
	    TN_LIMITER_BURST);
	assert_int_equal(taken(&limiter, "10.0.0.1", 6 * TN_SEC, 10000), TN_LIMITER_RATE);
	assert_int_equal(taken(&limiter, "10.0.0.1", 6 * TN_SEC, 1), 0);
	/* Rest gives the burst back, and no more. */
	assert_int_equal(taken(&limiter, "10.0.0.1", HOUR, 10000), TN_LIMITER_BURST);
}

static void
others_are_not_held_up(void **state TN_UNUSED)
{
	struct tn_limiter limiter = { 0 };
	unsigned free = 0;

	taken(&limiter, "10.0.0.1", 0, 10000);
	for (unsigned i = 2; i < 102; i++) {
		char address[16];

		snprintf(address, sizeof(address), "10.0.0.%u", i);
		free += tn_limiter_take(&limiter, address, 0);
	}
	/* But for the few that share its place in the table. */
	assert_true(free >= 97);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(jitter_only_lengthens),
		cmocka_unit_test(pauses_double_up_to_an_hour),
		cmocka_unit_test(corrections_count_for_a_day),
		cmocka_unit_test(what_lies_in_the_future_is_now),
		cmocka_unit_test(an_address_has_a_burst_and_a_rate),
		cmocka_unit_test(others_are_not_held_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
