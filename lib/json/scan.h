/*
 * The strict scan that foreign JSON passes before a tree is built of it,
 * internal to the room.
 */
#ifndef TN_JSON_SCAN_H
#define TN_JSON_SCAN_H

#include "json/json.h"

/* What a scan brings home besides its verdict. */
struct tn_json_scan {
	struct tn_span
	    *numbers; /* as written, in the order of the document; borrowed bytes */
	size_t count;
	size_t cap;
	/*
	 * When marked is set before: where each key and each value begins, in the order
	 * of the document. And where it stopped when it fails; then without place in
	 * words.
	 */
	bool marked;
	size_t *places;
	size_t n_places;
	size_t places_cap;
	size_t failed_at;
};

/*
 * True to RFC 8259 and stricter: no duplicate keys (compared after their escapes were
 * read), no \u0000, no lone surrogates, no byte order mark, nothing behind the value, all
 * bounds kept. The arena serves keys that are written with escapes. tn_json_scan_done is
 * due in any case.
 */
int tn_json_scan(struct tn_json_scan *scan, struct tn_arena *arena, struct tn_span bytes,
    const struct tn_json_limits *limits, struct tn_error *err) TN_MUST_USE;
void tn_json_scan_done(struct tn_json_scan *scan);

#endif
