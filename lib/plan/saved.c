#include "plan/saved.h"

#include <string.h>

#include "base/error.h"
#include "base/value.h"
#include "json/json.h"
#include "plan/basis.h"
#include "plan/digest.h"

#define MAKE_ONE "make one with tenon plan --out FILE"

/* As deep as any JSON that a project may hold. */
static const struct tn_json_limits limits = { TN_SAVED_PLAN_MAX, 1u << 20, 64 };

void
tn_saved_plan_write(const struct tn_plan *plan, const struct tn_diff *diff,
    const struct tn_plan_origin *origin, struct tn_str *out)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	struct tn_value *file = tn_value_object(arena);

	tn_value_set_int(arena, file, "tenon_plan", TN_SAVED_PLAN_FORMAT);
	tn_value_set_text(arena, file, "digest", plan->digest);
	tn_value_set_text(arena, file, "key", plan->key);
	tn_value_set_text(arena, file, "run", origin->run_id);
	tn_value_set_text(arena, file, "made_at", origin->made_at);
	tn_value_set_text(arena, file, "source", origin->source);
	tn_value_set_text(arena, file, "commit", origin->commit);
	tn_value_set_bool(arena, file, "dirty", origin->dirty);
	tn_value_set_bool(arena, file, "overwrite_drafts", origin->overwrite_drafts);
	tn_value_set(arena, file, "plan", tn_plan_core(arena, plan));
	tn_value_set(arena, file, "basis", tn_basis_build(arena, diff));
	tn_json_write_pretty(file, out);
}

struct reader {
	const struct tn_value *file;
	struct tn_arena *arena;
	struct tn_error *err;
	int failed;
};

static int
refuse(struct reader *r, const char *what)
{
	if (r->failed < 0)
		return r->failed;
	r->failed = tn_error_set(r->err, TN_E_INPUT, "it is no plan that tenon saved: %s",
	    what);
	tn_error_hint(r->err, MAKE_ONE);
	return r->failed;
}

/* NULL when there is none. */
static const char *
may_text(struct reader *r, const struct tn_value *object, const char *key)
{
	const struct tn_value *value = tn_value_get(object, key);

	if (value != NULL && !tn_value_is(value, TN_VALUE_STRING))
		refuse(r, key);
	return tn_arena_text(r->arena, tn_value_text(value));
}

static const char *
need_text(struct reader *r, const struct tn_value *object, const char *key)
{
	const char *text = may_text(r, object, key);

	if (text == NULL)
		refuse(r, key);
	return text;
}

static bool
need_bool(struct reader *r, const char *key)
{
	if (!tn_value_is(tn_value_get(r->file, key), TN_VALUE_BOOL))
		refuse(r, key);
	return tn_value_get_bool(r->file, key, false);
}

static const struct tn_value *
need_object(struct reader *r, const char *key)
{
	const struct tn_value *value = tn_value_get(r->file, key);

	if (!tn_value_is(value, TN_VALUE_OBJECT))
		refuse(r, key);
	return value;
}

static void
check_members(struct reader *r)
{
	static const char *const known[] = { "tenon_plan", "digest", "key", "run",
		"made_at", "source", "commit", "dirty", "overwrite_drafts", "plan",
		"basis" };
	bool all_known = true;

	for (size_t i = 0; i < tn_value_count(r->file); i++) {
		bool is_known = false;

		for (size_t k = 0; k < TN_ARRAY_LEN(known); k++)
			is_known |= tn_text_equal(r->file->as.members[i].key, known[k]);
		all_known &= is_known;
	}
	if (!all_known)
		refuse(r, "it has a member that is not known");
}

static void
check_format(struct reader *r)
{
	int64_t format = 0;

	if (!tn_value_is(r->file, TN_VALUE_OBJECT) ||
	    !tn_value_to_int(tn_value_get(r->file, "tenon_plan"), &format)) {
		refuse(r, "tenon_plan is not in it");
		return;
	}
	if (format == TN_SAVED_PLAN_FORMAT)
		return;
	r->failed = tn_error_set(r->err, TN_E_INPUT,
	    "the plan has the format %lld, and this tenon knows %d", (long long)format,
	    TN_SAVED_PLAN_FORMAT);
	tn_error_hint(r->err, "apply it with the tenon that made it, or plan again");
}

