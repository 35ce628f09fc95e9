/* Points in time and durations as text, and back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <time.h>

#include "base/rand.h"
#include "base/time.h"

static void
times_are_written_with_the_digits_they_need(void **state TN_UNUSED)
{
	static const struct {
		int64_t ns;
		const char *text, *seconds;
	} cases[] = {
		{ 0, "1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z" },
		{ 84 * TN_MSEC, "1970-01-01T00:00:00.084Z", "1970-01-01T00:00:00Z" },
		{ 84 * TN_MSEC + 5000, "1970-01-01T00:00:00.084005Z",
		    "1970-01-01T00:00:00Z" },
		{ 1, "1970-01-01T00:00:00.000000001Z", "1970-01-01T00:00:00Z" },
		{ -1, "1969-12-31T23:59:59.999999999Z", "1969-12-31T23:59:59Z" },
		{ 951782400 * TN_SEC, "2000-02-29T00:00:00Z", "2000-02-29T00:00:00Z" },
		{ INT64_C(1700000000) * TN_SEC, "2023-11-14T22:13:20Z",
		    "2023-11-14T22:13:20Z" },
		{ INT64_C(2147483648) * TN_SEC, "2038-01-19T03:14:08Z",
		    "2038-01-19T03:14:08Z" },
		{ INT64_C(4107542400) * TN_SEC, "2100-03-01T00:00:00Z",
		    "2100-03-01T00:00:00Z" },
		{ INT64_MAX, "2262-04-11T23:47:16.854775807Z", "2262-04-11T23:47:16Z" },
		{ INT64_MIN, "1677-09-21T00:12:43.145224192Z", "1677-09-21T00:12:43Z" },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		char text[TN_TIME_SIZE];
		int64_t back;

		tn_time_format(cases[i].ns, text);
		assert_string_equal(text, cases[i].text);
		assert_true(tn_time_parse(text, &back));
		assert_true(back == cases[i].ns);
		tn_time_format_seconds(cases[i].ns, text);
		assert_string_equal(text, cases[i].seconds);
	}
}

static void
times_in_all_their_spellings(void **state TN_UNUSED)
{
	static const struct {
		const char *text;
		int64_t ns;
	} cases[] = {
		{ "1970-01-01T00:00:01Z", TN_SEC },
		{ "1970-01-01t00:00:01z", TN_SEC },
		{ "1970-01-01T00:00:01.5Z", TN_SEC + 500 * TN_MSEC },
		{ "1970-01-01T00:00:00.0000000019999Z", 1 },
		{ "1970-01-01T00:00:00.000000000000000000000000000001Z", 0 },
		{ "1970-01-01T02:00:00+02:00", 0 },
		{ "1969-12-31T19:30:00-04:30", 0 },
		{ "1970-01-01T00:00:00-00:00", 0 },
		{ "1970-01-01T23:59:60Z", 86400 * TN_SEC },
		{ "2024-02-29T12:00:00Z", INT64_C(1709208000) * TN_SEC },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		int64_t ns = -1;

		assert_true(tn_time_parse(cases[i].text, &ns));
		assert_true(ns == cases[i].ns);
	}
}

static void
what_is_no_time(void **state TN_UNUSED)
{
	static const char *const cases[] = {
		"",
		"now",
		"1970-01-01",
		"1970-01-01T00:00:00",
		"1970-01-01 00:00:00Z",
		"1970-01-01T00:00Z",
		"1970-01-01T00:00:00.Z",
		"1970-01-01T00:00:00,5Z",
		"1970-01-01T00:00:00Zx",
		"1970-01-01T00:00:00 Z",
		" 1970-01-01T00:00:00Z",
		"1970-00-01T00:00:00Z",
		"1970-13-01T00:00:00Z",
		"1970-01-00T00:00:00Z",
		"1970-01-32T00:00:00Z",
		"1970-04-31T00:00:00Z",
		"2023-02-29T00:00:00Z",
		"2100-02-29T00:00:00Z",
		"1970-01-01T24:00:00Z",
		"1970-01-01T00:60:00Z",
		"1970-01-01T00:00:61Z",
		"1970-1-01T00:00:00Z",
		"70-01-01T00:00:00Z",
		"+1970-01-01T00:00:00Z",
		"-970-01-01T00:00:00Z",
		"1970-01-01T00:00:00+2:00",
		"1970-01-01T00:00:00+0200",
		"1970-01-01T00:00:00+24:00",
		"1970-01-01T00:00:00+02:60",
		"1970-01-01T00:00:00+",
		"0001-01-01T00:00:00Z",
		"2262-04-11T23:47:17Z",
		"9999-12-31T23:59:59Z",
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		int64_t ns = 77;

		assert_false(tn_time_parse(cases[i], &ns));
		assert_int_equal(ns, 77);
	}
	assert_false(tn_time_parse(NULL, &(int64_t){ 0 }));
}

/* The C library's calendar is the witness. */
static void
random_times_agree_with_the_c_library(void **state TN_UNUSED)
{
	struct tn_rand rand;

	tn_rand_init(&rand, 11);
	for (int i = 0; i < 20000; i++) {
		int64_t seconds = (int64_t)tn_rand_below(&rand, UINT64_C(18000000000)) -
		    INT64_C(9000000000);
		time_t clock = (time_t)seconds;
		char text[TN_TIME_SIZE], wanted[TN_TIME_SIZE];
		struct tm tm;
		int64_t back;

		assert_non_null(gmtime_r(&clock, &tm));
		assert_true(
		    strftime(wanted, sizeof(wanted), "%Y-%m-%dT%H:%M:%SZ", &tm) > 0);
		tn_time_format(seconds * TN_SEC, text);
		assert_string_equal(text, wanted);
		assert_true(tn_time_parse(text, &back));
		assert_true(back == seconds * TN_SEC);
	}
}

