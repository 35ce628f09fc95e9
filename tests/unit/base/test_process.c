/* Programs as children: what they get, what they give, and how they end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/process.h"
#include "base/secret.h"

/* A loop with a runner, and a directory for a fifo or a script. */
struct fixture {
	struct tn_loop *loop;
	struct tn_runner *runner;
	char directory[PATH_MAX];
	char path[PATH_MAX + 16];
};

static int
setup(void **state)
{
	static struct fixture fixture;
	const char *tmp = getenv("TMPDIR");

	(void)signal(SIGPIPE, SIG_IGN);
	fixture.loop = tn_loop_new(NULL);
	fixture.runner = tn_runner_new(fixture.loop);
	(void)snprintf(fixture.directory, sizeof(fixture.directory), "%s/tn-run-XXXXXX",
	    tmp != NULL ? tmp : "/tmp");
	if (mkdtemp(fixture.directory) == NULL)
		return -1;
	(void)snprintf(fixture.path, sizeof(fixture.path), "%s/file", fixture.directory);
	*state = &fixture;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *fixture = *state;

	tn_runner_free(fixture->runner);
	tn_loop_free(fixture->loop);
	(void)unlink(fixture->path);
	return rmdir(fixture->directory);
}

/* One run and what became of it. */
struct job {
	struct tn_loop *loop;
	unsigned
	    *left; /* the loop is stopped when none is left; NULL: this is the only one */
	int calls;
	bool started;
	int status, signal;
	struct tn_str out, err;
	struct tn_secret *secret;
	struct tn_error error;
};

static void
on_done(void *arg, const struct tn_process_result *result, const struct tn_error *err)
{
	struct job *job = arg;

	job->calls++;
	if (err != NULL)
		tn_error_copy(&job->error, err);
	if (result != NULL) {
		job->started = true;
		job->status = result->status;
		job->signal = result->signal;
		tn_str_add_bytes(&job->out, result->out.ptr, result->out.len);
		tn_str_add_bytes(&job->err, result->err.ptr, result->err.len);
		job->secret = tn_secret_ref(result->secret);
	}
	if (job->left == NULL || --*job->left == 0)
		tn_loop_stop(job->loop);
}

static void
job_done(struct job *job)
{
	tn_str_done(&job->out);
	tn_str_done(&job->err);
	tn_secret_unref(job->secret);
	tn_error_done(&job->error);
}

static struct tn_process_order
order_of(const char *const *argv)
{
	return (struct tn_process_order){
		.argv = argv,
		.out_max = 4096,
		.err_max = 4096,
		.deadline_ns = 60 * TN_SEC,
	};
}

#define ARGV(...)      ((const char *const[]){ __VA_ARGS__, NULL })
#define SHELL(script)  ARGV("sh", "-c", script)
#define ORDER(...)     order_of(ARGV(__VA_ARGS__))
#define SCRIPT(script) order_of(SHELL(script))

static struct job
run(const struct fixture *fixture, struct tn_process_order order)
{
	struct job job = { .loop = fixture->loop };

	assert_non_null(tn_runner_start(fixture->runner, &order, on_done, &job));
	assert_int_equal(job.calls, 0);
	assert_int_equal(tn_loop_run(fixture->loop, NULL), 0);
	assert_int_equal(job.calls, 1);
	/* Seen to end: nothing is left that a wait could find. */
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
	return job;
}

static void
assert_writes(const struct fixture *fixture, struct tn_process_order order,
    const char *expected)
{
	struct job job = run(fixture, order);

	if (tn_error_is_set(&job.error))
		fail_msg("%s", job.error.message);
	assert_string_equal(tn_str_text(&job.out), expected);
	assert_string_equal(tn_str_text(&job.err), "");
	assert_int_equal(job.status, 0);
	assert_int_equal(job.signal, 0);
	job_done(&job);
}

/* --- What it gets --- */

static void
the_environment_is_the_list_and_nothing_else(void **state)
{
	struct tn_process_order order = ORDER("/usr/bin/env");

	assert_int_equal(setenv("TENON_TEST_LEAK", "leaked", 1), 0);
	order.env = ARGV("A=1", "B=two words");
	assert_writes(*state, order, "A=1\nB=two words\n");
	order.env = NULL;
	assert_writes(*state, order, "");
	assert_int_equal(unsetenv("TENON_TEST_LEAK"), 0);
}

