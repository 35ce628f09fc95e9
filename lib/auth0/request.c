#include "auth0/wire.h"

#include "base/text.h"

#include <string.h>

/*
 * How an operation is addressed. In a template {id} and kin are replaced from the
 * operation. older: where an older tenant has it, if elsewhere.
 */
struct route {
	enum tn_http_method method;
	unsigned per_page; /* 0: not paged */
	const char *resource;
	const char *older;
};

#define ACTIONS "/actions/actions"
#define ACTION  ACTIONS "/{id}"
#define OLDER   "/actions/{id}"
#define MODULE  "/actions/modules/{id}"
#define FLOW    "/actions/triggers/{triggerId}/bindings"

static const struct route routes[TN_OP__COUNT] = {
	[TN_OP_LIST_ACTIONS] = { TN_HTTP_GET, TN_AUTH0_PAGE, ACTIONS, "/actions" },
	[TN_OP_FIND_ACTION] = { TN_HTTP_GET, TN_AUTH0_PAGE, ACTIONS, "/actions" },
	[TN_OP_GET_ACTION] = { TN_HTTP_GET, 0, ACTION, OLDER },
	[TN_OP_CREATE_ACTION] = { TN_HTTP_POST, 0, ACTIONS, "/actions" },
	[TN_OP_UPDATE_ACTION] = { TN_HTTP_PATCH, 0, ACTION, OLDER },
	[TN_OP_RENAME_ACTION] = { TN_HTTP_PATCH, 0, ACTION, OLDER },
	[TN_OP_DELETE_ACTION] = { TN_HTTP_DELETE, 0, ACTION, OLDER },
	[TN_OP_DEPLOY_ACTION] = { TN_HTTP_POST, 0, ACTION "/deploy", OLDER "/deploy" },
	[TN_OP_TEST_ACTION] = { TN_HTTP_POST, 0, ACTION "/test", OLDER "/test" },
	[TN_OP_LIST_VERSIONS] = { TN_HTTP_GET, TN_AUTH0_PAGE_VERSIONS, ACTION "/versions",
	    NULL },
	[TN_OP_GET_VERSION] = { TN_HTTP_GET, 0, ACTION "/versions/{versionId}", NULL },
	[TN_OP_DEPLOY_VERSION] = { TN_HTTP_POST, 0, ACTION "/versions/{versionId}/deploy",
	    NULL },
	[TN_OP_GET_FLOW] = { TN_HTTP_GET, TN_AUTH0_PAGE, FLOW, NULL },
	[TN_OP_SET_FLOW] = { TN_HTTP_PATCH, 0, FLOW, NULL },
	[TN_OP_LIST_TRIGGERS] = { TN_HTTP_GET, 0, "/actions/triggers", NULL },
	[TN_OP_GET_EXECUTION] = { TN_HTTP_GET, 0, "/actions/executions/{id}", NULL },
	[TN_OP_LIST_MODULES] = { TN_HTTP_GET, TN_AUTH0_PAGE, "/actions/modules", NULL },
	/* Without a page size there are no pages (OpenAPI document). */
	[TN_OP_FIND_MODULE] = { TN_HTTP_GET, 0, "/actions/modules", NULL },
	[TN_OP_GET_MODULE] = { TN_HTTP_GET, 0, MODULE, NULL },
	[TN_OP_CREATE_MODULE] = { TN_HTTP_POST, 0, "/actions/modules", NULL },
	[TN_OP_UPDATE_MODULE] = { TN_HTTP_PATCH, 0, MODULE, NULL },
	[TN_OP_DELETE_MODULE] = { TN_HTTP_DELETE, 0, MODULE, NULL },
	[TN_OP_LIST_MODULE_USERS] = { TN_HTTP_GET, TN_AUTH0_PAGE, MODULE "/actions",
	    NULL },
	[TN_OP_LIST_MODULE_VERSIONS] = { TN_HTTP_GET, TN_AUTH0_PAGE_VERSIONS,
	    MODULE "/versions", NULL },
	[TN_OP_GET_MODULE_VERSION] = { TN_HTTP_GET, 0, MODULE "/versions/{versionId}",
	    NULL },
	[TN_OP_PUBLISH_MODULE] = { TN_HTTP_POST, 0, MODULE "/versions", NULL },
	[TN_OP_ROLLBACK_MODULE] = { TN_HTTP_POST, 0, MODULE "/rollback", NULL },
};

