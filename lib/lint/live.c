#include "lint/lint.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"

struct check {
	const struct tn_live *live;
	struct tn_diags *diags;
};

static const struct tn_trigger_info *
find_trigger(const struct check *check, const char *id, const char *version)
{
	for (size_t i = 0; i < check->live->n_triggers; i++) {
		const struct tn_trigger_info *info = &check->live->triggers[i];

		if (tn_text_equal(info->trigger.id, id) &&
		    (version == NULL || tn_text_equal(info->trigger.version, version)))
			return info;
	}
	return NULL;
}

/* The hint for a wrong word: the nearest of those that are right, else all of them. */
static void
hint_words(const struct check *check, struct tn_diag *diag, const char *word,
    const char *const *right, size_t n)
{
	TN_CLEANUP(tn_str_done) struct tn_str all = TN_STR_INIT;
	const char *nearest = tn_text_nearest(word, right, n);

	if (nearest != NULL) {
		tn_diags_hint(check->diags, diag, "did you mean \"%s\"?", nearest);
		return;
	}
	for (size_t i = 0; i < n; i++)
		tn_str_addf(&all, "%s%s", i > 0 ? ", " : "", right[i]);
	if (n > 0)
		tn_diags_hint(check->diags, diag, "the tenant offers: %s",
		    tn_str_text(&all));
}

/* The tenant's trigger ids, or with an id its versions; each once. */
static size_t
trigger_words(const struct check *check, const char *id, const char **out)
{
	size_t n = 0;

	for (size_t i = 0; i < check->live->n_triggers; i++) {
		const struct tn_trigger *trigger = &check->live->triggers[i].trigger;
		const char *word = id == NULL ? trigger->id : trigger->version;
		size_t k = 0;

		if (word == NULL || (id != NULL && !tn_text_equal(trigger->id, id)))
			continue;
		while (k < n && strcmp(out[k], word) != 0)
			k++;
		if (k == n)
			out[n++] = word;
	}
	return n;
}

static struct tn_diag *
unknown_trigger(const struct check *check, struct tn_mark mark, const char *id)
{
	TN_CLEANUP(tn_freep)
	const char **words = tn_alloc(check->live->n_triggers + 1, sizeof(*words));
	struct tn_diag *diag = tn_diags_error(check->diags, "unknown-trigger", mark,
	    "the tenant has no trigger \"%s\"", id);

	hint_words(check, diag, id, words, trigger_words(check, NULL, words));
	return diag;
}

static struct tn_diag *
unknown_version(const struct check *check, struct tn_mark mark,
    const struct tn_trigger *trigger)
{
	TN_CLEANUP(tn_freep)
	const char **words = tn_alloc(check->live->n_triggers + 1, sizeof(*words));
	struct tn_diag *diag = tn_diags_error(check->diags, "unknown-trigger-version",
	    mark, "the tenant has no version %s of trigger %s", trigger->version,
	    trigger->id);

	hint_words(check, diag, trigger->version, words,
	    trigger_words(check, trigger->id, words));
	return diag;
}

static struct tn_diag *
deprecated_trigger(const struct check *check, struct tn_mark mark,
    const struct tn_trigger *trigger)
{
	struct tn_diag *diag = tn_diags_warning(check->diags, "deprecated-trigger", mark,
	    "trigger %s@%s is deprecated", trigger->id, trigger->version);

	for (size_t i = 0; i < check->live->n_triggers; i++) {
		const struct tn_trigger_info *info = &check->live->triggers[i];

		if (info->current && tn_text_equal(info->trigger.id, trigger->id))
			tn_diags_hint(check->diags, diag, "the current version is %s",
			    info->trigger.version);
	}
	return diag;
}

/* What an action has already is no reason to refuse a plan that leaves it alone. */
static bool
has_runtime(const struct tn_live_action *live, const char *runtime)
{
	return live != NULL &&
	    (tn_text_equal(live->draft.runtime, runtime) ||
		(live->has_live && tn_text_equal(live->live.content.runtime, runtime)));
}

/* A trigger without a list of runtimes says nothing about them. */
static bool
offers_runtime(const struct tn_trigger_info *info, const char *runtime)
{
	for (size_t i = 0; i < info->n_runtimes; i++) {
		if (strcmp(info->runtimes[i], runtime) == 0)
			return true;
	}
	return info->n_runtimes == 0;
}