static void
arguments_arrive_as_they_are(void **state)
{
	assert_writes(*state,
	    ORDER("printf", "%s|", "", "a b", "$HOME;`id`", "*", "\xff"),
	    "|a b|$HOME;`id`|*|\xff|");
}

static void
all_descriptors_but_three_are_closed(void **state)
{
	/* The one that the shell reads the directory by is closed when it is asked for.
	 */
	static const char script[] =
	    "for f in /proc/$$/fd/*; do [ -e \"$f\" ] && echo \"${f##*/}\"; done; :";
	int open_across_exec = open("/dev/null", O_RDONLY);
	int high = fcntl(open_across_exec, F_DUPFD, 700);

	assert_true(open_across_exec >= 0 && high >= 700);
	assert_writes(*state, SCRIPT(script), "0\n1\n2\n");
	close(open_across_exec);
	close(high);
}

static void
standard_input_is_empty_unless_given(void **state)
{
	assert_writes(*state, SCRIPT("readlink /proc/self/fd/0; cat"), "/dev/null\n");
}

static void
closed_standard_descriptors_of_ours_do_no_harm(void **state)
{
	struct tn_process_order order = SCRIPT("cat; echo x; echo y >&2");
	int kept[3];
	struct job job;

	order.input = tn_span("in ");
	for (int i = 0; i < 3; i++) {
		kept[i] = fcntl(i, F_DUPFD_CLOEXEC, 100);
		close(i);
	}
	job = run(*state, order);
	for (int i = 0; i < 3; i++) {
		dup2(kept[i], i);
		close(kept[i]);
	}
	assert_string_equal(tn_str_text(&job.out), "in x\n");
	assert_string_equal(tn_str_text(&job.err), "y\n");
	job_done(&job);
}

static void
signals_are_as_the_system_sets_them(void **state)
{
	/* Sets of signals in hexadecimal; 32 and 33 are the C library's own. */
	static const char script[] =
	    "while read -r k v; do case $k in SigBlk:|SigIgn:) "
	    "echo $k $((0x$v & ~0x180000000));; esac; done < /proc/self/status";
	sigset_t block, before;

	sigemptyset(&block);
	sigaddset(&block, SIGUSR1);
	assert_int_equal(sigprocmask(SIG_BLOCK, &block, &before), 0);
	assert_writes(*state, ORDER("/bin/sh", "-c", script), "SigBlk: 0\nSigIgn: 0\n");
	assert_int_equal(sigprocmask(SIG_SETMASK, &before, NULL), 0);
}

static void
it_leads_a_session_of_its_own(void **state)
{
	/* Fields of stat: pid, name, state, parent, group, session, terminal. */
	assert_writes(*state,
	    SCRIPT("read -r pid n s pp group session tty rest < /proc/self/stat; "
		   "[ $pid = $$ ] && [ $group = $$ ] && [ $session = $$ ] && echo $tty"),
	    "0\n");
}

static void
it_starts_where_it_is_told_to(void **state)
{
	const struct fixture *fixture = *state;
	struct tn_process_order order = ORDER("pwd", "-P");
	char real[PATH_MAX];
	TN_CLEANUP(tn_str_done) struct tn_str line = TN_STR_INIT;

	assert_writes(fixture, order, "/\n");
	assert_non_null(realpath(fixture->directory, real));
	tn_str_addf(&line, "%s\n", real);
	order.directory = fixture->directory;
	assert_writes(fixture, order, tn_str_text(&line));
}

/* --- Input and output --- */

static char *
pattern(size_t len)
{
	char *bytes = malloc(len);

	assert_non_null(bytes);
	for (size_t i = 0; i < len; i++)
		bytes[i] = (char)(i * 31 % 251);
	return bytes;
}

static void
input_larger_than_a_pipe_comes_back_whole(void **state)
{
	const size_t len = 3 << 20;
	struct tn_process_order order = ORDER("cat");
	char *bytes = pattern(len);
	struct job job;

	order.input = tn_span_of(bytes, len);
	order.out_max = len;
	job = run(*state, order);
	assert_false(tn_error_is_set(&job.error));
	assert_int_equal(job.out.len, len);
	assert_memory_equal(job.out.ptr, bytes, len);
	job_done(&job);
	free(bytes);
}

