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

/* Published is 16: the last one looks when 16 have come back of 18, less a tenth. */
static void
what_is_published_says_when_to_look(void **state TN_UNUSED)
{
	struct tn_bucket bucket = { .share = 50 };

	for (int64_t i = 0; i < 24; i++) {
		tn_bucket_take(&bucket, 0, NOW);
		tn_bucket_note(&bucket, 50, 49 - i, 0, false, NOW);
		tn_bucket_presume(&bucket, 16000);
	}
	/* Nothing comes back on a mere presumption. */
	assert_int_equal(tn_bucket_ready(&bucket, NOW + 10 * TN_SEC), 1);
	assert_int_equal(tn_bucket_wait(&bucket, NOW), 18 * 900 * TN_SEC / 16000);
	assert_int_equal(tn_bucket_rate(&bucket), 8000);
	/* Four have come back after two seconds, of 25: it was wrong. */
	tn_bucket_take(&bucket, 0, NOW + 2 * TN_SEC);
	tn_bucket_note(&bucket, 50, 29, 0, false, NOW + 2 * TN_SEC);
	assert_int_equal(bucket.refill, 2000);
	tn_bucket_presume(&bucket, 16000);
	assert_int_equal(bucket.refill, 2000);
}

/* The round was seen from 300 ms before it until 200 ms after. */
static void
the_way_there_and_back_is_not_counted(void **state TN_UNUSED)
{
	struct tn_bucket bucket = { .share = 50 };

	for (int64_t i = 0; i < 4; i++) {
		tn_bucket_take(&bucket, (unsigned)i, NOW);
		tn_bucket_took(&bucket, 500 * TN_MSEC + i * TN_MSEC);
		tn_bucket_note(&bucket, 10, 9 - i, 0, false, NOW + 500 * TN_MSEC);
	}
	tn_bucket_take(&bucket, 0, NOW + TN_SEC);
	tn_bucket_note(&bucket, 10, 7, 0, false, NOW + 1500 * TN_MSEC);
	assert_int_equal(bucket.refill, 2000);
}

