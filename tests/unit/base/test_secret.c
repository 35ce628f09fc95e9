/* Secret values: references, comparison, wiped and unsaved memory, a hardened process. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/secret.h"
#include "base/secret_mem.h"

static void
a_secret_keeps_its_bytes(void **state TN_UNUSED)
{
	char bytes[] = { 's', '\0', 't' };
	TN_CLEANUP(tn_secret_unrefp)
	struct tn_secret *secret = tn_secret_new(bytes, sizeof(bytes));
	struct tn_span span;

	tn_wipe(bytes, sizeof(bytes));
	span = tn_secret_reveal(secret);
	assert_int_equal(tn_secret_len(secret), 3);
	assert_int_equal(span.len, 3);
	assert_memory_equal(span.ptr, "s\0t\0", 4);
	assert_memory_equal(bytes, "\0\0\0", 3);
}

static void
an_empty_secret_is_one(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_secret_unrefp) struct tn_secret *secret = tn_secret_new(NULL, 0);

	assert_int_equal(tn_secret_len(secret), 0);
	assert_string_equal(tn_secret_reveal(secret).ptr, "");
	tn_wipe(NULL, 0);
}

static void
secrets_of_every_size(void **state TN_UNUSED)
{
	static const size_t sizes[] = { 1, 15, 31, 32, 33, 63, 64, 1000, 2047, 2048, 4095,
		4096, 5000, 100000 };
	struct tn_secret *secrets[TN_ARRAY_LEN(sizes)][20];

	for (size_t i = 0; i < TN_ARRAY_LEN(sizes); i++) {
		char *bytes = malloc(sizes[i]);

		assert_non_null(bytes);
		for (size_t k = 0; k < 20; k++) {
			memset(bytes, (int)('a' + k), sizes[i]);
			secrets[i][k] = tn_secret_new(bytes, sizes[i]);
		}
		free(bytes);
	}
	for (size_t i = 0; i < TN_ARRAY_LEN(sizes); i++) {
		for (size_t k = 0; k < 20; k++) {
			struct tn_span span = tn_secret_reveal(secrets[i][k]);

			assert_int_equal(span.len, sizes[i]);
			assert_int_equal(span.ptr[0], 'a' + k);
			assert_int_equal(span.ptr[span.len - 1], 'a' + k);
			assert_int_equal(span.ptr[span.len], '\0');
			tn_secret_unref(secrets[i][k]);
		}
	}
}

static void
the_last_reference_ends_it(void **state TN_UNUSED)
{
	struct tn_secret *first = tn_secret_new("value", 5);
	struct tn_secret *second = tn_secret_ref(first);

	assert_ptr_equal(first, second);
	tn_secret_unref(first);
	assert_memory_equal(tn_secret_reveal(second).ptr, "value", 5);
	tn_secret_unref(second);
	tn_secret_unref(NULL);
	assert_null(tn_secret_ref(NULL));
}

static void
equality(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_secret_unrefp) struct tn_secret *a = tn_secret_new("value", 5);
	TN_CLEANUP(tn_secret_unrefp) struct tn_secret *same = tn_secret_new("value", 5);
	TN_CLEANUP(tn_secret_unrefp) struct tn_secret *first = tn_secret_new("Value", 5);
	TN_CLEANUP(tn_secret_unrefp) struct tn_secret *last = tn_secret_new("valuE", 5);
	TN_CLEANUP(tn_secret_unrefp) struct tn_secret *shorter = tn_secret_new("valu", 4);

	assert_true(tn_secret_equal(a, a));
	assert_true(tn_secret_equal(a, same));
	assert_false(tn_secret_equal(a, first));
	assert_false(tn_secret_equal(a, last));
	assert_false(tn_secret_equal(a, shorter));
	assert_true(tn_secret_equal(NULL, NULL));
	assert_false(tn_secret_equal(a, NULL));
	assert_false(tn_secret_equal(NULL, a));
}

/* The page stays mapped while `keeper` lives, so that the freed piece can be looked at.
 */
static void
what_was_given_back_is_wiped(void **state TN_UNUSED)
{
	struct tn_secret_mem keeper = tn_secret_mem_get(64);
	struct tn_secret_mem piece = tn_secret_mem_get(64);
	const char *at = piece.ptr;

	memset(piece.ptr, 'S', 64);
	tn_secret_mem_put(&piece);
	assert_null(piece.ptr);
	/* The first bytes link the free pieces: an address, which may hold any byte. */
	assert_memory_not_equal(at, "SSSSSSSS", sizeof(void *));
	for (size_t i = sizeof(void *); i < 64; i++)
		assert_int_not_equal(at[i], 'S');
	piece = tn_secret_mem_get(40);
	assert_ptr_equal(piece.ptr, at);
	for (size_t i = 0; i < 64; i++)
		assert_int_equal(piece.ptr[i], 0);
	tn_secret_mem_put(&piece);
	tn_secret_mem_put(&piece);
	tn_secret_mem_put(&keeper);
}

