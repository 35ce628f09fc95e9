#include "serve/machine.h"

#include "base/mem.h"
#include "base/secret.h"

/* What is to be looked at. */
enum aim {
	AIM_NEWEST, /* what the revision is now */
	AIM_GOOD,   /* the last commit that was good here: the newest cannot be used */
};

struct tn_attempt {
	struct tn_sync *sync;
	/* Of when it began: the sync may get others meanwhile. */
	struct tn_generation *generation;
	const struct tn_sync_entry *entry;
	struct tn_cancel cancel;
	struct tn_redactor *redactor; /* of the run under way */
	struct tn_origin_call *opening;
	struct tn_source source;
	enum aim aim;
	bool correcting;
	bool capped; /* as many corrections as allowed were made already */
	struct tn_run *run;
	char *where;            /* of the source, from wherever we are */
	char *commit;           /* the newest, when it was told */
	struct tn_found newest; /* what became of it, while the good one is looked at */
	struct tn_found look;
	struct tn_timer timer;
};

static void open_commit(struct tn_attempt *attempt, enum aim aim);

static bool
drift_is_due(const struct tn_sync *sync)
{
	return tn_loop_now(sync->serve->options.loop) >= sync->drift_due;
}

/* --- The end --- */

static void
end(void *arg)
{
	struct tn_attempt *attempt = arg;
	struct tn_sync *sync = attempt->sync;
	TN_CLEANUP(tn_freep) char *commit = tn_take(attempt->commit);
	struct tn_found look = attempt->look;

	attempt->look = (struct tn_found){ 0 };
	sync->attempt = NULL;
	tn_attempt_free(attempt);
	tn_sync_looked(sync, commit, &look);
	tn_found_done(&look);
}

/* What was found about the newest commit stands, though the good one was looked at too:
 * look becomes both. */
static void
join(struct tn_found *newest, struct tn_found *look)
{
	newest->compared = look->compared;
	newest->changes = look->changes;
	newest->actions = look->actions;
	newest->flows = look->flows;
	newest->kept = look->outcome;
	newest->kept_summary = look->summary;
	look->summary = (struct tn_str)TN_STR_INIT;
	if (newest->kept == TN_SYNC_CORRECTED || newest->kept == TN_SYNC_DRIFTED) {
		tn_str_addf(&newest->summary, "; with the commit before: %s",
		    tn_str_text(&newest->kept_summary));
		tn_free(newest->run_id);
		newest->run_id = tn_take(look->run_id);
	}
	tn_found_done(look);
	*look = *newest;
	*newest = (struct tn_found){ 0 };
}

static void
finish(struct tn_attempt *attempt)
{
	if (attempt->aim == AIM_GOOD)
		join(&attempt->newest, &attempt->look);
	/* The run that told us is not freed from inside of its own call. */
	tn_timer_start(&attempt->timer, attempt->sync->serve->options.loop, 0, end,
	    attempt);
}

/* The newest commit cannot be used, and the tenant is to be compared all the same. */
static bool
needs_the_good_one(const struct tn_attempt *attempt)
{
	const struct tn_sync *sync = attempt->sync;
	const struct tn_found *look = &attempt->look;

	if (attempt->aim == AIM_GOOD || sync->good == NULL || look->compared ||
	    tn_cancel_fired(&attempt->cancel))
		return false;
	return drift_is_due(sync) &&
	    (look->outcome == TN_SYNC_TROUBLE || look->outcome == TN_SYNC_WAITING);
}

static void
fall_back(struct tn_attempt *attempt)
{
	if (!needs_the_good_one(attempt)) {
		finish(attempt);
		return;
	}
	attempt->newest = attempt->look;
	attempt->look = (struct tn_found){ 0 };
	open_commit(attempt, AIM_GOOD);
}

static void
fall_back_later(void *arg)
{
	struct tn_attempt *attempt = arg;

	tn_run_free(tn_take(attempt->run));
	tn_source_done(&attempt->source);
	attempt->source = (struct tn_source){ 0 };
	fall_back(attempt);
}

/* --- The run --- */

