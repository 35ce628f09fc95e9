/* The server against a client of raw bytes: what is handed over, answered, refused,
 * ended. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/mem.h"
#include "client.h"
#include "web/web.h"

enum manner {
	ANSWER_AT_ONCE,
	ANSWER_LATER,
	NEVER,
	DROP_AT_ONCE,
	DROP_LATER,
	CUT,
};

/* The server and what its owner saw; one for each test. */
static struct world {
	struct tn_loop *loop;
	struct tn_web *web;
	struct client client;
	enum manner manner;
	unsigned requests, gone;
	struct tn_web_request *request; /* the last that was not answered at once */
	struct tn_timer timer;
	char *seen;   /* "METHOD path|query|body", and the headers asked for */
	char *header; /* the value of X-Test */
	const char *body;
	size_t body_len;
	size_t cut_bytes;
	const struct tn_web_field *headers;
	size_t n_headers;
} world;

static struct tn_span
answer_body(void)
{
	return tn_span_of(world.body, world.body_len);
}

static void
answer_now(void *arg)
{
	struct tn_web_request *request = arg;

	world.request = NULL;
	tn_web_answer(request, 200, world.headers, world.n_headers, answer_body());
}

static void
drop_now(void *arg)
{
	world.request = NULL;
	tn_web_drop(arg);
}

static void
remember(const struct tn_web_view *view)
{
	struct tn_str seen = TN_STR_INIT;

	tn_str_addf(&seen, "%s %s|%s|", view->method, view->path, view->query);
	tn_str_add_bytes(&seen, view->body.ptr, view->body.len);
	tn_free(world.seen);
	world.seen = tn_str_take(&seen);
	for (size_t i = 0; i < view->n_headers; i++) {
		if (strcasecmp(view->headers[i].name, "X-Test") != 0)
			continue;
		tn_free(world.header);
		world.header = tn_strdup(view->headers[i].value);
	}
}

static void
on_request(void *arg, struct tn_web_request *request, const struct tn_web_view *view)
{
	assert_ptr_equal(arg, &world);
	world.requests++;
	world.request = request;
	remember(view);
	switch (world.manner) {
	case ANSWER_AT_ONCE:
		answer_now(request);
		break;
	case ANSWER_LATER:
		tn_timer_start(&world.timer, world.loop, 20 * TN_MSEC, answer_now,
		    request);
		break;
	case NEVER:
		break;
	case DROP_AT_ONCE:
		drop_now(request);
		break;
	case DROP_LATER:
		tn_timer_start(&world.timer, world.loop, 20 * TN_MSEC, drop_now, request);
		break;
	case CUT:
		world.request = NULL;
		tn_web_cut(request, 200, NULL, 0, answer_body(), world.cut_bytes);
		break;
	}
}

static void
on_gone(void *arg, struct tn_web_request *request)
{
	assert_ptr_equal(arg, &world);
	assert_ptr_equal(request, world.request);
	world.request = NULL;
	world.gone++;
}

static void
open_world(const struct tn_web_options *options)
{
	world = (struct world){ .body = "hello", .body_len = 5 };
	world.loop = tn_loop_new(NULL);
	assert_non_null(world.loop);
	world.web = tn_web_open(world.loop, options, on_request, on_gone, &world, NULL);
	assert_non_null(world.web);
	client_open(&world.client, world.loop, tn_web_port(world.web));
}

static void
close_world(void)
{
	tn_timer_stop(&world.timer);
	client_close(&world.client);
	tn_web_close(world.web);
	tn_loop_free(world.loop);
	tn_free(world.seen);
	tn_free(world.header);
}

static int
setup(void **state TN_UNUSED)
{
	open_world(&(const struct tn_web_options){ .max_body = 1000 });
	return 0;
}

/* A tenth of a second for a request. */
static int
setup_hurried(void **state TN_UNUSED)
{
	open_world(&(const struct tn_web_options){ .deadline_ns = 100 * TN_MSEC });
	return 0;
}

static int
teardown(void **state TN_UNUSED)
{
	close_world();
	return 0;
}

#define HOST "Host: a\r\n"
#define GET  "GET / HTTP/1.1\r\n" HOST "\r\n"

