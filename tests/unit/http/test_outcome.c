/* What libcurl's codes mean: the kind decides whether a call is repeated. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <curl/curl.h>
#include <string.h>

#include "http/outcome.h"

#define LABEL "POST https://acme.example/api"

static void
the_kind_depends_on_whether_the_request_was_begun(void **state TN_UNUSED)
{
	static const struct {
		CURLcode code;
		enum tn_error_kind before, after;
	} cases[] = {
		{ CURLE_COULDNT_RESOLVE_HOST, TN_E_TRANSIENT, TN_E_UNKNOWN },
		{ CURLE_COULDNT_RESOLVE_PROXY, TN_E_TRANSIENT, TN_E_UNKNOWN },
		{ CURLE_COULDNT_CONNECT, TN_E_TRANSIENT, TN_E_UNKNOWN },
		{ CURLE_SSL_CONNECT_ERROR, TN_E_TRANSIENT, TN_E_UNKNOWN },
		{ CURLE_OPERATION_TIMEDOUT, TN_E_TRANSIENT, TN_E_UNKNOWN },
		{ CURLE_SEND_ERROR, TN_E_TRANSIENT, TN_E_UNKNOWN },
		{ CURLE_RECV_ERROR, TN_E_TRANSIENT, TN_E_UNKNOWN },
		{ CURLE_GOT_NOTHING, TN_E_TRANSIENT, TN_E_UNKNOWN },
		{ CURLE_PARTIAL_FILE, TN_E_TRANSIENT, TN_E_UNKNOWN },
		{ CURLE_HTTP2, TN_E_TRANSIENT, TN_E_UNKNOWN },
		{ CURLE_HTTP2_STREAM, TN_E_TRANSIENT, TN_E_UNKNOWN },
		{ CURLE_WEIRD_SERVER_REPLY, TN_E_TRANSIENT, TN_E_UNKNOWN },
		{ CURLE_ABORTED_BY_CALLBACK, TN_E_TRANSIENT, TN_E_UNKNOWN },
		{ CURLE_PEER_FAILED_VERIFICATION, TN_E_SYSTEM, TN_E_UNKNOWN },
		{ CURLE_SSL_CACERT_BADFILE, TN_E_SYSTEM, TN_E_UNKNOWN },
		{ CURLE_FILESIZE_EXCEEDED, TN_E_LIMIT, TN_E_LIMIT },
		/* Those that nobody thought of: not repeated, and not taken for done. */
		{ CURLE_OUT_OF_MEMORY, TN_E_SYSTEM, TN_E_UNKNOWN },
		{ CURLE_URL_MALFORMAT, TN_E_SYSTEM, TN_E_UNKNOWN },
		{ CURLE_FTP_ACCEPT_FAILED, TN_E_SYSTEM, TN_E_UNKNOWN },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		struct tn_outcome outcome = {
			.code = (int)cases[i].code,
			.label = LABEL,
			.detail = "",
		};
		struct tn_error err = TN_ERROR_INIT;

		assert_int_equal(tn_outcome_describe(&outcome, &err),
		    -(int)cases[i].before);
		assert_int_equal(err.kind, cases[i].before);
		assert_ptr_equal(strstr(err.message, LABEL ": "), err.message);
		tn_error_done(&err);
		outcome.begun = true;
		assert_int_equal(tn_outcome_describe(&outcome, &err),
		    -(int)cases[i].after);
		assert_int_equal(err.kind, cases[i].after);
		tn_error_done(&err);
	}
}