static void
input_that_is_not_read_is_no_failure(void **state)
{
	struct tn_process_order order = SCRIPT("exec <&-; sleep 0.1; echo ok");
	char *bytes = pattern(1 << 20);

	order.input = tn_span_of(bytes, 1 << 20);
	assert_writes(*state, order, "ok\n");
	free(bytes);
}

static void
a_secret_goes_in_and_comes_out_as_one(void **state)
{
	struct tn_process_order order = SCRIPT("cat; echo; echo note >&2");
	struct tn_secret *secret = tn_secret_new("swordfish", 9);
	struct tn_secret *other = tn_secret_new("swordfishes", 11);
	struct job job;

	order.secret_input = secret;
	order.secret_out = true;
	job = run(*state, order);
	assert_false(tn_error_is_set(&job.error));
	assert_int_equal(job.out.len, 0);
	assert_string_equal(tn_str_text(&job.err), "note\n");
	assert_true(tn_secret_equal(job.secret, secret));
	assert_false(tn_secret_equal(job.secret, other));
	job_done(&job);
	tn_secret_unref(secret);
	tn_secret_unref(other);
}

static void
only_one_newline_is_taken_off_a_secret(void **state)
{
	struct tn_process_order order = ORDER("printf", "a\\n\\n");
	struct tn_secret *expected = tn_secret_new("a\n", 2);
	struct job job;

	order.secret_out = true;
	job = run(*state, order);
	assert_true(tn_secret_equal(job.secret, expected));
	job_done(&job);
	order = ORDER("true");
	order.secret_out = true;
	job = run(*state, order);
	assert_int_equal(tn_secret_len(job.secret), 0);
	job_done(&job);
	tn_secret_unref(expected);
}

static void
output_closed_early_is_waited_out(void **state)
{
	struct job job = run(*state,
	    SCRIPT("echo first; exec >&- 2>&-; sleep 0.2; exit 7"));

	assert_false(tn_error_is_set(&job.error));
	assert_string_equal(tn_str_text(&job.out), "first\n");
	assert_int_equal(job.status, 7);
	job_done(&job);
}

/* A process that stays behind holds the pipe open; the end of the program counts. */
static void
who_stays_behind_does_not_hold_the_end_up(void **state)
{
	struct tn_process_order order = SCRIPT("sleep 300 & echo out; exit 0");
	struct job job = run(*state, order);

	assert_false(tn_error_is_set(&job.error));
	assert_string_equal(tn_str_text(&job.out), "out\n");
	job_done(&job);
}

static void
exactly_as_much_as_allowed_is_fine(void **state)
{
	struct tn_process_order order = ORDER("printf", "12345678");

	order.out_max = 8;
	assert_writes(*state, order, "12345678");
}

static void
more_output_than_allowed_ends_it(void **state)
{
	struct tn_process_order order = SCRIPT("printf 123456789; exec sleep 300");
	struct job job;

	for (int i = 0; i < 2; i++) {
		order.secret_out = i > 0;
		order.out_max = 8;
		job = run(*state, order);
		assert_int_equal(job.error.kind, TN_E_LIMIT);
		assert_string_equal(job.error.message,
		    "program \"sh\" wrote more than 8 bytes to its standard output and was "
		    "stopped");
		assert_int_equal(job.signal, SIGTERM);
		if (i == 0)
			assert_string_equal(tn_str_text(&job.out), "12345678");
		else
			assert_int_equal(tn_secret_len(job.secret), 8);
		job_done(&job);
	}
}

static void
endless_output_ends_it_too(void **state)
{
	struct tn_process_order order = SCRIPT("exec cat /dev/zero >&2");
	struct job job = run(*state, order);

	assert_int_equal(job.error.kind, TN_E_LIMIT);
	assert_non_null(strstr(job.error.message, "4096 bytes to its standard error"));
	assert_int_equal(job.err.len, 4096);
	job_done(&job);
}

