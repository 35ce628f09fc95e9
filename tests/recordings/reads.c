/*
 * The client beside recorded traffic of the real API: each recorded request is one that
 * an operation makes, to the path and with the body, and each recorded answer is read for
 * what stands in it. Prints TAP, a test for each file of tests/recordings/auth0.
 */
#include <glob.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "auth0/auth0.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/secret.h"
#include "http/message.h"
#include "json/json.h"
#include "recordings/recording.h"

#define FILES    "tests/recordings/auth0/*.jsonl"
#define MAX_FILE ((size_t)8 << 20)
#define API      "/api/v2"

#define ACTIONS  API "/actions/actions"
#define MODULES  API "/actions/modules"
#define BINDINGS API "/actions/triggers/*/bindings"

/* A star is one part of the path, of which the operation has the first two. */
static const struct route {
	const char *method, *path;
	enum tn_op_kind kind;
} routes[] = {
	{ "GET", ACTIONS, TN_OP_LIST_ACTIONS },
	{ "POST", ACTIONS, TN_OP_CREATE_ACTION },
	{ "GET", ACTIONS "/*", TN_OP_GET_ACTION },
	{ "PATCH", ACTIONS "/*", TN_OP_UPDATE_ACTION },
	{ "DELETE", ACTIONS "/*", TN_OP_DELETE_ACTION },
	{ "POST", ACTIONS "/*/deploy", TN_OP_DEPLOY_ACTION },
	{ "GET", ACTIONS "/*/versions", TN_OP_LIST_VERSIONS },
	{ "GET", API "/actions/executions/*", TN_OP_GET_EXECUTION },
	{ "GET", API "/actions/triggers", TN_OP_LIST_TRIGGERS },
	{ "GET", BINDINGS, TN_OP_GET_FLOW },
	{ "PATCH", BINDINGS, TN_OP_SET_FLOW },
	{ "POST", MODULES, TN_OP_CREATE_MODULE },
	{ "GET", MODULES "/*", TN_OP_GET_MODULE },
	{ "PATCH", MODULES "/*", TN_OP_UPDATE_MODULE },
	{ "DELETE", MODULES "/*", TN_OP_DELETE_MODULE },
	{ "GET", MODULES "/*/actions", TN_OP_LIST_MODULE_USERS },
	{ "GET", MODULES "/*/versions", TN_OP_LIST_MODULE_VERSIONS },
	{ "POST", MODULES "/*/versions", TN_OP_PUBLISH_MODULE },
	{ "GET", MODULES "/*/versions/*", TN_OP_GET_MODULE_VERSION },
};

/* One pair under way; everything in it lives as long as its arena. */
struct reading {
	const struct pair *pair;
	struct tn_arena *arena;
	struct tn_op op;
	struct tn_content content;
	struct tn_secret_value *values;
	const char *why; /* what is wrong; NULL: nothing so far */
};

static void wrong(struct reading *r, const char *format, ...) TN_PRINTF(2, 3);

static void
wrong(struct reading *r, const char *format, ...)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
	va_list args;

	if (r->why != NULL)
		return;
	va_start(args, format);
	tn_str_addv(&text, format, args);
	va_end(args);
	r->why = tn_arena_text(r->arena, tn_str_text(&text));
}

/* --- the operation that a recorded request is --- */

static bool
path_fits(struct reading *r, const char *template, const char *parts[2])
{
	const char *path = r->pair->path;
	size_t n = 0;

	for (; *template != '\0'; template ++) {
		size_t len = strcspn(path, "/");

		if (*template == '*') {
			if (len == 0 || n == 2)
				return false;
			parts[n++] = tn_arena_bytes(r->arena, path, len);
			path += len;
		} else if (*template != *path++) {
			return false;
		}
	}
	return *path == '\0';
}

static bool
find_op(struct reading *r)
{
	for (size_t i = 0; i < TN_ARRAY_LEN(routes); i++) {
		const char *parts[2] = { NULL, NULL };

		if (strcmp(routes[i].method, r->pair->method) != 0 ||
		    !path_fits(r, routes[i].path, parts))
			continue;
		r->op = (struct tn_op){ .kind = routes[i].kind,
			.id = parts[0],
			.version_id = parts[1],
			.trigger.id = parts[0] };
		return true;
	}
	return false;
}

