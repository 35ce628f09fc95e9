/* Revisions of real repositories: what a name means, what is read, what is refused and
 * why. */
#include "gitrepo.h"

#include "base/error.h"
#include "base/str.h"
#include "git/git.h"

/* Opens, reads one path and compares; fails the test with the message otherwise. */
static void
assert_reads(const char *repo, const char *rev, const char *path, const char *text)
{
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;
	TN_CLEANUP(tn_git_closep) struct tn_git *git = NULL;

	if (tn_git_open(repo, rev, &git, &err) < 0 ||
	    tn_git_read(git, path, 1 << 20, &out, &err) < 0)
		fail_msg("%s", err.message);
	assert_string_equal(tn_str_text(&out), text);
}

static void
assert_means(const char *repo, const char *rev, const char *commit)
{
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	TN_CLEANUP(tn_git_closep) struct tn_git *git = NULL;

	if (tn_git_open(repo, rev, &git, &err) < 0)
		fail_msg("%s", err.message);
	assert_string_equal(tn_git_commit(git), commit);
}

static void
assert_words(struct tn_error *err, const char *message, const char *hint)
{
	if (strstr(err->message, message) == NULL)
		fail_msg("\"%s\" is not in \"%s\"", message, err->message);
	if (hint != NULL && (err->hint == NULL || strstr(err->hint, hint) == NULL))
		fail_msg("\"%s\" is not in \"%s\"", hint, err->hint);
	tn_error_done(err);
}

/* Opening fails, with these words in message and hint. */
static void
assert_refused(const char *repo, const char *rev, enum tn_error_kind kind,
    const char *message, const char *hint)
{
	struct tn_error err = TN_ERROR_INIT;
	struct tn_git *git = NULL;

	assert_int_equal(tn_git_open(repo, rev, &git, &err), -(int)kind);
	assert_null(git);
	assert_words(&err, message, hint);
}

static void
assert_not_read(const char *repo, const char *path, size_t max, enum tn_error_kind kind,
    const char *message, const char *hint)
{
	TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;
	TN_CLEANUP(tn_git_closep) struct tn_git *git = NULL;
	struct tn_error err = TN_ERROR_INIT;

	assert_int_equal(tn_git_open(repo, NULL, &git, NULL), 0);
	assert_int_equal(tn_git_read(git, path, max, &out, &err), -(int)kind);
	assert_int_equal(out.len, 0);
	assert_words(&err, message, hint);
}

/* --- Reading --- */

static void
the_commit_is_read_and_not_the_work_tree(void **state TN_UNUSED)
{
	const char *repo = make_repo();

	put(at("repo/tenon.yaml"), "committed");
	put(at("repo/a/b/c.js"), "deep");
	put(at("repo/empty"), "");
	commit_all(repo);
	put(at("repo/tenon.yaml"), "changed");
	put(at("repo/a/new.js"), "untracked");
	git(repo, "add", "tenon.yaml");
	assert_reads(repo, NULL, "tenon.yaml", "committed");
	assert_reads(repo, NULL, "a/b/c.js", "deep");
	assert_reads(repo, NULL, "empty", "");
	assert_not_read(repo, "a/new.js", 100, TN_E_NOT_FOUND, "a/new.js", NULL);
}

static void
bytes_are_read_as_they_are(void **state TN_UNUSED)
{
	const char *repo = make_repo();
	TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;
	TN_CLEANUP(tn_git_closep) struct tn_git *git = NULL;

	/* No filter touches them: line endings stay, $Id$ is not filled in. */
	put(at("repo/.gitattributes"), "x text eol=crlf ident\n");
	put_bytes(at("repo/x"), "a\n\0$Id$\xff\n", 9);
	commit_all(repo);
	assert_int_equal(tn_git_open(repo, "main", &git, NULL), 0);
	tn_str_add(&out, "before ");
	assert_int_equal(tn_git_read(git, "x", 9, &out, NULL), 0);
	assert_int_equal(out.len, 7 + 9);
	assert_memory_equal(out.ptr, "before a\n\0$Id$\xff\n", 16);
}

