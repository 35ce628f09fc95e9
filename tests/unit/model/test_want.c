/* What is wanted: finding things in it, and sharing it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

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

static void
what_is_shared_has_actions_of_its_own(void **state TN_UNUSED)
{
	struct tn_want_action actions[] = { { .name = "alpha" }, { .name = "beta" } };
	struct tn_want_module module = { .name = "greeter" };
	struct tn_want_flow flow = { .trigger = "post-login" };
	struct tn_secret_ref secret = { .name = "KEY", .fingerprint = "aa" };
	struct tn_want want = {
		.project = "acme",
		.actions = actions,
		.n_actions = 2,
		.modules = &module,
		.n_modules = 1,
		.flows = &flow,
		.n_flows = 1,
		.delete_mode = TN_DELETE_MANAGED,
		.delete_mark = { .line = 3 },
	};
	TN_CLEANUP(tn_want_freep) struct tn_want *share = tn_want_share(&want);

	assert_non_null(share->arena);
	assert_string_equal(share->project, "acme");
	assert_int_equal(share->n_actions, 2);
	assert_int_equal(share->n_modules, 1);
	assert_ptr_equal(share->flows, &flow);
	assert_int_equal(share->n_flows, 1);
	assert_int_equal(share->delete_mode, TN_DELETE_MANAGED);
	assert_int_equal(share->delete_mark.line, 3);
	share->actions[1].content.secrets = &secret;
	share->actions[1].content.n_secrets = 1;
	assert_null(actions[1].content.secrets);
	assert_ptr_equal(share->actions[1].name, actions[1].name);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_wanted_action_is_found_by_name),
		cmocka_unit_test(a_wanted_module_is_found_by_name),
		cmocka_unit_test(the_modes_of_deleting_are_the_words_of_the_files),
		cmocka_unit_test(what_is_shared_has_actions_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
