#include "base/process.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/capture.h"
#include "base/loop_engine.h"
#include "base/mem.h"
#include "base/secret.h"
#include "base/spawn.h"
#include "base/time.h"

/* How long a program may clean up, and how long the system may take to kill it. */
#define GRACE   (2 * TN_SEC)
#define KILLING TN_SEC

struct tn_process {
	struct real_runner *runner;
	struct tn_process *next, *prev;
	tn_process_done_fn *done; /* NULL: nobody waits for it any more */
	void *arg;
	char *name;

	pid_t pid;
	int pidfd;
	struct tn_watch exit_watch;
	struct tn_timer timer;
	struct tn_cancel_hook cancel_hook;
	int64_t deadline_ns;

	struct tn_pipe_end in;
	char *input;
	struct tn_secret *secret_input;
	struct tn_span left; /* of either, to be written */
	struct tn_capture out, err;
	struct tn_error error; /* why it is ended, or was not started */
};

struct real_runner {
	struct tn_runner runner;
	struct tn_loop *loop;
	struct tn_process *processes;
};

/* --- The end of it --- */

static void
link_in(struct real_runner *runner, struct tn_process *process)
{
	process->runner = runner;
	process->next = runner->processes;
	if (process->next != NULL)
		process->next->prev = process;
	runner->processes = process;
}

static void
unlink_from(struct tn_process *process)
{
	if (process->prev != NULL)
		process->prev->next = process->next;
	else
		process->runner->processes = process->next;
	if (process->next != NULL)
		process->next->prev = process->prev;
}

/* All but what is needed to see it end. */
static void
let_go(struct tn_process *process)
{
	tn_timer_stop(&process->timer);
	tn_cancel_unhook(&process->cancel_hook);
	tn_pipe_close(&process->in);
	tn_capture_done(&process->out);
	tn_capture_done(&process->err);
	tn_secret_unref(tn_take(process->secret_input));
	tn_free(tn_take(process->input));
}

/*
 * As long as it was not waited for, its number is nobody else's and its group's neither.
 * What cannot be reached so (a program of another user) is reached by no other way.
 */
static void
signal_group(const struct tn_process *process, int number)
{
	(void)kill(-process->pid, number);
}

/* Nobody waits for it any more, but the system keeps it until its end was seen. */
static void
abandon(struct tn_process *process)
{
	signal_group(process, SIGKILL);
	let_go(process);
	process->done = NULL;
	tn_loop_background(process->runner->loop, 1);
}

static void
process_free(struct tn_process *process)
{
	if (process->exit_watch.loop != NULL && process->done == NULL)
		tn_loop_background(process->runner->loop, -1);
	let_go(process);
	tn_watch_stop(&process->exit_watch);
	if (process->pidfd >= 0)
		close(process->pidfd);
	unlink_from(process);
	tn_free(process->name);
	tn_error_done(&process->error);
	tn_free(process);
}

/* From here on its number may become somebody else's. */
static void
reap(struct tn_process *process, struct tn_process_result *result)
{
	siginfo_t info = { .si_pid = 0 };

	if (waitid(P_PID, (id_t)process->pid, &info, WEXITED | WNOHANG) < 0)
		tn_error_errno(&process->error, errno, "cannot tell how \"%s\" ended",
		    process->name);
	else if (info.si_code == CLD_EXITED)
		result->status = info.si_status;
	else
		result->signal = info.si_status;
}

/* --- Telling --- */

/* What is told outlives the process: done may free the runner and all that it has. */
struct farewell {
	tn_process_done_fn *done;
	void *arg;
	struct tn_capture out, err;
	struct tn_error error;
};

static struct farewell
take_farewell(struct tn_process *process)
{
	struct farewell farewell = {
		.done = process->done,
		.arg = process->arg,
		.out = tn_capture_take(&process->out),
		.err = tn_capture_take(&process->err),
		.error = process->error,
	};

	process->error = (struct tn_error)TN_ERROR_INIT;
	return farewell;
}

/* result has status and signal; it gets the rest. NULL when there was no child. */
static void
say(struct farewell *farewell, struct tn_process_result *result)
{
	TN_CLEANUP(tn_secret_unrefp) struct tn_secret *secret = NULL;

	if (result != NULL) {
		if (farewell->out.mem.ptr != NULL)
			secret = tn_capture_secret(&farewell->out);
		else
			result->out = tn_capture_span(&farewell->out);
		result->secret = secret;
		result->err = tn_capture_span(&farewell->err);
	}
	farewell->done(farewell->arg, result,
	    tn_error_is_set(&farewell->error) ? &farewell->error : NULL);
	tn_capture_done(&farewell->out);
	tn_capture_done(&farewell->err);
	tn_error_done(&farewell->error);
}

/* --- Ending it --- */

