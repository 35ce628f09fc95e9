#include "tenant.h"

#include <string.h>

#include "base/mem.h"
#include "base/time.h"
#include "json/json.h"

const char *
tenant_json(struct tenant *tenant, const char *text)
{
	size_t n = strlen(text);
	char *copy = tn_arena_alloc(tenant->arena, n + 1, 1);

	for (size_t i = 0; i < n; i++)
		copy[i] = text[i] == '\'' ? '"' : text[i];
	return copy;
}

int
tenant_raw(struct tenant *tenant, const struct tn_sim_request *req)
{
	struct tn_value *answer = NULL;

	tn_sim_reply_done(&tenant->reply);
	tenant->answer = NULL;
	tn_sim_call(tenant->sim, tenant->now, req, &tenant->reply);
	if (tenant->reply.body.len > 0 &&
	    tn_json_parse(tenant->arena, tn_str_span(&tenant->reply.body), NULL, &answer,
		NULL) == 0)
		tenant->answer = answer;
	return tenant->reply.status;
}

int
tenant_call(struct tenant *tenant, const char *method, const char *path, const char *body)
{
	size_t n = strcspn(path, "?");
	struct tn_sim_request req = {
		.method = method,
		.path = tn_arena_printf(tenant->arena, "/api/v2%.*s", (int)n, path),
		.query = path[n] == '?' ? path + n + 1 : NULL,
		.authorization = tenant->authorization,
		.content_type = "application/json",
	};

	if (body != NULL)
		req.body = tn_span(tenant_json(tenant, body));
	return tenant_raw(tenant, &req);
}

int
tenant_callf(struct tenant *tenant, const char *method, const char *body,
    const char *path_format, ...)
{
	struct tn_str path = TN_STR_INIT;
	va_list args;
	int status;

	va_start(args, path_format);
	tn_str_addv(&path, path_format, args);
	va_end(args);
	status = tenant_call(tenant, method, tn_str_text(&path), body);
	tn_str_done(&path);
	return status;
}

void
tenant_open(struct tenant *tenant, const struct tn_sim_options *options)
{
	static const char body[] =
	    "{\"grant_type\":\"client_credentials\",\"client_id\":\"tester\","
	    "\"client_secret\":\"of tests\",\"audience\":\"https://tenant.example/api/v2/\"}";
	struct tn_sim_request req = { .method = "POST",
		.path = "/oauth/token",
		.content_type = "application/json",
		.body = tn_span(body) };

	*tenant = (struct tenant){
		.sim = tn_sim_new(options),
		.arena = tn_arena_new(),
		.now = TENANT_START,
	};
	assert_int_equal(tenant_raw(tenant, &req), 200);
	tenant->authorization = tn_arena_printf(tenant->arena, "Bearer %s",
	    tenant_text(tenant, "access_token"));
	tn_sim_log_clear(tenant->sim);
}

void
tenant_close(struct tenant *tenant)
{
	tn_sim_reply_done(&tenant->reply);
	tn_sim_free(tenant->sim);
	tn_arena_free(tenant->arena);
}

void
tenant_wait(struct tenant *tenant, int64_t ms)
{
	tenant->now += ms * TN_MSEC;
}

/* --- the answer --- */

const struct tn_value *
tenant_at(const struct tenant *tenant, const char *path)
{
	const struct tn_value *value = tenant->answer;

	while (*path != '\0' && value != NULL) {
		size_t n = strcspn(path, ".[");

		if (*path == '[') {
			value = tn_value_at(value, (size_t)(path[1] - '0'));
			path += 3;
		} else {
			char *key = tn_strndup(path, n);

			value = tn_value_get(value, key);
			tn_free(key);
			path += n;
		}
		path += *path == '.';
	}
	return value;
}

const char *
tenant_text(const struct tenant *tenant, const char *path)
{
	return tn_value_text(tenant_at(tenant, path));
}

int64_t
tenant_int(const struct tenant *tenant, const char *path)
{
	int64_t number = -1;

	(void)tn_value_to_int(tenant_at(tenant, path), &number);
	return number;
}

size_t
tenant_size(const struct tenant *tenant, const char *path)
{
	return tn_value_count(tenant_at(tenant, path));
}

bool
tenant_true(const struct tenant *tenant, const char *path)
{
	const struct tn_value *value = tenant_at(tenant, path);

	assert_true(tn_value_is(value, TN_VALUE_BOOL));
	return value->as.boolean;
}

bool
tenant_has(const struct tenant *tenant, const char *path)
{
	return tenant_at(tenant, path) != NULL;
}

int64_t
tenant_time(const struct tenant *tenant, const char *path)
{
	const char *text = tenant_text(tenant, path);
	int64_t unix_ns = 0;

	assert_non_null(text);
	assert_true(tn_time_parse(text, &unix_ns));
	return unix_ns;
}

void
tenant_says(const struct tenant *tenant, const char *words)
{
	const char *message = tenant_text(tenant, "message");

	assert_non_null(message);
	if (strstr(message, words) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", message, words);
	assert_int_equal(tenant_int(tenant, "statusCode"), tenant->reply.status);
}

/* --- things to start from --- */

const char *
tenant_create(struct tenant *tenant, const char *name, const char *more)
{
	const char *body = tn_arena_printf(tenant->arena,
	    "{'name':'%s','supported_triggers':[{'id':'post-login','version':'v3'}],"
	    "'code':'// %s'%s}",
	    name, name, more);

	assert_int_equal(tenant_call(tenant, "POST", "/actions/actions", body), 201);
	return tenant_text(tenant, "id");
}

const char *
tenant_deploy(struct tenant *tenant, const char *id)
{
	const char *version;

	tenant_wait(tenant, 10000);
	assert_int_equal(tenant_callf(tenant, "POST", NULL, "/actions/actions/%s/deploy",
			     id),
	    200);
	version = tenant_text(tenant, "id");
	tenant_wait(tenant, 1000);
	return version;
}

const char *
tenant_live(struct tenant *tenant, const char *name)
{
	const char *id = tenant_create(tenant, name, "");

	tenant_deploy(tenant, id);
	return id;
}

uint64_t
tenant_fault(struct tenant *tenant, const char *json)
{
	struct tn_error err = TN_ERROR_INIT;
	uint64_t id = 0;

	if (tn_sim_fault_add_text(tenant->sim, tenant->now, tenant_json(tenant, json),
		&id, &err) < 0)
		fail_msg("%s", err.message);
	return id;
}
