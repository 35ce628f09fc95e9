#include "daemon.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/process.h"
#include "base/secret.h"
#include "base/version.h"
#include "http/curl.h"
#include "keys.h"
#include "operator/operator.h"
#include "operator/service.h"
#include "places.h"
#include "schema/schema.h"
#include "serve/control.h"
#include "settings.h"
#include "tell.h"

#define USER_AGENT "tenond/" TN_VERSION
#define KEPT_MAX   ((size_t)64 << 20)
/* A loop with nothing to wait for would end: one whose syncs are all suspended waits. */
#define ALIVE (3600 * TN_SEC)

/* Settings on their way, until their secrets are there. */
struct incoming {
	struct tn_settings settings;
	struct tn_diags *diags;
	struct keys *keys;
};

struct daemon {
	const struct options *options;
	struct tn_loop *loop;
	struct tn_signals *signals;
	struct tn_service *service;
	struct tn_schemas *schemas;
	struct tn_runner *runner;
	struct tn_redactor *redactor; /* of our own secrets; each run has another one */
	struct tn_timer alive;
	struct tn_timer swap; /* what told us is not freed from inside of its own call */
	struct incoming *incoming;
	bool again; /* asked to reload while that was under way */
	unsigned signalled;

	/* Once it has begun: */
	struct places places;
	char *who;
	struct tn_file_lock *lock;
	struct tn_transport *transport;
	struct tn_origin *origin;
	struct tn_notify *notify;
	struct tn_serve *serve;
	struct tn_door *door;
	struct tn_control *control;
	struct keys *keys; /* in force */
	struct tn_error error;
	int exit;
};

static void
fail(struct daemon *daemon)
{
	daemon->exit = daemon->error.kind == TN_E_LOCKED ? TN_EXIT_LOCKED : TN_EXIT_ERROR;
	tn_loop_stop(daemon->loop);
}

static void
stay_alive(void *arg)
{
	struct daemon *daemon = arg;

	tn_timer_start(&daemon->alive, daemon->loop, ALIVE, stay_alive, daemon);
}

/* --- Beginning --- */

static void
on_event(void *arg, const struct tn_serve_event *event)
{
	struct daemon *daemon = arg;

	tell_event(event);
	tn_notify_tell(daemon->notify, event);
}

static int
keep(void *arg, struct tn_span text, struct tn_error *err)
{
	const struct daemon *daemon = arg;

	return tn_file_write(daemon->places.kept, 0600, text, err);
}

static void
on_stopped(void *arg)
{
	struct daemon *daemon = arg;

	tell_daemon(daemon->loop, &(struct told){ .event = "stopped" });
	tn_loop_stop(daemon->loop);
}

/* Whose state it is, and what was kept. */
static int
take_state(struct daemon *daemon, struct tn_str *kept, struct tn_error *err)
{
	int r = tn_file_lock(daemon->places.lock, daemon->who, &daemon->lock, err);

	if (r < 0) {
		if (tn_result_kind(r) == TN_E_LOCKED)
			tn_error_context(err, "another tenond works with the state %s",
			    daemon->places.state);
		return r;
	}
	r = tn_file_read(daemon->places.kept, KEPT_MAX, kept, err);
	if (tn_result_kind(r) == TN_E_NOT_FOUND) {
		tn_error_done(err);
		r = 0;
	}
	return r;
}

static int
open_network(struct daemon *daemon, struct tn_error *err)
{
	const struct tn_environment environment = tn_operator_environment();
	const struct tn_source_means means = {
		.loop = daemon->loop,
		.runner = daemon->runner,
		.cache = daemon->places.cache,
		.get = environment.get,
		.arg = environment.arg,
	};
	const struct tn_curl_options curl = { .user_agent = USER_AGENT,
		.ca_file = daemon->options->ca_file };

	daemon->transport = tn_curl_new(daemon->loop, &curl, err);
	if (daemon->transport == NULL)
		return -TN_E_SYSTEM;
	daemon->origin = tn_origin_git(&means);
	daemon->notify = tn_notify_new(daemon->loop, daemon->transport, USER_AGENT);
	return 0;
}

