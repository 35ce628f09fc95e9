#include "serve/show.h"

#include "base/arena.h"
#include "base/time.h"
#include "base/value.h"
#include "json/json.h"

static void
set_time(struct tn_arena *arena, struct tn_value *object, const char *key,
    int64_t unix_ns)
{
	char text[TN_TIME_SIZE];

	if (unix_ns == 0)
		return;
	tn_time_format_seconds(unix_ns, text);
	tn_value_set_text(arena, object, key, text);
}

static struct tn_value *
view_to_value(struct tn_arena *arena, const struct tn_sync_view *view)
{
	struct tn_value *out = tn_value_object(arena);

	tn_value_set_text(arena, out, "name", view->entry->name);
	tn_value_set_text(arena, out, "tenant", view->entry->connection);
	tn_value_set_text(arena, out, "mode", tn_sync_mode_name(view->entry->mode));
	tn_value_set_text(arena, out, "state", tn_sync_state_name(view->state));
	tn_value_set_text(arena, out, "outcome", tn_sync_outcome_name(view->outcome));
	if (view->summary[0] != '\0')
		tn_value_set_text(arena, out, "summary", view->summary);
	tn_value_set_text(arena, out, "commit", view->commit);
	tn_value_set_text(arena, out, "seen", view->seen);
	tn_value_set_text(arena, out, "run", view->run_id);
	set_time(arena, out, "looked_at", view->looked_unix);
	set_time(arena, out, "good_at", view->good_unix);
	set_time(arena, out, "trouble_since", view->trouble_since);
	if (view->next_ns >= 0)
		tn_value_set_int(arena, out, "next_in_s", view->next_ns / TN_SEC);
	return out;
}

bool
tn_serve_status_json(const struct tn_serve *serve, const char *name, struct tn_str *out)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	struct tn_value *root = tn_value_object(arena);
	struct tn_value *syncs = tn_value_array(arena);

	for (size_t i = 0; i < tn_serve_count(serve); i++) {
		struct tn_sync_view view = tn_serve_view(serve, i);

		if (name == NULL || tn_text_equal(view.entry->name, name))
			tn_value_push(arena, syncs, view_to_value(arena, &view));
	}
	tn_value_set_text(arena, root, "format_version", "1.0");
	tn_value_set(arena, root, "syncs", syncs);
	tn_json_write(root, out);
	return name == NULL || tn_value_count(syncs) > 0;
}

void
tn_serve_event_json(const struct tn_serve_event *event, struct tn_str *out)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	struct tn_value *root = tn_value_object(arena);

	set_time(arena, root, "time", event->unix_ns);
	tn_value_set_text(arena, root, "event", tn_notice_name(event->notice));
	tn_value_set_text(arena, root, "sync", event->entry->name);
	tn_value_set_text(arena, root, "tenant", event->entry->connection);
	tn_value_set_text(arena, root, "summary", event->summary);
	tn_value_set_text(arena, root, "commit", event->commit);
	tn_value_set_text(arena, root, "run", event->run_id);
	tn_json_write(root, out);
	tn_str_add_char(out, '\n');
}

/* --- Prometheus --- */

