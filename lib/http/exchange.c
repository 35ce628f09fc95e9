#include "http/exchange.h"

#include "base/mem.h"
#include "http/outcome.h"

#include <curl/curl.h>
#include <string.h>
#include <strings.h>

#define CONNECT_MS 10000L
/* Servers close kept connections after a minute or more; a younger one is seldom closing.
 */
#define KEEP_SECONDS 30L

_Static_assert(TN_EXCHANGE_DETAIL >= CURL_ERROR_SIZE, "libcurl writes that much");

/* --- libcurl's callbacks --- */

/*
 * libcurl repeats a request by itself when a kept connection turns out to be closed, even
 * when the server has read all of it and only its answer was lost. For what changes
 * something that would be a second effect: it ends here, with an unknown outcome.
 */
static int
on_begin(void *arg, char *their_ip TN_UNUSED, char *our_ip TN_UNUSED,
    int their_port TN_UNUSED, int our_port TN_UNUSED)
{
	struct tn_exchange *exchange = arg;

	if (exchange->begun > 0 && exchange->method != TN_HTTP_GET)
		return CURL_PREREQFUNC_ABORT;
	exchange->begun++;
	return CURL_PREREQFUNC_OK;
}

static size_t
on_header(char *bytes, size_t one, size_t len, void *arg)
{
	struct tn_exchange *exchange = arg;

	return tn_answer_line(&exchange->answer, tn_span_of(bytes, len * one)) ? len : 0;
}

static size_t
on_body(char *bytes, size_t one, size_t len, void *arg)
{
	struct tn_exchange *exchange = arg;

	return tn_answer_bytes(&exchange->answer, tn_span_of(bytes, len * one)) ? len : 0;
}

/* --- From a request to libcurl's options --- */

static void
add_header(struct tn_exchange *exchange, char *line)
{
	struct curl_slist *header = &exchange->headers[exchange->n_headers++];

	header->data = line;
	header->next = NULL;
	if (exchange->n_headers > 1)
		exchange->headers[exchange->n_headers - 2].next = header;
}

/* Bytes that could end the line would make another request of it. */
static bool
is_line(struct tn_span text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];

		if ((c < ' ' && c != '\t') || c == 0x7f)
			return false;
	}
	return true;
}

static int
prepare_headers(struct tn_exchange *exchange, const struct tn_http_request *req,
    struct tn_error *err)
{
	bool typed = false;

	exchange->headers = tn_alloc(req->n_headers + 2, sizeof *exchange->headers);
	for (size_t i = 0; i < req->n_headers; i++) {
		const struct tn_http_header *header = &req->headers[i];
		bool empty = header->value.count == 0;
		struct tn_str line = TN_STR_INIT;
		struct tn_span text;

		/* To libcurl "Name:" takes a header away and "Name;" sends it empty. */
		tn_str_addf(&line, "%s%s", header->name, empty ? ";" : ": ");
		tn_http_assemble(&header->value, &line);
		text = tn_str_span(&line);
		add_header(exchange, tn_str_take(&line));
		if (!is_line(text))
			return tn_error_set(err, TN_E_INPUT,
			    "%s: the header %s has a line break or another control character",
			    exchange->label, header->name);
		typed = typed || strcasecmp(header->name, "Content-Type") == 0;
	}
	add_header(exchange, tn_strdup("Expect:"));
	if (!typed)
		add_header(exchange, tn_strdup("Content-Type:"));
	return 0;
}

/* How the host is reached. */
struct way {
	bool loopback;
	bool tls;
};

static int
check_url(const struct tn_http_request *req, struct way *way_out, struct tn_error *err)
{
	struct tn_url url;
	int r = tn_url_parse(req->url, &url, err);

	if (r < 0)
		return r;
	way_out->loopback = tn_url_is_loopback(&url);
	way_out->tls = tn_span_is(url.scheme, "https");
	if (way_out->loopback || way_out->tls)
		return 0;
	r = tn_error_set(err, TN_E_INPUT, "\"%.*s\" is to be reached by plain http",
	    (int)url.host.len, url.host.ptr);
	tn_error_hint(err, "use https; plain http is for this machine itself only");
	return r;
}

