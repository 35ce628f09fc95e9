/* What sources of both kinds are made with. Inside the room only. */
#ifndef TN_SOURCE_BUILD_H
#define TN_SOURCE_BUILD_H

#include "source/source.h"

/* Replaces the source's tree by the one below path, which may be NULL. */
int tn_source_enter(struct tn_source *source, const char *path,
    struct tn_error *err) TN_MUST_USE;
/* ref and path may be NULL. */
void tn_source_label(struct tn_source *source, const char *where, const char *ref,
    const char *path);

#endif
