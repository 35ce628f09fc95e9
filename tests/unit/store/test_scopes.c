/* Projects, tenants, pins and locks: whose is what, and who may. */
#include "world.h"

static const struct tn_settlement nothing = { 0 };

/* --- Projects and tenants --- */

static void
a_project_sees_the_actions_of_others_but_not_their_secrets(void **state TN_UNUSED)
{
	const struct tn_owned one = { "a", "1" }, two = { "b", "2" };
	const struct tn_known_secret secret1 = { "1", "KEY", "f1", "t1" };
	const struct tn_known_secret secret2 = { "2", "KEY", "f2", "t2" };
	const struct tn_known_draft draft = { "1", "d1" };
	const struct tn_settlement of_shop = { .own = &one,
		.n_own = 1,
		.secrets = &secret1,
		.n_secrets = 1,
		.drafts = &draft,
		.n_drafts = 1 };
	const struct tn_settlement of_crm = { .own = &two,
		.n_own = 1,
		.secrets = &secret2,
		.n_secrets = 1 };
	struct tn_store *store = locked(&shop);

	fine(end(store, "r1", "applied", &of_shop));
	tn_store_free(store);
	store = locked(&crm);
	known_is(store, "own | others 1=a | secrets");
	fine(end(store, "r2", "applied", &of_crm));
	fine(load(store, true));
	known_is(store, "own 2=b | others 1=a | secrets 2.KEY=f2@t2");
	tn_store_free(store);
	store = unlocked(&shop);
	known_is(store, "own 1=a | others 2=b | secrets 1.KEY=f1@t1 | drafts 1@d1");
	tn_store_free(store);
}

static void
nobody_takes_or_disowns_what_another_project_owns(void **state TN_UNUSED)
{
	const struct tn_owned one = { "a", "1" }, mine[] = { { "x", "1" }, { "y", "2" } };
	const struct tn_known_secret secret = { "1", "KEY", "f", "t" };
	const char *const gone = "1";
	const struct tn_settlement of_shop = { .own = &one,
		.n_own = 1,
		.secrets = &secret,
		.n_secrets = 1 };
	const struct tn_settlement of_crm = { .own = mine,
		.n_own = 2,
		.disown = &gone,
		.n_disown = 1,
		.forget = &secret,
		.n_forget = 1 };
	struct tn_store *store = locked(&shop);

	fine(end(store, "r1", "applied", &of_shop));
	tn_store_free(store);
	store = locked(&crm);
	fine(end(store, "r2", "applied", &of_crm));
	fine(load(store, true));
	known_is(store, "own 2=y | others 1=a | secrets");
	tn_store_free(store);
	store = unlocked(&shop);
	known_is(store, "own 1=a | others 2=y | secrets 1.KEY=f@t");
	tn_store_free(store);
}

static void
an_open_run_of_another_project_settles_for_that_project(void **state TN_UNUSED)
{
	const struct tn_owned own = { "a", "1" };
	const struct tn_known_secret secret = { "1", "KEY", "f", "t" };
	const struct tn_settlement settlement = {
		.own = &own,
		.n_own = 1,
		.secrets = &secret,
		.n_secrets = 1,
	};
	struct tn_store *store = locked(&shop);

	fine(append_one(store, "r", 0, "begin", "{}"));
	tn_store_free(store);
	store = locked(&crm);
	open_run_is(store, "r: begin{}");
	fine(append_one(store, "r", 1, "done", NULL));
	fine(end(store, "r", "applied", &settlement));
	fine(load(store, true));
	open_run_is(store, "none");
	known_is(store, "own | others 1=a | secrets");
	tn_store_free(store);
	store = unlocked(&shop);
	known_is(store, "own 1=a | others | secrets 1.KEY=f@t");
	tn_store_free(store);
}

