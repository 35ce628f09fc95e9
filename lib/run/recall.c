#include "run/machine.h"

#include "base/mem.h"
#include "base/time.h"

/* What one run left, put together from the history: which runs tell it, then their
 * documents, run by run. */
struct tn_recall {
	struct tn_run *run;
	struct tn_arena *arena;
	struct tn_history *history; /* every run of the project, without documents */
	struct tn_past past;
	const struct tn_value **documents; /* by past.sources */
	bool *asked;                       /* the same */
	struct tn_history **read;          /* that the documents live in */
	size_t n_read;
	size_t next; /* source */
};

void
tn_recall_free(struct tn_recall *recall)
{
	if (recall == NULL)
		return;
	for (size_t i = 0; i < recall->n_read; i++)
		tn_history_free(recall->read[i]);
	tn_history_free(recall->history);
	tn_arena_free(recall->arena);
	tn_free(recall);
}

/* --- The tenant was read --- */

static const struct tn_live_action *
live_of(const struct tn_run *run, const struct tn_want_action *action)
{
	return tn_live_by_name(run->live,
	    action->renamed_from != NULL ? action->renamed_from : action->name);
}

/* The tenant's value is the one of then, as far as we wrote it last. */
static bool
is_still(const struct tn_run *run, const struct tn_live_action *live,
    const struct tn_secret_ref *then)
{
	const struct tn_known_secret *known;
	const struct tn_secret_ref *there;

	if (live == NULL || then->fingerprint == NULL)
		return false;
	known = tn_known_secret(run->store->known, live->id, then->name);
	there = tn_content_secret(&live->draft, then->name);
	return known != NULL && there != NULL &&
	    tn_text_equal(known->fingerprint, then->fingerprint) &&
	    tn_text_equal(known->updated_at, there->updated_at);
}

/* Without a value of today's a secret is wanted as of then where that is what there is,
 * and as whatever there is otherwise. */
static void
keep_known(struct tn_run *run, struct tn_want_action *action)
{
	const struct tn_live_action *live = live_of(run, action);
	struct tn_secret_ref *refs = tn_arena_array(run->want->arena,
	    action->content.n_secrets, struct tn_secret_ref);

	for (size_t i = 0; i < action->content.n_secrets; i++) {
		refs[i] = action->content.secrets[i];
		if (tn_secret_box_find(&run->secrets, &refs[i]) == NULL &&
		    !is_still(run, live, &refs[i]))
			refs[i].fingerprint = NULL;
	}
	action->content.secrets = refs;
}

static bool
is_known_otherwise(const struct tn_secret_ref *then, const struct tn_secret_ref *now)
{
	return now->fingerprint == NULL ||
	    tn_fingerprint_same_key(then->fingerprint, now->fingerprint);
}

/* A value of today's takes the place of the one of then, which nobody can read. */
static void
remark_secrets(struct tn_run *run, const struct tn_want_action *action,
    const struct tn_content *then)
{
	for (size_t i = 0; i < action->content.n_secrets; i++) {
		const struct tn_secret_ref *now = &action->content.secrets[i];
		const struct tn_secret_ref *old = tn_content_secret(then, now->name);

		if (old->fingerprint == NULL ||
		    tn_text_equal(old->fingerprint, now->fingerprint))
			continue;
		tn_remark(&run->remarks, run->want->arena,
		    "secret %s of action %s %s: %s", now->name, action->name,
		    is_known_otherwise(old, now)
			? "had another value then"
			: "had a value then that another key vouches for",
		    now->fingerprint != NULL ? "today's is used"
					     : "the tenant's is kept");
	}
}

/* A secret without a value can stay when the action has it. */
static void
demand_secrets(struct tn_run *run)
{
	const struct tn_want *want = run->want;

	for (size_t i = 0; i < want->n_actions; i++) {
		const struct tn_want_action *action = &want->actions[i];
		const struct tn_live_action *live = live_of(run, action);

		tn_secret_box_demand_new(&run->secrets, run->entry, action,
		    live == NULL ? NULL : &live->draft, run->diags);
	}
}

static void
on_asked(void *arg)
{
	struct tn_run *run = arg;
	size_t n = run->want->n_actions;
	TN_CLEANUP(tn_freep) struct tn_content *then = tn_alloc(n + 1, sizeof(*then));

	tn_secret_box_measure(&run->secrets, run->want,
	    &run->provider->capabilities->limits, run->diags);
	demand_secrets(run);
	if (tn_diags_errors(run->diags) > 0) {
		tn_run_finish_error(run, NULL);
		return;
	}
	tn_run_collect_secrets(run);
	for (size_t i = 0; i < n; i++) {
		then[i] = run->want->actions[i].content;
		keep_known(run, &run->want->actions[i]);
	}
	tn_secret_box_fingerprint(&run->secrets, tn_run_key(run), NULL, run->want);
	for (size_t i = 0; i < n; i++)
		remark_secrets(run, &run->want->actions[i], &then[i]);
	tn_run_compare(run);
}

void
tn_recall_want(struct tn_run *run)
{
	struct tn_recall *recall = run->recall;

	run->want->n_flows = 0;
	if (tn_past_want(&recall->past, recall->documents, run->live, run->store->known,
		run->want, &run->remarks, &run->error) < 0) {
		tn_run_finish_error(run, NULL);
		return;
	}
	run->values = tn_resolve_new(&run->options, run->diags);
	tn_secret_box_ask(&run->secrets, run->values, run->entry, run->want);
	tn_resolve_start(run->values, on_asked, run);
}

