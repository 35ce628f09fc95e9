#include "store/lock.h"

#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/time.h"
#include "crypto/crypto.h"
#include "sqlite/memdisk.h"

/* Of the digest: enough that two tenants never meet. */
#define DIGITS 32

/* A tenant is where it is: its name in a project is no part of it. */
static char *
lock_name(const char *path, const struct tn_store_scope *scope)
{
	TN_CLEANUP(tn_str_done) struct tn_str address = TN_STR_INIT;
	struct tn_str name = TN_STR_INIT;
	char digest[TN_SHA256_HEX];

	tn_str_addf(&address, "%s %s", scope->provider, scope->base_url);
	tn_sha256_hex(tn_str_span(&address), digest);
	tn_str_addf(&name, "%s.%.*s.lock", path, DIGITS, digest);
	return tn_str_take(&name);
}

static void
add_part(struct tn_str *note, const char *before, const char *part)
{
	if (part != NULL)
		tn_str_addf(note, "%s%s", before, part);
}

static int
take_file(struct tn_store_lock *lock, const struct tn_lock_holder *holder,
    int64_t unix_ns, struct tn_error *err)
{
	TN_CLEANUP(tn_str_done) struct tn_str note = TN_STR_INIT;
	char when[TN_TIME_SIZE];

	tn_time_format_seconds(unix_ns, when);
	tn_str_addf(&note, "process %ld", (long)getpid());
	add_part(&note, " of ", holder->who);
	add_part(&note, ", tenon ", holder->command);
	add_part(&note, ", run ", holder->run_id);
	add_part(&note, ", since ", when);
	return tn_file_lock(lock->name, tn_str_text(&note), &lock->file, err);
}

int
tn_store_lock_take(struct tn_store_lock *lock, const char *path, struct tn_memdisk *disk,
    const struct tn_store_scope *scope, const struct tn_lock_holder *holder,
    int64_t unix_ns, struct tn_error *err)
{
	int r;

	lock->name = lock_name(path, scope);
	lock->disk = disk;
	if (disk != NULL)
		r = tn_memdisk_lock(disk, lock->name, err);
	else
		r = take_file(lock, holder, unix_ns, err);
	if (r < 0) {
		tn_free(tn_take(lock->name));
		tn_error_context(err, "the lock of tenant %s (%s)", scope->tenant,
		    scope->base_url);
		return r;
	}
	lock->held = true;
	return 0;
}

void
tn_store_lock_give(struct tn_store_lock *lock)
{
	if (!lock->held)
		return;
	if (lock->disk != NULL)
		tn_memdisk_unlock(lock->disk, lock->name);
	else
		tn_file_unlock(tn_take(lock->file));
	tn_free(tn_take(lock->name));
	lock->held = false;
}
