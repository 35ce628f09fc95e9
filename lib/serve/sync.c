#include "serve/machine.h"

#include <assert.h>
#include <string.h>

#include "base/mem.h"

#define TO(state) (1u << TN_SYNC_##state)

/* A person may work on the tenant for a while: that is no trouble yet. */
#define PATIENCE_WITH_LOCKS 3
/* Whoever wakes it often does not make it run without a rest. */
#define REST (500 * TN_MSEC)

static const unsigned may_go[TN_SYNC_STATE__COUNT] = {
	[TN_SYNC_RESTING] = TO(QUEUED) | TO(SUSPENDED),
	[TN_SYNC_QUEUED] = TO(OPENING) | TO(SUSPENDED) | TO(RESTING),
	[TN_SYNC_OPENING] = TO(RUNNING) | TO(RESTING) | TO(SUSPENDED),
	[TN_SYNC_RUNNING] = TO(RESTING) | TO(SUSPENDED),
	[TN_SYNC_SUSPENDED] = TO(RESTING),
};

static const char *const state_names[TN_SYNC_STATE__COUNT] = {
	[TN_SYNC_RESTING] = "resting",
	[TN_SYNC_QUEUED] = "queued",
	[TN_SYNC_OPENING] = "opening",
	[TN_SYNC_RUNNING] = "running",
	[TN_SYNC_SUSPENDED] = "suspended",
};

static const char *const outcome_names[TN_SYNC_OUTCOME__COUNT] = {
	[TN_SYNC_NEW] = "new",
	[TN_SYNC_EQUAL] = "equal",
	[TN_SYNC_APPLIED] = "applied",
	[TN_SYNC_CORRECTED] = "corrected",
	[TN_SYNC_DRIFTED] = "drifted",
	[TN_SYNC_WAITING] = "waiting",
	[TN_SYNC_TROUBLE] = "trouble",
};

const char *
tn_sync_state_name(enum tn_sync_state state)
{
	return state_names[state];
}

const char *
tn_sync_outcome_name(enum tn_sync_outcome outcome)
{
	return outcome_names[outcome];
}

bool
tn_sync_may_go(enum tn_sync_state from, enum tn_sync_state to)
{
	return (may_go[from] & (1u << to)) != 0;
}

void
tn_sync_go(struct tn_sync *sync, enum tn_sync_state to)
{
	/* A second commit of the same look: it runs already. */
	if (sync->state == TN_SYNC_RUNNING && to == TN_SYNC_RUNNING)
		return;
	assert(tn_sync_may_go(sync->state, to));
	sync->state = to;
}

static void
replace(char **text, const char *with)
{
	if (with == NULL || tn_text_equal(*text, with))
		return;
	tn_free(*text);
	*text = tn_strdup(with);
}

/* --- Rest and looks --- */

static void
on_due(void *arg)
{
	struct tn_sync *sync = arg;

	tn_sync_go(sync, TN_SYNC_QUEUED);
	tn_serve_queue(sync->serve, sync);
}

static bool
is_suspended(const struct tn_sync *sync)
{
	return sync->suspended || sync->entry->suspend;
}

static void
rest(struct tn_sync *sync, int64_t delay)
{
	if (sync->serve->stopping)
		return;
	if (is_suspended(sync)) {
		tn_sync_go(sync, TN_SYNC_SUSPENDED);
		return;
	}
	if (sync->woken && delay > REST)
		delay = REST;
	sync->woken = false;
	tn_timer_start(&sync->timer, sync->serve->options.loop, delay, on_due, sync);
}

void
tn_sync_start(struct tn_sync *sync, int64_t delay)
{
	rest(sync, delay);
}

void
tn_sync_wake(struct tn_sync *sync)
{
	if (sync->state == TN_SYNC_SUSPENDED || sync->serve->stopping)
		return;
	sync->woken = true;
	if (sync->state == TN_SYNC_RESTING)
		rest(sync, 0);
}

void
tn_sync_set_suspended(struct tn_sync *sync, bool suspended)
{
	sync->suspended = suspended;
	if (is_suspended(sync)) {
		if (sync->state == TN_SYNC_QUEUED)
			tn_serve_unqueue(sync->serve, sync);
		if (sync->state == TN_SYNC_RESTING || sync->state == TN_SYNC_QUEUED) {
			tn_timer_stop(&sync->timer);
			tn_sync_go(sync, TN_SYNC_SUSPENDED);
		}
	} else if (sync->state == TN_SYNC_SUSPENDED) {
		tn_sync_go(sync, TN_SYNC_RESTING);
		rest(sync, 0);
	}
}

