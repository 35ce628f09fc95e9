/*
 * A read-only look at the tenant for checkers in tests: what is there and what runs at a
 * given time, without a call to the API. Everything is borrowed until the next call to
 * the core.
 */
#ifndef TN_SIM_VIEW_H
#define TN_SIM_VIEW_H

#include "sim/sim.h"

struct tn_sim_dependency {
	const char *name;
	const char *version;
	const char *registry_url; /* NULL when none; shown only until the build is done */
};

struct tn_sim_secret {
	const char *name;
	const char *sha256; /* of the value, lower-case hex */
	int64_t updated_at;
};

/* A published version of a module, as an action names it. */
struct tn_sim_module_ref {
	const char *module_id;
	const char *module_name;
	const char *version_id;
	unsigned version_number;
};

/* What a draft or a version consists of. */
struct tn_sim_content {
	const char *code;
	const char *runtime;
	const struct tn_sim_dependency *dependencies;
	size_t n_dependencies;
	const struct tn_sim_secret *secrets;
	size_t n_secrets;
	const struct tn_sim_module_ref *modules;
	size_t n_modules;
};

struct tn_sim_version_view {
	const char *id;
	unsigned number;
	struct tn_sim_content content;
	const char *status; /* "built", or the build's with `deploy: true` */
	int64_t created_at;
	int64_t visible_at; /* from when on reads show it and it runs */
	bool live;          /* it is what runs at the time asked for */
};

struct tn_sim_action_view {
	const char *id;
	const char *name;
	const char *trigger;
	const char *trigger_version;
	bool installed; /* from the marketplace: no draft, no versions, always runs */
	int64_t created_at;
	int64_t updated_at; /* of the draft */
	const char *status; /* of the draft's build */
	struct tn_sim_content draft;
	bool deployed; /* something is live; live is valid */
	struct tn_sim_version_view live;
	bool all_changes_deployed;
	size_t n_versions; /* kept, oldest first; one that is not visible yet counts */
};

struct tn_sim_binding_view {
	const char *id;
	const char *action_id;
	const char *display_name; /* NULL when none was given */
	int64_t created_at;
};

struct tn_sim_module_view {
	const char *id;
	const char *name;
	struct tn_sim_content draft;
	bool published; /* latest is valid */
	struct tn_sim_version_view latest;
	bool all_changes_published;
	size_t n_versions;
};

/* The i-th module in the order of their creation; false when there is none. */
bool tn_sim_view_module(const struct tn_sim *sim, size_t i,
    struct tn_sim_module_view *out);
/* A version that is still kept. */
bool tn_sim_view_module_version(const struct tn_sim *sim, const char *module_id,
    const char *version_id, struct tn_sim_version_view *out);
/* Actions in the order of their creation. */
size_t tn_sim_view_actions(const struct tn_sim *sim);
void tn_sim_view_action(const struct tn_sim *sim, size_t i, int64_t unix_ns,
    struct tn_sim_action_view *out);
/* False when there is none. */
bool tn_sim_view_by_name(const struct tn_sim *sim, const char *name, int64_t unix_ns,
    struct tn_sim_action_view *out);
bool tn_sim_view_by_id(const struct tn_sim *sim, const char *id, int64_t unix_ns,
    struct tn_sim_action_view *out);
/* The k-th kept version of an action, oldest first. */
bool tn_sim_view_version(const struct tn_sim *sim, const char *action_id, size_t k,
    int64_t unix_ns, struct tn_sim_version_view *out);

/* Trigger ids that were ever bound, in order of first use. */
size_t tn_sim_view_flows(const struct tn_sim *sim);
const char *tn_sim_view_flow(const struct tn_sim *sim, size_t i);
/* Bindings of a trigger id in the order of execution; none for an unknown id. */
size_t tn_sim_view_bindings(const struct tn_sim *sim, const char *trigger);
bool tn_sim_view_binding(const struct tn_sim *sim, const char *trigger, size_t i,
    struct tn_sim_binding_view *out);

#endif
