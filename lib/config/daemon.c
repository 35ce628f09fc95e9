#include "config/daemon.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/time.h"
#include "config/load.h"
#include "schema/schema.h"
#include "yaml/yaml.h"

#define USUAL_INTERVAL    "5m"
#define USUAL_DRIFT       "1h"
#define USUAL_PAUSE       "10s"
#define USUAL_JITTER      10u
#define USUAL_CORRECTIONS 20
#define USUAL_RUNS        8
#define USUAL_TEXT        "${sync}: ${summary}"
#define PORT_MAX          65535l

static const char *const mode_names[] = {
	[TN_SYNC_REPORT] = "report",
	[TN_SYNC_APPLY] = "apply",
	[TN_SYNC_ENFORCE] = "enforce",
};

static const char *const host_names[] = {
	[TN_HOST_GITHUB] = "github",
	[TN_HOST_GITLAB] = "gitlab",
	[TN_HOST_GITEA] = "gitea",
};

static const char *const notice_names[TN_NOTICE__COUNT] = {
	[TN_NOTICE_APPLIED] = "applied",
	[TN_NOTICE_CORRECTED] = "corrected",
	[TN_NOTICE_DRIFT] = "drift",
	[TN_NOTICE_TROUBLE] = "trouble",
	[TN_NOTICE_RECOVERED] = "recovered",
};

const char *
tn_sync_mode_name(enum tn_sync_mode mode)
{
	return mode_names[mode];
}

const char *
tn_notice_name(enum tn_notice notice)
{
	return notice_names[notice];
}

/* The place of a word that the schema has let through; the first for none. */
static size_t
index_of(const char *word, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (tn_text_equal(word, words[i]))
			return i;
	return 0;
}

static int64_t
read_duration(const struct tn_value *object, const char *key, const char *otherwise)
{
	const char *text = tn_value_get_text(object, key);
	int64_t ns = 0;

	if (!tn_duration_parse(text, &ns))
		tn_duration_parse(otherwise, &ns);
	return ns;
}

static unsigned
read_number(const struct tn_value *object, const char *key, unsigned otherwise)
{
	int64_t number;

	return tn_value_to_int(tn_value_get(object, key), &number) ? (unsigned)number
								   : otherwise;
}

/* "10%" */
static unsigned
read_jitter(const struct tn_value *sync)
{
	const char *text = tn_value_get_text(sync, "jitter");

	return text == NULL ? USUAL_JITTER : (unsigned)strtoul(text, NULL, 10);
}

static void
read_sync(const struct tn_member *member, struct tn_sync_entry *out)
{
	const struct tn_value *value = member->value;

	*out = (struct tn_sync_entry){
		.name = member->key,
		.mark = member->mark,
		.source = tn_value_get_text(value, "source"),
		.revision = tn_value_get_text(value, "revision"),
		.path = tn_value_get_text(value, "path"),
		.connection = tn_value_get_text(value, "connection"),
		.mode = (enum tn_sync_mode)index_of(tn_value_get_text(value, "mode"),
		    mode_names, TN_ARRAY_LEN(mode_names)),
		.interval_ns = read_duration(value, "interval", USUAL_INTERVAL),
		.drift_ns = read_duration(value, "drift", USUAL_DRIFT),
		.jitter = read_jitter(value),
		.suspend = tn_value_get_bool(value, "suspend", false),
		.after = tn_value_get_text(value, "after"),
		.corrections = read_number(value, "corrections", USUAL_CORRECTIONS),
	};
}

static void
read_webhook(const struct tn_connections_reader *reader, const struct tn_member *member,
    struct tn_webhook_entry *out)
{
	out->name = member->key;
	out->host = (enum tn_git_host)index_of(tn_value_get_text(member->value, "host"),
	    host_names, TN_ARRAY_LEN(host_names));
	out->secret = tn_load_secret_source(reader,
	    tn_value_get(member->value, "secret"));
}

