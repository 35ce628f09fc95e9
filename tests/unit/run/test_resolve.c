/*
 * Values from the operator's sources: what counts as one, that each source is asked once,
 * and how commands are run and what is told of those that fail.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/mem.h"
#include "base/process.h"
#include "base/secret.h"
#include "base/text.h"
#include "crypto/crypto.h"
#include "run/resolve.h"

#define MOST 64

/* How a program ends, by its name. */
struct program {
	const char *name;
	int64_t takes_ns;
	int status;
	const char *out;
	size_t out_len;
	const char *err;
	enum tn_error_kind error; /* instead of an end by itself */
};

struct tn_process {
	struct tn_timer timer;
	const struct program *program;
	tn_process_done_fn *done;
	void *arg;
};

static struct {
	struct tn_runner runner;
	struct tn_loop *loop;
	const struct program *programs;
	size_t n_programs;
	struct tn_process processes[MOST];
	size_t started, running, most;
	struct tn_str orders; /* what was asked for, as text */
} stage;

static struct tn_diags *diags;
static struct tn_redactor *redactor;
static struct tn_run_options options;
static struct tn_resolve *resolve;
static unsigned reads, told;
static unsigned mode;
static const char *file_bytes;
static size_t file_len;

static void
on_end(void *arg)
{
	struct tn_process *process = arg;
	const struct program *program = process->program;
	struct tn_secret *secret = tn_secret_new(program->out, program->out_len);
	struct tn_process_result result = { .status = program->status,
		.err = tn_span(program->err),
		.secret = secret };
	struct tn_error err = TN_ERROR_INIT;

	stage.running--;
	if (program->error == TN_E_NONE) {
		process->done(process->arg, &result, NULL);
	} else {
		tn_error_set(&err, program->error, "the program is told to fail");
		process->done(process->arg,
		    program->error == TN_E_NOT_FOUND ? NULL : &result, &err);
	}
	tn_error_done(&err);
	tn_secret_unref(secret);
}

static void
write_order(const struct tn_process_order *order)
{
	for (size_t i = 0; order->argv[i] != NULL; i++)
		tn_str_addf(&stage.orders, "%s|", order->argv[i]);
	tn_str_addf(&stage.orders, "in %s|path %s", order->directory, order->search_path);
	for (size_t i = 0; order->env[i] != NULL; i++)
		tn_str_addf(&stage.orders, "|%s", order->env[i]);
	tn_str_add(&stage.orders, "\n");
	assert_true(order->secret_out);
	assert_int_equal(order->out_max, 65536);
	assert_int_equal(order->deadline_ns, 60 * TN_SEC);
	assert_int_equal(order->input.len, 0);
	assert_null(order->secret_input);
}

static struct tn_process *
start(struct tn_runner *runner TN_UNUSED, const struct tn_process_order *order,
    tn_process_done_fn *done, void *arg)
{
	struct tn_process *process = &stage.processes[stage.started++];

	assert_true(stage.started < MOST);
	write_order(order);
	*process = (struct tn_process){ .done = done, .arg = arg };
	for (size_t i = 0; i < stage.n_programs; i++)
		if (strcmp(stage.programs[i].name, order->argv[0]) == 0)
			process->program = &stage.programs[i];
	assert_non_null(process->program);
	stage.running++;
	if (stage.running > stage.most)
		stage.most = stage.running;
	tn_timer_start(&process->timer, stage.loop, process->program->takes_ns, on_end,
	    process);
	return process;
}

static void
stop(struct tn_runner *runner TN_UNUSED, struct tn_process *process)
{
	tn_timer_stop(&process->timer);
	stage.running--;
}

static void
no_free(struct tn_runner *runner TN_UNUSED)
{
}

static const struct tn_runner_ops ops = { start, stop, no_free };

static const char *
get(void *arg TN_UNUSED, const char *name)
{
	static const char *const rows[][2] = { { "PATH", "/bin:bin" },
		{ "HOME", "/home/op" }, { "LANG", "C" }, { "VAULT_ADDR", "https://v" },
		{ "AUTH0_CLIENT_SECRET", "s3cr3t" }, { "EMPTY", "" },
		{ "LATIN", "caf\xe9" } };

	for (size_t i = 0; i < TN_ARRAY_LEN(rows); i++)
		if (strcmp(rows[i][0], name) == 0)
			return rows[i][1];
	return NULL;
}

