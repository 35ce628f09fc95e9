#include "sim/core.h"

#include "base/text.h"
#include <string.h>

static const char *
type_name(enum tn_value_kind kind)
{
	switch (kind) {
	case TN_VALUE_NULL:
		return "null";
	case TN_VALUE_BOOL:
		return "boolean";
	case TN_VALUE_NUMBER:
		return "number";
	case TN_VALUE_STRING:
	case TN_VALUE_SCALAR:
	case TN_VALUE_SECRET:
		return "string";
	case TN_VALUE_ARRAY:
		return "array";
	case TN_VALUE_OBJECT:
		return "object";
	}
	return "unknown";
}

static bool
refuse_type(struct tn_sim_ctx *ctx, const struct tn_value *value,
    enum tn_value_kind wanted, const char *where)
{
	bool top = where[0] == '\0';

	return tn_sim_refuse(ctx, 400, "invalid_body",
	    "Payload validation error: 'Expected type %s but found type %s'%s%s.",
	    type_name(wanted), value == NULL ? "undefined" : type_name(value->kind),
	    top ? "" : " on property ", where);
}

static const struct tn_sim_key *
find_key(const struct tn_sim_key *keys, const char *name)
{
	for (; keys->name != NULL; keys++)
		if (tn_text_equal(keys->name, name))
			return keys;
	return NULL;
}

static bool
check_members(struct tn_sim_ctx *ctx, const struct tn_value *object, const char *where,
    const struct tn_sim_key *keys, bool open)
{
	const char *dot = where[0] == '\0' ? "" : ".";

	for (size_t i = 0; i < object->count; i++) {
		const struct tn_member *member = &object->as.members[i];
		const struct tn_sim_key *key = find_key(keys, member->key);

		if (key == NULL && !open)
			return tn_sim_refuse(ctx, 400, "invalid_body",
			    "Payload validation error: 'Additional properties not allowed: "
			    "%s'%s%s.",
			    member->key, *dot == '\0' ? "" : " on property ", where);
		if (key != NULL && !tn_value_is(member->value, key->kind))
			return refuse_type(ctx, member->value, key->kind,
			    tn_arena_printf(ctx->arena, "%s%s%s", where, dot, key->name));
	}
	return true;
}

bool
tn_sim_check(struct tn_sim_ctx *ctx, const struct tn_value *value, const char *where,
    const struct tn_sim_key *keys, bool open)
{
	if (!tn_value_is(value, TN_VALUE_OBJECT))
		return refuse_type(ctx, value, TN_VALUE_OBJECT, where);
	if (!check_members(ctx, value, where, keys, open))
		return false;
	for (; keys->name != NULL; keys++)
		if (keys->required && tn_value_get(value, keys->name) == NULL)
			return tn_sim_refuse(ctx, 400, "invalid_body",
			    "Payload validation error: 'Missing required property: %s'%s%s.",
			    keys->name, where[0] == '\0' ? "" : " on property ", where);
	return true;
}

bool
tn_sim_check_items(struct tn_sim_ctx *ctx, const char *key, const struct tn_sim_key *keys,
    bool open)
{
	const struct tn_value *array = tn_value_get(ctx->body, key);

	for (size_t i = 0; i < tn_value_count(array); i++) {
		const char *where = tn_arena_printf(ctx->arena, "%s[%zu]", key, i);

		if (!tn_sim_check(ctx, tn_value_at(array, i), where, keys, open))
			return false;
	}
	return true;
}

bool
tn_sim_check_length(struct tn_sim_ctx *ctx, const struct tn_value *object,
    const char *where, const char *key, size_t max)
{
	const char *text = tn_value_get_text(object, key);
	size_t length = tn_utf8_length(tn_span(text));

	if (length <= max)
		return true;
	return tn_sim_refuse(ctx, 400, "invalid_body",
	    "Payload validation error: 'String is too long (%zu), maximum %zu' on property "
	    "%s%s.",
	    length, max, where, key);
}

/* Any version, in lower case or upper case. */
bool
tn_sim_is_uuid(const char *text)
{
	if (text == NULL || strlen(text) != TN_UUID_SIZE - 1)
		return false;
	for (size_t i = 0; text[i] != '\0'; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? text[i] != '-'
			 : strchr("0123456789abcdefABCDEF", text[i]) == NULL)
			return false;
	}
	return true;
}

bool
tn_sim_check_no_body(struct tn_sim_ctx *ctx)
{
	static const struct tn_sim_key none[] = { { 0 } };

	if (ctx->body == NULL || tn_value_is(ctx->body, TN_VALUE_NULL))
		return true;
	return tn_sim_check(ctx, ctx->body, "", none, false);
}
