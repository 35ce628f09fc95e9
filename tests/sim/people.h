/*
 * Other people at the same tenant: what they do behind the back of a run, or in the
 * middle of one.
 */
#ifndef TESTS_SIM_PEOPLE_H
#define TESTS_SIM_PEOPLE_H

#include "world.h"

/* They make an action for a trigger and deploy it. on the heap: its id; or NULL. */
char *people_add(struct world *world, unsigned number, unsigned trigger);
/* They bind it at that place of the flow; beyond the end counts as the end. */
void people_bind(struct world *world, unsigned trigger, const char *id, size_t at);
/* They make an action under the name of one that is not wanted at the time. */
void people_take_name(struct world *world, unsigned action);
/* They write the draft of one of ours, and deploy it or not. */
void people_edit(struct world *world, unsigned action, unsigned text, bool deploy);
/* The same of a module, which they publish. */
void people_edit_module(struct world *world, unsigned module, unsigned text,
    bool publish);
void people_reverse_flow(struct world *world, unsigned trigger);

/* Right before a call: the draft that it is about, or the order of the flow. No time
 * passes. */
void people_meddle(struct world *world, const struct tn_sim_request *req);

#endif
