/*
 * Where a daemon keeps what: each as tenond.yaml says, else in the directory that systemd
 * gives, else where tenon keeps it for its user.
 */
#ifndef TENOND_PLACES_H
#define TENOND_PLACES_H

#include "config/daemon.h"

struct places {
	char *state;
	char *cache;   /* NULL: there is no place, and only local repositories are read */
	char *control; /* NULL: there is no place, and nobody listens */
	char *kept;    /* what must outlive the process, beside the state */
	char *lock;    /* that no other daemon works with this state */
};

/* Makes their directories. TN_E_INPUT when there is no place for the state. */
int places_find(const struct tn_daemon *daemon, struct places *places,
    struct tn_error *err) TN_MUST_USE;
/* Whether settings that were read anew would move something. */
bool places_equal(const struct places *a, const struct places *b);
void places_done(struct places *places);

#endif
