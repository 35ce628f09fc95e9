#include "apply/apply.h"

#include "apply/machine.h"
#include "base/mem.h"
#include "base/value.h"
#include "json/json.h"

static bool
any(const struct tn_apply *apply, bool (*is)(const struct tn_running *run))
{
	for (size_t i = 0; i < apply->n_runs; i++)
		if (is(&apply->runs[i]))
			return true;
	return false;
}

static bool
was_sent(const struct tn_running *run)
{
	return run->sent;
}

/* When nothing comes back any more the way back begins. */
static void
advance_failing(struct tn_apply *apply)
{
	if (any(apply, tn_running_busy))
		return;
	if (any(apply, was_sent) && apply->stopping) {
		tn_stop_start(apply);
	} else if (any(apply, was_sent)) {
		tn_undo_start(apply);
	} else {
		apply->undoing = true;
		tn_settle_put_back(apply);
	}
}

/* What has to be ready before anything of the phase begins. True when it is not. */
static bool
await_phase(struct tn_apply *apply)
{
	bool waits = false;

	for (size_t i = 0; i < apply->n_runs; i++) {
		struct tn_running *run = &apply->runs[i];

		if (tn_step_phase(run->step->kind) != apply->phase ||
		    run->state == TN_STEP_DONE || !tn_forward_awaits(run))
			continue;
		waits = true;
		if (run->state == TN_STEP_PENDING)
			tn_forward_begin(run);
	}
	return waits;
}

/* A delete that failed is over too. */
static bool
is_over(const struct tn_running *run)
{
	return run->state == TN_STEP_DONE || run->state == TN_STEP_FAILED ||
	    (run->apply->enough && run->state == TN_STEP_PENDING);
}

/* True when the phase is not over. */
static bool
advance_phase(struct tn_apply *apply)
{
	bool under_way = false;

	for (size_t i = 0; i < apply->n_runs; i++) {
		struct tn_running *run = &apply->runs[i];

		if (tn_step_phase(run->step->kind) != apply->phase || is_over(run))
			continue;
		under_way = true;
		if (run->state == TN_STEP_PENDING)
			tn_forward_begin(run);
		if (!tn_phase_traits(apply->phase)->together)
			break;
	}
	return under_way;
}

/* Nothing of it is put back: the end comes when nothing is under way any more. */
static void
advance_deleting(struct tn_apply *apply)
{
	for (; apply->phase < TN_PHASE__COUNT; apply->phase++)
		if (advance_phase(apply))
			return;
	tn_settle_applied(apply, NULL);
}

void
tn_apply_advance(struct tn_apply *apply)
{
	if (apply->undoing || apply->phase == TN_PHASE__COUNT)
		return;
	if (apply->failing) {
		advance_failing(apply);
		return;
	}
	if (apply->phase == TN_PHASE_VERIFY)
		return;
	if (apply->phase > TN_PHASE_VERIFY) {
		advance_deleting(apply);
		return;
	}
	while (apply->phase < TN_PHASE_VERIFY) {
		if (await_phase(apply) || advance_phase(apply))
			return;
		apply->phase++;
		/* What comes later may use what has been published. */
		tn_apply_resolve(apply);
	}
	tn_verify_start(apply);
}

static void
fail_first(struct tn_apply *apply, const struct tn_error *why)
{
	tn_error_copy(&apply->error, why);
	apply->failing = true;
	apply->stopping = apply->options.stop_on_failure && why->kind != TN_E_CANCELLED;
	/* It would only be put back. */
	tn_remote_call_off(apply->options.remote);
}

/* What could not be deleted stays. */
static void
miss(struct tn_apply *apply, const struct tn_error *why)
{
	if (!tn_error_is_set(&apply->error))
		tn_error_copy(&apply->error, why);
	apply->enough = apply->enough || why->kind == TN_E_CANCELLED;
}

void
tn_apply_fail(struct tn_apply *apply, const struct tn_error *why)
{
	if (apply->verified)
		miss(apply, why);
	else if (!apply->failing)
		fail_first(apply, why);
	tn_apply_advance(apply);
}

static void
on_verified_recorded(void *arg, const struct tn_error *err)
{
	struct tn_apply *apply = arg;

	apply->phase = TN_PHASE_DELETE;
	if (err == NULL) {
		tn_apply_advance(apply);
		return;
	}
	/* Without a record nothing is deleted: a recovery would put the rest back. */
	apply->enough = true;
	tn_apply_fail(apply, err);
}

