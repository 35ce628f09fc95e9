/* A source: a directory with what git says of it, or a repository at a revision. */
#include "unit/git/gitrepo.h"

#include "base/error.h"
#include "base/str.h"
#include "base/tree.h"
#include "source/source.h"

static struct tn_source
open_source(const char *path, const char *rev)
{
	struct tn_error err = TN_ERROR_INIT;
	struct tn_source source;

	if (tn_source_open(&source,
		&(struct tn_source_request){ .where = path, .ref = rev }, &err) < 0)
		fail_msg("%s", err.message);
	return source;
}

static void
assert_reads(const struct tn_source *source, const char *path, const char *text)
{
	TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;

	if (tn_tree_read(source->tree, path, 1000, &out, &err) < 0)
		fail_msg("%s", err.message);
	assert_string_equal(tn_str_text(&out), text);
}

static void
a_directory_is_read_as_it_is_with_its_commit(void **state TN_UNUSED)
{
	const char *repo = make_repo();
	struct tn_source source;

	put(at("repo/x"), "committed");
	commit_all(repo);
	source = open_source(repo, NULL);
	assert_string_equal(source.label, repo);
	assert_string_equal(source.commit, git(repo, "rev-parse", "HEAD"));
	assert_false(source.dirty);
	assert_null(source.note);
	assert_reads(&source, "x", "committed");
	tn_source_done(&source);

	put(at("repo/x"), "changed");
	source = open_source(repo, NULL);
	assert_true(source.dirty);
	assert_string_equal(source.commit, git(repo, "rev-parse", "HEAD"));
	assert_reads(&source, "x", "changed");
	tn_source_done(&source);
}

static void
a_directory_inside_a_work_tree_has_its_commit_too(void **state TN_UNUSED)
{
	const char *repo = make_repo();
	struct tn_source source;

	put(at("repo/login/x"), "1");
	put(at("repo/other"), "1");
	commit_all(repo);
	put(at("repo/other"), "changed");
	source = open_source(at("repo/login"), NULL);
	assert_string_equal(source.commit, git(repo, "rev-parse", "HEAD"));
	assert_false(source.dirty);
	tn_source_done(&source);
}

static void
a_revision_is_read_from_its_objects(void **state TN_UNUSED)
{
	const char *repo = make_repo();
	struct tn_source source;
	char label[2 * PATH_MAX + 8];

	put(at("repo/x"), "one");
	commit_all(repo);
	git(repo, "tag", "v1.2");
	put(at("repo/x"), "two");
	commit_all(repo);
	put(at("repo/x"), "changed");
	source = open_source(repo, "v1.2");
	(void)snprintf(label, sizeof(label), "%s@v1.2", repo);
	assert_string_equal(source.label, label);
	assert_string_equal(source.commit, git(repo, "rev-parse", "v1.2^{commit}"));
	assert_false(source.dirty);
	assert_null(source.note);
	assert_reads(&source, "x", "one");
	tn_source_done(&source);
}

/* Both kinds of trees answer alike. */
static void
both_kinds_refuse_the_same(void **state TN_UNUSED)
{
	static const struct {
		const char *path;
		enum tn_error_kind kind;
	} cases[] = {
		{ "none", TN_E_NOT_FOUND },
		{ "x/none", TN_E_NOT_FOUND },
		{ "dir", TN_E_INPUT },
		{ "link", TN_E_INPUT },
		{ "linkdir/y", TN_E_INPUT },
		{ "../x", TN_E_INPUT },
		{ "dir//y", TN_E_INPUT },
		{ "large", TN_E_LIMIT },
	};
	const char *repo = make_repo();
	struct tn_source of_dir, of_rev;

	put(at("repo/x"), "1");
	put(at("repo/dir/y"), "1");
	put(at("repo/large"), "0123456789012345678901234567890123456789");
	assert_int_equal(symlink("x", at("repo/link")), 0);
	assert_int_equal(symlink("dir", at("repo/linkdir")), 0);
	commit_all(repo);
	of_dir = open_source(repo, NULL);
	of_rev = open_source(repo, "HEAD");
	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;

		assert_int_equal(tn_tree_read(of_dir.tree, cases[i].path, 39, &out, NULL),
		    -(int)cases[i].kind);
		assert_int_equal(tn_tree_read(of_rev.tree, cases[i].path, 39, &out, NULL),
		    -(int)cases[i].kind);
		assert_int_equal(out.len, 0);
	}
	tn_source_done(&of_dir);
	tn_source_done(&of_rev);
}

