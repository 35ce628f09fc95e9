#include "help.h"

#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "crypto/crypto.h"

/* 2026-06-01T00:00:00Z */
static const struct tn_token_moment moment = { .unix_s = 1780272000,
	.id = "7f0e3c9a-1111-4222-8333-444455556666" };

static void
a_token_is_asked_for_with_the_default_audience(void **state)
{
	TN_CLEANUP(tn_secret_unrefp) struct tn_secret *secret = tn_secret_new("s\"x", 3);
	TN_CLEANUP(tn_str_done) struct tn_str body = TN_STR_INIT;
	struct tn_connection connection = help_connection;
	struct tn_http_request req = { 0 };

	(void)state;
	connection.client_secret = secret;
	assert_int_equal(tn_auth0_provider.token_request(&connection, &moment, &req,
			     NULL),
	    0);
	assert_string_equal(req.url, "https://acme.eu.auth0.com/oauth/token");
	assert_string_equal(req.resource, "/oauth/token");
	assert_int_equal(req.method, TN_HTTP_POST);
	assert_string_equal(tn_http_header_text(&req, "content-type"),
	    "application/json");
	tn_http_assemble(&req.body, &body);
	assert_string_equal(tn_str_text(&body),
	    "{\"grant_type\":\"client_credentials\",\"client_id\":\"k3J\","
	    "\"client_secret\":\"s\\\"x\","
	    "\"audience\":\"https://acme.eu.auth0.com/api/v2/\"}");
	tn_http_request_done(&req);
}

static void
a_custom_audience_is_sent_as_it_is(void **state)
{
	TN_CLEANUP(tn_secret_unrefp) struct tn_secret *secret = tn_secret_new("s", 1);
	TN_CLEANUP(tn_str_done) struct tn_str body = TN_STR_INIT;
	struct tn_connection connection = help_connection;
	struct tn_http_request req = { 0 };

	(void)state;
	connection.client_secret = secret;
	connection.audience = "https://tenant.eu.auth0.com/api/v2/";
	assert_int_equal(tn_auth0_provider.token_request(&connection, &moment, &req,
			     NULL),
	    0);
	tn_http_assemble(&req.body, &body);
	assert_non_null(strstr(tn_str_text(&body),
	    "\"audience\":\"https://tenant.eu.auth0.com/api/v2/\""));
	tn_http_request_done(&req);
}

static void
without_credentials_no_token_is_asked_for(void **state)
{
	TN_CLEANUP(tn_secret_unrefp) struct tn_secret *secret = tn_secret_new("s", 1);
	static const char *const ids[] = { NULL, "", "k3J" };

	(void)state;
	for (size_t i = 0; i < TN_ARRAY_LEN(ids); i++) {
		TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
		struct tn_connection connection = help_connection;
		struct tn_http_request req = { 0 };

		connection.client_id = ids[i];
		connection.client_secret = i < 2 ? secret : NULL;
		assert_int_equal(tn_auth0_provider.token_request(&connection, &moment,
				     &req, &err),
		    -TN_E_INPUT);
		assert_non_null(
		    strstr(err.message, i < 2 ? "client id" : "client secret"));
		assert_non_null(err.hint);
	}
}

static struct tn_secret *
test_key(void)
{
	TN_CLEANUP(tn_str_done) struct tn_str bytes = TN_STR_INIT;

	assert_int_equal(tn_file_read("tests/data/jwt/key.pem", 10000, &bytes, NULL), 0);
	return tn_secret_new(bytes.ptr, bytes.len);
}

