#include "sim/core.h"

#include "base/text.h"
#include <string.h>

static const char *
decode(struct tn_sim_ctx *ctx, struct tn_span text)
{
	struct tn_str out = TN_STR_INIT;
	const char *decoded = NULL;

	if (tn_percent_decode(text, true, &out))
		decoded = tn_arena_bytes(ctx->arena, tn_str_text(&out), out.len);
	tn_str_done(&out);
	return decoded;
}

static bool
add_pair(struct tn_sim_ctx *ctx, struct tn_span pair)
{
	const char *equals = memchr(pair.ptr, '=', pair.len);
	size_t key_len = equals == NULL ? pair.len : (size_t)(equals - pair.ptr);
	struct tn_span value = { "", 0 };
	struct tn_sim_query *query;

	if (equals != NULL)
		value = tn_span_of(equals + 1, pair.len - key_len - 1);
	if (ctx->n_query == TN_SIM_MAX_QUERY)
		return tn_sim_refuse(ctx, 400, "invalid_uri",
		    "Query validation error: 'Too many parameters'.");
	query = &ctx->query[ctx->n_query];
	query->key = decode(ctx, tn_span_of(pair.ptr, key_len));
	query->value = decode(ctx, value);
	if (query->key == NULL || query->value == NULL ||
	    !tn_utf8_valid(tn_span(query->key)) || !tn_utf8_valid(tn_span(query->value)))
		return tn_sim_refuse(ctx, 400, "invalid_uri",
		    "Query validation error: 'Malformed escape'.");
	ctx->n_query++;
	return true;
}

static bool
check_keys(struct tn_sim_ctx *ctx, const char *const *keys)
{
	for (size_t i = 0; i < ctx->n_query; i++) {
		const char *key = ctx->query[i].key;
		size_t k = 0;

		while (keys[k] != NULL && !tn_text_equal(keys[k], key))
			k++;
		if (keys[k] == NULL)
			return tn_sim_refuse(ctx, 400, "invalid_uri",
			    "Query validation error: 'Additional properties not allowed: %s'.",
			    key);
	}
	return true;
}

bool
tn_sim_query_parse(struct tn_sim_ctx *ctx, struct tn_span text, const char *const *keys)
{
	struct tn_span rest = text;

	while (rest.len > 0) {
		const char *end = memchr(rest.ptr, '&', rest.len);
		size_t len = end == NULL ? rest.len : (size_t)(end - rest.ptr);

		if (len > 0 && !add_pair(ctx, tn_span_of(rest.ptr, len)))
			return false;
		len += end != NULL;
		rest = tn_span_of(rest.ptr + len, rest.len - len);
	}
	return keys == NULL || check_keys(ctx, keys);
}

const char *
tn_sim_query_get(const struct tn_sim_ctx *ctx, const char *key)
{
	for (size_t i = 0; i < ctx->n_query; i++)
		if (tn_text_equal(ctx->query[i].key, key))
			return ctx->query[i].value;
	return NULL;
}

bool
tn_sim_query_bool(struct tn_sim_ctx *ctx, const char *key, enum tn_sim_choice *out)
{
	const char *text = tn_sim_query_get(ctx, key);

	if (text == NULL)
		*out = TN_SIM_ANY;
	else if (tn_text_equal(text, "true"))
		*out = TN_SIM_YES;
	else if (tn_text_equal(text, "false"))
		*out = TN_SIM_NO;
	else
		return tn_sim_refuse(ctx, 400, "invalid_uri",
		    "Query validation error: 'Expected type boolean but found type string' on "
		    "property %s.",
		    key);
	return true;
}

static bool
query_number(struct tn_sim_ctx *ctx, const char *key, size_t low, size_t high,
    size_t *number)
{
	const char *text = tn_sim_query_get(ctx, key);
	size_t n = 0;

	if (text == NULL)
		return true;
	for (const char *c = text; *c != '\0' || c == text; c++) {
		if (*c < '0' || *c > '9')
			return tn_sim_refuse(ctx, 400, "invalid_uri",
			    "Query validation error: 'Expected type integer but found type "
			    "string' on property %s.",
			    key);
		n = n * 10 + (size_t)(*c - '0');
		if (n > high)
			return tn_sim_refuse(ctx, 400, "invalid_uri",
			    "Query validation error: 'Value is greater than maximum %zu' on "
			    "property %s.",
			    high, key);
	}
	if (n < low)
		return tn_sim_refuse(ctx, 400, "invalid_uri",
		    "Query validation error: 'Value is less than minimum %zu' on property %s.",
		    low, key);
	*number = n;
	return true;
}

bool
tn_sim_query_page(struct tn_sim_ctx *ctx, size_t otherwise, struct tn_sim_page *out)
{
	*out = (struct tn_sim_page){ .per_page = otherwise };
	return query_number(ctx, "page", 0, 1000000, &out->page) &&
	    query_number(ctx, "per_page", 1, TN_SIM_LIMIT_PER_PAGE, &out->per_page);
}

struct tn_value *
tn_sim_page_open(struct tn_sim_ctx *ctx, const char *key, struct tn_value **items)
{
	struct tn_value *envelope = tn_value_object(ctx->arena);

	*items = tn_value_array(ctx->arena);
	tn_value_set(ctx->arena, envelope, key, *items);
	return envelope;
}

bool
tn_sim_page_holds(const struct tn_sim_page *page, size_t i)
{
	return i / page->per_page == page->page;
}

void
tn_sim_page_close(struct tn_sim_ctx *ctx, struct tn_value *envelope,
    const struct tn_value *items, size_t total, const struct tn_sim_page *page)
{
	if (tn_value_count(items) > 0)
		tn_value_set_int(ctx->arena, envelope, "total", (int64_t)total);
	if (page->page > 0)
		tn_value_set_int(ctx->arena, envelope, "page", (int64_t)page->page);
	tn_value_set_int(ctx->arena, envelope, "per_page", (int64_t)page->per_page);
	tn_sim_answer(ctx, 200, envelope);
}

/* Of a page past the end the total is 0 here. */
void
tn_sim_page_close_whole(struct tn_sim_ctx *ctx, struct tn_value *envelope,
    const struct tn_value *items, size_t total, const struct tn_sim_page *page)
{
	tn_value_set_int(ctx->arena, envelope, "total",
	    tn_value_count(items) > 0 ? (int64_t)total : 0);
	tn_value_set_int(ctx->arena, envelope, "page", (int64_t)page->page);
	tn_value_set_int(ctx->arena, envelope, "per_page", (int64_t)page->per_page);
	tn_sim_answer(ctx, 200, envelope);
}

void
tn_sim_page_close_older(struct tn_sim_ctx *ctx, struct tn_value *envelope, size_t total,
    const struct tn_sim_page *page)
{
	tn_value_set_int(ctx->arena, envelope, "total", (int64_t)total);
	tn_value_set_int(ctx->arena, envelope, "start",
	    (int64_t)(page->page * page->per_page));
	tn_value_set_int(ctx->arena, envelope, "limit", (int64_t)page->per_page);
	tn_sim_answer(ctx, 200, envelope);
}
