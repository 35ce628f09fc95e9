#include "run/run.h"

#include <stdio.h>

#include "auth0/auth0.h"
#include "base/mem.h"
#include "base/time.h"
#include "run/machine.h"

void
tn_run_note(struct tn_run *run, enum tn_run_note what)
{
	if (run->options.note != NULL)
		run->options.note(run->options.arg, what);
}

/* Never quoted, even when it lies in the project: a secret may have been written there
 * by mistake, and nothing would know it for one. */
static const char *
connections_file(const struct tn_run *run)
{
	const struct tn_connections *connections = run->options.connections;

	return connections != NULL && connections->n_entries > 0
	    ? connections->entries[0].mark.file
	    : NULL;
}

void
tn_run_finish(struct tn_run *run, enum tn_exit exit)
{
	struct tn_run_result *result = &run->result;

	if (run->finished)
		return;
	run->finished = true;
	tn_timer_stop(&run->lock_timer);
	tn_cancel_unhook(&run->cancel);
	tn_diags_sort(run->diags);
	if (run->options.tree != NULL)
		tn_diags_quote(run->diags, run->options.tree, run->options.redactor,
		    connections_file(run));
	if (run->remote != NULL) {
		struct tn_remote_counts counts = tn_remote_counts(run->remote);

		result->calls = counts.calls;
		result->writes = counts.writes;
		result->retries = counts.retries;
		result->limited = counts.limited;
	}
	result->exit = exit;
	result->error = tn_error_is_set(&run->error) ? &run->error : NULL;
	result->ended_unix = tn_loop_unix(run->options.loop);
	run->done(run->arg, result);
}

void
tn_run_finish_error(struct tn_run *run, const struct tn_error *why)
{
	if (why != NULL)
		tn_error_copy(&run->error, why);
	tn_run_finish(run,
	    run->stale                           ? TN_EXIT_STALE
		: run->error.kind == TN_E_LOCKED ? TN_EXIT_LOCKED
						 : TN_EXIT_ERROR);
}

static void
on_checked(void *arg, const struct tn_error *err)
{
	struct tn_run *run = arg;

	if (err != NULL || tn_diags_errors(run->diags) > 0)
		tn_run_finish_error(run, err);
	else
		tn_run_finish(run, TN_EXIT_DONE);
}

static void
add_code(const struct tn_run *run, struct tn_node_code *codes, size_t *n,
    const struct tn_want_action *action)
{
	if ((action->unstated & TN_PART_CODE) != 0 ||
	    tn_run_is_open_code(run, action->content.code))
		return;
	codes[(*n)++] = (struct tn_node_code){ "action", action->name, action->code_path,
		action->content.code };
}

/* All code of the project, or of the repository that stands in its place. */
static void
ask_node(struct tn_run *run)
{
	const struct tn_project *project = run->project;
	size_t most = project != NULL ? project->n_actions + project->n_modules
				      : run->want->n_actions;
	TN_CLEANUP(tn_freep)
	struct tn_node_code *codes = tn_alloc(most + 1, sizeof(*codes));
	size_t n = 0;

	for (size_t i = 0; project == NULL && i < run->want->n_actions; i++)
		add_code(run, codes, &n, &run->want->actions[i]);
	for (size_t i = 0; project != NULL && i < project->n_actions; i++)
		add_code(run, codes, &n, project->actions[i]);
	for (size_t i = 0; project != NULL && i < project->n_modules; i++)
		codes[n++] = (struct tn_node_code){ "module", project->modules[i]->name,
			project->modules[i]->code_path,
			project->modules[i]->content.code };
	run->node_check = tn_node_check_start(&run->options, codes, n, run->diags,
	    on_checked, run);
}

/* The files were only to say whose things these are. */
static void
tell_way_around(struct tn_run *run)
{
	if (tn_error_is_set(&run->error))
		return;
	tn_error_set(&run->error, TN_E_INPUT,
	    "the files do not say which project this is about");
	tn_error_hint(&run->error,
	    "mend them, or give the project's name with --project: then no file is read");
}

