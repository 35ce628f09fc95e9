/* What differs between tenants: per, only, variables, modules, renames. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "files.h"

#include <string.h>

/* --- per, only -------------------------------------------------------------------- */

static void
maps_merge_and_lists_replace(void **state TN_UNUSED)
{
	const struct tn_want_action *dev, *prod;

	put("a.js", "a");
	put("dev.js", "d");
	assert_loads(
	    TENANTS "actions:\n"
		    "  a:\n"
		    "    trigger: post-login@v2\n"
		    "    runtime: node22\n"
		    "    dependencies: {axios: 1.7.2, lodash: 4.17.21}\n"
		    "    secrets: [A, B]\n"
		    "    protect: true\n"
		    "    per:\n"
		    "      dev:\n"
		    "        trigger: post-login@v3\n"
		    "        runtime: node18-actions\n"
		    "        code: dev.js\n"
		    "        protect: false\n"
		    "        dependencies:\n"
		    "          axios: {version: 1.7.3, registry: https://npm.example}\n"
		    "          uuid: 9.0.0\n"
		    "        secrets: [C]\n");
	prod = action_of("prod", "a");
	assert_string_equal(prod->content.code, "a");
	assert_string_equal(prod->content.runtime, "node22");
	assert_int_equal(prod->content.n_dependencies, 2);
	assert_int_equal(prod->content.n_secrets, 2);
	assert_true(prod->protect);
	dev = action_of("dev", "a");
	assert_string_equal(dev->trigger.version, "v3");
	assert_string_equal(dev->content.code, "d");
	assert_string_equal(dev->content.runtime, "node18-actions");
	assert_int_equal(dev->content.n_dependencies, 3);
	assert_string_equal(dev->content.dependencies[0].version, "1.7.3");
	assert_string_equal(dev->content.dependencies[0].registry, "https://npm.example");
	assert_string_equal(dev->content.dependencies[1].name, "lodash");
	assert_string_equal(dev->content.dependencies[2].name, "uuid");
	assert_int_equal(dev->content.n_secrets, 1);
	assert_string_equal(dev->content.secrets[0].name, "C");
	assert_false(dev->protect);
	assert_int_equal(project->n_actions, 2);
}

/* A runtime can be judged only where the tenant is known. */
static void
what_differs_in_nothing_that_is_checked_is_there_once(void **state TN_UNUSED)
{
	put("a.js", "a");
	assert_loads(
	    TENANTS "actions:\n"
		    "  a:\n"
		    "    trigger: post-login@v3\n"
		    "    secrets: [A]\n"
		    "    modules: [{x: 1}]\n"
		    "    per:\n"
		    "      dev: {runtime: node22, protect: true, modules: [{x: 2}]}\n");
	assert_int_equal(project->n_actions, 1);
	assert_string_equal(action_of("dev", "a")->content.runtime, "node22");
	assert_null(action_of("prod", "a")->content.runtime);
	assert_int_equal(action_of("dev", "a")->modules[0].version, 2);
	tn_project_free(tn_take(project));
	assert_loads(
	    TENANTS "actions:\n"
		    "  a:\n"
		    "    trigger: post-login@v3\n"
		    "    secrets: [A]\n"
		    "    per: {dev: {secrets: [B]}, prod: {modules: [{x: 1}]}}\n");
	assert_int_equal(project->n_actions, 2);
}

static void
keys_that_cannot_differ_are_unknown_there(void **state TN_UNUSED)
{
	put("a.js", "");
	assert_int_equal(load(TENANTS
			     "actions:\n  a:\n    trigger: post-login@v3\n"
			     "    per: {dev: {renamedFrom: b, only: [dev], per: {}}}\n"),
	    -TN_E_INPUT);
	assert_int_equal(tn_diags_count(diags), 3);
	for (size_t i = 0; i < 3; i++)
		assert_string_equal(tn_diags_at(diags, i)->code, "unknown-key");
}

static void
a_difference_for_a_tenant_that_is_misspelt(void **state TN_UNUSED)
{
	put("a.js", "");
	assert_finding(TENANTS "actions:\n  a:\n    trigger: post-login@v3\n"
			       "    per: {prd: {runtime: node22}}\n",
	    "unknown-tenant", "tenon.yaml:7:11", "action/a",
	    "the project names no tenant \"prd\"", "did you mean \"prod\"?");
}

