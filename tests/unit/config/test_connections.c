/* The operator's file: where tenants are, and where credentials come from. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "config/config.h"
#include "schema/schema.h"

static struct tn_schemas *schemas;
static struct tn_diags *diags;
static struct tn_connections *connections;

static int
setup(void **state TN_UNUSED)
{
	schemas = tn_schemas_new();
	diags = tn_diags_new();
	connections = NULL;
	return 0;
}

static int
teardown(void **state TN_UNUSED)
{
	tn_schemas_free(schemas);
	tn_diags_free(diags);
	tn_connections_free(connections);
	return 0;
}

static int
load(const char *text)
{
	return tn_connections_load("conn.yaml", tn_span(text), schemas, &connections,
	    diags);
}

static void
assert_source(const struct tn_secret_source *source, enum tn_secret_source_kind kind,
    const char *name, unsigned line)
{
	assert_int_equal(source->kind, kind);
	assert_string_equal(source->name, name);
	assert_string_equal(source->mark.file, "conn.yaml");
	assert_int_equal(source->mark.line, line);
}

static void
a_client_with_everything(void **state TN_UNUSED)
{
	const struct tn_connection_entry *entry;

	assert_int_equal(load("connections:\n"
			      "  prod:\n"
			      "    provider: auth0\n"
			      "    domain: ACME-prod.EU.auth0.com\n"
			      "    audience: https://acme.eu.auth0.com/api/v2/\n"
			      "    clientId: k3J\n"
			      "    clientSecret: {env: CLIENT_SECRET}\n"
			      "    secrets:\n"
			      "      API_KEY: {file: /run/secrets/key}\n"
			      "      OTHER: {env: OTHER_KEY}\n"),
	    0);
	assert_int_equal(tn_diags_count(diags), 0);
	entry = tn_connections_find(connections, "prod");
	assert_non_null(entry);
	assert_string_equal(entry->tenant, "prod");
	assert_int_equal(entry->mark.line, 2);
	assert_string_equal(entry->provider, "auth0");
	assert_string_equal(entry->base_url, "https://acme-prod.eu.auth0.com");
	assert_string_equal(entry->audience, "https://acme.eu.auth0.com/api/v2/");
	assert_string_equal(entry->client_id, "k3J");
	assert_source(&entry->client_secret, TN_SECRET_ENV, "CLIENT_SECRET", 7);
	assert_int_equal(entry->token.kind, TN_SECRET_NONE);
	assert_int_equal(entry->n_secrets, 2);
	assert_string_equal(entry->secrets[0].name, "API_KEY");
	assert_source(&entry->secrets[0].source, TN_SECRET_FILE, "/run/secrets/key", 9);
	assert_string_equal(entry->secrets[1].name, "OTHER");
	assert_source(&entry->secrets[1].source, TN_SECRET_ENV, "OTHER_KEY", 10);
}

static void
a_token_alone_for_a_local_tenant(void **state TN_UNUSED)
{
	const struct tn_connection_entry *entry;

	assert_int_equal(load(
			     "connections:\n"
			     "  dev: {provider: auth0, domain: 'http://127.0.0.1:4010',\n"
			     "        token: {file: token}}\n"
			     "  two: {provider: auth0, domain: a.b, token: {env: T}}\n"),
	    0);
	assert_int_equal(connections->n_entries, 2);
	entry = tn_connections_find(connections, "dev");
	assert_string_equal(entry->base_url, "http://127.0.0.1:4010");
	assert_source(&entry->token, TN_SECRET_FILE, "token", 3);
	assert_int_equal(entry->client_secret.kind, TN_SECRET_NONE);
	assert_null(entry->client_id);
	assert_null(entry->audience);
	assert_int_equal(entry->n_secrets, 0);
	assert_null(tn_connections_find(connections, "de"));
}

static void
a_dialect_is_current_unless_it_says_older(void **state TN_UNUSED)
{
	assert_int_equal(load("connections:\n"
			      "  a: {provider: auth0, domain: a.b, token: {env: T},\n"
			      "      dialect: older}\n"
			      "  b: {provider: auth0, domain: a.b, token: {env: T},\n"
			      "      dialect: current}\n"
			      "  c: {provider: auth0, domain: a.b, token: {env: T}}\n"),
	    0);
	assert_int_equal(tn_connections_find(connections, "a")->dialect,
	    TN_DIALECT_OLDER);
	assert_int_equal(tn_connections_find(connections, "b")->dialect,
	    TN_DIALECT_CURRENT);
	assert_int_equal(tn_connections_find(connections, "c")->dialect,
	    TN_DIALECT_CURRENT);
}

static void
a_client_and_its_key(void **state TN_UNUSED)
{
	const struct tn_connection_entry *entry;

	assert_int_equal(load("connections:\n"
			      "  a: {provider: auth0, domain: a.b, clientId: k3J,\n"
			      "      privateKey: {file: key.pem}}\n"
			      "  b: {provider: auth0, domain: a.b, clientId: k3J,\n"
			      "      privateKey: {env: KEY}, signingAlgorithm: PS256}\n"),
	    0);
	entry = tn_connections_find(connections, "a");
	assert_source(&entry->private_key, TN_SECRET_FILE, "key.pem", 3);
	assert_string_equal(entry->algorithm, "RS256");
	assert_int_equal(entry->client_secret.kind, TN_SECRET_NONE);
	assert_int_equal(entry->token.kind, TN_SECRET_NONE);
	entry = tn_connections_find(connections, "b");
	assert_source(&entry->private_key, TN_SECRET_ENV, "KEY", 5);
	assert_string_equal(entry->algorithm, "PS256");
}

static void
paths_begin_where_the_file_is(void **state TN_UNUSED)
{
	static const struct {
		const char *file, *written, *path;
	} rows[] = {
		{ "conn.yaml", "key", "key" },
		{ "conn.yaml", "/run/key", "/run/key" },
		{ "/etc/tenon/conn.yaml", "key", "/etc/tenon/key" },
		{ "/etc/tenon/conn.yaml", "../key", "/etc/tenon/../key" },
		{ "/etc/tenon/conn.yaml", "/run/key", "/run/key" },
		{ "/conn.yaml", "a/key", "/a/key" },
		{ "ops/conn.yaml", "key", "ops/key" },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(rows); i++) {
		TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

		tn_str_addf(&text,
		    "connections: {a: {provider: auth0, domain: a.b, "
		    "token: {file: %s}}}\n",
		    rows[i].written);
		assert_int_equal(tn_connections_load(rows[i].file,
				     tn_span(tn_str_text(&text)), schemas, &connections,
				     diags),
		    0);
		assert_string_equal(connections->entries[0].token.name, rows[i].path);
		tn_connections_free(connections);
	}
	connections = NULL;
}

static void
a_command_with_its_words(void **state TN_UNUSED)
{
	const struct tn_secret_source *source;

	assert_int_equal(tn_connections_load("/etc/tenon/conn.yaml",
			     tn_span(
				 "connections:\n"
				 "  a: {provider: auth0, domain: a.b,\n"
				 "      token: {command: [vault, -x, 'a b', '1.10'],\n"
				 "              passEnv: [VAULT_ADDR, VAULT_TOKEN]}}\n"),
			     schemas, &connections, diags),
	    0);
	source = &connections->entries[0].token;
	assert_int_equal(source->kind, TN_SECRET_COMMAND);
	assert_string_equal(source->name, "vault");
	assert_string_equal(source->argv[0], "vault");
	assert_string_equal(source->argv[2], "a b");
	assert_string_equal(source->argv[3], "1.10");
	assert_null(source->argv[4]);
	assert_int_equal(source->n_pass_env, 2);
	assert_string_equal(source->pass_env[1], "VAULT_TOKEN");
	assert_null(source->pass_env[2]);
	assert_string_equal(source->directory, "/etc/tenon");
	assert_int_equal(source->mark.line, 3);
}

/* A name alone is looked for in PATH; any other one does not depend on where tenon is. */
static void
a_program_begins_where_the_file_is(void **state TN_UNUSED)
{
	static const struct {
		const char *written, *program;
	} rows[] = { { "vault", "vault" }, { "/bin/vault", "/bin/vault" },
		{ "./vault", "/etc/tenon/./vault" },
		{ "bin/vault", "/etc/tenon/bin/vault" } };

	for (size_t i = 0; i < TN_ARRAY_LEN(rows); i++) {
		TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

		tn_str_addf(&text,
		    "connections: {a: {provider: auth0, domain: a.b, "
		    "token: {command: [%s]}}}\n",
		    rows[i].written);
		assert_int_equal(tn_connections_load("/etc/tenon/conn.yaml",
				     tn_span(tn_str_text(&text)), schemas, &connections,
				     diags),
		    0);
		assert_string_equal(connections->entries[0].token.argv[0],
		    rows[i].program);
		assert_string_equal(connections->entries[0].token.name, rows[i].written);
		tn_connections_free(tn_take(connections));
	}
}