static void
a_request_is_handed_over_as_it_was_sent(void **state TN_UNUSED)
{
	static const struct {
		const char *bytes, *seen;
	} cases[] = {
		{ GET, "GET /||" },
		{ "GET /a/b?c=d&e=%2F HTTP/1.1\r\n" HOST "\r\n", "GET /a/b|c=d&e=%2F|" },
		{ "GET /a%2Fb%20c+d/../e HTTP/1.1\r\n" HOST "\r\n",
		    "GET /a%2Fb%20c+d/../e||" },
		{ "GET /? HTTP/1.1\r\n" HOST "\r\n", "GET /||" },
		{ "GET /?a?b HTTP/1.1\r\n" HOST "\r\n", "GET /|a?b|" },
		{ "GET //x HTTP/1.1\r\n" HOST "\r\n", "GET //x||" },
		{ "DELETE /x HTTP/1.1\r\n" HOST "\r\n", "DELETE /x||" },
		{ "POST /x HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nhello",
		    "POST /x||hello" },
		{ "PATCH /x?y HTTP/1.1\r\n" HOST "Content-Length: 2\r\n\r\n{}",
		    "PATCH /x|y|{}" },
		{ "PUT /x HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n", "PUT /x||" },
		{ "POST /x HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n"
		  "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
		    "POST /x||abcde" },
	};

	/* All on one connection: it is kept. */
	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		client_send(&world.client, cases[i].bytes);
		assert_true(client_wait_for(&world.client, "hello"));
		assert_string_equal(world.seen, cases[i].seen);
		assert_int_equal(world.requests, i + 1);
		tn_str_clear(&world.client.in);
	}
	assert_int_equal(world.gone, 0);
}

static void
a_body_comes_with_its_null_bytes(void **state TN_UNUSED)
{
	static const char bytes[] = "POST / HTTP/1.1\r\n" HOST
				    "Content-Length: 4\r\n\r\na\0b\xff";
	struct tn_span body;

	world.manner = NEVER;
	client_send_bytes(&world.client, bytes, sizeof bytes - 1);
	WAIT_FOR(world.loop, world.requests == 1);
	body = tn_span_of(world.seen + strlen("POST /||"), 4);
	assert_memory_equal(body.ptr, "a\0b\xff", 4);
}

static void
headers_are_handed_over(void **state TN_UNUSED)
{
	client_send(&world.client,
	    "GET / HTTP/1.1\r\n" HOST "x-TEST:  \t v: w\r\nX-Empty:\r\n\r\n");
	assert_true(client_wait_for(&world.client, "hello"));
	assert_string_equal(world.header, "v: w");
}

static void
an_answer_has_status_headers_and_body(void **state TN_UNUSED)
{
	static const struct tn_web_field headers[] = {
		{ "Content-Type", "text/plain" },
		{ "X-A", "1" },
		{ "X-A", "2" },
	};

	world.headers = headers;
	world.n_headers = TN_ARRAY_LEN(headers);
	client_send(&world.client, GET);
	assert_true(client_wait_for(&world.client, "\r\n\r\nhello"));
	assert_int_equal(client_count(&world.client, "HTTP/1.1 200 OK\r\n"), 1);
	assert_int_equal(client_count(&world.client, "Content-Length: 5\r\n"), 1);
	assert_int_equal(client_count(&world.client, "Content-Type: text/plain\r\n"), 1);
	assert_int_equal(client_count(&world.client, "X-A: 1\r\n"), 1);
	assert_int_equal(client_count(&world.client, "X-A: 2\r\n"), 1);
}

static void
a_header_that_would_split_the_answer_is_not_sent(void **state TN_UNUSED)
{
	static const struct tn_web_field headers[] = { { "X-A", "1\r\nX-Evil: 2" } };

	world.headers = headers;
	world.n_headers = 1;
	client_send(&world.client, GET);
	assert_true(client_wait_for(&world.client, "\r\n\r\n"));
	assert_int_equal(client_count(&world.client, "HTTP/1.1 500"), 1);
	assert_int_equal(client_count(&world.client, "X-Evil"), 0);
}

