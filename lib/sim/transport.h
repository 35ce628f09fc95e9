/*
 * The simulator's core behind the interface of http/transport.h, in the loop's time, real
 * or virtual. A request arrives after half of the latency, the core is called with the
 * loop's time of day, and the answer comes after the other half and what faults add.
 *
 * A dropped or cut connection, and a deadline that passes (a held or delayed answer), end
 * in TN_E_UNKNOWN: the request was sent. A request that is cancelled, or whose deadline
 * passes, while it is on its way still arrives.
 *
 * Several transports may share a core: each is a client. The core is borrowed and
 * outlives them.
 */
#ifndef TN_SIM_TRANSPORT_H
#define TN_SIM_TRANSPORT_H

#include "base/loop.h"
#include "http/transport.h"
#include "sim/sim.h"

struct tn_sim_transport_options {
	int64_t latency_ns;   /* both ways together */
	const char *base_url; /* "https://acme.example": other origins complete with
				 TN_E_INPUT; NULL: any */
	/*
	 * Before the core sees the n-th call of this transport (from 1), and after its
	 * effect, before the answer travels. Either may sever the transport: then the
	 * effect, or the answer, does not come about.
	 */
	void (*on_call)(void *arg, uint64_t n, const struct tn_sim_request *req);
	void (*on_reply)(void *arg, uint64_t n, const struct tn_sim_request *req,
	    const struct tn_sim_reply *reply);
	void *arg;
};

/* options NULL: no latency, no hooks. */
struct tn_transport *tn_sim_transport_new(struct tn_loop *loop, struct tn_sim *sim,
    const struct tn_sim_transport_options *options);

/*
 * The client is dead: from now on nothing is submitted and nothing completes. Requests on
 * their way arrive (and have their effect) when deliver_in_flight is set, or never. The
 * transport is still to be freed; what has not arrived by then never does.
 */
void tn_sim_transport_sever(struct tn_transport *transport, bool deliver_in_flight);

/* Calls that have not completed. */
size_t tn_sim_transport_pending(const struct tn_transport *transport);

#endif
