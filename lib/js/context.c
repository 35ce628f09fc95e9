/*
 * What may stand where. Each token moves js->expect on; what is open is on the stack. The
 * moves follow the grammar of clauses 13 to 16 as far as it decides what a slash, a brace
 * or a word is.
 */
#include "js/lexer.h"

void
tn_js_context_start(struct tn_js *js)
{
	const struct tn_js_token nowhere = { 0 };

	js->code = js->goal == TN_JS_MODULE ? TN_JS_STRICT | TN_JS_ASYNC_CODE : 0;
	js->prologue = true;
	(void)tn_js_push(js, TN_JS_IN_TEXT, TN_JS_EXPECT_END, &nowhere);
}

bool
tn_js_context_end(struct tn_js *js)
{
	const struct tn_js_frame *top;

	tn_js_pop_open(js, true);
	top = tn_js_top(js);
	if (top->kind == TN_JS_IN_TEXT)
		return true;
	return tn_js_fail(js, js->start + top->at,
	    top->kind == TN_JS_IN_TEMPLATE ? "this template is never closed"
					   : "this bracket is never closed");
}

bool
tn_js_context_regexp_allowed(const struct tn_js *js)
{
	switch (js->expect) {
	case TN_JS_EXPECT_OPERATOR:
	case TN_JS_EXPECT_KEYED:
	case TN_JS_EXPECT_PROPERTY:
	case TN_JS_EXPECT_LET:
		return false;
	case TN_JS_EXPECT_STATEMENT:
	case TN_JS_EXPECT_SUBSTATEMENT:
	case TN_JS_EXPECT_OPERAND:
	case TN_JS_EXPECT_END:
	case TN_JS_EXPECT_KEY:
	case TN_JS_EXPECT_FUNCTION:
	case TN_JS_EXPECT_CLASS:
	case TN_JS_EXPECT_BODY:
	case TN_JS_EXPECT_CONTROL:
	case TN_JS_EXPECT_FOR:
	case TN_JS_EXPECT_FOR_START:
	case TN_JS_EXPECT_DO_WHILE:
	case TN_JS_EXPECT_ARROW:
	case TN_JS_EXPECT_BINDING:
	case TN_JS_EXPECT_RESTRICTED:
	case TN_JS_EXPECT_JUMP:
	case TN_JS_EXPECT_IMPORT:
	case TN_JS_EXPECT_EXPORT:
	case TN_JS_EXPECT_EXPORT_DEFAULT:
		break;
	}
	return true;
}

bool
tn_js_context_closes_template(const struct tn_js *js)
{
	size_t i = js->depth - 1;

	while (js->frames[i].kind >= TN_JS_IN_DO)
		i--;
	return js->frames[i].kind == TN_JS_IN_TEMPLATE;
}

/* --- Directives --------------------------------------------------------------------- */

/* Nothing at js->at continues the expression of which a string is the begin. */
static bool
ends_directive(const struct tn_js *js)
{
	unsigned char byte = tn_js_peek(js, 0);

	if (js->at == js->end || byte == ';' || byte == '}')
		return true;
	if (!js->newline || (byte == '!' && tn_js_peek(js, 1) == '='))
		return false;
	return byte == 0 || strchr("([`.+-*/%<>=,?^&|", byte) == NULL;
}

bool
tn_js_context_directive(struct tn_js *js)
{
	struct tn_span text = tn_span_of(js->directive + 1, js->directive_len - 2);

	js->directive_len = 0;
	js->prologue = ends_directive(js);
	if (!js->prologue)
		return true;
	if (js->octal && js->prologue_octal == NULL)
		js->prologue_octal = js->directive;
	if (!tn_span_is(text, "use strict"))
		return true;
	js->code |= TN_JS_STRICT;
	if (js->prologue_octal != NULL)
		return tn_js_fail(js, js->prologue_octal,
		    "strict code has no octal escapes, and this is before \"use strict\"");
	return true;
}

static void
note_directive(struct tn_js *js, const struct tn_js_token *token)
{
	if (!js->prologue)
		return;
	js->prologue = token->kind == TN_JS_STRING;
	if (js->prologue) {
		js->directive = js->start + token->at;
		js->directive_len = token->len;
	}
}

/* --- Moves -------------------------------------------------------------------------- */

static bool
begins_statement(const struct tn_js *js, const struct tn_js_token *token)
{
	switch ((unsigned)js->expect) {
	case TN_JS_EXPECT_OPERATOR:
	case TN_JS_EXPECT_LET:
		/* A template behind an operand is tagged by it. */
		return token->kind != TN_JS_TEMPLATE &&
		    token->kind != TN_JS_TEMPLATE_HEAD;
	case TN_JS_EXPECT_END:
		return true;
	case TN_JS_EXPECT_RESTRICTED:
	case TN_JS_EXPECT_JUMP:
		return token->newline_before;
	default:
		return false;
	}
}

/* A literal, or a private name. */
static bool
move_value(struct tn_js *js, const struct tn_js_token *token, enum tn_js_before before)
{
	struct tn_js_frame *top = tn_js_top(js);

	if (token->kind == TN_JS_STRING && (top->flags & TN_JS_CLAUSE) != 0) {
		if (before != TN_JS_BEFORE_AS)
			top->flags ^= TN_JS_CLAUSE | TN_JS_MODULE_NAMED;
		js->expect = TN_JS_EXPECT_END;
		return true;
	}
	if (begins_statement(js, token))
		tn_js_new_statement(js);
	if ((js->expect == TN_JS_EXPECT_KEY || js->expect == TN_JS_EXPECT_KEYED) &&
	    token->kind != TN_JS_TEMPLATE_HEAD) {
		js->expect = TN_JS_EXPECT_KEYED;
		return true;
	}
	if (js->expect == TN_JS_EXPECT_STATEMENT)
		note_directive(js, token);
	js->expect = TN_JS_EXPECT_OPERATOR;
	if (token->kind != TN_JS_TEMPLATE_HEAD)
		return true;
	js->expect = TN_JS_EXPECT_OPERAND;
	return tn_js_push(js, TN_JS_IN_TEMPLATE, TN_JS_EXPECT_OPERATOR, token);
}

static void
move_template(struct tn_js *js, const struct tn_js_token *token)
{
	tn_js_pop_open(js, true);
	js->expect = TN_JS_EXPECT_OPERAND;
	if (token->kind == TN_JS_TEMPLATE_TAIL) {
		js->expect = tn_js_top(js)->after;
		tn_js_pop(js);
	}
}

bool
tn_js_context_move(struct tn_js *js, struct tn_js_token *token)
{
	enum tn_js_before before = js->before;

	js->before = TN_JS_BEFORE_NONE;
	if (js->expect == TN_JS_EXPECT_KEYED && before == TN_JS_BEFORE_ASYNC &&
	    !token->newline_before && token->id != TN_JS_PAREN_OPEN)
		tn_js_top(js)->flags |= TN_JS_ASYNC_KEY;
	switch (token->kind) {
	case TN_JS_NAME:
	case TN_JS_KEYWORD:
		return tn_js_move_word(js, token, before);
	case TN_JS_PUNCTUATOR:
		return tn_js_move_punctuator(js, token, before);
	case TN_JS_TEMPLATE_MIDDLE:
	case TN_JS_TEMPLATE_TAIL:
		move_template(js, token);
		return true;
	case TN_JS_PRIVATE_NAME:
	case TN_JS_NUMBER:
	case TN_JS_STRING:
	case TN_JS_TEMPLATE:
	case TN_JS_TEMPLATE_HEAD:
	case TN_JS_REGEXP:
		break;
	}
	return move_value(js, token, before);
}
