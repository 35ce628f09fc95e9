/* Contents, actions and flows from trees. */
#include "model/action.h"
#include "model/flow.h"
#include "model/module.h"

#include <string.h>

#include "base/error.h"
#include "base/value.h"

#define FINGERPRINT_DIGITS 64
#define KEY_DIGITS         16

/*
 * Reading is strict: what tn_…_to_value wrote is accepted and nothing else. Each of these
 * fails with the member's name; callers put the path before it.
 */

static int
check_object(const struct tn_value *value, const char *const *keys, size_t n_keys,
    struct tn_error *err)
{
	if (!tn_value_is(value, TN_VALUE_OBJECT))
		return tn_error_set(err, TN_E_INPUT, "an object was expected, found %s",
		    value != NULL ? tn_value_kind_name(value->kind) : "nothing");
	for (size_t i = 0; i < value->count; i++) {
		size_t k = 0;

		while (k < n_keys && strcmp(keys[k], value->as.members[i].key) != 0)
			k++;
		if (k == n_keys)
			return tn_error_set(err, TN_E_INPUT, "unknown member \"%s\"",
			    value->as.members[i].key);
	}
	return 0;
}

static int
read_optional(struct tn_arena *arena, const struct tn_value *object, const char *key,
    const char **out, struct tn_error *err)
{
	const struct tn_value *member = tn_value_get(object, key);

	*out = NULL;
	if (member == NULL)
		return 0;
	if (!tn_value_is(member, TN_VALUE_STRING))
		return tn_error_set(err, TN_E_INPUT,
		    "%s: a string was expected, found %s", key,
		    tn_value_kind_name(member->kind));
	*out = tn_arena_text(arena, member->as.text);
	return 0;
}

static int
read_text(struct tn_arena *arena, const struct tn_value *object, const char *key,
    const char **out, struct tn_error *err)
{
	int r = read_optional(arena, object, key, out, err);

	if (r == 0 && *out == NULL)
		return tn_error_set(err, TN_E_INPUT, "%s is missing", key);
	return r;
}

/* A text that names something. */
static int
read_name(struct tn_arena *arena, const struct tn_value *object, const char *key,
    const char **out, struct tn_error *err)
{
	int r = read_text(arena, object, key, out, err);

	if (r == 0 && (*out)[0] == '\0')
		return tn_error_set(err, TN_E_INPUT, "%s is empty", key);
	return r;
}

static int
read_bool(const struct tn_value *object, const char *key, bool *out, struct tn_error *err)
{
	const struct tn_value *member = tn_value_get(object, key);

	if (!tn_value_is(member, TN_VALUE_BOOL))
		return tn_error_set(err, TN_E_INPUT, "%s: a boolean was expected", key);
	*out = member->as.boolean;
	return 0;
}

static int
read_array(const struct tn_value *object, const char *key, const struct tn_value **out,
    struct tn_error *err)
{
	*out = tn_value_get(object, key);
	if (!tn_value_is(*out, TN_VALUE_ARRAY))
		return tn_error_set(err, TN_E_INPUT, "%s: an array was expected", key);
	return 0;
}

static int
dependency_from_value(struct tn_arena *arena, const struct tn_value *value,
    struct tn_dependency *out, struct tn_error *err)
{
	static const char *const keys[] = { "name", "version", "registry" };
	int r = check_object(value, keys, TN_ARRAY_LEN(keys), err);

	if (r == 0)
		r = read_name(arena, value, "name", &out->name, err);
	if (r == 0)
		r = read_name(arena, value, "version", &out->version, err);
	if (r == 0)
		r = read_optional(arena, value, "registry", &out->registry, err);
	return r;
}

static bool
is_hex(const char *text, size_t digits)
{
	return strspn(text, "0123456789abcdef") == digits && text[digits] == '\0';
}

/* With the id of its key before it, or alone. */
static bool
is_fingerprint(const char *text)
{
	const char *colon = strchr(text, ':');

	if (colon == NULL)
		return is_hex(text, FINGERPRINT_DIGITS);
	return strspn(text, "0123456789abcdef") == KEY_DIGITS &&
	    colon == text + KEY_DIGITS && is_hex(colon + 1, FINGERPRINT_DIGITS);
}

