#include "web/web.h"

#include "base/mem.h"
#include "web/listen.h"
#include "web/reply.h"

#include <errno.h>
#include <microhttpd.h>
#include <string.h>
#include <sys/socket.h>

#define DEFAULT_ADDRESS     "127.0.0.1"
#define DEFAULT_BODY        ((size_t)8 << 20)
#define DEFAULT_DEADLINE    (60 * TN_SEC)
#define DEFAULT_CONNECTIONS 256u
#define CONNECTION_MEMORY   ((size_t)32 << 10)
/*
 * A body that is too large is read to its end, so that the client gets to see
 * 413; up to here.
 */
#define PATIENCE 8

/* What a request waits for. */
enum stage {
	STAGE_READING,  /* its head and body */
	STAGE_WAITING,  /* for an answer from our owner, who holds the handle */
	STAGE_ANSWERED, /* response is set and on its way */
	STAGE_DROPPED,  /* its connection goes */
};

struct conn {
	struct tn_web *web;
	struct conn *prev, *next;
	struct MHD_Connection *mhd;
	int fd;
	struct tn_timer timer; /* the request's deadline, or that of an idle connection */
	struct tn_web_request *request;
};

struct tn_web_request {
	struct conn *conn;
	enum stage stage;
	bool begun; /* the head was seen */
	bool suspended;
	int refusal; /* a status that we answer ourselves; 0 for none */
	char *uri;
	size_t uri_len;
	char *query; /* inside uri, or NULL */
	struct tn_web_field *headers;
	size_t n_headers, cap_headers;
	struct tn_str body;
	size_t discarded;
	struct tn_watch watch; /* for a peer that goes away while we wait */
	struct MHD_Response *response;
	unsigned status;
};

struct tn_web {
	struct tn_loop *loop;
	struct tn_web_options options;
	tn_web_fn *fn;
	tn_web_gone_fn *gone;
	void *arg;
	struct MHD_Daemon *daemon;
	uint16_t port;
	bool closing;
	bool resumed; /* since the library last ran */
	struct conn *conns;
	struct tn_watch watch;
	struct tn_timer timer;
};

/* --- The library's turn --- */

static void run(void *arg);

static void
schedule(struct tn_web *web)
{
	MHD_UNSIGNED_LONG_LONG ms = 0;

	if (web->resumed || MHD_get_timeout(web->daemon, &ms) == MHD_YES)
		tn_timer_start(&web->timer, web->loop, (int64_t)ms * TN_MSEC, run, web);
	else
		tn_timer_stop(&web->timer);
}

static void
run(void *arg)
{
	struct tn_web *web = arg;

	web->resumed = false;
	MHD_run(web->daemon);
	schedule(web);
}

/* --- Life of requests and connections --- */

static void
request_free(struct tn_web_request *request)
{
	tn_watch_stop(&request->watch);
	if (request->response != NULL)
		MHD_destroy_response(request->response);
	tn_str_done(&request->body);
	tn_free(request->headers);
	tn_free(request->uri);
	tn_free(request);
}

/* The library looks at what was resumed when it runs the next time, and not before. */
static void
resume(struct tn_web_request *request)
{
	struct tn_web *web = request->conn->web;

	if (!request->suspended)
		return;
	request->suspended = false;
	tn_watch_stop(&request->watch);
	MHD_resume_connection(request->conn->mhd);
	web->resumed = true;
	tn_timer_start(&web->timer, web->loop, 0, run, web);
}

/* The library notices the closed socket, or asks on_access, and cleans up. */
static void
hang_up(struct conn *conn)
{
	const struct linger at_once = { .l_onoff = 1, .l_linger = 0 };

	tn_timer_stop(&conn->timer);
	setsockopt(conn->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
	shutdown(conn->fd, SHUT_RDWR);
	if (conn->request != NULL) {
		conn->request->stage = STAGE_DROPPED;
		resume(conn->request);
	}
}

/* Our owner forgets the handle here, so that hang_up may end the request. */
static void
lose(struct conn *conn)
{
	struct tn_web_request *request = conn->request;

	if (request != NULL && request->stage == STAGE_WAITING) {
		request->stage = STAGE_DROPPED;
		conn->web->gone(conn->web->arg, request);
	}
	hang_up(conn);
}

static void
on_deadline(void *arg)
{
	lose(arg);
}

static void
give_time(struct conn *conn)
{
	tn_timer_start(&conn->timer, conn->web->loop, conn->web->options.deadline_ns,
	    on_deadline, conn);
}

static void
conn_open(struct tn_web *web, struct MHD_Connection *mhd, void **slot)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(mhd,
	    MHD_CONNECTION_INFO_CONNECTION_FD);
	struct conn *conn = tn_new(struct conn);

	conn->web = web;
	conn->mhd = mhd;
	conn->fd = info->connect_fd;
	conn->next = web->conns;
	if (conn->next != NULL)
		conn->next->prev = conn;
	web->conns = conn;
	*slot = conn;
	give_time(conn);
}

