/* Where values come from, what becomes of those that are not there, and that none gets
 * out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/mem.h"
#include "crypto/crypto.h"
#include "desk.h"

#define PROJECT           \
	"tenon: 1\n"      \
	"project: acme\n" \
	"tenants:\n"      \
	"  dev:\n"        \
	"actions:\n"      \
	"  greet: {trigger: post-login@v3, runtime: node22, secrets: [API_KEY]}\n"
#define CONNECTION                       \
	"connections:\n"                 \
	"  dev:\n"                       \
	"    provider: auth0\n"          \
	"    domain: acme.example.com\n" \
	"    clientId: client\n"
#define VALUE "v4lue+of/the \"key\""

static struct desk desk;
static struct desk_run run;

static int
setup(void **state TN_UNUSED)
{
	desk_init(&desk, NULL, NULL);
	desk_put(&desk, "tenon.yaml", PROJECT);
	desk_put(&desk, "greet.js", "exports.onExecutePostLogin = hello\n");
	return 0;
}

static int
teardown(void **state TN_UNUSED)
{
	desk_done(&desk);
	return 0;
}

static void
play(enum tn_command command, enum tn_exit status)
{
	desk_run(&desk, command, &run);
	if (run.result->exit != status)
		fail_msg("%d: %s", (int)run.result->exit, run.text);
}

static void
says(const char *words)
{
	if (strstr(run.text, words) == NULL)
		fail_msg("\"%s\" is not in:\n%s", words, run.text);
}

/* What the tenant has is exactly that value. */
static void
value_is(const char *value)
{
	struct tn_sim_action_view action;
	char hex[TN_SHA256_HEX];

	assert_true(desk_action(&desk, "greet", &action));
	assert_int_equal(action.live.content.n_secrets, 1);
	tn_sha256_hex(tn_span(value), hex);
	assert_string_equal(action.live.content.secrets[0].sha256, hex);
}

static void
find_value(void *arg, const char *name, const void *bytes, size_t len)
{
	const char *value = arg;

	if (memmem(bytes, len, value, strlen(value)) != NULL)
		fail_msg("%s holds the value", name);
}

static void
a_value_comes_from_the_environment_and_gets_out_nowhere(void **state TN_UNUSED)
{
	static char value[] = VALUE;

	desk_set(&desk, "TENON_SECRET_API_KEY", VALUE);
	play(TN_COMMAND_APPLY, TN_EXIT_DONE);
	value_is(VALUE);
	assert_null(strstr(run.text, VALUE));
	assert_null(strstr(run.json, "v4lue"));
	assert_null(strstr(run.json, "the-client-secret"));
	tn_memdisk_each(desk.disk, find_value, value);
	desk_end(&run);
}

static void
the_connection_names_another_source(void **state TN_UNUSED)
{
	desk_connect(&desk,
	    CONNECTION "    clientSecret: {env: CLIENT_SECRET}\n"
		       "    secrets: {API_KEY: {env: OTHER}}\n");
	desk_set(&desk, "TENON_SECRET_API_KEY", "not-this");
	desk_set(&desk, "OTHER", VALUE);
	play(TN_COMMAND_APPLY, TN_EXIT_DONE);
	value_is(VALUE);
	desk_end(&run);
}

static void
a_file_gives_its_bytes_without_one_newline_at_the_end(void **state)
{
	static const struct {
		const char *bytes, *value;
	} rows[] = {
		{ VALUE, VALUE },
		{ VALUE "\n", VALUE },
		{ VALUE "\n\n", VALUE "\n" },
		{ "two\nlines\n", "two\nlines" },
		{ " " VALUE " ", " " VALUE " " },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(rows); i++) {
		desk_connect(&desk,
		    CONNECTION "    clientSecret: {env: CLIENT_SECRET}\n"
			       "    secrets: {API_KEY: {file: key.txt}}\n");
		desk_file(&desk, "key.txt", rows[i].bytes);
		play(TN_COMMAND_APPLY, TN_EXIT_DONE);
		value_is(rows[i].value);
		desk_end(&run);
		teardown(state);
		setup(state);
	}
}

