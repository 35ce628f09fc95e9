#include "sim/core.h"

#include "base/mem.h"
#include <string.h>

/* --- how it answers --- */

static void
refuse_oauth(struct tn_sim_ctx *ctx, int status, const char *error,
    const char *description)
{
	struct tn_value *body = tn_value_object(ctx->arena);

	tn_value_set_text(ctx->arena, body, "error", error);
	tn_value_set_text(ctx->arena, body, "error_description", description);
	tn_sim_answer(ctx, status, body);
}

bool
tn_sim_oauth_refuse(struct tn_sim_ctx *ctx, int status)
{
	static const struct {
		int status;
		const char *error, *description;
	} refusals[] = {
		{ 401, "access_denied", "Unauthorized" },
		{ 403, "access_denied", "Client is not authorized to access this API." },
		{ 429, "too_many_requests", "Client quota exceeded" },
		/* A limit of the platform's, shown so. */
		{ 500, "access_denied", "Global limit has been reached" },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(refusals); i++) {
		if (refusals[i].status != status)
			continue;
		refuse_oauth(ctx, status, refusals[i].error, refusals[i].description);
		return true;
	}
	return false;
}

/* A form and an object become the same list of pairs; what is unknown is ignored. */
static bool
read_parameters(struct tn_sim_ctx *ctx)
{
	static const char *const keys[] = { "grant_type", "client_id", "client_secret",
		"audience", "client_assertion", "client_assertion_type" };

	if (ctx->body == NULL)
		return tn_sim_query_parse(ctx, ctx->req->body, NULL);
	for (size_t i = 0; i < TN_ARRAY_LEN(keys); i++) {
		const char *text = tn_value_get_text(ctx->body, keys[i]);

		if (text != NULL)
			ctx->query[ctx->n_query++] = (struct tn_sim_query){ keys[i],
				text };
	}
	return true;
}

static bool
proves(struct tn_sim_ctx *ctx, const struct tn_sim_client *client)
{
	const char *secret = tn_sim_query_get(ctx, "client_secret");
	const char *assertion = tn_sim_query_get(ctx, "client_assertion");

	if (client->public_key != NULL && assertion != NULL)
		return tn_sim_assertion_proves(ctx, client,
		    tn_sim_query_get(ctx, "client_assertion_type"), assertion);
	return client->secret != NULL && tn_text_equal(client->secret, secret);
}

/* The scopes of the client that these credentials prove, or NULL. */
static const char *
scopes_of(struct tn_sim_ctx *ctx)
{
	const struct tn_sim_options *options = &ctx->sim->options;
	const char *id = tn_sim_query_get(ctx, "client_id");

	if (tn_text_equal(id, TN_SIM_ADMIN))
		return NULL;
	if (options->n_clients == 0)
		return tn_sim_query_get(ctx, "client_secret") != NULL ||
			tn_sim_query_get(ctx, "client_assertion") != NULL
		    ? TN_SIM_ALL_SCOPES
		    : NULL;
	for (size_t i = 0; i < options->n_clients; i++)
		if (tn_text_equal(options->clients[i].id, id) &&
		    proves(ctx, &options->clients[i]))
			return options->clients[i].scopes;
	return NULL;
}

static void
grant(struct tn_sim_ctx *ctx, const char *scopes)
{
	const char *audience = tn_sim_query_get(ctx, "audience");
	int64_t life = ctx->sim->options.token_life_ns;
	struct tn_value *body = tn_value_object(ctx->arena);
	const char *token;

	/* Without an audience the platform gives a token that is good for no API. */
	if (audience == NULL) {
		char id[TN_UUID_SIZE];

		tn_rand_uuid(&ctx->sim->rand, id);
		token = tn_arena_text(ctx->arena, id);
	} else {
		token = tn_sim_token(ctx->sim, ctx->arena,
		    tn_sim_query_get(ctx, "client_id"), audience, scopes, ctx->now,
		    ctx->now + life);
	}
	tn_value_set_text(ctx->arena, body, "access_token", token);
	tn_value_set_text(ctx->arena, body, "scope", scopes);
	tn_value_set_int(ctx->arena, body, "expires_in", life / TN_SEC);
	tn_value_set_text(ctx->arena, body, "token_type", "Bearer");
	tn_sim_answer(ctx, 200, body);
}

/* --- how many tokens a client may have --- */

#define QUOTA_NS   (3600 * TN_SEC)
#define MAX_QUOTAS 1000

void
tn_sim_quotas_clear(struct tn_sim *sim)
{
	for (size_t i = 0; i < sim->n_quotas; i++)
		tn_free(sim->quotas[i].client);
	sim->n_quotas = 0;
}