/* Lines of the kernel's list of mappings that belong to secret pages. */
static size_t
count_mappings(void)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	char line[512];
	size_t count = 0;

	assert_non_null(maps);
	while (fgets(line, sizeof(line), maps) != NULL)
		count++;
	fclose(maps);
	return count;
}

static void
thousands_of_secrets_share_pages_and_give_them_back(void **state TN_UNUSED)
{
	static struct tn_secret *secrets[3000];
	size_t before = count_mappings(), during;

	for (size_t i = 0; i < TN_ARRAY_LEN(secrets); i++)
		secrets[i] = tn_secret_new("twenty-four bytes of it", 24);
	during = count_mappings();
	assert_true(during < before + 50);
	for (size_t i = 0; i < TN_ARRAY_LEN(secrets); i++)
		assert_memory_equal(tn_secret_reveal(secrets[i]).ptr,
		    "twenty-four bytes of it", 24);
	/* Every second first, so that pages are freed out of order. */
	for (size_t i = 0; i < TN_ARRAY_LEN(secrets); i += 2)
		tn_secret_unref(secrets[i]);
	for (size_t i = 0; i < TN_ARRAY_LEN(secrets); i += 2)
		secrets[i] = tn_secret_new("again", 5);
	for (size_t i = 0; i < TN_ARRAY_LEN(secrets); i++)
		tn_secret_unref(secrets[TN_ARRAY_LEN(secrets) - 1 - i]);
	assert_true(count_mappings() <= before + 1);
}

/* What the kernel says of the mapping that holds the address: its line of VmFlags. */
static void
flags_of(const void *address, char *out, size_t size)
{
	FILE *maps = fopen("/proc/self/smaps", "r");
	char line[512];
	bool inside = false;

	assert_non_null(maps);
	out[0] = '\0';
	while (fgets(line, sizeof(line), maps) != NULL) {
		char *end;
		uintptr_t from = strtoull(line, &end, 16);

		if (end != line && *end == '-') {
			uintptr_t to = strtoull(end + 1, NULL, 16);

			inside = (uintptr_t)address >= from && (uintptr_t)address < to;
		} else if (inside && strncmp(line, "VmFlags:", 8) == 0) {
			line[strcspn(line, "\n")] = '\0';
			snprintf(out, size, "%s ", line + 8);
		}
	}
	fclose(maps);
}

static void
secret_pages_stay_out_of_core_files(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_secret_unrefp) struct tn_secret *small = tn_secret_new("value", 5);
	static const char zeroes[50000];
	TN_CLEANUP(tn_secret_unrefp)
	struct tn_secret *large = tn_secret_new(zeroes, sizeof(zeroes));
	char flags[512];

	flags_of(tn_secret_reveal(small).ptr, flags, sizeof(flags));
	assert_non_null(strstr(flags, " dd "));
	flags_of(tn_secret_reveal(large).ptr, flags, sizeof(flags));
	assert_non_null(strstr(flags, " dd "));
	flags_of(&flags, flags, sizeof(flags));
	assert_null(strstr(flags, " dd "));
}

/* gcc and clang say it in two ways. */
#if defined(__SANITIZE_ADDRESS__)
#define UNDER_ASAN
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define UNDER_ASAN
#endif
#endif

static int
harden_and_look(void)
{
	struct rlimit limit;

	tn_secret_harden_process();
	if (getrlimit(RLIMIT_CORE, &limit) < 0 || limit.rlim_cur != 0 ||
	    limit.rlim_max != 0)
		return 1;
#ifdef UNDER_ASAN
	return prctl(PR_GET_DUMPABLE) == 1 ? 0 : 2;
#else
	return prctl(PR_GET_DUMPABLE) == 0 ? 0 : 3;
#endif
}

static void
a_hardened_process_leaves_no_core(void **state TN_UNUSED)
{
	pid_t pid = fork();
	int status;

	assert_true(pid >= 0);
	if (pid == 0)
		_exit(harden_and_look());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void
what_text_is(void **state TN_UNUSED)
{
	static const struct {
		const char *bytes;
		size_t len;
		bool text;
	} rows[] = { { "", 0, true }, { "a\nb", 3, true }, { "caf\xc3\xa9", 5, true },
		{ "a\0b", 3, false }, { "\0", 1, false }, { "caf\xe9", 4, false },
		{ "\xed\xa0\x80", 3, false } };

	for (size_t i = 0; i < TN_ARRAY_LEN(rows); i++) {
		TN_CLEANUP(tn_secret_unrefp)
		struct tn_secret *secret = tn_secret_new(rows[i].bytes, rows[i].len);

		assert_int_equal(tn_secret_is_text(secret), rows[i].text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_secret_keeps_its_bytes),
		cmocka_unit_test(an_empty_secret_is_one),
		cmocka_unit_test(secrets_of_every_size),
		cmocka_unit_test(the_last_reference_ends_it),
		cmocka_unit_test(equality),
		cmocka_unit_test(what_text_is),
		cmocka_unit_test(what_was_given_back_is_wiped),
		cmocka_unit_test(thousands_of_secrets_share_pages_and_give_them_back),
		cmocka_unit_test(secret_pages_stay_out_of_core_files),
		cmocka_unit_test(a_hardened_process_leaves_no_core),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
