#include "deploycli/keyword.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "deploycli/ruler.h"
#include "deploycli/rewrite.h"

/*
 * Markers: two characters of Unicode's private use around a kind and a name. A file that
 * has them itself says nothing else with them than with ##NAME##.
 */
#define OPEN  "\xee\x83\x9c"
#define CLOSE "\xee\x83\x9d"

enum marker_kind {
	MARKER_TEXT = '#', /* ##NAME## */
	MARKER_JSON = '@', /* @@NAME@@ */
	MARKER_SCALAR =
	    '=', /* ##NAME## outside of the quotes of JSON: not only a string */
};

/* A keyword or a marker that was found in a text. */
struct found {
	struct tn_span name;
	char kind;
	size_t len; /* of all of it */
};

static size_t
name_length(const char *at, const char *end)
{
	const char *from = at;

	while (at < end &&
	    ((*at >= 'A' && *at <= 'Z') || (*at >= 'a' && *at <= 'z') ||
		(*at >= '0' && *at <= '9') || *at == '_'))
		at++;
	return (size_t)(at - from);
}

static bool
found_between(const char *at, const char *end, const char *closing, struct found *out)
{
	size_t len = name_length(at, end), close = strlen(closing);

	if (len == 0 || (size_t)(end - at) < len + close ||
	    memcmp(at + len, closing, close) != 0)
		return false;
	out->name = tn_span_of(at, len);
	return true;
}

static bool
keyword_at(const char *at, const char *end, struct found *out)
{
	const char closing[] = { at[0], at[0], '\0' };

	if (end - at < 5 || at[0] != at[1] || (at[0] != '#' && at[0] != '@') ||
	    !found_between(at + 2, end, closing, out))
		return false;
	out->kind = at[0];
	out->len = out->name.len + 4;
	return true;
}

static bool
marker_at(const char *at, const char *end, struct found *out)
{
	size_t open = strlen(OPEN);

	if ((size_t)(end - at) <= open || memcmp(at, OPEN, open) != 0 ||
	    !found_between(at + open + 1, end, CLOSE, out))
		return false;
	out->kind = at[open];
	out->len = open + 1 + out->name.len + strlen(CLOSE);
	return true;
}

/* Upper case alone, as the tool looks for what it could not replace. */
static bool
is_upper(struct tn_span name)
{
	for (size_t i = 0; i < name.len; i++)
		if (name.ptr[i] >= 'a' && name.ptr[i] <= 'z')
			return false;
	return true;
}

static const struct tn_placeholder *
placeholder_of(const struct tn_keywords *keywords, struct tn_span name)
{
	for (size_t i = 0; i < keywords->options->n_placeholders; i++)
		if (tn_span_is(name, keywords->options->placeholders[i].name))
			return &keywords->options->placeholders[i];
	return NULL;
}

const struct tn_placeholder *
tn_keywords_placeholder(const struct tn_keywords *keywords, const char *name)
{
	return placeholder_of(keywords, tn_span(name));
}

static bool
is_secret(const struct tn_keywords *keywords, struct tn_span name)
{
	for (size_t i = 0; i < keywords->options->n_secrets; i++)
		if (tn_span_is(name, keywords->options->secrets[i]))
			return true;
	return false;
}

static bool
is_known(const struct tn_keywords *keywords, struct tn_span name)
{
	return placeholder_of(keywords, name) != NULL || is_secret(keywords, name);
}

/* What a keyword or marker in a managed text is; none for lower case that nobody knows.
 */
static bool
found_at(const struct tn_keywords *keywords, const char *at, const char *end,
    struct found *out)
{
	if (marker_at(at, end, out))
		return true;
	return keyword_at(at, end, out) &&
	    (is_upper(out->name) || is_known(keywords, out->name));
}

