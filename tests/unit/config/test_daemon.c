/* tenond.yaml: the syncs of a daemon. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/mem.h"
#include "config/daemon.h"
#include "schema/schema.h"

static struct tn_schemas *schemas;
static struct tn_diags *diags;
static struct tn_daemon *daemon;

static int
setup(void **state TN_UNUSED)
{
	schemas = tn_schemas_new();
	diags = tn_diags_new();
	daemon = NULL;
	return 0;
}

static int
teardown(void **state TN_UNUSED)
{
	tn_schemas_free(schemas);
	tn_diags_free(diags);
	tn_daemon_free(daemon);
	return 0;
}

static int
load(const char *text)
{
	return tn_daemon_load("etc/tenond.yaml", tn_span(text), schemas, &daemon, diags);
}

static void
assert_one_finding(const char *code, unsigned line, const char *message, const char *hint)
{
	const struct tn_diag *diag = tn_diags_at(diags, 0);

	assert_int_equal(tn_diags_count(diags), 1);
	assert_string_equal(diag->code, code);
	assert_int_equal(diag->mark.line, line);
	assert_string_equal(diag->message, message);
	assert_string_equal(diag->hint, hint);
	assert_null(daemon);
}

static void
the_least(void **state TN_UNUSED)
{
	const struct tn_sync_entry *sync;

	assert_int_equal(
	    load("tenond: 1\n"
		 "connections: connections.yaml\n"
		 "syncs:\n"
		 "  dev: {source: /srv/login.git, revision: main, connection: dev-eu}\n"),
	    0);
	assert_string_equal(daemon->connections, "connections.yaml");
	assert_null(daemon->state);
	assert_null(daemon->cache);
	assert_null(daemon->control);
	assert_null(daemon->listen_address);
	assert_int_equal(daemon->runs, 8);
	assert_int_equal(daemon->n_webhooks, 0);
	assert_int_equal(daemon->n_notify, 0);
	assert_int_equal(daemon->n_syncs, 1);
	sync = &daemon->syncs[0];
	assert_string_equal(sync->name, "dev");
	assert_string_equal(sync->source, "/srv/login.git");
	assert_string_equal(sync->revision, "main");
	assert_string_equal(sync->connection, "dev-eu");
	assert_null(sync->path);
	assert_null(sync->after);
	assert_int_equal(sync->mode, TN_SYNC_REPORT);
	assert_int_equal(sync->interval_ns, 300 * TN_SEC);
	assert_int_equal(sync->drift_ns, 3600 * TN_SEC);
	assert_int_equal(sync->jitter, 10);
	assert_int_equal(sync->corrections, 20);
	assert_false(sync->suspend);
}

static void
everything(void **state TN_UNUSED)
{
	const struct tn_notify_entry *notify;
	const struct tn_sync_entry *sync;

	assert_int_equal(load("tenond: 1\n"
			      "connections: /etc/tenon/connections.yaml\n"
			      "state: /var/lib/tenond/state.db\n"
			      "cache: /var/cache/tenond\n"
			      "control: /run/tenond/control.sock\n"
			      "listen: '[::1]:9464'\n"
			      "runs: 3\n"
			      "webhooks:\n"
			      "  forge: {host: gitea, secret: {file: forge.key}}\n"
			      "notify:\n"
			      "  - kind: slack\n"
			      "    url: {env: SLACK_URL}\n"
			      "    on: [trouble, recovered]\n"
			      "    text: '${tenant}: ${event} at ${commit}'\n"
			      "    every: 30s\n"
			      "syncs:\n"
			      "  staging: {source: https://git.example/a.git,\n"
			      "    revision: main, connection: staging, mode: apply}\n"
			      "  prod:\n"
			      "    source: https://git.example/a.git\n"
			      "    revision: main\n"
			      "    path: tenants/login\n"
			      "    connection: prod\n"
			      "    mode: enforce\n"
			      "    interval: 90s\n"
			      "    jitter: 0%\n"
			      "    drift: 12h\n"
			      "    suspend: true\n"
			      "    after: staging\n"
			      "    corrections: 5\n"),
	    0);
	assert_string_equal(daemon->listen_address, "::1");
	assert_int_equal(daemon->listen_port, 9464);
	assert_int_equal(daemon->runs, 3);
	assert_string_equal(daemon->webhooks[0].name, "forge");
	assert_int_equal(daemon->webhooks[0].host, TN_HOST_GITEA);
	/* A path begins where the file is. */
	assert_string_equal(daemon->webhooks[0].secret.name, "etc/forge.key");
	notify = &daemon->notify[0];
	assert_true(notify->slack);
	assert_string_equal(notify->url.name, "SLACK_URL");
	assert_int_equal(notify->every_ns, 30 * TN_SEC);
	assert_true(notify->on[TN_NOTICE_TROUBLE]);
	assert_true(notify->on[TN_NOTICE_RECOVERED]);
	assert_false(notify->on[TN_NOTICE_APPLIED]);
	assert_false(notify->on[TN_NOTICE_CORRECTED]);
	assert_false(notify->on[TN_NOTICE_DRIFT]);
	sync = tn_daemon_sync(daemon, "prod");
	assert_string_equal(sync->path, "tenants/login");
	assert_int_equal(sync->mode, TN_SYNC_ENFORCE);
	assert_int_equal(sync->interval_ns, 90 * TN_SEC);
	assert_int_equal(sync->drift_ns, (int64_t)12 * 3600 * TN_SEC);
	assert_int_equal(sync->jitter, 0);
	assert_true(sync->suspend);
	assert_string_equal(sync->after, "staging");
	assert_int_equal(sync->corrections, 5);
	assert_null(tn_daemon_sync(daemon, "production"));
}

