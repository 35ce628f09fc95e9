#include "sim/core.h"

#include "base/text.h"
#include "crypto/crypto.h"
#include <string.h>

/* The words of the service for a value that its own schema refuses. */
static bool
refuse_draft(struct tn_sim_ctx *ctx, const struct tn_sim_subject *subject,
    const char *list, size_t i, const char *what)
{
	return tn_sim_refuse(ctx, 400, NULL,
	    "invalid %s.Draft: embedded message failed validation | caused by: invalid "
	    "DraftInformation.%s[%zu]: embedded message failed validation | caused by: %s",
	    subject->request, list, i, what);
}

/* Another order than it was, for n of two and more; where the tenant is told to. */
static void
shuffle(struct tn_sim_ctx *ctx, void *items, size_t n, size_t size)
{
	size_t bytes = n * size, turn;
	char *copy;

	if (!ctx->sim->options.shuffle || n < 2)
		return;
	turn = (1 + tn_rand_below(&ctx->sim->rand, n - 1)) * size;
	copy = tn_arena_alloc(ctx->arena, n, size);
	memcpy(copy, (char *)items + turn, bytes - turn);
	memcpy(copy + bytes - turn, items, turn);
	memcpy(items, copy, bytes);
}

/* --- dependencies --- */

static bool
check_dependency(struct tn_sim_ctx *ctx, const struct tn_sim_content *content, size_t i)
{
	const struct tn_sim_dependency *dependency = &content->dependencies[i];

	if (dependency->name[0] == '\0' || dependency->version[0] == '\0')
		return tn_sim_refuse(ctx, 400, NULL,
		    "invalid dependency: name and version must not be empty");
	for (size_t k = 0; k < i; k++)
		if (tn_text_equal(content->dependencies[k].name, dependency->name))
			return tn_sim_refuse(ctx, 400, NULL, "duplicate dependency: %s",
			    dependency->name);
	return true;
}

static bool
take_dependencies(struct tn_sim_ctx *ctx, const struct tn_sim_subject *subject,
    struct tn_sim_matter *matter)
{
	const struct tn_value *array = tn_value_get(ctx->body, "dependencies");
	size_t n = tn_value_count(array);
	struct tn_sim_dependency *list = tn_arena_array(matter->arena, n + 1,
	    struct tn_sim_dependency);

	if (n > TN_SIM_LIMIT_DEPENDENCIES)
		return tn_sim_refuse(ctx, 400, NULL,
		    "%s can have at most %d dependencies", subject->noun,
		    TN_SIM_LIMIT_DEPENDENCIES);
	matter->content.dependencies = list;
	matter->content.n_dependencies = n;
	for (size_t i = 0; i < n; i++) {
		const struct tn_value *item = tn_value_at(array, i);

		list[i].name = tn_arena_text(matter->arena,
		    tn_value_get_text(item, "name"));
		list[i].version = tn_arena_text(matter->arena,
		    tn_value_get_text(item, "version"));
		list[i].registry_url = tn_arena_text(matter->arena,
		    tn_value_get_text(item, "registry_url"));
		if (!check_dependency(ctx, &matter->content, i))
			return false;
	}
	shuffle(ctx, list, n, sizeof list[0]);
	return true;
}

static void
keep_dependencies(struct tn_sim_matter *matter, const struct tn_sim_content *old,
    bool registry)
{
	struct tn_sim_dependency *list = tn_arena_array(matter->arena,
	    old->n_dependencies + 1, struct tn_sim_dependency);

	matter->content.dependencies = list;
	matter->content.n_dependencies = old->n_dependencies;
	for (size_t i = 0; i < old->n_dependencies; i++) {
		const struct tn_sim_dependency *from = &old->dependencies[i];

		list[i].name = tn_arena_text(matter->arena, from->name);
		list[i].version = tn_arena_text(matter->arena, from->version);
		list[i].registry_url = registry
		    ? tn_arena_text(matter->arena, from->registry_url)
		    : NULL;
	}
}

/* --- secrets --- */

