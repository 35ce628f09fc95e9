/*
 * Files of this machine: whole-file reads with a bound, and writes that are
 * there wholly or not at all.
 */
#ifndef TN_BASE_FILE_H
#define TN_BASE_FILE_H

#include "base/defs.h"
#include "base/error.h"
#include "base/str.h"

/*
 * Appends. Regular files and descriptors such as /dev/stdin; TN_E_LIMIT over max,
 * TN_E_NOT_FOUND when there is none. On failure out is as it was.
 */
int tn_file_read(const char *path, size_t max, struct tn_str *out,
    struct tn_error *err) TN_MUST_USE;

/* Of the very file that was read. */
struct tn_file_facts {
	unsigned mode;  /* permission bits, 0 to 07777 */
	unsigned owner; /* user id */
};

/*
 * As above, but of a regular file alone: TN_E_INPUT for anything else, which is not
 * waited for. For files that decide over something.
 */
int tn_file_read_regular(const char *path, size_t max, struct tn_str *out,
    struct tn_file_facts *facts, struct tn_error *err) TN_MUST_USE;

/*
 * Replaces the file or makes it, with the given mode: readers see the old bytes or the
 * new ones, even after a crash. A symbolic link is replaced, not followed.
 */
int tn_file_write(const char *path, unsigned mode, struct tn_span bytes,
    struct tn_error *err) TN_MUST_USE;

/* Makes a directory and its missing parents with mode 0700. */
int tn_file_mkdirs(const char *path, struct tn_error *err) TN_MUST_USE;

/*
 * An exclusive lock on a file, created with mode 0600, that dies with its
 * holder. TN_E_LOCKED at once when somebody has it. note is written into the file for
 * others to read and may hold pid and time.
 */
struct tn_file_lock;
int tn_file_lock(const char *path, const char *note, struct tn_file_lock **out,
    struct tn_error *err) TN_MUST_USE;
void tn_file_unlock(struct tn_file_lock *lock);

#endif