static bool
deletes(const struct tn_running *run)
{
	return tn_step_phase(run->step->kind) > TN_PHASE_VERIFY;
}

void
tn_apply_verified(struct tn_apply *apply, const struct tn_live *live)
{
	tn_settle_verified(apply, live);
	if (!any(apply, deletes)) {
		tn_settle_applied(apply, live);
		return;
	}
	apply->verified = true;
	tn_journal_add(&apply->journal, 0, "verified", NULL, on_verified_recorded, apply);
}

static void
on_cancel(void *arg)
{
	TN_CLEANUP(tn_error_done) struct tn_error why = TN_ERROR_INIT;
	struct tn_apply *apply = arg;

	tn_cancel_error(apply->options.cancel, "stopped before everything was applied",
	    &why);
	tn_apply_fail(apply, &why);
}

static void
on_begun(void *arg, const struct tn_error *err)
{
	struct tn_apply *apply = arg;

	apply->begun = err == NULL;
	if (err != NULL)
		tn_apply_fail(apply, err);
	else
		tn_apply_advance(apply);
}

static void
begin(void *arg)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	struct tn_apply *apply = arg;
	struct tn_str plan = TN_STR_INIT;

	if (apply->failing)
		return;
	if (apply->n_runs == 0) {
		/* Nothing to write: what is adopted is made known, and that is all. */
		tn_settle_verified(apply, NULL);
		tn_settle_applied(apply, NULL);
		return;
	}
	tn_json_write(tn_plan_to_value(arena, apply->plan), &plan);
	tn_journal_add(&apply->journal, 0, "begin", tn_str_take(&plan), on_begun, apply);
}

struct tn_apply *
tn_apply_new(const struct tn_plan *plan, const struct tn_apply_options *options,
    tn_apply_done_fn *done, void *arg)
{
	struct tn_apply *apply = tn_new(struct tn_apply);

	apply->options = *options;
	apply->plan = plan;
	apply->done = done;
	apply->arg = arg;
	apply->arena = tn_arena_new();
	apply->n_runs = plan->n_steps;
	apply->runs = tn_alloc(plan->n_steps, sizeof(*apply->runs));
	for (size_t i = 0; i < plan->n_steps; i++) {
		apply->runs[i].apply = apply;
		apply->runs[i].step = &plan->steps[i];
		apply->runs[i].after = plan->steps[i].after;
	}
	tn_journal_init(&apply->journal, apply);
	tn_poll_init(&apply->poll);
	return apply;
}

struct tn_apply *
tn_apply_start(const struct tn_plan *plan, const struct tn_apply_options *options,
    tn_apply_done_fn *done, void *arg)
{
	struct tn_apply *apply = tn_apply_new(plan, options, done, arg);

	if (options->cancel != NULL)
		tn_cancel_hook(options->cancel, &apply->cancel, on_cancel, apply);
	tn_timer_start(&apply->timer, options->loop, 0, begin, apply);
	return apply;
}

void
tn_apply_finish(struct tn_apply *apply, enum tn_apply_outcome outcome)
{
	struct tn_step_report *steps = tn_arena_array(apply->arena, apply->n_runs,
	    struct tn_step_report);

	for (size_t i = 0; i < apply->n_runs; i++) {
		const struct tn_running *run = &apply->runs[i];

		steps[i].step = run->step;
		steps[i].state = run->state;
		steps[i].error = tn_error_is_set(&run->error) ? &run->error : NULL;
		steps[i].stuck = tn_error_is_set(&run->stuck) ? &run->stuck : NULL;
		steps[i].action_id = tn_running_action_id(run);
		steps[i].version = run->version;
	}
	apply->report.outcome = outcome;
	apply->report.error = tn_error_is_set(&apply->error) ? &apply->error : NULL;
	apply->report.steps = steps;
	apply->report.n_steps = apply->n_runs;
	tn_cancel_unhook(&apply->cancel);
	apply->done(apply->arg, &apply->report);
}

void
tn_apply_free(struct tn_apply *apply)
{
	if (apply == NULL)
		return;
	tn_cancel_unhook(&apply->cancel);
	tn_timer_stop(&apply->timer);
	tn_poll_stop(&apply->poll);
	tn_journal_done(&apply->journal);
	for (size_t i = 0; i < apply->n_runs; i++)
		tn_running_done(&apply->runs[i]);
	tn_free(apply->runs);
	tn_free(apply->own_run_id);
	tn_error_done(&apply->error);
	tn_plan_free(apply->own_plan);
	tn_arena_free(apply->arena);
	tn_free(apply);
}