static void
a_directory_without_git_has_no_commit(void **state TN_UNUSED)
{
	/* On a file system of its own, above which nothing is looked for. */
	struct tn_source source = open_source("/proc", NULL);

	assert_null(source.commit);
	assert_null(source.note);
	assert_false(source.dirty);
	tn_source_done(&source);
}

static void
before_the_first_commit_a_directory_has_none(void **state TN_UNUSED)
{
	const char *repo = make_repo();
	struct tn_source source;

	put(at("repo/x"), "1");
	source = open_source(repo, NULL);
	assert_null(source.commit);
	assert_true(source.dirty);
	assert_reads(&source, "x", "1");
	tn_source_done(&source);
}

static void
trouble_of_git_is_a_note_and_the_files_are_read(void **state TN_UNUSED)
{
	struct tn_source source;

	assert_int_equal(mkdir(at("new"), 0777), 0);
	git(at("new"), "init", "-q", "--object-format=sha256");
	put(at("new/x"), "1");
	source = open_source(at("new"), NULL);
	assert_null(source.commit);
	assert_non_null(strstr(source.note, "SHA-256"));
	assert_reads(&source, "x", "1");
	tn_source_done(&source);
}

static void
what_cannot_be_opened_leaves_nothing_behind(void **state TN_UNUSED)
{
	const char *repo = make_repo();
	struct tn_error err = TN_ERROR_INIT;
	struct tn_source source;

	put(at("repo/x"), "1");
	commit_all(repo);
	assert_int_equal(tn_source_open(&source,
			     &(struct tn_source_request){ .where = at("none") }, &err),
	    -TN_E_INPUT);
	assert_non_null(strstr(err.message, "there is no directory"));
	tn_error_done(&err);
	assert_null(source.tree);
	tn_source_done(&source);
	assert_int_equal(tn_source_open(&source,
			     &(struct tn_source_request){ .where = repo, .ref = "mian" },
			     &err),
	    -TN_E_INPUT);
	assert_string_equal(err.hint, "did you mean \"main\"?");
	tn_error_done(&err);
	assert_null(source.tree);
	tn_source_done(&source);
	tn_source_done(&source);
	tn_source_done(NULL);
}

/* Opens, and gives the source; path may be NULL. */
static struct tn_source
open_path(const char *where, const char *ref, const char *path)
{
	const struct tn_source_request request = {
		.where = where,
		.ref = ref,
		.path = path,
	};
	struct tn_error err = TN_ERROR_INIT;
	struct tn_source source;

	if (tn_source_open(&source, &request, &err) < 0)
		fail_msg("%s", err.message);
	return source;
}

static void
assert_refused(const char *where, const char *ref, const char *path,
    enum tn_error_kind kind, const char *message)
{
	const struct tn_source_request request = {
		.where = where,
		.ref = ref,
		.path = path,
	};
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	struct tn_source source;

	assert_int_equal(tn_source_open(&source, &request, &err), -(int)kind);
	if (strstr(err.message, message) == NULL)
		fail_msg("\"%s\" is not in \"%s\"", message, err.message);
	assert_null(source.tree);
	assert_null(source.commit);
}

static void
the_project_may_be_a_directory_of_the_source(void **state TN_UNUSED)
{
	static const char *const ways[] = { "a/b", "a/b/", "./a/b", "a/./b", "a/c/../b" };
	const char *repo = make_repo();
	struct tn_source source;

	put(at("repo/a/b/x"), "deep");
	put(at("repo/a/y"), "beside");
	commit_all(repo);
	for (size_t i = 0; i < TN_ARRAY_LEN(ways); i++) {
		for (int k = 0; k < 2; k++) {
			source = open_path(repo, k == 0 ? NULL : "main", ways[i]);
			assert_reads(&source, "x", "deep");
			assert_int_equal(tn_tree_read(source.tree, "../y", 9,
					     &(struct tn_str)TN_STR_INIT, NULL),
			    -TN_E_INPUT);
			assert_string_equal(source.commit,
			    git(repo, "rev-parse", "HEAD"));
			tn_source_done(&source);
		}
	}
	/* The top itself. */
	source = open_path(repo, "main", ".");
	assert_reads(&source, "a/y", "beside");
	tn_source_done(&source);
}

