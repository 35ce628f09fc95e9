/*
 * The core of the local tenant: an imitation of the Auth0 Management API for actions, as
 * a pure function of state, request and time. No clock, no I/O, no globals: the same
 * options and the same calls at the same times give the same bytes.
 *
 * Served are the token endpoint and all operations on actions, their versions, trigger
 * bindings, the trigger list, executions and modules. No code is run: a test run succeeds
 * unless a fault answers it, and executions come from tn_sim_execute. Log sessions, which
 * the platform has dropped, are not served (404). What is known about the real service,
 * and how surely, stands in tables.c.
 *
 * Times given to the core are nanoseconds since 1970 and never go back. Secret values are
 * hashed on arrival and kept nowhere. One thread.
 */
#ifndef TN_SIM_SIM_H
#define TN_SIM_SIM_H

#include "base/arena.h"
#include "base/defs.h"
#include "base/error.h"
#include "base/str.h"
#include "base/value.h"

struct tn_sim;

/* What a tenant can hold; of versions (of an action or a module) two at least. */
struct tn_sim_limits {
	unsigned actions, bindings, versions, modules;
};

struct tn_sim_client {
	const char *id;
	const char *secret;
	const char *scopes; /* separated by spaces; NULL: all four */
	/* In PEM form: assertions signed with its key prove the client too. Or NULL. */
	const char *public_key;
};

#define TN_SIM_BUILD_NS   (4 * TN_SEC)
#define TN_SIM_PLAIN_NS   (300 * TN_MSEC)
#define TN_SIM_VISIBLE_NS (100 * TN_MSEC)
#define TN_SIM_TOKEN_NS   (24 * 3600 * TN_SEC)

/* Start from TN_SIM_OPTIONS_INIT: a zero is meant as written, except where said. */
struct tn_sim_options {
	uint64_t seed;
	const char *domain;  /* "host[:port]"; audience must be its /api/v2/. NULL: any */
	int64_t build_ns;    /* a build with dependencies */
	int64_t plain_ns;    /* a build without */
	int64_t packaged_ns; /* of build_ns: how long it shows "packaged" at its end */
	unsigned build_attempts; /* of a build that fails; 1 is how it was in 2023 */
	struct tn_sim_limits limits;
	bool modules;             /* false: 403 feature_not_enabled */
	bool refuse_entity_bound; /* 400 for the bindings of such triggers, as in 2024 */
	/*
	 * Actions at /actions and /actions/{id} instead of /actions/actions, lists with
	 * total, start and limit, and errors with names such as "not_found".
	 */
	bool older;
	unsigned tokens_per_hour; /* for each client; 0: any number */
	bool shuffle; /* dependencies and secrets are kept in another order than sent */
	int64_t visible_ns; /* from the answer to a deploy until reads show it */
	int64_t token_life_ns;
	const struct tn_sim_client *clients; /* none: any id and secret, all scopes */
	size_t n_clients;
	unsigned rate_burst;      /* calls at once; 0: headers, but never a 429 */
	unsigned rate_per_second; /* refill; 0: as rate_burst */
	bool retry_after;         /* 429 carries Retry-After */
};

#define TN_SIM_OPTIONS_INIT                                               \
	{                                                                 \
		.build_ns = TN_SIM_BUILD_NS, .plain_ns = TN_SIM_PLAIN_NS, \
		.build_attempts = 3, .visible_ns = TN_SIM_VISIBLE_NS,     \
		.token_life_ns = TN_SIM_TOKEN_NS, .modules = true,        \
		.limits = { 100, 20, 50, 100 },                           \
	}

/* Copies the options; NULL: the initial ones. */
struct tn_sim *tn_sim_new(const struct tn_sim_options *options);
void tn_sim_free(struct tn_sim *sim);
TN_DEFINE_FREEP(tn_sim, tn_sim_free)
/* A deep copy, for snapshots: everything but watchers. */
struct tn_sim *tn_sim_clone(const struct tn_sim *sim);
/* No actions, bindings, faults (held calls are released) or log; tokens stay good. */
void tn_sim_reset(struct tn_sim *sim);

