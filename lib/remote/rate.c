#include "remote/rate.h"

/* So long others are left their half after they were seen. */
#define BUSY (10 * TN_SEC)
/* Between calls that get nothing, at first; doubles up to eight times. */
#define STARVED (500 * TN_MSEC)

/* Only digits, at most twelve: seconds of this millennium and the next ones. */
static bool
field_seconds(const struct tn_http_response *resp, const char *name, int64_t *out)
{
	const char *text = tn_http_response_field(resp, name);
	int64_t value = 0;
	size_t len = 0;

	if (text == NULL)
		return false;
	for (; text[len] != '\0'; len++) {
		if (text[len] < '0' || text[len] > '9' || len >= 12)
			return false;
		value = value * 10 + (text[len] - '0');
	}
	*out = value;
	return len > 0;
}

static int64_t
seconds_ns(int64_t seconds)
{
	return seconds < TN_RATE_WAIT_MAX / TN_SEC ? seconds * TN_SEC : TN_RATE_WAIT_MAX;
}

static int64_t
until_reset(const struct tn_http_response *resp, int64_t unix_now)
{
	int64_t reset;
	int64_t wait;

	if (!field_seconds(resp, "x-ratelimit-reset", &reset))
		return -1;
	if (reset > INT64_MAX / TN_SEC)
		return TN_RATE_WAIT_MAX;
	wait = reset * TN_SEC - unix_now;
	if (wait < 0)
		return 0;
	return wait < TN_RATE_WAIT_MAX ? wait : TN_RATE_WAIT_MAX;
}

int64_t
tn_rate_retry_after(const struct tn_http_response *resp)
{
	int64_t seconds;

	return field_seconds(resp, "retry-after", &seconds) ? seconds_ns(seconds) : -1;
}

int64_t
tn_rate_wait(const struct tn_http_response *resp, int64_t unix_now)
{
	int64_t wait = tn_rate_retry_after(resp);

	return wait >= 0 ? wait : until_reset(resp, unix_now);
}

static void
pause_until(struct tn_rate *rate, int64_t until)
{
	if (until > rate->pause_until)
		rate->pause_until = until;
}

void
tn_rate_pause(struct tn_rate *rate, int64_t now, int64_t wait_ns)
{
	rate->counted = true;
	rate->room = 0;
	rate->busy_until = now + BUSY;
	pause_until(rate, now + wait_ns);
}

/*
 * Calls only take away and time only adds: what is gone beyond our own calls was taken by
 * others. Ours since the moment that it is compared with are counted whether they have
 * been answered or not.
 */
static void
look_for_others(struct tn_rate *rate, int64_t remaining, int64_t limit,
    unsigned in_flight, int64_t now)
{
	if (rate->seen_limit != limit) {
		/* Full at first; later another bucket, or a tenant that got another. */
		rate->seen_left = rate->seen_limit == 0 ? limit : remaining;
		rate->seen_limit = limit;
	}
	if (remaining < rate->seen_left - rate->sent)
		rate->busy_until = now + BUSY;
	if (in_flight == 0) {
		rate->seen_left = remaining;
		rate->sent = 0;
	}
}

static int64_t
reserve(const struct tn_rate *rate, int64_t now)
{
	int64_t by_share = tn_bucket_reserve(&rate->bucket);
	int64_t half = now < rate->busy_until ? rate->bucket.size / 2 : 0;

	return by_share > half ? by_share : half;
}

/* Nothing is left for us: the more often in a row, the longer others are let alone. */
static void
starve(struct tn_rate *rate, int64_t reset_ns, int64_t now)
{
	int64_t wait = STARVED;

	if (now < rate->busy_until) {
		wait <<= rate->starved < 3 ? rate->starved : 3;
		rate->starved++;
	}
	pause_until(rate, now + (wait > reset_ns ? wait : reset_ns));
}

/*
 * Calls without an answer may be counted in what remains or not: they are taken off,
 * which errs on the slow side until their answers come.
 */
void
tn_rate_note(struct tn_rate *rate, const struct tn_http_response *resp,
    unsigned in_flight, int64_t now, int64_t unix_now)
{
	int64_t wait = until_reset(resp, unix_now);
	int64_t remaining, limit;

	rate->heard = true;
	rate->counted = field_seconds(resp, "x-ratelimit-remaining", &remaining) &&
	    wait >= 0;
	if (!rate->counted)
		return;
	if (field_seconds(resp, "x-ratelimit-limit", &limit)) {
		tn_bucket_note(&rate->bucket, limit, remaining, in_flight,
		    resp->status == 429, now);
		look_for_others(rate, remaining, limit, in_flight, now);
	}
	remaining -= reserve(rate, now);
	rate->room = remaining > in_flight ? remaining - in_flight : 0;
	if (remaining <= 0)
		starve(rate, wait, now);
	else
		rate->starved = 0;
}

int64_t
tn_rate_left(struct tn_rate *rate, int64_t now)
{
	int64_t pause = rate->pause_until > now ? rate->pause_until - now : 0;
	int64_t own = tn_bucket_wait(&rate->bucket, now);

	if (own > TN_RATE_WAIT_MAX)
		own = TN_RATE_WAIT_MAX;
	return own > pause ? own : pause;
}

bool
tn_rate_may_send(const struct tn_rate *rate, unsigned in_flight)
{
	if (in_flight == 0)
		return true;
	if (!rate->heard || tn_bucket_alone(&rate->bucket))
		return false;
	return !rate->counted || rate->room > 0;
}

void
tn_rate_sent(struct tn_rate *rate, unsigned in_flight, int64_t now)
{
	tn_bucket_take(&rate->bucket, in_flight, now);
	rate->sent++;
	if (rate->room > 0)
		rate->room--;
}

int64_t
tn_rate_ready(struct tn_rate *rate, int64_t now)
{
	int64_t own = tn_bucket_ready(&rate->bucket, now);

	if (!tn_bucket_is_ours(&rate->bucket))
		return rate->room;
	return own < rate->room ? own : rate->room;
}
