/* The lines that findings are about. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/diag.h"
#include "base/mem.h"
#include "base/secret.h"
#include "base/text.h"
#include "base/tree.h"

struct fixture {
	struct tn_tree *tree;
	struct tn_diags *diags;
};

static void
begin(struct fixture *f, const char *bytes, size_t len)
{
	f->tree = tn_memtree_new();
	f->diags = tn_diags_new();
	tn_memtree_put(f->tree, "f", bytes, len);
}

static void
end(struct fixture *f)
{
	tn_diags_free(f->diags);
	tn_tree_free(f->tree);
}

static struct tn_diag *
find_at(struct fixture *f, unsigned line, unsigned col)
{
	return tn_diags_error(f->diags, "x", (struct tn_mark){ "f", line, col }, "%u:%u",
	    line, col);
}

static void
quote(struct fixture *f, const struct tn_redactor *redactor, const char *except)
{
	tn_diags_sort(f->diags);
	tn_diags_quote(f->diags, f->tree, redactor, except);
}

/* The quote of one finding as "before[word]after", with "…" where it is cut. */
static void
quote_is(const char *file, unsigned line, unsigned col, const char *wanted)
{
	TN_CLEANUP(tn_str_done) struct tn_str got = TN_STR_INIT;
	struct fixture f;
	const struct tn_quote *q;

	begin(&f, file, strlen(file));
	find_at(&f, line, col);
	quote(&f, NULL, NULL);
	q = &tn_diags_at(f.diags, 0)->quote;
	if (q->text != NULL)
		tn_str_addf(&got, "%s%.*s[%.*s]%.*s%s", q->cut_before ? "…" : "",
		    (int)q->at, q->text, (int)q->marked, q->text + q->at,
		    (int)(q->len - q->at - q->marked), q->text + q->at + q->marked,
		    q->cut_after ? "…" : "");
	if (strcmp(tn_str_text(&got), wanted) != 0)
		fail_msg("%u:%u: got \"%s\", wanted \"%s\"", line, col, tn_str_text(&got),
		    wanted);
	end(&f);
}

static void
the_line_and_the_word(void **state TN_UNUSED)
{
	quote_is("a: 1\nbcd: 2\n", 2, 1, "[bcd]: 2");
	quote_is("a: 1\nbcd: 2\n", 1, 4, "a: [1]");
	quote_is("x: {a: post-login@v3, b: ./x.js}", 1, 8,
	    "x: {a: [post-login@v3], b: ./x.js}");
	quote_is("x: [a/*.yaml]", 1, 5, "x: [[a/*.yaml]]");
	quote_is("x: {a: 1}", 1, 4, "x: [{]a: 1}");
	quote_is("x: \"a \\\" b\" c", 1, 4, "x: [\"a \\\" b\"] c");
	quote_is("x: 'a b", 1, 4, "x: [']a b");
	quote_is("x: \"a\\", 1, 4, "x: [\"]a\\");
}

static void
columns_count_characters(void **state TN_UNUSED)
{
	quote_is("日本: naïve x", 1, 5, "日本: [naïve] x");
	quote_is("é: 👍b", 1, 4, "é: [👍b]");
	quote_is("caf\xe9 x", 1, 4, "caf[\xe9] x");
}

static void
lines_end_as_editors_see_it(void **state TN_UNUSED)
{
	quote_is("a\r\nb\r\nc", 2, 1, "[b]");
	quote_is("a\rb\rc", 3, 1, "[c]");
	quote_is("a\n\nb", 2, 1, "[]");
	quote_is("a\n\nb", 3, 1, "[b]");
	quote_is("\xef\xbb\xbf"
		 "a: b",
	    1, 4, "a: [b]");
}

static void
places_that_are_not_there(void **state TN_UNUSED)
{
	quote_is("a: b\n", 1, 9, "a: b[]");
	quote_is("a: b\n", 2, 1, "[]");
	quote_is("a: b\n", 3, 1, "");
	quote_is("", 1, 1, "[]");
	quote_is("a: b", 1, 0, "[]a: b");
	quote_is("a: b", 0, 0, "");
	quote_is("a\xc2\x85\nb", 2, 1, "");
	quote_is("a\xe2\x80\xa8\nb", 2, 1, "");
	quote_is("a\xe2\x80\xa9\nb", 2, 1, "");
	quote_is("\xff\xfe"
		 "a",
	    1, 1, "");
	quote_is("\xfe\xff"
		 "a",
	    1, 1, "");
}

