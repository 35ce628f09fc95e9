#include "sim/transport.h"

#include "base/mem.h"
#include "base/secret.h"
#include <string.h>
#include <strings.h>

/*
 * A call is a request on its way, at the core, or an answer on its way back. It outlives
 * the interest of its client: cancelled, or past its deadline, it goes on without a
 * receiver (done is NULL) until it ends at the core. And it outlives its own end while a
 * client that is dead, but not yet cleared away, has the handle.
 */
enum stage {
	STAGE_GOING,   /* to the core; the timer is its arrival */
	STAGE_WAITING, /* before its effect: the timer, or a fault, lets it go on */
	STAGE_HELD,    /* after its effect, by a fault */
	STAGE_COMING,  /* the timer is the arrival of the answer */
	STAGE_REFUSED, /* never sent; the timer completes it */
	STAGE_OVER,    /* nothing comes any more; the handle is still the client's */
};

struct tn_call {
	struct sim_transport *owner;
	struct tn_call *prev, *next;
	enum stage stage;
	bool handed; /* the client has the handle: neither completed nor cancelled */
	struct tn_timer timer;
	struct tn_timer deadline;
	tn_http_done_fn *done;
	void *arg;
	size_t max_answer;
	uint64_t n; /* among the calls of the transport; 0: has not arrived */
	uint64_t held_by;
	struct tn_str authorization, body, label;
	char *path, *query, *content_type;
	const char *method;
	struct tn_sim_reply reply;
};

struct sim_transport {
	struct tn_transport transport;
	struct tn_loop *loop;
	struct tn_sim *sim;
	struct tn_sim_transport_options options;
	char *base_url;
	struct tn_sim_watch watch;
	struct tn_call *calls;
	struct tn_call *current; /* its hook is running */
	uint64_t arrived;
	bool severed;
};

static struct sim_transport *
from_base(struct tn_transport *transport)
{
	return (struct sim_transport *)transport;
}

static void
call_free(struct tn_call *call)
{
	if (call->prev != NULL)
		call->prev->next = call->next;
	else
		call->owner->calls = call->next;
	if (call->next != NULL)
		call->next->prev = call->prev;
	tn_timer_stop(&call->timer);
	tn_timer_stop(&call->deadline);
	tn_wipe(call->authorization.ptr, call->authorization.len);
	tn_wipe(call->body.ptr, call->body.len);
	tn_str_done(&call->authorization);
	tn_str_done(&call->body);
	tn_sim_reply_done(&call->reply);
	tn_free(call->path);
	tn_free(call->query);
	tn_free(call->content_type);
	tn_str_done(&call->label);
	tn_free(call);
}

/* Nothing more will come of it. */
static void
call_end(struct tn_call *call)
{
	if (!call->handed) {
		call_free(call);
		return;
	}
	tn_timer_stop(&call->timer);
	tn_timer_stop(&call->deadline);
	call->stage = STAGE_OVER;
	call->held_by = 0;
	call->done = NULL;
}

/* Everything of the call is gone before the client hears, who may free the transport. */
static void
finish(struct tn_call *call, const struct tn_http_response *resp, struct tn_error *err)
{
	struct tn_sim_reply reply = call->reply;
	tn_http_done_fn *done = call->done;
	void *arg = call->arg;

	call->reply = (struct tn_sim_reply)TN_SIM_REPLY_INIT;
	call_free(call);
	done(arg, resp, resp == NULL ? err : NULL);
	tn_sim_reply_done(&reply);
	tn_error_done(err);
}

static void
fail(struct tn_call *call, enum tn_error_kind kind, const char *what)
{
	struct tn_error err = TN_ERROR_INIT;

	tn_error_set(&err, kind, "%s: %s", tn_str_text(&call->label), what);
	finish(call, NULL, &err);
}

static void
deliver(struct tn_call *call)
{
	struct tn_http_field fields[TN_SIM_MAX_FIELDS];
	struct tn_sim_field texts[TN_SIM_MAX_FIELDS];
	const struct tn_sim_reply *reply = &call->reply;
	struct tn_error err = TN_ERROR_INIT;
	struct tn_http_response resp = {
		.status = reply->status,
		.fields = fields,
		.n_fields = reply->n_fields,
		.body = tn_str_span(&reply->body),
	};

	if (resp.body.len > call->max_answer) {
		fail(call, TN_E_LIMIT, "the answer is too large");
		return;
	}
	memcpy(texts, reply->fields, sizeof texts);
	for (size_t i = 0; i < reply->n_fields; i++)
		fields[i] = (struct tn_http_field){ texts[i].name, texts[i].value };
	finish(call, &resp, &err);
}

