/* The directory form, and that both forms of the same content give the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/mem.h"
#include "base/value.h"
#include "json/json.h"
#include "repo.h"

#define TRIGGER "\"supported_triggers\": [{\"id\": \"post-login\", \"version\": \"v3\"}]"

static enum tn_deploycli_form
form(void)
{
	enum tn_deploycli_form found;

	assert_int_equal(tn_deploycli_detect(repo.tree, &found, NULL), 0);
	return found;
}

static void
forms_are_told_apart(void **state TN_UNUSED)
{
	assert_int_equal(form(), TN_DEPLOYCLI_NONE);
	repo_put("README.md", "x");
	repo_put("actions/greet.js", "x");
	repo_put("triggers/readme.txt", "x");
	repo_put("triggers.json", "{}");
	assert_int_equal(form(), TN_DEPLOYCLI_NONE);
	repo_put("triggers/triggers.json", "{}");
	assert_int_equal(form(), TN_DEPLOYCLI_DIRECTORY);
	repo_put("triggers/triggers.json", NULL);
	repo_put("actions/greet.json", "{}");
	assert_int_equal(form(), TN_DEPLOYCLI_DIRECTORY);
	repo_put("actions/greet.json", NULL);
	repo_put("tenant.json", "{}");
	assert_int_equal(form(), TN_DEPLOYCLI_DIRECTORY);
	repo_put("tenant.yaml", "");
	assert_int_equal(form(), TN_DEPLOYCLI_YAML);
}

static void
a_tree_of_neither_form_is_not_found(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	TN_CLEANUP(tn_diags_freep) struct tn_diags *diags = tn_diags_new();

	assert_int_equal(tn_deploycli_load(repo.tree, NULL, &repo.options, &repo.loaded,
			     diags, &err),
	    -TN_E_NOT_FOUND);
	assert_null(repo.loaded);
}

static void
each_file_of_json_is_an_action(void **state TN_UNUSED)
{
	const struct tn_want *want;

	repo_put("actions/b.json",
	    "{\"name\": \"Second one\", \"deployed\": true,\n \"code\": "
	    "\"./actions/Second one/code.js\",\n " TRIGGER "}");
	repo_put("actions/a.json",
	    "{\"name\": \"first\", \"deployed\": true, \"runtime\": \"node22\", " TRIGGER
	    "}");
	repo_put("actions/Second one/code.js", "x");
	repo_put("actions/notes.md", "x");
	repo_put("triggers/triggers.json",
	    "{\"post-login\": [{\"action_name\": \"first\", \"display_name\": \"F\"}]}");
	want = repo_want();
	assert_int_equal(want->n_actions, 2);
	assert_string_equal(want->actions[0].name, "Second one");
	assert_string_equal(want->actions[0].content.code, "x");
	assert_string_equal(want->actions[0].mark.file, "actions/b.json");
	assert_int_equal(want->actions[0].mark.col, 10);
	assert_string_equal(want->actions[0].code_mark.file, "actions/b.json");
	assert_int_equal(want->actions[0].code_mark.line, 2);
	assert_string_equal(want->actions[1].content.runtime, "node22");
	assert_int_equal(want->n_flows, 1);
	assert_string_equal(want->flows[0].entries[0].display_name, "F");
	assert_int_equal(tn_diags_count(repo.diags), 0);
}

static void
triggers_are_read_from_the_first_file(void **state TN_UNUSED)
{
	repo_put("triggers/b.json", "{\"post-login\": []}");
	repo_put("triggers/a.json", "{\"credentials-exchange\": []}");
	assert_string_equal(repo_want()->flows[0].trigger, "credentials-exchange");
	assert_int_equal(repo.loaded->want->n_flows, 1);
	assert_string_equal(repo_finding("ignored-file")->mark.file, "triggers/b.json");
	assert_non_null(strstr(repo_finding("ignored-file")->message, "triggers/a.json"));
}

static void
other_directories_are_told(void **state TN_UNUSED)
{
	const struct tn_diag *diag;

	repo_put("tenant.json", "not read at all");
	repo_put("clients/x.json", "neither");
	repo_put("grants/x.json", "{}");
	repo_put("docs/readme.md", "x");
	assert_int_equal(repo_want()->n_actions, 0);
	diag = repo_finding("ignored-section");
	assert_non_null(strstr(diag->message, "clients, grants, tenant.json"));
	assert_null(strstr(diag->message, "docs"));
	assert_int_equal(tn_diags_count(repo.diags), 1);
}

static void
mistakes_have_their_place(void **state TN_UNUSED)
{
	static const struct {
		const char *path, *text, *finding;
	} cases[] = {
		{ "actions/a.json", "{\"name\": \"a\",}", "syntax actions/a.json:1:14" },
		{ "actions/a.json", "[]", "wrong-type actions/a.json:1:1" },
		{ "actions/a.json", "{\"deployed\": true, " TRIGGER "}",
		    "missing-key actions/a.json:1:1" },
		{ "actions/a.json",
		    "{\"name\": \"a\", \"deployed\": \"true\",\n" TRIGGER "}",
		    "wrong-type actions/a.json:1:27" },
		{ "triggers/t.json", "[]", "wrong-type triggers/t.json:1:1" },
		{ "triggers/t.json", "{\"a\": []", "syntax triggers/t.json:1:9" },
		{ "triggers/t.json", "{\"a\": [{}]}", "missing-key triggers/t.json:1:8" },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		repo_put(cases[i].path, cases[i].text);
		repo_refused(cases[i].finding);
		repo_put(cases[i].path, NULL);
	}
}

/* Both forms of one repository. */