static struct tn_diag *
check_runtime(const struct check *check, const struct tn_want_action *action,
    const struct tn_trigger_info *info, const struct tn_live_action *live)
{
	const char *runtime = action->content.runtime;
	struct tn_diag *diag;

	if (runtime == NULL || offers_runtime(info, runtime) ||
	    has_runtime(live, runtime))
		return NULL;
	diag = tn_diags_error(check->diags, "unknown-runtime", action->mark,
	    "the tenant has no runtime \"%s\" for %s@%s", runtime, action->trigger.id,
	    action->trigger.version);
	hint_words(check, diag, runtime, info->runtimes, info->n_runtimes);
	return diag;
}

static void
about_action(const struct check *check, struct tn_diag *diag,
    const struct tn_want_action *action)
{
	if (diag != NULL)
		tn_diags_resource(check->diags, diag, "action/%s", action->name);
}

static void
check_action(const struct check *check, const struct tn_want_action *action)
{
	const struct tn_trigger *trigger = &action->trigger;
	const struct tn_trigger_info *info = find_trigger(check, trigger->id,
	    trigger->version);
	const struct tn_live_action *live = tn_live_by_name(check->live, action->name);
	struct tn_diag *diag = NULL;

	if (info != NULL) {
		if (!info->current)
			diag = deprecated_trigger(check, action->mark, trigger);
		about_action(check, diag, action);
		about_action(check, check_runtime(check, action, info, live), action);
	} else if (find_trigger(check, trigger->id, NULL) == NULL) {
		about_action(check, unknown_trigger(check, action->mark, trigger->id),
		    action);
	} else {
		about_action(check, unknown_version(check, action->mark, trigger),
		    action);
	}
}

static struct tn_diag *
check_flow_trigger(const struct check *check, const struct tn_want_flow *flow)
{
	const struct tn_trigger_info *info = find_trigger(check, flow->trigger, NULL);
	struct tn_diag *diag;

	if (info == NULL)
		return unknown_trigger(check, flow->mark, flow->trigger);
	if (!info->entity_bound)
		return NULL;
	diag = tn_diags_error(check->diags, "entity-bound", flow->mark,
	    "actions of %s are bound through another resource and have no order here",
	    flow->trigger);
	tn_diags_hint(check->diags, diag, "take it out of bindings");
	return diag;
}

static bool
is_bound(const struct check *check, const char *trigger, const char *name)
{
	const struct tn_flow *flow = tn_live_flow(check->live, trigger);

	for (size_t i = 0; flow != NULL && i < flow->n_bindings; i++) {
		if (tn_text_equal(flow->bindings[i].action_name, name))
			return true;
	}
	return false;
}

static struct tn_diag *
missing_external(const struct check *check, const struct tn_want_entry *entry)
{
	size_t n = check->live->n_actions;
	TN_CLEANUP(tn_freep) const char **names = tn_alloc(n + 1, sizeof(*names));
	struct tn_diag *diag = tn_diags_error(check->diags, "missing-external",
	    entry->mark, "the tenant has no action \"%s\"", entry->name);
	const char *nearest;

	for (size_t i = 0; i < n; i++)
		names[i] = check->live->actions[i].name;
	nearest = tn_text_nearest(entry->name, names, n);
	if (nearest != NULL)
		tn_diags_hint(check->diags, diag, "did you mean \"%s\"?", nearest);
	else
		tn_diags_hint(check->diags, diag,
		    "an external action must be there before it can be bound");
	return diag;
}

/* One that is bound now can stay, whatever the list of actions says about it. */
static struct tn_diag *
check_external(const struct check *check, const char *trigger,
    const struct tn_want_entry *entry)
{
	const struct tn_live_action *live;
	struct tn_diag *diag;

	if (is_bound(check, trigger, entry->name))
		return NULL;
	live = tn_live_by_name(check->live, entry->name);
	if (live == NULL)
		return missing_external(check, entry);
	if (live->trigger.id != NULL && strcmp(live->trigger.id, trigger) != 0) {
		diag = tn_diags_error(check->diags, "wrong-trigger", entry->mark,
		    "\"%s\" is written for %s and cannot run in %s", entry->name,
		    live->trigger.id, trigger);
		tn_diags_hint(check->diags, diag, "bind it under %s", live->trigger.id);
		return diag;
	}
	if (live->has_live)
		return NULL;
	diag = tn_diags_error(check->diags, "undeployed-external", entry->mark,
	    "\"%s\" was never deployed and cannot be bound", entry->name);
	tn_diags_hint(check->diags, diag, "have its owner deploy it first");
	return diag;
}