static void
a_large_answer_arrives_whole(void **state TN_UNUSED)
{
	enum { LEN = 3 << 20 };
	char *body = tn_alloc(LEN, 1);
	size_t head;

	memset(body, 'x', LEN);
	memcpy(body + LEN - 4, "last", 4);
	world.body = body;
	world.body_len = LEN;
	client_send(&world.client, "GET / HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n");
	assert_true(client_wait_end(&world.client));
	assert_true(tn_text_ends(world.client.in.ptr, "xxlast"));
	head = (size_t)(strstr(world.client.in.ptr, "\r\n\r\n") - world.client.in.ptr) +
	    4;
	assert_int_equal(world.client.in.len, head + LEN);
	tn_free(body);
}

static void
an_answer_may_come_later(void **state TN_UNUSED)
{
	int64_t begin = tn_loop_now(world.loop);

	world.manner = ANSWER_LATER;
	client_send(&world.client, GET);
	assert_true(client_wait_for(&world.client, "hello"));
	assert_true(tn_loop_now(world.loop) - begin >= 20 * TN_MSEC);
	tn_str_clear(&world.client.in);
	client_send(&world.client, GET);
	assert_true(client_wait_for(&world.client, "hello"));
	assert_int_equal(world.requests, 2);
	assert_int_equal(world.gone, 0);
}

static void
two_requests_sent_together_are_answered_in_order(void **state TN_UNUSED)
{
	world.manner = ANSWER_LATER;
	client_send(&world.client,
	    GET "GET /second HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n");
	assert_true(client_wait_end(&world.client));
	assert_int_equal(world.requests, 2);
	assert_string_equal(world.seen, "GET /second||");
	assert_int_equal(client_count(&world.client, "hello"), 2);
	assert_int_equal(world.gone, 0);
}

static void
head_is_answered_without_a_body(void **state TN_UNUSED)
{
	client_send(&world.client,
	    "HEAD / HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n");
	assert_true(client_wait_end(&world.client));
	assert_int_equal(client_count(&world.client, "Content-Length: 5"), 1);
	assert_int_equal(client_count(&world.client, "hello"), 0);
}

static void
a_client_that_asks_before_its_body_is_told_to_go_on(void **state TN_UNUSED)
{
	client_send(&world.client,
	    "POST / HTTP/1.1\r\n" HOST "Content-Length: 3\r\n"
	    "Expect: 100-continue\r\n\r\n");
	assert_true(client_wait_for(&world.client, "100 Continue\r\n\r\n"));
	client_send(&world.client, "abc");
	assert_true(client_wait_for(&world.client, "hello"));
	assert_string_equal(world.seen, "POST /||abc");
}

/* "POST / …" with a body of len bytes "x". The caller frees. */
static char *
post_of(size_t len, bool chunked)
{
	struct tn_str text = TN_STR_INIT;

	tn_str_add(&text, "POST / HTTP/1.1\r\n" HOST);
	if (chunked)
		tn_str_addf(&text, "Transfer-Encoding: chunked\r\n\r\n%zx\r\n", len);
	else
		tn_str_addf(&text, "Content-Length: %zu\r\n\r\n", len);
	for (size_t i = 0; i < len; i++)
		tn_str_add_char(&text, 'x');
	if (chunked)
		tn_str_add(&text, "\r\n0\r\n\r\n");
	return tn_str_take(&text);
}

static void
a_body_may_be_exactly_as_large_as_allowed(void **state TN_UNUSED)
{
	for (int chunked = 0; chunked < 2; chunked++) {
		TN_CLEANUP(tn_freep) char *post = post_of(1000, chunked == 1);

		client_send(&world.client, post);
		assert_true(client_wait_for(&world.client, "hello"));
		assert_int_equal(strlen(world.seen), strlen("POST /||") + 1000);
		tn_str_clear(&world.client.in);
	}
}