static bool
check_secret(struct tn_sim_ctx *ctx, const struct tn_sim_subject *subject,
    const struct tn_value *array, size_t i)
{
	const struct tn_value *item = tn_value_at(array, i);
	const char *name = tn_value_get_text(item, "name");
	const char *value = tn_value_get_text(item, "value");
	size_t length = tn_utf8_length(tn_span(name));

	if (length < 1 || length > subject->secret_name)
		return refuse_draft(ctx, subject, "Secrets", i,
		    tn_arena_printf(ctx->arena,
			"invalid NameValueOptional.Name: value length must be between 1 "
			"and %zu runes, inclusive",
			subject->secret_name));
	if (tn_utf8_length(tn_span(value)) > TN_SIM_LIMIT_SECRET_VALUE)
		return refuse_draft(ctx, subject, "Secrets", i,
		    "invalid NameValueOptional.Value: value length must be at most 4096 runes");
	for (size_t k = 0; k < i; k++)
		if (tn_text_equal(tn_value_get_text(tn_value_at(array, k), "name"), name))
			return tn_sim_refuse(ctx, 400, NULL, "duplicate secret: %s",
			    name);
	return true;
}

static struct tn_sim_secret
copy_secret(struct tn_arena *arena, const struct tn_sim_secret *from)
{
	return (struct tn_sim_secret){
		.name = tn_arena_text(arena, from->name),
		.sha256 = tn_arena_text(arena, from->sha256),
		.updated_at = from->updated_at,
	};
}

/* The secret that an item describes: a new value, or what was there. */
static bool
make_secret(struct tn_sim_ctx *ctx, struct tn_arena *arena, const struct tn_value *item,
    const struct tn_sim_content *old, int64_t stamp, struct tn_sim_secret *out)
{
	const char *name = tn_value_get_text(item, "name");
	const char *value = tn_value_get_text(item, "value");
	const struct tn_sim_secret *stored = tn_sim_secret_find(old, name);
	char hash[TN_SHA256_HEX];

	if (value == NULL && stored == NULL)
		return tn_sim_refuse(ctx, 400, NULL, "secret %s has no value", name);
	if (value == NULL) {
		*out = copy_secret(arena, stored);
		return true;
	}
	tn_sha256_hex(tn_span(value), hash);
	out->name = tn_arena_text(arena, name);
	out->sha256 = tn_arena_text(arena, hash);
	out->updated_at = stamp;
	return true;
}

static const struct tn_value *
find_item(const struct tn_value *array, const char *name)
{
	for (size_t i = 0; i < tn_value_count(array); i++)
		if (tn_text_equal(tn_value_get_text(tn_value_at(array, i), "name"), name))
			return tn_value_at(array, i);
	return NULL;
}

/* Names that were there keep their places; new ones come after them. */
static bool
take_secrets(struct tn_sim_ctx *ctx, const struct tn_sim_subject *subject,
    const struct tn_sim_content *old, int64_t stamp, struct tn_sim_matter *matter)
{
	const struct tn_value *array = tn_value_get(ctx->body, "secrets");
	size_t n = tn_value_count(array), done = 0;
	struct tn_sim_secret *list = tn_arena_array(matter->arena, n + 1,
	    struct tn_sim_secret);

	if (n > TN_SIM_LIMIT_SECRETS)
		return tn_sim_refuse(ctx, 400, NULL, "%s can have at most %d secrets",
		    subject->noun, TN_SIM_LIMIT_SECRETS);
	for (size_t i = 0; i < n; i++)
		if (!check_secret(ctx, subject, array, i))
			return false;
	for (size_t i = 0; i < old->n_secrets; i++) {
		const struct tn_value *item = find_item(array, old->secrets[i].name);

		if (item != NULL &&
		    !make_secret(ctx, matter->arena, item, old, stamp, &list[done++]))
			return false;
	}
	for (size_t i = 0; i < n; i++) {
		const struct tn_value *item = tn_value_at(array, i);

		if (tn_sim_secret_find(old, tn_value_get_text(item, "name")) == NULL &&
		    !make_secret(ctx, matter->arena, item, old, stamp, &list[done++]))
			return false;
	}
	shuffle(ctx, list, done, sizeof list[0]);
	matter->content.secrets = list;
	matter->content.n_secrets = done;
	return true;
}

