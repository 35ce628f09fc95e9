/* tenon.yaml and the code it names: what is wanted, and every finding in its place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "files.h"

#include <stdio.h>
#include <string.h>

static void
assert_mark(struct tn_mark mark, const char *file, unsigned line, unsigned col)
{
	assert_string_equal(mark.file, file);
	assert_int_equal(mark.line, line);
	assert_int_equal(mark.col, col);
}

/* The one finding of that code. */
static const struct tn_diag *
finding(const char *code)
{
	const struct tn_diag *found = NULL;

	for (size_t i = 0; i < tn_diags_count(diags); i++) {
		const struct tn_diag *diag = tn_diags_at(diags, i);

		if (strcmp(diag->code, code) != 0)
			continue;
		assert_null(found);
		found = diag;
	}
	assert_non_null(found);
	return found;
}

/* What is wanted. */

static void
the_least_project(void **state TN_UNUSED)
{
	assert_loads(HEAD);
	assert_string_equal(project->name, "acme");
	assert_int_equal(project->n_tenants, 0);
	assert_int_equal(project->n_wants, 1);
	assert_int_equal(project->wants[0]->n_actions, 0);
	assert_int_equal(project->wants[0]->n_flows, 0);
	assert_string_equal(project->wants[0]->project, "acme");
}

static void
a_whole_action(void **state TN_UNUSED)
{
	const struct tn_want_action *action;

	put("src/login.js", "exports.onExecutePostLogin = async () => {};\n");
	assert_loads(
	    HEAD "actions:\n"
		 "  enrich:\n"
		 "    trigger: post-login@v3\n"
		 "    runtime: node22\n"
		 "    code: src/login.js\n"
		 "    secrets: [ZED, API_KEY]\n"
		 "    dependencies:\n"
		 "      lodash: 4.17.21\n"
		 "      axios: {version: 1.10, registry: 'https://npm.example'}\n");
	assert_int_equal(project->wants[0]->n_actions, 1);
	action = &project->wants[0]->actions[0];
	assert_string_equal(action->name, "enrich");
	assert_mark(action->mark, "tenon.yaml", 4, 3);
	assert_string_equal(action->trigger.id, "post-login");
	assert_string_equal(action->trigger.version, "v3");
	assert_string_equal(action->content.runtime, "node22");
	assert_string_equal(action->content.code,
	    "exports.onExecutePostLogin = async () => {};\n");
	assert_string_equal(action->code_path, "src/login.js");
	assert_mark(action->code_mark, "tenon.yaml", 7, 11);
	assert_int_equal(action->content.n_dependencies, 2);
	assert_string_equal(action->content.dependencies[0].name, "axios");
	assert_string_equal(action->content.dependencies[0].version, "1.10");
	assert_string_equal(action->content.dependencies[0].registry,
	    "https://npm.example");
	assert_string_equal(action->content.dependencies[1].name, "lodash");
	assert_null(action->content.dependencies[1].registry);
	assert_int_equal(action->content.n_secrets, 2);
	assert_string_equal(action->content.secrets[0].name, "API_KEY");
	assert_null(action->content.secrets[0].fingerprint);
	assert_null(action->content.secrets[0].updated_at);
	assert_string_equal(action->content.secrets[1].name, "ZED");
}

static void
code_is_beside_the_file_when_it_is_not_named(void **state TN_UNUSED)
{
	put("plain.js", "1");
	put("with space.js", "");
	assert_loads(HEAD "actions:\n"
			  "  with space: {trigger: post-login@v3}\n"
			  "  plain: {trigger: post-login@v3}\n");
	assert_string_equal(project->wants[0]->actions[0].name, "plain");
	assert_string_equal(project->wants[0]->actions[0].content.code, "1");
	assert_string_equal(project->wants[0]->actions[0].code_path, "plain.js");
	assert_mark(project->wants[0]->actions[0].code_mark, "tenon.yaml", 5, 3);
	assert_null(project->wants[0]->actions[0].content.runtime);
	assert_string_equal(project->wants[0]->actions[1].name, "with space");
	assert_string_equal(project->wants[0]->actions[1].content.code, "");
}

