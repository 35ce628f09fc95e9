/*
 * I/O with a tenant: carries operations of a provider over a transport, gets
 * and renews the token, retries by a table, keeps to a number of calls in
 * flight and to the tenant's rate limit, and reads a whole tenant with the
 * fewest calls.
 *
 * Completion always comes from the loop, exactly once, also when the remote is
 * cancelled (TN_E_CANCELLED): reads stop at once, writes in flight are
 * finished.
 */
#ifndef TN_REMOTE_REMOTE_H
#define TN_REMOTE_REMOTE_H

#include "base/loop.h"
#include "base/rand.h"
#include "http/transport.h"
#include "model/provider.h"
#include "remote/tokens.h"

struct tn_remote;

struct tn_remote_options {
	struct tn_loop *loop;
	struct tn_transport *transport;         /* borrowed */
	const struct tn_provider *provider;     /* borrowed */
	const struct tn_connection *connection; /* borrowed */
	struct tn_rand *rand;                   /* for jitter; borrowed */
	struct tn_cancel *cancel;               /* may be NULL */
	const char *user_agent;
	unsigned max_in_flight;       /* 0: 4 */
	unsigned rate_share;          /* percent of the rate limit that is ours; 0: all */
	int64_t call_deadline_ns;     /* of one try; 0: TN_REMOTE_DEADLINE */
	struct tn_redactor *redactor; /* learns every token; borrowed, may be NULL */
	struct tn_tokens *tokens; /* of remotes before and after; borrowed, may be NULL */
};

/* After this time a call that got no answer can no longer have an effect of its own. */
#define TN_REMOTE_DEADLINE (10 * TN_SEC)

struct tn_remote *tn_remote_new(const struct tn_remote_options *options);
/* Pending operations are dropped without completion. */
void tn_remote_free(struct tn_remote *remote);
TN_DEFINE_FREEP(tn_remote, tn_remote_free)

/* result is NULL and err set, or the reverse. The result lives in an arena that is the
 * callee's for the time of the call: copy what is kept. */
typedef void tn_remote_done_fn(void *arg, const struct tn_op_result *result,
    const struct tn_error *err);

/*
 * One operation. What op points to is used before this returns. Reads are tried
 * again after transient and unknown failures; writes only when the call
 * certainly had no effect (429, refused connection) – after TN_E_UNKNOWN the
 * caller reads and decides. A 401 renews the token once. Nothing is tried again
 * later than two minutes after the first try.
 */
void tn_remote_op(struct tn_remote *remote, const struct tn_op *op,
    tn_remote_done_fn *done, void *arg);

/* Nanoseconds that one try may take at most. */
int64_t tn_remote_call_deadline(const struct tn_remote *remote);

/* Sees to it that there is a token. The result of a success is empty. */
void tn_remote_login(struct tn_remote *remote, tn_remote_done_fn *done, void *arg);
/*
 * All rights that the operations need and the token has not; none when it does not say.
 * Valid after the first operation or tn_remote_login; borrowed from the provider.
 */
struct tn_rights tn_remote_missing_rights(const struct tn_remote *remote,
    const enum tn_op_kind *ops, size_t n_ops);

/* Reads a tenant: all actions, the flows of the triggers named, the trigger list when
 * asked for. */
struct tn_read_spec {
	struct tn_action_filter filter; /* of the actions */
	const char *const *triggers;
	size_t n_triggers;
	bool trigger_list;
	bool actions;
	bool modules; /* as a list tells them: tn_remote_modules tells more */
	bool ahead;   /* of all that waits to be sent */
};
typedef void tn_remote_live_fn(void *arg, struct tn_live *live,
    const struct tn_error *err);
/* live is the receiver's. What spec points to is copied. */
void tn_remote_read(struct tn_remote *remote, const struct tn_read_spec *spec,
    tn_remote_live_fn *done, void *arg);

/*
 * What a list of modules does not tell. live has one module for each need: of one that
 * needs its versions they and the id alone. See tn_live_take_modules.
 */
void tn_remote_modules(struct tn_remote *remote, const struct tn_module_need *needs,
    size_t n, tn_remote_live_fn *done, void *arg);

/* All versions of some actions. The arena is the receiver's, and so is the array in it.
 */
typedef void tn_remote_versions_fn(void *arg, struct tn_arena *arena,
    const struct tn_action_versions *versions, size_t n, const struct tn_error *err);
void tn_remote_versions(struct tn_remote *remote, const char *const *action_ids, size_t n,
    tn_remote_versions_fn *done, void *arg);

/* As the calls so far have told; ready and per_second are our share. */
struct tn_pace tn_remote_pace(struct tn_remote *remote);

/* What waits to be sent is not sent any more, and ends as TN_E_CANCELLED. */
void tn_remote_call_off(struct tn_remote *remote);

/* Calls wait for the tenant's rate limit, though more might be on their way. */
bool tn_remote_is_held(struct tn_remote *remote);

/* Sent so far; every try counts. */
struct tn_remote_counts {
	unsigned calls;   /* of operations */
	unsigned writes;  /* of these, the ones that write */
	unsigned tokens;  /* calls to the token endpoint: they have limits of their own */
	unsigned retries; /* of all, the ones that were not the first try */
	unsigned limited; /* of all, the ones that were refused for the rate limit */
};
struct tn_remote_counts tn_remote_counts(const struct tn_remote *remote);

#endif
