/* Files that tenon.yaml includes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "files.h"

#include <stdio.h>
#include <string.h>

static void
included_files_have_the_same_keys(void **state TN_UNUSED)
{
	const struct tn_want *want;

	put("actions/login/a.yaml", "tenon: 1\nactions: {a: {trigger: post-login@v3}}\n");
	put("actions/b.yaml",
	    "actions: {b: {trigger: post-login@v3, code: ../src/b.js}}\n"
	    "modules: {greeter: {code: g.js}}\n");
	put("actions/empty.yaml", "# nothing yet\n");
	put("actions/.hidden.yaml", "not: read\n");
	put("flows.yaml", "bindings: {post-login: [a, b]}\ntenants: {dev: }\n");
	put("actions/login/a.js", "A");
	put("src/b.js", "B");
	put("actions/g.js", "G");
	assert_loads(HEAD "include: [actions/**/*.yaml, ./flow?.yaml, '*.yaml']\n");
	want = want_of("dev");
	assert_int_equal(want->n_actions, 2);
	assert_string_equal(want->actions[0].content.code, "A");
	assert_string_equal(want->actions[0].code_path, "actions/login/a.js");
	assert_string_equal(want->actions[0].mark.file, "actions/login/a.yaml");
	assert_string_equal(want->actions[1].code_path, "src/b.js");
	assert_string_equal(want->modules[0].code_path, "actions/g.js");
	assert_int_equal(want->flows[0].n_entries, 2);
	assert_int_equal(project->counts.tenants, 1);
	assert_int_equal(project->counts.actions, 2);
	assert_int_equal(project->counts.modules, 1);
	assert_int_equal(project->counts.flows, 1);
}

static void
only_tenon_yaml_includes_and_names_the_project(void **state TN_UNUSED)
{
	put("a.yaml", "project: acme\ninclude: [b.yaml]\n");
	assert_int_equal(load(HEAD "include: [a.yaml]\n"), -TN_E_INPUT);
	assert_int_equal(tn_diags_count(diags), 2);
	is_finding(tn_diags_at(diags, 0), "unknown-key", "a.yaml:1:1", "project",
	    "unknown key \"project\"", "tenants, actions, modules or bindings");
	is_finding(tn_diags_at(diags, 1), "unknown-key", "a.yaml:2:1", "include",
	    "unknown key \"include\"", "tenants, actions, modules or bindings");
}

static void
what_stands_in_two_files_is_found_with_both_places(void **state TN_UNUSED)
{
	put("a.js", "");
	put("x.yaml",
	    "tenants: {dev: }\nactions: {a: {trigger: post-login@v3}}\n"
	    "modules: {m: {code: a.js}}\nbindings: {post-login: []}\n");
	put("y.yaml",
	    "tenants: {dev: }\n\nactions: {a: {trigger: post-login@v3}}\n"
	    "modules: {m: {code: a.js}}\nbindings: {post-login: [a]}\n");
	assert_int_equal(load(HEAD "include: [x.yaml, y.yaml]\n"), -TN_E_INPUT);
	tn_diags_sort(diags);
	assert_int_equal(tn_diags_count(diags), 4);
	is_finding(tn_diags_at(diags, 0), "duplicate-name", "y.yaml:1:11", "tenant/dev",
	    "\"dev\" is in another file already", "x.yaml:1:11");
	is_finding(tn_diags_at(diags, 1), "duplicate-name", "y.yaml:3:11", "action/a",
	    "\"a\" is in another file already", "x.yaml:2:11");
	is_finding(tn_diags_at(diags, 2), "duplicate-name", "y.yaml:4:11", "module/m",
	    "\"m\" is in another file already", "x.yaml:3:11");
	is_finding(tn_diags_at(diags, 3), "duplicate-name", "y.yaml:5:12",
	    "bindings/post-login", "\"post-login\" is in another file already",
	    "x.yaml:4:12");
}

static void
a_pattern_that_matches_nothing_is_a_warning(void **state TN_UNUSED)
{
	const struct tn_diag *diag;

	assert_int_equal(load(HEAD "include: [no/*.yaml]\n"), 0);
	assert_int_equal(tn_diags_count(diags), 1);
	diag = tn_diags_at(diags, 0);
	is_finding(diag, "include-matches-nothing", "tenon.yaml:3:11", "include",
	    "no file matches \"no/*.yaml\"", "**");
	assert_int_equal(diag->severity, TN_SEVERITY_WARNING);
}

