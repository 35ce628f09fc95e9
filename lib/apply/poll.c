#include "apply/machine.h"

/* The first look is soon, later ones grow apart. */
#define FIRST_PAUSE   (500 * TN_MSEC)
#define LONGEST_PAUSE (5 * TN_SEC)
/* From here on one list call is cheaper than single reads. */
#define MANY 4

void
tn_poll_init(struct tn_poll *poll)
{
	poll->waiting = NULL;
	poll->pause = FIRST_PAUSE;
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
on_single(void *arg, const struct tn_op_result *result, const struct tn_error *err)
{
	struct tn_running *run = arg;

	if (given_up(run))
		return;
	if (err != NULL && err->kind == TN_E_NOT_FOUND)
		tn_forward_saw(run, NULL, NULL);
	else if (err != NULL)
		tn_forward_saw(run, NULL, err);
	else
		tn_forward_saw(run, result->n_actions > 0 ? &result->actions[0] : NULL,
		    NULL);
}

static void
look_single(struct tn_running *run)
{
	struct tn_op op = { .kind = TN_OP_GET_ACTION, .id = tn_running_action_id(run) };

	if (op.id == NULL) {
		op.kind = TN_OP_FIND_ACTION;
		op.name = run->step->name;
	}
	tn_remote_op(run->apply->options.remote, &op, on_single, run);
}

static struct tn_running *
take_waiting(struct tn_poll *poll)
{
	struct tn_running *waiting = poll->waiting;

	poll->waiting = NULL;
	return waiting;
}

static void
on_list(void *arg, struct tn_live *live, const struct tn_error *err)
{
	TN_CLEANUP(tn_live_freep) struct tn_live *owned = live;
	struct tn_running *run = arg;

	while (run != NULL) {
		struct tn_running *next = run->next_waiting;
		const char *id = tn_running_action_id(run);

		run->next_waiting = NULL;
		if (!given_up(run))
			tn_forward_saw(run,
			    owned == NULL    ? NULL
				: id == NULL ? tn_live_by_name(owned, run->step->name)
					     : tn_live_by_id(owned, id),
			    err);
		run = next;
	}
}

static void
look(void *arg)
{
	const struct tn_read_spec spec = { .actions = true };
	struct tn_apply *apply = arg;
	struct tn_running *run = take_waiting(&apply->poll);
	size_t n = 0;

	for (struct tn_running *each = run; each != NULL; each = each->next_waiting)
		n++;
	apply->poll.pause += apply->poll.pause / 2;
	if (apply->poll.pause > LONGEST_PAUSE)
		apply->poll.pause = LONGEST_PAUSE;
	if (n >= MANY) {
		tn_remote_read(apply->options.remote, &spec, on_list, run);
		return;
	}
	while (run != NULL) {
		struct tn_running *next = run->next_waiting;

		run->next_waiting = NULL;
		look_single(run);
		run = next;
	}
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
