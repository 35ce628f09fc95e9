#include "diff/change.h"

#include <stdlib.h>
#include <string.h>

static const struct tn_flow_change *
change_of_flow(const struct tn_diff *diff, const char *trigger)
{
	for (size_t i = 0; i < diff->n_flows; i++)
		if (tn_text_equal(diff->flows[i].trigger, trigger))
			return &diff->flows[i];
	return NULL;
}

/* As it will be after this diff; NULL: nobody has read it. */
static const struct tn_flow *
flow_after(const struct tn_diff_input *in, const struct tn_diff *diff,
    const char *trigger)
{
	const struct tn_flow_change *change = change_of_flow(diff, trigger);

	return change != NULL ? &change->after : tn_live_flow(in->live, trigger);
}

static bool
is_entity_bound(const struct tn_live *live, const char *trigger)
{
	for (size_t i = 0; i < live->n_triggers; i++)
		if (tn_text_equal(live->triggers[i].trigger.id, trigger) &&
		    live->triggers[i].entity_bound)
			return true;
	return false;
}

static bool
is_named(const struct tn_diff_options *options, const char *name)
{
	for (size_t i = 0; i < options->n_entity_bound; i++)
		if (tn_text_equal(options->entity_bound[i], name))
			return true;
	return false;
}

/* Why it stays; NULL: it goes. */
static const char *
reason_to_keep(const struct tn_diff_input *in, const struct tn_diff *diff,
    const struct tn_removal *removal)
{
	const struct tn_live_action *live = removal->live;
	const struct tn_flow *flow = flow_after(in, diff, live->trigger.id);

	if (is_entity_bound(in->live, live->trigger.id))
		return is_named(in->options, live->name)
		    ? NULL
		    : tn_arena_printf(in->arena,
			  "what else uses it cannot be seen; --delete-entity-bound %s "
			  "deletes it",
			  live->name);
	if (flow != NULL && tn_flow_has_action(flow, live->id))
		return tn_arena_printf(in->arena, "it is bound in the flow of %s",
		    flow->trigger);
	return NULL;
}

/* Not yet known whether it is used. */
static bool
must_be_read(const struct tn_diff_input *in, const struct tn_diff *diff,
    const struct tn_live_action *live)
{
	const char *trigger = live->trigger.id;

	if (trigger == NULL || flow_after(in, diff, trigger) != NULL ||
	    is_entity_bound(in->live, trigger))
		return false;
	for (size_t i = 0; i < diff->n_flow_needs; i++)
		if (strcmp(diff->flow_needs[i], trigger) == 0)
			return false;
	return true;
}

static void
add(const struct tn_diff_input *in, struct tn_diff *diff, struct tn_removal removal)
{
	removal.kept = reason_to_keep(in, diff, &removal);
	if (must_be_read(in, diff, removal.live))
		diff->flow_needs[diff->n_flow_needs++] = removal.live->trigger.id;
	diff->removals[diff->n_removals++] = removal;
}

static int
by_name(const void *a, const void *b)
{
	const struct tn_removal *x = a, *y = b;
	int order = strcmp(x->live->name, y->live->name);

	return order != 0 ? order : strcmp(x->live->id, y->live->id);
}

void
tn_removals_build(const struct tn_diff_input *in, struct tn_diff *diff)
{
	enum tn_want_delete mode = in->want->partial ? TN_DELETE_NONE
						     : in->want->delete_mode;
	size_t most = in->live->n_actions;

	diff->removals = tn_arena_array(in->arena, most, struct tn_removal);
	diff->flow_needs = tn_arena_array(in->arena, most, const char *);
	for (size_t i = 0; i < diff->n_changes; i++) {
		const struct tn_change *change = &diff->changes[i];

		if (change->kind == TN_CHANGE_REPLACE)
			add(in, diff, (struct tn_removal){ change->live, change, NULL });
	}
	for (size_t i = 0; mode != TN_DELETE_NONE && i < diff->n_gone; i++)
		add(in, diff, (struct tn_removal){ diff->gone[i], NULL, NULL });
	for (size_t i = 0; mode == TN_DELETE_ALL && i < diff->n_strangers; i++) {
		const struct tn_live_action *stranger = diff->strangers[i];

		if (!stranger->installed && !tn_known_other(in->known, stranger->id))
			add(in, diff, (struct tn_removal){ stranger, NULL, NULL });
	}
	if (diff->n_removals > 0)
		qsort(diff->removals, diff->n_removals, sizeof(*diff->removals), by_name);
}

