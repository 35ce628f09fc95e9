/* A connection from variables alone: whole ones, and everything that is half of one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "config/config.h"
#include "schema/schema.h"

/* NAME=value; ends with NULL. */
static const char *const *variables;
static struct tn_diags *diags;
static struct tn_schemas *schemas;
static struct tn_connections *connections;

static int
setup(void **state TN_UNUSED)
{
	diags = tn_diags_new();
	schemas = tn_schemas_new();
	connections = NULL;
	return 0;
}

static int
teardown(void **state TN_UNUSED)
{
	tn_diags_free(diags);
	tn_connections_free(connections);
	tn_schemas_free(schemas);
	return 0;
}

static const char *
get(void *arg TN_UNUSED, const char *name)
{
	size_t len = strlen(name);

	for (const char *const *at = variables; *at != NULL; at++)
		if (strncmp(*at, name, len) == 0 && (*at)[len] == '=')
			return *at + len + 1;
	return NULL;
}

static int
load(const char *const *environment)
{
	variables = environment;
	return tn_connections_from_environment(get, NULL, schemas, &connections, diags);
}

#define LOAD(...) load((const char *const[]){ __VA_ARGS__, NULL })

static const struct tn_connection_entry *
only_entry(void)
{
	assert_int_equal(tn_diags_count(diags), 0);
	assert_non_null(connections);
	assert_int_equal(connections->n_entries, 1);
	return &connections->entries[0];
}

static void
comes_from(const struct tn_secret_source *source, const char *variable)
{
	assert_int_equal(source->kind, TN_SECRET_ENV);
	assert_string_equal(source->name, variable);
	assert_string_equal(source->mark.file, variable);
}

static void
a_client_and_its_secret(void **state TN_UNUSED)
{
	const struct tn_connection_entry *entry;

	assert_int_equal(LOAD("AUTH0_DOMAIN=Acme.EU.auth0.com", "AUTH0_CLIENT_ID=k3J",
			     "AUTH0_CLIENT_SECRET=x",
			     "AUTH0_AUDIENCE=https://acme.example/api/v2/",
			     "TENON_PLACEHOLDERS=A, B C"),
	    0);
	entry = only_entry();
	assert_null(entry->tenant);
	assert_string_equal(entry->provider, "auth0");
	assert_string_equal(entry->base_url, "https://acme.eu.auth0.com");
	assert_string_equal(entry->audience, "https://acme.example/api/v2/");
	assert_string_equal(entry->client_id, "k3J");
	comes_from(&entry->client_secret, "AUTH0_CLIENT_SECRET");
	assert_int_equal(entry->token.kind, TN_SECRET_NONE);
	assert_int_equal(entry->n_placeholders, 3);
	assert_string_equal(entry->placeholders[2], "C");
	assert_int_equal(entry->rate_share, 100);
	assert_ptr_equal(tn_connections_find(connections, "dev"), entry);
	assert_ptr_equal(tn_connections_find(connections, "prod"), entry);
}

static void
a_token_under_either_name(void **state TN_UNUSED)
{
	assert_int_equal(LOAD("AUTH0_DOMAIN=a.b", "AUTH0_API_TOKEN=x"), 0);
	comes_from(&only_entry()->token, "AUTH0_API_TOKEN");
	assert_null(connections->entries[0].client_id);
	tn_connections_free(connections);
	/* A client id beside it is no second credential. */
	assert_int_equal(LOAD("AUTH0_DOMAIN=a.b", "AUTH0_ACCESS_TOKEN=x",
			     "AUTH0_CLIENT_ID=k3J"),
	    0);
	comes_from(&only_entry()->token, "AUTH0_ACCESS_TOKEN");
}

static void
what_is_empty_is_not_set(void **state TN_UNUSED)
{
	assert_int_equal(LOAD("AUTH0_DOMAIN=", "AUTH0_CLIENT_SECRET=", "ZITADEL_DOMAIN="),
	    0);
	assert_null(connections);
	assert_int_equal(LOAD("PATH=/bin"), 0);
	assert_null(connections);
	assert_int_equal(LOAD("AUTH0_DOMAIN=a.b", "AUTH0_API_TOKEN=x",
			     "AUTH0_ACCESS_TOKEN=", "AUTH0_CLIENT_SECRET="),
	    0);
	comes_from(&only_entry()->token, "AUTH0_API_TOKEN");
}