static void
check_flow(const struct check *check, const struct tn_want_flow *flow)
{
	struct tn_diag *diag = NULL;

	if (check->live->has_triggers)
		diag = check_flow_trigger(check, flow);
	if (diag != NULL)
		tn_diags_resource(check->diags, diag, "bindings/%s", flow->trigger);
	for (size_t i = 0; i < flow->n_entries; i++) {
		const struct tn_want_entry *entry = &flow->entries[i];

		if (entry->kind != TN_ENTRY_EXTERNAL)
			continue;
		diag = check_external(check, flow->trigger, entry);
		if (diag != NULL)
			tn_diags_resource(check->diags, diag, "bindings/%s",
			    flow->trigger);
	}
}

/* It is there already, under this name or the one that it had. */
static bool
is_there(const struct check *check, const struct tn_want_action *action)
{
	const struct tn_live_action *live = tn_live_by_name(check->live, action->name);

	if (live == NULL && action->renamed_from != NULL)
		live = tn_live_by_name(check->live, action->renamed_from);
	/* One for another trigger is replaced: both are there for a while. */
	return live != NULL && tn_text_equal(live->trigger.id, action->trigger.id);
}

/*
 * The most actions that the tenant has at one time during the apply: new ones are made
 * before anything is deleted. Marketplace actions do not count.
 */
static void
check_count(const struct check *check, const struct tn_want *want, size_t limit)
{
	size_t there = 0, known = 0, new = 0, most;
	const struct tn_want_action *first = NULL;

	for (size_t i = 0; i < check->live->n_actions; i++)
		there += !check->live->actions[i].installed;
	for (size_t i = 0; i < want->n_actions; i++) {
		if (is_there(check, &want->actions[i])) {
			known++;
			continue;
		}
		if (first == NULL)
			first = &want->actions[i];
		new ++;
	}
	most = there + new;
	if (limit == 0 || first == NULL || most <= limit)
		return;
	tn_diags_hint(check->diags,
	    tn_diags_error(check->diags, "too-many-actions", first->mark,
		"the tenant would have %zu actions during the apply: %zu that are there, %zu "
		"of them not in these files, and %zu new ones; the platform takes %zu",
		most, there, there > known ? there - known : 0, new, limit),
	    "new ones are made before others are deleted: delete %zu that nobody needs "
	    "first",
	    most - limit);
}

/* The same of modules, which are deleted last as well. */
static void
check_module_count(const struct check *check, const struct tn_want *want, size_t limit)
{
	size_t there = check->live->n_modules, new = 0;
	const struct tn_want_module *first = NULL;
	struct tn_diag *diag;

	for (size_t i = 0; i < want->n_modules; i++) {
		if (tn_live_module(check->live, want->modules[i].name) != NULL)
			continue;
		if (first == NULL)
			first = &want->modules[i];
		new ++;
	}
	if (limit == 0 || first == NULL || there + new <= limit)
		return;
	diag = tn_diags_error(check->diags, "too-many-modules", first->mark,
	    "the tenant would have %zu modules: %zu that are there and %zu new ones; the "
	    "platform takes %zu",
	    there + new, there, new, limit);
	tn_diags_hint(check->diags, diag, "delete %zu that nobody needs first",
	    there + new - limit);
}

void
tn_lint_live(const struct tn_want *want, const struct tn_live *live,
    const struct tn_capabilities *capabilities, struct tn_diags *diags)
{
	const struct check check = { .live = live, .diags = diags };

	if (live->has_triggers) {
		for (size_t i = 0; i < want->n_actions; i++)
			check_action(&check, &want->actions[i]);
	}
	for (size_t i = 0; i < want->n_flows; i++)
		check_flow(&check, &want->flows[i]);
	check_count(&check, want, capabilities->limits.actions);
	check_module_count(&check, want, capabilities->limits.modules);
}
