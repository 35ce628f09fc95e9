#include "yaml/yaml.h"

#include <string.h>

#include <yaml.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/text.h"
#include "yaml/build.h"
#include "yaml/problem.h"

const struct tn_yaml_limits tn_yaml_limits_default = {
	.bytes = (size_t)16 << 20,
	.values = 1000000,
	.depth = 64,
};

struct reader {
	const char *file;
	struct tn_span bytes;
	struct tn_diags *diags;
	struct tn_yaml_build *build;
	bool had_document;
};

/* --- Places ------------------------------------------------------------------------ */

static struct tn_mark
mark_of(const struct reader *r, yaml_mark_t mark)
{
	return (struct tn_mark){ r->file, (unsigned)mark.line + 1,
		(unsigned)mark.column + 1 };
}

static struct tn_mark
mark_at(const struct reader *r, size_t offset)
{
	struct tn_mark mark = { r->file, 1, 1 };
	size_t line = 0;

	for (size_t i = 0; i < offset; i++) {
		if (r->bytes.ptr[i] == '\n') {
			mark.line++;
			line = i + 1;
		}
	}
	mark.col += (unsigned)tn_utf8_length(
	    tn_span_of(r->bytes.ptr + line, offset - line));
	return mark;
}

/* libyaml's index counts characters. */
static unsigned char
byte_at_character(struct tn_span bytes, size_t index)
{
	for (size_t i = 0; i < bytes.len; i++) {
		if (((unsigned char)bytes.ptr[i] & 0xc0) == 0x80)
			continue;
		if (index-- == 0)
			return (unsigned char)bytes.ptr[i];
	}
	return 0;
}

/* Behind the last character that is no end of a line. */
static size_t
end_of_text(struct tn_span bytes)
{
	size_t end = bytes.len;

	while (end > 0 && (bytes.ptr[end - 1] == '\n' || bytes.ptr[end - 1] == '\r'))
		end--;
	return end;
}

/* --- Bytes ------------------------------------------------------------------------- */

static bool
refuse_bytes(const struct reader *r, const char *code, size_t offset, const char *message)
{
	struct tn_diag *diag = tn_diags_error(r->diags, code, mark_at(r, offset), "%s",
	    message);

	tn_diags_hint(r->diags, diag, "save the file as UTF-8");
	return false;
}

/* libyaml also takes NEL, LS and PS for the end of a line; those are their last bytes. */
static bool
begins_line(struct tn_span bytes, const char *at)
{
	return at == bytes.ptr || memchr("\n\r\x85\xa8\xa9", at[-1], 5) != NULL;
}

/* Looked for here, as libyaml compares every two of these lines before it tells of one.
 */
static bool
check_directives(const struct reader *r)
{
	const char *end = r->bytes.ptr + r->bytes.len;
	const char *at = r->bytes.ptr;
	struct tn_diag *diag;

	while ((at = memmem(at, (size_t)(end - at), "%TAG", 4)) != NULL) {
		if (begins_line(r->bytes, at)) {
			diag = tn_diags_error(r->diags, "tag",
			    mark_at(r, (size_t)(at - r->bytes.ptr)),
			    "tags are not used here");
			tn_diags_hint(r->diags, diag, "remove the %%TAG line");
			return false;
		}
		at++;
	}
	return true;
}

static bool
check_bytes(const struct reader *r, size_t max)
{
	const char *nul;
	size_t valid;

	if (r->bytes.len > max) {
		tn_diags_hint(r->diags,
		    tn_diags_error(r->diags, "too-large", mark_at(r, 0),
			"the file has %zu bytes, at most %zu are read", r->bytes.len,
			max),
		    "is it the right file?");
		return false;
	}
	if (r->bytes.len >= 2 &&
	    (memcmp(r->bytes.ptr, "\xff\xfe", 2) == 0 ||
		memcmp(r->bytes.ptr, "\xfe\xff", 2) == 0))
		return refuse_bytes(r, "bad-encoding", 0, "the file is UTF-16");
	nul = memchr(r->bytes.ptr, '\0', r->bytes.len);
	if (nul != NULL)
		return refuse_bytes(r, "bad-encoding", (size_t)(nul - r->bytes.ptr),
		    "the file holds the character NUL");
	valid = tn_utf8_check(r->bytes);
	if (valid < r->bytes.len)
		return refuse_bytes(r, "bad-encoding", valid,
		    "the file is not valid UTF-8");
	return check_directives(r);
}

/* --- Events ------------------------------------------------------------------------ */

static const char *
text_of(const yaml_char_t *text)
{
	return (const char *)text;
}

static void
refuse_tag(const struct reader *r, struct tn_mark mark, const yaml_char_t *tag)
{
	static const char standard[] = "tag:yaml.org,2002:";
	const char *text = text_of(tag);
	bool is_standard = tn_text_starts(text, standard);
	struct tn_diag *diag = tn_diags_error(r->diags, "tag", mark,
	    "tags are not used here: \"%s%s\"", is_standard ? "!!" : "",
	    is_standard ? text + strlen(standard) : text);

	tn_diags_hint(r->diags, diag, "remove the tag; text in quotes is always text");
}

static bool
on_document(struct reader *r, const yaml_event_t *event)
{
	struct tn_mark mark = mark_of(r, event->start_mark);
	struct tn_diag *diag;

	if (r->had_document) {
		diag = tn_diags_error(r->diags, "several-documents", mark,
		    "a second document begins here");
		tn_diags_hint(r->diags, diag, "a file holds one document");
		return false;
	}
	r->had_document = true;
	return true;
}

