/*
 * The process: opened once, reloaded on SIGHUP, stopped by SIGTERM or SIGINT.
 */
#ifndef TENOND_DAEMON_H
#define TENOND_DAEMON_H

#include "options.h"

/* Gives the exit status. */
int daemon_run(const struct options *options);

#endif
