#include "plan/digest.h"

#include "crypto/crypto.h"
#include "json/json.h"
#include "plan/plan.h"

#define DOMAIN "tenon-plan-1\n"

static bool
is_left_out(const char *key)
{
	static const char *const keys[] = { "created_at", "updated_at", "build",
		"build_status", "digest", "calls", "time_ns", "counts", "key" };

	for (size_t i = 0; i < TN_ARRAY_LEN(keys); i++)
		if (tn_text_equal(key, keys[i]))
			return true;
	return false;
}

/* Code, and what a test is run with: people paste values into either. */
static bool
is_hashed(const struct tn_member *member)
{
	if (tn_text_equal(member->key, "code"))
		return tn_value_is(member->value, TN_VALUE_STRING);
	return tn_text_equal(member->key, "payload") ||
	    tn_text_equal(member->key, "expect");
}

static struct tn_value *
hashed(struct tn_arena *arena, const struct tn_value *value)
{
	TN_CLEANUP(tn_str_done) struct tn_str bytes = TN_STR_INIT;
	char hex[TN_SHA256_HEX];

	if (tn_value_is(value, TN_VALUE_STRING))
		tn_str_add_bytes(&bytes, value->as.text, value->count);
	else
		tn_json_write_canonical(value, &bytes);
	tn_sha256_hex(tn_str_span(&bytes), hex);
	return tn_value_string(arena, tn_arena_printf(arena, "sha256:%s", hex));
}

/* Depth is bounded by the shape of a plan. */
struct tn_value *
tn_plan_condense(struct tn_arena *arena, const struct tn_value *value)
{
	struct tn_value *out;

	if (tn_value_is(value, TN_VALUE_ARRAY)) {
		out = tn_value_array(arena);
		for (size_t i = 0; i < value->count; i++)
			tn_value_push(arena, out,
			    tn_plan_condense(arena, value->as.items[i]));
		return out;
	}
	if (!tn_value_is(value, TN_VALUE_OBJECT))
		return tn_value_clone(arena, value);
	out = tn_value_object(arena);
	for (size_t i = 0; i < value->count; i++) {
		const struct tn_member *member = &value->as.members[i];

		if (!is_left_out(member->key))
			tn_value_set(arena, out, member->key,
			    is_hashed(member) ? hashed(arena, member->value)
					      : tn_plan_condense(arena, member->value));
	}
	return out;
}

struct tn_value *
tn_plan_core(struct tn_arena *arena, const struct tn_plan *plan)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *own = tn_arena_new();

	return tn_plan_condense(arena, tn_plan_to_value(own, plan));
}

void
tn_core_digest(const struct tn_value *core, char out[65])
{
	TN_CLEANUP(tn_str_done) struct tn_str bytes = TN_STR_INIT;

	tn_str_add(&bytes, DOMAIN);
	tn_json_write_canonical(core, &bytes);
	tn_sha256_hex(tn_str_span(&bytes), out);
}

void
tn_plan_digest(struct tn_plan *plan)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();

	tn_core_digest(tn_plan_core(arena, plan), plan->digest);
}
