#include "hundred.h"

#define ACTIONS 100

static const struct {
	const char *id;
	const char *version;
	const char *handler;
} triggers[] = {
	{ "post-login", "v3", "onExecutePostLogin" },
	{ "credentials-exchange", "v2", "onExecuteCredentialsExchange" },
	{ "pre-user-registration", "v2", "onExecutePreUserRegistration" },
	{ "post-user-registration", "v2", "onExecutePostUserRegistration" },
	{ "post-change-password", "v2", "onExecutePostChangePassword" },
	{ "password-reset-post-challenge", "v1", "onExecutePostChallenge" },
};

#define TRIGGERS TN_ARRAY_LEN(triggers)

static void
write_project(struct tn_tree *memtree)
{
	TN_CLEANUP(tn_str_done) struct tn_str yaml = TN_STR_INIT;

	tn_str_add(&yaml, "tenon: 1\nproject: hundred\ntenants: {dev: {}}\nactions:\n");
	for (unsigned i = 0; i < ACTIONS; i++) {
		TN_CLEANUP(tn_str_done) struct tn_str path = TN_STR_INIT;
		TN_CLEANUP(tn_str_done) struct tn_str code = TN_STR_INIT;

		tn_str_addf(&yaml, "  a%u: {trigger: %s@%s, runtime: node22}\n", i,
		    triggers[i % TRIGGERS].id, triggers[i % TRIGGERS].version);
		tn_str_addf(&path, "a%u.js", i);
		tn_str_addf(&code, "exports.%s = async (event, api) => {};\n",
		    triggers[i % TRIGGERS].handler);
		tn_memtree_put(memtree, tn_str_text(&path), tn_str_text(&code), code.len);
	}
	tn_str_add(&yaml, "bindings:\n");
	for (unsigned t = 0; t < TRIGGERS; t++) {
		tn_str_addf(&yaml, "  %s:\n", triggers[t].id);
		for (unsigned i = t; i < ACTIONS; i += TRIGGERS)
			tn_str_addf(&yaml, "    - a%u\n", i);
	}
	tn_memtree_put(memtree, "tenon.yaml", tn_str_text(&yaml), yaml.len);
}

void
hundred_play(struct hundred *hundred)
{
	struct world world;
	struct ran first;
	uint64_t tokens;

	world_init(&world, 100);
	world.own_files = true;
	write_project(world.tree);
	world_run(&world, TN_COMMAND_APPLY, NULL, 0, &first);
	hundred->first_exit = first.exit;
	ran_done(&first);
	tokens = tn_sim_calls(world.sim, "POST", "/oauth/token");
	world_run(&world, TN_COMMAND_PLAN, NULL, 0, &hundred->plan);
	hundred->token_calls = tn_sim_calls(world.sim, "POST", "/oauth/token") - tokens;
	world_run(&world, TN_COMMAND_APPLY, NULL, 0, &hundred->apply);
	world_done(&world);
}

void
hundred_done(struct hundred *hundred)
{
	ran_done(&hundred->plan);
	ran_done(&hundred->apply);
}
