#include "js/lexer.h"

#include <assert.h>

#include "base/mem.h"

#define LETTER  TN_JS_PART
#define HEX     (TN_JS_PART | TN_JS_HEX)
#define NUMERAL (TN_JS_PART | TN_JS_DIGIT | TN_JS_HEX)
#define BREAKS  (TN_JS_TEXT_STOP | TN_JS_LINE_STOP)

const uint8_t tn_js_bytes[256] = {
	['$'] = LETTER,
	['_'] = LETTER,
	['0' ... '9'] = NUMERAL,
	['a' ... 'f'] = HEX,
	['g' ... 'z'] = LETTER,
	['A' ... 'F'] = HEX,
	['G' ... 'Z'] = LETTER,
	['\n'] = BREAKS,
	['\r'] = BREAKS,
	['\''] = TN_JS_TEXT_STOP,
	['"'] = TN_JS_TEXT_STOP,
	['`'] = TN_JS_TEXT_STOP,
	['\\'] = TN_JS_TEXT_STOP,
	[0x80 ... 0xe1] = TN_JS_HIGH,
	[0xe2] = TN_JS_HIGH | TN_JS_LINE_STOP,
	[0xe3 ... 0xff] = TN_JS_HIGH,
};

struct tn_js *
tn_js_new(struct tn_span text, enum tn_js_goal goal)
{
	struct tn_js *js = tn_new(struct tn_js);

	assert(text.len < UINT32_MAX);
	js->start = text.len > 0 ? text.ptr : "";
	js->at = js->start;
	js->end = js->start + text.len;
	js->goal = goal;
	tn_js_context_start(js);
	tn_js_skip_hashbang(js);
	return js;
}

void
tn_js_free(struct tn_js *js)
{
	if (js == NULL)
		return;
	tn_free(js->frames);
	tn_free(js);
}

bool
tn_js_fail(struct tn_js *js, const char *at, const char *message)
{
	js->problem.at = (size_t)(at - js->start);
	js->problem.opened = js->problem.at;
	js->problem.message = message;
	return false;
}

const struct tn_js_problem *
tn_js_problem(const struct tn_js *js)
{
	return js->problem.message != NULL ? &js->problem : NULL;
}

static bool
scan_slash(struct tn_js *js, struct tn_js_token *token)
{
	if (tn_js_context_regexp_allowed(js))
		return tn_js_scan_regexp(js, token);
	return tn_js_scan_punctuator(js, token);
}

static bool
scan(struct tn_js *js, struct tn_js_token *token)
{
	unsigned char byte = (unsigned char)*js->at;

	switch (byte) {
	case 'a' ... 'z':
	case 'A' ... 'Z':
	case '$':
	case '_':
	case '\\':
	case 0x80 ... 0xff:
		return tn_js_scan_name(js, token);
	case '0' ... '9':
		return tn_js_scan_number(js, token);
	case '.':
		if (tn_js_is(tn_js_peek(js, 1), TN_JS_DIGIT))
			return tn_js_scan_number(js, token);
		return tn_js_scan_punctuator(js, token);
	case '\'':
	case '"':
		return tn_js_scan_string(js, token);
	case '`':
		return tn_js_scan_template(js, token);
	case '}':
		if (tn_js_context_closes_template(js))
			return tn_js_scan_template(js, token);
		return tn_js_scan_punctuator(js, token);
	case '/':
		return scan_slash(js, token);
	case '#':
		return tn_js_scan_private_name(js, token);
	default:
		return tn_js_scan_punctuator(js, token);
	}
}

bool
tn_js_next(struct tn_js *js, struct tn_js_token *token)
{
	const char *at;

	if (js->problem.message != NULL || !tn_js_skip(js))
		return false;
	if (js->directive_len > 0 && !tn_js_context_directive(js))
		return false;
	if (js->at == js->end) {
		tn_js_context_end(js);
		return false;
	}
	at = js->at;
	*token = (struct tn_js_token){
		.at = (size_t)(at - js->start),
		.newline_before = js->newline,
	};
	if (!scan(js, token))
		return false;
	token->len = (size_t)(js->at - at);
	js->started = true;
	return tn_js_context_move(js, token);
}
