#include "yaml/problem.h"

#include "base/str.h"

/*
 * HERE is where libyaml stopped, SINCE where the thing began that it was reading. A
 * message for HERE_IN ends with the name of that thing, and its place is added.
 */
enum where { HERE, HERE_IN, SINCE };

static const struct known {
	const char *problem;
	enum where where;
	const char *message;
	const char *hint;
} known[] = {
	{ "mapping values are not allowed in this context", HERE,
	    "a key with ': ' cannot stand here",
	    "put text that holds ': ' in quotes, or check the indentation of this line" },
	{ "mapping keys are not allowed in this context", HERE, "a key cannot stand here",
	    "check the indentation of this line" },
	{ "block sequence entries are not allowed in this context", HERE,
	    "a list item with '- ' cannot stand here",
	    "begin a list on a line of its own, below its key" },
	{ "did not find expected key", HERE_IN, "this is no key of the mapping",
	    "indent it like the other keys, and put text with special characters in quotes" },
	{ "did not find expected '-' indicator", HERE_IN, "this is no item of the list",
	    "begin every item with '- ' and indent it like the others" },
	{ "could not find expected ':'", SINCE, "a key without ': ' behind it",
	    "write 'KEY: VALUE' or, for an item of a list, '- VALUE'" },
	{ "found unexpected end of stream", SINCE, "text in quotes that is not closed",
	    "close the quotes; in single quotes write '' for one quote" },
	{ "found unexpected document indicator", SINCE,
	    "text in quotes that is not closed",
	    "close the quotes before the line with --- or ..." },
	{ "did not find expected ',' or ']'", HERE_IN,
	    "a ',' or ']' is missing in the list",
	    "separate the items by commas and close the list with ]" },
	{ "did not find expected ',' or '}'", HERE_IN,
	    "a ',' or '}' is missing in the mapping",
	    "separate the members by commas and close the mapping with }" },
	{ "did not find expected node content", HERE, "a value is missing",
	    "take out the superfluous comma or bracket" },
	{ "found unknown escape character", HERE, "this escape is not known",
	    "write \\\\ for a backslash, or use single quotes" },
	{ "found a tab character that violates indentation", HERE,
	    "a tab stands in the indentation", "indent with spaces" },
	{ "found a tab character where an indentation space is expected", HERE,
	    "a tab stands in the indentation", "indent with spaces" },
	{ "control characters are not allowed", HERE, "a control character",
	    "remove it, or write it as an escape in double quotes" },
	{ "did not find expected <document start>", HERE,
	    "there is more text behind the end of the document",
	    "check the indentation; a file holds one document" },
	{ "found incompatible YAML document", HERE, "this version of YAML is not known",
	    "remove the %YAML line" },
	{ "found undefined tag handle", HERE, "tags are not used here",
	    "put text that begins with '!' in quotes" },
	{ "did not find expected tag URI", HERE, "tags are not used here",
	    "put text that begins with '!' in quotes" },
	{ "did not find expected alphabetic or numeric character", HERE,
	    "the name behind '&' or '*' is missing or wrong",
	    "put text that begins with '&' or '*' in quotes" },
};

static const struct known tab_indents = { NULL, HERE, "a tab stands in the indentation",
	"indent with spaces" };
static const struct known no_plain_start = { NULL, HERE,
	"plain text cannot begin with this character", "put the text in quotes" };

static const struct known cut_off = { NULL, HERE,
	"the document ends before this is complete",
	"close the list or mapping that is open with ] or }" };

static const struct known *
look_up(const struct tn_yaml_problem *problem)
{
	if (problem->byte == 0 &&
	    tn_text_equal(problem->text, "did not find expected node content"))
		return &cut_off;
	for (size_t i = 0; i < TN_ARRAY_LEN(known); i++) {
		if (tn_text_equal(known[i].problem, problem->text))
			return &known[i];
	}
	if (tn_text_equal(problem->text, "found character that cannot start any token"))
		return problem->byte == '\t' ? &tab_indents : &no_plain_start;
	return NULL;
}

static struct tn_diag *
report_known(struct tn_diags *diags, const struct known *entry,
    const struct tn_yaml_problem *problem)
{
	bool known_since = problem->since.line > 0;
	struct tn_mark mark = problem->mark;

	if (entry->where == SINCE && known_since)
		mark = problem->since;
	if (entry->where == HERE_IN && known_since)
		return tn_diags_error(diags, "syntax", mark,
		    "%s that begins at line %u, column %u", entry->message,
		    problem->since.line, problem->since.col);
	return tn_diags_error(diags, "syntax", mark, "%s", entry->message);
}

void
tn_yaml_problem_report(struct tn_diags *diags, const struct tn_yaml_problem *problem)
{
	const struct known *entry = look_up(problem);

	if (entry != NULL)
		tn_diags_hint(diags, report_known(diags, entry, problem), "%s",
		    entry->hint);
	else if (problem->context != NULL)
		tn_diags_error(diags, "syntax", problem->mark, "%s, %s", problem->text,
		    problem->context);
	else
		tn_diags_error(diags, "syntax", problem->mark, "%s", problem->text);
}
