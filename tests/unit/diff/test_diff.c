/* The whole of a diff: what is gone, who is a stranger, and a tenant against itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/rand.h"
#include "diff/diff.h"

#define MOST 12

static const struct tn_diff_options no_options = { 0 };
static const struct tn_dependency axios = { .name = "axios", .version = "1.0.0" };

static struct tn_live_action
live_action(const char *id, const char *name)
{
	return (struct tn_live_action){
		.id = id,
		.name = name,
		.trigger = { "post-login", "v3" },
		.build = TN_BUILD_BUILT,
		.draft = { .code = "c" },
		.has_live = true,
		.live = { .id = "v",
		    .number = 1,
		    .built = true,
		    .content = { .code = "c" } },
	};
}

static struct tn_want_action
want_action(const char *name)
{
	return (struct tn_want_action){
		.name = name,
		.trigger = { "post-login", "v3" },
		.content = { .code = "c" },
	};
}

static void
nothing_against_nothing_is_empty(void **state TN_UNUSED)
{
	struct tn_want want = { 0 };
	struct tn_live live = { 0 };
	struct tn_known known = { 0 };
	TN_CLEANUP(tn_diff_freep)
	struct tn_diff *diff = tn_diff_build(&want, &live, &known, &no_options);

	assert_true(tn_diff_empty(diff));
	assert_false(tn_diff_blocked(diff));
	assert_int_equal(diff->n_changes + diff->n_flows + diff->n_gone +
		diff->n_strangers,
	    0);
	tn_diff_free(NULL);
}

static void
gone_is_ours_and_strangers_are_the_rest_by_name(void **state TN_UNUSED)
{
	struct tn_want_action wanted[] = { want_action("kept") };
	struct tn_live_action actions[] = {
		live_action("1", "z-ours"),
		live_action("2", "kept"),
		live_action("3", "z-theirs"),
		live_action("4", "a-ours"),
		live_action("5", "market"),
		live_action("6", "a-project"),
	};
	struct tn_owned owned[] = { { "z-ours", "1" }, { "kept", "2" },
		{ "other name", "4" }, { "not live", "9" } };
	struct tn_owned others[] = { { "a-project", "6" } };
	struct tn_want want = { .actions = wanted, .n_actions = 1 };
	struct tn_live live = { .actions = actions, .n_actions = 6 };
	struct tn_known known = { .owned = owned,
		.n_owned = 4,
		.others = others,
		.n_others = 1 };
	TN_CLEANUP(tn_diff_freep) struct tn_diff *diff = NULL;

	actions[4].installed = true;
	diff = tn_diff_build(&want, &live, &known, &no_options);
	assert_int_equal(diff->n_gone, 2);
	assert_string_equal(diff->gone[0]->name, "a-ours");
	assert_string_equal(diff->gone[1]->name, "z-ours");
	assert_int_equal(diff->n_strangers, 3);
	assert_string_equal(diff->strangers[0]->name, "a-project");
	assert_string_equal(diff->strangers[1]->name, "market");
	assert_string_equal(diff->strangers[2]->name, "z-theirs");
	assert_true(tn_diff_empty(diff));
	tn_diff_free(diff);
	/* Of what it does not name, a part says nothing. */
	want.partial = true;
	diff = tn_diff_build(&want, &live, &known, &no_options);
	assert_int_equal(diff->n_gone, 0);
	assert_int_equal(diff->n_strangers, 3);
}

static void
a_second_action_of_a_wanted_name_is_not_the_wanted_one(void **state TN_UNUSED)
{
	struct tn_want_action wanted[] = { want_action("twin") };
	struct tn_live_action actions[] = { live_action("1", "twin"),
		live_action("2", "twin") };
	struct tn_owned owned[] = { { "twin", "1" } };
	struct tn_want want = { .actions = wanted, .n_actions = 1 };
	struct tn_live live = { .actions = actions, .n_actions = 2 };
	struct tn_known known = { .owned = owned, .n_owned = 1 };
	TN_CLEANUP(tn_diff_freep)
	struct tn_diff *diff = tn_diff_build(&want, &live, &known, &no_options);

	assert_int_equal(diff->n_strangers, 1);
	assert_string_equal(diff->strangers[0]->id, "2");
}