/* Too much, and already over when it is seen. */
static void
too_much_before_the_end_is_too_much(void **state)
{
	struct tn_process_order order = ORDER("printf", "123456789");
	struct job job;

	order.out_max = 8;
	job = run(*state, order);
	assert_int_equal(job.error.kind, TN_E_LIMIT);
	job_done(&job);
}

/* --- How it ends --- */

static void
the_status_and_the_signal_are_told(void **state)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
	struct tn_process_result result = { 0 };
	struct job job = run(*state, SCRIPT("exit 200"));

	assert_int_equal(job.status, 200);
	assert_int_equal(job.signal, 0);
	result.status = job.status;
	tn_process_describe(&result, &text);
	job_done(&job);
	job = run(*state, SCRIPT("kill -KILL $$"));
	assert_int_equal(job.status, 0);
	assert_int_equal(job.signal, SIGKILL);
	assert_false(tn_error_is_set(&job.error));
	result = (struct tn_process_result){ .signal = job.signal };
	tn_str_add(&text, ", ");
	tn_process_describe(&result, &text);
	assert_string_equal(tn_str_text(&text),
	    "ended with status 200, was ended by signal 9 (Killed)");
	job_done(&job);
}

static void
the_deadline_ends_it(void **state)
{
	struct tn_process_order order = SCRIPT("echo so far; exec sleep 300");
	struct job job;

	order.deadline_ns = 500 * TN_MSEC;
	job = run(*state, order);
	assert_int_equal(job.error.kind, TN_E_TRANSIENT);
	assert_string_equal(job.error.message,
	    "program \"sh\" did not end within 500 ms and was stopped");
	assert_string_equal(tn_str_text(&job.out), "so far\n");
	assert_int_equal(job.signal, SIGTERM);
	job_done(&job);
}

/* Two seconds to clean up; who uses them may even choose a status. */
static void
who_cleans_up_in_time_is_let(void **state)
{
	struct tn_process_order order = SCRIPT(
	    "trap 'echo bye; exit 5' TERM; while :; do sleep 0.05; done");
	struct job job;

	order.deadline_ns = 500 * TN_MSEC;
	job = run(*state, order);
	assert_int_equal(job.error.kind, TN_E_TRANSIENT);
	assert_string_equal(tn_str_text(&job.out), "bye\n");
	assert_int_equal(job.status, 5);
	job_done(&job);
}

static void
who_ignores_the_term_signal_is_killed(void **state)
{
	struct fixture *fixture = *state;
	struct tn_process_order order = SCRIPT(
	    "trap '' TERM; while :; do sleep 0.05; done");
	int64_t begin = tn_loop_now(fixture->loop);
	struct job job;

	order.deadline_ns = 100 * TN_MSEC;
	job = run(fixture, order);
	assert_int_equal(job.error.kind, TN_E_TRANSIENT);
	assert_int_equal(job.signal, SIGKILL);
	assert_true(tn_loop_now(fixture->loop) - begin >= 2100 * TN_MSEC);
	job_done(&job);
}

