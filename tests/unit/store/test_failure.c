/*
 * Disks that fail, files that are not what they should be, and others at work: an error
 * that names place and cure, nothing lost, and the next try works.
 */
#include "world.h"

#include <stdlib.h>

#include "base/mem.h"

static const struct tn_owned own1 = { "a", "1" };
static const struct tn_known_secret secret1 = { "1", "KEY", "f1", "t1" };
static const struct tn_settlement settlement = {
	.own = &own1,
	.n_own = 1,
	.secrets = &secret1,
	.n_secrets = 1,
};
static const struct tn_settlement nothing = { 0 };
#define SETTLED "own 1=a | others | secrets 1.KEY=f1@t1"

/* --- The n-th write or sync fails --- */

static bool
failed(struct answer answer, unsigned *failures)
{
	if (answer.kind == TN_E_NONE)
		return false;
	refused(answer, TN_E_SYSTEM, "state.db", "see to the disk");
	++*failures;
	return true;
}

/* Everything is tried again once, as callers do. */
static void
work(struct tn_store *store, unsigned *failures)
{
	if (failed(load(store, true), failures))
		fine(load(store, true));
	if (failed(append_one(store, "r", 0, "begin", "{}"), failures))
		fine(append_one(store, "r", 0, "begin", "{}"));
	if (failed(append_one(store, "r", 1, "intended", NULL), failures))
		fine(append_one(store, "r", 1, "intended", NULL));
	fine(load(store, true));
	open_run_is(store, "r: begin{} 1:intended");
	if (failed(end(store, "r", "applied", &settlement), failures))
		fine(end(store, "r", "applied", &settlement));
}

static void
check_failure(void (*arm)(struct tn_memdisk *on, uint64_t n), uint64_t n,
    unsigned *failures)
{
	TN_CLEANUP(tn_memdisk_freep) struct tn_memdisk *on = tn_memdisk_new();
	TN_CLEANUP(tn_memdisk_freep) struct tn_memdisk *left = NULL;
	struct tn_store *store = tn_store_sqlite(loop, "state.db", on, &shop);
	unsigned before = *failures;
	struct tn_sqlite *db;

	arm(on, n);
	work(store, failures);
	assert_in_range(*failures - before, 0, 1);
	/* What was acknowledged after the failure outlives a crash like anything else. */
	left = tn_memdisk_crash(on, NULL);
	tn_store_free(store);
	store = tn_store_sqlite(loop, "state.db", left, &shop);
	fine(load(store, true));
	open_run_is(store, "none");
	known_is(store, SETTLED);
	tn_store_free(store);
	db = database("state.db", left);
	rows_are(db, "SELECT step, event FROM journal ORDER BY seq", 2,
	    "0,begin;1,intended;0,applied");
	tn_sqlite_close(db);
}

static void
a_failing_write_costs_one_try(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_memdisk_freep) struct tn_memdisk *on = tn_memdisk_new();
	struct tn_store *store = tn_store_sqlite(loop, "state.db", on, &shop);
	unsigned failures = 0;
	uint64_t writes;

	work(store, &failures);
	writes = tn_memdisk_writes(on);
	tn_store_free(store);
	assert_int_equal(failures, 0);
	assert_true(writes >= 10);
	for (uint64_t n = 1; n <= writes; n++)
		check_failure(tn_memdisk_fail_write, n, &failures);
	/* Each of these writes matters to somebody. */
	assert_in_range(failures, writes - 2, writes);
}

static void
a_failing_sync_costs_one_try(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_memdisk_freep) struct tn_memdisk *on = tn_memdisk_new();
	struct tn_store *store = tn_store_sqlite(loop, "state.db", on, &shop);
	unsigned failures = 0;
	uint64_t syncs;

	work(store, &failures);
	syncs = tn_memdisk_syncs(on);
	tn_store_free(store);
	assert_true(syncs >= 4);
	for (uint64_t n = 1; n <= syncs; n++)
		check_failure(tn_memdisk_fail_sync, n, &failures);
	assert_in_range(failures, 4, syncs);
}

/* --- Others at work --- */

static void
reading_waits_for_no_writer(void **state TN_UNUSED)
{
	struct tn_store *store = locked(&shop);
	struct tn_sqlite *db;

	fine(append_one(store, "r", 0, "begin", "{}"));
	tn_store_free(store);
	db = database("state.db", disk);
	assert_int_equal(tn_sqlite_begin(db, NULL), 0);
	sql(db, "DELETE FROM journal");
	store = unlocked(&shop);
	open_run_is(store, "r: begin{}");
	fine(load(store, false));
	assert_int_equal(tn_memdisk_slept(disk), 0);
	tn_sqlite_rollback(db);
	tn_sqlite_close(db);
	tn_store_free(store);
}

static void
a_writer_waits_for_no_reader(void **state TN_UNUSED)
{
	struct tn_store *store = locked(&shop);
	struct tn_sqlite *db = database("state.db", disk);

	sql(db, "BEGIN; SELECT count(*) FROM journal");
	fine(append_one(store, "r", 0, "begin", "{}"));
	fine(end(store, "r", "applied", &settlement));
	assert_int_equal(tn_memdisk_slept(disk), 0);
	rows_are(db, "SELECT count(*) FROM journal", 1, "0");
	tn_sqlite_close(db);
	tn_store_free(store);
}

