/*
 * What an action is, on both sides: the content that a draft or a version
 * holds, and an action as a tenant shows it. Plain data; whoever builds a
 * tree of it owns the arena it lives in. Times are the platform's own text and
 * only compared, never computed with.
 */
#ifndef TN_MODEL_ACTION_H
#define TN_MODEL_ACTION_H

#include "base/arena.h"
#include "base/defs.h"
#include "base/str.h"

struct tn_value;
struct tn_error;

struct tn_trigger {
	const char *id;      /* "post-login" */
	const char *version; /* "v3" */
};

/* "post-login@v3", for reports; without a version where it has none. */
void tn_trigger_add(const struct tn_trigger *trigger, struct tn_str *out);

struct tn_dependency {
	const char *name;
	const char *version;
	/* NULL: the default one. Auth0 forgets it after the build. */
	const char *registry;
};

/*
 * A secret without its value. fingerprint is ours (64 hex digits, behind the 16 of its
 * key's id and a colon where that is known; NULL: not
 * known); updated_at is the platform's (NULL on the wanted side). source is the name by
 * which files ask for the value, where it is another one (NULL otherwise).
 */
struct tn_secret_ref {
	const char *name;
	const char *fingerprint;
	const char *updated_at;
	const char *source;
};

/*
 * The version of a module that an action uses. On the wanted side number 0 is the version
 * that has to be published first, and ids that are not known yet are NULL.
 */
struct tn_module_ref {
	const char *name;
	int64_t number;
	const char *module_id;
	const char *version_id;
};

/* Under different keys two fingerprints tell nothing about their values. */
bool tn_fingerprint_same_key(const char *a, const char *b);

struct tn_content {
	const char *code;
	const char *runtime; /* NULL on the wanted side: whatever the platform has */
	const struct tn_dependency *dependencies;
	size_t n_dependencies;
	const struct tn_secret_ref *secrets;
	size_t n_secrets;
	const struct tn_module_ref *modules;
	size_t n_modules;
};

/* Parts in which two contents differ, as a set of bits. */
enum {
	TN_PART_CODE = 1,
	TN_PART_RUNTIME = 2,
	TN_PART_DEPENDENCIES = 4,
	TN_PART_SECRETS = 8,
	TN_PART_MODULES = 16,
	TN_PART_LAST = TN_PART_MODULES,
};

/* "code", "runtime", …: stable words for one bit. Parts go from TN_PART_CODE to
 * TN_PART_LAST. */
const char *tn_part_name(unsigned part);

/*
 * Sets are compared as sets. Dependencies by name and version (the registry is
 * forgotten by the platform). Secrets by name and, where both sides have one,
 * by updated_at. Modules by name and number, and by version_id where both sides have one.
 * A NULL runtime on either side does not differ.
 */
unsigned tn_content_differs(const struct tn_content *a, const struct tn_content *b);

void tn_content_copy(struct tn_arena *arena, struct tn_content *to,
    const struct tn_content *from);
/* For digests, the journal and JSON output; never a secret's value. */
struct tn_value *tn_content_to_value(struct tn_arena *arena,
    const struct tn_content *content);
int tn_content_from_value(struct tn_arena *arena, const struct tn_value *value,
    struct tn_content *out, struct tn_error *err) TN_MUST_USE;

const struct tn_secret_ref *tn_content_secret(const struct tn_content *content,
    const char *name);
const struct tn_module_ref *tn_content_module(const struct tn_content *content,
    const char *name);

/* A draft's build. What the platform calls by a word we do not know is still building. */
enum tn_build { TN_BUILD_RUNNING, TN_BUILD_BUILT, TN_BUILD_FAILED };

/* "running", "built", "failed": our word, not the platform's. */
const char *tn_build_name(enum tn_build build);

struct tn_version {
	const char *id;
	int64_t number;
	const char *created_at;
	bool deployed; /* the platform says that this one runs */
	bool built;    /* status built, and a time of build is there */
	struct tn_content content;
};

struct tn_live_action {
	const char *id;
	const char *name;
	struct tn_trigger trigger;
	const char *created_at;
	const char *updated_at; /* of the draft */
	bool installed; /* from a marketplace: has no draft, is nobody's to change */
	enum tn_build build;
	const char *build_status; /* the platform's word */
	struct tn_content draft;
	bool has_live;
	struct tn_version live; /* the deployed version, when has_live */
};

/*
 * A version runs. One that was deployed with its creation is shown before it is built,
 * and when its build fails it never runs.
 */
bool tn_live_action_runs(const struct tn_live_action *action);
/* What runs is what the draft says: nothing is waiting to be deployed. */
bool tn_live_action_clean(const struct tn_live_action *action);

/* Only what tn_…_to_value wrote is read back. */
struct tn_value *tn_version_to_value(struct tn_arena *arena,
    const struct tn_version *version);
int tn_version_from_value(struct tn_arena *arena, const struct tn_value *value,
    struct tn_version *out, struct tn_error *err) TN_MUST_USE;
void tn_version_copy(struct tn_arena *arena, struct tn_version *to,
    const struct tn_version *from);
void tn_live_action_copy(struct tn_arena *arena, struct tn_live_action *to,
    const struct tn_live_action *from);
struct tn_value *tn_live_action_to_value(struct tn_arena *arena,
    const struct tn_live_action *action);
int tn_live_action_from_value(struct tn_arena *arena, const struct tn_value *value,
    struct tn_live_action *out, struct tn_error *err) TN_MUST_USE;

#endif
