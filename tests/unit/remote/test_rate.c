#include "world.h"

#include "remote/rate.h"

#define NOW  (INT64_C(1000) * TN_SEC)
#define UNIX (INT64_C(1780272000) * TN_SEC)

static int64_t
wait_of(const char *retry_after, const char *reset)
{
	struct tn_http_field fields[2];
	struct tn_http_response resp = { .status = 429, .fields = fields };

	if (retry_after != NULL)
		fields[resp.n_fields++] = (struct tn_http_field){ "retry-after",
			retry_after };
	if (reset != NULL)
		fields[resp.n_fields++] = (struct tn_http_field){ "x-ratelimit-reset",
			reset };
	return tn_rate_wait(&resp, UNIX);
}

static void
retry_after_goes_before_the_reset(void **state)
{
	(void)state;
	assert_int_equal(wait_of("3", "1780272009"), 3 * TN_SEC);
	assert_int_equal(wait_of("0", "1780272009"), 0);
	assert_int_equal(wait_of(NULL, "1780272009"), 9 * TN_SEC);
	assert_int_equal(wait_of(NULL, NULL), -1);
}

static void
what_is_no_number_of_seconds_does_not_count(void **state)
{
	static const char *const bad[] = { "", " 3", "3 ", "-1", "+1", "1.5", "x",
		"Wed, 21 Oct 2026 07:28:00 GMT", "9999999999999999999999" };

	(void)state;
	for (size_t i = 0; i < TN_ARRAY_LEN(bad); i++) {
		assert_int_equal(wait_of(bad[i], NULL), -1);
		assert_int_equal(wait_of(bad[i], "1780272002"), 2 * TN_SEC);
		assert_int_equal(wait_of(NULL, bad[i]), -1);
	}
}

static void
waits_are_cut_at_both_ends(void **state)
{
	(void)state;
	assert_int_equal(wait_of("3600", NULL), 60 * TN_SEC);
	assert_int_equal(wait_of("999999999999", NULL), 60 * TN_SEC);
	assert_int_equal(wait_of(NULL, "1780275600"), 60 * TN_SEC);
	assert_int_equal(wait_of(NULL, "999999999999"), 60 * TN_SEC);
	assert_int_equal(wait_of(NULL, "1780271000"), 0);
	assert_int_equal(wait_of(NULL, "0"), 0);
}

static int64_t
left_after(const char *remaining, const char *reset)
{
	struct tn_http_field fields[2];
	struct tn_http_response resp = { .status = 200, .fields = fields };
	struct tn_rate rate = { 0 };

	if (remaining != NULL)
		fields[resp.n_fields++] = (struct tn_http_field){ "x-ratelimit-remaining",
			remaining };
	if (reset != NULL)
		fields[resp.n_fields++] = (struct tn_http_field){ "x-ratelimit-reset",
			reset };
	tn_rate_note(&rate, &resp, 0, NOW, UNIX);
	return tn_rate_left(&rate, NOW);
}

static void
nothing_left_pauses_until_the_reset(void **state)
{
	(void)state;
	assert_int_equal(left_after("0", "1780272002"), 2 * TN_SEC);
	assert_int_equal(left_after("1", "1780272002"), 0);
	assert_int_equal(left_after(NULL, "1780272002"), 0);
	assert_int_equal(left_after("0", NULL), 0);
	/* A clock may be wrong: at once would be a refusal. */
	assert_int_equal(left_after("0", "1780271990"), 500 * TN_MSEC);
	assert_int_equal(left_after("none", "1780272002"), 0);
}

static void
a_pause_is_never_shortened_and_ends(void **state)
{
	struct tn_rate rate = { 0 };

	(void)state;
	assert_int_equal(tn_rate_left(&rate, NOW), 0);
	tn_rate_pause(&rate, NOW, 5 * TN_SEC);
	tn_rate_pause(&rate, NOW, TN_SEC);
	assert_int_equal(tn_rate_left(&rate, NOW), 5 * TN_SEC);
	assert_int_equal(tn_rate_left(&rate, NOW + 4 * TN_SEC), TN_SEC);
	assert_int_equal(tn_rate_left(&rate, NOW + 5 * TN_SEC), 0);
	assert_int_equal(tn_rate_left(&rate, NOW + 50 * TN_SEC), 0);
}

