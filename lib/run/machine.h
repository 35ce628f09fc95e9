/*
 * Internal to run: a run under way. Each file has a stretch of it: prepare.c the files
 * and the credentials, tenant.c the state and the reading, rollback.c what is wanted of a
 * rollback, decide.c the plan and the apply, saved.c what a saved plan has to do with it,
 * run.c the life cycle.
 */
#ifndef TN_RUN_MACHINE_H
#define TN_RUN_MACHINE_H

#include "deploycli/deploycli.h"
#include "run/node.h"
#include "run/past.h"
#include "run/run.h"
#include "run/secrets.h"

#define TN_RUN_ID_SIZE 40

struct tn_recall;

struct tn_run {
	struct tn_run_options options;
	tn_run_done_fn *done;
	void *arg;
	struct tn_run_result result;
	struct tn_diags *diags;
	struct tn_error error;
	struct tn_rand rand;
	char run_id[TN_RUN_ID_SIZE];
	char commit[24]; /* what a rollback goes back to, in words */
	char *open_run;

	const struct tn_provider *provider;
	struct tn_project *project;
	struct tn_deploycli *deploycli; /* instead of a project */
	struct tn_want *want;
	struct tn_recall *recall;   /* of a rollback to a run */
	struct tn_resolve *values;  /* the same: of the secrets that it wants */
	struct tn_remarks remarks;  /* the same: what cannot come back */
	const char *goal_commit;    /* that the tenant holds when all goes well; NULL */
	bool goal_dirty;            /* and changes that were not committed */
	struct tn_history *history; /* that is looked at */
	struct tn_shown shown;
	struct tn_arena *shown_arena;
	struct tn_hold hold;   /* that goal_commit is under */
	struct tn_want *files; /* of a rollback that makes its want of something else */
	const struct tn_connection_entry *entry; /* NULL, or the next one */
	struct tn_connection_entry entry_of_tenant;
	struct tn_connection connection;
	struct tn_node_check *node_check;
	struct tn_resolve *resolve;  /* owns all values below */
	size_t credential;           /* its number there */
	size_t key_number;           /* that of the key's */
	const struct tn_secret *key; /* of fingerprints; NULL: the state's */
	struct tn_secret_box secrets;
	struct tn_apply_secret *apply_secrets;
	size_t n_apply_secrets, cap_apply_secrets;

	void (*logged_in)(struct tn_run *run);
	struct tn_transport *readonly;
	struct tn_remote *remote;
	struct tn_store *store;
	struct tn_live *live;
	struct tn_seen seen;
	struct tn_arena *seen_arena;
	struct tn_arena *versions_arena;
	const struct tn_action_versions *versions;
	size_t n_versions;
	struct tn_diff *diff;
	struct tn_plan *plan;
	struct tn_saved_plan *saved; /* that somebody has approved */
	bool stale;                  /* it is not what would be done */
	struct tn_arena *moved_arena;
	struct tn_apply *recovery;
	struct tn_apply *apply;

	int64_t lock_until; /* loop time when waiting for the lock ends; 0: not begun */
	struct tn_timer lock_timer;
	unsigned calls_before; /* of this run, when the apply began, and when that was */
	int64_t applying_since;
	bool applying; /* from here on cancelling is apply's business */
	bool finished;
	struct tn_timer timer;
	struct tn_cancel_hook cancel;
};

/* run.c */
void tn_run_note(struct tn_run *run, enum tn_run_note what);
void tn_run_finish(struct tn_run *run, enum tn_exit exit);
/* why NULL: run->error, or the findings alone. */
void tn_run_finish_error(struct tn_run *run, const struct tn_error *why);

/* prepare.c: everything before the state. Asks the sources, and goes on with tn_run_open.
 */
int tn_run_load_project(struct tn_run *run) TN_MUST_USE;
int tn_run_prepare(struct tn_run *run) TN_MUST_USE;
/* The same for commands that look: goes on with tn_run_look. */
int tn_run_prepare_look(struct tn_run *run) TN_MUST_USE;
/* Values of what is wanted, for the apply. */
void tn_run_collect_secrets(struct tn_run *run);
/* Takes the connection of a tenant; fails when there is none. */
int tn_run_connect(struct tn_run *run, const char *tenant) TN_MUST_USE;

/*
 * repository.c: a repository of auth0-deploy-cli in the place of a project. It names no
 * tenants: any connection is one. *out says whether the tree is one.
 */
