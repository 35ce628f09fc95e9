/* Paths of a project, and the tree in memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/tree.h"

static void
good_paths(void **state TN_UNUSED)
{
	static const char *const cases[] = { "a", "tenon.yaml", "a/b/c.js", "a b/c",
		"...", "a/..b", ".hidden/x", "gr\xc3\xbc\xc3\x9f", "a:b", "~" };

	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		struct tn_error err = TN_ERROR_INIT;

		assert_int_equal(tn_tree_path_check(cases[i], &err), 0);
		assert_false(tn_error_is_set(&err));
	}
}

static void
bad_paths_are_told_apart(void **state TN_UNUSED)
{
	static const struct {
		const char *path, *message;
	} cases[] = {
		{ "", "the path is empty" },
		{ "/a", "path \"/a\" is absolute; it must be relative" },
		{ "/", "path \"/\" is absolute; it must be relative" },
		{ "a\\b", "path \"a\\b\" has a backslash; parts are separated by \"/\"" },
		{ "a//b",
		    "path \"a//b\" has an empty part: two slashes in a row, or one at its end" },
		{ "a/",
		    "path \"a/\" has an empty part: two slashes in a row, or one at its end" },
		{ ".", "path \".\" has a part \".\"" },
		{ "a/./b", "path \"a/./b\" has a part \".\"" },
		{ "..", "path \"..\" has a part \"..\"" },
		{ "a/../b", "path \"a/../b\" has a part \"..\"" },
		{ "a/..", "path \"a/..\" has a part \"..\"" },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;

		assert_int_equal(tn_tree_path_check(cases[i].path, &err), -TN_E_INPUT);
		assert_string_equal(err.message, cases[i].message);
		assert_int_equal(tn_tree_path_check(cases[i].path, NULL), -TN_E_INPUT);
	}
}

static void
an_endless_path_is_refused(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_str_done) struct tn_str path = TN_STR_INIT;
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;

	for (int i = 0; i < 512; i++)
		tn_str_add(&path, i == 0 ? "ab" : "/a");
	assert_int_equal(path.len, 1024);
	assert_int_equal(tn_tree_path_check(path.ptr, &err), 0);
	tn_str_add_char(&path, 'x');
	assert_int_equal(tn_tree_path_check(path.ptr, &err), -TN_E_INPUT);
	assert_string_equal(err.message, "a path is longer than 1024 bytes");
}

static void
written_paths_are_resolved(void **state TN_UNUSED)
{
	static const struct {
		const char *base, *written, *path;
	} cases[] = {
		{ "tenon.yaml", "code/a.js", "code/a.js" },
		{ "tenon.yaml", "./code/./a.js", "code/a.js" },
		{ "actions/x.yaml", "a.js", "actions/a.js" },
		{ "actions/x.yaml", "../code/a.js", "code/a.js" },
		{ "actions/x.yaml", "b/../c/../a.js", "actions/a.js" },
		{ "a/b/c.yaml", "../../d", "d" },
		{ "a/b/c.yaml", "../../a/b/c.yaml", "a/b/c.yaml" },
		{ "a/b.yaml", "x/.", "a/x" },
		{ NULL, "a", "a" },
		{ "", "a", "a" },
		{ "x.yaml", "...", "..." },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		TN_CLEANUP(tn_freep) char *path = NULL;

		assert_int_equal(tn_tree_resolve(cases[i].base, cases[i].written, &path,
				     NULL),
		    0);
		assert_string_equal(path, cases[i].path);
	}
}

static void
what_leaves_the_project_is_refused(void **state TN_UNUSED)
{
	static const struct {
		const char *base, *written, *message;
	} cases[] = {
		{ "tenon.yaml", "../a", "path \"../a\" leaves the project" },
		{ "tenon.yaml", "..", "path \"..\" leaves the project" },
		{ "a/b.yaml", "../../a/c", "path \"../../a/c\" leaves the project" },
		{ "a/b.yaml", "c/../../../a/c",
		    "path \"c/../../../a/c\" leaves the project" },
		{ "a/b.yaml", "/etc/passwd",
		    "path \"/etc/passwd\" is absolute; it must be relative" },
		{ "a/b.yaml", "..\\x",
		    "path \"..\\x\" has a backslash; parts are separated by \"/\"" },
		{ "a/b.yaml", "", "the path is empty" },
		{ "a/b.yaml", "..",
		    "path \"..\" names the project's top directory, not a file" },
		{ "b.yaml", ".",
		    "path \".\" names the project's top directory, not a file" },
		{ "b.yaml", "a//b",
		    "path \"a//b\" has an empty part: two slashes in a row, or one at its end" },
		{ "b.yaml", "a/",
		    "path \"a/\" has an empty part: two slashes in a row, or one at its end" },
		{ "b.yaml", "..//a", NULL },
		{ "b.yaml", "./", NULL },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
		char *path = NULL;

		assert_int_equal(tn_tree_resolve(cases[i].base, cases[i].written, &path,
				     &err),
		    -TN_E_INPUT);
		assert_null(path);
		if (cases[i].message != NULL)
			assert_string_equal(err.message, cases[i].message);
	}
}

/* The base is long as well: together they are too long. */
static void
a_resolved_path_is_bounded_too(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	char base[1000], written[1000];
	char *path = NULL;

	memset(base, 'a', sizeof(base));
	base[998] = '/';
	base[999] = '\0';
	memset(written, 'b', sizeof(written));
	written[999] = '\0';
	assert_int_equal(tn_tree_resolve(base, written, &path, &err), -TN_E_INPUT);
	assert_null(path);
}

