#include "apply/machine.h"

#include "base/mem.h"
#include "base/value.h"
#include "json/json.h"

/*
 * What a record of a step means for it. Sent or not, the tenant tells; what was
 * stuck is tried again. Words that are not here belong to the run as a whole.
 */
/* clang-format off */
static const struct {
	const char *event;
	enum tn_step_state state;
	bool sent;
} meanings[] = {
	{ "intended", TN_STEP_FAILED, true },
	{ "done", TN_STEP_DONE, true },
	{ "undoing", TN_STEP_FAILED, true },
	{ "undone", TN_STEP_UNDONE, true },
	{ "stuck", TN_STEP_FAILED, true },
};
/* clang-format on */

static void
replace(char **text, const struct tn_value *payload, const char *key)
{
	const char *value = tn_value_get_text(payload, key);

	if (value == NULL)
		return;
	tn_free(*text);
	*text = tn_strdup(value);
}

static void
take_secrets(struct tn_running *run, const struct tn_value *list)
{
	struct tn_arena *arena = run->apply->arena;
	size_t n = tn_value_count(list);

	if (n == 0)
		return;
	run->secrets = tn_arena_array(arena, n, struct tn_secret_ref);
	run->n_secrets = n;
	for (size_t i = 0; i < n; i++) {
		const struct tn_value *item = tn_value_at(list, i);

		run->secrets[i].name = tn_arena_text(arena,
		    tn_value_get_text(item, "name"));
		run->secrets[i].updated_at = tn_arena_text(arena,
		    tn_value_get_text(item, "updated_at"));
	}
}

static int
take_payload(struct tn_running *run, const char *text, struct tn_error *err)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	struct tn_value *payload;
	int r;

	if (text == NULL)
		return 0;
	r = tn_json_parse(arena, tn_span(text), NULL, &payload, err);
	if (r < 0)
		return r;
	replace(&run->action_id, payload, "action_id");
	replace(&run->version_id, payload, "version_id");
	replace(&run->draft_updated_at, payload, "draft_updated_at");
	tn_value_to_int(tn_value_get(payload, "version"), &run->version);
	take_secrets(run, tn_value_get(payload, "secrets"));
	return 0;
}

static int
unknown_record(const struct tn_record *record, struct tn_error *err)
{
	return tn_error_set(err, TN_E_SYSTEM, "it holds an unknown record \"%s\"",
	    record->event);
}

static int
replay_step(struct tn_apply *apply, const struct tn_record *record, struct tn_error *err)
{
	struct tn_running *run;

	if (record->step > apply->n_runs)
		return tn_error_set(err, TN_E_SYSTEM, "it names step %u of %zu",
		    record->step, apply->n_runs);
	run = &apply->runs[record->step - 1];
	for (size_t i = 0; i < TN_ARRAY_LEN(meanings); i++) {
		if (!tn_text_equal(record->event, meanings[i].event))
			continue;
		run->state = meanings[i].state;
		run->sent = meanings[i].sent;
		return take_payload(run, record->payload, err);
	}
	return unknown_record(record, err);
}

static int
replay(struct tn_apply *apply, const struct tn_open_run *open, struct tn_error *err)
{
	for (size_t i = 1; i < open->n_records; i++) {
		const struct tn_record *record = &open->records[i];
		int r = 0;

		if (record->step > 0)
			r = replay_step(apply, record, err);
		else if (tn_text_equal(record->event, "undo"))
			apply->failing = true;
		else if (tn_text_equal(record->event, "stop"))
			apply->failing = apply->stopping = true;
		else if (tn_text_equal(record->event, "verified"))
			apply->verified = true;
		else if (!tn_text_equal(record->event, "settling"))
			r = unknown_record(record, err);
		if (r < 0)
			return r;
	}
	return 0;
}

/* Written by us: as large as a plan for a full tenant can be, and as deep as a payload of
 * a test in it. */