struct tn_sim_request {
	const char *method;        /* "GET" */
	const char *path;          /* as on the wire, with /api/v2, percent-encoded */
	const char *query;         /* as on the wire, without "?"; NULL or "": none */
	const char *authorization; /* the header's value, or NULL */
	const char *content_type;  /* the header's value, or NULL */
	struct tn_span body;
};

struct tn_sim_field {
	const char *name; /* lower case; a literal */
	char value[48];
};

#define TN_SIM_MAX_FIELDS 8

enum tn_sim_fate {
	TN_SIM_ANSWER, /* send the answer */
	TN_SIM_DROP,   /* close the connection without a byte */
	TN_SIM_CUT,    /* send half of the answer, then close */
};

struct tn_sim_reply {
	int status;
	struct tn_str body; /* empty for 204 */
	struct tn_sim_field fields[TN_SIM_MAX_FIELDS];
	size_t n_fields;
	enum tn_sim_fate fate;
	int64_t delay_ns; /* to wait before sending, beyond the network's own */
	/*
	 * Not 0: keep the answer until the fault of this id is gone (see tn_sim_watch).
	 * With `before` nothing has happened yet: then call tn_sim_resume for the answer.
	 */
	uint64_t held_by;
	bool before;
	uint64_t number; /* of the call, from 1; its place in the log */
	const char
	    *resource; /* "/actions/actions/{id}"; a literal; "" for an unknown path */
};

#define TN_SIM_REPLY_INIT \
	{                 \
		0         \
	}

/* reply is TN_SIM_REPLY_INIT and is the caller's to end with tn_sim_reply_done. */
void tn_sim_call(struct tn_sim *sim, int64_t unix_ns, const struct tn_sim_request *req,
    struct tn_sim_reply *reply);
/* The effect and answer of a call that was held before it, now that it is released. */
void tn_sim_resume(struct tn_sim *sim, int64_t unix_ns, const struct tn_sim_request *req,
    struct tn_sim_reply *reply);
void tn_sim_reply_done(struct tn_sim_reply *reply);
/* The value of a header of the answer, or NULL. */
const char *tn_sim_reply_field(const struct tn_sim_reply *reply, const char *name);

/*
 * The Authorization header of another person at the same tenant, with all scopes: for
 * tests that change things behind a client's back. Their calls meet no faults and no rate
 * limit, and stand in the log but not in its counts. Borrowed from sim.
 */
const char *tn_sim_admin_authorization(const struct tn_sim *sim);
#define TN_SIM_ADMIN "admin"

/*
 * As an administrator installs an action from the marketplace (there is no API for it):
 * bound nowhere, with an upper-case id, which is written to id_out. The trigger has to be
 * there.
 */
void tn_sim_install(struct tn_sim *sim, int64_t unix_ns, const char *trigger,
    const char *name, char id_out[37]);

/*
 * A login: the actions of a flow have run, all of them, or until the one of that name
 * (NULL: none) has failed. The record can be read for ten days. NULL for a trigger that
 * is not there. The id is borrowed until the next call.
 */
const char *tn_sim_execute(struct tn_sim *sim, int64_t unix_ns, const char *trigger,
    const char *fails);

/*
 * Faults. description is an object:
 *
 *   method, path   which calls: path is a template ("/actions/actions/{id}") or a literal
 *                  path below /api/v2, or "/oauth/token"; left out: all
 *   nth            only the n-th matching call, counted from when the fault is added;
 *                  left out: every one
 *   do   status      answers `status`, with `body` (text as it is, else as JSON) or with
 *                    the platform's error of that status; 2xx after the effect without
 * `body`: with what was to be answered drop        closes the connection cut closes it in
 * the middle of the answer delay       answers `ms` later hold        keeps the call
 * until the fault is removed fail-build  the build that the call starts fails retry-build
 * the build that the call starts fails at first, and is retried lag         a read shows
 * what was `ms` ago, though not further back than when the fault was added; a build or a
 * deploy that the call starts takes `ms` longer when           "before" or "after" the
 * effect; left out: after, but before for status. With delay and hold before, the effect
 * waits too.
 *
 * TN_E_INPUT says what is wrong with it. Ids count from 1 and are never used again.
 */
