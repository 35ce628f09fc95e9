/* The transport and our own server against each other, in one loop. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "web/web.h"
#include "world.h"

enum { MAX_HELD = 64 };

/* What the server does is in the path; "/hold" is answered by the test, or never. */
static struct server {
	struct tn_web *web;
	unsigned requests, gone;
	struct tn_web_request *held[MAX_HELD];
	unsigned n_held;
} server;

static void
echo(struct tn_web_request *request, const struct tn_web_view *view)
{
	struct tn_str text = TN_STR_INIT;

	tn_str_addf(&text, "%s %s?%s\n", view->method, view->path, view->query);
	for (size_t i = 0; i < view->n_headers; i++)
		tn_str_addf(&text, "%s: %s\n", view->headers[i].name,
		    view->headers[i].value);
	tn_str_add(&text, "\n");
	tn_str_add_bytes(&text, view->body.ptr, view->body.len);
	tn_web_answer(request, 200, NULL, 0, tn_str_span(&text));
	tn_str_done(&text);
}

static void
on_request(void *arg TN_UNUSED, struct tn_web_request *request,
    const struct tn_web_view *view)
{
	static const struct tn_web_field away[] = { { "Location", "/echo" },
		{ "X-RateLimit-Reset", "1700000000" } };

	server.requests++;
	if (tn_text_starts(view->path, "/echo")) {
		echo(request, view);
	} else if (tn_text_equal(view->path, "/length")) {
		struct tn_str text = TN_STR_INIT;

		tn_str_addf(&text, "%zu", view->body.len);
		tn_web_answer(request, 201, NULL, 0, tn_str_span(&text));
		tn_str_done(&text);
	} else if (tn_text_starts(view->path, "/away/")) {
		tn_web_answer(request, atoi(view->path + strlen("/away/")), away, 2,
		    tn_span("elsewhere"));
	} else if (tn_text_equal(view->path, "/drop")) {
		tn_web_drop(request);
	} else if (tn_text_equal(view->path, "/cut")) {
		tn_web_cut(request, 200, NULL, 0, tn_span("{\"id\":1}"), 4);
	} else if (tn_text_equal(view->path, "/none")) {
		tn_web_answer(request, 204, NULL, 0, tn_span(""));
	} else {
		assert_true(server.n_held < MAX_HELD);
		server.held[server.n_held++] = request;
	}
}

static void
on_gone(void *arg TN_UNUSED, struct tn_web_request *request)
{
	server.gone++;
	for (unsigned i = 0; i < server.n_held; i++) {
		if (server.held[i] == request)
			server.held[i] = NULL;
	}
}

static void
release(unsigned i, const char *body)
{
	struct tn_web_request *request = server.held[i];

	server.held[i] = NULL;
	tn_web_answer(request, 200, NULL, 0, tn_span(body));
}

static int
setup(void **state TN_UNUSED)
{
	static const struct tn_web_options options = { .max_body = (size_t)4 << 20 };

	world_open();
	server = (struct server){ 0 };
	server.web = tn_web_open(world_loop(), &options, on_request, on_gone, NULL, NULL);
	assert_non_null(server.web);
	return 0;
}

static int
teardown(void **state TN_UNUSED)
{
	tn_web_close(server.web);
	world_close();
	return 0;
}

static const char *
at(const char *path)
{
	return url_of(tn_web_port(server.web), path);
}

/* A line of the echo, or NULL. Names of headers without case. */
static const char *
line_of(const struct sent *sent, const char *begin)
{
	const char *line = sent->body;

	while (line != NULL && *line != '\0' && *line != '\n') {
		if (strncasecmp(line, begin, strlen(begin)) == 0)
			return line;
		line = strchr(line, '\n');
		line = line != NULL ? line + 1 : NULL;
	}
	return NULL;
}

static const char *
body_of(const struct sent *sent)
{
	return strstr(sent->body, "\n\n") + 2;
}

