#include "deploycli/reading.h"

#include <stdlib.h>
#include <string.h>

/*
 * What is bound and is no action of these files must be there and is not ours: from a
 * marketplace, made by hand, or left out by a setting or by `deployed`.
 */
static void
read_entry(const struct tn_reading *reading, const struct tn_value *item,
    struct tn_want_entry *out)
{
	const struct tn_value *name = tn_value_get(item, "action_name");

	*out = (struct tn_want_entry){
		.name = tn_value_text(name),
		.display_name = tn_value_get_text(item, "display_name"),
		.mark = name != NULL ? name->mark : item->mark,
		.keep_name = true,
	};
	if (out->name != NULL && tn_want_action(reading->want, out->name) == NULL)
		out->kind = TN_ENTRY_EXTERNAL;
}

static void
read_flow(const struct tn_reading *reading, const struct tn_member *member,
    struct tn_want_flow *out)
{
	size_t n = tn_value_is(member->value, TN_VALUE_ARRAY) ? member->value->count : 0;
	struct tn_want_entry *entries = tn_arena_array(reading->arena, n,
	    struct tn_want_entry);

	*out = (struct tn_want_flow){
		.trigger = member->key,
		.mark = member->mark,
		.entries = entries,
	};
	for (size_t i = 0; i < n; i++) {
		read_entry(reading, tn_value_at(member->value, i),
		    &entries[out->n_entries]);
		out->n_entries += entries[out->n_entries].name != NULL;
	}
}

static int
compare_flows(const void *a, const void *b)
{
	const struct tn_want_flow *x = a, *y = b;

	return strcmp(x->trigger, y->trigger);
}

void
tn_reading_flows(struct tn_reading *reading, const struct tn_value *triggers)
{
	struct tn_want *want = reading->want;

	if (!tn_value_is(triggers, TN_VALUE_OBJECT))
		return;
	want->flows = tn_arena_array(reading->arena, triggers->count,
	    struct tn_want_flow);
	want->n_flows = triggers->count;
	for (size_t i = 0; i < triggers->count; i++)
		read_flow(reading, &triggers->as.members[i], &want->flows[i]);
	if (want->n_flows > 1)
		qsort(want->flows, want->n_flows, sizeof(*want->flows), compare_flows);
	/* Keywords may have made one of two. */
	for (size_t i = 1; i < want->n_flows; i++)
		if (strcmp(want->flows[i - 1].trigger, want->flows[i].trigger) == 0)
			tn_diags_error(reading->diags, "duplicate-key",
			    want->flows[i].mark, "the trigger %s stands here twice",
			    want->flows[i].trigger);
}
