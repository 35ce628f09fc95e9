/*
 * One character of UTF-8 at a time. Whole texts are a matter of base/text.h.
 */
#ifndef TN_BASE_UTF8_H
#define TN_BASE_UTF8_H

#include "base/str.h"

/*
 * The length in bytes of the well-formed character at the start of bytes, and
 * the character in *out; 0 when there is none.
 */
size_t tn_utf8_decode(struct tn_span bytes, uint32_t *out);

#endif
