/*
 * Where a project's files come from: a directory, or a git repository at a revision, read
 * straight from its objects. Both are a struct tn_tree.
 *
 * A repository of this machine is read where it is. One that is named by a URL is fetched
 * by the git program, so that its ssh, credential helpers and proxies work, into a bare
 * cache, of which the objects are read. What is applied must be current: without the
 * other side there is no answer, whatever the cache holds. Only a commit named by its
 * whole id that was fetched before needs nobody.
 */
#ifndef TN_SOURCE_SOURCE_H
#define TN_SOURCE_SOURCE_H

#include "base/process.h"
#include "base/tree.h"

/* What a person asked for. */
struct tn_source_request {
	const char *where; /* PATH or URL; NULL: "." */
	const char *ref;   /* a branch, a tag or a commit; NULL: the files as they are, or
			      HEAD of a URL */
	const char *path;  /* the project's directory in there; NULL: its top */
};

struct tn_source {
	struct tn_tree *tree;
	char *
	    label; /* what was asked for, for people: ".", "repo@v1.2", "repo@v1.2:dir" */
	char *commit; /* hex, or NULL when there is none */
	bool dirty;   /* a directory with changes that are not committed */
	char *note;   /* why commit and dirty of a work tree could not be told, or NULL */
};

/*
 * A source of this machine. Without a ref: the directory as it is (commit and dirty are
 * filled when it is a work tree; git trouble there is a note, as the files can be read
 * all the same). With one: that revision of the repository at `where`, or of the one
 * whose work tree `where` lies in, and then of the same directory in it. Files are never
 * read through a link that leads out of the directory: no link is followed at all below
 * it. TN_E_INPUT for a URL.
 */
int tn_source_open(struct tn_source *source, const struct tn_source_request *request,
    struct tn_error *err) TN_MUST_USE;
void tn_source_done(struct tn_source *source);

/* Whether `where` is a URL that has to be fetched. An invalid one is none. */
bool tn_source_is_remote(const char *where);

/* What opening a source from anywhere needs. Borrowed until the opening is freed. */
struct tn_source_means {
	struct tn_loop *loop;
	struct tn_runner *runner;
	const char
	    *cache; /* a directory of ours; it is made with mode 0700. May be NULL */
	/* The environment, of which git gets what it needs and nothing else. */
	const char *(*get)(void *arg, const char *name);
	void *arg;
	int64_t deadline_ns; /* for all of it; 0: two minutes */
	struct tn_cancel *cancel;
};

/*
 * Opens a source from anywhere. done comes from the loop, once. It gets the source, which
 * is its own from then on, or NULL and the error: of kind TN_E_INPUT when the request is
 * wrong, TN_E_TRANSIENT when git could not fetch or took too long, TN_E_NOT_FOUND without
 * a git program, TN_E_LOCKED when another process fetches the same all the time,
 * TN_E_CANCELLED.
 */
struct tn_opening;
typedef void tn_opened_fn(void *arg, struct tn_source *source,
    const struct tn_error *err);
struct tn_opening *tn_opening_start(const struct tn_source_request *request,
    const struct tn_source_means *means, tn_opened_fn *done, void *arg);
/* One that has not told yet is ended. Not from inside of done. */
void tn_opening_free(struct tn_opening *opening);
TN_DEFINE_FREEP(tn_opening, tn_opening_free)

/*
 * A directory alone, without git: openat step by step with O_NOFOLLOW. The directory
 * itself may be named through links, and stays the same one when it is renamed. Only
 * regular files are read.
 */
int tn_dirtree_open(const char *path, struct tn_tree **out,
    struct tn_error *err) TN_MUST_USE;

#endif
