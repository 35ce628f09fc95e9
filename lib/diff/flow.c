#include "diff/change.h"

#include <stdlib.h>
#include <string.h>

/* One flow being put together. */
struct order {
	const struct tn_diff_input *in;
	const struct tn_change *changes;
	const struct tn_flow *before;
	/* What the files name, in their order. An action that is replaced stands in it
	 * with its old id, so that its place is found. */
	struct tn_binding *listed;
	size_t n_listed;
	size_t others_at; /* before this listed one; NOWHERE without `others` */
	const char *blocked;
};

#define NOWHERE SIZE_MAX

static bool
same_action(const struct tn_binding *a, const struct tn_binding *b)
{
	if (a->action_id != NULL && b->action_id != NULL)
		return strcmp(a->action_id, b->action_id) == 0;
	return tn_text_equal(a->action_name, b->action_name);
}

/* Of n bindings the one that is the nth of its action, else the last; NOWHERE for none.
 */
static size_t
find_nth(const struct tn_binding *bindings, size_t n, const struct tn_binding *action,
    size_t nth)
{
	size_t found = NOWHERE;

	for (size_t i = 0; i < n; i++) {
		if (!same_action(&bindings[i], action))
			continue;
		found = i;
		if (nth-- == 0)
			break;
	}
	return found;
}

static size_t
count_before(const struct tn_binding *bindings, size_t end,
    const struct tn_binding *action)
{
	size_t count = 0;

	for (size_t i = 0; i < end; i++)
		count += same_action(&bindings[i], action);
	return count;
}

static int
compare_change(const void *name, const void *change)
{
	return strcmp(name, ((const struct tn_change *)change)->want->name);
}

static const struct tn_change *
change_of(const struct order *order, const char *name)
{
	if (order->in->want->n_actions == 0)
		return NULL;
	return bsearch(name, order->changes, order->in->want->n_actions,
	    sizeof(*order->changes), compare_change);
}

static const struct tn_binding *
bound_by_name(const struct tn_flow *flow, const char *name)
{
	for (size_t i = 0; i < flow->n_bindings; i++) {
		if (tn_text_equal(flow->bindings[i].action_name, name))
			return &flow->bindings[i];
	}
	return NULL;
}

static bool
resolve_action(struct order *order, const struct tn_want_entry *entry,
    struct tn_binding *out)
{
	const struct tn_change *change = change_of(order, entry->name);

	if (change == NULL) {
		order->blocked = tn_arena_printf(order->in->arena,
		    "the files bind \"%s\" and do not say what it is", entry->name);
		return false;
	}
	*out = (struct tn_binding){
		.action_id = change->live != NULL ? change->live->id : NULL,
		.action_name = change->want->name,
		.display_name = entry->display_name,
		.installed = change->live != NULL && change->live->installed,
	};
	return true;
}

static bool
resolve_external(struct order *order, const struct tn_want_entry *entry,
    struct tn_binding *out)
{
	const struct tn_live_action *action = tn_live_by_name(order->in->live,
	    entry->name);
	const struct tn_binding *bound = bound_by_name(order->before, entry->name);

	if (action == NULL && bound == NULL) {
		order->blocked = tn_arena_printf(order->in->arena,
		    "the tenant has no action named \"%s\", which the files bind as external",
		    entry->name);
		return false;
	}
	*out = (struct tn_binding){
		.action_id = action != NULL ? action->id : bound->action_id,
		.action_name = entry->name,
		.display_name = entry->display_name,
		.installed = action != NULL ? action->installed : bound->installed,
	};
	return true;
}

/* What the files give no display name keeps the one that it has, if it is not ours or
 * they leave names open. */
static void
keep_display_name(const struct order *order, struct tn_binding *binding)
{
	const struct tn_flow *before = order->before;
	size_t nth = count_before(order->listed, order->n_listed, binding);
	size_t at = find_nth(before->bindings, before->n_bindings, binding, nth);

	if (at != NOWHERE)
		binding->display_name = before->bindings[at].display_name;
}

static void
add_entry(struct order *order, const struct tn_want_entry *entry)
{
	struct tn_binding binding = { 0 };
	bool there = false;

	switch (entry->kind) {
	case TN_ENTRY_OTHERS:
		if (order->others_at == NOWHERE)
			order->others_at = order->n_listed;
		return;
	case TN_ENTRY_ACTION:
		there = resolve_action(order, entry, &binding);
		break;
	case TN_ENTRY_EXTERNAL:
		there = resolve_external(order, entry, &binding);
		break;
	}
	if (there && binding.display_name == NULL &&
	    (entry->kind == TN_ENTRY_EXTERNAL || entry->keep_name))
		keep_display_name(order, &binding);
	if (there)
		order->listed[order->n_listed++] = binding;
}

