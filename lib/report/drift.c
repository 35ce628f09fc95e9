#include "report/style.h"

#include "base/time.h"

void
tn_report_since(const struct tn_style *style, const char *when)
{
	int64_t unix_ns;
	char text[TN_TIME_SIZE];

	if (when == NULL || !tn_time_parse(when, &unix_ns))
		return;
	tn_time_format_seconds(unix_ns, text);
	tn_str_addf(style->out, ", since %s", text);
}

static void
begin_item(const struct tn_style *style, const char *kind, const char *name)
{
	tn_style_mark(style, 2, "~");
	tn_str_addf(style->out, "%s ", kind);
	tn_style_text(style, name);
	tn_str_add(style->out, "  ");
}

static void
print_live(const struct tn_style *style, const struct tn_change *change)
{
	const struct tn_live_action *live = change->live;

	begin_item(style, "action", change->want->name);
	if (live == NULL) {
		tn_str_add(style->out, "is not in the tenant\n");
		return;
	}
	if (!live->has_live) {
		tn_str_add(style->out, "was never deployed\n");
		return;
	}
	if (change->kind == TN_CHANGE_REPLACE) {
		tn_str_add(style->out, "is written for ");
		tn_style_trigger(style, &live->trigger);
		tn_str_add(style->out, " instead of ");
		tn_style_trigger(style, &change->want->trigger);
		tn_str_add_char(style->out, '\n');
		return;
	}
	tn_str_addf(style->out, "runs version %lld, which is not ",
	    (long long)live->live.number);
	tn_str_add(style->out, "what the files say");
	tn_report_since(style, live->live.created_at);
	tn_str_add_char(style->out, '\n');
	/* From the files to what runs: a reader asks what somebody did. */
	if ((change->parts & TN_PART_CODE) != 0)
		tn_report_code_diff(style, change->want->content.code,
		    live->live.content.code);
	if ((change->parts & TN_PART_RUNTIME) != 0) {
		tn_str_add(style->out, "      runtime ");
		tn_style_text(style, live->live.content.runtime);
		tn_str_add(style->out, " instead of ");
		tn_style_text(style, change->want->content.runtime);
		tn_str_add_char(style->out, '\n');
	}
	if ((change->parts & TN_PART_DEPENDENCIES) != 0)
		tn_str_add(style->out, "      other dependencies\n");
	if ((change->parts & TN_PART_MODULES) != 0)
		tn_report_uses(style, &change->want->content, &live->live.content);
}

static const char *
secret_drift(const struct tn_secret_change *secret)
{
	switch (secret->kind) {
	case TN_SECRET_ADD:
		return "is missing in the tenant";
	case TN_SECRET_CHANGE:
		return "has another value than the operator gives now";
	case TN_SECRET_FOREIGN:
		return "was written by somebody else";
	case TN_SECRET_UNKNOWN:
		return "was never written by tenon: its value is not known";
	case TN_SECRET_REMOVE:
		return "is in the tenant and not in the files";
	case TN_SECRET_STAGED:
		return "is not as wanted in what runs";
	case TN_SECRET_LATER:
		return secret->theirs ? "was written by somebody else" : NULL;
	case TN_SECRET_KEEP:
	case TN_SECRET_RESTORE:
	case TN_SECRET_LEFT:
		break;
	}
	return NULL;
}

static void
print_secrets(const struct tn_style *style, const struct tn_change *change)
{
	for (size_t i = 0; i < change->n_secrets; i++) {
		const struct tn_secret_change *secret = &change->secrets[i];
		const char *words = secret_drift(secret);
		const struct tn_secret_ref *ref;

		if (words == NULL)
			continue;
		tn_str_add(style->out, "      secret ");
		tn_style_text(style, secret->name);
		tn_str_addf(style->out, " %s", words);
		ref = tn_content_secret(&change->live->draft, secret->name);
		if (ref != NULL)
			tn_report_since(style, ref->updated_at);
		tn_str_add_char(style->out, '\n');
	}
}

static void
print_draft(const struct tn_style *style, const struct tn_change *change)
{
	begin_item(style, "action", change->want->name);
	tn_str_add(style->out,
	    "has a draft that is neither what runs nor what the files say");
	tn_report_since(style, change->live->updated_at);
	tn_str_add_char(style->out, '\n');
	tn_report_code_diff(style, change->want->content.code, change->live->draft.code);
}

