/*
 * The daemon's doors, from outside: HTTP and the control socket, in real time, over a
 * daemon whose repositories never answer.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/secret.h"
#include "schema/schema.h"
#include "serve/control.h"
#include "serve/door.h"

#define KEY "a key of ours"

/* --- A daemon at rest --- */

struct tn_origin_call {
	int nothing;
};

static struct tn_origin_call *
never_open(struct tn_origin *origin TN_UNUSED,
    const struct tn_source_request *request TN_UNUSED, struct tn_cancel *cancel TN_UNUSED,
    tn_opened_fn *done TN_UNUSED, void *arg TN_UNUSED)
{
	return tn_new(struct tn_origin_call);
}

static void
never_stop(struct tn_origin *origin TN_UNUSED, struct tn_origin_call *call)
{
	tn_free(call);
}

static void
never_free(struct tn_origin *origin TN_UNUSED)
{
}

static const struct tn_origin_ops never_ops = { never_open, never_stop, never_free };
static struct tn_origin never = { &never_ops };

static struct tn_loop *loop;
static struct tn_schemas *schemas;
static struct tn_serve *serve;
static struct tn_door *door;
static struct tn_secret *secret;
static struct tn_webhook_entry entry;
static struct tn_door_hook hook;
static char directory[256], path[300];

static int
setup(void **state TN_UNUSED)
{
	static const char text[] =
	    "tenond: 1\nconnections: c.yaml\nsyncs:\n"
	    "  dev: {source: https://git.example/acme/login.git, revision: main, "
	    "connection: dev}\n";
	static const char where[] =
	    "connections:\n  dev: {provider: auth0, domain: dev.example.com, clientId: c, "
	    "clientSecret: {env: X}}\n";
	TN_CLEANUP(tn_diags_freep) struct tn_diags *diags = tn_diags_new();
	struct tn_settings settings = { 0 };
	struct tn_serve_options options = { .origin = &never };
	const struct tn_door_options how = { .address = "127.0.0.1" };
	struct tn_door_options chosen = how;

	loop = tn_loop_new(NULL);
	schemas = tn_schemas_new();
	if (tn_daemon_load("tenond.yaml", tn_span(text), schemas, &settings.daemon,
		diags) < 0 ||
	    tn_connections_load("c.yaml", tn_span(where), schemas, &settings.connections,
		diags) < 0)
		return -1;
	options.loop = chosen.loop = loop;
	options.schemas = schemas;
	chosen.serve = serve = tn_serve_start(&options, &settings);
	door = tn_door_open(&chosen, NULL);
	secret = tn_secret_new(KEY, strlen(KEY));
	entry = (struct tn_webhook_entry){ .name = "lab", .host = TN_HOST_GITLAB };
	hook = (struct tn_door_hook){ &entry, secret };
	tn_door_hooks(door, &hook, 1);
	snprintf(directory, sizeof(directory), "%s/door.XXXXXX",
	    getenv("TMPDIR") != NULL ? getenv("TMPDIR") : "/tmp");
	if (mkdtemp(directory) == NULL)
		return -1;
	snprintf(path, sizeof(path), "%s/socket", directory);
	return 0;
}

static int
teardown(void **state TN_UNUSED)
{
	tn_door_close(door);
	tn_serve_free(serve);
	tn_schemas_free(schemas);
	tn_loop_free(loop);
	tn_secret_unref(secret);
	unlink(path);
	return rmdir(directory);
}

/* --- Whoever asks --- */

static void
stop(void *arg)
{
	tn_loop_stop(arg);
}

static void
pass(int64_t ns)
{
	struct tn_timer timer = { 0 };

	tn_timer_start(&timer, loop, ns, stop, loop);
	assert_int_equal(tn_loop_run(loop, NULL), 0);
}

/* What comes until the other side hangs up, within ten seconds. */
static void
hear(int fd, struct tn_str *out)
{
	for (unsigned i = 0; i < 1000; i++) {
		char bytes[4096];
		ssize_t n = recv(fd, bytes, sizeof(bytes), 0);

		if (n == 0 || (n < 0 && errno != EAGAIN))
			return;
		if (n > 0)
			tn_str_add_bytes(out, bytes, (size_t)n);
		else
			pass(10 * TN_MSEC);
	}
	fail_msg("nobody hung up");
}

