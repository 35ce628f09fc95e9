/* What a daemon says: status, metrics, events, answers to questions, notifications. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/secret.h"
#include "farm.h"
#include "serve/control.h"
#include "serve/notify.h"
#include "serve/show.h"

#define MINUTE (60 * TN_SEC)
#define ONE    "exports.onExecutePostLogin = one"
#define OTHER  "exports.onExecutePostLogin = other"
#define SYNC(name, more)                                                       \
	("  " name ": {source: https://git.example/farm.git, revision: main, " \
	 "connection: " name ", " more "}\n")

static struct farm farm;

static int
setup(void **state TN_UNUSED)
{
	memset(&farm, 0, sizeof(farm));
	farm_init(&farm);
	farm_tenant(&farm, "dev");
	farm_tenant(&farm, "prod");
	return 0;
}

static int
teardown(void **state TN_UNUSED)
{
	farm_done(&farm);
	return 0;
}

/* --- questions --- */

static const char *
answer_to(const char *question)
{
	static struct tn_str text;

	tn_str_clear(&text);
	tn_control_answer(farm.serve, tn_span(question), &text);
	return tn_str_text(&text);
}

static void
questions_are_answered(void **state TN_UNUSED)
{
	static const struct {
		const char *question, *answer;
	} cases[] = {
		{ "{\"command\":\"sync\",\"sync\":\"dev\"}",
		    "{\"format_version\":\"1.0\",\"sync\":\"dev\"}" },
		{ "{\"command\":\"sync\",\"sync\":\"nobody\"}",
		    "{\"error\":{\"kind\":\"not-found\",\"message\":\"there is no sync "
		    "\\\"nobody\\\"\"}}" },
		{ "{\"command\":\"sync\"}",
		    "{\"error\":{\"kind\":\"input\",\"message\":\"it names no sync\"}}" },
		{ "{\"command\":\"fly\"}",
		    "{\"error\":{\"kind\":\"input\",\"message\":\"this daemon has no such "
		    "command\"}}" },
		{ "{}",
		    "{\"error\":{\"kind\":\"input\",\"message\":\"this daemon has no such "
		    "command\"}}" },
		{ "{\"command\":7}",
		    "{\"error\":{\"kind\":\"input\",\"message\":\"this daemon has no such "
		    "command\"}}" },
		{ "status",
		    "{\"error\":{\"kind\":\"input\",\"message\":\"this is no JSON object\"}"
		    "}" },
		{ "",
		    "{\"error\":{\"kind\":\"input\",\"message\":\"this is no JSON object\"}"
		    "}" },
	};

	farm_start(&farm, SYNC("dev", "mode: report"));
	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++)
		assert_string_equal(answer_to(cases[i].question), cases[i].answer);
}

static void
suspending_is_asked_for_and_seen(void **state TN_UNUSED)
{
	farm_start(&farm, SYNC("dev", "mode: report"));
	farm_wait(&farm, MINUTE);
	assert_string_equal(answer_to("{\"command\":\"suspend\",\"sync\":\"dev\"}"),
	    "{\"format_version\":\"1.0\",\"sync\":\"dev\"}");
	assert_int_equal(farm_view(&farm, "dev").state, TN_SYNC_SUSPENDED);
	assert_non_null(strstr(farm.kept, "\"suspended\":true"));
	answer_to("{\"command\":\"resume\",\"sync\":\"dev\"}");
	assert_int_equal(farm_view(&farm, "dev").state, TN_SYNC_RESTING);
	assert_null(strstr(farm.kept, "\"suspended\""));
}

static void
a_status_tells_what_is_known(void **state TN_UNUSED)
{
	const char *commit = farm_commit(&farm, ONE);
	TN_CLEANUP(tn_str_done) struct tn_str wanted = TN_STR_INIT;
	const char *said;

	farm_start(&farm, SYNC("dev", "mode: apply, interval: 5m, jitter: 0%"));
	assert_string_equal(answer_to("{\"command\":\"status\",\"sync\":\"dev\"}"),
	    "{\"format_version\":\"1.0\",\"syncs\":[{\"name\":\"dev\",\"tenant\":\"dev\","
	    "\"mode\":\"apply\",\"state\":\"resting\",\"outcome\":\"new\","
	    "\"next_in_s\":0}]}");
	farm_wait(&farm, MINUTE);
	said = answer_to("{\"command\":\"status\"}");
	tn_str_addf(&wanted,
	    "\"state\":\"resting\",\"outcome\":\"applied\",\"summary\":\"1 created, 1 flow "
	    "set\",\"commit\":\"%s\",\"seen\":\"%s\",\"run\":\"",
	    commit, commit);
	if (strstr(said, tn_str_text(&wanted)) == NULL)
		fail_msg("%s", said);
	assert_null(strstr(said, "trouble_since"));
}