static void
only_changes_of_the_project_make_it_dirty(void **state TN_UNUSED)
{
	const char *repo = make_repo();
	struct tn_source source;

	put(at("repo/a/x"), "");
	put(at("repo/b/x"), "");
	commit_all(repo);
	put(at("repo/b/x"), "changed");
	source = open_path(repo, NULL, "a");
	assert_false(source.dirty);
	tn_source_done(&source);
	source = open_path(repo, NULL, "b");
	assert_true(source.dirty);
	tn_source_done(&source);
}

static void
a_directory_of_a_work_tree_is_found_in_its_repository(void **state TN_UNUSED)
{
	const char *repo = make_repo();
	struct tn_source source;

	put(at("repo/a/b/x"), "old");
	commit_all(repo);
	git(repo, "worktree", "add", "-q", at("linked"));
	put(at("repo/a/b/x"), "new");
	put(at("repo/new/x"), "");
	source = open_path(at("repo/a"), "main", "b");
	assert_reads(&source, "x", "old");
	tn_source_done(&source);
	source = open_path(at("repo/a/b"), "HEAD", NULL);
	assert_reads(&source, "x", "old");
	tn_source_done(&source);
	source = open_path(at("linked/a/b"), "HEAD", NULL);
	assert_reads(&source, "x", "old");
	tn_source_done(&source);
	/* Through a link it is the directory behind it. */
	assert_int_equal(symlink("repo/a", at("link")), 0);
	source = open_path(at("link"), "main", "b");
	assert_reads(&source, "x", "old");
	tn_source_done(&source);
	assert_refused(at("repo/new"), "main", NULL, TN_E_NOT_FOUND,
	    "there is no directory \"new\"");
	assert_refused(at("repo/.git/refs"), "main", NULL, TN_E_INPUT,
	    "there is no git repository");
}

static void
paths_stay_inside_of_the_source(void **state TN_UNUSED)
{
	const char *repo = make_repo();

	put(at("repo/a/x"), "");
	assert_int_equal(symlink("a", at("repo/link")), 0);
	commit_all(repo);
	for (int k = 0; k < 2; k++) {
		const char *ref = k == 0 ? NULL : "main";

		assert_refused(repo, ref, "..", TN_E_INPUT, "leaves the project");
		assert_refused(repo, ref, "a/../..", TN_E_INPUT, "leaves the project");
		assert_refused(repo, ref, "/etc", TN_E_INPUT, "is absolute");
		assert_refused(repo, ref, "link", TN_E_INPUT, "is a link");
		assert_refused(repo, ref, "a/x", TN_E_INPUT, "is a file");
		assert_refused(repo, ref, "none", TN_E_NOT_FOUND,
		    "there is no directory \"none\"");
	}
	assert_refused(at("repo/a"), "main", "..", TN_E_INPUT, "top directory");
	assert_refused("https://example.com/a", NULL, NULL, TN_E_INPUT, "is a URL");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(a_directory_is_read_as_it_is_with_its_commit),
		SCRATCH_TEST(a_directory_inside_a_work_tree_has_its_commit_too),
		SCRATCH_TEST(a_revision_is_read_from_its_objects),
		SCRATCH_TEST(both_kinds_refuse_the_same),
		SCRATCH_TEST(a_directory_without_git_has_no_commit),
		SCRATCH_TEST(before_the_first_commit_a_directory_has_none),
		SCRATCH_TEST(trouble_of_git_is_a_note_and_the_files_are_read),
		SCRATCH_TEST(what_cannot_be_opened_leaves_nothing_behind),
		SCRATCH_TEST(the_project_may_be_a_directory_of_the_source),
		SCRATCH_TEST(only_changes_of_the_project_make_it_dirty),
		SCRATCH_TEST(a_directory_of_a_work_tree_is_found_in_its_repository),
		SCRATCH_TEST(paths_stay_inside_of_the_source),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
