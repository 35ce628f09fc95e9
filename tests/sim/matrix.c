#include "matrix.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "check.h"
#include "people.h"

#define SEED 7

const struct tally kills[KILLS] = {
	{ .kind = TROUBLE_KILL_SYNC, .first = 1, .step = 1 },
	{ .kind = TROUBLE_KILL_BEFORE, .first = 1, .step = 1 },
	{ .kind = TROUBLE_KILL_AFTER, .first = 1, .step = 1 },
	{ .kind = TROUBLE_KILL_BEFORE, .deliver = true, .first = 1, .step = 1 },
	{ .kind = TROUBLE_KILL_STEP, .first = 1, .step = 5 },
	{ .kind = TROUBLE_KILL_STEP, .deliver = true, .first = 3, .step = 5 },
	{ .kind = TROUBLE_STOP_STEP, .first = 1, .step = 5 },
	{ .kind = TROUBLE_POWER, .first = 1, .step = 1 },
	{ .kind = TROUBLE_FAIL_WRITE, .first = 1, .step = 1 },
	{ .kind = TROUBLE_FAIL_SYNC, .first = 1, .step = 1 },
};

/* --- what is there, and what is wanted --------------------------------------------- */

static void
set_action(struct spec *spec, unsigned i, unsigned trigger, unsigned code, bool packages,
    unsigned secrets)
{
	struct spec_action *action = &spec->actions[i];

	action->wanted = true;
	action->trigger = trigger;
	action->code = code;
	action->packages = packages;
	action->secrets = secrets;
}

static void
set_flow(struct spec *spec, unsigned t, size_t n, const unsigned *entries)
{
	spec->flows[t] = (struct spec_flow){ .named = true, .others = t == 0, .n = n };
	memcpy(spec->flows[t].entries, entries, n * sizeof(*entries));
}

static void
set_module(struct spec *spec, unsigned m, unsigned secrets)
{
	spec->modules[m] = (struct spec_module){ .wanted = true,
		.life = 1,
		.code = 1,
		.secrets = secrets };
}

static void
spec_first(struct spec *spec)
{
	spec_empty(spec);
	spec->delete = SPEC_DELETE_MANAGED;
	set_module(spec, 0, 1);
	set_module(spec, 1, 0);
	set_action(spec, 0, 0, 1, false, 1);
	spec->actions[0].tested = true;
	spec->actions[0].modules = 1;
	set_action(spec, 1, 0, 1, true, 0);
	set_action(spec, 2, 1, 1, false, 0);
	set_action(spec, 3, 1, 1, false, 2);
	spec->actions[3].modules = 2;
	set_action(spec, 6, 1, 1, false, 4);
	set_action(spec, 7, 0, 1, false, 0);
	spec->actions[7].protect = true;
	set_flow(spec, 0, 3, (const unsigned[]){ 0, 1, 7 });
	set_flow(spec, 1, 3, (const unsigned[]){ 2, 3, 6 });
	set_flow(spec, 2, 0, (const unsigned[]){ 0 });
}

/* Between the two: a version of action 2 that the last change goes back to. */
static void
spec_between(struct spec *spec)
{
	spec->actions[2].code = 2;
}

/*
 * Modules: made, changed with the action that uses it, deleted with another. Actions:
 * made with and without packages, changed with a secret and a test, gone back to a
 * version, renamed, swapped, replaced, deleted. Flows: bound, reordered, unbound.
 */
static void
spec_last(struct spec *spec)
{
	set_module(spec, 2, 2);
	spec->modules[0].code = 2;
	spec->values[0] = 1;
	spec->actions[0].code = 2;
	spec_rename(spec, 0);
	spec_swap_names(spec, 1, 7);
	spec->actions[2].code = 1;
	spec_drop(spec, 3);
	spec_drop_module(spec, 1);
	set_action(spec, 4, 0, 1, false, 4);
	spec->actions[4].modules = 4;
	set_action(spec, 5, 2, 1, true, 0);
	spec_move(spec, 6, 2);
	set_flow(spec, 0, 4, (const unsigned[]){ 4, 7, 0, 1 });
	set_flow(spec, 1, 1, (const unsigned[]){ 2 });
	set_flow(spec, 2, 2, (const unsigned[]){ 5, 6 });
}