static void
a_file_that_is_not_there_is_an_error_with_its_place(void **state TN_UNUSED)
{
	desk_connect(&desk,
	    CONNECTION "    clientSecret: {env: CLIENT_SECRET}\n"
		       "    secrets: {API_KEY: {file: key.txt}}\n");
	play(TN_COMMAND_APPLY, TN_EXIT_ERROR);
	says("the secret API_KEY of tenant dev: there is no file key.txt");
	assert_int_equal(tn_sim_calls(desk.sim, NULL, NULL), 0);
	desk_end(&run);
}

static void
the_client_secret_may_stand_in_a_file(void **state TN_UNUSED)
{
	const struct tn_sim_client client = { "client", "in-a-file", NULL, NULL };
	struct tn_sim_options options = TN_SIM_OPTIONS_INIT;

	options.clients = &client;
	options.n_clients = 1;
	desk_done(&desk);
	desk_init(&desk, NULL, &options);
	desk_put(&desk, "tenon.yaml", PROJECT);
	desk_put(&desk, "greet.js", "exports.onExecutePostLogin = hello\n");
	desk_connect(&desk, CONNECTION "    clientSecret: {file: client.txt}\n");
	desk_set(&desk, "TENON_SECRET_API_KEY", VALUE);
	desk_file(&desk, "client.txt", "in-a-file\n");
	play(TN_COMMAND_APPLY, TN_EXIT_DONE);
	desk_end(&run);
}

static void
a_client_secret_that_is_not_set_is_an_error_with_the_cure(void **state TN_UNUSED)
{
	desk_set(&desk, "CLIENT_SECRET", NULL);
	play(TN_COMMAND_PLAN, TN_EXIT_ERROR);
	says("the client secret of tenant dev has no value");
	says("set CLIENT_SECRET");
	assert_int_equal(tn_sim_calls(desk.sim, NULL, NULL), 0);
	desk_end(&run);
	/* An empty one is none. */
	desk_set(&desk, "CLIENT_SECRET", "");
	play(TN_COMMAND_PLAN, TN_EXIT_ERROR);
	says("has no value");
	desk_end(&run);
}

static void
a_private_key_that_is_none_is_told_before_the_first_call(void **state TN_UNUSED)
{
	desk_connect(&desk, CONNECTION "    privateKey: {file: key.pem}\n");
	desk_file(&desk, "key.pem", "-----BEGIN PRIVATE KEY-----\ns3cr3t\n");
	play(TN_COMMAND_PLAN, TN_EXIT_ERROR);
	says("[bad-private-key]");
	says("the private key of tenant dev: the key is no private key in PEM form");
	says("connections.yaml:6");
	assert_null(strstr(run.text, "s3cr3t"));
	assert_int_equal(tn_sim_calls(desk.sim, NULL, NULL), 0);
	desk_end(&run);
}

static void
an_apply_without_a_value_is_refused_with_the_place(void **state TN_UNUSED)
{
	play(TN_COMMAND_APPLY, TN_EXIT_ERROR);
	says("[missing-secret]");
	says("tenon.yaml:6");
	says("set TENON_SECRET_API_KEY");
	assert_int_equal(tn_sim_calls(desk.sim, NULL, NULL), 0);
	desk_end(&run);
	desk_connect(&desk,
	    CONNECTION "    clientSecret: {env: CLIENT_SECRET}\n"
		       "    secrets: {API_KEY: {env: OTHER}}\n");
	play(TN_COMMAND_APPLY, TN_EXIT_ERROR);
	says("from the variable OTHER, which is not set");
	desk_end(&run);
}

