#include "apply/kind.h"

void
tn_settle_own(struct tn_apply *apply, const char *name, const char *id)
{
	struct tn_settlement *settlement = &apply->settlement;

	apply->own = tn_arena_grow(apply->arena, apply->own, settlement->n_own,
	    &apply->cap_own, sizeof(*apply->own));
	apply->own[settlement->n_own++] = (struct tn_owned){ name, id };
	settlement->own = apply->own;
}

void
tn_settle_disown(struct tn_apply *apply, const char *id)
{
	struct tn_settlement *settlement = &apply->settlement;

	apply->disown = tn_arena_grow(apply->arena, apply->disown, settlement->n_disown,
	    &apply->cap_disown, sizeof(*apply->disown));
	apply->disown[settlement->n_disown++] = id;
	settlement->disown = apply->disown;
}

void
tn_settle_own_module(struct tn_apply *apply, const char *name, const char *id)
{
	struct tn_settlement *settlement = &apply->settlement;

	apply->own_modules = tn_arena_grow(apply->arena, apply->own_modules,
	    settlement->n_own_modules, &apply->cap_own_modules,
	    sizeof(*apply->own_modules));
	apply->own_modules[settlement->n_own_modules++] = (struct tn_owned){ name, id };
	settlement->own_modules = apply->own_modules;
}

static void
add_written(struct tn_apply *apply, struct tn_known_secret secret)
{
	struct tn_settlement *settlement = &apply->settlement;

	apply->written = tn_arena_grow(apply->arena, apply->written,
	    settlement->n_secrets, &apply->cap_written, sizeof(*apply->written));
	apply->written[settlement->n_secrets++] = secret;
	settlement->secrets = apply->written;
}

static void
add_forgotten(struct tn_apply *apply, struct tn_known_secret secret)
{
	struct tn_settlement *settlement = &apply->settlement;

	apply->forgotten = tn_arena_grow(apply->arena, apply->forgotten,
	    settlement->n_forget, &apply->cap_forgotten, sizeof(*apply->forgotten));
	apply->forgotten[settlement->n_forget++] = secret;
	settlement->forget = apply->forgotten;
}

void
tn_running_take_secrets(struct tn_running *run, const struct tn_content *draft)
{
	const struct tn_step *step = run->step;
	struct tn_arena *arena = run->apply->arena;

	/* The platform takes all secrets of a module, or none. */
	bool all = tn_step_of_module(step->kind) && tn_step_writes_secrets(step);

	if (run->secrets != NULL || step->n_secrets == 0)
		return;
	run->secrets = tn_arena_array(arena, step->n_secrets, struct tn_secret_ref);
	for (size_t i = 0; i < step->n_secrets; i++) {
		const struct tn_secret_change *change = &step->secrets[i];
		const struct tn_secret_ref *ref = tn_content_secret(draft, change->name);

		if ((all || tn_secret_change_writes(change->kind)) && ref != NULL)
			run->secrets[run->n_secrets++] = (struct tn_secret_ref){
				.name = change->name,
				.updated_at = tn_arena_text(arena, ref->updated_at),
			};
	}
}

static const struct tn_secret_ref *
find_taken(const struct tn_running *run, const char *name)
{
	for (size_t i = 0; i < run->n_secrets; i++)
		if (tn_text_equal(run->secrets[i].name, name))
			return &run->secrets[i];
	return NULL;
}

/* The platform's time of each value that was written: whoever writes it next moves it. */
void
tn_settle_secrets(const struct tn_running *run, const struct tn_live *live TN_UNUSED)
{
	for (size_t i = 0; i < run->step->n_secrets; i++) {
		const struct tn_secret_change *change = &run->step->secrets[i];
		const struct tn_secret_ref *ref = find_taken(run, change->name);
		struct tn_known_secret secret = {
			.action_id = tn_arena_text(run->apply->arena,
			    tn_running_action_id(run)),
			.name = change->name,
			.fingerprint = change->fingerprint,
		};

		/* Of a value that a version brought back nobody knows which it is. */
		if (change->kind == TN_SECRET_REMOVE ||
		    change->kind == TN_SECRET_RESTORE) {
			add_forgotten(run->apply, secret);
		} else if (ref != NULL && change->fingerprint != NULL) {
			secret.updated_at = ref->updated_at;
			add_written(run->apply, secret);
		}
	}
}

static void
end(struct tn_apply *apply)
{
	const struct tn_record last = { .event = apply->last_event,
		.unix_ns = tn_loop_unix(apply->options.loop) };

	tn_store_end(apply->options.store, apply->options.run_id, &last,
	    &apply->settlement, apply->ended, apply);
}

static void
on_flushed(void *arg, const struct tn_error *err TN_UNUSED)
{
	/* Whether these last records could be written or not, the end tells. */
	end(arg);
}

/* What is still queued goes first: the journal is complete before it is closed. */
static void
end_after_journal(struct tn_apply *apply, const char *event, tn_store_done_fn *ended)
{
	apply->last_event = event;
	apply->ended = ended;
	if (apply->begun) {
		tn_journal_add(&apply->journal, 0, "settling", NULL, on_flushed, apply);
		return;
	}
	/* A begin behind its own end would be a run that nobody can read. */
	tn_journal_drop(&apply->journal);
	end(apply);
}

static void
on_applied(void *arg, const struct tn_error *err)
{
	struct tn_apply *apply = arg;

	if (err != NULL) {
		tn_error_done(&apply->error);
		tn_error_copy(&apply->error, err);
		tn_error_context(&apply->error,
		    "the tenant is as wanted, but the state could not be written");
		tn_error_hint(&apply->error,
		    "run tenon apply again: it finishes this from the "
		    "journal without a write to the tenant");
	}
	tn_apply_finish(apply, TN_APPLIED);
}

