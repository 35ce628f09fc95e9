#include "auth0/wire.h"

#include "auth0/object.h"
#include "json/json.h"

#include <strings.h>

static const struct tn_auth0_list actions_list = { "actions", true,
	sizeof(struct tn_live_action), tn_auth0_read_action };
static const struct tn_auth0_list versions_list = { "versions", true,
	sizeof(struct tn_version), tn_auth0_read_version };
static const struct tn_auth0_list module_versions_list = { "versions", true,
	sizeof(struct tn_version), tn_auth0_read_module_version };
static const struct tn_auth0_list bindings_list = { "bindings", true,
	sizeof(struct tn_binding), tn_auth0_read_binding };
static const struct tn_auth0_list binding_ids_list = { "bindings", true,
	sizeof(const char *), tn_auth0_read_binding_id };
static const struct tn_auth0_list triggers_list = { "triggers", true,
	sizeof(struct tn_trigger_info), tn_auth0_read_trigger_info };

/* How many items a page has at most: the tenant may give less than was asked for. */
static int64_t
page_size(const struct tn_value *root, unsigned asked)
{
	static const char *const keys[] = { "per_page", "limit" };
	int64_t told;

	for (size_t i = 0; i < TN_ARRAY_LEN(keys); i++) {
		if (tn_value_to_int(tn_value_get(root, keys[i]), &told) && told > 0 &&
		    told < asked)
			return told;
	}
	return asked;
}

/*
 * Whether another page follows. The platform leaves "total" out when it is 0 and past the
 * end, so only a full page can have a successor. An older tenant says where the page
 * starts.
 */
static bool
has_more(const struct tn_value *root, size_t n, unsigned page, unsigned asked)
{
	int64_t size = page_size(root, asked);
	int64_t start;
	int64_t total;

	if ((int64_t)n < size)
		return false;
	if (!tn_value_to_int(tn_value_get(root, "total"), &total))
		return true;
	if (!tn_value_to_int(tn_value_get(root, "start"), &start) || start < 0)
		start = page * size;
	return total > size && total - size > start;
}

static bool
is_chosen(enum tn_choice choice, bool is)
{
	return choice == TN_EITHER || (choice == TN_YES) == is;
}

/* A tenant that does not know a condition ignores it. */
static void
filter_actions(const struct tn_action_filter *filter, struct tn_op_result *out)
{
	size_t kept = 0;

	for (size_t i = 0; i < out->n_actions; i++) {
		const struct tn_live_action *action = &out->actions[i];

		if ((filter->name == NULL || tn_text_equal(filter->name, action->name)) &&
		    is_chosen(filter->deployed, action->has_live) &&
		    is_chosen(filter->installed, action->installed))
			out->actions[kept++] = *action;
	}
	out->n_actions = kept;
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
	filter_actions(&op->filter, out);
	return 0;
}

/* By exact name; whoever ignores it must not make us take another action. */
static int
answer_find(const struct tn_op *op, const struct tn_value *root, struct tn_arena *arena,
    struct tn_op_result *out, struct tn_error *err)
{
	const struct tn_action_filter filter = { .name = op->name };
	int r = answer_actions(op, root, arena, out, err);

	if (r < 0)
		return r;
	filter_actions(&filter, out);
	out->more = false;
	if (out->n_actions > 1)
		return tn_error_set(err, TN_E_PLATFORM,
		    "%zu actions have this name, which should be unique", out->n_actions);
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

static bool
is_of_module(enum tn_op_kind kind)
{
	return kind == TN_OP_LIST_MODULE_VERSIONS || kind == TN_OP_GET_MODULE_VERSION ||
	    kind == TN_OP_PUBLISH_MODULE;
}

static bool
is_asked_for(enum tn_op_kind kind)
{
	return kind == TN_OP_GET_VERSION || kind == TN_OP_GET_MODULE_VERSION;
}

/* Where one is deployed or published the answer is about a new one. */
static int
answer_version(const struct tn_op *op, const struct tn_value *root,
    struct tn_arena *arena, struct tn_op_result *out, struct tn_error *err)
{
	int r;

	out->versions = tn_arena_new_object(arena, struct tn_version);
	out->n_versions = 1;
	if (is_of_module(op->kind))
		r = tn_auth0_read_module_version(root, arena, out->versions, err);
	else
		r = tn_auth0_read_version(root, arena, out->versions, err);
	if (r == 0 && is_asked_for(op->kind) && op->version_id != NULL &&
	    strcasecmp(op->version_id, out->versions->id) != 0)
		return tn_error_set(err, TN_E_PLATFORM,
		    "the answer is about another version than the one asked for");
	return r;
}

static int
answer_versions(const struct tn_op *op, const struct tn_value *root,
    struct tn_arena *arena, struct tn_op_result *out, struct tn_error *err)
{
	const struct tn_auth0_list *list = is_of_module(op->kind) ? &module_versions_list
								  : &versions_list;
	void *items;
	int r = tn_auth0_read_list(root, list, arena, &items, &out->n_versions, err);

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
	void *ids = NULL;
	size_t n;
	int r = tn_auth0_read_list(root, &bindings_list, arena, &items, &n, err);

