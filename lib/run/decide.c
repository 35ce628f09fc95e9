#include "run/machine.h"

#include "lint/lint.h"

/* Apply. */

static enum tn_exit
exit_of(const struct tn_apply_report *report)
{
	switch (report->outcome) {
	case TN_APPLIED:
		return report->error == NULL ? TN_EXIT_DONE : TN_EXIT_ERROR;
	case TN_PUT_BACK:
		return TN_EXIT_PUT_BACK;
	case TN_NOT_PUT_BACK:
	case TN_STOPPED:
		return TN_EXIT_NOT_PUT_BACK;
	case TN_NOT_STARTED:
		break;
	}
	return report->error != NULL && report->error->kind == TN_E_CANCELLED
	    ? TN_EXIT_PUT_BACK
	    : TN_EXIT_ERROR;
}

static void
on_applied(void *arg, const struct tn_apply_report *report)
{
	struct tn_run *run = arg;

	run->result.applied = report;
	run->result.applied_calls = tn_remote_counts(run->remote).calls -
	    run->calls_before;
	run->result.applied_ns = tn_loop_now(run->options.loop) - run->applying_since;
	if (report->error != NULL)
		tn_error_copy(&run->error, report->error);
	tn_run_finish(run, exit_of(report));
}

struct tn_apply_options
tn_run_apply_options(struct tn_run *run)
{
	return (struct tn_apply_options){
		.loop = run->options.loop,
		.remote = run->remote,
		.store = run->store,
		.run_id = run->run_id,
		.cancel = run->options.cancel,
		.stop_on_failure = run->options.stop_on_failure,
		.secrets = run->apply_secrets,
		.n_secrets = run->n_apply_secrets,
		.progress = run->options.progress,
		.progress_arg = run->options.arg,
	};
}

/* What the history keeps of the run. */
static void
introduce(struct tn_run *run)
{
	bool back = run->options.command == TN_COMMAND_ROLLBACK;
	const struct tn_run_facts facts = {
		.command = back ? "rollback" : "apply",
		.who = run->options.who,
		.source = run->options.source_label,
		.commit = run->goal_commit,
		.dirty = run->goal_dirty,
		.digest = run->plan->digest,
		.target = run->result.target,
		.hold = run->result.puts_on_hold,
		.lift = run->result.hold_lifted ? run->goal_commit : NULL,
	};

	tn_store_introduce(run->store, &facts);
}

/* What is wanted, and is so already. */
static void
collect_kept(struct tn_run *run, struct tn_apply_options *options)
{
	const struct tn_diff *diff = run->diff;
	struct tn_apply_kept *kept = tn_arena_array(run->want->arena,
	    diff->n_changes + diff->n_flows, struct tn_apply_kept);
	size_t n = 0;

	for (size_t i = 0; i < diff->n_changes; i++) {
		const struct tn_change *change = &diff->changes[i];

		if (change->kind == TN_CHANGE_NONE && change->live != NULL)
			kept[n++] = (struct tn_apply_kept){ .live = change->live,
				.want = &change->want->content };
	}
	for (size_t i = 0; i < diff->n_flows; i++)
		if (!diff->flows[i].differs && diff->flows[i].blocked == NULL)
			kept[n++] =
			    (struct tn_apply_kept){ .flow = &diff->flows[i].before };
	options->kept = kept;
	options->n_kept = n;
}

static void
start_apply(struct tn_run *run)
{
	struct tn_apply_options options = tn_run_apply_options(run);

	collect_kept(run, &options);
	introduce(run);
	run->applying = true;
	run->calls_before = tn_remote_counts(run->remote).calls;
	run->applying_since = tn_loop_now(run->options.loop);
	run->apply = tn_apply_start(run->plan, &options, on_applied, run);
}

void
tn_run_confirm(struct tn_run *run, bool yes)
{
	if (run->finished || run->applying)
		return;
	if (yes) {
		start_apply(run);
		return;
	}
	run->result.declined = true;
	tn_run_finish(run, TN_EXIT_ERROR);
}

/* Plan. */

