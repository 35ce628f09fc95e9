/*
 * The loop: the only place that waits or reads a clock. Timers, descriptors,
 * deferred work and cancellation, over two engines: a real one (epoll and the
 * system's clocks) and a virtual one, whose time jumps to the next timer, so
 * that hours pass in a millisecond and every run can be played again.
 *
 * Timers, watches and hooks are embedded in their owner and never freed by the
 * loop; stopping one that is not active is allowed. A callback may stop or
 * start any of them, its own included. Callbacks never run inside the call that
 * started them. Timers that are due at the same time fire in the order in which they were
 * started. One thread.
 */
#ifndef TN_BASE_LOOP_H
#define TN_BASE_LOOP_H

#include "base/defs.h"
#include "base/error.h"

struct tn_loop;

typedef void tn_loop_fn(void *arg);

struct tn_timer {
	struct tn_loop *loop; /* NULL when not active */
	int64_t due;
	uint64_t order;
	size_t slot;
	tn_loop_fn *fn;
	void *arg;
};

enum { TN_WATCH_READ = 1, TN_WATCH_WRITE = 2 };

struct tn_watch {
	struct tn_loop *loop; /* NULL when not active */
	int fd;
	unsigned events;
	void (*fn)(void *arg, unsigned events);
	void *arg;
};

struct tn_loop *tn_loop_new(struct tn_error *err); /* real; NULL on failure */
struct tn_loop *tn_loop_new_virtual(int64_t unix_ns);
/* Nothing of it may be active any more but what is never touched again. */
void tn_loop_free(struct tn_loop *loop);
TN_DEFINE_FREEP(tn_loop, tn_loop_free)

/* Virtual: somebody sets the clock of the machine, forth or back. */
void tn_loop_set_unix(struct tn_loop *loop, int64_t unix_ns);

/* Monotonic nanoseconds; the same during one callback. */
int64_t tn_loop_now(const struct tn_loop *loop);
/* Nanoseconds since 1970. */
int64_t tn_loop_unix(const struct tn_loop *loop);
bool tn_loop_is_virtual(const struct tn_loop *loop);

/* delay < 0 counts as 0. Starting an active timer restarts it. */
void tn_timer_start(struct tn_timer *timer, struct tn_loop *loop, int64_t delay_ns,
    tn_loop_fn *fn, void *arg);
void tn_timer_stop(struct tn_timer *timer);
bool tn_timer_active(const struct tn_timer *timer);

/*
 * Real engine only. fd stays the caller's, who stops the watch before closing it. One
 * watch a descriptor. Level-triggered: fn is called as long as the descriptor is ready,
 * and for a hang-up or an error with all the events that were asked for. A watch for no
 * events (0) rests.
 */
int tn_watch_start(struct tn_watch *watch, struct tn_loop *loop, int fd, unsigned events,
    void (*fn)(void *arg, unsigned events), void *arg, struct tn_error *err) TN_MUST_USE;
int tn_watch_change(struct tn_watch *watch, unsigned events,
    struct tn_error *err) TN_MUST_USE;
void tn_watch_stop(struct tn_watch *watch);

/*
 * Runs until tn_loop_stop is called, which ends it after the callback under way and does
 * nothing outside of a run. TN_E_BUG when nothing is active any more (signals alone do
 * not count): whoever waits would wait for ever. The loop can be run again, but not from
 * inside a callback.
 */
int tn_loop_run(struct tn_loop *loop, struct tn_error *err) TN_MUST_USE;
void tn_loop_stop(struct tn_loop *loop);
/* One callback of the virtual engine; false when there is none, or from inside one. */
bool tn_loop_step(struct tn_loop *loop);

/* Nanoseconds of the longest callback so far (real engine): has somebody blocked? */
int64_t tn_loop_longest(const struct tn_loop *loop);

/*
 * Cancellation: a token that is fired once. Hooks run in the order in which they were
 * added, from inside tn_cancel_fire. Hooking on to a token that was fired does nothing:
 * ask tn_cancel_fired first.
 */
struct tn_cancel_hook {
	struct tn_cancel *cancel; /* NULL when not active */
	struct tn_cancel_hook *next;
	tn_loop_fn *fn;
	void *arg;
};

struct tn_cancel {
	bool fired;
	const char *reason; /* for messages, set before it is fired; NULL: somebody's wish
			     */
	struct tn_cancel_hook *hooks;
};

void tn_cancel_hook(struct tn_cancel *cancel, struct tn_cancel_hook *hook, tn_loop_fn *fn,
    void *arg);
void tn_cancel_unhook(struct tn_cancel_hook *hook);
void tn_cancel_fire(struct tn_cancel *cancel);
/* cancel may be NULL. */
bool tn_cancel_fired(const struct tn_cancel *cancel);
/* Sets TN_E_CANCELLED with the words, and the reason behind them, and returns it. */
int tn_cancel_error(const struct tn_cancel *cancel, const char *words,
    struct tn_error *err);

/*
 * SIGINT and SIGTERM as events of the real engine; fn gets the signal's
 * number. At most one set a process; free restores what was. fn may free the set.
 */
struct tn_signals;
struct tn_signals *tn_signals_new(struct tn_loop *loop, void (*fn)(void *arg, int signal),
    void *arg, struct tn_error *err);
void tn_signals_free(struct tn_signals *signals);

#endif
