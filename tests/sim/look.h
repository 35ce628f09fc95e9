/*
 * Looks at the simulated tenant: as text that can be compared, and against a spec.
 *
 * Ours is what has the number of one of our actions in the code of its draft or of what
 * runs: names come and go.
 */
#ifndef TESTS_SIM_LOOK_H
#define TESTS_SIM_LOOK_H

#include "world.h"

bool look_is_ours(const struct tn_sim_action_view *action, unsigned *number_out);

enum look_at {
	LOOK_ALL,
	LOOK_FOREIGN, /* other people's actions */
	LOOK_RUNS,    /* ours, as they run, and where */
};

/*
 * The tenant in the model: names, drafts, what runs, flows, modules; no ids, version
 * numbers or times.
 */
void look_snapshot(const struct world *world, enum look_at what, struct tn_str *out);
/* One action, as the snapshot has it. */
void look_action(const struct world *world, const struct tn_sim_action_view *action,
    struct tn_str *out);

/* The names in a flow, in order, one per line. */
void look_flow(const struct world *world, const char *trigger, struct tn_str *out);
/* Whether the action of that id is bound there, or one that runs the code of that number;
 * SPEC_ACTIONS: no number. */
bool look_bound(const struct world *world, const char *trigger, const char *id,
    unsigned number);

/* Somebody's draft waits on one of the wanted actions: left alone, and told by drift. */
bool look_draft_waits(const struct world *world);

/* NULL when the tenant is what the spec says, else what is off, in out. */
const char *look_wanted(const struct world *world, struct tn_str *out);
/* NULL, or what the command is to delete by the spec and is still there, in out. */
const char *look_left(const struct world *world, enum tn_command command,
    struct tn_str *out);

#endif
