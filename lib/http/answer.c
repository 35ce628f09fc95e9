#include "http/answer.h"

#include <string.h>

void
tn_answer_init(struct tn_answer *answer, size_t max_body)
{
	*answer = (struct tn_answer){ .arena = tn_arena_new() };
	tn_str_init(&answer->body, max_body);
}

void
tn_answer_done(struct tn_answer *answer)
{
	tn_wipe(answer->body.ptr, answer->body.len);
	tn_str_done(&answer->body);
	tn_arena_free(answer->arena);
	*answer = (struct tn_answer){ 0 };
}

static bool
fail(struct tn_answer *answer, enum tn_answer_fault fault)
{
	if (answer->fault == TN_ANSWER_FINE)
		answer->fault = fault;
	return false;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static struct tn_span
trim(struct tn_span text)
{
	while (text.len > 0 && is_blank(text.ptr[text.len - 1]))
		text.len--;
	while (text.len > 0 && is_blank(text.ptr[0])) {
		text.ptr++;
		text.len--;
	}
	return text;
}

static bool
is_name(struct tn_span name)
{
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];

		if (c <= ' ' || c > '~' || strchr("\"(),/:;<=>?@[\\]{}", c) != NULL)
			return false;
	}
	return name.len > 0;
}

static bool
is_value(struct tn_span value)
{
	for (size_t i = 0; i < value.len; i++) {
		unsigned char c = (unsigned char)value.ptr[i];

		if ((c < ' ' && c != '\t') || c == 0x7f)
			return false;
	}
	return true;
}

static const char *
lower(struct tn_arena *arena, struct tn_span name)
{
	char *text = tn_arena_array(arena, name.len + 1, char);

	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];

		text[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
	}
	return text;
}

static bool
add_field(struct tn_answer *answer, struct tn_span line)
{
	const char *colon = memchr(line.ptr, ':', line.len);
	struct tn_span name, value;

	if (colon == NULL)
		return fail(answer, TN_ANSWER_MALFORMED);
	name = tn_span_of(line.ptr, (size_t)(colon - line.ptr));
	value = trim(tn_span_of(colon + 1, line.len - name.len - 1));
	if (!is_name(name) || !is_value(value))
		return fail(answer, TN_ANSWER_MALFORMED);
	if (answer->n_fields == TN_ANSWER_FIELDS)
		return fail(answer, TN_ANSWER_TOO_LARGE);
	answer->fields = tn_arena_grow(answer->arena, answer->fields, answer->n_fields,
	    &answer->cap_fields, sizeof *answer->fields);
	answer->fields[answer->n_fields++] = (struct tn_http_field){
		.name = lower(answer->arena, name),
		.value = tn_arena_bytes(answer->arena, value.ptr, value.len),
	};
	return true;
}

bool
tn_answer_line(struct tn_answer *answer, struct tn_span line)
{
	bool is_start = answer->head_bytes == 0 || answer->head_ended;

	if (line.len > TN_ANSWER_HEAD_BYTES - answer->head_bytes)
		return fail(answer, TN_ANSWER_TOO_LARGE);
	answer->head_bytes += line.len;
	if (is_start && line.len > 5 && memcmp(line.ptr, "HTTP/", 5) == 0) {
		answer->n_fields = 0;
		answer->head_ended = false;
		return true;
	}
	if (answer->head_ended)
		return true;
	if (trim(line).len == 0) {
		answer->head_ended = true;
		return true;
	}
	return add_field(answer, line);
}

bool
tn_answer_bytes(struct tn_answer *answer, struct tn_span bytes)
{
	tn_str_add_bytes(&answer->body, bytes.ptr, bytes.len);
	if (tn_str_overflowed(&answer->body))
		return fail(answer, TN_ANSWER_TOO_LARGE);
	return true;
}

struct tn_http_response
tn_answer_response(const struct tn_answer *answer, int status)
{
	return (struct tn_http_response){
		.status = status,
		.fields = answer->fields,
		.n_fields = answer->n_fields,
		.body = tn_str_span(&answer->body),
	};
}