static void
every_method_arrives_with_its_body(void **state TN_UNUSED)
{
	static const struct {
		enum tn_http_method method;
		const char *body, *first, *length;
	} cases[] = {
		{ TN_HTTP_GET, NULL, "GET /echo?a=%2F&b\n", NULL },
		{ TN_HTTP_POST, "{\"a\":1}", "POST /echo?a=%2F&b\n",
		    "Content-Length: 7\n" },
		{ TN_HTTP_POST, NULL, "POST /echo?a=%2F&b\n", "Content-Length: 0\n" },
		{ TN_HTTP_PATCH, "{}", "PATCH /echo?a=%2F&b\n", "Content-Length: 2\n" },
		{ TN_HTTP_PATCH, NULL, "PATCH /echo?a=%2F&b\n", "Content-Length: 0\n" },
		{ TN_HTTP_PUT, "x", "PUT /echo?a=%2F&b\n", "Content-Length: 1\n" },
		{ TN_HTTP_DELETE, NULL, "DELETE /echo?a=%2F&b\n", NULL },
		{ TN_HTTP_DELETE, "{}", "DELETE /echo?a=%2F&b\n", "Content-Length: 2\n" },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		struct sent sent = { 0 };

		exchange(&sent, cases[i].method, at("/echo?a=%2F&b"), cases[i].body);
		assert_true(sent.answered);
		assert_int_equal(sent.completions, 1);
		assert_int_equal(sent.status, 200);
		assert_ptr_equal(line_of(&sent, cases[i].first), sent.body);
		if (cases[i].length != NULL)
			assert_non_null(line_of(&sent, cases[i].length));
		else
			assert_null(line_of(&sent, "Content-Length:"));
		assert_string_equal(body_of(&sent),
		    cases[i].body != NULL ? cases[i].body : "");
		/* Nothing that nobody asked for. */
		assert_null(line_of(&sent, "Content-Type:"));
		assert_null(line_of(&sent, "Expect:"));
		assert_null(line_of(&sent, "Cookie:"));
		assert_null(line_of(&sent, "Authorization:"));
		assert_non_null(line_of(&sent, "User-Agent: tenon-test/1\n"));
		sent_done(&sent);
	}
}

static void
headers_and_secrets_arrive(void **state TN_UNUSED)
{
	struct tn_secret *token = tn_secret_new("t0k.en", 6);
	struct tn_secret *pass = tn_secret_new("a&b c", 5);
	struct tn_http_request req;
	struct sent sent = { 0 };

	tn_http_request_init(&req, TN_HTTP_POST, at("/echo"));
	tn_http_header_secret(&req, "Authorization", "Bearer ", token);
	tn_http_header_add(&req, "Content-Type", "application/x-www-form-urlencoded");
	tn_http_header_add(&req, "X-Empty", "");
	tn_http_body_text(&req, "client_secret=");
	tn_http_body_secret(&req, pass, TN_HTTP_FORM);
	send_request(&sent, world_curl(), &req);
	tn_http_request_done(&req); /* the transport has what it needs */
	tn_secret_unref(token);
	tn_secret_unref(pass);
	run_until_done();
	assert_non_null(line_of(&sent, "Authorization: Bearer t0k.en\n"));
	assert_non_null(
	    line_of(&sent, "Content-Type: application/x-www-form-urlencoded\n"));
	assert_non_null(line_of(&sent, "X-Empty: \n"));
	assert_string_equal(body_of(&sent), "client_secret=a%26b%20c");
	sent_done(&sent);
}

static void
a_path_is_sent_as_it_is_written(void **state TN_UNUSED)
{
	struct sent sent = { 0 };

	exchange(&sent, TN_HTTP_GET, at("/echo//a%2Fb;c=..?d%20e"), NULL);
	assert_ptr_equal(line_of(&sent, "GET /echo//a%2Fb;c=..?d%20e\n"), sent.body);
	sent_done(&sent);
}