static void
what_placeholders_may_take(void **state TN_UNUSED)
{
	const struct tn_connection_entry *entry;

	assert_int_equal(load("connections:\n"
			      "  a: {provider: auth0, domain: a.b, token: {env: T},\n"
			      "      placeholders: [ISSUER, LOG_LEVEL]}\n"
			      "  b: {provider: auth0, domain: a.b, token: {env: T}}\n"),
	    0);
	entry = tn_connections_find(connections, "a");
	assert_int_equal(entry->n_placeholders, 2);
	assert_string_equal(entry->placeholders[0], "ISSUER");
	assert_string_equal(entry->placeholders[1], "LOG_LEVEL");
	assert_int_equal(tn_connections_find(connections, "b")->n_placeholders, 0);
}

static void
a_share_of_the_rate_limit(void **state TN_UNUSED)
{
	static const struct {
		const char *written;
		unsigned share;
	} rows[] = { { "rate: {share: 50%}", 50 }, { "rate: {share: '1%'}", 1 },
		{ "rate: {share: 100%}", 100 }, { "secrets: {}", 100 } };

	for (size_t i = 0; i < TN_ARRAY_LEN(rows); i++) {
		TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

		tn_str_addf(&text,
		    "connections: {a: {provider: auth0, domain: a.b, "
		    "token: {env: T}, %s}}\n",
		    rows[i].written);
		assert_int_equal(load(tn_str_text(&text)), 0);
		assert_int_equal(connections->entries[0].rate_share, rows[i].share);
		tn_connections_free(tn_take(connections));
	}
}

