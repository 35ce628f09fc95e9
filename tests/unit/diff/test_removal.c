/* What goes: by the mode of deleting, and never what is in use. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "diff/diff.h"

static struct tn_want_action wanted;
static struct tn_live_action actions[5];
static struct tn_owned owned[2], others[1];
static struct tn_want want;
static struct tn_live live;
static struct tn_known known;
static struct tn_diff_options options;
static struct tn_diff *diff;

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
		.live = { .id = "v", .built = true, .content = { .code = "c" } },
	};
}

/* One that is wanted, one of ours that is gone, a stranger, one of the marketplace and
 * one of another project. */
static int
setup(void **state TN_UNUSED)
{
	wanted = (struct tn_want_action){ .name = "kept",
		.trigger = { "post-login", "v3" },
		.content = { .code = "c" } };
	actions[0] = live_action("1", "kept");
	actions[1] = live_action("2", "gone");
	actions[2] = live_action("3", "stranger");
	actions[3] = live_action("4", "market");
	actions[3].installed = true;
	actions[4] = live_action("5", "theirs");
	owned[0] = (struct tn_owned){ "kept", "1" };
	owned[1] = (struct tn_owned){ "gone", "2" };
	others[0] = (struct tn_owned){ "theirs", "5" };
	want = (struct tn_want){ .actions = &wanted,
		.n_actions = 1,
		.delete_mode = TN_DELETE_MANAGED };
	live = (struct tn_live){ .actions = actions, .n_actions = 5 };
	known = (struct tn_known){ .owned = owned,
		.n_owned = 2,
		.others = others,
		.n_others = 1 };
	options = (struct tn_diff_options){ 0 };
	return 0;
}

static int
teardown(void **state TN_UNUSED)
{
	tn_diff_free(diff);
	diff = NULL;
	return 0;
}

/* "gone stranger(kept)" */
static void
removes(const char *expected)
{
	TN_CLEANUP(tn_str_done) struct tn_str got = TN_STR_INIT;

	tn_diff_free(diff);
	diff = tn_diff_build(&want, &live, &known, &options);
	for (size_t i = 0; i < diff->n_removals; i++)
		tn_str_addf(&got, "%s%s%s", i == 0 ? "" : " ",
		    diff->removals[i].live->name,
		    diff->removals[i].kept != NULL ? "(kept)" : "");
	assert_string_equal(tn_str_text(&got), expected);
}

static void
the_mode_says_what_goes(void **state TN_UNUSED)
{
	want.delete_mode = TN_DELETE_NONE;
	removes("");
	assert_true(tn_diff_empty(diff));
	want.delete_mode = TN_DELETE_MANAGED;
	removes("gone");
	assert_false(tn_diff_empty(diff));
	/* Never the marketplace's, never another project's. */
	want.delete_mode = TN_DELETE_ALL;
	removes("gone stranger");
	/* What names a part of the tenant says nothing about the rest. */
	want.partial = true;
	removes("");
}

static void
what_is_bound_in_a_flow_that_is_not_named_stays(void **state TN_UNUSED)
{
	const struct tn_binding bound = { .action_id = "2", .action_name = "gone" };
	struct tn_flow flow = { "post-login", &bound, 1 };

	/* Nobody has looked yet. */
	removes("gone");
	assert_int_equal(diff->n_flow_needs, 1);
	assert_string_equal(diff->flow_needs[0], "post-login");
	live.flows = &flow;
	live.n_flows = 1;
	removes("gone(kept)");
	assert_int_equal(diff->n_flow_needs, 0);
	assert_non_null(strstr(diff->removals[0].kept, "the flow of post-login"));
	assert_true(tn_diff_empty(diff));
}

