/* What is refused, and where; what is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lex.h"

struct row {
	const char *text;
	size_t at;
};

static void
check(const struct row *rows, size_t n, enum tn_js_goal goal)
{
	for (size_t i = 0; i < n; i++)
		assert_refused(rows[i].text, goal, rows[i].at);
}

#define CHECK(rows, goal) check(rows, TN_ARRAY_LEN(rows), goal)

static void
take_all(const char *const *texts, size_t n, enum tn_js_goal goal)
{
	for (size_t i = 0; i < n; i++)
		assert_taken(texts[i], goal);
}

#define TAKE(rows, goal) take_all(rows, TN_ARRAY_LEN(rows), goal)

static void
what_is_never_closed_by_where_it_begins(void **state TN_UNUSED)
{
	static const struct row rows[] = {
		{ "a 'b", 2 },
		{ "a \"b\n\"", 2 },
		{ "a 'b\\", 2 },
		{ "a `b", 2 },
		{ "`a${b}c", 5 },
		{ "`a${b", 0 },
		{ "a /* b", 2 },
		{ "x = /a", 4 },
		{ "x = /a\n/", 4 },
		{ "x = /[/]", 4 },
		{ "x = /a\\\n/", 4 },
		{ "x = /a\xe2\x80\xa8/", 4 },
	};

	CHECK(rows, TN_JS_SCRIPT);
}

static void
brackets_that_do_not_balance(void **state TN_UNUSED)
{
	static const struct row rows[] = {
		{ "f(a", 1 },
		{ "{ a", 0 },
		{ "[a, (b)", 0 },
		{ "f(a))", 4 },
		{ "}", 0 },
		{ "(a]", 2 },
		{ "if (a) { b(c } ", 13 },
		{ "`${a)}`", 4 },
		{ "x = {a: [}", 9 },
		{ "class A { b() { } ", 8 },
		{ "do { a", 3 },
	};
	TN_CLEANUP(tn_js_freep)
	struct tn_js *js = tn_js_new(tn_span("if (a) { b(c } "), TN_JS_SCRIPT);
	struct tn_js_token token;

	CHECK(rows, TN_JS_SCRIPT);
	while (tn_js_next(js, &token))
		;
	assert_int_equal(tn_js_problem(js)->opened, 10);
}

static void
characters_without_a_place(void **state TN_UNUSED)
{
	static const struct row rows[] = {
		{ "a @ b", 2 },
		{ "a # b", 2 },
		{ "#!a\n#!b", 4 },
		{ "a \x01", 2 },
		{ "\xe2\x80\xbf = 1", 0 }, /* continues a name, begins none */
		{ "\xef\xbc\x8a", 0 },
		{ "a\\", 1 },
		{ "a\\x62", 1 },
		{ "\\u0030", 0 },
		{ "a\\u{110000}", 1 },
		{ "a\\u12", 1 },
		{ "\\uD800", 0 },
		{ "a \xff", 2 },
		{ "a \xc3", 2 },
	};

	CHECK(rows, TN_JS_SCRIPT);
}

static void
reserved_words_with_escapes(void **state TN_UNUSED)
{
	static const struct row rows[] = {
		{ "\\u0069f (a) b", 0 },
		{ "x = n\\u{75}ll", 4 },
		{ "var v\\u0061r", 4 },
	};
	static const char *const fine[] = { "a.\\u0069f", "({\\u0069f: 1})",
		"class A { \\u0069f() {} }", "l\\u0065t = 1", "\\u0061sync = 1" };

	CHECK(rows, TN_JS_SCRIPT);
	TAKE(fine, TN_JS_SCRIPT);
}

static void
malformed_numbers(void **state TN_UNUSED)
{
	static const struct row rows[] = {
		{ "3in []", 1 },
		{ "3x", 1 },
		{ "3\\u0078", 1 },
		{ "0b12", 3 },
		{ "0o8", 2 },
		{ "0x", 2 },
		{ "0xg", 2 },
		{ "1e", 2 },
		{ "1e+", 3 },
		{ "1_", 1 },
		{ "1__0", 1 },
		{ "1_.5", 1 },
		{ "1._5", 2 },
		{ "0_1", 1 },
		{ "01_0", 2 },
		{ "0x_1", 2 },
		{ "1.5n", 3 },
		{ "1e3n", 3 },
		{ "01n", 2 },
		{ "5.a", 2 },
		{ "1\xc3\xa9", 1 },
	};

	CHECK(rows, TN_JS_SCRIPT);
}

static void
malformed_escapes(void **state TN_UNUSED)
{
	static const struct row rows[] = {
		{ "'a\\x'", 2 },
		{ "'a\\x4g'", 2 },
		{ "'a\\u12'", 2 },
		{ "'a\\u{}'", 2 },
		{ "'a\\u{110000}'", 2 },
		{ "'a\\u{12'", 2 },
	};

	CHECK(rows, TN_JS_SCRIPT);
}

