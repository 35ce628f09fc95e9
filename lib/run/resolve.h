/*
 * Values from the operator's sources. Whoever needs one names its
 * source; then all sources are asked together, each of them once, however many named it.
 * Variables and files are read at once, commands run beside each other in the loop.
 *
 * What a source does not give although it is there to give it is an error finding at the
 * source's place; all of them come in one run. A variable that is not set is none: its
 * value is NULL.
 */
#ifndef TN_RUN_RESOLVE_H
#define TN_RUN_RESOLVE_H

#include "config/config.h"
#include "run/run.h"

struct tn_resolve;

/* Both are borrowed until it is freed. */
struct tn_resolve *tn_resolve_new(const struct tn_run_options *options,
    struct tn_diags *diags);
/* Stops what still runs. */
void tn_resolve_free(struct tn_resolve *resolve);
TN_DEFINE_FREEP(tn_resolve, tn_resolve_free)

/*
 * Names a source, of whatever kind but TN_SECRET_NONE, and gives the number to ask for
 * its value with. source is borrowed, its texts too. what says for messages what it is
 * the value of, "the secret KEY of tenant dev", and is copied; the first one for a source
 * counts.
 */
size_t tn_resolve_add(struct tn_resolve *resolve, const struct tn_secret_source *source,
    const char *what);

/* done comes once, from the loop. Nothing is added any more. */
void tn_resolve_start(struct tn_resolve *resolve, tn_loop_fn *done, void *arg);

/* Whoever still waits is not told any more; values stay. */
void tn_resolve_stop(struct tn_resolve *resolve);

/* Borrowed. NULL: the source has none, or has failed. */
const struct tn_secret *tn_resolve_value(const struct tn_resolve *resolve, size_t number);
/* There is a finding about it. */
bool tn_resolve_failed(const struct tn_resolve *resolve, size_t number);

#endif
