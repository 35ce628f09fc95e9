/* Who gets a token, and what a token is good for. */
#include "tenant.h"

#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/secret.h"
#include "crypto/crypto.h"

#define AUDIENCE "https://tenant.example/api/v2/"

static int
ask(struct tenant *tenant, const char *type, const char *body)
{
	struct tn_sim_request req = { .method = "POST",
		.path = "/oauth/token",
		.content_type = type,
		.body = tn_span(tenant_json(tenant, body)) };

	return tenant_raw(tenant, &req);
}

static int
ask_json(struct tenant *tenant, const char *id, const char *secret)
{
	return ask(tenant, "application/json",
	    tn_arena_printf(tenant->arena,
		"{'grant_type':'client_credentials','client_id':'%s','client_secret':'%s',"
		"'audience':'" AUDIENCE "'}",
		id, secret));
}

static void
use_token(struct tenant *tenant)
{
	tenant->authorization = tn_arena_printf(tenant->arena, "Bearer %s",
	    tenant_text(tenant, "access_token"));
}

static const struct tn_sim_client clients[] = {
	{ "reader", "r-secret", "read:actions", NULL },
	{ "writer", "w-secret", "read:actions create:actions update:actions", NULL },
	{ "owner", "o-secret", NULL, NULL },
};

static void
open_with_clients(struct tenant *tenant)
{
	struct tn_sim_options options = TN_SIM_OPTIONS_INIT;

	options.clients = clients;
	options.n_clients = TN_ARRAY_LEN(clients);
	*tenant = (struct tenant){ .sim = tn_sim_new(&options),
		.arena = tn_arena_new(),
		.now = TENANT_START };
}

static void
test_token_answer_has_the_recorded_fields(void **state)
{
	struct tenant t;

	(void)state;
	tenant_open(&t, NULL);
	assert_int_equal(ask_json(&t, "anybody", "anything"), 200);
	assert_int_equal(tenant_size(&t, ""), 4);
	assert_string_equal(tenant_text(&t, "token_type"), "Bearer");
	assert_int_equal(tenant_int(&t, "expires_in"), 86400);
	assert_string_equal(tenant_text(&t, "scope"),
	    "read:actions create:actions update:actions delete:actions");
	assert_non_null(strchr(tenant_text(&t, "access_token"), '.'));
	tenant_close(&t);
}

static void
test_form_is_as_good_as_json(void **state)
{
	struct tenant t;

	(void)state;
	open_with_clients(&t);
	assert_int_equal(
	    ask(&t, "application/x-www-form-urlencoded",
		"grant_type=client_credentials&client_id=reader&client_secret="
		"r%2Dsecret&audience=https%3A%2F%2Ftenant.example%2Fapi%2Fv2%2F"),
	    200);
	assert_string_equal(tenant_text(&t, "scope"), "read:actions");
	use_token(&t);
	assert_int_equal(tenant_call(&t, "GET", "/actions/actions", NULL), 200);
	tenant_close(&t);
}

static void
test_wrong_credentials_are_refused(void **state)
{
	struct tenant t;

	(void)state;
	open_with_clients(&t);
	assert_int_equal(ask_json(&t, "reader", "w-secret"), 401);
	assert_string_equal(tenant_text(&t, "error"), "access_denied");
	assert_string_equal(tenant_text(&t, "error_description"), "Unauthorized");
	assert_int_equal(ask_json(&t, "nobody", "r-secret"), 401);
	/* Not even where everybody is let in may a client be the administrator. */
	assert_int_equal(ask_json(&t, TN_SIM_ADMIN, "x"), 401);
	tenant_close(&t);
	tenant_open(&t, NULL);
	assert_int_equal(ask_json(&t, TN_SIM_ADMIN, "x"), 401);
	tenant_close(&t);
}

static void
test_malformed_token_requests_are_refused(void **state)
{
	static const struct {
		const char *body;
		int status;
		const char *error;
	} cases[] = {
		{ "{'client_id':'a','client_secret':'b'}", 400, "invalid_request" },
		{ "{'grant_type':'client_credentials','client_secret':'b'}", 400,
		    "invalid_request" },
		{ "{'grant_type':'password','client_id':'a','client_secret':'b'}", 400,
		    "unsupported_grant_type" },
		{ "{'grant_type':'client_credentials','client_id':'a'}", 401,
		    "access_denied" },
		{ "{'grant_type':'client_credentials','client_id':'a','client_secret':'b',"
		  "'audience':'https://tenant.example/api/v2'}",
		    403, "access_denied" },
		{ "[]", 400, "invalid_request" },
	};
	struct tenant t;

	(void)state;
	tenant_open(&t, NULL);
	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		assert_int_equal(ask(&t, "application/json", cases[i].body),
		    cases[i].status);
		assert_string_equal(tenant_text(&t, "error"), cases[i].error);
	}
	assert_int_equal(ask(&t, "application/json", "{"), 400);
	assert_int_equal(ask(&t, "application/x-www-form-urlencoded", "grant_type=%zz"),
	    400);
	assert_string_equal(tenant_text(&t, "error"), "invalid_request");
	tenant_close(&t);
}

