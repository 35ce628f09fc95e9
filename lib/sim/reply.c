#include "sim/core.h"

#include "json/json.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void
tn_sim_reply_done(struct tn_sim_reply *reply)
{
	tn_str_done(&reply->body);
	*reply = (struct tn_sim_reply)TN_SIM_REPLY_INIT;
}

const char *
tn_sim_reply_field(const struct tn_sim_reply *reply, const char *name)
{
	for (size_t i = 0; i < reply->n_fields; i++)
		if (tn_text_equal(reply->fields[i].name, name))
			return reply->fields[i].value;
	return NULL;
}

void
tn_sim_reply_header(struct tn_sim_reply *reply, const char *name, const char *format, ...)
{
	struct tn_sim_field *field;
	va_list args;

	if (reply->n_fields == TN_SIM_MAX_FIELDS)
		return;
	field = &reply->fields[reply->n_fields++];
	field->name = name;
	va_start(args, format);
	(void)vsnprintf(field->value, sizeof field->value, format, args);
	va_end(args);
}

const char *
tn_sim_reason(int status)
{
	static const struct {
		int status;
		const char *reason;
	} reasons[] = {
		{ 400, "Bad Request" },
		{ 401, "Unauthorized" },
		{ 403, "Forbidden" },
		{ 404, "Not Found" },
		{ 408, "Request Timeout" },
		{ 409, "Conflict" },
		{ 412, "Precondition Failed" },
		{ 413, "Payload Too Large" },
		{ 415, "Unsupported Media Type" },
		{ 429, "Too Many Requests" },
		{ 500, "Internal Server Error" },
		{ 502, "Bad Gateway" },
		{ 503, "Service Unavailable" },
		{ 504, "Gateway Timeout" },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(reasons); i++)
		if (reasons[i].status == status)
			return reasons[i].reason;
	return "Error";
}

void
tn_sim_reply_json(struct tn_sim_reply *reply, int status, const struct tn_value *body)
{
	reply->status = status;
	reply->n_fields = 0;
	tn_sim_reply_header(reply, "content-type", "application/json; charset=utf-8");
	tn_str_clear(&reply->body);
	if (body != NULL)
		tn_json_write(body, &reply->body);
}

void
tn_sim_answer(struct tn_sim_ctx *ctx, int status, const struct tn_value *body)
{
	tn_sim_reply_json(ctx->reply, status, body);
}

void
tn_sim_answer_empty(struct tn_sim_ctx *ctx, int status)
{
	tn_sim_reply_json(ctx->reply, status, NULL);
}

/* "not_found" */
static const char *
older_reason(struct tn_arena *arena, int status)
{
	const char *reason = tn_sim_reason(status);
	size_t n = strlen(reason);
	char *text = tn_arena_alloc(arena, n + 1, 1);

	for (size_t i = 0; i < n; i++)
		text[i] = (char)(reason[i] == ' ' ? '_' : reason[i] | 0x20);
	return text;
}

bool
tn_sim_refuse(struct tn_sim_ctx *ctx, int status, const char *error_code,
    const char *format, ...)
{
	struct tn_value *body = tn_value_object(ctx->arena);
	struct tn_str message = TN_STR_INIT;
	va_list args;

	va_start(args, format);
	tn_str_addv(&message, format, args);
	va_end(args);
	tn_value_set_int(ctx->arena, body, "statusCode", status);
	tn_value_set_text(ctx->arena, body, "error",
	    ctx->sim->options.older ? older_reason(ctx->arena, status)
				    : tn_sim_reason(status));
	tn_value_set_text(ctx->arena, body, "message", tn_str_text(&message));
	tn_value_set_text(ctx->arena, body, "errorCode", error_code);
	tn_str_done(&message);
	tn_sim_answer(ctx, status, body);
	return false;
}

bool
tn_sim_refuse_missing(struct tn_sim_ctx *ctx)
{
	return tn_sim_refuse(ctx, 404, NULL, "That action does not exist.");
}

bool
tn_sim_refuse_feature(struct tn_sim_ctx *ctx)
{
	return tn_sim_refuse(ctx, 403, "feature_not_enabled",
	    "This feature is not enabled for this tenant.");
}
