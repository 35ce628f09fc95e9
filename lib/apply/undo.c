#include "apply/machine.h"

#include "apply/judge.h"
#include "base/mem.h"

/* Between a remedy and the next look, and how long its effect may stay unseen before it
 * is tried again. */
#define PAUSE       (500 * TN_MSEC)
#define AGAIN_AFTER (20 * TN_SEC)
#define REMEDIES    4

static void next(struct tn_apply *apply);
static void look(void *arg);

static void
leave(struct tn_running *run, enum tn_step_state state, const struct tn_error *why)
{
	if (why != NULL)
		tn_error_copy(&run->stuck, why);
	tn_running_move(run, state);
	tn_journal_add(&run->apply->journal, run->step->number, tn_step_state_name(state),
	    tn_journal_payload(run), NULL, NULL);
	next(run->apply);
}

static void
look_later(struct tn_running *run, int64_t pause)
{
	tn_timer_start(&run->timer, run->apply->options.loop, pause, look, run);
}

static void
on_remedy(void *arg, const struct tn_op_result *result, const struct tn_error *err)
{
	struct tn_running *run = arg;

	if (err != NULL && err->kind == TN_E_UNKNOWN) {
		look_later(run, tn_remote_call_deadline(run->apply->options.remote));
		return;
	}
	if (err != NULL && err->kind != TN_E_NOT_FOUND) {
		leave(run, TN_STEP_STUCK, err);
		return;
	}
	/* The answer of a rebind is the list as it is now. */
	if (err == NULL && run->step->kind == TN_STEP_BIND &&
	    tn_flow_equal(&run->target, &result->flow)) {
		leave(run, TN_STEP_UNDONE, NULL);
		return;
	}
	look_later(run, PAUSE);
}

static void
send_remedy(struct tn_running *run, enum tn_remedy remedy)
{
	const struct tn_step *step = run->step;
	struct tn_op op = {
		.id = tn_running_action_id(run),
		.name = step->name,
		.trigger = step->trigger,
	};

	switch (remedy) {
	case TN_DELETE:
		op.kind = TN_OP_DELETE_ACTION;
		break;
	case TN_REDRAFT:
		op.kind = TN_OP_UPDATE_ACTION;
		op.content = &step->before.draft;
		op.left_out = step->left_out;
		break;
	case TN_REDEPLOY:
		op.kind = TN_OP_DEPLOY_VERSION;
		op.version_id = step->before.live.id;
		/*
		 * A draft of somebody's that differed comes back by itself, in its own
		 * step.
		 */
		op.update_draft = tn_live_action_clean(&step->before) && run->own_draft;
		run->followed = true;
		break;
	case TN_REBIND:
		op.kind = TN_OP_SET_FLOW;
		op.flow = &run->target;
		break;
	case TN_AS_BEFORE:
	case TN_WAIT:
	case TN_NO_REMEDY:
		return;
	}
	tn_remote_op(run->apply->options.remote, &op, on_remedy, run);
}

static void
on_recorded(void *arg, const struct tn_error *err)
{
	struct tn_running *run = arg;

	if (err != NULL) {
		leave(run, TN_STEP_STUCK, err);
		return;
	}
	run->sent = true;
	send_remedy(run, run->remedy);
}

static void
remedy_now(struct tn_running *run, enum tn_remedy remedy)
{
	run->remedy = remedy;
	run->remedies++;
	run->remedied = tn_loop_now(run->apply->options.loop);
	tn_journal_add(&run->apply->journal, run->step->number, "undoing",
	    tn_journal_payload(run), on_recorded, run);
}

static void
too_long(struct tn_running *run)
{
	TN_CLEANUP(tn_error_done) struct tn_error why = TN_ERROR_INIT;

	tn_error_set(&why, TN_E_TRANSIENT,
	    "%s could not be seen put back within %d minutes", run->step->name,
	    (int)(TN_UNDO_PATIENCE / (60 * TN_SEC)));
	tn_error_hint(&why, "run tenon apply again: it goes on with putting back");
	leave(run, TN_STEP_STUCK, &why);
}

static void
act_on(struct tn_running *run, enum tn_remedy remedy, const struct tn_error *why)
{
	int64_t now = tn_loop_now(run->apply->options.loop);
	bool waits = remedy == TN_WAIT ||
	    (run->remedies > 0 && remedy == run->remedy &&
		now - run->remedied < AGAIN_AFTER);

	if (remedy == TN_AS_BEFORE)
		leave(run, TN_STEP_UNDONE, NULL);
	else if (remedy == TN_NO_REMEDY)
		leave(run, TN_STEP_STUCK, why);
	else if (now > run->patience && remedy == TN_WAIT && run->remedies == 0)
		/* Everything is as before: what never showed had no effect. */
		leave(run, TN_STEP_UNDONE, NULL);
	else if (now > run->patience || (!waits && run->remedies >= REMEDIES))
		too_long(run);
	else if (waits)
		look_later(run, 2 * PAUSE);
	else
		remedy_now(run, remedy);
}

