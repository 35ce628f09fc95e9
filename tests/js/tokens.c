/*
 * Prints the tokens of JavaScript files, for acorn.mjs to compare. The arguments are
 * files; those whose names end with .module.js or .mjs are modules. One line for each
 * file:
 *
 *   NAME KIND:AT:LEN …       the tokens, places in bytes
 *
 * and behind the last one !AT:MESSAGE when the lexer refuses what follows.
 */
#include <stdio.h>

#include "base/error.h"
#include "base/file.h"
#include "base/str.h"
#include "js/kinds.h"

static void
print(struct tn_span text, enum tn_js_goal goal)
{
	TN_CLEANUP(tn_js_freep) struct tn_js *js = tn_js_new(text, goal);
	const struct tn_js_problem *problem;
	struct tn_js_token token;

	while (tn_js_next(js, &token))
		printf(" %c:%zu:%zu", kind_letter(token.kind), token.at, token.len);
	problem = tn_js_problem(js);
	if (problem != NULL)
		printf(" !%zu:%s", problem->at, problem->message);
}

int
main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
		TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
		bool module = tn_text_ends(argv[i], ".module.js") ||
		    tn_text_ends(argv[i], ".mjs");

		if (tn_file_read(argv[i], (size_t)64 << 20, &text, &err) < 0) {
			fprintf(stderr, "%s: %s\n", argv[i], err.message);
			return 1;
		}
		printf("%s", argv[i]);
		print(tn_str_span(&text), module ? TN_JS_MODULE : TN_JS_SCRIPT);
		putchar('\n');
	}
	return 0;
}
