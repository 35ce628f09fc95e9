/* Load, journal and end on a disk in memory: what is kept, and how it comes back. */
#include "world.h"

#include <limits.h>

#include "base/mem.h"

static const struct tn_settlement nothing = { 0 };

/* --- Load --- */

static void
a_new_state_knows_nothing_and_has_a_key(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_store_freep) struct tn_store *store = store_of(&shop);

	assert_null(store->known);
	assert_null(store->key);
	fine(load(store, false));
	known_is(store, "own | others | secrets");
	open_run_is(store, "none");
	assert_non_null(store->key);
	assert_int_equal(tn_secret_len(store->key), 64);
}

static void
the_key_stays_and_is_in_the_file_as_it_is_handed_over(void **state TN_UNUSED)
{
	struct tn_store *store = locked(&shop);
	TN_CLEANUP(tn_secret_unrefp) struct tn_secret *key = tn_secret_ref(store->key);
	TN_CLEANUP(tn_freep) char *text = tn_span_dup(tn_secret_reveal(key));
	struct tn_sqlite *db = database("state.db", disk);

	assert_int_equal(strspn(text, "0123456789abcdef"), 64);
	rows_are(db, "SELECT key FROM state_key", 1, text);
	tn_sqlite_close(db);
	tn_store_free(store);
	store = unlocked(&crm);
	assert_true(tn_secret_equal(store->key, key));
	tn_store_free(store);
}

static void
two_states_have_two_keys(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_memdisk_freep) struct tn_memdisk *second = tn_memdisk_new();
	struct tn_store *one = locked(&shop);
	struct tn_store *two = tn_store_sqlite(loop, "state.db", second, &shop);

	fine(load(two, true));
	assert_false(tn_secret_equal(one->key, two->key));
	tn_store_free(one);
	tn_store_free(two);
}

static void
loading_again_shows_what_was_settled_since(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_store_freep) struct tn_store *reader = unlocked(&shop);
	TN_CLEANUP(tn_store_freep) struct tn_store *writer = locked(&shop);
	const struct tn_owned own = { "a", "1" };
	const struct tn_settlement settlement = { .own = &own, .n_own = 1 };

	fine(append_one(writer, "r", 0, "begin", "{}"));
	known_is(reader, "own | others | secrets");
	open_run_is(reader, "none");
	fine(load(reader, false));
	open_run_is(reader, "r: begin{}");
	fine(end(writer, "r", "applied", &settlement));
	open_run_is(writer, "none");
	fine(load(writer, true));
	fine(load(reader, false));
	known_is(writer, "own 1=a | others | secrets");
	known_is(reader, "own 1=a | others | secrets");
	open_run_is(reader, "none");
}

static void
a_load_that_fails_leaves_what_was_loaded(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_store_freep) struct tn_store *store = locked(&shop);
	const struct tn_known *known = store->known;
	struct tn_sqlite *db = database("state.db", disk);

	sql(db, "PRAGMA user_version = 99");
	refused(load(store, true), TN_E_SYSTEM, "version 99", "newer tenon");
	assert_ptr_equal(store->known, known);
	assert_non_null(store->key);
	sql(db, "PRAGMA user_version = 4");
	fine(load(store, true));
	tn_sqlite_close(db);
}

/* --- The journal --- */

static void
a_run_without_end_is_open_with_its_records_in_order(void **state TN_UNUSED)
{
	const struct tn_record three[] = {
		{ 1, "intended", "{\"n\":1}", NOW + 10 },
		{ 2, "intended", NULL, NOW + 9 },
		{ 1, "done", "", NOW + 11 },
	};
	struct tn_store *store = locked(&shop);

	fine(append_one(store, "r", 0, "begin", "{\"plan\":true}"));
	fine(append(store, "r", three, 3));
	fine(append_one(store, "r", 2, "done", NULL));
	tn_store_free(store);

	store = locked(&shop);
	open_run_is(store,
	    "r: begin{\"plan\":true} 1:intended{\"n\":1} 2:intended 1:done 2:done");
	assert_int_equal(store->open_run->records[0].unix_ns, NOW + 1);
	assert_int_equal(store->open_run->records[2].unix_ns, NOW + 9);
	assert_null(store->open_run->records[2].payload);
	assert_string_equal(store->open_run->records[3].payload, "");
	known_is(store, "own | others | secrets");
	tn_store_free(store);
}

