/*
 * The transport over libcurl's multi interface, driven by the loop through
 * curl_multi_socket_action.
 *
 * TLS is checked always. Trust comes from a directory of hashed certificates
 * where the system has one (reading the whole bundle costs 20 ms and 860 kB a
 * connection with Debian 12's libraries), or from the file that the operator
 * names. Redirects are not followed, plain http goes to loopback only, no
 * cookies, no netrc, no credentials in URLs; HTTPS_PROXY and NO_PROXY are
 * honoured, but not for loopback. Connections are kept and shared, with HTTP/2
 * by several calls at once.
 *
 * What changes something (all but GET) is begun on one connection at most:
 * libcurl would send it again by itself when a kept connection breaks before
 * the answer, although the server may have carried it out. Such a call ends
 * with TN_E_UNKNOWN. A GET may be repeated.
 */
#ifndef TN_HTTP_CURL_H
#define TN_HTTP_CURL_H

#include "http/transport.h"

struct tn_curl_options {
	const char *user_agent;
	const char *ca_file;               /* NULL: the system's */
	unsigned max_connections_per_host; /* 0: 6 */
};

struct tn_transport *tn_curl_new(struct tn_loop *loop,
    const struct tn_curl_options *options, struct tn_error *err);

#endif
