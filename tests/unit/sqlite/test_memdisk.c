/* The disk in memory: severing, locks, connections that exclude each other, no chance. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "sqlite/memdisk.h"
#include "sqlite/sqlite.h"

static struct tn_sqlite *
open_db(struct tn_memdisk *disk)
{
	struct tn_error err = TN_ERROR_INIT;
	struct tn_sqlite *db = NULL;

	if (tn_sqlite_open("state.db", disk, &db, &err) < 0)
		fail_msg("%s", err.message);
	return db;
}

static void
exec(struct tn_sqlite *db, const char *sql)
{
	struct tn_error err = TN_ERROR_INIT;

	if (tn_sqlite_exec(db, sql, &err) < 0)
		fail_msg("%s: %s", sql, err.message);
}

static int64_t
number(struct tn_sqlite *db, const char *sql)
{
	TN_CLEANUP(tn_stmt_finishp) struct tn_stmt *stmt = NULL;

	assert_int_equal(tn_stmt_prepare(db, sql, &stmt, NULL), 0);
	assert_int_equal(tn_stmt_step(stmt, NULL), 1);
	return tn_stmt_int(stmt, 0);
}

/* All names and bytes of a disk, one after the other. */
static void
add_file(void *arg, const char *name, const void *bytes, size_t len)
{
	struct tn_str *out = arg;

	tn_str_addf(out, "%s %zu\n", name, len);
	tn_str_add_bytes(out, bytes, len);
}

static void
assert_same_disks(struct tn_memdisk *a, struct tn_memdisk *b)
{
	TN_CLEANUP(tn_str_done) struct tn_str of_a = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str of_b = TN_STR_INIT;

	tn_memdisk_each(a, add_file, &of_a);
	tn_memdisk_each(b, add_file, &of_b);
	assert_true(of_a.len > 4096);
	assert_true(tn_span_equal(tn_str_span(&of_a), tn_str_span(&of_b)));
}

static void
what_was_committed_is_there_when_opened_again(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_memdisk_freep) struct tn_memdisk *disk = tn_memdisk_new();
	struct tn_sqlite *db = open_db(disk);

	exec(db, "CREATE TABLE t (n); INSERT INTO t VALUES (42)");
	tn_sqlite_close(db);
	db = open_db(disk);
	assert_int_equal(number(db, "SELECT n FROM t"), 42);
	tn_sqlite_close(db);
}

static void
disks_do_not_see_each_other(void **state TN_UNUSED)
{
	struct tn_memdisk *disks[40];
	struct tn_sqlite *dbs[40];

	for (int i = 0; i < 40; i++) {
		disks[i] = tn_memdisk_new();
		dbs[i] = open_db(disks[i]);
		exec(dbs[i], "CREATE TABLE t (n)");
		for (int k = 0; k < i; k++)
			exec(dbs[i], "INSERT INTO t VALUES (1)");
	}
	for (int i = 0; i < 40; i++)
		assert_int_equal(number(dbs[i], "SELECT count(*) FROM t"), i);
	for (int i = 0; i < 40; i++) {
		/* Either may go first. */
		if (i % 2 == 0)
			tn_sqlite_close(dbs[i]);
		tn_memdisk_free(disks[i]);
		if (i % 2 == 1)
			tn_sqlite_close(dbs[i]);
	}
}

static void
a_severed_disk_fails_without_effect(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_memdisk_freep) struct tn_memdisk *disk = tn_memdisk_new();
	TN_CLEANUP(tn_memdisk_freep) struct tn_memdisk *left = NULL;
	TN_CLEANUP(tn_memdisk_freep) struct tn_memdisk *same = NULL;
	struct tn_sqlite *db = open_db(disk), *again = NULL;
	struct tn_error err = TN_ERROR_INIT;
	uint64_t writes, syncs;

	exec(db, "CREATE TABLE t (n); INSERT INTO t VALUES (1)");
	assert_false(tn_memdisk_severed(disk));
	left = tn_memdisk_crash(disk, NULL);
	assert_true(tn_memdisk_severed(disk));
	assert_false(tn_memdisk_severed(left));
	writes = tn_memdisk_writes(disk);
	syncs = tn_memdisk_syncs(disk);
	assert_int_equal(tn_sqlite_exec(db, "INSERT INTO t VALUES (2)", &err),
	    -TN_E_SYSTEM);
	assert_int_equal(tn_sqlite_exec(db, "SELECT * FROM t", NULL), -TN_E_SYSTEM);
	assert_int_equal(tn_sqlite_begin(db, NULL), -TN_E_SYSTEM);
	assert_int_equal(tn_sqlite_open("state.db", disk, &again, NULL), -TN_E_SYSTEM);
	assert_null(again);
	tn_sqlite_close(db);
	assert_int_equal(tn_memdisk_writes(disk), writes);
	assert_int_equal(tn_memdisk_syncs(disk), syncs);
	same = tn_memdisk_crash(disk, NULL);
	assert_same_disks(left, same);
	tn_error_done(&err);
}