static void
names_of_files_are_taken_to_the_byte(void **state TN_UNUSED)
{
	const char *repo = make_repo();

	put(at("repo/with space.js"), "1");
	put(at("repo/gr\xc3\xbc\xc3\x9f.js"), "2");
	put(at("repo/Case.js"), "3");
	put(at("repo/[x]*.js"), "4");
	commit_all(repo);
	assert_reads(repo, NULL, "with space.js", "1");
	assert_reads(repo, NULL, "gr\xc3\xbc\xc3\x9f.js", "2");
	assert_reads(repo, NULL, "[x]*.js", "4");
	assert_not_read(repo, "case.js", 100, TN_E_NOT_FOUND, "case.js", NULL);
}

static void
the_bound_is_looked_at_before_the_bytes(void **state TN_UNUSED)
{
	const char *repo = make_repo();

	put(at("repo/x"), "0123456789");
	commit_all(repo);
	assert_not_read(repo, "x", 9, TN_E_LIMIT, "has 10 bytes; 9 are allowed", NULL);
	assert_reads(repo, NULL, "x", "0123456789");
}

static void
a_buffer_that_is_full_is_an_error(void **state TN_UNUSED)
{
	const char *repo = make_repo();
	TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;
	TN_CLEANUP(tn_git_closep) struct tn_git *git = NULL;

	put(at("repo/x"), "0123456789");
	commit_all(repo);
	tn_str_init(&out, 5);
	assert_int_equal(tn_git_open(repo, NULL, &git, NULL), 0);
	assert_int_equal(tn_git_read(git, "x", 10, &out, NULL), -TN_E_LIMIT);
}

static void
links_are_named_and_not_followed(void **state TN_UNUSED)
{
	const char *repo = make_repo();

	put(at("repo/real/file"), "x");
	assert_int_equal(symlink("real/file", at("repo/link")), 0);
	assert_int_equal(symlink("real", at("repo/dir")), 0);
	assert_int_equal(symlink("/etc/passwd", at("repo/out")), 0);
	commit_all(repo);
	assert_not_read(repo, "link", 100, TN_E_INPUT, "\"link\" is a link",
	    "put the file itself");
	assert_not_read(repo, "dir/file", 100, TN_E_INPUT, "\"dir\" is a link",
	    "not followed");
	assert_not_read(repo, "out", 100, TN_E_INPUT, "\"out\" is a link",
	    "not followed");
}

static void
directories_and_files_are_not_mistaken(void **state TN_UNUSED)
{
	const char *repo = make_repo();

	put(at("repo/a/b"), "x");
	commit_all(repo);
	assert_not_read(repo, "a", 100, TN_E_INPUT, "\"a\" is a directory",
	    "a file in it");
	assert_not_read(repo, "a/b/c", 100, TN_E_NOT_FOUND, "no file \"a/b/c\"", NULL);
	assert_not_read(repo, "none/b", 100, TN_E_NOT_FOUND, "no file \"none/b\"", NULL);
}

static void
a_submodule_is_named_and_not_entered(void **state TN_UNUSED)
{
	const char *repo = make_repo();
	const char *id;

	put(at("repo/x"), "x");
	id = commit_all(repo);
	git(repo, "update-index", "--add", "--cacheinfo", "160000", id, "vendor/lib");
	git(repo, "commit", "-q", "-m", "s");
	assert_not_read(repo, "vendor/lib/x", 100, TN_E_INPUT,
	    "\"vendor/lib\" is a submodule", "put the files");
	assert_not_read(repo, "vendor/lib", 100, TN_E_INPUT, "is a submodule",
	    "not followed");
}

static void
paths_that_leave_the_tree_are_refused(void **state TN_UNUSED)
{
	static const char *const paths[] = { "", "/x", "../x", "a/../x", "./x", "a//x",
		"x/", "a\\x" };
	const char *repo = make_repo();

	put(at("repo/x"), "x");
	commit_all(repo);
	for (size_t i = 0; i < TN_ARRAY_LEN(paths); i++)
		assert_not_read(repo, paths[i], 100, TN_E_INPUT, "path", NULL);
}

