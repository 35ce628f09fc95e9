/* Live and known: finding things in them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "model/tenant.h"

static void
live_actions_are_found_by_name_and_id(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_live_freep) struct tn_live *live = tn_live_new();

	assert_null(tn_live_by_name(live, "b"));
	assert_null(tn_live_by_id(live, "2"));
	live->actions = tn_arena_array(live->arena, 2, struct tn_live_action);
	live->n_actions = 2;
	live->actions[0] = (struct tn_live_action){ .id = "1", .name = "b" };
	live->actions[1] = (struct tn_live_action){ .id = "2", .name = "a" };
	assert_ptr_equal(tn_live_by_name(live, "a"), &live->actions[1]);
	assert_ptr_equal(tn_live_by_id(live, "1"), &live->actions[0]);
	assert_null(tn_live_by_name(live, "1"));
	assert_null(tn_live_by_id(live, "A"));
}

static void
live_flows_are_found_by_trigger(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_live_freep) struct tn_live *live = tn_live_new();

	assert_null(tn_live_flow(live, "post-login"));
	live->flows = tn_arena_array(live->arena, 1, struct tn_flow);
	live->flows[0].trigger = "post-login";
	live->n_flows = 1;
	assert_ptr_equal(tn_live_flow(live, "post-login"), &live->flows[0]);
	assert_null(tn_live_flow(live, "post"));
}

static void
triggers_are_taken_over_as_a_copy(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_live_freep) struct tn_live *live = tn_live_new();
	char text[] = "text";
	const char *runtimes[] = { text, text };
	struct tn_trigger_info info = { .trigger = { text, NULL },
		.current = true,
		.runtimes = runtimes,
		.n_runtimes = 2,
		.entity_bound = true };
	struct tn_live from = { .triggers = &info,
		.n_triggers = 1,
		.has_triggers = true };

	tn_live_take_triggers(live, &from);
	memset(text, '#', sizeof(text) - 1);
	runtimes[1] = NULL;
	assert_true(live->has_triggers);
	assert_int_equal(live->n_triggers, 1);
	assert_string_equal(live->triggers[0].trigger.id, "text");
	assert_null(live->triggers[0].trigger.version);
	assert_true(live->triggers[0].current);
	assert_true(live->triggers[0].entity_bound);
	assert_int_equal(live->triggers[0].n_runtimes, 2);
	assert_string_equal(live->triggers[0].runtimes[1], "text");
}

static void
ownership_is_by_id_and_by_project(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_known_freep) struct tn_known *known = tn_known_new();
	struct tn_owned ours[] = { { .name = "a", .id = "1" } };
	struct tn_owned others[] = { { .name = "b", .id = "2" } };

	assert_false(tn_known_owns(known, "1"));
	known->owned = ours;
	known->n_owned = 1;
	known->others = others;
	known->n_others = 1;
	assert_true(tn_known_owns(known, "1"));
	assert_false(tn_known_owns(known, "a"));
	assert_false(tn_known_owns(known, "2"));
	assert_true(tn_known_other(known, "2"));
	assert_false(tn_known_other(known, "1"));
}

static void
known_secrets_are_of_one_action(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_known_freep) struct tn_known *known = tn_known_new();
	struct tn_known_secret secrets[] = {
		{ .action_id = "1", .name = "KEY", .fingerprint = "f1" },
		{ .action_id = "2", .name = "KEY", .fingerprint = "f2" },
	};

	known->secrets = secrets;
	known->n_secrets = 2;
	assert_ptr_equal(tn_known_secret(known, "2", "KEY"), &secrets[1]);
	assert_ptr_equal(tn_known_secret(known, "1", "KEY"), &secrets[0]);
	assert_null(tn_known_secret(known, "1", "key"));
	assert_null(tn_known_secret(known, "3", "KEY"));
}

static void
nothing_is_freed_without_complaint(void **state TN_UNUSED)
{
	tn_want_free(NULL);
	tn_live_free(NULL);
	tn_known_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(live_actions_are_found_by_name_and_id),
		cmocka_unit_test(live_flows_are_found_by_trigger),
		cmocka_unit_test(triggers_are_taken_over_as_a_copy),
		cmocka_unit_test(ownership_is_by_id_and_by_project),
		cmocka_unit_test(known_secrets_are_of_one_action),
		cmocka_unit_test(nothing_is_freed_without_complaint),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
