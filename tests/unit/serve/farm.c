#include "farm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "json/json.h"
#include "schema/schema.h"
#include "sim/transport.h"

#define START     (INT64_C(1780272000) * TN_SEC)
#define MAX_STEPS 2000000

/* Something of the test itself is broken. */
static void
must(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "the test is broken: %s\n", what);
	abort();
}

static struct farm_tenant *
find(struct farm *farm, const char *name, size_t len)
{
	for (size_t i = 0; i < farm->n_tenants; i++)
		if (strlen(farm->tenants[i].name) == len &&
		    strncmp(farm->tenants[i].name, name, len) == 0)
			return &farm->tenants[i];
	must(false, "there is no such tenant");
	return NULL;
}

static struct farm_tenant *
tenant(struct farm *farm, const char *name)
{
	return find(farm, name, strlen(name));
}

/* --- The network: each tenant at NAME.example.com --- */

struct network {
	struct tn_transport base;
	struct farm *farm;
};

struct tn_call {
	struct farm_tenant *tenant;
	struct tn_call *inner;
	tn_http_done_fn *done;
	void *arg;
};

static void
on_answer(void *arg, const struct tn_http_response *resp, const struct tn_error *err)
{
	struct tn_call *call = arg;
	struct tn_call copy = *call;

	tn_free(call);
	copy.done(copy.arg, resp, err);
}

static struct tn_call *
network_submit(struct tn_transport *transport, const struct tn_http_request *req,
    tn_http_done_fn *done, void *arg)
{
	struct farm *farm = ((struct network *)transport)->farm;
	struct tn_call *call = tn_new(struct tn_call);
	struct tn_url url;
	const char *dot;

	must(tn_url_parse(req->url, &url, NULL) == 0, "a URL");
	dot = memchr(url.host.ptr, '.', url.host.len);
	must(dot != NULL, "a host without a dot");
	call->tenant = find(farm, url.host.ptr, (size_t)(dot - url.host.ptr));
	call->done = done;
	call->arg = arg;
	call->inner = tn_transport_submit(call->tenant->transport, req, on_answer, call);
	return call;
}

static void
network_cancel(struct tn_transport *transport TN_UNUSED, struct tn_call *call)
{
	tn_transport_cancel(call->tenant->transport, call->inner);
	tn_free(call);
}

static void
network_free(struct tn_transport *transport)
{
	tn_free(transport);
}

static struct tn_transport *
network_new(struct farm *farm)
{
	static const struct tn_transport_ops ops = { network_submit, network_cancel,
		network_free };
	struct network *network = tn_new(struct network);

	network->base.ops = &ops;
	network->farm = farm;
	return &network->base;
}

/* --- The repository --- */

struct repository {
	struct tn_origin base;
	struct farm *farm;
};

struct tn_origin_call {
	struct farm *farm;
	struct tn_timer timer;
	char *ref;
	tn_opened_fn *done;
	void *arg;
};

static void
put(struct tn_tree *tree, const char *path, const char *text)
{
	tn_memtree_put(tree, path, text, strlen(text));
}

static struct tn_tree *
tree_of(const struct farm *farm, const struct farm_commit *commit)
{
	struct tn_tree *tree = tn_memtree_new();
	TN_CLEANUP(tn_str_done) struct tn_str tenants = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

	for (size_t i = 0; i < farm->n_tenants; i++)
		tn_str_addf(&tenants, "%s%s: {}", i > 0 ? ", " : "",
		    farm->tenants[i].name);
	tn_str_addf(&text,
	    "tenon: 1\nproject: farm\ntenants: {%s}\n"
	    "actions:\n  greet: {trigger: post-login@v3, runtime: node22}\n"
	    "bindings:\n  post-login: [greet]\n",
	    tn_str_text(&tenants));
	put(tree, "tenon.yaml", tn_str_text(&text));
	put(tree, "greet.js", commit->code);
	return tree;
}

