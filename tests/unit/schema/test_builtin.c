/* The two schemas that users meet: what they take, what they say. */
#include "help.h"

#include <string.h>

#include "json/json.h"

static void
run(const char *name, const char *yaml, struct tn_str *findings, struct tn_str *json)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	TN_CLEANUP(tn_schemas_freep) struct tn_schemas *schemas = tn_schemas_new();
	const struct tn_schema *schema;
	struct tn_value *value = document(arena, yaml);

	if (tn_schemas_get(schemas, name, &schema, &err) < 0)
		fail_msg("%s: %s", name, err.message);
	validate(schema, arena, value, findings);
	tn_json_write(value, json);
}

static void
expect(const char *name, const char *yaml, const char *findings)
{
	TN_CLEANUP(tn_str_done) struct tn_str found = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str json = TN_STR_INIT;

	run(name, yaml, &found, &json);
	assert_string_equal(tn_str_text(&found), findings);
}

static void
a_schema_that_is_not_there_is_a_bug(void **state)
{
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	TN_CLEANUP(tn_schemas_freep) struct tn_schemas *schemas = tn_schemas_new();
	const struct tn_schema *schema = NULL;

	(void)state;
	assert_int_equal(tn_schemas_get(schemas, "nothing", &schema, &err), -TN_E_BUG);
	assert_null(schema);
	assert_int_equal(tn_schema_builtin_text("nothing").len, 0);
}

static void
a_schema_is_compiled_once(void **state)
{
	TN_CLEANUP(tn_schemas_freep) struct tn_schemas *schemas = tn_schemas_new();
	const struct tn_schema *first = NULL, *again = NULL, *other = NULL;

	(void)state;
	assert_int_equal(tn_schemas_get(schemas, "tenon", &first, NULL), 0);
	assert_int_equal(tn_schemas_get(schemas, "connections", &other, NULL), 0);
	assert_int_equal(tn_schemas_get(schemas, "tenon", &again, NULL), 0);
	assert_ptr_equal(first, again);
	assert_ptr_not_equal(first, other);
}

static void
the_text_of_a_schema_is_its_file(void **state)
{
	static const char *const names[] = { "tenon", "connections" };

	(void)state;
	for (size_t i = 0; i < TN_ARRAY_LEN(names); i++) {
		TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
		struct tn_span text = tn_schema_builtin_text(names[i]);
		struct tn_value *value;

		assert_int_equal(tn_json_parse(arena, text, NULL, &value, NULL), 0);
		assert_string_equal(tn_value_get_text(value, "$schema"),
		    "http://json-schema.org/draft-07/schema#");
		assert_int_equal(text.ptr[text.len - 1], '\n');
	}
}

/* Editors show descriptions; findings use titles. */
static void
check_properties(const struct tn_value *schema, const struct tn_value *definitions)
{
	const struct tn_value *properties = tn_value_get(schema, "properties");

	for (size_t i = 0; i < tn_value_count(properties); i++) {
		const struct tn_value *property = properties->as.members[i].value;
		const char *ref = tn_value_get_text(property, "$ref");
		const struct tn_value *target = property;

		if (ref != NULL)
			target = tn_value_get(definitions,
			    ref + strlen("#/definitions/"));
		if (tn_value_get_text(property, "description") == NULL &&
		    tn_value_get_text(target, "description") == NULL)
			fail_msg("no description: %s", properties->as.members[i].key);
		if (tn_value_get_text(target, "title") == NULL)
			fail_msg("no title: %s", properties->as.members[i].key);
	}
	for (size_t i = 0; schema->kind == TN_VALUE_OBJECT && i < schema->count; i++)
		check_properties(schema->as.members[i].value, definitions);
	for (size_t i = 0; schema->kind == TN_VALUE_ARRAY && i < schema->count; i++)
		check_properties(schema->as.items[i], definitions);
}

