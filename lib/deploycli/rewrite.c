#include "deploycli/rewrite.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "json/json.h"

/* A text may grow to as much as a file may have. */
#define TEXT_MAX TN_TREE_FILE_MAX
/* Bytes that are looked through for one document: mappings times its size. */
#define WORK_MAX ((size_t)2 << 30)

void
tn_keyword_text_done(struct tn_keyword_text *text)
{
	tn_str_done(&text->bytes);
	tn_free(text->origin);
	*text = (struct tn_keyword_text){ 0 };
}

size_t
tn_rewrite_origin(const struct tn_keyword_text *text, size_t at)
{
	return text->origin == NULL ? at : text->origin[at];
}

/* Room for the origins of n more bytes. */
static uint32_t *
grow(struct tn_keyword_text *text, size_t n)
{
	size_t len = text->bytes.len;

	if (len + n > text->origin_cap) {
		text->origin_cap = 2 * (len + n);
		text->origin = tn_realloc(text->origin, text->origin_cap,
		    sizeof(*text->origin));
	}
	return text->origin + len;
}

void
tn_rewrite_copy(struct tn_keyword_text *out, const struct tn_keyword_text *in,
    size_t from, size_t to)
{
	uint32_t *origin;

	if (from == to)
		return;
	origin = grow(out, to - from);
	for (size_t i = from; i < to; i++)
		*origin++ = (uint32_t)tn_rewrite_origin(in, i);
	tn_str_add_bytes(&out->bytes, in->bytes.ptr + from, to - from);
}

void
tn_rewrite_put(struct tn_keyword_text *out, const struct tn_keyword_text *in, size_t at,
    struct tn_span bytes)
{
	uint32_t *origin;

	if (bytes.len == 0)
		return;
	origin = grow(out, bytes.len);
	for (size_t i = 0; i < bytes.len; i++)
		*origin++ = (uint32_t)tn_rewrite_origin(in, at);
	tn_str_add_bytes(&out->bytes, bytes.ptr, bytes.len);
}

bool
tn_rewrite_too_large(struct tn_keywords *keywords, const char *file)
{
	struct tn_diag *diag = tn_diags_error(keywords->diags, "too-large",
	    (struct tn_mark){ .file = file },
	    "with its keywords replaced this text is too large");

	tn_diags_hint(keywords->diags, diag,
	    "%zu MiB are read at most; do the mappings hold each other?", TEXT_MAX >> 20);
	return false;
}

bool
tn_rewrite_check(struct tn_keywords *keywords, const char *file,
    const struct tn_keyword_text *text)
{
	if (text->bytes.len <= TEXT_MAX)
		return true;
	return tn_rewrite_too_large(keywords, file);
}

/* Where needle is next, from `at` on; the length of the text when it is nowhere. */
static size_t
find(const struct tn_keyword_text *text, size_t at, struct tn_span needle)
{
	const char *from = tn_str_text(&text->bytes), *end = from + text->bytes.len;

	for (const char *p = from + at; end - p >= (ptrdiff_t)needle.len; p++) {
		p = memchr(p, *needle.ptr, (size_t)(end - p));
		if (p == NULL || end - p < (ptrdiff_t)needle.len)
			break;
		if (memcmp(p, needle.ptr, needle.len) == 0)
			return (size_t)(p - from);
	}
	return text->bytes.len;
}

static bool
is_quoted(const struct tn_keyword_text *text, size_t copied, size_t at, size_t end)
{
	const char *p = text->bytes.ptr;

	return at > copied && end < text->bytes.len &&
	    (p[at - 1] == '"' || p[at - 1] == '\'') && p[end] == p[at - 1];
}

/* Every needle becomes `with`; quotes around it go along where they are to. */
static void
replace_all(struct tn_keyword_text *text, struct tn_span needle, struct tn_span with,
    bool quotes)
{
	struct tn_keyword_text out = { 0 };
	size_t at = find(text, 0, needle), copied = 0;

	if (at == text->bytes.len)
		return;
	while (at < text->bytes.len && out.bytes.len <= TEXT_MAX) {
		size_t end = at + needle.len;

		if (quotes && is_quoted(text, copied, at, end)) {
			at--;
			end++;
		}
		tn_rewrite_copy(&out, text, copied, at);
		tn_rewrite_put(&out, text, at, with);
		copied = end;
		at = find(text, end, needle);
	}
	tn_rewrite_copy(&out, text, copied, text->bytes.len);
	tn_keyword_text_done(text);
	*text = out;
}

