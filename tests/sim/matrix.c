#include "matrix.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "check.h"

#define SEED 7

struct tally tallies[TALLIES] = {
	{ "the n-th record of the journal", KILL_AFTER_SYNC, false, 1, 0 },
	{ "the n-th call, not sent", KILL_BEFORE_CALL, false, 1, 0 },
	{ "the n-th call, effect without answer", KILL_AFTER_CALL, false, 1, 0 },
	{ "the n-th call, others on their way arrive", KILL_BEFORE_CALL, true, 1, 0 },
	{ "the n-th callback of the loop", KILL_AT_STEP, false, 3, 0 },
	{ "the n-th callback, calls on their way arrive", KILL_AT_STEP, true, 3, 0 },
	{ "the n-th callback, by a person who stops it", STOP_AT_STEP, false, 1, 0 },
};

static void
set_action(struct spec *spec, unsigned i, unsigned trigger, unsigned code, bool packages,
    unsigned secrets)
{
	spec->actions[i] = (struct spec_action){ true, trigger, code, packages, secrets };
}

static void
set_flow(struct spec *spec, unsigned t, size_t n, const unsigned *entries)
{
	spec->flows[t] = (struct spec_flow){ .named = true, .others = t == 0, .n = n };
	memcpy(spec->flows[t].entries, entries, n * sizeof(*entries));
}

static void
spec_first(struct spec *spec)
{
	memset(spec, 0, sizeof(*spec));
	set_action(spec, 0, 0, 1, false, 1);
	set_action(spec, 1, 0, 1, true, 0);
	set_action(spec, 2, 1, 1, false, 0);
	set_action(spec, 3, 1, 1, false, 2);
	set_flow(spec, 0, 2, (const unsigned[]){ 0, 1 });
	set_flow(spec, 1, 2, (const unsigned[]){ 2, 3 });
}

/* Between the two: a version of action 2 that the last change goes back to. */
static void
spec_between(struct spec *spec)
{
	spec->actions[2].code = 2;
}

/* Created with and without packages, updated with and without secrets, rolled back,
 * bound, reordered, unbound. */
static void
spec_last(struct spec *spec)
{
	spec->actions[0].code = 2;
	spec->values[0] = 1;
	spec->actions[1].code = 3;
	spec->actions[2].code = 1;
	set_action(spec, 4, 0, 1, false, 4);
	set_action(spec, 5, 2, 1, true, 0);
	set_flow(spec, 0, 3, (const unsigned[]){ 4, 1, 0 });
	set_flow(spec, 1, 1, (const unsigned[]){ 2 });
	set_flow(spec, 2, 1, (const unsigned[]){ 5 });
}

static void
run(struct world *world, const struct kill *kill, bool must_not_write, struct ran *ran)
{
	checker_begin(world->checker, TN_COMMAND_APPLY, must_not_write);
	world_run(world, TN_COMMAND_APPLY, kill, ran);
	checker_end(world->checker, ran);
}

static void
expect_done(struct world *world, bool must_not_write, const char *which)
{
	struct ran ran;

	run(world, NULL, must_not_write, &ran);
	if (ran.exit != TN_EXIT_DONE)
		checker_fail(world->checker, "converges", "%s: exit %d\n%s", which,
		    ran.exit, ran.text);
	ran_done(&ran);
}

static void
add_stranger(struct world *world)
{
	TN_CLEANUP(tn_freep)
	char *id = world_other_id(world, "POST", "/actions/actions",
	    "{\"name\":\"stranger\",\"supported_triggers\":[{\"id\":\"post-login\","
	    "\"version\":\"v3\"}],\"code\":\"// theirs\",\"runtime\":\"node22\"}");
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

	world_wait(world, TN_SEC);
	tn_str_addf(&text, "/actions/actions/%s/deploy", id);
	world_other(world, "POST", tn_str_text(&text), "{}");
	world_wait(world, TN_SEC);
	tn_str_clear(&text);
	tn_str_addf(&text,
	    "{\"bindings\":[{\"ref\":{\"type\":\"action_id\",\"value\":\"%s\"}}]}", id);
	world_other(world, "PATCH", "/actions/triggers/post-login/bindings",
	    tn_str_text(&text));
}

/* One cell. False when the kill came after the end; *broken tells the rest. */
static bool
play(const struct kill *kill, char **broken)
{
	struct world world;
	struct ran ran;
	bool died;

	world_init(&world, SEED);
	world.checker = checker_new(&world);
	spec_first(&world.spec);
	add_stranger(&world);
	expect_done(&world, false, "the first apply");
	spec_between(&world.spec);
	expect_done(&world, false, "the second apply");
	spec_last(&world.spec);
	run(&world, kill, false, &ran);
	died = ran.killed || ran.stopped;
	ran_done(&ran);
	expect_done(&world, false, "the apply after the kill");
	expect_done(&world, true, "the apply after that");
	if (checker_broken(world.checker) != NULL) {
		TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

		tn_str_addf(&text, "# violated: %s\n%s", checker_broken(world.checker),
		    checker_message(world.checker));
		*broken = tn_str_take(&text);
	}
	checker_free(world.checker);
	world_done(&world);
	return died;
}

bool
matrix_play(struct tally *tally)
{
	struct kill kill = { .kind = tally->kind, .deliver = tally->deliver };

	for (kill.n = 1;; kill.n += tally->step) {
		char *broken = NULL;
		bool died = play(&kill, &broken);

		if (broken != NULL) {
			printf("# killed at %s, n = %llu\n%s\n", tally->name,
			    (unsigned long long)kill.n, broken);
			tn_free(broken);
			return false;
		}
		if (!died)
			return tally->deaths > 0;
		tally->deaths++;
	}
}
