#include "keep.h"

#include "base/file.h"
#include "base/mem.h"
#include "json/json.h"

/* Hundreds of actions with all their versions, and no more than fits into memory. */
#define MAX_FILE ((size_t)256 << 20)

struct keep {
	const char *path;
	struct tn_sim *sim;
	struct tn_file_lock *lock;
	uint64_t saved; /* tn_sim_changes of what the file holds */
};

static int
load(struct keep *keep, struct tn_error *err)
{
	static const struct tn_json_limits limits = { .bytes = MAX_FILE,
		.values = (size_t)16 << 20,
		.depth = 16 };
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
	struct tn_value *saved;
	int r = tn_file_read(keep->path, MAX_FILE, &text, err);

	if (r < 0)
		return r;
	r = tn_json_parse(arena, tn_str_span(&text), &limits, &saved, err);
	if (r == 0)
		r = tn_sim_load(keep->sim, saved, err);
	if (r < 0) {
		tn_error_context(err, "%s", keep->path);
		tn_error_hint(err, "name another file, or remove this one to begin anew");
	}
	return r;
}

static int
load_if_there(struct keep *keep, struct tn_error *err)
{
	TN_CLEANUP(tn_error_done) struct tn_error trouble = TN_ERROR_INIT;
	int r = load(keep, &trouble);

	if (r == 0 || r == -TN_E_NOT_FOUND)
		return 0;
	tn_error_move(err, &trouble);
	return r;
}

int
keep_open(const char *path, struct tn_sim *sim, struct keep **out, struct tn_error *err)
{
	TN_CLEANUP(tn_str_done) struct tn_str beside = TN_STR_INIT;
	struct keep *keep = tn_new(struct keep);
	int r;

	keep->path = path;
	keep->sim = sim;
	tn_str_addf(&beside, "%s.lock", path);
	r = tn_file_lock(tn_str_text(&beside), "tenon-sim", &keep->lock, err);
	if (r == 0)
		r = load_if_there(keep, err);
	if (r < 0) {
		keep_close(keep);
		return r;
	}
	keep->saved = tn_sim_changes(sim);
	*out = keep;
	return 0;
}

void
keep_close(struct keep *keep)
{
	if (keep == NULL)
		return;
	tn_file_unlock(keep->lock);
	tn_free(keep);
}

int
keep_save(struct keep *keep, struct tn_error *err)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = NULL;
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
	uint64_t changes = tn_sim_changes(keep->sim);
	int r;

	if (changes == keep->saved)
		return 0;
	arena = tn_arena_new();
	tn_json_write(tn_sim_save(keep->sim, arena), &text);
	if (text.len > MAX_FILE)
		return tn_error_set(err, TN_E_LIMIT,
		    "%s: the tenant is too large to keep", keep->path);
	r = tn_file_write(keep->path, 0600, tn_str_span(&text), err);
	if (r == 0)
		keep->saved = changes;
	return r;
}