static void
test_audience_must_be_the_domain_of_the_tenant(void **state)
{
	struct tn_sim_options options = TN_SIM_OPTIONS_INIT;
	struct tenant t;

	(void)state;
	options.domain = "other.example:8080";
	t = (struct tenant){ .sim = tn_sim_new(&options),
		.arena = tn_arena_new(),
		.now = TENANT_START };
	assert_int_equal(ask_json(&t, "a", "b"), 403);
	assert_int_equal(
	    ask(&t, "application/json",
		"{'grant_type':'client_credentials','client_id':'a',"
		"'client_secret':'b','audience':'http://other.example:8080/api/v2/'}"),
	    200);
	use_token(&t);
	assert_int_equal(tenant_call(&t, "GET", "/actions/triggers", NULL), 200);
	tenant_close(&t);
}

static void
test_token_without_audience_is_no_jwt(void **state)
{
	struct tenant t;

	(void)state;
	tenant_open(&t, NULL);
	assert_int_equal(ask(&t, "application/json",
			     "{'grant_type':'client_credentials','client_id':'a',"
			     "'client_secret':'b'}"),
	    200);
	use_token(&t);
	assert_int_equal(tenant_call(&t, "GET", "/actions/actions", NULL), 400);
	tenant_says(&t, "Bad HTTP authentication header format");
	assert_string_equal(tenant_text(&t, "errorCode"), "Bearer");
	tenant_close(&t);
}

static void
test_calls_without_a_good_token_are_refused(void **state)
{
	struct tenant t;
	const char *good;
	char *bad;

	(void)state;
	tenant_open(&t, NULL);
	good = t.authorization;
	t.authorization = NULL;
	assert_int_equal(tenant_call(&t, "GET", "/actions/actions", NULL), 401);
	tenant_says(&t, "Missing authentication");
	t.authorization = "Bearer a.!.c";
	assert_int_equal(tenant_call(&t, "GET", "/actions/actions", NULL), 401);
	t.authorization = "Basic abc";
	assert_int_equal(tenant_call(&t, "GET", "/actions/actions", NULL), 400);
	/* One letter of the claims changed. */
	bad = tn_arena_alloc(t.arena, strlen(good) + 1, 1);
	memcpy(bad, good, strlen(good));
	bad[strlen(good) / 2] = bad[strlen(good) / 2] == 'A' ? 'B' : 'A';
	t.authorization = bad;
	assert_int_equal(tenant_call(&t, "GET", "/actions/actions", NULL), 401);
	tenant_says(&t, "Invalid signature");
	tenant_close(&t);
}

static void
test_token_of_another_tenant_is_refused(void **state)
{
	struct tn_sim_options options = TN_SIM_OPTIONS_INIT;
	struct tenant t, other;

	(void)state;
	options.seed = 99;
	tenant_open(&t, NULL);
	tenant_open(&other, &options);
	t.authorization = other.authorization;
	assert_int_equal(tenant_call(&t, "GET", "/actions/actions", NULL), 401);
	tenant_close(&other);
	tenant_close(&t);
}

static void
test_token_expires(void **state)
{
	struct tn_sim_options options = TN_SIM_OPTIONS_INIT;
	struct tenant t;

	(void)state;
	options.token_life_ns = 60 * TN_SEC;
	tenant_open(&t, &options);
	tenant_wait(&t, 59999);
	assert_int_equal(tenant_call(&t, "GET", "/actions/actions", NULL), 200);
	tenant_wait(&t, 1);
	assert_int_equal(tenant_call(&t, "GET", "/actions/actions", NULL), 401);
	tenant_says(&t, "Expired token");
	assert_string_equal(tenant_text(&t, "error"), "Unauthorized");
	tenant_close(&t);
}

struct right {
	const char *method, *path, *body, *scope;
};

