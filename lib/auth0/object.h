/*
 * The platform's objects as values of the model.
 *
 * What is absent or null is left at its default, unless nothing can be done without it;
 * what has the wrong type is TN_E_PLATFORM, as guessing could end in a write. Texts are
 * those of the tree that is read: it lives as long as the result.
 */
#ifndef TN_AUTH0_OBJECT_H
#define TN_AUTH0_OBJECT_H

#include "base/error.h"
#include "base/value.h"
#include "model/tenant.h"

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

tn_auth0_item_fn tn_auth0_read_action;       /* struct tn_live_action */
tn_auth0_item_fn tn_auth0_read_version;      /* struct tn_version */
tn_auth0_item_fn tn_auth0_read_binding;      /* struct tn_binding */
tn_auth0_item_fn tn_auth0_read_trigger_info; /* struct tn_trigger_info */

#endif
