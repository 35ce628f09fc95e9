#include "perform.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ask.h"
#include "base/mem.h"
#include "base/process.h"
#include "base/secret.h"
#include "base/text.h"
#include "base/version.h"
#include "connect.h"
#include "http/curl.h"
#include "look.h"
#include "operator/operator.h"
#include "planfile.h"
#include "report/report.h"
#include "schema/schema.h"
#include "source/source.h"

struct session {
	const struct options *options;
	struct tn_report_options style;
	struct tn_loop *loop;
	struct tn_transport *transport;
	struct tn_runner *runner;
	struct tn_source source;
	struct tn_schemas *schemas;
	struct tn_connections *connections;
	struct tn_diags *diags; /* of the connections file */
	struct tn_str plan;     /* the bytes of the one that is applied */
	struct tn_arena *arena; /* of the payload */
	const struct tn_value *payload;
	char *state_path;
	char *who;
	struct tn_redactor *redactor;
	struct tn_cancel cancel;
	struct tn_signals *signals;
	struct tn_timer time_over;
	unsigned signalled;
	struct ask ask;
	struct tn_run *run;
	struct tn_error error;
	int exit;
};

static void
put(FILE *stream, struct tn_span text)
{
	fwrite(text.ptr, 1, text.len, stream);
	fflush(stream);
}

/* All text that leaves the process goes through here. */
static void
emit(const struct session *session, FILE *stream, struct tn_span text)
{
	TN_CLEANUP(tn_str_done) struct tn_str clean = TN_STR_INIT;

	tn_redactor_apply(session->redactor, text, &clean);
	put(stream, tn_str_span(&clean));
}

static bool
is_text(const struct options *options)
{
	return !options->json && !options->github;
}

/*
 * Of the project in the repository that a workflow has checked out, on the heap; NULL
 * when it is its top, or all of it comes from elsewhere.
 */
static char *
directory_of(const struct options *options)
{
	const char *source = options->source != NULL ? options->source : ".";
	struct tn_str directory = TN_STR_INIT;

	if (tn_source_is_remote(source))
		source = ".";
	if (tn_text_starts(source, "./"))
		source += 2;
	if (*source != '\0' && !tn_text_equal(source, "."))
		tn_str_add(&directory, source);
	if (options->path != NULL)
		tn_str_addf(&directory, "%s%s", directory.len > 0 ? "/" : "",
		    options->path);
	return directory.len > 0 ? tn_str_take(&directory) : NULL;
}

static bool
wants_colour(const struct options *options)
{
	const char *force = getenv("CLICOLOR_FORCE");
	const char *none = getenv("NO_COLOR");

	if (options->no_color || (none != NULL && none[0] != '\0'))
		return false;
	if (force != NULL && force[0] != '\0' && strcmp(force, "0") != 0)
		return true;
	return isatty(STDOUT_FILENO) != 0;
}

/* No new step begins, and what was begun is put back. */
static void
stop(struct session *session)
{
	emit(session, stderr,
	    tn_span(tn_command_writes(session->options->command) && session->run != NULL
		    ? "tenon: stopping; calls in flight are finished and what was changed "
		      "is put back\n"
		    : "tenon: stopping\n"));
	tn_cancel_fire(&session->cancel);
}

static void
on_time_over(void *arg)
{
	struct session *session = arg;

	if (tn_cancel_fired(&session->cancel))
		return;
	session->cancel.reason = "the time that --timeout gives this run is over";
	emit(session, stderr,
	    tn_span("tenon: the time that --timeout gives this run is over\n"));
	stop(session);
}

static void
on_signal(void *arg, int signal TN_UNUSED)
{
	struct session *session = arg;

	if (session->signalled++ > 0) {
		emit(session, stderr,
		    tn_span(
			"tenon: stopped at once; the next apply mends what was begun\n"));
		_exit(session->run != NULL ? TN_EXIT_NOT_PUT_BACK : TN_EXIT_ERROR);
	}
	stop(session);
}

