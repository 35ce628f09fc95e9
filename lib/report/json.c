#include "report/report.h"

#include "base/secret.h"
#include "base/text.h"
#include "base/time.h"
#include "base/value.h"
#include "json/json.h"
#include "report/past_json.h"
#include "report/style.h"

static const char *const command_names[] = {
	[TN_COMMAND_VALIDATE] = "validate",
	[TN_COMMAND_PLAN] = "plan",
	[TN_COMMAND_APPLY] = "apply",
	[TN_COMMAND_DRIFT] = "drift",
	[TN_COMMAND_ROLLBACK] = "rollback",
	[TN_COMMAND_GET] = "get",
	[TN_COMMAND_TEST] = "test",
	[TN_COMMAND_HISTORY] = "history",
	[TN_COMMAND_SHOW] = "show",
	[TN_COMMAND_UNLOCK] = "unlock",
};

static const char *const outcome_names[] = {
	[TN_APPLIED] = "applied",
	[TN_PUT_BACK] = "put-back",
	[TN_NOT_PUT_BACK] = "not-put-back",
	[TN_NOT_STARTED] = "nothing-written",
	[TN_STOPPED] = "stopped",
};

static void
set_error(struct tn_arena *a, struct tn_value *object, const char *key,
    const struct tn_error *error)
{
	struct tn_value *out;

	if (error == NULL)
		return;
	out = tn_value_object(a);
	tn_value_set_text(a, out, "kind", tn_error_kind_name(error->kind));
	tn_value_set_text(a, out, "message", error->message);
	tn_value_set_text(a, out, "hint", error->hint);
	if (error->status != 0)
		tn_value_set_int(a, out, "http_status", error->status);
	tn_value_set(a, object, key, out);
}

/* Columns count characters, the last one stands behind the word. */
static void
set_place(struct tn_arena *a, struct tn_value *item, const struct tn_diag *diag)
{
	const struct tn_quote *quote = &diag->quote;
	TN_CLEANUP(tn_str_done) struct tn_str line = TN_STR_INIT;

	if (diag->mark.line == 0)
		return;
	tn_value_set_int(a, item, "line", diag->mark.line);
	if (diag->mark.col > 0)
		tn_value_set_int(a, item, "column", diag->mark.col);
	if (quote->text == NULL)
		return;
	if (quote->marked > 0)
		tn_value_set_int(a, item, "end_column", tn_report_end_column(diag));
	tn_text_printable(tn_span_of(quote->text, quote->len), true, &line);
	tn_value_set_text(a, item, "source_line", tn_str_text(&line));
}

static struct tn_value *
findings(struct tn_arena *a, const struct tn_diags *diags)
{
	struct tn_value *list = tn_value_array(a);

	for (size_t i = 0; i < tn_diags_count(diags); i++) {
		const struct tn_diag *diag = tn_diags_at(diags, i);
		struct tn_value *item = tn_value_object(a);

		tn_value_set_text(a, item, "severity", tn_severity_name(diag->severity));
		tn_value_set_text(a, item, "code", diag->code);
		tn_value_set_text(a, item, "file", diag->mark.file);
		set_place(a, item, diag);
		tn_value_set_text(a, item, "resource", diag->resource);
		tn_value_set_text(a, item, "message", diag->message);
		tn_value_set_text(a, item, "hint", diag->hint);
		tn_value_push(a, list, item);
	}
	return list;
}

static struct tn_value *
secret_changes(struct tn_arena *a, const struct tn_secret_change *secrets, size_t n)
{
	struct tn_value *list = tn_value_array(a);

	for (size_t i = 0; i < n; i++) {
		struct tn_value *item = tn_value_object(a);

		tn_value_set_text(a, item, "name", secrets[i].name);
		tn_value_set_text(a, item, "change",
		    tn_secret_change_name(secrets[i].kind));
		if (secrets[i].theirs)
			tn_value_set_bool(a, item, "theirs", true);
		tn_value_push(a, list, item);
	}
	return list;
}

static struct tn_value *
parts(struct tn_arena *a, unsigned differs)
{
	struct tn_value *list = tn_value_array(a);

	for (unsigned part = TN_PART_CODE; part <= TN_PART_LAST; part <<= 1)
		if ((differs & part) != 0)
			tn_value_push(a, list, tn_value_string(a, tn_part_name(part)));
	return list;
}

