/*
 * SQLite's way to a disk in memory: a VFS of its own for each disk, with locks between
 * connections, shared memory for the write-ahead log, and neither clock nor chance.
 * Inside the room only.
 */
#ifndef TN_SQLITE_VFS_H
#define TN_SQLITE_VFS_H

#include "base/defs.h"

struct tn_memdisk;
struct tn_vfs;

/* Sets SQLite up for this process; once, before anything else of it is called. */
void tn_vfs_setup(void);

/*
 * life counts the power cuts before this disk: SQLite's own source of chance starts anew
 * from it, so that the same seed gives the same bytes.
 */
struct tn_vfs *tn_vfs_new(struct tn_memdisk *disk, unsigned life);
void tn_vfs_free(struct tn_vfs *vfs);
const char *tn_vfs_name(const struct tn_vfs *vfs);

#endif