static int
check_fingerprint(const char *fingerprint, struct tn_error *err)
{
	if (fingerprint != NULL && !is_fingerprint(fingerprint))
		return tn_error_set(err, TN_E_INPUT,
		    "fingerprint: %d hexadecimal digits in lower case were expected",
		    FINGERPRINT_DIGITS);
	return 0;
}

static int
secret_from_value(struct tn_arena *arena, const struct tn_value *value,
    struct tn_secret_ref *out, struct tn_error *err)
{
	static const char *const keys[] = { "name", "fingerprint", "updated_at" };
	int r = check_object(value, keys, TN_ARRAY_LEN(keys), err);

	if (r == 0)
		r = read_name(arena, value, "name", &out->name, err);
	if (r == 0)
		r = read_optional(arena, value, "fingerprint", &out->fingerprint, err);
	if (r == 0)
		r = check_fingerprint(out->fingerprint, err);
	if (r == 0)
		r = read_optional(arena, value, "updated_at", &out->updated_at, err);
	return r;
}

static int
dependencies_from_value(struct tn_arena *arena, const struct tn_value *content,
    struct tn_content *out, struct tn_error *err)
{
	const struct tn_value *items;
	struct tn_dependency *dependencies;
	int r = read_array(content, "dependencies", &items, err);

	if (r < 0)
		return r;
	dependencies = tn_arena_array(arena, items->count, struct tn_dependency);
	for (size_t i = 0; i < items->count; i++) {
		r = dependency_from_value(arena, items->as.items[i], &dependencies[i],
		    err);
		if (r < 0) {
			tn_error_context(err, "dependencies[%zu]", i);
			return r;
		}
	}
	out->dependencies = dependencies;
	out->n_dependencies = items->count;
	return 0;
}

static int
secrets_from_value(struct tn_arena *arena, const struct tn_value *content,
    struct tn_content *out, struct tn_error *err)
{
	const struct tn_value *items;
	struct tn_secret_ref *secrets;
	int r = read_array(content, "secrets", &items, err);

	if (r < 0)
		return r;
	secrets = tn_arena_array(arena, items->count, struct tn_secret_ref);
	for (size_t i = 0; i < items->count; i++) {
		r = secret_from_value(arena, items->as.items[i], &secrets[i], err);
		if (r < 0) {
			tn_error_context(err, "secrets[%zu]", i);
			return r;
		}
	}
	out->secrets = secrets;
	out->n_secrets = items->count;
	return 0;
}

static int
module_from_value(struct tn_arena *arena, const struct tn_value *value,
    struct tn_module_ref *out, struct tn_error *err)
{
	static const char *const keys[] = { "name", "number", "module_id", "version_id" };
	const struct tn_value *number = tn_value_get(value, "number");
	int r = check_object(value, keys, TN_ARRAY_LEN(keys), err);

	if (r == 0)
		r = read_name(arena, value, "name", &out->name, err);
	if (r == 0 && number != NULL &&
	    (!tn_value_to_int(number, &out->number) || out->number < 1))
		r = tn_error_set(err, TN_E_INPUT,
		    "number: a whole number from 1 on was expected");
	if (r == 0)
		r = read_optional(arena, value, "module_id", &out->module_id, err);
	if (r == 0)
		r = read_optional(arena, value, "version_id", &out->version_id, err);
	return r;
}

static int
modules_from_value(struct tn_arena *arena, const struct tn_value *content,
    struct tn_content *out, struct tn_error *err)
{
	const struct tn_value *items;
	struct tn_module_ref *modules;
	int r;

	if (tn_value_get(content, "modules") == NULL)
		return 0;
	r = read_array(content, "modules", &items, err);
	if (r < 0)
		return r;
	modules = tn_arena_array(arena, items->count, struct tn_module_ref);
	for (size_t i = 0; i < items->count; i++) {
		r = module_from_value(arena, items->as.items[i], &modules[i], err);
		if (r < 0) {
			tn_error_context(err, "modules[%zu]", i);
			return r;
		}
	}
	out->modules = modules;
	out->n_modules = items->count;
	return 0;
}

int
tn_content_from_value(struct tn_arena *arena, const struct tn_value *value,
    struct tn_content *out, struct tn_error *err)
{
	static const char *const keys[] = { "code", "runtime", "dependencies", "secrets",
		"modules" };
	struct tn_content content = { 0 };
	int r = check_object(value, keys, TN_ARRAY_LEN(keys), err);