	if (r == 0)
		r = tn_auth0_read_list(root, &binding_ids_list, arena, &ids, &n, err);
	if (r < 0)
		return r;
	out->flow.bindings = items;
	out->flow.n_bindings = n;
	out->binding_ids = ids;
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
answer_execution(const struct tn_value *root, struct tn_arena *arena,
    struct tn_op_result *out, struct tn_error *err)
{
	struct tn_execution *execution = tn_arena_new_object(arena, struct tn_execution);

	out->execution = execution;
	return tn_auth0_read_execution(root, arena, execution, err);
}

static int
answer_test(const struct tn_value *root, struct tn_arena *arena, struct tn_op_result *out,
    struct tn_error *err)
{
	struct tn_test_run *test = tn_arena_new_object(arena, struct tn_test_run);

	out->test = test;
	return tn_auth0_read_test(root, arena, test, err);
}

static int
answer_modules(const struct tn_op *op, const struct tn_value *root,
    struct tn_arena *arena, struct tn_op_result *out, struct tn_error *err)
{
	int r = tn_auth0_answer_modules(root, arena, out, err);

	out->more = r == 0 && has_more(root, out->n_modules, op->page, TN_AUTH0_PAGE);
	return r;
}

static int
find_module(const struct tn_op *op, const struct tn_value *root, struct tn_arena *arena,
    struct tn_op_result *out, struct tn_error *err)
{
	size_t kept = 0;
	int r = tn_auth0_answer_modules(root, arena, out, err);

	for (size_t i = 0; r == 0 && i < out->n_modules; i++)
		if (tn_text_equal(out->modules[i].name, op->name))
			out->modules[kept++] = out->modules[i];
	out->n_modules = kept;
	return r;
}

static int
answer_module_users(const struct tn_op *op, const struct tn_value *root,
    struct tn_arena *arena, struct tn_op_result *out, struct tn_error *err)
{
	int r = tn_auth0_answer_module_users(root, arena, out, err);

	out->more = r == 0 && has_more(root, out->n_users, op->page, TN_AUTH0_PAGE);
	return r;
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
	case TN_OP_RENAME_ACTION:
		return answer_action(op, root, arena, out, err);
	case TN_OP_DEPLOY_ACTION:
	case TN_OP_GET_VERSION:
	case TN_OP_DEPLOY_VERSION:
	case TN_OP_GET_MODULE_VERSION:
	case TN_OP_PUBLISH_MODULE:
		return answer_version(op, root, arena, out, err);
	case TN_OP_TEST_ACTION:
		return answer_test(root, arena, out, err);
	case TN_OP_LIST_VERSIONS:
	case TN_OP_LIST_MODULE_VERSIONS:
		return answer_versions(op, root, arena, out, err);
	case TN_OP_GET_FLOW:
	case TN_OP_SET_FLOW:
		return answer_flow(op, root, arena, out, err);
	case TN_OP_LIST_TRIGGERS:
		return answer_triggers(root, arena, out, err);
	case TN_OP_GET_EXECUTION:
		return answer_execution(root, arena, out, err);
	case TN_OP_LIST_MODULES:
		return answer_modules(op, root, arena, out, err);
	case TN_OP_FIND_MODULE:
		return find_module(op, root, arena, out, err);
	case TN_OP_LIST_MODULE_USERS:
		return answer_module_users(op, root, arena, out, err);
	case TN_OP_GET_MODULE:
	case TN_OP_CREATE_MODULE:
	case TN_OP_UPDATE_MODULE:
	case TN_OP_ROLLBACK_MODULE:
		return tn_auth0_answer_module(op, root, arena, out, err);
	case TN_OP_DELETE_ACTION:
	case TN_OP_DELETE_MODULE:
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

/* A tenant without a list of actions is one of the other dialect, or none. */
static int
refuse(const struct tn_op *op, const struct tn_op_traits *traits,
    const struct tn_http_response *resp, struct tn_error *err)
{
	int r = tn_auth0_error(traits, resp, err);

	if (op->kind == TN_OP_LIST_ACTIONS &&
	    (resp->status == 404 || resp->status == 400))
		tn_error_hint(err,
		    "check domain and dialect of the connection: a tenant of the older "
		    "dialect has its actions at other paths");
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
	/* An older tenant has nothing there. */
	if (op->kind == TN_OP_LIST_MODULES &&
	    (tn_auth0_is_feature_off(resp) || resp->status == 404)) {
		out->modules_off = true;
		return 0;
	}
	if (resp->status < 200 || resp->status > 299)
		return refuse(op, traits, resp, err);
	if (op->kind == TN_OP_DELETE_ACTION || op->kind == TN_OP_DELETE_MODULE)
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
