#include "sim/core.h"

#include "base/mem.h"

/* What is live stays. */
static void
drop_oldest(struct tn_sim_action *action, int64_t at)
{
	struct tn_sim_history *history = &action->history;
	bool live = history->versions[0] == tn_sim_action_live(action, at);

	tn_sim_history_drop(history, live ? 1 : 0);
}

struct tn_sim_version *
tn_sim_version_make(struct tn_sim_ctx *ctx, struct tn_sim_action *action,
    struct tn_sim_matter *matter)
{
	struct tn_sim_version *version = tn_new(struct tn_sim_version);
	int64_t visible = ctx->now + ctx->sim->options.visible_ns + ctx->lag;
	const struct tn_sim_version *last = tn_sim_history_last(&action->history);

	version->refs = 1;
	tn_rand_uuid(&ctx->sim->rand, version->id);
	version->number = ++action->history.last_number;
	version->matter = tn_sim_matter_ref(matter);
	version->trigger = action->trigger;
	version->build.started = ctx->now;
	version->created_at = tn_sim_stamp_entity(ctx->sim, ctx->now);
	/* The package is put in place some 60 to 90 ms later; printed, never waited for.
	 */
	version->built_at = version->created_at + 60 * TN_MSEC +
	    (int64_t)tn_rand_below(&ctx->sim->rand, 30 * TN_MSEC);
	version->built_updated_at = version->built_at + 300000 +
	    (int64_t)tn_rand_below(&ctx->sim->rand, 500000);
	/* Deploys of one action go live one after the other. */
	version->visible_at = last != NULL && last->visible_at > visible
	    ? last->visible_at
	    : visible;
	tn_sim_history_push(&action->history, version);
	if (action->history.n > ctx->sim->options.limits.versions)
		drop_oldest(action, ctx->now);
	return version;
}

/* An action made here, or a refusal. */
static struct tn_sim_action *
find_action(struct tn_sim_ctx *ctx, const struct tn_sim_world *world)
{
	struct tn_sim_action *action = tn_sim_world_find(world, ctx->params[0]);

	if (action == NULL)
		tn_sim_refuse_missing(ctx);
	return action;
}

static bool
is_own(struct tn_sim_ctx *ctx, const struct tn_sim_action *action)
{
	if (action->integration == NULL)
		return true;
	return tn_sim_refuse(ctx, 403, "operation_not_supported",
	    "An installed action cannot be changed.");
}

static bool
is_built(struct tn_sim_ctx *ctx, const struct tn_sim_build *build)
{
	if (tn_sim_build_status(build, ctx->now) == TN_SIM_BUILT)
		return true;
	return tn_sim_refuse(ctx, 400, NULL,
	    "A draft must be in the 'built' state before it can be deployed.");
}

void
tn_sim_actions_deploy(struct tn_sim_ctx *ctx)
{
	struct tn_sim_version *version;
	struct tn_sim_action *action;

	if (!tn_sim_check_no_body(ctx))
		return;
	action = find_action(ctx, &ctx->sim->world);
	if (action == NULL || !is_own(ctx, action) || !is_built(ctx, &action->build))
		return;
	version = tn_sim_version_make(ctx, action, action->draft);
	tn_sim_answer(ctx, 200,
	    tn_sim_show_version(ctx->arena, action, version, ctx->now, true));
}

void
tn_sim_versions_list(struct tn_sim_ctx *ctx)
{
	const struct tn_sim_action *action = find_action(ctx, ctx->world);
	const struct tn_sim_history *history;
	struct tn_value *envelope, *items;
	struct tn_sim_page page;

	if (action == NULL || !tn_sim_query_page(ctx, 20, &page))
		return;
	envelope = tn_sim_page_open(ctx, "versions", &items);
	history = &action->history;
	for (size_t i = 0; i < history->n; i++) {
		const struct tn_sim_version *version =
		    history->versions[history->n - 1 - i];

		if (tn_sim_page_holds(&page, i))
			tn_value_push(ctx->arena, items,
			    tn_sim_show_version(ctx->arena, action, version, ctx->at,
				false));
	}
	tn_sim_page_close(ctx, envelope, items, history->n, &page);
}

static const struct tn_sim_version *
find_version(struct tn_sim_ctx *ctx, const struct tn_sim_action *action)
{
	const struct tn_sim_version *version = tn_sim_history_find(&action->history,
	    ctx->params[1]);

	if (version == NULL)
		tn_sim_refuse(ctx, 404, NULL, "That action version does not exist.");
	return version;
}

void
tn_sim_versions_get(struct tn_sim_ctx *ctx)
{
	const struct tn_sim_action *action = find_action(ctx, ctx->world);
	const struct tn_sim_version *version = action == NULL ? NULL
							      : find_version(ctx, action);

	if (version != NULL)
		tn_sim_answer(ctx, 200,
		    tn_sim_show_version(ctx->arena, action, version, ctx->at, false));
}

/* The content of a version was built once: the draft needs no new build. */
static void
take_as_draft(struct tn_sim_ctx *ctx, struct tn_sim_action *action,
    struct tn_sim_matter *matter)
{
	struct tn_sim_matter *old = action->draft;

	action->draft = tn_sim_matter_ref(matter);
	tn_sim_matter_unref(old);
	action->draft_at = tn_sim_stamp_draft(ctx->sim, ctx->now);
	action->draft_built_at = 0;
	action->build = (struct tn_sim_build){ .started = ctx->now };
}

static bool
check_deploy_body(struct tn_sim_ctx *ctx)
{
	static const struct tn_sim_key keys[] = {
		{ "update_draft", TN_VALUE_BOOL, false },
		{ 0 },
	};

	if (ctx->body == NULL || tn_value_is(ctx->body, TN_VALUE_NULL))
		return true;
	return tn_sim_check(ctx, ctx->body, "", keys, false);
}

void
tn_sim_versions_deploy(struct tn_sim_ctx *ctx)
{
	TN_CLEANUP(tn_sim_matter_unrefp) struct tn_sim_matter *matter = NULL;
	const struct tn_sim_version *from;
	struct tn_sim_version *version;
	struct tn_sim_action *action;

	if (!check_deploy_body(ctx))
		return;
	action = find_action(ctx, &ctx->sim->world);
	if (action == NULL || !is_own(ctx, action))
		return;
	from = find_version(ctx, action);
	if (from == NULL || !is_built(ctx, &from->build))
		return;
	/* The named version may be the one that makes place for the new one. */
	matter = tn_sim_matter_ref(from->matter);
	version = tn_sim_version_make(ctx, action, matter);
	if (tn_value_get_bool(ctx->body, "update_draft", false))
		take_as_draft(ctx, action, matter);
	tn_sim_answer(ctx, 200,
	    tn_sim_show_version(ctx->arena, action, version, ctx->now, true));
}
