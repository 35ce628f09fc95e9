#include "diff/change.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static const char *const kind_names[] = {
	[TN_MODULE_NONE] = "none",
	[TN_MODULE_CREATE] = "create",
	[TN_MODULE_UPDATE] = "update",
	[TN_MODULE_PUBLISH] = "publish",
	[TN_MODULE_BLOCKED] = "blocked",
};

const char *
tn_module_change_kind_name(enum tn_module_change_kind kind)
{
	return (size_t)kind < TN_ARRAY_LEN(kind_names) ? kind_names[kind] : NULL;
}

/* --- Modules ---------------------------------------------------------------------- */

/* Wanted against one content: the draft or the newest version. */
struct comparison {
	unsigned parts;
	struct tn_secret_changes secrets;
};

static void
compare(const struct tn_diff_input *in, const struct tn_module_change *change,
    const struct tn_content *have, struct comparison *out)
{
	const struct tn_content *want = &change->want->content;
	const struct tn_want_action subject = { .content = *want };
	const char *id = change->live != NULL ? change->live->id : NULL;

	out->parts = 0;
	if (have != NULL)
		out->parts = tn_content_differs(want, have) & ~(unsigned)TN_PART_SECRETS;
	tn_secret_changes_build(in, &subject, have, id, &out->secrets);
	if (out->secrets.differ)
		out->parts |= TN_PART_SECRETS;
}

static void
use_secrets(struct tn_module_change *change, const struct tn_secret_changes *secrets)
{
	change->secrets = secrets->items;
	change->n_secrets = secrets->n;
}

static void
block(struct tn_module_change *change, const char *reason, const char *hint)
{
	change->kind = TN_MODULE_BLOCKED;
	change->reason = reason;
	change->hint = hint;
}

static void
create(const struct tn_diff_input *in, struct tn_module_change *change)
{
	const struct tn_content *want = &change->want->content;
	struct comparison nothing;

	compare(in, change, NULL, &nothing);
	use_secrets(change, &nothing.secrets);
	change->kind = TN_MODULE_CREATE;
	change->parts = TN_PART_CODE;
	if (want->n_dependencies > 0)
		change->parts |= TN_PART_DEPENDENCIES;
	if (want->n_secrets > 0)
		change->parts |= TN_PART_SECRETS;
	if (in->live->modules_off)
		block(change, "the tenant does not have the feature of modules",
		    "have it enabled for the tenant, or put the code into the actions");
}

static void
block_draft(const struct tn_diff_input *in, struct tn_module_change *change)
{
	const char *when = change->live->updated_at;
	const char *reason = "it has a draft that is not ours and would be overwritten";

	if (when != NULL)
		reason = tn_arena_printf(in->arena, "%s (last changed %s)", reason, when);
	block(change, reason,
	    "publish or discard that draft, or say --overwrite-drafts to replace it");
}

/* The newest version counts: it is what actions are given. */
static void
decide(const struct tn_diff_input *in, struct tn_module_change *change, bool owned)
{
	const struct tn_live_module *live = change->live;
	const struct tn_content *latest = tn_live_module_latest(live);
	bool clean = tn_live_module_clean(live) ||
	    tn_known_wrote(in->known, live->id, live->updated_at);
	struct comparison draft, newest;
	struct tn_secret_changes both;

	compare(in, change, &live->draft, &draft);
	newest = draft;
	if (latest != NULL && latest != &live->draft)
		compare(in, change, latest, &newest);
	change->parts = newest.parts;
	if (latest != NULL && newest.parts == 0) {
		change->kind = TN_MODULE_NONE;
		change->foreign_draft = !clean;
		use_secrets(change, &newest.secrets);
		return;
	}
	tn_secret_changes_merge(in->arena, &newest.secrets, &draft.secrets, &both);
	use_secrets(change, &both);
	if (draft.parts == 0) {
		change->kind = TN_MODULE_PUBLISH;
		return;
	}
	change->kind = TN_MODULE_UPDATE;
	change->foreign_draft = tn_live_module_published(live) ? !clean : !owned;
	if (change->foreign_draft && !in->options->overwrite_drafts)
		block_draft(in, change);
}

