#include "report/report.h"

#include "base/time.h"
#include "report/style.h"

static void
print_error(const struct tn_style *style, const struct tn_error *error)
{
	tn_style_begin(style, TN_RED);
	tn_str_add(style->out, "Error");
	tn_style_end(style);
	tn_str_add(style->out, ": ");
	tn_style_text(style, error->message);
	tn_str_add_char(style->out, '\n');
	if (error->hint != NULL) {
		tn_str_add(style->out, "  → ");
		tn_style_text(style, error->hint);
		tn_str_add_char(style->out, '\n');
	}
}

/* What could not be put back, with what to do. */
static void
print_stuck(const struct tn_style *style, const struct tn_apply_report *report)
{
	for (size_t i = 0; i < report->n_steps; i++) {
		const struct tn_step_report *step = &report->steps[i];

		if (step->stuck == NULL)
			continue;
		tn_style_mark(style, 2, "!");
		tn_str_addf(style->out, "%s of ", tn_step_kind_name(step->step->kind));
		tn_style_text(style, step->step->name);
		tn_str_add(style->out, ": ");
		tn_style_text(style, step->stuck->message);
		tn_str_add_char(style->out, '\n');
		if (step->stuck->hint != NULL) {
			tn_str_add(style->out, "      → ");
			tn_style_text(style, step->stuck->hint);
			tn_str_add_char(style->out, '\n');
		}
	}
}

static unsigned
count_state(const struct tn_apply_report *report, enum tn_step_state state)
{
	unsigned n = 0;

	for (size_t i = 0; i < report->n_steps; i++)
		n += report->steps[i].state == state;
	return n;
}

/* What a run that was left where it failed has done, and what not. */
static void
print_stopped(const struct tn_style *style, const struct tn_apply_report *report)
{
	for (size_t i = 0; i < report->n_steps; i++) {
		const struct tn_step_report *step = &report->steps[i];
		bool done = step->state == TN_STEP_DONE;
		bool begun = step->state != TN_STEP_PENDING;

		tn_style_mark(style, 2, done ? "+" : begun ? "!" : " ");
		tn_str_addf(style->out, "%s of ", tn_step_kind_name(step->step->kind));
		tn_style_text(style, step->step->name);
		tn_str_addf(style->out, ": %s",
		    done        ? "done"
			: begun ? "failed"
				: "not begun");
		if (begun && !done && step->error != NULL) {
			tn_str_add(style->out, ": ");
			tn_style_text(style, step->error->message);
		}
		tn_str_add_char(style->out, '\n');
	}
	tn_str_add(style->out, "The next apply goes on from there.\n");
}

static void
print_recovery(const struct tn_style *style, const struct tn_apply_report *report)
{
	switch (report->outcome) {
	case TN_APPLIED:
		tn_str_add(style->out,
		    count_state(report, TN_STEP_DONE) == report->n_steps
			? "A run that was interrupted had done everything: it is "
			  "finished now.\n"
			: "A run that was interrupted had done everything but deleting: it "
			  "is finished now, and what is left of that is planned anew.\n");
		return;
	case TN_PUT_BACK:
		tn_str_addf(style->out,
		    "A run was interrupted: %u of its steps were put back, and the tenant is "
		    "as it was before it.\n",
		    count_state(report, TN_STEP_UNDONE));
		return;
	case TN_NOT_STARTED:
		tn_str_add(style->out,
		    "A run was interrupted before it wrote anything.\n");
		return;
	case TN_STOPPED:
		tn_str_addf(style->out,
		    "A run that was left where it failed was interrupted then: %u of its "
		    "%zu steps were done, and nothing was put back.\n",
		    count_state(report, TN_STEP_DONE), report->n_steps);
		return;
	case TN_NOT_PUT_BACK:
		tn_str_add(style->out,
		    "A run was interrupted, and not everything of it could be "
		    "put back:\n");
		print_stuck(style, report);
		return;
	}
}

