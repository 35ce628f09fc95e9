/* How punctuators move the context. */
#include "js/lexer.h"

/* --- Opening ------------------------------------------------------------------------ */

/* The head on top of the stack becomes the body of its function, arrow or class. */
static void
open_body(struct tn_js *js, const struct tn_js_token *token, enum tn_js_open kind)
{
	struct tn_js_frame *top = tn_js_top(js);

	top->kind = (uint8_t)kind;
	top->at = (uint32_t)token->at;
	top->conditions = 0;
	top->flags = 0;
	js->expect = TN_JS_EXPECT_KEY;
	if (kind == TN_JS_IN_CLASS)
		return;
	js->expect = TN_JS_EXPECT_STATEMENT;
	js->prologue = true;
	js->prologue_octal = NULL;
}

static bool
open_block(struct tn_js *js, const struct tn_js_token *token)
{
	js->expect = TN_JS_EXPECT_STATEMENT;
	js->prologue = false;
	return tn_js_push(js, TN_JS_IN_BLOCK, TN_JS_EXPECT_STATEMENT, token);
}

static bool
open_static_block(struct tn_js *js, const struct tn_js_token *token)
{
	if (!tn_js_push(js, TN_JS_IN_BODY, TN_JS_EXPECT_KEY, token))
		return false;
	js->code = TN_JS_STRICT;
	js->expect = TN_JS_EXPECT_STATEMENT;
	js->prologue = false;
	return true;
}

/* A literal, a pattern, or the names of an import or export. */
static bool
open_object(struct tn_js *js, const struct tn_js_token *token, enum tn_js_expect after)
{
	js->expect = TN_JS_EXPECT_KEY;
	return tn_js_push(js, TN_JS_IN_OBJECT, after, token);
}

static bool
open_brace(struct tn_js *js, const struct tn_js_token *token)
{
	struct tn_js_frame *top = tn_js_top(js);

	if ((js->expect == TN_JS_EXPECT_OPERATOR && top->kind != TN_JS_IN_CLASS_HEAD) ||
	    js->expect == TN_JS_EXPECT_END)
		tn_js_new_statement(js);
	top = tn_js_top(js);
	switch ((unsigned)js->expect) {
	case TN_JS_EXPECT_STATEMENT:
	case TN_JS_EXPECT_SUBSTATEMENT:
	case TN_JS_EXPECT_CONTROL:
		return open_block(js, token);
	case TN_JS_EXPECT_BODY:
	case TN_JS_EXPECT_ARROW:
		open_body(js, token, TN_JS_IN_BODY);
		return true;
	case TN_JS_EXPECT_CLASS:
	case TN_JS_EXPECT_OPERATOR:
		open_body(js, token, TN_JS_IN_CLASS);
		return true;
	case TN_JS_EXPECT_KEYED:
		if (top->kind == TN_JS_IN_CLASS)
			return open_static_block(js, token);
		break;
	case TN_JS_EXPECT_EXPORT:
		top->flags |= TN_JS_CLAUSE;
		return open_object(js, token, TN_JS_EXPECT_END);
	case TN_JS_EXPECT_BINDING:
	case TN_JS_EXPECT_LET:
		top->flags |= TN_JS_DECLARES;
		return open_object(js, token, TN_JS_EXPECT_END);
	default:
		break;
	}
	return open_object(js, token,
	    (top->flags & (TN_JS_CLAUSE | TN_JS_MODULE_NAMED)) != 0
		? TN_JS_EXPECT_END
		: TN_JS_EXPECT_OPERATOR);
}

/* Parameters of the method whose key was read. */
static bool
open_method(struct tn_js *js, const struct tn_js_token *token)
{
	struct tn_js_frame *top = tn_js_top(js);
	uint8_t code = 0;

	if ((top->flags & TN_JS_ASYNC_KEY) != 0)
		code |= TN_JS_ASYNC_CODE;
	if ((top->flags & TN_JS_GENERATOR_KEY) != 0)
		code |= TN_JS_GENERATOR;
	top->flags = 0;
	return tn_js_open_function(js, token,
	    top->kind == TN_JS_IN_CLASS ? TN_JS_EXPECT_KEY : TN_JS_EXPECT_KEYED, code);
}

