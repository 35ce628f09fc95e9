/* tenant.yaml to wanted: actions and triggers with all their keys and their absence. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "repo.h"

#define TRIGGER "    supported_triggers: [{id: post-login, version: v3}]\n"
#define ACTION  "actions:\n  - name: greet\n    deployed: true\n" TRIGGER

static void
one_action(const char *more)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

	tn_str_addf(&text, ACTION "    code: ./actions/greet/code.js\n%s", more);
	repo_put("tenant.yaml", tn_str_text(&text));
	repo_put("actions/greet/code.js", "hello()\n");
}

static void
everything_that_is_said_is_wanted(void **state TN_UNUSED)
{
	const struct tn_want_action *action;

	one_action("    runtime: node22\n"
		   "    status: built\n"
		   "    dependencies:\n"
		   "      - {name: uuid, version: 9.0.0}\n"
		   "      - name: axios\n"
		   "        version: '1.10'\n"
		   "        registry_url: https://npm.acme.example\n"
		   "    secrets:\n"
		   "      - name: Z_KEY\n"
		   "      - {name: A_KEY, value: _VALUE_NOT_SHOWN_}\n"
		   "    modules: []\n");
	action = repo_action();
	assert_string_equal(repo.loaded->want->project, "auth0-deploy-cli");
	assert_string_equal(action->name, "greet");
	assert_string_equal(action->trigger.id, "post-login");
	assert_string_equal(action->trigger.version, "v3");
	assert_string_equal(action->content.code, "hello()\n");
	assert_string_equal(action->code_path, "actions/greet/code.js");
	assert_string_equal(action->content.runtime, "node22");
	assert_int_equal(action->unstated, 0);
	assert_int_equal(action->content.n_dependencies, 2);
	assert_string_equal(action->content.dependencies[0].name, "axios");
	assert_string_equal(action->content.dependencies[0].version, "1.10");
	assert_string_equal(action->content.dependencies[0].registry,
	    "https://npm.acme.example");
	assert_string_equal(action->content.dependencies[1].name, "uuid");
	assert_null(action->content.dependencies[1].registry);
	assert_int_equal(action->content.n_secrets, 2);
	assert_string_equal(action->content.secrets[0].name, "A_KEY");
	assert_string_equal(action->content.secrets[1].name, "Z_KEY");
	assert_null(action->content.secrets[0].source);
	assert_int_equal(action->mark.line, 2);
	assert_int_equal(action->mark.col, 11);
	assert_int_equal(action->code_mark.line, 5);
	assert_int_equal(tn_diags_count(repo.diags), 0);
}

static void
keys_that_are_left_out_are_not_stated(void **state TN_UNUSED)
{
	const struct tn_want_action *action;

	repo_put("tenant.yaml", ACTION);
	action = repo_action();
	assert_int_equal(action->unstated,
	    TN_PART_CODE | TN_PART_RUNTIME | TN_PART_DEPENDENCIES | TN_PART_SECRETS);
	assert_null(action->content.code);
	repo_put("tenant.yaml",
	    ACTION
	    "    code: ''\n    runtime:\n    dependencies: null\n    secrets: ~\n");
	assert_int_equal(repo_action()->unstated,
	    TN_PART_CODE | TN_PART_RUNTIME | TN_PART_DEPENDENCIES | TN_PART_SECRETS);
}

static void
empty_lists_are_stated(void **state TN_UNUSED)
{
	const struct tn_want_action *action;

	one_action("    dependencies: []\n    secrets: []\n");
	action = repo_action();
	assert_int_equal(action->unstated, TN_PART_RUNTIME);
	assert_int_equal(action->content.n_dependencies, 0);
	assert_int_equal(action->content.n_secrets, 0);
}

static void
one_runtime_has_two_names(void **state TN_UNUSED)
{
	static const struct {
		const char *trigger, *written, *wanted;
	} cases[] = {
		{ "post-login, version: v3", "node18", "node18-actions" },
		{ "post-login, version: v3", "node18-actions", "node18-actions" },
		{ "post-login, version: v3", "node16", "node16" },
		{ "post-login, version: v2", "node18", "node18" },
		{ "custom-token-exchange, version: v1", "node18", "node18" },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

		tn_str_addf(&text,
		    "actions: [{name: a, deployed: true, runtime: %s, "
		    "supported_triggers: [{id: %s}]}]",
		    cases[i].written, cases[i].trigger);
		repo_put("tenant.yaml", tn_str_text(&text));
		assert_string_equal(repo_action()->content.runtime, cases[i].wanted);
	}
}

static void
what_the_tool_does_not_deploy_is_left_alone(void **state TN_UNUSED)
{
	const struct tn_want *want;

	repo_put("tenant.yaml",
	    "actions:\n"
	    "  - {name: draft, deployed: false, supported_triggers: [{id: post-login, "
	    "version: v3}]}\n"
	    "  - {name: silent, supported_triggers: [{id: post-login, version: v3}]}\n"
	    "  - {name: modular, deployed: true, modules: [{module_name: x}], "
	    "supported_triggers: [{id: post-login, version: v3}]}\n"
	    "  - {name: bought, deployed: true, integration: {id: x}, "
	    "supported_triggers: [{id: post-login, version: v3}]}\n"
	    "triggers:\n"
	    "  post-login: [{action_name: draft}, {action_name: bought}]\n");
	want = repo_want();
	assert_int_equal(want->n_actions, 0);
	assert_int_equal(repo_count("not-deployed"), 2);
	assert_string_equal(repo_finding("not-deployed")->resource, "action/draft");
	assert_int_equal(repo_count("marketplace-action"), 1);
	assert_int_equal(repo_count("uses-modules"), 1);
	assert_int_equal(want->n_flows, 1);
	assert_int_equal(want->flows[0].entries[0].kind, TN_ENTRY_EXTERNAL);
	assert_int_equal(want->flows[0].entries[1].kind, TN_ENTRY_EXTERNAL);
}

static void
triggers_keep_their_order_and_say_who_is_ours(void **state TN_UNUSED)
{
	const struct tn_want *want;
	const struct tn_want_flow *flow;

	one_action("triggers:\n"
		   "  post-login:\n"
		   "    - {action_name: Acme Fraud, display_name: Fraud}\n"
		   "    - {action_name: greet, display_name: 'yes'}\n"
		   "    - {action_name: greet}\n"
		   "  credentials-exchange: []\n");
	want = repo_want();
	assert_int_equal(want->n_flows, 2);
	assert_string_equal(want->flows[0].trigger, "credentials-exchange");
	assert_int_equal(want->flows[0].n_entries, 0);
	flow = &want->flows[1];
	assert_string_equal(flow->trigger, "post-login");
	assert_int_equal(flow->mark.line, 7);
	assert_int_equal(flow->n_entries, 3);
	assert_int_equal(flow->entries[0].kind, TN_ENTRY_EXTERNAL);
	assert_string_equal(flow->entries[0].name, "Acme Fraud");
	assert_string_equal(flow->entries[0].display_name, "Fraud");
	assert_int_equal(flow->entries[0].mark.line, 8);
	assert_int_equal(flow->entries[1].kind, TN_ENTRY_ACTION);
	assert_string_equal(flow->entries[1].display_name, "yes");
	assert_null(flow->entries[2].display_name);
}

static void
files_have_spaces_and_backslashes_in_their_names(void **state TN_UNUSED)
{
	repo_put("tenant.yaml", ACTION "    code: .\\actions\\Say hello (v2)\\code.js\n");
	repo_put("actions/Say hello (v2)/code.js", "x");
	assert_string_equal(repo_action()->content.code, "x");
}

static void
other_sections_are_told_and_nothing_else(void **state TN_UNUSED)
{
	const struct tn_diag *diag;

	one_action("tenant: {friendly_name: ##UNKNOWN##}\n"
		   "clients:\n  - {name: x, callbacks: @@LIST@@}\n"
		   "actionModules: []\n");
	repo_want();
	assert_int_equal(tn_diags_count(repo.diags), 1);
	diag = repo_finding("ignored-section");
	assert_int_equal(diag->severity, TN_SEVERITY_WARNING);
	assert_non_null(strstr(diag->message, "tenant, clients, actionModules"));
	assert_string_equal(diag->mark.file, "tenant.yaml");
}

static void
an_empty_file_wants_nothing(void **state TN_UNUSED)
{
	static const char *const texts[] = { "", "# nothing\n", "actions:\ntriggers:\n",
		"actions: []\ntriggers: {}\n" };

	for (size_t i = 0; i < TN_ARRAY_LEN(texts); i++) {
		repo_put("tenant.yaml", texts[i]);
		assert_int_equal(repo_want()->n_actions, 0);
		assert_int_equal(repo.loaded->want->n_flows, 0);
	}
}

static void
mistakes_have_their_place(void **state TN_UNUSED)
{
	static const struct {
		const char *text;
		const char *finding;
	} cases[] = {
		{ "[]", "wrong-type tenant.yaml:1:1" },
		{ "actions: {}", "wrong-type tenant.yaml:1:10" },
		{ "a: 1\na: 2", "duplicate-key tenant.yaml:2:1" },
		{ "actions: [", "syntax tenant.yaml:1:11" },
		{ "actions:\n- deployed: true\n  supported_triggers: [{id: a, version: v1}]",
		    "missing-key tenant.yaml:2:3" },
		{ "actions:\n- {name: a, deployed: true}",
		    "missing-key tenant.yaml:2:3" },
		{ "actions:\n- {name: a, deployed: 1, supported_triggers: [{id: a, version: "
		  "v1}]}",
		    "wrong-type tenant.yaml:2:23" },
		{ "actions:\n- {name: a, deployed: true, supported_triggers: []}",
		    "too-few tenant.yaml:2:49" },
		{ "actions:\n- {name: a, deployed: true, supported_triggers: [{id: a, "
		  "version: v1}, {id: b, version: v1}]}",
		    "too-many tenant.yaml:2:72" },
		{ "actions:\n- {name: a, deployed: true, supported_triggers: [{id: a}]}",
		    "missing-key tenant.yaml:2:50" },
		{ ACTION "    code: a.js", "missing-file tenant.yaml:5:11" },
		{ ACTION "    code: ../a.js", "outside-project tenant.yaml:5:11" },
		{ ACTION "    code: /etc/passwd", "outside-project tenant.yaml:5:11" },
		{ ACTION "    code: 'a\\..\\..\\..\\b.js'",
		    "outside-project tenant.yaml:5:11" },
		{ ACTION "    dependencies: [{name: a, version: 1.0.0, registryUrl: x}]",
		    "unknown-key tenant.yaml:5:46" },
		{ ACTION
		    "    dependencies: [{name: a, version: 1.0.0}, {name: a, version: "
		    "2.0.0}]",
		    "duplicate-item tenant.yaml:2:11" },
		{ ACTION "    secrets: [{name: A}, {name: A}]",
		    "duplicate-item tenant.yaml:2:11" },
		{ ACTION "  - name: greet\n    deployed: true\n" TRIGGER,
		    "duplicate-name tenant.yaml:5:11" },
		{ "triggers: {post-login: {}}", "wrong-type tenant.yaml:1:24" },
		{ "triggers: {post-login: [{display_name: x}]}",
		    "missing-key tenant.yaml:1:25" },
		{ "triggers: {Post Login: []}", "bad-format tenant.yaml:1:12" },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		repo_put("tenant.yaml", cases[i].text);
		repo_refused(cases[i].finding);
	}
}

static void
code_that_is_no_text_is_refused_in_its_file(void **state TN_UNUSED)
{
	one_action("");
	repo_put("actions/greet/code.js", "x\n  \xff");
	repo_refused("invalid-code actions/greet/code.js:2:3");
	tn_memtree_put(repo.tree, "actions/greet/code.js", "\0", 1);
	repo_refused("invalid-code actions/greet/code.js:1:1");
}

/* Places are those of the file, whatever stands there in the end. */
static void
places_are_those_before_keywords_were_replaced(void **state TN_UNUSED)
{
	repo_put("config.json",
	    "{\"AUTH0_KEYWORD_REPLACE_MAPPINGS\": {\"NAMES\": [\"a\", \"b\"],"
	    " \"LONG\": \"one\\ntwo\\nthree\"}}");
	repo_put("tenant.yaml",
	    "x: @@NAMES@@\ny: \"##LONG##\"\nz: @@NAMES@@\nactions:\n"
	    "- {name: x##LONG##, deployed: maybe}\n");
	repo_load();
	assert_int_equal(repo_finding("wrong-type")->mark.line, 5);
	assert_int_equal(repo_finding("wrong-type")->mark.col, 31);
	assert_int_equal(repo_finding("missing-key")->mark.line, 5);
	assert_int_equal(repo_finding("missing-key")->mark.col, 3);
	repo_put("tenant.yaml", "x: @@NAMES@@\n y: }");
	repo_load();
	assert_int_equal(repo_finding("syntax")->mark.line, 2);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, repo_setup, repo_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(everything_that_is_said_is_wanted),
		TEST(keys_that_are_left_out_are_not_stated),
		TEST(empty_lists_are_stated),
		TEST(one_runtime_has_two_names),
		TEST(what_the_tool_does_not_deploy_is_left_alone),
		TEST(triggers_keep_their_order_and_say_who_is_ours),
		TEST(files_have_spaces_and_backslashes_in_their_names),
		TEST(other_sections_are_told_and_nothing_else),
		TEST(an_empty_file_wants_nothing),
		TEST(mistakes_have_their_place),
		TEST(code_that_is_no_text_is_refused_in_its_file),
		TEST(places_are_those_before_keywords_were_replaced),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