#define SET(easy, option, value) (curl_easy_setopt(easy, option, value) != CURLE_OK)

static int
set_message(const struct tn_exchange *exchange, const struct tn_http_request *req)
{
	CURL *easy = exchange->easy;
	bool has_body = req->body.count > 0 ||
	    (req->method != TN_HTTP_GET && req->method != TN_HTTP_DELETE);
	int bad = SET(easy, CURLOPT_URL, req->url);

	bad |= SET(easy, CURLOPT_PATH_AS_IS, 1L);
	bad |= SET(easy, CURLOPT_HTTPHEADER, exchange->headers);
	if (has_body) {
		curl_off_t len = (curl_off_t)exchange->body.len;

		bad |= SET(easy, CURLOPT_POSTFIELDSIZE_LARGE, len);
		bad |= SET(easy, CURLOPT_POSTFIELDS, tn_str_text(&exchange->body));
	}
	bad |= SET(easy, CURLOPT_CUSTOMREQUEST, tn_http_method_name(req->method));
	return bad;
}

static int
set_manners(CURL *easy, const struct tn_exchange_options *options, struct way way)
{
	int bad = SET(easy, CURLOPT_PROTOCOLS_STR, "http,https");

	bad |= SET(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
	bad |= SET(easy, CURLOPT_FOLLOWLOCATION, 0L);
	bad |= SET(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	bad |= SET(easy, CURLOPT_NOSIGNAL, 1L);
	bad |= SET(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
	/* With TLS a new connection says at once whether it takes several calls; without
	 * TLS the others would wait for the first answer. */
	bad |= SET(easy, CURLOPT_PIPEWAIT, way.tls ? 1L : 0L);
	bad |= SET(easy, CURLOPT_MAXAGE_CONN, KEEP_SECONDS);
	bad |= SET(easy, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS);
	/* Ending a call must not wait for a resolver that hangs. */
	bad |= SET(easy, CURLOPT_QUICK_EXIT, 1L);
	bad |= SET(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	if (way.loopback)
		bad |= SET(easy, CURLOPT_PROXY, "");
	if (options->user_agent != NULL)
		bad |= SET(easy, CURLOPT_USERAGENT, options->user_agent);
	return bad;
}

static int
set_trust(CURL *easy, const struct tn_exchange_options *options)
{
	int bad = SET(easy, CURLOPT_SSL_VERIFYPEER, 1L);

	bad |= SET(easy, CURLOPT_SSL_VERIFYHOST, 2L);
	bad |= SET(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (options->ca_file == NULL && options->ca_directory == NULL)
		return bad; /* libcurl's own bundle */
	bad |= SET(easy, CURLOPT_CAINFO, options->ca_file);
	bad |= SET(easy, CURLOPT_CAPATH, options->ca_directory);
	bad |= SET(easy, CURLOPT_PROXY_CAINFO, options->ca_file);
	bad |= SET(easy, CURLOPT_PROXY_CAPATH, options->ca_directory);
	return bad;
}

static int
set_callbacks(struct tn_exchange *exchange, void *owner, size_t max_answer)
{
	CURL *easy = exchange->easy;
	int bad = SET(easy, CURLOPT_PRIVATE, owner);

	bad |= SET(easy, CURLOPT_PREREQFUNCTION, on_begin);
	bad |= SET(easy, CURLOPT_PREREQDATA, exchange);
	bad |= SET(easy, CURLOPT_HEADERFUNCTION, on_header);
	bad |= SET(easy, CURLOPT_HEADERDATA, exchange);
	bad |= SET(easy, CURLOPT_WRITEFUNCTION, on_body);
	bad |= SET(easy, CURLOPT_WRITEDATA, exchange);
	bad |= SET(easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)max_answer);
	bad |= SET(easy, CURLOPT_ERRORBUFFER, exchange->detail);
	return bad;
}

static int
make_easy(struct tn_exchange *exchange, const struct tn_http_request *req,
    const struct tn_exchange_options *options, struct way way, size_t max_answer)
{
	CURL *easy = curl_easy_init();
	int bad;

	exchange->easy = easy;
	if (easy == NULL)
		return 1;
	bad = set_message(exchange, req);
	bad |= set_manners(easy, options, way);
	bad |= set_trust(easy, options);
	bad |= set_callbacks(exchange, options->owner, max_answer);
	return bad;
}

int
tn_exchange_prepare(struct tn_exchange *exchange, const struct tn_http_request *req,
    const struct tn_exchange_options *options, struct tn_error *err)
{
	size_t max = req->max_answer > 0 ? req->max_answer : TN_HTTP_MAX_ANSWER;
	struct tn_str label = TN_STR_INIT;
	struct way way;
	int r;

	exchange->method = req->method;
	tn_http_request_label(req, &label);
	exchange->label = tn_str_take(&label);
	tn_answer_init(&exchange->answer, max);
	r = check_url(req, &way, err);
	if (r < 0)
		return r;
	r = prepare_headers(exchange, req, err);
	if (r < 0)
		return r;
	tn_http_assemble(&req->body, &exchange->body);
	if (tn_str_overflowed(&exchange->body))
		return tn_error_set(err, TN_E_LIMIT, "%s: the request is too large",
		    exchange->label);
	if (make_easy(exchange, req, options, way, max) != 0)
		return tn_error_set(err, TN_E_SYSTEM,
		    "%s: libcurl lacks an option or memory", exchange->label);
	return 0;
}

void
tn_exchange_done(struct tn_exchange *exchange)
{
	curl_easy_cleanup(exchange->easy);
	for (size_t i = 0; i < exchange->n_headers; i++) {
		char *line = exchange->headers[i].data;

		tn_wipe(line, strlen(line));
		tn_free(line);
	}
	tn_free(exchange->headers);
	tn_wipe(exchange->body.ptr, exchange->body.len);
	tn_str_done(&exchange->body);
	tn_answer_done(&exchange->answer);
	tn_free(exchange->label);
	*exchange = (struct tn_exchange){ 0 };
}

/* --- The end --- */

/*
 * What our callbacks saw is more exact than the code that libcurl makes of it, and a head
 * that stops in the middle is a whole answer to libcurl.
 */
static int
refine(const struct tn_exchange *exchange, int code)
{
	switch (exchange->answer.fault) {
	case TN_ANSWER_TOO_LARGE:
		return CURLE_FILESIZE_EXCEEDED;
	case TN_ANSWER_MALFORMED:
		return CURLE_WEIRD_SERVER_REPLY;
	case TN_ANSWER_FINE:
		break;
	}
	if (code == CURLE_OK && !exchange->answer.head_ended)
		return CURLE_PARTIAL_FILE;
	/* Its words for an answer that is no HTTP, once a request has been begun. */
	if (exchange->begun > 0 &&
	    (code == CURLE_BAD_FUNCTION_ARGUMENT || code == CURLE_UNSUPPORTED_PROTOCOL))
		return CURLE_WEIRD_SERVER_REPLY;
	return code;
}

int
tn_exchange_finish(const struct tn_exchange *exchange, int code,
    struct tn_http_response *resp_out, struct tn_error *err)
{
	struct tn_outcome outcome = {
		.code = refine(exchange, code),
		.begun = exchange->begun > 0,
		.writes = exchange->method != TN_HTTP_GET,
		.label = exchange->label,
		.detail = exchange->detail,
	};
	long status = 0, proxy = 0;

	if (outcome.code != CURLE_OK) {
		curl_easy_getinfo(exchange->easy, CURLINFO_HTTP_CONNECTCODE, &proxy);
		outcome.proxy = (int)proxy;
		return tn_outcome_describe(&outcome, err);
	}
	curl_easy_getinfo(exchange->easy, CURLINFO_RESPONSE_CODE, &status);
	*resp_out = tn_answer_response(&exchange->answer, (int)status);
	return 0;
}
