#include "sim/core.h"

#include "base/mem.h"

static const struct tn_sim_key draft_keys[] = {
	{ "name", TN_VALUE_STRING, false },
	{ "supported_triggers", TN_VALUE_ARRAY, false },
	{ "code", TN_VALUE_STRING, false },
	{ "dependencies", TN_VALUE_ARRAY, false },
	{ "runtime", TN_VALUE_STRING, false },
	{ "secrets", TN_VALUE_ARRAY, false },
	{ "modules", TN_VALUE_ARRAY, false },
	{ 0 },
};

static const struct tn_sim_key create_keys[] = {
	{ "name", TN_VALUE_STRING, true },
	{ "supported_triggers", TN_VALUE_ARRAY, true },
	{ "code", TN_VALUE_STRING, false },
	{ "dependencies", TN_VALUE_ARRAY, false },
	{ "runtime", TN_VALUE_STRING, false },
	{ "secrets", TN_VALUE_ARRAY, false },
	{ "modules", TN_VALUE_ARRAY, false },
	{ "deploy", TN_VALUE_BOOL, false },
	{ 0 },
};

static bool
check_body(struct tn_sim_ctx *ctx, const struct tn_sim_key *keys)
{
	static const struct tn_sim_key trigger_keys[] = {
		{ "id", TN_VALUE_STRING, true },
		{ "version", TN_VALUE_STRING, false },
		{ 0 },
	};
	static const struct tn_sim_key dependency_keys[] = {
		{ "name", TN_VALUE_STRING, true },
		{ "version", TN_VALUE_STRING, true },
		{ "registry_url", TN_VALUE_STRING, false },
		{ 0 },
	};
	static const struct tn_sim_key secret_keys[] = {
		{ "name", TN_VALUE_STRING, true },
		{ "value", TN_VALUE_STRING, false },
		{ 0 },
	};

	static const struct tn_sim_key module_keys[] = {
		{ "module_id", TN_VALUE_STRING, true },
		{ "module_version_id", TN_VALUE_STRING, true },
		{ "module_name", TN_VALUE_STRING, false },
		{ "module_version_number", TN_VALUE_NUMBER, false },
		{ 0 },
	};

	if (!tn_sim_check(ctx, ctx->body, "", keys, false) ||
	    !tn_sim_check_items(ctx, "supported_triggers", trigger_keys, false) ||
	    !tn_sim_check_items(ctx, "dependencies", dependency_keys, false) ||
	    !tn_sim_check_items(ctx, "secrets", secret_keys, true))
		return false;
	if (!ctx->sim->options.modules &&
	    tn_value_count(tn_value_get(ctx->body, "modules")) > 0)
		return tn_sim_refuse_feature(ctx);
	return tn_sim_check_items(ctx, "modules", module_keys, false);
}

/* otherwise: of an action that is updated; NULL for a new one. */
static bool
read_trigger(struct tn_sim_ctx *ctx, const struct tn_sim_trigger *otherwise,
    const struct tn_sim_trigger **out)
{
	const struct tn_value *array = tn_value_get(ctx->body, "supported_triggers");
	const struct tn_value *item = tn_value_at(array, 0);
	const char *id = tn_value_get_text(item, "id");

	*out = otherwise;
	if (array == NULL)
		return true;
	if (tn_value_count(array) != 1)
		return tn_sim_refuse(ctx, 400, "invalid_body",
		    "Payload validation error: 'Exactly one item is expected' on property "
		    "supported_triggers.");
	*out = tn_sim_trigger_find(id, tn_value_get_text(item, "version"));
	if (*out == NULL)
		return tn_sim_refuse(ctx, 400, "invalid_body",
		    "Payload validation error: 'No enum match for: %s' on property "
		    "supported_triggers[0].",
		    id);
	return true;
}

static bool
check_name(struct tn_sim_ctx *ctx, const struct tn_sim_action *self)
{
	const char *name = tn_value_get_text(ctx->body, "name");
	const struct tn_sim_action *other;

	if (name == NULL)
		return true;
	if (name[0] == '\0')
		return tn_sim_refuse(ctx, 400, "invalid_body",
		    "Payload validation error: 'String is too short (0), minimum 1' on "
		    "property name.");
	other = tn_sim_world_named(&ctx->sim->world, name);
	if (other != NULL && other != self)
		return tn_sim_refuse(ctx, 409, NULL,
		    "An action with that name already exists.");
	return true;
}

