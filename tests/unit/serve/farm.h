/*
 * A farm of tenants for a daemon: simulated tenants by the name of their connection, each
 * with an address of its own, a repository as a table of commits, and a daemon over them
 * in virtual time.
 */
#ifndef TESTS_UNIT_SERVE_FARM_H
#define TESTS_UNIT_SERVE_FARM_H

#include "serve/serve.h"
#include "sim/sim.h"
#include "sim/view.h"
#include "sqlite/memdisk.h"

#define FARM_TENANTS 4
#define FARM_COMMITS 64
#define FARM_EVENTS  64

struct farm_tenant {
	const char *name;
	struct tn_sim *sim;
	struct tn_transport *transport;
	uint64_t fault;  /* while nobody answers */
	uint64_t others; /* writes of other people */
};

struct farm_commit {
	char *id;   /* 40 hex digits */
	char *code; /* of the one action, or no JavaScript; NULL: no tenon.yaml either */
};

struct farm {
	struct tn_loop *loop;
	struct tn_memdisk *disk;
	struct tn_schemas *schemas;
	struct tn_transport *network;
	struct tn_origin *origin;
	struct farm_tenant tenants[FARM_TENANTS];
	size_t n_tenants;
	struct farm_commit commits[FARM_COMMITS];
	size_t n_commits;
	size_t head;      /* of the branch "main" */
	bool git_is_away; /* the server of it */
	bool deleted;     /* the branch */
	unsigned openings;
	char *kept;
	bool disk_full;  /* for what is kept */
	uint64_t starts; /* of the daemon */
	struct tn_serve *serve;
	bool stopped;
	char *events[FARM_EVENTS]; /* "NOTICE SYNC: SUMMARY" */
	size_t n_events;
	/* Whoever listens gets events in the place of the list above. */
	void (*listener)(void *arg, const struct tn_serve_event *event);
	void *listener_arg;
};

void farm_init(struct farm *farm);
void farm_done(struct farm *farm);
void farm_tenant(struct farm *farm, const char *name);
/* Nobody answers there, or somebody again. */
void farm_down(struct farm *farm, const char *name, bool down);
/* A new commit at the head of main, with one action of this code bound in each tenant. */
const char *farm_commit(struct farm *farm, const char *code);

/* Starts a daemon, with the `syncs:` of its file; ends the one that was. */
void farm_start(struct farm *farm, const char *syncs);
void farm_reload(struct farm *farm, const char *syncs);
void farm_end(struct farm *farm);
void farm_wait(struct farm *farm, int64_t ns);

/* What runs in the tenant's action, or "" when it has none. Borrowed until the next. */
const char *farm_runs(struct farm *farm, const char *tenant);
/* As another person: new code for the action, deployed. */
void farm_meddle(struct farm *farm, const char *tenant, const char *code);
/* The same, but false where a draft of ours is being built: theirs cannot go live then.
 */
bool farm_try_meddle(struct farm *farm, const char *tenant, const char *code);
struct tn_sync_view farm_view(struct farm *farm, const char *sync);
/* Writes that reached the tenant, without those of other people. */
uint64_t farm_writes(struct farm *farm, const char *tenant);
/* The event, from 0; "" when there was none. */
const char *farm_event(struct farm *farm, size_t i);

#endif