int tn_run_is_repository(struct tn_run *run, bool *out) TN_MUST_USE;
int tn_run_load_repository(struct tn_run *run) TN_MUST_USE;
/* Code with placeholders of which nobody has said yet what they stand for: that may be
 * any piece of it, so that it cannot be read as JavaScript. */
bool tn_run_is_open_code(const struct tn_run *run, const char *code);
/* For a tree with a tenon.yaml: what was meant for such a repository is refused or told.
 */
int tn_run_check_project_alone(struct tn_run *run) TN_MUST_USE;

int tn_run_choose_connection(struct tn_run *run) TN_MUST_USE;
/* As a project says its name in tenon.yaml. */
int tn_run_check_project_name(struct tn_run *run) TN_MUST_USE;

void tn_run_ask_sources(struct tn_run *run);

/* tenant.c: opens the state, mends, reads and compares; goes on with tn_run_compared. */
void tn_run_open(struct tn_run *run);
void tn_run_read_tenant(struct tn_run *run);
void tn_run_compare(struct tn_run *run);
/* A remote that cannot write where the command does not. */
void tn_run_open_remote(struct tn_run *run);
void tn_run_make_store(struct tn_run *run);
/* Tells of one that was interrupted or is under way. */
void tn_run_note_open_run(struct tn_run *run);
/* Of all fingerprints. */
const struct tn_secret *tn_run_key(const struct tn_run *run);

/* look.c: what `get` and `test` do. */
void tn_run_look(struct tn_run *run);

/*
 * rollback.c: what is wanted when it is not what the files say, which is known when the
 * tenant was read. Until then the want is empty.
 */
bool tn_run_is_past(const struct tn_run *run);
/* Of the files there is more to know than whose things they are about. */
bool tn_run_uses_files(const struct tn_run *run);
void tn_run_begin_past(struct tn_run *run);
/* Makes the want, and goes on with tn_run_compare. */
void tn_run_want_past(struct tn_run *run);
/* Compares what was read once more, with the secrets that a saved plan had deferred. */
void tn_run_compare_deferred(struct tn_run *run);
/* Of the key of all fingerprints; NULL when there are none. In the want's arena. */
const char *tn_run_key_id(const struct tn_run *run);

/*
 * saved.c: the plan that somebody has approved. Without one all of this is well. The last
 * two end the run where it is not; run->plan NULL: something blocks it now.
 */
int tn_run_take_saved(struct tn_run *run) TN_MUST_USE;
int tn_run_check_origin(struct tn_run *run) TN_MUST_USE;
bool tn_run_check_key(struct tn_run *run) TN_MUST_USE;
bool tn_run_check_saved(struct tn_run *run) TN_MUST_USE;
/* plan: hands over what is to be kept. */
int tn_run_save(struct tn_run *run) TN_MUST_USE;

/*
 * rights.c: goes on once there is a token with the right to read. The other checks what
 * result.missing_rights says.
 */
void tn_run_log_in(struct tn_run *run, void (*then)(struct tn_run *run));
int tn_run_check_rights(struct tn_run *run);
/* recall.c: a rollback to a run. Reads the history, and goes on with tn_run_read_tenant;
 * then makes the want as above. */
void tn_recall_start(struct tn_run *run);
void tn_recall_want(struct tn_run *run);
void tn_recall_free(struct tn_recall *recall);
/* The number of the run that id is the beginning of; fails unless there is one. */
int tn_run_find_past(struct tn_run *run, const struct tn_history *history, const char *id,
    size_t *out) TN_MUST_USE;

/* history.c: history and show. The last one once it is known who we are. */
bool tn_run_looks_back(const struct tn_run *run);
void tn_run_look_back(struct tn_run *run);
void tn_run_show_tenant(struct tn_run *run);

/*
 * stateless.c: a run that has no state. What the files name and the tenant has by that
 * name is ours; nothing else is, and nothing is deleted. Secrets that run are left alone
 * as nobody knows their values; those that are missing are written, and asked for then.
 */
/* Refused where the past is all that matters; error says so. */
int tn_run_check_state(struct tn_run *run) TN_MUST_USE;
void tn_run_do_without_state(struct tn_run *run);
void tn_run_own_by_name(struct tn_run *run);
void tn_run_demand_missing(struct tn_run *run);

/* hold.c: whether goal_commit may be applied; and which commit a rollback puts on hold.
 */
int tn_run_check_hold(struct tn_run *run) TN_MUST_USE;
void tn_run_choose_hold(struct tn_run *run);

/* decide.c */
void tn_run_compared(struct tn_run *run);
struct tn_apply_options tn_run_apply_options(struct tn_run *run);

#endif
