#include "desk.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/mem.h"
#include "json/json.h"
#include "report/report.h"
#include "schema/schema.h"
#include "sim/transport.h"

#define START     (INT64_C(1780272000) * TN_SEC)
#define MAX_STEPS 500000

static const char connections_text[] = "connections:\n"
				       "  dev:\n"
				       "    provider: auth0\n"
				       "    domain: acme.example.com\n"
				       "    clientId: client\n"
				       "    clientSecret: {env: CLIENT_SECRET}\n"
				       "    dialect: ";

void
desk_must(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "the test is broken: %s\n", what);
	abort();
}

void
desk_init(struct desk *desk, struct tn_loop *loop, const struct tn_sim_options *options)
{
	TN_CLEANUP(tn_str_done) struct tn_str connections = TN_STR_INIT;

	memset(desk, 0, sizeof(*desk));
	desk->own_loop = loop == NULL;
	desk->loop = loop != NULL ? loop : tn_loop_new_virtual(START);
	desk->sim = tn_sim_new(options);
	desk->disk = tn_memdisk_new();
	desk->tree = tn_memtree_new();
	desk->schemas = tn_schemas_new();
	desk->latency_ns = 20 * TN_MSEC;
	desk->file_mode = 0600;
	tn_str_addf(&connections, "%s%s\n", connections_text,
	    options != NULL && options->older ? "older" : "current");
	desk_connect(desk, tn_str_text(&connections));
	desk_set(desk, "CLIENT_SECRET", "the-client-secret");
}

static void
free_pairs(struct desk_pair *pairs, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		tn_free(pairs[i].name);
		tn_free(pairs[i].text);
	}
}

void
desk_done(struct desk *desk)
{
	tn_connections_free(desk->connections);
	tn_tree_free(desk->tree);
	tn_schemas_free(desk->schemas);
	tn_sim_free(desk->sim);
	tn_memdisk_free(desk->disk);
	free_pairs(desk->variables, desk->n_variables);
	free_pairs(desk->files, desk->n_files);
	if (desk->own_loop)
		tn_loop_free(desk->loop);
}

void
desk_put(struct desk *desk, const char *path, const char *text)
{
	tn_memtree_put(desk->tree, path, text, text == NULL ? 0 : strlen(text));
}

static struct desk_pair *
find_pair(struct desk_pair *pairs, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(pairs[i].name, name) == 0)
			return &pairs[i];
	return NULL;
}

static void
set_pair(struct desk_pair *pairs, size_t *n, const char *name, const char *text)
{
	struct desk_pair *pair = find_pair(pairs, *n, name);

	if (pair == NULL) {
		desk_must(*n < DESK_MOST, "too many variables or files");
		pair = &pairs[(*n)++];
		*pair = (struct desk_pair){ .name = tn_strdup(name) };
	}
	tn_free(pair->text);
	pair->text = tn_strdup(text);
}

void
desk_set(struct desk *desk, const char *variable, const char *value)
{
	set_pair(desk->variables, &desk->n_variables, variable, value);
}

void
desk_file(struct desk *desk, const char *path, const char *text)
{
	set_pair(desk->files, &desk->n_files, path, text);
}

void
desk_connect(struct desk *desk, const char *yaml)
{
	TN_CLEANUP(tn_diags_freep) struct tn_diags *diags = tn_diags_new();

	tn_connections_free(tn_take(desk->connections));
	desk_must(tn_connections_load("connections.yaml", tn_span(yaml), desk->schemas,
		      &desk->connections, diags) == 0,
	    "connections");
}

static const char *
get_variable(void *arg, const char *name)
{
	struct desk *desk = arg;
	const struct desk_pair *pair = find_pair(desk->variables, desk->n_variables,
	    name);

	return pair == NULL ? NULL : pair->text;
}

static int
read_file(void *arg, const char *path, struct tn_str *out, unsigned *mode,
    struct tn_error *err)
{
	struct desk *desk = arg;
	const struct desk_pair *pair = find_pair(desk->files, desk->n_files, path);

	if (pair == NULL || pair->text == NULL)
		return tn_error_set(err, TN_E_NOT_FOUND, "there is no file %s", path);
	tn_str_add(out, pair->text);
	*mode = desk->file_mode;
	return 0;
}

void
desk_prepare(struct desk *desk, enum tn_command command, struct desk_run *run)
{
	const struct tn_sim_transport_options network = { .latency_ns =
							      desk->latency_ns };

	memset(run, 0, sizeof(*run));
	run->desk = desk;
	run->redactor = tn_redactor_new();
	run->transport = tn_sim_transport_new(desk->loop, desk->sim, &network);
	run->options = (struct tn_run_options){
		.command = command,
		.loop = desk->loop,
		.transport = run->transport,
		.tree = desk->tree,
		.schemas = desk->schemas,
		.source_label = ".",
		.connections = desk->connections,
		.environment = { get_variable, read_file, desk },
		.state_path = "state.db",
		.disk = desk->disk,
		.seed = ++desk->runs,
		.user_agent = "tenon/test",
		.redactor = run->redactor,
		.arg = run,
	};
}

