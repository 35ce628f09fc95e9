/*
 * A command carried out: one run in a real loop, with the terminal's manners.
 */
#ifndef TENON_PERFORM_H
#define TENON_PERFORM_H

#include "options.h"

/* Prints what there is to print and gives the exit status. */
int perform(const struct options *options);

#endif
