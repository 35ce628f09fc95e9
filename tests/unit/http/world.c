#include "world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"

#define GUARD (10 * TN_SEC)

static struct tn_loop *loop;
static struct tn_transport *curl;
static unsigned waiting;
static bool guard_fired;

void
world_open(void)
{
	static const struct tn_curl_options options = { .user_agent = "tenon-test/1" };

	waiting = 0;
	loop = tn_loop_new(NULL);
	assert_non_null(loop);
	curl = tn_curl_new(loop, &options, NULL);
	assert_non_null(curl);
}

void
world_close(void)
{
	tn_transport_free(curl);
	tn_loop_free(loop);
}

struct tn_loop *
world_loop(void)
{
	return loop;
}

struct tn_transport *
world_curl(void)
{
	return curl;
}

const char *
url_of(uint16_t port, const char *path)
{
	static char url[512];

	snprintf(url, sizeof url, "http://127.0.0.1:%u%s", port, path);
	return url;
}

static void
on_sent_done(void *arg, const struct tn_http_response *resp, const struct tn_error *err)
{
	struct sent *sent = arg;

	sent->completions++;
	assert_true((resp == NULL) != (err == NULL));
	if (resp != NULL) {
		sent->answered = true;
		sent->status = resp->status;
		sent->body = tn_span_dup(resp->body);
		if (sent->want_field != NULL &&
		    tn_http_response_field(resp, sent->want_field) != NULL)
			sent->field = tn_strdup(
			    tn_http_response_field(resp, sent->want_field));
	} else {
		tn_error_copy(&sent->err, err);
	}
	if (--waiting == 0)
		tn_loop_stop(loop);
}

void
send_request(struct sent *sent, struct tn_transport *transport,
    const struct tn_http_request *req)
{
	waiting++;
	sent->call = tn_transport_submit(transport, req, on_sent_done, sent);
	assert_int_equal(sent->completions, 0);
}

void
send_plain(struct sent *sent, enum tn_http_method method, const char *url,
    const char *body)
{
	struct tn_http_request req;

	tn_http_request_init(&req, method, url);
	tn_http_body_text(&req, body);
	send_request(sent, curl, &req);
	tn_http_request_done(&req);
}

void
exchange(struct sent *sent, enum tn_http_method method, const char *url, const char *body)
{
	send_plain(sent, method, url, body);
	run_until_done();
}

void
sent_cancel(struct sent *sent)
{
	waiting--;
	tn_transport_cancel(curl, sent->call);
}

void
sent_done(struct sent *sent)
{
	tn_free(sent->body);
	tn_free(sent->field);
	tn_error_done(&sent->err);
	*sent = (struct sent){ 0 };
}

static void
on_guard(void *arg)
{
	bool *fired = arg;

	*fired = true;
	tn_loop_stop(loop);
}

void
run_until_done(void)
{
	struct tn_timer guard = { 0 };

	guard_fired = false;
	tn_timer_start(&guard, loop, GUARD, on_guard, &guard_fired);
	if (waiting > 0)
		assert_int_equal(tn_loop_run(loop, NULL), 0);
	tn_timer_stop(&guard);
	assert_false(guard_fired);
}

void
run_for(int64_t ns)
{
	struct tn_timer timer = { 0 };
	bool over = false;

	tn_timer_start(&timer, loop, ns, on_guard, &over);
	while (!over)
		assert_int_equal(tn_loop_run(loop, NULL), 0);
}

void
assert_failed(const struct sent *sent, enum tn_error_kind kind, const char *words)
{
	assert_int_equal(sent->completions, 1);
	assert_false(sent->answered);
	if (sent->err.kind != kind || strstr(sent->err.message, words) == NULL)
		fail_msg("%s: %s", tn_error_kind_name(sent->err.kind), sent->err.message);
}

/* --- The peer --- */

enum { MAX_LINES = 16 };

/* One connection of it. */
struct line {
	struct peer *peer;
	struct tn_watch watch;
	int fd;
	struct tn_str in;
};

