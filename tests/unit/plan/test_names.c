/* Steps that change names, replace and delete: which, in what order, and what they say.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/value.h"
#include "scene.h"

static struct scene scene;
static struct tn_plan *plan;

static int
setup(void **state TN_UNUSED)
{
	scene_init(&scene);
	return 0;
}

static int
teardown(void **state TN_UNUSED)
{
	tn_plan_free(plan);
	plan = NULL;
	scene_done(&scene);
	return 0;
}

static void
renamed(const char *from, const char *to, const char *code)
{
	scene_want(&scene, to, code)->renamed_from = from;
}

/* "old>new", with "#1" for a name of the run's own. */
static void
names_are(const char *expected)
{
	TN_CLEANUP(tn_str_done) struct tn_str got = TN_STR_INIT;

	plan = scene_plan(&scene);
	for (size_t i = 0; i < plan->n_steps; i++) {
		const struct tn_step *step = &plan->steps[i];

		if (step->kind != TN_STEP_RENAME)
			continue;
		tn_str_add(&got, got.len == 0 ? "" : " ");
		if (step->old_name != NULL)
			tn_str_add(&got, step->old_name);
		else
			tn_str_addf(&got, "#%u", step->aside);
		tn_str_add(&got, ">");
		if (step->new_name != NULL)
			tn_str_add(&got, step->new_name);
		else
			tn_str_addf(&got, "#%u", step->aside);
		assert_int_equal(step->inverse, TN_INVERSE_RENAME);
	}
	assert_string_equal(tn_str_text(&got), expected);
}

static void
a_name_changes_before_the_content_does(void **state TN_UNUSED)
{
	scene_live(&scene, "old", "1");
	renamed("old", "new", "2");
	names_are("old>new");
	steps_are(plan, "rename new, update new, deploy new");
	assert_int_equal(plan->counts.rename, 1);
	assert_string_equal(plan->steps[0].action_id, "id-old");
	assert_string_equal(plan->steps[1].action_id, "id-old");
	assert_string_equal(plan->steps[0].after.code, "1");
}

static void
a_chain_begins_where_there_is_room(void **state TN_UNUSED)
{
	scene_live(&scene, "a", "1");
	scene_live(&scene, "b", "2");
	renamed("a", "b", "1");
	renamed("b", "c", "2");
	names_are("b>c a>b");
	steps_are(plan, "rename c, rename b");
}

static void
a_circle_is_opened_by_a_name_of_the_runs_own(void **state TN_UNUSED)
{
	scene_live(&scene, "a", "1");
	scene_live(&scene, "b", "2");
	renamed("b", "a", "2");
	renamed("a", "b", "1");
	names_are("b>#1 a>b #1>a");
	assert_string_equal(plan->steps[0].action_id, "id-b");
	assert_string_equal(plan->steps[2].action_id, "id-b");
	assert_int_equal(plan->counts.rename, 2);
}

static void
two_circles_have_names_of_their_own(void **state TN_UNUSED)
{
	scene_live(&scene, "a", "1");
	scene_live(&scene, "b", "2");
	scene_live(&scene, "c", "3");
	scene_live(&scene, "d", "4");
	renamed("b", "a", "2");
	renamed("a", "b", "1");
	renamed("d", "c", "4");
	renamed("c", "d", "3");
	names_are("b>#1 a>b #1>a d>#2 c>d #2>c");
}

static void
a_replacement_makes_way_is_made_bound_and_leaves(void **state TN_UNUSED)
{
	struct tn_want_action *want = scene_both(&scene, "a", "1", "1");

	want->trigger = (struct tn_trigger){ "credentials-exchange", "v2" };
	scene_depends(&scene, &want->content, "axios", "1.7.2");
	scene_has_flow(&scene, "post-login", "a");
	scene_wants_flow(&scene, "post-login", "");
	scene_has_flow(&scene, "credentials-exchange", "");
	scene_wants_flow(&scene, "credentials-exchange", "a");
	names_are("a>#1");
	steps_are(plan,
	    "rename a, create a, deploy a, bind credentials-exchange, bind post-login, "
	    "delete a");
	assert_null(plan->steps[1].action_id);
	assert_false(plan->steps[1].has_before);
	assert_null(plan->steps[2].action_id);
	assert_int_equal(plan->steps[2].inverse, TN_INVERSE_DELETE);
	assert_string_equal(plan->steps[5].action_id, "id-a");
	assert_int_equal(plan->steps[5].inverse, TN_INVERSE_NONE);
	assert_int_equal(plan->counts.create, 1);
	assert_int_equal(plan->counts.remove, 1);
	assert_int_equal(plan->counts.rename, 0);
}

static void
deletes_come_last_and_say_that_they_are_for_good(void **state TN_UNUSED)
{
	scene.delete_mode = TN_DELETE_MANAGED;
	scene_live(&scene, "z", "1");
	scene_live(&scene, "gone", "1");
	scene_both(&scene, "kept", "1", "2");
	names_are("");
	steps_are(plan, "update kept, deploy kept, delete gone, delete z");
	assert_int_equal(plan->counts.remove, 2);
	assert_int_equal(plan->steps[2].inverse, TN_INVERSE_NONE);
	assert_non_null(strstr(plan->steps[2].irreversible, "does not come back"));
}