static void
start_syncs(struct daemon *daemon, const struct tn_settings *settings, const char *kept)
{
	const struct tn_serve_options options = {
		.loop = daemon->loop,
		.transport = daemon->transport,
		.origin = daemon->origin,
		.runner = daemon->runner,
		.environment = tn_operator_environment(),
		.schemas = daemon->schemas,
		.state_path = daemon->places.state,
		.who = daemon->who,
		.seed = tn_rand_system_seed(),
		.user_agent = USER_AGENT,
		.kept = kept,
		.keep = keep,
		.event = on_event,
		.stopped = on_stopped,
		.arg = daemon,
	};

	daemon->serve = tn_serve_start(&options, settings);
}

static int
open_doors(struct daemon *daemon, struct tn_error *err)
{
	const struct tn_daemon *settings = tn_serve_daemon(daemon->serve);
	const struct tn_door_options door = {
		.loop = daemon->loop,
		.address = settings->listen_address,
		.port = settings->listen_port,
		.serve = daemon->serve,
	};

	if (settings->listen_address != NULL) {
		daemon->door = tn_door_open(&door, err);
		if (daemon->door == NULL)
			return -(int)err->kind;
	}
	if (daemon->places.control != NULL) {
		daemon->control = tn_control_open(daemon->loop, daemon->places.control,
		    daemon->serve, err);
		if (daemon->control == NULL)
			return -(int)err->kind;
	}
	return 0;
}

static void
use_keys(struct daemon *daemon, struct keys *keys)
{
	size_t n;
	const struct tn_door_hook *hooks = keys_hooks(keys, &n);
	const struct tn_notify_target *targets;

	if (daemon->door != NULL)
		tn_door_hooks(daemon->door, hooks, n);
	targets = keys_targets(keys, &n);
	tn_notify_targets(daemon->notify, targets, n);
	keys_free(daemon->keys);
	daemon->keys = keys;
}

/* An address without a port is of no use to who asked for a free one. */
static void
tell_started(struct daemon *daemon)
{
	const struct tn_daemon *settings = tn_serve_daemon(daemon->serve);
	TN_CLEANUP(tn_str_done) struct tn_str listen = TN_STR_INIT;

	if (daemon->door != NULL)
		tn_str_addf(&listen, "%s:%u", settings->listen_address,
		    tn_door_port(daemon->door));
	tell_daemon(daemon->loop,
	    &(struct told){ .event = "started",
		.listen = listen.len > 0 ? tn_str_text(&listen) : NULL,
		.control = daemon->places.control,
		.syncs = settings->n_syncs });
	tn_service_tell(daemon->service, TN_SERVICE_READY, "syncs are looked after");
}

static int
begin(struct daemon *daemon, struct incoming *incoming)
{
	struct tn_error *err = &daemon->error;
	TN_CLEANUP(tn_str_done) struct tn_str kept = TN_STR_INIT;
	int r = places_find(incoming->settings.daemon, &daemon->places, err);

	if (r == 0)
		r = take_state(daemon, &kept, err);
	if (r == 0)
		r = open_network(daemon, err);
	if (r < 0)
		return r;
	start_syncs(daemon, &incoming->settings,
	    kept.len > 0 ? tn_str_text(&kept) : NULL);
	incoming->settings = (struct tn_settings){ 0 };
	r = open_doors(daemon, err);
	if (r < 0)
		return r;
	use_keys(daemon, tn_take(incoming->keys));
	tell_started(daemon);
	return 0;
}

/* --- Settings, at first and anew --- */

static void
drop_incoming(struct daemon *daemon)
{
	struct incoming *incoming = tn_take(daemon->incoming);

	if (incoming == NULL)
		return;
	keys_free(incoming->keys);
	settings_done(&incoming->settings);
	tn_diags_free(incoming->diags);
	tn_free(incoming);
}

