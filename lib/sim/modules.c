#include "sim/modules.h"

#include "base/mem.h"

static const struct tn_sim_key dependency_keys[] = {
	{ "name", TN_VALUE_STRING, true },
	{ "version", TN_VALUE_STRING, true },
	{ 0 },
};

static const struct tn_sim_key secret_keys[] = {
	{ "name", TN_VALUE_STRING, true },
	{ "value", TN_VALUE_STRING, true },
	{ 0 },
};

static bool
check_lengths(struct tn_sim_ctx *ctx)
{
	const struct tn_value *dependencies = tn_value_get(ctx->body, "dependencies");

	if (!tn_sim_check_length(ctx, ctx->body, "", "name", TN_SIM_LIMIT_MODULE_NAME) ||
	    !tn_sim_check_length(ctx, ctx->body, "", "code", TN_SIM_LIMIT_MODULE_CODE) ||
	    !tn_sim_check_length(ctx, ctx->body, "", "api_version",
		TN_SIM_LIMIT_MODULE_API_VERSION))
		return false;
	for (size_t i = 0; i < tn_value_count(dependencies); i++) {
		const struct tn_value *item = tn_value_at(dependencies, i);
		const char *where = tn_arena_printf(ctx->arena, "dependencies[%zu].", i);

		if (!tn_sim_check_length(ctx, item, where, "name",
			TN_SIM_LIMIT_MODULE_DEPENDENCY) ||
		    !tn_sim_check_length(ctx, item, where, "version",
			TN_SIM_LIMIT_MODULE_VERSION))
			return false;
	}
	return true;
}

static bool
check_body(struct tn_sim_ctx *ctx, const struct tn_sim_key *keys)
{
	return tn_sim_check(ctx, ctx->body, "", keys, false) &&
	    tn_sim_check_items(ctx, "dependencies", dependency_keys, false) &&
	    tn_sim_check_items(ctx, "secrets", secret_keys, false) && check_lengths(ctx);
}

struct tn_sim_module *
tn_sim_module_find(struct tn_sim_ctx *ctx, const struct tn_sim_world *world)
{
	struct tn_sim_module *module = tn_sim_world_module(world, ctx->params[0]);

	if (module == NULL)
		tn_sim_refuse(ctx, 404, NULL, "That module does not exist.");
	return module;
}

/* --- who uses it --- */

static const struct tn_sim_module_ref *
deployed_ref(const struct tn_sim_action *action, const char *module_id, int64_t at)
{
	const struct tn_sim_version *live = tn_sim_action_live(action, at);

	return live == NULL ? NULL
			    : tn_sim_content_module(&live->matter->content, module_id);
}

static size_t
count_deployed(const struct tn_sim_world *world, const char *module_id, int64_t at)
{
	size_t n = 0;

	for (size_t i = 0; i < world->n_actions; i++)
		n += deployed_ref(world->actions[i], module_id, at) != NULL;
	return n;
}

static bool
refers_to(const struct tn_sim_module_ref *ref, const char *version_id)
{
	return ref != NULL &&
	    (version_id == NULL || tn_text_equal(ref->version_id, version_id));
}

bool
tn_sim_module_is_used(const struct tn_sim_world *world, const char *module_id,
    const char *version_id, int64_t at)
{
	for (size_t i = 0; i < world->n_actions; i++) {
		const struct tn_sim_action *action = world->actions[i];

		if (refers_to(deployed_ref(action, module_id, at), version_id) ||
		    (action->draft != NULL &&
			refers_to(tn_sim_content_module(&action->draft->content,
				      module_id),
			    version_id)))
			return true;
	}
	return false;
}

/* --- as the API prints it --- */

static struct tn_value *
show_latest(struct tn_arena *arena, const struct tn_sim_version *version)
{
	const struct tn_sim_content *content = &version->matter->content;
	struct tn_value *object = tn_value_object(arena);

	tn_value_set_text(arena, object, "id", version->id);
	tn_value_set_int(arena, object, "version_number", version->number);
	tn_value_set_text(arena, object, "code", content->code);
	tn_value_set(arena, object, "dependencies",
	    tn_sim_show_dependencies(arena, content, false));
	tn_value_set(arena, object, "secrets", tn_sim_show_secrets(arena, content, 0));
	return object;
}