static void
an_action_only_for_a_tenant_that_is_not_there(void **state TN_UNUSED)
{
	put("a.js", "");
	assert_finding(HEAD "actions: {a: {trigger: post-login@v3, only: [staging]}}\n",
	    "unknown-tenant", "tenon.yaml:3:46", "action/a",
	    "the project names no tenant \"staging\"", "under `tenants:`");
}

static void
an_action_that_is_not_for_a_tenant_is_not_bound_there(void **state TN_UNUSED)
{
	put("a.js", "");
	put("b.js", "");
	assert_loads(TENANTS "actions:\n"
			     "  a: {trigger: post-login@v3}\n"
			     "  b: {trigger: post-login@v3, only: [prod]}\n"
			     "bindings: {post-login: [b, a, others]}\n");
	assert_null(action_of("dev", "b"));
	assert_non_null(action_of("prod", "b"));
	assert_int_equal(want_of("dev")->flows[0].n_entries, 2);
	assert_string_equal(want_of("dev")->flows[0].entries[0].name, "a");
	assert_int_equal(want_of("dev")->flows[0].entries[1].kind, TN_ENTRY_OTHERS);
	assert_int_equal(want_of("prod")->flows[0].n_entries, 3);
	/* What does not differ is there once. */
	assert_int_equal(project->n_actions, 2);
	assert_ptr_equal(action_of("dev", "a")->content.code,
	    action_of("prod", "a")->content.code);
}

static void
a_difference_where_the_action_is_not(void **state TN_UNUSED)
{
	put("a.js", "");
	assert_int_equal(load(TENANTS "actions:\n  a:\n    trigger: post-login@v3\n"
				      "    only: [prod]\n"
				      "    per: {dev: {runtime: node22}}\n"),
	    0);
	assert_int_equal(tn_diags_count(diags), 1);
	is_finding(tn_diags_at(diags, 0), "unused-difference", "tenon.yaml:8:11",
	    "action/a", "`only` leaves tenant \"dev\" out", "take it out of `per`");
	assert_int_equal(tn_diags_at(diags, 0)->severity, TN_SEVERITY_WARNING);
	assert_null(action_of("dev", "a"));
}

static void
a_file_that_only_one_tenant_needs(void **state TN_UNUSED)
{
	put("prod.js", "");
	assert_finding(TENANTS "actions:\n  a:\n    trigger: post-login@v3\n"
			       "    code: base.js\n"
			       "    per: {prod: {code: prod.js}}\n",
	    "missing-file", "tenon.yaml:7:11", "action/a",
	    "the code file \"base.js\" is not there", "create it");
}

static void
a_file_that_no_tenant_needs_is_not_missed(void **state TN_UNUSED)
{
	put("dev.js", "");
	put("prod.js", "");
	assert_loads(TENANTS "actions:\n  a:\n    trigger: post-login@v3\n"
			     "    per: {dev: {code: dev.js}, prod: {code: prod.js}}\n");
	assert_string_equal(action_of("dev", "a")->code_path, "dev.js");
}

/* --- Variables -------------------------------------------------------------------- */

#define VARS                                                         \
	HEAD "tenants:\n"                                            \
	     "  dev: {vars: {host: dev.example, n: 1.10, on: no}}\n" \
	     "  prod: {vars: {host: login.example, n: 2, on: true}}\n"

