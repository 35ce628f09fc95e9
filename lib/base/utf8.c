#include "base/utf8.h"

#include "base/text.h"

/*
 * The well-formed sequences by their first byte. The second byte has narrower
 * bounds after some first bytes: that keeps out overlong forms, surrogates and
 * what lies beyond U+10FFFF. Later bytes are always 80 … BF.
 */
static const struct sequence {
	unsigned char first, last;
	unsigned char low, high; /* of the second byte */
	unsigned char len;
	unsigned char bits; /* of the first byte that belong to the character */
} sequences[] = {
	{ 0x00, 0x7f, 0x00, 0x00, 1, 0x7f },
	{ 0xc2, 0xdf, 0x80, 0xbf, 2, 0x1f },
	{ 0xe0, 0xe0, 0xa0, 0xbf, 3, 0x0f },
	{ 0xe1, 0xec, 0x80, 0xbf, 3, 0x0f },
	{ 0xed, 0xed, 0x80, 0x9f, 3, 0x0f },
	{ 0xee, 0xef, 0x80, 0xbf, 3, 0x0f },
	{ 0xf0, 0xf0, 0x90, 0xbf, 4, 0x07 },
	{ 0xf1, 0xf3, 0x80, 0xbf, 4, 0x07 },
	{ 0xf4, 0xf4, 0x80, 0x8f, 4, 0x07 },
};

static const struct sequence *
sequence_of(unsigned char first)
{
	for (size_t i = 0; i < TN_ARRAY_LEN(sequences); i++) {
		if (first >= sequences[i].first && first <= sequences[i].last)
			return &sequences[i];
	}
	return NULL;
}

size_t
tn_utf8_decode(struct tn_span bytes, uint32_t *out)
{
	const unsigned char *p = (const unsigned char *)bytes.ptr;
	const struct sequence *sequence;
	uint32_t character;

	if (bytes.len == 0)
		return 0;
	sequence = sequence_of(p[0]);
	if (sequence == NULL || bytes.len < sequence->len)
		return 0;
	character = p[0] & sequence->bits;
	for (size_t i = 1; i < sequence->len; i++) {
		unsigned char low = i == 1 ? sequence->low : 0x80;
		unsigned char high = i == 1 ? sequence->high : 0xbf;

		if (p[i] < low || p[i] > high)
			return 0;
		character = character << 6 | (p[i] & 0x3f);
	}
	*out = character;
	return sequence->len;
}

size_t
tn_utf8_check(struct tn_span bytes)
{
	size_t at = 0;

	while (at < bytes.len) {
		uint32_t character;
		size_t len = 1;

		if ((unsigned char)bytes.ptr[at] >= 0x80)
			len = tn_utf8_decode(tn_span_of(bytes.ptr + at, bytes.len - at),
			    &character);
		if (len == 0)
			break;
		at += len;
	}
	return at;
}

bool
tn_utf8_valid(struct tn_span bytes)
{
	return tn_utf8_check(bytes) == bytes.len;
}

void
tn_utf8_mend(struct tn_span text, struct tn_str *out)
{
	for (;;) {
		size_t valid = tn_utf8_check(text);

		tn_str_add_bytes(out, text.ptr, valid);
		if (valid == text.len)
			return;
		tn_str_add(out, "\xef\xbf\xbd");
		text = tn_span_of(text.ptr + valid + 1, text.len - valid - 1);
	}
}

size_t
tn_utf8_length(struct tn_span text)
{
	size_t count = 0;

	/* Every byte but the continuations begins a character. */
	for (size_t i = 0; i < text.len; i++)
		count += ((unsigned char)text.ptr[i] & 0xc0) != 0x80;
	return count;
}
