/* The tree with marks: building, reading with every wrong kind, comparing, copying. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/secret.h"
#include "base/value.h"

static int
setup(void **state)
{
	*state = tn_arena_new();
	return 0;
}

static int
teardown(void **state)
{
	tn_arena_free(*state);
	return 0;
}

/* {"name": "a", "on": true, "n": 5, "list": [null, "x"]} */
static struct tn_value *
sample(struct tn_arena *arena)
{
	struct tn_value *object = tn_value_object(arena);
	struct tn_value *list = tn_value_array(arena);

	tn_value_set_text(arena, object, "name", "a");
	tn_value_set_bool(arena, object, "on", true);
	tn_value_set_int(arena, object, "n", 5);
	tn_value_push(arena, list, tn_value_null(arena));
	tn_value_push(arena, list, tn_value_string(arena, "x"));
	tn_value_set(arena, object, "list", list);
	return object;
}

static void
an_object_gives_back_its_members_in_order(void **state)
{
	struct tn_value *object = sample(*state);

	assert_int_equal(tn_value_count(object), 4);
	assert_string_equal(object->as.members[0].key, "name");
	assert_string_equal(object->as.members[3].key, "list");
	assert_string_equal(tn_value_get_text(object, "name"), "a");
	assert_true(tn_value_get_bool(object, "on", false));
	assert_int_equal(tn_value_count(tn_value_get(object, "list")), 2);
	assert_true(
	    tn_value_is(tn_value_at(tn_value_get(object, "list"), 0), TN_VALUE_NULL));
	assert_null(tn_value_get(object, "nam"));
	assert_null(tn_value_get(object, ""));
	assert_string_equal(tn_value_member(object, "n")->key, "n");
}

static void
keys_and_text_are_copied(void **state)
{
	struct tn_arena *arena = *state;
	struct tn_value *object = tn_value_object(arena);
	char key[] = "key", text[] = "text";

	tn_value_set_text(arena, object, key, text);
	tn_value_set_text(arena, object, "none", NULL);
	key[0] = text[0] = 'x';
	assert_int_equal(tn_value_count(object), 1);
	assert_string_equal(tn_value_get_text(object, "key"), "text");
}

static void
many_members_and_items(void **state)
{
	struct tn_arena *arena = *state;
	struct tn_value *object = tn_value_object(arena);
	struct tn_value *array = tn_value_array(arena);
	char key[20];
	int64_t number;

	for (int i = 0; i < 500; i++) {
		snprintf(key, sizeof(key), "k%d", i);
		tn_value_set_int(arena, object, key, i);
		tn_value_push(arena, array, tn_value_int(arena, -i));
	}
	assert_true(tn_value_to_int(tn_value_get(object, "k499"), &number));
	assert_int_equal(number, 499);
	assert_true(tn_value_to_int(tn_value_at(array, 250), &number));
	assert_int_equal(number, -250);
	assert_null(tn_value_at(array, 500));
}

static void
readers_accept_null_and_every_wrong_kind(void **state)
{
	struct tn_arena *arena = *state;
	const struct tn_value *wrong[] = {
		NULL,
		tn_value_null(arena),
		tn_value_bool(arena, true),
		tn_value_string(arena, "5"),
		tn_value_scalar(arena, "5", 1),
	};
	int64_t number = 42;

	for (size_t i = 0; i < TN_ARRAY_LEN(wrong); i++) {
		assert_null(tn_value_get(wrong[i], "a"));
		assert_null(tn_value_member(wrong[i], "a"));
		assert_null(tn_value_get_text(wrong[i], "a"));
		assert_null(tn_value_at(wrong[i], 0));
		assert_int_equal(tn_value_count(wrong[i]), 0);
		assert_true(tn_value_get_bool(wrong[i], "a", true));
		assert_false(tn_value_to_int(wrong[i], &number));
	}
	assert_int_equal(number, 42);
	assert_null(tn_value_at(tn_value_object(arena), 0));
	assert_null(tn_value_get(tn_value_array(arena), "a"));
	assert_false(tn_value_is(NULL, TN_VALUE_NULL));
}

