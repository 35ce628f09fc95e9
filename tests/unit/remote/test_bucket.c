/*
 * Our share of a tenant's rate limit: the arithmetic by hand, and whole series of calls
 * against tenants whose buckets fill as the platform's plans say.
 */
#include "world.h"

#include "remote/bucket.h"

#define NOW   (INT64_C(1000) * TN_SEC)
#define CALLS 300

/* Takes one, and gives how long the next one has to wait. */
static int64_t
take(struct tn_bucket *bucket, unsigned in_flight, int64_t now)
{
	tn_bucket_take(bucket, in_flight, now);
	return tn_bucket_wait(bucket, now);
}

static void
who_has_all_has_no_bucket(void **state TN_UNUSED)
{
	static const unsigned shares[] = { 0, 100 };

	for (size_t i = 0; i < TN_ARRAY_LEN(shares); i++) {
		struct tn_bucket bucket = { .share = shares[i] };

		tn_bucket_note(&bucket, 10, 9, 0, false, NOW);
		assert_false(tn_bucket_is_ours(&bucket));
		assert_int_equal(tn_bucket_reserve(&bucket), 0);
		for (unsigned k = 0; k < 100; k++)
			assert_int_equal(take(&bucket, 0, NOW), 0);
	}
}

static void
what_is_not_ours_is_left_to_others(void **state TN_UNUSED)
{
	static const struct {
		unsigned share;
		int64_t size, reserve;
	} rows[] = { { 50, 50, 25 }, { 50, 10, 5 }, { 30, 10, 7 }, { 99, 10, 1 },
		{ 50, 3, 2 }, { 1, 10, 9 }, { 50, 1, 0 }, { 20, 2, 1 } };

	for (size_t i = 0; i < TN_ARRAY_LEN(rows); i++) {
		struct tn_bucket bucket = { .share = rows[i].share };

		assert_int_equal(tn_bucket_reserve(&bucket), 0);
		tn_bucket_note(&bucket, rows[i].size, rows[i].size - 1, 0, false, NOW);
		assert_int_equal(tn_bucket_reserve(&bucket), rows[i].reserve);
	}
}

/* One by one: the first three of five at once, then the fourth; the last one waits. */
static void
spend_but_one(struct tn_bucket *bucket)
{
	for (int64_t i = 0; i < 4; i++) {
		assert_int_equal(tn_bucket_wait(bucket, NOW), 0);
		tn_bucket_take(bucket, 0, NOW);
		tn_bucket_note(bucket, 10, 9 - i, 0, false, NOW);
	}
}

static void
the_last_of_our_part_finds_out(void **state TN_UNUSED)
{
	struct tn_bucket bucket = { .share = 50 };

	spend_but_one(&bucket);
	assert_int_equal(tn_bucket_wait(&bucket, NOW), TN_SEC);
	assert_true(tn_bucket_alone(&bucket));
	assert_int_equal(tn_bucket_ready(&bucket, NOW), 1);
	assert_int_equal(tn_bucket_wait(&bucket, NOW + TN_SEC), 0);
}

/* Five calls, and three are missing one second later: two came back in it. */
static void
what_came_back_is_measured_and_shared(void **state TN_UNUSED)
{
	struct tn_bucket bucket = { .share = 50 };

	spend_but_one(&bucket);
	assert_int_equal(tn_bucket_rate(&bucket), 0);
	tn_bucket_take(&bucket, 0, NOW + TN_SEC);
	tn_bucket_note(&bucket, 10, 7, 0, false, NOW + TN_SEC);
	assert_int_equal(bucket.refill, 2000);
	assert_int_equal(tn_bucket_rate(&bucket), 1000);
	/* A call of ours in a second, and a millisecond that rounding may cost. */
	assert_int_equal(tn_bucket_wait(&bucket, NOW + TN_SEC), TN_SEC + TN_MSEC);
	assert_int_equal(tn_bucket_wait(&bucket, NOW + 2 * TN_SEC), 0);
}

