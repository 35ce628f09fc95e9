/*
 * One request and its answer as a handle of libcurl: the options and the bytes of the
 * request, what has come back, and what a failure means. Whoever owns it hands the handle
 * to libcurl.
 */
#ifndef TN_HTTP_EXCHANGE_H
#define TN_HTTP_EXCHANGE_H

#include "http/answer.h"

#define TN_EXCHANGE_DETAIL 256

struct curl_slist;

struct tn_exchange_options {
	const char *user_agent;   /* NULL: none */
	const char *ca_file;      /* NULL: the system's certificates */
	const char *ca_directory; /* of hashed certificates, or NULL */
	void *owner;              /* libcurl's "private" pointer */
};

/* Zeroed before it is prepared; it must not move afterwards, as the handle points to it.
 */
struct tn_exchange {
	void *easy; /* CURL * */
	enum tn_http_method method;
	unsigned begun; /* how often the request was begun on a connection */
	char *label;
	struct curl_slist
	    *headers; /* an array, linked; ours, as the texts must be wiped */
	size_t n_headers;
	struct tn_str body;
	struct tn_answer answer;
	char detail[TN_EXCHANGE_DETAIL]; /* libcurl's own words for a failure */
};

/* On failure, too, it must be given to tn_exchange_done. Nothing is sent yet. */
int tn_exchange_prepare(struct tn_exchange *exchange, const struct tn_http_request *req,
    const struct tn_exchange_options *options, struct tn_error *err) TN_MUST_USE;
/* Wipes what it held. The handle must not be in libcurl's hands any more. */
void tn_exchange_done(struct tn_exchange *exchange);

/*
 * The end, with the code that libcurl gave: 0 and the answer, which borrows from the
 * exchange, or what the failure means at this point.
 */
int tn_exchange_finish(const struct tn_exchange *exchange, int code,
    struct tn_http_response *resp_out, struct tn_error *err) TN_MUST_USE;

#endif
