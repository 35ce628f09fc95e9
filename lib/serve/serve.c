#include "serve/serve.h"

#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "remote/tokens.h"
#include "serve/machine.h"

/* The first looks come one after the other. */
#define SPREAD (5 * TN_MSEC)

/* --- Settings --- */

static struct tn_generation *
generation_new(const struct tn_settings *settings)
{
	struct tn_generation *generation = tn_new(struct tn_generation);

	generation->settings = *settings;
	generation->users = 1;
	return generation;
}

void
tn_generation_unuse(struct tn_generation *generation)
{
	if (generation == NULL || --generation->users > 0)
		return;
	tn_connections_free(generation->settings.connections);
	tn_daemon_free(generation->settings.daemon);
	tn_free(generation);
}

/* --- Syncs --- */

/* n when there is none of that name; NULL stands for one that was taken out. */
static size_t
index_of(struct tn_sync *const *syncs, size_t n, const char *name)
{
	size_t i = 0;

	while (i < n && (syncs[i] == NULL || !tn_text_equal(syncs[i]->entry->name, name)))
		i++;
	return i;
}

struct tn_sync *
tn_serve_find(const struct tn_serve *serve, const char *name)
{
	size_t i = index_of(serve->syncs, serve->n_named, name);

	return i < serve->n_named ? serve->syncs[i] : NULL;
}

static void
add(struct tn_serve *serve, struct tn_sync *sync)
{
	serve->syncs = tn_grow(serve->syncs, serve->n_syncs, &serve->cap_syncs,
	    sizeof(struct tn_sync *));
	serve->syncs[serve->n_syncs++] = sync;
}

static void
forget(struct tn_serve *serve, struct tn_sync *sync)
{
	size_t kept = 0;

	for (size_t i = 0; i < serve->n_syncs; i++)
		if (serve->syncs[i] != sync)
			serve->syncs[kept++] = serve->syncs[i];
	serve->n_syncs = kept;
	tn_sync_free(sync);
}

/* --- Places --- */

static void
fill_places(struct tn_serve *serve)
{
	unsigned places = serve->generation->settings.daemon->runs;

	while (
	    serve->running < places && serve->first_queued != NULL && !serve->stopping) {
		struct tn_sync *sync = serve->first_queued;

		tn_serve_unqueue(serve, sync);
		serve->running++;
		tn_sync_look(sync);
	}
}

void
tn_serve_queue(struct tn_serve *serve, struct tn_sync *sync)
{
	sync->next_queued = NULL;
	if (serve->last_queued == NULL)
		serve->first_queued = sync;
	else
		serve->last_queued->next_queued = sync;
	serve->last_queued = sync;
	fill_places(serve);
}

void
tn_serve_unqueue(struct tn_serve *serve, struct tn_sync *sync)
{
	struct tn_sync *before = NULL;

	for (struct tn_sync *at = serve->first_queued; at != sync; at = at->next_queued)
		before = at;
	if (before == NULL)
		serve->first_queued = sync->next_queued;
	else
		before->next_queued = sync->next_queued;
	if (serve->last_queued == sync)
		serve->last_queued = before;
}

static void
on_stopped(void *arg)
{
	struct tn_serve *serve = arg;

	if (serve->options.stopped != NULL)
		serve->options.stopped(serve->options.arg);
}

/* From the loop, as everything that comes back. */
static void
check_stopped(struct tn_serve *serve)
{
	if (serve->stopping && serve->running == 0)
		tn_timer_start(&serve->stop_timer, serve->options.loop, 0, on_stopped,
		    serve);
}

void
tn_serve_left(struct tn_serve *serve, struct tn_sync *sync)
{
	serve->running--;
	if (sync->leaving)
		forget(serve, sync);
	check_stopped(serve);
	fill_places(serve);
}

/* --- Life --- */

struct tn_serve *
tn_serve_start(const struct tn_serve_options *options, const struct tn_settings *settings)
{
	struct tn_serve *serve = tn_new(struct tn_serve);
	const struct tn_daemon *daemon = settings->daemon;

	serve->options = *options;
	serve->tokens = tn_tokens_new();
	tn_rand_init(&serve->rand, options->seed);
	serve->generation = generation_new(settings);
	for (size_t i = 0; i < daemon->n_syncs; i++)
		add(serve, tn_sync_new(serve, serve->generation, &daemon->syncs[i]));
	serve->n_named = serve->n_syncs;
	tn_keep_read(serve);
	for (size_t i = 0; i < serve->n_named; i++)
		tn_sync_start(serve->syncs[i], (int64_t)i * SPREAD);
	return serve;
}

/* Still the same thing: what it remembers is true of the new entry as well. */
static bool
is_same(const struct tn_sync_entry *a, const struct tn_sync_entry *b)
{
	return tn_text_equal(a->source, b->source) &&
	    tn_text_equal(a->revision, b->revision) && tn_text_equal(a->path, b->path) &&
	    tn_text_equal(a->connection, b->connection);
}

static struct tn_sync *
make_sync(struct tn_serve *serve, const struct tn_sync_entry *entry,
    struct tn_sync *before)
{
	struct tn_sync *sync;

	if (before != NULL && is_same(before->entry, entry)) {
		tn_sync_take_entry(before, serve->generation, entry);
		return before;
	}
	sync = tn_sync_new(serve, serve->generation, entry);
	sync->suspended = before != NULL && before->suspended;
	tn_sync_start(sync, 0);
	return sync;
}

