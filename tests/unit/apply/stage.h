/*
 * A plan on its way against the simulated tenant, in virtual time, with a journal that a
 * test can look into and make fail.
 */
#ifndef TESTS_UNIT_APPLY_STAGE_H
#define TESTS_UNIT_APPLY_STAGE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "apply/apply.h"
#include "auth0/auth0.h"
#include "diff/diff.h"
#include "sim/transport.h"
#include "sim/view.h"

#define STAGE_MOST    8
#define STAGE_LATENCY (20 * TN_MSEC)

struct reply;

/* A store without a disk: a log, and failures on demand. */
struct fake_store {
	struct tn_store store; /* first: it is what apply sees */
	struct tn_loop *loop;
	struct tn_arena *arena;
	struct reply *replies;   /* that are on their way or were given */
	struct tn_str log;       /* "[begin][1:intended 2:intended]<applied>" */
	unsigned appends;        /* that were tried */
	unsigned sound;          /* so many appends go well before the failures begin */
	unsigned failures;       /* so many fail then; UINT_MAX: all */
	enum tn_error_kind kind; /* of a failure */
	bool end_fails;
	unsigned covers;           /* records that allow a call: intended and undoing */
	struct tn_record *records; /* that were written */
	size_t n_records, cap_records;
	size_t n_own;
	char *own[STAGE_MOST]; /* names that the end made ours */
	size_t n_disowned;     /* that the end made nobody's */
	size_t n_secrets;      /* whose times the end made known */
	int64_t secret_time;   /* of the last one */
	size_t n_drafts;       /* whose times the end made known */
};

struct stage {
	struct tn_loop *loop;
	struct tn_sim *sim;
	struct tn_transport *transport;
	struct tn_connection connection;
	struct tn_secret *secret;
	struct tn_rand rand;
	struct tn_remote *remote;
	struct tn_cancel cancel;
	struct fake_store store;
	struct tn_want *want;
	struct tn_apply_secret secrets[STAGE_MOST];
	size_t n_secrets;
	bool stop;       /* on failure */
	bool owns_all;   /* plans take all that is there for ours */
	bool looks_back; /* plans see earlier versions: they may roll back */
	struct tn_plan *plan;
	struct tn_apply *apply;
	const struct tn_apply_report *report; /* NULL until it is done */
	struct tn_str moves;                  /* "1:ready 1:intended …" */
	bool calls_are_covered;               /* no write came without a record */
	unsigned writes;
};

void stage_init(struct stage *stage);
void stage_done(struct stage *stage);

/* On post-login@v3; packages: with one dependency. */
void stage_want(struct stage *stage, const char *name, const char *code, bool packages);
/* The action that was wanted last has a secret of that name, and its value is at hand. */
void stage_want_secret(struct stage *stage, const char *name);
/* The action that was wanted last had that name before. */
void stage_want_renamed(struct stage *stage, const char *from);
/* The flow of post-login that is wanted: names, separated by spaces. */
void stage_want_flow(struct stage *stage, const char *names);
/* Wants something else from here on. */
void stage_want_anew(struct stage *stage);
/* Reads the tenant and plans; what is wanted and there counts as ours. */
void stage_plan(struct stage *stage);
/* Starts to apply the plan, without stepping the loop. */
void stage_start(struct stage *stage);
/* Steps until the report is there. */
void stage_finish(struct stage *stage);
/* All of these; the outcome must be TN_APPLIED. The journal is empty afterwards. */
void stage_apply(struct stage *stage);
/* Forgets the apply that is done, or kills one under way. */
void stage_end(struct stage *stage);

/* Another remote and apply, from what the journal holds now, its first n records. */
struct tn_apply *stage_recover(struct stage *stage, size_t n, struct tn_error *err);

void stage_fault(struct stage *stage, const char *json);
/* As another person at the tenant; gives the status. */
int stage_other(struct stage *stage, const char *method, const char *path,
    const char *body);
void stage_sleep(struct stage *stage, int64_t ns);
/* The tenant in words: names, drafts, what runs, the flow. On the heap. */
char *stage_look(struct stage *stage);
/* The test fails unless it looks so. */
void stage_is(struct stage *stage, const char *look);

#endif