static struct tn_value *
action_change(struct tn_arena *a, const struct tn_change *change)
{
	struct tn_value *out = tn_value_object(a);

	tn_value_set_text(a, out, "name", change->want->name);
	tn_value_set_text(a, out, "change", tn_change_kind_name(change->kind));
	tn_value_set(a, out, "differs", parts(a, change->parts));
	if (change->rename)
		tn_value_set_text(a, out, "renamed_from", change->live->name);
	if (change->flip)
		tn_value_set_bool(a, out, "flip", true);
	tn_value_set_bool(a, out, "adopt", change->adopt);
	tn_value_set_bool(a, out, "foreign_draft", change->foreign_draft);
	tn_value_set(a, out, "secrets",
	    secret_changes(a, change->secrets, change->n_secrets));
	if (change->version != NULL)
		tn_value_set_int(a, out, "version", change->version->number);
	if (change->live != NULL && change->live->has_live) {
		tn_value_set_int(a, out, "live_version", change->live->live.number);
		tn_value_set_text(a, out, "live_since", change->live->live.created_at);
		tn_value_set_text(a, out, "live_code", change->live->live.content.code);
	}
	if (change->foreign_draft) {
		tn_value_set_text(a, out, "draft_since", change->live->updated_at);
		tn_value_set_text(a, out, "draft_code", change->live->draft.code);
	}
	if (change->kind != TN_CHANGE_NONE)
		tn_value_set_text(a, out, "wanted_code", change->want->content.code);
	tn_value_set_text(a, out, "reason", change->reason);
	tn_value_set_text(a, out, "hint", change->hint);
	return out;
}

static struct tn_value *
module_change(struct tn_arena *a, const struct tn_module_change *change)
{
	const struct tn_live_module *live = change->live;
	struct tn_value *out = tn_value_object(a);

	tn_value_set_text(a, out, "name", change->want->name);
	tn_value_set_text(a, out, "change", tn_module_change_kind_name(change->kind));
	tn_value_set(a, out, "differs", parts(a, change->parts));
	tn_value_set_bool(a, out, "adopt", change->adopt);
	tn_value_set_bool(a, out, "foreign_draft", change->foreign_draft);
	tn_value_set(a, out, "secrets",
	    secret_changes(a, change->secrets, change->n_secrets));
	if (live != NULL && live->latest_number > 0)
		tn_value_set_int(a, out, "latest_version", live->latest_number);
	if (live != NULL && tn_live_module_latest(live) != NULL)
		tn_value_set_text(a, out, "latest_code",
		    tn_live_module_latest(live)->code);
	if (change->foreign_draft) {
		tn_value_set_text(a, out, "draft_since", live->updated_at);
		tn_value_set_text(a, out, "draft_code", live->draft.code);
	}
	if (change->kind != TN_MODULE_NONE)
		tn_value_set_text(a, out, "wanted_code", change->want->content.code);
	tn_value_set_text(a, out, "reason", change->reason);
	tn_value_set_text(a, out, "hint", change->hint);
	return out;
}

static struct tn_value *
flow_change(struct tn_arena *a, const struct tn_flow_change *flow)
{
	struct tn_value *out = tn_value_object(a);

	tn_value_set_text(a, out, "trigger", flow->trigger);
	tn_value_set_bool(a, out, "differs", flow->differs);
	tn_value_set(a, out, "live", tn_flow_to_value(a, &flow->before));
	tn_value_set(a, out, "wanted", tn_flow_to_value(a, &flow->after));
	tn_value_set_text(a, out, "reason", flow->blocked);
	return out;
}

static struct tn_value *
names(struct tn_arena *a, const struct tn_live_action *const *actions, size_t n)
{
	struct tn_value *list = tn_value_array(a);

	for (size_t i = 0; i < n; i++)
		tn_value_push(a, list, tn_value_string(a, actions[i]->name));
	return list;
}

static struct tn_value *
removals(struct tn_arena *a, const struct tn_diff *diff)
{
	struct tn_value *list = tn_value_array(a);

	for (size_t i = 0; i < diff->n_removals; i++) {
		const struct tn_removal *removal = &diff->removals[i];
		struct tn_value *item = tn_value_object(a);

		tn_value_set_text(a, item, "name", removal->live->name);
		tn_value_set_text(a, item, "action_id", removal->live->id);
		tn_value_set_bool(a, item, "replaced", removal->replaced != NULL);
		tn_value_set_text(a, item, "kept", removal->kept);
		tn_value_push(a, list, item);
	}
	return list;
}