struct peer {
	const struct peer_step *steps;
	size_t n_steps, at;
	int fd;
	uint16_t port;
	struct tn_watch watch;
	struct line lines[MAX_LINES];
	unsigned n_lines;
	unsigned requests;
	struct tn_str heard;
};

static void
line_close(struct line *line)
{
	if (line->fd < 0)
		return;
	tn_watch_stop(&line->watch);
	close(line->fd);
	line->fd = -1;
	tn_str_done(&line->in);
}

static void
play_step(struct line *line)
{
	struct peer *peer = line->peer;
	struct peer_step step = { NULL, false };

	peer->requests++;
	if (peer->at < peer->n_steps)
		step = peer->steps[peer->at++];
	if (step.answer != NULL)
		assert_int_equal(write(line->fd, step.answer, strlen(step.answer)),
		    (ssize_t)strlen(step.answer));
	if (step.then_close)
		line_close(line);
}

/* The bytes of the first request in text, or 0 while it is not whole. */
static size_t
whole_request(const char *text, size_t len)
{
	const char *end = strstr(text, "\r\n\r\n");
	const char *length = strcasestr(text, "\r\nContent-Length: ");
	size_t need;

	if (end == NULL)
		return 0;
	need = (size_t)(end - text) + 4;
	if (length != NULL && length < end)
		need += strtoul(length + 18, NULL, 10);
	return len >= need ? need : 0;
}

static void
on_line(void *arg, unsigned events TN_UNUSED)
{
	struct line *line = arg;
	char buffer[4096];
	ssize_t n = read(line->fd, buffer, sizeof buffer);
	size_t used;

	if (n <= 0) {
		line_close(line);
		return;
	}
	tn_str_add_bytes(&line->in, buffer, (size_t)n);
	tn_str_add_bytes(&line->peer->heard, buffer, (size_t)n);
	used = whole_request(tn_str_text(&line->in), line->in.len);
	if (used == 0)
		return;
	assert_int_equal(used, line->in.len); /* nobody pipelines */
	tn_str_clear(&line->in);
	play_step(line);
}

static void
on_accept(void *arg, unsigned events TN_UNUSED)
{
	struct peer *peer = arg;
	struct line *line = &peer->lines[peer->n_lines];

	assert_true(peer->n_lines < MAX_LINES);
	line->peer = peer;
	line->fd = accept4(peer->fd, NULL, NULL, SOCK_CLOEXEC);
	assert_true(line->fd >= 0);
	peer->n_lines++;
	assert_int_equal(tn_watch_start(&line->watch, loop, line->fd, TN_WATCH_READ,
			     on_line, line, NULL),
	    0);
}

struct peer *
peer_open(const struct peer_step *steps, size_t n)
{
	struct peer *peer = tn_new(struct peer);
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t len = sizeof address;

	peer->steps = steps;
	peer->n_steps = n;
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	peer->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(peer->fd >= 0);
	assert_int_equal(bind(peer->fd, (const struct sockaddr *)&address, len), 0);
	assert_int_equal(listen(peer->fd, MAX_LINES), 0);
	assert_int_equal(getsockname(peer->fd, (struct sockaddr *)&address, &len), 0);
	peer->port = ntohs(address.sin_port);
	assert_int_equal(tn_watch_start(&peer->watch, loop, peer->fd, TN_WATCH_READ,
			     on_accept, peer, NULL),
	    0);
	return peer;
}

void
peer_close(struct peer *peer)
{
	for (unsigned i = 0; i < peer->n_lines; i++)
		line_close(&peer->lines[i]);
	tn_watch_stop(&peer->watch);
	close(peer->fd);
	tn_str_done(&peer->heard);
	tn_free(peer);
}

uint16_t
peer_port(const struct peer *peer)
{
	return peer->port;
}

unsigned
peer_requests(const struct peer *peer)
{
	return peer->requests;
}

unsigned
peer_connections(const struct peer *peer)
{
	return peer->n_lines;
}

const char *
peer_heard(const struct peer *peer)
{
	return tn_str_text(&peer->heard);
}
