#include "remote/bucket.h"

#define CALL 1000 /* thousandths */
/* What is measured over longer is begun anew: a tenant may be given another rate. */
#define MEASURE (10 * TN_SEC)
/*
 * Calls may come back in lumps, so long apart. Auth0's own limiter (auth0/limitd-redis)
 * counts by the millisecond.
 */
#define LUMP (500 * TN_MSEC)
/* As long as nothing was measured, one call in a second finds out. */
#define PROBE TN_SEC
/* Larger figures are cut: they are foreign, and nobody has such a limit. */
#define MOST 1000000

bool
tn_bucket_is_ours(const struct tn_bucket *bucket)
{
	return bucket->share > 0 && bucket->share < 100;
}

/* At least one call: with less nothing could ever be done. */
static int64_t
our_size(const struct tn_bucket *bucket)
{
	int64_t calls = bucket->size * bucket->share / 100;

	return calls > 0 ? calls : 1;
}

int64_t
tn_bucket_reserve(const struct tn_bucket *bucket)
{
	if (!tn_bucket_is_ours(bucket) || bucket->size == 0)
		return 0;
	return bucket->size - our_size(bucket);
}

static void
fill(struct tn_bucket *bucket, int64_t now)
{
	int64_t ms = (now - bucket->level_at) / TN_MSEC;
	int64_t full = our_size(bucket) * CALL;
	int64_t more;

	if (ms <= 0)
		return;
	bucket->level_at += ms * TN_MSEC;
	/* A minute fills anything; it also keeps the product small. */
	more = ms < 60000 ? bucket->refill * bucket->share / 100 * ms / 1000 : full;
	bucket->level = bucket->level + more < full ? bucket->level + more : full;
}

/* Never more than the truth: what came back, over the time and a lump more. */
static void
measure(struct tn_bucket *bucket, int64_t remaining, int64_t now)
{
	int64_t back = remaining - bucket->first + bucket->taken;
	int64_t ms = (now - bucket->since + LUMP) / TN_MSEC;
	int64_t refill;

	if (back <= 0)
		return;
	refill = back * CALL * 1000 / ms;
	if (refill > bucket->refill)
		bucket->refill = refill;
}

static void
begin_measuring(struct tn_bucket *bucket, int64_t remaining, unsigned in_flight,
    int64_t now)
{
	bucket->since = now;
	bucket->first = remaining;
	/* Their answers are still to come, and may have been counted already. */
	bucket->taken = -(int64_t)in_flight;
}

void
tn_bucket_note(struct tn_bucket *bucket, int64_t size, int64_t remaining,
    unsigned in_flight, bool refused, int64_t now)
{
	if (!tn_bucket_is_ours(bucket) || size <= 0)
		return;
	size = size < MOST ? size : MOST;
	remaining = remaining < size ? remaining : size;
	if (bucket->size == 0) {
		/* Ours was full, and this call came out of it. */
		bucket->size = size;
		bucket->level += our_size(bucket) * CALL;
		bucket->level_at = now;
		begin_measuring(bucket, remaining, in_flight, now);
		return;
	}
	bucket->size = size;
	bucket->taken += !refused;
	measure(bucket, remaining, now);
	if (now - bucket->since >= MEASURE)
		begin_measuring(bucket, remaining, in_flight, now);
}

void
tn_bucket_take(struct tn_bucket *bucket)
{
	if (tn_bucket_is_ours(bucket))
		bucket->level -= CALL;
}

int64_t
tn_bucket_wait(struct tn_bucket *bucket, int64_t now)
{
	int64_t rate, missing;

	/* Before the first answer tells, it is not known what was taken from. */
	if (!tn_bucket_is_ours(bucket) || bucket->size == 0)
		return 0;
	fill(bucket, now);
	missing = CALL - bucket->level;
	if (missing <= 0)
		return 0;
	rate = bucket->refill * bucket->share / 100;
	return rate > 0 ? missing * TN_SEC / rate : PROBE;
}
