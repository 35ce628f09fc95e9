#include "yaml/build.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* Names are looked up one by one: more of them would make a hostile document slow. */
#define ANCHORS_MAX 256
/* Mappings up to this size compare every two keys; larger ones sort them. */
#define FEW_KEYS 16

struct anchor {
	const char *name;
	struct tn_value *value;
	bool open; /* still being read: an alias to it would contain itself */
};

struct frame {
	struct tn_value *value;
	size_t anchor; /* its place in the list, from 1; 0 is none */
	const char
	    *key; /* what the next value belongs to; NULL when the key was refused */
	struct tn_mark key_mark;
	bool at_value;
};

struct tn_yaml_build {
	struct tn_arena *arena;
	const struct tn_yaml_limits *limits;
	struct tn_diags *diags;
	struct tn_value *root;
	struct frame *frames;
	size_t depth;
	size_t frames_cap;
	struct anchor anchors[ANCHORS_MAX];
	size_t anchor_count;
	size_t values;
	size_t expanded; /* bytes of text that aliases have added */
};

struct tn_yaml_build *
tn_yaml_build_new(struct tn_arena *arena, const struct tn_yaml_limits *limits,
    struct tn_diags *diags)
{
	struct tn_yaml_build *b = tn_new(struct tn_yaml_build);

	b->arena = arena;
	b->limits = limits;
	b->diags = diags;
	return b;
}

void
tn_yaml_build_free(struct tn_yaml_build *b)
{
	if (b == NULL)
		return;
	tn_free(b->frames);
	tn_free(b);
}

struct tn_value *
tn_yaml_build_root(const struct tn_yaml_build *b)
{
	return b->root;
}

/* --- Bounds ------------------------------------------------------------------------ */

static bool
count_values(struct tn_yaml_build *b, struct tn_mark mark, size_t more)
{
	struct tn_diag *diag;

	if (more <= b->limits->values - b->values) {
		b->values += more;
		return true;
	}
	diag = tn_diags_error(b->diags, "too-large", mark,
	    "the document holds more than %zu values", b->limits->values);
	tn_diags_hint(b->diags, diag, "each use of an alias counts in full");
	return false;
}

static bool
check_depth(struct tn_yaml_build *b, struct tn_mark mark, size_t more)
{
	if (more <= b->limits->depth - b->depth)
		return true;
	tn_diags_hint(b->diags,
	    tn_diags_error(b->diags, "too-deep", mark,
		"lists and mappings are nested more than %u deep", b->limits->depth),
	    "look for a bracket that is not closed");
	return false;
}

static bool
count_expanded(struct tn_yaml_build *b, struct tn_mark mark, size_t more)
{
	if (more <= b->limits->bytes - b->expanded) {
		b->expanded += more;
		return true;
	}
	tn_diags_hint(b->diags,
	    tn_diags_error(b->diags, "too-large", mark,
		"the aliases of the document add more than %zu bytes of text",
		b->limits->bytes),
	    "use fewer aliases");
	return false;
}

/* --- Anchors ----------------------------------------------------------------------- */

static struct anchor *
find_anchor(struct tn_yaml_build *b, const char *name)
{
	for (size_t i = 0; i < b->anchor_count; i++) {
		if (strcmp(b->anchors[i].name, name) == 0)
			return &b->anchors[i];
	}
	return NULL;
}

/* The place in the list, from 1; 0 when there is no name. A later anchor replaces an
 * earlier one. */
static size_t
add_anchor(struct tn_yaml_build *b, const char *name, struct tn_value *value, bool open)
{
	struct anchor *anchor;

	if (name == NULL)
		return 0;
	anchor = find_anchor(b, name);
	if (anchor == NULL && b->anchor_count == ANCHORS_MAX) {
		tn_diags_hint(b->diags,
		    tn_diags_error(b->diags, "too-large", value->mark,
			"the document has more than %d anchors", ANCHORS_MAX),
		    "use fewer anchors");
		return 0;
	}
	if (anchor == NULL) {
		anchor = &b->anchors[b->anchor_count++];
		anchor->name = tn_arena_text(b->arena, name);
	}
	anchor->value = value;
	anchor->open = open;
	return (size_t)(anchor - b->anchors) + 1;
}

struct extent {
	size_t values;
	size_t bytes;
	size_t height;
};

