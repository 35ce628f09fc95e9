/*
 * What the operator has written: tenond.yaml and the connections that it names.
 */
#ifndef TENOND_SETTINGS_H
#define TENOND_SETTINGS_H

#include "options.h"
#include "serve/serve.h"

/*
 * Reads and checks both. On success *out is the caller's, or that of tn_serve_start or
 * tn_serve_reload. What is wrong is in err, or is an error in diags and err is unset.
 */
int settings_load(const struct options *options, struct tn_schemas *schemas,
    struct tn_settings *out, struct tn_diags *diags, struct tn_error *err) TN_MUST_USE;
void settings_done(struct tn_settings *settings);

#endif