/* What an older tenant has where the id of an action could stand. */
static const char *const places[] = { "actions", "executions", "modules", "triggers" };

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
		return add_part(url, "id", op->id, err);
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

static void
add_condition(struct tn_str *url, const char *key, const char *value)
{
	if (value == NULL)
		return;
	tn_str_addf(url, "&%s=", key);
	tn_percent_encode(tn_span(value), url);
}

static const char *
choice_text(enum tn_choice choice)
{
	switch (choice) {
	case TN_YES:
		return "true";
	case TN_NO:
		return "false";
	case TN_EITHER:
		break;
	}
	return NULL;
}

/* An older tenant knows no condition on what is deployed: the answer is filtered. */
static void
add_filter(struct tn_str *url, const struct tn_action_filter *filter,
    enum tn_dialect dialect)
{
	add_condition(url, "triggerId", filter->trigger);
	add_condition(url, "actionName", filter->name);
	if (dialect != TN_DIALECT_OLDER)
		add_condition(url, "deployed", choice_text(filter->deployed));
	add_condition(url, "installed", choice_text(filter->installed));
}

static int
add_query(struct tn_str *url, const struct route *route, enum tn_dialect dialect,
    const struct tn_op *op, struct tn_error *err)
{
	if (route->per_page > 0)
		tn_str_addf(url, "?page=%u&per_page=%u", op->page, route->per_page);
	if (op->kind == TN_OP_LIST_ACTIONS)
		add_filter(url, &op->filter, dialect);
	if (op->kind == TN_OP_DELETE_ACTION && op->force)
		tn_str_add(url, "?force=true");
	if (op->kind != TN_OP_FIND_ACTION)
		return 0;
	tn_str_add(url, "&actionName=");
	return add_part(url, "action name", op->name, err);
}

/* Where the operation is for this tenant; NULL: its id would lead to something else. */
static const char *
resource_of(const struct route *route, enum tn_dialect dialect, const struct tn_op *op)
{
	if (dialect != TN_DIALECT_OLDER || route->older == NULL)
		return route->resource;
	for (size_t i = 0; op->id != NULL && i < TN_ARRAY_LEN(places); i++) {
		if (strcmp(op->id, places[i]) == 0)
			return NULL;
	}
	return route->older;
}

int
tn_auth0_request(const struct tn_connection *connection, const struct tn_op *op,
    struct tn_http_request *req, struct tn_error *err)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	TN_CLEANUP(tn_str_done) struct tn_str url = TN_STR_INIT;
	struct tn_value *body = tn_value_object(arena);
	const struct route *route;
	const char *resource;
	int r;

	if (op->kind >= TN_OP__COUNT)
		return tn_error_set(err, TN_E_BUG, "there is no operation %d",
		    (int)op->kind);
	route = &routes[op->kind];
	resource = resource_of(route, connection->dialect, op);
	if (resource == NULL)
		return tn_error_set(err, TN_E_BUG, "the operation has no usable id");
	tn_str_add(&url, connection->base_url);
	tn_str_add(&url, TN_AUTH0_API);
	r = add_path(&url, resource, op, err);
	if (r == 0)
		r = add_query(&url, route, connection->dialect, op, err);
	if (r == 0)
		r = tn_auth0_request_body(arena, op, body, err);
	if (r < 0)
		return r;
	tn_http_request_init(req, route->method, tn_str_text(&url));
	req->resource = resource;
	if (tn_value_count(body) > 0)
		tn_http_body_json(req, body);
	return 0;
}