/* What a clone would add. The value is within the bounds itself, and so is this walk. */
static struct extent
measure(const struct tn_value *value)
{
	struct extent all = { .values = 1 };
	bool object = value->kind == TN_VALUE_OBJECT;

	if (!object && value->kind != TN_VALUE_ARRAY) {
		all.bytes = tn_value_text(value) != NULL ? value->count : 0;
		return all;
	}
	for (size_t i = 0; i < value->count; i++) {
		const struct tn_member *member = object ? &value->as.members[i] : NULL;
		struct extent one = measure(object ? member->value : value->as.items[i]);

		all.values += one.values;
		all.bytes += one.bytes + (object ? strlen(member->key) : 0);
		all.height = one.height > all.height ? one.height : all.height;
	}
	all.height++;
	return all;
}

/* --- Keys -------------------------------------------------------------------------- */

static bool
expects_key(const struct tn_yaml_build *b)
{
	const struct frame *frame = b->depth > 0 ? &b->frames[b->depth - 1] : NULL;

	return frame != NULL && frame->value->kind == TN_VALUE_OBJECT && !frame->at_value;
}

/* key NULL: it was refused, and what belongs to it is read and thrown away. */
static void
take_key(struct tn_yaml_build *b, struct tn_mark mark, const char *key)
{
	struct frame *frame = &b->frames[b->depth - 1];

	frame->key = key;
	frame->key_mark = mark;
	frame->at_value = true;
}

static void
refuse_key(struct tn_yaml_build *b, const char *code, struct tn_mark mark,
    const char *message, const char *hint)
{
	tn_diags_hint(b->diags, tn_diags_error(b->diags, code, mark, "%s", message), "%s",
	    hint);
	take_key(b, mark, NULL);
}

static void
read_key(struct tn_yaml_build *b, struct tn_mark mark, enum tn_yaml_style style,
    struct tn_span text)
{
	if (style == TN_YAML_PLAIN && text.len == 0)
		refuse_key(b, "bad-key", mark, "a key is missing",
		    "write it before the ':'");
	else if (style == TN_YAML_PLAIN && tn_span_is(text, "<<"))
		refuse_key(b, "merge-key", mark, "merge keys are not used here",
		    "write the members out, or use an alias for a whole value");
	else if (style == TN_YAML_BLOCK)
		refuse_key(b, "bad-key", mark, "a key cannot be a block of text",
		    "write it on one line");
	else
		take_key(b, mark, tn_arena_bytes(b->arena, text.ptr, text.len));
}

static void
report_duplicate(struct tn_yaml_build *b, const struct tn_member *first,
    const struct tn_member *second)
{
	struct tn_diag *diag = tn_diags_error(b->diags, "duplicate-key", second->mark,
	    "the key \"%s\" is already there", second->key);

	tn_diags_hint(b->diags, diag, "it stands first at line %u, column %u",
	    first->mark.line, first->mark.col);
}

static void
check_few_keys(struct tn_yaml_build *b, const struct tn_value *object)
{
	const struct tn_member *members = object->as.members;

	for (size_t i = 1; i < object->count; i++) {
		for (size_t k = 0; k < i; k++) {
			if (strcmp(members[k].key, members[i].key) != 0)
				continue;
			report_duplicate(b, &members[k], &members[i]);
			break;
		}
	}
}

static int
compare_members(const void *left, const void *right)
{
	const struct tn_member *a = *(const struct tn_member *const *)left;
	const struct tn_member *b = *(const struct tn_member *const *)right;
	int order = strcmp(a->key, b->key);

	if (order != 0)
		return order;
	return a < b ? -1 : a > b;
}

static void
check_many_keys(struct tn_yaml_build *b, const struct tn_value *object)
{
	TN_CLEANUP(tn_freep)
	const struct tn_member **sorted = tn_alloc(object->count,
	    sizeof(const struct tn_member *));
	size_t first = 0;

	for (size_t i = 0; i < object->count; i++)
		sorted[i] = &object->as.members[i];
	qsort(sorted, object->count, sizeof(const struct tn_member *), compare_members);
	for (size_t i = 1; i < object->count; i++) {
		if (strcmp(sorted[first]->key, sorted[i]->key) == 0)
			report_duplicate(b, sorted[first], sorted[i]);
		else
			first = i;
	}
}

/* --- Values ------------------------------------------------------------------------ */

/* Hangs a value where it belongs: below its key, at the end of its list, or at the top.
 */
static void
attach(struct tn_yaml_build *b, struct tn_value *value)
{
	struct frame *frame = b->depth > 0 ? &b->frames[b->depth - 1] : NULL;
	struct tn_value *object;

	if (frame == NULL) {
		b->root = value;
		return;
	}
	if (frame->value->kind == TN_VALUE_ARRAY) {
		tn_value_push(b->arena, frame->value, value);
		return;
	}
	frame->at_value = false;
	if (frame->key == NULL)
		return;
	object = frame->value;
	object->as.members = tn_arena_grow(b->arena, object->as.members, object->count,
	    &object->cap, sizeof(*object->as.members));
	object->as.members[object->count++] = (struct tn_member){ frame->key,
		frame->key_mark, value };
}

