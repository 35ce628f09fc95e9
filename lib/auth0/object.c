#include "auth0/object.h"

#include <strings.h>

static int
wrong_type(const char *key, const struct tn_value *value, enum tn_value_kind expected,
    struct tn_error *err)
{
	return tn_error_set(err, TN_E_PLATFORM,
	    "\"%s\" should be of type %s, but it is of type %s", key,
	    tn_value_kind_name(expected), tn_value_kind_name(value->kind));
}

static bool
is_present(const struct tn_value *object, const char *key)
{
	const struct tn_value *value = tn_value_get(object, key);

	return value != NULL && !tn_value_is(value, TN_VALUE_NULL);
}

static int
text_of(const struct tn_value *object, const char *key, const char *otherwise,
    const char **out, struct tn_error *err)
{
	const struct tn_value *value = tn_value_get(object, key);

	*out = otherwise;
	if (!is_present(object, key))
		return 0;
	if (!tn_value_is(value, TN_VALUE_STRING))
		return wrong_type(key, value, TN_VALUE_STRING, err);
	*out = tn_value_text(value);
	return 0;
}

static int
needed_text(const struct tn_value *object, const char *key, const char **out,
    struct tn_error *err)
{
	int r = text_of(object, key, NULL, out, err);

	if (r < 0)
		return r;
	if (*out == NULL || (*out)[0] == '\0')
		return tn_error_set(err, TN_E_PLATFORM, "\"%s\" is missing", key);
	return 0;
}

/* *out is NULL when there is none. */
static int
part_of(const struct tn_value *object, const char *key, enum tn_value_kind kind,
    const struct tn_value **out, struct tn_error *err)
{
	const struct tn_value *value = tn_value_get(object, key);

	*out = NULL;
	if (!is_present(object, key))
		return 0;
	if (!tn_value_is(value, kind))
		return wrong_type(key, value, kind, err);
	*out = value;
	return 0;
}

int
tn_auth0_read_list(const struct tn_value *object, const struct tn_auth0_list *list,
    struct tn_arena *arena, void **items_out, size_t *n_out, struct tn_error *err)
{
	const struct tn_value *array;
	char *items;
	size_t n;
	int r = part_of(object, list->key, TN_VALUE_ARRAY, &array, err);

	if (r < 0)
		return r;
	if (array == NULL && list->needed)
		return tn_error_set(err, TN_E_PLATFORM, "\"%s\" is missing", list->key);
	n = tn_value_count(array);
	items = tn_arena_alloc(arena, n, list->size);
	for (size_t i = 0; i < n; i++) {
		const struct tn_value *item = tn_value_at(array, i);

		if (!tn_value_is(item, TN_VALUE_OBJECT))
			r = wrong_type("item", item, TN_VALUE_OBJECT, err);
		else
			r = list->read(item, arena, items + i * list->size, err);
		if (r < 0) {
			tn_error_context(err, "%s[%zu]", list->key, i);
			return r;
		}
	}
	*items_out = items;
	*n_out = n;
	return 0;
}

/* Some objects spell a word in upper case that others spell in lower case. */
static bool
is_word(const char *text, const char *word)
{
	return text != NULL && strcasecmp(text, word) == 0;
}

static int
read_dependency(const struct tn_value *item, struct tn_arena *arena TN_UNUSED, void *to,
    struct tn_error *err)
{
	struct tn_dependency *out = to;
	int r = needed_text(item, "name", &out->name, err);

	if (r == 0)
		r = text_of(item, "version", "", &out->version, err);
	if (r == 0)
		r = text_of(item, "registry_url", NULL, &out->registry, err);
	return r;
}

static int
read_secret(const struct tn_value *item, struct tn_arena *arena TN_UNUSED, void *to,
    struct tn_error *err)
{
	struct tn_secret_ref *out = to;
	int r = needed_text(item, "name", &out->name, err);

	if (r == 0)
		r = text_of(item, "updated_at", NULL, &out->updated_at, err);
	return r;
}

static int
read_content(const struct tn_value *object, struct tn_arena *arena,
    struct tn_content *out, struct tn_error *err)
{
	static const struct tn_auth0_list dependencies = { "dependencies", false,
		sizeof(struct tn_dependency), read_dependency };
	static const struct tn_auth0_list secrets = { "secrets", false,
		sizeof(struct tn_secret_ref), read_secret };
	void *items = NULL;
	int r = text_of(object, "code", "", &out->code, err);

