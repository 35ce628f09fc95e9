/*
 * What a tenant tells about its rate limit, and what may therefore be sent. Only the
 * platform's own word is followed: one call at first, as nothing is known; no more calls
 * than it says remain, less those that are left to others; none before the reset when
 * none remain for us, and then one at first, whose answer tells how many more.
 *
 * Left to others is what our share does not comprise, and half of the bucket while others
 * are seen to use it: when more of it is gone than we sent calls, or a call was refused.
 *
 * Times: "now" is monotonic, "unix" is since 1970, both in nanoseconds.
 */
#ifndef TN_REMOTE_RATE_H
#define TN_REMOTE_RATE_H

#include "http/message.h"
#include "remote/bucket.h"

/* A longer wait than this is cut: a clock may be wrong, ours or theirs. */
#define TN_RATE_WAIT_MAX (60 * TN_SEC)

/* All zero but the bucket's share at first: nothing is known. */
struct tn_rate {
	int64_t pause_until; /* monotonic; 0: no pause */
	bool heard;          /* an answer has told something or nothing */
	bool counted;
	int64_t room; /* when counted: calls that may still be sent */
	struct tn_bucket bucket;

	int64_t seen_limit; /* when no call was on its way: the size, 0: not yet, */
	int64_t seen_left;  /* what remained, */
	int64_t sent;       /* and the calls since */
	int64_t busy_until; /* monotonic; others use the bucket */
	unsigned starved;   /* answers in a row that left us nothing */
};

/* Retry-After in seconds (its form as a date is not used here); -1 when there is none. */
int64_t tn_rate_retry_after(const struct tn_http_response *resp);
/* Of a 429: Retry-After, else the time until X-RateLimit-Reset; -1 when it says neither.
 */
int64_t tn_rate_wait(const struct tn_http_response *resp, int64_t unix_now);

/* An answer of any kind. in_flight: other calls that have no answer yet. */
void tn_rate_note(struct tn_rate *rate, const struct tn_http_response *resp,
    unsigned in_flight, int64_t now, int64_t unix_now);
/* Refused for the rate: pauses for at least so long. */
void tn_rate_pause(struct tn_rate *rate, int64_t now, int64_t wait_ns);
/* How long nothing may be sent; 0 when something may. */
int64_t tn_rate_left(struct tn_rate *rate, int64_t now);
/* With nothing in flight one call may always go: nobody else would tell of the limit. */
bool tn_rate_may_send(const struct tn_rate *rate, unsigned in_flight);
/* in_flight: others before it. */
void tn_rate_sent(struct tn_rate *rate, unsigned in_flight, int64_t now);
/* How many calls could go now without waiting. */
int64_t tn_rate_ready(struct tn_rate *rate, int64_t now);

#endif