static void
actions_and_flows_come_sorted_and_entries_in_order(void **state TN_UNUSED)
{
	const struct tn_want_flow *flow;

	put("b.js", "b");
	put("a.js", "a");
	put("c.js", "c");
	assert_loads(HEAD "actions:\n"
			  "  c: {trigger: post-login@v3}\n"
			  "  a: {trigger: post-login@v3}\n"
			  "  b: {trigger: credentials-exchange@v2}\n"
			  "bindings:\n"
			  "  post-login:\n"
			  "    - c\n"
			  "    - external: Acme Fraud\n"
			  "    - a: {displayName: Audit log}\n"
			  "    - others\n"
			  "    - c\n"
			  "  credentials-exchange: []\n");
	assert_string_equal(project->wants[0]->actions[0].name, "a");
	assert_string_equal(project->wants[0]->actions[1].name, "b");
	assert_string_equal(project->wants[0]->actions[2].name, "c");
	assert_int_equal(project->wants[0]->n_flows, 2);
	assert_string_equal(project->wants[0]->flows[0].trigger, "credentials-exchange");
	assert_int_equal(project->wants[0]->flows[0].n_entries, 0);
	flow = &project->wants[0]->flows[1];
	assert_string_equal(flow->trigger, "post-login");
	assert_mark(flow->mark, "tenon.yaml", 8, 3);
	assert_int_equal(flow->n_entries, 5);
	assert_int_equal(flow->entries[0].kind, TN_ENTRY_ACTION);
	assert_string_equal(flow->entries[0].name, "c");
	assert_null(flow->entries[0].display_name);
	assert_mark(flow->entries[0].mark, "tenon.yaml", 9, 7);
	assert_int_equal(flow->entries[1].kind, TN_ENTRY_EXTERNAL);
	assert_string_equal(flow->entries[1].name, "Acme Fraud");
	assert_mark(flow->entries[1].mark, "tenon.yaml", 10, 17);
	assert_string_equal(flow->entries[2].name, "a");
	assert_string_equal(flow->entries[2].display_name, "Audit log");
	assert_mark(flow->entries[2].mark, "tenon.yaml", 11, 7);
	assert_int_equal(flow->entries[3].kind, TN_ENTRY_OTHERS);
	assert_null(flow->entries[3].name);
	assert_string_equal(flow->entries[4].name, "c");
}

static void
scalars_stay_what_was_written(void **state TN_UNUSED)
{
	put("no.js", "x");
	put("1.10.js", "y");
	assert_loads(HEAD "actions:\n"
			  "  no: {trigger: post-login@v3}\n"
			  "  1.10: {trigger: post-login@v3, dependencies: {a: 1.10}}\n"
			  "bindings: {post-login: [no, 1.10]}\n");
	assert_string_equal(project->wants[0]->actions[0].name, "1.10");
	assert_string_equal(project->wants[0]->actions[0].content.dependencies[0].version,
	    "1.10");
	assert_string_equal(project->wants[0]->flows[0].entries[0].name, "no");
	assert_string_equal(project->wants[0]->flows[0].entries[1].name, "1.10");
}

/* Findings. */

static void
no_project_file(void **state TN_UNUSED)
{
	assert_int_equal(load(NULL), -TN_E_NOT_FOUND);
	assert_string_equal(err.message, "there is no tenon.yaml");
	assert_non_null(strstr(err.hint, "--source"));
	assert_int_equal(tn_diags_count(diags), 0);
}

