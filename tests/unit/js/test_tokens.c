/* Which tokens there are, and where each of them ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lex.h"

struct row {
	const char *text;
	const char *tokens;
};

static void
check(const struct row *rows, size_t n, enum tn_js_goal goal)
{
	for (size_t i = 0; i < n; i++)
		assert_lexed(rows[i].text, goal, rows[i].tokens);
}

#define CHECK(rows, goal) check(rows, TN_ARRAY_LEN(rows), goal)

static void
punctuators_are_the_longest_that_fit(void **state TN_UNUSED)
{
	static const struct row rows[] = {
		{ "a>>>=b>>>c>>=d>>e>=f>g",
		    "na p>>>= nb p>>> nc p>>= nd p>> ne p>= nf p> ng " },
		{ "a<<=b<<c<=d<e", "na p<<= nb p<< nc p<= nd p< ne " },
		{ "a===b==c=d=>e!==f!=!g",
		    "na p=== nb p== nc p= nd p=> ne p!== nf p!= p! ng " },
		{ "a**=b**c*=d*e", "na p**= nb p** nc p*= nd p* ne " },
		{ "a&&=b&&c&=d&e", "na p&&= nb p&& nc p&= nd p& ne " },
		{ "a||=b||c|=d|e", "na p||= nb p|| nc p|= nd p| ne " },
		{ "a?\?=b?\?c?.d?e:f", "na p?\?= nb p?\? nc p?. nd p? ne p: nf " },
		{ "a+++b+=c+d", "na p++ p+ nb p+= nc p+ nd " },
		{ "a---b-=c-d", "na p-- p- nb p-= nc p- nd " },
		{ "a^=b^c%=d%~e/=f/g", "na p^= nb p^ nc p%= nd p% p~ ne p/= nf p/ ng " },
		{ "f(...a,b)[c.d]", "nf p( p... na p, nb p) p[ nc p. nd p] " },
	};

	CHECK(rows, TN_JS_SCRIPT);
}

/* a?.5:b is a condition, as .5 is a number; a?.b is a chain. */
static void
a_question_before_a_fraction_is_a_condition(void **state TN_UNUSED)
{
	static const struct row rows[] = {
		{ "a?.5:b", "na p? 0.5 p: nb " },
		{ "a?.b", "na p?. nb " },
		{ "a?.[0]", "na p?. p[ 00 p] " },
		{ "a?.(0)", "na p?. p( 00 p) " },
	};

	CHECK(rows, TN_JS_SCRIPT);
}

static void
numbers(void **state TN_UNUSED)
{
	static const struct row rows[] = {
		{ "0", "00 " },
		{ "1_000.5_0e-1_0", "01_000.5_0e-1_0 " },
		{ ".5", "0.5 " },
		{ "5.", "05. " },
		{ "5..x", "05. p. nx " },
		{ "1.e3 1E+3", "01.e3 01E+3 " },
		{ "0xFf_0 0Xa 0b1_0 0B1 0o17 0O7",
		    "00xFf_0 00Xa 00b1_0 00B1 00o17 00O7 " },
		{ "0n 12_3n 0xfn 0b1n 0o7n", "00n 012_3n 00xfn 00b1n 00o7n " },
		{ "017 08 08.5 09e1 00", "0017 008 008.5 009e1 000 " },
		{ "017.5", "0017 0.5 " },
	};

	CHECK(rows, TN_JS_SCRIPT);
}

static void
strings_and_templates(void **state TN_UNUSED)
{
	static const struct row rows[] = {
		{ "'' \"\" 'a\"' \"a'\"", "s'' s\"\" s'a\"' s\"a'\" " },
		{ "'\\'\\\\' 'a\\\nb' 'a\\\r\nb'", "s'\\'\\\\' s'a\\\nb' s'a\\\r\nb' " },
		{ "'\\x41\\u0041\\u{1F600}\\0\\q\xe2\x80\xa8'",
		    "s'\\x41\\u0041\\u{1F600}\\0\\q\xe2\x80\xa8' " },
		{ "'\\1\\08\\377'", "s'\\1\\08\\377' " },
		{ "`a\nb` `` `$` `\\``", "t`a\nb` t`` t`$` t`\\`` " },
		{ "`a${b}c${d}e`", "h`a${ nb m}c${ nd e}e` " },
		{ "`${`${a}`}`", "h`${ h`${ na e}` e}` " },
		{ "`${{a:{}}}`", "h`${ p{ na p: p{ p} p} e}` " },
		{ "`${()=>{}}`", "h`${ p( p) p=> p{ p} e}` " },
		{ "x`\\u${y}\\xg`", "nx h`\\u${ ny e}\\xg` " },
		{ "({`${a}`})",
		    "p( p{ h`${ na e}` p} p) " }, /* not where one may stand */
	};

	CHECK(rows, TN_JS_SCRIPT);
}