/* Signed with the key, for the tenant itself, for a minute; the redactor knows it. */
static void
a_key_signs_what_a_secret_would_prove(void **state)
{
	TN_CLEANUP(tn_secret_unrefp) struct tn_secret *key = test_key();
	TN_CLEANUP(tn_redactor_freep) struct tn_redactor *redactor = tn_redactor_new();
	TN_CLEANUP(tn_str_done) struct tn_str body = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str clean = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str claims = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str public_key = TN_STR_INIT;
	static const char before[] =
	    "{\"grant_type\":\"client_credentials\",\"client_id\":\"k3J\","
	    "\"client_assertion_type\":"
	    "\"urn:ietf:params:oauth:client-assertion-type:jwt-bearer\","
	    "\"client_assertion\":\"";
	struct tn_connection connection = help_connection;
	struct tn_token_moment signing = moment;
	struct tn_http_request req = { 0 };
	const char *assertion;

	(void)state;
	connection.private_key = key;
	connection.algorithm = "PS256";
	signing.redactor = redactor;
	assert_int_equal(tn_auth0_provider.token_request(&connection, &signing, &req,
			     NULL),
	    0);
	tn_http_assemble(&req.body, &body);
	assert_true(tn_text_starts(tn_str_text(&body), before));
	assertion = tn_str_text(&body) + strlen(before);
	assert_string_equal(assertion + strcspn(assertion, "\""),
	    "\",\"audience\":\"https://acme.eu.auth0.com/api/v2/\"}");
	assert_int_equal(tn_file_read("tests/data/jwt/key.pub", 10000, &public_key, NULL),
	    0);
	assert_true(tn_jwt_verify(tn_span_of(assertion, strcspn(assertion, "\"")),
	    "PS256", tn_str_span(&public_key), &claims));
	assert_string_equal(tn_str_text(&claims),
	    "{\"iss\":\"k3J\",\"sub\":\"k3J\",\"aud\":\"https://acme.eu.auth0.com/\","
	    "\"iat\":1780272000,\"exp\":1780272060,"
	    "\"jti\":\"7f0e3c9a-1111-4222-8333-444455556666\"}");
	tn_redactor_apply(redactor, tn_str_span(&body), &clean);
	assert_null(strstr(tn_str_text(&clean), "eyJ"));
	tn_http_request_done(&req);
}

static void
a_key_that_does_not_sign_is_told(void **state)
{
	TN_CLEANUP(tn_secret_unrefp) struct tn_secret *key = tn_secret_new("no key", 6);
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	struct tn_connection connection = help_connection;
	struct tn_http_request req = { 0 };

	(void)state;
	connection.private_key = key;
	connection.algorithm = "RS256";
	assert_int_equal(tn_auth0_provider.token_request(&connection, &moment, &req,
			     &err),
	    -TN_E_INPUT);
	assert_non_null(
	    strstr(err.message, "the private key: the key is no private key"));
	assert_null(strstr(err.message, "no key\""));
}

struct token {
	struct tn_arena *arena;
	struct tn_token token;
	struct tn_error err;
};

static void
answer(struct token *out, int status, const char *body)
{
	struct tn_http_response resp = help_response(status, body);

	int r;

	*out = (struct token){ .arena = tn_arena_new() };
	r = tn_auth0_provider.token_answer(&resp, out->arena, &out->token, &out->err);
	assert_int_equal(r, -(int)out->err.kind);
}

static void
done(struct token *token)
{
	tn_secret_unref(token->token.secret);
	tn_error_done(&token->err);
	tn_arena_free(token->arena);
}

static void
a_token_is_read_with_life_and_rights(void **state)
{
	struct token t;

	(void)state;
	answer(&t, 200,
	    "{\"access_token\":\"eyJ.x.y\",\"scope\":\"read:actions  create:actions \","
	    "\"expires_in\":86400,\"token_type\":\"Bearer\"}");
	assert_false(tn_error_is_set(&t.err));
	assert_true(tn_span_is(tn_secret_reveal(t.token.secret), "eyJ.x.y"));
	assert_int_equal(t.token.life_s, 86400);
	assert_true(t.token.has_rights);
	assert_int_equal(t.token.n_rights, 2);
	assert_string_equal(t.token.rights[0], "read:actions");
	assert_string_equal(t.token.rights[1], "create:actions");
	done(&t);
}

static void
an_empty_scope_is_no_right_at_all(void **state)
{
	struct token t;

	(void)state;
	answer(&t, 200, "{\"access_token\":\"x\",\"scope\":\"\"}");
	assert_true(t.token.has_rights);
	assert_int_equal(t.token.n_rights, 0);
	assert_int_equal(t.token.life_s, 0);
	done(&t);
}

