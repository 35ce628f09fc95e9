/*
 * A program's run with what it cost, and files in a scratch directory for it.
 */
#ifndef TESTS_VALIDATE_MEASURE_H
#define TESTS_VALIDATE_MEASURE_H

#include "base/str.h"

/* Takes the process down: the test is broken, or the machine. */
void measure_must(bool ok, const char *what);

/* A new empty directory below $TMPDIR. */
void measure_scratch(struct tn_str *path);
/* With all that is in it. */
void measure_remove(const char *directory);

/* A file from a head, so many pieces and a tail; directories on the way are made. */
struct measure_text {
	const char *head, *piece;
	size_t times;
	const char *tail;
};
void measure_put(const char *directory, const char *path,
    const struct measure_text *text);

struct measured {
	int status;          /* of its exit; 128 and the signal when one ended it */
	double seconds, cpu; /* by the clock, and of a processor */
	double megabytes;    /* most that were in memory at once */
	struct tn_str out;   /* what it wrote, bounded */
};

/*
 * Runs $TN_BUILD/bin/tenon with these arguments, the first of which is the command;
 * NULL ends them. Ends it when it takes two minutes.
 */
void measure_tenon(const char *const *arguments, struct measured *out);
void measured_done(struct measured *measured);

#endif
