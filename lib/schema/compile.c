#include "schema/compile.h"

#include "base/mem.h"
#include "json/json.h"

/* How deep schemas may stand inside of each other. */
#define DEPTH_MAX 64

int
tn_schema_fail(struct tn_schema_compiler *c, const char *path, const char *what)
{
	return tn_error_set(c->err, TN_E_INPUT, "%s: %s", path, what);
}

const char *
tn_schema_step(struct tn_schema_compiler *c, const char *path, const char *key)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

	tn_str_add(&text, path);
	tn_str_add_char(&text, '/');
	for (; *key != '\0'; key++) {
		if (*key == '~' || *key == '/')
			tn_str_add(&text, *key == '~' ? "~0" : "~1");
		else
			tn_str_add_char(&text, *key);
	}
	return tn_arena_text(c->schema->arena, tn_str_text(&text));
}

struct tn_schema_node *
tn_schema_node_new(struct tn_schema_compiler *c, const char *path)
{
	struct tn_schema_node *node = tn_arena_new_object(c->schema->arena,
	    struct tn_schema_node);

	node->max_members = node->max_items = node->max_length = SIZE_MAX;
	node->minimum = INT64_MIN;
	node->maximum = INT64_MAX;
	node->path = path;
	node->next = c->schema->nodes;
	c->schema->nodes = node;
	return node;
}

/* The kinds of the values that enum and const allow, where type does not say. */
static void
infer_types(struct tn_schema_node *node)
{
	static const unsigned all[] = { TN_TYPE_NULL, TN_TYPE_BOOL, TN_TYPE_INTEGER,
		TN_TYPE_NUMBER, TN_TYPE_STRING, TN_TYPE_ARRAY, TN_TYPE_OBJECT };

	if (node->types != 0)
		return;
	for (size_t i = 0; i < node->allowed_count; i++) {
		unsigned type = 0;

		for (size_t k = 0; type == 0 && k < TN_ARRAY_LEN(all); k++)
			type = tn_schema_fits(all[k], node->allowed[i]) ? all[k] : 0;
		node->types |= type;
	}
}

/* JSON Schema lets these pass; here they are mistakes. */
static int
check_together(struct tn_schema_compiler *c, const struct tn_schema_node *node,
    const struct tn_value *value, const char *path)
{
	size_t alone = 0, others = 0;

	for (size_t i = 0; i < value->count; i++) {
		const char *name = value->as.members[i].key;
		unsigned about = tn_schema_keyword(name)->about;

		alone += about == TN_KEYWORD_ALONE;
		others += about != TN_KEYWORD_ALONE && about != TN_KEYWORD_ANNOTATION;
		if (about != TN_KEYWORD_ALONE && about != TN_KEYWORD_ANNOTATION &&
		    about != TN_KEYWORD_ANY && (about & node->types) == 0)
			return tn_schema_fail(c, tn_schema_step(c, path, name),
			    "\"type\" does not name the type that this is about");
	}
	if (alone > 1 || (alone == 1 && others > 0))
		return tn_schema_fail(c, path, "oneOf, anyOf and $ref stand alone");
	if (node->pattern != NULL && node->max_length == SIZE_MAX)
		return tn_schema_fail(c, path, "a pattern needs maxLength beside it");
	return 0;
}

static int
read_keywords(struct tn_schema_compiler *c, const struct tn_value *value,
    const char *path, struct tn_schema_node *node)
{
	for (size_t i = 0; i < value->count; i++) {
		const struct tn_member *member = &value->as.members[i];
		const struct tn_schema_keyword *keyword = tn_schema_keyword(member->key);
		const char *nearest;
		int r;

		if (keyword != NULL) {
			r = keyword->read(c, node, member->value,
			    tn_schema_step(c, path, member->key));
			if (r < 0)
				return r;
			continue;
		}
		nearest = tn_schema_keyword_nearest(member->key);
		r = tn_error_set(c->err, TN_E_INPUT, "%s: unknown keyword \"%s\"", path,
		    member->key);
		if (nearest != NULL)
			tn_error_hint(c->err, "did you mean \"%s\"?", nearest);
		return r;
	}
	return 0;
}

