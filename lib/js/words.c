/* What a word means depends on where it stands: how names and keywords move the context.
 */
#include "js/lexer.h"

bool
tn_js_open_function(struct tn_js *js, const struct tn_js_token *token,
    enum tn_js_expect after, uint8_t code)
{
	if (!tn_js_push(js, TN_JS_IN_FUNCTION_HEAD, after, token))
		return false;
	js->code = (js->code & TN_JS_STRICT) | code;
	js->expect = TN_JS_EXPECT_FUNCTION;
	return true;
}

static bool
open_class(struct tn_js *js, const struct tn_js_token *token, enum tn_js_expect after)
{
	if (!tn_js_push(js, TN_JS_IN_CLASS_HEAD, after, token))
		return false;
	js->code |= TN_JS_STRICT;
	js->expect = TN_JS_EXPECT_CLASS;
	return true;
}

/* A word where an operand is expected. */
static bool
operand_word(struct tn_js *js, const struct tn_js_token *token)
{
	js->expect = TN_JS_EXPECT_OPERATOR;
	if (token->id == TN_JS_FUNCTION)
		return tn_js_open_function(js, token, TN_JS_EXPECT_OPERATOR, 0);
	if (token->id == TN_JS_CLASS)
		return open_class(js, token, TN_JS_EXPECT_OPERATOR);
	if (token->id == TN_JS_ASYNC)
		js->before = TN_JS_BEFORE_ASYNC;
	else if (token->id == TN_JS_AWAIT && (js->code & TN_JS_ASYNC_CODE) != 0)
		js->expect = TN_JS_EXPECT_OPERAND;
	else if (token->id == TN_JS_YIELD && (js->code & TN_JS_GENERATOR) != 0)
		js->expect = TN_JS_EXPECT_RESTRICTED;
	else if (token->kind == TN_JS_KEYWORD && token->id != TN_JS_THIS &&
	    token->id != TN_JS_NULL && token->id != TN_JS_TRUE &&
	    token->id != TN_JS_FALSE && token->id != TN_JS_SUPER &&
	    token->id != TN_JS_IMPORT)
		js->expect = TN_JS_EXPECT_OPERAND; /* new, typeof, case, … */
	return true;
}

/* while is either a loop or the end of a do whose statement is complete. */
static void
while_word(struct tn_js *js, bool substatement)
{
	js->expect = TN_JS_EXPECT_CONTROL;
	if (!substatement && tn_js_top(js)->kind == TN_JS_IN_DO) {
		tn_js_pop(js);
		js->expect = TN_JS_EXPECT_DO_WHILE;
	}
}

/* A word at the begin of a statement. */
static bool
statement_word(struct tn_js *js, const struct tn_js_token *token)
{
	bool substatement = js->expect == TN_JS_EXPECT_SUBSTATEMENT;

	js->prologue = false;
	switch ((unsigned)token->id) {
	case TN_JS_VAR:
	case TN_JS_CONST:
		tn_js_top(js)->flags |= TN_JS_DECLARES;
		js->expect = TN_JS_EXPECT_BINDING;
		return true;
	case TN_JS_LET:
		js->expect = TN_JS_EXPECT_LET;
		return true;
	case TN_JS_FUNCTION:
		return tn_js_open_function(js, token, TN_JS_EXPECT_STATEMENT, 0);
	case TN_JS_CLASS:
		return open_class(js, token, TN_JS_EXPECT_STATEMENT);
	case TN_JS_ASYNC:
		js->before = TN_JS_BEFORE_ASYNC_STATEMENT;
		js->expect = TN_JS_EXPECT_OPERATOR;
		return true;
	case TN_JS_IMPORT:
		tn_js_top(js)->flags |= TN_JS_CLAUSE;
		js->expect = TN_JS_EXPECT_IMPORT;
		return true;
	case TN_JS_EXPORT:
		js->expect = TN_JS_EXPECT_EXPORT;
		return true;
	case TN_JS_DO:
		js->expect = TN_JS_EXPECT_SUBSTATEMENT;
		return tn_js_push(js, TN_JS_IN_DO, TN_JS_EXPECT_STATEMENT, token);
	case TN_JS_ELSE:
	case TN_JS_TRY:
	case TN_JS_FINALLY:
		js->expect = TN_JS_EXPECT_SUBSTATEMENT;
		return true;
	case TN_JS_WHILE:
		while_word(js, substatement);
		return true;
	case TN_JS_IF:
	case TN_JS_WITH:
	case TN_JS_SWITCH:
	case TN_JS_CATCH:
		js->expect = TN_JS_EXPECT_CONTROL;
		return true;
	case TN_JS_FOR:
		js->expect = TN_JS_EXPECT_FOR;
		return true;
	case TN_JS_RETURN:
		js->expect = TN_JS_EXPECT_RESTRICTED;
		return true;
	case TN_JS_BREAK:
	case TN_JS_CONTINUE:
		js->expect = TN_JS_EXPECT_JUMP;
		return true;
	case TN_JS_DEBUGGER:
	case TN_JS_DEFAULT:
		js->expect = TN_JS_EXPECT_END;
		return true;
	default:
		return operand_word(js, token);
	}
}

static void
key_word(struct tn_js *js, struct tn_js_token *token)
{
	if (token->id == TN_JS_ASYNC)
		js->before = TN_JS_BEFORE_ASYNC;
	token->kind = TN_JS_NAME;
	js->expect = TN_JS_EXPECT_KEYED;
}

