#include "report/style.h"

#include <string.h>

#include "base/time.h"

void
tn_report_differs(const struct tn_style *style, unsigned differs)
{
	const char *before = ": ";

	for (unsigned part = TN_PART_CODE; part <= TN_PART_LAST; part <<= 1) {
		if ((differs & part) == 0)
			continue;
		tn_str_addf(style->out, "%s%s", before, tn_part_name(part));
		before = ", ";
	}
}

static const struct {
	const char *mark;
	const char *words;
} secret_words[] = {
	[TN_SECRET_KEEP] = { " ", "unchanged" },
	[TN_SECRET_ADD] = { "+", "new" },
	[TN_SECRET_CHANGE] = { "~", "another value" },
	[TN_SECRET_FOREIGN] = { "~", "written by somebody else since: written again" },
	[TN_SECRET_UNKNOWN] = { "~", "value not known: written once" },
	[TN_SECRET_STAGED] = { "~", "as wanted in what goes live" },
	[TN_SECRET_LATER] = { "~", "checked at apply" },
	[TN_SECRET_REMOVE] = { "-", "not wanted any more" },
	[TN_SECRET_RESTORE] = { "~", "the value that the version holds, not today's" },
	[TN_SECRET_LEFT] = { " ", "value not known: left as it is" },
};

void
tn_report_secrets(const struct tn_style *style, const struct tn_secret_change *secrets,
    size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct tn_secret_change *secret = &secrets[i];

		if (secret->kind == TN_SECRET_KEEP)
			continue;
		tn_style_mark(style, 6, secret_words[secret->kind].mark);
		tn_str_add(style->out, "secret ");
		tn_style_text(style, secret->name);
		tn_str_addf(style->out, " (%s%s)\n", secret_words[secret->kind].words,
		    secret->theirs ? "; somebody else has written it since we did" : "");
	}
}

static void
print_value_change(const struct tn_style *style, const char *what, const char *before,
    const char *after)
{
	tn_style_mark(style, 6, "~");
	tn_str_addf(style->out, "%s ", what);
	tn_style_text(style, before == NULL ? "(none)" : before);
	tn_str_add(style->out, " → ");
	tn_style_text(style, after == NULL ? "(none)" : after);
	tn_str_add_char(style->out, '\n');
}

static const struct tn_dependency *
find_dependency(const struct tn_content *content, const char *name)
{
	for (size_t i = 0; i < content->n_dependencies; i++)
		if (tn_text_equal(content->dependencies[i].name, name))
			return &content->dependencies[i];
	return NULL;
}

static void
print_dependency(const struct tn_style *style, const char *mark,
    const struct tn_dependency *one)
{
	tn_style_mark(style, 6, mark);
	tn_str_add(style->out, "dependency ");
	tn_style_text(style, one->name);
	tn_str_add_char(style->out, '@');
	tn_style_text(style, one->version);
	tn_str_add_char(style->out, '\n');
}

void
tn_report_dependencies(const struct tn_style *style, const struct tn_content *before,
    const struct tn_content *after)
{
	for (size_t i = 0; i < after->n_dependencies; i++) {
		const struct tn_dependency *new = &after->dependencies[i];
		const struct tn_dependency *old = find_dependency(before, new->name);

		if (old == NULL || !tn_text_equal(old->version, new->version))
			print_dependency(style, "+", new);
	}
	for (size_t i = 0; i < before->n_dependencies; i++) {
		const struct tn_dependency *old = &before->dependencies[i];
		const struct tn_dependency *new = find_dependency(after, old->name);

		if (new == NULL || !tn_text_equal(old->version, new->version))
			print_dependency(style, "-", old);
	}
}

void
tn_report_parts(const struct tn_style *style, unsigned parts,
    const struct tn_content *before, const struct tn_content *after)
{
	if ((parts & TN_PART_RUNTIME) != 0)
		print_value_change(style, "runtime", before->runtime, after->runtime);
	if ((parts & TN_PART_DEPENDENCIES) != 0)
		tn_report_dependencies(style, before, after);
	if ((parts & TN_PART_MODULES) != 0)
		tn_report_uses(style, before, after);
}

/* What runs against what is wanted; the draft where nothing runs. */
static void
print_content(const struct tn_style *style, const struct tn_change *change)
{
	static const struct tn_content nothing = { .code = "" };
	const struct tn_content *before = change->live == NULL ? &nothing
	    : change->live->has_live ? &change->live->live.content
				     : &change->live->draft;
	const struct tn_content *after = &change->want->content;

	tn_report_parts(style, change->parts, before, after);
	tn_report_secrets(style, change->secrets, change->n_secrets);
	if ((change->parts & TN_PART_CODE) != 0)
		tn_report_code_diff(style, before->code == NULL ? "" : before->code,
		    after->code);
}

