/* Going back: by what planning finds, and to the version of one action. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "desk.h"

static struct desk desk;
static struct desk_run run;

static void
begin(unsigned versions)
{
	struct tn_sim_options options = TN_SIM_OPTIONS_INIT;

	options.limits.versions = versions;
	desk_init(&desk, NULL, &options);
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
write_code(unsigned number)
{
	char code[64];

	snprintf(code, sizeof(code), "exports.onExecutePostLogin = f%u\n", number);
	desk_put(&desk, "greet.js", code);
}

static void
says(const char *words)
{
	if (strstr(run.text, words) == NULL)
		fail_msg("\"%s\" is not in:\n%s", words, run.text);
}

static void
apply(unsigned number)
{
	write_code(number);
	desk_run(&desk, TN_COMMAND_APPLY, &run);
	if (run.result->exit != TN_EXIT_DONE)
		fail_msg("%s", run.text);
	desk_end(&run);
}

static void
rollback(int64_t version, enum tn_exit exit, const char *words)
{
	desk_prepare(&desk, TN_COMMAND_ROLLBACK, &run);
	run.options.to_action = "greet";
	run.options.to_version = version;
	desk_start(&run);
	desk_finish(&run);
	if (run.result->exit != exit)
		fail_msg("%s", run.text);
	says(words);
	desk_end(&run);
}

static void
runs(const char *code)
{
	struct tn_sim_action_view action;

	desk_wait(&desk, 10 * TN_SEC);
	assert_true(desk_action(&desk, "greet", &action));
	assert_string_equal(action.live.content.code, code);
	assert_string_equal(action.draft.code, code);
	assert_true(action.all_changes_deployed);
}

/* Ten times what the platform gives on a page when it is not asked for more. */
static void
a_version_is_found_on_whichever_page_it_is(void **state TN_UNUSED)
{
	begin(300);
	for (unsigned i = 1; i <= 210; i++)
		apply(i);
	write_code(3);
	desk_run(&desk, TN_COMMAND_APPLY, &run);
	says("roll back to version 3,");
	assert_int_equal(run.result->plan->n_steps, 1);
	desk_end(&run);
	runs("exports.onExecutePostLogin = f3\n");
	rollback(1, TN_EXIT_DONE, "Rollback to version 1 of action greet");
	runs("exports.onExecutePostLogin = f1\n");
}

static void
what_the_platform_has_pruned_is_written_anew(void **state TN_UNUSED)
{
	begin(2);
	for (unsigned i = 1; i <= 3; i++)
		apply(i);
	write_code(1);
	desk_run(&desk, TN_COMMAND_APPLY, &run);
	says("update: code");
	assert_int_equal(run.result->exit, TN_EXIT_DONE);
	desk_end(&run);
	runs("exports.onExecutePostLogin = f1\n");
}

static void
a_version_that_was_pruned_comes_from_the_history(void **state TN_UNUSED)
{
	begin(2);
	for (unsigned i = 1; i <= 4; i++)
		apply(i);
	rollback(1, TN_EXIT_DONE, "Rollback to version 1 of action greet");
	runs("exports.onExecutePostLogin = f1\n");
	rollback(9, TN_EXIT_ERROR, "it holds 5, 4\n");
}

static void
the_version_before_is_another_one(void **state TN_UNUSED)
{
	begin(50);
	for (unsigned i = 1; i <= 3; i++)
		apply(i);
	rollback(2, TN_EXIT_DONE, "version 2");
	/* Number 4 runs, which is number 2 again. */
	rollback(0, TN_EXIT_DONE, "Rollback to version 3 of action greet");
	runs("exports.onExecutePostLogin = f3\n");
	/* Number 5 runs, which is number 3 again. */
	rollback(0, TN_EXIT_DONE, "Rollback to version 4 of action greet");
	runs("exports.onExecutePostLogin = f2\n");
}

static void
an_action_with_one_version_has_none_before(void **state TN_UNUSED)
{
	begin(50);
	apply(1);
	rollback(0, TN_EXIT_ERROR, "it holds 1\n");
}

