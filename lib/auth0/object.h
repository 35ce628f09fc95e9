/*
 * The platform's objects as values of the model.
 *
 * What is absent or null is left at its default, unless nothing can be done without it;
 * what has the wrong type is TN_E_PLATFORM, as guessing could end in a write. Texts are
 * those of the tree that is read: it lives as long as the result.
 */
#ifndef TN_AUTH0_OBJECT_H
#define TN_AUTH0_OBJECT_H

#include "auth0/part.h"
#include "model/execution.h"
#include "model/tenant.h"

int tn_auth0_read_content(const struct tn_value *object, struct tn_arena *arena,
    struct tn_content *out, struct tn_error *err);

tn_auth0_item_fn tn_auth0_read_action;       /* struct tn_live_action */
tn_auth0_item_fn tn_auth0_read_version;      /* struct tn_version */
tn_auth0_item_fn tn_auth0_read_binding;      /* struct tn_binding */
tn_auth0_item_fn tn_auth0_read_binding_id;   /* const char *: of the same item */
tn_auth0_item_fn tn_auth0_read_trigger_info; /* struct tn_trigger_info */
tn_auth0_item_fn tn_auth0_read_execution;    /* struct tn_execution */
tn_auth0_item_fn tn_auth0_read_test;         /* struct tn_test_run */

/* module.c */
tn_auth0_item_fn tn_auth0_read_module_ref;     /* struct tn_module_ref */
tn_auth0_item_fn tn_auth0_read_module_version; /* struct tn_version */
tn_auth0_item_fn tn_auth0_read_module;         /* struct tn_live_module */

#endif
