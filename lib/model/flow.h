/*
 * A flow: the actions bound to one trigger, in the order in which they run.
 * Binding ids are left out: the platform renews them with every write. An
 * action may be bound twice, so entries are told apart by position.
 */
#ifndef TN_MODEL_FLOW_H
#define TN_MODEL_FLOW_H

#include "base/arena.h"
#include "base/defs.h"

struct tn_value;
struct tn_error;

struct tn_binding {
	const char *action_id; /* NULL: an action that the plan creates */
	const char *action_name;
	/* NULL: none given, which is not the same as the name. */
	const char *display_name;
	bool installed;
};

struct tn_flow {
	const char *trigger; /* id without version */
	const struct tn_binding *bindings;
	size_t n_bindings;
};

/*
 * Same length, and by position the same action (by id, or by name where neither has one)
 * and display name.
 */
bool tn_flow_equal(const struct tn_flow *a, const struct tn_flow *b);
bool tn_flow_has_action(const struct tn_flow *flow, const char *action_id);

void tn_flow_copy(struct tn_arena *arena, struct tn_flow *to, const struct tn_flow *from);
struct tn_value *tn_flow_to_value(struct tn_arena *arena, const struct tn_flow *flow);
int tn_flow_from_value(struct tn_arena *arena, const struct tn_value *value,
    struct tn_flow *out, struct tn_error *err) TN_MUST_USE;

#endif