static void
odd_lives_are_taken_as_not_said_or_cut(void **state)
{
	static const struct {
		const char *life;
		int64_t expected;
	} cases[] = {
		{ "0", 0 },
		{ "-5", 0 },
		{ "1.5", 0 },
		{ "\"60\"", 0 },
		{ "null", 0 },
		{ "60", 60 },
		{ "9223372036854775807", INT64_C(365) * 86400 },
		{ "99999999999999999999999999", 0 },
	};

	(void)state;
	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		struct tn_str body = TN_STR_INIT;
		struct token t;

		tn_str_addf(&body, "{\"access_token\":\"x\",\"expires_in\":%s}",
		    cases[i].life);
		answer(&t, 200, tn_str_text(&body));
		assert_false(tn_error_is_set(&t.err));
		assert_int_equal(t.token.life_s, cases[i].expected);
		assert_false(t.token.has_rights);
		done(&t);
		tn_str_done(&body);
	}
}

static void
what_is_no_token_is_refused(void **state)
{
	static const char *const bodies[] = {
		"",
		"[]",
		"{}",
		"{\"access_token\":\"\"}",
		"{\"access_token\":7}",
		"{\"access_token\":\"a b\"}",
		"{\"access_token\":\"a\\r\\nX-Evil: 1\"}",
		"{\"access_token\":\"\\u00e9\"}",
		"{\"access_token\":\"x\",\"token_type\":\"mac\"}",
		"{\"access_token\":\"x\"",
	};

	(void)state;
	for (size_t i = 0; i < TN_ARRAY_LEN(bodies); i++) {
		struct token t;

		answer(&t, 200, bodies[i]);
		assert_int_equal(t.err.kind, TN_E_PLATFORM);
		assert_int_equal(t.err.status, 200);
		assert_null(t.token.secret);
		done(&t);
	}
}

static void
the_type_of_a_token_may_be_in_any_case(void **state)
{
	struct token t;

	(void)state;
	answer(&t, 200, "{\"access_token\":\"x\",\"token_type\":\"bearer\"}");
	assert_non_null(t.token.secret);
	done(&t);
}

static void
each_refusal_of_a_token_has_its_kind_and_cure(void **state)
{
	static const struct {
		int status;
		const char *body;
		enum tn_error_kind kind;
		const char *hint;
	} cases[] = {
		{ 401,
		    "{\"error\":\"access_denied\","
		    "\"error_description\":\"Unauthorized\"}",
		    TN_E_AUTH, "client secret" },
		{ 401, "{\"error\":\"invalid_client\"}", TN_E_AUTH, "client secret" },
		{ 403,
		    "{\"error\":\"access_denied\",\"error_description\":\"Client is not "
		    "authorized to access \\\"https://acme.eu.auth0.com/api/v2/\\\". You "
		    "need to create a \\\"client-grant\\\" associated to this API.\"}",
		    TN_E_PERMISSION, "create:actions" },
		{ 403,
		    "{\"error\":\"unauthorized_client\",\"error_description\":\"Grant type "
		    "'client_credentials' not allowed for the client.\"}",
		    TN_E_PERMISSION, "Grant Types" },
		{ 403, "{\"error\":\"access_denied\"}", TN_E_PERMISSION, "authorized" },
		{ 400, "{\"error\":\"invalid_request\"}", TN_E_INPUT, "audience" },
		{ 400, "{\"error\":\"invalid_client\"}", TN_E_AUTH, "client id" },
		{ 404, "Not Found", TN_E_NOT_FOUND, "domain" },
		{ 429,
		    "{\"error\":\"too_many_requests\","
		    "\"error_description\":\"Client quota exceeded\"}",
		    TN_E_TRANSIENT, "quota" },
		{ 500,
		    "{\"error\":\"access_denied\","
		    "\"error_description\":\"Global limit has been reached\"}",
		    TN_E_TRANSIENT, "quota" },
		{ 503, "", TN_E_TRANSIENT, NULL },
		{ 302, "", TN_E_PLATFORM, "domain" },
	};

	(void)state;
	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		struct token t;

		answer(&t, cases[i].status, cases[i].body);
		assert_int_equal(t.err.kind, cases[i].kind);
		assert_int_equal(t.err.status, cases[i].status);
		if (cases[i].hint == NULL)
			assert_null(t.err.hint);
		else
			assert_non_null(strstr(t.err.hint, cases[i].hint));
		done(&t);
	}
}

