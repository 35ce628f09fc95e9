#include "plan/basis.h"

#include "base/value.h"
#include "plan/digest.h"

/* What the files leave out is the tenant's, and filled in from there. */
static struct tn_value *
wanted(struct tn_arena *arena, const struct tn_want_action *want)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *own = tn_arena_new();
	const struct tn_value *content = tn_content_to_value(own, &want->content);
	struct tn_value *stated = tn_value_object(own);

	tn_value_set_text(own, stated, "trigger", want->trigger.id);
	tn_value_set_text(own, stated, "trigger_version", want->trigger.version);
	for (unsigned part = TN_PART_CODE; part <= TN_PART_DEPENDENCIES; part <<= 1) {
		const struct tn_value *value = tn_value_get(content, tn_part_name(part));

		if (value != NULL && (want->unstated & part) == 0)
			tn_value_set(own, stated, tn_part_name(part),
			    tn_value_clone(own, value));
	}
	return tn_plan_condense(arena, stated);
}

static struct tn_value *
secrets(struct tn_arena *arena, const struct tn_change *change)
{
	struct tn_value *list = tn_value_array(arena);

	for (size_t i = 0; i < change->n_secrets; i++) {
		const struct tn_secret_change *secret = &change->secrets[i];
		struct tn_value *item = tn_value_object(arena);

		tn_value_set_text(arena, item, "name", secret->name);
		tn_value_set_text(arena, item, "change",
		    tn_secret_change_name(secret->kind));
		tn_value_set_text(arena, item, "fingerprint", secret->fingerprint);
		tn_value_push(arena, list, item);
	}
	return list;
}

static struct tn_value *
action(struct tn_arena *arena, const struct tn_change *change)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *own = tn_arena_new();
	struct tn_value *out = tn_value_object(arena);

	tn_value_set_text(arena, out, "name", change->want->name);
	tn_value_set(arena, out, "wanted", wanted(arena, change->want));
	if (change->live != NULL)
		tn_value_set(arena, out, "live",
		    tn_plan_condense(arena, tn_live_action_to_value(own, change->live)));
	tn_value_set(arena, out, "secrets", secrets(arena, change));
	tn_value_set_bool(arena, out, "adopt", change->adopt);
	return out;
}

static struct tn_value *
flow(struct tn_arena *arena, const struct tn_flow_change *change)
{
	struct tn_value *out = tn_value_object(arena);

	tn_value_set_text(arena, out, "trigger", change->trigger);
	tn_value_set(arena, out, "live", tn_flow_to_value(arena, &change->before));
	tn_value_set(arena, out, "wanted", tn_flow_to_value(arena, &change->after));
	return out;
}

struct tn_value *
tn_basis_build(struct tn_arena *arena, const struct tn_diff *diff)
{
	struct tn_value *out = tn_value_object(arena);
	struct tn_value *actions = tn_value_array(arena);
	struct tn_value *flows = tn_value_array(arena);

	for (size_t i = 0; i < diff->n_changes; i++)
		tn_value_push(arena, actions, action(arena, &diff->changes[i]));
	for (size_t i = 0; i < diff->n_flows; i++)
		tn_value_push(arena, flows, flow(arena, &diff->flows[i]));
	tn_value_set(arena, out, "actions", actions);
	tn_value_set(arena, out, "flows", flows);
	return out;
}
