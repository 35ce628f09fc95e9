#include "base/loop_engine.h"

#include <errno.h>
#include <limits.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"

#define BATCH 64

struct real_loop {
	struct tn_loop loop;
	int epoll;
	/* What the last wait reported; a watch that is stopped is taken out. */
	struct epoll_event events[BATCH];
	int event_count;
};

static int64_t
read_clock(clockid_t clock)
{
	struct timespec now;

	/* Cannot fail: both clocks exist wherever epoll does. */
	(void)clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * TN_SEC + now.tv_nsec;
}

static int64_t
real_now(const struct tn_loop *loop TN_UNUSED)
{
	return read_clock(CLOCK_MONOTONIC);
}

static int64_t
real_unix_now(const struct tn_loop *loop TN_UNUSED)
{
	return read_clock(CLOCK_REALTIME);
}

/* After a callback: how long it took, and the time for the next one. */
static void
account(struct tn_loop *loop)
{
	int64_t end = read_clock(CLOCK_MONOTONIC);

	if (end - loop->now > loop->longest)
		loop->longest = end - loop->now;
	loop->now = end;
}

/* Those that are due as the round begins; then descriptors get their turn. */
static void
fire_due(struct tn_loop *loop)
{
	int64_t until = loop->now;

	while (!loop->stopped) {
		struct tn_timer *timer = tn_loop_first(loop);

		if (timer == NULL || timer->due > until)
			break;
		tn_loop_fire(timer);
		account(loop);
	}
}

/* Milliseconds to the next timer, rounded up so that it is due then; -1 for ever. */
static int
timeout_of(const struct tn_loop *loop)
{
	const struct tn_timer *timer = tn_loop_first(loop);
	int64_t left;

	if (timer == NULL)
		return -1;
	left = timer->due - loop->now;
	if (left <= 0)
		return 0;
	left = left / TN_MSEC + (left % TN_MSEC > 0 ? 1 : 0);
	return left < INT_MAX ? (int)left : INT_MAX;
}

/* A hang-up or an error goes to whoever asked for anything: his call will see it. */
static unsigned
events_for(const struct tn_watch *watch, uint32_t reported)
{
	unsigned events = 0;

	if (reported & (EPOLLERR | EPOLLHUP))
		return watch->events;
	if (reported & EPOLLIN)
		events |= TN_WATCH_READ;
	if (reported & EPOLLOUT)
		events |= TN_WATCH_WRITE;
	return events & watch->events;
}

static void
dispatch(struct real_loop *real)
{
	struct tn_loop *loop = &real->loop;

	for (int i = 0; i < real->event_count && !loop->stopped; i++) {
		struct tn_watch *watch = real->events[i].data.ptr;
		unsigned events;

		if (watch == NULL)
			continue;
		events = events_for(watch, real->events[i].events);
		if (events == 0)
			continue;
		loop->in_callback = true;
		watch->fn(watch->arg, events);
		loop->in_callback = false;
		account(loop);
	}
	/* What a stop left over is still there for the next wait to report. */
	real->event_count = 0;
}

static int
real_turn(struct tn_loop *loop, struct tn_error *err)
{
	struct real_loop *real = (struct real_loop *)loop;
	int n;

	loop->now = read_clock(CLOCK_MONOTONIC);
	fire_due(loop);
	if (loop->stopped)
		return 0;
	if (loop->timers == 0 && loop->watches <= loop->background)
		return tn_loop_stalled(err);
	n = epoll_wait(real->epoll, real->events, BATCH, timeout_of(loop));
	if (n < 0 && errno != EINTR)
		return tn_error_errno(err, errno, "cannot wait for events");
	loop->now = read_clock(CLOCK_MONOTONIC);
	real->event_count = n > 0 ? n : 0;
	dispatch(real);
	return 0;
}

static int
control(struct tn_watch *watch, int operation, unsigned events, struct tn_error *err)
{
	struct real_loop *real = (struct real_loop *)watch->loop;
	struct epoll_event event = { .data.ptr = watch };

	if (events & TN_WATCH_READ)
		event.events |= EPOLLIN;
	if (events & TN_WATCH_WRITE)
		event.events |= EPOLLOUT;
	if (epoll_ctl(real->epoll, operation, watch->fd, &event) < 0)
		return tn_error_errno(err, errno, "cannot watch descriptor %d",
		    watch->fd);
	return 0;
}

/* A watch for nothing is left out: epoll would report its hang-up again and again. */
static int
real_watch_start(struct tn_watch *watch, struct tn_error *err)
{
	if (watch->events == 0)
		return 0;
	return control(watch, EPOLL_CTL_ADD, watch->events, err);
}

static int
real_watch_change(struct tn_watch *watch, unsigned events, struct tn_error *err)
{
	if (watch->events == events)
		return 0;
	if (watch->events == 0)
		return control(watch, EPOLL_CTL_ADD, events, err);
	if (events == 0)
		return control(watch, EPOLL_CTL_DEL, 0, err);
	return control(watch, EPOLL_CTL_MOD, events, err);
}

static void
real_watch_stop(struct tn_watch *watch)
{
	struct real_loop *real = (struct real_loop *)watch->loop;

	/* Fails when the owner closed the descriptor first, which took it out as well. */
	if (watch->events != 0)
		(void)control(watch, EPOLL_CTL_DEL, 0, NULL);
	for (int i = 0; i < real->event_count; i++) {
		if (real->events[i].data.ptr == watch)
			real->events[i].data.ptr = NULL;
	}
}

static void
real_free(struct tn_loop *loop)
{
	struct real_loop *real = (struct real_loop *)loop;

	close(real->epoll);
	tn_free(real);
}

static const struct tn_loop_engine real_engine = {
	.turn = real_turn,
	.now = real_now,
	.unix_now = real_unix_now,
	.watch_start = real_watch_start,
	.watch_change = real_watch_change,
	.watch_stop = real_watch_stop,
	.free = real_free,
};

struct tn_loop *
tn_loop_new(struct tn_error *err)
{
	int epoll = epoll_create1(EPOLL_CLOEXEC);
	struct real_loop *real;

	if (epoll < 0) {
		tn_error_errno(err, errno, "cannot make an epoll descriptor");
		return NULL;
	}
	real = tn_new(struct real_loop);
	tn_loop_init(&real->loop, &real_engine);
	real->epoll = epoll;
	return &real->loop;
}
