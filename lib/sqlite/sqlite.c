#include "sqlite/sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "sqlite/db.h"
#include "sqlite/disk.h"
#include "sqlite/vfs.h"

/* --- Errors --- */

#define IN_USE \
	"wait until the other program is done with it, or stop that one, and run again"
#define DAMAGED                                                                           \
	"put a copy of it back, or move it away and begin with an empty one: nothing in " \
	"the tenant is lost, only the record of what is ours"
#define RIGHTS       "make the file and its directory readable and writable for this user"
#define MAKE_ROOM    "make room on the disk and run again"
#define LOOK_AT_DISK "see to the disk and run again"

struct fault {
	int code; /* SQLite's, without the extended part */
	enum tn_error_kind kind;
	const char *what;
	const char *hint;
};

static const struct fault faults[] = {
	{ SQLITE_BUSY, TN_E_SYSTEM, "is in use", IN_USE },
	{ SQLITE_LOCKED, TN_E_SYSTEM, "is in use", IN_USE },
	{ SQLITE_PROTOCOL, TN_E_SYSTEM, "is in use", IN_USE },
	{ SQLITE_CORRUPT, TN_E_SYSTEM, "is damaged", DAMAGED },
	{ SQLITE_NOTADB, TN_E_SYSTEM, "is damaged: it is no database", DAMAGED },
	{ SQLITE_FULL, TN_E_SYSTEM, "cannot be written: the disk is full", MAKE_ROOM },
	{ SQLITE_READONLY, TN_E_SYSTEM, "cannot be written", RIGHTS },
	{ SQLITE_PERM, TN_E_SYSTEM, "cannot be opened", RIGHTS },
	{ SQLITE_CANTOPEN, TN_E_SYSTEM, "cannot be opened", RIGHTS },
	{ SQLITE_IOERR, TN_E_SYSTEM, "cannot be read or written", LOOK_AT_DISK },
	{ SQLITE_NOMEM, TN_E_SYSTEM, "needs more memory than there is", NULL },
	{ SQLITE_TOOBIG, TN_E_LIMIT, "cannot hold a value of this size", NULL },
};

static const struct fault *
fault_of(int code, int sys_errno)
{
	code &= 0xff;
	if (code == SQLITE_IOERR && (sys_errno == ENOSPC || sys_errno == EDQUOT))
		code = SQLITE_FULL;
	for (size_t i = 0; i < TN_ARRAY_LEN(faults); i++)
		if (faults[i].code == code)
			return &faults[i];
	return NULL;
}

/* SQLite keeps the number of an earlier failure; it belongs to these two only. */
static int
errno_of(const struct tn_sqlite *db, int code)
{
	code &= 0xff;
	if (db->sqlite == NULL || (code != SQLITE_IOERR && code != SQLITE_CANTOPEN))
		return 0;
	return sqlite3_system_errno(db->sqlite);
}

/* What has no words of ours: SQL or its use is wrong, or the schema says no. */
static int
other_error(const struct tn_sqlite *db, int code, struct tn_error *err)
{
	bool last = sqlite3_extended_errcode(db->sqlite) == code;

	return tn_error_set(err,
	    (code & 0xff) == SQLITE_CONSTRAINT ? TN_E_CONFLICT : TN_E_BUG,
	    "the state file \"%s\": %s", db->path,
	    last ? sqlite3_errmsg(db->sqlite) : sqlite3_errstr(code));
}

int
tn_db_error(const struct tn_sqlite *db, int code, struct tn_error *err)
{
	int sys_errno = errno_of(db, code);
	const struct fault *fault = fault_of(code, sys_errno);
	int r;

	if (fault == NULL)
		return other_error(db, code, err);
	if (sys_errno != 0)
		r = tn_error_errno(err, sys_errno, "the state file \"%s\" %s", db->path,
		    fault->what);
	else
		r = tn_error_set(err, fault->kind, "the state file \"%s\" %s", db->path,
		    fault->what);
	if (fault->hint != NULL)
		tn_error_hint(err, "%s", fault->hint);
	return r;
}

/* --- Opening --- */

static int
path_error(const char *path, int sys_errno, struct tn_error *err)
{
	int r = tn_error_errno(err, sys_errno, "the state file \"%s\" cannot be opened",
	    path);

	tn_error_hint(err, "%s",
	    sys_errno == ENOENT || sys_errno == ENOTDIR ? "make its directory first"
							: RIGHTS);
	return r;
}

/*
 * The directory without links in it: SQLite can refuse links only on the whole
 * way, and homes are reached through them. Being absolute, it is no special
 * name of SQLite's either.
 */
