/*
 * Where a project's files come from: a directory, or a local git repository at
 * a revision, read straight from its objects. Both are a struct tn_tree.
 */
#ifndef TN_SOURCE_SOURCE_H
#define TN_SOURCE_SOURCE_H

#include "base/error.h"
#include "base/tree.h"

struct tn_source {
	struct tn_tree *tree;
	char *label;  /* what was asked for, for people: "." or "repo@v1.2" */
	char *commit; /* hex, or NULL when there is none */
	bool dirty;   /* a directory with changes that are not committed */
	char *note;   /* why commit and dirty of a work tree could not be told, or NULL */
};

/*
 * rev NULL: the directory as it is (commit and dirty are filled when it is a work tree;
 * git trouble there is a note, as the files can be read all the same). Otherwise the
 * revision of the repository at path. Files are never read through a link that leads
 * out of the directory: no link is followed at all below it.
 */
int tn_source_open(struct tn_source *source, const char *path, const char *rev,
    struct tn_error *err) TN_MUST_USE;
void tn_source_done(struct tn_source *source);

/*
 * A directory alone, without git: openat step by step with O_NOFOLLOW. The directory
 * itself may be named through links, and stays the same one when it is renamed. Only
 * regular files are read.
 */
int tn_dirtree_open(const char *path, struct tn_tree **out,
    struct tn_error *err) TN_MUST_USE;

#endif
