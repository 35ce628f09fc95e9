/*
 * A letter for each kind of token, as tests write them.
 */
#ifndef TESTS_JS_KINDS_H
#define TESTS_JS_KINDS_H

#include "js/js.h"

static inline char
kind_letter(enum tn_js_kind kind)
{
	static const char letters[] = {
		[TN_JS_NAME] = 'n',
		[TN_JS_PRIVATE_NAME] = '#',
		[TN_JS_KEYWORD] = 'k',
		[TN_JS_PUNCTUATOR] = 'p',
		[TN_JS_NUMBER] = '0',
		[TN_JS_STRING] = 's',
		[TN_JS_TEMPLATE] = 't',
		[TN_JS_TEMPLATE_HEAD] = 'h',
		[TN_JS_TEMPLATE_MIDDLE] = 'm',
		[TN_JS_TEMPLATE_TAIL] = 'e',
		[TN_JS_REGEXP] = 'r',
	};

	return letters[kind];
}

#endif