/* --- Modules ---------------------------------------------------------------------- */

/* By this diff it is deleted, or has another draft and runs with it. */
static bool
changes_or_goes(const struct tn_diff *diff, const struct tn_live_action *live)
{
	for (size_t i = 0; i < diff->n_removals; i++)
		if (diff->removals[i].live == live && diff->removals[i].kept == NULL)
			return true;
	for (size_t i = 0; i < diff->n_changes; i++)
		if (diff->changes[i].live == live)
			return diff->changes[i].kind == TN_CHANGE_UPDATE ||
			    diff->changes[i].kind == TN_CHANGE_DEPLOY ||
			    diff->changes[i].kind == TN_CHANGE_ROLLBACK;
	return false;
}

/* An action that has it in its draft or in what runs once all is as wanted; NULL: none.
 */
static const char *
user_of(const struct tn_diff_input *in, const struct tn_diff *diff, const char *module)
{
	for (size_t i = 0; i < diff->n_changes; i++)
		if (tn_content_module(&diff->changes[i].want->content, module) != NULL)
			return diff->changes[i].want->name;
	for (size_t i = 0; i < in->live->n_actions; i++) {
		const struct tn_live_action *live = &in->live->actions[i];

		if (changes_or_goes(diff, live))
			continue;
		if (tn_content_module(&live->draft, module) != NULL ||
		    (live->has_live &&
			tn_content_module(&live->live.content, module) != NULL))
			return live->name;
	}
	return NULL;
}

static void
add_module(const struct tn_diff_input *in, struct tn_diff *diff,
    const struct tn_live_module *live)
{
	struct tn_module_removal removal = { .live = live };
	const char *user = user_of(in, diff, live->name);

	if (user != NULL)
		removal.kept = tn_arena_printf(in->arena, "the action %s uses it", user);
	diff->module_removals[diff->n_module_removals++] = removal;
}

static int
by_module(const void *a, const void *b)
{
	const struct tn_module_removal *x = a, *y = b;

	return strcmp(x->live->name, y->live->name);
}

void
tn_module_removals_build(const struct tn_diff_input *in, struct tn_diff *diff)
{
	enum tn_want_delete mode = in->want->delete_mode;

	diff->module_removals = tn_arena_array(in->arena, in->live->n_modules,
	    struct tn_module_removal);
	if (in->want->partial || in->want->actions_only || mode == TN_DELETE_NONE)
		return;
	for (size_t i = 0; i < diff->n_gone_modules; i++)
		add_module(in, diff, diff->gone_modules[i]);
	for (size_t i = 0; mode == TN_DELETE_ALL && i < diff->n_stranger_modules; i++)
		if (!tn_known_other(in->known, diff->stranger_modules[i]->id))
			add_module(in, diff, diff->stranger_modules[i]);
	if (diff->n_module_removals > 0)
		qsort(diff->module_removals, diff->n_module_removals,
		    sizeof(*diff->module_removals), by_module);
}

static bool
deletes_a_module(const struct tn_diff *diff)
{
	for (size_t i = 0; i < diff->n_module_removals; i++)
		if (diff->module_removals[i].kept == NULL)
			return true;
	return false;
}

bool
tn_diff_removes_all(const struct tn_diff *diff)
{
	size_t ours = diff->n_gone, gone = 0, deleted = 0;

	if (diff->n_changes + diff->n_modules == 0 && deletes_a_module(diff))
		return true;
	for (size_t i = 0; i < diff->n_changes; i++)
		ours += diff->changes[i].live != NULL && !diff->changes[i].adopt;
	for (size_t i = 0; i < diff->n_removals; i++) {
		const struct tn_removal *removal = &diff->removals[i];

		if (removal->kept != NULL || removal->replaced != NULL)
			continue;
		deleted++;
		for (size_t k = 0; k < diff->n_gone; k++)
			gone += diff->gone[k] == removal->live;
	}
	return deleted > 0 && (diff->n_changes == 0 || (gone > 0 && gone == ours));
}
