#include "sim/sim.h"

#include "base/text.h"
#include "json/json.h"
#include "sim/core.h"
#include <string.h>

#define PREFIX "/api/v2"

/* Where a route is there. */
enum served {
	ALWAYS,
	TODAY,  /* not in the older dialect */
	OLDER,  /* only there */
	MODULE, /* where the feature is on; else it is refused */
};

struct route {
	const char *method;
	const char *resource;
	const char *scope; /* NULL: any good token */
	void (*handle)(struct tn_sim_ctx *ctx);
	const char *const *keys; /* of the query */
	enum served served;
};

static const char *const no_keys[] = { NULL };
static const char *const page_keys[] = { "page", "per_page", NULL };
static const char *const delete_keys[] = { "force", NULL };
static const char *const list_keys[] = { "triggerId", "actionName", "deployed",
	"installed", "page", "per_page", NULL };

#define ACTIONS  "/actions/actions"
#define ACTION   ACTIONS "/{id}"
#define VERSIONS ACTION "/versions"
#define VERSION  VERSIONS "/{versionId}"
#define BINDINGS "/actions/triggers/{triggerId}/bindings"
#define MODULES  "/actions/modules"
#define MODULE_  MODULES "/{id}"
#define OLD      "/actions/{id}"

static const struct route token_route = { "POST", "/oauth/token", NULL,
	tn_sim_oauth_token, NULL, ALWAYS };

static const struct route routes[] = {
	{ "GET", ACTIONS, "read:actions", tn_sim_actions_list, list_keys, TODAY },
	{ "POST", ACTIONS, "create:actions", tn_sim_actions_create, no_keys, TODAY },
	{ "GET", ACTION, "read:actions", tn_sim_actions_get, no_keys, TODAY },
	{ "PATCH", ACTION, "update:actions", tn_sim_actions_update, no_keys, TODAY },
	{ "DELETE", ACTION, "delete:actions", tn_sim_actions_delete, delete_keys, TODAY },
	{ "POST", ACTION "/deploy", "create:actions", tn_sim_actions_deploy, no_keys,
	    TODAY },
	{ "POST", ACTION "/test", "create:actions", tn_sim_actions_test, no_keys, TODAY },
	{ "GET", VERSIONS, "read:actions", tn_sim_versions_list, page_keys, ALWAYS },
	{ "GET", VERSION, "read:actions", tn_sim_versions_get, no_keys, ALWAYS },
	{ "POST", VERSION "/deploy", "create:actions", tn_sim_versions_deploy, no_keys,
	    ALWAYS },
	{ "GET", "/actions/executions/{id}", "read:actions", tn_sim_executions_get,
	    no_keys, ALWAYS },
	{ "GET", "/actions/triggers", "read:actions", tn_sim_triggers_list, no_keys,
	    ALWAYS },
	{ "GET", BINDINGS, "read:actions", tn_sim_bindings_list, page_keys, ALWAYS },
	{ "PATCH", BINDINGS, "update:actions", tn_sim_bindings_set, no_keys, ALWAYS },
	{ "GET", MODULES, "read:actions", tn_sim_modules_list, page_keys, MODULE },
	{ "POST", MODULES, "create:actions", tn_sim_modules_create, no_keys, MODULE },
	{ "GET", MODULE_, "read:actions", tn_sim_modules_get, no_keys, MODULE },
	{ "PATCH", MODULE_, "update:actions", tn_sim_modules_update, no_keys, MODULE },
	{ "DELETE", MODULE_, "delete:actions", tn_sim_modules_delete, no_keys, MODULE },
	{ "GET", MODULE_ "/actions", "read:actions", tn_sim_modules_actions, page_keys,
	    MODULE },
	{ "POST", MODULE_ "/rollback", "update:actions", tn_sim_modules_rollback, no_keys,
	    MODULE },
	{ "GET", MODULE_ "/versions", "read:actions", tn_sim_module_versions_list,
	    page_keys, MODULE },
	{ "POST", MODULE_ "/versions", "update:actions", tn_sim_module_versions_publish,
	    no_keys, MODULE },
	{ "GET", MODULE_ "/versions/{versionId}", "read:actions",
	    tn_sim_module_versions_get, no_keys, MODULE },
	{ "GET", "/actions", "read:actions", tn_sim_actions_list, list_keys, OLDER },
	{ "POST", "/actions", "create:actions", tn_sim_actions_create, no_keys, OLDER },
	{ "GET", OLD, "read:actions", tn_sim_actions_get, no_keys, OLDER },
	{ "PATCH", OLD, "update:actions", tn_sim_actions_update, no_keys, OLDER },
	{ "DELETE", OLD, "delete:actions", tn_sim_actions_delete, delete_keys, OLDER },
	{ "POST", OLD "/deploy", "create:actions", tn_sim_actions_deploy, no_keys,
	    OLDER },
	{ "POST", OLD "/test", "create:actions", tn_sim_actions_test, no_keys, OLDER },
};

