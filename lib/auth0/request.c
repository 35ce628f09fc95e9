#include "auth0/wire.h"

#include "base/text.h"

#include <string.h>

/* How an operation is addressed. In a template {id} and kin are replaced from the
 * operation. */
struct route {
	enum tn_http_method method;
	const char *resource;
	bool paged;
	unsigned per_page;
};

static const struct route routes[TN_OP__COUNT] = {
	[TN_OP_LIST_ACTIONS] = { TN_HTTP_GET, "/actions/actions", true, TN_AUTH0_PAGE },
	[TN_OP_FIND_ACTION] = { TN_HTTP_GET, "/actions/actions", true, TN_AUTH0_PAGE },
	[TN_OP_GET_ACTION] = { TN_HTTP_GET, "/actions/actions/{id}", false, 0 },
	[TN_OP_CREATE_ACTION] = { TN_HTTP_POST, "/actions/actions", false, 0 },
	[TN_OP_UPDATE_ACTION] = { TN_HTTP_PATCH, "/actions/actions/{id}", false, 0 },
	[TN_OP_DELETE_ACTION] = { TN_HTTP_DELETE, "/actions/actions/{id}", false, 0 },
	[TN_OP_DEPLOY_ACTION] = { TN_HTTP_POST, "/actions/actions/{id}/deploy", false,
	    0 },
	[TN_OP_LIST_VERSIONS] = { TN_HTTP_GET, "/actions/actions/{id}/versions", true,
	    TN_AUTH0_PAGE_VERSIONS },
	[TN_OP_DEPLOY_VERSION] = { TN_HTTP_POST,
	    "/actions/actions/{id}/versions/{versionId}/deploy", false, 0 },
	[TN_OP_GET_FLOW] = { TN_HTTP_GET, "/actions/triggers/{triggerId}/bindings", true,
	    TN_AUTH0_PAGE },
	[TN_OP_SET_FLOW] = { TN_HTTP_PATCH, "/actions/triggers/{triggerId}/bindings",
	    false, 0 },
	[TN_OP_LIST_TRIGGERS] = { TN_HTTP_GET, "/actions/triggers", false, 0 },
};

/*
 * An empty id would address the collection, and dots another resource, where the answer
 * "not found" could pass for "deleted".
 */
static int
add_part(struct tn_str *url, const char *name, const char *value, struct tn_error *err)
{
	if (value == NULL || value[0] == '\0' || strcmp(value, ".") == 0 ||
	    strcmp(value, "..") == 0)
		return tn_error_set(err, TN_E_BUG, "the operation has no usable %s",
		    name);
	tn_percent_encode(tn_span(value), url);
	return 0;
}

static int
add_placeholder(struct tn_str *url, struct tn_span name, const struct tn_op *op,
    struct tn_error *err)
{
	if (tn_span_is(name, "{id}"))
		return add_part(url, "action id", op->id, err);
	if (tn_span_is(name, "{versionId}"))
		return add_part(url, "version id", op->version_id, err);
	return add_part(url, "trigger", op->trigger.id, err);
}

static int
add_path(struct tn_str *url, const char *resource, const struct tn_op *op,
    struct tn_error *err)
{
	const char *at = resource;

	while (*at != '\0') {
		size_t plain = strcspn(at, "{");
		size_t name = strcspn(at + plain, "}");
		int r;

		tn_str_add_bytes(url, at, plain);
		at += plain;
		if (*at == '\0')
			break;
		r = add_placeholder(url, tn_span_of(at, name + 1), op, err);
		if (r < 0)
			return r;
		at += name + 1;
	}
	return 0;
}

static int
add_query(struct tn_str *url, const struct route *route, const struct tn_op *op,
    struct tn_error *err)
{
	if (!route->paged)
		return 0;
	tn_str_addf(url, "?page=%u&per_page=%u", op->page, route->per_page);
	if (op->kind != TN_OP_FIND_ACTION)
		return 0;
	tn_str_add(url, "&actionName=");
	return add_part(url, "action name", op->name, err);
}

static struct tn_value *
triggers_value(struct tn_arena *arena, const struct tn_trigger *trigger)
{
	struct tn_value *list = tn_value_array(arena);
	struct tn_value *item = tn_value_object(arena);

	tn_value_set_text(arena, item, "id", trigger->id);
	tn_value_set_text(arena, item, "version", trigger->version);
	tn_value_push(arena, list, item);
	return list;
}

static struct tn_value *
dependencies_value(struct tn_arena *arena, const struct tn_content *content)
{
	struct tn_value *list = tn_value_array(arena);

	for (size_t i = 0; i < content->n_dependencies; i++) {
		const struct tn_dependency *dependency = &content->dependencies[i];
		struct tn_value *item = tn_value_object(arena);

		tn_value_set_text(arena, item, "name", dependency->name);
		tn_value_set_text(arena, item, "version", dependency->version);
		tn_value_set_text(arena, item, "registry_url", dependency->registry);
		tn_value_push(arena, list, item);
	}
	return list;
}

static const struct tn_secret *
value_of(const struct tn_op *op, const char *name)
{
	for (size_t i = 0; i < op->n_values; i++) {
		if (tn_text_equal(op->values[i].name, name))
			return op->values[i].value;
	}
	return NULL;
}

