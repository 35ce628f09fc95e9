#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "diff/diff.h"
#include "lint/lint.h"

/* One flow of n bindings against a limit of three. */
static size_t
findings(size_t n, bool differs, const char **hint)
{
	const struct tn_capabilities capabilities = { .limits.bindings = 3 };
	struct tn_binding bindings[8] = { { .action_name = "ours" } };
	const struct tn_want_action ours = { .name = "ours" };
	struct tn_change change = { .want = &ours };
	struct tn_flow_change flow = {
		.trigger = "post-login",
		.mark = { .file = "tenon.yaml", .line = 9, .col = 3 },
		.after = { "post-login", bindings, n },
		.differs = differs,
	};
	const struct tn_diff diff = {
		.changes = &change,
		.n_changes = 1,
		.flows = &flow,
		.n_flows = 1,
	};
	struct tn_diags *diags = tn_diags_new();
	size_t count;

	tn_lint_flows(&diff, &capabilities, diags);
	count = tn_diags_errors(diags);
	if (count > 0) {
		const struct tn_diag *diag = tn_diags_at(diags, 0);

		assert_string_equal(diag->code, "too-many-bindings");
		assert_string_equal(diag->resource, "bindings/post-login");
		assert_int_equal(diag->mark.line, 9);
		if (n == 4)
			assert_string_equal(diag->message,
			    "the flow would hold 4 actions, 3 of them not in these "
			    "files; the platform takes 3");
		*hint = diag->hint[5] == '1' ? "one" : "more";
	}
	tn_diags_free(diags);
	return count;
}

static void
a_flow_may_be_full_and_not_fuller(void **state)
{
	const char *hint = NULL;

	(void)state;
	assert_int_equal(findings(3, true, &hint), 0);
	assert_int_equal(findings(4, true, &hint), 1);
	assert_string_equal(hint, "one");
	assert_int_equal(findings(6, true, &hint), 1);
	assert_string_equal(hint, "more");
}

static void
a_flow_that_is_left_as_it_is_is_not_judged(void **state)
{
	const char *hint = NULL;

	(void)state;
	assert_int_equal(findings(4, false, &hint), 0);
}

/* Two flipped and one new beside four that are there, one of them from the marketplace.
 */
static size_t
flips(size_t limit, bool flip)
{
	const struct tn_capabilities capabilities = { .limits.actions = limit };
	struct tn_live_action actions[4] = { { .installed = true } };
	const struct tn_live live = { .actions = actions, .n_actions = 4 };
	const struct tn_want_action want = { .name = "a" };
	struct tn_change changes[] = {
		{ .kind = TN_CHANGE_REPLACE, .want = &want, .flip = flip },
		{ .kind = TN_CHANGE_NONE, .want = &want },
		{ .kind = TN_CHANGE_CREATE, .want = &want },
		{ .kind = TN_CHANGE_REPLACE, .want = &want, .flip = flip },
	};
	const struct tn_diff diff = { .changes = changes, .n_changes = 4 };
	struct tn_diags *diags = tn_diags_new();
	size_t count;

	tn_lint_flips(&diff, &live, &capabilities, diags);
	count = tn_diags_errors(diags);
	if (count > 0)
		assert_string_equal(tn_diags_at(diags, 0)->code, "too-many-actions");
	tn_diags_free(diags);
	return count;
}

static void
what_is_flipped_is_there_twice(void **state TN_UNUSED)
{
	assert_int_equal(flips(6, true), 0);
	assert_int_equal(flips(5, true), 1);
	assert_int_equal(flips(0, true), 0);
	/* Others are counted before there is a diff. */
	assert_int_equal(flips(5, false), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_flow_may_be_full_and_not_fuller),
		cmocka_unit_test(a_flow_that_is_left_as_it_is_is_not_judged),
		cmocka_unit_test(what_is_flipped_is_there_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
