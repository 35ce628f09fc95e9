#include "http/message.h"

#include "base/mem.h"
#include "base/text.h"
#include "json/json.h"

#include <string.h>
#include <strings.h>

const char *
tn_http_method_name(enum tn_http_method method)
{
	switch (method) {
	case TN_HTTP_GET:
		return "GET";
	case TN_HTTP_POST:
		return "POST";
	case TN_HTTP_PATCH:
		return "PATCH";
	case TN_HTTP_PUT:
		return "PUT";
	case TN_HTTP_DELETE:
		return "DELETE";
	}
	return "?";
}

static struct tn_http_piece *
add_piece(struct tn_arena *arena, struct tn_http_bytes *bytes)
{
	bytes->pieces = tn_arena_grow(arena, bytes->pieces, bytes->count, &bytes->cap,
	    sizeof *bytes->pieces);
	bytes->pieces[bytes->count] = (struct tn_http_piece){ 0 };
	return &bytes->pieces[bytes->count++];
}

static void
add_text(struct tn_arena *arena, struct tn_http_bytes *bytes, struct tn_span text)
{
	if (text.len == 0)
		return;
	add_piece(arena, bytes)->text =
	    tn_span_of(tn_arena_bytes(arena, text.ptr, text.len), text.len);
}

static void
add_secret(struct tn_arena *arena, struct tn_http_bytes *bytes,
    const struct tn_secret *secret, enum tn_http_encoding encoding)
{
	struct tn_http_piece *piece = add_piece(arena, bytes);

	piece->secret = tn_secret_ref(secret);
	piece->encoding = encoding;
}

static void
drop_secrets(struct tn_http_bytes *bytes)
{
	for (size_t i = 0; i < bytes->count; i++) {
		/* The reference is ours, made in add_secret; const only guards its bytes.
		 */
		union {
			const struct tn_secret *kept;
			struct tn_secret *owned;
		} ref = { bytes->pieces[i].secret };

		tn_secret_unref(ref.owned);
	}
}

void
tn_http_request_init(struct tn_http_request *req, enum tn_http_method method,
    const char *url)
{
	*req = (struct tn_http_request){ .method = method };
	req->arena = tn_arena_new();
	req->url = tn_arena_text(req->arena, url);
}

int
tn_http_request_init_secret(struct tn_http_request *req, enum tn_http_method method,
    const struct tn_secret *url, struct tn_error *err)
{
	struct tn_span text = tn_secret_reveal(url);
	struct tn_url parts;

	/* What is wrong with it is not said: the words would repeat it. */
	if (!tn_secret_is_text(url) || tn_url_parse(text.ptr, &parts, NULL) < 0 ||
	    (!tn_span_is(parts.scheme, "https") && !tn_url_is_loopback(&parts)))
		return tn_error_set(err, TN_E_INPUT,
		    "the value is no https:// URL, nor http:// to this machine");
	tn_http_request_init(req, method, text.ptr);
	req->secret_url = true;
	return 0;
}

void
tn_http_request_done(struct tn_http_request *req)
{
	for (size_t i = 0; i < req->n_headers; i++)
		drop_secrets(&req->headers[i].value);
	drop_secrets(&req->body);
	tn_arena_free(req->arena);
	*req = (struct tn_http_request){ 0 };
}

static void
copy_bytes(struct tn_arena *arena, struct tn_http_bytes *to,
    const struct tn_http_bytes *from)
{
	for (size_t i = 0; i < from->count; i++) {
		const struct tn_http_piece *piece = &from->pieces[i];

		if (piece->secret != NULL)
			add_secret(arena, to, piece->secret, piece->encoding);
		else
			add_text(arena, to, piece->text);
	}
}

static struct tn_http_header *
add_header(struct tn_http_request *req, const char *name)
{
	struct tn_http_header *header;

	req->headers = tn_arena_grow(req->arena, req->headers, req->n_headers,
	    &req->cap_headers, sizeof *req->headers);
	header = &req->headers[req->n_headers++];
	*header = (struct tn_http_header){ .name = tn_arena_text(req->arena, name) };
	return header;
}

struct tn_http_request *
tn_http_request_clone(const struct tn_http_request *req)
{
	struct tn_http_request *clone = tn_new(struct tn_http_request);

	tn_http_request_init(clone, req->method, req->url);
	clone->secret_url = req->secret_url;
	clone->resource = tn_arena_text(clone->arena, req->resource);
	clone->deadline_ns = req->deadline_ns;
	clone->max_answer = req->max_answer;
	for (size_t i = 0; i < req->n_headers; i++) {
		struct tn_http_header *header = add_header(clone, req->headers[i].name);

		copy_bytes(clone->arena, &header->value, &req->headers[i].value);
	}
	copy_bytes(clone->arena, &clone->body, &req->body);
	return clone;
}

