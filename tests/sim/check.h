/*
 * The checker: looks at the simulator's state, never at tenon's, after every
 * call and at the end of every run, and remembers the first promise that was
 * broken.
 *
 *	no-write:    a run that has nothing to do, or may only read, writes nothing
 *	no-gap:      what is bound before and wanted after is bound at every moment
 *	built-first: nothing goes live before everything that the run wrote is built
 *	tested-first: what has tests goes live only after they were run
 *	deletes-last: what was there goes only when all that is wanted runs
 *	protected:   and never when it is protected
 *	untouched:   other people's actions and unnamed flows stay as they are
 *	as-wanted:   after exit 0 the tenant is what the project says
 *	as-before:   after exit 1, 3 and 5 it is what it was
 *	mended:      after a kill and its mending it is as before, or as wanted
 *	honest-exit: no other exit status; 4 only where the plan said so or the operator
 *	             wanted it, 5 only for a saved plan
 *	as-approved: of a saved plan nothing else is carried out
 *	no-secret:   no value in output or on the disk
 *	converges:   an apply without trouble ends well, whatever came before, also that
 *	             of a plan that was saved right before
 */
#ifndef TESTS_SIM_CHECK_H
#define TESTS_SIM_CHECK_H

#include "sim/sim.h"
#include "world.h"

struct checker;

struct checker *checker_new(struct world *world);
void checker_free(struct checker *checker);

/* Before a run. must_not_write: the tenant is known to be as wanted. */
void checker_begin(struct checker *checker, enum tn_command command, bool must_not_write);
void checker_after_call(struct checker *checker, const struct tn_sim_request *req,
    const struct tn_sim_reply *reply);
/* A run that may have mended a killed one begins to read the tenant. */
void checker_reading(struct checker *checker);
/* Other people have changed something: what a killed run left may not be ours to put back
 * any more. */
void checker_interfered(struct checker *checker);
/* Other people have changed something in the middle of this run. */
void checker_meddled(struct checker *checker);
/* What the way back needed was refused. */
void checker_refused(struct checker *checker);
/* Another run goes on beside this one, for the same project, and knows nothing of it. */
void checker_rival(struct checker *checker);
/* After it. */
void checker_end(struct checker *checker, const struct ran *ran);

/* An apply, with one trouble or none, and what it must not do. */
void checker_run(struct world *world, const struct trouble *trouble, bool must_not_write,
    struct ran *ran);
/* One that comes to what is wanted; which says it in words. */
void checker_expect_done(struct world *world, bool must_not_write, const char *which);

/* An expectation of the test itself; once broken it stays broken. */
void checker_fail(struct checker *checker, const char *promise, const char *format, ...)
    TN_PRINTF(3, 4);

/* The broken promise's name and what was seen; NULL while all hold. */
const char *checker_broken(const struct checker *checker);
const char *checker_message(const struct checker *checker);
/* Both as comments of TAP; on the heap, NULL while all hold. */
char *checker_what_broke(const struct checker *checker);

#endif