static const struct right rights[] = {
	{ "GET", "/actions/actions", NULL, "read:actions" },
	{ "GET", "/actions/actions/x", NULL, "read:actions" },
	{ "GET", "/actions/actions/x/versions", NULL, "read:actions" },
	{ "GET", "/actions/actions/x/versions/y", NULL, "read:actions" },
	{ "GET", "/actions/triggers", NULL, "read:actions" },
	{ "GET", "/actions/triggers/post-login/bindings", NULL, "read:actions" },
	{ "GET", "/actions/executions/x", NULL, "read:actions" },
	{ "POST", "/actions/actions", "{}", "create:actions" },
	{ "POST", "/actions/actions/x/deploy", NULL, "create:actions" },
	{ "POST", "/actions/actions/x/versions/y/deploy", NULL, "create:actions" },
	{ "PATCH", "/actions/actions/x", "{}", "update:actions" },
	{ "PATCH", "/actions/triggers/post-login/bindings", "{}", "update:actions" },
	{ "DELETE", "/actions/actions/x", NULL, "delete:actions" },
	{ "POST", "/actions/actions/x/test", "{}", "create:actions" },
	{ "GET", "/actions/modules", NULL, "read:actions" },
	{ "POST", "/actions/modules", "{}", "create:actions" },
	{ "GET", "/actions/modules/x", NULL, "read:actions" },
	{ "PATCH", "/actions/modules/x", "{}", "update:actions" },
	{ "DELETE", "/actions/modules/x", NULL, "delete:actions" },
	{ "GET", "/actions/modules/x/actions", NULL, "read:actions" },
	{ "POST", "/actions/modules/x/rollback", "{}", "update:actions" },
	{ "GET", "/actions/modules/x/versions", NULL, "read:actions" },
	{ "POST", "/actions/modules/x/versions", NULL, "update:actions" },
	{ "GET", "/actions/modules/x/versions/y", NULL, "read:actions" },
};

/* Each endpoint with a token that has every scope but the one it needs. */
static void
test_every_endpoint_needs_its_scope(void **state)
{
	static const struct tn_sim_client lacking[] = {
		{ "read:actions", "s", "create:actions update:actions delete:actions",
		    NULL },
		{ "create:actions", "s", "read:actions update:actions delete:actions",
		    NULL },
		{ "update:actions", "s", "read:actions create:actions delete:actions",
		    NULL },
		{ "delete:actions", "s", "read:actions create:actions update:actions",
		    NULL },
	};
	struct tn_sim_options options = TN_SIM_OPTIONS_INIT;
	struct tenant t;

	(void)state;
	options.clients = lacking;
	options.n_clients = TN_ARRAY_LEN(lacking);
	t = (struct tenant){ .sim = tn_sim_new(&options),
		.arena = tn_arena_new(),
		.now = TENANT_START };
	for (size_t i = 0; i < TN_ARRAY_LEN(rights); i++) {
		assert_int_equal(ask_json(&t, rights[i].scope, "s"), 200);
		use_token(&t);
		assert_int_equal(tenant_call(&t, rights[i].method, rights[i].path,
				     rights[i].body),
		    403);
		tenant_says(&t,
		    tn_arena_printf(t.arena, "Insufficient scope, expected any of: %s",
			rights[i].scope));
		assert_string_equal(tenant_text(&t, "error"), "Forbidden");
		assert_string_equal(tenant_text(&t, "errorCode"), "insufficient_scope");
	}
	tenant_close(&t);
}

static void
test_a_client_has_so_many_tokens_an_hour(void **state)
{
	struct tn_sim_options options = TN_SIM_OPTIONS_INIT;
	struct tenant t;

	(void)state;
	options.tokens_per_hour = 2;
	tenant_open(&t, &options);
	assert_int_equal(ask_json(&t, "alice", "s"), 200);
	assert_string_equal(tn_sim_reply_field(&t.reply, "auth0-client-quota-limit"),
	    "b=per_hour;q=2;r=1;t=3600");
	tenant_wait(&t, 600000);
	assert_int_equal(ask_json(&t, "alice", "s"), 200);
	assert_int_equal(ask_json(&t, "alice", "s"), 429);
	assert_string_equal(tenant_text(&t, "error"), "too_many_requests");
	assert_string_equal(tenant_text(&t, "error_description"),
	    "Client quota exceeded");
	assert_string_equal(tn_sim_reply_field(&t.reply, "auth0-client-quota-limit"),
	    "b=per_hour;q=2;r=0;t=3000");
	assert_string_equal(tn_sim_reply_field(&t.reply, "retry-after"), "3000");
	assert_string_equal(tn_sim_reply_field(&t.reply, "x-ratelimit-remaining"), "0");
	assert_string_equal(tn_sim_reply_field(&t.reply, "x-ratelimit-reset"),
	    "1767229200"); /* an hour after the start */
	assert_int_equal(ask_json(&t, "bob", "s"), 200);
	tenant_wait(&t, 3000000);
	assert_int_equal(ask_json(&t, "alice", "s"), 200);
	tenant_close(&t);
}

/* --- assertions --- */

static char *
data(const char *name)
{
	TN_CLEANUP(tn_str_done) struct tn_str path = TN_STR_INIT;
	struct tn_str bytes = TN_STR_INIT;

	tn_str_addf(&path, "tests/data/jwt/%s", name);
	assert_int_equal(tn_file_read(tn_str_text(&path), 10000, &bytes, NULL), 0);
	return tn_str_take(&bytes);
}