static void
on_run(void *arg, const struct tn_run_result *result)
{
	struct tn_attempt *attempt = arg;
	struct tn_serve *serve = attempt->sync->serve;

	serve->counts.runs++;
	serve->counts.calls += result->calls;
	serve->counts.writes += result->writes;
	serve->counts.retries += result->retries;
	serve->counts.limited += result->limited;
	tn_judge_run(result, attempt->correcting, attempt->redactor, &attempt->look);
	if (result->declined && attempt->capped) {
		tn_str_clear(&attempt->look.summary);
		tn_str_clear(&attempt->look.trouble);
		tn_str_addf(&attempt->look.summary,
		    "others change what is corrected: %u corrections within 24 hours, "
		    "and no more are made",
		    attempt->entry->corrections);
		tn_str_add(&attempt->look.trouble, "corrections");
		attempt->look.kind = TN_E_LIMIT;
	}
	tn_timer_start(&attempt->timer, serve->options.loop, 0, fall_back_later, attempt);
}

/* Of corrections there is a cap; a commit is what somebody wanted. */
static void
on_confirm(void *arg, struct tn_run *run, const struct tn_run_result *so_far TN_UNUSED)
{
	struct tn_attempt *attempt = arg;
	struct tn_sync *sync = attempt->sync;
	int64_t now = tn_loop_unix(sync->serve->options.loop);

	attempt->capped = attempt->correcting &&
	    tn_corrections_count(&sync->corrections, now) >= attempt->entry->corrections;
	tn_run_confirm(run, !attempt->capped);
}

static enum tn_command
command_for(const struct tn_attempt *attempt)
{
	switch (attempt->entry->mode) {
	case TN_SYNC_REPORT:
		return TN_COMMAND_DRIFT;
	case TN_SYNC_APPLY:
		return attempt->correcting ? TN_COMMAND_DRIFT : TN_COMMAND_APPLY;
	case TN_SYNC_ENFORCE:
		return TN_COMMAND_APPLY;
	}
	return TN_COMMAND_DRIFT;
}

static void
start_run(struct tn_attempt *attempt)
{
	struct tn_sync *sync = attempt->sync;
	const struct tn_serve_options *options = &sync->serve->options;
	struct tn_run_options run = {
		.loop = options->loop,
		.transport = options->transport,
		.tree = attempt->source.tree,
		.schemas = options->schemas,
		.source_label = attempt->source.label,
		.commit = attempt->source.commit,
		.connections = attempt->generation->settings.connections,
		.tenant = attempt->entry->connection,
		.environment = options->environment,
		.runner = options->runner,
		.state_path = options->state_path,
		.disk = options->disk,
		.who = options->who,
		.tokens = sync->serve->tokens,
		.seed = tn_rand_next(&sync->serve->rand),
		.user_agent = options->user_agent,
		.cancel = &attempt->cancel,
		.confirm = on_confirm,
		.arg = attempt,
	};

	attempt->correcting = sync->good != NULL && attempt->source.commit != NULL &&
	    tn_text_equal(sync->good, attempt->source.commit);
	run.command = command_for(attempt);
	/* A new one for each run: values are forgotten with it. */
	tn_redactor_free(attempt->redactor);
	attempt->redactor = tn_redactor_new();
	run.redactor = attempt->redactor;
	tn_sync_go(sync, TN_SYNC_RUNNING);
	attempt->run = tn_run_start(&run, on_run, attempt);
}

/* --- The commit --- */

static void
wait_for_other(struct tn_attempt *attempt)
{
	attempt->look.outcome = TN_SYNC_WAITING;
	tn_str_addf(&attempt->look.summary, "waits until %s has applied this commit",
	    attempt->entry->after);
	tn_timer_start(&attempt->timer, attempt->sync->serve->options.loop, 0,
	    fall_back_later, attempt);
}

