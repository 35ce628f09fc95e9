/*
 * Internal to plan: what a plan was made from, in few words. For each action and module
 * of the files what is wanted, what is there and what is known of its secrets; for each
 * named trigger its flow. Code stands in it by its SHA-256.
 */
#ifndef TN_PLAN_BASIS_H
#define TN_PLAN_BASIS_H

#include "diff/diff.h"

struct tn_value;

struct tn_value *tn_basis_build(struct tn_arena *arena, const struct tn_diff *diff);

#endif
