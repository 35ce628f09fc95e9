/* Directories are listed alike, whether they stand on disk or in a commit. */
#include "unit/git/gitrepo.h"

#include <sys/socket.h>
#include <sys/un.h>

#include "base/error.h"
#include "base/str.h"
#include "base/tree.h"
#include "source/source.h"

/* The same files as a directory and as the commit HEAD. */
struct both {
	struct tn_source sources[2];
};

static struct both
open_both(const char *path)
{
	struct both both;

	assert_int_equal(tn_source_open(&both.sources[0],
			     &(struct tn_source_request){ .where = path }, NULL),
	    0);
	assert_int_equal(tn_source_open(&both.sources[1],
			     &(struct tn_source_request){ .where = path, .ref = "HEAD" },
			     NULL),
	    0);
	return both;
}

static void
both_done(struct both *both)
{
	tn_source_done(&both->sources[0]);
	tn_source_done(&both->sources[1]);
}

static void
assert_listed(struct tn_tree *tree, const char *path, const char *expected)
{
	static const char *const marks[] = { [TN_TREE_FILE] = "",
		[TN_TREE_DIRECTORY] = "/",
		[TN_TREE_LINK] = "@",
		[TN_TREE_OTHER] = "?" };
	TN_CLEANUP(tn_str_done) struct tn_str names = TN_STR_INIT;
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	struct tn_tree_list list;

	if (tn_tree_list(tree, path, &list, &err) < 0)
		fail_msg("%s", err.message);
	for (size_t i = 0; i < list.n; i++)
		tn_str_addf(&names, "%s%s ", list.items[i].name,
		    marks[list.items[i].kind]);
	assert_string_equal(tn_str_text(&names), expected);
	tn_tree_list_done(&list);
}

static void
assert_refused(struct tn_tree *tree, const char *path, enum tn_error_kind kind,
    const char *message)
{
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	struct tn_tree_list list;

	assert_int_equal(tn_tree_list(tree, path, &list, &err), -(int)kind);
	if (strstr(err.message, message) == NULL)
		fail_msg("\"%s\" is not in \"%s\"", message, err.message);
	assert_null(list.items);
}

static void
directories_are_listed_alike(void **state TN_UNUSED)
{
	TN_CLEANUP(both_done) struct both both = { 0 };
	const char *repo = make_repo();

	put(at("repo/b.js"), "");
	put(at("repo/a-b"), "");
	put(at("repo/a/x/1"), "");
	put(at("repo/a/y"), "");
	put(at("repo/B"), "");
	put(at("repo/.hidden"), "");
	put(at("repo/with space"), "");
	put(at("repo/gr\xc3\xbc\xc3\x9f"), "");
	put(at("repo/not\xff utf-8\n"), "");
	assert_int_equal(symlink("b.js", at("repo/link")), 0);
	assert_int_equal(symlink("/", at("repo/out")), 0);
	commit_all(repo);
	both = open_both(repo);
	for (size_t i = 0; i < 2; i++) {
		struct tn_tree *tree = both.sources[i].tree;

		/* By bytes: "a" before "a-b", where git sorts "a/" after it. */
		assert_listed(tree, "",
		    ".hidden B a/ a-b b.js gr\xc3\xbc\xc3\x9f link@ not\xff utf-8\n out@ "
		    "with space ");
		assert_listed(tree, "a", "x/ y ");
		assert_listed(tree, "a/x", "1 ");
	}
}

