/*
 * Plays the requests of one recording to a fresh simulator in virtual time.
 */
#ifndef TN_TESTS_PLAY_H
#define TN_TESTS_PLAY_H

#include "recordings/recording.h"

/* What is not held against the recording, and why: one line each, ending with NULL. */
extern const char *const play_not_compared[];

struct play_result {
	size_t compared; /* pairs that are equal */
	size_t partly;   /* of them: compared in part, as play_not_compared says */
	bool failed;
	size_t pair; /* that differs */
	char *what;  /* on the heap, or NULL */
};

void play(const struct recording *recording, struct play_result *out);

#endif
