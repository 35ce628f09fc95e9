/*
 * What the VFS does with a disk in memory. Inside the room only; memdisk.h is
 * the public side.
 *
 * The disk has one directory. Creating and removing a file is kept by a power
 * cut once the directory was synced, or, for creating, once the file itself
 * was: as on the usual file systems of Linux. Effects give false when the disk
 * is severed, was told to fail, or loses its power in this very moment.
 */
#ifndef TN_SQLITE_DISK_H
#define TN_SQLITE_DISK_H

#include "sqlite/memdisk.h"
#include "sqlite/memfile.h"

/* A database that is open keeps its disk, so that either may be let go first. */
struct tn_memdisk *tn_memdisk_ref(struct tn_memdisk *disk);
const char *tn_memdisk_vfs_name(const struct tn_memdisk *disk);

/* A reference, or NULL when there is no such file. */
struct tn_memfile *tn_memdisk_find(struct tn_memdisk *disk, const char *name);
struct tn_memfile *tn_memdisk_create(struct tn_memdisk *disk, const char *name);

bool tn_memdisk_write(struct tn_memdisk *disk, struct tn_memfile *file, size_t offset,
    const void *bytes, size_t len);
bool tn_memdisk_truncate(struct tn_memdisk *disk, struct tn_memfile *file, size_t size);
bool tn_memdisk_sync(struct tn_memdisk *disk, struct tn_memfile *file);
bool tn_memdisk_remove(struct tn_memdisk *disk, const char *name);
bool tn_memdisk_sync_dir(struct tn_memdisk *disk);

/* Nobody waits for a disk in memory; what was asked for is added up. */
void tn_memdisk_sleep(struct tn_memdisk *disk, int64_t ns);

#endif