static void
on_answer(void *arg)
{
	struct tn_call *call = arg;

	switch (call->reply.fate) {
	case TN_SIM_ANSWER:
		deliver(call);
		break;
	case TN_SIM_DROP:
		fail(call, TN_E_UNKNOWN, "the connection was closed without an answer");
		break;
	case TN_SIM_CUT:
		fail(call, TN_E_UNKNOWN, "the connection was closed within the answer");
		break;
	}
}

static void
send_answer(struct tn_call *call, int64_t delay)
{
	const struct sim_transport *owner = call->owner;

	/* Nobody waits for it: what was to happen has happened. */
	if (call->done == NULL) {
		call_end(call);
		return;
	}
	call->stage = STAGE_COMING;
	tn_timer_start(&call->timer, owner->loop, delay + owner->options.latency_ns / 2,
	    on_answer, call);
}

static struct tn_sim_request
request_of(const struct tn_call *call)
{
	return (struct tn_sim_request){
		.method = call->method,
		.path = call->path,
		.query = call->query,
		.authorization = call->authorization.len == 0
		    ? NULL
		    : tn_str_text(&call->authorization),
		.content_type = call->content_type,
		.body = tn_str_span(&call->body),
	};
}

/* The core has answered, or has put the answer off. */
static void
on_reply(struct tn_call *call, const struct tn_sim_request *req)
{
	struct sim_transport *owner = call->owner;

	if (owner->options.on_reply != NULL && !owner->severed) {
		owner->current = call;
		owner->options.on_reply(owner->options.arg, call->n, req, &call->reply);
		owner->current = NULL;
	}
	call->held_by = call->reply.held_by;
	if (call->held_by != 0 && call->done != NULL) {
		call->stage = STAGE_HELD;
		return;
	}
	send_answer(call, call->reply.delay_ns);
}

static void
resume(void *arg)
{
	struct tn_call *call = arg;
	struct tn_sim_request req = request_of(call);

	call->held_by = 0;
	tn_sim_resume(call->owner->sim, tn_loop_unix(call->owner->loop), &req,
	    &call->reply);
	on_reply(call, &req);
}

static void
on_arrival(void *arg)
{
	struct tn_call *call = arg;
	struct sim_transport *owner = call->owner;
	struct tn_sim_request req = request_of(call);

	call->n = ++owner->arrived;
	if (owner->options.on_call != NULL && !owner->severed) {
		owner->current = call;
		owner->options.on_call(owner->options.arg, call->n, &req);
		owner->current = NULL;
		if (owner->severed) {
			call_end(call);
			return;
		}
	}
	tn_sim_call(owner->sim, tn_loop_unix(owner->loop), &req, &call->reply);
	if (!call->reply.before) {
		on_reply(call, &req);
		return;
	}
	call->stage = STAGE_WAITING;
	call->held_by = call->reply.held_by;
	if (call->held_by == 0)
		tn_timer_start(&call->timer, owner->loop, call->reply.delay_ns, resume,
		    call);
}

/* Held calls go on from the loop, not from inside whoever removed the fault. */
static void
on_release(void *arg, uint64_t fault_id)
{
	struct sim_transport *owner = arg;
	struct tn_call *next;

	for (struct tn_call *call = owner->calls; call != NULL; call = next) {
		next = call->next;
		if (call->held_by != fault_id)
			continue;
		call->held_by = 0;
		if (call->stage == STAGE_WAITING)
			tn_timer_start(&call->timer, owner->loop, call->reply.delay_ns,
			    resume, call);
		else
			send_answer(call, call->reply.delay_ns);
	}
}

/* What has not reached its effect goes on without its client. */
static void
on_deadline(void *arg)
{
	struct tn_call *call = arg;
	struct tn_error err = TN_ERROR_INIT;
	tn_http_done_fn *done = call->done;
	void *done_arg = call->arg;

	tn_error_set(&err, TN_E_UNKNOWN, "%s: no answer before the deadline",
	    tn_str_text(&call->label));
	call->done = NULL;
	call->handed = false;
	if (call->stage == STAGE_HELD || call->stage == STAGE_COMING)
		call_free(call);
	done(done_arg, NULL, &err);
	tn_error_done(&err);
}

static void
on_refused(void *arg)
{
	fail(arg, TN_E_INPUT, "there is no tenant at this address");
}

/* --- submit --- */