static void
an_included_file_that_is_not_there(void **state TN_UNUSED)
{
	assert_finding(HEAD "include: [a.yaml]\n", "missing-file", "tenon.yaml:3:11",
	    "include", "the included file \"a.yaml\" is not there", "create it");
}

static void
an_include_out_of_the_project(void **state TN_UNUSED)
{
	assert_finding(HEAD "include: [../*/tenon.yaml]\n", "outside-project",
	    "tenon.yaml:3:11", "include", "path \"../*/tenon.yaml\" leaves the project",
	    "inside the project");
}

static void
a_project_file_that_includes_itself(void **state TN_UNUSED)
{
	assert_finding(HEAD "include: [./tenon.yaml]\n", "include-cycle",
	    "tenon.yaml:3:11", "include", "tenon.yaml includes itself", "pattern");
}

static void
an_included_file_that_is_no_yaml_hides_no_other_finding(void **state TN_UNUSED)
{
	put("a.yaml", "actions: [\n");
	put("b.yaml", "actions: {b: {}}\n");
	put("b.js", "");
	assert_int_equal(load(HEAD "include: ['*.yaml']\n"), -TN_E_INPUT);
	tn_diags_sort(diags);
	assert_string_equal(tn_diags_at(diags, 0)->mark.file, "a.yaml");
	assert_string_equal(tn_diags_at(diags, 0)->code, "syntax");
	assert_string_equal(tn_diags_at(diags, 1)->mark.file, "b.yaml");
	assert_string_equal(tn_diags_at(diags, 1)->code, "missing-key");
}

static void
included_files_share_their_bounds(void **state TN_UNUSED)
{
	static const char bomb[] = "actions:\n  x: &a [1,1,1,1,1,1,1,1,1,1]\n"
				   "  b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\n"
				   "  c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\n"
				   "  d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\n"
				   "  e: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\n"
				   "  f: [*e,*e,*e,*e]\n";
	size_t too_large = 0;

	for (int i = 0; i < 20; i++) {
		char path[32];

		snprintf(path, sizeof(path), "f%02d.yaml", i);
		put(path, bomb);
	}
	assert_int_equal(load(HEAD "include: ['f*.yaml']\n"), -TN_E_INPUT);
	for (size_t i = 0; i < tn_diags_count(diags); i++)
		too_large += strcmp(tn_diags_at(diags, i)->code, "too-large") == 0;
	/* One holds 555,560 values: the second and all others pass the million. */
	assert_int_equal(too_large, 19);
}

/* A tree whose directories cannot be read. */

static int
read_main(struct tn_tree *failing TN_UNUSED, const char *path, size_t max TN_UNUSED,
    struct tn_str *out, struct tn_error *why)
{
	if (strcmp(path, "tenon.yaml") == 0) {
		tn_str_add(out, HEAD "include: ['a/*.yaml', b.yaml]\n");
		return 0;
	}
	return tn_error_set(why, TN_E_INPUT, "\"%s\" is a link", path);
}

static int
list_badly(struct tn_tree *failing TN_UNUSED, const char *path TN_UNUSED,
    struct tn_tree_list *out TN_UNUSED, struct tn_error *why)
{
	return tn_error_set(why, TN_E_SYSTEM, "the disk is on fire");
}

static int
list_links(struct tn_tree *failing TN_UNUSED, const char *path, struct tn_tree_list *out,
    struct tn_error *why)
{
	static const struct {
		const char *name;
		enum tn_tree_kind kind;
	} entries[] = {
		{ "link.yaml", TN_TREE_LINK },
		{ "directory.yaml", TN_TREE_DIRECTORY },
		{ "socket.yaml", TN_TREE_OTHER },
		{ "\xff.yaml", TN_TREE_FILE },
	};
	int r = 0;

	assert_string_equal(path, "a");
	for (size_t i = 0; r == 0 && i < TN_ARRAY_LEN(entries); i++)
		r = tn_tree_list_add(out, tn_span(entries[i].name), entries[i].kind, why);
	return r;
}

static void
a_directory_that_cannot_be_read_is_an_error_and_no_finding(void **state TN_UNUSED)
{
	static const struct tn_tree_ops ops = { .read = read_main, .list = list_badly };
	struct tn_tree failing = { .ops = &ops };

	assert_int_equal(tn_project_load(&failing, schemas, &project, diags, &err),
	    -TN_E_SYSTEM);
	assert_string_equal(err.message, "the disk is on fire");
	assert_null(project);
}

