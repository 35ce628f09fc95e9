/*
 * A daemon's syncs for programs: JSON, and the text format of Prometheus. Pure: the same
 * views give the same bytes.
 */
#ifndef TN_SERVE_SHOW_H
#define TN_SERVE_SHOW_H

#include "serve/serve.h"

/*
 * {"format_version": "1.0", "syncs": [{"name", "tenant", "mode", "state", "outcome",
 * "summary", "commit", "seen", "run", "looked_at", "good_at", "trouble_since",
 * "next_in_s"}]}; what is not known is left out. name NULL: all. False when there is no
 * such sync.
 */
bool tn_serve_status_json(const struct tn_serve *serve, const char *name,
    struct tn_str *out);
/* One line: {"time", "event", "sync", "tenant", "summary", "commit", "run"}. */
void tn_serve_event_json(const struct tn_serve_event *event, struct tn_str *out);
/* Text format 0.0.4. */
void tn_serve_metrics(const struct tn_serve *serve, struct tn_str *out);

#endif
