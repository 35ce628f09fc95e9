/* The redactor: every spelling of a value goes, everything else stays. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/rand.h"
#include "base/secret.h"
#include "base/text.h"

static void
add(struct tn_redactor *redactor, const char *bytes, size_t len)
{
	TN_CLEANUP(tn_secret_unrefp) struct tn_secret *secret = tn_secret_new(bytes, len);

	tn_redactor_add(redactor, secret);
}

static void
add_text(struct tn_redactor *redactor, const char *text)
{
	add(redactor, text, strlen(text));
}

static void
assert_redacted(const struct tn_redactor *redactor, const char *text, const char *wanted)
{
	TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;

	tn_redactor_apply(redactor, tn_span(text), &out);
	assert_string_equal(tn_str_text(&out), wanted);
}

static void
plain_values_go_wherever_they_stand(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_redactor_freep) struct tn_redactor *redactor = tn_redactor_new();

	add_text(redactor, "hunter22");
	assert_redacted(redactor, "hunter22", "(secret)");
	assert_redacted(redactor, "a hunter22", "a (secret)");
	assert_redacted(redactor, "hunter22 b", "(secret) b");
	assert_redacted(redactor, "hunter22hunter22", "(secret)(secret)");
	assert_redacted(redactor, "hunter2", "hunter2");
	assert_redacted(redactor, "Hunter22", "Hunter22");
	assert_redacted(redactor, "hunterhunter22", "hunter(secret)");
	assert_redacted(redactor, "", "");
	assert_redacted(redactor, "hun", "hun");
}

static void
text_is_appended(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_redactor_freep) struct tn_redactor *redactor = tn_redactor_new();
	TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;

	add_text(redactor, "hunter22");
	tn_str_add(&out, "before: ");
	tn_redactor_apply(redactor, tn_span("x hunter22"), &out);
	tn_redactor_apply(redactor, tn_span_of("a\0hunter22\0b", 12), &out);
	assert_int_equal(out.len, 8 + 10 + 12);
	assert_memory_equal(out.ptr, "before: x (secret)a\0(secret)\0b", 31);
}

static void
nothing_known_nothing_changed(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_redactor_freep) struct tn_redactor *redactor = tn_redactor_new();

	assert_redacted(NULL, "hunter22", "hunter22");
	assert_redacted(redactor, "hunter22", "hunter22");
	tn_redactor_free(NULL);
}

static void
short_values_are_not_looked_for(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_redactor_freep) struct tn_redactor *redactor = tn_redactor_new();

	add_text(redactor, "");
	add_text(redactor, "abc");
	assert_redacted(redactor, "abc YWJj", "abc YWJj");
	add_text(redactor, "wxyz");
	assert_redacted(redactor, "abc wxyz", "abc (secret)");
}

static void
the_longest_value_wins(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_redactor_freep) struct tn_redactor *redactor = tn_redactor_new();

	add_text(redactor, "pass");
	add_text(redactor, "password-long");
	add_text(redactor, "password");
	assert_redacted(redactor, "password-long", "(secret)");
	assert_redacted(redactor, "password-lon", "(secret)-lon");
	assert_redacted(redactor, "passwor", "(secret)wor");
}

static void
overlapping_values_go_together(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_redactor_freep) struct tn_redactor *redactor = tn_redactor_new();

	add_text(redactor, "abcdefgh");
	add_text(redactor, "efghijkl");
	assert_redacted(redactor, "1abcdefghijkl2", "1(secret)2");
	assert_redacted(redactor, "abcdefghefghijkl", "(secret)(secret)");
}

static void
json_escapes(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_redactor_freep) struct tn_redactor *redactor = tn_redactor_new();

	add_text(redactor, "li\"ne\n\\x\x01/y");
	assert_redacted(redactor, "{\"v\":\"li\\\"ne\\n\\\\x\\u0001/y\"}",
	    "{\"v\":\"(secret)\"}");
	assert_redacted(redactor, "{\"v\":\"li\\\"ne\\n\\\\x\\u0001\\/y\"}",
	    "{\"v\":\"(secret)\"}");
}

static void
percent_escapes_in_both_cases(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_redactor_freep) struct tn_redactor *redactor = tn_redactor_new();

	add_text(redactor, "a/b?c=\xc3\xbcZ");
	assert_redacted(redactor, "q=a%2Fb%3Fc%3D%C3%BCZ&r", "q=(secret)&r");
	assert_redacted(redactor, "q=a%2fb%3fc%3d%c3%bcZ&r", "q=(secret)&r");
}

/* "user:" and kin before and after shift the value to each of the three alignments. */
static void
base64_at_every_alignment_in_both_alphabets(void **state TN_UNUSED)
{
	static const char value[] = "S3cr\xfb\xff\xbe\xefvalue!";
	TN_CLEANUP(tn_redactor_freep) struct tn_redactor *redactor = tn_redactor_new();

	add_text(redactor, value);
	for (size_t before = 0; before < 6; before++) {
		for (size_t after = 0; after < 4; after++) {
			for (int url = 0; url < 2; url++) {
				TN_CLEANUP(tn_str_done) struct tn_str raw = TN_STR_INIT;
				TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
				TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;
				size_t around;

				tn_str_add_bytes(&raw, "user:x", before);
				tn_str_add(&raw, value);
				tn_str_add_bytes(&raw, "tail", after);
				tn_base64_encode(tn_str_span(&raw), url != 0, &text);
				tn_redactor_apply(redactor, tn_str_span(&text), &out);
				assert_non_null(strstr(tn_str_text(&out), "(secret)"));
				/* Around it stands at most what belongs to the
				 * neighbours, and one shared character and padding at
				 * each edge. */
				around = out.len - strlen("(secret)");
				assert_true(around <= (before + after) * 4 / 3 + 2 + 2);
			}
		}
	}
}

