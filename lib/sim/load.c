#include "sim/sim.h"

#include "base/mem.h"
#include "sim/core.h"
#include "sim/save.h"
#include <limits.h>
#include <string.h>

/*
 * Reading what save.c wrote, from a file that anybody may have changed: each value is
 * looked at, and the first that is wrong ends it. Getters give something harmless then,
 * so that `bad` is asked once for each object.
 */
struct load {
	struct tn_sim_world world;
	struct tn_error *err;
	bool bad;
};

static void
complain(struct load *load, const char *key, const char *what)
{
	if (!load->bad)
		tn_error_set(load->err, TN_E_INPUT, "\"%s\" is not %s", key, what);
	load->bad = true;
}

static const char *
get_text(struct load *load, const struct tn_value *object, const char *key)
{
	const char *text = tn_value_get_text(object, key);

	if (text == NULL)
		complain(load, key, "a text");
	return text == NULL ? "" : text;
}

static int64_t
get_int(struct load *load, const struct tn_value *object, const char *key, int64_t max)
{
	int64_t number = 0;

	if (!tn_value_to_int(tn_value_get(object, key), &number) || number < 0 ||
	    number > max) {
		complain(load, key, "a number that fits here");
		return 0;
	}
	return number;
}

/* Far enough from the end that sums of times do not overflow. */
static int64_t
get_time(struct load *load, const struct tn_value *object, const char *key)
{
	return get_int(load, object, key, INT64_MAX / 4);
}

static const struct tn_value *
get_array(struct load *load, const struct tn_value *object, const char *key)
{
	const struct tn_value *array = tn_value_get(object, key);

	if (!tn_value_is(array, TN_VALUE_ARRAY))
		complain(load, key, "an array");
	return tn_value_is(array, TN_VALUE_ARRAY) ? array : NULL;
}

static void
get_uuid(struct load *load, const struct tn_value *object, const char *key,
    char out[TN_UUID_SIZE])
{
	const char *text = get_text(load, object, key);

	if (tn_sim_is_uuid(text))
		memcpy(out, text, TN_UUID_SIZE);
	else
		complain(load, key, "an id");
}

static const struct tn_sim_trigger *
get_trigger(struct load *load, const struct tn_value *object)
{
	const struct tn_sim_trigger *trigger =
	    tn_sim_trigger_find(get_text(load, object, "trigger"),
		get_text(load, object, "trigger_version"));

	if (trigger == NULL)
		complain(load, "trigger", "one that there is");
	return trigger == NULL ? &tn_sim_triggers[0] : trigger;
}

/* --- content --- */

static void
load_dependencies(struct load *load, const struct tn_value *object,
    struct tn_sim_matter *matter)
{
	const struct tn_value *array = get_array(load, object, "dependencies");
	size_t n = tn_value_count(array);
	struct tn_sim_dependency *list = tn_arena_array(matter->arena, n + 1,
	    struct tn_sim_dependency);

	for (size_t i = 0; i < n; i++) {
		const struct tn_value *item = tn_value_at(array, i);

		list[i].name = tn_arena_text(matter->arena, get_text(load, item, "name"));
		list[i].version = tn_arena_text(matter->arena,
		    get_text(load, item, "version"));
		list[i].registry_url = tn_arena_text(matter->arena,
		    tn_value_get_text(item, "registry_url"));
	}
	matter->content.dependencies = list;
	matter->content.n_dependencies = n;
}

static void
load_secrets(struct load *load, const struct tn_value *object,
    struct tn_sim_matter *matter)
{
	const struct tn_value *array = get_array(load, object, "secrets");
	size_t n = tn_value_count(array);
	struct tn_sim_secret *list = tn_arena_array(matter->arena, n + 1,
	    struct tn_sim_secret);

	for (size_t i = 0; i < n; i++) {
		const struct tn_value *item = tn_value_at(array, i);

		list[i].name = tn_arena_text(matter->arena, get_text(load, item, "name"));
		list[i].sha256 = tn_arena_text(matter->arena,
		    get_text(load, item, "sha256"));
		list[i].updated_at = get_time(load, item, "updated");
	}
	matter->content.secrets = list;
	matter->content.n_secrets = n;
}

static void
load_refs(struct load *load, const struct tn_value *object, struct tn_sim_matter *matter)
{
	const struct tn_value *array = get_array(load, object, "modules");
	size_t n = tn_value_count(array);
	struct tn_sim_module_ref *list = tn_arena_array(matter->arena, n + 1,
	    struct tn_sim_module_ref);

	for (size_t i = 0; i < n; i++) {
		const struct tn_value *item = tn_value_at(array, i);

		list[i].module_id = tn_arena_text(matter->arena,
		    get_text(load, item, "id"));
		list[i].module_name = tn_arena_text(matter->arena,
		    get_text(load, item, "name"));
		list[i].version_id = tn_arena_text(matter->arena,
		    get_text(load, item, "version"));
		list[i].version_number = (unsigned)get_int(load, item, "number", INT_MAX);
	}
	matter->content.modules = list;
	matter->content.n_modules = n;
}