static void
every_property_has_a_title_and_a_description(void **state)
{
	static const char *const names[] = { "tenon", "connections" };

	(void)state;
	for (size_t i = 0; i < TN_ARRAY_LEN(names); i++) {
		TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
		struct tn_value *value;

		assert_int_equal(tn_json_parse(arena, tn_schema_builtin_text(names[i]),
				     NULL, &value, NULL),
		    0);
		check_properties(value, tn_value_get(value, "definitions"));
	}
}

/* --- tenon.yaml -------------------------------------------------------------------- */

static const char project[] = "tenon: 1\n"
			      "project: acme-login\n"
			      "tenants:\n"
			      "  dev:\n"
			      "  prod: {}\n"
			      "actions:\n"
			      "  enrich-token:\n"
			      "    trigger: post-login@v3\n"
			      "    code: actions/enrich.js\n"
			      "    runtime: node22\n"
			      "    dependencies:\n"
			      "      axios: 1.10\n"
			      "      \"@auth0/x\": {version: 2.0.0-rc.1+b, registry: "
			      "https://npm.acme.example/}\n"
			      "    secrets: [ENRICH_API_KEY, no]\n"
			      "  Audit log é: {trigger: post-login@v3}\n"
			      "bindings:\n"
			      "  post-login:\n"
			      "    - enrich-token\n"
			      "    - Audit log é: {displayName: Audit}\n"
			      "    - external: Acme Fraud\n"
			      "    - others\n"
			      "    - enrich-token: {}\n"
			      "  pre-user-registration: []\n";

static void
a_project_is_valid_and_its_scalars_stay_what_they_were(void **state)
{
	TN_CLEANUP(tn_str_done) struct tn_str found = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str json = TN_STR_INIT;

	(void)state;
	run("tenon", project, &found, &json);
	assert_string_equal(tn_str_text(&found), "");
	assert_string_equal(tn_str_text(&json),
	    "{\"tenon\":1,\"project\":\"acme-login\",\"tenants\":{\"dev\":null,\"prod\":{}},"
	    "\"actions\":{\"enrich-token\":{\"trigger\":\"post-login@v3\",\"code\":"
	    "\"actions/enrich.js\",\"runtime\":\"node22\",\"dependencies\":{\"axios\":\"1.10\","
	    "\"@auth0/x\":{\"version\":\"2.0.0-rc.1+b\",\"registry\":"
	    "\"https://npm.acme.example/\"}},\"secrets\":[\"ENRICH_API_KEY\",\"no\"]},"
	    "\"Audit log é\":{\"trigger\":\"post-login@v3\"}},\"bindings\":{\"post-login\":["
	    "\"enrich-token\",{\"Audit log é\":{\"displayName\":\"Audit\"}},{\"external\":"
	    "\"Acme Fraud\"},\"others\",{\"enrich-token\":{}}],\"pre-user-registration\":[]}}");
}

static void
the_least_project_is_valid(void **state)
{
	(void)state;
	expect("tenon", "{tenon: 1, project: a}", "");
}

#define PROJECT \
	" [expected a project name: lower-case letters, digits and \"-\", at most 63]\n"
#define TENANT                                                                            \
	" [expected a tenant name: lower-case letters, digits, \"-\" and \"_\", at most " \
	"63]\n"
#define HEAD   "tenon: 1\nproject: p\n"
#define ACTION HEAD "actions:\n  a:\n    trigger: post-login@v3\n"

