#include "apply/machine.h"

#include "apply/kind.h"

/* Between looks at what is not ready for the write yet. */
#define BEFORE_PAUSE TN_SEC

static void
fail(struct tn_running *run, const struct tn_error *why)
{
	tn_error_copy(&run->error, why);
	tn_running_move(run, TN_STEP_FAILED);
	tn_apply_fail(run->apply, why);
}

static void
complete(struct tn_running *run)
{
	tn_running_move(run, TN_STEP_DONE);
	tn_journal_add(&run->apply->journal, run->step->number, "done",
	    tn_journal_payload(run), NULL, NULL);
	tn_apply_advance(run->apply);
}

/* A lost call may still arrive for so long: undo does not look before. */
static void
hold_undo(struct tn_apply *apply, int64_t wait)
{
	int64_t until = tn_loop_now(apply->options.loop) + wait;

	if (apply->undo_not_before < until)
		apply->undo_not_before = until;
}

static void
on_followed(void *arg, const struct tn_op_result *result TN_UNUSED,
    const struct tn_error *err)
{
	struct tn_running *run = arg;
	bool lost = err != NULL && err->kind == TN_E_UNKNOWN;

	run->following = false;
	if (lost)
		hold_undo(run->apply,
		    tn_remote_call_deadline(run->apply->options.remote));
	if (run->apply->failing)
		tn_apply_advance(run->apply);
	else if (err != NULL && !lost)
		fail(run, err);
	else
		tn_poll_wait(run);
}

static void
follow(struct tn_running *run)
{
	struct tn_op op = { 0 };

	tn_kind_of(run)->follow(run, &op);
	run->followed = true;
	run->following = true;
	tn_remote_op(run->apply->options.remote, &op, on_followed, run);
}

static void
again(struct tn_running *run)
{
	struct tn_error err = TN_ERROR_INIT;

	if (run->tries < TN_APPLY_TRIES && !run->apply->failing) {
		run->lost = false;
		tn_running_move(run, TN_STEP_READY);
		tn_forward_begin(run);
		return;
	}
	tn_error_set(&err, TN_E_TRANSIENT, "%s of %s got no answer, %u times",
	    tn_step_kind_name(run->step->kind), run->step->name, run->tries);
	tn_error_hint(&err, "the tenant or the network is in trouble; try again later");
	fail(run, &err);
	tn_error_done(&err);
}

static void
not_yet(struct tn_running *run)
{
	struct tn_error err = TN_ERROR_INIT;

	if (tn_loop_now(run->apply->options.loop) < run->patience) {
		tn_poll_wait(run);
		return;
	}
	tn_error_set(&err, TN_E_PLATFORM, "%s of %s %s was not seen within %d minutes",
	    tn_step_kind_name(run->step->kind), tn_step_object(run->step->kind),
	    run->step->name, (int)(TN_APPLY_PATIENCE / (60 * TN_SEC)));
	tn_error_hint(&err, "the platform may be slow to build; try again later");
	fail(run, &err);
	tn_error_done(&err);
}

static void
act_on(struct tn_running *run, enum tn_verdict verdict, const struct tn_error *err)
{
	switch (verdict) {
	case TN_SEEN:
		complete(run);
		return;
	case TN_NOT_YET:
		not_yet(run);
		return;
	case TN_NOT_DONE:
		again(run);
		return;
	case TN_FOLLOW:
		follow(run);
		return;
	case TN_WRONG:
		fail(run, err);
		return;
	}
}

void
tn_forward_saw(struct tn_running *run, const struct tn_op_result *seen,
    const struct tn_error *err)
{
	TN_CLEANUP(tn_error_done) struct tn_error why = TN_ERROR_INIT;

	if (err != NULL)
		fail(run, err);
	else
		act_on(run, tn_kind_of(run)->after(run, seen, &why), &why);
}

/* When the lost call can no longer arrive. */
static void
look_after_loss(void *arg)
{
	tn_poll_now(arg);
}

static void
wait_out_loss(struct tn_running *run)
{
	struct tn_apply *apply = run->apply;
	int64_t wait = tn_remote_call_deadline(apply->options.remote);

	run->lost = true;
	hold_undo(apply, wait);
	tn_running_move(run, TN_STEP_VERIFYING);
	if (apply->failing)
		tn_apply_advance(apply);
	else
		tn_timer_start(&run->timer, apply->options.loop, wait, look_after_loss,
		    run);
}

/* No answer, or one that cannot be read: done or not done. */
static bool
answer_is_lost(const struct tn_error *err)
{
	return err->kind == TN_E_UNKNOWN ||
	    (err->status == 0 && (err->kind == TN_E_PLATFORM || err->kind == TN_E_LIMIT));
}