static void
tell_missing(const struct incoming *incoming)
{
	TN_CLEANUP(tn_str_done) struct tn_str missing = TN_STR_INIT;

	keys_missing(incoming->keys, &missing);
	if (missing.len > 0)
		fprintf(stderr,
		    "tenond: the secret has no value, so this is not used: %s\n",
		    tn_str_text(&missing));
}

/* What cannot change while it runs. */
static void
tell_stays(struct daemon *daemon, const struct tn_daemon *wanted)
{
	const struct tn_daemon *now = tn_serve_daemon(daemon->serve);
	struct places places;
	bool same = places_find(wanted, &places, &daemon->error) == 0 &&
	    places_equal(&places, &daemon->places) &&
	    tn_text_equal(wanted->listen_address, now->listen_address) &&
	    wanted->listen_port == now->listen_port;

	if (!same)
		fputs(
		    "tenond: state, cache, control and listen change with a restart only\n",
		    stderr);
	tn_error_done(&daemon->error);
	places_done(&places);
}

static void
replace(struct daemon *daemon, struct incoming *incoming)
{
	tell_stays(daemon, incoming->settings.daemon);
	/* Before the entries that they point to are gone. */
	use_keys(daemon, tn_take(incoming->keys));
	tn_serve_reload(daemon->serve, &incoming->settings);
	incoming->settings = (struct tn_settings){ 0 };
	tell_daemon(daemon->loop,
	    &(struct told){ .event = "reloaded",
		.syncs = tn_serve_daemon(daemon->serve)->n_syncs });
	tn_service_tell(daemon->service, TN_SERVICE_READY, "syncs are looked after");
}

/* Without usable settings it does not begin; one that runs keeps those it has. */
static void
refuse(struct daemon *daemon, const struct tn_error *err)
{
	tell_trouble(daemon->incoming->diags, err, daemon->redactor);
	if (daemon->serve == NULL) {
		fail(daemon);
		return;
	}
	tell_daemon(daemon->loop,
	    &(struct told){ .event = "reload-failed",
		.summary = "the settings are wrong; those from before stay in force" });
	tn_service_tell(daemon->service, TN_SERVICE_READY,
	    "the new settings are wrong; those from before stay in force");
}

static void read_settings(struct daemon *daemon);

static void
take_settings(void *arg)
{
	struct daemon *daemon = arg;
	struct incoming *incoming = daemon->incoming;
	TN_CLEANUP(tn_error_done) struct tn_error none = TN_ERROR_INIT;

	if (tn_diags_errors(incoming->diags) > 0) {
		refuse(daemon, &none);
	} else {
		tell_missing(incoming);
		if (daemon->serve != NULL)
			replace(daemon, incoming);
		else if (begin(daemon, incoming) < 0)
			refuse(daemon, &daemon->error);
	}
	drop_incoming(daemon);
	if (daemon->again)
		read_settings(daemon);
}

static void
on_keys(void *arg)
{
	struct daemon *daemon = arg;

	tn_timer_start(&daemon->swap, daemon->loop, 0, take_settings, daemon);
}

static void
read_settings(struct daemon *daemon)
{
	const struct tn_run_options run = {
		.loop = daemon->loop,
		.environment = tn_operator_environment(),
		.runner = daemon->runner,
		.redactor = daemon->redactor,
	};
	struct incoming *incoming = tn_new(struct incoming);
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;

	daemon->again = false;
	daemon->incoming = incoming;
	incoming->diags = tn_diags_new();
	if (settings_load(daemon->options, daemon->schemas, &incoming->settings,
		incoming->diags, &err) < 0) {
		refuse(daemon, &err);
		drop_incoming(daemon);
		return;
	}
	incoming->keys = keys_ask(incoming->settings.daemon, &run, incoming->diags,
	    on_keys, daemon);
}

