/*
 * Whom the transport trusts. The servers here are libmicrohttpd with TLS and certificates
 * that only tests/data/tls knows.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "world.h"

#define DATA "tests/data/tls/"

/* Answers "secure" at once, except for "/hold", which waits until the server ends. */
struct server {
	struct MHD_Daemon *daemon;
	struct tn_watch watch;
	struct tn_timer timer;
	struct MHD_Connection *held;
	uint16_t port;
	unsigned requests;
};

static enum MHD_Result
on_access(void *arg, struct MHD_Connection *connection, const char *url,
    const char *method TN_UNUSED, const char *version TN_UNUSED,
    const char *bytes TN_UNUSED, size_t *len, void **slot)
{
	static char text[] = "secure";
	struct server *server = arg;
	struct MHD_Response *response;
	enum MHD_Result result;

	if (*slot == NULL) {
		*slot = server;
		server->requests++;
		return MHD_YES;
	}
	if (*len > 0) {
		*len = 0;
		return MHD_YES;
	}
	if (strcmp(url, "/hold") == 0 && server->held == NULL) {
		server->held = connection;
		MHD_suspend_connection(connection);
		return MHD_YES;
	}
	response = MHD_create_response_from_buffer(6, text, MHD_RESPMEM_PERSISTENT);
	result = MHD_queue_response(connection, 200, response);
	MHD_destroy_response(response);
	return result;
}

static void
run_server(void *arg)
{
	struct server *server = arg;
	MHD_UNSIGNED_LONG_LONG ms;

	MHD_run(server->daemon);
	if (MHD_get_timeout(server->daemon, &ms) == MHD_YES)
		tn_timer_start(&server->timer, world_loop(), (int64_t)ms * TN_MSEC,
		    run_server, server);
}

static void
on_ready(void *arg, unsigned events TN_UNUSED)
{
	run_server(arg);
}

static char *
read_data(const char *name, const char *suffix)
{
	struct tn_str path = TN_STR_INIT, text = TN_STR_INIT;

	tn_str_addf(&path, DATA "%s%s", name, suffix);
	assert_int_equal(tn_file_read(tn_str_text(&path), 65536, &text, NULL), 0);
	tn_str_done(&path);
	return tn_str_take(&text);
}

static void
server_open(struct server *server, const char *name)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	TN_CLEANUP(tn_freep) char *key = read_data(name, ".key");
	TN_CLEANUP(tn_freep) char *crt = read_data(name, ".crt");

	*server = (struct server){ 0 };
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	server->daemon = MHD_start_daemon(MHD_USE_EPOLL | MHD_USE_TLS |
		MHD_ALLOW_SUSPEND_RESUME,
	    0, NULL, NULL, on_access, server, MHD_OPTION_HTTPS_MEM_KEY, key,
	    MHD_OPTION_HTTPS_MEM_CERT, crt, MHD_OPTION_SOCK_ADDR, &address,
	    MHD_OPTION_END);
	assert_non_null(server->daemon);
	server->port =
	    MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
	assert_int_equal(
	    tn_watch_start(&server->watch, world_loop(),
		MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd,
		TN_WATCH_READ, on_ready, server, NULL),
	    0);
}

static void
server_close(struct server *server)
{
	tn_watch_stop(&server->watch);
	tn_timer_stop(&server->timer);
	if (server->held != NULL)
		MHD_resume_connection(server->held);
	MHD_stop_daemon(server->daemon);
}

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

static struct tn_transport *
trusting(const char *ca_file)
{
	const struct tn_curl_options options = { .ca_file = ca_file };
	struct tn_transport *curl = tn_curl_new(world_loop(), &options, NULL);

	assert_non_null(curl);
	return curl;
}

static void
send_tls(struct sent *sent, struct tn_transport *curl, const struct server *server,
    const char *host, const char *path)
{
	struct tn_str url = TN_STR_INIT;
	struct tn_http_request req;

	tn_str_addf(&url, "https://%s:%u%s", host, server->port, path);
	tn_http_request_init(&req, TN_HTTP_POST, tn_str_text(&url));
	tn_http_body_text(&req, "{}");
	send_request(sent, curl, &req);
	tn_http_request_done(&req);
	tn_str_done(&url);
}

static void
a_certificate_is_trusted_only_as_told(void **state TN_UNUSED)
{
	static const struct {
		const char *server, *ca_file, *host;
		bool trusted;
	} cases[] = {
		{ "localhost", DATA "localhost.crt", "127.0.0.1", true },
		{ "localhost", DATA "localhost.crt", "localhost", true },
		{ "localhost", NULL, "127.0.0.1", false }, /* the system's authorities */
		{ "localhost", DATA "other.crt", "127.0.0.1", false },
		{ "other", DATA "other.crt", "127.0.0.1", false }, /* another host's */
		{ "other", DATA "other.crt", "localhost", false },
		{ "expired", DATA "expired.crt", "localhost", false },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		struct tn_transport *curl = trusting(cases[i].ca_file);
		struct server server;
		struct sent sent = { 0 };

		server_open(&server, cases[i].server);
		send_tls(&sent, curl, &server, cases[i].host, "/x");
		run_until_done();
		if (cases[i].trusted) {
			assert_int_equal(sent.status, 200);
			assert_string_equal(sent.body, "secure");
		} else {
			assert_failed(&sent, TN_E_SYSTEM, "certificate is not trusted");
			assert_non_null(strstr(sent.err.hint, "--ca-file"));
		}
		assert_int_equal(server.requests, cases[i].trusted ? 1 : 0);
		sent_done(&sent);
		tn_transport_free(curl);
		server_close(&server);
	}
}

static void
a_file_without_certificates_trusts_nobody(void **state TN_UNUSED)
{
	struct tn_transport *curl = trusting(DATA "README.md");
	struct server server;
	struct sent sent = { 0 };

	server_open(&server, "localhost");
	send_tls(&sent, curl, &server, "localhost", "/x");
	run_until_done();
	assert_failed(&sent, TN_E_SYSTEM, "https://localhost");
	assert_non_null(strstr(sent.err.hint, "--ca-file"));
	assert_int_equal(server.requests, 0);
	sent_done(&sent);
	tn_transport_free(curl);
	server_close(&server);
}

static void
a_broken_handshake_is_certainly_not_done(void **state TN_UNUSED)
{
	struct peer *peer = peer_open(NULL, 0);
	const struct server server = { .port = peer_port(peer) };
	struct sent sent = { 0 };

	send_tls(&sent, world_curl(), &server, "127.0.0.1", "/x");
	run_for(50 * TN_MSEC);
	assert_int_equal(sent.completions, 0);
	peer_close(peer);
	run_until_done();
	assert_failed(&sent, TN_E_TRANSIENT, "POST https://127.0.0.1");
	sent_done(&sent);
}

static void
calls_do_not_wait_for_each_other(void **state TN_UNUSED)
{
	struct tn_transport *curl = trusting(DATA "localhost.crt");
	struct server server;
	struct sent held = { 0 }, other = { 0 };

	server_open(&server, "localhost");
	send_tls(&held, curl, &server, "localhost", "/hold");
	send_tls(&other, curl, &server, "localhost", "/x");
	WAIT_FOR(other.completions == 1 && server.held != NULL);
	assert_int_equal(other.status, 200);
	assert_int_equal(held.completions, 0);
	tn_transport_free(curl);
	sent_done(&other);
	server_close(&server);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_certificate_is_trusted_only_as_told),
		TEST(a_file_without_certificates_trusts_nobody),
		TEST(a_broken_handshake_is_certainly_not_done),
		TEST(calls_do_not_wait_for_each_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
