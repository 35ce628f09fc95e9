/*
 * A tenant three times: what the files want (model/want.h), what is live, and what the
 * state knows.
 */
#ifndef TN_MODEL_TENANT_H
#define TN_MODEL_TENANT_H

#include "base/arena.h"
#include "model/action.h"
#include "model/flow.h"
#include "model/module.h"
#include "model/want.h"

/* Live. Built by remote from a provider's answers. */

struct tn_trigger_info {
	struct tn_trigger trigger;
	bool current; /* false: deprecated */
	const char *const *runtimes;
	size_t n_runtimes;
	bool entity_bound; /* bound through another resource: has no flow */
};

struct tn_live {
	struct tn_arena *arena;
	struct tn_live_action *actions; /* in the platform's order */
	size_t n_actions;
	struct tn_flow *flows; /* of the triggers that were asked for */
	size_t n_flows;
	struct tn_trigger_info *triggers; /* when asked for */
	size_t n_triggers;
	bool has_triggers;
	struct tn_live_module *modules; /* when asked for */
	size_t n_modules;
	bool modules_off; /* asked for, and the tenant does not have the feature */
};

struct tn_live *tn_live_new(void);
void tn_live_free(struct tn_live *live);
TN_DEFINE_FREEP(tn_live, tn_live_free)
/* Copies the trigger list of another read of the same tenant. */
void tn_live_take_triggers(struct tn_live *live, const struct tn_live *from);
/* Adds flows that another read of the same tenant has. */
void tn_live_take_flows(struct tn_live *live, const struct tn_live *from);
/* Adds to modules, by id, what another read of the same tenant knows: versions, where it
 * has them, else all else. */
void tn_live_take_modules(struct tn_live *live, const struct tn_live *from);
const struct tn_live_action *tn_live_by_name(const struct tn_live *live,
    const char *name);
const struct tn_live_action *tn_live_by_id(const struct tn_live *live, const char *id);
const struct tn_flow *tn_live_flow(const struct tn_live *live, const char *trigger);
const struct tn_live_module *tn_live_module(const struct tn_live *live, const char *name);
const struct tn_live_module *tn_live_module_by_id(const struct tn_live *live,
    const char *id);

/* Versions of one action, read only when it differs. */
struct tn_action_versions {
	const char *action_id;
	const struct tn_version *versions;
	size_t n_versions;
};

/* Known. Loaded by store for one tenant and one project. */

struct tn_owned {
	const char *name; /* its name when it was recorded */
	const char *id;   /* the platform's id: what counts */
};

struct tn_known_secret {
	const char *action_id; /* or that of a module */
	const char *name;
	const char *fingerprint;
	const char *updated_at; /* the platform's time of our last write */
};

/* A draft that a run of ours has left, perhaps undeployed: as long as it has that time it
 * is ours. */
struct tn_known_draft {
	const char *action_id;
	const char *updated_at;
};

struct tn_known {
	struct tn_arena *arena;
	struct tn_owned *owned; /* actions created or adopted by this project */
	size_t n_owned;
	struct tn_owned *others; /* actions of other projects on this tenant */
	size_t n_others;
	struct tn_owned *modules; /* the same of modules */
	size_t n_modules;
	struct tn_owned *other_modules;
	size_t n_other_modules;
	struct tn_known_secret *secrets;
	size_t n_secrets;
	struct tn_known_draft *drafts;
	size_t n_drafts;
};

struct tn_known *tn_known_new(void);
void tn_known_free(struct tn_known *known);
TN_DEFINE_FREEP(tn_known, tn_known_free)
/* Of actions and modules: an id stands for one thing. */
bool tn_known_owns(const struct tn_known *known, const char *id);
bool tn_known_other(const struct tn_known *known, const char *id);
/* Whether the draft that the action has now is the one that we wrote. */
bool tn_known_wrote(const struct tn_known *known, const char *id, const char *updated_at);
const struct tn_known_secret *tn_known_secret(const struct tn_known *known,
    const char *action_id, const char *name);

#endif
