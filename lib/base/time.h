/*
 * Points in time as text, without reading a clock: nanoseconds since 1970 in
 * UTC to RFC 3339 and back.
 */
#ifndef TN_BASE_TIME_H
#define TN_BASE_TIME_H

#include "base/defs.h"

#define TN_TIME_SIZE 31

/* Fractional digits in groups of three, none when zero ("…:36Z", "…:36.084Z"). */
void tn_time_format(int64_t unix_ns, char out[TN_TIME_SIZE]);
/* To the second, for people. */
void tn_time_format_seconds(int64_t unix_ns, char out[TN_TIME_SIZE]);
/* Any number of fractional digits; "Z" or an offset. False when it is no time. */
bool tn_time_parse(const char *text, int64_t *unix_ns_out);

/* "850 ms", "4 s", "2 min": for people, rounded. out of at least 24 bytes. */
void tn_duration_format(int64_t ns, char out[24]);
/* "250ms", "2s", "1m", "1h"; a unit is demanded (0 needs none). */
bool tn_duration_parse(const char *text, int64_t *ns_out);

#endif
