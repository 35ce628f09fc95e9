#include "apply/kind.h"

/* Between a remedy and the next look, and how long what was done may stay unseen: a
 * remedy, before it is tried again; what there is to put back, before it is given up. */
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
on_remedy(void *arg, const struct tn_op_result *answer, const struct tn_error *err)
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
	if (err == NULL && tn_kind_of(run)->put_back != NULL &&
	    tn_kind_of(run)->put_back(run, answer)) {
		leave(run, TN_STEP_UNDONE, NULL);
		return;
	}
	look_later(run, PAUSE);
}

static void
on_recorded(void *arg, const struct tn_error *err)
{
	struct tn_running *run = arg;
	struct tn_op op = { 0 };

	if (err != NULL) {
		leave(run, TN_STEP_STUCK, err);
		return;
	}
	run->sent = true;
	tn_kind_of(run)->remedy(run, run->remedy, &op);
	tn_remote_op(run->apply->options.remote, &op, on_remedy, run);
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
	int64_t began = run->patience - TN_UNDO_PATIENCE;
	bool shown = now - began >= AGAIN_AFTER;
	bool waits = remedy == TN_WAIT || remedy == TN_NONE_SEEN ||
	    (run->remedies > 0 && remedy == run->remedy &&
		now - run->remedied < AGAIN_AFTER);

	if (remedy == TN_AS_BEFORE)
		leave(run, TN_STEP_UNDONE, NULL);
	else if (remedy == TN_NO_REMEDY || (remedy == TN_NONE_SEEN && shown))
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

static void
on_look(void *arg, const struct tn_op_result *seen, const struct tn_error *err)
{
	TN_CLEANUP(tn_error_done) struct tn_error why = TN_ERROR_INIT;
	struct tn_running *run = arg;
	enum tn_remedy remedy;

	if (err != NULL && err->kind != TN_E_NOT_FOUND) {
		leave(run, TN_STEP_STUCK, err);
		return;
	}
	remedy = tn_kind_of(run)->undo(run, seen, &why);
	if (remedy == TN_NO_REMEDY && err != NULL && !tn_error_is_set(&why))
		tn_error_copy(&why, err);
	act_on(run, remedy, &why);
}

static void
look(void *arg)
{
	struct tn_running *run = arg;
	struct tn_op op = { 0 };

	tn_kind_of(run)->look(run, &op);
	tn_remote_op(run->apply->options.remote, &op, on_look, run);
}

static bool
needs_undo(const struct tn_running *run)
{
	if (!tn_step_changes(run->step->kind))
		return false;
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