static char *
text_or_null(const char *text)
{
	return text == NULL ? NULL : tn_strdup(text);
}

static void
take_headers(struct tn_call *call, const struct tn_http_request *req)
{
	for (size_t i = 0; i < req->n_headers; i++)
		if (strcasecmp(req->headers[i].name, "authorization") == 0)
			tn_http_assemble(&req->headers[i].value, &call->authorization);
	call->content_type = text_or_null(tn_http_header_text(req, "content-type"));
	tn_http_assemble(&req->body, &call->body);
}

static bool
take_url(struct tn_call *call, const struct tn_http_request *req)
{
	const char *base = call->owner->base_url;
	struct tn_url url;

	if (tn_url_parse(req->url, &url, NULL) < 0)
		return false;
	call->path = tn_span_dup(url.path);
	call->query = tn_span_dup(url.query);
	return base == NULL ||
	    (tn_text_starts(req->url, base) &&
		(req->url[strlen(base)] == '/' || req->url[strlen(base)] == '\0'));
}

static struct tn_call *
sim_submit(struct tn_transport *transport, const struct tn_http_request *req,
    tn_http_done_fn *done, void *arg)
{
	struct sim_transport *owner = from_base(transport);
	struct tn_call *call = tn_new(struct tn_call);
	bool good;

	call->owner = owner;
	call->handed = true;
	call->method = tn_http_method_name(req->method);
	call->max_answer = req->max_answer == 0 ? TN_HTTP_MAX_ANSWER : req->max_answer;
	call->next = owner->calls;
	if (call->next != NULL)
		call->next->prev = call;
	owner->calls = call;
	good = take_url(call, req);
	tn_http_request_label(req, &call->label);
	take_headers(call, req);
	if (owner->severed) {
		call_end(call);
		return call;
	}
	call->done = done;
	call->arg = arg;
	call->stage = good ? STAGE_GOING : STAGE_REFUSED;
	tn_timer_start(&call->timer, owner->loop,
	    good ? owner->options.latency_ns / 2 : 0, good ? on_arrival : on_refused,
	    call);
	if (good)
		tn_timer_start(&call->deadline, owner->loop,
		    req->deadline_ns == 0 ? TN_HTTP_DEADLINE : req->deadline_ns,
		    on_deadline, call);
	return call;
}

static void
sim_cancel(struct tn_transport *transport, struct tn_call *call)
{
	(void)transport;
	call->done = NULL;
	call->handed = false;
	tn_timer_stop(&call->deadline);
	if (call->stage != STAGE_GOING && call->stage != STAGE_WAITING)
		call_free(call);
}

static void
sim_free(struct tn_transport *transport)
{
	struct sim_transport *owner = from_base(transport);

	tn_sim_unwatch(&owner->watch);
	while (owner->calls != NULL)
		call_free(owner->calls);
	tn_free(owner->base_url);
	tn_free(owner);
}

static const struct tn_transport_ops sim_ops = {
	.submit = sim_submit,
	.cancel = sim_cancel,
	.free = sim_free,
};

struct tn_transport *
tn_sim_transport_new(struct tn_loop *loop, struct tn_sim *sim,
    const struct tn_sim_transport_options *options)
{
	struct sim_transport *owner = tn_new(struct sim_transport);

	owner->transport.ops = &sim_ops;
	owner->loop = loop;
	owner->sim = sim;
	if (options != NULL)
		owner->options = *options;
	owner->base_url = text_or_null(owner->options.base_url);
	tn_sim_watch(sim, &owner->watch, on_release, owner);
	return &owner->transport;
}

void
tn_sim_transport_sever(struct tn_transport *transport, bool deliver_in_flight)
{
	struct sim_transport *owner = from_base(transport);
	struct tn_call *next;
	bool on_its_way;

	owner->severed = true;
	for (struct tn_call *call = owner->calls; call != NULL; call = next) {
		next = call->next;
		call->done = NULL;
		tn_timer_stop(&call->deadline);
		on_its_way = call->stage == STAGE_GOING || call->stage == STAGE_WAITING;
		/* The one whose hook is running ends by itself. */
		if (call != owner->current && !(on_its_way && deliver_in_flight))
			call_end(call);
	}
}

size_t
tn_sim_transport_pending(const struct tn_transport *transport)
{
	const struct sim_transport *owner = (const struct sim_transport *)transport;
	size_t n = 0;

	for (const struct tn_call *call = owner->calls; call != NULL; call = call->next)
		n += call->done != NULL;
	return n;
}
