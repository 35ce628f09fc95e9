#include "json/keys.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/*
 * Objects up to this many keys compare each new key with the ones before;
 * larger ones sort.
 */
#define FEW_KEYS 16

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

int
tn_json_hex_quad(const char *at, const char *end)
{
	int code = 0;

	if (end - at < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		int digit = hex_digit(at[i]);

		if (digit < 0)
			return -1;
		code = code << 4 | digit;
	}
	return code;
}

static void
add_utf8(struct tn_str *out, uint32_t c)
{
	if (c >= 0x10000) {
		tn_str_add_char(out, (char)(0xf0 | c >> 18));
		tn_str_add_char(out, (char)(0x80 | (c >> 12 & 0x3f)));
	} else if (c >= 0x800) {
		tn_str_add_char(out, (char)(0xe0 | c >> 12));
	}
	if (c >= 0x800)
		tn_str_add_char(out, (char)(0x80 | (c >> 6 & 0x3f)));
	else if (c >= 0x80)
		tn_str_add_char(out, (char)(0xc0 | c >> 6));
	tn_str_add_char(out, (char)(c < 0x80 ? c : (0x80 | (c & 0x3f))));
}

/* At the u of \uXXXX or of a surrogate pair; gives the last byte of it. */
static const char *
read_unicode(const char *at, const char *end, struct tn_str *out)
{
	uint32_t code = (uint32_t)tn_json_hex_quad(at + 1, end);

	at += 4;
	if (code >= 0xd800 && code <= 0xdbff) {
		code = 0x10000 + ((code - 0xd800) << 10) +
		    ((uint32_t)tn_json_hex_quad(at + 3, end) - 0xdc00);
		at += 6;
	}
	add_utf8(out, code);
	return at;
}

static char
short_escape(char letter)
{
	static const char letters[] = "bfnrt", meanings[] = "\b\f\n\r\t";
	const char *found = strchr(letters, letter);

	return found != NULL ? meanings[found - letters] : letter;
}

static struct tn_span
unescape(struct tn_arena *arena, struct tn_span text)
{
	TN_CLEANUP(tn_str_done) struct tn_str plain = TN_STR_INIT;
	const char *end = text.ptr + text.len;

	for (const char *p = text.ptr; p < end; p++) {
		if (*p != '\\')
			tn_str_add_char(&plain, *p);
		else if (*++p == 'u')
			p = read_unicode(p, end, &plain);
		else
			tn_str_add_char(&plain, short_escape(*p));
	}
	return tn_span_of(tn_arena_bytes(arena, tn_str_text(&plain), plain.len),
	    plain.len);
}

void
tn_json_keys_add(struct tn_json_keys *keys, struct tn_arena *arena, struct tn_span text,
    bool escaped, const char *at)
{
	if (escaped)
		text = unescape(arena, text);
	keys->items = tn_grow(keys->items, keys->count, &keys->cap, sizeof(*keys->items));
	keys->items[keys->count++] = (struct tn_json_key){ text.ptr, text.len, at };
}

static bool
same_key(const struct tn_json_key *a, const struct tn_json_key *b)
{
	return a->len == b->len && memcmp(a->text, b->text, a->len) == 0;
}

struct tn_json_repeat
tn_json_keys_check_last(const struct tn_json_keys *keys, size_t first)
{
	const struct tn_json_key *last = &keys->items[keys->count - 1];

	if (keys->count - first > FEW_KEYS)
		return (struct tn_json_repeat){ 0 };
	for (const struct tn_json_key *key = &keys->items[first]; key < last; key++) {
		if (same_key(key, last))
			return (struct tn_json_repeat){ key, last };
	}
	return (struct tn_json_repeat){ 0 };
}

static int
compare_keys(const void *left, const void *right)
{
	const struct tn_json_key *a = left, *b = right;
	int order;

	if (a->len != b->len)
		return a->len < b->len ? -1 : 1;
	order = memcmp(a->text, b->text, a->len);
	if (order != 0)
		return order;
	return a->at < b->at ? -1 : a->at > b->at;
}

/* By sorting, as no choice of keys makes that slow. */
struct tn_json_repeat
tn_json_keys_check_all(struct tn_json_keys *keys, size_t first)
{
	size_t count = keys->count - first;
	struct tn_json_repeat repeat = { 0 };
	struct tn_json_key *own;

	if (count <= FEW_KEYS)
		return repeat;
	own = &keys->items[first];
	qsort(own, count, sizeof(*own), compare_keys);
	for (size_t i = 1; i < count; i++) {
		if (same_key(&own[i - 1], &own[i]) &&
		    (repeat.second == NULL || own[i].at < repeat.second->at))
			repeat = (struct tn_json_repeat){ &own[i - 1], &own[i] };
	}
	return repeat;
}

void
tn_json_keys_done(struct tn_json_keys *keys)
{
	tn_free(keys->items);
	*keys = (struct tn_json_keys){ 0 };
}
