/* The branches and tags that the other side has, as "git ls-remote" lists them. Pure.
 * Inside the room only. */
#ifndef TN_SOURCE_REFS_H
#define TN_SOURCE_REFS_H

#include "base/error.h"
#include "base/str.h"

struct tn_ref {
	struct tn_span id, name;
};

struct tn_refs {
	struct tn_ref *items;
	size_t n, cap;
};

/* Borrows from the listing. TN_E_INPUT for a repository with SHA-256 ids. */
int tn_refs_parse(struct tn_span listing, struct tn_refs *out,
    struct tn_error *err) TN_MUST_USE;
void tn_refs_done(struct tn_refs *refs);

/*
 * What the short name `rev`, of the form that tn_git_check_rev wants, means: a branch or
 * a tag, the whole name on the heap, and the id of its commit, if it is one. TN_E_INPUT
 * when there is none, with the nearest, or when branch and tag of that name differ. A
 * name from "refs/heads/" or "refs/tags/" on is taken as well.
 */
int tn_refs_choose(const struct tn_refs *refs, const char *rev, char **name_out,
    struct tn_span *commit_out, struct tn_error *err) TN_MUST_USE;

/* All 40 digits of an id, in lower case and on the heap; NULL when rev is something else.
 */
char *tn_refs_id(const char *rev);

#endif
