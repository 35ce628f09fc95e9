/* Work trees: which commit a directory is at, and whether it differs from it. */
#include "gitrepo.h"

#include "base/error.h"
#include "git/git.h"

static struct tn_git_worktree
look(const char *path)
{
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	struct tn_git_worktree out;

	if (tn_git_worktree(path, &out, &err) < 0)
		fail_msg("%s", err.message);
	return out;
}

static void
assert_clean(const char *path)
{
	struct tn_git_worktree out = look(path);

	assert_true(out.found);
	assert_false(out.dirty);
}

static void
assert_dirty(const char *path)
{
	struct tn_git_worktree out = look(path);

	assert_true(out.found);
	assert_true(out.dirty);
}

static void
assert_none(const char *path)
{
	struct tn_git_worktree out = look(path);

	assert_false(out.found);
	assert_false(out.dirty);
	assert_string_equal(out.commit, "");
}

static void
assert_trouble(const char *path, const char *message, const char *hint)
{
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	struct tn_git_worktree out;

	assert_int_equal(tn_git_worktree(path, &out, &err), -TN_E_INPUT);
	assert_false(out.found);
	assert_non_null(strstr(err.message, message));
	assert_non_null(strstr(err.message, scratch));
	assert_non_null(err.hint);
	assert_non_null(strstr(err.hint, hint));
}

/* A repository with x, in/y and out/z, committed. */
static const char *
make_work(void)
{
	const char *repo = make_repo();

	put(at("repo/x"), "1\n");
	put(at("repo/in/y"), "2\n");
	put(at("repo/out/z"), "3\n");
	commit_all(repo);
	return repo;
}

static void
a_committed_tree_is_clean_and_has_its_commit(void **state TN_UNUSED)
{
	const char *repo = make_work();

	assert_clean(repo);
	assert_string_equal(look(repo).commit, git(repo, "rev-parse", "HEAD"));
	assert_clean(at("repo/in"));
	assert_string_equal(look(at("repo/in")).commit, git(repo, "rev-parse", "HEAD"));
}

static void
every_kind_of_change_is_seen(void **state TN_UNUSED)
{
	const char *repo = make_work();

	put(at("repo/x"), "changed");
	assert_dirty(repo);
	git(repo, "checkout", "-q", "x");
	assert_clean(repo);
	assert_int_equal(unlink(at("repo/x")), 0);
	assert_dirty(repo);
	git(repo, "checkout", "-q", "x");
	put(at("repo/new"), "untracked");
	assert_dirty(repo);
	git(repo, "add", "new");
	assert_dirty(repo);
	git(repo, "rm", "-q", "-f", "new");
	assert_clean(repo);
	put(at("repo/dir/new"), "untracked in a new directory");
	assert_dirty(repo);
	git(repo, "clean", "-q", "-f", "-d");
	assert_clean(repo);
	assert_int_equal(chmod(at("repo/x"), 0755), 0);
	assert_dirty(repo);
	assert_int_equal(chmod(at("repo/x"), 0644), 0);
	git(repo, "rm", "-q", "--cached", "x");
	assert_dirty(repo);
}

/* The same size and, as far as a test can, the same time: the bytes decide. */
static void
a_change_of_the_same_size_is_seen(void **state TN_UNUSED)
{
	const char *repo = make_work();
	struct stat st;

	assert_int_equal(stat(at("repo/x"), &st), 0);
	put(at("repo/x"), "7\n");
	assert_int_equal(utimensat(AT_FDCWD, at("repo/x"),
			     (struct timespec[]){ st.st_atim, st.st_mtim }, 0),
	    0);
	assert_dirty(repo);
}

static void
a_touched_file_is_no_change(void **state TN_UNUSED)
{
	const char *repo = make_work();

	put(at("repo/x"), "1\n");
	assert_int_equal(utimensat(AT_FDCWD, at("repo/x"),
			     (struct timespec[]){ { 1, 0 }, { 1, 0 } }, 0),
	    0);
	assert_clean(repo);
}

static void
only_what_is_below_the_path_counts(void **state TN_UNUSED)
{
	const char *repo = make_work();

	put(at("repo/out/z"), "changed");
	put(at("repo/inside"), "a neighbour whose name begins the same");
	put(at("repo/in2/y"), "another");
	assert_dirty(repo);
	assert_dirty(at("repo/out"));
	assert_clean(at("repo/in"));
	put(at("repo/in/new"), "untracked");
	assert_dirty(at("repo/in"));
}

