/*
 * One file of a disk in memory: the bytes that readers see, and what they were at the
 * last sync, which is what a power cut leaves. Inside the room only.
 *
 * Of each sector that changed since the last sync the old bytes are kept, so that a sync
 * forgets a list instead of copying.
 */
#ifndef TN_SQLITE_MEMFILE_H
#define TN_SQLITE_MEMFILE_H

#include "base/defs.h"
#include "base/rand.h"

#define TN_MEMFILE_SECTOR 512
#define TN_MEMFILE_MAX    ((size_t)1 << 30)

/* How the connections of SQLite that have the file open exclude each other. */
#define TN_MEMFILE_SHM_LOCKS 8

struct tn_memfile_locks {
	unsigned shared;    /* holders of a shared lock, the writer among them */
	const void *writer; /* the one holder of a reserved lock or more, or NULL */
	bool pending;       /* the writer waits for readers: no new ones */
	unsigned shm_shared[TN_MEMFILE_SHM_LOCKS];
	bool shm_exclusive[TN_MEMFILE_SHM_LOCKS];
};

/* A sector that changed since the last sync. */
struct tn_memfile_change {
	size_t sector;
	unsigned char old[TN_MEMFILE_SECTOR];
};

struct tn_memfile {
	unsigned refs;
	unsigned char *bytes;
	size_t size;
	size_t cap;
	size_t synced_size;
	uint64_t *changed; /* one bit per sector: it is among the changes */
	struct tn_memfile_change *changes;
	size_t n_changes, cap_changes;
	struct tn_memfile_locks locks;
	void **regions; /* memory that the connections share; no power cut keeps it */
	size_t n_regions;
	unsigned shm_users;
};

struct tn_memfile *tn_memfile_new(void);
struct tn_memfile *tn_memfile_ref(struct tn_memfile *file);
void tn_memfile_unref(struct tn_memfile *file);

/* offset + len is at most TN_MEMFILE_MAX; the caller has checked. */
void tn_memfile_write(struct tn_memfile *file, size_t offset, const void *bytes,
    size_t len);
/* What is there of the len bytes asked for; the rest of out is zeroed. */
size_t tn_memfile_read(const struct tn_memfile *file, size_t offset, void *out,
    size_t len);
void tn_memfile_truncate(struct tn_memfile *file, size_t size);
void tn_memfile_sync(struct tn_memfile *file);

/* The file after a power cut; see tn_memdisk_crash for rand. */
struct tn_memfile *tn_memfile_survivor(const struct tn_memfile *file,
    struct tn_rand *rand);

/*
 * The region of shared memory, zeroed when new; NULL when it is not there and
 * extend is false.
 */
void *tn_memfile_region(struct tn_memfile *file, size_t index, size_t size, bool extend);
void tn_memfile_drop_regions(struct tn_memfile *file);

#endif
