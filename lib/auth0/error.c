#include "auth0/wire.h"

#include "base/text.h"
#include "json/json.h"

#include <string.h>

/* Of the platform's words, in characters. */
#define MAX_WORDS 300
/* An explanation that is larger is none. */
#define MAX_BODY ((size_t)64 << 10)

#define GRANT_WHERE                                                                     \
	"in the Auth0 dashboard: Applications, APIs, Auth0 Management API, Machine to " \
	"Machine Applications"
#define NEW_TOKEN "use a new token, or a client id and secret so that tokens are renewed"

/*
 * The first rule that matches says what a refusal is. NULL matches everything; part is a
 * piece of the message. read and write are the kinds for operations that read and write:
 * they differ where the request may have had an effect.
 */
struct rule {
	int status;
	const char *code;
	const char *part;
	enum tn_error_kind read;
	enum tn_error_kind write;
	bool for_rate; /* too many calls */
	const char *hint;
};

#define BOTH(kind)     kind, kind, false
#define TOO_MANY_CALLS TN_E_TRANSIENT, TN_E_TRANSIENT, true

static const struct rule rules[] = {
	/* Not yet, rather than no: the build runs, or the deploy is not visible
	   everywhere. */
	{ 400, NULL, "must be in the 'built' state", BOTH(TN_E_TRANSIENT), NULL },
	{ 400, NULL, "has not been deployed yet", BOTH(TN_E_TRANSIENT), NULL },
	{ 400, NULL, "Bad HTTP authentication header format", BOTH(TN_E_AUTH),
	    "this is not a token of the Management API: check its audience" },
	{ 400, NULL, NULL, BOTH(TN_E_INPUT), NULL },
	{ 401, NULL, "Expired token", BOTH(TN_E_AUTH), NEW_TOKEN },
	{ 401, NULL, "Bad audience", BOTH(TN_E_AUTH),
	    "the token is for another API: check the audience of the connection" },
	{ 401, NULL, NULL, BOTH(TN_E_AUTH),
	    "check that the token is one of this tenant's Management API" },
	{ 403, "insufficient_entitlement", NULL, BOTH(TN_E_LIMIT),
	    "the tenant's subscription does not include this" },
	{ 403, "feature_not_enabled", NULL, BOTH(TN_E_PERMISSION),
	    "the feature is not enabled for this tenant" },
	{ 403, NULL, NULL, BOTH(TN_E_PERMISSION), NULL },
	{ 404, NULL, NULL, BOTH(TN_E_NOT_FOUND), NULL },
	{ 408, NULL, NULL, TN_E_TRANSIENT, TN_E_UNKNOWN, false, NULL },
	{ 409, NULL, NULL, BOTH(TN_E_CONFLICT), NULL },
	{ 412, NULL, NULL, BOTH(TN_E_CONFLICT), NULL },
	{ 413, NULL, NULL, BOTH(TN_E_LIMIT), NULL },
	{ 422, NULL, NULL, BOTH(TN_E_INPUT), NULL },
	{ 429, NULL, NULL, TOO_MANY_CALLS,
	    "the tenant's rate limit is used up, by this program or by others" },
	/* A rate limit that is shown as a failure. */
	{ 500, NULL, "Global limit has been reached", TOO_MANY_CALLS,
	    "the tenant's rate limit is used up, by this program or by others" },
};

/* The token endpoint speaks OAuth: code is its error, part a piece of its description. */
static const struct rule token_rules[] = {
	{ 400, "invalid_client", NULL, BOTH(TN_E_AUTH),
	    "check client id and client secret, or private key, of the connection" },
	{ 400, NULL, NULL, BOTH(TN_E_INPUT),
	    "check client id and audience of the connection" },
	{ 401, NULL, NULL, BOTH(TN_E_AUTH),
	    "check client id and client secret, or private key, of the connection" },
	{ 403, NULL, "client-grant", BOTH(TN_E_PERMISSION),
	    "authorize the application for the Management API with read:actions, "
	    "create:actions, update:actions and delete:actions, " GRANT_WHERE },
	{ 403, "unauthorized_client", NULL, BOTH(TN_E_PERMISSION),
	    "it must be a machine-to-machine application with the grant type "
	    "client_credentials: Applications, Settings, Advanced Settings, Grant Types" },
	{ 403, NULL, NULL, BOTH(TN_E_PERMISSION),
	    "check what the application is authorized for, " GRANT_WHERE },
	{ 404, NULL, NULL, BOTH(TN_E_NOT_FOUND),
	    "check the domain of the connection: there is no token endpoint" },
	{ 429, NULL, NULL, TOO_MANY_CALLS,
	    "the tenant's limit or quota for tokens is used up" },
	{ 500, NULL, "Global limit has been reached", TOO_MANY_CALLS,
	    "the tenant's limit or quota for tokens is used up" },
};

struct explanation {
	const char *message; /* NULL: none */
	const char *code;
};

/*
 * All shapes: statusCode, error, message, errorCode; those of an older tenant, whose
 * error is a code; and OAuth's error, error_description.
 */
