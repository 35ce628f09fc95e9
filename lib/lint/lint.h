/*
 * Checks of what is wanted before anything is written: against the limits of
 * the platform, offline, and against what the tenant offers, once its triggers
 * are known.
 */
#ifndef TN_LINT_LINT_H
#define TN_LINT_LINT_H

#include "base/diag.h"
#include "model/provider.h"

struct tn_diff;

/* Sizes, counts, names, bindings of actions written for another trigger. No network. */
void tn_lint_want(const struct tn_want *want, const struct tn_capabilities *capabilities,
    struct tn_diags *diags);

/*
 * Triggers and runtimes that the tenant does not offer, flows on triggers that
 * are bound through another resource, externals that are not there, actions of the
 * tenant's limit. Needs live->has_triggers for the first three.
 */
void tn_lint_live(const struct tn_want *want, const struct tn_live *live,
    const struct tn_capabilities *capabilities, struct tn_diags *diags);

/* Flows that would hold more than the platform binds, other people's entries counted. */
void tn_lint_flows(const struct tn_diff *diff, const struct tn_capabilities *capabilities,
    struct tn_diags *diags);

#endif
