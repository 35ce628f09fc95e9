#include "apply/machine.h"

#include "apply/judge.h"
#include "base/mem.h"

static void
fail(struct tn_running *run, const struct tn_error *why)
{
	tn_error_copy(&run->error, why);
	tn_running_move(run, TN_STEP_FAILED);
	tn_apply_fail(run->apply, why);
}

static void
take_version(struct tn_running *run, const struct tn_version *version)
{
	tn_free(run->version_id);
	run->version_id = version->id == NULL ? NULL : tn_strdup(version->id);
	run->version = version->number;
}

static void
take_action(struct tn_running *run, const struct tn_live_action *live)
{
	tn_free(run->action_id);
	run->action_id = tn_strdup(live->id);
	tn_free(run->draft_updated_at);
	run->draft_updated_at = live->updated_at == NULL ? NULL
							 : tn_strdup(live->updated_at);
	if (live->has_live && run->step->kind != TN_STEP_UPDATE)
		take_version(run, &live->live);
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

/*
 * The draft of a rollback is told to be what runs, where the platform did not
 * do it itself.
 */
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
	const struct tn_op op = {
		.kind = TN_OP_UPDATE_ACTION,
		.id = tn_running_action_id(run),
		.name = run->step->name,
		.trigger = run->step->trigger,
		.content = &run->step->after,
	};

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
	tn_error_set(&err, TN_E_PLATFORM,
	    "%s of action %s was not seen within %d minutes",
	    tn_step_kind_name(run->step->kind), run->step->name,
	    (int)(TN_APPLY_PATIENCE / (60 * TN_SEC)));
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
tn_forward_saw(struct tn_running *run, const struct tn_live_action *live,
    const struct tn_error *err)
{
	TN_CLEANUP(tn_error_done) struct tn_error why = TN_ERROR_INIT;
	enum tn_verdict verdict;

	if (err != NULL) {
		fail(run, err);
		return;
	}
	verdict = tn_judge_action_after(run, live, &why);
	if (verdict == TN_SEEN)
		take_action(run, live);
	act_on(run, verdict, &why);
}

static void
on_flow_after(void *arg, const struct tn_op_result *result, const struct tn_error *err)
{
	TN_CLEANUP(tn_error_done) struct tn_error why = TN_ERROR_INIT;
	struct tn_running *run = arg;

	if (run->apply->failing)
		tn_apply_advance(run->apply);
	else if (err != NULL)
		fail(run, err);
	else
		act_on(run, tn_judge_flow_after(run, &result->flow, &why), &why);
}

/* When the lost call can no longer arrive. */
static void
look_after_loss(void *arg)
{
	struct tn_running *run = arg;
	const struct tn_op op = { .kind = TN_OP_GET_FLOW, .trigger = run->step->trigger };

	if (run->step->kind == TN_STEP_BIND)
		tn_remote_op(run->apply->options.remote, &op, on_flow_after, run);
	else
		tn_poll_wait(run);
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

/* The content that a version was answered with, compared at once: a foreign draft must
 * not stay live. */
static int
check_deployed(struct tn_running *run, const struct tn_version *version,
    struct tn_error *err)
{
	int r;

	take_version(run, version);
	if (tn_content_differs(&version->content, &run->step->after) == 0)
		return 0;
	r = tn_error_set(err, TN_E_CONFLICT,
	    "action %s went live with a draft that somebody else wrote", run->step->name);
	tn_error_hint(err, "run tenon plan again to see what is there now");
	return r;
}

/* What the answer of the write tells, before anything is read. */
static int
take_answer(struct tn_running *run, const struct tn_op_result *result,
    struct tn_error *err)
{
	switch (run->step->kind) {
	case TN_STEP_CREATE:
	case TN_STEP_UPDATE:
		if (result->n_actions > 0)
			take_action(run, &result->actions[0]);
		return 0;
	case TN_STEP_DEPLOY:
	case TN_STEP_ROLLBACK:
		return result->n_versions == 0
		    ? 0
		    : check_deployed(run, &result->versions[0], err);
	case TN_STEP_BIND:
	case TN_STEP_KIND__COUNT:
		break;
	}
	return 0;
}

/* No answer, or one that cannot be read: done or not done. */
static bool
answer_is_lost(const struct tn_error *err)
{
	return err->kind == TN_E_UNKNOWN ||
	    (err->status == 0 && (err->kind == TN_E_PLATFORM || err->kind == TN_E_LIMIT));
}

static void
on_answer(void *arg, const struct tn_op_result *result, const struct tn_error *err)
{
	TN_CLEANUP(tn_error_done) struct tn_error why = TN_ERROR_INIT;
	const struct tn_op_result nothing = { 0 };
	struct tn_running *run = arg;

	if (err != NULL && answer_is_lost(err)) {
		wait_out_loss(run);
		return;
	}
	if (err != NULL && err->kind == TN_E_CONFLICT && run->tries > 1 &&
	    run->step->kind == TN_STEP_CREATE) {
		/* The name is taken, by the try whose answer was lost or by somebody:
		 * reads will show it. */
		err = NULL;
		result = &nothing;
	}
	if (err != NULL) {
		/* Refused: this try had no effect. An earlier one whose answer was lost
		 * may have had one that is shown late: undo looks. */
		run->sent = run->tries > 1;
		fail(run, err);
		return;
	}
	run->lost = false;
	if (take_answer(run, result, &why) < 0) {
		fail(run, &why);
		return;
	}
	tn_running_move(run, TN_STEP_VERIFYING);
	if (run->apply->failing)
		tn_apply_advance(run->apply);
	else if (run->step->kind == TN_STEP_BIND)
		act_on(run, tn_judge_flow_after(run, &result->flow, &why), &why);
	else
		tn_poll_fresh(run);
}

/* Values for the secrets that the step writes; the others keep what the platform has. */
static size_t
secret_values(const struct tn_running *run, struct tn_secret_value *values)
{
	const struct tn_apply_options *options = &run->apply->options;
	size_t n = 0;

	for (size_t i = 0; i < run->step->n_secrets; i++) {
		const struct tn_secret_change *change = &run->step->secrets[i];

		if (!tn_secret_change_writes(change->kind) ||
		    change->kind == TN_SECRET_REMOVE)
			continue;
		for (size_t k = 0; k < options->n_secrets; k++) {
			const struct tn_apply_secret *secret = &options->secrets[k];

			if (tn_text_equal(secret->action, run->step->name) &&
			    tn_text_equal(secret->name, change->name))
				values[n++] = (struct tn_secret_value){ change->name,
					secret->value };
		}
	}
	return n;
}

static bool
step_writes_secrets(const struct tn_step *step)
{
	for (size_t i = 0; i < step->n_secrets; i++)
		if (tn_secret_change_writes(step->secrets[i].kind))
			return true;
	return false;
}

static void
send_content(struct tn_running *run, enum tn_op_kind kind)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	const struct tn_step *step = run->step;
	struct tn_secret_value *values = tn_arena_array(arena, step->n_secrets,
	    struct tn_secret_value);
	const struct tn_op op = {
		.kind = kind,
		.id = step->action_id,
		.name = step->name,
		.trigger = step->trigger,
		.content = &step->after,
		.send_secrets = step_writes_secrets(step),
		.values = values,
		.n_values = secret_values(run, values),
		.left_out = step->left_out,
		.deploy = step->deploy_at_once,
	};

	tn_remote_op(run->apply->options.remote, &op, on_answer, run);
}

static void
send_flow(struct tn_running *run)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	struct tn_flow flow = tn_running_flow_after(run, arena);
	const struct tn_op op = { .kind = TN_OP_SET_FLOW,
		.trigger = run->step->trigger,
		.flow = &flow };

	tn_remote_op(run->apply->options.remote, &op, on_answer, run);
}

