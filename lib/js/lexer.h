/*
 * The lexer from inside: the scanners of the single kinds of tokens, which move js->at
 * behind what they read, and the context that tells them what may stand where. Not for
 * other rooms.
 *
 * A function that returns bool returns false after tn_js_fail.
 */
#ifndef TN_JS_LEXER_H
#define TN_JS_LEXER_H

#include <string.h>

#include "js/js.h"

/* What a byte may be, as a set of bits. Bytes of 0x80 and above have TN_JS_HIGH alone. */
enum {
	TN_JS_PART = 1, /* of a name: letters, digits, $ and _ */
	TN_JS_DIGIT = 2,
	TN_JS_HEX = 4,
	TN_JS_TEXT_STOP = 8,  /* ends the plain run of a string or template */
	TN_JS_LINE_STOP = 16, /* may end a line: also the first byte of U+2028 */
	TN_JS_HIGH = 32,
};
extern const uint8_t tn_js_bytes[256];

/* What the grammar allows next. */
enum tn_js_expect {
	TN_JS_EXPECT_STATEMENT,
	TN_JS_EXPECT_SUBSTATEMENT, /* the one that an if, a loop or a label needs */
	TN_JS_EXPECT_OPERAND,
	TN_JS_EXPECT_OPERATOR, /* an expression is complete as it stands */
	TN_JS_EXPECT_END,      /* complete, and no operator can follow */
	TN_JS_EXPECT_KEY,      /* of an object or class */
	TN_JS_EXPECT_KEYED,    /* behind a key or get, set, async, static */
	TN_JS_EXPECT_PROPERTY, /* behind a dot */
	TN_JS_EXPECT_FUNCTION, /* a name or parameters */
	TN_JS_EXPECT_CLASS,    /* a name, extends or the body */
	TN_JS_EXPECT_BODY,     /* of a function */
	TN_JS_EXPECT_CONTROL,  /* a condition in parentheses, or the block of a catch */
	TN_JS_EXPECT_FOR,      /* the parentheses of a for */
	TN_JS_EXPECT_FOR_START,
	TN_JS_EXPECT_DO_WHILE,   /* the condition that ends a do */
	TN_JS_EXPECT_ARROW,      /* a body behind => */
	TN_JS_EXPECT_BINDING,    /* a name or pattern behind var, let, const */
	TN_JS_EXPECT_LET,        /* behind let, which may be a name itself */
	TN_JS_EXPECT_RESTRICTED, /* an operand, if it begins on this line */
	TN_JS_EXPECT_JUMP,       /* a label, if it begins on this line */
	TN_JS_EXPECT_IMPORT,
	TN_JS_EXPECT_EXPORT,
	TN_JS_EXPECT_EXPORT_DEFAULT,
};

/* What is open. Those from TN_JS_IN_DO on have no bracket of their own. */
enum tn_js_open {
	TN_JS_IN_TEXT,
	TN_JS_IN_BLOCK,
	TN_JS_IN_BODY,
	TN_JS_IN_CLASS,
	TN_JS_IN_OBJECT,
	TN_JS_IN_PAREN,
	TN_JS_IN_BRACKET,
	TN_JS_IN_TEMPLATE,
	TN_JS_IN_DO,
	TN_JS_IN_FUNCTION_HEAD,
	TN_JS_IN_CLASS_HEAD,
	TN_JS_IN_ARROW, /* its body is an expression */
};

/* Of a frame. */
enum {
	TN_JS_DECLARES = 1, /* the statement is a list of var, let or const */
	TN_JS_CLAUSE = 2,   /* it is an import or export, its module not yet named */
	TN_JS_CLAUSED = 4,  /* its names stood in braces, and from may follow */
	TN_JS_MODULE_NAMED = 128, /* its module was read, and with may follow */
	TN_JS_FOR_HEAD = 8,       /* parentheses of a for, before any ; or of */
	TN_JS_MAYBE_ASYNC = 16,   /* parentheses behind the word async */
	TN_JS_ASYNC_KEY = 32,     /* of the method whose key is being read */
	TN_JS_GENERATOR_KEY = 64,
};

/* Of the code at hand. */
enum {
	TN_JS_GENERATOR = 1,
	TN_JS_ASYNC_CODE = 2, /* await is an operator */
	TN_JS_STRICT = 4,
};

struct tn_js_frame {
	uint32_t at;         /* of its bracket or word */
	uint32_t conditions; /* ? that wait for their : */
	uint8_t kind;        /* enum tn_js_open */
	uint8_t after;       /* enum tn_js_expect: when it is closed */
	uint8_t outer;       /* the code around it */
	uint8_t flags;
};

/* What the last token was, where the next one takes its meaning from it. */
enum tn_js_before {
	TN_JS_BEFORE_NONE,
	TN_JS_BEFORE_ASYNC,           /* the word, as an operand or modifier */
	TN_JS_BEFORE_ASYNC_STATEMENT, /* the same at the begin of a statement */
	TN_JS_BEFORE_AS,              /* the word, among the names of an export */
	TN_JS_BEFORE_ASYNC_PARAMS,    /* parameters of an async arrow, if => follows */
};

