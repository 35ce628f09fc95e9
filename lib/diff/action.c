#include "diff/change.h"

/* Wanted against one content: a draft or a version. */
struct comparison {
	unsigned parts;
	struct tn_secret_changes secrets;
};

static void
compare(const struct tn_diff_input *in, const struct tn_change *change,
    const struct tn_content *have, struct comparison *out)
{
	const struct tn_content *want = &change->want->content;

	out->parts = tn_content_differs(want, have) & ~(unsigned)TN_PART_SECRETS;
	tn_secret_changes_build(in, change->want, have, change->live->id, &out->secrets);
	if (out->secrets.differ)
		out->parts |= TN_PART_SECRETS;
}

static void
use_secrets(struct tn_change *change, const struct tn_secret_changes *secrets)
{
	change->secrets = secrets->items;
	change->n_secrets = secrets->n;
}

static void
block(struct tn_change *change, const char *reason, const char *hint)
{
	change->kind = TN_CHANGE_BLOCKED;
	change->reason = reason;
	change->hint = hint;
}

/* True when it uses a module that cannot be had. */
static bool
block_missing_module(const struct tn_diff_input *in, struct tn_change *change)
{
	const char *reason = tn_module_refs_missing(in, change->want);

	if (reason != NULL)
		block(change, reason,
		    "name a version that is there, or declare the module under modules");
	return reason != NULL;
}

static void
create(const struct tn_diff_input *in, struct tn_change *change)
{
	const struct tn_content *want = &change->want->content;
	struct tn_secret_changes secrets;

	change->kind = TN_CHANGE_CREATE;
	change->parts = TN_PART_CODE & ~change->want->unstated;
	if (want->runtime != NULL)
		change->parts |= TN_PART_RUNTIME;
	if (want->n_dependencies > 0)
		change->parts |= TN_PART_DEPENDENCIES;
	if (want->n_secrets > 0)
		change->parts |= TN_PART_SECRETS;
	if (want->n_modules > 0)
		change->parts |= TN_PART_MODULES;
	tn_secret_changes_build(in, change->want, NULL, NULL, &secrets);
	use_secrets(change, &secrets);
	if ((change->want->unstated & TN_PART_CODE) != 0 && change->live == NULL)
		block(change,
		    "there is no action of this name yet, and the files do not say its code",
		    "name a file with its code");
	else
		block_missing_module(in, change);
}

bool
tn_trigger_differs(const struct tn_want_action *want, const struct tn_live_action *live)
{
	const struct tn_trigger *a = &want->trigger, *b = &live->trigger;

	if (!tn_text_equal(a->id, b->id))
		return true;
	return a->version != NULL && b->version != NULL &&
	    !tn_text_equal(a->version, b->version);
}

/* What is there under this name cannot become what is wanted, whatever it holds. */
static bool
blocked_by_kind(const struct tn_diff_input *in, struct tn_change *change)
{
	const struct tn_live_action *live = change->live;

	if (live->installed) {
		block(change,
		    "an action of this name comes from the marketplace and cannot be changed",
		    "give yours another name, or bind that one with `external:`");
	} else if (tn_known_other(in->known, live->id)) {
		block(change, "the live action of this name belongs to another project",
		    "give yours another name, or let the other project give it up");
	} else if (change->both != NULL) {
		block(change,
		    tn_arena_printf(in->arena,
			"the tenant has an action of this name and one named \"%s\", from "
			"which the files rename it",
			change->want->renamed_from),
		    "take out renamedFrom when it was renamed already; else delete the one "
		    "that is not wanted");
	} else {
		return false;
	}
	return true;
}

/* The trigger of an action cannot be changed. The new one is made as any other. */
static void
replace(const struct tn_diff_input *in, struct tn_change *change)
{
	change->rename = false;
	if ((change->want->unstated & TN_PART_SECRETS) != 0 &&
	    change->want->content.n_secrets > 0) {
		block(change,
		    change->flip
			? "--flip makes it anew (-/+), and the files do not state its "
			  "secrets, which cannot be read"
			: "it needs a replacement (-/+), as the files want another trigger, "
			  "and they do not state its secrets, which cannot be read",
		    "state its secrets in the files");
		return;
	}
	create(in, change);
	if (change->kind == TN_CHANGE_CREATE)
		change->kind = TN_CHANGE_REPLACE;
}