static void
a_larger_body_is_answered_with_413(void **state TN_UNUSED)
{
	static const size_t sizes[] = { 1001, 5000 };

	for (size_t i = 0; i < 4; i++) {
		TN_CLEANUP(tn_freep) char *post = post_of(sizes[i / 2], i % 2 == 1);

		client_send(&world.client, post);
		assert_true(client_wait_for(&world.client, "\r\n\r\n"));
		assert_int_equal(client_count(&world.client, "HTTP/1.1 413 "), 1);
		tn_str_clear(&world.client.in);
	}
	assert_int_equal(world.requests, 0);
	client_send(&world.client, GET);
	assert_true(client_wait_for(&world.client, "hello"));
}

static void
a_body_without_end_is_hung_up_on(void **state TN_UNUSED)
{
	client_send(&world.client,
	    "POST / HTTP/1.1\r\n" HOST "Content-Length: 999999999999\r\n\r\n");
	client_flood(&world.client, (size_t)64 << 20);
	assert_true(client_wait_end(&world.client));
	assert_int_equal(world.requests, 0);
	assert_int_equal(world.client.in.len, 0);
}

#define TEXT(literal)                       \
	{                                   \
		literal, sizeof literal - 1 \
	}

static void
malformed_requests_are_refused(void **state TN_UNUSED)
{
	static const struct {
		const char *bytes;
		size_t len;
	} cases[] = {
		TEXT("GET * HTTP/1.1\r\n" HOST "\r\n"),
		TEXT("GET x HTTP/1.1\r\n" HOST "\r\n"),
		TEXT("GET http://b/x HTTP/1.1\r\n" HOST "\r\n"),
		TEXT("GET /a\x01 HTTP/1.1\r\n" HOST "\r\n"),
		TEXT("GET /a\x7f HTTP/1.1\r\n" HOST "\r\n"),
		TEXT("GET /\xc3\xbc HTTP/1.1\r\n" HOST "\r\n"),
		TEXT("GET /a%00b HTTP/1.1\r\n" HOST "\r\n"),
		TEXT("GET /?a=%00 HTTP/1.1\r\n" HOST "\r\n"),
		TEXT("GET /a\0b HTTP/1.1\r\n" HOST "\r\n"),
		TEXT("GET / HTTP/1.1\r\n" HOST "X-A: a\x01z\r\n\r\n"),
		TEXT("GET / HTTP/1.1\r\n" HOST "X\x02-A: a\r\n\r\n"),
		TEXT("G\x02T / HTTP/1.1\r\n" HOST "\r\n"),
		TEXT("GET / HTTP/1.1\r\n\r\n"), /* no host */
		TEXT("POST / HTTP/1.1\r\n" HOST "Content-Length: x\r\n\r\n"),
		TEXT("POST / HTTP/1.1\r\n" HOST "Content-Length: -1\r\n\r\n"),
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		struct client client;
		client_open(&client, world.loop, tn_web_port(world.web));
		client_send_bytes(&client, cases[i].bytes, cases[i].len);
		if (!client_wait_for(&client, "\r\n\r\n") ||
		    !tn_text_starts(tn_str_text(&client.in), "HTTP/1.1 400 "))
			fail_msg("case %zu: %s", i, tn_str_text(&client.in));
		client_close(&client);
	}
	assert_int_equal(world.requests, 0);
}

/* The library ends a value at a NUL byte; what matters is that nobody reads past it. */
static void
a_null_byte_ends_a_header(void **state TN_UNUSED)
{
	static const char bytes[] = "GET / HTTP/1.1\r\n" HOST "X-Test: a\0b\r\n\r\n";

	client_send_bytes(&world.client, bytes, sizeof bytes - 1);
	assert_true(client_wait_for(&world.client, "\r\n\r\n"));
	if (world.requests > 0)
		assert_string_equal(world.header, "a");
}

static void
rubbish_ends_the_connection(void **state TN_UNUSED)
{
	static const char rubbish[] = "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\r\n\r\n\r\n";

	client_send_bytes(&world.client, rubbish, sizeof rubbish - 1);
	assert_true(client_wait_end(&world.client));
	assert_int_equal(world.requests, 0);
}

static void
a_head_without_end_is_refused(void **state TN_UNUSED)
{
	client_send(&world.client, "GET / HTTP/1.1\r\n" HOST "X: ");
	client_flood(&world.client, 1 << 20);
	assert_true(client_wait_end(&world.client));
	assert_int_equal(world.requests, 0);
}

