/*
 * The operator's side: where the connections file and the state are.
 */
#ifndef TENON_CONNECT_H
#define TENON_CONNECT_H

#include "config/config.h"
#include "options.h"

/*
 * The connections: from the file that is named, else from the one at a usual place, which
 * must then be neither inside of the project nor another user's; else from variables.
 */
int connect_load(const struct options *options, struct tn_schemas *schemas,
    struct tn_connections **out, struct tn_diags *diags,
    struct tn_error *err) TN_MUST_USE;

/* The state file's path, with its directory made. *out is on the heap; NULL: there is to
 * be no state. */
int connect_state_path(const struct options *options, char **out,
    struct tn_error *err) TN_MUST_USE;

/* The directory that git fetches below; on the heap. NULL: the user has no place for it.
 */
char *connect_cache_path(void);

#endif