static void
take_query(struct reading *r)
{
	const char *page = tn_value_get_text(r->pair->query, "page");

	if (page != NULL)
		r->op.page = (unsigned)strtoul(page, NULL, 10);
	r->op.filter.name = tn_value_get_text(r->pair->query, "actionName");
}

static void
take_bindings(struct reading *r)
{
	const struct tn_value *list = tn_value_get(r->pair->request, "bindings");
	size_t n = tn_value_count(list);
	struct tn_binding_ref *refs = tn_arena_array(r->arena, n, struct tn_binding_ref);

	for (size_t i = 0; i < n; i++) {
		const struct tn_value *item = tn_value_at(list, i);
		const struct tn_value *ref = tn_value_get(item, "ref");

		refs[i].kind = tn_text_equal(tn_value_get_text(ref, "type"), "action_id")
		    ? TN_REF_ACTION_ID
		    : TN_REF_ACTION_NAME;
		refs[i].value = tn_value_get_text(ref, "value");
		refs[i].display_name = tn_value_get_text(item, "display_name");
	}
	r->op.refs = refs;
	r->op.n_refs = n;
	if (n == 0)
		r->op.flow = tn_arena_new_object(r->arena, struct tn_flow);
}

static void
take_dependencies(struct reading *r)
{
	const struct tn_value *list = tn_value_get(r->pair->request, "dependencies");
	size_t n = tn_value_count(list);
	struct tn_dependency *to = tn_arena_array(r->arena, n, struct tn_dependency);

	for (size_t i = 0; i < n; i++)
		to[i] = (struct tn_dependency){
			.name = tn_value_get_text(tn_value_at(list, i), "name"),
			.version = tn_value_get_text(tn_value_at(list, i), "version"),
			.registry = tn_value_get_text(tn_value_at(list, i),
			    "registry_url"),
		};
	r->content.dependencies = to;
	r->content.n_dependencies = n;
}

static void
take_secrets(struct reading *r)
{
	const struct tn_value *list = tn_value_get(r->pair->request, "secrets");
	size_t n = tn_value_count(list);
	struct tn_secret_ref *refs = tn_arena_array(r->arena, n, struct tn_secret_ref);

	r->values = tn_arena_array(r->arena, n, struct tn_secret_value);
	for (size_t i = 0; i < n; i++) {
		const struct tn_value *item = tn_value_at(list, i);
		const char *value = tn_value_get_text(item, "value");

		refs[i].name = tn_value_get_text(item, "name");
		if (value == NULL)
			continue;
		r->values[r->op.n_values++] = (struct tn_secret_value){ refs[i].name,
			tn_secret_new(value, strlen(value)) };
	}
	r->content.secrets = refs;
	r->content.n_secrets = n;
	r->op.values = r->values;
	r->op.send_secrets = list != NULL;
}

static void
take_modules(struct reading *r)
{
	const struct tn_value *list = tn_value_get(r->pair->request, "modules");
	size_t n = tn_value_count(list);
	struct tn_module_ref *refs = tn_arena_array(r->arena, n, struct tn_module_ref);

	for (size_t i = 0; i < n; i++) {
		const struct tn_value *item = tn_value_at(list, i);

		refs[i].module_id = tn_value_get_text(item, "module_id");
		refs[i].version_id = tn_value_get_text(item, "module_version_id");
	}
	r->content.modules = refs;
	r->content.n_modules = n;
	r->op.send_modules = list != NULL;
}

static void
take_content(struct reading *r)
{
	const struct tn_value *body = r->pair->request;
	const struct tn_value *trigger =
	    tn_value_at(tn_value_get(body, "supported_triggers"), 0);

	r->op.name = tn_value_get_text(body, "name");
	r->op.trigger.id = tn_value_get_text(trigger, "id");
	r->op.trigger.version = tn_value_get_text(trigger, "version");
	r->op.deploy = tn_value_get_bool(body, "deploy",
	    tn_value_get_bool(body, "publish", false));
	r->content.code = tn_value_get_text(body, "code");
	r->content.runtime = tn_value_get_text(body, "runtime");
	r->op.left_out = (r->content.code == NULL ? TN_PART_CODE : 0) |
	    (r->content.runtime == NULL ? TN_PART_RUNTIME : 0) |
	    (tn_value_get(body, "dependencies") == NULL ? TN_PART_DEPENDENCIES : 0);
	take_dependencies(r);
	take_secrets(r);
	take_modules(r);
	r->op.content = &r->content;
}