/* --- The history is read --- */

/* All that is to be read of the tenant: the flows that are known of. */
static void
name_flows(struct tn_recall *recall)
{
	struct tn_want *want = recall->run->want;

	want->flows = tn_arena_array(want->arena, recall->past.n, struct tn_want_flow);
	for (size_t i = 0; i < recall->past.n; i++)
		if (recall->documents[i] != NULL &&
		    tn_text_equal(recall->past.sources[i].object->kind, "flow"))
			want->flows[want->n_flows++].trigger =
			    recall->past.sources[i].object->name;
}

static void read_next(struct tn_recall *recall);

static void
on_documents(void *arg, struct tn_history *history, const struct tn_error *err)
{
	struct tn_recall *recall = arg;
	const struct tn_past *past = &recall->past;
	const struct tn_past_run *run = past->sources[recall->next].run;

	recall->read[recall->n_read++] = history;
	if (recall->run->finished)
		return;
	if (err != NULL) {
		tn_run_finish_error(recall->run, err);
		return;
	}
	for (size_t i = recall->next; i < past->n; i++) {
		if (past->sources[i].run != run)
			continue;
		recall->asked[i] = true;
		recall->documents[i] = tn_past_document(&past->sources[i], history);
	}
	read_next(recall);
}

static void
read_next(struct tn_recall *recall)
{
	const struct tn_past *past = &recall->past;

	while (recall->next < past->n && recall->asked[recall->next])
		recall->next++;
	if (recall->next == past->n) {
		name_flows(recall);
		tn_run_read_tenant(recall->run);
	} else {
		const struct tn_history_query query = {
			.run_id = past->sources[recall->next].run->run_id,
			.kept = true,
			.contents = true,
			.limit = 1,
		};

		tn_store_history(recall->run->store, &query, on_documents, recall);
	}
}

static int
refuse_run(struct tn_run *run, const char *id, const char *first, const char *second)
{
	int r;

	if (second != NULL)
		r = tn_error_set(&run->error, TN_E_INPUT,
		    "\"%s\" is the beginning of several runs: %s, %s", id, first, second);
	else
		r = tn_error_set(&run->error, TN_E_NOT_FOUND,
		    "the state knows no run \"%s\" of project %s on tenant %s", id,
		    run->want->project, run->entry->tenant);
	tn_error_hint(&run->error, "tenon history lists the runs; old ones are pruned");
	return r;
}

int
tn_run_find_past(struct tn_run *run, const struct tn_history *history, const char *id,
    size_t *out)
{
	const char *first = NULL;

	for (size_t i = 0; i < history->n_runs; i++) {
		const char *found = history->runs[i].run_id;

		if (!tn_text_starts(found, id))
			continue;
		if (first != NULL)
			return refuse_run(run, id, first, found);
		first = found;
		*out = i;
	}
	return first == NULL ? refuse_run(run, id, NULL, NULL) : 0;
}

/* That which the tenant held after the run: its own, unless it was put back; none when
 * something of it stayed. */
static void
take_commit(struct tn_run *run, const struct tn_history *history, size_t at)
{
	for (; at < history->n_runs; at++) {
		const struct tn_past_run *past = &history->runs[at];

		if (tn_text_equal(past->outcome, "put-back"))
			continue;
		if (tn_text_equal(past->outcome, "applied")) {
			run->goal_commit = past->facts.commit;
			run->goal_dirty = past->facts.dirty;
		}
		return;
	}
}

static void
on_history(void *arg, struct tn_history *history, const struct tn_error *err)
{
	struct tn_recall *recall = arg;
	struct tn_run *run = recall->run;
	const struct tn_past_run *past;
	char when[TN_TIME_SIZE];
	size_t at = 0;

	recall->history = history;
	if (run->finished)
		return;
	if (err != NULL) {
		tn_run_finish_error(run, err);
		return;
	}
	if (tn_run_find_past(run, history, run->options.to_run, &at) < 0) {
		tn_run_finish_error(run, NULL);
		return;
	}
	past = &history->runs[at];
	tn_time_format_seconds(past->ended_ns, when);
	run->result.target = tn_arena_printf(recall->arena, "run %s, which ended %s",
	    past->run_id, when);
	take_commit(run, history, at);
	if (tn_run_check_hold(run) < 0) {
		tn_run_finish_error(run, NULL);
		return;
	}
	tn_past_find(history, at, recall->arena, &recall->past);
	recall->documents = tn_arena_array(recall->arena, recall->past.n,
	    const struct tn_value *);
	recall->asked = tn_arena_array(recall->arena, recall->past.n, bool);
	recall->read = tn_arena_array(recall->arena, recall->past.n, struct tn_history *);
	read_next(recall);
}

void
tn_recall_start(struct tn_run *run)
{
	static const struct tn_history_query all = { .kept = true };
	struct tn_recall *recall = tn_new(struct tn_recall);

	recall->run = run;
	recall->arena = tn_arena_new();
	run->recall = recall;
	tn_store_history(run->store, &all, on_history, recall);
}
