#include "auth0/wire.h"

#include "base/secret.h"
#include "crypto/crypto.h"
#include "json/json.h"

#include <string.h>
#include <strings.h>

/* A longer life than this is none that anybody plans with. */
#define MAX_LIFE_S (INT64_C(365) * 24 * 3600)

static const struct tn_json_limits claims_limits = {
	.bytes = TN_JWT_MAX,
	.values = 10000,
	.depth = 16,
};

/* A signed assertion is used once, at once. The platform takes five minutes at most. */
#define ASSERTION_LIFE_S 60
#define ASSERTION_TYPE   "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

/* For the tenant itself and not for its API, with the slash at the end. */
static void
write_claims(const struct tn_connection *connection, const struct tn_token_moment *moment,
    struct tn_str *out)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	struct tn_value *claims = tn_value_object(arena);

	tn_value_set_text(arena, claims, "iss", connection->client_id);
	tn_value_set_text(arena, claims, "sub", connection->client_id);
	tn_value_set_text(arena, claims, "aud",
	    tn_arena_printf(arena, "%s/", connection->base_url));
	tn_value_set_int(arena, claims, "iat", moment->unix_s);
	tn_value_set_int(arena, claims, "exp", moment->unix_s + ASSERTION_LIFE_S);
	tn_value_set_text(arena, claims, "jti", moment->id);
	tn_json_write(claims, out);
}

static int
make_assertion(const struct tn_connection *connection,
    const struct tn_token_moment *moment, struct tn_secret **out, struct tn_error *err)
{
	TN_CLEANUP(tn_str_done) struct tn_str claims = TN_STR_INIT;
	int r;

	write_claims(connection, moment, &claims);
	r = tn_jwt_sign(connection->private_key, connection->algorithm,
	    tn_str_span(&claims), out, err);
	if (r < 0)
		tn_error_context(err, "the private key");
	else if (moment->redactor != NULL)
		tn_redactor_add(moment->redactor, *out);
	return r;
}

/* assertion NULL: the connection has a secret. */
static struct tn_value *
token_body(struct tn_arena *arena, const struct tn_connection *connection,
    const struct tn_secret *assertion)
{
	struct tn_value *body = tn_value_object(arena);
	const char *audience = connection->audience;

	if (audience == NULL)
		audience = tn_arena_printf(arena, "%s" TN_AUTH0_API "/",
		    connection->base_url);
	tn_value_set_text(arena, body, "grant_type", "client_credentials");
	tn_value_set_text(arena, body, "client_id", connection->client_id);
	if (assertion == NULL) {
		tn_value_set(arena, body, "client_secret",
		    tn_value_secret(arena, connection->client_secret));
	} else {
		tn_value_set_text(arena, body, "client_assertion_type", ASSERTION_TYPE);
		tn_value_set(arena, body, "client_assertion",
		    tn_value_secret(arena, assertion));
	}
	tn_value_set_text(arena, body, "audience", audience);
	return body;
}

static int
check_credentials(const struct tn_connection *connection, struct tn_error *err)
{
	bool no_id = connection->client_id == NULL || connection->client_id[0] == '\0';
	int r;

	if (!no_id &&
	    (connection->client_secret != NULL || connection->private_key != NULL))
		return 0;
	r = tn_error_set(err, TN_E_INPUT, "the connection has no %s",
	    no_id ? "client id" : "client secret");
	tn_error_hint(err,
	    "set AUTH0_CLIENT_ID and AUTH0_CLIENT_SECRET, or "
	    "clientId and clientSecret in the connections file");
	return r;
}

int
tn_auth0_token_request(const struct tn_connection *connection,
    const struct tn_token_moment *moment, struct tn_http_request *req,
    struct tn_error *err)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	TN_CLEANUP(tn_secret_unrefp) struct tn_secret *assertion = NULL;
	int r = check_credentials(connection, err);

	if (r == 0 && connection->private_key != NULL)
		r = make_assertion(connection, moment, &assertion, err);
	if (r < 0)
		return r;
	tn_http_request_init(req, TN_HTTP_POST,
	    tn_arena_printf(arena, "%s/oauth/token", connection->base_url));
	req->resource = "/oauth/token";
	/* The request keeps a reference of its own. */
	tn_http_body_json(req, token_body(arena, connection, assertion));
	return 0;
}

struct rights {
	struct tn_arena *arena;
	const char **items;
	size_t n, cap;
};