static void
text_is_of_strings_and_scalars_only(void **state)
{
	struct tn_arena *arena = *state;

	assert_string_equal(tn_value_text(tn_value_string_of(arena, "abc", 2)), "ab");
	assert_string_equal(tn_value_text(tn_value_scalar(arena, "1.10", 4)), "1.10");
	assert_null(tn_value_text(tn_value_number(arena, "1.10", 4)));
	assert_null(tn_value_text(tn_value_null(arena)));
	assert_null(tn_value_text(NULL));
	assert_int_equal(tn_value_string(arena, "abc")->count, 3);
}

static void
whole_numbers_that_fit(void **state)
{
	static const struct {
		const char *text;
		bool fits;
		int64_t number;
	} cases[] = {
		{ "0", true, 0 },
		{ "-0", true, 0 },
		{ "17", true, 17 },
		{ "9223372036854775807", true, INT64_MAX },
		{ "-9223372036854775808", true, INT64_MIN },
		{ "9223372036854775808", false, 0 },
		{ "-9223372036854775809", false, 0 },
		{ "99999999999999999999999999", false, 0 },
		{ "1.0", false, 0 },
		{ "1e3", false, 0 },
		{ "", false, 0 },
		{ "-", false, 0 },
		{ "--1", false, 0 },
		{ " 1", false, 0 },
		{ "0x10", false, 0 },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		int64_t number = 0;
		const struct tn_value *value = tn_value_number(*state, cases[i].text,
		    strlen(cases[i].text));

		assert_int_equal(tn_value_to_int(value, &number), cases[i].fits);
		assert_true(number == cases[i].number);
	}
}

static void
integers_are_written_in_full(void **state)
{
	assert_string_equal(tn_value_int(*state, INT64_MIN)->as.text,
	    "-9223372036854775808");
	assert_string_equal(tn_value_int(*state, 0)->as.text, "0");
	assert_int_equal(tn_value_int(*state, 123)->count, 3);
}

static void
a_boolean_is_read_or_not_there(void **state)
{
	struct tn_value *object = sample(*state);

	assert_true(tn_value_get_bool(object, "on", false));
	assert_false(tn_value_get_bool(object, "name", false));
	assert_true(tn_value_get_bool(object, "name", true));
	assert_true(tn_value_get_bool(object, "missing", true));
}

static void
equal_whatever_the_order_and_the_marks(void **state)
{
	struct tn_arena *arena = *state;
	struct tn_value *a = sample(arena);
	struct tn_value *b = tn_value_object(arena);

	for (size_t i = a->count; i-- > 0;)
		tn_value_set(arena, b, a->as.members[i].key,
		    tn_value_clone(arena, a->as.members[i].value));
	b->mark.line = 9;
	b->as.members[0].mark.line = 7;
	b->as.members[0].value->mark.col = 3;
	assert_true(tn_value_equal(a, b));
	assert_true(tn_value_equal(b, a));
	assert_true(tn_value_equal(a, a));
	assert_true(tn_value_equal(NULL, NULL));
	assert_false(tn_value_equal(a, NULL));
	assert_false(tn_value_equal(NULL, a));
}

static void
unequal_in_one_place(void **state)
{
	struct tn_arena *arena = *state;
	struct tn_value *a = sample(arena);
	struct tn_value *b;

	b = sample(arena);
	tn_value_set_bool(arena, b, "more", true);
	assert_false(tn_value_equal(a, b));
	b = sample(arena);
	b->as.members[0].key = "nome";
	assert_false(tn_value_equal(a, b));
	b = sample(arena);
	b->as.members[1].value->as.boolean = false;
	assert_false(tn_value_equal(a, b));
	b = sample(arena);
	b->as.members[3].value->as.items[1] = tn_value_string(arena, "y");
	assert_false(tn_value_equal(a, b));
	b = sample(arena);
	b->as.members[3].value->as.items[0] = tn_value_bool(arena, false);
	assert_false(tn_value_equal(a, b));
}

static void
kinds_with_the_same_text_differ(void **state)
{
	struct tn_arena *arena = *state;
	const struct tn_value *values[] = {
		tn_value_number(arena, "1", 1),
		tn_value_string(arena, "1"),
		tn_value_scalar(arena, "1", 1),
		tn_value_bool(arena, true),
		tn_value_null(arena),
		tn_value_array(arena),
		tn_value_object(arena),
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(values); i++) {
		for (size_t k = 0; k < TN_ARRAY_LEN(values); k++)
			assert_int_equal(tn_value_equal(values[i], values[k]), i == k);
	}
	assert_true(tn_value_equal(tn_value_null(arena), tn_value_null(arena)));
}

