/*
 * Division or regular expression: each text has one place in doubt, written /1/g, and is
 * right as one of both only.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lex.h"

static void
check(const char *text, enum tn_js_goal goal, bool expected)
{
	TN_CLEANUP(tn_js_freep) struct tn_js *js = tn_js_new(tn_span(text), goal);
	struct tn_js_token token;
	bool found = false;

	while (tn_js_next(js, &token))
		found = found || token.kind == TN_JS_REGEXP;
	if (tn_js_problem(js) != NULL)
		fail_msg("%s: %s", text, tn_js_problem(js)->message);
	if (found != expected)
		fail_msg("%s: this is %s", text,
		    expected ? "a regular expression" : "a division");
}

static void
check_all(const char *const *texts, size_t n, enum tn_js_goal goal, bool expected)
{
	for (size_t i = 0; i < n; i++)
		check(texts[i], goal, expected);
}

#define REGEXPS(goal, ...)                                           \
	do {                                                         \
		static const char *const texts_[] = { __VA_ARGS__ }; \
		check_all(texts_, TN_ARRAY_LEN(texts_), goal, true); \
	} while (0)
#define DIVISIONS(goal, ...)                                          \
	do {                                                          \
		static const char *const texts_[] = { __VA_ARGS__ };  \
		check_all(texts_, TN_ARRAY_LEN(texts_), goal, false); \
	} while (0)

static void
behind_operands_and_operators(void **state TN_UNUSED)
{
	DIVISIONS(TN_JS_SCRIPT, "a /1/g", "a\n/1/g", "1 /1/g", "'s' /1/g", "`t` /1/g",
	    "`${a}` /1/g", "a.b /1/g", "a?.b /1/g", "a.return /1/g", "a.if /1/g",
	    "a[0] /1/g", "f() /1/g", "(a) /1/g", "[a] /1/g", "this /1/g", "null /1/g",
	    "true /1/g", "a++ /1/g", "a-- /1/g", "new.target /1/g", "x = a ? b : c /1/g");
	REGEXPS(TN_JS_SCRIPT, "/1/g", "x = /1/g", "x += /1/g", "x + /1/g", "x / /1/g",
	    "!/1/g", "f(/1/g)", "f(a, /1/g)", "[/1/g]", "a[/1/g]", "a ? /1/g : b",
	    "a ? b : /1/g", "a && /1/g", "a ?? /1/g", "`${/1/g}`", "...[/1/g]",
	    "x = y => /1/g", "a in /1/g", "a instanceof /1/g", "typeof /1/g", "void /1/g",
	    "delete /1/g", "new /1/g", "throw /1/g", "return /1/g", "a\n++/1/g.x",
	    "a = b\n!/1/g");
}

static void
behind_parentheses(void **state TN_UNUSED)
{
	REGEXPS(TN_JS_SCRIPT, "if (a) /1/g", "while (a) /1/g", "for (;;) /1/g",
	    "for (a of b) /1/g", "with (a) /1/g", "if (a) b; else /1/g",
	    "do /1/g; while (a)", "do a; while (b) /1/g", "do {} while (b) /1/g",
	    "do while (a) b; while (c) /1/g", "do do a; while (b) while (c) /1/g",
	    "do if (a) b; else c; while (d) /1/g", "for (/1/g;;);", "for (;/1/g;);",
	    "for (;;/1/g);", "for (a of /1/g);", "for (let of of /1/g);",
	    "for (const a in /1/g);", "switch (/1/g) {}");
	DIVISIONS(TN_JS_SCRIPT, "a.if(b) /1/g", "({if(a) {}}).if (b) /1/g",
	    "async(a) /1/g", "x = function () {} /1/g", "while (a) (b) /1/g", "of /1/g",
	    "for (of /1/g;;);", "for (var a = of /1/g;;);");
}

static void
behind_braces(void **state TN_UNUSED)
{
	REGEXPS(TN_JS_SCRIPT, "{} /1/g", "{a} /1/g", "a: {} /1/g", "if (a) {} /1/g",
	    "if (a) {} else {} /1/g", "try {} catch {} /1/g", "try {} catch (e) {} /1/g",
	    "try {} finally {} /1/g", "switch (a) {} /1/g",
	    "switch (a) { case b: {} /1/g }", "switch (a) { case {} : /1/g }",
	    "switch (a) { default: /1/g }", "switch (a) { case b ? c : d: /1/g }",
	    "function f() {} /1/g", "function* f() {} /1/g", "async function f() {} /1/g",
	    "class A {} /1/g", "class A extends B {} /1/g", "a\n{} /1/g",
	    "return\n{} /1/g", "x = () => {}\n/1/g", "x = a => {}\n/1/g",
	    "x = async () => {}\n/1/g", "async\nfunction f() {} /1/g",
	    "`${() => {}}`; {} /1/g");
	DIVISIONS(TN_JS_SCRIPT, "x = {} /1/g", "({} /1/g)", "[{} /1/g]", "f({} /1/g)",
	    "x = {a: {}} /1/g", "return {} /1/g", "x = a ? {} /1/g : b",
	    "x = a ? b : {} /1/g", "`${{} /1/g}`", "switch (a) { case {} /1/g: }",
	    "x = function () {} /1/g", "x = async function () {} /1/g",
	    "(function () {} /1/g)", "x = class {} /1/g", "x = class extends B {} /1/g",
	    "x = class extends function () {} {} /1/g", "y => ({} /1/g)", "throw {} /1/g",
	    "a, {} /1/g", "x = {a() {}, get b() {}} /1/g");
}

static void
in_objects_and_classes(void **state TN_UNUSED)
{
	REGEXPS(TN_JS_SCRIPT, "({a: /1/g})", "({[/1/g]: a})", "({a = /1/g} = b)",
	    "({a(b = /1/g) {}})", "({a() { /1/g }})", "class A { b = /1/g }",
	    "class A { b = /1/g; c }", "class A { static b = /1/g }",
	    "class A { static { /1/g } }", "class A { static {} b = /1/g }",
	    "class A { [/1/g]() {} }", "class A { *b() { yield /1/g } }",
	    "class A { async b() { await /1/g } }",
	    "class A { b = () => {}\n*c() { yield /1/g } }",
	    "({async *a() { yield /1/g }})", "({*a() { yield /1/g }})",
	    "({async a() { await /1/g }})", "({async [a]() { await /1/g }})");
	DIVISIONS(TN_JS_SCRIPT, "class A { b = c /1/g }", "class A { b = c\n/1/g }",
	    "({a: b /1/g})", "({async() { await /1/g }})",
	    "class A { async() { await /1/g } }", "({get a() { await /1/g }})",
	    "class A { async\nb() { await /1/g } }");
}

static void
words_with_two_meanings(void **state TN_UNUSED)
{
	REGEXPS(TN_JS_SCRIPT, "function* f() { yield /1/g }",
	    "async function f() { await /1/g }", "x = async () => await /1/g",
	    "x = async a => await /1/g", "x = async () => { await /1/g }",
	    "async function* f() { for await (a of /1/g); }", "let a\n/1/g",
	    "var a\n/1/g", "const {a} = b, c\n/1/g", "let [a] = [/1/g]",
	    "a: while (b) { break a\n/1/g }", "while (a) { continue\n/1/g }",
	    "debugger\n/1/g");
	DIVISIONS(TN_JS_SCRIPT, "yield /1/g", "await /1/g", "let /1/g", "async /1/g",
	    "async function f() { x = () => await /1/g }",
	    "async function f() { function g() { await /1/g } }",
	    "function* f() { function g() { yield /1/g } }",
	    "x = async () => {}; await /1/g", "x = [async () => a, await /1/g]",
	    "let a = b\n/1/g", "var a, b = c\n/1/g", "get /1/g", "static /1/g",
	    "async\nx => a; await /1/g");
}

static void
in_modules(void **state TN_UNUSED)
{
	REGEXPS(TN_JS_MODULE, "await /1/g", "import a from 'b'\n/1/g", "import 'a'\n/1/g",
	    "import {a} from 'b'\n/1/g", "import a from 'b' with {c: 'd'}\n/1/g",
	    "export {a}\n/1/g", "export {a} from 'b'\n/1/g", "export * from 'a'\n/1/g",
	    "export * as a from 'b'\n/1/g", "export default /1/g",
	    "export default function () {} /1/g", "export default class {} /1/g",
	    "export default async function () {} /1/g", "export function f() {} /1/g",
	    "export const a = /1/g");
	DIVISIONS(TN_JS_MODULE, "import.meta /1/g", "import('a') /1/g",
	    "export default {} /1/g", "export default a /1/g",
	    "function f() { await /1/g }");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(behind_operands_and_operators),
		cmocka_unit_test(behind_parentheses),
		cmocka_unit_test(behind_braces),
		cmocka_unit_test(in_objects_and_classes),
		cmocka_unit_test(words_with_two_meanings),
		cmocka_unit_test(in_modules),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
