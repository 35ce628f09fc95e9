#include "report/report.h"

#include "base/secret.h"
#include "base/text.h"
#include "report/style.h"

struct writer {
	const struct tn_report_options *options;
	const struct tn_redactor *redactor;
	struct tn_str *out;
};

/*
 * Workflow commands are lines `::NAME KEY=VALUE,…::MESSAGE`. What is escaped is what
 * GitHub's own toolkit escapes (actions/toolkit, packages/core/src/command.ts): % and the
 * ends of lines everywhere, : and , in properties too. Secrets are looked for before:
 * escaped, a value would not be known any more.
 */
static void
add_escaped(const struct writer *w, struct tn_span text, bool property)
{
	TN_CLEANUP(tn_str_done) struct tn_str clean = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str printable = TN_STR_INIT;

	tn_redactor_apply(w->redactor, text, &clean);
	tn_text_printable(tn_str_span(&clean), !property, &printable);
	for (const char *p = tn_str_text(&printable); *p != '\0'; p++) {
		if (*p == '%' || *p == '\r' || *p == '\n' ||
		    (property && (*p == ':' || *p == ',')))
			tn_str_addf(w->out, "%%%02X", (unsigned)(unsigned char)*p);
		else
			tn_str_add_char(w->out, *p);
	}
}

/* Files of a finding are relative to the project, those of an annotation to the
 * repository. */
static void
add_file(const struct writer *w, const char *file)
{
	TN_CLEANUP(tn_str_done) struct tn_str path = TN_STR_INIT;

	if (w->options->directory != NULL)
		tn_str_addf(&path, "%s/", w->options->directory);
	tn_str_add(&path, file);
	tn_str_add(w->out, "file=");
	add_escaped(w, tn_str_span(&path), true);
	tn_str_add_char(w->out, ',');
}

/* The log of a workflow shows the message alone, so it has the place as well. */
static void
add_message(const struct writer *w, const struct tn_diag *diag)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

	if (diag->mark.file != NULL)
		tn_str_add(&text, diag->mark.file);
	if (diag->mark.file != NULL && diag->mark.line > 0)
		tn_str_addf(&text, ":%u:%u", diag->mark.line, diag->mark.col);
	if (diag->mark.file != NULL)
		tn_str_add(&text, ": ");
	if (diag->resource != NULL)
		tn_str_addf(&text, "%s: ", diag->resource);
	tn_str_add(&text, diag->message);
	if (diag->hint != NULL)
		tn_str_addf(&text, "\n→ %s", diag->hint);
	tn_str_add(w->out, "::");
	add_escaped(w, tn_str_span(&text), false);
	tn_str_add_char(w->out, '\n');
}

static void
add_finding(const struct writer *w, const struct tn_diag *diag)
{
	tn_str_addf(w->out, "::%s ", tn_severity_name(diag->severity));
	if (diag->mark.file != NULL)
		add_file(w, diag->mark.file);
	if (diag->mark.file != NULL && diag->mark.line > 0)
		tn_str_addf(w->out, "line=%u,", diag->mark.line);
	if (diag->mark.file != NULL && diag->mark.line > 0 && diag->mark.col > 0)
		tn_str_addf(w->out, "col=%u,", diag->mark.col);
	if (diag->quote.text != NULL && diag->quote.marked > 0)
		tn_str_addf(w->out, "endColumn=%u,", tn_report_end_column(diag));
	tn_str_addf(w->out, "title=%s", diag->code);
	add_message(w, diag);
}

static void
add_error(const struct writer *w, const struct tn_error *error)
{
	const struct tn_diag diag = { .message = error->message, .hint = error->hint };

	tn_str_addf(w->out, "::error title=%s", tn_error_kind_name(error->kind));
	add_message(w, &diag);
}

/*
 * The text holds lines of foreign code, and one that begins with :: would be a command.
 * Nobody who writes files can know the run's id beforehand.
 */
static void
add_text(const struct writer *w, const struct tn_run_result *result)
{
	const struct tn_report_options rest = { .findings_shown = true };
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

	tn_report_text(result, &rest, &text);
	if (text.len == 0)
		return;
	tn_str_addf(w->out, "::stop-commands::%s\n", result->run_id);
	tn_redactor_apply(w->redactor, tn_str_span(&text), w->out);
	tn_str_addf(w->out, "::%s::\n", result->run_id);
}

void
tn_report_github(const struct tn_run_result *result,
    const struct tn_report_options *options, const struct tn_redactor *redactor,
    struct tn_str *out)
{
	const struct writer w = { options, redactor, out };

	for (size_t i = 0; i < tn_diags_count(result->diags); i++)
		add_finding(&w, tn_diags_at(result->diags, i));
	if (result->error != NULL)
		add_error(&w, result->error);
	if (result->run_id != NULL)
		add_text(&w, result);
}
