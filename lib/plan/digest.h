/*
 * What two plans must have in common to be the same, and its digest.
 *
 * The core of a plan is its tree without what moves although nothing has changed: times,
 * states of builds, expected costs, the key of fingerprints. Ids of bindings are in no
 * tree. Code stands in it by its SHA-256, so that a core can lie in a file: it is small,
 * and whatever somebody has written into code does not get out with it.
 */
#ifndef TN_PLAN_DIGEST_H
#define TN_PLAN_DIGEST_H

#include "base/arena.h"

struct tn_plan;
struct tn_value;

/* What is in the way of a comparison is left out, code becomes "sha256:…". */
struct tn_value *tn_plan_condense(struct tn_arena *arena, const struct tn_value *value);

struct tn_value *tn_plan_core(struct tn_arena *arena, const struct tn_plan *plan);

/* SHA-256 over the canonical bytes of a core, under a versioned domain. */
void tn_core_digest(const struct tn_value *core, char out[65]);

/* Fills plan->digest. */
void tn_plan_digest(struct tn_plan *plan);

#endif