static const struct farm_commit *
commit_of(const struct farm *farm, const char *ref)
{
	for (size_t i = 0; i < farm->n_commits; i++)
		if (tn_text_equal(farm->commits[i].id, ref))
			return &farm->commits[i];
	if (farm->deleted || !tn_text_equal(ref, "main") || farm->n_commits == 0)
		return NULL;
	return &farm->commits[farm->head];
}

/* A commit that is named whole needs no server. */
static void
on_fetched(void *arg)
{
	struct tn_origin_call *call = arg;
	struct farm *farm = call->farm;
	const struct farm_commit *commit = commit_of(farm, call->ref);
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	struct tn_source source = { 0 };

	if (farm->git_is_away && tn_text_equal(call->ref, "main"))
		tn_error_set(&err, TN_E_TRANSIENT, "git could not fetch");
	else if (commit == NULL)
		tn_error_set(&err, TN_E_INPUT, "there is no revision \"%s\"", call->ref);
	if (tn_error_is_set(&err)) {
		call->done(call->arg, NULL, &err);
		return;
	}
	source.tree = tree_of(farm, commit);
	source.label = tn_strdup("farm.git@main");
	source.commit = tn_strdup(commit->id);
	call->done(call->arg, &source, NULL);
}

static struct tn_origin_call *
repository_open(struct tn_origin *origin, const struct tn_source_request *request,
    struct tn_cancel *cancel TN_UNUSED, tn_opened_fn *done, void *arg)
{
	struct tn_origin_call *call = tn_new(struct tn_origin_call);

	call->farm = ((struct repository *)origin)->farm;
	call->farm->openings++;
	call->ref = tn_strdup(request->ref);
	call->done = done;
	call->arg = arg;
	tn_timer_start(&call->timer, call->farm->loop, 200 * TN_MSEC, on_fetched, call);
	return call;
}

static void
repository_stop(struct tn_origin *origin TN_UNUSED, struct tn_origin_call *call)
{
	tn_timer_stop(&call->timer);
	tn_free(call->ref);
	tn_free(call);
}

static void
repository_free(struct tn_origin *origin)
{
	tn_free(origin);
}

static struct tn_origin *
repository_new(struct farm *farm)
{
	static const struct tn_origin_ops ops = { repository_open, repository_stop,
		repository_free };
	struct repository *repository = tn_new(struct repository);

	repository->base.ops = &ops;
	repository->farm = farm;
	return &repository->base;
}

const char *
farm_commit(struct farm *farm, const char *code)
{
	struct farm_commit *commit = &farm->commits[farm->n_commits];
	TN_CLEANUP(tn_str_done) struct tn_str id = TN_STR_INIT;

	must(farm->n_commits < FARM_COMMITS, "too many commits");
	tn_str_addf(&id, "%040zx", farm->n_commits + 0xc0ffee00);
	commit->id = tn_str_take(&id);
	commit->code = tn_strdup(code);
	farm->head = farm->n_commits++;
	return commit->id;
}

/* --- The farm --- */

void
farm_init(struct farm *farm)
{
	memset(farm, 0, sizeof(*farm));
	farm->loop = tn_loop_new_virtual(START);
	farm->disk = tn_memdisk_new();
	farm->schemas = tn_schemas_new();
	farm->network = network_new(farm);
	farm->origin = repository_new(farm);
}

void
farm_tenant(struct farm *farm, const char *name)
{
	const struct tn_sim_transport_options options = { .latency_ns = 20 * TN_MSEC };
	struct farm_tenant *tenant = &farm->tenants[farm->n_tenants++];

	must(farm->n_tenants <= FARM_TENANTS, "too many tenants");
	tenant->name = name;
	tenant->sim = tn_sim_new(NULL);
	tenant->transport = tn_sim_transport_new(farm->loop, tenant->sim, &options);
}

void
farm_down(struct farm *farm, const char *name, bool down)
{
	struct farm_tenant *at = tenant(farm, name);

	if (!down) {
		tn_sim_fault_remove(at->sim, at->fault);
		return;
	}
	must(tn_sim_fault_add_text(at->sim, tn_loop_unix(farm->loop),
		 "{\"do\":\"drop\",\"when\":\"before\"}", &at->fault, NULL) == 0,
	    "a fault");
}