static void
a_dropped_request_gets_nothing(void **state TN_UNUSED)
{
	static const enum manner manners[] = { DROP_AT_ONCE, DROP_LATER };

	for (size_t i = 0; i < TN_ARRAY_LEN(manners); i++) {
		struct client client;

		world.manner = manners[i];
		client_open(&client, world.loop, tn_web_port(world.web));
		client_send(&client,
		    "POST / HTTP/1.1\r\n" HOST "Content-Length: 1\r\n\r\nx");
		assert_true(client_wait_end(&client));
		assert_int_equal(client.in.len, 0);
		assert_int_equal(world.requests, i + 1);
		client_close(&client);
	}
	assert_int_equal(world.gone, 0);
}

static void
a_cut_answer_promises_all_and_sends_a_part(void **state TN_UNUSED)
{
	static const struct {
		size_t bytes;
		const char *end;
	} cases[] = { { 0, "\r\n\r\n" }, { 2, "\r\n\r\nhe" }, { 4, "\r\n\r\nhell" } };

	world.manner = CUT;
	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		struct client client;

		world.cut_bytes = cases[i].bytes;
		client_open(&client, world.loop, tn_web_port(world.web));
		client_send(&client, GET);
		assert_true(client_wait_end(&client));
		assert_int_equal(client_count(&client, "Content-Length: 5\r\n"), 1);
		assert_true(tn_text_ends(tn_str_text(&client.in), cases[i].end));
		client_close(&client);
	}
	assert_int_equal(world.gone, 0);
}

static void
an_unanswered_request_ends_at_its_deadline(void **state TN_UNUSED)
{
	int64_t begin = tn_loop_now(world.loop);

	world.manner = NEVER;
	client_send(&world.client, GET);
	assert_true(client_wait_end(&world.client));
	assert_true(tn_loop_now(world.loop) - begin >= 100 * TN_MSEC);
	assert_int_equal(world.client.in.len, 0);
	assert_int_equal(world.requests, 1);
	assert_int_equal(world.gone, 1);
}

static void
slow_clients_end_at_the_deadline(void **state TN_UNUSED)
{
	static const char *const cases[] = {
		"",
		"GE",
		"GET / HTTP/1.1\r\nHo",
		"POST / HTTP/1.1\r\n" HOST "Content-Length: 10\r\n\r\nabc",
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		struct client client;
		int64_t begin = tn_loop_now(world.loop);

		client_open(&client, world.loop, tn_web_port(world.web));
		client_send(&client, cases[i]);
		assert_true(client_wait_end(&client));
		assert_true(tn_loop_now(world.loop) - begin < 5 * TN_SEC);
		assert_int_equal(client.in.len, 0);
		client_close(&client);
	}
	assert_int_equal(world.requests, 0);
	assert_int_equal(world.gone, 0);
}

static void
a_trickle_of_bytes_does_not_move_the_deadline(void **state TN_UNUSED)
{
	int64_t begin = tn_loop_now(world.loop);

	client_send(&world.client, "GET / HTTP/1.1\r\n" HOST);
	while (!world.client.ended && tn_loop_now(world.loop) - begin < 5 * TN_SEC) {
		client_try_send(&world.client, "X: 1\r\n");
		run_for(world.loop, 10 * TN_MSEC);
	}
	assert_true(world.client.ended);
	assert_int_equal(world.requests, 0);
}

static void
a_client_that_does_not_read_ends_at_the_deadline(void **state TN_UNUSED)
{
	enum { LEN = 16 << 20 };
	char *body = tn_alloc(LEN, 1);

	world.body = body;
	world.body_len = LEN;
	client_stop_reading(&world.client);
	client_send(&world.client, GET);
	run_for(world.loop, 400 * TN_MSEC);
	/* Answered, so not gone; but the connection is, and with it the rest. */
	assert_int_equal(world.requests, 1);
	assert_int_equal(world.gone, 0);
	assert_true(client_flood(&world.client, 1 << 20) < 1 << 20);
	tn_free(body);
}

