#include "report/style.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

#define TAB "    "

/*
 * Foreign text as it is shown, with tabs of one width: the columns below it would not
 * line up otherwise.
 */
static void
add_shown(struct tn_str *out, const char *text, size_t len)
{
	const char *end = text + len;

	while (text < end) {
		const char *tab = memchr(text, '\t', (size_t)(end - text));
		const char *stop = tab != NULL ? tab : end;

		tn_text_printable(tn_span_of(text, (size_t)(stop - text)), false, out);
		if (tab != NULL)
			tn_str_add(out, TAB);
		text = tab != NULL ? tab + 1 : end;
	}
}

static void
print_margin(const struct tn_style *style, const char *number)
{
	tn_style_begin(style, TN_FAINT);
	tn_str_addf(style->out, "%5s |", number);
	tn_style_end(style);
	tn_str_add_char(style->out, ' ');
}

/*
 * The line and a mark below it. No colour stands inside of the line: the redactor has to
 * see it in one piece.
 */
static void
print_quote(const struct tn_style *style, const struct tn_diag *diag)
{
	const struct tn_quote *quote = &diag->quote;
	TN_CLEANUP(tn_str_done) struct tn_str line = TN_STR_INIT;
	size_t before, marked;
	char number[16];
	int width = snprintf(number, sizeof(number), "%u", diag->mark.line);

	if (quote->cut_before)
		tn_str_add(&line, "…");
	add_shown(&line, quote->text, quote->at);
	before = tn_text_columns(tn_str_span(&line));
	add_shown(&line, quote->text + quote->at, quote->marked);
	marked = tn_text_columns(tn_str_span(&line)) - before;
	add_shown(&line, quote->text + quote->at + quote->marked,
	    quote->len - quote->at - quote->marked);
	if (quote->cut_after)
		tn_str_add(&line, "…");

	print_margin(style, number);
	tn_str_addf(style->out, "%s\n", tn_str_text(&line));
	if (diag->mark.col == 0)
		return;
	tn_str_addf(style->out, "%*s", width > 5 ? width - 5 : 0, "");
	print_margin(style, "");
	tn_str_addf(style->out, "%*s", (int)before, "");
	tn_style_begin(style, tn_style_severity(diag->severity));
	tn_str_add_char(style->out, '^');
	for (size_t i = 1; i < marked; i++)
		tn_str_add_char(style->out, '~');
	tn_style_end(style);
	tn_str_add_char(style->out, '\n');
}

static void
print_place(const struct tn_style *style, struct tn_mark mark)
{
	if (mark.file == NULL)
		return;
	tn_style_text(style, mark.file);
	if (mark.line > 0)
		tn_str_addf(style->out, ":%u", mark.line);
	if (mark.line > 0 && mark.col > 0)
		tn_str_addf(style->out, ":%u", mark.col);
	tn_str_add(style->out, ": ");
}

static void
print_finding(const struct tn_style *style, const struct tn_diag *diag)
{
	print_place(style, diag->mark);
	tn_style_begin(style, tn_style_severity(diag->severity));
	tn_str_add(style->out, tn_severity_name(diag->severity));
	tn_style_end(style);
	tn_str_add(style->out, ": ");
	if (diag->resource != NULL) {
		tn_style_text(style, diag->resource);
		tn_str_add(style->out, ": ");
	}
	tn_style_text(style, diag->message);
	tn_str_addf(style->out, " [%s]\n", diag->code);
	if (diag->quote.text != NULL)
		print_quote(style, diag);
	if (diag->hint != NULL) {
		tn_str_add(style->out, "  → ");
		tn_style_text(style, diag->hint);
		tn_str_add_char(style->out, '\n');
	}
}

unsigned
tn_report_end_column(const struct tn_diag *diag)
{
	const struct tn_quote *quote = &diag->quote;

	return diag->mark.col +
	    (unsigned)tn_utf8_length(tn_span_of(quote->text + quote->at, quote->marked));
}

void
tn_report_counts(const struct tn_style *style, const struct tn_diags *diags)
{
	size_t errors = tn_diags_errors(diags), warnings = tn_diags_warnings(diags);

	if (errors > 0)
		tn_str_addf(style->out, "%zu error%s", errors, tn_style_plural(errors));
	if (warnings > 0)
		tn_str_addf(style->out, "%s%zu warning%s", errors > 0 ? ", " : "",
		    warnings, tn_style_plural(warnings));
	if (errors > 0)
		tn_str_add(style->out, ". This run wrote nothing.\n");
	else if (warnings > 0)
		tn_str_add(style->out, ".\n");
}

void
tn_report_findings(const struct tn_style *style, const struct tn_diags *diags)
{
	for (size_t i = 0; i < tn_diags_count(diags); i++)
		print_finding(style, tn_diags_at(diags, i));
	tn_report_counts(style, diags);
}
