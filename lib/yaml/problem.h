/*
 * libyaml's complaints in words for people who write configuration, internal to the room.
 */
#ifndef TN_YAML_PROBLEM_H
#define TN_YAML_PROBLEM_H

#include "base/diag.h"

struct tn_yaml_problem {
	const char *text;    /* libyaml's words */
	const char *context; /* what it was doing, or NULL */
	struct tn_mark mark; /* where it stopped */
	struct tn_mark
	    since; /* where the thing began that it was reading; line 0 is unknown */
	unsigned char byte; /* what stands at mark; 0 at the end */
};

/* Adds one finding "syntax" with the cure where one is known. */
void tn_yaml_problem_report(struct tn_diags *diags,
    const struct tn_yaml_problem *problem);

#endif
