#include "sim/core.h"

#include "base/mem.h"

/* The trigger that the path names, or NULL after a refusal. */
static const struct tn_sim_trigger *
find_trigger(struct tn_sim_ctx *ctx)
{
	const struct tn_sim_trigger *trigger = tn_sim_trigger_any(ctx->params[0]);

	if (trigger == NULL)
		tn_sim_refuse(ctx, 400, "bad_request",
		    "Path validation error: 'Invalid value \"%s\"' on property triggerId.",
		    ctx->params[0]);
	return trigger;
}

static struct tn_value *
show_binding(struct tn_sim_ctx *ctx, const struct tn_sim_world *world,
    const struct tn_sim_flow *flow, size_t i, int64_t at)
{
	const struct tn_sim_binding *binding = &flow->bindings[i];

	return tn_sim_show_binding(ctx->arena, flow->trigger, binding,
	    tn_sim_world_find(world, binding->action_id), at);
}

void
tn_sim_bindings_list(struct tn_sim_ctx *ctx)
{
	const struct tn_sim_trigger *trigger = find_trigger(ctx);
	const struct tn_sim_flow *flow;
	struct tn_value *envelope, *items;
	struct tn_sim_page page;
	size_t n;

	if (trigger == NULL || !tn_sim_query_page(ctx, 20, &page))
		return;
	if (trigger->entity_bound && ctx->sim->options.refuse_entity_bound) {
		tn_sim_refuse(ctx, 400, NULL,
		    "cannot list action bindings for an entity-bound trigger");
		return;
	}
	flow = tn_sim_world_flow(ctx->world, trigger->id);
	n = flow == NULL ? 0 : flow->n_bindings;
	envelope = tn_sim_page_open(ctx, "bindings", &items);
	for (size_t i = 0; i < n; i++)
		if (tn_sim_page_holds(&page, i))
			tn_value_push(ctx->arena, items,
			    show_binding(ctx, ctx->world, flow, i, ctx->at));
	tn_sim_page_close(ctx, envelope, items, n, &page);
}

/* --- set --- */

static bool
refuse_item(struct tn_sim_ctx *ctx, size_t i)
{
	return tn_sim_refuse(ctx, 400, "invalid_body",
	    "Payload validation error: 'Data does not match any schemas from 'oneOf'' on "
	    "property bindings[%zu].",
	    i);
}

/* The gateway tells only that an item is wrong, never why. */
static bool
check_item(struct tn_sim_ctx *ctx, const struct tn_value *item, size_t i)
{
	static const char *const types[] = { "action_id", "action_name", "binding_id" };
	const struct tn_value *ref = tn_value_get(item, "ref");
	const char *type = tn_value_get_text(ref, "type");
	const struct tn_value *name = tn_value_get(item, "display_name");
	const struct tn_value *secrets = tn_value_get(item, "secrets");
	int known = (ref != NULL) + (name != NULL) + (secrets != NULL);

	if (!tn_value_is(item, TN_VALUE_OBJECT) ||
	    tn_value_count(item) != (size_t)known || !tn_value_is(ref, TN_VALUE_OBJECT) ||
	    tn_value_count(ref) != 2 || tn_value_get_text(ref, "value") == NULL ||
	    (name != NULL && !tn_value_is(name, TN_VALUE_STRING)) ||
	    (secrets != NULL && !tn_value_is(secrets, TN_VALUE_ARRAY)))
		return refuse_item(ctx, i);
	for (size_t k = 0; k < TN_ARRAY_LEN(types); k++)
		if (tn_text_equal(types[k], type))
			return true;
	return refuse_item(ctx, i);
}

static bool
check_body(struct tn_sim_ctx *ctx)
{
	static const struct tn_sim_key keys[] = {
		{ "bindings", TN_VALUE_ARRAY, true },
		{ 0 },
	};
	unsigned limit = ctx->sim->options.limits.bindings;
	const struct tn_value *array;

	if (!tn_sim_check(ctx, ctx->body, "", keys, false))
		return false;
	array = tn_value_get(ctx->body, "bindings");
	for (size_t i = 0; i < tn_value_count(array); i++)
		if (!check_item(ctx, tn_value_at(array, i), i))
			return false;
	if (tn_value_count(array) > limit)
		return tn_sim_refuse(ctx, 400, NULL,
		    "at most %u actions can be bound to a trigger", limit);
	return true;
}

