#include "schema/schema.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/text.h"
#include "schema/check.h"

/* Deeper than what any reader of documents lets pass. */
#define DEPTH_MAX 512

const struct tn_schema_node tn_schema_anything = {
	.max_members = SIZE_MAX,
	.max_items = SIZE_MAX,
	.max_length = SIZE_MAX,
};

/* --- Kinds ------------------------------------------------------------------------- */

static bool
is_word_for_bool(const char *text)
{
	static const char *const words[] = { "yes", "no", "on", "off", "y", "n", "true",
		"false" };

	for (size_t i = 0; i < TN_ARRAY_LEN(words); i++) {
		if (strcasecmp(text, words[i]) == 0)
			return true;
	}
	return false;
}

static bool
fits_without_quotes(unsigned types, const struct tn_value *value)
{
	struct tn_value plain = *value;

	if (value->kind != TN_VALUE_STRING)
		return false;
	plain.kind = TN_VALUE_SCALAR;
	tn_schema_type_scalar(types, &plain);
	return tn_schema_fits(types, &plain);
}

static void
report_type(struct tn_schema_checker *c, const struct tn_schema_node *node,
    unsigned types, const struct tn_value *value, const struct tn_schema_path *path)
{
	TN_CLEANUP(tn_str_done) struct tn_str expected = TN_STR_INIT;
	struct tn_diag *diag;

	tn_schema_describe_types(types, &expected);
	diag = tn_schema_finding(c, path, "wrong-type", value->mark,
	    "expected %s, found %s", tn_str_text(&expected),
	    tn_schema_describe_kind(value));
	if (fits_without_quotes(types, value))
		tn_diags_hint(c->diags, diag, "write it without quotes");
	else if ((types & TN_TYPE_BOOL) && value->kind == TN_VALUE_SCALAR &&
	    is_word_for_bool(value->as.text))
		tn_diags_hint(c->diags, diag, "write true or false");
	else
		tn_schema_hint_title(c, diag, node);
}

/* --- Text and numbers -------------------------------------------------------------- */

/* How an allowed value is written. */
static const char *
word_of(const struct tn_value *value)
{
	if (value->kind == TN_VALUE_NULL)
		return "nothing";
	if (value->kind == TN_VALUE_BOOL)
		return value->as.boolean ? "true" : "false";
	return value->as.text;
}

static void
check_allowed(struct tn_schema_checker *c, const struct tn_schema_node *node,
    const struct tn_value *value, const struct tn_schema_path *path, const char *subject)
{
	const char *text = tn_value_text(value);
	const char **words;
	struct tn_diag *diag;

	for (size_t i = 0; i < node->allowed_count; i++) {
		if (tn_value_equal(node->allowed[i], value))
			return;
	}
	words = tn_arena_array(c->arena, node->allowed_count, const char *);
	for (size_t i = 0; i < node->allowed_count; i++)
		words[i] = word_of(node->allowed[i]);
	diag = tn_schema_finding(c, path, "not-allowed", value->mark,
	    "%s is not allowed here", subject);
	tn_schema_hint_words(c, diag, text, words, node->allowed_count);
}

/* A pattern is tried only on text of the right length: that bounds its time. */
static void
check_form(struct tn_schema_checker *c, const struct tn_schema_node *node,
    const struct tn_value *value, const struct tn_schema_path *path, const char *subject)
{
	size_t length = tn_utf8_length(tn_span_of(value->as.text, value->count));
	struct tn_diag *diag = NULL;

	if (length < node->min_length && length == 0)
		diag = tn_schema_finding(c, path, "too-short", value->mark, "%s is empty",
		    subject);
	else if (length < node->min_length)
		diag = tn_schema_finding(c, path, "too-short", value->mark,
		    "%s has %zu characters, at least %zu are needed", subject, length,
		    node->min_length);
	else if (length > node->max_length)
		diag = tn_schema_finding(c, path, "too-long", value->mark,
		    "%s has %zu characters, at most %zu are allowed", subject, length,
		    node->max_length);
	else if (node->pattern != NULL &&
	    regexec(node->pattern, value->as.text, 0, NULL, 0) != 0)
		diag = tn_schema_finding(c, path, "bad-format", value->mark,
		    "%s does not have the right form", subject);
	if (diag == NULL)
		return;
	if (node->title == NULL && node->pattern != NULL)
		tn_diags_hint(c->diags, diag, "expected a match of %s",
		    node->pattern_text);
	tn_schema_hint_title(c, diag, node);
}

