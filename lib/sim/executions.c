#include "sim/core.h"

#include "base/mem.h"
#include "base/text.h"

/* --- records of logins --- */

/* Opaque, and no UUID, as on the platform. */
static const char *
make_id(struct tn_rand *rand, struct tn_arena *arena)
{
	uint64_t words[4];
	struct tn_str text = TN_STR_INIT;
	const char *id;

	for (size_t i = 0; i < TN_ARRAY_LEN(words); i++)
		words[i] = tn_rand_next(rand);
	tn_base64_encode(tn_span_of((const char *)words, sizeof words), true, &text);
	id = tn_arena_bytes(arena, tn_str_text(&text), text.len);
	tn_str_done(&text);
	return id;
}

/* False when it has failed: those behind it do not run. */
static bool
run_one(struct tn_sim *sim, struct tn_sim_execution *execution, const char *name,
    const char *fails, int64_t now)
{
	struct tn_sim_result *result = &execution->results[execution->n_results++];

	result->action_name = tn_arena_text(execution->arena, name);
	result->error = tn_text_equal(name, fails) ? "The action has failed" : NULL;
	result->started_at = tn_sim_stamp(sim, now, TN_MSEC, 2 * TN_MSEC);
	result->ended_at = tn_sim_stamp(sim, now, 10 * TN_MSEC, 60 * TN_MSEC);
	return result->error == NULL;
}

const char *
tn_sim_execute(struct tn_sim *sim, int64_t unix_ns, const char *trigger,
    const char *fails)
{
	const struct tn_sim_trigger *row = tn_sim_trigger_any(trigger);
	const struct tn_sim_flow *flow = tn_sim_world_flow(&sim->world, trigger);
	size_t n = flow == NULL ? 0 : flow->n_bindings;
	struct tn_sim_execution *execution;
	bool goes_on = true;

	if (row == NULL)
		return NULL;
	tn_sim_past_keep(sim, unix_ns);
	sim->changes++;
	execution = tn_new(struct tn_sim_execution);
	execution->refs = 1;
	execution->arena = tn_arena_new();
	execution->id = make_id(&sim->rand, execution->arena);
	execution->trigger = row->id;
	execution->created_at = tn_sim_stamp_entity(sim, unix_ns);
	execution->results = tn_arena_array(execution->arena, n + 1,
	    struct tn_sim_result);
	for (size_t i = 0; i < n && goes_on; i++)
		goes_on = run_one(sim, execution,
		    tn_sim_world_find(&sim->world, flow->bindings[i].action_id)->name,
		    fails, unix_ns);
	execution->updated_at = tn_sim_stamp_entity(sim, unix_ns);
	tn_sim_world_add_execution(&sim->world, execution);
	return execution->id;
}

static struct tn_value *
show_result(struct tn_arena *arena, const struct tn_sim_result *result)
{
	struct tn_value *object = tn_value_object(arena);

	tn_value_set_text(arena, object, "action_name", result->action_name);
	if (result->error != NULL) {
		struct tn_value *error = tn_value_object(arena);

		tn_value_set_text(arena, error, "id", "action_failed");
		tn_value_set_text(arena, error, "msg", result->error);
		tn_value_set_text(arena, error, "url", "");
		tn_value_set(arena, object, "error", error);
	}
	tn_sim_show_time(arena, object, "started_at", result->started_at);
	tn_sim_show_time(arena, object, "ended_at", result->ended_at);
	return object;
}

static struct tn_value *
show_execution(struct tn_arena *arena, const struct tn_sim_execution *execution)
{
	struct tn_value *object = tn_value_object(arena);
	struct tn_value *results = tn_value_array(arena);

	for (size_t i = 0; i < execution->n_results; i++)
		tn_value_push(arena, results, show_result(arena, &execution->results[i]));
	tn_value_set_text(arena, object, "id", execution->id);
	tn_value_set_text(arena, object, "trigger_id", execution->trigger);
	tn_value_set_text(arena, object, "status", "final");
	tn_value_set(arena, object, "results", results);
	tn_sim_show_time(arena, object, "created_at", execution->created_at);
	tn_sim_show_time(arena, object, "updated_at", execution->updated_at);
	return object;
}