/* The one declaration of the JSON. */
static void
check_json(const char *json)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	TN_CLEANUP(tn_schema_freep) struct tn_schema *schema = NULL;
	TN_CLEANUP(tn_diags_freep) struct tn_diags *diags = tn_diags_new();
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
	struct tn_value *document = NULL, *report = NULL;

	if (tn_file_read("schemas/report.json", 1 << 20, &text, &err) < 0 ||
	    tn_json_parse(arena, tn_str_span(&text), NULL, &document, &err) < 0 ||
	    tn_schema_compile(document, &schema, &err) < 0 ||
	    tn_json_parse(arena, tn_span(json), NULL, &report, &err) < 0)
		desk_must(false, err.message);
	if (tn_schema_validate(schema, arena, report, diags) < 0) {
		const struct tn_diag *diag = tn_diags_at(diags, 0);

		fprintf(stderr, "%s: %s (%s)\n%s\n", diag->resource, diag->message,
		    diag->hint == NULL ? "" : diag->hint, json);
		desk_must(false, "a report is not what its schema says");
	}
}

static char *
cleaned(struct desk_run *run, const struct tn_str *text)
{
	struct tn_str clean = TN_STR_INIT;

	tn_redactor_apply(run->redactor, tn_str_span(text), &clean);
	return tn_str_take(&clean);
}

static void
on_done(void *arg, const struct tn_run_result *result)
{
	const struct tn_report_options options = { .colour = false };
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str json = TN_STR_INIT;
	struct desk_run *run = arg;

	desk_must(++run->told == 1, "a run was done twice");
	tn_report_text(result, &options, &text);
	tn_report_json(result, run->options.redactor, &json);
	check_json(tn_str_text(&json));
	run->text = cleaned(run, &text);
	run->json = tn_str_take(&json);
	run->result = result;
	if (!tn_loop_is_virtual(run->desk->loop))
		tn_loop_stop(run->desk->loop);
}

static int
on_save(void *arg, struct tn_span bytes, struct tn_error *err TN_UNUSED)
{
	struct desk_run *run = arg;

	run->saved = tn_strndup(bytes.ptr, bytes.len);
	return 0;
}

void
desk_keep(struct desk_run *run)
{
	run->options.save = on_save;
}

void
desk_approve(struct desk_run *run, const char *saved)
{
	run->options.saved_plan = tn_span(saved);
}

void
desk_start(struct desk_run *run)
{
	run->run = tn_run_start(&run->options, on_done, run);
}

void
desk_finish(struct desk_run *run)
{
	for (unsigned steps = 0; run->result == NULL; steps++) {
		desk_must(steps < MAX_STEPS, "a run does not end");
		desk_must(tn_loop_step(run->desk->loop), "a run waits for nothing");
	}
}

void
desk_run(struct desk *desk, enum tn_command command, struct desk_run *run)
{
	desk_prepare(desk, command, run);
	desk_start(run);
	desk_finish(run);
}

void
desk_end(struct desk_run *run)
{
	tn_run_free(run->run);
	tn_transport_free(run->transport);
	tn_redactor_free(run->redactor);
	tn_free(run->text);
	tn_free(run->json);
	tn_free(run->saved);
}

int
desk_other(struct desk *desk, const char *method, const char *path, const char *body)
{
	TN_CLEANUP(tn_str_done) struct tn_str full = TN_STR_INIT;
	struct tn_sim_request req = {
		.method = method,
		.authorization = tn_sim_admin_authorization(desk->sim),
		.content_type = "application/json",
		.body = tn_span(body),
	};
	struct tn_sim_reply reply = TN_SIM_REPLY_INIT;
	int status;

	tn_str_addf(&full, "/api/v2%s", path);
	req.path = tn_str_text(&full);
	tn_sim_call(desk->sim, tn_loop_unix(desk->loop), &req, &reply);
	status = reply.status;
	tn_sim_reply_done(&reply);
	return status;
}

void
desk_fault(struct desk *desk, const char *json)
{
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	uint64_t id;
	int r = tn_sim_fault_add_text(desk->sim, tn_loop_unix(desk->loop), json, &id,
	    &err);

	desk_must(r == 0, err.message);
}

static void
on_waited(void *arg)
{
	*(bool *)arg = true;
}

void
desk_wait(struct desk *desk, int64_t ns)
{
	struct tn_timer timer = { 0 };
	bool over = false;

	tn_timer_start(&timer, desk->loop, ns, on_waited, &over);
	while (!over)
		desk_must(tn_loop_step(desk->loop), "time stands still");
}

bool
desk_action(struct desk *desk, const char *name, struct tn_sim_action_view *out)
{
	return tn_sim_view_by_name(desk->sim, name, tn_loop_unix(desk->loop), out);
}

char *
desk_flow(struct desk *desk, const char *trigger)
{
	struct tn_str out = TN_STR_INIT;
	struct tn_sim_binding_view binding;
	struct tn_sim_action_view action;

	tn_str_add(&out, "");
	for (size_t i = 0; tn_sim_view_binding(desk->sim, trigger, i, &binding); i++)
		if (tn_sim_view_by_id(desk->sim, binding.action_id,
			tn_loop_unix(desk->loop), &action))
			tn_str_addf(&out, "%s ", action.name);
	if (out.len == 0)
		tn_str_add_char(&out, ' ');
	return tn_str_take(&out);
}
