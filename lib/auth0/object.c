#include "auth0/object.h"

#include "auth0/part.h"

static int
read_dependency(const struct tn_value *item, struct tn_arena *arena TN_UNUSED, void *to,
    struct tn_error *err)
{
	struct tn_dependency *out = to;
	int r = tn_auth0_needed_text(item, "name", &out->name, err);

	if (r == 0)
		r = tn_auth0_text(item, "version", "", &out->version, err);
	if (r == 0)
		r = tn_auth0_text(item, "registry_url", NULL, &out->registry, err);
	return r;
}

static int
read_secret(const struct tn_value *item, struct tn_arena *arena TN_UNUSED, void *to,
    struct tn_error *err)
{
	struct tn_secret_ref *out = to;
	int r = tn_auth0_needed_text(item, "name", &out->name, err);

	if (r == 0)
		r = tn_auth0_text(item, "updated_at", NULL, &out->updated_at, err);
	return r;
}

int
tn_auth0_read_content(const struct tn_value *object, struct tn_arena *arena,
    struct tn_content *out, struct tn_error *err)
{
	static const struct tn_auth0_list dependencies = { "dependencies", false,
		sizeof(struct tn_dependency), read_dependency };
	static const struct tn_auth0_list secrets = { "secrets", false,
		sizeof(struct tn_secret_ref), read_secret };
	static const struct tn_auth0_list modules = { "modules", false,
		sizeof(struct tn_module_ref), tn_auth0_read_module_ref };
	void *items = NULL;
	int r = tn_auth0_text(object, "code", "", &out->code, err);

	if (r == 0)
		r = tn_auth0_text(object, "runtime", NULL, &out->runtime, err);
	if (r == 0)
		r = tn_auth0_read_list(object, &dependencies, arena, &items,
		    &out->n_dependencies, err);
	out->dependencies = items;
	if (r == 0)
		r = tn_auth0_read_list(object, &secrets, arena, &items, &out->n_secrets,
		    err);
	out->secrets = items;
	if (r == 0)
		r = tn_auth0_read_list(object, &modules, arena, &items, &out->n_modules,
		    err);
	out->modules = items;
	return r;
}

/* One trigger in practice; what stands after the first one has no place in the model. */
static int
read_trigger(const struct tn_value *object, struct tn_trigger *out, struct tn_error *err)
{
	const struct tn_value *list;
	const struct tn_value *first;
	int r = tn_auth0_part(object, "supported_triggers", TN_VALUE_ARRAY, &list, err);

	if (r < 0)
		return r;
	first = tn_value_at(list, 0);
	r = tn_auth0_text(first, "id", "", &out->id, err);
	if (r == 0)
		r = tn_auth0_text(first, "version", "", &out->version, err);
	if (r < 0)
		tn_error_context(err, "supported_triggers[0]");
	return r;
}

int
tn_auth0_read_version(const struct tn_value *item, struct tn_arena *arena, void *to,
    struct tn_error *err)
{
	struct tn_version *out = to;
	const char *status = NULL;
	int r = tn_auth0_needed_text(item, "id", &out->id, err);

	if (r == 0)
		r = tn_auth0_text(item, "created_at", NULL, &out->created_at, err);
	if (r == 0)
		r = tn_auth0_text(item, "status", NULL, &status, err);
	if (r == 0)
		r = tn_auth0_read_content(item, arena, &out->content, err);
	if (r < 0)
		return r;
	if (!tn_value_to_int(tn_value_get(item, "number"), &out->number))
		out->number = 0;
	out->deployed = tn_value_get_bool(item, "deployed", false);
	out->built = tn_auth0_is_word(status, "built") &&
	    (tn_auth0_has(item, "built_at") || tn_auth0_has(item, "build_time"));
	return 0;
}

static bool
is_installed(const struct tn_value *action)
{
	return tn_auth0_has(action, "integration") ||
	    tn_auth0_has(action, "installed_integration_id");
}

/* A word that nobody knows yet is a step on the way. */
static enum tn_build
build_of(const char *status)
{
	if (tn_auth0_is_word(status, "built"))
		return TN_BUILD_BUILT;
	if (tn_auth0_is_word(status, "failed"))
		return TN_BUILD_FAILED;
	return TN_BUILD_RUNNING;
}