/* --- metrics --- */

static const char *
metrics(void)
{
	static struct tn_str text;

	tn_str_clear(&text);
	tn_serve_metrics(farm.serve, &text);
	return tn_str_text(&text);
}

static void
has_line(const char *text, const char *line)
{
	TN_CLEANUP(tn_str_done) struct tn_str whole = TN_STR_INIT;

	tn_str_addf(&whole, "\n%s\n", line);
	if (strstr(text, tn_str_text(&whole)) == NULL)
		fail_msg("there is no line \"%s\" in:\n%s", line, text);
}

static void
metrics_count(void **state TN_UNUSED)
{
	const char *text;

	farm_commit(&farm, ONE);
	farm_start(&farm, SYNC("dev", "mode: apply, drift: 1h"));
	farm_wait(&farm, MINUTE);
	farm_meddle(&farm, "dev", OTHER);
	farm_wait(&farm, 120 * MINUTE);
	farm_down(&farm, "dev", true);
	farm_wait(&farm, 120 * MINUTE);
	text = metrics();
	has_line(text, "tenond_looks_total{outcome=\"applied\"} 1");
	has_line(text,
	    "tenond_sync_drift{sync=\"dev\",tenant=\"dev\",kind=\"action\"} 1");
	has_line(text, "tenond_sync_drift{sync=\"dev\",tenant=\"dev\",kind=\"flow\"} 0");
	has_line(text, "tenond_sync_trouble{sync=\"dev\",tenant=\"dev\"} 1");
	has_line(text, "tenond_sync_suspended{sync=\"dev\",tenant=\"dev\"} 0");
	has_line(text, "tenond_converge_seconds_count 1");
	has_line(text, "tenond_rate_limited_total 0");
}

static void
calls_refused_for_the_rate_are_counted(void **state TN_UNUSED)
{
	uint64_t fault;

	farm_commit(&farm, ONE);
	assert_int_equal(
	    tn_sim_fault_add_text(farm.tenants[0].sim, tn_loop_unix(farm.loop),
		"{\"method\":\"GET\",\"path\":\"/actions/actions\",\"nth\":1,"
		"\"do\":\"status\",\"status\":429}",
		&fault, NULL),
	    0);
	farm_start(&farm, SYNC("dev", "mode: apply"));
	farm_wait(&farm, MINUTE);
	has_line(metrics(), "tenond_rate_limited_total 1");
}

/* The exposition format: each family has its help and its type once, before its samples,
 * and no series comes twice. */
static void
metrics_have_the_form_of_prometheus(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_freep) char *text = NULL;
	char family[128] = "";
	char seen[200][160];
	size_t n_seen = 0;

	farm_commit(&farm, ONE);
	farm_start(&farm,
	    "  dev: {source: https://git.example/farm.git, revision: main, "
	    "connection: dev}\n"
	    "  prod: {source: https://git.example/farm.git, revision: main, "
	    "connection: prod}\n");
	farm_wait(&farm, MINUTE);
	text = tn_strdup(metrics());
	for (char *line = text, *end; *line != '\0'; line = end + 1) {
		size_t len = strcspn(line, "{ ");

		end = strchr(line, '\n');
		assert_non_null(end);
		*end = '\0';
		if (tn_text_starts(line, "# HELP ")) {
			snprintf(family, sizeof(family), "%.*s",
			    (int)strcspn(line + 7, " "), line + 7);
			continue;
		}
		if (tn_text_starts(line, "# TYPE ")) {
			assert_int_equal(strncmp(line + 7, family, strlen(family)), 0);
			continue;
		}
		assert_true(tn_text_starts(line, family));
		assert_int_equal(strspn(line, "abcdefghijklmnopqrstuvwxyz_0123456789"),
		    len);
		snprintf(seen[n_seen], sizeof(seen[0]), "%.*s",
		    (int)(strrchr(line, ' ') - line), line);
		for (size_t i = 0; i < n_seen; i++)
			assert_string_not_equal(seen[i], seen[n_seen]);
		n_seen++;
		assert_true(n_seen < TN_ARRAY_LEN(seen));
	}
	assert_true(n_seen > 20);
}

/* --- notifications --- */

/* A transport that keeps what is sent, and answers after a second with a status. */
struct tn_call {
	struct tn_timer timer;
	tn_http_done_fn *done;
	void *arg;
};

static struct post {
	struct tn_transport base;
	int status; /* 0: no answer */
	char *bodies[16];
	size_t n;
} post;

static void
post_answer(void *arg)
{
	struct tn_call *call = arg;
	const struct tn_http_response resp = { .status = post.status };
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	tn_http_done_fn *done = call->done;
	void *to = call->arg;

	tn_free(call);
	if (post.status == 0)
		tn_error_set(&err, TN_E_TRANSIENT, "nobody answers");
	done(to, post.status == 0 ? NULL : &resp, post.status == 0 ? &err : NULL);
}