/* --- What a revision means --- */

static void
branches_tags_and_ids_are_understood(void **state TN_UNUSED)
{
	const char *repo = make_repo();
	char one[64], two[64], part[64];

	put(at("repo/x"), "1");
	(void)snprintf(one, sizeof(one), "%s", commit_all(repo));
	git(repo, "tag", "light");
	git(repo, "tag", "-a", "-m", "t", "v1.0");
	git(repo, "-c", "advice.nestedTag=false", "tag", "-a", "-m", "t", "again",
	    "v1.0");
	git(repo, "branch", "old/one");
	git(repo, "update-ref", "refs/remotes/origin/main", one);
	put(at("repo/x"), "2");
	(void)snprintf(two, sizeof(two), "%s", commit_all(repo));
	(void)snprintf(part, sizeof(part), "%.7s", one);
	assert_means(repo, NULL, two);
	assert_means(repo, "HEAD", two);
	assert_means(repo, "main", two);
	assert_means(repo, "light", one);
	assert_means(repo, "v1.0", one);
	assert_means(repo, "again", one);
	assert_means(repo, "old/one", one);
	assert_means(repo, "origin/main", one);
	assert_means(repo, "refs/tags/v1.0", one);
	assert_means(repo, "refs/heads/main", two);
	assert_means(repo, one, one);
	assert_means(repo, part, one);
	for (char *c = part; *c != '\0'; c++)
		*c = (char)(*c >= 'a' ? *c - 'a' + 'A' : *c);
	assert_means(repo, part, one);
	assert_reads(repo, "v1.0", "x", "1");
	/* References in one file, objects in packs. */
	git(repo, "gc", "-q");
	assert_means(repo, "v1.0", one);
	assert_means(repo, part, one);
	assert_reads(repo, "old/one", "x", "1");
	git(repo, "checkout", "-q", "--detach", one);
	assert_means(repo, NULL, one);
}

static void
expressions_and_rubbish_are_refused(void **state TN_UNUSED)
{
	static const char *const revs[] = { "", "-x", "--upload-pack=touch x", "HEAD~1",
		"HEAD^", "main:x", "a..b", "main@{1}", "@{-1}", "a b", "x\n", "\x1b[31m",
		"ma\xffin", "main.lock", "/main", "main/", "ma*n", "ma?n", "[main]",
		"a\\b", ":/fix" };
	const char *repo = make_repo();
	char text[TN_GIT_REV_MAX + 2];

	put(at("repo/x"), "1");
	commit_all(repo);
	commit_all(repo);
	for (size_t i = 0; i < TN_ARRAY_LEN(revs); i++)
		assert_refused(repo, revs[i], TN_E_INPUT, "revision",
		    "give a branch, a tag or a commit's id");
	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	assert_refused(repo, text, TN_E_INPUT, "longer than 256 bytes", NULL);
	text[TN_GIT_REV_MAX] = '\0';
	assert_refused(repo, text, TN_E_INPUT, "no branch, tag or commit", NULL);
}

static void
a_wrong_name_gets_the_nearest_right_one(void **state TN_UNUSED)
{
	const char *repo = make_repo();

	put(at("repo/x"), "1");
	commit_all(repo);
	git(repo, "branch", "release/2024");
	git(repo, "tag", "v1.10.0");
	assert_refused(repo, "relaese/2024", TN_E_INPUT, "\"relaese/2024\"",
	    "did you mean \"release/2024\"?");
	assert_refused(repo, "v1.11.0", TN_E_INPUT, repo, "did you mean \"v1.10.0\"?");
	assert_refused(repo, "quite-something-else", TN_E_INPUT, repo, "git tag");
	assert_refused(repo, "refs/heads/none", TN_E_INPUT, "refs/heads/none", "git tag");
	assert_refused(repo, "0123456789012345678901234567890123456789", TN_E_INPUT,
	    "no branch, tag or commit", "fetch it first");
	assert_refused(repo, "abcdef", TN_E_INPUT, "\"abcdef\"", NULL);
}

