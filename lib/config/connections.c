#include "config/config.h"

#include <assert.h>
#include <string.h>

#include "config/load.h"
#include "schema/schema.h"
#include "yaml/yaml.h"

#define SHARE_OF_ALL 100u
/* Also that of auth0-deploy-cli. */
#define USUAL_ALGORITHM "RS256"

const char *
tn_load_directory_of(struct tn_arena *arena, const char *file)
{
	const char *slash = strrchr(file, '/');

	if (slash == NULL)
		return ".";
	return slash == file ? "/" : tn_arena_bytes(arena, file, (size_t)(slash - file));
}

/* A relative path begins where the file is, whatever directory tenon is started in. */
static const char *
path_from_file(const struct tn_connections_reader *reader, const char *path)
{
	if (path == NULL || path[0] == '/' || tn_text_equal(reader->directory, "."))
		return path;
	return tn_arena_printf(reader->arena, "%s/%s",
	    tn_text_equal(reader->directory, "/") ? "" : reader->directory, path);
}

/* The texts of a list, and a NULL behind them. */
static const char **
read_texts(const struct tn_connections_reader *reader, const struct tn_value *list,
    size_t *n_out)
{
	size_t n = tn_value_is(list, TN_VALUE_ARRAY) ? list->count : 0, kept = 0;
	const char **texts = tn_arena_array(reader->arena, n + 1, const char *);

	for (size_t i = 0; i < n; i++) {
		const char *text = tn_value_text(tn_value_at(list, i));

		if (text != NULL)
			texts[kept++] = text;
	}
	*n_out = kept;
	return texts;
}

static void
read_command(const struct tn_connections_reader *reader, const struct tn_value *value,
    struct tn_secret_source *out)
{
	size_t n;
	const char **argv = read_texts(reader, tn_value_get(value, "command"), &n);

	if (n == 0)
		return; /* the schema has said so */
	out->kind = TN_SECRET_COMMAND;
	out->name = argv[0];
	if (strchr(argv[0], '/') != NULL)
		argv[0] = path_from_file(reader, argv[0]);
	out->argv = argv;
	out->directory = reader->directory;
	out->pass_env = read_texts(reader, tn_value_get(value, "passEnv"),
	    &out->n_pass_env);
}

/* {env: NAME}, {file: PATH} or {command: [PROGRAM, ARGUMENT…]} */
struct tn_secret_source
tn_load_secret_source(const struct tn_connections_reader *reader,
    const struct tn_value *value)
{
	struct tn_secret_source source = { .kind = TN_SECRET_NONE };

	if (value == NULL)
		return source;
	source.mark = value->mark;
	if (tn_value_get(value, "command") != NULL) {
		read_command(reader, value, &source);
		return source;
	}
	source.name = tn_value_get_text(value, "env");
	if (source.name != NULL) {
		source.kind = TN_SECRET_ENV;
		return source;
	}
	source.name = path_from_file(reader, tn_value_get_text(value, "file"));
	if (source.name != NULL)
		source.kind = TN_SECRET_FILE;
	return source;
}

static void
read_secrets(const struct tn_connections_reader *reader, const struct tn_value *value,
    struct tn_connection_entry *out)
{
	size_t n = tn_value_is(value, TN_VALUE_OBJECT) ? value->count : 0;
	struct tn_secret_entry *secrets = tn_arena_array(reader->arena, n,
	    struct tn_secret_entry);

	for (size_t i = 0; i < n; i++) {
		secrets[i].name = value->as.members[i].key;
		secrets[i].source = tn_load_secret_source(reader,
		    value->as.members[i].value);
	}
	out->secrets = secrets;
	out->n_secrets = n;
}

static void
read_domain(const struct tn_connections_reader *reader, const struct tn_value *domain,
    struct tn_connection_entry *out)
{
	TN_CLEANUP(tn_error_done) struct tn_error why = TN_ERROR_INIT;
	const char *text = tn_value_text(domain);
	struct tn_diag *diag;

	if (text == NULL ||
	    tn_domain_to_url(text, reader->arena, &out->base_url, &why) == 0)
		return;
	diag = tn_diags_error(reader->diags, "bad-domain", domain->mark, "%s",
	    why.message);
	tn_diags_resource(reader->diags, diag, "connection/%s", out->tenant);
	tn_diags_hint(reader->diags, diag, "%s", why.hint);
}

