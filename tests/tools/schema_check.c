/*
 * Compiles the schemas named on its command line, so that an unknown keyword or a choice
 * that nobody can tell apart fails the build. Exit status 1 when one of them is wrong.
 */
#include <stdio.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/file.h"
#include "base/str.h"
#include "json/json.h"
#include "schema/schema.h"

#define SIZE_LIMIT ((size_t)1 << 20)

static int
check(const char *path, struct tn_error *err)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	TN_CLEANUP(tn_schema_freep) struct tn_schema *schema = NULL;
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
	struct tn_value *document;
	int r;

	r = tn_file_read(path, SIZE_LIMIT, &text, err);
	if (r == 0)
		r = tn_json_parse(arena, tn_str_span(&text), NULL, &document, err);
	if (r == 0)
		r = tn_schema_compile(document, &schema, err);
	return r;
}

int
main(int argc, char **argv)
{
	int status = 0;

	if (argc < 2) {
		fprintf(stderr, "usage: schema-check FILE...\n");
		return 1;
	}
	for (int i = 1; i < argc; i++) {
		TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;

		if (check(argv[i], &err) == 0)
			continue;
		fprintf(stderr, "%s: %s\n", argv[i], err.message);
		if (err.hint != NULL)
			fprintf(stderr, "%s: hint: %s\n", argv[i], err.hint);
		status = 1;
	}
	return status;
}