static void
names_and_reserved_words(void **state TN_UNUSED)
{
	static const struct row rows[] = {
		{ "a $ _ a1 \xc3\xa9t\xc3\xa9 \xf0\xa0\xae\xb7",
		    "na n$ n_ na1 n\xc3\xa9t\xc3\xa9 "
		    "n\xf0\xa0\xae\xb7 " },
		{ "a\xe2\x80\x8d"
		  "b",
		    "na\xe2\x80\x8d"
		    "b " },
		{ "\\u0061b a\\u{62}", "n\\u0061b na\\u{62} " },
		{ "if(iff)while(whil);", "kif p( niff p) kwhile p( nwhil p) p; " },
		{ "let async of yield await", "nlet nasync nof nyield nawait " },
		{ "a.if.class", "na p. nif p. nclass " },
		{ "a?.if", "na p?. nif " },
		{ "({if:1,get in(){},class})",
		    "p( p{ nif p: 01 p, nget nin p( p) p{ p} p, "
		    "nclass p} p) " },
		{ "class A{static if=1;new(){}}",
		    "kclass nA p{ nstatic nif p= 01 p; nnew p( p) p{ p} p} " },
		{ "a.\\u0069f", "na p. n\\u0069f " },
		{ "class A{#b;c=#b in this}",
		    "kclass nA p{ ##b p; nc p= ##b kin kthis p} " },
	};

	CHECK(rows, TN_JS_SCRIPT);
}

static void
names_of_modules_and_of_exports(void **state TN_UNUSED)
{
	static const struct row rows[] = {
		{ "import{default as a}from'b'",
		    "kimport p{ ndefault nas na p} nfrom s'b' " },
		{ "export{a as if}", "kexport p{ na nas nif p} " },
		{ "export*as default from'b'", "kexport p* nas ndefault nfrom s'b' " },
		{ "export default class{}", "kexport kdefault kclass p{ p} " },
	};

	CHECK(rows, TN_JS_MODULE);
}

static void
white_space_and_comments(void **state TN_UNUSED)
{
	static const struct row rows[] = {
		{ "", "" },
		{ "a\t\v\f \xc2\xa0\xef\xbb\xbf\xe3\x80\x80\xe2\x80\xa8"
		  "b",
		    "na nb " },
		{ "a//b\nc//d\xe2\x80\xa9"
		  "e//f\rg",
		    "na nc ne ng " },
		{ "a/*b\n*c*/d/**/e/***/f", "na nd ne nf " },
		{ "#!a b\nc", "nc " },
		{ "\xef\xbb\xbf"
		  "a",
		    "na " },
	};

	CHECK(rows, TN_JS_SCRIPT);
	CHECK(rows, TN_JS_MODULE);
}

static void
html_like_comments_are_of_scripts(void **state TN_UNUSED)
{
	static const struct row scripts[] = {
		{ "a<!--b\nc", "na nc " },
		{ "--> a\nb\n--> c\n /**/ --> d\ne", "nb ne " },
		{ "a/*\n*/--> b\nc", "na nc " },
		{ "a-->b", "na p-- p> nb " },
	};
	static const struct row modules[] = {
		{ "a<!--b", "na p< p! p-- nb " },
		{ "a\n-->b", "na p-- p> nb " },
	};

	CHECK(scripts, TN_JS_SCRIPT);
	CHECK(modules, TN_JS_MODULE);
}

static void
ends_of_lines_and_escapes_are_noted(void **state TN_UNUSED)
{
	static const char text[] = "a b\nc/*\n*/'\\n'\xe2\x80\xa8"
				   "d";
	static const bool newlines[] = { false, false, true, true, true };
	static const bool escapes[] = { false, false, false, true, false };
	TN_CLEANUP(tn_js_freep)
	struct tn_js *js = tn_js_new(tn_span(text), TN_JS_SCRIPT);
	struct tn_js_token token;

	for (size_t i = 0; i < TN_ARRAY_LEN(newlines); i++) {
		assert_true(tn_js_next(js, &token));
		assert_int_equal(token.newline_before, newlines[i]);
		assert_int_equal(token.escaped, escapes[i]);
	}
	assert_false(tn_js_next(js, &token));
	assert_null(tn_js_problem(js));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(punctuators_are_the_longest_that_fit),
		cmocka_unit_test(a_question_before_a_fraction_is_a_condition),
		cmocka_unit_test(numbers),
		cmocka_unit_test(strings_and_templates),
		cmocka_unit_test(names_and_reserved_words),
		cmocka_unit_test(names_of_modules_and_of_exports),
		cmocka_unit_test(white_space_and_comments),
		cmocka_unit_test(html_like_comments_are_of_scripts),
		cmocka_unit_test(ends_of_lines_and_escapes_are_noted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
