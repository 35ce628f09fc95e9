/*
 * Notifications: what happens, told to an address by HTTP POST. A "webhook" gets
 * {"event", "sync", "tenant", "summary", "commit", "run", "text"}, Slack {"text"}.
 *
 * No redirect is followed, as the transport follows none. A message that cannot be
 * delivered is tried three times and then counted: syncs never wait for it. Of one
 * address not more than one message goes out in its time; what is left out is counted in
 * the next.
 */
#ifndef TN_SERVE_NOTIFY_H
#define TN_SERVE_NOTIFY_H

#include "http/transport.h"
#include "serve/serve.h"

struct tn_notify;

/* An address and its URL, which is a secret; NULL: it has no value, and is passed over.
 */
struct tn_notify_target {
	const struct tn_notify_entry *entry;
	const struct tn_secret *url;
};

/* transport is borrowed. */
struct tn_notify *tn_notify_new(struct tn_loop *loop, struct tn_transport *transport,
    const char *user_agent);
/* What targets points to is borrowed until others are set; what waited is dropped. */
void tn_notify_targets(struct tn_notify *notify, const struct tn_notify_target *targets,
    size_t n);
void tn_notify_tell(struct tn_notify *notify, const struct tn_serve_event *event);
/* Messages that were given up. */
uint64_t tn_notify_lost(const struct tn_notify *notify);
void tn_notify_free(struct tn_notify *notify);
TN_DEFINE_FREEP(tn_notify, tn_notify_free)

#endif
