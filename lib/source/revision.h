/* A commit of a git repository as a tree of files. Inside the room only. */
#ifndef TN_SOURCE_REVISION_H
#define TN_SOURCE_REVISION_H

#include "base/error.h"
#include "base/tree.h"

struct tn_git_names;

/* As tn_git_open_as; names may be NULL. *commit_out is the commit's id, on the heap. */
int tn_revtree_open(const char *path, const char *rev, const struct tn_git_names *names,
    struct tn_tree **out, char **commit_out, struct tn_error *err) TN_MUST_USE;

#endif
