/*
 * The command line of tenon-sim.
 */
#ifndef TENON_SIM_OPTIONS_H
#define TENON_SIM_OPTIONS_H

#include "base/arena.h"
#include "base/error.h"
#include "sim/sim.h"

struct options {
	bool help, version; /* print and stop */
	uint16_t port;
	int64_t latency_ns;
	const char *tls_cert, *tls_key; /* files; both or neither */
	const char *state;              /* a file to keep the tenant in, or NULL */
	unsigned tenants;               /* each at a port of its own */
	struct tn_sim_options sim;      /* its texts live in the arena */
};

/* TN_E_INPUT with place and cure for anything that is not understood. */
int options_parse(struct options *options, struct tn_arena *arena, int argc, char **argv,
    struct tn_error *err) TN_MUST_USE;

/* The manual that --help prints. */
void options_help(struct tn_str *out);

#endif
