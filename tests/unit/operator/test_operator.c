/* Files that decide over something, and directories of a user. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "operator/operator.h"

static char directory[512];
static char path[600];

static int
set_up(void **state TN_UNUSED)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(directory, sizeof(directory), "%s/operator.XXXXXX",
	    tmp != NULL ? tmp : "/tmp");
	if (mkdtemp(directory) == NULL)
		return -1;
	snprintf(path, sizeof(path), "%s/file", directory);
	return tn_file_write(path, 0600, tn_span("text"), NULL);
}

static int
tear_down(void **state TN_UNUSED)
{
	unlink(path);
	return rmdir(directory);
}

static int
read_it(const char *named, struct tn_str *out, struct tn_error *err)
{
	const struct tn_operator_file file = {
		.path = path,
		.what = "the file",
		.option = "--file FILE",
		.named = named,
	};

	return tn_operator_read(&file, out, err);
}

static void
a_file_of_ours_is_read(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;

	assert_int_equal(read_it(NULL, &out, &err), 0);
	assert_string_equal(tn_str_text(&out), "text");
}

static void
one_that_others_can_write_is_refused(void **state TN_UNUSED)
{
	static const mode_t modes[] = { 0620, 0602 };

	for (size_t i = 0; i < TN_ARRAY_LEN(modes); i++) {
		TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;
		TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;

		assert_int_equal(chmod(path, modes[i]), 0);
		assert_int_equal(read_it("--file", &out, &err), -TN_E_INPUT);
		assert_non_null(strstr(err.message, "can be written by others"));
	}
}

/* Root alone can make a file another user's; others have only their own to show. */
static void
one_of_another_user_has_to_be_named(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;

	if (geteuid() != 0) {
		assert_int_not_equal(chown(path, 12345, (gid_t)-1), 0);
		return;
	}
	assert_int_equal(chown(path, 12345, (gid_t)-1), 0);
	assert_int_equal(read_it(NULL, &out, &err), -TN_E_INPUT);
	assert_non_null(strstr(err.message, "belongs to another user, of the id 12345"));
	assert_non_null(strstr(err.hint, "--file FILE"));
	tn_error_done(&err);
	tn_str_clear(&out);
	assert_int_equal(read_it("--file", &out, &err), 0);
}

static void
one_that_is_not_there_tells_what_named_it(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	const struct tn_operator_file file = {
		.path = "/nowhere/at/all",
		.what = "the file",
		.option = "--file FILE",
		.named = "THE_VARIABLE",
	};

	assert_int_equal(tn_operator_read(&file, &out, &err), -TN_E_NOT_FOUND);
	assert_int_equal(strncmp(err.message, "the file: ", 10), 0);
	assert_non_null(strstr(err.hint, "THE_VARIABLE names it"));
	assert_non_null(strstr(err.hint, "--file FILE names another"));
}

static void
a_directory_is_a_variables_or_below_home(void **state TN_UNUSED)
{
	static const struct {
		const char *variable, *home, *fallback, *wanted;
	} cases[] = {
		{ "/var", "/home/a", ".x", "/var/rest" },
		{ "var", "/home/a", ".x", "/home/a/.x/rest" }, /* is not absolute */
		{ NULL, "/home/a", ".x", "/home/a/.x/rest" },
		{ NULL, "/home/a", NULL, NULL },
		{ NULL, "home", ".x", NULL },
		{ NULL, NULL, ".x", NULL },
	};
	TN_CLEANUP(tn_freep) char *before = tn_strdup(getenv("HOME"));

	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		TN_CLEANUP(tn_freep) char *found = NULL;

		unsetenv("TN_TEST_DIRECTORY");
		unsetenv("HOME");
		if (cases[i].variable != NULL)
			setenv("TN_TEST_DIRECTORY", cases[i].variable, 1);
		if (cases[i].home != NULL)
			setenv("HOME", cases[i].home, 1);
		found = tn_operator_home("TN_TEST_DIRECTORY", cases[i].fallback, "rest");
		if (cases[i].wanted == NULL)
			assert_null(found);
		else
			assert_string_equal(found, cases[i].wanted);
	}
	unsetenv("HOME");
	if (before != NULL)
		setenv("HOME", before, 1);
}

static void
a_fifo_is_no_secret(void **state TN_UNUSED)
{
	const struct tn_environment environment = tn_operator_environment();
	TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	unsigned mode = 0;

	assert_int_equal(environment.read_file(environment.arg, path, &out, &mode, &err),
	    0);
	assert_int_equal(mode, 0600);
	tn_str_clear(&out);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(environment.read_file(environment.arg, path, &out, &mode, &err),
	    -TN_E_INPUT);
	assert_non_null(strstr(err.hint, "{command:"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_file_of_ours_is_read, set_up,
		    tear_down),
		cmocka_unit_test_setup_teardown(one_that_others_can_write_is_refused,
		    set_up, tear_down),
		cmocka_unit_test_setup_teardown(one_of_another_user_has_to_be_named,
		    set_up, tear_down),
		cmocka_unit_test(one_that_is_not_there_tells_what_named_it),
		cmocka_unit_test(a_directory_is_a_variables_or_below_home),
		cmocka_unit_test_setup_teardown(a_fifo_is_no_secret, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