static enum tn_remedy
flow_remedy(struct tn_running *run, const struct tn_flow *live)
{
	struct tn_flow target = tn_judge_flow_target(run, live, run->apply->arena);

	if (tn_flow_equal(&target, live))
		return TN_AS_BEFORE;
	/* What was read dies with this call. */
	tn_flow_copy(run->apply->arena, &run->target, &target);
	return TN_REBIND;
}

static void
on_look(void *arg, const struct tn_op_result *result, const struct tn_error *err)
{
	TN_CLEANUP(tn_error_done) struct tn_error why = TN_ERROR_INIT;
	struct tn_running *run = arg;
	enum tn_remedy remedy;

	if (err != NULL && err->kind != TN_E_NOT_FOUND) {
		leave(run, TN_STEP_STUCK, err);
		return;
	}
	if (run->step->kind == TN_STEP_BIND && err == NULL)
		remedy = flow_remedy(run, &result->flow);
	else if (run->step->kind == TN_STEP_BIND)
		remedy = TN_NO_REMEDY;
	else
		remedy = tn_judge_action_undo(run,
		    err == NULL && result->n_actions > 0 ? &result->actions[0] : NULL,
		    &why);
	if (remedy == TN_NO_REMEDY && err != NULL && !tn_error_is_set(&why))
		tn_error_copy(&why, err);
	run->own_draft = err == NULL && result->n_actions > 0 &&
	    tn_content_differs(&result->actions[0].draft, &run->step->after) == 0;
	/* The answer to the creation was lost, and the action was found by its name. */
	if (remedy == TN_DELETE && run->action_id == NULL)
		run->action_id = tn_strdup(result->actions[0].id);
	act_on(run, remedy, &why);
}

static void
look(void *arg)
{
	struct tn_running *run = arg;
	struct tn_op op = { .id = tn_running_action_id(run),
		.trigger = run->step->trigger };

	if (run->step->kind == TN_STEP_BIND) {
		op.kind = TN_OP_GET_FLOW;
	} else if (op.id != NULL) {
		op.kind = TN_OP_GET_ACTION;
	} else {
		op.kind = TN_OP_FIND_ACTION;
		op.name = run->step->name;
	}
	tn_remote_op(run->apply->options.remote, &op, on_look, run);
}

static bool
needs_undo(const struct tn_running *run)
{
	return run->sent && run->state != TN_STEP_UNDONE && run->state != TN_STEP_STUCK;
}

static void
enter(struct tn_running *run)
{
	/* A step that was waiting to be seen when another one failed. */
	tn_timer_stop(&run->timer);
	if (run->state == TN_STEP_VERIFYING)
		tn_running_move(run, TN_STEP_FAILED);
	tn_running_move(run, TN_STEP_UNDOING);
}

static void
give_up(struct tn_running *run, const struct tn_error *why)
{
	enter(run);
	tn_error_copy(&run->stuck, why);
	tn_running_move(run, TN_STEP_STUCK);
}

static void
begin(struct tn_running *run)
{
	enter(run);
	run->patience = tn_loop_now(run->apply->options.loop) + TN_UNDO_PATIENCE;
	run->followed = false;
	look(run);
}

/* In reverse, one after the other: what was built on a step is gone before the step is.
 */
static void
next(struct tn_apply *apply)
{
	while (apply->undo_next > 0) {
		struct tn_running *run = &apply->runs[--apply->undo_next];

		if (needs_undo(run)) {
			begin(run);
			return;
		}
	}
	tn_settle_put_back(apply);
}

static void
on_undo_recorded(void *arg, const struct tn_error *err)
{
	struct tn_apply *apply = arg;

	if (err == NULL) {
		next(apply);
		return;
	}
	/*
	 * Without a record there is no call: the next run finds the journal and puts
	 * back.
	 */
	for (size_t i = 0; i < apply->n_runs; i++)
		if (needs_undo(&apply->runs[i]))
			give_up(&apply->runs[i], err);
	tn_settle_put_back(apply);
}

static void
start(void *arg)
{
	struct tn_apply *apply = arg;

	tn_journal_add(&apply->journal, 0, "undo", NULL, on_undo_recorded, apply);
}

void
tn_undo_start(struct tn_apply *apply)
{
	int64_t now = tn_loop_now(apply->options.loop);

	apply->undoing = true;
	apply->undo_next = apply->n_runs;
	tn_poll_stop(&apply->poll);
	tn_timer_start(&apply->timer, apply->options.loop, apply->undo_not_before - now,
	    start, apply);
}