static void
a_path_is_no_pattern(void **state TN_UNUSED)
{
	const char *repo = make_repo();

	put(at("repo/[a]*/x"), "1");
	put(at("repo/a/x"), "1");
	commit_all(repo);
	put(at("repo/a/x"), "changed");
	assert_clean(at("repo/[a]*"));
	put(at("repo/[a]*/x"), "changed");
	assert_dirty(at("repo/[a]*"));
}

static void
ignored_files_do_not_count(void **state TN_UNUSED)
{
	const char *repo = make_work();

	put(at("repo/.gitignore"), "*.log\nbuild/\n");
	commit_all(repo);
	put(at("repo/a.log"), "ignored");
	put(at("repo/in/b.log"), "ignored");
	put(at("repo/build/c"), "ignored");
	assert_clean(repo);
	assert_clean(at("repo/in"));
	/* But files that no commit has are not those of the commit. */
	assert_dirty(at("repo/build"));
}

static void
a_directory_that_the_commit_does_not_have_is_dirty(void **state TN_UNUSED)
{
	const char *repo = make_work();

	put(at("repo/new/x"), "untracked");
	assert_dirty(at("repo/new"));
	git(repo, "add", "new");
	assert_dirty(at("repo/new"));
	git(repo, "commit", "-q", "-m", "c");
	assert_clean(at("repo/new"));
}

static void
before_the_first_commit_there_is_none(void **state TN_UNUSED)
{
	const char *repo = make_repo();

	assert_clean(repo);
	assert_string_equal(look(repo).commit, "");
	put(at("repo/x"), "1");
	assert_dirty(repo);
	assert_string_equal(look(repo).commit, "");
}

static void
linked_work_trees_and_detached_heads_have_their_own_commit(void **state TN_UNUSED)
{
	const char *repo = make_work();
	char one[64];

	(void)snprintf(one, sizeof(one), "%s", git(repo, "rev-parse", "HEAD"));
	put(at("repo/x"), "2\n");
	commit_all(repo);
	git(repo, "worktree", "add", "-q", "--detach", at("linked"), one);
	assert_clean(at("linked"));
	assert_string_equal(look(at("linked")).commit, one);
	assert_string_equal(look(at("linked/in")).commit, one);
	put(at("linked/x"), "3\n");
	assert_dirty(at("linked"));
	assert_clean(repo);
}

static void
where_no_work_tree_is_none_is_found(void **state TN_UNUSED)
{
	const char *repo = make_work();

	/* Another file system: the search does not leave it. */
	assert_none("/proc");
	git(repo, "clone", "-q", "--bare", ".", at("bare.git"));
	assert_none(at("bare.git"));
	assert_none(at("bare.git/objects"));
	assert_none(at("repo/.git"));
	assert_none(at("repo/.git/objects"));
}

static void
a_work_tree_that_is_elsewhere_is_not_this_one(void **state TN_UNUSED)
{
	const char *repo = make_work();

	assert_int_equal(mkdir(at("elsewhere"), 0777), 0);
	git(repo, "config", "core.worktree", at("elsewhere"));
	assert_none(repo);
	/* Nor is one whose path is the beginning of this one. */
	assert_int_equal(mkdir(at("rep"), 0777), 0);
	git(repo, "config", "core.worktree", at("rep"));
	assert_none(repo);
}

static void
a_directory_reached_through_a_link_is_the_real_one(void **state TN_UNUSED)
{
	make_work();
	assert_int_equal(symlink("repo/in", at("link")), 0);
	assert_clean(at("link"));
	put(at("repo/out/z"), "changed");
	assert_clean(at("link"));
	put(at("repo/in/y"), "changed");
	assert_dirty(at("link"));
}

static void
line_endings_are_known(void **state TN_UNUSED)
{
	const char *repo = make_work();

	git(repo, "-c", "core.autocrlf=true", "clone", "-q", "-c", "core.autocrlf=true",
	    ".", at("clone"));
	assert_clean(at("clone"));
	/* Written again, so that the bytes are looked at: what git would store is the
	 * same. */
	put(at("clone/x"), "1\r\n");
	assert_clean(at("clone"));
	put(at("clone/x"), "7\r\n");
	assert_dirty(at("clone"));
}

