/*
 * tenond.yaml, which is the operator's: the syncs that a daemon looks after, who may wake
 * it and who is told. Pure, like the rest of the room; paths stay as they were written.
 */
#ifndef TN_CONFIG_DAEMON_H
#define TN_CONFIG_DAEMON_H

#include "config/config.h"

enum tn_sync_mode {
	TN_SYNC_REPORT,  /* only says what differs */
	TN_SYNC_APPLY,   /* applies new commits */
	TN_SYNC_ENFORCE, /* also corrects what others changed */
};
/* "report", "apply", "enforce" */
const char *tn_sync_mode_name(enum tn_sync_mode mode);

struct tn_sync_entry {
	const char *name;
	struct tn_mark mark;
	const char *source; /* a URL, or a path that begins at the file's directory */
	const char *revision;
	const char *path;       /* NULL: the top */
	const char *connection; /* the tenant's name as well */
	enum tn_sync_mode mode;
	int64_t interval_ns, drift_ns;
	unsigned jitter; /* percent, 0 to 50 */
	bool suspend;
	const char *after; /* NULL, or a sync of the same source and revision; no circle
			    */
	unsigned corrections; /* steps in 24 hours */
};

enum tn_git_host { TN_HOST_GITHUB, TN_HOST_GITLAB, TN_HOST_GITEA };

struct tn_webhook_entry {
	const char *name;
	enum tn_git_host host;
	struct tn_secret_source secret;
};

/* What can be told, and counted. */
enum tn_notice {
	TN_NOTICE_APPLIED,
	TN_NOTICE_CORRECTED,
	TN_NOTICE_DRIFT,
	TN_NOTICE_TROUBLE,
	TN_NOTICE_RECOVERED,
	TN_NOTICE__COUNT
};
/* "applied", … */
const char *tn_notice_name(enum tn_notice notice);

struct tn_notify_entry {
	bool slack;
	struct tn_secret_source url;
	bool on[TN_NOTICE__COUNT];
	const char *text; /* with ${sync}, ${tenant}, ${event}, ${summary}, ${commit} and
			     ${run} alone */
	int64_t every_ns;
};

struct tn_daemon {
	struct tn_arena *arena;
	const char *directory;   /* of the file: "." or without a slash at its end */
	const char *connections; /* paths, as written; the last three may be NULL */
	const char *state, *cache, *control;
	const char *listen_address; /* NULL: nowhere */
	uint16_t listen_port;
	unsigned runs;
	const struct tn_webhook_entry *webhooks;
	size_t n_webhooks;
	const struct tn_notify_entry *notify;
	size_t n_notify;
	const struct tn_sync_entry *syncs; /* in the order written */
	size_t n_syncs;
};

/* file is the path that the bytes came from, as for tn_connections_load. */
int tn_daemon_load(const char *file, struct tn_span bytes, struct tn_schemas *schemas,
    struct tn_daemon **out, struct tn_diags *diags) TN_MUST_USE;
void tn_daemon_free(struct tn_daemon *daemon);
TN_DEFINE_FREEP(tn_daemon, tn_daemon_free)

/* NULL when there is none of that name. */
const struct tn_sync_entry *tn_daemon_sync(const struct tn_daemon *daemon,
    const char *name);
/* A path of the file, on the heap: one that is relative begins at its directory. */
char *tn_daemon_path(const struct tn_daemon *daemon, const char *path);

/* The fields of a notification's text, in the order of enum tn_notice_field. */
enum tn_notice_field {
	TN_FIELD_SYNC,
	TN_FIELD_TENANT,
	TN_FIELD_EVENT,
	TN_FIELD_SUMMARY,
	TN_FIELD_COMMIT,
	TN_FIELD_RUN,
	TN_FIELD__COUNT
};
/* Puts the values (NULL: nothing) into a text that was loaded. */
void tn_notice_expand(const char *text, const char *const values[TN_FIELD__COUNT],
    struct tn_str *out);

#endif
