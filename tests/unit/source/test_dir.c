/* A directory as a tree of files: what is read, what is refused, and that nothing waits.
 */
#include "unit/git/gitrepo.h"

#include <sys/socket.h>
#include <sys/un.h>

#include "base/error.h"
#include "base/str.h"
#include "base/tree.h"
#include "source/source.h"

static struct tn_tree *
open_dir(const char *path)
{
	struct tn_error err = TN_ERROR_INIT;
	struct tn_tree *tree = NULL;

	if (tn_dirtree_open(path, &tree, &err) < 0)
		fail_msg("%s", err.message);
	return tree;
}

static void
assert_reads(const char *path, size_t max, const char *text)
{
	TN_CLEANUP(tn_tree_freep) struct tn_tree *tree = open_dir(scratch);
	TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;

	if (tn_tree_read(tree, path, max, &out, &err) < 0)
		fail_msg("%s", err.message);
	assert_string_equal(tn_str_text(&out), text);
}

static void
assert_refused(const char *path, size_t max, enum tn_error_kind kind, const char *message,
    const char *hint)
{
	TN_CLEANUP(tn_tree_freep) struct tn_tree *tree = open_dir(scratch);
	TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;

	assert_int_equal(tn_tree_read(tree, path, max, &out, &err), -(int)kind);
	assert_int_equal(out.len, 0);
	if (strstr(err.message, message) == NULL)
		fail_msg("\"%s\" is not in \"%s\"", message, err.message);
	if (hint != NULL)
		assert_non_null(strstr(err.hint, hint));
}

static void
files_are_read_at_any_depth(void **state TN_UNUSED)
{
	put(at("tenon.yaml"), "top");
	put(at("a/b/c/d.js"), "deep");
	put(at("empty"), "");
	put(at("gr\xc3\xbc\xc3\x9f e.js"), "name");
	assert_reads("tenon.yaml", 3, "top");
	assert_reads("a/b/c/d.js", 100, "deep");
	assert_reads("empty", 0, "");
	assert_reads("gr\xc3\xbc\xc3\x9f e.js", 100, "name");
}

static void
a_file_larger_than_one_read_is_read_whole(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_tree_freep) struct tn_tree *tree = open_dir(scratch);
	TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;
	size_t len = 100000;
	char *bytes = malloc(len);

	assert_non_null(bytes);
	for (size_t i = 0; i < len; i++)
		bytes[i] = (char)(i * 31 % 251);
	put_bytes(at("large"), bytes, len);
	tn_str_add(&out, "before");
	assert_int_equal(tn_tree_read(tree, "large", len, &out, NULL), 0);
	assert_int_equal(out.len, 6 + len);
	assert_memory_equal(out.ptr + 6, bytes, len);
	free(bytes);
}

static void
what_is_not_there_is_not_found(void **state TN_UNUSED)
{
	char name[400];

	put(at("file"), "x");
	assert_refused("none", 100, TN_E_NOT_FOUND, "there is no file \"none\"", NULL);
	assert_refused("none/x", 100, TN_E_NOT_FOUND, "\"none/x\"", NULL);
	assert_refused("file/x", 100, TN_E_NOT_FOUND, "\"file/x\"", NULL);
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	assert_refused(name, 100, TN_E_NOT_FOUND, "there is no file", NULL);
}

static void
more_than_the_bound_is_refused(void **state TN_UNUSED)
{
	put(at("x"), "0123456789");
	assert_reads("x", 10, "0123456789");
	assert_refused("x", 9, TN_E_LIMIT, "has 10 bytes; 9 are allowed", NULL);
}

/* Files of /proc say that they are empty and are not. */
static void
a_size_that_is_not_true_does_not_help(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_tree_freep) struct tn_tree *tree = open_dir("/proc");
	TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;

	assert_int_equal(tn_tree_read(tree, "version", 5, &out, NULL), -TN_E_LIMIT);
	assert_int_equal(tn_tree_read(tree, "version", 5000, &out, NULL), 0);
	assert_true(tn_text_starts(tn_str_text(&out), "Linux"));
}

static void
links_are_named_and_never_followed(void **state TN_UNUSED)
{
	put(at("real/file"), "x");
	assert_int_equal(symlink("real/file", at("inside")), 0);
	assert_int_equal(symlink("/etc/passwd", at("outside")), 0);
	assert_int_equal(symlink("nowhere", at("dangling")), 0);
	assert_int_equal(symlink("loop", at("loop")), 0);
	assert_int_equal(symlink("real", at("dir")), 0);
	assert_int_equal(symlink("../..", at("real/up")), 0);
	assert_refused("inside", 100, TN_E_INPUT, "\"inside\" in",
	    "put the file itself there");
	assert_refused("outside", 100, TN_E_INPUT, "is a link", "links are not followed");
	assert_refused("dangling", 100, TN_E_INPUT, "is a link",
	    "links are not followed");
	assert_refused("loop", 100, TN_E_INPUT, "is a link", "links are not followed");
	assert_refused("dir/file", 100, TN_E_INPUT, "\"dir\" in",
	    "links are not followed");
	assert_refused("real/up/x", 100, TN_E_INPUT, "\"real/up\" in",
	    "links are not followed");
}