	if (r == 0)
		r = read_text(arena, value, "code", &content.code, err);
	if (r == 0)
		r = read_optional(arena, value, "runtime", &content.runtime, err);
	if (r == 0)
		r = dependencies_from_value(arena, value, &content, err);
	if (r == 0)
		r = secrets_from_value(arena, value, &content, err);
	if (r == 0)
		r = modules_from_value(arena, value, &content, err);
	if (r == 0)
		*out = content;
	return r;
}

int
tn_version_from_value(struct tn_arena *arena, const struct tn_value *value,
    struct tn_version *out, struct tn_error *err)
{
	static const char *const keys[] = { "id", "number", "created_at", "deployed",
		"built", "content" };
	int r = check_object(value, keys, TN_ARRAY_LEN(keys), err);

	if (r == 0)
		r = read_name(arena, value, "id", &out->id, err);
	if (r == 0 && !tn_value_to_int(tn_value_get(value, "number"), &out->number))
		r = tn_error_set(err, TN_E_INPUT, "number: a whole number was expected");
	if (r == 0)
		r = read_optional(arena, value, "created_at", &out->created_at, err);
	if (r == 0)
		r = read_bool(value, "deployed", &out->deployed, err);
	if (r == 0)
		r = read_bool(value, "built", &out->built, err);
	if (r == 0) {
		r = tn_content_from_value(arena, tn_value_get(value, "content"),
		    &out->content, err);
		if (r < 0)
			tn_error_context(err, "content");
	}
	return r;
}

static int
trigger_from_value(struct tn_arena *arena, const struct tn_value *value,
    struct tn_trigger *out, struct tn_error *err)
{
	static const char *const keys[] = { "id", "version" };
	int r = check_object(value, keys, TN_ARRAY_LEN(keys), err);

	if (r == 0)
		r = read_name(arena, value, "id", &out->id, err);
	if (r == 0)
		r = read_optional(arena, value, "version", &out->version, err);
	if (r < 0)
		tn_error_context(err, "trigger");
	return r;
}

static int
build_from_value(struct tn_arena *arena, const struct tn_value *action,
    enum tn_build *out, struct tn_error *err)
{
	const char *word;
	int r = read_text(arena, action, "build", &word, err);

	if (r < 0)
		return r;
	for (enum tn_build build = TN_BUILD_RUNNING; build <= TN_BUILD_FAILED; build++) {
		if (strcmp(word, tn_build_name(build)) == 0) {
			*out = build;
			return 0;
		}
	}
	return tn_error_set(err, TN_E_INPUT,
	    "build: \"running\", \"built\" or \"failed\" was expected");
}

/* The draft and the version that runs: a marketplace action has no draft. */
static int
contents_from_value(struct tn_arena *arena, const struct tn_value *value,
    struct tn_live_action *out, struct tn_error *err)
{
	const struct tn_value *draft = tn_value_get(value, "draft");
	const struct tn_value *live = tn_value_get(value, "live");
	int r = 0;

	if (out->installed && draft != NULL)
		return tn_error_set(err, TN_E_INPUT, "an installed action has no draft");
	if (!out->installed)
		r = tn_content_from_value(arena, draft, &out->draft, err);
	if (r < 0) {
		tn_error_context(err, "draft");
		return r;
	}
	out->has_live = live != NULL;
	if (out->has_live)
		r = tn_version_from_value(arena, live, &out->live, err);
	if (r < 0)
		tn_error_context(err, "live");
	return r;
}

int
tn_live_action_from_value(struct tn_arena *arena, const struct tn_value *value,
    struct tn_live_action *out, struct tn_error *err)
{
	static const char *const keys[] = { "id", "name", "trigger", "created_at",
		"updated_at", "installed", "build", "build_status", "draft", "live" };
	struct tn_live_action action = { 0 };
	int r = check_object(value, keys, TN_ARRAY_LEN(keys), err);