/* --- finding the way --- */

/* A part of the path; false when it is no text that an id or a name could be. */
static bool
take_param(struct tn_sim_ctx *ctx, struct tn_span part, const char **out)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

	if (part.len == 0 || !tn_percent_decode(part, false, &text) ||
	    !tn_utf8_valid(tn_str_span(&text)))
		return false;
	*out = tn_arena_bytes(ctx->arena, tn_str_text(&text), text.len);
	return true;
}

static bool
path_fits(struct tn_sim_ctx *ctx, const char *resource, const char *path)
{
	size_t n = 0;

	while (*resource == '/' && *path == '/') {
		size_t want = strcspn(++resource, "/");
		size_t have = strcspn(++path, "/");

		if (resource[0] == '{') {
			if (!take_param(ctx, tn_span_of(path, have), &ctx->params[n++]))
				return false;
		} else if (!tn_span_equal(tn_span_of(resource, want),
			       tn_span_of(path, have))) {
			return false;
		}
		resource += want;
		path += have;
	}
	return *resource == '\0' && *path == '\0';
}

static const struct route *
find_route(struct tn_sim_ctx *ctx, const char *path)
{
	enum served absent = ctx->sim->options.older ? TODAY : OLDER;

	if (tn_text_equal(path, token_route.resource))
		return tn_text_equal(ctx->req->method, "POST") ? &token_route : NULL;
	if (!tn_text_starts(path, PREFIX "/"))
		return NULL;
	for (size_t i = 0; i < TN_ARRAY_LEN(routes); i++)
		if (routes[i].served != absent &&
		    tn_text_equal(routes[i].method, ctx->req->method) &&
		    path_fits(ctx, routes[i].resource, path + strlen(PREFIX)))
			return &routes[i];
	return NULL;
}

/* A literal, for the log. */
static const char *
known_method(const char *method)
{
	static const char *const methods[] = { "GET", "POST", "PATCH", "PUT", "DELETE",
		"HEAD", "OPTIONS" };

	for (size_t i = 0; i < TN_ARRAY_LEN(methods); i++)
		if (tn_text_equal(methods[i], method))
			return methods[i];
	return "OTHER";
}

/* --- the rate limit: a bucket that fills with time --- */

static void
refill(struct tn_sim *sim, int64_t now)
{
	const struct tn_sim_options *options = &sim->options;
	int64_t full = (int64_t)options->rate_burst * TN_SEC;
	int64_t rate = options->rate_per_second == 0 ? options->rate_burst
						     : options->rate_per_second;
	int64_t elapsed = now - sim->rate_at;

	sim->rate_at = now;
	if (elapsed <= 0)
		return;
	if (elapsed > full / rate)
		sim->rate_level = full;
	else
		sim->rate_level += elapsed * rate;
	if (sim->rate_level > full)
		sim->rate_level = full;
}

static bool
spend(struct tn_sim_ctx *ctx)
{
	struct tn_sim *sim = ctx->sim;

	if (sim->options.rate_burst == 0)
		return true;
	refill(sim, ctx->now);
	if (sim->rate_level < TN_SEC)
		return tn_sim_refuse(ctx, 429, "too_many_requests",
		    "Global limit has been reached");
	sim->rate_level -= TN_SEC;
	return true;
}

