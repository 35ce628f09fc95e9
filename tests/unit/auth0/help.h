/* What the tests of auth0 share: requests as text, answers from text. */
#ifndef TESTS_UNIT_AUTH0_HELP_H
#define TESTS_UNIT_AUTH0_HELP_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "auth0/auth0.h"
#include "http/message.h"

extern const struct tn_connection help_connection;
extern const struct tn_connection help_older; /* to a tenant of the older dialect */

/* A request of op as "METHOD URL\nBODY", secrets revealed; the caller frees it. */
char *help_request_to(const struct tn_connection *connection, const struct tn_op *op);
char *help_request(const struct tn_op *op);
/* The kind of error that building a request ends with. */
enum tn_error_kind help_request_error_to(const struct tn_connection *connection,
    const struct tn_op *op);
enum tn_error_kind help_request_error(const struct tn_op *op);

struct help_answer {
	struct tn_arena *arena;
	struct tn_op_result result;
	struct tn_error err;
	int r;
};

/* Ends with help_done. */
void help_answer(struct help_answer *answer, const struct tn_op *op, int status,
    const char *body);
void help_done(struct help_answer *answer);

/* A response with that body and no fields. */
struct tn_http_response help_response(int status, const char *body);

#endif