static const struct {
	const char *yaml, *findings;
} projects[] = {
	{ "",
	    "1:1 wrong-type -: expected a mapping, found nothing [expected a tenon project]\n" },
	{ "{}",
	    "1:1 missing-key -: \"tenon\" is missing [expected the version of this format, "
	    "1]\n"
	    "1:1 missing-key -: \"project\" is missing" PROJECT },
	{ "tenon: 2\nproject: p\n",
	    "1:8 not-allowed tenon: this value is not allowed here [expected 1]\n" },
	{ "tenon: '1'\nproject: p\n",
	    "1:8 wrong-type tenon: expected an integer, found text in "
	    "quotes [write it without quotes]\n" },
	{ "tenon: 1.0\nproject: p\n",
	    "1:8 wrong-type tenon: expected an integer, found a number with a fraction [expected "
	    "the version of this format, 1]\n" },
	{ "tenon: 1\nproject: Acme\n",
	    "2:10 bad-format project: the text does not have the right form" PROJECT },
	{ "tenon: 1\nproject: -acme\n",
	    "2:10 bad-format project: the text does not have the right form" PROJECT },
	{ "tenon: 1\nproject: ''\n",
	    "2:10 bad-format project: the text does not have the right form" PROJECT },
	{ HEAD "acitons: {}\n",
	    "3:1 unknown-key acitons: unknown key \"acitons\" [did you mean \"actions\"?]\n" },
	{ HEAD "colour: red\n",
	    "3:1 unknown-key colour: unknown key \"colour\" [expected tenon, project, "
	    "include, tenants, actions, modules or bindings]\n" },
	{ HEAD "include: actions.yaml\n",
	    "3:10 wrong-type include: expected a list, found text [expected a list of file "
	    "names or patterns such as actions/*.yaml]\n" },
	{ HEAD "tenants: {Dev: , _x: , a.b: }\n",
	    "3:11 bad-format tenants.Dev: the name \"Dev\" does not have the right form" TENANT
	    "3:18 bad-format tenants._x: the name \"_x\" does not have the right form" TENANT
	    "3:24 bad-format tenants[\"a.b\"]: the name \"a.b\" does not have the right "
	    "form" TENANT },
	{ HEAD "tenants: {dev: {var: {}}}\n",
	    "3:17 unknown-key tenants.dev.var: unknown key \"var\" [did you mean "
	    "\"vars\"?]\n" },
	{ HEAD "tenants: {dev: {vars: {'1x': a, x: [a]}, delete: manged}}\n",
	    "3:24 bad-format tenants.dev.vars.1x: the name \"1x\" does not have the right "
	    "form [expected the name of a variable: letters, digits, \"_\" and \"-\", at "
	    "most 63]\n"
	    "3:36 wrong-type tenants.dev.vars.x: expected text, a number or true or false, "
	    "found a list [expected text of one line, at most 4096 characters]\n"
	    "3:50 not-allowed tenants.dev.delete: \"manged\" is not allowed here [did you "
	    "mean \"managed\"?]\n" },
	{ HEAD "tenants: [dev]\n",
	    "3:10 wrong-type tenants: expected a mapping, found a list [expected tenants by "
	    "name]\n" },
	{ HEAD "tenants: {dev: yes}\n",
	    "3:16 wrong-type tenants.dev: expected a mapping or nothing, found text [expected the "
	    "differences of this tenant, or nothing]\n" },
	{ HEAD "actions: {a: {}}\n",
	    "3:14 missing-key actions.a: \"trigger\" is missing [expected a trigger with its version, such as "
	    "post-login@v3]\n" },
	{ HEAD "actions: {a: }\n",
	    "3:14 wrong-type actions.a: expected a mapping, found nothing [expected an "
	    "action]\n" },
	{ HEAD "actions: {\"a\\tb\": {trigger: x@v1}, \"\": {trigger: x@v1}}\n",
	    "3:11 bad-format actions[\"a\\tb\"]: the name \"a\tb\" does not have the right form "
	    "[expected an action name of 1 to 255 characters without control characters]\n"
	    "3:36 too-short actions[\"\"]: the name \"\" is empty [expected an action name of 1 "
	    "to 255 characters without control characters]\n" },
	{ HEAD "actions: {a: {trigger: Post_Login}}\n",
	    "3:24 bad-format actions.a.trigger: the text does not have the right form [expected a "
	    "trigger with its version, such as post-login@v3]\n" },
	{ HEAD "actions: {a: {trigger: post-login@3}}\n",
	    "3:24 bad-format actions.a.trigger: the text does not have the right form [expected a "
	    "trigger with its version, such as post-login@v3]\n" },
	{ HEAD "actions: {a: {trigger: post-login@v0}}\n",
	    "3:24 bad-format actions.a.trigger: the text does not have the right form [expected a "
	    "trigger with its version, such as post-login@v3]\n" },
	{ ACTION "    runtme: node22\n",
	    "6:5 unknown-key actions.a.runtme: unknown key \"runtme\" [did you mean "
	    "\"runtime\"?]\n" },
	{ ACTION "    runtime: 22\n",
	    "6:14 bad-format actions.a.runtime: the text does not have the right form [expected a "
	    "runtime such as node22]\n" },
	{ ACTION "    code: ''\n",
	    "6:11 too-short actions.a.code: the text is empty [expected the path of a file, "
	    "relative to this one]\n" },
	{ ACTION "    code: |\n      exports.x = 1;\n",
	    "6:11 bad-format actions.a.code: the text does not have the right form [expected the "
	    "path of a file, relative to this one]\n" },
	{ ACTION "    dependencies: [axios]\n",
	    "6:19 wrong-type actions.a.dependencies: expected a mapping, found a list [expected "
	    "versions of at most 10 npm packages by name]\n" },
	{ ACTION "    dependencies: {axios: ^1.7.2, b c: 1}\n",
	    "6:27 bad-format actions.a.dependencies.axios: the text does not have the right form "
	    "[expected the version of an npm package such as 1.7.2]\n"
	    "6:35 bad-format actions.a.dependencies[\"b c\"]: the name \"b c\" does not have the "
	    "right form [expected the name of an npm package such as axios or @auth0/actions]\n" },
	{ ACTION "    dependencies: {axios: {registry: x}}\n",
	    "6:27 missing-key actions.a.dependencies.axios: \"version\" is missing [expected the "
	    "version of an npm package such as 1.7.2]\n"
	    "6:38 bad-format actions.a.dependencies.axios.registry: the text does not have the "
	    "right form [expected the URL of an npm registry]\n" },
	{ ACTION "    dependencies: {axios: [1]}\n",
	    "6:27 wrong-type actions.a.dependencies.axios: expected text or a mapping, found a "
	    "list [expected a version such as 1.7.2, or version and registry]\n" },
	{ ACTION "    secrets: {A: x}\n",
	    "6:14 wrong-type actions.a.secrets: expected a list, found a mapping [expected a list "
	    "of at most 30 names]\n" },
	{ ACTION "    secrets: [A, B, A]\n",
	    "6:21 duplicate-item actions.a.secrets: \"A\" is already there [it stands first at "
	    "line 6, column 15]\n" },
	{ HEAD "bindings: {post-login@v3: []}\n",
	    "3:12 bad-format bindings.post-login@v3: the name \"post-login@v3\" does not have the "
	    "right form [expected a trigger such as post-login, without version]\n" },
	{ HEAD "bindings: {post-login: a}\n",
	    "3:24 wrong-type bindings.post-login: expected a list, found text [expected a list of "
	    "actions in the order of execution]\n" },
	{ HEAD "bindings: {post-login: [{a: {}, b: {}}]}\n",
	    "3:33 too-many bindings.post-login[0]: there are 2 entries, at most 1 are allowed "
	    "[expected one member: NAME: {displayName: TEXT}, or external: NAME]\n" },
	{ HEAD
	    "bindings: {post-login: [{}, [a], {a: {displayname: x}}, {external: {}}]}\n",
	    "3:25 too-few bindings.post-login[0]: there are 0 entries, at least 1 are needed "
	    "[expected one member: NAME: {displayName: TEXT}, or external: NAME]\n"
	    "3:29 wrong-type bindings.post-login[1]: expected text or a mapping, found a list "
	    "[expected the name of an action, \"others\", or {NAME: {displayName: TEXT}}, or "
	    "{external: NAME}]\n"
	    "3:39 unknown-key bindings.post-login[2].a.displayname: unknown key \"displayname\" "
	    "[did you mean \"displayName\"?]\n"
	    "3:68 wrong-type bindings.post-login[3].external: expected text, found a mapping "
	    "[expected the name of an action that is not ours]\n" },
};

