/*
 * Internal to plan: a plan being put together. build.c has the steps that bring contents
 * and flows, names.c those that change names and delete.
 */
#ifndef TN_PLAN_BUILDER_H
#define TN_PLAN_BUILDER_H

#include "plan/plan.h"

struct tn_builder {
	struct tn_plan *plan;
	struct tn_arena *arena;
	const struct tn_diff *diff;
	size_t cap_steps;
	size_t cap_adoptions;
	size_t cap_later;
	unsigned asides; /* names of the run's own, so far */
};

/* Another step behind those that there are; valid until the next one. */
struct tn_step *tn_builder_step(struct tn_builder *b, enum tn_step_kind kind,
    const char *name);
/* What a step on a module finds. */
void tn_builder_find_module(struct tn_builder *b, struct tn_step *step,
    const struct tn_live_module *live);
void tn_builder_names(struct tn_builder *b);
void tn_builder_deletes(struct tn_builder *b);

#endif
