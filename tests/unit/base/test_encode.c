/* UTF-8, base64, percent, JSON and hex against the examples of their standards. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/rand.h"
#include "base/text.h"
#include "base/utf8.h"

static void
utf8_well_formed(void **state TN_UNUSED)
{
	static const struct {
		const char *text;
		size_t characters;
	} cases[] = {
		{ "", 0 },
		{ "plain", 5 },
		{ "\xc2\x80\xdf\xbf", 2 },                 /* U+0080, U+07FF */
		{ "\xe0\xa0\x80\xef\xbf\xbf", 2 },         /* U+0800, U+FFFF */
		{ "\xed\x9f\xbf\xee\x80\x80", 2 },         /* around the surrogates */
		{ "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf", 2 }, /* U+10000, U+10FFFF */
		{ "gr\xc3\xbc\xc3\x9f \xf0\x9f\x98\x80", 6 },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		assert_true(tn_utf8_valid(tn_span(cases[i].text)));
		assert_int_equal(tn_utf8_check(tn_span(cases[i].text)),
		    strlen(cases[i].text));
		assert_int_equal(tn_utf8_length(tn_span(cases[i].text)),
		    cases[i].characters);
	}
	assert_true(tn_utf8_valid(tn_span_of("a\0b", 3)));
}

static void
utf8_malformed(void **state TN_UNUSED)
{
	static const struct {
		const char *bytes;
		size_t bad_at;
	} cases[] = {
		{ "\x80", 0 }, /* a continuation alone */
		{ "ab\xbf", 2 },
		{ "\xc0\x80", 0 },         /* overlong NUL */
		{ "\xc1\xbf", 0 },         /* overlong U+007F */
		{ "\xe0\x9f\xbf", 0 },     /* overlong U+07FF */
		{ "\xf0\x8f\xbf\xbf", 0 }, /* overlong U+FFFF */
		{ "a\xed\xa0\x80", 1 },    /* a surrogate */
		{ "\xed\xbf\xbf", 0 },     /* the last surrogate */
		{ "\xf4\x90\x80\x80", 0 }, /* U+110000 */
		{ "\xf5\x80\x80\x80", 0 },
		{ "\xfe", 0 },
		{ "\xff", 0 },
		{ "x\xc3", 1 }, /* cut short */
		{ "x\xe2\x82", 1 },
		{ "x\xf0\x9f\x98", 1 },
		{ "\xc3(", 0 }, /* a second byte that is none */
		{ "\xe2\x82(", 0 },
		{ "\xf0\x9f\x98(", 0 },
		{ "\xc3\xbc\xc3\xbc\xff", 4 },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		assert_false(tn_utf8_valid(tn_span(cases[i].bytes)));
		assert_int_equal(tn_utf8_check(tn_span(cases[i].bytes)), cases[i].bad_at);
	}
}

#define MARK "\xef\xbf\xbd"

static void
utf8_mended(void **state TN_UNUSED)
{
	static const struct {
		const char *bytes, *text;
	} cases[] = {
		{ "", "" },
		{ "gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f" },
		{ "a\xff"
		  "b",
		    "a" MARK "b" },
		{ "\xc3\xbc\xc3", "\xc3\xbc" MARK },
		{ "\xe2\x82(\x80", MARK MARK "(" MARK },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

		tn_utf8_mend(tn_span(cases[i].bytes), &text);
		assert_string_equal(tn_str_text(&text), cases[i].text);
	}
}

static void
nothing_is_no_character(void **state TN_UNUSED)
{
	uint32_t character = 7;

	assert_int_equal(tn_utf8_decode(tn_span(NULL), &character), 0);
	assert_int_equal(character, 7);
}

/* Every character there is, written by the definition, is read back; surrogates are not.
 */
static void
utf8_every_character(void **state TN_UNUSED)
{
	for (uint32_t c = 0x80; c <= 0x10ffff; c++) {
		char bytes[4];
		size_t len = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
		static const unsigned char lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
		uint32_t got = 0;

		for (size_t i = len; i-- > 1;)
			bytes[i] = (char)(0x80 | (c >> 6 * (len - 1 - i) & 0x3f));
		bytes[0] = (char)(lead[len] | c >> 6 * (len - 1));
		if (c >= 0xd800 && c <= 0xdfff) {
			assert_int_equal(tn_utf8_decode(tn_span_of(bytes, len), &got), 0);
			continue;
		}
		assert_int_equal(tn_utf8_decode(tn_span_of(bytes, len), &got), len);
		assert_int_equal(got, c);
		assert_int_equal(tn_utf8_decode(tn_span_of(bytes, len - 1), &got), 0);
	}
}

