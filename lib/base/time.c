#include "base/time.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define DAY_SECONDS INT64_C(86400)

struct civil {
	int64_t year;
	unsigned month; /* 1 … 12 */
	unsigned day;   /* 1 … 31 */
};

/*
 * Days since 1970 in the proleptic Gregorian calendar, and back. Years begin in
 * March here, so that the leap day is the last of its year; an era is 400 years.
 */
static int64_t
days_from_civil(struct civil date)
{
	int64_t year = date.month <= 2 ? date.year - 1 : date.year;
	int64_t era = (year >= 0 ? year : year - 399) / 400;
	int64_t year_of_era = year - era * 400;
	int64_t month = (date.month + 9) % 12;
	int64_t day_of_year = (153 * month + 2) / 5 + date.day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 +
	    day_of_year;

	return era * 146097 + day_of_era - 719468;
}

static struct civil
civil_from_days(int64_t days)
{
	int64_t shifted = days + 719468;
	int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
	int64_t day_of_era = shifted - era * 146097;
	int64_t year_of_era =
	    (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) /
	    365;
	int64_t day_of_year = day_of_era -
	    (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int64_t month = (5 * day_of_year + 2) / 153;
	struct civil date;

	date.day = (unsigned)(day_of_year - (153 * month + 2) / 5 + 1);
	date.month = (unsigned)(month < 10 ? month + 3 : month - 9);
	date.year = year_of_era + era * 400 + (date.month <= 2 ? 1 : 0);
	return date;
}

static int64_t
floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0 ? 1 : 0);
}

/* The part up to the seconds, without zone; 19 characters. */
static int
format_civil(int64_t seconds, char out[TN_TIME_SIZE])
{
	int64_t days = floor_div(seconds, DAY_SECONDS);
	unsigned left = (unsigned)(seconds - days * DAY_SECONDS);
	struct civil date = civil_from_days(days);

	return snprintf(out, TN_TIME_SIZE, "%04" PRId64 "-%02u-%02uT%02u:%02u:%02u",
	    date.year, date.month, date.day, left / 3600, left / 60 % 60, left % 60);
}

void
tn_time_format(int64_t unix_ns, char out[TN_TIME_SIZE])
{
	int64_t seconds = floor_div(unix_ns, TN_SEC);
	int64_t rest = unix_ns % TN_SEC;
	unsigned fraction = (unsigned)(rest < 0 ? rest + TN_SEC : rest);
	int len = format_civil(seconds, out);
	size_t left = (size_t)(TN_TIME_SIZE - len);

	if (fraction == 0)
		snprintf(out + len, left, "Z");
	else if (fraction % 1000000 == 0)
		snprintf(out + len, left, ".%03uZ", fraction / 1000000);
	else if (fraction % 1000 == 0)
		snprintf(out + len, left, ".%06uZ", fraction / 1000);
	else
		snprintf(out + len, left, ".%09uZ", fraction);
}

void
tn_time_format_seconds(int64_t unix_ns, char out[TN_TIME_SIZE])
{
	int len = format_civil(floor_div(unix_ns, TN_SEC), out);

	snprintf(out + len, (size_t)(TN_TIME_SIZE - len), "Z");
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
take_digits(const char **text, int count, unsigned *out)
{
	unsigned number = 0;

	for (int i = 0; i < count; i++) {
		if (!is_digit(**text))
			return false;
		number = number * 10 + (unsigned)(*(*text)++ - '0');
	}
	*out = number;
	return true;
}

static bool
take_char(const char **text, char c)
{
	if (**text != c)
		return false;
	(*text)++;
	return true;
}

static unsigned
days_in_month(unsigned year, unsigned month)
{
	static const unsigned char days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30,
		31 };
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return days[month - 1] + (month == 2 && leap ? 1u : 0u);
}

static bool
parse_date(const char **text, int64_t *days_out)
{
	unsigned year, month, day;

	if (!take_digits(text, 4, &year) || !take_char(text, '-') ||
	    !take_digits(text, 2, &month) || !take_char(text, '-') ||
	    !take_digits(text, 2, &day))
		return false;
	if (month < 1 || month > 12 || day < 1 || day > days_in_month(year, month))
		return false;
	*days_out = days_from_civil(
	    (struct civil){ .year = year, .month = month, .day = day });
	return true;
}

