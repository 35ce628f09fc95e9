#include "base/secret_mem.h"

#include <string.h>
#include <sys/mman.h>

#include "base/mem.h"
#include "base/secret.h"

#define MAPPING  ((size_t)16 << 10)
#define SMALLEST ((size_t)32)
/* 32, 64, … 4096 bytes; what is larger has a mapping of its own. */
#define CLASSES     8
#define OWN_MAPPING CLASSES

struct slot {
	struct slot *next;
};

/* Stands at the start of its mapping, before the slots. */
struct tn_secret_page {
	struct tn_secret_page *next, *prev;
	struct slot *free;
	size_t live;
	size_t mapped;
	size_t class;
};

static struct tn_secret_page *pages[CLASSES];

static struct tn_secret_page *
map(size_t size)
{
	void *ptr = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
	    -1, 0);
	struct tn_secret_page *page = ptr;

	if (ptr == MAP_FAILED)
		tn_memory_exhausted();
	/* Refused over RLIMIT_MEMLOCK: a secret that may be swapped beats no run at all.
	 */
	(void)mlock(ptr, size);
	/*
	 * Refused by old kernels only, and tn_secret_harden_process forbids core files
	 * too.
	 */
	(void)madvise(ptr, size, MADV_DONTDUMP);
	page->mapped = size;
	return page;
}

static size_t
class_of(size_t size)
{
	size_t class = 0;

	while (class < CLASSES && SMALLEST << class < size)
		class ++;
	return class;
}

static size_t
header_size(void)
{
	return (sizeof(struct tn_secret_page) + SMALLEST - 1) / SMALLEST * SMALLEST;
}

static void
link_page(struct tn_secret_page *page)
{
	page->next = pages[page->class];
	page->prev = NULL;
	if (page->next != NULL)
		page->next->prev = page;
	pages[page->class] = page;
}

static void
unlink_page(struct tn_secret_page *page)
{
	if (page->prev != NULL)
		page->prev->next = page->next;
	else
		pages[page->class] = page->next;
	if (page->next != NULL)
		page->next->prev = page->prev;
}

/* Only pages with a free slot are in the list of their class. */
static struct tn_secret_page *
page_with_room(size_t class)
{
	size_t size = SMALLEST << class;
	struct tn_secret_page *page = pages[class];

	if (page != NULL)
		return page;
	page = map(MAPPING);
	page->class = class;
	for (size_t at = header_size(); at + size <= MAPPING; at += size) {
		struct slot *slot = (void *)((char *)page + at);

		slot->next = page->free;
		page->free = slot;
	}
	link_page(page);
	return page;
}

static struct tn_secret_mem
get_own_mapping(size_t size)
{
	struct tn_secret_page *page;

	if (size > SIZE_MAX - header_size())
		tn_memory_exhausted();
	page = map(header_size() + size);
	page->class = OWN_MAPPING;
	return (struct tn_secret_mem){
		.ptr = (char *)page + header_size(),
		.size = size,
		.page = page,
	};
}

struct tn_secret_mem
tn_secret_mem_get(size_t size)
{
	size_t class = class_of(size);
	struct tn_secret_page *page;
	struct slot *slot;

	if (class == OWN_MAPPING)
		return get_own_mapping(size);
	page = page_with_room(class);
	slot = page->free;
	page->free = slot->next;
	page->live++;
	if (page->free == NULL)
		unlink_page(page);
	slot->next = NULL;
	return (struct tn_secret_mem){ .ptr = (char *)slot, .size = size, .page = page };
}

/* An empty page goes back to the system unless it is the last of its class with room. */
static void
put_slot(struct tn_secret_page *page, void *ptr)
{
	struct slot *slot = ptr;

	if (page->free == NULL)
		link_page(page);
	slot->next = page->free;
	page->free = slot;
	page->live--;
	if (page->live > 0 || (page->prev == NULL && page->next == NULL))
		return;
	unlink_page(page);
	munmap(page, page->mapped);
}

void
tn_secret_mem_put(struct tn_secret_mem *mem)
{
	if (mem->ptr == NULL)
		return;
	tn_wipe(mem->ptr, mem->size);
	if (mem->page->class == OWN_MAPPING)
		munmap(mem->page, mem->page->mapped);
	else
		put_slot(mem->page, mem->ptr);
	*mem = (struct tn_secret_mem){ 0 };
}
