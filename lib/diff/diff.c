#include "diff/diff.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "diff/change.h"

static const char *const kind_names[] = {
	[TN_CHANGE_NONE] = "none",
	[TN_CHANGE_CREATE] = "create",
	[TN_CHANGE_UPDATE] = "update",
	[TN_CHANGE_DEPLOY] = "deploy",
	[TN_CHANGE_ROLLBACK] = "rollback",
	[TN_CHANGE_REPLACE] = "replace",
	[TN_CHANGE_BLOCKED] = "blocked",
};

const char *
tn_change_kind_name(enum tn_change_kind kind)
{
	return (size_t)kind < TN_ARRAY_LEN(kind_names) ? kind_names[kind] : NULL;
}

static int
compare_live(const void *a, const void *b)
{
	const struct tn_live_action *x = *(const struct tn_live_action *const *)a;
	const struct tn_live_action *y = *(const struct tn_live_action *const *)b;
	int order = strcmp(x->name, y->name);

	return order != 0 ? order : strcmp(x->id, y->id);
}

/* Live actions that no wanted one stands for: ours, and the rest. */
static void
find_unwanted(const struct tn_diff_input *in, struct tn_diff *diff)
{
	const struct tn_live *live = in->live;
	TN_CLEANUP(tn_freep)
	bool *wanted = tn_alloc(live->n_actions + 1, sizeof(*wanted));

	for (size_t i = 0; i < diff->n_changes; i++) {
		if (diff->changes[i].live != NULL)
			wanted[diff->changes[i].live - live->actions] = true;
	}
	diff->gone = tn_arena_array(in->arena, live->n_actions,
	    const struct tn_live_action *);
	diff->strangers = tn_arena_array(in->arena, live->n_actions,
	    const struct tn_live_action *);
	for (size_t i = 0; i < live->n_actions; i++) {
		const struct tn_live_action *action = &live->actions[i];
		bool owned = tn_known_owns(in->known, action->id);

		if (wanted[i] || (in->want->partial && owned))
			continue;
		if (owned)
			diff->gone[diff->n_gone++] = action;
		else
			diff->strangers[diff->n_strangers++] = action;
	}
	qsort(diff->gone, diff->n_gone, sizeof(*diff->gone), compare_live);
	qsort(diff->strangers, diff->n_strangers, sizeof(*diff->strangers), compare_live);
}

struct tn_diff *
tn_diff_build(const struct tn_want *want, const struct tn_live *live,
    const struct tn_known *known, const struct tn_diff_options *options)
{
	struct tn_arena *arena = tn_arena_new();
	struct tn_diff *diff = tn_arena_new_object(arena, struct tn_diff);
	struct tn_diff_input in = {
		.want = want,
		.live = live,
		.known = known,
		.options = options,
		.arena = arena,
	};

	diff->arena = arena;
	tn_module_changes_build(&in, diff);
	in.modules = diff->modules;
	diff->changes = tn_arena_array(arena, want->n_actions, struct tn_change);
	diff->n_changes = want->n_actions;
	for (size_t i = 0; i < want->n_actions; i++)
		tn_change_build(&in, &want->actions[i], &diff->changes[i]);
	diff->flows = tn_arena_array(arena, want->n_flows, struct tn_flow_change);
	diff->n_flows = want->n_flows;
	for (size_t i = 0; i < want->n_flows; i++)
		tn_flow_change_build(&in, diff->changes, &want->flows[i],
		    &diff->flows[i]);
	find_unwanted(&in, diff);
	tn_removals_build(&in, diff);
	tn_module_removals_build(&in, diff);
	tn_module_needs_build(&in, diff);
	return diff;
}

void
tn_diff_free(struct tn_diff *diff)
{
	if (diff != NULL)
		tn_arena_free(diff->arena);
}

bool
tn_diff_empty(const struct tn_diff *diff)
{
	for (size_t i = 0; i < diff->n_modules; i++) {
		if (diff->modules[i].kind != TN_MODULE_NONE)
			return false;
	}
	for (size_t i = 0; i < diff->n_changes; i++) {
		if (diff->changes[i].kind != TN_CHANGE_NONE || diff->changes[i].rename)
			return false;
	}
	for (size_t i = 0; i < diff->n_removals; i++) {
		if (diff->removals[i].kept == NULL)
			return false;
	}
	for (size_t i = 0; i < diff->n_module_removals; i++) {
		if (diff->module_removals[i].kept == NULL)
			return false;
	}
	for (size_t i = 0; i < diff->n_flows; i++) {
		if (diff->flows[i].differs || diff->flows[i].blocked != NULL)
			return false;
	}
	return true;
}

bool
tn_diff_blocked(const struct tn_diff *diff)
{
	for (size_t i = 0; i < diff->n_modules; i++) {
		if (diff->modules[i].kind == TN_MODULE_BLOCKED)
			return true;
	}
	for (size_t i = 0; i < diff->n_changes; i++) {
		if (diff->changes[i].kind == TN_CHANGE_BLOCKED)
			return true;
	}
	for (size_t i = 0; i < diff->n_flows; i++) {
		if (diff->flows[i].blocked != NULL)
			return true;
	}
	return false;
}