static int
real_path(const char *path, char out[PATH_MAX], struct tn_error *err)
{
	TN_CLEANUP(tn_freep) char *dir = NULL;
	const char *slash = strrchr(path, '/');
	const char *name = slash != NULL ? slash + 1 : path;
	size_t len;

	if (slash == path)
		dir = tn_strdup("/");
	else
		dir = slash != NULL ? tn_strndup(path, (size_t)(slash - path))
				    : tn_strdup(".");
	if (realpath(dir, out) == NULL)
		return path_error(path, errno, err);
	len = strlen(out);
	if (len + 1 + strlen(name) >= PATH_MAX)
		return path_error(path, ENAMETOOLONG, err);
	if (len > 1)
		out[len++] = '/';
	memcpy(out + len, name, strlen(name) + 1);
	return 0;
}

/* With its key, fingerprints can be tried out; and who writes it says what is ours. */
static int
too_open(const char *path, struct tn_error *err)
{
	int r = tn_error_set(err, TN_E_SYSTEM,
	    "the state file \"%s\" is open to every user of this machine", path);

	tn_error_hint(err,
	    "chmod o-rwx it; if others may have read it, set TENON_KEY to a new key");
	return r;
}

/*
 * Made before SQLite sees it, so that it never has more rights than these; SQLite gives
 * its companions the same. An existing file is not opened here: closing it would release
 * the locks of another connection of this process.
 */
static int
make_file(const char *path, const char *real, struct tn_error *err)
{
	struct stat st;
	int fd = open(real, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd >= 0) {
		(void)close(fd);
		return 0;
	}
	if (errno != EEXIST || lstat(real, &st) < 0)
		return path_error(path, errno, err);
	if (!S_ISREG(st.st_mode)) {
		int r = tn_error_set(err, TN_E_SYSTEM, "the state file \"%s\" is %s",
		    path, S_ISLNK(st.st_mode) ? "a link" : "no regular file");

		tn_error_hint(err, "name the file itself");
		return r;
	}
	return (st.st_mode & S_IRWXO) != 0 ? too_open(path, err) : 0;
}

static int
open_file(struct tn_sqlite *db, struct tn_error *err)
{
	const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX |
	    SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_EXRESCODE;
	char real[PATH_MAX];
	int r;

	if (db->disk != NULL) {
		r = sqlite3_open_v2(db->path, &db->sqlite, flags | SQLITE_OPEN_CREATE,
		    tn_memdisk_vfs_name(db->disk));
		return r == SQLITE_OK ? 0 : tn_db_error(db, r, err);
	}
	r = real_path(db->path, real, err);
	if (r < 0)
		return r;
	r = make_file(db->path, real, err);
	if (r < 0)
		return r;
	r = sqlite3_open_v2(real, &db->sqlite, flags, "unix");
	return r == SQLITE_OK ? 0 : tn_db_error(db, r, err);
}

/* How often a file is tried that others are switching at the same moment. */
#define SWITCHES 100

static int
switch_to_wal(struct tn_sqlite *db, struct tn_error *err)
{
	TN_CLEANUP(tn_stmt_finishp) struct tn_stmt *stmt = NULL;
	int r;

	r = tn_stmt_prepare(db, "PRAGMA journal_mode = WAL", &stmt, err);
	if (r < 0)
		return r;
	r = tn_stmt_step(stmt, err);
	if (r < 0)
		return r;
	/* The change itself is committed by the step after the row, which can fail. */
	if (tn_text_equal(tn_stmt_text(stmt, 0), "wal"))
		return tn_stmt_step(stmt, err);
	r = tn_error_set(err, TN_E_SYSTEM,
	    "the state file \"%s\" cannot have a write-ahead log", db->path);
	tn_error_hint(err, "put it on a local disk; file systems of a network do not do");
	return r;
}

/* The beginning of a write waits for whoever writes, up to the bound. */
static int
wait_for_writer(struct tn_sqlite *db, struct tn_error *err)
{
	int r = tn_sqlite_begin(db, err);

	if (r == 0)
		tn_sqlite_rollback(db);
	return r;
}

/*
 * The switch reads the file's header before it writes, and SQLite does not wait when a
 * reader becomes a writer: two such would wait for each other. So it says at once that
 * the file is in use when somebody else makes the same new file.
 */
static int
use_wal(struct tn_sqlite *db, struct tn_error *err)
{
	for (int left = SWITCHES;; left--) {
		TN_CLEANUP(tn_error_done) struct tn_error why = TN_ERROR_INIT;
		int r = switch_to_wal(db, &why);

		if (r == 0)
			return 0;
		if (left == 0 || (sqlite3_errcode(db->sqlite) & 0xff) != SQLITE_BUSY) {
			tn_error_move(err, &why);
			return r;
		}
		r = wait_for_writer(db, err);
		if (r < 0)
			return r;
	}
}