/* Nine of ten are there beside the fifth: all four came back, perhaps long ago. */
static void
who_saw_no_end_of_it_measures_once_more(void **state TN_UNUSED)
{
	struct tn_bucket bucket = { .share = 50 };
	int64_t now = NOW + TN_SEC;

	spend_but_one(&bucket);
	tn_bucket_take(&bucket, 0, now);
	tn_bucket_note(&bucket, 10, 9, 0, false, now);
	assert_int_equal(bucket.refill, 4000);
	/* Five at half of four in a second. */
	assert_int_equal(tn_bucket_wait(&bucket, now), 2500 * TN_MSEC + TN_MSEC);
	now += 2500 * TN_MSEC;
	for (int64_t i = 0; i < 4; i++) {
		assert_int_equal(tn_bucket_wait(&bucket, now), 0);
		tn_bucket_take(&bucket, 0, now);
		tn_bucket_note(&bucket, 10, 9 - i, 0, false, now);
	}
	/* Sooner this time: a bit before three have come back. */
	assert_int_equal(tn_bucket_wait(&bucket, now), 675 * TN_MSEC);
	now += 675 * TN_MSEC;
	tn_bucket_take(&bucket, 0, now);
	tn_bucket_note(&bucket, 10, 9, 0, false, now);
	assert_int_equal(bucket.refill, 5925);
}

static void
what_may_have_been_counted_already_did_not_come_back(void **state TN_UNUSED)
{
	struct tn_bucket bucket = { .share = 50 };

	/* Three are on their way when the first answer comes. */
	for (unsigned i = 0; i < 4; i++)
		tn_bucket_take(&bucket, i, NOW);
	for (unsigned i = 4; i > 1; i--)
		tn_bucket_note(&bucket, 10, 6, i - 1, false, NOW + TN_SEC);
	assert_int_equal(bucket.refill, 0);
	tn_bucket_note(&bucket, 10, 6, 0, false, NOW + TN_SEC);
	assert_int_equal(bucket.refill, 0);
	/* A refusal costs nothing, so that nothing came back for it. */
	tn_bucket_take(&bucket, 0, NOW + TN_SEC);
	tn_bucket_note(&bucket, 10, 6, 0, true, NOW + TN_SEC);
	assert_int_equal(bucket.refill, 0);
	tn_bucket_take(&bucket, 0, NOW + 2 * TN_SEC);
	tn_bucket_note(&bucket, 10, 6, 0, false, NOW + 2 * TN_SEC);
	assert_int_equal(bucket.refill, 500); /* one in two seconds */
}

/* Five at once, and a minute of nothing: that says nothing of a second. */
static void
a_round_that_was_left_alone_is_forgotten(void **state TN_UNUSED)
{
	struct tn_bucket bucket = { .share = 50 };

	spend_but_one(&bucket);
	tn_bucket_take(&bucket, 0, NOW + 50 * TN_SEC);
	tn_bucket_note(&bucket, 10, 9, 0, false, NOW + 50 * TN_SEC);
	assert_int_equal(bucket.refill, 0);
	assert_false(bucket.measuring);
}

static void
foreign_figures_are_cut(void **state TN_UNUSED)
{
	struct tn_bucket bucket = { .share = 50 };

	tn_bucket_note(&bucket, 0, 5, 0, false, NOW);
	assert_int_equal(tn_bucket_reserve(&bucket), 0);
	tn_bucket_note(&bucket, 999999999999, 999999999999, 0, false, NOW);
	for (int64_t i = 1; i < 4; i++) {
		tn_bucket_take(&bucket, 0, NOW + i * 3600 * TN_SEC);
		tn_bucket_note(&bucket, i, 999999999999, 0, false,
		    NOW + i * 3600 * TN_SEC);
	}
	assert_true(take(&bucket, 0, NOW + 5 * 3600 * TN_SEC) >= 0);
	assert_true(bucket.refill >= 0);
	assert_true(bucket.refill <= INT64_C(1000000000));
	/* A clock that goes back changes nothing. */
	assert_true(take(&bucket, 0, NOW) >= 0);
}

/* Whole series. */

struct series {
	int64_t at[CALLS]; /* when each was answered */
	size_t n;
	struct world world;
};

static void
on_answer(void *arg, const struct tn_op_result *result TN_UNUSED,
    const struct tn_error *err)
{
	struct series *series = arg;

	assert_null(err);
	series->at[series->n++] = world_now(&series->world);
}

