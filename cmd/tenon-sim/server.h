/*
 * The simulator's core behind an HTTP server of this machine, in the loop's time.
 */
#ifndef TENON_SIM_SERVER_H
#define TENON_SIM_SERVER_H

#include "base/loop.h"
#include "sim/sim.h"

struct server;

/* Listens on 127.0.0.1; port 0: a free one. The loop and the core are borrowed. */
struct server *server_open(struct tn_loop *loop, struct tn_sim *sim, uint16_t port,
    int64_t latency_ns, struct tn_error *err);
/* Calls that are under way are dropped. */
void server_close(struct server *server);
uint16_t server_port(const struct server *server);

#endif
