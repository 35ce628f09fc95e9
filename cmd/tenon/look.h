/*
 * What `get` and `test` are told to look at.
 */
#ifndef TENON_LOOK_H
#define TENON_LOOK_H

#include "options.h"

/* Fills options->look, but for the payload. Nothing to do for other commands. */
int look_parse(struct options *options, struct tn_error *err) TN_MUST_USE;

/* What a draft is run with: a JSON object from a file; it lives in the arena. */
int look_read_payload(const char *file, struct tn_arena *arena,
    const struct tn_value **out, struct tn_error *err) TN_MUST_USE;

#endif
