#include "sim/core.h"

#include <string.h>

static struct tn_value *
show_compatible(struct tn_arena *arena, const struct tn_sim_trigger *trigger)
{
	struct tn_value *array = tn_value_array(arena);

	if (trigger->compatible >= 0) {
		const struct tn_sim_trigger *other =
		    &tn_sim_triggers[trigger->compatible];
		struct tn_value *item = tn_value_object(arena);

		tn_value_set_text(arena, item, "id", other->id);
		tn_value_set_text(arena, item, "version", other->version);
		tn_value_push(arena, array, item);
	}
	return array;
}

static struct tn_value *
show_trigger(struct tn_arena *arena, const struct tn_sim_trigger *trigger)
{
	struct tn_value *object = tn_value_object(arena);
	struct tn_value *runtimes = tn_value_array(arena);

	for (size_t i = 0; i < TN_SIM_MAX_RUNTIMES && trigger->runtimes[i] != NULL; i++)
		tn_value_push(arena, runtimes,
		    tn_value_string(arena, trigger->runtimes[i]));
	tn_value_set_text(arena, object, "id", trigger->id);
	tn_value_set_text(arena, object, "version", trigger->version);
	tn_value_set_text(arena, object, "status", trigger->status);
	tn_value_set(arena, object, "runtimes", runtimes);
	tn_value_set_text(arena, object, "default_runtime", trigger->default_runtime);
	tn_value_set_text(arena, object, "binding_policy",
	    trigger->entity_bound ? "entity-bound" : "trigger-bound");
	tn_value_set(arena, object, "compatible_triggers",
	    show_compatible(arena, trigger));
	return object;
}

/* The rows of one id stand together, in an order that changes from call to call. */
static void
push_group(struct tn_sim_ctx *ctx, struct tn_value *items, size_t from, size_t to)
{
	size_t n = to - from;
	size_t turn = tn_rand_below(&ctx->sim->rand, n);

	for (size_t i = 0; i < n; i++)
		tn_value_push(ctx->arena, items,
		    show_trigger(ctx->arena, &tn_sim_triggers[from + (i + turn) % n]));
}

void
tn_sim_triggers_list(struct tn_sim_ctx *ctx)
{
	struct tn_value *body = tn_value_object(ctx->arena);
	struct tn_value *items = tn_value_array(ctx->arena);
	size_t from = 0;

	for (size_t i = 1; i <= tn_sim_n_triggers; i++) {
		if (i < tn_sim_n_triggers &&
		    tn_text_equal(tn_sim_triggers[i].id, tn_sim_triggers[from].id))
			continue;
		push_group(ctx, items, from, i);
		from = i;
	}
	tn_value_set(ctx->arena, body, "triggers", items);
	tn_sim_answer(ctx, 200, body);
}