void
tn_settle_draft(const struct tn_running *run, const struct tn_live *live)
{
	struct tn_apply *apply = run->apply;
	struct tn_settlement *settlement = &apply->settlement;

	tn_settle_secrets(run, live);
	if (run->draft_updated_at == NULL)
		return;
	apply->drafts = tn_arena_grow(apply->arena, apply->drafts, settlement->n_drafts,
	    &apply->cap_drafts, sizeof(*apply->drafts));
	apply->drafts[settlement->n_drafts++] = (struct tn_known_draft){
		.action_id = tn_arena_text(apply->arena, tn_running_action_id(run)),
		.updated_at = run->draft_updated_at,
	};
	settlement->drafts = apply->drafts;
}

/* What is only recorded, and writes nothing. */
static void
settle_adoptions(struct tn_apply *apply)
{
	const struct tn_plan *plan = apply->plan;

	for (size_t i = 0; i < plan->n_adoptions; i++) {
		const struct tn_adoption *one = &plan->adoptions[i];

		if (one->of_module)
			tn_settle_own_module(apply, one->name, one->action_id);
		else
			tn_settle_own(apply, one->name, one->action_id);
	}
}

static void
settle_step(struct tn_running *run, const struct tn_live *live)
{
	const struct tn_kind *kind = tn_kind_of(run);

	if (kind->settle != NULL)
		kind->settle(run, live);
}

static void
settle_phases(struct tn_apply *apply, enum tn_phase from, enum tn_phase to,
    const struct tn_live *live)
{
	for (size_t i = 0; i < apply->n_runs; i++) {
		struct tn_running *run = &apply->runs[i];
		enum tn_phase phase = tn_step_phase(run->step->kind);

		if (phase >= from && phase < to)
			settle_step(run, live);
	}
}

void
tn_settle_verified(struct tn_apply *apply, const struct tn_live *live)
{
	settle_adoptions(apply);
	settle_phases(apply, 0, TN_PHASE_VERIFY, live);
}

void
tn_settle_applied(struct tn_apply *apply, const struct tn_live *live)
{
	/* From here on everything is done: a signal comes too late. */
	apply->phase = TN_PHASE__COUNT;
	tn_cancel_unhook(&apply->cancel);
	settle_phases(apply, TN_PHASE_VERIFY, TN_PHASE__COUNT, NULL);
	apply->settlement.applied = true;
	tn_past_settle(apply, live);
	end_after_journal(apply, "applied", on_applied);
}

/* These stay what they are, however often somebody tries. */
static const bool is_final[TN_E__COUNT] = {
	[TN_E_CONFLICT] = true,
	[TN_E_INPUT] = true,
	[TN_E_LIMIT] = true,
	[TN_E_NOT_FOUND] = true,
};

/* Trying again can help: the run stays open, and the next one goes on with putting back.
 */
static bool
worth_another_run(const struct tn_running *run)
{
	return run->state == TN_STEP_STUCK && !is_final[run->stuck.kind];
}

static enum tn_apply_outcome
put_back_outcome(const struct tn_apply *apply)
{
	enum tn_apply_outcome outcome = TN_NOT_STARTED;

	for (size_t i = 0; i < apply->n_runs; i++) {
		if (apply->runs[i].state == TN_STEP_STUCK)
			return TN_NOT_PUT_BACK;
		if (apply->runs[i].state == TN_STEP_UNDONE)
			outcome = TN_PUT_BACK;
	}
	return outcome;
}

static void
on_put_back(void *arg, const struct tn_error *err)
{
	struct tn_apply *apply = arg;

	/*
	 * Without the end in the journal the next run looks once more and finds
	 * nothing to put back; what failed first stays the error.
	 */
	if (err != NULL && !tn_error_is_set(&apply->error))
		tn_error_copy(&apply->error, err);
	tn_apply_finish(apply, put_back_outcome(apply));
}

void
tn_settle_put_back(struct tn_apply *apply)
{
	for (size_t i = 0; i < apply->n_runs; i++) {
		const struct tn_running *run = &apply->runs[i];

		if (worth_another_run(run)) {
			tn_apply_finish(apply, TN_NOT_PUT_BACK);
			return;
		}
		if (run->state == TN_STEP_STUCK && tn_kind_of(run)->left != NULL)
			tn_kind_of(run)->left(run);
	}
	tn_past_settle(apply, NULL);
	end_after_journal(apply,
	    put_back_outcome(apply) == TN_NOT_PUT_BACK ? "not-put-back" : "put-back",
	    on_put_back);
}

static void
on_stopped(void *arg, const struct tn_error *err)
{
	struct tn_apply *apply = arg;

	if (err != NULL)
		tn_error_context(&apply->error,
		    "what was done could not be recorded (%s), so that the next apply "
		    "deals with it as with a run that was killed",
		    err->message);
	tn_apply_finish(apply, TN_STOPPED);
}

void
tn_settle_stopped(struct tn_apply *apply)
{
	settle_adoptions(apply);
	for (size_t i = 0; i < apply->n_runs; i++) {
		struct tn_running *run = &apply->runs[i];

		if (run->state == TN_STEP_DONE)
			settle_step(run, NULL);
		else if (run->sent && tn_kind_of(run)->left != NULL)
			tn_kind_of(run)->left(run);
	}
	tn_past_settle(apply, NULL);
	end_after_journal(apply, "stopped", on_stopped);
}
