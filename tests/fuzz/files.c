/* Trees of files as inputs, and findings about them. */
#include "fuzz.h"

#include <string.h>

#include "base/mem.h"
#include "base/tree.h"
#include "json/json.h"
#include "report/report.h"

size_t
put_files(struct tn_tree *tree, const char *first, struct tn_span input)
{
	TN_CLEANUP(tn_freep) char *path = tn_strdup(first);
	const char *start = input.ptr;
	size_t longest = 0;

	while (start != NULL) {
		struct tn_span rest = tn_span_of(input.ptr, input.len);
		struct tn_span line = next_line(&rest);
		bool heading = line.len > 3 && memcmp(line.ptr, "%% ", 3) == 0;
		bool last = input.len == 0;

		if (heading || last) {
			size_t len = (size_t)(input.ptr - start);

			tn_memtree_put(tree, path, start, len);
			longest = len > longest ? len : longest;
			start = last ? NULL : rest.ptr;
		}
		if (heading) {
			tn_free(path);
			path = tn_strndup(line.ptr + 3, line.len - 3);
		}
		input = rest;
	}
	return longest;
}

void
must_be_shown(const struct tn_diags *diags, const struct tn_error *err)
{
	const struct tn_report_options options = { .colour = true };
	const struct tn_run_result result = {
		.command = TN_COMMAND_VALIDATE,
		.exit = tn_diags_errors(diags) > 0 ? TN_EXIT_ERROR : TN_EXIT_DONE,
		.run_id = "run",
		.source = ".",
		.diags = diags,
		.error = tn_error_is_set(err) ? err : NULL,
	};
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
	struct tn_value *value;

	tn_report_text(&result, &options, &text);
	must_be_words(tn_str_text(&text));
	tn_str_clear(&text);
	tn_report_json(&result, NULL, &text);
	must(tn_json_parse(arena, tn_str_span(&text), NULL, &value, NULL) == 0);
}
