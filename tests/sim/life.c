#include "life.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "look.h"

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
	uint64_t fault;
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
bind_stranger(struct play *play, const char *trigger, const char *id)
{
	TN_CLEANUP(tn_str_done) struct tn_str body = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str path = TN_STR_INIT;
	size_t n = tn_sim_view_bindings(play->world.sim, trigger);
	size_t at = below(play, (unsigned)n + 1);
	const char *comma = "";

	tn_str_add(&body, "{\"bindings\":[");
	for (size_t i = 0; i <= n; i++) {
		struct tn_sim_binding_view binding;

		if (i == at) {
			tn_str_addf(&body,
			    "%s{\"ref\":{\"type\":\"action_id\",\"value\":\"%s\"},"
			    "\"display_name\":\"theirs\"}",
			    comma, id);
			comma = ",";
		}
		if (i == n || !tn_sim_view_binding(play->world.sim, trigger, i, &binding))
			continue;
		tn_str_addf(&body, "%s{\"ref\":{\"type\":\"action_id\",\"value\":\"%s\"}",
		    comma, binding.action_id);
		if (binding.display_name != NULL)
			tn_str_addf(&body, ",\"display_name\":\"%s\"",
			    binding.display_name);
		tn_str_add(&body, "}");
		comma = ",";
	}
	tn_str_add(&body, "]}");
	tn_str_addf(&path, "/actions/triggers/%s/bindings", trigger);
	world_other(&play->world, "PATCH", tn_str_text(&path), tn_str_text(&body));
}

static void
deploy_as_other(struct play *play, const char *id)
{
	TN_CLEANUP(tn_str_done) struct tn_str path = TN_STR_INIT;

	world_wait(&play->world, 10 * TN_SEC);
	tn_str_addf(&path, "/actions/actions/%s/deploy", id);
	world_other(&play->world, "POST", tn_str_text(&path), "{}");
	world_wait(&play->world, TN_SEC);
}

static void
add_stranger(struct play *play)
{
	unsigned t = below(play, SPEC_TRIGGERS);
	TN_CLEANUP(tn_str_done) struct tn_str body = TN_STR_INIT;
	TN_CLEANUP(tn_freep) char *id = NULL;

	tn_str_addf(&body,
	    "{\"name\":\"stranger %u\",\"supported_triggers\":[{\"id\":\"%s\",\"version\":\"%s\"}],"
	    "\"code\":\"// theirs\",\"runtime\":\"node22\"}",
	    play->strangers++, spec_triggers[t], spec_versions[t]);
	id = world_other_id(&play->world, "POST", "/actions/actions", tn_str_text(&body));
	if (id == NULL)
		return;
	deploy_as_other(play, id);
	if (!one_in(play, 3))
		bind_stranger(play, spec_triggers[t], id);
}

/* Somebody edits one of ours in the dashboard, and perhaps deploys it. */
static void
edit_ours(struct play *play)
{
	TN_CLEANUP(tn_str_done) struct tn_str name = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str path = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str body = TN_STR_INIT;
	struct tn_sim_action_view action;
	TN_CLEANUP(tn_freep) char *id = NULL;

	spec_name(below(play, SPEC_ACTIONS), &name);
	if (!tn_sim_view_by_name(play->world.sim, tn_str_text(&name),
		tn_loop_unix(play->world.loop), &action))
		return;
	id = tn_strdup(action.id);
	tn_str_addf(&path, "/actions/actions/%s", id);
	tn_str_addf(&body, "{\"code\":\"// edited by hand %u\"}", below(play, 1000));
	world_other(&play->world, "PATCH", tn_str_text(&path), tn_str_text(&body));
	if (one_in(play, 2))
		deploy_as_other(play, id);
	else
		world_wait(&play->world, 10 * TN_SEC);
}

static void
reverse_flow(struct play *play)
{
	const char *trigger = spec_triggers[below(play, SPEC_TRIGGERS)];
	TN_CLEANUP(tn_str_done) struct tn_str body = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str path = TN_STR_INIT;
	size_t n = tn_sim_view_bindings(play->world.sim, trigger);

	tn_str_add(&body, "{\"bindings\":[");
	for (size_t i = n; i > 0; i--) {
		struct tn_sim_binding_view binding;

		if (tn_sim_view_binding(play->world.sim, trigger, i - 1, &binding))
			tn_str_addf(&body,
			    "%s{\"ref\":{\"type\":\"action_id\",\"value\":\"%s\"}}",
			    i == n ? "" : ",", binding.action_id);
	}
	tn_str_add(&body, "]}");
	tn_str_addf(&path, "/actions/triggers/%s/bindings", trigger);
	world_other(&play->world, "PATCH", tn_str_text(&path), tn_str_text(&body));
}

