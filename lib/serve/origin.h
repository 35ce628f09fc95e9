/*
 * Where commits come from: repositories of git in life, a table in tests and simulations,
 * as git cannot be run in virtual time.
 */
#ifndef TN_SERVE_ORIGIN_H
#define TN_SERVE_ORIGIN_H

#include "source/source.h"

struct tn_origin;
struct tn_origin_call; /* each origin has its own */

struct tn_origin_ops {
	struct tn_origin_call *(*open)(struct tn_origin *origin,
	    const struct tn_source_request *request, struct tn_cancel *cancel,
	    tn_opened_fn *done, void *arg);
	void (*stop)(struct tn_origin *origin, struct tn_origin_call *call);
	void (*free)(struct tn_origin *origin);
};

struct tn_origin {
	const struct tn_origin_ops *ops;
};

/* As tn_opening_start: done comes from the loop, once; the call is to be stopped. */
struct tn_origin_call *tn_origin_open(struct tn_origin *origin,
    const struct tn_source_request *request, struct tn_cancel *cancel, tn_opened_fn *done,
    void *arg);
/* Ends one that has not told yet, and frees it. Accepts NULL. Not from inside of done. */
void tn_origin_stop(struct tn_origin *origin, struct tn_origin_call *call);
void tn_origin_free(struct tn_origin *origin);

/* Over room source. means is copied, what it points to borrowed; its cancel is unused. */
struct tn_origin *tn_origin_git(const struct tn_source_means *means);

#endif
