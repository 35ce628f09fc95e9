/*
 * An operator's desk: files, connections, an environment, a state on a disk in memory,
 * and a simulated tenant to work on. Runs happen on a loop, virtual or real; what they
 * tell is taken as text and as JSON, past the redactor, and the JSON must fit
 * schemas/report.json.
 */
#ifndef TESTS_UNIT_RUN_DESK_H
#define TESTS_UNIT_RUN_DESK_H

#include <string.h>

#include "base/loop.h"
#include "base/secret.h"
#include "base/tree.h"
#include "run/run.h"
#include "sim/sim.h"
#include "sim/view.h"
#include "sqlite/memdisk.h"

#define DESK_MOST 16

struct desk_pair {
	char *name, *text;
};

struct desk {
	struct tn_loop *loop;
	bool own_loop;
	struct tn_sim *sim;
	struct tn_memdisk *disk;
	struct tn_tree *tree;
	struct tn_schemas *schemas;
	struct tn_connections *connections;
	struct desk_pair variables[DESK_MOST], files[DESK_MOST];
	size_t n_variables, n_files;
	uint64_t runs;
	int64_t latency_ns;
	unsigned file_mode; /* of the operator's files; 0600 */
};

/* loop NULL: a virtual one of its own. A project of one tenant "dev" may be put in; its
 * connection is of the tenant's dialect. */
void desk_init(struct desk *desk, struct tn_loop *loop,
    const struct tn_sim_options *options);
void desk_done(struct desk *desk);

/* Files of the project. NULL removes one. */
void desk_put(struct desk *desk, const char *path, const char *text);
/* The operator's environment and files. NULL takes one away. */
void desk_set(struct desk *desk, const char *variable, const char *value);
void desk_file(struct desk *desk, const char *path, const char *text);
/* NULL for a text that cannot be loaded. */
void desk_connect(struct desk *desk, const char *yaml);

struct desk_run {
	struct desk *desk;
	struct tn_run_options options; /* may be changed before desk_start */
	struct tn_redactor *redactor;
	struct tn_transport *transport;
	struct tn_run *run;
	const struct tn_run_result *result; /* NULL until it is done */
	char *text, *json;
	char *saved;   /* the plan that it gave to be kept; NULL: none */
	unsigned told; /* how often it was done */
};

void desk_prepare(struct desk *desk, enum tn_command command, struct desk_run *run);
void desk_start(struct desk_run *run);
/* plan: keeps the plan in `saved`. */
void desk_keep(struct desk_run *run);
/* apply: of a plan that was kept. The text must outlive the run. */
void desk_approve(struct desk_run *run, const char *saved);
/* In virtual time, to its end. */
void desk_finish(struct desk_run *run);
/* All three. */
void desk_run(struct desk *desk, enum tn_command command, struct desk_run *run);
/* Kills it when it is still under way. */
void desk_end(struct desk_run *run);

/* As another person at the tenant; gives the status. */
int desk_other(struct desk *desk, const char *method, const char *path, const char *body);
void desk_fault(struct desk *desk, const char *json);
/* Virtual time passes. */
void desk_wait(struct desk *desk, int64_t ns);
bool desk_action(struct desk *desk, const char *name, struct tn_sim_action_view *out);
/* The names in a flow, each with a space behind it; on the heap. */
char *desk_flow(struct desk *desk, const char *trigger);

/* Ends the test program: something of the test itself is broken. */
void desk_must(bool ok, const char *what);

#endif
