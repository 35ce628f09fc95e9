/*
 * HTTP messages as data: a request that a provider builds and a transport
 * sends, and the answer. Nothing here does I/O.
 *
 * A request may hold secrets (a bearer token, a client secret, values of an action's
 * secrets). They stay references until a transport assembles the bytes;
 * tn_http_assemble is that place.
 */
#ifndef TN_HTTP_MESSAGE_H
#define TN_HTTP_MESSAGE_H

#include "base/arena.h"
#include "base/error.h"
#include "base/secret.h"
#include "base/str.h"
#include "base/value.h"

enum tn_http_method {
	TN_HTTP_GET,
	TN_HTTP_POST,
	TN_HTTP_PATCH,
	TN_HTTP_PUT,
	TN_HTTP_DELETE
};

/* "GET", … */
const char *tn_http_method_name(enum tn_http_method method);

/* A piece of a header or a body: text, or a secret with its encoding. */
enum tn_http_encoding { TN_HTTP_RAW, TN_HTTP_JSON, TN_HTTP_FORM };

struct tn_http_piece {
	struct tn_span text;
	const struct tn_secret *secret; /* owned reference; text is empty then */
	enum tn_http_encoding encoding;
};

struct tn_http_bytes {
	struct tn_http_piece *pieces;
	size_t count, cap;
};

struct tn_http_header {
	const char *name;
	struct tn_http_bytes value;
};

struct tn_http_request {
	struct tn_arena *arena; /* owns all text below */
	enum tn_http_method method;
	const char *url; /* absolute, with query */
	bool secret_url; /* whoever has it can write there: labels show the host alone */
	/* Path template, for counting and messages: "/actions/actions/{id}". */
	const char *resource;
	struct tn_http_header *headers;
	size_t n_headers, cap_headers;
	struct tn_http_bytes body;
	/* For the whole call, from submit; 0: TN_HTTP_DEADLINE. */
	int64_t deadline_ns;
	size_t max_answer; /* bytes; 0: TN_HTTP_MAX_ANSWER */
};

#define TN_HTTP_MAX_ANSWER ((size_t)64 << 20)
#define TN_HTTP_DEADLINE   (20 * TN_SEC)

void tn_http_request_init(struct tn_http_request *req, enum tn_http_method method,
    const char *url);
/* To a URL that is a secret. TN_E_INPUT when it is none of https, or of http to loopback.
 */
int tn_http_request_init_secret(struct tn_http_request *req, enum tn_http_method method,
    const struct tn_secret *url, struct tn_error *err) TN_MUST_USE;
void tn_http_request_done(struct tn_http_request *req);
struct tn_http_request *tn_http_request_clone(const struct tn_http_request *req);
void tn_http_request_free(struct tn_http_request *req);
TN_DEFINE_FREEP(tn_http_request, tn_http_request_free)
/* Appends "POST https://host/path": for messages, without query, safe for a terminal. */
void tn_http_request_label(const struct tn_http_request *req, struct tn_str *out);

void tn_http_header_add(struct tn_http_request *req, const char *name, const char *value);
/* prefix is plain text before the secret: "Bearer ". */
void tn_http_header_secret(struct tn_http_request *req, const char *name,
    const char *prefix, const struct tn_secret *secret);
/* The value of a header without secrets, or NULL. Names compare without case. */
const char *tn_http_header_text(const struct tn_http_request *req, const char *name);

void tn_http_body_text(struct tn_http_request *req, const char *text);
void tn_http_body_secret(struct tn_http_request *req, const struct tn_secret *secret,
    enum tn_http_encoding encoding);
/* Sets Content-Type: application/json and writes the tree; TN_VALUE_SECRET becomes a
 * secret piece. */
void tn_http_body_json(struct tn_http_request *req, const struct tn_value *value);

/*
 * One of the three sinks: the bytes of a header value or a body, secrets revealed
 * and encoded, appended to out. The caller wipes out.
 */
void tn_http_assemble(const struct tn_http_bytes *bytes, struct tn_str *out);

struct tn_http_field {
	const char *name; /* lower case */
	const char *value;
};

struct tn_http_response {
	int status;
	const struct tn_http_field *fields;
	size_t n_fields;
	struct tn_span body;
};

/* The last field of that name, or NULL. */
const char *tn_http_response_field(const struct tn_http_response *resp, const char *name);

/*
 * Parts of a URL. Hosts and paths from outside go through these; no other code
 * takes a URL apart.
 */
struct tn_url {
	struct tn_span scheme, host, port, path,
	    query; /* port and query may be empty; host without [] */
};
/* http and https only; no user information, no fragment. */
int tn_url_parse(const char *text, struct tn_url *out, struct tn_error *err) TN_MUST_USE;
bool tn_url_is_loopback(const struct tn_url *url);

#endif
