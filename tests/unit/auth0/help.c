#include "help.h"

#include "base/mem.h"

const struct tn_connection help_connection = {
	.tenant = "dev",
	.provider = "auth0",
	.base_url = "https://acme.eu.auth0.com",
	.client_id = "k3J",
};

const struct tn_connection help_older = {
	.tenant = "dev",
	.provider = "auth0",
	.base_url = "https://acme.eu.auth0.com",
	.client_id = "k3J",
	.dialect = TN_DIALECT_OLDER,
};

char *
help_request_to(const struct tn_connection *connection, const struct tn_op *op)
{
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	struct tn_http_request req = { 0 };
	struct tn_str text = TN_STR_INIT;

	assert_int_equal(tn_auth0_provider.request(connection, op, &req, &err), 0);
	assert_false(tn_error_is_set(&err));
	tn_str_addf(&text, "%s %s\n", tn_http_method_name(req.method), req.url);
	tn_http_assemble(&req.body, &text);
	tn_http_request_done(&req);
	return tn_str_take(&text);
}

char *
help_request(const struct tn_op *op)
{
	return help_request_to(&help_connection, op);
}

enum tn_error_kind
help_request_error_to(const struct tn_connection *connection, const struct tn_op *op)
{
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	struct tn_http_request req = { 0 };
	int r = tn_auth0_provider.request(connection, op, &req, &err);

	assert_int_equal(r, -(int)err.kind);
	assert_null(req.arena);
	return err.kind;
}

enum tn_error_kind
help_request_error(const struct tn_op *op)
{
	return help_request_error_to(&help_connection, op);
}

struct tn_http_response
help_response(int status, const char *body)
{
	return (struct tn_http_response){ .status = status, .body = tn_span(body) };
}

void
help_answer(struct help_answer *answer, const struct tn_op *op, int status,
    const char *body)
{
	struct tn_http_response resp = help_response(status, body);

	*answer = (struct help_answer){ .arena = tn_arena_new() };
	answer->r = tn_auth0_provider.answer(op, &resp, answer->arena, &answer->result,
	    &answer->err);
	assert_int_equal(answer->r, -(int)answer->err.kind);
}

void
help_done(struct help_answer *answer)
{
	tn_error_done(&answer->err);
	tn_arena_free(answer->arena);
}