static void
one_change_or_one_flow_is_enough(void **state TN_UNUSED)
{
	struct tn_want_action wanted[] = { want_action("a"), want_action("b") };
	struct tn_live_action actions[] = { live_action("1", "a"),
		live_action("2", "b") };
	struct tn_owned owned[] = { { "a", "1" }, { "b", "2" } };
	struct tn_want_entry entry = { .kind = TN_ENTRY_ACTION, .name = "a" };
	struct tn_want_flow flow = { .trigger = "post-login" };
	struct tn_want want = { .actions = wanted,
		.n_actions = 2,
		.flows = &flow,
		.n_flows = 1 };
	struct tn_live live = { .actions = actions, .n_actions = 2 };
	struct tn_known known = { .owned = owned, .n_owned = 2 };
	struct tn_diff *diff = tn_diff_build(&want, &live, &known, &no_options);

	assert_true(tn_diff_empty(diff));
	tn_diff_free(diff);
	actions[1].live.content.code = "other";
	actions[1].draft.code = "other";
	diff = tn_diff_build(&want, &live, &known, &no_options);
	assert_false(tn_diff_empty(diff));
	assert_int_equal(diff->changes[0].kind, TN_CHANGE_NONE);
	assert_int_equal(diff->changes[1].kind, TN_CHANGE_UPDATE);
	tn_diff_free(diff);
	actions[1] = live_action("2", "b");
	flow.entries = &entry;
	flow.n_entries = 1;
	diff = tn_diff_build(&want, &live, &known, &no_options);
	assert_false(tn_diff_empty(diff));
	assert_true(diff->flows[0].differs);
	assert_false(tn_diff_blocked(diff));
	tn_diff_free(diff);
}

/* A tenant made at random, and files that say just that. */
struct world {
	char names[MOST][8], ids[MOST][8];
	struct tn_secret_ref live_secret[MOST], want_secret[MOST];
	struct tn_live_action actions[MOST];
	struct tn_want_action wanted[MOST];
	struct tn_owned owned[MOST];
	struct tn_known_secret secrets[MOST];
	struct tn_binding bindings[MOST];
	struct tn_want_entry entries[MOST];
	struct tn_flow flow;
	struct tn_want_flow want_flow;
	struct tn_want want;
	struct tn_live live;
	struct tn_known known;
};

static void
random_content(struct world *world, struct tn_rand *rand, size_t i)
{
	struct tn_live_action *action = &world->actions[i];

	if (tn_rand_one_in(rand, 2)) {
		action->draft.dependencies = &axios;
		action->draft.n_dependencies = 1;
	}
	if (tn_rand_one_in(rand, 2)) {
		world->live_secret[i] = (struct tn_secret_ref){ .name = "KEY",
			.updated_at = "t1" };
		action->draft.secrets = &world->live_secret[i];
		action->draft.n_secrets = 1;
	}
	if (tn_rand_one_in(rand, 2))
		action->draft.runtime = "node22";
	action->live.content = action->draft;
}

static void
make_ours(struct world *world, struct tn_rand *rand, size_t i)
{
	struct tn_want_action wanted = want_action(world->names[i]);

	world->owned[world->known.n_owned++] = (struct tn_owned){ world->names[i],
		world->ids[i] };
	if (tn_rand_one_in(rand, 5))
		return; /* gone from the files */
	wanted.content = world->actions[i].draft;
	if (wanted.content.n_secrets > 0) {
		world->want_secret[i] = (struct tn_secret_ref){ .name = "KEY",
			.fingerprint = "f" };
		wanted.content.secrets = &world->want_secret[i];
		world->secrets[world->known.n_secrets++] =
		    (struct tn_known_secret){ world->ids[i], "KEY", "f", "t1" };
	}
	world->wanted[world->want.n_actions++] = wanted;
}

/* Ours are listed; of the others some are, as external, and some just stand there. */
static void
bind(struct world *world, struct tn_rand *rand, size_t i)
{
	const char *name = world->names[i];
	bool wanted = tn_want_action(&world->want, name) != NULL;
	bool owned = tn_known_owns(&world->known, world->ids[i]);
	struct tn_binding binding = { .action_id = world->ids[i], .action_name = name };

	if (owned && !wanted)
		return;
	if (tn_rand_one_in(rand, 3))
		binding.display_name = "shown";
	world->bindings[world->flow.n_bindings++] = binding;
	if (wanted || tn_rand_one_in(rand, 2))
		world->entries[world->want_flow.n_entries++] = (struct tn_want_entry){
			.kind = wanted ? TN_ENTRY_ACTION : TN_ENTRY_EXTERNAL,
			.name = name,
			.display_name = wanted ? binding.display_name : NULL,
		};
}

