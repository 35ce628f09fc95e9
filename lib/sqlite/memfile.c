#include "sqlite/memfile.h"

#include <string.h>

#include "base/mem.h"

/* The capacity grows by whole words of the map of changed sectors. */
#define SECTORS_PER_WORD 64
#define WORD_BYTES       ((size_t)TN_MEMFILE_SECTOR * SECTORS_PER_WORD)

struct tn_memfile *
tn_memfile_new(void)
{
	struct tn_memfile *file = tn_new(struct tn_memfile);

	file->refs = 1;
	return file;
}

struct tn_memfile *
tn_memfile_ref(struct tn_memfile *file)
{
	file->refs++;
	return file;
}

void
tn_memfile_drop_regions(struct tn_memfile *file)
{
	for (size_t i = 0; i < file->n_regions; i++)
		tn_free(file->regions[i]);
	tn_free(file->regions);
	file->regions = NULL;
	file->n_regions = 0;
}

void
tn_memfile_unref(struct tn_memfile *file)
{
	if (file == NULL || --file->refs > 0)
		return;
	tn_memfile_drop_regions(file);
	tn_free(file->bytes);
	tn_free(file->changed);
	tn_free(file->changes);
	tn_free(file);
}

static void
reserve(struct tn_memfile *file, size_t size)
{
	size_t cap = file->cap > 0 ? file->cap : WORD_BYTES;
	size_t words = file->cap / WORD_BYTES;

	while (cap < size)
		cap *= 2;
	if (cap == file->cap)
		return;
	file->bytes = tn_realloc(file->bytes, cap, 1);
	file->changed = tn_realloc(file->changed, cap / WORD_BYTES,
	    sizeof(*file->changed));
	memset(file->changed + words, 0,
	    (cap / WORD_BYTES - words) * sizeof(*file->changed));
	file->cap = cap;
}

size_t
tn_memfile_read(const struct tn_memfile *file, size_t offset, void *out, size_t len)
{
	size_t there = offset < file->size ? file->size - offset : 0;

	if (there > len)
		there = len;
	if (there > 0)
		memcpy(out, file->bytes + offset, there);
	memset((unsigned char *)out + there, 0, len - there);
	return there;
}

static void
keep_old(struct tn_memfile *file, size_t sector)
{
	size_t at = sector * TN_MEMFILE_SECTOR;
	uint64_t *word = &file->changed[sector / SECTORS_PER_WORD];
	uint64_t bit = UINT64_C(1) << sector % SECTORS_PER_WORD;
	struct tn_memfile_change *change;

	if (*word & bit)
		return;
	*word |= bit;
	file->changes = tn_grow(file->changes, file->n_changes, &file->cap_changes,
	    sizeof(*file->changes));
	change = &file->changes[file->n_changes++];
	change->sector = sector;
	(void)tn_memfile_read(file, at, change->old, TN_MEMFILE_SECTOR);
}

static void
before_change(struct tn_memfile *file, size_t from, size_t to)
{
	for (size_t at = from / TN_MEMFILE_SECTOR; at * TN_MEMFILE_SECTOR < to; at++)
		keep_old(file, at);
}

/* What lies behind the size is undefined until the file grows over it. */
static void
grow(struct tn_memfile *file, size_t size)
{
	if (size <= file->size)
		return;
	memset(file->bytes + file->size, 0, size - file->size);
	file->size = size;
}

void
tn_memfile_write(struct tn_memfile *file, size_t offset, const void *bytes, size_t len)
{
	if (len == 0)
		return;
	reserve(file, offset + len);
	before_change(file, offset, offset + len);
	grow(file, offset);
	memcpy(file->bytes + offset, bytes, len);
	if (offset + len > file->size)
		file->size = offset + len;
}

void
tn_memfile_truncate(struct tn_memfile *file, size_t size)
{
	reserve(file, size);
	before_change(file, size, file->size);
	grow(file, size);
	file->size = size;
}

void
tn_memfile_sync(struct tn_memfile *file)
{
	for (size_t i = 0; i < file->n_changes; i++)
		file->changed[file->changes[i].sector / SECTORS_PER_WORD] = 0;
	file->n_changes = 0;
	file->synced_size = file->size;
}

/* Half of the sectors arrive, and one in eight of those only up to some byte of it. */
static size_t
bytes_that_arrive(struct tn_rand *rand)
{
	if (rand == NULL || tn_rand_one_in(rand, 2))
		return 0;
	if (tn_rand_one_in(rand, 8))
		return tn_rand_below(rand, TN_MEMFILE_SECTOR);
	return TN_MEMFILE_SECTOR;
}

/* The old length, the new one, or one between: files grow and shrink by parts. */
static size_t
size_that_arrives(const struct tn_memfile *file, struct tn_rand *rand)
{
	size_t low = file->size < file->synced_size ? file->size : file->synced_size;
	size_t high = file->size < file->synced_size ? file->synced_size : file->size;

	if (rand == NULL || low == high)
		return file->synced_size;
	switch (tn_rand_below(rand, 3)) {
	case 0:
		return low;
	case 1:
		return high;
	default:
		return low + tn_rand_below(rand, high - low);
	}
}

struct tn_memfile *
tn_memfile_survivor(const struct tn_memfile *file, struct tn_rand *rand)
{
	struct tn_memfile *left = tn_memfile_new();
	size_t most = file->size > file->synced_size ? file->size : file->synced_size;
	size_t sectors = (most + TN_MEMFILE_SECTOR - 1) / TN_MEMFILE_SECTOR;

	reserve(left, sectors * TN_MEMFILE_SECTOR);
	(void)tn_memfile_read(file, 0, left->bytes, sectors * TN_MEMFILE_SECTOR);
	for (size_t i = 0; i < file->n_changes; i++) {
		const struct tn_memfile_change *change = &file->changes[i];
		size_t arrived = bytes_that_arrive(rand);

		if (change->sector < sectors)
			memcpy(left->bytes + change->sector * TN_MEMFILE_SECTOR + arrived,
			    change->old + arrived, TN_MEMFILE_SECTOR - arrived);
	}
	left->size = left->synced_size = size_that_arrives(file, rand);
	return left;
}

void *
tn_memfile_region(struct tn_memfile *file, size_t index, size_t size, bool extend)
{
	if (index >= file->n_regions && !extend)
		return NULL;
	while (file->n_regions <= index) {
		file->regions = tn_realloc(file->regions, file->n_regions + 1,
		    sizeof(*file->regions));
		file->regions[file->n_regions++] = tn_alloc(size, 1);
	}
	return file->regions[index];
}
