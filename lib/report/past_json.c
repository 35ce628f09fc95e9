#include "report/past_json.h"

#include "base/value.h"

static void
set_document(struct tn_arena *a, struct tn_value *out, const char *key,
    const struct tn_value *document)
{
	if (document != NULL)
		tn_value_set(a, out, key, tn_value_clone(a, document));
}

static void
set_version(struct tn_arena *a, struct tn_value *out, const char *key, int64_t number)
{
	if (number > 0)
		tn_value_set_int(a, out, key, number);
}

static struct tn_value *
object_value(struct tn_arena *a, const struct tn_past_object *object)
{
	struct tn_value *out = tn_value_object(a);

	tn_value_set_text(a, out, "kind", object->kind);
	tn_value_set_text(a, out, "name", object->name);
	tn_value_set_text(a, out, "id", object->id);
	tn_value_set_text(a, out, "what", object->what);
	tn_value_set_text(a, out, "state", object->state);
	set_version(a, out, "version_before", object->version_before);
	set_version(a, out, "version_after", object->version_after);
	set_document(a, out, "before", object->before);
	set_document(a, out, "after", object->after);
	set_document(a, out, "overwritten_draft", object->draft);
	return out;
}

static struct tn_value *
run_value(struct tn_arena *a, const struct tn_past_run *run)
{
	const struct tn_run_facts *facts = &run->facts;
	struct tn_value *out = tn_value_object(a);
	struct tn_value *objects = tn_value_array(a);

	tn_value_set_text(a, out, "run", run->run_id);
	tn_value_set_text(a, out, "command", facts->command);
	tn_value_set_text(a, out, "target", facts->target);
	tn_value_set_text(a, out, "outcome",
	    run->outcome == NULL ? "interrupted" : run->outcome);
	tn_value_set_text(a, out, "who", facts->who);
	tn_value_set_text(a, out, "source", facts->source);
	tn_value_set_text(a, out, "commit", facts->commit);
	tn_value_set_bool(a, out, "dirty", facts->dirty);
	tn_value_set_text(a, out, "digest", facts->digest);
	tn_value_set_text(a, out, "put_on_hold", facts->hold);
	tn_report_set_time(a, out, "began_at", run->begun_ns);
	tn_report_set_time(a, out, "ended_at", run->ended_ns);
	for (size_t i = 0; i < run->n_objects; i++)
		tn_value_push(a, objects, object_value(a, &run->objects[i]));
	tn_value_set(a, out, "objects", objects);
	return out;
}

struct tn_value *
tn_report_history_value(struct tn_arena *a, const struct tn_history *history)
{
	struct tn_value *out = tn_value_object(a);
	struct tn_value *runs = tn_value_array(a);

	for (size_t i = 0; i < history->n_runs; i++)
		tn_value_push(a, runs, run_value(a, &history->runs[i]));
	tn_value_set(a, out, "runs", runs);
	tn_value_set_bool(a, out, "more", history->more);
	return out;
}

static struct tn_value *
version_value(struct tn_arena *a, const struct tn_shown_version *shown)
{
	const struct tn_version *version = shown->version;
	struct tn_value *out = tn_value_object(a);

	tn_value_set_int(a, out, "number", version->number);
	tn_value_set_text(a, out, "id", version->id);
	tn_value_set_text(a, out, "created_at", version->created_at);
	tn_value_set_bool(a, out, "built", version->built);
	if (shown->run != NULL) {
		tn_value_set_text(a, out, "run", shown->run->run_id);
		tn_value_set_text(a, out, "commit", shown->run->facts.commit);
	}
	return out;
}

static struct tn_value *
action_value(struct tn_arena *a, const struct tn_shown *shown)
{
	struct tn_value *out = tn_value_object(a);
	struct tn_value *versions = tn_value_array(a);

	tn_value_set(a, out, "action", tn_live_action_to_value(a, shown->action));
	tn_value_set_bool(a, out, "owned", shown->owned);
	for (size_t i = 0; i < shown->n_versions; i++)
		tn_value_push(a, versions, version_value(a, &shown->versions[i]));
	tn_value_set(a, out, "versions", versions);
	if (shown->run != NULL) {
		tn_value_set_text(a, out, "run", shown->run->run_id);
		tn_value_set_text(a, out, "commit", shown->run->facts.commit);
	}
	return out;
}

struct tn_value *
tn_report_shown_value(struct tn_arena *a, const struct tn_shown *shown)
{
	return shown->action != NULL ? action_value(a, shown) : run_value(a, shown->run);
}