static void
a_name_of_two_commits_is_refused(void **state TN_UNUSED)
{
	const char *repo = make_repo();
	char one[64], part[64];

	put(at("repo/x"), "1");
	(void)snprintf(one, sizeof(one), "%s", commit_all(repo));
	git(repo, "tag", "same");
	git(repo, "tag", "-a", "-m", "t", "annotated");
	git(repo, "branch", "same");
	git(repo, "branch", "annotated");
	git(repo, "tag", "both");
	put(at("repo/x"), "2");
	commit_all(repo);
	git(repo, "branch", "both");
	(void)snprintf(part, sizeof(part), "%.8s", one);
	git(repo, "branch", part);
	assert_means(repo, "same", one);
	assert_means(repo, "annotated", one);
	assert_refused(repo, "both", TN_E_INPUT, "two different commits", "refs/tags/");
	assert_means(repo, "refs/tags/both", one);
	assert_refused(repo, part, TN_E_INPUT, "two different commits", "40 digits");
}

/* Whoever pins an id gets it, whatever somebody called a branch. */
static void
forty_digits_are_an_id_whatever_branches_are_called(void **state TN_UNUSED)
{
	const char *repo = make_repo();
	char one[64], path[128];

	put(at("repo/x"), "good");
	(void)snprintf(one, sizeof(one), "%s", commit_all(repo));
	put(at("repo/x"), "bad");
	(void)snprintf(path, sizeof(path), "refs/heads/%s", one);
	git(repo, "update-ref", path, commit_all(repo));
	assert_means(repo, one, one);
	assert_reads(repo, one, "x", "good");
	/* And an id that is not there is not looked for among the branches. */
	git(repo, "update-ref", "refs/heads/0123456789012345678901234567890123456789",
	    one);
	assert_refused(repo, "0123456789012345678901234567890123456789", TN_E_INPUT,
	    "no branch, tag or commit", NULL);
}

static void
what_is_no_commit_is_refused(void **state TN_UNUSED)
{
	const char *repo = make_repo();
	const char *blob;

	put(at("repo/x"), "1");
	commit_all(repo);
	git(repo, "tag", "tree", "HEAD^{tree}");
	git(repo, "tag", "-a", "-m", "t", "blob", "HEAD:x");
	blob = git(repo, "rev-parse", "HEAD:x");
	assert_refused(repo, "tree", TN_E_INPUT, "\"tree\" is a tree, not a commit",
	    "commit");
	assert_refused(repo, "blob", TN_E_INPUT, "\"blob\" is a blob, not a commit",
	    "commit");
	assert_refused(repo, blob, TN_E_INPUT, "is a blob, not a commit", "commit");
}

static void
a_tower_of_tags_has_a_bound(void **state TN_UNUSED)
{
	const char *repo = make_repo();
	char name[16], last[16] = "HEAD";

	put(at("repo/x"), "1");
	commit_all(repo);
	for (int i = 1; i <= 9; i++) {
		(void)snprintf(name, sizeof(name), "t%d", i);
		git(repo, "-c", "advice.nestedTag=false", "tag", "-a", "-m", "t", name,
		    last);
		(void)snprintf(last, sizeof(last), "%s", name);
	}
	assert_reads(repo, "t7", "x", "1");
	assert_refused(repo, "t9", TN_E_LIMIT, "tag of tags", NULL);
}

static void
a_commit_over_the_bound_is_refused(void **state TN_UNUSED)
{
	const char *repo = make_repo();
	size_t len = (size_t)1 << 20;
	char *text = malloc(len);

	assert_non_null(text);
	memset(text, 'x', len);
	put(at("repo/x"), "1");
	put_bytes(at("message"), text, len);
	free(text);
	git(repo, "add", "-A");
	git(repo, "commit", "-q", "-F", at("message"));
	assert_refused(repo, NULL, TN_E_LIMIT, "bytes", NULL);
}

