#include "life.h"

#include <stdio.h>
#include <string.h>

#include "aim.h"
#include "base/mem.h"
#include "look.h"
#include "people.h"

#define EPISODES 3
#define PASTS    8

/* An apply that ended well, and what it was made from. */
struct past {
	char run_id[40];
	struct spec spec;
};

struct play {
	struct life *life;
	struct world world;
	struct checker *checker;
	unsigned strangers;
	struct past pasts[PASTS];
	size_t n_pasts;
	bool mends; /* the next apply has to mend a killed one first */
};

static unsigned
below(struct play *play, unsigned n)
{
	return (unsigned)tn_rand_below(&play->world.rand, n);
}

static bool
one_in(struct play *play, unsigned n)
{
	return tn_rand_one_in(&play->world.rand, n);
}

/* FNV-1a over what happened. */
static void
trace(struct life *life, const void *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		life->trace = (life->trace ^ ((const unsigned char *)bytes)[i]) *
		    UINT64_C(1099511628211);
}

/* Other people. */

static void
add_stranger(struct play *play)
{
	struct world *world = &play->world;
	unsigned t = below(play, SPEC_TRIGGERS);
	TN_CLEANUP(tn_freep) char *id = people_add(world, play->strangers++, t);
	size_t n = tn_sim_view_bindings(world->sim, spec_triggers[t]);

	if (id != NULL && !one_in(play, 3))
		people_bind(world, t, id, below(play, (unsigned)n + 1));
}

/* Somebody makes an action by hand that the project will name one day. */
static void
take_name(struct play *play)
{
	unsigned i = below(play, SPEC_ACTIONS);
	struct spec_action *action = &play->world.spec.actions[i];

	if (action->wanted)
		return;
	if (action->code == 0) {
		action->trigger = below(play, SPEC_TRIGGERS);
		action->code = 1;
	}
	people_take_name(&play->world, i);
}

static void
interfere(struct play *play)
{
	struct world *world = &play->world;

	switch (below(play, 6)) {
	case 0:
		add_stranger(play);
		break;
	case 1:
	case 2:
		people_edit(world, below(play, SPEC_ACTIONS), below(play, 1000),
		    one_in(play, 2));
		break;
	case 3:
		people_edit_module(world, below(play, SPEC_MODULES), below(play, 1000),
		    one_in(play, 2));
		break;
	case 4:
		take_name(play);
		break;
	default:
		people_reverse_flow(world, below(play, SPEC_TRIGGERS));
		break;
	}
	checker_interfered(play->checker);
}

/* Trouble. */

/*
 * At any place of any run. What the way back needs is not refused: then it could not come
 * to its end, which the trouble that a life is aimed at is for.
 */
static struct trouble
random_trouble(struct play *play)
{
	enum trouble_kind kind = (enum trouble_kind)(1 + below(play, TROUBLE__COUNT - 1));
	struct trouble trouble = { .kind = kind,
		.row = ROW_ANY,
		.n = 1 +
		    below(play,
			kind == TROUBLE_KILL_STEP || kind == TROUBLE_STOP_STEP ? 300
									       : 40),
		.deliver = one_in(play, 2) };

	if (!trouble_refuses(kind))
		return trouble;
	if (play->mends)
		return (struct trouble){ 0 };
	trouble.row = (enum trouble_row)below(play, TN_STEP_KIND__COUNT);
	trouble.n = 1 + below(play, 3);
	return trouble;
}

static void
note_troubles(struct play *play, const struct trouble *troubles, size_t n,
    const struct ran *ran)
{
	for (size_t i = 0; i < n; i++) {
		if (!ran->met[i])
			continue;
		play->life->troubles++;
		/* The end of a run that the disk did not take is left to the next. */
		play->mends = play->mends ||
		    (trouble_of_disk(troubles[i].kind) && ran->exit == TN_EXIT_ERROR);
		if (play->life->table != NULL)
			trouble_note(play->life->table, ran->met_row[i],
			    troubles[i].kind);
	}
}

/* From here on nothing says for sure that what is there is ours. */
static void
who_knows(struct play *play)
{
	play->world.taken = ~0u;
	play->world.unsure = true;
}

