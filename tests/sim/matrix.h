/*
 * The crash matrix: one apply with every kind of step there is, killed at the
 * n-th record of its journal, at the n-th call (not sent; effect without answer;
 * others still on their way) and after the n-th callback of the loop, for every
 * n. Only the tenant and what the disk had synced survive. Or a person stops it
 * there, and it puts back by itself. The next apply must come to the wanted
 * tenant, and the one after it must find nothing to do.
 */
#ifndef TESTS_SIM_MATRIX_H
#define TESTS_SIM_MATRIX_H

#include "world.h"

/* A row of the matrix. */
struct tally {
	const char *name;
	enum kill_kind kind;
	bool deliver;
	uint64_t step;   /* every how many */
	uint64_t deaths; /* so far */
};

#define TALLIES 7
extern struct tally tallies[TALLIES];

/* All n of one row; false, and a line about it, when a promise was broken. */
bool matrix_play(struct tally *tally);

#endif