	if (r == 0)
		r = read_name(arena, value, "id", &action.id, err);
	if (r == 0)
		r = read_name(arena, value, "name", &action.name, err);
	if (r == 0)
		r = trigger_from_value(arena, tn_value_get(value, "trigger"),
		    &action.trigger, err);
	if (r == 0)
		r = read_optional(arena, value, "created_at", &action.created_at, err);
	if (r == 0)
		r = read_optional(arena, value, "updated_at", &action.updated_at, err);
	if (r == 0)
		r = read_bool(value, "installed", &action.installed, err);
	if (r == 0)
		r = build_from_value(arena, value, &action.build, err);
	if (r == 0)
		r = read_optional(arena, value, "build_status", &action.build_status,
		    err);
	if (r == 0)
		r = contents_from_value(arena, value, &action, err);
	if (r == 0)
		*out = action;
	return r;
}

/* The draft and the newest version. */
static int
module_contents_from_value(struct tn_arena *arena, const struct tn_value *value,
    struct tn_live_module *out, struct tn_error *err)
{
	const struct tn_value *latest = tn_value_get(value, "latest");
	int r = tn_content_from_value(arena, tn_value_get(value, "draft"), &out->draft,
	    err);

	if (r < 0) {
		tn_error_context(err, "draft");
		return r;
	}
	out->has_latest = latest != NULL;
	if (out->has_latest)
		r = tn_version_from_value(arena, latest, &out->latest, err);
	if (r < 0)
		tn_error_context(err, "latest");
	return r;
}

int
tn_live_module_from_value(struct tn_arena *arena, const struct tn_value *value,
    struct tn_live_module *out, struct tn_error *err)
{
	static const char *const keys[] = { "id", "name", "created_at", "updated_at",
		"draft", "all_published", "latest_number", "latest" };
	struct tn_live_module module = { 0 };
	int r = check_object(value, keys, TN_ARRAY_LEN(keys), err);

	if (r == 0)
		r = read_name(arena, value, "id", &module.id, err);
	if (r == 0)
		r = read_name(arena, value, "name", &module.name, err);
	if (r == 0)
		r = read_optional(arena, value, "created_at", &module.created_at, err);
	if (r == 0)
		r = read_optional(arena, value, "updated_at", &module.updated_at, err);
	if (r == 0)
		r = read_bool(value, "all_published", &module.all_published, err);
	if (r == 0 &&
	    !tn_value_to_int(tn_value_get(value, "latest_number"), &module.latest_number))
		r = tn_error_set(err, TN_E_INPUT,
		    "latest_number: a whole number was expected");
	if (r == 0)
		r = module_contents_from_value(arena, value, &module, err);
	if (r == 0)
		*out = module;
	return r;
}

static int
binding_from_value(struct tn_arena *arena, const struct tn_value *value,
    struct tn_binding *out, struct tn_error *err)
{
	static const char *const keys[] = { "action_id", "action_name", "display_name",
		"installed" };
	int r = check_object(value, keys, TN_ARRAY_LEN(keys), err);

	if (r == 0)
		r = read_optional(arena, value, "action_id", &out->action_id, err);
	if (r == 0)
		r = read_name(arena, value, "action_name", &out->action_name, err);
	if (r == 0)
		r = read_optional(arena, value, "display_name", &out->display_name, err);
	if (r == 0)
		r = read_bool(value, "installed", &out->installed, err);
	return r;
}

int
tn_flow_from_value(struct tn_arena *arena, const struct tn_value *value,
    struct tn_flow *out, struct tn_error *err)
{
	static const char *const keys[] = { "trigger", "bindings" };
	const struct tn_value *items = NULL;
	struct tn_binding *bindings;
	const char *trigger = NULL;
	int r = check_object(value, keys, TN_ARRAY_LEN(keys), err);

	if (r == 0)
		r = read_name(arena, value, "trigger", &trigger, err);
	if (r == 0)
		r = read_array(value, "bindings", &items, err);
	if (r < 0)
		return r;
	bindings = tn_arena_array(arena, items->count, struct tn_binding);
	for (size_t i = 0; i < items->count; i++) {
		r = binding_from_value(arena, items->as.items[i], &bindings[i], err);
		if (r < 0) {
			tn_error_context(err, "bindings[%zu]", i);
			return r;
		}
	}
	*out = (struct tn_flow){
		.trigger = trigger,
		.bindings = bindings,
		.n_bindings = items->count,
	};
	return 0;
}
