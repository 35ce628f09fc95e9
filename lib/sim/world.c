#include "sim/state.h"

#include "base/mem.h"
#include <string.h>

void
tn_sim_flow_clear(struct tn_sim_flow *flow)
{
	for (size_t i = 0; i < flow->n_bindings; i++)
		tn_free(flow->bindings[i].display_name);
	tn_free(flow->bindings);
	*flow = (struct tn_sim_flow){ .trigger = flow->trigger };
}

static void
flow_copy(struct tn_sim_flow *to, const struct tn_sim_flow *from)
{
	*to = (struct tn_sim_flow){ .trigger = from->trigger };
	if (from->n_bindings == 0)
		return;
	to->bindings = tn_alloc(from->n_bindings, sizeof to->bindings[0]);
	to->n_bindings = to->cap_bindings = from->n_bindings;
	for (size_t i = 0; i < from->n_bindings; i++) {
		to->bindings[i] = from->bindings[i];
		if (from->bindings[i].display_name != NULL)
			to->bindings[i].display_name = tn_strdup(
			    from->bindings[i].display_name);
	}
}

void
tn_sim_module_free(struct tn_sim_module *module)
{
	if (module == NULL)
		return;
	tn_sim_history_done(&module->history);
	tn_sim_matter_unref(module->draft);
	tn_free(module->name);
	tn_free(module);
}

static struct tn_sim_module *
module_copy(const struct tn_sim_module *from)
{
	struct tn_sim_module *to = tn_new(struct tn_sim_module);

	*to = *from;
	to->name = tn_strdup(from->name);
	to->draft = tn_sim_matter_ref(from->draft);
	tn_sim_history_copy(&to->history, &from->history);
	return to;
}

bool
tn_sim_module_all_published(const struct tn_sim_module *module)
{
	const struct tn_sim_version *last = tn_sim_history_last(&module->history);

	return last != NULL &&
	    tn_sim_content_equal(&last->matter->content, &module->draft->content);
}

void
tn_sim_execution_unref(struct tn_sim_execution *execution)
{
	if (--execution->refs > 0)
		return;
	tn_arena_free(execution->arena);
	tn_free(execution);
}

void
tn_sim_world_done(struct tn_sim_world *world)
{
	for (size_t i = 0; i < world->n_actions; i++)
		tn_sim_action_free(world->actions[i]);
	for (size_t i = 0; i < world->n_flows; i++)
		tn_sim_flow_clear(&world->flows[i]);
	for (size_t i = 0; i < world->n_modules; i++)
		tn_sim_module_free(world->modules[i]);
	for (size_t i = 0; i < world->n_executions; i++)
		tn_sim_execution_unref(world->executions[i]);
	tn_free(world->actions);
	tn_free(world->flows);
	tn_free(world->modules);
	tn_free(world->executions);
	*world = (struct tn_sim_world){ 0 };
}

void
tn_sim_world_copy(struct tn_sim_world *to, const struct tn_sim_world *from)
{
	*to = (struct tn_sim_world){ 0 };
	for (size_t i = 0; i < from->n_actions; i++)
		tn_sim_world_add(to, tn_sim_action_copy(from->actions[i]));
	for (size_t i = 0; i < from->n_modules; i++)
		tn_sim_world_add_module(to, module_copy(from->modules[i]));
	for (size_t i = 0; i < from->n_executions; i++) {
		from->executions[i]->refs++;
		tn_sim_world_add_execution(to, from->executions[i]);
	}
	if (from->n_flows == 0)
		return;
	to->flows = tn_alloc(from->n_flows, sizeof to->flows[0]);
	to->n_flows = to->cap_flows = from->n_flows;
	for (size_t i = 0; i < from->n_flows; i++)
		flow_copy(&to->flows[i], &from->flows[i]);
}

struct tn_sim_action *
tn_sim_world_find(const struct tn_sim_world *world, const char *id)
{
	for (size_t i = 0; i < world->n_actions; i++)
		if (tn_text_equal(world->actions[i]->id, id))
			return world->actions[i];
	return NULL;
}

struct tn_sim_action *
tn_sim_world_named(const struct tn_sim_world *world, const char *name)
{
	for (size_t i = 0; i < world->n_actions; i++)
		if (tn_text_equal(world->actions[i]->name, name))
			return world->actions[i];
	return NULL;
}

