#include "diff/change.h"

#include <stdlib.h>
#include <string.h>

static const char *const names[] = {
	[TN_SECRET_KEEP] = "keep",
	[TN_SECRET_ADD] = "add",
	[TN_SECRET_CHANGE] = "change",
	[TN_SECRET_FOREIGN] = "foreign",
	[TN_SECRET_UNKNOWN] = "unknown",
	[TN_SECRET_STAGED] = "staged",
	[TN_SECRET_LATER] = "checked-at-apply",
	[TN_SECRET_REMOVE] = "remove",
	[TN_SECRET_RESTORE] = "restore",
	[TN_SECRET_LEFT] = "left",
};

const char *
tn_secret_change_name(enum tn_secret_change_kind kind)
{
	return (size_t)kind < TN_ARRAY_LEN(names) ? names[kind] : NULL;
}

bool
tn_secret_change_writes(enum tn_secret_change_kind kind)
{
	switch (kind) {
	case TN_SECRET_KEEP:
	case TN_SECRET_STAGED:
	case TN_SECRET_LATER:
	case TN_SECRET_RESTORE:
	case TN_SECRET_LEFT:
		return false;
	case TN_SECRET_ADD:
	case TN_SECRET_CHANGE:
	case TN_SECRET_FOREIGN:
	case TN_SECRET_UNKNOWN:
	case TN_SECRET_REMOVE:
		return true;
	}
	return true;
}

bool
tn_secret_changes_theirs(const struct tn_secret_change *secrets, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (secrets[i].theirs)
			return true;
	return false;
}

/* A platform that gives no time leaves the fingerprint as the only witness. */
static bool
written_since(const struct tn_known_secret *known, const struct tn_secret_ref *have)
{
	return known->updated_at != NULL && have->updated_at != NULL &&
	    strcmp(known->updated_at, have->updated_at) != 0;
}

/*
 * That somebody wrote it can be said without its value; but what runs may only be older
 * than our last write, which waits in the draft.
 */
static bool
is_theirs(const struct tn_diff_input *in, const struct tn_secret_ref *have,
    const char *action_id)
{
	const struct tn_known_secret *known = have == NULL
	    ? NULL
	    : tn_known_secret(in->known, action_id, have->name);
	const struct tn_live_action *live = known == NULL
	    ? NULL
	    : tn_live_by_id(in->live, action_id);
	const struct tn_secret_ref *draft = live == NULL
	    ? NULL
	    : tn_content_secret(&live->draft, have->name);

	return known != NULL && written_since(known, have) &&
	    (draft == NULL || written_since(known, draft));
}

static const struct tn_secret_ref *
running_secret(const struct tn_diff_input *in, const char *id, const char *name)
{
	const struct tn_live_action *action = tn_live_by_id(in->live, id);
	const struct tn_live_module *module = tn_live_module_by_id(in->live, id);
	const struct tn_content *content = NULL;

	if (action != NULL && action->has_live)
		content = &action->live.content;
	else if (module != NULL)
		content = tn_live_module_latest(module);
	return content == NULL ? NULL : tn_content_secret(content, name);
}

/* What somebody has put into the draft alone has never run. */
static bool
is_left(const struct tn_diff_input *in, const struct tn_secret_ref *have, const char *id)
{
	const struct tn_secret_ref *running;

	if (!in->options->leave_secrets)
		return false;
	running = running_secret(in, id, have->name);
	return running != NULL && tn_text_equal(running->updated_at, have->updated_at);
}

static enum tn_secret_change_kind
kind_of(const struct tn_diff_input *in, const struct tn_secret_ref *want,
    const struct tn_secret_ref *have, const char *action_id)
{
	const struct tn_known_secret *known = have == NULL
	    ? NULL
	    : tn_known_secret(in->known, action_id, want->name);

	if (have != NULL && known == NULL && is_left(in, have, action_id))
		return TN_SECRET_LEFT;
	if (want->fingerprint == NULL)
		return TN_SECRET_LATER;
	if (have == NULL)
		return TN_SECRET_ADD;
	if (known == NULL || known->fingerprint == NULL)
		return TN_SECRET_UNKNOWN;
	if (written_since(known, have))
		return TN_SECRET_FOREIGN;
	if (!tn_fingerprint_same_key(known->fingerprint, want->fingerprint))
		return TN_SECRET_UNKNOWN;
	if (strcmp(known->fingerprint, want->fingerprint) != 0)
		return TN_SECRET_CHANGE;
	return TN_SECRET_KEEP;
}

static int
compare_by_name(const void *a, const void *b)
{
	const struct tn_secret_change *x = a, *y = b;

	return strcmp(x->name, y->name);
}

/* Values that nobody gives us: they can only stay where they are. */
static void
keep_all(const struct tn_diff_input *in, const struct tn_content *want,
    const struct tn_content *have, struct tn_secret_changes *out)
{
	struct tn_secret_change *items = tn_arena_array(in->arena, want->n_secrets,
	    struct tn_secret_change);

	for (size_t i = 0; i < want->n_secrets; i++)
		items[i] = (struct tn_secret_change){ .kind = TN_SECRET_KEEP,
			.name = want->secrets[i].name };
	if (want->n_secrets > 0)
		qsort(items, want->n_secrets, sizeof(*items), compare_by_name);
	*out = (struct tn_secret_changes){ .items = items, .n = want->n_secrets };
	out->differ = have != NULL &&
	    (tn_content_differs(want, have) & TN_PART_SECRETS) != 0;
	out->all_kept = !out->differ;
}

