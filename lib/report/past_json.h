/* Internal to report: what history and show print as JSON. */
#ifndef TN_REPORT_PAST_JSON_H
#define TN_REPORT_PAST_JSON_H

#include "run/result.h"

/* 0 sets nothing. */
void tn_report_set_time(struct tn_arena *a, struct tn_value *out, const char *key,
    int64_t unix_ns);

struct tn_value *tn_report_history_value(struct tn_arena *a,
    const struct tn_history *history);
/* A run as in the list, with the documents of its objects; or an action. */
struct tn_value *tn_report_shown_value(struct tn_arena *a, const struct tn_shown *shown);

#endif