static void
a_message_has_a_cure(void **state TN_UNUSED)
{
	static const struct {
		CURLcode code;
		bool begun, writes;
		const char *hint; /* a part of it; NULL: none */
	} cases[] = {
		{ CURLE_COULDNT_CONNECT, false, true, "domain" },
		{ CURLE_COULDNT_RESOLVE_HOST, false, false, "domain" },
		{ CURLE_PEER_FAILED_VERIFICATION, false, true, "--ca-file" },
		{ CURLE_SSL_CACERT_BADFILE, false, true, "--ca-file" },
		{ CURLE_GOT_NOTHING, true, true, "may have been carried out" },
		{ CURLE_OPERATION_TIMEDOUT, true, true, "may have been carried out" },
		{ CURLE_OPERATION_TIMEDOUT, true, false, NULL },
		{ CURLE_OPERATION_TIMEDOUT, false, true, NULL },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		const struct tn_outcome outcome = {
			.code = (int)cases[i].code,
			.begun = cases[i].begun,
			.writes = cases[i].writes,
			.label = LABEL,
			.detail = "",
		};
		struct tn_error err = TN_ERROR_INIT;

		tn_outcome_describe(&outcome, &err);
		if (cases[i].hint == NULL)
			assert_null(err.hint);
		else
			assert_non_null(strstr(err.hint, cases[i].hint));
		tn_error_done(&err);
	}
}

/* Whatever code libcurl makes of a proxy that does not lead on. */
static void
a_proxy_that_refuses_is_told_from_a_server(void **state TN_UNUSED)
{
	static const struct {
		int status;
		enum tn_error_kind kind;
		const char *message, *hint;
	} cases[] = {
		{ 407, TN_E_SYSTEM, LABEL ": the proxy does not know us (status 407)",
		    "USER:PASSWORD" },
		{ 403, TN_E_SYSTEM, LABEL ": the proxy gives no connection (status 403)",
		    "NO_PROXY" },
		{ 429, TN_E_TRANSIENT,
		    LABEL ": the proxy gives no connection (status 429)", "NO_PROXY" },
		{ 503, TN_E_TRANSIENT,
		    LABEL ": the proxy gives no connection (status 503)", "NO_PROXY" },
		/* It has led on, and what failed came behind it. */
		{ 200, TN_E_TRANSIENT, LABEL ": the connection broke", NULL },
		{ 0, TN_E_TRANSIENT, LABEL ": the connection broke", NULL },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		struct tn_outcome outcome = {
			.code = CURLE_RECV_ERROR,
			.proxy = cases[i].status,
			.label = LABEL,
			.detail = "",
		};
		struct tn_error err = TN_ERROR_INIT;

		assert_int_equal(tn_outcome_describe(&outcome, &err),
		    -(int)cases[i].kind);
		assert_string_equal(err.message, cases[i].message);
		if (cases[i].hint != NULL)
			assert_non_null(strstr(err.hint, cases[i].hint));
		tn_error_done(&err);
		/* Once a request was begun on it, nobody knows. */
		outcome.begun = true;
		assert_int_equal(tn_outcome_describe(&outcome, &err), -TN_E_UNKNOWN);
		tn_error_done(&err);
	}
}

static void
details_are_shown_unless_they_might_hold_a_password(void **state TN_UNUSED)
{
	static const struct {
		CURLcode code;
		const char *detail, *message;
	} cases[] = {
		{ CURLE_COULDNT_CONNECT, "Connection refused",
		    LABEL ": no connection (Connection refused)" },
		{ CURLE_COULDNT_CONNECT, "", LABEL ": no connection" },
		{ CURLE_COULDNT_CONNECT, "bad \x1b[2J",
		    LABEL ": no connection (bad \\x1b[2J)" },
		{ CURLE_COULDNT_CONNECT, "Unsupported proxy scheme for 'x://a:b'",
		    LABEL ": no connection" },
		{ CURLE_COULDNT_CONNECT, "no way to http://a:b@c",
		    LABEL ": no connection" },
		{ CURLE_COULDNT_RESOLVE_PROXY, "Unsupported proxy syntax in 'a:b'",
		    LABEL ": the proxy's name has no address" },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		const struct tn_outcome outcome = {
			.code = (int)cases[i].code,
			.label = LABEL,
			.detail = cases[i].detail,
		};
		struct tn_error err = TN_ERROR_INIT;

		tn_outcome_describe(&outcome, &err);
		assert_string_equal(err.message, cases[i].message);
		tn_error_done(&err);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_kind_depends_on_whether_the_request_was_begun),
		cmocka_unit_test(a_message_has_a_cure),
		cmocka_unit_test(a_proxy_that_refuses_is_told_from_a_server),
		cmocka_unit_test(details_are_shown_unless_they_might_hold_a_password),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
