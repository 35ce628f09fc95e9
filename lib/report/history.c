#include "report/style.h"

#include <string.h>

#include "base/time.h"

/* --- What the history says of a run --- */

static void
print_time(const struct tn_style *style, int64_t unix_ns)
{
	char when[TN_TIME_SIZE];

	tn_time_format_seconds(unix_ns, when);
	tn_str_add(style->out, when);
}

static const struct {
	const char *what;
	const char *words;
} what_words[] = {
	{ "module-create", "module created" },
	{ "module-update", "module updated" },
	{ "module-publish", "module published" },
	{ "create", "created" },
	{ "update", "updated" },
	{ "deploy", "deployed" },
	{ "rollback", "rolled back" },
	{ "bind", "bound" },
	{ "adopt", "adopted" },
	{ "rename", "renamed" },
	{ "delete", "deleted" },
	{ "module-delete", "module deleted" },
};

static const char *
words_of(const char *what)
{
	for (size_t i = 0; i < TN_ARRAY_LEN(what_words); i++)
		if (tn_text_equal(what_words[i].what, what))
			return what_words[i].words;
	return what;
}

static bool
came_before(const struct tn_past_run *run, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (tn_text_equal(run->objects[i].what, run->objects[at].what))
			return true;
	return false;
}

/* "2 updated, 1 bound" */
static void
print_counts(const struct tn_style *style, const struct tn_past_run *run)
{
	const char *before = "";

	for (size_t i = 0; i < run->n_objects; i++) {
		unsigned n = 0;

		if (came_before(run, i))
			continue;
		for (size_t k = i; k < run->n_objects; k++)
			n += tn_text_equal(run->objects[k].what, run->objects[i].what);
		tn_str_addf(style->out, "%s%u ", before, n);
		tn_style_text(style, words_of(run->objects[i].what));
		before = ", ";
	}
	if (run->n_objects == 0)
		tn_str_add(style->out, "nothing was touched");
}

static const char *
outcome_words(const struct tn_past_run *run)
{
	if (run->outcome == NULL)
		return "under way or interrupted";
	if (tn_text_equal(run->outcome, "put-back"))
		return "failed, put back";
	if (tn_text_equal(run->outcome, "not-put-back"))
		return "failed, not all of it put back";
	if (tn_text_equal(run->outcome, "stopped"))
		return "failed, what was done stays";
	return run->outcome;
}

/* The beginning, as the state says it. */
static void
print_commit(const struct tn_style *style, const char *commit)
{
	tn_style_span(style, tn_span_of(commit, strnlen(commit, 10)));
}

static void
print_origin(const struct tn_style *style, const struct tn_run_facts *facts)
{
	if (facts->commit != NULL) {
		tn_str_add(style->out, ", commit ");
		print_commit(style, facts->commit);
		if (facts->dirty)
			tn_str_add(style->out, " with changes that were not committed");
	}
	if (facts->who != NULL) {
		tn_str_add(style->out, ", by ");
		tn_style_text(style, facts->who);
	}
}

static void
print_run(const struct tn_style *style, const struct tn_past_run *run)
{
	const struct tn_run_facts *facts = &run->facts;

	tn_style_begin(style, TN_BOLD);
	tn_style_text(style, run->run_id);
	tn_style_end(style);
	tn_str_add(style->out, "  ");
	tn_style_text(style, facts->command == NULL ? "apply" : facts->command);
	if (facts->target != NULL) {
		tn_str_add(style->out, " to ");
		tn_style_text(style, facts->target);
	}
	tn_str_add(style->out, ": ");
	tn_style_text(style, outcome_words(run));
	print_origin(style, facts);
	tn_str_add(style->out, "\n    ");
	print_counts(style, run);
	if (run->ended_ns > 0) {
		tn_str_add(style->out, "; ended ");
		print_time(style, run->ended_ns);
	}
	tn_str_add_char(style->out, '\n');
	if (facts->hold != NULL && tn_text_equal(run->outcome, "applied")) {
		tn_str_add(style->out, "    put commit ");
		print_commit(style, facts->hold);
		tn_str_add(style->out, " on hold\n");
	}
}

void
tn_report_history(const struct tn_style *style, const struct tn_run_result *result)
{
	const struct tn_history *history = result->history;

	for (size_t i = 0; i < history->n_runs; i++)
		print_run(style, &history->runs[i]);
	if (history->n_runs == 0)
		tn_str_add(style->out, "No run is known.\n");
	if (history->more)
		tn_str_add(style->out, "There are older ones: see --limit.\n");
}

/* --- One run --- */

static const struct tn_content nothing = { .code = "" };

