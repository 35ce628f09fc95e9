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

/* Sizes, counts, names and the code of one action, or one module. No network. */
void tn_lint_action(const struct tn_want_action *action,
    const struct tn_capabilities *capabilities, struct tn_diags *diags);
void tn_lint_module(const struct tn_want_module *module,
    const struct tn_capabilities *capabilities, struct tn_diags *diags);
/* What they are together: counts, and bindings of actions written for another trigger. */
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

/* Actions that the tenant would have at one time while flows are flipped. */
void tn_lint_flips(const struct tn_diff *diff, const struct tn_live *live,
    const struct tn_capabilities *capabilities, struct tn_diags *diags);

/*
 * Deletes that are refused: of what is protected, replacements that cannot be made, and
 * of everything unless allow_empty; and earlier names that are in use.
 */
void tn_lint_deletes(const struct tn_diff *diff, const struct tn_want *want,
    bool allow_empty, struct tn_diags *diags);

#endif
