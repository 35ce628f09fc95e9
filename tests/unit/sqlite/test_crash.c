/*
 * Power cuts: whatever moment they choose and whatever survives, the database is whole,
 * no commit that was acknowledged is lost, and nothing is there but the one in flight.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sqlite/memdisk.h"
#include "sqlite/sqlite.h"

#define COMMITS 12
#define NOTHING (-1) /* not even the table */

static const char schema[] =
    "CREATE TABLE log (n INTEGER PRIMARY KEY, text TEXT NOT NULL);"
    "CREATE TABLE state (name TEXT PRIMARY KEY, n INTEGER NOT NULL) WITHOUT ROWID;"
    "INSERT INTO state VALUES ('last', 0);";

static int
begin_schema(struct tn_sqlite *db)
{
	int r = tn_sqlite_begin(db, NULL);

	if (r == 0)
		r = tn_sqlite_exec(db, schema, NULL);
	return r == 0 ? tn_sqlite_commit(db, NULL) : r;
}

static int
commit_one(struct tn_sqlite *db, int n)
{
	struct tn_stmt *stmt;
	char text[3000];
	int r;

	memset(text, 'a' + n % 26, sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	r = tn_sqlite_begin(db, NULL);
	if (r < 0)
		return r;
	r = tn_stmt_prepare(db, "INSERT INTO log VALUES (?1, ?2)", &stmt, NULL);
	if (r == 0) {
		tn_stmt_bind_int(stmt, 1, n);
		tn_stmt_bind_text(stmt, 2, text);
		r = tn_stmt_run(stmt, NULL);
	}
	if (r == 0)
		r = tn_stmt_prepare(db, "UPDATE state SET n = ?1", &stmt, NULL);
	if (r == 0) {
		tn_stmt_bind_int(stmt, 1, n);
		r = tn_stmt_run(stmt, NULL);
	}
	return r == 0 ? tn_sqlite_commit(db, NULL) : r;
}

/* Gives the last commit that was acknowledged. A checkpoint comes every few commits. */
static int
work(struct tn_memdisk *disk, const char *pragma)
{
	struct tn_sqlite *db = NULL;
	int acknowledged = NOTHING;

	if (tn_sqlite_open("state.db", disk, &db, NULL) < 0)
		return NOTHING;
	if (tn_sqlite_exec(db, pragma, NULL) == 0 && begin_schema(db) == 0) {
		acknowledged = 0;
		for (int n = 1; n <= COMMITS && commit_one(db, n) == 0; n++)
			acknowledged = n;
	}
	tn_sqlite_close(db);
	return acknowledged;
}

static int64_t
number(struct tn_sqlite *db, const char *sql)
{
	TN_CLEANUP(tn_stmt_finishp) struct tn_stmt *stmt = NULL;

	assert_int_equal(tn_stmt_prepare(db, sql, &stmt, NULL), 0);
	assert_int_equal(tn_stmt_step(stmt, NULL), 1);
	return tn_stmt_int(stmt, 0);
}

static void
assert_whole(struct tn_sqlite *db)
{
	TN_CLEANUP(tn_stmt_finishp) struct tn_stmt *stmt = NULL;

	assert_int_equal(tn_stmt_prepare(db, "PRAGMA integrity_check", &stmt, NULL), 0);
	assert_int_equal(tn_stmt_step(stmt, NULL), 1);
	assert_string_equal(tn_stmt_text(stmt, 0), "ok");
}

/* The last commit that is there; all before it must be, and nothing else. */
static int
commits_in(struct tn_sqlite *db)
{
	int64_t n;

	assert_whole(db);
	if (number(db, "SELECT count(*) FROM sqlite_schema WHERE type = 'table'") == 0)
		return NOTHING;
	n = number(db, "SELECT n FROM state");
	assert_int_equal(number(db, "SELECT count(*) FROM log"), n);
	assert_int_equal(number(db, "SELECT coalesce(max(n), 0) FROM log"), n);
	assert_int_equal(number(db,
			     "SELECT count(*) FROM log WHERE length(text) <> 2999"),
	    0);
	return (int)n;
}

static struct tn_sqlite *
open_again(struct tn_memdisk *disk)
{
	struct tn_error err = TN_ERROR_INIT;
	struct tn_sqlite *db = NULL;

	if (tn_sqlite_open("state.db", disk, &db, &err) < 0)
		fail_msg("%s", err.message);
	return db;
}

/* The survivor is right, and can be worked with. */
static void
check_survivor(struct tn_memdisk *left, int acknowledged)
{
	struct tn_sqlite *db = open_again(left);
	int there = commits_in(db);

	assert_in_range(there + 1, acknowledged + 1, acknowledged + 2);
	if (there == NOTHING) {
		assert_int_equal(begin_schema(db), 0);
		there = 0;
	}
	assert_int_equal(commit_one(db, there + 1), 0);
	tn_sqlite_close(db);
	db = open_again(left);
	assert_int_equal(commits_in(db), there + 1);
	tn_sqlite_close(db);
}

static uint64_t
effects(const struct tn_memdisk *disk)
{
	return tn_memdisk_writes(disk) + tn_memdisk_syncs(disk);
}

static int
survivors_per_cut(void)
{
	const char *value = getenv("TN_LONG");

	return value != NULL && *value == '1' ? 200 : 16;
}

static const char often[] = "PRAGMA wal_autocheckpoint = 7";

static uint64_t
effects_of_work(const char *pragma)
{
	TN_CLEANUP(tn_memdisk_freep) struct tn_memdisk *disk = tn_memdisk_new();

	assert_int_equal(work(disk, pragma), COMMITS);
	return effects(disk);
}

static void
at_every_write_and_sync_nothing_acknowledged_is_lost(void **state TN_UNUSED)
{
	uint64_t total = effects_of_work(often);
	struct tn_rand rand;

	assert_true(total > 80);
	tn_rand_init(&rand, 11);
	for (uint64_t cut = 1; cut <= total; cut++) {
		TN_CLEANUP(tn_memdisk_freep) struct tn_memdisk *disk = tn_memdisk_new();
		int acknowledged;

		tn_memdisk_cut(disk, cut);
		acknowledged = work(disk, often);
		assert_true(tn_memdisk_severed(disk));
		for (int i = 0; i <= survivors_per_cut(); i++) {
			struct tn_memdisk *left = tn_memdisk_crash(disk,
			    i == 0 ? NULL : &rand);

			check_survivor(left, acknowledged);
			tn_memdisk_free(left);
		}
	}
}

/* Two hundred fates of one moment: in the middle of a checkpoint, and before its sync. */
static void
two_hundred_fates_of_a_checkpoint(void **state TN_UNUSED)
{
	uint64_t total = effects_of_work(often);
	struct tn_rand rand;

	tn_rand_init(&rand, 12);
	for (uint64_t cut = total / 2; cut < total / 2 + 3; cut++) {
		TN_CLEANUP(tn_memdisk_freep) struct tn_memdisk *disk = tn_memdisk_new();
		int acknowledged;

		tn_memdisk_cut(disk, cut);
		acknowledged = work(disk, often);
		for (int i = 0; i < 200; i++) {
			struct tn_memdisk *left = tn_memdisk_crash(disk, &rand);

			check_survivor(left, acknowledged);
			tn_memdisk_free(left);
		}
	}
}

/* The power goes again while the next run opens the database and closes it. */
static void
a_second_cut_while_recovering_loses_nothing(void **state TN_UNUSED)
{
	uint64_t total = effects_of_work(often);
	struct tn_rand rand;

	tn_rand_init(&rand, 13);
	for (uint64_t cut = 5; cut <= total; cut += 9) {
		for (uint64_t again = 1; again <= 12; again++) {
			struct tn_memdisk *disk = tn_memdisk_new(), *second, *third;
			struct tn_sqlite *db = NULL;
			int acknowledged;

			tn_memdisk_cut(disk, cut);
			acknowledged = work(disk, often);
			second = tn_memdisk_crash(disk, &rand);
			tn_memdisk_cut(second, again);
			if (tn_sqlite_open("state.db", second, &db, NULL) == 0)
				tn_sqlite_close(db);
			third = tn_memdisk_crash(second, &rand);
			check_survivor(third, acknowledged);
			tn_memdisk_free(disk);
			tn_memdisk_free(second);
			tn_memdisk_free(third);
		}
	}
}

/* The disk really forgets: without syncs, commits that were acknowledged are gone. */
static void
without_syncing_acknowledged_commits_are_lost(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_memdisk_freep) struct tn_memdisk *disk = tn_memdisk_new();
	struct tn_memdisk *left;
	struct tn_sqlite *db = open_again(disk);

	assert_int_equal(tn_sqlite_exec(db, "PRAGMA synchronous = OFF", NULL), 0);
	assert_int_equal(begin_schema(db), 0);
	assert_int_equal(commit_one(db, 1), 0);
	left = tn_memdisk_crash(disk, NULL);
	tn_sqlite_close(db);
	db = open_again(left);
	assert_int_equal(commits_in(db), NOTHING);
	tn_sqlite_close(db);
	tn_memdisk_free(left);
}

