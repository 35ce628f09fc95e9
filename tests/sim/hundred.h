/*
 * A tenant of a hundred actions with bindings on six triggers, made by an apply, and what
 * it costs to look at it again.
 */
#ifndef TESTS_SIM_HUNDRED_H
#define TESTS_SIM_HUNDRED_H

#include "world.h"

struct hundred {
	int first_exit;       /* of the apply that makes it */
	struct ran plan;      /* of the unchanged tenant */
	struct ran apply;     /* of the unchanged tenant */
	uint64_t token_calls; /* that plan's calls contain */
};

void hundred_play(struct hundred *hundred);
void hundred_done(struct hundred *hundred);

#endif
