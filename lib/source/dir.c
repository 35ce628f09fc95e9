#include "source/source.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

struct dirtree {
	struct tn_tree tree;
	char *path;
	int fd;
};

static void
fd_close(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
}

/* --- Why it cannot be read --- */

/* What a path is followed for: a file to read, or a directory to list. */
enum aim { FILE_AIM, DIRECTORY_AIM };

static int
nothing_there(const struct dirtree *dir, enum aim aim, const char *path,
    struct tn_error *err)
{
	return tn_error_set(err, TN_E_NOT_FOUND, "there is no %s \"%s\" in \"%s\"",
	    aim == FILE_AIM ? "file" : "directory", path, dir->path);
}

static int
refuse(const struct dirtree *dir, const char *path, size_t len, const char *kind,
    const char *hint, struct tn_error *err)
{
	int r = tn_error_set(err, TN_E_INPUT, "\"%.*s\" in \"%s\" is %s", (int)len, path,
	    dir->path, kind);

	tn_error_hint(err, "%s", hint);
	return r;
}

static int
refuse_kind(const struct dirtree *dir, const char *path, size_t len, mode_t mode,
    struct tn_error *err)
{
	if (S_ISLNK(mode))
		return refuse(dir, path, len, "a link",
		    "links are not followed; put the file itself there", err);
	if (S_ISDIR(mode))
		return refuse(dir, path, len, "a directory", "name a file in it", err);
	if (S_ISREG(mode))
		return refuse(dir, path, len, "a file", "name the directory it is in",
		    err);
	return refuse(dir, path, len, "no regular file", "put a regular file there", err);
}

/*
 * Opening the part path[from … to-1] below fd failed. The system tells a link by
 * different numbers (ELOOP, ENOTDIR), so what stands there is looked at.
 */
