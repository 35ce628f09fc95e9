/*
 * The commands that a running tenond carries out: status, sync, suspend and resume. One
 * question over its socket, one answer.
 */
#ifndef TENON_CONTROL_H
#define TENON_CONTROL_H

#include "options.h"

/* Prints the answer and gives the exit status. */
int control_perform(const struct options *options);

#endif
