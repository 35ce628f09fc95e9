/*
 * Texts that are rewritten and still know where each byte comes from; and the mappings
 * as the first of such rewritings. Not for other rooms.
 */
#ifndef TN_DEPLOYCLI_REWRITE_H
#define TN_DEPLOYCLI_REWRITE_H

#include "deploycli/keyword.h"

/* Appends in[from, to), or new bytes that stand in the place of in[at]. */
void tn_rewrite_copy(struct tn_keyword_text *out, const struct tn_keyword_text *in,
    size_t from, size_t to);
void tn_rewrite_put(struct tn_keyword_text *out, const struct tn_keyword_text *in,
    size_t at, struct tn_span bytes);
/* The byte of the file that byte `at` comes from. */
size_t tn_rewrite_origin(const struct tn_keyword_text *text, size_t at);

/* bytes after the mappings. False after a finding. */
bool tn_rewrite_mappings(struct tn_keywords *keywords, const char *file,
    struct tn_span bytes, struct tn_keyword_text *out);

/* False with a finding when the text grew past the bound. */
bool tn_rewrite_check(struct tn_keywords *keywords, const char *file,
    const struct tn_keyword_text *text);
/* The finding itself; always false. */
bool tn_rewrite_too_large(struct tn_keywords *keywords, const char *file);

#endif
