#include "lint/lint.h"

#include "diff/diff.h"

static bool
is_wanted(const struct tn_diff *diff, const struct tn_binding *binding)
{
	for (size_t i = 0; i < diff->n_changes; i++) {
		if (tn_text_equal(diff->changes[i].want->name, binding->action_name))
			return true;
	}
	return false;
}

/*
 * A flow is replaced by one write, so that what it holds at the end is also the most that
 * it holds on the way.
 */
void
tn_lint_flows(const struct tn_diff *diff, const struct tn_capabilities *capabilities,
    struct tn_diags *diags)
{
	size_t most = capabilities->limits.bindings;

	for (size_t i = 0; most > 0 && i < diff->n_flows; i++) {
		const struct tn_flow_change *flow = &diff->flows[i];
		size_t n = flow->after.n_bindings, foreign = 0;
		struct tn_diag *diag;

		if (!flow->differs || n <= most)
			continue;
		for (size_t k = 0; k < n; k++)
			foreign += !is_wanted(diff, &flow->after.bindings[k]);
		diag = tn_diags_error(diags, "too-many-bindings", flow->mark,
		    "the flow would hold %zu actions, %zu of them not in these files; the "
		    "platform takes %zu",
		    n, foreign, most);
		tn_diags_resource(diags, diag, "bindings/%s", flow->trigger);
		tn_diags_hint(diags, diag, "bind %zu fewer", n - most);
	}
}

/* Each that is flipped is there twice until all is done; see tn_lint_live for the rest.
 */
void
tn_lint_flips(const struct tn_diff *diff, const struct tn_live *live,
    const struct tn_capabilities *capabilities, struct tn_diags *diags)
{
	size_t there = 0, new = 0, limit = capabilities->limits.actions;
	const struct tn_change *first = NULL;
	struct tn_diag *diag;

	for (size_t i = 0; i < live->n_actions; i++)
		there += !live->actions[i].installed;
	for (size_t i = 0; i < diff->n_changes; i++) {
		const struct tn_change *change = &diff->changes[i];

		new += change->kind == TN_CHANGE_CREATE ||
		    change->kind == TN_CHANGE_REPLACE;
		if (first == NULL && change->flip)
			first = change;
	}
	if (limit == 0 || first == NULL || there + new <= limit)
		return;
	diag = tn_diags_error(diags, "too-many-actions", first->want->mark,
	    "the tenant would have %zu actions while flows are flipped: %zu that are there, "
	    "and %zu new ones; the platform takes %zu",
	    there + new, there, new, limit);
	tn_diags_hint(diags, diag,
	    "delete %zu that nobody needs first, or leave --flip out",
	    there + new - limit);
}