static void
tenants_know_nothing_of_each_other(void **state TN_UNUSED)
{
	const struct tn_owned own = { "a", "1" };
	const struct tn_known_secret secret = { "1", "KEY", "f", "t" };
	const struct tn_settlement settlement = {
		.own = &own,
		.n_own = 1,
		.secrets = &secret,
		.n_secrets = 1,
	};
	TN_CLEANUP(tn_store_freep) struct tn_store *here = locked(&shop);
	TN_CLEANUP(tn_store_freep) struct tn_store *there = locked(&other_tenant);

	fine(end(here, "r", "applied", &settlement));
	/* The same name of a run, as it may be by chance, is another run there. */
	fine(append_one(there, "r", 0, "begin", "{}"));
	fine(load(here, true));
	fine(load(there, true));
	known_is(there, "own | others | secrets");
	open_run_is(there, "r: begin{}");
	known_is(here, "own 1=a | others | secrets 1.KEY=f@t");
	open_run_is(here, "none");
}

static void
names_of_any_kind_are_only_names(void **state TN_UNUSED)
{
	const struct tn_store_scope odd = { "auth0", "https://a.example.com/'\"; DROP",
		"'; DROP TABLE run; --", "gr\xc3\xbc\xc3\x9f \xe2\x80\xa6 %s" };
	const struct tn_owned own = { "n'); DELETE FROM owned; --", "act_'1'" };
	const struct tn_settlement settlement = { .own = &own, .n_own = 1 };
	TN_CLEANUP(tn_store_freep) struct tn_store *store = locked(&odd);

	fine(append_one(store, "r'\"", 0, "be'gin", "%s%n"));
	fine(load(store, true));
	open_run_is(store, "r'\": be'gin%s%n");
	fine(end(store, "r'\"", "applied", &settlement));
	fine(load(store, true));
	known_is(store, "own act_'1'=n'); DELETE FROM owned; -- | others | secrets");
}

/* --- Pins --- */

static const struct tn_store_scope moved = { "auth0", "https://c.example.com", "prod",
	"shop" };

/* A first run of shop on its tenant, which pins the name. */
static void
run_once(void)
{
	struct tn_store *store = locked(&shop);

	fine(append_one(store, "run-1", 0, "begin", NULL));
	fine(end(store, "run-1", "applied", &nothing));
	tn_store_free(store);
}

static void
an_address_that_no_run_used_may_have_been_a_slip(void **state TN_UNUSED)
{
	struct tn_store *store = unlocked(&moved);

	tn_store_free(store);
	store = locked(&moved);
	tn_store_free(store);
	run_once();
	store = store_of(&moved);
	refused(load(store, false), TN_E_INPUT, "https://a.example.com", "put the");
	tn_store_free(store);
}

static void
a_tenant_stays_pinned_to_its_address(void **state TN_UNUSED)
{
	struct tn_store *store;
	struct answer answer;

	run_once();
	store = store_of(&moved);
	answer = load(store, false);
	refused(answer, TN_E_INPUT, "https://a.example.com", "put the address back");
	assert_non_null(strstr(answer.message, "https://c.example.com"));
	assert_non_null(strstr(answer.message, "tenant prod of project shop"));
	refused(load(store, true), TN_E_INPUT, "https://a.example.com", "put the");
	assert_null(store->known);
	tn_store_free(store);
	/* Nothing was made for the other address. */
	store = locked(&shop);
	tn_store_free(store);
	struct tn_sqlite *db = database("state.db", disk);

	rows_are(db, "SELECT base_url FROM tenant", 1, "https://a.example.com");
	tn_sqlite_close(db);
}

static void
another_provider_is_another_address(void **state TN_UNUSED)
{
	struct tn_store_scope scope = shop;
	struct tn_store *store;

	run_once();
	scope.provider = "zitadel";
	store = store_of(&scope);
	refused(load(store, true), TN_E_INPUT, "zitadel", "put the address back");
	tn_store_free(store);
}

static void
another_project_may_use_the_name_for_another_address(void **state TN_UNUSED)
{
	struct tn_store_scope scope = moved;
	struct tn_store *store = locked(&shop);

	tn_store_free(store);
	scope.project = "crm";
	store = locked(&scope);
	tn_store_free(store);
	scope = shop;
	scope.tenant = "production";
	store = locked(&scope); /* and an address may have a second name */
	tn_store_free(store);
}

static void
two_names_of_one_address_are_one_tenant(void **state TN_UNUSED)
{
	struct tn_store_scope scope = shop;
	struct tn_store *store = locked(&shop);

	fine(append_one(store, "r", 0, "begin", "{}"));
	tn_store_free(store);
	scope.tenant = "production";
	store = locked(&scope);
	open_run_is(store, "r: begin{}");
	tn_store_free(store);
}