static void
note_ran(struct play *play, enum tn_command command, const struct ran *ran)
{
	struct life *life = play->life;

	life->runs++;
	life->calls += ran->calls;
	life->kills += ran->killed;
	life->rollbacks += command == TN_COMMAND_ROLLBACK && !ran->killed &&
	    ran->exit == TN_EXIT_DONE && ran->planned_changes;
	/* What a run could not put back, nobody knows what it was; and what it deleted of
	 * other people's would come back as ours. */
	if (ran->exit == TN_EXIT_NOT_PUT_BACK)
		who_knows(play);
	if (tn_command_writes(command) &&
	    (ran->exit == TN_EXIT_NOT_PUT_BACK ||
		play->world.spec.delete == SPEC_DELETE_ALL))
		play->n_pasts = 0;
	if (tn_command_writes(command))
		/* One that was stopped before it came to mending leaves that to the next.
		 */
		play->mends = ran->killed || ran->exit == TN_EXIT_NOT_PUT_BACK ||
		    (play->mends && ran->exit == TN_EXIT_ERROR);
	if (!ran->killed && ran->exit >= 0 && ran->exit < 8)
		life->exits[ran->exit]++;
	trace(life, &ran->calls, sizeof(ran->calls));
	trace(life, &ran->exit, sizeof(ran->exit));
	trace(life, &ran->steps, sizeof(ran->steps));
	if (ran->text != NULL)
		trace(life, ran->text, strlen(ran->text));
	if (life->verbose)
		printf("# command %d, exit %d%s, %u calls, %u writes\n%s\n", (int)command,
		    ran->exit, ran->killed ? " (killed)" : "", (unsigned)ran->calls,
		    (unsigned)ran->writes, ran->text == NULL ? "" : ran->text);
}

static void
run(struct play *play, enum tn_command command, const struct trouble *troubles,
    size_t n_troubles, bool must_not_write, struct ran *ran)
{
	for (size_t i = 0; play->life->verbose && i < n_troubles; i++)
		printf("# trouble: %s, at %s, %llu\n", trouble_name(troubles[i].kind),
		    trouble_row_name(troubles[i].row), (unsigned long long)troubles[i].n);
	checker_begin(play->checker, command, must_not_write);
	world_run(&play->world, command, troubles, n_troubles, ran);
	checker_end(play->checker, ran);
	note_troubles(play, troubles, n_troubles, ran);
	note_ran(play, command, ran);
}

static void
remember(struct play *play, const struct ran *ran)
{
	struct past *past = &play->pasts[play->n_pasts % PASTS];

	if (ran->killed || ran->exit != TN_EXIT_DONE || !ran->planned_changes)
		return;
	memcpy(past->run_id, ran->run_id, sizeof(past->run_id));
	past->spec = play->world.spec;
	play->n_pasts++;
}

/* It uses no module that is gone or was made anew since. */
static bool
has_its_modules(const struct spec *then, const struct spec *now)
{
	unsigned used = 0;

	for (unsigned i = 0; i < SPEC_ACTIONS; i++)
		if (then->actions[i].wanted)
			used |= then->actions[i].modules;
	for (unsigned m = 0; m < SPEC_MODULES; m++)
		if ((used & 1u << m) != 0 &&
		    (!now->modules[m].wanted ||
			now->modules[m].life != then->modules[m].life))
			return false;
	return true;
}

/* Who has its name now has another trigger. */
static bool
would_replace(const struct spec *now, const struct spec_action *action)
{
	for (unsigned i = 0; i < SPEC_ACTIONS; i++)
		if (now->actions[i].wanted && now->actions[i].name == action->name)
			return now->actions[i].trigger != action->trigger;
	return false;
}

/*
 * What the files of then say is what a rollback must come to. Of what came since, actions
 * keep their trigger and flows lose ours; modules stay, and values of secrets are
 * today's.
 */
static bool
go_back(struct play *play)
{
	size_t n = play->n_pasts < PASTS ? play->n_pasts : PASTS;
	struct spec now = play->world.spec;
	struct spec *spec = &play->world.spec;
	const struct past *past;

	if (n == 0)
		return false;
	past = &play->pasts[below(play, (unsigned)n)];
	if (!has_its_modules(&past->spec, &now))
		return false;
	*spec = past->spec;
	memcpy(spec->values, now.values, sizeof(spec->values));
	memcpy(spec->modules, now.modules, sizeof(spec->modules));
	for (unsigned m = 0; m < SPEC_MODULES; m++)
		spec->modules[m].stays = true;
	spec->names = now.names;
	for (unsigned i = 0; i < SPEC_ACTIONS; i++) {
		for (unsigned m = 0; m < SPEC_MODULES; m++)
			spec->actions[i].module_codes[m] = past->spec.modules[m].code;
		spec->actions[i].was = 0;
		if (would_replace(&now, &spec->actions[i]))
			spec->actions[i].protect = false;
		if (spec->actions[i].code > 0)
			continue;
		spec->actions[i] = now.actions[i];
		spec->actions[i].wanted = false;
		/* The one that it has now may be another's then. */
		spec->actions[i].name = spec->names++;
		spec->actions[i].was = 0;
	}
	for (unsigned t = 0; t < SPEC_TRIGGERS; t++)
		if (!spec->flows[t].named)
			spec->flows[t] =
			    (struct spec_flow){ .named = now.flows[t].named };
	play->world.to_run = past->run_id;
	return true;
}

