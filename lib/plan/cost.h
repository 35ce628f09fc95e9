/*
 * Internal to plan: what carrying it out is expected to take.
 */
#ifndef TN_PLAN_COST_H
#define TN_PLAN_COST_H

#include "plan/plan.h"

/* From the calls of its steps: sets calls and time_ns of the plan. */
void tn_plan_cost(struct tn_plan *plan, const struct tn_pace *pace);

#endif
