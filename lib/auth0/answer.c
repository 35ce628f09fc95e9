#include "auth0/wire.h"

#include "auth0/object.h"
#include "json/json.h"

#include <strings.h>

static const struct tn_auth0_list actions_list = { "actions", true,
	sizeof(struct tn_live_action), tn_auth0_read_action };
static const struct tn_auth0_list versions_list = { "versions", true,
	sizeof(struct tn_version), tn_auth0_read_version };
static const struct tn_auth0_list bindings_list = { "bindings", true,
	sizeof(struct tn_binding), tn_auth0_read_binding };
static const struct tn_auth0_list triggers_list = { "triggers", true,
	sizeof(struct tn_trigger_info), tn_auth0_read_trigger_info };

/*
 * Whether another page follows. The platform leaves "total" out when it is 0 and past the
 * end, so only a full page can have a successor; the page size that it names counts when
 * it gave less than was asked for.
 */
static bool
has_more(const struct tn_value *root, size_t n, unsigned page, unsigned asked)
{
	int64_t size = asked;
	int64_t told;
	int64_t total;

	if (tn_value_to_int(tn_value_get(root, "per_page"), &told) && told > 0 &&
	    told < size)
		size = told;
	if ((int64_t)n < size)
		return false;
	if (!tn_value_to_int(tn_value_get(root, "total"), &total))
		return true;
	return total > ((int64_t)page + 1) * size;
}

static int
answer_actions(const struct tn_op *op, const struct tn_value *root,
    struct tn_arena *arena, struct tn_op_result *out, struct tn_error *err)
{
	void *items;
	int r = tn_auth0_read_list(root, &actions_list, arena, &items, &out->n_actions,
	    err);

	if (r < 0)
		return r;
	out->actions = items;
	out->more = has_more(root, out->n_actions, op->page, TN_AUTH0_PAGE);
	return 0;
}

/* The filter is by exact name; whoever ignores it must not make us take another action.
 */
static int
answer_find(const struct tn_op *op, const struct tn_value *root, struct tn_arena *arena,
    struct tn_op_result *out, struct tn_error *err)
{
	size_t kept = 0;
	int r = answer_actions(op, root, arena, out, err);

	if (r < 0)
		return r;
	for (size_t i = 0; i < out->n_actions; i++) {
		if (tn_text_equal(out->actions[i].name, op->name))
			out->actions[kept++] = out->actions[i];
	}
	out->n_actions = kept;
	out->more = false;
	if (kept > 1)
		return tn_error_set(err, TN_E_PLATFORM,
		    "%zu actions have this name, which should be unique", kept);
	return 0;
}

static int
answer_action(const struct tn_op *op, const struct tn_value *root, struct tn_arena *arena,
    struct tn_op_result *out, struct tn_error *err)
{
	int r;

	out->actions = tn_arena_new_object(arena, struct tn_live_action);
	out->n_actions = 1;
	r = tn_auth0_read_action(root, arena, out->actions, err);
	if (r < 0)
		return r;
	if (op->id != NULL && strcasecmp(op->id, out->actions->id) != 0)
		return tn_error_set(err, TN_E_PLATFORM,
		    "the answer is about another action than the one asked for");
	return 0;
}

static int
answer_version(const struct tn_value *root, struct tn_arena *arena,
    struct tn_op_result *out, struct tn_error *err)
{
	out->versions = tn_arena_new_object(arena, struct tn_version);
	out->n_versions = 1;
	return tn_auth0_read_version(root, arena, out->versions, err);
}

static int
answer_versions(const struct tn_op *op, const struct tn_value *root,
    struct tn_arena *arena, struct tn_op_result *out, struct tn_error *err)
{
	void *items;
	int r = tn_auth0_read_list(root, &versions_list, arena, &items, &out->n_versions,
	    err);

	if (r < 0)
		return r;
	out->versions = items;
	out->more = has_more(root, out->n_versions, op->page, TN_AUTH0_PAGE_VERSIONS);
	return 0;
}

/* The answer to a write has no total and is never paged. */
static int
answer_flow(const struct tn_op *op, const struct tn_value *root, struct tn_arena *arena,
    struct tn_op_result *out, struct tn_error *err)
{
	void *items;
	size_t n;
	int r = tn_auth0_read_list(root, &bindings_list, arena, &items, &n, err);

