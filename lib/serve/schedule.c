#include "serve/schedule.h"

#include <string.h>

#include "base/mem.h"

#define FIRST_PAUSE   (10 * TN_SEC)
#define LONGEST_PAUSE (3600 * TN_SEC)
#define PAUSE_JITTER  25u

int64_t
tn_schedule_wait(struct tn_rand *rand, int64_t interval, unsigned jitter)
{
	uint64_t most = (uint64_t)(interval / 100) * jitter;

	return interval + (int64_t)tn_rand_below(rand, most + 1);
}

int64_t
tn_schedule_pause(struct tn_rand *rand, unsigned failures)
{
	int64_t pause = FIRST_PAUSE;

	for (unsigned i = 1; i < failures && pause < LONGEST_PAUSE; i++)
		pause *= 2;
	if (pause > LONGEST_PAUSE)
		pause = LONGEST_PAUSE;
	return tn_schedule_wait(rand, pause, PAUSE_JITTER);
}

size_t
tn_corrections_count(struct tn_corrections *corrections, int64_t now)
{
	size_t kept = 0;

	for (size_t i = 0; i < corrections->n; i++) {
		int64_t at = corrections->unix_ns[i];

		if (at > now)
			at = now;
		if (now - at < TN_CORRECTIONS_SPAN)
			corrections->unix_ns[kept++] = at;
	}
	corrections->n = kept;
	return kept;
}

void
tn_corrections_add(struct tn_corrections *corrections, int64_t unix_ns)
{
	corrections->unix_ns = tn_grow(corrections->unix_ns, corrections->n,
	    &corrections->cap, sizeof(*corrections->unix_ns));
	corrections->unix_ns[corrections->n++] = unix_ns;
}

void
tn_corrections_done(struct tn_corrections *corrections)
{
	tn_free(corrections->unix_ns);
	*corrections = (struct tn_corrections){ 0 };
}
