#include "base/text.h"

#include "base/utf8.h"

const char *
tn_text_flaw(struct tn_span bytes, size_t *at)
{
	size_t valid = tn_utf8_check(bytes);
	const char *nul = valid > 0 ? memchr(bytes.ptr, '\0', valid) : NULL;

	*at = nul != NULL ? (size_t)(nul - bytes.ptr) : valid;
	if (nul != NULL)
		return "has a NUL character";
	return valid < bytes.len ? "is not valid UTF-8" : NULL;
}

/*
 * Characters that a terminal acts on or does not show: they could make text
 * look like other text. Sorted.
 */
static const struct {
	uint32_t first, last;
} hidden[] = {
	{ 0x0000, 0x001f },   /* control characters */
	{ 0x007f, 0x009f },   /* delete, and the second set of controls */
	{ 0x00ad, 0x00ad },   /* soft hyphen */
	{ 0x034f, 0x034f },   /* grapheme joiner */
	{ 0x061c, 0x061c },   /* Arabic letter mark */
	{ 0x115f, 0x1160 },   /* Hangul fillers */
	{ 0x17b4, 0x17b5 },   /* Khmer inherent vowels */
	{ 0x180b, 0x180f },   /* Mongolian selectors and vowel separator */
	{ 0x200b, 0x200f },   /* zero width, left-to-right and right-to-left marks */
	{ 0x2028, 0x202e },   /* line and paragraph separator, embeddings, overrides */
	{ 0x2060, 0x206f },   /* word joiner, isolates, deprecated format characters */
	{ 0x3164, 0x3164 },   /* Hangul filler */
	{ 0xfeff, 0xfeff },   /* byte order mark */
	{ 0xffa0, 0xffa0 },   /* halfwidth Hangul filler */
	{ 0xfff0, 0xfffb },   /* interlinear annotations */
	{ 0xe0000, 0xe0fff }, /* tags and selectors */
};

static bool
is_hidden(uint32_t character)
{
	for (size_t i = 0; i < TN_ARRAY_LEN(hidden); i++) {
		if (character <= hidden[i].last)
			return character >= hidden[i].first;
	}
	return false;
}

static void
add_visible(struct tn_str *out, const char *bytes, size_t len, uint32_t character,
    bool keep_lines)
{
	bool kept = keep_lines && (character == '\n' || character == '\t');

	if (kept || !is_hidden(character))
		tn_str_add_bytes(out, bytes, len);
	else if (character < 0x80)
		tn_str_addf(out, "\\x%02x", (unsigned)character);
	else
		tn_str_addf(out, "\\u{%x}", (unsigned)character);
}

void
tn_text_printable(struct tn_span text, bool keep_lines, struct tn_str *out)
{
	size_t at = 0;

	while (at < text.len) {
		const char *p = text.ptr + at;
		uint32_t character;
		size_t len = tn_utf8_decode(tn_span_of(p, text.len - at), &character);

		if (len == 0) {
			tn_str_addf(out, "\\x%02x", (unsigned)(unsigned char)*p);
			at++;
			continue;
		}
		add_visible(out, p, len, character, keep_lines);
		at += len;
	}
}

/* Longer words are nobody's typing mistake, and bound the work. */
#define WORD_MAX 64

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static unsigned
least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/*
 * Insertions, deletions, replacements and swaps of neighbours that make b of a,
 * without regard to case (Damerau and Levenshtein, optimal string alignment).
 */
static unsigned
distance(struct tn_span a, struct tn_span b)
{
	unsigned rows[3][WORD_MAX + 1] = { 0 };
	unsigned *two_up = rows[0], *up = rows[1], *row = rows[2];

	for (size_t j = 0; j <= b.len; j++)
		up[j] = (unsigned)j;
	for (size_t i = 1; i <= a.len; i++) {
		unsigned *recycled = two_up;

		row[0] = (unsigned)i;
		for (size_t j = 1; j <= b.len; j++) {
			char x = lower(a.ptr[i - 1]), y = lower(b.ptr[j - 1]);

			row[j] = least(up[j - 1] + (x != y),
			    least(up[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && x == lower(b.ptr[j - 2]) &&
			    y == lower(a.ptr[i - 2]))
				row[j] = least(row[j], two_up[j - 2] + 1);
		}
		two_up = up;
		up = row;
		row = recycled;
	}
	return up[b.len];
}

const char *
tn_text_nearest(const char *word, const char *const *candidates, size_t n)
{
	struct tn_span typed = tn_span(word);
	const char *nearest = NULL;
	unsigned best = 0;

	if (typed.len == 0 || typed.len > WORD_MAX)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		struct tn_span candidate = tn_span(candidates[i]);
		unsigned d;

		if (candidate.len > WORD_MAX || candidates[i] == NULL)
			continue;
		d = distance(typed, candidate);
		if (d * 3 > typed.len || (nearest != NULL && d >= best))
			continue;
		nearest = candidates[i];
		best = d;
	}
	return nearest;
}

bool
tn_text_number(const char *text, int64_t *out)
{
	int64_t number = 0;

	if (strlen(text) > 18 || strspn(text, "0123456789") != strlen(text))
		return false;
	for (; *text != '\0'; text++)
		number = number * 10 + (*text - '0');
	*out = number;
	return number > 0;
}
