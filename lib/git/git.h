/*
 * The wall around libgit2: objects of a local repository, read only. No work
 * tree, no index, no filters, no hooks, no configuration beyond the repository's
 * own, no alternates, no submodules, no network. (tn_git_worktree does look at work tree
 * and index, and at nothing more.)
 *
 * A repository of another user is refused, as git does; what makes git trust it stands in
 * the configuration of user and machine, which is not read here.
 */
#ifndef TN_GIT_GIT_H
#define TN_GIT_GIT_H

#include "base/error.h"
#include "base/str.h"

#define TN_GIT_ID_SIZE 65
#define TN_GIT_REV_MAX 256

struct tn_git;
struct tn_tree_list;

/*
 * path is a repository or a work tree's top. rev is a branch, a tag (a remote's branch as
 * "origin/main"; or with its whole name from "refs/" on), or a commit's id in hex, of
 * seven digits at least ("HEAD" when NULL). Forty digits always are an id. A name that
 * means two different commits is an error, and so is an expression such as "HEAD~1".
 * TN_E_INPUT with place and cure when the path is no repository, is empty, or the
 * revision does not exist or is no commit.
 */
int tn_git_open(const char *path, const char *rev, struct tn_git **out,
    struct tn_error *err) TN_MUST_USE;
/* As above for a repository and a revision that people know by other names. */
struct tn_git_names {
	const char *path, *rev;
};
int tn_git_open_as(const char *path, const char *rev, const struct tn_git_names *names,
    struct tn_git **out, struct tn_error *err) TN_MUST_USE;
/* The form of a revision alone: TN_E_INPUT when no repository could have it. */
int tn_git_check_rev(const char *rev, struct tn_error *err) TN_MUST_USE;
/*
 * The repository that a path belongs to: it is one itself, and *below_out is "", or it
 * lies in the work tree of one, and *below_out is the way down to it. Both are on the
 * heap.
 */
int tn_git_find(const char *path, char **repository_out, char **below_out,
    struct tn_error *err) TN_MUST_USE;
void tn_git_close(struct tn_git *git);
TN_DEFINE_FREEP(tn_git, tn_git_close)

/* The commit's id in hex. */
const char *tn_git_commit(const struct tn_git *git);

/*
 * Appends the blob at path in the commit's tree. TN_E_NOT_FOUND; TN_E_INPUT for a
 * symbolic link, a submodule or a directory; TN_E_LIMIT over max (the size is read before
 * the blob).
 */
int tn_git_read(struct tn_git *git, const char *path, size_t max, struct tn_str *out,
    struct tn_error *err) TN_MUST_USE;

/*
 * Adds the entries of the directory at path ("" is the commit's top) in any order, as the
 * implementation of a struct tn_tree does. Errors as for tn_tree_list.
 */
int tn_git_list(struct tn_git *git, const char *path, struct tn_tree_list *out,
    struct tn_error *err) TN_MUST_USE;

/*
 * For a directory that may be (in) a work tree: its HEAD commit and whether tracked or
 * untracked files below `path` differ from it. found false: no work tree there. Ignored
 * files do not count, but a directory that the commit does not have at all is dirty. The
 * work tree is looked for upwards, within the file system. Of filters only line endings
 * and $Id$ are known; the repository's programs are not run.
 */
struct tn_git_worktree {
	bool found;
	bool dirty;
	char commit[TN_GIT_ID_SIZE]; /* "" before the first commit */
};
int tn_git_worktree(const char *path, struct tn_git_worktree *out,
    struct tn_error *err) TN_MUST_USE;

#endif