size_t
tn_report_count_lines(const char *text)
{
	size_t n = 0;

	for (const char *at = text; *at != '\0'; at++)
		n += *at == '\n';
	return n;
}

/* What a new action is compared with. */
static const struct tn_content nothing = { .code = "" };

static void
print_create(const struct tn_style *style, const struct tn_change *change)
{
	const struct tn_content *content = &change->want->content;
	size_t lines;

	tn_str_addf(style->out, "create for %s@%s, ", change->want->trigger.id,
	    change->want->trigger.version);
	tn_style_text(style,
	    content->runtime == NULL ? "default runtime" : content->runtime);
	lines = tn_report_count_lines(content->code);
	tn_str_addf(style->out, ", %zu line%s of code\n", lines, tn_style_plural(lines));
	tn_report_dependencies(style, &nothing, content);
	tn_report_uses(style, &nothing, content);
	tn_report_secrets(style, change->secrets, change->n_secrets);
}

static void
print_blocked(const struct tn_style *style, const struct tn_change *change)
{
	tn_str_add(style->out, "cannot be changed: ");
	tn_style_text(style, change->reason);
	tn_str_add_char(style->out, '\n');
	if (change->hint != NULL) {
		tn_str_add(style->out, "      → ");
		tn_style_text(style, change->hint);
		tn_str_add_char(style->out, '\n');
	}
}

static const char *const change_marks[] = {
	[TN_CHANGE_NONE] = " ",
	[TN_CHANGE_CREATE] = "+",
	[TN_CHANGE_UPDATE] = "~",
	[TN_CHANGE_DEPLOY] = "~",
	[TN_CHANGE_ROLLBACK] = "~",
	[TN_CHANGE_REPLACE] = "-/+",
	[TN_CHANGE_BLOCKED] = "!",
};

static const char *
mark_of(const struct tn_change *change)
{
	if (change->kind == TN_CHANGE_NONE && change->rename)
		return "~";
	return change_marks[change->kind];
}

bool
tn_report_has_later(const struct tn_secret_change *secrets, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (secrets[i].kind == TN_SECRET_LATER)
			return true;
	return false;
}

static bool
has_later(const struct tn_change *change)
{
	return tn_report_has_later(change->secrets, change->n_secrets);
}

static bool
worth_a_line(const struct tn_change *change)
{
	return change->kind != TN_CHANGE_NONE || change->rename || change->adopt ||
	    change->foreign_draft || has_later(change);
}

static void
print_unchanged(const struct tn_style *style, const struct tn_change *change)
{
	const char *indent = "";

	if (change->rename) {
		tn_str_add(style->out,
		    change->adopt ? "adopt and rename from " : "rename from ");
		tn_style_text(style, change->live->name);
		tn_str_add_char(style->out, '\n');
		indent = "      ";
	} else if (change->adopt) {
		tn_str_add(style->out,
		    "adopt as it is: nothing is written to the tenant\n");
		indent = "      ";
	}
	if (change->foreign_draft) {
		tn_str_addf(style->out, "%ssomebody's draft of ", indent);
		tn_style_text(style, change->live->updated_at);
		tn_str_add(style->out, " waits undeployed and is left alone\n");
		indent = "      ";
	}
	if (has_later(change)) {
		tn_str_addf(style->out, "%sas it is, unless a secret has another value\n",
		    indent);
		tn_report_secrets(style, change->secrets, change->n_secrets);
	}
}

static void
print_replace(const struct tn_style *style, const struct tn_change *change)
{
	if (change->flip) {
		tn_str_add(style->out, "replace, with its flow");
		tn_report_differs(style, change->parts);
	} else {
		tn_str_add(style->out, "replace: from ");
		tn_style_trigger(style, &change->live->trigger);
		tn_str_add(style->out, " to ");
		tn_style_trigger(style, &change->want->trigger);
	}
	tn_str_add_char(style->out, '\n');
	tn_report_dependencies(style, &nothing, &change->want->content);
	tn_report_uses(style, &nothing, &change->want->content);
	tn_report_secrets(style, change->secrets, change->n_secrets);
	tn_report_code_diff(style,
	    change->live->has_live ? change->live->live.content.code
				   : change->live->draft.code,
	    change->want->content.code);
}

