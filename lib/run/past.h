/*
 * Internal to run: what the things of a project were after a run of the past, from the
 * history. Pure.
 *
 * Of each thing that the history knows, the last run up to that one which changed it says
 * what it left; where there is none, the first run after it says what it found. A thing
 * that no run has changed is as it was, as far as anybody knows, and stays.
 */
#ifndef TN_RUN_PAST_H
#define TN_RUN_PAST_H

#include "model/tenant.h"
#include "store/history.h"

/* Where it stands what one thing was. */
struct tn_past_source {
	const struct tn_past_object *object;
	const struct tn_past_run *run;
	bool before;  /* what the run found; else what it left */
	bool lost;    /* nothing: the run could not put it back */
	bool settled; /* an earlier run does not tell better */
};

/* An action that was there already and has been ours since that run. */
struct tn_past_adoption {
	const char *id;
	const struct tn_past_run *run;
};

struct tn_past {
	struct tn_past_source *sources; /* in the order of the history */
	size_t n;
	struct tn_past_adoption *adoptions; /* up to that run */
	size_t n_adoptions, cap_adoptions;
};

/* history has every run of the project, without contents, and must outlive it. at is the
 * number of the run in it. */
void tn_past_find(const struct tn_history *history, size_t at, struct tn_arena *arena,
    struct tn_past *out);
/* The same object in another history of that run; NULL when it is not there. */
const struct tn_value *tn_past_document(const struct tn_past_source *source,
    const struct tn_history *history);

/* What cannot come back, and why, in a line each. */
struct tn_remarks {
	const char **items;
	size_t n, cap;
};

/*
 * Fills actions and flows of the want, which has its arena; all else of it stays.
 * documents are those of the sources, NULL for what was not there. What is ours and is
 * not in the want was made since. TN_E_CONFLICT when somebody else has taken a name that
 * is needed; TN_E_SYSTEM when a document cannot be understood.
 */
int tn_past_want(const struct tn_past *past, const struct tn_value *const *documents,
    const struct tn_live *live, const struct tn_known *known, struct tn_want *want,
    struct tn_remarks *remarks, struct tn_error *err) TN_MUST_USE;

/* The versions of modules that its content has are those that it uses: each stays what it
 * was, whatever the module is by now. */
void tn_past_uses(struct tn_arena *arena, struct tn_want_action *action);

void tn_remark(struct tn_remarks *remarks, struct tn_arena *arena, const char *format,
    ...) TN_PRINTF(3, 4);

#endif
