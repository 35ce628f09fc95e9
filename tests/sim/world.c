#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "check.h"
#include "json/json.h"
#include "people.h"
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
	world->rival_disk = tn_memdisk_new();
	world->tree = tn_memtree_new();
	tn_str_addf(&connections, "%s%s\n%s", connections_text,
	    world->older ? "older" : "current",
	    seed % 8 == 5 ? "    rate: {share: 50%}\n" : "");
	must(tn_connections_load("connections.yaml", tn_str_span(&connections), schemas,
		 &world->connections, diags) == 0,
	    "connections");
	world->spec.no_modules = world->older;
	spec_init(&world->spec, &world->rand);
}

void
world_done(struct world *world)
{
	tn_connections_free(world->connections);
	tn_tree_free(world->tree);
	tn_sim_free(world->sim);
	tn_memdisk_free(world->disk);
	tn_memdisk_free(world->rival_disk);
	tn_loop_free(world->loop);
	tn_free(world->env_value);
	tn_free(world->saved);
}

void
world_copy(const struct world *from, struct world *to)
{
	world_init(to, from->seed);
	tn_loop_free(to->loop);
	tn_sim_free(to->sim);
	tn_memdisk_free(to->disk);
	to->loop = tn_loop_new_virtual(tn_loop_unix(from->loop));
	to->sim = tn_sim_clone(from->sim);
	to->disk = tn_memdisk_copy(from->disk);
	to->spec = from->spec;
	to->rand = from->rand;
}

void
world_outlive(struct world *world)
{
	/* What waits on the old one belongs to the dead. */
	world->loop = tn_loop_new_virtual(tn_loop_unix(world->loop));
	world->disk = tn_memdisk_crash(world->disk, NULL);
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
	const struct trouble *troubles;
	size_t n_troubles;
	uint64_t fitting[WORLD_TROUBLES]; /* calls so far */
	uint64_t faults[WORLD_TROUBLES];  /* ids; 0: none */
	bool record_due[WORLD_TROUBLES];  /* it strikes at the next sync */
	uint64_t syncs_due;               /* more than so many */
	struct tn_transport *transport;
	struct tn_memdisk *disk; /* the one that the run has: severed when it is killed */
	struct tn_redactor *redactor;
	struct tn_run *run;
	uint64_t syncs_before, disk_writes_before, writes_before;
	bool finished;
	bool undoing, mending;
	bool rival; /* nobody checks its calls, and nothing strikes it */
	struct tn_cancel cancel;
	struct ran *out;
};

/* The power goes: the tenant stays, and what the disk had synced. */
static void
die(struct playing *p, bool deliver)
{
	struct world *world = p->world;

	if (p->out->killed)
		return;
	p->out->killed = true;
	tn_sim_transport_sever(p->transport, deliver);
	world->disk = tn_memdisk_crash(p->disk,
	    tn_rand_one_in(&world->rand, 2) ? &world->rand : NULL);
}

static void
stop(struct playing *p)
{
	p->out->stopped = true;
	tn_cancel_fire(&p->cancel);
}

static enum trouble_row
row_of(const struct playing *p, const struct tn_sim_request *req)
{
	enum trouble_row row = trouble_row_of(req);

	if (row == ROW_TOKEN)
		return row;
	return p->undoing ? ROW_UNDO : p->mending ? ROW_MEND : row;
}

static uint64_t
add_fault(struct world *world, const char *what)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
	uint64_t id = 0;

	tn_str_addf(&text, "{%s}", what);
	must(tn_sim_fault_add_text(world->sim, tn_loop_unix(world->loop),
		 tn_str_text(&text), &id, NULL) == 0,
	    what);
	return id;
}

static void
lose_right(struct world *world)
{
	static const char *const writes[] = { "POST", "PATCH", "DELETE" };

	for (size_t i = 0; i < TN_ARRAY_LEN(writes); i++) {
		TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

		tn_str_addf(&text, "\"method\":\"%s\",\"do\":\"status\",\"status\":403",
		    writes[i]);
		world->rights[i] = add_fault(world, tn_str_text(&text));
	}
}

static void
strike_with_fault(struct playing *p, size_t i)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

	tn_str_addf(&text, "\"nth\":1,%s", trouble_fault(p->troubles[i].kind));
	p->faults[i] = add_fault(p->world, tn_str_text(&text));
}

/* Right before its call. */
static void
strike(struct playing *p, size_t i, const struct tn_sim_request *req)
{
	const struct trouble *trouble = &p->troubles[i];
	bool back = p->undoing || p->mending || trouble->kind == TROUBLE_LOST_RIGHT;

	if (back && trouble_refuses(trouble->kind) && p->world->checker != NULL)
		checker_refused(p->world->checker);
	if (trouble_fault(trouble->kind) != NULL)
		strike_with_fault(p, i);
	else if (trouble->kind == TROUBLE_KILL_BEFORE)
		die(p, trouble->deliver);
	else if (trouble->kind == TROUBLE_STOP)
		stop(p);
	else if (trouble->kind == TROUBLE_LOST_RIGHT)
		lose_right(p->world);
	else if (trouble->kind == TROUBLE_KILL_RECORD) {
		p->record_due[i] = true;
		p->syncs_due = tn_memdisk_syncs(p->disk);
	} else if (trouble->kind == TROUBLE_EDIT) {
		people_meddle(p->world, req);
		if (p->world->checker != NULL)
			checker_meddled(p->world->checker);
	}
}