static int
read_file(void *arg TN_UNUSED, const char *path, struct tn_str *out, unsigned *mode_out,
    struct tn_error *err)
{
	reads++;
	if (file_bytes == NULL)
		return tn_error_set(err, TN_E_NOT_FOUND, "there is no file \"%s\"", path);
	tn_str_add_bytes(out, file_bytes, file_len);
	*mode_out = mode;
	return 0;
}

static int
setup(void **state TN_UNUSED)
{
	memset(&stage, 0, sizeof(stage));
	stage.runner.ops = &ops;
	stage.loop = tn_loop_new_virtual(0);
	diags = tn_diags_new();
	redactor = tn_redactor_new();
	options = (struct tn_run_options){ .loop = stage.loop,
		.environment = { get, read_file, NULL },
		.runner = &stage.runner,
		.redactor = redactor };
	resolve = tn_resolve_new(&options, diags);
	reads = told = 0;
	mode = 0600;
	file_bytes = NULL;
	return 0;
}

static int
teardown(void **state TN_UNUSED)
{
	tn_resolve_free(resolve);
	tn_redactor_free(redactor);
	tn_diags_free(diags);
	tn_loop_free(stage.loop);
	tn_str_done(&stage.orders);
	return 0;
}

static void
on_done(void *arg TN_UNUSED)
{
	told++;
}

/* Asks all, in virtual time. */
static void
ask(void)
{
	tn_resolve_start(resolve, on_done, NULL);
	assert_int_equal(told, 0);
	while (tn_loop_step(stage.loop))
		assert_true(told <= 1);
	assert_int_equal(told, 1);
	assert_int_equal(stage.running, 0);
}

static void
value_is(size_t number, const char *expected)
{
	const struct tn_secret *value = tn_resolve_value(resolve, number);
	char got[TN_SHA256_HEX], wanted[TN_SHA256_HEX];

	assert_non_null(value);
	assert_false(tn_resolve_failed(resolve, number));
	tn_sha256_secret_hex(value, got);
	tn_sha256_hex(tn_span(expected), wanted);
	assert_string_equal(got, wanted);
}

/* The only finding, about that number. */
static const struct tn_diag *
failed(size_t number, const char *code)
{
	const struct tn_diag *diag = tn_diags_at(diags, 0);

	assert_null(tn_resolve_value(resolve, number));
	assert_true(tn_resolve_failed(resolve, number));
	assert_int_equal(tn_diags_count(diags), 1);
	assert_string_equal(diag->code, code);
	assert_int_equal(diag->severity, TN_SEVERITY_ERROR);
	assert_string_equal(diag->mark.file, "conn.yaml");
	assert_int_equal(diag->mark.line, 7);
	return diag;
}

static struct tn_secret_source
source_of(enum tn_secret_source_kind kind, const char *name)
{
	static const char *const nothing[] = { NULL };

	return (struct tn_secret_source){ .kind = kind,
		.name = name,
		.argv = nothing,
		.pass_env = nothing,
		.directory = "/etc/tenon",
		.mark = { "conn.yaml", 7, 1 } };
}

/* --- variables and files --- */

static void
a_variable_that_is_not_set_or_empty_is_none(void **state TN_UNUSED)
{
	struct tn_secret_source set = source_of(TN_SECRET_ENV, "AUTH0_CLIENT_SECRET");
	struct tn_secret_source not_set = source_of(TN_SECRET_ENV, "NOT_SET");
	struct tn_secret_source empty = source_of(TN_SECRET_ENV, "EMPTY");
	size_t numbers[3];

	numbers[0] = tn_resolve_add(resolve, &set, "one");
	numbers[1] = tn_resolve_add(resolve, &not_set, "two");
	numbers[2] = tn_resolve_add(resolve, &empty, "three");
	ask();
	value_is(numbers[0], "s3cr3t");
	for (size_t i = 1; i < 3; i++) {
		assert_null(tn_resolve_value(resolve, numbers[i]));
		assert_false(tn_resolve_failed(resolve, numbers[i]));
	}
	assert_int_equal(tn_diags_count(diags), 0);
}

static void
nothing_to_ask_is_done_from_the_loop_too(void **state TN_UNUSED)
{
	ask();
}

