#include "base/loop.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "base/loop_engine.h"
#include "base/mem.h"

static const int watched[] = { SIGINT, SIGTERM, SIGHUP };

struct tn_signals {
	struct tn_watch watch;
	void (*fn)(void *arg, int signal);
	void *arg;
	int pipe[2];
	struct sigaction before[TN_ARRAY_LEN(watched)];
};

/* The writing end, for the handler, which can reach nothing else; -1 without a set. */
static volatile sig_atomic_t pipe_end = -1;

/*
 * A handler and a pipe rather than signalfd: blocked signals would stay
 * blocked in child processes, handlers do not.
 */
static void
handle(int number)
{
	int saved = errno;
	unsigned char byte = (unsigned char)number;
	ssize_t ignored = write(pipe_end, &byte, 1);

	/* A full pipe holds thousands of signals that nobody has looked at yet. */
	(void)ignored;
	errno = saved;
}

static void
on_readable(void *arg, unsigned events TN_UNUSED)
{
	struct tn_signals *signals = arg;
	unsigned char number;

	/* One a call: fn may free the set. The loop calls again for the next one. */
	if (read(signals->pipe[0], &number, 1) == 1)
		signals->fn(signals->arg, number);
}

static void
restore(struct tn_signals *signals)
{
	for (size_t i = 0; i < TN_ARRAY_LEN(watched); i++)
		sigaction(watched[i], &signals->before[i], NULL);
	pipe_end = -1;
}

static void
install(struct tn_signals *signals)
{
	struct sigaction action = { .sa_handler = handle, .sa_flags = SA_RESTART };

	sigemptyset(&action.sa_mask);
	pipe_end = signals->pipe[1];
	for (size_t i = 0; i < TN_ARRAY_LEN(watched); i++) {
		sigaction(watched[i], &action, &signals->before[i]);
		/* Who was started with nohup outlives the terminal. */
		if (watched[i] == SIGHUP && signals->before[i].sa_handler == SIG_IGN)
			sigaction(SIGHUP, &signals->before[i], NULL);
	}
}

struct tn_signals *
tn_signals_new(struct tn_loop *loop, void (*fn)(void *arg, int signal), void *arg,
    struct tn_error *err)
{
	struct tn_signals *signals;

	if (pipe_end >= 0) {
		tn_error_set(err, TN_E_BUG, "the signals are taken already");
		return NULL;
	}
	signals = tn_new(struct tn_signals);
	signals->fn = fn;
	signals->arg = arg;
	if (pipe2(signals->pipe, O_CLOEXEC | O_NONBLOCK) < 0) {
		tn_error_errno(err, errno, "cannot make a pipe for signals");
		tn_free(signals);
		return NULL;
	}
	if (tn_watch_start(&signals->watch, loop, signals->pipe[0], TN_WATCH_READ,
		on_readable, signals, err) < 0) {
		close(signals->pipe[0]);
		close(signals->pipe[1]);
		tn_free(signals);
		return NULL;
	}
	tn_loop_background(loop, 1);
	install(signals);
	return signals;
}

void
tn_signals_free(struct tn_signals *signals)
{
	if (signals == NULL)
		return;
	restore(signals);
	tn_loop_background(signals->watch.loop, -1);
	tn_watch_stop(&signals->watch);
	close(signals->pipe[0]);
	close(signals->pipe[1]);
	tn_free(signals);
}
