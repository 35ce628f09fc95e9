/* Hostile text: deep, long and odd; there is an answer, and soon. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <time.h>

#include "lex.h"

static void
repeat(struct tn_str *out, const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++)
		tn_str_add(out, text);
}

static bool
refused(const struct tn_str *text, const char *message)
{
	TN_CLEANUP(tn_js_freep)
	struct tn_js *js = tn_js_new(tn_str_span(text), TN_JS_SCRIPT);
	struct tn_js_token token;

	while (tn_js_next(js, &token))
		;
	if (tn_js_problem(js) == NULL)
		return message == NULL;
	return message != NULL &&
	    tn_span_is(tn_span(tn_js_problem(js)->message), message);
}

/* 64 KiB of brackets, open and balanced. */
static void
brackets_by_the_thousand(void **state TN_UNUSED)
{
	static const char *const opening[] = { "(", "[", "{", "`${", "a=>", "do ",
		"class extends ", "function(", "({a:", "?" };
	static const char *const closing[] = { ")", "]", "}", "}`" };

	for (size_t i = 0; i < TN_ARRAY_LEN(opening); i++) {
		TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

		repeat(&text, opening[i], 65536);
		assert_true(refused(&text,
		    i == 3 ? "this template is never closed"
			: opening[i][0] == '?' || (i >= 4 && i <= 6)
			? NULL
			: "this bracket is never closed"));
		if (i >= TN_ARRAY_LEN(closing))
			continue;
		repeat(&text, closing[i], 65536);
		assert_true(refused(&text, NULL));
	}
}

static void
what_is_too_deep_is_refused(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

	repeat(&text, "[", TN_JS_DEPTH_MAX - 1);
	repeat(&text, "]", TN_JS_DEPTH_MAX - 1);
	assert_true(refused(&text, NULL));
	tn_str_clear(&text);
	repeat(&text, "[", TN_JS_DEPTH_MAX);
	assert_true(refused(&text, "the code is nested too deeply"));
}

/* Seconds for n times a piece that makes a scanner look far ahead if it can be made to.
 */
static double
seconds(const char *piece, size_t n)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
	TN_CLEANUP(tn_js_freep) struct tn_js *js = NULL;
	struct tn_js_token token;
	clock_t start;

	repeat(&text, piece, n);
	start = clock();
	js = tn_js_new(tn_str_span(&text), TN_JS_SCRIPT);
	while (tn_js_next(js, &token))
		;
	return (double)(clock() - start) / CLOCKS_PER_SEC;
}

/*
 * Eight times the text takes about eight times as long; a square would be 64 times. The
 * bound between both is far from either, as clocks of busy machines are.
 */
static void
time_grows_with_the_text(void **state TN_UNUSED)
{
	static const char *const pieces[] = { "a ", "//\r", "/*\n*/", "-->\r", "<!--\r",
		"'use strict'\n", "/(/ ", "/\\1()/;", "/[/]/;", "a=>", "do ", "x?", "`${",
		"}", "\\u0061 ", "a\xc3\xa9", "1_0;", "(a=>b,", "{a:" };

	for (size_t i = 0; i < TN_ARRAY_LEN(pieces); i++) {
		double small = seconds(pieces[i], 4000);
		double large = seconds(pieces[i], 32000);

		if (large > 0.05 && large > 32 * small)
			fail_msg("%s: %f s and %f s", pieces[i], small, large);
	}
}

/* Every prefix of a text with all there is: no byte behind the end is looked at. */
static void
every_prefix_has_an_answer(void **state TN_UNUSED)
{
	static const char text[] =
	    "#!x\n<!-- y\n'use strict'; \"a\\x41\\u{41}\\\n\" + `b${/[c]\\/(?<n>\\d{1,2})\\k<n>/u}d`\n"
	    "class \xc3\xa9\\u0061 extends B { static #c = 1_0.5e+3n; async *[d]() {} }\n"
	    "for (let {x = 0x1f, ...y} of z?.w ?? 0b1) /* \xe2\x80\xa8 */ a >>>= () => {}\n"
	    "--> end\n";

	for (size_t len = 0; len < sizeof(text); len++) {
		TN_CLEANUP(tn_str_done) struct tn_str tokens = TN_STR_INIT;
		char *exact;

		/* Of exactly this size on the heap, so that the sanitizer sees its end.
		 */
		exact = test_malloc(len + 1);
		memcpy(exact + 1, text, len);
		lex(tn_span_of(exact + 1, len), TN_JS_SCRIPT, &tokens);
		lex(tn_span_of(exact + 1, len), TN_JS_MODULE, &tokens);
		test_free(exact);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(brackets_by_the_thousand),
		cmocka_unit_test(what_is_too_deep_is_refused),
		cmocka_unit_test(time_grows_with_the_text),
		cmocka_unit_test(every_prefix_has_an_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
