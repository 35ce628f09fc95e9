#include "apply/kind.h"

#include <string.h>

#include "base/mem.h"

/*
 * A flow that others changed after this run wrote it, put back: their changes
 * stay and ours go. Entries are told apart by their action.
 */

static bool
has_entry(const struct tn_flow *flow, const struct tn_binding *entry)
{
	return entry->action_id != NULL && tn_flow_has_action(flow, entry->action_id);
}

/*
 * Where in the target an entry of before belongs: after the nearest one before
 * it that is there.
 */
static size_t
place_of(const struct tn_flow *before, size_t entry, const struct tn_binding *target,
    size_t n)
{
	for (size_t i = entry; i > 0; i--)
		for (size_t k = n; k > 0; k--)
			if (tn_text_equal(before->bindings[i - 1].action_id,
				target[k - 1].action_id))
				return k;
	return 0;
}

static bool
same_entry(const struct tn_binding *a, const struct tn_binding *b)
{
	return tn_text_equal(a->action_id, b->action_id) &&
	    tn_text_equal(a->display_name, b->display_name);
}

/* Whether what is left of our list stands as we wrote it: nobody else has ordered it. */
static bool
same_order(const struct tn_flow *after, const struct tn_flow *live)
{
	size_t i = 0, k = 0;

	for (;;) {
		while (i < after->n_bindings && !has_entry(live, &after->bindings[i]))
			i++;
		while (k < live->n_bindings && !has_entry(after, &live->bindings[k]))
			k++;
		if (i == after->n_bindings || k == live->n_bindings)
			return i == after->n_bindings && k == live->n_bindings;
		if (!same_entry(&after->bindings[i++], &live->bindings[k++]))
			return false;
	}
}

/* What is of before stands as it stood, in the places that it has now. */
static size_t
as_before(const struct tn_flow *before, struct tn_binding *target, size_t n)
{
	const struct tn_flow now = { before->trigger, target, n };
	struct tn_binding *ours = tn_alloc(before->n_bindings + 1, sizeof(*ours));
	size_t n_ours = 0, used = 0, kept = 0;

	for (size_t i = 0; i < before->n_bindings; i++)
		if (has_entry(&now, &before->bindings[i]))
			ours[n_ours++] = before->bindings[i];
	for (size_t i = 0; i < n; i++) {
		if (!has_entry(before, &target[i]))
			target[kept++] = target[i];
		else if (used < n_ours)
			target[kept++] = ours[used++];
	}
	tn_free(ours);
	return kept;
}

struct tn_flow
tn_merge_target(const struct tn_running *run, const struct tn_flow *live,
    struct tn_arena *arena)
{
	const struct tn_flow *before = &run->step->flow_before;
	struct tn_flow after = tn_running_flow_after(run, arena);
	struct tn_binding *target = tn_arena_array(arena,
	    live->n_bindings + before->n_bindings, struct tn_binding);
	size_t n = 0;

	if (tn_flow_equal(&after, live))
		return *before;
	for (size_t i = 0; i < live->n_bindings; i++)
		if (has_entry(before, &live->bindings[i]) ||
		    !has_entry(&after, &live->bindings[i]))
			target[n++] = live->bindings[i];
	for (size_t i = 0; i < before->n_bindings; i++) {
		const struct tn_binding *entry = &before->bindings[i];
		size_t at;

		if (has_entry(&after, entry) || has_entry(live, entry))
			continue;
		at = place_of(before, i, target, n);
		memmove(&target[at + 1], &target[at], (n - at) * sizeof(*target));
		target[at] = *entry;
		n++;
	}
	if (same_order(&after, live))
		n = as_before(before, target, n);
	return (struct tn_flow){ before->trigger, target, n };
}