static void
each_request_on_a_connection_has_its_own_deadline(void **state TN_UNUSED)
{
	open_world(&(const struct tn_web_options){ .deadline_ns = 500 * TN_MSEC });
	world.manner = ANSWER_LATER;
	for (unsigned i = 1; i <= 3; i++) {
		client_send(&world.client, GET);
		assert_true(client_wait_for(&world.client, "hello"));
		tn_str_clear(&world.client.in);
		run_for(world.loop, 300 * TN_MSEC);
		assert_int_equal(world.requests, i);
	}
	assert_int_equal(world.gone, 0);
	assert_false(world.client.ended);
	assert_true(client_wait_end(&world.client)); /* idle for too long */
	close_world();
}

static void
a_client_that_goes_away_is_noticed(void **state TN_UNUSED)
{
	struct client client;

	world.manner = NEVER;
	client_open(&client, world.loop, tn_web_port(world.web));
	client_send(&client, GET);
	WAIT_FOR(world.loop, world.requests == 1);
	client_close(&client);
	WAIT_FOR(world.loop, world.gone == 1);
	assert_null(world.request);
}

static void
a_client_that_goes_away_while_it_sends_is_nobodys_business(void **state TN_UNUSED)
{
	struct client client;

	client_open(&client, world.loop, tn_web_port(world.web));
	client_send(&client, "POST / HTTP/1.1\r\n" HOST "Content-Length: 10\r\n\r\nabc");
	run_for(world.loop, 20 * TN_MSEC);
	client_close(&client);
	run_for(world.loop, 20 * TN_MSEC);
	assert_int_equal(world.requests, 0);
	assert_int_equal(world.gone, 0);
}

static void
closing_with_open_requests_is_silent(void **state TN_UNUSED)
{
	struct client more[3];

	world.manner = NEVER;
	client_send(&world.client, GET);
	for (size_t i = 0; i < TN_ARRAY_LEN(more); i++)
		client_open(&more[i], world.loop, tn_web_port(world.web));
	client_send(&more[0], GET);
	client_send(&more[1], "POST / HTTP/1.1\r\n" HOST "Content-Length: 10\r\n\r\nabc");
	WAIT_FOR(world.loop, world.requests == 2);
	tn_web_close(world.web);
	world.web = NULL;
	assert_int_equal(world.gone, 0);
	assert_true(client_wait_end(&world.client));
	for (size_t i = 0; i < TN_ARRAY_LEN(more); i++) {
		assert_true(client_wait_end(&more[i]));
		client_close(&more[i]);
	}
}

static void
no_more_connections_than_allowed(void **state TN_UNUSED)
{
	struct client second, third;

	open_world(&(const struct tn_web_options){ .max_connections = 2 });
	client_open(&second, world.loop, tn_web_port(world.web));
	client_open(&third, world.loop, tn_web_port(world.web));
	client_send(&world.client, GET);
	client_send(&second, GET);
	client_send(&third, GET);
	assert_true(client_wait_for(&world.client, "hello"));
	assert_true(client_wait_for(&second, "hello"));
	run_for(world.loop, 50 * TN_MSEC);
	assert_int_equal(third.in.len, 0);
	assert_int_equal(world.requests, 2);
	client_close(&second);
	client_close(&third);
	close_world();
}

static void
a_taken_port_is_an_error_that_says_so(void **state TN_UNUSED)
{
	const struct tn_web_options options = { .port = tn_web_port(world.web) };
	struct tn_error err = TN_ERROR_INIT;

	assert_null(tn_web_open(world.loop, &options, on_request, on_gone, NULL, &err));
	assert_int_equal(err.kind, TN_E_SYSTEM);
	assert_non_null(strstr(err.message, "cannot listen on 127.0.0.1 port "));
	assert_non_null(err.hint);
	tn_error_done(&err);
}

static void
an_address_is_checked(void **state TN_UNUSED)
{
	static const char *const wrong[] = { "localhost", "127.0.0", "", "1.2.3.4.5" };

	for (size_t i = 0; i < TN_ARRAY_LEN(wrong); i++) {
		const struct tn_web_options options = { .address = wrong[i] };
		struct tn_error err = TN_ERROR_INIT;

		assert_null(
		    tn_web_open(world.loop, &options, on_request, on_gone, NULL, &err));
		assert_int_equal(err.kind, TN_E_INPUT);
		tn_error_done(&err);
	}
}

