/*
 * One apply with every kind of step there is, and trouble at every place of it.
 *
 * Of a killed run only the tenant and what the disk had synced survive. The next apply
 * must come to the wanted tenant, and the one after it must find nothing to do.
 */
#ifndef TESTS_SIM_MATRIX_H
#define TESTS_SIM_MATRIX_H

#include "world.h"

/* A row of the matrix: one trouble at each place, or at every step-th from first on. */
struct tally {
	enum trouble_kind kind;
	bool deliver;         /* of a kill: calls on their way still arrive */
	uint64_t first, step; /* from 1 */
	uint64_t met;         /* so far */
	uint64_t exits[8];
};

/* Kills at records, calls and callbacks, a person who stops it at these, and a disk that
 * fails or loses its power at each write and sync. */
#define KILLS 10
extern const struct tally kills[KILLS];

/* The kinds of steps that the plan lacks, by name, in out; false when there are some. */
bool matrix_has_all_kinds(struct tn_str *out);

/* All of one row; false, and a line about it, when a promise was broken or nothing was
 * met. */
bool matrix_play(struct tally *tally);
/* What was prepared for all of them. */
void matrix_done(void);

#endif
