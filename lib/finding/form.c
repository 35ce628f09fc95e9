#include "finding/table.h"

static const struct tn_finding entries[] = {
	{
	    .code = "wrong-type",
	    .title = "a value of the wrong kind",
	    .why = "Text stands where a list is wanted, a list where a mapping is, and "
		   "the like. What a value may be is said by the schema, and not by "
		   "how YAML reads it: 1.10 and no stay text where text is wanted.",
	    .cure = "Write what the message says was expected.",
	    .wrong = "actions:\n"
		     "  greet: {trigger: post-login@v3, secrets: API_KEY}\n",
	    .right = "actions:\n"
		     "  greet: {trigger: post-login@v3, secrets: [API_KEY]}\n",
	},
	{
	    .code = "not-allowed",
	    .title = "a word that is not one of those allowed",
	    .why = "Only a few words can stand here, and this is none of them. Taking "
		   "another one for a default would do something nobody asked for.",
	    .cure = "Use one of the words that are named, in the same case.",
	    .wrong = "tenon: 2\n",
	    .right = "tenon: 1\n",
	},
	{
	    .code = "unknown-key",
	    .title = "an unknown key",
	    .why = "A mapping holds a key that means nothing in this place. Passing it "
		   "over would be worse: a mistyped `secrets` would leave an action "
		   "without them.",
	    .cure = "Correct the word, or move it to the level where it belongs: the "
		    "indentation may be off.",
	    .wrong = "actions:\n"
		     "  greet: {trigger: post-login@v3, runtme: node22}\n",
	    .right = "actions:\n"
		     "  greet: {trigger: post-login@v3, runtime: node22}\n",
	},
	{
	    .code = "missing-key",
	    .title = "a key is missing",
	    .why = "The mapping needs this key, and there is no default that would be "
		   "right for everybody.",
	    .cure = "Add the key; the message says what its value looks like.",
	    .wrong = "actions:\n"
		     "  greet: {runtime: node22}\n",
	    .right = "actions:\n"
		     "  greet: {trigger: post-login@v3, runtime: node22}\n",
	},
	{
	    .code = "not-together",
	    .title = "keys that exclude each other",
	    .why = "Each of the two keys says the same thing in another way, and both "
		   "are there. Which one holds would be a guess.",
	    .cure = "Remove one of them.",
	    .wrong = "connections:\n"
		     "  dev:\n"
		     "    provider: auth0\n"
		     "    domain: acme.eu.auth0.com\n"
		     "    clientId: k3J\n"
		     "    clientSecret: {env: CLIENT_SECRET}\n"
		     "    token: {env: TOKEN}\n",
	    .right = "connections:\n"
		     "  dev:\n"
		     "    provider: auth0\n"
		     "    domain: acme.eu.auth0.com\n"
		     "    token: {env: TOKEN}\n",
	},
	{
	    .code = "too-few",
	    .title = "too few entries",
	    .why = "The list or mapping needs more entries to mean something.",
	    .cure = "Add what is missing, or remove the whole of it.",
	    .wrong = "bindings:\n"
		     "  post-login: [{}]\n",
	    .right = "bindings:\n"
		     "  post-login: [greet]\n",
	},
	{
	    .code = "too-many",
	    .title = "too many entries",
	    .why = "The list or mapping has more entries than can stand there; mostly "
		   "because the platform takes no more. The place that is named is the "
		   "first entry too many.",
	    .cure = "Take some out. In a flow, each entry is an item of its own.",
	    .wrong = "bindings:\n"
		     "  post-login: [{greet: {}, audit: {}}]\n",
	    .right = "bindings:\n"
		     "  post-login: [greet, audit]\n",
	},
	{
	    .code = "too-short",
	    .title = "text that is too short",
	    .why = "The text is empty or has fewer characters than it needs.",
	    .cure = "Write it out, or remove the key.",
	    .wrong = "actions:\n"
		     "  greet: {trigger: post-login@v3, code: \"\"}\n",
	    .right = "actions:\n"
		     "  greet: {trigger: post-login@v3, code: greet.js}\n",
	},
	{
	    .code = "too-long",
	    .title = "text that is too long",
	    .why = "The text has more characters than the platform or tenon takes. It "
		   "is not cut, as two names could become one.",
	    .cure = "Shorten it.",
	    .wrong =
		"project: the-actions-of-the-login-flows-of-every-tenant-of-acme-and-its-"
		"partners\n",
	    .right = "project: acme-login\n",
	},
	{
	    .code = "bad-format",
	    .title = "text that does not have the right form",
	    .why = "The text has a character or a part that it must not have, or lacks "
		   "one that it needs. The message does not repeat the text, as it may "
		   "be a secret in the wrong place.",
	    .cure = "Write it in the form that the message describes.",
	    .wrong = "actions:\n"
		     "  greet: {trigger: post-login}\n",
	    .right = "actions:\n"
		     "  greet: {trigger: post-login@v3}\n",
	},
	{
	    .code = "out-of-range",
	    .title = "a number out of its range",
	    .why = "The number is smaller or larger than what makes sense here.",
	    .cure = "Use a number within the bounds that the message names.",
	},
	{
	    .code = "duplicate-item",
	    .title = "an item that is there twice",
	    .why = "The list is a set: naming an item twice does nothing, so it is "
		   "mostly a slip, and another name was meant.",
	    .cure = "Remove one of the two, or correct it.",
	    .wrong = "actions:\n"
		     "  greet: {trigger: post-login@v3, secrets: [API_KEY, API_KEY]}\n",
	    .right = "actions:\n"
		     "  greet: {trigger: post-login@v3, secrets: [API_KEY]}\n",
	},
};

const struct tn_finding_table tn_finding_form = TN_FINDING_TABLE(entries);
