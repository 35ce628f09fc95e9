/* What a backslash may begin in a pattern, and what may stand in a class. */
#include "js/pattern.h"

#include "base/utf8.h"

/* --- Escapes ------------------------------------------------------------------------ */

/* Behind \k. */
static const char *
skip_reference(struct tn_js_checker *c)
{
	if (!c->named)
		return NULL;
	if (!tn_js_pattern_eat(c, '<'))
		return "\\k is followed by the name of a group";
	return tn_js_skip_group_name(c);
}

/* Behind \p or \P. */
static const char *
skip_property(struct tn_js_checker *c)
{
	bool name = false;

	if (!c->unicode)
		return NULL;
	if (tn_js_pattern_eat(c, '{')) {
		while (tn_js_is(tn_js_pattern_peek(c, 0), TN_JS_PART) ||
		    tn_js_pattern_peek(c, 0) == '=') {
			name = true;
			c->at++;
		}
	}
	return name && tn_js_pattern_eat(c, '}')
	    ? NULL
	    : "\\p is followed by a property in braces";
}

/* Behind \u. A pair of surrogates is one character under the flag u. */
static const char *
skip_unicode(struct tn_js_checker *c, int64_t *value)
{
	const char *p = c->at;
	uint32_t character, low;

	if (!c->unicode && tn_js_pattern_peek(c, 0) == '{')
		return NULL;
	if (!tn_js_read_unicode(&p, c->end, &character))
		return c->unicode ? "\\u is followed by four hexadecimal digits, or a "
				    "character in braces"
				  : NULL;
	c->at = p;
	*value = character;
	if (c->unicode && character >> 10 == 0xd800 >> 10 && c->end - p >= 6 &&
	    p[0] == '\\' && p[1] == 'u') {
		p += 2;
		if (tn_js_read_unicode(&p, c->end, &low) && low >> 10 == 0xdc00 >> 10) {
			c->at = p;
			*value = 0x10000 +
			    ((int64_t)(character & 0x3ff) << 10 | (low & 0x3ff));
		}
	}
	return NULL;
}

/* Behind \x. */
static const char *
skip_hex(struct tn_js_checker *c, int64_t *value)
{
	char digits[] = { '0', '0', (char)tn_js_pattern_peek(c, 0),
		(char)tn_js_pattern_peek(c, 1) };
	const char *p = digits;
	uint32_t character;

	if (!tn_js_read_unicode(&p, digits + sizeof(digits), &character))
		return c->unicode ? "\\x is followed by two hexadecimal digits" : NULL;
	c->at += 2;
	*value = character;
	return NULL;
}

/* Behind \c: in annex B a backslash that is followed by c, and in classes also more. */
static const char *
skip_control(struct tn_js_checker *c, bool class, int64_t *value)
{
	unsigned char next = tn_js_pattern_peek(c, 0);

	if ((next | 0x20) >= 'a' && (next | 0x20) <= 'z') {
		*value = next & 0x1f;
		c->at++;
	} else if (c->unicode) {
		return "\\c is followed by a letter";
	} else if (class && (tn_js_is_digit(next) || next == '_')) {
		*value = next & 0x1f;
		c->at++;
	} else {
		*value = '\\';
		c->at--;
	}
	return NULL;
}

/* At the first digit behind the backslash: NUL, an octal escape, or a reference. */
static const char *
skip_number(struct tn_js_checker *c, bool class, int64_t *value)
{
	const char *p = c->at;
	uint64_t number = 0;
	int64_t octal = 0;

	if (*p == '0' && !tn_js_is_digit(tn_js_pattern_peek(c, 1))) {
		c->at++;
		*value = 0;
		return NULL;
	}
	for (; p < c->end && tn_js_is_digit((unsigned char)*p); p++) {
		if (number <= c->groups)
			number = number * 10 + (uint64_t)(*p - '0');
	}
	if (!class && *c->at != '0' && number <= c->groups) {
		c->at = p;
		return NULL;
	}
	if (c->unicode)
		return *c->at == '0' || class
		    ? "there are no octal escapes under this flag"
		    : "there is no group of this number";
	*value = (unsigned char)*c->at;
	if (*c->at > '7') {
		c->at++;
		return NULL;
	}
	for (int i = 0;
	     i < 3 && tn_js_pattern_peek(c, 0) >= '0' && tn_js_pattern_peek(c, 0) <= '7';
	     i++) {
		if (octal * 8 + (*c->at - '0') > 0377)
			break;
		octal = octal * 8 + (*c->at++ - '0');
	}
	*value = octal;
	return NULL;
}