/* stale: as an update answers, with the times of the creation. */
static struct tn_value *
show_module(struct tn_sim_ctx *ctx, const struct tn_sim_world *world,
    const struct tn_sim_module *module, int64_t at, bool stale)
{
	const struct tn_sim_content *draft = &module->draft->content;
	struct tn_arena *arena = ctx->arena;
	struct tn_value *object = tn_value_object(arena);

	tn_value_set_text(arena, object, "id", module->id);
	tn_value_set_text(arena, object, "name", module->name);
	tn_value_set_text(arena, object, "code", draft->code);
	tn_value_set(arena, object, "dependencies",
	    tn_sim_show_dependencies(arena, draft, false));
	tn_value_set(arena, object, "secrets",
	    tn_sim_show_secrets(arena, draft, stale ? module->created_at : 0));
	tn_value_set_bool(arena, object, "all_changes_published",
	    tn_sim_module_all_published(module));
	tn_value_set_int(arena, object, "actions_using_module_total",
	    (int64_t)count_deployed(world, module->id, at));
	tn_sim_show_time(arena, object, "created_at", module->created_at);
	tn_sim_show_time(arena, object, "updated_at",
	    stale ? module->created_at : module->updated_at);
	return object;
}

static void
answer_module(struct tn_sim_ctx *ctx, int status, const struct tn_sim_world *world,
    const struct tn_sim_module *module, int64_t at, bool stale)
{
	const struct tn_sim_version *latest = tn_sim_history_last(&module->history);
	struct tn_value *object = show_module(ctx, world, module, at, stale);

	if (latest != NULL)
		tn_value_set(ctx->arena, object, "latest_version",
		    show_latest(ctx->arena, latest));
	tn_sim_answer(ctx, status, object);
}

/* --- writes --- */

/* The content that the body makes of old; NULL after a refusal. */
static struct tn_sim_matter *
make_draft(struct tn_sim_ctx *ctx, const char *request, const struct tn_sim_content *old,
    int64_t stamp)
{
	const struct tn_sim_subject subject = { "a module", request,
		TN_SIM_LIMIT_MODULE_SECRET_NAME };
	TN_CLEANUP(tn_sim_matter_unrefp)
	struct tn_sim_matter *matter = tn_sim_matter_new();
	const char *code = tn_value_get_text(ctx->body, "code");

	matter->content.code = tn_arena_text(matter->arena,
	    code == NULL ? old->code : code);
	if (!tn_sim_draft_lists(ctx, &subject, old, false, stamp, matter))
		return NULL;
	return tn_take(matter);
}

static bool
check_name_and_room(struct tn_sim_ctx *ctx)
{
	const struct tn_sim_world *world = &ctx->sim->world;
	unsigned limit = ctx->sim->options.limits.modules;
	const char *name = tn_value_get_text(ctx->body, "name");

	if (name[0] == '\0')
		return tn_sim_refuse(ctx, 400, "invalid_body",
		    "Payload validation error: 'String is too short (0), minimum 1' on "
		    "property name.");
	if (tn_sim_world_module_named(world, name) != NULL)
		return tn_sim_refuse(ctx, 409, NULL,
		    "A module with that name already exists.");
	if (world->n_modules >= limit)
		return tn_sim_refuse(ctx, 403, "insufficient_entitlement",
		    "You have reached the limit of %u modules for this tenant.", limit);
	return true;
}

void
tn_sim_modules_create(struct tn_sim_ctx *ctx)
{
	static const struct tn_sim_key keys[] = {
		{ "name", TN_VALUE_STRING, true },
		{ "code", TN_VALUE_STRING, true },
		{ "secrets", TN_VALUE_ARRAY, false },
		{ "dependencies", TN_VALUE_ARRAY, false },
		{ "api_version", TN_VALUE_STRING, false },
		{ "publish", TN_VALUE_BOOL, false },
		{ 0 },
	};
	static const struct tn_sim_content nothing;
	struct tn_sim_module *module;
	struct tn_sim_matter *draft;
	int64_t stamp;

	if (!check_body(ctx, keys) || !check_name_and_room(ctx))
		return;
	stamp = tn_sim_stamp_module(ctx->sim, ctx->now);
	draft = make_draft(ctx, "CreateModuleRequest", &nothing, stamp);
	if (draft == NULL)
		return;
	module = tn_new(struct tn_sim_module);
	tn_rand_uuid(&ctx->sim->rand, module->id);
	module->name = tn_strdup(tn_value_get_text(ctx->body, "name"));
	module->created_at = module->updated_at = stamp;
	module->draft = draft;
	tn_sim_world_add_module(&ctx->sim->world, module);
	if (tn_value_get_bool(ctx->body, "publish", false))
		tn_sim_module_publish(ctx, module);
	answer_module(ctx, 201, &ctx->sim->world, module, ctx->now, false);
}

static void
set_draft(struct tn_sim_module *module, struct tn_sim_matter *draft, int64_t stamp)
{
	tn_sim_matter_unref(module->draft);
	module->draft = draft;
	module->updated_at = stamp;
}