static void
what_is_wrong_with_a_project_is_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < TN_ARRAY_LEN(projects); i++)
		expect("tenon", projects[i].yaml, projects[i].findings);
}

/* So many members of a mapping or items of a list, below head. */
static void
build(struct tn_str *text, const char *head, const char *format, unsigned count)
{
	tn_str_clear(text);
	tn_str_add(text, head);
	for (unsigned i = 0; i < count; i++) {
		for (const char *p = format; *p != '\0'; p++) {
			if (*p == '#')
				tn_str_addf(text, "%u", i);
			else
				tn_str_add_char(text, *p);
		}
	}
}

static void
the_platforms_limits_are_kept_exactly(void **state)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

	(void)state;
	build(&text, ACTION "    dependencies:\n", "      p#: 1\n", 10);
	expect("tenon", tn_str_text(&text), "");
	build(&text, ACTION "    dependencies:\n", "      p#: 1\n", 11);
	expect("tenon", tn_str_text(&text),
	    "17:7 too-many actions.a.dependencies: there are 11 entries, at most 10 are allowed "
	    "[expected versions of at most 10 npm packages by name]\n");
	build(&text, ACTION "    secrets:\n", "      - S#\n", 30);
	expect("tenon", tn_str_text(&text), "");
	build(&text, ACTION "    secrets:\n", "      - S#\n", 31);
	expect("tenon", tn_str_text(&text),
	    "37:9 too-many actions.a.secrets: there are 31 items, at most 30 are allowed "
	    "[expected a list of at most 30 names]\n");
	build(&text, ACTION "    modules:\n", "      - m#\n", 3);
	expect("tenon", tn_str_text(&text), "");
	build(&text, ACTION "    modules:\n", "      - m#\n", 4);
	expect("tenon", tn_str_text(&text),
	    "10:9 too-many actions.a.modules: there are 4 items, at most 3 are allowed "
	    "[expected a list of at most 3 modules]\n");
}

