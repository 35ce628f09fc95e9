#include "git/git.h"

#include <errno.h>
#include <git2.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "git/repo.h"

static void
repo_freep(git_repository **repo)
{
	git_repository_free(*repo);
}

/*
 * The path from the work tree's top to the directory: "" for the top itself, "a/b"
 * without slashes at its ends. NULL when the directory is not in the work tree: it is
 * inside the repository's own directory, or the configuration has the work tree
 * elsewhere.
 */
static const char *
path_below(git_repository *repo, const char *real)
{
	const char *top = git_repository_workdir(repo);
	size_t len;

	if (top == NULL)
		return NULL;
	/* libgit2 ends it with a slash. */
	len = strlen(top) - 1;
	if (strncmp(real, top, len) != 0 || (real[len] != '\0' && real[len] != '/'))
		return NULL;
	real += len;
	return *real == '/' ? real + 1 : real;
}

static bool
is_inside_git_directory(git_repository *repo, const char *real)
{
	TN_CLEANUP(tn_str_done) struct tn_str path = TN_STR_INIT;

	tn_str_addf(&path, "%s/", real);
	return tn_text_starts(tn_str_text(&path), git_repository_path(repo)) ||
	    tn_text_starts(tn_str_text(&path), git_repository_commondir(repo));
}

static int
first_change(const char *path, unsigned flags, void *arg)
{
	(void)path;
	(void)flags;
	*(bool *)arg = true;
	return GIT_EUSER;
}

static int
files_differ(git_repository *repo, const char *below, bool *out, struct tn_error *err)
{
	git_status_options options;
	char *paths[1] = { tn_strdup(below) };
	int r;

	(void)git_status_options_init(&options, GIT_STATUS_OPTIONS_VERSION);
	options.show = GIT_STATUS_SHOW_INDEX_AND_WORKDIR;
	options.flags = GIT_STATUS_OPT_INCLUDE_UNTRACKED |
	    GIT_STATUS_OPT_EXCLUDE_SUBMODULES | GIT_STATUS_OPT_DISABLE_PATHSPEC_MATCH;
	if (*below != '\0') {
		options.pathspec.strings = paths;
		options.pathspec.count = 1;
	}
	*out = false;
	r = git_status_foreach_ext(repo, &options, first_change, out);
	tn_free(paths[0]);
	if (r < 0 && r != GIT_EUSER) {
		r = tn_repo_error(err, TN_E_INPUT,
		    "cannot compare the files with the commit");
		tn_repo_hint_missing(repo, err);
		return r;
	}
	return 0;
}

/* Whether the commit has this directory; without a commit it has none. */
static int
commit_has(git_repository *repo, const git_oid *commit_id, const char *below, bool *out,
    struct tn_error *err)
{
	git_tree_entry *entry = NULL;
	git_commit *commit = NULL;
	git_tree *root = NULL;
	int r = git_commit_lookup(&commit, repo, commit_id);

	if (r == 0)
		r = git_commit_tree(&root, commit);
	if (r == 0)
		r = git_tree_entry_bypath(&entry, root, below);
	*out = r == 0 && git_tree_entry_type(entry) == GIT_OBJECT_TREE;
	git_tree_entry_free(entry);
	git_tree_free(root);
	git_commit_free(commit);
	if (r < 0 && r != GIT_ENOTFOUND)
		return tn_repo_error(err, TN_E_INPUT, "cannot read commit %s",
		    git_oid_tostr_s(commit_id));
	return 0;
}

static int
look(git_repository *repo, const char *below, struct tn_git_worktree *out,
    struct tn_error *err)
{
	bool there = true;
	git_oid head;
	int r = git_reference_name_to_id(&head, repo, "HEAD");

	if (r == GIT_ENOTFOUND)
		return files_differ(repo, below, &out->dirty, err);
	if (r < 0)
		return tn_repo_error(err, TN_E_INPUT, "cannot read HEAD");
	git_oid_tostr(out->commit, sizeof(out->commit), &head);
	r = tn_repo_expect(repo, &head, GIT_OBJECT_COMMIT, TN_REPO_COMMIT_MAX, err);
	if (r == 0 && *below != '\0')
		r = commit_has(repo, &head, below, &there, err);
	if (r < 0)
		return r;
	if (!there) {
		out->dirty = true;
		return 0;
	}
	return files_differ(repo, below, &out->dirty, err);
}

int
tn_git_worktree(const char *path, struct tn_git_worktree *out, struct tn_error *err)
{
	TN_CLEANUP(repo_freep) git_repository *repo = NULL;
	struct tn_git_worktree found = { .found = true };
	char real[PATH_MAX];
	const char *below;
	int r;

	*out = (struct tn_git_worktree){ .found = false };
	if (realpath(path, real) == NULL)
		return tn_error_errno(err, errno, "cannot look at directory \"%s\"",
		    path);
	r = tn_repo_open(real, true, &repo, err);
	if (r < 0 || repo == NULL)
		return r;
	below = path_below(repo, real);
	if (below == NULL || is_inside_git_directory(repo, real))
		return 0;
	r = look(repo, below, &found, err);
	if (r < 0) {
		tn_error_context(err, "git repository \"%s\"",
		    git_repository_workdir(repo));
		return r;
	}
	*out = found;
	return 0;
}

/* The repository around a path that is none itself; false when there is none. */
static bool
find_around(const char *path, char **repository_out, char **below_out)
{
	TN_CLEANUP(repo_freep) git_repository *repo = NULL;
	char real[PATH_MAX];
	const char *below;

	if (realpath(path, real) == NULL || tn_repo_open(real, true, &repo, NULL) < 0 ||
	    repo == NULL)
		return false;
	below = path_below(repo, real);
	if (below == NULL || *below == '\0' || is_inside_git_directory(repo, real))
		return false;
	*repository_out = tn_strdup(git_repository_workdir(repo));
	*below_out = tn_strdup(below);
	return true;
}

int
tn_git_find(const char *path, char **repository_out, char **below_out,
    struct tn_error *err)
{
	TN_CLEANUP(repo_freep) git_repository *repo = NULL;
	struct tn_error why = TN_ERROR_INIT;
	int r = tn_repo_open(path, false, &repo, &why);

	if (r == 0) {
		*repository_out = tn_strdup(path);
		*below_out = tn_strdup("");
		return 0;
	}
	if (!find_around(path, repository_out, below_out)) {
		tn_error_move(err, &why);
		return r;
	}
	tn_error_done(&why);
	return 0;
}
