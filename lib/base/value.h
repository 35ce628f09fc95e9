/*
 * The tree with marks that YAML and JSON both become and that schema validates.
 * It lives in an arena and is not changed after it was built, except by its
 * builder.
 *
 * Kinds: a number keeps its text, so that long numbers and 1.10 stay what was
 * written. A scalar is plain YAML text that only a schema can type. A secret
 * stands for a value that is written where bytes leave for the tenant and
 * nowhere else; every other writer prints TN_VALUE_SECRET_TEXT.
 */
#ifndef TN_BASE_VALUE_H
#define TN_BASE_VALUE_H

#include "base/arena.h"
#include "base/defs.h"
#include "base/diag.h"

struct tn_secret;

#define TN_VALUE_SECRET_TEXT "(secret)"

enum tn_value_kind {
	TN_VALUE_NULL,
	TN_VALUE_BOOL,
	TN_VALUE_NUMBER,
	TN_VALUE_STRING,
	TN_VALUE_SCALAR,
	TN_VALUE_ARRAY,
	TN_VALUE_OBJECT,
	TN_VALUE_SECRET,
};

struct tn_member {
	const char *key;
	struct tn_mark mark;
	struct tn_value *value;
};

struct tn_value {
	enum tn_value_kind kind;
	struct tn_mark mark;
	size_t count; /* items, members, or bytes of text */
	size_t cap;
	union {
		bool boolean;
		const char
		    *text; /* number, string, scalar; terminated, without NUL inside */
		struct tn_value **items;
		struct tn_member *members;      /* in the order written */
		const struct tn_secret *secret; /* borrowed: outlives the tree */
	} as;
};

struct tn_value *tn_value_null(struct tn_arena *arena);
struct tn_value *tn_value_bool(struct tn_arena *arena, bool boolean);
struct tn_value *tn_value_int(struct tn_arena *arena, int64_t number);
struct tn_value *tn_value_number(struct tn_arena *arena, const char *text, size_t len);
struct tn_value *tn_value_string(struct tn_arena *arena, const char *text);
struct tn_value *tn_value_string_of(struct tn_arena *arena, const char *text, size_t len);
struct tn_value *tn_value_scalar(struct tn_arena *arena, const char *text, size_t len);
struct tn_value *tn_value_array(struct tn_arena *arena);
struct tn_value *tn_value_object(struct tn_arena *arena);
struct tn_value *tn_value_secret(struct tn_arena *arena, const struct tn_secret *secret);

void tn_value_push(struct tn_arena *arena, struct tn_value *array, struct tn_value *item);
/* Appends a member; the key is copied. The caller sees to it that it is new. */
void tn_value_set(struct tn_arena *arena, struct tn_value *object, const char *key,
    struct tn_value *value);
/* Convenience: a NULL text sets nothing. */
void tn_value_set_text(struct tn_arena *arena, struct tn_value *object, const char *key,
    const char *text);
void tn_value_set_int(struct tn_arena *arena, struct tn_value *object, const char *key,
    int64_t n);
void tn_value_set_bool(struct tn_arena *arena, struct tn_value *object, const char *key,
    bool b);

/* All readers accept NULL and a value of another kind. */
const struct tn_value *tn_value_get(const struct tn_value *object, const char *key);
const struct tn_member *tn_value_member(const struct tn_value *object, const char *key);
/* The text of a string or scalar; NULL for anything else. */
const char *tn_value_text(const struct tn_value *value);
const char *tn_value_get_text(const struct tn_value *object, const char *key);
/* True and *out when the value is a number without fraction that fits. */
bool tn_value_to_int(const struct tn_value *value, int64_t *out);
/* The boolean, or otherwise when it is none. */
bool tn_value_get_bool(const struct tn_value *object, const char *key, bool otherwise);
size_t tn_value_count(const struct tn_value *array_or_object);
const struct tn_value *tn_value_at(const struct tn_value *array, size_t i);
bool tn_value_is(const struct tn_value *value, enum tn_value_kind kind);

/* The members by the bytes of their keys; the array is on the heap. */
const struct tn_member **tn_value_members_by_key(const struct tn_value *object);

/* Same kind and content; members in any order; marks do not count. */
bool tn_value_equal(const struct tn_value *a, const struct tn_value *b);
struct tn_value *tn_value_clone(struct tn_arena *arena, const struct tn_value *value);
/* "string", "array", … for messages. */
const char *tn_value_kind_name(enum tn_value_kind kind);

#endif
