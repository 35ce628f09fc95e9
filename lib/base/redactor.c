#include "base/secret.h"

#include <string.h>

#include "base/mem.h"
#include "base/secret_mem.h"
#include "base/text.h"
#include "base/value.h"

#define FIRST_BUCKETS ((size_t)64)

/* One spelling of one value. */
struct needle {
	struct needle *next; /* in its bucket, longest first */
	struct tn_secret_mem mem;
};

/*
 * A hash table over the first four bytes of each needle (none is shorter), so
 * that a byte of text costs one look however many secrets there are.
 */
struct tn_redactor {
	struct needle **buckets;
	size_t bucket_count; /* a power of two */
	size_t needle_count;
	struct tn_secret **secrets;
	size_t secret_count;
	size_t secret_cap;
};

struct tn_redactor *
tn_redactor_new(void)
{
	struct tn_redactor *redactor = tn_new(struct tn_redactor);

	redactor->bucket_count = FIRST_BUCKETS;
	redactor->buckets = tn_alloc(redactor->bucket_count, sizeof(struct needle *));
	return redactor;
}

void
tn_redactor_free(struct tn_redactor *redactor)
{
	if (redactor == NULL)
		return;
	for (size_t i = 0; i < redactor->bucket_count; i++) {
		struct needle *needle = redactor->buckets[i];

		while (needle != NULL) {
			struct needle *next = needle->next;

			tn_secret_mem_put(&needle->mem);
			tn_free(needle);
			needle = next;
		}
	}
	for (size_t i = 0; i < redactor->secret_count; i++)
		tn_secret_unref(redactor->secrets[i]);
	tn_free(redactor->secrets);
	tn_free(redactor->buckets);
	tn_free(redactor);
}

static struct needle **
bucket_of(const struct tn_redactor *redactor, const char *text)
{
	uint32_t head;

	memcpy(&head, text, sizeof(head));
	head *= UINT32_C(2654435761);
	return &redactor->buckets[(head >> 12) & (redactor->bucket_count - 1)];
}

/* Where a needle of that text stands or would stand in its bucket. */
static struct needle **
place_of(const struct tn_redactor *redactor, struct tn_span text)
{
	struct needle **place = bucket_of(redactor, text.ptr);

	for (; *place != NULL; place = &(*place)->next) {
		const struct tn_secret_mem *mem = &(*place)->mem;

		if (mem->size < text.len)
			break;
		if (mem->size == text.len && memcmp(mem->ptr, text.ptr, text.len) == 0)
			break;
	}
	return place;
}

static void
insert(struct tn_redactor *redactor, struct needle *needle)
{
	struct needle **place = place_of(redactor,
	    tn_span_of(needle->mem.ptr, needle->mem.size));

	needle->next = *place;
	*place = needle;
}

static void
grow_buckets(struct tn_redactor *redactor)
{
	TN_CLEANUP(tn_freep) struct needle **old = redactor->buckets;
	size_t old_count = redactor->bucket_count;

	redactor->bucket_count = old_count * 4;
	redactor->buckets = tn_alloc(redactor->bucket_count, sizeof(struct needle *));
	for (size_t i = 0; i < old_count; i++) {
		struct needle *needle = old[i];

		while (needle != NULL) {
			struct needle *next = needle->next;

			insert(redactor, needle);
			needle = next;
		}
	}
}

static void
add_needle(struct tn_redactor *redactor, struct tn_span text)
{
	struct needle *needle, *there;

	/* The table looks at that many bytes. */
	if (text.len < TN_REDACT_MIN)
		return;
	there = *place_of(redactor, text);
	if (there != NULL && there->mem.size == text.len)
		return;
	if (redactor->needle_count >= redactor->bucket_count)
		grow_buckets(redactor);
	needle = tn_new(struct needle);
	needle->mem = tn_secret_mem_get(text.len);
	memcpy(needle->mem.ptr, text.ptr, text.len);
	insert(redactor, needle);
	redactor->needle_count++;
}

/* Built without moving: a buffer that grew would leave copies behind in the heap. */
static void
scratch_init(struct tn_str *scratch, size_t size)
{
	tn_str_init(scratch, SIZE_MAX / 2);
	tn_str_reserve(scratch, size);
}

static void
scratch_done(struct tn_str *scratch)
{
	tn_wipe(scratch->ptr, scratch->cap);
	tn_str_done(scratch);
}

