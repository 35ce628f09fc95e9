#include "js/pattern.h"

#include "base/mem.h"
#include "base/utf8.h"

enum group { GROUP, LOOKAHEAD, LOOKBEHIND };

/* --- Groups ------------------------------------------------------------------------- */

/* Behind a bracket that opens a class: behind the one that closes it, or NULL. */
static const char *
skip_class(const char *p, const char *end, bool sets)
{
	size_t depth = 1;

	for (; p < end; p++) {
		if (*p == '\\')
			p++;
		else if (*p == '[' && sets)
			depth++;
		else if (*p == ']' && --depth == 0)
			return p + 1;
	}
	return NULL;
}

/* How many groups capture, and whether any has a name: what references need to know. */
static void
count_groups(struct tn_js_checker *c)
{
	const char *p = c->at;

	while (p != NULL && p < c->end) {
		if (*p == '\\') {
			p += 2;
		} else if (*p == '[') {
			p = skip_class(p + 1, c->end, c->sets);
		} else if (*p++ == '(') {
			bool special = p < c->end && *p == '?';
			bool named = special && c->end - p > 2 && p[1] == '<' &&
			    p[2] != '=' && p[2] != '!';

			c->named = c->named || named;
			c->groups += !special || named;
		}
	}
}

const char *
tn_js_skip_group_name(struct tn_js_checker *c)
{
	const char *first = c->at;

	while (!tn_js_pattern_eat(c, '>')) {
		uint32_t character;
		size_t len = tn_utf8_decode(tn_span_of(c->at, (size_t)(c->end - c->at)),
		    &character);

		if (len == 1 && *c->at == '\\' && tn_js_pattern_peek(c, 1) == 'u') {
			c->at += 2;
			if (!tn_js_read_unicode(&c->at, c->end, &character))
				return "the name of a group has a wrong escape";
		} else if (len > 1
			? tn_js_name_part(character)
			: len == 1 && tn_js_is(tn_js_pattern_peek(c, 0), TN_JS_PART)) {
			c->at += len;
		} else {
			return "the name of a group is not closed by >";
		}
	}
	if (c->at == first + 1 || tn_js_is_digit((unsigned char)*first))
		return "a group has no name";
	return NULL;
}

/* "(?ims-ims:": flags of a group, which newer engines take. */
static bool
skip_modifiers(struct tn_js_checker *c)
{
	const char *first = c->at;

	while (tn_js_one_of(tn_js_pattern_peek(c, 0), "ims-"))
		c->at++;
	return tn_js_pattern_eat(c, ':') && c->at > first + 1;
}

/* Behind the parenthesis. */
static const char *
open_group(struct tn_js_checker *c)
{
	enum group kind = GROUP;
	const char *wrong = NULL;

	if (tn_js_pattern_eat(c, '?')) {
		if (tn_js_pattern_eat(c, '=') || tn_js_pattern_eat(c, '!')) {
			kind = LOOKAHEAD;
		} else if (!tn_js_pattern_eat(c, '<')) {
			if (!tn_js_pattern_eat(c, ':') && !skip_modifiers(c))
				wrong = "there is no group that begins so";
		} else if (tn_js_pattern_eat(c, '=') || tn_js_pattern_eat(c, '!')) {
			kind = LOOKBEHIND;
		} else {
			wrong = tn_js_skip_group_name(c);
		}
	}
	c->open = tn_grow(c->open, c->depth, &c->cap, sizeof(*c->open));
	c->open[c->depth++] = (uint8_t)kind;
	return wrong;
}

static const char *
skip_set(struct tn_js_checker *c)
{
	const char *behind = skip_class(c->at, c->end, true);

	if (behind == NULL)
		return "this class is never closed";
	c->at = behind;
	return NULL;
}

/* --- Terms -------------------------------------------------------------------------- */