/* "50%"; the schema has said what is wrong with anything else. */
static unsigned
read_share(const struct tn_value *rate)
{
	const char *text = tn_value_get_text(rate, "share");
	unsigned share = 0;

	if (text == NULL)
		return SHARE_OF_ALL;
	for (; *text >= '0' && *text <= '9' && share <= SHARE_OF_ALL; text++)
		share = share * 10 + (unsigned)(*text - '0');
	return share >= 1 && share <= SHARE_OF_ALL ? share : SHARE_OF_ALL;
}

static enum tn_dialect
read_dialect(const struct tn_value *connection)
{
	return tn_text_equal(tn_value_get_text(connection, "dialect"), "older")
	    ? TN_DIALECT_OLDER
	    : TN_DIALECT_CURRENT;
}

static void
read_entry(const struct tn_connections_reader *reader, const struct tn_member *member,
    struct tn_connection_entry *out)
{
	const struct tn_value *value = member->value;

	*out = (struct tn_connection_entry){
		.tenant = member->key,
		.mark = member->mark,
		.provider = tn_value_get_text(value, "provider"),
		.dialect = read_dialect(value),
		.audience = tn_value_get_text(value, "audience"),
		.client_id = tn_value_get_text(value, "clientId"),
		.client_secret = tn_load_secret_source(reader,
		    tn_value_get(value, "clientSecret")),
		.private_key = tn_load_secret_source(reader,
		    tn_value_get(value, "privateKey")),
		.algorithm = tn_value_get_text(value, "signingAlgorithm"),
		.token = tn_load_secret_source(reader, tn_value_get(value, "token")),
	};
	if (out->algorithm == NULL)
		out->algorithm = USUAL_ALGORITHM;
	read_domain(reader, tn_value_get(value, "domain"), out);
	read_secrets(reader, tn_value_get(value, "secrets"), out);
	out->placeholders = read_texts(reader, tn_value_get(value, "placeholders"),
	    &out->n_placeholders);
	out->rate_share = read_share(tn_value_get(value, "rate"));
}

static void
read_document(const struct tn_connections_reader *reader, const struct tn_value *root,
    struct tn_connections *connections)
{
	const struct tn_value *members = tn_value_get(root, "connections");
	size_t n = tn_value_is(members, TN_VALUE_OBJECT) ? members->count : 0;
	struct tn_connection_entry *entries = tn_arena_array(reader->arena, n,
	    struct tn_connection_entry);

	for (size_t i = 0; i < n; i++)
		read_entry(reader, &members->as.members[i], &entries[i]);
	connections->entries = entries;
	connections->n_entries = n;
}

/* That the built-in schema compiles is a step of the build. */
static int
validate(const struct tn_connections_reader *reader, struct tn_value *root)
{
	const struct tn_schema *schema;
	int r = tn_schemas_get(reader->schemas, "connections", &schema, NULL);

	assert(r == 0);
	if (tn_load_is_misplaced(root, false, reader->diags))
		return -TN_E_INPUT;
	return tn_schema_validate(schema, reader->arena, root, reader->diags);
}

int
tn_connections_read(const struct tn_connections_reader *reader, struct tn_value *root,
    struct tn_connections **out)
{
	TN_CLEANUP(tn_connections_freep)
	struct tn_connections *connections = tn_arena_new_object(reader->arena,
	    struct tn_connections);
	size_t errors = tn_diags_errors(reader->diags);
	int r;

	connections->arena = reader->arena;
	r = validate(reader, root);
	if (r < 0)
		return r;
	read_document(reader, root, connections);
	if (tn_diags_errors(reader->diags) > errors)
		return -TN_E_INPUT;
	*out = tn_take(connections);
	return 0;
}

int
tn_connections_load(const char *file, struct tn_span bytes, struct tn_schemas *schemas,
    struct tn_connections **out, struct tn_diags *diags)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	const struct tn_connections_reader reader = {
		.arena = arena,
		.schemas = schemas,
		.diags = diags,
		.directory = tn_load_directory_of(arena, file),
	};
	struct tn_value *root;
	int r = tn_yaml_parse(arena, file, bytes, &tn_yaml_limits_default, &root, diags);

	if (r < 0)
		return r;
	arena = NULL; /* it goes with what is read, or with the attempt */
	return tn_connections_read(&reader, root, out);
}

void
tn_connections_free(struct tn_connections *connections)
{
	if (connections != NULL)
		tn_arena_free(connections->arena);
}

const struct tn_connection_entry *
tn_connections_find(const struct tn_connections *connections, const char *tenant)
{
	for (size_t i = 0; i < connections->n_entries; i++) {
		const struct tn_connection_entry *entry = &connections->entries[i];

		if (entry->tenant == NULL || strcmp(entry->tenant, tenant) == 0)
			return entry;
	}
	return NULL;
}
