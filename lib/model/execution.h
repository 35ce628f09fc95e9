/*
 * What happened when actions ran: of a flow (an execution, which the platform keeps for
 * ten days) or of one draft with a made-up event (a test run). Plain data; times are the
 * platform's own text.
 */
#ifndef TN_MODEL_EXECUTION_H
#define TN_MODEL_EXECUTION_H

#include "base/arena.h"
#include "base/defs.h"

struct tn_value;

struct tn_execution_result {
	const char *action_name;
	bool failed;
	const char *error; /* the platform's words; NULL: it failed without any, or not */
	const char *started_at;
	const char *ended_at;
};

struct tn_execution {
	const char *id;
	const char *trigger; /* id without version */
	/* "pending", "final", "partial", "canceled", "suspended": the platform's word. */
	const char *status;
	const struct tn_execution_result *results; /* in the order in which they ran */
	size_t n_results;
	const char *created_at;
	const char *updated_at;
};

/* The platform says 200 also when the code has thrown: failed tells. */
struct tn_test_run {
	bool failed;
	const char *error; /* what was thrown; NULL: it failed without words, or not */
	/*
	 * What the run gave, as it was told: recorded calls, errors, durations
	 * ("payload", or "results" and "logs" of an older tenant). Foreign, and may hold
	 * what the code made of secrets.
	 */
	const struct tn_value *answer;
};

void tn_execution_copy(struct tn_arena *arena, struct tn_execution *to,
    const struct tn_execution *from);
void tn_test_run_copy(struct tn_arena *arena, struct tn_test_run *to,
    const struct tn_test_run *from);

#endif
