/*
 * A daemon's answers for people. Pure.
 */
#ifndef TENON_STATUS_H
#define TENON_STATUS_H

#include "base/str.h"
#include "base/value.h"

/* root is an answer to "status", see serve/show.h; of one sync everything is shown. */
void status_text(const struct tn_value *root, bool whole, struct tn_str *out);
/* What "sync", "suspend" and "resume" have brought about. */
void status_accepted(const char *command, const char *sync, struct tn_str *out);

#endif
