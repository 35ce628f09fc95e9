/* The lock of a tenant, beside the database. Inside the room only. */
#ifndef TN_STORE_LOCK_H
#define TN_STORE_LOCK_H

#include "store/store.h"

struct tn_file_lock;

struct tn_store_lock {
	bool held;
	struct tn_file_lock *file; /* on the machine's files */
	struct tn_memdisk *disk;   /* on a disk in memory */
	char *name;
};

/*
 * TN_E_LOCKED at once when somebody has it. Which project of the tenant asks makes no
 * difference. holder and unix_ns are left for others to read.
 */
int tn_store_lock_take(struct tn_store_lock *lock, const char *path,
    struct tn_memdisk *disk, const struct tn_store_scope *scope,
    const struct tn_lock_holder *holder, int64_t unix_ns,
    struct tn_error *err) TN_MUST_USE;
/* Allowed when it is not held. */
void tn_store_lock_give(struct tn_store_lock *lock);

#endif
