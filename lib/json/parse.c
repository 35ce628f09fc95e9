#include "json/json.h"

#include <limits.h>

#include <json-c/json.h>

#include "base/arena.h"
#include "base/diag.h"
#include "json/scan.h"

const struct tn_json_limits tn_json_limits_default = {
	.bytes = (size_t)64 << 20,
	.values = (size_t)4 << 20,
	.depth = 64,
};

struct builder {
	struct tn_arena *arena;
	const struct tn_json_scan *scan;
	size_t next_number;
	/* With marks: how far the text was counted, and the mark there. */
	struct tn_span bytes;
	size_t next_place;
	size_t counted;
	struct tn_mark mark;
};

static struct tn_value *build(struct builder *b, struct json_object *from);

/* The mark of the next key or value in the order of the document. */
static struct tn_mark
next_mark(struct builder *b)
{
	size_t place;

	if (b->next_place == b->scan->n_places)
		return (struct tn_mark){ 0 };
	place = b->scan->places[b->next_place++];
	for (; b->counted < place; b->counted++) {
		unsigned char byte = (unsigned char)b->bytes.ptr[b->counted];

		if (byte == '\n') {
			b->mark.line++;
			b->mark.col = 1;
		} else {
			b->mark.col += (byte & 0xc0) != 0x80;
		}
	}
	return b->mark;
}

/* json-c saturates long numbers and forgets -0: the text is taken from the scan. */
static struct tn_value *
build_number(struct builder *b)
{
	struct tn_span text;

	if (b->next_number == b->scan->count)
		return NULL;
	text = b->scan->numbers[b->next_number++];
	return tn_value_number(b->arena, text.ptr, text.len);
}

static struct tn_value *
build_array(struct builder *b, struct json_object *from)
{
	struct tn_value *array = tn_value_array(b->arena);
	size_t count = json_object_array_length(from);

	array->as.items = tn_arena_array(b->arena, count, struct tn_value *);
	array->cap = count;
	for (size_t i = 0; i < count; i++) {
		struct tn_value *item = build(b, json_object_array_get_idx(from, i));

		if (item == NULL)
			return NULL;
		tn_value_push(b->arena, array, item);
	}
	return array;
}

static struct tn_value *
build_object(struct builder *b, struct json_object *from)
{
	struct tn_value *object = tn_value_object(b->arena);
	struct json_object_iterator it = json_object_iter_begin(from);
	struct json_object_iterator end = json_object_iter_end(from);
	size_t count = (size_t)json_object_object_length(from);

	object->as.members = tn_arena_array(b->arena, count, struct tn_member);
	object->cap = count;
	for (; !json_object_iter_equal(&it, &end); json_object_iter_next(&it)) {
		struct tn_mark mark = next_mark(b);
		struct tn_value *value = build(b, json_object_iter_peek_value(&it));

		if (value == NULL)
			return NULL;
		tn_value_set(b->arena, object, json_object_iter_peek_name(&it), value);
		object->as.members[object->count - 1].mark = mark;
	}
	return object;
}

static struct tn_value *
build_any(struct builder *b, struct json_object *from)
{
	switch (json_object_get_type(from)) {
	case json_type_null:
		return tn_value_null(b->arena);
	case json_type_boolean:
		return tn_value_bool(b->arena, json_object_get_boolean(from));
	case json_type_double:
	case json_type_int:
		return build_number(b);
	case json_type_string:
		return tn_value_string_of(b->arena, json_object_get_string(from),
		    (size_t)json_object_get_string_len(from));
	case json_type_array:
		return build_array(b, from);
	case json_type_object:
		return build_object(b, from);
	}
	return NULL;
}

/* NULL when the tree does not hold what the scan has seen. */
static struct tn_value *
build(struct builder *b, struct json_object *from)
{
	struct tn_mark mark = next_mark(b);
	struct tn_value *value = build_any(b, from);

	if (value != NULL)
		value->mark = mark;
	return value;
}