static bool
check_room(struct tn_sim_ctx *ctx)
{
	const struct tn_sim_world *world = &ctx->sim->world;
	unsigned limit = ctx->sim->options.limits.actions;
	size_t n = 0;

	for (size_t i = 0; i < world->n_actions; i++)
		n += world->actions[i]->integration == NULL;
	if (n >= limit)
		return tn_sim_refuse(ctx, 403, "insufficient_entitlement",
		    "You have reached the limit of %u actions for this tenant.", limit);
	return true;
}

/* The action that the path names, for a write: there, and made here. */
static struct tn_sim_action *
find_own(struct tn_sim_ctx *ctx)
{
	struct tn_sim_action *action = tn_sim_world_find(&ctx->sim->world,
	    ctx->params[0]);

	if (action == NULL)
		tn_sim_refuse_missing(ctx);
	else if (action->integration == NULL)
		return action;
	else
		tn_sim_refuse(ctx, 403, "operation_not_supported",
		    "An installed action cannot be changed.");
	return NULL;
}

/* --- create --- */

/*
 * With `deploy: true` the version is there at once and is built together with the
 * draft, whose time moves when that is done.
 */
static void
deploy_early(struct tn_sim_ctx *ctx, struct tn_sim_action *action)
{
	struct tn_sim_version *version = tn_sim_version_make(ctx, action, action->draft);
	int64_t done = tn_sim_build_end(&action->build);

	version->build = action->build;
	version->visible_at = ctx->now;
	version->built_at = done > version->created_at ? done : version->created_at + 1;
	version->built_updated_at = version->built_at + TN_MSEC +
	    (int64_t)tn_rand_below(&ctx->sim->rand, TN_MSEC);
	action->draft_built_at = version->built_updated_at + 10 * TN_MSEC +
	    (int64_t)tn_rand_below(&ctx->sim->rand, 5 * TN_MSEC);
}

void
tn_sim_actions_create(struct tn_sim_ctx *ctx)
{
	TN_CLEANUP(tn_sim_matter_unrefp) struct tn_sim_matter *draft = NULL;
	const struct tn_sim_trigger *trigger;
	struct tn_sim_action *action;
	int64_t entity_at, draft_at;

	if (!check_body(ctx, create_keys) || !read_trigger(ctx, NULL, &trigger) ||
	    !check_name(ctx, NULL) || !check_room(ctx))
		return;
	entity_at = tn_sim_stamp_entity(ctx->sim, ctx->now);
	draft_at = tn_sim_stamp_draft(ctx->sim, ctx->now);
	if (!tn_sim_draft_make(ctx, NULL, trigger, draft_at, &draft))
		return;
	action = tn_new(struct tn_sim_action);
	tn_rand_uuid(&ctx->sim->rand, action->id);
	action->name = tn_strdup(tn_value_get_text(ctx->body, "name"));
	action->trigger = trigger;
	action->created_at = action->entity_at = entity_at;
	action->draft_at = draft_at;
	action->draft = tn_take(draft);
	tn_sim_draft_build(ctx, action);
	tn_sim_world_add(&ctx->sim->world, action);
	if (tn_value_get_bool(ctx->body, "deploy", false))
		deploy_early(ctx, action);
	tn_sim_answer(ctx, 201, tn_sim_show_action(ctx->arena, action, ctx->now));
}

/* --- read --- */

void
tn_sim_actions_get(struct tn_sim_ctx *ctx)
{
	const struct tn_sim_action *action = tn_sim_world_find(ctx->world,
	    ctx->params[0]);

	if (action == NULL)
		tn_sim_refuse_missing(ctx);
	else
		tn_sim_answer(ctx, 200, tn_sim_show_action(ctx->arena, action, ctx->at));
}

struct filter {
	const char *trigger, *name;
	enum tn_sim_choice deployed, installed;
};

static bool
choice_holds(enum tn_sim_choice choice, bool is)
{
	return choice == TN_SIM_ANY || (choice == TN_SIM_YES) == is;
}

static bool
passes(const struct filter *filter, const struct tn_sim_action *action, int64_t at)
{
	bool installed = action->integration != NULL;
	bool deployed = installed || tn_sim_action_live(action, at) != NULL;

	return (filter->trigger == NULL ||
		   tn_text_equal(filter->trigger, action->trigger->id)) &&
	    (filter->name == NULL || tn_text_equal(filter->name, action->name)) &&
	    choice_holds(filter->deployed, deployed) &&
	    choice_holds(filter->installed, installed);
}

