/*
 * What the sources that load a project share. Not for other rooms.
 */
#ifndef TN_CONFIG_LOAD_H
#define TN_CONFIG_LOAD_H

#include "base/value.h"
#include "config/config.h"

struct tn_load {
	struct tn_tree *tree;
	struct tn_schemas *schemas;
	struct tn_diags *diags;
	struct tn_arena *arena; /* the project's */
	struct tn_want *want;   /* being filled */
	size_t code_left;       /* bytes of code that this project may still have */
};

/* All code of a project together; a tenant of 100 actions holds a seventh of it. */
#define TN_LOAD_CODE_MAX ((size_t)64 << 20)

/*
 * The code of an action: the file it names, or NAME.js, with its path and the place that
 * names it. The code is NULL after a finding. Fails for a tree that cannot be read.
 */
int tn_load_code(struct tn_load *load, const struct tn_member *action,
    struct tn_want_action *out, struct tn_error *err) TN_MUST_USE;

/* want's actions must be there, sorted. */
void tn_load_bindings(struct tn_load *load, const struct tn_value *bindings);

#endif
