/*
 * Internal to apply: the kinds of steps, one row for each. The machine that
 * carries steps out (forward.c, poll.c, undo.c, verify.c, settle.c) knows rows and no
 * kinds; what a kind is stands in the file of its family:
 *
 *	module.c   MODULE_CREATE, MODULE_UPDATE, MODULE_PUBLISH
 *	action.c   what all steps on actions share
 *	draft.c    CREATE, UPDATE
 *	gate.c     TEST
 *	deploy.c   DEPLOY, ROLLBACK
 *	flow.c     BIND (and merge.c, a flow that others changed meanwhile)
 *	name.c     RENAME
 *	delete.c   DELETE, MODULE_DELETE
 *
 * To add a kind: its word, phase and operation in plan/plan.c, its fields in
 * plan/value.c and whoever plans it in plan/build.c; then a row in a file of its family
 * here, declared below and named in the table of kind.c.
 */
#ifndef TN_APPLY_KIND_H
#define TN_APPLY_KIND_H

#include "apply/machine.h"

/* What a look after the write means. */
enum tn_verdict {
	TN_SEEN,     /* it is as wanted */
	TN_NOT_YET,  /* look again later */
	TN_NOT_DONE, /* the lost call had no effect */
	TN_FOLLOW,   /* the write needs a second one: the row's follow */
	TN_WRONG,    /* err says what is there instead */
};

/*
 * One kind. Of one that changes nothing (tn_step_changes) undo, needs and all that
 * follows are not asked for. `seen` is the result of the row's look, NULL when there is
 * no such object. Judging is a comparison of what is live with what the step expects,
 * wants and found before; it keeps in run what has become known and touches nothing else.
 */
struct tn_kind {
	/* The object is in the list of all actions: many that wait are looked at
	 * together. */
	bool in_list;
	/* A name that is taken, at a later try, may be taken by the first one. */
	bool may_be_taken;
	/* An object that is not there is what the write is for. */
	bool gone_is_done;

	/* The read that shows the object. */
	void (*look)(const struct tn_running *run, struct tn_op *op);
	/* Before the write: 0; TN_E_TRANSIENT when it is only too early, and is looked at
	 * again; or TN_E_CONFLICT when something is not as the plan expects. NULL:
	 * nothing of anybody's can be lost, and nothing is read first. */
	int (*before)(const struct tn_running *run, const struct tn_op_result *seen,
	    struct tn_error *err);
	/* What it needs is still on its way: nothing of its phase begins until `before`
	 * is content with it. NULL: never. */
	bool (*early)(const struct tn_running *run);
	/* The write; what op points to may be in the arena. */
	void (*write)(const struct tn_running *run, struct tn_arena *arena,
	    struct tn_op *op);
	/* Takes what its answer tells. TN_NOT_YET: the object is looked at from now on.
	 */
	enum tn_verdict (*answered)(struct tn_running *run,
	    const struct tn_op_result *answer, struct tn_error *err);
	enum tn_verdict (*after)(struct tn_running *run, const struct tn_op_result *seen,
	    struct tn_error *err);
	/* For TN_FOLLOW; NULL where that is never said. */
	void (*follow)(const struct tn_running *run, struct tn_op *op);

	/* On the way back: what is to be done. For TN_NO_REMEDY and TN_NONE_SEEN err says
	 * why; left unset, the platform's own words are told. */
	enum tn_remedy (*undo)(struct tn_running *run, const struct tn_op_result *seen,
	    struct tn_error *err);
	/* The write of a remedy that undo has named. */
	void (*remedy)(struct tn_running *run, enum tn_remedy remedy, struct tn_op *op);
	/* Whether the answer of the remedy shows already that all is as before; NULL: it
	 * never does. */
	bool (*put_back)(const struct tn_running *run, const struct tn_op_result *answer);

	/* At the end of all: what has to be read, and whether what the step wanted is
	 * there. spec has room for one trigger of each step. */
	void (*needs)(const struct tn_running *run, struct tn_read_spec *spec,
	    const char **triggers);
	bool (*holds)(const struct tn_running *run, const struct tn_live *live,
	    struct tn_error *err);
	/*
	 * What the step makes known when the run ends well; NULL: nothing. live is NULL
	 * when the end was not read.
	 */
	void (*settle)(const struct tn_running *run, const struct tn_live *live);
	/* The same for what failed, or was done, and could not be put back. */
	void (*left)(const struct tn_running *run);
};

const struct tn_kind *tn_kind_of(const struct tn_running *run);

