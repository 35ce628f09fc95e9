/*
 * A recording: requests and answers of the real API, in their order.
 */
#ifndef TN_TESTS_RECORDING_H
#define TN_TESTS_RECORDING_H

#include "base/arena.h"
#include "base/error.h"
#include "base/value.h"

struct pair {
	const char *method, *path;
	const struct tn_value *query;   /* an object of strings */
	const struct tn_value *request; /* NULL when none was sent */
	int status;
	const char *content_type;
	const struct tn_value *answer; /* NULL when it was empty */
};

struct recording {
	struct tn_arena *arena;
	struct pair *pairs;
	size_t count, cap;
};

/* text is JSON lines. */
int recording_parse(struct tn_span text, struct recording *out, struct tn_error *err);
void recording_done(struct recording *recording);

#endif
