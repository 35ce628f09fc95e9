#include "sim/save.h"

#include "sim/core.h"
#include <inttypes.h>

/*
 * Everything that the world holds, as it is stored: times in nanoseconds, builds by when
 * they began. load.c reads it back.
 */

static struct tn_value *
save_secrets(struct tn_arena *arena, const struct tn_sim_content *content)
{
	struct tn_value *array = tn_value_array(arena);

	for (size_t i = 0; i < content->n_secrets; i++) {
		struct tn_value *item = tn_value_object(arena);

		tn_value_set_text(arena, item, "name", content->secrets[i].name);
		tn_value_set_text(arena, item, "sha256", content->secrets[i].sha256);
		tn_value_set_int(arena, item, "updated", content->secrets[i].updated_at);
		tn_value_push(arena, array, item);
	}
	return array;
}

static struct tn_value *
save_refs(struct tn_arena *arena, const struct tn_sim_content *content)
{
	struct tn_value *array = tn_value_array(arena);

	for (size_t i = 0; i < content->n_modules; i++) {
		const struct tn_sim_module_ref *ref = &content->modules[i];
		struct tn_value *item = tn_value_object(arena);

		tn_value_set_text(arena, item, "id", ref->module_id);
		tn_value_set_text(arena, item, "name", ref->module_name);
		tn_value_set_text(arena, item, "version", ref->version_id);
		tn_value_set_int(arena, item, "number", ref->version_number);
		tn_value_push(arena, array, item);
	}
	return array;
}

static struct tn_value *
save_content(struct tn_arena *arena, const struct tn_sim_content *content)
{
	struct tn_value *object = tn_value_object(arena);

	tn_value_set_text(arena, object, "code", content->code);
	tn_value_set_text(arena, object, "runtime", content->runtime);
	tn_value_set(arena, object, "dependencies",
	    tn_sim_show_dependencies(arena, content, true));
	tn_value_set(arena, object, "secrets", save_secrets(arena, content));
	tn_value_set(arena, object, "modules", save_refs(arena, content));
	return object;
}

static struct tn_value *
save_build(struct tn_arena *arena, const struct tn_sim_build *build)
{
	struct tn_value *object = tn_value_object(arena);

	tn_value_set_int(arena, object, "started", build->started);
	tn_value_set_int(arena, object, "length", build->length);
	tn_value_set_int(arena, object, "packaged", build->packaged);
	tn_value_set_bool(arena, object, "plain", build->plain);
	tn_value_set_bool(arena, object, "fails", build->fails);
	tn_value_set_int(arena, object, "attempts", build->attempts);
	return object;
}

static void
save_trigger(struct tn_arena *arena, struct tn_value *object,
    const struct tn_sim_trigger *trigger)
{
	tn_value_set_text(arena, object, "trigger", trigger->id);
	tn_value_set_text(arena, object, "trigger_version", trigger->version);
}

static struct tn_value *
save_version(struct tn_arena *arena, const struct tn_sim_version *version)
{
	struct tn_value *object = tn_value_object(arena);

	tn_value_set_text(arena, object, "id", version->id);
	tn_value_set_int(arena, object, "number", version->number);
	tn_value_set_int(arena, object, "created", version->created_at);
	tn_value_set(arena, object, "content",
	    save_content(arena, &version->matter->content));
	if (version->trigger == NULL)
		return object;
	save_trigger(arena, object, version->trigger);
	tn_value_set(arena, object, "build", save_build(arena, &version->build));
	tn_value_set_int(arena, object, "built", version->built_at);
	tn_value_set_int(arena, object, "built_updated", version->built_updated_at);
	tn_value_set_int(arena, object, "visible", version->visible_at);
	return object;
}

static void
save_history(struct tn_arena *arena, struct tn_value *object,
    const struct tn_sim_history *history)
{
	struct tn_value *array = tn_value_array(arena);

	for (size_t i = 0; i < history->n; i++)
		tn_value_push(arena, array, save_version(arena, history->versions[i]));
	tn_value_set(arena, object, "versions", array);
	tn_value_set_int(arena, object, "last_number", history->last_number);
}

static struct tn_value *
save_integration(struct tn_arena *arena, const struct tn_sim_integration *integration)
{
	struct tn_value *object = tn_value_object(arena);

	tn_value_set_text(arena, object, "id", integration->id);
	tn_value_set_text(arena, object, "catalog_id", integration->catalog_id);
	tn_value_set_text(arena, object, "partner_id", integration->partner_id);
	tn_value_set_text(arena, object, "version_id", integration->version_id);
	return object;
}