static void
keep_secrets(struct tn_sim_matter *matter, const struct tn_sim_content *old)
{
	struct tn_sim_secret *list = tn_arena_array(matter->arena, old->n_secrets + 1,
	    struct tn_sim_secret);

	for (size_t i = 0; i < old->n_secrets; i++)
		list[i] = copy_secret(matter->arena, &old->secrets[i]);
	matter->content.secrets = list;
	matter->content.n_secrets = old->n_secrets;
}

bool
tn_sim_draft_lists(struct tn_sim_ctx *ctx, const struct tn_sim_subject *subject,
    const struct tn_sim_content *old, bool registry, int64_t stamp,
    struct tn_sim_matter *matter)
{
	if (tn_value_get(ctx->body, "dependencies") == NULL)
		keep_dependencies(matter, old, registry);
	else if (!take_dependencies(ctx, subject, matter))
		return false;
	if (tn_value_get(ctx->body, "secrets") != NULL)
		return take_secrets(ctx, subject, old, stamp, matter);
	keep_secrets(matter, old);
	return true;
}

/* --- modules that an action uses --- */

static bool
find_published(struct tn_sim_ctx *ctx, const struct tn_sim_subject *subject,
    const struct tn_value *item, size_t i, struct tn_sim_module_ref *out)
{
	const char *version_id = tn_value_get_text(item, "module_version_id");
	const struct tn_sim_module *module = tn_sim_world_module(&ctx->sim->world,
	    tn_value_get_text(item, "module_id"));
	const struct tn_sim_version *version;

	if (!tn_sim_is_uuid(version_id))
		return refuse_draft(ctx, subject, "Modules", i,
		    "invalid ModuleRef.ModuleVersionId: value must be a valid UUID");
	if (module == NULL)
		return tn_sim_refuse(ctx, 400, NULL, "That module does not exist.");
	version = tn_sim_history_find(&module->history, version_id);
	if (version == NULL)
		return tn_sim_refuse(ctx, 400, NULL,
		    "That module version does not exist.");
	*out = (struct tn_sim_module_ref){ module->id, module->name, version->id,
		version->number };
	return true;
}

static void
copy_module(struct tn_arena *arena, const struct tn_sim_module_ref *from,
    struct tn_sim_module_ref *to)
{
	to->module_id = tn_arena_text(arena, from->module_id);
	to->module_name = tn_arena_text(arena, from->module_name);
	to->version_id = tn_arena_text(arena, from->version_id);
	to->version_number = from->version_number;
}

static bool
take_modules(struct tn_sim_ctx *ctx, const struct tn_sim_subject *subject,
    struct tn_sim_matter *matter)
{
	const struct tn_value *array = tn_value_get(ctx->body, "modules");
	size_t n = tn_value_count(array);
	struct tn_sim_module_ref *list = tn_arena_array(matter->arena, n + 1,
	    struct tn_sim_module_ref);

	if (n > TN_SIM_LIMIT_USED_MODULES)
		return tn_sim_refuse(ctx, 400, NULL, "%s can use at most %d modules",
		    subject->noun, TN_SIM_LIMIT_USED_MODULES);
	matter->content.modules = list;
	for (size_t i = 0; i < n; i++) {
		struct tn_sim_module_ref found = { 0 };

		if (!find_published(ctx, subject, tn_value_at(array, i), i, &found))
			return false;
		if (tn_sim_content_module(&matter->content, found.module_id) != NULL)
			return tn_sim_refuse(ctx, 400, NULL, "duplicate module: %s",
			    found.module_name);
		copy_module(matter->arena, &found, &list[matter->content.n_modules++]);
	}
	return true;
}

