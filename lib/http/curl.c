#include "http/curl.h"

#include "base/mem.h"
#include "base/time.h"
#include "http/exchange.h"

#include <curl/curl.h>
#include <dirent.h>
#include <fcntl.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#define CA_DIRECTORY "/etc/ssl/certs"
#define CONNECTIONS  6u

struct transport {
	struct tn_transport transport;
	struct tn_loop *loop;
	CURLM *multi;
	struct tn_timer timer;
	struct tn_call *calls;
	char *user_agent;
	char *ca_file; /* NULL: the system's */
	bool ca_directory;
};

/* A socket of libcurl's that is being watched. */
struct socket {
	struct transport *transport;
	struct tn_watch watch;
	curl_socket_t fd;
};

/*
 * A call runs until libcurl is done with it, the deadline passes, or it is cancelled. One
 * timer serves the deadline first and then the completion, which is a callback of the
 * loop of its own: whatever it does, nothing of ours is on the stack.
 */
struct tn_call {
	struct transport *transport;
	struct tn_call *prev, *next;
	tn_http_done_fn *done;
	void *arg;
	struct tn_timer timer;
	int64_t deadline_ns;
	struct tn_exchange exchange;
	struct tn_error refusal; /* why it was not even tried */
	CURLcode code;
};

/* --- One call's life --- */

static void
call_detach(struct tn_call *call)
{
	tn_timer_stop(&call->timer);
	if (call->exchange.easy != NULL)
		curl_multi_remove_handle(call->transport->multi, call->exchange.easy);
	if (call->prev != NULL)
		call->prev->next = call->next;
	else
		call->transport->calls = call->next;
	if (call->next != NULL)
		call->next->prev = call->prev;
}

static void
call_free(struct tn_call *call)
{
	tn_exchange_done(&call->exchange);
	tn_error_done(&call->refusal);
	tn_free(call);
}

static void
on_done(void *arg)
{
	struct tn_call *call = arg;
	struct tn_http_response resp;
	struct tn_error err = TN_ERROR_INIT;
	bool failed = tn_error_is_set(&call->refusal);

	call_detach(call);
	if (failed)
		tn_error_move(&err, &call->refusal);
	else
		failed = tn_exchange_finish(&call->exchange, (int)call->code, &resp,
			     &err) < 0;
	call->done(call->arg, failed ? NULL : &resp, failed ? &err : NULL);
	tn_error_done(&err);
	call_free(call);
}

static void
on_deadline(void *arg)
{
	struct tn_call *call = arg;
	char waited[24];

	tn_duration_format(call->deadline_ns, waited);
	snprintf(call->exchange.detail, sizeof call->exchange.detail, "%s after %s",
	    call->exchange.begun > 0 ? "given up" : "no connection", waited);
	call->code = CURLE_OPERATION_TIMEDOUT;
	on_done(call);
}

static void
complete_soon(struct tn_call *call)
{
	tn_timer_start(&call->timer, call->transport->loop, 0, on_done, call);
}

/* --- libcurl's callbacks: nothing of the user runs inside --- */

static void
collect(struct transport *transport)
{
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(transport->multi, &left)) != NULL) {
		struct tn_call *call = NULL;

		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &call);
		call->code = message->data.result;
		complete_soon(call);
	}
}