static void
names_have_their_lengths(void **state)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

	(void)state;
	build(&text, "tenon: 1\nproject: ", "a", 63);
	expect("tenon", tn_str_text(&text), "");
	build(&text, "tenon: 1\nproject: ", "a", 64);
	expect("tenon", tn_str_text(&text),
	    "2:10 too-long project: the text has 64 characters, at most 63 are allowed" PROJECT);
	build(&text, HEAD "actions:\n  ? ", "é", 255);
	tn_str_add(&text, "\n  : {trigger: x@v1}\n");
	expect("tenon", tn_str_text(&text), "");
	build(&text, ACTION "    secrets:\n      - ", "é", 128);
	expect("tenon", tn_str_text(&text), "");
	build(&text, ACTION "    secrets:\n      - ", "é", 129);
	expect("tenon", tn_str_text(&text),
	    "7:9 too-long actions.a.secrets[0]: the text has 129 characters, at most 128 are "
	    "allowed [expected a secret name of 1 to 128 characters without control "
	    "characters]\n");
}

/* --- connections.yaml -------------------------------------------------------------- */

#define DEV    "connections:\n  dev:\n    provider: auth0\n    domain: acme.eu.auth0.com\n"
#define CLIENT "    clientId: k3J\n    clientSecret: {env: AUTH0_CLIENT_SECRET}\n"

