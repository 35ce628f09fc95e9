/*
 * What the files about modules share: code that several actions use, with a draft and
 * published versions of its own.
 */
#ifndef TN_SIM_MODULES_H
#define TN_SIM_MODULES_H

#include "sim/core.h"

/* The module that the path names, or NULL after a refusal. */
struct tn_sim_module *tn_sim_module_find(struct tn_sim_ctx *ctx,
    const struct tn_sim_world *world);
const struct tn_sim_version *tn_sim_module_find_version(struct tn_sim_ctx *ctx,
    const struct tn_sim_module *module, const char *id);
/* By the draft or the live version of an action. version_id NULL: any version. */
bool tn_sim_module_is_used(const struct tn_sim_world *world, const char *module_id,
    const char *version_id, int64_t at);
/* Makes a version of the draft. */
const struct tn_sim_version *tn_sim_module_publish(struct tn_sim_ctx *ctx,
    struct tn_sim_module *module);

#endif
