#include "recordings/compare.h"

#include "base/mem.h"
#include "base/time.h"
#include <stdarg.h>
#include <string.h>

void
compare_init(struct compare *compare, struct tn_arena *arena)
{
	*compare = (struct compare){ .arena = arena };
}

TN_PRINTF(3, 4)
static bool
differ(struct compare *compare, const char *where, const char *format, ...)
{
	struct tn_str text = TN_STR_INIT;
	va_list args;

	tn_str_addf(&text, "%s: ", where);
	va_start(args, format);
	tn_str_addv(&text, format, args);
	va_end(args);
	compare->difference = tn_arena_alloc(compare->arena, text.len + 1, 1);
	memcpy(compare->difference, tn_str_text(&text), text.len);
	tn_str_done(&text);
	return false;
}

const char *
compare_translate(const struct compare *compare, const char *text)
{
	for (size_t i = 0; i < compare->ids.count; i++)
		if (tn_text_equal(compare->ids.items[i].recorded, text))
			return compare->ids.items[i].simulated;
	return text;
}

static void
add_twin(struct compare *compare, struct twins *twins, const char *recorded,
    const char *simulated)
{
	twins->items = tn_arena_grow(compare->arena, twins->items, twins->count,
	    &twins->cap, sizeof twins->items[0]);
	twins->items[twins->count++] = (struct twin){
		.recorded = tn_arena_text(compare->arena, recorded),
		.simulated = tn_arena_text(compare->arena, simulated),
	};
}

/* --- ids --- */

/* A version 4 UUID in lower case. */
static bool
is_uuid(const char *text)
{
	static const char shape[] = "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx";

	if (strlen(text) != strlen(shape))
		return false;
	for (size_t i = 0; shape[i] != '\0'; i++) {
		const char *set = shape[i] == 'x' ? "0123456789abcdef"
		    : shape[i] == 'y'             ? "89ab"
						  : NULL;

		if (set == NULL ? text[i] != shape[i] : strchr(set, text[i]) == NULL)
			return false;
	}
	return true;
}

static bool
compare_ids(struct compare *compare, const char *where, const char *recorded,
    const char *simulated)
{
	if (!is_uuid(simulated))
		return differ(compare, where, "\"%s\" is no id", simulated);
	for (size_t i = 0; i < compare->ids.count; i++) {
		const struct twin *twin = &compare->ids.items[i];
		bool left = tn_text_equal(twin->recorded, recorded);
		bool right = tn_text_equal(twin->simulated, simulated);

		if (left && right)
			return true;
		if (left || right)
			return differ(compare, where,
			    "id %s was answered as %s before, now %s as %s",
			    twin->recorded, twin->simulated, recorded, simulated);
	}
	add_twin(compare, &compare->ids, recorded, simulated);
	return true;
}

/* --- times --- */

/* As the platform prints them: UTC, with 0, 3, 6 or 9 digits after the point. */
static bool
is_time(const char *text)
{
	static const char shape[] = "0000-00-00T00:00:00";
	size_t n = strlen(shape), digits = 0;

	for (size_t i = 0; i < n; i++)
		if (shape[i] == '0' ? text[i] < '0' || text[i] > '9'
				    : text[i] != shape[i])
			return false;
	if (text[n] == '.') {
		digits = strspn(text + n + 1, "0123456789");
		if (digits == 0)
			return false;
		n += 1 + digits;
	}
	return digits % 3 == 0 && digits <= 9 && strcmp(text + n, "Z") == 0;
}

static int
time_order(const char *a, const char *b)
{
	int64_t left = 0, right = 0;

	(void)tn_time_parse(a, &left);
	(void)tn_time_parse(b, &right);
	return (left > right) - (left < right);
}

static bool
compare_times(struct compare *compare, const char *where, const char *recorded,
    const char *simulated)
{
	struct twins *times = &compare->times;

	if (!is_time(simulated))
		return differ(compare, where, "\"%s\" is no time", simulated);
	for (size_t i = 0; i < times->count; i++) {
		const struct twin *twin = &times->items[i];

		if (tn_text_equal(twin->recorded, recorded) &&
		    !tn_text_equal(twin->simulated, simulated))
			return differ(compare, where,
			    "time %s was answered as %s before, now as %s", recorded,
			    twin->simulated, simulated);
		if (i >= compare->first_time &&
		    time_order(recorded, twin->recorded) !=
			time_order(simulated, twin->simulated))
			return differ(compare, where,
			    "times %s and %s stand in another order than %s and %s",
			    recorded, twin->recorded, simulated, twin->simulated);
	}
	add_twin(compare, times, recorded, simulated);
	return true;
}

/* --- everything --- */

static bool compare_values(struct compare *compare, const char *where,
    const struct tn_value *recorded, const struct tn_value *simulated);

static bool
compare_text(struct compare *compare, const char *where, const char *recorded,
    const char *simulated)
{
	if (is_uuid(recorded))
		return compare_ids(compare, where, recorded, simulated);
	if (is_time(recorded))
		return compare_times(compare, where, recorded, simulated);
	if (!tn_text_equal(recorded, simulated))
		return differ(compare, where, "recorded \"%s\", simulated \"%s\"",
		    recorded, simulated);
	return true;
}

