#include "finding/table.h"

static const struct tn_finding entries[] = {
	{
	    .code = "too-many-findings",
	    .severity = TN_SEVERITY_WARNING,
	    .title = "more findings than are shown",
	    .why =
		"The first thousand findings are shown; the others are counted and have "
		"their say in the exit status. So many mostly have one cause.",
	    .cure = "Mend the first ones and run again.",
	},
	{
	    .code = "reserved-name",
	    .title = "a name that means something else",
	    .why = "In bindings the word others stands for whoever else is bound at the "
		   "trigger. An action of that name could not be told from it.",
	    .cure = "Give the action another name.",
	    .wrong = "actions:\n"
		     "  others: {trigger: post-login@v3}\n",
	    .right = "actions:\n"
		     "  other-checks: {trigger: post-login@v3}\n",
	},
	{
	    .code = "unknown-action",
	    .title = "a binding of an action that the files do not have",
	    .why =
		"A flow names an action that is not under `actions`. An action that "
		"somebody else manages is bound with `external:`, so that tenon knows not "
		"to touch it.",
	    .cure = "Correct the name, declare the action, or write {external: NAME}.",
	    .wrong = "actions:\n"
		     "  greet: {trigger: post-login@v3}\n"
		     "bindings:\n"
		     "  post-login: [great]\n",
	    .right = "actions:\n"
		     "  greet: {trigger: post-login@v3}\n"
		     "bindings:\n"
		     "  post-login: [greet]\n",
	},
	{
	    .code = "external-is-ours",
	    .title = "an external binding of an action of the files",
	    .why =
		"`external:` says that somebody else manages the action, and these files "
		"manage it. Both cannot be.",
	    .cure = "Write the name alone, or remove the action from `actions`.",
	    .wrong = "actions:\n"
		     "  greet: {trigger: post-login@v3}\n"
		     "bindings:\n"
		     "  post-login: [{external: greet}]\n",
	    .right = "actions:\n"
		     "  greet: {trigger: post-login@v3}\n"
		     "bindings:\n"
		     "  post-login: [greet]\n",
	},
	{
	    .code = "duplicate-others",
	    .title = "`others` twice in one flow",
	    .why =
		"Whoever else is bound at the trigger has one place in the flow. With two, "
		"nobody could say who runs where.",
	    .cure = "Keep the one that is meant.",
	    .wrong = "bindings:\n"
		     "  post-login: [others, greet, others]\n",
	    .right = "bindings:\n"
		     "  post-login: [greet, others]\n",
	},
	{
	    .code = "wrong-trigger",
	    .title = "an action bound to a trigger it is not written for",
	    .why =
		"An action is made for one trigger: it exports that trigger's handler and "
		"gets that trigger's event. The platform refuses to bind it to another.",
	    .cure = "Bind it under its own trigger, or change its `trigger`.",
	    .wrong = "actions:\n"
		     "  greet: {trigger: post-login@v3}\n"
		     "bindings:\n"
		     "  credentials-exchange: [greet]\n",
	    .right = "actions:\n"
		     "  greet: {trigger: post-login@v3}\n"
		     "bindings:\n"
		     "  post-login: [greet]\n",
	},
	{
	    .code = "outside-project",
	    .title = "a path that leaves the project",
	    .why =
		"Files are read from inside the project only. Otherwise a pull request "
		"could have any file of the machine sent to a tenant.",
	    .cure =
		"Put the file into the project, and name it by a relative path without "
		"enough `..` to leave it.",
	    .wrong = "actions:\n"
		     "  greet: {trigger: post-login@v3, code: ../greet.js}\n",
	    .right = "actions:\n"
		     "  greet: {trigger: post-login@v3, code: src/greet.js}\n",
	},
	{
	    .code = "missing-file",
	    .title = "a file that is not there",
	    .why =
		"The project names a file that it does not have. The code of an action is "
		"NAME.js beside the file that declares it, unless `code:` says otherwise. "
		"With --ref, only what is committed is there.",
	    .cure =
		"Create the file, or name the right one. Upper and lower case differ.",
	    .wrong = "actions:\n"
		     "  greet: {trigger: post-login@v3, code: src/Greet.js}\n",
	    .right = "actions:\n"
		     "  greet: {trigger: post-login@v3, code: src/greet.js}\n",
	},
	{
	    .code = "file-too-large",
	    .title = "a file that is too large",
	    .why =
		"A file of code may have 1 MiB, ten times what the platform takes, and all "
		"code of a project 64 MiB. More than that is no code that people wrote.",
	    .cure = "Is it the right file? A bundle can mostly leave out packages that "
		    "`dependencies` bring.",
	},
	{
	    .code = "unreadable-file",
	    .title = "a file that cannot be used",
	    .why =
		"The path names a directory, a link or a device. Links are not followed: "
		"where they lead is not part of what was reviewed.",
	    .cure = "Put a regular file there.",
	},
	{
	    .code = "invalid-code",
	    .title = "code that is no text",
	    .why =
		"The file is not UTF-8, or holds the character NUL. Such code would reach "
		"the tenant changed, if at all.",
	    .cure = "Save it as UTF-8. If it is no JavaScript, name the right file.",
	},
};

const struct tn_finding_table tn_finding_project = TN_FINDING_TABLE(entries);