static void
read_occasions(const struct tn_value *list, bool on[TN_NOTICE__COUNT])
{
	for (size_t i = 0; i < TN_NOTICE__COUNT; i++)
		on[i] = list == NULL;
	for (size_t i = 0; i < tn_value_count(list); i++)
		on[index_of(tn_value_text(tn_value_at(list, i)), notice_names,
		    TN_NOTICE__COUNT)] = true;
}

static void
read_notification(const struct tn_connections_reader *reader,
    const struct tn_value *value, struct tn_notify_entry *out)
{
	out->slack = tn_text_equal(tn_value_get_text(value, "kind"), "slack");
	out->url = tn_load_secret_source(reader, tn_value_get(value, "url"));
	read_occasions(tn_value_get(value, "on"), out->on);
	out->text = tn_value_get_text(value, "text");
	if (out->text == NULL)
		out->text = USUAL_TEXT;
	out->every_ns = read_duration(value, "every", USUAL_PAUSE);
}

/* --- Texts of notifications --- */

static const char *const field_names[TN_FIELD__COUNT] = {
	[TN_FIELD_SYNC] = "sync",
	[TN_FIELD_TENANT] = "tenant",
	[TN_FIELD_EVENT] = "event",
	[TN_FIELD_SUMMARY] = "summary",
	[TN_FIELD_COMMIT] = "commit",
	[TN_FIELD_RUN] = "run",
};

/*
 * The next ${…} of a text: where it begins, its name, and what is behind it; false when
 * there is none.
 */
static bool
next_field(const char *text, const char **begin, struct tn_span *name, const char **rest)
{
	const char *end;

	*begin = strstr(text, "${");
	end = *begin == NULL ? NULL : strchr(*begin, '}');
	if (end == NULL)
		return false;
	*name = tn_span_of(*begin + 2, (size_t)(end - *begin) - 2);
	*rest = end + 1;
	return true;
}

static size_t
find_field(struct tn_span name)
{
	size_t i = 0;

	while (i < TN_FIELD__COUNT && !tn_span_is(name, field_names[i]))
		i++;
	return i;
}

static void
refuse_field(const struct tn_connections_reader *reader, struct tn_mark mark,
    struct tn_span name)
{
	TN_CLEANUP(tn_freep) char *word = tn_span_dup(name);
	const char *near = tn_text_nearest(word, field_names, TN_FIELD__COUNT);
	struct tn_diag *diag = tn_diags_error(reader->diags, "unknown-field", mark,
	    "a notification has no field \"%s\"", word);

	if (near != NULL)
		tn_diags_hint(reader->diags, diag, "did you mean ${%s}?", near);
	else
		tn_diags_hint(reader->diags, diag,
		    "there are ${sync}, ${tenant}, ${event}, ${summary}, ${commit} and "
		    "${run}");
}

static void
check_text(const struct tn_connections_reader *reader, const struct tn_value *value)
{
	const struct tn_value *text = tn_value_get(value, "text");
	const char *at = tn_value_text(text), *begin, *rest;
	struct tn_span name;

	for (; at != NULL && next_field(at, &begin, &name, &rest); at = rest)
		if (find_field(name) == TN_FIELD__COUNT)
			refuse_field(reader, text->mark, name);
}

void
tn_notice_expand(const char *text, const char *const values[TN_FIELD__COUNT],
    struct tn_str *out)
{
	const char *begin, *rest;
	struct tn_span name;

	for (; next_field(text, &begin, &name, &rest); text = rest) {
		size_t field = find_field(name);

		tn_str_add_bytes(out, text, (size_t)(begin - text));
		if (field < TN_FIELD__COUNT)
			tn_str_add(out, values[field]);
	}
	tn_str_add(out, text);
}

/* --- What syncs say of each other --- */

