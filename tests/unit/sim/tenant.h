/*
 * A simulated tenant and one client of it, for the tests of this room. Bodies are written
 * with ' for ", and looked at by path: "actions[0].deployed_version.number".
 */
#ifndef TN_TESTS_SIM_TENANT_H
#define TN_TESTS_SIM_TENANT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim/view.h"

/* When every test begins: 2026-01-01T00:00:00Z. */
#define TENANT_START (INT64_C(1767225600) * TN_SEC)

struct tenant {
	struct tn_sim *sim;
	struct tn_arena *arena;
	int64_t now;
	const char *authorization;     /* sent with every call; NULL: none */
	struct tn_sim_reply reply;     /* the last */
	const struct tn_value *answer; /* its body, or NULL */
};

/* With a token of all scopes. options NULL: the initial ones. */
void tenant_open(struct tenant *tenant, const struct tn_sim_options *options);
void tenant_close(struct tenant *tenant);
void tenant_wait(struct tenant *tenant, int64_t ms);

/* path below /api/v2, with its query. body NULL: none. Returns the status. */
int tenant_call(struct tenant *tenant, const char *method, const char *path,
    const char *body);
int tenant_callf(struct tenant *tenant, const char *method, const char *body,
    const char *path_format, ...) TN_PRINTF(4, 5);
/* As is: another path, another content type. */
int tenant_raw(struct tenant *tenant, const struct tn_sim_request *req);
/* {'a':1} with proper quotes, in the arena. */
const char *tenant_json(struct tenant *tenant, const char *text);

/* Of the last answer. NULL or -1 when it is not there. */
const struct tn_value *tenant_at(const struct tenant *tenant, const char *path);
const char *tenant_text(const struct tenant *tenant, const char *path);
int64_t tenant_int(const struct tenant *tenant, const char *path);
size_t tenant_size(const struct tenant *tenant, const char *path);
bool tenant_true(const struct tenant *tenant, const char *path);
bool tenant_has(const struct tenant *tenant, const char *path);
int64_t tenant_time(const struct tenant *tenant, const char *path);
/* The message holds these words. */
void tenant_says(const struct tenant *tenant, const char *words);

/* A post-login action; more is further members (",'secrets':[…]"), or "". Returns its id.
 */
const char *tenant_create(struct tenant *tenant, const char *name, const char *more);
/* Waits for the build, deploys, and waits until it shows. Returns the version's id. */
const char *tenant_deploy(struct tenant *tenant, const char *id);
/* Both. Returns the action's id. */
const char *tenant_live(struct tenant *tenant, const char *name);
/* Adds a fault and returns its id. */
uint64_t tenant_fault(struct tenant *tenant, const char *json);

#endif
