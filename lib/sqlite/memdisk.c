#include "sqlite/memdisk.h"

#include "base/mem.h"
#include "sqlite/disk.h"
#include "sqlite/vfs.h"

/* A name, the file it leads to now, and the one it leads to after a power cut. */
struct entry {
	char *name;
	struct tn_memfile *now;
	struct tn_memfile *kept;
};

struct tn_memdisk {
	unsigned refs;
	unsigned life;
	bool severed;
	struct entry *entries;
	size_t n_entries, cap_entries;
	char **locks;
	size_t n_locks, cap_locks;
	uint64_t writes, syncs;
	int64_t slept;
	/* Effects until the one that fails or loses the power; 0 is never. */
	uint64_t fail_write, fail_sync, cut;
	struct tn_vfs *vfs;
};

static struct tn_memdisk *
disk_new(unsigned life)
{
	struct tn_memdisk *disk = tn_new(struct tn_memdisk);

	disk->refs = 1;
	disk->life = life;
	disk->vfs = tn_vfs_new(disk, life);
	return disk;
}

struct tn_memdisk *
tn_memdisk_new(void)
{
	return disk_new(1);
}

struct tn_memdisk *
tn_memdisk_ref(struct tn_memdisk *disk)
{
	disk->refs++;
	return disk;
}

void
tn_memdisk_free(struct tn_memdisk *disk)
{
	if (disk == NULL || --disk->refs > 0)
		return;
	tn_vfs_free(disk->vfs);
	for (size_t i = 0; i < disk->n_entries; i++) {
		tn_free(disk->entries[i].name);
		tn_memfile_unref(disk->entries[i].now);
		tn_memfile_unref(disk->entries[i].kept);
	}
	tn_free(disk->entries);
	for (size_t i = 0; i < disk->n_locks; i++)
		tn_free(disk->locks[i]);
	tn_free(disk->locks);
	tn_free(disk);
}

const char *
tn_memdisk_vfs_name(const struct tn_memdisk *disk)
{
	return tn_vfs_name(disk->vfs);
}

bool
tn_memdisk_severed(const struct tn_memdisk *disk)
{
	return disk->severed;
}

uint64_t
tn_memdisk_syncs(const struct tn_memdisk *disk)
{
	return disk->syncs;
}

uint64_t
tn_memdisk_writes(const struct tn_memdisk *disk)
{
	return disk->writes;
}

int64_t
tn_memdisk_slept(const struct tn_memdisk *disk)
{
	return disk->slept;
}

void
tn_memdisk_fail_write(struct tn_memdisk *disk, uint64_t n)
{
	disk->fail_write = n;
}

void
tn_memdisk_fail_sync(struct tn_memdisk *disk, uint64_t n)
{
	disk->fail_sync = n;
}

void
tn_memdisk_cut(struct tn_memdisk *disk, uint64_t n)
{
	disk->cut = n;
}

void
tn_memdisk_sleep(struct tn_memdisk *disk, int64_t ns)
{
	disk->slept += ns;
}

static bool
is_due(uint64_t *countdown)
{
	return *countdown > 0 && --*countdown == 0;
}

static bool
may_write(struct tn_memdisk *disk)
{
	if (disk->severed)
		return false;
	disk->writes++;
	return !is_due(&disk->fail_write);
}

/* The power may have gone while the effect took place. */
static bool
still_powered(struct tn_memdisk *disk)
{
	if (is_due(&disk->cut))
		disk->severed = true;
	return !disk->severed;
}

static bool
may_sync(struct tn_memdisk *disk)
{
	if (disk->severed)
		return false;
	disk->syncs++;
	return still_powered(disk) && !is_due(&disk->fail_sync);
}

static struct entry *
entry_of(struct tn_memdisk *disk, const char *name)
{
	for (size_t i = 0; i < disk->n_entries; i++)
		if (tn_text_equal(disk->entries[i].name, name))
			return &disk->entries[i];
	return NULL;
}

struct tn_memfile *
tn_memdisk_find(struct tn_memdisk *disk, const char *name)
{
	struct entry *entry = entry_of(disk, name);

	if (entry == NULL || entry->now == NULL)
		return NULL;
	return tn_memfile_ref(entry->now);
}

struct tn_memfile *
tn_memdisk_create(struct tn_memdisk *disk, const char *name)
{
	struct entry *entry = entry_of(disk, name);

	if (entry == NULL) {
		disk->entries = tn_grow(disk->entries, disk->n_entries,
		    &disk->cap_entries, sizeof(*disk->entries));
		entry = &disk->entries[disk->n_entries++];
		*entry = (struct entry){ .name = tn_strdup(name) };
	}
	tn_memfile_unref(entry->now);
	entry->now = tn_memfile_new();
	return tn_memfile_ref(entry->now);
}

