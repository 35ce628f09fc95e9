#include "base/mem.h"

#include <string.h>
#include <stdlib.h>
#include <unistd.h>

void
tn_memory_exhausted(void)
{
	static const char text[] = "tenon: out of memory\n";
	ssize_t ignored = write(STDERR_FILENO, text, sizeof(text) - 1);

	/* Nothing is left to tell when even standard error is gone. */
	(void)ignored;
	_exit(1);
}

/* At least one byte, so that NULL from the system always means exhaustion. */
static size_t
product(size_t n, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes))
		tn_memory_exhausted();
	return bytes > 0 ? bytes : 1;
}

void *
tn_alloc(size_t n, size_t size)
{
	void *ptr = calloc(1, product(n, size));

	if (ptr == NULL)
		tn_memory_exhausted();
	return ptr;
}

void *
tn_realloc(void *ptr, size_t n, size_t size)
{
	void *moved = realloc(ptr, product(n, size));

	if (moved == NULL)
		tn_memory_exhausted();
	return moved;
}

void
tn_free(void *ptr)
{
	free(ptr);
}

void
tn_freep(void *pointer_to_pointer)
{
	void *ptr;

	/* Copied as bytes: the variable is of another pointer type than void *. */
	memcpy(&ptr, pointer_to_pointer, sizeof(ptr));
	tn_free(ptr);
}

char *
tn_strndup(const char *bytes, size_t len)
{
	char *copy;

	if (len == SIZE_MAX)
		tn_memory_exhausted();
	copy = tn_alloc(len + 1, 1);
	if (len > 0)
		memcpy(copy, bytes, len);
	return copy;
}

char *
tn_strdup(const char *text)
{
	return text != NULL ? tn_strndup(text, strlen(text)) : NULL;
}

void *
tn_grow(void *items, size_t count, size_t *cap, size_t size)
{
	size_t wanted;

	if (count < *cap)
		return items;
	if (__builtin_mul_overflow(count > 4 ? count : 4, (size_t)2, &wanted))
		tn_memory_exhausted();
	*cap = wanted;
	return tn_realloc(items, wanted, size);
}