static void
conn_close(struct tn_web *web, struct conn *conn)
{
	if (conn->prev != NULL)
		conn->prev->next = conn->next;
	else
		web->conns = conn->next;
	if (conn->next != NULL)
		conn->next->prev = conn->prev;
	tn_timer_stop(&conn->timer);
	tn_free(conn);
}

static void
on_connection(void *arg, struct MHD_Connection *mhd, void **slot,
    enum MHD_ConnectionNotificationCode code)
{
	if (code == MHD_CONNECTION_NOTIFY_STARTED)
		conn_open(arg, mhd, slot);
	else if (*slot != NULL)
		conn_close(arg, *slot);
}

static void
on_completed(void *arg, struct MHD_Connection *mhd TN_UNUSED, void **slot,
    enum MHD_RequestTerminationCode code TN_UNUSED)
{
	struct tn_web *web = arg;
	struct tn_web_request *request = *slot;

	if (request == NULL)
		return;
	*slot = NULL;
	request->conn->request = NULL;
	if (request->stage == STAGE_WAITING && !web->closing)
		web->gone(web->arg, request);
	if (request->stage != STAGE_DROPPED && !web->closing)
		give_time(request->conn);
	request_free(request);
}

/* --- A request comes in --- */

static bool
uri_is_sane(const char *uri)
{
	if (uri[0] != '/')
		return false;
	for (const char *c = uri; *c != '\0'; c++) {
		if (*c <= ' ' || *c > '~' || strncmp(c, "%00", 3) == 0)
			return false;
	}
	return true;
}

/* Called with the request line, before anything in it is decoded. */
static void *
on_uri(void *arg TN_UNUSED, const char *uri, struct MHD_Connection *mhd)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(mhd,
	    MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	struct conn *conn = info->socket_context;
	struct tn_web_request *request = tn_new(struct tn_web_request);

	request->conn = conn;
	request->uri = tn_strdup(uri != NULL ? uri : "");
	request->uri_len = strlen(request->uri);
	if (!uri_is_sane(request->uri))
		request->refusal = MHD_HTTP_BAD_REQUEST;
	request->query = strchr(request->uri, '?');
	if (request->query != NULL)
		*request->query++ = '\0';
	tn_str_init(&request->body, conn->web->options.max_body);
	conn->request = request;
	give_time(conn);
	return request;
}

/* NUL and other control characters have no business in a name or a value. */
static bool
is_printable(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (((unsigned char)text[i] < ' ' && text[i] != '\t') || text[i] == 0x7f)
			return false;
	}
	return true;
}

static enum MHD_Result
on_header(void *arg, enum MHD_ValueKind kind TN_UNUSED, const char *name, size_t name_len,
    const char *value, size_t value_len)
{
	struct tn_web_request *request = arg;

	if (!is_printable(name, name_len) || !is_printable(value, value_len))
		request->refusal = MHD_HTTP_BAD_REQUEST;
	request->headers = tn_grow(request->headers, request->n_headers,
	    &request->cap_headers, sizeof *request->headers);
	request->headers[request->n_headers++] = (struct tn_web_field){ name,
		value != NULL ? value : "" };
	return MHD_YES;
}

/*
 * To the library a NUL byte ends the URI. But the version stands right behind the URI in
 * its buffer, so that the distance tells how long it really was.
 */
static bool
uri_was_cut(const struct tn_web_request *request, const char *url, const char *version)
{
	uintptr_t distance = (uintptr_t)version - (uintptr_t)url;

	return distance > request->uri_len + 1 && distance < CONNECTION_MEMORY;
}