static struct tn_value *
module_names(struct tn_arena *a, const struct tn_live_module *const *modules, size_t n)
{
	struct tn_value *list = tn_value_array(a);

	for (size_t i = 0; i < n; i++)
		tn_value_push(a, list, tn_value_string(a, modules[i]->name));
	return list;
}

static struct tn_value *
module_removals(struct tn_arena *a, const struct tn_diff *diff)
{
	struct tn_value *list = tn_value_array(a);

	for (size_t i = 0; i < diff->n_module_removals; i++) {
		const struct tn_module_removal *removal = &diff->module_removals[i];
		struct tn_value *item = tn_value_object(a);

		tn_value_set_text(a, item, "name", removal->live->name);
		tn_value_set_text(a, item, "module_id", removal->live->id);
		tn_value_set_text(a, item, "kept", removal->kept);
		tn_value_push(a, list, item);
	}
	return list;
}

/* Only where modules were looked at. */
static void
set_modules(struct tn_arena *a, struct tn_value *out, const struct tn_diff *diff)
{
	struct tn_value *list = tn_value_array(a);

	if (diff->n_modules + diff->n_gone_modules + diff->n_stranger_modules == 0)
		return;
	for (size_t i = 0; i < diff->n_modules; i++)
		tn_value_push(a, list, module_change(a, &diff->modules[i]));
	tn_value_set(a, out, "modules", list);
	tn_value_set(a, out, "modules_not_in_files",
	    module_names(a, diff->gone_modules, diff->n_gone_modules));
	tn_value_set(a, out, "module_strangers",
	    module_names(a, diff->stranger_modules, diff->n_stranger_modules));
	tn_value_set(a, out, "module_deletions", module_removals(a, diff));
}

static void
set_diff(struct tn_arena *a, struct tn_value *out, const struct tn_diff *diff)
{
	struct tn_value *actions = tn_value_array(a);
	struct tn_value *flows = tn_value_array(a);

	for (size_t i = 0; i < diff->n_changes; i++)
		tn_value_push(a, actions, action_change(a, &diff->changes[i]));
	for (size_t i = 0; i < diff->n_flows; i++)
		tn_value_push(a, flows, flow_change(a, &diff->flows[i]));
	tn_value_set(a, out, "actions", actions);
	tn_value_set(a, out, "bindings", flows);
	tn_value_set(a, out, "not_in_files", names(a, diff->gone, diff->n_gone));
	tn_value_set(a, out, "strangers", names(a, diff->strangers, diff->n_strangers));
	tn_value_set(a, out, "deletions", removals(a, diff));
	set_modules(a, out, diff);
}

static struct tn_value *
apply_report(struct tn_arena *a, const struct tn_apply_report *report)
{
	struct tn_value *out = tn_value_object(a);
	struct tn_value *steps = tn_value_array(a);

	tn_value_set_text(a, out, "outcome", outcome_names[report->outcome]);
	set_error(a, out, "error", report->error);
	for (size_t i = 0; i < report->n_steps; i++) {
		const struct tn_step_report *step = &report->steps[i];
		struct tn_value *item = tn_value_object(a);

		tn_value_set_int(a, item, "number", step->step->number);
		tn_value_set_text(a, item, "kind", tn_step_kind_name(step->step->kind));
		tn_value_set_text(a, item, "name", step->step->name);
		tn_value_set_text(a, item, "state", tn_step_state_name(step->state));
		tn_value_set_text(a, item,
		    tn_step_of_module(step->step->kind) ? "module_id" : "action_id",
		    step->action_id);
		if (step->version > 0)
			tn_value_set_int(a, item, "version", step->version);
		set_error(a, item, "error", step->error);
		set_error(a, item, "not_put_back", step->stuck);
		tn_value_push(a, steps, item);
	}
	tn_value_set(a, out, "steps", steps);
	return out;
}