static bool
drifted(const struct tn_diff *diff)
{
	for (size_t i = 0; i < diff->n_modules; i++)
		if (diff->modules[i].kind != TN_MODULE_NONE ||
		    diff->modules[i].foreign_draft)
			return true;
	for (size_t i = 0; i < diff->n_changes; i++)
		if (diff->changes[i].kind != TN_CHANGE_NONE || diff->changes[i].rename ||
		    diff->changes[i].foreign_draft ||
		    tn_secret_changes_theirs(diff->changes[i].secrets,
			diff->changes[i].n_secrets))
			return true;
	for (size_t i = 0; i < diff->n_removals; i++)
		if (diff->removals[i].kept == NULL)
			return true;
	for (size_t i = 0; i < diff->n_module_removals; i++)
		if (diff->module_removals[i].kept == NULL)
			return true;
	for (size_t i = 0; i < diff->n_flows; i++)
		if (diff->flows[i].differs || diff->flows[i].blocked != NULL)
			return true;
	return false;
}

static void
on_noted(void *arg, const struct tn_error *err)
{
	struct tn_run *run = arg;

	if (run->finished)
		return;
	if (err != NULL)
		tn_run_finish_error(run, err);
	else
		tn_run_finish(run, TN_EXIT_DONE);
}

/* Nothing to do, but it may be another commit that says so. */
static void
note_applied(struct tn_run *run)
{
	introduce(run);
	tn_store_note_applied(run->store, run->run_id, on_noted, run);
}

static void
finish_plan(struct tn_run *run)
{
	enum tn_op_kind ops[TN_OP__COUNT];
	size_t n = tn_plan_operations(run->plan, ops);

	if (tn_plan_writes(run->plan))
		run->result.missing_rights = tn_remote_missing_rights(run->remote, ops,
		    n);
	if (!tn_command_writes(run->options.command)) {
		if (tn_run_save(run) < 0)
			tn_run_finish_error(run, NULL);
		else
			tn_run_finish(run, TN_EXIT_DONE);
	} else if (tn_run_check_rights(run) < 0) {
		tn_run_finish_error(run, NULL);
	} else if (!tn_plan_writes(run->plan) && run->plan->n_adoptions == 0) {
		note_applied(run);
	} else if (tn_plan_writes(run->plan) && run->options.confirm != NULL) {
		run->options.confirm(run->options.arg, run, &run->result);
	} else {
		start_apply(run);
	}
}

/* None when something blocks it. */
static void
build_plan(struct tn_run *run)
{
	const struct tn_plan_input input = {
		.tenant = run->entry->tenant,
		.provider = run->provider->name,
		.base_url = run->entry->base_url,
		.project = run->want->project,
		.key = tn_run_key_id(run),
		.diff = run->diff,
		.pace = tn_remote_pace(run->remote),
	};

	tn_plan_free(tn_take(run->plan));
	if (!tn_diff_blocked(run->diff))
		run->plan = tn_plan_build(&input);
	run->result.diff = run->diff;
	run->result.plan = run->plan;
}

static void
make_plan(struct tn_run *run)
{
	run->result.remarks = run->remarks.items;
	run->result.n_remarks = run->remarks.n;
	if (run->options.command == TN_COMMAND_ROLLBACK)
		tn_run_choose_hold(run);
	build_plan(run);
	if (run->saved != NULL) {
		if (!tn_run_check_saved(run))
			return;
		if (run->saved->n_later > 0) {
			tn_run_compare_deferred(run);
			build_plan(run);
		}
	}
	if (run->plan == NULL) {
		tn_error_set(&run->error, TN_E_CONFLICT, "some changes cannot be made");
		tn_error_hint(&run->error,
		    "each of them says why and what to do; this run "
		    "wrote nothing");
		tn_run_finish(run, TN_EXIT_ERROR);
		return;
	}
	finish_plan(run);
}

/* What may not be deleted stops a plan, and not the look at what is off. */
static void
decide(struct tn_run *run)
{
	tn_lint_flips(run->diff, run->live, run->provider->capabilities, run->diags);
	tn_lint_deletes(run->diff, run->want, run->options.allow_empty, run->diags);
	if (tn_diags_errors(run->diags) > 0)
		tn_run_finish(run, TN_EXIT_ERROR);
	else
		make_plan(run);
}

void
tn_run_compared(struct tn_run *run)
{
	run->result.diff = run->diff;
	tn_lint_flows(run->diff, run->provider->capabilities, run->diags);
	if (run->live->has_triggers)
		tn_lint_live(run->want, run->live, run->provider->capabilities,
		    run->diags);
	if (run->want->no_state && tn_command_writes(run->options.command))
		tn_run_demand_missing(run);
	if (tn_diags_errors(run->diags) > 0)
		tn_run_finish(run, TN_EXIT_ERROR);
	else if (run->options.command == TN_COMMAND_DRIFT)
		tn_run_finish(run, drifted(run->diff) ? TN_EXIT_CHANGES : TN_EXIT_DONE);
	else
		decide(run);
}
