#include "json/json.h"

#include <string.h>

#include "base/mem.h"
#include "base/secret.h"
#include "base/text.h"

/* A sink gets its text in pieces of about this many bytes. */
#define PIECE ((size_t)16 << 10)

struct writer {
	struct tn_str *out; /* the text, or with a sink the piece that is being made */
	const struct tn_json_sink *sink;
	bool pretty;
	bool sorted;
	unsigned level;
};

static void write_value(struct writer *w, const struct tn_value *value);

static void
write_string(struct writer *w, struct tn_span text)
{
	tn_str_add_char(w->out, '"');
	tn_json_escape(text, w->out);
	tn_str_add_char(w->out, '"');
}

static void
flush(struct writer *w)
{
	w->sink->on_text(w->sink->arg, tn_str_span(w->out));
	tn_str_clear(w->out);
}

static void
write_secret(struct writer *w, const struct tn_secret *secret)
{
	if (w->sink == NULL) {
		write_string(w, tn_span(TN_VALUE_SECRET_TEXT));
		return;
	}
	tn_str_add_char(w->out, '"');
	flush(w);
	w->sink->on_secret(w->sink->arg, secret);
	tn_str_add_char(w->out, '"');
}

static void
new_line(struct writer *w)
{
	if (!w->pretty)
		return;
	tn_str_add_char(w->out, '\n');
	for (unsigned i = 0; i < w->level; i++)
		tn_str_add(w->out, "  ");
}

static void
write_array(struct writer *w, const struct tn_value *array)
{
	tn_str_add_char(w->out, '[');
	w->level++;
	for (size_t i = 0; i < array->count; i++) {
		if (i > 0)
			tn_str_add_char(w->out, ',');
		new_line(w);
		write_value(w, array->as.items[i]);
	}
	w->level--;
	if (array->count > 0)
		new_line(w);
	tn_str_add_char(w->out, ']');
}

static void
write_member(struct writer *w, const struct tn_member *member)
{
	write_string(w, tn_span(member->key));
	tn_str_add(w->out, w->pretty ? ": " : ":");
	write_value(w, member->value);
}

static void
write_object(struct writer *w, const struct tn_value *object)
{
	TN_CLEANUP(tn_freep) const struct tn_member **sorted = NULL;

	if (w->sorted && object->count > 1)
		sorted = tn_value_members_by_key(object);
	tn_str_add_char(w->out, '{');
	w->level++;
	for (size_t i = 0; i < object->count; i++) {
		if (i > 0)
			tn_str_add_char(w->out, ',');
		new_line(w);
		write_member(w, sorted != NULL ? sorted[i] : &object->as.members[i]);
	}
	w->level--;
	if (object->count > 0)
		new_line(w);
	tn_str_add_char(w->out, '}');
}

static void
write_value(struct writer *w, const struct tn_value *value)
{
	if (w->sink != NULL && w->out->len >= PIECE)
		flush(w);
	switch (value->kind) {
	case TN_VALUE_NULL:
		tn_str_add(w->out, "null");
		break;
	case TN_VALUE_BOOL:
		tn_str_add(w->out, value->as.boolean ? "true" : "false");
		break;
	case TN_VALUE_NUMBER:
		tn_str_add_bytes(w->out, value->as.text, value->count);
		break;
	case TN_VALUE_STRING:
	case TN_VALUE_SCALAR:
		write_string(w, tn_span_of(value->as.text, value->count));
		break;
	case TN_VALUE_ARRAY:
		write_array(w, value);
		break;
	case TN_VALUE_OBJECT:
		write_object(w, value);
		break;
	case TN_VALUE_SECRET:
		write_secret(w, value->as.secret);
		break;
	}
}

void
tn_json_write(const struct tn_value *value, struct tn_str *out)
{
	struct writer w = { .out = out };

	write_value(&w, value);
}

void
tn_json_write_pretty(const struct tn_value *value, struct tn_str *out)
{
	struct writer w = { .out = out, .pretty = true };

	write_value(&w, value);
	tn_str_add_char(out, '\n');
}

void
tn_json_write_canonical(const struct tn_value *value, struct tn_str *out)
{
	struct writer w = { .out = out, .sorted = true };

	write_value(&w, value);
}

void
tn_json_write_to(const struct tn_value *value, const struct tn_json_sink *sink)
{
	TN_CLEANUP(tn_str_done) struct tn_str piece = TN_STR_INIT;
	struct writer w = { .out = &piece, .sink = sink };

	write_value(&w, value);
	flush(&w);
}