static void
assert_file(struct tn_tree *tree, const char *path, const char *bytes, size_t len)
{
	TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;

	assert_int_equal(tn_tree_read(tree, path, TN_TREE_FILE_MAX, &out, NULL), 0);
	assert_int_equal(out.len, len);
	assert_memory_equal(tn_str_text(&out), bytes, len);
}

static void
files_in_memory(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_tree_freep) struct tn_tree *tree = tn_memtree_new();
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	struct tn_str out = TN_STR_INIT;

	tn_tree_free(NULL);
	tn_memtree_put(tree, "b", "two", 3);
	tn_memtree_put(tree, "a/x", "o\0ne", 4);
	tn_memtree_put(tree, "c", "", 0);
	assert_file(tree, "a/x", "o\0ne", 4);
	assert_file(tree, "b", "two", 3);
	assert_file(tree, "c", "", 0);
	tn_memtree_put(tree, "b", "three", 5);
	assert_file(tree, "b", "three", 5);
	tn_memtree_put(tree, "b", NULL, 0);
	tn_memtree_put(tree, "none", NULL, 0);
	assert_int_equal(tn_tree_read(tree, "b", 10, &out, &err), -TN_E_NOT_FOUND);
	assert_string_equal(err.message, "there is no file \"b\"");
	assert_file(tree, "a/x", "o\0ne", 4);
	assert_file(tree, "c", "", 0);
}

static void
reading_appends_and_is_bounded(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_tree_freep) struct tn_tree *tree = tn_memtree_new();
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;

	tn_memtree_put(tree, "a", "12345", 5);
	tn_str_add(&out, "0");
	assert_int_equal(tn_tree_read(tree, "a", 5, &out, &err), 0);
	assert_string_equal(tn_str_text(&out), "012345");
	assert_int_equal(tn_tree_read(tree, "a", 4, &out, &err), -TN_E_LIMIT);
	assert_string_equal(tn_str_text(&out), "012345");
	assert_string_equal(err.message, "file \"a\" has 5 bytes; 4 are allowed");
}

static void
bad_paths_do_not_reach_the_tree(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_tree_freep) struct tn_tree *tree = tn_memtree_new();
	TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;

	tn_memtree_put(tree, "../a", "x", 1);
	assert_int_equal(tn_tree_read(tree, "../a", 5, &out, NULL), -TN_E_INPUT);
	assert_int_equal(out.len, 0);
}

static void
many_files_in_any_order(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_tree_freep) struct tn_tree *tree = tn_memtree_new();
	char path[20];

	for (int i = 0; i < 1000; i++) {
		snprintf(path, sizeof(path), "f%d", i * 373 % 1000);
		tn_memtree_put(tree, path, path, strlen(path));
	}
	for (int i = 0; i < 1000; i++) {
		snprintf(path, sizeof(path), "f%d", i);
		assert_file(tree, path, path, strlen(path));
	}
}