/* JSON as most write it, and as those do who escape the slash as well. */
static void
add_json(struct tn_redactor *redactor, struct tn_span value)
{
	struct tn_str text, slashed;

	scratch_init(&text, value.len * 6);
	scratch_init(&slashed, value.len * 6);
	tn_json_escape(value, &text);
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '/')
			tn_str_add_char(&slashed, '\\');
		tn_str_add_char(&slashed, text.ptr[i]);
	}
	add_needle(redactor, tn_str_span(&text));
	add_needle(redactor, tn_str_span(&slashed));
	scratch_done(&slashed);
	scratch_done(&text);
}

static void
add_percent(struct tn_redactor *redactor, struct tn_span value)
{
	struct tn_str text;

	scratch_init(&text, value.len * 3);
	tn_percent_encode(value, &text);
	add_needle(redactor, tn_str_span(&text));
	for (size_t i = 0; i + 2 < text.len; i++) {
		if (text.ptr[i] != '%')
			continue;
		for (size_t k = i + 1; k <= i + 2; k++) {
			if (text.ptr[k] >= 'A' && text.ptr[k] <= 'F')
				text.ptr[k] = (char)(text.ptr[k] - 'A' + 'a');
		}
	}
	add_needle(redactor, tn_str_span(&text));
	scratch_done(&text);
}

/*
 * The value behind `before` unknown bytes: the characters that hold bits of
 * unknown neighbours, at both edges, are cut off.
 */
static void
add_base64(struct tn_redactor *redactor, struct tn_span value, size_t before,
    bool url_alphabet)
{
	size_t first = before == 0 ? 0 : before + 1;
	size_t certain = (before + value.len) * 8 / 6;
	struct tn_str raw, text;

	scratch_init(&raw, before + value.len);
	scratch_init(&text, (before + value.len + 2) / 3 * 4);
	tn_str_add_bytes(&raw, "\0\0", before);
	tn_str_add_bytes(&raw, value.ptr, value.len);
	tn_base64_encode(tn_str_span(&raw), url_alphabet, &text);
	add_needle(redactor, tn_span_of(text.ptr + first, certain - first));
	scratch_done(&text);
	scratch_done(&raw);
}

void
tn_redactor_add(struct tn_redactor *redactor, const struct tn_secret *secret)
{
	struct tn_span value = tn_secret_reveal(secret);

	if (value.len < TN_REDACT_MIN)
		return;
	redactor->secrets = tn_grow(redactor->secrets, redactor->secret_count,
	    &redactor->secret_cap, sizeof(*redactor->secrets));
	redactor->secrets[redactor->secret_count++] = tn_secret_ref(secret);
	add_needle(redactor, value);
	add_json(redactor, value);
	add_percent(redactor, value);
	for (size_t before = 0; before < 3; before++) {
		add_base64(redactor, value, before, false);
		add_base64(redactor, value, before, true);
	}
}

/* The length of the longest needle that stands at the start of text, or 0. */
static size_t
match(const struct tn_redactor *redactor, struct tn_span text)
{
	if (text.len < TN_REDACT_MIN)
		return 0;
	for (const struct needle *needle = *bucket_of(redactor, text.ptr); needle != NULL;
	     needle = needle->next) {
		const struct tn_secret_mem *mem = &needle->mem;

		if (mem->size <= text.len && memcmp(mem->ptr, text.ptr, mem->size) == 0)
			return mem->size;
	}
	return 0;
}

bool
tn_redactor_finds(const struct tn_redactor *redactor, struct tn_span text)
{
	if (redactor == NULL || redactor->needle_count == 0)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		if (match(redactor, tn_span_of(text.ptr + i, text.len - i)) > 0)
			return true;
	}
	return false;
}

/* Values that overlap go as one: the rest of the second would be left otherwise. */
void
tn_redactor_apply(const struct tn_redactor *redactor, struct tn_span text,
    struct tn_str *out)
{
	size_t plain = 0, hidden_to = 0;

	if (redactor == NULL || redactor->needle_count == 0) {
		tn_str_add_bytes(out, text.ptr, text.len);
		return;
	}
	for (size_t i = 0; i < text.len; i++) {
		size_t len = match(redactor, tn_span_of(text.ptr + i, text.len - i));

		if (len == 0)
			continue;
		if (i >= hidden_to) {
			tn_str_add_bytes(out, text.ptr + plain, i - plain);
			tn_str_add(out, TN_VALUE_SECRET_TEXT);
		}
		if (i + len > hidden_to)
			hidden_to = i + len;
		plain = hidden_to;
	}
	if (plain < text.len)
		tn_str_add_bytes(out, text.ptr + plain, text.len - plain);
}
