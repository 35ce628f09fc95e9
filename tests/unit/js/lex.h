/* The lexer on short texts, for the tests of this directory. */
#ifndef TESTS_UNIT_JS_LEX_H
#define TESTS_UNIT_JS_LEX_H

#include "js/js.h"

/*
 * The tokens of a text: of each the letter of its kind (tests/js/kinds.h), its own text,
 * and a space. At the end "!AT MESSAGE" when the lexer refuses the rest.
 */
void lex(struct tn_span text, enum tn_js_goal goal, struct tn_str *out);
/* Fails the test, and says how, unless the tokens are these. */
void assert_lexed(const char *text, enum tn_js_goal goal, const char *tokens);
/* Fails the test unless the text is refused, first at this byte. */
void assert_refused(const char *text, enum tn_js_goal goal, size_t at);
void assert_taken(const char *text, enum tn_js_goal goal);

#endif
