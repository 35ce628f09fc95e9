/*
 * JSON: bytes to a tree, and a tree to canonical bytes.
 *
 * What comes from outside passes a strict scan first (UTF-8, depth, size, number of
 * values, duplicate keys, NUL characters, lone surrogates, trailing bytes); only then
 * json-c builds its tree. Numbers keep the text they were written with. Writing is ours:
 * the same tree gives the same bytes.
 */
#ifndef TN_JSON_JSON_H
#define TN_JSON_JSON_H

#include "base/error.h"
#include "base/str.h"
#include "base/value.h"

struct tn_json_limits {
	size_t bytes;
	size_t values;
	unsigned depth;
};

/* 64 MiB, 4 million values, depth 64: an answer of a tenant. */
extern const struct tn_json_limits tn_json_limits_default;

/* limits NULL: the default. TN_E_INPUT with line and column in the message, TN_E_LIMIT
 * past a bound. */
int tn_json_parse(struct tn_arena *arena, struct tn_span bytes,
    const struct tn_json_limits *limits, struct tn_value **out,
    struct tn_error *err) TN_MUST_USE;

/*
 * For files that people write: values and keys get marks with this file, which is copied
 * into the arena, and what is wrong becomes one finding, "syntax" or "too-large", with
 * its place. Returns -TN_E_INPUT then; *out is NULL.
 */
int tn_json_parse_file(struct tn_arena *arena, const char *file, struct tn_span bytes,
    const struct tn_json_limits *limits, struct tn_value **out,
    struct tn_diags *diags) TN_MUST_USE;

/* Compact, members in the order of the tree. */
void tn_json_write(const struct tn_value *value, struct tn_str *out);
/*
 * Two spaces of indentation, members in the order of the tree, ends with a
 * newline: for people.
 */
void tn_json_write_pretty(const struct tn_value *value, struct tn_str *out);
/* Compact, members sorted by the bytes of their keys: what digests are made over. */
void tn_json_write_canonical(const struct tn_value *value, struct tn_str *out);

/*
 * Compact, in pieces: text for everything but secrets, which are handed to
 * on_secret (the receiver escapes them, without quotes). Other writers print
 * TN_VALUE_SECRET_TEXT for a secret.
 */
struct tn_json_sink {
	void (*on_text)(void *arg, struct tn_span text);
	void (*on_secret)(void *arg, const struct tn_secret *secret);
	void *arg;
};
void tn_json_write_to(const struct tn_value *value, const struct tn_json_sink *sink);

#endif
