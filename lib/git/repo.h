/* A repository of libgit2 that is opened our way. Inside the room only. */
#ifndef TN_GIT_REPO_H
#define TN_GIT_REPO_H

#include "base/error.h"

struct git_oid;
struct git_repository;

/* Bounds for objects whose size nobody else gives: what is in them is read whole. */
#define TN_REPO_COMMIT_MAX ((size_t)1 << 20)
#define TN_REPO_TREE_MAX   ((size_t)32 << 20)

/*
 * Opens the repository at path, or, with upwards, the one whose work tree path lies in;
 * it gets an object database that follows no alternates. *out is NULL with 0 when upwards
 * finds none.
 */
int tn_repo_open(const char *path, bool upwards, struct git_repository **out,
    struct tn_error *err) TN_MUST_USE;

/* Sets an error that ends with what libgit2 said last. */
int tn_repo_error(struct tn_error *err, enum tn_error_kind kind, const char *format, ...)
    TN_PRINTF(3, 4);

/*
 * The type (of libgit2's git_object_t) and size of an object, without reading
 * it. An object that is not there is an error that names the reason as far as
 * the repository tells.
 */
int tn_repo_header(struct git_repository *repo, const struct git_oid *id, int *type_out,
    size_t *size_out, struct tn_error *err) TN_MUST_USE;

/* As above for an object that must be of this type and have at most max bytes. */
int tn_repo_expect(struct git_repository *repo, const struct git_oid *id, int type,
    size_t max, struct tn_error *err) TN_MUST_USE;

/* Whether the repository borrows objects from another one. */
bool tn_repo_has_alternates(struct git_repository *repo);

/* The cure for objects that are not there. */
void tn_repo_hint_missing(struct git_repository *repo, struct tn_error *err);

/* The commit that rev means; see git.h. Errors call it `shown`. */
int tn_repo_resolve(struct git_repository *repo, const char *rev, const char *shown,
    struct git_oid *commit_out, struct tn_error *err) TN_MUST_USE;

#endif
