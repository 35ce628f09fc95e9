/*
 * A world in which whole runs of tenon happen in virtual time: a simulated
 * tenant, a disk in memory, a project made from a spec, an operator's
 * environment. Everything follows from a seed. A run can meet trouble at any
 * point; of one that is killed the tenant survives, and what the disk had synced.
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
#include "trouble.h"

/* In code that other people wrote under a name of ours. */
#define WORLD_THEIRS "theirs"

struct checker;

struct world {
	struct tn_loop *loop;
	struct tn_sim *sim;
	struct tn_memdisk *disk, *rival_disk;
	struct tn_tree *tree;
	struct tn_connections *connections;
	struct spec spec;
	struct tn_rand rand;
	struct checker *checker; /* NULL: nobody looks */
	char *env_value;         /* of the variable asked for last */
	char *name;              /* of the tenant: "dev" */
	const char *to_run;      /* of a rollback */
	bool unsure;             /* whether modules are ours */
	unsigned taken;          /* numbers under whose names other people made actions */
	bool own_files;          /* the tree was written by the test: the spec is not */
	char *saved;             /* the plan that was kept last; NULL: none */
	bool approved;           /* the next apply is given it */
	bool no_secrets;         /* the next plan asks for no value */
	bool stop;               /* the next apply is left where it fails */
	bool flip;               /* the next run switches whole flows */
	uint64_t rights[3];      /* faults by which the credential has lost them */
	uint64_t seed;
	bool older; /* the tenant speaks the older dialect: each eighth seed */
};

#define WORLD_TROUBLES 2

/* How a run ended. */
struct ran {
	char run_id[40];
	bool killed;
	bool stopped;
	/* Of each trouble: whether it met a call, and what for. */
	bool met[WORLD_TROUBLES];
	enum trouble_row met_row[WORLD_TROUBLES];
	int exit;
	uint64_t calls, writes, steps;
	uint64_t syncs, disk_writes; /* of the state */
	bool planned_changes;
	bool blocked;
	unsigned kinds;    /* of steps in the plan: bits */
	bool irreversible; /* the plan, or the one that was mended, held a step without an
			      inverse, other than a deletion at its end */
	bool applied;      /* all is as planned but for deletions, whatever the exit */
	bool unnamed;      /* something could not be put back, and nobody says why */
	char digest[65];   /* of the plan that was carried out; empty: none was */
	char *text;        /* what a person would have seen; on the heap */
};

void world_init(struct world *world, uint64_t seed);
void world_done(struct world *world);
void ran_done(struct ran *ran);

/* The same tenant, disk, spec and time once more; what was not synced is not there. */
void world_copy(const struct world *from, struct world *to);

/* The program has died in the middle of a run, and left all that it held behind: the
 * tenant goes on, and what the disk had synced. */
void world_outlive(struct world *world);

/* One run to its end or to its death, with so many troubles, at most WORLD_TROUBLES. */
void world_run(struct world *world, enum tn_command command,
    const struct trouble *troubles, size_t n_troubles, struct ran *out);

/*
 * Two applies of the same project at the same time, the second with the same state, or
 * with another one that is kept beside it.
 */
void world_run_rival(struct world *world, bool same_state, struct ran *out,
    struct ran *rival_out);
/* The other state takes the place of this one. */
void world_change_state(struct world *world);

/*
 * A call by another person at the tenant; body may be NULL. The status is returned. Paths
 * are those of today's dialect.
 */
int world_other(struct world *world, const char *method, const char *path,
    const char *body);
/* The same, and the id of the object that was answered. on the heap, or NULL. */
char *world_other_id(struct world *world, const char *method, const char *path,
    const char *body);

/* Virtual time passes. */
void world_wait(struct world *world, int64_t ns);

#endif
