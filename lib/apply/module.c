#include "apply/kind.h"

#include "base/mem.h"

/* What all steps on modules share. */

const struct tn_live_module *
tn_seen_module(const struct tn_op_result *seen)
{
	return seen != NULL && seen->n_modules > 0 ? &seen->modules[0] : NULL;
}

void
tn_module_look(const struct tn_running *run, struct tn_op *op)
{
	op->id = tn_running_action_id(run);
	op->kind = op->id != NULL ? TN_OP_GET_MODULE : TN_OP_FIND_MODULE;
	op->name = run->step->name;
}

static void
needs_modules(const struct tn_running *run TN_UNUSED, struct tn_read_spec *spec,
    const char **triggers TN_UNUSED)
{
	spec->modules = true;
}

static void
take_id(struct tn_running *run, const struct tn_live_module *live)
{
	tn_free(run->action_id);
	run->action_id = tn_strdup(live->id);
}

/* The answers of writes tell times of before: only reads are to be trusted. */
static void
take_time(struct tn_running *run, const struct tn_live_module *live)
{
	tn_free(run->draft_updated_at);
	run->draft_updated_at = live->updated_at == NULL ? NULL
							 : tn_strdup(live->updated_at);
}

static void
take_version(struct tn_running *run, const struct tn_version *version)
{
	tn_free(run->version_id);
	run->version_id = tn_strdup(version->id);
	run->version = version->number;
}

static bool
is_wanted(const struct tn_running *run, const struct tn_content *content)
{
	return tn_content_differs(content, &run->after) == 0;
}

/* A value for each: the platform takes all secrets of a module or none. */
static size_t
secret_values(const struct tn_running *run, struct tn_secret_value *values)
{
	const struct tn_apply_options *options = &run->apply->options;
	size_t n = 0;

	for (size_t k = 0; k < options->n_secrets; k++) {
		const struct tn_apply_secret *secret = &options->secrets[k];

		if (secret->of_module && secret->value != NULL &&
		    tn_text_equal(secret->action, run->step->name))
			values[n++] = (struct tn_secret_value){ secret->name,
				secret->value };
	}
	return n;
}

static void
write_content(const struct tn_running *run, struct tn_arena *arena, struct tn_op *op)
{
	struct tn_secret_value *values = tn_arena_array(arena,
	    run->apply->options.n_secrets, struct tn_secret_value);

	op->id = run->step->action_id;
	op->name = run->step->name;
	op->content = &run->after;
	op->send_secrets = tn_step_writes_secrets(run->step);
	op->values = values;
	op->n_values = secret_values(run, values);
}

/* Nobody has published it since the plan. */
static bool
same_latest(const struct tn_live_module *before, const struct tn_live_module *live)
{
	return before->latest_number == live->latest_number;
}

static const struct tn_live_module *
find_at_end(const struct tn_running *run, const struct tn_live *live,
    struct tn_error *err)
{
	const char *id = tn_running_action_id(run);
	const struct tn_live_module *module = id == NULL ? NULL
							 : tn_live_module_by_id(live, id);

	if (module == NULL)
		tn_kind_conflict(err, run, "is gone");
	return module;
}

/* A list tells no content of versions: the draft has it, and nothing waits. */
static bool
holds_published(const struct tn_running *run, const struct tn_live *live,
    struct tn_error *err)
{
	const struct tn_live_module *module = find_at_end(run, live, err);

	if (module == NULL)
		return false;
	if (is_wanted(run, &module->draft) && tn_live_module_clean(module) &&
	    (module->latest_number == 0 || module->latest_number == run->version))
		return true;
	tn_kind_conflict(err, run, "is not published with the planned content");
	return false;
}

/* Creations. */

static void
write_create(const struct tn_running *run, struct tn_arena *arena, struct tn_op *op)
{
	op->kind = TN_OP_CREATE_MODULE;
	write_content(run, arena, op);
	op->deploy = true;
}

