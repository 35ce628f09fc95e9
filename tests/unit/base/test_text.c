/* Foreign text made safe for a terminal, and the nearest right word. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/text.h"

static void
foreign_text_becomes_printable(void **state TN_UNUSED)
{
	static const struct {
		const char *text;
		bool keep_lines;
		const char *wanted;
	} cases[] = {
		{ "", false, "" },
		{ "plain text ~", false, "plain text ~" },
		{ "gr\xc3\xbc\xc3\x9f \xf0\x9f\x98\x80 \xe6\x97\xa5", false,
		    "gr\xc3\xbc\xc3\x9f \xf0\x9f\x98\x80 \xe6\x97\xa5" },
		{ "a\nb\tc", false, "a\\x0ab\\x09c" },
		{ "a\nb\tc", true, "a\nb\tc" },
		{ "a\rb", true, "a\\x0db" },
		{ "\x1b[31mred", true, "\\x1b[31mred" },
		{ "\x07\x08\x7f", true, "\\x07\\x08\\x7f" },
		{ "\xc2\x9bm", true, "\\u{9b}m" }, /* control of the second set */
		{ "\xc2\xa0", true, "\xc2\xa0" },  /* a space that does not break */
		{ "x\xe2\x80\xaey", true, "x\\u{202e}y" }, /* right-to-left override */
		{ "x\xe2\x81\xa6y", true, "x\\u{2066}y" }, /* isolate */
		{ "x\xe2\x80\x8by", true, "x\\u{200b}y" }, /* zero width space */
		{ "x\xe2\x80\x8dy", true, "x\\u{200d}y" }, /* zero width joiner */
		{ "\xd8\x9c", true, "\\u{61c}" },
		{ "\xef\xbb\xbfy", true, "\\u{feff}y" },    /* byte order mark */
		{ "\xe2\x80\xa8", true, "\\u{2028}" },      /* line separator */
		{ "\xf3\xa0\x81\x81", true, "\\u{e0041}" }, /* an invisible letter */
		{ "\xe2\x80\x90", true, "\xe2\x80\x90" }, /* a hyphen, between the two */
		{ "x\xffy", true, "x\\xffy" },
		{ "\xc3", true, "\\xc3" },
		{ "\xed\xa0\x80", true, "\\xed\\xa0\\x80" },
		{ "\xe2\x82y", true, "\\xe2\\x82y" },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;

		tn_text_printable(tn_span(cases[i].text), cases[i].keep_lines, &out);
		assert_string_equal(tn_str_text(&out), cases[i].wanted);
	}
}

static void
nul_becomes_printable(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;

	tn_text_printable(tn_span_of("a\0b", 3), true, &out);
	assert_string_equal(tn_str_text(&out), "a\\x00b");
}

/* Whatever comes in, no byte below space and nothing malformed comes out. */
static void
every_byte_pair_comes_out_safe(void **state TN_UNUSED)
{
	for (unsigned a = 0; a < 256; a++) {
		for (unsigned b = 0; b < 256; b++) {
			TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;
			char bytes[2] = { (char)a, (char)b };

			tn_text_printable(tn_span_of(bytes, 2), false, &out);
			assert_true(tn_utf8_valid(tn_str_span(&out)));
			for (size_t i = 0; i < out.len; i++) {
				assert_true((unsigned char)out.ptr[i] >= 0x20);
				assert_int_not_equal(out.ptr[i], 0x7f);
			}
		}
	}
}

static const char *const words[] = { "name", "runtime", "secrets", "dependencies", "code",
	"post-login", "credentials-exchange", "status" };

