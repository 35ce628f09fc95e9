/*
 * Internal to serve: a daemon at work. serve.c has the settings and the places, sync.c
 * the life of a sync, attempt.c one look at it, judge.c what a run's result means, keep.c
 * what outlives the process, schedule.c the times.
 */
#ifndef TN_SERVE_MACHINE_H
#define TN_SERVE_MACHINE_H

#include "serve/schedule.h"
#include "serve/serve.h"

/* Settings live as long as a sync that was made from them. */
struct tn_generation {
	struct tn_settings settings;
	unsigned users;
};
void tn_generation_unuse(struct tn_generation *generation);

/* How one look ended. */
struct tn_found {
	enum tn_sync_outcome outcome;
	struct tn_str summary;
	/* Of TROUBLE: the same words mean the same trouble, which is told once. */
	struct tn_str trouble;
	enum tn_error_kind kind;
	bool invalid;     /* the commit is what is wrong: it is not tried on every look */
	bool compared;    /* the tenant was compared as a whole */
	unsigned changes; /* steps that were carried out */
	unsigned actions, flows; /* that differ still */
	char *run_id;
	/*
	 * The newest commit could not be used, and the tenant was compared with the one
	 * that was good here last: how that ended. NEW: it was not.
	 */
	enum tn_sync_outcome kept;
	struct tn_str kept_summary;
};
void tn_found_done(struct tn_found *look);

struct tn_attempt;
struct tn_tokens;

struct tn_sync {
	struct tn_serve *serve;
	struct tn_generation *generation;
	const struct tn_sync_entry *entry; /* in the generation */
	enum tn_sync_state state;
	struct tn_timer timer;
	struct tn_sync *next_queued;
	struct tn_attempt *attempt; /* NULL: none is under way */
	bool woken;                 /* meanwhile */
	bool leaving;               /* the settings do not have it any more */
	bool suspended;             /* by a person */

	/* What is known. */
	enum tn_sync_outcome outcome;
	struct tn_str summary;
	struct tn_str trouble;
	struct tn_str
	    drift;     /* the words of what differs, which was told; empty: nothing */
	char *good;    /* the commit that was good here last */
	char *seen;    /* the newest one */
	char *invalid; /* one that was found wrong */
	char *run_id;
	int64_t looked_unix, good_unix, trouble_since;
	int64_t drift_due; /* loop time */
	int64_t seen_at;   /* loop time when `seen` was new */
	int64_t converged_ns;
	unsigned actions, flows;
	unsigned failures; /* in a row */
	struct tn_corrections corrections;
};

struct tn_serve {
	struct tn_serve_options options;
	struct tn_generation *generation;
	struct tn_rand rand;
	struct tn_tokens *tokens; /* of all runs: each tenant gives one for its life */
	struct tn_sync **syncs; /* in the order of the file; what leaves is behind them */
	size_t n_syncs, n_named, cap_syncs;
	struct tn_sync *first_queued, *last_queued;
	unsigned running;
	bool stopping;
	struct tn_timer stop_timer;
	struct tn_str kept; /* what was written down last */
	struct tn_serve_counts counts;
};

/* --- sync.c --- */

struct tn_sync *tn_sync_new(struct tn_serve *serve, struct tn_generation *generation,
    const struct tn_sync_entry *entry);
void tn_sync_free(struct tn_sync *sync);
/* The table's moves. */
bool tn_sync_may_go(enum tn_sync_state from, enum tn_sync_state to);
void tn_sync_go(struct tn_sync *sync, enum tn_sync_state to);
/* Its first look, unless it is suspended. */
void tn_sync_start(struct tn_sync *sync, int64_t delay);
/* Goes on with other settings; a look under way keeps those that it began with. */
void tn_sync_take_entry(struct tn_sync *sync, struct tn_generation *generation,
    const struct tn_sync_entry *entry);
/* Nothing new begins. */
void tn_sync_stop(struct tn_sync *sync);
void tn_sync_wake(struct tn_sync *sync);
void tn_sync_set_suspended(struct tn_sync *sync, bool suspended);
/* The place is its own: begins the look. */
void tn_sync_look(struct tn_sync *sync);
/* From attempt.c: the newest commit, as soon as it is known. */
void tn_sync_saw(struct tn_sync *sync, const char *commit);
/* From attempt.c: what became of the look. commit NULL: it was not told. */
void tn_sync_looked(struct tn_sync *sync, const char *commit, struct tn_found *look);
/* What goes before it has applied the commit, and is well. */
bool tn_sync_may_apply(const struct tn_sync *sync, const char *commit);

/* --- attempt.c --- */

struct tn_attempt *tn_attempt_start(struct tn_sync *sync);
/* Applies finish their calls and put back. */
void tn_attempt_stop(struct tn_attempt *attempt);
void tn_attempt_free(struct tn_attempt *attempt);

/* --- judge.c: pure --- */

#define TN_JUDGED_EQUAL "the tenant is as the files say"

/* What a run's result is for a sync. correcting: the commit was good here before. */
void tn_judge_run(const struct tn_run_result *result, bool correcting,
    const struct tn_redactor *redactor, struct tn_found *look);
/* A failure outside of a run; where is "source", … */
void tn_judge_error(const char *where, const struct tn_error *err, struct tn_found *look);

/* --- serve.c --- */

void tn_serve_queue(struct tn_serve *serve, struct tn_sync *sync);
void tn_serve_unqueue(struct tn_serve *serve, struct tn_sync *sync);
/* A place is free again. */
void tn_serve_left(struct tn_serve *serve, struct tn_sync *sync);
struct tn_sync *tn_serve_find(const struct tn_serve *serve, const char *name);

/* --- keep.c --- */

/* Writes down what outlives the process. */
int tn_keep_write(struct tn_serve *serve, struct tn_error *err) TN_MUST_USE;
/* Reads it back, as far as it is understood: it holds nothing that is not found again. */
void tn_keep_read(struct tn_serve *serve);

#endif