static void
on_note(void *arg, enum tn_run_note what)
{
	struct session *session = arg;

	if (!is_text(session->options))
		return;
	switch (what) {
	case TN_NOTE_READING:
		/* Only for somebody who sits there and waits. */
		if (isatty(STDERR_FILENO) != 0)
			emit(session, stderr, tn_span("tenon: reading the tenant\n"));
		return;
	case TN_NOTE_WAITING:
		emit(session, stderr,
		    tn_span("tenon: another run works on this tenant; waiting for it\n"));
		return;
	case TN_NOTE_MENDING:
		emit(session, stderr,
		    tn_span("tenon: a run was interrupted: once its calls can no longer "
			    "arrive, what it began is mended\n"));
		return;
	}
}

static void
on_progress(void *arg, const struct tn_step *step, enum tn_step_state state)
{
	struct session *session = arg;
	TN_CLEANUP(tn_str_done) struct tn_str line = TN_STR_INIT;

	if (!is_text(session->options))
		return;
	tn_report_progress(step, state, &session->style, &line);
	emit(session, stderr, tn_str_span(&line));
}

static void
on_answer(void *arg, bool yes)
{
	struct session *session = arg;

	tn_run_confirm(session->run, yes);
}

static void
on_confirm(void *arg, struct tn_run *run, const struct tn_run_result *so_far)
{
	struct session *session = arg;
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

	tn_report_plan_text(so_far, &session->style, &text);
	session->style.plan_shown = true;
	if (session->options->yes || session->options->plan_file != NULL) {
		emit(session, stdout, tn_str_span(&text));
		tn_run_confirm(run, true);
		return;
	}
	tn_str_add(&text, "\nApply these changes? Only \"yes\" is accepted: ");
	emit(session, stdout, tn_str_span(&text));
	if (ask_start(&session->ask, session->loop, on_answer, session, &session->error) <
	    0)
		tn_run_confirm(run, false);
}

static int
final_exit(const struct session *session, const struct tn_run_result *result)
{
	if (session->options->detailed_exitcode && result->exit == TN_EXIT_DONE &&
	    result->plan != NULL && tn_plan_writes(result->plan))
		return TN_EXIT_CHANGES;
	return (int)result->exit;
}

static int
on_save(void *arg, struct tn_span bytes, struct tn_error *err)
{
	const struct session *session = arg;

	return planfile_write(session->options->out, bytes, err);
}

static void
tell_saved(const struct session *session)
{
	TN_CLEANUP(tn_str_done) struct tn_str line = TN_STR_INIT;

	tn_str_add(&line, "Saved: tenon apply ");
	tn_text_printable(tn_span(session->options->out), false, &line);
	tn_str_add(&line, " does this and nothing else.\n");
	emit(session, stdout, tn_str_span(&line));
}

static void
show(struct session *session, const struct tn_run_result *result)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

	if (is_text(session->options)) {
		tn_report_text(result, &session->style, &text);
		emit(session, stdout, tn_str_span(&text));
	} else {
		/* Redacted value by value: what is written here keeps its form. */
		if (session->options->json)
			tn_report_json(result, session->redactor, &text);
		else
			tn_report_github(result, &session->style, session->redactor,
			    &text);
		put(stdout, tn_str_span(&text));
	}
	if (session->options->out != NULL && result->exit == TN_EXIT_DONE &&
	    is_text(session->options))
		tell_saved(session);
	session->exit = final_exit(session, result);
}

static void
on_done(void *arg, const struct tn_run_result *result)
{
	struct session *session = arg;

	show(session, result);
	tn_loop_stop(session->loop);
}

/* Preparation: everything that is opened before the run. */

static int
open_online(struct session *session)
{
	const struct options *options = session->options;
	const struct tn_curl_options curl = { .user_agent = "tenon/" TN_VERSION,
		.ca_file = options->ca_file };
	int r = connect_load(options, session->schemas, &session->connections,
	    session->diags, &session->error);

	if (r < 0)
		return r;
	if (!tn_command_looks(options->command))
		r = connect_state_path(options, &session->state_path, &session->error);
	if (r < 0)
		return r;
	session->who = tn_operator_who();
	session->transport = tn_curl_new(session->loop, &curl, &session->error);
	return session->transport == NULL ? -TN_E_SYSTEM : 0;
}

