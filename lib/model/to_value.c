/* Contents, actions and flows as trees. Members stand in a fixed order, sets are sorted.
 */
#include "model/action.h"
#include "model/flow.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/value.h"

static int
compare_optional(const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		return (a != NULL) - (b != NULL);
	return strcmp(a, b);
}

static int
compare_dependencies(const void *a, const void *b)
{
	const struct tn_dependency *x = *(const struct tn_dependency *const *)a;
	const struct tn_dependency *y = *(const struct tn_dependency *const *)b;
	int order = strcmp(x->name, y->name);

	if (order == 0)
		order = strcmp(x->version, y->version);
	return order != 0 ? order : compare_optional(x->registry, y->registry);
}

static int
compare_secrets(const void *a, const void *b)
{
	const struct tn_secret_ref *x = *(const struct tn_secret_ref *const *)a;
	const struct tn_secret_ref *y = *(const struct tn_secret_ref *const *)b;
	int order = strcmp(x->name, y->name);

	return order != 0 ? order : compare_optional(x->updated_at, y->updated_at);
}

static struct tn_value *
dependencies_to_value(struct tn_arena *arena, const struct tn_content *content)
{
	struct tn_value *array = tn_value_array(arena);
	size_t n = content->n_dependencies;
	TN_CLEANUP(tn_freep)
	const struct tn_dependency **sorted = tn_alloc(n + 1, sizeof(*sorted));

	for (size_t i = 0; i < n; i++)
		sorted[i] = &content->dependencies[i];
	qsort(sorted, n, sizeof(*sorted), compare_dependencies);
	for (size_t i = 0; i < n; i++) {
		struct tn_value *item = tn_value_object(arena);

		tn_value_set_text(arena, item, "name", sorted[i]->name);
		tn_value_set_text(arena, item, "version", sorted[i]->version);
		tn_value_set_text(arena, item, "registry", sorted[i]->registry);
		tn_value_push(arena, array, item);
	}
	return array;
}

static struct tn_value *
secrets_to_value(struct tn_arena *arena, const struct tn_content *content)
{
	struct tn_value *array = tn_value_array(arena);
	size_t n = content->n_secrets;
	TN_CLEANUP(tn_freep)
	const struct tn_secret_ref **sorted = tn_alloc(n + 1, sizeof(*sorted));

	for (size_t i = 0; i < n; i++)
		sorted[i] = &content->secrets[i];
	qsort(sorted, n, sizeof(*sorted), compare_secrets);
	for (size_t i = 0; i < n; i++) {
		struct tn_value *item = tn_value_object(arena);

		tn_value_set_text(arena, item, "name", sorted[i]->name);
		tn_value_set_text(arena, item, "fingerprint", sorted[i]->fingerprint);
		tn_value_set_text(arena, item, "updated_at", sorted[i]->updated_at);
		tn_value_push(arena, array, item);
	}
	return array;
}

static int
compare_modules(const void *a, const void *b)
{
	const struct tn_module_ref *x = *(const struct tn_module_ref *const *)a;
	const struct tn_module_ref *y = *(const struct tn_module_ref *const *)b;
	int order = strcmp(x->name, y->name);

	return order != 0 ? order : (x->number > y->number) - (x->number < y->number);
}

static struct tn_value *
modules_to_value(struct tn_arena *arena, const struct tn_content *content)
{
	struct tn_value *array = tn_value_array(arena);
	size_t n = content->n_modules;
	TN_CLEANUP(tn_freep)
	const struct tn_module_ref **sorted = tn_alloc(n + 1, sizeof(*sorted));

	for (size_t i = 0; i < n; i++)
		sorted[i] = &content->modules[i];
	qsort(sorted, n, sizeof(*sorted), compare_modules);
	for (size_t i = 0; i < n; i++) {
		struct tn_value *item = tn_value_object(arena);

		tn_value_set_text(arena, item, "name", sorted[i]->name);
		if (sorted[i]->number > 0)
			tn_value_set_int(arena, item, "number", sorted[i]->number);
		tn_value_set_text(arena, item, "module_id", sorted[i]->module_id);
		tn_value_set_text(arena, item, "version_id", sorted[i]->version_id);
		tn_value_push(arena, array, item);
	}
	return array;
}

/* Without modules the member is left out, which keeps older trees as they are. */
struct tn_value *
tn_content_to_value(struct tn_arena *arena, const struct tn_content *content)
{
	struct tn_value *value = tn_value_object(arena);

	tn_value_set_text(arena, value, "code",
	    content->code != NULL ? content->code : "");
	tn_value_set_text(arena, value, "runtime", content->runtime);
	tn_value_set(arena, value, "dependencies", dependencies_to_value(arena, content));
	tn_value_set(arena, value, "secrets", secrets_to_value(arena, content));
	if (content->n_modules > 0)
		tn_value_set(arena, value, "modules", modules_to_value(arena, content));
	return value;
}

struct tn_value *
tn_version_to_value(struct tn_arena *arena, const struct tn_version *version)
{
	struct tn_value *value = tn_value_object(arena);

	tn_value_set_text(arena, value, "id", version->id);
	tn_value_set_int(arena, value, "number", version->number);
	tn_value_set_text(arena, value, "created_at", version->created_at);
	tn_value_set_bool(arena, value, "deployed", version->deployed);
	tn_value_set_bool(arena, value, "built", version->built);
	tn_value_set(arena, value, "content",
	    tn_content_to_value(arena, &version->content));
	return value;
}

static struct tn_value *
trigger_to_value(struct tn_arena *arena, const struct tn_trigger *trigger)
{
	struct tn_value *value = tn_value_object(arena);

	tn_value_set_text(arena, value, "id", trigger->id);
	tn_value_set_text(arena, value, "version", trigger->version);
	return value;
}

struct tn_value *
tn_live_action_to_value(struct tn_arena *arena, const struct tn_live_action *action)
{
	struct tn_value *value = tn_value_object(arena);

	tn_value_set_text(arena, value, "id", action->id);
	tn_value_set_text(arena, value, "name", action->name);
	tn_value_set(arena, value, "trigger", trigger_to_value(arena, &action->trigger));
	tn_value_set_text(arena, value, "created_at", action->created_at);
	tn_value_set_text(arena, value, "updated_at", action->updated_at);
	tn_value_set_bool(arena, value, "installed", action->installed);
	tn_value_set_text(arena, value, "build", tn_build_name(action->build));
	tn_value_set_text(arena, value, "build_status", action->build_status);
	if (!action->installed)
		tn_value_set(arena, value, "draft",
		    tn_content_to_value(arena, &action->draft));
	if (action->has_live)
		tn_value_set(arena, value, "live",
		    tn_version_to_value(arena, &action->live));
	return value;
}

struct tn_value *
tn_flow_to_value(struct tn_arena *arena, const struct tn_flow *flow)
{
	struct tn_value *value = tn_value_object(arena);
	struct tn_value *bindings = tn_value_array(arena);

	for (size_t i = 0; i < flow->n_bindings; i++) {
		const struct tn_binding *binding = &flow->bindings[i];
		struct tn_value *item = tn_value_object(arena);

		tn_value_set_text(arena, item, "action_id", binding->action_id);
		tn_value_set_text(arena, item, "action_name", binding->action_name);
		tn_value_set_text(arena, item, "display_name", binding->display_name);
		tn_value_set_bool(arena, item, "installed", binding->installed);
		tn_value_push(arena, bindings, item);
	}
	tn_value_set_text(arena, value, "trigger", flow->trigger);
	tn_value_set(arena, value, "bindings", bindings);
	return value;
}
