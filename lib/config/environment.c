#include "config/config.h"
#include "config/load.h"

#include <string.h>

/*
 * A connection from variables alone. They have the names that Terraform's provider and
 * auth0-deploy-cli read, so that what is set for them serves here too.
 */

enum variable {
	DOMAIN,
	CLIENT_ID,
	AUDIENCE,
	/* Each of these is a way to prove who we are. */
	CLIENT_SECRET,
	API_TOKEN,
	ACCESS_TOKEN,
	ASSERTION_KEY,
	SIGNING_KEY_PATH,
	/* Each belongs to one of the two before. */
	ASSERTION_ALG,
	SIGNING_ALGORITHM,
	VARIABLES
};

#define FIRST_WAY CLIENT_SECRET
#define LAST_WAY  SIGNING_KEY_PATH

static const char *const names[VARIABLES] = {
	[DOMAIN] = "AUTH0_DOMAIN",
	[CLIENT_ID] = "AUTH0_CLIENT_ID",
	[AUDIENCE] = "AUTH0_AUDIENCE",
	[CLIENT_SECRET] = "AUTH0_CLIENT_SECRET",
	[API_TOKEN] = "AUTH0_API_TOKEN",
	[ACCESS_TOKEN] = "AUTH0_ACCESS_TOKEN",
	[ASSERTION_KEY] = "AUTH0_CLIENT_ASSERTION_PRIVATE_KEY",
	[SIGNING_KEY_PATH] = "AUTH0_CLIENT_SIGNING_KEY_PATH",
	[ASSERTION_ALG] = "AUTH0_CLIENT_ASSERTION_SIGNING_ALG",
	[SIGNING_ALGORITHM] = "AUTH0_CLIENT_SIGNING_ALGORITHM",
};

#define PLACEHOLDERS "TENON_PLACEHOLDERS"

static const char *const zitadel[] = { "ZITADEL_DOMAIN", "ZITADEL_ACCESS_TOKEN",
	"ZITADEL_JWT_PROFILE_FILE", "ZITADEL_JWT_PROFILE_JSON", "ZITADEL_ORG_ID" };

struct environment {
	tn_config_get_fn *get;
	void *arg;
	struct tn_arena *arena;
	struct tn_schemas *schemas;
	struct tn_diags *diags;
	const char *values[VARIABLES]; /* NULL: not set, or empty */
};

/* A finding's place is the variable. */
static struct tn_mark
mark_of(const char *name)
{
	return (struct tn_mark){ .file = name };
}

static const char *
look_up(const struct environment *environment, const char *name)
{
	const char *value = environment->get(environment->arg, name);

	/* Empty is how many systems hand on what is not set. */
	return value != NULL && value[0] != '\0' ? value : NULL;
}

static bool
is_any_set(struct environment *environment)
{
	bool any = false;

	for (size_t i = 0; i < VARIABLES; i++) {
		environment->values[i] = look_up(environment, names[i]);
		any = any || environment->values[i] != NULL;
	}
	return any;
}

/* The variable of the one way that is set; VARIABLES after a finding. */
static enum variable
choose_way(const struct environment *environment)
{
	enum variable way = VARIABLES;
	struct tn_diag *diag;

	for (enum variable i = FIRST_WAY; i <= LAST_WAY; i++) {
		if (environment->values[i] == NULL)
			continue;
		if (way != VARIABLES) {
			diag = tn_diags_error(environment->diags, "conflicting-variables",
			    mark_of(names[i]), "%s and %s are both set", names[way],
			    names[i]);
			tn_diags_hint(environment->diags, diag,
			    "unset the one that is not meant");
			return VARIABLES;
		}
		way = i;
	}
	if (way != VARIABLES)
		return way;
	diag = tn_diags_error(environment->diags, "missing-variable",
	    mark_of(names[DOMAIN]), "no variable holds a credential");
	tn_diags_hint(environment->diags, diag,
	    "set AUTH0_CLIENT_ID and AUTH0_CLIENT_SECRET, or AUTH0_API_TOKEN");
	return VARIABLES;
}

static void
demand(const struct environment *environment, enum variable variable,
    enum variable because)
{
	struct tn_diag *diag;

	if (environment->values[variable] != NULL)
		return;
	diag = tn_diags_error(environment->diags, "missing-variable",
	    mark_of(names[variable]), "%s is not set, and %s is", names[variable],
	    names[because]);
	tn_diags_hint(environment->diags, diag, "set it too, or unset %s",
	    names[because]);
}

/* The variable that says how a key signs. */
static enum variable
algorithm_of(enum variable key)
{
	return key == ASSERTION_KEY ? ASSERTION_ALG : SIGNING_ALGORITHM;
}

static void
set_text(const struct environment *environment, struct tn_value *entry, const char *key,
    enum variable variable)
{
	struct tn_value *value;

	if (environment->values[variable] == NULL)
		return;
	value = tn_value_string(environment->arena, environment->values[variable]);
	value->mark = mark_of(names[variable]);
	tn_value_set(environment->arena, entry, key, value);
}