static const struct tn_sim_binding *
find_binding(const struct tn_sim_world *world, const char *trigger, const char *id)
{
	const struct tn_sim_flow *flow = tn_sim_world_flow(world, trigger);

	for (size_t i = 0; flow != NULL && i < flow->n_bindings; i++)
		if (tn_text_equal(flow->bindings[i].id, id))
			return &flow->bindings[i];
	return NULL;
}

/* What a reference stands for: an action and the name that its binding had, if any. */
static struct tn_sim_action *
resolve(struct tn_sim_ctx *ctx, const char *trigger, const struct tn_value *ref,
    const char **display_name)
{
	const struct tn_sim_world *world = &ctx->sim->world;
	const char *type = tn_value_get_text(ref, "type");
	const char *value = tn_value_get_text(ref, "value");
	const struct tn_sim_binding *binding;

	if (tn_text_equal(type, "action_name"))
		return tn_sim_world_named(world, value);
	if (tn_text_equal(type, "action_id"))
		return tn_sim_world_find(world, value);
	binding = find_binding(world, trigger, value);
	if (binding == NULL)
		return NULL;
	*display_name = binding->display_name;
	return tn_sim_world_find(world, binding->action_id);
}

static bool
check_action(struct tn_sim_ctx *ctx, const struct tn_sim_action *action,
    const char *trigger)
{
	if (action == NULL)
		return tn_sim_refuse_missing(ctx);
	if (!tn_text_equal(action->trigger->id, trigger))
		return tn_sim_refuse(ctx, 400, NULL,
		    "Trying to create a binding between an incompatible action and trigger.");
	if (!tn_sim_action_runs(action, ctx->now))
		return tn_sim_refuse(ctx, 400, NULL,
		    "Trying to create a binding for an action that has not been deployed yet.");
	return true;
}

/* Every binding is made anew, a few milliseconds after the one before it. */
static bool
add_binding(struct tn_sim_ctx *ctx, struct tn_sim_flow *fresh,
    const struct tn_value *item)
{
	const char *name = NULL;
	const struct tn_sim_action *action = resolve(ctx, fresh->trigger,
	    tn_value_get(item, "ref"), &name);
	struct tn_sim_binding *binding;

	if (!check_action(ctx, action, fresh->trigger))
		return false;
	if (tn_value_get(item, "display_name") != NULL)
		name = tn_value_get_text(item, "display_name");
	fresh->bindings = tn_grow(fresh->bindings, fresh->n_bindings,
	    &fresh->cap_bindings, sizeof fresh->bindings[0]);
	binding = &fresh->bindings[fresh->n_bindings++];
	*binding = (struct tn_sim_binding){ .created_at = tn_sim_stamp(ctx->sim, ctx->now,
						TN_MSEC, 4 * TN_MSEC) };
	tn_rand_uuid(&ctx->sim->rand, binding->id);
	for (size_t i = 0; i < TN_UUID_SIZE; i++)
		binding->action_id[i] = action->id[i];
	binding->display_name = name == NULL ? NULL : tn_strdup(name);
	return true;
}

static void
answer_flow(struct tn_sim_ctx *ctx, const struct tn_sim_flow *flow)
{
	struct tn_value *body = tn_value_object(ctx->arena);
	struct tn_value *items = tn_value_array(ctx->arena);

	for (size_t i = 0; i < flow->n_bindings; i++)
		tn_value_push(ctx->arena, items,
		    show_binding(ctx, &ctx->sim->world, flow, i, ctx->now));
	tn_value_set(ctx->arena, body, "bindings", items);
	tn_sim_answer(ctx, 200, body);
}

void
tn_sim_bindings_set(struct tn_sim_ctx *ctx)
{
	const struct tn_sim_trigger *trigger = find_trigger(ctx);
	const struct tn_value *array = tn_value_get(ctx->body, "bindings");
	struct tn_sim_flow fresh = { 0 };
	struct tn_sim_flow *flow;

	if (trigger == NULL || !check_body(ctx))
		return;
	if (trigger->entity_bound) {
		tn_sim_refuse(ctx, 400, NULL,
		    "cannot bind actions to an entity-bound trigger");
		return;
	}
	fresh.trigger = trigger->id;
	for (size_t i = 0; i < tn_value_count(array); i++) {
		if (add_binding(ctx, &fresh, tn_value_at(array, i)))
			continue;
		tn_sim_flow_clear(&fresh);
		return;
	}
	flow = tn_sim_world_need_flow(&ctx->sim->world, trigger->id);
	tn_sim_flow_clear(flow);
	*flow = fresh;
	answer_flow(ctx, flow);
}
