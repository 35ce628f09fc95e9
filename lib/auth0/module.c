/*
 * Modules come from a service of their own: other keys for the same things, zeros that
 * are printed, no build. A secret without a value is refused, so that all of them are
 * sent or none (its schema takes no other keys).
 */
#include "auth0/wire.h"

#include "auth0/object.h"

#include <strings.h>

/* --- Answers ---------------------------------------------------------------------- */

static int64_t
number_of(const struct tn_value *object, const char *key)
{
	int64_t number;

	if (!tn_value_to_int(tn_value_get(object, key), &number) || number < 0)
		return 0;
	return number;
}

int
tn_auth0_read_module_ref(const struct tn_value *item, struct tn_arena *arena TN_UNUSED,
    void *to, struct tn_error *err)
{
	struct tn_module_ref *out = to;
	int r = tn_auth0_needed_text(item, "module_name", &out->name, err);

	if (r == 0)
		r = tn_auth0_needed_text(item, "module_id", &out->module_id, err);
	if (r == 0)
		r = tn_auth0_text(item, "module_version_id", NULL, &out->version_id, err);
	out->number = number_of(item, "module_version_number");
	return r;
}

int
tn_auth0_read_module_version(const struct tn_value *item, struct tn_arena *arena,
    void *to, struct tn_error *err)
{
	struct tn_version *out = to;
	int r = tn_auth0_needed_text(item, "id", &out->id, err);

	if (r == 0)
		r = tn_auth0_text(item, "created_at", NULL, &out->created_at, err);
	if (r == 0)
		r = tn_auth0_read_content(item, arena, &out->content, err);
	out->number = number_of(item, "version_number");
	out->built = true;
	return r;
}

static int
read_latest(const struct tn_value *item, struct tn_arena *arena,
    struct tn_live_module *out, struct tn_error *err)
{
	const struct tn_value *latest;
	int r = tn_auth0_part(item, "latest_version", TN_VALUE_OBJECT, &latest, err);

	out->latest_number = number_of(item, "latest_version_number");
	if (r < 0 || latest == NULL)
		return r;
	r = tn_auth0_read_module_version(latest, arena, &out->latest, err);
	if (r < 0)
		tn_error_context(err, "latest_version");
	out->has_latest = r == 0;
	out->latest_number = out->latest.number;
	return r;
}

int
tn_auth0_read_module(const struct tn_value *item, struct tn_arena *arena, void *to,
    struct tn_error *err)
{
	struct tn_live_module *out = to;
	int r = tn_auth0_needed_text(item, "id", &out->id, err);

	if (r == 0)
		r = tn_auth0_needed_text(item, "name", &out->name, err);
	if (r == 0)
		r = tn_auth0_text(item, "created_at", NULL, &out->created_at, err);
	if (r == 0)
		r = tn_auth0_text(item, "updated_at", NULL, &out->updated_at, err);
	if (r == 0)
		r = tn_auth0_read_content(item, arena, &out->draft, err);
	if (r == 0)
		r = read_latest(item, arena, out, err);
	out->all_published = tn_value_get_bool(item, "all_changes_published", false);
	return r;
}

static int
read_user(const struct tn_value *item, struct tn_arena *arena TN_UNUSED, void *to,
    struct tn_error *err)
{
	struct tn_module_user *out = to;
	int r = tn_auth0_needed_text(item, "action_id", &out->action_id, err);

	if (r == 0)
		r = tn_auth0_text(item, "action_name", "", &out->action_name, err);
	if (r == 0)
		r = tn_auth0_text(item, "module_version_id", NULL, &out->version_id, err);
	out->version_number = number_of(item, "module_version_number");
	return r;
}

int
tn_auth0_answer_modules(const struct tn_value *root, struct tn_arena *arena,
    struct tn_op_result *out, struct tn_error *err)
{
	static const struct tn_auth0_list list = { "modules", true,
		sizeof(struct tn_live_module), tn_auth0_read_module };
	void *items = NULL;
	int r = tn_auth0_read_list(root, &list, arena, &items, &out->n_modules, err);