/* --- Kinds of repositories --- */

static void
bare_linked_and_inner_paths_are_repositories_too(void **state TN_UNUSED)
{
	const char *repo = make_repo();

	put(at("repo/x"), "main");
	commit_all(repo);
	git(repo, "clone", "-q", "--bare", ".", at("bare.git"));
	git(repo, "worktree", "add", "-q", "-b", "side", at("linked"));
	put(at("linked/x"), "side");
	commit_all(at("linked"));
	assert_reads(at("bare.git"), NULL, "x", "main");
	assert_reads(at("repo/.git"), NULL, "x", "main");
	assert_reads(at("linked"), NULL, "x", "side");
	assert_reads(at("linked"), "main", "x", "main");
	assert_reads(repo, "side", "x", "side");
}

static void
a_repository_without_commits_says_so(void **state TN_UNUSED)
{
	const char *repo = make_repo();

	assert_refused(repo, NULL, TN_E_INPUT, "no commit yet", "commit the files first");
	assert_refused(repo, "main", TN_E_INPUT, "no branch, tag or commit \"main\"",
	    NULL);
}

static void
what_is_no_repository_says_so(void **state TN_UNUSED)
{
	const char *repo = make_repo();

	put(at("repo/sub/x"), "1");
	commit_all(repo);
	assert_refused(at("nowhere"), NULL, TN_E_INPUT, "no git repository at",
	    "does not exist");
	assert_refused(at("repo/sub"), NULL, TN_E_INPUT, at("repo/sub"), at("repo/"));
	assert_refused(at("repo/sub/x"), NULL, TN_E_INPUT, "no git repository at", NULL);
	assert_refused("/proc", NULL, TN_E_INPUT, "no git repository at \"/proc\"",
	    "name a repository");
	assert_refused("", NULL, TN_E_INPUT, "no git repository at", "does not exist");
}

static void
ids_of_sha256_are_named(void **state TN_UNUSED)
{
	assert_int_equal(mkdir(at("new"), 0777), 0);
	git(at("new"), "init", "-q", "--object-format=sha256");
	put(at("new/x"), "1");
	commit_all(at("new"));
	assert_refused(at("new"), NULL, TN_E_INPUT, "SHA-256", "without a revision");
	git(at("new"), "clone", "-q", "--bare", ".", at("bare.git"));
	assert_refused(at("bare.git"), NULL, TN_E_INPUT, "SHA-256", NULL);
}

static void
alternates_are_not_followed(void **state TN_UNUSED)
{
	const char *repo = make_repo();
	char id[64];

	put(at("repo/x"), "1");
	(void)snprintf(id, sizeof(id), "%s", commit_all(repo));
	git(repo, "clone", "-q", "--shared", ".", at("borrower"));
	assert_refused(at("borrower"), NULL, TN_E_INPUT, "is missing",
	    "objects/info/alternates is not followed");
	assert_refused(at("borrower"), id, TN_E_INPUT, id, "objects/info/alternates");
	git(at("borrower"), "repack", "-q", "-a", "-d");
	assert_int_equal(unlink(at("borrower/.git/objects/info/alternates")), 0);
	assert_reads(at("borrower"), NULL, "x", "1");
}

static void
a_shallow_clone_has_what_it_has(void **state TN_UNUSED)
{
	const char *repo = make_repo();
	char one[64], url[PATH_MAX + 16];

	put(at("repo/x"), "1");
	(void)snprintf(one, sizeof(one), "%s", commit_all(repo));
	put(at("repo/x"), "2");
	commit_all(repo);
	(void)snprintf(url, sizeof(url), "file://%s", repo);
	git(repo, "clone", "-q", "--depth=1", url, at("shallow"));
	assert_reads(at("shallow"), NULL, "x", "2");
	assert_refused(at("shallow"), one, TN_E_INPUT, one, "shallow");
}

