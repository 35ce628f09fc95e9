/* How callers are told: from the loop, in order, once; and freed while they are. */
#include "world.h"

static const struct tn_store_scope moved = { "auth0", "https://c.example.com", "prod",
	"shop" };

/* --- How callers are told --- */

struct told_order {
	unsigned n;
	unsigned at[4];
};

struct numbered {
	struct told_order *order;
	unsigned number;
	struct waiting waiting;
};

static void
note_number(void *arg, const struct tn_error *err)
{
	struct numbered *numbered = arg;

	numbered->order->at[numbered->order->n++] = numbered->number;
	note_answer(&numbered->waiting, err);
}

static void
several_in_a_row_are_told_of_in_their_order(void **state TN_UNUSED)
{
	const struct tn_record begin = { 0, "begin", "{}", NOW };
	struct told_order order = { 0 };
	struct numbered op[4];
	TN_CLEANUP(tn_store_freep) struct tn_store *store = store_of(&shop);

	for (unsigned i = 0; i < 4; i++)
		op[i] = (struct numbered){ &order, i, { { 0 }, 0 } };
	tn_store_load(store, true, note_number, &op[0]);
	tn_store_append(store, "r", &begin, 1, note_number, &op[1]);
	tn_store_append(store, "other", &begin, 1, note_number, &op[2]);
	tn_store_load(store, true, note_number, &op[3]);
	assert_int_equal(order.n, 0);
	assert_null(store->known);
	wait_for(&op[0].waiting);
	assert_int_equal(order.n, 1);
	open_run_is(store, "none");
	wait_for(&op[3].waiting);
	for (unsigned i = 0; i < 4; i++)
		assert_int_equal(order.at[i], i);
	fine(op[1].waiting.answer);
	refused(op[2].waiting.answer, TN_E_CONFLICT, "run r ", "run again");
	open_run_is(store, "r: begin{}");
	assert_false(tn_loop_step(loop));
}

struct chain {
	struct tn_store *store;
	struct waiting waiting;
	bool inside;
};

static void
append_from_done(void *arg, const struct tn_error *err)
{
	const struct tn_record begin = { 0, "begin", "{}", NOW };
	struct chain *chain = arg;

	assert_null(err);
	tn_store_append(chain->store, "r", &begin, 1, note_answer, &chain->waiting);
	assert_int_equal(chain->waiting.told, 0);
}

static void
an_operation_may_be_started_from_done(void **state TN_UNUSED)
{
	struct chain chain = { .store = store_of(&shop) };

	tn_store_load(chain.store, true, append_from_done, &chain);
	wait_for(&chain.waiting);
	fine(chain.waiting.answer);
	tn_store_free(chain.store);
}

static void
free_from_done(void *arg, const struct tn_error *err)
{
	struct chain *chain = arg;

	note_answer(&chain->waiting, err);
	tn_store_free(tn_take(chain->store));
}

static void
done_may_free_the_store_even_with_others_waiting(void **state TN_UNUSED)
{
	const struct tn_record begin = { 0, "begin", "{}", NOW };
	struct chain chain = { .store = store_of(&shop) };
	struct waiting never = { 0 };

	tn_store_load(chain.store, true, free_from_done, &chain);
	tn_store_append(chain.store, "r", &begin, 1, note_answer, &never);
	wait_for(&chain.waiting);
	assert_null(chain.store);
	assert_false(tn_loop_step(loop));
	assert_int_equal(never.told, 0);
}

static void
an_error_lives_while_done_frees_the_store(void **state TN_UNUSED)
{
	struct chain chain = { .store = store_of(&moved) };
	struct tn_store *store = locked(&shop);

	fine(append_one(store, "run-1", 0, "begin", NULL));
	tn_store_load(chain.store, true, free_from_done, &chain);
	wait_for(&chain.waiting);
	refused(chain.waiting.answer, TN_E_INPUT, "https://a.example.com", "put the");
	tn_store_free(store);
}

static void
freeing_before_the_answer_tells_nobody_and_gives_the_lock_back(void **state TN_UNUSED)
{
	struct waiting never = { 0 };
	struct tn_store *store = store_of(&shop);

	tn_store_load(store, true, note_answer, &never);
	tn_store_free(store);
	assert_false(tn_loop_step(loop));
	assert_int_equal(never.told, 0);
	store = locked(&shop);
	tn_store_free(store);
	tn_store_free(NULL);
}

static void
the_disk_may_go_before_the_store(void **state TN_UNUSED)
{
	struct tn_store *store = locked(&shop);

	tn_memdisk_free(tn_take(disk));
	fine(append_one(store, "r", 0, "begin", "{}"));
	tn_store_free(store);
}

static void
the_scope_is_copied(void **state TN_UNUSED)
{
	char project[] = "shop", tenant[] = "prod", path[] = "state.db";
	const struct tn_store_scope scope = { "auth0", shop.base_url, tenant, project };
	struct tn_store *store = tn_store_sqlite(loop, path, disk, &scope);

	memset(project, 'x', sizeof(project) - 1);
	memset(tenant, 'x', sizeof(tenant) - 1);
	memset(path, 'x', sizeof(path) - 1);
	fine(load(store, true));
	tn_store_free(store);
	struct tn_sqlite *db = database("state.db", disk);

	rows_are(db, "SELECT project, name FROM pin", 2, "shop,prod");
	tn_sqlite_close(db);
}

#define T(name) cmocka_unit_test_setup_teardown(name, world_up, world_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(several_in_a_row_are_told_of_in_their_order),
		T(an_operation_may_be_started_from_done),
		T(done_may_free_the_store_even_with_others_waiting),
		T(an_error_lives_while_done_frees_the_store),
		T(freeing_before_the_answer_tells_nobody_and_gives_the_lock_back),
		T(the_disk_may_go_before_the_store),
		T(the_scope_is_copied),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
