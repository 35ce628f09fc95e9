/* The head and body of an answer as they arrive, and their bounds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "http/answer.h"

static bool
feed(struct tn_answer *answer, const char *const *lines, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (!tn_answer_line(answer, tn_span(lines[i])))
			return false;
	}
	return true;
}

static void
fields_are_lower_case_and_trimmed(void **state TN_UNUSED)
{
	static const char *const lines[] = {
		"HTTP/1.1 200 OK\r\n",
		"Content-Type: application/json\r\n",
		"X-Empty:\r\n",
		"X-Space: \t a  b \t\r\n",
		"x-bytes:\xc3\xbc:,;\"\r\n",
		"\r\n",
	};
	struct tn_answer answer;
	struct tn_http_response resp;

	tn_answer_init(&answer, 100);
	assert_true(feed(&answer, lines, TN_ARRAY_LEN(lines)));
	assert_true(tn_answer_bytes(&answer, tn_span("{\"a\"")));
	assert_true(tn_answer_bytes(&answer, tn_span(":1}")));
	resp = tn_answer_response(&answer, 200);
	assert_int_equal(resp.status, 200);
	assert_int_equal(resp.n_fields, 4);
	assert_string_equal(resp.fields[0].name, "content-type");
	assert_string_equal(resp.fields[0].value, "application/json");
	assert_string_equal(resp.fields[1].value, "");
	assert_string_equal(resp.fields[2].value, "a  b");
	assert_string_equal(resp.fields[3].value, "\xc3\xbc:,;\"");
	assert_true(tn_span_is(resp.body, "{\"a\":1}"));
	tn_answer_done(&answer);
}

static void
interim_heads_and_trailers_do_not_count(void **state TN_UNUSED)
{
	static const char *const lines[] = {
		"HTTP/1.1 100 Continue\r\n",
		"X-Early: 1\r\n",
		"\r\n",
		"HTTP/1.1 201 Created\r\n",
		"X-Late: 2\r\n",
		"\r\n",
		"X-Trailer: 3\r\n",
	};
	struct tn_answer answer;

	tn_answer_init(&answer, 100);
	assert_true(feed(&answer, lines, TN_ARRAY_LEN(lines)));
	assert_int_equal(answer.n_fields, 1);
	assert_string_equal(answer.fields[0].name, "x-late");
	tn_answer_done(&answer);
}

static void
malformed_lines_end_it(void **state TN_UNUSED)
{
	static const struct {
		const char *bytes;
		size_t len;
	} cases[] = {
		{ "no colon\r\n", 10 },
		{ ": no name\r\n", 11 },
		{ " X-Folded: a\r\n", 14 },
		{ "X Space: a\r\n", 12 },
		{ "X-A : a\r\n", 9 },
		{ "X\x01: a\r\n", 7 },
		{ "X\xff: a\r\n", 7 },
		{ "X-A: \x1b[2J\r\n", 11 },
		{ "X-A: a\0\r\n", 9 },
		{ "X-A: a\0b\r\n", 10 },
		{ "X\0A: ab\r\n", 9 },
		{ "X-A: a\rX-B: b\r\n", 15 },
		{ "X-A: \x7f\r\n", 8 },
		{ "HTTP/1.1 200 OK\r\n", 17 },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		struct tn_answer answer;

		tn_answer_init(&answer, 100);
		assert_true(tn_answer_line(&answer, tn_span("HTTP/1.1 200 OK\r\n")));
		if (tn_answer_line(&answer, tn_span_of(cases[i].bytes, cases[i].len)))
			fail_msg("line %zu was taken", i);
		assert_int_equal(answer.fault, TN_ANSWER_MALFORMED);
		tn_answer_done(&answer);
	}
}

static void
the_number_of_fields_is_bounded(void **state TN_UNUSED)
{
	struct tn_answer answer;

	tn_answer_init(&answer, 100);
	assert_true(tn_answer_line(&answer, tn_span("HTTP/1.1 200 OK\r\n")));
	for (int i = 0; i < 100; i++)
		assert_true(tn_answer_line(&answer, tn_span("X: 1\r\n")));
	assert_false(tn_answer_line(&answer, tn_span("X: 1\r\n")));
	assert_int_equal(answer.fault, TN_ANSWER_TOO_LARGE);
	assert_int_equal(answer.n_fields, 100);
	tn_answer_done(&answer);
}

static void
the_size_of_all_heads_is_bounded(void **state TN_UNUSED)
{
	static const char *const interim[] = { "HTTP/1.1 103 Early Hints\r\n", "\r\n" };
	char line[1024 + 1];
	struct tn_answer answer;
	unsigned rounds = 0;

	memset(line, 'v', sizeof line - 1);
	line[sizeof line - 1] = '\0';
	line[1] = ':';
	tn_answer_init(&answer, 100);
	while (rounds < 1000 && feed(&answer, interim, 2) &&
	    tn_answer_line(&answer, tn_span(line)) &&
	    tn_answer_line(&answer, tn_span("\r\n")))
		rounds++;
	assert_int_equal(answer.fault, TN_ANSWER_TOO_LARGE);
	/* 65536 bytes in rounds of 26 + 2 + 1024 + 2. */
	assert_int_equal(rounds, 65536 / 1054);
	tn_answer_done(&answer);
}

static void
a_body_may_be_exactly_as_large_as_allowed(void **state TN_UNUSED)
{
	struct tn_answer answer;

	tn_answer_init(&answer, 10);
	assert_true(tn_answer_bytes(&answer, tn_span("01234")));
	assert_true(tn_answer_bytes(&answer, tn_span("56789")));
	assert_int_equal(answer.fault, TN_ANSWER_FINE);
	assert_false(tn_answer_bytes(&answer, tn_span("x")));
	assert_int_equal(answer.fault, TN_ANSWER_TOO_LARGE);
	tn_answer_done(&answer);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_are_lower_case_and_trimmed),
		cmocka_unit_test(interim_heads_and_trailers_do_not_count),
		cmocka_unit_test(malformed_lines_end_it),
		cmocka_unit_test(the_number_of_fields_is_bounded),
		cmocka_unit_test(the_size_of_all_heads_is_bounded),
		cmocka_unit_test(a_body_may_be_exactly_as_large_as_allowed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
