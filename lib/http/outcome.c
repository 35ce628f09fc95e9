#include "http/outcome.h"

#include "base/text.h"

#include <curl/curl.h>
#include <string.h>

struct meaning {
	CURLcode code;
	enum tn_error_kind before; /* the request was begun */
	enum tn_error_kind after;
	bool detail; /* libcurl's words are worth showing, and never name a proxy's
			password */
	const char *words;
	const char *hint;
};

#define ASK_DOMAIN \
	"is the tenant's domain right? is the network up, and HTTPS_PROXY right?"
#define ASK_CA_FILE "name the file of the authority that signed it with --ca-file"

static const struct meaning meanings[] = {
	{ CURLE_COULDNT_RESOLVE_HOST, TN_E_TRANSIENT, TN_E_UNKNOWN, false,
	    "the host's name has no address", ASK_DOMAIN },
	{ CURLE_COULDNT_RESOLVE_PROXY, TN_E_TRANSIENT, TN_E_UNKNOWN, false,
	    "the proxy's name has no address", "is HTTPS_PROXY right?" },
	{ CURLE_COULDNT_CONNECT, TN_E_TRANSIENT, TN_E_UNKNOWN, true, "no connection",
	    ASK_DOMAIN },
	{ CURLE_PROXY, TN_E_TRANSIENT, TN_E_UNKNOWN, false,
	    "the proxy gives no connection", "is HTTPS_PROXY right?" },
	{ CURLE_SSL_CONNECT_ERROR, TN_E_TRANSIENT, TN_E_UNKNOWN, true,
	    "no TLS connection", ASK_DOMAIN },
	{ CURLE_PEER_FAILED_VERIFICATION, TN_E_SYSTEM, TN_E_UNKNOWN, true,
	    "the server's certificate is not trusted", ASK_CA_FILE },
	{ CURLE_SSL_CACERT_BADFILE, TN_E_SYSTEM, TN_E_UNKNOWN, true,
	    "the certificates of trusted authorities cannot be read",
	    "check --ca-file, or install the system's certificates" },
	{ CURLE_OPERATION_TIMEDOUT, TN_E_TRANSIENT, TN_E_UNKNOWN, true,
	    "no answer in time", NULL },
	{ CURLE_GOT_NOTHING, TN_E_TRANSIENT, TN_E_UNKNOWN, false,
	    "the connection was closed without an answer", NULL },
	{ CURLE_RECV_ERROR, TN_E_TRANSIENT, TN_E_UNKNOWN, true, "the connection broke",
	    NULL },
	{ CURLE_SEND_ERROR, TN_E_TRANSIENT, TN_E_UNKNOWN, true, "the connection broke",
	    NULL },
	{ CURLE_HTTP2, TN_E_TRANSIENT, TN_E_UNKNOWN, true, "the connection broke", NULL },
	{ CURLE_HTTP2_STREAM, TN_E_TRANSIENT, TN_E_UNKNOWN, true, "the connection broke",
	    NULL },
	{ CURLE_PARTIAL_FILE, TN_E_TRANSIENT, TN_E_UNKNOWN, false,
	    "the answer was cut off", NULL },
	/* Only our refusal to let libcurl send a request a second time. */
	{ CURLE_ABORTED_BY_CALLBACK, TN_E_TRANSIENT, TN_E_UNKNOWN, false,
	    "the connection was closed before an answer came", NULL },
	{ CURLE_WEIRD_SERVER_REPLY, TN_E_TRANSIENT, TN_E_UNKNOWN, false,
	    "what came back is no HTTP answer", NULL },
	{ CURLE_FILESIZE_EXCEEDED, TN_E_LIMIT, TN_E_LIMIT, false,
	    "the answer is too large", NULL },
};

static struct meaning
meaning_of(CURLcode code)
{
	for (size_t i = 0; i < TN_ARRAY_LEN(meanings); i++) {
		if (meanings[i].code == code)
			return meanings[i];
	}
	return (struct meaning){ code, TN_E_SYSTEM, TN_E_UNKNOWN, false,
		curl_easy_strerror(code), NULL };
}

/* A proxy that libcurl cannot understand is quoted by it, with its password. */
static bool
may_be_shown(const char *detail)
{
	return detail[0] != '\0' && strchr(detail, '@') == NULL &&
	    !tn_text_starts(detail, "Unsupported proxy");
}

/* It was asked for a way to the host, and did not give one: nothing was sent on it. */
static int
describe_proxy(const struct tn_outcome *outcome, struct tn_error *err)
{
	bool later = outcome->proxy == 429 || outcome->proxy >= 500;
	int r;

	if (outcome->proxy == 407) {
		r = tn_error_set(err, TN_E_SYSTEM,
		    "%s: the proxy does not know us (status 407)", outcome->label);
		tn_error_hint(err,
		    "give HTTPS_PROXY as http://USER:PASSWORD@HOST:PORT, with what the "
		    "proxy takes");
		return r;
	}
	r = tn_error_set(err, later ? TN_E_TRANSIENT : TN_E_SYSTEM,
	    "%s: the proxy gives no connection (status %d)", outcome->label,
	    outcome->proxy);
	tn_error_hint(err,
	    "does the proxy let this host pass? is HTTPS_PROXY right? NO_PROXY names "
	    "hosts that are reached without it");
	return r;
}

int
tn_outcome_describe(const struct tn_outcome *outcome, struct tn_error *err)
{
	TN_CLEANUP(tn_str_done) struct tn_str detail = TN_STR_INIT;
	struct meaning meaning = meaning_of((CURLcode)outcome->code);
	enum tn_error_kind kind = outcome->begun ? meaning.after : meaning.before;

	if (!outcome->begun && outcome->proxy >= 300)
		return describe_proxy(outcome, err);
	if (meaning.detail && may_be_shown(outcome->detail)) {
		tn_str_add(&detail, " (");
		tn_text_printable(tn_span(outcome->detail), false, &detail);
		tn_str_add(&detail, ")");
	}
	tn_error_set(err, kind, "%s: %s%s", outcome->label, meaning.words,
	    tn_str_text(&detail));
	if (meaning.hint != NULL)
		tn_error_hint(err, "%s", meaning.hint);
	else if (kind == TN_E_UNKNOWN && outcome->writes)
		tn_error_hint(err,
		    "it may have been carried out: look before repeating it");
	return -(int)kind;
}
