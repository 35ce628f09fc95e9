#include "finding/table.h"

static const struct tn_finding entries[] = {
	{
	    .code = "two-layouts",
	    .severity = TN_SEVERITY_WARNING,
	    .title = "a project beside a repository of auth0-deploy-cli",
	    .why =
		"There is a tenon.yaml and a tenant.yaml in one directory. tenon reads "
		"its own file, and what only the other one says has no effect.",
	    .cure = "Keep one of them, or put them into directories of their own.",
	},
	{
	    .code = "ignored-section",
	    .severity = TN_SEVERITY_WARNING,
	    .title = "sections that tenon does not manage",
	    .why = "A repository of auth0-deploy-cli describes a whole tenant. tenon "
		   "manages its actions and the order of their triggers; everything else "
		   "stays a matter of auth0-deploy-cli.",
	    .cure = "Nothing has to be done. Exclude actions and triggers from "
		    "auth0-deploy-cli, so that only one of the two writes them.",
	},
	{
	    .code = "ignored-file",
	    .severity = TN_SEVERITY_WARNING,
	    .title = "a file that is not read",
	    .why = "In the directory form auth0-deploy-cli reads triggers from the first "
		   "file of the directory, and so does tenon.",
	    .cure = "Put all triggers into that file, and remove the other one.",
	},
	{
	    .code = "ignored-credentials",
	    .severity = TN_SEVERITY_WARNING,
	    .title = "credentials in config.json",
	    .why = "Where a tenant is and who we are comes from the operator only: "
		   "whoever can change the repository must not be able to choose where "
		   "credentials go.",
	    .cure = "Take them out of the repository, and put them into the connections "
		    "file.",
	},
	{
	    .code = "ignored-setting",
	    .severity = TN_SEVERITY_WARNING,
	    .title = "settings that mean nothing here",
	    .why = "These settings are about other resources, about exports or about the "
		   "way auth0-deploy-cli works.",
	    .cure = "Nothing has to be done.",
	},
	{
	    .code = "uses-modules",
	    .severity = TN_SEVERITY_WARNING,
	    .title = "an action that uses modules",
	    .why = "This version of tenon cannot give an action its modules. Written "
		   "without them it would not run, so it is left alone.",
	    .cure =
		"Leave it to auth0-deploy-cli, or put the code of the module into the "
		"action.",
	},
	{
	    .code = "marketplace-action",
	    .severity = TN_SEVERITY_WARNING,
	    .title = "an action from the marketplace",
	    .why = "Actions from the marketplace cannot be written. They keep their "
		   "places in flows.",
	    .cure = "Nothing has to be done.",
	},
	{
	    .code = "not-deployed",
	    .severity = TN_SEVERITY_WARNING,
	    .title = "an action that is not to be deployed",
	    .why = "Without `deployed: true` auth0-deploy-cli writes the draft of an "
		   "action and does not deploy it. tenon has no such half state: it "
		   "leaves the action alone.",
	    .cure = "Write `deployed: true` for an action that is to be managed.",
	    .wrong = "{\"name\": \"greet\", \"deployed\": false}\n",
	    .right = "{\"name\": \"greet\", \"deployed\": true}\n",
	},
	{
	    .code = "secret-in-files",
	    .severity = TN_SEVERITY_WARNING,
	    .title = "the value of a secret in the repository",
	    .why = "A value that stands in the files is known to everybody who can read "
		   "them. It is not used; the operator gives the value.",
	    .cure = "Take it out, give it in the connections file or in a variable, and "
		    "change it where it is valid.",
	    .wrong = "secrets: [{name: API_KEY, value: abc123}]\n",
	    .right = "secrets: [{name: API_KEY, value: \"##API_KEY##\"}]\n",
	},
	{
	    .code = "secret-as-text",
	    .title = "a secret in plain text",
	    .why = "A placeholder that gives a secret its value stands elsewhere in the "
		   "files as well. There it would become text that plans and logs show.",
	    .cure =
		"Use another placeholder there, or name another source for the secret.",
	    .wrong = "runtime: \"##API_KEY##\"\n"
		     "secrets: [{name: API_KEY, value: \"##API_KEY##\"}]\n",
	    .right = "runtime: node22\n"
		     "secrets: [{name: API_KEY, value: \"##API_KEY##\"}]\n",
	},
	{
	    .code = "open-placeholder",
	    .severity = TN_SEVERITY_WARNING,
	    .title = "placeholders without a mapping",
	    .why = "validate knows no connection, so it cannot tell whether the operator "
		   "gives these placeholders a value. They are checked as they stand; a "
		   "plan demands the values.",
	    .cure = "Nothing, if the connection lists them under `placeholders`.",
	},
	{
	    .code = "unresolved-placeholder",
	    .title = "a placeholder without a value",
	    .why = "auth0-deploy-cli would send it to the tenant as it stands. tenon "
		   "never does.",
	    .cure =
		"Map it under AUTH0_KEYWORD_REPLACE_MAPPINGS in config.json, or list "
		"it under `placeholders` in the connections file and set the variable.",
	},
	{
	    .code = "object-as-text",
	    .title = "a mapping that is no text",
	    .why = "##KEY## puts text in its place, and this mapping is a list or an "
		   "object. auth0-deploy-cli would write [object Object].",
	    .cure = "Write @@KEY@@, which puts JSON in its place.",
	    .wrong = "runtime: \"##RUNTIMES##\"\n",
	    .right = "dependencies: @@DEPENDENCIES@@\n",
	},
};

const struct tn_finding_table tn_finding_deploycli = TN_FINDING_TABLE(entries);