static bool
on_scalar(struct reader *r, const yaml_event_t *event)
{
	struct tn_mark mark = mark_of(r, event->start_mark);
	struct tn_span text = tn_span_of(text_of(event->data.scalar.value),
	    event->data.scalar.length);
	enum tn_yaml_style style = TN_YAML_QUOTED;

	if (event->data.scalar.tag != NULL)
		refuse_tag(r, mark, event->data.scalar.tag);
	if (event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE)
		style = TN_YAML_PLAIN;
	else if (event->data.scalar.style == YAML_LITERAL_SCALAR_STYLE ||
	    event->data.scalar.style == YAML_FOLDED_SCALAR_STYLE)
		style = TN_YAML_BLOCK;
	return tn_yaml_build_scalar(r->build, mark, text_of(event->data.scalar.anchor),
	    style, text);
}

static bool
on_open(struct reader *r, const yaml_event_t *event, enum tn_value_kind kind,
    const yaml_char_t *anchor, const yaml_char_t *tag)
{
	struct tn_mark mark = mark_of(r, event->start_mark);

	if (tag != NULL)
		refuse_tag(r, mark, tag);
	return tn_yaml_build_open(r->build, mark, text_of(anchor), kind);
}

/* False: stop. */
static bool
on_event(struct reader *r, const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_NO_EVENT:
	case YAML_STREAM_START_EVENT:
	case YAML_DOCUMENT_END_EVENT:
		return true;
	case YAML_STREAM_END_EVENT:
		return false;
	case YAML_DOCUMENT_START_EVENT:
		return on_document(r, event);
	case YAML_ALIAS_EVENT:
		return tn_yaml_build_alias(r->build, mark_of(r, event->start_mark),
		    text_of(event->data.alias.anchor));
	case YAML_SCALAR_EVENT:
		return on_scalar(r, event);
	case YAML_SEQUENCE_START_EVENT:
		return on_open(r, event, TN_VALUE_ARRAY,
		    event->data.sequence_start.anchor, event->data.sequence_start.tag);
	case YAML_MAPPING_START_EVENT:
		return on_open(r, event, TN_VALUE_OBJECT,
		    event->data.mapping_start.anchor, event->data.mapping_start.tag);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		tn_yaml_build_close(r->build);
		return true;
	}
	return false;
}

static void
report_problem(const struct reader *r, const yaml_parser_t *parser)
{
	struct tn_yaml_problem problem = {
		.text = parser->problem != NULL ? parser->problem
						: "the text is not YAML",
		.context = parser->context,
		.mark = mark_of(r, parser->problem_mark),
		.byte = byte_at_character(r->bytes, parser->problem_mark.index),
	};

	if (parser->error == YAML_MEMORY_ERROR)
		tn_memory_exhausted();
	/* The end is not where libyaml says, on a line that is not there. */
	if (problem.byte == 0)
		problem.mark = mark_at(r, end_of_text(r->bytes));
	/* Complaints about bytes have an offset for a place. */
	if (parser->error == YAML_READER_ERROR)
		problem.mark = mark_at(r, parser->problem_offset);
	if (parser->context != NULL)
		problem.since = mark_of(r, parser->context_mark);
	tn_yaml_problem_report(r->diags, &problem);
}

static void
read_events(struct reader *r)
{
	yaml_parser_t parser;
	yaml_event_t event;
	bool more = true;

	if (!yaml_parser_initialize(&parser))
		tn_memory_exhausted();
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&parser, (const unsigned char *)r->bytes.ptr,
	    r->bytes.len);
	while (more) {
		if (!yaml_parser_parse(&parser, &event)) {
			report_problem(r, &parser);
			break;
		}
		more = on_event(r, &event);
		yaml_event_delete(&event);
	}
	yaml_parser_delete(&parser);
}

int
tn_yaml_parse(struct tn_arena *arena, const char *file, struct tn_span bytes,
    const struct tn_yaml_limits *limits, struct tn_value **out, struct tn_diags *diags)
{
	const struct tn_yaml_limits *bounds = limits != NULL ? limits
							     : &tn_yaml_limits_default;
	TN_CLEANUP(tn_yaml_build_freep)
	struct tn_yaml_build *build = tn_yaml_build_new(arena, bounds, diags);
	struct reader r = {
		.file = tn_arena_text(arena, file),
		.bytes = tn_span_of(bytes.len > 0 ? bytes.ptr : "", bytes.len),
		.diags = diags,
		.build = build,
	};
	size_t errors = tn_diags_errors(diags);

	*out = NULL;
	/* Editors of one system put a mark before UTF-8; it is no part of the text. */
	if (bytes.len >= 3 && memcmp(r.bytes.ptr, "\xef\xbb\xbf", 3) == 0)
		r.bytes = tn_span_of(r.bytes.ptr + 3, r.bytes.len - 3);
	if (check_bytes(&r, bounds->bytes))
		read_events(&r);
	if (tn_diags_errors(diags) > errors)
		return -TN_E_INPUT;
	*out = tn_yaml_build_root(build);
	if (*out == NULL) {
		*out = tn_value_null(arena);
		(*out)->mark = mark_at(&r, 0);
	}
	return 0;
}
