/*
 * The daemon's own secrets: those of webhooks, and the addresses of notifications. Their
 * sources are asked in the loop, as programs may give them.
 */
#ifndef TENOND_KEYS_H
#define TENOND_KEYS_H

#include "run/run.h"
#include "serve/door.h"
#include "serve/notify.h"

struct keys;

/* done comes from the loop, once. daemon and what run points to are borrowed until it is
 * freed; findings go to diags. */
struct keys *keys_ask(const struct tn_daemon *daemon, const struct tn_run_options *run,
    struct tn_diags *diags, tn_loop_fn *done, void *arg);
void keys_free(struct keys *keys);
TN_DEFINE_FREEP(keys, keys_free)

/* In the order of the file; each as long as the keys. */
const struct tn_door_hook *keys_hooks(const struct keys *keys, size_t *n);
const struct tn_notify_target *keys_targets(const struct keys *keys, size_t *n);
/* The names of those that have no value, for people; empty: there is none. */
void keys_missing(const struct keys *keys, struct tn_str *out);

#endif
