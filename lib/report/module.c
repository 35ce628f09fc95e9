#include "report/style.h"

/* --- Uses ------------------------------------------------------------------------- */

static void
print_version(const struct tn_style *style, const struct tn_module_ref *ref)
{
	if (ref->number > 0)
		tn_str_addf(style->out, "version %lld", (long long)ref->number);
	else
		tn_str_add(style->out, "the version that is published first");
}

static void
begin_use(const struct tn_style *style, const char *mark, const struct tn_module_ref *ref)
{
	tn_style_mark(style, 6, mark);
	tn_str_add(style->out, "module ");
	tn_style_text(style, ref->name);
	tn_str_add(style->out, ", ");
}

void
tn_report_uses(const struct tn_style *style, const struct tn_content *before,
    const struct tn_content *after)
{
	for (size_t i = 0; i < after->n_modules; i++) {
		const struct tn_module_ref *new = &after->modules[i];
		const struct tn_module_ref *old = tn_content_module(before, new->name);

		if (old != NULL && old->number == new->number)
			continue;
		begin_use(style, old == NULL ? "+" : "~", new);
		if (old != NULL) {
			print_version(style, old);
			tn_str_add(style->out, " → ");
		}
		print_version(style, new);
		tn_str_add_char(style->out, '\n');
	}
	for (size_t i = 0; i < before->n_modules; i++) {
		const struct tn_module_ref *old = &before->modules[i];

		if (tn_content_module(after, old->name) != NULL)
			continue;
		begin_use(style, "-", old);
		print_version(style, old);
		tn_str_add_char(style->out, '\n');
	}
}

/* --- Plans ------------------------------------------------------------------------ */

static void
print_content(const struct tn_style *style, const struct tn_module_change *change)
{
	static const struct tn_content nothing = { .code = "" };
	const struct tn_content *after = &change->want->content;
	const struct tn_content *before = &nothing;

	if (change->live != NULL) {
		before = tn_live_module_latest(change->live);
		if (before == NULL)
			before = &change->live->draft;
	}
	if ((change->parts & TN_PART_DEPENDENCIES) != 0)
		tn_report_dependencies(style, before, after);
	tn_report_secrets(style, change->secrets, change->n_secrets);
	if (change->kind != TN_MODULE_CREATE && (change->parts & TN_PART_CODE) != 0)
		tn_report_code_diff(style, before->code == NULL ? "" : before->code,
		    after->code);
}

static bool
has_later(const struct tn_module_change *change)
{
	return tn_report_has_later(change->secrets, change->n_secrets);
}

static void
print_unchanged(const struct tn_style *style, const struct tn_module_change *change)
{
	const char *indent = "";

	if (change->adopt) {
		tn_str_add(style->out,
		    "adopt as it is: nothing is written to the tenant\n");
		indent = "      ";
	}
	if (change->foreign_draft) {
		tn_str_addf(style->out, "%ssomebody's draft of ", indent);
		tn_style_text(style, change->live->updated_at);
		tn_str_add(style->out, " waits unpublished and is left alone\n");
		indent = "      ";
	}
	if (has_later(change)) {
		tn_str_addf(style->out, "%sas it is, unless a secret has another value\n",
		    indent);
		tn_report_secrets(style, change->secrets, change->n_secrets);
	}
}

static void
print_blocked(const struct tn_style *style, const struct tn_module_change *change)
{
	tn_str_add(style->out, "cannot be changed: ");
	tn_style_text(style, change->reason);
	tn_str_add(style->out, "\n      → ");
	tn_style_text(style, change->hint);
	tn_str_add_char(style->out, '\n');
}

static const char *const marks[] = {
	[TN_MODULE_NONE] = " ",
	[TN_MODULE_CREATE] = "+",
	[TN_MODULE_UPDATE] = "~",
	[TN_MODULE_PUBLISH] = "~",
	[TN_MODULE_BLOCKED] = "!",
};