/* The end of the line before it was a semicolon, or the text is none that parses. */
static bool
new_statement_word(struct tn_js *js, struct tn_js_token *token)
{
	tn_js_new_statement(js);
	if (js->expect == TN_JS_EXPECT_STATEMENT)
		return statement_word(js, token);
	if (js->expect == TN_JS_EXPECT_OPERAND)
		return operand_word(js, token);
	key_word(js, token);
	return true;
}

/* Behind let: a name makes it a declaration. */
static bool
let_word(struct tn_js *js, struct tn_js_token *token)
{
	if (token->id == TN_JS_IN || token->id == TN_JS_INSTANCEOF)
		js->expect = TN_JS_EXPECT_OPERAND;
	else if (token->kind == TN_JS_KEYWORD)
		return new_statement_word(js, token);
	else {
		tn_js_top(js)->flags |= TN_JS_DECLARES;
		js->expect = TN_JS_EXPECT_END;
	}
	return true;
}

/* Behind async on the same line: what makes a modifier of it. */
static bool
async_word(struct tn_js *js, const struct tn_js_token *token, enum tn_js_before before)
{
	if (token->id == TN_JS_FUNCTION)
		return tn_js_open_function(js, token,
		    before == TN_JS_BEFORE_ASYNC_STATEMENT ? TN_JS_EXPECT_STATEMENT
							   : TN_JS_EXPECT_OPERATOR,
		    TN_JS_ASYNC_CODE);
	js->before = TN_JS_BEFORE_ASYNC_PARAMS;
	return true;
}

/* A word behind a complete expression: an operator, or the line's end was a semicolon. */
static bool
operator_word(struct tn_js *js, struct tn_js_token *token, enum tn_js_before before)
{
	struct tn_js_frame *top = tn_js_top(js);

	if (token->id == TN_JS_IN || token->id == TN_JS_INSTANCEOF ||
	    token->id == TN_JS_EXTENDS) {
		js->expect = TN_JS_EXPECT_OPERAND;
		return true;
	}
	if ((before == TN_JS_BEFORE_ASYNC || before == TN_JS_BEFORE_ASYNC_STATEMENT) &&
	    !token->newline_before)
		return async_word(js, token, before);
	if (token->id == TN_JS_OF && (top->flags & TN_JS_FOR_HEAD) != 0) {
		top->flags = 0;
		js->expect = TN_JS_EXPECT_OPERAND;
		return true;
	}
	if ((token->id == TN_JS_FROM && (top->flags & TN_JS_CLAUSED) != 0) ||
	    (token->id == TN_JS_WITH && (top->flags & TN_JS_MODULE_NAMED) != 0)) {
		if (token->id == TN_JS_FROM)
			top->flags ^= TN_JS_CLAUSE | TN_JS_CLAUSED;
		js->expect = TN_JS_EXPECT_OPERAND;
		return true;
	}
	return new_statement_word(js, token);
}

/* Where a word is none of an import's or export's names and names no property. */
static bool
move_word(struct tn_js *js, struct tn_js_token *token, enum tn_js_before before)
{
	switch ((unsigned)js->expect) {
	case TN_JS_EXPECT_EXPORT:
		if (token->id == TN_JS_DEFAULT) {
			js->expect = TN_JS_EXPECT_EXPORT_DEFAULT;
			return true;
		}
		return statement_word(js, token);
	case TN_JS_EXPECT_STATEMENT:
	case TN_JS_EXPECT_SUBSTATEMENT:
	case TN_JS_EXPECT_EXPORT_DEFAULT:
		return statement_word(js, token);
	case TN_JS_EXPECT_FOR_START:
		if (token->id == TN_JS_VAR || token->id == TN_JS_CONST ||
		    token->id == TN_JS_LET)
			return statement_word(js, token);
		return operand_word(js, token);
	case TN_JS_EXPECT_OPERATOR:
	case TN_JS_EXPECT_END:
		return operator_word(js, token, before);
	case TN_JS_EXPECT_LET:
		return let_word(js, token);
	case TN_JS_EXPECT_BINDING:
		js->expect = TN_JS_EXPECT_END;
		return true;
	case TN_JS_EXPECT_RESTRICTED:
		if (token->newline_before)
			return new_statement_word(js, token);
		return operand_word(js, token);
	case TN_JS_EXPECT_JUMP:
		if (token->newline_before)
			return new_statement_word(js, token);
		js->expect = TN_JS_EXPECT_END;
		return true;
	case TN_JS_EXPECT_CLASS:
		js->expect = token->id == TN_JS_EXTENDS ? TN_JS_EXPECT_OPERAND
							: TN_JS_EXPECT_OPERATOR;
		return true;
	case TN_JS_EXPECT_FUNCTION:
	case TN_JS_EXPECT_FOR: /* for await */
		return true;
	default:
		return operand_word(js, token);
	}
}

bool
tn_js_move_word(struct tn_js *js, struct tn_js_token *token, enum tn_js_before before)
{
	if (js->expect == TN_JS_EXPECT_PROPERTY) {
		token->kind = TN_JS_NAME;
		js->expect = TN_JS_EXPECT_OPERATOR;
		return true;
	}
	if (js->expect == TN_JS_EXPECT_KEY || js->expect == TN_JS_EXPECT_KEYED) {
		key_word(js, token);
		return true;
	}
	if (token->escaped && token->kind == TN_JS_KEYWORD)
		return tn_js_fail(js, js->start + token->at,
		    "a reserved word is written without escapes");
	if ((tn_js_top(js)->flags & TN_JS_CLAUSE) != 0) {
		token->kind = TN_JS_NAME;
		if (token->id == TN_JS_AS)
			js->before = TN_JS_BEFORE_AS;
		js->expect = TN_JS_EXPECT_END;
		return true;
	}
	return move_word(js, token, before);
}
