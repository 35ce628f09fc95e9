/*
 * Power cuts: what was acknowledged is kept, a batch is there or not, and a run is either
 * open with nothing settled or ended with everything.
 */
#include "world.h"

#include <stdlib.h>

#include "base/mem.h"

/* --- A script: an earlier run, and one that takes over from it --- */

static const struct tn_owned first_own[] = { { "a", "1" }, { "b", "2" } };
static const struct tn_known_secret first_secrets[] = {
	{ "1", "KEY", "f1", "t1" },
	{ "2", "KEY", "f2", "t2" },
	{ "2", "TOKEN", "f3", "t3" },
};
static const struct tn_settlement first = {
	.own = first_own,
	.n_own = 2,
	.secrets = first_secrets,
	.n_secrets = 3,
};
#define EMPTY  "own | others | secrets"
#define BEFORE "own 1=a 2=b | others | secrets 1.KEY=f1@t1 2.KEY=f2@t2 2.TOKEN=f3@t3"

static const struct tn_owned second_own = { "c", "3" };
static const char *const second_gone = "1";
static const struct tn_known_secret second_secrets[] = {
	{ "2", "KEY", "f9", "t9" },
	{ "3", "KEY", "f4", "t4" },
};
static const struct tn_known_secret second_forget = { "2", "TOKEN", NULL, NULL };
static const struct tn_settlement second = {
	.own = &second_own,
	.n_own = 1,
	.disown = &second_gone,
	.n_disown = 1,
	.secrets = second_secrets,
	.n_secrets = 2,
	.forget = &second_forget,
	.n_forget = 1,
};
#define AFTER "own 2=b 3=c | others | secrets 2.KEY=f9@t9 3.KEY=f4@t4"

/* The commits of the second run but its end; large enough for pages that overflow. */
static char plan[6001];
static const struct tn_record begin[] = { { 0, "begin", plan, NOW } };
static const struct tn_record batch[] = {
	{ 1, "intended", NULL, NOW + 1 },
	{ 2, "intended", NULL, NOW + 2 },
	{ 3, "intended", NULL, NOW + 3 },
};
static const struct tn_record done1[] = { { 1, "done", "{}", NOW + 4 } };
static const struct tn_record done2[] = { { 2, "done", "{}", NOW + 5 } };

static const struct {
	const struct tn_record *records;
	size_t n;
	const char *journal; /* then, without the plan */
} appends[] = {
	{ begin, 1, "" },
	{ batch, 3, " 1:intended 2:intended 3:intended" },
	{ done1, 1, " 1:intended 2:intended 3:intended 1:done{}" },
	{ done2, 1, " 1:intended 2:intended 3:intended 1:done{} 2:done{}" },
};
#define APPENDS TN_ARRAY_LEN(appends)

/* What has been acknowledged. The states of the world, in order. */
enum { NOTHING, LOADED, SETTLED, BEGUN, ENDED = BEGUN + (int)APPENDS, STATES };

static int
fill_plan(void **state TN_UNUSED)
{
	memset(plan, 'p', sizeof(plan) - 1);
	return 0;
}

static int
play(struct tn_store *store)
{
	if (load(store, true).kind != TN_E_NONE)
		return NOTHING;
	if (end(store, "r1", "applied", &first).kind != TN_E_NONE)
		return LOADED;
	for (size_t i = 0; i < APPENDS; i++)
		if (append(store, "r2", appends[i].records, appends[i].n).kind)
			return SETTLED + (int)i;
	return end(store, "r2", "applied", &second).kind == TN_E_NONE ? ENDED : ENDED - 1;
}

static int
play_on(struct tn_memdisk *on)
{
	struct tn_store *store = tn_store_sqlite(loop, "state.db", on, &shop);
	int acknowledged = play(store);

	tn_store_free(store);
	return acknowledged;
}

/* --- What survived --- */

static void
journal_is(const struct tn_store *store, const char *rest)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

	tn_str_addf(&text, "r2: begin%s%s", plan, rest);
	open_run_is(store, tn_str_text(&text));
}

