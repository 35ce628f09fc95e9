#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "check.h"
#include "json/json.h"
#include "report/report.h"
#include "scenario/older.h"
#include "schema/schema.h"
#include "sim/transport.h"

#define START_UNIX (INT64_C(1760000000) * TN_SEC)
#define LATENCY    (20 * TN_MSEC)
/* A run that takes more callbacks than this has lost its way. */
#define MAX_STEPS 200000

static const char connections_text[] = "connections:\n"
				       "  dev:\n"
				       "    provider: auth0\n"
				       "    domain: made-up.example.com\n"
				       "    clientId: client\n"
				       "    clientSecret: {env: CLIENT_SECRET}\n"
				       "    dialect: ";

/* For all worlds: schemas are the same in each. */
static struct tn_schemas *schemas;

static void
must(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "the test world is broken: %s\n", what);
	abort();
}

void
world_init(struct world *world, uint64_t seed)
{
	struct tn_sim_options options = TN_SIM_OPTIONS_INIT;
	TN_CLEANUP(tn_diags_freep) struct tn_diags *diags = tn_diags_new();
	TN_CLEANUP(tn_str_done) struct tn_str connections = TN_STR_INIT;

	if (schemas == NULL)
		schemas = tn_schemas_new();
	memset(world, 0, sizeof(*world));
	world->seed = seed;
	tn_rand_init(&world->rand, seed);
	options.seed = tn_rand_next(&world->rand);
	options.older = world->older = seed % 8 == 0;
	/* Some let calls through so slowly that they wait for each other. */
	if (seed % 4 == 1) {
		options.rate_burst = 2 + (unsigned)(seed % 7);
		options.rate_per_second = 1 + (unsigned)(seed % 3);
	}
	world->loop = tn_loop_new_virtual(START_UNIX);
	world->sim = tn_sim_new(&options);
	world->disk = tn_memdisk_new();
	world->tree = tn_memtree_new();
	tn_str_addf(&connections, "%s%s\n%s", connections_text,
	    world->older ? "older" : "current",
	    seed % 8 == 5 ? "    rate: {share: 50%}\n" : "");
	must(tn_connections_load("connections.yaml", tn_str_span(&connections), schemas,
		 &world->connections, diags) == 0,
	    "connections");
	spec_init(&world->spec, &world->rand);
}

void
world_done(struct world *world)
{
	tn_connections_free(world->connections);
	tn_tree_free(world->tree);
	tn_sim_free(world->sim);
	tn_memdisk_free(world->disk);
	tn_loop_free(world->loop);
	tn_free(world->env_value);
	tn_free(world->saved);
}

void
ran_done(struct ran *ran)
{
	tn_free(ran->text);
}

static const char *
get_variable(void *arg, const char *name)
{
	struct world *world = arg;
	struct tn_str value = TN_STR_INIT;

	if (strcmp(name, "CLIENT_SECRET") == 0)
		tn_str_add(&value, SPEC_SECRET_BEGINS "of the client");
	/* The state's own key would be another one in every life of the same seed. */
	if (strcmp(name, "TENON_KEY") == 0)
		tn_str_add(&value, SPEC_SECRET_BEGINS "key of fingerprints");
	for (unsigned i = 0; i < SPEC_SECRETS; i++)
		if (tn_text_starts(name, "TENON_SECRET_") &&
		    strcmp(name + strlen("TENON_SECRET_"), spec_secrets[i]) == 0)
			spec_secret(&world->spec, i, &value);
	if (value.len == 0)
		return NULL;
	tn_free(world->env_value);
	world->env_value = tn_str_take(&value);
	return world->env_value;
}

static int
no_file(void *arg TN_UNUSED, const char *path, struct tn_str *out TN_UNUSED,
    unsigned *mode TN_UNUSED, struct tn_error *err)
{
	return tn_error_set(err, TN_E_NOT_FOUND, "there is no %s", path);
}

/* One run under way. */
struct playing {
	struct world *world;
	struct kill kill;
	struct tn_transport *transport;
	struct tn_memdisk *disk; /* the one that the run has: severed when it is killed */
	struct tn_redactor *redactor;
	uint64_t syncs_before;
	bool finished;
	struct tn_cancel cancel;
	struct ran *out;
};