extern const struct tn_kind tn_kind_module_create;
extern const struct tn_kind tn_kind_module_update;
extern const struct tn_kind tn_kind_module_publish;
extern const struct tn_kind tn_kind_rename;
extern const struct tn_kind tn_kind_create;
extern const struct tn_kind tn_kind_update;
extern const struct tn_kind tn_kind_test;
extern const struct tn_kind tn_kind_deploy;
extern const struct tn_kind tn_kind_rollback;
extern const struct tn_kind tn_kind_bind;
extern const struct tn_kind tn_kind_delete;
extern const struct tn_kind tn_kind_module_delete;

/* kind.c: how judges say no. "action NAME WHAT", with what to do. */
int tn_kind_conflict(struct tn_error *err, const struct tn_running *run,
    const char *what);
enum tn_verdict tn_kind_wrong(struct tn_error *err, const struct tn_running *run,
    const char *what);
enum tn_remedy tn_kind_no_remedy(struct tn_error *err, const struct tn_running *run,
    const char *what);
/* For a step without an inverse. */
enum tn_remedy tn_kind_irreversible(struct tn_error *err, const struct tn_running *run);

/* action.c */
/* The action of a result, or NULL. */
const struct tn_live_action *tn_seen_action(const struct tn_op_result *seen);
void tn_action_look(const struct tn_running *run, struct tn_op *op);
void tn_action_needs(const struct tn_running *run, struct tn_read_spec *spec,
    const char **triggers);
/* It uses modules, or used some: a write says which. */
bool tn_action_uses_modules(const struct tn_running *run);
/* Keeps an action's id and the time of the draft that we wrote. */
void tn_action_take(struct tn_running *run, const struct tn_live_action *live);
/* The same from the answer of a write: right after it only this run can have written the
 * draft. */
enum tn_verdict tn_action_take_draft(struct tn_running *run,
    const struct tn_op_result *answer, struct tn_error *err);
void tn_action_take_version(struct tn_running *run, const struct tn_version *version);
/* Whether what runs is still the version that the plan saw. */
bool tn_action_same_live(const struct tn_live_action *before,
    const struct tn_live_action *live);
/* When the draft was written that the step finds: by an earlier step of this run, or
 * before the plan. NULL: not known. */
const char *tn_action_draft_time(const struct tn_running *run);
/* Before a write. TN_E_CONFLICT when the action is gone or another version runs than the
 * plan saw; the second one also when its draft was written meanwhile. */
int tn_action_still_runs(const struct tn_running *run, const struct tn_op_result *seen,
    struct tn_error *err);
int tn_action_unmoved(const struct tn_running *run, const struct tn_op_result *seen,
    struct tn_error *err);
/* On the way back: keeps whether the draft is the one that the run wrote. */
void tn_action_see_draft(struct tn_running *run, const struct tn_live_action *live);
/* A build that is done; TN_WRONG when it failed. */
enum tn_verdict tn_action_built(const struct tn_running *run,
    const struct tn_live_action *live, struct tn_error *err);
/* The content runs at the end. */
bool tn_action_runs(const struct tn_running *run, const struct tn_live *live,
    struct tn_error *err);
/* What puts the draft back; what runs was looked after before. */
enum tn_remedy tn_action_undo_draft(const struct tn_running *run,
    const struct tn_live_action *live, struct tn_error *err);
/* TN_REDRAFT and TN_REDEPLOY. */
void tn_action_remedy(struct tn_running *run, enum tn_remedy remedy, struct tn_op *op);

/* deploy.c */
/* Before a test or a deploy: the draft is the one that this run wrote, or the one that it
 * saw, and built. TN_E_TRANSIENT while it is being built. */
int tn_action_ready(const struct tn_running *run, const struct tn_op_result *seen,
    struct tn_error *err);

/* module.c */
/* The module of a result, or NULL. */
const struct tn_live_module *tn_seen_module(const struct tn_op_result *seen);
void tn_module_look(const struct tn_running *run, struct tn_op *op);
/* Before a write. TN_E_CONFLICT when the module is gone, was published since the plan, or
 * has another draft than the plan saw. */
int tn_module_unmoved(const struct tn_running *run, const struct tn_op_result *seen,
    struct tn_error *err);

/* merge.c */
/*
 * The flow to put back, in the arena: the one of before when nobody else has
 * changed it since. Otherwise what is there now without the entries that this
 * run added and with those that it took out, each after its nearest predecessor
 * of before, so that other people's changes stay.
 */
struct tn_flow tn_merge_target(const struct tn_running *run, const struct tn_flow *live,
    struct tn_arena *arena);

#endif
