/*
 * JavaScript as tokens: the lexical grammar of ES2023 (ECMA-262, 14th edition,
 * clause 12 and annex B.1.1 and B.1.2), for scripts and for modules.
 *
 * Whether a slash divides or begins a regular expression is decided by the grammar
 * and not by the last token alone: the lexer keeps a stack of what is open (blocks,
 * object literals, functions, classes, arrows, conditions, templates) and knows at
 * each token whether an expression may begin there. What it says of a text is meant for
 * a text that parses; in one that does not, tokens may be other ones than a reader
 * would guess, but there is always an answer, in linear time.
 *
 * It refuses what no engine takes, at the first such place: characters that belong
 * nowhere, unclosed strings, comments, templates, expressions and brackets, brackets that
 * do not fit, malformed numbers and escapes, octal ones in strict code, reserved words
 * written with escapes, regular expressions with wrong flags or a malformed pattern. Of
 * patterns it does not check whether the names of groups and properties exist, nor the
 * inside of classes under the flag v.
 *
 * Memory: one stack entry of 16 bytes for each open bracket or construct. No recursion.
 */
#ifndef TN_JS_JS_H
#define TN_JS_JS_H

#include "base/defs.h"
#include "base/str.h"

/* Constructs may stand in each other this deep. */
#define TN_JS_DEPTH_MAX ((size_t)1 << 18)

/* In a module all code is strict, await stands for itself, and HTML-like comments are
 * none. */
enum tn_js_goal { TN_JS_SCRIPT, TN_JS_MODULE };

enum tn_js_kind {
	TN_JS_NAME, /* also a reserved word where it names a property */
	TN_JS_PRIVATE_NAME,
	TN_JS_KEYWORD,
	TN_JS_PUNCTUATOR,
	TN_JS_NUMBER, /* also a BigInt */
	TN_JS_STRING,
	TN_JS_TEMPLATE,      /* `…` without substitutions */
	TN_JS_TEMPLATE_HEAD, /* `…${ */
	TN_JS_TEMPLATE_MIDDLE,
	TN_JS_TEMPLATE_TAIL, /* }…` */
	TN_JS_REGEXP,
};

/* Which keyword or punctuator it is; of names those that mean something in some places.
 */
enum tn_js_id {
	TN_JS_ID_NONE,
	TN_JS_BRACE_OPEN,
	TN_JS_BRACE_CLOSE,
	TN_JS_PAREN_OPEN,
	TN_JS_PAREN_CLOSE,
	TN_JS_BRACKET_OPEN,
	TN_JS_BRACKET_CLOSE,
	TN_JS_DOT,
	TN_JS_OPTIONAL_DOT, /* ?. */
	TN_JS_ELLIPSIS,
	TN_JS_SEMICOLON,
	TN_JS_COMMA,
	TN_JS_COLON,
	TN_JS_QUESTION,
	TN_JS_ARROW,
	TN_JS_EQUALS,
	TN_JS_ASSIGNMENT, /* += and its like */
	TN_JS_INCREMENT,  /* ++ and -- */
	TN_JS_NOT,        /* ! and ~ */
	TN_JS_STAR,
	TN_JS_OPERATOR, /* any other one */

	TN_JS_AS,
	TN_JS_ASYNC,
	TN_JS_AWAIT,
	TN_JS_FROM,
	TN_JS_LET,
	TN_JS_OF,
	TN_JS_YIELD,

	TN_JS_BREAK, /* the reserved words begin here */
	TN_JS_CASE,
	TN_JS_CATCH,
	TN_JS_CLASS,
	TN_JS_CONST,
	TN_JS_CONTINUE,
	TN_JS_DEBUGGER,
	TN_JS_DEFAULT,
	TN_JS_DELETE,
	TN_JS_DO,
	TN_JS_ELSE,
	TN_JS_ENUM,
	TN_JS_EXPORT,
	TN_JS_EXTENDS,
	TN_JS_FALSE,
	TN_JS_FINALLY,
	TN_JS_FOR,
	TN_JS_FUNCTION,
	TN_JS_IF,
	TN_JS_IMPORT,
	TN_JS_IN,
	TN_JS_INSTANCEOF,
	TN_JS_NEW,
	TN_JS_NULL,
	TN_JS_RETURN,
	TN_JS_SUPER,
	TN_JS_SWITCH,
	TN_JS_THIS,
	TN_JS_THROW,
	TN_JS_TRUE,
	TN_JS_TRY,
	TN_JS_TYPEOF,
	TN_JS_VAR,
	TN_JS_VOID,
	TN_JS_WHILE,
	TN_JS_WITH,
};

struct tn_js_token {
	size_t at; /* in bytes from the start of the text */
	size_t len;
	enum tn_js_kind kind;
	enum tn_js_id id;
	bool newline_before; /* a line ended since the token before it */
	bool escaped;        /* a name or string with a backslash in it */
};

/* Why the tokens ended before the text did. */
struct tn_js_problem {
	size_t at;
	size_t opened; /* the bracket that this one does not close; else the same as at */
	const char *message;
};

struct tn_js;

/* Borrows the text, which is valid UTF-8 of less than 4 GiB. */
struct tn_js *tn_js_new(struct tn_span text, enum tn_js_goal goal);
void tn_js_free(struct tn_js *js);
TN_DEFINE_FREEP(tn_js, tn_js_free)

/* The next token; false at the end of the text or of what is right in it. */
bool tn_js_next(struct tn_js *js, struct tn_js_token *token);
/* NULL, also when tn_js_next has returned false, means that all is well. */
const struct tn_js_problem *tn_js_problem(const struct tn_js *js);

#endif