/* As it was found, or left, the last time. */
static void
stay(struct tn_attempt *attempt)
{
	const struct tn_sync *sync = attempt->sync;
	bool was_made_so = sync->outcome == TN_SYNC_APPLIED ||
	    sync->outcome == TN_SYNC_CORRECTED;

	attempt->look.outcome = was_made_so ? TN_SYNC_EQUAL : sync->outcome;
	tn_str_add(&attempt->look.summary,
	    was_made_so ? TN_JUDGED_EQUAL : tn_str_text(&sync->summary));
	tn_str_add(&attempt->look.trouble, tn_str_text(&sync->trouble));
	attempt->look.invalid = tn_text_equal(sync->invalid, attempt->commit);
	attempt->look.kind = attempt->look.invalid ? TN_E_INPUT : TN_E_NONE;
	finish(attempt);
}

static void
on_newest(struct tn_attempt *attempt)
{
	struct tn_sync *sync = attempt->sync;
	const char *commit = attempt->source.commit;
	bool known = tn_text_equal(sync->good, commit) ||
	    tn_text_equal(sync->invalid, commit);

	attempt->commit = tn_strdup(commit);
	tn_sync_saw(sync, commit);
	if (known && !drift_is_due(sync) &&
	    (sync->outcome != TN_SYNC_TROUBLE || tn_text_equal(sync->invalid, commit)))
		stay(attempt);
	else if (!tn_text_equal(sync->good, commit) && !tn_sync_may_apply(sync, commit))
		wait_for_other(attempt);
	else
		start_run(attempt);
}

static void
on_opened(void *arg, struct tn_source *source, const struct tn_error *err)
{
	struct tn_attempt *attempt = arg;
	TN_CLEANUP(tn_error_done) struct tn_error why = TN_ERROR_INIT;

	if (source != NULL)
		attempt->source = *source;
	else
		tn_error_copy(&why, err);
	if (source != NULL && attempt->source.commit == NULL)
		tn_error_set(&why, TN_E_INPUT, "the source is no repository of git");
	if (tn_error_is_set(&why)) {
		tn_judge_error("source", &why, &attempt->look);
		tn_timer_start(&attempt->timer, attempt->sync->serve->options.loop, 0,
		    fall_back_later, attempt);
	} else if (attempt->aim == AIM_NEWEST) {
		on_newest(attempt);
	} else {
		start_run(attempt);
	}
}

/* The opening that told us is not ended from inside of its own call. */
static void
open_commit(struct tn_attempt *attempt, enum aim aim)
{
	const struct tn_sync *sync = attempt->sync;
	const struct tn_source_request request = {
		.where = attempt->where,
		.ref = aim == AIM_GOOD ? sync->good : attempt->entry->revision,
		.path = attempt->entry->path,
	};
	struct tn_origin *origin = sync->serve->options.origin;

	attempt->aim = aim;
	tn_origin_stop(origin, tn_take(attempt->opening));
	attempt->opening = tn_origin_open(origin, &request, &attempt->cancel, on_opened,
	    attempt);
}

struct tn_attempt *
tn_attempt_start(struct tn_sync *sync)
{
	struct tn_attempt *attempt = tn_new(struct tn_attempt);
	const char *source = sync->entry->source;

	attempt->sync = sync;
	attempt->generation = sync->generation;
	attempt->generation->users++;
	attempt->entry = sync->entry;
	attempt->where = tn_source_is_remote(source)
	    ? tn_strdup(source)
	    : tn_daemon_path(attempt->generation->settings.daemon, source);
	open_commit(attempt, AIM_NEWEST);
	return attempt;
}

void
tn_attempt_stop(struct tn_attempt *attempt)
{
	if (!tn_cancel_fired(&attempt->cancel))
		tn_cancel_fire(&attempt->cancel);
}

void
tn_attempt_free(struct tn_attempt *attempt)
{
	if (attempt == NULL)
		return;
	tn_timer_stop(&attempt->timer);
	tn_run_free(attempt->run);
	tn_origin_stop(attempt->sync->serve->options.origin, attempt->opening);
	tn_source_done(&attempt->source);
	tn_generation_unuse(attempt->generation);
	tn_redactor_free(attempt->redactor);
	tn_found_done(&attempt->newest);
	tn_found_done(&attempt->look);
	tn_free(attempt->where);
	tn_free(attempt->commit);
	tn_free(attempt);
}