static void
each_source_is_asked_once(void **state TN_UNUSED)
{
	static const char *const words[] = { "vault", "get", NULL };
	static const char *const others[] = { "vault", "get", "more", NULL };
	static const struct program programs[] = { { "vault", 0, 0, "value", 5, "", 0 } };
	struct tn_secret_source file = source_of(TN_SECRET_FILE, "/key");
	struct tn_secret_source same = file;
	struct tn_secret_source command = source_of(TN_SECRET_COMMAND, "vault");
	struct tn_secret_source other = source_of(TN_SECRET_COMMAND, "vault");
	size_t first;

	file_bytes = "v";
	file_len = 1;
	stage.programs = programs;
	stage.n_programs = 1;
	command.argv = words;
	other.argv = others;
	first = tn_resolve_add(resolve, &file, "one");
	assert_int_equal(tn_resolve_add(resolve, &same, "two"), first);
	first = tn_resolve_add(resolve, &command, "three");
	assert_int_equal(tn_resolve_add(resolve, &command, "four"), first);
	assert_int_not_equal(tn_resolve_add(resolve, &other, "five"), first);
	ask();
	assert_int_equal(reads, 1);
	assert_int_equal(stage.started, 2);
}

static void
what_is_no_value_is_a_finding(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		const char *code, *words;
	} rows[] = {
		{ NULL, 0, "secret-file", "the secret KEY: there is no file \"/key\"" },
		{ "", 0, "bad-secret-value", "the secret KEY: the value is empty" },
		{ "\n", 1, "bad-secret-value", "empty" },
		{ "a\0b", 3, "bad-secret-value", "NUL" },
		{ "caf\xe9", 4, "bad-secret-value", "UTF-8" },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(rows); i++) {
		struct tn_secret_source file = source_of(TN_SECRET_FILE, "/key");
		size_t number = tn_resolve_add(resolve, &file, "the secret KEY");
		const struct tn_diag *diag;

		file_bytes = rows[i].bytes;
		file_len = rows[i].len;
		ask();
		diag = failed(number, rows[i].code);
		if (strstr(diag->message, rows[i].words) == NULL)
			fail_msg("%s", diag->message);
		teardown(state);
		setup(state);
	}
}

static void
a_file_that_others_can_use_is_warned_of(void **state)
{
	static const struct {
		unsigned mode;
		const char *words; /* NULL: no warning */
	} rows[] = { { 0600, NULL }, { 0640, NULL }, { 0400, NULL }, { 0644, "can read" },
		{ 0604, "can read" }, { 0666, "can change" }, { 0602, "can change" } };

	for (size_t i = 0; i < TN_ARRAY_LEN(rows); i++) {
		struct tn_secret_source file = source_of(TN_SECRET_FILE, "/key");
		size_t number = tn_resolve_add(resolve, &file, "the secret KEY");

		mode = rows[i].mode;
		file_bytes = "value\n";
		file_len = 6;
		ask();
		value_is(number, "value");
		assert_int_equal(tn_diags_errors(diags), 0);
		assert_int_equal(tn_diags_count(diags), rows[i].words != NULL);
		if (rows[i].words != NULL)
			assert_non_null(
			    strstr(tn_diags_at(diags, 0)->message, rows[i].words));
		teardown(state);
		setup(state);
	}
}

/* --- commands --- */

static void
a_command_gets_little_and_gives_a_value(void **state TN_UNUSED)
{
	static const char *const words[] = { "vault", "read", "a b", NULL };
	static const char *const names[] = { "VAULT_ADDR", "NOT_SET", NULL };
	static const struct program programs[] = { { "vault", TN_SEC, 0, "t0p-value", 9,
	    "a warning", 0 } };
	struct tn_secret_source command = source_of(TN_SECRET_COMMAND, "vault");
	TN_CLEANUP(tn_str_done) struct tn_str clean = TN_STR_INIT;
	size_t number;

	command.argv = words;
	command.pass_env = names;
	command.n_pass_env = 2;
	stage.programs = programs;
	stage.n_programs = 1;
	number = tn_resolve_add(resolve, &command, "the secret KEY");
	ask();
	value_is(number, "t0p-value");
	assert_int_equal(tn_diags_count(diags), 0);
	assert_string_equal(tn_str_text(&stage.orders),
	    "vault|read|a b|in /etc/tenon|path /bin:bin|PATH=/bin:bin|HOME=/home/op|"
	    "LANG=C|VAULT_ADDR=https://v\n");
	tn_redactor_apply(redactor, tn_span("it is t0p-value."), &clean);
	assert_string_equal(tn_str_text(&clean), "it is (secret).");
}