/* "[object Object]" is what the tool would write. */
static void
refuse_object(struct tn_keywords *keywords, const char *file,
    const struct tn_mapping *mapping)
{
	struct tn_diag *diag = tn_diags_error(keywords->diags, "object-as-text",
	    (struct tn_mark){ .file = file },
	    "##%s## stands for text, and its mapping is an object", mapping->key);

	tn_diags_hint(keywords->diags, diag, "write @@%s@@ for JSON", mapping->key);
}

/* One mapping in one of its two forms. */
static bool
apply(struct tn_keywords *keywords, const char *file, const struct tn_mapping *mapping,
    bool json, struct tn_keyword_text *text)
{
	TN_CLEANUP(tn_str_done) struct tn_str needle = TN_STR_INIT;
	const char *with = json ? mapping->json : mapping->text;

	tn_str_addf(&needle, json ? "@@%s@@" : "##%s##", mapping->key);
	if (with == NULL) {
		if (find(text, 0, tn_str_span(&needle)) == text->bytes.len)
			return true;
		refuse_object(keywords, file, mapping);
		return false;
	}
	replace_all(text, tn_str_span(&needle), tn_span(with), json);
	return tn_rewrite_check(keywords, file, text);
}

bool
tn_rewrite_mappings(struct tn_keywords *keywords, const char *file, struct tn_span bytes,
    struct tn_keyword_text *out)
{
	size_t work = 0;

	*out = (struct tn_keyword_text){ 0 };
	if (bytes.len > 0)
		tn_str_add_bytes(&out->bytes, bytes.ptr, bytes.len);
	for (unsigned pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < keywords->n_mappings; i++) {
			work += out->bytes.len;
			if (work > WORK_MAX)
				return tn_rewrite_too_large(keywords, file);
			if (!apply(keywords, file, &keywords->mappings[i], pass == 0,
				out))
				return false;
		}
	}
	return true;
}

/* What JavaScript makes of a value in a text: items with commas between; false for an
 * object. */
static bool
add_text(const struct tn_value *value, bool inner, struct tn_str *out)
{
	switch (value->kind) {
	case TN_VALUE_NULL:
		tn_str_add(out, inner ? "" : "null");
		return true;
	case TN_VALUE_BOOL:
		tn_str_add(out, value->as.boolean ? "true" : "false");
		return true;
	case TN_VALUE_NUMBER:
	case TN_VALUE_STRING:
	case TN_VALUE_SCALAR:
		tn_str_add(out, value->as.text);
		return true;
	case TN_VALUE_ARRAY:
		for (size_t i = 0; i < value->count; i++) {
			tn_str_add(out, i > 0 ? "," : "");
			if (!add_text(value->as.items[i], true, out))
				return false;
		}
		return true;
	case TN_VALUE_OBJECT:
	case TN_VALUE_SECRET:
		return false;
	}
	return false;
}

void
tn_keywords_map(struct tn_keywords *keywords, const struct tn_value *object)
{
	size_t n = tn_value_is(object, TN_VALUE_OBJECT) ? object->count : 0;

	keywords->mappings = tn_arena_array(keywords->arena, n, struct tn_mapping);
	for (size_t i = 0; i < n; i++) {
		const struct tn_member *member = &object->as.members[i];
		TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
		TN_CLEANUP(tn_str_done) struct tn_str json = TN_STR_INIT;
		struct tn_mapping *mapping;

		if (*member->key == '\0' ||
		    tn_keywords_placeholder(keywords, member->key) != NULL)
			continue;
		mapping = &keywords->mappings[keywords->n_mappings++];
		mapping->key = member->key;
		if (add_text(member->value, false, &text))
			mapping->text = tn_arena_bytes(keywords->arena,
			    tn_str_text(&text), text.len);
		tn_json_write(member->value, &json);
		mapping->json = tn_arena_bytes(keywords->arena, tn_str_text(&json),
		    json.len);
	}
}
