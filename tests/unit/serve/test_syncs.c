/* What a daemon does for its syncs, over days of virtual time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "farm.h"

#define MINUTE (60 * TN_SEC)
#define HOUR   (60 * MINUTE)

#define ONE   "exports.onExecutePostLogin = async () => { return 1; };"
#define TWO   "exports.onExecutePostLogin = async () => { return 2; };"
#define OTHER "exports.onExecutePostLogin = async () => { return 9; };"
#define WRONG "exports.onExecutePostLogin = async () => { return ; ; };)"

#define SYNC(name, more)                                                       \
	("  " name ": {source: https://git.example/farm.git, revision: main, " \
	 "connection: " name ", " more "}\n")

static struct farm farm;

static int
setup(void **state TN_UNUSED)
{
	farm_init(&farm);
	farm_tenant(&farm, "dev");
	farm_tenant(&farm, "prod");
	return 0;
}

static int
teardown(void **state TN_UNUSED)
{
	farm_done(&farm);
	return 0;
}

static void
a_new_commit_is_applied(void **state TN_UNUSED)
{
	const char *first = farm_commit(&farm, ONE);
	uint64_t writes;

	farm_start(&farm, SYNC("dev", "mode: apply"));
	farm_wait(&farm, MINUTE);
	assert_string_equal(farm_runs(&farm, "dev"), ONE);
	assert_int_equal(farm_view(&farm, "dev").outcome, TN_SYNC_APPLIED);
	assert_string_equal(farm_view(&farm, "dev").commit, first);
	assert_string_equal(farm_event(&farm, 0), "applied dev: 1 created, 1 flow set");

	/* Nothing is written while nothing changes. */
	writes = farm_writes(&farm, "dev");
	farm_wait(&farm, 24 * HOUR);
	assert_int_equal(farm_writes(&farm, "dev"), writes);
	assert_int_equal(farm.n_events, 1);
	assert_int_equal(farm_view(&farm, "dev").outcome, TN_SYNC_EQUAL);

	/* Within an interval and what a run takes. */
	farm_commit(&farm, TWO);
	farm_wait(&farm, 6 * MINUTE);
	assert_string_equal(farm_runs(&farm, "dev"), TWO);
	assert_string_equal(farm_event(&farm, 1), "applied dev: 1 updated");
	assert_int_equal(farm.n_events, 2);
	/* Nobody asked for the other tenant. */
	assert_int_equal(farm_writes(&farm, "prod"), 0);
}

static void
a_report_writes_nothing(void **state TN_UNUSED)
{
	farm_commit(&farm, ONE);
	farm_start(&farm, SYNC("dev", "mode: report"));
	farm_wait(&farm, 12 * HOUR);
	assert_int_equal(farm_writes(&farm, "dev"), 0);
	assert_int_equal(farm_view(&farm, "dev").outcome, TN_SYNC_DRIFTED);
	/* Told once. */
	assert_int_equal(farm.n_events, 1);
	assert_string_equal(farm_event(&farm, 0),
	    "drift dev: 1 action differs, 1 flow differs");
}

static void
drift_is_told_and_left_by_apply(void **state TN_UNUSED)
{
	farm_commit(&farm, ONE);
	farm_start(&farm, SYNC("dev", "mode: apply, drift: 1h"));
	farm_wait(&farm, MINUTE);
	farm_meddle(&farm, "dev", OTHER);
	farm_wait(&farm, 3 * HOUR);
	assert_string_equal(farm_runs(&farm, "dev"), OTHER);
	assert_int_equal(farm.n_events, 2);
	assert_string_equal(farm_event(&farm, 1), "drift dev: 1 action differs");

	/* The next commit makes it right. */
	farm_commit(&farm, TWO);
	farm_wait(&farm, 6 * MINUTE);
	assert_string_equal(farm_runs(&farm, "dev"), TWO);
}

