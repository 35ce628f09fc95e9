/* Findings with the line that they are about: the mark stands below the word. */
#include "sheet.h"

#include "base/secret.h"
#include "base/text.h"
#include "base/tree.h"

static struct sheet sheet;
static struct tn_tree *tree;

static int
setup(void **state TN_UNUSED)
{
	sheet_init(&sheet, TN_COMMAND_VALIDATE);
	sheet.result.project = NULL;
	sheet.result.exit = TN_EXIT_ERROR;
	tree = tn_memtree_new();
	return 0;
}

static int
teardown(void **state TN_UNUSED)
{
	tn_tree_free(tree);
	sheet_done(&sheet);
	return 0;
}

static void
tell(const char *file, unsigned line, unsigned col, const char *bytes, size_t len)
{
	struct tn_diag *diag = tn_diags_error(sheet.diags, "code",
	    (struct tn_mark){ file, line, col }, "message");

	tn_memtree_put(tree, file, bytes, len);
	tn_diags_hint(sheet.diags, diag, "hint");
	tn_diags_sort(sheet.diags);
	tn_diags_quote(sheet.diags, tree, NULL, NULL);
}

static void
the_line_stands_between_words_and_hint(void **state TN_UNUSED)
{
	tell("a.yaml", 2, 3, "a:\n  runtme: 1\n", 14);
	text_is(&sheet,
	    "a.yaml:2:3: error: message [code]\n"
	    "    2 |   runtme: 1\n"
	    "      |   ^~~~~~\n"
	    "  → hint\n"
	    "1 error. This run wrote nothing.\n");
}

static void
the_mark_stands_below_the_word_whatever_is_before(void **state TN_UNUSED)
{
	static const struct {
		const char *line;
		unsigned col;
		const char *shown, *mark;
	} cases[] = {
		{ "\ta: b", 5, "    a: b", "       ^" },
		{ "日本: ab c", 5, "日本: ab c", "      ^~" },
		{ "e\xcc\x81: ab", 5, "e\xcc\x81: ab", "   ^~" },
		{ "👍 日本", 3, "👍 日本", "   ^~~~" },
		{ "\x1b[2J: ab", 7, "\\x1b[2J: ab", "         ^~" },
		{ "a\xe2\x80\xae: ab", 5, "a\\u{202e}: ab", "           ^~" },
		{ "\"a\tb\" c", 1, "\"a    b\" c", "^~~~~~~~" },
		{ "caf\xe9: x", 4, "caf\\xe9: x", "   ^~~~" },
		{ "a: b", 9, "a: b", "    ^" },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		TN_CLEANUP(tn_str_done) struct tn_str wanted = TN_STR_INIT;

		tell("f", 1, cases[i].col, cases[i].line, strlen(cases[i].line));
		tn_str_addf(&wanted, "[code]\n    1 | %s\n      | %s\n  → hint\n",
		    cases[i].shown, cases[i].mark);
		text_has(&sheet, tn_str_text(&wanted));
		teardown(NULL);
		setup(NULL);
	}
}

static void
a_place_without_a_column_has_no_mark(void **state TN_UNUSED)
{
	tell("f", 1, 0, "a: b", 4);
	text_has(&sheet, "f:1: error: message [code]\n    1 | a: b\n  → hint\n");
}

static void
long_line_numbers_move_both_lines(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_str_done) struct tn_str file = TN_STR_INIT;

	for (unsigned i = 1; i < 1234567; i++)
		tn_str_add_char(&file, '\n');
	tn_str_add(&file, "a: b");
	tell("f", 1234567, 4, tn_str_text(&file), file.len);
	text_has(&sheet, "\n1234567 | a: b\n        |    ^\n");
}

static void
cut_lines_say_so(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_str_done) struct tn_str line = TN_STR_INIT;

	for (unsigned i = 0; i < 100; i++)
		tn_str_add(&line, "abcd ");
	tell("f", 1, 251, tn_str_text(&line), line.len);
	text_has(&sheet, " | …abcd abcd abcd");
	text_has(&sheet, " abcd …\n      |  ");
	/* 50 characters, and the sign that it was cut. */
	text_has(&sheet,
	    "      |                                                    ^~~~\n");
}

/* The redactor has to see the line in one piece. */
static void
colours_stay_out_of_the_line(void **state TN_UNUSED)
{
	sheet.colour = true;
	tell("f", 1, 4, "a: b", 4);
	text_has(&sheet, "a: b\n");
	text_has(&sheet, "   \x1b[31m^\x1b[0m\n");
}

static void
json_has_the_place_and_the_line(void **state TN_UNUSED)
{
	const struct tn_value *finding;
	int64_t number = 0;

	tell("f", 1, 5, "日本: ab\xe2\x80\xae\xff\t", 15);
	finding = tn_value_at(tn_value_get(sheet_json(&sheet), "findings"), 0);
	assert_true(tn_value_to_int(tn_value_get(finding, "column"), &number));
	assert_int_equal(number, 5);
	assert_true(tn_value_to_int(tn_value_get(finding, "end_column"), &number));
	assert_int_equal(number, 9);
	assert_string_equal(tn_value_get_text(finding, "source_line"),
	    "日本: ab\\u{202e}\\xff\t");
}