static void
interfere(struct play *play)
{
	switch (below(play, 3)) {
	case 0:
		add_stranger(play);
		return;
	case 1:
		edit_ours(play);
		return;
	default:
		reverse_flow(play);
		return;
	}
}

/*
 * Faults that strike once: whatever they hit, a run can come to an honest end.
 * A refusal hits only what the way back does not use.
 */
static void
describe_fault(struct play *play, struct tn_str *out)
{
	static const char *const anywhere[] = {
		"\"do\":\"status\",\"status\":500,\"when\":\"before\"",
		"\"do\":\"status\",\"status\":500,\"when\":\"after\"",
		"\"do\":\"status\",\"status\":503,\"when\":\"before\"",
		"\"do\":\"status\",\"status\":429",
		"\"do\":\"drop\",\"when\":\"before\"",
		"\"do\":\"drop\",\"when\":\"after\"",
		"\"do\":\"cut\",\"when\":\"after\"",
		"\"do\":\"delay\",\"ms\":4000",
		"\"do\":\"delay\",\"ms\":30000",
		"\"do\":\"lag\",\"ms\":3000",
	};
	static const char *const refusals[] = {
		"\"method\":\"POST\",\"path\":\"/actions/actions\",\"do\":\"status\","
		"\"status\":400",
		"\"method\":\"POST\",\"path\":\"/actions/actions/{id}/deploy\","
		"\"do\":\"status\",\"status\":400",
		"\"method\":\"POST\",\"path\":\"/actions/actions\",\"do\":\"fail-build\"",
		"\"method\":\"PATCH\",\"path\":\"/actions/actions/{id}\","
		"\"do\":\"fail-build\"",
	};

	if (!play->mends && one_in(play, 3))
		tn_str_addf(out, "{\"nth\":%u,%s}", 1 + below(play, 3),
		    refusals[below(play, TN_ARRAY_LEN(refusals))]);
	else if (!play->mends && one_in(play, 3))
		tn_str_add(out,
		    "{\"nth\":1,\"method\":\"PATCH\","
		    "\"path\":\"/actions/triggers/{triggerId}/bindings\","
		    "\"do\":\"status\",\"status\":400}");
	else
		tn_str_addf(out, "{\"nth\":%u,%s}", 1 + below(play, 40),
		    anywhere[below(play, TN_ARRAY_LEN(anywhere))]);
}

static void
add_fault(struct play *play)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

	describe_fault(play, &text);
	if (world_fault(&play->world, tn_str_text(&text), &play->fault) < 0)
		checker_fail(play->checker, "test", "the fault %s", tn_str_text(&text));
}

static void
end_fault(struct play *play)
{
	if (play->fault == 0)
		return;
	play->life->faults_hit += tn_sim_fault_hits(play->world.sim, play->fault) > 0;
	tn_sim_fault_remove(play->world.sim, play->fault);
	play->fault = 0;
}

static struct kill
random_kill(struct play *play)
{
	struct kill kill = { .deliver = one_in(play, 2) };

	switch (below(play, 6)) {
	case 0:
		kill.kind = KILL_BEFORE_CALL;
		kill.n = 1 + below(play, 40);
		break;
	case 1:
		kill.kind = KILL_AFTER_CALL;
		kill.n = 1 + below(play, 40);
		break;
	case 2:
		kill.kind = KILL_AFTER_SYNC;
		kill.n = 1 + below(play, 40);
		break;
	case 3:
	case 4:
		kill.kind = STOP_AT_STEP;
		kill.n = 1 + below(play, 200);
		break;
	default:
		kill.kind = KILL_AT_STEP;
		kill.n = 1 + below(play, 300);
		break;
	}
	return kill;
}