static int
check_can_ask(struct session *session)
{
	const struct options *options = session->options;
	int r;

	if (!tn_command_writes(options->command) || options->yes ||
	    options->plan_file != NULL)
		return 0;
	if (!options->no_input && isatty(STDIN_FILENO) != 0)
		return 0;
	r = tn_error_set(&session->error, TN_E_INPUT,
	    "this command would ask, and nobody can answer");
	tn_error_hint(&session->error, "say --yes when the plan was reviewed");
	return r;
}

/* What could not be found out about the source, and why. */
static void
tell_note(const struct session *session)
{
	TN_CLEANUP(tn_str_done) struct tn_str line = TN_STR_INIT;

	if (session->source.note == NULL)
		return;
	tn_str_add(&line, "tenon: ");
	tn_text_printable(tn_span(session->source.note), false, &line);
	tn_str_add_char(&line, '\n');
	emit(session, stderr, tn_str_span(&line));
}

static void
on_opened(void *arg, struct tn_source *source, const struct tn_error *err)
{
	struct session *session = arg;

	if (source != NULL)
		session->source = *source;
	else
		tn_error_copy(&session->error, err);
	tn_loop_stop(session->loop);
}

/* Only for somebody who sits there and waits. */
static void
tell_fetch(const struct session *session)
{
	TN_CLEANUP(tn_str_done) struct tn_str line = TN_STR_INIT;
	const char *where = session->options->source;

	if (!is_text(session->options) || isatty(STDERR_FILENO) == 0 ||
	    !tn_source_is_remote(where))
		return;
	tn_str_add(&line, "tenon: fetching ");
	tn_text_printable(tn_span(where), false, &line);
	tn_str_add_char(&line, '\n');
	emit(session, stderr, tn_str_span(&line));
}

static int
open_source(struct session *session)
{
	const struct options *options = session->options;
	const struct tn_environment environment = tn_operator_environment();
	TN_CLEANUP(tn_freep) char *cache = connect_cache_path();
	const struct tn_source_request request = {
		.where = options->source,
		.ref = options->commit != NULL ? options->commit : options->ref,
		.path = options->path,
	};
	const struct tn_source_means means = {
		.loop = session->loop,
		.runner = session->runner,
		.cache = cache,
		.get = environment.get,
		.arg = environment.arg,
		.deadline_ns = options->fetch_timeout_ns,
		.cancel = &session->cancel,
	};
	struct tn_opening *opening;
	int r;

	tell_fetch(session);
	opening = tn_opening_start(&request, &means, on_opened, session);
	r = tn_loop_run(session->loop, &session->error);
	tn_opening_free(opening);
	if (r == 0 && session->source.tree == NULL)
		r = -(int)session->error.kind;
	if (r == 0)
		tell_note(session);
	return r;
}

/* For what the platform or the state holds the name of the project is enough: going back
 * must work when the files are broken. */
static bool
needs_files(const struct options *options)
{
	if (tn_command_looks(options->command))
		return false;
	return options->project == NULL ||
	    (options->run == NULL && options->action == NULL &&
		options->command != TN_COMMAND_HISTORY &&
		options->command != TN_COMMAND_UNLOCK);
}

static int
open_session(struct session *session)
{
	const struct options *options = session->options;
	int r = check_can_ask(session);

	if (r == 0 && options->plan_file != NULL)
		r = planfile_read(options->plan_file, &session->plan, &session->error);
	if (r < 0)
		return r;
	session->loop = tn_loop_new(&session->error);
	if (session->loop == NULL)
		return -TN_E_SYSTEM;
	session->signals = tn_signals_new(session->loop, on_signal, session,
	    &session->error);
	if (session->signals == NULL)
		return -TN_E_SYSTEM;
	if (options->timeout_ns > 0)
		tn_timer_start(&session->time_over, session->loop, options->timeout_ns,
		    on_time_over, session);
	session->runner = tn_runner_new(session->loop);
	if (options->payload != NULL)
		r = look_read_payload(options->payload, session->arena, &session->payload,
		    &session->error);
	if (r == 0 && needs_files(options))
		r = open_source(session);
	if (r < 0)
		return r;
	return options->command == TN_COMMAND_VALIDATE ? 0 : open_online(session);
}

