#include "report/style.h"

#include "base/value.h"

static struct tn_value *
actions_value(struct tn_arena *a, const struct tn_live *live)
{
	struct tn_value *list = tn_value_array(a);

	for (size_t i = 0; i < live->n_actions; i++)
		tn_value_push(a, list, tn_live_action_to_value(a, &live->actions[i]));
	return list;
}

static struct tn_value *
versions_value(struct tn_arena *a, const struct tn_action_versions *versions)
{
	struct tn_value *list = tn_value_array(a);

	for (size_t i = 0; i < versions->n_versions; i++)
		tn_value_push(a, list, tn_version_to_value(a, &versions->versions[i]));
	return list;
}

static struct tn_value *
flows_value(struct tn_arena *a, const struct tn_live *live)
{
	struct tn_value *list = tn_value_array(a);

	for (size_t i = 0; i < live->n_flows; i++)
		tn_value_push(a, list, tn_flow_to_value(a, &live->flows[i]));
	return list;
}

static struct tn_value *
triggers_value(struct tn_arena *a, const struct tn_live *live)
{
	struct tn_value *list = tn_value_array(a);

	for (size_t i = 0; i < live->n_triggers; i++) {
		const struct tn_trigger_info *info = &live->triggers[i];
		struct tn_value *item = tn_value_object(a);
		struct tn_value *runtimes = tn_value_array(a);

		for (size_t k = 0; k < info->n_runtimes; k++)
			tn_value_push(a, runtimes, tn_value_string(a, info->runtimes[k]));
		tn_value_set_text(a, item, "id", info->trigger.id);
		tn_value_set_text(a, item, "version", info->trigger.version);
		tn_value_set_bool(a, item, "current", info->current);
		tn_value_set_bool(a, item, "entity_bound", info->entity_bound);
		tn_value_set(a, item, "runtimes", runtimes);
		tn_value_push(a, list, item);
	}
	return list;
}

static struct tn_value *
modules_value(struct tn_arena *a, const struct tn_live *live)
{
	struct tn_value *list = tn_value_array(a);

	for (size_t i = 0; i < live->n_modules; i++)
		tn_value_push(a, list, tn_live_module_to_value(a, &live->modules[i]));
	return list;
}

static struct tn_value *
execution_value(struct tn_arena *a, const struct tn_execution *execution)
{
	struct tn_value *object = tn_value_object(a);
	struct tn_value *results = tn_value_array(a);

	for (size_t i = 0; i < execution->n_results; i++) {
		const struct tn_execution_result *result = &execution->results[i];
		struct tn_value *item = tn_value_object(a);

		tn_value_set_text(a, item, "action_name", result->action_name);
		tn_value_set_bool(a, item, "failed", result->failed);
		tn_value_set_text(a, item, "error", result->error);
		tn_value_set_text(a, item, "started_at", result->started_at);
		tn_value_set_text(a, item, "ended_at", result->ended_at);
		tn_value_push(a, results, item);
	}
	tn_value_set_text(a, object, "id", execution->id);
	tn_value_set_text(a, object, "trigger", execution->trigger);
	tn_value_set_text(a, object, "status", execution->status);
	tn_value_set(a, object, "results", results);
	tn_value_set_text(a, object, "created_at", execution->created_at);
	tn_value_set_text(a, object, "updated_at", execution->updated_at);
	return object;
}

static struct tn_value *
test_value(struct tn_arena *a, const struct tn_seen *seen)
{
	struct tn_value *object = tn_value_object(a);

	tn_value_set_text(a, object, "action_name", seen->action);
	tn_value_set_bool(a, object, "failed", seen->test->failed);
	tn_value_set_text(a, object, "error", seen->test->error);
	tn_value_set(a, object, "answer", tn_value_clone(a, seen->test->answer));
	return object;
}

static void
set_kind(struct tn_arena *a, struct tn_value *got, const struct tn_seen *seen)
{
	switch (seen->kind) {
	case TN_LOOK_ACTIONS:
		tn_value_set(a, got, "actions", actions_value(a, seen->live));
		return;
	case TN_LOOK_VERSIONS:
		tn_value_set_text(a, got, "action_name", seen->action);
		tn_value_set(a, got, "versions", versions_value(a, seen->versions));
		return;
	case TN_LOOK_BINDINGS:
		tn_value_set(a, got, "bindings", flows_value(a, seen->live));
		return;
	case TN_LOOK_TRIGGERS:
		tn_value_set(a, got, "triggers", triggers_value(a, seen->live));
		return;
	case TN_LOOK_EXECUTIONS:
		tn_value_set(a, got, "execution", execution_value(a, seen->execution));
		return;
	case TN_LOOK_MODULES:
		tn_value_set(a, got, "modules", modules_value(a, seen->live));
		return;
	}
}

void
tn_report_seen_value(struct tn_arena *arena, struct tn_value *out,
    const struct tn_seen *seen)
{
	struct tn_value *got = tn_value_object(arena);

	if (seen->test != NULL) {
		tn_value_set(arena, out, "test", test_value(arena, seen));
		return;
	}
	set_kind(arena, got, seen);
	tn_value_set(arena, out, "got", got);
}