static void
counts_are_told_for_errors_and_for_warnings(void **state TN_UNUSED)
{
	const struct tn_mark nowhere = { NULL, 0, 0 };

	sheet.result.exit = TN_EXIT_DONE;
	tn_diags_warning(sheet.diags, "w", nowhere, "one");
	text_has(&sheet, "\n1 warning.\n");
	tn_diags_warning(sheet.diags, "w", nowhere, "two");
	text_has(&sheet, "\n2 warnings.\n");
	tn_diags_error(sheet.diags, "e", nowhere, "one");
	tn_diags_error(sheet.diags, "e", nowhere, "one");
	text_has(&sheet, "\n1 error, 2 warnings. This run wrote nothing.\n");
}

/* --- annotations --- */

static void
github_is(const char *directory, const struct tn_redactor *redactor, const char *wanted)
{
	const struct tn_report_options options = { .directory = directory };
	TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;

	tn_report_github(&sheet.result, &options, redactor, &out);
	assert_string_equal(tn_str_text(&out), wanted);
}

static void
a_finding_is_an_annotation(void **state TN_UNUSED)
{
	sheet.result.run_id = NULL;
	tell("a/t.yaml", 2, 3, "a:\n  runtme: 1\n", 14);
	tn_diags_warning(sheet.diags, "old", (struct tn_mark){ "b.js", 0, 0 }, "old");
	tn_diags_warning(sheet.diags, "odd", (struct tn_mark){ NULL, 0, 0 }, "odd");
	github_is(NULL, NULL,
	    "::error file=a/t.yaml,line=2,col=3,endColumn=9,title=code::a/t.yaml:2:3: "
	    "message%0A→ hint\n"
	    "::warning file=b.js,title=old::b.js: old\n"
	    "::warning title=odd::odd\n");
}

static void
the_directory_of_the_project_stands_before_files(void **state TN_UNUSED)
{
	sheet.result.run_id = NULL;
	tn_diags_error(sheet.diags, "code", (struct tn_mark){ "t.yaml", 0, 0 }, "m");
	github_is("a,b/c", NULL, "::error file=a%2Cb/c/t.yaml,title=code::t.yaml: m\n");
}

static void
an_error_is_an_annotation_without_a_place(void **state TN_UNUSED)
{
	sheet.result.run_id = NULL;
	sheet_fail(&sheet, TN_EXIT_ERROR, TN_E_INPUT, "50% of it", "the rest");
	github_is(NULL, NULL, "::error title=input::50%25 of it%0A→ the rest\n");
}

/* Names and messages from files, made to close the command and to begin another. */
static void
foreign_text_begins_no_command(void **state TN_UNUSED)
{
	sheet.result.run_id = NULL;
	tn_diags_error(sheet.diags, "code",
	    (struct tn_mark){ "a,title=x::b\n::set-env name=A::b%0A", 1, 1 },
	    "c\r\n::error::d%%0A:,\x1b[2J");
	github_is(NULL, NULL,
	    "::error file=a%2Ctitle=x%3A%3Ab\\x0a%3A%3Aset-env name=A%3A%3Ab%250A,line=1,"
	    "col=1,title=code::a,title=x::b%0A::set-env name=A::b%250A:1:1: "
	    "c\\x0d%0A::error::d%250A:,\\x1b[2J\n");
}

static void
secrets_are_found_before_they_are_escaped(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_redactor_freep) struct tn_redactor *redactor = tn_redactor_new();
	struct tn_secret *secret = tn_secret_new("tiger%s\nat:dawn", 15);

	tn_redactor_add(redactor, secret);
	tn_secret_unref(secret);
	sheet.result.run_id = NULL;
	tn_diags_error(sheet.diags, "code", (struct tn_mark){ "tiger%s\nat:dawn", 0, 0 },
	    "it is tiger%%s\nat:dawn");
	github_is(NULL, redactor,
	    "::error file=(secret),title=code::(secret): it is (secret)\n");
}

/* Code that is compared may hold lines that look like commands. */
static void
the_rest_is_read_as_text(void **state TN_UNUSED)
{
	const struct tn_report_options options = { .colour = false };
	TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str last = TN_STR_INIT;
	const char *begin;

	teardown(NULL);
	setup(NULL);
	sheet.result.command = TN_COMMAND_PLAN;
	sheet.result.diff = &sheet.diff;
	sheet_change(&sheet, TN_CHANGE_UPDATE, "a", "x\n::add-mask::1\ny\n",
	    "z\n::add-mask::1\ny\n");
	tn_diags_warning(sheet.diags, "old", (struct tn_mark){ NULL, 0, 0 }, "old");
	tn_report_github(&sheet.result, &options, NULL, &out);
	begin = strstr(tn_str_text(&out),
	    "::stop-commands::2026-06-01T00:00:00Z-abcdef\n");
	assert_non_null(begin);
	assert_non_null(strstr(begin, "::add-mask::1"));
	assert_non_null(strstr(begin, "1 warning.\n"));
	assert_null(strstr(begin, "[old]"));
	tn_str_addf(&last, "\n::%s::\n", sheet.result.run_id);
	assert_true(tn_text_ends(tn_str_text(&out), tn_str_text(&last)));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_line_stands_between_words_and_hint),
		TEST(the_mark_stands_below_the_word_whatever_is_before),
		TEST(a_place_without_a_column_has_no_mark),
		TEST(long_line_numbers_move_both_lines),
		TEST(cut_lines_say_so),
		TEST(colours_stay_out_of_the_line),
		TEST(json_has_the_place_and_the_line),
		TEST(counts_are_told_for_errors_and_for_warnings),
		TEST(a_finding_is_an_annotation),
		TEST(the_directory_of_the_project_stands_before_files),
		TEST(an_error_is_an_annotation_without_a_place),
		TEST(foreign_text_begins_no_command),
		TEST(secrets_are_found_before_they_are_escaped),
		TEST(the_rest_is_read_as_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
