/*
 * What the state keeps of runs that are over, for looking back and for going back.
 *
 * Of each run: who did what, from which commit, how it ended, and of each object that it
 * changed what the object was *before* and *after*. A document is a tree, the same for
 * every engine; equal ones are stored once, and so is equal code:
 *
 *	action  {"name", "trigger": {"id", "version"}, "deployed": bool, "content":
 *{"code", "runtime", "dependencies", "secrets"}}: what runs, or, where nothing does
 *	        ("deployed" false), the draft
 *	flow    {"trigger", "bindings": [{"action_id", "action_name", "display_name",
 *	        "installed"}]}
 *
 * Parts of it are read by the functions of model (tn_content_from_value,
 * tn_flow_from_value). Of secrets there are names, fingerprints and the platform's times.
 *
 * Old runs are pruned when a run ends: of a project on a tenant the last
 * TN_HISTORY_KEEP_RUNS stay, older ones for TN_HISTORY_KEEP_DAYS, and never more than
 * TN_HISTORY_MOST. The run that applied what is there now stays in any case. What is
 * pruned is gone with all of its contents that no other run has.
 */
#ifndef TN_STORE_HISTORY_H
#define TN_STORE_HISTORY_H

#include "base/arena.h"
#include "base/defs.h"

struct tn_error;
struct tn_value;

#define TN_HISTORY_KEEP_RUNS 100
#define TN_HISTORY_KEEP_DAYS 90
#define TN_HISTORY_MOST      1000

/*
 * What a run says about itself when it begins. Each text may be NULL: not known, or none.
 * Whoever ends the run, be it a later one from the journal, goes by what is said here.
 */
struct tn_run_facts {
	const char *command; /* "apply", "rollback" */
	const char *who;     /* "alice@build7" */
	const char *source;  /* ".", "repo@v1.2" */
	const char *commit;  /* hex: what the tenant holds when the run has ended well */
	bool dirty;          /* the directory had changes that were not committed */
	const char *digest;  /* of the plan */
	const char *target;  /* of a rollback: what it goes back to, in words */
	/* When the run ends well: a commit that is put on hold, and one whose hold is
	 * lifted.
	 */
	const char *hold, *lift;
};

/* The word of what a run left as it was, since it was what is wanted: before and after
 * are the same. */
#define TN_PAST_KEPT "kept"

/* What a run did to one object. */
struct tn_past_object {
	const char *kind; /* "action", "flow" */
	const char *name; /* in the end; of a flow its trigger */
	const char *id;   /* the platform's; NULL for a flow */
	const char *what; /* the word of the first step: "create", "update", "bind", … */
	const char *state; /* "done", "undone", "stuck": could not be put back */
	/*
	 * NULL: it is not there, and both NULL for "adopt", which changes nothing. after
	 * is what was seen at the end; when the state is not "done", what it was to be.
	 * draft is a draft that was overwritten and that never ran; NULL when there was
	 * none. The digests are of the documents, 64 hex digits.
	 */
	const struct tn_value *before, *after, *draft;
	const char *before_digest, *after_digest, *draft_digest;
	/* Of an action: the version that ran before, and the one that this run put live.
	 * 0 and NULL: none. */
	int64_t version_before, version_after;
	const char *version_before_id, *version_after_id;
};

struct tn_past_run {
	const char *run_id;
	const char *tenant; /* the name that it had in the project */
	const char *project;
	struct tn_run_facts facts;
	int64_t begun_ns, ended_ns;
	const char *outcome; /* "applied", "put-back", "not-put-back"; NULL: not ended */
	const struct tn_past_object *objects; /* in the order of the plan */
	size_t n_objects;
};

/* Runs, the latest first. */
struct tn_history {
	struct tn_arena *arena;
	const struct tn_past_run *runs;
	size_t n_runs;
	bool more; /* there are older ones that fit the query */
};

void tn_history_free(struct tn_history *history);
TN_DEFINE_FREEP(tn_history, tn_history_free)

/*
 * Which runs of the tenant. A field that is NULL, false or 0 demands nothing; those that
 * are set must all hold. Ids of commits and runs may be given by their beginning.
 *
 *	one run with everything    { .run_id = ID, .contents = true, .limit = 2 }
 *	the last run of a commit   { .commit = ID, .outcome = "applied", .limit = 1 }
 *	what changed since a run   { .after_run = ID, .contents = true }
 *	an action's version        { .object_id = ID, .version = N, .contents = true,
 *	                             .limit = 1 }, then tn_history_version
 */
struct tn_history_query {
	const char *run_id;
	const char *commit;
	const char *outcome;
	const char *after_run;   /* began after this one; its whole id */
	const char *object_kind; /* had an object of this kind … */
	const char *object_name; /* … and this name … */
	const char *object_id;   /* … and this id … */
	int64_t version;         /* … for which this version ran before or after */
	const char *digest;      /* … or with a document of this digest */
	bool all_projects;       /* of other projects of the tenant as well */
	bool kept; /* with the objects that runs left as they were, see TN_PAST_KEPT */
	bool contents; /* with the documents of objects; otherwise they are NULL */
	size_t limit;  /* 0, and more than that: TN_HISTORY_MOST */
};

/*
 * The document of a version of the object, from runs that were loaded with contents; NULL
 * when they do not have it.
 */
const struct tn_value *tn_history_version(const struct tn_history *history,
    const char *object_id, int64_t version);

/* A commit that must not be applied again until the hold is lifted. */
struct tn_hold {
	const char *commit;
	const char *run_id; /* that put it on hold */
	int64_t since_ns;
};

/* What the tenant holds of a project: the last thing that was applied, or found to be so.
 */
struct tn_applied {
	const char *commit; /* NULL: the files were in no repository */
	bool dirty;
	const char *run_id; /* of the run that came to it; not every one has a history */
	int64_t since_ns;
};

#endif
