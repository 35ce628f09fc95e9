#include "schema/schema.h"

#include "base/arena.h"
#include "json/json.h"
#include "schema/node.h"

/* From embedded.S. */
extern const char tn_schema_text_tenon[], tn_schema_text_tenon_end[];
extern const char tn_schema_text_connections[], tn_schema_text_connections_end[];

static const struct {
	const char *name;
	const char *text;
	const char *end;
} builtins[] = {
	{ "tenon", tn_schema_text_tenon, tn_schema_text_tenon_end },
	{ "connections", tn_schema_text_connections, tn_schema_text_connections_end },
};

struct tn_span
tn_schema_builtin_text(const char *name)
{
	for (size_t i = 0; i < TN_ARRAY_LEN(builtins); i++) {
		if (tn_text_equal(builtins[i].name, name))
			return tn_span_of(builtins[i].text,
			    (size_t)((uintptr_t)builtins[i].end -
				(uintptr_t)builtins[i].text));
	}
	return tn_span(NULL);
}

int
tn_schema_builtin(const char *name, struct tn_schema **out, struct tn_error *err)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	struct tn_span text = tn_schema_builtin_text(name);
	struct tn_value *document;
	int r;

	if (text.len == 0)
		return tn_error_set(err, TN_E_BUG, "there is no built-in schema \"%s\"",
		    name);
	r = tn_json_parse(arena, text, NULL, &document, err);
	if (r == 0)
		r = tn_schema_compile(document, out, err);
	if (r < 0) {
		tn_error_context(err, "the built-in schema \"%s\"", name);
		return r;
	}
	(*out)->document = tn_take(arena);
	return 0;
}