/* --- one cell ---------------------------------------------------------------------- */

static struct {
	struct world world; /* before the apply that meets trouble */
	bool made;
	char *broken; /* on the way there */
} base;

static void
prepare(void)
{
	TN_CLEANUP(tn_freep) char *stranger = NULL;
	struct world *world = &base.world;

	if (base.made)
		return;
	base.made = true;
	world_init(world, SEED);
	world->checker = checker_new(world);
	spec_first(&world->spec);
	stranger = people_add(world, 1, 0);
	people_bind(world, 0, stranger, 0);
	checker_expect_done(world, false, "the first apply");
	spec_between(&world->spec);
	checker_expect_done(world, false, "the second apply");
	spec_last(&world->spec);
	base.broken = checker_what_broke(world->checker);
	checker_free(world->checker);
	world->checker = NULL;
}

void
matrix_done(void)
{
	if (base.made)
		world_done(&base.world);
	tn_free(base.broken);
}

/* *broken, on the heap, says which promise was. */
static void
play(const struct trouble *trouble, struct ran *ran, char **broken)
{
	struct world world;

	prepare();
	*broken = base.broken == NULL ? NULL : tn_strdup(base.broken);
	world_copy(&base.world, &world);
	world.checker = checker_new(&world);
	checker_run(&world, trouble, false, ran);
	checker_expect_done(&world, false, "the apply after the trouble");
	checker_expect_done(&world, true, "the apply after that");
	if (*broken == NULL)
		*broken = checker_what_broke(world.checker);
	checker_free(world.checker);
	world_done(&world);
}

bool
matrix_has_all_kinds(struct tn_str *out)
{
	TN_CLEANUP(tn_freep) char *broken = NULL;
	struct ran ran;

	play(NULL, &ran, &broken);
	for (unsigned kind = 0; kind < TN_STEP_KIND__COUNT; kind++)
		if ((ran.kinds & 1u << kind) == 0)
			tn_str_addf(out, " %s",
			    tn_step_kind_name((enum tn_step_kind)kind));
	if (broken != NULL)
		tn_str_addf(out, "%s", broken);
	ran_done(&ran);
	return out->len == 0;
}

/* Behind the last place there is nothing to meet. */
static bool
is_behind(const struct tally *tally, uint64_t n, const struct ran *ran)
{
	if (tally->kind == TROUBLE_KILL_STEP || tally->kind == TROUBLE_KILL_SYNC ||
	    tally->kind == TROUBLE_POWER)
		return !ran->killed;
	if (trouble_of_disk(tally->kind))
		return !ran->met[0];
	if (tally->kind == TROUBLE_STOP_STEP)
		return !ran->stopped;
	return ran->calls < n;
}

bool
matrix_play(struct tally *tally)
{
	struct trouble trouble = { .kind = tally->kind,
		.row = ROW_ANY,
		.deliver = tally->deliver };

	for (trouble.n = tally->first;; trouble.n += tally->step) {
		TN_CLEANUP(tn_freep) char *broken = NULL;
		struct ran ran;
		bool behind;

		play(&trouble, &ran, &broken);
		behind = is_behind(tally, trouble.n, &ran);
		tally->met += ran.killed || ran.stopped || ran.met[0];
		if (!ran.killed && ran.exit >= 0 && ran.exit < 8)
			tally->exits[ran.exit]++;
		if (broken != NULL)
			printf("# %s, n = %llu\n%s\n%s\n", trouble_name(tally->kind),
			    (unsigned long long)trouble.n, broken,
			    ran.text == NULL ? "" : ran.text);
		ran_done(&ran);
		if (broken != NULL)
			return false;
		if (behind)
			return tally->met > 0;
	}
}
