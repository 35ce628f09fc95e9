#include "finding/table.h"

static const struct tn_finding entries[] = {
	{
	    .code = "syntax",
	    .title = "the file is not YAML",
	    .why = "The text cannot be read as YAML: an indentation, a bracket, a "
		   "quote or a colon is not where it must be. The reading ends at the "
		   "first such place, so more of them may come after it.",
	    .cure = "Mend the place that is named. Text that holds ': ', ' #', or "
		    "begins with one of & * ! | > @ % ` [ ] { } needs quotes.",
	    .wrong = "actions:\n"
		     "  greet: {trigger: post-login@v3\n",
	    .right = "actions:\n"
		     "  greet: {trigger: post-login@v3}\n",
	},
	{
	    .code = "bad-encoding",
	    .title = "the file is not UTF-8",
	    .why = "Files are read as UTF-8 only. Guessing another encoding would "
		   "change names without anybody noticing. The place that is named is "
		   "the first byte that does not fit.",
	    .cure = "Save the file as UTF-8; every editor can. `iconv -f UTF-16 -t "
		    "UTF-8` converts one.",
	},
	{
	    .code = "bad-text",
	    .title = "text with the character NUL",
	    .why = "A value holds the character NUL, written as an escape. Names and "
		   "values with it would be cut off by many programs that they pass "
		   "through.",
	    .cure = "Take the escape out.",
	    .wrong = "project: \"acme\\0login\"\n",
	    .right = "project: acme-login\n",
	},
	{
	    .code = "tag",
	    .title = "a YAML tag",
	    .why = "Tags such as !!str or !include give a value a type of their own or "
		   "make some readers run code. What type a value has is said by the "
		   "schema here, so a tag would be without effect at best.",
	    .cure = "Remove the tag. Text in quotes is always text.",
	    .wrong = "project: !!str acme\n",
	    .right = "project: acme\n",
	},
	{
	    .code = "merge-key",
	    .title = "a merge key",
	    .why = "The key << was an extension of older YAML, and readers disagree "
		   "about what it does when both sides have a key. A reviewer should "
		   "see what holds.",
	    .cure = "Write the members out, or use an alias for a whole value.",
	    .wrong = "actions:\n"
		     "  greet: {<<: *defaults, trigger: post-login@v3}\n",
	    .right = "actions:\n"
		     "  greet: {runtime: node22, trigger: post-login@v3}\n",
	},
	{
	    .code = "bad-key",
	    .title = "a key that is no plain text",
	    .why = "A key of a mapping is a word on one line. Here it is missing, or "
		   "it is a list, a mapping, an alias or a block of text; mostly that "
		   "is a slip of brackets or quotes.",
	    .cure = "Write the key before the ':', in quotes if it holds special "
		    "characters.",
	    .wrong = "actions:\n"
		     "  [greet]: {trigger: post-login@v3}\n",
	    .right = "actions:\n"
		     "  \"[greet]\": {trigger: post-login@v3}\n",
	},
	{
	    .code = "duplicate-key",
	    .title = "a key that is there twice",
	    .why = "A mapping has the same key twice. Most YAML readers silently take "
		   "one of them, and which one differs; here the second is an error.",
	    .cure = "Remove one of the two, or put together what both say.",
	    .wrong =
		"actions:\n"
		"  greet: {trigger: post-login@v3, runtime: node18, runtime: node22}\n",
	    .right = "actions:\n"
		     "  greet: {trigger: post-login@v3, runtime: node22}\n",
	},
	{
	    .code = "unknown-alias",
	    .title = "an alias without its anchor",
	    .why = "*NAME stands for a value that &NAME marked before it, and there is "
		   "no such mark above this place.",
	    .cure = "Put the anchor before the alias. Text that begins with * needs "
		    "quotes.",
	    .wrong = "project: *acme\n",
	    .right = "project: acme\n",
	},
	{
	    .code = "alias-cycle",
	    .title = "an alias inside of what it names",
	    .why = "The value would contain itself and have no end.",
	    .cure = "Move the anchor to a smaller value, or write the value out.",
	    .wrong = "tenants: &all\n"
		     "  dev: *all\n",
	    .right = "tenants:\n"
		     "  dev:\n",
	},
	{
	    .code = "several-documents",
	    .title = "a second document in one file",
	    .why = "A line with --- begins another document. One file holds one; what "
		   "stands behind would be overlooked by readers that take the first.",
	    .cure = "Remove the line with ---, or put the second document into another "
		    "file.",
	    .wrong = "tenon: 1\n"
		     "project: acme\n"
		     "---\n"
		     "actions: {}\n",
	    .right = "tenon: 1\n"
		     "project: acme\n"
		     "actions: {}\n",
	},
	{
	    .code = "too-large",
	    .title = "a file that holds too much",
	    .why = "A document is read up to 16 MiB, a million values and 256 anchors, "
		   "with everything that aliases stand for counted in full. That is "
		   "far above any project, and bounds the time that a hostile file can "
		   "take.",
	    .cure = "Is it the right file? Otherwise split it, and use fewer aliases.",
	},
	{
	    .code = "too-deep",
	    .title = "lists and mappings nested too deep",
	    .why = "Values may be nested 64 deep; no document of tenon's needs ten. "
		   "The bound keeps a file of brackets from exhausting the program.",
	    .cure = "Look for brackets that are not closed.",
	},
};

const struct tn_finding_table tn_finding_document = TN_FINDING_TABLE(entries);