static void
drift_is_corrected_by_enforce(void **state TN_UNUSED)
{
	farm_commit(&farm, ONE);
	farm_start(&farm, SYNC("dev", "mode: enforce, drift: 1h"));
	farm_wait(&farm, MINUTE);
	farm_meddle(&farm, "dev", OTHER);
	farm_wait(&farm, HOUR + 10 * MINUTE);
	assert_string_equal(farm_runs(&farm, "dev"), ONE);
	assert_int_equal(farm.n_events, 2);
	/* The version with that content is still there. */
	assert_string_equal(farm_event(&farm, 1), "corrected dev: 1 rolled back");
}

static void
one_token_serves_many_looks(void **state TN_UNUSED)
{
	farm_commit(&farm, ONE);
	farm_start(&farm, SYNC("dev", "mode: enforce, drift: 1h"));
	farm_wait(&farm, 12 * HOUR);
	assert_true(tn_serve_counts(farm.serve).runs >= 10);
	for (size_t i = 0; i < farm.n_tenants; i++)
		if (strcmp(farm.tenants[i].name, "dev") == 0)
			assert_int_equal(tn_sim_calls(farm.tenants[i].sim, "POST",
					     "/oauth/token"),
			    1);
}

static void
a_fight_ends(void **state TN_UNUSED)
{
	unsigned corrected = 0;

	farm_commit(&farm, ONE);
	farm_start(&farm, SYNC("dev", "mode: enforce, drift: 1h, corrections: 3"));
	farm_wait(&farm, MINUTE);
	for (unsigned i = 0; i < 8; i++) {
		farm_meddle(&farm, "dev", OTHER);
		farm_wait(&farm, HOUR + 15 * MINUTE);
		if (strcmp(farm_runs(&farm, "dev"), ONE) == 0)
			corrected++;
	}
	assert_int_equal(corrected, 3);
	assert_string_equal(farm_runs(&farm, "dev"), OTHER);
	assert_int_equal(farm_view(&farm, "dev").outcome, TN_SYNC_TROUBLE);
	assert_string_equal(farm_event(&farm, farm.n_events - 1),
	    "trouble dev: others change what is corrected: 3 corrections within 24 hours, "
	    "and no more are made");
	/* It is remembered over a restart. */
	farm_start(&farm, SYNC("dev", "mode: enforce, drift: 1h, corrections: 3"));
	farm_wait(&farm, 2 * HOUR);
	assert_string_equal(farm_runs(&farm, "dev"), OTHER);
	/* And forgotten after a day. */
	farm_wait(&farm, 24 * HOUR);
	assert_string_equal(farm_runs(&farm, "dev"), ONE);
}

static void
the_last_good_commit_stays(void **state TN_UNUSED)
{
	const char *good = farm_commit(&farm, ONE);

	farm_start(&farm, SYNC("dev", "mode: enforce, drift: 1h"));
	farm_wait(&farm, MINUTE);
	farm_commit(&farm, WRONG);
	farm_wait(&farm, 10 * MINUTE);
	assert_string_equal(farm_runs(&farm, "dev"), ONE);
	assert_int_equal(farm_view(&farm, "dev").outcome, TN_SYNC_TROUBLE);
	assert_string_equal(farm_view(&farm, "dev").commit, good);
	assert_int_equal(farm.n_events, 2);
	assert_memory_equal(farm_event(&farm, 1), "trouble dev: greet.js:1: ", 25);

	/* Drift is corrected all the same, by the good one. */
	farm_meddle(&farm, "dev", OTHER);
	farm_wait(&farm, HOUR + 20 * MINUTE);
	assert_string_equal(farm_runs(&farm, "dev"), ONE);
	assert_int_equal(farm.n_events, 3);
	assert_memory_equal(farm_event(&farm, 2), "corrected dev: 1 ", 17);

	farm_commit(&farm, TWO);
	farm_wait(&farm, 6 * MINUTE);
	assert_string_equal(farm_runs(&farm, "dev"), TWO);
	assert_int_equal(farm_view(&farm, "dev").outcome, TN_SYNC_APPLIED);
}

static void
a_fight_over_the_last_good_commit_ends_too(void **state TN_UNUSED)
{
	farm_commit(&farm, ONE);
	farm_start(&farm, SYNC("dev", "mode: enforce, drift: 1h, corrections: 2"));
	farm_wait(&farm, MINUTE);
	farm_commit(&farm, WRONG);
	farm_wait(&farm, 10 * MINUTE);
	for (unsigned i = 0; i < 4; i++) {
		farm_meddle(&farm, "dev", OTHER);
		farm_wait(&farm, HOUR + 20 * MINUTE);
		assert_string_equal(farm_runs(&farm, "dev"), i < 2 ? ONE : OTHER);
	}
}

