/* Node's answers, told by a table: what is asked, what is believed, and when it ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/mem.h"
#include "base/process.h"
#include "desk.h"

#define MOST 20

struct tn_process {
	tn_process_done_fn *done;
	void *arg;
};

/* Every order waits here until the test answers it. */
static struct stage {
	struct tn_runner runner;
	struct tn_process waiting[MOST];
	char *inputs[MOST];
	size_t started, stopped;
} stage;

static struct desk desk;
static struct desk_run run;

static struct tn_process *
start(struct tn_runner *runner TN_UNUSED, const struct tn_process_order *order,
    tn_process_done_fn *done, void *arg)
{
	struct tn_process *process = &stage.waiting[stage.started];

	assert_in_range(stage.started, 0, MOST - 1);
	assert_string_equal(order->argv[0], "node");
	assert_string_equal(order->argv[1], "--check");
	assert_string_equal(order->argv[2], "-");
	assert_null(order->argv[3]);
	assert_string_equal(order->search_path, "/somewhere");
	assert_null(order->env);
	assert_true(order->deadline_ns > 0);
	assert_true(order->out_max > 0 && order->err_max > 0);
	stage.inputs[stage.started++] = tn_span_dup(order->input);
	*process = (struct tn_process){ done, arg };
	return process;
}

static void
stop(struct tn_runner *runner TN_UNUSED, struct tn_process *process TN_UNUSED)
{
	stage.stopped++;
}

static void
no_free(struct tn_runner *runner TN_UNUSED)
{
}

static const struct tn_runner_ops ops = { start, stop, no_free };

static void
begin(const char *yaml)
{
	desk_put(&desk, "tenon.yaml", yaml);
	desk_set(&desk, "PATH", "/somewhere");
	desk_prepare(&desk, TN_COMMAND_VALIDATE, &run);
	run.options.runner = &stage.runner;
	run.options.node_check = true;
	desk_start(&run);
	desk_wait(&desk, TN_SEC);
}

static int
setup(void **state TN_UNUSED)
{
	memset(&stage, 0, sizeof(stage));
	memset(&run, 0, sizeof(run));
	stage.runner.ops = &ops;
	desk_init(&desk, NULL, NULL);
	return 0;
}

static int
teardown(void **state TN_UNUSED)
{
	for (size_t i = 0; i < stage.started; i++)
		tn_free(stage.inputs[i]);
	desk_end(&run);
	desk_done(&desk);
	return 0;
}

static void
answer(size_t i, int status, const char *says)
{
	const struct tn_process_result result = { .status = status,
		.err = tn_span(says) };

	stage.waiting[i].done(stage.waiting[i].arg, &result, NULL);
	desk_wait(&desk, TN_SEC);
}

#define ONE                                                       \
	"tenon: 1\nproject: acme\ntenants: {dev: {}}\nactions:\n" \
	"  greet: {trigger: post-login@v3}\n"
#define CODE "exports.onExecutePostLogin = hello\n"

static const struct tn_diag *
only_finding(void)
{
	assert_non_null(run.result);
	assert_int_equal(run.result->exit, TN_EXIT_ERROR);
	assert_null(run.result->error);
	assert_int_equal(tn_diags_count(run.result->diags), 1);
	return tn_diags_at(run.result->diags, 0);
}

static void
code_that_node_takes(void **state TN_UNUSED)
{
	desk_put(&desk, "greet.js", CODE);
	begin(ONE);
	assert_int_equal(stage.started, 1);
	assert_string_equal(stage.inputs[0], CODE);
	assert_null(run.result);
	answer(0, 0, "");
	assert_non_null(run.result);
	assert_int_equal(run.result->exit, TN_EXIT_DONE);
}

