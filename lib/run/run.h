/*
 * One whole run against one tenant: load the files, resolve secrets, load the
 * state, mend what a killed run left, read the tenant, compare, plan, ask,
 * apply, and give back what happened as data.
 *
 * It waits in the loop alone, so that any number of runs share one; it touches
 * the outside through what it is given: a tree of files, a transport, a state,
 * an environment. It never prints.
 */
#ifndef TN_RUN_RUN_H
#define TN_RUN_RUN_H

#include "base/loop.h"
#include "base/rand.h"
#include "base/str.h"
#include "config/config.h"
#include "http/transport.h"
#include "run/result.h"

struct tn_memdisk;
struct tn_redactor;
struct tn_run;
struct tn_runner;
struct tn_tokens;

/* Where the operator's values come from. */
struct tn_environment {
	/* NULL when the variable is not set. */
	const char *(*get)(void *arg, const char *name);
	/* Appends the file's bytes; bounded. *mode is its permission bits. */
	int (*read_file)(void *arg, const char *path, struct tn_str *out, unsigned *mode,
	    struct tn_error *err);
	void *arg;
};

/* What `get` and `test` are about. */
struct tn_look {
	enum tn_look_kind kind;
	/*
	 * An action or a module by name or id, a trigger, the id of an execution: all but
	 * executions and versions are shown whole without.
	 */
	const char *name;
	struct tn_action_filter filter; /* of a list of actions */
	bool one_page;                  /* of it, that page alone */
	unsigned page;
	const struct tn_value *payload; /* test: what the draft is run with */
};

enum tn_run_note {
	TN_NOTE_READING, /* the tenant is read */
	TN_NOTE_WAITING, /* for the lock, which somebody else has */
	TN_NOTE_MENDING, /* an interrupted run is mended; its calls are waited out first
			  */
};

struct tn_run_options {
	enum tn_command command;
	struct tn_loop *loop;
	struct tn_transport *transport; /* NULL for validate */
	/* NULL for history, show, and a rollback to a run or a version: then no file is
	 * looked at, the project is project_name, and nothing is deleted. */
	struct tn_tree *tree;
	struct tn_schemas *schemas; /* compiled once for all runs */
	const char *source_label;
	const char *commit;
	bool dirty;
	const struct tn_connections *connections; /* NULL for validate */
	const char *tenant;                       /* NULL: the only one */
	/* For a repository of auth0-deploy-cli: the name that ownership is recorded
	 * under, and the path of its config.json. NULL: what room deploycli takes then.
	 */
	const char *project_name;
	const char *config;
	struct tn_environment environment;
	struct tn_runner
	    *runner; /* of commands that give secrets, and of Node; NULL: none is run */
	const char *state_path;  /* NULL: there is no state, see run/machine.h */
	struct tn_memdisk *disk; /* NULL: the machine's */
	bool write_secrets; /* without a state: values that nobody knows are written */
	const char *who;    /* for the history: "alice@build7"; NULL: not known */
	uint64_t seed;
	const char *user_agent;
	struct tn_tokens *tokens; /* of runs before and after; NULL: each gets its own */
	/*
	 * rollback: to what the project's things were after that run, or to a version of
	 * that action (0: the newest before the one that runs that is another). Both
	 * NULL: to what the tree says, which is then a commit's.
	 */
	const char *to_run;
	const char *to_action;
	int64_t to_version;
	const char *show; /* show: the id of a run, or the name of an action */
	size_t limit;     /* history: of runs; 0: all */
	bool lift_hold;   /* a commit on hold is applied, and is free then */
	bool overwrite_drafts;
	bool stop_on_failure; /* apply: a failure puts nothing back */
	bool flip;            /* plan, apply, rollback: see diff/diff.h */
	bool allow_empty;     /* all that is ours may be deleted */
	/* Actions bound through other resources that may be deleted, by name. */
	const char *const *delete_entity_bound;
	size_t n_delete_entity_bound;
	bool no_secrets; /* plan: asks for no secret value */
	/*
	 * apply: the bytes of a saved plan that somebody has approved; ptr NULL: none.
	 * The tenant is the one that it names, and what it was made with holds here too.
	 */
	struct tn_span saved_plan;
	/* plan: takes the bytes of the plan, to be kept. NULL: nobody wants them. */
	int (*save)(void *arg, struct tn_span bytes, struct tn_error *err);
	bool node_check; /* validate: asks Node about the syntax of all code */
	struct tn_look look;
	struct tn_cancel *cancel;
	struct tn_redactor
	    *redactor;            /* learns every secret value of the run; may be NULL */
	int64_t call_deadline_ns; /* 0: the remote's default */
	int64_t lock_timeout_ns;  /* how long the lock is waited for; 0: not at all */

	/*
	 * apply: called when there is something to do; the answer is given by
	 * tn_run_confirm, now or later. NULL: yes.
	 */
	void (
	    *confirm)(void *arg, struct tn_run *run, const struct tn_run_result *so_far);
	void (*progress)(void *arg, const struct tn_step *step, enum tn_step_state state);
	/* Something that takes a while begins. May be NULL. */
	void (*note)(void *arg, enum tn_run_note what);
	void *arg;
};

/* Called from the loop, once. The result lives until tn_run_free. */
typedef void tn_run_done_fn(void *arg, const struct tn_run_result *result);

/* What options points to is borrowed until the run is freed. */
struct tn_run *tn_run_start(const struct tn_run_options *options, tn_run_done_fn *done,
    void *arg);
void tn_run_confirm(struct tn_run *run, bool yes);
/* A run that has not reported stops here, without another effect. */
void tn_run_free(struct tn_run *run);
TN_DEFINE_FREEP(tn_run, tn_run_free)

#endif
