/*
 * What a run gives back: data, for report to print. Everything in it lives
 * until the run is freed.
 */
#ifndef TN_RUN_RESULT_H
#define TN_RUN_RESULT_H

#include "apply/apply.h"
#include "base/diag.h"
#include "config/config.h"
#include "diff/diff.h"
#include "plan/saved.h"

enum tn_command {
	TN_COMMAND_VALIDATE,
	TN_COMMAND_PLAN,
	TN_COMMAND_APPLY,
	TN_COMMAND_DRIFT,
	TN_COMMAND_ROLLBACK,
	TN_COMMAND_GET,
	TN_COMMAND_TEST,
	TN_COMMAND_HISTORY,
	TN_COMMAND_SHOW,
	TN_COMMAND_UNLOCK
};

/* It is about a tenant alone: no files, no state. */
static inline bool
tn_command_looks(enum tn_command command)
{
	return command == TN_COMMAND_GET || command == TN_COMMAND_TEST;
}

/* It may change the tenant: it takes the lock, asks, and mends a killed run first. */
static inline bool
tn_command_writes(enum tn_command command)
{
	return command == TN_COMMAND_APPLY || command == TN_COMMAND_ROLLBACK;
}

/* The exit statuses, the same in every output format. */
enum tn_exit {
	TN_EXIT_DONE = 0,
	TN_EXIT_ERROR = 1,
	TN_EXIT_CHANGES = 2,
	TN_EXIT_PUT_BACK = 3,
	TN_EXIT_NOT_PUT_BACK = 4,
	TN_EXIT_STALE = 5,
	TN_EXIT_LOCKED = 6,
};

/* What `get` can look at. */
enum tn_look_kind {
	TN_LOOK_ACTIONS,
	TN_LOOK_VERSIONS,
	TN_LOOK_BINDINGS,
	TN_LOOK_TRIGGERS,
	TN_LOOK_EXECUTIONS,
	TN_LOOK_MODULES
};

/* What `get` and `test` have seen; NULL where it is about something else. */
struct tn_seen {
	enum tn_look_kind kind;
	bool one;                   /* the one that was named, not a list */
	const struct tn_live *live; /* actions, flows, triggers or modules */
	const struct tn_action_versions *versions;
	const struct tn_execution *execution;
	const char *action; /* whose versions they are, or whose draft was run */
	const struct tn_test_run *test;
};

/* What a run of the past did to one thing: contents of an action (NULL: it was not there,
 * or was not changed), or a flow, which is by its object's kind. */
struct tn_shown_object {
	const struct tn_past_object *object;
	const struct tn_content *before, *after;
	struct tn_flow flow_before, flow_after;
};

struct tn_shown_version {
	const struct tn_version *version;
	const struct tn_past_run *run; /* that put it live; NULL: not known */
};

/* show: a run with its objects, or an action. */
struct tn_shown {
	const struct tn_past_run
	    *run; /* of an action: that put live what runs; or NULL */
	const struct tn_shown_object *objects;
	size_t n_objects;
	const struct tn_live_action *action;     /* NULL for a run */
	bool owned;                              /* it is this project's */
	const struct tn_shown_version *versions; /* the newest first */
	size_t n_versions;
};

struct tn_run_result {
	enum tn_command command;
	enum tn_exit exit;
	const char *run_id;
	const char *tenant; /* NULL when it did not come so far, and for validate */
	const char *base_url;
	const char *project; /* NULL when the files could not be read */
	const char *source;  /* "." or "repo@v1.2" */
	const char *commit;  /* hex, or NULL */
	/* The files' commit, or that which is gone back to, is on hold; lifted: this run
	 * takes it off when it ends well. */
	const struct tn_hold *hold;
	bool hold_lifted;
	bool no_state;        /* the run had none: see run/machine.h, stateless.c */
	bool secrets_written; /* and writes all secrets, whatever values they have */
	/* rollback: the commit that it puts on hold, or why it puts none; both NULL when
	 * what is live is gone back to. */
	const char *puts_on_hold;
	const char *no_hold;
	/* rollback: what cannot come back, a line each. */
	const char *const *remarks;
	size_t n_remarks;
	const char *target; /* rollback: "version 3 of action greet"; else NULL */
	bool dirty;         /* the directory has changes that are not committed */
	struct tn_project_counts counts; /* of what the files name */

	const struct tn_diags *diags; /* findings; never NULL */
	const struct tn_error *error; /* what ended the run, or NULL */

	const struct tn_saved_plan *saved; /* that is applied; NULL: none */
	/* Why it is not what planning gives now; n_moved 0: it is, or it is not known. */
	const struct tn_moved *moved;
	size_t n_moved;

	const struct tn_diff *diff; /* NULL when it did not come so far */
	const struct tn_plan *plan; /* NULL when blocked or not so far */
	/* That the run, or applying its plan, would need and the credential lacks. */
	struct tn_rights missing_rights;
	const struct tn_history *history; /* of history; else NULL */
	const struct tn_shown *shown;     /* of show; else NULL */
	const char *open_run; /* a run that was interrupted and that the next apply mends;
				 or NULL */
	const struct tn_apply_report
	    *recovery; /* of an interrupted run, before this one; or NULL */
	const struct tn_apply_report *applied; /* or NULL */
	unsigned applied_calls;     /* that it took, and how long: beside what */
	int64_t applied_ns;         /* the plan foresaw */
	bool declined;              /* the person said no */
	const struct tn_seen *seen; /* or NULL */

	/* Of the tenant; without those for tokens, but limited: refused for the rate. */
	unsigned calls, writes, retries, limited;
	int64_t started_unix, ended_unix;
};

#endif