void
farm_done(struct farm *farm)
{
	farm_end(farm);
	for (size_t i = 0; i < farm->n_tenants; i++) {
		tn_transport_free(farm->tenants[i].transport);
		tn_sim_free(farm->tenants[i].sim);
	}
	for (size_t i = 0; i < farm->n_commits; i++) {
		tn_free(farm->commits[i].id);
		tn_free(farm->commits[i].code);
	}
	for (size_t i = 0; i < farm->n_events; i++)
		tn_free(farm->events[i]);
	tn_free(farm->kept);
	tn_transport_free(farm->network);
	tn_origin_free(farm->origin);
	tn_schemas_free(farm->schemas);
	tn_memdisk_free(farm->disk);
	tn_loop_free(farm->loop);
}

/* --- The daemon --- */

static const char *
get_variable(void *arg TN_UNUSED, const char *name)
{
	return tn_text_equal(name, "CLIENT_SECRET") ? "the-client-secret" : NULL;
}

static int
read_file(void *arg TN_UNUSED, const char *path, struct tn_str *out TN_UNUSED,
    unsigned *mode TN_UNUSED, struct tn_error *err)
{
	return tn_error_set(err, TN_E_NOT_FOUND, "there is no file %s", path);
}

static int
keep(void *arg, struct tn_span text, struct tn_error *err)
{
	struct farm *farm = arg;

	if (farm->disk_full)
		return tn_error_set(err, TN_E_SYSTEM, "no space left on device");
	tn_free(farm->kept);
	farm->kept = tn_span_dup(text);
	return 0;
}

static void
on_event(void *arg, const struct tn_serve_event *event)
{
	struct farm *farm = arg;
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

	if (farm->listener != NULL) {
		farm->listener(farm->listener_arg, event);
		return;
	}
	must(farm->n_events < FARM_EVENTS, "too many events");
	tn_str_addf(&text, "%s %s: %s", tn_notice_name(event->notice), event->entry->name,
	    event->summary);
	farm->events[farm->n_events++] = tn_str_take(&text);
}

static void
on_stopped(void *arg)
{
	((struct farm *)arg)->stopped = true;
}

static struct tn_settings
settings(struct farm *farm, const char *syncs)
{
	TN_CLEANUP(tn_diags_freep) struct tn_diags *diags = tn_diags_new();
	TN_CLEANUP(tn_str_done) struct tn_str daemon = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str connections = TN_STR_INIT;
	struct tn_settings out = { 0 };

	tn_str_addf(&daemon, "tenond: 1\nconnections: c.yaml\nsyncs:\n%s", syncs);
	tn_str_add(&connections, "connections:\n");
	for (size_t i = 0; i < farm->n_tenants; i++)
		tn_str_addf(&connections,
		    "  %s: {provider: auth0, domain: %s.example.com, clientId: c, "
		    "clientSecret: {env: CLIENT_SECRET}}\n",
		    farm->tenants[i].name, farm->tenants[i].name);
	if (tn_daemon_load("tenond.yaml", tn_str_span(&daemon), farm->schemas,
		&out.daemon, diags) < 0 ||
	    tn_connections_load("c.yaml", tn_str_span(&connections), farm->schemas,
		&out.connections, diags) < 0)
		must(false, tn_diags_at(diags, 0)->message);
	return out;
}

void
farm_start(struct farm *farm, const char *syncs)
{
	const struct tn_settings chosen = settings(farm, syncs);
	const struct tn_serve_options options = {
		.loop = farm->loop,
		.transport = farm->network,
		.origin = farm->origin,
		.environment = { get_variable, read_file, farm },
		.schemas = farm->schemas,
		.state_path = "state.db",
		.disk = farm->disk,
		.seed = ++farm->starts,
		.user_agent = "tenond/test",
		.kept = farm->kept,
		.keep = keep,
		.event = on_event,
		.stopped = on_stopped,
		.arg = farm,
	};

	farm_end(farm);
	farm->stopped = false;
	farm->serve = tn_serve_start(&options, &chosen);
}

