#include "serve/machine.h"

#include "base/mem.h"
#include "base/secret.h"
#include "base/text.h"

/* Of one message in a summary, which is a line for people. */
#define SHOWN ((size_t)400)

void
tn_found_done(struct tn_found *look)
{
	tn_str_done(&look->summary);
	tn_str_done(&look->trouble);
	tn_str_done(&look->kept_summary);
	tn_free(look->run_id);
}

/* Redacted before it is cut: a value is only known in one piece. */
static void
add_text(const struct tn_redactor *redactor, const char *text, struct tn_str *out)
{
	TN_CLEANUP(tn_str_done) struct tn_str clean = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str shown = TN_STR_INIT;
	size_t len;

	tn_redactor_apply(redactor, tn_span(text), &clean);
	tn_text_printable(tn_str_span(&clean), false, &shown);
	len = shown.len;
	if (len > SHOWN) {
		len = SHOWN;
		while (len > 0 && ((unsigned char)shown.ptr[len] & 0xc0) == 0x80)
			len--;
	}
	tn_str_add_bytes(out, tn_str_text(&shown), len);
	if (len < shown.len)
		tn_str_add(out, "…");
}

static void
add_error(const struct tn_redactor *redactor, const struct tn_error *err,
    struct tn_found *look)
{
	look->kind = err->kind;
	add_text(redactor, err->message, &look->summary);
	if (err->hint != NULL) {
		tn_str_add(&look->summary, "; ");
		add_text(redactor, err->hint, &look->summary);
	}
}

void
tn_judge_error(const char *where, const struct tn_error *err, struct tn_found *look)
{
	look->outcome = TN_SYNC_TROUBLE;
	add_error(NULL, err, look);
	tn_str_addf(&look->trouble, "%s/%s", where, tn_error_kind_name(err->kind));
}

static const struct tn_diag *
first_error(const struct tn_diags *diags)
{
	for (size_t i = 0; i < tn_diags_count(diags); i++)
		if (tn_diags_at(diags, i)->severity == TN_SEVERITY_ERROR)
			return tn_diags_at(diags, i);
	return NULL;
}

/* The files are what is wrong, or what they want of this tenant. */
static void
judge_findings(const struct tn_run_result *result, const struct tn_redactor *redactor,
    struct tn_found *look)
{
	const struct tn_diag *diag = first_error(result->diags);
	size_t more = tn_diags_errors(result->diags) - 1;

	look->invalid = true;
	look->kind = TN_E_INPUT;
	if (diag->mark.file != NULL && diag->mark.line > 0) {
		add_text(redactor, diag->mark.file, &look->summary);
		tn_str_addf(&look->summary, ":%u: ", diag->mark.line);
	}
	add_text(redactor, diag->message, &look->summary);
	if (more > 0)
		tn_str_addf(&look->summary, " (and %zu more)", more);
	tn_str_addf(&look->trouble, "invalid/%s",
	    result->commit == NULL ? "" : result->commit);
}

static void
judge_trouble(const struct tn_run_result *result, const struct tn_redactor *redactor,
    struct tn_found *look)
{
	look->outcome = TN_SYNC_TROUBLE;
	if (result->exit == TN_EXIT_NOT_PUT_BACK)
		tn_str_add(&look->summary,
		    "an apply failed and not everything could be put back: ");
	else if (result->exit == TN_EXIT_PUT_BACK)
		tn_str_add(&look->summary,
		    "an apply failed and everything was put back: ");
	if (result->error == NULL && tn_diags_errors(result->diags) > 0) {
		judge_findings(result, redactor, look);
		return;
	}
	if (result->error != NULL)
		add_error(redactor, result->error, look);
	tn_str_addf(&look->trouble, "run/%d/%s", (int)result->exit,
	    tn_error_kind_name(look->kind));
}

static void
add_count(struct tn_str *out, unsigned count, const char *what)
{
	if (count > 0)
		tn_str_addf(out, "%s%u %s", out->len > 0 ? ", " : "", count, what);
}

static void
say_counts(const struct tn_plan *plan, struct tn_str *out)
{
	const struct tn_plan_counts *counts = &plan->counts;

	add_count(out, counts->create, "created");
	add_count(out, counts->update, "updated");
	add_count(out, counts->deploy, "deployed");
	add_count(out, counts->rollback, "rolled back");
	add_count(out, counts->bind, counts->bind == 1 ? "flow set" : "flows set");
	add_count(out, counts->remove, "deleted");
}

static void
count_differences(const struct tn_diff *diff, struct tn_found *look)
{
	for (size_t i = 0; i < diff->n_changes; i++)
		if (diff->changes[i].kind != TN_CHANGE_NONE ||
		    diff->changes[i].foreign_draft)
			look->actions++;
	for (size_t i = 0; i < diff->n_flows; i++)
		if (diff->flows[i].differs || diff->flows[i].blocked != NULL)
			look->flows++;
}

static void
say_differences(struct tn_found *look)
{
	add_count(&look->summary, look->actions,
	    look->actions == 1 ? "action differs" : "actions differ");
	add_count(&look->summary, look->flows,
	    look->flows == 1 ? "flow differs" : "flows differ");
}

static unsigned
steps_done(const struct tn_apply_report *report)
{
	unsigned n = 0;

	for (size_t i = 0; report != NULL && i < report->n_steps; i++)
		if (report->steps[i].state == TN_STEP_DONE)
			n++;
	return n;
}

void
tn_judge_run(const struct tn_run_result *result, bool correcting,
    const struct tn_redactor *redactor, struct tn_found *look)
{
	look->run_id = tn_strdup(result->run_id);
	look->compared = result->diff != NULL;
	look->changes = steps_done(result->applied);
	if (look->compared && result->exit != TN_EXIT_DONE)
		count_differences(result->diff, look);
	if (result->exit == TN_EXIT_CHANGES) {
		look->outcome = TN_SYNC_DRIFTED;
		say_differences(look);
	} else if (result->exit != TN_EXIT_DONE) {
		judge_trouble(result, redactor, look);
	} else if (look->changes > 0) {
		look->outcome = correcting ? TN_SYNC_CORRECTED : TN_SYNC_APPLIED;
		say_counts(result->plan, &look->summary);
	} else {
		look->outcome = TN_SYNC_EQUAL;
		tn_str_add(&look->summary, TN_JUDGED_EQUAL);
	}
}
