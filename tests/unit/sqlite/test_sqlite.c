/* The wall: statements, transactions, errors with their cure, and the machine's files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "sqlite/memdisk.h"
#include "sqlite/sqlite.h"

/* --- A scratch directory and a database in memory for each test --- */

static char scratch[PATH_MAX];
static struct tn_memdisk *disk;
static struct tn_sqlite *db;

static int
make_scratch(void **state TN_UNUSED)
{
	const char *tmp = getenv("TMPDIR");

	(void)snprintf(scratch, sizeof(scratch), "%s/tn-sqlite-XXXXXX",
	    tmp != NULL ? tmp : "/tmp");
	return mkdtemp(scratch) != NULL ? 0 : -1;
}

static int
remove_one(const char *path, const struct stat *st TN_UNUSED, int type TN_UNUSED,
    struct FTW *ftw TN_UNUSED)
{
	return remove(path);
}

static int
remove_scratch(void **state TN_UNUSED)
{
	return nftw(scratch, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static int
open_memory(void **state TN_UNUSED)
{
	disk = tn_memdisk_new();
	return tn_sqlite_open("state.db", disk, &db, NULL);
}

static int
close_memory(void **state TN_UNUSED)
{
	tn_sqlite_close(db);
	tn_memdisk_free(disk);
	return 0;
}

/* A path in the scratch directory; the text stays until the fourth call from here. */
static const char *
in_scratch(const char *name)
{
	static char paths[4][PATH_MAX + 300];
	static unsigned next;
	char *path = paths[next++ % 4];

	(void)snprintf(path, sizeof(paths[0]), "%s/%s", scratch, name);
	return path;
}

static void
write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
	assert_int_equal(fclose(file), 0);
}

static void
exec(struct tn_sqlite *on, const char *sql)
{
	struct tn_error err = TN_ERROR_INIT;

	if (tn_sqlite_exec(on, sql, &err) < 0)
		fail_msg("%s: %s", sql, err.message);
}

static struct tn_stmt *
prepare(const char *sql)
{
	struct tn_error err = TN_ERROR_INIT;
	struct tn_stmt *stmt = NULL;

	if (tn_stmt_prepare(db, sql, &stmt, &err) < 0)
		fail_msg("%s: %s", sql, err.message);
	return stmt;
}

static int64_t
number_of(struct tn_sqlite *on, const char *sql)
{
	struct tn_stmt *stmt = NULL;
	int64_t number;

	assert_int_equal(tn_stmt_prepare(on, sql, &stmt, NULL), 0);
	assert_int_equal(tn_stmt_step(stmt, NULL), 1);
	number = tn_stmt_int(stmt, 0);
	tn_stmt_finish(stmt);
	return number;
}

/* Opening fails with these words in message and hint. */
static void
assert_refused(const char *path, enum tn_error_kind kind, const char *message,
    const char *hint)
{
	struct tn_error err = TN_ERROR_INIT;
	struct tn_sqlite *none = NULL;

	assert_int_equal(tn_sqlite_open(path, NULL, &none, &err), -(int)kind);
	assert_null(none);
	assert_non_null(strstr(err.message, path));
	assert_non_null(strstr(err.message, message));
	if (hint != NULL)
		assert_non_null(strstr(err.hint, hint));
	tn_error_done(&err);
}

/* --- Statements --- */

static void
values_come_back_as_they_were_bound(void **state TN_UNUSED)
{
	struct tn_stmt *stmt;
	struct tn_span bytes;

	exec(db, "CREATE TABLE t (a, b, c, d, e, f)");
	stmt = prepare("INSERT INTO t VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
	tn_stmt_bind_text(stmt, 1, "gr\xc3\xbc\xc3\x9f");
	tn_stmt_bind_text(stmt, 2, NULL);
	tn_stmt_bind_bytes(stmt, 3, tn_span_of("a\0b", 3));
	tn_stmt_bind_bytes(stmt, 4, tn_span(NULL));
	tn_stmt_bind_int(stmt, 5, INT64_MIN);
	tn_stmt_bind_text(stmt, 6, "");
	assert_int_equal(tn_stmt_run(stmt, NULL), 0);

	stmt = prepare("SELECT a, b, c, d, e, f, d IS NULL FROM t");
	assert_int_equal(tn_stmt_step(stmt, NULL), 1);
	assert_string_equal(tn_stmt_text(stmt, 0), "gr\xc3\xbc\xc3\x9f");
	assert_null(tn_stmt_text(stmt, 1));
	bytes = tn_stmt_bytes(stmt, 2);
	assert_int_equal(bytes.len, 3);
	assert_memory_equal(bytes.ptr, "a\0b", 3);
	assert_int_equal(tn_stmt_bytes(stmt, 3).len, 0);
	assert_true(tn_stmt_int(stmt, 4) == INT64_MIN);
	assert_string_equal(tn_stmt_text(stmt, 5), "");
	assert_int_equal(tn_stmt_int(stmt, 6), 0);
	assert_int_equal(tn_stmt_step(stmt, NULL), 0);
	tn_stmt_finish(stmt);
}

static const char select_from_t[] = "SELECT n FROM t ORDER BY n";

static void
a_statement_is_compiled_once_for_each_use_at_a_time(void **state TN_UNUSED)
{
	struct tn_stmt *first, *inner, *again;

	exec(db, "CREATE TABLE t (n); INSERT INTO t VALUES (1), (2), (3)");
	first = prepare(select_from_t);
	assert_int_equal(tn_stmt_step(first, NULL), 1);
	/* The same SQL while the first is in use: they do not disturb each other. */
	inner = prepare(select_from_t);
	assert_ptr_not_equal(inner, first);
	assert_int_equal(tn_stmt_step(inner, NULL), 1);
	assert_int_equal(tn_stmt_int(inner, 0), 1);
	assert_int_equal(tn_stmt_step(first, NULL), 1);
	assert_int_equal(tn_stmt_int(first, 0), 2);
	tn_stmt_finish(first);
	again = prepare(select_from_t);
	assert_ptr_equal(again, first);
	assert_int_equal(tn_stmt_step(again, NULL), 1);
	assert_int_equal(tn_stmt_int(again, 0), 1);
	tn_stmt_finish(again);
	tn_stmt_finish(inner);
}

/* Memory that held other SQL before, as a literal never does. */
static void
sql_that_changed_in_place_is_not_mistaken(void **state TN_UNUSED)
{
	char sql[] = "SELECT 1";
	struct tn_stmt *stmt = prepare(sql);

	assert_int_equal(tn_stmt_step(stmt, NULL), 1);
	tn_stmt_finish(stmt);
	sql[7] = '2';
	stmt = prepare(sql);
	assert_int_equal(tn_stmt_step(stmt, NULL), 1);
	assert_int_equal(tn_stmt_int(stmt, 0), 2);
	tn_stmt_finish(stmt);
}

static void
what_was_bound_does_not_stay(void **state TN_UNUSED)
{
	static const char sql[] = "SELECT ?1 IS NULL";
	struct tn_stmt *stmt = prepare(sql);

	tn_stmt_bind_text(stmt, 1, "x");
	assert_int_equal(tn_stmt_step(stmt, NULL), 1);
	assert_int_equal(tn_stmt_int(stmt, 0), 0);
	tn_stmt_finish(stmt);
	stmt = prepare(sql);
	assert_int_equal(tn_stmt_step(stmt, NULL), 1);
	assert_int_equal(tn_stmt_int(stmt, 0), 1);
	tn_stmt_finish(stmt);
}

static void
a_wrong_bind_shows_when_stepping(void **state TN_UNUSED)
{
	struct tn_error err = TN_ERROR_INIT;
	struct tn_stmt *stmt = prepare("SELECT ?1");

	tn_stmt_bind_int(stmt, 2, 7);
	tn_stmt_bind_int(stmt, 1, 7);
	assert_int_equal(tn_stmt_step(stmt, &err), -TN_E_BUG);
	tn_error_done(&err);
	tn_stmt_finish(stmt);
	stmt = prepare("SELECT ?1");
	tn_stmt_bind_int(stmt, 1, 8);
	assert_int_equal(tn_stmt_step(stmt, NULL), 1);
	assert_int_equal(tn_stmt_int(stmt, 0), 8);
	tn_stmt_finish(stmt);
}

static void
a_value_over_the_bound_is_a_limit(void **state TN_UNUSED)
{
	struct tn_error err = TN_ERROR_INIT;
	struct tn_stmt *stmt = prepare("SELECT ?1");

	/* SQLite looks at the length before it touches a byte. */
	tn_stmt_bind_bytes(stmt, 1, tn_span_of("x", (size_t)2000000000));
	assert_int_equal(tn_stmt_step(stmt, &err), -TN_E_LIMIT);
	tn_error_done(&err);
	tn_stmt_finish(stmt);
}

static void
sql_that_is_wrong_is_our_bug(void **state TN_UNUSED)
{
	static const char *const wrong[] = {
		"SELEKT 1",
		"SELECT * FROM nowhere",
		"SELECT 1; SELECT 2",
		"",
		"-- nothing",
		"SELECT \"no such column\"",
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(wrong); i++) {
		struct tn_error err = TN_ERROR_INIT;
		struct tn_stmt *stmt = NULL;

		assert_int_equal(tn_stmt_prepare(db, wrong[i], &stmt, &err), -TN_E_BUG);
		assert_null(stmt);
		tn_error_done(&err);
	}
}

static void
a_constraint_is_a_conflict_and_the_work_goes_on(void **state TN_UNUSED)
{
	struct tn_error err = TN_ERROR_INIT;
	struct tn_stmt *stmt;

	exec(db, "CREATE TABLE t (n INTEGER UNIQUE); INSERT INTO t VALUES (1)");
	stmt = prepare("INSERT INTO t VALUES (1)");
	assert_int_equal(tn_stmt_run(stmt, &err), -TN_E_CONFLICT);
	assert_non_null(strstr(err.message, "t.n"));
	tn_error_done(&err);
	exec(db, "INSERT INTO t VALUES (2)");
}

static void
foreign_keys_are_watched(void **state TN_UNUSED)
{
	exec(db,
	    "CREATE TABLE a (id INTEGER PRIMARY KEY);"
	    "CREATE TABLE b (a INTEGER REFERENCES a (id))");
	assert_int_equal(tn_sqlite_exec(db, "INSERT INTO b VALUES (9)", NULL),
	    -TN_E_CONFLICT);
}

/* --- Settings --- */

static void
settings_are_the_promised_ones(void **state TN_UNUSED)
{
	struct tn_stmt *stmt = prepare("PRAGMA journal_mode");

	assert_int_equal(tn_stmt_step(stmt, NULL), 1);
	assert_string_equal(tn_stmt_text(stmt, 0), "wal");
	tn_stmt_finish(stmt);
	assert_int_equal(number_of(db, "PRAGMA synchronous"), 2);
	assert_int_equal(number_of(db, "PRAGMA foreign_keys"), 1);
	assert_int_equal(number_of(db, "PRAGMA trusted_schema"), 0);
	assert_int_equal(number_of(db, "PRAGMA secure_delete"), 1);
	assert_int_equal(number_of(db, "PRAGMA cell_size_check"), 1);
	assert_int_equal(number_of(db, "PRAGMA temp_store"), 2);
	assert_int_equal(number_of(db, "PRAGMA page_size"), 4096);
}

static void
the_schema_cannot_be_written_by_hand(void **state TN_UNUSED)
{
	exec(db, "PRAGMA writable_schema = ON");
	assert_true(tn_sqlite_exec(db, "DELETE FROM sqlite_schema", NULL) < 0);
}

static void
the_version_is_kept(void **state TN_UNUSED)
{
	struct tn_sqlite *again = NULL;
	int version = -1;

	assert_int_equal(tn_sqlite_version(db, &version, NULL), 0);
	assert_int_equal(version, 0);
	assert_int_equal(tn_sqlite_set_version(db, 17, NULL), 0);
	assert_int_equal(tn_sqlite_open("state.db", disk, &again, NULL), 0);
	assert_int_equal(tn_sqlite_version(again, &version, NULL), 0);
	assert_int_equal(version, 17);
	tn_sqlite_close(again);
}

/* --- Transactions --- */

static void
a_rollback_takes_everything_back(void **state TN_UNUSED)
{
	exec(db, "CREATE TABLE t (n)");
	assert_int_equal(tn_sqlite_begin(db, NULL), 0);
	exec(db, "INSERT INTO t VALUES (1)");
	tn_sqlite_rollback(db);
	assert_int_equal(number_of(db, "SELECT count(*) FROM t"), 0);
	/* Without a transaction it does nothing. */
	tn_sqlite_rollback(db);
}

/* Such an error leaves the transaction open in SQLite. */
static void
a_commit_that_fails_is_rolled_back(void **state TN_UNUSED)
{
	exec(db,
	    "CREATE TABLE a (id INTEGER PRIMARY KEY);"
	    "CREATE TABLE b (a INTEGER REFERENCES a (id) DEFERRABLE INITIALLY DEFERRED)");
	assert_int_equal(tn_sqlite_begin(db, NULL), 0);
	exec(db, "INSERT INTO b VALUES (9)");
	assert_int_equal(tn_sqlite_commit(db, NULL), -TN_E_CONFLICT);
	assert_int_equal(tn_sqlite_begin(db, NULL), 0);
	assert_int_equal(number_of(db, "SELECT count(*) FROM b"), 0);
	assert_int_equal(tn_sqlite_commit(db, NULL), 0);
}

static void
closing_rolls_back(void **state TN_UNUSED)
{
	exec(db, "CREATE TABLE t (n)");
	assert_int_equal(tn_sqlite_begin(db, NULL), 0);
	exec(db, "INSERT INTO t VALUES (1)");
	tn_sqlite_close(db);
	assert_int_equal(tn_sqlite_open("state.db", disk, &db, NULL), 0);
	assert_int_equal(number_of(db, "SELECT count(*) FROM t"), 0);
}

static void
beginning_twice_is_our_bug(void **state TN_UNUSED)
{
	assert_int_equal(tn_sqlite_begin(db, NULL), 0);
	assert_int_equal(tn_sqlite_begin(db, NULL), -TN_E_BUG);
	assert_int_equal(tn_sqlite_commit(db, NULL), 0);
	assert_int_equal(tn_sqlite_commit(db, NULL), -TN_E_BUG);
}

static void
a_full_database_says_so(void **state TN_UNUSED)
{
	struct tn_error err = TN_ERROR_INIT;

	exec(db, "CREATE TABLE t (n); PRAGMA max_page_count = 3");
	assert_int_equal(tn_sqlite_exec(db, "INSERT INTO t VALUES (zeroblob(20000))",
			     &err),
	    -TN_E_SYSTEM);
	assert_non_null(strstr(err.message, "full"));
	assert_non_null(err.hint);
	tn_error_done(&err);
	exec(db, "INSERT INTO t VALUES (1)");
}

/* --- The machine's files --- */

static void
assert_private(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
}

static void
files_are_private_whatever_the_umask(void **state TN_UNUSED)
{
	mode_t old = umask(0);
	struct tn_sqlite *file = NULL;

	assert_int_equal(tn_sqlite_open(in_scratch("state.db"), NULL, &file, NULL), 0);
	umask(old);
	exec(file, "CREATE TABLE t (n)");
	assert_private(in_scratch("state.db"));
	assert_private(in_scratch("state.db-wal"));
	assert_private(in_scratch("state.db-shm"));
	tn_sqlite_close(file);
	assert_int_equal(access(in_scratch("state.db-wal"), F_OK), -1);
}

static void
a_file_keeps_what_was_committed(void **state TN_UNUSED)
{
	struct tn_sqlite *one = NULL, *two = NULL;

	assert_int_equal(tn_sqlite_open(in_scratch("state.db"), NULL, &one, NULL), 0);
	exec(one, "CREATE TABLE t (n); INSERT INTO t VALUES (5)");
	/* A second connection of the same process. */
	assert_int_equal(tn_sqlite_open(in_scratch("state.db"), NULL, &two, NULL), 0);
	assert_int_equal(number_of(two, "SELECT n FROM t"), 5);
	tn_sqlite_close(two);
	tn_sqlite_close(one);
	assert_int_equal(tn_sqlite_open(in_scratch("state.db"), NULL, &one, NULL), 0);
	assert_int_equal(number_of(one, "SELECT n FROM t"), 5);
	tn_sqlite_close(one);
}

static void
a_relative_path_starts_here(void **state TN_UNUSED)
{
	char before[PATH_MAX];
	struct tn_sqlite *file = NULL;

	assert_non_null(getcwd(before, sizeof(before)));
	assert_int_equal(chdir(scratch), 0);
	assert_int_equal(tn_sqlite_open("here.db", NULL, &file, NULL), 0);
	tn_sqlite_close(file);
	assert_int_equal(chdir(before), 0);
	assert_int_equal(access(in_scratch("here.db"), F_OK), 0);
}

static void
no_name_is_special(void **state TN_UNUSED)
{
	char before[PATH_MAX];
	struct tn_sqlite *file = NULL;

	assert_refused("", TN_E_INPUT, "no name", NULL);
	assert_refused(":memory:", TN_E_INPUT, "no name", NULL);
	assert_int_equal(tn_sqlite_open(":memory:", disk, &file, NULL), -TN_E_INPUT);
	assert_non_null(getcwd(before, sizeof(before)));
	assert_int_equal(chdir(scratch), 0);
	assert_int_equal(tn_sqlite_open("file:x?mode=memory", NULL, &file, NULL), 0);
	tn_sqlite_close(file);
	assert_int_equal(access("file:x?mode=memory", F_OK), 0);
	assert_int_equal(chdir(before), 0);
}

static void
a_directory_that_is_not_there_is_named(void **state TN_UNUSED)
{
	assert_refused(in_scratch("none/state.db"), TN_E_SYSTEM, "No such file",
	    "directory");
	write_file(in_scratch("plain"), "x");
	assert_refused(in_scratch("plain/state.db"), TN_E_SYSTEM, "Not a directory",
	    "directory");
}

static void
a_link_in_place_of_the_file_is_refused(void **state TN_UNUSED)
{
	assert_int_equal(symlink("elsewhere.db", in_scratch("state.db")), 0);
	assert_refused(in_scratch("state.db"), TN_E_SYSTEM, "is a link",
	    "the file itself");
	assert_int_equal(access(in_scratch("elsewhere.db"), F_OK), -1);
}

static void
a_directory_may_be_reached_through_a_link(void **state TN_UNUSED)
{
	struct tn_sqlite *file = NULL;

	assert_int_equal(mkdir(in_scratch("real"), 0700), 0);
	assert_int_equal(symlink("real", in_scratch("link")), 0);
	assert_int_equal(tn_sqlite_open(in_scratch("link/state.db"), NULL, &file, NULL),
	    0);
	tn_sqlite_close(file);
	assert_int_equal(access(in_scratch("real/state.db"), F_OK), 0);
}

static void
what_is_no_file_is_refused_without_waiting(void **state TN_UNUSED)
{
	assert_int_equal(mkfifo(in_scratch("pipe"), 0600), 0);
	assert_refused(in_scratch("pipe"), TN_E_SYSTEM, "no regular file",
	    "the file itself");
	assert_int_equal(mkdir(in_scratch("dir"), 0700), 0);
	assert_refused(in_scratch("dir"), TN_E_SYSTEM, "no regular file",
	    "the file itself");
}

static void
a_file_that_is_no_database_is_damaged(void **state TN_UNUSED)
{
	char text[5000];

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	write_file(in_scratch("state.db"), text);
	assert_int_equal(chmod(in_scratch("state.db"), 0600), 0);
	assert_refused(in_scratch("state.db"), TN_E_SYSTEM, "damaged",
	    "nothing in the tenant is lost");
}

static void
fill_and_break(const char *path)
{
	struct tn_sqlite *file = NULL;
	char rubbish[4096];
	int fd;

	assert_int_equal(tn_sqlite_open(path, NULL, &file, NULL), 0);
	exec(file,
	    "CREATE TABLE t (n, v);"
	    "WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c LIMIT 500)"
	    "INSERT INTO t SELECT i, hex(zeroblob(100)) FROM c");
	tn_sqlite_close(file);
	memset(rubbish, 0xa5, sizeof(rubbish));
	fd = open(path, O_WRONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	for (off_t page = 2; page < 10; page++)
		assert_int_equal(pwrite(fd, rubbish, sizeof(rubbish), page * 4096),
		    sizeof(rubbish));
	assert_int_equal(close(fd), 0);
}

static void
a_damaged_page_is_an_error_with_a_cure(void **state TN_UNUSED)
{
	struct tn_error err = TN_ERROR_INIT;
	struct tn_sqlite *file = NULL;
	struct tn_stmt *stmt = NULL;

	fill_and_break(in_scratch("state.db"));
	assert_int_equal(tn_sqlite_open(in_scratch("state.db"), NULL, &file, NULL), 0);
	assert_int_equal(tn_stmt_prepare(file, "SELECT sum(n) FROM t", &stmt, NULL), 0);
	assert_int_equal(tn_stmt_step(stmt, &err), -TN_E_SYSTEM);
	assert_non_null(strstr(err.message, "damaged"));
	assert_non_null(strstr(err.message, "state.db"));
	assert_non_null(strstr(err.hint, "nothing in the tenant is lost"));
	tn_stmt_finish(stmt);
	tn_sqlite_close(file);
	tn_error_done(&err);
}

/*
 * The superuser may write anything, so the check is made as somebody else, and in a place
 * that everybody can reach.
 */
#define NOBODY 65534

static void
a_file_that_may_not_be_written_is_refused_at_once(void **state TN_UNUSED)
{
	bool root = geteuid() == 0;
	char place[] = "/tmp/tenon-test-XXXXXX";
	char old[64], new[64];
	struct tn_sqlite *file = NULL;

	assert_non_null(mkdtemp(place));
	snprintf(old, sizeof(old), "%s/state.db", place);
	snprintf(new, sizeof(new), "%s/new.db", place);
	assert_int_equal(tn_sqlite_open(old, NULL, &file, NULL), 0);
	exec(file, "CREATE TABLE t (n)");
	tn_sqlite_close(file);
	if (root)
		assert_int_equal(chown(old, NOBODY, (gid_t)-1), 0);
	assert_int_equal(chmod(old, 0400), 0);
	assert_int_equal(chmod(place, 0755), 0);
	if (root)
		assert_int_equal(seteuid(NOBODY), 0);
	assert_refused(old, TN_E_SYSTEM, "cannot be written", "writable");
	if (root)
		assert_refused(new, TN_E_SYSTEM, "Permission denied", "writable");
	if (root)
		assert_int_equal(seteuid(0), 0);
	assert_int_equal(unlink(old), 0);
	assert_int_equal(rmdir(place), 0);
}

/* Writes to the file, which has no write-ahead log yet, and takes its time for it. */
static void
write_slowly(const char *path, int ready)
{
	struct tn_sqlite *file = NULL;

	if (tn_sqlite_open(path, NULL, &file, NULL) < 0 ||
	    tn_sqlite_exec(file, "PRAGMA journal_mode = DELETE; BEGIN IMMEDIATE", NULL) <
		0 ||
	    write(ready, "x", 1) != 1)
		_exit(1);
	(void)usleep(100 * 1000);
	_exit(tn_sqlite_exec(file, "CREATE TABLE t (a); COMMIT", NULL) < 0 ? 1 : 0);
}

/* The switch to the log needs the file alone, and SQLite by itself does not wait for
 * that. */
static void
who_comes_while_the_file_is_made_waits(void **state TN_UNUSED)
{
	const char *path = in_scratch("state.db");
	struct tn_error err = TN_ERROR_INIT;
	struct tn_sqlite *file = NULL;
	int ready[2], status;
	char byte;
	pid_t pid;

	assert_int_equal(pipe(ready), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		write_slowly(path, ready[1]);
	assert_int_equal(close(ready[1]), 0);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_int_equal(close(ready[0]), 0);
	if (tn_sqlite_open(path, NULL, &file, &err) < 0)
		print_error("%s\n", err.message);
	tn_error_done(&err);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_non_null(file);
	assert_int_equal(number_of(file, "SELECT count(*) FROM t"), 0);
	tn_sqlite_close(file);
}

#define MEMORY_TEST(name) cmocka_unit_test_setup_teardown(name, open_memory, close_memory)
#define FILE_TEST(name) \
	cmocka_unit_test_setup_teardown(name, make_scratch, remove_scratch)

static int
open_both(void **state)
{
	return make_scratch(state) < 0 ? -1 : open_memory(state);
}

static int
close_both(void **state)
{
	close_memory(state);
	return remove_scratch(state);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		MEMORY_TEST(values_come_back_as_they_were_bound),
		MEMORY_TEST(a_statement_is_compiled_once_for_each_use_at_a_time),
		MEMORY_TEST(sql_that_changed_in_place_is_not_mistaken),
		MEMORY_TEST(what_was_bound_does_not_stay),
		MEMORY_TEST(a_wrong_bind_shows_when_stepping),
		MEMORY_TEST(a_value_over_the_bound_is_a_limit),
		MEMORY_TEST(sql_that_is_wrong_is_our_bug),
		MEMORY_TEST(a_constraint_is_a_conflict_and_the_work_goes_on),
		MEMORY_TEST(foreign_keys_are_watched),
		MEMORY_TEST(settings_are_the_promised_ones),
		MEMORY_TEST(the_schema_cannot_be_written_by_hand),
		MEMORY_TEST(the_version_is_kept),
		MEMORY_TEST(a_rollback_takes_everything_back),
		MEMORY_TEST(a_commit_that_fails_is_rolled_back),
		MEMORY_TEST(closing_rolls_back),
		MEMORY_TEST(beginning_twice_is_our_bug),
		MEMORY_TEST(a_full_database_says_so),
		FILE_TEST(files_are_private_whatever_the_umask),
		FILE_TEST(a_file_keeps_what_was_committed),
		FILE_TEST(who_comes_while_the_file_is_made_waits),
		FILE_TEST(a_relative_path_starts_here),
		cmocka_unit_test_setup_teardown(no_name_is_special, open_both,
		    close_both),
		FILE_TEST(a_directory_that_is_not_there_is_named),
		FILE_TEST(a_link_in_place_of_the_file_is_refused),
		FILE_TEST(a_directory_may_be_reached_through_a_link),
		FILE_TEST(what_is_no_file_is_refused_without_waiting),
		FILE_TEST(a_file_that_is_no_database_is_damaged),
		FILE_TEST(a_damaged_page_is_an_error_with_a_cure),
		cmocka_unit_test(a_file_that_may_not_be_written_is_refused_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