/* Nothing is built: a version that is shown is one. */
static enum tn_verdict
judge_created(struct tn_running *run, const struct tn_live_module *live,
    struct tn_error *err)
{
	if (live == NULL)
		return run->lost ? TN_NOT_DONE : TN_NOT_YET;
	if (!is_wanted(run, &live->draft))
		return tn_kind_wrong(err, run,
		    "exists with another content than this run gave it");
	if (run->action_id == NULL) {
		/* Found by its name, in a list: the next look shows all of it. */
		take_id(run, live);
		return TN_NOT_YET;
	}
	if (!live->has_latest)
		return run->followed ? TN_NOT_YET : TN_FOLLOW;
	if (!is_wanted(run, &live->latest.content))
		return tn_kind_wrong(err, run, "was published by somebody else");
	take_version(run, &live->latest);
	tn_running_take_secrets(run, &live->draft);
	return TN_SEEN;
}

static enum tn_verdict
take_created(struct tn_running *run, const struct tn_op_result *answer,
    struct tn_error *err TN_UNUSED)
{
	const struct tn_live_module *live = tn_seen_module(answer);

	if (live == NULL)
		return TN_NOT_YET;
	take_id(run, live);
	if (!live->has_latest)
		return TN_NOT_YET;
	return judge_created(run, live, err);
}

static enum tn_verdict
after_create(struct tn_running *run, const struct tn_op_result *seen,
    struct tn_error *err)
{
	return judge_created(run, tn_seen_module(seen), err);
}

/* Published where the creation alone did not do it. */
static void
follow_create(const struct tn_running *run, struct tn_op *op)
{
	op->kind = TN_OP_PUBLISH_MODULE;
	op->id = tn_running_action_id(run);
}

static enum tn_remedy
undo_create(struct tn_running *run, const struct tn_op_result *seen, struct tn_error *err)
{
	const struct tn_live_module *live = tn_seen_module(seen);

	/* We were told its id: a read that does not show it may only lag behind. */
	if (live == NULL)
		return run->action_id != NULL && run->remedies == 0 ? TN_DELETE
								    : TN_AS_BEFORE;
	if (!tn_text_equal(run->action_id, live->id) && !is_wanted(run, &live->draft))
		return tn_kind_no_remedy(err, run,
		    "exists, and this run did not make it: it was left");
	if (run->action_id == NULL)
		take_id(run, live);
	return TN_DELETE;
}

static void
remedy_create(struct tn_running *run, enum tn_remedy remedy TN_UNUSED, struct tn_op *op)
{
	op->kind = TN_OP_DELETE_MODULE;
	op->id = tn_running_action_id(run);
}

static void
settle_create(const struct tn_running *run, const struct tn_live *live)
{
	tn_settle_own_module(run->apply, run->step->name, run->action_id);
	tn_settle_secrets(run, live);
}

/* What we made and could not delete is still ours. */
static void
left_create(const struct tn_running *run)
{
	if (run->action_id != NULL)
		tn_settle_own_module(run->apply, run->step->name, run->action_id);
}

const struct tn_kind tn_kind_module_create = {
	.may_be_taken = true,
	.look = tn_module_look,
	.write = write_create,
	.answered = take_created,
	.after = after_create,
	.follow = follow_create,
	.undo = undo_create,
	.remedy = remedy_create,
	.needs = needs_modules,
	.holds = holds_published,
	.settle = settle_create,
	.left = left_create,
};

/* Updates. */

int
tn_module_unmoved(const struct tn_running *run, const struct tn_op_result *seen,
    struct tn_error *err)
{
	const struct tn_live_module *before = &run->step->module_before;
	const struct tn_live_module *live = tn_seen_module(seen);

	if (live == NULL)
		return tn_kind_conflict(err, run, "is gone");
	if (!same_latest(before, live))
		return tn_kind_conflict(err, run,
		    "was published by somebody else since the plan");
	if (!tn_text_equal(before->updated_at, live->updated_at))
		return tn_kind_conflict(err, run,
		    "has a draft that is newer than the plan");
	return 0;
}

static void
write_update(const struct tn_running *run, struct tn_arena *arena, struct tn_op *op)
{
	op->kind = TN_OP_UPDATE_MODULE;
	write_content(run, arena, op);
}

static enum tn_verdict
take_nothing(struct tn_running *run TN_UNUSED,
    const struct tn_op_result *answer TN_UNUSED, struct tn_error *err TN_UNUSED)
{
	return TN_NOT_YET;
}