static void
build_one(const struct tn_diff_input *in, const struct tn_want_module *want,
    struct tn_module_change *out)
{
	const struct tn_live_module *live = tn_live_module(in->live, want->name);
	bool owned;

	*out = (struct tn_module_change){ .want = want, .live = live };
	if (live == NULL) {
		create(in, out);
		return;
	}
	owned = tn_known_owns(in->known, live->id);
	out->adopt = !owned && !tn_known_other(in->known, live->id);
	if (owned || out->adopt)
		decide(in, out, owned);
	else
		block(out, "the live module of this name belongs to another project",
		    "pin a version of it in the actions that use it, {NAME: VERSION}, or "
		    "give yours another name");
}

static int
compare_live(const void *a, const void *b)
{
	const struct tn_live_module *x = *(const struct tn_live_module *const *)a;
	const struct tn_live_module *y = *(const struct tn_live_module *const *)b;

	return strcmp(x->name, y->name);
}

/* Live modules that no wanted one stands for: ours, and the rest. */
static void
find_unwanted(const struct tn_diff_input *in, struct tn_diff *diff)
{
	const struct tn_live *live = in->live;

	diff->gone_modules = tn_arena_array(in->arena, live->n_modules,
	    const struct tn_live_module *);
	diff->stranger_modules = tn_arena_array(in->arena, live->n_modules,
	    const struct tn_live_module *);
	for (size_t i = 0; i < live->n_modules; i++) {
		const struct tn_live_module *module = &live->modules[i];

		bool owned = tn_known_owns(in->known, module->id);

		if (tn_want_module(in->want, module->name) != NULL ||
		    ((in->want->partial || in->want->actions_only) && owned))
			continue;
		if (owned)
			diff->gone_modules[diff->n_gone_modules++] = module;
		else
			diff->stranger_modules[diff->n_stranger_modules++] = module;
	}
	qsort(diff->gone_modules, diff->n_gone_modules, sizeof(*diff->gone_modules),
	    compare_live);
	qsort(diff->stranger_modules, diff->n_stranger_modules,
	    sizeof(*diff->stranger_modules), compare_live);
}

void
tn_module_changes_build(const struct tn_diff_input *in, struct tn_diff *diff)
{
	const struct tn_want *want = in->want;

	diff->modules = tn_arena_array(in->arena, want->n_modules,
	    struct tn_module_change);
	diff->n_modules = want->n_modules;
	for (size_t i = 0; i < want->n_modules; i++)
		build_one(in, &want->modules[i], &diff->modules[i]);
	find_unwanted(in, diff);
}

/* --- Uses of modules -------------------------------------------------------------- */

static const struct tn_module_change *
change_of(const struct tn_diff_input *in, const char *name)
{
	const struct tn_want_module *module = tn_want_module(in->want, name);

	return module == NULL ? NULL : &in->modules[module - in->want->modules];
}

static const char *
id_in_content(const struct tn_content *content, const struct tn_module_ref *ref)
{
	const struct tn_module_ref *there = tn_content_module(content, ref->name);

	if (there == NULL || there->number != ref->number ||
	    !tn_text_equal(there->module_id, ref->module_id))
		return NULL;
	return there->version_id;
}

/* Some action may use that version already: then its id needs no call. */
static const char *
id_in_use(const struct tn_live *live, const struct tn_module_ref *ref)
{
	const char *id = NULL;

	for (size_t i = 0; i < live->n_actions && id == NULL; i++) {
		const struct tn_live_action *action = &live->actions[i];

		id = id_in_content(&action->draft, ref);
		if (id == NULL && action->has_live)
			id = id_in_content(&action->live.content, ref);
	}
	return id;
}

static const char *
id_in_versions(const struct tn_live_module *module, int64_t number)
{
	if (module->has_latest && module->latest.number == number)
		return module->latest.id;
	for (size_t i = 0; i < module->n_versions; i++)
		if (module->versions[i].number == number)
			return module->versions[i].id;
	return NULL;
}

