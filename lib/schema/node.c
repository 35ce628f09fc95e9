#include "schema/node.h"

#include <string.h>

const struct tn_schema_node *
tn_schema_follow(const struct tn_schema_node *node)
{
	while (node->ref != NULL)
		node = node->ref;
	return node;
}

unsigned
tn_schema_types(const struct tn_schema_node *node)
{
	unsigned types = 0;

	node = tn_schema_follow(node);
	if (node->branch_count == 0)
		return node->types;
	for (size_t i = 0; i < node->branch_count; i++)
		types |= tn_schema_follow(node->branches[i])->types;
	return types;
}

const struct tn_schema_node *
tn_schema_property(const struct tn_schema_node *node, const char *key)
{
	for (size_t i = 0; i < node->property_count; i++) {
		if (strcmp(node->properties[i].key, key) == 0)
			return node->properties[i].node;
	}
	return NULL;
}

static int
check_circle(const struct tn_schema_node *start, struct tn_error *err)
{
	const struct tn_schema_node *slow = start, *fast = start->ref;

	while (fast != NULL && fast->ref != NULL) {
		if (fast == slow)
			return tn_error_set(err, TN_E_INPUT,
			    "%s: the reference leads to itself", start->path);
		slow = slow->ref;
		fast = fast->ref->ref;
	}
	return 0;
}

/* A required key of a that b, which takes no others, does not know. */
static bool
tells_itself(const struct tn_schema_node *a, const struct tn_schema_node *b)
{
	if (!b->closed)
		return false;
	for (size_t i = 0; i < a->required_count; i++) {
		if (tn_schema_property(b, a->required[i]) == NULL)
			return true;
	}
	return false;
}

static bool
can_be_told_apart(const struct tn_schema_node *a, const struct tn_schema_node *b)
{
	unsigned common = a->types & b->types;
	unsigned numbers = TN_TYPE_INTEGER | TN_TYPE_NUMBER;

	if (a->types == 0 || b->types == 0)
		return false;
	if ((a->types & numbers) != 0 && (b->types & numbers) != 0)
		return false;
	if (common == TN_TYPE_OBJECT)
		return tells_itself(a, b) && tells_itself(b, a);
	return common == 0;
}

static int
check_branches(const struct tn_schema_node *node, struct tn_error *err)
{
	for (size_t i = 0; i < node->branch_count; i++) {
		const struct tn_schema_node *branch = tn_schema_follow(node->branches[i]);

		if (branch->branch_count > 0)
			return tn_error_set(err, TN_E_INPUT,
			    "%s: a branch cannot be a choice itself", node->path);
		for (size_t k = 0; k < i; k++) {
			if (!can_be_told_apart(tn_schema_follow(node->branches[k]),
				branch))
				return tn_error_set(err, TN_E_INPUT,
				    "%s: branches %zu and %zu cannot be told apart by kind or "
				    "by a required key that only one of them knows",
				    node->path, k, i);
		}
	}
	return 0;
}

static int
check_object(const struct tn_schema_node *node, struct tn_error *err)
{
	const struct tn_schema_node *names = node->names;

	if (names != NULL &&
	    (tn_schema_follow(names)->branch_count > 0 ||
		tn_schema_types(names) != TN_TYPE_STRING))
		return tn_error_set(err, TN_E_INPUT,
		    "%s: propertyNames needs type string", node->path);
	for (size_t i = 0; node->closed && i < node->required_count; i++) {
		if (tn_schema_property(node, node->required[i]) == NULL)
			return tn_error_set(err, TN_E_INPUT,
			    "%s: \"%s\" is required and not among the properties",
			    node->path, node->required[i]);
	}
	return 0;
}

static int
check_node(const struct tn_schema_node *node, struct tn_error *err)
{
	int r = check_branches(node, err);

	if (r == 0)
		r = check_object(node, err);
	if (r < 0)
		return r;
	if (node->unique &&
	    (node->items == NULL || tn_schema_types(node->items) != TN_TYPE_STRING))
		return tn_error_set(err, TN_E_INPUT,
		    "%s: uniqueItems needs items of type string", node->path);
	if (node->bounded && (node->types & TN_TYPE_NUMBER) != 0)
		return tn_error_set(err, TN_E_INPUT,
		    "%s: minimum and maximum are for integers only", node->path);
	for (size_t i = 0; i < node->allowed_count; i++) {
		const struct tn_value *value = node->allowed[i];

		if (value->kind == TN_VALUE_ARRAY || value->kind == TN_VALUE_OBJECT)
			return tn_error_set(err, TN_E_INPUT,
			    "%s: enum and const take no lists and mappings", node->path);
		if (!tn_schema_fits(node->types, value))
			return tn_error_set(err, TN_E_INPUT,
			    "%s: a value of enum or const is not of the type",
			    node->path);
	}
	return 0;
}

int
tn_schema_check(const struct tn_schema *schema, struct tn_error *err)
{
	const struct tn_schema_node *node;
	int r = 0;

	for (node = schema->nodes; r == 0 && node != NULL; node = node->next)
		r = check_circle(node, err);
	for (node = schema->nodes; r == 0 && node != NULL; node = node->next)
		r = check_node(node, err);
	return r;
}
