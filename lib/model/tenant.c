#include "model/tenant.h"

#include <string.h>

struct tn_live *
tn_live_new(void)
{
	struct tn_arena *arena = tn_arena_new();
	struct tn_live *live = tn_arena_new_object(arena, struct tn_live);

	live->arena = arena;
	return live;
}

void
tn_live_free(struct tn_live *live)
{
	if (live != NULL)
		tn_arena_free(live->arena);
}

const struct tn_live_action *
tn_live_by_name(const struct tn_live *live, const char *name)
{
	for (size_t i = 0; i < live->n_actions; i++) {
		if (tn_text_equal(live->actions[i].name, name))
			return &live->actions[i];
	}
	return NULL;
}

const struct tn_live_action *
tn_live_by_id(const struct tn_live *live, const char *id)
{
	for (size_t i = 0; i < live->n_actions; i++) {
		if (tn_text_equal(live->actions[i].id, id))
			return &live->actions[i];
	}
	return NULL;
}

static const char *const *
copy_texts(struct tn_arena *arena, const char *const *texts, size_t n)
{
	const char **copy = tn_arena_array(arena, n, const char *);

	for (size_t i = 0; i < n; i++)
		copy[i] = tn_arena_text(arena, texts[i]);
	return copy;
}

void
tn_live_take_triggers(struct tn_live *live, const struct tn_live *from)
{
	struct tn_trigger_info *triggers = tn_arena_array(live->arena, from->n_triggers,
	    struct tn_trigger_info);

	for (size_t i = 0; i < from->n_triggers; i++) {
		const struct tn_trigger_info *info = &from->triggers[i];

		triggers[i] = *info;
		triggers[i].trigger.id = tn_arena_text(live->arena, info->trigger.id);
		triggers[i].trigger.version = tn_arena_text(live->arena,
		    info->trigger.version);
		triggers[i].runtimes = copy_texts(live->arena, info->runtimes,
		    info->n_runtimes);
	}
	live->triggers = triggers;
	live->n_triggers = from->n_triggers;
	live->has_triggers = from->has_triggers;
}

void
tn_live_take_flows(struct tn_live *live, const struct tn_live *from)
{
	struct tn_flow *flows = tn_arena_array(live->arena, live->n_flows + from->n_flows,
	    struct tn_flow);
	size_t n = 0;

	for (; n < live->n_flows; n++)
		flows[n] = live->flows[n];
	for (size_t i = 0; i < from->n_flows; i++)
		tn_flow_copy(live->arena, &flows[n++], &from->flows[i]);
	live->flows = flows;
	live->n_flows = n;
}

const struct tn_flow *
tn_live_flow(const struct tn_live *live, const char *trigger)
{
	for (size_t i = 0; i < live->n_flows; i++) {
		if (tn_text_equal(live->flows[i].trigger, trigger))
			return &live->flows[i];
	}
	return NULL;
}

const struct tn_live_module *
tn_live_module(const struct tn_live *live, const char *name)
{
	for (size_t i = 0; i < live->n_modules; i++) {
		if (tn_text_equal(live->modules[i].name, name))
			return &live->modules[i];
	}
	return NULL;
}

static struct tn_live_module *
module_by_id(const struct tn_live *live, const char *id)
{
	for (size_t i = 0; i < live->n_modules; i++) {
		if (tn_text_equal(live->modules[i].id, id))
			return &live->modules[i];
	}
	return NULL;
}

const struct tn_live_module *
tn_live_module_by_id(const struct tn_live *live, const char *id)
{
	return module_by_id(live, id);
}

void
tn_live_take_modules(struct tn_live *live, const struct tn_live *from)
{
	for (size_t i = 0; i < from->n_modules; i++) {
		const struct tn_live_module *other = &from->modules[i];
		struct tn_live_module *module = module_by_id(live, other->id);
		struct tn_live_module both;

		if (module == NULL)
			continue;
		both = other->has_versions ? *module : *other;
		both.has_versions = module->has_versions || other->has_versions;
		both.versions = (other->has_versions ? other : module)->versions;
		both.n_versions = (other->has_versions ? other : module)->n_versions;
		tn_live_module_copy(live->arena, module, &both);
	}
}

struct tn_known *
tn_known_new(void)
{
	struct tn_arena *arena = tn_arena_new();
	struct tn_known *known = tn_arena_new_object(arena, struct tn_known);

	known->arena = arena;
	return known;
}

void
tn_known_free(struct tn_known *known)
{
	if (known != NULL)
		tn_arena_free(known->arena);
}

static bool
has_id(const struct tn_owned *owned, size_t n, const char *id)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(owned[i].id, id) == 0)
			return true;
	}
	return false;
}

bool
tn_known_owns(const struct tn_known *known, const char *id)
{
	return has_id(known->owned, known->n_owned, id) ||
	    has_id(known->modules, known->n_modules, id);
}

bool
tn_known_other(const struct tn_known *known, const char *id)
{
	return has_id(known->others, known->n_others, id) ||
	    has_id(known->other_modules, known->n_other_modules, id);
}

bool
tn_known_wrote(const struct tn_known *known, const char *id, const char *updated_at)
{
	for (size_t i = 0; i < known->n_drafts; i++)
		if (tn_text_equal(known->drafts[i].action_id, id))
			return updated_at != NULL &&
			    tn_text_equal(known->drafts[i].updated_at, updated_at);
	return false;
}

const struct tn_known_secret *
tn_known_secret(const struct tn_known *known, const char *action_id, const char *name)
{
	for (size_t i = 0; i < known->n_secrets; i++) {
		const struct tn_known_secret *secret = &known->secrets[i];

		if (strcmp(secret->action_id, action_id) == 0 &&
		    strcmp(secret->name, name) == 0)
			return secret;
	}
	return NULL;
}