static void
print_secret_names(const struct tn_style *style, const struct tn_content *before,
    const struct tn_content *after)
{
	for (size_t i = 0; i < after->n_secrets; i++) {
		const struct tn_secret_ref *now = &after->secrets[i];
		const struct tn_secret_ref *old = tn_content_secret(before, now->name);

		if (old != NULL && tn_text_equal(old->updated_at, now->updated_at))
			continue;
		tn_style_mark(style, 6, old == NULL ? "+" : "~");
		tn_str_add(style->out, "secret ");
		tn_style_text(style, now->name);
		tn_str_add(style->out, old == NULL ? "\n" : " (written)\n");
	}
	for (size_t i = 0; i < before->n_secrets; i++) {
		if (tn_content_secret(after, before->secrets[i].name) != NULL)
			continue;
		tn_style_mark(style, 6, "-");
		tn_str_add(style->out, "secret ");
		tn_style_text(style, before->secrets[i].name);
		tn_str_add_char(style->out, '\n');
	}
}

static void
print_version(const struct tn_style *style, const char *words, int64_t number)
{
	if (number > 0)
		tn_str_addf(style->out, "%s%lld", words, (long long)number);
}

static void
print_object(const struct tn_style *style, const struct tn_shown_object *shown)
{
	const struct tn_past_object *object = shown->object;
	bool flow = tn_text_equal(object->kind, "flow");
	const struct tn_content *before = shown->before == NULL ? &nothing
								: shown->before;
	const struct tn_content *after = shown->after == NULL ? &nothing : shown->after;
	const char *mark = shown->before == NULL ? "+" : shown->after == NULL ? "-" : "~";

	if (flow || (shown->before == NULL && shown->after == NULL))
		mark = flow ? "~" : " ";
	tn_style_mark(style, 2, mark);
	tn_str_addf(style->out, "%s ", flow ? "bindings" : object->kind);
	tn_style_text(style, object->name);
	tn_str_add(style->out, "  ");
	tn_style_text(style, words_of(object->what));
	if (!tn_text_equal(object->state, "done"))
		tn_str_addf(style->out, ", %s",
		    tn_text_equal(object->state, "undone") ? "and put back"
							   : "and could not be put back");
	print_version(style, ", version ", object->version_after);
	print_version(style, " after ", object->version_before);
	tn_str_add_char(style->out, '\n');
	if (flow) {
		tn_report_flow_diff(style, &shown->flow_before, &shown->flow_after);
		return;
	}
	tn_report_parts(style, tn_content_differs(before, after), before, after);
	print_secret_names(style, before, after);
	tn_report_code_diff(style, before->code, after->code);
}

static void
print_past_run(const struct tn_style *style, const struct tn_shown *shown)
{
	print_run(style, shown->run);
	tn_str_add_char(style->out, '\n');
	for (size_t i = 0; i < shown->n_objects; i++)
		print_object(style, &shown->objects[i]);
}

/* --- One action --- */

static void
print_maker(const struct tn_style *style, const struct tn_past_run *run)
{
	if (run == NULL) {
		tn_str_add(style->out, "by no run that is known");
		return;
	}
	tn_str_add(style->out, "by run ");
	tn_style_text(style, run->run_id);
	print_origin(style, &run->facts);
}

static void
print_versions(const struct tn_style *style, const struct tn_shown *shown)
{
	const struct tn_live_action *action = shown->action;

	tn_str_addf(style->out, "\nVersions (%zu):\n", shown->n_versions);
	for (size_t i = 0; i < shown->n_versions; i++) {
		const struct tn_version *version = shown->versions[i].version;
		bool runs = action->has_live &&
		    tn_text_equal(version->id, action->live.id);

		tn_str_addf(style->out, "  %s %lld  ", runs ? "*" : " ",
		    (long long)version->number);
		tn_style_text(style,
		    version->created_at == NULL ? "?" : version->created_at);
		tn_str_add(style->out, version->built ? "  " : "  not built  ");
		print_maker(style, shown->versions[i].run);
		tn_str_add_char(style->out, '\n');
	}
}

static void
print_action(const struct tn_style *style, const struct tn_shown *shown)
{
	const struct tn_live_action *action = shown->action;

	tn_str_add(style->out, "Action ");
	tn_style_text(style, action->name);
	tn_str_add(style->out, " (");
	tn_style_text(style, action->trigger.id == NULL ? "?" : action->trigger.id);
	tn_str_addf(style->out, "), %s\n",
	    action->installed  ? "from the marketplace"
		: shown->owned ? "ours"
			       : "not ours");
	if (action->has_live) {
		tn_str_addf(style->out, "Runs version %lld, ",
		    (long long)action->live.number);
		print_maker(style, shown->run);
		tn_str_add_char(style->out, '\n');
	} else {
		tn_str_add(style->out, "Was never deployed.\n");
	}
	if (!action->installed && !tn_live_action_clean(action)) {
		tn_str_add(style->out, "Has a draft that does not run, of ");
		tn_style_text(style,
		    action->updated_at == NULL ? "?" : action->updated_at);
		tn_str_add(style->out, "\n");
	}
	print_versions(style, shown);
}

void
tn_report_shown(const struct tn_style *style, const struct tn_run_result *result)
{
	if (result->shown->action != NULL)
		print_action(style, result->shown);
	else
		print_past_run(style, result->shown);
}
