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

	if (tn_source_open(&source, path, rev, &err) < 0)
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
	assert_int_equal(tn_source_open(&source, at("none"), NULL, &err), -TN_E_INPUT);
	assert_non_null(strstr(err.message, "there is no directory"));
	tn_error_done(&err);
	assert_null(source.tree);
	tn_source_done(&source);
	assert_int_equal(tn_source_open(&source, repo, "mian", &err), -TN_E_INPUT);
	assert_string_equal(err.hint, "did you mean \"main\"?");
	tn_error_done(&err);
	assert_null(source.tree);
	tn_source_done(&source);
	tn_source_done(&source);
	tn_source_done(NULL);
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
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
