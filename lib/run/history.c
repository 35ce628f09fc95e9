#include "run/machine.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/value.h"

/* Looking back: the list of runs, one run, and what is known of an action that runs. */

bool
tn_run_looks_back(const struct tn_run *run)
{
	return run->options.command == TN_COMMAND_HISTORY ||
	    run->options.command == TN_COMMAND_SHOW ||
	    run->options.command == TN_COMMAND_UNLOCK;
}

/* A run is named by its id or the beginning of it, with the year at least; anything else
 * is the name of an action. */
static bool
names_run(const char *word)
{
	return strspn(word, "0123456789") == 4 && word[4] == '-';
}

static bool
failed(struct tn_run *run, const struct tn_error *err)
{
	if (err != NULL && !run->finished)
		tn_run_finish_error(run, err);
	return err != NULL || run->finished;
}

/* --- One run --- */

static int
read_content(struct tn_run *run, const struct tn_value *document,
    const struct tn_content **out)
{
	struct tn_content *content = tn_arena_new_object(run->shown_arena,
	    struct tn_content);

	*out = content;
	return tn_content_from_value(run->shown_arena, tn_value_get(document, "content"),
	    content, &run->error);
}

static int
read_flow(struct tn_run *run, const struct tn_value *document, struct tn_flow *out)
{
	return document == NULL
	    ? 0
	    : tn_flow_from_value(run->shown_arena, document, out, &run->error);
}

static int
read_object(struct tn_run *run, const struct tn_past_object *object,
    struct tn_shown_object *out)
{
	bool flow = tn_text_equal(object->kind, "flow");
	int r = 0;

	out->object = object;
	if (flow)
		r = read_flow(run, object->before, &out->flow_before);
	else if (object->before != NULL)
		r = read_content(run, object->before, &out->before);
	if (r == 0 && flow)
		r = read_flow(run, object->after, &out->flow_after);
	else if (r == 0 && object->after != NULL)
		r = read_content(run, object->after, &out->after);
	if (r < 0)
		tn_error_context(&run->error, "the history of %s %s", object->kind,
		    object->name);
	return r;
}

static int
show_run(struct tn_run *run, const struct tn_past_run *past)
{
	struct tn_shown_object *objects = tn_arena_array(run->shown_arena,
	    past->n_objects, struct tn_shown_object);

	for (size_t i = 0; i < past->n_objects; i++) {
		int r = read_object(run, &past->objects[i], &objects[i]);

		if (r < 0)
			return r;
	}
	run->shown.run = past;
	run->shown.objects = objects;
	run->shown.n_objects = past->n_objects;
	run->result.shown = &run->shown;
	return 0;
}

static void
on_run(void *arg, struct tn_history *history, const struct tn_error *err)
{
	struct tn_run *run = arg;
	size_t at = 0;

	run->history = history;
	if (failed(run, err))
		return;
	if (tn_run_find_past(run, history, run->options.show, &at) < 0 ||
	    show_run(run, &history->runs[at]) < 0)
		tn_run_finish_error(run, NULL);
	else
		tn_run_finish(run, TN_EXIT_DONE);
}

/* --- One action --- */

/* The run that put the version live; NULL when none of those that are known did. */
static const struct tn_past_run *
maker_of(const struct tn_run *run, const char *version_id)
{
	const struct tn_history *history = run->history;

	for (size_t i = 0; i < history->n_runs; i++)
		for (size_t k = 0; k < history->runs[i].n_objects; k++)
			if (version_id != NULL &&
			    tn_text_equal(history->runs[i].objects[k].version_after_id,
				version_id))
				return &history->runs[i];
	return NULL;
}

static int
newest_first(const void *a, const void *b)
{
	const struct tn_shown_version *x = a, *y = b;

	return x->version->number > y->version->number
	    ? -1
	    : x->version->number < y->version->number;
}

static void
on_past(void *arg, struct tn_history *history, const struct tn_error *err)
{
	struct tn_run *run = arg;
	const struct tn_action_versions *held = run->versions;
	struct tn_shown_version *versions;

	run->history = history;
	if (failed(run, err))
		return;
	versions = tn_arena_array(run->shown_arena, held->n_versions,
	    struct tn_shown_version);
	for (size_t i = 0; i < held->n_versions; i++)
		versions[i] = (struct tn_shown_version){ &held->versions[i],
			maker_of(run, held->versions[i].id) };
	if (held->n_versions > 1)
		qsort(versions, held->n_versions, sizeof(*versions), newest_first);
	run->shown.versions = versions;
	run->shown.n_versions = held->n_versions;
	if (run->shown.action->has_live)
		run->shown.run = maker_of(run, run->shown.action->live.id);
	run->result.shown = &run->shown;
	tn_run_finish(run, TN_EXIT_DONE);
}

static void
on_versions(void *arg, struct tn_arena *arena, const struct tn_action_versions *versions,
    size_t n, const struct tn_error *err)
{
	struct tn_run *run = arg;
	const struct tn_history_query query = { .object_id = run->shown.action->id };

	run->versions_arena = arena;
	run->versions = versions;
	run->n_versions = n;
	if (!failed(run, err))
		tn_store_history(run->store, &query, on_past, run);
}

static void
on_found(void *arg, const struct tn_op_result *result, const struct tn_error *err)
{
	struct tn_run *run = arg;
	struct tn_live_action *action;

	if (failed(run, err))
		return;
	if (result->n_actions == 0) {
		tn_error_set(&run->error, TN_E_NOT_FOUND,
		    "the tenant has no action named \"%s\"", run->options.show);
		tn_error_hint(&run->error,
		    "a run is named by its id, which tenon history "
		    "shows");
		tn_run_finish_error(run, NULL);
		return;
	}
	action = tn_arena_new_object(run->shown_arena, struct tn_live_action);
	tn_live_action_copy(run->shown_arena, action, &result->actions[0]);
	run->shown.action = action;
	run->shown.owned = tn_known_owns(run->store->known, action->id);
	tn_remote_versions(run->remote, &action->id, 1, on_versions, run);
}

void
tn_run_show_tenant(struct tn_run *run)
{
	const struct tn_op op = { .kind = TN_OP_FIND_ACTION, .name = run->options.show };

	tn_run_open_remote(run);
	tn_remote_op(run->remote, &op, on_found, run);
}

/* --- The list --- */

static void
on_list(void *arg, struct tn_history *history, const struct tn_error *err)
{
	struct tn_run *run = arg;

	run->history = history;
	if (failed(run, err))
		return;
	run->result.history = history;
	tn_run_finish(run, TN_EXIT_DONE);
}

static void
on_loaded(void *arg, const struct tn_error *err)
{
	struct tn_run *run = arg;
	const struct tn_history_query list = { .limit = run->options.limit };
	const struct tn_history_query one = {
		.run_id = run->options.show,
		.contents = true,
		.limit = 2,
	};

	if (failed(run, err))
		return;
	tn_run_note_open_run(run);
	if (run->options.command == TN_COMMAND_UNLOCK)
		/* It was free, and is so again when the run is freed. */
		tn_run_finish(run, TN_EXIT_DONE);
	else if (run->options.command == TN_COMMAND_HISTORY)
		tn_store_history(run->store, &list, on_list, run);
	else if (names_run(run->options.show))
		tn_store_history(run->store, &one, on_run, run);
	else
		tn_run_ask_sources(run);
}

void
tn_run_look_back(struct tn_run *run)
{
	run->shown_arena = tn_arena_new();
	tn_run_make_store(run);
	tn_store_load(run->store, run->options.command == TN_COMMAND_UNLOCK, on_loaded,
	    run);
}
