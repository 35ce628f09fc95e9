/*
 * Internal to apply: a plan on its way. Each file has one part of it: apply.c
 * the phases, move.c the states, forward.c a step's way to DONE, verify.c the
 * look at the end, settle.c the end in the store, past.c what the history keeps, undo.c
 * the way back, stop.c the end where it failed, recover.c both from the journal, poll.c
 * the waiting, journal.c the
 * records. None of them knows what kinds of steps there are: kind.h has the table.
 */
#ifndef TN_APPLY_MACHINE_H
#define TN_APPLY_MACHINE_H

#include "apply/apply.h"

/* Tries of one effect whose answer was lost and that turned out not done. */
#define TN_APPLY_TRIES 3
/* How long a build or a deploy may take to be seen. */
#define TN_APPLY_PATIENCE (360 * TN_SEC)
/* How long one step's undo may take. */
#define TN_UNDO_PATIENCE (120 * TN_SEC)

/* What puts a step back, as the row of its kind finds. */
enum tn_remedy {
	TN_AS_BEFORE, /* nothing is left to do */
	TN_WAIT,      /* a remedy was applied and is not seen yet */
	TN_RENAME,
	TN_DELETE,
	TN_REDRAFT,
	TN_REDEPLOY,
	TN_REBIND,
	TN_REPUBLISH,   /* of a module: its version of before becomes the newest one */
	TN_DRAFT_AGAIN, /* of a module: what this run published becomes the draft */
	TN_NONE_SEEN,   /* none, unless the read lags behind: err says why */
	TN_NO_REMEDY,   /* err says why */
};

struct tn_running {
	struct tn_apply *apply;
	const struct tn_step *step;
	/* What the step wants, with the versions of modules that are known by now. */
	struct tn_content after;
	enum tn_step_state state;
	bool sent;      /* an effect may have happened */
	bool lost;      /* the last answer was lost */
	bool awaited;   /* what its phase had to wait for is there */
	bool own_draft; /* on the way back: the draft is the one that the run wrote */
	bool followed;  /* the draft was told to follow a rollback */
	bool following; /* that call is on its way */
	unsigned tries;
	int64_t patience; /* loop time when waiting ends */
	unsigned
	    remedies; /* on the way back: how many were tried, the last one and when */
	enum tn_remedy remedy;
	int64_t remedied;
	char *action_id;
	char *version_id; /* that our write put live */
	int64_t version;
	char *draft_updated_at;        /* of the draft that we wrote */
	struct tn_secret_ref *secrets; /* with the times of values that we wrote; in the
					  apply's arena, NULL: not known */
	size_t n_secrets;
	struct tn_flow target; /* that a BIND is put back to */
	struct tn_timer timer;
	struct tn_error error;
	struct tn_error stuck;
	struct tn_running *next_waiting;
};

struct tn_journal_entry {
	char *payload;
	struct tn_record record;
	tn_store_done_fn *done; /* NULL when nobody waits for it */
	void *arg;
};

struct tn_journal {
	struct tn_apply *apply;
	struct tn_journal_entry *queued, *writing;
	size_t n_queued, cap_queued, n_writing;
	unsigned tries;
	struct tn_timer timer;
};

struct tn_poll {
	struct tn_running *waiting;
	struct tn_timer timer;
	int64_t pause;
	int64_t put_off; /* so long looks gave way to other calls */
};

struct tn_apply {
	struct tn_apply_options options;
	const struct tn_plan *plan;
	struct tn_plan *own_plan; /* of a recovery, like the id */
	char *own_run_id;
	struct tn_running *runs; /* one per step, in plan order */
	size_t n_runs;
	enum tn_phase phase;
	bool begun; /* the journal has the plan */
	bool failing;
	bool stopping;           /* it is left as it is where it fails */
	bool undoing;            /* nothing goes forward any more */
	bool verified;           /* everything is as wanted: what is left is to delete */
	bool enough;             /* nothing more is begun of that */
	struct tn_error error;   /* what failed first */
	int64_t undo_not_before; /* loop time: a lost call may still arrive until then */
	size_t undo_next;        /* steps from this index on are undone or need no undo */
	size_t stop_next;        /* the next step that a stop looks at */
	int64_t verify_until;
	struct tn_timer timer;
	struct tn_cancel_hook cancel;
	struct tn_journal journal;
	struct tn_poll poll;
	struct tn_settlement settlement; /* of these, in the arena: */
	struct tn_owned *own, *own_modules;
	const char **disown;
	size_t cap_own, cap_own_modules, cap_disown;
	struct tn_known_secret *written, *forgotten;
	size_t cap_written, cap_forgotten;
	struct tn_known_draft *drafts;
	size_t cap_drafts;
	const char *last_event;
	tn_store_done_fn *ended;
	struct tn_arena *arena; /* of the settlement and the report */
	struct tn_apply_report report;
	tn_apply_done_fn *done;
	void *arg;
};

