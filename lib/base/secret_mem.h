/*
 * Memory for secret bytes, internal to base: pages that are locked where the
 * system allows it and left out of core files. Small pieces share pages, so
 * that thousands of secrets stay cheap. Pieces are wiped when they are given
 * back. One thread.
 */
#ifndef TN_BASE_SECRET_MEM_H
#define TN_BASE_SECRET_MEM_H

#include "base/defs.h"

struct tn_secret_page;

struct tn_secret_mem {
	char *ptr; /* size bytes; NULL when there is no piece */
	size_t size;
	struct tn_secret_page *page;
};

struct tn_secret_mem tn_secret_mem_get(size_t size);
/* Wipes, gives back and leaves an empty struct. */
void tn_secret_mem_put(struct tn_secret_mem *mem);

#endif
