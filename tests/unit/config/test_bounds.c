/* A project of many tenants and much text stays within bounds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "files.h"

#include <string.h>

/* One finding for what is wrong in every tenant. */
static void
a_finding_comes_once_for_all_tenants(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

	put("a.js", "${vars.x}");
	tn_str_add(&text, HEAD "tenants:\n");
	for (int i = 0; i < 200; i++)
		tn_str_addf(&text, "  t%d: {vars: {n: '%d'}}\n", i, i);
	tn_str_add(&text,
	    "actions:\n"
	    "  a: {trigger: post-login@v3, runtime: 'n${vars.m}', substitute: true}\n");
	assert_int_equal(load(tn_str_text(&text)), -TN_E_INPUT);
	/* The code is not looked at where the values are not known. */
	assert_int_equal(tn_diags_count(diags), 1);
	assert_int_equal(tn_diags_errors(diags), 1);
}

static void
pairs_of_tenants_and_actions_are_bounded(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

	put("x.js", "");
	tn_str_add(&text, HEAD "tenants:\n");
	for (int i = 0; i < 500; i++)
		tn_str_addf(&text, "  t%d:\n", i);
	tn_str_add(&text, "actions:\n");
	for (int i = 0; i < 401; i++)
		tn_str_addf(&text, "  a%d: {trigger: post-login@v3, code: x.js}\n", i);
	assert_int_equal(load(tn_str_text(&text)), -TN_E_INPUT);
	assert_int_equal(tn_diags_count(diags), 1);
	assert_string_equal(tn_diags_at(diags, 0)->code, "too-many");
}

/* What `only` keeps from a tenant is no pair: 400 tenants of five actions each. */
static void
tenants_with_actions_of_their_own_are_not_too_many(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
	const struct tn_want *want;

	put("x.js", "");
	tn_str_add(&text, HEAD "tenants:\n");
	for (int i = 0; i < 400; i++)
		tn_str_addf(&text, "  t%d:\n", i);
	tn_str_add(&text, "actions:\n");
	for (int i = 0; i < 2000; i++)
		tn_str_addf(&text,
		    "  a%04d: {trigger: post-login@v3, code: x.js, only: [t%d]}\n", i,
		    i % 400);
	tn_str_add(&text, "bindings:\n  post-login:\n");
	for (int i = 1999; i >= 0; i--)
		tn_str_addf(&text, "    - a%04d\n", i);
	assert_int_equal(load(tn_str_text(&text)), 0);
	assert_int_equal(tn_diags_count(diags), 0);
	want = project->wants[7];
	assert_int_equal(want->n_actions, 5);
	assert_string_equal(want->actions[0].name, "a0007");
	assert_string_equal(want->actions[4].name, "a1607");
	assert_int_equal(want->flows[0].n_entries, 5);
	assert_string_equal(want->flows[0].entries[0].name, "a1607");
	assert_string_equal(want->flows[0].entries[4].name, "a0007");
}

static void
tenants_are_bounded(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

	tn_str_add(&text, HEAD "tenants:\n");
	for (int i = 0; i < 1001; i++)
		tn_str_addf(&text, "  t%d:\n", i);
	assert_int_equal(load(tn_str_text(&text)), -TN_E_INPUT);
	assert_string_equal(tn_diags_at(diags, 0)->code, "too-many");
}

/* A megabyte of references to a variable of 4096 characters would be 460 MB. */
static void
text_grows_within_bounds(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str code = TN_STR_INIT;

	for (int i = 0; i < 100000; i++)
		tn_str_add(&code, "${vars.a}");
	put("a.js", tn_str_text(&code));
	tn_str_add(&text, HEAD "tenants: {dev: {vars: {a: ");
	for (int i = 0; i < 4096; i++)
		tn_str_add_char(&text, 'x');
	tn_str_add(&text,
	    "}}}\nactions: {a: {trigger: post-login@v3, substitute: true}}\n");
	assert_int_equal(load(tn_str_text(&text)), -TN_E_INPUT);
	assert_int_equal(tn_diags_count(diags), 1);
	assert_string_equal(tn_diags_at(diags, 0)->code, "too-long");
}

static void
text_of_all_tenants_grows_within_bounds(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str code = TN_STR_INIT;

	tn_str_add(&code, "${vars.a}");
	while (code.len < 1000000)
		tn_str_add(&code, "0123456789abcdef0123456789abcdef");
	put("a.js", tn_str_text(&code));
	tn_str_add(&text, HEAD "tenants:\n");
	for (int i = 0; i < 300; i++)
		tn_str_addf(&text, "  t%d: {vars: {a: x}}\n", i);
	tn_str_add(&text, "actions: {a: {trigger: post-login@v3, substitute: true}}\n");
	assert_int_equal(load(tn_str_text(&text)), -TN_E_INPUT);
	assert_int_equal(tn_diags_count(diags), 1);
	assert_string_equal(tn_diags_at(diags, 0)->code, "too-long");
	assert_non_null(strstr(tn_diags_at(diags, 0)->message, "together"));
}

/* A large value with one reference in it, for each of a thousand tenants. */
static void
values_of_all_tenants_grow_within_bounds(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

	put("a.js", "");
	put("p.json", "{}");
	tn_str_add(&text, HEAD "tenants:\n");
	for (int i = 0; i < 1000; i++)
		tn_str_addf(&text, "  t%d: {vars: {a: x}}\n", i);
	tn_str_add(&text,
	    "actions:\n  a:\n    trigger: post-login@v3\n    tests:\n"
	    "      - {payload: p.json, expect: {a: '${vars.a}', b: [");
	for (int i = 0; i < 100000; i++)
		tn_str_add(&text, "1,");
	tn_str_add(&text, "1]}}\n");
	assert_int_equal(load(tn_str_text(&text)), -TN_E_INPUT);
	assert_string_equal(tn_diags_at(diags, 0)->code, "too-long");
	assert_non_null(strstr(tn_diags_at(diags, 0)->message, "together"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_finding_comes_once_for_all_tenants),
		TEST(pairs_of_tenants_and_actions_are_bounded),
		TEST(tenants_with_actions_of_their_own_are_not_too_many),
		TEST(tenants_are_bounded),
		TEST(text_grows_within_bounds),
		TEST(values_of_all_tenants_grow_within_bounds),
		TEST(text_of_all_tenants_grows_within_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