/* RFC 4648, section 10. */
static void
base64_of_the_standard(void **state TN_UNUSED)
{
	static const struct {
		const char *plain, *standard, *url;
	} cases[] = {
		{ "", "", "" },
		{ "f", "Zg==", "Zg" },
		{ "fo", "Zm8=", "Zm8" },
		{ "foo", "Zm9v", "Zm9v" },
		{ "foob", "Zm9vYg==", "Zm9vYg" },
		{ "fooba", "Zm9vYmE=", "Zm9vYmE" },
		{ "foobar", "Zm9vYmFy", "Zm9vYmFy" },
		{ "\xfb\xff\xfe", "+//+", "-__-" },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		const char *const spellings[] = { cases[i].standard, cases[i].url };

		for (int url = 0; url < 2; url++) {
			TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
			TN_CLEANUP(tn_str_done) struct tn_str back = TN_STR_INIT;

			tn_base64_encode(tn_span(cases[i].plain), url != 0, &text);
			assert_string_equal(tn_str_text(&text), spellings[url]);
			assert_true(tn_base64_decode(tn_span(spellings[url]), &back));
			assert_string_equal(tn_str_text(&back), cases[i].plain);
		}
	}
}

static void
base64_of_any_bytes_comes_back(void **state TN_UNUSED)
{
	struct tn_rand rand;

	tn_rand_init(&rand, 2);
	for (size_t len = 0; len < 200; len++) {
		TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
		TN_CLEANUP(tn_str_done) struct tn_str back = TN_STR_INIT;
		char bytes[200];

		for (size_t i = 0; i < len; i++)
			bytes[i] = (char)tn_rand_below(&rand, 256);
		tn_base64_encode(tn_span_of(bytes, len), len % 2 == 0, &text);
		assert_true(tn_base64_decode(tn_str_span(&text), &back));
		assert_int_equal(back.len, len);
		assert_memory_equal(tn_str_text(&back), bytes, len);
	}
}

static void
base64_malformed(void **state TN_UNUSED)
{
	static const char *const cases[] = { "Z", "Zg=", "Zg===", "Z===", "====", "=",
		"==", "Zm9v=", "Zm9v==", "Zg==Zg==", "Z g=", "Zg\n==", "Zm9*",
		"Zm9v\x80\x80\x80\x80", "Zm=v" };

	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;

		assert_false(tn_base64_decode(tn_span(cases[i]), &out));
		assert_int_equal(out.len, 0);
	}
}

static void
percent_encoding(void **state TN_UNUSED)
{
	static const struct {
		const char *plain, *encoded;
	} cases[] = {
		{ "", "" },
		{ "AZaz09-._~", "AZaz09-._~" },
		{ "a b/c?d=e&f", "a%20b%2Fc%3Fd%3De%26f" },
		{ "100%+\"'*", "100%25%2B%22%27%2A" },
		{ "\xc3\xbc\xff\x01", "%C3%BC%FF%01" },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
		TN_CLEANUP(tn_str_done) struct tn_str back = TN_STR_INIT;

		tn_percent_encode(tn_span(cases[i].plain), &text);
		assert_string_equal(tn_str_text(&text), cases[i].encoded);
		assert_true(tn_percent_decode(tn_str_span(&text), true, &back));
		assert_string_equal(tn_str_text(&back), cases[i].plain);
	}
}

static void
percent_decoding(void **state TN_UNUSED)
{
	static const struct {
		const char *text;
		bool plus;
		const char *plain; /* NULL: malformed */
	} cases[] = {
		{ "a+b", true, "a b" },
		{ "a+b", false, "a+b" },
		{ "%2b+", true, "+ " },
		{ "%c3%bC", false, "\xc3\xbc" },
		{ "%2525", false, "%25" },
		{ "%01", false, "\x01" },
		{ "%10", false, "\x10" },
		{ "%", false, NULL },
		{ "a%2", false, NULL },
		{ "%zz", false, NULL },
		{ "%2g", false, NULL },
		{ "%g2", false, NULL },
		{ "%%20", false, NULL },
		{ "%00", false, NULL },
		{ "a%00b", true, NULL },
		{ "%-1", false, NULL },
		{ "% 1", false, NULL },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;
		bool fine = tn_percent_decode(tn_span(cases[i].text), cases[i].plus,
		    &out);

		assert_int_equal(fine, cases[i].plain != NULL);
		if (fine)
			assert_string_equal(tn_str_text(&out), cases[i].plain);
	}
}

static void
json_escaping(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;

	tn_json_escape(tn_span_of("\0", 1), &out);
	assert_string_equal(tn_str_text(&out), "\\u0000");
	tn_str_clear(&out);
	tn_json_escape(tn_span("say \"hi\"\\\b\f\n\r\t\x01\x1f\x7f/\xc3\xbc"), &out);
	assert_string_equal(tn_str_text(&out),
	    "say \\\"hi\\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u001f\x7f/\xc3\xbc");
	tn_str_clear(&out);
	tn_json_escape(tn_span(NULL), &out);
	tn_json_escape(tn_span("plain"), &out);
	assert_string_equal(tn_str_text(&out), "plain");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(utf8_well_formed),
		cmocka_unit_test(utf8_malformed),
		cmocka_unit_test(utf8_mended),
		cmocka_unit_test(nothing_is_no_character),
		cmocka_unit_test(utf8_every_character),
		cmocka_unit_test(base64_of_the_standard),
		cmocka_unit_test(base64_of_any_bytes_comes_back),
		cmocka_unit_test(base64_malformed),
		cmocka_unit_test(percent_encoding),
		cmocka_unit_test(percent_decoding),
		cmocka_unit_test(json_escaping),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
