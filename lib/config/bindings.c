#include "config/load.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

#define OTHERS   "others"
#define EXTERNAL "external"
/* Bounds for the search of nearest words: a platform takes 100 actions. */
#define CANDIDATES ((size_t)200)
#define HINTED     ((size_t)100)

static struct tn_diag *
finding(struct tn_load *load, const char *code, struct tn_mark mark, const char *trigger,
    const char *message)
{
	struct tn_diag *diag = tn_diags_error(load->diags, code, mark, "%s", message);

	tn_diags_resource(load->diags, diag, "bindings/%s", trigger);
	return diag;
}

/* The action or keyword that was probably meant, or NULL. */
static const char *
nearest_entry(const struct tn_load *load, const char *name)
{
	size_t n = load->want->n_actions < CANDIDATES ? load->want->n_actions
						      : CANDIDATES;
	TN_CLEANUP(tn_freep) const char **names = tn_alloc(n + 1, sizeof(*names));

	if (tn_diags_count(load->diags) > HINTED)
		return NULL;
	for (size_t i = 0; i < n; i++)
		names[i] = load->want->actions[i].name;
	names[n] = OTHERS;
	return tn_text_nearest(name, names, n + 1);
}

static void
check_action(struct tn_load *load, const char *trigger, const struct tn_want_entry *entry)
{
	struct tn_diag *diag;
	const char *nearest;

	if (tn_want_action(load->want, entry->name) != NULL)
		return;
	diag = finding(load, "unknown-action", entry->mark, trigger,
	    tn_arena_printf(load->arena, "there is no action \"%s\" in these files",
		entry->name));
	nearest = nearest_entry(load, entry->name);
	if (nearest != NULL)
		tn_diags_hint(load->diags, diag, "did you mean \"%s\"?", nearest);
	else
		tn_diags_hint(load->diags, diag,
		    "declare it under actions, or write {external: %s} for one that others "
		    "manage",
		    entry->name);
}

static void
check_external(struct tn_load *load, const char *trigger,
    const struct tn_want_entry *entry)
{
	struct tn_diag *diag;

	if (tn_want_action(load->want, entry->name) == NULL)
		return;
	diag = finding(load, "external-is-ours", entry->mark, trigger,
	    tn_arena_printf(load->arena,
		"\"%s\" is bound as external and is an action of these files",
		entry->name));
	tn_diags_hint(load->diags, diag, "write its name without `external:`");
}

static void
check_others(struct tn_load *load, const char *trigger, const struct tn_want_entry *entry,
    const struct tn_want_entry *first)
{
	struct tn_diag *diag;

	if (first == NULL)
		return;
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
    const struct tn_want_entry **others)
{
	switch (entry->kind) {
	case TN_ENTRY_ACTION:
		check_action(load, trigger, entry);
		break;
	case TN_ENTRY_EXTERNAL:
		check_external(load, trigger, entry);
		break;
	case TN_ENTRY_OTHERS:
		check_others(load, trigger, entry, *others);
		*others = entry;
		break;
	}
}

static void
load_flow(struct tn_load *load, const struct tn_member *member, struct tn_want_flow *out)
{
	size_t n = tn_value_count(member->value);
	struct tn_want_entry *entries = tn_arena_array(load->arena, n,
	    struct tn_want_entry);
	const struct tn_want_entry *others = NULL;

	*out = (struct tn_want_flow){
		.trigger = member->key,
		.mark = member->mark,
		.entries = entries,
	};
	for (size_t i = 0; i < n; i++) {
		const struct tn_value *item = tn_value_at(member->value, i);
		struct tn_want_entry *entry = &entries[out->n_entries];

		if (item == NULL || !read_entry(item, entry))
			continue;
		check_entry(load, member->key, entry, &others);
		out->n_entries++;
	}
}

static int
compare_flows(const void *a, const void *b)
{
	const struct tn_want_flow *x = a, *y = b;

	return strcmp(x->trigger, y->trigger);
}

void
tn_load_bindings(struct tn_load *load, const struct tn_value *bindings)
{
	struct tn_want *want = load->want;

	if (!tn_value_is(bindings, TN_VALUE_OBJECT))
		return;
	want->flows = tn_arena_array(load->arena, bindings->count, struct tn_want_flow);
	want->n_flows = bindings->count;
	for (size_t i = 0; i < bindings->count; i++)
		load_flow(load, &bindings->as.members[i], &want->flows[i]);
	qsort(want->flows, want->n_flows, sizeof(*want->flows), compare_flows);
}
