#include "server.h"

#include <strings.h>

#include "base/mem.h"
#include "keep.h"
#include "web/web.h"

/* Longer than any client waits, so that held calls end on the client's side. */
#define DEADLINE (600 * TN_SEC)

/*
 * A call from its arrival to its answer. When its client goes away before the effect it
 * goes on without one (web is NULL).
 */
struct call {
	struct server *server;
	struct call *prev, *next;
	struct tn_web_request *web;
	struct tn_timer timer;
	uint64_t held_by;
	bool at_core; /* it has been seen by the core, and perhaps put off */
	char *method, *path, *query, *authorization, *content_type;
	struct tn_str body;
	struct tn_sim_reply reply;
};

struct server {
	struct tn_loop *loop;
	struct tn_sim *sim;
	struct tn_web *web;
	struct tn_sim_watch watch;
	int64_t latency_ns;
	struct keep *keep;
	struct tn_error trouble;
	struct call *calls;
};

static void
call_free(struct call *call)
{
	if (call->prev != NULL)
		call->prev->next = call->next;
	else
		call->server->calls = call->next;
	if (call->next != NULL)
		call->next->prev = call->prev;
	tn_timer_stop(&call->timer);
	tn_free(call->method);
	tn_free(call->path);
	tn_free(call->query);
	tn_free(call->authorization);
	tn_free(call->content_type);
	tn_str_done(&call->body);
	tn_sim_reply_done(&call->reply);
	tn_free(call);
}

static struct tn_sim_request
request_of(const struct call *call)
{
	return (struct tn_sim_request){
		.method = call->method,
		.path = call->path,
		.query = call->query,
		.authorization = call->authorization,
		.content_type = call->content_type,
		.body = tn_str_span(&call->body),
	};
}

static void
answer(struct call *call)
{
	const struct tn_sim_reply *reply = &call->reply;
	struct tn_web_field fields[TN_SIM_MAX_FIELDS];
	struct tn_span body = tn_str_span(&reply->body);

	for (size_t i = 0; i < reply->n_fields; i++)
		fields[i] = (struct tn_web_field){ reply->fields[i].name,
			reply->fields[i].value };
	switch (reply->fate) {
	case TN_SIM_ANSWER:
		tn_web_answer(call->web, reply->status, fields, reply->n_fields, body);
		break;
	case TN_SIM_DROP:
		tn_web_drop(call->web);
		break;
	case TN_SIM_CUT:
		tn_web_cut(call->web, reply->status, fields, reply->n_fields, body,
		    body.len / 2);
		break;
	}
}

/*
 * Before anybody hears of an effect it is kept. When that fails the answer is not sent,
 * and the loop stops: a tenant that forgets would be worse.
 */
static bool
kept(struct server *server)
{
	if (server->keep == NULL || keep_save(server->keep, &server->trouble) == 0)
		return true;
	tn_loop_stop(server->loop);
	return false;
}

static void
on_answer(void *arg)
{
	struct call *call = arg;

	answer(call);
	call_free(call);
}

/* The core is done with it, or holds the answer. */
static void
after_core(struct call *call)
{
	if (!kept(call->server))
		return;
	if (call->web == NULL) {
		call_free(call);
		return;
	}
	call->held_by = call->reply.held_by;
	if (call->held_by == 0)
		tn_timer_start(&call->timer, call->server->loop,
		    call->reply.delay_ns + call->server->latency_ns / 2, on_answer, call);
}

static void
on_resume(void *arg)
{
	struct call *call = arg;
	struct tn_sim_request req = request_of(call);

	tn_sim_resume(call->server->sim, tn_loop_unix(call->server->loop), &req,
	    &call->reply);
	after_core(call);
}

static void
on_arrival(void *arg)
{
	struct call *call = arg;
	struct server *server = call->server;
	struct tn_sim_request req = request_of(call);

	call->at_core = true;
	tn_sim_call(server->sim, tn_loop_unix(server->loop), &req, &call->reply);
	if (!call->reply.before) {
		after_core(call);
		return;
	}
	call->held_by = call->reply.held_by;
	if (call->held_by == 0)
		tn_timer_start(&call->timer, server->loop, call->reply.delay_ns,
		    on_resume, call);
}

