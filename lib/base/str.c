#include "base/str.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"

struct tn_span
tn_span(const char *text)
{
	return tn_span_of(text, text != NULL ? strlen(text) : 0);
}

struct tn_span
tn_span_of(const char *ptr, size_t len)
{
	return (struct tn_span){ .ptr = ptr, .len = len };
}

bool
tn_span_equal(struct tn_span a, struct tn_span b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

bool
tn_span_is(struct tn_span span, const char *text)
{
	return tn_span_equal(span, tn_span(text));
}

char *
tn_span_dup(struct tn_span span)
{
	return tn_strndup(span.ptr, span.len);
}

bool
tn_text_equal(const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return strcmp(a, b) == 0;
}

bool
tn_text_starts(const char *text, const char *prefix)
{
	if (text == NULL || prefix == NULL)
		return false;
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool
tn_text_ends(const char *text, const char *suffix)
{
	size_t len, tail;

	if (text == NULL || suffix == NULL)
		return false;
	len = strlen(text);
	tail = strlen(suffix);
	return len >= tail && memcmp(text + len - tail, suffix, tail) == 0;
}

void
tn_str_init(struct tn_str *str, size_t limit)
{
	*str = (struct tn_str){ .limit = limit };
}

void
tn_str_done(struct tn_str *str)
{
	tn_free(str->ptr);
	*str = (struct tn_str){ .limit = str->limit };
}

void
tn_str_clear(struct tn_str *str)
{
	str->len = 0;
	str->overflow = false;
	if (str->ptr != NULL)
		str->ptr[0] = '\0';
}

/* How many of the bytes may still be appended; there is room for them and a NUL. */
static size_t
make_room(struct tn_str *str, size_t more)
{
	size_t limit = str->limit > 0 ? str->limit : TN_STR_LIMIT;
	size_t left = limit > str->len ? limit - str->len : 0;
	size_t needed, wanted;

	if (more > left) {
		str->overflow = true;
		more = left;
	}
	needed = str->len + more + 1;
	if (needed <= str->cap)
		return more;
	wanted = str->cap > 16 ? str->cap * 2 : 32;
	if (wanted < needed)
		wanted = needed;
	str->ptr = tn_realloc(str->ptr, wanted, 1);
	str->cap = wanted;
	return more;
}

void
tn_str_reserve(struct tn_str *str, size_t more)
{
	bool before = str->overflow;

	make_room(str, more);
	/* Nothing was dropped yet: only an append can overflow. */
	str->overflow = before;
	str->ptr[str->len] = '\0';
}

void
tn_str_add_bytes(struct tn_str *str, const void *bytes, size_t len)
{
	size_t fits = make_room(str, len);

	if (fits > 0)
		memcpy(str->ptr + str->len, bytes, fits);
	str->len += fits;
	str->ptr[str->len] = '\0';
}

void
tn_str_add(struct tn_str *str, const char *text)
{
	if (text != NULL)
		tn_str_add_bytes(str, text, strlen(text));
}

void
tn_str_add_char(struct tn_str *str, char c)
{
	tn_str_add_bytes(str, &c, 1);
}

void
tn_str_addv(struct tn_str *str, const char *format, va_list args)
{
	va_list again;
	size_t fits;
	int len;

	va_copy(again, args);
	len = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (len < 0) {
		str->overflow = true;
		return;
	}
	fits = make_room(str, (size_t)len);
	vsnprintf(str->ptr + str->len, fits + 1, format, args);
	str->len += fits;
}

void
tn_str_addf(struct tn_str *str, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	tn_str_addv(str, format, args);
	va_end(args);
}

bool
tn_str_overflowed(const struct tn_str *str)
{
	return str->overflow;
}

const char *
tn_str_text(const struct tn_str *str)
{
	return str->ptr != NULL ? str->ptr : "";
}

struct tn_span
tn_str_span(const struct tn_str *str)
{
	return tn_span_of(tn_str_text(str), str->len);
}

char *
tn_str_take(struct tn_str *str)
{
	char *text = str->ptr != NULL ? tn_take(str->ptr) : tn_strdup("");

	*str = (struct tn_str){ .limit = str->limit };
	return text;
}
