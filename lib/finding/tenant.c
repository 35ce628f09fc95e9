#include "finding/table.h"

static const struct tn_finding entries[] = {
	{
	    .code = "unknown-trigger",
	    .title = "a trigger that the tenant does not have",
	    .why = "Which triggers there are is told by the tenant itself, and this is "
		   "none of them: a slip, or one that this kind of tenant does not "
		   "have.",
	    .cure = "Correct the word; the message names the nearest, or all there are.",
	    .wrong = "trigger: post-logn@v3\n",
	    .right = "trigger: post-login@v3\n",
	},
	{
	    .code = "unknown-trigger-version",
	    .title = "a version that the trigger does not have",
	    .why = "The tenant has the trigger, but not in this version. The version "
		   "decides what the code gets, so another one is not taken instead.",
	    .cure = "Use one of the versions that are named.",
	    .wrong = "trigger: post-login@v9\n",
	    .right = "trigger: post-login@v3\n",
	},
	{
	    .code = "deprecated-trigger",
	    .severity = TN_SEVERITY_WARNING,
	    .title = "a version of a trigger that is deprecated",
	    .why = "The platform still runs actions of this version and will stop one "
		   "day.",
	    .cure = "Move the code to the current version; what it gets may differ.",
	    .wrong = "trigger: post-login@v2\n",
	    .right = "trigger: post-login@v3\n",
	},
	{
	    .code = "unknown-runtime",
	    .title = "a runtime that the tenant does not offer",
	    .why = "The tenant says which runtimes a trigger has, and this is none of "
		   "them. An action that already has an old runtime keeps it.",
	    .cure = "Use one of the runtimes that are named.",
	    .wrong = "runtime: node23\n",
	    .right = "runtime: node22\n",
	},
	{
	    .code = "entity-bound",
	    .title = "bindings of a trigger that has no flow",
	    .why = "Actions of this trigger are chosen by another resource of the "
		   "tenant (a custom token exchange profile, a form), one for each. "
		   "There is no list to order.",
	    .cure = "Take the trigger out of `bindings`; the action itself may stay.",
	    .wrong = "bindings:\n"
		     "  custom-token-exchange: [exchange]\n",
	    .right = "bindings: {}\n",
	},
	{
	    .code = "replacement",
	    .title = "another trigger, which needs a replacement",
	    .why = "The trigger of an action cannot be changed. A new action has to be "
		   "made, and the old one deleted, which `delete: none` rules out and a "
		   "flow that the files do not name prevents.",
	    .cure =
		"Say `delete: managed` for the tenant, name the flow that the old action "
		"is bound in, or go back to the trigger that the action has.",
	    .wrong = "tenants: {prod: {}}\n",
	    .right = "tenants: {prod: {delete: managed}}\n",
	},
	{
	    .code = "protected",
	    .title = "a protected action or module that would be deleted",
	    .why =
		"The files say `protect: true`, and with them as they are the action or "
		"module would be deleted: `only` leaves the tenant out, or the trigger of "
		"the action changed.",
	    .cure = "Undo that change, or take `protect` out when it is meant.",
	},
	{
	    .code = "old-name-in-use",
	    .title = "an action under its new name and one under its old name",
	    .why = "`renamedFrom` says which live action an action was. The tenant has "
		   "both, so that nobody can tell which of them is meant.",
	    .cure = "Take `renamedFrom` out when the rename has been done already; else "
		    "rename or delete the one that is in the way.",
	},
	{
	    .code = "delete-everything",
	    .title = "nothing of ours would be left",
	    .why = "All actions that this project has in the tenant are gone from its "
		   "files. That happens when the files are those of something else.",
	    .cure =
		"Look whether these are the right files for this tenant. When they are, "
		"say --allow-empty.",
	},
	{
	    .code = "missing-external",
	    .title = "an external action that the tenant does not have",
	    .why = "`external:` binds an action that somebody else manages. It must be "
		   "there before: tenon has no code to make it from.",
	    .cure = "Correct the name, or have the action made first.",
	},
	{
	    .code = "undeployed-external",
	    .title = "an external action that was never deployed",
	    .why = "The platform binds only actions that have a deployed version, and "
		   "deploying somebody else's draft is not tenon's business.",
	    .cure = "Have its owner deploy it.",
	},
	{
	    .code = "missing-secret",
	    .title = "a secret without a value",
	    .why = "The action names a secret, and the operator's side has no value "
		   "for it. Deployed like that, the code would find nothing where it "
		   "expects one.",
	    .cure = "Set the variable that the message names, or name another source in "
		    "the connections file. `plan` works without.",
	},
};

const struct tn_finding_table tn_finding_tenant = TN_FINDING_TABLE(entries);
