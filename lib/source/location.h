/*
 * What a person wrote as --source: a path of this machine, or where git fetches from.
 * Pure. Inside the room only.
 */
#ifndef TN_SOURCE_LOCATION_H
#define TN_SOURCE_LOCATION_H

#include "base/error.h"
#include "base/str.h"

#define TN_LOCATION_MAX 2048

struct tn_location {
	bool remote;         /* false: a path */
	bool plain_http;     /* loopback only */
	const char *address; /* borrowed, as it was written */
};

/*
 * A path is what has neither "SCHEME://" nor "HOST:" before its first slash. Of the rest,
 * https://, ssh:// (and user@host:path), file:// and, to loopback, http:// are taken.
 * TN_E_INPUT with the cure for everything else: other transports (those of git that run
 * programs among them), user names and passwords in an https URL, a password in any, and
 * what a program could take for an option. No error holds what could be a password.
 */
int tn_location_parse(const char *text, struct tn_location *out,
    struct tn_error *err) TN_MUST_USE;

/*
 * Appends text from outside (a URL, or what git says) for people: printable, on one line,
 * and without what stands before an "@" in URLs, unless it is a user name of ssh.
 */
void tn_location_show(struct tn_span text, struct tn_str *out);

#endif
