/*
 * A transport carries one HTTP call: submit, complete, cancel. It is curl in
 * life and the simulator's core in tests; retries and rate limits stand above
 * it and are timers of the loop.
 *
 * Completion comes from the loop, never from inside submit, and exactly once
 * unless the call is cancelled. A failure says whether the request may have
 * arrived: TN_E_TRANSIENT certainly not, TN_E_UNKNOWN perhaps; TN_E_LIMIT when the answer
 * was too large; TN_E_INPUT or TN_E_SYSTEM when it can never work (bad URL, certificate
 * refused).
 */
#ifndef TN_HTTP_TRANSPORT_H
#define TN_HTTP_TRANSPORT_H

#include "base/loop.h"
#include "http/message.h"

struct tn_transport;
struct tn_call; /* each transport has its own */

/* resp is NULL and err set, or the reverse; both are borrowed for the call of this
 * function. */
typedef void tn_http_done_fn(void *arg, const struct tn_http_response *resp,
    const struct tn_error *err);

struct tn_transport_ops {
	struct tn_call *(*submit)(struct tn_transport *transport,
	    const struct tn_http_request *req, tn_http_done_fn *done, void *arg);
	void (*cancel)(struct tn_transport *transport, struct tn_call *call);
	void (*free)(struct tn_transport *transport);
};

struct tn_transport {
	const struct tn_transport_ops *ops;
};

/* The request is copied as far as needed: the caller may free it at once. Valid until
 * done or cancel. */
struct tn_call *tn_transport_submit(struct tn_transport *transport,
    const struct tn_http_request *req, tn_http_done_fn *done, void *arg);
/* done is not called any more. The request may still arrive. */
void tn_transport_cancel(struct tn_transport *transport, struct tn_call *call);
void tn_transport_free(struct tn_transport *transport);
TN_DEFINE_FREEP(tn_transport, tn_transport_free)

/*
 * A transport that can only read, around another one (not owned): GET, and POST to the
 * one URL given (the token endpoint) pass; anything else completes with TN_E_BUG and
 * sends nothing.
 */
struct tn_transport *tn_transport_readonly(struct tn_loop *loop,
    struct tn_transport *inner, const char *token_url);

#endif
