#include "sim/state.h"

#include "base/mem.h"
#include <string.h>

struct tn_sim_matter *
tn_sim_matter_new(void)
{
	struct tn_sim_matter *matter = tn_new(struct tn_sim_matter);

	matter->refs = 1;
	matter->arena = tn_arena_new();
	return matter;
}

struct tn_sim_matter *
tn_sim_matter_ref(struct tn_sim_matter *matter)
{
	if (matter != NULL)
		matter->refs++;
	return matter;
}

void
tn_sim_matter_unref(struct tn_sim_matter *matter)
{
	if (matter == NULL || --matter->refs > 0)
		return;
	tn_arena_free(matter->arena);
	tn_free(matter);
}

const struct tn_sim_secret *
tn_sim_secret_find(const struct tn_sim_content *content, const char *name)
{
	for (size_t i = 0; i < content->n_secrets; i++)
		if (tn_text_equal(content->secrets[i].name, name))
			return &content->secrets[i];
	return NULL;
}

static bool
has_dependency(const struct tn_sim_content *content,
    const struct tn_sim_dependency *wanted)
{
	for (size_t i = 0; i < content->n_dependencies; i++)
		if (tn_text_equal(content->dependencies[i].name, wanted->name) &&
		    tn_text_equal(content->dependencies[i].version, wanted->version))
			return true;
	return false;
}

static bool
has_secret(const struct tn_sim_content *content, const struct tn_sim_secret *wanted)
{
	const struct tn_sim_secret *secret = tn_sim_secret_find(content, wanted->name);

	return secret != NULL && secret->updated_at == wanted->updated_at &&
	    tn_text_equal(secret->sha256, wanted->sha256);
}

const struct tn_sim_module_ref *
tn_sim_content_module(const struct tn_sim_content *content, const char *module_id)
{
	for (size_t i = 0; i < content->n_modules; i++)
		if (tn_text_equal(content->modules[i].module_id, module_id))
			return &content->modules[i];
	return NULL;
}

static bool
has_module(const struct tn_sim_content *content, const struct tn_sim_module_ref *wanted)
{
	const struct tn_sim_module_ref *ref = tn_sim_content_module(content,
	    wanted->module_id);

	return ref != NULL && tn_text_equal(ref->version_id, wanted->version_id);
}

/* Names are unique in each list: equal counts and one inclusion make equal sets. */
bool
tn_sim_content_equal(const struct tn_sim_content *a, const struct tn_sim_content *b)
{
	if (a == b)
		return true;
	if (a->n_dependencies != b->n_dependencies || a->n_secrets != b->n_secrets ||
	    a->n_modules != b->n_modules || !tn_text_equal(a->runtime, b->runtime) ||
	    !tn_text_equal(a->code, b->code))
		return false;
	for (size_t i = 0; i < a->n_dependencies; i++)
		if (!has_dependency(b, &a->dependencies[i]))
			return false;
	for (size_t i = 0; i < a->n_secrets; i++)
		if (!has_secret(b, &a->secrets[i]))
			return false;
	for (size_t i = 0; i < a->n_modules; i++)
		if (!has_module(b, &a->modules[i]))
			return false;
	return true;
}

/* A builder is found soon: reads a moment after the write show "building" already. */
static int64_t
pending_time(const struct tn_sim_build *build)
{
	int64_t tenth = build->length / 10;

	return tenth < 100 * TN_MSEC ? tenth : 100 * TN_MSEC;
}

/* An attempt takes `length`; between two of them the platform waits twice as long. */
static int64_t
cycle_time(const struct tn_sim_build *build)
{
	return 3 * build->length;
}

int64_t
tn_sim_build_end(const struct tn_sim_build *build)
{
	int64_t end = build->started + build->length;

	if (!build->plain && build->attempts > 1)
		end += cycle_time(build) * (build->attempts - 1);
	return end;
}

enum tn_sim_status
tn_sim_build_status(const struct tn_sim_build *build, int64_t at)
{
	int64_t age = at - build->started;
	int64_t end = tn_sim_build_end(build);

	if (at >= end)
		return build->fails ? TN_SIM_FAILED : TN_SIM_BUILT;
	if (build->plain || age < pending_time(build))
		return TN_SIM_PENDING;
	if (!build->fails && at >= end - build->packaged)
		return TN_SIM_PACKAGED;
	return age % cycle_time(build) < build->length ? TN_SIM_BUILDING
						       : TN_SIM_RETRYING;
}