static void
connections_are_valid(void **state)
{
	TN_CLEANUP(tn_str_done) struct tn_str found = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str json = TN_STR_INIT;

	(void)state;
	run("connections",
	    DEV CLIENT "    audience: https://acme.eu.auth0.com/api/v2/\n"
		       "    secrets:\n"
		       "      API_KEY: {env: DEV_API_KEY}\n"
		       "      other one: {file: /run/secrets/x y}\n"
		       "  local:\n"
		       "    provider: auth0\n"
		       "    domain: http://127.0.0.1:4010\n"
		       "    token: {file: token}\n",
	    &found, &json);
	assert_string_equal(tn_str_text(&found), "");
	assert_string_equal(tn_str_text(&json),
	    "{\"connections\":{\"dev\":{\"provider\":\"auth0\",\"domain\":\"acme.eu.auth0.com\","
	    "\"clientId\":\"k3J\",\"clientSecret\":{\"env\":\"AUTH0_CLIENT_SECRET\"},"
	    "\"audience\":\"https://acme.eu.auth0.com/api/v2/\",\"secrets\":{\"API_KEY\":"
	    "{\"env\":\"DEV_API_KEY\"},\"other one\":{\"file\":\"/run/secrets/x y\"}}},"
	    "\"local\":{\"provider\":\"auth0\",\"domain\":\"http://127.0.0.1:4010\",\"token\":"
	    "{\"file\":\"token\"}}}}");
}

#define SOURCE \
	" [expected {env: NAME}, {file: PATH} or {command: [PROGRAM, ARGUMENT…]}]\n"

static const struct {
	const char *yaml, *findings;
} connections[] = {
	{ "{}",
	    "1:1 missing-key -: \"connections\" is missing [expected connections by the name "
	    "of the tenant]\n" },
	{ DEV,
	    "3:5 missing-key connections.dev: one of these is missing: \"clientId\" and "
	    "\"clientSecret\", or \"clientId\" and \"privateKey\", or \"token\"\n" },
	{ DEV "    clientId: x\n",
	    "3:5 missing-key connections.dev: one of these is missing: \"clientSecret\", or "
	    "\"privateKey\"\n" },
	{ DEV CLIENT "    token: {env: T}\n",
	    "7:5 not-together connections.dev: \"clientId\" and \"token\" exclude each other "
	    "[remove one of them]\n" },
	{ "connections:\n  dev: {provider: okta, domain: d.example, token: {env: T}}\n",
	    "2:19 not-allowed connections.dev.provider: \"okta\" is not allowed here [expected "
	    "auth0]\n" },
	{ "connections:\n  dev: {domain: d.example, token: {env: T}}\n",
	    "2:8 missing-key connections.dev: \"provider\" is missing [expected auth0]\n" },
	{ "connections:\n  dev: {provider: auth0, domain: d.example, token: eyJhbGciOi}\n",
	    "2:52 wrong-type connections.dev.token: expected a mapping, found text" SOURCE },
	{ "connections:\n  dev: {provider: auth0, domain: d.example, token: {}}\n",
	    "2:52 missing-key connections.dev.token: one of these is missing: \"env\", or \"file\", or "
	    "\"command\"\n" },
	{ "connections:\n  dev: {provider: auth0, domain: d.example, token: {env: A, file: b}}\n",
	    "2:61 not-together connections.dev.token: \"env\" and \"file\" exclude each other "
	    "[remove one of them]\n" },
	{ "connections:\n  dev: {provider: auth0, domain: d.example, token: {evn: A}}\n",
	    "2:52 missing-key connections.dev.token: one of these is missing: \"env\", or \"file\", or "
	    "\"command\"\n"
	    "2:53 unknown-key connections.dev.token.evn: unknown key \"evn\" [did you mean "
	    "\"env\"?]\n" },
	{ "connections:\n  dev: {provider: auth0, domain: d.example, token: {env: a-b}}\n",
	    "2:58 bad-format connections.dev.token.env: the text does not have the right form "
	    "[expected the name of an environment variable]\n" },
	{ "connections:\n  dev: {provider: auth0, domain: d.example, token: {env: A}, "
	  "secrets: {X: s3cret, \"\": {env: A}}}\n",
	    "2:75 wrong-type connections.dev.secrets.X: expected a mapping, found text" SOURCE
	    "2:83 too-short connections.dev.secrets[\"\"]: the name \"\" is empty [expected a "
	    "secret name of 1 to 128 characters without control characters]\n" },
	{ "connections:\n  Dev: {provider: auth0, domain: d.example, token: {env: A}}\n",
	    "2:3 bad-format connections.Dev: the name \"Dev\" does not have the right form" TENANT },
};