static void
print_not_deleted(const struct tn_style *style, const struct tn_apply_report *report)
{
	tn_str_add(style->out,
	    "Applied and verified. This could not be deleted, and the next apply tries it "
	    "again:\n");
	for (size_t i = 0; i < report->n_steps; i++) {
		const struct tn_step_report *step = &report->steps[i];

		if (step->state == TN_STEP_DONE)
			continue;
		tn_style_mark(style, 2, "!");
		tn_str_addf(style->out, "%s ", tn_step_object(step->step->kind));
		tn_style_text(style, step->step->name);
		if (step->error != NULL) {
			tn_str_add(style->out, ": ");
			tn_style_text(style, step->error->message);
		}
		tn_str_add_char(style->out, '\n');
	}
}

static const char *
how_it_ended(const struct tn_apply_report *report)
{
	bool stopped = report->error != NULL && report->error->kind == TN_E_CANCELLED;

	return stopped ? "was stopped" : "failed";
}

/* Beside what the plan said it would be. */
static void
print_cost(const struct tn_style *style, const struct tn_run_result *result)
{
	char took[24], foreseen[24];

	if (result->plan == NULL)
		return;
	tn_duration_format(result->applied_ns, took);
	tn_duration_format(result->plan->time_ns, foreseen);
	tn_str_addf(style->out,
	    "Of these the apply took %u calls and %s; the plan foresaw %u and %s.\n",
	    result->applied_calls, took, result->plan->calls, foreseen);
}

static void
print_applied(const struct tn_style *style, const struct tn_run_result *result)
{
	const struct tn_apply_report *report = result->applied;
	char duration[24];

	tn_duration_format(result->ended_unix - result->started_unix, duration);
	switch (report->outcome) {
	case TN_APPLIED:
		if (report->n_steps == 0) {
			tn_str_add(style->out,
			    "Recorded as ours; nothing was written to the "
			    "tenant.\n");
			return;
		}
		if (count_state(report, TN_STEP_DONE) < report->n_steps)
			print_not_deleted(style, report);
		else
			tn_str_addf(style->out,
			    "Applied: %zu step%s, verified. %u calls, %u of them writes, %s.\n",
			    report->n_steps, tn_style_plural(report->n_steps),
			    result->calls, result->writes, duration);
		print_cost(style, result);
		return;
	case TN_PUT_BACK:
		tn_str_addf(style->out,
		    "The apply %s, and everything was put back: the tenant is as it was "
		    "before.\n",
		    how_it_ended(report));
		return;
	case TN_NOT_STARTED:
		tn_str_add(style->out, "This run wrote nothing to the tenant.\n");
		return;
	case TN_STOPPED:
		tn_str_addf(style->out,
		    "The apply failed and was left there, as --on-failure stop says: %u of "
		    "%zu steps were done.\n",
		    count_state(report, TN_STEP_DONE), report->n_steps);
		print_stopped(style, report);
		return;
	case TN_NOT_PUT_BACK:
		tn_str_addf(style->out, "The apply %s, and this could not be put back:\n",
		    how_it_ended(report));
		print_stuck(style, report);
		return;
	}
}

static void
print_validated(const struct tn_style *style, const struct tn_run_result *result)
{
	const struct tn_project_counts *counts = &result->counts;

	tn_str_add(style->out, "Valid: ");
	if (counts->tenants > 0)
		tn_str_addf(style->out, "%zu tenant%s, ", counts->tenants,
		    tn_style_plural(counts->tenants));
	tn_str_addf(style->out, "%zu action%s", counts->actions,
	    tn_style_plural(counts->actions));
	if (counts->modules > 0)
		tn_str_addf(style->out, ", %zu module%s", counts->modules,
		    tn_style_plural(counts->modules));
	tn_str_addf(style->out, ", %zu flow%s.\n", counts->flows,
	    tn_style_plural(counts->flows));
}

static void
print_open_run(const struct tn_style *style, const struct tn_run_result *result)
{
	tn_str_addf(style->out,
	    "Run %s is under way or was interrupted: what is shown may be half of it. The "
	    "next apply mends it first.\n",
	    result->open_run);
}

static void
print_no_state(const struct tn_style *style, const struct tn_run_result *result)
{
	tn_str_addf(style->out,
	    "There is no state: what has a name of the files is ours, nothing is deleted, "
	    "%s, nobody else is kept out, and a run that is killed is not mended.\n",
	    result->secrets_written ? "all secrets are written each time"
				    : "secrets that are there stay as they are");
}