void
tn_schema_check_name(struct tn_schema_checker *c, const struct tn_schema_node *node,
    const struct tn_member *member, const struct tn_schema_path *path)
{
	const char *subject = tn_arena_printf(c->arena, "the name \"%s\"",
	    tn_schema_short(c, member->key));
	const struct tn_value name = {
		.kind = TN_VALUE_STRING,
		.mark = member->mark,
		.count = strlen(member->key),
		.as.text = member->key,
	};

	node = tn_schema_follow(node);
	if (node->allowed_count > 0)
		check_allowed(c, node, &name, path, subject);
	check_form(c, node, &name, path, subject);
}

/*
 * What is allowed is short; other text is not repeated, as it may be a secret
 * gone astray.
 */
static void
check_text(struct tn_schema_checker *c, const struct tn_schema_node *node,
    const struct tn_value *value, const struct tn_schema_path *path)
{
	if (node->allowed_count > 0)
		check_allowed(c, node, value, path,
		    tn_arena_printf(c->arena, "\"%s\"",
			tn_schema_short(c, value->as.text)));
	check_form(c, node, value, path, "the text");
}

static void
check_number(struct tn_schema_checker *c, const struct tn_schema_node *node,
    const struct tn_value *value, const struct tn_schema_path *path)
{
	bool negative = value->as.text[0] == '-';
	struct tn_diag *diag = NULL;
	int64_t number = 0;
	bool fits = tn_value_to_int(value, &number);

	/* An integer of more than 64 bits lies outside, whatever the bounds are. */
	if (fits ? number < node->minimum : negative)
		diag = tn_schema_finding(c, path, "out-of-range", value->mark,
		    "the number must be at least %" PRId64, node->minimum);
	else if (fits ? number > node->maximum : !negative)
		diag = tn_schema_finding(c, path, "out-of-range", value->mark,
		    "the number must be at most %" PRId64, node->maximum);
	if (diag != NULL)
		tn_schema_hint_title(c, diag, node);
}

/* --- Lists ------------------------------------------------------------------------- */

static int
compare_texts(const void *left, const void *right)
{
	const struct tn_value *a = *(const struct tn_value *const *)left;
	const struct tn_value *b = *(const struct tn_value *const *)right;
	int order = strcmp(a->as.text, b->as.text);

	if (order != 0)
		return order;
	if (a->mark.line != b->mark.line)
		return a->mark.line < b->mark.line ? -1 : 1;
	return a->mark.col < b->mark.col ? -1 : a->mark.col > b->mark.col;
}

static void
check_unique(struct tn_schema_checker *c, const struct tn_value *array,
    const struct tn_schema_path *path)
{
	TN_CLEANUP(tn_freep)
	const struct tn_value **sorted = tn_alloc(array->count,
	    sizeof(const struct tn_value *));
	size_t count = 0, first = 0;

	for (size_t i = 0; i < array->count; i++) {
		if (tn_value_is(array->as.items[i], TN_VALUE_STRING))
			sorted[count++] = array->as.items[i];
	}
	qsort(sorted, count, sizeof(const struct tn_value *), compare_texts);
	for (size_t i = 1; i < count; i++) {
		struct tn_diag *diag;

		if (strcmp(sorted[first]->as.text, sorted[i]->as.text) != 0) {
			first = i;
			continue;
		}
		diag = tn_schema_finding(c, path, "duplicate-item", sorted[i]->mark,
		    "\"%s\" is already there", tn_schema_short(c, sorted[i]->as.text));
		if (sorted[first]->mark.line > 0)
			tn_diags_hint(c->diags, diag,
			    "it stands first at line %u, column %u",
			    sorted[first]->mark.line, sorted[first]->mark.col);
	}
}