int
tn_schema_compile_node(struct tn_schema_compiler *c, const struct tn_value *value,
    const char *path, struct tn_schema_node *node)
{
	int r;

	if (!tn_value_is(value, TN_VALUE_OBJECT))
		return tn_schema_fail(c, path, "a schema must be an object");
	if (c->depth == DEPTH_MAX)
		return tn_schema_fail(c, path,
		    "schemas stand too deep inside of each other");
	c->depth++;
	r = read_keywords(c, value, path, node);
	c->depth--;
	if (r < 0)
		return r;
	infer_types(node);
	return check_together(c, node, value, path);
}

int
tn_schema_compile_new(struct tn_schema_compiler *c, const struct tn_value *value,
    const char *path, const struct tn_schema_node **out)
{
	struct tn_schema_node *node = tn_schema_node_new(c, path);

	*out = node;
	return tn_schema_compile_node(c, value, path, node);
}

/* Nodes for the definitions, so that they can be referred to before they are read. */
static void
define(struct tn_schema_compiler *c, const struct tn_value *document)
{
	struct tn_schema_definitions *definitions = &c->definitions;
	size_t count;

	definitions->values = tn_value_get(document, "definitions");
	count = tn_value_is(definitions->values, TN_VALUE_OBJECT)
	    ? definitions->values->count
	    : 0;
	definitions->nodes = tn_arena_array(c->schema->arena, count,
	    struct tn_schema_node *);
	for (size_t i = 0; i < count; i++)
		definitions->nodes[i] = tn_schema_node_new(c,
		    tn_schema_step(c, "#/definitions",
			definitions->values->as.members[i].key));
}

int
tn_schema_compile_definitions(struct tn_schema_compiler *c)
{
	const struct tn_value *values = c->definitions.values;

	for (size_t i = 0; i < tn_value_count(values); i++) {
		struct tn_schema_node *node = c->definitions.nodes[i];
		int r = tn_schema_compile_node(c, values->as.members[i].value, node->path,
		    node);

		if (r < 0)
			return r;
	}
	return 0;
}

int
tn_schema_compile_other(struct tn_schema_compiler *c, struct tn_span name,
    const char *path)
{
	const char *file = tn_arena_bytes(c->schema->arena, name.ptr, name.len);
	struct tn_span text = tn_schema_builtin_text(file);
	struct tn_schema_definitions own = c->definitions;
	struct tn_value *document;
	int r;

	if (c->other_name.len > 0)
		return tn_span_equal(c->other_name, name)
		    ? 0
		    : tn_schema_fail(c, path, "refers to a second other schema");
	if (text.len == 0)
		return tn_schema_fail(c, path, "there is no such built-in schema");
	r = tn_json_parse(c->schema->arena, text, NULL, &document, c->err);
	if (r < 0)
		return r;
	/* While it is read its own references stay inside of it. */
	c->other_name = name;
	define(c, document);
	r = tn_schema_compile_definitions(c);
	c->other = c->definitions;
	c->definitions = own;
	return r;
}

static int
compile(struct tn_schema_compiler *c, const struct tn_value *document)
{
	int r;

	define(c, document);
	r = tn_schema_compile_new(c, document, "#", &c->schema->root);
	return r < 0 ? r : tn_schema_check(c->schema, c->err);
}

int
tn_schema_compile(const struct tn_value *document, struct tn_schema **out,
    struct tn_error *err)
{
	TN_CLEANUP(tn_schema_freep) struct tn_schema *schema = tn_new(struct tn_schema);
	struct tn_schema_compiler c = { .schema = schema, .err = err };
	int r;

	schema->arena = tn_arena_new();
	r = compile(&c, document);
	if (r == 0)
		*out = tn_take(schema);
	return r;
}

void
tn_schema_free(struct tn_schema *schema)
{
	if (schema == NULL)
		return;
	for (struct tn_schema_regex *entry = schema->regexes; entry != NULL;
	     entry = entry->next)
		regfree(&entry->regex);
	tn_arena_free(schema->document);
	tn_arena_free(schema->arena);
	tn_free(schema);
}
