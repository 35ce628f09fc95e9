/*
 * JavaScript: tokens follow each other inside the text, a problem has a place in it,
 * brackets fit when there is none, and code as this can be checked as an action's and as
 * a module's.
 */
#include "fuzz.h"

#include <string.h>

#include "base/text.h"
#include "js/js.h"
#include "lint/lint.h"

/* Counts what is opened less what is closed; the lexer says when that goes wrong. */
static int
depth_of(const struct tn_js_token *token)
{
	if (token->id == TN_JS_BRACE_OPEN || token->id == TN_JS_PAREN_OPEN ||
	    token->id == TN_JS_BRACKET_OPEN || token->kind == TN_JS_TEMPLATE_HEAD)
		return 1;
	if (token->id == TN_JS_BRACE_CLOSE || token->id == TN_JS_PAREN_CLOSE ||
	    token->id == TN_JS_BRACKET_CLOSE || token->kind == TN_JS_TEMPLATE_TAIL)
		return -1;
	return 0;
}

static void
must_be_tokens(struct tn_span text, enum tn_js_goal goal)
{
	TN_CLEANUP(tn_js_freep) struct tn_js *js = tn_js_new(text, goal);
	const struct tn_js_problem *problem;
	struct tn_js_token token;
	size_t end = 0;
	int depth = 0;

	while (tn_js_next(js, &token)) {
		must(token.at >= end && token.len > 0);
		end = token.at + token.len;
		must(end <= text.len);
		must(token.kind != TN_JS_KEYWORD || token.id >= TN_JS_BREAK);
		depth += depth_of(&token);
		must(depth >= 0);
	}
	must(!tn_js_next(js, &token));
	problem = tn_js_problem(js);
	if (problem == NULL) {
		must(depth == 0);
		return;
	}
	must(problem->at <= text.len && problem->opened <= problem->at);
	must_be_words(problem->message);
}

static void
must_be_checked(const char *code, size_t len)
{
	static const struct tn_capabilities capabilities = { .secrets = true };
	static const struct tn_secret_ref secret = { .name = "KEY" };
	static const struct tn_dependency dependency = { "axios", "1.7.2", NULL };
	const struct tn_content content = {
		.code = code,
		.secrets = &secret,
		.n_secrets = 1,
		.dependencies = &dependency,
		.n_dependencies = 1,
	};
	const struct tn_want_action action = { .name = "a",
		.trigger = { "post-login", "v3" },
		.code_path = "a.js",
		.content = content };
	const struct tn_want_module module = { .name = "m",
		.code_path = "m.js",
		.content = content };
	TN_CLEANUP(tn_diags_freep) struct tn_diags *diags = tn_diags_new();

	tn_lint_action(&action, &capabilities, diags);
	tn_lint_module(&module, &capabilities, diags);
	must_be_findings(diags, len);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct tn_span text = tn_span_of((const char *)bytes, len);
	TN_CLEANUP(tn_str_done) struct tn_str code = TN_STR_INIT;

	must_be_tokens(text, TN_JS_SCRIPT);
	must_be_tokens(text, TN_JS_MODULE);
	/* Code in a project is valid text. */
	if (tn_utf8_valid(text) && (len == 0 || memchr(bytes, 0, len) == NULL)) {
		tn_str_add_bytes(&code, text.ptr, text.len);
		must_be_checked(tn_str_text(&code), len);
	}
	return 0;
}
