/*
 * How a project comes to need a call of a given kind: what must be there, and what must
 * change then.
 */
#ifndef TESTS_SIM_AIM_H
#define TESTS_SIM_AIM_H

#include "spec.h"
#include "trouble.h"

/* To be applied first. */
void aim_before(struct spec *spec, enum trouble_row row, struct tn_rand *rand);
/* To be applied next; false: nothing has to be. */
bool aim_between(struct spec *spec, enum trouble_row row);
void aim_change(struct spec *spec, enum trouble_row row, struct tn_rand *rand);

#endif