static void
check_array(struct tn_schema_checker *c, const struct tn_schema_node *node,
    const struct tn_value *array, const struct tn_schema_path *path)
{
	const struct tn_schema_node *items = node->items ? node->items
							 : &tn_schema_anything;
	struct tn_diag *diag = NULL;

	if (array->count < node->min_items)
		diag = tn_schema_finding(c, path, "too-few", array->mark,
		    "there are %zu items, at least %zu are needed", array->count,
		    node->min_items);
	else if (array->count > node->max_items)
		diag = tn_schema_finding(c, path, "too-many",
		    array->as.items[node->max_items]->mark,
		    "there are %zu items, at most %zu are allowed", array->count,
		    node->max_items);
	if (diag != NULL)
		tn_schema_hint_title(c, diag, node);
	for (size_t i = 0; i < array->count; i++) {
		struct tn_schema_path item = { .parent = path, .index = i };

		tn_schema_check_value(c, items, array->as.items[i], &item);
	}
	if (node->unique)
		check_unique(c, array, path);
}

/* --- Values ------------------------------------------------------------------------ */

static void
check_content(struct tn_schema_checker *c, const struct tn_schema_node *node,
    struct tn_value *value, const struct tn_schema_path *path)
{
	switch (value->kind) {
	case TN_VALUE_SCALAR:
	case TN_VALUE_SECRET:
		break;
	case TN_VALUE_NULL:
	case TN_VALUE_BOOL:
	case TN_VALUE_NUMBER:
		if (node->allowed_count > 0)
			check_allowed(c, node, value, path, "this value");
		if (node->bounded && value->kind == TN_VALUE_NUMBER)
			check_number(c, node, value, path);
		break;
	case TN_VALUE_STRING:
		check_text(c, node, value, path);
		break;
	case TN_VALUE_ARRAY:
		check_array(c, node, value, path);
		break;
	case TN_VALUE_OBJECT:
		tn_schema_check_object(c, (struct tn_schema_forms){ { node }, 1 }, value,
		    path);
		break;
	}
}

/* The branches that a value's kind leaves. */
static struct tn_schema_forms
forms_of(const struct tn_schema_node *node, const struct tn_value *value)
{
	struct tn_schema_forms forms = { .count = 0 };

	if (node->branch_count == 0) {
		forms.nodes[forms.count++] = node;
		return forms;
	}
	for (size_t i = 0; i < node->branch_count; i++) {
		const struct tn_schema_node *branch = tn_schema_follow(node->branches[i]);

		if (tn_schema_fits(branch->types, value))
			forms.nodes[forms.count++] = branch;
	}
	return forms;
}

void
tn_schema_check_value(struct tn_schema_checker *c, const struct tn_schema_node *node,
    struct tn_value *value, const struct tn_schema_path *path)
{
	unsigned types = tn_schema_types(node);
	struct tn_schema_forms forms;

	if (c->depth == DEPTH_MAX) {
		tn_schema_finding(c, path, "too-deep", value->mark,
		    "lists and mappings are nested more than %d deep", DEPTH_MAX);
		return;
	}
	node = tn_schema_follow(node);
	tn_schema_type_scalar(types, value);
	if (!tn_schema_fits(types, value)) {
		report_type(c, node, types, value, path);
		return;
	}
	forms = forms_of(node, value);
	c->depth++;
	if (forms.count == 1)
		check_content(c, forms.nodes[0], value, path);
	else
		tn_schema_check_object(c, forms, value, path);
	c->depth--;
}

int
tn_schema_validate(const struct tn_schema *schema, struct tn_arena *arena,
    struct tn_value *value, struct tn_diags *diags)
{
	struct tn_schema_checker c = { .arena = arena, .diags = diags };
	struct tn_schema_path top = { .parent = NULL };
	size_t errors = tn_diags_errors(diags);

	tn_schema_check_value(&c, schema->root, value, &top);
	return tn_diags_errors(diags) > errors ? -TN_E_INPUT : 0;
}
