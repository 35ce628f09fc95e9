/*
 * Names and versions of npm packages. Not for other rooms.
 */
#ifndef TN_LINT_NPM_H
#define TN_LINT_NPM_H

#include "base/defs.h"

/* One version and no range: "1.2.3", "2.0.0-rc.1", "1.0.0+build.7". */
bool tn_npm_version_exact(const char *version);
/* "axios", "@scope/name": characters that a registry takes. */
bool tn_npm_name_valid(const char *name);

#endif