static struct tn_value *
scalar_value(struct tn_yaml_build *b, enum tn_yaml_style style, struct tn_span text)
{
	if (style != TN_YAML_PLAIN)
		return tn_value_string_of(b->arena, text.ptr, text.len);
	if (text.len == 0)
		return tn_value_null(b->arena);
	return tn_value_scalar(b->arena, text.ptr, text.len);
}

bool
tn_yaml_build_scalar(struct tn_yaml_build *b, struct tn_mark mark, const char *anchor,
    enum tn_yaml_style style, struct tn_span text)
{
	bool key = expects_key(b);
	struct tn_value *value;

	if (memchr(text.ptr, '\0', text.len) != NULL) {
		tn_diags_hint(b->diags,
		    tn_diags_error(b->diags, "bad-text", mark,
			"text cannot hold the character NUL"),
		    "take the escape out");
		text.len = 0;
	}
	if (!count_values(b, mark, key ? 0 : 1))
		return false;
	value = scalar_value(b, style, text);
	value->mark = mark;
	add_anchor(b, anchor, value, false);
	if (key)
		read_key(b, mark, style, text);
	else
		attach(b, value);
	return true;
}

/* The value that an alias stands for; NULL after a finding. *stop: it would pass a bound.
 */
static struct tn_value *
expand(struct tn_yaml_build *b, struct tn_mark mark, const char *name, bool *stop)
{
	const struct anchor *anchor = find_anchor(b, name);
	struct tn_diag *diag;
	struct tn_value *value;
	struct extent extent;

	if (anchor == NULL) {
		diag = tn_diags_error(b->diags, "unknown-alias", mark,
		    "there is no anchor \"%s\" before this alias", name);
		tn_diags_hint(b->diags, diag, "put text that begins with '*' in quotes");
		return NULL;
	}
	if (anchor->open) {
		tn_diags_hint(b->diags,
		    tn_diags_error(b->diags, "alias-cycle", mark,
			"the alias \"%s\" stands inside of what it names", name),
		    "put the anchor at a smaller value, or write the value out");
		return NULL;
	}
	extent = measure(anchor->value);
	*stop = !check_depth(b, mark, extent.height) ||
	    !count_values(b, mark, extent.values) ||
	    !count_expanded(b, mark, extent.bytes);
	if (*stop)
		return NULL;
	value = tn_value_clone(b->arena, anchor->value);
	value->mark = mark;
	return value;
}

bool
tn_yaml_build_alias(struct tn_yaml_build *b, struct tn_mark mark, const char *name)
{
	struct tn_value *value;
	bool stop = false;

	if (expects_key(b)) {
		refuse_key(b, "bad-key", mark, "a key cannot be an alias",
		    "write the key out");
		return true;
	}
	value = expand(b, mark, name, &stop);
	if (stop)
		return false;
	if (value == NULL) {
		value = tn_value_null(b->arena);
		value->mark = mark;
	}
	attach(b, value);
	return true;
}

bool
tn_yaml_build_open(struct tn_yaml_build *b, struct tn_mark mark, const char *anchor,
    enum tn_value_kind kind)
{
	struct tn_value *value;

	if (!check_depth(b, mark, 1) || !count_values(b, mark, 1))
		return false;
	value = kind == TN_VALUE_ARRAY ? tn_value_array(b->arena)
				       : tn_value_object(b->arena);
	value->mark = mark;
	b->frames = tn_grow(b->frames, b->depth, &b->frames_cap, sizeof(*b->frames));
	b->frames[b->depth++] = (struct frame){
		.value = value,
		.anchor = add_anchor(b, anchor, value, true),
	};
	return true;
}

void
tn_yaml_build_close(struct tn_yaml_build *b)
{
	struct frame frame = b->frames[--b->depth];

	/* The name may belong to a later anchor by now. */
	if (frame.anchor > 0 && b->anchors[frame.anchor - 1].value == frame.value)
		b->anchors[frame.anchor - 1].open = false;
	if (frame.value->kind == TN_VALUE_OBJECT && frame.value->count <= FEW_KEYS)
		check_few_keys(b, frame.value);
	else if (frame.value->kind == TN_VALUE_OBJECT)
		check_many_keys(b, frame.value);
	if (expects_key(b))
		refuse_key(b, "bad-key", frame.value->mark,
		    "a key cannot be a list or a mapping",
		    "put text that holds brackets or braces in quotes");
	else
		attach(b, frame.value);
}
