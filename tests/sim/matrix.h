/*
 * One apply with every kind of step there is, and trouble at every place of it.
 *
 * Of a killed run only the tenant and what the disk had synced survive. The next apply
 * must come to the wanted tenant, and the one after it must find nothing to do.
 */
#ifndef TESTS_SIM_MATRIX_H
#define TESTS_SIM_MATRIX_H

#include "world.h"

/* A row of the matrix: one trouble at the n-th place, for every n or every step-th. */
struct tally {
	const char *name;
	enum trouble_kind kind;
	bool deliver;
	uint64_t step;
	uint64_t met; /* so far */
	uint64_t exits[8];
};

#define KILLS  7
#define FAULTS 14
extern struct tally kills[KILLS];
extern struct tally faults[FAULTS];

/* The kinds of steps that the plan lacks, by name, in out; false when there are some. */
bool matrix_has_all_kinds(struct tn_str *out);

/* All n of one row, from first on; false, and a line about it, when a promise was broken
 * or nothing was met. */
bool matrix_play(struct tally *tally, uint64_t first);
/* What was prepared for all of them. */
void matrix_done(void);

#endif
