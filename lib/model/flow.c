#include "model/flow.h"

#include <string.h>

static bool
same_action(const struct tn_binding *a, const struct tn_binding *b)
{
	if (a->action_id != NULL && b->action_id != NULL)
		return strcmp(a->action_id, b->action_id) == 0;
	return a->action_id == b->action_id &&
	    tn_text_equal(a->action_name, b->action_name);
}

bool
tn_flow_equal(const struct tn_flow *a, const struct tn_flow *b)
{
	if (a->n_bindings != b->n_bindings)
		return false;
	for (size_t i = 0; i < a->n_bindings; i++) {
		const struct tn_binding *x = &a->bindings[i], *y = &b->bindings[i];

		if (!same_action(x, y) ||
		    !tn_text_equal(x->display_name, y->display_name))
			return false;
	}
	return true;
}

bool
tn_flow_has_action(const struct tn_flow *flow, const char *action_id)
{
	for (size_t i = 0; i < flow->n_bindings; i++) {
		if (flow->bindings[i].action_id != NULL &&
		    strcmp(flow->bindings[i].action_id, action_id) == 0)
			return true;
	}
	return false;
}

void
tn_flow_copy(struct tn_arena *arena, struct tn_flow *to, const struct tn_flow *from)
{
	struct tn_binding *bindings = tn_arena_array(arena, from->n_bindings,
	    struct tn_binding);

	for (size_t i = 0; i < from->n_bindings; i++) {
		const struct tn_binding *binding = &from->bindings[i];

		bindings[i] = (struct tn_binding){
			.action_id = tn_arena_text(arena, binding->action_id),
			.action_name = tn_arena_text(arena, binding->action_name),
			.display_name = tn_arena_text(arena, binding->display_name),
			.installed = binding->installed,
		};
	}
	*to = (struct tn_flow){
		.trigger = tn_arena_text(arena, from->trigger),
		.bindings = bindings,
		.n_bindings = from->n_bindings,
	};
}