static void
drift_from_the_last_good_commit_is_told_once(void **state TN_UNUSED)
{
	farm_commit(&farm, ONE);
	farm_start(&farm, SYNC("dev", "mode: apply, drift: 1h"));
	farm_wait(&farm, MINUTE);
	farm_commit(&farm, WRONG);
	farm_wait(&farm, 10 * MINUTE);
	farm_meddle(&farm, "dev", OTHER);
	farm_wait(&farm, 5 * HOUR);
	assert_int_equal(farm.n_events, 3);
	assert_string_equal(farm_event(&farm, 2), "drift dev: 1 action differs");
}

static void
production_follows_staging(void **state TN_UNUSED)
{
	const char *first = farm_commit(&farm, ONE);

	/* Production would be looked at first, and staging cannot be reached. */
	farm_down(&farm, "dev", true);
	farm_start(&farm,
	    "  prod: {source: https://git.example/farm.git, revision: main, "
	    "connection: prod, mode: apply, after: dev}\n"
	    "  dev: {source: https://git.example/farm.git, revision: main, "
	    "connection: dev, mode: apply}\n");
	farm_wait(&farm, 30 * MINUTE);
	assert_int_equal(farm_view(&farm, "prod").outcome, TN_SYNC_WAITING);
	assert_int_equal(farm_writes(&farm, "prod"), 0);
	farm_down(&farm, "dev", false);
	farm_wait(&farm, HOUR);
	assert_string_equal(farm_runs(&farm, "dev"), ONE);
	assert_string_equal(farm_runs(&farm, "prod"), ONE);
	assert_string_equal(farm_view(&farm, "prod").commit, first);

	/* A commit that fails in staging never comes to production. */
	farm_commit(&farm, WRONG);
	farm_wait(&farm, HOUR);
	assert_string_equal(farm_runs(&farm, "prod"), ONE);
	assert_int_equal(farm_view(&farm, "prod").outcome, TN_SYNC_WAITING);
}

static void
one_that_is_down_delays_no_other(void **state TN_UNUSED)
{
	farm_commit(&farm, ONE);
	farm_down(&farm, "dev", true);
	farm_start(&farm,
	    "  dev: {source: https://git.example/farm.git, revision: main, "
	    "connection: dev, mode: apply}\n"
	    "  prod: {source: https://git.example/farm.git, revision: main, "
	    "connection: prod, mode: apply}\n");
	farm_wait(&farm, 20 * TN_SEC);
	assert_string_equal(farm_runs(&farm, "prod"), ONE);
	farm_wait(&farm, 12 * HOUR);
	assert_int_equal(farm.n_events, 2);
	assert_memory_equal(farm_event(&farm, 1), "trouble dev: ", 13);
	/* Recovery is told too, and what was wanted is done. */
	farm_down(&farm, "dev", false);
	farm_wait(&farm, 2 * HOUR);
	assert_int_equal(farm.n_events, 4);
	assert_memory_equal(farm_event(&farm, 2), "recovered dev: ", 15);
	assert_memory_equal(farm_event(&farm, 3), "applied dev: ", 13);
	assert_int_equal(farm_view(&farm, "dev").trouble_since, 0);
}

static void
without_a_git_server_the_tenant_is_still_compared(void **state TN_UNUSED)
{
	farm_commit(&farm, ONE);
	farm_start(&farm, SYNC("dev", "mode: enforce, drift: 1h"));
	farm_wait(&farm, MINUTE);
	farm.git_is_away = true;
	farm_meddle(&farm, "dev", OTHER);
	farm_wait(&farm, 3 * HOUR);
	assert_string_equal(farm_runs(&farm, "dev"), ONE);
	assert_int_equal(farm_view(&farm, "dev").outcome, TN_SYNC_TROUBLE);
	assert_memory_equal(farm_event(&farm, 1), "trouble dev: git could not fetch", 32);
	farm.git_is_away = false;
	farm_wait(&farm, 2 * HOUR);
	assert_int_equal(farm_view(&farm, "dev").trouble_since, 0);
}

