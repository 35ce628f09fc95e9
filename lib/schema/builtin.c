#include "schema/schema.h"

#include "base/arena.h"
#include "base/mem.h"
#include "json/json.h"
#include "schema/node.h"

/* From embedded.S. */
extern const char tn_schema_text_tenon[], tn_schema_text_tenon_end[];
extern const char tn_schema_text_tenon_include[], tn_schema_text_tenon_include_end[];
extern const char tn_schema_text_connections[], tn_schema_text_connections_end[];
extern const char tn_schema_text_tenond[], tn_schema_text_tenond_end[];
extern const char tn_schema_text_deploycli[], tn_schema_text_deploycli_end[];

static const struct {
	const char *name;
	const char *text;
	const char *end;
} builtins[] = {
	{ "tenon", tn_schema_text_tenon, tn_schema_text_tenon_end },
	{ "tenon-include", tn_schema_text_tenon_include,
	    tn_schema_text_tenon_include_end },
	{ "connections", tn_schema_text_connections, tn_schema_text_connections_end },
	{ "tenond", tn_schema_text_tenond, tn_schema_text_tenond_end },
	{ "deploycli", tn_schema_text_deploycli, tn_schema_text_deploycli_end },
};

struct tn_schemas {
	struct tn_schema *compiled[TN_ARRAY_LEN(builtins)]; /* NULL: not yet */
};

struct tn_schemas *
tn_schemas_new(void)
{
	return tn_new(struct tn_schemas);
}

void
tn_schemas_free(struct tn_schemas *schemas)
{
	if (schemas == NULL)
		return;
	for (size_t i = 0; i < TN_ARRAY_LEN(builtins); i++)
		tn_schema_free(schemas->compiled[i]);
	tn_free(schemas);
}

/* TN_ARRAY_LEN(builtins) when there is none. */
static size_t
find_builtin(const char *name)
{
	size_t i = 0;

	while (i < TN_ARRAY_LEN(builtins) && !tn_text_equal(builtins[i].name, name))
		i++;
	return i;
}

static struct tn_span
text_of(size_t i)
{
	return tn_span_of(builtins[i].text,
	    (size_t)((uintptr_t)builtins[i].end - (uintptr_t)builtins[i].text));
}

struct tn_span
tn_schema_builtin_text(const char *name)
{
	size_t i = find_builtin(name);

	return i < TN_ARRAY_LEN(builtins) ? text_of(i) : tn_span(NULL);
}

static int
compile_builtin(size_t i, struct tn_schema **out, struct tn_error *err)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	struct tn_value *document;
	int r = tn_json_parse(arena, text_of(i), NULL, &document, err);

	if (r == 0)
		r = tn_schema_compile(document, out, err);
	if (r < 0) {
		tn_error_context(err, "the built-in schema \"%s\"", builtins[i].name);
		return r;
	}
	(*out)->document = tn_take(arena);
	return 0;
}

int
tn_schemas_get(struct tn_schemas *schemas, const char *name, const struct tn_schema **out,
    struct tn_error *err)
{
	size_t i = find_builtin(name);

	if (i == TN_ARRAY_LEN(builtins))
		return tn_error_set(err, TN_E_BUG, "there is no built-in schema \"%s\"",
		    name);
	if (schemas->compiled[i] == NULL) {
		int r = compile_builtin(i, &schemas->compiled[i], err);

		if (r < 0)
			return r;
	}
	*out = schemas->compiled[i];
	return 0;
}
