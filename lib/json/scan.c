#include "json/scan.h"

#include <stdarg.h>
#include <string.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/mem.h"
#include "base/text.h"
#include "json/keys.h"

/* Keys in messages are cut to about this many bytes. */
#define SHORT 60

struct frame {
	const char *open; /* the bracket or brace */
	size_t first_key;
};

struct scanner {
	struct tn_json_scan *out;
	struct tn_arena *arena;
	const struct tn_json_limits *limits;
	struct tn_error *err;
	const char *start;
	const char *at;
	const char *end;
	struct frame *frames;
	size_t depth;
	size_t frames_cap;
	struct tn_json_keys keys;
	size_t values;
};

static struct tn_mark
place_of(const struct scanner *s, const char *at)
{
	struct tn_span bytes = tn_span_of(s->start, (size_t)(s->end - s->start));

	return tn_mark_at(NULL, bytes, (size_t)(at - s->start));
}

static int fail(struct scanner *s, enum tn_error_kind kind, const char *at,
    const char *format, ...) TN_PRINTF(4, 5);

static int
fail(struct scanner *s, enum tn_error_kind kind, const char *at, const char *format, ...)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
	struct tn_mark place = place_of(s, at);
	va_list args;

	va_start(args, format);
	tn_str_addv(&text, format, args);
	va_end(args);
	s->out->failed_at = (size_t)(at - s->start);
	if (s->out->marked)
		return tn_error_set(s->err, kind, "%s", tn_str_text(&text));
	return tn_error_set(s->err, kind, "line %u, column %u: %s", place.line, place.col,
	    tn_str_text(&text));
}

static int
fail_at_end(struct scanner *s)
{
	const struct frame *frame;
	struct tn_mark place;

	if (s->depth == 0)
		return fail(s, TN_E_INPUT, s->end, "a value is missing");
	frame = &s->frames[s->depth - 1];
	place = place_of(s, frame->open);
	return fail(s, TN_E_INPUT, s->end,
	    "the document ends inside the %s that begins at line %u, column %u",
	    *frame->open == '{' ? "object" : "array", place.line, place.col);
}

static int
fail_unexpected(struct scanner *s, const char *expected)
{
	unsigned char byte;

	if (s->at == s->end)
		return fail_at_end(s);
	byte = (unsigned char)*s->at;
	if (byte > 0x20 && byte < 0x7f)
		return fail(s, TN_E_INPUT, s->at, "found '%c', expected %s", byte,
		    expected);
	if (byte < 0x80)
		return fail(s, TN_E_INPUT, s->at,
		    "found the character U+%04X, expected %s", byte, expected);
	return fail(s, TN_E_INPUT, s->at,
	    "found a character outside of quotes, expected %s", expected);
}

/* A key or a value begins here. */
static void
note_place(struct scanner *s)
{
	struct tn_json_scan *out = s->out;

	if (!out->marked)
		return;
	out->places = tn_grow(out->places, out->n_places, &out->places_cap,
	    sizeof(*out->places));
	out->places[out->n_places++] = (size_t)(s->at - s->start);
}

static void
skip_space(struct scanner *s)
{
	while (s->at < s->end &&
	    (*s->at == ' ' || *s->at == '\n' || *s->at == '\r' || *s->at == '\t'))
		s->at++;
}

static bool
is_high_surrogate(int code)
{
	return code >= 0xd800 && code <= 0xdbff;
}

static bool
is_low_surrogate(int code)
{
	return code >= 0xdc00 && code <= 0xdfff;
}

/* At the backslash of \uXXXX. */
static int
scan_unicode_escape(struct scanner *s)
{
	int code = tn_json_hex_quad(s->at + 2, s->end);
	int second = -1;

	if (code < 0)
		return fail(s, TN_E_INPUT, s->at, "\\u needs four hexadecimal digits");
	if (code == 0)
		return fail(s, TN_E_INPUT, s->at, "\\u0000 is not accepted in text");
	if (is_high_surrogate(code) && s->end - s->at >= 8 && s->at[6] == '\\' &&
	    s->at[7] == 'u')
		second = tn_json_hex_quad(s->at + 8, s->end);
	if (is_low_surrogate(code) ||
	    (is_high_surrogate(code) && !is_low_surrogate(second)))
		return fail(s, TN_E_INPUT, s->at,
		    "\\u%.4s is one half of a character: "
		    "a surrogate pair is incomplete",
		    s->at + 2);
	s->at += is_high_surrogate(code) ? 12 : 6;
	return 0;
}