static void
the_nearest_word(void **state TN_UNUSED)
{
	static const struct {
		const char *typed, *wanted;
	} cases[] = {
		{ "name", "name" },
		{ "nam", "name" },   /* insertion */
		{ "naame", "name" }, /* deletion */
		{ "mame", "name" },  /* replacement */
		{ "anme", "name" },  /* neighbours swapped: one mistake, not two */
		{ "NAME", "name" },  /* case does not count */
		{ "runtmie", "runtime" },
		{ "secert", "secrets" },           /* a swap and an insertion: 2 of 6 */
		{ "dependancys", "dependencies" }, /* three of eleven */
		{ "credential-exchange", "credentials-exchange" },
		{ "post_login", "post-login" },
		{ "statuses", "status" }, /* 2 of 8 */
		{ "cdeo", NULL },         /* 2 of 4 is over a third */
		{ "co", NULL },
		{ "xyzzy", NULL },
		{ "", NULL },
		{ "c", NULL },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		const char *nearest = tn_text_nearest(cases[i].typed, words,
		    TN_ARRAY_LEN(words));

		if (cases[i].wanted == NULL)
			assert_null(nearest);
		else
			assert_string_equal(nearest, cases[i].wanted);
	}
}

static void
of_two_equally_near_the_first(void **state TN_UNUSED)
{
	static const char *const near[] = { "abcX", "abcY", "abcd" };

	assert_string_equal(tn_text_nearest("abcZ", near, 3), "abcX");
	assert_string_equal(tn_text_nearest("abcD", near, 3), "abcd");
}

static void
odd_candidates(void **state TN_UNUSED)
{
	static const char *const odd[] = { NULL, "", "name" };

	assert_string_equal(tn_text_nearest("nane", odd, 3), "name");
	assert_null(tn_text_nearest("nane", odd, 0));
	assert_null(tn_text_nearest(NULL, odd, 2));
}

static void
long_words_are_not_compared(void **state TN_UNUSED)
{
	char longest[65], too_long[66];
	const char *candidates[] = { too_long, longest };

	memset(longest, 'a', 64);
	longest[64] = '\0';
	memset(too_long, 'a', 65);
	too_long[65] = '\0';
	assert_ptr_equal(tn_text_nearest(longest, candidates, 2), longest);
	assert_null(tn_text_nearest(too_long, candidates, 2));
}

static void
flaws_of_bytes_that_are_no_text(void **state TN_UNUSED)
{
	size_t at;

	assert_null(tn_text_flaw(tn_span(NULL), &at));
	assert_null(tn_text_flaw(tn_span("x\xc3\xa9"), &at));
	assert_string_equal(tn_text_flaw(tn_span_of("ab\0c\xff", 5), &at),
	    "has a NUL character");
	assert_int_equal(at, 2);
	assert_string_equal(tn_text_flaw(tn_span_of("ab\xff\0", 4), &at),
	    "is not valid UTF-8");
	assert_int_equal(at, 2);
}

static void
numbers_are_digits_alone(void **state TN_UNUSED)
{
	static const struct {
		const char *text;
		int64_t wanted; /* 0: it is none */
	} cases[] = {
		{ "1", 1 },
		{ "007", 7 },
		{ "999999999999999999", INT64_C(999999999999999999) },
		{ "1000000000000000000", 0 }, /* 19 digits */
		{ "0", 0 },
		{ "", 0 },
		{ "-1", 0 },
		{ "+1", 0 },
		{ " 1", 0 },
		{ "1 ", 0 },
		{ "1e3", 0 },
		{ "0x10", 0 },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		int64_t number = 0;

		assert_int_equal(tn_text_number(cases[i].text, &number),
		    cases[i].wanted > 0);
		assert_int_equal(cases[i].wanted > 0 ? number : 0, cases[i].wanted);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_digits_alone),
		cmocka_unit_test(foreign_text_becomes_printable),
		cmocka_unit_test(nul_becomes_printable),
		cmocka_unit_test(every_byte_pair_comes_out_safe),
		cmocka_unit_test(the_nearest_word),
		cmocka_unit_test(of_two_equally_near_the_first),
		cmocka_unit_test(odd_candidates),
		cmocka_unit_test(long_words_are_not_compared),
		cmocka_unit_test(flaws_of_bytes_that_are_no_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
