/*
 * Looks into a JSON file, for scripts.
 *
 *   json FILE [KEY|NUMBER]...      the value at that path: text as it is, the rest as
 * JSON json FILE [KEY|NUMBER]... '#'  the number of its members or items
 *
 * Exit status 1 when there is no such value, 2 when the file is no JSON.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "json/json.h"

#define SIZE_LIMIT ((size_t)16 << 20)

static const struct tn_value *
member_or_item(const struct tn_value *value, const char *name)
{
	if (tn_value_is(value, TN_VALUE_ARRAY))
		return tn_value_at(value, strtoul(name, NULL, 10));
	return tn_value_get(value, name);
}

static int
print(const struct tn_value *value)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

	if (value == NULL)
		return 1;
	if (tn_value_is(value, TN_VALUE_STRING))
		tn_str_add(&text, tn_value_text(value));
	else
		tn_json_write(value, &text);
	puts(tn_str_text(&text));
	return 0;
}

int
main(int argc, char **argv)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	const struct tn_value *value;
	struct tn_value *root = NULL;

	if (argc < 2 || tn_file_read(argv[1], SIZE_LIMIT, &text, &err) < 0 ||
	    tn_json_parse(arena, tn_str_span(&text), NULL, &root, &err) < 0) {
		fprintf(stderr, "json: %s\n", argc < 2 ? "no file" : err.message);
		return 2;
	}
	value = root;
	for (int i = 2; i < argc && value != NULL; i++) {
		if (strcmp(argv[i], "#") == 0) {
			printf("%zu\n", tn_value_count(value));
			return 0;
		}
		value = member_or_item(value, argv[i]);
	}
	return print(value);
}