static void
a_few_run_together_and_all_are_run(void **state TN_UNUSED)
{
	static const struct program programs[] = { { "p", TN_SEC, 0, "value", 5, "",
	    0 } };
	static const char *words[20][3];
	static char names[20][4];
	struct tn_secret_source commands[20];

	stage.programs = programs;
	stage.n_programs = 1;
	for (size_t i = 0; i < 20; i++) {
		names[i][0] = (char)('a' + i);
		words[i][0] = "p";
		words[i][1] = names[i];
		commands[i] = source_of(TN_SECRET_COMMAND, "p");
		commands[i].argv = words[i];
		assert_int_equal(tn_resolve_add(resolve, &commands[i], "x"), i);
	}
	ask();
	assert_int_equal(stage.started, 20);
	assert_int_equal(stage.most, 8);
	/* Twenty, eight at a time. */
	assert_int_equal(tn_loop_now(stage.loop), 3 * TN_SEC);
	for (size_t i = 0; i < 20; i++)
		value_is(i, "value");
}

static void
fail_with(const struct program *program, const char *message, const char *hint)
{
	static const char *words[2];
	struct tn_secret_source command = source_of(TN_SECRET_COMMAND, program->name);
	const struct tn_diag *diag;
	size_t number;

	words[0] = program->name;
	command.argv = words;
	stage.programs = program;
	stage.n_programs = 1;
	number = tn_resolve_add(resolve, &command, "the secret KEY");
	ask();
	diag = failed(number, "secret-command");
	assert_string_equal(diag->message, message);
	if (hint == NULL)
		assert_null(diag->hint);
	else
		assert_string_equal(diag->hint, hint);
}

static void
a_status_is_told_and_the_output_is_not(void **state TN_UNUSED)
{
	static const struct program program = { "vault", 0, 2, "s3cr3t-output", 13,
		"error: no s3cr3t-output for you\n\x1b[31m403\n", 0 };

	fail_with(&program,
	    "the secret KEY: the command \"vault\": it ended with status 2",
	    "it says: error: no (secret) for you \\x1b[31m403");
}

static void
of_many_words_the_end_is_told(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_str_done) struct tn_str words = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str hint = TN_STR_INIT;
	struct program program = { "vault", 0, 1, "", 0, NULL, 0 };

	/* Three bytes each: the cut falls into one of them. */
	for (unsigned i = 0; i < 1000; i++)
		tn_str_add(&words, "€");
	tn_str_add(&hint, "it says: …");
	for (unsigned i = 0; i < 400 / 3; i++)
		tn_str_add(&hint, "€");
	program.err = tn_str_text(&words);
	fail_with(&program,
	    "the secret KEY: the command \"vault\": it ended with status 1",
	    tn_str_text(&hint));
}

static void
what_does_not_end_or_start_is_told(void **state)
{
	static const struct program programs[] = {
		{ "slow", 0, 0, "half", 4, "waiting", TN_E_TRANSIENT },
		{ "none", 0, 0, "", 0, "", TN_E_NOT_FOUND },
	};

	fail_with(&programs[0],
	    "the secret KEY: the command \"slow\": the program is told to fail",
	    "it says: waiting");
	teardown(state);
	setup(state);
	fail_with(&programs[1],
	    "the secret KEY: the command \"none\": the program is told to fail", NULL);
	teardown(state);
	setup(state);
	options.runner = NULL;
	fail_with(&programs[1],
	    "the secret KEY: the command \"none\": no program can be run here", NULL);
}

static void
whoever_is_stopped_runs_nothing_any_more(void **state TN_UNUSED)
{
	static const char *const words[] = { "p", NULL };
	static const struct program programs[] = { { "p", TN_SEC, 0, "value", 5, "",
	    0 } };
	struct tn_secret_source command = source_of(TN_SECRET_COMMAND, "p");

	stage.programs = programs;
	stage.n_programs = 1;
	command.argv = words;
	(void)tn_resolve_add(resolve, &command, "x");
	tn_resolve_start(resolve, on_done, NULL);
	assert_true(tn_loop_step(stage.loop));
	assert_int_equal(stage.running, 1);
	tn_resolve_stop(resolve);
	assert_int_equal(stage.running, 0);
	assert_false(tn_loop_step(stage.loop));
	assert_int_equal(told, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_variable_that_is_not_set_or_empty_is_none),
		TEST(nothing_to_ask_is_done_from_the_loop_too),
		TEST(each_source_is_asked_once),
		TEST(what_is_no_value_is_a_finding),
		TEST(a_file_that_others_can_use_is_warned_of),
		TEST(a_command_gets_little_and_gives_a_value),
		TEST(a_few_run_together_and_all_are_run),
		TEST(a_status_is_told_and_the_output_is_not),
		TEST(of_many_words_the_end_is_told),
		TEST(what_does_not_end_or_start_is_told),
		TEST(whoever_is_stopped_runs_nothing_any_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
