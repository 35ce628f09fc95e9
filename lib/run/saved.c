#include "run/machine.h"

#include "base/time.h"

#define DIGITS 12 /* of a digest, for people */

/* What was approved is not what would be done now. Gives the error's kind. */
static int
stale(struct tn_run *run, const char *hint)
{
	run->stale = true;
	tn_error_hint(&run->error, "%s", hint);
	return -(int)run->error.kind;
}

/* The plan names its tenant; whoever names another one means another plan. */
static int
take_tenant(struct tn_run *run)
{
	const char *tenant = run->options.tenant;
	int r;

	if (tenant == NULL || tn_text_equal(tenant, run->saved->tenant)) {
		run->options.tenant = run->saved->tenant;
		return 0;
	}
	r = tn_error_set(&run->error, TN_E_INPUT,
	    "the plan is for tenant %s, and --tenant says %s", run->saved->tenant,
	    tenant);
	tn_error_hint(&run->error, "leave --tenant out, or take the plan for %s", tenant);
	return r;
}

int
tn_run_take_saved(struct tn_run *run)
{
	int r;

	if (run->options.saved_plan.ptr == NULL)
		return 0;
	r = tn_saved_plan_read(run->options.saved_plan, &run->saved, &run->error);
	run->stale = r == -TN_E_CONFLICT;
	if (r < 0)
		return r;
	run->result.saved = run->saved;
	run->options.overwrite_drafts |= run->saved->origin.overwrite_drafts;
	return take_tenant(run);
}

int
tn_run_check_origin(struct tn_run *run)
{
	const struct tn_saved_plan *saved = run->saved;

	if (saved == NULL)
		return 0;
	if (!tn_text_equal(saved->project, run->want->project))
		tn_error_set(&run->error, TN_E_CONFLICT,
		    "the plan is of project %s, and the files here are of %s",
		    saved->project, run->want->project);
	else if (!tn_text_equal(saved->provider, run->provider->name) ||
	    !tn_text_equal(saved->base_url, run->entry->base_url))
		tn_error_set(&run->error, TN_E_CONFLICT,
		    "the plan is for tenant %s at %s (%s), and the connection leads to %s "
		    "(%s)",
		    saved->tenant, saved->base_url, saved->provider, run->entry->base_url,
		    run->provider->name);
	else
		return 0;
	return stale(run, "apply it with the files and the connection it was made with");
}

bool
tn_run_check_key(struct tn_run *run)
{
	const char *key = tn_run_key_id(run);

	if (run->saved == NULL || run->saved->key == NULL || key == NULL ||
	    tn_text_equal(run->saved->key, key))
		return true;
	tn_error_set(&run->error, TN_E_CONFLICT,
	    "the secrets of the plan have fingerprints under the key %s, and the key here "
	    "is %s: nothing can be said about their values",
	    run->saved->key, key);
	stale(run,
	    "set TENON_KEY to the same key for plan and apply (without it each state has "
	    "its own), or plan again here");
	tn_run_finish_error(run, NULL);
	return false;
}

bool
tn_run_check_saved(struct tn_run *run)
{
	const struct tn_saved_plan *saved = run->saved;

	if (run->plan != NULL && tn_text_equal(run->plan->digest, saved->digest))
		return true;
	run->moved_arena = tn_arena_new();
	run->result.moved = tn_saved_plan_moved(saved, run->plan, run->diff,
	    run->moved_arena, &run->result.n_moved);
	/* It is neither what was approved nor what is done. */
	run->result.plan = NULL;
	run->result.diff = NULL;
	if (run->plan == NULL)
		tn_error_set(&run->error, TN_E_CONFLICT,
		    "the plan is stale: not all of it can be done any more");
	else
		tn_error_set(&run->error, TN_E_CONFLICT,
		    "the plan is stale: planning gives %.*s… now, and not %.*s…", DIGITS,
		    run->plan->digest, DIGITS, saved->digest);
	stale(run, "look at what moved, plan again, and have that plan approved");
	tn_run_finish_error(run, NULL);
	return false;
}

int
tn_run_save(struct tn_run *run)
{
	const struct tn_run_result *result = &run->result;
	TN_CLEANUP(tn_str_done) struct tn_str bytes = TN_STR_INIT;
	char when[TN_TIME_SIZE];
	const struct tn_plan_origin origin = {
		.run_id = run->run_id,
		.made_at = when,
		.source = result->source,
		.commit = result->commit,
		.dirty = result->dirty,
		.overwrite_drafts = run->options.overwrite_drafts,
	};

	if (run->options.save == NULL)
		return 0;
	tn_time_format_seconds(result->started_unix, when);
	tn_saved_plan_write(run->plan, run->diff, &origin, &bytes);
	return run->options.save(run->options.arg, tn_str_span(&bytes), &run->error);
}