void
tn_sim_world_add(struct tn_sim_world *world, struct tn_sim_action *action)
{
	world->actions = tn_grow(world->actions, world->n_actions, &world->cap_actions,
	    sizeof world->actions[0]);
	world->actions[world->n_actions++] = action;
}

void
tn_sim_world_remove(struct tn_sim_world *world, struct tn_sim_action *action)
{
	size_t i = 0;

	while (world->actions[i] != action)
		i++;
	memmove(&world->actions[i], &world->actions[i + 1],
	    (world->n_actions - i - 1) * sizeof world->actions[0]);
	world->n_actions--;
	tn_sim_action_free(action);
}

struct tn_sim_flow *
tn_sim_world_flow(const struct tn_sim_world *world, const char *trigger)
{
	for (size_t i = 0; i < world->n_flows; i++)
		if (tn_text_equal(world->flows[i].trigger, trigger))
			return &world->flows[i];
	return NULL;
}

struct tn_sim_flow *
tn_sim_world_need_flow(struct tn_sim_world *world, const char *trigger)
{
	struct tn_sim_flow *flow = tn_sim_world_flow(world, trigger);

	if (flow != NULL)
		return flow;
	world->flows = tn_grow(world->flows, world->n_flows, &world->cap_flows,
	    sizeof world->flows[0]);
	flow = &world->flows[world->n_flows++];
	*flow = (struct tn_sim_flow){ .trigger = trigger };
	return flow;
}

bool
tn_sim_world_is_bound(const struct tn_sim_world *world, const char *action_id)
{
	for (size_t i = 0; i < world->n_flows; i++)
		for (size_t k = 0; k < world->flows[i].n_bindings; k++)
			if (tn_text_equal(world->flows[i].bindings[k].action_id,
				action_id))
				return true;
	return false;
}

static void
flow_unbind(struct tn_sim_flow *flow, const char *action_id)
{
	size_t kept = 0;

	for (size_t i = 0; i < flow->n_bindings; i++) {
		if (tn_text_equal(flow->bindings[i].action_id, action_id))
			tn_free(flow->bindings[i].display_name);
		else
			flow->bindings[kept++] = flow->bindings[i];
	}
	flow->n_bindings = kept;
}

void
tn_sim_world_unbind(struct tn_sim_world *world, const char *action_id)
{
	for (size_t i = 0; i < world->n_flows; i++)
		flow_unbind(&world->flows[i], action_id);
}

struct tn_sim_module *
tn_sim_world_module(const struct tn_sim_world *world, const char *id)
{
	for (size_t i = 0; i < world->n_modules; i++)
		if (tn_text_equal(world->modules[i]->id, id))
			return world->modules[i];
	return NULL;
}

struct tn_sim_module *
tn_sim_world_module_named(const struct tn_sim_world *world, const char *name)
{
	for (size_t i = 0; i < world->n_modules; i++)
		if (tn_text_equal(world->modules[i]->name, name))
			return world->modules[i];
	return NULL;
}

void
tn_sim_world_add_module(struct tn_sim_world *world, struct tn_sim_module *module)
{
	world->modules = tn_grow(world->modules, world->n_modules, &world->cap_modules,
	    sizeof world->modules[0]);
	world->modules[world->n_modules++] = module;
}

void
tn_sim_world_remove_module(struct tn_sim_world *world, struct tn_sim_module *module)
{
	size_t i = 0;

	while (world->modules[i] != module)
		i++;
	memmove(&world->modules[i], &world->modules[i + 1],
	    (world->n_modules - i - 1) * sizeof world->modules[0]);
	world->n_modules--;
	tn_sim_module_free(module);
}

void
tn_sim_world_add_execution(struct tn_sim_world *world, struct tn_sim_execution *execution)
{
	if (world->n_executions == TN_SIM_LIMIT_EXECUTIONS) {
		tn_sim_execution_unref(world->executions[0]);
		memmove(world->executions, world->executions + 1,
		    --world->n_executions * sizeof world->executions[0]);
	}
	world->executions = tn_grow(world->executions, world->n_executions,
	    &world->cap_executions, sizeof world->executions[0]);
	world->executions[world->n_executions++] = execution;
}
