/* What is refused, with what words, where, and how much of it is told in one run. */
#include "help.h"

#include <string.h>

#define T(text)                        \
	{                              \
		text, sizeof(text) - 1 \
	}

#define UTF8 " [save the file as UTF-8]\n"
#define TAG  " [remove the tag; text in quotes is always text]\n"
#define COLON \
	" [put text that holds ': ' in quotes, or check the indentation of this line]\n"
#define KEYS \
	" [indent it like the other keys, and put text with special characters in quotes]\n"
#define TABS "syntax: a tab stands in the indentation [indent with spaces]\n"
#define QUOTE \
	"syntax: plain text cannot begin with this character [put the text in quotes]\n"
#define NODE "syntax: a value is missing [take out the superfluous comma or bracket]\n"

static const struct {
	struct tn_span text;
	const char *findings;
} refused[] = {
	/* rules of ours */
	{ T("a: 1\nb: 2\na: 3\n"),
	    "3:1 duplicate-key: the key \"a\" is already there [it stands first at line 1, column "
	    "1]\n" },
	{ T("a: !!str 1\n"), "1:4 tag: tags are not used here: \"!!str\"" TAG },
	{ T("a: !x 1\n"), "1:4 tag: tags are not used here: \"!x\"" TAG },
	{ T("a: ! 1\n"), "1:4 tag: tags are not used here: \"!\"" TAG },
	{ T("a: !<tag:a,2000:x> 1\n"),
	    "1:4 tag: tags are not used here: \"tag:a,2000:x\"" TAG },
	{ T("!!map {a: !!seq [x]}\n"),
	    "1:1 tag: tags are not used here: \"!!map\"" TAG
	    "1:11 tag: tags are not used here: \"!!seq\"" TAG },
	{ T("!!str a: 1\n"), "1:1 tag: tags are not used here: \"!!str\"" TAG },
	{ T("a: !e!x 1\n"),
	    "1:4 syntax: tags are not used here [put text that begins with '!' in quotes]\n" },
	{ T("%TAG ! tag:x,2000:\n---\na: 1\n"),
	    "1:1 tag: tags are not used here [remove the %TAG line]\n" },
	{ T("%YAML 1.1\n%TAG !e! tag:x,2000:\n---\na: 1\n"),
	    "2:1 tag: tags are not used here [remove the %TAG line]\n" },
	{ T("a: &a {x: 1}\nb:\n  <<: *a\n  y: 2\n"),
	    "3:3 merge-key: merge keys are not used here [write the members out, or use an alias "
	    "for a whole value]\n" },
	{ T("? [a]\n: 1\n"),
	    "1:3 bad-key: a key cannot be a list or a mapping [put text that "
	    "holds brackets or braces in quotes]\n" },
	{ T("{a: 1}: 2\n"),
	    "1:1 bad-key: a key cannot be a list or a mapping [put text that "
	    "holds brackets or braces in quotes]\n" },
	{ T("{{x}}\n"),
	    "1:2 bad-key: a key cannot be a list or a mapping [put text that holds "
	    "brackets or braces in quotes]\n" },
	{ T("a: &a x\n*a : 1\n"),
	    "2:1 bad-key: a key cannot be an alias [write the key out]\n" },
	{ T(": 1\n"),
	    "1:1 syntax: this is no key of the mapping that begins at line 1, column 1" KEYS },
	{ T("?\n: 1\n"), "1:2 bad-key: a key is missing [write it before the ':']\n" },
	{ T("? |\n  a\n: 1\n"),
	    "1:3 bad-key: a key cannot be a block of text [write it on one line]\n" },
	{ T("a: *b\n"),
	    "1:4 unknown-alias: there is no anchor \"b\" before this alias [put text "
	    "that begins with '*' in quotes]\n" },
	{ T("a: *b\nb: &b x\n"),
	    "1:4 unknown-alias: there is no anchor \"b\" before this alias [put text that begins "
	    "with '*' in quotes]\n" },
	{ T("a: &a [*a]\n"),
	    "1:8 alias-cycle: the alias \"a\" stands inside of what it names [put the anchor at a smaller value, or write the value out]\n" },
	{ T("a: &a\n  b: {c: [x, *a]}\n"),
	    "2:14 alias-cycle: the alias \"a\" stands inside of what it names [put the anchor at a smaller value, or write the value out]\n" },
	{ T("a: 1\n---\nb: 2\n"),
	    "2:1 several-documents: a second document begins here [a file holds one document]\n" },
	{ T("a: \"x\\0y\"\n"),
	    "1:4 bad-text: text cannot hold the character NUL [take the escape out]\n" },
	{ T("\"a\\x00\": 1\n"),
	    "1:1 bad-text: text cannot hold the character NUL [take the escape out]\n" },
	/* bytes */
	{ T("\xff\xfe"
	    "a\0"),
	    "1:1 bad-encoding: the file is UTF-16" UTF8 },
	{ T("\xfe\xff\0a"), "1:1 bad-encoding: the file is UTF-16" UTF8 },
	{ T("a\0:\0"), "1:2 bad-encoding: the file holds the character NUL" UTF8 },
	{ T("a: 1\nb: x\0y\n"),
	    "2:5 bad-encoding: the file holds the character NUL" UTF8 },
	{ T("a: é\nb: é\xff\n"), "2:5 bad-encoding: the file is not valid UTF-8" UTF8 },
	{ T("a: \xed\xa0\x80\n"), "1:4 bad-encoding: the file is not valid UTF-8" UTF8 },
	{ T("a: \xc3"), "1:4 bad-encoding: the file is not valid UTF-8" UTF8 },
	{ T("\xef\xbb\xbf"
	    "a: \xff\n"),
	    "1:4 bad-encoding: the file is not valid UTF-8" UTF8 },
	{ T("é: x\x01\n"),
	    "1:5 syntax: a control character [remove it, or write it as an escape "
	    "in double quotes]\n" },
	{ T("a: 1\nb: \x7f\n"),
	    "2:4 syntax: a control character [remove it, or write it as an "
	    "escape in double quotes]\n" },
	/* indentation */
	{ T("a:\n\tb: 1\n"), "2:1 " TABS },
	{ T("\ta: 1\n"), "1:1 " TABS },
	{ T("a:\n  - x\n y: 1\n"),
	    "3:2 syntax: this is no key of the mapping that begins at line 1, column 1" KEYS },
	{ T("a: 1\n- b\n"),
	    "2:1 syntax: this is no key of the mapping that begins at line 1, column 1" KEYS },
	{ T("x:\n  - a\n  b: 1\n"),
	    "3:3 syntax: this is no item of the list that begins at line "
	    "2, column 3 [begin every item with '- ' and indent it like "
	    "the others]\n" },
	{ T("a: 1\n  b: 2\n"), "2:4 syntax: a key with ': ' cannot stand here" COLON },
	/* punctuation */
	{ T("a: b: c\n"), "1:5 syntax: a key with ': ' cannot stand here" COLON },
	{ T("title: Note: this\n"),
	    "1:12 syntax: a key with ': ' cannot stand here" COLON },
	{ T("a: 1\nfoo\nb: 2\n"),
	    "2:1 syntax: a key without ': ' behind it [write 'KEY: VALUE' "
	    "or, for an item of a list, '- VALUE']\n" },
	{ T("a: - b\n"),
	    "1:4 syntax: a list item with '- ' cannot stand here [begin a list on a "
	    "line of its own, below its key]\n" },
	{ T("a: ? b\n"),
	    "1:4 syntax: a key cannot stand here [check the indentation of this "
	    "line]\n" },
	{ T("a: \"x\nb: 1\n"),
	    "1:4 syntax: text in quotes that is not closed [close the quotes; "
	    "in single quotes write '' for one quote]\n" },
	{ T("a: 'it's'\nb: 1\n"),
	    "1:8 syntax: this is no key of the mapping that begins at line 1, column 1" KEYS },
	{ T("a: \"x\n---\nb: 1\n"),
	    "1:4 syntax: text in quotes that is not closed [close the "
	    "quotes before the line with --- or ...]\n" },
	{ T("a: \"\\q\"\n"),
	    "1:5 syntax: this escape is not known [write \\\\ for a backslash, or "
	    "use single quotes]\n" },
	{ T("a: \"\\ud800\"\n"),
	    "1:7 syntax: found invalid Unicode character escape code, while "
	    "parsing a quoted scalar\n" },
	{ T("a: [1, 2\nb: 3\n"),
	    "2:2 syntax: a ',' or ']' is missing in the list that begins at "
	    "line 1, column 4 [separate the items by commas and close the "
	    "list with ]]\n" },
	{ T("a: {x: 1\nb: 3\n"),
	    "2:2 syntax: a ',' or '}' is missing in the mapping that begins "
	    "at line 1, column 4 [separate the members by commas and close "
	    "the mapping with }]\n" },
	{ T("a: ]\n"), "1:4 " NODE },
	{ T("a: [,]\n"), "1:5 " NODE },
	{ T("[a, , b]"), "1:5 " NODE },
	{ T("a: ["),
	    "1:5 syntax: the document ends before this is complete [close the list or "
	    "mapping that is open with ] or }]\n" },
	{ T("a: 1\nb: [\n\n"),
	    "2:5 syntax: the document ends before this is complete [close the list or mapping "
	    "that is open with ] or }]\n" },
	{ T("a: [1, {b: c\n"),
	    "1:13 syntax: a ',' or '}' is missing in the mapping that begins at line 1, column 8 "
	    "[separate the members by commas and close the mapping with }]\n" },
	{ T("a: @x\n"), "1:4 " QUOTE },
	{ T("a: `x`\n"), "1:4 " QUOTE },
	{ T("a: %x\n"), "1:4 " QUOTE },
	{ T("@auth0/x: 1\n"), "1:1 " QUOTE },
	{ T("a: *\n"),
	    "1:5 syntax: the name behind '&' or '*' is missing or wrong [put text that "
	    "begins with '&' or '*' in quotes]\n" },
	{ T("a: 1\n...\nb: 2\n"),
	    "3:1 syntax: there is more text behind the end of the document "
	    "[check the indentation; a file holds one document]\n" },
	{ T("%YAML 3.0\n---\na: 1\n"),
	    "1:1 syntax: this version of YAML is not known [remove the %YAML line]\n" },
};

