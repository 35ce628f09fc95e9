/* Lists that the checks of code keep: names used, and keys of objects. */
#include "lint/code.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void
tn_code_use(struct tn_code_uses *uses, struct tn_span name, uint32_t at,
    enum tn_code_surety surety)
{
	uses->items = tn_grow(uses->items, uses->n, &uses->cap, sizeof(*uses->items));
	uses->items[uses->n++] = (struct tn_code_use){ name, at, surety };
}

static int
compare_uses(const void *a, const void *b)
{
	const struct tn_code_use *x = a, *y = b;
	size_t shorter = x->name.len < y->name.len ? x->name.len : y->name.len;
	int order = memcmp(x->name.ptr, y->name.ptr, shorter);

	if (order != 0)
		return order;
	if (x->name.len != y->name.len)
		return x->name.len < y->name.len ? -1 : 1;
	return x->at < y->at ? -1 : x->at > y->at;
}

void
tn_code_sort_uses(struct tn_code_uses *uses)
{
	if (uses->n > 1)
		qsort(uses->items, uses->n, sizeof(*uses->items), compare_uses);
}

bool
tn_code_has_name(const struct tn_code_names *names, struct tn_span name)
{
	for (size_t i = 0; i < names->n; i++) {
		if (tn_span_equal(names->items[i], name))
			return true;
	}
	return false;
}

void
tn_code_add_name(struct tn_code_names *names, struct tn_span name)
{
	if (names->n < TN_CODE_NAMES_MAX && !tn_code_has_name(names, name))
		names->items[names->n++] = name;
}

/* get, set, async before another key. */
static bool
is_modifier(const struct tn_code *code, size_t i)
{
	uint8_t id = tn_code_at(code, i + 1)->id;
	uint8_t kind = tn_code_at(code, i + 1)->kind;

	return tn_code_at(code, i)->kind == TN_JS_NAME &&
	    (kind == TN_JS_NAME || kind == TN_JS_STRING || kind == TN_JS_NUMBER ||
		id == TN_JS_STAR || id == TN_JS_BRACKET_OPEN);
}

/* Behind the comma that follows, or to the end. */
static size_t
next_key(const struct tn_code *code, size_t i, size_t end)
{
	while (i < end && code->tokens[i].id != TN_JS_COMMA) {
		uint32_t partner = code->tokens[i].partner;

		i = partner != TN_CODE_NOWHERE && partner > i ? partner + 1 : i + 1;
	}
	return i + 1;
}

void
tn_code_keys(struct tn_code *code, size_t open, tn_code_key_fn *each, void *arg)
{
	size_t end = code->tokens[open].partner;
	size_t i = open + 1;

	while (i < end) {
		const struct tn_code_token *token = &code->tokens[i];

		if (token->id == TN_JS_STAR || is_modifier(code, i)) {
			i++;
			continue;
		}
		if (token->kind == TN_JS_NAME || token->kind == TN_JS_STRING)
			each(code, i, arg);
		else if (token->kind != TN_JS_NUMBER)
			each(code, SIZE_MAX, arg);
		i = next_key(code, i, end);
	}
}
