/*
 * What can stand behind an option. All give 0, or TN_E_INPUT with what would be right.
 */
#ifndef TENON_SIM_VALUES_H
#define TENON_SIM_VALUES_H

#include "base/arena.h"
#include "base/error.h"

int value_refuse(struct tn_error *err, const char *option, const char *value,
    const char *cure);
int value_number(const char *option, const char *value, uint64_t max, uint64_t *out,
    struct tn_error *err) TN_MUST_USE;
int value_count(const char *option, const char *value, uint64_t min, uint64_t max,
    unsigned *out, struct tn_error *err) TN_MUST_USE;
/* In nanoseconds, not below 0. */
int value_duration(const char *option, const char *value, int64_t *out,
    struct tn_error *err) TN_MUST_USE;
/* Which of two words it is. */
int value_word(const char *option, const char *value, const char *no, const char *yes,
    bool *out, struct tn_error *err) TN_MUST_USE;
/* Scopes separated by spaces, from those separated by commas; NULL when one is unknown.
 */
const char *value_scopes(struct tn_arena *arena, const char *text);

#endif
