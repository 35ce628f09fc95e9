/* Commits on hold: who is refused, and that a hold comes with what was taken back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "desk.h"

#define GOOD  "aaaaaaaaaaaaaaaaaaaa"
#define BAD   "bbbbbbbbbbbbbbbbbbbb"
#define NEWER "cccccccccccccccccccc"

static struct desk desk;
static struct desk_run run;
static char good_run[40];

static void
begin(void)
{
	desk_init(&desk, NULL, NULL);
	desk_put(&desk, "tenon.yaml",
	    "tenon: 1\n"
	    "project: acme\n"
	    "tenants:\n"
	    "  dev:\n"
	    "actions:\n"
	    "  greet: {trigger: post-login@v3, runtime: node22}\n"
	    "bindings:\n"
	    "  post-login: [greet]\n");
}

static int
teardown(void **state TN_UNUSED)
{
	desk_done(&desk);
	return 0;
}

static void
says(const char *words)
{
	if (strstr(run.text, words) == NULL)
		fail_msg("\"%s\" is not in:\n%s", words, run.text);
}

static void
prepare(enum tn_command command, const char *commit, const char *code)
{
	desk_put(&desk, "greet.js", code);
	desk_prepare(&desk, command, &run);
	run.options.commit = commit;
}

static void
finish(enum tn_exit exit)
{
	desk_finish(&run);
	if (run.result->exit != exit)
		fail_msg("exit %d\n%s", (int)run.result->exit, run.text);
}

static void
play(enum tn_command command, const char *commit, const char *code, enum tn_exit exit)
{
	prepare(command, commit, code);
	desk_start(&run);
	finish(exit);
}

/* GOOD, and then BAD is what runs. */
static void
make_bad(void)
{
	play(TN_COMMAND_APPLY, GOOD, "exports.onExecutePostLogin = good\n", TN_EXIT_DONE);
	snprintf(good_run, sizeof(good_run), "%s", run.result->run_id);
	desk_end(&run);
	play(TN_COMMAND_APPLY, BAD, "exports.onExecutePostLogin = bad\n", TN_EXIT_DONE);
	desk_end(&run);
}

static void
start_rollback(void)
{
	prepare(TN_COMMAND_ROLLBACK, NULL, "");
	run.options.to_run = good_run;
	desk_start(&run);
}

static bool
runs(const char *word)
{
	struct tn_sim_action_view action;

	desk_wait(&desk, 10 * TN_SEC);
	assert_true(desk_action(&desk, "greet", &action));
	return strstr(action.live.content.code, word) != NULL;
}

static void
what_was_taken_back_is_refused_until_it_is_let_go(void **state TN_UNUSED)
{
	begin();
	make_bad();
	start_rollback();
	finish(TN_EXIT_DONE);
	assert_string_equal(run.result->puts_on_hold, BAD);
	desk_end(&run);
	play(TN_COMMAND_APPLY, BAD, "exports.onExecutePostLogin = bad\n", TN_EXIT_ERROR);
	assert_int_equal(run.result->error->kind, TN_E_CONFLICT);
	assert_int_equal(run.result->calls, 0);
	desk_end(&run);
	assert_true(runs("good"));
	/* Another commit that says the same passes, and lifts nothing. */
	play(TN_COMMAND_APPLY, NEWER, "exports.onExecutePostLogin = bad\n", TN_EXIT_DONE);
	assert_null(run.result->hold);
	desk_end(&run);
	play(TN_COMMAND_APPLY, BAD, "exports.onExecutePostLogin = bad\n", TN_EXIT_ERROR);
	desk_end(&run);
	/* It is let go by an apply that ends well alone. */
	prepare(TN_COMMAND_APPLY, BAD, "exports.onExecutePostLogin = worse\n");
	run.options.lift_hold = true;
	desk_fault(&desk,
	    "{\"method\": \"POST\", \"path\": \"/actions/actions/{id}/deploy\","
	    " \"nth\": 1, \"do\": \"status\", \"status\": 400}");
	desk_start(&run);
	finish(TN_EXIT_PUT_BACK);
	desk_end(&run);
	play(TN_COMMAND_APPLY, BAD, "exports.onExecutePostLogin = bad\n", TN_EXIT_ERROR);
	desk_end(&run);
	prepare(TN_COMMAND_APPLY, BAD, "exports.onExecutePostLogin = bad\n");
	run.options.lift_hold = true;
	desk_start(&run);
	finish(TN_EXIT_DONE);
	says("takes it off hold");
	desk_end(&run);
	play(TN_COMMAND_APPLY, BAD, "exports.onExecutePostLogin = bad\n", TN_EXIT_DONE);
	desk_end(&run);
}

