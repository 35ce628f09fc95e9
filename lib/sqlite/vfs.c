#include "sqlite/vfs.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "sqlite/disk.h"

/* 2000-01-01 00:00 UTC as a Julian day, in milliseconds. */
#define FIXED_TIME     INT64_C(211813444800000)
#define NAME_MAX_BYTES 512

struct tn_vfs {
	sqlite3_vfs sqlite;
	char name[40];
	struct tn_rand rand;
};

/* A file that one connection has open. SQLite owns the memory. */
struct handle {
	sqlite3_file base;
	struct tn_memdisk *disk;
	struct tn_memfile *file;
	int level;        /* SQLITE_LOCK_… */
	bool new_journal; /* its first sync takes the directory along */
	bool shm;
	unsigned shm_shared; /* bit per lock that this connection holds */
	unsigned shm_exclusive;
};

static struct handle *
handle_of(sqlite3_file *file)
{
	return (struct handle *)file;
}

/* --- Bytes --- */

static int
file_read(sqlite3_file *file, void *out, int len, sqlite3_int64 offset)
{
	struct handle *h = handle_of(file);

	if (tn_memdisk_severed(h->disk))
		return SQLITE_IOERR_READ;
	if (tn_memfile_read(h->file, (size_t)offset, out, (size_t)len) < (size_t)len)
		return SQLITE_IOERR_SHORT_READ;
	return SQLITE_OK;
}

static int
file_write(sqlite3_file *file, const void *bytes, int len, sqlite3_int64 offset)
{
	struct handle *h = handle_of(file);

	if ((size_t)offset + (size_t)len > TN_MEMFILE_MAX)
		return SQLITE_FULL;
	if (!tn_memdisk_write(h->disk, h->file, (size_t)offset, bytes, (size_t)len))
		return SQLITE_IOERR_WRITE;
	return SQLITE_OK;
}

static int
file_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	struct handle *h = handle_of(file);

	if ((size_t)size > TN_MEMFILE_MAX)
		return SQLITE_FULL;
	if (!tn_memdisk_truncate(h->disk, h->file, (size_t)size))
		return SQLITE_IOERR_TRUNCATE;
	return SQLITE_OK;
}

static int
file_sync(sqlite3_file *file, int flags)
{
	struct handle *h = handle_of(file);

	(void)flags;
	if (!tn_memdisk_sync(h->disk, h->file))
		return SQLITE_IOERR_FSYNC;
	if (h->new_journal && !tn_memdisk_sync_dir(h->disk))
		return SQLITE_IOERR_DIR_FSYNC;
	h->new_journal = false;
	return SQLITE_OK;
}

static int
file_size(sqlite3_file *file, sqlite3_int64 *out)
{
	struct handle *h = handle_of(file);

	if (tn_memdisk_severed(h->disk))
		return SQLITE_IOERR_FSTAT;
	*out = (sqlite3_int64)h->file->size;
	return SQLITE_OK;
}

static int
file_control(sqlite3_file *file, int op, void *arg)
{
	(void)file;
	(void)op;
	(void)arg;
	return SQLITE_NOTFOUND;
}

/* As SQLite's own VFS for Unix says of its files. */
static int
file_sector_size(sqlite3_file *file)
{
	(void)file;
	return 4096;
}