/* Before the tenant is asked anything, by a plan too. */
static void
a_value_that_the_platform_does_not_take_is_refused(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_str_done) struct tn_str value = TN_STR_INIT;

	while (value.len < 4096)
		tn_str_add(&value, VALUE);
	value.len = 4096;
	value.ptr[4096] = '\0';
	desk_set(&desk, "TENON_SECRET_API_KEY", tn_str_text(&value));
	play(TN_COMMAND_PLAN, TN_EXIT_DONE);
	desk_end(&run);
	tn_str_add(&value, "x");
	desk_set(&desk, "TENON_SECRET_API_KEY", tn_str_text(&value));
	play(TN_COMMAND_PLAN, TN_EXIT_ERROR);
	assert_non_null(strstr(run.text,
	    "the value of the secret API_KEY has 4097 bytes; the platform takes 4096"));
	assert_null(strstr(run.text, VALUE));
	assert_int_equal(run.result->calls, 0);
	desk_end(&run);
}

static void
a_plan_without_a_value_says_that_it_comes_later(void **state TN_UNUSED)
{
	play(TN_COMMAND_PLAN, TN_EXIT_DONE);
	says("secret API_KEY (checked at apply)");
	assert_non_null(strstr(run.json, "\"checked-at-apply\""));
	assert_int_equal(run.result->plan->steps[0].secrets[0].kind, TN_SECRET_LATER);
	assert_null(run.result->plan->steps[0].secrets[0].fingerprint);
	desk_end(&run);
}

static void
with_no_secrets_none_is_asked_for(void **state TN_UNUSED)
{
	desk_connect(&desk,
	    CONNECTION "    clientSecret: {env: CLIENT_SECRET}\n"
		       "    secrets: {API_KEY: {file: key.txt}}\n");
	desk_prepare(&desk, TN_COMMAND_PLAN, &run);
	run.options.no_secrets = true;
	desk_start(&run);
	desk_finish(&run);
	/* The file is not there, and nobody looked. */
	assert_int_equal(run.result->exit, TN_EXIT_DONE);
	says("checked at apply");
	desk_end(&run);
}

static const char *
fingerprint(void)
{
	const struct tn_plan *plan = run.result->plan;

	assert_int_equal(plan->steps[0].n_secrets, 1);
	assert_non_null(plan->steps[0].secrets[0].fingerprint);
	return plan->steps[0].secrets[0].fingerprint;
}

/* Under the operator's key two states give the same, without it they do not. */
static void
fingerprints_are_keyed(void **state)
{
	char first[2][82];

	for (unsigned i = 0; i < 2; i++) {
		desk_set(&desk, "TENON_SECRET_API_KEY", VALUE);
		desk_set(&desk, "TENON_KEY", "a-key-of-the-operator");
		play(TN_COMMAND_PLAN, TN_EXIT_DONE);
		assert_int_equal(strlen(fingerprint()), 81);
		memcpy(first[i], fingerprint(), 82);
		desk_end(&run);
		teardown(state);
		setup(state);
	}
	assert_string_equal(first[0], first[1]);
	desk_set(&desk, "TENON_SECRET_API_KEY", VALUE);
	desk_set(&desk, "TENON_KEY", "another-key");
	play(TN_COMMAND_PLAN, TN_EXIT_DONE);
	assert_string_not_equal(fingerprint(), first[0]);
	desk_end(&run);
	desk_set(&desk, "TENON_KEY", NULL);
	play(TN_COMMAND_PLAN, TN_EXIT_DONE);
	assert_string_not_equal(fingerprint(), first[0]);
	desk_end(&run);
}

static void
a_value_that_stays_is_no_change_and_another_one_is(void **state TN_UNUSED)
{
	uint64_t writes;

	desk_set(&desk, "TENON_SECRET_API_KEY", VALUE);
	play(TN_COMMAND_APPLY, TN_EXIT_DONE);
	desk_end(&run);
	writes = tn_sim_writes(desk.sim);
	play(TN_COMMAND_APPLY, TN_EXIT_DONE);
	assert_int_equal(tn_sim_writes(desk.sim), writes);
	desk_end(&run);
	desk_set(&desk, "TENON_SECRET_API_KEY", "another-value");
	play(TN_COMMAND_APPLY, TN_EXIT_DONE);
	desk_wait(&desk, TN_SEC);
	value_is("another-value");
	desk_end(&run);
}

