/*
 * What a platform can do, as data, and how to talk to it, as a table of
 * functions without I/O: an operation becomes an HTTP request, an answer
 * becomes a result or an error with a kind. remote carries the calls.
 */
#ifndef TN_MODEL_PROVIDER_H
#define TN_MODEL_PROVIDER_H

#include "model/tenant.h"

struct tn_http_request;
struct tn_http_response;
struct tn_redactor;
struct tn_secret;

/*
 * Where a tenant is and how we prove who we are. From the operator, never from the
 * project.
 */
struct tn_connection {
	const char *tenant;   /* the name in the project and the connections file */
	const char *provider; /* "auth0" */
	/* "https://acme.eu.auth0.com", without a slash at the end. */
	const char *base_url;
	const char *audience; /* NULL: the provider's default for the base URL */
	const char *client_id;
	const struct tn_secret *client_secret;
	/* Instead of the secret: a key that signs, and how ("RS256"). */
	const struct tn_secret *private_key;
	const char *algorithm;
	const struct tn_secret *token; /* a ready token instead of all above */
};

/* What a signed request is made from besides, as a provider has no clock and no chance.
 */
struct tn_token_moment {
	int64_t unix_s;
	const char *id;               /* was never used before */
	struct tn_redactor *redactor; /* learns what proves who we are; may be NULL */
};

enum tn_op_kind {
	TN_OP_LIST_ACTIONS,  /* page */
	TN_OP_FIND_ACTION,   /* name: 0 or 1 action */
	TN_OP_GET_ACTION,    /* id */
	TN_OP_CREATE_ACTION, /* name, trigger, content, values, deploy */
	TN_OP_UPDATE_ACTION, /* id, name, trigger, content, values, send_secrets, left_out
			      */
	TN_OP_DELETE_ACTION, /* id */
	TN_OP_DEPLOY_ACTION, /* id: the draft goes live; gives the version */
	TN_OP_LIST_VERSIONS, /* id, page */
	TN_OP_DEPLOY_VERSION, /* id, version_id, update_draft; gives the new version */
	TN_OP_GET_FLOW,       /* trigger.id, page */
	TN_OP_SET_FLOW,       /* trigger.id, flow: replaces the whole list */
	TN_OP_LIST_TRIGGERS,
	TN_OP__COUNT
};

struct tn_secret_value {
	const char *name;
	const struct tn_secret *value;
};

struct tn_op {
	enum tn_op_kind kind;
	unsigned page; /* from 0 */
	const char *id;
	const char *version_id;
	const char *name;
	struct tn_trigger trigger;
	const struct tn_content *content;
	/*
	 * Secrets of content that have a value here are sent with it, the others by
	 * name alone, which keeps the stored value. send_secrets false leaves the whole
	 * key out.
	 */
	bool send_secrets;
	unsigned left_out; /* TN_PART_… whose keys are not sent either: they stay */
	const struct tn_secret_value *values;
	size_t n_values;
	bool deploy;
	bool update_draft;
	const struct tn_flow *flow;
};

struct tn_op_result {
	struct tn_arena *arena; /* the caller's */
	struct tn_live_action *actions;
	size_t n_actions;
	struct tn_version *versions;
	size_t n_versions;
	struct tn_flow flow;
	struct tn_trigger_info *triggers;
	size_t n_triggers;
	bool more; /* another page follows */
};

struct tn_token {
	struct tn_secret *secret; /* owned by the receiver */
	int64_t life_s;           /* seconds from now; 0: not said */
	/* In the arena; n_rights 0 and !has_rights: not said. */
	const char *const *rights;
	size_t n_rights;
	bool has_rights;
};

/* Limits of one action or module; 0 is none. */
struct tn_content_limits {
	size_t name; /* characters */
	size_t code; /* bytes */
	size_t dependencies;
	size_t secrets;
	size_t secret_name;  /* characters */
	size_t secret_value; /* bytes */
};

/* Limits of one tenant; 0 is none. Sources stand beside the numbers of a provider. */
struct tn_limits {
	size_t actions; /* without those of a marketplace */
	size_t modules;
	size_t bindings;     /* of a trigger, with those of a marketplace */
	size_t uses;         /* modules of an action */
	size_t display_name; /* characters */
	struct tn_content_limits action;
	struct tn_content_limits module;
};

struct tn_capabilities {
	bool versions;
	bool drafts;
	bool secrets;
	bool ordered_bindings;
	struct tn_limits limits;
};

/* How an operation behaves when a call goes wrong, and what it costs and needs. */
struct tn_op_traits {
	bool writes;
	bool idempotent;   /* may be sent again after an unknown outcome */
	const char *right; /* the right that it needs, "update:actions" */
	const char *words; /* "update the draft of action" – for messages */
};

struct tn_provider {
	const char *name;
	const struct tn_capabilities *capabilities;
	const struct tn_op_traits *traits; /* TN_OP__COUNT of them */

	int (*token_request)(const struct tn_connection *connection,
	    const struct tn_token_moment *moment, struct tn_http_request *req,
	    struct tn_error *err);
	int (*token_answer)(const struct tn_http_response *resp, struct tn_arena *arena,
	    struct tn_token *out, struct tn_error *err);
	/* Without authorization header: remote adds it. */
	int (*request)(const struct tn_connection *connection, const struct tn_op *op,
	    struct tn_http_request *req, struct tn_error *err);
	int (*answer)(const struct tn_op *op, const struct tn_http_response *resp,
	    struct tn_arena *arena, struct tn_op_result *out, struct tn_error *err);
	/*
	 * The rights that a ready token carries; has_rights false where it cannot be
	 * read.
	 */
	void (*token_rights)(const struct tn_secret *token, struct tn_arena *arena,
	    struct tn_token *out);
};

#endif