static int
file_characteristics(sqlite3_file *file)
{
	(void)file;
	return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

/* --- Locks of the file: one writer, who waits until the readers are gone --- */

static int
file_lock(sqlite3_file *file, int level)
{
	struct handle *h = handle_of(file);
	struct tn_memfile_locks *locks = &h->file->locks;

	if (tn_memdisk_severed(h->disk))
		return SQLITE_IOERR_LOCK;
	if (level <= h->level)
		return SQLITE_OK;
	if (h->level == SQLITE_LOCK_NONE) {
		if (locks->pending)
			return SQLITE_BUSY;
		locks->shared++;
		h->level = SQLITE_LOCK_SHARED;
	}
	if (level == SQLITE_LOCK_SHARED)
		return SQLITE_OK;
	if (locks->writer != NULL && locks->writer != h)
		return SQLITE_BUSY;
	locks->writer = h;
	if (h->level < SQLITE_LOCK_RESERVED)
		h->level = SQLITE_LOCK_RESERVED;
	if (level == SQLITE_LOCK_RESERVED)
		return SQLITE_OK;
	locks->pending = true;
	h->level = SQLITE_LOCK_PENDING;
	if (locks->shared > 1)
		return SQLITE_BUSY;
	h->level = SQLITE_LOCK_EXCLUSIVE;
	return SQLITE_OK;
}

static int
file_unlock(sqlite3_file *file, int level)
{
	struct handle *h = handle_of(file);
	struct tn_memfile_locks *locks = &h->file->locks;

	if (level >= h->level)
		return SQLITE_OK;
	if (locks->writer == h && level < SQLITE_LOCK_RESERVED) {
		locks->writer = NULL;
		locks->pending = false;
	}
	if (level == SQLITE_LOCK_NONE)
		locks->shared--;
	h->level = level;
	return SQLITE_OK;
}

static int
file_check_reserved(sqlite3_file *file, int *out)
{
	struct handle *h = handle_of(file);

	if (tn_memdisk_severed(h->disk))
		return SQLITE_IOERR_CHECKRESERVEDLOCK;
	*out = h->file->locks.writer != NULL;
	return SQLITE_OK;
}

/* --- Shared memory of the write-ahead log --- */

static int
shm_map(sqlite3_file *file, int index, int size, int extend, void volatile **out)
{
	struct handle *h = handle_of(file);

	*out = NULL;
	if (tn_memdisk_severed(h->disk))
		return SQLITE_IOERR_SHMMAP;
	if (!h->shm) {
		h->shm = true;
		h->file->shm_users++;
	}
	*out = tn_memfile_region(h->file, (size_t)index, (size_t)size, extend != 0);
	return SQLITE_OK;
}

static void
shm_unlock(struct handle *h, int first, int n)
{
	struct tn_memfile_locks *locks = &h->file->locks;

	for (int i = first; i < first + n; i++) {
		if (h->shm_exclusive & 1u << i)
			locks->shm_exclusive[i] = false;
		if (h->shm_shared & 1u << i)
			locks->shm_shared[i]--;
		h->shm_exclusive &= ~(1u << i);
		h->shm_shared &= ~(1u << i);
	}
}

/* Whether nobody else holds lock i in a way that excludes this one. */
static bool
shm_is_free(const struct handle *h, int i, bool exclusive)
{
	const struct tn_memfile_locks *locks = &h->file->locks;
	unsigned others = locks->shm_shared[i] - (h->shm_shared >> i & 1);

	if (locks->shm_exclusive[i] && !(h->shm_exclusive & 1u << i))
		return false;
	return !exclusive || others == 0;
}

static void
shm_take(struct handle *h, int i, bool exclusive)
{
	struct tn_memfile_locks *locks = &h->file->locks;

	if (exclusive) {
		locks->shm_exclusive[i] = true;
		h->shm_exclusive |= 1u << i;
	} else if (!(h->shm_shared & 1u << i)) {
		locks->shm_shared[i]++;
		h->shm_shared |= 1u << i;
	}
}

static int
shm_lock(sqlite3_file *file, int first, int n, int flags)
{
	struct handle *h = handle_of(file);
	bool exclusive = (flags & SQLITE_SHM_EXCLUSIVE) != 0;

	if (flags & SQLITE_SHM_UNLOCK) {
		shm_unlock(h, first, n);
		return SQLITE_OK;
	}
	if (tn_memdisk_severed(h->disk))
		return SQLITE_IOERR_SHMLOCK;
	for (int i = first; i < first + n; i++)
		if (!shm_is_free(h, i, exclusive))
			return SQLITE_BUSY;
	for (int i = first; i < first + n; i++)
		shm_take(h, i, exclusive);
	return SQLITE_OK;
}

static void
shm_barrier(sqlite3_file *file)
{
	(void)file;
}

static int
shm_unmap(sqlite3_file *file, int delete)
{
	struct handle *h = handle_of(file);

	(void)delete;
	if (!h->shm)
		return SQLITE_OK;
	shm_unlock(h, 0, TN_MEMFILE_SHM_LOCKS);
	h->shm = false;
	if (--h->file->shm_users == 0)
		tn_memfile_drop_regions(h->file);
	return SQLITE_OK;
}

static int
file_close(sqlite3_file *file)
{
	struct handle *h = handle_of(file);

	shm_unmap(file, 0);
	file_unlock(file, SQLITE_LOCK_NONE);
	tn_memfile_unref(h->file);
	return SQLITE_OK;
}

static const sqlite3_io_methods methods = {
	.iVersion = 2,
	.xClose = file_close,
	.xRead = file_read,
	.xWrite = file_write,
	.xTruncate = file_truncate,
	.xSync = file_sync,
	.xFileSize = file_size,
	.xLock = file_lock,
	.xUnlock = file_unlock,
	.xCheckReservedLock = file_check_reserved,
	.xFileControl = file_control,
	.xSectorSize = file_sector_size,
	.xDeviceCharacteristics = file_characteristics,
	.xShmMap = shm_map,
	.xShmLock = shm_lock,
	.xShmBarrier = shm_barrier,
	.xShmUnmap = shm_unmap,
};

/* --- The disk --- */

static struct tn_memdisk *
disk_of(sqlite3_vfs *sqlite)
{
	return sqlite->pAppData;
}

#define JOURNALS (SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL | SQLITE_OPEN_WAL)

/* Without a name it is a temporary file, which nobody else sees. */
static int
find_or_create(struct handle *h, const char *name, int flags)
{
	h->file = name != NULL ? tn_memdisk_find(h->disk, name) : tn_memfile_new();
	if (h->file != NULL)
		return SQLITE_OK;
	if (!(flags & SQLITE_OPEN_CREATE))
		return SQLITE_CANTOPEN;
	h->file = tn_memdisk_create(h->disk, name);
	/* SQLite's VFS for Unix does the same, and its journals rely on it. */
	h->new_journal = (flags & JOURNALS) != 0;
	return SQLITE_OK;
}

static int
vfs_open(sqlite3_vfs *sqlite, const char *name, sqlite3_file *file, int flags,
    int *out_flags)
{
	struct handle *h = handle_of(file);
	int r;

	memset(h, 0, sizeof(*h));
	h->disk = disk_of(sqlite);
	if (tn_memdisk_severed(h->disk))
		return SQLITE_IOERR;
	r = find_or_create(h, name, flags);
	if (r != SQLITE_OK)
		return r;
	h->base.pMethods = &methods;
	if (out_flags != NULL)
		*out_flags = flags;
	return SQLITE_OK;
}

static int
vfs_delete(sqlite3_vfs *sqlite, const char *name, int sync_dir)
{
	struct tn_memdisk *disk = disk_of(sqlite);
	struct tn_memfile *file = tn_memdisk_find(disk, name);
	bool there = file != NULL;

	tn_memfile_unref(file);
	if (!there && !tn_memdisk_severed(disk))
		return SQLITE_IOERR_DELETE_NOENT;
	if (!tn_memdisk_remove(disk, name))
		return SQLITE_IOERR_DELETE;
	if (sync_dir && !tn_memdisk_sync_dir(disk))
		return SQLITE_IOERR_DIR_FSYNC;
	return SQLITE_OK;
}

/* An empty file counts as none for SQLITE_ACCESS_EXISTS, as in SQLite's VFS for Unix. */
static int
vfs_access(sqlite3_vfs *sqlite, const char *name, int flags, int *out)
{
	struct tn_memdisk *disk = disk_of(sqlite);
	struct tn_memfile *file;

	if (tn_memdisk_severed(disk))
		return SQLITE_IOERR_ACCESS;
	file = tn_memdisk_find(disk, name);
	*out = file != NULL && (flags != SQLITE_ACCESS_EXISTS || file->size > 0);
	tn_memfile_unref(file);
	return SQLITE_OK;
}

static int
vfs_full_name(sqlite3_vfs *sqlite, const char *name, int size, char *out)
{
	size_t len = strlen(name);

	(void)sqlite;
	if (len >= (size_t)size)
		return SQLITE_CANTOPEN;
	memcpy(out, name, len + 1);
	return SQLITE_OK;
}

static int
vfs_randomness(sqlite3_vfs *sqlite, int len, char *out)
{
	struct tn_vfs *vfs = (struct tn_vfs *)sqlite;

	for (int i = 0; i < len; i++)
		out[i] = (char)(tn_rand_next(&vfs->rand) & 0xff);
	return len;
}

static int
vfs_sleep(sqlite3_vfs *sqlite, int microseconds)
{
	tn_memdisk_sleep(disk_of(sqlite), microseconds * (TN_MSEC / 1000));
	return microseconds;
}

static int
vfs_time(sqlite3_vfs *sqlite, sqlite3_int64 *out)
{
	(void)sqlite;
	*out = FIXED_TIME;
	return SQLITE_OK;
}

static int
vfs_time_days(sqlite3_vfs *sqlite, double *out)
{
	(void)sqlite;
	*out = (double)FIXED_TIME / 86400000.0;
	return SQLITE_OK;
}

void
tn_vfs_setup(void)
{
	static bool done;

	if (done)
		return;
	done = true;
	/* Neither can fail before initialization. */
	(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	(void)sqlite3_config(SQLITE_CONFIG_URI, 0);
	/* When this one fails, opening says so. */
	(void)sqlite3_initialize();
}

struct tn_vfs *
tn_vfs_new(struct tn_memdisk *disk, unsigned life)
{
	struct tn_vfs *vfs = tn_new(struct tn_vfs);

	tn_vfs_setup();
	(void)sqlite3_test_control(SQLITE_TESTCTRL_PRNG_SEED, (int)life, (sqlite3 *)NULL);
	tn_rand_init(&vfs->rand, life);
	(void)snprintf(vfs->name, sizeof(vfs->name), "tn-memdisk-%p", (void *)vfs);
	vfs->sqlite = (sqlite3_vfs){
		.iVersion = 2,
		.szOsFile = sizeof(struct handle),
		.mxPathname = NAME_MAX_BYTES,
		.zName = vfs->name,
		.pAppData = disk,
		.xOpen = vfs_open,
		.xDelete = vfs_delete,
		.xAccess = vfs_access,
		.xFullPathname = vfs_full_name,
		.xRandomness = vfs_randomness,
		.xSleep = vfs_sleep,
		.xCurrentTime = vfs_time_days,
		.xCurrentTimeInt64 = vfs_time,
	};
	/* When it fails, opening finds no VFS of this name. */
	(void)sqlite3_vfs_register(&vfs->sqlite, 0);
	return vfs;
}

void
tn_vfs_free(struct tn_vfs *vfs)
{
	if (vfs == NULL)
		return;
	(void)sqlite3_vfs_unregister(&vfs->sqlite);
	tn_free(vfs);
}

const char *
tn_vfs_name(const struct tn_vfs *vfs)
{
	return vfs->name;
}