static void
close_session(struct session *session)
{
	ask_stop(&session->ask);
	tn_run_free(session->run);
	tn_transport_free(session->transport);
	tn_runner_free(session->runner);
	tn_signals_free(session->signals);
	tn_timer_stop(&session->time_over);
	tn_loop_free(session->loop);
	tn_source_done(&session->source);
	tn_connections_free(session->connections);
	tn_schemas_free(session->schemas);
	tn_diags_free(session->diags);
	tn_redactor_free(session->redactor);
	tn_arena_free(session->arena);
	tn_free(session->state_path);
	tn_str_done(&session->plan);
	tn_free(session->who);
	tn_error_done(&session->error);
}

/* What went wrong before there was a run, in the form that was asked for. */
static void
report_early(struct session *session)
{
	const struct tn_run_result result = {
		.command = session->options->command,
		.exit = TN_EXIT_ERROR,
		.diags = session->diags,
		.error = tn_error_is_set(&session->error) ? &session->error : NULL,
	};

	show(session, &result);
}

static void
run(struct session *session)
{
	const struct options *options = session->options;
	const struct tn_span none = { 0 };
	struct tn_run_options run_options = {
		.command = options->command,
		.loop = session->loop,
		.transport = session->transport,
		.tree = session->source.tree,
		.schemas = session->schemas,
		.source_label = session->source.label,
		.commit = session->source.commit,
		.dirty = session->source.dirty,
		.connections = session->connections,
		.tenant = options->tenant,
		.project_name = options->project,
		.config = options->config,
		.environment = tn_operator_environment(),
		.runner = session->runner,
		.state_path = session->state_path,
		.who = session->who,
		.seed = tn_rand_system_seed(),
		.user_agent = "tenon/" TN_VERSION,
		.to_run = options->command == TN_COMMAND_ROLLBACK ? options->run : NULL,
		.to_action = options->action,
		.to_version = options->version_number,
		.show = options->run,
		.limit = (size_t)options->most,
		.write_secrets = options->write_secrets,
		.lift_hold = options->lift_hold,
		.lock_timeout_ns = options->lock_timeout_ns,
		.overwrite_drafts = options->overwrite_drafts,
		.stop_on_failure = tn_text_equal(options->on_failure, "stop"),
		.flip = options->flip,
		.allow_empty = options->allow_empty,
		.delete_entity_bound = options->entity_bound.items,
		.n_delete_entity_bound = options->entity_bound.n,
		.no_secrets = options->no_secrets,
		.saved_plan = options->plan_file != NULL ? tn_str_span(&session->plan)
							 : none,
		.save = options->out != NULL ? on_save : NULL,
		.node_check = options->node_check,
		.look = options->look,
		.cancel = &session->cancel,
		.redactor = session->redactor,
		/* In the other formats the plan is part of the one report at the end. */
		.confirm = is_text(options) ? on_confirm : NULL,
		.progress = on_progress,
		.note = on_note,
		.arg = session,
	};

	run_options.look.payload = session->payload;
	session->run = tn_run_start(&run_options, on_done, session);
	if (tn_loop_run(session->loop, &session->error) < 0)
		report_early(session);
}

/* Nobody is asked: all of it is in the file. */
static int
show_plan_file(struct session *session)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
	int r = planfile_show(session->options->plan_file, session->options->json,
	    &session->style, &text, &session->error);

	put(stdout, tn_str_span(&text));
	return r;
}

int
perform(const struct options *options)
{
	TN_CLEANUP(tn_freep) char *directory = directory_of(options);
	struct session session = {
		.options = options,
		.style = { .colour = wants_colour(options), .directory = directory },
		.schemas = tn_schemas_new(),
		.diags = tn_diags_new(),
		.redactor = tn_redactor_new(),
		.arena = tn_arena_new(),
	};
	bool shows;

	shows = options->command == TN_COMMAND_SHOW && options->plan_file != NULL;
	if ((shows ? show_plan_file(&session) : open_session(&session)) < 0)
		report_early(&session);
	else if (!shows)
		run(&session);
	close_session(&session);
	return session.exit;
}