/* The reading end of a fifo; all who write must be gone when it reads as ended. */
static int
open_fifo(const struct fixture *fixture)
{
	int fd;

	assert_int_equal(mkfifo(fixture->path, 0600), 0);
	fd = open(fixture->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	assert_true(fd >= 0);
	return fd;
}

static void
assert_writers_gone(int fd)
{
	struct timespec moment = { .tv_nsec = 5 * TN_MSEC };
	char bytes[64];
	ssize_t n = -1;

	/* They were killed; the system may take a moment. */
	for (int i = 0; i < 1000 && n != 0; i++) {
		n = read(fd, bytes, sizeof(bytes));
		if (n < 0)
			nanosleep(&moment, NULL);
	}
	assert_int_equal(n, 0);
	close(fd);
}

static void
what_it_started_ends_with_it(void **state)
{
	static const char *const scripts[] = {
		/* ended by the deadline, and a grandchild that would not end by itself */
		"sh -c 'trap \"\" TERM; echo up >&3; while :; do sleep 1; done' 3>file & "
		"wait",
		/* ended by itself, and left somebody behind */
		"sh -c 'echo up >&3; exec sleep 300' 3>file & sleep 0.2; exit 0",
	};
	const struct fixture *fixture = *state;

	for (size_t i = 0; i < TN_ARRAY_LEN(scripts); i++) {
		struct tn_process_order order = SCRIPT(scripts[i]);
		int fd = open_fifo(fixture);
		struct job job;
		char bytes[8];

		order.directory = fixture->directory;
		order.deadline_ns = i == 0 ? 1500 * TN_MSEC : 60 * TN_SEC;
		job = run(fixture, order);
		assert_int_equal(job.error.kind, i == 0 ? TN_E_TRANSIENT : TN_E_NONE);
		assert_int_equal(read(fd, bytes, 3), 3);
		assert_writers_gone(fd);
		job_done(&job);
		assert_int_equal(unlink(fixture->path), 0);
	}
}

static void
stop_the_loop(void *arg)
{
	tn_loop_stop(arg);
}

/* Lets the loop turn until no child is left, for five seconds at most. */
static void
assert_no_child_is_left(struct tn_loop *loop)
{
	int found = 0;

	for (int i = 0; i < 500 && found == 0; i++) {
		struct tn_timer timer = { 0 };
		siginfo_t info = { 0 };

		tn_timer_start(&timer, loop, 10 * TN_MSEC, stop_the_loop, loop);
		assert_int_equal(tn_loop_run(loop, NULL), 0);
		found = waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT);
	}
	assert_int_equal(found, -1);
	assert_int_equal(errno, ECHILD);
}

/*
 * A program of another user cannot be killed by us. Only root can start one and then be
 * somebody else; for all others there is nothing to see here.
 */
static void
who_cannot_be_killed_is_given_up(void **state)
{
	struct fixture *fixture = *state;
	struct tn_process_order order = SCRIPT("echo $$; exec sleep 300");
	struct job job = { .loop = fixture->loop };
	long pid;

	if (geteuid() != 0)
		return;
	order.deadline_ns = 500 * TN_MSEC;
	(void)tn_runner_start(fixture->runner, &order, on_done, &job);
	assert_int_equal(setresuid(65534, 65534, 0), 0);
	assert_int_equal(tn_loop_run(fixture->loop, NULL), 0);
	assert_int_equal(setresuid(0, 0, 0), 0);
	assert_int_equal(job.calls, 1);
	assert_int_equal(job.error.kind, TN_E_TRANSIENT);
	pid = strtol(tn_str_text(&job.out), NULL, 10);
	assert_int_equal(waitpid((pid_t)pid, NULL, WNOHANG), 0);
	assert_int_equal(kill((pid_t)pid, SIGKILL), 0);
	assert_no_child_is_left(fixture->loop);
	assert_int_equal(job.calls, 1);
	job_done(&job);
}

static void
fire(void *arg)
{
	tn_cancel_fire(arg);
}

static void
a_cancelled_one_is_ended_and_told(void **state)
{
	struct fixture *fixture = *state;
	struct tn_process_order order = ORDER("sleep", "300");
	struct tn_cancel cancel = { 0 };
	struct tn_timer timer = { 0 };
	struct job job;

	order.cancel = &cancel;
	tn_timer_start(&timer, fixture->loop, 50 * TN_MSEC, fire, &cancel);
	job = run(fixture, order);
	assert_int_equal(job.error.kind, TN_E_CANCELLED);
	assert_true(job.started);
	assert_int_equal(job.signal, SIGTERM);
	job_done(&job);

	job = run(fixture, order);
	assert_int_equal(job.error.kind, TN_E_CANCELLED);
	assert_false(job.started);
	job_done(&job);
}

static void
a_token_outlives_what_it_could_cancel(void **state)
{
	struct tn_process_order order = ORDER("true");
	struct tn_cancel cancel = { 0 };

	order.cancel = &cancel;
	assert_writes(*state, order, "");
	assert_null(cancel.hooks);
	tn_cancel_fire(&cancel);
}