static void
somebodys_draft_is_in_the_way_unless_it_may_be_overwritten(void **state TN_UNUSED)
{
	struct tn_sim_action_view action;
	char path[80];

	begin(50);
	apply(1);
	apply(2);
	assert_true(desk_action(&desk, "greet", &action));
	snprintf(path, sizeof(path), "/actions/actions/%s", action.id);
	assert_int_equal(desk_other(&desk, "PATCH", path, "{\"code\": \"theirs\"}"), 200);
	desk_wait(&desk, 10 * TN_SEC);
	rollback(1, TN_EXIT_ERROR, "--overwrite-drafts");
	desk_prepare(&desk, TN_COMMAND_ROLLBACK, &run);
	run.options.to_action = "greet";
	run.options.overwrite_drafts = true;
	desk_start(&run);
	desk_finish(&run);
	assert_int_equal(run.result->exit, TN_EXIT_DONE);
	desk_end(&run);
	runs("exports.onExecutePostLogin = f1\n");
}

#define TEST(fn) cmocka_unit_test_teardown(fn, teardown)

static void
write_on_draft(const char *name, const char *code)
{
	TN_CLEANUP(tn_str_done) struct tn_str path = TN_STR_INIT, body = TN_STR_INIT;
	struct tn_sim_action_view action;

	assert_true(desk_action(&desk, name, &action));
	tn_str_addf(&path, "/actions/actions/%s", action.id);
	tn_str_addf(&body, "{\"code\":\"%s\"}", code);
	assert_int_equal(desk_other(&desk, "PATCH", tn_str_text(&path),
			     tn_str_text(&body)),
	    200);
	desk_wait(&desk, 10 * TN_SEC);
}

/* A run that renamed an action, and that deleted another one at its end, leaves what ran:
 * the draft of somebody that waits there did not run then. */
static void
a_renaming_leaves_what_ran(void **state TN_UNUSED)
{
	static const char project[] = "tenon: 1\n"
				      "project: acme\n"
				      "tenants:\n"
				      "  dev: {delete: managed}\n"
				      "actions:\n";
	TN_CLEANUP(tn_str_done) struct tn_str yaml = TN_STR_INIT;
	TN_CLEANUP(tn_freep) char *run_id = NULL;
	struct tn_sim_action_view action;

	begin(300);
	desk_put(&desk, "hello.js", "exports.onExecutePostLogin = f1\n");
	tn_str_addf(&yaml,
	    "%s"
	    "  greet: {trigger: post-login@v3, runtime: node22}\n"
	    "  old: {trigger: post-login@v3, runtime: node22, code: hello.js}\n",
	    project);
	desk_put(&desk, "tenon.yaml", tn_str_text(&yaml));
	apply(1);
	write_on_draft("greet", "theirs");
	tn_str_clear(&yaml);
	tn_str_addf(&yaml,
	    "%s"
	    "  hello: {trigger: post-login@v3, runtime: node22, "
	    "renamedFrom: greet}\n",
	    project);
	desk_put(&desk, "tenon.yaml", tn_str_text(&yaml));
	desk_put(&desk, "greet.js", NULL);
	desk_run(&desk, TN_COMMAND_APPLY, &run);
	if (run.result->exit != TN_EXIT_DONE || run.result->plan->n_steps != 2)
		fail_msg("%s", run.text);
	run_id = tn_strdup(run.result->run_id);
	desk_end(&run);

	desk_prepare(&desk, TN_COMMAND_ROLLBACK, &run);
	run.options.to_run = run_id;
	desk_start(&run);
	desk_finish(&run);
	if (run.result->exit != TN_EXIT_DONE || run.result->plan->n_steps != 0)
		fail_msg("%s", run.text);
	desk_end(&run);
	assert_true(desk_action(&desk, "hello", &action));
	assert_string_equal(action.live.content.code,
	    "exports.onExecutePostLogin = f1\n");
	assert_string_equal(action.draft.code, "theirs");
}

