/*
 * What tenond says: events on standard output, one JSON object a line; what a person has
 * to mend on standard error.
 */
#ifndef TENOND_TELL_H
#define TENOND_TELL_H

#include "serve/serve.h"

/* Of syncs: redacted already. */
void tell_event(const struct tn_serve_event *event);

/* Of the daemon: {"time", "event", …}. Fields without a value are left out. */
struct told {
	const char
	    *event; /* "started", "reloaded", "reload-failed", "stopping", "stopped" */
	const char *listen, *control;
	const char *summary;
	size_t syncs; /* 0: not said */
};
void tell_daemon(struct tn_loop *loop, const struct told *told);

/* Findings, or the error that kept the settings from being read. */
void tell_trouble(const struct tn_diags *diags, const struct tn_error *err,
    const struct tn_redactor *redactor);

#endif
