#include "base/value.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/secret.h"

static struct tn_value *
value_new(struct tn_arena *arena, enum tn_value_kind kind)
{
	struct tn_value *value = tn_arena_new_object(arena, struct tn_value);

	value->kind = kind;
	return value;
}

static struct tn_value *
text_new(struct tn_arena *arena, enum tn_value_kind kind, const char *text, size_t len)
{
	struct tn_value *value = value_new(arena, kind);

	value->as.text = tn_arena_bytes(arena, text, len);
	value->count = len;
	return value;
}

struct tn_value *
tn_value_null(struct tn_arena *arena)
{
	return value_new(arena, TN_VALUE_NULL);
}

struct tn_value *
tn_value_bool(struct tn_arena *arena, bool boolean)
{
	struct tn_value *value = value_new(arena, TN_VALUE_BOOL);

	value->as.boolean = boolean;
	return value;
}

struct tn_value *
tn_value_int(struct tn_arena *arena, int64_t number)
{
	struct tn_value *value = value_new(arena, TN_VALUE_NUMBER);

	value->as.text = tn_arena_printf(arena, "%" PRId64, number);
	value->count = strlen(value->as.text);
	return value;
}

struct tn_value *
tn_value_number(struct tn_arena *arena, const char *text, size_t len)
{
	return text_new(arena, TN_VALUE_NUMBER, text, len);
}

struct tn_value *
tn_value_string(struct tn_arena *arena, const char *text)
{
	return text_new(arena, TN_VALUE_STRING, text, strlen(text));
}

struct tn_value *
tn_value_string_of(struct tn_arena *arena, const char *text, size_t len)
{
	return text_new(arena, TN_VALUE_STRING, text, len);
}

struct tn_value *
tn_value_scalar(struct tn_arena *arena, const char *text, size_t len)
{
	return text_new(arena, TN_VALUE_SCALAR, text, len);
}

struct tn_value *
tn_value_array(struct tn_arena *arena)
{
	return value_new(arena, TN_VALUE_ARRAY);
}

struct tn_value *
tn_value_object(struct tn_arena *arena)
{
	return value_new(arena, TN_VALUE_OBJECT);
}

struct tn_value *
tn_value_secret(struct tn_arena *arena, const struct tn_secret *secret)
{
	struct tn_value *value = value_new(arena, TN_VALUE_SECRET);

	value->as.secret = secret;
	return value;
}

void
tn_value_push(struct tn_arena *arena, struct tn_value *array, struct tn_value *item)
{
	array->as.items = tn_arena_grow(arena, array->as.items, array->count, &array->cap,
	    sizeof(*array->as.items));
	array->as.items[array->count++] = item;
}

void
tn_value_set(struct tn_arena *arena, struct tn_value *object, const char *key,
    struct tn_value *value)
{
	object->as.members = tn_arena_grow(arena, object->as.members, object->count,
	    &object->cap, sizeof(*object->as.members));
	object->as.members[object->count++] = (struct tn_member){
		.key = tn_arena_text(arena, key),
		.mark = value->mark,
		.value = value,
	};
}

void
tn_value_set_text(struct tn_arena *arena, struct tn_value *object, const char *key,
    const char *text)
{
	if (text != NULL)
		tn_value_set(arena, object, key, tn_value_string(arena, text));
}

void
tn_value_set_int(struct tn_arena *arena, struct tn_value *object, const char *key,
    int64_t n)
{
	tn_value_set(arena, object, key, tn_value_int(arena, n));
}

void
tn_value_set_bool(struct tn_arena *arena, struct tn_value *object, const char *key,
    bool b)
{
	tn_value_set(arena, object, key, tn_value_bool(arena, b));
}

bool
tn_value_is(const struct tn_value *value, enum tn_value_kind kind)
{
	return value != NULL && value->kind == kind;
}

const struct tn_member *
tn_value_member(const struct tn_value *object, const char *key)
{
	if (!tn_value_is(object, TN_VALUE_OBJECT))
		return NULL;
	for (size_t i = 0; i < object->count; i++) {
		if (strcmp(object->as.members[i].key, key) == 0)
			return &object->as.members[i];
	}
	return NULL;
}

const struct tn_value *
tn_value_get(const struct tn_value *object, const char *key)
{
	const struct tn_member *member = tn_value_member(object, key);

	return member != NULL ? member->value : NULL;
}

const char *
tn_value_text(const struct tn_value *value)
{
	if (tn_value_is(value, TN_VALUE_STRING) || tn_value_is(value, TN_VALUE_SCALAR))
		return value->as.text;
	return NULL;
}

const char *
tn_value_get_text(const struct tn_value *object, const char *key)
{
	return tn_value_text(tn_value_get(object, key));
}

bool
tn_value_to_int(const struct tn_value *value, int64_t *out)
{
	const char *digits;
	int64_t number = 0;
	bool negative;

	if (!tn_value_is(value, TN_VALUE_NUMBER))
		return false;
	negative = value->as.text[0] == '-';
	digits = value->as.text + (negative ? 1 : 0);
	if (*digits == '\0')
		return false;
	for (; *digits != '\0'; digits++) {
		int digit = *digits - '0';

		if (digit < 0 || digit > 9)
			return false;
		/* Downwards for negative numbers: the lowest has no positive twin. */
		if (__builtin_mul_overflow(number, 10, &number) ||
		    __builtin_add_overflow(number, negative ? -digit : digit, &number))
			return false;
	}
	*out = number;
	return true;
}

bool
tn_value_get_bool(const struct tn_value *object, const char *key, bool otherwise)
{
	const struct tn_value *value = tn_value_get(object, key);

	return tn_value_is(value, TN_VALUE_BOOL) ? value->as.boolean : otherwise;
}