/* Asks for a token with claims that are signed as the algorithm says. */
static int
ask_signed(struct tenant *tenant, const char *type, const char *algorithm,
    const char *claims)
{
	TN_CLEANUP(tn_freep) char *pem = data("key.pem");
	TN_CLEANUP(tn_secret_unrefp)
	struct tn_secret *key = tn_secret_new(pem, strlen(pem));
	TN_CLEANUP(tn_secret_unrefp) struct tn_secret *assertion = NULL;

	assert_int_equal(tn_jwt_sign(key, algorithm, tn_span(tenant_json(tenant, claims)),
			     &assertion, NULL),
	    0);
	return ask(tenant, "application/json",
	    tn_arena_printf(tenant->arena,
		"{'grant_type':'client_credentials','client_id':'signer',"
		"'client_assertion_type':'%s','client_assertion':'%s',"
		"'audience':'" AUDIENCE "'}",
		type, tn_secret_reveal(assertion).ptr));
}

#define ASSERTION "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
#define SIGNER    "'iss':'signer','sub':'signer',"
#define FOR_US    "'aud':'https://tenant.example/',"

static void
test_assertion_is_checked_whole(void **state)
{
	TN_CLEANUP(tn_freep) char *public_key = data("key.pub");
	const struct tn_sim_client signers[] = { { "signer", NULL, "read:actions",
	    public_key } };
	const long long now = TENANT_START / TN_SEC;
	static const struct {
		const char *type, *algorithm, *claims; /* without exp and jti */
		int life;
		const char *id;
		int status;
	} rows[] = {
		{ ASSERTION, "RS256", SIGNER FOR_US, 60, "1", 200 },
		{ ASSERTION, "RS384", SIGNER FOR_US, 60, "2", 200 },
		{ ASSERTION, "PS256", SIGNER FOR_US, 300, "3", 200 },
		{ ASSERTION, "RS256", SIGNER FOR_US, 60, "1", 401 },
		{ ASSERTION, "RS256", SIGNER FOR_US, 60, "", 401 },
		{ ASSERTION, "RS256", SIGNER FOR_US, 0, "4", 401 },
		{ ASSERTION, "RS256", SIGNER FOR_US, 301, "4", 401 },
		{ ASSERTION, "RS256", SIGNER "'aud':'https://other.example/',", 60, "4",
		    401 },
		{ ASSERTION, "RS256", SIGNER "'aud':'" AUDIENCE "',", 60, "4", 401 },
		{ ASSERTION, "RS256", SIGNER, 60, "4", 401 },
		{ ASSERTION, "RS256", "'iss':'signer','sub':'x'," FOR_US, 60, "4", 401 },
		{ ASSERTION, "RS256", "'iss':'x','sub':'signer'," FOR_US, 60, "4", 401 },
		{ "jwt", "RS256", SIGNER FOR_US, 60, "4", 401 },
		{ ASSERTION, "RS256", SIGNER FOR_US, 60, "4", 200 },
	};
	struct tn_sim_options options = TN_SIM_OPTIONS_INIT;
	struct tenant t;

	(void)state;
	options.clients = signers;
	options.n_clients = 1;
	options.domain = "tenant.example";
	t = (struct tenant){ .sim = tn_sim_new(&options),
		.arena = tn_arena_new(),
		.now = TENANT_START };
	for (size_t i = 0; i < TN_ARRAY_LEN(rows); i++) {
		int status = ask_signed(&t, rows[i].type, rows[i].algorithm,
		    tn_arena_printf(t.arena, "{%s'exp':%lld,'jti':'%s'}", rows[i].claims,
			now + rows[i].life, rows[i].id));

		if (status != rows[i].status)
			fail_msg("%zu: %d", i, status);
	}
	/* No secret is as good as the one that it has not. */
	assert_int_equal(ask_json(&t, "signer", ""), 401);
	tenant_close(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_token_answer_has_the_recorded_fields),
		cmocka_unit_test(test_form_is_as_good_as_json),
		cmocka_unit_test(test_wrong_credentials_are_refused),
		cmocka_unit_test(test_malformed_token_requests_are_refused),
		cmocka_unit_test(test_audience_must_be_the_domain_of_the_tenant),
		cmocka_unit_test(test_token_without_audience_is_no_jwt),
		cmocka_unit_test(test_calls_without_a_good_token_are_refused),
		cmocka_unit_test(test_token_of_another_tenant_is_refused),
		cmocka_unit_test(test_token_expires),
		cmocka_unit_test(test_a_client_has_so_many_tokens_an_hour),
		cmocka_unit_test(test_every_endpoint_needs_its_scope),
		cmocka_unit_test(test_assertion_is_checked_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
