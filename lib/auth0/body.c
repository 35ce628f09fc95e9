#include "auth0/wire.h"

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

const struct tn_secret *
tn_auth0_value_of(const struct tn_op *op, const char *name)
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
		const struct tn_secret *value = tn_auth0_value_of(op, name);
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
	if (op->send_modules)
		tn_value_set(arena, body, "modules",
		    tn_auth0_module_refs(arena, op->content));
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

static int
add_ref(struct tn_arena *arena, struct tn_value *list, const struct tn_binding_ref *ref,
    struct tn_error *err)
{
	static const char *const types[] = {
		[TN_REF_ACTION_ID] = "action_id",
		[TN_REF_ACTION_NAME] = "action_name",
		[TN_REF_BINDING_ID] = "binding_id",
	};
	struct tn_value *item = tn_value_object(arena);
	struct tn_value *object = tn_value_object(arena);

	if (ref->value == NULL || ref->value[0] == '\0')
		return tn_error_set(err, TN_E_BUG, "binding %zu has no %s yet",
		    tn_value_count(list) + 1, types[ref->kind]);
	tn_value_set_text(arena, object, "type", types[ref->kind]);
	tn_value_set_text(arena, object, "value", ref->value);
	tn_value_set(arena, item, "ref", object);
	tn_value_set_text(arena, item, "display_name", ref->display_name);
	tn_value_push(arena, list, item);
	return 0;
}

static size_t
count_refs(const struct tn_op *op)
{
	return op->flow != NULL ? op->flow->n_bindings : op->n_refs;
}

/* By id and not by name: marketplace actions too are sent back as they were read. */
static struct tn_binding_ref
ref_at(const struct tn_op *op, size_t i)
{
	if (op->flow == NULL)
		return op->refs[i];
	return (struct tn_binding_ref){
		.kind = TN_REF_ACTION_ID,
		.value = op->flow->bindings[i].action_id,
		.display_name = op->flow->bindings[i].display_name,
	};
}

static int
flow_body(struct tn_arena *arena, const struct tn_op *op, struct tn_value *body,
    struct tn_error *err)
{
	struct tn_value *list = tn_value_array(arena);

	if (op->flow == NULL && op->n_refs == 0)
		return tn_error_set(err, TN_E_BUG, "the operation has no bindings");
	for (size_t i = 0; i < count_refs(op); i++) {
		const struct tn_binding_ref ref = ref_at(op, i);
		int r = add_ref(arena, list, &ref, err);

		if (r < 0)
			return r;
	}
	tn_value_set(arena, body, "bindings", list);
	return 0;
}

static int
test_body(struct tn_arena *arena, const struct tn_op *op, struct tn_value *body,
    struct tn_error *err)
{
	if (!tn_value_is(op->payload, TN_VALUE_OBJECT))
		return tn_error_set(err, TN_E_INPUT,
		    "the payload of a test run should be a JSON object");
	tn_value_set(arena, body, "payload", tn_value_clone(arena, op->payload));
	return 0;
}

static int
rollback_body(struct tn_arena *arena, const struct tn_op *op, struct tn_value *body,
    struct tn_error *err)
{
	if (op->version_id == NULL)
		return tn_error_set(err, TN_E_BUG, "the operation has no version");
	tn_value_set_text(arena, body, "module_version_id", op->version_id);
	return 0;
}

int
tn_auth0_request_body(struct tn_arena *arena, const struct tn_op *op,
    struct tn_value *body, struct tn_error *err)
{
	switch (op->kind) {
	case TN_OP_CREATE_ACTION:
	case TN_OP_UPDATE_ACTION:
		return action_body(arena, op, body, err);
	case TN_OP_RENAME_ACTION:
		tn_value_set_text(arena, body, "name", op->name);
		return 0;
	case TN_OP_DEPLOY_VERSION:
		tn_value_set_bool(arena, body, "update_draft", op->update_draft);
		return 0;
	case TN_OP_SET_FLOW:
		return flow_body(arena, op, body, err);
	case TN_OP_TEST_ACTION:
		return test_body(arena, op, body, err);
	case TN_OP_CREATE_MODULE:
	case TN_OP_UPDATE_MODULE:
		return tn_auth0_module_body(arena, op, body, err);
	case TN_OP_ROLLBACK_MODULE:
		return rollback_body(arena, op, body, err);
	case TN_OP_LIST_ACTIONS:
	case TN_OP_FIND_ACTION:
	case TN_OP_GET_ACTION:
	case TN_OP_DELETE_ACTION:
	case TN_OP_DEPLOY_ACTION:
	case TN_OP_LIST_VERSIONS:
	case TN_OP_GET_VERSION:
	case TN_OP_GET_FLOW:
	case TN_OP_LIST_TRIGGERS:
	case TN_OP_GET_EXECUTION:
	case TN_OP_LIST_MODULES:
	case TN_OP_FIND_MODULE:
	case TN_OP_GET_MODULE:
	case TN_OP_DELETE_MODULE:
	case TN_OP_LIST_MODULE_USERS:
	case TN_OP_LIST_MODULE_VERSIONS:
	case TN_OP_GET_MODULE_VERSION:
	case TN_OP_PUBLISH_MODULE:
	case TN_OP__COUNT:
		return 0;
	}
	return 0;
}
