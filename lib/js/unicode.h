/*
 * The characters of names beyond ASCII, internal to the room. unicode.c is made by
 * unicode.mjs.
 */
#ifndef TN_JS_UNICODE_H
#define TN_JS_UNICODE_H

#include "base/defs.h"

struct tn_js_range {
	uint32_t first;
	uint32_t last;
};

/* Sorted. */
extern const struct tn_js_range tn_js_id_start[];
extern const size_t tn_js_id_start_count;
/* ID_Continue without ID_Start. */
extern const struct tn_js_range tn_js_id_only_continue[];
extern const size_t tn_js_id_only_continue_count;

#endif
