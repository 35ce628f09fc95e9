/* The literal of a regular expression: where it ends, and its flags. */
#include "js/lexer.h"

/* Behind the opening slash: to the closing one, which may stand plain in a class. */
static bool
skip_body(struct tn_js *js, const char *open)
{
	bool class = false;

	for (; js->at < js->end && tn_js_line_end(js->at, js->end) == 0; js->at++) {
		switch (*js->at) {
		case '[':
			class = true;
			break;
		case ']':
			class = false;
			break;
		case '/':
			if (!class)
				return true;
			break;
		case '\\':
			if (js->at + 1 < js->end &&
			    tn_js_line_end(js->at + 1, js->end) == 0)
				js->at++;
			break;
		default:
			break;
		}
	}
	return tn_js_fail(js, open, "this regular expression is never closed");
}

/* Each flag once, and not both u and v. */
static bool
scan_flags(struct tn_js *js, struct tn_js_pattern *pattern)
{
	static const char known[] = "dgimsuvy";
	const char *first = js->at;
	uint32_t seen = 0;

	for (; tn_js_is(tn_js_peek(js, 0), TN_JS_PART); js->at++) {
		const char *flag = memchr(known, *js->at, sizeof(known) - 1);
		uint32_t bit = flag == NULL ? 0 : UINT32_C(1) << (flag - known);

		if (bit == 0)
			return tn_js_fail(js, js->at,
			    "regular expressions have no such flag");
		if ((seen & bit) != 0)
			return tn_js_fail(js, js->at, "this flag is there already");
		seen |= bit;
	}
	if (tn_js_peek(js, 0) == '\\' || tn_js_name_at(js->at, js->end))
		return tn_js_fail(js, js->at, "regular expressions have no such flag");
	pattern->sets = memchr(first, 'v', (size_t)(js->at - first)) != NULL;
	pattern->unicode = pattern->sets ||
	    memchr(first, 'u', (size_t)(js->at - first)) != NULL;
	if (pattern->sets && memchr(first, 'u', (size_t)(js->at - first)) != NULL)
		return tn_js_fail(js, first, "the flags u and v exclude each other");
	return true;
}

bool
tn_js_scan_regexp(struct tn_js *js, struct tn_js_token *token)
{
	const char *open = js->at++;
	struct tn_js_pattern pattern = { .at = js->at };
	const char *wrong;

	token->kind = TN_JS_REGEXP;
	if (!skip_body(js, open))
		return false;
	pattern.end = js->at++;
	if (!scan_flags(js, &pattern))
		return false;
	wrong = tn_js_pattern_check(&pattern);
	return wrong == NULL || tn_js_fail(js, pattern.at, wrong);
}
