/*
 * One seed's life of a tenant: changes by its owners, changes by other people,
 * faults, kills and runs, and at its end a quiet apply that must set everything
 * right, and a look that must find nothing to do any more.
 */
#ifndef TESTS_SIM_LIFE_H
#define TESTS_SIM_LIFE_H

#include "check.h"

struct life {
	uint64_t seed;
	bool verbose;
	struct trouble_table *table; /* notes what has met; or NULL */
	/* What came of it. */
	const char *broken; /* a promise's name (a literal), or NULL */
	char *message;      /* on the heap, or NULL */
	uint64_t calls, runs, kills, troubles;
	uint64_t rollbacks; /* that wrote something and ended well */
	uint64_t exits[8];
	uint64_t trace; /* a hash of everything that happened: equal for equal seeds */
};

void life_play(struct life *life);
void life_done(struct life *life);

#endif
