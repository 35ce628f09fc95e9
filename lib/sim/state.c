#include "sim/state.h"

#include "base/mem.h"
#include <string.h>

struct tn_sim_matter *
tn_sim_matter_new(void)
{
	struct tn_sim_matter *matter = tn_new(struct tn_sim_matter);

	matter->refs = 1;
	matter->arena = tn_arena_new();
	return matter;
}

struct tn_sim_matter *
tn_sim_matter_ref(struct tn_sim_matter *matter)
{
	if (matter != NULL)
		matter->refs++;
	return matter;
}

void
tn_sim_matter_unref(struct tn_sim_matter *matter)
{
	if (matter == NULL || --matter->refs > 0)
		return;
	tn_arena_free(matter->arena);
	tn_free(matter);
}

const struct tn_sim_secret *
tn_sim_secret_find(const struct tn_sim_content *content, const char *name)
{
	for (size_t i = 0; i < content->n_secrets; i++)
		if (tn_text_equal(content->secrets[i].name, name))
			return &content->secrets[i];
	return NULL;
}

static bool
has_dependency(const struct tn_sim_content *content,
    const struct tn_sim_dependency *wanted)
{
	for (size_t i = 0; i < content->n_dependencies; i++)
		if (tn_text_equal(content->dependencies[i].name, wanted->name) &&
		    tn_text_equal(content->dependencies[i].version, wanted->version))
			return true;
	return false;
}

static bool
has_secret(const struct tn_sim_content *content, const struct tn_sim_secret *wanted)
{
	const struct tn_sim_secret *secret = tn_sim_secret_find(content, wanted->name);

	return secret != NULL && secret->updated_at == wanted->updated_at &&
	    tn_text_equal(secret->sha256, wanted->sha256);
}

/* Names are unique in each list: equal counts and one inclusion make equal sets. */
bool
tn_sim_content_equal(const struct tn_sim_content *a, const struct tn_sim_content *b)
{
	if (a == b)
		return true;
	if (a->n_dependencies != b->n_dependencies || a->n_secrets != b->n_secrets ||
	    !tn_text_equal(a->runtime, b->runtime) || !tn_text_equal(a->code, b->code))
		return false;
	for (size_t i = 0; i < a->n_dependencies; i++)
		if (!has_dependency(b, &a->dependencies[i]))
			return false;
	for (size_t i = 0; i < a->n_secrets; i++)
		if (!has_secret(b, &a->secrets[i]))
			return false;
	return true;
}

/* A builder is found soon: reads a moment after the write show "building" already. */
static int64_t
pending_time(const struct tn_sim_build *build)
{
	int64_t tenth = build->length / 10;

	return tenth < 100 * TN_MSEC ? tenth : 100 * TN_MSEC;
}

/* An attempt takes `length`; between two of them the platform waits twice as long. */
enum tn_sim_status
tn_sim_build_status(const struct tn_sim_build *build, int64_t at)
{
	int64_t age = at - build->started;
	int64_t cycle = 3 * build->length;
	int64_t end = build->length;

	if (build->plain || !build->fails) {
		if (age >= end)
			return build->fails ? TN_SIM_FAILED : TN_SIM_BUILT;
		return build->plain || age < pending_time(build) ? TN_SIM_PENDING
								 : TN_SIM_BUILDING;
	}
	if (build->attempts > 1)
		end += cycle * (build->attempts - 1);
	if (age >= end)
		return TN_SIM_FAILED;
	if (age < pending_time(build))
		return TN_SIM_PENDING;
	return age % cycle < build->length ? TN_SIM_BUILDING : TN_SIM_RETRYING;
}

struct tn_sim_version *
tn_sim_version_ref(struct tn_sim_version *version)
{
	version->refs++;
	return version;
}

void
tn_sim_version_unref(struct tn_sim_version *version)
{
	if (version == NULL || --version->refs > 0)
		return;
	tn_sim_matter_unref(version->matter);
	tn_free(version);
}

const struct tn_sim_version *
tn_sim_action_live(const struct tn_sim_action *action, int64_t at)
{
	for (size_t i = action->n_versions; i > 0; i--)
		if (action->versions[i - 1]->visible_at <= at)
			return action->versions[i - 1];
	return NULL;
}