static void
note_met(struct playing *p, size_t i, enum trouble_row row)
{
	p->out->met[i] = true;
	p->out->met_row[i] = row;
}

static void
on_call(void *arg, uint64_t n, const struct tn_sim_request *req)
{
	struct playing *p = arg;
	enum trouble_row row = row_of(p, req);

	p->out->calls = n;
	for (size_t i = 0; i < p->n_troubles && !p->out->killed; i++) {
		const struct trouble *trouble = &p->troubles[i];

		if (!trouble_of_call(trouble->kind) ||
		    (trouble->row != ROW_ANY && trouble->row != row) ||
		    ++p->fitting[i] != trouble->n)
			continue;
		note_met(p, i, row);
		strike(p, i, req);
	}
}

static void
on_reply(void *arg, uint64_t n TN_UNUSED, const struct tn_sim_request *req,
    const struct tn_sim_reply *reply)
{
	struct playing *p = arg;
	enum trouble_row row = row_of(p, req);

	if (p->world->checker != NULL && !p->rival)
		checker_after_call(p->world->checker, req, reply);
	for (size_t i = 0; i < p->n_troubles && !p->out->killed; i++)
		if (p->troubles[i].kind == TROUBLE_KILL_AFTER && p->out->met[i] &&
		    p->fitting[i] == p->troubles[i].n &&
		    (p->troubles[i].row == ROW_ANY || p->troubles[i].row == row))
			die(p, p->troubles[i].deliver);
}

static void
on_note(void *arg, enum tn_run_note what)
{
	struct playing *p = arg;

	p->mending = what == TN_NOTE_MENDING;
	if (p->world->checker != NULL && !p->rival && what == TN_NOTE_READING)
		checker_reading(p->world->checker);
}

static void
on_progress(void *arg, const struct tn_step *step TN_UNUSED, enum tn_step_state state)
{
	struct playing *p = arg;

	p->undoing = p->undoing || (state == TN_STEP_UNDOING && !p->mending);
}

static bool
any_blocked(const struct tn_run_result *result)
{
	return result->diff != NULL && tn_diff_blocked(result->diff);
}

static bool
deletes_at_end(const struct tn_step *step)
{
	return tn_step_phase(step->kind) > TN_PHASE_VERIFY;
}

/* What a report of an apply, or of a mended one, says that counts for the promises. */
static void
note_report(const struct tn_apply_report *report, struct ran *out)
{
	for (size_t i = 0; report != NULL && i < report->n_steps; i++) {
		const struct tn_step_report *step = &report->steps[i];

		if (!deletes_at_end(step->step) && step->step->inverse == TN_INVERSE_NONE)
			out->irreversible = true;
		if (step->state == TN_STEP_STUCK &&
		    (step->stuck == NULL || step->stuck->message == NULL))
			out->unnamed = true;
	}
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
	for (size_t i = 0; result->plan != NULL && i < result->plan->n_steps; i++)
		p->out->kinds |= 1u << result->plan->steps[i].kind;
	p->out->applied = result->applied != NULL &&
	    result->applied->outcome == TN_APPLIED;
	note_report(result->applied, p->out);
	note_report(result->recovery, p->out);
	tn_report_text(result, &options, &text);
	tn_redactor_apply(p->redactor, tn_str_span(&text), &clean);
	tn_report_json(result, p->redactor, &clean);
	p->out->text = tn_str_take(&clean);
}

/* From the next write or sync on; 0: never. */
static void
arm_disk(struct tn_memdisk *disk, enum trouble_kind kind, uint64_t n)
{
	if (kind == TROUBLE_POWER)
		tn_memdisk_cut(disk, n);
	else if (kind == TROUBLE_FAIL_WRITE)
		tn_memdisk_fail_write(disk, n);
	else if (kind == TROUBLE_FAIL_SYNC)
		tn_memdisk_fail_sync(disk, n);
}

static void
disarm_disk(struct playing *p)
{
	for (size_t i = 0; i < p->n_troubles; i++) {
		const struct trouble *trouble = &p->troubles[i];

		arm_disk(p->disk, trouble->kind, 0);
		if (trouble->kind == TROUBLE_FAIL_WRITE)
			p->out->met[i] = p->out->disk_writes >= trouble->n;
		else if (trouble->kind == TROUBLE_FAIL_SYNC)
			p->out->met[i] = p->out->syncs >= trouble->n;
	}
}

