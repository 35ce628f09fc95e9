/*
 * What a call comes to when the connection fails it: certainly not sent, perhaps done, or
 * not an answer; and above all that what changes something is never sent twice.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "world.h"

#define OK_EMPTY "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"

static int
setup(void **state TN_UNUSED)
{
	world_open();
	return 0;
}

static int
teardown(void **state TN_UNUSED)
{
	world_close();
	return 0;
}

/* Warms a connection up with a GET, and sends again on it. */
static void
send_on_kept_connection(struct peer *peer, enum tn_http_method method, const char *body,
    struct sent *second)
{
	struct sent first = { 0 };

	exchange(&first, TN_HTTP_GET, url_of(peer_port(peer), "/warm"), NULL);
	assert_true(first.answered);
	sent_done(&first);
	exchange(second, method, url_of(peer_port(peer), "/act"), body);
}

static void
a_lost_answer_on_a_kept_connection_is_unknown_and_not_repeated(void **state TN_UNUSED)
{
	static const struct {
		enum tn_http_method method;
		const char *body;
	} cases[] = {
		{ TN_HTTP_POST, "{\"name\":\"a\"}" },
		{ TN_HTTP_POST, NULL },
		{ TN_HTTP_PATCH, "{}" },
		{ TN_HTTP_PUT, "{}" },
		{ TN_HTTP_DELETE, NULL },
	};
	static const struct peer_step steps[] = {
		{ OK_EMPTY, false },
		{ NULL, true },
		{ OK_EMPTY, false },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		struct peer *peer = peer_open(steps, TN_ARRAY_LEN(steps));
		struct sent sent = { 0 };

		send_on_kept_connection(peer, cases[i].method, cases[i].body, &sent);
		assert_failed(&sent, TN_E_UNKNOWN, "closed before an answer");
		assert_non_null(sent.err.hint);
		run_for(20 * TN_MSEC);
		assert_int_equal(peer_requests(peer), 2);
		sent_done(&sent);
		peer_close(peer);
	}
}

static void
a_read_is_repeated_when_its_kept_connection_was_closed(void **state TN_UNUSED)
{
	static const struct peer_step steps[] = {
		{ OK_EMPTY, false },
		{ NULL, true },
		{ OK_EMPTY, false },
	};
	struct peer *peer = peer_open(steps, TN_ARRAY_LEN(steps));
	struct sent sent = { 0 };

	send_on_kept_connection(peer, TN_HTTP_GET, NULL, &sent);
	assert_true(sent.answered);
	assert_int_equal(peer_requests(peer), 3);
	assert_int_equal(peer_connections(peer), 2);
	sent_done(&sent);
	peer_close(peer);
}

static void
a_connection_that_was_closed_while_idle_costs_nothing(void **state TN_UNUSED)
{
	static const struct peer_step steps[] = {
		{ OK_EMPTY, true },
		{ OK_EMPTY, false },
	};
	struct peer *peer = peer_open(steps, TN_ARRAY_LEN(steps));
	struct sent first = { 0 }, second = { 0 };

	exchange(&first, TN_HTTP_GET, url_of(peer_port(peer), "/warm"), NULL);
	assert_true(first.answered);
	run_for(20 * TN_MSEC);
	exchange(&second, TN_HTTP_POST, url_of(peer_port(peer), "/act"), "{}");
	assert_true(second.answered);
	assert_int_equal(peer_requests(peer), 2);
	assert_int_equal(peer_connections(peer), 2);
	sent_done(&first);
	sent_done(&second);
	peer_close(peer);
}

static void
a_kept_connection_is_used_again(void **state TN_UNUSED)
{
	static const struct peer_step steps[] = {
		{ OK_EMPTY, false },
		{ OK_EMPTY, false },
	};
	struct peer *peer = peer_open(steps, TN_ARRAY_LEN(steps));
	struct sent sent = { 0 };

	send_on_kept_connection(peer, TN_HTTP_POST, "{}", &sent);
	assert_true(sent.answered);
	assert_int_equal(peer_requests(peer), 2);
	assert_int_equal(peer_connections(peer), 1);
	sent_done(&sent);
	peer_close(peer);
}