static void
add_right(struct rights *rights, const char *text, size_t len)
{
	rights->items = tn_arena_grow(rights->arena, rights->items, rights->n,
	    &rights->cap, sizeof *rights->items);
	rights->items[rights->n++] = tn_arena_bytes(rights->arena, text, len);
}

/* "read:actions create:actions" */
static void
add_scope(struct rights *rights, const char *scope)
{
	while (*scope != '\0') {
		size_t len = strcspn(scope, " ");

		if (len > 0)
			add_right(rights, scope, len);
		scope += len;
		scope += strspn(scope, " ");
	}
}

static void
give_rights(const struct rights *rights, struct tn_token *out)
{
	out->rights = rights->items;
	out->n_rights = rights->n;
	out->has_rights = true;
}

/* Claims of a token: "scope", a text, and "permissions", a list; either may be absent. */
static void
read_claims(const struct tn_value *claims, struct tn_arena *arena, struct tn_token *out)
{
	struct rights rights = { .arena = arena };
	const char *scope = tn_value_get_text(claims, "scope");
	const struct tn_value *list = tn_value_get(claims, "permissions");
	bool listed = tn_value_is(list, TN_VALUE_ARRAY);

	if (scope == NULL && !listed)
		return;
	if (scope != NULL)
		add_scope(&rights, scope);
	for (size_t i = 0; listed && i < tn_value_count(list); i++) {
		const char *right = tn_value_text(tn_value_at(list, i));

		if (right != NULL)
			add_right(&rights, right, strlen(right));
	}
	give_rights(&rights, out);
}

/* Only to tell in advance what will be refused: the signature is the tenant's business.
 */
void
tn_auth0_token_rights(const struct tn_secret *token, struct tn_arena *arena,
    struct tn_token *out)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *scratch = tn_arena_new();
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
	struct tn_value *claims = NULL;

	if (!tn_jwt_claims(token, &text))
		return;
	if (tn_json_parse(scratch, tn_str_span(&text), &claims_limits, &claims, NULL) < 0)
		return;
	read_claims(claims, arena, out);
}

/* It becomes part of a header: anything but visible characters could become a second one.
 */
static bool
is_token(const char *text)
{
	size_t len = 0;

	for (; text[len] != '\0'; len++) {
		if (text[len] <= ' ' || text[len] > '~')
			return false;
	}
	return len > 0 && len <= TN_JWT_MAX;
}

static int
read_token(const struct tn_value *root, struct tn_arena *arena, struct tn_token *out,
    struct tn_error *err)
{
	const char *text = tn_value_get_text(root, "access_token");
	const char *type = tn_value_get_text(root, "token_type");
	const char *scope = tn_value_get_text(root, "scope");
	int64_t life;

	if (text == NULL || !is_token(text))
		return tn_error_set(err, TN_E_PLATFORM,
		    "\"access_token\" is missing or is no token");
	if (type != NULL && strcasecmp(type, "Bearer") != 0)
		return tn_error_set(err, TN_E_PLATFORM,
		    "\"token_type\" should be Bearer");
	if (tn_value_to_int(tn_value_get(root, "expires_in"), &life) && life > 0)
		out->life_s = life < MAX_LIFE_S ? life : MAX_LIFE_S;
	out->secret = tn_secret_new(text, strlen(text));
	if (scope != NULL) {
		struct rights rights = { .arena = arena };

		add_scope(&rights, scope);
		give_rights(&rights, out);
	} else {
		tn_auth0_token_rights(out->secret, arena, out);
	}
	return 0;
}

static void
wipe_text(const struct tn_value *value)
{
	const char *text = tn_value_text(value);

	if (text != NULL)
		tn_wipe((void *)(uintptr_t)text, strlen(text));
}

int
tn_auth0_token_answer(const struct tn_http_response *resp, struct tn_arena *arena,
    struct tn_token *out, struct tn_error *err)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *scratch = tn_arena_new();
	const struct tn_value *root = NULL;
	int r;

	*out = (struct tn_token){ 0 };
	if (resp->status < 200 || resp->status > 299)
		return tn_auth0_token_error(resp, err);
	r = tn_auth0_body(resp, scratch, &root, err);
	if (r == 0)
		r = read_token(root, arena, out, err);
	wipe_text(tn_value_get(root, "access_token"));
	if (r < 0 && err != NULL)
		err->status = resp->status;
	return r;
}