static void
a_link_is_named_and_not_followed(void **state TN_UNUSED)
{
	static const struct tn_tree_ops ops = { .read = read_main, .list = list_links };
	struct tn_tree linked = { .ops = &ops };

	assert_int_equal(tn_project_load(&linked, schemas, &project, diags, &err),
	    -TN_E_INPUT);
	assert_int_equal(tn_diags_count(diags), 2);
	is_finding(tn_diags_at(diags, 0), "unreadable-file", "tenon.yaml:3:11", "include",
	    "cannot include \"a/link.yaml\": \"a/link.yaml\" is a link", "regular file");
	is_finding(tn_diags_at(diags, 1), "unreadable-file", "tenon.yaml:3:23", "include",
	    "cannot include \"b.yaml\": \"b.yaml\" is a link", "regular file");
}

static void
included_files_are_counted(void **state TN_UNUSED)
{
	for (int i = 0; i < 1001; i++) {
		char path[32];

		snprintf(path, sizeof(path), "f%04d.yaml", i);
		put(path, "");
	}
	assert_finding(HEAD "include: ['f*.yaml']\n", "too-many-files", "tenon.yaml:3:11",
	    "include", "more than 1000 files are included", "narrower pattern");
}

static void
patterns(void **state TN_UNUSED)
{
	static const struct {
		const char *pattern;
		bool matches;
	} rows[] = {
		{ "a/b/c.yaml", true },
		{ "a/*/c.yaml", true },
		{ "*/*/*", true },
		{ "**/c.yaml", true },
		{ "a/**/c.yaml", true },
		{ "a/b/**/c.yaml", true },
		{ "**/**/c.yaml", true },
		{ "a/b/?.yaml", true },
		{ "a/b/c*.y*l", true },
		{ "a/b/*c*.yaml*", true },
		{ "a/*.yaml", false },
		{ "*.yaml", false },
		{ "a/b/??.yaml", false },
		{ "a/b/c.yam", false },
		{ "a/b/*d", false },
		{ "a/**", false },
		{ "b/**/c.yaml", false },
	};
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

	put("a/b/c.yaml", "tenants: {found: }\n");
	for (size_t i = 0; i < TN_ARRAY_LEN(rows); i++) {
		tn_str_clear(&text);
		tn_str_addf(&text, HEAD "include: ['%s']\n", rows[i].pattern);
		tn_project_free(tn_take(project));
		(void)!load(tn_str_text(&text));
		if ((project != NULL && project->n_tenants == 1) != rows[i].matches)
			fail_msg("%s", rows[i].pattern);
	}
}

/* A star that is gone back to, again and again. */
static void
a_hostile_pattern_takes_bounded_time(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_str_done) struct tn_str name = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

	for (int i = 0; i < 250; i++)
		tn_str_add_char(&name, 'a');
	put(tn_str_text(&name), "");
	tn_str_add(&text, HEAD "include: ['");
	for (int i = 0; i < 200; i++)
		tn_str_add(&text, "*a");
	tn_str_add(&text, "b', '");
	for (int i = 0; i < 300; i++)
		tn_str_add(&text, "**/");
	tn_str_add(&text, "x']\n");
	for (int i = 0; i < 40; i++) {
		char path[160] = "";

		for (int k = 0; k < i; k++)
			strcat(path, "d/");
		strcat(path, "f");
		put(path, "");
	}
	assert_int_equal(load(tn_str_text(&text)), -TN_E_INPUT);
	assert_string_equal(tn_diags_at(diags, tn_diags_count(diags) - 1)->code,
	    "too-many-files");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(included_files_have_the_same_keys),
		TEST(only_tenon_yaml_includes_and_names_the_project),
		TEST(what_stands_in_two_files_is_found_with_both_places),
		TEST(a_pattern_that_matches_nothing_is_a_warning),
		TEST(an_included_file_that_is_not_there),
		TEST(an_include_out_of_the_project),
		TEST(a_project_file_that_includes_itself),
		TEST(an_included_file_that_is_no_yaml_hides_no_other_finding),
		TEST(included_files_share_their_bounds),
		TEST(a_directory_that_cannot_be_read_is_an_error_and_no_finding),
		TEST(a_link_is_named_and_not_followed),
		TEST(included_files_are_counted),
		TEST(patterns),
		TEST(a_hostile_pattern_takes_bounded_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