bool
tn_memdisk_write(struct tn_memdisk *disk, struct tn_memfile *file, size_t offset,
    const void *bytes, size_t len)
{
	if (!may_write(disk))
		return false;
	tn_memfile_write(file, offset, bytes, len);
	return still_powered(disk);
}

bool
tn_memdisk_truncate(struct tn_memdisk *disk, struct tn_memfile *file, size_t size)
{
	if (!may_write(disk))
		return false;
	tn_memfile_truncate(file, size);
	return still_powered(disk);
}

static void
keep(struct entry *entry)
{
	if (entry->kept == entry->now)
		return;
	tn_memfile_unref(entry->kept);
	entry->kept = entry->now != NULL ? tn_memfile_ref(entry->now) : NULL;
}

bool
tn_memdisk_sync(struct tn_memdisk *disk, struct tn_memfile *file)
{
	if (!may_sync(disk))
		return false;
	tn_memfile_sync(file);
	for (size_t i = 0; i < disk->n_entries; i++)
		if (disk->entries[i].now == file)
			keep(&disk->entries[i]);
	return true;
}

bool
tn_memdisk_remove(struct tn_memdisk *disk, const char *name)
{
	struct entry *entry = entry_of(disk, name);

	if (!may_write(disk))
		return false;
	if (entry != NULL) {
		tn_memfile_unref(entry->now);
		entry->now = NULL;
	}
	return still_powered(disk);
}

bool
tn_memdisk_sync_dir(struct tn_memdisk *disk)
{
	if (!may_sync(disk))
		return false;
	for (size_t i = 0; i < disk->n_entries; i++)
		keep(&disk->entries[i]);
	return true;
}

static void
survive(struct tn_memdisk *left, const struct entry *entry, struct tn_rand *rand)
{
	const struct tn_memfile *file = entry->kept;

	if (rand != NULL && entry->now != entry->kept && tn_rand_one_in(rand, 2))
		file = entry->now;
	if (file == NULL)
		return;
	left->entries = tn_grow(left->entries, left->n_entries, &left->cap_entries,
	    sizeof(*left->entries));
	left->entries[left->n_entries] = (struct entry){
		.name = tn_strdup(entry->name),
		.now = tn_memfile_survivor(file, rand),
	};
	keep(&left->entries[left->n_entries++]);
}

static struct tn_memdisk *
survivors(const struct tn_memdisk *disk, struct tn_rand *rand)
{
	struct tn_memdisk *left = disk_new(disk->life + 1);

	for (size_t i = 0; i < disk->n_entries; i++)
		survive(left, &disk->entries[i], rand);
	return left;
}

struct tn_memdisk *
tn_memdisk_crash(struct tn_memdisk *disk, struct tn_rand *rand)
{
	struct tn_memdisk *left = survivors(disk, rand);

	disk->severed = true;
	return left;
}

struct tn_memdisk *
tn_memdisk_copy(const struct tn_memdisk *disk)
{
	return survivors(disk, NULL);
}

int
tn_memdisk_lock(struct tn_memdisk *disk, const char *name, struct tn_error *err)
{
	if (disk->severed)
		return tn_error_set(err, TN_E_SYSTEM,
		    "cannot lock \"%s\": the disk in memory has lost its power", name);
	for (size_t i = 0; i < disk->n_locks; i++)
		if (tn_text_equal(disk->locks[i], name))
			return tn_error_set(err, TN_E_LOCKED, "the lock \"%s\" is taken",
			    name);
	disk->locks = tn_grow(disk->locks, disk->n_locks, &disk->cap_locks,
	    sizeof(*disk->locks));
	disk->locks[disk->n_locks++] = tn_strdup(name);
	return 0;
}

void
tn_memdisk_unlock(struct tn_memdisk *disk, const char *name)
{
	for (size_t i = 0; i < disk->n_locks; i++) {
		if (!tn_text_equal(disk->locks[i], name))
			continue;
		tn_free(disk->locks[i]);
		disk->locks[i] = disk->locks[--disk->n_locks];
		return;
	}
}

void
tn_memdisk_each(struct tn_memdisk *disk,
    void (*fn)(void *arg, const char *name, const void *bytes, size_t len), void *arg)
{
	for (size_t i = 0; i < disk->n_entries; i++) {
		const struct entry *entry = &disk->entries[i];

		if (entry->now != NULL)
			fn(arg, entry->name,
			    entry->now->size > 0 ? entry->now->bytes : NULL,
			    entry->now->size);
	}
}