/* "{2}", "{2,}", "{2,4}" at p: its length; 0 when that is none. */
static size_t
braces(const struct tn_js_checker *c, bool *ordered)
{
	const char *p = c->at + 1;
	uint64_t bounds[2] = { 0, UINT64_MAX };
	size_t n = 0;

	for (; n < 2; n++) {
		const char *first = p;
		uint64_t number = 0;

		for (; p < c->end && tn_js_is_digit((unsigned char)*p); p++)
			number = number > UINT32_MAX ? number
						     : number * 10 + (uint64_t)(*p - '0');
		if (p > first)
			bounds[n] = number;
		else if (n == 0)
			return 0;
		if (p == c->end || *p != ',' || n == 1)
			break;
		p++;
	}
	if (n == 0)
		bounds[1] = bounds[0];
	*ordered = bounds[0] <= bounds[1];
	return p < c->end && *p == '}' ? (size_t)(p + 1 - c->at) : 0;
}

/* How often the last term is repeated, if anything is said about it. */
static const char *
skip_quantifier(struct tn_js_checker *c)
{
	bool ordered = true;
	size_t len;

	if (tn_js_one_of(tn_js_pattern_peek(c, 0), "*+?")) {
		c->at++;
	} else if (tn_js_pattern_peek(c, 0) == '{') {
		len = braces(c, &ordered);
		if (len == 0)
			return c->unicode ? "this { begins no repetition" : NULL;
		if (!ordered)
			return "the bounds of this repetition are out of order";
		c->at += len;
	} else {
		return NULL;
	}
	tn_js_pattern_eat(c, '?');
	return NULL;
}

/* *repeats: the term may be followed by a quantifier. */
static const char *
check_escape(struct tn_js_checker *c, bool *repeats)
{
	int64_t value;

	*repeats = tn_js_pattern_peek(c, 0) != 'b' && tn_js_pattern_peek(c, 0) != 'B';
	return tn_js_skip_escape(c, false, &value);
}

static const char *
close_group(struct tn_js_checker *c, bool *repeats)
{
	enum group kind;

	if (c->depth == 0)
		return "this ) closes no group";
	kind = c->open[--c->depth];
	*repeats = kind == GROUP || (kind == LOOKAHEAD && !c->unicode);
	return NULL;
}

static const char *
check_brace(struct tn_js_checker *c)
{
	bool ordered;

	if (c->unicode)
		return "this bracket needs a backslash under this flag";
	return *c->at == '{' && braces(c, &ordered) > 0 ? "there is nothing to repeat"
							: NULL;
}

static const char *
check_term(struct tn_js_checker *c, bool *repeats)
{
	const char *wrong = NULL;

	*repeats = false;
	switch (*c->at) {
	case '^':
	case '$':
	case '|':
		c->at++;
		return NULL;
	case '*':
	case '+':
	case '?':
		return "there is nothing to repeat";
	case '(':
		c->at++;
		return open_group(c);
	case ')':
		c->at++;
		return close_group(c, repeats);
	case '\\':
		c->at++;
		return check_escape(c, repeats);
	case '[':
		*repeats = true;
		c->at++;
		return c->sets ? skip_set(c) : tn_js_check_class(c);
	case '{':
	case '}':
	case ']':
		wrong = check_brace(c);
		break;
	default:
		break;
	}
	if (wrong == NULL) {
		*repeats = true;
		c->at++;
	}
	return wrong;
}

const char *
tn_js_pattern_check(struct tn_js_pattern *pattern)
{
	struct tn_js_checker c = {
		.at = pattern->at,
		.end = pattern->end,
		.unicode = pattern->unicode,
		.sets = pattern->sets,
		.named = pattern->unicode,
	};
	const char *wrong = NULL;

	count_groups(&c);
	while (wrong == NULL && c.at < c.end) {
		bool repeats;

		pattern->at = c.at;
		wrong = check_term(&c, &repeats);
		if (wrong == NULL && repeats)
			wrong = skip_quantifier(&c);
	}
	if (wrong == NULL && c.depth > 0) {
		pattern->at = pattern->end;
		wrong = "a group of this regular expression is never closed";
	}
	tn_free(c.open);
	return wrong;
}