/* After a callback of the loop. */
static void
strike_after_step(struct playing *p)
{
	for (size_t i = 0; i < p->n_troubles && !p->finished && !p->out->killed; i++) {
		const struct trouble *trouble = &p->troubles[i];
		bool due = p->out->steps == trouble->n;

		if ((trouble->kind == TROUBLE_KILL_STEP && due) ||
		    (trouble->kind == TROUBLE_KILL_SYNC && p->out->syncs >= trouble->n) ||
		    (p->record_due[i] && tn_memdisk_syncs(p->disk) > p->syncs_due))
			die(p, trouble->deliver);
		else if (trouble->kind == TROUBLE_STOP_STEP && due)
			stop(p);
	}
	if (!p->out->killed && tn_memdisk_severed(p->disk))
		die(p, p->troubles[0].deliver);
}

static void
step(struct playing *p)
{
	must(tn_loop_step(p->world->loop), "a run waits for nothing");
	must(++p->out->steps < MAX_STEPS, "a run does not end");
	p->out->syncs = tn_memdisk_syncs(p->disk) - p->syncs_before;
	p->out->disk_writes = tn_memdisk_writes(p->disk) - p->disk_writes_before;
	strike_after_step(p);
}

static void
end_faults(struct playing *p)
{
	struct world *world = p->world;

	for (size_t i = 0; i < p->n_troubles; i++) {
		if (p->faults[i] == 0)
			continue;
		p->out->met[i] = tn_sim_fault_hits(world->sim, p->faults[i]) > 0;
		tn_sim_fault_remove(world->sim, p->faults[i]);
	}
	for (size_t i = 0; i < TN_ARRAY_LEN(world->rights); i++) {
		if (world->rights[i] != 0)
			tn_sim_fault_remove(world->sim, world->rights[i]);
		world->rights[i] = 0;
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

static void
begin(struct playing *p, enum tn_command command)
{
	struct world *world = p->world;
	const struct tn_sim_transport_options transport = { .latency_ns = LATENCY,
		.on_call = on_call,
		.on_reply = on_reply,
		.arg = p };
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
		.disk = p->disk,
		.seed = tn_rand_next(&world->rand),
		.user_agent = "tenon/test",
		.overwrite_drafts = true,
		.allow_empty = true,
		.flip = world->flip,
		.stop_on_failure = world->stop,
		.no_secrets = world->no_secrets,
		.save = on_save,
		.note = on_note,
		.progress = on_progress,
		.cancel = &p->cancel,
		.arg = p,
	};

	memset(p->out, 0, sizeof(*p->out));
	if (!world->own_files)
		spec_write(&world->spec, world->tree);
	options.redactor = p->redactor = tn_redactor_new();
	if (world->approved)
		options.saved_plan = tn_span(world->saved);
	p->syncs_before = tn_memdisk_syncs(p->disk);
	p->disk_writes_before = tn_memdisk_writes(p->disk);
	for (size_t i = 0; i < p->n_troubles; i++)
		arm_disk(p->disk, p->troubles[i].kind, p->troubles[i].n);
	p->writes_before = tn_sim_writes(world->sim);
	options.transport = p->transport = tn_sim_transport_new(world->loop, world->sim,
	    &transport);
	p->run = tn_run_start(&options, on_done, p);
}

static void
end(struct playing *p)
{
	disarm_disk(p);
	tn_run_free(p->run);
	tn_transport_free(p->transport);
	tn_redactor_free(p->redactor);
	end_faults(p);
	if (p->out->killed)
		tn_memdisk_free(p->disk);
}

void
world_run(struct world *world, enum tn_command command, const struct trouble *troubles,
    size_t n_troubles, struct ran *out)
{
	struct playing p = { .world = world,
		.disk = world->disk,
		.troubles = troubles,
		.n_troubles = n_troubles,
		.out = out };
	bool delivered = false;

	must(n_troubles <= WORLD_TROUBLES, "too much trouble");
	for (size_t i = 0; i < n_troubles; i++)
		delivered = delivered || troubles[i].deliver;
	begin(&p, command);
	while (!p.finished && !out->killed)
		step(&p);
	out->writes = tn_sim_writes(world->sim) - p.writes_before;
	/*
	 * A call that was on its way may arrive after its sender's death, and what a run
	 * did last may become visible after its end.
	 */
	if (!out->killed || delivered)
		world_wait(world, TN_SEC);
	end(&p);
}

void
world_run_rival(struct world *world, bool same_state, struct ran *out,
    struct ran *rival_out)
{
	struct playing first = { .world = world, .disk = world->disk, .out = out };
	struct playing rival = { .world = world,
		.disk = same_state ? world->disk : world->rival_disk,
		.rival = true,
		.out = rival_out };

	begin(&first, TN_COMMAND_APPLY);
	begin(&rival, TN_COMMAND_APPLY);
	while (!first.finished || !rival.finished)
		step(&first);
	world_wait(world, TN_SEC);
	end(&rival);
	end(&first);
}

void
world_change_state(struct world *world)
{
	struct tn_memdisk *disk = world->disk;

	world->disk = world->rival_disk;
	world->rival_disk = disk;
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
	if (world->older)
		older_text(path, &full);
	else
		tn_str_add(&full, path);
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