/* A copy is what a crash would leave, and the disk goes on. */
static void
a_copy_is_what_was_synced(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_memdisk_freep) struct tn_memdisk *disk = tn_memdisk_new();
	TN_CLEANUP(tn_memdisk_freep) struct tn_memdisk *copy = NULL;
	TN_CLEANUP(tn_memdisk_freep) struct tn_memdisk *left = NULL;
	struct tn_sqlite *db = open_db(disk), *copied;

	exec(db, "CREATE TABLE t (n); INSERT INTO t VALUES (1)");
	assert_int_equal(tn_memdisk_lock(disk, "tenant", NULL), 0);
	assert_int_equal(tn_sqlite_begin(db, NULL), 0);
	exec(db, "INSERT INTO t VALUES (2)");
	copy = tn_memdisk_copy(disk);
	assert_false(tn_memdisk_severed(disk));
	assert_int_equal(tn_memdisk_lock(copy, "tenant", NULL), 0);
	assert_int_equal(tn_sqlite_commit(db, NULL), 0);
	assert_int_equal(number(db, "SELECT count(*) FROM t"), 2);
	copied = open_db(copy);
	assert_int_equal(number(copied, "SELECT count(*) FROM t"), 1);
	exec(copied, "DELETE FROM t");
	tn_sqlite_close(copied);
	assert_int_equal(number(db, "SELECT count(*) FROM t"), 2);
	tn_memdisk_free(copy);
	copy = tn_memdisk_copy(disk);
	left = tn_memdisk_crash(disk, NULL);
	assert_same_disks(copy, left);
	tn_sqlite_close(db);
}

static void
a_cut_comes_at_the_effect_it_names(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_memdisk_freep) struct tn_memdisk *disk = tn_memdisk_new();
	struct tn_sqlite *db = open_db(disk);
	uint64_t before;

	exec(db, "CREATE TABLE t (n)");
	before = tn_memdisk_writes(disk) + tn_memdisk_syncs(disk);
	tn_memdisk_cut(disk, 3);
	assert_int_equal(tn_sqlite_exec(db, "INSERT INTO t VALUES (1)", NULL),
	    -TN_E_SYSTEM);
	assert_true(tn_memdisk_severed(disk));
	assert_int_equal(tn_memdisk_writes(disk) + tn_memdisk_syncs(disk), before + 3);
	tn_sqlite_close(db);
}

static void
a_cut_can_be_called_off(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_memdisk_freep) struct tn_memdisk *disk = tn_memdisk_new();
	struct tn_sqlite *db = open_db(disk);

	tn_memdisk_cut(disk, 1);
	tn_memdisk_fail_write(disk, 1);
	tn_memdisk_fail_sync(disk, 1);
	tn_memdisk_cut(disk, 0);
	tn_memdisk_fail_write(disk, 0);
	tn_memdisk_fail_sync(disk, 0);
	exec(db, "CREATE TABLE t (n)");
	assert_false(tn_memdisk_severed(disk));
	tn_sqlite_close(db);
}

static void
one_writer_keeps_the_other_out_and_nobody_really_waits(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_memdisk_freep) struct tn_memdisk *disk = tn_memdisk_new();
	struct tn_sqlite *one = open_db(disk), *two = open_db(disk);
	struct tn_error err = TN_ERROR_INIT;

	exec(one, "CREATE TABLE t (n)");
	assert_int_equal(tn_sqlite_begin(one, NULL), 0);
	exec(one, "INSERT INTO t VALUES (1)");
	/* A reader sees what was there before. */
	assert_int_equal(number(two, "SELECT count(*) FROM t"), 0);
	assert_int_equal(tn_memdisk_slept(disk), 0);
	assert_int_equal(tn_sqlite_begin(two, &err), -TN_E_SYSTEM);
	assert_string_equal(err.message, "the state file \"state.db\" is in use");
	assert_non_null(err.hint);
	assert_in_range(tn_memdisk_slept(disk), 1900 * TN_MSEC,
	    TN_SQLITE_BUSY_MS * TN_MSEC);
	assert_int_equal(tn_sqlite_commit(one, NULL), 0);
	assert_int_equal(tn_sqlite_begin(two, NULL), 0);
	assert_int_equal(number(two, "SELECT count(*) FROM t"), 1);
	assert_int_equal(tn_sqlite_commit(two, NULL), 0);
	tn_error_done(&err);
	tn_sqlite_close(one);
	tn_sqlite_close(two);
}

