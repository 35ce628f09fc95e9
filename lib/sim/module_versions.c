#include "sim/modules.h"

#include "base/mem.h"

const struct tn_sim_version *
tn_sim_module_find_version(struct tn_sim_ctx *ctx, const struct tn_sim_module *module,
    const char *id)
{
	const struct tn_sim_version *version = tn_sim_history_find(&module->history, id);

	if (version == NULL)
		tn_sim_refuse(ctx, 404, NULL, "That module version does not exist.");
	return version;
}

static struct tn_value *
show_version(struct tn_arena *arena, const struct tn_sim_module *module,
    const struct tn_sim_version *version)
{
	const struct tn_sim_content *content = &version->matter->content;
	struct tn_value *object = tn_value_object(arena);

	tn_value_set_text(arena, object, "id", version->id);
	tn_value_set_text(arena, object, "module_id", module->id);
	tn_value_set_int(arena, object, "version_number", version->number);
	tn_value_set_text(arena, object, "code", content->code);
	tn_value_set(arena, object, "secrets", tn_sim_show_secrets(arena, content, 0));
	tn_value_set(arena, object, "dependencies",
	    tn_sim_show_dependencies(arena, content, false));
	tn_sim_show_time(arena, object, "created_at", version->created_at);
	return object;
}

const struct tn_sim_version *
tn_sim_module_publish(struct tn_sim_ctx *ctx, struct tn_sim_module *module)
{
	struct tn_sim_version *version = tn_new(struct tn_sim_version);

	version->refs = 1;
	tn_rand_uuid(&ctx->sim->rand, version->id);
	version->number = ++module->history.last_number;
	version->matter = tn_sim_matter_ref(module->draft);
	version->created_at = tn_sim_stamp_module(ctx->sim, ctx->now);
	tn_sim_history_push(&module->history, version);
	return version;
}

/* The oldest that no action uses makes place; false when all are used. */
static bool
make_room(struct tn_sim_ctx *ctx, struct tn_sim_module *module)
{
	struct tn_sim_history *history = &module->history;

	if (history->n < ctx->sim->options.limits.versions)
		return true;
	for (size_t i = 0; i < history->n; i++) {
		if (tn_sim_module_is_used(&ctx->sim->world, module->id,
			history->versions[i]->id, ctx->now))
			continue;
		tn_sim_history_drop(history, i);
		return true;
	}
	return false;
}

void
tn_sim_module_versions_publish(struct tn_sim_ctx *ctx)
{
	struct tn_sim_module *module;

	if (!tn_sim_check_no_body(ctx))
		return;
	module = tn_sim_module_find(ctx, &ctx->sim->world);
	if (module == NULL)
		return;
	if (tn_sim_module_all_published(module))
		tn_sim_refuse(ctx, 409, NULL, "There are no changes to publish.");
	else if (!make_room(ctx, module))
		tn_sim_refuse(ctx, 412, NULL,
		    "The maximum number of versions has been reached.");
	else
		tn_sim_answer(ctx, 200,
		    show_version(ctx->arena, module, tn_sim_module_publish(ctx, module)));
}

void
tn_sim_module_versions_list(struct tn_sim_ctx *ctx)
{
	const struct tn_sim_module *module = tn_sim_module_find(ctx, ctx->world);
	const struct tn_sim_history *history;
	struct tn_value *envelope, *items;
	struct tn_sim_page page;

	if (module == NULL || !tn_sim_query_page(ctx, 50, &page))
		return;
	envelope = tn_sim_page_open(ctx, "versions", &items);
	history = &module->history;
	for (size_t i = 0; i < history->n; i++)
		if (tn_sim_page_holds(&page, i))
			tn_value_push(ctx->arena, items,
			    show_version(ctx->arena, module,
				history->versions[history->n - 1 - i]));
	tn_sim_page_close_whole(ctx, envelope, items, history->n, &page);
}

void
tn_sim_module_versions_get(struct tn_sim_ctx *ctx)
{
	const struct tn_sim_module *module = tn_sim_module_find(ctx, ctx->world);
	const struct tn_sim_version *version = module == NULL
	    ? NULL
	    : tn_sim_module_find_version(ctx, module, ctx->params[1]);

	if (version != NULL)
		tn_sim_answer(ctx, 200, show_version(ctx->arena, module, version));
}
