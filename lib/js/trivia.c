/* What stands between tokens: white space, ends of lines, comments. */
#include "js/lexer.h"

#include "base/utf8.h"

size_t
tn_js_line_end(const char *p, const char *end)
{
	if (p == end)
		return 0;
	if (*p == '\n' || *p == '\r')
		return 1;
	if (end - p >= 3 && memcmp(p, "\xe2\x80", 2) == 0 &&
	    (p[2] == '\xa8' || p[2] == '\xa9'))
		return 3;
	return 0;
}

static void
skip_line(struct tn_js *js)
{
	while (js->at < js->end) {
		if (tn_js_is((unsigned char)*js->at, TN_JS_LINE_STOP) &&
		    tn_js_line_end(js->at, js->end) > 0)
			return;
		js->at++;
	}
}

void
tn_js_skip_hashbang(struct tn_js *js)
{
	if (tn_js_peek(js, 0) == '#' && tn_js_peek(js, 1) == '!')
		skip_line(js);
}

static bool
skip_comment(struct tn_js *js)
{
	const char *open = js->at;
	const char *p = open + 2;

	for (; p < js->end; p++) {
		if (*p == '*' && p + 1 < js->end && p[1] == '/') {
			js->at = p + 2;
			return true;
		}
		if (tn_js_is((unsigned char)*p, TN_JS_LINE_STOP) &&
		    tn_js_line_end(p, js->end) > 0)
			js->newline = true;
	}
	return tn_js_fail(js, open, "this comment is never closed");
}

/* Category Zs, and the byte order mark. */
static bool
is_space(uint32_t character)
{
	return character == 0xa0 || character == 0x1680 ||
	    (character >= 0x2000 && character <= 0x200a) || character == 0x202f ||
	    character == 0x205f || character == 0x3000 || character == 0xfeff;
}

static bool
skip_high(struct tn_js *js)
{
	uint32_t character;
	size_t len = tn_js_line_end(js->at, js->end);

	if (len > 0) {
		js->newline = true;
	} else {
		len = tn_utf8_decode(tn_span_of(js->at, (size_t)(js->end - js->at)),
		    &character);
		if (len == 0 || !is_space(character))
			return false;
	}
	js->at += len;
	return true;
}

static bool
at_text(const struct tn_js *js, const char *text)
{
	size_t len = strlen(text);

	return (size_t)(js->end - js->at) >= len && memcmp(js->at, text, len) == 0;
}

/* Comments of old, annex B.1.1: <!-- anywhere, --> where a line has no token before it.
 */
static bool
at_html_comment(const struct tn_js *js)
{
	if (js->goal == TN_JS_MODULE)
		return false;
	return at_text(js, "<!--") ||
	    ((js->newline || !js->started) && at_text(js, "-->"));
}

bool
tn_js_skip(struct tn_js *js)
{
	js->newline = false;
	for (;;) {
		switch (tn_js_peek(js, 0)) {
		case '\n':
		case '\r':
			js->newline = true;
			js->at++;
			break;
		case ' ':
		case '\t':
		case '\v':
		case '\f':
			js->at++;
			break;
		case '/':
			if (tn_js_peek(js, 1) == '/')
				skip_line(js);
			else if (tn_js_peek(js, 1) != '*')
				return true;
			else if (!skip_comment(js))
				return false;
			break;
		case '<':
		case '-':
			if (!at_html_comment(js))
				return true;
			skip_line(js);
			break;
		case 0x80 ... 0xff:
			if (!skip_high(js))
				return true;
			break;
		default:
			return true;
		}
	}
}