/* A name alone keeps the stored value; for a new action there is none to keep. */
static int
secrets_value(struct tn_arena *arena, const struct tn_op *op, struct tn_value **out,
    struct tn_error *err)
{
	*out = tn_value_array(arena);
	for (size_t i = 0; i < op->content->n_secrets; i++) {
		const char *name = op->content->secrets[i].name;
		const struct tn_secret *value = value_of(op, name);
		struct tn_value *item = tn_value_object(arena);

		tn_value_set_text(arena, item, "name", name);
		if (value != NULL)
			tn_value_set(arena, item, "value", tn_value_secret(arena, value));
		else if (op->kind == TN_OP_CREATE_ACTION)
			return tn_error_set(err, TN_E_INPUT,
			    "there is no value for secret \"%s\"", name);
		tn_value_push(arena, *out, item);
	}
	return 0;
}

static int
action_body(struct tn_arena *arena, const struct tn_op *op, struct tn_value *body,
    struct tn_error *err)
{
	bool create = op->kind == TN_OP_CREATE_ACTION;
	struct tn_value *secrets;
	int r;

	if (op->content == NULL || op->trigger.id == NULL || (create && op->name == NULL))
		return tn_error_set(err, TN_E_BUG,
		    "the operation has no content, no trigger or no name");
	tn_value_set_text(arena, body, "name", op->name);
	tn_value_set(arena, body, "supported_triggers",
	    triggers_value(arena, &op->trigger));
	if ((op->left_out & TN_PART_CODE) == 0)
		tn_value_set_text(arena, body, "code",
		    op->content->code != NULL ? op->content->code : "");
	if ((op->left_out & TN_PART_RUNTIME) == 0)
		tn_value_set_text(arena, body, "runtime", op->content->runtime);
	if ((op->left_out & TN_PART_DEPENDENCIES) == 0)
		tn_value_set(arena, body, "dependencies",
		    dependencies_value(arena, op->content));
	if (create ? op->content->n_secrets > 0 : op->send_secrets) {
		r = secrets_value(arena, op, &secrets, err);
		if (r < 0)
			return r;
		tn_value_set(arena, body, "secrets", secrets);
	}
	if (create && op->deploy)
		tn_value_set_bool(arena, body, "deploy", true);
	return 0;
}

/* By id and not by name: marketplace actions too are sent back as they were read. */
static int
flow_body(struct tn_arena *arena, const struct tn_op *op, struct tn_value *body,
    struct tn_error *err)
{
	struct tn_value *list = tn_value_array(arena);

	if (op->flow == NULL)
		return tn_error_set(err, TN_E_BUG, "the operation has no bindings");
	for (size_t i = 0; i < op->flow->n_bindings; i++) {
		const struct tn_binding *binding = &op->flow->bindings[i];
		struct tn_value *item = tn_value_object(arena);
		struct tn_value *ref = tn_value_object(arena);

		if (binding->action_id == NULL || binding->action_id[0] == '\0')
			return tn_error_set(err, TN_E_BUG,
			    "binding %zu has no action id yet", i + 1);
		tn_value_set_text(arena, ref, "type", "action_id");
		tn_value_set_text(arena, ref, "value", binding->action_id);
		tn_value_set(arena, item, "ref", ref);
		tn_value_set_text(arena, item, "display_name", binding->display_name);
		tn_value_push(arena, list, item);
	}
	tn_value_set(arena, body, "bindings", list);
	return 0;
}

/* Fills body; an operation without a body leaves it empty, and nothing is sent. */
static int
make_body(struct tn_arena *arena, const struct tn_op *op, struct tn_value *body,
    struct tn_error *err)
{
	switch (op->kind) {
	case TN_OP_CREATE_ACTION:
	case TN_OP_UPDATE_ACTION:
		return action_body(arena, op, body, err);
	case TN_OP_DEPLOY_VERSION:
		tn_value_set_bool(arena, body, "update_draft", op->update_draft);
		return 0;
	case TN_OP_SET_FLOW:
		return flow_body(arena, op, body, err);
	case TN_OP_LIST_ACTIONS:
	case TN_OP_FIND_ACTION:
	case TN_OP_GET_ACTION:
	case TN_OP_DELETE_ACTION:
	case TN_OP_DEPLOY_ACTION:
	case TN_OP_LIST_VERSIONS:
	case TN_OP_GET_FLOW:
	case TN_OP_LIST_TRIGGERS:
	case TN_OP__COUNT:
		return 0;
	}
	return 0;
}

int
tn_auth0_request(const struct tn_connection *connection, const struct tn_op *op,
    struct tn_http_request *req, struct tn_error *err)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	TN_CLEANUP(tn_str_done) struct tn_str url = TN_STR_INIT;
	struct tn_value *body = tn_value_object(arena);
	const struct route *route;
	int r;

	if (op->kind >= TN_OP__COUNT)
		return tn_error_set(err, TN_E_BUG, "there is no operation %d",
		    (int)op->kind);
	route = &routes[op->kind];
	tn_str_add(&url, connection->base_url);
	tn_str_add(&url, TN_AUTH0_API);
	r = add_path(&url, route->resource, op, err);
	if (r == 0)
		r = add_query(&url, route, op, err);
	if (r == 0)
		r = make_body(arena, op, body, err);
	if (r < 0)
		return r;
	tn_http_request_init(req, route->method, tn_str_text(&url));
	req->resource = route->resource;
	if (tn_value_count(body) > 0)
		tn_http_body_json(req, body);
	return 0;
}