static void
let_go(struct tn_serve *serve, struct tn_sync *sync)
{
	if (sync->state == TN_SYNC_QUEUED)
		tn_serve_unqueue(serve, sync);
	if (sync->attempt == NULL) {
		tn_sync_free(sync);
		return;
	}
	sync->leaving = true;
	add(serve, sync);
}

void
tn_serve_reload(struct tn_serve *serve, const struct tn_settings *settings)
{
	const struct tn_daemon *daemon = settings->daemon;
	TN_CLEANUP(tn_freep) struct tn_sync **before = serve->syncs;
	struct tn_generation *left = serve->generation;
	size_t n_named = serve->n_named, n_before = serve->n_syncs;

	serve->generation = generation_new(settings);
	serve->syncs = NULL;
	serve->n_syncs = serve->n_named = serve->cap_syncs = 0;
	for (size_t i = 0; i < daemon->n_syncs; i++) {
		size_t at = index_of(before, n_named, daemon->syncs[i].name);
		struct tn_sync *old = at < n_named ? before[at] : NULL;
		struct tn_sync *sync = make_sync(serve, &daemon->syncs[i], old);

		if (sync == old)
			before[at] = NULL;
		add(serve, sync);
	}
	serve->n_named = serve->n_syncs;
	for (size_t i = 0; i < n_before; i++)
		if (before[i] != NULL)
			let_go(serve, before[i]);
	tn_generation_unuse(left);
	fill_places(serve);
}

void
tn_serve_stop(struct tn_serve *serve)
{
	serve->stopping = true;
	for (size_t i = 0; i < serve->n_syncs; i++)
		tn_sync_stop(serve->syncs[i]);
	check_stopped(serve);
}

void
tn_serve_free(struct tn_serve *serve)
{
	if (serve == NULL)
		return;
	tn_timer_stop(&serve->stop_timer);
	for (size_t i = 0; i < serve->n_syncs; i++)
		tn_sync_free(serve->syncs[i]);
	tn_generation_unuse(serve->generation);
	tn_tokens_free(serve->tokens);
	tn_str_done(&serve->kept);
	tn_free(serve->syncs);
	tn_free(serve);
}

/* --- What others ask --- */

const struct tn_daemon *
tn_serve_daemon(const struct tn_serve *serve)
{
	return serve->generation->settings.daemon;
}

bool
tn_serve_wake(struct tn_serve *serve, const char *name)
{
	struct tn_sync *sync = tn_serve_find(serve, name);

	if (sync == NULL)
		return false;
	serve->counts.wakes++;
	tn_sync_wake(sync);
	return true;
}

/* "https://git.example/acme/login.git" and "git@git.example:acme/login" are "acme/login".
 */
static bool
is_repository(const char *source, const char *path)
{
	static const char extension[] = ".git";
	size_t len = strlen(source), wanted = strlen(path);

	while (len > 0 && source[len - 1] == '/')
		len--;
	if (tn_text_ends(source, extension))
		len -= sizeof(extension) - 1;
	if (wanted == 0 || len <= wanted)
		return false;
	return strncasecmp(source + len - wanted, path, wanted) == 0 &&
	    (source[len - wanted - 1] == '/' || source[len - wanted - 1] == ':');
}

size_t
tn_serve_wake_repository(struct tn_serve *serve, const char *path)
{
	size_t n = 0;

	for (size_t i = 0; i < serve->n_named; i++) {
		if (!is_repository(serve->syncs[i]->entry->source, path))
			continue;
		serve->counts.wakes++;
		tn_sync_wake(serve->syncs[i]);
		n++;
	}
	return n;
}

int
tn_serve_suspend(struct tn_serve *serve, const char *name, bool suspend,
    struct tn_error *err)
{
	struct tn_sync *sync = tn_serve_find(serve, name);

	if (sync == NULL)
		return tn_error_set(err, TN_E_NOT_FOUND, "there is no sync \"%s\"", name);
	tn_sync_set_suspended(sync, suspend);
	return tn_keep_write(serve, err);
}

size_t
tn_serve_count(const struct tn_serve *serve)
{
	return serve->n_named;
}

struct tn_sync_view
tn_serve_view(const struct tn_serve *serve, size_t i)
{
	const struct tn_sync *sync = serve->syncs[i];
	const struct tn_loop *loop = serve->options.loop;

	return (struct tn_sync_view){
		.entry = sync->entry,
		.state = sync->state,
		.outcome = sync->outcome,
		.summary = tn_str_text(&sync->summary),
		.commit = sync->good,
		.seen = sync->seen,
		.run_id = sync->run_id,
		.looked_unix = sync->looked_unix,
		.good_unix = sync->good_unix,
		.trouble_since = sync->trouble_since,
		.next_ns = tn_timer_active(&sync->timer)
		    ? sync->timer.due - tn_loop_now(loop)
		    : -1,
		.actions = sync->actions,
		.flows = sync->flows,
		.converged_ns = sync->converged_ns,
	};
}

struct tn_serve_counts
tn_serve_counts(const struct tn_serve *serve)
{
	return serve->counts;
}

bool
tn_serve_ready(const struct tn_serve *serve)
{
	for (size_t i = 0; i < serve->n_named; i++)
		if (serve->syncs[i]->looked_unix == 0 &&
		    serve->syncs[i]->state != TN_SYNC_SUSPENDED)
			return false;
	return true;
}