static void
numbers_are_equal_as_written(void **state)
{
	struct tn_arena *arena = *state;

	assert_false(tn_value_equal(tn_value_number(arena, "1.10", 4),
	    tn_value_number(arena, "1.1", 3)));
	assert_true(tn_value_equal(tn_value_number(arena, "1.10", 4),
	    tn_value_number(arena, "1.10", 4)));
}

static void
secrets_are_equal_by_value(void **state)
{
	struct tn_arena *arena = *state;
	TN_CLEANUP(tn_secret_unrefp) struct tn_secret *a = tn_secret_new("hunter2", 7);
	TN_CLEANUP(tn_secret_unrefp) struct tn_secret *b = tn_secret_new("hunter2", 7);
	TN_CLEANUP(tn_secret_unrefp) struct tn_secret *c = tn_secret_new("hunter3", 7);
	const struct tn_value *value = tn_value_secret(arena, a);

	assert_true(tn_value_equal(value, tn_value_secret(arena, b)));
	assert_false(tn_value_equal(value, tn_value_secret(arena, c)));
	assert_ptr_equal(tn_value_clone(arena, value)->as.secret, a);
	assert_null(tn_value_text(value));
}

/* The order of the keys is reversed: comparing must not look each one up. */
static void
large_objects_compare_in_bounded_time(void **state)
{
	struct tn_arena *arena = *state;
	struct tn_value *a = tn_value_object(arena), *b = tn_value_object(arena);
	char key[20];

	for (int i = 0; i < 100000; i++) {
		snprintf(key, sizeof(key), "key-%06d", i);
		tn_value_set_int(arena, a, key, i);
		snprintf(key, sizeof(key), "key-%06d", 99999 - i);
		tn_value_set_int(arena, b, key, 99999 - i);
	}
	assert_true(tn_value_equal(a, b));
	b->as.members[500].value = tn_value_int(arena, 1);
	assert_false(tn_value_equal(a, b));
}

static void
a_clone_lives_alone(void **state)
{
	struct tn_arena *arena = *state;
	struct tn_arena *first = tn_arena_new();
	struct tn_value *original = sample(first);
	struct tn_value *copy;

	original->mark.line = 4;
	original->as.members[2].mark.col = 8;
	copy = tn_value_clone(arena, original);
	tn_value_set_bool(first, original, "late", true);
	tn_arena_free(first);
	assert_true(tn_value_equal(copy, sample(arena)));
	assert_int_equal(copy->mark.line, 4);
	assert_int_equal(copy->as.members[2].mark.col, 8);
	tn_value_set_bool(arena, copy, "late", true);
	assert_true(tn_value_get_bool(copy, "late", false));
	assert_int_equal(tn_value_count(copy), 5);
	assert_null(tn_value_clone(arena, NULL));
}

static void
kinds_have_names(void **state TN_UNUSED)
{
	assert_string_equal(tn_value_kind_name(TN_VALUE_NULL), "null");
	assert_string_equal(tn_value_kind_name(TN_VALUE_BOOL), "boolean");
	assert_string_equal(tn_value_kind_name(TN_VALUE_NUMBER), "number");
	assert_string_equal(tn_value_kind_name(TN_VALUE_STRING), "string");
	assert_string_equal(tn_value_kind_name(TN_VALUE_SCALAR), "scalar");
	assert_string_equal(tn_value_kind_name(TN_VALUE_ARRAY), "array");
	assert_string_equal(tn_value_kind_name(TN_VALUE_OBJECT), "object");
	assert_string_equal(tn_value_kind_name(TN_VALUE_SECRET), "secret");
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_object_gives_back_its_members_in_order),
		TEST(keys_and_text_are_copied),
		TEST(many_members_and_items),
		TEST(readers_accept_null_and_every_wrong_kind),
		TEST(text_is_of_strings_and_scalars_only),
		TEST(whole_numbers_that_fit),
		TEST(integers_are_written_in_full),
		TEST(a_boolean_is_read_or_not_there),
		TEST(equal_whatever_the_order_and_the_marks),
		TEST(unequal_in_one_place),
		TEST(kinds_with_the_same_text_differ),
		TEST(numbers_are_equal_as_written),
		TEST(secrets_are_equal_by_value),
		TEST(large_objects_compare_in_bounded_time),
		TEST(a_clone_lives_alone),
		TEST(kinds_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
