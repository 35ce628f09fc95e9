/*
 * The daemon's body: any number of syncs in one loop, each a repository at a revision and
 * a tenant. A sync is asked for new commits in its interval, or when it is woken, and its
 * tenant is compared on a schedule; what is done then is one ordinary run.
 *
 *	RESTING → QUEUED → OPENING → RUNNING → RESTING
 *	RESTING ⇄ SUSPENDED
 *
 * Syncs do not wait for each other, but for a place among those that run, of which there
 * are a few: first come, first served. Whatever goes wrong with one of them is its own:
 *it is tried again, after pauses that grow. It is told once, and so is the recovery.
 *
 * Nothing here reads a clock, runs a program or opens a connection but through what it is
 * given, so that days of it play in virtual time.
 */
#ifndef TN_SERVE_SERVE_H
#define TN_SERVE_SERVE_H

#include "config/daemon.h"
#include "run/run.h"
#include "serve/origin.h"

struct tn_serve;

/* What is read anew on a reload; the daemon's from then on. */
struct tn_settings {
	struct tn_daemon *daemon;
	struct tn_connections *connections;
};

enum tn_sync_state {
	TN_SYNC_RESTING,
	TN_SYNC_QUEUED,  /* waits for a place */
	TN_SYNC_OPENING, /* the repository is asked */
	TN_SYNC_RUNNING,
	TN_SYNC_SUSPENDED,
	TN_SYNC_STATE__COUNT
};
/* "resting", … */
const char *tn_sync_state_name(enum tn_sync_state state);

/* How the last look at a sync ended. */
enum tn_sync_outcome {
	TN_SYNC_NEW,     /* there was none yet */
	TN_SYNC_EQUAL,   /* the tenant is as the files say */
	TN_SYNC_APPLIED, /* it was made so */
	TN_SYNC_CORRECTED,
	TN_SYNC_DRIFTED, /* it differs, and the sync only says so */
	TN_SYNC_WAITING, /* for the sync that goes before it */
	TN_SYNC_TROUBLE,
	TN_SYNC_OUTCOME__COUNT
};
/* "new", "equal", … */
const char *tn_sync_outcome_name(enum tn_sync_outcome outcome);

/* What is known of a sync, for whoever shows it. Borrowed until the loop goes on. */
struct tn_sync_view {
	const struct tn_sync_entry *entry;
	enum tn_sync_state state;
	enum tn_sync_outcome outcome;
	const char *summary;   /* of the outcome, one line, printable, without secrets */
	const char *commit;    /* the last one that was good here, or NULL */
	const char *seen;      /* the newest that was seen, or NULL */
	const char *run_id;    /* of the last run, or NULL */
	int64_t looked_unix;   /* when the last look ended; 0: never */
	int64_t good_unix;     /* when the last look ended without trouble; 0: never */
	int64_t trouble_since; /* unix; 0: there is none */
	int64_t next_ns;       /* until the next look; -1 when it does not rest */
	unsigned actions, flows; /* that differ, as far as the last comparison tells */
	int64_t converged_ns;    /* from seeing the last good commit to its being good */
};

/* What happened, as it is told. Texts are printable and redacted; borrowed. */
struct tn_serve_event {
	enum tn_notice notice;
	const struct tn_sync_entry *entry;
	const char *summary;
	const char *commit, *run_id; /* or NULL */
	int64_t unix_ns;
};

/* Of all syncs since the start, for metrics. */
struct tn_serve_counts {
	uint64_t looks[TN_SYNC_OUTCOME__COUNT];
	uint64_t runs, calls, writes, retries, limited;
	uint64_t wakes;
	uint64_t converged; /* new commits that became good, and how long that took */
	int64_t converging_ns;
	uint64_t kept_in_vain; /* what must outlive us could not be written down */
};

struct tn_serve_options {
	struct tn_loop *loop;
	struct tn_transport *transport;
	struct tn_origin *origin;
	struct tn_runner *runner; /* of commands that give secrets; may be NULL */
	struct tn_environment environment;
	struct tn_schemas *schemas;
	const char *state_path;
	struct tn_memdisk *disk; /* NULL: the machine's */
	const char *who;         /* for the history: "tenond@build7"; NULL: not known */
	uint64_t seed;
	const char *user_agent;
	/*
	 * What must outlive the process: one JSON text, see keep.c. Both may be NULL.
	 * write fails like a function of base/file.h.
	 */
	const char *kept;
	int (*keep)(void *arg, struct tn_span text, struct tn_error *err);
	/* May be NULL. */
	void (*event)(void *arg, const struct tn_serve_event *event);
	/* After tn_serve_stop, once, when nothing is under way any more. */
	void (*stopped)(void *arg);
	void *arg;
};

/* Begins with a look at every sync, spread over the first seconds. settings are taken
 * over. */
struct tn_serve *tn_serve_start(const struct tn_serve_options *options,
    const struct tn_settings *settings);
/*
 * Other settings from now on, which are taken over. Syncs that stay as they were go on
 * undisturbed and forget nothing; one that is under way ends with the settings that it
 * began with. The state's path does not change.
 */
void tn_serve_reload(struct tn_serve *serve, const struct tn_settings *settings);
/* Begins nothing new; applies under way finish their calls and put back. */
void tn_serve_stop(struct tn_serve *serve);
/* At any time; what is under way is left to the journal. */
void tn_serve_free(struct tn_serve *serve);
TN_DEFINE_FREEP(tn_serve, tn_serve_free)

/* The settings in force. */
const struct tn_daemon *tn_serve_daemon(const struct tn_serve *serve);

/* Looks at it as soon as there is a place; false when there is no such sync. */
bool tn_serve_wake(struct tn_serve *serve, const char *name);
/* As above, of every sync whose source ends with "/" and this path, ".git" aside. */
size_t tn_serve_wake_repository(struct tn_serve *serve, const char *path);
/*
 * Survives a restart; what is under way ends as usual. TN_E_NOT_FOUND when there is no
 * such sync. An error of `keep` says that it holds only until then.
 */
int tn_serve_suspend(struct tn_serve *serve, const char *name, bool suspend,
    struct tn_error *err) TN_MUST_USE;

size_t tn_serve_count(const struct tn_serve *serve);
/* In the order of the file. */
struct tn_sync_view tn_serve_view(const struct tn_serve *serve, size_t i);
struct tn_serve_counts tn_serve_counts(const struct tn_serve *serve);
/* False before the first look at each sync that does not rest. */
bool tn_serve_ready(const struct tn_serve *serve);

#endif
