/*
 * The keys of the objects that a scan is inside of, and whether one of them is there
 * twice. Internal to the room.
 */
#ifndef TN_JSON_KEYS_H
#define TN_JSON_KEYS_H

#include "base/arena.h"
#include "base/str.h"

struct tn_json_key {
	const char *text;
	size_t len;
	const char *at; /* where it stands in the document */
};

/* One list for all open objects: the keys of an inner one follow those of the outer one.
 */
struct tn_json_keys {
	struct tn_json_key *items;
	size_t count;
	size_t cap;
};

/* text as written between its quotes; escapes in it were checked and are read here. */
void tn_json_keys_add(struct tn_json_keys *keys, struct tn_arena *arena,
    struct tn_span text, bool escaped, const char *at);

struct tn_json_repeat {
	const struct tn_json_key *first; /* NULL: no key is there twice */
	const struct tn_json_key *second;
};

/*
 * Called with the place of an object's first key: once behind each key, which finds
 * repetition in small objects at once, and once at the end of the object, for large ones.
 */
struct tn_json_repeat tn_json_keys_check_last(const struct tn_json_keys *keys,
    size_t first);
struct tn_json_repeat tn_json_keys_check_all(struct tn_json_keys *keys, size_t first);

void tn_json_keys_done(struct tn_json_keys *keys);

/* The four hexadecimal digits at at; -1 when there are no four before end. */
int tn_json_hex_quad(const char *at, const char *end);

#endif