/* What is there instead tells what was meant. */
static void
where_the_project_file_may_be(void **state TN_UNUSED)
{
	static const struct {
		const char *file, *hint;
	} cases[] = {
		{ "tenon.yml", "rename \"tenon.yml\" to tenon.yaml" },
		{ "Tenon.yaml", "rename \"Tenon.yaml\" to tenon.yaml" },
		{ "login/tenon.yaml",
		    "there is one in \"login\": name that with --source" },
		{ "connections.yaml",
		    "connections.yaml is the operator's file and no project: name it with "
		    "--connections, and the project's directory with --source" },
		{ "other.yaml",
		    "run tenon in the project's directory, or name it with --source" },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		put(cases[i].file, "tenon: 1\n");
		assert_int_equal(load(NULL), -TN_E_NOT_FOUND);
		assert_string_equal(err.hint, cases[i].hint);
		tn_memtree_put(tree, cases[i].file, NULL, 0);
		tn_error_done(&err);
		err = (struct tn_error)TN_ERROR_INIT;
	}
}

static void
no_yaml_and_no_project(void **state TN_UNUSED)
{
	put("tenon.yaml", "a: [\n");
	assert_int_equal(load(NULL), -TN_E_INPUT);
	assert_true(tn_diags_errors(diags) > 0);
	tn_diags_free(diags);
	diags = tn_diags_new();
	put("tenon.yaml", "");
	assert_int_equal(load(NULL), -TN_E_INPUT);
	assert_true(tn_diags_errors(diags) > 0);
}

static void
a_file_that_is_not_there(void **state TN_UNUSED)
{
	assert_finding(HEAD "actions:\n  a: {trigger: post-login@v3}\n", "missing-file",
	    "tenon.yaml:4:3", "action/a", "the code file \"a.js\" is not there", "code:");
}

static void
a_named_file_that_is_not_there(void **state TN_UNUSED)
{
	assert_finding(HEAD
	    "actions:\n  a:\n    trigger: post-login@v3\n    code: x/b.js\n",
	    "missing-file", "tenon.yaml:6:11", "action/a",
	    "the code file \"x/b.js\" is not there", "create it");
}

static void
a_path_out_of_the_project(void **state TN_UNUSED)
{
	put("secret.js", "x");
	assert_finding(HEAD
	    "actions:\n  a:\n    trigger: post-login@v3\n    code: x/../../secret.js\n",
	    "outside-project", "tenon.yaml:6:11", "action/a",
	    "path \"x/../../secret.js\" leaves the project", "stays inside the project");
}

static void
an_absolute_path(void **state TN_UNUSED)
{
	assert_finding(HEAD
	    "actions:\n  a: {trigger: post-login@v3, code: /etc/passwd}\n",
	    "outside-project", "tenon.yaml:4:37", "action/a",
	    "path \"/etc/passwd\" is absolute; it must be relative",
	    "relative to tenon.yaml");
}

static void
a_name_that_is_a_path_out_of_the_project(void **state TN_UNUSED)
{
	assert_finding(HEAD "actions:\n  ../a: {trigger: post-login@v3}\n",
	    "outside-project", "tenon.yaml:4:3", "action/../a",
	    "path \"../a.js\" leaves the project", "tenon.yaml");
}

static void
code_that_is_no_text(void **state TN_UNUSED)
{
	const struct tn_diag *diag;

	put("tenon.yaml",
	    HEAD "actions:\n"
		 "  nul: {trigger: post-login@v3}\n"
		 "  latin: {trigger: post-login@v3}\n");
	tn_memtree_put(tree, "nul.js", "one\ntw\0o", 8);
	tn_memtree_put(tree, "latin.js", "// gr\xc3\xbc\xc3\x9f\xfc", 10);
	assert_int_equal(load(NULL), -TN_E_INPUT);
	assert_int_equal(tn_diags_count(diags), 2);
	tn_diags_sort(diags);
	diag = tn_diags_at(diags, 0);
	assert_string_equal(diag->code, "invalid-code");
	assert_mark(diag->mark, "latin.js", 1, 8);
	assert_string_equal(diag->message, "the code is not valid UTF-8");
	diag = tn_diags_at(diags, 1);
	assert_string_equal(diag->code, "invalid-code");
	assert_mark(diag->mark, "nul.js", 2, 3);
	assert_string_equal(diag->message, "the code has a NUL character");
	assert_string_equal(diag->resource, "action/nul");
}

