/*
 * A file in which the tenant is kept from run to run. It holds the tenant as it was after
 * the last change, whole, also after a kill; one process has it at a time.
 */
#ifndef TENON_SIM_KEEP_H
#define TENON_SIM_KEEP_H

#include "base/error.h"
#include "sim/sim.h"

struct keep;

/*
 * Loads the tenant from the file into sim, which is borrowed; no file is an empty tenant.
 * FILE.lock beside it keeps others out.
 */
int keep_open(const char *path, struct tn_sim *sim, struct keep **out,
    struct tn_error *err) TN_MUST_USE;
void keep_close(struct keep *keep);
/* Writes the tenant when it has changed since the last time. */
int keep_save(struct keep *keep, struct tn_error *err) TN_MUST_USE;

#endif