static void
on_timeout(void *arg)
{
	struct transport *transport = arg;
	int running;

	curl_multi_socket_action(transport->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	collect(transport);
}

static int
on_set_timer(CURLM *multi TN_UNUSED, long ms, void *arg)
{
	struct transport *transport = arg;

	if (ms < 0)
		tn_timer_stop(&transport->timer);
	else
		tn_timer_start(&transport->timer, transport->loop, ms * TN_MSEC,
		    on_timeout, transport);
	return 0;
}

static void
on_socket_ready(void *arg, unsigned events)
{
	const struct socket *socket = arg;
	struct transport *transport = socket->transport;
	int mask = 0;
	int running;

	if (events & TN_WATCH_READ)
		mask |= CURL_CSELECT_IN;
	if (events & TN_WATCH_WRITE)
		mask |= CURL_CSELECT_OUT;
	curl_multi_socket_action(transport->multi, socket->fd, mask, &running);
	collect(transport);
}

static unsigned
events_of(int what)
{
	unsigned events = 0;

	if (what == CURL_POLL_IN || what == CURL_POLL_INOUT)
		events |= TN_WATCH_READ;
	if (what == CURL_POLL_OUT || what == CURL_POLL_INOUT)
		events |= TN_WATCH_WRITE;
	return events;
}

static struct socket *
socket_new(struct transport *transport, curl_socket_t fd)
{
	struct socket *socket = tn_new(struct socket);

	socket->transport = transport;
	socket->fd = fd;
	curl_multi_assign(transport->multi, fd, socket);
	return socket;
}

static int
on_set_socket(CURL *easy TN_UNUSED, curl_socket_t fd, int what, void *arg, void *assigned)
{
	struct transport *transport = arg;
	struct socket *socket = assigned;
	int r;

	if (what == CURL_POLL_REMOVE) {
		if (socket != NULL)
			tn_watch_stop(&socket->watch);
		tn_free(socket);
		return 0;
	}
	if (socket == NULL)
		socket = socket_new(transport, fd);
	if (socket->watch.loop != NULL)
		r = tn_watch_change(&socket->watch, events_of(what), NULL);
	else
		r = tn_watch_start(&socket->watch, transport->loop, fd, events_of(what),
		    on_socket_ready, socket, NULL);
	/* The kernel refuses a watch when it is short of memory; -1 ends all the
	 * transfers. */
	return r < 0 ? -1 : 0;
}

/* --- The transport --- */

static int
start(struct tn_call *call, const struct tn_http_request *req, struct tn_error *err)
{
	const struct transport *transport = call->transport;
	const struct tn_exchange_options options = {
		.user_agent = transport->user_agent,
		.ca_file = transport->ca_file,
		.ca_directory = transport->ca_directory ? CA_DIRECTORY : NULL,
		.owner = call,
	};
	int r = tn_exchange_prepare(&call->exchange, req, &options, err);

	if (r < 0)
		return r;
	if (curl_multi_add_handle(transport->multi, call->exchange.easy) != CURLM_OK)
		return tn_error_set(err, TN_E_SYSTEM, "%s: libcurl takes no more calls",
		    call->exchange.label);
	return 0;
}

static struct tn_call *
curl_submit(struct tn_transport *base, const struct tn_http_request *req,
    tn_http_done_fn *done, void *arg)
{
	struct transport *transport = (struct transport *)base;
	struct tn_call *call = tn_new(struct tn_call);

	call->transport = transport;
	call->done = done;
	call->arg = arg;
	call->deadline_ns = req->deadline_ns > 0 ? req->deadline_ns : TN_HTTP_DEADLINE;
	call->next = transport->calls;
	if (call->next != NULL)
		call->next->prev = call;
	transport->calls = call;
	if (start(call, req, &call->refusal) < 0)
		complete_soon(call);
	else
		tn_timer_start(&call->timer, transport->loop, call->deadline_ns,
		    on_deadline, call);
	return call;
}

static void
curl_cancel(struct tn_transport *base TN_UNUSED, struct tn_call *call)
{
	call_detach(call);
	call_free(call);
}

static void
curl_free_transport(struct tn_transport *base)
{
	struct transport *transport = (struct transport *)base;

	while (transport->calls != NULL)
		curl_cancel(base, transport->calls);
	curl_multi_cleanup(transport->multi);
	tn_timer_stop(&transport->timer);
	tn_free(transport->user_agent);
	tn_free(transport->ca_file);
	tn_free(transport);
}

static const struct tn_transport_ops curl_ops = {
	.submit = curl_submit,
	.cancel = curl_cancel,
	.free = curl_free_transport,
};

/* Hashed certificates are named by eight hexadecimal digits, a dot and a number. */
static bool
has_hashed_certificates(const char *path)
{
	DIR *dir = opendir(path);
	const struct dirent *entry;
	bool found = false;

	if (dir == NULL)
		return false;
	while (!found && (entry = readdir(dir)) != NULL)
		found = strspn(entry->d_name, "0123456789abcdef") == 8 &&
		    entry->d_name[8] == '.' && entry->d_name[9] >= '0' &&
		    entry->d_name[9] <= '9';
	closedir(dir);
	return found;
}

static int
set_multi(struct transport *transport, unsigned connections)
{
	CURLM *multi = transport->multi;
	long max = connections > 0 ? (long)connections : (long)CONNECTIONS;
	int bad = curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_set_socket);

	bad |= curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, transport);
	bad |= curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, on_set_timer);
	bad |= curl_multi_setopt(multi, CURLMOPT_TIMERDATA, transport);
	bad |= curl_multi_setopt(multi, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
	bad |= curl_multi_setopt(multi, CURLMOPT_MAX_HOST_CONNECTIONS, max);
	return bad;
}

static int
check_ca_file(const char *path, struct tn_error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return tn_error_errno(err, errno, "cannot read the --ca-file %s", path);
	close(fd);
	return 0;
}

struct tn_transport *
tn_curl_new(struct tn_loop *loop, const struct tn_curl_options *options,
    struct tn_error *err)
{
	static bool started;
	struct transport *transport;

	if (options->ca_file != NULL && check_ca_file(options->ca_file, err) < 0)
		return NULL;
	if (!started && curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		tn_error_set(err, TN_E_SYSTEM, "libcurl does not start");
		return NULL;
	}
	started = true;
	transport = tn_new(struct transport);
	transport->transport.ops = &curl_ops;
	transport->loop = loop;
	transport->user_agent = options->user_agent ? tn_strdup(options->user_agent)
						    : NULL;
	transport->ca_file = options->ca_file ? tn_strdup(options->ca_file) : NULL;
	transport->ca_directory = options->ca_file == NULL &&
	    has_hashed_certificates(CA_DIRECTORY);
	transport->multi = curl_multi_init();
	if (transport->multi == NULL ||
	    set_multi(transport, options->max_connections_per_host)) {
		tn_error_set(err, TN_E_SYSTEM, "libcurl lacks an option or memory");
		curl_free_transport(&transport->transport);
		return NULL;
	}
	return &transport->transport;
}