static bool
open_paren(struct tn_js *js, const struct tn_js_token *token, enum tn_js_before before)
{
	enum tn_js_expect after = TN_JS_EXPECT_OPERATOR;
	enum tn_js_expect inside = TN_JS_EXPECT_OPERAND;
	uint8_t flags = 0;

	if (js->expect == TN_JS_EXPECT_KEYED && !open_method(js, token))
		return false;
	switch ((unsigned)js->expect) {
	case TN_JS_EXPECT_FUNCTION:
		after = TN_JS_EXPECT_BODY;
		break;
	case TN_JS_EXPECT_CONTROL:
		after = TN_JS_EXPECT_SUBSTATEMENT;
		break;
	case TN_JS_EXPECT_FOR:
		after = TN_JS_EXPECT_SUBSTATEMENT;
		inside = TN_JS_EXPECT_FOR_START;
		flags = TN_JS_FOR_HEAD;
		break;
	case TN_JS_EXPECT_DO_WHILE:
		after = TN_JS_EXPECT_STATEMENT;
		break;
	case TN_JS_EXPECT_IMPORT:
		tn_js_top(js)->flags = 0;
		break;
	case TN_JS_EXPECT_OPERATOR:
		if (before != TN_JS_BEFORE_NONE && !token->newline_before)
			flags = TN_JS_MAYBE_ASYNC;
		break;
	default:
		break;
	}
	if (!tn_js_push(js, TN_JS_IN_PAREN, after, token))
		return false;
	tn_js_top(js)->flags = flags;
	js->expect = inside;
	return true;
}

static bool
open_bracket(struct tn_js *js, const struct tn_js_token *token)
{
	enum tn_js_expect after = TN_JS_EXPECT_OPERATOR;

	if (js->expect == TN_JS_EXPECT_KEY || js->expect == TN_JS_EXPECT_KEYED) {
		after = TN_JS_EXPECT_KEYED;
	} else if (js->expect == TN_JS_EXPECT_BINDING || js->expect == TN_JS_EXPECT_LET) {
		tn_js_top(js)->flags |= TN_JS_DECLARES;
		after = TN_JS_EXPECT_END;
	}
	js->expect = TN_JS_EXPECT_OPERAND;
	return tn_js_push(js, TN_JS_IN_BRACKET, after, token);
}

static bool
open_arrow(struct tn_js *js, const struct tn_js_token *token, enum tn_js_before before)
{
	if (!tn_js_push(js, TN_JS_IN_ARROW, TN_JS_EXPECT_END, token))
		return false;
	js->code &= TN_JS_STRICT;
	if (before == TN_JS_BEFORE_ASYNC_PARAMS)
		js->code |= TN_JS_ASYNC_CODE;
	js->expect = TN_JS_EXPECT_ARROW;
	return true;
}

/* --- Separating --------------------------------------------------------------------- */

static void
semicolon(struct tn_js *js)
{
	if (js->expect == TN_JS_EXPECT_STATEMENT)
		js->prologue = false;
	tn_js_new_statement(js);
	if (tn_js_top(js)->kind == TN_JS_IN_PAREN)
		tn_js_top(js)->flags = 0; /* of a for */
}

static void
comma(struct tn_js *js)
{
	struct tn_js_frame *top;

	tn_js_pop_open(js, false);
	top = tn_js_top(js);
	js->expect = TN_JS_EXPECT_OPERAND;
	if (top->kind == TN_JS_IN_OBJECT) {
		top->flags = 0;
		js->expect = TN_JS_EXPECT_KEY;
	} else if ((top->flags & TN_JS_DECLARES) != 0) {
		js->expect = TN_JS_EXPECT_BINDING;
	}
}

