/* What JSON is and what it is not, as tables: RFC 8259 and the rules of ours on top. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "json/json.h"

/* Text with its length, so that it can hold NUL. */
#define T(text) text, sizeof(text) - 1

static int
parse(const char *text, size_t len, struct tn_str *out, struct tn_error *err)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	struct tn_value *value = NULL;
	int r = tn_json_parse(arena, tn_span_of(text, len), NULL, &value, err);

	if (r == 0)
		tn_json_write(value, out);
	else
		assert_null(value);
	return r;
}

/* Written back compactly, with the numbers as they were and escapes only where needed. */
static const struct {
	const char *text;
	size_t len;
	const char *written;
} accepted[] = {
	{ T("null"), "null" },
	{ T("true"), "true" },
	{ T("false"), "false" },
	{ T("\"\""), "\"\"" },
	{ T("[]"), "[]" },
	{ T("{}"), "{}" },
	{ T(" \t\r\n[ \t\r\n] \t\r\n"), "[]" },
	{ T(" { } "), "{}" },
	{ T("[[],{},[[]]]"), "[[],{},[[]]]" },
	{ T("{\"a\":{\"b\":[1,{\"c\":null}]}}"), "{\"a\":{\"b\":[1,{\"c\":null}]}}" },
	{ T("[1,2 , 3\n]"), "[1,2,3]" },
	{ T("{\"\":0}"), "{\"\":0}" },
	{ T("{\"b\":1,\"a\":2}"), "{\"b\":1,\"a\":2}" },
	{ T("{\"a\":1,\"A\":2}"), "{\"a\":1,\"A\":2}" },
	{ T("[{\"a\":1},{\"a\":1}]"), "[{\"a\":1},{\"a\":1}]" },
	{ T("{\"a\":{\"a\":{\"a\":1}}}"), "{\"a\":{\"a\":{\"a\":1}}}" },
	/* numbers */
	{ T("0"), "0" },
	{ T("-0"), "-0" },
	{ T("-0.0"), "-0.0" },
	{ T("1"), "1" },
	{ T("-1"), "-1" },
	{ T("10"), "10" },
	{ T("1.10"), "1.10" },
	{ T("0.5"), "0.5" },
	{ T("1e0"), "1e0" },
	{ T("1E+2"), "1E+2" },
	{ T("1e-2"), "1e-2" },
	{ T("0e1"), "0e1" },
	{ T("1.5e00"), "1.5e00" },
	{ T("[1e999,-1e999,1e-999]"), "[1e999,-1e999,1e-999]" },
	{ T("9223372036854775807"), "9223372036854775807" },
	{ T("9223372036854775808"), "9223372036854775808" },
	{ T("-9223372036854775809"), "-9223372036854775809" },
	{ T("18446744073709551616"), "18446744073709551616" },
	{ T("[123456789012345678901234567890, -98765432109876543210]"),
	    "[123456789012345678901234567890,-98765432109876543210]" },
	{ T("0.1000000000000000055511151231257827"),
	    "0.1000000000000000055511151231257827" },
	/* strings */
	{ T("\"a b\""), "\"a b\"" },
	{ T("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""), "\"\\\"\\\\/\\b\\f\\n\\r\\t\"" },
	{ T("\"\\u0041\\u00e9\\u20ac\""), "\"Aé€\"" },
	{ T("\"\\uD83D\\uDE00\\ud83d\\ude00\""), "\"😀😀\"" },
	{ T("\"\\uDBFF\\uDFFF\""), "\"\xf4\x8f\xbf\xbf\"" },
	{ T("\"\\uFFFF\\ufffe\""), "\"\xef\xbf\xbf\xef\xbf\xbe\"" },
	{ T("\"\\u0001\\u001f\""), "\"\\u0001\\u001f\"" },
	{ T("\"\x7f\""), "\"\x7f\"" },
	{ T("\"é€😀\""), "\"é€😀\"" },
	{ T("\"\\u2028\""), "\"\xe2\x80\xa8\"" },
	{ T("\"\\ufeff\""), "\"\xef\xbb\xbf\"" },
	{ T("\"// no comment\""), "\"// no comment\"" },
	{ T("{\"\\u0061\":1,\"b\\n\":2}"), "{\"a\":1,\"b\\n\":2}" },
};

static void
json_is_accepted_and_written_back(void **state)
{
	(void)state;
	for (size_t i = 0; i < TN_ARRAY_LEN(accepted); i++) {
		TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;
		TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;

		if (parse(accepted[i].text, accepted[i].len, &out, &err) < 0)
			fail_msg("%s: %s", accepted[i].text, err.message);
		assert_string_equal(tn_str_text(&out), accepted[i].written);
		assert_false(tn_error_is_set(&err));
	}
}

/* The text, and what the message says in full. */
static const struct {
	const char *text;
	size_t len;
	const char *message;
} refused[] = {
	/* nothing, or not yet everything */
	{ T(""), "line 1, column 1: a value is missing" },
	{ T(" \n "), "line 2, column 2: a value is missing" },
	{ T("["),
	    "line 1, column 2: the document ends inside the array that begins at line "
	    "1, column 1" },
	{ T("{\n \"a\": [1,"),
	    "line 2, column 10: the document ends inside the array that "
	    "begins at line 2, column 7" },
	{ T("{"),
	    "line 1, column 2: the document ends inside the object that begins at line "
	    "1, column 1" },
	{ T("{\"a\""),
	    "line 1, column 5: the document ends inside the object that begins at "
	    "line 1, column 1" },
	{ T("{\"a\":"),
	    "line 1, column 6: the document ends inside the object that begins at "
	    "line 1, column 1" },
	{ T("[1"),
	    "line 1, column 3: the document ends inside the array that begins at line "
	    "1, column 1" },
	{ T("\"abc"), "line 1, column 1: a string is not closed" },
	{ T("[\"abc]"), "line 1, column 2: a string is not closed" },
	{ T("\"\\"), "line 1, column 2: an escape is incomplete" },
	{ T("tru"), "line 1, column 1: found 't', expected a value" },
	{ T("nul"), "line 1, column 1: found 'n', expected a value" },
	/* too much */
	{ T("1 2"), "line 1, column 3: there is more text behind the value" },
	{ T("[]]"), "line 1, column 3: there is more text behind the value" },
	{ T("{}\n{}"), "line 2, column 1: there is more text behind the value" },
	{ T("nullx"), "line 1, column 5: there is more text behind the value" },
	{ T("\"a\"\0"), "line 1, column 4: there is more text behind the value" },
	{ T("1\0"), "line 1, column 2: there is more text behind the value" },
	/* punctuation */
	{ T("[1,]"), "line 1, column 4: found ']', expected a value" },
	{ T("[,1]"), "line 1, column 2: found ',', expected a value" },
	{ T("[1,,2]"), "line 1, column 4: found ',', expected a value" },
	{ T("[1 2]"), "line 1, column 4: found '2', expected ',' or ']'" },
	{ T("[1:2]"), "line 1, column 3: found ':', expected ',' or ']'" },
	{ T("[1}"), "line 1, column 3: found '}', expected ',' or ']'" },
	{ T("{\"a\":1]"), "line 1, column 7: found ']', expected ',' or '}'" },
	{ T("{\"a\":1,}"),
	    "line 1, column 8: found '}', expected a key in double quotes" },
	{ T("{,}"),
	    "line 1, column 2: found ',', expected a key in double quotes or '}'" },
	{ T("{\"a\" 1}"), "line 1, column 6: found '1', expected ':' after the key" },
	{ T("{\"a\"}"), "line 1, column 5: found '}', expected ':' after the key" },
	{ T("{\"a\"::1}"), "line 1, column 6: found ':', expected a value" },
	{ T("{a:1}"),
	    "line 1, column 2: found 'a', expected a key in double quotes or '}'" },
	{ T("{1:1}"),
	    "line 1, column 2: found '1', expected a key in double quotes or '}'" },
	{ T("{'a':1}"),
	    "line 1, column 2: found ''', expected a key in double quotes or '}'" },
	{ T("]"), "line 1, column 1: found ']', expected a value" },
	{ T("[1] // x"), "line 1, column 5: there is more text behind the value" },
	{ T("/* x */ 1"), "line 1, column 1: found '/', expected a value" },
	{ T("[1,/**/2]"), "line 1, column 4: found '/', expected a value" },
	/* words */
	{ T("True"), "line 1, column 1: found 'T', expected a value" },
	{ T("TRUE"), "line 1, column 1: found 'T', expected a value" },
	{ T("NaN"), "line 1, column 1: found 'N', expected a value" },
	{ T("nan"), "line 1, column 1: found 'n', expected a value" },
	{ T("Infinity"), "line 1, column 1: found 'I', expected a value" },
	{ T("undefined"), "line 1, column 1: found 'u', expected a value" },
	{ T("é"),
	    "line 1, column 1: found a character outside of quotes, expected a value" },
	{ T("[\x0b]"), "line 1, column 2: found the character U+000B, expected a value" },
	{ T("[\xc2\xa0]"),
	    "line 1, column 2: found a character outside of quotes, expected a value" },
	{ T("[\0]"), "line 1, column 2: found the character U+0000, expected a value" },
	/* numbers */
	{ T("01"), "line 1, column 1: a number begins with a superfluous 0" },
	{ T("-01"), "line 1, column 1: a number begins with a superfluous 0" },
	{ T("00"), "line 1, column 1: a number begins with a superfluous 0" },
	{ T("-"), "line 1, column 1: a number has no digits" },
	{ T("--1"), "line 1, column 1: a number has no digits" },
	{ T("-a"), "line 1, column 1: a number has no digits" },
	{ T("-Infinity"), "line 1, column 1: a number has no digits" },
	{ T("1."), "line 1, column 1: a number has no digits behind its point" },
	{ T("1.e1"), "line 1, column 1: a number has no digits behind its point" },
	{ T("1e"), "line 1, column 1: a number has no digits in its exponent" },
	{ T("1e+"), "line 1, column 1: a number has no digits in its exponent" },
	{ T("[ 1.2.3]"), "line 1, column 6: found '.', expected ',' or ']'" },
	{ T("+1"), "line 1, column 1: found '+', expected a value" },
	{ T(".5"), "line 1, column 1: found '.', expected a value" },
	{ T("0x10"), "line 1, column 2: there is more text behind the value" },
	{ T("1_000"), "line 1, column 2: there is more text behind the value" },
	{ T("1e5.5"), "line 1, column 4: there is more text behind the value" },
	/* strings */
	{ T("'a'"), "line 1, column 1: found ''', expected a value" },
	{ T("\"a\nb\""),
	    "line 1, column 3: the control character U+000A must be escaped in a "
	    "string" },
	{ T("\"\t\""),
	    "line 1, column 2: the control character U+0009 must be escaped in a "
	    "string" },
	{ T("\"\0\""),
	    "line 1, column 2: the control character U+0000 must be escaped in a "
	    "string" },
	{ T("\"\x1f\""),
	    "line 1, column 2: the control character U+001F must be escaped in a "
	    "string" },
	{ T("\"\\x41\""),
	    "line 1, column 2: \\ is followed by none of \" \\ / b f n r t u" },
	{ T("\"\\'\""),
	    "line 1, column 2: \\ is followed by none of \" \\ / b f n r t u" },
	{ T("\"\\\0\""),
	    "line 1, column 2: \\ is followed by none of \" \\ / b f n r t u" },
	{ T("\"\\U0041\""),
	    "line 1, column 2: \\ is followed by none of \" \\ / b f n r t u" },
	{ T("\"\\u12\""), "line 1, column 2: \\u needs four hexadecimal digits" },
	{ T("\"\\u12g4\""), "line 1, column 2: \\u needs four hexadecimal digits" },
	{ T("\"\\u"), "line 1, column 2: \\u needs four hexadecimal digits" },
	{ T("\"a\\u0000b\""), "line 1, column 3: \\u0000 is not accepted in text" },
	{ T("{\"a\\u0000b\":1}"), "line 1, column 4: \\u0000 is not accepted in text" },
	{ T("\"\\ud800\""),
	    "line 1, column 2: \\ud800 is one half of a character: a surrogate "
	    "pair is incomplete" },
	{ T("\"\\udc00\""),
	    "line 1, column 2: \\udc00 is one half of a character: a surrogate "
	    "pair is incomplete" },
	{ T("\"\\ud800\\ud800\""),
	    "line 1, column 2: \\ud800 is one half of a character: a "
	    "surrogate pair is incomplete" },
	{ T("\"\\ud800x\""),
	    "line 1, column 2: \\ud800 is one half of a character: a "
	    "surrogate pair is incomplete" },
	{ T("\"\\ud83d\\n\""),
	    "line 1, column 2: \\ud83d is one half of a character: a "
	    "surrogate pair is incomplete" },
	{ T("\"\\ude00\\ud83d\""),
	    "line 1, column 2: \\ude00 is one half of a character: a "
	    "surrogate pair is incomplete" },
	{ T("\"\\ud83d\\u\""),
	    "line 1, column 2: \\ud83d is one half of a character: a "
	    "surrogate pair is incomplete" },
	/* encoding */
	{ T("\"\xff\""), "line 1, column 2: the text is not valid UTF-8" },
	{ T("\"é\xc3\""), "line 1, column 3: the text is not valid UTF-8" },
	{ T("\"\xc0\xaf\""), "line 1, column 2: the text is not valid UTF-8" },
	{ T("\"\xed\xa0\x80\""), "line 1, column 2: the text is not valid UTF-8" },
	{ T("\"\xf4\x90\x80\x80\""), "line 1, column 2: the text is not valid UTF-8" },
	{ T("{\"\xe2\x82\":1}"), "line 1, column 3: the text is not valid UTF-8" },
	{ T("\xef\xbb\xbf{}"),
	    "line 1, column 1: the document begins with a byte order mark, "
	    "which JSON does not allow" },
	{ T("\xff\xfe{\0}\0"), "line 1, column 1: the text is not valid UTF-8" },
	{ T("{\0}\0"),
	    "line 1, column 2: found the character U+0000, expected a key in double "
	    "quotes or '}'" },
	/* keys that are there twice */
	{ T("{\"a\":1,\"a\":2}"),
	    "line 1, column 8: the key \"a\" is already there, at line "
	    "1, column 2" },
	{ T("{\"a\":1,\n \"b\":2,\n \"a\":3}"),
	    "line 3, column 2: the key \"a\" is already there, at line 1, column 2" },
	{ T("{\"a\":1,\"\\u0061\":2}"),
	    "line 1, column 8: the key \"a\" is already there, at "
	    "line 1, column 2" },
	{ T("{\"\\u20ac\":1,\"€\":2}"),
	    "line 1, column 13: the key \"€\" is already there, "
	    "at line 1, column 2" },
	{ T("{\"\\ud83d\\ude00\":1,\"😀\":2}"),
	    "line 1, column 19: the key \"😀\" is already there, at line 1, column 2" },
	{ T("{\"é\":1,\"\\u00e9\":2}"),
	    "line 1, column 8: the key \"é\" is already there, "
	    "at line 1, column 2" },
	{ T("{\"/\":1,\"\\/\":2}"),
	    "line 1, column 8: the key \"/\" is already there, at line "
	    "1, column 2" },
	{ T("{\"\":1,\"\":2}"),
	    "line 1, column 7: the key \"\" is already there, at line 1, column 2" },
	{ T("[{\"x\":{\"k\":1,\"l\":{\"k\":1},\"k\":2}}]"),
	    "line 1, column 26: the key \"k\" is already there, at line 1, column 8" },
};

static void
other_text_is_refused_with_its_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < TN_ARRAY_LEN(refused); i++) {
		TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;
		TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;

		if (parse(refused[i].text, refused[i].len, &out, &err) != -TN_E_INPUT)
			fail_msg("accepted: %s", refused[i].text);
		assert_int_equal(err.kind, TN_E_INPUT);
		assert_string_equal(err.message, refused[i].message);
	}
}