static void
an_address_of_another_machine_is_an_error(void **state TN_UNUSED)
{
	/* From the range for documentation: no machine has it. */
	const struct tn_web_options options = { .address = "192.0.2.1" };
	struct tn_error err = TN_ERROR_INIT;

	assert_null(tn_web_open(world.loop, &options, on_request, on_gone, NULL, &err));
	assert_int_equal(err.kind, TN_E_SYSTEM);
	assert_non_null(strstr(err.message, "192.0.2.1"));
	tn_error_done(&err);
}

/* A machine without IPv6 says so. */
static void
a_certificate_needs_its_key(void **state)
{
	static const char none[] = "-----BEGIN CERTIFICATE-----\n";
	struct tn_web_options options = { .certificate = none, .private_key = none };
	struct tn_error err = TN_ERROR_INIT;

	(void)state;
	assert_null(tn_web_open(world.loop, &options, on_request, on_gone, NULL, &err));
	assert_int_equal(err.kind, TN_E_INPUT);
	assert_non_null(strstr(err.message, "certificate"));
	assert_non_null(err.hint);
	tn_error_done(&err);
}

static void
ipv6_is_served_where_there_is_ipv6(void **state TN_UNUSED)
{
	const struct tn_web_options options = { .address = "::1" };
	struct tn_error err = TN_ERROR_INIT;
	TN_CLEANUP(tn_web_closep)
	struct tn_web *web = tn_web_open(world.loop, &options, on_request, on_gone,
	    &world, &err);

	if (web != NULL)
		assert_int_not_equal(tn_web_port(web), 0);
	else
		assert_int_equal(err.kind, TN_E_SYSTEM);
	tn_error_done(&err);
}

static void
closing_nothing_is_allowed(void **state TN_UNUSED)
{
	tn_web_close(NULL);
}

#define TEST(f)    cmocka_unit_test_setup_teardown(f, setup, teardown)
#define HURRIED(f) cmocka_unit_test_setup_teardown(f, setup_hurried, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_request_is_handed_over_as_it_was_sent),
		TEST(a_body_comes_with_its_null_bytes),
		TEST(headers_are_handed_over),
		TEST(an_answer_has_status_headers_and_body),
		TEST(a_header_that_would_split_the_answer_is_not_sent),
		TEST(a_large_answer_arrives_whole),
		TEST(an_answer_may_come_later),
		TEST(two_requests_sent_together_are_answered_in_order),
		TEST(head_is_answered_without_a_body),
		TEST(a_client_that_asks_before_its_body_is_told_to_go_on),
		TEST(a_body_may_be_exactly_as_large_as_allowed),
		TEST(a_larger_body_is_answered_with_413),
		TEST(a_body_without_end_is_hung_up_on),
		TEST(malformed_requests_are_refused),
		TEST(a_null_byte_ends_a_header),
		TEST(rubbish_ends_the_connection),
		TEST(a_head_without_end_is_refused),
		TEST(a_dropped_request_gets_nothing),
		TEST(a_cut_answer_promises_all_and_sends_a_part),
		HURRIED(an_unanswered_request_ends_at_its_deadline),
		HURRIED(slow_clients_end_at_the_deadline),
		HURRIED(a_trickle_of_bytes_does_not_move_the_deadline),
		HURRIED(a_client_that_does_not_read_ends_at_the_deadline),
		cmocka_unit_test(each_request_on_a_connection_has_its_own_deadline),
		TEST(a_client_that_goes_away_is_noticed),
		TEST(a_client_that_goes_away_while_it_sends_is_nobodys_business),
		TEST(closing_with_open_requests_is_silent),
		cmocka_unit_test(no_more_connections_than_allowed),
		TEST(a_taken_port_is_an_error_that_says_so),
		TEST(an_address_is_checked),
		TEST(a_certificate_needs_its_key),
		TEST(an_address_of_another_machine_is_an_error),
		TEST(ipv6_is_served_where_there_is_ipv6),
		cmocka_unit_test(closing_nothing_is_allowed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