static void
a_file_that_is_far_too_large(void **state TN_UNUSED)
{
	enum { SIZE = (1 << 20) + 1 };
	TN_CLEANUP(tn_freep) char *bytes = tn_alloc(SIZE, 1);

	memset(bytes, 'x', SIZE);
	tn_memtree_put(tree, "a.js", bytes, SIZE);
	put("tenon.yaml", HEAD "actions: {a: {trigger: post-login@v3}}\n");
	assert_int_equal(load(NULL), -TN_E_INPUT);
	assert_string_equal(finding("file-too-large")->resource, "action/a");
	tn_memtree_put(tree, "a.js", bytes, SIZE - 1);
	assert_int_equal(load(NULL), 0);
}

static void
very_much_code_together(void **state TN_UNUSED)
{
	enum { SIZE = 1 << 20 };
	TN_CLEANUP(tn_freep) char *bytes = tn_alloc(SIZE, 1);
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

	memset(bytes, 'x', SIZE);
	tn_str_add(&text, HEAD "actions:\n");
	for (int i = 0; i < 66; i++) {
		char path[16];

		snprintf(path, sizeof(path), "a%d.js", i);
		tn_memtree_put(tree, path, bytes, SIZE);
		tn_str_addf(&text, "  a%d: {trigger: post-login@v3}\n", i);
	}
	put("tenon.yaml", tn_str_text(&text));
	assert_int_equal(load(NULL), -TN_E_INPUT);
	assert_int_equal(tn_diags_count(diags), 2);
	assert_string_equal(tn_diags_at(diags, 0)->code, "file-too-large");
}

static void
a_trigger_without_version(void **state TN_UNUSED)
{
	put("a.js", "x");
	assert_finding(HEAD "actions:\n  a: {trigger: post-login}\n", "bad-format",
	    "tenon.yaml:4:16", "actions.a.trigger",
	    "the text does not have the right form",
	    "a trigger with its version, such as post-login@v3");
}

static void
a_trigger_of_another_form_has_one_finding(void **state TN_UNUSED)
{
	put("a.js", "x");
	put("tenon.yaml", HEAD "actions:\n  a: {trigger: Post Login}\n");
	assert_int_equal(load(NULL), -TN_E_INPUT);
	assert_int_equal(tn_diags_count(diags), 1);
	assert_int_equal(tn_diags_at(diags, 0)->mark.line, 4);
}

static void
an_action_called_others(void **state TN_UNUSED)
{
	put("others.js", "x");
	assert_finding(HEAD "actions:\n  others: {trigger: post-login@v3}\n",
	    "reserved-name", "tenon.yaml:4:3", "action/others",
	    "an action cannot be called \"others\"", "bound");
}

static void
an_unknown_action_and_the_nearest_word(void **state TN_UNUSED)
{
	put("enrich-token.js", "x");
	assert_finding(HEAD "actions:\n  enrich-token: {trigger: post-login@v3}\n"
			    "bindings:\n  post-login:\n    - enrich-tokn\n",
	    "unknown-action", "tenon.yaml:7:7", "bindings/post-login",
	    "there is no action \"enrich-tokn\" in these files",
	    "did you mean \"enrich-token\"?");
}

static void
an_unknown_action_may_be_the_word_others(void **state TN_UNUSED)
{
	assert_finding(HEAD "bindings: {post-login: [Others]}\n", "unknown-action",
	    "tenon.yaml:3:25", "bindings/post-login",
	    "there is no action \"Others\" in these files", "did you mean \"others\"?");
}

