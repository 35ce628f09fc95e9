#include "git/packs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"

/*
 * The forms of an index, from git's own description (gitformat-pack): 256 counts, of
 * which the last is the number of objects; then, in version 1, for each object four bytes
 * of offset and its id; in version 2 behind a header all ids, all checksums, all offsets,
 * and offsets of eight bytes for packs over 2 GiB. Two ids end the file.
 */
#define FANOUT    ((size_t)1024)
#define ID        ((size_t)20)
#define TRAILER   (2 * ID)
#define V2_HEADER ((size_t)8)
#define V2_ENTRY  (ID + 8) /* of the id, the checksum and the offset */
#define V1_ENTRY  (4 + ID)
#define IS_LARGE  UINT32_C(0x80000000)

struct index {
	const unsigned char *bytes;
	size_t len;
	uint64_t pack; /* the pack's length */
};

static uint32_t
number_at(const unsigned char *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 |
	    at[3];
}

/* Objects, by counts that never fall; false when they do. */
static bool
count_objects(const unsigned char *fanout, size_t *out)
{
	uint32_t last = 0;

	for (size_t i = 0; i < 256; i++) {
		uint32_t count = number_at(fanout + 4 * i);

		if (count < last)
			return false;
		last = count;
	}
	*out = last;
	return true;
}

static bool
is_in_pack(const struct index *index, uint64_t offset)
{
	return offset < index->pack;
}

static bool
check_v1(const struct index *index)
{
	size_t n;

	if (index->len < FANOUT + TRAILER || !count_objects(index->bytes, &n) ||
	    index->len != FANOUT + n * V1_ENTRY + TRAILER)
		return false;
	for (size_t i = 0; i < n; i++)
		if (!is_in_pack(index, number_at(index->bytes + FANOUT + i * V1_ENTRY)))
			return false;
	return true;
}

static bool
check_v2_offsets(const struct index *index, size_t n, size_t n_large)
{
	const unsigned char *offsets = index->bytes + V2_HEADER + FANOUT + n * (ID + 4);
	const unsigned char *large = offsets + n * 4;

	for (size_t i = 0; i < n; i++) {
		uint64_t offset = number_at(offsets + i * 4);

		if ((offset & IS_LARGE) != 0) {
			const unsigned char *at = large +
			    (offset & ~(uint64_t)IS_LARGE) * 8;

			if ((offset & ~(uint64_t)IS_LARGE) >= n_large)
				return false;
			offset = (uint64_t)number_at(at) << 32 | number_at(at + 4);
		}
		if (!is_in_pack(index, offset))
			return false;
	}
	return true;
}

static bool
check_v2(const struct index *index)
{
	size_t n, fixed;

	if (index->len < V2_HEADER + FANOUT + TRAILER ||
	    number_at(index->bytes + 4) != 2 ||
	    !count_objects(index->bytes + V2_HEADER, &n))
		return false;
	fixed = V2_HEADER + FANOUT + n * V2_ENTRY + TRAILER;
	if (index->len < fixed || (index->len - fixed) % 8 != 0)
		return false;
	return check_v2_offsets(index, n, (index->len - fixed) / 8);
}

static bool
check_index(const struct index *index)
{
	static const unsigned char magic[] = { 0xff, 't', 'O', 'c' };

	if (index->len >= sizeof(magic) &&
	    memcmp(index->bytes, magic, sizeof(magic)) == 0)
		return check_v2(index);
	return check_v1(index);
}

static int
damaged(const char *path, struct tn_error *err)
{
	int r = tn_error_set(err, TN_E_INPUT, "the index \"%s\" of a pack is damaged",
	    path);

	tn_error_hint(err, "\"git index-pack\" on the pack beside it makes a new one");
	return r;
}

static int
check_file(const char *path, uint64_t pack, struct tn_error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct index index = { .pack = pack };
	struct stat st;
	void *bytes;
	int r = 0;

	if (fd < 0)
		return errno == ENOENT
		    ? 0
		    : tn_error_errno(err, errno, "cannot read \"%s\"", path);
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size == 0) {
		(void)close(fd);
		return damaged(path, err);
	}
	index.len = (size_t)st.st_size;
	bytes = mmap(NULL, index.len, PROT_READ, MAP_PRIVATE, fd, 0);
	(void)close(fd);
	if (bytes == MAP_FAILED)
		return tn_error_errno(err, errno, "cannot read \"%s\"", path);
	index.bytes = bytes;
	if (!check_index(&index))
		r = damaged(path, err);
	(void)munmap(bytes, index.len);
	return r;
}

/* NAME.idx is an index when there is a NAME.pack. */
static int
check_entry(const char *directory, const char *name, struct tn_error *err)
{
	TN_CLEANUP(tn_str_done) struct tn_str path = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str pack = TN_STR_INIT;
	struct stat st;

	if (!tn_text_ends(name, ".idx"))
		return 0;
	tn_str_addf(&path, "%s/%s", directory, name);
	tn_str_addf(&pack, "%s/%.*s.pack", directory,
	    (int)(strlen(name) - strlen(".idx")), name);
	if (stat(tn_str_text(&pack), &st) < 0)
		return 0;
	return check_file(tn_str_text(&path), (uint64_t)st.st_size, err);
}

int
tn_packs_check(const char *objects, struct tn_error *err)
{
	TN_CLEANUP(tn_str_done) struct tn_str path = TN_STR_INIT;
	struct dirent *entry;
	DIR *directory;
	int r = 0;

	tn_str_addf(&path, "%spack", objects);
	directory = opendir(tn_str_text(&path));
	if (directory == NULL)
		return errno == ENOENT ? 0
				       : tn_error_errno(err, errno, "cannot read \"%s\"",
					     tn_str_text(&path));
	while (r == 0 && (entry = readdir(directory)) != NULL)
		r = check_entry(tn_str_text(&path), entry->d_name, err);
	(void)closedir(directory);
	return r;
}