/* A load leaves no snapshot behind that would keep the log from being emptied. */
static void
a_loaded_store_holds_nothing_up(void **state TN_UNUSED)
{
	struct tn_store *reader = unlocked(&shop);
	struct tn_store *writer = locked(&shop);
	struct tn_sqlite *db = database("state.db", disk);

	fine(append_one(writer, "r", 0, "begin", "{}"));
	rows_are(db, "PRAGMA wal_checkpoint(TRUNCATE)", 2, "0,0");
	tn_sqlite_close(db);
	tn_store_free(reader);
	tn_store_free(writer);
}

static void
a_writer_that_stays_is_an_error_with_its_cure(void **state TN_UNUSED)
{
	struct tn_store *store = locked(&shop);
	struct tn_sqlite *db = database("state.db", disk);

	assert_int_equal(tn_sqlite_begin(db, NULL), 0);
	refused(append_one(store, "r", 0, "begin", "{}"), TN_E_SYSTEM, "is in use",
	    "run again");
	refused(end(store, "r", "applied", &settlement), TN_E_SYSTEM, "is in use",
	    "run again");
	assert_in_range(tn_memdisk_slept(disk), 1, 2 * TN_SQLITE_BUSY_MS * TN_MSEC);
	tn_sqlite_rollback(db);
	tn_sqlite_close(db);
	fine(append_one(store, "r", 0, "begin", "{}"));
	fine(load(store, true));
	open_run_is(store, "r: begin{}");
	tn_store_free(store);
}

/* --- Files that are not what they should be --- */

static void
make_state(void)
{
	struct tn_store *store = locked(&shop);

	fine(end(store, "r1", "applied", &settlement));
	fine(append_one(store, "r2", 0, "begin", "{}"));
	tn_store_free(store);
}

static void
load_refused(const char *message, const char *hint)
{
	for (int lock = 0; lock <= 1; lock++) {
		TN_CLEANUP(tn_store_freep) struct tn_store *store = store_of(&shop);
		struct answer answer = load(store, lock == 1);

		refused(answer, TN_E_SYSTEM, message, hint);
		assert_non_null(strstr(answer.message, "\"state.db\""));
		assert_null(store->known);
		assert_null(store->key);
		assert_null(store->open_run);
	}
}

/* While another connection is open, so that closing has nothing to tidy up either. */
static void
left_alone(const char *message, const char *hint)
{
	uint64_t writes = tn_memdisk_writes(disk);

	load_refused(message, hint);
	assert_int_equal(tn_memdisk_writes(disk), writes);
}

static void
a_newer_state_is_refused_and_left_alone(void **state TN_UNUSED)
{
	struct tn_sqlite *db;

	make_state();
	db = database("state.db", disk);
	sql(db, "ALTER TABLE pin ADD COLUMN more TEXT; PRAGMA user_version = 5");
	left_alone("version 5, and this tenon knows them up to 4", "use the newer tenon");
	rows_are(db, "PRAGMA user_version", 1, "5");
	rows_are(db, "SELECT count(*) FROM pin", 1, "1");
	tn_sqlite_close(db);
}

static void
the_database_of_another_program_is_refused_and_left_alone(void **state TN_UNUSED)
{
	struct tn_sqlite *db = database("state.db", disk);

	sql(db, "CREATE TABLE bookmarks (url); INSERT INTO bookmarks VALUES ('x')");
	left_alone("another program", "name another file");
	sql(db, "PRAGMA user_version = 1");
	left_alone("another program", "name another file");
	sql(db, "PRAGMA user_version = -1; PRAGMA application_id = 0x746e6f6e");
	left_alone("another program", "name another file");
	rows_are(db, "SELECT name FROM sqlite_schema", 1, "bookmarks");
	tn_sqlite_close(db);
}

/* Values that only damage or a stranger puts there. */
static void
contents_that_cannot_be_are_damage(void **state TN_UNUSED)
{
	static const struct {
		const char *change;
		const char *words;
	} cases[] = {
		{ "UPDATE state_key SET key = 'short'", "its key" },
		{ "UPDATE state_key SET key = 'A' || substr(key, 2)", "its key" },
		{ "UPDATE journal SET step = -1", "a record" },
		{ "UPDATE journal SET step = 4294967296", "a record" },
		{ "DROP TABLE journal; CREATE TABLE journal AS SELECT 2 AS run, 1 AS seq,"
		  " 0 AS step, NULL AS event, NULL AS payload, 0 AS unix_ns",
		    "a record" },
		{ "DROP TABLE owned; CREATE TABLE owned AS SELECT 1 AS tenant,"
		  " 'shop' AS project, NULL AS action_id, 'a' AS name, 'action' AS kind",
		    "an action" },
		{ "DROP TABLE secret; CREATE TABLE secret AS SELECT 1 AS tenant,"
		  " 'shop' AS project, '1' AS action_id, 'a' AS name,"
		  " NULL AS fingerprint, NULL AS updated_at",
		    "a secret" },
		{ "PRAGMA foreign_keys = OFF; DROP TABLE run; CREATE TABLE run AS"
		  " SELECT 2 AS id, 1 AS tenant, 'shop' AS project, NULL AS name, NULL AS ended",
		    "a run" },
		{ "PRAGMA foreign_keys = OFF; DROP TABLE tenant; CREATE TABLE tenant"
		  " AS SELECT 1 AS id, 'auth0' AS provider, NULL AS base_url",
		    "a tenant" },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		struct tn_sqlite *db;

		make_state();
		db = database("state.db", disk);
		sql(db, cases[i].change);
		tn_sqlite_close(db);
		load_refused(cases[i].words, "nothing in the tenant is lost");
		tn_memdisk_free(disk);
		disk = tn_memdisk_new();
	}
}