static char *
apply_files(size_t steps)
{
	char *run_id;

	desk_run(&desk, TN_COMMAND_APPLY, &run);
	if (run.result->exit != TN_EXIT_DONE || run.result->plan->n_steps != steps)
		fail_msg("%s", run.text);
	run_id = tn_strdup(run.result->run_id);
	desk_end(&run);
	desk_wait(&desk, 10 * TN_SEC);
	return run_id;
}

/* Somebody has turned the flow round and written the code of one, and the files followed:
 * no run has written that, and it is what the run left all the same. */
static void
what_a_run_found_as_it_is_wanted_is_what_it_left(void **state TN_UNUSED)
{
	static const char files[] = "tenon: 1\n"
				    "project: acme\n"
				    "tenants:\n"
				    "  dev:\n"
				    "actions:\n"
				    "  greet: {trigger: post-login@v3, runtime: node22}\n"
				    "  count: {trigger: post-login@v3, runtime: node22}\n"
				    "bindings:\n"
				    "  post-login: [%s]\n";
	TN_CLEANUP(tn_str_done)
	struct tn_str yaml = TN_STR_INIT, path = TN_STR_INIT, body = TN_STR_INIT;
	TN_CLEANUP(tn_freep) char *first = NULL, *followed = NULL, *flow = NULL;
	struct tn_sim_action_view greet, count;

	begin(300);
	tn_str_addf(&yaml, files, "greet, count");
	desk_put(&desk, "tenon.yaml", tn_str_text(&yaml));
	desk_put(&desk, "count.js", "exports.onExecutePostLogin = c1\n");
	write_code(1);
	first = apply_files(3);

	write_on_draft("greet", "exports.onExecutePostLogin = f2\\n");
	assert_true(desk_action(&desk, "greet", &greet));
	assert_true(desk_action(&desk, "count", &count));
	tn_str_addf(&body,
	    "{\"bindings\":[{\"ref\":{\"type\":\"action_id\",\"value\":\"%s\"}},"
	    "{\"ref\":{\"type\":\"action_id\",\"value\":\"%s\"}}]}",
	    count.id, greet.id);
	assert_int_equal(desk_other(&desk, "PATCH",
			     "/actions/triggers/post-login/bindings", tn_str_text(&body)),
	    200);
	tn_str_addf(&path, "/actions/actions/%s/deploy", greet.id);
	assert_int_equal(desk_other(&desk, "POST", tn_str_text(&path), NULL), 200);
	desk_wait(&desk, 10 * TN_SEC);
	tn_str_clear(&yaml);
	tn_str_addf(&yaml, files, "count, greet");
	desk_put(&desk, "tenon.yaml", tn_str_text(&yaml));
	write_code(2);
	desk_put(&desk, "count.js", "exports.onExecutePostLogin = c2\n");
	followed = apply_files(2);

	desk_put(&desk, "count.js", "exports.onExecutePostLogin = c3\n");
	tn_free(apply_files(2));
	desk_prepare(&desk, TN_COMMAND_ROLLBACK, &run);
	run.options.to_run = followed;
	desk_start(&run);
	desk_finish(&run);
	if (run.result->exit != TN_EXIT_DONE || run.result->plan->n_steps != 1)
		fail_msg("%s", run.text);
	desk_end(&run);
	runs("exports.onExecutePostLogin = f2\n");
	flow = desk_flow(&desk, "post-login");
	assert_string_equal(flow, "count greet ");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_a_run_found_as_it_is_wanted_is_what_it_left),
		TEST(a_renaming_leaves_what_ran),
		TEST(a_version_is_found_on_whichever_page_it_is),
		TEST(what_the_platform_has_pruned_is_written_anew),
		TEST(a_version_that_was_pruned_comes_from_the_history),
		TEST(the_version_before_is_another_one),
		TEST(an_action_with_one_version_has_none_before),
		TEST(somebodys_draft_is_in_the_way_unless_it_may_be_overwritten),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