static int
step_error(const struct dirtree *dir, enum aim aim, int fd, const char *path, size_t to,
    const char *part, int sys_errno, struct tn_error *err)
{
	struct stat st;

	if (sys_errno == ELOOP || sys_errno == ENOTDIR || sys_errno == ENXIO) {
		if (fstatat(fd, part, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		    (S_ISLNK(st.st_mode) || path[to] == '\0'))
			return refuse_kind(dir, path, to, st.st_mode, err);
		return nothing_there(dir, aim, path, err);
	}
	if (sys_errno == ENOENT || sys_errno == ENAMETOOLONG)
		return nothing_there(dir, aim, path, err);
	return tn_error_errno(err, sys_errno, "cannot open \"%.*s\" in \"%s\"", (int)to,
	    path, dir->path);
}

/* --- Reading --- */

static int
flags_of(enum aim aim, bool last)
{
	if (!last)
		return O_PATH | O_DIRECTORY;
	return O_RDONLY | (aim == FILE_AIM ? O_NONBLOCK | O_NOCTTY : O_DIRECTORY);
}

/* Follows path part by part, never through a link; gives a descriptor or an error. */
static int
open_path(const struct dirtree *dir, enum aim aim, const char *path, struct tn_error *err)
{
	TN_CLEANUP(fd_close) int at = -1;
	size_t from = 0;

	for (;;) {
		size_t to = from + strcspn(path + from, "/");
		TN_CLEANUP(tn_freep) char *part = tn_strndup(path + from, to - from);
		bool last = path[to] == '\0';
		int base = at >= 0 ? at : dir->fd;
		int fd = openat(base, part, O_NOFOLLOW | O_CLOEXEC | flags_of(aim, last));

		if (fd < 0)
			return step_error(dir, aim, base, path, to, part, errno, err);
		if (last)
			return fd;
		fd_close(&at);
		at = fd;
		from = to + 1;
	}
}

static int
too_large(const char *path, size_t max, struct tn_error *err)
{
	return tn_error_set(err, TN_E_LIMIT, "file \"%s\" has more than %zu bytes", path,
	    max);
}

/* The size may change while it is read, so the bound is watched here as well. */
static int
read_all(const struct dirtree *dir, const char *path, int fd, size_t max,
    struct tn_str *out, struct tn_error *err)
{
	char buffer[16384];
	size_t total = 0;

	for (;;) {
		ssize_t n = read(fd, buffer, sizeof(buffer));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return tn_error_errno(err, errno, "cannot read \"%s\" in \"%s\"",
			    path, dir->path);
		if (n == 0)
			return 0;
		total += (size_t)n;
		if (total > max)
			return too_large(path, max, err);
		tn_str_add_bytes(out, buffer, (size_t)n);
		if (tn_str_overflowed(out))
			return too_large(path, out->len, err);
	}
}

static int
dir_read(struct tn_tree *tree, const char *path, size_t max, struct tn_str *out,
    struct tn_error *err)
{
	struct dirtree *dir = (struct dirtree *)tree;
	TN_CLEANUP(fd_close) int fd = open_path(dir, FILE_AIM, path, err);
	struct stat st;

	if (fd < 0)
		return fd;
	if (fstat(fd, &st) < 0)
		return tn_error_errno(err, errno, "cannot read \"%s\" in \"%s\"", path,
		    dir->path);
	if (!S_ISREG(st.st_mode))
		return refuse_kind(dir, path, strlen(path), st.st_mode, err);
	if ((uint64_t)st.st_size > max)
		return tn_error_set(err, TN_E_LIMIT,
		    "file \"%s\" has %jd bytes; %zu are allowed", path,
		    (intmax_t)st.st_size, max);
	return read_all(dir, path, fd, max, out, err);
}

/* --- Listing --- */

static void
stream_close(DIR **stream)
{
	if (*stream != NULL)
		(void)closedir(*stream);
}

static enum tn_tree_kind
kind_of_mode(mode_t mode)
{
	if (S_ISREG(mode))
		return TN_TREE_FILE;
	if (S_ISDIR(mode))
		return TN_TREE_DIRECTORY;
	return S_ISLNK(mode) ? TN_TREE_LINK : TN_TREE_OTHER;
}

/* Not every file system says the kind with the name. */
static enum tn_tree_kind
kind_of(int fd, const struct dirent *entry)
{
	struct stat st;

	if (entry->d_type != DT_UNKNOWN)
		return kind_of_mode(DTTOIF((mode_t)entry->d_type));
	if (fstatat(fd, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return TN_TREE_OTHER;
	return kind_of_mode(st.st_mode);
}

static int
list_stream(const struct dirtree *dir, const char *path, DIR *stream,
    struct tn_tree_list *out, struct tn_error *err)
{
	for (;;) {
		const struct dirent *entry;
		int r;

		errno = 0;
		entry = readdir(stream);
		if (entry == NULL && errno != 0)
			return tn_error_errno(err, errno, "cannot list \"%s\" in \"%s\"",
			    path, dir->path);
		if (entry == NULL)
			return 0;
		if (tn_text_equal(entry->d_name, ".") ||
		    tn_text_equal(entry->d_name, ".."))
			continue;
		r = tn_tree_list_add(out, tn_span(entry->d_name),
		    kind_of(dirfd(stream), entry), err);
		if (r < 0)
			return r;
	}
}

static int
dir_list(struct tn_tree *tree, const char *path, struct tn_tree_list *out,
    struct tn_error *err)
{
	struct dirtree *dir = (struct dirtree *)tree;
	TN_CLEANUP(stream_close) DIR *stream = NULL;
	int fd = *path == '\0' ? openat(dir->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
			       : open_path(dir, DIRECTORY_AIM, path, err);

	if (fd < 0 && *path == '\0')
		return tn_error_errno(err, errno, "cannot list directory \"%s\"",
		    dir->path);
	if (fd < 0)
		return fd;
	stream = fdopendir(fd);
	if (stream == NULL) {
		int r = tn_error_errno(err, errno, "cannot list \"%s\" in \"%s\"", path,
		    dir->path);

		(void)close(fd);
		return r;
	}
	return list_stream(dir, path, stream, out, err);
}

static void
dir_free(struct tn_tree *tree)
{
	struct dirtree *dir = (struct dirtree *)tree;

	fd_close(&dir->fd);
	tn_free(dir->path);
	tn_free(dir);
}

static const struct tn_tree_ops dir_ops = {
	.read = dir_read,
	.list = dir_list,
	.free = dir_free,
};

static int
open_error(const char *path, int sys_errno, struct tn_error *err)
{
	int r;

	if (sys_errno == ENOENT || sys_errno == ENOTDIR)
		r = tn_error_set(err, TN_E_INPUT, "there is no directory \"%s\"", path);
	else
		r = tn_error_errno(err, sys_errno, "cannot open directory \"%s\"", path);
	tn_error_hint(err, "name the directory that tenon.yaml is in");
	return r;
}

int
tn_dirtree_open(const char *path, struct tn_tree **out, struct tn_error *err)
{
	int fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct dirtree *dir;

	if (fd < 0)
		return open_error(path, errno, err);
	dir = tn_new(struct dirtree);
	dir->tree.ops = &dir_ops;
	dir->path = tn_strdup(path);
	dir->fd = fd;
	*out = &dir->tree;
	return 0;
}
