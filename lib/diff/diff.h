/*
 * Wanted against live: what differs, and why. Pure. Wanted is compared with the
 * draft and with the deployed version, and the one that runs is what counts.
 */
#ifndef TN_DIFF_DIFF_H
#define TN_DIFF_DIFF_H

#include "base/error.h"
#include "model/tenant.h"

enum tn_change_kind {
	TN_CHANGE_NONE,     /* what runs is what is wanted */
	TN_CHANGE_CREATE,   /* nothing of that name */
	TN_CHANGE_UPDATE,   /* neither draft nor live: new draft, then deploy */
	TN_CHANGE_DEPLOY,   /* the draft is what is wanted and does not run */
	TN_CHANGE_ROLLBACK, /* an earlier version is what is wanted */
	TN_CHANGE_REPLACE,  /* written for another trigger, or flipped: a new one is made,
			     * and live goes
			     */
	TN_CHANGE_BLOCKED,  /* cannot be done; reason says why and what to do */
};

enum tn_secret_change_kind {
	TN_SECRET_KEEP,    /* known to be the wanted value */
	TN_SECRET_ADD,     /* the live action does not have it */
	TN_SECRET_CHANGE,  /* we know another value */
	TN_SECRET_FOREIGN, /* written by somebody else since */
	TN_SECRET_UNKNOWN, /* there, and never written by us */
	TN_SECRET_STAGED,  /* the draft is as wanted, what runs is not: goes live with it
			    */
	TN_SECRET_LATER,   /* the wanted value is not at hand: checked at apply */
	TN_SECRET_REMOVE,  /* live and not wanted */
	TN_SECRET_RESTORE, /* the chosen version has another value, and brings it */
	TN_SECRET_LEFT,    /* it runs, with a value that nobody knows, and stays */
};

struct tn_secret_change {
	enum tn_secret_change_kind kind;
	const char *name;
	const char *fingerprint; /* wanted; NULL for LATER, REMOVE and RESTORE, and
				    STAGED when it is gone from the draft */
	/* LATER: whatever it is to be, somebody else has written it since we did. */
	bool theirs;
};

/* Stable words, for the journal and JSON output; NULL for what is none. */
const char *tn_change_kind_name(enum tn_change_kind kind);
const char *tn_secret_change_name(enum tn_secret_change_kind kind);

/* Whether any of them is somebody else's, in spite of a value that is not at hand. */
bool tn_secret_changes_theirs(const struct tn_secret_change *secrets, size_t n);

/* KEEP, STAGED, LATER, RESTORE and LEFT do not need a write; everything else does. */
bool tn_secret_change_writes(enum tn_secret_change_kind kind);

struct tn_change {
	enum tn_change_kind kind;
	/* As in the files; what they leave out is filled in from the tenant, and
	 * content.modules has what the uses of modules come to there. */
	const struct tn_want_action *want;
	const struct tn_live_action *live; /* NULL for CREATE */
	/* It has the earlier name by which the files know it, and gets the wanted one.
	 * Not for REPLACE. */
	bool rename;
	bool flip; /* REPLACE: made anew for its flow, not for another trigger */
	/* Of an action that has the earlier name while live has the wanted one; NULL. */
	const struct tn_live_action *both;
	/* TN_PART_…: wanted against what runs, or the draft when nothing does. */
	unsigned parts;
	bool adopt;         /* there, and nobody's yet */
	bool foreign_draft; /* the draft is neither what runs nor what is wanted */
	const struct tn_version *version; /* for ROLLBACK */
	/*
	 * Sorted by name. For NONE against what runs, for a version that was chosen
	 * against that; for all others against what runs, and where that makes another
	 * write, or none, against the draft or the version that goes live.
	 */
	const struct tn_secret_change *secrets;
	size_t n_secrets;
	const char *reason; /* for BLOCKED */
	const char *hint;
};

struct tn_flow_change {
	const char *trigger;
	struct tn_mark mark;
	struct tn_flow before;
	struct tn_flow after; /* entries with action_id NULL are created by this plan */
	bool differs;
	/*
	 * NULL, or why it cannot be set: an external that is not there. Then after is
	 * before.
	 */
	const char *blocked;
};

enum tn_module_change_kind {
	TN_MODULE_NONE,    /* the newest version is what is wanted */
	TN_MODULE_CREATE,  /* nothing of that name */
	TN_MODULE_UPDATE,  /* neither draft nor newest version: new draft, then publish */
	TN_MODULE_PUBLISH, /* the draft is what is wanted and has no version */
	TN_MODULE_BLOCKED, /* cannot be done; reason says why and what to do */
};