static void
rights_of(struct tn_span token, struct tn_arena *arena, struct tn_token *out)
{
	TN_CLEANUP(tn_secret_unrefp)
	struct tn_secret *secret = tn_secret_new(token.ptr, token.len);

	tn_auth0_provider.token_rights(secret, arena, out);
}

/* A token whose middle part is these claims; the caller frees it. */
static char *
jwt(const char *claims)
{
	struct tn_str text = TN_STR_INIT;

	tn_str_add(&text, "eyJhbGciOiJSUzI1NiJ9.");
	tn_base64_encode(tn_span(claims), true, &text);
	tn_str_add(&text, ".c2ln");
	return tn_str_take(&text);
}

static void
a_ready_token_tells_its_rights(void **state)
{
	static const struct {
		const char *claims;
		bool has;
		size_t n;
		const char *last;
	} cases[] = {
		{ "{\"scope\":\"read:actions update:actions\"}", true, 2,
		    "update:actions" },
		{ "{\"permissions\":[\"read:actions\",7,\"x:y\"]}", true, 2, "x:y" },
		{ "{\"scope\":\"a:b\",\"permissions\":[\"c:d\"]}", true, 2, "c:d" },
		{ "{\"permissions\":[]}", true, 0, NULL },
		{ "{\"sub\":\"x\"}", false, 0, NULL },
		{ "{\"scope\":[\"read:actions\"]}", false, 0, NULL },
		{ "[]", false, 0, NULL },
		{ "not json", false, 0, NULL },
		{ "{\"scope\":\"a\",\"scope\":\"b\"}", false, 0, NULL },
		{ "", false, 0, NULL },
	};

	(void)state;
	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
		char *token = jwt(cases[i].claims);
		struct tn_token out = { 0 };

		rights_of(tn_span(token), arena, &out);
		tn_freep(&token);
		assert_int_equal(out.has_rights, cases[i].has);
		assert_int_equal(out.n_rights, cases[i].n);
		if (cases[i].last != NULL)
			assert_string_equal(out.rights[out.n_rights - 1], cases[i].last);
	}
}

static void
what_is_no_jwt_tells_nothing(void **state)
{
	static const char *const tokens[] = { "", ".", "..", "...", "opaque", "a.b",
		"a.!!!!.c", "a.e30.c.d.e", "a.e30=.c" };
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();

	(void)state;
	for (size_t i = 0; i < TN_ARRAY_LEN(tokens); i++) {
		struct tn_token out = { 0 };

		rights_of(tn_span(tokens[i]), arena, &out);
		assert_false(out.has_rights);
		assert_int_equal(out.n_rights, 0);
	}
}

static void
an_answer_without_scope_is_completed_from_the_token(void **state)
{
	char *token = jwt("{\"scope\":\"read:actions\"}");
	struct tn_str body = TN_STR_INIT;
	struct token t;

	(void)state;
	tn_str_addf(&body, "{\"access_token\":\"%s\",\"expires_in\":10}", token);
	answer(&t, 200, tn_str_text(&body));
	assert_true(t.token.has_rights);
	assert_int_equal(t.token.n_rights, 1);
	assert_string_equal(t.token.rights[0], "read:actions");
	done(&t);
	tn_str_done(&body);
	tn_freep(&token);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_token_is_asked_for_with_the_default_audience),
		cmocka_unit_test(a_custom_audience_is_sent_as_it_is),
		cmocka_unit_test(a_key_signs_what_a_secret_would_prove),
		cmocka_unit_test(a_key_that_does_not_sign_is_told),
		cmocka_unit_test(without_credentials_no_token_is_asked_for),
		cmocka_unit_test(a_token_is_read_with_life_and_rights),
		cmocka_unit_test(an_empty_scope_is_no_right_at_all),
		cmocka_unit_test(odd_lives_are_taken_as_not_said_or_cut),
		cmocka_unit_test(what_is_no_token_is_refused),
		cmocka_unit_test(the_type_of_a_token_may_be_in_any_case),
		cmocka_unit_test(each_refusal_of_a_token_has_its_kind_and_cure),
		cmocka_unit_test(a_ready_token_tells_its_rights),
		cmocka_unit_test(what_is_no_jwt_tells_nothing),
		cmocka_unit_test(an_answer_without_scope_is_completed_from_the_token),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