static int64_t
control_value(unsigned char letter)
{
	switch (letter) {
	case 'f':
		return '\f';
	case 'n':
		return '\n';
	case 'r':
		return '\r';
	case 't':
		return '\t';
	default:
		return '\v';
	}
}

/* A character that stands for itself. */
static void
skip_plain(struct tn_js_checker *c, int64_t *value)
{
	uint32_t character = 0;
	size_t len = tn_utf8_decode(tn_span_of(c->at, (size_t)(c->end - c->at)),
	    &character);

	c->at += len > 0 ? len : 1;
	*value = character;
	if (character > 0xffff && !c->unicode) {
		*value = 0xd800 | (character - 0x10000) >> 10;
		c->low = 0xdc00 | (character & 0x3ff);
	}
}

const char *
tn_js_skip_escape(struct tn_js_checker *c, bool class, int64_t *value)
{
	unsigned char letter = tn_js_pattern_peek(c, 0);

	*value = letter;
	if (tn_js_is_digit(letter))
		return skip_number(c, class, value);
	if (tn_js_is(letter, TN_JS_HIGH) && !c->unicode) {
		skip_plain(c, value);
		return NULL;
	}
	c->at++;
	switch (letter) {
	case 'd':
	case 'D':
	case 's':
	case 'S':
	case 'w':
	case 'W':
		*value = -1;
		return NULL;
	case 'f':
	case 'n':
	case 'r':
	case 't':
	case 'v':
		*value = control_value(letter);
		return NULL;
	case 'b':
		*value = '\b';
		return NULL;
	case 'c':
		return skip_control(c, class, value);
	case 'x':
		return skip_hex(c, value);
	case 'u':
		return skip_unicode(c, value);
	case 'p':
	case 'P':
		*value = c->unicode ? -1 : letter;
		return skip_property(c);
	case 'k':
		if (!class)
			return skip_reference(c);
		break;
	case 'B':
		if (!class)
			return NULL;
		break;
	default:
		break;
	}
	if (c->unicode && !tn_js_one_of(letter, "^$\\.*+?()[]{}|/") &&
	    !(class && letter == '-'))
		return "this character has no escape under this flag";
	return NULL;
}

/* --- Classes ------------------------------------------------------------------------ */

/* One member of a class, by its value as the engine sees it; -1 stands for several. */
static const char *
skip_member(struct tn_js_checker *c, int64_t *value)
{
	if (c->low != 0) {
		*value = c->low;
		c->low = 0;
		return NULL;
	}
	if (tn_js_pattern_eat(c, '\\'))
		return tn_js_skip_escape(c, true, value);
	skip_plain(c, value);
	return NULL;
}

const char *
tn_js_check_class(struct tn_js_checker *c)
{
	tn_js_pattern_eat(c, '^');
	c->low = 0;
	while (c->at < c->end && (c->low != 0 || *c->at != ']')) {
		int64_t first, last;
		const char *wrong = skip_member(c, &first);

		if (wrong != NULL)
			return wrong;
		if (c->low != 0 || tn_js_pattern_peek(c, 0) != '-' ||
		    tn_js_pattern_peek(c, 1) == ']' || c->end - c->at < 2)
			continue;
		c->at++;
		wrong = skip_member(c, &last);
		if (wrong != NULL)
			return wrong;
		if (first < 0 || last < 0) {
			if (c->unicode)
				return "a range goes from one character to another";
		} else if (first > last) {
			return "the ends of this range are out of order";
		}
	}
	return tn_js_pattern_eat(c, ']') ? NULL : "this class is never closed";
}
