#include "client.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define GUARD (10 * TN_SEC)

static void
check(struct client *client)
{
	if (client->ended ||
	    (client->until != NULL && client->in.len > 0 &&
		strstr(client->in.ptr, client->until) != NULL))
		tn_loop_stop(client->loop);
}

static void
on_readable(void *arg, unsigned events TN_UNUSED)
{
	struct client *client = arg;
	char buffer[4096];
	ssize_t n = read(client->fd, buffer, sizeof buffer);

	if (n > 0) {
		tn_str_add_bytes(&client->in, buffer, (size_t)n);
	} else {
		client->ended = true;
		tn_watch_stop(&client->watch);
	}
	check(client);
}

void
client_open(struct client *client, struct tn_loop *loop, uint16_t port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port) };

	*client = (struct client){ .loop = loop };
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	client->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(client->fd >= 0);
	assert_int_equal(connect(client->fd, (const struct sockaddr *)&address,
			     sizeof address),
	    0);
	assert_int_equal(tn_watch_start(&client->watch, loop, client->fd, TN_WATCH_READ,
			     on_readable, client, NULL),
	    0);
}

void
client_close(struct client *client)
{
	tn_watch_stop(&client->watch);
	close(client->fd);
	tn_str_done(&client->in);
}

void
client_send_bytes(struct client *client, const void *bytes, size_t len)
{
	assert_int_equal(send(client->fd, bytes, len, MSG_NOSIGNAL), (ssize_t)len);
}

void
client_send(struct client *client, const char *text)
{
	client_send_bytes(client, text, strlen(text));
}

void
client_try_send(struct client *client, const char *text)
{
	ssize_t n = send(client->fd, text, strlen(text), MSG_NOSIGNAL);

	assert_true(n < 0 || n == (ssize_t)strlen(text));
}

size_t
client_flood(struct client *client, size_t len)
{
	static const char zeros[65536];
	size_t sent = 0;
	unsigned idle = 0;

	while (sent < len && idle < 100) {
		ssize_t n = send(client->fd, zeros, sizeof zeros,
		    MSG_NOSIGNAL | MSG_DONTWAIT);

		idle = n > 0 ? 0 : idle + 1;
		if (n > 0)
			sent += (size_t)n;
		if (client->ended)
			break;
		run_for(client->loop, TN_MSEC);
	}
	return sent;
}

void
client_stop_reading(struct client *client)
{
	tn_watch_stop(&client->watch);
}

unsigned
client_count(const struct client *client, const char *text)
{
	unsigned n = 0;

	for (const char *at = tn_str_text(&client->in); (at = strstr(at, text)) != NULL;
	     at += strlen(text))
		n++;
	return n;
}

struct pause {
	struct tn_loop *loop;
	bool over;
};

static void
on_pause_over(void *arg)
{
	struct pause *pause = arg;

	pause->over = true;
	tn_loop_stop(pause->loop);
}

void
run_for(struct tn_loop *loop, int64_t ns)
{
	struct pause pause = { loop, false };
	struct tn_timer timer = { 0 };

	tn_timer_start(&timer, loop, ns, on_pause_over, &pause);
	while (!pause.over)
		assert_int_equal(tn_loop_run(loop, NULL), 0);
}

static bool
is_there(const struct client *client, const char *until)
{
	return client->ended || (until != NULL && client_count(client, until) > 0);
}

/* Other clients of the same loop may stop it too. */
static void
run(struct client *client, const char *until)
{
	struct pause guard = { client->loop, false };
	struct tn_timer timer = { 0 };

	client->until = until;
	tn_timer_start(&timer, client->loop, GUARD, on_pause_over, &guard);
	while (!guard.over && !is_there(client, until))
		assert_int_equal(tn_loop_run(client->loop, NULL), 0);
	tn_timer_stop(&timer);
	client->until = NULL;
}

bool
client_wait_for(struct client *client, const char *text)
{
	run(client, text);
	return client_count(client, text) > 0;
}

bool
client_wait_end(struct client *client)
{
	run(client, NULL);
	return client->ended;
}