static void
head(struct tn_str *out, const char *name, const char *type, const char *help)
{
	tn_str_addf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void
counter(struct tn_str *out, const char *name, const char *help, uint64_t value)
{
	head(out, name, "counter", help);
	tn_str_addf(out, "%s %llu\n", name, (unsigned long long)value);
}

/* Names of syncs and tenants need no escaping: the schema lets none in that would. */
static void
each_sync(const struct tn_serve *serve, struct tn_str *out, const char *name,
    const char *help, double (*value)(const struct tn_sync_view *view))
{
	head(out, name, "gauge", help);
	for (size_t i = 0; i < tn_serve_count(serve); i++) {
		struct tn_sync_view view = tn_serve_view(serve, i);

		tn_str_addf(out, "%s{sync=\"%s\",tenant=\"%s\"} %.10g\n", name,
		    view.entry->name, view.entry->connection, value(&view));
	}
}

static double
seconds(int64_t ns)
{
	int64_t ms = ns / TN_MSEC;

	return (double)ms / 1000.0;
}

static double
looked_at(const struct tn_sync_view *view)
{
	return seconds(view->looked_unix);
}

static double
good_at(const struct tn_sync_view *view)
{
	return seconds(view->good_unix);
}

static double
in_trouble(const struct tn_sync_view *view)
{
	return view->outcome == TN_SYNC_TROUBLE ? 1 : 0;
}

static double
is_suspended(const struct tn_sync_view *view)
{
	return view->state == TN_SYNC_SUSPENDED ? 1 : 0;
}

static double
converged_in(const struct tn_sync_view *view)
{
	return seconds(view->converged_ns);
}

static void
drift(const struct tn_serve *serve, struct tn_str *out)
{
	static const char name[] = "tenond_sync_drift";

	head(out, name, "gauge", "What differs, as the last comparison found.");
	for (size_t i = 0; i < tn_serve_count(serve); i++) {
		struct tn_sync_view view = tn_serve_view(serve, i);

		tn_str_addf(out,
		    "%s{sync=\"%s\",tenant=\"%s\",kind=\"action\"} %u\n"
		    "%s{sync=\"%s\",tenant=\"%s\",kind=\"flow\"} %u\n",
		    name, view.entry->name, view.entry->connection, view.actions, name,
		    view.entry->name, view.entry->connection, view.flows);
	}
}

static void
outcomes(const struct tn_serve_counts *counts, struct tn_str *out)
{
	head(out, "tenond_looks_total", "counter", "Looks at syncs by how they ended.");
	for (size_t i = TN_SYNC_EQUAL; i < TN_SYNC_OUTCOME__COUNT; i++)
		tn_str_addf(out, "tenond_looks_total{outcome=\"%s\"} %llu\n",
		    tn_sync_outcome_name((enum tn_sync_outcome)i),
		    (unsigned long long)counts->looks[i]);
}

static void
converging(const struct tn_serve_counts *counts, struct tn_str *out)
{
	head(out, "tenond_converge_seconds", "summary",
	    "From seeing a new commit to its being good.");
	tn_str_addf(out,
	    "tenond_converge_seconds_sum %.10g\ntenond_converge_seconds_count %llu\n",
	    seconds(counts->converging_ns), (unsigned long long)counts->converged);
}

void
tn_serve_metrics(const struct tn_serve *serve, struct tn_str *out)
{
	const struct tn_serve_counts counts = tn_serve_counts(serve);

	outcomes(&counts, out);
	counter(out, "tenond_runs_total", "Runs that ended.", counts.runs);
	counter(out, "tenond_calls_total", "Calls to tenants.", counts.calls);
	counter(out, "tenond_writes_total", "Calls that write.", counts.writes);
	counter(out, "tenond_retries_total", "Calls that were not the first try.",
	    counts.retries);
	counter(out, "tenond_rate_limited_total",
	    "Calls refused for the rate limit (429).", counts.limited);
	counter(out, "tenond_wakes_total", "Wakes by webhooks and people.", counts.wakes);
	counter(out, "tenond_unsaved_total",
	    "Times that what must outlive the daemon could not be written down.",
	    counts.kept_in_vain);
	converging(&counts, out);
	drift(serve, out);
	each_sync(serve, out, "tenond_sync_trouble", "1 while the last look failed.",
	    in_trouble);
	each_sync(serve, out, "tenond_sync_suspended", "1 while it is suspended.",
	    is_suspended);
	each_sync(serve, out, "tenond_sync_last_look_timestamp_seconds",
	    "When it was looked at; 0: never.", looked_at);
	each_sync(serve, out, "tenond_sync_last_success_timestamp_seconds",
	    "When it was looked at without trouble; 0: never.", good_at);
	each_sync(serve, out, "tenond_sync_converge_seconds",
	    "From seeing the last good commit to its being good.", converged_in);
}
