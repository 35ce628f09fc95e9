#include "recordings/recording.h"

#include "json/json.h"
#include <string.h>

static const struct tn_value *
not_null(const struct tn_value *value)
{
	return tn_value_is(value, TN_VALUE_NULL) ? NULL : value;
}

static int
parse_pair(struct recording *recording, struct tn_span line, struct tn_error *err)
{
	struct tn_value *value;
	struct pair *pair;
	int64_t status;
	int r = tn_json_parse(recording->arena, line, NULL, &value, err);

	if (r < 0)
		return r;
	recording->pairs = tn_arena_grow(recording->arena, recording->pairs,
	    recording->count, &recording->cap, sizeof recording->pairs[0]);
	pair = &recording->pairs[recording->count++];
	*pair = (struct pair){
		.method = tn_value_get_text(value, "method"),
		.path = tn_value_get_text(value, "path"),
		.query = tn_value_get(value, "query"),
		.request = not_null(tn_value_get(value, "request_body")),
		.content_type = tn_value_get_text(tn_value_get(value, "response_headers"),
		    "content-type"),
		.answer = not_null(tn_value_get(value, "response_body")),
	};
	if (pair->method == NULL || pair->path == NULL ||
	    !tn_value_to_int(tn_value_get(value, "status"), &status))
		return tn_error_set(err, TN_E_INPUT,
		    "a pair lacks method, path or status");
	pair->status = (int)status;
	return 0;
}

int
recording_parse(struct tn_span text, struct recording *out, struct tn_error *err)
{
	*out = (struct recording){ .arena = tn_arena_new() };
	while (text.len > 0) {
		const char *end = memchr(text.ptr, '\n', text.len);
		size_t len = end == NULL ? text.len : (size_t)(end - text.ptr);
		int r = len == 0 ? 0 : parse_pair(out, tn_span_of(text.ptr, len), err);

		if (r < 0) {
			tn_error_context(err, "line %zu", out->count + 1);
			return r;
		}
		len += end != NULL;
		text = tn_span_of(text.ptr + len, text.len - len);
	}
	return 0;
}

void
recording_done(struct recording *recording)
{
	tn_arena_free(recording->arena);
	*recording = (struct recording){ 0 };
}
