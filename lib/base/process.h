/*
 * Other programs, run as children in the loop. A program is started directly, without a
 * shell, and gets nothing of ours but what is written in its order: its arguments, its
 * environment, three descriptors. Every other descriptor is closed, signals are as the
 * system sets them, and it leads a session of its own, so that it has no terminal to ask
 * at and can be ended together with what it started. Our memory is never copied for it.
 *
 * Each child has a deadline and a bound for what it writes. When the program ends, or has
 * to end, whatever is left of its process group is killed; only what has left that group
 * by itself outlives it.
 *
 * A runner is how programs are run: for real (tn_runner_new), or by a table of answers in
 * tests and simulations, as nothing can be run in virtual time. The programs of this
 * project ignore SIGPIPE; whoever feeds a child has to.
 */
#ifndef TN_BASE_PROCESS_H
#define TN_BASE_PROCESS_H

#include "base/loop.h"
#include "base/str.h"

struct tn_runner;
struct tn_process; /* each runner has its own */
struct tn_secret;

/* Where programs are looked for unless the order says otherwise. */
#define TN_PROCESS_PATH "/usr/local/bin:/usr/bin:/bin"

struct tn_process_order {
	/*
	 * Ends with NULL. argv[0] is an absolute path, or a name that is looked for in
	 * search_path. Everybody on the machine can read arguments: no secrets.
	 */
	const char *const *argv;
	const char *search_path; /* what is not absolute in it is passed over; NULL: above
				  */
	const char *const *env; /* "NAME=value" …, ends with NULL; NULL: nothing at all */
	const char *directory; /* where it starts; NULL: "/" */

	/* Its standard input; with neither it is /dev/null. */
	struct tn_span input;
	const struct tn_secret *secret_input;

	/* Bytes of standard output and of standard error. More, and it is ended. */
	size_t out_max, err_max;
	bool secret_out; /* both are kept in memory that is locked and wiped */

	int64_t deadline_ns;      /* from the start; must be given */
	struct tn_cancel *cancel; /* may be NULL; fired: it is ended */
};

struct tn_process_result {
	int status; /* its exit status; 0 when a signal ended it */
	int signal; /* 0, or what ended it */
	struct tn_span out, err;
	/* Instead of out with secret_out; one newline at its end is taken off. */
	const struct tn_secret *secret;
};

/*
 * All is borrowed for the call. err is NULL when the program ended by itself, with
 * whatever status or signal. Otherwise
 *   TN_E_NOT_FOUND, TN_E_INPUT, TN_E_SYSTEM  it was not started, and result is NULL
 *   TN_E_TRANSIENT   the deadline passed
 *   TN_E_LIMIT       it wrote too much
 *   TN_E_CANCELLED   it was cancelled
 *   TN_E_BUG         the order is incomplete, or the time is virtual
 * and after the middle three result holds what it wrote before; it was sent SIGTERM, and
 * SIGKILL two seconds later.
 */
typedef void tn_process_done_fn(void *arg, const struct tn_process_result *result,
    const struct tn_error *err);

struct tn_runner_ops {
	struct tn_process *(*start)(struct tn_runner *runner,
	    const struct tn_process_order *order, tn_process_done_fn *done, void *arg);
	void (*stop)(struct tn_runner *runner, struct tn_process *process);
	void (*free)(struct tn_runner *runner);
};

struct tn_runner {
	const struct tn_runner_ops *ops;
};

/*
 * Everything but the cancel token is copied; of a secret, a reference is kept. done comes
 * from the loop, never from inside this call, and once, unless the process is stopped
 * before. The process is valid until then.
 */
struct tn_process *tn_runner_start(struct tn_runner *runner,
    const struct tn_process_order *order, tn_process_done_fn *done, void *arg);
/* Kills it at once; done is not called any more. process may be NULL. */
void tn_runner_stop(struct tn_runner *runner, struct tn_process *process);
/* Before its loop. Kills what still runs. */
void tn_runner_free(struct tn_runner *runner);
TN_DEFINE_FREEP(tn_runner, tn_runner_free)

/* The machine's. Linux 5.3 or newer (pidfd_open, clone(2)). */
struct tn_runner *tn_runner_new(struct tn_loop *loop);

/* How it ended, for people: "ended with status 3", "was ended by signal 9 (Killed)". */
void tn_process_describe(const struct tn_process_result *result, struct tn_str *out);

#endif