static void
an_open_run_goes_on_where_it_stopped(void **state TN_UNUSED)
{
	struct tn_store *store = locked(&shop);

	fine(append_one(store, "r", 0, "begin", "{}"));
	tn_store_free(store);
	store = locked(&shop);
	fine(append_one(store, "r", 0, "undo", NULL));
	fine(load(store, true));
	open_run_is(store, "r: begin{} undo");
	fine(end(store, "r", "put-back", &nothing));
	fine(load(store, true));
	open_run_is(store, "none");
	tn_store_free(store);
}

static void
large_payloads_and_steps_come_back_whole(void **state TN_UNUSED)
{
	const size_t size = 3 << 20;
	TN_CLEANUP(tn_freep) char *plan = tn_alloc(size + 1, 1);
	TN_CLEANUP(tn_store_freep) struct tn_store *store = locked(&shop);

	for (size_t i = 0; i < size; i++)
		plan[i] = (char)('a' + i % 26);
	fine(append_one(store, "r", 0, "begin", plan));
	fine(append_one(store, "r", UINT_MAX, "done", "gr\xc3\xbc\xc3\x9f"));
	fine(load(store, true));
	assert_int_equal(store->open_run->n_records, 2);
	assert_string_equal(store->open_run->records[0].payload, plan);
	assert_true(store->open_run->records[1].step == UINT_MAX);
	assert_string_equal(store->open_run->records[1].payload, "gr\xc3\xbc\xc3\x9f");
}

static void
many_records_keep_their_order(void **state TN_UNUSED)
{
	enum { N = 700 };
	TN_CLEANUP(tn_store_freep) struct tn_store *store = locked(&shop);
	static struct tn_record records[N];

	for (unsigned i = 0; i < N; i++)
		records[i] = (struct tn_record){ i, "intended", NULL, N - i };
	fine(append(store, "r", records, N / 2));
	fine(append(store, "r", records + N / 2, N - N / 2));
	fine(load(store, true));
	assert_int_equal(store->open_run->n_records, N);
	for (unsigned i = 0; i < N; i++)
		assert_int_equal(store->open_run->records[i].step, i);
}

static void
no_records_begin_no_run(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_store_freep) struct tn_store *store = locked(&shop);

	fine(append(store, "r", NULL, 0));
	fine(load(store, true));
	open_run_is(store, "none");
}

static void
what_operations_are_given_may_go_right_after_the_call(void **state TN_UNUSED)
{
	struct waiting first = { 0 }, last = { 0 };
	TN_CLEANUP(tn_store_freep) struct tn_store *store = locked(&shop);
	char *run = tn_strdup("r"), *event = tn_strdup("begin"), *id = tn_strdup("1");
	struct tn_record *record = tn_new(struct tn_record);
	struct tn_owned *own = tn_new(struct tn_owned);
	struct tn_settlement *settlement = tn_new(struct tn_settlement);

	*record = (struct tn_record){ 0, event, event, NOW };
	*own = (struct tn_owned){ event, id };
	*settlement = (struct tn_settlement){ .own = own, .n_own = 1 };
	tn_store_append(store, run, record, 1, note_answer, &first);
	tn_store_end(store, run, record, settlement, note_answer, &last);
	memset(run, 'x', 1);
	memset(event, 'x', 5);
	memset(id, 'x', 1);
	tn_free(run);
	tn_free(event);
	tn_free(id);
	tn_free(record);
	tn_free(own);
	tn_free(settlement);
	wait_for(&first);
	wait_for(&last);
	fine(first.answer);
	fine(last.answer);
	fine(load(store, true));
	known_is(store, "own 1=begin | others | secrets");
}