static void
what_is_no_directory_is_refused_alike(void **state TN_UNUSED)
{
	TN_CLEANUP(both_done) struct both both = { 0 };
	const char *repo = make_repo();

	put(at("repo/file"), "");
	put(at("repo/dir/file"), "");
	assert_int_equal(symlink("dir", at("repo/link")), 0);
	commit_all(repo);
	both = open_both(repo);
	for (size_t i = 0; i < 2; i++) {
		struct tn_tree *tree = both.sources[i].tree;

		assert_refused(tree, "none", TN_E_NOT_FOUND, "no directory \"none\"");
		assert_refused(tree, "dir/none", TN_E_NOT_FOUND,
		    "no directory \"dir/none\"");
		assert_refused(tree, "file/none", TN_E_NOT_FOUND,
		    "no directory \"file/none\"");
		assert_refused(tree, "file", TN_E_INPUT, "a file");
		assert_refused(tree, "dir/file", TN_E_INPUT, "a file");
		assert_refused(tree, "link", TN_E_INPUT, "a link");
		assert_refused(tree, "link/x", TN_E_INPUT, "a link");
		assert_refused(tree, "..", TN_E_INPUT, "..");
		assert_refused(tree, "dir/", TN_E_INPUT, "empty part");
	}
}

static void
a_submodule_is_none_of_ours(void **state TN_UNUSED)
{
	const char *repo = make_repo();
	struct tn_source source;

	put(at("repo/x"), "");
	commit_all(repo);
	git(repo, "update-index", "--add", "--cacheinfo",
	    "160000,0123456789012345678901234567890123456789,sub");
	git(repo, "commit", "-q", "-m", "sub");
	assert_int_equal(tn_source_open(&source,
			     &(struct tn_source_request){ .where = repo, .ref = "HEAD" },
			     NULL),
	    0);
	assert_listed(source.tree, "", "sub? x ");
	assert_refused(source.tree, "sub", TN_E_INPUT, "a submodule");
	tn_source_done(&source);
}

static void
what_is_no_file_has_a_kind_of_its_own(void **state TN_UNUSED)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	TN_CLEANUP(tn_tree_freep) struct tn_tree *tree = NULL;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(mkfifo(at("fifo"), 0600), 0);
	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", at("socket"));
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	close(fd);
	assert_int_equal(mkdir(at("empty"), 0777), 0);
	assert_int_equal(tn_dirtree_open(scratch, &tree, NULL), 0);
	assert_listed(tree, "", "empty/ fifo? socket? ");
	assert_listed(tree, "empty", "");
	assert_refused(tree, "fifo", TN_E_INPUT, "no regular file");
}

static void
too_many_entries_are_refused_alike(void **state TN_UNUSED)
{
	TN_CLEANUP(both_done) struct both both = { 0 };

	int many;

	(void)make_repo();
	put(at("repo/many/first"), "");
	many = open(at("repo/many"), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	for (size_t i = 0; i < TN_TREE_ENTRIES_MAX; i++) {
		char name[32];

		(void)snprintf(name, sizeof(name), "%05zu", i);
		close(openat(many, name, O_CREAT | O_WRONLY | O_CLOEXEC, 0666));
	}
	close(many);
	put(at("repo/few/x"), "");
	commit_all(at("repo"));
	both = open_both(at("repo"));
	for (size_t i = 0; i < 2; i++) {
		assert_refused(both.sources[i].tree, "many", TN_E_LIMIT,
		    "more than 10000 entries");
		assert_listed(both.sources[i].tree, "few", "x ");
	}
}

static void
no_descriptor_is_left_open(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_tree_freep) struct tn_tree *tree = NULL;
	int before, after;

	put(at("a/b"), "");
	assert_int_equal(tn_dirtree_open(scratch, &tree, NULL), 0);
	before = dup(0);
	close(before);
	for (int i = 0; i < 3; i++) {
		assert_listed(tree, "", "a/ ");
		assert_listed(tree, "a", "b ");
		assert_refused(tree, "a/b", TN_E_INPUT, "a file");
		assert_refused(tree, "a/b/c", TN_E_NOT_FOUND, "a/b/c");
	}
	after = dup(0);
	close(after);
	assert_int_equal(after, before);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(directories_are_listed_alike),
		SCRATCH_TEST(what_is_no_directory_is_refused_alike),
		SCRATCH_TEST(a_submodule_is_none_of_ours),
		SCRATCH_TEST(what_is_no_file_has_a_kind_of_its_own),
		SCRATCH_TEST(too_many_entries_are_refused_alike),
		SCRATCH_TEST(no_descriptor_is_left_open),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