static void
paths_begin_at_the_file(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_freep) char *relative = NULL;
	TN_CLEANUP(tn_freep) char *absolute = NULL;

	assert_int_equal(
	    load("tenond: 1\nconnections: c.yaml\n"
		 "syncs: {a: {source: r.git, revision: main, connection: a}}\n"),
	    0);
	relative = tn_daemon_path(daemon, "c.yaml");
	absolute = tn_daemon_path(daemon, "/c.yaml");
	assert_string_equal(relative, "etc/c.yaml");
	assert_string_equal(absolute, "/c.yaml");
}

#define HEAD "tenond: 1\nconnections: c.yaml\nsyncs:\n"

static void
after_names_a_sync(void **state TN_UNUSED)
{
	assert_int_equal(
	    load(HEAD
		"  staging: {source: r, revision: main, connection: a, mode: apply}\n"
		"  prod: {source: r, revision: main, connection: b, after: stagign}\n"),
	    -TN_E_INPUT);
	assert_one_finding("unknown-sync", 5, "after: stagign is no sync of this file",
	    "did you mean \"staging\"?");
}

static void
after_makes_no_circle(void **state TN_UNUSED)
{
	assert_int_equal(
	    load(HEAD "  a: {source: r, revision: main, connection: a, mode: apply}\n"
		      "  b: {source: r, revision: main, connection: b, after: b}\n"),
	    -TN_E_INPUT);
	assert_one_finding("sync-circle", 5, "after: b waits for this one in turn",
	    "each sync of a chain waits for the one before it, and the first for none");
}

static void
after_follows_the_same_commits(void **state TN_UNUSED)
{
	assert_int_equal(
	    load(HEAD "  a: {source: r, revision: main, connection: a, mode: apply}\n"
		      "  b: {source: r, revision: prod, connection: b, after: a}\n"),
	    -TN_E_INPUT);
	assert_one_finding("sync-elsewhere", 5, "after: a has another source or revision",
	    "both follow the same commits: give both the same source and revision");
}

static void
after_one_that_only_reports(void **state TN_UNUSED)
{
	assert_int_equal(
	    load(HEAD "  a: {source: r, revision: main, connection: a}\n"
		      "  b: {source: r, revision: main, connection: b, after: a}\n"),
	    -TN_E_INPUT);
	assert_one_finding("sync-elsewhere", 5,
	    "after: a only reports, so that nothing is ever applied there",
	    "give it mode: apply or mode: enforce");
}

static void
texts_have_known_fields(void **state TN_UNUSED)
{
	assert_int_equal(
	    load("tenond: 1\nconnections: c.yaml\n"
		 "notify: [{kind: slack, url: {env: U}, text: 'a ${sync} ${tenat}'}]\n"
		 "syncs: {a: {source: r, revision: main, connection: a}}\n"),
	    -TN_E_INPUT);
	assert_one_finding("unknown-field", 3, "a notification has no field \"tenat\"",
	    "did you mean ${tenant}?");
}

static void
ports_end_at_65535(void **state TN_UNUSED)
{
	assert_int_equal(load("tenond: 1\nconnections: c.yaml\nlisten: 127.0.0.1:65536\n"
			      "syncs: {a: {source: r, revision: main, connection: a}}\n"),
	    -TN_E_INPUT);
	assert_one_finding("out-of-range", 3, "there is no port 65536",
	    "a port is a number up to 65535; 0 takes a free one");
}

static void
texts_are_expanded_once(void **state TN_UNUSED)
{
	const char *const values[TN_FIELD__COUNT] = {
		[TN_FIELD_SYNC] = "${tenant}",
		[TN_FIELD_TENANT] = "t",
		[TN_FIELD_SUMMARY] = "two changes",
	};
	TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;

	tn_notice_expand("${sync}/${tenant}: ${summary}${commit}, $5 ${", values, &out);
	assert_string_equal(tn_str_text(&out), "${tenant}/t: two changes, $5 ${");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_least, setup, teardown),
		cmocka_unit_test_setup_teardown(everything, setup, teardown),
		cmocka_unit_test_setup_teardown(paths_begin_at_the_file, setup, teardown),
		cmocka_unit_test_setup_teardown(after_names_a_sync, setup, teardown),
		cmocka_unit_test_setup_teardown(after_makes_no_circle, setup, teardown),
		cmocka_unit_test_setup_teardown(after_follows_the_same_commits, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(after_one_that_only_reports, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(texts_have_known_fields, setup, teardown),
		cmocka_unit_test_setup_teardown(ports_end_at_65535, setup, teardown),
		cmocka_unit_test_setup_teardown(texts_are_expanded_once, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