static bool
print_actions(const struct tn_style *style, const struct tn_diff *diff)
{
	bool any = false;

	for (size_t i = 0; i < diff->n_changes; i++) {
		const struct tn_change *change = &diff->changes[i];

		if (change->kind != TN_CHANGE_NONE) {
			print_live(style, change);
			if (change->live != NULL && change->kind != TN_CHANGE_REPLACE)
				print_secrets(style, change);
			any = true;
		} else if (tn_secret_changes_theirs(change->secrets, change->n_secrets)) {
			begin_item(style, "action", change->want->name);
			tn_str_add(style->out, "has secrets of somebody else's\n");
			print_secrets(style, change);
			any = true;
		}
		if (change->rename) {
			begin_item(style, "action", change->want->name);
			tn_str_add(style->out, "still has the name ");
			tn_style_text(style, change->live->name);
			tn_str_add_char(style->out, '\n');
			any = true;
		}
		if (change->foreign_draft) {
			print_draft(style, change);
			any = true;
		}
	}
	return any;
}

static bool
print_flows(const struct tn_style *style, const struct tn_diff *diff)
{
	bool any = false;

	for (size_t i = 0; i < diff->n_flows; i++) {
		const struct tn_flow_change *flow = &diff->flows[i];

		if (!flow->differs && flow->blocked == NULL)
			continue;
		any = true;
		begin_item(style, "bindings", flow->trigger);
		if (flow->blocked != NULL) {
			tn_style_text(style, flow->blocked);
			tn_str_add_char(style->out, '\n');
			continue;
		}
		tn_str_add(style->out, "are not bound as the files say\n");
		tn_report_flow_diff(style, &flow->after, &flow->before);
	}
	return any;
}

static bool
print_removals(const struct tn_style *style, const struct tn_diff *diff)
{
	bool any = false;

	for (size_t i = 0; i < diff->n_removals; i++) {
		const struct tn_removal *removal = &diff->removals[i];

		if (removal->kept != NULL || removal->replaced != NULL)
			continue;
		begin_item(style, "action", removal->live->name);
		tn_str_add(style->out, "is in the tenant and not in the files\n");
		any = true;
	}
	return any;
}

static bool
is_deleted(const struct tn_diff *diff, const struct tn_live_action *live)
{
	for (size_t i = 0; i < diff->n_removals; i++)
		if (diff->removals[i].live == live && diff->removals[i].kept == NULL)
			return true;
	return false;
}

/* Of these the ones that an apply lets be. */
static void
print_names(const struct tn_style *style, const char *title, const struct tn_diff *diff,
    const struct tn_live_action *const *actions, size_t n)
{
	TN_CLEANUP(tn_str_done) struct tn_str names = TN_STR_INIT;
	const struct tn_style list = { .colour = style->colour, .out = &names };
	size_t stay = 0;

	for (size_t i = 0; i < n; i++) {
		if (is_deleted(diff, actions[i]))
			continue;
		tn_str_add(&names, stay++ == 0 ? " " : ", ");
		tn_style_text(&list, actions[i]->name);
	}
	if (stay > 0)
		tn_str_addf(style->out, "\n%s (%zu):%s\n", title, stay,
		    tn_str_text(&names));
}

void
tn_report_drift(const struct tn_style *style, const struct tn_run_result *result)
{
	const struct tn_diff *diff = result->diff;
	bool off = tn_report_module_drift(style, diff);

	off = print_actions(style, diff) || off;
	off = print_flows(style, diff) || off;
	off = print_removals(style, diff) || off;
	if (off)
		tn_str_add(style->out,
		    "\nDrift: - stands in the files and not in the tenant, "
		    "+ in the tenant and not in the files.\n");
	else
		tn_str_add(style->out, "No drift: the tenant is what the files say.\n");
	print_names(style, "Not in the files any more, kept", diff, diff->gone,
	    diff->n_gone);
	print_names(style, "Other people's actions, left alone", diff, diff->strangers,
	    diff->n_strangers);
	tn_report_gone_modules(style, diff);
}