static void
what_is_no_regular_file_is_refused_without_waiting(void **state TN_UNUSED)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	TN_CLEANUP(tn_tree_freep) struct tn_tree *dev = open_dir("/dev");
	TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;
	char before[PATH_MAX];
	int fd;

	assert_int_equal(mkfifo(at("pipe"), 0600), 0);
	assert_refused("pipe", 100, TN_E_INPUT, "no regular file", "regular file");
	assert_int_equal(mkdir(at("dir"), 0700), 0);
	assert_refused("dir", 100, TN_E_INPUT, "is a directory", "name a file in it");
	assert_int_equal(tn_tree_read(dev, "zero", 100, &out, NULL), -TN_E_INPUT);
	/* Bound from inside: the address of a socket is short. */
	assert_non_null(getcwd(before, sizeof(before)));
	assert_int_equal(chdir(scratch), 0);
	memcpy(address.sun_path, "socket", 7);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(fd, (const struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(chdir(before), 0);
	assert_refused("socket", 100, TN_E_INPUT, "no regular file", NULL);
	assert_int_equal(close(fd), 0);
}

static void
paths_that_leave_the_directory_are_refused(void **state TN_UNUSED)
{
	static const char *const paths[] = { "", "/etc/passwd", "../x", "a/../x", ".",
		"./x", "a//x", "x/", "a\\x" };

	put(at("x"), "x");
	put(at("a/x"), "x");
	for (size_t i = 0; i < TN_ARRAY_LEN(paths); i++)
		assert_refused(paths[i], 100, TN_E_INPUT, "path", NULL);
}

static void
the_directory_itself_may_be_a_link_and_be_renamed(void **state TN_UNUSED)
{
	struct tn_tree *tree;
	TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;

	put(at("real/x"), "right");
	put(at("other/x"), "wrong");
	assert_int_equal(symlink("real", at("link")), 0);
	tree = open_dir(at("link"));
	assert_int_equal(unlink(at("link")), 0);
	assert_int_equal(symlink("other", at("link")), 0);
	assert_int_equal(rename(at("real"), at("moved")), 0);
	assert_int_equal(tn_tree_read(tree, "x", 100, &out, NULL), 0);
	assert_string_equal(tn_str_text(&out), "right");
	tn_tree_free(tree);
}

static void
what_is_no_directory_is_refused(void **state TN_UNUSED)
{
	static const char *const names[] = { "file", "none" };

	put(at("file"), "x");
	for (size_t i = 0; i < TN_ARRAY_LEN(names); i++) {
		TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
		struct tn_tree *tree = NULL;

		assert_int_equal(tn_dirtree_open(at(names[i]), &tree, &err), -TN_E_INPUT);
		assert_null(tree);
		assert_non_null(strstr(err.message, "there is no directory"));
		assert_non_null(strstr(err.message, names[i]));
		assert_non_null(err.hint);
	}
}

static void
no_descriptor_is_left_open(void **state TN_UNUSED)
{
	int before = open("/dev/null", O_RDONLY | O_CLOEXEC), after;

	put(at("a/b/x"), "x");
	assert_int_equal(symlink("x", at("a/link")), 0);
	for (int i = 0; i < 50; i++) {
		assert_reads("a/b/x", 100, "x");
		assert_refused("a/b/none", 100, TN_E_NOT_FOUND, "none", NULL);
		assert_refused("a/link/x", 100, TN_E_INPUT, "link", NULL);
		assert_refused("a/b", 100, TN_E_INPUT, "directory", NULL);
		assert_refused("a/b/x", 0, TN_E_LIMIT, "allowed", NULL);
	}
	after = open("/dev/null", O_RDONLY | O_CLOEXEC);
	assert_int_equal(after, before + 1);
	assert_int_equal(close(before), 0);
	assert_int_equal(close(after), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(files_are_read_at_any_depth),
		SCRATCH_TEST(a_file_larger_than_one_read_is_read_whole),
		SCRATCH_TEST(what_is_not_there_is_not_found),
		SCRATCH_TEST(more_than_the_bound_is_refused),
		SCRATCH_TEST(a_size_that_is_not_true_does_not_help),
		SCRATCH_TEST(links_are_named_and_never_followed),
		SCRATCH_TEST(what_is_no_regular_file_is_refused_without_waiting),
		SCRATCH_TEST(paths_that_leave_the_directory_are_refused),
		SCRATCH_TEST(the_directory_itself_may_be_a_link_and_be_renamed),
		SCRATCH_TEST(what_is_no_directory_is_refused),
		SCRATCH_TEST(no_descriptor_is_left_open),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
