/* The VFS below SQLite: locks of the file, which the rollback journal needs, and odd
 * calls. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "sqlite/disk.h"
#include "sqlite/memdisk.h"

static struct tn_memdisk *disk;

static int
make_disk(void **state TN_UNUSED)
{
	disk = tn_memdisk_new();
	return 0;
}

static int
free_disk(void **state TN_UNUSED)
{
	tn_memdisk_free(disk);
	return 0;
}

/* A connection that is not ours: no write-ahead log, no waiting. */
static sqlite3 *
connect(void)
{
	sqlite3 *db = NULL;

	assert_int_equal(sqlite3_open_v2("x.db", &db,
			     SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
			     tn_memdisk_vfs_name(disk)),
	    SQLITE_OK);
	return db;
}

static int
run(sqlite3 *db, const char *sql)
{
	return sqlite3_exec(db, sql, NULL, NULL, NULL);
}

static void
readers_share_and_a_writer_waits_for_them(void **state TN_UNUSED)
{
	sqlite3 *writer = connect(), *reader = connect(), *late = connect();

	assert_int_equal(run(writer, "CREATE TABLE t (n); INSERT INTO t VALUES (1)"),
	    SQLITE_OK);
	assert_int_equal(run(reader, "BEGIN; SELECT * FROM t"), SQLITE_OK);
	assert_int_equal(run(late, "SELECT * FROM t"), SQLITE_OK);
	/* Preparing a change is possible beside readers, a second one not beside the
	 * first. */
	assert_int_equal(run(writer, "BEGIN IMMEDIATE; INSERT INTO t VALUES (2)"),
	    SQLITE_OK);
	assert_int_equal(run(late, "BEGIN IMMEDIATE"), SQLITE_BUSY);
	assert_int_equal(run(late, "SELECT * FROM t"), SQLITE_OK);
	/* Whoever waits to commit lets no new reader in, lest the wait never ends. */
	assert_int_equal(run(writer, "COMMIT"), SQLITE_BUSY);
	assert_int_equal(run(late, "SELECT * FROM t"), SQLITE_BUSY);
	assert_int_equal(run(reader, "SELECT * FROM t; COMMIT"), SQLITE_OK);
	assert_int_equal(run(writer, "COMMIT"), SQLITE_OK);
	assert_int_equal(run(late, "SELECT * FROM t"), SQLITE_OK);
	assert_int_equal(sqlite3_close(writer), SQLITE_OK);
	assert_int_equal(sqlite3_close(reader), SQLITE_OK);
	assert_int_equal(sqlite3_close(late), SQLITE_OK);
}

static void
an_exclusive_lock_keeps_everybody_out(void **state TN_UNUSED)
{
	sqlite3 *one = connect(), *two = connect();

	assert_int_equal(run(one, "CREATE TABLE t (n)"), SQLITE_OK);
	assert_int_equal(run(one, "BEGIN EXCLUSIVE"), SQLITE_OK);
	assert_int_equal(run(two, "SELECT * FROM t"), SQLITE_BUSY);
	/* A connection that goes takes its locks along. */
	assert_int_equal(sqlite3_close(one), SQLITE_OK);
	assert_int_equal(run(two, "SELECT * FROM t; INSERT INTO t VALUES (1)"),
	    SQLITE_OK);
	assert_int_equal(sqlite3_close(two), SQLITE_OK);
}

static void
leaving_the_write_ahead_log_needs_to_be_alone(void **state TN_UNUSED)
{
	sqlite3 *one = connect(), *two = connect();

	assert_int_equal(run(one, "PRAGMA journal_mode = WAL; CREATE TABLE t (n)"),
	    SQLITE_OK);
	assert_int_equal(run(two, "SELECT * FROM t"), SQLITE_OK);
	assert_int_equal(run(one, "PRAGMA journal_mode = DELETE"), SQLITE_BUSY);
	assert_int_equal(sqlite3_close(two), SQLITE_OK);
	assert_int_equal(run(one, "PRAGMA journal_mode = DELETE"), SQLITE_OK);
	assert_int_equal(sqlite3_close(one), SQLITE_OK);
}

/* A journal that a killed writer left is played back by the next who reads. */
static void
a_hot_journal_is_played_back(void **state TN_UNUSED)
{
	sqlite3 *db = connect();
	struct tn_memdisk *left;

	assert_int_equal(run(db, "CREATE TABLE t (n); INSERT INTO t VALUES (1)"),
	    SQLITE_OK);
	/* A cache of one page drives changes into the file before the commit. */
	assert_int_equal(
	    run(db,
		"PRAGMA cache_size = 1; BEGIN;"
		"WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c LIMIT 300)"
		"INSERT INTO t SELECT zeroblob(1000) FROM c; UPDATE t SET n = 2"),
	    SQLITE_OK);
	left = tn_memdisk_crash(disk, NULL);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	tn_memdisk_free(disk);
	disk = left;
	db = connect();
	assert_int_equal(run(db,
			     "CREATE TABLE proof (n INTEGER CHECK (n = 1));"
			     "INSERT INTO proof SELECT sum(n) FROM t"),
	    SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void
temporary_files_come_and_go(void **state TN_UNUSED)
{
	sqlite3 *db = connect();

	assert_int_equal(
	    run(db,
		"PRAGMA temp_store = FILE; PRAGMA cache_size = 1;"
		"CREATE TEMP TABLE t (n);"
		"WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c LIMIT 300)"
		"INSERT INTO t SELECT zeroblob(5000) FROM c;"
		"CREATE INDEX temp.i ON t (n);"
		"VACUUM"),
	    SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void
what_is_not_there_is_not_opened(void **state TN_UNUSED)
{
	sqlite3 *db = NULL;
	char name[700];

	assert_int_equal(sqlite3_open_v2("none.db", &db, SQLITE_OPEN_READWRITE,
			     tn_memdisk_vfs_name(disk)),
	    SQLITE_CANTOPEN);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	assert_int_equal(sqlite3_open_v2(name, &db,
			     SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
			     tn_memdisk_vfs_name(disk)),
	    SQLITE_CANTOPEN);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void
a_disk_that_is_gone_cannot_be_named(void **state TN_UNUSED)
{
	struct tn_memdisk *other = tn_memdisk_new();
	char name[64];
	sqlite3 *db = NULL;

	(void)snprintf(name, sizeof(name), "%s", tn_memdisk_vfs_name(other));
	assert_non_null(sqlite3_vfs_find(name));
	tn_memdisk_free(other);
	assert_null(sqlite3_vfs_find(name));
	assert_int_equal(sqlite3_open_v2("x.db", &db,
			     SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, name),
	    SQLITE_ERROR);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

#define DISK_TEST(name) cmocka_unit_test_setup_teardown(name, make_disk, free_disk)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DISK_TEST(readers_share_and_a_writer_waits_for_them),
		DISK_TEST(an_exclusive_lock_keeps_everybody_out),
		DISK_TEST(leaving_the_write_ahead_log_needs_to_be_alone),
		DISK_TEST(a_hot_journal_is_played_back),
		DISK_TEST(temporary_files_come_and_go),
		DISK_TEST(what_is_not_there_is_not_opened),
		DISK_TEST(a_disk_that_is_gone_cannot_be_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