/* The whole of it is in one of the states; gives which. */
static int
state_of(const struct tn_store *store)
{
	if (store->open_run != NULL) {
		size_t n = store->open_run->n_records, i = 0;

		for (size_t sum = 0; i < APPENDS; i++) {
			sum += appends[i].n;
			if (sum == n)
				break;
		}
		if (i == APPENDS)
			fail_msg("%zu records are no state", n);
		journal_is(store, appends[i].journal);
		known_is(store, BEFORE);
		return BEGUN + (int)i;
	}
	if (store->known->n_owned == 0) {
		known_is(store, EMPTY);
		return LOADED;
	}
	if (tn_known_owns(store->known, "3")) {
		known_is(store, AFTER);
		return ENDED;
	}
	known_is(store, BEFORE);
	return SETTLED;
}

/* The run can be mended, and the state worked with. */
static void
go_on(struct tn_store *store, int at)
{
	if (at >= BEGUN && at < ENDED) {
		fine(append_one(store, "r2", 0, "undo", NULL));
		fine(end(store, "r2", "put-back", &first));
		fine(load(store, true));
		open_run_is(store, "none");
		known_is(store, BEFORE);
	}
	fine(append_one(store, "r3", 0, "begin", "{}"));
	fine(end(store, "r3", "applied", &second));
	fine(load(store, true));
	open_run_is(store, "none");
	assert_true(tn_known_owns(store->known, "3"));
}

static void
whole(struct tn_memdisk *on)
{
	struct tn_sqlite *db = database("state.db", on);

	rows_are(db, "PRAGMA integrity_check", 1, "ok");
	rows_are(db, "PRAGMA foreign_key_check", 1, "");
	tn_sqlite_close(db);
}

static int
check_survivor(struct tn_memdisk *left, int acknowledged)
{
	struct tn_store *store = tn_store_sqlite(loop, "state.db", left, &shop);
	int at;

	/* The lock has died with its holder. */
	fine(load(store, true));
	at = state_of(store);
	if (acknowledged == NOTHING)
		assert_int_equal(at, LOADED);
	else
		assert_in_range(at, acknowledged, acknowledged + 1);
	go_on(store, at);
	tn_store_free(store);
	whole(left);
	return at;
}

static int
survivors_per_cut(void)
{
	const char *value = getenv("TN_LONG");

	return value != NULL && *value == '1' ? 100 : 4;
}

static uint64_t
effects_of_playing(void)
{
	TN_CLEANUP(tn_memdisk_freep) struct tn_memdisk *on = tn_memdisk_new();

	assert_int_equal(play_on(on), ENDED);
	return tn_memdisk_writes(on) + tn_memdisk_syncs(on);
}

/* --- The tests --- */

static void
at_every_write_and_sync_the_state_is_what_was_acknowledged(void **state TN_UNUSED)
{
	uint64_t total = effects_of_playing();
	bool seen[STATES] = { false };
	struct tn_rand rand;

	assert_true(total > 40);
	tn_rand_init(&rand, 21);
	for (uint64_t cut = 1; cut <= total; cut++) {
		TN_CLEANUP(tn_memdisk_freep) struct tn_memdisk *on = tn_memdisk_new();
		int acknowledged;

		tn_memdisk_cut(on, cut);
		acknowledged = play_on(on);
		assert_true(tn_memdisk_severed(on));
		for (int i = 0; i <= survivors_per_cut(); i++) {
			struct tn_memdisk *left = tn_memdisk_crash(on,
			    i == 0 ? NULL : &rand);

			seen[check_survivor(left, acknowledged)] = true;
			tn_memdisk_free(left);
		}
	}
	for (int i = LOADED; i < STATES; i++)
		assert_true(seen[i]);
}

/* The store that was killed is freed afterwards, as it would be in a simulation. */
static void
after_each_record_a_crash_keeps_exactly_what_was_acknowledged(void **state TN_UNUSED)
{
	for (size_t stop = 0; stop < APPENDS; stop++) {
		TN_CLEANUP(tn_memdisk_freep) struct tn_memdisk *on = tn_memdisk_new();
		struct tn_store *store = tn_store_sqlite(loop, "state.db", on, &shop);
		struct tn_memdisk *left;

		fine(load(store, true));
		fine(end(store, "r1", "applied", &first));
		for (size_t i = 0; i <= stop; i++)
			fine(append(store, "r2", appends[i].records, appends[i].n));
		left = tn_memdisk_crash(on, NULL);
		refused(append_one(store, "r2", 9, "done", NULL), TN_E_SYSTEM, "state.db",
		    "");
		tn_store_free(store);
		assert_int_equal(check_survivor(left, BEGUN + (int)stop),
		    BEGUN + (int)stop);
		tn_memdisk_free(left);
	}
}

