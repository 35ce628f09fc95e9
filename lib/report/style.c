#include "report/style.h"

#include <string.h>

#include "base/text.h"

static const char *const codes[] = {
	[TN_PLAIN] = "",
	[TN_RED] = "\x1b[31m",
	[TN_GREEN] = "\x1b[32m",
	[TN_YELLOW] = "\x1b[33m",
	[TN_BOLD] = "\x1b[1m",
	[TN_FAINT] = "\x1b[2m",
};

void
tn_style_begin(const struct tn_style *style, enum tn_colour colour)
{
	if (style->colour)
		tn_str_add(style->out, codes[colour]);
}

void
tn_style_end(const struct tn_style *style)
{
	if (style->colour)
		tn_str_add(style->out, "\x1b[0m");
}

void
tn_style_span(const struct tn_style *style, struct tn_span text)
{
	tn_text_printable(text, false, style->out);
}

void
tn_style_text(const struct tn_style *style, const char *text)
{
	tn_style_span(style, tn_span(text));
}

void
tn_style_trigger(const struct tn_style *style, const struct tn_trigger *trigger)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

	tn_trigger_add(trigger, &text);
	tn_style_text(style, tn_str_text(&text));
}

static enum tn_colour
colour_of(const char *mark)
{
	if (strcmp(mark, "+") == 0)
		return TN_GREEN;
	if (strcmp(mark, "-") == 0 || strcmp(mark, "-/+") == 0 || strcmp(mark, "!") == 0)
		return TN_RED;
	return strcmp(mark, "~") == 0 ? TN_YELLOW : TN_PLAIN;
}

void
tn_style_mark(const struct tn_style *style, unsigned indent, const char *mark)
{
	tn_str_addf(style->out, "%*s", (int)indent, "");
	tn_style_begin(style, colour_of(mark));
	tn_str_add(style->out, mark);
	tn_style_end(style);
	tn_str_add_char(style->out, ' ');
}

enum tn_colour
tn_style_severity(enum tn_severity severity)
{
	return severity == TN_SEVERITY_ERROR ? TN_RED : TN_YELLOW;
}

const char *
tn_style_plural(size_t n)
{
	return n == 1 ? "" : "s";
}