static struct tn_rate
noted(const char *remaining, unsigned in_flight)
{
	struct tn_http_field fields[] = {
		{ "x-ratelimit-remaining", remaining },
		{ "x-ratelimit-reset", "1780272001" },
	};
	struct tn_http_response resp = { .status = 200, .fields = fields, .n_fields = 2 };
	struct tn_rate rate = { 0 };

	tn_rate_note(&rate, &resp, in_flight, NOW, UNIX);
	return rate;
}

static void
no_more_is_sent_than_remains(void **state)
{
	struct tn_rate rate = noted("3", 1);

	(void)state;
	assert_true(tn_rate_may_send(&rate, 1));
	tn_rate_sent(&rate, 1, NOW);
	assert_true(tn_rate_may_send(&rate, 2));
	tn_rate_sent(&rate, 2, NOW);
	assert_false(tn_rate_may_send(&rate, 3));
	assert_int_equal(tn_rate_left(&rate, NOW), 0);
	rate = noted("3", 5);
	assert_false(tn_rate_may_send(&rate, 5));
}

static void
with_nothing_in_flight_one_may_always_go(void **state)
{
	struct tn_rate rate = noted("0", 0);

	(void)state;
	assert_true(tn_rate_may_send(&rate, 0));
	assert_false(tn_rate_may_send(&rate, 1));
	assert_int_equal(tn_rate_left(&rate, NOW), TN_SEC);
}

static void
a_tenant_that_tells_nothing_is_not_held_to_anything(void **state)
{
	struct tn_http_response resp = { .status = 200 };
	struct tn_rate rate = { 0 };

	(void)state;
	tn_rate_note(&rate, &resp, 0, NOW, UNIX);
	assert_true(tn_rate_may_send(&rate, 1000));
	rate = noted("0", 0);
	tn_rate_note(&rate, &resp, 0, NOW, UNIX);
	assert_true(tn_rate_may_send(&rate, 1000));
}

static void
a_refusal_leaves_room_for_one(void **state)
{
	struct tn_rate rate = { 0 };

	(void)state;
	tn_rate_pause(&rate, NOW, TN_SEC);
	assert_false(tn_rate_may_send(&rate, 1));
	assert_true(tn_rate_may_send(&rate, 0));
}

static void
the_first_call_goes_alone(void **state)
{
	struct tn_rate rate = { 0 };

	(void)state;
	assert_true(tn_rate_may_send(&rate, 0));
	tn_rate_sent(&rate, 0, NOW);
	assert_false(tn_rate_may_send(&rate, 1));
	assert_int_equal(tn_rate_ready(&rate, NOW), 0);
}

/* An answer at a time, of a tenant whose bucket holds a hundred. */
static void
tells(struct tn_rate *rate, const char *remaining, unsigned in_flight, int64_t now)
{
	struct tn_http_field fields[] = {
		{ "x-ratelimit-limit", "100" },
		{ "x-ratelimit-remaining", remaining },
		{ "x-ratelimit-reset", "1780272001" },
	};
	struct tn_http_response resp = { .status = 200, .fields = fields, .n_fields = 3 };

	tn_rate_note(rate, &resp, in_flight, now, UNIX);
}