static const char *const common[][2] = {
	{ "config.json",
	    "{\"AUTH0_KEYWORD_REPLACE_MAPPINGS\": {\"ISSUER\": \"https://a.example\","
	    "\"PACKAGES\": [{\"name\": \"axios\", \"version\": \"1.7.2\"}],"
	    "\"SHOWN\": \"Say \\\"hello\\\" for $1\"}}" },
	{ "actions/Say hello/code.js",
	    "const issuer = '##ISSUER##', stage = \"##STAGE##\", list = @@PACKAGES@@;\n" },
	{ "actions/audit/code.js", "audit()\n" },
};

static const char yaml[] = "actions:\n"
			   "  - name: Say hello\n"
			   "    code: ./actions/Say hello/code.js\n"
			   "    deployed: true\n"
			   "    runtime: node##NODE##\n"
			   "    dependencies: @@PACKAGES@@\n"
			   "    secrets:\n"
			   "      - name: KEY\n"
			   "        value: ##HELLO_KEY##\n"
			   "    supported_triggers:\n"
			   "      - id: post-login\n"
			   "        version: v3\n"
			   "  - name: audit\n"
			   "    code: ./actions/audit/code.js\n"
			   "    deployed: ##DEPLOYED##\n"
			   "    supported_triggers: [{id: post-login, version: v3}]\n"
			   "triggers:\n"
			   "  post-login:\n"
			   "    - action_name: audit\n"
			   "      display_name: audit ##STAGE##\n"
			   "    - action_name: Say hello\n"
			   "      display_name: 'Hello'\n";

static const char *const directory[][2] = {
	{ "actions/hello.json",
	    "{\"name\": \"Say hello\",\n\"code\": \"./actions/Say hello/code.js\",\n"
	    "\"deployed\": true, \"runtime\": \"node##NODE##\",\n"
	    "\"dependencies\": \"@@PACKAGES@@\",\n"
	    "\"secrets\": [{\"name\": \"KEY\", \"value\": \"##HELLO_KEY##\"}],\n"
	    "\"supported_triggers\": [{\"id\": \"post-login\", \"version\": \"v3\"}]}" },
	{ "actions/audit.json",
	    "{\"name\": \"audit\", \"code\": \"./actions/audit/code.js\",\n"
	    "\"deployed\": ##DEPLOYED##,\n"
	    "\"supported_triggers\": [{\"id\": \"post-login\", \"version\": \"v3\"}]}" },
	{ "triggers/triggers.json",
	    "{\"post-login\": [{\"action_name\": \"audit\", \"display_name\": "
	    "\"audit ##STAGE##\"},\n"
	    "{\"action_name\": \"Say hello\", \"display_name\": \"Hello\"}]}" },
};