bool
tn_sim_action_runs(const struct tn_sim_action *action, int64_t at)
{
	const struct tn_sim_version *live = tn_sim_action_live(action, at);

	if (action->integration != NULL)
		return true;
	return live != NULL && tn_sim_build_status(&live->build, at) == TN_SIM_BUILT;
}

enum tn_sim_status
tn_sim_action_status(const struct tn_sim_action *action, int64_t at)
{
	return tn_sim_build_status(&action->build, at);
}

int64_t
tn_sim_action_updated_at(const struct tn_sim_action *action, int64_t at)
{
	if (action->draft_built_at != 0 &&
	    tn_sim_action_status(action, at) == TN_SIM_BUILT)
		return action->draft_built_at;
	return action->draft_at;
}

bool
tn_sim_action_all_deployed(const struct tn_sim_action *action, int64_t at)
{
	const struct tn_sim_version *live = tn_sim_action_live(action, at);

	return live != NULL && action->draft != NULL &&
	    tn_sim_content_equal(&live->matter->content, &action->draft->content);
}

static void
drop_oldest(struct tn_sim_action *action, int64_t at)
{
	size_t i = action->versions[0] == tn_sim_action_live(action, at) ? 1 : 0;

	tn_sim_version_unref(action->versions[i]);
	memmove(&action->versions[i], &action->versions[i + 1],
	    (action->n_versions - i - 1) * sizeof action->versions[0]);
	action->n_versions--;
}

void
tn_sim_action_push(struct tn_sim_action *action, struct tn_sim_version *version,
    int64_t at)
{
	action->versions = tn_grow(action->versions, action->n_versions,
	    &action->cap_versions, sizeof action->versions[0]);
	action->versions[action->n_versions++] = version;
	if (action->n_versions > TN_SIM_LIMIT_VERSIONS)
		drop_oldest(action, at);
}

const struct tn_sim_version *
tn_sim_action_version(const struct tn_sim_action *action, const char *id)
{
	for (size_t i = 0; i < action->n_versions; i++)
		if (tn_text_equal(action->versions[i]->id, id))
			return action->versions[i];
	return NULL;
}

void
tn_sim_action_free(struct tn_sim_action *action)
{
	if (action == NULL)
		return;
	for (size_t i = 0; i < action->n_versions; i++)
		tn_sim_version_unref(action->versions[i]);
	tn_free(action->versions);
	tn_sim_matter_unref(action->draft);
	tn_free(action->integration);
	tn_free(action->name);
	tn_free(action);
}

static struct tn_sim_action *
action_copy(const struct tn_sim_action *from)
{
	struct tn_sim_action *to = tn_new(struct tn_sim_action);

	*to = *from;
	to->name = tn_strdup(from->name);
	to->draft = tn_sim_matter_ref(from->draft);
	to->cap_versions = from->n_versions;
	to->versions = from->n_versions == 0
	    ? NULL
	    : tn_alloc(from->n_versions, sizeof to->versions[0]);
	for (size_t i = 0; i < from->n_versions; i++)
		to->versions[i] = tn_sim_version_ref(from->versions[i]);
	if (from->integration != NULL) {
		to->integration = tn_new(struct tn_sim_integration);
		*to->integration = *from->integration;
	}
	return to;
}

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
tn_sim_world_done(struct tn_sim_world *world)
{
	for (size_t i = 0; i < world->n_actions; i++)
		tn_sim_action_free(world->actions[i]);
	for (size_t i = 0; i < world->n_flows; i++)
		tn_sim_flow_clear(&world->flows[i]);
	tn_free(world->actions);
	tn_free(world->flows);
	*world = (struct tn_sim_world){ 0 };
}

void
tn_sim_world_copy(struct tn_sim_world *to, const struct tn_sim_world *from)
{
	*to = (struct tn_sim_world){ 0 };
	for (size_t i = 0; i < from->n_actions; i++)
		tn_sim_world_add(to, action_copy(from->actions[i]));
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