static void
a_deleted_branch_changes_nothing(void **state TN_UNUSED)
{
	uint64_t writes;

	farm_commit(&farm, ONE);
	farm_start(&farm, SYNC("dev", "mode: enforce"));
	farm_wait(&farm, MINUTE);
	writes = farm_writes(&farm, "dev");
	farm.deleted = true;
	farm_wait(&farm, 6 * HOUR);
	assert_int_equal(farm_writes(&farm, "dev"), writes);
	assert_string_equal(farm_runs(&farm, "dev"), ONE);
	assert_string_equal(farm_event(&farm, 1),
	    "trouble dev: there is no revision \"main\"");
	assert_int_equal(farm.n_events, 2);
}

static void
a_forced_push_is_a_commit_like_any(void **state TN_UNUSED)
{
	farm_commit(&farm, ONE);
	farm_commit(&farm, TWO);
	farm_start(&farm, SYNC("dev", "mode: apply"));
	farm_wait(&farm, MINUTE);
	assert_string_equal(farm_runs(&farm, "dev"), TWO);
	farm.head = 0;
	farm_wait(&farm, 6 * MINUTE);
	assert_string_equal(farm_runs(&farm, "dev"), ONE);
}

static void
waking_looks_at_once(void **state TN_UNUSED)
{
	farm_commit(&farm, ONE);
	farm_start(&farm, SYNC("dev", "mode: apply, interval: 10h"));
	farm_wait(&farm, MINUTE);
	farm_commit(&farm, TWO);
	assert_int_equal(tn_serve_wake_repository(farm.serve, "other"), 0);
	assert_int_equal(tn_serve_wake_repository(farm.serve, "arm"), 0);
	farm_wait(&farm, 10 * TN_SEC);
	assert_string_equal(farm_runs(&farm, "dev"), ONE);
	assert_int_equal(tn_serve_wake_repository(farm.serve, "git.example/farm"), 1);
	farm_wait(&farm, 10 * TN_SEC);
	assert_string_equal(farm_runs(&farm, "dev"), TWO);
	assert_false(tn_serve_wake(farm.serve, "prod"));
}

static void
many_wakes_are_few_looks(void **state TN_UNUSED)
{
	unsigned before;

	farm_commit(&farm, ONE);
	farm_start(&farm, SYNC("dev", "mode: apply, interval: 10h, drift: 10h"));
	farm_wait(&farm, MINUTE);
	before = farm.openings;
	for (unsigned i = 0; i < 10000; i++)
		assert_true(tn_serve_wake(farm.serve, "dev"));
	farm_wait(&farm, MINUTE);
	assert_in_range(farm.openings - before, 1, 2);
}

static void
suspended_by_a_person(void **state TN_UNUSED)
{
	farm_commit(&farm, ONE);
	farm_start(&farm, SYNC("dev", "mode: apply"));
	farm_wait(&farm, MINUTE);
	assert_int_equal(tn_serve_suspend(farm.serve, "dev", true, NULL), 0);
	farm_commit(&farm, TWO);
	assert_true(tn_serve_wake(farm.serve, "dev"));
	farm_wait(&farm, HOUR);
	assert_string_equal(farm_runs(&farm, "dev"), ONE);
	assert_int_equal(farm_view(&farm, "dev").state, TN_SYNC_SUSPENDED);
	/* A restart is no resume. */
	farm_start(&farm, SYNC("dev", "mode: apply"));
	farm_wait(&farm, HOUR);
	assert_string_equal(farm_runs(&farm, "dev"), ONE);
	assert_int_equal(tn_serve_suspend(farm.serve, "dev", false, NULL), 0);
	farm_wait(&farm, MINUTE);
	assert_string_equal(farm_runs(&farm, "dev"), TWO);
	assert_int_equal(tn_serve_suspend(farm.serve, "nobody", true, NULL),
	    -TN_E_NOT_FOUND);
}