struct tn_sim_version *
tn_sim_version_ref(struct tn_sim_version *version)
{
	version->refs++;
	return version;
}

void
tn_sim_version_unref(struct tn_sim_version *version)
{
	if (version == NULL || --version->refs > 0)
		return;
	tn_sim_matter_unref(version->matter);
	tn_free(version);
}

const struct tn_sim_version *
tn_sim_action_live(const struct tn_sim_action *action, int64_t at)
{
	const struct tn_sim_history *history = &action->history;

	for (size_t i = history->n; i > 0; i--)
		if (history->versions[i - 1]->visible_at <= at)
			return history->versions[i - 1];
	return NULL;
}

bool
tn_sim_action_runs(const struct tn_sim_action *action, int64_t at)
{
	const struct tn_sim_version *live = tn_sim_action_live(action, at);

	if (action->integration != NULL)
		return true;
	return live != NULL && tn_sim_build_status(&live->build, at) == TN_SIM_BUILT;
}

enum tn_sim_status
tn_sim_action_status(const struct tn_sim_action *action, int64_t at)
{
	return tn_sim_build_status(&action->build, at);
}

int64_t
tn_sim_action_updated_at(const struct tn_sim_action *action, int64_t at)
{
	if (action->draft_built_at != 0 &&
	    tn_sim_action_status(action, at) == TN_SIM_BUILT)
		return action->draft_built_at;
	return action->draft_at;
}

bool
tn_sim_action_all_deployed(const struct tn_sim_action *action, int64_t at)
{
	const struct tn_sim_version *live = tn_sim_action_live(action, at);

	return live != NULL && action->draft != NULL &&
	    tn_sim_content_equal(&live->matter->content, &action->draft->content);
}

const struct tn_sim_version *
tn_sim_history_find(const struct tn_sim_history *history, const char *id)
{
	for (size_t i = 0; i < history->n; i++)
		if (tn_text_equal(history->versions[i]->id, id))
			return history->versions[i];
	return NULL;
}

const struct tn_sim_version *
tn_sim_history_last(const struct tn_sim_history *history)
{
	return history->n == 0 ? NULL : history->versions[history->n - 1];
}

void
tn_sim_history_push(struct tn_sim_history *history, struct tn_sim_version *version)
{
	history->versions = tn_grow(history->versions, history->n, &history->cap,
	    sizeof history->versions[0]);
	history->versions[history->n++] = version;
}

void
tn_sim_history_drop(struct tn_sim_history *history, size_t i)
{
	tn_sim_version_unref(history->versions[i]);
	memmove(&history->versions[i], &history->versions[i + 1],
	    (history->n - i - 1) * sizeof history->versions[0]);
	history->n--;
}

void
tn_sim_history_copy(struct tn_sim_history *to, const struct tn_sim_history *from)
{
	*to = (struct tn_sim_history){ .last_number = from->last_number };
	for (size_t i = 0; i < from->n; i++)
		tn_sim_history_push(to, tn_sim_version_ref(from->versions[i]));
}

void
tn_sim_history_done(struct tn_sim_history *history)
{
	for (size_t i = 0; i < history->n; i++)
		tn_sim_version_unref(history->versions[i]);
	tn_free(history->versions);
}

void
tn_sim_action_free(struct tn_sim_action *action)
{
	if (action == NULL)
		return;
	tn_sim_history_done(&action->history);
	tn_sim_matter_unref(action->draft);
	tn_free(action->integration);
	tn_free(action->name);
	tn_free(action);
}

struct tn_sim_action *
tn_sim_action_copy(const struct tn_sim_action *from)
{
	struct tn_sim_action *to = tn_new(struct tn_sim_action);

	*to = *from;
	to->name = tn_strdup(from->name);
	to->draft = tn_sim_matter_ref(from->draft);
	tn_sim_history_copy(&to->history, &from->history);
	if (from->integration != NULL) {
		to->integration = tn_new(struct tn_sim_integration);
		*to->integration = *from->integration;
	}
	return to;
}
