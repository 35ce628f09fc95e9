/*
 * Internal to run: a secret value from a program. It is started without a shell in the
 * directory of the connections file, with an environment of PATH, HOME and the few others
 * that command.c lists, and what its source names besides. It has a minute, and what it
 * prints is kept as a secret.
 */
#ifndef TN_RUN_COMMAND_H
#define TN_RUN_COMMAND_H

#include "config/config.h"
#include "run/run.h"

struct tn_secret_command;

/* value, or NULL and err, which shows what it wrote to its standard error, but nothing of
 * its standard output. */
typedef void tn_secret_command_fn(void *arg, const struct tn_secret *value,
    const struct tn_error *err);

/* done comes from the loop, once, unless it is freed before. */
struct tn_secret_command *tn_secret_command_start(const struct tn_run_options *options,
    const struct tn_secret_source *source, tn_secret_command_fn *done, void *arg);
/* Kills what still runs. Accepts NULL, and may be called from done. */
void tn_secret_command_free(struct tn_secret_command *command);

#endif
