#include "http/transport.h"

struct tn_call *
tn_transport_submit(struct tn_transport *transport, const struct tn_http_request *req,
    tn_http_done_fn *done, void *arg)
{
	return transport->ops->submit(transport, req, done, arg);
}

void
tn_transport_cancel(struct tn_transport *transport, struct tn_call *call)
{
	if (call != NULL)
		transport->ops->cancel(transport, call);
}

void
tn_transport_free(struct tn_transport *transport)
{
	if (transport != NULL)
		transport->ops->free(transport);
}