static void
what_is_refused_is_told_with_place_and_cure(void **state)
{
	(void)state;
	for (size_t i = 0; i < TN_ARRAY_LEN(refused); i++)
		expect_findings(refused[i].text, NULL, refused[i].findings);
}

static void
all_findings_come_in_one_run(void **state)
{
	(void)state;
	expect_findings(tn_span("a: !!int 1\n"
				"b: {x: 1, x: 2, x: 3}\n"
				"c: *nowhere\n"
				"a: 2\n"
				"<<: {p: q}\n"
				"[k]: [!t v]\n"
				"d: \"\\0\"\n"
				"e: }\n"),
	    NULL,
	    "1:4 tag: tags are not used here: \"!!int\"" TAG
	    "2:11 duplicate-key: the key \"x\" is already there [it stands first at line 2, "
	    "column 5]\n"
	    "2:17 duplicate-key: the key \"x\" is already there [it stands first at line 2, "
	    "column 5]\n"
	    "3:4 unknown-alias: there is no anchor \"nowhere\" before this alias [put text that "
	    "begins with '*' in quotes]\n"
	    "5:1 merge-key: merge keys are not used here [write the members out, or use an alias "
	    "for a whole value]\n"
	    "6:1 bad-key: a key cannot be a list or a mapping [put text that holds brackets or "
	    "braces in quotes]\n"
	    "6:7 tag: tags are not used here: \"!t\"" TAG
	    "7:4 bad-text: text cannot hold the character NUL [take the escape out]\n"
	    "8:4 " NODE);
}