/* --- The end --- */

static void
the_end_is_recorded_and_the_journal_stays_without_the_plan(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_store_freep) struct tn_store *store = locked(&shop);
	struct tn_sqlite *db;

	fine(append_one(store, "r", 0, "begin", "{}"));
	fine(append_one(store, "r", 1, "intended", "{}"));
	fine(end(store, "r", "applied", &nothing));
	db = database("state.db", disk);
	rows_are(db,
	    "SELECT name, project, begun - 1700000000000000000,"
	    " ended - 1700000000000000000, event FROM run",
	    5, "r,shop,1,2,applied");
	rows_are(db, "SELECT seq, step, event, payload FROM journal ORDER BY seq", 4,
	    "1,0,begin,-;2,1,intended,{};3,0,applied,-");
	tn_sqlite_close(db);
}

static void
a_run_that_was_never_begun_is_recorded_with_its_end(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_store_freep) struct tn_store *store = locked(&shop);
	const struct tn_owned own = { "adopted", "7" };
	const struct tn_settlement settlement = { .own = &own, .n_own = 1 };
	struct tn_sqlite *db;

	fine(end(store, "r", "applied", &settlement));
	fine(load(store, true));
	open_run_is(store, "none");
	known_is(store, "own 7=adopted | others | secrets");
	db = database("state.db", disk);
	rows_are(db, "SELECT name, begun = ended, event FROM run", 3, "r,1,applied");
	tn_sqlite_close(db);
}

static void
a_settlement_adds_replaces_and_removes(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_store_freep) struct tn_store *store = locked(&shop);
	const struct tn_owned own[] = { { "b", "2" }, { "a", "1" }, { "c", "3" } };
	const struct tn_known_secret secrets[] = {
		{ "1", "KEY", "f1", "t1" },
		{ "2", "KEY", "f2", NULL },
		{ "2", "TOKEN", "f3", "t3" },
		{ "3", "KEY", "f4", "t4" },
	};
	const struct tn_known_draft drafts[] = { { "1", "d1" }, { "2", "d2" },
		{ "3", "d3" } };
	const struct tn_known_draft redrafted = { "1", "d9" };
	const struct tn_settlement first = {
		.own = own,
		.n_own = 3,
		.secrets = secrets,
		.n_secrets = 4,
		.drafts = drafts,
		.n_drafts = 3,
	};
	const struct tn_owned renamed = { "a2", "1" };
	const char *const gone[] = { "3", "not-there" };
	const struct tn_known_secret again = { "1", "KEY", "f9", "t9" };
	const struct tn_known_secret forget[] = {
		{ "2", "TOKEN", NULL, NULL },
		{ "1", "TOKEN", NULL, NULL },
	};
	const struct tn_settlement second = {
		.own = &renamed,
		.n_own = 1,
		.disown = gone,
		.n_disown = 2,
		.secrets = &again,
		.n_secrets = 1,
		.forget = forget,
		.n_forget = 2,
		.drafts = &redrafted,
		.n_drafts = 1,
	};

	fine(end(store, "r1", "applied", &first));
	fine(load(store, true));
	known_is(store,
	    "own 1=a 2=b 3=c | others | "
	    "secrets 1.KEY=f1@t1 2.KEY=f2@- 2.TOKEN=f3@t3 3.KEY=f4@t4 | "
	    "drafts 1@d1 2@d2 3@d3");
	fine(end(store, "r2", "applied", &second));
	fine(load(store, true));
	known_is(store,
	    "own 1=a2 2=b | others | secrets 1.KEY=f9@t9 2.KEY=f2@- | "
	    "drafts 1@d9 2@d2");
}

