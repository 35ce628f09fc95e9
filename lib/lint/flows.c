#include "lint/lint.h"

#include "diff/diff.h"

void
tn_lint_flows(const struct tn_diff *diff, const struct tn_capabilities *capabilities,
    struct tn_diags *diags)
{
	size_t most = capabilities->limits.bindings;

	for (size_t i = 0; most > 0 && i < diff->n_flows; i++) {
		const struct tn_flow_change *flow = &diff->flows[i];
		size_t n = flow->after.n_bindings;
		struct tn_diag *diag;

		if (!flow->differs || n <= most)
			continue;
		diag = tn_diags_error(diags, "too-many-bindings", flow->mark,
		    "the flow would hold %zu actions with other people's, the platform "
		    "binds at most %zu",
		    n, most);
		tn_diags_resource(diags, diag, "bindings/%s", flow->trigger);
		tn_diags_hint(diags, diag, "bind %zu fewer", n - most);
	}
}
