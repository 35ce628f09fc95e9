/*
 * What a failure of libcurl means to us: whether the request may have arrived, in which
 * words, and the cure.
 */
#ifndef TN_HTTP_OUTCOME_H
#define TN_HTTP_OUTCOME_H

#include "base/error.h"

struct tn_outcome {
	int code;    /* a CURLcode, not CURLE_OK */
	bool begun;  /* the request was begun on a connection: it may have arrived */
	bool writes; /* it was to change something */
	int proxy; /* the status that a proxy gave when it was asked for the host, or 0 */
	const char *label;  /* "POST https://host/path" */
	const char *detail; /* libcurl's own words, or "" */
};

/* Returns the negative kind. */
int tn_outcome_describe(const struct tn_outcome *outcome, struct tn_error *err);

#endif