int tn_sim_fault_add(struct tn_sim *sim, int64_t unix_ns,
    const struct tn_value *description, uint64_t *id_out,
    struct tn_error *err) TN_MUST_USE;
/* The same, from JSON text. */
int tn_sim_fault_add_text(struct tn_sim *sim, int64_t unix_ns, const char *json,
    uint64_t *id_out, struct tn_error *err) TN_MUST_USE;
/* False when there is none. */
bool tn_sim_fault_remove(struct tn_sim *sim, uint64_t id);
bool tn_sim_fault_exists(const struct tn_sim *sim, uint64_t id);
/* How many calls it has struck. */
uint64_t tn_sim_fault_hits(const struct tn_sim *sim, uint64_t id);

/* Whoever holds answers is told when a fault goes; embedded in its owner. */
struct tn_sim_watch {
	struct tn_sim *sim; /* NULL when not active */
	struct tn_sim_watch *next;
	void (*fn)(void *arg, uint64_t fault_id);
	void *arg;
};

void tn_sim_watch(struct tn_sim *sim, struct tn_sim_watch *watch,
    void (*fn)(void *arg, uint64_t fault_id), void *arg);
void tn_sim_unwatch(struct tn_sim_watch *watch);

/*
 * The log of calls, in the order in which they came. Only the last TN_SIM_LOG_MAX stand
 * in it; counts go on. Counts are of calls by clients, not by TN_SIM_ADMIN.
 */
#define TN_SIM_LOG_MAX 5000

struct tn_sim_logged {
	uint64_t number; /* from 1 */
	int64_t at;      /* unix_ns of the call */
	const char *method;
	const char *path;     /* as sent, without query */
	const char *resource; /* template */
	const char *who;      /* client id; NULL when no good token came with it */
	int status; /* answered, or that would have been; 0: none yet (held before) */
	enum tn_sim_fate fate;
	uint64_t fault; /* the last fault that struck it, or 0 */
};

size_t tn_sim_log_count(const struct tn_sim *sim);
const struct tn_sim_logged *tn_sim_log_at(const struct tn_sim *sim, size_t i);
/* NULL matches all: tn_sim_calls(sim, NULL, NULL) is the number of calls. */
uint64_t tn_sim_calls(const struct tn_sim *sim, const char *method, const char *resource);
/* Calls that are no GET and not the token endpoint, whatever became of them. */
uint64_t tn_sim_writes(const struct tn_sim *sim);
void tn_sim_log_clear(struct tn_sim *sim);
/* {"calls":[…],"counts":{"GET /actions/actions":2},"total":3,"writes":1} */
struct tn_value *tn_sim_calls_json(const struct tn_sim *sim, struct tn_arena *arena);

/*
 * The whole tenant at a time: actions with drafts and versions, bindings by trigger,
 * faults. Secret values appear as SHA-256 only.
 */
struct tn_value *tn_sim_state_json(const struct tn_sim *sim, int64_t unix_ns,
    struct tn_arena *arena);

/*
 * The whole tenant to be kept, and back: actions, modules, bindings, executions and where
 * ids and times go on; no faults, log, quotas or rate. Of secrets their SHA-256. A tenant
 * that is loaded takes the place of what was there; TN_E_INPUT says what is wrong with
 * it, and leaves that.
 */
struct tn_value *tn_sim_save(const struct tn_sim *sim, struct tn_arena *arena);
int tn_sim_load(struct tn_sim *sim, const struct tn_value *saved,
    struct tn_error *err) TN_MUST_USE;
/* Another number when the tenant has changed since. */
uint64_t tn_sim_changes(const struct tn_sim *sim);

/*
 * The control paths of tenon-sim: GET /_sim/calls, GET /_sim/state, POST /_sim/reset,
 * POST /_sim/faults, DELETE /_sim/faults/ID, POST /_sim/executions, POST /_sim/installed.
 * False when the path is none of /_sim.
 */
bool tn_sim_control(struct tn_sim *sim, int64_t unix_ns, const struct tn_sim_request *req,
    struct tn_sim_reply *reply);

#endif
