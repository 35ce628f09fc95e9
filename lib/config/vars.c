#include "config/load.h"

#include <string.h>

#include "base/text.h"

/*
 * References to variables: ${vars.NAME}. Dollars directly before `{vars.` count in pairs:
 * each pair stands for one dollar, and an odd one at the end begins a reference. So
 * $${vars.x} is the text ${vars.x}. Whatever else has a dollar is left alone, and what a
 * variable holds is not looked through again.
 */
#define OPENING         "{vars."
#define NAME_MAX_LENGTH 63
/* A text that holds variables may become this long. */
#define TEXT_MAX ((size_t)64 << 10)
#define FILE_MAX ((size_t)1 << 20)
/* What looking at a value costs of the budget of text. */
#define VALUE_COST ((size_t)64)

/* The keys of an action or module whose text may refer to variables. */
static const char *const expanded_keys[] = { "trigger", "code", "runtime", "dependencies",
	"secrets", "tests" };

bool
tn_load_text_refers(struct tn_span text)
{
	static const char reference[] = "$" OPENING;

	return text.len > 0 &&
	    memmem(text.ptr, text.len, reference, sizeof(reference) - 1) != NULL;
}

static bool
value_refers(const struct tn_value *value)
{
	bool refers = false;

	if (tn_value_is(value, TN_VALUE_ARRAY)) {
		for (size_t i = 0; !refers && i < value->count; i++)
			refers = value_refers(value->as.items[i]);
	} else if (tn_value_is(value, TN_VALUE_OBJECT)) {
		for (size_t i = 0; !refers && i < value->count; i++)
			refers = value_refers(value->as.members[i].value);
	} else {
		refers = tn_load_text_refers(tn_span(tn_value_text(value)));
	}
	return refers;
}

bool
tn_load_refers(const struct tn_value *written)
{
	for (size_t i = 0; i < TN_ARRAY_LEN(expanded_keys); i++) {
		if (value_refers(tn_value_get(written, expanded_keys[i])))
			return true;
	}
	return false;
}

/* --- Text ------------------------------------------------------------------------- */

/* A text while variables are put into it. Places are told forward only. */
struct expansion {
	struct tn_load *load;
	const char *resource;
	const struct tn_load_tenant *tenant;
	struct tn_span text;
	bool is_file;        /* findings point into the text, else at mark */
	struct tn_mark mark; /* of offset `marked` when is_file */
	size_t marked;
	struct tn_str *out;
	bool failed;
};

static struct tn_mark
mark_of(struct expansion *x, size_t at)
{
	if (!x->is_file)
		return x->mark;
	for (; x->marked < at; x->marked++) {
		unsigned char byte = (unsigned char)x->text.ptr[x->marked];

		if (byte == '\n') {
			x->mark.line++;
			x->mark.col = 1;
		} else if ((byte & 0xc0) != 0x80) {
			x->mark.col++;
		}
	}
	return x->mark;
}

static void
refuse_form(struct expansion *x, size_t at)
{
	struct tn_diags *diags = x->load->diags;
	struct tn_diag *diag = tn_diags_error(diags, "bad-reference", mark_of(x, at),
	    "this is no reference to a variable");

	tn_diags_resource(diags, diag, "%s", x->resource);
	tn_diags_hint(diags, diag,
	    "write ${vars.NAME}, or $${vars. where the text itself is meant");
	x->failed = true;
}

static const char *
nearest_variable(const struct expansion *x, const char *name)
{
	const struct tn_value *vars = x->tenant->vars;
	size_t n = tn_value_count(vars);
	const char **names = tn_arena_array(x->load->arena, n, const char *);

	for (size_t i = 0; i < n; i++)
		names[i] = vars->as.members[i].key;
	return tn_load_nearest(x->load, name, names, n);
}

/* Said once for a place, for the first tenant that lacks it. */
static void
refuse_unknown(struct expansion *x, size_t at, const char *name)
{
	struct tn_diags *diags = x->load->diags;
	struct tn_mark mark = mark_of(x, at);
	struct tn_diag *diag;
	const char *nearest;

	x->failed = true;
	if (tn_diags_count(diags) > TN_DIAGS_MAX) {
		tn_diags_error(diags, "unknown-variable", mark, "%s", name);
		return;
	}
	diag = tn_diags_error(diags, "unknown-variable", mark,
	    "the variable \"%s\" has no value in every tenant that needs it", name);
	tn_diags_resource(diags, diag, "%s", x->resource);
	if (x->tenant->name == NULL) {
		tn_diags_hint(diags, diag,
		    "variables stand under tenants.NAME.vars, and no tenant is named");
		return;
	}
	nearest = nearest_variable(x, name);
	if (nearest != NULL)
		tn_diags_hint(diags, diag, "tenant %s has \"%s\": did you mean that?",
		    x->tenant->name, nearest);
	else
		tn_diags_hint(diags, diag, "add it under tenants.%s.vars",
		    x->tenant->name);
}