static void
note_use(struct tn_keywords *keywords, struct tn_keyword_use **uses, size_t *n,
    size_t *cap, struct tn_span name, struct tn_mark mark)
{
	for (size_t i = 0; i < *n; i++)
		if (tn_span_is(name, (*uses)[i].name))
			return;
	*uses = tn_arena_grow(keywords->arena, *uses, *n, cap, sizeof(**uses));
	(*uses)[(*n)++] = (struct tn_keyword_use){
		.name = tn_arena_bytes(keywords->arena, name.ptr, name.len),
		.mark = mark,
	};
}

static bool
refuse(struct tn_keywords *keywords, const struct found *found, struct tn_mark mark)
{
	const struct tn_placeholder *placeholder = placeholder_of(keywords, found->name);
	int len = (int)found->name.len;
	const char *name = found->name.ptr;
	char sign = found->kind == MARKER_JSON ? '@' : '#';
	struct tn_diag *diag;

	if (is_secret(keywords, found->name)) {
		diag = tn_diags_error(keywords->diags, "secret-as-text", mark,
		    "%.*s is a secret of the connection and cannot stand in plain text",
		    len, name);
		tn_diags_hint(keywords->diags, diag,
		    "a secret is the value of an action's secret and nothing else");
	} else if (placeholder != NULL) {
		diag = tn_diags_error(keywords->diags, "unresolved-placeholder", mark,
		    "the placeholder %.*s %s", len, name,
		    placeholder->value == NULL ? "has no value" : "is not valid UTF-8");
		tn_diags_hint(keywords->diags, diag, "set the variable %.*s", len, name);
	} else {
		diag = tn_diags_error(keywords->diags, "unresolved-placeholder", mark,
		    "nothing says what %c%c%.*s%c%c is", sign, sign, len, name, sign,
		    sign);
		tn_diags_hint(keywords->diags, diag,
		    "map %.*s under AUTH0_KEYWORD_REPLACE_MAPPINGS in the config.json, or "
		    "let the connection take it from the environment: placeholders: [%.*s]",
		    len, name, len, name);
	}
	return false;
}

/* The text of one keyword. False after a finding. */
static bool
put_text(struct tn_keywords *keywords, const struct found *found, struct tn_mark mark,
    bool as_code, struct tn_str *out)
{
	const struct tn_placeholder *placeholder = placeholder_of(keywords, found->name);
	bool quoted = as_code && found->kind == MARKER_JSON;
	char sign = found->kind == MARKER_JSON ? '@' : '#';

	if (placeholder != NULL && placeholder->value != NULL &&
	    tn_utf8_valid(tn_span(placeholder->value)) &&
	    !is_secret(keywords, found->name)) {
		note_use(keywords, &keywords->used, &keywords->n_used,
		    &keywords->cap_used, found->name, mark);
		if (quoted)
			tn_str_add_char(out, '"');
		if (quoted)
			tn_json_escape(tn_span(placeholder->value), out);
		else
			tn_str_add(out, placeholder->value);
		if (quoted)
			tn_str_add_char(out, '"');
		return true;
	}
	/* What has no text stays in sight: the text around it is still what it was. */
	tn_str_addf(out, "%c%c%.*s%c%c", sign, sign, (int)found->name.len,
	    found->name.ptr, sign, sign);
	if (!keywords->options->open)
		return refuse(keywords, found, mark);
	note_use(keywords, &keywords->open, &keywords->n_open, &keywords->cap_open,
	    found->name, mark);
	return true;
}

/* Documents: markers instead of keywords. */

struct marking {
	const struct tn_keywords *keywords;
	const struct tn_keyword_text *in;
	struct tn_keyword_text *out;
	enum tn_keyword_form form;
	size_t copied;
	bool in_string; /* of JSON */
};

static void
put_marker(struct marking *m, size_t at, size_t len, const struct found *found)
{
	TN_CLEANUP(tn_str_done) struct tn_str marker = TN_STR_INIT;
	bool bare = m->form == TN_KEYWORD_JSON && !m->in_string;
	bool quoted = found->kind == MARKER_JSON || bare;

	tn_str_addf(&marker, "%s" OPEN "%c%.*s" CLOSE "%s", quoted ? "\"" : "",
	    found->kind == MARKER_TEXT && bare ? MARKER_SCALAR : found->kind,
	    (int)found->name.len, found->name.ptr, quoted ? "\"" : "");
	tn_rewrite_copy(m->out, m->in, m->copied, at);
	tn_rewrite_put(m->out, m->in, at, tn_str_span(&marker));
	m->copied = at + len;
}

