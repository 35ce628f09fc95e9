#include "report/report.h"

#include <string.h>

#include "report/style.h"

#define WIDTH 78

/* Text in lines of at most WIDTH columns; it is ours, and so ASCII. */
static void
print_wrapped(const struct tn_style *style, const char *text)
{
	size_t column = 0;

	while (*text != '\0') {
		size_t len = strcspn(text, " ");

		if (column > 0 && column + 1 + len > WIDTH) {
			tn_str_add_char(style->out, '\n');
			column = 0;
		} else if (column > 0) {
			tn_str_add_char(style->out, ' ');
			column++;
		}
		tn_str_add_bytes(style->out, text, len);
		column += len;
		text += len;
		text += strspn(text, " ");
	}
	tn_str_add_char(style->out, '\n');
}

static void
print_heading(const struct tn_style *style, const char *heading)
{
	tn_str_add_char(style->out, '\n');
	tn_style_begin(style, TN_BOLD);
	tn_str_add(style->out, heading);
	tn_style_end(style);
	tn_str_add(style->out, "\n\n");
}

static void
print_example(const struct tn_style *style, const char *heading, const char *lines)
{
	print_heading(style, heading);
	while (*lines != '\0') {
		size_t len = strcspn(lines, "\n") + 1;

		tn_str_add(style->out, "    ");
		tn_str_add_bytes(style->out, lines, len);
		lines += len;
	}
}

void
tn_report_explain(const struct tn_finding *finding,
    const struct tn_report_options *options, struct tn_str *out)
{
	const struct tn_style style = { .colour = options->colour, .out = out };

	tn_style_begin(&style, TN_BOLD);
	tn_str_add(out, finding->code);
	tn_style_end(&style);
	tn_str_addf(out, " (%s): %s\n\n", tn_severity_name(finding->severity),
	    finding->title);
	print_wrapped(&style, finding->why);
	print_heading(&style, "To mend it");
	print_wrapped(&style, finding->cure);
	if (finding->wrong == NULL)
		return;
	print_example(&style, "Wrong", finding->wrong);
	print_example(&style, "Right", finding->right);
}

void
tn_report_codes(struct tn_str *out)
{
	for (size_t i = 0; i < tn_finding_count(); i++) {
		const struct tn_finding *finding = tn_finding_at(i);

		tn_str_addf(out, "  %-24s %-8s %s\n", finding->code,
		    tn_severity_name(finding->severity), finding->title);
	}
}