static void
an_unknown_action_like_no_other(void **state TN_UNUSED)
{
	assert_finding(HEAD "bindings: {post-login: [{fraud: {displayName: F}}]}\n",
	    "unknown-action", "tenon.yaml:3:26", "bindings/post-login",
	    "there is no action \"fraud\" in these files", "{external: fraud}");
}

static void
others_twice(void **state TN_UNUSED)
{
	put("a.js", "x");
	assert_finding(HEAD
	    "actions: {a: {trigger: post-login@v3}}\n"
	    "bindings:\n  post-login:\n    - others\n    - a\n    - others\n",
	    "duplicate-others", "tenon.yaml:8:7", "bindings/post-login",
	    "`others` stands here a second time", "line 6");
}

static void
others_once_in_each_flow(void **state TN_UNUSED)
{
	assert_loads(
	    HEAD "bindings: {post-login: [others], send-phone-message: [others]}\n");
}

static void
an_external_that_is_ours(void **state TN_UNUSED)
{
	put("a.js", "x");
	assert_finding(HEAD "actions: {a: {trigger: post-login@v3}}\n"
			    "bindings: {post-login: [{external: a}]}\n",
	    "external-is-ours", "tenon.yaml:4:36", "bindings/post-login",
	    "\"a\" is bound as external and is an action of these files",
	    "without `external:`");
}

static void
all_findings_come_in_one_run(void **state TN_UNUSED)
{
	put("tenon.yaml",
	    HEAD "colour: red\n"
		 "actions:\n"
		 "  a: {trigger: post-login@v3, runtim: node22}\n"
		 "  b: {trigger: post-login}\n"
		 "  c: 7\n"
		 "bindings:\n"
		 "  post-login: [a, d, others, others]\n");
	put("b.js", "\xff");
	assert_int_equal(load(NULL), -TN_E_INPUT);
	assert_null(project);
	assert_int_equal(finding("missing-file")->mark.line, 5);
	assert_int_equal(finding("bad-format")->mark.line, 6);
	assert_string_equal(finding("invalid-code")->mark.file, "b.js");
	assert_int_equal(finding("unknown-action")->mark.line, 9);
	assert_int_equal(finding("duplicate-others")->mark.line, 9);
	/* Those five, and of the schema: two unknown keys, and an action that is none. */
	assert_int_equal(tn_diags_errors(diags), 8);
}

static void
bindings_of_the_wrong_kind_are_left_to_the_schema(void **state TN_UNUSED)
{
	put("tenon.yaml",
	    HEAD "bindings:\n"
		 "  post-login: [[a], {a: {}, b: {}}, {}, 7.5]\n"
		 "  credentials-exchange: a\n");
	assert_int_equal(load(NULL), -TN_E_INPUT);
	assert_null(project);
	/* The last entry is a name as any other. */
	assert_non_null(strstr(finding("unknown-action")->message, "\"7.5\""));
	assert_true(tn_diags_errors(diags) >= 4);
}

static void
an_external_without_a_name_is_left_to_the_schema(void **state TN_UNUSED)
{
	put("a.js", "");
	put("tenon.yaml",
	    HEAD "actions: {a: {trigger: post-login@v3}}\n"
		 "bindings: {post-login: [{external: {displayName: x}}]}\n");
	assert_int_equal(load(NULL), -TN_E_INPUT);
	assert_string_equal(tn_diags_at(diags, 0)->code, "wrong-type");
	assert_int_equal(tn_diags_at(diags, 0)->mark.line, 4);
}

static void
earlier_findings_of_others_do_not_count(void **state TN_UNUSED)
{
	tn_diags_error(diags, "x", (struct tn_mark){ 0 }, "of another file");
	put("tenon.yaml", HEAD);
	assert_int_equal(load(NULL), 0);
	assert_non_null(project);
}