static void
a_large_body_arrives_at_once_and_whole(void **state TN_UNUSED)
{
	enum { LEN = 3 << 20 };
	char *body = tn_alloc(LEN + 1, 1);
	struct sent sent = { 0 };

	memset(body, 'x', LEN);
	exchange(&sent, TN_HTTP_PATCH, at("/length"), body);
	assert_int_equal(sent.status, 201);
	assert_string_equal(sent.body, "3145728");
	sent_done(&sent);
	exchange(&sent, TN_HTTP_POST, at("/echo"), body);
	assert_int_equal(strlen(body_of(&sent)), LEN);
	assert_null(line_of(&sent, "Expect:"));
	sent_done(&sent);
	tn_free(body);
}

static void
a_body_that_the_server_finds_too_large_is_an_answer(void **state TN_UNUSED)
{
	enum { LEN = 5 << 20 };
	char *body = tn_alloc(LEN + 1, 1);
	struct sent sent = { 0 };

	memset(body, 'x', LEN);
	exchange(&sent, TN_HTTP_POST, at("/length"), body);
	assert_int_equal(sent.status, 413);
	assert_int_equal(server.requests, 0);
	sent_done(&sent);
	tn_free(body);
}

/* Whoever is named in it gets neither the request nor what proves who we are. */
static void
a_redirect_is_an_answer_like_any_other(void **state TN_UNUSED)
{
	static const int statuses[] = { 300, 301, 302, 303, 307, 308 };
	unsigned before = server.requests;

	for (size_t i = 0; i < TN_ARRAY_LEN(statuses); i++) {
		struct sent sent = { .want_field = "location" };
		char path[16];

		snprintf(path, sizeof(path), "/away/%d", statuses[i]);
		exchange(&sent, i % 2 == 0 ? TN_HTTP_GET : TN_HTTP_PATCH, at(path), NULL);
		assert_int_equal(sent.status, statuses[i]);
		assert_string_equal(sent.field, "/echo");
		assert_string_equal(sent.body, "elsewhere");
		assert_int_equal(server.requests, before + i + 1);
		sent_done(&sent);
	}
}

static void
an_answer_may_have_no_body(void **state TN_UNUSED)
{
	struct sent sent = { 0 };

	exchange(&sent, TN_HTTP_DELETE, at("/none"), NULL);
	assert_int_equal(sent.status, 204);
	assert_string_equal(sent.body, "");
	sent_done(&sent);
}

static void
dropped_and_cut_answers_are_unknown(void **state TN_UNUSED)
{
	static const char *const paths[] = { "/drop", "/cut" };

	for (size_t i = 0; i < 4; i++) {
		struct sent sent = { 0 };

		exchange(&sent, i < 2 ? TN_HTTP_POST : TN_HTTP_GET, at(paths[i % 2]),
		    NULL);
		assert_failed(&sent, TN_E_UNKNOWN, paths[i % 2]);
		assert_true((sent.err.hint != NULL) == (i < 2));
		assert_int_equal(server.requests, i + 1);
		sent_done(&sent);
	}
}

static void
a_dropped_kept_connection_is_not_used_for_a_second_effect(void **state TN_UNUSED)
{
	struct sent sent = { 0 };

	exchange(&sent, TN_HTTP_GET, at("/echo"), NULL);
	sent_done(&sent);
	exchange(&sent, TN_HTTP_POST, at("/drop"), "{}");
	assert_failed(&sent, TN_E_UNKNOWN, "/drop");
	run_for(20 * TN_MSEC);
	assert_int_equal(server.requests, 2);
	sent_done(&sent);
}

static void
calls_run_side_by_side(void **state TN_UNUSED)
{
	struct sent slow = { 0 }, fast = { 0 };

	send_plain(&slow, TN_HTTP_POST, at("/hold"), "{}");
	send_plain(&fast, TN_HTTP_GET, at("/echo"), NULL);
	WAIT_FOR(fast.completions == 1 && server.n_held == 1);
	assert_int_equal(slow.completions, 0);
	release(0, "late");
	run_until_done();
	assert_string_equal(slow.body, "late");
	sent_done(&slow);
	sent_done(&fast);
}

