#include "web/reply.h"

#include "base/mem.h"

#include <microhttpd.h>
#include <string.h>

#define BLOCK ((size_t)16 << 10)

/* The body of an answer, of which only the first bytes are sent when it is cut. */
struct outgoing {
	size_t sent_bytes;
	char bytes[];
};

static ssize_t
on_read(void *arg, uint64_t at, char *buffer, size_t max)
{
	const struct outgoing *outgoing = arg;
	size_t left;

	if (at >= outgoing->sent_bytes)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	left = outgoing->sent_bytes - (size_t)at;
	if (left > max)
		left = max;
	memcpy(buffer, outgoing->bytes + at, left);
	return (ssize_t)left;
}

static struct MHD_Response *
response_new(struct tn_span body, size_t sent_bytes)
{
	struct outgoing *outgoing = tn_alloc(1, sizeof *outgoing + body.len);

	outgoing->sent_bytes = sent_bytes < body.len ? sent_bytes : body.len;
	if (body.len > 0)
		memcpy(outgoing->bytes, body.ptr, body.len);
	return MHD_create_response_from_callback(body.len, BLOCK, on_read, outgoing,
	    tn_free);
}

static bool
add_headers(struct MHD_Response *response, const struct tn_web_field *headers,
    size_t n_headers)
{
	for (size_t i = 0; i < n_headers; i++) {
		if (MHD_add_response_header(response, headers[i].name,
			headers[i].value) != MHD_YES)
			return false;
	}
	return true;
}

struct MHD_Response *
tn_reply_new(const struct tn_web_field *headers, size_t n_headers, struct tn_span body,
    size_t sent_bytes)
{
	struct MHD_Response *response = response_new(body, sent_bytes);

	if (response != NULL && !add_headers(response, headers, n_headers)) {
		MHD_destroy_response(response);
		return NULL;
	}
	return response;
}