static void
drop_values(struct reading *r)
{
	for (size_t i = 0; i < r->op.n_values; i++)
		tn_secret_unref((struct tn_secret *)(uintptr_t)r->values[i].value);
}

/* --- our request beside the recorded one --- */

/* Of each secret its name and value alone. */
static struct tn_value *
plain_secrets(struct reading *r, const struct tn_value *secrets)
{
	static const char *const keys[] = { "name", "value" };
	struct tn_value *out = tn_value_array(r->arena);

	for (size_t i = 0; i < tn_value_count(secrets); i++) {
		struct tn_value *item = tn_value_object(r->arena);

		for (size_t k = 0; k < TN_ARRAY_LEN(keys); k++)
			tn_value_set_text(r->arena, item, keys[k],
			    tn_value_get_text(tn_value_at(secrets, i), keys[k]));
		tn_value_push(r->arena, out, item);
	}
	return out;
}

static bool
says_nothing(const struct reading *r, const struct tn_member *member)
{
	bool none = tn_value_is(member->value, TN_VALUE_ARRAY) &&
	    member->value->count == 0;
	bool no = tn_value_is(member->value, TN_VALUE_BOOL) && !member->value->as.boolean;

	if (r->op.kind == TN_OP_UPDATE_MODULE)
		return none && strcmp(member->key, "dependencies") == 0;
	return strcmp(r->pair->method, "POST") == 0 &&
	    (none || no || tn_value_is(member->value, TN_VALUE_NULL));
}

static struct tn_value *
what_counts(struct reading *r, const struct tn_value *body)
{
	struct tn_value *out = tn_value_object(r->arena);

	for (size_t i = 0; i < tn_value_count(body); i++) {
		const struct tn_member *member = &body->as.members[i];

		if (strcmp(member->key, "secrets") == 0 && member->value->count > 0)
			tn_value_set(r->arena, out, member->key,
			    plain_secrets(r, member->value));
		else if (!says_nothing(r, member))
			tn_value_set(r->arena, out, member->key, member->value);
	}
	return out;
}

static void
compare_body(struct reading *r, const struct tn_http_request *req)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str theirs = TN_STR_INIT;
	struct tn_value *recorded = what_counts(r, r->pair->request);
	struct tn_value *ours = NULL;

	tn_http_assemble(&req->body, &text);
	if (text.len == 0 && tn_value_count(recorded) == 0)
		return;
	if (tn_json_parse(r->arena, tn_str_span(&text), NULL, &ours, NULL) < 0) {
		wrong(r, "our body is no JSON: %s", tn_str_text(&text));
		return;
	}
	tn_json_write(recorded, &theirs);
	if (!tn_value_equal(what_counts(r, ours), recorded))
		wrong(r, "our body is %s, and theirs %s", tn_str_text(&text),
		    tn_str_text(&theirs));
}

static void
compare_request(struct reading *r)
{
	static const struct tn_connection connection = { .tenant = "dev",
		.provider = "auth0",
		.base_url = "https://recorded.example" };
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	struct tn_http_request req = { 0 };
	const char *path;

	if (tn_auth0_provider.request(&connection, &r->op, &req, &err) < 0) {
		wrong(r, "no request: %s", err.message);
		return;
	}
	path = req.url + strlen(connection.base_url);
	if (strcmp(tn_http_method_name(req.method), r->pair->method) != 0 ||
	    strncmp(path, r->pair->path, strlen(r->pair->path)) != 0 ||
	    strcspn(path, "?") != strlen(r->pair->path))
		wrong(r, "we ask %s", req.url);
	compare_body(r, &req);
	tn_http_request_done(&req);
}

/* --- what was read beside what was answered --- */