/* The length of a variable's name at that place; 0 is none. */
static size_t
name_length(struct tn_span text, size_t at)
{
	static const char first[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";
	size_t n = 0;

	while (at + n < text.len && text.ptr[at + n] != '\0') {
		char c = text.ptr[at + n];

		if (strchr(first, c) == NULL &&
		    (n == 0 || strchr("0123456789-", c) == NULL))
			break;
		n++;
	}
	return n;
}

/* A reference whose dollar is at `at`; gives where it ends. */
static size_t
put_variable(struct expansion *x, size_t at)
{
	size_t start = at + 1 + strlen(OPENING);
	size_t length = name_length(x->text, start);
	size_t end = start + length;
	char name[NAME_MAX_LENGTH + 1] = { 0 };
	const char *value;

	if (length == 0 || length > NAME_MAX_LENGTH || end == x->text.len ||
	    x->text.ptr[end] != '}') {
		refuse_form(x, at);
		return start;
	}
	memcpy(name, x->text.ptr + start, length);
	value = tn_value_get_text(x->tenant->vars, name);
	if (value != NULL)
		tn_str_add(x->out, value);
	else
		refuse_unknown(x, at, name);
	return end + 1;
}

static void
expand(struct expansion *x)
{
	size_t done = 0;

	while (done < x->text.len) {
		const char *rest = x->text.ptr + done;
		const char *found = memmem(rest, x->text.len - done, "$" OPENING,
		    strlen("$" OPENING));
		size_t at, dollars = 1;

		if (found == NULL)
			break;
		at = (size_t)(found - x->text.ptr);
		while (at - dollars + 1 > done && x->text.ptr[at - dollars] == '$')
			dollars++;
		tn_str_add_bytes(x->out, rest, at + 1 - dollars - done);
		tn_str_add_bytes(x->out, rest + (at + 1 - dollars - done), dollars / 2);
		if (dollars % 2 == 1) {
			done = put_variable(x, at);
		} else {
			tn_str_add(x->out, OPENING);
			done = at + 1 + strlen(OPENING);
		}
	}
	tn_str_add_bytes(x->out, x->text.ptr + done, x->text.len - done);
}

static void
refuse_length(struct expansion *x, const char *message, size_t most)
{
	struct tn_diags *diags = x->load->diags;
	struct tn_diag *diag = tn_diags_error(diags, "too-long", mark_of(x, 0), "%s",
	    message);

	tn_diags_resource(diags, diag, "%s", x->resource);
	tn_diags_hint(diags, diag, "it may have %zu KiB", most >> 10);
}

/* What is read and what is written is paid from the project's budget. */
static bool
pay(struct expansion *x, size_t bytes)
{
	bool can = bytes <= x->load->expanded_left;

	x->load->expanded_left = can ? x->load->expanded_left - bytes : 0;
	if (!can)
		refuse_length(x,
		    "the texts of this project are too long together with their variables",
		    TN_LOAD_EXPANDED_MAX);
	return can;
}

/* NULL after a finding. */
static const char *
expanded(struct expansion *x, size_t most)
{
	TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;

	if (!pay(x, x->text.len))
		return NULL;
	tn_str_init(&out, most + 1);
	x->out = &out;
	expand(x);
	if (x->failed)
		return NULL;
	if (out.len > most || tn_str_overflowed(&out)) {
		refuse_length(x, "the text is too long with its variables", most);
		return NULL;
	}
	if (!pay(x, out.len))
		return NULL;
	return tn_arena_bytes(x->load->arena, tn_str_text(&out), out.len);
}

const char *
tn_load_expand_text(struct tn_load *load, const char *resource,
    const struct tn_load_tenant *tenant, const char *text, struct tn_mark mark)
{
	struct expansion x = {
		.load = load,
		.resource = resource,
		.tenant = tenant,
		.text = tn_span(text),
		.mark = mark,
	};

	return tn_load_text_refers(x.text) ? expanded(&x, TEXT_MAX) : text;
}

static const char *
resource_of(struct tn_load *load, const struct tn_load_item *item)
{
	return tn_arena_printf(load->arena, "%s/%s", item->kind, item->written->key);
}

const char *
tn_load_expand_file(struct tn_load *load, const struct tn_load_item *item,
    const struct tn_load_tenant *tenant, const struct tn_load_file *file)
{
	struct expansion x = {
		.load = load,
		.resource = resource_of(load, item),
		.tenant = tenant,
		.text = file->text,
		.is_file = true,
		.mark = { .file = file->path, .line = 1, .col = 1 },
	};

	return expanded(&x, FILE_MAX);
}

/* --- Values ----------------------------------------------------------------------- */

struct walk {
	struct tn_load *load;
	const char *resource;
	const struct tn_load_tenant *tenant;
	bool failed;
};

static bool
pay_for_value(struct walk *walk, const struct tn_value *value)
{
	struct expansion x = {
		.load = walk->load,
		.resource = walk->resource,
		.mark = value->mark,
	};

	return pay(&x, VALUE_COST);
}

static struct tn_value *
expand_scalar(struct walk *walk, struct tn_value *value)
{
	const char *text = tn_value_text(value);
	struct tn_value *copy;

	if (!tn_load_text_refers(tn_span(text)))
		return value;
	text = tn_load_expand_text(walk->load, walk->resource, walk->tenant, text,
	    value->mark);
	walk->failed |= text == NULL;
	copy = tn_value_string(walk->load->arena, text != NULL ? text : "");
	copy->mark = value->mark;
	return copy;
}

/* A copy whose parts may be replaced. */
static struct tn_value *
copy_parts(struct tn_arena *arena, const struct tn_value *value)
{
	struct tn_value *copy = value->kind == TN_VALUE_ARRAY ? tn_value_array(arena)
							      : tn_value_object(arena);

	copy->mark = value->mark;
	for (size_t i = 0; i < value->count; i++) {
		if (value->kind == TN_VALUE_ARRAY) {
			tn_value_push(arena, copy, value->as.items[i]);
			continue;
		}
		tn_value_set(arena, copy, value->as.members[i].key,
		    value->as.members[i].value);
		copy->as.members[i].mark = value->as.members[i].mark;
	}
	return copy;
}

static struct tn_value **
part_of(struct tn_value *value, size_t i)
{
	return value->kind == TN_VALUE_ARRAY ? &value->as.items[i]
					     : &value->as.members[i].value;
}

/*
 * The same value when nothing in it changes. The readers have bounded the depth. All
 * findings of a value are told, but for the budget, which ends it.
 */
static struct tn_value *
expand_value(struct walk *walk, struct tn_value *value)
{
	struct tn_value *copy = value;

	if (walk->load->expanded_left == 0 || !pay_for_value(walk, value)) {
		walk->failed = true;
		return value;
	}
	if (value->kind != TN_VALUE_ARRAY && value->kind != TN_VALUE_OBJECT)
		return expand_scalar(walk, value);
	for (size_t i = 0; i < value->count; i++) {
		struct tn_value *part = *part_of(value, i);
		struct tn_value *expanded = expand_value(walk, part);

		if (expanded == part)
			continue;
		if (copy == value)
			copy = copy_parts(walk->load->arena, value);
		*part_of(copy, i) = expanded;
	}
	return copy;
}

static bool
is_expanded_key(const char *key)
{
	for (size_t i = 0; i < TN_ARRAY_LEN(expanded_keys); i++) {
		if (strcmp(expanded_keys[i], key) == 0)
			return true;
	}
	return false;
}

const struct tn_value *
tn_load_expand(struct tn_load *load, const struct tn_load_item *item,
    const struct tn_load_tenant *tenant, const struct tn_value *written)
{
	struct walk walk = {
		.load = load,
		.resource = resource_of(load, item),
		.tenant = tenant,
	};
	struct tn_value *copy;

	copy = tn_value_object(load->arena);
	copy->mark = written->mark;
	for (size_t i = 0; i < written->count; i++) {
		const struct tn_member *member = &written->as.members[i];

		tn_value_set(load->arena, copy, member->key,
		    is_expanded_key(member->key) ? expand_value(&walk, member->value)
						 : member->value);
		copy->as.members[i].mark = member->mark;
	}
	return walk.failed ? NULL : copy;
}