static void
what_node_says_becomes_a_finding(void **state TN_UNUSED)
{
	static const struct {
		const char *says, *message;
		unsigned line, col;
	} rows[] = {
		{ "[stdin]:12\n  a b\n    ^\n\nSyntaxError: Unexpected identifier 'b'\n    at x\n",
		    "Unexpected identifier 'b'", 12, 5 },
		{ "(node:1) Warning: x\n[stdin]:1\nimport\n^^^^^^\n\nSyntaxError: y\n",
		    "y", 1, 1 },
		{ "[stdin]:3\nSyntaxError: without a caret", "without a caret", 3, 1 },
		{ "SyntaxError: without a place\n", "without a place", 1, 1 },
		{ "[stdin]:x9\n\n ^\nSyntaxError: odd\n", "odd", 1, 1 },
		{ "[stdin]:99999999999999999999\n\n^\nSyntaxError: far\n", "far", 1, 1 },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(rows); i++) {
		const struct tn_diag *diag;

		desk_put(&desk, "greet.js", CODE);
		begin(ONE);
		answer(stage.started - 1, 1, rows[i].says);
		diag = only_finding();
		assert_string_equal(diag->code, "node-check");
		assert_string_equal(diag->message, rows[i].message);
		assert_string_equal(diag->mark.file, "greet.js");
		assert_string_equal(diag->resource, "action/greet");
		assert_int_equal(diag->mark.line, rows[i].line);
		assert_int_equal(diag->mark.col, rows[i].col);
		desk_end(&run);
		memset(&run, 0, sizeof(run));
	}
}

/* Neither a finding nor silence: the code was not checked. */
static void
an_end_without_words_is_an_error(void **state TN_UNUSED)
{
	desk_put(&desk, "greet.js", CODE);
	begin(ONE);
	answer(0, 3, "node: bad option\n");
	assert_non_null(run.result);
	assert_int_equal(run.result->exit, TN_EXIT_ERROR);
	assert_non_null(run.result->error);
	assert_non_null(strstr(run.result->error->message, "greet.js"));
}

#define SIX                                                                             \
	"tenon: 1\nproject: acme\ntenants: {dev: {}}\nactions:\n"                       \
	"  a: &a {trigger: post-login@v3, code: greet.js}\n  b: *a\n  c: *a\n  d: *a\n" \
	"  e: *a\nmodules:\n  m: {code: m.js}\n"

static void
few_at_once_and_all_in_the_end(void **state TN_UNUSED)
{
	desk_put(&desk, "greet.js", CODE);
	desk_put(&desk, "m.js", "exports.x = 1\n");
	begin(SIX);
	assert_int_equal(stage.started, 4);
	for (size_t i = 0; i < 6; i++) {
		assert_null(run.result);
		answer(i, i == 1 ? 1 : 0, i == 1 ? "SyntaxError: x\n" : "");
	}
	assert_int_equal(stage.started, 6);
	assert_string_equal(stage.inputs[5], "exports.x = 1\n");
	assert_string_equal(only_finding()->resource, "action/b");
}

static void
the_first_failure_ends_the_others(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;

	desk_put(&desk, "greet.js", CODE);
	desk_put(&desk, "m.js", "exports.x = 1\n");
	begin(SIX);
	tn_error_set(&err, TN_E_NOT_FOUND, "none");
	stage.waiting[0].done(stage.waiting[0].arg, NULL, &err);
	desk_wait(&desk, TN_SEC);
	assert_int_equal(stage.stopped, 3);
	assert_int_equal(run.result->exit, TN_EXIT_ERROR);
	assert_non_null(strstr(run.result->error->message, "needs Node"));
}

static void
a_run_that_is_freed_kills_them(void **state TN_UNUSED)
{
	desk_put(&desk, "greet.js", CODE);
	begin(ONE);
	assert_int_equal(stage.started, 1);
	desk_end(&run);
	memset(&run, 0, sizeof(run));
	assert_int_equal(stage.stopped, 1);
}

static void
what_is_wrong_without_node_comes_first(void **state TN_UNUSED)
{
	desk_put(&desk, "greet.js", "f(\n");
	begin(ONE);
	assert_int_equal(stage.started, 0);
	assert_string_equal(only_finding()->code, "invalid-javascript");
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(code_that_node_takes),
		TEST(what_node_says_becomes_a_finding),
		TEST(an_end_without_words_is_an_error),
		TEST(few_at_once_and_all_in_the_end),
		TEST(the_first_failure_ends_the_others),
		TEST(a_run_that_is_freed_kills_them),
		TEST(what_is_wrong_without_node_comes_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
