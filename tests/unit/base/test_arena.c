/* The arena: alignment, zeroes, blocks of every size, copies. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/arena.h"

static void
objects_are_zeroed_aligned_and_apart(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	unsigned char *objects[2000];
	static const size_t sizes[] = { 1, 3, 16, 17, 100, 5000 };

	for (size_t i = 0; i < 2000; i++) {
		size_t size = sizes[i % TN_ARRAY_LEN(sizes)];

		objects[i] = tn_arena_alloc(arena, 1, size);
		assert_int_equal((uintptr_t)objects[i] % _Alignof(max_align_t), 0);
		for (size_t k = 0; k < size; k++)
			assert_int_equal(objects[i][k], 0);
		memset(objects[i], (int)(i % 251) + 1, size);
	}
	for (size_t i = 0; i < 2000; i++) {
		size_t size = sizes[i % TN_ARRAY_LEN(sizes)];

		assert_int_equal(objects[i][0], i % 251 + 1);
		assert_int_equal(objects[i][size - 1], i % 251 + 1);
	}
}

static void
nothing_is_still_a_place_of_its_own(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	void *a = tn_arena_alloc(arena, 0, 10);
	void *b = tn_arena_alloc(arena, 10, 0);

	assert_non_null(a);
	assert_ptr_not_equal(a, b);
}

static void
a_large_object_leaves_the_block_in_use(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	char *first = tn_arena_alloc(arena, 1, 16);
	char *large = tn_arena_alloc(arena, 1, (size_t)1 << 20);
	char *second = tn_arena_alloc(arena, 1, 16);

	large[((size_t)1 << 20) - 1] = 'x';
	assert_ptr_equal(second, first + 16);
}

static void
a_large_object_may_come_first(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	char *large = tn_arena_alloc(arena, 3, (size_t)100 << 10);
	char *small = tn_arena_alloc(arena, 1, 1);

	memset(large, 'x', (size_t)300 << 10);
	*small = 'y';
	assert_int_equal(large[((size_t)300 << 10) - 1], 'x');
}

static void
text_is_copied_and_terminated(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	char source[] = "action";
	const char *copy = tn_arena_text(arena, source);
	const char *part = tn_arena_bytes(arena, source, 3);

	memset(source, 'x', sizeof(source) - 1);
	assert_string_equal(copy, "action");
	assert_string_equal(part, "act");
	assert_null(tn_arena_text(arena, NULL));
	assert_string_equal(tn_arena_bytes(arena, NULL, 0), "");
}

static void
printf_takes_any_length(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	const char *text = tn_arena_printf(arena, "%s/%d", "action", 7);
	const char *wide = tn_arena_printf(arena, "%20000d", 1);

	assert_string_equal(text, "action/7");
	assert_int_equal(strlen(wide), 20000);
	assert_int_equal(wide[19999], '1');
}

static void
a_growing_array_keeps_its_items(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	unsigned *items = NULL;
	size_t cap = 0;

	for (unsigned i = 0; i < 5000; i++) {
		items = tn_arena_grow(arena, items, i, &cap, sizeof(*items));
		items[i] = i ^ 0x55u;
	}
	for (unsigned i = 0; i < 5000; i++)
		assert_int_equal(items[i], i ^ 0x55u);
}

static void
the_size_counts_what_was_handed_out(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();

	assert_int_equal(tn_arena_size(arena), 0);
	tn_arena_alloc(arena, 4, 16);
	assert_int_equal(tn_arena_size(arena), 64);
	tn_arena_alloc(arena, 1, 1 << 20);
	assert_int_equal(tn_arena_size(arena), 64 + (1 << 20));
}

static void
freeing_none_is_fine(void **state TN_UNUSED)
{
	tn_arena_free(NULL);
	tn_arena_free(tn_arena_new());
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(objects_are_zeroed_aligned_and_apart),
		cmocka_unit_test(nothing_is_still_a_place_of_its_own),
		cmocka_unit_test(a_large_object_leaves_the_block_in_use),
		cmocka_unit_test(a_large_object_may_come_first),
		cmocka_unit_test(text_is_copied_and_terminated),
		cmocka_unit_test(printf_takes_any_length),
		cmocka_unit_test(a_growing_array_keeps_its_items),
		cmocka_unit_test(the_size_counts_what_was_handed_out),
		cmocka_unit_test(freeing_none_is_fine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