static void
a_full_disk_is_said(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;

	farm_commit(&farm, ONE);
	farm.disk_full = true;
	farm_start(&farm, SYNC("dev", "mode: apply"));
	farm_wait(&farm, MINUTE);
	assert_true(tn_serve_counts(farm.serve).kept_in_vain > 0);
	assert_int_equal(tn_serve_suspend(farm.serve, "dev", true, &err), -TN_E_SYSTEM);
	/* It holds all the same, until the next start. */
	assert_int_equal(farm_view(&farm, "dev").state, TN_SYNC_SUSPENDED);
}

static void
a_restart_takes_no_drift_for_a_commit(void **state TN_UNUSED)
{
	farm_commit(&farm, ONE);
	farm_start(&farm, SYNC("dev", "mode: apply"));
	farm_wait(&farm, MINUTE);
	farm_meddle(&farm, "dev", OTHER);
	farm_start(&farm, SYNC("dev", "mode: apply"));
	farm_wait(&farm, MINUTE);
	assert_string_equal(farm_runs(&farm, "dev"), OTHER);
	assert_int_equal(farm_view(&farm, "dev").outcome, TN_SYNC_DRIFTED);
}

static void
a_reload_forgets_nothing(void **state TN_UNUSED)
{
	const char *first = farm_commit(&farm, ONE);
	unsigned before;

	farm_start(&farm, SYNC("dev", "mode: report"));
	farm_wait(&farm, MINUTE);
	before = farm.openings;
	farm_reload(&farm,
	    "  prod: {source: https://git.example/farm.git, revision: main, "
	    "connection: prod, mode: apply}\n"
	    "  dev: {source: https://git.example/farm.git, revision: main, "
	    "connection: dev, mode: report, corrections: 3}\n");
	assert_string_equal(farm_view(&farm, "dev").commit, first);
	farm_wait(&farm, MINUTE);
	/* The new one alone. */
	assert_int_equal(farm.openings, before + 1);
	assert_string_equal(farm_runs(&farm, "prod"), ONE);
	farm_reload(&farm, SYNC("prod", "mode: apply"));
	assert_int_equal(tn_serve_count(farm.serve), 1);
	farm_commit(&farm, TWO);
	farm_wait(&farm, 10 * MINUTE);
	assert_string_equal(farm_runs(&farm, "dev"), "");
	assert_string_equal(farm_runs(&farm, "prod"), TWO);
}

static void
several_stay_over_a_reload(void **state TN_UNUSED)
{
	const char *commit = farm_commit(&farm, ONE);

	for (unsigned i = 0; i < 3; i++) {
		void (*go)(struct farm *, const char *) = i == 0 ? farm_start
								 : farm_reload;

		go(&farm,
		    "  dev: {source: https://git.example/farm.git, revision: main, "
		    "connection: dev, mode: apply}\n"
		    "  prod: {source: https://git.example/farm.git, revision: main, "
		    "connection: prod, mode: apply}\n");
		farm_wait(&farm, MINUTE);
		assert_string_equal(farm_view(&farm, "dev").commit, commit);
		assert_string_equal(farm_view(&farm, "prod").commit, commit);
	}
}

static void
what_was_only_reported_is_applied_later(void **state TN_UNUSED)
{
	farm_commit(&farm, ONE);
	farm_start(&farm, SYNC("dev", "mode: report"));
	farm_wait(&farm, MINUTE);
	farm_reload(&farm, SYNC("dev", "mode: apply"));
	farm_wait(&farm, MINUTE);
	assert_string_equal(farm_runs(&farm, "dev"), ONE);
}

static void
so_it_is_after_a_restart(void **state TN_UNUSED)
{
	farm_commit(&farm, ONE);
	farm_start(&farm, SYNC("dev", "mode: report"));
	farm_wait(&farm, MINUTE);
	farm_start(&farm, SYNC("dev", "mode: apply"));
	farm_wait(&farm, MINUTE);
	assert_string_equal(farm_runs(&farm, "dev"), ONE);
}