/* A reader keeps its picture while a writer commits and a checkpoint runs. */
static void
a_reader_keeps_its_picture(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_memdisk_freep) struct tn_memdisk *disk = tn_memdisk_new();
	struct tn_sqlite *writer = open_db(disk), *reader = open_db(disk);

	exec(writer, "CREATE TABLE t (n); INSERT INTO t VALUES (1)");
	exec(reader, "BEGIN");
	assert_int_equal(number(reader, "SELECT max(n) FROM t"), 1);
	exec(writer, "UPDATE t SET n = 2");
	exec(writer, "PRAGMA wal_checkpoint(PASSIVE)");
	assert_int_equal(number(reader, "SELECT max(n) FROM t"), 1);
	/* The log cannot begin anew under the reader: the checkpoint says "busy". */
	assert_int_equal(number(writer, "PRAGMA wal_checkpoint(RESTART)"), 1);
	exec(reader, "COMMIT");
	assert_int_equal(number(writer, "PRAGMA wal_checkpoint(RESTART)"), 0);
	assert_int_equal(number(reader, "SELECT max(n) FROM t"), 2);
	tn_sqlite_close(writer);
	assert_int_equal(number(reader, "SELECT max(n) FROM t"), 2);
	tn_sqlite_close(reader);
}

static void
the_last_to_close_takes_the_log_away(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_memdisk_freep) struct tn_memdisk *disk = tn_memdisk_new();
	TN_CLEANUP(tn_str_done) struct tn_str names = TN_STR_INIT;
	struct tn_sqlite *one = open_db(disk), *two = open_db(disk);

	exec(one, "CREATE TABLE t (n)");
	assert_int_equal(number(two, "SELECT count(*) FROM t"), 0);
	tn_sqlite_close(one);
	tn_memdisk_each(disk, add_file, &names);
	assert_non_null(memmem(names.ptr, names.len, "state.db-wal ", 13));
	tn_sqlite_close(two);
	tn_str_clear(&names);
	tn_memdisk_each(disk, add_file, &names);
	assert_null(memmem(names.ptr, names.len, "state.db-", 9));
}

static bool
has_file(struct tn_memdisk *disk, const char *name)
{
	TN_CLEANUP(tn_str_done) struct tn_str names = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str line = TN_STR_INIT;

	tn_str_addf(&line, "%s ", name);
	tn_memdisk_each(disk, add_file, &names);
	return names.len > 0 && memmem(names.ptr, names.len, line.ptr, line.len) != NULL;
}

/* How often a file is there after 100 cuts. */
static unsigned
survivals(struct tn_memdisk *disk, const char *name)
{
	struct tn_rand rand;
	unsigned count = 0;

	tn_rand_init(&rand, 3);
	for (int i = 0; i < 100; i++) {
		struct tn_memdisk *left = tn_memdisk_crash(disk, &rand);

		count += has_file(left, name);
		tn_memdisk_free(left);
	}
	return count;
}

/* Making and removing files is kept by chance until the directory is synced. */
static void
the_directory_forgets_too(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_memdisk_freep) struct tn_memdisk *made = tn_memdisk_new();
	TN_CLEANUP(tn_memdisk_freep) struct tn_memdisk *removed = tn_memdisk_new();
	struct tn_memdisk *left;
	struct tn_sqlite *db = NULL;

	tn_memdisk_cut(made, 1);
	assert_int_equal(tn_sqlite_open("state.db", made, &db, NULL), -TN_E_SYSTEM);
	assert_true(has_file(made, "state.db"));
	assert_in_range(survivals(made, "state.db"), 20, 80);
	left = tn_memdisk_crash(made, NULL);
	assert_false(has_file(left, "state.db"));
	tn_memdisk_free(left);

	db = open_db(removed);
	exec(db, "CREATE TABLE t (n)");
	tn_sqlite_close(db);
	assert_false(has_file(removed, "state.db-wal"));
	assert_int_equal(survivals(removed, "state.db"), 100);
	assert_in_range(survivals(removed, "state.db-wal"), 20, 80);
	left = tn_memdisk_crash(removed, NULL);
	assert_true(has_file(left, "state.db-wal"));
	tn_memdisk_free(left);
}

static void
work(struct tn_memdisk *disk)
{
	struct tn_sqlite *db = open_db(disk);

	exec(db, "CREATE TABLE t (id INTEGER PRIMARY KEY, made TEXT, r INTEGER)");
	for (int i = 0; i < 20; i++)
		exec(db, "INSERT INTO t (made, r) VALUES (datetime('now'), random())");
	tn_memdisk_cut(disk, 2);
	assert_int_equal(tn_sqlite_exec(db, "DELETE FROM t", NULL), -TN_E_SYSTEM);
	tn_sqlite_close(db);
}

