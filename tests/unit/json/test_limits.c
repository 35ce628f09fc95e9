/* Bounds of size, depth and number, and how a large or hostile document behaves within
 * them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "json/json.h"

static void
repeat(struct tn_str *out, const char *text, size_t times)
{
	for (size_t i = 0; i < times; i++)
		tn_str_add(out, text);
}

/* Parses what was built up; the message of a refusal is compared when one is given. */
static void
expect(struct tn_str *text, const struct tn_json_limits *limits, int result,
    const char *message)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	struct tn_value *value = NULL;

	assert_false(tn_str_overflowed(text));
	assert_int_equal(tn_json_parse(arena, tn_str_span(text), limits, &value, &err),
	    result);
	if (message != NULL)
		assert_string_equal(err.message, message);
	assert_true((value != NULL) == (result == 0));
	tn_str_clear(text);
}

static void
nest(struct tn_str *text, size_t depth)
{
	repeat(text, "[", depth);
	repeat(text, "]", depth);
}

static void
depth_is_bounded_exactly(void **state)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
	struct tn_json_limits limits = { .bytes = 100, .values = 100, .depth = 2 };

	(void)state;
	nest(&text, 64);
	expect(&text, NULL, 0, NULL);
	nest(&text, 65);
	expect(&text, NULL, -TN_E_LIMIT,
	    "line 1, column 65: arrays and objects are nested more than 64 deep");
	repeat(&text, "{\"a\":", 65);
	expect(&text, NULL, -TN_E_LIMIT,
	    "line 1, column 321: arrays and objects are nested more than 64 deep");
	tn_str_add(&text, "[[],{\"a\":1},[]]");
	expect(&text, &limits, 0, NULL);
	tn_str_add(&text, "[[],{\"a\":[]}]");
	expect(&text, &limits, -TN_E_LIMIT,
	    "line 1, column 10: arrays and objects are nested more than 2 deep");
	limits.depth = 0;
	tn_str_add(&text, "1");
	expect(&text, &limits, 0, NULL);
	tn_str_add(&text, "{}");
	expect(&text, &limits, -TN_E_LIMIT,
	    "line 1, column 1: arrays and objects are nested more than 0 deep");
}

static void
a_great_depth_can_be_allowed(void **state)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
	struct tn_json_limits limits = tn_json_limits_default;

	(void)state;
	limits.depth = 2000;
	nest(&text, 2000);
	expect(&text, &limits, 0, NULL);
	nest(&text, 2001);
	expect(&text, &limits, -TN_E_LIMIT, NULL);
}

static void
values_are_bounded_exactly(void **state)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
	const struct tn_json_limits limits = { .bytes = 100, .values = 4, .depth = 4 };

	(void)state;
	tn_str_add(&text, "[1,2,3]");
	expect(&text, &limits, 0, NULL);
	tn_str_add(&text, "[1,2,3,4]");
	expect(&text, &limits, -TN_E_LIMIT,
	    "line 1, column 8: there are more than 4 values");
	tn_str_add(&text, "{\"a\":1,\"b\":2,\"c\":3}");
	expect(&text, &limits, 0, NULL);
	tn_str_add(&text, "[[],[],[],[]]");
	expect(&text, &limits, -TN_E_LIMIT, NULL);
}

static void
bytes_are_bounded_exactly(void **state)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
	const struct tn_json_limits limits = { .bytes = 8, .values = 4, .depth = 4 };

	(void)state;
	tn_str_add(&text, "\"123456\"");
	expect(&text, &limits, 0, NULL);
	tn_str_add(&text, "\"1234567\"");
	expect(&text, &limits, -TN_E_LIMIT,
	    "the document has 9 bytes, at most 8 are read");
}

static void
a_limit_past_what_can_be_counted_does_no_harm(void **state)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
	const struct tn_json_limits limits = { SIZE_MAX, SIZE_MAX, 5000 };

	(void)state;
	nest(&text, 5000);
	expect(&text, &limits, 0, NULL);
}

static void
a_hundred_thousand_open_brackets_are_refused_at_once(void **state)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

	(void)state;
	repeat(&text, "[", 100000);
	expect(&text, NULL, -TN_E_LIMIT, NULL);
	repeat(&text, "{\"a\":[", 50000);
	expect(&text, NULL, -TN_E_LIMIT, NULL);
}

static void
very_long_strings_keep_every_byte(void **state)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	const size_t times = 1000000;
	struct tn_value *value;

	(void)state;
	tn_str_add(&text, "\"");
	repeat(&text, "\\u20acx", times);
	tn_str_add(&text, "\"");
	assert_int_equal(tn_json_parse(arena, tn_str_span(&text), NULL, &value, NULL), 0);
	assert_int_equal(value->count, 4 * times);
	for (size_t i = 0; i < times; i++)
		assert_memory_equal(value->as.text + 4 * i, "\xe2\x82\xacx", 4);
}

