#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/secret.h"
#include "base/text.h"

#define CHUNK    ((size_t)16 << 10)
#define NOTE_MAX ((size_t)200)

static void
closep(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static int
open_failed(const char *path, struct tn_error *err)
{
	if (errno == ENOENT || errno == ENOTDIR)
		return tn_error_set(err, TN_E_NOT_FOUND, "there is no file \"%s\"", path);
	return tn_error_errno(err, errno, "cannot open \"%s\"", path);
}

static ssize_t
read_some(int fd, char *bytes, size_t len)
{
	ssize_t n;

	do {
		n = read(fd, bytes, len);
	} while (n < 0 && errno == EINTR);
	return n;
}

/* Reads to the end and not to the size seen before: the file may grow meanwhile. */
static int
read_all(int fd, const char *path, size_t max, struct tn_str *out, struct tn_error *err)
{
	size_t before = out->len;
	char chunk[CHUNK];
	int r = 0;

	for (;;) {
		ssize_t n = read_some(fd, chunk, sizeof(chunk));

		if (n == 0)
			break;
		if (n < 0) {
			r = tn_error_errno(err, errno, "cannot read \"%s\"", path);
			break;
		}
		if ((size_t)n > max - (out->len - before)) {
			r = tn_error_set(err, TN_E_LIMIT,
			    "\"%s\" is larger than the %zu bytes allowed", path, max);
			break;
		}
		tn_str_add_bytes(out, chunk, (size_t)n);
	}
	/* The file may be a key. */
	tn_wipe(chunk, sizeof(chunk));
	return r;
}

static void
undo_append(struct tn_str *out, size_t len, bool overflow)
{
	if (out->ptr == NULL)
		return;
	tn_wipe(out->ptr + len, out->len - len);
	out->len = len;
	out->ptr[len] = '\0';
	out->overflow = overflow;
}

static int
read_open_file(int fd, const struct stat *st, const char *path, size_t max,
    struct tn_str *out, struct tn_error *err)
{
	size_t before = out->len;
	bool overflow = out->overflow;
	int r;

	if (S_ISREG(st->st_mode) && (uintmax_t)st->st_size <= max)
		tn_str_reserve(out, (size_t)st->st_size);
	r = read_all(fd, path, max, out, err);
	if (r == 0 && tn_str_overflowed(out))
		r = tn_error_set(err, TN_E_LIMIT,
		    "\"%s\" is larger than its buffer may be", path);
	if (r < 0)
		undo_append(out, before, overflow);
	return r;
}

/* Gives a descriptor or a negative error. */
static int
open_file(const char *path, int flags, struct stat *st, struct tn_error *err)
{
	TN_CLEANUP(closep) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | flags);
	int opened;

	if (fd < 0)
		return open_failed(path, err);
	if (fstat(fd, st) < 0)
		return tn_error_errno(err, errno, "cannot examine \"%s\"", path);
	if (S_ISDIR(st->st_mode))
		return tn_error_set(err, TN_E_INPUT, "\"%s\" is a directory, not a file",
		    path);
	opened = fd;
	fd = -1;
	return opened;
}

int
tn_file_read(const char *path, size_t max, struct tn_str *out, struct tn_error *err)
{
	struct stat st;
	TN_CLEANUP(closep) int fd = open_file(path, 0, &st, err);

	return fd < 0 ? fd : read_open_file(fd, &st, path, max, out, err);
}

int
tn_file_read_regular(const char *path, size_t max, struct tn_str *out,
    struct tn_file_facts *facts, struct tn_error *err)
{
	struct stat st;
	/* Without O_NONBLOCK, opening a FIFO would wait for somebody to write. */
	TN_CLEANUP(closep) int fd = open_file(path, O_NONBLOCK, &st, err);

	if (fd < 0)
		return fd;
	if (!S_ISREG(st.st_mode))
		return tn_error_set(err, TN_E_INPUT, "\"%s\" is no regular file", path);
	*facts = (struct tn_file_facts){ .mode = st.st_mode & 07777, .owner = st.st_uid };
	return read_open_file(fd, &st, path, max, out, err);
}

static int
write_all(int fd, struct tn_span bytes)
{
	while (bytes.len > 0) {
		ssize_t n = write(fd, bytes.ptr, bytes.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		bytes.ptr += n;
		bytes.len -= (size_t)n;
	}
	return 0;
}

/* Makes the new name last: without it a crash could bring the old file back. */
static int
sync_directory_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	size_t len = slash != NULL ? (size_t)(slash - path) + 1 : 0;
	TN_CLEANUP(tn_freep)
	char *directory = len > 0 ? tn_strndup(path, len) : tn_strdup(".");
	TN_CLEANUP(closep) int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? -1 : fsync(fd);
}