/* When the platform says that it was written. */
static int64_t
written_at(const struct tn_sim_content *content, const char *name)
{
	for (size_t i = 0; i < content->n_secrets; i++)
		if (strcmp(content->secrets[i].name, name) == 0)
			return content->secrets[i].updated_at;
	fail_msg("there is no secret %s", name);
	return 0;
}

static void
only_values_that_changed_are_sent(void **state TN_UNUSED)
{
	struct tn_sim_action_view action;
	int64_t kept, changed;

	desk_put(&desk, "tenon.yaml",
	    "tenon: 1\nproject: acme\ntenants: {dev: }\nactions:\n"
	    "  greet: {trigger: post-login@v3, runtime: node22, secrets: [A, B]}\n");
	desk_set(&desk, "TENON_SECRET_A", "value-of-a");
	desk_set(&desk, "TENON_SECRET_B", "value-of-b");
	play(TN_COMMAND_APPLY, TN_EXIT_DONE);
	desk_end(&run);
	assert_true(desk_action(&desk, "greet", &action));
	kept = written_at(&action.live.content, "A");
	changed = written_at(&action.live.content, "B");
	desk_wait(&desk, TN_SEC);
	desk_set(&desk, "TENON_SECRET_B", "another-value-of-b");
	play(TN_COMMAND_APPLY, TN_EXIT_DONE);
	desk_end(&run);
	assert_true(desk_action(&desk, "greet", &action));
	assert_int_equal(written_at(&action.live.content, "A"), kept);
	assert_int_not_equal(written_at(&action.live.content, "B"), changed);
}

/* Somebody went back to the first version: the draft still has what is wanted. */
static void
what_the_draft_has_goes_live_without_being_written(void **state TN_UNUSED)
{
	struct tn_sim_action_view action;
	struct tn_sim_version_view version;
	TN_CLEANUP(tn_str_done) struct tn_str path = TN_STR_INIT;
	int64_t written;

	desk_set(&desk, "TENON_SECRET_API_KEY", VALUE);
	play(TN_COMMAND_APPLY, TN_EXIT_DONE);
	desk_end(&run);
	assert_true(desk_action(&desk, "greet", &action));
	version = action.live;
	desk_set(&desk, "TENON_SECRET_API_KEY", "another-value");
	play(TN_COMMAND_APPLY, TN_EXIT_DONE);
	desk_end(&run);
	assert_true(desk_action(&desk, "greet", &action));
	written = written_at(&action.draft, "API_KEY");
	tn_str_addf(&path, "/actions/actions/%s/versions/%s/deploy", action.id,
	    version.id);
	assert_int_equal(desk_other(&desk, "POST", tn_str_text(&path), "{}"), 200);
	desk_wait(&desk, 10 * TN_SEC);
	value_is(VALUE);
	play(TN_COMMAND_APPLY, TN_EXIT_DONE);
	says("deploy the draft, which is what is wanted: secrets");
	says("secret API_KEY (as wanted in what goes live)");
	assert_int_equal(run.result->writes, 1);
	desk_end(&run);
	value_is("another-value");
	assert_true(desk_action(&desk, "greet", &action));
	assert_int_equal(written_at(&action.draft, "API_KEY"), written);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_value_comes_from_the_environment_and_gets_out_nowhere),
		TEST(the_connection_names_another_source),
		TEST(a_file_gives_its_bytes_without_one_newline_at_the_end),
		TEST(a_file_that_is_not_there_is_an_error_with_its_place),
		TEST(the_client_secret_may_stand_in_a_file),
		TEST(a_client_secret_that_is_not_set_is_an_error_with_the_cure),
		TEST(a_private_key_that_is_none_is_told_before_the_first_call),
		TEST(an_apply_without_a_value_is_refused_with_the_place),
		TEST(a_value_that_the_platform_does_not_take_is_refused),
		TEST(a_plan_without_a_value_says_that_it_comes_later),
		TEST(with_no_secrets_none_is_asked_for),
		TEST(fingerprints_are_keyed),
		TEST(only_values_that_changed_are_sent),
		TEST(what_the_draft_has_goes_live_without_being_written),
		TEST(a_value_that_stays_is_no_change_and_another_one_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