/* apply.c */
void tn_apply_advance(struct tn_apply *apply);
/*
 * The first failure: no new step begins, and undo follows when nothing is under way. Once
 * everything is verified nothing is undone: what could not be deleted stays, and the next
 * run tries it again.
 */
void tn_apply_fail(struct tn_apply *apply, const struct tn_error *why);
struct tn_apply *tn_apply_new(const struct tn_plan *plan,
    const struct tn_apply_options *options, tn_apply_done_fn *done, void *arg);
void tn_apply_finish(struct tn_apply *apply, enum tn_apply_outcome outcome);

/* move.c */
void tn_running_move(struct tn_running *run, enum tn_step_state to);
/* Something is on its way that will come back: undo waits for it. */
bool tn_running_busy(const struct tn_running *run);
void tn_running_done(struct tn_running *run);
/* The step of this plan that creates the action of that name, or NULL. */
struct tn_running *tn_apply_creator(struct tn_apply *apply, const char *name);
/* Or that of a module; NULL: not known yet. */
const char *tn_running_action_id(const struct tn_running *run);
/* Puts versions that have been published into what the steps want. */
void tn_apply_resolve(struct tn_apply *apply);
/* The flow with the ids that creations have given by now. */
struct tn_flow tn_running_flow_after(const struct tn_running *run,
    struct tn_arena *arena);

/* forward.c */
void tn_forward_begin(struct tn_running *run);
/* Its phase waits for it: the row says that it is early, and it was not seen ready. */
bool tn_forward_awaits(const struct tn_running *run);
/* poll.c tells what it saw: the object, or NULL when there is none; or err. */
void tn_forward_saw(struct tn_running *run, const struct tn_op_result *seen,
    const struct tn_error *err);

/* undo.c */
void tn_undo_start(struct tn_apply *apply);

/* stop.c */
void tn_stop_start(struct tn_apply *apply);

/* verify.c */
void tn_verify_start(struct tn_apply *apply);
/* apply.c: it holds. live is what was read. */
void tn_apply_verified(struct tn_apply *apply, const struct tn_live *live);

/* settle.c: what the run makes known, and its end in the store. */
/* What the steps before the end have brought; live NULL: it was not read. */
void tn_settle_verified(struct tn_apply *apply, const struct tn_live *live);
/* live NULL: it is not at hand any more. */
void tn_settle_applied(struct tn_apply *apply, const struct tn_live *live);
void tn_settle_put_back(struct tn_apply *apply);
void tn_settle_stopped(struct tn_apply *apply);
/* For the rows of kinds. Texts must live as long as the apply. */
void tn_settle_own(struct tn_apply *apply, const char *name, const char *id);
void tn_settle_disown(struct tn_apply *apply, const char *id);
void tn_settle_own_module(struct tn_apply *apply, const char *name, const char *id);
/* What a step that wrote a draft makes known of it, and of secrets. */
void tn_settle_draft(const struct tn_running *run, const struct tn_live *live);
/* What a step of an action has made of secrets. */
void tn_settle_secrets(const struct tn_running *run, const struct tn_live *live);
/*
 * Keeps when the platform says that the step's values were written. Only the first look
 * after the write counts: a later one may show what somebody else wrote since.
 */
void tn_running_take_secrets(struct tn_running *run, const struct tn_content *draft);

/* past.c: what the history keeps of the run. live is NULL when the end was not read; what
 * is kept of it is a copy or lives in the plan. */
void tn_past_settle(struct tn_apply *apply, const struct tn_live *live);

/* poll.c */
void tn_poll_init(struct tn_poll *poll);
void tn_poll_stop(struct tn_poll *poll);
void tn_poll_wait(struct tn_running *run);
/* The same right after a write: the pauses begin anew. */
void tn_poll_fresh(struct tn_running *run);
/* A look without a pause. */
void tn_poll_now(struct tn_running *run);

/* journal.c */
void tn_journal_init(struct tn_journal *journal, struct tn_apply *apply);
void tn_journal_done(struct tn_journal *journal);
/* What is not on its way to the store stays unwritten. */
void tn_journal_drop(struct tn_journal *journal);
/*
 * payload is taken over and may be NULL; done may be NULL: the record goes with
 * the next ones.
 */
void tn_journal_add(struct tn_journal *journal, unsigned step, const char *event,
    char *payload, tn_store_done_fn *done, void *arg);
/* The payload of a step's records: what is known of it by now. */
char *tn_journal_payload(const struct tn_running *run);

#endif
