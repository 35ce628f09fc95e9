/* What is wanted: finding things in it, and copying it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/value.h"
#include "model/tenant.h"

static void
a_wanted_action_is_found_by_name(void **state TN_UNUSED)
{
	struct tn_want_action actions[] = { { .name = "alpha" }, { .name = "beta" },
		{ .name = "gamma" } };
	struct tn_want want = { .actions = actions, .n_actions = 3 };
	struct tn_want none = { 0 };

	for (size_t i = 0; i < 3; i++)
		assert_ptr_equal(tn_want_action(&want, actions[i].name), &actions[i]);
	assert_null(tn_want_action(&want, "bet"));
	assert_null(tn_want_action(&want, ""));
	assert_null(tn_want_action(&none, "alpha"));
}

static void
a_wanted_module_is_found_by_name(void **state TN_UNUSED)
{
	struct tn_want_module modules[] = { { .name = "greeter" }, { .name = "http" } };
	struct tn_want want = { .modules = modules, .n_modules = 2 };
	struct tn_want none = { 0 };

	for (size_t i = 0; i < 2; i++)
		assert_ptr_equal(tn_want_module(&want, modules[i].name), &modules[i]);
	assert_null(tn_want_module(&want, "greet"));
	assert_null(tn_want_module(&none, "greeter"));
}

static void
the_modes_of_deleting_are_the_words_of_the_files(void **state TN_UNUSED)
{
	assert_string_equal(tn_want_delete_name(TN_DELETE_NONE), "none");
	assert_string_equal(tn_want_delete_name(TN_DELETE_MANAGED), "managed");
	assert_string_equal(tn_want_delete_name(TN_DELETE_ALL), "all");
}

/* Everything that is text in it is the one buffer that is spoilt afterwards. */
struct original {
	struct tn_mark mark;
	struct tn_want_use use;
	struct tn_want_test tests[2];
	struct tn_want_action action;
	struct tn_want_module module;
	struct tn_want_entry entries[2];
	struct tn_want_flow flow;
	struct tn_want want;
};

static void
fill(struct original *o, struct tn_arena *arena, char *text)
{
	struct tn_value *object = tn_value_object(arena);

	tn_value_set(arena, object, "key", tn_value_string(arena, text));
	o->mark = (struct tn_mark){ .file = text, .line = 3, .col = 5 };
	o->use = (struct tn_want_use){ text, 7, o->mark };
	o->tests[0] = (struct tn_want_test){ text, object, object, o->mark };
	o->tests[1] = (struct tn_want_test){ text, object, NULL, o->mark };
	o->action = (struct tn_want_action){ .name = text,
		.mark = o->mark,
		.trigger = { text, text },
		.content.code = text,
		.code_path = text,
		.code_mark = o->mark,
		.substitute = true,
		.modules = &o->use,
		.n_modules = 1,
		.tests = o->tests,
		.n_tests = 2,
		.renamed_from = text,
		.renamed_mark = o->mark,
		.protect = true };
	o->module = (struct tn_want_module){ .name = text,
		.mark = o->mark,
		.content.code = text,
		.code_path = text,
		.code_mark = o->mark,
		.protect = true };
	o->entries[0] = (struct tn_want_entry){ .kind = TN_ENTRY_EXTERNAL,
		.name = text,
		.display_name = text,
		.mark = o->mark };
	o->entries[1] = (struct tn_want_entry){ .kind = TN_ENTRY_OTHERS,
		.mark = o->mark };
	o->flow = (struct tn_want_flow){ .trigger = text,
		.mark = o->mark,
		.entries = o->entries,
		.n_entries = 2 };
	o->want = (struct tn_want){ .project = text,
		.actions = &o->action,
		.n_actions = 1,
		.modules = &o->module,
		.n_modules = 1,
		.flows = &o->flow,
		.n_flows = 1,
		.delete_mode = TN_DELETE_MANAGED,
		.delete_mark = o->mark };
}

static void
check_mark(struct tn_mark mark)
{
	assert_string_equal(mark.file, "text");
	assert_int_equal(mark.line, 3);
	assert_int_equal(mark.col, 5);
}

static void
check_action(const struct tn_want_action *action)
{
	assert_string_equal(action->name, "text");
	check_mark(action->mark);
	assert_string_equal(action->trigger.id, "text");
	assert_string_equal(action->trigger.version, "text");
	assert_string_equal(action->content.code, "text");
	assert_string_equal(action->code_path, "text");
	check_mark(action->code_mark);
	assert_true(action->substitute);
	assert_int_equal(action->n_modules, 1);
	assert_string_equal(action->modules[0].name, "text");
	assert_int_equal(action->modules[0].version, 7);
	check_mark(action->modules[0].mark);
	assert_int_equal(action->n_tests, 2);
	for (size_t i = 0; i < 2; i++) {
		assert_string_equal(action->tests[i].payload_path, "text");
		assert_string_equal(tn_value_get_text(action->tests[i].payload, "key"),
		    "text");
		check_mark(action->tests[i].mark);
	}
	assert_string_equal(tn_value_get_text(action->tests[0].expect, "key"), "text");
	assert_null(action->tests[1].expect);
	assert_string_equal(action->renamed_from, "text");
	check_mark(action->renamed_mark);
	assert_true(action->protect);
}

static void
check_module(const struct tn_want_module *module)
{
	assert_string_equal(module->name, "text");
	check_mark(module->mark);
	assert_string_equal(module->content.code, "text");
	assert_string_equal(module->code_path, "text");
	check_mark(module->code_mark);
	assert_true(module->protect);
}

static void
check_flow(const struct tn_want_flow *flow)
{
	assert_string_equal(flow->trigger, "text");
	check_mark(flow->mark);
	assert_int_equal(flow->n_entries, 2);
	assert_int_equal(flow->entries[0].kind, TN_ENTRY_EXTERNAL);
	assert_string_equal(flow->entries[0].name, "text");
	assert_string_equal(flow->entries[0].display_name, "text");
	check_mark(flow->entries[0].mark);
	assert_int_equal(flow->entries[1].kind, TN_ENTRY_OTHERS);
	assert_null(flow->entries[1].name);
}

static void
a_copy_of_what_is_wanted_lives_alone(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_want_freep) struct tn_want *copy = NULL;
	struct tn_arena *arena = tn_arena_new();
	char text[] = "text";
	struct original original;

	fill(&original, arena, text);
	copy = tn_want_copy(&original.want);
	tn_arena_free(arena);
	memset(&original, 0, sizeof(original));
	memset(text, '#', sizeof(text) - 1);
	assert_string_equal(copy->project, "text");
	assert_int_equal(copy->n_actions, 1);
	check_action(&copy->actions[0]);
	assert_int_equal(copy->n_modules, 1);
	check_module(&copy->modules[0]);
	assert_int_equal(copy->n_flows, 1);
	check_flow(&copy->flows[0]);
	assert_int_equal(copy->delete_mode, TN_DELETE_MANAGED);
	check_mark(copy->delete_mark);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_wanted_action_is_found_by_name),
		cmocka_unit_test(a_wanted_module_is_found_by_name),
		cmocka_unit_test(the_modes_of_deleting_are_the_words_of_the_files),
		cmocka_unit_test(a_copy_of_what_is_wanted_lives_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