/* Without a random subset every acknowledged commit is there, and no other. */
static void
with_nothing_unsynced_surviving_the_state_is_what_was_acknowledged(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_memdisk_freep) struct tn_memdisk *disk = tn_memdisk_new();
	struct tn_memdisk *left;
	struct tn_sqlite *db = open_again(disk);

	assert_int_equal(begin_schema(db), 0);
	for (int n = 1; n <= 5; n++)
		assert_int_equal(commit_one(db, n), 0);
	assert_int_equal(tn_sqlite_begin(db, NULL), 0);
	assert_int_equal(tn_sqlite_exec(db, "UPDATE state SET n = 99", NULL), 0);
	left = tn_memdisk_crash(disk, NULL);
	tn_sqlite_close(db);
	db = open_again(left);
	assert_int_equal(commits_in(db), 5);
	tn_sqlite_close(db);
	tn_memdisk_free(left);
}

/* The n-th write or sync fails: at most one commit does, and later ones go on. */
static void
check_failure(void (*arm)(struct tn_memdisk *disk, uint64_t n), uint64_t n, int *failures)
{
	TN_CLEANUP(tn_memdisk_freep) struct tn_memdisk *disk = tn_memdisk_new();
	struct tn_sqlite *db = open_again(disk);
	int last = 0, failed = 0;

	assert_int_equal(tn_sqlite_exec(db, often, NULL), 0);
	assert_int_equal(begin_schema(db), 0);
	arm(disk, n);
	for (int i = 0; i < COMMITS; i++) {
		if (commit_one(db, last + 1) == 0)
			last++;
		else
			failed++;
		assert_int_equal(commits_in(db), last);
	}
	assert_in_range(failed, 0, 1);
	*failures += failed;
	tn_sqlite_close(db);
	db = open_again(disk);
	assert_int_equal(commits_in(db), last);
	tn_sqlite_close(db);
}