static void
block_draft(const struct tn_diff_input *in, struct tn_change *change)
{
	const char *when = change->live->updated_at;
	const char *reason = "it has a draft that is not ours and would be overwritten";

	if (when != NULL)
		reason = tn_arena_printf(in->arena, "%s (last changed %s)", reason, when);
	block(change, reason,
	    "deploy or discard that draft, or say --overwrite-drafts to replace it");
}

static const struct tn_action_versions *
versions_of(const struct tn_diff_input *in, const char *action_id)
{
	for (size_t i = 0; i < in->options->n_versions; i++) {
		if (tn_text_equal(in->options->versions[i].action_id, action_id))
			return &in->options->versions[i];
	}
	return NULL;
}

/* The newest version that is exactly what is wanted; its secrets must be known to be. */
static const struct tn_version *
version_as_wanted(const struct tn_diff_input *in, const struct tn_change *change,
    struct comparison *comparison)
{
	const struct tn_live_action *live = change->live;
	const struct tn_action_versions *held = versions_of(in, live->id);
	const struct tn_version *best = NULL;

	for (size_t i = 0; held != NULL && i < held->n_versions; i++) {
		const struct tn_version *version = &held->versions[i];
		struct comparison with;

		if (!version->built || (best != NULL && version->number <= best->number))
			continue;
		if (live->has_live && tn_text_equal(version->id, live->live.id))
			continue;
		compare(in, change, &version->content, &with);
		if (with.parts != 0 || !with.secrets.all_kept)
			continue;
		best = version;
		*comparison = with;
	}
	return best;
}

static void
decide(const struct tn_diff_input *in, struct tn_change *change,
    const struct comparison *running, const struct comparison *draft)
{
	struct tn_secret_changes brought;
	struct comparison with;

	if (draft->parts == 0 && change->live->build != TN_BUILD_FAILED) {
		change->kind = TN_CHANGE_DEPLOY;
		return;
	}
	if (change->foreign_draft && !in->options->overwrite_drafts) {
		block_draft(in, change);
		return;
	}
	change->version = version_as_wanted(in, change, &with);
	change->kind = change->version != NULL ? TN_CHANGE_ROLLBACK : TN_CHANGE_UPDATE;
	if (change->version != NULL) {
		tn_secret_changes_merge(in->arena, &running->secrets, &with.secrets,
		    &brought);
		use_secrets(change, &brought);
	} else if ((change->want->unstated & draft->parts & TN_PART_SECRETS) != 0) {
		block(change,
		    "its draft has other secrets than the version that runs, and the files do "
		    "not state them: a deploy would change them",
		    "state its secrets in the files, or deploy or discard that draft");
	}
}

/* Somebody chose the version: it goes live as it is. */
static void
choose_version(const struct tn_diff_input *in, struct tn_change *change)
{
	const struct tn_live_action *live = change->live;
	const struct tn_content *chosen = &change->want->version->content;
	const struct tn_content *from = live->has_live ? &live->live.content
						       : &live->draft;
	struct tn_secret_changes secrets;

	tn_secret_changes_of_version(in->arena, chosen, from, &secrets);
	use_secrets(change, &secrets);
	change->parts = tn_content_differs(chosen, from);
	change->foreign_draft = live->has_live && !tn_live_action_clean(live) &&
	    !tn_known_wrote(in->known, live->id, live->updated_at) &&
	    tn_content_differs(chosen, &live->draft) != 0;
	if (live->has_live && change->parts == 0) {
		change->kind = TN_CHANGE_NONE;
	} else if (change->foreign_draft && !in->options->overwrite_drafts) {
		block_draft(in, change);
	} else {
		change->kind = TN_CHANGE_ROLLBACK;
		change->version = change->want->version;
	}
}