/* The same calls and the same seed: the same bytes, SQLite's own salts and clock
 * included. */
static void
the_same_work_gives_the_same_bytes(void **state TN_UNUSED)
{
	struct tn_memdisk *disks[2], *left[2];

	for (int i = 0; i < 2; i++) {
		struct tn_rand rand;

		tn_rand_init(&rand, 5);
		disks[i] = tn_memdisk_new();
		work(disks[i]);
		left[i] = tn_memdisk_crash(disks[i], &rand);
	}
	assert_same_disks(disks[0], disks[1]);
	assert_same_disks(left[0], left[1]);
	for (int i = 0; i < 2; i++) {
		tn_memdisk_free(disks[i]);
		tn_memdisk_free(left[i]);
	}
}

static void
the_clock_stands_still(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_memdisk_freep) struct tn_memdisk *disk = tn_memdisk_new();
	struct tn_sqlite *db = open_db(disk);

	assert_int_equal(number(db, "SELECT unixepoch('now')"), 946684800);
	tn_sqlite_close(db);
}

/* Removing a row leaves no trace of it. */
static void
deleted_values_are_wiped(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_memdisk_freep) struct tn_memdisk *disk = tn_memdisk_new();
	TN_CLEANUP(tn_str_done) struct tn_str before = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str after = TN_STR_INIT;
	struct tn_sqlite *db = open_db(disk);

	exec(db,
	    "CREATE TABLE t (v TEXT); INSERT INTO t VALUES ('correct horse battery')");
	tn_memdisk_each(disk, add_file, &before);
	assert_non_null(memmem(before.ptr, before.len, "correct horse", 13));
	exec(db, "DELETE FROM t");
	tn_sqlite_close(db);
	tn_memdisk_each(disk, add_file, &after);
	assert_null(memmem(after.ptr, after.len, "correct horse", 13));
}

static void
a_lock_is_held_by_one(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_memdisk_freep) struct tn_memdisk *disk = tn_memdisk_new();
	struct tn_error err = TN_ERROR_INIT;

	assert_int_equal(tn_memdisk_lock(disk, "prod", NULL), 0);
	assert_int_equal(tn_memdisk_lock(disk, "dev", NULL), 0);
	assert_int_equal(tn_memdisk_lock(disk, "prod", &err), -TN_E_LOCKED);
	assert_non_null(strstr(err.message, "prod"));
	tn_memdisk_unlock(disk, "prod");
	tn_memdisk_unlock(disk, "never taken");
	assert_int_equal(tn_memdisk_lock(disk, "prod", NULL), 0);
	assert_int_equal(tn_memdisk_lock(disk, "dev", NULL), -TN_E_LOCKED);
	tn_error_done(&err);
}

static void
locks_die_with_the_disk(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_memdisk_freep) struct tn_memdisk *disk = tn_memdisk_new();
	TN_CLEANUP(tn_memdisk_freep) struct tn_memdisk *left = NULL;

	assert_int_equal(tn_memdisk_lock(disk, "prod", NULL), 0);
	left = tn_memdisk_crash(disk, NULL);
	assert_int_equal(tn_memdisk_lock(left, "prod", NULL), 0);
	/* What the killed run does with its disk changes nothing on the new one. */
	tn_memdisk_unlock(disk, "prod");
	assert_int_equal(tn_memdisk_lock(left, "prod", NULL), -TN_E_LOCKED);
	assert_int_equal(tn_memdisk_lock(disk, "other", NULL), -TN_E_SYSTEM);
}

static void
freeing_nothing_is_allowed(void **state TN_UNUSED)
{
	tn_memdisk_free(NULL);
	tn_sqlite_close(NULL);
	tn_stmt_finish(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_committed_is_there_when_opened_again),
		cmocka_unit_test(disks_do_not_see_each_other),
		cmocka_unit_test(a_severed_disk_fails_without_effect),
		cmocka_unit_test(a_copy_is_what_was_synced),
		cmocka_unit_test(a_cut_comes_at_the_effect_it_names),
		cmocka_unit_test(a_cut_can_be_called_off),
		cmocka_unit_test(one_writer_keeps_the_other_out_and_nobody_really_waits),
		cmocka_unit_test(a_reader_keeps_its_picture),
		cmocka_unit_test(the_last_to_close_takes_the_log_away),
		cmocka_unit_test(the_directory_forgets_too),
		cmocka_unit_test(the_same_work_gives_the_same_bytes),
		cmocka_unit_test(the_clock_stands_still),
		cmocka_unit_test(deleted_values_are_wiped),
		cmocka_unit_test(a_lock_is_held_by_one),
		cmocka_unit_test(locks_die_with_the_disk),
		cmocka_unit_test(freeing_nothing_is_allowed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
