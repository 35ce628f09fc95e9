#include "sim/sim.h"

#include "sim/core.h"

static struct tn_value *
dump_secrets(struct tn_arena *arena, const struct tn_sim_content *content)
{
	struct tn_value *array = tn_value_array(arena);

	for (size_t i = 0; i < content->n_secrets; i++) {
		struct tn_value *item = tn_value_object(arena);

		tn_value_set_text(arena, item, "name", content->secrets[i].name);
		tn_value_set_text(arena, item, "sha256", content->secrets[i].sha256);
		tn_sim_show_time(arena, item, "updated_at",
		    content->secrets[i].updated_at);
		tn_value_push(arena, array, item);
	}
	return array;
}

static struct tn_value *
dump_refs(struct tn_arena *arena, const struct tn_sim_content *content)
{
	struct tn_value *array = tn_value_array(arena);

	for (size_t i = 0; i < content->n_modules; i++) {
		struct tn_value *item = tn_value_object(arena);

		tn_value_set_text(arena, item, "name", content->modules[i].module_name);
		tn_value_set_int(arena, item, "number",
		    content->modules[i].version_number);
		tn_value_push(arena, array, item);
	}
	return array;
}

static void
dump_content(struct tn_arena *arena, struct tn_value *object,
    const struct tn_sim_content *content)
{
	tn_value_set_text(arena, object, "code", content->code);
	tn_value_set_text(arena, object, "runtime", content->runtime);
	tn_value_set(arena, object, "dependencies",
	    tn_sim_show_dependencies(arena, content, true));
	tn_value_set(arena, object, "secrets", dump_secrets(arena, content));
	tn_value_set(arena, object, "modules", dump_refs(arena, content));
}

static struct tn_value *
dump_version(struct tn_arena *arena, const struct tn_sim_action *action,
    const struct tn_sim_version *version, int64_t at)
{
	struct tn_value *object = tn_value_object(arena);

	tn_value_set_text(arena, object, "id", version->id);
	tn_value_set_int(arena, object, "number", version->number);
	tn_value_set_bool(arena, object, "live",
	    version == tn_sim_action_live(action, at));
	tn_value_set_text(arena, object, "status",
	    tn_sim_status_name(tn_sim_build_status(&version->build, at)));
	tn_sim_show_time(arena, object, "created_at", version->created_at);
	tn_sim_show_time(arena, object, "visible_at", version->visible_at);
	dump_content(arena, object, &version->matter->content);
	return object;
}

static struct tn_value *
dump_action(struct tn_arena *arena, const struct tn_sim_action *action, int64_t at)
{
	struct tn_value *object = tn_value_object(arena);
	struct tn_value *versions = tn_value_array(arena);
	struct tn_value *draft = tn_value_object(arena);

	tn_value_set_text(arena, object, "id", action->id);
	tn_value_set_text(arena, object, "name", action->name);
	tn_value_set_text(arena, object, "trigger", action->trigger->id);
	tn_value_set_text(arena, object, "trigger_version", action->trigger->version);
	tn_value_set_bool(arena, object, "installed", action->integration != NULL);
	tn_sim_show_time(arena, object, "created_at", action->created_at);
	tn_sim_show_time(arena, object, "entity_updated_at", action->entity_at);
	if (action->draft != NULL) {
		tn_value_set_text(arena, draft, "status",
		    tn_sim_status_name(tn_sim_action_status(action, at)));
		tn_sim_show_time(arena, draft, "updated_at",
		    tn_sim_action_updated_at(action, at));
		dump_content(arena, draft, &action->draft->content);
		tn_value_set(arena, object, "draft", draft);
	}
	for (size_t i = 0; i < action->history.n; i++)
		tn_value_push(arena, versions,
		    dump_version(arena, action, action->history.versions[i], at));
	tn_value_set(arena, object, "versions", versions);
	tn_value_set_bool(arena, object, "all_changes_deployed",
	    tn_sim_action_all_deployed(action, at));
	return object;
}

