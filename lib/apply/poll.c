#include "apply/kind.h"

/* The first look is soon, later ones grow apart. */
#define FIRST_PAUSE   (500 * TN_MSEC)
#define LONGEST_PAUSE (5 * TN_SEC)
/* So long a look gives way to calls that wait for the tenant's rate limit: what they
 * begin is built meanwhile, and one look is enough for many. Then it goes ahead of them,
 * as what they begin may be in vain. */
#define GIVES_WAY (10 * TN_SEC)
/* From here on one list call is cheaper than single reads. */
#define MANY 4

void
tn_poll_init(struct tn_poll *poll)
{
	poll->waiting = NULL;
	poll->pause = FIRST_PAUSE;
	poll->put_off = 0;
}

void
tn_poll_stop(struct tn_poll *poll)
{
	tn_timer_stop(&poll->timer);
	poll->waiting = NULL;
}

/* Steps that wait when others fail are left as they are: undo reads for itself. */
static bool
given_up(struct tn_running *run)
{
	if (!run->apply->failing)
		return false;
	tn_apply_advance(run->apply);
	return true;
}

static void
on_looked(void *arg, const struct tn_op_result *seen, const struct tn_error *err)
{
	struct tn_running *run = arg;

	if (given_up(run))
		return;
	if (err != NULL && err->kind == TN_E_NOT_FOUND)
		tn_forward_saw(run, NULL, NULL);
	else
		tn_forward_saw(run, seen, err);
}

void
tn_poll_now(struct tn_running *run)
{
	struct tn_op op = { 0 };

	tn_kind_of(run)->look(run, &op);
	tn_remote_op(run->apply->options.remote, &op, on_looked, run);
}

static struct tn_running *
take_waiting(struct tn_poll *poll)
{
	struct tn_running *waiting = poll->waiting;

	poll->waiting = NULL;
	return waiting;
}

/* As a single read would show it. */
static void
show_from_list(struct tn_running *run, const struct tn_live *live)
{
	const char *id = tn_running_action_id(run);
	const struct tn_live_action *action = id == NULL
	    ? tn_live_by_name(live, run->step->name)
	    : tn_live_by_id(live, id);
	struct tn_live_action shown;
	const struct tn_op_result seen = { .actions = &shown, .n_actions = 1 };

	if (action != NULL)
		shown = *action;
	tn_forward_saw(run, action == NULL ? NULL : &seen, NULL);
}

static void
on_list(void *arg, struct tn_live *live, const struct tn_error *err)
{
	TN_CLEANUP(tn_live_freep) struct tn_live *owned = live;
	struct tn_running *run = arg;

	while (run != NULL) {
		struct tn_running *next = run->next_waiting;

		run->next_waiting = NULL;
		if (given_up(run))
			;
		else if (err != NULL)
			tn_forward_saw(run, NULL, err);
		else
			show_from_list(run, owned);
		run = next;
	}
}

/* Those that a list of actions shows come out of the chain and are its result. */
static struct tn_running *
take_listed(struct tn_running **waiting, size_t *n)
{
	struct tn_running *listed = NULL;
	struct tn_running **from = waiting, **to = &listed;

	for (*n = 0; *from != NULL;) {
		struct tn_running *run = *from;

		if (!tn_kind_of(run)->in_list) {
			from = &run->next_waiting;
			continue;
		}
		*from = run->next_waiting;
		run->next_waiting = NULL;
		*to = run;
		to = &run->next_waiting;
		++*n;
	}
	return listed;
}

static void
look_each(struct tn_running *run)
{
	while (run != NULL) {
		struct tn_running *next = run->next_waiting;

		run->next_waiting = NULL;
		tn_poll_now(run);
		run = next;
	}
}

static bool
gives_way(struct tn_apply *apply)
{
	struct tn_poll *poll = &apply->poll;
	bool way = !apply->failing && poll->put_off < GIVES_WAY &&
	    tn_remote_is_held(apply->options.remote);

	poll->put_off = way ? poll->put_off + FIRST_PAUSE : 0;
	return way;
}

static void
look(void *arg)
{
	const struct tn_read_spec spec = { .actions = true, .ahead = true };
	struct tn_apply *apply = arg;
	struct tn_running *others, *listed;
	size_t n;

	if (gives_way(apply)) {
		tn_timer_start(&apply->poll.timer, apply->options.loop, FIRST_PAUSE, look,
		    apply);
		return;
	}
	others = take_waiting(&apply->poll);
	listed = take_listed(&others, &n);
	apply->poll.pause += apply->poll.pause / 2;
	if (apply->poll.pause > LONGEST_PAUSE)
		apply->poll.pause = LONGEST_PAUSE;
	if (n >= MANY)
		tn_remote_read(apply->options.remote, &spec, on_list, listed);
	else
		look_each(listed);
	look_each(others);
}

void
tn_poll_wait(struct tn_running *run)
{
	struct tn_apply *apply = run->apply;
	struct tn_poll *poll = &apply->poll;

	if (poll->waiting == NULL && !tn_timer_active(&poll->timer))
		tn_timer_start(&poll->timer, apply->options.loop, poll->pause, look,
		    apply);
	run->next_waiting = poll->waiting;
	poll->waiting = run;
}

void
tn_poll_fresh(struct tn_running *run)
{
	run->apply->poll.pause = FIRST_PAUSE;
	tn_poll_wait(run);
}
