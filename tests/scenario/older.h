/* Tests are written in the current dialect, and played in the older one too. */
#ifndef TESTS_SCENARIO_OLDER_H
#define TESTS_SCENARIO_OLDER_H

#include "base/str.h"

/* Any text with paths in it, as calls and faults are told: those of actions, though not
 * of their versions, are shorter there. */
void older_text(const char *text, struct tn_str *out);

#endif
