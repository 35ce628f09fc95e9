/*
 * An arena: memory of many small objects that are built once and die together
 * (a document, a snapshot, a plan). Zeroed, aligned for any type. Never freed
 * singly. One thread.
 */
#ifndef TN_BASE_ARENA_H
#define TN_BASE_ARENA_H

#include "base/defs.h"
#include "base/str.h"

struct tn_arena;

struct tn_arena *tn_arena_new(void);
void tn_arena_free(struct tn_arena *arena);
TN_DEFINE_FREEP(tn_arena, tn_arena_free)

void *tn_arena_alloc(struct tn_arena *arena, size_t n, size_t size);
#define tn_arena_new_object(arena, type) ((type *)tn_arena_alloc(arena, 1, sizeof(type)))
#define tn_arena_array(arena, n, type)   ((type *)tn_arena_alloc(arena, n, sizeof(type)))

/* Copies; the copy is terminated by NUL. tn_arena_text(a, NULL) is NULL. */
const char *tn_arena_text(struct tn_arena *arena, const char *text);
const char *tn_arena_bytes(struct tn_arena *arena, const char *bytes, size_t len);
const char *tn_arena_printf(struct tn_arena *arena, const char *format, ...)
    TN_PRINTF(2, 3);
const char *tn_arena_vprintf(struct tn_arena *arena, const char *format, va_list args)
    TN_PRINTF(2, 0);

/* Growing array in an arena; the outgrown copy stays until the arena dies. */
void *tn_arena_grow(struct tn_arena *arena, void *items, size_t count, size_t *cap,
    size_t size);

/* Bytes handed out so far. */
size_t tn_arena_size(const struct tn_arena *arena);

#endif