/* --- The lock --- */

static void
the_lock_excludes_at_once_and_is_given_back(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_store_freep) struct tn_store *second = store_of(&shop);
	TN_CLEANUP(tn_store_freep) struct tn_store *third = store_of(&crm);
	struct tn_store *first = locked(&shop);

	refused(load(second, true), TN_E_LOCKED, "tenant prod", "");
	refused(load(third, true), TN_E_LOCKED, "https://a.example.com", "");
	assert_null(second->known);
	/* Nobody has waited, in the loop or outside of it. */
	assert_int_equal(tn_loop_unix(loop), NOW);
	assert_int_equal(tn_memdisk_slept(disk), 0);
	fine(load(second, false));
	tn_store_free(first);
	fine(load(second, true));
	refused(load(third, true), TN_E_LOCKED, "tenant prod", "");
}

static void
tenants_are_locked_one_by_one(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_store_freep) struct tn_store *here = locked(&shop);
	TN_CLEANUP(tn_store_freep) struct tn_store *there = locked(&other_tenant);

	fine(append_one(here, "r", 0, "begin", "{}"));
	fine(append_one(there, "r", 0, "begin", "{}"));
}

static void
a_second_load_keeps_the_lock(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_store_freep) struct tn_store *first = locked(&shop);
	TN_CLEANUP(tn_store_freep) struct tn_store *second = store_of(&shop);
	struct tn_sqlite *db;

	fine(load(first, true));
	fine(load(first, false));
	refused(load(second, true), TN_E_LOCKED, "tenant prod", "");
	/* Even one that fails. */
	db = database("state.db", disk);
	sql(db, "PRAGMA user_version = 99");
	refused(load(first, true), TN_E_SYSTEM, "version 99", "newer tenon");
	sql(db, "PRAGMA user_version = 4");
	tn_sqlite_close(db);
	refused(load(second, true), TN_E_LOCKED, "tenant prod", "");
}

static void
a_first_load_that_fails_leaves_no_lock(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_store_freep) struct tn_store *first = store_of(&shop);
	TN_CLEANUP(tn_store_freep) struct tn_store *second = store_of(&shop);
	struct tn_store *maker = locked(&shop);
	struct tn_sqlite *db = database("state.db", disk);

	tn_store_free(maker);
	sql(db, "PRAGMA user_version = 99");
	refused(load(first, true), TN_E_SYSTEM, "version 99", "newer tenon");
	sql(db, "PRAGMA user_version = 4");
	tn_sqlite_close(db);
	fine(load(second, true));
}

static void
nothing_is_written_without_the_lock(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_store_freep) struct tn_store *store = store_of(&shop);

	refused(append_one(store, "r", 0, "begin", "{}"), TN_E_BUG, "without the lock",
	    "");
	fine(load(store, false));
	refused(append_one(store, "r", 0, "begin", "{}"), TN_E_BUG, "without the lock",
	    "");
	refused(end(store, "r", "applied", &nothing), TN_E_BUG, "without the lock", "");
	fine(load(store, true));
	open_run_is(store, "none");
	fine(append_one(store, "r", 0, "begin", "{}"));
}

#define T(name) cmocka_unit_test_setup_teardown(name, world_up, world_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_project_sees_the_actions_of_others_but_not_their_secrets),
		T(nobody_takes_or_disowns_what_another_project_owns),
		T(an_open_run_of_another_project_settles_for_that_project),
		T(tenants_know_nothing_of_each_other),
		T(names_of_any_kind_are_only_names),
		T(an_address_that_no_run_used_may_have_been_a_slip),
		T(a_tenant_stays_pinned_to_its_address),
		T(another_provider_is_another_address),
		T(another_project_may_use_the_name_for_another_address),
		T(two_names_of_one_address_are_one_tenant),
		T(the_lock_excludes_at_once_and_is_given_back),
		T(tenants_are_locked_one_by_one),
		T(a_second_load_keeps_the_lock),
		T(a_first_load_that_fails_leaves_no_lock),
		T(nothing_is_written_without_the_lock),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
