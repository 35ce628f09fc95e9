/*
 * The one source of randomness: seeded, so that a run can be played again.
 * Not for keys (crypto has those).
 */
#ifndef TN_BASE_RAND_H
#define TN_BASE_RAND_H

#include "base/defs.h"

struct tn_rand {
	uint64_t state[4];
};

void tn_rand_init(struct tn_rand *rand, uint64_t seed);
/* A seed from the system, for programs. */
uint64_t tn_rand_system_seed(void);
uint64_t tn_rand_next(struct tn_rand *rand);
/* 0 … n-1 without bias; n > 0. */
uint64_t tn_rand_below(struct tn_rand *rand, uint64_t n);
/* True in one of n. */
bool tn_rand_one_in(struct tn_rand *rand, uint64_t n);

#define TN_UUID_SIZE 37
/* A version 4 UUID, lower case. */
void tn_rand_uuid(struct tn_rand *rand, char out[TN_UUID_SIZE]);

#endif
