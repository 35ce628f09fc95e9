/*
 * A client of bytes for the tests of the server, in the same loop: it sends what it is
 * told and keeps what comes back.
 */
#ifndef TN_TEST_WEB_CLIENT_H
#define TN_TEST_WEB_CLIENT_H

#include "base/loop.h"
#include "base/str.h"

struct client {
	struct tn_loop *loop;
	struct tn_watch watch;
	int fd;
	struct tn_str in;
	const char
	    *until; /* the loop is stopped when this is in there, NULL: at the end */
	bool ended;
};

void client_open(struct client *client, struct tn_loop *loop, uint16_t port);
void client_close(struct client *client);
void client_send(struct client *client, const char *text);
/* The peer may have closed already. */
void client_try_send(struct client *client, const char *text);
void client_send_bytes(struct client *client, const void *bytes, size_t len);
/* Sends as long as the peer takes it, up to len bytes; returns how many. */
size_t client_flood(struct client *client, size_t len);
/* The peer's bytes are left unread. */
void client_stop_reading(struct client *client);

/* Runs the loop; false when it took longer than ten seconds. */
bool client_wait_for(struct client *client, const char *text);
bool client_wait_end(struct client *client);
void run_for(struct tn_loop *loop, int64_t ns);
/* Runs until something holds, for ten seconds at most. */
#define WAIT_FOR(loop, condition)                                 \
	do {                                                      \
		for (int i_ = 0; i_ < 5000 && !(condition); i_++) \
			run_for(loop, 2 * TN_MSEC);               \
		assert_true(condition);                           \
	} while (0)
/* How often text is in what came back. */
unsigned client_count(const struct client *client, const char *text);

#endif