struct tn_js {
	const char *start;
	const char *at;
	const char *end;
	enum tn_js_goal goal;
	bool started; /* there was a token */
	bool newline; /* a line ended since the last token */
	bool octal;   /* the last string had an octal escape */
	struct tn_js_problem problem;

	/* The context. */
	enum tn_js_expect expect;
	enum tn_js_before before;
	uint8_t code;         /* of the code at hand */
	bool prologue;        /* only directives were seen in this body */
	size_t directive_len; /* of a string that may be one; 0: none */
	const char *directive;
	const char *prologue_octal;
	struct tn_js_frame *frames; /* the first one is the text itself */
	size_t depth;
	size_t cap;
};

bool tn_js_fail(struct tn_js *js, const char *at, const char *message);

/* The byte n behind js->at; 0 behind the end. */
static inline unsigned char
tn_js_peek(const struct tn_js *js, size_t n)
{
	return n < (size_t)(js->end - js->at) ? (unsigned char)js->at[n] : 0;
}

static inline bool
tn_js_is(unsigned char byte, unsigned bits)
{
	return (tn_js_bytes[byte] & bits) != 0;
}

static inline bool
tn_js_is_digit(unsigned char byte)
{
	return tn_js_is(byte, TN_JS_DIGIT);
}

/* Bytes of a line terminator at p: 1, or 3 for U+2028 and U+2029; 0: none. */
size_t tn_js_line_end(const char *p, const char *end);

/* --- Scanners ----------------------------------------------------------------------- */

/* Over white space and comments; sets js->newline. */
bool tn_js_skip(struct tn_js *js);
void tn_js_skip_hashbang(struct tn_js *js);
bool tn_js_scan_name(struct tn_js *js, struct tn_js_token *token);
bool tn_js_scan_private_name(struct tn_js *js, struct tn_js_token *token);
bool tn_js_scan_number(struct tn_js *js, struct tn_js_token *token);
bool tn_js_scan_string(struct tn_js *js, struct tn_js_token *token);
/* At the backquote, or at the brace that closes a substitution. */
bool tn_js_scan_template(struct tn_js *js, struct tn_js_token *token);
bool tn_js_scan_regexp(struct tn_js *js, struct tn_js_token *token);
bool tn_js_scan_punctuator(struct tn_js *js, struct tn_js_token *token);

/* Whether a character beyond ASCII may begin a name, or continue one. */
bool tn_js_name_start(uint32_t character);
bool tn_js_name_part(uint32_t character);
/* A name begins at p. */
bool tn_js_name_at(const char *p, const char *end);

/*
 * Behind \u: four digits, or some in braces. Moves *p behind them; false, and *p where it
 * is wrong, when there is no such escape or no such character.
 */
bool tn_js_read_unicode(const char **p, const char *end, uint32_t *out);

/* The pattern of a regular expression between its slashes, to which flags may be set. */
struct tn_js_pattern {
	const char *at;
	const char *end;
	bool unicode; /* flag u or v */
	bool sets;    /* flag v */
};
/* NULL, or what is wrong at pattern->at. */
const char *tn_js_pattern_check(struct tn_js_pattern *pattern);

/* --- Context ------------------------------------------------------------------------ */

void tn_js_context_start(struct tn_js *js);
/* Before a token is read: a string that stands alone may have been "use strict". */
bool tn_js_context_directive(struct tn_js *js);
bool tn_js_context_regexp_allowed(const struct tn_js *js);
bool tn_js_context_closes_template(const struct tn_js *js);
/* A token was read. Makes names of reserved words that name a property. */
bool tn_js_context_move(struct tn_js *js, struct tn_js_token *token);
/* Nothing is left open. */
bool tn_js_context_end(struct tn_js *js);

bool tn_js_move_word(struct tn_js *js, struct tn_js_token *token,
    enum tn_js_before before);
bool tn_js_move_punctuator(struct tn_js *js, const struct tn_js_token *token,
    enum tn_js_before before);
/* The head of a function; code: TN_JS_ASYNC_CODE, TN_JS_GENERATOR. */
bool tn_js_open_function(struct tn_js *js, const struct tn_js_token *token,
    enum tn_js_expect after, uint8_t code);

/* --- What is open (frame.c) --------------------------------------------------------- */

bool tn_js_push(struct tn_js *js, enum tn_js_open kind, enum tn_js_expect after,
    const struct tn_js_token *token);
void tn_js_pop(struct tn_js *js);
/* The frame that is open now. */
static inline struct tn_js_frame *
tn_js_top(const struct tn_js *js)
{
	return &js->frames[js->depth - 1];
}
/* Ends what has no bracket of its own: arrows, heads, and with dos also those. */
void tn_js_pop_open(struct tn_js *js, bool dos);
bool tn_js_in_statements(const struct tn_js *js);
/* The statement or class element is over, by a semicolon or without one. */
void tn_js_new_statement(struct tn_js *js);
/* At ) ] or }. */
bool tn_js_close(struct tn_js *js, const struct tn_js_token *token);

#endif