static void
refuse_after(const struct tn_connections_reader *reader, const struct tn_sync_entry *sync,
    const char *code, const char *what, const char *cure)
{
	struct tn_diag *diag = tn_diags_error(reader->diags, code, sync->mark,
	    "after: %s %s", sync->after, what);

	tn_diags_resource(reader->diags, diag, "sync/%s", sync->name);
	tn_diags_hint(reader->diags, diag, "%s", cure);
}

static void
refuse_unknown(const struct tn_connections_reader *reader, const struct tn_daemon *daemon,
    const struct tn_sync_entry *sync)
{
	TN_CLEANUP(tn_freep)
	const char **names = tn_alloc(daemon->n_syncs, sizeof(*names));
	TN_CLEANUP(tn_str_done) struct tn_str cure = TN_STR_INIT;
	const char *near;

	for (size_t i = 0; i < daemon->n_syncs; i++)
		names[i] = daemon->syncs[i].name;
	near = tn_text_nearest(sync->after, names, daemon->n_syncs);
	if (near != NULL)
		tn_str_addf(&cure, "did you mean \"%s\"?", near);
	else
		tn_str_add(&cure, "name another sync of this file");
	refuse_after(reader, sync, "unknown-sync", "is no sync of this file",
	    tn_str_text(&cure));
}

/* Whether following `after` comes back to the sync. */
static bool
is_circle(const struct tn_daemon *daemon, const struct tn_sync_entry *sync)
{
	const struct tn_sync_entry *at = sync;

	for (size_t i = 0; i <= daemon->n_syncs && at != NULL && at->after != NULL; i++) {
		at = tn_daemon_sync(daemon, at->after);
		if (at == sync)
			return true;
	}
	return false;
}

static void
check_after(const struct tn_connections_reader *reader, const struct tn_daemon *daemon,
    const struct tn_sync_entry *sync)
{
	const struct tn_sync_entry *first;

	if (sync->after == NULL)
		return;
	first = tn_daemon_sync(daemon, sync->after);
	if (first == NULL)
		refuse_unknown(reader, daemon, sync);
	else if (is_circle(daemon, sync))
		refuse_after(reader, sync, "sync-circle", "waits for this one in turn",
		    "each sync of a chain waits for the one before it, and the first for none");
	else if (!tn_text_equal(first->source, sync->source) ||
	    !tn_text_equal(first->revision, sync->revision))
		refuse_after(reader, sync, "sync-elsewhere",
		    "has another source or revision",
		    "both follow the same commits: give both the same source and revision");
	else if (first->mode == TN_SYNC_REPORT)
		refuse_after(reader, sync, "sync-elsewhere",
		    "only reports, so that nothing is ever applied there",
		    "give it mode: apply or mode: enforce");
}

/* "127.0.0.1:9464" or "[::1]:9464", of which the schema has seen the form. */
static void
read_listen(const struct tn_connections_reader *reader, const struct tn_value *listen,
    struct tn_daemon *daemon)
{
	const char *text = tn_value_text(listen), *colon;
	struct tn_diag *diag;
	long port;

	if (text == NULL)
		return;
	colon = strrchr(text, ':');
	port = strtol(colon + 1, NULL, 10);
	daemon->listen_address = text[0] == '['
	    ? tn_arena_bytes(reader->arena, text + 1, (size_t)(colon - text) - 2)
	    : tn_arena_bytes(reader->arena, text, (size_t)(colon - text));
	daemon->listen_port = (uint16_t)port;
	if (port <= PORT_MAX)
		return;
	diag = tn_diags_error(reader->diags, "out-of-range", listen->mark,
	    "there is no port %ld", port);
	tn_diags_hint(reader->diags, diag,
	    "a port is a number up to %ld; 0 takes a free one", PORT_MAX);
}

/* --- The document --- */

static void
read_lists(const struct tn_connections_reader *reader, const struct tn_value *root,
    struct tn_daemon *daemon)
{
	const struct tn_value *syncs = tn_value_get(root, "syncs");
	const struct tn_value *webhooks = tn_value_get(root, "webhooks");
	const struct tn_value *notify = tn_value_get(root, "notify");
	struct tn_webhook_entry *hooks;
	struct tn_notify_entry *told;
	struct tn_sync_entry *entries;