/* The files know no version of a module but the newest. */
static void
go_on(struct play *play)
{
	for (unsigned m = 0; m < SPEC_MODULES; m++)
		play->world.spec.modules[m].stays = false;
	for (unsigned i = 0; i < SPEC_ACTIONS; i++)
		memset(play->world.spec.actions[i].module_codes, 0,
		    sizeof(play->world.spec.actions[i].module_codes));
}

static void
change(struct play *play, unsigned n)
{
	go_on(play);
	for (; n > 0; n--)
		spec_mutate(&play->world.spec, &play->world.rand);
}

static void
quiet_apply(struct play *play)
{
	struct ran ran;

	run(play, TN_COMMAND_APPLY, NULL, 0, false, &ran);
	remember(play, &ran);
	ran_done(&ran);
}

static void
rival_alone(struct play *play, struct ran *ran)
{
	checker_begin(play->checker, TN_COMMAND_APPLY, false);
	checker_rival(play->checker);
	world_run(&play->world, TN_COMMAND_APPLY, NULL, 0, ran);
	checker_end(play->checker, ran);
}

/* Two at once: one that has the same state finds the lock taken, and one that has another
 * knows of nothing; when it is alone it comes to its end. */
static void
fight(struct play *play)
{
	bool same_state = one_in(play, 3);
	struct ran ran, rival;

	change(play, 1 + below(play, 3));
	checker_begin(play->checker, TN_COMMAND_APPLY, false);
	checker_rival(play->checker);
	world_run_rival(&play->world, same_state, &ran, &rival);
	checker_end(play->checker, &ran);
	note_ran(play, TN_COMMAND_APPLY, &ran);
	if (same_state && rival.exit != TN_EXIT_LOCKED)
		checker_fail(play->checker, "honest-exit",
		    "two had the lock; exit %d\n%s", rival.exit, rival.text);
	ran_done(&rival);
	ran_done(&ran);
	if (same_state)
		return;
	who_knows(play); /* which of both made what */
	world_change_state(&play->world);
	rival_alone(play, &rival);
	/* The remainder was named; the next apply starts from what is there. */
	if (rival.exit == TN_EXIT_NOT_PUT_BACK) {
		ran_done(&rival);
		rival_alone(play, &rival);
	}
	if (rival.exit != TN_EXIT_DONE)
		checker_fail(play->checker, "converges", "the rival alone: exit %d\n%s",
		    rival.exit, rival.text);
	ran_done(&rival);
	world_change_state(&play->world);
}

/* A plan of a tenant on which nobody works is one that can be applied. */
static void
approve(struct play *play)
{
	struct ran ran;

	play->world.no_secrets = one_in(play, 2);
	run(play, TN_COMMAND_PLAN, NULL, 0, true, &ran);
	play->world.no_secrets = false;
	play->world.approved = ran.exit == TN_EXIT_DONE;
	ran_done(&ran);
}

static void
episode(struct play *play)
{
	static const enum tn_command commands[] = { TN_COMMAND_APPLY, TN_COMMAND_APPLY,
		TN_COMMAND_APPLY, TN_COMMAND_PLAN, TN_COMMAND_DRIFT,
		TN_COMMAND_VALIDATE };
	enum tn_command command = commands[below(play, TN_ARRAY_LEN(commands))];
	struct trouble troubles[WORLD_TROUBLES] = { 0 };
	struct ran ran;

	if (one_in(play, 16)) {
		fight(play);
		return;
	}
	if (play->n_pasts > 0 && one_in(play, 3)) {
		change(play, 1 + below(play, 4));
		quiet_apply(play);
		if (go_back(play))
			command = TN_COMMAND_ROLLBACK;
	} else {
		change(play, below(play, 4));
	}
	if (!play->mends && command == TN_COMMAND_APPLY && one_in(play, 3)) {
		approve(play);
		/* What the files say since is not what was approved. */
		if (one_in(play, 2))
			change(play, 1);
	}
	if (one_in(play, 3))
		interfere(play);
	for (size_t i = 0; i < WORLD_TROUBLES; i++)
		if (one_in(play, 2))
			troubles[i] = random_trouble(play);
	if (command == TN_COMMAND_APPLY && one_in(play, 4))
		play->world.approved = play->world.saved != NULL;
	play->world.stop = command == TN_COMMAND_APPLY && one_in(play, 4);
	play->world.flip = command == TN_COMMAND_APPLY && one_in(play, 5);
	play->world.no_secrets = command == TN_COMMAND_PLAN && one_in(play, 2);
	run(play, command, troubles, WORLD_TROUBLES, false, &ran);
	play->world.approved = play->world.stop = play->world.no_secrets =
	    play->world.flip = false;
	if (command == TN_COMMAND_APPLY)
		remember(play, &ran);
	ran_done(&ran);
}

