#include "base/text.h"

static const char base64_standard[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char base64_url[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
static const char hex_upper[] = "0123456789ABCDEF";
static const char hex_lower[] = "0123456789abcdef";

/* The URL alphabet goes without padding, as everybody writes it. */
void
tn_base64_encode(struct tn_span bytes, bool url_alphabet, struct tn_str *out)
{
	const char *alphabet = url_alphabet ? base64_url : base64_standard;
	const unsigned char *p = (const unsigned char *)bytes.ptr;

	for (size_t i = 0; i < bytes.len; i += 3) {
		size_t n = bytes.len - i < 3 ? bytes.len - i : 3;
		uint32_t group = (uint32_t)p[i] << 16;
		char quad[4] = { '=', '=', '=', '=' };

		if (n > 1)
			group |= (uint32_t)p[i + 1] << 8;
		if (n > 2)
			group |= p[i + 2];
		for (size_t k = 0; k <= n; k++)
			quad[k] = alphabet[group >> (18 - 6 * k) & 0x3f];
		tn_str_add_bytes(out, quad, url_alphabet ? n + 1 : sizeof(quad));
	}
}

static int
base64_digit(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+' || c == '-')
		return 62;
	if (c == '/' || c == '_')
		return 63;
	return -1;
}

/* The digits without padding; false when the padding is not what the length asks for. */
static bool
base64_trim(struct tn_span *text)
{
	size_t padding = 0;

	while (padding < 2 && padding < text->len &&
	    text->ptr[text->len - 1 - padding] == '=')
		padding++;
	if (padding > 0 && text->len % 4 != 0)
		return false;
	text->len -= padding;
	return text->len % 4 != 1;
}

bool
tn_base64_decode(struct tn_span text, struct tn_str *out)
{
	uint32_t held = 0;
	unsigned bits = 0;

	if (!base64_trim(&text))
		return false;
	for (size_t i = 0; i < text.len; i++) {
		if (base64_digit(text.ptr[i]) < 0)
			return false;
	}
	for (size_t i = 0; i < text.len; i++) {
		held = held << 6 | (uint32_t)base64_digit(text.ptr[i]);
		bits += 6;
		if (bits < 8)
			continue;
		bits -= 8;
		tn_str_add_char(out, (char)(held >> bits & 0xff));
	}
	return true;
}

static bool
is_unreserved(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	    (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
}

void
tn_percent_encode(struct tn_span bytes, struct tn_str *out)
{
	for (size_t i = 0; i < bytes.len; i++) {
		unsigned char byte = (unsigned char)bytes.ptr[i];

		if (is_unreserved(bytes.ptr[i])) {
			tn_str_add_char(out, bytes.ptr[i]);
			continue;
		}
		tn_str_add_char(out, '%');
		tn_str_add_char(out, hex_upper[byte >> 4]);
		tn_str_add_char(out, hex_upper[byte & 15]);
	}
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

/* The byte of the escape at the start of text; -1 when it is malformed or NUL. */
static int
percent_escape(struct tn_span text)
{
	int high, low;

	if (text.len < 3)
		return -1;
	high = hex_digit(text.ptr[1]);
	low = hex_digit(text.ptr[2]);
	if (high < 0 || low < 0 || high + low == 0)
		return -1;
	return high << 4 | low;
}

bool
tn_percent_decode(struct tn_span text, bool plus_is_space, struct tn_str *out)
{
	size_t i = 0;

	while (i < text.len) {
		char c = text.ptr[i];

		if (c == '%') {
			int byte = percent_escape(tn_span_of(text.ptr + i, text.len - i));

			if (byte < 0)
				return false;
			c = (char)byte;
			i += 2;
		} else if (c == '+' && plus_is_space) {
			c = ' ';
		}
		tn_str_add_char(out, c);
		i++;
	}
	return true;
}

/* The letter that stands behind a backslash for c, or NUL. */
static char
json_short_escape(char c)
{
	switch (c) {
	case '"':
	case '\\':
		return c;
	case '\b':
		return 'b';
	case '\f':
		return 'f';
	case '\n':
		return 'n';
	case '\r':
		return 'r';
	case '\t':
		return 't';
	default:
		return '\0';
	}
}

void
tn_json_escape(struct tn_span text, struct tn_str *out)
{
	size_t plain = 0;

	for (size_t i = 0; i < text.len; i++) {
		unsigned char byte = (unsigned char)text.ptr[i];
		char letter = json_short_escape(text.ptr[i]);

		if (byte >= 0x20 && letter == '\0')
			continue;
		if (i > plain)
			tn_str_add_bytes(out, text.ptr + plain, i - plain);
		plain = i + 1;
		tn_str_add_char(out, '\\');
		if (letter != '\0') {
			tn_str_add_char(out, letter);
		} else {
			tn_str_add(out, "u00");
			tn_str_add_char(out, hex_lower[byte >> 4]);
			tn_str_add_char(out, hex_lower[byte & 15]);
		}
	}
	if (plain < text.len)
		tn_str_add_bytes(out, text.ptr + plain, text.len - plain);
}
