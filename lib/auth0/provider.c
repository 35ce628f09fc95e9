#include "auth0/auth0.h"

#include "auth0/wire.h"

/*
 * The platform's limits, each with how sure it is: (policy) its published entity limit
 * policy; (API) its OpenAPI document; (reported) an error body in a public issue of
 * auth0-deploy-cli; (assumed) not established, and no promise depends on it. Older pages
 * say 2048 for the value of a secret.
 */
static const struct tn_capabilities capabilities = {
	.versions = true,
	.drafts = true,
	.secrets = true,
	.ordered_bindings = true,
	.limits = {
		.actions = 100,      /* policy: custom actions per tenant */
		.modules = 100,      /* policy */
		.bindings = 20,      /* policy: actions bound per trigger */
		.uses = 3,           /* policy: modules per action */
		.display_name = 255, /* assumed: free text */
		.action = {
			.name = 255,               /* assumed, as of a module */
			.code = (size_t)100 << 10, /* policy: 100 kB per action */
			.dependencies = 10,        /* policy */
			.secrets = 30,             /* policy */
			.secret_name = 128,        /* policy, reported: 1 to 128 runes */
			.secret_value = 4096,      /* policy */
		},
		.module = {
			.name = 255,          /* API */
			.code = 65536,        /* API, which is less than the policy's 100 kB */
			.dependencies = 10,   /* policy */
			.secrets = 30,        /* policy */
			.secret_name = 128,   /* policy; 255 in the API */
			.secret_value = 4096, /* policy, API */
		},
	},
};

/* Deploying needs the right to create, not the one to update. */
const struct tn_op_traits tn_auth0_traits[TN_OP__COUNT] = {
	[TN_OP_LIST_ACTIONS] = { false, true, "read:actions", "list the actions" },
	[TN_OP_FIND_ACTION] = { false, true, "read:actions", "look up action" },
	[TN_OP_GET_ACTION] = { false, true, "read:actions", "read action" },
	[TN_OP_CREATE_ACTION] = { true, false, "create:actions", "create action" },
	[TN_OP_UPDATE_ACTION] = { true, true, "update:actions",
	    "update the draft of action" },
	[TN_OP_RENAME_ACTION] = { true, true, "update:actions", "rename action" },
	[TN_OP_DELETE_ACTION] = { true, true, "delete:actions", "delete action" },
	[TN_OP_DEPLOY_ACTION] = { true, false, "create:actions", "deploy action" },
	/* What the code does elsewhere is done once for each run. */
	[TN_OP_TEST_ACTION] = { true, false, "create:actions", "run a test of action" },
	[TN_OP_LIST_VERSIONS] = { false, true, "read:actions",
	    "list the versions of action" },
	[TN_OP_GET_VERSION] = { false, true, "read:actions", "read a version of action" },
	[TN_OP_DEPLOY_VERSION] = { true, false, "create:actions",
	    "deploy an earlier version of action" },
	[TN_OP_GET_FLOW] = { false, true, "read:actions",
	    "read the bindings of trigger" },
	[TN_OP_SET_FLOW] = { true, true, "update:actions",
	    "set the bindings of trigger" },
	[TN_OP_LIST_TRIGGERS] = { false, true, "read:actions", "list the triggers" },
	[TN_OP_GET_EXECUTION] = { false, true, "read:actions", "read execution" },
	[TN_OP_LIST_MODULES] = { false, true, "read:actions", "list the modules" },
	[TN_OP_FIND_MODULE] = { false, true, "read:actions", "look up module" },
	[TN_OP_GET_MODULE] = { false, true, "read:actions", "read module" },
	[TN_OP_CREATE_MODULE] = { true, false, "create:actions", "create module" },
	[TN_OP_UPDATE_MODULE] = { true, true, "update:actions",
	    "update the draft of module" },
	[TN_OP_DELETE_MODULE] = { true, true, "delete:actions", "delete module" },
	[TN_OP_LIST_MODULE_USERS] = { false, true, "read:actions",
	    "list the actions that use module" },
	[TN_OP_LIST_MODULE_VERSIONS] = { false, true, "read:actions",
	    "list the versions of module" },
	[TN_OP_GET_MODULE_VERSION] = { false, true, "read:actions",
	    "read a version of module" },
	[TN_OP_PUBLISH_MODULE] = { true, false, "update:actions", "publish module" },
	[TN_OP_ROLLBACK_MODULE] = { true, true, "update:actions",
	    "put back the draft of module" },
};

/* Its rate limit policy, by subscription: production, and the others. */
static const struct tn_published_rate rates[] = {
	{ 50, 16000 },
	{ 10, 2000 },
	{ 2, 2000 },
};

const struct tn_provider tn_auth0_provider = {
	.name = "auth0",
	.capabilities = &capabilities,
	.traits = tn_auth0_traits,
	.rates = rates,
	.n_rates = TN_ARRAY_LEN(rates),
	.token_request = tn_auth0_token_request,
	.token_answer = tn_auth0_token_answer,
	.request = tn_auth0_request,
	.answer = tn_auth0_answer,
	.token_rights = tn_auth0_token_rights,
};