static void
assert_listed(struct tn_tree *tree, const char *path, const char *expected)
{
	TN_CLEANUP(tn_str_done) struct tn_str names = TN_STR_INIT;
	struct tn_tree_list list;

	assert_int_equal(tn_tree_list(tree, path, &list, NULL), 0);
	for (size_t i = 0; i < list.n; i++)
		tn_str_addf(&names, "%s%s ", list.items[i].name,
		    list.items[i].kind == TN_TREE_DIRECTORY ? "/" : "");
	assert_string_equal(tn_str_text(&names), expected);
	tn_tree_list_done(&list);
}

static void
directories_are_listed_by_the_bytes_of_their_names(void **state TN_UNUSED)
{
	static const char *const paths[] = { "b", "a/x/1", "a/x/2", "a/y", "a-b", "a.js",
		"B", "\xc3\xbc", ".git/config", "a/x-", "a/xa/1", ".gitignore" };
	TN_CLEANUP(tn_tree_freep) struct tn_tree *tree = tn_memtree_new();

	assert_listed(tree, "", "");
	for (size_t i = 0; i < TN_ARRAY_LEN(paths); i++)
		tn_memtree_put(tree, paths[i], "", 0);
	/* "a" comes before "a-b", though "a-b" comes before "a/x". */
	assert_listed(tree, "", ".gitignore B a/ a-b a.js b \xc3\xbc ");
	assert_listed(tree, "a", "x/ x- xa/ y ");
	assert_listed(tree, "a/x", "1 2 ");
}

static void
what_is_no_directory_is_not_listed(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_tree_freep) struct tn_tree *tree = tn_memtree_new();
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	struct tn_tree_list list;

	tn_memtree_put(tree, "a/x", "", 0);
	assert_int_equal(tn_tree_list(tree, "a/x", &list, &err), -TN_E_INPUT);
	assert_string_equal(err.message, "\"a/x\" is a file, not a directory");
	assert_int_equal(list.n, 0);
	assert_int_equal(tn_tree_list(tree, "b", &list, NULL), -TN_E_NOT_FOUND);
	assert_int_equal(tn_tree_list(tree, "a/", &list, NULL), -TN_E_INPUT);
	assert_int_equal(tn_tree_list(tree, "../a", &list, NULL), -TN_E_INPUT);
	assert_null(list.items);
}

static void
a_directory_has_a_bound(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_tree_freep) struct tn_tree *tree = tn_memtree_new();
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	struct tn_tree_list list;
	char path[24];

	for (size_t i = 0; i < TN_TREE_ENTRIES_MAX; i++) {
		snprintf(path, sizeof(path), "d/%08zu", i);
		tn_memtree_put(tree, path, "", 0);
	}
	assert_int_equal(tn_tree_list(tree, "d", &list, NULL), 0);
	assert_int_equal(list.n, TN_TREE_ENTRIES_MAX);
	tn_tree_list_done(&list);
	tn_memtree_put(tree, "d/one more", "", 0);
	assert_int_equal(tn_tree_list(tree, "d", &list, &err), -TN_E_LIMIT);
	assert_string_equal(err.message, "the directory has more than 10000 entries");
	assert_null(list.items);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_paths),
		cmocka_unit_test(bad_paths_are_told_apart),
		cmocka_unit_test(an_endless_path_is_refused),
		cmocka_unit_test(written_paths_are_resolved),
		cmocka_unit_test(what_leaves_the_project_is_refused),
		cmocka_unit_test(a_resolved_path_is_bounded_too),
		cmocka_unit_test(files_in_memory),
		cmocka_unit_test(reading_appends_and_is_bounded),
		cmocka_unit_test(bad_paths_do_not_reach_the_tree),
		cmocka_unit_test(many_files_in_any_order),
		cmocka_unit_test(directories_are_listed_by_the_bytes_of_their_names),
		cmocka_unit_test(what_is_no_directory_is_not_listed),
		cmocka_unit_test(a_directory_has_a_bound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
