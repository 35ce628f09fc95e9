#include "report/report.h"

#include "base/value.h"
#include "report/style.h"

static void
print_step(const struct tn_style *style, const struct tn_value *step)
{
	const char *kind = tn_value_get_text(step, "kind");
	const char *name = tn_value_get_text(step, "name");
	int64_t number = 0;

	tn_value_to_int(tn_value_get(step, "number"), &number);
	tn_str_addf(style->out, "  %lld ", (long long)number);
	tn_style_text(style, kind == NULL ? "?" : kind);
	tn_str_add_char(style->out, ' ');
	tn_style_text(style, name == NULL ? "?" : name);
	tn_str_add_char(style->out, '\n');
}

static void
print_irreversible(const struct tn_style *style, const struct tn_value *steps)
{
	bool any = false;

	for (size_t i = 0; i < tn_value_count(steps); i++) {
		const struct tn_value *step = tn_value_at(steps, i);
		const char *why = tn_value_get_text(step, "irreversible");

		if (why == NULL)
			continue;
		if (!any)
			tn_str_add(style->out, "Cannot be undone:\n");
		any = true;
		print_step(style, step);
		tn_str_add(style->out, "      ");
		tn_style_text(style, why);
		tn_str_add_char(style->out, '\n');
	}
}

static void
print_adoptions(const struct tn_style *style, const struct tn_value *list)
{
	for (size_t i = 0; i < tn_value_count(list); i++) {
		const char *name = tn_value_get_text(tn_value_at(list, i), "name");

		tn_str_add(style->out, "    adopt ");
		tn_style_text(style, name == NULL ? "?" : name);
		tn_str_add_char(style->out, '\n');
	}
}

void
tn_report_saved(const struct tn_saved_plan *saved,
    const struct tn_report_options *options, struct tn_str *out)
{
	const struct tn_style style = { .colour = options->colour, .out = out };
	const struct tn_run_result about = { .project = saved->project,
		.tenant = saved->tenant,
		.base_url = saved->base_url,
		.saved = saved };
	const struct tn_value *steps = tn_value_get(saved->core, "steps");

	tn_report_header(&style, &about);
	for (size_t i = 0; i < tn_value_count(steps); i++)
		print_step(&style, tn_value_at(steps, i));
	print_adoptions(&style, tn_value_get(saved->core, "adoptions"));
	for (size_t i = 0; i < saved->n_later; i++) {
		tn_str_add(out, "    secret ");
		tn_style_text(&style, saved->later[i].secret);
		tn_str_add(out, " of ");
		tn_style_text(&style, saved->later[i].resource);
		tn_str_add(out, ": checked at apply\n");
	}
	print_irreversible(&style, steps);
	if (tn_value_count(steps) == 0)
		tn_str_add(out,
		    "Nothing is written to the tenant, as far as was known.\n");
	if (saved->key != NULL) {
		tn_str_add(out, "Fingerprints are made under the key ");
		tn_style_text(&style, saved->key);
		tn_str_add(out, ".\n");
	}
	if (saved->origin.overwrite_drafts)
		tn_str_add(out, "Drafts that somebody else wrote may be overwritten.\n");
}
