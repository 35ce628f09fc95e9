#include "base/loop.h"

#include "base/loop_engine.h"
#include "base/mem.h"

void
tn_loop_init(struct tn_loop *loop, const struct tn_loop_engine *engine)
{
	*loop = (struct tn_loop){ .engine = engine };
}

void
tn_loop_free(struct tn_loop *loop)
{
	if (loop == NULL)
		return;
	tn_free(loop->heap);
	loop->engine->free(loop);
}

int64_t
tn_loop_now(const struct tn_loop *loop)
{
	return loop->in_callback ? loop->now : loop->engine->now(loop);
}

int64_t
tn_loop_unix(const struct tn_loop *loop)
{
	return loop->engine->unix_now(loop);
}

int64_t
tn_loop_longest(const struct tn_loop *loop)
{
	return loop->longest;
}

/* The timers: a binary heap in which each timer knows its slot. */

static bool
is_before(const struct tn_timer *a, const struct tn_timer *b)
{
	return a->due != b->due ? a->due < b->due : a->order < b->order;
}

static void
put_at(struct tn_loop *loop, struct tn_timer *timer, size_t slot)
{
	loop->heap[slot] = timer;
	timer->slot = slot;
}

static void
sift_up(struct tn_loop *loop, struct tn_timer *timer, size_t slot)
{
	while (slot > 0) {
		size_t parent = (slot - 1) / 2;

		if (!is_before(timer, loop->heap[parent]))
			break;
		put_at(loop, loop->heap[parent], slot);
		slot = parent;
	}
	put_at(loop, timer, slot);
}

static void
sift_down(struct tn_loop *loop, struct tn_timer *timer, size_t slot)
{
	for (;;) {
		size_t child = 2 * slot + 1;

		if (child >= loop->timers)
			break;
		if (child + 1 < loop->timers &&
		    is_before(loop->heap[child + 1], loop->heap[child]))
			child++;
		if (!is_before(loop->heap[child], timer))
			break;
		put_at(loop, loop->heap[child], slot);
		slot = child;
	}
	put_at(loop, timer, slot);
}

void
tn_timer_start(struct tn_timer *timer, struct tn_loop *loop, int64_t delay_ns,
    tn_loop_fn *fn, void *arg)
{
	tn_timer_stop(timer);
	timer->loop = loop;
	if (__builtin_add_overflow(tn_loop_now(loop), delay_ns > 0 ? delay_ns : 0,
		&timer->due))
		timer->due = INT64_MAX;
	timer->order = loop->next_order++;
	timer->fn = fn;
	timer->arg = arg;
	loop->heap = tn_grow(loop->heap, loop->timers, &loop->heap_cap,
	    sizeof(*loop->heap));
	sift_up(loop, timer, loop->timers++);
}

void
tn_timer_stop(struct tn_timer *timer)
{
	struct tn_loop *loop = timer->loop;
	struct tn_timer *last;
	size_t slot = timer->slot;

	if (loop == NULL)
		return;
	timer->loop = NULL;
	last = loop->heap[--loop->timers];
	if (last == timer)
		return;
	if (slot > 0 && is_before(last, loop->heap[(slot - 1) / 2]))
		sift_up(loop, last, slot);
	else
		sift_down(loop, last, slot);
}

bool
tn_timer_active(const struct tn_timer *timer)
{
	return timer->loop != NULL;
}

struct tn_timer *
tn_loop_first(const struct tn_loop *loop)
{
	return loop->timers > 0 ? loop->heap[0] : NULL;
}

void
tn_loop_fire(struct tn_timer *timer)
{
	struct tn_loop *loop = timer->loop;

	tn_timer_stop(timer);
	loop->in_callback = true;
	timer->fn(timer->arg);
	loop->in_callback = false;
}

/* The descriptors: the engine's business. */

int
tn_watch_start(struct tn_watch *watch, struct tn_loop *loop, int fd, unsigned events,
    void (*fn)(void *arg, unsigned events), void *arg, struct tn_error *err)
{
	int r;

	tn_watch_stop(watch);
	*watch = (struct tn_watch){
		.loop = loop,
		.fd = fd,
		.events = events,
		.fn = fn,
		.arg = arg,
	};
	r = loop->engine->watch_start(watch, err);
	if (r < 0) {
		watch->loop = NULL;
		return r;
	}
	loop->watches++;
	return 0;
}

int
tn_watch_change(struct tn_watch *watch, unsigned events, struct tn_error *err)
{
	int r;

	if (watch->loop == NULL)
		return tn_error_set(err, TN_E_BUG,
		    "a watch that is not active was changed");
	r = watch->loop->engine->watch_change(watch, events, err);
	if (r == 0)
		watch->events = events;
	return r;
}

void
tn_watch_stop(struct tn_watch *watch)
{
	if (watch->loop == NULL)
		return;
	watch->loop->engine->watch_stop(watch);
	watch->loop->watches--;
	watch->loop = NULL;
}

void
tn_loop_background(struct tn_loop *loop, int change)
{
	loop->background += (size_t)change;
}

/* Running. */

int
tn_loop_stalled(struct tn_error *err)
{
	return tn_error_set(err, TN_E_BUG,
	    "the loop has nothing left to wait for, and nobody stopped it");
}

int
tn_loop_run(struct tn_loop *loop, struct tn_error *err)
{
	int r = 0;

	if (loop->running || loop->in_callback)
		return tn_error_set(err, TN_E_BUG,
		    "the loop was run from inside a callback");
	loop->running = true;
	loop->stopped = false;
	while (r == 0 && !loop->stopped)
		r = loop->engine->turn(loop, err);
	loop->running = false;
	return r;
}

void
tn_loop_stop(struct tn_loop *loop)
{
	loop->stopped = true;
}
