/*
 * What the files of this room share: the functions behind tn_auth0_provider.
 */
#ifndef TN_AUTH0_WIRE_H
#define TN_AUTH0_WIRE_H

#include "http/message.h"
#include "model/provider.h"

#define TN_AUTH0_API "/api/v2"

/* Items that are asked for with one page; the platform's largest page is 100. */
#define TN_AUTH0_PAGE 100
/* The platform keeps 50 versions of an action. */
#define TN_AUTH0_PAGE_VERSIONS 50

extern const struct tn_op_traits tn_auth0_traits[TN_OP__COUNT];

int tn_auth0_request(const struct tn_connection *connection, const struct tn_op *op,
    struct tn_http_request *req, struct tn_error *err);
/* Fills body; an operation without a body leaves it empty, and nothing is sent. */
int tn_auth0_request_body(struct tn_arena *arena, const struct tn_op *op,
    struct tn_value *body, struct tn_error *err);
/* body.c: NULL when op has no value for that secret. */
const struct tn_secret *tn_auth0_value_of(const struct tn_op *op, const char *name);

/* module.c: bodies and answers of operations on modules, and the modules of an action. */
int tn_auth0_module_body(struct tn_arena *arena, const struct tn_op *op,
    struct tn_value *body, struct tn_error *err);
struct tn_value *tn_auth0_module_refs(struct tn_arena *arena,
    const struct tn_content *content);
int tn_auth0_answer_modules(const struct tn_value *root, struct tn_arena *arena,
    struct tn_op_result *out, struct tn_error *err);
int tn_auth0_answer_module(const struct tn_op *op, const struct tn_value *root,
    struct tn_arena *arena, struct tn_op_result *out, struct tn_error *err);
int tn_auth0_answer_module_users(const struct tn_value *root, struct tn_arena *arena,
    struct tn_op_result *out, struct tn_error *err);

/*
 * Of op only kind, page, filter, name, ids and trigger.id are looked at. Both dialects
 * are read.
 */
int tn_auth0_answer(const struct tn_op *op, const struct tn_http_response *resp,
    struct tn_arena *arena, struct tn_op_result *out, struct tn_error *err);

int tn_auth0_token_request(const struct tn_connection *connection,
    const struct tn_token_moment *moment, struct tn_http_request *req,
    struct tn_error *err);
int tn_auth0_token_answer(const struct tn_http_response *resp, struct tn_arena *arena,
    struct tn_token *out, struct tn_error *err);
void tn_auth0_token_rights(const struct tn_secret *token, struct tn_arena *arena,
    struct tn_token *out);

/* For an answer that is no success; always an error. */
int tn_auth0_error(const struct tn_op_traits *traits, const struct tn_http_response *resp,
    struct tn_error *err);
int tn_auth0_token_error(const struct tn_http_response *resp, struct tn_error *err);

/* The bindings of a trigger that has none of its own were refused so in 2024. */
bool tn_auth0_is_entity_bound(const struct tn_http_response *resp);
/* The tenant does not have what was asked for, as a whole. */
bool tn_auth0_is_feature_off(const struct tn_http_response *resp);

/* The body as a JSON object, or TN_E_PLATFORM. */
int tn_auth0_body(const struct tn_http_response *resp, struct tn_arena *arena,
    const struct tn_value **out, struct tn_error *err);

#endif