	out->modules = items;
	return r;
}

int
tn_auth0_answer_module(const struct tn_op *op, const struct tn_value *root,
    struct tn_arena *arena, struct tn_op_result *out, struct tn_error *err)
{
	int r;

	out->modules = tn_arena_new_object(arena, struct tn_live_module);
	out->n_modules = 1;
	r = tn_auth0_read_module(root, arena, out->modules, err);
	if (r == 0 && op->id != NULL && strcasecmp(op->id, out->modules->id) != 0)
		return tn_error_set(err, TN_E_PLATFORM,
		    "the answer is about another module than the one asked for");
	return r;
}

int
tn_auth0_answer_module_users(const struct tn_value *root, struct tn_arena *arena,
    struct tn_op_result *out, struct tn_error *err)
{
	static const struct tn_auth0_list list = { "actions", true,
		sizeof(struct tn_module_user), read_user };
	void *items = NULL;
	int r = tn_auth0_read_list(root, &list, arena, &items, &out->n_users, err);

	out->users = items;
	return r;
}

/* --- Bodies ----------------------------------------------------------------------- */

static int
secrets_value(struct tn_arena *arena, const struct tn_op *op, struct tn_value *body,
    struct tn_error *err)
{
	struct tn_value *list = tn_value_array(arena);

	for (size_t i = 0; i < op->content->n_secrets; i++) {
		const char *name = op->content->secrets[i].name;
		const struct tn_secret *value = tn_auth0_value_of(op, name);
		struct tn_value *item = tn_value_object(arena);

		if (value == NULL)
			return tn_error_set(err, TN_E_INPUT,
			    "there is no value for secret \"%s\"", name);
		tn_value_set_text(arena, item, "name", name);
		tn_value_set(arena, item, "value", tn_value_secret(arena, value));
		tn_value_push(arena, list, item);
	}
	tn_value_set(arena, body, "secrets", list);
	return 0;
}

static struct tn_value *
dependencies_value(struct tn_arena *arena, const struct tn_content *content)
{
	struct tn_value *list = tn_value_array(arena);

	for (size_t i = 0; i < content->n_dependencies; i++) {
		struct tn_value *item = tn_value_object(arena);

		tn_value_set_text(arena, item, "name", content->dependencies[i].name);
		tn_value_set_text(arena, item, "version",
		    content->dependencies[i].version);
		tn_value_push(arena, list, item);
	}
	return list;
}

int
tn_auth0_module_body(struct tn_arena *arena, const struct tn_op *op,
    struct tn_value *body, struct tn_error *err)
{
	bool create = op->kind == TN_OP_CREATE_MODULE;

	if (op->content == NULL || (create && op->name == NULL))
		return tn_error_set(err, TN_E_BUG,
		    "the operation has no content or no name");
	if (create)
		tn_value_set_text(arena, body, "name", op->name);
	tn_value_set_text(arena, body, "code",
	    op->content->code != NULL ? op->content->code : "");
	tn_value_set(arena, body, "dependencies", dependencies_value(arena, op->content));
	if (create && op->deploy)
		tn_value_set_bool(arena, body, "publish", true);
	if (create ? op->content->n_secrets == 0 : !op->send_secrets)
		return 0;
	return secrets_value(arena, op, body, err);
}

struct tn_value *
tn_auth0_module_refs(struct tn_arena *arena, const struct tn_content *content)
{
	struct tn_value *list = tn_value_array(arena);

	for (size_t i = 0; i < content->n_modules; i++) {
		struct tn_value *item = tn_value_object(arena);

		tn_value_set_text(arena, item, "module_id",
		    content->modules[i].module_id);
		tn_value_set_text(arena, item, "module_version_id",
		    content->modules[i].version_id);
		tn_value_push(arena, list, item);
	}
	return list;
}
