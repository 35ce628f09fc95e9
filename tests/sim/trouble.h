/*
 * What may go wrong in a run, and where: kinds of trouble by kinds of calls, and the
 * table of which of them have met.
 */
#ifndef TESTS_SIM_TROUBLE_H
#define TESTS_SIM_TROUBLE_H

#include "plan/plan.h"
#include "sim/sim.h"

/* What a call of a run is for: a kind of step's write, or one of these. */
enum trouble_row {
	ROW_READ = TN_STEP_KIND__COUNT,
	ROW_UNDO, /* calls of all kinds while a failed run is put back */
	ROW_MEND, /* and while one that was killed is */
	ROW__COUNT,
	ROW_TOKEN, /* is not met on purpose */
	ROW_ANY,
};

enum trouble_kind {
	TROUBLE_NONE,
	TROUBLE_RATE,        /* refused for the rate */
	TROUBLE_500_BEFORE,  /* without the effect */
	TROUBLE_500_AFTER,   /* with it */
	TROUBLE_503,         /* without it */
	TROUBLE_DROP_BEFORE, /* the connection is closed, without the effect */
	TROUBLE_DROP_AFTER,
	TROUBLE_CUT,        /* in the middle of the answer */
	TROUBLE_SLOW,       /* the answer takes four seconds */
	TROUBLE_TIMEOUT,    /* longer than anybody waits */
	TROUBLE_LAG,        /* reads show what was; builds and deploys take longer */
	TROUBLE_REFUSED,    /* 400 */
	TROUBLE_FAIL_BUILD, /* the build that it starts fails */
	TROUBLE_LOST_RIGHT, /* 403 to this call and to every write from then on */
	TROUBLE_EDIT, /* right before it somebody else writes the draft, or the flow */
	TROUBLE_KILL_BEFORE, /* the program dies: the call is not sent */
	TROUBLE_KILL_AFTER,  /* its effect comes, its answer does not */
	TROUBLE_KILL_RECORD, /* right after the next sync of the disk */
	TROUBLE_STOP,        /* a person stops it */
	/* The rest strikes wherever the run is: at the n-th sync of the disk, callback of
	   the loop, write to the disk. */
	TROUBLE_KILL_SYNC, /* after it */
	TROUBLE_KILL_STEP, /* after it */
	TROUBLE_STOP_STEP, /* after it */
	TROUBLE_POWER,     /* the power goes in the middle of the n-th write or sync */
	TROUBLE_FAIL_WRITE,
	TROUBLE_FAIL_SYNC,
	TROUBLE__COUNT
};

/* It strikes the n-th call (from 1) that fits the row; or what its kind says. */
struct trouble {
	enum trouble_kind kind;
	enum trouble_row row;
	uint64_t n;
	bool deliver; /* of a kill: calls on their way still arrive */
};

const char *trouble_name(enum trouble_kind kind);
const char *trouble_row_name(enum trouble_row row);
/* It strikes a call, and not wherever the run is. */
bool trouble_of_call(enum trouble_kind kind);
/* It makes writing the state fail, once. */
bool trouble_of_disk(enum trouble_kind kind);
/* Whatever it strikes on the way back cannot be put back. */
bool trouble_refuses(enum trouble_kind kind);
/* As a fault of the simulator that strikes the next call; NULL: it is none. */
const char *trouble_fault(enum trouble_kind kind);

/* What a call is for by its looks: no matter whether it goes forth or back. */
enum trouble_row trouble_row_of(const struct tn_sim_request *req);

/* Which have met, by the call that they met. */
struct trouble_table {
	uint64_t met[ROW__COUNT][TROUBLE__COUNT];
};

void trouble_note(struct trouble_table *table, enum trouble_row row,
    enum trouble_kind kind);
/* Why they cannot meet; NULL: they can. */
const char *trouble_impossible(enum trouble_row row, enum trouble_kind kind);
/* The i-th pair that can meet, round and round. */
void trouble_pair(uint64_t i, enum trouble_row *row, enum trouble_kind *kind);
/* As comments of TAP; the number of pairs that can meet and have not. */
unsigned trouble_print(const struct trouble_table *table);

#endif
