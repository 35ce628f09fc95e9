#include "finding/table.h"

static const struct tn_finding entries[] = {
	{
	    .code = "too-many-findings",
	    .severity = TN_SEVERITY_WARNING,
	    .title = "more findings than are shown",
	    .why = "The first thousand findings are shown; the others are counted and "
		   "have their say in the exit status. So many mostly have one cause.",
	    .cure = "Mend the first ones and run again.",
	},
	{
	    .code = "misplaced-file",
	    .title = "a file in the place of another one",
	    .why = "A connections file stands where a project is wanted, or a project "
		   "where the connections are. The two are kept apart: the project may "
		   "not choose where credentials go.",
	    .cure = "Name the directory of tenon.yaml with --source, and the operator's "
		    "connections.yaml with --connections.",
	},
	{
	    .code = "reserved-name",
	    .title = "a name that means something else",
	    .why = "In bindings the word others stands for whoever else is bound at "
		   "the trigger. An action of that name could not be told from it.",
	    .cure = "Give the action another name.",
	    .wrong = "actions:\n"
		     "  others: {trigger: post-login@v3}\n",
	    .right = "actions:\n"
		     "  other-checks: {trigger: post-login@v3}\n",
	},
	{
	    .code = "unknown-action",
	    .title = "a binding of an action that the files do not have",
	    .why = "A flow names an action that is not under `actions`. An action that "
		   "somebody else manages is bound with `external:`, so that tenon "
		   "knows not to touch it.",
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
	    .why = "`external:` says that somebody else manages the action, and these "
		   "files manage it. Both cannot be.",
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
	    .why = "Whoever else is bound at the trigger has one place in the flow. "
		   "With two, nobody could say who runs where.",
	    .cure = "Keep the one that is meant.",
	    .wrong = "bindings:\n"
		     "  post-login: [others, greet, others]\n",
	    .right = "bindings:\n"
		     "  post-login: [greet, others]\n",
	},
	{
	    .code = "wrong-trigger",
	    .title = "an action bound to a trigger it is not written for",
	    .why = "An action is made for one trigger: it exports that trigger's "
		   "handler and gets that trigger's event. The platform refuses to "
		   "bind it to another.",
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
	    .why = "Files are read from inside the project only. Otherwise a pull "
		   "request could have any file of the machine sent to a tenant.",
	    .cure = "Put the file into the project, and name it by a relative path "
		    "without enough `..` to leave it.",
	    .wrong = "actions:\n"
		     "  greet: {trigger: post-login@v3, code: ../greet.js}\n",
	    .right = "actions:\n"
		     "  greet: {trigger: post-login@v3, code: src/greet.js}\n",
	},
	{
	    .code = "missing-file",
	    .title = "a file that is not there",
	    .why = "The project names a file that it does not have. The code of an "
		   "action is NAME.js beside the file that declares it, unless `code:` "
		   "says otherwise. With --ref, only what is committed is there.",
	    .cure = "Create the file, or name the right one. Upper and lower case "
		    "differ.",
	    .wrong = "actions:\n"
		     "  greet: {trigger: post-login@v3, code: src/Greet.js}\n",
	    .right = "actions:\n"
		     "  greet: {trigger: post-login@v3, code: src/greet.js}\n",
	},
	{
	    .code = "file-too-large",
	    .title = "a file that is too large",
	    .why = "A file of code may have 1 MiB, ten times what the platform takes, "
		   "and all code of a project 64 MiB. More than that is no code that "
		   "people wrote.",
	    .cure = "Is it the right file? A bundle can mostly leave out packages that "
		    "`dependencies` bring.",
	},
	{
	    .code = "unreadable-file",
	    .title = "a file that cannot be used",
	    .why = "The path names a directory, a link or a device. Links are not "
		   "followed: where they lead is not part of what was reviewed.",
	    .cure = "Put a regular file there.",
	},
	{
	    .code = "invalid-code",
	    .title = "code that is no text",
	    .why = "The file is not UTF-8, or holds the character NUL. Such code would "
		   "reach the tenant changed, if at all.",
	    .cure = "Save it as UTF-8. If it is no JavaScript, name the right file.",
	},
	{
	    .code = "invalid-payload",
	    .title = "a payload that is no JSON object",
	    .why = "A test sends this file as the event of the action. It has to be "
		   "one JSON object in UTF-8, as the platform takes nothing else.",
	    .cure = "Mend the file; the message says where it stops being JSON.",
	    .wrong = "not json at all\n",
	    .right = "{\"event\": {\"user\": {\"email\": \"kim@acme.example\"}}}\n",
	},
	{
	    .code = "include-matches-nothing",
	    .severity = TN_SEVERITY_WARNING,
	    .title = "an include that finds no file",
	    .why = "A pattern under `include` matches no file of the project. Nothing "
		   "is missing by that, but mostly a name is misspelt, and the actions "
		   "of those files would be left out without a word.",
	    .cure = "Correct the pattern: * and ? stand for characters of one name, ** "
		    "for any number of directories. Or take it out.",
	    .wrong = "include: [action/*.yaml]\n",
	    .right = "include: [actions/*.yaml]\n",
	},
	{
	    .code = "include-cycle",
	    .title = "a project that includes itself",
	    .why = "tenon.yaml is read first and includes the other files; none of "
		   "them includes another one. Naming tenon.yaml itself would read it "
		   "for ever.",
	    .cure = "Name the other files. A pattern such as *.yaml passes over "
		    "tenon.yaml by itself.",
	    .wrong = "include: [tenon.yaml, actions.yaml]\n",
	    .right = "include: [actions.yaml]\n",
	},
	{
	    .code = "too-many-files",
	    .title = "more files than a project may include",
	    .why = "A project may include 1000 files, and its patterns may look at "
		   "100,000. More than that is mostly a pattern that also finds a "
		   "directory of packages.",
	    .cure = "Narrow the pattern.",
	    .wrong = "include: [\"**/*.yaml\"]\n",
	    .right = "include: [actions/*.yaml]\n",
	},
	{
	    .code = "duplicate-name",
	    .title = "the same name in two files",
	    .why = "Two files declare an action, a module, a tenant or a flow of the "
		   "same name. Which one is meant cannot be told from the order of "
		   "files.",
	    .cure = "Keep one of them. What differs between tenants stands under `per` "
		    "of the one.",
	    .wrong = "# a.yaml\n"
		     "actions: {greet: {trigger: post-login@v3}}\n"
		     "# b.yaml\n"
		     "actions: {greet: {trigger: post-login@v3}}\n",
	    .right = "# a.yaml\n"
		     "actions: {greet: {trigger: post-login@v3}}\n"
		     "# b.yaml\n"
		     "actions: {audit: {trigger: post-login@v3}}\n",
	},
	{
	    .code = "unknown-tenant",
	    .title = "a tenant that the project does not name",
	    .why = "`only` and `per` speak of tenants that stand under `tenants`. A "
		   "misspelt one would leave out, or change, something in no tenant at "
		   "all.",
	    .cure = "Correct the name, or add it under `tenants`.",
	    .wrong = "tenants: {dev: , prod: }\n"
		     "actions:\n"
		     "  audit: {trigger: post-login@v3, only: [prdo]}\n",
	    .right = "tenants: {dev: , prod: }\n"
		     "actions:\n"
		     "  audit: {trigger: post-login@v3, only: [prod]}\n",
	},
	{
	    .code = "unused-difference",
	    .severity = TN_SEVERITY_WARNING,
	    .title = "a difference for a tenant that does not get the object",
	    .why = "`per` says how it differs in a tenant that `only` leaves out.",
	    .cure = "Add the tenant to `only`, or take it out of `per`.",
	    .wrong = "audit:\n"
		     "  trigger: post-login@v3\n"
		     "  only: [prod]\n"
		     "  per: {dev: {runtime: node18}}\n",
	    .right = "audit:\n"
		     "  trigger: post-login@v3\n"
		     "  only: [prod]\n",
	},
	{
	    .code = "bad-rename",
	    .title = "a rename that cannot be",
	    .why = "`renamedFrom` says which name an action had before, so that it is "
		   "renamed and not made anew. One old name becomes one new name: it "
		   "cannot be its own, that of an action that stays, or that of two.",
	    .cure = "Take `renamedFrom` out, or name the old one.",
	    .wrong = "audit: {trigger: post-login@v3, renamedFrom: audit}\n",
	    .right = "audit: {trigger: post-login@v3, renamedFrom: audit-log}\n",
	},
	{
	    .code = "unknown-module",
	    .title = "a module that the files do not have",
	    .why = "An action uses a module that is not under `modules`. One that "
		   "somebody else manages is used in a pinned version.",
	    .cure = "Correct the name, declare the module, or pin it: {NAME: 3}.",
	    .wrong = "modules: {greeter: {code: greeter.js}}\n"
		     "actions:\n"
		     "  greet: {trigger: post-login@v3, modules: [greter]}\n",
	    .right = "modules: {greeter: {code: greeter.js}}\n"
		     "actions:\n"
		     "  greet: {trigger: post-login@v3, modules: [greeter]}\n",
	},
	{
	    .code = "pinned-module",
	    .title = "a version of a module of these files",
	    .why = "A module of these files is used in the version that equals its "
		   "file. Pinning one would say which version to use twice.",
	    .cure = "Write its name alone.",
	    .wrong = "modules: [{greeter: 3}]\n",
	    .right = "modules: [greeter]\n",
	},
	{
	    .code = "duplicate-module",
	    .title = "a module twice in one action",
	    .why = "An action has one version of a module.",
	    .cure = "Keep the one that is meant.",
	    .wrong = "modules: [greeter, greeter]\n",
	    .right = "modules: [greeter]\n",
	},
	{
	    .code = "module-not-there",
	    .title = "a module that a tenant does not get",
	    .why = "`only` keeps the module from a tenant that gets an action which "
		   "uses it.",
	    .cure = "Name all tenants of the action in the module's `only`, or leave "
		    "`only` out.",
	    .wrong = "modules: {greeter: {only: [dev]}}\n"
		     "actions:\n"
		     "  greet: {trigger: post-login@v3, modules: [greeter]}\n",
	    .right = "modules: {greeter: {}}\n"
		     "actions:\n"
		     "  greet: {trigger: post-login@v3, modules: [greeter]}\n",
	},
	{
	    .code = "bad-reference",
	    .title = "a reference that is none",
	    .why = "${vars. begins a reference to a variable, and what follows is no "
		   "name with a closing brace.",
	    .cure = "Write ${vars.NAME}. Where the text itself is meant, write $${vars. "
		    "instead.",
	    .wrong = "runtime: ${vars.node\n",
	    .right = "runtime: ${vars.node}\n",
	},
	{
	    .code = "unknown-variable",
	    .title = "a variable without a value",
	    .why = "Values of variables stand under tenants.NAME.vars. A tenant that "
		   "gets this object has none of this name, and an empty text would be "
		   "sent without a word.",
	    .cure = "Add the variable to every tenant that needs it, or correct the "
		    "name.",
	    .wrong = "tenants: {dev: {vars: {issuer: https://dev.acme.example}}}\n"
		     "actions:\n"
		     "  greet: {trigger: post-login@v3, code: \"${vars.isuer}.js\"}\n",
	    .right = "tenants: {dev: {vars: {issuer: https://dev.acme.example}}}\n"
		     "actions:\n"
		     "  greet: {trigger: post-login@v3, code: \"${vars.issuer}.js\"}\n",
	},
};

const struct tn_finding_table tn_finding_project = TN_FINDING_TABLE(entries);