static void
very_long_numbers_keep_every_digit(void **state)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	struct tn_value *value;
	int64_t number;

	(void)state;
	repeat(&text, "1234567890", 50000);
	assert_int_equal(tn_json_parse(arena, tn_str_span(&text), NULL, &value, NULL), 0);
	assert_int_equal(value->kind, TN_VALUE_NUMBER);
	assert_int_equal(value->count, 500000);
	assert_string_equal(value->as.text, tn_str_text(&text));
	assert_false(tn_value_to_int(value, &number));
}

/* Members k0, k1, ... with an additional one at the end. */
static void
build_object(struct tn_str *text, size_t count, const char *last)
{
	tn_str_add(text, "{");
	for (size_t i = 0; i < count; i++)
		tn_str_addf(text, "\"k%zu\":%zu,", i, i);
	tn_str_addf(text, "\"%s\":0}", last);
}

static void
a_repeated_key_is_found_in_objects_of_every_size(void **state)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

	(void)state;
	for (size_t count = 1; count < 70; count++) {
		build_object(&text, count, "x");
		expect(&text, NULL, 0, NULL);
		build_object(&text, count, "k0");
		expect(&text, NULL, -TN_E_INPUT, NULL);
		build_object(&text, count, "\\u006b0");
		expect(&text, NULL, -TN_E_INPUT, NULL);
	}
}

static void
the_first_repetition_of_a_large_object_is_told(void **state)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

	(void)state;
	tn_str_add(&text, "{\"b\":0,\n\"a\":0,\n");
	for (size_t i = 0; i < 40; i++)
		tn_str_addf(&text, "\"k%zu\":0,", i);
	tn_str_add(&text, "\n\"b\":1,\n\"a\":1,\n\"b\":2}");
	expect(&text, NULL, -TN_E_INPUT,
	    "line 4, column 1: the key \"b\" is already there, at line 1, column 2");
}

static void
a_large_object_inside_does_not_hide_keys_of_the_outer_one(void **state)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

	(void)state;
	tn_str_add(&text, "{\"a\":1,\"inner\":");
	build_object(&text, 50, "a");
	tn_str_add(&text, ",\"b\":1}");
	expect(&text, NULL, 0, NULL);
	tn_str_add(&text, "{\"a\":1,\"inner\":");
	build_object(&text, 50, "a");
	tn_str_add(&text, ",\"a\":1}");
	expect(&text, NULL, -TN_E_INPUT, NULL);
}

/* 200000 keys: comparing each with each would take minutes. */
static void
an_object_of_very_many_keys_is_read_quickly(void **state)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

	(void)state;
	build_object(&text, 200000, "x");
	expect(&text, NULL, 0, NULL);
	build_object(&text, 200000, "k199999");
	expect(&text, NULL, -TN_E_INPUT, NULL);
}

static void
a_long_key_is_cut_in_the_message_at_a_character(void **state)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str message = TN_STR_INIT;

	(void)state;
	tn_str_add(&text, "{\"x");
	repeat(&text, "é", 50);
	tn_str_add(&text, "\":1,\"x");
	repeat(&text, "é", 50);
	tn_str_add(&text, "\":1}");
	tn_str_add(&message, "line 1, column 58: the key \"x");
	repeat(&message, "é", 29);
	tn_str_add(&message, "…\" is already there, at line 1, column 2");
	expect(&text, NULL, -TN_E_INPUT, tn_str_text(&message));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(depth_is_bounded_exactly),
		cmocka_unit_test(a_great_depth_can_be_allowed),
		cmocka_unit_test(values_are_bounded_exactly),
		cmocka_unit_test(bytes_are_bounded_exactly),
		cmocka_unit_test(a_limit_past_what_can_be_counted_does_no_harm),
		cmocka_unit_test(a_hundred_thousand_open_brackets_are_refused_at_once),
		cmocka_unit_test(very_long_strings_keep_every_byte),
		cmocka_unit_test(very_long_numbers_keep_every_digit),
		cmocka_unit_test(a_repeated_key_is_found_in_objects_of_every_size),
		cmocka_unit_test(the_first_repetition_of_a_large_object_is_told),
		cmocka_unit_test(
		    a_large_object_inside_does_not_hide_keys_of_the_outer_one),
		cmocka_unit_test(an_object_of_very_many_keys_is_read_quickly),
		cmocka_unit_test(a_long_key_is_cut_in_the_message_at_a_character),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