/* Not even by SIGKILL: it runs as somebody else, or hangs in the system. */
static void
on_unkillable(void *arg)
{
	struct tn_process *process = arg;
	struct tn_process_result result = { .signal = SIGKILL };
	struct farewell farewell = take_farewell(process);

	abandon(process);
	say(&farewell, &result);
}

static void
on_grace_over(void *arg)
{
	struct tn_process *process = arg;

	signal_group(process, SIGKILL);
	tn_timer_start(&process->timer, process->runner->loop, KILLING, on_unkillable,
	    process);
}

/* The error, which was set before, says why. */
static void
end_it(struct tn_process *process)
{
	tn_cancel_unhook(&process->cancel_hook);
	tn_pipe_close(&process->in);
	signal_group(process, SIGTERM);
	tn_timer_start(&process->timer, process->runner->loop, GRACE, on_grace_over,
	    process);
}

static void
on_deadline(void *arg)
{
	struct tn_process *process = arg;

	char time[24];

	tn_duration_format(process->deadline_ns, time);
	tn_error_set(&process->error, TN_E_TRANSIENT,
	    "program \"%s\" did not end within %s and was stopped", process->name, time);
	end_it(process);
}

static void
on_cancel(void *arg)
{
	struct tn_process *process = arg;

	tn_error_set(&process->error, TN_E_CANCELLED, "program \"%s\" was stopped",
	    process->name);
	end_it(process);
}

/* --- Its output --- */

static void
check_bound(struct tn_process *process, const struct tn_capture *capture)
{
	if (!tn_capture_overflowed(capture) || tn_error_is_set(&process->error))
		return;
	tn_error_set(&process->error, TN_E_LIMIT,
	    "program \"%s\" wrote more than %zu bytes to its standard %s and was stopped",
	    process->name, capture->max, capture == &process->out ? "output" : "error");
	end_it(process);
}

static void
on_out(void *arg, unsigned events TN_UNUSED)
{
	struct tn_process *process = arg;

	(void)tn_capture_read(&process->out);
	check_bound(process, &process->out);
}

static void
on_err(void *arg, unsigned events TN_UNUSED)
{
	struct tn_process *process = arg;

	(void)tn_capture_read(&process->err);
	check_bound(process, &process->err);
}

/* What the program itself wrote is all there when it has ended. */
static void
drain(struct tn_process *process, struct tn_capture *capture)
{
	while (tn_capture_read(capture))
		;
	check_bound(process, capture);
}

static void
on_ended(void *arg, unsigned events TN_UNUSED)
{
	struct tn_process *process = arg;
	struct tn_process_result result = { .status = 0 };
	struct farewell farewell;

	/* Whatever it left in its group ends with it. */
	signal_group(process, SIGKILL);
	drain(process, &process->out);
	drain(process, &process->err);
	reap(process, &result);
	if (process->done == NULL) {
		process_free(process);
		return;
	}
	farewell = take_farewell(process);
	process_free(process);
	say(&farewell, &result);
}

/* --- Its input --- */

/* A program need not read it: that it closed the pipe is no failure of ours. */
static void
on_writable(void *arg, unsigned events TN_UNUSED)
{
	struct tn_process *process = arg;
	ssize_t n = write(process->in.fd, process->left.ptr, process->left.len);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n > 0) {
		process->left.ptr += n;
		process->left.len -= (size_t)n;
	}
	if (n < 0 || process->left.len == 0)
		tn_pipe_close(&process->in);
}

static void
keep_input(struct tn_process *process, const struct tn_process_order *order)
{
	if (order->secret_input != NULL) {
		process->secret_input = tn_secret_ref(order->secret_input);
		process->left = tn_secret_reveal(process->secret_input);
	} else if (order->input.len > 0) {
		process->input = tn_strndup(order->input.ptr, order->input.len);
		process->left = tn_span_of(process->input, order->input.len);
	}
}

/* --- Starting it --- */

static int
make_pipes(struct tn_process *process, int theirs[3], struct tn_error *err)
{
	int r = 0;

	if (process->left.len > 0)
		r = tn_pipe_make(TN_PIPE_WE_WRITE, &process->in, &theirs[0], err);
	if (r == 0)
		r = tn_pipe_make(TN_PIPE_WE_READ, &process->out.end, &theirs[1], err);
	if (r == 0)
		r = tn_pipe_make(TN_PIPE_WE_READ, &process->err.end, &theirs[2], err);
	return r;
}

static int
watch(struct tn_process *process, struct tn_pipe_end *end, unsigned events,
    void (*fn)(void *arg, unsigned events), struct tn_error *err)
{
	if (end->fd < 0)
		return 0;
	return tn_watch_start(&end->watch, process->runner->loop, end->fd, events, fn,
	    process, err);
}

static int
watch_pipes(struct tn_process *process, struct tn_error *err)
{
	int r = watch(process, &process->in, TN_WATCH_WRITE, on_writable, err);

	if (r == 0)
		r = watch(process, &process->out.end, TN_WATCH_READ, on_out, err);
	if (r == 0)
		r = watch(process, &process->err.end, TN_WATCH_READ, on_err, err);
	return r;
}

