/* Starting a program with nothing of ours, internal to base. */
#ifndef TN_BASE_SPAWN_H
#define TN_BASE_SPAWN_H

#include <sys/types.h>

#include "base/process.h"

/*
 * Starts the order's program with these descriptors as 0, 1 and 2, which must be above 2
 * themselves; -1 for the first is /dev/null. Returns when the program runs.
 */
int tn_spawn(const struct tn_process_order *order, const int fds[3], pid_t *pid_out,
    struct tn_error *err) TN_MUST_USE;

#endif