/* --- HTTP --- */

static void
asks(const char *request, const char *status)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_port = htons(tn_door_port(door)) };
	TN_CLEANUP(tn_str_done) struct tn_str answer = TN_STR_INIT;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(connect(fd, (const struct sockaddr *)&address, sizeof(address)),
	    0);
	assert_int_equal(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
	assert_int_equal(send(fd, request, strlen(request), MSG_NOSIGNAL),
	    strlen(request));
	hear(fd, &answer);
	close(fd);
	if (!tn_text_starts(tn_str_text(&answer), status))
		fail_msg("%s: %s", request, tn_str_text(&answer));
}

#define GET(at) "GET " at " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
#define POST(at, headers, len, body)                                       \
	"POST " at " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" headers \
	"Content-Length: " #len "\r\n\r\n" body

#define PUSH "{\"project\":{\"path_with_namespace\":\"acme/login\"}}"

static void
each_path_has_its_answer(void **state TN_UNUSED)
{
	asks(GET("/metrics"), "HTTP/1.1 200");
	asks(GET("/healthz"), "HTTP/1.1 200");
	/* No sync was looked at yet. */
	asks(GET("/readyz"), "HTTP/1.1 503");
	asks(GET("/"), "HTTP/1.1 404");
	asks(GET("/metrics/more"), "HTTP/1.1 404");
	asks(GET("/webhooks/lab"), "HTTP/1.1 405");
	asks(POST("/metrics", "", 0, ""), "HTTP/1.1 405");
}

static void
a_webhook_wakes_when_it_is_theirs(void **state TN_UNUSED)
{
	asks(POST("/webhooks/lab", "", 48, PUSH), "HTTP/1.1 403");
	asks(POST("/webhooks/lab", "X-Gitlab-Token: wrong\r\n", 48, PUSH),
	    "HTTP/1.1 403");
	asks(POST("/webhooks/nobody", "X-Gitlab-Token: " KEY "\r\n", 48, PUSH),
	    "HTTP/1.1 403");
	asks(POST("/webhooks/lab", "X-Gitlab-Token: " KEY "\r\n", 2, "{}"),
	    "HTTP/1.1 400");
	assert_int_equal(tn_serve_counts(serve).wakes, 0);
	asks(POST("/webhooks/lab", "x-gitlab-token: " KEY "\r\n", 48, PUSH),
	    "HTTP/1.1 202");
	assert_int_equal(tn_serve_counts(serve).wakes, 1);
}

static void
without_a_secret_nobody_is_let_in(void **state TN_UNUSED)
{
	hook.secret = NULL;
	asks(POST("/webhooks/lab", "X-Gitlab-Token: \r\n", 48, PUSH), "HTTP/1.1 403");
	asks(POST("/webhooks/lab", "X-Gitlab-Token: " KEY "\r\n", 48, PUSH),
	    "HTTP/1.1 403");
	assert_int_equal(tn_serve_counts(serve).wakes, 0);
}

/* Whoever announces more is hung up on, with 413 if there is time to say so. */
static void
a_body_has_a_bound(void **state TN_UNUSED)
{
	asks(POST("/webhooks/lab", "X-Gitlab-Token: " KEY "\r\n", 99999999, "{"), "");
	assert_int_equal(tn_serve_counts(serve).wakes, 0);
}

static void
an_address_may_ask_so_often(void **state TN_UNUSED)
{
	for (unsigned i = 0; i < 40; i++)
		asks(GET("/healthz"), "HTTP/1.1 200");
	/* The burst is over, and some of it may be back already. */
	for (unsigned i = 0; i < 40; i++)
		asks(GET("/healthz"), "HTTP/1.1 ");
	asks(GET("/healthz"), "HTTP/1.1 429");
}

/* --- The control socket --- */

static int
talk_to(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	memcpy(address.sun_path, path, strlen(path) + 1);
	assert_int_equal(connect(fd, (const struct sockaddr *)&address, sizeof(address)),
	    0);
	return fd;
}