static int
fill_and_rename(int fd, const char *temporary, const char *path, unsigned mode,
    struct tn_span bytes)
{
	if (fchmod(fd, mode) < 0 || write_all(fd, bytes) < 0 || fsync(fd) < 0)
		return -1;
	return rename(temporary, path);
}

int
tn_file_write(const char *path, unsigned mode, struct tn_span bytes, struct tn_error *err)
{
	TN_CLEANUP(tn_str_done) struct tn_str temporary = TN_STR_INIT;
	TN_CLEANUP(closep) int fd = -1;

	tn_str_addf(&temporary, "%s.XXXXXX", path);
	fd = mkostemp(temporary.ptr, O_CLOEXEC);
	if (fd < 0)
		return tn_error_errno(err, errno, "cannot write \"%s\"", path);
	if (fill_and_rename(fd, temporary.ptr, path, mode, bytes) < 0) {
		int r = tn_error_errno(err, errno, "cannot write \"%s\"", path);

		unlink(temporary.ptr);
		return r;
	}
	if (sync_directory_of(path) < 0)
		return tn_error_errno(err, errno, "cannot save \"%s\" to disk", path);
	return 0;
}

static int
make_directory(const char *path, struct tn_error *err)
{
	struct stat st;

	if (mkdir(path, 0700) == 0)
		return 0;
	if (errno != EEXIST)
		return tn_error_errno(err, errno, "cannot make directory \"%s\"", path);
	if (stat(path, &st) < 0)
		return tn_error_errno(err, errno, "cannot examine \"%s\"", path);
	if (!S_ISDIR(st.st_mode))
		return tn_error_errno(err, ENOTDIR, "cannot make directory \"%s\"", path);
	return 0;
}

int
tn_file_mkdirs(const char *path, struct tn_error *err)
{
	TN_CLEANUP(tn_freep) char *part = tn_strdup(path);

	if (*path == '\0')
		return tn_error_set(err, TN_E_INPUT, "the name of a directory is empty");
	for (char *at = part + 1; *at != '\0'; at++) {
		int r;

		if (*at != '/')
			continue;
		*at = '\0';
		r = make_directory(part, err);
		*at = '/';
		if (r < 0)
			return r;
	}
	return make_directory(part, err);
}

struct tn_file_lock {
	int fd;
};

static int
somebody_has_it(int fd, const char *path, struct tn_error *err)
{
	TN_CLEANUP(tn_str_done) struct tn_str note = TN_STR_INIT;
	char bytes[NOTE_MAX];
	ssize_t n = pread(fd, bytes, sizeof(bytes), 0);
	int r;

	if (n > 0)
		tn_text_printable(tn_span_of(bytes, (size_t)n), false, &note);
	if (note.len > 0)
		r = tn_error_set(err, TN_E_LOCKED, "\"%s\" is locked by %s", path,
		    note.ptr);
	else
		r = tn_error_set(err, TN_E_LOCKED, "\"%s\" is locked by another process",
		    path);
	tn_error_hint(err, "wait until %s ends, or end it",
	    note.len > 0 ? note.ptr : "the other process");
	return r;
}

static int
write_note(int fd, const char *path, const char *note, struct tn_error *err)
{
	size_t len = strnlen(note, NOTE_MAX);

	if (ftruncate(fd, 0) < 0 || pwrite(fd, note, len, 0) != (ssize_t)len)
		return tn_error_errno(err, errno, "cannot write to lock \"%s\"", path);
	return 0;
}

int
tn_file_lock(const char *path, const char *note, struct tn_file_lock **out,
    struct tn_error *err)
{
	TN_CLEANUP(closep)
	int fd = open(path,
	    O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0600);
	struct stat st;
	int r;

	if (fd < 0 && errno == ELOOP)
		return tn_error_set(err, TN_E_SYSTEM, "lock \"%s\" is a symbolic link",
		    path);
	if (fd < 0)
		return tn_error_errno(err, errno, "cannot open lock \"%s\"", path);
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		return tn_error_set(err, TN_E_SYSTEM, "lock \"%s\" is no regular file",
		    path);
	if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		if (errno == EWOULDBLOCK)
			return somebody_has_it(fd, path, err);
		return tn_error_errno(err, errno, "cannot lock \"%s\"", path);
	}
	r = write_note(fd, path, note, err);
	if (r < 0)
		return r;
	*out = tn_new(struct tn_file_lock);
	(*out)->fd = fd;
	fd = -1;
	return 0;
}

void
tn_file_unlock(struct tn_file_lock *lock)
{
	if (lock == NULL)
		return;
	/* Nobody shall read who had it; the next holder writes its own note anyway. */
	if (ftruncate(lock->fd, 0) < 0)
		errno = 0;
	close(lock->fd);
	tn_free(lock);
}