static void
bad_answers_are_unknown_outcomes(void **state TN_UNUSED)
{
	static const struct {
		const char *answer, *words;
	} cases[] = {
		{ NULL, "without an answer" },
		{ "HTTP/1.1 200 OK\r\nContent-Le", "cut off" },
		{ "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345", "cut off" },
		{ "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n",
		    "" },
		{ "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "" },
		{ "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "" },
		{ "SSH-2.0-OpenSSH_9.2\r\n", "no HTTP answer" },
		{ "HTTP/1.1 200 OK\r\nNo colon\r\nContent-Length: 0\r\n\r\n",
		    "no HTTP answer" },
		{ "HTTP/1.1 200 OK\r\nX: a\x1b[2J\r\nContent-Length: 0\r\n\r\n",
		    "no HTTP answer" },
		{ "HTTP/1.1 200 OK\r\n Folded: a\r\nContent-Length: 0\r\n\r\n",
		    "no HTTP answer" },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		const struct peer_step steps[] = { { cases[i].answer, true } };
		struct peer *peer = peer_open(steps, 1);
		struct sent sent = { 0 };

		exchange(&sent, TN_HTTP_POST, url_of(peer_port(peer), "/act"), "{}");
		if (sent.answered)
			fail_msg("taken for an answer: %s", cases[i].answer);
		assert_failed(&sent, TN_E_UNKNOWN, cases[i].words);
		assert_failed(&sent, TN_E_UNKNOWN, "POST http://127.0.0.1");
		assert_int_equal(peer_requests(peer), 1);
		sent_done(&sent);
		peer_close(peer);
	}
}

static void
an_answer_without_length_ends_with_its_connection(void **state TN_UNUSED)
{
	static const struct peer_step steps[] = {
		{ "HTTP/1.1 200 OK\r\n\r\nall of it", true },
	};
	struct peer *peer = peer_open(steps, 1);
	struct sent sent = { 0 };

	exchange(&sent, TN_HTTP_GET, url_of(peer_port(peer), "/"), NULL);
	assert_true(sent.answered);
	assert_string_equal(sent.body, "all of it");
	sent_done(&sent);
	peer_close(peer);
}

static void
a_closed_port_is_certainly_not_done(void **state TN_UNUSED)
{
	struct peer *peer = peer_open(NULL, 0);
	uint16_t port = peer_port(peer);
	struct sent sent = { 0 };

	peer_close(peer);
	exchange(&sent, TN_HTTP_POST, url_of(port, "/act?token=hunter2"), "{}");
	assert_failed(&sent, TN_E_TRANSIENT, "/act: no connection");
	assert_null(strstr(sent.err.message, "hunter2"));
	assert_non_null(strstr(sent.err.hint, "domain"));
	sent_done(&sent);
}

static void
a_name_that_does_not_exist_is_certainly_not_done(void **state TN_UNUSED)
{
	struct sent sent = { 0 };

	exchange(&sent, TN_HTTP_POST, "https://nowhere.invalid/act", "{}");
	/* Behind a proxy it is the proxy that fails; either way nothing was sent. */
	assert_failed(&sent, TN_E_TRANSIENT, "POST https://nowhere.invalid/act: ");
	sent_done(&sent);
}

static void
a_deadline_after_sending_is_unknown(void **state TN_UNUSED)
{
	struct peer *peer = peer_open(NULL, 0);
	struct sent sent = { 0 };
	struct tn_http_request req;
	int64_t begin = tn_loop_now(world_loop());

	tn_http_request_init(&req, TN_HTTP_POST,
	    url_of(peer_port(peer), "/act?token=hunter2"));
	req.deadline_ns = 300 * TN_MSEC;
	send_request(&sent, world_curl(), &req);
	tn_http_request_done(&req);
	run_until_done();
	assert_failed(&sent, TN_E_UNKNOWN, "no answer in time (given up after 300 ms)");
	assert_null(strstr(sent.err.message, "hunter2"));
	assert_int_equal(peer_requests(peer), 1);
	assert_true(tn_loop_now(world_loop()) - begin >= 300 * TN_MSEC);
	assert_true(tn_loop_now(world_loop()) - begin < 5 * TN_SEC);
	sent_done(&sent);
	peer_close(peer);
}

static void
a_deadline_before_sending_is_certainly_not_done(void **state TN_UNUSED)
{
	struct peer *peer = peer_open(NULL, 0);
	struct tn_http_request req;
	struct sent sent[7] = { 0 };

	/* Six connections to a host at most: the seventh waits and is never begun. */
	tn_http_request_init(&req, TN_HTTP_POST, url_of(peer_port(peer), "/act"));
	req.deadline_ns = 400 * TN_MSEC;
	for (size_t i = 0; i < 7; i++)
		send_request(&sent[i], world_curl(), &req);
	tn_http_request_done(&req);
	run_until_done();
	assert_int_equal(peer_requests(peer), 6);
	for (size_t i = 0; i < 6; i++) {
		assert_failed(&sent[i], TN_E_UNKNOWN, "no answer in time");
		sent_done(&sent[i]);
	}
	assert_failed(&sent[6], TN_E_TRANSIENT, "no connection after 400 ms");
	sent_done(&sent[6]);
	peer_close(peer);
}

static void
a_call_that_waited_goes_on_when_another_is_cancelled(void **state TN_UNUSED)
{
	static const struct peer_step steps[] = { { NULL, false }, { NULL, false },
		{ NULL, false }, { NULL, false }, { NULL, false }, { NULL, false },
		{ OK_EMPTY, false } };
	struct peer *peer = peer_open(steps, TN_ARRAY_LEN(steps));
	struct sent sent[7] = { 0 };

	for (size_t i = 0; i < 7; i++)
		send_plain(&sent[i], TN_HTTP_POST, url_of(peer_port(peer), "/act"), "{}");
	WAIT_FOR(peer_requests(peer) == 6);
	for (size_t i = 0; i < 6; i++)
		sent_cancel(&sent[i]);
	run_until_done();
	assert_true(sent[6].answered);
	assert_int_equal(peer_requests(peer), 7);
	sent_done(&sent[6]);
	peer_close(peer);
}

static void
an_answer_that_is_too_large_ends_at_once(void **state TN_UNUSED)
{
	static const char *const answers[] = {
		"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n",
		"HTTP/1.1 200 OK\r\n\r\n12345678901",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n12345678901\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999\r\n\r\n",
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(answers); i++) {
		const struct peer_step steps[] = { { answers[i], false } };
		struct peer *peer = peer_open(steps, 1);
		struct sent sent = { 0 };
		struct tn_http_request req;

		tn_http_request_init(&req, TN_HTTP_GET, url_of(peer_port(peer), "/"));
		req.max_answer = 10;
		send_request(&sent, world_curl(), &req);
		tn_http_request_done(&req);
		run_until_done();
		assert_failed(&sent, TN_E_LIMIT, "too large");
		sent_done(&sent);
		peer_close(peer);
	}
}

static void
a_head_that_is_too_large_ends_at_once(void **state TN_UNUSED)
{
	struct tn_str answer = TN_STR_INIT;
	struct peer_step step = { NULL, false };
	struct peer *peer;
	struct sent sent = { 0 };

	tn_str_add(&answer, "HTTP/1.1 200 OK\r\n");
	for (int i = 0; i < 101; i++)
		tn_str_addf(&answer, "X-%d: v\r\n", i);
	step.answer = tn_str_text(&answer);
	peer = peer_open(&step, 1);
	exchange(&sent, TN_HTTP_GET, url_of(peer_port(peer), "/"), NULL);
	assert_failed(&sent, TN_E_LIMIT, "too large");
	sent_done(&sent);
	peer_close(peer);
	tn_str_done(&answer);
}

static void
an_interim_answer_is_not_the_answer(void **state TN_UNUSED)
{
	static const struct peer_step steps[] = {
		{ "HTTP/1.1 103 Early Hints\r\nX-A: early\r\n\r\n"
		  "HTTP/1.1 201 Created\r\nX-A: late\r\nContent-Length: 2\r\n\r\nok",
		    false },
	};
	struct peer *peer = peer_open(steps, 1);
	struct sent sent = { .want_field = "x-a" };

	exchange(&sent, TN_HTTP_POST, url_of(peer_port(peer), "/"), "{}");
	assert_int_equal(sent.status, 201);
	assert_string_equal(sent.field, "late");
	assert_string_equal(sent.body, "ok");
	sent_done(&sent);
	peer_close(peer);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_lost_answer_on_a_kept_connection_is_unknown_and_not_repeated),
		TEST(a_read_is_repeated_when_its_kept_connection_was_closed),
		TEST(a_connection_that_was_closed_while_idle_costs_nothing),
		TEST(a_kept_connection_is_used_again),
		TEST(bad_answers_are_unknown_outcomes),
		TEST(an_answer_without_length_ends_with_its_connection),
		TEST(a_closed_port_is_certainly_not_done),
		TEST(a_name_that_does_not_exist_is_certainly_not_done),
		TEST(a_deadline_after_sending_is_unknown),
		TEST(a_deadline_before_sending_is_certainly_not_done),
		TEST(a_call_that_waited_goes_on_when_another_is_cancelled),
		TEST(an_answer_that_is_too_large_ends_at_once),
		TEST(a_head_that_is_too_large_ends_at_once),
		TEST(an_interim_answer_is_not_the_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
