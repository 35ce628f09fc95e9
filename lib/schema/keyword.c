#include "schema/compile.h"

#include <string.h>

#include "base/text.h"

static unsigned
type_named(const char *name)
{
	static const struct {
		const char *name;
		unsigned type;
	} types[] = {
		{ "null", TN_TYPE_NULL },
		{ "boolean", TN_TYPE_BOOL },
		{ "integer", TN_TYPE_INTEGER },
		{ "number", TN_TYPE_NUMBER },
		{ "string", TN_TYPE_STRING },
		{ "array", TN_TYPE_ARRAY },
		{ "object", TN_TYPE_OBJECT },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(types); i++) {
		if (tn_text_equal(types[i].name, name))
			return types[i].type;
	}
	return 0;
}

static int
read_type(struct tn_schema_compiler *c, struct tn_schema_node *node,
    const struct tn_value *value, const char *path)
{
	bool list = tn_value_is(value, TN_VALUE_ARRAY);
	size_t count = list ? value->count : 1;

	for (size_t i = 0; i < count; i++) {
		unsigned type = type_named(
		    tn_value_text(list ? tn_value_at(value, i) : value));

		if (type == 0)
			return tn_schema_fail(c, path,
			    "names a type that JSON Schema does not have");
		node->types |= type;
	}
	return count > 0 ? 0 : tn_schema_fail(c, path, "names no type");
}

static int
read_allowed(struct tn_schema_compiler *c, struct tn_schema_node *node,
    const struct tn_value *value, const char *path)
{
	if (!tn_value_is(value, TN_VALUE_ARRAY) || value->count == 0)
		return tn_schema_fail(c, path, "must be a list of one or more values");
	node->allowed_count = value->count;
	node->allowed = tn_arena_array(c->schema->arena, value->count,
	    const struct tn_value *);
	for (size_t i = 0; i < value->count; i++)
		node->allowed[i] = value->as.items[i];
	return 0;
}

static int
read_const(struct tn_schema_compiler *c, struct tn_schema_node *node,
    const struct tn_value *value, const char *path)
{
	(void)path;
	node->allowed_count = 1;
	node->allowed = tn_arena_array(c->schema->arena, 1, const struct tn_value *);
	node->allowed[0] = value;
	return 0;
}

static int
read_properties(struct tn_schema_compiler *c, struct tn_schema_node *node,
    const struct tn_value *value, const char *path)
{
	if (!tn_value_is(value, TN_VALUE_OBJECT))
		return tn_schema_fail(c, path, "must be an object");
	node->properties = tn_arena_array(c->schema->arena, value->count,
	    struct tn_schema_property);
	for (size_t i = 0; i < value->count; i++) {
		const struct tn_member *member = &value->as.members[i];
		struct tn_schema_property *property =
		    &node->properties[node->property_count++];
		int r = tn_schema_compile_new(c, member->value,
		    tn_schema_step(c, path, member->key), &property->node);

		if (r < 0)
			return r;
		property->key = member->key;
	}
	return 0;
}

static int
read_required(struct tn_schema_compiler *c, struct tn_schema_node *node,
    const struct tn_value *value, const char *path)
{
	node->required = tn_arena_array(c->schema->arena, tn_value_count(value),
	    const char *);
	for (size_t i = 0; i < tn_value_count(value); i++) {
		const char *key = tn_value_text(tn_value_at(value, i));

		if (key == NULL)
			break;
		node->required[node->required_count++] = key;
	}
	if (!tn_value_is(value, TN_VALUE_ARRAY) || node->required_count < value->count)
		return tn_schema_fail(c, path, "must be a list of keys");
	return 0;
}

static int
read_additional(struct tn_schema_compiler *c, struct tn_schema_node *node,
    const struct tn_value *value, const char *path)
{
	if (tn_value_is(value, TN_VALUE_BOOL)) {
		node->closed = !value->as.boolean;
		return 0;
	}
	return tn_schema_compile_new(c, value, path, &node->additional);
}

static int
read_names(struct tn_schema_compiler *c, struct tn_schema_node *node,
    const struct tn_value *value, const char *path)
{
	return tn_schema_compile_new(c, value, path, &node->names);
}

static int
read_items(struct tn_schema_compiler *c, struct tn_schema_node *node,
    const struct tn_value *value, const char *path)
{
	return tn_schema_compile_new(c, value, path, &node->items);
}