static void
same_text(struct reading *r, const struct tn_value *object, const char *key,
    const char *got)
{
	const char *said = tn_value_get_text(object, key);

	if (said != NULL && !tn_text_equal(said, got))
		wrong(r, "%s is \"%s\", and was read as \"%s\"", key, said,
		    got == NULL ? "(nothing)" : got);
}

static void
same_count(struct reading *r, const struct tn_value *object, const char *key, size_t got)
{
	size_t said = tn_value_count(tn_value_get(object, key));

	if (said != got)
		wrong(r, "%s has %zu items, and %zu were read", key, said, got);
}

static void
same_content(struct reading *r, const struct tn_value *said,
    const struct tn_content *content)
{
	same_text(r, said, "code", content->code);
	same_text(r, said, "runtime", content->runtime);
	same_count(r, said, "dependencies", content->n_dependencies);
	same_count(r, said, "secrets", content->n_secrets);
	same_count(r, said, "modules", content->n_modules);
	for (size_t i = 0; i < content->n_secrets; i++) {
		const struct tn_value *item = tn_value_at(tn_value_get(said, "secrets"),
		    i);

		same_text(r, item, "name", content->secrets[i].name);
		same_text(r, item, "updated_at", content->secrets[i].updated_at);
	}
}

static void
same_version(struct reading *r, const struct tn_value *said,
    const struct tn_version *version)
{
	int64_t number;

	same_text(r, said, "id", version->id);
	same_text(r, said, "created_at", version->created_at);
	same_content(r, said, &version->content);
	if ((tn_value_to_int(tn_value_get(said, "number"), &number) ||
		tn_value_to_int(tn_value_get(said, "version_number"), &number)) &&
	    number != version->number)
		wrong(r, "a version has another number");
	if (tn_value_get(said, "deployed") != NULL &&
	    tn_value_get_bool(said, "deployed", false) != version->deployed)
		wrong(r, "a version is deployed or not");
}

static void
same_action(struct reading *r, const struct tn_value *said,
    const struct tn_live_action *action)
{
	const struct tn_value *live = tn_value_get(said, "deployed_version");

	same_text(r, said, "id", action->id);
	same_text(r, said, "name", action->name);
	same_text(r, said, "status", action->build_status);
	same_text(r, said, "created_at", action->created_at);
	same_text(r, said, "updated_at", action->updated_at);
	same_text(r, tn_value_at(tn_value_get(said, "supported_triggers"), 0), "id",
	    action->trigger.id);
	same_content(r, said, &action->draft);
	if ((live != NULL) != action->has_live)
		wrong(r, "something runs or not");
	if (action->has_live)
		same_version(r, live, &action->live);
}

static void
same_module(struct reading *r, const struct tn_value *said,
    const struct tn_live_module *module)
{
	const struct tn_value *latest = tn_value_get(said, "latest_version");

	same_text(r, said, "id", module->id);
	same_text(r, said, "name", module->name);
	same_content(r, said, &module->draft);
	if ((latest != NULL) != module->has_latest)
		wrong(r, "there is a newest version or not");
	if (module->has_latest)
		same_version(r, latest, &module->latest);
}

static void
same_flow(struct reading *r, const struct tn_value *said,
    const struct tn_op_result *result)
{
	const struct tn_value *list = tn_value_get(said, "bindings");

	same_count(r, said, "bindings", result->flow.n_bindings);
	for (size_t i = 0; i < result->flow.n_bindings; i++) {
		const struct tn_binding *binding = &result->flow.bindings[i];
		const struct tn_value *item = tn_value_at(list, i);
		const struct tn_value *action = tn_value_get(item, "action");

		same_text(r, item, "id", result->binding_ids[i]);
		same_text(r, item, "display_name", binding->display_name);
		same_text(r, action, "id", binding->action_id);
		same_text(r, action, "name", binding->action_name);
		if ((tn_value_get(action, "integration") != NULL) != binding->installed)
			wrong(r, "an action is of the marketplace or not");
	}
}

static void
same_triggers(struct reading *r, const struct tn_value *said,
    const struct tn_op_result *result)
{
	const struct tn_value *list = tn_value_get(said, "triggers");

	same_count(r, said, "triggers", result->n_triggers);
	for (size_t i = 0; i < result->n_triggers; i++) {
		const struct tn_trigger_info *info = &result->triggers[i];

		same_text(r, tn_value_at(list, i), "id", info->trigger.id);
		same_text(r, tn_value_at(list, i), "version", info->trigger.version);
		same_count(r, tn_value_at(list, i), "runtimes", info->n_runtimes);
	}
}