static void
a_second_document_ends_the_reading(void **state)
{
	(void)state;
	expect_findings(tn_span("a: !x 1\n---\nb: !y 2\n"), NULL,
	    "1:4 tag: tags are not used here: \"!x\"" TAG
	    "2:1 several-documents: a second document begins here [a file holds one document]\n");
}

/* Sorted or compared one by one: the same is found and the first of them is named. */
static void
duplicates_are_found_in_mappings_of_every_size(void **state)
{
	(void)state;
	for (unsigned count = 1; count < 40; count++) {
		TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
		TN_CLEANUP(tn_str_done) struct tn_str findings = TN_STR_INIT;

		tn_str_add(&text, "zz: 0\n");
		for (unsigned i = 0; i < count; i++)
			tn_str_addf(&text, "k%u: 1\n", i);
		expect_tree(tn_span("zz: 0"), "{zz=0}");
		tn_str_add(&text, "zz: 1\n\"zz\": 2\n");
		for (unsigned i = 0; i < 2; i++)
			tn_str_addf(&findings,
			    "%u:1 duplicate-key: the key \"zz\" is already there [it stands first "
			    "at line 1, column 1]\n",
			    count + 2 + i);
		expect_findings(tn_str_span(&text), NULL, tn_str_text(&findings));
	}
}

static void
what_belongs_to_a_refused_key_is_still_read(void **state)
{
	(void)state;
	expect_findings(tn_span("<<: {a: &a x, b: !t y}\nc: *a\nd: *b\n"), NULL,
	    "1:1 merge-key: merge keys are not used here [write the members out, or use an alias "
	    "for a whole value]\n"
	    "1:18 tag: tags are not used here: \"!t\"" TAG
	    "3:4 unknown-alias: there is no anchor \"b\" before this alias [put text that begins "
	    "with '*' in quotes]\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_refused_is_told_with_place_and_cure),
		cmocka_unit_test(all_findings_come_in_one_run),
		cmocka_unit_test(a_second_document_ends_the_reading),
		cmocka_unit_test(duplicates_are_found_in_mappings_of_every_size),
		cmocka_unit_test(what_belongs_to_a_refused_key_is_still_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