/* 120 characters are shown, 50 of them before the place. */
static void
long_lines_are_cut_around_the_place(void **state TN_UNUSED)
{
	char line[501], wanted[700], fifty[51], rest[71];

	memset(line, 'a', 120);
	line[120] = '\0';
	snprintf(wanted, sizeof(wanted), "[%s]", line);
	quote_is(line, 1, 1, wanted);

	memset(line, '.', 500);
	line[500] = '\0';
	memset(line, ',', 300);
	memset(fifty, ',', 50);
	fifty[50] = '\0';
	memset(rest, '.', 70);
	rest[70] = '\0';
	snprintf(wanted, sizeof(wanted), "…%s[%s]…", fifty, rest);
	quote_is(line, 1, 301, wanted);
	line[302] = ' ';
	rest[2] = '\0';
	snprintf(wanted, sizeof(wanted), "…%s[..] %.67s…", fifty, line + 303);
	quote_is(line, 1, 301, wanted);
}

static void
what_may_hold_a_secret_is_not_quoted(void **state TN_UNUSED)
{
	static const char bytes[] = "a: 1\nb: tigers-at-dawn\n";
	TN_CLEANUP(tn_redactor_freep) struct tn_redactor *redactor = tn_redactor_new();
	struct tn_secret *secret = tn_secret_new("tigers-at-dawn", 14);
	struct fixture f;

	begin(&f, bytes, strlen(bytes));
	find_at(&f, 1, 1);
	find_at(&f, 2, 1)->unquoted = true;
	quote(&f, redactor, NULL);
	assert_non_null(tn_diags_at(f.diags, 0)->quote.text);
	assert_null(tn_diags_at(f.diags, 1)->quote.text);
	end(&f);

	begin(&f, bytes, strlen(bytes));
	find_at(&f, 1, 1);
	quote(&f, redactor, "f");
	assert_null(tn_diags_at(f.diags, 0)->quote.text);
	/* The whole file: a value may go over lines. */
	tn_redactor_add(redactor, secret);
	quote(&f, redactor, NULL);
	assert_null(tn_diags_at(f.diags, 0)->quote.text);
	end(&f);
	tn_secret_unref(secret);
}

static void
files_that_cannot_be_read_are_not_quoted(void **state TN_UNUSED)
{
	static const char *const files[] = { "gone", "/etc/passwd", "../f", "", "a//b" };
	struct fixture f;

	begin(&f, "a", 1);
	for (size_t i = 0; i < TN_ARRAY_LEN(files); i++)
		tn_diags_error(f.diags, "x", (struct tn_mark){ files[i], 1, 1 }, "x");
	tn_diags_error(f.diags, "x", (struct tn_mark){ NULL, 1, 1 }, "x");
	find_at(&f, 1, 1);
	quote(&f, NULL, NULL);
	for (size_t i = 0; i < tn_diags_count(f.diags); i++) {
		const struct tn_diag *diag = tn_diags_at(f.diags, i);

		assert_int_equal(diag->quote.text != NULL,
		    tn_text_equal(diag->mark.file, "f"));
	}
	end(&f);
}

/* A megabyte on one line, and a thousand places on it: one walk. */
static void
many_findings_on_a_long_line_cost_one_walk(void **state TN_UNUSED)
{
	const size_t len = 1 << 20;
	TN_CLEANUP(tn_freep) char *bytes = tn_alloc(len + 1, 1);
	struct fixture f;
	clock_t start;

	memset(bytes, 'x', len);
	begin(&f, bytes, len);
	for (unsigned i = 0; i < TN_DIAGS_MAX; i++)
		find_at(&f, 1, 1000 * (TN_DIAGS_MAX - i));
	start = clock();
	quote(&f, NULL, NULL);
	assert_true(clock() - start < CLOCKS_PER_SEC);
	assert_int_equal(tn_diags_at(f.diags, 999)->quote.len, 120);
	assert_int_equal(tn_diags_at(f.diags, 999)->quote.at, 50);
	end(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_line_and_the_word),
		cmocka_unit_test(columns_count_characters),
		cmocka_unit_test(lines_end_as_editors_see_it),
		cmocka_unit_test(places_that_are_not_there),
		cmocka_unit_test(long_lines_are_cut_around_the_place),
		cmocka_unit_test(what_may_hold_a_secret_is_not_quoted),
		cmocka_unit_test(files_that_cannot_be_read_are_not_quoted),
		cmocka_unit_test(many_findings_on_a_long_line_cost_one_walk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
