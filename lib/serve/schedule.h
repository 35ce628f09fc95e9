/*
 * When a sync is looked at: pure arithmetic. Times are nanoseconds. Internal to serve.
 */
#ifndef TN_SERVE_SCHEDULE_H
#define TN_SERVE_SCHEDULE_H

#include "base/rand.h"

/* An interval, longer by up to so many percent of it. */
int64_t tn_schedule_wait(struct tn_rand *rand, int64_t interval, unsigned jitter);

/*
 * After the nth failure in a row (from 1): ten seconds that double, never more than an
 * hour, and with jitter of up to a quarter. Some trouble ends by itself in a moment, and
 * none is helped by hurry.
 */
int64_t tn_schedule_pause(struct tn_rand *rand, unsigned failures);

/*
 * Corrections within the last 24 hours: a ring of times, so that a fight with a person
 * ends.
 */
#define TN_CORRECTIONS_SPAN (24 * 3600 * TN_SEC)
struct tn_corrections {
	int64_t *unix_ns; /* oldest first */
	size_t n, cap;
};
/* Forgets what is older. After a clock was set back, what lies in the future is now. */
size_t tn_corrections_count(struct tn_corrections *corrections, int64_t now);
void tn_corrections_add(struct tn_corrections *corrections, int64_t unix_ns);
void tn_corrections_done(struct tn_corrections *corrections);

#endif
