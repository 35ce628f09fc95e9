#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"

#define FIRST_BLOCK ((size_t)4 << 10)
#define LAST_BLOCK  ((size_t)256 << 10)
#define ALIGNMENT   _Alignof(max_align_t)

struct block {
	struct block *next;
	size_t used;
	size_t size;
	_Alignas(max_align_t) char bytes[];
};

struct tn_arena {
	struct block *blocks; /* the first one is being filled */
	size_t next_size;
	size_t handed_out;
};

struct tn_arena *
tn_arena_new(void)
{
	struct tn_arena *arena = tn_new(struct tn_arena);

	arena->next_size = FIRST_BLOCK;
	return arena;
}

void
tn_arena_free(struct tn_arena *arena)
{
	if (arena == NULL)
		return;
	while (arena->blocks != NULL) {
		struct block *next = arena->blocks->next;

		tn_free(arena->blocks);
		arena->blocks = next;
	}
	tn_free(arena);
}

static struct block *
block_new(size_t size)
{
	struct block *block;

	if (size > SIZE_MAX - sizeof(*block))
		tn_memory_exhausted();
	block = tn_alloc(1, sizeof(*block) + size);
	block->size = size;
	return block;
}

/* A large object gets a block of its own, behind the one being filled. */
static void *
alloc_large(struct tn_arena *arena, size_t bytes)
{
	struct block *block = block_new(bytes);

	block->used = bytes;
	if (arena->blocks == NULL) {
		arena->blocks = block;
	} else {
		block->next = arena->blocks->next;
		arena->blocks->next = block;
	}
	return block->bytes;
}

static void *
alloc_small(struct tn_arena *arena, size_t bytes)
{
	struct block *block = arena->blocks;
	void *ptr;

	if (block == NULL || block->size - block->used < bytes) {
		block = block_new(arena->next_size);
		block->next = arena->blocks;
		arena->blocks = block;
		if (arena->next_size < LAST_BLOCK)
			arena->next_size *= 2;
	}
	ptr = block->bytes + block->used;
	block->used += bytes;
	return ptr;
}

void *
tn_arena_alloc(struct tn_arena *arena, size_t n, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes) || bytes > SIZE_MAX - ALIGNMENT)
		tn_memory_exhausted();
	bytes = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	if (bytes == 0)
		bytes = ALIGNMENT;
	arena->handed_out += bytes;
	if (bytes > arena->next_size / 4)
		return alloc_large(arena, bytes);
	return alloc_small(arena, bytes);
}

const char *
tn_arena_bytes(struct tn_arena *arena, const char *bytes, size_t len)
{
	char *copy;

	if (len == SIZE_MAX)
		tn_memory_exhausted();
	copy = tn_arena_alloc(arena, len + 1, 1);
	if (len > 0)
		memcpy(copy, bytes, len);
	return copy;
}

const char *
tn_arena_text(struct tn_arena *arena, const char *text)
{
	return text != NULL ? tn_arena_bytes(arena, text, strlen(text)) : NULL;
}

const char *
tn_arena_vprintf(struct tn_arena *arena, const char *format, va_list args)
{
	va_list again;
	char *text;
	int len;

	va_copy(again, args);
	len = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (len < 0)
		return tn_arena_text(arena, "");
	text = tn_arena_alloc(arena, (size_t)len + 1, 1);
	vsnprintf(text, (size_t)len + 1, format, args);
	return text;
}

const char *
tn_arena_printf(struct tn_arena *arena, const char *format, ...)
{
	const char *text;
	va_list args;

	va_start(args, format);
	text = tn_arena_vprintf(arena, format, args);
	va_end(args);
	return text;
}

void *
tn_arena_grow(struct tn_arena *arena, void *items, size_t count, size_t *cap, size_t size)
{
	void *grown;
	size_t wanted;

	if (count < *cap)
		return items;
	if (__builtin_mul_overflow(count > 2 ? count : 2, (size_t)2, &wanted))
		tn_memory_exhausted();
	grown = tn_arena_alloc(arena, wanted, size);
	if (count > 0)
		memcpy(grown, items, count * size);
	*cap = wanted;
	return grown;
}

size_t
tn_arena_size(const struct tn_arena *arena)
{
	return arena->handed_out;
}