/* Why the saved plan is not carried out. */
static void
print_moved(const struct tn_style *style, const struct tn_run_result *result)
{
	tn_str_add(style->out, "Moved since the plan was saved:\n");
	for (size_t i = 0; i < result->n_moved; i++) {
		const struct tn_moved *moved = &result->moved[i];

		tn_style_mark(style, 2, "!");
		tn_str_addf(style->out, "%-6s  ", tn_moved_kind_name(moved->kind));
		tn_style_text(style, moved->resource);
		tn_str_add(style->out, ": ");
		tn_style_text(style, moved->message);
		tn_str_add_char(style->out, '\n');
	}
}

void
tn_report_plan_text(const struct tn_run_result *result,
    const struct tn_report_options *options, struct tn_str *out)
{
	const struct tn_style style = { .colour = options->colour, .out = out };

	tn_report_header(&style, result);
	if (result->recovery != NULL)
		print_recovery(&style, result->recovery);
	if (result->no_state)
		print_no_state(&style, result);
	tn_report_plan(&style, result);
}

static void
print_unlocked(const struct tn_style *style, const struct tn_run_result *result)
{
	tn_str_add(style->out, "Nobody has the lock of tenant ");
	tn_style_text(style, result->tenant);
	tn_str_add(style->out,
	    ". There is nothing to unlock: a lock ends with its process.\n");
}

void
tn_report_text(const struct tn_run_result *result,
    const struct tn_report_options *options, struct tn_str *out)
{
	const struct tn_style style = { .colour = options->colour, .out = out };

	if (!options->plan_shown) {
		tn_report_header(&style, result);
		if (result->recovery != NULL)
			print_recovery(&style, result->recovery);
	}
	if (options->findings_shown)
		tn_report_counts(&style, result->diags);
	else
		tn_report_findings(&style, result->diags);
	if (result->open_run != NULL)
		print_open_run(&style, result);
	if (result->no_state && result->diff != NULL && !options->plan_shown)
		print_no_state(&style, result);
	if (result->diff != NULL && result->command == TN_COMMAND_DRIFT)
		tn_report_drift(&style, result);
	else if (result->diff != NULL && !options->plan_shown)
		tn_report_plan(&style, result);
	if (result->n_moved > 0)
		print_moved(&style, result);
	if (result->seen != NULL)
		tn_report_seen(&style, result->seen);
	if (result->history != NULL)
		tn_report_history(&style, result);
	if (result->shown != NULL)
		tn_report_shown(&style, result);
	if (result->command == TN_COMMAND_UNLOCK && result->exit == TN_EXIT_DONE)
		print_unlocked(&style, result);
	if (result->error != NULL)
		print_error(&style, result->error);
	if (result->applied != NULL)
		print_applied(&style, result);
	if (result->declined)
		tn_str_add(out, "Declined: this run wrote nothing.\n");
	if (result->command == TN_COMMAND_VALIDATE && result->exit == TN_EXIT_DONE)
		print_validated(&style, result);
}

/* Moves that a person wants to see; the others are only steps between. */
static const char *
progress_word(enum tn_step_state state)
{
	switch (state) {
	case TN_STEP_INFLIGHT:
		return "…";
	case TN_STEP_DONE:
		return "done";
	case TN_STEP_FAILED:
		return "failed";
	case TN_STEP_UNDONE:
		return "put back";
	case TN_STEP_STUCK:
		return "could not be put back";
	case TN_STEP_PENDING:
	case TN_STEP_READY:
	case TN_STEP_INTENDED:
	case TN_STEP_VERIFYING:
	case TN_STEP_UNDOING:
	case TN_STEP_STATE__COUNT:
		break;
	}
	return NULL;
}

void
tn_report_progress(const struct tn_step *step, enum tn_step_state state,
    const struct tn_report_options *options, struct tn_str *out)
{
	const struct tn_style style = { .colour = options->colour, .out = out };
	const char *word = progress_word(state);

	if (word == NULL)
		return;
	tn_str_addf(out, "  %u %s ", step->number, tn_step_kind_name(step->kind));
	tn_style_text(&style, step->name);
	tn_str_addf(out, ": %s\n", word);
}