static void
says(const char *question, size_t len, const char *wanted)
{
	TN_CLEANUP(tn_str_done) struct tn_str answer = TN_STR_INIT;
	int fd = talk_to();

	pass(10 * TN_MSEC);
	assert_int_equal(send(fd, question, len, MSG_NOSIGNAL), len);
	hear(fd, &answer);
	close(fd);
	if (!tn_text_starts(tn_str_text(&answer), wanted) ||
	    (*wanted == '\0' && answer.len > 0))
		fail_msg("%s", tn_str_text(&answer));
}

static void
a_question_is_a_line(void **state TN_UNUSED)
{
	struct tn_control *control = tn_control_open(loop, path, serve, NULL);
	TN_CLEANUP(tn_str_done) struct tn_str longer = TN_STR_INIT;
	static const char status[] = "{\"command\":\"status\"}\n";

	assert_non_null(control);
	says(status, strlen(status),
	    "{\"format_version\":\"1.0\",\"syncs\":[{\"name\":\"dev\"");
	says("\n", 1, "{\"error\":");
	says("\0\n", 2, "{\"error\":");
	while (longer.len < 5000)
		tn_str_add(&longer, "xxxxxxxxxx");
	says(longer.ptr, longer.len, "");
	tn_control_close(control);
	assert_int_equal(access(path, F_OK), -1);
}

static void
the_socket_is_ours_alone(void **state TN_UNUSED)
{
	struct tn_control *control = tn_control_open(loop, path, serve, NULL);
	struct stat facts;

	assert_int_equal(stat(path, &facts), 0);
	assert_int_equal(facts.st_mode & 0777, 0600);
	tn_control_close(control);
}

/* Whoever says nothing does not keep others from asking. */
static void
many_who_say_nothing_are_sent_away(void **state TN_UNUSED)
{
	struct tn_control *control = tn_control_open(loop, path, serve, NULL);
	static const char status[] = "{\"command\":\"status\"}\n";
	int silent[20];

	for (size_t i = 0; i < TN_ARRAY_LEN(silent); i++) {
		silent[i] = talk_to();
		pass(2 * TN_MSEC);
	}
	/* Those beyond the first were turned away at once, the others after a while. */
	pass(6 * TN_SEC);
	says(status, strlen(status), "{\"format_version\"");
	for (size_t i = 0; i < TN_ARRAY_LEN(silent); i++)
		close(silent[i]);
	tn_control_close(control);
}

static void
a_socket_that_was_left_behind_makes_room(void **state TN_UNUSED)
{
	struct tn_control *control = tn_control_open(loop, path, serve, NULL);
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd;

	assert_null(tn_control_open(loop, path, serve, &err));
	assert_int_equal(err.kind, TN_E_LOCKED);
	assert_int_equal(access(path, F_OK), 0);
	tn_control_close(control);
	/* Of a process that was killed. */
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	memcpy(address.sun_path, path, strlen(path) + 1);
	assert_int_equal(bind(fd, (const struct sockaddr *)&address, sizeof(address)), 0);
	close(fd);
	control = tn_control_open(loop, path, serve, NULL);
	assert_non_null(control);
	tn_control_close(control);
}

static void
what_is_no_socket_stays(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

	assert_int_equal(tn_file_write(path, 0600, tn_span("mine"), NULL), 0);
	assert_null(tn_control_open(loop, path, serve, &err));
	assert_int_equal(err.kind, TN_E_INPUT);
	assert_int_equal(tn_file_read(path, 100, &text, NULL), 0);
	assert_string_equal(tn_str_text(&text), "mine");
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_path_has_its_answer),
		TEST(a_webhook_wakes_when_it_is_theirs),
		TEST(without_a_secret_nobody_is_let_in),
		TEST(a_body_has_a_bound),
		TEST(an_address_may_ask_so_often),
		TEST(a_question_is_a_line),
		TEST(the_socket_is_ours_alone),
		TEST(many_who_say_nothing_are_sent_away),
		TEST(a_socket_that_was_left_behind_makes_room),
		TEST(what_is_no_socket_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