	if (r == 0)
		r = text_of(object, "runtime", NULL, &out->runtime, err);
	if (r == 0)
		r = tn_auth0_read_list(object, &dependencies, arena, &items,
		    &out->n_dependencies, err);
	out->dependencies = items;
	if (r == 0)
		r = tn_auth0_read_list(object, &secrets, arena, &items, &out->n_secrets,
		    err);
	out->secrets = items;
	return r;
}

/* One trigger in practice; what stands after the first one has no place in the model. */
static int
read_trigger(const struct tn_value *object, struct tn_trigger *out, struct tn_error *err)
{
	const struct tn_value *list;
	const struct tn_value *first;
	int r = part_of(object, "supported_triggers", TN_VALUE_ARRAY, &list, err);

	if (r < 0)
		return r;
	first = tn_value_at(list, 0);
	r = text_of(first, "id", "", &out->id, err);
	if (r == 0)
		r = text_of(first, "version", "", &out->version, err);
	if (r < 0)
		tn_error_context(err, "supported_triggers[0]");
	return r;
}

int
tn_auth0_read_version(const struct tn_value *item, struct tn_arena *arena, void *to,
    struct tn_error *err)
{
	struct tn_version *out = to;
	const char *status;
	int r = needed_text(item, "id", &out->id, err);

	if (r == 0)
		r = text_of(item, "created_at", NULL, &out->created_at, err);
	if (r == 0)
		r = text_of(item, "status", NULL, &status, err);
	if (r == 0)
		r = read_content(item, arena, &out->content, err);
	if (r < 0)
		return r;
	if (!tn_value_to_int(tn_value_get(item, "number"), &out->number))
		out->number = 0;
	out->deployed = tn_value_get_bool(item, "deployed", false);
	out->built = is_word(status, "built") &&
	    (is_present(item, "built_at") || is_present(item, "build_time"));
	return 0;
}

static bool
is_installed(const struct tn_value *action)
{
	return is_present(action, "integration") ||
	    is_present(action, "installed_integration_id");
}

/* A word that nobody knows yet is a step on the way. */
static enum tn_build
build_of(const char *status)
{
	if (is_word(status, "built"))
		return TN_BUILD_BUILT;
	if (is_word(status, "failed"))
		return TN_BUILD_FAILED;
	return TN_BUILD_RUNNING;
}

static int
read_live_version(const struct tn_value *object, struct tn_arena *arena,
    struct tn_live_action *out, struct tn_error *err)
{
	const struct tn_value *version;
	int r = part_of(object, "deployed_version", TN_VALUE_OBJECT, &version, err);

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
	int r = needed_text(item, "id", &out->id, err);

	if (r == 0)
		r = needed_text(item, "name", &out->name, err);
	if (r == 0)
		r = read_trigger(item, &out->trigger, err);
	if (r == 0)
		r = text_of(item, "created_at", NULL, &out->created_at, err);
	if (r == 0)
		r = text_of(item, "updated_at", NULL, &out->updated_at, err);
	if (r == 0)
		r = text_of(item, "status", "", &out->build_status, err);
	if (r == 0)
		r = read_content(item, arena, &out->draft, err);
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
	int r = part_of(item, "action", TN_VALUE_OBJECT, &action, err);

	if (r < 0)
		return r;
	r = needed_text(action, "id", &out->action_id, err);
	if (r == 0)
		r = needed_text(action, "name", &out->action_name, err);
	if (r < 0) {
		tn_error_context(err, "action");
		return r;
	}
	out->installed = is_installed(action);
	return text_of(item, "display_name", NULL, &out->display_name, err);
}

static int
read_runtimes(const struct tn_value *object, struct tn_arena *arena,
    struct tn_trigger_info *out, struct tn_error *err)
{
	const struct tn_value *list;
	const char **names;
	size_t n;
	int r = part_of(object, "runtimes", TN_VALUE_ARRAY, &list, err);

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
	const char *status;
	const char *policy;
	int r = needed_text(item, "id", &out->trigger.id, err);

	if (r == 0)
		r = needed_text(item, "version", &out->trigger.version, err);
	if (r == 0)
		r = text_of(item, "status", NULL, &status, err);
	if (r == 0)
		r = text_of(item, "binding_policy", NULL, &policy, err);
	if (r == 0)
		r = read_runtimes(item, arena, out, err);
	if (r < 0)
		return r;
	out->current = !is_word(status, "deprecated");
	out->entity_bound = is_word(policy, "entity-bound");
	return 0;
}