static void
who_sees_others_leaves_them_half(void **state)
{
	struct tn_rate rate = { 0 };

	(void)state;
	tn_rate_sent(&rate, 0, NOW);
	tells(&rate, "99", 0, NOW);
	assert_int_equal(rate.room, 99);
	/* Three of ours and none else, one of them unanswered. */
	for (unsigned i = 0; i < 3; i++)
		tn_rate_sent(&rate, i, NOW);
	tells(&rate, "96", 2, NOW);
	assert_int_equal(rate.room, 94);
	/* One more is gone than that. */
	tells(&rate, "95", 1, NOW);
	assert_int_equal(rate.room, 95 - 50 - 1);
	tells(&rate, "96", 0, NOW + 9 * TN_SEC);
	assert_int_equal(rate.room, 46);
	tells(&rate, "96", 0, NOW + 10 * TN_SEC);
	assert_int_equal(rate.room, 96);
}

static void
a_bucket_that_is_not_full_at_first_is_used_by_others(void **state)
{
	struct tn_rate rate = { 0 };

	(void)state;
	tn_rate_sent(&rate, 0, NOW);
	tells(&rate, "98", 0, NOW);
	assert_int_equal(rate.room, 48);
}

static void
who_gets_nothing_beside_others_asks_less_and_less(void **state)
{
	static const unsigned waits[] = { 1000, 1000, 2000, 4000, 4000 };
	struct tn_rate rate = { 0 };
	int64_t now = NOW;

	(void)state;
	for (size_t i = 0; i < TN_ARRAY_LEN(waits); i++) {
		tn_rate_sent(&rate, 0, now);
		tells(&rate, "30", 0, now);
		assert_int_equal(tn_rate_left(&rate, now), waits[i] * TN_MSEC);
		now += waits[i] * TN_MSEC;
	}
	tells(&rate, "90", 0, now);
	assert_int_equal(tn_rate_left(&rate, now), 0);
	tells(&rate, "30", 0, now);
	assert_int_equal(tn_rate_left(&rate, now), TN_SEC);
}

static void
a_refusal_shows_others_too(void **state)
{
	struct tn_rate rate = { 0 };

	(void)state;
	tn_rate_sent(&rate, 0, NOW);
	tells(&rate, "99", 0, NOW);
	tn_rate_pause(&rate, NOW, TN_SEC);
	assert_int_equal(rate.room, 0);
	tells(&rate, "80", 0, NOW + TN_SEC);
	assert_int_equal(rate.room, 30);
}

static void
another_limit_is_no_sign_of_others(void **state)
{
	struct tn_rate rate = { 0 };
	struct tn_http_field fields[] = {
		{ "x-ratelimit-limit", "10" },
		{ "x-ratelimit-remaining", "7" },
		{ "x-ratelimit-reset", "1780272001" },
	};
	struct tn_http_response resp = { .status = 200, .fields = fields, .n_fields = 3 };

	(void)state;
	tn_rate_sent(&rate, 0, NOW);
	tells(&rate, "99", 0, NOW);
	tn_rate_sent(&rate, 0, NOW);
	tn_rate_note(&rate, &resp, 0, NOW, UNIX);
	assert_int_equal(rate.room, 7);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(retry_after_goes_before_the_reset),
		cmocka_unit_test(what_is_no_number_of_seconds_does_not_count),
		cmocka_unit_test(waits_are_cut_at_both_ends),
		cmocka_unit_test(nothing_left_pauses_until_the_reset),
		cmocka_unit_test(a_pause_is_never_shortened_and_ends),
		cmocka_unit_test(no_more_is_sent_than_remains),
		cmocka_unit_test(with_nothing_in_flight_one_may_always_go),
		cmocka_unit_test(a_tenant_that_tells_nothing_is_not_held_to_anything),
		cmocka_unit_test(a_refusal_leaves_room_for_one),
		cmocka_unit_test(the_first_call_goes_alone),
		cmocka_unit_test(who_sees_others_leaves_them_half),
		cmocka_unit_test(a_bucket_that_is_not_full_at_first_is_used_by_others),
		cmocka_unit_test(who_gets_nothing_beside_others_asks_less_and_less),
		cmocka_unit_test(a_refusal_shows_others_too),
		cmocka_unit_test(another_limit_is_no_sign_of_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