static void
variables_are_put_into_values(void **state TN_UNUSED)
{
	const struct tn_want_action *dev;
	const struct tn_want *prod;

	put("dev.example.js", "x");
	put("login.example.js", "y");
	put("p.json", "{\"event\":\"${vars.host}\"}");
	assert_loads(
	    VARS "actions:\n"
		 "  a:\n"
		 "    trigger: post-login@v${vars.n}\n"
		 "    code: ${vars.host}.js\n"
		 "    runtime: node${vars.n}\n"
		 "    dependencies:\n"
		 "      axios: ${vars.n}.0\n"
		 "      b: {version: 1.0.0, registry: 'https://${vars.host}/'}\n"
		 "    secrets: ['KEY_${vars.on}']\n"
		 "    tests: [{payload: p.json, expect: {h: '${vars.host}', n: 3}}]\n"
		 "bindings:\n"
		 "  post-login:\n"
		 "    - a: {displayName: 'At $${vars.host} $$${vars.n} ${x} $y'}\n"
		 "    - external: Fraud ${vars.on}\n");
	dev = action_of("dev", "a");
	assert_string_equal(dev->trigger.version, "v1.10");
	assert_string_equal(dev->content.code, "x");
	assert_string_equal(dev->content.runtime, "node1.10");
	assert_string_equal(dev->content.dependencies[0].version, "1.10.0");
	assert_string_equal(dev->content.dependencies[1].registry,
	    "https://dev.example/");
	assert_string_equal(dev->content.secrets[0].name, "KEY_no");
	assert_string_equal(tn_value_get_text(dev->tests[0].expect, "h"), "dev.example");
	assert_int_equal(tn_value_get(dev->tests[0].expect, "n")->kind, TN_VALUE_NUMBER);
	/* Not in a payload. */
	assert_string_equal(tn_value_get_text(dev->tests[0].payload, "event"),
	    "${vars.host}");
	prod = want_of("prod");
	assert_string_equal(prod->flows[0].entries[0].display_name,
	    "At ${vars.host} $2 ${x} $y");
	assert_string_equal(prod->flows[0].entries[1].name, "Fraud true");
	assert_int_equal(project->n_actions, 2);
}

static void
variables_are_put_into_code_only_where_it_says_so(void **state TN_UNUSED)
{
	put("a.js",
	    "const u = `https://${vars.host}`; // $${vars.host} ${price} $${p}\n");
	assert_loads(VARS "actions:\n"
			  "  a: {trigger: post-login@v3}\n"
			  "  b: {trigger: post-login@v3, code: a.js, substitute: true}\n"
			  "  c: {trigger: post-login@v3, code: a.js,"
			  " per: {dev: {substitute: true}}}\n");
	assert_string_equal(action_of("dev", "a")->content.code,
	    "const u = `https://${vars.host}`; // $${vars.host} ${price} $${p}\n");
	assert_string_equal(action_of("dev", "b")->content.code,
	    "const u = `https://dev.example`; // ${vars.host} ${price} $${p}\n");
	assert_string_equal(action_of("prod", "b")->content.code,
	    "const u = `https://login.example`; // ${vars.host} ${price} $${p}\n");
	assert_ptr_equal(action_of("prod", "c")->content.code,
	    action_of("prod", "a")->content.code);
	assert_string_equal(action_of("dev", "c")->content.code,
	    action_of("dev", "b")->content.code);
	/* a and c in prod are the same text, b differs by tenant. */
	assert_int_equal(project->n_actions, 5);
}

static void
what_a_variable_holds_is_not_looked_through_again(void **state TN_UNUSED)
{
	put("a.js", "${vars.a}");
	assert_loads(HEAD "tenants: {dev: {vars: {a: '${vars.b}', b: x}}}\n"
			  "actions: {a: {trigger: post-login@v3, substitute: true}}\n");
	assert_string_equal(action_of("dev", "a")->content.code, "${vars.b}");
}

static void
a_variable_that_a_tenant_does_not_have(void **state TN_UNUSED)
{
	put("a.js", "");
	assert_finding(VARS
	    "actions: {a: {trigger: post-login@v3, runtime: '${vars.hots}'}}\n",
	    "unknown-variable", "tenon.yaml:6:48", "action/a",
	    "the variable \"hots\" has no value in every tenant that needs it",
	    "tenant dev has \"host\"");
}

static void
a_variable_in_code_is_missed_at_its_place(void **state TN_UNUSED)
{
	put("a.js", "// first\n// \xc3\xa4\xc3\xb6 ${vars.host} ${vars.other}\n");
	assert_finding(VARS "actions: {a: {trigger: post-login@v3, substitute: true}}\n",
	    "unknown-variable", "a.js:2:20", "action/a",
	    "the variable \"other\" has no value in every tenant that needs it",
	    "add it under tenants.dev.vars");
}

