/*
 * What happened, for people and for programs. Pure: a result becomes text or
 * JSON, the same result the same bytes. Foreign text is made printable; the
 * caller passes text through the redactor before it leaves the process. JSON and
 * annotations are redacted here, value by value: a secret such as `false` must not break
 * them.
 */
#ifndef TN_REPORT_REPORT_H
#define TN_REPORT_REPORT_H

#include "base/str.h"
#include "finding/finding.h"
#include "run/result.h"

struct tn_redactor;

struct tn_report_options {
	bool colour;
	/* The plan was shown already, when it was asked about: do not show it twice. */
	bool plan_shown;
	/* The findings stand elsewhere: only count them. */
	bool findings_shown;
	/* Of the project in its repository, for annotations; NULL: at the top. */
	const char *directory;
};

#define TN_REPORT_FORMAT_VERSION "1.0"

/* Findings, plan or drift, outcome, and what to do about an error. */
void tn_report_text(const struct tn_run_result *result,
    const struct tn_report_options *options, struct tn_str *out);
/* The plan alone, for the question before an apply. */
void tn_report_plan_text(const struct tn_run_result *result,
    const struct tn_report_options *options, struct tn_str *out);
/* One object with format_version, as schemas/report.json declares. redactor may be NULL.
 */
void tn_report_json(const struct tn_run_result *result,
    const struct tn_redactor *redactor, struct tn_str *text);
/*
 * Findings and the error as annotations of a GitHub workflow, then the other text between
 * marks that keep it from being read as commands. redactor may be NULL.
 */
void tn_report_github(const struct tn_run_result *result,
    const struct tn_report_options *options, const struct tn_redactor *redactor,
    struct tn_str *out);
/* One line about a step that moved, for the progress of an apply; empty for moves that
 * nobody needs to see. */
void tn_report_progress(const struct tn_step *step, enum tn_step_state state,
    const struct tn_report_options *options, struct tn_str *out);

/* What is in a saved plan. */
void tn_report_saved(const struct tn_saved_plan *saved,
    const struct tn_report_options *options, struct tn_str *out);

/* What a finding means and how it is mended, for `tenon help CODE`. */
void tn_report_explain(const struct tn_finding *finding,
    const struct tn_report_options *options, struct tn_str *out);
/* All codes, a line for each. */
void tn_report_codes(struct tn_str *out);

#endif