/*
 * json-c's own strictness stays off: the scan was stricter, and newer releases take it as
 * a reason to refuse integers of more than 64 bits.
 */
static struct json_object *
parse_scanned(struct json_tokener *tokener, struct tn_span bytes)
{
	struct json_object *object;

	object = json_tokener_parse_ex(tokener, bytes.ptr, (int)bytes.len);
	/* A number or word that ends with the bytes could go on, for all json-c knows. */
	if (json_tokener_get_error(tokener) == json_tokener_continue)
		object = json_tokener_parse_ex(tokener, " ", 1);
	return object;
}

static int
build_tree(struct tn_arena *arena, const char *file, struct tn_span bytes,
    const struct tn_json_limits *limits, const struct tn_json_scan *scan,
    struct tn_value **out, struct tn_error *err)
{
	struct builder b = {
		.arena = arena,
		.scan = scan,
		.bytes = bytes,
		.mark = { .file = file, .line = 1, .col = 1 },
	};
	struct json_tokener *tokener = json_tokener_new_ex((int)limits->depth + 2);
	struct json_object *object = NULL;
	struct tn_value *value = NULL;
	enum json_tokener_error problem;

	if (tokener == NULL)
		return tn_error_set(err, TN_E_SYSTEM, "json-c got no memory");
	object = parse_scanned(tokener, bytes);
	problem = json_tokener_get_error(tokener);
	if (problem == json_tokener_success)
		value = build(&b, object);
	json_object_put(object);
	json_tokener_free(tokener);
	if (problem != json_tokener_success)
		return tn_error_set(err, TN_E_BUG,
		    "json-c does not read what the scan let pass: %s",
		    json_tokener_error_desc(problem));
	if (value == NULL || b.next_number != scan->count)
		return tn_error_set(err, TN_E_BUG,
		    "json-c's tree does not hold the numbers of the document");
	*out = value;
	return 0;
}

/* What json-c can count: bytes and depth are int there. */
static struct tn_json_limits
usable_limits(const struct tn_json_limits *wanted)
{
	struct tn_json_limits limits = *wanted;

	if (limits.bytes > INT_MAX)
		limits.bytes = INT_MAX;
	if (limits.depth > 10000)
		limits.depth = 10000;
	return limits;
}

int
tn_json_parse(struct tn_arena *arena, struct tn_span bytes,
    const struct tn_json_limits *limits, struct tn_value **out, struct tn_error *err)
{
	TN_CLEANUP(tn_json_scan_done) struct tn_json_scan scan = { 0 };
	struct tn_json_limits bounds = usable_limits(
	    limits ? limits : &tn_json_limits_default);
	int r;

	*out = NULL;
	r = tn_json_scan(&scan, arena, bytes, &bounds, err);
	if (r < 0)
		return r;
	return build_tree(arena, NULL, bytes, &bounds, &scan, out, err);
}

int
tn_json_parse_file(struct tn_arena *arena, const char *file, struct tn_span bytes,
    const struct tn_json_limits *limits, struct tn_value **out, struct tn_diags *diags)
{
	TN_CLEANUP(tn_json_scan_done) struct tn_json_scan scan = { .marked = true };
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	struct tn_json_limits bounds = usable_limits(
	    limits ? limits : &tn_json_limits_default);
	const char *own_file = tn_arena_text(arena, file);
	int r;

	*out = NULL;
	r = tn_json_scan(&scan, arena, bytes, &bounds, &err);
	if (r == 0)
		r = build_tree(arena, own_file, bytes, &bounds, &scan, out, &err);
	if (r == 0)
		return 0;
	tn_diags_error(diags, err.kind == TN_E_LIMIT ? "too-large" : "syntax",
	    tn_mark_at(own_file, bytes, scan.failed_at), "%s", err.message);
	return -TN_E_INPUT;
}