void
tn_sim_modules_update(struct tn_sim_ctx *ctx)
{
	static const struct tn_sim_key keys[] = {
		{ "code", TN_VALUE_STRING, false },
		{ "secrets", TN_VALUE_ARRAY, false },
		{ "dependencies", TN_VALUE_ARRAY, false },
		{ 0 },
	};
	struct tn_sim_module *module;
	struct tn_sim_matter *draft;
	int64_t stamp;

	if (!check_body(ctx, keys))
		return;
	module = tn_sim_module_find(ctx, &ctx->sim->world);
	if (module == NULL)
		return;
	stamp = tn_sim_stamp_module(ctx->sim, ctx->now);
	draft = make_draft(ctx, "UpdateModuleRequest", &module->draft->content, stamp);
	if (draft == NULL)
		return;
	set_draft(module, draft, stamp);
	answer_module(ctx, 200, &ctx->sim->world, module, ctx->now, true);
}

void
tn_sim_modules_rollback(struct tn_sim_ctx *ctx)
{
	static const struct tn_sim_key keys[] = {
		{ "module_version_id", TN_VALUE_STRING, true },
		{ 0 },
	};
	const struct tn_sim_version *version;
	struct tn_sim_module *module;

	if (!tn_sim_check(ctx, ctx->body, "", keys, false))
		return;
	module = tn_sim_module_find(ctx, &ctx->sim->world);
	if (module == NULL)
		return;
	version = tn_sim_module_find_version(ctx, module,
	    tn_value_get_text(ctx->body, "module_version_id"));
	if (version == NULL)
		return;
	if (tn_sim_content_equal(&version->matter->content, &module->draft->content)) {
		tn_sim_refuse(ctx, 409, NULL, "The draft is that version already.");
		return;
	}
	set_draft(module, tn_sim_matter_ref(version->matter),
	    tn_sim_stamp_module(ctx->sim, ctx->now));
	answer_module(ctx, 200, &ctx->sim->world, module, ctx->now, false);
}

void
tn_sim_modules_delete(struct tn_sim_ctx *ctx)
{
	struct tn_sim_world *world = &ctx->sim->world;
	struct tn_sim_module *module = tn_sim_module_find(ctx, world);

	if (module == NULL)
		return;
	if (tn_sim_module_is_used(world, module->id, NULL, ctx->now)) {
		tn_sim_refuse(ctx, 412, NULL,
		    "Unable to delete a module that is used by an action.");
		return;
	}
	tn_sim_world_remove_module(world, module);
	tn_sim_answer_empty(ctx, 204);
}

/* --- reads --- */

void
tn_sim_modules_list(struct tn_sim_ctx *ctx)
{
	const struct tn_sim_world *world = ctx->world;
	struct tn_value *envelope, *items;
	struct tn_sim_page page;

	if (!tn_sim_query_page(ctx, 100, &page))
		return;
	envelope = tn_sim_page_open(ctx, "modules", &items);
	for (size_t i = 0; i < world->n_modules; i++) {
		const struct tn_sim_module *module = world->modules[i];
		const struct tn_sim_version *latest = tn_sim_history_last(
		    &module->history);
		struct tn_value *item;

		if (!tn_sim_page_holds(&page, i))
			continue;
		item = show_module(ctx, world, module, ctx->at, false);
		if (latest != NULL)
			tn_value_set_int(ctx->arena, item, "latest_version_number",
			    latest->number);
		tn_value_push(ctx->arena, items, item);
	}
	tn_sim_page_close_whole(ctx, envelope, items, world->n_modules, &page);
}

void
tn_sim_modules_get(struct tn_sim_ctx *ctx)
{
	const struct tn_sim_module *module = tn_sim_module_find(ctx, ctx->world);

	if (module != NULL)
		answer_module(ctx, 200, ctx->world, module, ctx->at, false);
}

static struct tn_value *
show_user(struct tn_arena *arena, const struct tn_sim_action *action,
    const struct tn_sim_module_ref *ref)
{
	struct tn_value *item = tn_value_object(arena);

	tn_value_set_text(arena, item, "action_id", action->id);
	tn_value_set_text(arena, item, "action_name", action->name);
	tn_value_set_text(arena, item, "module_version_id", ref->version_id);
	tn_value_set_int(arena, item, "module_version_number", ref->version_number);
	return item;
}

void
tn_sim_modules_actions(struct tn_sim_ctx *ctx)
{
	const struct tn_sim_module *module = tn_sim_module_find(ctx, ctx->world);
	struct tn_value *envelope, *items;
	struct tn_sim_page page;
	size_t total = 0;

	if (module == NULL || !tn_sim_query_page(ctx, 50, &page))
		return;
	envelope = tn_sim_page_open(ctx, "actions", &items);
	for (size_t i = 0; i < ctx->world->n_actions; i++) {
		const struct tn_sim_action *action = ctx->world->actions[i];
		const struct tn_sim_module_ref *ref = deployed_ref(action, module->id,
		    ctx->at);

		if (ref != NULL && tn_sim_page_holds(&page, total++))
			tn_value_push(ctx->arena, items,
			    show_user(ctx->arena, action, ref));
	}
	tn_sim_page_close(ctx, envelope, items, total, &page);
}