/* "##WORD##" at the beginning of a line of YAML is a comment, unless somebody knows it.
 */
static bool
is_comment(const struct marking *m, size_t at, const struct found *found)
{
	const char *text = m->in->bytes.ptr;

	if (m->form != TN_KEYWORD_YAML || found->kind != MARKER_TEXT ||
	    is_known(m->keywords, found->name))
		return false;
	while (at > 0 && (text[at - 1] == ' ' || text[at - 1] == '\t'))
		at--;
	return at == 0 || text[at - 1] == '\n';
}

/* Quotes right around @@NAME@@ are part of it. */
static bool
has_quotes(const struct marking *m, size_t at, const struct found *found)
{
	struct tn_span text = tn_str_span(&m->in->bytes);
	size_t end = at + found->len;

	return found->kind == MARKER_JSON && at > m->copied && end < text.len &&
	    (text.ptr[at - 1] == '"' || text.ptr[at - 1] == '\'') &&
	    text.ptr[end] == text.ptr[at - 1];
}

static void
mark_keywords(struct marking *m)
{
	struct tn_span text = tn_str_span(&m->in->bytes);
	const char *end = text.ptr + text.len;
	struct found found;
	size_t at = 0;

	while (at < text.len) {
		const char *p = text.ptr + at;

		if (!keyword_at(p, end, &found) ||
		    !(is_upper(found.name) || is_known(m->keywords, found.name)) ||
		    is_comment(m, at, &found)) {
			if (m->in_string && *p == '\\' && at + 1 < text.len)
				at++;
			else if (*p == '"')
				m->in_string = !m->in_string;
			at++;
		} else if (has_quotes(m, at, &found)) {
			/* The opening quote was passed: the closing one goes with it. */
			m->in_string = false;
			put_marker(m, at - 1, found.len + 2, &found);
			at += found.len + 1;
		} else {
			put_marker(m, at, found.len, &found);
			at += found.len;
		}
	}
	tn_rewrite_copy(m->out, m->in, m->copied, text.len);
}

static bool
has_signs(struct tn_span text)
{
	return text.len > 0 &&
	    (memmem(text.ptr, text.len, "##", 2) != NULL ||
		memmem(text.ptr, text.len, "@@", 2) != NULL);
}

bool
tn_keywords_replace(struct tn_keywords *keywords, const char *file, struct tn_span bytes,
    enum tn_keyword_form form, struct tn_keyword_text *out)
{
	struct tn_keyword_text mapped = { 0 };
	struct marking marking = {
		.keywords = keywords,
		.in = &mapped,
		.out = out,
		.form = form,
	};
	bool good = tn_rewrite_mappings(keywords, file, bytes, &mapped);

	*out = (struct tn_keyword_text){ 0 };
	if (good && has_signs(tn_str_span(&mapped.bytes))) {
		mark_keywords(&marking);
		good = tn_rewrite_check(keywords, file, out);
	} else if (good) {
		*out = mapped;
		return true;
	}
	tn_keyword_text_done(&mapped);
	return good;
}

/* Code: text at once. */