static void
a_variable_where_no_tenant_is_named(void **state TN_UNUSED)
{
	put("a.js", "${vars.x}");
	assert_finding(HEAD "actions: {a: {trigger: post-login@v3, substitute: true}}\n",
	    "unknown-variable", "a.js:1:1", "action/a",
	    "the variable \"x\" has no value in every tenant that needs it",
	    "no tenant is named");
}

static void
a_reference_that_is_none(void **state TN_UNUSED)
{
	static const char *const bad[] = { "${vars.}", "${vars.a b}", "${vars.1}",
		"${vars.host", "${vars.host.x}" };

	for (size_t i = 0; i < TN_ARRAY_LEN(bad); i++) {
		put("a.js", bad[i]);
		assert_finding(VARS
		    "actions: {a: {trigger: post-login@v3, substitute: true}}\n",
		    "bad-reference", "a.js:1:1", "action/a",
		    "this is no reference to a variable", "$${vars.");
		tn_diags_free(diags);
		diags = tn_diags_new();
	}
}

static void
what_variables_make_of_a_value_is_looked_at(void **state TN_UNUSED)
{
	static const char *const bad[] = {
		"trigger: '${vars.host}'",
		"trigger: post-login@v3, runtime: '$${vars.host}'",
		"trigger: post-login@v3, dependencies: {a: {version: '${vars.e}'}}",
		("trigger: post-login@v3, dependencies: {a: {version: 1.0.0, registry: "
		 "'$${vars.x}'}}"),
	};
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

	put("a.js", "");
	for (size_t i = 0; i < TN_ARRAY_LEN(bad); i++) {
		tn_str_clear(&text);
		tn_str_addf(&text,
		    HEAD "tenants: {dev: {vars: {host: x, e: ''}}}\nactions: {a: {%s}}\n",
		    bad[i]);
		assert_int_equal(load(tn_str_text(&text)), -TN_E_INPUT);
		assert_int_equal(tn_diags_count(diags), 1);
		assert_string_equal(tn_diags_at(diags, 0)->code, "bad-format");
		tn_diags_free(diags);
		diags = tn_diags_new();
	}
}

static void
names_are_looked_at_with_their_variables(void **state TN_UNUSED)
{
	assert_finding(HEAD "tenants: {dev: {vars: {e: ''}}}\n"
			    "bindings: {post-login: [{external: '${vars.e}'}]}\n",
	    "too-short", "tenon.yaml:4:36", "bindings/post-login",
	    "the name does not have the right length with its variables",
	    "1 to 255 characters");
}

/* --- Modules, tests, renames, deletion -------------------------------------------- */

static void
modules_and_their_uses(void **state TN_UNUSED)
{
	const struct tn_want_action *action;
	const struct tn_want_module *module;

	put("a.js", "");
	put("src/g.js", "G");
	put("plain.js", "P");
	assert_loads(TENANTS
	    "actions: {a: {trigger: post-login@v3, modules: [{other: 3}, greeter]}}\n"
	    "modules:\n"
	    "  greeter:\n"
	    "    code: src/g.js\n"
	    "    dependencies: {axios: 1.7.2}\n"
	    "    secrets: [TOKEN]\n"
	    "    protect: true\n"
	    "    per: {dev: {secrets: []}}\n"
	    "  plain:\n");
	action = action_of("dev", "a");
	assert_int_equal(action->n_modules, 2);
	assert_string_equal(action->modules[0].name, "greeter");
	assert_int_equal(action->modules[0].version, 0);
	assert_string_equal(action->modules[1].name, "other");
	assert_int_equal(action->modules[1].version, 3);
	module = tn_want_module(want_of("prod"), "greeter");
	assert_string_equal(module->content.code, "G");
	assert_null(module->content.runtime);
	assert_int_equal(module->content.n_dependencies, 1);
	assert_int_equal(module->content.n_secrets, 1);
	assert_true(module->protect);
	assert_int_equal(tn_want_module(want_of("dev"), "greeter")->content.n_secrets, 0);
	assert_string_equal(tn_want_module(want_of("dev"), "plain")->code_path,
	    "plain.js");
	assert_int_equal(project->n_modules, 3);
}

static void
an_unknown_module(void **state TN_UNUSED)
{
	put("a.js", "");
	put("greeter.js", "");
	assert_finding(HEAD "actions: {a: {trigger: post-login@v3, modules: [greetr]}}\n"
			    "modules: {greeter: }\n",
	    "unknown-module", "tenon.yaml:3:49", "action/a",
	    "there is no module \"greetr\" in these files", "did you mean \"greeter\"?");
}

