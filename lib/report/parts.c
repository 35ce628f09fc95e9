#include "report/style.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"

#define CONTEXT 2
#define INDENT  8

static void
print_line(void *arg, char mark, struct tn_span line)
{
	const struct tn_style *style = arg;
	const char text[2] = { mark, '\0' };

	if (mark == '@') {
		tn_str_addf(style->out, "%*s  …\n", INDENT, "");
		return;
	}
	tn_style_mark(style, INDENT, text);
	tn_style_span(style, line);
	tn_str_add_char(style->out, '\n');
}

void
tn_report_code_diff(const struct tn_style *style, const char *before, const char *after)
{
	tn_line_diff(before, after, CONTEXT, print_line, (void *)(uintptr_t)style);
}

/* One line per entry, so that the order comes out as a line diff. A name with a newline
 * in it must not pass for two entries. */
static void
flow_lines(const struct tn_flow *flow, struct tn_str *out)
{
	for (size_t i = 0; i < flow->n_bindings; i++) {
		const struct tn_binding *binding = &flow->bindings[i];
		const char *name = binding->action_name == NULL ? "?"
								: binding->action_name;

		tn_text_printable(tn_span(name), false, out);
		if (binding->display_name != NULL &&
		    !tn_text_equal(binding->display_name, binding->action_name)) {
			tn_str_add(out, " (shown as \"");
			tn_text_printable(tn_span(binding->display_name), false, out);
			tn_str_add(out, "\")");
		}
		if (binding->installed)
			tn_str_add(out, " [marketplace]");
		tn_str_add_char(out, '\n');
	}
}

void
tn_report_flow_diff(const struct tn_style *style, const struct tn_flow *before,
    const struct tn_flow *after)
{
	TN_CLEANUP(tn_str_done) struct tn_str old = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str new = TN_STR_INIT;

	flow_lines(before, &old);
	flow_lines(after, &new);
	/* A flow is short: it is shown whole. */
	tn_line_diff(tn_str_text(&old), tn_str_text(&new), 1000, print_line,
	    (void *)(uintptr_t)style);
}

static void
print_commit(const struct tn_style *style, const char *commit, bool dirty)
{
	tn_str_add(style->out, ", commit ");
	tn_style_span(style, tn_span_of(commit, strnlen(commit, 10)));
	if (dirty)
		tn_str_add(style->out, " with changes that are not committed");
}

/* Foreign text: whoever wrote the file says it. */
static void
print_saved(const struct tn_style *style, const struct tn_saved_plan *saved)
{
	const struct tn_plan_origin *origin = &saved->origin;

	tn_str_add(style->out, "The plan of ");
	tn_style_text(style, origin->made_at);
	if (origin->commit != NULL)
		print_commit(style, origin->commit, origin->dirty);
	tn_str_addf(style->out, ", digest %s\n", saved->digest);
}

void
tn_report_header(const struct tn_style *style, const struct tn_run_result *result)
{
	if (result->project == NULL)
		return;
	tn_style_begin(style, TN_BOLD);
	tn_style_text(style, result->project);
	if (result->tenant != NULL) {
		tn_str_add(style->out, " on ");
		tn_style_text(style, result->tenant);
	}
	tn_style_end(style);
	if (result->base_url != NULL) {
		tn_str_add(style->out, " (");
		tn_style_text(style, result->base_url);
		tn_str_add(style->out, ")");
	}
	if (result->commit != NULL)
		print_commit(style, result->commit, result->dirty);
	tn_str_add(style->out, "\n");
	if (result->saved != NULL)
		print_saved(style, result->saved);
	if (result->target == NULL)
		return;
	tn_str_add(style->out, "Rollback to ");
	tn_style_text(style, result->target);
	tn_str_add(style->out, "\n");
}
