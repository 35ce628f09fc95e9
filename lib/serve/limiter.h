/*
 * How often an address may ask: a token bucket for each, in a table of fixed size, so
 * that ten thousand callers take no more memory than one. Two addresses may share a
 * bucket. Pure. Internal to serve.
 */
#ifndef TN_SERVE_LIMITER_H
#define TN_SERVE_LIMITER_H

#include "base/defs.h"

/* At once, and then each second. */
#define TN_LIMITER_BURST 40
#define TN_LIMITER_RATE  10

struct tn_limiter {
	int64_t full_at[256]; /* when a bucket is full again */
};

/* True when it may, and counts it. now never goes back. */
bool tn_limiter_take(struct tn_limiter *limiter, const char *address, int64_t now);

#endif