static int
read_unique(struct tn_schema_compiler *c, struct tn_schema_node *node,
    const struct tn_value *value, const char *path)
{
	if (!tn_value_is(value, TN_VALUE_BOOL))
		return tn_schema_fail(c, path, "must be true or false");
	node->unique = value->as.boolean;
	return 0;
}

static int
read_size(struct tn_schema_compiler *c, const struct tn_value *value, const char *path,
    size_t *out)
{
	int64_t number;

	if (!tn_value_to_int(value, &number) || number < 0)
		return tn_schema_fail(c, path, "must be an integer of 0 or more");
	*out = (size_t)number;
	return 0;
}

#define DEFINE_READ_SIZE(member)                                                         \
	static int read_##member(struct tn_schema_compiler *c,                           \
	    struct tn_schema_node *node, const struct tn_value *value, const char *path) \
	{                                                                                \
		return read_size(c, value, path, &node->member);                         \
	}
DEFINE_READ_SIZE(min_members)
DEFINE_READ_SIZE(max_members)
DEFINE_READ_SIZE(min_items)
DEFINE_READ_SIZE(max_items)
DEFINE_READ_SIZE(min_length)
DEFINE_READ_SIZE(max_length)

static int
read_minimum(struct tn_schema_compiler *c, struct tn_schema_node *node,
    const struct tn_value *value, const char *path)
{
	node->bounded = true;
	return tn_value_to_int(value, &node->minimum)
	    ? 0
	    : tn_schema_fail(c, path, "must be an integer");
}

static int
read_maximum(struct tn_schema_compiler *c, struct tn_schema_node *node,
    const struct tn_value *value, const char *path)
{
	node->bounded = true;
	return tn_value_to_int(value, &node->maximum)
	    ? 0
	    : tn_schema_fail(c, path, "must be an integer");
}

static int
read_pattern(struct tn_schema_compiler *c, struct tn_schema_node *node,
    const struct tn_value *value, const char *path)
{
	int r;

	node->pattern_text = tn_value_text(value);
	if (node->pattern_text == NULL)
		return tn_schema_fail(c, path, "must be a string");
	r = tn_schema_pattern(c->schema, node->pattern_text, &node->pattern, c->err);
	if (r < 0)
		tn_error_context(c->err, "%s", path);
	return r;
}

static int
read_branches(struct tn_schema_compiler *c, struct tn_schema_node *node,
    const struct tn_value *value, const char *path)
{
	if (!tn_value_is(value, TN_VALUE_ARRAY) || value->count == 0 ||
	    value->count > TN_SCHEMA_BRANCHES_MAX)
		return tn_schema_fail(c, path, "must be a list of 1 to 8 schemas");
	node->branches = tn_arena_array(c->schema->arena, value->count,
	    struct tn_schema_node *);
	for (size_t i = 0; i < value->count; i++) {
		const char *branch = tn_arena_printf(c->schema->arena, "%s/%zu", path, i);
		struct tn_schema_node *one = tn_schema_node_new(c, branch);
		int r = tn_schema_compile_node(c, value->as.items[i], branch, one);

		if (r < 0)
			return r;
		node->branches[node->branch_count++] = one;
	}
	return 0;
}

static struct tn_schema_node *
find_definition(const struct tn_schema_definitions *definitions, const char *name)
{
	for (size_t i = 0; i < tn_value_count(definitions->values); i++) {
		if (strcmp(definitions->values->as.members[i].key, name) == 0)
			return definitions->nodes[i];
	}
	return NULL;
}

/* "#/definitions/NAME", or "FILE.json#/definitions/NAME" of another built-in schema. */
static int
read_ref(struct tn_schema_compiler *c, struct tn_schema_node *node,
    const struct tn_value *value, const char *path)
{
	static const char prefix[] = "#/definitions/", extension[] = ".json";
	const char *text = tn_value_text(value);
	const char *at = text != NULL ? strchr(text, '#') : NULL;
	size_t file = at != NULL ? (size_t)(at - text) : 0;
	const struct tn_schema_definitions *definitions = &c->definitions;

	if (at == NULL || !tn_text_starts(at, prefix))
		return tn_schema_fail(c, path, "must be \"#/definitions/NAME\"");
	if (file > 0) {
		size_t name = file -
		    (file < strlen(extension) ? file : strlen(extension));
		int r;

		if (!tn_span_is(tn_span_of(text + name, file - name), extension))
			return tn_schema_fail(c, path, "must name a file NAME.json");
		r = tn_schema_compile_other(c, tn_span_of(text, name), path);
		if (r < 0)
			return r;
		definitions = &c->other;
	}
	node->ref = find_definition(definitions, at + strlen(prefix));
	return node->ref != NULL ? 0
				 : tn_schema_fail(c, path, "there is no such definition");
}

