/*
 * What the tests of the transport share: a real loop with a guard, calls that keep what
 * came of them, and a peer that plays a script over plain TCP, for answers that no decent
 * server gives. Everything is on loopback.
 */
#ifndef TN_TEST_HTTP_WORLD_H
#define TN_TEST_HTTP_WORLD_H

#include "http/curl.h"

/* A call and its end; run_until_done waits for all that were sent and not finished. */
struct sent {
	struct tn_call *call;
	unsigned completions;
	bool answered;
	int status;
	char *body;
	char *field; /* of the name that was asked for with want_field, or NULL */
	const char *want_field;
	struct tn_error err;
};

void world_open(void);
void world_close(void);
struct tn_loop *world_loop(void);
struct tn_transport *world_curl(void);

/* Borrowed until the next call of it. */
const char *url_of(uint16_t port, const char *path);

void send_request(struct sent *sent, struct tn_transport *transport,
    const struct tn_http_request *req);
/* Without headers; body may be NULL. */
void send_plain(struct sent *sent, enum tn_http_method method, const char *url,
    const char *body);
/* The same, and waits for it. */
void exchange(struct sent *sent, enum tn_http_method method, const char *url,
    const char *body);
void sent_cancel(struct sent *sent);
void sent_done(struct sent *sent);
/* Fails the test when it takes longer than ten seconds. */
void run_until_done(void);
void run_for(int64_t ns);
/* Runs until something holds, for ten seconds at most. */
#define WAIT_FOR(condition)                                       \
	do {                                                      \
		for (int i_ = 0; i_ < 5000 && !(condition); i_++) \
			run_for(2 * TN_MSEC);                     \
		assert_true(condition);                           \
	} while (0)

void assert_failed(const struct sent *sent, enum tn_error_kind kind, const char *words);

/* What the peer does with the next whole request, on whichever connection. */
struct peer_step {
	const char *answer; /* NULL: none */
	bool then_close;
};

struct peer;
/* When the script is over, requests get no answer. */
struct peer *peer_open(const struct peer_step *steps, size_t n);
void peer_close(struct peer *peer);
uint16_t peer_port(const struct peer *peer);
unsigned peer_requests(const struct peer *peer);
unsigned peer_connections(const struct peer *peer);
/* All that came in, in order. */
const char *peer_heard(const struct peer *peer);

#endif