static bool
compare_members(struct compare *compare, const char *where,
    const struct tn_value *recorded, const struct tn_value *simulated)
{
	for (size_t i = 0; i < recorded->count || i < simulated->count; i++) {
		const struct tn_member *left = &recorded->as.members[i];
		const struct tn_member *right = &simulated->as.members[i];

		if (i >= simulated->count)
			return differ(compare, where, "key \"%s\" is missing", left->key);
		if (i >= recorded->count)
			return differ(compare, where, "key \"%s\" was not recorded",
			    right->key);
		if (!tn_text_equal(left->key, right->key))
			return differ(compare, where,
			    "key %zu is \"%s\" in the recording, \"%s\" in the simulator",
			    i, left->key, right->key);
		if (!compare_values(compare,
			tn_arena_printf(compare->arena, "%s.%s", where, left->key),
			left->value, right->value))
			return false;
	}
	return true;
}

/*
 * Things with an id of their own came about side by side, when their client made several
 * calls at once: the order of times holds within each.
 */
static bool
compare_item(struct compare *compare, const char *where, const struct tn_value *recorded,
    const struct tn_value *simulated)
{
	size_t outside = compare->first_time;
	bool equal;

	if (tn_value_get(recorded, "id") != NULL)
		compare->first_time = compare->times.count;
	equal = compare_values(compare, where, recorded, simulated);
	compare->first_time = outside;
	return equal;
}

static bool
compare_items(struct compare *compare, const char *where, const struct tn_value *recorded,
    const struct tn_value *simulated)
{
	if (recorded->count != simulated->count)
		return differ(compare, where, "%zu items recorded, %zu simulated",
		    recorded->count, simulated->count);
	for (size_t i = 0; i < recorded->count; i++)
		if (!compare_item(compare,
			tn_arena_printf(compare->arena, "%s[%zu]", where, i),
			recorded->as.items[i], simulated->as.items[i]))
			return false;
	return true;
}

static bool
compare_values(struct compare *compare, const char *where,
    const struct tn_value *recorded, const struct tn_value *simulated)
{
	if (recorded->kind != simulated->kind)
		return differ(compare, where, "recorded a %s, simulated a %s",
		    tn_value_kind_name(recorded->kind),
		    tn_value_kind_name(simulated->kind));
	switch (recorded->kind) {
	case TN_VALUE_NULL:
		return true;
	case TN_VALUE_BOOL:
		if (recorded->as.boolean != simulated->as.boolean)
			return differ(compare, where, "recorded %s",
			    recorded->as.boolean ? "true" : "false");
		return true;
	case TN_VALUE_NUMBER:
		if (!tn_text_equal(recorded->as.text, simulated->as.text))
			return differ(compare, where, "recorded %s, simulated %s",
			    recorded->as.text, simulated->as.text);
		return true;
	case TN_VALUE_STRING:
		return compare_text(compare, where, recorded->as.text,
		    simulated->as.text);
	case TN_VALUE_ARRAY:
		return compare_items(compare, where, recorded, simulated);
	case TN_VALUE_OBJECT:
		return compare_members(compare, where, recorded, simulated);
	case TN_VALUE_SCALAR:
	case TN_VALUE_SECRET:
		break;
	}
	return differ(compare, where, "no JSON");
}

/* --- the trigger list, which has grown since --- */

static const struct tn_value *
find_trigger(const struct tn_value *list, const struct tn_value *wanted)
{
	for (size_t i = 0; i < tn_value_count(list); i++) {
		const struct tn_value *row = tn_value_at(list, i);

		if (tn_text_equal(tn_value_get_text(row, "id"),
			tn_value_get_text(wanted, "id")) &&
		    tn_text_equal(tn_value_get_text(row, "version"),
			tn_value_get_text(wanted, "version")))
			return row;
	}
	return NULL;
}

/* The keys that have come since; the values of the two that move with Node's releases. */
static bool
has_aged(const char *key)
{
	return tn_text_equal(key, "runtimes") || tn_text_equal(key, "default_runtime");
}

static bool
compare_trigger(struct compare *compare, const char *where,
    const struct tn_value *recorded, const struct tn_value *simulated)
{
	size_t k = 0;

	for (size_t i = 0; i < recorded->count; i++) {
		const struct tn_member *left = &recorded->as.members[i];

		while (k < simulated->count &&
		    !tn_text_equal(simulated->as.members[k].key, left->key))
			k++;
		if (k == simulated->count)
			return differ(compare, where, "key \"%s\" is not in its place",
			    left->key);
		if (has_aged(left->key)
			? left->value->kind != simulated->as.members[k].value->kind
			: !tn_value_equal(left->value, simulated->as.members[k].value))
			return differ(compare, where, "\"%s\" differs", left->key);
	}
	return true;
}

bool
compare_trigger_lists(struct compare *compare, const struct tn_value *recorded,
    const struct tn_value *simulated)
{
	const struct tn_value *left = tn_value_get(recorded, "triggers");
	const struct tn_value *right = tn_value_get(simulated, "triggers");

	compare->difference = NULL;
	if (tn_value_count(recorded) != 1 || tn_value_count(simulated) != 1)
		return differ(compare, "$", "an envelope has other keys");
	for (size_t i = 0; i < tn_value_count(left); i++) {
		const struct tn_value *row = tn_value_at(left, i);
		const struct tn_value *twin = find_trigger(right, row);
		const char *where = tn_arena_printf(compare->arena, "$.triggers[%zu]", i);

		if (twin == NULL)
			return differ(compare, where, "no such trigger is simulated");
		if (!compare_trigger(compare, where, row, twin))
			return false;
	}
	return true;
}

bool
compare_answers(struct compare *compare, const struct tn_value *recorded,
    const struct tn_value *simulated)
{
	compare->first_time = compare->times.count;
	compare->difference = NULL;
	if (recorded == NULL && simulated == NULL)
		return true;
	if (recorded == NULL || simulated == NULL)
		return differ(compare, "$", "the %s answer is empty",
		    recorded == NULL ? "recorded" : "simulated");
	return compare_values(compare, "$", recorded, simulated);
}