static void
what_is_wrong_with_connections_is_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < TN_ARRAY_LEN(connections); i++)
		expect("connections", connections[i].yaml, connections[i].findings);
}

static const struct {
	const char *domain;
	bool good;
} domains[] = {
	{ "acme.eu.auth0.com", true },
	{ "login.acme-corp.example", true },
	{ "ACME.Auth0.com", true },
	{ "a.b", true },
	{ "127.0.0.1", true },
	{ "http://127.0.0.1:4010", true },
	{ "http://localhost:1", true },
	{ "http://[::1]:65535", true },
	{ "acme", false },
	{ "localhost", false },
	{ "https://acme.eu.auth0.com", false },
	{ "http://acme.eu.auth0.com", false },
	{ "http://127.0.0.1", false },
	{ "http://127.0.0.1:0", false },
	{ "http://127.0.0.1:4010/", false },
	{ "http://127.0.0.1.evil.example:80", false },
	{ "http://127.0.0.1:80@evil.example", false },
	{ "http://localhost.evil.example:80", false },
	{ "acme.eu.auth0.com/", false },
	{ "acme.eu.auth0.com/path", false },
	{ "acme.eu.auth0.com:443", false },
	{ "user@acme.eu.auth0.com", false },
	{ "acme..auth0.com", false },
	{ ".acme.com", false },
	{ "acme.com.", false },
	{ "-a.com", false },
	{ "a-.com", false },
	{ "acme auth0.com", false },
	{ "acme.com#x", false },
	{ "acme.com?x", false },
	{ "acme.com\\n", false },
	{ "äcme.com", false },
	{ "", false },
};

static void
a_domain_is_a_host_or_a_loopback_url(void **state)
{
	(void)state;
	for (size_t i = 0; i < TN_ARRAY_LEN(domains); i++) {
		TN_CLEANUP(tn_str_done) struct tn_str yaml = TN_STR_INIT;
		TN_CLEANUP(tn_str_done) struct tn_str found = TN_STR_INIT;
		TN_CLEANUP(tn_str_done) struct tn_str json = TN_STR_INIT;

		tn_str_addf(&yaml,
		    "connections: {a: {provider: auth0, token: {env: T}, domain: \"%s\"}}",
		    domains[i].domain);
		run("connections", tn_str_text(&yaml), &found, &json);
		if ((found.len == 0) != domains[i].good)
			fail_msg("%s: %s", domains[i].domain, tn_str_text(&found));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_schema_that_is_not_there_is_a_bug),
		cmocka_unit_test(a_schema_is_compiled_once),
		cmocka_unit_test(the_text_of_a_schema_is_its_file),
		cmocka_unit_test(every_property_has_a_title_and_a_description),
		cmocka_unit_test(a_project_is_valid_and_its_scalars_stay_what_they_were),
		cmocka_unit_test(the_least_project_is_valid),
		cmocka_unit_test(what_is_wrong_with_a_project_is_told),
		cmocka_unit_test(the_platforms_limits_are_kept_exactly),
		cmocka_unit_test(names_have_their_lengths),
		cmocka_unit_test(connections_are_valid),
		cmocka_unit_test(what_is_wrong_with_connections_is_told),
		cmocka_unit_test(a_domain_is_a_host_or_a_loopback_url),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