static struct tn_call *
post_submit(struct tn_transport *transport TN_UNUSED, const struct tn_http_request *req,
    tn_http_done_fn *done, void *arg)
{
	struct tn_call *call = tn_new(struct tn_call);
	TN_CLEANUP(tn_str_done) struct tn_str body = TN_STR_INIT;

	assert_int_equal(req->method, TN_HTTP_POST);
	assert_true(post.n < TN_ARRAY_LEN(post.bodies));
	tn_http_assemble(&req->body, &body);
	post.bodies[post.n++] = tn_str_take(&body);
	call->done = done;
	call->arg = arg;
	tn_timer_start(&call->timer, farm.loop, TN_SEC, post_answer, call);
	return call;
}

static void
post_cancel(struct tn_transport *transport TN_UNUSED, struct tn_call *call)
{
	tn_timer_stop(&call->timer);
	tn_free(call);
}

static void
post_free(struct tn_transport *transport TN_UNUSED)
{
}

#define URL "http://127.0.0.1:9/hooks/very-secret"

static struct tn_notify *notify;
static struct tn_secret *url;
static struct tn_notify_entry entry;
static struct tn_notify_target target;

static int
setup_notify(void **state)
{
	static const struct tn_transport_ops ops = { post_submit, post_cancel,
		post_free };

	memset(&post, 0, sizeof(post));
	post.base.ops = &ops;
	post.status = 204;
	if (setup(state) < 0)
		return -1;
	url = tn_secret_new(URL, strlen(URL));
	entry = (struct tn_notify_entry){
		.text = "${sync} on ${tenant}: ${event}: ${summary}",
		.on = { [TN_NOTICE_TROUBLE] = true, [TN_NOTICE_APPLIED] = true },
		.every_ns = 10 * TN_SEC,
	};
	target = (struct tn_notify_target){ &entry, url };
	notify = tn_notify_new(farm.loop, &post.base, "tenond/test");
	tn_notify_targets(notify, &target, 1);
	return 0;
}

static int
teardown_notify(void **state)
{
	tn_notify_free(notify);
	tn_secret_unref(url);
	for (size_t i = 0; i < post.n; i++)
		tn_free(post.bodies[i]);
	return teardown(state);
}

static void
happens(enum tn_notice notice, const char *summary)
{
	static const struct tn_sync_entry sync = { .name = "dev",
		.connection = "tenant" };
	const struct tn_serve_event event = {
		.notice = notice,
		.entry = &sync,
		.summary = summary,
		.commit = "abc",
		.run_id = "run-1",
	};

	tn_notify_tell(notify, &event);
}

static void
a_program_gets_fields_and_text(void **state TN_UNUSED)
{
	happens(TN_NOTICE_TROUBLE, "it <broke> & \"burns\"");
	farm_wait(&farm, 2 * TN_SEC);
	assert_int_equal(post.n, 1);
	assert_string_equal(post.bodies[0],
	    "{\"text\":\"dev on tenant: trouble: it <broke> & \\\"burns\\\"\","
	    "\"event\":\"trouble\",\"sync\":\"dev\",\"tenant\":\"tenant\","
	    "\"summary\":\"it <broke> & \\\"burns\\\"\",\"commit\":\"abc\","
	    "\"run\":\"run-1\"}");
}

/* A summary has words of others in it: it must call nobody. */
static void
slack_gets_text_that_calls_nobody(void **state TN_UNUSED)
{
	entry.slack = true;
	happens(TN_NOTICE_TROUBLE, "<!channel> & <https://evil.example|look>");
	farm_wait(&farm, 2 * TN_SEC);
	assert_string_equal(post.bodies[0],
	    "{\"text\":\"dev on tenant: trouble: &lt;!channel&gt; &amp; "
	    "&lt;https://evil.example|look&gt;\"}");
}

static void
only_what_is_wanted_is_told(void **state TN_UNUSED)
{
	happens(TN_NOTICE_DRIFT, "a");
	happens(TN_NOTICE_RECOVERED, "b");
	farm_wait(&farm, 60 * TN_SEC);
	assert_int_equal(post.n, 0);
}

static void
messages_keep_to_their_rate(void **state TN_UNUSED)
{
	happens(TN_NOTICE_TROUBLE, "first");
	farm_wait(&farm, 2 * TN_SEC);
	for (unsigned i = 0; i < 5; i++)
		happens(TN_NOTICE_APPLIED, "later");
	farm_wait(&farm, 5 * TN_SEC);
	assert_int_equal(post.n, 1);
	farm_wait(&farm, 10 * TN_SEC);
	assert_int_equal(post.n, 2);
	assert_non_null(strstr(post.bodies[1], "later (4 earlier ones were left out)"));
	farm_wait(&farm, 60 * TN_SEC);
	assert_int_equal(post.n, 2);
}