/* Of a condition, else of a label, a case or a key. */
static void
colon(struct tn_js *js)
{
	while (tn_js_top(js)->kind > TN_JS_IN_DO && tn_js_top(js)->conditions == 0)
		tn_js_pop(js);
	if (tn_js_top(js)->conditions > 0) {
		tn_js_top(js)->conditions--;
		js->expect = TN_JS_EXPECT_OPERAND;
	} else if (tn_js_in_statements(js)) {
		js->expect = TN_JS_EXPECT_SUBSTATEMENT;
	} else {
		js->expect = TN_JS_EXPECT_OPERAND;
	}
}

static void
star(struct tn_js *js)
{
	switch ((unsigned)js->expect) {
	case TN_JS_EXPECT_FUNCTION:
		js->code |= TN_JS_GENERATOR;
		return;
	case TN_JS_EXPECT_KEY:
	case TN_JS_EXPECT_KEYED:
		tn_js_top(js)->flags |= TN_JS_GENERATOR_KEY;
		js->expect = TN_JS_EXPECT_KEY;
		return;
	case TN_JS_EXPECT_EXPORT:
		tn_js_top(js)->flags |= TN_JS_CLAUSE;
		break;
	default:
		break;
	}
	js->expect = TN_JS_EXPECT_OPERAND;
}

/* Where the grammar cannot go on on another line, a semicolon was left out before it. */
static bool
begins_statement(const struct tn_js *js, const struct tn_js_token *token)
{
	bool complete = js->expect == TN_JS_EXPECT_OPERATOR ||
	    js->expect == TN_JS_EXPECT_LET;

	switch ((unsigned)token->id) {
	case TN_JS_NOT:
		if (complete)
			return true;
		break;
	case TN_JS_INCREMENT:
		if (complete)
			return token->newline_before;
		break;
	case TN_JS_BRACE_OPEN:
	case TN_JS_PAREN_OPEN:
	case TN_JS_BRACKET_OPEN:
	case TN_JS_STAR:
	case TN_JS_OPERATOR:
		break;
	default:
		return false;
	}
	return token->newline_before &&
	    (js->expect == TN_JS_EXPECT_END || js->expect == TN_JS_EXPECT_RESTRICTED ||
		js->expect == TN_JS_EXPECT_JUMP);
}

bool
tn_js_move_punctuator(struct tn_js *js, const struct tn_js_token *token,
    enum tn_js_before before)
{
	if (begins_statement(js, token))
		tn_js_new_statement(js);
	switch ((unsigned)token->id) {
	case TN_JS_BRACE_OPEN:
		return open_brace(js, token);
	case TN_JS_PAREN_OPEN:
		return open_paren(js, token, before);
	case TN_JS_BRACKET_OPEN:
		return open_bracket(js, token);
	case TN_JS_BRACE_CLOSE:
	case TN_JS_PAREN_CLOSE:
	case TN_JS_BRACKET_CLOSE:
		return tn_js_close(js, token);
	case TN_JS_ARROW:
		return open_arrow(js, token, before);
	case TN_JS_SEMICOLON:
		semicolon(js);
		break;
	case TN_JS_COMMA:
		comma(js);
		break;
	case TN_JS_COLON:
		colon(js);
		break;
	case TN_JS_STAR:
		star(js);
		break;
	case TN_JS_QUESTION:
		tn_js_top(js)->conditions++;
		js->expect = TN_JS_EXPECT_OPERAND;
		break;
	case TN_JS_DOT:
	case TN_JS_OPTIONAL_DOT:
		if (js->expect == TN_JS_EXPECT_IMPORT)
			tn_js_top(js)->flags = 0;
		js->expect = TN_JS_EXPECT_PROPERTY;
		break;
	case TN_JS_INCREMENT:
		if (js->expect != TN_JS_EXPECT_OPERATOR && js->expect != TN_JS_EXPECT_LET)
			js->expect = TN_JS_EXPECT_OPERAND;
		break;
	default:
		js->expect = TN_JS_EXPECT_OPERAND;
		break;
	}
	return true;
}