/* An id is of one thing: secrets and losing it are the same for both. */
static void
modules_are_owned_beside_actions(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_store_freep) struct tn_store *store = locked(&shop);
	const struct tn_owned action = { "a", "1" };
	const struct tn_owned modules[] = { { "m", "7" }, { "n", "8" } };
	const struct tn_known_secret secret = { "7", "KEY", "f", "t" };
	const char *const gone[] = { "7" };
	const struct tn_settlement first = {
		.own = &action,
		.n_own = 1,
		.own_modules = modules,
		.n_own_modules = 2,
		.secrets = &secret,
		.n_secrets = 1,
	};
	const struct tn_settlement second = { .disown = gone, .n_disown = 1 };

	fine(end(store, "r1", "applied", &first));
	fine(load(store, true));
	known_is(store, "own 1=a | others | secrets 7.KEY=f@t");
	assert_int_equal(store->known->n_modules, 2);
	assert_string_equal(store->known->modules[0].id, "7");
	assert_string_equal(store->known->modules[0].name, "m");
	assert_true(tn_known_owns(store->known, "8"));
	assert_int_equal(store->known->n_other_modules, 0);
	fine(end(store, "r2", "applied", &second));
	fine(load(store, true));
	known_is(store, "own 1=a | others | secrets");
	assert_int_equal(store->known->n_modules, 1);
	assert_string_equal(store->known->modules[0].id, "8");
}

static void
a_run_has_one_end(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_store_freep) struct tn_store *store = locked(&shop);
	const struct tn_owned own = { "a", "1" };
	const struct tn_settlement settlement = { .own = &own, .n_own = 1 };

	fine(append_one(store, "r", 0, "begin", "{}"));
	fine(end(store, "r", "put-back", &nothing));
	refused(append_one(store, "r", 1, "intended", NULL), TN_E_CONFLICT,
	    "run r was ended by somebody else", "one tenon at a time");
	refused(end(store, "r", "applied", &settlement), TN_E_CONFLICT,
	    "run r was ended by somebody else", "one tenon at a time");
	fine(load(store, true));
	known_is(store, "own | others | secrets");
	/* The next run is not hindered. */
	fine(append_one(store, "r2", 0, "begin", "{}"));
}

static void
a_tenant_has_one_open_run(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_store_freep) struct tn_store *store = locked(&shop);
	TN_CLEANUP(tn_store_freep) struct tn_store *elsewhere = locked(&other_tenant);

	fine(append_one(store, "r1", 0, "begin", "{}"));
	refused(append_one(store, "r2", 0, "begin", "{}"), TN_E_CONFLICT,
	    "run r1 of this tenant has not ended", "run again");
	fine(append_one(store, "r1", 1, "intended", NULL));
	fine(append_one(elsewhere, "r2", 0, "begin", "{}"));
	fine(load(store, true));
	open_run_is(store, "r1: begin{} 1:intended");
}

#define T(name) cmocka_unit_test_setup_teardown(name, world_up, world_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_new_state_knows_nothing_and_has_a_key),
		T(the_key_stays_and_is_in_the_file_as_it_is_handed_over),
		T(two_states_have_two_keys),
		T(loading_again_shows_what_was_settled_since),
		T(a_load_that_fails_leaves_what_was_loaded),
		T(a_run_without_end_is_open_with_its_records_in_order),
		T(an_open_run_goes_on_where_it_stopped),
		T(large_payloads_and_steps_come_back_whole),
		T(many_records_keep_their_order),
		T(no_records_begin_no_run),
		T(what_operations_are_given_may_go_right_after_the_call),
		T(the_end_is_recorded_and_the_journal_stays_without_the_plan),
		T(a_run_that_was_never_begun_is_recorded_with_its_end),
		T(a_settlement_adds_replaces_and_removes),
		T(modules_are_owned_beside_actions),
		T(a_run_has_one_end),
		T(a_tenant_has_one_open_run),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