static int
read_definitions(struct tn_schema_compiler *c, struct tn_schema_node *node,
    const struct tn_value *value, const char *path)
{
	(void)node;
	if (value != c->definitions.values)
		return tn_schema_fail(c, path, "definitions stand at the top only");
	if (!tn_value_is(value, TN_VALUE_OBJECT))
		return tn_schema_fail(c, path, "must be an object");
	return tn_schema_compile_definitions(c);
}

static int
read_title(struct tn_schema_compiler *c, struct tn_schema_node *node,
    const struct tn_value *value, const char *path)
{
	node->title = tn_value_text(value);
	return node->title != NULL ? 0 : tn_schema_fail(c, path, "must be a string");
}

static int
read_nothing(struct tn_schema_compiler *c, struct tn_schema_node *node,
    const struct tn_value *value, const char *path)
{
	(void)c;
	(void)node;
	(void)value;
	(void)path;
	return 0;
}

static const struct tn_schema_keyword keywords[] = {
	{ "type", TN_KEYWORD_ANY, read_type },
	{ "enum", TN_KEYWORD_ANY, read_allowed },
	{ "const", TN_KEYWORD_ANY, read_const },
	{ "properties", TN_TYPE_OBJECT, read_properties },
	{ "required", TN_TYPE_OBJECT, read_required },
	{ "additionalProperties", TN_TYPE_OBJECT, read_additional },
	{ "propertyNames", TN_TYPE_OBJECT, read_names },
	{ "minProperties", TN_TYPE_OBJECT, read_min_members },
	{ "maxProperties", TN_TYPE_OBJECT, read_max_members },
	{ "items", TN_TYPE_ARRAY, read_items },
	{ "minItems", TN_TYPE_ARRAY, read_min_items },
	{ "maxItems", TN_TYPE_ARRAY, read_max_items },
	{ "uniqueItems", TN_TYPE_ARRAY, read_unique },
	{ "minLength", TN_TYPE_STRING, read_min_length },
	{ "maxLength", TN_TYPE_STRING, read_max_length },
	{ "pattern", TN_TYPE_STRING, read_pattern },
	{ "minimum", TN_TYPE_INTEGER, read_minimum },
	{ "maximum", TN_TYPE_INTEGER, read_maximum },
	{ "oneOf", TN_KEYWORD_ALONE, read_branches },
	{ "anyOf", TN_KEYWORD_ALONE, read_branches },
	{ "$ref", TN_KEYWORD_ALONE, read_ref },
	{ "definitions", TN_KEYWORD_ANNOTATION, read_definitions },
	{ "title", TN_KEYWORD_ANNOTATION, read_title },
	{ "description", TN_KEYWORD_ANNOTATION, read_nothing },
	{ "examples", TN_KEYWORD_ANNOTATION, read_nothing },
	{ "default", TN_KEYWORD_ANNOTATION, read_nothing },
	{ "$comment", TN_KEYWORD_ANNOTATION, read_nothing },
	{ "$id", TN_KEYWORD_ANNOTATION, read_nothing },
	{ "$schema", TN_KEYWORD_ANNOTATION, read_nothing },
};

const struct tn_schema_keyword *
tn_schema_keyword(const char *name)
{
	for (size_t i = 0; i < TN_ARRAY_LEN(keywords); i++) {
		if (strcmp(keywords[i].name, name) == 0)
			return &keywords[i];
	}
	return NULL;
}

const char *
tn_schema_keyword_nearest(const char *name)
{
	const char *names[TN_ARRAY_LEN(keywords)];

	for (size_t i = 0; i < TN_ARRAY_LEN(keywords); i++)
		names[i] = keywords[i].name;
	return tn_text_nearest(name, names, TN_ARRAY_LEN(names));
}