static void
run(struct play *play, enum tn_command command, const struct kill *kill,
    bool must_not_write, struct ran *ran)
{
	struct life *life = play->life;

	checker_begin(play->checker, command, must_not_write);
	world_run(&play->world, command, kill, ran);
	checker_end(play->checker, ran);
	life->runs++;
	life->calls += ran->calls;
	life->kills += ran->killed;
	life->rollbacks += command == TN_COMMAND_ROLLBACK && !ran->killed &&
	    ran->exit == TN_EXIT_DONE && ran->planned_changes;
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
		printf("# command %d, exit %d%s, %u calls, %u writes, fault %u\n%s\n",
		    (int)command, ran->exit, ran->killed ? " (killed)" : "",
		    (unsigned)ran->calls, (unsigned)ran->writes, (unsigned)play->fault,
		    ran->text == NULL ? "" : ran->text);
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

/*
 * What the files of then say is what a rollback must come to. Of what came since, actions
 * keep their trigger and flows lose ours; values of secrets are today's.
 */
static void
go_back(struct play *play)
{
	size_t n = play->n_pasts < PASTS ? play->n_pasts : PASTS;
	const struct past *past = &play->pasts[below(play, (unsigned)n)];
	struct spec now = play->world.spec;
	struct spec *spec = &play->world.spec;

	*spec = past->spec;
	memcpy(spec->values, now.values, sizeof(spec->values));
	for (unsigned i = 0; i < SPEC_ACTIONS; i++) {
		if (spec->actions[i].code > 0)
			continue;
		spec->actions[i] = now.actions[i];
		spec->actions[i].wanted = false;
	}
	for (unsigned t = 0; t < SPEC_TRIGGERS; t++)
		if (!spec->flows[t].named)
			spec->flows[t] =
			    (struct spec_flow){ .named = now.flows[t].named };
	play->world.to_run = past->run_id;
}

/* So that there is something to go back from. */
static void
move_on(struct play *play)
{
	struct ran ran;

	for (unsigned n = 1 + below(play, 4); n > 0; n--)
		spec_mutate(&play->world.spec, &play->world.rand);
	run(play, TN_COMMAND_APPLY, NULL, false, &ran);
	remember(play, &ran);
	ran_done(&ran);
}

static void
episode(struct play *play)
{
	static const enum tn_command commands[] = { TN_COMMAND_APPLY, TN_COMMAND_APPLY,
		TN_COMMAND_APPLY, TN_COMMAND_PLAN, TN_COMMAND_DRIFT,
		TN_COMMAND_VALIDATE };
	enum tn_command command = commands[below(play, TN_ARRAY_LEN(commands))];
	struct kill kill = { 0 };
	struct ran ran;

	if (play->n_pasts > 0 && one_in(play, 3)) {
		command = TN_COMMAND_ROLLBACK;
		move_on(play);
		go_back(play);
	} else {
		for (unsigned n = below(play, 4); n > 0; n--)
			spec_mutate(&play->world.spec, &play->world.rand);
	}
	if (one_in(play, 3)) {
		interfere(play);
		checker_interfered(play->checker);
	}
	if (one_in(play, 2))
		add_fault(play);
	if (one_in(play, 3))
		kill = random_kill(play);
	play->world.approved = command == TN_COMMAND_APPLY && play->world.saved != NULL &&
	    !one_in(play, 3);
	play->world.stop = command == TN_COMMAND_APPLY && one_in(play, 4);
	play->world.no_secrets = command == TN_COMMAND_PLAN && one_in(play, 2);
	run(play, command, &kill, false, &ran);
	play->world.approved = play->world.stop = play->world.no_secrets = false;
	if (command == TN_COMMAND_APPLY)
		remember(play, &ran);
	ran_done(&ran);
	end_fault(play);
}

static void
nothing_to_do(struct play *play)
{
	struct ran ran;

	run(play, TN_COMMAND_APPLY, NULL, true, &ran);
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

	run(play, TN_COMMAND_DRIFT, NULL, true, &ran);
	if (ran.exit != (int)expected)
		checker_fail(play->checker, "as-wanted", "drift after an apply:\n%s",
		    ran.text);
	ran_done(&ran);
}

/* A plan of a tenant on which nobody works is one that can be applied. */
static void
approve(struct play *play)
{
	struct ran ran;

	play->world.no_secrets = one_in(play, 2);
	run(play, TN_COMMAND_PLAN, NULL, true, &ran);
	play->world.no_secrets = false;
	play->world.approved = ran.exit == TN_EXIT_DONE;
	ran_done(&ran);
}

/* Without trouble everything comes right, and then there is nothing left to do. */
static void
quiet_end(struct play *play)
{
	struct ran ran;

	if (!play->mends && one_in(play, 2))
		approve(play);
	run(play, TN_COMMAND_APPLY, NULL, false, &ran);
	play->world.approved = false;
	if (ran.exit == TN_EXIT_NOT_PUT_BACK) {
		/*
		 * A killed run's remainder was named; the next apply starts from what
		 * is there.
		 */
		ran_done(&ran);
		run(play, TN_COMMAND_APPLY, NULL, false, &ran);
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
	for (unsigned n = 1 + below(&play, EPISODES);
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