void
farm_reload(struct farm *farm, const char *syncs)
{
	const struct tn_settings chosen = settings(farm, syncs);

	tn_serve_reload(farm->serve, &chosen);
}

void
farm_end(struct farm *farm)
{
	tn_serve_free(tn_take(farm->serve));
}

static void
on_waited(void *arg)
{
	*(bool *)arg = true;
}

void
farm_wait(struct farm *farm, int64_t ns)
{
	struct tn_timer timer = { 0 };
	unsigned steps = 0;
	bool over = false;

	tn_timer_start(&timer, farm->loop, ns, on_waited, &over);
	while (!over) {
		must(steps++ < MAX_STEPS, "the daemon does not rest");
		must(tn_loop_step(farm->loop), "time stands still");
	}
}

/* --- The tenants --- */

static bool
look(struct farm *farm, const char *name, struct tn_sim_action_view *out)
{
	return tn_sim_view_by_name(tenant(farm, name)->sim, "greet",
	    tn_loop_unix(farm->loop), out);
}

const char *
farm_runs(struct farm *farm, const char *name)
{
	struct tn_sim_action_view action;

	if (!look(farm, name, &action) || !action.deployed)
		return "";
	return action.live.content.code;
}

static int
try_call(struct farm *farm, const char *name, const char *method, const char *path,
    const char *body)
{
	struct farm_tenant *at = tenant(farm, name);
	struct tn_sim *sim = at->sim;
	uint64_t before = tn_sim_writes(sim);
	const struct tn_sim_request req = {
		.method = method,
		.path = path,
		.authorization = tn_sim_admin_authorization(sim),
		.content_type = "application/json",
		.body = tn_span(body),
	};
	struct tn_sim_reply reply = TN_SIM_REPLY_INIT;
	int status;

	tn_sim_call(sim, tn_loop_unix(farm->loop), &req, &reply);
	at->others += tn_sim_writes(sim) - before;
	status = reply.status;
	tn_sim_reply_done(&reply);
	return status;
}

bool
farm_try_meddle(struct farm *farm, const char *name, const char *code)
{
	struct tn_sim_action_view action;
	TN_CLEANUP(tn_str_done) struct tn_str path = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str body = TN_STR_INIT;
	bool deployed;

	must(look(farm, name, &action), "nothing to meddle with");
	tn_str_addf(&path, "/api/v2/actions/actions/%s", action.id);
	tn_str_addf(&body, "{\"code\":\"%s\"}", code);
	must(try_call(farm, name, "PATCH", tn_str_text(&path), tn_str_text(&body)) < 300,
	    "another person's draft");
	farm_wait(farm, TN_SEC);
	tn_str_add(&path, "/deploy");
	deployed = try_call(farm, name, "POST", tn_str_text(&path), NULL) < 300;
	farm_wait(farm, TN_SEC);
	return deployed;
}

void
farm_meddle(struct farm *farm, const char *name, const char *code)
{
	must(farm_try_meddle(farm, name, code), "another person's deploy");
}

struct tn_sync_view
farm_view(struct farm *farm, const char *sync)
{
	for (size_t i = 0; i < tn_serve_count(farm->serve); i++) {
		struct tn_sync_view view = tn_serve_view(farm->serve, i);

		if (tn_text_equal(view.entry->name, sync))
			return view;
	}
	must(false, "there is no such sync");
	return (struct tn_sync_view){ 0 };
}

uint64_t
farm_writes(struct farm *farm, const char *name)
{
	const struct farm_tenant *at = tenant(farm, name);

	return tn_sim_writes(at->sim) - at->others;
}

const char *
farm_event(struct farm *farm, size_t i)
{
	return i < farm->n_events ? farm->events[i] : "";
}
