/* Plays one scenario. */
#ifndef TESTS_SCENARIO_PLAY_H
#define TESTS_SCENARIO_PLAY_H

#include "model/provider.h"
#include "script.h"

/*
 * False when something was not as it says; what is printed. Scripts speak the current
 * dialect: for the other one the paths in calls and faults are those of it.
 */
bool play(const struct script *script, enum tn_dialect dialect);

#endif