void
tn_sync_take_entry(struct tn_sync *sync, struct tn_generation *generation,
    const struct tn_sync_entry *entry)
{
	/* What was only reported so far is now to be applied. */
	bool begins = sync->entry->mode == TN_SYNC_REPORT &&
	    entry->mode != TN_SYNC_REPORT;

	generation->users++;
	tn_generation_unuse(sync->generation);
	sync->generation = generation;
	sync->entry = entry;
	tn_sync_set_suspended(sync, sync->suspended);
	if (begins) {
		tn_free(tn_take(sync->good));
		tn_sync_wake(sync);
	}
}

void
tn_sync_stop(struct tn_sync *sync)
{
	tn_timer_stop(&sync->timer);
	if (sync->attempt != NULL)
		tn_attempt_stop(sync->attempt);
}

void
tn_sync_look(struct tn_sync *sync)
{
	tn_sync_go(sync, TN_SYNC_OPENING);
	sync->attempt = tn_attempt_start(sync);
}

/* --- What a look tells --- */

static void
tell(struct tn_sync *sync, enum tn_notice notice, const struct tn_str *summary)
{
	struct tn_serve *serve = sync->serve;
	const struct tn_serve_event event = {
		.notice = notice,
		.entry = sync->entry,
		.summary = tn_str_text(summary),
		.commit = sync->seen,
		.run_id = sync->run_id,
		.unix_ns = tn_loop_unix(serve->options.loop),
	};

	if (serve->options.event != NULL)
		serve->options.event(serve->options.arg, &event);
}

/* Drift is told once, until it is something else or gone. */
static void
tell_comparison(struct tn_sync *sync, enum tn_sync_outcome outcome,
    const struct tn_str *summary)
{
	bool told = tn_text_equal(tn_str_text(&sync->drift), tn_str_text(summary));

	switch (outcome) {
	case TN_SYNC_DRIFTED:
		if (!told)
			tell(sync, TN_NOTICE_DRIFT, summary);
		tn_str_clear(&sync->drift);
		tn_str_add(&sync->drift, tn_str_text(summary));
		return;
	case TN_SYNC_APPLIED:
		tell(sync, TN_NOTICE_APPLIED, summary);
		break;
	case TN_SYNC_CORRECTED:
		tell(sync, TN_NOTICE_CORRECTED, summary);
		break;
	case TN_SYNC_EQUAL:
		break;
	case TN_SYNC_NEW:
	case TN_SYNC_WAITING:
	case TN_SYNC_TROUBLE:
	case TN_SYNC_OUTCOME__COUNT:
		return;
	}
	tn_str_clear(&sync->drift);
}

static void
tell_look(struct tn_sync *sync, const struct tn_found *look, enum tn_sync_outcome before,
    bool same_trouble)
{
	if (before == TN_SYNC_TROUBLE && look->outcome != TN_SYNC_TROUBLE)
		tell(sync, TN_NOTICE_RECOVERED, &look->summary);
	if (look->outcome == TN_SYNC_TROUBLE && !same_trouble)
		tell(sync, TN_NOTICE_TROUBLE, &look->summary);
	tell_comparison(sync, look->outcome, &look->summary);
	tell_comparison(sync, look->kept, &look->kept_summary);
}

void
tn_sync_saw(struct tn_sync *sync, const char *commit)
{
	if (tn_text_equal(sync->seen, commit))
		return;
	replace(&sync->seen, commit);
	sync->seen_at = tn_loop_now(sync->serve->options.loop);
}

static void
remember_commit(struct tn_sync *sync, const char *commit, const struct tn_found *look)
{
	int64_t now = tn_loop_now(sync->serve->options.loop);

	if (commit == NULL)
		return;
	if (look->invalid)
		replace(&sync->invalid, commit);
	else if (tn_text_equal(sync->invalid, commit))
		tn_free(tn_take(sync->invalid));
	if (look->outcome == TN_SYNC_TROUBLE || look->outcome == TN_SYNC_WAITING)
		return;
	if (!tn_text_equal(sync->good, commit)) {
		sync->converged_ns = now - sync->seen_at;
		sync->serve->counts.converged++;
		sync->serve->counts.converging_ns += sync->converged_ns;
	}
	replace(&sync->good, commit);
}

static void
remember_corrections(struct tn_sync *sync, const struct tn_found *look)
{
	int64_t now = tn_loop_unix(sync->serve->options.loop);

	if (look->outcome != TN_SYNC_CORRECTED && look->kept != TN_SYNC_CORRECTED)
		return;
	for (unsigned i = 0; i < look->changes; i++)
		tn_corrections_add(&sync->corrections, now);
}

