#include "apply/kind.h"

/*
 * The end of a run that is left where it failed. What was under way is looked at once
 * more, so that what was done is known; nothing is written to the tenant.
 */

static void next(struct tn_apply *apply);

static void
leave(struct tn_running *run, const struct tn_error *why)
{
	struct tn_apply *apply = run->apply;

	if (run->state == TN_STEP_VERIFYING && why == NULL) {
		tn_running_move(run, TN_STEP_DONE);
		tn_journal_add(&apply->journal, run->step->number, "done",
		    tn_journal_payload(run), NULL, NULL);
	} else if (run->state == TN_STEP_VERIFYING) {
		tn_error_copy(&run->error, why);
		tn_running_move(run, TN_STEP_FAILED);
	}
	next(apply);
}

static void
on_look(void *arg, const struct tn_op_result *seen, const struct tn_error *err)
{
	TN_CLEANUP(tn_error_done) struct tn_error why = TN_ERROR_INIT;
	struct tn_running *run = arg;

	if (err != NULL && err->kind != TN_E_NOT_FOUND) {
		leave(run, err);
		return;
	}
	if (tn_kind_of(run)->after(run, err == NULL ? seen : NULL, &why) == TN_SEEN) {
		leave(run, NULL);
		return;
	}
	if (!tn_error_is_set(&why))
		tn_error_set(&why, TN_E_UNKNOWN,
		    "was not seen done when the run stopped");
	leave(run, &why);
}

/* Also a step that failed: what it made may be there all the same, and is ours then. */
static bool
is_open(const struct tn_running *run)
{
	return run->sent &&
	    (run->state == TN_STEP_VERIFYING || run->state == TN_STEP_FAILED);
}

static void
next(struct tn_apply *apply)
{
	while (apply->stop_next < apply->n_runs) {
		struct tn_running *run = &apply->runs[apply->stop_next++];
		struct tn_op op = { 0 };

		if (!is_open(run))
			continue;
		tn_timer_stop(&run->timer);
		tn_kind_of(run)->look(run, &op);
		tn_remote_op(apply->options.remote, &op, on_look, run);
		return;
	}
	tn_settle_stopped(apply);
}

/* Without the record a run that dies from here on is put back: there is no harm in it. */
static void
on_recorded(void *arg, const struct tn_error *err TN_UNUSED)
{
	next(arg);
}

static void
start(void *arg)
{
	struct tn_apply *apply = arg;

	tn_journal_add(&apply->journal, 0, "stop", NULL, on_recorded, apply);
}

void
tn_stop_start(struct tn_apply *apply)
{
	int64_t now = tn_loop_now(apply->options.loop);

	apply->undoing = true;
	tn_poll_stop(&apply->poll);
	tn_timer_start(&apply->timer, apply->options.loop, apply->undo_not_before - now,
	    start, apply);
}