static struct tn_value *
save_action(struct tn_arena *arena, const struct tn_sim_action *action)
{
	struct tn_value *object = tn_value_object(arena);

	tn_value_set_text(arena, object, "id", action->id);
	tn_value_set_text(arena, object, "name", action->name);
	save_trigger(arena, object, action->trigger);
	tn_value_set_int(arena, object, "created", action->created_at);
	tn_value_set_int(arena, object, "entity", action->entity_at);
	tn_value_set_int(arena, object, "updated", action->draft_at);
	tn_value_set_int(arena, object, "updated_when_built", action->draft_built_at);
	tn_value_set(arena, object, "build", save_build(arena, &action->build));
	if (action->draft != NULL)
		tn_value_set(arena, object, "draft",
		    save_content(arena, &action->draft->content));
	if (action->integration != NULL)
		tn_value_set(arena, object, "integration",
		    save_integration(arena, action->integration));
	save_history(arena, object, &action->history);
	return object;
}

static struct tn_value *
save_module(struct tn_arena *arena, const struct tn_sim_module *module)
{
	struct tn_value *object = tn_value_object(arena);

	tn_value_set_text(arena, object, "id", module->id);
	tn_value_set_text(arena, object, "name", module->name);
	tn_value_set_int(arena, object, "created", module->created_at);
	tn_value_set_int(arena, object, "updated", module->updated_at);
	tn_value_set(arena, object, "draft",
	    save_content(arena, &module->draft->content));
	save_history(arena, object, &module->history);
	return object;
}

static struct tn_value *
save_flow(struct tn_arena *arena, const struct tn_sim_flow *flow)
{
	struct tn_value *object = tn_value_object(arena);
	struct tn_value *array = tn_value_array(arena);

	for (size_t i = 0; i < flow->n_bindings; i++) {
		const struct tn_sim_binding *binding = &flow->bindings[i];
		struct tn_value *item = tn_value_object(arena);

		tn_value_set_text(arena, item, "id", binding->id);
		tn_value_set_text(arena, item, "action", binding->action_id);
		tn_value_set_text(arena, item, "display_name", binding->display_name);
		tn_value_set_int(arena, item, "created", binding->created_at);
		tn_value_push(arena, array, item);
	}
	tn_value_set_text(arena, object, "trigger", flow->trigger);
	tn_value_set(arena, object, "bindings", array);
	return object;
}

static struct tn_value *
save_execution(struct tn_arena *arena, const struct tn_sim_execution *execution)
{
	struct tn_value *object = tn_value_object(arena);
	struct tn_value *array = tn_value_array(arena);

	for (size_t i = 0; i < execution->n_results; i++) {
		const struct tn_sim_result *result = &execution->results[i];
		struct tn_value *item = tn_value_object(arena);

		tn_value_set_text(arena, item, "action", result->action_name);
		tn_value_set_text(arena, item, "error", result->error);
		tn_value_set_int(arena, item, "started", result->started_at);
		tn_value_set_int(arena, item, "ended", result->ended_at);
		tn_value_push(arena, array, item);
	}
	tn_value_set_text(arena, object, "id", execution->id);
	tn_value_set_text(arena, object, "trigger", execution->trigger);
	tn_value_set_int(arena, object, "created", execution->created_at);
	tn_value_set_int(arena, object, "updated", execution->updated_at);
	tn_value_set(arena, object, "results", array);
	return object;
}

static struct tn_value *
save_rand(struct tn_arena *arena, const struct tn_rand *rand)
{
	struct tn_value *array = tn_value_array(arena);

	for (size_t i = 0; i < TN_ARRAY_LEN(rand->state); i++)
		tn_value_push(arena, array,
		    tn_value_string(arena,
			tn_arena_printf(arena, "%" PRIu64, rand->state[i])));
	return array;
}

struct tn_value *
tn_sim_save(const struct tn_sim *sim, struct tn_arena *arena)
{
	const struct tn_sim_world *world = &sim->world;
	struct tn_value *object = tn_value_object(arena);
	struct tn_value *actions = tn_value_array(arena);
	struct tn_value *modules = tn_value_array(arena);
	struct tn_value *flows = tn_value_array(arena);
	struct tn_value *executions = tn_value_array(arena);

	for (size_t i = 0; i < world->n_actions; i++)
		tn_value_push(arena, actions, save_action(arena, world->actions[i]));
	for (size_t i = 0; i < world->n_modules; i++)
		tn_value_push(arena, modules, save_module(arena, world->modules[i]));
	for (size_t i = 0; i < world->n_flows; i++)
		tn_value_push(arena, flows, save_flow(arena, &world->flows[i]));
	for (size_t i = 0; i < world->n_executions; i++)
		tn_value_push(arena, executions,
		    save_execution(arena, world->executions[i]));
	tn_value_set_int(arena, object, TN_SIM_SAVED, TN_SIM_SAVED_VERSION);
	tn_value_set_int(arena, object, "clock", sim->clock);
	tn_value_set(arena, object, "rand", save_rand(arena, &sim->rand));
	tn_value_set(arena, object, "actions", actions);
	tn_value_set(arena, object, "modules", modules);
	tn_value_set(arena, object, "flows", flows);
	tn_value_set(arena, object, "executions", executions);
	return object;
}