static bool
resolve_code(struct tn_keywords *keywords, const char *file, struct tn_span original,
    const struct tn_keyword_text *mapped, struct tn_str *out)
{
	struct tn_span text = tn_str_span(&mapped->bytes);
	const char *end = text.ptr + text.len;
	struct tn_ruler ruler;
	struct found found;
	size_t copied = 0, at = 0;
	bool good = true;

	tn_ruler_init(&ruler, original);
	while (at < text.len) {
		struct tn_mark mark = { .file = file };
		size_t begin = at, len;

		if (!found_at(keywords, text.ptr + at, end, &found)) {
			at++;
			continue;
		}
		len = found.len;
		if (found.kind == MARKER_JSON && at > copied && at + len < text.len &&
		    (text.ptr[at - 1] == '"' || text.ptr[at - 1] == '\'') &&
		    text.ptr[at + len] == text.ptr[at - 1] &&
		    placeholder_of(keywords, found.name) != NULL) {
			begin--;
			len += 2;
		}
		tn_str_add_bytes(out, text.ptr + copied, begin - copied);
		tn_ruler_mark(&ruler, tn_rewrite_origin(mapped, at), &mark);
		good &= put_text(keywords, &found, mark, true, out);
		at = copied = begin + len;
	}
	if (text.len > 0)
		tn_str_add_bytes(out, text.ptr + copied, text.len - copied);
	tn_ruler_done(&ruler);
	return good;
}

bool
tn_keywords_replace_code(struct tn_keywords *keywords, const char *file,
    struct tn_span bytes, struct tn_str *out)
{
	struct tn_keyword_text mapped = { 0 };
	bool good = tn_rewrite_mappings(keywords, file, bytes, &mapped) &&
	    resolve_code(keywords, tn_arena_text(keywords->arena, file), bytes, &mapped,
		out);

	tn_keyword_text_done(&mapped);
	return good;
}

/* Values: markers become text. */

static bool
resolve_text(struct tn_keywords *keywords, const char **text, struct tn_mark mark,
    bool *scalar)
{
	TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;
	const char *at = *text, *end = at + strlen(at), *copied = at;
	struct found found;
	bool good = true;

	tn_str_init(&out, TN_TREE_FILE_MAX);
	while (at < end) {
		if (!found_at(keywords, at, end, &found)) {
			at++;
			continue;
		}
		*scalar = found.kind == MARKER_SCALAR && at == *text &&
		    found.len == (size_t)(end - at);
		tn_str_add_bytes(&out, copied, (size_t)(at - copied));
		good &= put_text(keywords, &found, mark, false, &out);
		at = copied = at + found.len;
	}
	if (copied == *text)
		return true;
	tn_str_add_bytes(&out, copied, (size_t)(end - copied));
	if (tn_str_overflowed(&out))
		return tn_rewrite_too_large(keywords, mark.file);
	*text = tn_arena_bytes(keywords->arena, tn_str_text(&out), out.len);
	return good;
}

bool
tn_keywords_resolve(struct tn_keywords *keywords, struct tn_value *value)
{
	bool good = true, scalar = false;

	switch (value->kind) {
	case TN_VALUE_STRING:
	case TN_VALUE_SCALAR:
		good = resolve_text(keywords, &value->as.text, value->mark, &scalar);
		value->count = strlen(value->as.text);
		if (scalar)
			value->kind = TN_VALUE_SCALAR;
		return good;
	case TN_VALUE_ARRAY:
		for (size_t i = 0; i < value->count; i++)
			good &= tn_keywords_resolve(keywords, value->as.items[i]);
		return good;
	case TN_VALUE_OBJECT:
		for (size_t i = 0; i < value->count; i++) {
			struct tn_member *member = &value->as.members[i];

			good &= resolve_text(keywords, &member->key, member->mark,
			    &scalar);
			good &= tn_keywords_resolve(keywords, member->value);
		}
		return good;
	case TN_VALUE_NULL:
	case TN_VALUE_BOOL:
	case TN_VALUE_NUMBER:
	case TN_VALUE_SECRET:
		return true;
	}
	return true;
}

const char *
tn_keyword_whole(struct tn_keywords *keywords, const char *text)
{
	size_t len = strlen(text);
	struct found found;

	if (!(marker_at(text, text + len, &found) ||
		keyword_at(text, text + len, &found)) ||
	    found.len != len)
		return NULL;
	return tn_arena_bytes(keywords->arena, found.name.ptr, found.name.len);
}

bool
tn_keyword_any(const char *text)
{
	const char *end = text + strlen(text);
	struct found found;

	for (; text < end; text++)
		if (marker_at(text, end, &found) || keyword_at(text, end, &found))
			return true;
	return false;
}