static void
basic_authorization_goes(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_redactor_freep) struct tn_redactor *redactor = tn_redactor_new();

	/* RFC 7617: "Aladdin:open sesame". The "o" shares the "p" with ":". */
	add_text(redactor, "open sesame");
	assert_redacted(redactor,
	    "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==", "Basic QWxhZGRpbjp(secret)Q==");
}

static void
many_values_of_one_beginning(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_redactor_freep) struct tn_redactor *redactor = tn_redactor_new();
	char text[40];

	for (int i = 0; i < 500; i++) {
		snprintf(text, sizeof(text), "prefix-%03d", i);
		add_text(redactor, text);
		add_text(redactor, text);
	}
	for (int i = 0; i < 500; i++) {
		snprintf(text, sizeof(text), "<prefix-%03d>", i);
		assert_redacted(redactor, text, "<(secret)>");
	}
	assert_redacted(redactor, "prefix-500", "prefix-500");
}

static void
the_redactor_outlives_the_callers_reference(void **state TN_UNUSED)
{
	struct tn_redactor *redactor = tn_redactor_new();
	struct tn_secret *secret = tn_secret_new("hunter22", 8);

	tn_redactor_add(redactor, secret);
	tn_secret_unref(secret);
	assert_redacted(redactor, "hunter22", "(secret)");
	tn_redactor_free(redactor);
}

static void
the_bound_of_the_output_holds(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_redactor_freep) struct tn_redactor *redactor = tn_redactor_new();
	TN_CLEANUP(tn_str_done) struct tn_str out;

	add_text(redactor, "hunter22");
	tn_str_init(&out, 10);
	tn_redactor_apply(redactor, tn_span("12345hunter22 and more"), &out);
	assert_true(tn_str_overflowed(&out));
	assert_string_equal(tn_str_text(&out), "12345(secr");
}

/*
 * Compared with the plain thing: what the redactor leaves must not hold any value, and
 * removing nothing but values must leave the rest.
 */
static void
random_text_over_a_small_alphabet(void **state TN_UNUSED)
{
	struct tn_rand rand;

	tn_rand_init(&rand, 7);
	for (int round = 0; round < 300; round++) {
		TN_CLEANUP(tn_redactor_freep)
		struct tn_redactor *redactor = tn_redactor_new();
		TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;
		TN_CLEANUP(tn_str_done) struct tn_str wanted = TN_STR_INIT;
		char values[4][9] = { { 0 } }, text[61] = { 0 };
		bool hidden[60] = { false };
		bool starts[60] = { false };

		for (size_t v = 0; v < 4; v++) {
			size_t len = 4 + (size_t)tn_rand_below(&rand, 5);

			for (size_t i = 0; i < len; i++)
				values[v][i] = "ab"[tn_rand_below(&rand, 2)];
			add_text(redactor, values[v]);
		}
		for (size_t i = 0; i < 60; i++)
			text[i] = "abc"[tn_rand_below(&rand, 3)];
		for (size_t i = 0, end = 0; i < 60; i++) {
			size_t longest = 0;

			for (size_t v = 0; v < 4; v++) {
				size_t len = strlen(values[v]);

				if (len > longest &&
				    strncmp(text + i, values[v], len) == 0)
					longest = len;
			}
			starts[i] = longest > 0 && i >= end;
			for (size_t k = i; k < i + longest; k++)
				hidden[k] = true;
			if (i + longest > end)
				end = i + longest;
		}
		for (size_t i = 0; i < 60; i++) {
			if (starts[i])
				tn_str_add(&wanted, "(secret)");
			if (!hidden[i])
				tn_str_add_char(&wanted, text[i]);
		}
		tn_redactor_apply(redactor, tn_span(text), &out);
		assert_string_equal(tn_str_text(&out), tn_str_text(&wanted));
	}
}

/* A generous bound: it takes a hundredth of it, and a search value by value far more. */
static void
a_megabyte_and_a_hundred_values_take_no_time(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_redactor_freep) struct tn_redactor *redactor = tn_redactor_new();
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;
	struct tn_rand rand;
	char value[TN_UUID_SIZE];
	clock_t start;

	tn_rand_init(&rand, 1);
	for (int i = 0; i < 100; i++) {
		tn_rand_uuid(&rand, value);
		add_text(redactor, value);
	}
	while (text.len < (size_t)1 << 20) {
		tn_rand_uuid(&rand, value);
		tn_str_addf(&text, "%s ", value);
	}
	tn_str_add(&text, "end");
	start = clock();
	tn_redactor_apply(redactor, tn_str_span(&text), &out);
	assert_true((double)(clock() - start) / CLOCKS_PER_SEC < 2.0);
	assert_int_equal(out.len, text.len);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_values_go_wherever_they_stand),
		cmocka_unit_test(text_is_appended),
		cmocka_unit_test(nothing_known_nothing_changed),
		cmocka_unit_test(short_values_are_not_looked_for),
		cmocka_unit_test(the_longest_value_wins),
		cmocka_unit_test(overlapping_values_go_together),
		cmocka_unit_test(json_escapes),
		cmocka_unit_test(percent_escapes_in_both_cases),
		cmocka_unit_test(base64_at_every_alignment_in_both_alphabets),
		cmocka_unit_test(basic_authorization_goes),
		cmocka_unit_test(many_values_of_one_beginning),
		cmocka_unit_test(the_redactor_outlives_the_callers_reference),
		cmocka_unit_test(the_bound_of_the_output_holds),
		cmocka_unit_test(random_text_over_a_small_alphabet),
		cmocka_unit_test(a_megabyte_and_a_hundred_values_take_no_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