static void
very_many_unknown_actions_cost_bounded_time(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

	put("x.js", "");
	tn_str_add(&text, HEAD "actions:\n");
	for (int i = 0; i < 3000; i++)
		tn_str_addf(&text,
		    "  some-rather-long-name-%d: {trigger: post-login@v3, code: x.js}\n",
		    i);
	tn_str_add(&text, "bindings:\n");
	for (int i = 0; i < 3000; i++)
		tn_str_addf(&text, "  t%d: [some-rather-long-nam-%d]\n", i, i);
	put("tenon.yaml", tn_str_text(&text));
	assert_int_equal(load(NULL), -TN_E_INPUT);
	assert_int_equal(tn_diags_errors(diags), 3000);
}

/* A tree that fails. */

static int
fail_to_read(struct tn_tree *failing TN_UNUSED, const char *path, size_t max TN_UNUSED,
    struct tn_str *out, struct tn_error *why)
{
	static const char text[] = HEAD
	    "actions: {a: {trigger: post-login@v3}, l: {trigger: post-login@v3}}\n";

	if (strcmp(path, "tenon.yaml") == 0) {
		tn_str_add(out, text);
		return 0;
	}
	if (strcmp(path, "l.js") == 0)
		return tn_error_set(why, TN_E_INPUT, "\"l.js\" is a link");
	return tn_error_set(why, TN_E_SYSTEM, "the disk is on fire");
}

static void
a_tree_that_cannot_be_read_is_an_error_and_no_finding(void **state TN_UNUSED)
{
	static const struct tn_tree_ops ops = { .read = fail_to_read };
	struct tn_tree failing = { .ops = &ops };

	assert_int_equal(tn_project_load(&failing, schemas, &project, diags, &err),
	    -TN_E_SYSTEM);
	assert_string_equal(err.message, "the disk is on fire");
	assert_int_equal(tn_diags_count(diags), 0);
	assert_null(project);
}

static int
read_links(struct tn_tree *failing, const char *path, size_t max, struct tn_str *out,
    struct tn_error *why)
{
	if (strcmp(path, "a.js") == 0)
		return 0;
	return fail_to_read(failing, path, max, out, why);
}

static void
a_link_is_a_finding(void **state TN_UNUSED)
{
	static const struct tn_tree_ops ops = { .read = read_links };
	struct tn_tree linked = { .ops = &ops };

	assert_int_equal(tn_project_load(&linked, schemas, &project, diags, &err),
	    -TN_E_INPUT);
	assert_non_null(strstr(finding("unreadable-file")->message, "is a link"));
	assert_non_null(
	    strstr(finding("unreadable-file")->hint, "links are not followed"));
}

static int
refuse_project_file(struct tn_tree *failing TN_UNUSED, const char *path TN_UNUSED,
    size_t max TN_UNUSED, struct tn_str *out TN_UNUSED, struct tn_error *why)
{
	return tn_error_set(why, TN_E_LIMIT, "too large");
}

static void
a_project_file_that_cannot_be_read(void **state TN_UNUSED)
{
	static const struct tn_tree_ops ops = { .read = refuse_project_file };
	struct tn_tree failing = { .ops = &ops };

	assert_int_equal(tn_project_load(&failing, schemas, &project, diags, &err),
	    -TN_E_LIMIT);
	assert_string_equal(err.message, "cannot read tenon.yaml: too large");
}

/* Of one tenant. */

static void
what_one_tenant_should_be_shares_its_text(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_want_freep) struct tn_want *prod = NULL;
	TN_CLEANUP(tn_want_freep) struct tn_want *dev = NULL;

	put("a.js", "code");
	assert_loads(HEAD "tenants: {prod: , dev: {}}\n"
			  "actions: {a: {trigger: post-login@v3}}\n"
			  "bindings: {post-login: [a]}\n");
	assert_int_equal(project->n_tenants, 2);
	assert_string_equal(project->tenants[0], "prod");
	assert_string_equal(project->tenants[1], "dev");
	assert_int_equal(project->n_actions, 1);
	assert_int_equal(tn_project_want(project, "prod", &prod, &err), 0);
	assert_int_equal(tn_project_want(project, "dev", &dev, &err), 0);
	assert_string_equal(dev->project, "acme");
	assert_int_equal(dev->n_actions, 1);
	assert_string_equal(dev->actions[0].content.code, "code");
	assert_ptr_equal(dev->actions[0].content.code, prod->actions[0].content.code);
	assert_mark(dev->actions[0].mark, "tenon.yaml", 4, 11);
	assert_int_equal(dev->n_flows, 1);
	assert_string_equal(dev->flows[0].entries[0].name, "a");
}