/* One error finding at that variable, with those words; no value is in it. */
static void
finds(const char *code, const char *place, const char *words)
{
	const struct tn_diag *diag = tn_diags_at(diags, 0);

	assert_null(connections);
	assert_int_equal(tn_diags_errors(diags), 1);
	assert_string_equal(diag->code, code);
	assert_string_equal(diag->mark.file, place);
	if (strstr(diag->message, words) == NULL)
		fail_msg("%s", diag->message);
	assert_null(strstr(diag->message, "s3cr3t"));
	if (diag->hint != NULL)
		assert_null(strstr(diag->hint, "s3cr3t"));
	tn_diags_free(diags);
	diags = tn_diags_new();
}

static void
half_a_connection_is_refused(void **state TN_UNUSED)
{
	assert_int_equal(LOAD("AUTH0_DOMAIN=a.b"), -TN_E_INPUT);
	finds("missing-variable", "AUTH0_DOMAIN", "no variable holds a credential");
	assert_int_equal(LOAD("AUTH0_DOMAIN=a.b", "AUTH0_CLIENT_ID=x"), -TN_E_INPUT);
	finds("missing-variable", "AUTH0_DOMAIN", "no variable holds a credential");
	assert_int_equal(LOAD("AUTH0_DOMAIN=a.b", "AUTH0_CLIENT_SECRET=s3cr3t"),
	    -TN_E_INPUT);
	finds("missing-variable", "AUTH0_CLIENT_ID",
	    "AUTH0_CLIENT_ID is not set, and AUTH0_CLIENT_SECRET is");
	assert_int_equal(LOAD("AUTH0_API_TOKEN=s3cr3t"), -TN_E_INPUT);
	finds("missing-variable", "AUTH0_DOMAIN",
	    "AUTH0_DOMAIN is not set, and AUTH0_API_TOKEN is");
}

static void
two_credentials_are_one_too_many(void **state TN_UNUSED)
{
	static const char *const ways[] = { "AUTH0_CLIENT_SECRET", "AUTH0_API_TOKEN",
		"AUTH0_ACCESS_TOKEN", "AUTH0_CLIENT_ASSERTION_PRIVATE_KEY",
		"AUTH0_CLIENT_SIGNING_KEY_PATH" };

	for (size_t i = 0; i < TN_ARRAY_LEN(ways); i++)
		for (size_t k = i + 1; k < TN_ARRAY_LEN(ways); k++) {
			TN_CLEANUP(tn_str_done) struct tn_str a = TN_STR_INIT;
			TN_CLEANUP(tn_str_done) struct tn_str b = TN_STR_INIT;

			tn_str_addf(&a, "%s=s3cr3t", ways[i]);
			tn_str_addf(&b, "%s=s3cr3t", ways[k]);
			assert_int_equal(LOAD("AUTH0_DOMAIN=a.b", "AUTH0_CLIENT_ID=x",
					     tn_str_text(&a), tn_str_text(&b)),
			    -TN_E_INPUT);
			finds("conflicting-variables", ways[k], ways[i]);
		}
}

static void
a_key_in_either_form(void **state TN_UNUSED)
{
	const struct tn_connection_entry *entry;

	assert_int_equal(LOAD("AUTH0_DOMAIN=a.b", "AUTH0_CLIENT_ID=k3J",
			     "AUTH0_CLIENT_ASSERTION_PRIVATE_KEY=s3cr3t",
			     "AUTH0_CLIENT_ASSERTION_SIGNING_ALG=RS384"),
	    0);
	entry = only_entry();
	assert_string_equal(entry->client_id, "k3J");
	comes_from(&entry->private_key, "AUTH0_CLIENT_ASSERTION_PRIVATE_KEY");
	assert_string_equal(entry->algorithm, "RS384");
	tn_connections_free(connections);
	assert_int_equal(LOAD("AUTH0_DOMAIN=a.b", "AUTH0_CLIENT_ID=k3J",
			     "AUTH0_CLIENT_SIGNING_KEY_PATH=keys/tenon.pem"),
	    0);
	entry = only_entry();
	assert_int_equal(entry->private_key.kind, TN_SECRET_FILE);
	assert_string_equal(entry->private_key.name, "keys/tenon.pem");
	assert_string_equal(entry->private_key.mark.file,
	    "AUTH0_CLIENT_SIGNING_KEY_PATH");
	assert_string_equal(entry->algorithm, "RS256");
}

