/*
 * The digest of a plan: SHA-256 over the canonical bytes of its tree without
 * times and without expected costs, under a versioned domain.
 */
#ifndef TN_PLAN_DIGEST_H
#define TN_PLAN_DIGEST_H

struct tn_plan;

/* Fills plan->digest. */
void tn_plan_digest(struct tn_plan *plan);

#endif