static void
random_world(struct world *world, struct tn_rand *rand)
{
	size_t n = 1 + tn_rand_below(rand, MOST);

	memset(world, 0, sizeof(*world));
	world->want = (struct tn_want){ .actions = world->wanted };
	world->known = (struct tn_known){ .owned = world->owned,
		.secrets = world->secrets };
	for (size_t i = 0; i < n; i++) {
		snprintf(world->names[i], sizeof(world->names[i]), "a%02u",
		    (unsigned char)i);
		snprintf(world->ids[i], sizeof(world->ids[i]), "id%u", (unsigned char)i);
		world->actions[i] = live_action(world->ids[i], world->names[i]);
		random_content(world, rand, i);
		if (tn_rand_one_in(rand, 2))
			make_ours(world, rand, i);
	}
	for (size_t i = 0; i < n; i++)
		bind(world, rand, tn_rand_below(rand, n));
	world->flow.trigger = world->want_flow.trigger = "post-login";
	world->flow.bindings = world->bindings;
	world->want_flow.entries = world->entries;
	world->want.flows = &world->want_flow;
	world->want.n_flows = 1;
	world->live = (struct tn_live){ .actions = world->actions,
		.n_actions = n,
		.flows = &world->flow,
		.n_flows = 1 };
}

/* An action bound several times, of which only some are listed, is not what is live. */
static bool
every_binding_of_a_listed_one_is_listed(const struct world *world)
{
	for (size_t i = 0; i < world->want_flow.n_entries; i++) {
		size_t listed = 0, bound = 0;

		for (size_t k = 0; k < world->want_flow.n_entries; k++)
			listed += tn_text_equal(world->entries[k].name,
			    world->entries[i].name);
		for (size_t k = 0; k < world->flow.n_bindings; k++)
			bound += tn_text_equal(world->bindings[k].action_name,
			    world->entries[i].name);
		if (listed != bound)
			return false;
	}
	return true;
}

static void
a_tenant_against_itself_is_empty(void **state TN_UNUSED)
{
	static struct world world;
	struct tn_rand rand;
	size_t compared = 0;

	tn_rand_init(&rand, 21);
	for (int round = 0; round < 1000; round++) {
		TN_CLEANUP(tn_diff_freep) struct tn_diff *diff = NULL;

		random_world(&world, &rand);
		if (!every_binding_of_a_listed_one_is_listed(&world))
			continue;
		compared++;
		diff = tn_diff_build(&world.want, &world.live, &world.known, &no_options);
		assert_true(tn_diff_empty(diff));
		assert_int_equal(diff->n_gone,
		    world.known.n_owned - world.want.n_actions);
		assert_int_equal(diff->n_gone + diff->n_strangers + diff->n_changes,
		    world.live.n_actions);
	}
	assert_true(compared > 300);
}

static void
any_one_change_is_seen(void **state TN_UNUSED)
{
	static struct world world;
	struct tn_rand rand;

	tn_rand_init(&rand, 22);
	for (int round = 0; round < 500; round++) {
		TN_CLEANUP(tn_diff_freep) struct tn_diff *diff = NULL;
		struct tn_want_action *action;

		random_world(&world, &rand);
		if (world.want.n_actions == 0)
			continue;
		action = &world.wanted[tn_rand_below(&rand, world.want.n_actions)];
		if (tn_rand_one_in(&rand, 2))
			action->content.code = "changed";
		else
			action->content.n_dependencies ^= 1;
		if (action->content.dependencies == NULL)
			action->content.dependencies = &axios;
		diff = tn_diff_build(&world.want, &world.live, &world.known, &no_options);
		for (size_t i = 0; i < diff->n_changes; i++)
			assert_int_equal(diff->changes[i].kind,
			    diff->changes[i].want == action ? TN_CHANGE_UPDATE
							    : TN_CHANGE_NONE);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_against_nothing_is_empty),
		cmocka_unit_test(gone_is_ours_and_strangers_are_the_rest_by_name),
		cmocka_unit_test(a_second_action_of_a_wanted_name_is_not_the_wanted_one),
		cmocka_unit_test(one_change_or_one_flow_is_enough),
		cmocka_unit_test(a_tenant_against_itself_is_empty),
		cmocka_unit_test(any_one_change_is_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
