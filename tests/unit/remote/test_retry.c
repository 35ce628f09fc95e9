#include "world.h"

#include "remote/retry.h"

static enum tn_retry_class
class_of(enum tn_error_kind kind, int status, bool writes)
{
	struct tn_error err = { .kind = kind,
		.status = status,
		.for_rate = status == 429 };

	return tn_retry_class(&err, writes);
}

static void
each_failure_has_its_class(void **state)
{
	struct tn_error limited = { .kind = TN_E_TRANSIENT, .status = 500 };

	(void)state;
	for (int writes = 0; writes < 2; writes++) {
		assert_int_equal(class_of(TN_E_TRANSIENT, 0, writes), TN_RETRY_REFUSED);
		assert_int_equal(class_of(TN_E_TRANSIENT, 429, writes), TN_RETRY_RATE);
		assert_int_equal(class_of(TN_E_TRANSIENT, 400, writes), TN_RETRY_NOT_YET);
		assert_int_equal(class_of(TN_E_TRANSIENT, 500, writes), TN_RETRY_BUSY);
	}
	limited.for_rate = true;
	assert_int_equal(tn_retry_class(&limited, true), TN_RETRY_RATE);
	assert_int_equal(class_of(TN_E_UNKNOWN, 0, false), TN_RETRY_LOST);
	assert_int_equal(class_of(TN_E_UNKNOWN, 503, false), TN_RETRY_LOST);
	assert_int_equal(class_of(TN_E_UNKNOWN, 0, true), TN_RETRY_NEVER);
	assert_int_equal(class_of(TN_E_UNKNOWN, 503, true), TN_RETRY_NEVER);
}

static void
only_two_kinds_are_ever_tried_again(void **state)
{
	(void)state;
	for (int kind = TN_E_INPUT; kind < TN_E__COUNT; kind++) {
		if (kind == TN_E_TRANSIENT || kind == TN_E_UNKNOWN)
			continue;
		assert_int_equal(class_of((enum tn_error_kind)kind, 0, false),
		    TN_RETRY_NEVER);
		assert_int_equal(class_of((enum tn_error_kind)kind, 429, true),
		    TN_RETRY_NEVER);
	}
}

/* Tries until the policy says no; every delay must be within [least, cap]. */
static unsigned
tries_of(enum tn_retry_class class, uint64_t seed, int64_t least, int64_t cap)
{
	struct tn_retry retry = { .started = 0 };
	struct tn_rand rand;
	unsigned tries = 1;
	int64_t delay;

	tn_rand_init(&rand, seed);
	while (tn_retry_next(&retry, class, -1, 0, &rand, &delay)) {
		assert_true(delay >= least && delay <= least + cap);
		tries++;
		assert_true(tries < 100);
	}
	return tries;
}

static void
tries_are_counted(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < 50; seed++) {
		assert_int_equal(tries_of(TN_RETRY_NEVER, seed, 0, 0), 1);
		assert_int_equal(tries_of(TN_RETRY_REFUSED, seed, 0, 10 * TN_SEC), 5);
		assert_int_equal(tries_of(TN_RETRY_LOST, seed, 0, 10 * TN_SEC), 5);
		assert_int_equal(tries_of(TN_RETRY_BUSY, seed, 0, 10 * TN_SEC), 5);
		assert_int_equal(tries_of(TN_RETRY_NOT_YET, seed, 200 * TN_MSEC,
				     2 * TN_SEC),
		    8);
		assert_int_equal(tries_of(TN_RETRY_RATE, seed, 500 * TN_MSEC,
				     30 * TN_SEC),
		    10);
	}
}

static void
jitter_is_full_and_grows(void **state)
{
	int64_t least[3] = { INT64_MAX, INT64_MAX, INT64_MAX };
	int64_t most[3] = { 0 };

	(void)state;
	for (uint64_t seed = 0; seed < 400; seed++) {
		struct tn_retry retry = { 0 };
		struct tn_rand rand;

		tn_rand_init(&rand, seed);
		for (size_t i = 0; i < 3; i++) {
			int64_t delay;

			assert_true(
			    tn_retry_next(&retry, TN_RETRY_LOST, -1, 0, &rand, &delay));
			if (delay < least[i])
				least[i] = delay;
			if (delay > most[i])
				most[i] = delay;
		}
	}
	for (size_t i = 0; i < 3; i++) {
		int64_t top = (500 * TN_MSEC) << i;

		assert_true(least[i] < top / 10);
		assert_true(most[i] > top * 9 / 10);
		assert_true(most[i] <= top);
	}
}

static void
a_wait_that_is_asked_for_is_kept(void **state)
{
	struct tn_retry retry = { 0 };
	struct tn_rand rand;
	int64_t delay;

	(void)state;
	tn_rand_init(&rand, 1);
	assert_true(tn_retry_next(&retry, TN_RETRY_RATE, 7 * TN_SEC, 0, &rand, &delay));
	assert_true(delay >= 7 * TN_SEC && delay <= 8 * TN_SEC);
}

static void
classes_are_counted_apart(void **state)
{
	struct tn_retry retry = { 0 };
	struct tn_rand rand;
	int64_t delay;

	(void)state;
	tn_rand_init(&rand, 1);
	for (unsigned i = 0; i < 4; i++) {
		assert_true(tn_retry_next(&retry, TN_RETRY_LOST, -1, 0, &rand, &delay));
		assert_true(
		    tn_retry_next(&retry, TN_RETRY_REFUSED, -1, 0, &rand, &delay));
	}
	assert_false(tn_retry_next(&retry, TN_RETRY_LOST, -1, 0, &rand, &delay));
	assert_true(tn_retry_next(&retry, TN_RETRY_NOT_YET, -1, 0, &rand, &delay));
}

static void
nothing_is_tried_again_after_two_minutes(void **state)
{
	struct tn_retry retry = { .started = 1000 * TN_SEC };
	struct tn_rand rand;
	int64_t delay;

	(void)state;
	tn_rand_init(&rand, 1);
	assert_true(tn_retry_next(&retry, TN_RETRY_RATE, 60 * TN_SEC, 1058 * TN_SEC,
	    &rand, &delay));
	assert_false(tn_retry_next(&retry, TN_RETRY_RATE, 60 * TN_SEC, 1061 * TN_SEC,
	    &rand, &delay));
	assert_false(
	    tn_retry_next(&retry, TN_RETRY_LOST, -1, 1121 * TN_SEC, &rand, &delay));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_failure_has_its_class),
		cmocka_unit_test(only_two_kinds_are_ever_tried_again),
		cmocka_unit_test(tries_are_counted),
		cmocka_unit_test(jitter_is_full_and_grows),
		cmocka_unit_test(a_wait_that_is_asked_for_is_kept),
		cmocka_unit_test(classes_are_counted_apart),
		cmocka_unit_test(nothing_is_tried_again_after_two_minutes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