static int
configure(struct tn_sqlite *db, struct tn_error *err)
{
	int r;

	(void)sqlite3_busy_timeout(db->sqlite, TN_SQLITE_BUSY_MS);
	(void)sqlite3_db_config(db->sqlite, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)NULL);
	(void)sqlite3_db_config(db->sqlite, SQLITE_DBCONFIG_DQS_DML, 0, (int *)NULL);
	(void)sqlite3_db_config(db->sqlite, SQLITE_DBCONFIG_DQS_DDL, 0, (int *)NULL);
	/* SQLite falls back to reading when it may not write. */
	if (sqlite3_db_readonly(db->sqlite, "main") == 1)
		return tn_db_error(db, SQLITE_READONLY, err);
	r = tn_sqlite_exec(db,
	    "PRAGMA trusted_schema = OFF;"
	    "PRAGMA cell_size_check = ON;"
	    "PRAGMA temp_store = MEMORY;"
	    "PRAGMA foreign_keys = ON;"
	    "PRAGMA secure_delete = ON;"
	    "PRAGMA synchronous = FULL",
	    err);
	return r < 0 ? r : use_wal(db, err);
}

int
tn_sqlite_open(const char *path, struct tn_memdisk *disk, struct tn_sqlite **out,
    struct tn_error *err)
{
	TN_CLEANUP(tn_sqlite_closep) struct tn_sqlite *db = NULL;
	int r;

	/* Either would give a database that is gone when it is closed. */
	if (*path == '\0' || tn_text_equal(path, ":memory:"))
		return tn_error_set(err, TN_E_INPUT,
		    "\"%s\" is no name for the state file", path);
	tn_vfs_setup();
	db = tn_new(struct tn_sqlite);
	db->path = tn_strdup(path);
	db->disk = disk != NULL ? tn_memdisk_ref(disk) : NULL;
	r = open_file(db, err);
	if (r < 0)
		return r;
	r = configure(db, err);
	if (r < 0)
		return r;
	*out = tn_take(db);
	return 0;
}

void
tn_sqlite_close(struct tn_sqlite *db)
{
	if (db == NULL)
		return;
	tn_db_free_stmts(db);
	(void)sqlite3_close(db->sqlite);
	tn_memdisk_free(db->disk);
	tn_free(db->path);
	tn_free(db);
}

/* --- Use --- */

int
tn_sqlite_exec(struct tn_sqlite *db, const char *sql, struct tn_error *err)
{
	int r = sqlite3_exec(db->sqlite, sql, NULL, NULL, NULL);

	return r == SQLITE_OK ? 0 : tn_db_error(db, r, err);
}

static int
run(struct tn_sqlite *db, const char *sql, struct tn_error *err)
{
	struct tn_stmt *stmt;
	int r = tn_stmt_prepare(db, sql, &stmt, err);

	return r < 0 ? r : tn_stmt_run(stmt, err);
}

int
tn_sqlite_begin(struct tn_sqlite *db, struct tn_error *err)
{
	return run(db, "BEGIN IMMEDIATE", err);
}

/* SQLite rolls back by itself after some errors, and otherwise ROLLBACK always does. */
void
tn_sqlite_rollback(struct tn_sqlite *db)
{
	if (!sqlite3_get_autocommit(db->sqlite))
		(void)run(db, "ROLLBACK", NULL);
}

int
tn_sqlite_commit(struct tn_sqlite *db, struct tn_error *err)
{
	int r = run(db, "COMMIT", err);

	if (r < 0)
		tn_sqlite_rollback(db);
	return r;
}

int
tn_sqlite_version(struct tn_sqlite *db, int *out, struct tn_error *err)
{
	TN_CLEANUP(tn_stmt_finishp) struct tn_stmt *stmt = NULL;
	int r;

	r = tn_stmt_prepare(db, "PRAGMA user_version", &stmt, err);
	if (r < 0)
		return r;
	r = tn_stmt_step(stmt, err);
	if (r < 0)
		return r;
	*out = (int)tn_stmt_int(stmt, 0);
	return 0;
}

int
tn_sqlite_set_version(struct tn_sqlite *db, int version, struct tn_error *err)
{
	char sql[48];

	(void)snprintf(sql, sizeof(sql), "PRAGMA user_version = %d", version);
	return tn_sqlite_exec(db, sql, err);
}
