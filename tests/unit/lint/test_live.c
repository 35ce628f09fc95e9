/* Checks against a tenant: each test breaks one thing in files that fit it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "lint/lint.h"

static const char *const runtimes[] = { "node18-actions", "node22" };
static struct tn_capabilities capabilities;
static struct tn_trigger_info triggers[5];
static struct tn_want_action actions[2];
static struct tn_want_entry entry;
static struct tn_want_flow flow;
static struct tn_want want;
static struct tn_live_action live_actions[3];
static struct tn_binding binding;
static struct tn_flow live_flow;
static struct tn_live live;
static struct tn_diags *diags;

static struct tn_trigger_info
trigger(const char *id, const char *version, bool current)
{
	return (struct tn_trigger_info){
		.trigger = { id, version },
		.current = current,
		.runtimes = runtimes,
		.n_runtimes = 2,
	};
}

static int
setup(void **state TN_UNUSED)
{
	capabilities = (struct tn_capabilities){ .limits.actions = 4 };
	triggers[0] = trigger("post-login", "v2", false);
	triggers[1] = trigger("post-login", "v3", true);
	triggers[2] = trigger("credentials-exchange", "v2", true);
	triggers[3] = trigger("event-stream", "v1", true);
	triggers[3].entity_bound = true;
	triggers[4] = trigger("send-phone-message", "v2", true);
	triggers[4].n_runtimes = 0;
	for (size_t i = 0; i < 2; i++)
		actions[i] = (struct tn_want_action){
			.name = i == 0 ? "alpha" : "beta",
			.mark = { .file = "tenon.yaml",
			    .line = 10 + (unsigned)i,
			    .col = 3 },
			.trigger = { "post-login", "v3" },
			.content = { .code = "", .runtime = "node22" },
		};
	entry = (struct tn_want_entry){ .kind = TN_ENTRY_EXTERNAL, .name = "Acme Fraud" };
	entry.mark = (struct tn_mark){ "tenon.yaml", 21, 7 };
	flow = (struct tn_want_flow){ .trigger = "post-login",
		.entries = &entry,
		.n_entries = 1 };
	flow.mark = (struct tn_mark){ "tenon.yaml", 20, 3 };
	want = (struct tn_want){ .actions = actions,
		.n_actions = 2,
		.flows = &flow,
		.n_flows = 1 };
	live_actions[0] = (struct tn_live_action){ .id = "1",
		.name = "Acme Fraud",
		.trigger = { "post-login", "v3" },
		.installed = true,
		.has_live = true };
	live_actions[1] = (struct tn_live_action){ .id = "2",
		.name = "alpha",
		.trigger = { "post-login", "v3" },
		.has_live = true };
	live_actions[2] = (struct tn_live_action){ .id = "3",
		.name = "other",
		.trigger = { "post-login", "v2" },
		.has_live = true };
	binding = (struct tn_binding){ .action_id = "9", .action_name = "Only Bound" };
	live_flow = (struct tn_flow){ .trigger = "post-login",
		.bindings = &binding,
		.n_bindings = 1 };
	live = (struct tn_live){ .actions = live_actions,
		.n_actions = 3,
		.flows = &live_flow,
		.n_flows = 1,
		.triggers = triggers,
		.n_triggers = 5,
		.has_triggers = true };
	diags = tn_diags_new();
	return 0;
}

static int
teardown(void **state TN_UNUSED)
{
	tn_diags_free(diags);
	return 0;
}

static void
assert_clean(void)
{
	tn_lint_live(&want, &live, &capabilities, diags);
	for (size_t i = 0; i < tn_diags_count(diags); i++)
		fail_msg("unexpected: %s", tn_diags_at(diags, i)->message);
}

static const struct tn_diag *
assert_finding(const char *code, unsigned line, const char *resource, const char *message,
    const char *hint)
{
	const struct tn_diag *diag;

	tn_lint_live(&want, &live, &capabilities, diags);
	assert_int_equal(tn_diags_count(diags), 1);
	diag = tn_diags_at(diags, 0);
	assert_string_equal(diag->code, code);
	assert_int_equal(diag->mark.line, line);
	assert_true(tn_text_equal(diag->resource, resource));
	assert_string_equal(diag->message, message);
	if (!tn_text_equal(diag->hint, hint))
		fail_msg("the hint is \"%s\"",
		    diag->hint != NULL ? diag->hint : "(none)");
	return diag;
}

static void
files_that_fit(void **state TN_UNUSED)
{
	assert_clean();
}

static void
an_unknown_trigger_and_the_nearest(void **state TN_UNUSED)
{
	actions[1].trigger.id = "post-logn";
	assert_finding("unknown-trigger", 11, "action/beta",
	    "the tenant has no trigger \"post-logn\"", "did you mean \"post-login\"?");
}

static void
an_unknown_trigger_like_no_other(void **state TN_UNUSED)
{
	actions[1].trigger.id = "x";
	assert_finding("unknown-trigger", 11, "action/beta",
	    "the tenant has no trigger \"x\"",
	    "the tenant offers: post-login, credentials-exchange, event-stream, "
	    "send-phone-message");
}

static void
an_unknown_version_of_a_trigger(void **state TN_UNUSED)
{
	actions[1].trigger.version = "v41";
	assert_finding("unknown-trigger-version", 11, "action/beta",
	    "the tenant has no version v41 of trigger post-login",
	    "the tenant offers: v2, v3");
}

static void
a_deprecated_trigger_is_a_warning(void **state TN_UNUSED)
{
	const struct tn_diag *diag;

	actions[1].trigger.version = "v2";
	diag = assert_finding("deprecated-trigger", 11, "action/beta",
	    "trigger post-login@v2 is deprecated", "the current version is v3");
	assert_int_equal(diag->severity, TN_SEVERITY_WARNING);
	assert_int_equal(tn_diags_errors(diags), 0);
}

static void
an_unknown_runtime_and_the_nearest(void **state TN_UNUSED)
{
	actions[1].content.runtime = "node21";
	assert_finding("unknown-runtime", 11, "action/beta",
	    "the tenant has no runtime \"node21\" for post-login@v3",
	    "did you mean \"node22\"?");
}

static void
an_unknown_runtime_like_no_other(void **state TN_UNUSED)
{
	actions[1].content.runtime = "deno";
	assert_finding("unknown-runtime", 11, "action/beta",
	    "the tenant has no runtime \"deno\" for post-login@v3",
	    "the tenant offers: node18-actions, node22");
}

static void
a_runtime_that_the_action_has_already_is_left_to_it(void **state TN_UNUSED)
{
	actions[0].content.runtime = "node12";
	live_actions[1].live.content.runtime = "node12";
	assert_clean();
	live_actions[1].live.content.runtime = NULL;
	live_actions[1].draft.runtime = "node12";
	assert_clean();
	live_actions[1].draft.runtime = "node16";
	assert_finding("unknown-runtime", 10, "action/alpha",
	    "the tenant has no runtime \"node12\" for post-login@v3",
	    "did you mean \"node22\"?");
}

static void
no_runtime_and_no_list_of_runtimes(void **state TN_UNUSED)
{
	actions[0].content.runtime = NULL;
	actions[1].trigger = (struct tn_trigger){ "send-phone-message", "v2" };
	actions[1].content.runtime = "anything";
	assert_clean();
}

static void
a_flow_on_an_unknown_trigger(void **state TN_UNUSED)
{
	flow.trigger = "post_login";
	flow.n_entries = 0;
	assert_finding("unknown-trigger", 20, "bindings/post_login",
	    "the tenant has no trigger \"post_login\"", "did you mean \"post-login\"?");
}

static void
a_flow_on_a_trigger_that_is_bound_elsewhere(void **state TN_UNUSED)
{
	flow.trigger = "event-stream";
	flow.n_entries = 0;
	assert_finding("entity-bound", 20, "bindings/event-stream",
	    "actions of event-stream are bound through another resource and have no order "
	    "here",
	    "take it out of bindings");
}

static void
without_the_list_of_triggers_they_are_not_checked(void **state TN_UNUSED)
{
	live.has_triggers = false;
	live.n_triggers = 0;
	actions[1].trigger.id = "x";
	actions[1].content.runtime = "x";
	assert_clean();
}

static void
an_external_that_is_not_there(void **state TN_UNUSED)
{
	live.has_triggers = false;
	entry.name = "Acme Froud";
	assert_finding("missing-external", 21, "bindings/post-login",
	    "the tenant has no action \"Acme Froud\"", "did you mean \"Acme Fraud\"?");
}

static void
an_external_like_no_other(void **state TN_UNUSED)
{
	entry.name = "Zeta";
	assert_finding("missing-external", 21, "bindings/post-login",
	    "the tenant has no action \"Zeta\"",
	    "an external action must be there before it can be bound");
}

static void
an_external_that_is_bound_is_there(void **state TN_UNUSED)
{
	entry.name = "Only Bound";
	assert_clean();
	flow.trigger = "credentials-exchange";
	assert_finding("missing-external", 21, "bindings/credentials-exchange",
	    "the tenant has no action \"Only Bound\"",
	    "an external action must be there before it can be bound");
}

static void
actions_of_the_files_and_others_need_not_be_there(void **state TN_UNUSED)
{
	entry.name = "beta";
	entry.kind = TN_ENTRY_ACTION;
	assert_clean();
	entry.name = NULL;
	entry.kind = TN_ENTRY_OTHERS;
	assert_clean();
}

static void
an_external_of_another_trigger(void **state TN_UNUSED)
{
	flow.trigger = "credentials-exchange";
	assert_finding("wrong-trigger", 21, "bindings/credentials-exchange",
	    "\"Acme Fraud\" is written for post-login and cannot run in "
	    "credentials-exchange",
	    "bind it under post-login");
}

static void
an_external_of_no_known_trigger_is_believed(void **state TN_UNUSED)
{
	live_actions[0].trigger = (struct tn_trigger){ NULL, NULL };
	assert_clean();
}

static void
an_external_that_was_never_deployed(void **state TN_UNUSED)
{
	live_actions[0].has_live = false;
	assert_finding("undeployed-external", 21, "bindings/post-login",
	    "\"Acme Fraud\" was never deployed and cannot be bound",
	    "have its owner deploy it first");
}

static void
more_actions_than_the_tenant_takes(void **state TN_UNUSED)
{
	capabilities.limits.actions = 3;
	assert_clean();
	capabilities.limits.actions = 2;
	assert_finding("too-many-actions", 11, NULL,
	    "the tenant would have 3 actions during the apply: 2 that are there, 1 of them "
	    "not in these files, and 1 new ones; the platform takes 2",
	    "new ones are made before others are deleted: delete 1 that nobody needs first");
}

static void
an_action_that_is_renamed_is_not_new(void **state TN_UNUSED)
{
	capabilities.limits.actions = 2;
	actions[1].renamed_from = "other";
	assert_clean();
}

static void
a_full_tenant_that_gets_no_more_is_in_order(void **state TN_UNUSED)
{
	capabilities.limits.actions = 1;
	want.n_actions = 1;
	assert_clean();
	capabilities.limits.actions = 0;
	want.n_actions = 2;
	assert_clean();
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(files_that_fit),
		TEST(an_unknown_trigger_and_the_nearest),
		TEST(an_unknown_trigger_like_no_other),
		TEST(an_unknown_version_of_a_trigger),
		TEST(a_deprecated_trigger_is_a_warning),
		TEST(an_unknown_runtime_and_the_nearest),
		TEST(an_unknown_runtime_like_no_other),
		TEST(a_runtime_that_the_action_has_already_is_left_to_it),
		TEST(no_runtime_and_no_list_of_runtimes),
		TEST(a_flow_on_an_unknown_trigger),
		TEST(a_flow_on_a_trigger_that_is_bound_elsewhere),
		TEST(without_the_list_of_triggers_they_are_not_checked),
		TEST(an_external_that_is_not_there),
		TEST(an_external_like_no_other),
		TEST(an_external_that_is_bound_is_there),
		TEST(actions_of_the_files_and_others_need_not_be_there),
		TEST(an_external_of_another_trigger),
		TEST(an_external_of_no_known_trigger_is_believed),
		TEST(an_external_that_was_never_deployed),
		TEST(more_actions_than_the_tenant_takes),
		TEST(an_action_that_is_renamed_is_not_new),
		TEST(a_full_tenant_that_gets_no_more_is_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
