/*
 * Parts that the files leave out: an update does not send them, unless the draft that it
 * writes over holds something else than what runs.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/value.h"
#include "scene.h"

#define OPEN (TN_PART_RUNTIME | TN_PART_DEPENDENCIES | TN_PART_SECRETS)

static struct scene scene;
static struct tn_plan *plan;
static struct tn_live_action *live;
static struct tn_want_action *want;

static int
setup(void **state TN_UNUSED)
{
	scene_init(&scene);
	live = scene_live(&scene, "greet", "old");
	scene_depends(&scene, &live->draft, "axios", "1.7.2");
	scene_secret(&scene, &live->draft, "KEY", 0, "2026-01-01T00:00:00.000Z");
	live->live.content = live->draft;
	want = scene_want(&scene, "greet", "new");
	want->content.runtime = NULL;
	want->unstated = OPEN;
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

static const struct tn_step *
update(void)
{
	tn_plan_free(plan);
	plan = scene_plan(&scene);
	steps_are(plan, "update greet, deploy greet");
	return step_of(plan, TN_STEP_UPDATE, "greet");
}

static void
what_is_not_stated_is_expected_and_not_sent(void **state TN_UNUSED)
{
	const struct tn_step *step = update();

	assert_int_equal(step->left_out, OPEN);
	assert_string_equal(step->after.code, "new");
	assert_string_equal(step->after.runtime, "node22");
	assert_int_equal(step->after.n_dependencies, 1);
	assert_int_equal(step->after.n_secrets, 1);
	assert_int_equal(step->inverse, TN_INVERSE_REDRAFT);
	want->unstated = 0;
	assert_int_equal(update()->left_out, 0);
}

static void
another_draft_is_written_over_with_what_runs(void **state TN_UNUSED)
{
	const struct tn_step *step;

	live->draft.runtime = "node18";
	scene.overwrite_drafts = true;
	step = update();
	assert_int_equal(step->left_out, OPEN & ~TN_PART_RUNTIME);
	assert_string_equal(step->after.runtime, "node22");
}

static void
it_comes_back_from_a_tree_and_counts_in_the_digest(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_plan_freep) struct tn_plan *back = NULL;
	struct tn_value *tree;
	char digest[sizeof(plan->digest)];

	update();
	tree = tn_plan_to_value(scene.arena, plan);
	assert_int_equal(tn_plan_from_value(tree, &back, NULL), 0);
	assert_int_equal(step_of(back, TN_STEP_UPDATE, "greet")->left_out, OPEN);
	memcpy(digest, plan->digest, sizeof(digest));
	want->unstated = OPEN & ~TN_PART_RUNTIME;
	update();
	assert_string_not_equal(digest, plan->digest);
}

static void
unknown_parts_are_refused(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_plan_freep) struct tn_plan *back = NULL;
	const struct tn_value *list;
	struct tn_value *tree;

	update();
	tree = tn_plan_to_value(scene.arena, plan);
	list = tn_value_get(tn_value_at(tn_value_get(tree, "steps"), 0), "left_out");
	assert_int_equal(tn_value_count(list), 3);
	*list->as.items[1] = *tn_value_string(scene.arena, "trigger");
	assert_int_equal(tn_plan_from_value(tree, &back, NULL), -TN_E_INPUT);
	assert_null(back);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_not_stated_is_expected_and_not_sent),
		TEST(another_draft_is_written_over_with_what_runs),
		TEST(it_comes_back_from_a_tree_and_counts_in_the_digest),
		TEST(unknown_parts_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