static struct tn_module_ref
ref_of_use(const struct tn_diff_input *in, const struct tn_want_use *use)
{
	const struct tn_module_change *change = change_of(in, use->name);
	const struct tn_live_module *live = tn_live_module(in->live, use->name);
	struct tn_module_ref ref = { .name = use->name, .number = use->version };

	if (live == NULL)
		return ref;
	ref.module_id = live->id;
	if (change != NULL && change->kind != TN_MODULE_NONE)
		return ref;
	if (change != NULL)
		ref.number = live->has_latest ? live->latest.number : live->latest_number;
	if (ref.number > 0)
		ref.version_id = id_in_versions(live, ref.number);
	if (ref.number > 0 && ref.version_id == NULL)
		ref.version_id = id_in_use(in->live, &ref);
	return ref;
}

void
tn_module_refs_build(const struct tn_diff_input *in, const struct tn_want_action *want,
    struct tn_content *out)
{
	struct tn_module_ref *refs = tn_arena_array(in->arena, want->n_modules,
	    struct tn_module_ref);

	for (size_t i = 0; i < want->n_modules; i++)
		refs[i] = ref_of_use(in, &want->modules[i]);
	out->modules = refs;
	out->n_modules = want->n_modules;
}

const char *
tn_module_refs_missing(const struct tn_diff_input *in, const struct tn_want_action *want)
{
	for (size_t i = 0; i < want->content.n_modules; i++) {
		const struct tn_module_ref *ref = &want->content.modules[i];
		const struct tn_live_module *live = tn_live_module(in->live, ref->name);

		if (change_of(in, ref->name) != NULL || ref->version_id != NULL)
			continue;
		if (live == NULL)
			return tn_arena_printf(in->arena,
			    "it uses the module \"%s\", and the tenant has none of that name",
			    ref->name);
		if (live->has_versions)
			return tn_arena_printf(in->arena,
			    "it uses version %lld of the module \"%s\", which the tenant does "
			    "not have",
			    (long long)ref->number, ref->name);
	}
	return NULL;
}

/* --- What has to be read ---------------------------------------------------------- */

static void
add_need(struct tn_diff *diff, const char *id, bool versions)
{
	for (size_t i = 0; i < diff->n_module_needs; i++) {
		const struct tn_module_need *need = &diff->module_needs[i];

		if (need->versions == versions && tn_text_equal(need->id, id))
			return;
	}
	diff->module_needs[diff->n_module_needs++] = (struct tn_module_need){ id,
		versions };
}

static bool
is_open(const struct tn_live_module *live)
{
	return live != NULL && !live->has_latest && tn_live_module_published(live);
}

static void
add_needs_of_action(const struct tn_diff_input *in, const struct tn_change *change,
    struct tn_diff *diff)
{
	const struct tn_content *content = &change->want->content;

	for (size_t i = 0; i < content->n_modules; i++) {
		const struct tn_module_ref *ref = &content->modules[i];
		const struct tn_live_module *live = tn_live_module(in->live, ref->name);

		if (live == NULL || ref->version_id != NULL)
			continue;
		if (change_of(in, ref->name) == NULL) {
			if (!live->has_versions)
				add_need(diff, live->id, true);
		} else if (is_open(live)) {
			add_need(diff, live->id, false);
		}
	}
}

void
tn_module_needs_build(const struct tn_diff_input *in, struct tn_diff *diff)
{
	diff->module_needs = tn_arena_array(in->arena, 2 * in->live->n_modules,
	    struct tn_module_need);
	for (size_t i = 0; i < diff->n_modules; i++) {
		const struct tn_module_change *change = &diff->modules[i];

		if (change->kind != TN_MODULE_NONE && is_open(change->live))
			add_need(diff, change->live->id, false);
	}
	/* The history keeps what they were. */
	for (size_t i = 0; i < diff->n_module_removals; i++) {
		const struct tn_module_removal *removal = &diff->module_removals[i];

		if (removal->kept == NULL && is_open(removal->live))
			add_need(diff, removal->live->id, false);
	}
	for (size_t i = 0; i < diff->n_changes; i++)
		if (diff->changes[i].kind != TN_CHANGE_NONE)
			add_needs_of_action(in, &diff->changes[i], diff);
}