static void
one_that_is_not_taken_is_tried_three_times(void **state TN_UNUSED)
{
	static const int statuses[] = { 0, 500, 302 };

	for (size_t i = 0; i < TN_ARRAY_LEN(statuses); i++) {
		size_t before = post.n;

		post.status = statuses[i];
		happens(TN_NOTICE_TROUBLE, "lost");
		farm_wait(&farm, 120 * TN_SEC);
		assert_int_equal(post.n - before, 3);
		assert_int_equal(tn_notify_lost(notify), i + 1);
	}
}

static void
one_that_is_taken_late_is_not_lost(void **state TN_UNUSED)
{
	post.status = 503;
	happens(TN_NOTICE_TROUBLE, "late");
	farm_wait(&farm, 3 * TN_SEC);
	post.status = 200;
	farm_wait(&farm, 60 * TN_SEC);
	assert_int_equal(post.n, 2);
	assert_int_equal(tn_notify_lost(notify), 0);
}

static void
without_an_address_nobody_is_told(void **state TN_UNUSED)
{
	target.url = NULL;
	tn_notify_targets(notify, &target, 1);
	happens(TN_NOTICE_TROUBLE, "a");
	farm_wait(&farm, 60 * TN_SEC);
	assert_int_equal(post.n, 0);
}

/* New targets, or the end, while a message is on its way. */
static void
what_is_on_its_way_is_dropped(void **state TN_UNUSED)
{
	happens(TN_NOTICE_TROUBLE, "a");
	farm_wait(&farm, TN_SEC / 2);
	tn_notify_targets(notify, &target, 1);
	farm_wait(&farm, 60 * TN_SEC);
	assert_int_equal(post.n, 1);
	happens(TN_NOTICE_TROUBLE, "b");
	farm_wait(&farm, TN_SEC / 2);
}

/* --- what is kept --- */

static void
what_was_kept_and_is_damaged_is_not_believed(void **state TN_UNUSED)
{
	static const char *const kept[] = { "", "{", "[]", "{\"tenond\":2,\"syncs\":{}}",
		"{\"tenond\":1}", "{\"tenond\":1,\"syncs\":[]}",
		"{\"tenond\":1,\"syncs\":{\"dev\":7}}",
		("{\"tenond\":1,\"syncs\":{\"dev\":{\"good\":7,\"corrections\":[\"x\",-5,"
		 "1e300]}}}") };

	farm_commit(&farm, ONE);
	for (size_t i = 0; i < TN_ARRAY_LEN(kept); i++) {
		tn_free(farm.kept);
		farm.kept = tn_strdup(kept[i]);
		farm_start(&farm, SYNC("dev", "mode: apply"));
		farm_wait(&farm, MINUTE);
		assert_string_equal(farm_runs(&farm, "dev"), ONE);
		assert_non_null(strstr(farm.kept, "{\"tenond\":1,"));
	}
}

/* Kept by a daemon that had this sync, which another one has no more. */
static void
what_is_kept_of_others_is_forgotten(void **state TN_UNUSED)
{
	farm_commit(&farm, ONE);
	farm_start(&farm, SYNC("dev", "mode: apply"));
	farm_wait(&farm, MINUTE);
	farm_start(&farm, SYNC("prod", "mode: apply"));
	farm_wait(&farm, MINUTE);
	assert_null(strstr(farm.kept, "\"dev\""));
	assert_non_null(strstr(farm.kept, "\"prod\""));
}

#define TEST(fn)   cmocka_unit_test_setup_teardown(fn, setup, teardown)
#define NOTIFY(fn) cmocka_unit_test_setup_teardown(fn, setup_notify, teardown_notify)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(questions_are_answered),
		TEST(suspending_is_asked_for_and_seen),
		TEST(a_status_tells_what_is_known),
		TEST(metrics_count),
		TEST(calls_refused_for_the_rate_are_counted),
		TEST(metrics_have_the_form_of_prometheus),
		NOTIFY(a_program_gets_fields_and_text),
		NOTIFY(slack_gets_text_that_calls_nobody),
		NOTIFY(only_what_is_wanted_is_told),
		NOTIFY(messages_keep_to_their_rate),
		NOTIFY(one_that_is_not_taken_is_tried_three_times),
		NOTIFY(one_that_is_taken_late_is_not_lost),
		NOTIFY(without_an_address_nobody_is_told),
		NOTIFY(what_is_on_its_way_is_dropped),
		TEST(what_was_kept_and_is_damaged_is_not_believed),
		TEST(what_is_kept_of_others_is_forgotten),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