/* Tables that are gone or of another shape are an error, never a crash. */
static void
missing_tables_are_an_error(void **state TN_UNUSED)
{
	static const char *const tables[] = { "state_key", "tenant", "pin", "run",
		"journal", "owned", "secret" };

	for (size_t i = 0; i < TN_ARRAY_LEN(tables); i++) {
		TN_CLEANUP(tn_str_done) struct tn_str drop = TN_STR_INIT;
		TN_CLEANUP(tn_store_freep) struct tn_store *store = store_of(&shop);
		struct tn_sqlite *db;

		make_state();
		db = database("state.db", disk);
		tn_str_addf(&drop, "PRAGMA foreign_keys = OFF; DROP TABLE %s", tables[i]);
		sql(db, tn_str_text(&drop));
		tn_sqlite_close(db);
		assert_int_not_equal(load(store, true).kind, TN_E_NONE);
		tn_store_free(tn_take(store));
		tn_memdisk_free(disk);
		disk = tn_memdisk_new();
	}
}

static void
tables_that_go_while_a_run_is_under_way_are_an_error(void **state TN_UNUSED)
{
	static const char *const tables[] = { "journal", "owned", "secret", "draft",
		"run" };
	const char *const gone = "1";
	const struct tn_known_draft draft = { "a1", "2026-01-01T00:00:00Z" };
	const struct tn_settlement all = { .own = &own1,
		.n_own = 1,
		.disown = &gone,
		.n_disown = 1,
		.secrets = &secret1,
		.n_secrets = 1,
		.forget = &secret1,
		.n_forget = 1,
		.drafts = &draft,
		.n_drafts = 1 };

	for (size_t i = 0; i < TN_ARRAY_LEN(tables); i++) {
		TN_CLEANUP(tn_str_done) struct tn_str drop = TN_STR_INIT;
		struct tn_store *store = locked(&shop);
		struct tn_sqlite *db = database("state.db", disk);

		fine(append_one(store, "r", 0, "begin", "{}"));
		tn_str_addf(&drop, "PRAGMA foreign_keys = OFF; DROP TABLE %s", tables[i]);
		sql(db, tn_str_text(&drop));
		refused(end(store, "r", "applied", &all), TN_E_BUG, tables[i], "");
		/* And nothing of it stays: neither the record nor a transaction. */
		if (i > 0)
			rows_are(db, "SELECT event FROM journal", 1, "begin");
		assert_int_equal(tn_sqlite_begin(db, NULL), 0);
		tn_sqlite_close(db);
		tn_store_free(store);
		tn_memdisk_free(disk);
		disk = tn_memdisk_new();
	}
}

static void
a_run_that_a_settlement_cannot_hold_stays_open(void **state TN_UNUSED)
{
	const struct tn_owned nameless = { NULL, "2" };
	const struct tn_settlement wrong = { .own = &nameless, .n_own = 1 };
	const struct tn_record silent = { 0, NULL, NULL, NOW };
	struct tn_store *store = locked(&shop);

	fine(append_one(store, "r", 0, "begin", "{}"));
	refused(append(store, "r", &silent, 1), TN_E_CONFLICT, "state.db", "");
	refused(end(store, "r", "applied", &wrong), TN_E_CONFLICT, "state.db", "");
	fine(load(store, true));
	open_run_is(store, "r: begin{}");
	known_is(store, "own | others | secrets");
	fine(end(store, "r", "put-back", &nothing));
	tn_store_free(store);
}

#define T(name) cmocka_unit_test_setup_teardown(name, world_up, world_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_failing_write_costs_one_try),
		T(a_failing_sync_costs_one_try),
		T(reading_waits_for_no_writer),
		T(a_writer_waits_for_no_reader),
		T(a_loaded_store_holds_nothing_up),
		T(a_writer_that_stays_is_an_error_with_its_cure),
		T(a_newer_state_is_refused_and_left_alone),
		T(the_database_of_another_program_is_refused_and_left_alone),
		T(contents_that_cannot_be_are_damage),
		T(missing_tables_are_an_error),
		T(tables_that_go_while_a_run_is_under_way_are_an_error),
		T(a_run_that_a_settlement_cannot_hold_stays_open),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