static void
a_named_flow_lets_it_go(void **state TN_UNUSED)
{
	const struct tn_binding bound[] = { { .action_id = "2", .action_name = "gone" },
		{ .action_id = "3", .action_name = "stranger" } };
	const struct tn_want_entry rest = { .kind = TN_ENTRY_OTHERS };
	struct tn_flow flow = { "post-login", bound, 2 };
	struct tn_want_flow named = { .trigger = "post-login" };

	live.flows = &flow;
	live.n_flows = 1;
	want.flows = &named;
	want.n_flows = 1;
	removes("gone");
	assert_int_equal(diff->flows[0].after.n_bindings, 1);
	/* Strangers leave the flow when the mode takes them... */
	want.delete_mode = TN_DELETE_ALL;
	removes("gone stranger");
	assert_int_equal(diff->flows[0].after.n_bindings, 0);
	/* ...unless the files say that others stay. */
	named.entries = &rest;
	named.n_entries = 1;
	removes("gone stranger(kept)");
	assert_int_equal(diff->flows[0].after.n_bindings, 1);
}

static void
what_another_resource_may_use_goes_by_its_name_alone(void **state TN_UNUSED)
{
	static const char *const names[] = { "stranger", "gone" };
	struct tn_trigger_info info = { .trigger = { "event-stream", "v1" },
		.entity_bound = true };

	actions[1].trigger = info.trigger;
	live.triggers = &info;
	live.n_triggers = 1;
	live.has_triggers = true;
	removes("gone(kept)");
	assert_int_equal(diff->n_flow_needs, 0);
	assert_non_null(strstr(diff->removals[0].kept, "--delete-entity-bound gone"));
	options.entity_bound = names;
	options.n_entity_bound = 1;
	removes("gone(kept)");
	options.n_entity_bound = 2;
	removes("gone");
}

static void
everything_is_when_nothing_is_wanted_or_nothing_of_ours_stays(void **state TN_UNUSED)
{
	removes("gone");
	assert_false(tn_diff_removes_all(diff));
	want.n_actions = 0;
	removes("gone kept");
	assert_true(tn_diff_removes_all(diff));
	/* The one that is wanted is a new one. */
	want.n_actions = 1;
	wanted.name = "new";
	removes("gone kept");
	assert_true(tn_diff_removes_all(diff));
	/* Or becomes ours with this diff. */
	known.n_owned = 0;
	known.owned = &owned[1];
	known.n_owned = 1;
	wanted.name = "kept";
	removes("gone");
	assert_true(tn_diff_removes_all(diff));
	known.n_owned = 0;
	removes("");
	assert_false(tn_diff_removes_all(diff));
}

static void
a_replacement_is_not_the_end_of_what_is_ours(void **state TN_UNUSED)
{
	wanted.trigger = (struct tn_trigger){ "credentials-exchange", "v2" };
	known.n_owned = 1;
	removes("kept");
	assert_ptr_equal(diff->removals[0].replaced, &diff->changes[0]);
	assert_false(tn_diff_removes_all(diff));
}

/* It is taken out, and the new one stands where it stood: others follow it. */
static void
a_replacement_takes_the_place_of_the_replaced(void **state TN_UNUSED)
{
	const struct tn_binding bound[] = { { .action_id = "1", .action_name = "kept" },
		{ .action_id = "3", .action_name = "stranger" } };
	const struct tn_want_entry entry = { .kind = TN_ENTRY_ACTION, .name = "kept" };
	struct tn_flow flow = { "post-login", bound, 2 };
	struct tn_want_flow named = { .trigger = "post-login",
		.entries = &entry,
		.n_entries = 1 };

	wanted.trigger.version = "v2";
	live.flows = &flow;
	live.n_flows = 1;
	want.flows = &named;
	want.n_flows = 1;
	known.n_owned = 1;
	removes("kept");
	assert_true(diff->flows[0].differs);
	assert_int_equal(diff->flows[0].after.n_bindings, 2);
	assert_null(diff->flows[0].after.bindings[0].action_id);
	assert_string_equal(diff->flows[0].after.bindings[0].action_name, "kept");
	assert_string_equal(diff->flows[0].after.bindings[1].action_id, "3");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_mode_says_what_goes),
		TEST(what_is_bound_in_a_flow_that_is_not_named_stays),
		TEST(a_named_flow_lets_it_go),
		TEST(what_another_resource_may_use_goes_by_its_name_alone),
		TEST(everything_is_when_nothing_is_wanted_or_nothing_of_ours_stays),
		TEST(a_replacement_is_not_the_end_of_what_is_ours),
		TEST(a_replacement_takes_the_place_of_the_replaced),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