static void
half_a_key_is_refused(void **state TN_UNUSED)
{
	assert_int_equal(LOAD("AUTH0_DOMAIN=a.b",
			     "AUTH0_CLIENT_ASSERTION_PRIVATE_KEY=s3cr3t"),
	    -TN_E_INPUT);
	finds("missing-variable", "AUTH0_CLIENT_ID",
	    "AUTH0_CLIENT_ID is not set, and AUTH0_CLIENT_ASSERTION_PRIVATE_KEY is");
	assert_int_equal(LOAD("AUTH0_DOMAIN=a.b", "AUTH0_API_TOKEN=s3cr3t",
			     "AUTH0_CLIENT_SIGNING_ALGORITHM=RS256"),
	    -TN_E_INPUT);
	finds("missing-variable", "AUTH0_CLIENT_SIGNING_KEY_PATH",
	    "AUTH0_CLIENT_SIGNING_KEY_PATH is not set");
	assert_int_equal(LOAD("AUTH0_DOMAIN=a.b", "AUTH0_CLIENT_ID=x",
			     "AUTH0_CLIENT_SIGNING_KEY_PATH=k",
			     "AUTH0_CLIENT_SIGNING_ALGORITHM=HS256"),
	    -TN_E_INPUT);
	finds("not-allowed", "AUTH0_CLIENT_SIGNING_ALGORITHM", "not allowed");
}

static void
what_is_not_there_yet_says_so(void **state TN_UNUSED)
{
	assert_int_equal(LOAD("ZITADEL_ACCESS_TOKEN=s3cr3t"), -TN_E_INPUT);
	finds("not-there-yet", "ZITADEL_ACCESS_TOKEN", "ZITADEL");
}

/* The schema of the connections file judges variables too. */
static void
values_are_checked_like_those_of_a_file(void **state TN_UNUSED)
{
	assert_int_equal(LOAD("AUTH0_DOMAIN=https://s3cr3t@a.b", "AUTH0_API_TOKEN=x"),
	    -TN_E_INPUT);
	finds("bad-format", "AUTH0_DOMAIN", "");
	assert_int_equal(LOAD("AUTH0_DOMAIN=10.0.0.1", "AUTH0_API_TOKEN=x"), -TN_E_INPUT);
	finds("bad-domain", "AUTH0_DOMAIN", "is an address");
	assert_int_equal(LOAD("AUTH0_DOMAIN=a.b", "AUTH0_CLIENT_ID=a b",
			     "AUTH0_CLIENT_SECRET=x"),
	    -TN_E_INPUT);
	finds("bad-format", "AUTH0_CLIENT_ID", "");
	assert_int_equal(LOAD("AUTH0_DOMAIN=a.b", "AUTH0_API_TOKEN=x",
			     "AUTH0_AUDIENCE=api"),
	    -TN_E_INPUT);
	finds("bad-format", "AUTH0_AUDIENCE", "");
	assert_int_equal(LOAD("AUTH0_DOMAIN=a.b", "AUTH0_API_TOKEN=x",
			     "TENON_PLACEHOLDERS=A,B-C"),
	    -TN_E_INPUT);
	finds("bad-format", "TENON_PLACEHOLDERS", "");
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_client_and_its_secret),
		TEST(a_token_under_either_name),
		TEST(what_is_empty_is_not_set),
		TEST(half_a_connection_is_refused),
		TEST(two_credentials_are_one_too_many),
		TEST(a_key_in_either_form),
		TEST(half_a_key_is_refused),
		TEST(what_is_not_there_yet_says_so),
		TEST(values_are_checked_like_those_of_a_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
