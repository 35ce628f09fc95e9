/*
 * Looks at the simulated tenant: as text that can be compared, and against a spec.
 */
#ifndef TESTS_SIM_LOOK_H
#define TESTS_SIM_LOOK_H

#include "world.h"

/* "action-N": N, and false for any other name. */
bool look_is_ours(const char *name, unsigned *action_out);

/*
 * The tenant in the model: names, drafts, what runs, flows; no ids, version
 * numbers or times. foreign_only: other people's actions.
 */
void look_snapshot(const struct world *world, bool foreign_only, struct tn_str *out);

/* The names in a flow, in order, one per line. */
void look_flow(const struct world *world, const char *trigger, struct tn_str *out);
bool look_bound(const struct world *world, const char *trigger, const char *name);

/* Somebody's draft waits on one of the wanted actions: left alone, and told by drift. */
bool look_draft_waits(const struct world *world);

/* NULL when the tenant is what the spec says, else what is off, in out. */
const char *look_wanted(const struct world *world, struct tn_str *out);

#endif