static void
a_stopped_one_is_killed_and_not_told(void **state)
{
	struct fixture *fixture = *state;
	struct tn_process_order order = SCRIPT(
	    "trap '' TERM; echo up >file; while :; do sleep 1; done 3>file");
	struct job job = { .loop = fixture->loop };
	int fd = open_fifo(fixture);
	struct tn_process *process;

	order.directory = fixture->directory;
	process = tn_runner_start(fixture->runner, &order, on_done, &job);
	tn_runner_stop(fixture->runner, process);
	tn_runner_stop(fixture->runner, NULL);
	assert_no_child_is_left(fixture->loop);
	assert_writers_gone(fd);
	assert_int_equal(job.calls, 0);

	/* One that could not even be started is not told either. */
	order = ORDER("/none");
	process = tn_runner_start(fixture->runner, &order, on_done, &job);
	tn_runner_stop(fixture->runner, process);
	assert_int_equal(tn_loop_run(fixture->loop, NULL), -TN_E_BUG);
	assert_int_equal(job.calls, 0);
}

static void
a_runner_that_goes_takes_its_children_with_it(void **state)
{
	struct fixture *fixture = *state;
	struct tn_process_order order = SCRIPT("exec 3>file; exec sleep 300");
	struct job jobs[3] = { 0 };
	int fd = open_fifo(fixture);

	order.directory = fixture->directory;
	for (size_t i = 0; i < 3; i++)
		(void)tn_runner_start(fixture->runner, &order, on_done, &jobs[i]);
	tn_runner_free(tn_take(fixture->runner));
	assert_writers_gone(fd);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(jobs[i].calls, 0);
	/* The kill may not have come through when it was looked at: that is all right. */
	while (waitpid(-1, NULL, 0) > 0)
		;
}

static void
on_done_free_runner(void *arg, const struct tn_process_result *result,
    const struct tn_error *err TN_UNUSED)
{
	struct fixture *fixture = arg;

	assert_non_null(result);
	tn_runner_free(tn_take(fixture->runner));
	assert_true(tn_span_is(result->out, "mine\n"));
	tn_loop_stop(fixture->loop);
}

static void
the_runner_may_be_freed_when_told(void **state)
{
	struct fixture *fixture = *state;
	struct tn_process_order order = ORDER("echo", "mine");
	struct tn_process_order other = ORDER("sleep", "300");
	struct job job = { .loop = fixture->loop };

	(void)tn_runner_start(fixture->runner, &other, on_done, &job);
	(void)tn_runner_start(fixture->runner, &order, on_done_free_runner, fixture);
	assert_int_equal(tn_loop_run(fixture->loop, NULL), 0);
	assert_int_equal(job.calls, 0);
	while (waitpid(-1, NULL, 0) > 0)
		;
}

/* Without a status to be had, as under a parent that ignores the ends of children. */
static void
ignored_ends_of_children_are_seen(void **state)
{
	struct fixture *fixture = *state;
	struct job job;

	tn_runner_free(fixture->runner);
	(void)signal(SIGCHLD, SIG_IGN);
	fixture->runner = tn_runner_new(fixture->loop);
	job = run(fixture, SCRIPT("exit 3"));
	assert_false(tn_error_is_set(&job.error));
	assert_int_equal(job.status, 3);
	job_done(&job);
}

static unsigned
count_descriptors(void)
{
	unsigned n = 0;

	for (int fd = 0; fd < 1024; fd++)
		n += fcntl(fd, F_GETFD) >= 0 ? 1 : 0;
	return n;
}