static void
the_end_is_kept_when_it_was_acknowledged(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_memdisk_freep) struct tn_memdisk *on = tn_memdisk_new();
	TN_CLEANUP(tn_memdisk_freep) struct tn_memdisk *left = NULL;
	struct tn_store *store = tn_store_sqlite(loop, "state.db", on, &shop);

	assert_int_equal(play(store), ENDED);
	left = tn_memdisk_crash(on, NULL);
	tn_store_free(store);
	assert_int_equal(check_survivor(left, ENDED), ENDED);
}

/* The work is done when the answer is on its way; a crash in between is one after it. */
static void
what_was_not_told_of_yet_may_be_there(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_memdisk_freep) struct tn_memdisk *on = tn_memdisk_new();
	TN_CLEANUP(tn_memdisk_freep) struct tn_memdisk *left = NULL;
	struct tn_store *store = tn_store_sqlite(loop, "state.db", on, &shop);
	struct waiting never = { 0 };

	fine(load(store, true));
	fine(end(store, "r1", "applied", &first));
	tn_store_append(store, "r2", begin, 1, note_answer, &never);
	left = tn_memdisk_crash(on, NULL);
	tn_store_free(store);
	assert_int_equal(never.told, 0);
	(void)check_survivor(left, SETTLED);
}

/* The power goes again while the next run mends. */
static void
a_second_cut_while_mending_loses_nothing(void **state TN_UNUSED)
{
	uint64_t total = effects_of_playing();
	struct tn_rand rand;

	tn_rand_init(&rand, 22);
	for (uint64_t cut = total / 3; cut <= total; cut += 4) {
		for (uint64_t again = 1; again <= 16; again += 3) {
			struct tn_memdisk *on = tn_memdisk_new(), *middle, *left;
			struct tn_store *store;
			int acknowledged;

			tn_memdisk_cut(on, cut);
			acknowledged = play_on(on);
			middle = tn_memdisk_crash(on, &rand);
			tn_memdisk_cut(middle, again);
			store = tn_store_sqlite(loop, "state.db", middle, &shop);
			(void)load(store, true);
			tn_store_free(store);
			left = tn_memdisk_crash(middle, &rand);
			check_survivor(left, acknowledged);
			tn_memdisk_free(on);
			tn_memdisk_free(middle);
			tn_memdisk_free(left);
		}
	}
}

/* Whatever key fingerprints were made with is the key that is found again. */
static void
a_key_that_was_handed_over_is_never_lost(void **state TN_UNUSED)
{
	uint64_t total = effects_of_playing();
	struct tn_rand rand;

	tn_rand_init(&rand, 23);
	for (uint64_t cut = 1; cut <= total; cut++) {
		TN_CLEANUP(tn_memdisk_freep) struct tn_memdisk *on = tn_memdisk_new();
		TN_CLEANUP(tn_memdisk_freep) struct tn_memdisk *left = NULL;
		TN_CLEANUP(tn_secret_unrefp) struct tn_secret *key = NULL;
		struct tn_store *store = tn_store_sqlite(loop, "state.db", on, &shop);

		tn_memdisk_cut(on, cut);
		if (load(store, false).kind == TN_E_NONE)
			key = tn_secret_ref(store->key);
		tn_store_free(store);
		left = tn_memdisk_crash(on, &rand);
		store = tn_store_sqlite(loop, "state.db", left, &crm);
		fine(load(store, true));
		if (key != NULL)
			assert_true(tn_secret_equal(store->key, key));
		tn_store_free(store);
	}
}

#define T(name) cmocka_unit_test_setup_teardown(name, world_up, world_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(at_every_write_and_sync_the_state_is_what_was_acknowledged),
		T(after_each_record_a_crash_keeps_exactly_what_was_acknowledged),
		T(the_end_is_kept_when_it_was_acknowledged),
		T(what_was_not_told_of_yet_may_be_there),
		T(a_second_cut_while_mending_loses_nothing),
		T(a_key_that_was_handed_over_is_never_lost),
	};

	return cmocka_run_group_tests(tests, fill_plan, NULL);
}