static void
print_change(const struct tn_style *style, const struct tn_module_change *change)
{
	size_t lines;

	tn_style_mark(style, 2, marks[change->kind]);
	tn_str_add(style->out, "module ");
	tn_style_text(style, change->want->name);
	tn_str_add(style->out, "  ");
	switch (change->kind) {
	case TN_MODULE_NONE:
		print_unchanged(style, change);
		return;
	case TN_MODULE_BLOCKED:
		print_blocked(style, change);
		return;
	case TN_MODULE_CREATE:
		lines = tn_report_count_lines(change->want->content.code);
		tn_str_addf(style->out, "create and publish, %zu line%s of code", lines,
		    tn_style_plural(lines));
		break;
	case TN_MODULE_UPDATE:
		tn_str_addf(style->out, "%s and publish",
		    change->adopt ? "adopt, update" : "update");
		tn_report_differs(style, change->parts);
		break;
	case TN_MODULE_PUBLISH:
		tn_str_add(style->out, "publish the draft, which is what is wanted");
		tn_report_differs(style, change->parts);
		break;
	}
	tn_str_add_char(style->out, '\n');
	print_content(style, change);
}

static bool
worth_a_line(const struct tn_module_change *change)
{
	return change->kind != TN_MODULE_NONE || change->adopt || change->foreign_draft ||
	    has_later(change);
}

void
tn_report_modules(const struct tn_style *style, const struct tn_diff *diff)
{
	for (size_t i = 0; i < diff->n_modules; i++)
		if (worth_a_line(&diff->modules[i]))
			print_change(style, &diff->modules[i]);
}

void
tn_report_module_removals(const struct tn_style *style, const struct tn_diff *diff)
{
	for (size_t i = 0; i < diff->n_module_removals; i++) {
		const struct tn_module_removal *removal = &diff->module_removals[i];

		tn_report_removal(style, "module", removal->live->name, removal->kept);
	}
}

static bool
is_removed(const struct tn_diff *diff, const struct tn_live_module *live)
{
	for (size_t i = 0; i < diff->n_module_removals; i++)
		if (diff->module_removals[i].live == live)
			return true;
	return false;
}

void
tn_report_gone_modules(const struct tn_style *style, const struct tn_diff *diff)
{
	for (size_t i = 0; i < diff->n_gone_modules; i++) {
		if (is_removed(diff, diff->gone_modules[i]))
			continue;
		tn_str_add(style->out, "    module ");
		tn_style_text(style, diff->gone_modules[i]->name);
		tn_str_add(style->out,
		    "  not in the files any more: kept, it is not deleted\n");
	}
}

/* --- Drift ------------------------------------------------------------------------ */

static void
print_drift(const struct tn_style *style, const struct tn_module_change *change)
{
	const struct tn_live_module *live = change->live;
	const struct tn_content *latest = live == NULL ? NULL
						       : tn_live_module_latest(live);

	tn_style_mark(style, 2, "~");
	tn_str_add(style->out, "module ");
	tn_style_text(style, change->want->name);
	if (live == NULL) {
		tn_str_add(style->out, "  is not in the tenant\n");
		return;
	}
	if (latest == NULL) {
		tn_str_add(style->out, "  was never published\n");
		return;
	}
	tn_str_addf(style->out,
	    "  has version %lld as its newest one, which is not what the files say",
	    (long long)live->latest_number);
	tn_report_differs(style, change->parts);
	tn_str_add_char(style->out, '\n');
	if ((change->parts & TN_PART_CODE) != 0)
		tn_report_code_diff(style, change->want->content.code, latest->code);
}

static void
print_draft(const struct tn_style *style, const struct tn_module_change *change)
{
	tn_style_mark(style, 2, "~");
	tn_str_add(style->out, "module ");
	tn_style_text(style, change->want->name);
	tn_str_add(style->out,
	    "  has a draft that is neither its newest version nor what the files say");
	tn_report_since(style, change->live->updated_at);
	tn_str_add_char(style->out, '\n');
	tn_report_code_diff(style, change->want->content.code, change->live->draft.code);
}

bool
tn_report_module_drift(const struct tn_style *style, const struct tn_diff *diff)
{
	bool any = false;

	for (size_t i = 0; i < diff->n_modules; i++) {
		const struct tn_module_change *change = &diff->modules[i];

		if (change->kind != TN_MODULE_NONE)
			print_drift(style, change);
		if (change->foreign_draft)
			print_draft(style, change);
		any |= change->kind != TN_MODULE_NONE || change->foreign_draft;
	}
	for (size_t i = 0; i < diff->n_module_removals; i++) {
		if (diff->module_removals[i].kept != NULL)
			continue;
		tn_style_mark(style, 2, "~");
		tn_str_add(style->out, "module ");
		tn_style_text(style, diff->module_removals[i].live->name);
		tn_str_add(style->out, "  is in the tenant and not in the files\n");
		any = true;
	}
	return any;
}
