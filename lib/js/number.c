/* Numbers: decimal, hexadecimal, octal, binary, legacy octal, BigInt, with separators. */
#include "js/lexer.h"

/* Digits with single separators between them. */
static bool
skip_digits(struct tn_js *js, bool (*fits)(unsigned char))
{
	const char *first = js->at;

	while (js->at < js->end) {
		if (*js->at == '_') {
			if (js->at == first || js->at[-1] == '_' ||
			    !fits(tn_js_peek(js, 1)))
				return tn_js_fail(js, js->at,
				    "a separator stands between two digits");
		} else if (!fits((unsigned char)*js->at)) {
			break;
		}
		js->at++;
	}
	return true;
}

static bool
is_hex(unsigned char byte)
{
	return tn_js_is(byte, TN_JS_HEX);
}

static bool
is_octal(unsigned char byte)
{
	return byte >= '0' && byte <= '7';
}

static bool
is_binary(unsigned char byte)
{
	return byte == '0' || byte == '1';
}

/* No name and no digit may follow at once. */
static bool
end_number(struct tn_js *js)
{
	if (tn_js_is(tn_js_peek(js, 0), TN_JS_DIGIT) || tn_js_peek(js, 0) == '\\' ||
	    tn_js_name_at(js->at, js->end))
		return tn_js_fail(js, js->at, "a number ends before this character");
	return true;
}

static bool
scan_radix(struct tn_js *js, bool (*fits)(unsigned char))
{
	js->at += 2;
	if (!fits(tn_js_peek(js, 0)))
		return tn_js_fail(js, js->at, "digits of this number are missing");
	if (!skip_digits(js, fits))
		return false;
	if (tn_js_peek(js, 0) == 'n')
		js->at++;
	return end_number(js);
}

/* Behind the digits of a decimal number: fraction and exponent. */
static bool
scan_rest(struct tn_js *js)
{
	if (tn_js_peek(js, 0) == '.') {
		js->at++;
		if (!skip_digits(js, tn_js_is_digit))
			return false;
	}
	if ((tn_js_peek(js, 0) | 0x20) == 'e') {
		js->at++;
		if (tn_js_peek(js, 0) == '+' || tn_js_peek(js, 0) == '-')
			js->at++;
		if (!tn_js_is_digit(tn_js_peek(js, 0)))
			return tn_js_fail(js, js->at,
			    "the exponent of this number has no digits");
		if (!skip_digits(js, tn_js_is_digit))
			return false;
	}
	return end_number(js);
}

/* 017 is octal; 018 is decimal, and so may have a fraction. */
static bool
scan_legacy(struct tn_js *js)
{
	const char *first = js->at;
	bool octal = true;

	while (tn_js_is_digit(tn_js_peek(js, 0))) {
		octal = octal && is_octal((unsigned char)*js->at);
		js->at++;
	}
	if ((js->code & TN_JS_STRICT) != 0)
		return tn_js_fail(js, first,
		    "strict code has no numbers with a leading 0");
	return octal || tn_js_peek(js, 0) == '_' ? end_number(js) : scan_rest(js);
}

bool
tn_js_scan_number(struct tn_js *js, struct tn_js_token *token)
{
	token->kind = TN_JS_NUMBER;
	if (*js->at == '0') {
		switch (tn_js_peek(js, 1) | 0x20) {
		case 'x':
			return scan_radix(js, is_hex);
		case 'o':
			return scan_radix(js, is_octal);
		case 'b':
			return scan_radix(js, is_binary);
		}
		if (tn_js_is_digit(tn_js_peek(js, 1)))
			return scan_legacy(js);
		if (tn_js_peek(js, 1) == '_')
			return tn_js_fail(js, js->at + 1,
			    "a separator does not follow a leading 0");
	}
	if (!skip_digits(js, tn_js_is_digit))
		return false;
	if (tn_js_peek(js, 0) == 'n') {
		js->at++;
		return end_number(js);
	}
	return scan_rest(js);
}