static void
durations_for_people(void **state TN_UNUSED)
{
	static const struct {
		int64_t ns;
		const char *text;
	} cases[] = {
		{ 0, "0 ms" },
		{ 1, "0 ms" },
		{ -1, "0 ms" },
		{ 500000, "1 ms" },
		{ 850 * TN_MSEC, "850 ms" },
		{ 999 * TN_MSEC + 499999, "999 ms" },
		{ 999 * TN_MSEC + 500000, "1 s" },
		{ 4 * TN_SEC, "4 s" },
		{ 4 * TN_SEC + 499 * TN_MSEC, "4 s" },
		{ 4 * TN_SEC + 500 * TN_MSEC, "5 s" },
		{ 59 * TN_SEC + 500 * TN_MSEC, "1 min" },
		{ 89 * TN_SEC, "1 min" },
		{ 90 * TN_SEC, "2 min" },
		{ 3600 * TN_SEC, "1 h" },
		{ 47 * 3600 * TN_SEC, "47 h" },
		{ 48 * 3600 * TN_SEC, "2 d" },
		{ -850 * TN_MSEC, "-850 ms" },
		{ INT64_MAX, "106752 d" },
		{ INT64_MIN, "-106752 d" },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		char text[24];

		tn_duration_format(cases[i].ns, text);
		assert_string_equal(text, cases[i].text);
	}
}

static void
durations_from_text(void **state TN_UNUSED)
{
	static const struct {
		const char *text;
		bool fine;
		int64_t ns;
	} cases[] = {
		{ "250ms", true, 250 * TN_MSEC },
		{ "2s", true, 2 * TN_SEC },
		{ "1m", true, 60 * TN_SEC },
		{ "1h", true, 3600 * TN_SEC },
		{ "0", true, 0 },
		{ "00", true, 0 },
		{ "0s", true, 0 },
		{ "9223372036s", true, INT64_C(9223372036) * TN_SEC },
		{ "9223372037s", false, 0 },
		{ "99999999999999999999s", false, 0 },
		{ "2562048h", false, 0 },
		{ "5", false, 0 },
		{ "", false, 0 },
		{ "s", false, 0 },
		{ "-1s", false, 0 },
		{ "+1s", false, 0 },
		{ "1.5s", false, 0 },
		{ "1 s", false, 0 },
		{ " 1s", false, 0 },
		{ "1s ", false, 0 },
		{ "1S", false, 0 },
		{ "1min", false, 0 },
		{ "1m30s", false, 0 },
		{ "1d", false, 0 },
		{ "0x1s", false, 0 },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		int64_t ns = 0;

		assert_int_equal(tn_duration_parse(cases[i].text, &ns), cases[i].fine);
		assert_true(ns == cases[i].ns);
	}
	assert_false(tn_duration_parse(NULL, &(int64_t){ 0 }));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(times_are_written_with_the_digits_they_need),
		cmocka_unit_test(times_in_all_their_spellings),
		cmocka_unit_test(what_is_no_time),
		cmocka_unit_test(random_times_agree_with_the_c_library),
		cmocka_unit_test(durations_for_people),
		cmocka_unit_test(durations_from_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