static void
reload(struct daemon *daemon)
{
	tn_service_tell(daemon->service, TN_SERVICE_RELOADING, "reading the settings");
	if (daemon->incoming != NULL)
		daemon->again = true;
	else
		read_settings(daemon);
}

/* --- Life --- */

static void
stop(struct daemon *daemon)
{
	if (daemon->signalled++ > 0) {
		fputs(
		    "tenond: stopped at once; what was begun is mended by the next run\n",
		    stderr);
		_exit(TN_EXIT_ERROR);
	}
	tn_service_tell(daemon->service, TN_SERVICE_STOPPING, "stopping");
	if (daemon->serve == NULL) {
		tn_loop_stop(daemon->loop);
		return;
	}
	tell_daemon(daemon->loop, &(struct told){ .event = "stopping" });
	tn_serve_stop(daemon->serve);
}

static void
on_signal(void *arg, int signal)
{
	struct daemon *daemon = arg;

	if (signal != SIGHUP)
		stop(daemon);
	else if (daemon->signalled == 0)
		reload(daemon);
}

static int
open_process(struct daemon *daemon)
{
	struct tn_error *err = &daemon->error;

	daemon->loop = tn_loop_new(err);
	if (daemon->loop == NULL)
		return -TN_E_SYSTEM;
	daemon->signals = tn_signals_new(daemon->loop, on_signal, daemon, err);
	if (daemon->signals == NULL)
		return -TN_E_SYSTEM;
	daemon->service = tn_service_new(daemon->loop, err);
	if (daemon->service == NULL)
		return -(int)err->kind;
	daemon->runner = tn_runner_new(daemon->loop);
	daemon->who = tn_operator_who();
	return 0;
}

static void
close_process(struct daemon *daemon)
{
	drop_incoming(daemon);
	tn_timer_stop(&daemon->swap);
	tn_timer_stop(&daemon->alive);
	tn_control_close(daemon->control);
	tn_door_close(daemon->door);
	tn_serve_free(daemon->serve);
	tn_notify_free(daemon->notify);
	tn_origin_free(daemon->origin);
	tn_transport_free(daemon->transport);
	keys_free(daemon->keys);
	tn_runner_free(daemon->runner);
	tn_service_free(daemon->service);
	tn_signals_free(daemon->signals);
	tn_loop_free(daemon->loop);
	tn_file_unlock(daemon->lock);
	places_done(&daemon->places);
	tn_schemas_free(daemon->schemas);
	tn_redactor_free(daemon->redactor);
	tn_free(daemon->who);
	tn_error_done(&daemon->error);
}

static void
check(struct daemon *daemon)
{
	struct tn_settings settings;
	TN_CLEANUP(tn_diags_freep) struct tn_diags *diags = tn_diags_new();

	if (settings_load(daemon->options, daemon->schemas, &settings, diags,
		&daemon->error) < 0) {
		daemon->exit = TN_EXIT_ERROR;
		tell_trouble(diags, &daemon->error, daemon->redactor);
		return;
	}
	if (tn_diags_count(diags) > 0)
		tell_trouble(diags, &daemon->error, daemon->redactor);
	printf("The settings are in order: %zu sync%s.\n", settings.daemon->n_syncs,
	    settings.daemon->n_syncs == 1 ? "" : "s");
	settings_done(&settings);
}

static void
live(struct daemon *daemon)
{
	if (open_process(daemon) == 0) {
		stay_alive(daemon);
		read_settings(daemon);
		if (daemon->exit == 0 && tn_loop_run(daemon->loop, &daemon->error) == 0)
			return;
	}
	if (daemon->exit != 0)
		return;
	daemon->exit = TN_EXIT_ERROR;
	tell_trouble(NULL, &daemon->error, daemon->redactor);
}

int
daemon_run(const struct options *options)
{
	struct daemon daemon = {
		.options = options,
		.schemas = tn_schemas_new(),
		.redactor = tn_redactor_new(),
	};

	if (options->check)
		check(&daemon);
	else
		live(&daemon);
	close_process(&daemon);
	return daemon.exit;
}