static void
play(struct series *series, unsigned share, unsigned burst, unsigned per_second)
{
	struct tn_sim_options options = TN_SIM_OPTIONS_INIT;

	memset(series, 0, sizeof(*series));
	options.rate_burst = burst;
	options.rate_per_second = per_second;
	world_open(&series->world, &options, 20 * TN_MSEC);
	series->world.options.rate_share = share;
	world_connect(&series->world);
	for (size_t i = 0; i < CALLS; i++)
		tn_remote_op(series->world.remote, &world_list_triggers, on_answer,
		    series);
	world_drain(&series->world);
	assert_int_equal(series->n, CALLS);
}

/*
 * In any stretch of time there are at most the share of the size and of what filled in
 * meanwhile. The answers are counted, which may come 100 ms closer than the calls.
 */
static void
keeps_to(const struct series *series, double size, double per_second)
{
	for (size_t first = 0; first < series->n; first++)
		for (size_t last = first; last < series->n; last++) {
			double s = (double)(series->at[last] - series->at[first]) / 1e9 +
			    0.1;

			if ((double)(last - first + 1) > size + per_second * s + 1)
				fail_msg("%zu calls in %.2f s", last - first + 1, s);
		}
}

static void
a_share_is_kept_in_every_stretch_of_time(void **state TN_UNUSED)
{
	/* Enterprise, production and not, from the platform's page; and the free plan,
	 * of which half is one call, which empties nothing and so cannot find out. */
	static const struct {
		unsigned share, burst, per_second;
		double slower; /* than the best, at most */
	} rows[] = { { 50, 50, 16, 1.2 }, { 25, 50, 16, 1.2 }, { 10, 50, 16, 1.5 },
		{ 50, 10, 2, 1.2 }, { 90, 10, 2, 1.2 }, { 20, 10, 2, 1.2 },
		{ 50, 2, 2, 4.1 }, { 75, 100, 50, 1.2 } };

	for (size_t i = 0; i < TN_ARRAY_LEN(rows); i++) {
		static struct series series;
		double part = rows[i].share / 100.0;
		double size = rows[i].burst * part, rate = rows[i].per_second * part;
		double took, ideal;

		play(&series, rows[i].share, rows[i].burst, rows[i].per_second);
		keeps_to(&series, size, rate);
		/* What is measured is less than the truth, and near to it. */
		took = (double)series.at[CALLS - 1] / 1e9;
		ideal = (CALLS - size) / rate;
		print_message("%u%% of %u, %u a second: %.1f s, at best %.1f s\n",
		    rows[i].share, rows[i].burst, rows[i].per_second, took, ideal);
		if (took > rows[i].slower * ideal)
			fail_msg("%.1f s is too slow", took);
		assert_int_equal(tn_remote_counts(series.world.remote).retries, 0);
		world_done(&series.world);
	}
}

/* The test above could pass for another reason: without a share it must not. */
static void
without_a_share_more_is_spent(void **state TN_UNUSED)
{
	static struct series series;
	size_t early = 0;

	play(&series, 0, 50, 16);
	while (early < CALLS && series.at[early] < TN_SEC)
		early++;
	assert_true(early > 40);
	assert_true(series.at[CALLS - 1] < 25 * TN_SEC);
	world_done(&series.world);
}

static void
a_tenant_without_a_limit_is_not_slow(void **state TN_UNUSED)
{
	static struct series series;

	play(&series, 50, 0, 0);
	assert_true(series.at[CALLS - 1] < 3 * TN_SEC);
	world_done(&series.world);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_has_all_has_no_bucket),
		cmocka_unit_test(what_is_not_ours_is_left_to_others),
		cmocka_unit_test(the_last_of_our_part_finds_out),
		cmocka_unit_test(what_came_back_is_measured_and_shared),
		cmocka_unit_test(who_saw_no_end_of_it_measures_once_more),
		cmocka_unit_test(what_may_have_been_counted_already_did_not_come_back),
		cmocka_unit_test(a_round_that_was_left_alone_is_forgotten),
		cmocka_unit_test(foreign_figures_are_cut),
		cmocka_unit_test(a_share_is_kept_in_every_stretch_of_time),
		cmocka_unit_test(without_a_share_more_is_spent),
		cmocka_unit_test(a_tenant_without_a_limit_is_not_slow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
