#include "remote/bucket.h"

#define CALL 1000000 /* millionths */
/* As long as nothing was measured, one call in a second finds out. */
#define PROBE TN_SEC
/* What was measured is measured anew after this: a tenant may be given another rate. */
#define FRESH (30 * TN_SEC)
/* A round in which nothing came back is given up. */
#define ROUND_MAX (60 * TN_SEC)
/* Larger figures are cut: they are foreign, and nobody has such a limit. */
#define MOST INT64_C(1000000)

bool
tn_bucket_is_ours(const struct tn_bucket *bucket)
{
	return bucket->share > 0 && bucket->share < 100;
}

int64_t
tn_bucket_part(const struct tn_bucket *bucket, int64_t of)
{
	return tn_bucket_is_ours(bucket) ? of * bucket->share / 100 : of;
}

/* At least one call: with less nothing could ever be done. */
static int64_t
our_size(const struct tn_bucket *bucket)
{
	int64_t calls = tn_bucket_part(bucket, bucket->size);

	return calls > 0 ? calls : 1;
}

int64_t
tn_bucket_reserve(const struct tn_bucket *bucket)
{
	return bucket->size > 0 ? bucket->size - our_size(bucket) : 0;
}

int64_t
tn_bucket_rate(const struct tn_bucket *bucket)
{
	return tn_bucket_part(bucket, bucket->refill);
}

/* A round is still to tell. Of a part of one call none ever does. */
static bool
is_unsure(const struct tn_bucket *bucket)
{
	return bucket->presumed && our_size(bucket) > 1;
}

static int64_t
filling(const struct tn_bucket *bucket)
{
	return is_unsure(bucket) ? 0 : tn_bucket_rate(bucket);
}

static void
fill(struct tn_bucket *bucket, int64_t now)
{
	int64_t us = (now - bucket->level_at) / 1000;
	int64_t full = our_size(bucket) * CALL;

	if (us <= 0)
		return;
	bucket->level_at += us * 1000;
	/* Larger products than this fill anything. */
	if (us < ROUND_MAX / 1000)
		bucket->level += filling(bucket) * us / 1000;
	else
		bucket->level = full;
	if (bucket->level > full)
		bucket->level = full;
}

/*
 * When the round's last call goes: three quarters of the others have come back then, as
 * far as is known, or nearly, so that a little more than what is known shows itself.
 */
static int64_t
due(const struct tn_bucket *bucket)
{
	int64_t others = (our_size(bucket) - 1) * 3 / 4;

	if (bucket->refill == 0)
		return bucket->since + PROBE;
	if (others == 0)
		others = 1;
	return bucket->since + others * 900 * TN_SEC / bucket->refill;
}

/* A round needs calls that can be spent at once. */
static bool
wants_round(const struct tn_bucket *bucket, int64_t now)
{
	return tn_bucket_is_ours(bucket) && our_size(bucket) > 1 && filling(bucket) > 0 &&
	    !bucket->measuring && (bucket->learning || now - bucket->measured_at > FRESH);
}

static int64_t
per_second(int64_t calls, int64_t ns)
{
	int64_t us = ns / 1000;
	int64_t rate = calls * CALL * 1000 / (us > 0 ? us : 1);

	return rate < MOST * 1000 ? rate : MOST * 1000;
}

/*
 * So many have come back at least, and at most what came back since it was full, and part
 * of another one.
 */
static void
learn(struct tn_bucket *bucket, int64_t back, int64_t remaining, int64_t now)
{
	int64_t counted = now - bucket->shortest;
	int64_t least = per_second(back, counted - bucket->since);
	int64_t most = remaining - (bucket->size - 1) + bucket->spent + 1;
	bool overflowed = bucket->full_at > bucket->since;

	bucket->presumed = false;
	if (least > bucket->refill) {
		bucket->learning = (overflowed || bucket->refill > 0) &&
		    least > bucket->refill + bucket->refill / 20;
		bucket->refill = least;
		return;
	}
	bucket->learning = false;
	if (counted > bucket->full_at &&
	    per_second(most, counted - bucket->full_at) < bucket->refill)
		bucket->refill = least;
}