/* The power goes: the tenant stays, and what the disk had synced. */
static void
die(struct playing *p)
{
	struct world *world = p->world;

	if (p->out->killed)
		return;
	p->out->killed = true;
	tn_sim_transport_sever(p->transport, p->kill.deliver);
	world->disk = tn_memdisk_crash(p->disk,
	    tn_rand_one_in(&world->rand, 2) ? &world->rand : NULL);
}

static void
on_call(void *arg, uint64_t n, const struct tn_sim_request *req TN_UNUSED)
{
	struct playing *p = arg;

	p->out->calls = n;
	if (p->kill.kind == KILL_BEFORE_CALL && n == p->kill.n)
		die(p);
}

static void
on_reply(void *arg, uint64_t n, const struct tn_sim_request *req,
    const struct tn_sim_reply *reply)
{
	struct playing *p = arg;

	if (p->world->checker != NULL)
		checker_after_call(p->world->checker, req, reply);
	if (p->kill.kind == KILL_AFTER_CALL && n == p->kill.n)
		die(p);
}

static void
on_note(void *arg, enum tn_run_note what)
{
	struct playing *p = arg;

	if (p->world->checker != NULL && what == TN_NOTE_READING)
		checker_reading(p->world->checker);
}

static bool
any_blocked(const struct tn_run_result *result)
{
	return result->diff != NULL && tn_diff_blocked(result->diff);
}

static bool
any_irreversible(const struct tn_apply_report *report)
{
	if (report == NULL)
		return false;
	for (size_t i = 0; i < report->n_steps; i++)
		if (report->steps[i].step->inverse == TN_INVERSE_NONE)
			return true;
	return false;
}

static void
on_done(void *arg, const struct tn_run_result *result)
{
	struct playing *p = arg;
	const struct tn_report_options options = { .colour = false };
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
	struct tn_str clean = TN_STR_INIT;

	p->finished = true;
	p->out->exit = (int)result->exit;
	snprintf(p->out->run_id, sizeof(p->out->run_id), "%s", result->run_id);
	p->out->planned_changes = result->plan != NULL && tn_plan_writes(result->plan);
	if (result->applied != NULL)
		memcpy(p->out->digest, result->plan->digest, sizeof(p->out->digest));
	p->out->blocked = any_blocked(result);
	p->out->irreversible = any_irreversible(result->applied) ||
	    any_irreversible(result->recovery);
	tn_report_text(result, &options, &text);
	tn_redactor_apply(p->redactor, tn_str_span(&text), &clean);
	tn_report_json(result, p->redactor, &clean);
	p->out->text = tn_str_take(&clean);
}

static bool
time_to_die(const struct playing *p)
{
	switch (p->kill.kind) {
	case KILL_AFTER_SYNC:
		return p->out->syncs >= p->kill.n;
	case KILL_AT_STEP:
		return p->out->steps >= p->kill.n;
	case KILL_NEVER:
	case KILL_BEFORE_CALL:
	case KILL_AFTER_CALL:
	case STOP_AT_STEP:
		break;
	}
	return false;
}

static bool
time_to_stop(const struct playing *p)
{
	return p->kill.kind == STOP_AT_STEP && p->out->steps >= p->kill.n &&
	    !tn_cancel_fired(&p->cancel);
}

static void
stop(struct playing *p)
{
	p->out->stopped = true;
	tn_cancel_fire(&p->cancel);
}

static void
play(struct playing *p)
{
	while (!p->finished && !p->out->killed) {
		must(tn_loop_step(p->world->loop), "a run waits for nothing");
		must(++p->out->steps < MAX_STEPS, "a run does not end");
		p->out->syncs = tn_memdisk_syncs(p->disk) - p->syncs_before;
		if (!p->finished && time_to_die(p))
			die(p);
		else if (!p->finished && time_to_stop(p))
			stop(p);
	}
}

static int
on_save(void *arg, struct tn_span bytes, struct tn_error *err TN_UNUSED)
{
	struct world *world = ((struct playing *)arg)->world;

	tn_free(world->saved);
	world->saved = tn_strndup(bytes.ptr, bytes.len);
	return 0;
}

