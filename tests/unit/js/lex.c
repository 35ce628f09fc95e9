#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "js/kinds.h"
#include "lex.h"

void
lex(struct tn_span text, enum tn_js_goal goal, struct tn_str *out)
{
	TN_CLEANUP(tn_js_freep) struct tn_js *js = tn_js_new(text, goal);
	const struct tn_js_problem *problem;
	struct tn_js_token token;

	while (tn_js_next(js, &token)) {
		tn_str_add_char(out, kind_letter(token.kind));
		tn_str_add_bytes(out, text.ptr + token.at, token.len);
		tn_str_add_char(out, ' ');
	}
	assert_false(tn_js_next(js, &token));
	problem = tn_js_problem(js);
	if (problem != NULL)
		tn_str_addf(out, "!%zu %s", problem->at, problem->message);
}

void
assert_lexed(const char *text, enum tn_js_goal goal, const char *tokens)
{
	TN_CLEANUP(tn_str_done) struct tn_str found = TN_STR_INIT;

	lex(tn_span(text), goal, &found);
	if (!tn_span_is(tn_str_span(&found), tokens))
		fail_msg("%s\n  gives    %s\n  expected %s", text, tn_str_text(&found),
		    tokens);
}

void
assert_refused(const char *text, enum tn_js_goal goal, size_t at)
{
	TN_CLEANUP(tn_js_freep) struct tn_js *js = tn_js_new(tn_span(text), goal);
	struct tn_js_token token;

	while (tn_js_next(js, &token))
		;
	if (tn_js_problem(js) == NULL)
		fail_msg("taken: %s", text);
	else if (tn_js_problem(js)->at != at)
		fail_msg("refused at %zu and not %zu: %s", tn_js_problem(js)->at, at,
		    text);
}

void
assert_taken(const char *text, enum tn_js_goal goal)
{
	TN_CLEANUP(tn_js_freep) struct tn_js *js = tn_js_new(tn_span(text), goal);
	struct tn_js_token token;

	while (tn_js_next(js, &token))
		;
	if (tn_js_problem(js) != NULL)
		fail_msg("refused at %zu, %s: %s", tn_js_problem(js)->at,
		    tn_js_problem(js)->message, text);
}
