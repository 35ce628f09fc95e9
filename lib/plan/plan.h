/*
 * A plan: ordered steps in phases, each with the value it expects to find, its
 * inverse or the statement that it has none, and its cost. Pure: the same
 * input gives the same bytes. A plan becomes a tree and comes back from it, so
 * that the journal can hold it and a report can print it.
 */
#ifndef TN_PLAN_PLAN_H
#define TN_PLAN_PLAN_H

#include "diff/diff.h"
#include "model/provider.h"

/* Phases in the order in which they run; one begins when the one before it is done. */
enum tn_phase {
	TN_PHASE_MODULES, /* modules created and their drafts updated */
	TN_PHASE_PUBLISH, /* these drafts become versions, which nobody uses yet */
	TN_PHASE_NAMES,   /* a name is live at once */
	TN_PHASE_STAGE,   /* actions created, drafts updated, and built: nothing that runs
			     changes */
	TN_PHASE_GATE,    /* drafts are tried out */
	TN_PHASE_DEPLOY,  /* drafts and versions go live, in flow order */
	TN_PHASE_BIND,    /* one write per trigger */
	TN_PHASE_VERIFY,  /* no steps: everything is read again. Undo ends here */
	TN_PHASE_DELETE,  /* what is no longer wanted and is used nowhere */
	TN_PHASE_DELETE_MODULES, /* the same of modules: no action uses them by now */
	TN_PHASE__COUNT
};

struct tn_phase_traits {
	const char *name; /* a stable word */
	bool together;    /* its steps do not wait for each other */
};

enum tn_step_kind {
	TN_STEP_MODULE_CREATE,  /* modules: it is published with it */
	TN_STEP_MODULE_UPDATE,  /* modules */
	TN_STEP_MODULE_PUBLISH, /* publish */
	TN_STEP_RENAME,         /* names */
	TN_STEP_CREATE,         /* stage */
	TN_STEP_UPDATE,         /* stage */
	TN_STEP_TEST,           /* gate: one test of one action; changes nothing */
	TN_STEP_DEPLOY,         /* deploy */
	TN_STEP_ROLLBACK,       /* deploy */
	TN_STEP_BIND,           /* bind */
	TN_STEP_DELETE,         /* delete */
	TN_STEP_MODULE_DELETE,  /* delete-modules */
	TN_STEP_KIND__COUNT
};

enum tn_inverse {
	TN_INVERSE_RENAME,    /* the action gets its name of before */
	TN_INVERSE_DELETE,    /* the created action is deleted */
	TN_INVERSE_REDRAFT,   /* the draft gets its content of before */
	TN_INVERSE_REDEPLOY,  /* the version that ran goes live again, with its draft */
	TN_INVERSE_REBIND,    /* the flow gets its list of before */
	TN_INVERSE_REPUBLISH, /* a module's version of before is published again */
	TN_INVERSE_NOTHING,   /* there is nothing to put back */
	TN_INVERSE_NONE,      /* cannot be undone; `irreversible` says why */
};

struct tn_step {
	unsigned number; /* from 1, in plan order */
	enum tn_step_kind kind;
	const char *name; /* of the action or module; of the trigger for a BIND */
	/* Or that of a module. NULL when an earlier step of this plan creates it. */
	const char *action_id;
	struct tn_trigger trigger;

	/* Actions: what is there before (has_before false for CREATE) and what is to be
	 * there after. */
	bool has_before;
	struct tn_live_action before;
	struct tn_live_module module_before; /* of a module instead */
	/*
	 * Secrets carry the wanted fingerprints. A module whose version has number 0 is
	 * published by an earlier step of this plan, by name.
	 */
	struct tn_content after;
	const struct tn_secret_change *secrets;
	size_t n_secrets;
	unsigned left_out; /* UPDATE: TN_PART_… that the files do not state and that are
			      not sent, so that they stay */
	bool deploy_at_once;    /* CREATE with deploy: true */
	const char *version_id; /* ROLLBACK: the version that goes live again */
	int64_t version_number;