/* Nobody waits for a limit that does not exist: a generous one is shown. */
static void
add_rate_headers(struct tn_sim_ctx *ctx)
{
	const struct tn_sim *sim = ctx->sim;
	long long next = (ctx->now + 2 * TN_SEC - 1) / TN_SEC;
	long long limit = sim->options.rate_burst, left = sim->rate_level / TN_SEC;

	if (limit == 0) {
		limit = 1000;
		left = 999;
	}
	tn_sim_reply_header(ctx->reply, "x-ratelimit-limit", "%lld", limit);
	tn_sim_reply_header(ctx->reply, "x-ratelimit-remaining", "%lld", left);
	tn_sim_reply_header(ctx->reply, "x-ratelimit-reset", "%lld", next);
	if (ctx->reply->status == 429 && sim->options.retry_after)
		tn_sim_reply_header(ctx->reply, "retry-after", "1");
}

/* --- the effect --- */

/* False after a refusal. A form is left for the token endpoint to read. */
static bool
read_body(struct tn_sim_ctx *ctx, bool form_too)
{
	const char *type = ctx->req->content_type;
	struct tn_value *body;

	if (ctx->req->body.len == 0)
		return true;
	if (form_too && type != NULL &&
	    tn_text_starts(type, "application/x-www-form-urlencoded"))
		return true;
	if (type != NULL && !tn_text_starts(type, "application/json"))
		return tn_sim_refuse(ctx, 415, NULL, "Unsupported Media Type");
	if (tn_json_parse(ctx->arena, ctx->req->body, NULL, &body, NULL) < 0)
		return tn_sim_refuse(ctx, 400, NULL,
		    "Invalid request payload JSON format");
	ctx->body = body;
	return true;
}

/* What is asked before the body is read; the token endpoint asks nothing. */
static bool
may_pass(struct tn_sim_ctx *ctx, const struct route *route)
{
	bool admin = tn_text_equal(ctx->bearer.client, TN_SIM_ADMIN);
	bool off = route->served == MODULE && !ctx->sim->options.modules;

	if (!admin && !spend(ctx))
		return false;
	if (!tn_sim_authorize(ctx, off ? NULL : route->scope))
		return false;
	if (off)
		return tn_sim_refuse_feature(ctx);
	return tn_sim_query_parse(ctx, tn_span(ctx->req->query), route->keys);
}

static void
perform(struct tn_sim_ctx *ctx, const struct route *route)
{
	bool token = route == &token_route;
	bool read = tn_text_equal(ctx->req->method, "GET");

	if (route == NULL) {
		tn_sim_refuse(ctx, 404, NULL, "Not Found");
		return;
	}
	if (!token && !may_pass(ctx, route))
		return;
	if (!read_body(ctx, token))
		return;
	if (read || token) {
		route->handle(ctx);
		return;
	}
	tn_sim_past_keep(ctx->sim, ctx->now);
	route->handle(ctx);
	ctx->sim->changes += ctx->reply->status < 300;
}

/* --- one call --- */

static void
ctx_init(struct tn_sim_ctx *ctx, struct tn_sim *sim, int64_t now,
    const struct tn_sim_request *req, struct tn_sim_reply *reply)
{
	*ctx = (struct tn_sim_ctx){
		.sim = sim,
		.now = now,
		.req = req,
		.reply = reply,
		.arena = tn_arena_new(),
		.world = &sim->world,
		.at = now,
	};
	tn_sim_bearer_read(ctx);
}

static void
look_back(struct tn_sim_ctx *ctx, const struct tn_sim_strike *strike)
{
	ctx->fail_build = strike->fail_build;
	ctx->retry_build = strike->retry_build;
	ctx->lag = strike->lag;
	if (strike->lag == 0)
		return;
	ctx->at = ctx->now - strike->lag;
	if (ctx->at < strike->lag_since)
		ctx->at = strike->lag_since;
	ctx->world = tn_sim_past_at(ctx->sim, ctx->at);
}