static void
on_release(void *arg, uint64_t fault_id)
{
	struct server *server = arg;

	for (struct call *call = server->calls; call != NULL; call = call->next) {
		if (call->held_by != fault_id)
			continue;
		call->held_by = 0;
		if (call->reply.before)
			tn_timer_start(&call->timer, server->loop, call->reply.delay_ns,
			    on_resume, call);
		else
			tn_timer_start(&call->timer, server->loop,
			    call->reply.delay_ns + server->latency_ns / 2, on_answer,
			    call);
	}
}

/* --- from the web server --- */

static const char *
header(const struct tn_web_view *view, const char *name)
{
	for (size_t i = 0; i < view->n_headers; i++)
		if (strcasecmp(view->headers[i].name, name) == 0)
			return view->headers[i].value;
	return NULL;
}

static char *
copy_or_null(const char *text)
{
	return text == NULL ? NULL : tn_strdup(text);
}

static struct call *
call_new(struct server *server, struct tn_web_request *web,
    const struct tn_web_view *view)
{
	struct call *call = tn_new(struct call);

	call->server = server;
	call->web = web;
	call->method = tn_strdup(view->method);
	call->path = tn_strdup(view->path);
	call->query = tn_strdup(view->query);
	call->authorization = copy_or_null(header(view, "authorization"));
	call->content_type = copy_or_null(header(view, "content-type"));
	tn_str_add_bytes(&call->body, view->body.ptr, view->body.len);
	call->next = server->calls;
	if (call->next != NULL)
		call->next->prev = call;
	server->calls = call;
	return call;
}

static void
on_request(void *arg, struct tn_web_request *web, const struct tn_web_view *view)
{
	struct server *server = arg;
	struct call *call = call_new(server, web, view);
	struct tn_sim_request req = request_of(call);

	if (tn_sim_control(server->sim, tn_loop_unix(server->loop), &req, &call->reply)) {
		if (kept(server))
			on_answer(call);
		return;
	}
	tn_timer_start(&call->timer, server->loop, server->latency_ns / 2, on_arrival,
	    call);
}

static void
on_gone(void *arg, struct tn_web_request *web)
{
	struct server *server = arg;
	struct call *call = server->calls;

	while (call != NULL && call->web != web)
		call = call->next;
	if (call == NULL)
		return;
	call->web = NULL;
	/* A request that has come in has its effect, whoever is there to hear of it. */
	if (call->at_core && !call->reply.before)
		call_free(call);
}

struct server *
server_open(struct tn_loop *loop, struct tn_sim *sim,
    const struct server_options *options, struct tn_error *err)
{
	struct tn_web_options web_options = {
		.port = options->port,
		.deadline_ns = DEADLINE,
		.certificate = options->certificate,
		.private_key = options->private_key,
	};
	struct server *server = tn_new(struct server);

	server->loop = loop;
	server->sim = sim;
	server->latency_ns = options->latency_ns;
	server->keep = options->keep;
	server->web = tn_web_open(loop, &web_options, on_request, on_gone, server, err);
	if (server->web == NULL) {
		tn_free(server);
		return NULL;
	}
	tn_sim_watch(sim, &server->watch, on_release, server);
	return server;
}

void
server_close(struct server *server)
{
	if (server == NULL)
		return;
	tn_sim_unwatch(&server->watch);
	tn_web_close(server->web);
	while (server->calls != NULL)
		call_free(server->calls);
	tn_error_done(&server->trouble);
	tn_free(server);
}

int
server_result(struct server *server, struct tn_error *err)
{
	int r = tn_error_is_set(&server->trouble) ? -(int)server->trouble.kind : 0;

	tn_error_move(err, &server->trouble);
	return r;
}

uint16_t
server_port(const struct server *server)
{
	return tn_web_port(server->web);
}
