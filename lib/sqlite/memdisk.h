/*
 * A disk in memory that forgets what was not synced: the other half of every
 * crash test. SQLite reaches it through a VFS of ours; locks of tenants live on
 * it too. There is no clock, no chance and no waiting in it.
 *
 * tn_memdisk_crash is the power cut: it gives a new disk that holds what
 * survived, and severs the old one: every later operation through it fails
 * without effect, so that freeing the killed run's objects cannot change
 * anything.
 */
#ifndef TN_SQLITE_MEMDISK_H
#define TN_SQLITE_MEMDISK_H

#include "base/error.h"
#include "base/rand.h"

struct tn_memdisk;

struct tn_memdisk *tn_memdisk_new(void);
/* Databases that are still open on it may be closed before or after. */
void tn_memdisk_free(struct tn_memdisk *disk);
TN_DEFINE_FREEP(tn_memdisk, tn_memdisk_free)

/*
 * What was synced survives. Of each file's writes since its last sync, none
 * survive when rand is NULL; otherwise a random subset in whole or torn 512-byte sectors
 * does, as on a real disk; so with its length, and with files created or removed since
 * the directory was synced. Locks do not survive.
 */
struct tn_memdisk *tn_memdisk_crash(struct tn_memdisk *disk, struct tn_rand *rand);
/* What would survive of it now, with what was not synced lost; it goes on undisturbed. */
struct tn_memdisk *tn_memdisk_copy(const struct tn_memdisk *disk);
bool tn_memdisk_severed(const struct tn_memdisk *disk);

/*
 * The power goes during the n-th write or sync from now (1 is the next; 0 turns it off):
 * a write counts as one that was not synced, a sync as not done. The disk is severed from
 * then on; tn_memdisk_crash gives what survived.
 */
void tn_memdisk_cut(struct tn_memdisk *disk, uint64_t n);

/* An exclusive named lock that dies with its holder's disk. TN_E_LOCKED when taken. */
int tn_memdisk_lock(struct tn_memdisk *disk, const char *name,
    struct tn_error *err) TN_MUST_USE;
void tn_memdisk_unlock(struct tn_memdisk *disk, const char *name);

/* Bytes of all files as they are read now, for tests that search them. */
void tn_memdisk_each(struct tn_memdisk *disk,
    void (*fn)(void *arg, const char *name, const void *bytes, size_t len), void *arg);

/*
 * Counts of effects so far, failed ones included. Cutting a file short or removing it is
 * a write, syncing the directory a sync.
 */
uint64_t tn_memdisk_syncs(const struct tn_memdisk *disk);
uint64_t tn_memdisk_writes(const struct tn_memdisk *disk);
/* Nanoseconds that SQLite asked to wait for other connections, without waiting. */
int64_t tn_memdisk_slept(const struct tn_memdisk *disk);

/*
 * The n-th write or sync from now fails with an I/O error (1 is the next); 0 turns it
 * off. After the failure later ones succeed again.
 */
void tn_memdisk_fail_write(struct tn_memdisk *disk, uint64_t n);
void tn_memdisk_fail_sync(struct tn_memdisk *disk, uint64_t n);

#endif
