/* Memory: what allocation promises, and how the process ends when there is none left. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/defs.h"
#include "base/mem.h"

static void
new_memory_is_zeroed(void **state TN_UNUSED)
{
	unsigned char *bytes = tn_alloc(100, 3);

	for (size_t i = 0; i < 300; i++)
		assert_int_equal(bytes[i], 0);
	tn_free(bytes);
}

static void
nothing_is_still_a_pointer(void **state TN_UNUSED)
{
	void *none = tn_alloc(0, 8);
	void *grown;

	assert_non_null(none);
	grown = tn_realloc(none, 0, 0);
	assert_non_null(grown);
	tn_free(grown);
	tn_free(NULL);
}

static void
realloc_keeps_what_was_there(void **state TN_UNUSED)
{
	int *numbers = tn_realloc(NULL, 2, sizeof(int));

	numbers[0] = 7;
	numbers[1] = 8;
	numbers = tn_realloc(numbers, 5000, sizeof(int));
	assert_int_equal(numbers[0], 7);
	assert_int_equal(numbers[1], 8);
	tn_free(numbers);
}

static void
copies_of_text(void **state TN_UNUSED)
{
	static const char bytes[] = { 'a', '\0', 'b' };
	char *whole = tn_strdup("tenant");
	char *exact = tn_strndup(bytes, sizeof(bytes));
	char *empty = tn_strndup(NULL, 0);

	assert_string_equal(whole, "tenant");
	assert_memory_equal(exact, "a\0b\0", 4);
	assert_string_equal(empty, "");
	assert_null(tn_strdup(NULL));
	tn_free(whole);
	tn_free(exact);
	tn_free(empty);
}

static void
an_array_grows_by_doubling(void **state TN_UNUSED)
{
	size_t cap = 0, moves = 0, *items = NULL;

	for (size_t i = 0; i < 1000; i++) {
		size_t before = cap;

		items = tn_grow(items, i, &cap, sizeof(*items));
		assert_true(cap > i);
		moves += cap != before;
		items[i] = i * i;
	}
	for (size_t i = 0; i < 1000; i++)
		assert_int_equal(items[i], i * i);
	assert_true(moves <= 10);
	tn_free(items);
}

static void
cleanup_frees_pointers_of_any_type(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_freep) char *text = tn_strdup("freed by the leak check's account");
	TN_CLEANUP(tn_freep) uint64_t *numbers = tn_alloc(3, sizeof(*numbers));
	TN_CLEANUP(tn_freep) int *none = NULL;
	char *mine = tn_take(text);

	assert_null(text);
	assert_string_equal(mine, "freed by the leak check's account");
	tn_free(mine);
	numbers[2] = 1;
	assert_null(none);
}

static void
ask_for_too_much_product(void)
{
	(void)tn_alloc(SIZE_MAX / 2, 3);
}

static void
ask_for_too_much_growth(void)
{
	size_t cap = SIZE_MAX;
	(void)tn_grow(NULL, SIZE_MAX, &cap, 1);
}

static void
ask_for_too_long_text(void)
{
	(void)tn_strndup("", SIZE_MAX);
}

/* Runs fn in a child; gives its exit status and what it said on standard error. */
static int
die(void (*fn)(void), char *said, size_t size)
{
	int ends[2], status;
	size_t len = 0;
	ssize_t n;
	pid_t pid;

	assert_int_equal(pipe(ends), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		dup2(ends[1], STDERR_FILENO);
		fn();
		_exit(77);
	}
	close(ends[1]);
	while ((n = read(ends[0], said + len, size - 1 - len)) > 0)
		len += (size_t)n;
	said[len] = '\0';
	close(ends[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void
running_out_ends_the_process_with_a_message(void **state TN_UNUSED)
{
	static void (*const asks[])(void) = {
		ask_for_too_much_product,
		ask_for_too_much_growth,
		ask_for_too_long_text,
	};
	char said[200];

	for (size_t i = 0; i < TN_ARRAY_LEN(asks); i++) {
		assert_int_equal(die(asks[i], said, sizeof(said)), 1);
		assert_string_equal(said, "tenon: out of memory\n");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(new_memory_is_zeroed),
		cmocka_unit_test(nothing_is_still_a_pointer),
		cmocka_unit_test(realloc_keeps_what_was_there),
		cmocka_unit_test(copies_of_text),
		cmocka_unit_test(an_array_grows_by_doubling),
		cmocka_unit_test(cleanup_frees_pointers_of_any_type),
		cmocka_unit_test(running_out_ends_the_process_with_a_message),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