static void
many_calls_share_few_connections(void **state TN_UNUSED)
{
	enum { COUNT = 40 };
	struct sent sent[COUNT] = { 0 };

	for (int i = 0; i < COUNT; i++)
		send_plain(&sent[i], TN_HTTP_GET, at(i % 3 == 0 ? "/none" : "/echo"),
		    NULL);
	run_until_done();
	assert_int_equal(server.requests, COUNT);
	for (int i = 0; i < COUNT; i++) {
		assert_int_equal(sent[i].completions, 1);
		assert_int_equal(sent[i].status, i % 3 == 0 ? 204 : 200);
		sent_done(&sent[i]);
	}
	/* No more than six at a time. */
	for (int i = 0; i < COUNT; i++)
		send_plain(&sent[i], TN_HTTP_GET, at("/hold"), NULL);
	WAIT_FOR(server.n_held == 6);
	run_for(50 * TN_MSEC);
	assert_int_equal(server.n_held, 6);
	for (int i = 0; i < COUNT; i++)
		sent_cancel(&sent[i]);
}

static void
a_cancelled_call_does_not_complete_and_others_do(void **state TN_UNUSED)
{
	struct sent cancelled = { 0 }, kept = { 0 };

	send_plain(&cancelled, TN_HTTP_GET, at("/hold"), NULL);
	send_plain(&kept, TN_HTTP_GET, at("/hold"), NULL);
	WAIT_FOR(server.n_held == 2);
	sent_cancel(&cancelled);
	WAIT_FOR(server.gone == 1); /* the connection went with it */
	release(server.held[0] != NULL ? 0 : 1, "kept");
	run_until_done();
	assert_string_equal(kept.body, "kept");
	assert_int_equal(cancelled.completions, 0);
	sent_done(&kept);
}

static void
a_call_can_be_cancelled_before_the_loop_runs(void **state TN_UNUSED)
{
	struct sent good = { 0 }, bad = { 0 };

	send_plain(&good, TN_HTTP_GET, at("/echo"), NULL);
	send_plain(&bad, TN_HTTP_GET, "nonsense", NULL);
	sent_cancel(&good);
	sent_cancel(&bad);
	run_for(30 * TN_MSEC);
	assert_int_equal(good.completions, 0);
	assert_int_equal(bad.completions, 0);
	assert_int_equal(server.requests, 0);
}

static void
freeing_ends_open_calls_silently(void **state TN_UNUSED)
{
	static const struct tn_curl_options options = { .user_agent = "x" };
	struct tn_transport *curl = tn_curl_new(world_loop(), &options, NULL);
	struct sent sent[3] = { 0 };
	struct tn_http_request req;

	tn_http_request_init(&req, TN_HTTP_GET, at("/hold"));
	send_request(&sent[0], curl, &req);
	WAIT_FOR(server.n_held == 1);
	send_request(&sent[1], curl, &req);
	tn_http_request_done(&req);
	tn_http_request_init(&req, TN_HTTP_GET, "nonsense");
	send_request(&sent[2], curl, &req);
	tn_http_request_done(&req);
	tn_transport_free(curl);
	WAIT_FOR(server.gone == 1);
	run_for(20 * TN_MSEC);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(sent[i].completions, 0);
}

/* A call whose completion does something to the transport. */
struct meddler {
	struct tn_transport *curl;
	struct tn_call *victim;
	struct sent next;
	bool done;
};

static void
on_done_meddle(void *arg, const struct tn_http_response *resp,
    const struct tn_error *err TN_UNUSED)
{
	struct meddler *meddler = arg;

	meddler->done = true;
	assert_non_null(resp);
	if (meddler->victim != NULL)
		tn_transport_cancel(meddler->curl, meddler->victim);
	send_plain(&meddler->next, TN_HTTP_GET, at("/echo"), NULL);
	if (meddler->curl != world_curl())
		tn_transport_free(meddler->curl);
	/* What was handed over is still there. */
	assert_int_equal(resp->status, 200);
	assert_true(resp->body.len > 0);
}