static void
an_unknown_module_like_no_other(void **state TN_UNUSED)
{
	put("a.js", "");
	assert_finding(HEAD "actions: {a: {trigger: post-login@v3, modules: [http]}}\n",
	    "unknown-module", "tenon.yaml:3:49", "action/a",
	    "there is no module \"http\" in these files", "{http: VERSION}");
}

static void
a_module_of_ours_is_not_pinned(void **state TN_UNUSED)
{
	put("a.js", "");
	put("m.js", "");
	assert_finding(HEAD
	    "actions: {a: {trigger: post-login@v3, modules: [{m: 2}]}}\nmodules: {m: }\n",
	    "pinned-module", "tenon.yaml:3:50", "action/a",
	    "\"m\" is a module of these files and cannot be pinned", "its name alone");
}

static void
a_module_twice(void **state TN_UNUSED)
{
	put("a.js", "");
	assert_finding(HEAD
	    "actions: {a: {trigger: post-login@v3, modules: [{m: 2}, {m: 3}]}}\n",
	    "duplicate-module", "tenon.yaml:3:57", "action/a",
	    "module \"m\" is already there", "one version");
}

static void
a_module_that_is_not_in_the_tenant(void **state TN_UNUSED)
{
	put("a.js", "");
	put("m.js", "");
	assert_finding(TENANTS "actions: {a: {trigger: post-login@v3, modules: [m]}}\n"
			       "modules: {m: {only: [dev]}}\n",
	    "module-not-there", "tenon.yaml:4:49", "action/a",
	    "module \"m\" is not in every tenant that has this action", "only");
}

static void
payloads_of_tests(void **state TN_UNUSED)
{
	put("a.js", "");
	put("t/x.json", "{\"event\": {\"n\": 1.50}}");
	assert_loads(
	    HEAD "actions:\n"
		 "  a:\n"
		 "    trigger: post-login@v3\n"
		 "    tests:\n"
		 "      - payload: t/x.json\n"
		 "      - {payload: t/x.json, expect: {ok: true, n: [1, 'x']}}\n");
	assert_int_equal(project->wants[0]->actions[0].n_tests, 2);
	assert_string_equal(project->wants[0]->actions[0].tests[0].payload_path,
	    "t/x.json");
	assert_null(project->wants[0]->actions[0].tests[0].expect);
	assert_true(tn_value_get_bool(project->wants[0]->actions[0].tests[1].expect, "ok",
	    false));
	assert_ptr_equal(project->wants[0]->actions[0].tests[0].payload,
	    project->wants[0]->actions[0].tests[1].payload);
}

static void
payloads_that_are_none(void **state TN_UNUSED)
{
	static const struct {
		const char *text, *code, *message;
	} rows[] = {
		{ NULL, "missing-file", "the payload file \"p.json\" is not there" },
		{ "[1]", "invalid-payload", "the payload \"p.json\" is no JSON object" },
		{ "{", "invalid-payload", NULL },
		{ "\xff", "invalid-payload", "the payload is not valid UTF-8" },
	};

	put("a.js", "");
	for (size_t i = 0; i < TN_ARRAY_LEN(rows); i++) {
		if (rows[i].text != NULL)
			put("p.json", rows[i].text);
		assert_int_equal(load(HEAD "actions: {a: {trigger: post-login@v3, tests: "
					   "[{payload: p.json}, {payload: p.json}]}}\n"),
		    -TN_E_INPUT);
		assert_string_equal(tn_diags_at(diags, 0)->code, rows[i].code);
		if (rows[i].message != NULL)
			assert_string_equal(tn_diags_at(diags, 0)->message,
			    rows[i].message);
		tn_diags_free(diags);
		diags = tn_diags_new();
	}
}

static void
renames_chains_and_swaps(void **state TN_UNUSED)
{
	put("x.js", "");
	assert_loads(
	    HEAD "actions:\n"
		 "  a: {trigger: post-login@v3, code: x.js, renamedFrom: b}\n"
		 "  b: {trigger: post-login@v3, code: x.js, renamedFrom: a}\n"
		 "  c: {trigger: post-login@v3, code: x.js, renamedFrom: old}\n");
	assert_string_equal(project->wants[0]->actions[2].renamed_from, "old");
	assert_int_equal(project->wants[0]->actions[2].renamed_mark.line, 6);
}