/* What overflowed is not missing: after it was full, one came back in a second. */
static void
a_bucket_that_was_full_in_between_does_not_seem_slow(void **state TN_UNUSED)
{
	struct tn_bucket bucket = { .share = 50, .refill = 1000 };

	tn_bucket_note(&bucket, 10, 9, 0, false, NOW - 100 * TN_SEC);
	tn_bucket_take(&bucket, 0, NOW);
	tn_bucket_note(&bucket, 10, 9, 0, false, NOW);
	tn_bucket_take(&bucket, 0, NOW + 20 * TN_SEC);
	tn_bucket_note(&bucket, 10, 9, 2, false, NOW + 20 * TN_SEC);
	for (unsigned i = 0; i < 3; i++)
		tn_bucket_take(&bucket, i, NOW + 20 * TN_SEC);
	tn_bucket_note(&bucket, 10, 7, 0, false, NOW + 21 * TN_SEC);
	assert_false(bucket.measuring);
	assert_int_equal(bucket.refill, 1000);
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
play(struct series *series, unsigned share, unsigned burst, unsigned per_second,
    int64_t latency_ns)
{
	struct tn_sim_options options = TN_SIM_OPTIONS_INIT;

	memset(series, 0, sizeof(*series));
	options.rate_burst = burst;
	options.rate_per_second = per_second;
	world_open(&series->world, &options, latency_ns);
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
keeps_and_uses(unsigned share, unsigned burst, unsigned per_second, int64_t latency_ns,
    double slower)
{
	static struct series series;
	double part = share / 100.0, size = burst * part, rate = per_second * part;
	double s = (double)latency_ns / 1e9, took, ideal;

	play(&series, share, burst, per_second, latency_ns);
	keeps_to(&series, size, rate);
	took = (double)series.at[CALLS - 1] / 1e9;
	ideal = (CALLS - size) / rate;
	/* Four are on their way at once. */
	if (ideal < CALLS * s / 4)
		ideal = CALLS * s / 4;
	print_message("%u%% of %u, %u a second, %.0f ms: %.1f s, at best %.1f s\n", share,
	    burst, per_second, s * 1000, took, ideal);
	if (took > slower * ideal)
		fail_msg("%.1f s is too slow", took);
	assert_int_equal(tn_remote_counts(series.world.remote).retries, 0);
	world_done(&series.world);
}

static const int64_t latencies[] = { 20 * TN_MSEC, 100 * TN_MSEC, 250 * TN_MSEC };

/*
 * Enterprise, production and not, from the platform's page; and the free plan, of which
 * half is one call: it is told in whole seconds when the next one comes, so that every
 * other second is lost.
 */
static void
a_share_is_kept_in_every_stretch_of_time_and_used(void **state TN_UNUSED)
{
	static const struct {
		unsigned share, burst, per_second;
		double slower; /* than the best, at most */
	} rows[] = { { 50, 50, 16, 1.1 }, { 25, 50, 16, 1.1 }, { 10, 50, 16, 1.1 },
		{ 50, 10, 2, 1.1 }, { 90, 10, 2, 1.1 }, { 20, 10, 2, 1.1 },
		{ 50, 2, 2, 2.1 } };

	for (size_t i = 0; i < TN_ARRAY_LEN(rows); i++)
		for (size_t k = 0; k < TN_ARRAY_LEN(latencies); k++)
			keeps_and_uses(rows[i].share, rows[i].burst, rows[i].per_second,
			    latencies[k], rows[i].slower);
}

/*
 * A size of which nothing is published, or something else: what is measured counts. Where
 * the way is long, calls come so slowly that a fast tenant is full again at each of them:
 * how much faster it is cannot be seen, and is not presumed.
 */
static void
a_share_of_any_other_tenant_is_kept_too(void **state TN_UNUSED)
{
	static const struct {
		unsigned share, burst, per_second;
		double slower;
	} rows[] = { { 75, 100, 50, 2.6 }, { 50, 30, 10, 1.2 }, { 25, 30, 10, 1.2 },
		{ 50, 50, 4, 1.2 }, { 25, 50, 4, 1.2 }, { 10, 50, 1, 1.2 },
		{ 50, 50, 40, 2.6 }, { 25, 50, 40, 2.6 }, { 50, 10, 5, 1.2 },
		{ 50, 10, 1, 1.2 }, { 20, 10, 1, 1.2 } };

	for (size_t i = 0; i < TN_ARRAY_LEN(rows); i++)
		for (size_t k = 0; k < TN_ARRAY_LEN(latencies); k++)
			keeps_and_uses(rows[i].share, rows[i].burst, rows[i].per_second,
			    latencies[k], rows[i].slower);
}

/* The test above could pass for another reason: without a share it must not. */
static void
without_a_share_more_is_spent(void **state TN_UNUSED)
{
	static struct series series;
	size_t early = 0;

	play(&series, 0, 50, 16, 20 * TN_MSEC);
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

	play(&series, 50, 0, 0, 20 * TN_MSEC);
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
		cmocka_unit_test(what_is_published_says_when_to_look),
		cmocka_unit_test(the_way_there_and_back_is_not_counted),
		cmocka_unit_test(a_bucket_that_was_full_in_between_does_not_seem_slow),
		cmocka_unit_test(what_may_have_been_counted_already_did_not_come_back),
		cmocka_unit_test(a_round_that_was_left_alone_is_forgotten),
		cmocka_unit_test(foreign_figures_are_cut),
		cmocka_unit_test(a_share_is_kept_in_every_stretch_of_time_and_used),
		cmocka_unit_test(a_share_of_any_other_tenant_is_kept_too),
		cmocka_unit_test(without_a_share_more_is_spent),
		cmocka_unit_test(a_tenant_without_a_limit_is_not_slow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
