/*
 * The file of a saved plan. It is written for its owner alone, wholly or not at all, and
 * links are neither followed nor replaced; a plan says what is in a tenant.
 */
#ifndef TENON_PLANFILE_H
#define TENON_PLANFILE_H

#include "report/report.h"

int planfile_write(const char *path, struct tn_span bytes,
    struct tn_error *err) TN_MUST_USE;
/* Appends its bytes; bounded. */
int planfile_read(const char *path, struct tn_str *out, struct tn_error *err) TN_MUST_USE;
/* Appends what is in it: for people, or the JSON that it is. */
int planfile_show(const char *path, bool json, const struct tn_report_options *style,
    struct tn_str *out, struct tn_error *err) TN_MUST_USE;

#endif