void
world_run(struct world *world, enum tn_command command, const struct kill *kill,
    struct ran *out)
{
	struct playing p = { .world = world, .disk = world->disk, .out = out };
	const struct tn_sim_transport_options transport = { .latency_ns = LATENCY,
		.on_call = on_call,
		.on_reply = on_reply,
		.arg = &p };
	struct tn_run_options options = {
		.command = command,
		.to_run = command == TN_COMMAND_ROLLBACK ? world->to_run : NULL,
		.loop = world->loop,
		.tree = world->tree,
		.schemas = schemas,
		.source_label = "made-up",
		.connections = world->connections,
		.environment = { get_variable, no_file, world },
		.state_path = "state.db",
		.disk = world->disk,
		.seed = tn_rand_next(&world->rand),
		.user_agent = "tenon/test",
		.overwrite_drafts = true,
		.stop_on_failure = world->stop,
		.no_secrets = world->no_secrets,
		.save = on_save,
		.note = on_note,
		.arg = &p,
	};
	uint64_t writes = tn_sim_writes(world->sim);
	struct tn_run *run;

	memset(out, 0, sizeof(*out));
	if (kill != NULL)
		p.kill = *kill;
	if (!world->own_files)
		spec_write(&world->spec, world->tree);
	p.redactor = tn_redactor_new();
	options.redactor = p.redactor;
	if (world->approved)
		options.saved_plan = tn_span(world->saved);
	options.cancel = &p.cancel;
	p.syncs_before = tn_memdisk_syncs(p.disk);
	p.transport = tn_sim_transport_new(world->loop, world->sim, &transport);
	options.transport = p.transport;
	run = tn_run_start(&options, on_done, &p);
	play(&p);
	out->writes = tn_sim_writes(world->sim) - writes;
	/*
	 * A call that was on its way may arrive after its sender's death, and what a run
	 * did last may become visible after its end.
	 */
	if (!out->killed || p.kill.deliver)
		world_wait(world, TN_SEC);
	tn_run_free(run);
	tn_transport_free(p.transport);
	tn_redactor_free(p.redactor);
	if (out->killed)
		tn_memdisk_free(p.disk);
}

static void
add_in_dialect(const struct world *world, const char *text, struct tn_str *out)
{
	if (world->older)
		older_text(text, out);
	else
		tn_str_add(out, text);
}

int
world_fault(struct world *world, const char *json, uint64_t *id_out)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

	add_in_dialect(world, json, &text);
	return tn_sim_fault_add_text(world->sim, tn_loop_unix(world->loop),
	    tn_str_text(&text), id_out, NULL);
}

static void
call_as_other(struct world *world, const char *method, const char *path, const char *body,
    struct tn_sim_reply *reply)
{
	TN_CLEANUP(tn_str_done) struct tn_str full = TN_STR_INIT;
	struct tn_sim_request req = {
		.method = method,
		.authorization = tn_sim_admin_authorization(world->sim),
		.content_type = "application/json",
		.body = tn_span(body),
	};

	tn_str_add(&full, "/api/v2");
	add_in_dialect(world, path, &full);
	req.path = tn_str_text(&full);
	tn_sim_call(world->sim, tn_loop_unix(world->loop), &req, reply);
}

int
world_other(struct world *world, const char *method, const char *path, const char *body)
{
	struct tn_sim_reply reply = TN_SIM_REPLY_INIT;
	int status;

	call_as_other(world, method, path, body, &reply);
	status = reply.status;
	tn_sim_reply_done(&reply);
	return status;
}

char *
world_other_id(struct world *world, const char *method, const char *path,
    const char *body)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	struct tn_sim_reply reply = TN_SIM_REPLY_INIT;
	struct tn_value *answer = NULL;
	const char *id = NULL;
	char *copy;

	call_as_other(world, method, path, body, &reply);
	if (tn_json_parse(arena, tn_str_span(&reply.body), NULL, &answer, NULL) == 0)
		id = tn_value_get_text(answer, "id");
	copy = id == NULL ? NULL : tn_strdup(id);
	tn_sim_reply_done(&reply);
	return copy;
}

static void
on_waited(void *arg)
{
	*(bool *)arg = true;
}

void
world_wait(struct world *world, int64_t ns)
{
	struct tn_timer timer = { 0 };
	bool over = false;

	tn_timer_start(&timer, world->loop, ns, on_waited, &over);
	while (!over)
		must(tn_loop_step(world->loop), "time stands still");
}