static void
begin(struct tn_web_request *request, const char *url, const char *method,
    const char *version)
{
	request->begun = true;
	if (!is_printable(method, strlen(method)) || uri_was_cut(request, url, version))
		request->refusal = MHD_HTTP_BAD_REQUEST;
	MHD_get_connection_values_n(request->conn->mhd, MHD_HEADER_KIND, on_header,
	    request);
}

static enum MHD_Result
take_body(struct tn_web_request *request, const char *bytes, size_t len)
{
	size_t max = request->conn->web->options.max_body;

	if (request->refusal == 0) {
		tn_str_add_bytes(&request->body, bytes, len);
		if (!tn_str_overflowed(&request->body))
			return MHD_YES;
		request->refusal = MHD_HTTP_CONTENT_TOO_LARGE;
		tn_str_done(&request->body);
	}
	request->discarded += len;
	if (request->discarded / PATIENCE <= max)
		return MHD_YES;
	hang_up(request->conn);
	return MHD_NO;
}

/* --- An answer goes out --- */

static void
respond(struct tn_web_request *request, int status, const struct tn_web_field *headers,
    size_t n_headers, struct tn_span body, size_t sent_bytes)
{
	request->status = (unsigned)status;
	request->response = tn_reply_new(headers, n_headers, body, sent_bytes);
	if (request->response == NULL) {
		request->status = MHD_HTTP_INTERNAL_SERVER_ERROR;
		request->response = tn_reply_new(NULL, 0, tn_span(""), 0);
	}
	request->stage = STAGE_ANSWERED;
	resume(request);
}

static void
hand_over(struct tn_web_request *request, const char *method)
{
	const struct tn_web *web = request->conn->web;
	char peer[TN_PEER_SIZE];
	const struct tn_web_view view = {
		.method = method,
		.peer = peer,
		.path = request->uri,
		.query = request->query != NULL ? request->query : "",
		.headers = request->headers,
		.n_headers = request->n_headers,
		.body = tn_str_span(&request->body),
	};

	if (request->refusal != 0) {
		respond(request, request->refusal, NULL, 0, tn_span(""), 0);
		return;
	}
	tn_peer_address(request->conn->fd, peer);
	request->stage = STAGE_WAITING;
	web->fn(web->arg, request, &view);
}

