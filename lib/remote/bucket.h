/*
 * Our share of a tenant's rate limit, as a bucket of our own.
 *
 * A tenant's bucket holds a number of calls and fills with time. Its answers tell its
 * size and what is left in it, but not how fast it fills: that is measured here. Our
 * bucket has the share of the size, and fills with the share of what was measured.
 *
 * Measuring goes by rounds. A round begins with a call, at a moment when none is on its
 * way: no bucket holds more than its size, so that whatever is in it later, beyond the
 * size less the calls of the round, has come back since. That is never more than the
 * truth, and the nearer to it the emptier the bucket was made. So our bucket is spent at
 * once but for its last call, which finds out, when most of the others should have come
 * back as far as is known. As long as more has come back than was known our bucket is let
 * fill up for another round, and from time to time later.
 *
 * What the platform publishes for a bucket of that size is taken for known at first, to
 * say when to look; our bucket begins to fill when a round has not shown it to be wrong.
 *
 * A round lasts from when its first call is counted to when its last one is. Both are
 * seen from here only with the ways there and back, so that the shortest call that was
 * seen is taken off. What makes others longer is mostly the tenant's work behind the
 * counting, which errs on the slow side.
 *
 * Times are monotonic nanoseconds; calls are counted in millionths, rates in thousandths.
 */
#ifndef TN_REMOTE_BUCKET_H
#define TN_REMOTE_BUCKET_H

#include "base/defs.h"

struct tn_bucket {
	unsigned share; /* percent; 0 and 100: no bucket of our own */
	int64_t size;   /* of the tenant's, in calls; 0: not known yet */

	int64_t level, level_at; /* of ours */
	int64_t refill;          /* of the tenant's, in a second; 0: not known yet */
	bool presumed;           /* it is only published, and was not measured yet */

	int64_t shortest; /* of the calls that were answered; 0: none yet */

	bool measuring;
	int64_t since; /* when the round began */
	int64_t taken; /* calls of the round, without those that were refused */
	bool heard;    /* its first answer has come */
	/* When the tenant's was seen full last, as more may have come back than fits, or
	 * the beginning of the round; and the calls since that may not be in what
	 * remained. */
	int64_t full_at, spent;

	bool learning;       /* the last round found out more than was known */
	bool saving;         /* ours fills up for the next one */
	int64_t measured_at; /* when it ended */
	int64_t answered_at; /* the last answer */
};

/* There is one of our own: a share of less than all. */
bool tn_bucket_is_ours(const struct tn_bucket *bucket);
/*
 * An answer that tells the tenant's size and what remains. in_flight: other calls that
 * have no answer yet. refused: it cost nothing.
 */
void tn_bucket_note(struct tn_bucket *bucket, int64_t size, int64_t remaining,
    unsigned in_flight, bool refused, int64_t now);
/* So long it took. Told before the answer is noted. */
void tn_bucket_took(struct tn_bucket *bucket, int64_t ns);
/* What is published for a tenant of its size, in thousandths of a second; 0: nothing. */
void tn_bucket_presume(struct tn_bucket *bucket, int64_t refill);
/* A call is sent. in_flight: others before it. */
void tn_bucket_take(struct tn_bucket *bucket, unsigned in_flight, int64_t now);
/* How long the next call has to wait for its own; 0 when there is one. */
int64_t tn_bucket_wait(struct tn_bucket *bucket, int64_t now);
/* A call that measures goes alone: true when the next one has to. */
bool tn_bucket_alone(const struct tn_bucket *bucket);
/* How many calls of the tenant's bucket are always left to others. */
int64_t tn_bucket_reserve(const struct tn_bucket *bucket);
/* The calls that are there now, and how many come back in a second, in thousandths; 0:
 * not known. */
int64_t tn_bucket_ready(struct tn_bucket *bucket, int64_t now);
int64_t tn_bucket_rate(const struct tn_bucket *bucket);
/* What is ours of so many. */
int64_t tn_bucket_part(const struct tn_bucket *bucket, int64_t of);

#endif
