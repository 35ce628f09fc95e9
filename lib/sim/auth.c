#include "sim/core.h"

#include "base/text.h"
#include "crypto/crypto.h"
#include "json/json.h"
#include <string.h>

/*
 * Tokens look like JWTs: three parts in base64, of which the middle one holds
 * the claims. The header names an algorithm of our own, as the signature is
 * good for this simulator alone.
 */
#define TOKEN_HEADER "{\"alg\":\"tenon-sim\",\"typ\":\"JWT\"}"

static void
sign(const struct tn_sim *sim, const char *text, size_t len, char out[TN_SHA256_HEX])
{
	TN_CLEANUP(tn_secret_unrefp)
	struct tn_secret *signed_text = tn_secret_new(text, len);

	tn_hmac_secret_hex(sim->key, "tenon-sim-token-1", "", signed_text, out);
}

const char *
tn_sim_token(const struct tn_sim *sim, struct tn_arena *arena, const char *client,
    const char *audience, const char *scope, int64_t now, int64_t expires)
{
	TN_CLEANUP(tn_str_done) struct tn_str json = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str token = TN_STR_INIT;
	struct tn_value *claims = tn_value_object(arena);
	char signature[TN_SHA256_HEX];

	tn_value_set_text(arena, claims, "sub",
	    tn_arena_printf(arena, "%s@clients", client));
	tn_value_set_text(arena, claims, "aud", audience);
	tn_value_set_int(arena, claims, "iat", now / TN_SEC);
	tn_value_set_int(arena, claims, "exp", expires / TN_SEC);
	tn_value_set_text(arena, claims, "scope", scope);
	tn_value_set_text(arena, claims, "gty", "client-credentials");
	tn_value_set_text(arena, claims, "azp", client);
	tn_json_write(claims, &json);
	tn_base64_encode(tn_span(TOKEN_HEADER), true, &token);
	tn_str_add_char(&token, '.');
	tn_base64_encode(tn_str_span(&json), true, &token);
	sign(sim, tn_str_text(&token), token.len, signature);
	tn_str_add_char(&token, '.');
	tn_base64_encode(tn_span(signature), true, &token);
	return tn_arena_bytes(arena, tn_str_text(&token), token.len);
}

bool
tn_sim_is_ours(const struct tn_sim *sim, const char *url, const char *path)
{
	const char *host;

	if (url == NULL)
		return false;
	if (tn_text_starts(url, "https://"))
		host = url + strlen("https://");
	else if (tn_text_starts(url, "http://"))
		host = url + strlen("http://");
	else
		return false;
	if (!tn_text_equal(host + strcspn(host, "/"), path))
		return false;
	return sim->options.domain == NULL ||
	    tn_span_is(tn_span_of(host, strcspn(host, "/")), sim->options.domain);
}

bool
tn_sim_audience_fits(const struct tn_sim *sim, const char *audience)
{
	return tn_sim_is_ours(sim, audience, "/api/v2/");
}

static enum tn_sim_token
read_claims(const struct tn_sim_ctx *ctx, struct tn_span part, struct tn_sim_bearer *out)
{
	static const struct tn_json_limits limits = { .bytes = 8192,
		.values = 64,
		.depth = 4 };
	TN_CLEANUP(tn_str_done) struct tn_str json = TN_STR_INIT;
	struct tn_value *claims;
	int64_t expires;

	if (!tn_base64_decode(part, &json) ||
	    tn_json_parse(ctx->arena, tn_str_span(&json), &limits, &claims, NULL) < 0)
		return TN_SIM_TOKEN_GARBLED;
	out->client = tn_value_get_text(claims, "azp");
	out->scope = tn_value_get_text(claims, "scope");
	out->audience = tn_value_get_text(claims, "aud");
	if (out->client == NULL || out->scope == NULL || out->audience == NULL ||
	    !tn_value_to_int(tn_value_get(claims, "exp"), &expires))
		return TN_SIM_TOKEN_GARBLED;
	if (ctx->now / TN_SEC >= expires)
		return TN_SIM_TOKEN_EXPIRED;
	if (!tn_text_equal(out->client, TN_SIM_ADMIN) &&
	    !tn_sim_audience_fits(ctx->sim, out->audience))
		return TN_SIM_TOKEN_AUDIENCE;
	return TN_SIM_TOKEN_GOOD;
}

static enum tn_sim_token
read_token(const struct tn_sim_ctx *ctx, const char *authorization,
    struct tn_sim_bearer *out)
{
	TN_CLEANUP(tn_str_done) struct tn_str given = TN_STR_INIT;
	char expected[TN_SHA256_HEX];
	const char *text, *first, *second;

	if (authorization == NULL || authorization[0] == '\0')
		return TN_SIM_TOKEN_ABSENT;
	if (!tn_text_starts(authorization, "Bearer "))
		return TN_SIM_TOKEN_NO_JWT;
	text = authorization + strlen("Bearer ");
	first = strchr(text, '.');
	second = first == NULL ? NULL : strchr(first + 1, '.');
	if (second == NULL)
		return TN_SIM_TOKEN_NO_JWT;
	if (!tn_base64_decode(tn_span(second + 1), &given))
		return TN_SIM_TOKEN_GARBLED;
	sign(ctx->sim, text, (size_t)(second - text), expected);
	if (!tn_span_is(tn_str_span(&given), expected))
		return TN_SIM_TOKEN_SIGNATURE;
	return read_claims(ctx, tn_span_of(first + 1, (size_t)(second - first - 1)), out);
}

void
tn_sim_bearer_read(struct tn_sim_ctx *ctx)
{
	ctx->bearer.token = read_token(ctx, ctx->req->authorization, &ctx->bearer);
}

/* True when the list, separated by spaces, holds the word. */
static bool
holds_word(const char *list, const char *word)
{
	size_t len = strlen(word);

	while (*list != '\0') {
		size_t n = strcspn(list, " ");

		if (n == len && memcmp(list, word, len) == 0)
			return true;
		list += n + (list[n] == ' ');
	}
	return false;
}

bool
tn_sim_authorize(struct tn_sim_ctx *ctx, const char *scope)
{
	const struct tn_sim_bearer *bearer = &ctx->bearer;

	switch (bearer->token) {
	case TN_SIM_TOKEN_ABSENT:
		return tn_sim_refuse(ctx, 401, NULL, "Missing authentication");
	case TN_SIM_TOKEN_NO_JWT:
		return tn_sim_refuse(ctx, 400, "Bearer",
		    "Bad HTTP authentication header format");
	case TN_SIM_TOKEN_GARBLED:
		return tn_sim_refuse(ctx, 401, NULL, "Invalid token");
	case TN_SIM_TOKEN_SIGNATURE:
		return tn_sim_refuse(ctx, 401, NULL,
		    "Invalid signature received for JSON Web Token validation.");
	case TN_SIM_TOKEN_EXPIRED:
		return tn_sim_refuse(ctx, 401, NULL,
		    "Expired token received for JSON Web Token validation");
	case TN_SIM_TOKEN_AUDIENCE:
		return tn_sim_refuse(ctx, 401, NULL, "Bad audience: %s",
		    bearer->audience);
	case TN_SIM_TOKEN_GOOD:
		break;
	}
	if (scope == NULL || holds_word(bearer->scope, scope))
		return true;
	return tn_sim_refuse(ctx, 403, "insufficient_scope",
	    "Insufficient scope, expected any of: %s", scope);
}