static void
take_answer(struct tn_running *run, const struct tn_op_result *answer)
{
	TN_CLEANUP(tn_error_done) struct tn_error why = TN_ERROR_INIT;
	enum tn_verdict verdict = tn_kind_of(run)->answered(run, answer, &why);

	run->lost = false;
	if (verdict == TN_WRONG) {
		fail(run, &why);
		return;
	}
	tn_running_move(run, TN_STEP_VERIFYING);
	if (run->apply->failing)
		tn_apply_advance(run->apply);
	else if (verdict == TN_NOT_YET)
		tn_poll_fresh(run);
	else
		act_on(run, verdict, &why);
}

static void
on_answer(void *arg, const struct tn_op_result *answer, const struct tn_error *err)
{
	const struct tn_op_result nothing = { 0 };
	struct tn_running *run = arg;

	if (err == NULL) {
		take_answer(run, answer);
	} else if (answer_is_lost(err)) {
		wait_out_loss(run);
	} else if (err->kind == TN_E_NOT_FOUND && tn_kind_of(run)->gone_is_done) {
		take_answer(run, &nothing);
	} else if (err->kind == TN_E_CONFLICT && run->tries > 1 &&
	    tn_kind_of(run)->may_be_taken) {
		/* The name is taken, by the try whose answer was lost or by somebody:
		 * reads will show it. */
		take_answer(run, &nothing);
	} else {
		/* Refused: this try had no effect. An earlier one whose answer was lost
		 * may have had one that is shown late: undo looks. */
		run->sent = run->tries > 1;
		fail(run, err);
	}
}

static void
send(struct tn_running *run)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	struct tn_op op = { 0 };

	tn_kind_of(run)->write(run, arena, &op);
	tn_remote_op(run->apply->options.remote, &op, on_answer, run);
}

static void
on_intended(void *arg, const struct tn_error *err)
{
	struct tn_running *run = arg;

	if (err == NULL && run->apply->failing)
		err = &run->apply->error;
	if (err != NULL) {
		fail(run, err);
		return;
	}
	run->sent = true;
	run->tries++;
	run->patience = tn_loop_now(run->apply->options.loop) + TN_APPLY_PATIENCE;
	tn_running_move(run, TN_STEP_INFLIGHT);
	send(run);
}

static void
intend(struct tn_running *run)
{
	tn_running_move(run, TN_STEP_INTENDED);
	tn_journal_add(&run->apply->journal, run->step->number, "intended",
	    tn_journal_payload(run), on_intended, run);
}

static void look_before(void *arg);

static void
on_before(void *arg, const struct tn_op_result *seen, const struct tn_error *err)
{
	TN_CLEANUP(tn_error_done) struct tn_error why = TN_ERROR_INIT;
	struct tn_running *run = arg;
	int r;

	if (run->apply->failing) {
		/* A try whose call was lost may have had an effect: undo looks at it. */
		tn_running_move(run, run->sent ? TN_STEP_FAILED : TN_STEP_PENDING);
		tn_apply_advance(run->apply);
		return;
	}
	if (err != NULL && err->kind != TN_E_NOT_FOUND) {
		fail(run, err);
		return;
	}
	r = tn_kind_of(run)->before(run, seen, &why);
	if (r == 0 && tn_forward_awaits(run)) {
		/* It is looked at again right before the write. */
		run->awaited = true;
		tn_running_move(run, TN_STEP_PENDING);
		tn_apply_advance(run->apply);
	} else if (r == 0)
		intend(run);
	else if (r == -TN_E_TRANSIENT &&
	    tn_loop_now(run->apply->options.loop) < run->patience)
		tn_timer_start(&run->timer, run->apply->options.loop, BEFORE_PAUSE,
		    look_before, run);
	else
		fail(run, &why);
}

static void
look_before(void *arg)
{
	struct tn_running *run = arg;
	struct tn_op op = { 0 };

	tn_kind_of(run)->look(run, &op);
	tn_remote_op(run->apply->options.remote, &op, on_before, run);
}

bool
tn_forward_awaits(const struct tn_running *run)
{
	const struct tn_kind *kind = tn_kind_of(run);

	return !run->awaited && kind->early != NULL && kind->early(run);
}

void
tn_forward_begin(struct tn_running *run)
{
	if (run->state == TN_STEP_PENDING)
		tn_running_move(run, TN_STEP_READY);
	run->patience = tn_loop_now(run->apply->options.loop) + TN_APPLY_PATIENCE;
	if (tn_kind_of(run)->before == NULL)
		intend(run);
	else
		look_before(run);
}