static void
print_change(const struct tn_style *style, const struct tn_change *change)
{
	tn_style_mark(style, 2, mark_of(change));
	tn_str_add(style->out, "action ");
	tn_style_text(style, change->want->name);
	tn_str_add(style->out, "  ");
	switch (change->kind) {
	case TN_CHANGE_NONE:
		print_unchanged(style, change);
		return;
	case TN_CHANGE_CREATE:
		print_create(style, change);
		return;
	case TN_CHANGE_BLOCKED:
		print_blocked(style, change);
		return;
	case TN_CHANGE_REPLACE:
		print_replace(style, change);
		return;
	case TN_CHANGE_UPDATE:
		tn_str_addf(style->out, "%s",
		    change->adopt ? "adopt and update" : "update");
		break;
	case TN_CHANGE_DEPLOY:
		tn_str_add(style->out, "deploy the draft, which is what is wanted");
		break;
	case TN_CHANGE_ROLLBACK:
		tn_str_addf(style->out, "roll back to version %lld%s",
		    (long long)change->version->number,
		    change->want->version != NULL ? "" : ", which is what is wanted");
		break;
	}
	tn_report_differs(style, change->parts);
	tn_str_add_char(style->out, '\n');
	if (change->rename) {
		tn_str_add(style->out, "      rename from ");
		tn_style_text(style, change->live->name);
		tn_str_add_char(style->out, '\n');
	}
	print_content(style, change);
}

static void
print_flows(const struct tn_style *style, const struct tn_diff *diff)
{
	for (size_t i = 0; i < diff->n_flows; i++) {
		const struct tn_flow_change *flow = &diff->flows[i];

		if (!flow->differs && flow->blocked == NULL)
			continue;
		tn_style_mark(style, 2, flow->blocked != NULL ? "!" : "~");
		tn_str_add(style->out, "bindings ");
		tn_style_text(style, flow->trigger);
		if (flow->blocked != NULL) {
			tn_str_add(style->out, "  cannot be set: ");
			tn_style_text(style, flow->blocked);
			tn_str_add_char(style->out, '\n');
			continue;
		}
		tn_str_add(style->out, "\n");
		tn_report_flow_diff(style, &flow->before, &flow->after);
	}
}

static bool
is_removed(const struct tn_diff *diff, const struct tn_live_action *live)
{
	for (size_t i = 0; i < diff->n_removals; i++)
		if (diff->removals[i].live == live)
			return true;
	return false;
}

/* The replaced ones stand with what replaces them. */
void
tn_report_removal(const struct tn_style *style, const char *kind, const char *name,
    const char *kept)
{
	tn_style_mark(style, 2, kept == NULL ? "-" : " ");
	tn_str_add(style->out, kind);
	tn_str_add_char(style->out, ' ');
	tn_style_text(style, name);
	if (kept == NULL) {
		tn_str_add(style->out, "  delete: it is not in the files any more\n");
		return;
	}
	tn_str_add(style->out, "  not in the files any more: kept, ");
	tn_style_text(style, kept);
	tn_str_add_char(style->out, '\n');
}

static void
print_removals(const struct tn_style *style, const struct tn_diff *diff)
{
	for (size_t i = 0; i < diff->n_removals; i++) {
		const struct tn_removal *removal = &diff->removals[i];

		if (removal->replaced == NULL)
			tn_report_removal(style, "action", removal->live->name,
			    removal->kept);
	}
}

static void
print_gone(const struct tn_style *style, const struct tn_run_result *result)
{
	const struct tn_diff *diff = result->diff;

	for (size_t i = 0; i < diff->n_gone; i++) {
		if (is_removed(diff, diff->gone[i]))
			continue;
		tn_str_add(style->out, "    action ");
		tn_style_text(style, diff->gone[i]->name);
		tn_str_addf(style->out, "  %s: kept, it is not deleted\n",
		    result->target == NULL ? "not in the files any more"
					   : "was not there then");
	}
}

static void
print_irreversible(const struct tn_style *style, const struct tn_plan *plan)
{
	bool any = false;

	for (size_t i = 0; i < plan->n_steps; i++) {
		const struct tn_step *step = &plan->steps[i];

		if (step->inverse != TN_INVERSE_NONE)
			continue;
		if (!any)
			tn_str_add(style->out, "\nCannot be undone:\n");
		any = true;
		tn_str_addf(style->out, "  ! %s of ", tn_step_kind_name(step->kind));
		tn_style_text(style, step->name);
		tn_str_addf(style->out, ": %s\n", step->irreversible);
	}
}

