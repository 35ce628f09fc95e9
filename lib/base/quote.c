#include "base/quote.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"

/* In characters: longer lines are cut, and that much is kept before the place. */
#define SHOWN  120
#define BEFORE 50

void
tn_quoter_init(struct tn_quoter *quoter, struct tn_span bytes)
{
	*quoter = (struct tn_quoter){ .bytes = bytes, .line = 1, .col = 1 };
	/* The mark that some editors put before UTF-8 is no part of the line. */
	if (bytes.len >= 3 && memcmp(bytes.ptr, "\xef\xbb\xbf", 3) == 0)
		quoter->bytes = tn_span_of(bytes.ptr + 3, bytes.len - 3);
}

static bool
ends_line(struct tn_span bytes, size_t at)
{
	return at == bytes.len || bytes.ptr[at] == '\n' || bytes.ptr[at] == '\r';
}

static bool
continues_character(struct tn_span bytes, size_t at)
{
	return at < bytes.len && ((unsigned char)bytes.ptr[at] & 0xc0) == 0x80;
}

/* Over so many characters, or to the end of the line. */
static size_t
forward(struct tn_span bytes, size_t at, size_t characters)
{
	for (; characters > 0 && !ends_line(bytes, at); characters--) {
		do
			at++;
		while (continues_character(bytes, at));
	}
	return at;
}

/* Back over so many characters, or to the start of the line. */
static size_t
backward(struct tn_span bytes, size_t at, size_t start, size_t characters)
{
	for (; characters > 0 && at > start; characters--) {
		do
			at--;
		while (at > start && continues_character(bytes, at));
	}
	return at;
}

/* Lines end as editors see it: at LF, CR LF or CR. */
static bool
go_to_line(struct tn_quoter *q, unsigned line)
{
	size_t at = q->at;

	while (q->line < line) {
		while (!ends_line(q->bytes, at))
			at++;
		if (at == q->bytes.len)
			return false;
		if (q->bytes.ptr[at] == '\r' && at + 1 < q->bytes.len &&
		    q->bytes.ptr[at + 1] == '\n')
			at++;
		at++;
		q->line++;
		q->line_start = at;
		q->at = at;
		q->col = 1;
	}
	return q->line == line;
}

static bool
is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || ((unsigned char)c & 0x80) != 0 ||
	    (c != '\0' && strchr("_-.@/$+*", c) != NULL);
}

/* The end of the word, or of the text in quotes, that begins at a place. */
static size_t
word_end(struct tn_span bytes, size_t start)
{
	size_t at = start;
	char quote = ends_line(bytes, at) ? '\0' : bytes.ptr[at];

	if (quote == '"' || quote == '\'' || quote == '`') {
		for (at++; !ends_line(bytes, at) && bytes.ptr[at] != quote; at++)
			if (bytes.ptr[at] == '\\' && !ends_line(bytes, at + 1))
				at++;
		return ends_line(bytes, at) ? start + 1 : at + 1;
	}
	while (!ends_line(bytes, at) && is_word(bytes.ptr[at]))
		at++;
	return at > start ? at : forward(bytes, at, 1);
}

void
tn_quoter_take(struct tn_quoter *q, struct tn_mark mark, struct tn_arena *arena,
    struct tn_quote *out)
{
	size_t first, end, word;

	if (mark.line == 0 || !go_to_line(q, mark.line))
		return;
	while (q->col < mark.col && !ends_line(q->bytes, q->at)) {
		q->at = forward(q->bytes, q->at, 1);
		q->col++;
	}
	first = q->line_start;
	end = forward(q->bytes, first, SHOWN);
	if (!ends_line(q->bytes, end)) {
		first = backward(q->bytes, q->at, first, BEFORE);
		end = forward(q->bytes, first, SHOWN);
	}
	word = word_end(tn_span_of(q->bytes.ptr, end), q->at);
	*out = (struct tn_quote){
		.text = tn_arena_bytes(arena, q->bytes.ptr + first, end - first),
		.len = end - first,
		.at = q->at - first,
		.marked = mark.col > 0 ? word - q->at : 0,
		.cut_before = first > q->line_start,
		.cut_after = !ends_line(q->bytes, end),
	};
}