	/* TEST: the draft is run with it. */
	const char *payload_path;       /* in the project */
	const struct tn_value *payload; /* an object */
	const struct tn_value *expect;  /* parts of the answer, an object; NULL: any */

	/* RENAME, by id. NULL: a name of the run's own, made from its id and `aside`. The
	 * draft keeps its content, which is in after, and is built again. */
	const char *old_name;
	const char *new_name;
	unsigned aside; /* from 1, each for one action; 0: both names are known */

	/* BIND. Entries with action_id NULL are created by this plan, by name. */
	struct tn_flow flow_before;
	struct tn_flow flow_after;

	enum tn_inverse inverse;
	const char *irreversible;
	unsigned calls; /* that it is expected to take */
};

struct tn_plan_counts {
	unsigned publish; /* modules: created, updated or as they are */
	unsigned test;
	unsigned rename, create, update, deploy, rollback, bind, remove, adopt;
};

/* What is recorded as ours when the run ends well, without a write to the tenant. */
struct tn_adoption {
	const char *name;
	const char *action_id; /* or that of a module */
	bool of_module;
};

/*
 * A wanted secret whose value was not at hand. Whether it is written is found out when it
 * is: also for what has no step.
 */
struct tn_later {
	const char *resource; /* "action/greet" */
	const char *secret;
};

struct tn_plan {
	struct tn_arena *arena;
	const char *tenant;
	const char *provider;
	const char *base_url;
	const char *project;
	struct tn_step *steps;
	size_t n_steps;
	struct tn_adoption *adoptions;
	size_t n_adoptions;
	struct tn_later *later; /* modules, then actions, by name */
	size_t n_later;
	const char *key; /* id of the key of all fingerprints; NULL: there are none */
	struct tn_plan_counts counts;
	unsigned calls;  /* that applying is expected to take, verifying included */
	int64_t time_ns; /* and how long */
	char digest[65]; /* see plan/digest.h */
};

struct tn_plan_input {
	const char *tenant;
	const char *provider;
	const char *base_url;
	const char *project;
	const struct tn_diff *diff;
	const char *key; /* NULL: nothing has a fingerprint */
	struct tn_pace pace;
};

/* The diff must not be blocked. It and what it points to may be freed afterwards. */
struct tn_plan *tn_plan_build(const struct tn_plan_input *input);
void tn_plan_free(struct tn_plan *plan);
TN_DEFINE_FREEP(tn_plan, tn_plan_free)

bool tn_plan_writes(const struct tn_plan *plan);
const struct tn_phase_traits *tn_phase_traits(enum tn_phase phase);
enum tn_phase tn_step_phase(enum tn_step_kind kind);
/* It changes a module: module_before and not before is what it finds. */
bool tn_step_of_module(enum tn_step_kind kind);
/* Something in the tenant: there is something to put back, and to verify. */
bool tn_step_changes(enum tn_step_kind kind);
bool tn_step_writes_secrets(const struct tn_step *step);
/* "create", "update", …: stable words. */
const char *tn_step_kind_name(enum tn_step_kind kind);
/* What a step changes, before its name: "action", "the flow of". */
const char *tn_step_object(enum tn_step_kind kind);
const char *tn_inverse_name(enum tn_inverse inverse);
/* The operations whose rights the plan needs, undo included; fills at most TN_OP__COUNT
 * and gives their number. */
size_t tn_plan_operations(const struct tn_plan *plan, enum tn_op_kind out[TN_OP__COUNT]);

/* Versioned; from_value refuses another version and anything malformed. */
#define TN_PLAN_FORMAT 1
struct tn_value *tn_plan_to_value(struct tn_arena *arena, const struct tn_plan *plan);
int tn_plan_from_value(const struct tn_value *value, struct tn_plan **out,
    struct tn_error *err) TN_MUST_USE;

#endif
