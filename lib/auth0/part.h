/*
 * Parts of an object that a tenant answered. What is absent or null is left at its
 * default, unless it is needed; what has the wrong type is TN_E_PLATFORM. Texts are those
 * of the tree.
 */
#ifndef TN_AUTH0_PART_H
#define TN_AUTH0_PART_H

#include "base/arena.h"
#include "base/error.h"
#include "base/value.h"

/* Reads one item of a list into an element of an array. */
typedef int tn_auth0_item_fn(const struct tn_value *item, struct tn_arena *arena,
    void *out, struct tn_error *err);

struct tn_auth0_list {
	const char *key;
	bool needed; /* an error when it is absent, else empty then */
	size_t size; /* of an element */
	tn_auth0_item_fn *read;
};

/* *items_out is an array in the arena of *n_out elements. */
int tn_auth0_read_list(const struct tn_value *object, const struct tn_auth0_list *list,
    struct tn_arena *arena, void **items_out, size_t *n_out, struct tn_error *err);

/* There, and not null. */
bool tn_auth0_has(const struct tn_value *object, const char *key);
int tn_auth0_text(const struct tn_value *object, const char *key, const char *otherwise,
    const char **out, struct tn_error *err);
/* TN_E_PLATFORM also when it is absent or empty. */
int tn_auth0_needed_text(const struct tn_value *object, const char *key, const char **out,
    struct tn_error *err);
/* *out is NULL when there is none. */
int tn_auth0_part(const struct tn_value *object, const char *key, enum tn_value_kind kind,
    const struct tn_value **out, struct tn_error *err);
/* Some objects spell a word in upper case that others spell in lower case. */
bool tn_auth0_is_word(const char *text, const char *word);

#endif