void
tn_sim_executions_get(struct tn_sim_ctx *ctx)
{
	const struct tn_sim_world *world = ctx->world;

	for (size_t i = 0; i < world->n_executions; i++) {
		const struct tn_sim_execution *execution = world->executions[i];

		if (!tn_text_equal(execution->id, ctx->params[0]) ||
		    ctx->at - execution->created_at >= TN_SIM_EXECUTION_LIFE_NS)
			continue;
		tn_sim_answer(ctx, 200, show_execution(ctx->arena, execution));
		return;
	}
	tn_sim_refuse(ctx, 404, NULL, "That execution does not exist.");
}

/* --- test runs of a draft --- */

static void
add_stat(struct tn_sim_ctx *ctx, struct tn_value *stats, const char *key, int64_t ms)
{
	tn_value_set_int(ctx->arena, stats, key, ms);
}

/* Milliseconds that add up. */
static struct tn_value *
make_stats(struct tn_sim_ctx *ctx)
{
	struct tn_value *stats = tn_value_object(ctx->arena);
	int64_t action = 1 + (int64_t)tn_rand_below(&ctx->sim->rand, 50);
	int64_t processing = 5, boot = 40, network = 2;

	add_stat(ctx, stats, "total_request_duration_ms",
	    network + processing + boot + action);
	add_stat(ctx, stats, "total_runtime_execution_duration_ms",
	    processing + boot + action);
	add_stat(ctx, stats, "runtime_processing_duration_ms", processing);
	add_stat(ctx, stats, "action_duration_ms", action);
	add_stat(ctx, stats, "runtime_external_call_duration_ms", 0);
	add_stat(ctx, stats, "boot_duration_ms", boot);
	add_stat(ctx, stats, "network_duration_ms", network);
	return stats;
}

static void
answer_test(struct tn_sim_ctx *ctx)
{
	struct tn_value *body = tn_value_object(ctx->arena);
	struct tn_value *payload = tn_value_object(ctx->arena);

	tn_value_set(ctx->arena, payload, "stats", make_stats(ctx));
	tn_value_set(ctx->arena, body, "payload", payload);
	tn_sim_answer(ctx, 200, body);
}

static void
answer_test_older(struct tn_sim_ctx *ctx, const struct tn_sim_action *action)
{
	struct tn_value *body = tn_value_object(ctx->arena);
	struct tn_value *results = tn_value_array(ctx->arena);
	struct tn_sim_result result = { .action_name = action->name,
		.started_at = ctx->now,
		.ended_at = ctx->now + 50 * TN_MSEC };

	tn_value_push(ctx->arena, results, show_result(ctx->arena, &result));
	tn_value_set(ctx->arena, body, "results", results);
	tn_value_set(ctx->arena, body, "logs", tn_value_array(ctx->arena));
	tn_sim_answer(ctx, 200, body);
}

void
tn_sim_actions_test(struct tn_sim_ctx *ctx)
{
	static const struct tn_sim_key keys[] = {
		{ "payload", TN_VALUE_OBJECT, true },
		{ 0 },
	};
	const struct tn_sim_action *action = tn_sim_world_find(&ctx->sim->world,
	    ctx->params[0]);

	if (!tn_sim_check(ctx, ctx->body, "", keys, false))
		return;
	if (action == NULL)
		tn_sim_refuse_missing(ctx);
	else if (tn_sim_action_status(action, ctx->now) != TN_SIM_BUILT)
		tn_sim_refuse(ctx, 400, NULL,
		    "A draft must be in the 'built' state before it can be tested.");
	else if (ctx->sim->options.older)
		answer_test_older(ctx, action);
	else
		answer_test(ctx);
}