/* runtime: an action's, and not a module's. */
static struct tn_sim_matter *
load_content(struct load *load, const struct tn_value *object, bool runtime)
{
	struct tn_sim_matter *matter = tn_sim_matter_new();

	matter->content.code = tn_arena_text(matter->arena,
	    get_text(load, object, "code"));
	if (runtime)
		matter->content.runtime = tn_arena_text(matter->arena,
		    get_text(load, object, "runtime"));
	load_dependencies(load, object, matter);
	load_secrets(load, object, matter);
	load_refs(load, object, matter);
	return matter;
}

/* --- builds and versions --- */

/* A year of building is enough, and far from overflow. */
#define MAX_LENGTH (366 * 24 * 3600 * TN_SEC)

static void
load_build(struct load *load, const struct tn_value *object, struct tn_sim_build *out)
{
	const struct tn_value *build = tn_value_get(object, "build");

	out->started = get_time(load, build, "started");
	out->length = get_int(load, build, "length", MAX_LENGTH);
	out->packaged = get_int(load, build, "packaged", MAX_LENGTH);
	out->plain = tn_value_get_bool(build, "plain", false);
	out->fails = tn_value_get_bool(build, "fails", false);
	out->attempts = (unsigned)get_int(load, build, "attempts", 64);
}

static struct tn_sim_version *
load_version(struct load *load, const struct tn_value *object, bool of_action)
{
	struct tn_sim_version *version = tn_new(struct tn_sim_version);

	version->refs = 1;
	get_uuid(load, object, "id", version->id);
	version->number = (unsigned)get_int(load, object, "number", INT_MAX);
	version->created_at = get_time(load, object, "created");
	version->matter = load_content(load, tn_value_get(object, "content"), of_action);
	if (!of_action)
		return version;
	version->trigger = get_trigger(load, object);
	load_build(load, object, &version->build);
	version->built_at = get_time(load, object, "built");
	version->built_updated_at = get_time(load, object, "built_updated");
	version->visible_at = get_time(load, object, "visible");
	return version;
}

static void
load_history(struct load *load, const struct tn_value *object, bool of_action,
    struct tn_sim_history *out)
{
	const struct tn_value *array = get_array(load, object, "versions");

	for (size_t i = 0; i < tn_value_count(array) && !load->bad; i++)
		tn_sim_history_push(out,
		    load_version(load, tn_value_at(array, i), of_action));
	out->last_number = (unsigned)get_int(load, object, "last_number", INT_MAX);
}

/* --- what a tenant holds --- */

static void
load_integration(struct load *load, const struct tn_value *object,
    struct tn_sim_action *action)
{
	action->integration = tn_new(struct tn_sim_integration);
	get_uuid(load, object, "id", action->integration->id);
	get_uuid(load, object, "catalog_id", action->integration->catalog_id);
	get_uuid(load, object, "partner_id", action->integration->partner_id);
	get_uuid(load, object, "version_id", action->integration->version_id);
}

/* Installed, or with a draft. */
static void
load_action(struct load *load, const struct tn_value *object)
{
	struct tn_sim_action *action = tn_new(struct tn_sim_action);
	const struct tn_value *integration = tn_value_get(object, "integration");

	get_uuid(load, object, "id", action->id);
	action->name = tn_strdup(get_text(load, object, "name"));
	action->trigger = get_trigger(load, object);
	action->created_at = get_time(load, object, "created");
	action->entity_at = get_time(load, object, "entity");
	action->draft_at = get_time(load, object, "updated");
	action->draft_built_at = get_time(load, object, "updated_when_built");
	load_build(load, object, &action->build);
	if (integration != NULL)
		load_integration(load, integration, action);
	else
		action->draft = load_content(load, tn_value_get(object, "draft"), true);
	load_history(load, object, true, &action->history);
	if (tn_sim_world_find(&load->world, action->id) != NULL ||
	    tn_sim_world_named(&load->world, action->name) != NULL)
		complain(load, "actions", "a list of different ones");
	tn_sim_world_add(&load->world, action);
}

static void
load_module(struct load *load, const struct tn_value *object)
{
	struct tn_sim_module *module = tn_new(struct tn_sim_module);

	get_uuid(load, object, "id", module->id);
	module->name = tn_strdup(get_text(load, object, "name"));
	module->created_at = get_time(load, object, "created");
	module->updated_at = get_time(load, object, "updated");
	module->draft = load_content(load, tn_value_get(object, "draft"), false);
	load_history(load, object, false, &module->history);
	if (tn_sim_world_module(&load->world, module->id) != NULL ||
	    tn_sim_world_module_named(&load->world, module->name) != NULL)
		complain(load, "modules", "a list of different ones");
	tn_sim_world_add_module(&load->world, module);
}

