/* A loop in virtual time, a simulated tenant, and a remote that talks to it. */
#ifndef TESTS_UNIT_REMOTE_WORLD_H
#define TESTS_UNIT_REMOTE_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "auth0/auth0.h"
#include "remote/remote.h"
#include "sim/tables.h"
#include "sim/transport.h"
#include "sim/view.h"

/* 2026-06-01T00:00:00Z */
#define WORLD_START (INT64_C(1780272000) * TN_SEC)

struct world {
	struct tn_loop *loop;
	struct tn_sim *sim;
	struct tn_transport *transport;
	struct tn_remote *remote;
	struct tn_connection connection;
	struct tn_secret *secret;
	struct tn_rand rand;
	struct tn_cancel cancel;
	struct tn_remote_options options;
};

/* The tenant and the connection; options NULL: the simulator's. latency of each call. */
void world_open(struct world *world, const struct tn_sim_options *options,
    int64_t latency_ns);
/* Also opens the remote, with world->options, which the test may have changed. */
void world_connect(struct world *world);
void world_init(struct world *world, const struct tn_sim_options *options,
    int64_t latency_ns);
void world_done(struct world *world);
/* As above, on a loop that others use too. */
void world_open_on(struct world *world, struct tn_loop *loop,
    const struct tn_sim_options *options, int64_t latency_ns);

/* Makes a first call, which goes alone: with its answer the rate limit is known. */
void world_meet(struct world *world);
/* Steps the loop until the flag is set; fails when it never is. */
void world_until(struct world *world, const bool *flag);
void world_sleep(struct world *world, int64_t ns);
/* Steps until nothing is left to do. */
void world_drain(struct world *world);
int64_t world_now(const struct world *world);

uint64_t world_fault(struct world *world, const char *json);
/* As another person at the tenant; gives the status. */
int world_admin(struct world *world, const char *method, const char *path,
    const char *body);
/* Actions named a0, a1, …, made by others: from the marketplace, which has no limit. */
void world_install(struct world *world, size_t n);
/* An action of that name, created by another person; its id is copied to id_out. */
void world_create(struct world *world, const char *name, char id_out[37]);

/* What one operation ended with. */
struct outcome {
	bool done;
	unsigned times;
	struct tn_error err;
	size_t n_actions;
	size_t n_triggers;
	size_t n_bindings;
	char *id;       /* of the first action or version */
	unsigned order; /* in which they ended */
};

/* arg is a struct outcome. */
void outcome_take(void *arg, const struct tn_op_result *result,
    const struct tn_error *err);
void outcome_done(struct outcome *outcome);
/* Carries out one operation and waits for it. */
void world_op(struct world *world, const struct tn_op *op, struct outcome *outcome);

extern const struct tn_op world_list_triggers;
/* An action of least content; name may be set in a copy. */
extern const struct tn_op world_create_op;

#endif