static struct explanation
explain(const struct tn_http_response *resp, struct tn_arena *arena)
{
	struct explanation said = { NULL, NULL };
	struct tn_value *root = NULL;

	if (resp->body.len == 0 || resp->body.len > MAX_BODY)
		return said;
	if (tn_json_parse(arena, resp->body, NULL, &root, NULL) < 0)
		return said;
	said.message = tn_value_get_text(root, "message");
	if (said.message == NULL)
		said.message = tn_value_get_text(root, "error_description");
	said.code = tn_value_get_text(root, "errorCode");
	if (said.code == NULL)
		said.code = tn_value_get_text(root, "error");
	if (said.message == NULL)
		said.message = said.code;
	return said;
}

/* The bytes of the first characters of text, at most n of them. */
static size_t
first_characters(struct tn_span text, size_t n)
{
	size_t i = 0;

	while (i < text.len && n > 0) {
		i++;
		while (i < text.len && ((unsigned char)text.ptr[i] & 0xc0) == 0x80)
			i++;
		n--;
	}
	return i;
}

static const char *
shorten(struct tn_arena *arena, const char *foreign)
{
	TN_CLEANUP(tn_str_done) struct tn_str safe = TN_STR_INIT;
	struct tn_span all = tn_span(foreign);
	size_t keep;

	tn_text_printable(tn_span_of(foreign, first_characters(all, MAX_WORDS + 1)),
	    false, &safe);
	keep = first_characters(tn_str_span(&safe), MAX_WORDS);
	if (keep == safe.len)
		return tn_arena_text(arena, tn_str_text(&safe));
	keep = first_characters(tn_str_span(&safe), MAX_WORDS - 1);
	return tn_arena_printf(arena, "%.*s…", (int)keep, tn_str_text(&safe));
}

static const struct rule *
find_rule(const struct rule *table, size_t n, int status, const struct explanation *said)
{
	for (size_t i = 0; i < n; i++) {
		const struct rule *rule = &table[i];

		if (rule->status != status)
			continue;
		if (rule->code != NULL && !tn_text_equal(rule->code, said->code))
			continue;
		if (rule->part != NULL &&
		    (said->message == NULL || strstr(said->message, rule->part) == NULL))
			continue;
		return rule;
	}
	return NULL;
}

static enum tn_error_kind
kind_of(const struct rule *rule, int status, bool writes)
{
	if (rule != NULL)
		return writes ? rule->write : rule->read;
	if (status >= 500)
		return writes ? TN_E_UNKNOWN : TN_E_TRANSIENT;
	return TN_E_PLATFORM;
}

static int
fail(enum tn_error_kind kind, const struct tn_http_response *resp,
    const struct explanation *said, struct tn_arena *arena, struct tn_error *err)
{
	int r;

	if (said->message != NULL)
		r = tn_error_set(err, kind, "the tenant answers %d: %s", resp->status,
		    shorten(arena, said->message));
	else
		r = tn_error_set(err, kind,
		    "the tenant answers %d without an explanation", resp->status);
	if (err != NULL)
		err->status = resp->status;
	if (resp->status >= 300 && resp->status < 400)
		tn_error_hint(err,
		    "redirects are not followed: check the domain of the "
		    "connection");
	return r;
}

static void
add_meaning(const struct rule *rule, struct tn_error *err)
{
	if (rule == NULL || err == NULL)
		return;
	err->for_rate = rule->for_rate;
	if (rule->hint != NULL)
		tn_error_hint(err, "%s", rule->hint);
}

/* "Insufficient scope, expected any of: update:actions" names what is missing. */
static const char *
missing_right(const struct tn_op_traits *traits, const struct explanation *said)
{
	static const char beginning[] = "Insufficient scope, expected any of:";
	const char *at = said->message;

	if (at == NULL || !tn_text_starts(at, beginning))
		return traits->right;
	at += strlen(beginning);
	at += strspn(at, " ");
	return *at != '\0' ? at : traits->right;
}

int
tn_auth0_error(const struct tn_op_traits *traits, const struct tn_http_response *resp,
    struct tn_error *err)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	struct explanation said = explain(resp, arena);
	const struct rule *rule = find_rule(rules, TN_ARRAY_LEN(rules), resp->status,
	    &said);
	int r = fail(kind_of(rule, resp->status, traits->writes), resp, &said, arena,
	    err);

	if (resp->status == 403 && tn_text_equal(said.code, "insufficient_scope")) {
		const char *right = shorten(arena, missing_right(traits, &said));

		tn_error_context(err, "the right %s is missing", right);
		tn_error_hint(err, "grant %s to the application of the connection, %s",
		    right, GRANT_WHERE);
	}
	add_meaning(rule, err);
	return r;
}

int
tn_auth0_token_error(const struct tn_http_response *resp, struct tn_error *err)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	struct explanation said = explain(resp, arena);
	const struct rule *rule = find_rule(token_rules, TN_ARRAY_LEN(token_rules),
	    resp->status, &said);
	int r = fail(kind_of(rule, resp->status, false), resp, &said, arena, err);

	add_meaning(rule, err);
	return r;
}

bool
tn_auth0_is_entity_bound(const struct tn_http_response *resp)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	struct explanation said;

	if (resp->status != 400)
		return false;
	said = explain(resp, arena);
	return said.message != NULL &&
	    strstr(said.message, "bindings for an entity-bound trigger") != NULL;
}

bool
tn_auth0_is_feature_off(const struct tn_http_response *resp)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();

	return resp->status == 403 &&
	    tn_text_equal(explain(resp, arena).code, "feature_not_enabled");
}