static void
many_run_at_once_and_leave_nothing_open(void **state)
{
	enum { MANY = 60 };
	struct fixture *fixture = *state;
	struct tn_process_order order = SCRIPT("read -r n; sleep 0.1; echo $n; exit $n");
	struct job jobs[MANY] = { 0 };
	unsigned left = MANY, before = count_descriptors();
	char text[16];

	for (int i = 0; i < MANY; i++) {
		(void)snprintf(text, sizeof(text), "%d\n", i);
		order.input = tn_span(text);
		jobs[i].loop = fixture->loop;
		jobs[i].left = &left;
		(void)tn_runner_start(fixture->runner, &order, on_done, &jobs[i]);
	}
	assert_int_equal(tn_loop_run(fixture->loop, NULL), 0);
	for (int i = 0; i < MANY; i++) {
		(void)snprintf(text, sizeof(text), "%d\n", i);
		assert_string_equal(tn_str_text(&jobs[i].out), text);
		assert_int_equal(jobs[i].status, i);
		assert_int_equal(jobs[i].calls, 1);
		job_done(&jobs[i]);
	}
	assert_int_equal(count_descriptors(), before);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

/* --- What cannot be started --- */

static void
assert_refused(const struct fixture *fixture, struct tn_process_order order,
    enum tn_error_kind kind, const char *message, const char *hint)
{
	unsigned before = count_descriptors();
	struct job job = run(fixture, order);

	assert_false(job.started);
	assert_int_equal(job.error.kind, kind);
	assert_string_equal(job.error.message, message);
	if (hint != NULL)
		assert_string_equal(job.error.hint, hint);
	assert_int_equal(count_descriptors(), before);
	job_done(&job);
}

static void
a_program_that_is_not_there_is_named(void **state)
{
	struct tn_process_order order = ORDER("no-such-program", "x");

	order.search_path = "/usr/bin:relative:/bin";
	assert_refused(*state, order, TN_E_NOT_FOUND,
	    "there is no program \"no-such-program\" in /usr/bin:relative:/bin",
	    "install it, or give its absolute path");
	assert_refused(*state, ORDER("/none/such"), TN_E_NOT_FOUND,
	    "there is no program \"/none/such\"", "install it, or correct the path");
	assert_refused(*state, ORDER("./relative"), TN_E_INPUT,
	    "\"./relative\" is neither the name of a program nor an absolute path",
	    "give the name alone, or the path from / on");
	assert_refused(*state, ORDER(""), TN_E_INPUT,
	    "\"\" is neither the name of a program nor an absolute path", NULL);
}

static void
write_script(const struct fixture *fixture, const char *text, mode_t mode)
{
	FILE *file = fopen(fixture->path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(fixture->path, mode), 0);
}

static void
programs_are_found_in_the_search_path(void **state)
{
	struct fixture *fixture = *state;
	struct tn_process_order order = ORDER("file");
	TN_CLEANUP(tn_str_done) struct tn_str where = TN_STR_INIT;

	/* A relative part would be the directory that we happen to be in. */
	tn_str_addf(&where, ".:/none::%s:/bin", fixture->directory);
	order.search_path = tn_str_text(&where);
	write_script(fixture, "#!/bin/sh\necho found\n", 0700);
	assert_writes(fixture, order, "found\n");
}

static void
assert_script_refused(const struct fixture *fixture, const char *text, mode_t mode,
    const char *before, const char *after)
{
	struct tn_process_order order = ORDER(fixture->path);
	TN_CLEANUP(tn_str_done) struct tn_str message = TN_STR_INIT;

	write_script(fixture, text, mode);
	tn_str_addf(&message, "%s\"%s\"%s", before, fixture->path, after);
	assert_refused(fixture, order, TN_E_INPUT, tn_str_text(&message), NULL);
}

static void
what_is_no_program_is_refused(void **state)
{
	struct fixture *fixture = *state;
	struct tn_process_order order = ORDER("file");
	struct job job;

	assert_script_refused(fixture, "#!/bin/sh\n", 0600, "",
	    " is no program that may be run");
	order.search_path = fixture->directory;
	job = run(fixture, order);
	assert_int_equal(job.error.kind, TN_E_INPUT);
	job_done(&job);
	assert_script_refused(fixture, "#!/none/such\n", 0700, "program ",
	    " cannot be run: its interpreter is missing");
	assert_script_refused(fixture, "echo no shell was asked for\n", 0700, "program ",
	    " cannot be run: it is neither for this machine nor a script that begins "
	    "with #!");
	assert_refused(fixture, ORDER("/tmp"), TN_E_INPUT,
	    "\"/tmp\" is no program that may be run", NULL);
}

/* A single argument may have 128 KiB on Linux. */
static void
arguments_that_are_too_long_are_refused(void **state)
{
	char *text = pattern(1 << 20);

	for (size_t i = 0; i < (1 << 20) - 1; i++)
		text[i] = 'a';
	text[(1 << 20) - 1] = '\0';
	assert_refused(*state, ORDER("/bin/true", text), TN_E_LIMIT,
	    "program \"/bin/true\" cannot be run: its arguments and environment are too "
	    "long",
	    NULL);
	free(text);
}

static void
a_directory_that_is_not_there_is_named(void **state)
{
	struct tn_process_order order = ORDER("true");

	order.directory = "/none/such";
	assert_refused(*state, order, TN_E_SYSTEM,
	    "program \"/usr/bin/true\" cannot be started in directory \"/none/such\": No "
	    "such file or directory",
	    NULL);
}

static void
an_incomplete_order_is_a_bug(void **state)
{
	struct tn_process_order order = ORDER("true");

	order.deadline_ns = 0;
	assert_refused(*state, order, TN_E_BUG,
	    "a program was ordered without a name or a deadline", NULL);
	order = order_of(NULL);
	assert_refused(*state, order, TN_E_BUG,
	    "a program was ordered without a name or a deadline", NULL);
}

static void
nothing_runs_in_virtual_time(void **state TN_UNUSED)
{
	struct tn_loop *loop = tn_loop_new_virtual(0);
	struct tn_runner *runner = tn_runner_new(loop);
	struct tn_process_order order = ORDER("true");
	struct job job = { .loop = loop };

	(void)tn_runner_start(runner, &order, on_done, &job);
	assert_int_equal(job.calls, 0);
	assert_int_equal(tn_loop_run(loop, NULL), 0);
	assert_int_equal(job.error.kind, TN_E_BUG);
	assert_false(job.started);
	job_done(&job);
	tn_runner_free(runner);
	tn_loop_free(loop);
}

#define PROCESS_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		PROCESS_TEST(the_environment_is_the_list_and_nothing_else),
		PROCESS_TEST(arguments_arrive_as_they_are),
		PROCESS_TEST(all_descriptors_but_three_are_closed),
		PROCESS_TEST(standard_input_is_empty_unless_given),
		PROCESS_TEST(closed_standard_descriptors_of_ours_do_no_harm),
		PROCESS_TEST(signals_are_as_the_system_sets_them),
		PROCESS_TEST(it_leads_a_session_of_its_own),
		PROCESS_TEST(it_starts_where_it_is_told_to),
		PROCESS_TEST(input_larger_than_a_pipe_comes_back_whole),
		PROCESS_TEST(input_that_is_not_read_is_no_failure),
		PROCESS_TEST(a_secret_goes_in_and_comes_out_as_one),
		PROCESS_TEST(only_one_newline_is_taken_off_a_secret),
		PROCESS_TEST(output_closed_early_is_waited_out),
		PROCESS_TEST(who_stays_behind_does_not_hold_the_end_up),
		PROCESS_TEST(exactly_as_much_as_allowed_is_fine),
		PROCESS_TEST(more_output_than_allowed_ends_it),
		PROCESS_TEST(endless_output_ends_it_too),
		PROCESS_TEST(too_much_before_the_end_is_too_much),
		PROCESS_TEST(the_status_and_the_signal_are_told),
		PROCESS_TEST(the_deadline_ends_it),
		PROCESS_TEST(who_cleans_up_in_time_is_let),
		PROCESS_TEST(who_ignores_the_term_signal_is_killed),
		PROCESS_TEST(what_it_started_ends_with_it),
		PROCESS_TEST(who_cannot_be_killed_is_given_up),
		PROCESS_TEST(a_cancelled_one_is_ended_and_told),
		PROCESS_TEST(a_token_outlives_what_it_could_cancel),
		PROCESS_TEST(a_stopped_one_is_killed_and_not_told),
		PROCESS_TEST(a_runner_that_goes_takes_its_children_with_it),
		PROCESS_TEST(the_runner_may_be_freed_when_told),
		PROCESS_TEST(ignored_ends_of_children_are_seen),
		PROCESS_TEST(many_run_at_once_and_leave_nothing_open),
		PROCESS_TEST(a_program_that_is_not_there_is_named),
		PROCESS_TEST(programs_are_found_in_the_search_path),
		PROCESS_TEST(what_is_no_program_is_refused),
		PROCESS_TEST(arguments_that_are_too_long_are_refused),
		PROCESS_TEST(a_directory_that_is_not_there_is_named),
		PROCESS_TEST(an_incomplete_order_is_a_bug),
		PROCESS_TEST(nothing_runs_in_virtual_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