	if (r < 0)
		return r;
	out->flow.bindings = items;
	out->flow.n_bindings = n;
	out->more = op->kind == TN_OP_GET_FLOW &&
	    has_more(root, n, op->page, TN_AUTH0_PAGE);
	return 0;
}

static int
answer_triggers(const struct tn_value *root, struct tn_arena *arena,
    struct tn_op_result *out, struct tn_error *err)
{
	void *items;
	int r = tn_auth0_read_list(root, &triggers_list, arena, &items, &out->n_triggers,
	    err);

	if (r < 0)
		return r;
	out->triggers = items;
	return 0;
}

static int
answer_body(const struct tn_op *op, const struct tn_value *root, struct tn_arena *arena,
    struct tn_op_result *out, struct tn_error *err)
{
	switch (op->kind) {
	case TN_OP_LIST_ACTIONS:
		return answer_actions(op, root, arena, out, err);
	case TN_OP_FIND_ACTION:
		return answer_find(op, root, arena, out, err);
	case TN_OP_GET_ACTION:
	case TN_OP_CREATE_ACTION:
	case TN_OP_UPDATE_ACTION:
		return answer_action(op, root, arena, out, err);
	case TN_OP_DEPLOY_ACTION:
	case TN_OP_DEPLOY_VERSION:
		return answer_version(root, arena, out, err);
	case TN_OP_LIST_VERSIONS:
		return answer_versions(op, root, arena, out, err);
	case TN_OP_GET_FLOW:
	case TN_OP_SET_FLOW:
		return answer_flow(op, root, arena, out, err);
	case TN_OP_LIST_TRIGGERS:
		return answer_triggers(root, arena, out, err);
	case TN_OP_DELETE_ACTION:
	case TN_OP__COUNT:
		return 0;
	}
	return 0;
}

int
tn_auth0_body(const struct tn_http_response *resp, struct tn_arena *arena,
    const struct tn_value **out, struct tn_error *err)
{
	TN_CLEANUP(tn_error_done) struct tn_error why = TN_ERROR_INIT;
	struct tn_value *root = NULL;

	if (resp->body.len == 0)
		return tn_error_set(err, TN_E_PLATFORM,
		    "the answer is empty, expected was a JSON object");
	if (tn_json_parse(arena, resp->body, NULL, &root, &why) < 0)
		return tn_error_set(err, TN_E_PLATFORM,
		    "the answer should be a JSON object, but it does not parse: %s",
		    why.message);
	if (!tn_value_is(root, TN_VALUE_OBJECT))
		return tn_error_set(err, TN_E_PLATFORM,
		    "the answer should be a JSON object, but it is of type %s",
		    tn_value_kind_name(root->kind));
	*out = root;
	return 0;
}

static int
read_answer(const struct tn_op *op, const struct tn_http_response *resp,
    struct tn_arena *arena, struct tn_op_result *out, struct tn_error *err)
{
	const struct tn_value *root;
	int r = tn_auth0_body(resp, arena, &root, err);

	if (r == 0)
		r = answer_body(op, root, arena, out, err);
	return r;
}

int
tn_auth0_answer(const struct tn_op *op, const struct tn_http_response *resp,
    struct tn_arena *arena, struct tn_op_result *out, struct tn_error *err)
{
	const struct tn_op_traits *traits = &tn_auth0_traits[op->kind];
	struct tn_error why = TN_ERROR_INIT;
	int r;

	*out = (struct tn_op_result){ .arena = arena };
	out->flow.trigger = tn_arena_text(arena, op->trigger.id);
	if (op->kind == TN_OP_GET_FLOW && tn_auth0_is_entity_bound(resp))
		return 0;
	if (resp->status < 200 || resp->status > 299)
		return tn_auth0_error(traits, resp, err);
	if (op->kind == TN_OP_DELETE_ACTION)
		return 0;
	if (read_answer(op, resp, arena, out, &why) == 0)
		return 0;
	/* A success that cannot be read: a write was done, but nobody knows to what end.
	 */
	if (traits->writes)
		why.kind = TN_E_UNKNOWN;
	why.status = resp->status;
	*out = (struct tn_op_result){ .arena = arena };
	r = -(int)why.kind;
	tn_error_move(err, &why);
	return r;
}
