/*
 * Reads a JSON list of [SCHEMA, DOCUMENT] and prints "valid" or "invalid" for each, by
 * our engine. The documents come through our reader of JSON: kinds are what JSON says.
 */
#include <stdio.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/file.h"
#include "json/json.h"
#include "schema/schema.h"

#define SIZE_LIMIT ((size_t)64 << 20)

static int
judge(struct tn_schemas *schemas, struct tn_arena *arena, const struct tn_value *item,
    struct tn_error *err)
{
	TN_CLEANUP(tn_diags_freep) struct tn_diags *diags = tn_diags_new();
	const char *name = tn_value_text(tn_value_at(item, 0));
	const struct tn_schema *schema;
	struct tn_value *document;
	int r;

	if (name == NULL || tn_value_count(item) != 2)
		return tn_error_set(err, TN_E_INPUT, "an item is no [SCHEMA, DOCUMENT]");
	r = tn_schemas_get(schemas, name, &schema, err);
	if (r < 0)
		return r;
	document = tn_value_clone(arena, tn_value_at(item, 1));
	puts(tn_schema_validate(schema, arena, document, diags) == 0 ? "valid"
								     : "invalid");
	return 0;
}

static int
judge_all(const char *path, struct tn_error *err)
{
	TN_CLEANUP(tn_schemas_freep) struct tn_schemas *schemas = tn_schemas_new();
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
	struct tn_value *list;
	int r = tn_file_read(path, SIZE_LIMIT, &text, err);

	if (r == 0)
		r = tn_json_parse(arena, tn_str_span(&text), NULL, &list, err);
	for (size_t i = 0; r == 0 && i < tn_value_count(list); i++)
		r = judge(schemas, arena, tn_value_at(list, i), err);
	return r;
}

int
main(int argc, char **argv)
{
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;

	if (argc != 2) {
		fprintf(stderr, "usage: verdict FILE\n");
		return 1;
	}
	if (judge_all(argv[1], &err) == 0)
		return 0;
	fprintf(stderr, "%s: %s\n", argv[1], err.message);
	return 1;
}
