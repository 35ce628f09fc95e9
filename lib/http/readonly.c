#include "http/transport.h"

#include "base/mem.h"

/* A call that passed to the inner transport, or one that waits to be refused. */
struct tn_call {
	struct readonly *readonly;
	struct tn_call *prev, *next;
	struct tn_call *inner; /* NULL: refused */
	struct tn_timer timer;
	struct tn_error refusal;
	tn_http_done_fn *done;
	void *arg;
};

struct readonly {
	struct tn_transport transport;
	struct tn_loop *loop;
	struct tn_transport *inner;
	char *token_url; /* NULL: no POST at all */
	struct tn_call *calls;
};

static void
call_free(struct tn_call *call)
{
	if (call->prev != NULL)
		call->prev->next = call->next;
	else
		call->readonly->calls = call->next;
	if (call->next != NULL)
		call->next->prev = call->prev;
	tn_timer_stop(&call->timer);
	tn_error_done(&call->refusal);
	tn_free(call);
}

static void
finish(struct tn_call *call, const struct tn_http_response *resp,
    const struct tn_error *err)
{
	tn_http_done_fn *done = call->done;
	void *arg = call->arg;

	call_free(call);
	done(arg, resp, err);
}

static void
on_inner_done(void *arg, const struct tn_http_response *resp, const struct tn_error *err)
{
	finish(arg, resp, err);
}

static void
on_refused(void *arg)
{
	struct tn_call *call = arg;
	struct tn_error err = TN_ERROR_INIT;

	tn_error_move(&err, &call->refusal);
	finish(call, NULL, &err);
	tn_error_done(&err);
}

static bool
only_reads(const struct readonly *readonly, const struct tn_http_request *req)
{
	if (req->method == TN_HTTP_GET)
		return true;
	return req->method == TN_HTTP_POST && readonly->token_url != NULL &&
	    tn_text_equal(req->url, readonly->token_url);
}

static void
refuse(struct tn_call *call, const struct tn_http_request *req)
{
	TN_CLEANUP(tn_str_done) struct tn_str label = TN_STR_INIT;

	tn_http_request_label(req, &label);
	tn_error_set(&call->refusal, TN_E_BUG,
	    "%s was not sent: this run may only read from the tenant",
	    tn_str_text(&label));
	tn_timer_start(&call->timer, call->readonly->loop, 0, on_refused, call);
}

static struct tn_call *
readonly_submit(struct tn_transport *transport, const struct tn_http_request *req,
    tn_http_done_fn *done, void *arg)
{
	struct readonly *readonly = (struct readonly *)transport;
	struct tn_call *call = tn_new(struct tn_call);

	call->readonly = readonly;
	call->done = done;
	call->arg = arg;
	call->next = readonly->calls;
	if (call->next != NULL)
		call->next->prev = call;
	readonly->calls = call;
	if (only_reads(readonly, req))
		call->inner = tn_transport_submit(readonly->inner, req, on_inner_done,
		    call);
	else
		refuse(call, req);
	return call;
}

static void
readonly_cancel(struct tn_transport *transport, struct tn_call *call)
{
	struct readonly *readonly = (struct readonly *)transport;

	tn_transport_cancel(readonly->inner, call->inner);
	call_free(call);
}

static void
readonly_free(struct tn_transport *transport)
{
	struct readonly *readonly = (struct readonly *)transport;

	while (readonly->calls != NULL)
		readonly_cancel(transport, readonly->calls);
	tn_free(readonly->token_url);
	tn_free(readonly);
}

static const struct tn_transport_ops readonly_ops = {
	.submit = readonly_submit,
	.cancel = readonly_cancel,
	.free = readonly_free,
};

struct tn_transport *
tn_transport_readonly(struct tn_loop *loop, struct tn_transport *inner,
    const char *token_url)
{
	struct readonly *readonly = tn_new(struct readonly);

	readonly->transport.ops = &readonly_ops;
	readonly->loop = loop;
	readonly->inner = inner;
	readonly->token_url = token_url != NULL ? tn_strdup(token_url) : NULL;
	return &readonly->transport;
}
