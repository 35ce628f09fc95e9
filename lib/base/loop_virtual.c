#include "base/loop_engine.h"

#include "base/mem.h"

struct virtual_loop {
	struct tn_loop loop;
	int64_t unix_at_zero;
};

bool
tn_loop_step(struct tn_loop *loop)
{
	struct tn_timer *timer = tn_loop_first(loop);

	if (timer == NULL || !tn_loop_is_virtual(loop) || loop->in_callback)
		return false;
	if (timer->due > loop->now)
		loop->now = timer->due;
	tn_loop_fire(timer);
	return true;
}

static int
virtual_turn(struct tn_loop *loop, struct tn_error *err)
{
	return tn_loop_step(loop) ? 0 : tn_loop_stalled(err);
}

static int64_t
virtual_now(const struct tn_loop *loop)
{
	return loop->now;
}

static int64_t
virtual_unix_now(const struct tn_loop *loop)
{
	return ((const struct virtual_loop *)loop)->unix_at_zero + loop->now;
}

static int
virtual_watch_start(struct tn_watch *watch, struct tn_error *err)
{
	return tn_error_set(err, TN_E_BUG,
	    "descriptor %d cannot be watched in virtual time", watch->fd);
}

static void
virtual_free(struct tn_loop *loop)
{
	tn_free(loop);
}

/* Nothing is ever watched here, so nothing is changed or stopped. */
static const struct tn_loop_engine virtual_engine = {
	.turn = virtual_turn,
	.now = virtual_now,
	.unix_now = virtual_unix_now,
	.watch_start = virtual_watch_start,
	.free = virtual_free,
};

struct tn_loop *
tn_loop_new_virtual(int64_t unix_ns)
{
	struct virtual_loop *virtual = tn_new(struct virtual_loop);

	tn_loop_init(&virtual->loop, &virtual_engine);
	virtual->unix_at_zero = unix_ns;
	return &virtual->loop;
}

void
tn_loop_set_unix(struct tn_loop *loop, int64_t unix_ns)
{
	if (tn_loop_is_virtual(loop))
		((struct virtual_loop *)loop)->unix_at_zero = unix_ns - loop->now;
}

bool
tn_loop_is_virtual(const struct tn_loop *loop)
{
	return loop->engine == &virtual_engine;
}