void
tn_sim_quotas_copy(struct tn_sim *to, const struct tn_sim *from)
{
	for (size_t i = 0; i < from->n_quotas; i++) {
		to->quotas = tn_grow(to->quotas, to->n_quotas, &to->cap_quotas,
		    sizeof to->quotas[0]);
		to->quotas[to->n_quotas] = from->quotas[i];
		to->quotas[to->n_quotas++].client = tn_strdup(from->quotas[i].client);
	}
}

static void
forget_quota(struct tn_sim *sim)
{
	tn_free(sim->quotas[0].client);
	memmove(sim->quotas, sim->quotas + 1, --sim->n_quotas * sizeof sim->quotas[0]);
}

static struct tn_sim_quota *
find_quota(struct tn_sim *sim, const char *client, int64_t now)
{
	struct tn_sim_quota *quota;

	for (size_t i = 0; i < sim->n_quotas; i++) {
		quota = &sim->quotas[i];
		if (!tn_text_equal(quota->client, client))
			continue;
		if (now - quota->since >= QUOTA_NS) {
			quota->since = now;
			quota->used = 0;
		}
		return quota;
	}
	if (sim->n_quotas == MAX_QUOTAS)
		forget_quota(sim);
	sim->quotas = tn_grow(sim->quotas, sim->n_quotas, &sim->cap_quotas,
	    sizeof sim->quotas[0]);
	quota = &sim->quotas[sim->n_quotas++];
	*quota = (struct tn_sim_quota){ .client = tn_strdup(client), .since = now };
	return quota;
}

static void
add_quota_headers(struct tn_sim_ctx *ctx, const struct tn_sim_quota *quota, bool refused)
{
	unsigned limit = ctx->sim->options.tokens_per_hour;
	int64_t end = quota->since + QUOTA_NS;
	long long wait = (end - ctx->now + TN_SEC - 1) / TN_SEC;
	struct tn_sim_reply *reply = ctx->reply;

	tn_sim_reply_header(reply, "auth0-client-quota-limit",
	    "b=per_hour;q=%u;r=%u;t=%lld", limit, limit - quota->used, wait);
	if (!refused)
		return;
	tn_sim_reply_header(reply, "x-ratelimit-limit", "%u", limit);
	tn_sim_reply_header(reply, "x-ratelimit-remaining", "0");
	tn_sim_reply_header(reply, "x-ratelimit-reset", "%lld",
	    (long long)(end + TN_SEC - 1) / (long long)TN_SEC);
	tn_sim_reply_header(reply, "retry-after", "%lld", wait);
}

static void
grant_within_quota(struct tn_sim_ctx *ctx, const char *scopes)
{
	unsigned limit = ctx->sim->options.tokens_per_hour;
	struct tn_sim_quota *quota;

	if (limit == 0) {
		grant(ctx, scopes);
		return;
	}
	quota = find_quota(ctx->sim, tn_sim_query_get(ctx, "client_id"), ctx->now);
	if (quota->used == limit) {
		refuse_oauth(ctx, 429, "too_many_requests", "Client quota exceeded");
		add_quota_headers(ctx, quota, true);
		return;
	}
	quota->used++;
	grant(ctx, scopes);
	add_quota_headers(ctx, quota, false);
}

void
tn_sim_oauth_token(struct tn_sim_ctx *ctx)
{
	const char *type, *audience, *scopes;

	if (!read_parameters(ctx)) {
		refuse_oauth(ctx, 400, "invalid_request", "Malformed form");
		return;
	}
	type = tn_sim_query_get(ctx, "grant_type");
	audience = tn_sim_query_get(ctx, "audience");
	if (type == NULL || tn_sim_query_get(ctx, "client_id") == NULL) {
		refuse_oauth(ctx, 400, "invalid_request",
		    "Missing required parameter: grant_type and client_id are needed");
		return;
	}
	if (!tn_text_equal(type, "client_credentials")) {
		refuse_oauth(ctx, 400, "unsupported_grant_type",
		    tn_arena_printf(ctx->arena, "Unsupported grant type: %s", type));
		return;
	}
	scopes = scopes_of(ctx);
	if (scopes == NULL) {
		refuse_oauth(ctx, 401, "access_denied", "Unauthorized");
		return;
	}
	if (audience != NULL && !tn_sim_audience_fits(ctx->sim, audience)) {
		refuse_oauth(ctx, 403, "access_denied",
		    tn_arena_printf(ctx->arena,
			"Client is not authorized to access \"%s\". You need to create a "
			"\"client-grant\" associated to this API.",
			audience));
		return;
	}
	grant_within_quota(ctx, scopes);
}