static void
changed_files_are_not_the_commit(void **state TN_UNUSED)
{
	begin();
	make_bad();
	start_rollback();
	finish(TN_EXIT_DONE);
	desk_end(&run);
	prepare(TN_COMMAND_APPLY, BAD, "exports.onExecutePostLogin = mended\n");
	run.options.dirty = true;
	desk_start(&run);
	finish(TN_EXIT_DONE);
	says("they have changes that are not committed");
	desk_end(&run);
	/* What runs now is of no commit alone. */
	start_rollback();
	finish(TN_EXIT_DONE);
	says("Nothing is put on hold: what was applied last had changes");
	assert_null(run.result->puts_on_hold);
	desk_end(&run);
}

static void
a_rollback_that_fails_puts_nothing_on_hold(void **state TN_UNUSED)
{
	begin();
	make_bad();
	desk_fault(&desk,
	    "{\"method\": \"POST\","
	    " \"path\": \"/actions/actions/{id}/versions/{versionId}/deploy\","
	    " \"nth\": 1, \"do\": \"status\", \"status\": 400}");
	start_rollback();
	desk_finish(&run);
	assert_int_not_equal(run.result->exit, TN_EXIT_DONE);
	desk_end(&run);
	play(TN_COMMAND_APPLY, BAD, "exports.onExecutePostLogin = bad\n", TN_EXIT_DONE);
	desk_end(&run);
}

/* Killed after its n-th callback; true while it was not over by then. */
static bool
kill_rollback(unsigned n)
{
	start_rollback();
	for (; n > 0 && run.result == NULL; n--)
		desk_must(tn_loop_step(desk.loop), "a run waits for nothing");
	desk_end(&run);
	return n == 0;
}

/*
 * Wherever a rollback dies: either BAD runs and may be applied, or GOOD runs and BAD is
 * on hold. The next run says which, when it has mended what was begun.
 */
static void
a_hold_and_what_was_taken_back_come_together(void **state TN_UNUSED)
{
	bool killed = true;
	unsigned back = 0, stayed = 0;

	for (unsigned n = 1; killed; n++) {
		begin();
		make_bad();
		killed = kill_rollback(n);
		desk_wait(&desk, 10 * TN_SEC);
		play(TN_COMMAND_APPLY, NULL, "exports.onExecutePostLogin = other\n",
		    TN_EXIT_DONE);
		desk_end(&run);
		prepare(TN_COMMAND_PLAN, BAD, "exports.onExecutePostLogin = bad\n");
		desk_start(&run);
		finish(TN_EXIT_DONE);
		if (run.result->hold != NULL)
			back++;
		else
			stayed++;
		/* Once it is on hold it stays so for all that die later. */
		assert_true(run.result->hold != NULL || back == 0);
		desk_end(&run);
		if (killed)
			desk_done(&desk);
	}
	assert_true(back > 1);
	assert_true(stayed > 1);
	printf("# %u rollbacks were undone and %u finished\n", stayed, back);
}

#define TEST(fn) cmocka_unit_test_teardown(fn, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_was_taken_back_is_refused_until_it_is_let_go),
		TEST(changed_files_are_not_the_commit),
		TEST(a_rollback_that_fails_puts_nothing_on_hold),
		TEST(a_hold_and_what_was_taken_back_come_together),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