	daemon->n_webhooks = tn_value_count(webhooks);
	daemon->n_notify = tn_value_count(notify);
	daemon->n_syncs = tn_value_count(syncs);
	hooks = tn_arena_array(reader->arena, daemon->n_webhooks,
	    struct tn_webhook_entry);
	told = tn_arena_array(reader->arena, daemon->n_notify, struct tn_notify_entry);
	entries = tn_arena_array(reader->arena, daemon->n_syncs, struct tn_sync_entry);
	for (size_t i = 0; i < daemon->n_webhooks; i++)
		read_webhook(reader, &webhooks->as.members[i], &hooks[i]);
	for (size_t i = 0; i < daemon->n_notify; i++) {
		check_text(reader, tn_value_at(notify, i));
		read_notification(reader, tn_value_at(notify, i), &told[i]);
	}
	for (size_t i = 0; i < daemon->n_syncs; i++)
		read_sync(&syncs->as.members[i], &entries[i]);
	daemon->webhooks = hooks;
	daemon->notify = told;
	daemon->syncs = entries;
	for (size_t i = 0; i < daemon->n_syncs; i++)
		check_after(reader, daemon, &entries[i]);
}

static int
read_document(const struct tn_connections_reader *reader, struct tn_value *root,
    struct tn_daemon *daemon)
{
	size_t errors = tn_diags_errors(reader->diags);
	const struct tn_schema *schema;
	int r = tn_schemas_get(reader->schemas, "tenond", &schema, NULL);

	assert(r == 0);
	r = tn_schema_validate(schema, reader->arena, root, reader->diags);
	if (r < 0)
		return r;
	daemon->directory = reader->directory;
	daemon->connections = tn_value_get_text(root, "connections");
	daemon->state = tn_value_get_text(root, "state");
	daemon->cache = tn_value_get_text(root, "cache");
	daemon->control = tn_value_get_text(root, "control");
	daemon->runs = read_number(root, "runs", USUAL_RUNS);
	read_listen(reader, tn_value_get(root, "listen"), daemon);
	read_lists(reader, root, daemon);
	return tn_diags_errors(reader->diags) > errors ? -TN_E_INPUT : 0;
}

int
tn_daemon_load(const char *file, struct tn_span bytes, struct tn_schemas *schemas,
    struct tn_daemon **out, struct tn_diags *diags)
{
	struct tn_arena *arena = tn_arena_new();
	TN_CLEANUP(tn_daemon_freep)
	struct tn_daemon *daemon = tn_arena_new_object(arena, struct tn_daemon);
	const struct tn_connections_reader reader = {
		.arena = arena,
		.schemas = schemas,
		.diags = diags,
		.directory = tn_load_directory_of(arena, file),
	};
	struct tn_value *root;
	int r;

	daemon->arena = arena;
	r = tn_yaml_parse(arena, file, bytes, &tn_yaml_limits_default, &root, diags);
	if (r == 0)
		r = read_document(&reader, root, daemon);
	if (r == 0)
		*out = tn_take(daemon);
	return r;
}

void
tn_daemon_free(struct tn_daemon *daemon)
{
	if (daemon != NULL)
		tn_arena_free(daemon->arena);
}

const struct tn_sync_entry *
tn_daemon_sync(const struct tn_daemon *daemon, const char *name)
{
	for (size_t i = 0; i < daemon->n_syncs; i++)
		if (tn_text_equal(daemon->syncs[i].name, name))
			return &daemon->syncs[i];
	return NULL;
}

char *
tn_daemon_path(const struct tn_daemon *daemon, const char *path)
{
	struct tn_str out = TN_STR_INIT;

	if (path[0] != '/' && !tn_text_equal(daemon->directory, "."))
		tn_str_addf(&out, "%s/", daemon->directory);
	tn_str_add(&out, path);
	return tn_str_take(&out);
}