/* The mode of deleting takes strangers too, and they must leave the flows first. */
static bool
deletes_strangers(const struct order *order)
{
	const struct tn_want *want = order->in->want;

	return want->delete_mode == TN_DELETE_ALL && !want->partial &&
	    order->others_at == NOWHERE;
}

/* Ours, or becoming ours with this diff: the files decide whether it is bound. */
static bool
is_managed(const struct order *order, const struct tn_binding *binding)
{
	if (binding->action_id == NULL)
		return false;
	if (deletes_strangers(order) && !binding->installed &&
	    !tn_known_other(order->in->known, binding->action_id))
		return true;
	if (tn_known_owns(order->in->known, binding->action_id))
		return true;
	for (size_t i = 0; i < order->in->want->n_actions; i++) {
		const struct tn_change *change = &order->changes[i];

		if (change->adopt && strcmp(change->live->id, binding->action_id) == 0)
			return true;
	}
	return false;
}

/*
 * Where each binding that is there goes: behind the listed one at anchors[i], in
 * front of all with n_listed, or away with NOWHERE.
 */
static void
find_anchors(const struct order *order, size_t *anchors)
{
	const struct tn_flow *before = order->before;
	size_t anchor = order->n_listed;

	for (size_t i = 0; i < before->n_bindings; i++) {
		const struct tn_binding *binding = &before->bindings[i];
		size_t nth = count_before(before->bindings, i, binding);
		size_t at = find_nth(order->listed, order->n_listed, binding, nth);

		anchors[i] = NOWHERE;
		if (at != NOWHERE)
			anchor = at;
		else if (!is_managed(order, binding))
			anchors[i] = anchor;
	}
}

/* What the plan creates has no id yet. */
static struct tn_binding
as_created(const struct order *order, const struct tn_binding *listed)
{
	struct tn_binding binding = *listed;

	for (size_t i = 0; i < order->in->want->n_actions; i++) {
		const struct tn_change *change = &order->changes[i];

		if (change->kind == TN_CHANGE_REPLACE &&
		    tn_text_equal(change->live->id, listed->action_id))
			binding.action_id = NULL;
	}
	return binding;
}

static void
append_anchored(const struct order *order, const size_t *anchors, size_t anchor,
    struct tn_binding *after, size_t *n)
{
	for (size_t i = 0; i < order->before->n_bindings; i++) {
		if (anchors[i] == anchor)
			after[(*n)++] = order->before->bindings[i];
	}
}

static void
put_in_order(const struct order *order, struct tn_flow *after)
{
	struct tn_arena *arena = order->in->arena;
	size_t n_before = order->before->n_bindings, n_listed = order->n_listed, n = 0;
	size_t *anchors = tn_arena_array(arena, n_before, size_t);
	struct tn_binding *bindings = tn_arena_array(arena, n_before + n_listed,
	    struct tn_binding);

	find_anchors(order, anchors);
	for (size_t i = 0; order->others_at != NOWHERE && i < n_before; i++) {
		if (anchors[i] != NOWHERE)
			anchors[i] = order->others_at > 0 ? order->others_at - 1
							  : n_listed;
	}
	append_anchored(order, anchors, n_listed, bindings, &n);
	for (size_t i = 0; i < n_listed; i++) {
		bindings[n++] = as_created(order, &order->listed[i]);
		append_anchored(order, anchors, i, bindings, &n);
	}
	after->bindings = bindings;
	after->n_bindings = n;
}

void
tn_flow_change_build(const struct tn_diff_input *in, const struct tn_change *changes,
    const struct tn_want_flow *want, struct tn_flow_change *out)
{
	const struct tn_flow *live = tn_live_flow(in->live, want->trigger);
	const struct tn_flow empty = { .trigger = want->trigger };
	struct order order = {
		.in = in,
		.changes = changes,
		.before = live != NULL ? live : &empty,
		.listed = tn_arena_array(in->arena, want->n_entries, struct tn_binding),
		.others_at = NOWHERE,
	};

	*out = (struct tn_flow_change){
		.trigger = want->trigger,
		.mark = want->mark,
		.before = *order.before,
		.after = *order.before,
	};
	for (size_t i = 0; i < want->n_entries; i++)
		add_entry(&order, &want->entries[i]);
	out->blocked = order.blocked;
	/* A flow that cannot be set as a whole is left as it is. */
	if (order.blocked != NULL)
		return;
	put_in_order(&order, &out->after);
	out->differs = !tn_flow_equal(&out->before, &out->after);
}
