#include "config/load.h"

#include <string.h>

#include "base/text.h"

#define OTHERS   "others"
#define EXTERNAL "external"
/* Of an action and of how it is shown, as the schema has it. */
#define NAME_MAX_LENGTH 255

static struct tn_diag *
finding(struct tn_load *load, const char *code, struct tn_mark mark, const char *trigger,
    const char *message)
{
	struct tn_diag *diag = tn_diags_error(load->diags, code, mark, "%s", message);

	tn_diags_resource(load->diags, diag, "bindings/%s", trigger);
	return diag;
}

static void
refuse_action(struct tn_load *load, const char *trigger,
    const struct tn_want_entry *entry)
{
	struct tn_diag *diag;
	const char *nearest;

	diag = finding(load, "unknown-action", entry->mark, trigger,
	    tn_arena_printf(load->arena, "there is no action \"%s\" in these files",
		entry->name));
	nearest = tn_load_nearest_item(load, &load->actions, entry->name, OTHERS);
	if (nearest != NULL)
		tn_diags_hint(load->diags, diag, "did you mean \"%s\"?", nearest);
	else
		tn_diags_hint(load->diags, diag,
		    "declare it under actions, or write {external: %s} for one that others "
		    "manage",
		    entry->name);
}

static void
refuse_external(struct tn_load *load, const char *trigger,
    const struct tn_want_entry *entry)
{
	struct tn_diag *diag;

	diag = finding(load, "external-is-ours", entry->mark, trigger,
	    tn_arena_printf(load->arena,
		"\"%s\" is bound as external and is an action of these files",
		entry->name));
	tn_diags_hint(load->diags, diag, "write its name without `external:`");
}

static void
refuse_others(struct tn_load *load, const char *trigger,
    const struct tn_want_entry *entry, const struct tn_want_entry *first)
{
	struct tn_diag *diag;

	diag = finding(load, "duplicate-others", entry->mark, trigger,
	    "`others` stands here a second time");
	tn_diags_hint(load->diags, diag,
	    "whoever else is bound has one place; line %u says it already",
	    first->mark.line);
}

/* NAME, {NAME: {displayName: …}}, "others" or {external: NAME}; false when it is none. */
static bool
read_entry(const struct tn_value *item, struct tn_want_entry *out)
{
	const struct tn_member *member;
	const char *external;

	*out = (struct tn_want_entry){ .mark = item->mark, .name = tn_value_text(item) };
	if (out->name != NULL) {
		if (strcmp(out->name, OTHERS) == 0) {
			out->kind = TN_ENTRY_OTHERS;
			out->name = NULL;
		}
		return true;
	}
	if (!tn_value_is(item, TN_VALUE_OBJECT) || item->count != 1)
		return false;
	member = &item->as.members[0];
	external = tn_value_text(member->value);
	if (external != NULL && strcmp(member->key, EXTERNAL) == 0) {
		out->kind = TN_ENTRY_EXTERNAL;
		out->name = external;
		out->mark = member->value->mark;
		return true;
	}
	out->name = member->key;
	out->mark = member->mark;
	out->display_name = tn_value_get_text(member->value, "displayName");
	return true;
}

static void
check_entry(struct tn_load *load, const char *trigger, const struct tn_want_entry *entry,
    const struct tn_load_item *action, const struct tn_want_entry **others)
{
	switch (entry->kind) {
	case TN_ENTRY_ACTION:
		if (action == NULL)
			refuse_action(load, trigger, entry);
		break;
	case TN_ENTRY_EXTERNAL:
		if (tn_load_find(&load->actions, entry->name) != NULL)
			refuse_external(load, trigger, entry);
		break;
	case TN_ENTRY_OTHERS:
		if (*others != NULL)
			refuse_others(load, trigger, entry, *others);
		*others = entry;
		break;
	}
}