static int
spawn(struct tn_process *process, const struct tn_process_order *order,
    struct tn_error *err)
{
	int theirs[3] = { -1, -1, -1 };
	int r = make_pipes(process, theirs, err);

	if (r == 0)
		r = watch_pipes(process, err);
	if (r == 0)
		r = tn_spawn(order, theirs, &process->pid, err);
	for (int i = 0; i < 3; i++) {
		if (theirs[i] >= 0)
			close(theirs[i]);
	}
	return r;
}

/* A child that cannot be watched is ended on the spot, before it did much. */
static int
watch_end(struct tn_process *process, struct tn_error *err)
{
	siginfo_t unseen;
	int r;

	process->pidfd = pidfd_open(process->pid, 0);
	if (process->pidfd < 0)
		r = tn_error_errno(err, errno, "cannot watch program \"%s\"",
		    process->name);
	else
		r = tn_watch_start(&process->exit_watch, process->runner->loop,
		    process->pidfd, TN_WATCH_READ, on_ended, process, err);
	if (r < 0) {
		signal_group(process, SIGKILL);
		(void)waitid(P_PID, (id_t)process->pid, &unseen, WEXITED);
	}
	return r;
}

static int
check_order(const struct real_runner *runner, const struct tn_process_order *order,
    struct tn_error *err)
{
	if (tn_loop_is_virtual(runner->loop))
		return tn_error_set(err, TN_E_BUG,
		    "no program can be run in virtual time");
	if (order->argv == NULL || order->argv[0] == NULL || order->deadline_ns <= 0)
		return tn_error_set(err, TN_E_BUG,
		    "a program was ordered without a name or a deadline");
	if (tn_cancel_fired(order->cancel))
		return tn_error_set(err, TN_E_CANCELLED, "program \"%s\" was not started",
		    order->argv[0]);
	return 0;
}

static void
on_not_started(void *arg)
{
	struct tn_process *process = arg;
	struct farewell farewell = take_farewell(process);

	process_free(process);
	say(&farewell, NULL);
}

static void
begin(struct tn_process *process, const struct tn_process_order *order)
{
	struct tn_loop *loop = process->runner->loop;
	int r = check_order(process->runner, order, &process->error);

	if (r == 0)
		r = spawn(process, order, &process->error);
	if (r == 0)
		r = watch_end(process, &process->error);
	if (r < 0) {
		let_go(process);
		tn_timer_start(&process->timer, loop, 0, on_not_started, process);
		return;
	}
	process->deadline_ns = order->deadline_ns;
	tn_timer_start(&process->timer, loop, order->deadline_ns, on_deadline, process);
	if (order->cancel != NULL)
		tn_cancel_hook(order->cancel, &process->cancel_hook, on_cancel, process);
}

static struct tn_process *
real_start(struct tn_runner *runner, const struct tn_process_order *order,
    tn_process_done_fn *done, void *arg)
{
	enum tn_capture_kind kind = order->secret_out ? TN_CAPTURE_SECRET
						      : TN_CAPTURE_TEXT;
	struct tn_process *process = tn_new(struct tn_process);

	process->done = done;
	process->arg = arg;
	process->pidfd = -1;
	process->in = (struct tn_pipe_end)TN_PIPE_END_INIT;
	process->name = tn_strdup(order->argv != NULL ? order->argv[0] : NULL);
	tn_capture_init(&process->out, kind, order->out_max);
	tn_capture_init(&process->err, kind, order->err_max);
	keep_input(process, order);
	link_in((struct real_runner *)runner, process);
	begin(process, order);
	return process;
}

/* --- The runner --- */

static void
real_stop(struct tn_runner *runner TN_UNUSED, struct tn_process *process)
{
	if (process->exit_watch.loop == NULL)
		process_free(process);
	else
		abandon(process);
}

/* What takes its time to die is waited for by the system's first process, in the end. */
static void
real_free(struct tn_runner *runner)
{
	struct real_runner *real = (struct real_runner *)runner;

	while (real->processes != NULL) {
		struct tn_process_result unseen = { .status = 0 };

		if (real->processes->exit_watch.loop != NULL) {
			signal_group(real->processes, SIGKILL);
			reap(real->processes, &unseen);
		}
		process_free(real->processes);
	}
	tn_free(real);
}

static const struct tn_runner_ops real_ops = {
	.start = real_start,
	.stop = real_stop,
	.free = real_free,
};

struct tn_runner *
tn_runner_new(struct tn_loop *loop)
{
	struct real_runner *real = tn_new(struct real_runner);

	/* Where our own parent had it ignored, no child would leave a status behind. */
	(void)signal(SIGCHLD, SIG_DFL);
	real->runner.ops = &real_ops;
	real->loop = loop;
	return &real->runner;
}