static void
load_binding(struct load *load, const struct tn_value *object, struct tn_sim_flow *flow)
{
	const char *name = tn_value_get_text(object, "display_name");
	struct tn_sim_binding *binding;

	flow->bindings = tn_grow(flow->bindings, flow->n_bindings, &flow->cap_bindings,
	    sizeof flow->bindings[0]);
	binding = &flow->bindings[flow->n_bindings++];
	*binding = (struct tn_sim_binding){ 0 };
	get_uuid(load, object, "id", binding->id);
	get_uuid(load, object, "action", binding->action_id);
	binding->created_at = get_time(load, object, "created");
	binding->display_name = name == NULL ? NULL : tn_strdup(name);
	if (tn_sim_world_find(&load->world, binding->action_id) == NULL)
		complain(load, "action", "one that there is");
}

static void
load_flow(struct load *load, const struct tn_value *object)
{
	const struct tn_sim_trigger *trigger = tn_sim_trigger_any(
	    get_text(load, object, "trigger"));
	const struct tn_value *array = get_array(load, object, "bindings");
	struct tn_sim_flow *flow;

	if (trigger == NULL || tn_sim_world_flow(&load->world, trigger->id) != NULL) {
		complain(load, "flows", "a list of different triggers");
		return;
	}
	flow = tn_sim_world_need_flow(&load->world, trigger->id);
	for (size_t i = 0; i < tn_value_count(array) && !load->bad; i++)
		load_binding(load, tn_value_at(array, i), flow);
}

static void
load_result(struct load *load, const struct tn_value *object,
    struct tn_sim_execution *execution)
{
	struct tn_sim_result *result = &execution->results[execution->n_results++];

	result->action_name = tn_arena_text(execution->arena,
	    get_text(load, object, "action"));
	result->error = tn_arena_text(execution->arena,
	    tn_value_get_text(object, "error"));
	result->started_at = get_time(load, object, "started");
	result->ended_at = get_time(load, object, "ended");
}

static void
load_execution(struct load *load, const struct tn_value *object)
{
	const struct tn_sim_trigger *trigger = tn_sim_trigger_any(
	    get_text(load, object, "trigger"));
	const struct tn_value *array = get_array(load, object, "results");
	struct tn_sim_execution *execution;

	if (trigger == NULL) {
		complain(load, "trigger", "one that there is");
		return;
	}
	execution = tn_new(struct tn_sim_execution);
	execution->refs = 1;
	execution->arena = tn_arena_new();
	execution->id = tn_arena_text(execution->arena, get_text(load, object, "id"));
	execution->trigger = trigger->id;
	execution->created_at = get_time(load, object, "created");
	execution->updated_at = get_time(load, object, "updated");
	execution->results = tn_arena_array(execution->arena, tn_value_count(array) + 1,
	    struct tn_sim_result);
	for (size_t i = 0; i < tn_value_count(array); i++)
		load_result(load, tn_value_at(array, i), execution);
	tn_sim_world_add_execution(&load->world, execution);
}

/* --- the whole --- */

static void
load_each(struct load *load, const struct tn_value *saved, const char *key,
    void (*load_one)(struct load *load, const struct tn_value *object))
{
	const struct tn_value *array = get_array(load, saved, key);

	for (size_t i = 0; i < tn_value_count(array) && !load->bad; i++) {
		load_one(load, tn_value_at(array, i));
		if (load->bad)
			tn_error_context(load->err, "%s[%zu]", key, i);
	}
}

/* A state of zeros would give zeros for ever. */
static void
load_rand(struct load *load, const struct tn_value *saved, struct tn_rand *rand)
{
	const struct tn_value *array = get_array(load, saved, "rand");
	uint64_t all = 0;

	for (size_t i = 0; i < TN_ARRAY_LEN(rand->state); i++) {
		const char *text = tn_value_text(tn_value_at(array, i));
		uint64_t number = 0;

		for (; text != NULL && *text >= '0' && *text <= '9'; text++)
			number = number * 10 + (uint64_t)(*text - '0');
		rand->state[i] = number;
		all |= number;
	}
	if (all == 0)
		complain(load, "rand", "a list of numbers as text");
}

int
tn_sim_load(struct tn_sim *sim, const struct tn_value *saved, struct tn_error *err)
{
	struct load load = { .err = err };
	struct tn_rand rand;
	int64_t version = 0, clock;

	if (!tn_value_to_int(tn_value_get(saved, TN_SIM_SAVED), &version))
		return tn_error_set(err, TN_E_INPUT, "this is no tenant of tenon-sim");
	if (version != TN_SIM_SAVED_VERSION)
		return tn_error_set(err, TN_E_INPUT,
		    "this tenant has version %lld, and only version %d is understood",
		    (long long)version, TN_SIM_SAVED_VERSION);
	clock = get_time(&load, saved, "clock");
	load_rand(&load, saved, &rand);
	load_each(&load, saved, "actions", load_action);
	load_each(&load, saved, "modules", load_module);
	load_each(&load, saved, "flows", load_flow);
	load_each(&load, saved, "executions", load_execution);
	if (load.bad) {
		tn_sim_world_done(&load.world);
		return -TN_E_INPUT;
	}
	tn_sim_reset(sim);
	sim->world = load.world;
	sim->clock = clock;
	sim->rand = rand;
	return 0;
}
