/*
 * A world in which whole runs of tenon happen in virtual time: a simulated
 * tenant, a disk in memory, a project made from a spec, an operator's
 * environment. Everything follows from a seed. A run can be killed at any
 * point; what survives is the tenant and what the disk had synced.
 */
#ifndef TESTS_SIM_WORLD_H
#define TESTS_SIM_WORLD_H

#include "base/loop.h"
#include "base/secret.h"
#include "run/run.h"
#include "sim/sim.h"
#include "sim/view.h"
#include "spec.h"
#include "sqlite/memdisk.h"

enum kill_kind {
	KILL_NEVER,
	KILL_BEFORE_CALL, /* the n-th call is not sent */
	KILL_AFTER_CALL,  /* its effect happens, its answer never comes */
	KILL_AFTER_SYNC,  /* right after the disk's n-th sync of this run */
	KILL_AT_STEP,     /* after the n-th callback of the loop */
	STOP_AT_STEP,     /* a person stops it: no death, it puts back */
};

struct kill {
	enum kill_kind kind;
	uint64_t n;
	bool deliver; /* calls on their way still arrive */
};

struct checker;

struct world {
	struct tn_loop *loop;
	struct tn_sim *sim;
	struct tn_memdisk *disk;
	struct tn_tree *tree;
	struct tn_connections *connections;
	struct spec spec;
	struct tn_rand rand;
	struct checker *checker; /* NULL: nobody looks */
	char *env_value;         /* of the variable asked for last */
	char *name;              /* of the tenant: "dev" */
	const char *to_run;      /* of a rollback */
	bool own_files;          /* the tree was written by the test: the spec is not */
	char *saved;             /* the plan that was kept last; NULL: none */
	bool approved;           /* the next apply is given it */
	bool no_secrets;         /* the next plan asks for no value */
	bool stop;               /* the next apply is left where it fails */
	uint64_t seed;
	bool older; /* the tenant speaks the older dialect: each eighth seed */
};

/* How a run ended. */
struct ran {
	char run_id[40];
	bool killed;
	bool stopped;
	int exit;
	uint64_t calls, writes, syncs, steps;
	bool planned_changes;
	bool blocked;
	bool irreversible; /* the plan, or the one that was mended, held a step without an
			      inverse */
	char digest[65];   /* of the plan that was carried out; empty: none was */
	char *text;        /* what a person would have seen; on the heap */
};

void world_init(struct world *world, uint64_t seed);
void world_done(struct world *world);
void ran_done(struct ran *ran);

/* One run to its end or to its death. kill NULL: never. */
void world_run(struct world *world, enum tn_command command, const struct kill *kill,
    struct ran *out);

/*
 * A call by another person at the tenant; body may be NULL. The status is returned. Paths
 * are those of today's dialect.
 */
int world_other(struct world *world, const char *method, const char *path,
    const char *body);
/* The same, and the id of the object that was answered. on the heap, or NULL. */
char *world_other_id(struct world *world, const char *method, const char *path,
    const char *body);

/* A fault in the words of the simulator, with paths of today's dialect; gives its id. */
int world_fault(struct world *world, const char *json, uint64_t *id_out);

/* Virtual time passes. */
void world_wait(struct world *world, int64_t ns);

#endif
