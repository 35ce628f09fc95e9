/*
 * What each finding means: the one table of codes, for `tenon help CODE` and for
 * whatever names a finding to people. Pure data.
 *
 * A code is a stable word: scripts and annotations hold on to it, so it keeps its
 * meaning and is never used again for another one. A lint compares the table with the
 * codes that lib/ and cmd/ hand to base/diag.h.
 *
 * To add one: an entry in the source of this room that it belongs to, and a case in
 * tests/findings.
 */
#ifndef TN_FINDING_FINDING_H
#define TN_FINDING_FINDING_H

#include "base/diag.h"

struct tn_finding {
	const char *code;
	enum tn_severity severity; /* an error unless it says otherwise */
	const char *title;         /* one line: "an unknown key" */
	const char *why;           /* what it means, and why tenon insists */
	const char *cure;          /* how to mend it */
	const char *wrong;         /* a small example, whole lines; NULL with right */
	const char *right;         /* the same, mended */
};

/* By code, in the order of the alphabet. */
size_t tn_finding_count(void);
const struct tn_finding *tn_finding_at(size_t i);

/* NULL when there is no such code. */
const struct tn_finding *tn_finding_find(const char *code);
/* The nearest code to a mistyped one, or NULL. */
const char *tn_finding_nearest(const char *code);

#endif