static void
a_failing_write_costs_at_most_its_own_commit(void **state TN_UNUSED)
{
	int failures = 0;

	for (uint64_t n = 1; n <= 60; n++)
		check_failure(tn_memdisk_fail_write, n, &failures);
	assert_in_range(failures, 20, 60);
}

static void
a_failing_sync_costs_at_most_its_own_commit(void **state TN_UNUSED)
{
	int failures = 0;

	for (uint64_t n = 1; n <= 20; n++)
		check_failure(tn_memdisk_fail_sync, n, &failures);
	assert_in_range(failures, 8, 20);
}

static void
a_failed_write_is_a_clean_error(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_memdisk_freep) struct tn_memdisk *disk = tn_memdisk_new();
	struct tn_error err = TN_ERROR_INIT;
	struct tn_sqlite *db = open_again(disk);

	assert_int_equal(begin_schema(db), 0);
	assert_int_equal(tn_sqlite_begin(db, NULL), 0);
	assert_int_equal(tn_sqlite_exec(db, "UPDATE state SET n = 5", NULL), 0);
	tn_memdisk_fail_sync(disk, 1);
	assert_int_equal(tn_sqlite_commit(db, &err), -TN_E_SYSTEM);
	assert_string_equal(err.message,
	    "the state file \"state.db\" cannot be read or written");
	assert_non_null(err.hint);
	assert_int_equal(number(db, "SELECT n FROM state"), 0);
	/* The transaction is over: another can begin. */
	assert_int_equal(tn_sqlite_begin(db, NULL), 0);
	assert_int_equal(tn_sqlite_commit(db, NULL), 0);
	tn_error_done(&err);
	tn_sqlite_close(db);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(at_every_write_and_sync_nothing_acknowledged_is_lost),
		cmocka_unit_test(two_hundred_fates_of_a_checkpoint),
		cmocka_unit_test(a_second_cut_while_recovering_loses_nothing),
		cmocka_unit_test(without_syncing_acknowledged_commits_are_lost),
		cmocka_unit_test(
		    with_nothing_unsynced_surviving_the_state_is_what_was_acknowledged),
		cmocka_unit_test(a_failing_write_costs_at_most_its_own_commit),
		cmocka_unit_test(a_failing_sync_costs_at_most_its_own_commit),
		cmocka_unit_test(a_failed_write_is_a_clean_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