static struct tn_value *
dump_module(struct tn_arena *arena, const struct tn_sim_module *module)
{
	struct tn_value *object = tn_value_object(arena);
	struct tn_value *draft = tn_value_object(arena);
	struct tn_value *versions = tn_value_array(arena);

	tn_value_set_text(arena, object, "id", module->id);
	tn_value_set_text(arena, object, "name", module->name);
	dump_content(arena, draft, &module->draft->content);
	tn_value_set(arena, object, "draft", draft);
	for (size_t i = 0; i < module->history.n; i++) {
		const struct tn_sim_version *version = module->history.versions[i];
		struct tn_value *item = tn_value_object(arena);

		tn_value_set_text(arena, item, "id", version->id);
		tn_value_set_int(arena, item, "number", version->number);
		dump_content(arena, item, &version->matter->content);
		tn_value_push(arena, versions, item);
	}
	tn_value_set(arena, object, "versions", versions);
	return object;
}

static struct tn_value *
dump_flow(struct tn_arena *arena, const struct tn_sim_flow *flow)
{
	struct tn_value *array = tn_value_array(arena);

	for (size_t i = 0; i < flow->n_bindings; i++) {
		const struct tn_sim_binding *binding = &flow->bindings[i];
		struct tn_value *item = tn_value_object(arena);

		tn_value_set_text(arena, item, "id", binding->id);
		tn_value_set_text(arena, item, "action_id", binding->action_id);
		tn_value_set_text(arena, item, "display_name", binding->display_name);
		tn_sim_show_time(arena, item, "created_at", binding->created_at);
		tn_value_push(arena, array, item);
	}
	return array;
}

static struct tn_value *
dump_fault(struct tn_arena *arena, const struct tn_sim_fault *fault)
{
	struct tn_value *object = tn_value_object(arena);

	tn_value_set_int(arena, object, "id", (int64_t)fault->id);
	tn_value_set_text(arena, object, "method", fault->method);
	tn_value_set_text(arena, object, "path", fault->path);
	if (fault->nth != 0)
		tn_value_set_int(arena, object, "nth", (int64_t)fault->nth);
	tn_value_set_text(arena, object, "do", tn_sim_do_name(fault->what));
	tn_value_set_text(arena, object, "when", fault->before ? "before" : "after");
	if (fault->status != 0)
		tn_value_set_int(arena, object, "status", fault->status);
	if (fault->ns != 0)
		tn_value_set_int(arena, object, "ms", fault->ns / TN_MSEC);
	tn_value_set_int(arena, object, "hits", (int64_t)fault->hits);
	return object;
}

struct tn_value *
tn_sim_state_json(const struct tn_sim *sim, int64_t unix_ns, struct tn_arena *arena)
{
	struct tn_value *object = tn_value_object(arena);
	struct tn_value *actions = tn_value_array(arena);
	struct tn_value *bindings = tn_value_object(arena);
	struct tn_value *modules = tn_value_array(arena);
	struct tn_value *faults = tn_value_array(arena);

	for (size_t i = 0; i < sim->world.n_actions; i++)
		tn_value_push(arena, actions,
		    dump_action(arena, sim->world.actions[i], unix_ns));
	for (size_t i = 0; i < sim->world.n_flows; i++)
		tn_value_set(arena, bindings, sim->world.flows[i].trigger,
		    dump_flow(arena, &sim->world.flows[i]));
	for (size_t i = 0; i < sim->n_faults; i++)
		tn_value_push(arena, faults, dump_fault(arena, &sim->faults[i]));
	tn_value_set(arena, object, "actions", actions);
	for (size_t i = 0; i < sim->world.n_modules; i++)
		tn_value_push(arena, modules, dump_module(arena, sim->world.modules[i]));
	tn_value_set(arena, object, "bindings", bindings);
	tn_value_set(arena, object, "modules", modules);
	tn_value_set(arena, object, "faults", faults);
	return object;
}