void
tn_report_set_time(struct tn_arena *a, struct tn_value *out, const char *key,
    int64_t unix_ns)
{
	char text[TN_TIME_SIZE];

	if (unix_ns == 0)
		return;
	tn_time_format(unix_ns, text);
	tn_value_set_text(a, out, key, text);
}

static void
set_about(struct tn_arena *a, struct tn_value *out, const struct tn_run_result *result)
{
	tn_value_set_text(a, out, "format_version", TN_REPORT_FORMAT_VERSION);
	tn_value_set_text(a, out, "command", command_names[result->command]);
	tn_value_set_int(a, out, "exit_status", (int64_t)result->exit);
	tn_value_set_text(a, out, "run", result->run_id);
	tn_value_set_text(a, out, "project", result->project);
	tn_value_set_text(a, out, "tenant", result->tenant);
	tn_value_set_text(a, out, "base_url", result->base_url);
	tn_value_set_text(a, out, "source", result->source);
	tn_value_set_text(a, out, "commit", result->commit);
	tn_value_set_text(a, out, "target", result->target);
	tn_value_set_bool(a, out, "dirty", result->dirty);
	tn_report_set_time(a, out, "started_at", result->started_unix);
	tn_report_set_time(a, out, "ended_at", result->ended_unix);
}

static struct tn_value *
hold(struct tn_arena *a, const struct tn_run_result *result)
{
	struct tn_value *out = tn_value_object(a);

	tn_value_set_text(a, out, "commit", result->hold->commit);
	tn_value_set_text(a, out, "run", result->hold->run_id);
	tn_report_set_time(a, out, "since", result->hold->since_ns);
	tn_value_set_bool(a, out, "lifted", result->hold_lifted);
	return out;
}

/* Of a rollback, and of what one has put on hold. */
static void
set_back(struct tn_arena *a, struct tn_value *out, const struct tn_run_result *result)
{
	struct tn_value *list = tn_value_array(a);

	if (result->hold != NULL)
		tn_value_set(a, out, "hold", hold(a, result));
	tn_value_set_text(a, out, "puts_on_hold", result->puts_on_hold);
	tn_value_set_text(a, out, "no_hold", result->no_hold);
	for (size_t i = 0; i < result->n_remarks; i++)
		tn_value_push(a, list, tn_value_string(a, result->remarks[i]));
	if (result->n_remarks > 0)
		tn_value_set(a, out, "not_restored", list);
}

static void
set_calls(struct tn_arena *a, struct tn_value *out, const struct tn_run_result *result)
{
	struct tn_value *calls = tn_value_object(a);

	tn_value_set_int(a, calls, "all", result->calls);
	tn_value_set_int(a, calls, "writes", result->writes);
	tn_value_set_int(a, calls, "retries", result->retries);
	tn_value_set_int(a, calls, "limited", result->limited);
	tn_value_set(a, out, "calls", calls);
}

static struct tn_value *
cost(struct tn_arena *a, unsigned calls, int64_t time_ns)
{
	struct tn_value *out = tn_value_object(a);

	tn_value_set_int(a, out, "calls", calls);
	tn_value_set_int(a, out, "time_ns", time_ns);
	return out;
}

/* What the apply took, beside what the plan foresaw. */
static void
set_cost(struct tn_arena *a, struct tn_value *out, const struct tn_run_result *result)
{
	struct tn_value *both = tn_value_object(a);

	if (result->plan == NULL || result->applied == NULL)
		return;
	tn_value_set(a, both, "foreseen",
	    cost(a, result->plan->calls, result->plan->time_ns));
	tn_value_set(a, both, "taken",
	    cost(a, result->applied_calls, result->applied_ns));
	tn_value_set(a, out, "cost", both);
}

/* Keys are ours; texts may hold what the tenant, a file or a command line says. */
static struct tn_value *
redacted(struct tn_arena *a, struct tn_value *value, const struct tn_redactor *redactor)
{
	if (tn_value_is(value, TN_VALUE_ARRAY)) {
		for (size_t i = 0; i < value->count; i++)
			value->as.items[i] = redacted(a, value->as.items[i], redactor);
	} else if (tn_value_is(value, TN_VALUE_OBJECT)) {
		for (size_t i = 0; i < value->count; i++)
			value->as.members[i].value = redacted(a,
			    value->as.members[i].value, redactor);
	} else if (tn_value_is(value, TN_VALUE_STRING)) {
		TN_CLEANUP(tn_str_done) struct tn_str clean = TN_STR_INIT;
		TN_CLEANUP(tn_str_done) struct tn_str mended = TN_STR_INIT;

		tn_redactor_apply(redactor, tn_span_of(value->as.text, value->count),
		    &clean);
		tn_utf8_mend(tn_str_span(&clean), &mended);
		return tn_value_string_of(a, tn_str_text(&mended), mended.len);
	}
	return value;
}