/* A list when it has the key, else one object. */
static void
same_items(struct reading *r, const struct tn_value *said,
    const struct tn_op_result *result)
{
	const struct tn_value *versions = tn_value_get(said, "versions");
	const struct tn_value *actions = tn_value_get(said, "actions");

	if (versions != NULL)
		same_count(r, said, "versions", result->n_versions);
	if (actions != NULL && result->users == NULL)
		same_count(r, said, "actions", result->n_actions);
	if (result->users != NULL)
		same_count(r, said, "actions", result->n_users);
	for (size_t i = 0; i < result->n_versions; i++)
		same_version(r, versions != NULL ? tn_value_at(versions, i) : said,
		    &result->versions[i]);
	for (size_t i = 0; i < result->n_actions; i++)
		same_action(r, actions != NULL ? tn_value_at(actions, i) : said,
		    &result->actions[i]);
	for (size_t i = 0; i < result->n_modules; i++)
		same_module(r, said, &result->modules[i]);
}

static void
compare_answer(struct reading *r)
{
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str body = TN_STR_INIT;
	struct tn_http_response resp = { .status = r->pair->status };
	struct tn_op_result result = { .arena = r->arena };

	if (r->pair->answer != NULL)
		tn_json_write(r->pair->answer, &body);
	resp.body = tn_str_span(&body);
	if (tn_auth0_provider.answer(&r->op, &resp, r->arena, &result, &err) < 0) {
		if (resp.status < 300 || err.kind != TN_E_NOT_FOUND)
			wrong(r, "answered %d: %s", resp.status, err.message);
		return;
	}
	if (resp.status > 299)
		wrong(r, "%d passes for a success", resp.status);
	if (result.more)
		wrong(r, "a list that was read to its end goes on");
	if (r->op.kind == TN_OP_GET_FLOW || r->op.kind == TN_OP_SET_FLOW)
		same_flow(r, r->pair->answer, &result);
	else if (r->op.kind == TN_OP_LIST_TRIGGERS)
		same_triggers(r, r->pair->answer, &result);
	else
		same_items(r, r->pair->answer, &result);
}

static bool
read_pair(const struct pair *pair, size_t number)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	struct reading r = { .pair = pair, .arena = arena };

	if (!find_op(&r)) {
		wrong(&r, "no operation makes this request");
	} else {
		take_query(&r);
		if (r.op.kind == TN_OP_SET_FLOW)
			take_bindings(&r);
		else if (pair->request != NULL)
			take_content(&r);
		compare_request(&r);
		compare_answer(&r);
	}
	drop_values(&r);
	if (r.why != NULL)
		printf("# pair %zu, %s %s: %s\n", number, pair->method, pair->path,
		    r.why);
	return r.why == NULL;
}

static bool
read_file(const char *path, size_t *n_out)
{
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
	struct recording recording = { 0 };
	bool good = tn_file_read(path, MAX_FILE, &text, &err) == 0 &&
	    recording_parse(tn_str_span(&text), &recording, &err) == 0 &&
	    recording.count > 0;

	for (size_t i = 0; i < recording.count; i++)
		good = read_pair(&recording.pairs[i], i) && good;
	*n_out = recording.count;
	if (tn_error_is_set(&err))
		printf("# %s\n", err.message);
	recording_done(&recording);
	return good;
}

int
main(void)
{
	glob_t files = { 0 };
	int status = 0;

	if (glob(FILES, 0, NULL, &files) != 0) {
		printf("Bail out! there are no recordings\n");
		return 1;
	}
	printf("1..%zu\n", files.gl_pathc);
	for (size_t i = 0; i < files.gl_pathc; i++) {
		size_t pairs;
		bool ok = read_file(files.gl_pathv[i], &pairs);

		printf("%s %zu - %s, %zu pairs\n", ok ? "ok" : "not ok", i + 1,
		    files.gl_pathv[i], pairs);
		if (!ok)
			status = 1;
	}
	globfree(&files);
	return status;
}
