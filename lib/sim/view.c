#include "sim/view.h"

#include "sim/core.h"

size_t
tn_sim_view_actions(const struct tn_sim *sim)
{
	return sim->world.n_actions;
}

static void
fill_version(const struct tn_sim_action *action, const struct tn_sim_version *version,
    int64_t at, struct tn_sim_version_view *out)
{
	*out = (struct tn_sim_version_view){
		.id = version->id,
		.number = version->number,
		.content = version->matter->content,
		.status = tn_sim_status_name(tn_sim_build_status(&version->build, at)),
		.created_at = version->created_at,
		.visible_at = version->visible_at,
		.live = version == tn_sim_action_live(action, at),
	};
}

static void
fill_action(const struct tn_sim_action *action, int64_t at,
    struct tn_sim_action_view *out)
{
	const struct tn_sim_version *live = tn_sim_action_live(action, at);

	*out = (struct tn_sim_action_view){
		.id = action->id,
		.name = action->name,
		.trigger = action->trigger->id,
		.trigger_version = action->trigger->version,
		.installed = action->integration != NULL,
		.created_at = action->created_at,
		.updated_at = tn_sim_action_updated_at(action, at),
		.status = tn_sim_status_name(tn_sim_action_status(action, at)),
		.deployed = live != NULL,
		.all_changes_deployed = tn_sim_action_all_deployed(action, at),
		.n_versions = action->history.n,
	};
	if (action->draft != NULL)
		out->draft = action->draft->content;
	if (live != NULL)
		fill_version(action, live, at, &out->live);
}

void
tn_sim_view_action(const struct tn_sim *sim, size_t i, int64_t unix_ns,
    struct tn_sim_action_view *out)
{
	fill_action(sim->world.actions[i], unix_ns, out);
}

bool
tn_sim_view_by_name(const struct tn_sim *sim, const char *name, int64_t unix_ns,
    struct tn_sim_action_view *out)
{
	const struct tn_sim_action *action = tn_sim_world_named(&sim->world, name);

	if (action == NULL)
		return false;
	fill_action(action, unix_ns, out);
	return true;
}

bool
tn_sim_view_by_id(const struct tn_sim *sim, const char *id, int64_t unix_ns,
    struct tn_sim_action_view *out)
{
	const struct tn_sim_action *action = tn_sim_world_find(&sim->world, id);

	if (action == NULL)
		return false;
	fill_action(action, unix_ns, out);
	return true;
}

bool
tn_sim_view_version(const struct tn_sim *sim, const char *action_id, size_t k,
    int64_t unix_ns, struct tn_sim_version_view *out)
{
	const struct tn_sim_action *action = tn_sim_world_find(&sim->world, action_id);

	if (action == NULL || k >= action->history.n)
		return false;
	fill_version(action, action->history.versions[k], unix_ns, out);
	return true;
}

static void
fill_module_version(const struct tn_sim_module *module,
    const struct tn_sim_version *version, struct tn_sim_version_view *out)
{
	*out = (struct tn_sim_version_view){
		.id = version->id,
		.number = version->number,
		.content = version->matter->content,
		.created_at = version->created_at,
		.live = version == tn_sim_history_last(&module->history),
	};
}

bool
tn_sim_view_module(const struct tn_sim *sim, size_t i, struct tn_sim_module_view *out)
{
	const struct tn_sim_version *latest;
	const struct tn_sim_module *module;

	if (i >= sim->world.n_modules)
		return false;
	module = sim->world.modules[i];
	latest = tn_sim_history_last(&module->history);
	*out = (struct tn_sim_module_view){
		.id = module->id,
		.name = module->name,
		.draft = module->draft->content,
		.published = latest != NULL,
		.all_changes_published = tn_sim_module_all_published(module),
		.n_versions = module->history.n,
	};
	if (latest != NULL)
		fill_module_version(module, latest, &out->latest);
	return true;
}

bool
tn_sim_view_module_version(const struct tn_sim *sim, const char *module_id,
    const char *version_id, struct tn_sim_version_view *out)
{
	const struct tn_sim_module *module = tn_sim_world_module(&sim->world, module_id);
	const struct tn_sim_version *version = module == NULL
	    ? NULL
	    : tn_sim_history_find(&module->history, version_id);

	if (version == NULL)
		return false;
	fill_module_version(module, version, out);
	return true;
}

size_t
tn_sim_view_flows(const struct tn_sim *sim)
{
	return sim->world.n_flows;
}

const char *
tn_sim_view_flow(const struct tn_sim *sim, size_t i)
{
	return sim->world.flows[i].trigger;
}

size_t
tn_sim_view_bindings(const struct tn_sim *sim, const char *trigger)
{
	const struct tn_sim_flow *flow = tn_sim_world_flow(&sim->world, trigger);

	return flow == NULL ? 0 : flow->n_bindings;
}

bool
tn_sim_view_binding(const struct tn_sim *sim, const char *trigger, size_t i,
    struct tn_sim_binding_view *out)
{
	const struct tn_sim_flow *flow = tn_sim_world_flow(&sim->world, trigger);

	if (flow == NULL || i >= flow->n_bindings)
		return false;
	*out = (struct tn_sim_binding_view){
		.id = flow->bindings[i].id,
		.action_id = flow->bindings[i].action_id,
		.display_name = flow->bindings[i].display_name,
		.created_at = flow->bindings[i].created_at,
	};
	return true;
}