void
tn_http_request_free(struct tn_http_request *req)
{
	if (req == NULL)
		return;
	tn_http_request_done(req);
	tn_free(req);
}

/* Scheme and host, of a URL whose rest is nobody's business. */
static size_t
origin_length(const char *url)
{
	const char *host = strstr(url, "://");

	return host == NULL ? 0 : (size_t)(host + 3 - url) + strcspn(host + 3, "/?#");
}

void
tn_http_request_label(const struct tn_http_request *req, struct tn_str *out)
{
	size_t len = req->secret_url ? origin_length(req->url) : strcspn(req->url, "?#");

	tn_str_addf(out, "%s ", tn_http_method_name(req->method));
	tn_text_printable(tn_span_of(req->url, len), false, out);
}

void
tn_http_header_add(struct tn_http_request *req, const char *name, const char *value)
{
	add_text(req->arena, &add_header(req, name)->value, tn_span(value));
}

void
tn_http_header_secret(struct tn_http_request *req, const char *name, const char *prefix,
    const struct tn_secret *secret)
{
	struct tn_http_header *header = add_header(req, name);

	add_text(req->arena, &header->value, tn_span(prefix));
	add_secret(req->arena, &header->value, secret, TN_HTTP_RAW);
}

const char *
tn_http_header_text(const struct tn_http_request *req, const char *name)
{
	for (size_t i = 0; i < req->n_headers; i++) {
		const struct tn_http_header *header = &req->headers[i];

		if (strcasecmp(header->name, name) != 0)
			continue;
		if (header->value.count == 0)
			return "";
		if (header->value.count == 1 && header->value.pieces[0].secret == NULL)
			return header->value.pieces[0].text.ptr;
		return NULL;
	}
	return NULL;
}

void
tn_http_body_text(struct tn_http_request *req, const char *text)
{
	add_text(req->arena, &req->body, tn_span(text));
}

void
tn_http_body_secret(struct tn_http_request *req, const struct tn_secret *secret,
    enum tn_http_encoding encoding)
{
	add_secret(req->arena, &req->body, secret, encoding);
}

static void
on_json_text(void *arg, struct tn_span text)
{
	struct tn_http_request *req = arg;

	add_text(req->arena, &req->body, text);
}

static void
on_json_secret(void *arg, const struct tn_secret *secret)
{
	tn_http_body_secret(arg, secret, TN_HTTP_JSON);
}

void
tn_http_body_json(struct tn_http_request *req, const struct tn_value *value)
{
	const struct tn_json_sink sink = { on_json_text, on_json_secret, req };

	tn_http_header_add(req, "Content-Type", "application/json");
	tn_json_write_to(value, &sink);
}

static struct tn_span
piece_bytes(const struct tn_http_piece *piece)
{
	return piece->secret != NULL ? tn_secret_reveal(piece->secret) : piece->text;
}

/* The most bytes that one byte becomes. */
static size_t
widest(enum tn_http_encoding encoding)
{
	switch (encoding) {
	case TN_HTTP_RAW:
		return 1;
	case TN_HTTP_JSON:
		return 6;
	case TN_HTTP_FORM:
		return 3;
	}
	return 1;
}

/*
 * Growing while secrets are appended would leave pieces of them in freed memory, where
 * nobody wipes them; so the buffer gets its final size before the first one.
 */
static void
make_room(const struct tn_http_bytes *bytes, struct tn_str *out)
{
	size_t need = 0;

	for (size_t i = 0; i < bytes->count; i++) {
		const struct tn_http_piece *piece = &bytes->pieces[i];

		need += piece_bytes(piece).len * widest(piece->encoding);
	}
	tn_str_reserve(out, need);
}

void
tn_http_assemble(const struct tn_http_bytes *bytes, struct tn_str *out)
{
	make_room(bytes, out);
	for (size_t i = 0; i < bytes->count; i++) {
		const struct tn_http_piece *piece = &bytes->pieces[i];
		struct tn_span span = piece_bytes(piece);

		switch (piece->encoding) {
		case TN_HTTP_RAW:
			tn_str_add_bytes(out, span.ptr, span.len);
			break;
		case TN_HTTP_JSON:
			tn_json_escape(span, out);
			break;
		case TN_HTTP_FORM:
			tn_percent_encode(span, out);
			break;
		}
	}
}

const char *
tn_http_response_field(const struct tn_http_response *resp, const char *name)
{
	for (size_t i = resp->n_fields; i > 0; i--) {
		if (strcasecmp(resp->fields[i - 1].name, name) == 0)
			return resp->fields[i - 1].value;
	}
	return NULL;
}