/* An action may use it until it is deleted itself. */
static void
modules_are_deleted_after_actions(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	TN_CLEANUP(tn_plan_freep) struct tn_plan *back = NULL;
	const struct tn_live_action action = { .id = "a-1",
		.name = "z",
		.trigger = { "post-login", "v3" },
		.draft = { .code = "1" } };
	const struct tn_live_module gone = { .id = "m-1",
		.name = "a",
		.updated_at = "t1",
		.draft = { .code = "2" },
		.latest_number = 3 };
	const struct tn_live_module used = { .id = "m-2", .name = "b" };
	struct tn_removal removal = { .live = &action };
	struct tn_module_removal modules[] = { { &gone, NULL },
		{ &used, "somebody uses it" } };
	const struct tn_diff diff = { .removals = &removal,
		.n_removals = 1,
		.module_removals = modules,
		.n_module_removals = 2 };
	enum tn_op_kind ops[TN_OP__COUNT];
	bool asked = false;
	size_t n;

	plan = tn_plan_build(&(struct tn_plan_input){ .tenant = "dev",
	    .provider = "auth0",
	    .base_url = "https://a.example",
	    .project = "p",
	    .diff = &diff });
	steps_are(plan, "delete z, module-delete a");
	assert_true(
	    tn_step_phase(plan->steps[0].kind) < tn_step_phase(plan->steps[1].kind));
	assert_int_equal(plan->counts.remove, 2);
	assert_int_equal(plan->steps[1].inverse, TN_INVERSE_NONE);
	n = tn_plan_operations(plan, ops);
	for (size_t i = 0; i < n; i++)
		asked |= ops[i] == TN_OP_DELETE_MODULE;
	assert_true(asked);
	assert_int_equal(tn_plan_from_value(tn_plan_to_value(arena, plan), &back, NULL),
	    0);
	assert_int_equal(back->steps[1].kind, TN_STEP_MODULE_DELETE);
	assert_string_equal(back->steps[1].action_id, "m-1");
	assert_string_equal(back->steps[1].module_before.updated_at, "t1");
	assert_int_equal(back->steps[1].module_before.latest_number, 3);
}

static void
rights_for_all_of_it_are_asked_for(void **state TN_UNUSED)
{
	enum tn_op_kind ops[TN_OP__COUNT];
	bool renames = false, deletes = false;
	size_t n;

	scene.delete_mode = TN_DELETE_MANAGED;
	scene_live(&scene, "old", "1");
	scene_live(&scene, "gone", "1");
	renamed("old", "new", "1");
	plan = scene_plan(&scene);
	n = tn_plan_operations(plan, ops);
	for (size_t i = 0; i < n; i++) {
		renames |= ops[i] == TN_OP_RENAME_ACTION;
		deletes |= ops[i] == TN_OP_DELETE_ACTION;
	}
	assert_true(renames);
	assert_true(deletes);
}

static struct tn_value *
written(struct tn_arena *arena)
{
	scene_live(&scene, "a", "1");
	scene_live(&scene, "b", "2");
	renamed("b", "a", "2");
	renamed("a", "b", "1");
	plan = scene_plan(&scene);
	return tn_plan_to_value(arena, plan);
}

static void
a_plan_comes_back_with_its_names(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	TN_CLEANUP(tn_plan_freep) struct tn_plan *back = NULL;

	assert_int_equal(tn_plan_from_value(written(arena), &back, NULL), 0);
	for (size_t i = 0; i < 3; i++) {
		const struct tn_step *a = &plan->steps[i], *b = &back->steps[i];

		assert_true(tn_text_equal(a->old_name, b->old_name));
		assert_true(tn_text_equal(a->new_name, b->new_name));
		assert_int_equal(a->aside, b->aside);
	}
	assert_int_equal(back->counts.rename, 2);
}

static void
a_name_that_is_neither_known_nor_the_runs_own_is_refused(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	struct tn_value *value = written(arena);
	const struct tn_value *steps = tn_value_get(value, "steps");
	struct tn_plan *back = NULL;

	for (size_t i = 0; i < steps->as.items[0]->count; i++) {
		struct tn_member *member = &steps->as.items[0]->as.members[i];

		if (strcmp(member->key, "aside") == 0)
			member->value = tn_value_int(arena, 0);
	}
	assert_true(tn_plan_from_value(value, &back, &err) < 0);
	assert_non_null(strstr(err.message, "aside"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_name_changes_before_the_content_does),
		TEST(a_chain_begins_where_there_is_room),
		TEST(a_circle_is_opened_by_a_name_of_the_runs_own),
		TEST(two_circles_have_names_of_their_own),
		TEST(a_replacement_makes_way_is_made_bound_and_leaves),
		TEST(deletes_come_last_and_say_that_they_are_for_good),
		TEST(modules_are_deleted_after_actions),
		TEST(rights_for_all_of_it_are_asked_for),
		TEST(a_plan_comes_back_with_its_names),
		TEST(a_name_that_is_neither_known_nor_the_runs_own_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