static void
keep_modules(struct tn_sim_matter *matter, const struct tn_sim_content *old)
{
	struct tn_sim_module_ref *list = tn_arena_array(matter->arena, old->n_modules + 1,
	    struct tn_sim_module_ref);

	for (size_t i = 0; i < old->n_modules; i++)
		copy_module(matter->arena, &old->modules[i], &list[i]);
	matter->content.modules = list;
	matter->content.n_modules = old->n_modules;
}

/* --- the whole --- */

static bool
take_scalars(struct tn_sim_ctx *ctx, const struct tn_sim_content *old,
    const struct tn_sim_trigger *trigger, struct tn_sim_matter *matter)
{
	const char *code = tn_value_get_text(ctx->body, "code");
	const char *runtime = tn_value_get_text(ctx->body, "runtime");

	if (code != NULL && strlen(code) > TN_SIM_LIMIT_CODE)
		return tn_sim_refuse(ctx, 400, NULL, "code is larger than 100 kB");
	if (runtime != NULL && !tn_sim_trigger_runs(trigger, runtime))
		return tn_sim_refuse(ctx, 400, NULL, "runtime is not supported");
	matter->content.code = tn_arena_text(matter->arena,
	    code == NULL ? old->code : code);
	matter->content.runtime = tn_arena_text(matter->arena,
	    runtime == NULL ? old->runtime : runtime);
	return true;
}

bool
tn_sim_draft_make(struct tn_sim_ctx *ctx, const struct tn_sim_action *old,
    const struct tn_sim_trigger *trigger, int64_t stamp, struct tn_sim_matter **out)
{
	TN_CLEANUP(tn_sim_matter_unrefp)
	struct tn_sim_matter *matter = tn_sim_matter_new();
	const struct tn_sim_subject subject = { "an action",
		old == NULL ? "CreateActionRequest" : "UpdateActionRequest",
		TN_SIM_LIMIT_SECRET_NAME };
	struct tn_sim_content nothing = { .code = "",
		.runtime = trigger->default_runtime };
	const struct tn_sim_content *before = old == NULL ? &nothing
							  : &old->draft->content;
	/* What a finished build forgot does not come back. */
	bool registry = old != NULL &&
	    tn_sim_action_status(old, ctx->now) != TN_SIM_BUILT;

	if (!take_scalars(ctx, before, trigger, matter) ||
	    !tn_sim_draft_lists(ctx, &subject, before, registry, stamp, matter))
		return false;
	if (tn_value_get(ctx->body, "modules") == NULL)
		keep_modules(matter, before);
	else if (!take_modules(ctx, &subject, matter))
		return false;
	*out = tn_take(matter);
	return true;
}

/* MAJOR.MINOR.PATCH, with anything behind a "-" or "+". */
static bool
is_exact_version(const char *text)
{
	for (int part = 0; part < 3; part++) {
		size_t digits = strspn(text, "0123456789");

		if (digits == 0)
			return false;
		text += digits;
		if (part < 2 && *text++ != '.')
			return false;
	}
	return *text == '\0' || ((*text == '-' || *text == '+') && text[1] != '\0');
}

static bool
can_be_built(const struct tn_sim_content *content)
{
	for (size_t i = 0; i < content->n_dependencies; i++)
		if (!is_exact_version(content->dependencies[i].version) &&
		    !tn_text_equal(content->dependencies[i].version, "latest"))
			return false;
	return true;
}

void
tn_sim_draft_build(struct tn_sim_ctx *ctx, struct tn_sim_action *action)
{
	const struct tn_sim_options *options = &ctx->sim->options;
	const struct tn_sim_content *draft = &action->draft->content;
	bool plain = draft->n_dependencies == 0;
	bool fails = ctx->fail_build || !can_be_built(draft);

	action->build = (struct tn_sim_build){
		.started = ctx->now,
		.length = (plain ? options->plain_ns : options->build_ns) + ctx->lag,
		.packaged = options->packaged_ns,
		.plain = plain,
		.fails = fails,
		.attempts = fails || ctx->retry_build ? options->build_attempts : 1,
	};
}