static bool
parse_clock(const char **text, int64_t *seconds_out)
{
	unsigned hour, minute, second;

	if (!take_digits(text, 2, &hour) || !take_char(text, ':') ||
	    !take_digits(text, 2, &minute) || !take_char(text, ':') ||
	    !take_digits(text, 2, &second))
		return false;
	/* 60 is a leap second, which counts as the first of the next minute. */
	if (hour > 23 || minute > 59 || second > 60)
		return false;
	*seconds_out = (int64_t)hour * 3600 + minute * 60 + second;
	return true;
}

/* Digits beyond nanoseconds are read and dropped. */
static bool
parse_fraction(const char **text, int64_t *ns_out)
{
	int64_t ns = 0, unit = TN_SEC / 10;

	*ns_out = 0;
	if (!take_char(text, '.'))
		return true;
	if (!is_digit(**text))
		return false;
	for (; is_digit(**text); (*text)++) {
		ns += (**text - '0') * unit;
		unit /= 10;
	}
	*ns_out = ns;
	return true;
}

static bool
parse_zone(const char **text, int64_t *seconds_out)
{
	bool west = **text == '-';
	unsigned hour, minute;

	*seconds_out = 0;
	if (take_char(text, 'Z') || take_char(text, 'z'))
		return true;
	if (!take_char(text, '+') && !take_char(text, '-'))
		return false;
	if (!take_digits(text, 2, &hour) || !take_char(text, ':') ||
	    !take_digits(text, 2, &minute) || hour > 23 || minute > 59)
		return false;
	*seconds_out = ((int64_t)hour * 3600 + minute * 60) * (west ? -1 : 1);
	return true;
}

bool
tn_time_parse(const char *text, int64_t *unix_ns_out)
{
	int64_t days, clock, fraction, zone, seconds, ns;

	if (text == NULL || !parse_date(&text, &days))
		return false;
	if (!take_char(&text, 'T') && !take_char(&text, 't'))
		return false;
	if (!parse_clock(&text, &clock) || !parse_fraction(&text, &fraction) ||
	    !parse_zone(&text, &zone) || *text != '\0')
		return false;
	seconds = days * DAY_SECONDS + clock - zone;
	/* Towards zero first: the earliest time that fits lies in a second that does not.
	 */
	if (seconds < 0) {
		seconds += 1;
		fraction -= TN_SEC;
	}
	if (__builtin_mul_overflow(seconds, TN_SEC, &ns) ||
	    __builtin_add_overflow(ns, fraction, &ns))
		return false;
	*unix_ns_out = ns;
	return true;
}

void
tn_duration_format(int64_t ns, char out[24])
{
	static const struct {
		int64_t ns;
		int64_t until; /* rounded counts below this are given in the unit */
		const char *name;
	} units[] = {
		{ TN_MSEC, 1000, "ms" },
		{ TN_SEC, 60, "s" },
		{ 60 * TN_SEC, 60, "min" },
		{ 3600 * TN_SEC, 48, "h" },
		{ 24 * 3600 * TN_SEC, INT64_MAX, "d" },
	};
	const char *sign = ns < 0 ? "-" : "";
	uint64_t size = ns < 0 ? UINT64_C(0) - (uint64_t)ns : (uint64_t)ns;

	for (size_t i = 0; i < TN_ARRAY_LEN(units); i++) {
		uint64_t unit = (uint64_t)units[i].ns;
		uint64_t count = size / unit + (size % unit >= unit / 2 ? 1 : 0);

		if (count < (uint64_t)units[i].until) {
			snprintf(out, 24, "%s%" PRIu64 " %s", count > 0 ? sign : "",
			    count, units[i].name);
			return;
		}
	}
}

bool
tn_duration_parse(const char *text, int64_t *ns_out)
{
	static const struct {
		const char *name;
		int64_t ns;
	} units[] = {
		{ "ms", TN_MSEC },
		{ "s", TN_SEC },
		{ "m", 60 * TN_SEC },
		{ "h", 3600 * TN_SEC },
	};
	int64_t count = 0;

	if (text == NULL || !is_digit(*text))
		return false;
	for (; is_digit(*text); text++) {
		if (__builtin_mul_overflow(count, 10, &count) ||
		    __builtin_add_overflow(count, *text - '0', &count))
			return false;
	}
	if (count == 0 && *text == '\0') {
		*ns_out = 0;
		return true;
	}
	for (size_t i = 0; i < TN_ARRAY_LEN(units); i++) {
		if (strcmp(text, units[i].name) != 0)
			continue;
		if (__builtin_mul_overflow(count, units[i].ns, &count))
			return false;
		*ns_out = count;
		return true;
	}
	return false;
}
