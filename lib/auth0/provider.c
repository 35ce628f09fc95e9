#include "auth0/auth0.h"

#include "auth0/wire.h"

/* From the published entity limits. */
static const struct tn_capabilities capabilities = {
	.versions = true,
	.drafts = true,
	.secrets = true,
	.ordered_bindings = true,
	.max_actions = 100,
	.max_bindings = 20,
	.max_code = (size_t)100 << 10,
	.max_dependencies = 10,
	.max_secrets = 30,
	.max_secret_name = 128,
	.max_secret_value = 4096,
};

/* Deploying needs the right to create, not the one to update. */
const struct tn_op_traits tn_auth0_traits[TN_OP__COUNT] = {
	[TN_OP_LIST_ACTIONS] = { false, true, "read:actions", "list the actions" },
	[TN_OP_FIND_ACTION] = { false, true, "read:actions", "look up action" },
	[TN_OP_GET_ACTION] = { false, true, "read:actions", "read action" },
	[TN_OP_CREATE_ACTION] = { true, false, "create:actions", "create action" },
	[TN_OP_UPDATE_ACTION] = { true, true, "update:actions",
	    "update the draft of action" },
	[TN_OP_DELETE_ACTION] = { true, true, "delete:actions", "delete action" },
	[TN_OP_DEPLOY_ACTION] = { true, false, "create:actions", "deploy action" },
	[TN_OP_LIST_VERSIONS] = { false, true, "read:actions",
	    "list the versions of action" },
	[TN_OP_DEPLOY_VERSION] = { true, false, "create:actions",
	    "deploy an earlier version of action" },
	[TN_OP_GET_FLOW] = { false, true, "read:actions",
	    "read the bindings of trigger" },
	[TN_OP_SET_FLOW] = { true, true, "update:actions",
	    "set the bindings of trigger" },
	[TN_OP_LIST_TRIGGERS] = { false, true, "read:actions", "list the triggers" },
};

const struct tn_provider tn_auth0_provider = {
	.name = "auth0",
	.capabilities = &capabilities,
	.traits = tn_auth0_traits,
	.token_request = tn_auth0_token_request,
	.token_answer = tn_auth0_token_answer,
	.request = tn_auth0_request,
	.answer = tn_auth0_answer,
	.token_rights = tn_auth0_token_rights,
};