static bool
entry_differs(const struct tn_want_entry *entry, const struct tn_load_item *action)
{
	return (action != NULL && !action->everywhere) ||
	    (entry->kind == TN_ENTRY_EXTERNAL &&
		tn_load_text_refers(tn_span(entry->name))) ||
	    tn_load_text_refers(tn_span(entry->display_name));
}

static void
load_flow(struct tn_load *load, struct tn_load_flow *flow)
{
	const struct tn_value *list = flow->written->value;
	size_t n = tn_value_is(list, TN_VALUE_ARRAY) ? list->count : 0;
	struct tn_want_entry *entries = tn_arena_array(load->arena, n,
	    struct tn_want_entry);
	const struct tn_want_entry *others = NULL;

	flow->entries = entries;
	flow->actions = tn_arena_array(load->arena, n, const struct tn_load_item *);
	for (size_t i = 0; i < n; i++) {
		struct tn_want_entry *entry = &entries[flow->n_entries];
		const struct tn_load_item *action = NULL;

		if (!read_entry(tn_value_at(list, i), entry))
			continue;
		if (entry->kind == TN_ENTRY_ACTION)
			action = tn_load_find(&load->actions, entry->name);
		check_entry(load, flow->written->key, entry, action, &others);
		flow->differs |= entry_differs(entry, action);
		flow->actions[flow->n_entries++] = action;
	}
}

void
tn_load_flows(struct tn_load *load)
{
	for (size_t i = 0; i < load->n_flows; i++)
		load_flow(load, &load->flows[i]);
}

/* --- Of one tenant ---------------------------------------------------------------- */

/* A name with its variables; the schema has looked at names without any. */
static const char *
expand_name(struct tn_load *load, size_t tenant, const struct tn_load_flow *flow,
    const char *name, struct tn_mark mark)
{
	const char *trigger = flow->written->key;
	const char *text;

	if (!tn_load_text_refers(tn_span(name)))
		return name;
	text = tn_load_expand_text(load,
	    tn_arena_printf(load->arena, "bindings/%s", trigger), &load->tenants[tenant],
	    name, mark);
	if (text == NULL)
		return NULL;
	if (*text == '\0' || tn_utf8_length(tn_span(text)) > NAME_MAX_LENGTH)
		tn_diags_hint(load->diags,
		    finding(load, *text == '\0' ? "too-short" : "too-long", mark, trigger,
			"the name does not have the right length with its variables"),
		    "expected a name of 1 to %d characters", NAME_MAX_LENGTH);
	return text;
}

static void
want_flow(struct tn_load *load, size_t tenant, const struct tn_load_flow *flow,
    struct tn_want_flow *out)
{
	const struct tn_load_there *there;
	struct tn_want_entry *entries;

	*out = (struct tn_want_flow){
		.trigger = flow->written->key,
		.mark = flow->written->mark,
		.entries = flow->entries,
		.n_entries = flow->n_entries,
	};
	if (!flow->differs)
		return;
	there = &flow->there[tenant];
	entries = tn_arena_array(load->arena, there->n, struct tn_want_entry);
	out->entries = entries;
	out->n_entries = there->n;
	for (size_t i = 0; i < there->n; i++) {
		struct tn_want_entry *entry = &entries[i];

		*entry = flow->entries[there->at[i]];
		if (entry->kind == TN_ENTRY_EXTERNAL)
			entry->name = expand_name(load, tenant, flow, entry->name,
			    entry->mark);
		entry->display_name = expand_name(load, tenant, flow, entry->display_name,
		    entry->mark);
	}
}

void
tn_load_want_flows(struct tn_load *load, size_t tenant, struct tn_want *want)
{
	want->flows = tn_arena_array(load->arena, load->n_flows, struct tn_want_flow);
	want->n_flows = load->n_flows;
	for (size_t i = 0; i < load->n_flows; i++)
		want_flow(load, tenant, &load->flows[i], &want->flows[i]);
}
