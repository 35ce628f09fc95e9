/*
 * Lines, columns and bytes of a text. Built once; each question costs little, so that
 * every value of a large document can ask.
 */
#ifndef TN_DEPLOYCLI_RULER_H
#define TN_DEPLOYCLI_RULER_H

#include "base/diag.h"
#include "base/str.h"

struct tn_ruler {
	struct tn_span text; /* borrowed */
	size_t *lines;       /* where each line begins */
	size_t n_lines;
	size_t *chars; /* characters before every TN_RULER_STEP-th byte */
};

#define TN_RULER_STEP ((size_t)256)

void tn_ruler_init(struct tn_ruler *ruler, struct tn_span text);
void tn_ruler_done(struct tn_ruler *ruler);

/* The byte at a line and column, both from 1; the nearest one for a place that is none.
 */
size_t tn_ruler_byte(const struct tn_ruler *ruler, unsigned line, unsigned col);
/* Sets line and col of the mark to those of a byte. */
void tn_ruler_mark(const struct tn_ruler *ruler, size_t byte, struct tn_mark *mark);

#endif
