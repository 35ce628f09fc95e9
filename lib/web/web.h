/*
 * The wall around libmicrohttpd: a small HTTP or HTTPS server that joins the loop
 * through its epoll descriptor and time-out.
 *
 * A request is handed over whole, with its body bounded, and answered then or
 * later with tn_web_answer, tn_web_cut or tn_web_drop, or never: each request
 * has a total deadline, from its first line to the last byte of the answer,
 * after which the connection is closed. A connection without a request is
 * closed after the same time. Listens on loopback unless told otherwise.
 *
 * Requests that are malformed (control characters, %00, no absolute path) are
 * answered with 400 here and not handed over.
 */
#ifndef TN_WEB_WEB_H
#define TN_WEB_WEB_H

#include "base/loop.h"
#include "base/str.h"

struct tn_web;
struct tn_web_request; /* valid until answered, dropped or gone */

struct tn_web_field {
	const char *name; /* as sent; compare without case */
	const char *value;
};

/* Borrowed for the call of fn. */
struct tn_web_view {
	const char *method;
	const char *path;  /* decoded by nobody: as sent, without query */
	const char *query; /* as sent, without "?"; "" when none */
	const struct tn_web_field *headers;
	size_t n_headers;
	struct tn_span body;
	const char *peer; /* its address: "127.0.0.1"; "" when it cannot be told */
};

typedef void tn_web_fn(void *arg, struct tn_web_request *request,
    const struct tn_web_view *view);
/* The peer went away or the deadline passed before an answer: forget the handle. */
typedef void tn_web_gone_fn(void *arg, struct tn_web_request *request);

struct tn_web_options {
	const char *address;      /* NULL: 127.0.0.1 */
	uint16_t port;            /* 0: a free one */
	size_t max_body;          /* 0: 8 MiB; larger answers 413 */
	int64_t deadline_ns;      /* 0: 60 s */
	unsigned max_connections; /* 0: 256 */
	unsigned max_per_address; /* of these from one address; 0: all */
	/* PEM, both or neither; with them: TLS. Borrowed until the server is closed. */
	const char *certificate, *private_key;
};

struct tn_web *tn_web_open(struct tn_loop *loop, const struct tn_web_options *options,
    tn_web_fn *fn, tn_web_gone_fn *gone, void *arg, struct tn_error *err);
/* Ends what is open without a word to fn or gone; not from inside one of them. */
void tn_web_close(struct tn_web *web);
TN_DEFINE_FREEP(tn_web, tn_web_close)
uint16_t tn_web_port(const struct tn_web *web);

void tn_web_answer(struct tn_web_request *request, int status,
    const struct tn_web_field *headers, size_t n_headers, struct tn_span body);
/* Sends nothing and closes the connection hard. */
void tn_web_drop(struct tn_web_request *request);
/*
 * A cut-off answer: a head that promises the whole body, the first bytes of the body, and
 * the end of the connection.
 */
void tn_web_cut(struct tn_web_request *request, int status,
    const struct tn_web_field *headers, size_t n_headers, struct tn_span body,
    size_t bytes);

#endif