/* A stable word; NULL for what is none. */
const char *tn_module_change_kind_name(enum tn_module_change_kind kind);

struct tn_module_change {
	enum tn_module_change_kind kind;
	const struct tn_want_module *want;
	const struct tn_live_module *live; /* NULL for CREATE */
	/* TN_PART_…: wanted against the newest version, or the draft when there is none.
	 */
	unsigned parts;
	bool adopt;         /* there, and nobody's yet */
	bool foreign_draft; /* the draft is neither the newest version nor what is wanted
			     */
	/* Sorted by name. As those of an action, with the newest version for what runs.
	 */
	const struct tn_secret_change *secrets;
	size_t n_secrets;
	const char *reason; /* for BLOCKED */
	const char *hint;
};

/* A live action that the files want no more. */
struct tn_removal {
	const struct tn_live_action *live;
	const struct tn_change
	    *replaced;    /* by this one; NULL: not in the files any more */
	const char *kept; /* why it stays; NULL: it is deleted */
};

/* A live module that the files want no more. */
struct tn_module_removal {
	const struct tn_live_module *live;
	const char *kept; /* why it stays; NULL: it is deleted */
};

struct tn_diff {
	struct tn_arena *arena;
	struct tn_module_change *modules; /* one per wanted module, by name */
	size_t n_modules;
	struct tn_change *changes; /* one per wanted action, by name */
	size_t n_changes;
	struct tn_flow_change *flows; /* one per named trigger, by trigger */
	size_t n_flows;
	const struct tn_live_action **gone; /* ours, and not in the files any more */
	size_t n_gone;
	const struct tn_live_action **strangers; /* neither ours nor wanted */
	size_t n_strangers;
	/* What is to go, by name: replaced, and what the mode of deleting takes of gone
	 * and strangers. */
	struct tn_removal *removals;
	size_t n_removals;
	/* Triggers whose flows have to be read to know whether they are used. */
	const char **flow_needs;
	size_t n_flow_needs;
	const struct tn_live_module **gone_modules; /* the same of modules, by name */
	size_t n_gone_modules;
	const struct tn_live_module **stranger_modules;
	size_t n_stranger_modules;
	struct tn_module_removal *module_removals; /* what the mode takes of these */
	size_t n_module_removals;
	/* Of modules that change, that go, or that changing actions use. */
	struct tn_module_need *module_needs;
	size_t n_module_needs;
};

struct tn_diff_options {
	bool overwrite_drafts; /* a foreign draft may be overwritten */
	bool leave_secrets;    /* of an unknown value: LEFT where they run */
	/* Actions that run in a named flow are made anew in place of being changed, so
	 * that the write of their flow switches all of them at once. */
	bool flip;
	/* Names of actions bound through other resources that may be deleted. */
	const char *const *entity_bound;
	size_t n_entity_bound;
	/* Of actions that differ; may be empty. */
	const struct tn_action_versions *versions;
	size_t n_versions;
};

/* want, live, known and the versions must outlive the diff. */
struct tn_diff *tn_diff_build(const struct tn_want *want, const struct tn_live *live,
    const struct tn_known *known, const struct tn_diff_options *options);
void tn_diff_free(struct tn_diff *diff);
TN_DEFINE_FREEP(tn_diff, tn_diff_free)

/* No write to the tenant is needed (adopting alone is no change). */
bool tn_diff_empty(const struct tn_diff *diff);
bool tn_diff_blocked(const struct tn_diff *diff);
/* Nothing is wanted, or nothing of what has been ours stays, and something is deleted. */
bool tn_diff_removes_all(const struct tn_diff *diff);

/*
 * Lines of a text as a diff with context, for reports. Calls fn, for equal texts never,
 * otherwise for each line, without its newline:
 *   ' '  in both, within `context` lines of a change
 *   '-'  in before only
 *   '+'  in after only
 *   '@'  equal lines were left out here; line says where it goes on: "-12 +14"
 *   '\\'  the line before this one has no newline at its end; line says so in words
 * Bounded: where finding the least difference would cost too much, all that lies between
 * the common beginning and end comes as '-' and then as '+'; texts of more than 100000
 * lines come so as a whole. NULL is not accepted.
 */
void tn_line_diff(const char *before, const char *after, unsigned context,
    void (*fn)(void *arg, char mark, struct tn_span line), void *arg);

#endif
