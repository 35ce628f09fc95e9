/*
 * Internal to report: colours, and foreign text made printable.
 */
#ifndef TN_REPORT_STYLE_H
#define TN_REPORT_STYLE_H

#include "report/report.h"

enum tn_colour { TN_PLAIN, TN_RED, TN_GREEN, TN_YELLOW, TN_BOLD, TN_FAINT };

struct tn_style {
	bool colour;
	struct tn_str *out;
};

void tn_style_begin(const struct tn_style *style, enum tn_colour colour);
void tn_style_end(const struct tn_style *style);
/* Foreign text on one line. */
void tn_style_text(const struct tn_style *style, const char *text);
void tn_style_span(const struct tn_style *style, struct tn_span text);
/* The trigger's id and version: foreign text too. */
void tn_style_trigger(const struct tn_style *style, const struct tn_trigger *trigger);
/* A line "  ± word" in the mark's colour, without its end: '+', '-', '~' or ' '. */
void tn_style_mark(const struct tn_style *style, unsigned indent, const char *mark);

enum tn_colour tn_style_severity(enum tn_severity severity);

/* "s" unless there is one. */
const char *tn_style_plural(size_t n);

/* Parts shared by plan and drift. */
void tn_report_code_diff(const struct tn_style *style, const char *before,
    const char *after);
/* Runtime, dependencies and modules, where they are among the parts (TN_PART_…). */
void tn_report_parts(const struct tn_style *style, unsigned parts,
    const struct tn_content *before, const struct tn_content *after);
void tn_report_flow_diff(const struct tn_style *style, const struct tn_flow *before,
    const struct tn_flow *after);
/* ": code, secrets", or nothing. */
void tn_report_differs(const struct tn_style *style, unsigned differs);
void tn_report_secrets(const struct tn_style *style,
    const struct tn_secret_change *secrets, size_t n);
/* One is checked at apply. */
bool tn_report_has_later(const struct tn_secret_change *secrets, size_t n);
void tn_report_dependencies(const struct tn_style *style, const struct tn_content *before,
    const struct tn_content *after);
/* The versions of modules that an action uses. */
void tn_report_uses(const struct tn_style *style, const struct tn_content *before,
    const struct tn_content *after);
size_t tn_report_count_lines(const char *text);
/* module.c: what a plan does with modules, and what it leaves. */
void tn_report_modules(const struct tn_style *style, const struct tn_diff *diff);
/* Something that the files want no more: deleted, or why it is kept. */
void tn_report_removal(const struct tn_style *style, const char *kind, const char *name,
    const char *kept);
void tn_report_module_removals(const struct tn_style *style, const struct tn_diff *diff);
void tn_report_gone_modules(const struct tn_style *style, const struct tn_diff *diff);
/* Whether there is any drift of modules. */
bool tn_report_module_drift(const struct tn_style *style, const struct tn_diff *diff);
/* ", since 2026-11-21T01:02:03Z", to the second, from the platform's own text. */
void tn_report_since(const struct tn_style *style, const char *when);
void tn_report_findings(const struct tn_style *style, const struct tn_diags *diags);
/* Behind the word that a finding is about, in characters; its quote must be there. */
unsigned tn_report_end_column(const struct tn_diag *diag);
/* "3 errors, 1 warning. This run wrote nothing.", or nothing. */
void tn_report_counts(const struct tn_style *style, const struct tn_diags *diags);
void tn_report_plan(const struct tn_style *style, const struct tn_run_result *result);
void tn_report_drift(const struct tn_style *style, const struct tn_run_result *result);
/* What `get` and `test` have seen, as text and as members of the report. */
void tn_report_seen(const struct tn_style *style, const struct tn_seen *seen);
void tn_report_seen_value(struct tn_arena *arena, struct tn_value *out,
    const struct tn_seen *seen);
void tn_report_history(const struct tn_style *style, const struct tn_run_result *result);
void tn_report_shown(const struct tn_style *style, const struct tn_run_result *result);
void tn_report_header(const struct tn_style *style, const struct tn_run_result *result);

#endif
