/*
 * Memory. Allocation never returns NULL: when memory runs out the process ends
 * at once with a message on standard error and status 1. A run that dies this
 * way is a killed run like any other, and its journal mends it; the gain is
 * that no other function has a branch for it that no test reaches.
 *
 * Sizes that come from outside are bounded before they get here.
 */
#ifndef TN_BASE_MEM_H
#define TN_BASE_MEM_H

#include "base/defs.h"

/* Zeroed memory for n objects of the given size; the product is checked. */
void *tn_alloc(size_t n, size_t size);

/* Grows or shrinks; new bytes are not zeroed. ptr may be NULL. */
void *tn_realloc(void *ptr, size_t n, size_t size);

void tn_free(void *ptr);

/* Ends the process as described above; for the few who ask the system for pages. */
void tn_memory_exhausted(void) TN_NORETURN;

#define tn_new(type) ((type *)tn_alloc(1, sizeof(type)))

/* For TN_CLEANUP on a pointer variable of any type. */
void tn_freep(void *pointer_to_pointer);

/* tn_strdup(NULL) is NULL. */
char *tn_strdup(const char *text);
/* Exactly len bytes and a NUL. */
char *tn_strndup(const char *bytes, size_t len);

/*
 * Makes room for one more element in a growing array: doubles *cap when
 * count == *cap. Usage: v->items = tn_grow(v->items, v->n, &v->cap, sizeof *v->items);
 */
void *tn_grow(void *items, size_t count, size_t *cap, size_t size);

#endif
