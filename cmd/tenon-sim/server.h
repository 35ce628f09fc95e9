/*
 * The simulator's core behind an HTTP or HTTPS server of this machine, in the loop's
 * time.
 */
#ifndef TENON_SIM_SERVER_H
#define TENON_SIM_SERVER_H

#include "base/loop.h"
#include "sim/sim.h"

struct server;
struct keep;

struct server_options {
	uint16_t port; /* 0: a free one */
	int64_t latency_ns;
	const char *certificate, *private_key; /* PEM; NULL: plain http */
	struct keep *keep; /* told of each call before its answer; or NULL */
};

/* Listens on 127.0.0.1. The loop, the core and what options points to are borrowed. */
struct server *server_open(struct tn_loop *loop, struct tn_sim *sim,
    const struct server_options *options, struct tn_error *err);
/* Calls that are under way are dropped. */
void server_close(struct server *server);
uint16_t server_port(const struct server *server);
/* Why it has stopped the loop, if it has: what it should keep could not be kept. */
int server_result(struct server *server, struct tn_error *err) TN_MUST_USE;

#endif