static bool
same_value(const struct tn_secret_ref *a, const struct tn_secret_ref *b)
{
	return a->updated_at != NULL && b->updated_at != NULL &&
	    strcmp(a->updated_at, b->updated_at) == 0;
}

void
tn_secret_changes_of_version(struct tn_arena *arena, const struct tn_content *version,
    const struct tn_content *have, struct tn_secret_changes *out)
{
	struct tn_secret_change *items = tn_arena_array(arena,
	    version->n_secrets + have->n_secrets, struct tn_secret_change);

	*out = (struct tn_secret_changes){ .items = items };
	for (size_t i = 0; i < version->n_secrets; i++) {
		const struct tn_secret_ref *secret = &version->secrets[i];
		const struct tn_secret_ref *there = tn_content_secret(have, secret->name);
		bool kept = there != NULL && same_value(secret, there);

		items[out->n++] = (struct tn_secret_change){ .name = secret->name,
			.kind = kept ? TN_SECRET_KEEP : TN_SECRET_RESTORE };
		out->differ |= !kept;
	}
	for (size_t i = 0; i < have->n_secrets; i++) {
		if (tn_content_secret(version, have->secrets[i].name) != NULL)
			continue;
		items[out->n++] = (struct tn_secret_change){ .kind = TN_SECRET_REMOVE,
			.name = have->secrets[i].name };
		out->differ = true;
	}
	out->all_kept = !out->differ;
	if (out->n > 0)
		qsort(items, out->n, sizeof(*items), compare_by_name);
}

void
tn_secret_changes_build(const struct tn_diff_input *in,
    const struct tn_want_action *action, const struct tn_content *have,
    const char *action_id, struct tn_secret_changes *out)
{
	const struct tn_content *want = &action->content;
	size_t most = want->n_secrets + (have != NULL ? have->n_secrets : 0);
	struct tn_secret_change *items;

	if ((action->unstated & TN_PART_SECRETS) != 0) {
		keep_all(in, want, have, out);
		return;
	}
	items = tn_arena_array(in->arena, most, struct tn_secret_change);
	*out = (struct tn_secret_changes){ .items = items, .all_kept = true };
	for (size_t i = 0; i < want->n_secrets; i++) {
		const struct tn_secret_ref *secret = &want->secrets[i];
		const struct tn_secret_ref *there = have != NULL
		    ? tn_content_secret(have, secret->name)
		    : NULL;
		enum tn_secret_change_kind kind = kind_of(in, secret, there, action_id);

		items[out->n++] = (struct tn_secret_change){
			.kind = kind,
			.name = secret->name,
			.fingerprint = secret->fingerprint,
			.theirs = kind == TN_SECRET_LATER &&
			    is_theirs(in, there, action_id),
		};
		out->differ |= there == NULL || tn_secret_change_writes(kind);
		out->all_kept &= kind == TN_SECRET_KEEP;
	}
	for (size_t i = 0; have != NULL && i < have->n_secrets; i++) {
		const char *name = have->secrets[i].name;

		if (tn_content_secret(want, name) != NULL)
			continue;
		items[out->n++] = (struct tn_secret_change){ .kind = TN_SECRET_REMOVE,
			.name = name };
		out->differ = true;
		out->all_kept = false;
	}
	qsort(items, out->n, sizeof(*items), compare_by_name);
}

/* One that runs and that the draft has, either of which may not be there. */
static struct tn_secret_change
merged(const struct tn_secret_change *running, const struct tn_secret_change *draft)
{
	if (running == NULL)
		return *draft;
	if (draft == NULL || !tn_secret_change_writes(draft->kind)) {
		struct tn_secret_change staged = draft != NULL ? *draft : *running;

		if (tn_secret_change_writes(running->kind))
			staged.kind = TN_SECRET_STAGED;
		return staged;
	}
	/* Our last write is in the draft: what runs is older, and nobody else's. */
	if (draft->kind == TN_SECRET_CHANGE && running->kind == TN_SECRET_FOREIGN)
		return *draft;
	return tn_secret_change_writes(running->kind) ? *running : *draft;
}

void
tn_secret_changes_merge(struct tn_arena *arena, const struct tn_secret_changes *running,
    const struct tn_secret_changes *draft, struct tn_secret_changes *out)
{
	struct tn_secret_change *items = tn_arena_array(arena, running->n + draft->n,
	    struct tn_secret_change);
	size_t i = 0, j = 0;

	*out = (struct tn_secret_changes){
		.items = items,
		.differ = running->differ || draft->differ,
		.all_kept = running->all_kept && draft->all_kept,
	};
	while (i < running->n || j < draft->n) {
		const struct tn_secret_change *a = i < running->n ? &running->items[i]
								  : NULL;
		const struct tn_secret_change *b = j < draft->n ? &draft->items[j] : NULL;
		int order = a == NULL ? 1 : b == NULL ? -1 : strcmp(a->name, b->name);

		items[out->n++] = merged(order <= 0 ? a : NULL, order >= 0 ? b : NULL);
		i += order <= 0;
		j += order >= 0;
	}
}
