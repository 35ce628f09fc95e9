/*
 * What the sources of this room share. Not for other rooms.
 */
#ifndef TN_DIFF_CHANGE_H
#define TN_DIFF_CHANGE_H

#include "diff/diff.h"

struct tn_diff_input {
	const struct tn_want *want;
	const struct tn_live *live;
	const struct tn_known *known;
	const struct tn_diff_options *options;
	const struct tn_module_change *modules; /* of want->modules, in their order */
	struct tn_arena *arena;                 /* the diff's */
};

/* Wanted secrets against those of a draft or a version. */
struct tn_secret_changes {
	struct tn_secret_change *items; /* sorted by name */
	size_t n;
	bool differ;   /* something is to be written, added or removed */
	bool all_kept; /* every one is known to be the wanted value */
};

/*
 * have NULL: there is nothing yet, and action_id is not looked at. Secrets that the files
 * leave out are those that action was completed with: kept, or they differ as a whole.
 */
void tn_secret_changes_build(const struct tn_diff_input *in,
    const struct tn_want_action *action, const struct tn_content *have,
    const char *action_id, struct tn_secret_changes *out);
/* Those of a chosen version against what runs: a version holds values of its own. */
void tn_secret_changes_of_version(struct tn_arena *arena,
    const struct tn_content *version, const struct tn_content *have,
    struct tn_secret_changes *out);
/*
 * For a draft that goes live, overwritten or as it is, or a version: what is written
 * because that does not have it, in the words for what runs; and what is STAGED.
 */
void tn_secret_changes_merge(struct tn_arena *arena,
    const struct tn_secret_changes *running, const struct tn_secret_changes *draft,
    struct tn_secret_changes *out);

void tn_module_changes_build(const struct tn_diff_input *in, struct tn_diff *diff);
/*
 * out->modules from want->modules. A version that this plan will publish has number 0; an
 * id that has not been read yet is NULL.
 */
void tn_module_refs_build(const struct tn_diff_input *in,
    const struct tn_want_action *want, struct tn_content *out);
/* Why a module that want->content uses cannot be had; NULL as far as has been read. */
const char *tn_module_refs_missing(const struct tn_diff_input *in,
    const struct tn_want_action *want);
/* Once the changes of actions are there. */
void tn_module_needs_build(const struct tn_diff_input *in, struct tn_diff *diff);

struct tn_match {
	const struct tn_live_action *live; /* NULL: there is none yet */
	/* Another one that has the earlier name, so that nobody knows which it is; NULL.
	 */
	const struct tn_live_action *both;
};
struct tn_match tn_match(const struct tn_diff_input *in,
    const struct tn_want_action *want);
bool tn_trigger_differs(const struct tn_want_action *want,
    const struct tn_live_action *live);

void tn_change_build(const struct tn_diff_input *in, const struct tn_want_action *want,
    struct tn_change *out);
/* Once all else is there. */
void tn_removals_build(const struct tn_diff_input *in, struct tn_diff *diff);
/* Once the removals of actions are there too. */
void tn_module_removals_build(const struct tn_diff_input *in, struct tn_diff *diff);

/* changes are those of in->want, in its order. */
void tn_flow_change_build(const struct tn_diff_input *in, const struct tn_change *changes,
    const struct tn_want_flow *want, struct tn_flow_change *out);

#endif
