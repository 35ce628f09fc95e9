#include "finding/table.h"

static const struct tn_finding entries[] = {
	{
	    .code = "too-many-actions",
	    .title = "more actions than the platform takes",
	    .why = "A tenant holds a limited number of actions, and other people's "
		   "count, while those from a marketplace do not. The last ones would "
		   "be refused in the middle of an apply; it is told before anything "
		   "is written.",
	    .cure = "Remove actions that nobody needs, or have the limit raised.",
	},
	{
	    .code = "too-many-bindings",
	    .title = "more bindings than the platform takes",
	    .why = "A flow runs a limited number of actions, other people's entries "
		   "counted. The platform refuses a longer list as a whole.",
	    .cure = "Bind fewer, or put the code of several into one action.",
	},
	{
	    .code = "bad-name",
	    .title = "a name that the platform does not take",
	    .why = "Names of actions have no spaces at their ends and no control "
		   "characters; the platform refuses them.",
	    .cure = "Give the action another name.",
	    .wrong = "actions:\n"
		     "  \" greet\": {trigger: post-login@v3}\n",
	    .right = "actions:\n"
		     "  greet: {trigger: post-login@v3}\n",
	},
	{
	    .code = "code-too-large",
	    .title = "more code than the platform takes",
	    .why = "The code of one action has a limited size. The platform would "
		   "refuse it in the middle of an apply.",
	    .cure = "Move what comes from npm to `dependencies`, minify a bundle, or "
		    "split the action.",
	},
	{
	    .code = "too-many-dependencies",
	    .title = "more npm packages than the platform takes",
	    .why = "An action may name a limited number of packages; what those need "
		   "themselves does not count.",
	    .cure = "Take out what the code does not require.",
	},
	{
	    .code = "bad-dependency",
	    .title = "no name of an npm package",
	    .why = "npm knows no package of such a name: names have at most 214 "
		   "characters, no spaces, and do not begin with a dot or an "
		   "underscore.",
	    .cure = "Correct the name: `axios`, `@scope/name`.",
	    .wrong = "dependencies: {.axios: 1.7.2}\n",
	    .right = "dependencies: {axios: 1.7.2}\n",
	},
	{
	    .code = "inexact-version",
	    .title = "a version that is not one version",
	    .why = "A range such as ^1.7.2 or latest becomes another version on "
		   "another day, and what was reviewed would not be what runs.",
	    .cure = "Write the one version that is to be installed; `npm view NAME "
		    "versions` lists them.",
	    .wrong = "dependencies: {axios: latest}\n",
	    .right = "dependencies: {axios: 1.7.2}\n",
	},
	{
	    .code = "no-secrets",
	    .title = "secrets on a platform without them",
	    .why = "The actions of this platform have no secrets.",
	    .cure = "Remove `secrets` from the action.",
	},
	{
	    .code = "too-many-secrets",
	    .title = "more secrets than the platform takes",
	    .why = "An action may have a limited number of secrets.",
	    .cure = "Take out what the code does not read, or put several values into "
		    "one.",
	},
	{
	    .code = "bad-secret",
	    .title = "a secret without a name",
	    .why = "Code reads a secret by its name, and this one is empty.",
	    .cure = "Name the secret, or take it out.",
	},
	{
	    .code = "secret-name-too-long",
	    .title = "a secret's name that is too long",
	    .why = "The platform takes names of secrets up to a length.",
	    .cure = "Shorten the name, in the code as well.",
	},
	{
	    .code = "name-too-long",
	    .title = "a name that is too long",
	    .why = "The platform takes names up to a length.",
	    .cure = "Shorten the name.",
	},
	{
	    .code = "display-name-too-long",
	    .title = "a display name that is too long",
	    .why = "The platform takes display names of bindings up to a length.",
	    .cure = "Shorten it.",
	},
	{
	    .code = "too-many-modules",
	    .title = "more modules than the platform takes",
	    .why = "A tenant holds a limited number of modules, and an action uses a "
		   "limited number of them.",
	    .cure = "Join some of them into one.",
	},
	{
	    .code = "secret-too-long",
	    .title = "a secret's value that is too long",
	    .why = "The platform takes values of secrets up to a length.",
	    .cure = "Shorten the value, or split it into several secrets.",
	},
};

const struct tn_finding_table tn_finding_limits = TN_FINDING_TABLE(entries);
