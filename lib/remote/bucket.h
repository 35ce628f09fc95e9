/*
 * Our share of a tenant's rate limit, as a bucket of our own.
 *
 * A tenant's bucket holds a number of calls and fills with time. Its answers tell its
 * size and what is left in it, but not how fast it fills: that is measured here, from
 * what the answers show to have come back, and never taken for more than that. Our bucket
 * has the share of the size, and fills with the share of what was measured.
 *
 * Times are monotonic nanoseconds; calls are counted in thousandths.
 */
#ifndef TN_REMOTE_BUCKET_H
#define TN_REMOTE_BUCKET_H

#include "base/defs.h"

struct tn_bucket {
	unsigned share; /* percent; 0 and 100: no bucket of our own */
	int64_t size;   /* of the tenant's, in calls; 0: not known yet */

	int64_t level, level_at; /* of ours */
	int64_t refill;          /* of the tenant's, in a second; 0: not known yet */

	int64_t since; /* when the measuring began; 0: not yet */
	int64_t first; /* what was left then, in calls */
	int64_t
	    taken; /* calls answered since, less those that may have been counted then */
};

/* There is one of our own: a share of less than all. */
bool tn_bucket_is_ours(const struct tn_bucket *bucket);
/* An answer that tells the tenant's size and what remains. refused: it cost nothing. */
void tn_bucket_note(struct tn_bucket *bucket, int64_t size, int64_t remaining,
    unsigned in_flight, bool refused, int64_t now);
void tn_bucket_take(struct tn_bucket *bucket);
/* How long the next call has to wait for its own; 0 when there is one. */
int64_t tn_bucket_wait(struct tn_bucket *bucket, int64_t now);
/* How many calls of the tenant's bucket are always left to others. */
int64_t tn_bucket_reserve(const struct tn_bucket *bucket);

#endif