static void
a_partial_clone_says_what_is_missing(void **state TN_UNUSED)
{
	const char *repo = make_repo();
	char url[PATH_MAX + 16];

	put(at("repo/x"), "1");
	commit_all(repo);
	git(repo, "config", "uploadpack.allowFilter", "true");
	(void)snprintf(url, sizeof(url), "file://%s", repo);
	git(repo, "clone", "-q", "--filter=blob:none", "--no-checkout", url,
	    at("partial"));
	assert_not_read(at("partial"), "x", 100, TN_E_INPUT, "is missing", "full clone");
}

static void
a_sparse_work_tree_does_not_matter(void **state TN_UNUSED)
{
	const char *repo = make_repo();

	put(at("repo/x"), "1");
	put(at("repo/in/y"), "2");
	put(at("repo/out/z"), "3");
	commit_all(repo);
	git(repo, "sparse-checkout", "set", "in");
	assert_int_equal(access(at("repo/out/z"), F_OK), -1);
	assert_reads(repo, NULL, "out/z", "3");
}

static void
extensions_that_do_not_change_reading_are_accepted(void **state TN_UNUSED)
{
	const char *repo = make_repo();

	put(at("repo/x"), "1");
	commit_all(repo);
	git(repo, "config", "core.repositoryFormatVersion", "1");
	git(repo, "config", "extensions.worktreeConfig", "true");
	git(repo, "config", "extensions.preciousObjects", "true");
	git(repo, "config", "extensions.partialClone", "origin");
	assert_reads(repo, NULL, "x", "1");
	git(repo, "config", "extensions.strange", "true");
	assert_refused(repo, NULL, TN_E_INPUT, "extensions.strange", NULL);
}

/* Only the superuser can give files away; everybody else sees their own accepted. */
static void
a_repository_of_somebody_else_is_refused(void **state TN_UNUSED)
{
	const char *repo = make_repo();

	put(at("repo/x"), "1");
	commit_all(repo);
	assert_reads(repo, NULL, "x", "1");
	if (geteuid() != 0)
		return;
	assert_int_equal(chown(repo, 65534, 65534), 0);
	assert_refused(repo, NULL, TN_E_INPUT, "belongs to another user",
	    "clone of your own");
}

/* The path of a loose object, from its id. */
static const char *
loose(const char *id)
{
	char name[128];

	(void)snprintf(name, sizeof(name), "repo/.git/objects/%.2s/%s", id, id + 2);
	return at(name);
}

static void
an_object_that_is_not_what_its_id_says_is_refused(void **state TN_UNUSED)
{
	const char *repo = make_repo();
	const char *good, *other;

	put(at("repo/good"), "good");
	put(at("repo/other"), "evil");
	commit_all(repo);
	good = git(repo, "rev-parse", "HEAD:good");
	other = git(repo, "rev-parse", "HEAD:other");
	assert_int_equal(rename(loose(other), loose(good)), 0);
	assert_not_read(repo, "good", 100, TN_E_INPUT, "cannot read object", NULL);
	assert_not_read(repo, "other", 100, TN_E_INPUT, "is missing", "git fsck");
}

/* A tree can say of an object what it is not. */
static void
an_entry_of_another_type_is_refused(void **state TN_UNUSED)
{
	const char *repo = make_repo();
	const char *tree;

	put(at("repo/x"), "1");
	commit_all(repo);
	tree = git(repo, "rev-parse", "HEAD^{tree}");
	git(repo, "update-index", "--add", "--cacheinfo", "100644", tree, "file");
	tree = git(repo, "write-tree", "--missing-ok");
	git(repo, "update-ref", "HEAD", git(repo, "commit-tree", "-m", "c", tree));
	assert_not_read(repo, "file", 1000, TN_E_INPUT, "is a tree where a blob must be",
	    NULL);
}

static void
a_damaged_object_is_refused(void **state TN_UNUSED)
{
	const char *repo = make_repo();
	const char *id;

	put(at("repo/x"), "some text");
	commit_all(repo);
	id = git(repo, "rev-parse", "HEAD:x");
	assert_int_equal(chmod(loose(id), 0600), 0);
	put(loose(id), "rubbish");
	assert_not_read(repo, "x", 100, TN_E_INPUT, id, NULL);
	id = git(repo, "rev-parse", "HEAD^{tree}");
	assert_int_equal(chmod(loose(id), 0600), 0);
	put(loose(id), "rubbish");
	assert_refused(repo, NULL, TN_E_INPUT, repo, NULL);
}

