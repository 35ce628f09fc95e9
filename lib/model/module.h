/*
 * A module as a tenant shows it: code that actions require, with a draft and numbered
 * versions. Nothing runs a module by itself: an action names one version of it, and goes
 * on with that one until it is told otherwise. There is no build to wait for.
 *
 * Contents have no runtime and use no modules.
 */
#ifndef TN_MODEL_MODULE_H
#define TN_MODEL_MODULE_H

#include "model/action.h"

struct tn_live_module {
	const char *id;
	const char *name;
	const char *created_at;
	const char *updated_at; /* of the draft */
	struct tn_content draft;
	/* The platform's word that the newest version is what the draft says. */
	bool all_published;
	/* Of the newest version: 0 when there is none, or when a list did not tell. */
	int64_t latest_number;
	/* A list of modules tells nothing else of the newest version. */
	bool has_latest;
	struct tn_version latest; /* when has_latest */
	bool has_versions;        /* they were asked for */
	const struct tn_version *versions;
	size_t n_versions;
};

/* An action that runs with a version of a module. */
struct tn_module_user {
	const char *action_id;
	const char *action_name;
	const char *version_id;
	int64_t version_number;
};

/* What has to be read of a module where a list of modules does not tell it. */
struct tn_module_need {
	const char *id;
	bool versions; /* all of them; else the newest one, with its content */
};

/* It has a version, as far as is known. */
bool tn_live_module_published(const struct tn_live_module *module);
/* The newest version is what the draft says: nothing is waiting to be published. */
bool tn_live_module_clean(const struct tn_live_module *module);
/* The content of the newest version; NULL when there is none or when it is not known. */
const struct tn_content *tn_live_module_latest(const struct tn_live_module *module);

void tn_live_module_copy(struct tn_arena *arena, struct tn_live_module *to,
    const struct tn_live_module *from);
/* Without `versions`. */
struct tn_value *tn_live_module_to_value(struct tn_arena *arena,
    const struct tn_live_module *module);
int tn_live_module_from_value(struct tn_arena *arena, const struct tn_value *value,
    struct tn_live_module *out, struct tn_error *err) TN_MUST_USE;

#endif