static enum tn_verdict
after_update(struct tn_running *run, const struct tn_op_result *seen,
    struct tn_error *err)
{
	const struct tn_live_module *live = tn_seen_module(seen);

	if (live == NULL)
		return tn_kind_wrong(err, run, "is gone");
	if (tn_text_equal(run->step->module_before.updated_at, live->updated_at))
		return run->lost ? TN_NOT_DONE : TN_NOT_YET;
	if (!is_wanted(run, &live->draft))
		return tn_kind_wrong(err, run, "has a draft that somebody else wrote");
	take_time(run, live);
	tn_running_take_secrets(run, &live->draft);
	return TN_SEEN;
}

static enum tn_remedy
undo_update(struct tn_running *run, const struct tn_op_result *seen, struct tn_error *err)
{
	const struct tn_live_module *before = &run->step->module_before;
	const struct tn_live_module *live = tn_seen_module(seen);

	if (live == NULL)
		return tn_kind_no_remedy(err, run, "is gone: somebody deleted it");
	/* The write was seen, and the reading side shows what was there before it. */
	if (run->remedies == 0 && run->draft_updated_at != NULL &&
	    tn_text_equal(before->updated_at, live->updated_at))
		return TN_WAIT;
	if (tn_content_differs(&live->draft, &before->draft) == 0)
		return TN_AS_BEFORE;
	if (!is_wanted(run, &live->draft))
		return tn_kind_no_remedy(err, run,
		    "has a draft that somebody else wrote: it was left");
	return run->step->inverse == TN_INVERSE_NONE ? tn_kind_irreversible(err, run)
						     : TN_REDRAFT;
}

/* Where the draft was a version it comes back from there, with its secrets. */
static void
remedy_update(struct tn_running *run, enum tn_remedy remedy TN_UNUSED, struct tn_op *op)
{
	const struct tn_live_module *before = &run->step->module_before;

	op->id = tn_running_action_id(run);
	if (before->has_latest && tn_live_module_clean(before)) {
		op->kind = TN_OP_ROLLBACK_MODULE;
		op->version_id = before->latest.id;
		return;
	}
	op->kind = TN_OP_UPDATE_MODULE;
	op->name = run->step->name;
	op->content = &before->draft;
}

/* What is made of the draft is judged by the step that publishes it. */
static bool
holds_update(const struct tn_running *run, const struct tn_live *live,
    struct tn_error *err)
{
	return find_at_end(run, live, err) != NULL;
}

const struct tn_kind tn_kind_module_update = {
	.look = tn_module_look,
	.before = tn_module_unmoved,
	.write = write_update,
	.answered = take_nothing,
	.after = after_update,
	.undo = undo_update,
	.remedy = remedy_update,
	.needs = needs_modules,
	.holds = holds_update,
	.settle = tn_settle_draft,
};

/* Publishing. */

/* When the draft was written that is published: by this run, or before the plan. */
static const char *
draft_time(const struct tn_running *run)
{
	const struct tn_apply *apply = run->apply;

	for (size_t i = 0; i < apply->n_runs; i++) {
		const struct tn_running *other = &apply->runs[i];

		if (other->step->kind == TN_STEP_MODULE_UPDATE &&
		    tn_text_equal(other->step->action_id, run->step->action_id))
			return other->draft_updated_at;
	}
	return run->step->module_before.updated_at;
}

static int
before_publish(const struct tn_running *run, const struct tn_op_result *seen,
    struct tn_error *err)
{
	const struct tn_live_module *live = tn_seen_module(seen);

	if (live == NULL)
		return tn_kind_conflict(err, run, "is gone");
	if (!same_latest(&run->step->module_before, live))
		return tn_kind_conflict(err, run,
		    "was published by somebody else since the plan");
	if (!is_wanted(run, &live->draft) ||
	    !tn_text_equal(draft_time(run), live->updated_at))
		return tn_kind_conflict(err, run, "has a draft that somebody else wrote");
	return 0;
}

static void
write_publish(const struct tn_running *run, struct tn_arena *arena TN_UNUSED,
    struct tn_op *op)
{
	op->kind = TN_OP_PUBLISH_MODULE;
	op->id = tn_running_action_id(run);
}

