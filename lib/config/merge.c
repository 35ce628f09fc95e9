#include "config/load.h"

#include <string.h>

static struct tn_member *
find(const struct tn_value *object, const char *key)
{
	return (struct tn_member *)(uintptr_t)tn_value_member(object, key);
}

static struct tn_value *
merge(struct tn_arena *arena, const struct tn_value *base, const struct tn_value *over)
{
	struct tn_value *merged;

	if (!tn_value_is(base, TN_VALUE_OBJECT) || !tn_value_is(over, TN_VALUE_OBJECT))
		return (struct tn_value *)(uintptr_t)over;
	merged = tn_value_object(arena);
	merged->mark = base->mark;
	for (size_t i = 0; i < base->count; i++) {
		const struct tn_member *member = &base->as.members[i];

		tn_value_set(arena, merged, member->key, member->value);
		merged->as.members[i].mark = member->mark;
	}
	for (size_t i = 0; i < over->count; i++) {
		const struct tn_member *member = &over->as.members[i];
		struct tn_member *there = find(merged, member->key);

		if (there == NULL) {
			tn_value_set(arena, merged, member->key, member->value);
			there = &merged->as.members[merged->count - 1];
		} else {
			there->value = merge(arena, there->value, member->value);
		}
		there->mark = member->mark;
	}
	return merged;
}

const struct tn_value *
tn_load_merge(struct tn_arena *arena, const struct tn_value *base,
    const struct tn_value *over)
{
	return merge(arena, base, over);
}
