#include "finding/table.h"

static const struct tn_finding entries[] = {
	{
	    .code = "invalid-javascript",
	    .title = "code that no engine takes",
	    .why = "A bracket, string, comment or regular expression is never closed or "
		   "does not fit, or a number, escape or name is malformed. The "
		   "platform would build it all the same, and fail when somebody logs "
		   "in.",
	    .cure = "Mend the code at this place; often the file is not complete.",
	    .wrong = "exports.onExecutePostLogin = async (event, api) => {\n",
	    .right = "exports.onExecutePostLogin = async (event, api) => {};\n",
	},
	{
	    .code = "module-syntax",
	    .title = "import or export statements in an action",
	    .why = "The code of actions and modules is CommonJS. An import or export "
		   "statement is a syntax error in it.",
	    .cure = "Use require and exports. A package that is only an ES module is "
		    "loaded with await import, inside of an async function.",
	    .wrong = "import axios from 'axios';\n",
	    .right = "const axios = require('axios');\n",
	},
	{
	    .code = "missing-handler",
	    .title = "code without the function that its trigger calls",
	    .why = "The platform calls one exported function by its name, which the "
		   "trigger decides. Without it the action builds, deploys and fails "
		   "each time it runs.",
	    .cure = "Export the function under the name that the message says.",
	    .wrong = "exports.handler = async (event, api) => {};\n",
	    .right = "exports.onExecutePostLogin = async (event, api) => {};\n",
	},
	{
	    .code = "undeclared-secret",
	    .title = "a secret that the code uses and the action does not have",
	    .why = "What is not under `secrets` is undefined when the code runs.",
	    .cure = "Add the name to `secrets`, or correct it in the code.",
	    .wrong = "const key = event.secrets.API_KEY;   // secrets: []\n",
	    .right = "const key = event.secrets.API_KEY;   // secrets: [API_KEY]\n",
	},
	{
	    .code = "unused-secret",
	    .severity = TN_SEVERITY_WARNING,
	    .title = "a secret that the code does not use",
	    .why = "A value that nobody reads should not be handed out. Nothing is said "
		   "where the code passes its secrets, or the whole event, to other "
		   "functions.",
	    .cure = "Take it out of `secrets`, or correct its name in the code.",
	},
	{
	    .code = "undeclared-dependency",
	    .title = "a package that the code requires and nobody installs",
	    .why = "The platform installs what is under `dependencies`; Node itself "
		   "brings its own modules only.",
	    .cure = "Add the package with an exact version to `dependencies`.",
	    .wrong = "const axios = require('axios');   // dependencies: {}\n",
	    .right =
		"const axios = require('axios');   // dependencies: {axios: 1.7.2}\n",
	},
	{
	    .code = "unused-dependency",
	    .severity = TN_SEVERITY_WARNING,
	    .title = "a dependency that the code does not require",
	    .why = "It is installed with each build for nothing, unless another package "
		   "asks for it. Nothing is said where the code computes the names of "
		   "packages.",
	    .cure = "Take it out of `dependencies` if nothing needs it.",
	},
	{
	    .code = "undeclared-module",
	    .title = "a module that the code requires and the action does not list",
	    .why = "An action gets the modules that it lists, and no other. The "
		   "platform does not compare them with the code: it would fail when it "
		   "runs.",
	    .cure = "Add the module to `modules` of the action, or correct its name.",
	    .wrong = "const {greet} = require('actions:greeter');   // modules: []\n",
	    .right =
		"const {greet} = require('actions:greeter');   // modules: [greeter]\n",
	},
	{
	    .code = "unused-module",
	    .severity = TN_SEVERITY_WARNING,
	    .title = "a module that the code does not require",
	    .why = "A new version of the module would build and deploy the action "
		   "again, for nothing.",
	    .cure = "Take it out of `modules`, or require it as actions:NAME.",
	},
	{
	    .code = "unclear-handler",
	    .severity = TN_SEVERITY_WARNING,
	    .title = "code that does not show what it exports",
	    .why = "What is exported is computed, and the name of the function that "
		   "the trigger calls stands nowhere in the code. Nobody can tell "
		   "without running it.",
	    .cure = "Export the function by its name, or leave it as it is if you "
		    "know better.",
	    .wrong = "module.exports = make();\n",
	    .right = "exports.onExecutePostLogin = make();\n",
	},
	{
	    .code = "doubtful-secret",
	    .severity = TN_SEVERITY_WARNING,
	    .title = "a secret that the code could do without, and has to",
	    .why = "It is not under `secrets`, but the code asks whether it is "
		   "there, or reaches it in a way that may mean something else.",
	    .cure = "Add the name to `secrets`, or leave it as it is if the code can "
		    "do without.",
	    .wrong = "const key = event.secrets.API_KEY || '';   // secrets: []\n",
	    .right = "const key = event.secrets.API_KEY || '';   // secrets: [API_KEY]\n",
	},
	{
	    .code = "doubtful-dependency",
	    .severity = TN_SEVERITY_WARNING,
	    .title = "a package that nobody installs, in code that may never run",
	    .why = "It is not under `dependencies`, and the code requires it inside "
		   "of a function or under a condition.",
	    .cure = "Add the package with an exact version to `dependencies`, unless "
		    "it is never reached.",
	    .wrong = "const f = () => require('axios');   // dependencies: {}\n",
	    .right =
		"const f = () => require('axios');   // dependencies: {axios: 1.7.2}\n",
	},
	{
	    .code = "doubtful-module",
	    .severity = TN_SEVERITY_WARNING,
	    .title = "a module that is not listed, in code that may never run",
	    .why = "The action does not list it, and the code requires it inside of "
		   "a function or under a condition.",
	    .cure = "Add it to `modules` of the action, unless it is never reached.",
	    .wrong = "const f = () => require('actions:greeter');   // modules: []\n",
	    .right =
		"const f = () => require('actions:greeter');   // modules: [greeter]\n",
	},
	{
	    .code = "node-check",
	    .title = "code that Node does not take",
	    .why = "With --node-check, `validate` asks the Node of this machine about "
		   "the whole grammar. The words are Node's own. A much older or newer "
		   "Node may take other code than the runtime of the action.",
	    .cure = "Mend the code at this place.",
	    .wrong = "const a = ;\n",
	    .right = "const a = 1;\n",
	},
};

const struct tn_finding_table tn_finding_code = TN_FINDING_TABLE(entries);
