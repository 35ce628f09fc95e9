/*
 * Two answers, recorded and simulated, held against each other: every key, its place,
 * every type and value. Ids differ from run to run and are compared through a map that
 * has to be one to one; times have to have the platform's shape and stand in the same
 * order.
 */
#ifndef TN_TESTS_COMPARE_H
#define TN_TESTS_COMPARE_H

#include "base/arena.h"
#include "base/value.h"

struct twin {
	const char *recorded, *simulated;
};

struct twins {
	struct twin *items;
	size_t count, cap;
};

struct compare {
	struct tn_arena *arena;
	struct twins ids;
	struct twins times; /* of all answers: one recorded time has one twin */
	size_t first_time;  /* of this answer: their order is compared */
	char *difference;   /* the first one, in the arena; NULL: none */
};

void compare_init(struct compare *compare, struct tn_arena *arena);
/* False with a difference. Both NULL is equal. */
bool compare_answers(struct compare *compare, const struct tn_value *recorded,
    const struct tn_value *simulated);
/*
 * A trigger list from before: every row of it must be there with its keys in their order,
 * and all values but those of the runtimes. Rows and keys may have come since.
 */
bool compare_trigger_lists(struct compare *compare, const struct tn_value *recorded,
    const struct tn_value *simulated);
/* The simulated id that stands for a recorded one, or the text itself. */
const char *compare_translate(const struct compare *compare, const char *text);

#endif