static void
a_completion_may_cancel_submit_and_free(void **state TN_UNUSED)
{
	static const struct tn_curl_options options = { .user_agent = "x" };
	struct meddler meddler = { 0 };
	struct sent victim = { 0 };
	struct tn_http_request req;

	meddler.curl = tn_curl_new(world_loop(), &options, NULL);
	tn_http_request_init(&req, TN_HTTP_GET, at("/hold"));
	meddler.victim = tn_transport_submit(meddler.curl, &req, on_done_meddle, &victim);
	tn_http_request_done(&req);
	tn_http_request_init(&req, TN_HTTP_GET, at("/echo"));
	tn_transport_submit(meddler.curl, &req, on_done_meddle, &meddler);
	tn_http_request_done(&req);
	WAIT_FOR(meddler.done);
	run_until_done();
	assert_true(meddler.next.answered);
	sent_done(&meddler.next);
}

static void
what_must_not_be_sent_is_refused(void **state TN_UNUSED)
{
	static const struct {
		const char *url, *words;
	} cases[] = {
		{ "http://acme.example/x?token=hunter2", "plain http" },
		{ "http://10.0.0.1/x", "plain http" },
		{ "http://127.0.0.1.example:1/hunter2", "plain http" },
		{ "http://hunter2@127.0.0.1:1/", "user name" },
		{ "file:///etc/passwd", "does not begin with" },
		{ "https://a/b c?hunter2", "must be written as" },
		{ "https://a/../b", ".." },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		struct sent sent = { 0 };

		exchange(&sent, TN_HTTP_POST, cases[i].url, "{}");
		assert_failed(&sent, TN_E_INPUT, cases[i].words);
		assert_null(strstr(sent.err.message, "hunter2?"));
		sent_done(&sent);
	}
}

static void
a_header_cannot_smuggle_another_request(void **state TN_UNUSED)
{
	static const char *const values[] = {
		"hunter2\r\nX-Evil: 1",
		"hunter2\nX-Evil: 1",
		"hunter2\x01",
		"hunter2\x7f",
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(values); i++) {
		struct tn_secret *secret = tn_secret_new(values[i], strlen(values[i]));
		struct tn_http_request req;
		struct sent sent = { 0 };

		tn_http_request_init(&req, TN_HTTP_GET, at("/echo"));
		tn_http_header_secret(&req, "Authorization", "Bearer ", secret);
		send_request(&sent, world_curl(), &req);
		tn_http_request_done(&req);
		tn_secret_unref(secret);
		run_until_done();
		assert_failed(&sent, TN_E_INPUT, "header Authorization");
		assert_null(strstr(sent.err.message, "hunter2"));
		sent_done(&sent);
	}
	assert_int_equal(server.requests, 0);
}

static void
secrets_are_in_no_message(void **state TN_UNUSED)
{
	static const char *const urls[] = { "/drop?token=hunter2", "/cut?token=hunter2" };
	struct tn_secret *secret = tn_secret_new("hunter2", 7);

	for (size_t i = 0; i < TN_ARRAY_LEN(urls); i++) {
		struct tn_http_request req;
		struct sent sent = { 0 };

		tn_http_request_init(&req, TN_HTTP_POST, at(urls[i]));
		tn_http_header_secret(&req, "Authorization", "Bearer ", secret);
		tn_http_body_secret(&req, secret, TN_HTTP_RAW);
		send_request(&sent, world_curl(), &req);
		tn_http_request_done(&req);
		run_until_done();
		assert_failed(&sent, TN_E_UNKNOWN, "POST ");
		assert_null(strstr(sent.err.message, "hunter2"));
		assert_null(strstr(sent.err.hint, "hunter2"));
		sent_done(&sent);
	}
	tn_secret_unref(secret);
}

static void
loopback_needs_no_proxy(void **state TN_UNUSED)
{
	struct sent sent = { 0 };

	setenv("http_proxy", "http://127.0.0.1:1", 1);
	setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
	exchange(&sent, TN_HTTP_GET, at("/echo"), NULL);
	unsetenv("http_proxy");
	unsetenv("ALL_PROXY");
	assert_int_equal(sent.status, 200);
	sent_done(&sent);
}