static const struct tn_json_limits own_limits = { SIZE_MAX, SIZE_MAX, 96 };

static int
parse_plan(const struct tn_open_run *open, struct tn_plan **out, struct tn_error *err)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	struct tn_value *value;
	int r;

	if (open->n_records == 0 || !tn_text_equal(open->records[0].event, "begin") ||
	    open->records[0].payload == NULL)
		return tn_error_set(err, TN_E_SYSTEM, "it does not begin with a plan");
	r = tn_json_parse(arena, tn_span(open->records[0].payload), &own_limits, &value,
	    err);
	return r < 0 ? r : tn_plan_from_value(value, out, err);
}

static bool
all_done(const struct tn_apply *apply)
{
	for (size_t i = 0; i < apply->n_runs; i++)
		if (apply->runs[i].state != TN_STEP_DONE)
			return false;
	return true;
}

static void
finish(void *arg)
{
	struct tn_apply *apply = arg;

	tn_settle_verified(apply, NULL);
	tn_settle_applied(apply, NULL);
}

static bool
is_deleting(const struct tn_running *run)
{
	return tn_step_phase(run->step->kind) > TN_PHASE_VERIFY && run->sent &&
	    run->state != TN_STEP_DONE;
}

/*
 * Everything was as wanted, and some of what is not wanted any more may be left: it is
 * still ours, and the plan that follows deletes it, if the files still say so. A call
 * that was on its way is waited out, so that this plan sees what it did.
 */
static void
finish_verified(struct tn_apply *apply)
{
	int64_t wait = 0;

	for (size_t i = 0; i < apply->n_runs; i++)
		if (is_deleting(&apply->runs[i]))
			wait = tn_remote_call_deadline(apply->options.remote);
	tn_timer_start(&apply->timer, apply->options.loop, wait, finish, apply);
}

static void
go_on(void *arg)
{
	struct tn_apply *apply = arg;

	if (apply->verified) {
		finish_verified(apply);
		return;
	}
	if (!apply->failing && all_done(apply)) {
		/*
		 * Each step was seen done. What is otherwise by now, others did since,
		 * and the plan that follows judges it.
		 */
		finish(apply);
		return;
	}
	if (!tn_error_is_set(&apply->error))
		tn_error_set(&apply->error, TN_E_CANCELLED, "run %s was interrupted",
		    apply->options.run_id);
	apply->failing = true;
	/* Whether these were done is what a stop looks for. */
	for (size_t i = 0; i < apply->n_runs && apply->stopping; i++)
		if (apply->runs[i].state == TN_STEP_FAILED)
			apply->runs[i].state = TN_STEP_VERIFYING;
	/* A call that was on its way when the run died may still arrive. */
	apply->undo_not_before = tn_loop_now(apply->options.loop) +
	    tn_remote_call_deadline(apply->options.remote);
	tn_apply_advance(apply);
}

struct tn_apply *
tn_apply_recover(const struct tn_apply_options *options, tn_apply_done_fn *done,
    void *arg, struct tn_error *err)
{
	const struct tn_open_run *open = options->store->open_run;
	struct tn_plan *plan = NULL;
	struct tn_apply *apply;
	int r = parse_plan(open, &plan, err);

	if (r < 0) {
		tn_error_context(err, "the journal of run %s", open->run_id);
		return NULL;
	}
	apply = tn_apply_new(plan, options, done, arg);
	apply->own_plan = plan;
	apply->own_run_id = tn_strdup(open->run_id);
	apply->options.run_id = apply->own_run_id;
	apply->report.recovered = true;
	apply->begun = true;
	r = replay(apply, open, err);
	if (r < 0) {
		tn_error_context(err, "the journal of run %s", open->run_id);
		tn_apply_free(apply);
		return NULL;
	}
	tn_apply_resolve(apply);
	tn_timer_start(&apply->timer, options->loop, 0, go_on, apply);
	return apply;
}