/* Each life begins with trouble at a kind of call: one life after the other goes through
 * the table of what can meet. */
static void
aimed_episode(struct play *play)
{
	uint64_t seed = play->life->seed;
	/* Seeds of the older dialect know no modules: they must not stand for a pair. */
	uint64_t at = play->world.older ? seed / 8 : seed / 8 * 7 + seed % 8 - 1;
	struct trouble troubles[WORLD_TROUBLES] = { { .n = 1 }, { .n = 1 } };
	struct ran ran;

	trouble_pair(at, &troubles[0].row, &troubles[0].kind);
	troubles[0].deliver = one_in(play, 2);
	aim_before(&play->world.spec, troubles[0].row, &play->world.rand);
	quiet_apply(play);
	if (aim_between(&play->world.spec, troubles[0].row))
		quiet_apply(play);
	aim_change(&play->world.spec, troubles[0].row, &play->world.rand);
	if (troubles[0].row == ROW_UNDO)
		troubles[1] = (struct trouble){ TROUBLE_REFUSED,
			(enum trouble_row)TN_STEP_BIND, 1, false };
	if (troubles[0].row == ROW_MEND) {
		struct trouble kill = { TROUBLE_KILL_AFTER,
			(enum trouble_row)TN_STEP_UPDATE, 1, false };

		run(play, TN_COMMAND_APPLY, &kill, 1, false, &ran);
		ran_done(&ran);
	}
	run(play, TN_COMMAND_APPLY, troubles, WORLD_TROUBLES, false, &ran);
	remember(play, &ran);
	ran_done(&ran);
}

static void
nothing_to_do(struct play *play)
{
	struct ran ran;

	run(play, TN_COMMAND_APPLY, NULL, 0, true, &ran);
	if (ran.exit != TN_EXIT_DONE || ran.planned_changes)
		checker_fail(play->checker, "no-write", "a second apply: exit %d\n%s",
		    ran.exit, ran.text);
	ran_done(&ran);
}

static void
no_drift(struct play *play)
{
	enum tn_exit expected = look_draft_waits(&play->world) ? TN_EXIT_CHANGES
							       : TN_EXIT_DONE;
	struct ran ran;

	run(play, TN_COMMAND_DRIFT, NULL, 0, true, &ran);
	if (ran.exit != (int)expected)
		checker_fail(play->checker, "as-wanted", "drift after an apply:\n%s",
		    ran.text);
	ran_done(&ran);
}

/* Without trouble everything comes right, and then there is nothing left to do. */
static void
quiet_end(struct play *play)
{
	struct ran ran;

	go_on(play);
	if (!play->mends && one_in(play, 2))
		approve(play);
	run(play, TN_COMMAND_APPLY, NULL, 0, false, &ran);
	play->world.approved = false;
	if (ran.exit == TN_EXIT_NOT_PUT_BACK) {
		/*
		 * A killed run's remainder was named; the next apply starts from what
		 * is there.
		 */
		ran_done(&ran);
		run(play, TN_COMMAND_APPLY, NULL, 0, false, &ran);
	}
	if (ran.exit != TN_EXIT_DONE)
		checker_fail(play->checker, "converges", "exit %d:\n%s", ran.exit,
		    ran.text);
	ran_done(&ran);
	if (checker_broken(play->checker) != NULL)
		return;
	if (one_in(play, 2))
		nothing_to_do(play);
	else
		no_drift(play);
}

void
life_play(struct life *life)
{
	struct play play = { .life = life };

	life->trace = UINT64_C(14695981039346656037);
	world_init(&play.world, life->seed);
	play.checker = checker_new(&play.world);
	play.world.checker = play.checker;
	aimed_episode(&play);
	for (unsigned n = below(&play, EPISODES);
	     n > 0 && checker_broken(play.checker) == NULL; n--)
		episode(&play);
	if (checker_broken(play.checker) == NULL)
		quiet_end(&play);
	life->broken = checker_broken(play.checker);
	if (life->broken != NULL)
		life->message = tn_strdup(checker_message(play.checker));
	checker_free(play.checker);
	world_done(&play.world);
}

void
life_done(struct life *life)
{
	tn_free(life->message);
}
