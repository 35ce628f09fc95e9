#include "plan/digest.h"

#include "crypto/crypto.h"
#include "json/json.h"
#include "plan/plan.h"

#define DOMAIN "tenon-plan-1\n"

/* Times move without anything having changed, and estimates may get better. */
static bool
is_left_out(const char *key)
{
	static const char *const keys[] = { "created_at", "updated_at", "digest", "calls",
		"time_ns", "counts" };

	for (size_t i = 0; i < TN_ARRAY_LEN(keys); i++)
		if (tn_text_equal(key, keys[i]))
			return true;
	return false;
}

/* Depth is bounded by the shape of a plan. */
static struct tn_value *
without_times(struct tn_arena *arena, struct tn_value *value)
{
	struct tn_value *out;

	if (tn_value_is(value, TN_VALUE_ARRAY)) {
		out = tn_value_array(arena);
		for (size_t i = 0; i < value->count; i++)
			tn_value_push(arena, out,
			    without_times(arena, value->as.items[i]));
		return out;
	}
	if (tn_value_is(value, TN_VALUE_OBJECT)) {
		out = tn_value_object(arena);
		for (size_t i = 0; i < value->count; i++) {
			const struct tn_member *member = &value->as.members[i];

			if (!is_left_out(member->key))
				tn_value_set(arena, out, member->key,
				    without_times(arena, member->value));
		}
		return out;
	}
	return value;
}

void
tn_plan_digest(struct tn_plan *plan)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	TN_CLEANUP(tn_str_done) struct tn_str bytes = TN_STR_INIT;

	tn_str_add(&bytes, DOMAIN);
	tn_json_write_canonical(without_times(arena, tn_plan_to_value(arena, plan)),
	    &bytes);
	tn_sha256_hex(tn_str_span(&bytes), plan->digest);
}