static void
a_reload_in_the_middle_of_a_run(void **state TN_UNUSED)
{
	farm_commit(&farm, ONE);
	farm_start(&farm, SYNC("dev", "mode: apply"));
	farm_wait(&farm, 400 * TN_MSEC);
	assert_int_equal(farm_view(&farm, "dev").state, TN_SYNC_RUNNING);
	farm_reload(&farm, SYNC("prod", "mode: report"));
	farm_wait(&farm, MINUTE);
	/* What was begun was ended. */
	assert_string_equal(farm_runs(&farm, "dev"), ONE);
	assert_int_equal(tn_serve_count(farm.serve), 1);
}

static void
stopping_puts_back_what_is_under_way(void **state TN_UNUSED)
{
	farm_commit(&farm, ONE);
	farm_start(&farm, SYNC("dev", "mode: apply"));
	for (unsigned i = 0; i < 100 && farm_writes(&farm, "dev") == 0; i++)
		farm_wait(&farm, 10 * TN_MSEC);
	assert_true(farm_writes(&farm, "dev") > 0);
	assert_false(farm.stopped);
	tn_serve_stop(farm.serve);
	farm_wait(&farm, MINUTE);
	assert_true(farm.stopped);
	assert_string_equal(farm_runs(&farm, "dev"), "");
}

static void
a_daemon_that_was_killed_is_mended_by_the_next(void **state TN_UNUSED)
{
	farm_commit(&farm, ONE);
	farm_start(&farm, SYNC("dev", "mode: apply"));
	for (unsigned i = 0; i < 100 && farm_writes(&farm, "dev") == 0; i++)
		farm_wait(&farm, 10 * TN_MSEC);
	farm_start(&farm, SYNC("dev", "mode: apply"));
	farm_wait(&farm, 2 * MINUTE);
	assert_string_equal(farm_runs(&farm, "dev"), ONE);
	assert_int_equal(tn_sim_view_actions(farm.tenants[0].sim), 1);
}

static void
the_places_are_few(void **state TN_UNUSED)
{
	farm_commit(&farm, ONE);
	farm_start(&farm,
	    "  dev: {source: https://git.example/farm.git, revision: main, "
	    "connection: dev, mode: apply}\n"
	    "  prod: {source: https://git.example/farm.git, revision: main, "
	    "connection: prod, mode: apply}\n"
	    "runs: 1\n");
	farm_wait(&farm, 100 * TN_MSEC);
	assert_int_equal(farm_view(&farm, "dev").state, TN_SYNC_OPENING);
	assert_int_equal(farm_view(&farm, "prod").state, TN_SYNC_QUEUED);
	assert_false(tn_serve_ready(farm.serve));
	farm_wait(&farm, MINUTE);
	assert_string_equal(farm_runs(&farm, "dev"), ONE);
	assert_string_equal(farm_runs(&farm, "prod"), ONE);
	assert_true(tn_serve_ready(farm.serve));
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_new_commit_is_applied),
		TEST(a_report_writes_nothing),
		TEST(drift_is_told_and_left_by_apply),
		TEST(drift_is_corrected_by_enforce),
		TEST(one_token_serves_many_looks),
		TEST(a_fight_ends),
		TEST(the_last_good_commit_stays),
		TEST(a_fight_over_the_last_good_commit_ends_too),
		TEST(drift_from_the_last_good_commit_is_told_once),
		TEST(production_follows_staging),
		TEST(one_that_is_down_delays_no_other),
		TEST(without_a_git_server_the_tenant_is_still_compared),
		TEST(a_deleted_branch_changes_nothing),
		TEST(a_forced_push_is_a_commit_like_any),
		TEST(waking_looks_at_once),
		TEST(many_wakes_are_few_looks),
		TEST(suspended_by_a_person),
		TEST(a_full_disk_is_said),
		TEST(a_restart_takes_no_drift_for_a_commit),
		TEST(a_reload_forgets_nothing),
		TEST(several_stay_over_a_reload),
		TEST(what_was_only_reported_is_applied_later),
		TEST(so_it_is_after_a_restart),
		TEST(a_reload_in_the_middle_of_a_run),
		TEST(stopping_puts_back_what_is_under_way),
		TEST(a_daemon_that_was_killed_is_mended_by_the_next),
		TEST(the_places_are_few),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