static enum tn_verdict
judge_version(struct tn_running *run, const struct tn_version *version,
    struct tn_error *err)
{
	take_version(run, version);
	if (is_wanted(run, &version->content))
		return TN_SEEN;
	return tn_kind_wrong(err, run,
	    "was published with a draft that somebody else wrote");
}

static enum tn_verdict
take_published(struct tn_running *run, const struct tn_op_result *answer,
    struct tn_error *err)
{
	if (answer->n_versions == 0)
		return TN_NOT_YET;
	return judge_version(run, &answer->versions[0], err);
}

static enum tn_verdict
after_publish(struct tn_running *run, const struct tn_op_result *seen,
    struct tn_error *err)
{
	const struct tn_live_module *live = tn_seen_module(seen);

	if (live == NULL)
		return tn_kind_wrong(err, run, "is gone");
	if (same_latest(&run->step->module_before, live) || !live->has_latest)
		return run->lost ? TN_NOT_DONE : TN_NOT_YET;
	return judge_version(run, &live->latest, err);
}

/* Whether the newest version is the one that this run has published. */
static bool
is_own_version(const struct tn_running *run, const struct tn_live_module *live)
{
	if (run->version_id != NULL)
		return tn_text_equal(run->version_id, live->latest.id);
	return is_wanted(run, &live->latest.content);
}

/* The version of before is the newest one again: the draft as this step found it. */
static enum tn_remedy
undo_draft(const struct tn_running *run, const struct tn_live_module *live,
    struct tn_error *err)
{
	const struct tn_live_module *before = &run->step->module_before;

	if (tn_live_module_clean(before) || is_wanted(run, &live->draft))
		return TN_AS_BEFORE;
	if (tn_content_differs(&live->draft, &before->latest.content) != 0)
		return tn_kind_no_remedy(err, run,
		    "has a draft that somebody else wrote: it was left");
	return TN_DRAFT_AGAIN;
}

/*
 * A version cannot be taken back. So the content of the one before is published again:
 * it comes into the draft, becomes a version, and a draft that waited then comes back
 * from the version that this run has made.
 */
static enum tn_remedy
undo_publish(struct tn_running *run, const struct tn_op_result *seen,
    struct tn_error *err)
{
	const struct tn_live_module *before = &run->step->module_before;
	const struct tn_live_module *live = tn_seen_module(seen);

	if (live == NULL)
		return tn_kind_no_remedy(err, run, "is gone: somebody deleted it");
	if (same_latest(before, live))
		return run->remedies == 0 && run->version_id != NULL ? TN_WAIT
								     : TN_AS_BEFORE;
	if (!before->has_latest)
		return tn_kind_irreversible(err, run);
	if (tn_content_differs(&live->latest.content, &before->latest.content) == 0)
		return undo_draft(run, live, err);
	if (!is_own_version(run, live))
		return tn_kind_no_remedy(err, run,
		    "was published by somebody else: it was left as it is");
	take_version(run, &live->latest);
	if (tn_content_differs(&live->draft, &before->latest.content) == 0)
		return TN_REPUBLISH;
	if (!is_wanted(run, &live->draft))
		return tn_kind_no_remedy(err, run,
		    "has a draft that somebody else wrote: it was left");
	return TN_REDRAFT;
}

static void
remedy_publish(struct tn_running *run, enum tn_remedy remedy, struct tn_op *op)
{
	op->id = tn_running_action_id(run);
	if (remedy == TN_REPUBLISH) {
		op->kind = TN_OP_PUBLISH_MODULE;
		return;
	}
	op->kind = TN_OP_ROLLBACK_MODULE;
	op->version_id = remedy == TN_DRAFT_AGAIN ? run->version_id
						  : run->step->module_before.latest.id;
}

const struct tn_kind tn_kind_module_publish = {
	.look = tn_module_look,
	.before = before_publish,
	.write = write_publish,
	.answered = take_published,
	.after = after_publish,
	.undo = undo_publish,
	.remedy = remedy_publish,
	.needs = needs_modules,
	.holds = holds_published,
};
