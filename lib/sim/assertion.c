#include "sim/core.h"

#include "base/mem.h"
#include "base/text.h"
#include "crypto/crypto.h"
#include "json/json.h"

#include <string.h>

#define ASSERTION_TYPE "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
/* The longest life that the platform takes. */
#define LIFE_MAX_S 300
/* How far a client's clock may be ahead. Assumed. */
#define AHEAD_MAX_S 5
#define ID_MAX      256

static const struct tn_json_limits limits = { .bytes = 8192, .values = 64, .depth = 4 };

static struct tn_value *
parse(const struct tn_sim_ctx *ctx, struct tn_span json)
{
	struct tn_value *value = NULL;

	return tn_json_parse(ctx->arena, json, &limits, &value, NULL) < 0 ? NULL : value;
}

/* What its header names, or NULL. */
static const char *
algorithm_of(const struct tn_sim_ctx *ctx, const char *assertion)
{
	TN_CLEANUP(tn_str_done) struct tn_str header = TN_STR_INIT;

	if (!tn_base64_decode(tn_span_of(assertion, strcspn(assertion, ".")), &header))
		return NULL;
	return tn_value_get_text(parse(ctx, tn_str_span(&header)), "alg");
}

static bool
is_in_time(const struct tn_sim_ctx *ctx, const struct tn_value *claims)
{
	int64_t now = ctx->now / TN_SEC, issued, expires;

	if (!tn_value_to_int(tn_value_get(claims, "exp"), &expires) || expires <= now ||
	    expires > now + LIFE_MAX_S)
		return false;
	return tn_value_get(claims, "iat") == NULL ||
	    (tn_value_to_int(tn_value_get(claims, "iat"), &issued) &&
		issued <= now + AHEAD_MAX_S);
}

/* Each is good once. */
static bool
is_first_use(struct tn_sim *sim, const char *id)
{
	char hex[TN_SHA256_HEX];

	if (id == NULL || id[0] == '\0' || strlen(id) > ID_MAX)
		return false;
	tn_sha256_hex(tn_span(id), hex);
	for (size_t i = 0; i < sim->n_used; i++)
		if (strcmp(sim->used[i].hex, hex) == 0)
			return false;
	sim->used = tn_grow(sim->used, sim->n_used, &sim->cap_used, sizeof(*sim->used));
	memcpy(sim->used[sim->n_used++].hex, hex, sizeof(hex));
	return true;
}

bool
tn_sim_assertion_proves(struct tn_sim_ctx *ctx, const struct tn_sim_client *client,
    const char *type, const char *assertion)
{
	TN_CLEANUP(tn_str_done) struct tn_str json = TN_STR_INIT;
	const char *algorithm = algorithm_of(ctx, assertion);
	const struct tn_value *claims;

	if (!tn_text_equal(type, ASSERTION_TYPE) || algorithm == NULL ||
	    !tn_jwt_verify(tn_span(assertion), algorithm, tn_span(client->public_key),
		&json))
		return false;
	claims = parse(ctx, tn_str_span(&json));
	return tn_text_equal(tn_value_get_text(claims, "iss"), client->id) &&
	    tn_text_equal(tn_value_get_text(claims, "sub"), client->id) &&
	    /* The tenant, and not its API. */
	    tn_sim_is_ours(ctx->sim, tn_value_get_text(claims, "aud"), "/") &&
	    is_in_time(ctx, claims) &&
	    is_first_use(ctx->sim, tn_value_get_text(claims, "jti"));
}