static void
no_connections_at_all(void **state TN_UNUSED)
{
	assert_int_equal(load("connections: {}\n"), 0);
	assert_int_equal(connections->n_entries, 0);
	assert_null(tn_connections_find(connections, "dev"));
}

/* One entry with this in it is refused in its line. */
static void
assert_refused(const char *members)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

	tn_str_addf(&text, "connections:\n  dev: {provider: auth0, %s}\n", members);
	assert_int_equal(load(tn_str_text(&text)), -TN_E_INPUT);
	assert_null(connections);
	assert_true(tn_diags_errors(diags) > 0);
	assert_int_equal(tn_diags_at(diags, 0)->mark.line, 2);
	tn_diags_free(diags);
	diags = tn_diags_new();
}

static void
credentials_are_one_way_and_whole(void **state TN_UNUSED)
{
	assert_refused("domain: a.b");
	assert_refused("domain: a.b, clientId: x");
	assert_refused("domain: a.b, clientSecret: {env: X}");
	assert_refused("domain: a.b, privateKey: {env: X}");
	assert_refused("domain: a.b, clientId: x, privateKey: {env: X}, token: {env: X}");
	assert_refused(
	    "domain: a.b, clientId: x, privateKey: {env: X}, clientSecret: {env: X}");
	assert_refused("domain: a.b, clientId: x, privateKey: {env: X}, "
		       "signingAlgorithm: HS256");
	assert_refused("domain: a.b, clientId: x, clientSecret: {env: X}, "
		       "signingAlgorithm: RS256");
	assert_refused("domain: a.b, token: {env: X}, clientId: x");
	assert_refused(
	    "domain: a.b, token: {env: X}, clientId: x, clientSecret: {env: X}");
}

static void
values_never_stand_in_the_file(void **state TN_UNUSED)
{
	assert_refused("domain: a.b, token: eyJ");
	assert_refused("domain: a.b, token: {value: eyJ}");
	assert_refused("domain: a.b, token: {}");
	assert_refused("domain: a.b, token: {env: A, file: B}");
	assert_refused("domain: a.b, token: {env: A}, secrets: {KEY: value}");
	assert_refused("domain: a.b, token: {command: [x], env: A}");
	assert_refused("domain: a.b, token: {command: [x], file: A}");
	assert_refused("domain: a.b, token: {command: 'vault read x'}");
	assert_refused("domain: a.b, token: {command: []}");
	assert_refused("domain: a.b, token: {command: ['']}");
	assert_refused("domain: a.b, token: {command: [[x]]}");
	assert_refused("domain: a.b, token: {command: [\"x\\n\"]}");
	assert_refused("domain: a.b, token: {passEnv: [A]}");
	assert_refused("domain: a.b, token: {command: [x], passEnv: [A=b]}");
}

/* What stands where only a source may stand is perhaps the value itself. */
static void
a_value_in_the_wrong_place_is_not_said_back(void **state TN_UNUSED)
{
	static const char *const rows[] = { "token: s3cr3t-value",
		"token: {env: s3cr3t-value}", "token: {value: s3cr3t-value}",
		"token: [s3cr3t-value]", "token: {command: s3cr3t-value}",
		"token: {command: [x], passEnv: [s3cr3t-value]}",
		"clientId: x, clientSecret: s3cr3t-value",
		"token: {env: T}, secrets: {KEY: s3cr3t-value}",
		"token: {env: T}, secrets: s3cr3t-value",
		"token: {env: T}, audience: s3cr3t-value",
		"token: {env: T}, placeholders: [s3cr3t-value]",
		"token: {env: T}, rate: {share: s3cr3t-value}" };

	for (size_t i = 0; i < TN_ARRAY_LEN(rows); i++) {
		TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

		tn_str_addf(&text,
		    "connections: {a: {provider: auth0, domain: a.b, %s}}\n", rows[i]);
		assert_int_equal(load(tn_str_text(&text)), -TN_E_INPUT);
		for (size_t k = 0; k < tn_diags_count(diags); k++) {
			const struct tn_diag *diag = tn_diags_at(diags, k);

			assert_null(strstr(diag->message, "s3cr3t"));
			if (diag->hint != NULL)
				assert_null(strstr(diag->hint, "s3cr3t"));
		}
		tn_diags_free(diags);
		diags = tn_diags_new();
	}
}

