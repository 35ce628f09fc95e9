/*
 * The state of the simulated tenant, for the files of this room.
 *
 * What time changes is not stored as it changes: a build knows when it began and how long
 * it takes, a version from when on it shows, and everything else is asked for with a
 * time. Content and versions never change once made and are shared by counting
 * references, so that a copy of the whole world is cheap.
 */
#ifndef TN_SIM_STATE_H
#define TN_SIM_STATE_H

#include "base/arena.h"
#include "base/rand.h"
#include "sim/tables.h"
#include "sim/view.h"

/* Content that is shared; it and all it points to live in the arena. */
struct tn_sim_matter {
	unsigned refs;
	struct tn_arena *arena;
	struct tn_sim_content content;
};

struct tn_sim_matter *tn_sim_matter_new(void);
struct tn_sim_matter *tn_sim_matter_ref(struct tn_sim_matter *matter);
void tn_sim_matter_unref(struct tn_sim_matter *matter);
TN_DEFINE_FREEP(tn_sim_matter, tn_sim_matter_unref)
/* Code, runtime, dependencies, secrets and modules; sets compare as sets, registries do
 * not count. */
bool tn_sim_content_equal(const struct tn_sim_content *a, const struct tn_sim_content *b);
const struct tn_sim_secret *tn_sim_secret_find(const struct tn_sim_content *content,
    const char *name);
const struct tn_sim_module_ref *tn_sim_content_module(
    const struct tn_sim_content *content, const char *module_id);

struct tn_sim_build {
	int64_t started;
	int64_t length;   /* of one attempt, the waiting before it included */
	int64_t packaged; /* of the last attempt, when it succeeds: its end */
	bool plain;       /* without dependencies: pending, then done */
	bool fails;       /* the last attempt; those before it always do */
	unsigned attempts;
};

int64_t tn_sim_build_end(const struct tn_sim_build *build);
enum tn_sim_status tn_sim_build_status(const struct tn_sim_build *build, int64_t at);

/* Of an action, or of a module: then id, number, matter and created_at are all. */
struct tn_sim_version {
	unsigned refs;
	char id[TN_UUID_SIZE];
	unsigned number;
	struct tn_sim_matter *matter;
	const struct tn_sim_trigger *trigger;
	struct tn_sim_build build; /* zero length unless created with `deploy: true` */
	int64_t created_at, built_at, built_updated_at;
	int64_t visible_at;
};

struct tn_sim_version *tn_sim_version_ref(struct tn_sim_version *version);
void tn_sim_version_unref(struct tn_sim_version *version);

struct tn_sim_history {
	struct tn_sim_version **versions; /* oldest first */
	size_t n, cap;
	unsigned last_number;
};

void tn_sim_history_done(struct tn_sim_history *history);
void tn_sim_history_copy(struct tn_sim_history *to, const struct tn_sim_history *from);
/* NULL when there is none. */
const struct tn_sim_version *tn_sim_history_find(const struct tn_sim_history *history,
    const char *id);
const struct tn_sim_version *tn_sim_history_last(const struct tn_sim_history *history);
/* Takes over the reference. */
void tn_sim_history_push(struct tn_sim_history *history, struct tn_sim_version *version);
void tn_sim_history_drop(struct tn_sim_history *history, size_t i);

/* Of a marketplace action. */
struct tn_sim_integration {
	char id[TN_UUID_SIZE];
	char catalog_id[TN_UUID_SIZE];
	char partner_id[TN_UUID_SIZE];
	char version_id[TN_UUID_SIZE];
};

struct tn_sim_action {
	char id[TN_UUID_SIZE];
	char *name;
	const struct tn_sim_trigger *trigger;
	int64_t created_at, entity_at; /* of the entity */
	int64_t draft_at;
	int64_t
	    draft_built_at; /* with `deploy: true`: draft_at from `built` on; else 0 */
	struct tn_sim_matter *draft; /* NULL when installed */
	struct tn_sim_build build;
	struct tn_sim_history history;
	struct tn_sim_integration *integration; /* NULL unless installed */
};

/* The version that reads show as deployed at that time, or NULL. */
const struct tn_sim_version *tn_sim_action_live(const struct tn_sim_action *action,
    int64_t at);