static void
renames_that_cannot_be(void **state TN_UNUSED)
{
	static const struct {
		const char *text, *message;
	} rows[] = {
		{ "  a: {trigger: post-login@v3, renamedFrom: a}\n",
		    "an action cannot be renamed from its own name" },
		{ "  a: {trigger: post-login@v3, renamedFrom: b}\n"
		  "  b: {trigger: post-login@v3, code: a.js}\n",
		    "\"b\" is still an action of these files" },
		{ "  a: {trigger: post-login@v3, renamedFrom: old}\n"
		  "  b: {trigger: post-login@v3, code: a.js, renamedFrom: old}\n",
		    NULL },
	};
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

	put("a.js", "");
	for (size_t i = 0; i < TN_ARRAY_LEN(rows); i++) {
		tn_str_clear(&text);
		tn_str_addf(&text, TENANTS "actions:\n%s", rows[i].text);
		assert_int_equal(load(tn_str_text(&text)), -TN_E_INPUT);
		assert_int_equal(tn_diags_count(diags), 1);
		assert_string_equal(tn_diags_at(diags, 0)->code, "bad-rename");
		if (rows[i].message != NULL)
			assert_string_equal(tn_diags_at(diags, 0)->message,
			    rows[i].message);
		tn_diags_free(diags);
		diags = tn_diags_new();
	}
	/* Where the two never meet nothing is wrong. */
	assert_loads(
	    TENANTS "actions:\n"
		    "  a: {trigger: post-login@v3, renamedFrom: b, only: [dev]}\n"
		    "  b: {trigger: post-login@v3, code: a.js, only: [prod]}\n");
}

static void
what_becomes_of_things_that_are_not_named(void **state TN_UNUSED)
{
	assert_loads(HEAD
	    "tenants: {a: , b: {delete: none}, c: {delete: managed}, d: {delete: all}}\n");
	assert_int_equal(want_of("a")->delete_mode, TN_DELETE_NONE);
	assert_int_equal(want_of("a")->delete_mark.line, 0);
	assert_int_equal(want_of("b")->delete_mode, TN_DELETE_NONE);
	assert_int_equal(want_of("c")->delete_mode, TN_DELETE_MANAGED);
	assert_int_equal(want_of("c")->delete_mark.line, 3);
	assert_int_equal(want_of("d")->delete_mode, TN_DELETE_ALL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(maps_merge_and_lists_replace),
		TEST(what_differs_in_nothing_that_is_checked_is_there_once),
		TEST(keys_that_cannot_differ_are_unknown_there),
		TEST(a_difference_for_a_tenant_that_is_misspelt),
		TEST(an_action_only_for_a_tenant_that_is_not_there),
		TEST(an_action_that_is_not_for_a_tenant_is_not_bound_there),
		TEST(a_difference_where_the_action_is_not),
		TEST(a_file_that_only_one_tenant_needs),
		TEST(a_file_that_no_tenant_needs_is_not_missed),
		TEST(variables_are_put_into_values),
		TEST(variables_are_put_into_code_only_where_it_says_so),
		TEST(what_a_variable_holds_is_not_looked_through_again),
		TEST(a_variable_that_a_tenant_does_not_have),
		TEST(a_variable_in_code_is_missed_at_its_place),
		TEST(a_variable_where_no_tenant_is_named),
		TEST(a_reference_that_is_none),
		TEST(what_variables_make_of_a_value_is_looked_at),
		TEST(names_are_looked_at_with_their_variables),
		TEST(modules_and_their_uses),
		TEST(an_unknown_module),
		TEST(an_unknown_module_like_no_other),
		TEST(a_module_of_ours_is_not_pinned),
		TEST(a_module_twice),
		TEST(a_module_that_is_not_in_the_tenant),
		TEST(payloads_of_tests),
		TEST(payloads_that_are_none),
		TEST(renames_chains_and_swaps),
		TEST(renames_that_cannot_be),
		TEST(what_becomes_of_things_that_are_not_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