/* Every beginning of a document lacks its end, unless it is a shorter number. */
static void
no_beginning_of_a_document_is_accepted(void **state)
{
	static const char text[] =
	    "{\"a\":[1.5e3,true,{\"b\":\"x\\u20ac\\n\"},null],\"c\":false}";

	(void)state;
	for (size_t len = 0; len < strlen(text); len++) {
		TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;

		assert_int_equal(parse(text, len, &out, NULL), -TN_E_INPUT);
	}
}

static void
no_single_wrong_byte_makes_it_read_past_the_end(void **state)
{
	char text[] = "{\"a\":[1.5,true,{\"\\u20ac\":\"\\ud83d\\ude00\"}]}";
	size_t len = strlen(text);

	(void)state;
	for (size_t i = 0; i < len; i++) {
		char was = text[i];

		for (int byte = 0; byte < 256; byte++) {
			TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;
			int r;

			text[i] = (char)byte;
			r = parse(text, len, &out, NULL);
			assert_true(r == 0 || r == -TN_E_INPUT);
		}
		text[i] = was;
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(json_is_accepted_and_written_back),
		cmocka_unit_test(other_text_is_refused_with_its_place),
		cmocka_unit_test(no_beginning_of_a_document_is_accepted),
		cmocka_unit_test(no_single_wrong_byte_makes_it_read_past_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
