#include "serve/machine.h"

#include "base/mem.h"
#include "base/value.h"
#include "json/json.h"

/*
 * {"tenond": 1, "syncs": {NAME: {"good": COMMIT, "suspended": true, "corrections":
 * [SECONDS…]}}}
 *
 * What cannot be found out again: which commit was good here, so that a restart does not
 * take drift for a new commit; what a person suspended; and how often others were
 * corrected. Without it a daemon compares everything anew and goes on.
 */
#define FORMAT 1

static struct tn_value *
sync_to_value(struct tn_arena *arena, struct tn_sync *sync)
{
	struct tn_value *out = tn_value_object(arena);
	struct tn_value *times = tn_value_array(arena);
	int64_t now = tn_loop_unix(sync->serve->options.loop);
	size_t n = tn_corrections_count(&sync->corrections, now);

	/* One that only reports has applied nothing: see tn_sync_take_entry. */
	if (sync->entry->mode != TN_SYNC_REPORT)
		tn_value_set_text(arena, out, "good", sync->good);
	if (sync->suspended)
		tn_value_set_bool(arena, out, "suspended", true);
	for (size_t i = 0; i < n; i++)
		tn_value_push(arena, times,
		    tn_value_int(arena, sync->corrections.unix_ns[i] / TN_SEC));
	if (n > 0)
		tn_value_set(arena, out, "corrections", times);
	return out;
}

int
tn_keep_write(struct tn_serve *serve, struct tn_error *err)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
	struct tn_value *root = tn_value_object(arena);
	struct tn_value *syncs = tn_value_object(arena);
	int r;

	if (serve->options.keep == NULL)
		return 0;
	for (size_t i = 0; i < serve->n_named; i++)
		tn_value_set(arena, syncs, serve->syncs[i]->entry->name,
		    sync_to_value(arena, serve->syncs[i]));
	tn_value_set_int(arena, root, "tenond", FORMAT);
	tn_value_set(arena, root, "syncs", syncs);
	tn_json_write(root, &text);
	if (tn_text_equal(tn_str_text(&text), tn_str_text(&serve->kept)))
		return 0;
	r = serve->options.keep(serve->options.arg, tn_str_span(&text), err);
	if (r < 0)
		return r;
	tn_str_done(&serve->kept);
	serve->kept = text;
	text = (struct tn_str)TN_STR_INIT;
	return 0;
}

static void
take_sync(struct tn_sync *sync, const struct tn_value *value)
{
	const struct tn_value *times = tn_value_get(value, "corrections");
	const char *good = tn_value_get_text(value, "good");

	if (good != NULL && sync->good == NULL)
		sync->good = tn_strdup(good);
	sync->suspended = tn_value_get_bool(value, "suspended", false);
	for (size_t i = 0; i < tn_value_count(times); i++) {
		int64_t seconds;

		if (tn_value_to_int(tn_value_at(times, i), &seconds) && seconds >= 0 &&
		    seconds < INT64_MAX / TN_SEC)
			tn_corrections_add(&sync->corrections, seconds * TN_SEC);
	}
}

void
tn_keep_read(struct tn_serve *serve)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	const struct tn_value *syncs;
	struct tn_value *root;
	int64_t format = 0;

	if (serve->options.kept == NULL ||
	    tn_json_parse(arena, tn_span(serve->options.kept), NULL, &root, NULL) < 0 ||
	    !tn_value_to_int(tn_value_get(root, "tenond"), &format) || format != FORMAT)
		return;
	syncs = tn_value_get(root, "syncs");
	for (size_t i = 0; i < serve->n_named; i++)
		take_sync(serve->syncs[i],
		    tn_value_get(syncs, serve->syncs[i]->entry->name));
}