static void
a_proxy_is_used_for_https_and_sees_no_secret(void **state TN_UNUSED)
{
	static const struct peer_step steps[] = {
		{ "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", true },
	};
	struct peer *proxy = peer_open(steps, 1);
	struct tn_secret *secret = tn_secret_new("hunter2", 7);
	struct tn_str url = TN_STR_INIT;
	struct tn_http_request req;
	struct sent sent = { 0 };

	tn_str_addf(&url, "http://me:pass-w0rd@127.0.0.1:%u", peer_port(proxy));
	setenv("HTTPS_PROXY", tn_str_text(&url), 1);
	tn_http_request_init(&req, TN_HTTP_POST, "https://acme.invalid/api?a=b");
	tn_http_header_secret(&req, "Authorization", "Bearer ", secret);
	send_request(&sent, world_curl(), &req);
	tn_http_request_done(&req);
	run_until_done();
	unsetenv("HTTPS_PROXY");
	assert_failed(&sent, TN_E_SYSTEM, "the proxy gives no connection (status 403)");
	assert_null(strstr(sent.err.message, "pass-w0rd"));
	assert_int_equal(peer_requests(proxy), 1);
	assert_ptr_equal(strstr(peer_heard(proxy), "CONNECT acme.invalid:443 "),
	    peer_heard(proxy));
	assert_null(strstr(peer_heard(proxy), "hunter2"));
	sent_done(&sent);
	tn_secret_unref(secret);
	tn_str_done(&url);
	peer_close(proxy);
}

static void
a_proxy_that_cannot_be_understood_shows_no_password(void **state TN_UNUSED)
{
	struct sent sent = { 0 };

	setenv("HTTPS_PROXY", "nosuch://me:pass-w0rd@127.0.0.1:1", 1);
	exchange(&sent, TN_HTTP_POST, "https://acme.invalid/api", "{}");
	unsetenv("HTTPS_PROXY");
	assert_int_equal(sent.completions, 1);
	assert_false(sent.answered);
	assert_int_not_equal(sent.err.kind, TN_E_UNKNOWN);
	assert_null(strstr(sent.err.message, "pass-w0rd"));
	sent_done(&sent);
}

static void
a_ca_file_that_is_not_there_is_an_error_at_once(void **state TN_UNUSED)
{
	static const struct tn_curl_options options = { .ca_file =
							    "/nonexistent/ca.pem" };
	struct tn_error err = TN_ERROR_INIT;

	assert_null(tn_curl_new(world_loop(), &options, &err));
	assert_int_equal(err.kind, TN_E_SYSTEM);
	assert_non_null(strstr(err.message, "/nonexistent/ca.pem"));
	tn_error_done(&err);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_method_arrives_with_its_body),
		TEST(headers_and_secrets_arrive),
		TEST(a_path_is_sent_as_it_is_written),
		TEST(a_large_body_arrives_at_once_and_whole),
		TEST(a_body_that_the_server_finds_too_large_is_an_answer),
		TEST(a_redirect_is_an_answer_like_any_other),
		TEST(an_answer_may_have_no_body),
		TEST(dropped_and_cut_answers_are_unknown),
		TEST(a_dropped_kept_connection_is_not_used_for_a_second_effect),
		TEST(calls_run_side_by_side),
		TEST(many_calls_share_few_connections),
		TEST(a_cancelled_call_does_not_complete_and_others_do),
		TEST(a_call_can_be_cancelled_before_the_loop_runs),
		TEST(freeing_ends_open_calls_silently),
		TEST(a_completion_may_cancel_submit_and_free),
		TEST(what_must_not_be_sent_is_refused),
		TEST(a_header_cannot_smuggle_another_request),
		TEST(secrets_are_in_no_message),
		TEST(loopback_needs_no_proxy),
		TEST(a_proxy_is_used_for_https_and_sees_no_secret),
		TEST(a_proxy_that_cannot_be_understood_shows_no_password),
		TEST(a_ca_file_that_is_not_there_is_an_error_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