/* While we wait the peer has nothing to say; what can be read is its end. */
static void
on_peer(void *arg, unsigned events TN_UNUSED)
{
	struct tn_web_request *request = arg;
	char byte;
	ssize_t n = recv(request->conn->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	tn_watch_stop(&request->watch);
	if (n <= 0)
		lose(request->conn);
}

/* Without the watch a peer that goes away is noticed at the deadline. */
static void
wait_for_answer(struct tn_web_request *request)
{
	const struct conn *conn = request->conn;

	MHD_suspend_connection(conn->mhd);
	request->suspended = true;
	if (tn_watch_start(&request->watch, conn->web->loop, conn->fd, TN_WATCH_READ,
		on_peer, request, NULL) < 0)
		return;
}

/* The library calls this for the head, each piece of the body, the end, and once resumed.
 */
static enum MHD_Result
on_access(void *arg TN_UNUSED, struct MHD_Connection *mhd, const char *url,
    const char *method, const char *version, const char *bytes, size_t *len, void **slot)
{
	struct tn_web_request *request = *slot;

	if (!request->begun) {
		begin(request, url, method, version);
		return MHD_YES;
	}
	if (*len > 0) {
		size_t got = *len;

		*len = 0;
		return take_body(request, bytes, got);
	}
	if (request->stage == STAGE_READING)
		hand_over(request, method);
	switch (request->stage) {
	case STAGE_WAITING:
		wait_for_answer(request);
		return MHD_YES;
	case STAGE_ANSWERED:
		return MHD_queue_response(mhd, request->status, request->response);
	case STAGE_READING:
	case STAGE_DROPPED:
		break;
	}
	return MHD_NO;
}

/* --- Opening and closing --- */

static void
on_ready(void *arg, unsigned events TN_UNUSED)
{
	run(arg);
}

static int
refuse_start(const struct tn_web *web, struct tn_error *err)
{
	if (web->options.certificate == NULL)
		return tn_error_set(err, TN_E_SYSTEM, "cannot start the HTTP server");
	tn_error_set(err, TN_E_INPUT,
	    "cannot start the HTTPS server with this certificate and this key");
	tn_error_hint(err, "both are PEM, and belong together");
	return -TN_E_INPUT;
}

static int
start(struct tn_web *web, struct tn_error *err)
{
	bool tls = web->options.certificate != NULL;
	struct MHD_OptionItem tls_options[] = {
		{ MHD_OPTION_HTTPS_MEM_CERT, 0,
		    (void *)(uintptr_t)web->options.certificate },
		{ MHD_OPTION_HTTPS_MEM_KEY, 0,
		    (void *)(uintptr_t)web->options.private_key },
		{ MHD_OPTION_END, 0, NULL },
	};
	const union MHD_DaemonInfo *info;
	int fd;
	int r = tn_listen_open(web->options.address, web->options.port, &fd, &web->port,
	    err);

	if (r < 0)
		return r;
	/* clang-format off */
	web->daemon = MHD_start_daemon(
	    MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | (tls ? MHD_USE_TLS : 0), 0,
	    NULL, NULL, on_access, web,
	    MHD_OPTION_ARRAY, tls ? tls_options : &tls_options[2],
	    MHD_OPTION_LISTEN_SOCKET, fd,
	    MHD_OPTION_CONNECTION_LIMIT, web->options.max_connections,
	    MHD_OPTION_PER_IP_CONNECTION_LIMIT, web->options.max_per_address,
	    MHD_OPTION_CONNECTION_MEMORY_LIMIT, CONNECTION_MEMORY,
	    MHD_OPTION_STRICT_FOR_CLIENT, 1,
	    MHD_OPTION_URI_LOG_CALLBACK, on_uri, web,
	    MHD_OPTION_NOTIFY_CONNECTION, on_connection, web,
	    MHD_OPTION_NOTIFY_COMPLETED, on_completed, web,
	    MHD_OPTION_END);
	/* clang-format on */
	if (web->daemon == NULL) {
		/* It has closed the socket or not, as it came to fail: not ours now. */
		return refuse_start(web, err);
	}
	info = MHD_get_daemon_info(web->daemon, MHD_DAEMON_INFO_EPOLL_FD);
	if (info == NULL || info->epoll_fd < 0)
		return tn_error_set(err, TN_E_SYSTEM, "the HTTP server has no epoll");
	return tn_watch_start(&web->watch, web->loop, info->epoll_fd, TN_WATCH_READ,
	    on_ready, web, err);
}

struct tn_web *
tn_web_open(struct tn_loop *loop, const struct tn_web_options *options, tn_web_fn *fn,
    tn_web_gone_fn *gone, void *arg, struct tn_error *err)
{
	TN_CLEANUP(tn_web_closep) struct tn_web *web = tn_new(struct tn_web);

	web->loop = loop;
	web->options = *options;
	if (web->options.address == NULL)
		web->options.address = DEFAULT_ADDRESS;
	if (web->options.max_body == 0)
		web->options.max_body = DEFAULT_BODY;
	if (web->options.deadline_ns == 0)
		web->options.deadline_ns = DEFAULT_DEADLINE;
	if (web->options.max_connections == 0)
		web->options.max_connections = DEFAULT_CONNECTIONS;
	web->fn = fn;
	web->gone = gone;
	web->arg = arg;
	if (start(web, err) < 0)
		return NULL;
	web->options.address = NULL;
	schedule(web);
	return tn_take(web);
}

void
tn_web_close(struct tn_web *web)
{
	if (web == NULL)
		return;
	web->closing = true;
	tn_watch_stop(&web->watch);
	for (struct conn *conn = web->conns; conn != NULL; conn = conn->next)
		hang_up(conn);
	tn_timer_stop(&web->timer);
	if (web->daemon != NULL)
		MHD_stop_daemon(web->daemon);
	tn_free(web);
}

uint16_t
tn_web_port(const struct tn_web *web)
{
	return web->port;
}

void
tn_web_answer(struct tn_web_request *request, int status,
    const struct tn_web_field *headers, size_t n_headers, struct tn_span body)
{
	respond(request, status, headers, n_headers, body, body.len);
}

void
tn_web_cut(struct tn_web_request *request, int status, const struct tn_web_field *headers,
    size_t n_headers, struct tn_span body, size_t bytes)
{
	respond(request, status, headers, n_headers, body, bytes);
}

void
tn_web_drop(struct tn_web_request *request)
{
	hang_up(request->conn);
}