size_t
tn_value_count(const struct tn_value *array_or_object)
{
	if (tn_value_is(array_or_object, TN_VALUE_ARRAY) ||
	    tn_value_is(array_or_object, TN_VALUE_OBJECT))
		return array_or_object->count;
	return 0;
}

const struct tn_value *
tn_value_at(const struct tn_value *array, size_t i)
{
	if (!tn_value_is(array, TN_VALUE_ARRAY) || i >= array->count)
		return NULL;
	return array->as.items[i];
}

static bool
items_equal(const struct tn_value *a, const struct tn_value *b)
{
	for (size_t i = 0; i < a->count; i++) {
		if (!tn_value_equal(a->as.items[i], b->as.items[i]))
			return false;
	}
	return true;
}

static int
compare_members(const void *left, const void *right)
{
	const struct tn_member *const *a = left;
	const struct tn_member *const *b = right;

	return strcmp((*a)->key, (*b)->key);
}

const struct tn_member **
tn_value_members_by_key(const struct tn_value *object)
{
	const struct tn_member **sorted = tn_alloc(object->count,
	    sizeof(const struct tn_member *));

	for (size_t i = 0; i < object->count; i++)
		sorted[i] = &object->as.members[i];
	qsort(sorted, object->count, sizeof(const struct tn_member *), compare_members);
	return sorted;
}

static bool
same_order(const struct tn_value *a, const struct tn_value *b)
{
	for (size_t i = 0; i < a->count; i++) {
		if (strcmp(a->as.members[i].key, b->as.members[i].key) != 0)
			return false;
	}
	return true;
}

/* Sorted when orders differ: looking up each key would be quadratic in foreign input. */
static bool
members_equal(const struct tn_value *a, const struct tn_value *b)
{
	TN_CLEANUP(tn_freep) const struct tn_member **left = NULL;
	TN_CLEANUP(tn_freep) const struct tn_member **right = NULL;
	bool sorted = !same_order(a, b);

	if (sorted) {
		left = tn_value_members_by_key(a);
		right = tn_value_members_by_key(b);
	}
	for (size_t i = 0; i < a->count; i++) {
		const struct tn_member *x = sorted ? left[i] : &a->as.members[i];
		const struct tn_member *y = sorted ? right[i] : &b->as.members[i];

		if (strcmp(x->key, y->key) != 0 || !tn_value_equal(x->value, y->value))
			return false;
	}
	return true;
}

bool
tn_value_equal(const struct tn_value *a, const struct tn_value *b)
{
	if (a == b)
		return true;
	if (a == NULL || b == NULL || a->kind != b->kind || a->count != b->count)
		return false;
	switch (a->kind) {
	case TN_VALUE_NULL:
		return true;
	case TN_VALUE_BOOL:
		return a->as.boolean == b->as.boolean;
	case TN_VALUE_NUMBER:
	case TN_VALUE_STRING:
	case TN_VALUE_SCALAR:
		return memcmp(a->as.text, b->as.text, a->count) == 0;
	case TN_VALUE_ARRAY:
		return items_equal(a, b);
	case TN_VALUE_OBJECT:
		return members_equal(a, b);
	case TN_VALUE_SECRET:
		return tn_secret_equal(a->as.secret, b->as.secret);
	}
	return false;
}

static void
clone_items(struct tn_arena *arena, struct tn_value *copy, const struct tn_value *value)
{
	copy->as.items = tn_arena_array(arena, value->count, struct tn_value *);
	for (size_t i = 0; i < value->count; i++)
		copy->as.items[i] = tn_value_clone(arena, value->as.items[i]);
}

static void
clone_members(struct tn_arena *arena, struct tn_value *copy, const struct tn_value *value)
{
	copy->as.members = tn_arena_array(arena, value->count, struct tn_member);
	for (size_t i = 0; i < value->count; i++) {
		copy->as.members[i] = value->as.members[i];
		copy->as.members[i].key = tn_arena_text(arena, value->as.members[i].key);
		copy->as.members[i].value = tn_value_clone(arena,
		    value->as.members[i].value);
	}
}

struct tn_value *
tn_value_clone(struct tn_arena *arena, const struct tn_value *value)
{
	struct tn_value *copy;

	if (value == NULL)
		return NULL;
	copy = value_new(arena, value->kind);
	*copy = *value;
	copy->cap = value->count;
	switch (value->kind) {
	case TN_VALUE_NULL:
	case TN_VALUE_BOOL:
	case TN_VALUE_SECRET:
		copy->cap = 0;
		break;
	case TN_VALUE_NUMBER:
	case TN_VALUE_STRING:
	case TN_VALUE_SCALAR:
		copy->cap = 0;
		copy->as.text = tn_arena_bytes(arena, value->as.text, value->count);
		break;
	case TN_VALUE_ARRAY:
		clone_items(arena, copy, value);
		break;
	case TN_VALUE_OBJECT:
		clone_members(arena, copy, value);
		break;
	}
	return copy;
}

const char *
tn_value_kind_name(enum tn_value_kind kind)
{
	switch (kind) {
	case TN_VALUE_NULL:
		return "null";
	case TN_VALUE_BOOL:
		return "boolean";
	case TN_VALUE_NUMBER:
		return "number";
	case TN_VALUE_STRING:
		return "string";
	case TN_VALUE_SCALAR:
		return "scalar";
	case TN_VALUE_ARRAY:
		return "array";
	case TN_VALUE_OBJECT:
		return "object";
	case TN_VALUE_SECRET:
		return "secret";
	}
	return "unknown";
}