/* As above, and it is built: it runs. Installed actions always do. */
bool tn_sim_action_runs(const struct tn_sim_action *action, int64_t at);
enum tn_sim_status tn_sim_action_status(const struct tn_sim_action *action, int64_t at);
int64_t tn_sim_action_updated_at(const struct tn_sim_action *action, int64_t at);
bool tn_sim_action_all_deployed(const struct tn_sim_action *action, int64_t at);
struct tn_sim_action *tn_sim_action_copy(const struct tn_sim_action *from);
void tn_sim_action_free(struct tn_sim_action *action);
TN_DEFINE_FREEP(tn_sim_action, tn_sim_action_free)

struct tn_sim_binding {
	char id[TN_UUID_SIZE];
	char action_id[TN_UUID_SIZE];
	char *display_name; /* or NULL */
	int64_t created_at;
};

struct tn_sim_flow {
	const char *trigger; /* a literal of the table */
	struct tn_sim_binding *bindings;
	size_t n_bindings, cap_bindings;
};

/* Code that actions share; its content has no runtime. */
struct tn_sim_module {
	char id[TN_UUID_SIZE];
	char *name;
	struct tn_sim_matter *draft;
	int64_t created_at, updated_at;
	struct tn_sim_history history;
};

void tn_sim_module_free(struct tn_sim_module *module);
TN_DEFINE_FREEP(tn_sim_module, tn_sim_module_free)
/* The draft is what was published last. */
bool tn_sim_module_all_published(const struct tn_sim_module *module);

/* What came of the actions of a flow in one login. Shared by counting references. */
struct tn_sim_result {
	const char *action_name;
	const char *error; /* NULL: it succeeded */
	int64_t started_at, ended_at;
};

struct tn_sim_execution {
	unsigned refs;
	struct tn_arena *arena;
	const char *id;
	const char *trigger; /* a literal of the table */
	int64_t created_at, updated_at;
	struct tn_sim_result *results;
	size_t n_results;
};

void tn_sim_execution_unref(struct tn_sim_execution *execution);

/* All that a tenant holds. */
struct tn_sim_world {
	struct tn_sim_action **actions; /* by creation */
	size_t n_actions, cap_actions;
	struct tn_sim_flow *flows;
	size_t n_flows, cap_flows;
	struct tn_sim_module **modules; /* by creation */
	size_t n_modules, cap_modules;
	struct tn_sim_execution **executions; /* oldest first */
	size_t n_executions, cap_executions;
};

void tn_sim_world_done(struct tn_sim_world *world);
void tn_sim_world_copy(struct tn_sim_world *to, const struct tn_sim_world *from);
struct tn_sim_action *tn_sim_world_find(const struct tn_sim_world *world, const char *id);
struct tn_sim_action *tn_sim_world_named(const struct tn_sim_world *world,
    const char *name);
void tn_sim_world_add(struct tn_sim_world *world, struct tn_sim_action *action);
void tn_sim_world_remove(struct tn_sim_world *world, struct tn_sim_action *action);
struct tn_sim_flow *tn_sim_world_flow(const struct tn_sim_world *world,
    const char *trigger);
/* Made when it is not there; trigger is a literal. */
struct tn_sim_flow *tn_sim_world_need_flow(struct tn_sim_world *world,
    const char *trigger);
bool tn_sim_world_is_bound(const struct tn_sim_world *world, const char *action_id);
void tn_sim_world_unbind(struct tn_sim_world *world, const char *action_id);
struct tn_sim_module *tn_sim_world_module(const struct tn_sim_world *world,
    const char *id);
struct tn_sim_module *tn_sim_world_module_named(const struct tn_sim_world *world,
    const char *name);
void tn_sim_world_add_module(struct tn_sim_world *world, struct tn_sim_module *module);
void tn_sim_world_remove_module(struct tn_sim_world *world, struct tn_sim_module *module);
/* Takes over the reference; the oldest goes when there are too many. */
void tn_sim_world_add_execution(struct tn_sim_world *world,
    struct tn_sim_execution *execution);
void tn_sim_flow_clear(struct tn_sim_flow *flow);

#endif