static void
add_action(struct tn_str *out, const struct tn_want_action *action)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();

	tn_str_addf(out, "%s %s@%s %u %s ", action->name, action->trigger.id,
	    action->trigger.version, action->unstated, action->code_path);
	tn_json_write_canonical(tn_content_to_value(arena, &action->content), out);
	for (size_t i = 0; i < action->content.n_secrets; i++)
		tn_str_addf(out, " from %s", action->content.secrets[i].source);
	tn_str_add_char(out, '\n');
}

/* All of what is wanted but marks. */
static char *
wanted(void)
{
	const struct tn_want *want = repo_want();
	struct tn_str out = TN_STR_INIT;

	for (size_t i = 0; i < want->n_actions; i++)
		add_action(&out, &want->actions[i]);
	for (size_t i = 0; i < want->n_flows; i++) {
		const struct tn_want_flow *flow = &want->flows[i];

		tn_str_addf(&out, "%s:", flow->trigger);
		for (size_t k = 0; k < flow->n_entries; k++)
			tn_str_addf(&out, " %d %s \"%s\"", (int)flow->entries[k].kind,
			    flow->entries[k].name, flow->entries[k].display_name);
		tn_str_add_char(&out, '\n');
	}
	return tn_str_take(&out);
}

static void
both_forms_give_the_same(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_freep) char *of_yaml = NULL;
	TN_CLEANUP(tn_freep) char *of_directory = NULL;

	repo_allow("STAGE", "pro\"d");
	repo_allow("NODE", "22");
	repo_allow("DEPLOYED", "true");
	for (size_t i = 0; i < TN_ARRAY_LEN(common); i++)
		repo_put(common[i][0], common[i][1]);
	for (size_t i = 0; i < TN_ARRAY_LEN(directory); i++)
		repo_put(directory[i][0], directory[i][1]);
	of_directory = wanted();
	assert_int_equal(repo.loaded->form, TN_DEPLOYCLI_DIRECTORY);
	repo_put("tenant.yaml", yaml);
	of_yaml = wanted();
	assert_int_equal(repo.loaded->form, TN_DEPLOYCLI_YAML);
	assert_string_equal(of_yaml, of_directory);
	assert_string_equal(of_yaml,
	    "Say hello post-login@v3 0 actions/Say hello/code.js "
	    "{\"code\":\"const issuer = 'https://a.example', stage = \\\"pro\\\"d\\\", "
	    "list = [{\\\"name\\\":\\\"axios\\\",\\\"version\\\":\\\"1.7.2\\\"}];\\n\","
	    "\"dependencies\":[{\"name\":\"axios\",\"version\":\"1.7.2\"}],"
	    "\"runtime\":\"node22\",\"secrets\":[{\"name\":\"KEY\"}]} from HELLO_KEY\n"
	    "audit post-login@v3 14 actions/audit/code.js "
	    "{\"code\":\"audit()\\n\",\"dependencies\":[],\"secrets\":[]}\n"
	    "post-login: 0 audit \"audit pro\"d\" 0 Say hello \"Hello\"\n");
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, repo_setup, repo_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(forms_are_told_apart),
		TEST(a_tree_of_neither_form_is_not_found),
		TEST(each_file_of_json_is_an_action),
		TEST(triggers_are_read_from_the_first_file),
		TEST(other_directories_are_told),
		TEST(mistakes_have_their_place),
		TEST(both_forms_give_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