static int
scan_escape(struct scanner *s)
{
	if (s->end - s->at < 2)
		return fail(s, TN_E_INPUT, s->at, "an escape is incomplete");
	if (s->at[1] == 'u')
		return scan_unicode_escape(s);
	if (s->at[1] == '\0' || strchr("\"\\/bfnrt", s->at[1]) == NULL)
		return fail(s, TN_E_INPUT, s->at,
		    "\\ is followed by none of \" \\ / b f n r t u");
	s->at += 2;
	return 0;
}

static bool
is_plain(char c)
{
	return (unsigned char)c >= 0x20 && c != '"' && c != '\\';
}

/* At the opening quote; goes behind the closing one. *inside is as written. */
static int
scan_string(struct scanner *s, struct tn_span *inside, bool *escaped)
{
	const char *open = s->at++;

	*escaped = false;
	for (;;) {
		while (s->at < s->end && is_plain(*s->at))
			s->at++;
		if (s->at == s->end)
			return fail(s, TN_E_INPUT, open, "a string is not closed");
		if (*s->at == '"')
			break;
		if (*s->at != '\\')
			return fail(s, TN_E_INPUT, s->at,
			    "the control character U+%04X must be escaped in a string",
			    (unsigned char)*s->at);
		*escaped = true;
		if (scan_escape(s) < 0)
			return -TN_E_INPUT;
	}
	*inside = tn_span_of(open + 1, (size_t)(s->at - open - 1));
	s->at++;
	return 0;
}

static bool
skip_digits(struct scanner *s)
{
	const char *first = s->at;

	while (s->at < s->end && *s->at >= '0' && *s->at <= '9')
		s->at++;
	return s->at > first;
}

static bool
skip_one_of(struct scanner *s, const char *set)
{
	if (s->at == s->end || *s->at == '\0' || strchr(set, *s->at) == NULL)
		return false;
	s->at++;
	return true;
}

static int
scan_number(struct scanner *s)
{
	const char *first = s->at;
	bool zero;

	skip_one_of(s, "-");
	zero = s->at < s->end && *s->at == '0';
	if (!skip_digits(s))
		return fail(s, TN_E_INPUT, first, "a number has no digits");
	if (zero && s->at - first > (*first == '-' ? 2 : 1))
		return fail(s, TN_E_INPUT, first, "a number begins with a superfluous 0");
	if (skip_one_of(s, ".") && !skip_digits(s))
		return fail(s, TN_E_INPUT, first,
		    "a number has no digits behind its point");
	if (skip_one_of(s, "eE")) {
		skip_one_of(s, "+-");
		if (!skip_digits(s))
			return fail(s, TN_E_INPUT, first,
			    "a number has no digits in its exponent");
	}
	s->out->numbers = tn_grow(s->out->numbers, s->out->count, &s->out->cap,
	    sizeof(*s->out->numbers));
	s->out->numbers[s->out->count++] = tn_span_of(first, (size_t)(s->at - first));
	return 0;
}

static int
scan_word(struct scanner *s, const char *word)
{
	size_t len = strlen(word);

	if ((size_t)(s->end - s->at) < len || memcmp(s->at, word, len) != 0)
		return fail_unexpected(s, "a value");
	s->at += len;
	return 0;
}

static int
fail_repeat(struct scanner *s, const struct tn_json_repeat *repeat)
{
	const struct tn_json_key *second = repeat->second;
	struct tn_mark place = place_of(s, repeat->first->at);
	size_t len = second->len;

	if (len > SHORT) {
		len = SHORT;
		while (len > 0 && ((unsigned char)second->text[len] & 0xc0) == 0x80)
			len--;
	}
	return fail(s, TN_E_INPUT, second->at,
	    "the key \"%.*s%s\" is already there, at line %u, column %u", (int)len,
	    second->text, len < second->len ? "…" : "", place.line, place.col);
}

/* The key and its colon. */
static int
scan_key(struct scanner *s, const char *expected)
{
	struct tn_json_repeat repeat;
	struct tn_span text;
	const char *at;
	bool escaped;

	skip_space(s);
	at = s->at;
	if (at == s->end || *at != '"')
		return fail_unexpected(s, expected);
	note_place(s);
	if (scan_string(s, &text, &escaped) < 0)
		return -TN_E_INPUT;
	tn_json_keys_add(&s->keys, s->arena, text, escaped, at);
	repeat = tn_json_keys_check_last(&s->keys, s->frames[s->depth - 1].first_key);
	if (repeat.first != NULL)
		return fail_repeat(s, &repeat);
	skip_space(s);
	if (s->at == s->end || *s->at != ':')
		return fail_unexpected(s, "':' after the key");
	s->at++;
	return 0;
}

