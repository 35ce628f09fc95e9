/* Plays one scenario. */
#ifndef TESTS_SCENARIO_PLAY_H
#define TESTS_SCENARIO_PLAY_H

#include "script.h"

/* False when something was not as it says; what is printed. */
bool play(const struct script *script);

#endif