static int
read_live_version(const struct tn_value *object, struct tn_arena *arena,
    struct tn_live_action *out, struct tn_error *err)
{
	const struct tn_value *version;
	int r = tn_auth0_part(object, "deployed_version", TN_VALUE_OBJECT, &version, err);

	if (r < 0 || version == NULL)
		return r;
	r = tn_auth0_read_version(version, arena, &out->live, err);
	if (r < 0)
		tn_error_context(err, "deployed_version");
	out->has_live = r == 0;
	return r;
}

int
tn_auth0_read_action(const struct tn_value *item, struct tn_arena *arena, void *to,
    struct tn_error *err)
{
	struct tn_live_action *out = to;
	int r = tn_auth0_needed_text(item, "id", &out->id, err);

	if (r == 0)
		r = tn_auth0_needed_text(item, "name", &out->name, err);
	if (r == 0)
		r = read_trigger(item, &out->trigger, err);
	if (r == 0)
		r = tn_auth0_text(item, "created_at", NULL, &out->created_at, err);
	if (r == 0)
		r = tn_auth0_text(item, "updated_at", NULL, &out->updated_at, err);
	if (r == 0)
		r = tn_auth0_text(item, "status", "", &out->build_status, err);
	if (r == 0)
		r = tn_auth0_read_content(item, arena, &out->draft, err);
	if (r == 0)
		r = read_live_version(item, arena, out, err);
	if (r < 0)
		return r;
	out->installed = is_installed(item);
	out->build = out->installed ? TN_BUILD_BUILT : build_of(out->build_status);
	return 0;
}

int
tn_auth0_read_binding(const struct tn_value *item, struct tn_arena *arena TN_UNUSED,
    void *to, struct tn_error *err)
{
	struct tn_binding *out = to;
	const struct tn_value *action;
	int r = tn_auth0_part(item, "action", TN_VALUE_OBJECT, &action, err);

	if (r < 0)
		return r;
	r = tn_auth0_needed_text(action, "id", &out->action_id, err);
	if (r == 0)
		r = tn_auth0_needed_text(action, "name", &out->action_name, err);
	if (r < 0) {
		tn_error_context(err, "action");
		return r;
	}
	out->installed = is_installed(action);
	return tn_auth0_text(item, "display_name", NULL, &out->display_name, err);
}

int
tn_auth0_read_binding_id(const struct tn_value *item, struct tn_arena *arena TN_UNUSED,
    void *to, struct tn_error *err)
{
	return tn_auth0_text(item, "id", NULL, to, err);
}

static int
read_runtimes(const struct tn_value *object, struct tn_arena *arena,
    struct tn_trigger_info *out, struct tn_error *err)
{
	const struct tn_value *list;
	const char **names;
	size_t n;
	int r = tn_auth0_part(object, "runtimes", TN_VALUE_ARRAY, &list, err);

	if (r < 0)
		return r;
	n = tn_value_count(list);
	names = tn_arena_array(arena, n, const char *);
	for (size_t i = 0; i < n; i++) {
		names[i] = tn_value_text(tn_value_at(list, i));
		if (names[i] == NULL)
			return tn_error_set(err, TN_E_PLATFORM,
			    "runtimes[%zu] should be of type string", i);
	}
	out->runtimes = names;
	out->n_runtimes = n;
	return 0;
}

int
tn_auth0_read_trigger_info(const struct tn_value *item, struct tn_arena *arena, void *to,
    struct tn_error *err)
{
	struct tn_trigger_info *out = to;
	const char *status = NULL;
	const char *policy = NULL;
	int r = tn_auth0_needed_text(item, "id", &out->trigger.id, err);

	if (r == 0)
		r = tn_auth0_needed_text(item, "version", &out->trigger.version, err);
	if (r == 0)
		r = tn_auth0_text(item, "status", NULL, &status, err);
	if (r == 0)
		r = tn_auth0_text(item, "binding_policy", NULL, &policy, err);
	if (r == 0)
		r = read_runtimes(item, arena, out, err);
	if (r < 0)
		return r;
	out->current = !tn_auth0_is_word(status, "deprecated");
	out->entity_bound = tn_auth0_is_word(policy, "entity-bound");
	return 0;
}