/* What a rollback cannot bring back. */
static void
print_remarks(const struct tn_style *style, const struct tn_run_result *result)
{
	if (result->n_remarks > 0)
		tn_str_add(style->out, "\nCannot come back:\n");
	for (size_t i = 0; i < result->n_remarks; i++) {
		tn_str_add(style->out, "  ! ");
		tn_style_text(style, result->remarks[i]);
		tn_str_add_char(style->out, '\n');
	}
}

static void
print_hold(const struct tn_style *style, const struct tn_run_result *result)
{
	const struct tn_hold *hold = result->hold;
	char when[TN_TIME_SIZE];

	tn_time_format_seconds(hold->since_ns, when);
	tn_str_addf(style->out, "Commit %.10s is on hold: run ", hold->commit);
	tn_style_text(style, hold->run_id);
	tn_str_addf(style->out, " took it back at %s. ", when);
	if (result->hold_lifted)
		tn_str_add(style->out, "This run takes it off hold.\n");
	else if (result->dirty)
		tn_str_add(style->out,
		    "These files are not it: they have changes that are not committed.\n");
	else
		tn_str_add(style->out,
		    "Apply refuses it: apply another commit, or say --lift-hold.\n");
}

/* Of the commit that is planned, and of the one that a rollback takes back. */
static void
print_holds(const struct tn_style *style, const struct tn_run_result *result)
{
	if (result->hold != NULL)
		print_hold(style, result);
	if (result->puts_on_hold != NULL)
		tn_str_addf(style->out,
		    "Commit %.10s, which was applied last, is put on hold: apply then "
		    "refuses it.\n",
		    result->puts_on_hold);
	else if (result->no_hold != NULL)
		tn_str_addf(style->out, "Nothing is put on hold: %s.\n", result->no_hold);
}

static void
print_summary(const struct tn_style *style, const struct tn_run_result *result)
{
	const struct tn_plan *plan = result->plan;
	const struct tn_plan_counts *n = &plan->counts;
	char duration[24];

	if (!tn_plan_writes(plan) && plan->n_later > 0) {
		tn_str_addf(style->out,
		    "Nothing to do as far as can be said: %zu secret%s checked at apply.\n",
		    plan->n_later, plan->n_later == 1 ? " is" : "s are");
		return;
	}
	if (!tn_plan_writes(plan)) {
		tn_str_addf(style->out, "Nothing to do: %s.%s\n",
		    result->target == NULL ? "the tenant is what the files say"
					   : "that is what the tenant has",
		    n->adopt > 0 ? " Adopting writes nothing to it." : "");
		return;
	}
	tn_duration_format(plan->time_ns, duration);
	tn_str_add_char(style->out, '\n');
	tn_style_begin(style, TN_BOLD);
	tn_str_add(style->out, "Plan:");
	tn_style_end(style);
	if (n->publish > 0)
		tn_str_addf(style->out, " %u module%s to publish,", n->publish,
		    tn_style_plural(n->publish));
	if (n->rename > 0)
		tn_str_addf(style->out, " %u to rename,", n->rename);
	if (n->test > 0)
		tn_str_addf(style->out, " %u test%s to pass,", n->test,
		    tn_style_plural(n->test));
	tn_str_addf(style->out, " %u to create, %u to update, ", n->create, n->update);
	if (n->deploy > 0)
		tn_str_addf(style->out, "%u to deploy, ", n->deploy);
	tn_str_addf(style->out,
	    "%u to roll back, %u binding%s to set, %u to delete. %u call%s, about %s.\n",
	    n->rollback, n->bind, tn_style_plural(n->bind), n->remove, plan->calls,
	    tn_style_plural(plan->calls), duration);
	tn_str_addf(style->out, "Digest: %s\n", plan->digest);
}

static void
print_missing_rights(const struct tn_style *style, const struct tn_rights *missing)
{
	if (missing->n == 0)
		return;
	tn_str_add(style->out, "Applying would be refused: the credential lacks ");
	tn_rights_words(missing, style->out);
	tn_str_add(style->out, ".\n");
}

void
tn_report_plan(const struct tn_style *style, const struct tn_run_result *result)
{
	const struct tn_diff *diff = result->diff;

	tn_report_modules(style, diff);
	for (size_t i = 0; i < diff->n_changes; i++)
		if (worth_a_line(&diff->changes[i]))
			print_change(style, &diff->changes[i]);
	print_flows(style, diff);
	print_removals(style, diff);
	tn_report_module_removals(style, diff);
	print_gone(style, result);
	tn_report_gone_modules(style, diff);
	if (result->plan == NULL)
		return;
	print_irreversible(style, result->plan);
	print_remarks(style, result);
	print_summary(style, result);
	print_holds(style, result);
	print_missing_rights(style, &result->missing_rights);
}