static void
assert_no_tenant(const char *text, const char *tenant, const char *hint)
{
	TN_CLEANUP(tn_want_freep) struct tn_want *want = NULL;

	assert_loads(text);
	assert_int_equal(tn_project_want(project, tenant, &want, &err), -TN_E_INPUT);
	assert_null(want);
	assert_non_null(strstr(err.message, "\"acme\""));
	assert_non_null(strstr(err.message, tenant));
	assert_string_equal(err.hint, hint);
}

static void
a_tenant_that_is_misspelt(void **state TN_UNUSED)
{
	assert_no_tenant(HEAD "tenants: {prod: , dev: }\n", "prd",
	    "did you mean \"prod\"?");
}

static void
a_tenant_that_is_not_named(void **state TN_UNUSED)
{
	assert_no_tenant(HEAD "tenants: {prod: , dev: }\n", "staging",
	    "it names: prod, dev");
}

static void
a_tenant_of_a_project_that_names_none(void **state TN_UNUSED)
{
	assert_no_tenant(HEAD, "dev", "name it under `tenants:` in tenon.yaml");
}

static void
a_tenant_beside_very_many(void **state TN_UNUSED)
{
	assert_no_tenant(HEAD
	    "tenants: {a1: , a2: , a3: , a4: , a5: , a6: , a7: , a8: , a9: ,"
	    " a10: , a11: }\n",
	    "staging", "it names: a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, …");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_least_project),
		TEST(a_whole_action),
		TEST(code_is_beside_the_file_when_it_is_not_named),
		TEST(actions_and_flows_come_sorted_and_entries_in_order),
		TEST(scalars_stay_what_was_written),
		TEST(no_project_file),
		TEST(where_the_project_file_may_be),
		TEST(no_yaml_and_no_project),
		TEST(a_file_that_is_not_there),
		TEST(a_named_file_that_is_not_there),
		TEST(a_path_out_of_the_project),
		TEST(an_absolute_path),
		TEST(a_name_that_is_a_path_out_of_the_project),
		TEST(code_that_is_no_text),
		TEST(a_file_that_is_far_too_large),
		TEST(very_much_code_together),
		TEST(a_trigger_without_version),
		TEST(a_trigger_of_another_form_has_one_finding),
		TEST(an_action_called_others),
		TEST(an_unknown_action_and_the_nearest_word),
		TEST(an_unknown_action_may_be_the_word_others),
		TEST(an_unknown_action_like_no_other),
		TEST(others_twice),
		TEST(others_once_in_each_flow),
		TEST(an_external_that_is_ours),
		TEST(all_findings_come_in_one_run),
		TEST(bindings_of_the_wrong_kind_are_left_to_the_schema),
		TEST(an_external_without_a_name_is_left_to_the_schema),
		TEST(earlier_findings_of_others_do_not_count),
		TEST(very_many_unknown_actions_cost_bounded_time),
		TEST(a_tree_that_cannot_be_read_is_an_error_and_no_finding),
		TEST(a_link_is_a_finding),
		TEST(a_project_file_that_cannot_be_read),
		TEST(what_one_tenant_should_be_shares_its_text),
		TEST(a_tenant_that_is_misspelt),
		TEST(a_tenant_that_is_not_named),
		TEST(a_tenant_of_a_project_that_names_none),
		TEST(a_tenant_beside_very_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
