#include "aim.h"

static unsigned
below(struct tn_rand *rand, unsigned n)
{
	return (unsigned)tn_rand_below(rand, n);
}

/* The first from a random one on that is wanted, or is not; SPEC_ACTIONS: there is none.
 */
static unsigned
find_action(const struct spec *spec, bool wanted, struct tn_rand *rand)
{
	unsigned from = below(rand, SPEC_ACTIONS);

	for (unsigned k = 0; k < SPEC_ACTIONS; k++)
		if (spec->actions[(from + k) % SPEC_ACTIONS].wanted == wanted)
			return (from + k) % SPEC_ACTIONS;
	return SPEC_ACTIONS;
}

static unsigned
find_module(const struct spec *spec, bool wanted)
{
	for (unsigned m = 0; m < SPEC_MODULES; m++)
		if (spec->modules[m].wanted == wanted)
			return m;
	return SPEC_MODULES;
}

static void
want_actions(struct spec *spec, unsigned n, struct tn_rand *rand)
{
	for (unsigned i = 0; i < n; i++)
		if (!spec->actions[i].wanted)
			spec_add(spec, i, rand);
}

void
aim_before(struct spec *spec, enum trouble_row row, struct tn_rand *rand)
{
	want_actions(spec, 3, rand);
	if (row == (enum trouble_row)TN_STEP_DELETE ||
	    row == (enum trouble_row)TN_STEP_MODULE_DELETE)
		spec->delete = SPEC_DELETE_MANAGED;
	if (spec->no_modules)
		return;
	if (row == (enum trouble_row)TN_STEP_MODULE_CREATE && spec->modules[2].wanted)
		spec_drop_module(spec, 2);
	else if (!spec->modules[0].wanted)
		spec_add_module(spec, 0, rand);
}

bool
aim_between(struct spec *spec, enum trouble_row row)
{
	if (row != (enum trouble_row)TN_STEP_ROLLBACK)
		return false;
	for (unsigned i = 0; i < SPEC_ACTIONS; i++)
		spec->actions[i].code += spec->actions[i].wanted;
	return true;
}

static void
change_module(struct spec *spec, enum trouble_row row, struct tn_rand *rand)
{
	unsigned m = find_module(spec, row != (enum trouble_row)TN_STEP_MODULE_CREATE);

	if (spec->no_modules || m == SPEC_MODULES)
		return;
	if (row == (enum trouble_row)TN_STEP_MODULE_CREATE)
		spec_add_module(spec, m, rand);
	else if (row == (enum trouble_row)TN_STEP_MODULE_DELETE)
		spec_drop_module(spec, m);
	else
		spec->modules[m].code++;
}

/* Two change places, or it is bound, or not bound any more. */
static void
change_flow(struct spec *spec, unsigned i)
{
	struct spec_flow *flow = &spec->flows[spec->actions[i].trigger];

	if (flow->n > 1) {
		unsigned first = flow->entries[0];

		flow->entries[0] = flow->entries[1];
		flow->entries[1] = first;
	} else if (flow->n == 1) {
		flow->n = 0;
	} else {
		flow->entries[flow->n++] = i;
	}
}

void
aim_change(struct spec *spec, enum trouble_row row, struct tn_rand *rand)
{
	unsigned i = find_action(spec, true, rand);
	unsigned other = find_action(spec, false, rand);
	struct spec_action *action = &spec->actions[i];

	switch ((unsigned)row) {
	case TN_STEP_MODULE_CREATE:
	case TN_STEP_MODULE_UPDATE:
	case TN_STEP_MODULE_PUBLISH:
	case TN_STEP_MODULE_DELETE:
		change_module(spec, row, rand);
		return;
	case TN_STEP_RENAME:
		spec_rename(spec, i);
		return;
	case TN_STEP_CREATE:
		if (other < SPEC_ACTIONS)
			spec_add(spec, other, rand);
		return;
	case TN_STEP_TEST:
		action->tested = true;
		action->code++;
		return;
	case TN_STEP_ROLLBACK:
		action->code--;
		return;
	case TN_STEP_BIND:
		change_flow(spec, i);
		return;
	case TN_STEP_DELETE:
		spec_drop(spec, i);
		return;
	case ROW_UNDO:
	case ROW_MEND:
		change_flow(spec, i);
		action->code++;
		return;
	default:
		action->code++;
		return;
	}
}
