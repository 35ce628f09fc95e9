/* Strings and templates. */
#include "js/lexer.h"

/* Over plain characters, up to what may end a string or template. */
static const char *
skip_plain(const char *p, const char *end)
{
	while (p < end && !tn_js_is((unsigned char)*p, TN_JS_TEXT_STOP))
		p++;
	return p;
}

/* \0 alone is NUL; every other digit is of old, and strict code has none. */
static bool
scan_octal(struct tn_js *js, const char *backslash)
{
	char digit = *js->at++;

	if (digit == '0' && !tn_js_is(tn_js_peek(js, 0), TN_JS_DIGIT))
		return true;
	js->octal = true;
	if ((js->code & TN_JS_STRICT) != 0)
		return tn_js_fail(js, backslash, "strict code has no octal escapes");
	return true;
}

static bool
scan_escape(struct tn_js *js)
{
	const char *backslash = js->at++;
	uint32_t character;

	switch (tn_js_peek(js, 0)) {
	case 'x':
		js->at++;
		if (!tn_js_is(tn_js_peek(js, 0), TN_JS_HEX) ||
		    !tn_js_is(tn_js_peek(js, 1), TN_JS_HEX))
			return tn_js_fail(js, backslash,
			    "\\x needs two hexadecimal digits");
		js->at += 2;
		return true;
	case 'u':
		js->at++;
		if (!tn_js_read_unicode(&js->at, js->end, &character))
			return tn_js_fail(js, backslash,
			    "\\u needs four hexadecimal digits, or a character in braces");
		return true;
	case '0' ... '9':
		return scan_octal(js, backslash);
	case '\r':
		js->at += tn_js_peek(js, 1) == '\n' ? 2 : 1;
		return true;
	default:
		/* What follows the first byte of a longer character is plain. */
		if (js->at < js->end)
			js->at++;
		return true;
	}
}

bool
tn_js_scan_string(struct tn_js *js, struct tn_js_token *token)
{
	const char *open = js->at++;

	token->kind = TN_JS_STRING;
	js->octal = false;
	for (;;) {
		js->at = skip_plain(js->at, js->end);
		if (js->at == js->end || *js->at == '\n' || *js->at == '\r')
			return tn_js_fail(js, open, "this string is never closed");
		if (*js->at == '\\') {
			token->escaped = true;
			if (!scan_escape(js))
				return false;
		} else if (*js->at++ == *open) {
			return true;
		}
	}
}

/* Escapes are not looked at: what is a wrong one elsewhere is a right one behind a tag.
 */
bool
tn_js_scan_template(struct tn_js *js, struct tn_js_token *token)
{
	const char *open = js->at++;
	bool whole = *open == '`';

	for (; js->at < js->end; js->at++) {
		if (*js->at == '`') {
			js->at++;
			token->kind = whole ? TN_JS_TEMPLATE : TN_JS_TEMPLATE_TAIL;
			return true;
		}
		if (*js->at == '$' && tn_js_peek(js, 1) == '{') {
			js->at += 2;
			token->kind = whole ? TN_JS_TEMPLATE_HEAD : TN_JS_TEMPLATE_MIDDLE;
			return true;
		}
		if (*js->at == '\\' && js->at + 1 < js->end)
			js->at++;
	}
	return tn_js_fail(js, open, "this template is never closed");
}
