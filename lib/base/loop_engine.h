/*
 * What the loop and its two engines share, internal to base. The loop keeps
 * the timers; an engine knows the time and waits.
 */
#ifndef TN_BASE_LOOP_ENGINE_H
#define TN_BASE_LOOP_ENGINE_H

#include "base/loop.h"

struct tn_loop_engine {
	/* One round: runs what is due, or waits for it. A negative kind ends the run. */
	int (*turn)(struct tn_loop *loop, struct tn_error *err);
	/* The time outside of callbacks; inside them it stands still in loop->now. */
	int64_t (*now)(const struct tn_loop *loop);
	int64_t (*unix_now)(const struct tn_loop *loop);
	int (*watch_start)(struct tn_watch *watch, struct tn_error *err);
	int (
	    *watch_change)(struct tn_watch *watch, unsigned events, struct tn_error *err);
	void (*watch_stop)(struct tn_watch *watch);
	void (*free)(struct tn_loop *loop);
};

struct tn_loop {
	const struct tn_loop_engine *engine;
	struct tn_timer **heap; /* by due, then order */
	size_t timers;
	size_t heap_cap;
	uint64_t next_order;
	size_t watches;
	size_t background; /* watches that are no reason to go on waiting */
	int64_t now;
	int64_t longest;
	bool running;
	bool in_callback;
	bool stopped;
};

/* For an engine's constructor; the engine embeds struct tn_loop as first member. */
void tn_loop_init(struct tn_loop *loop, const struct tn_loop_engine *engine);

/* The timer that is due first, or NULL. */
struct tn_timer *tn_loop_first(const struct tn_loop *loop);
/* Takes the timer out and calls its function; loop->now must be set before. */
void tn_loop_fire(struct tn_timer *timer);
int tn_loop_stalled(struct tn_error *err);

/* Says that a watch that is active is not worth waiting for alone. */
void tn_loop_background(struct tn_loop *loop, int change);

#endif