static void
a_broken_configuration_of_the_repository_is_named(void **state TN_UNUSED)
{
	const char *repo = make_repo();

	put(at("repo/x"), "1");
	commit_all(repo);
	put(at("repo/.git/config"), "[core\n");
	assert_refused(repo, NULL, TN_E_INPUT, repo, NULL);
}

/*
 * What surrounds the program must not matter: a configuration of the user that cannot
 * even be parsed, and git's own variables. Both are set for this whole program.
 */
static int
poison_environment(void)
{
	if (make_scratch(NULL) < 0)
		return -1;
	put(at(".gitconfig"), "[this is no configuration\n");
	put(at(".config/git/config"), "[neither is this\n");
	if (setenv("HOME", scratch, 1) < 0 ||
	    setenv("XDG_CONFIG_HOME", at(".config"), 1) < 0)
		return -1;
	if (setenv("GIT_DIR", "/nonexistent", 1) < 0)
		return -1;
	return setenv("GIT_OBJECT_DIRECTORY", "/nonexistent", 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(the_commit_is_read_and_not_the_work_tree),
		SCRATCH_TEST(bytes_are_read_as_they_are),
		SCRATCH_TEST(names_of_files_are_taken_to_the_byte),
		SCRATCH_TEST(the_bound_is_looked_at_before_the_bytes),
		SCRATCH_TEST(a_buffer_that_is_full_is_an_error),
		SCRATCH_TEST(links_are_named_and_not_followed),
		SCRATCH_TEST(directories_and_files_are_not_mistaken),
		SCRATCH_TEST(a_submodule_is_named_and_not_entered),
		SCRATCH_TEST(paths_that_leave_the_tree_are_refused),
		SCRATCH_TEST(branches_tags_and_ids_are_understood),
		SCRATCH_TEST(expressions_and_rubbish_are_refused),
		SCRATCH_TEST(a_wrong_name_gets_the_nearest_right_one),
		SCRATCH_TEST(a_name_of_two_commits_is_refused),
		SCRATCH_TEST(forty_digits_are_an_id_whatever_branches_are_called),
		SCRATCH_TEST(what_is_no_commit_is_refused),
		SCRATCH_TEST(a_tower_of_tags_has_a_bound),
		SCRATCH_TEST(a_commit_over_the_bound_is_refused),
		SCRATCH_TEST(bare_linked_and_inner_paths_are_repositories_too),
		SCRATCH_TEST(a_repository_without_commits_says_so),
		SCRATCH_TEST(what_is_no_repository_says_so),
		SCRATCH_TEST(ids_of_sha256_are_named),
		SCRATCH_TEST(alternates_are_not_followed),
		SCRATCH_TEST(a_shallow_clone_has_what_it_has),
		SCRATCH_TEST(a_partial_clone_says_what_is_missing),
		SCRATCH_TEST(a_sparse_work_tree_does_not_matter),
		SCRATCH_TEST(extensions_that_do_not_change_reading_are_accepted),
		SCRATCH_TEST(a_repository_of_somebody_else_is_refused),
		SCRATCH_TEST(an_object_that_is_not_what_its_id_says_is_refused),
		SCRATCH_TEST(an_entry_of_another_type_is_refused),
		SCRATCH_TEST(a_damaged_object_is_refused),
		SCRATCH_TEST(a_broken_configuration_of_the_repository_is_named),
	};
	char surroundings[PATH_MAX];
	int failed;

	if (poison_environment() < 0)
		return 1;
	memcpy(surroundings, scratch, sizeof(surroundings));
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	memcpy(scratch, surroundings, sizeof(scratch));
	return remove_scratch(NULL) == 0 ? failed : 1;
}