/* It runs in a flow that the files name with it: that write can switch it. */
static bool
switches_in_flow(const struct tn_diff_input *in, const struct tn_change *change)
{
	const char *trigger = change->live->trigger.id;
	const struct tn_flow *live = tn_live_flow(in->live, trigger);

	if (live == NULL || !tn_flow_has_action(live, change->live->id))
		return false;
	for (size_t i = 0; i < in->want->n_flows; i++) {
		const struct tn_want_flow *flow = &in->want->flows[i];

		if (!tn_text_equal(flow->trigger, trigger))
			continue;
		for (size_t k = 0; k < flow->n_entries; k++)
			if (flow->entries[k].kind == TN_ENTRY_ACTION &&
			    tn_text_equal(flow->entries[k].name, change->want->name))
				return true;
	}
	return false;
}

/* In place of a change: a new action, which the write of the flow puts there. */
static void
flip(const struct tn_diff_input *in, struct tn_change *change)
{
	unsigned parts = change->parts;

	if (change->kind == TN_CHANGE_BLOCKED || !tn_live_action_runs(change->live) ||
	    !switches_in_flow(in, change))
		return;
	change->version = NULL;
	change->flip = true;
	replace(in, change);
	change->parts = parts;
}

/*
 * What the files leave out is as in what runs, or as in the draft when nothing does; and
 * uses of modules become what they are on this tenant.
 */
static const struct tn_want_action *
complete(const struct tn_diff_input *in, const struct tn_want_action *want,
    const struct tn_live_action *live)
{
	const struct tn_content nothing = { 0 };
	const struct tn_content *from = live == NULL ? &nothing
	    : live->has_live                         ? &live->live.content
						     : &live->draft;
	struct tn_want_action *whole = tn_arena_new_object(in->arena,
	    struct tn_want_action);

	*whole = *want;
	tn_module_refs_build(in, want, &whole->content);
	if ((want->unstated & TN_PART_CODE) != 0)
		whole->content.code = from->code;
	if ((want->unstated & TN_PART_RUNTIME) != 0)
		whole->content.runtime = from->runtime;
	if ((want->unstated & TN_PART_DEPENDENCIES) != 0) {
		whole->content.dependencies = from->dependencies;
		whole->content.n_dependencies = from->n_dependencies;
	}
	if ((want->unstated & TN_PART_SECRETS) != 0) {
		whole->content.secrets = from->secrets;
		whole->content.n_secrets = from->n_secrets;
	}
	if ((want->unstated & TN_PART_MODULES) != 0) {
		whole->content.modules = from->modules;
		whole->content.n_modules = from->n_modules;
	}
	return whole;
}

void
tn_change_build(const struct tn_diff_input *in, const struct tn_want_action *want,
    struct tn_change *out)
{
	const struct tn_match match = tn_match(in, want);
	const struct tn_live_action *live = match.live;
	struct comparison draft, running;
	struct tn_secret_changes both;
	bool owned, runs;

	*out = (struct tn_change){ .want = want, .live = live, .both = match.both };
	if (want->n_modules > 0 || (live != NULL && want->unstated != 0))
		out->want = complete(in, want, live);
	if (live == NULL) {
		create(in, out);
		return;
	}
	owned = tn_known_owns(in->known, live->id);
	runs = tn_live_action_runs(live);
	out->adopt = !owned && !live->installed && !tn_known_other(in->known, live->id);
	out->rename = !tn_text_equal(want->name, live->name);
	if (blocked_by_kind(in, out) || block_missing_module(in, out))
		return;
	if (tn_trigger_differs(want, live)) {
		replace(in, out);
		return;
	}
	if (want->version != NULL) {
		choose_version(in, out);
		return;
	}
	compare(in, out, &live->draft, &draft);
	running = draft;
	if (runs)
		compare(in, out, &live->live.content, &running);
	out->parts = running.parts;
	if (runs && running.parts == 0) {
		out->kind = TN_CHANGE_NONE;
		out->foreign_draft = !tn_live_action_clean(live);
		use_secrets(out, &running.secrets);
		return;
	}
	out->foreign_draft = draft.parts != 0 &&
	    !tn_known_wrote(in->known, live->id, live->updated_at) &&
	    (runs ? !tn_live_action_clean(live) : !owned);
	tn_secret_changes_merge(in->arena, &running.secrets, &draft.secrets, &both);
	use_secrets(out, &both);
	decide(in, out, &running, &draft);
	if (in->options->flip)
		flip(in, out);
}