static void
remember(struct tn_sync *sync, const char *commit, struct tn_found *look)
{
	struct tn_loop *loop = sync->serve->options.loop;
	int64_t now = tn_loop_unix(loop);

	remember_commit(sync, commit, look);
	remember_corrections(sync, look);
	replace(&sync->run_id, look->run_id);
	sync->looked_unix = now;
	sync->outcome = look->outcome;
	tn_str_clear(&sync->summary);
	tn_str_add(&sync->summary, tn_str_text(&look->summary));
	tn_str_clear(&sync->trouble);
	tn_str_add(&sync->trouble, tn_str_text(&look->trouble));
	if (look->outcome == TN_SYNC_TROUBLE) {
		if (sync->trouble_since == 0)
			sync->trouble_since = now;
	} else {
		sync->trouble_since = 0;
		sync->good_unix = now;
	}
	if (look->compared) {
		sync->actions = look->actions;
		sync->flows = look->flows;
		sync->drift_due = tn_loop_now(loop) +
		    tn_schedule_wait(&sync->serve->rand, sync->entry->drift_ns,
			sync->entry->jitter);
	}
}

/* Never past the next comparison. */
static int64_t
next_look(struct tn_sync *sync, const struct tn_found *look)
{
	struct tn_serve *serve = sync->serve;
	int64_t now = tn_loop_now(serve->options.loop);
	int64_t wait;

	if (look->outcome == TN_SYNC_TROUBLE && !look->invalid) {
		sync->failures++;
		return tn_schedule_pause(&serve->rand, sync->failures);
	}
	sync->failures = 0;
	wait = tn_schedule_wait(&serve->rand, sync->entry->interval_ns,
	    sync->entry->jitter);
	if (now + wait > sync->drift_due && sync->drift_due > now)
		wait = sync->drift_due - now;
	return wait;
}

static void
wake_followers(const struct tn_sync *sync)
{
	const struct tn_serve *serve = sync->serve;

	for (size_t i = 0; i < serve->n_named; i++)
		if (tn_text_equal(serve->syncs[i]->entry->after, sync->entry->name) &&
		    serve->syncs[i]->outcome == TN_SYNC_WAITING)
			tn_sync_wake(serve->syncs[i]);
}

static bool
is_patient(const struct tn_sync *sync, const struct tn_found *look)
{
	return look->outcome == TN_SYNC_TROUBLE && look->kind == TN_E_LOCKED &&
	    sync->failures + 1 < PATIENCE_WITH_LOCKS;
}

/* Stopped by us: what was under way is the next daemon's to look at. */
static bool
was_stopped(const struct tn_sync *sync, const struct tn_found *look)
{
	return sync->serve->stopping && look->outcome == TN_SYNC_TROUBLE &&
	    look->changes == 0;
}

static void
take_look(struct tn_sync *sync, const char *commit, struct tn_found *look)
{
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	struct tn_serve *serve = sync->serve;
	enum tn_sync_outcome before = sync->outcome;
	bool same_trouble = before == TN_SYNC_TROUBLE &&
	    tn_text_equal(tn_str_text(&sync->trouble), tn_str_text(&look->trouble));

	serve->counts.looks[look->outcome]++;
	remember(sync, commit, look);
	tell_look(sync, look, before, same_trouble);
	if (tn_keep_write(serve, &err) < 0)
		serve->counts.kept_in_vain++;
	wake_followers(sync);
}

void
tn_sync_looked(struct tn_sync *sync, const char *commit, struct tn_found *look)
{
	bool quiet = was_stopped(sync, look) || is_patient(sync, look);
	int64_t wait;

	tn_sync_go(sync, TN_SYNC_RESTING);
	if (!quiet)
		take_look(sync, commit, look);
	wait = next_look(sync, look);
	if (!sync->leaving)
		rest(sync, wait);
	tn_serve_left(sync->serve, sync);
}

bool
tn_sync_may_apply(const struct tn_sync *sync, const char *commit)
{
	const struct tn_sync *first;

	if (sync->entry->after == NULL || sync->entry->mode == TN_SYNC_REPORT)
		return true;
	first = tn_serve_find(sync->serve, sync->entry->after);
	return first != NULL && first->outcome != TN_SYNC_TROUBLE &&
	    first->outcome != TN_SYNC_DRIFTED && tn_text_equal(first->good, commit);
}

/* --- Life --- */

struct tn_sync *
tn_sync_new(struct tn_serve *serve, struct tn_generation *generation,
    const struct tn_sync_entry *entry)
{
	struct tn_sync *sync = tn_new(struct tn_sync);

	sync->serve = serve;
	sync->generation = generation;
	generation->users++;
	sync->entry = entry;
	/* The first look compares, whatever was known. */
	sync->drift_due = tn_loop_now(serve->options.loop);
	return sync;
}

void
tn_sync_free(struct tn_sync *sync)
{
	if (sync == NULL)
		return;
	tn_timer_stop(&sync->timer);
	tn_attempt_free(sync->attempt);
	tn_generation_unuse(sync->generation);
	tn_corrections_done(&sync->corrections);
	tn_str_done(&sync->summary);
	tn_str_done(&sync->trouble);
	tn_str_done(&sync->drift);
	tn_free(sync->good);
	tn_free(sync->seen);
	tn_free(sync->invalid);
	tn_free(sync->run_id);
	tn_free(sync);
}
