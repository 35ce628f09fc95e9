/*
 * The daemon's HTTP side: metrics, health, and the webhooks of git hosts.
 *
 *   GET  /metrics         the text format of Prometheus
 *   GET  /healthz         200 as long as the loop turns
 *   GET  /readyz          200 when every sync was looked at, 503 before
 *   POST /webhooks/NAME   202 for a call that is theirs, which wakes syncs and does no
 * more
 *
 * A webhook's proof is checked before anything in it is parsed; what is not theirs gets a
 * 403 without a word. One address may keep open and ask for so much only.
 */
#ifndef TN_SERVE_DOOR_H
#define TN_SERVE_DOOR_H

#include "serve/serve.h"

struct tn_door;

struct tn_door_options {
	struct tn_loop *loop;
	const char *address;
	uint16_t port;          /* 0: a free one */
	struct tn_serve *serve; /* borrowed */
};

/* A webhook and its secret. */
struct tn_door_hook {
	const struct tn_webhook_entry *entry;
	const struct tn_secret
	    *secret; /* NULL: it has no value, and every call is refused */
};

/* What hooks points to is borrowed until others are set. */
struct tn_door *tn_door_open(const struct tn_door_options *options, struct tn_error *err);
void tn_door_hooks(struct tn_door *door, const struct tn_door_hook *hooks, size_t n);
void tn_door_close(struct tn_door *door);
TN_DEFINE_FREEP(tn_door, tn_door_close)
uint16_t tn_door_port(const struct tn_door *door);

#endif
