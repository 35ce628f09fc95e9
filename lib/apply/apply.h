/*
 * Carries out a plan: a journal record before each effect, a comparison with
 * what the plan expects before each write, verification after it, undo in
 * reverse order when something fails. And the recovery of a run whose holder
 * died: the same undo, from the journal.
 *
 *	PENDING → READY → INTENDED → INFLIGHT → VERIFYING → DONE
 *	                     any of them → FAILED → UNDOING → UNDONE | STUCK
 *
 * One function makes the moves, from a table. A lost answer is not guessed: when
 * the call can no longer arrive the object is read and the step found done or
 * not done.
 */
#ifndef TN_APPLY_APPLY_H
#define TN_APPLY_APPLY_H

#include "base/loop.h"
#include "plan/plan.h"
#include "remote/remote.h"
#include "store/store.h"

enum tn_step_state {
	TN_STEP_PENDING,   /* its phase has not begun */
	TN_STEP_READY,     /* the object is read and compared */
	TN_STEP_INTENDED,  /* being written to the journal */
	TN_STEP_INFLIGHT,  /* sent */
	TN_STEP_VERIFYING, /* answered, or the answer was lost: read until it is seen */
	TN_STEP_DONE,
	TN_STEP_FAILED,
	TN_STEP_UNDOING,
	TN_STEP_UNDONE,
	TN_STEP_STUCK, /* could not be put back */
	TN_STEP_STATE__COUNT
};

const char *tn_step_state_name(enum tn_step_state state);
/* What the table allows. */
bool tn_step_may_go(enum tn_step_state from, enum tn_step_state to);

enum tn_apply_outcome {
	TN_APPLIED,      /* everything is as planned */
	TN_PUT_BACK,     /* failed or cancelled, and the tenant is as it was */
	TN_NOT_PUT_BACK, /* failed, and the steps that are STUCK say what remains */
	TN_NOT_STARTED,  /* nothing was written to the tenant */
	TN_STOPPED, /* failed, and left there as was asked: steps that are DONE stay */
};

struct tn_step_report {
	const struct tn_step *step;
	enum tn_step_state state;
	const struct tn_error *error; /* of FAILED and what came after; NULL otherwise */
	const struct tn_error *stuck; /* why it could not be put back; NULL otherwise */
	const char *action_id;        /* known by now */
	int64_t version;              /* that it put live; 0 when none */
};

struct tn_apply_report {
	enum tn_apply_outcome outcome;
	const struct tn_error *error; /* what failed first; NULL when applied */
	const struct tn_step_report *steps;
	size_t n_steps;
	bool recovered; /* a run from the journal, not a new one */
};

/* A value for each secret that the plan writes. */
struct tn_apply_secret {
	const char *action; /* or the name of a module */
	const char *name;
	const struct tn_secret *value;
	bool of_module;
};

/* One that the plan leaves as it is, since it is what is wanted. */
struct tn_apply_kept {
	const struct tn_live_action *live; /* or, of a flow: */
	const struct tn_flow *flow;
	const struct tn_content *want; /* of an action: with fingerprints */
};

struct tn_apply_options {
	struct tn_loop *loop;
	struct tn_remote *remote;
	struct tn_store *store; /* loaded with the lock */
	const char *run_id;
	struct tn_cancel *cancel; /* stops and puts back; may be NULL */
	/*
	 * A failure puts nothing back: what was done stays done, and the next plan goes
	 * on from there. A run that is cancelled or killed is put back all the same.
	 */
	bool stop_on_failure;
	const struct tn_apply_secret *secrets;
	size_t n_secrets;
	/* For the history of a run that ends as planned: whoever goes back to it wants
	 * these too as they were. */
	const struct tn_apply_kept *kept;
	size_t n_kept;
	/* Told of every move; may be NULL. */
	void (*progress)(void *arg, const struct tn_step *step, enum tn_step_state state);
	void *progress_arg;
};

struct tn_apply;
/* The report lives until tn_apply_free. Called from the loop, once. */
typedef void tn_apply_done_fn(void *arg, const struct tn_apply_report *report);

/* The plan must outlive it. What options points to is borrowed until done. */
struct tn_apply *tn_apply_start(const struct tn_plan *plan,
    const struct tn_apply_options *options, tn_apply_done_fn *done, void *arg);

/*
 * Finishes or undoes store->open_run before anything else: finishes when every step was
 * done, or when it had stopped at a failure; undoes otherwise. NULL and err when the
 * journal cannot be understood.
 */
struct tn_apply *tn_apply_recover(const struct tn_apply_options *options,
    tn_apply_done_fn *done, void *arg, struct tn_error *err);

void tn_apply_free(struct tn_apply *apply);
TN_DEFINE_FREEP(tn_apply, tn_apply_free)

#endif
