/* What is open: brackets, and constructs that end without one of their own. */
#include "js/lexer.h"

#include "base/mem.h"

bool
tn_js_push(struct tn_js *js, enum tn_js_open kind, enum tn_js_expect after,
    const struct tn_js_token *token)
{
	if (js->depth == TN_JS_DEPTH_MAX)
		return tn_js_fail(js, js->start + token->at,
		    "the code is nested too deeply");
	js->frames = tn_grow(js->frames, js->depth, &js->cap, sizeof(*js->frames));
	js->frames[js->depth++] = (struct tn_js_frame){
		.at = (uint32_t)token->at,
		.kind = (uint8_t)kind,
		.after = (uint8_t)after,
		.outer = js->code,
	};
	return true;
}

void
tn_js_pop(struct tn_js *js)
{
	js->code = tn_js_top(js)->outer;
	js->depth--;
}

void
tn_js_pop_open(struct tn_js *js, bool dos)
{
	while (tn_js_top(js)->kind > TN_JS_IN_DO ||
	    (dos && tn_js_top(js)->kind == TN_JS_IN_DO))
		tn_js_pop(js);
}

bool
tn_js_in_statements(const struct tn_js *js)
{
	switch ((enum tn_js_open)tn_js_top(js)->kind) {
	case TN_JS_IN_TEXT:
	case TN_JS_IN_BLOCK:
	case TN_JS_IN_BODY:
	case TN_JS_IN_DO:
		return true;
	case TN_JS_IN_CLASS:
	case TN_JS_IN_OBJECT:
	case TN_JS_IN_PAREN:
	case TN_JS_IN_BRACKET:
	case TN_JS_IN_TEMPLATE:
	case TN_JS_IN_FUNCTION_HEAD:
	case TN_JS_IN_CLASS_HEAD:
	case TN_JS_IN_ARROW:
		break;
	}
	return false;
}

void
tn_js_new_statement(struct tn_js *js)
{
	struct tn_js_frame *top;

	tn_js_pop_open(js, false);
	top = tn_js_top(js);
	if (tn_js_in_statements(js)) {
		js->expect = TN_JS_EXPECT_STATEMENT;
		top->conditions = 0;
		top->flags = 0;
	} else if (top->kind == TN_JS_IN_CLASS) {
		js->expect = TN_JS_EXPECT_KEY;
		top->flags = 0;
	} else {
		js->expect = TN_JS_EXPECT_OPERAND;
	}
}

static bool
fits(const struct tn_js_frame *frame, enum tn_js_id closer)
{
	switch ((enum tn_js_open)frame->kind) {
	case TN_JS_IN_BLOCK:
	case TN_JS_IN_BODY:
	case TN_JS_IN_CLASS:
	case TN_JS_IN_OBJECT:
		return closer == TN_JS_BRACE_CLOSE;
	case TN_JS_IN_PAREN:
		return closer == TN_JS_PAREN_CLOSE;
	case TN_JS_IN_BRACKET:
		return closer == TN_JS_BRACKET_CLOSE;
	case TN_JS_IN_TEXT:
	case TN_JS_IN_TEMPLATE:
	case TN_JS_IN_DO:
	case TN_JS_IN_FUNCTION_HEAD:
	case TN_JS_IN_CLASS_HEAD:
	case TN_JS_IN_ARROW:
		break;
	}
	return false;
}

static bool
misfit(struct tn_js *js, const struct tn_js_token *token)
{
	const char *at = js->start + token->at;
	const struct tn_js_frame *top = tn_js_top(js);

	if (top->kind == TN_JS_IN_TEXT)
		return tn_js_fail(js, at, "this bracket closes nothing");
	tn_js_fail(js, at, "this bracket does not fit the one that is open");
	js->problem.opened = top->at;
	return false;
}

bool
tn_js_close(struct tn_js *js, const struct tn_js_token *token)
{
	struct tn_js_frame closed;

	tn_js_pop_open(js, true);
	closed = *tn_js_top(js);
	if (!fits(&closed, token->id))
		return misfit(js, token);
	tn_js_pop(js);
	js->expect = closed.after;
	if ((closed.flags & TN_JS_MAYBE_ASYNC) != 0)
		js->before = TN_JS_BEFORE_ASYNC_PARAMS;
	if (closed.kind == TN_JS_IN_BODY)
		js->prologue = false;
	if (closed.kind == TN_JS_IN_OBJECT && (tn_js_top(js)->flags & TN_JS_CLAUSE) != 0)
		tn_js_top(js)->flags ^= TN_JS_CLAUSE | TN_JS_CLAUSED;
	return true;
}