static int
open_frame(struct scanner *s)
{
	if (s->depth >= s->limits->depth)
		return fail(s, TN_E_LIMIT, s->at,
		    "arrays and objects are nested more than %u deep", s->limits->depth);
	s->frames = tn_grow(s->frames, s->depth, &s->frames_cap, sizeof(*s->frames));
	s->frames[s->depth++] = (struct frame){ s->at++, s->keys.count };
	return 0;
}

static int
close_frame(struct scanner *s)
{
	size_t first = s->frames[s->depth - 1].first_key;
	struct tn_json_repeat repeat = tn_json_keys_check_all(&s->keys, first);

	if (repeat.first != NULL)
		return fail_repeat(s, &repeat);
	s->keys.count = first;
	s->depth--;
	s->at++;
	return 0;
}

/* Behind an opening bracket: *complete when it is closed at once. */
static int
scan_first_item(struct scanner *s, bool *complete)
{
	bool object = *s->frames[s->depth - 1].open == '{';

	skip_space(s);
	*complete = s->at < s->end && *s->at == (object ? '}' : ']');
	if (*complete)
		return close_frame(s);
	return object ? scan_key(s, "a key in double quotes or '}'") : 0;
}

/* One value up to where it is complete, or the opening of one. */
static int
scan_value(struct scanner *s, bool *complete)
{
	struct tn_span text;
	bool escaped;

	skip_space(s);
	if (++s->values > s->limits->values)
		return fail(s, TN_E_LIMIT, s->at, "there are more than %zu values",
		    s->limits->values);
	note_place(s);
	*complete = true;
	switch (s->at < s->end ? *s->at : '\0') {
	case '{':
	case '[': {
		int r = open_frame(s);

		return r < 0 ? r : scan_first_item(s, complete);
	}
	case '"':
		return scan_string(s, &text, &escaped);
	case 't':
		return scan_word(s, "true");
	case 'f':
		return scan_word(s, "false");
	case 'n':
		return scan_word(s, "null");
	default:
		if (s->at < s->end && (*s->at == '-' || (*s->at >= '0' && *s->at <= '9')))
			return scan_number(s);
		return fail_unexpected(s, "a value");
	}
}

/*
 * Behind a complete value: closes what ends here and goes to the next value, if
 * there is one.
 */
static int
scan_rest(struct scanner *s)
{
	while (s->depth > 0) {
		bool object = *s->frames[s->depth - 1].open == '{';

		skip_space(s);
		if (s->at < s->end && *s->at == ',') {
			s->at++;
			return object ? scan_key(s, "a key in double quotes") : 0;
		}
		if (s->at == s->end || *s->at != (object ? '}' : ']'))
			return fail_unexpected(s, object ? "',' or '}'" : "',' or ']'");
		if (close_frame(s) < 0)
			return -TN_E_INPUT;
	}
	return 0;
}

static int
scan_document(struct scanner *s)
{
	bool complete = false;
	int r;

	do {
		r = scan_value(s, &complete);
		if (r == 0 && complete)
			r = scan_rest(s);
	} while (r == 0 && s->depth > 0);
	if (r < 0)
		return r;
	skip_space(s);
	if (s->at < s->end)
		return fail(s, TN_E_INPUT, s->at, "there is more text behind the value");
	return 0;
}

/* What can be said of the bytes before they are read as JSON. */
static int
check_bytes(struct scanner *s, struct tn_span bytes)
{
	size_t valid;

	if (bytes.len > s->limits->bytes)
		return tn_error_set(s->err, TN_E_LIMIT,
		    "the document has %zu bytes, at most %zu are read", bytes.len,
		    s->limits->bytes);
	if (bytes.len >= 3 && memcmp(bytes.ptr, "\xef\xbb\xbf", 3) == 0)
		return fail(s, TN_E_INPUT, s->start,
		    "the document begins with a byte order mark, which JSON does not allow");
	valid = tn_utf8_check(bytes);
	if (valid < bytes.len)
		return fail(s, TN_E_INPUT, s->start + valid,
		    "the text is not valid UTF-8");
	return 0;
}

int
tn_json_scan(struct tn_json_scan *scan, struct tn_arena *arena, struct tn_span bytes,
    const struct tn_json_limits *limits, struct tn_error *err)
{
	const char *text = bytes.len > 0 ? bytes.ptr : "";
	struct scanner s = {
		.out = scan,
		.arena = arena,
		.limits = limits,
		.err = err,
		.start = text,
		.at = text,
		.end = text + bytes.len,
	};
	int r = check_bytes(&s, bytes);

	if (r == 0)
		r = scan_document(&s);
	tn_free(s.frames);
	tn_json_keys_done(&s.keys);
	return r;
}

void
tn_json_scan_done(struct tn_json_scan *scan)
{
	tn_free(scan->numbers);
	tn_free(scan->places);
	*scan = (struct tn_json_scan){ 0 };
}