static void
begin(void *arg)
{
	struct tn_run *run = arg;

	if (tn_command_looks(run->options.command)) {
		if (tn_run_prepare_look(run) < 0)
			tn_run_finish_error(run, NULL);
		return;
	}
	if (tn_run_check_state(run) < 0) {
		tn_run_finish_error(run, NULL);
		return;
	}
	if (tn_run_take_saved(run) < 0 || tn_run_load_project(run) < 0) {
		if (!tn_run_uses_files(run))
			tell_way_around(run);
		tn_run_finish_error(run, NULL);
		return;
	}
	if (run->options.node_check) {
		ask_node(run);
		return;
	}
	if (run->options.command == TN_COMMAND_VALIDATE) {
		tn_run_finish(run, TN_EXIT_DONE);
		return;
	}
	if (tn_run_prepare(run) < 0)
		tn_run_finish_error(run, NULL);
}

/* Life cycle. */

static void
on_cancelled_later(void *arg)
{
	struct tn_run *run = arg;

	tn_remote_free(tn_take(run->remote));
	tn_node_check_free(tn_take(run->node_check));
	if (run->resolve != NULL)
		tn_resolve_stop(run->resolve);
	if (run->values != NULL)
		tn_resolve_stop(run->values);
	tn_cancel_error(run->options.cancel, "stopped before this run wrote anything",
	    &run->error);
	tn_run_finish(run, TN_EXIT_ERROR);
}

static void
on_cancel(void *arg)
{
	struct tn_run *run = arg;

	/* Not from inside: whoever fires may be a callback of what is freed here. */
	if (!run->applying)
		tn_timer_start(&run->timer, run->options.loop, 0, on_cancelled_later,
		    run);
}

static void
make_run_id(struct tn_run *run)
{
	char when[TN_TIME_SIZE];

	tn_time_format_seconds(run->result.started_unix, when);
	snprintf(run->run_id, sizeof(run->run_id), "%s-%06x", when,
	    (unsigned)tn_rand_below(&run->rand, 1u << 24));
}

struct tn_run *
tn_run_start(const struct tn_run_options *options, tn_run_done_fn *done, void *arg)
{
	struct tn_run *run = tn_new(struct tn_run);

	run->options = *options;
	run->done = done;
	run->arg = arg;
	run->provider = &tn_auth0_provider;
	run->diags = tn_diags_new();
	tn_rand_init(&run->rand, options->seed);
	run->result.command = options->command;
	run->result.diags = run->diags;
	run->result.source = options->source_label;
	if (tn_run_uses_files(run)) {
		run->result.commit = options->commit;
		run->result.dirty = options->dirty;
	}
	run->result.started_unix = tn_loop_unix(options->loop);
	if (options->command == TN_COMMAND_ROLLBACK && !tn_run_is_past(run) &&
	    options->commit != NULL) {
		snprintf(run->commit, sizeof(run->commit), "commit %.10s",
		    options->commit);
		run->result.target = run->commit;
	}
	if (tn_run_uses_files(run)) {
		run->goal_commit = options->commit;
		run->goal_dirty = options->dirty;
	}
	make_run_id(run);
	run->result.run_id = run->run_id;
	if (options->cancel != NULL)
		tn_cancel_hook(options->cancel, &run->cancel, on_cancel, run);
	tn_timer_start(&run->timer, options->loop, 0, begin, run);
	return run;
}

void
tn_run_free(struct tn_run *run)
{
	if (run == NULL)
		return;
	tn_cancel_unhook(&run->cancel);
	tn_timer_stop(&run->timer);
	tn_timer_stop(&run->lock_timer);
	/* Who calls back goes before who is called. */
	tn_node_check_free(run->node_check);
	tn_remote_free(run->remote);
	tn_store_free(run->store);
	tn_apply_free(run->apply);
	tn_apply_free(run->recovery);
	tn_transport_free(run->readonly);
	tn_plan_free(run->plan);
	tn_saved_plan_free(run->saved);
	tn_arena_free(run->moved_arena);
	tn_diff_free(run->diff);
	tn_arena_free(run->versions_arena);
	tn_arena_free(run->seen_arena);
	tn_live_free(run->live);
	tn_want_free(run->want);
	tn_want_free(run->files);
	tn_recall_free(run->recall);
	tn_history_free(run->history);
	tn_arena_free(run->shown_arena);
	tn_resolve_free(run->values);
	tn_project_free(run->project);
	tn_deploycli_free(run->deploycli);
	tn_free(run->apply_secrets);
	tn_secret_box_done(&run->secrets);
	tn_resolve_free(run->resolve);
	tn_diags_free(run->diags);
	tn_error_done(&run->error);
	tn_free(run->open_run);
	tn_free(run);
}
