/*
 * What the simulated platform is made of: its triggers, its limits, its build states. The
 * comment in tables.c says how surely each behaviour of the simulator is known.
 */
#ifndef TN_SIM_TABLES_H
#define TN_SIM_TABLES_H

#include "base/defs.h"

#define TN_SIM_MAX_RUNTIMES 3

struct tn_sim_trigger {
	const char *id;
	const char *version;
	const char *status; /* "CURRENT" or "DEPRECATED" */
	const char *runtimes[TN_SIM_MAX_RUNTIMES];
	const char *default_runtime;
	bool entity_bound;
	/* Index of the trigger whose actions may move here, or -1. */
	int compatible;
};

extern const struct tn_sim_trigger tn_sim_triggers[];
extern const size_t tn_sim_n_triggers;

/* version NULL: the current one. NULL when there is none. */
const struct tn_sim_trigger *tn_sim_trigger_find(const char *id, const char *version);
/* Any row with that id, or NULL. */
const struct tn_sim_trigger *tn_sim_trigger_any(const char *id);
/* The default counts: the platform itself hands out defaults that it does not list. */
bool tn_sim_trigger_runs(const struct tn_sim_trigger *trigger, const char *runtime);
bool tn_sim_trigger_may_move(const struct tn_sim_trigger *from,
    const struct tn_sim_trigger *to);

#define TN_SIM_LIMIT_USED_MODULES 3 /* by one action */
#define TN_SIM_LIMIT_DEPENDENCIES 10
#define TN_SIM_LIMIT_SECRETS      30
#define TN_SIM_LIMIT_SECRET_NAME  128
#define TN_SIM_LIMIT_SECRET_VALUE 4096
#define TN_SIM_LIMIT_CODE         ((size_t)100 * 1024)
#define TN_SIM_LIMIT_PER_PAGE     100
#define TN_SIM_LIMIT_EXECUTIONS   1000
#define TN_SIM_EXECUTION_LIFE_NS  (10 * 24 * 3600 * TN_SEC)

/* Of modules, in characters. */
#define TN_SIM_LIMIT_MODULE_NAME        255
#define TN_SIM_LIMIT_MODULE_CODE        65536
#define TN_SIM_LIMIT_MODULE_SECRET_NAME 255
#define TN_SIM_LIMIT_MODULE_DEPENDENCY  255
#define TN_SIM_LIMIT_MODULE_VERSION     50
#define TN_SIM_LIMIT_MODULE_API_VERSION 20

enum tn_sim_status {
	TN_SIM_PENDING,
	TN_SIM_BUILDING,
	TN_SIM_PACKAGED,
	TN_SIM_RETRYING,
	TN_SIM_BUILT,
	TN_SIM_FAILED,
};

/* "built", and "BUILT" as current_version has it. */
const char *tn_sim_status_name(enum tn_sim_status status);
const char *tn_sim_status_upper(enum tn_sim_status status);

#endif