/* {env: NAME}, or {file: PATH} for the one variable that holds a path. */
static void
set_source(const struct environment *environment, struct tn_value *entry, const char *key,
    enum variable variable)
{
	struct tn_value *source = tn_value_object(environment->arena);

	source->mark = mark_of(names[variable]);
	if (variable == SIGNING_KEY_PATH)
		set_text(environment, source, "file", variable);
	else
		tn_value_set_text(environment->arena, source, "env", names[variable]);
	tn_value_set(environment->arena, entry, key, source);
}

static void
set_credential(const struct environment *environment, struct tn_value *entry,
    enum variable way)
{
	if (way == API_TOKEN || way == ACCESS_TOKEN) {
		set_source(environment, entry, "token", way);
		return;
	}
	set_text(environment, entry, "clientId", CLIENT_ID);
	if (way == CLIENT_SECRET) {
		set_source(environment, entry, "clientSecret", way);
	} else {
		set_source(environment, entry, "privateKey", way);
		set_text(environment, entry, "signingAlgorithm", algorithm_of(way));
	}
}

/* Names with commas or spaces between them. */
static void
set_placeholders(const struct environment *environment, struct tn_value *entry)
{
	const char *at = look_up(environment, PLACEHOLDERS);
	struct tn_value *list;

	if (at == NULL)
		return;
	list = tn_value_array(environment->arena);
	list->mark = mark_of(PLACEHOLDERS);
	for (at += strspn(at, ", "); *at != '\0'; at += strspn(at, ", ")) {
		size_t len = strcspn(at, ", ");
		struct tn_value *name = tn_value_string_of(environment->arena, at, len);

		name->mark = list->mark;
		tn_value_push(environment->arena, list, name);
		at += len;
	}
	tn_value_set(environment->arena, entry, "placeholders", list);
}

/* What a connections file would say, so that one schema judges both. */
static struct tn_value *
document(const struct environment *environment, enum variable way)
{
	struct tn_arena *arena = environment->arena;
	struct tn_value *root = tn_value_object(arena);
	struct tn_value *connections = tn_value_object(arena);
	struct tn_value *entry = tn_value_object(arena);

	tn_value_set_text(arena, entry, "provider", "auth0");
	set_text(environment, entry, "domain", DOMAIN);
	set_text(environment, entry, "audience", AUDIENCE);
	set_credential(environment, entry, way);
	set_placeholders(environment, entry);
	entry->mark = mark_of(names[DOMAIN]);
	tn_value_set(arena, connections, "environment", entry);
	tn_value_set(arena, root, "connections", connections);
	return root;
}

static int
refuse_zitadel(const struct environment *environment)
{
	for (size_t i = 0; i < TN_ARRAY_LEN(zitadel); i++) {
		if (look_up(environment, zitadel[i]) == NULL)
			continue;
		tn_diags_error(environment->diags, "not-there-yet", mark_of(zitadel[i]),
		    "connections to ZITADEL are not there yet");
		return -TN_E_INPUT;
	}
	return 0;
}

static int
check(const struct environment *environment, enum variable *way_out)
{
	size_t errors = tn_diags_errors(environment->diags);
	enum variable way = choose_way(environment);

	if (way != VARIABLES)
		demand(environment, DOMAIN, way);
	if (way != VARIABLES && way != API_TOKEN && way != ACCESS_TOKEN)
		demand(environment, CLIENT_ID, way);
	if (environment->values[ASSERTION_ALG] != NULL)
		demand(environment, ASSERTION_KEY, ASSERTION_ALG);
	if (environment->values[SIGNING_ALGORITHM] != NULL)
		demand(environment, SIGNING_KEY_PATH, SIGNING_ALGORITHM);
	*way_out = way;
	return way == VARIABLES || tn_diags_errors(environment->diags) > errors
	    ? -TN_E_INPUT
	    : 0;
}

/* For whichever tenant is chosen. */
static int
read_entry(struct environment *environment, struct tn_value *root,
    struct tn_connections **out)
{
	const struct tn_connections_reader reader = {
		.arena = environment->arena,
		.schemas = environment->schemas,
		.diags = environment->diags,
		.directory = ".",
	};
	struct tn_connections *connections;
	struct tn_connection_entry *entry;
	int r = tn_connections_read(&reader, root, &connections);

	if (r < 0)
		return r;
	entry = tn_arena_new_object(connections->arena, struct tn_connection_entry);
	*entry = connections->entries[0];
	entry->tenant = NULL;
	connections->entries = entry;
	*out = connections;
	return 0;
}

int
tn_connections_from_environment(tn_config_get_fn *get, void *arg,
    struct tn_schemas *schemas, struct tn_connections **out, struct tn_diags *diags)
{
	struct environment environment = {
		.get = get,
		.arg = arg,
		.schemas = schemas,
		.diags = diags,
	};
	enum variable way;
	int r;

	*out = NULL;
	if (!is_any_set(&environment))
		return refuse_zitadel(&environment);
	r = check(&environment, &way);
	if (r < 0)
		return r;
	environment.arena = tn_arena_new();
	return read_entry(&environment, document(&environment, way), out);
}
