/*
 * Text: a borrowed span, and a growing buffer that is always terminated by NUL.
 *
 * A buffer has an upper bound (TN_STR_LIMIT unless set otherwise). What would
 * go past it is dropped and the buffer remembers: the caller checks once, with
 * tn_str_overflowed(), after a whole series of appends.
 */
#ifndef TN_BASE_STR_H
#define TN_BASE_STR_H

#include "base/defs.h"
#include <stdarg.h>

struct tn_span {
	const char *ptr; /* not terminated */
	size_t len;
};

struct tn_span tn_span(const char *text); /* NULL gives an empty span */
struct tn_span tn_span_of(const char *ptr, size_t len);
bool tn_span_equal(struct tn_span a, struct tn_span b);
bool tn_span_is(struct tn_span span, const char *text);
/* A copy on the heap, terminated. */
char *tn_span_dup(struct tn_span span);

/* NULL-safe: two NULLs are equal, NULL and "" are not. */
bool tn_text_equal(const char *a, const char *b);
bool tn_text_starts(const char *text, const char *prefix);
bool tn_text_ends(const char *text, const char *suffix);

#define TN_STR_LIMIT ((size_t)256 << 20)

struct tn_str {
	char *ptr; /* never NULL after the first append; use tn_str_text() */
	size_t len;
	size_t cap;
	size_t limit; /* 0 means TN_STR_LIMIT */
	bool overflow;
};

#define TN_STR_INIT \
	{           \
		0   \
	}

void tn_str_init(struct tn_str *str, size_t limit);
void tn_str_done(struct tn_str *str);
void tn_str_clear(struct tn_str *str);

/* Room for more bytes at once, so that appending them does not move the buffer. */
void tn_str_reserve(struct tn_str *str, size_t more);
/* text may be NULL: nothing is added. */
void tn_str_add(struct tn_str *str, const char *text);
void tn_str_add_bytes(struct tn_str *str, const void *bytes, size_t len);
void tn_str_add_char(struct tn_str *str, char c);
void tn_str_addf(struct tn_str *str, const char *format, ...) TN_PRINTF(2, 3);
void tn_str_addv(struct tn_str *str, const char *format, va_list args) TN_PRINTF(2, 0);

bool tn_str_overflowed(const struct tn_str *str);
/* "" when nothing was appended. Borrowed until the next append. */
const char *tn_str_text(const struct tn_str *str);
struct tn_span tn_str_span(const struct tn_str *str);
/* Hands the heap buffer over and leaves an empty buffer behind. */
char *tn_str_take(struct tn_str *str);

#endif
