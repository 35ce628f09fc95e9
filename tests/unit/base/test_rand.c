/* Randomness: the published generator, no bias, well-formed UUIDs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/rand.h"

/* The first outputs of xoshiro256** from the state 1, 2, 3, 4, as published. */
static void
the_generator_is_xoshiro256starstar(void **state TN_UNUSED)
{
	struct tn_rand rand = { .state = { 1, 2, 3, 4 } };

	assert_true(tn_rand_next(&rand) == UINT64_C(11520));
	assert_true(tn_rand_next(&rand) == UINT64_C(0));
	assert_true(tn_rand_next(&rand) == UINT64_C(1509978240));
	assert_true(tn_rand_next(&rand) == UINT64_C(1215971899390074240));
}

/* The first output of splitmix64 from seed 0, as published. */
static void
a_seed_is_spread_by_splitmix64(void **state TN_UNUSED)
{
	struct tn_rand rand;

	tn_rand_init(&rand, 0);
	assert_true(rand.state[0] == UINT64_C(0xe220a8397b1dcdaf));
}

static void
the_same_seed_gives_the_same_run(void **state TN_UNUSED)
{
	struct tn_rand a, b, c;
	int different = 0;

	tn_rand_init(&a, 42);
	tn_rand_init(&b, 42);
	tn_rand_init(&c, 43);
	for (int i = 0; i < 100; i++) {
		uint64_t x = tn_rand_next(&a);

		assert_true(x == tn_rand_next(&b));
		different += x != tn_rand_next(&c);
	}
	assert_true(different > 90);
}

static void
below_stays_below_and_reaches_all(void **state TN_UNUSED)
{
	struct tn_rand rand;
	int seen[7] = { 0 };

	tn_rand_init(&rand, 1);
	for (int i = 0; i < 70000; i++) {
		uint64_t x = tn_rand_below(&rand, 7);

		assert_true(x < 7);
		seen[x]++;
	}
	/* Expected 10000 each, deviation 93: five of those are allowed. */
	for (int i = 0; i < 7; i++)
		assert_in_range(seen[i], 9500, 10500);
	assert_int_equal(tn_rand_below(&rand, 1), 0);
	for (int i = 0; i < 100; i++)
		assert_true(tn_rand_below(&rand, UINT64_MAX) < UINT64_MAX);
}

/* Without rejection, three quarters of the range would give the lower third twice as
 * often. */
static void
below_has_no_bias_for_huge_ranges(void **state TN_UNUSED)
{
	uint64_t n = UINT64_C(3) << 62;
	struct tn_rand rand;
	int lower = 0;

	tn_rand_init(&rand, 5);
	for (int i = 0; i < 9000; i++)
		lower += tn_rand_below(&rand, n) < n / 3;
	assert_in_range(lower, 2750, 3250);
}

static void
one_in_n(void **state TN_UNUSED)
{
	struct tn_rand rand;
	int hits = 0;

	tn_rand_init(&rand, 9);
	for (int i = 0; i < 10000; i++) {
		assert_true(tn_rand_one_in(&rand, 1));
		hits += tn_rand_one_in(&rand, 10);
	}
	assert_in_range(hits, 850, 1150);
}

static void
uuids_are_version_4(void **state TN_UNUSED)
{
	char uuid[TN_UUID_SIZE], before[TN_UUID_SIZE] = "";
	struct tn_rand rand;

	tn_rand_init(&rand, 3);
	for (int i = 0; i < 200; i++) {
		tn_rand_uuid(&rand, uuid);
		assert_int_equal(strlen(uuid), 36);
		assert_int_equal(strspn(uuid, "0123456789abcdef-"), 36);
		for (size_t k = 0; k < 36; k++)
			assert_int_equal(uuid[k] == '-',
			    k == 8 || k == 13 || k == 18 || k == 23);
		assert_int_equal(uuid[14], '4');
		assert_non_null(strchr("89ab", uuid[19]));
		assert_string_not_equal(uuid, before);
		memcpy(before, uuid, sizeof(before));
	}
}

static void
the_system_gives_different_seeds(void **state TN_UNUSED)
{
	assert_true(tn_rand_system_seed() != tn_rand_system_seed());
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_generator_is_xoshiro256starstar),
		cmocka_unit_test(a_seed_is_spread_by_splitmix64),
		cmocka_unit_test(the_same_seed_gives_the_same_run),
		cmocka_unit_test(below_stays_below_and_reaches_all),
		cmocka_unit_test(below_has_no_bias_for_huge_ranges),
		cmocka_unit_test(one_in_n),
		cmocka_unit_test(uuids_are_version_4),
		cmocka_unit_test(the_system_gives_different_seeds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