static void
end_round(struct tn_bucket *bucket, int64_t remaining, int64_t now)
{
	int64_t back = remaining - bucket->size + bucket->taken;

	if (back <= 0) {
		bucket->measuring = now - bucket->since < ROUND_MAX;
		return;
	}
	bucket->measuring = false;
	if (now - bucket->since <= bucket->shortest)
		return;
	/* Nothing was asked for a long time: that says little. */
	if (now - bucket->answered_at > 2 * PROBE && now > due(bucket) + 2 * PROBE)
		return;
	learn(bucket, back, remaining, now);
	bucket->measured_at = now;
}

/* What is presumed is only held against all that our bucket has. */
static bool
is_over(const struct tn_bucket *bucket, int64_t now)
{
	return bucket->measuring && now >= due(bucket) &&
	    (!is_unsure(bucket) || bucket->level < CALL);
}

void
tn_bucket_took(struct tn_bucket *bucket, int64_t ns)
{
	if (bucket->shortest == 0 || ns < bucket->shortest)
		bucket->shortest = ns;
}

void
tn_bucket_presume(struct tn_bucket *bucket, int64_t refill)
{
	if (!tn_bucket_is_ours(bucket) || bucket->refill > 0)
		return;
	bucket->refill = refill;
	bucket->presumed = true;
}

void
tn_bucket_note(struct tn_bucket *bucket, int64_t size, int64_t remaining,
    unsigned in_flight, bool refused, int64_t now)
{
	if (size <= 0)
		return;
	size = size < MOST ? size : MOST;
	remaining = remaining < size ? remaining : size;
	if (bucket->size == 0) {
		/* Ours was full, and this call came out of it, and those on their way. */
		bucket->size = size;
		bucket->level = (our_size(bucket) - 1 - in_flight) * CALL;
		bucket->level_at = now;
	} else {
		fill(bucket, now);
		bucket->size = size;
	}
	bucket->taken -= refused;
	bucket->spent -= refused;
	if (bucket->heard && remaining >= size - 1) {
		bucket->full_at = now;
		bucket->spent = in_flight;
	}
	bucket->heard = true;
	if (in_flight == 0 && is_over(bucket, now))
		end_round(bucket, remaining, now);
	bucket->answered_at = now;
}

void
tn_bucket_take(struct tn_bucket *bucket, unsigned in_flight, int64_t now)
{
	fill(bucket, now);
	if (in_flight == 0 && !bucket->measuring &&
	    (filling(bucket) == 0 || bucket->level >= our_size(bucket) * CALL)) {
		bucket->measuring = true;
		bucket->since = now;
		bucket->taken = 0;
		bucket->heard = false;
		bucket->full_at = now;
		bucket->spent = -1;
	}
	bucket->saving = false;
	bucket->taken++;
	bucket->spent++;
	bucket->level -= CALL;
}

static bool
is_last(const struct tn_bucket *bucket)
{
	return bucket->measuring && our_size(bucket) > 1 && bucket->level < 2 * CALL;
}

bool
tn_bucket_alone(const struct tn_bucket *bucket)
{
	return tn_bucket_is_ours(bucket) && (is_last(bucket) || bucket->saving);
}

/* Until the level is that high. */
static int64_t
until(const struct tn_bucket *bucket, int64_t level)
{
	int64_t rate = filling(bucket);

	return (level - bucket->level) * TN_MSEC / rate + TN_MSEC;
}

int64_t
tn_bucket_wait(struct tn_bucket *bucket, int64_t now)
{
	int64_t wanted = CALL;

	/* Before the first answer tells, it is not known what was taken from. */
	if (!tn_bucket_is_ours(bucket) || bucket->size == 0)
		return 0;
	fill(bucket, now);
	if (bucket->level < CALL && wants_round(bucket, now))
		bucket->saving = true;
	if (bucket->saving)
		wanted = our_size(bucket) * CALL;
	if (bucket->level >= wanted)
		return is_last(bucket) && now < due(bucket) ? due(bucket) - now : 0;
	if (filling(bucket) > 0)
		return until(bucket, wanted);
	return now < bucket->answered_at + PROBE ? bucket->answered_at + PROBE - now : 0;
}

int64_t
tn_bucket_ready(struct tn_bucket *bucket, int64_t now)
{
	if (bucket->size == 0)
		return 0;
	fill(bucket, now);
	return bucket->level > 0 ? bucket->level / CALL : 0;
}