static void
octal_in_strict_code(void **state TN_UNUSED)
{
	static const struct row rows[] = {
		{ "'use strict'; 010", 14 },
		{ "'use strict'\n010", 13 },
		{ "'use strict'; 08", 14 },
		{ "\"use strict\"; '\\1'", 15 },
		{ "'use strict'; '\\8'", 15 },
		{ "'a'; 'use strict'; 010", 19 },
		{ "'\\1'; 'use strict'", 0 },
		{ "function f() { 'use strict'; 010 }", 29 },
		{ "x = () => { 'use strict'; 010 }", 26 },
		{ "class A { b() { 010 } }", 16 },
	};
	static const char *const fine[] = { "010; '\\1'", "('use strict'); 010",
		"'use strict' + 010", "'use strict'\n+ 010", "'use\\x20strict'; 010",
		"a; 'use strict'; 010", "function f() { 'use strict' } 010",
		"{ 'use strict'; 010 }", "function f() {} 'use strict'; 010",
		"'use strict'; '\\0'", "class A {} 010" };

	CHECK(rows, TN_JS_SCRIPT);
	assert_refused("010", TN_JS_MODULE, 0);
	assert_refused("'\\1'", TN_JS_MODULE, 1);
	TAKE(fine, TN_JS_SCRIPT);
}

static void
regular_expressions_without_unicode(void **state TN_UNUSED)
{
	static const struct row rows[] = {
		{ "/a/gg", 4 }, { "/a/x", 3 }, { "/a/\\u0067", 3 }, { "/a/uv", 3 },
		{ "/a\xc3\xa9/\xc3\xa9", 5 }, { "/+/", 1 }, { "/a**/", 3 },
		{ "/a{2,1}/", 1 }, { "/{1}/", 1 }, { "/^*/", 2 }, { "/\\b+/", 3 },
		{ "/(?<=a)*/", 7 }, { "/(a/", 3 }, { "/a)/", 2 }, { "/(?a)/", 1 },
		{ "/(?<a/", 1 }, { "/(?<>a)/", 1 }, { "/(?<1>a)/", 1 },
		{ "/(?<a>b)\\k/", 8 }, { "/[b-a]/", 1 }, { "/[\\x62-\\x61]/", 1 },
		{ "/[\\7-\\1]/", 1 },
		{ "/[\xf0\x9f\x98\x80-\xf0\x9f\x98\x82]/", 1 }, /* by halves */
	};
	static const char *const fine[] = { "/a{1,2}?b{,3}{x/", "/]}/", "/(?=a)*/",
		"/\\8\\9\\377/", "/(a)\\1\\2/", "/\\c/", "/[\\c_]/", "/\\k<a>/",
		"/\\u{1}/", "/\\p{L}/", "/\\x/", "/\\-\\\xc3\xa9/", "/[\\d-z]/", "/[a-]/",
		"/[-a]/", "/[]/", "/[^]/", "/(?<a>b)\\k<a>/", "/(?:a|)|/", "/[(]/",
		"/[/]/", "/(?<a\\u0062>c)/", "/\\cA[\\cA-\\cZ]/", "/(?i:a)/",
		"/a/dgimsuy" };

	CHECK(rows, TN_JS_SCRIPT);
	TAKE(fine, TN_JS_SCRIPT);
}

static void
regular_expressions_with_unicode(void **state TN_UNUSED)
{
	static const struct row rows[] = {
		{ "/{/u", 1 },
		{ "/}/u", 1 },
		{ "/]/u", 1 },
		{ "/a{/u", 1 },
		{ "/(?=a)*/u", 6 },
		{ "/\\1/u", 1 },
		{ "/(a)\\2/u", 4 },
		{ "/\\01/u", 1 },
		{ "/[\\1]/u", 1 },
		{ "/\\c/u", 1 },
		{ "/\\x4/u", 1 },
		{ "/\\u{110000}/u", 1 },
		{ "/\\-/u", 1 },
		{ "/\\a/u", 1 },
		{ "/\\k/u", 1 },
		{ "/\\p/u", 1 },
		{ "/\\p{}/u", 1 },
		{ "/[\\d-z]/u", 1 },
		{ "/[[a]/v", 1 },
	};
	static const char *const fine[] = { "/\\u{1F600}\\ud83d\\ude00\\0/u", "/[\\-]/u",
		"/\\p{Script=Greek}\\P{L}/u", "/(a)\\1/u", "/(?<a>b)\\k<a>/u",
		"/[\xf0\x9f\x98\x80-\xf0\x9f\x98\x82]/u",
		"/[\\u{1F600}-\\ud83d\\ude02]/u", "/\\^\\/\\}/u", "/[[a-z]--[b]]/v",
		"/[\\q{a|b}&&c]/v" };

	CHECK(rows, TN_JS_SCRIPT);
	TAKE(fine, TN_JS_SCRIPT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_never_closed_by_where_it_begins),
		cmocka_unit_test(brackets_that_do_not_balance),
		cmocka_unit_test(characters_without_a_place),
		cmocka_unit_test(reserved_words_with_escapes),
		cmocka_unit_test(malformed_numbers),
		cmocka_unit_test(malformed_escapes),
		cmocka_unit_test(octal_in_strict_code),
		cmocka_unit_test(regular_expressions_without_unicode),
		cmocka_unit_test(regular_expressions_with_unicode),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
