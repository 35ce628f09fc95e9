/* Checks without a tenant: each test breaks one thing in files that are in order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "lint/lint.h"

/* Says nothing about what it uses, so that nothing is unused. */
#define CODE \
	"exports.onExecutePostLogin = exports.onExecuteCredentialsExchange = require(a)"

#define LIMIT_ACTIONS      3
#define LIMIT_BINDINGS     2
#define LIMIT_CODE         78
#define LIMIT_DEPENDENCIES 2
#define LIMIT_SECRETS      2
#define LIMIT_SECRET_NAME  4

static struct tn_capabilities capabilities;
static struct tn_dependency dependencies[4];
static struct tn_secret_ref secrets[4];
static struct tn_want_action actions[5];
static struct tn_want_entry entries[5];
static struct tn_want_flow flows[2];
static struct tn_want want;
static struct tn_diags *diags;

static int
setup(void **state TN_UNUSED)
{
	static const char *const names[] = { "a", "b", "c", "d", "e" };

	capabilities = (struct tn_capabilities){
		.secrets = true,
		.limits = {
			.actions = LIMIT_ACTIONS,
			.bindings = LIMIT_BINDINGS,
			.action = {
				.code = LIMIT_CODE,
				.dependencies = LIMIT_DEPENDENCIES,
				.secrets = LIMIT_SECRETS,
				.secret_name = LIMIT_SECRET_NAME,
			},
		},
	};
	memset(secrets, 0, sizeof(secrets));
	for (size_t i = 0; i < TN_ARRAY_LEN(dependencies); i++) {
		dependencies[i] = (struct tn_dependency){ .name = names[i],
			.version = "1.2.3" };
		secrets[i].name = names[i];
	}
	for (size_t i = 0; i < TN_ARRAY_LEN(actions); i++) {
		actions[i] = (struct tn_want_action){
			.name = names[i],
			.mark = { .file = "tenon.yaml",
			    .line = 10 + (unsigned)i,
			    .col = 3 },
			.trigger = { "post-login", "v3" },
			.content = { .code = CODE },
		};
		actions[i].code_mark = (struct tn_mark){ "tenon.yaml", 30 + (unsigned)i,
			5 };
		actions[i].content.dependencies = dependencies;
		actions[i].content.secrets = secrets;
		entries[i] = (struct tn_want_entry){ .kind = TN_ENTRY_ACTION,
			.name = names[i] };
		entries[i].mark = (struct tn_mark){ "tenon.yaml", 20 + (unsigned)i, 7 };
	}
	flows[0] = (struct tn_want_flow){ .trigger = "post-login",
		.entries = entries,
		.n_entries = LIMIT_BINDINGS };
	flows[0].mark = (struct tn_mark){ "tenon.yaml", 19, 3 };
	actions[0].content.n_dependencies = LIMIT_DEPENDENCIES;
	actions[0].content.n_secrets = LIMIT_SECRETS;
	want = (struct tn_want){ .project = "p",
		.actions = actions,
		.n_actions = LIMIT_ACTIONS,
		.flows = flows,
		.n_flows = 1 };
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
look(void)
{
	for (size_t i = 0; i < want.n_actions; i++)
		tn_lint_action(&want.actions[i], &capabilities, diags);
	tn_lint_want(&want, &capabilities, diags);
}

static void
assert_clean(void)
{
	look();
	for (size_t i = 0; i < tn_diags_count(diags); i++)
		fail_msg("unexpected: %s", tn_diags_at(diags, i)->message);
}

static const struct tn_diag *
assert_finding(const char *code, unsigned line, const char *resource, const char *message)
{
	const struct tn_diag *diag;

	look();
	assert_int_equal(tn_diags_count(diags), 1);
	diag = tn_diags_at(diags, 0);
	assert_int_equal(diag->severity, TN_SEVERITY_ERROR);
	assert_string_equal(diag->code, code);
	assert_string_equal(diag->mark.file, "tenon.yaml");
	assert_int_equal(diag->mark.line, line);
	if (resource == NULL)
		assert_null(diag->resource);
	else
		assert_string_equal(diag->resource, resource);
	assert_string_equal(diag->message, message);
	return diag;
}

static void
everything_at_its_limit_is_in_order(void **state TN_UNUSED)
{
	assert_clean();
	want = (struct tn_want){ .project = "p" };
	assert_clean();
}

static void
a_limit_of_zero_is_none(void **state TN_UNUSED)
{
	capabilities = (struct tn_capabilities){ .secrets = true };
	want.n_actions = 5;
	flows[0].n_entries = 5;
	actions[0].content.code = CODE "// and much more";
	actions[0].content.n_dependencies = 4;
	actions[0].content.n_secrets = 4;
	secrets[0].name = "LONG_NAME";
	assert_clean();
}

static void
too_many_actions(void **state TN_UNUSED)
{
	want.n_actions = 4;
	assert_finding("too-many-actions", 13, NULL,
	    "a tenant would have 4 actions of these files; the platform takes 3");
}

static void
too_much_code(void **state TN_UNUSED)
{
	actions[1].content.code = CODE ";";
	assert_finding("code-too-large", 31, "action/b",
	    "the code of this action has 79 bytes; the platform takes 78");
}

static void
too_many_dependencies(void **state TN_UNUSED)
{
	actions[0].content.n_dependencies = 3;
	assert_finding("too-many-dependencies", 10, "action/a",
	    "this action has 3 dependencies; the platform takes 2");
}

static void
too_many_secrets(void **state TN_UNUSED)
{
	actions[0].content.n_secrets = 3;
	assert_finding("too-many-secrets", 10, "action/a",
	    "this action has 3 secrets; the platform takes 2");
}

static void
a_secret_name_that_is_too_long_counts_characters(void **state TN_UNUSED)
{
	secrets[1].name = "\xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9f";
	assert_clean();
	secrets[1].name = "\xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9f.";
	assert_finding("secret-name-too-long", 10, "action/a",
	    "the name of a secret of this action has 5 characters; the platform takes 4");
}

static void
a_secret_without_name(void **state TN_UNUSED)
{
	secrets[0].name = "";
	assert_finding("bad-secret", 10, "action/a",
	    "a secret of this action has an empty name");
}

static void
secrets_on_a_platform_without(void **state TN_UNUSED)
{
	capabilities.secrets = false;
	actions[0].content.n_secrets = 1;
	assert_finding("no-secrets", 10, "action/a",
	    "this platform has no secrets in actions");
}

static void
a_range_is_not_a_version(void **state TN_UNUSED)
{
	const struct tn_diag *diag;

	dependencies[1].version = "^1.7.2";
	diag = assert_finding("inexact-version", 10, "action/a",
	    "dependency \"b\": \"^1.7.2\" is not one exact version");
	assert_string_equal(diag->hint, "did you mean \"1.7.2\"?");
}

static void
a_tag_is_not_a_version(void **state TN_UNUSED)
{
	const struct tn_diag *diag;

	dependencies[0].version = "latest";
	diag = assert_finding("inexact-version", 10, "action/a",
	    "dependency \"a\": \"latest\" is not one exact version");
	assert_non_null(strstr(diag->hint, "like 1.7.2"));
}

static void
what_is_no_package(void **state TN_UNUSED)
{
	dependencies[0].name = "a b";
	assert_finding("bad-dependency", 10, "action/a",
	    "dependency \"a b\": that is no name of an npm package");
}

static void
names_of_actions(void **state TN_UNUSED)
{
	static const struct {
		const char *name, *resource, *message;
	} rows[] = {
		{ "", "action/", "the name of this action is empty" },
		{ " x", "action/ x",
		    "the name of this action begins or ends with a space" },
		{ "x ", "action/x ",
		    "the name of this action begins or ends with a space" },
		{ "x\ty", "action/x\ty",
		    "the name of this action has a control character" },
		{ "x\x7f", "action/x\x7f",
		    "the name of this action has a control character" },
	};

	want.n_flows = 0;
	for (size_t i = 0; i < TN_ARRAY_LEN(rows); i++) {
		actions[2].name = rows[i].name;
		assert_finding("bad-name", 12, rows[i].resource, rows[i].message);
		tn_diags_free(diags);
		diags = tn_diags_new();
	}
}

static void
an_action_in_the_flow_of_another_trigger(void **state TN_UNUSED)
{
	const struct tn_diag *diag;

	actions[1].trigger = (struct tn_trigger){ "credentials-exchange", "v2" };
	diag = assert_finding("wrong-trigger", 21, "bindings/post-login",
	    "\"b\" is written for credentials-exchange and cannot run in post-login");
	assert_non_null(strstr(diag->hint, "bind it under credentials-exchange"));
}

static void
another_version_of_the_same_trigger_is_the_same_flow(void **state TN_UNUSED)
{
	actions[1].trigger.version = "v2";
	assert_clean();
}

static void
too_many_bindings(void **state TN_UNUSED)
{
	entries[1].kind = TN_ENTRY_EXTERNAL;
	flows[0].n_entries = 3;
	assert_finding("too-many-bindings", 19, "bindings/post-login",
	    "3 actions are bound to post-login; the platform takes 2");
}

static void
the_word_others_is_no_binding(void **state TN_UNUSED)
{
	entries[2] = (struct tn_want_entry){ .kind = TN_ENTRY_OTHERS };
	flows[0].n_entries = 3;
	assert_clean();
}

static void
too_many_bindings_come_with_a_cure(void **state TN_UNUSED)
{
	flows[0].n_entries = 4;
	assert_non_null(
	    strstr(assert_finding("too-many-bindings", 19, "bindings/post-login",
		       "4 actions are bound to post-login; the platform takes 2")
		       ->hint,
		"bind 2 fewer"));
}

static void
a_name_that_is_too_long_counts_characters(void **state TN_UNUSED)
{
	want.n_flows = 0;
	capabilities.limits.action.name = 4;
	actions[2].name = "\xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9f";
	assert_clean();
	actions[2].name = "abcde";
	assert_finding("name-too-long", 12, "action/abcde",
	    "the name of this action has 5 characters; the platform takes 4");
}

static void
a_display_name_that_is_too_long(void **state TN_UNUSED)
{
	capabilities.limits.display_name = 3;
	entries[0].display_name = "abc";
	assert_clean();
	entries[0].display_name = "abcd";
	assert_finding("display-name-too-long", 20, "bindings/post-login",
	    "the display name has 4 characters; the platform takes 3");
}

static void
too_many_uses_of_modules(void **state TN_UNUSED)
{
	static const struct tn_want_use uses[] = { { .name = "x" }, { .name = "y" } };

	capabilities.limits.uses = 2;
	actions[1].modules = uses;
	actions[1].n_modules = 2;
	assert_clean();
	capabilities.limits.uses = 1;
	assert_finding("too-many-modules", 11, "action/b",
	    "this action has 2 modules; the platform takes 1");
}

static void
too_many_modules(void **state TN_UNUSED)
{
	static struct tn_want_module modules[] = { { .name = "x" },
		{ .name = "y", .mark = { "tenon.yaml", 40, 3 } } };

	capabilities.limits.modules = 2;
	want.modules = modules;
	want.n_modules = 2;
	assert_clean();
	capabilities.limits.modules = 1;
	assert_finding("too-many-modules", 40, NULL,
	    "a tenant would have 2 modules of these files; the platform takes 1");
}

static void
a_module_has_limits_of_its_own(void **state TN_UNUSED)
{
	struct tn_want_module module = {
		.name = "m",
		.mark = { "tenon.yaml", 40, 3 },
		.code_mark = { "tenon.yaml", 41, 5 },
		.content = { .code = "require(a);",
		    .dependencies = dependencies,
		    .n_dependencies = 1 },
	};

	capabilities.limits.module.code = 11;
	tn_lint_module(&module, &capabilities, diags);
	assert_int_equal(tn_diags_count(diags), 0);
	capabilities.limits.module.code = 10;
	dependencies[0].version = "latest";
	tn_lint_module(&module, &capabilities, diags);
	assert_int_equal(tn_diags_count(diags), 2);
	assert_string_equal(tn_diags_at(diags, 0)->message,
	    "the code of this module has 11 bytes; the platform takes 10");
	assert_string_equal(tn_diags_at(diags, 0)->resource, "module/m");
	assert_int_equal(tn_diags_at(diags, 0)->mark.line, 41);
	assert_string_equal(tn_diags_at(diags, 1)->code, "inexact-version");
}

/* One finding for each, where it stands. */
static void
all_findings_come_in_one_run(void **state TN_UNUSED)
{
	want.n_actions = 4;
	flows[0].n_entries = 4;
	actions[0].content.code = CODE ";";
	actions[0].content.n_secrets = 3;
	dependencies[0].version = "*";
	dependencies[1].version = "x";
	look();
	assert_int_equal(tn_diags_errors(diags), 6);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(everything_at_its_limit_is_in_order),
		TEST(a_limit_of_zero_is_none),
		TEST(too_many_actions),
		TEST(too_much_code),
		TEST(too_many_dependencies),
		TEST(too_many_secrets),
		TEST(a_secret_name_that_is_too_long_counts_characters),
		TEST(a_secret_without_name),
		TEST(secrets_on_a_platform_without),
		TEST(a_range_is_not_a_version),
		TEST(a_tag_is_not_a_version),
		TEST(what_is_no_package),
		TEST(names_of_actions),
		TEST(an_action_in_the_flow_of_another_trigger),
		TEST(another_version_of_the_same_trigger_is_the_same_flow),
		TEST(too_many_bindings),
		TEST(the_word_others_is_no_binding),
		TEST(too_many_bindings_come_with_a_cure),
		TEST(a_name_that_is_too_long_counts_characters),
		TEST(a_display_name_that_is_too_long),
		TEST(too_many_uses_of_modules),
		TEST(too_many_modules),
		TEST(a_module_has_limits_of_its_own),
		TEST(all_findings_come_in_one_run),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