static void
answer_status(struct tn_sim_ctx *ctx, const struct tn_sim_fault *fault)
{
	struct tn_sim_reply *reply = ctx->reply;

	if (fault->body == NULL && !fault->before && fault->status < 300) {
		reply->status = fault->status;
		return;
	}
	if (fault->body == NULL && tn_text_equal(ctx->req->path, token_route.resource) &&
	    tn_sim_oauth_refuse(ctx, fault->status))
		return;
	if (fault->body == NULL) {
		tn_sim_refuse(ctx, fault->status,
		    fault->status == 429 ? "too_many_requests" : NULL, "%s",
		    fault->status == 429       ? "Global limit has been reached"
			: fault->status == 500 ? "An internal server error occurred"
					       : tn_sim_reason(fault->status));
		return;
	}
	tn_sim_reply_json(reply, fault->status, NULL);
	tn_str_add(&reply->body, fault->body);
}

/* True when the faults leave nothing to be done now. */
static bool
stop_before(struct tn_sim_ctx *ctx, const struct tn_sim_strike *strike)
{
	struct tn_sim_reply *reply = ctx->reply;

	if (strike->status != NULL && strike->status->before) {
		answer_status(ctx, strike->status);
		return true;
	}
	if (strike->drop != NULL && strike->drop->before) {
		reply->fate = TN_SIM_DROP;
		return true;
	}
	if (strike->hold != NULL && strike->hold->before)
		reply->held_by = strike->hold->id;
	reply->delay_ns = strike->delay_before;
	reply->before = reply->held_by != 0 || strike->delay_before > 0;
	return reply->before;
}

static void
strike_after(struct tn_sim_ctx *ctx, const struct tn_sim_strike *strike)
{
	struct tn_sim_reply *reply = ctx->reply;

	if (strike->status != NULL && !strike->status->before)
		answer_status(ctx, strike->status);
	if (strike->cut != NULL)
		reply->fate = TN_SIM_CUT;
	if (strike->drop != NULL)
		reply->fate = TN_SIM_DROP;
	if (strike->hold != NULL)
		reply->held_by = strike->hold->id;
	reply->delay_ns += strike->delay_after;
}

static void
finish(struct tn_sim_ctx *ctx)
{
	struct tn_sim_reply *reply = ctx->reply;
	struct tn_sim_logged *entry = tn_sim_log_number(ctx->sim, reply->number);

	if (entry != NULL) {
		entry->status = reply->status;
		entry->fate = reply->fate;
	}
	if (reply->status != 0 && tn_text_starts(ctx->req->path, PREFIX "/"))
		add_rate_headers(ctx);
	tn_arena_free(ctx->arena);
}

void
tn_sim_call(struct tn_sim *sim, int64_t unix_ns, const struct tn_sim_request *req,
    struct tn_sim_reply *reply)
{
	const char *below = tn_text_starts(req->path, PREFIX "/")
	    ? req->path + strlen(PREFIX)
	    : req->path;
	struct tn_sim_strike strike = { 0 };
	const struct route *route;
	struct tn_sim_ctx ctx;
	bool admin;

	ctx_init(&ctx, sim, unix_ns, req, reply);
	route = find_route(&ctx, req->path);
	reply->resource = route == NULL ? "" : route->resource;
	admin = ctx.bearer.token == TN_SIM_TOKEN_GOOD &&
	    tn_text_equal(ctx.bearer.client, TN_SIM_ADMIN);
	if (!admin)
		tn_sim_strike(sim, req->method, below, reply->resource, &strike);
	reply->number = tn_sim_log_add(sim,
	    &(struct tn_sim_logged){
		.at = unix_ns,
		.method = known_method(req->method),
		.path = req->path,
		.resource = reply->resource,
		.who = ctx.bearer.token == TN_SIM_TOKEN_GOOD ? ctx.bearer.client : NULL,
		.fault = strike.last,
	    },
	    !admin)
			    ->number;
	look_back(&ctx, &strike);
	if (!stop_before(&ctx, &strike)) {
		perform(&ctx, route);
		strike_after(&ctx, &strike);
	}
	finish(&ctx);
}

void
tn_sim_resume(struct tn_sim *sim, int64_t unix_ns, const struct tn_sim_request *req,
    struct tn_sim_reply *reply)
{
	struct tn_sim_ctx ctx;

	reply->held_by = 0;
	reply->before = false;
	reply->delay_ns = 0;
	ctx_init(&ctx, sim, unix_ns, req, reply);
	perform(&ctx, find_route(&ctx, req->path));
	finish(&ctx);
}