static void
read_later(struct reader *r, struct tn_saved_plan *saved)
{
	const struct tn_value *list = tn_value_get(saved->core, "checked_at_apply");

	if (!tn_value_is(list, TN_VALUE_ARRAY)) {
		refuse(r, "checked_at_apply");
		return;
	}
	saved->n_later = tn_value_count(list);
	saved->later = tn_arena_array(r->arena, saved->n_later, struct tn_later);
	for (size_t i = 0; i < saved->n_later; i++) {
		saved->later[i].resource = need_text(r, tn_value_at(list, i), "resource");
		saved->later[i].secret = need_text(r, tn_value_at(list, i), "secret");
	}
}

static void
read_origin(struct reader *r, struct tn_plan_origin *origin)
{
	origin->run_id = need_text(r, r->file, "run");
	origin->made_at = need_text(r, r->file, "made_at");
	origin->source = need_text(r, r->file, "source");
	origin->commit = may_text(r, r->file, "commit");
	origin->dirty = need_bool(r, "dirty");
	origin->overwrite_drafts = need_bool(r, "overwrite_drafts");
}

static void
read_all(struct reader *r, struct tn_saved_plan *saved)
{
	saved->digest = need_text(r, r->file, "digest");
	saved->key = may_text(r, r->file, "key");
	read_origin(r, &saved->origin);
	saved->core = need_object(r, "plan");
	saved->basis = need_object(r, "basis");
	saved->tenant = need_text(r, saved->core, "tenant");
	saved->provider = need_text(r, saved->core, "provider");
	saved->base_url = need_text(r, saved->core, "base_url");
	saved->project = need_text(r, saved->core, "project");
	read_later(r, saved);
}

static int
check_digest(const struct tn_saved_plan *saved, struct tn_error *err)
{
	char digest[65];
	int r;

	tn_core_digest(saved->core, digest);
	if (tn_text_equal(digest, saved->digest))
		return 0;
	r = tn_error_set(err, TN_E_CONFLICT,
	    "the plan was changed after it was saved: its digest is not that of its "
	    "content");
	tn_error_hint(err,
	    "plan again; what is to be different belongs into the files of the project");
	return r;
}

int
tn_saved_plan_read(struct tn_span bytes, struct tn_saved_plan **out, struct tn_error *err)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	struct tn_saved_plan *saved = tn_arena_new_object(arena, struct tn_saved_plan);
	struct reader r = { .arena = arena, .err = err };
	struct tn_value *file;
	int result = tn_json_parse(arena, bytes, &limits, &file, err);

	if (result < 0) {
		tn_error_context(err, "the plan");
		tn_error_hint(err, MAKE_ONE);
		return result;
	}
	r.file = file;
	check_format(&r);
	if (r.failed == 0)
		check_members(&r);
	if (r.failed == 0)
		read_all(&r, saved);
	if (r.failed < 0)
		return r.failed;
	result = check_digest(saved, err);
	if (result < 0)
		return result;
	saved->arena = tn_take(arena);
	*out = saved;
	return 0;
}

void
tn_saved_plan_free(struct tn_saved_plan *saved)
{
	/* It lives in its own arena. */
	if (saved != NULL)
		tn_arena_free(saved->arena);
}

bool
tn_saved_plan_defers(const struct tn_saved_plan *saved, const char *kind,
    const char *name, const char *secret)
{
	size_t len = strlen(kind);

	for (size_t i = 0; i < saved->n_later; i++) {
		const struct tn_later *later = &saved->later[i];

		if (tn_text_starts(later->resource, kind) &&
		    later->resource[len] == '/' &&
		    tn_text_equal(later->resource + len + 1, name) &&
		    (secret == NULL || tn_text_equal(later->secret, secret)))
			return true;
	}
	return false;
}