static void
shares_and_names_are_checked(void **state TN_UNUSED)
{
	static const char *const shares[] = { "0%", "101%", "50", "0.5", "-1%", "050%",
		"50 %", "%", "1000%", "[50%]" };
	static const char *const names[] = { "A", "[a-b]", "[1A]", "[A, A]", "['']",
		"[A=B]", "{A: B}" };

	for (size_t i = 0; i < TN_ARRAY_LEN(shares); i++) {
		TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

		tn_str_addf(&text, "domain: a.b, token: {env: X}, rate: {share: %s}",
		    shares[i]);
		assert_refused(tn_str_text(&text));
	}
	assert_refused("domain: a.b, token: {env: X}, rate: 50%");
	assert_refused("domain: a.b, token: {env: X}, rate: {}");
	for (size_t i = 0; i < TN_ARRAY_LEN(names); i++) {
		TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

		tn_str_addf(&text, "domain: a.b, token: {env: X}, placeholders: %s",
		    names[i]);
		assert_refused(tn_str_text(&text));
	}
}

static void
a_domain_is_demanded_and_checked(void **state TN_UNUSED)
{
	assert_refused("token: {env: X}");
	assert_refused("domain: 'https://a.b', token: {env: X}");
	assert_refused("domain: 'http://a.b', token: {env: X}");
	assert_refused("domain: 'a.b/c', token: {env: X}");
}

/* What the schema lets through and a tenant cannot be. */
static void
an_address_is_no_domain(void **state TN_UNUSED)
{
	const struct tn_diag *diag;

	assert_int_equal(
	    load("connections:\n"
		 "  dev: {provider: auth0, domain: 10.0.0.1, token: {env: X}}\n"),
	    -TN_E_INPUT);
	assert_int_equal(tn_diags_count(diags), 1);
	diag = tn_diags_at(diags, 0);
	assert_string_equal(diag->code, "bad-domain");
	assert_int_equal(diag->mark.line, 2);
	assert_int_equal(diag->mark.col, 34);
	assert_string_equal(diag->resource, "connection/dev");
	assert_non_null(strstr(diag->message, "\"10.0.0.1\" is an address"));
	assert_non_null(strstr(diag->hint, "acme.eu.auth0.com"));
}

static void
all_findings_come_in_one_run(void **state TN_UNUSED)
{
	assert_int_equal(
	    load("connections:\n"
		 "  a: {provider: auth0, domain: 10.0.0.1, token: {env: X}}\n"
		 "  b: {provider: auth0, domain: 10.0.0.2, token: {env: X}}\n"),
	    -TN_E_INPUT);
	assert_int_equal(tn_diags_errors(diags), 2);
}

static void
what_is_no_connections_file(void **state TN_UNUSED)
{
	static const char *const texts[] = { "", "[]", "connections: [a]", "x: {", "a: b",
		"connections: {dev: }",
		"connections: {dev: {provider: x, domain: a.b, token: {env: X}}}" };

	for (size_t i = 0; i < TN_ARRAY_LEN(texts); i++) {
		size_t before = tn_diags_errors(diags);

		assert_int_equal(load(texts[i]), -TN_E_INPUT);
		assert_null(connections);
		assert_true(tn_diags_errors(diags) > before);
	}
	tn_connections_free(NULL);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_client_with_everything),
		TEST(a_token_alone_for_a_local_tenant),
		TEST(a_dialect_is_current_unless_it_says_older),
		TEST(a_client_and_its_key),
		TEST(paths_begin_where_the_file_is),
		TEST(a_command_with_its_words),
		TEST(a_program_begins_where_the_file_is),
		TEST(what_placeholders_may_take),
		TEST(a_share_of_the_rate_limit),
		TEST(no_connections_at_all),
		TEST(credentials_are_one_way_and_whole),
		TEST(values_never_stand_in_the_file),
		TEST(a_value_in_the_wrong_place_is_not_said_back),
		TEST(shares_and_names_are_checked),
		TEST(a_domain_is_demanded_and_checked),
		TEST(an_address_is_no_domain),
		TEST(all_findings_come_in_one_run),
		TEST(what_is_no_connections_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
