/*
 * Lines of a file, taken in order for the findings about it, internal to base.
 */
#ifndef TN_BASE_QUOTE_H
#define TN_BASE_QUOTE_H

#include "base/diag.h"

/* Where the reading stands. Goes forward only, so that any number of findings costs one
 * walk. */
struct tn_quoter {
	struct tn_span bytes;
	size_t line_start;
	unsigned line;
	size_t at; /* on that line */
	unsigned col;
};

struct tn_arena;

void tn_quoter_init(struct tn_quoter *quoter, struct tn_span bytes);
/* Marks come sorted. Leaves *out alone when the file has no such line. */
void tn_quoter_take(struct tn_quoter *quoter, struct tn_mark mark, struct tn_arena *arena,
    struct tn_quote *out);

#endif
