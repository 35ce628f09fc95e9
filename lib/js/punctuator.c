#include "js/lexer.h"

struct found {
	enum tn_js_id id;
	size_t len;
};

/* The operator itself, or with = behind it an assignment. */
static struct found
may_assign(const struct tn_js *js, enum tn_js_id id, size_t len)
{
	if (tn_js_peek(js, len) == '=')
		return (struct found){ TN_JS_ASSIGNMENT, len + 1 };
	return (struct found){ id, len };
}

/* & && &= &&=, and the like for | ? *. */
static struct found
may_double(const struct tn_js *js, enum tn_js_id single)
{
	if (tn_js_peek(js, 1) == (unsigned char)*js->at)
		return may_assign(js, TN_JS_OPERATOR, 2);
	return may_assign(js, single, 1);
}

static struct found
plus_or_minus(const struct tn_js *js)
{
	if (tn_js_peek(js, 1) == (unsigned char)*js->at)
		return (struct found){ TN_JS_INCREMENT, 2 };
	return may_assign(js, TN_JS_OPERATOR, 1);
}

/* < <= << <<=, > >= >> >>= >>> >>>= */
static struct found
compare_or_shift(const struct tn_js *js)
{
	size_t len = 1;

	while (len < (*js->at == '<' ? 2 : 3) &&
	    tn_js_peek(js, len) == (unsigned char)*js->at)
		len++;
	if (len > 1)
		return may_assign(js, TN_JS_OPERATOR, len);
	return (struct found){ TN_JS_OPERATOR, tn_js_peek(js, 1) == '=' ? 2 : 1 };
}

/* = == === => and ! != !== */
static struct found
equality(const struct tn_js *js, enum tn_js_id single)
{
	if (single == TN_JS_EQUALS && tn_js_peek(js, 1) == '>')
		return (struct found){ TN_JS_ARROW, 2 };
	if (tn_js_peek(js, 1) != '=')
		return (struct found){ single, 1 };
	return (struct found){ TN_JS_OPERATOR, tn_js_peek(js, 2) == '=' ? 3 : 2 };
}

/* ? ?. ?? ??=; but a ?.5 : b is a condition. */
static struct found
question(const struct tn_js *js)
{
	if (tn_js_peek(js, 1) == '.' && !tn_js_is(tn_js_peek(js, 2), TN_JS_DIGIT))
		return (struct found){ TN_JS_OPTIONAL_DOT, 2 };
	if (tn_js_peek(js, 1) == '?')
		return may_assign(js, TN_JS_OPERATOR, 2);
	return (struct found){ TN_JS_QUESTION, 1 };
}

static struct found
dots(const struct tn_js *js)
{
	if (tn_js_peek(js, 1) == '.' && tn_js_peek(js, 2) == '.')
		return (struct found){ TN_JS_ELLIPSIS, 3 };
	return (struct found){ TN_JS_DOT, 1 };
}

static struct found
find(const struct tn_js *js)
{
	switch (*js->at) {
	case '{':
		return (struct found){ TN_JS_BRACE_OPEN, 1 };
	case '}':
		return (struct found){ TN_JS_BRACE_CLOSE, 1 };
	case '(':
		return (struct found){ TN_JS_PAREN_OPEN, 1 };
	case ')':
		return (struct found){ TN_JS_PAREN_CLOSE, 1 };
	case '[':
		return (struct found){ TN_JS_BRACKET_OPEN, 1 };
	case ']':
		return (struct found){ TN_JS_BRACKET_CLOSE, 1 };
	case ';':
		return (struct found){ TN_JS_SEMICOLON, 1 };
	case ',':
		return (struct found){ TN_JS_COMMA, 1 };
	case ':':
		return (struct found){ TN_JS_COLON, 1 };
	case '~':
		return (struct found){ TN_JS_NOT, 1 };
	case '.':
		return dots(js);
	case '?':
		return question(js);
	case '=':
		return equality(js, TN_JS_EQUALS);
	case '!':
		return equality(js, TN_JS_NOT);
	case '+':
	case '-':
		return plus_or_minus(js);
	case '<':
	case '>':
		return compare_or_shift(js);
	case '*':
		return may_double(js, TN_JS_STAR);
	case '&':
	case '|':
		return may_double(js, TN_JS_OPERATOR);
	case '/':
	case '%':
	case '^':
		return may_assign(js, TN_JS_OPERATOR, 1);
	default:
		return (struct found){ TN_JS_ID_NONE, 0 };
	}
}

bool
tn_js_scan_punctuator(struct tn_js *js, struct tn_js_token *token)
{
	struct found found = find(js);

	if (found.len == 0)
		return tn_js_fail(js, js->at,
		    "this character has no place in JavaScript");
	token->kind = TN_JS_PUNCTUATOR;
	token->id = found.id;
	js->at += found.len;
	return true;
}