static void
send(struct tn_running *run)
{
	struct tn_op op = {
		.id = tn_running_action_id(run),
		.name = run->step->name,
		.version_id = run->step->version_id,
		.update_draft = true,
	};

	switch (run->step->kind) {
	case TN_STEP_CREATE:
		send_content(run, TN_OP_CREATE_ACTION);
		return;
	case TN_STEP_UPDATE:
		send_content(run, TN_OP_UPDATE_ACTION);
		return;
	case TN_STEP_DEPLOY:
		op.kind = TN_OP_DEPLOY_ACTION;
		break;
	case TN_STEP_ROLLBACK:
		op.kind = TN_OP_DEPLOY_VERSION;
		break;
	case TN_STEP_BIND:
	case TN_STEP_KIND__COUNT:
		send_flow(run);
		return;
	}
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

static void
on_before(void *arg, const struct tn_op_result *result, const struct tn_error *err)
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
	if (run->step->kind == TN_STEP_BIND)
		r = err != NULL ? -(int)err->kind
				: tn_judge_flow_before(run, &result->flow, &why);
	else
		r = tn_judge_action_before(run,
		    err == NULL && result->n_actions > 0 ? &result->actions[0] : NULL,
		    &why);
	if (r < 0)
		fail(run, tn_error_is_set(&why) ? &why : err);
	else
		intend(run);
}

void
tn_forward_begin(struct tn_running *run)
{
	struct tn_op op = { .id = tn_running_action_id(run),
		.trigger = run->step->trigger };

	if (run->state == TN_STEP_PENDING)
		tn_running_move(run, TN_STEP_READY);
	if (run->step->kind == TN_STEP_CREATE) {
		/* Nothing of anybody's can be lost by a creation: there is nothing to
		 * compare. */
		intend(run);
		return;
	}
	op.kind = run->step->kind == TN_STEP_BIND ? TN_OP_GET_FLOW : TN_OP_GET_ACTION;
	tn_remote_op(run->apply->options.remote, &op, on_before, run);
}