/* Whatever the repository's configuration names, no program of it is run. */
static void
programs_of_the_repository_are_not_run(void **state TN_UNUSED)
{
	const char *repo = make_work();
	char command[2 * PATH_MAX];

	(void)snprintf(command, sizeof(command), "touch %s; cat", at("was-run"));
	git(repo, "config", "filter.evil.clean", command);
	git(repo, "config", "filter.evil.smudge", command);
	git(repo, "config", "filter.evil.process", command);
	git(repo, "config", "filter.evil.required", "true");
	git(repo, "config", "diff.evil.textconv", command);
	git(repo, "config", "core.fsmonitor", command);
	put(at("repo/.git/info/attributes"), "* filter=evil diff=evil\n");
	put(at("repo/x"), "7\n");
	assert_dirty(repo);
	assert_int_equal(access(at("was-run"), F_OK), -1);
}

static void
the_index_is_not_written(void **state TN_UNUSED)
{
	const char *repo = make_work();
	struct stat before, after;

	put(at("repo/x"), "1\n");
	put(at("repo/in/y"), "changed");
	assert_int_equal(stat(at("repo/.git/index"), &before), 0);
	assert_dirty(repo);
	assert_int_equal(stat(at("repo/.git/index"), &after), 0);
	assert_true(before.st_ino == after.st_ino && before.st_size == after.st_size);
	assert_memory_equal(&before.st_mtim, &after.st_mtim, sizeof(before.st_mtim));
}

static void
a_submodule_is_left_out(void **state TN_UNUSED)
{
	const char *repo = make_work();

	git(repo, "clone", "-q", ".", at("other"));
	git(repo, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add",
	    at("other"), "sub");
	commit_all(repo);
	assert_clean(repo);
	put(at("repo/sub/x"), "changed inside");
	assert_clean(repo);
	/* Seen from inside it is a work tree as any other. */
	assert_dirty(at("repo/sub"));
}

static void
trouble_is_named(void **state TN_UNUSED)
{
	const char *repo = make_work();

	git(repo, "clone", "-q", "--shared", ".", at("borrower"));
	assert_trouble(at("borrower"), "missing", "objects/info/alternates");
	assert_trouble(at("borrower/in"), "missing", "objects/info/alternates");
	assert_int_equal(mkdir(at("new"), 0777), 0);
	git(at("new"), "init", "-q", "--object-format=sha256");
	assert_trouble(at("new"), "SHA-256", "without a revision");
	put(at("repo/.git/index"), "rubbish");
	assert_int_equal(tn_git_worktree(repo, &(struct tn_git_worktree){ .found = true },
			     NULL),
	    -TN_E_INPUT);
	assert_int_equal(tn_git_worktree(at("nowhere"),
			     &(struct tn_git_worktree){ .found = true }, NULL),
	    -TN_E_SYSTEM);
}

static void
a_work_tree_of_somebody_else_is_trouble(void **state TN_UNUSED)
{
	const char *repo = make_work();

	assert_clean(repo);
	if (geteuid() != 0)
		return;
	assert_int_equal(chown(repo, 65534, 65534), 0);
	assert_trouble(repo, "belongs to another user", "clone of your own");
	assert_trouble(at("repo/in"), "belongs to another user", "clone of your own");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(a_committed_tree_is_clean_and_has_its_commit),
		SCRATCH_TEST(every_kind_of_change_is_seen),
		SCRATCH_TEST(a_change_of_the_same_size_is_seen),
		SCRATCH_TEST(a_touched_file_is_no_change),
		SCRATCH_TEST(only_what_is_below_the_path_counts),
		SCRATCH_TEST(a_path_is_no_pattern),
		SCRATCH_TEST(ignored_files_do_not_count),
		SCRATCH_TEST(a_directory_that_the_commit_does_not_have_is_dirty),
		SCRATCH_TEST(before_the_first_commit_there_is_none),
		SCRATCH_TEST(linked_work_trees_and_detached_heads_have_their_own_commit),
		SCRATCH_TEST(where_no_work_tree_is_none_is_found),
		SCRATCH_TEST(a_work_tree_that_is_elsewhere_is_not_this_one),
		SCRATCH_TEST(a_directory_reached_through_a_link_is_the_real_one),
		SCRATCH_TEST(line_endings_are_known),
		SCRATCH_TEST(programs_of_the_repository_are_not_run),
		SCRATCH_TEST(the_index_is_not_written),
		SCRATCH_TEST(a_submodule_is_left_out),
		SCRATCH_TEST(trouble_is_named),
		SCRATCH_TEST(a_work_tree_of_somebody_else_is_trouble),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