/* How many of each the files name; once they could be read. */
static void
set_counts(struct tn_arena *a, struct tn_value *out, const struct tn_run_result *result)
{
	struct tn_value *counts = tn_value_object(a);

	if (result->project == NULL)
		return;
	tn_value_set_int(a, counts, "tenants", (int64_t)result->counts.tenants);
	tn_value_set_int(a, counts, "actions", (int64_t)result->counts.actions);
	tn_value_set_int(a, counts, "modules", (int64_t)result->counts.modules);
	tn_value_set_int(a, counts, "flows", (int64_t)result->counts.flows);
	tn_value_set(a, out, "files", counts);
}

static void
set_saved(struct tn_arena *a, struct tn_value *out, const struct tn_run_result *result)
{
	const struct tn_saved_plan *saved = result->saved;
	struct tn_value *about = tn_value_object(a);
	struct tn_value *list = tn_value_array(a);

	if (saved == NULL)
		return;
	tn_value_set_text(a, about, "digest", saved->digest);
	tn_value_set_text(a, about, "run", saved->origin.run_id);
	tn_value_set_text(a, about, "made_at", saved->origin.made_at);
	tn_value_set_text(a, about, "source", saved->origin.source);
	tn_value_set_text(a, about, "commit", saved->origin.commit);
	tn_value_set_bool(a, about, "dirty", saved->origin.dirty);
	for (size_t i = 0; i < result->n_moved; i++) {
		struct tn_value *item = tn_value_object(a);

		tn_value_set_text(a, item, "kind",
		    tn_moved_kind_name(result->moved[i].kind));
		tn_value_set_text(a, item, "resource", result->moved[i].resource);
		tn_value_set_text(a, item, "message", result->moved[i].message);
		tn_value_push(a, list, item);
	}
	tn_value_set(a, about, "moved", list);
	tn_value_set(a, out, "saved_plan", about);
}

static void
set_missing_rights(struct tn_arena *a, struct tn_value *out,
    const struct tn_rights *missing)
{
	struct tn_value *list = tn_value_array(a);

	for (size_t i = 0; i < missing->n; i++)
		tn_value_push(a, list, tn_value_string(a, missing->items[i]));
	if (missing->n > 0)
		tn_value_set(a, out, "missing_rights", list);
}

void
tn_report_json(const struct tn_run_result *result, const struct tn_redactor *redactor,
    struct tn_str *text)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *a = tn_arena_new();
	struct tn_value *out = tn_value_object(a);

	set_about(a, out, result);
	set_counts(a, out, result);
	tn_value_set(a, out, "findings", findings(a, result->diags));
	set_error(a, out, "error", result->error);
	tn_value_set_text(a, out, "interrupted_run", result->open_run);
	if (result->no_state)
		tn_value_set_bool(a, out, "no_state", true);
	set_saved(a, out, result);
	if (result->diff != NULL)
		set_diff(a, out, result->diff);
	if (result->plan != NULL)
		tn_value_set(a, out, "plan", tn_plan_to_value(a, result->plan));
	set_missing_rights(a, out, &result->missing_rights);
	set_back(a, out, result);
	if (result->history != NULL)
		tn_value_set(a, out, "history",
		    tn_report_history_value(a, result->history));
	if (result->shown != NULL)
		tn_value_set(a, out,
		    result->shown->action != NULL ? "shown_action" : "shown_run",
		    tn_report_shown_value(a, result->shown));
	if (result->recovery != NULL)
		tn_value_set(a, out, "recovery", apply_report(a, result->recovery));
	if (result->applied != NULL)
		tn_value_set(a, out, "apply", apply_report(a, result->applied));
	if (result->seen != NULL)
		tn_report_seen_value(a, out, result->seen);
	set_cost(a, out, result);
	set_calls(a, out, result);
	tn_json_write_pretty(redacted(a, out, redactor), text);
}
