/*
 * Wanted: what one tenant should be, as the files say it. Plain data, built by config;
 * it lives in an arena of its builder. Marks say where in the files a thing stands.
 */
#ifndef TN_MODEL_WANT_H
#define TN_MODEL_WANT_H

#include "base/arena.h"
#include "base/diag.h"
#include "model/action.h"

struct tn_value;

/* A module that an action requires. */
struct tn_want_use {
	const char *name;
	int64_t
	    version; /* the pinned number; 0: the version equal to the project's file */
	struct tn_mark mark;
};

/* A run of the draft that must be without error before it goes live. */
struct tn_want_test {
	const char *payload_path;       /* in the project */
	const struct tn_value *payload; /* JSON, an object */
	const struct tn_value *expect;  /* parts of the answer, an object; NULL: any */
	struct tn_mark mark;
};

struct tn_want_action {
	const char *name;
	struct tn_mark mark;
	struct tn_trigger trigger;
	struct tn_content content;
	/*
	 * TN_PART_… that the files leave out: they stay what the tenant has. What content
	 * holds of them is not looked at; the code may be NULL then.
	 */
	unsigned unstated;
	/* The file of content.code by its path in the project, and where it is named;
	 * findings about code have the path for their file. */
	const char *code_path;
	struct tn_mark code_mark;
	bool substitute; /* variables of the tenant are put into the code: they are in it
			  */
	/* Sorted by name; diff makes of them what content.modules has. */
	const struct tn_want_use *modules;
	size_t n_modules;
	const struct tn_want_test *tests; /* in the order written */
	size_t n_tests;
	const char
	    *renamed_from; /* an earlier name that the tenant may still have; NULL */
	struct tn_mark renamed_mark;
	/* The one that a person chose to run again, which content is that of, secrets
	 * with their times; NULL otherwise. It goes with the values that it holds. */
	const struct tn_version *version;
	bool protect; /* a plan that would delete it is refused */
};

/* Code that several actions share. content has no runtime. */
struct tn_want_module {
	const char *name;
	struct tn_mark mark;
	struct tn_content content;
	const char *code_path;
	struct tn_mark code_mark;
	bool protect;
};

enum tn_want_entry_kind {
	TN_ENTRY_ACTION,   /* an action of these files */
	TN_ENTRY_EXTERNAL, /* must be there, is not ours */
	TN_ENTRY_OTHERS,   /* whoever else is bound */
};

struct tn_want_entry {
	enum tn_want_entry_kind kind;
	const char *name;         /* NULL for others */
	const char *display_name; /* NULL: none */
	bool keep_name;           /* without one: the name that it has stays */
	struct tn_mark mark;
};

struct tn_want_flow {
	const char *trigger;
	struct tn_mark mark;
	const struct tn_want_entry *entries;
	size_t n_entries;
};

/* What becomes of managed things that the files do not name any more. */
enum tn_want_delete {
	TN_DELETE_NONE,    /* kept, and listed */
	TN_DELETE_MANAGED, /* deleted when this project made or adopted them */
	TN_DELETE_ALL,     /* deleted, whoever made them */
};

/* "none", "managed", "all": the words of the files. */
const char *tn_want_delete_name(enum tn_want_delete mode);

/* A protected action, or module, that is not for this tenant: what is there of it must
 * stay. */
struct tn_want_kept {
	const char *name;
	bool of_module;
	struct tn_mark mark;
};

struct tn_want {
	struct tn_arena *arena;
	const char *project;
	struct tn_want_action *actions; /* sorted by name */
	size_t n_actions;
	struct tn_want_module *modules; /* sorted by name */
	size_t n_modules;
	struct tn_want_flow *flows; /* sorted by trigger */
	size_t n_flows;
	const struct tn_want_kept *kept;
	size_t n_kept;
	bool partial;      /* says nothing about what it does not name */
	bool actions_only; /* says nothing about modules */
	bool no_state; /* nothing tells what is ours but its name: nothing is deleted */
	enum tn_want_delete delete_mode;
	struct tn_mark
	    delete_mark; /* where the mode stands; line 0 when it is left out */
};

struct tn_want *tn_want_new(void);
void tn_want_free(struct tn_want *want);
TN_DEFINE_FREEP(tn_want, tn_want_free)
/*
 * The same with arrays of actions and modules of its own, for who puts fingerprints into
 * their secrets. All else is want's, which must outlive it.
 */
struct tn_want *tn_want_share(const struct tn_want *want);
const struct tn_want_action *tn_want_action(const struct tn_want *want, const char *name);
const struct tn_want_module *tn_want_module(const struct tn_want *want, const char *name);

#endif