static bool
read_filter(struct tn_sim_ctx *ctx, struct filter *filter)
{
	filter->trigger = tn_sim_query_get(ctx, "triggerId");
	filter->name = tn_sim_query_get(ctx, "actionName");
	if (filter->trigger != NULL && tn_sim_trigger_any(filter->trigger) == NULL)
		return tn_sim_refuse(ctx, 400, "invalid_uri",
		    "Query validation error: 'No enum match for: %s' on property triggerId.",
		    filter->trigger);
	return tn_sim_query_bool(ctx, "deployed", &filter->deployed) &&
	    tn_sim_query_bool(ctx, "installed", &filter->installed);
}

void
tn_sim_actions_list(struct tn_sim_ctx *ctx)
{
	struct tn_value *envelope, *items;
	struct tn_sim_page page;
	struct filter filter = { 0 };
	size_t total = 0;

	if (!read_filter(ctx, &filter) || !tn_sim_query_page(ctx, 100, &page))
		return;
	envelope = tn_sim_page_open(ctx, "actions", &items);
	for (size_t i = 0; i < ctx->world->n_actions; i++) {
		const struct tn_sim_action *action = ctx->world->actions[i];

		if (!passes(&filter, action, ctx->at))
			continue;
		if (tn_sim_page_holds(&page, total++))
			tn_value_push(ctx->arena, items,
			    tn_sim_show_action(ctx->arena, action, ctx->at));
	}
	if (ctx->sim->options.older)
		tn_sim_page_close_older(ctx, envelope, total, &page);
	else
		tn_sim_page_close(ctx, envelope, items, total, &page);
}

/* --- update, delete --- */

static bool
may_move(struct tn_sim_ctx *ctx, const struct tn_sim_action *action,
    const struct tn_sim_trigger *to)
{
	if (tn_sim_trigger_may_move(action->trigger, to))
		return true;
	return tn_sim_refuse(ctx, 400, NULL, "can't upgrade to this trigger.");
}

static void
rename_action(struct tn_sim_action *action, const char *name)
{
	if (name == NULL)
		return;
	tn_free(action->name);
	action->name = tn_strdup(name);
}

void
tn_sim_actions_update(struct tn_sim_ctx *ctx)
{
	TN_CLEANUP(tn_sim_matter_unrefp) struct tn_sim_matter *draft = NULL;
	const struct tn_sim_trigger *trigger;
	struct tn_sim_action *action;
	int64_t entity_at, draft_at;

	if (!check_body(ctx, draft_keys))
		return;
	action = find_own(ctx);
	if (action == NULL)
		return;
	if (!read_trigger(ctx, action->trigger, &trigger) ||
	    !may_move(ctx, action, trigger) || !check_name(ctx, action))
		return;
	entity_at = tn_sim_stamp_entity(ctx->sim, ctx->now);
	draft_at = tn_sim_stamp_draft(ctx->sim, ctx->now);
	if (!tn_sim_draft_make(ctx, action, trigger, draft_at, &draft))
		return;
	rename_action(action, tn_value_get_text(ctx->body, "name"));
	action->trigger = trigger;
	action->entity_at = entity_at;
	action->draft_at = draft_at;
	action->draft_built_at = 0;
	tn_sim_matter_unref(action->draft);
	action->draft = tn_take(draft);
	tn_sim_draft_build(ctx, action);
	tn_sim_answer(ctx, 200, tn_sim_show_action(ctx->arena, action, ctx->now));
}

void
tn_sim_actions_delete(struct tn_sim_ctx *ctx)
{
	struct tn_sim_action *action;
	enum tn_sim_choice force;

	if (!tn_sim_query_bool(ctx, "force", &force))
		return;
	action = find_own(ctx);
	if (action == NULL)
		return;
	if (force == TN_SIM_YES) {
		tn_sim_world_unbind(&ctx->sim->world, action->id);
	} else if (tn_sim_world_is_bound(&ctx->sim->world, action->id)) {
		tn_sim_refuse(ctx, 409, NULL,
		    "Unable to delete an action bound to a trigger.");
		return;
	}
	tn_sim_world_remove(&ctx->sim->world, action);
	tn_sim_answer_empty(ctx, 204);
}
