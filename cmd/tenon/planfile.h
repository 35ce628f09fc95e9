/*
 * The file of a saved plan. It is written for its owner alone, wholly or not at all, and
 * links are neither followed nor replaced; a plan says what is in a tenant.
 */
#ifndef TENON_PLANFILE_H
#define TENON_PLANFILE_H

#include "base/error.h"
#include "base/str.h"

int planfile_write(const char *path, struct tn_span bytes,
    struct tn_error *err) TN_MUST_USE;
/* Appends its bytes; bounded. */
int planfile_read(const char *path, struct tn_str *out, struct tn_error *err) TN_MUST_USE;

#endif
