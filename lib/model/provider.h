/*
 * What a platform can do, as data, and how to talk to it, as a table of
 * functions without I/O: an operation becomes an HTTP request, an answer
 * becomes a result or an error with a kind. remote carries the calls.
 */
#ifndef TN_MODEL_PROVIDER_H
#define TN_MODEL_PROVIDER_H

#include "model/execution.h"
#include "model/tenant.h"

struct tn_http_request;
struct tn_http_response;
struct tn_redactor;
struct tn_secret;

/*
 * How a tenant is addressed. An older one has actions at other paths; answers are read in
 * either form, but what is sent is never tried out: the operator says which it is.
 */
enum tn_dialect { TN_DIALECT_CURRENT, TN_DIALECT_OLDER };

/*
 * Where a tenant is and how we prove who we are. From the operator, never from the
 * project.
 */
struct tn_connection {
	const char *tenant;   /* the name in the project and the connections file */
	const char *provider; /* "auth0" */
	/* "https://acme.eu.auth0.com", without a slash at the end. */
	const char *base_url;
	enum tn_dialect dialect;
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
	TN_OP_LIST_ACTIONS,  /* page, filter */
	TN_OP_FIND_ACTION,   /* name: 0 or 1 action */
	TN_OP_GET_ACTION,    /* id */
	TN_OP_CREATE_ACTION, /* name, trigger, content, values, deploy */
	TN_OP_UPDATE_ACTION, /* id, name, trigger, content, values, send_secrets, left_out
			      */
	TN_OP_RENAME_ACTION, /* id, name: all else stays; the draft is built again */
	TN_OP_DELETE_ACTION, /* id, force */
	TN_OP_DEPLOY_ACTION, /* id: the draft goes live; gives the version */
	TN_OP_TEST_ACTION, /* id, payload: runs the draft, which must be built; gives test
			    */
	TN_OP_LIST_VERSIONS,  /* id, page */
	TN_OP_GET_VERSION,    /* id, version_id */
	TN_OP_DEPLOY_VERSION, /* id, version_id, update_draft; gives the new version */
	TN_OP_GET_FLOW,       /* trigger.id, page */
	TN_OP_SET_FLOW,       /* trigger.id, flow or refs: replaces the whole list */
	TN_OP_LIST_TRIGGERS,
	TN_OP_GET_EXECUTION, /* id: of an execution; they are kept for ten days */
	TN_OP_LIST_MODULES,  /* page; none where the tenant does not have the feature */
	TN_OP_FIND_MODULE,   /* name: 0 or 1 module, as a list tells it */
	TN_OP_GET_MODULE,    /* id */
	TN_OP_CREATE_MODULE, /* name, content, values, deploy: publishes it too */
	TN_OP_UPDATE_MODULE, /* id, content, values, send_secrets */
	TN_OP_DELETE_MODULE, /* id */
	TN_OP_LIST_MODULE_USERS,    /* id, page: the actions that run with it */
	TN_OP_LIST_MODULE_VERSIONS, /* id, page */
	TN_OP_GET_MODULE_VERSION,   /* id, version_id */
	TN_OP_PUBLISH_MODULE,       /* id: the draft becomes a version, which is given */
	TN_OP_ROLLBACK_MODULE,      /* id, version_id: that content becomes the draft */
	TN_OP__COUNT
};

struct tn_secret_value {
	const char *name;
	const struct tn_secret *value;
};

/* A condition on actions; TN_EITHER is none. */
enum tn_choice { TN_EITHER, TN_YES, TN_NO };

/* All that is set must hold. NULL: any. */
struct tn_action_filter {
	const char *trigger;      /* id without version */
	const char *name;         /* exactly */
	enum tn_choice deployed;  /* has a version that runs */
	enum tn_choice installed; /* from a marketplace */
};

/*
 * An entry of a flow, by one of the ways that the platform has to name an action. A
 * binding's id keeps its action, whatever that is, but not the id: every write renews it.
 */
enum tn_ref_kind { TN_REF_ACTION_ID, TN_REF_ACTION_NAME, TN_REF_BINDING_ID };

struct tn_binding_ref {
	enum tn_ref_kind kind;
	const char *value;
	const char *display_name; /* NULL: none is sent */
};

struct tn_op {
	enum tn_op_kind kind;
	unsigned page; /* from 0 */
	struct tn_action_filter filter;
	const char *id;
	const char *version_id;
	const char *name;
	struct tn_trigger trigger;
	const struct tn_content *content;
	/*
	 * Secrets of content that have a value here are sent with it, the others by
	 * name alone, which keeps the stored value. send_secrets false leaves the whole
	 * key out. A module needs values for all that are sent.
	 */
	bool send_secrets;
	bool send_modules; /* of an action: a tenant without the feature knows no such key
			    */
	unsigned left_out; /* TN_PART_… whose keys are not sent either: they stay */
	const struct tn_secret_value *values;
	size_t n_values;
	bool deploy;
	bool update_draft;
	/* An action that is bound goes too, and with it its places in all flows. */
	bool force;
	const struct tn_flow *flow; /* by the ids of its actions */
	/* Instead of flow. An empty list is a flow without bindings, never no refs. */
	const struct tn_binding_ref *refs;
	size_t n_refs;
	const struct tn_value *payload; /* what the action is run with: an object */
};

struct tn_op_result {
	struct tn_arena *arena; /* the caller's */
	struct tn_live_action *actions;
	size_t n_actions;
	struct tn_version *versions;
	size_t n_versions;
	struct tn_flow flow;
	const char *const *binding_ids; /* of the flow's bindings; NULL: not told */
	struct tn_trigger_info *triggers;
	size_t n_triggers;
	const struct tn_execution *execution;
	const struct tn_test_run *test;
	struct tn_live_module *modules;
	size_t n_modules;
	bool modules_off; /* the tenant does not have the feature */
	const struct tn_module_user *users;
	size_t n_users;
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

/* Rights by name, each once. */
struct tn_rights {
	const char *items[TN_OP__COUNT]; /* borrowed */
	size_t n;
};

/* Appends "the right a" or "the rights a, b and c". */
void tn_rights_words(const struct tn_rights *rights, struct tn_str *out);

/* How fast a tenant is, as far as calls to it have told; 0: not known. */
struct tn_pace {
	int64_t call_ns;    /* from a call to its answer */
	int64_t ready;      /* calls that can go without waiting for the rate limit, */
	int64_t per_second; /* and how many more in a second, in thousandths */
};

/* A rate that a platform publishes: of a bucket that holds so many calls. */
struct tn_published_rate {
	int64_t size;
	int64_t per_second; /* in thousandths */
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
	/* For a forecast, and to begin measuring with. */
	const struct tn_published_rate *rates;
	size_t n_rates;

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
