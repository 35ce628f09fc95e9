/* Flows: equality by position, copies. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "model/flow.h"

#define FLOW(...)                                                              \
	((struct tn_flow){                                                     \
	    .trigger = "post-login",                                           \
	    .bindings = (const struct tn_binding[]){ __VA_ARGS__ },            \
	    .n_bindings = sizeof((const struct tn_binding[]){ __VA_ARGS__ }) / \
		sizeof(struct tn_binding),                                     \
	})

static const struct tn_binding a = { .action_id = "1", .action_name = "a" };
static const struct tn_binding b = { .action_id = "2", .action_name = "b" };
static const struct tn_binding new_a = { .action_name = "a" };
static const struct tn_binding shown = { .action_id = "1",
	.action_name = "a",
	.display_name = "A" };
static const struct tn_binding same_as_name = { .action_id = "1",
	.action_name = "a",
	.display_name = "a" };
static const struct tn_binding renamed = { .action_id = "1", .action_name = "z" };
static const struct tn_binding installed = { .action_id = "1",
	.action_name = "a",
	.installed = true };

static void
assert_equal(const struct tn_flow *x, const struct tn_flow *y, bool equal)
{
	assert_int_equal(tn_flow_equal(x, y), equal);
	assert_int_equal(tn_flow_equal(y, x), equal);
}

static void
order_and_length_count(void **state TN_UNUSED)
{
	struct tn_flow none = { .trigger = "post-login" };
	struct tn_flow ab = FLOW(a, b), ba = FLOW(b, a), one = FLOW(a),
		       twice = FLOW(a, a);

	assert_equal(&none, &none, true);
	assert_equal(&ab, &ab, true);
	assert_equal(&ab, &ba, false);
	assert_equal(&one, &ab, false);
	assert_equal(&one, &twice, false);
	assert_equal(&none, &one, false);
}

static void
an_action_is_known_by_id_and_by_name_before_it_has_one(void **state TN_UNUSED)
{
	struct tn_flow live = FLOW(a), other_name = FLOW(renamed), created = FLOW(new_a);

	assert_equal(&live, &other_name, true);
	/* What a plan creates is not what has its name by now: that is replaced. */
	assert_equal(&live, &created, false);
	assert_equal(&created, &created, true);
	assert_equal(&created, &other_name, false);
}

static void
a_display_name_that_is_not_given_is_not_the_name(void **state TN_UNUSED)
{
	struct tn_flow plain = FLOW(a), with = FLOW(shown), same = FLOW(same_as_name);

	assert_equal(&plain, &with, false);
	assert_equal(&plain, &same, false);
	assert_equal(&with, &same, false);
}

static void
where_an_action_comes_from_does_not_count(void **state TN_UNUSED)
{
	struct tn_flow plain = FLOW(a), market = FLOW(installed);

	assert_equal(&plain, &market, true);
}

static void
has_action_looks_for_ids(void **state TN_UNUSED)
{
	struct tn_flow flow = FLOW(new_a, b), first = FLOW(b, a);

	assert_true(tn_flow_has_action(&flow, "2"));
	assert_true(tn_flow_has_action(&first, "2"));
	assert_false(tn_flow_has_action(&flow, "1"));
	assert_false(tn_flow_has_action(&flow, "b"));
}

static void
a_copy_lives_alone(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	char text[] = "text";
	struct tn_binding binding = { .action_id = text,
		.display_name = text,
		.installed = true };
	struct tn_flow flow = { .trigger = text, .bindings = &binding, .n_bindings = 1 };
	struct tn_flow copy;

	tn_flow_copy(arena, &copy, &flow);
	memset(text, '#', sizeof(text) - 1);
	binding = (struct tn_binding){ 0 };
	assert_string_equal(copy.trigger, "text");
	assert_int_equal(copy.n_bindings, 1);
	assert_string_equal(copy.bindings[0].action_id, "text");
	assert_null(copy.bindings[0].action_name);
	assert_string_equal(copy.bindings[0].display_name, "text");
	assert_true(copy.bindings[0].installed);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(order_and_length_count),
		cmocka_unit_test(an_action_is_known_by_id_and_by_name_before_it_has_one),
		cmocka_unit_test(a_display_name_that_is_not_given_is_not_the_name),
		cmocka_unit_test(where_an_action_comes_from_does_not_count),
		cmocka_unit_test(has_action_looks_for_ids),
		cmocka_unit_test(a_copy_lives_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
