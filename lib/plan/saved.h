/*
 * A plan in a file: what somebody has approved. It is not carried out: whoever applies it
 * plans again and demands the same core. So it holds the core, what it was made from in
 * few words, to say what has moved since, and how it came about. No value of a secret is
 * in it, and no code.
 *
 * The file is JSON, and as hostile as any. Reading is strict: members that are not known
 * are refused, and the digest must be that of the core.
 */
#ifndef TN_PLAN_SAVED_H
#define TN_PLAN_SAVED_H

#include "plan/plan.h"

#define TN_SAVED_PLAN_FORMAT 1
/* The file, in bytes. */
#define TN_SAVED_PLAN_MAX ((size_t)32 << 20)

/* How it came about. Texts of a saved plan live in it. */
struct tn_plan_origin {
	const char *run_id;
	const char *made_at; /* "2026-05-04T03:02:01Z" */
	const char *source;
	const char *commit; /* NULL: none */
	bool dirty;
	bool overwrite_drafts; /* was chosen: holds for the apply too */
};

struct tn_saved_plan {
	struct tn_arena *arena;
	struct tn_plan_origin origin;
	const char *tenant;
	const char *provider;
	const char *base_url;
	const char *project;
	const char *key; /* as in a plan */
	const char *digest;
	struct tn_later *later;
	size_t n_later;
	const struct tn_value *core;
	const struct tn_value *basis;
};

/* Appends the file's bytes. diff is the one that the plan was built from. */
void tn_saved_plan_write(const struct tn_plan *plan, const struct tn_diff *diff,
    const struct tn_plan_origin *origin, struct tn_str *out);

/*
 * TN_E_INPUT for what is no saved plan, or one of another format; TN_E_LIMIT past a
 * bound; TN_E_CONFLICT when somebody has changed its core.
 */
int tn_saved_plan_read(struct tn_span bytes, struct tn_saved_plan **out,
    struct tn_error *err) TN_MUST_USE;
void tn_saved_plan_free(struct tn_saved_plan *saved);
TN_DEFINE_FREEP(tn_saved_plan, tn_saved_plan_free)

/*
 * Whether that secret of the "action" or "module" was left to be checked at apply; secret
 * NULL: any of it.
 */
bool tn_saved_plan_defers(const struct tn_saved_plan *saved, const char *kind,
    const char *name, const char *secret);

/* What has moved since a plan was saved. */
enum tn_moved_kind {
	TN_MOVED_FILES,  /* what the files want */
	TN_MOVED_TENANT, /* what is there */
	TN_MOVED_SECRET, /* a secret's value, or who wrote it last */
	TN_MOVED_STATE,  /* what is ours */
	TN_MOVED_PLAN,   /* what is to be done, for whatever reason */
};

struct tn_moved {
	enum tn_moved_kind kind;
	const char *resource; /* "action/greet" */
	const char *message;
};

/* "files", "tenant", …: stable words. */
const char *tn_moved_kind_name(enum tn_moved_kind kind);

/*
 * Compares a saved plan with what planning gives now: in the words of what both were made
 * from, and where these are the same in the words of the steps. plan NULL: something
 * blocks it now. In the arena; *n is at least 1 when the digests differ.
 */
const struct tn_moved *tn_saved_plan_moved(const struct tn_saved_plan *saved,
    const struct tn_plan *plan, const struct tn_diff *diff, struct tn_arena *arena,
    size_t *n);

#endif
