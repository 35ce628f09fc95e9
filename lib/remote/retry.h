/*
 * Whether and when a call that went wrong is tried again: a table. A write is tried
 * again only when the call certainly had no effect; who gets TN_E_UNKNOWN for a write has
 * to look. Delays have full jitter, so that many clients do not come back together.
 */
#ifndef TN_REMOTE_RETRY_H
#define TN_REMOTE_RETRY_H

#include "base/error.h"
#include "base/rand.h"

enum tn_retry_class {
	TN_RETRY_NEVER,
	TN_RETRY_REFUSED, /* the request did not leave: no connection */
	TN_RETRY_RATE,    /* too many calls: 429, or as the platform puts it */
	TN_RETRY_NOT_YET, /* refused because something else is not ready yet */
	TN_RETRY_BUSY,    /* a server that certainly did nothing */
	TN_RETRY_LOST,    /* no usable answer; reads only */
	TN_RETRY__COUNT
};

/* From the first try on; after this time nothing is tried again. */
#define TN_RETRY_TOTAL (120 * TN_SEC)

/* Of one operation; all zero at first. */
struct tn_retry {
	int64_t started;
	unsigned failures[TN_RETRY__COUNT];
};

enum tn_retry_class tn_retry_class(const struct tn_error *err, bool writes);

/*
 * Counts a failure. True when the call is to be tried again after *delay_out. wait_ns is
 * what the answer asked for, -1 when it did not.
 */
bool tn_retry_next(struct tn_retry *retry, enum tn_retry_class class, int64_t wait_ns,
    int64_t now, struct tn_rand *rand, int64_t *delay_out);

#endif
