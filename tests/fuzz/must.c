#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

_Noreturn void
must_failed(const char *file, int line, const char *condition)
{
	fprintf(stderr, "%s:%d: this must be so: %s\n", file, line, condition);
	abort();
}

void
must_be_words(const char *text)
{
	must(text != NULL);
	must(*text != '\0');
	must(tn_utf8_valid(tn_span(text)));
}

void
must_be_told(int result, const struct tn_error *err)
{
	must(result <= 0);
	must(tn_error_is_set(err) == (result < 0));
	if (result == 0)
		return;
	must(tn_result_kind(result) == err->kind);
	must(err->kind != TN_E_BUG);
	must_be_words(err->message);
	if (err->hint != NULL)
		must_be_words(err->hint);
}

void
must_be_findings(const struct tn_diags *diags, size_t len)
{
	must(tn_diags_count(diags) <= TN_DIAGS_MAX + 1);
	must(tn_diags_errors(diags) >= 1 || tn_diags_count(diags) == 0 ||
	    tn_diags_at(diags, 0)->severity == TN_SEVERITY_WARNING);
	for (size_t i = 0; i < tn_diags_count(diags); i++) {
		const struct tn_diag *diag = tn_diags_at(diags, i);

		must_be_words(diag->code);
		must_be_words(diag->message);
		if (diag->hint != NULL)
			must_be_words(diag->hint);
		must(diag->mark.line <= len + 1 && diag->mark.col <= len + 1);
	}
}

static void
must_be_different(const struct tn_value *object)
{
	TN_CLEANUP(tn_freep)
	const struct tn_member **sorted = tn_value_members_by_key(object);

	for (size_t i = 1; i < object->count; i++)
		must(strcmp(sorted[i - 1]->key, sorted[i]->key) != 0);
}

static void
add(struct tree_size *size, struct tree_size child)
{
	size->values += child.values;
	size->text += child.text;
	if (child.depth > size->depth)
		size->depth = child.depth;
}

static size_t
text_of(const char *text, size_t len)
{
	must(strlen(text) == len);
	must(tn_utf8_valid(tn_span_of(text, len)));
	return len;
}

struct tree_size
must_be_tree(const struct tn_value *value)
{
	struct tree_size size = { 0 };

	switch (value->kind) {
	case TN_VALUE_NULL:
	case TN_VALUE_BOOL:
		break;
	case TN_VALUE_NUMBER:
	case TN_VALUE_STRING:
	case TN_VALUE_SCALAR:
		size.text = text_of(value->as.text, value->count);
		break;
	case TN_VALUE_ARRAY:
		for (size_t i = 0; i < value->count; i++)
			add(&size, must_be_tree(value->as.items[i]));
		size.depth++;
		break;
	case TN_VALUE_OBJECT:
		must_be_different(value);
		for (size_t i = 0; i < value->count; i++) {
			const struct tn_member *member = &value->as.members[i];

			size.text += text_of(member->key, strlen(member->key));
			add(&size, must_be_tree(member->value));
		}
		size.depth++;
		break;
	case TN_VALUE_SECRET:
		must(false);
	}
	size.values++;
	return size;
}

struct tn_span
next_line(struct tn_span *rest)
{
	const char *end = rest->len > 0 ? memchr(rest->ptr, '\n', rest->len) : NULL;
	struct tn_span line = *rest;

	if (end == NULL) {
		*rest = tn_span_of(rest->ptr + rest->len, 0);
		return line;
	}
	line.len = (size_t)(end - rest->ptr);
	*rest = tn_span_of(end + 1, rest->len - line.len - 1);
	return line;
}
