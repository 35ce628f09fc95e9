#include "lint/lint.h"

#include "base/text.h"

struct check {
	const struct tn_want *want;
	const struct tn_limits *limits;
	struct tn_diags *diags;
};

/* An action runs only in the flow that it was written for, of whatever version. */
static void
check_entry(const struct check *check, const struct tn_want_flow *flow,
    const struct tn_want_entry *entry)
{
	const struct tn_want_action *action;
	struct tn_diag *diag;

	if (entry->kind != TN_ENTRY_ACTION)
		return;
	action = tn_want_action(check->want, entry->name);
	if (action == NULL || tn_text_equal(action->trigger.id, flow->trigger))
		return;
	diag = tn_diags_error(check->diags, "wrong-trigger", entry->mark,
	    "\"%s\" is written for %s and cannot run in %s", entry->name,
	    action->trigger.id, flow->trigger);
	tn_diags_resource(check->diags, diag, "bindings/%s", flow->trigger);
	tn_diags_hint(check->diags, diag, "bind it under %s, or change its trigger",
	    action->trigger.id);
}

static void
check_display_name(const struct check *check, const struct tn_want_flow *flow,
    const struct tn_want_entry *entry)
{
	size_t limit = check->limits->display_name;
	size_t length = tn_utf8_length(tn_span(entry->display_name));
	struct tn_diag *diag;

	if (limit == 0 || length <= limit)
		return;
	diag = tn_diags_error(check->diags, "display-name-too-long", entry->mark,
	    "the display name has %zu characters; the platform takes %zu", length, limit);
	tn_diags_resource(check->diags, diag, "bindings/%s", flow->trigger);
	tn_diags_hint(check->diags, diag, "shorten it");
}

static void
check_flow(const struct check *check, const struct tn_want_flow *flow)
{
	size_t limit = check->limits->bindings;
	size_t named = 0;
	struct tn_diag *diag;

	for (size_t i = 0; i < flow->n_entries; i++) {
		named += flow->entries[i].kind != TN_ENTRY_OTHERS;
		check_entry(check, flow, &flow->entries[i]);
		check_display_name(check, flow, &flow->entries[i]);
	}
	if (limit == 0 || named <= limit)
		return;
	diag = tn_diags_error(check->diags, "too-many-bindings", flow->mark,
	    "%zu actions are bound to %s; the platform takes %zu", named, flow->trigger,
	    limit);
	tn_diags_resource(check->diags, diag, "bindings/%s", flow->trigger);
	tn_diags_hint(check->diags, diag,
	    "bind %zu fewer, or do the work of several in one", named - limit);
}

/* The first that is too many stands for them. */
static void
check_count(const struct check *check, const char *code, const char *what, size_t n,
    size_t limit, struct tn_mark mark)
{
	struct tn_diag *diag;

	if (limit == 0 || n <= limit)
		return;
	diag = tn_diags_error(check->diags, code, mark,
	    "a tenant would have %zu %s of these files; the platform takes %zu", n, what,
	    limit);
	tn_diags_hint(check->diags, diag,
	    "keep %zu of them from the tenant with `only`, or join some", n - limit);
}

void
tn_lint_want(const struct tn_want *want, const struct tn_capabilities *capabilities,
    struct tn_diags *diags)
{
	const struct tn_limits *limits = &capabilities->limits;
	const struct check check = { .want = want, .limits = limits, .diags = diags };

	if (want->n_actions > limits->actions)
		check_count(&check, "too-many-actions", "actions", want->n_actions,
		    limits->actions, want->actions[limits->actions].mark);
	if (want->n_modules > limits->modules)
		check_count(&check, "too-many-modules", "modules", want->n_modules,
		    limits->modules, want->modules[limits->modules].mark);
	for (size_t i = 0; i < want->n_flows; i++)
		check_flow(&check, &want->flows[i]);
}
