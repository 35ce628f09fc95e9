#include "sim/core.h"

#include "base/time.h"

void
tn_sim_show_time(struct tn_arena *arena, struct tn_value *object, const char *key,
    int64_t unix_ns)
{
	char text[TN_TIME_SIZE];

	tn_time_format(unix_ns, text);
	tn_value_set_text(arena, object, key, text);
}

static struct tn_value *
show_triggers(struct tn_arena *arena, const struct tn_sim_trigger *trigger,
    bool installed)
{
	struct tn_value *array = tn_value_array(arena);
	struct tn_value *item = tn_value_object(arena);

	tn_value_set_text(arena, item, "id", trigger->id);
	tn_value_set_text(arena, item, "version", trigger->version);
	if (installed)
		tn_value_set_text(arena, item, "status", trigger->status);
	tn_value_push(arena, array, item);
	return array;
}

struct tn_value *
tn_sim_show_dependencies(struct tn_arena *arena, const struct tn_sim_content *content,
    bool registry)
{
	struct tn_value *array = tn_value_array(arena);

	for (size_t i = 0; i < content->n_dependencies; i++) {
		const struct tn_sim_dependency *dependency = &content->dependencies[i];
		struct tn_value *item = tn_value_object(arena);

		tn_value_set_text(arena, item, "name", dependency->name);
		tn_value_set_text(arena, item, "version", dependency->version);
		if (registry)
			tn_value_set_text(arena, item, "registry_url",
			    dependency->registry_url);
		tn_value_push(arena, array, item);
	}
	return array;
}

struct tn_value *
tn_sim_show_secrets(struct tn_arena *arena, const struct tn_sim_content *content,
    int64_t stale)
{
	struct tn_value *array = tn_value_array(arena);

	for (size_t i = 0; i < content->n_secrets; i++) {
		struct tn_value *item = tn_value_object(arena);

		tn_value_set_text(arena, item, "name", content->secrets[i].name);
		tn_sim_show_time(arena, item, "updated_at",
		    stale != 0 ? stale : content->secrets[i].updated_at);
		tn_value_push(arena, array, item);
	}
	return array;
}

/* The key is left out when there are none. */
static void
add_modules(struct tn_arena *arena, struct tn_value *object,
    const struct tn_sim_content *content)
{
	struct tn_value *array = tn_value_array(arena);

	for (size_t i = 0; i < content->n_modules; i++) {
		const struct tn_sim_module_ref *ref = &content->modules[i];
		struct tn_value *item = tn_value_object(arena);

		tn_value_set_text(arena, item, "module_id", ref->module_id);
		tn_value_set_text(arena, item, "module_name", ref->module_name);
		tn_value_set_text(arena, item, "module_version_id", ref->version_id);
		tn_value_set_int(arena, item, "module_version_number",
		    ref->version_number);
		tn_value_push(arena, array, item);
	}
	if (content->n_modules > 0)
		tn_value_set(arena, object, "modules", array);
}

static int64_t
version_updated_at(const struct tn_sim_version *version, bool built)
{
	return built ? version->built_updated_at : version->created_at;
}

static struct tn_value *
show_current(struct tn_arena *arena, const struct tn_sim_version *version, int64_t at)
{
	enum tn_sim_status status = tn_sim_build_status(&version->build, at);
	struct tn_value *object = tn_value_object(arena);
	bool built = status == TN_SIM_BUILT;

	tn_value_set_text(arena, object, "id", version->id);
	tn_value_set_text(arena, object, "code", version->matter->content.code);
	tn_value_set_text(arena, object, "runtime", version->matter->content.runtime);
	tn_value_set_text(arena, object, "status", tn_sim_status_upper(status));
	tn_value_set_int(arena, object, "number", version->number);
	if (built)
		tn_sim_show_time(arena, object, "build_time", version->built_at);
	tn_sim_show_time(arena, object, "created_at", version->created_at);
	tn_sim_show_time(arena, object, "updated_at", version_updated_at(version, built));
	return object;
}

/* deployed_version, and the first part of a version that stands alone. */
static struct tn_value *
show_deployed(struct tn_arena *arena, const struct tn_sim_version *version, int64_t at,
    bool deployed, bool done)
{
	const struct tn_sim_content *content = &version->matter->content;
	enum tn_sim_status status = tn_sim_build_status(&version->build, at);
	struct tn_value *object = tn_value_object(arena);
	bool built = done && status == TN_SIM_BUILT;

	tn_value_set_text(arena, object, "code", content->code);
	tn_value_set(arena, object, "dependencies",
	    tn_sim_show_dependencies(arena, content, false));
	tn_value_set_text(arena, object, "id", version->id);
	tn_value_set_bool(arena, object, "deployed", deployed);
	tn_value_set_int(arena, object, "number", version->number);
	if (built)
		tn_sim_show_time(arena, object, "built_at", version->built_at);
	tn_value_set(arena, object, "secrets", tn_sim_show_secrets(arena, content, 0));
	add_modules(arena, object, content);
	tn_value_set_text(arena, object, "status", tn_sim_status_name(status));
	tn_sim_show_time(arena, object, "created_at", version->created_at);
	tn_sim_show_time(arena, object, "updated_at", version_updated_at(version, built));
	tn_value_set_text(arena, object, "runtime", content->runtime);
	tn_value_set(arena, object, "supported_triggers",
	    show_triggers(arena, version->trigger, false));
	return object;
}

static void
show_entity(struct tn_arena *arena, struct tn_value *object,
    const struct tn_sim_action *action)
{
	tn_value_set_text(arena, object, "id", action->id);
	tn_value_set_text(arena, object, "name", action->name);
	tn_value_set(arena, object, "supported_triggers",
	    show_triggers(arena, action->trigger, action->integration != NULL));
	tn_sim_show_time(arena, object, "created_at", action->created_at);
}

struct tn_value *
tn_sim_show_version(struct tn_arena *arena, const struct tn_sim_action *action,
    const struct tn_sim_version *version, int64_t at, bool answer)
{
	bool live = !answer && version == tn_sim_action_live(action, at);
	bool done = !answer && version->visible_at <= at;
	struct tn_value *object = show_deployed(arena, version, at, live, done);
	struct tn_value *of = tn_value_object(arena);

	show_entity(arena, of, action);
	tn_sim_show_time(arena, of, "updated_at", action->entity_at);
	tn_value_set_bool(arena, of, "all_changes_deployed", false);
	tn_value_set(arena, object, "action", of);
	return object;
}

static struct tn_value *
show_installed_version(struct tn_arena *arena, const struct tn_sim_action *action,
    bool current)
{
	struct tn_value *object = tn_value_object(arena);

	if (!current) {
		tn_value_set_text(arena, object, "code", "");
		tn_value_set(arena, object, "dependencies", tn_value_array(arena));
	}
	tn_value_set_text(arena, object, "id", action->integration->version_id);
	if (current) {
		tn_value_set_text(arena, object, "runtime", "node22");
		tn_value_set_text(arena, object, "status", "BUILT");
	} else {
		tn_value_set_bool(arena, object, "deployed", true);
		tn_value_set(arena, object, "secrets", tn_value_array(arena));
		tn_value_set_text(arena, object, "status", "built");
	}
	tn_sim_show_time(arena, object, "created_at", action->created_at);
	tn_sim_show_time(arena, object, "updated_at", action->created_at);
	if (!current)
		tn_value_set_text(arena, object, "runtime", "node22");
	return object;
}

static struct tn_value *
show_integration(struct tn_arena *arena, const struct tn_sim_action *action)
{
	struct tn_value *object = tn_value_object(arena);
	struct tn_value *release = tn_value_object(arena);

	tn_value_set_text(arena, object, "id", action->integration->id);
	tn_value_set_text(arena, object, "catalog_id", action->integration->catalog_id);
	tn_value_set_text(arena, object, "url_slug", "an-integration");
	tn_value_set_text(arena, object, "partner_id", action->integration->partner_id);
	tn_value_set_text(arena, object, "name", action->name);
	tn_value_set_text(arena, object, "description", "An action of somebody else");
	tn_value_set_text(arena, object, "short_description", "An action");
	tn_value_set_text(arena, object, "logo", "https://partner.example/logo.svg");
	tn_value_set_text(arena, object, "terms_of_use_url",
	    "https://partner.example/terms");
	tn_sim_show_time(arena, object, "updated_at", action->created_at);
	tn_sim_show_time(arena, object, "created_at", action->created_at);
	tn_value_set_text(arena, object, "feature_type", "action");
	tn_value_set_text(arena, release, "id", "");
	tn_value_set(arena, release, "semver", tn_value_object(arena));
	tn_value_set(arena, object, "current_release", release);
	return object;
}

static void
show_versions(struct tn_arena *arena, struct tn_value *object,
    const struct tn_sim_action *action, int64_t at)
{
	const struct tn_sim_version *live = tn_sim_action_live(action, at);

	if (action->integration != NULL) {
		tn_value_set(arena, object, "current_version",
		    show_installed_version(arena, action, true));
		tn_value_set(arena, object, "deployed_version",
		    show_installed_version(arena, action, false));
		tn_value_set_text(arena, object, "installed_integration_id",
		    action->integration->id);
		tn_value_set(arena, object, "integration",
		    show_integration(arena, action));
	} else if (live != NULL) {
		tn_value_set(arena, object, "current_version",
		    show_current(arena, live, at));
		tn_value_set(arena, object, "deployed_version",
		    show_deployed(arena, live, at, true, true));
	}
}

static void
show_draft(struct tn_arena *arena, struct tn_value *object,
    const struct tn_sim_action *action, int64_t at)
{
	const struct tn_sim_content *draft = &action->draft->content;
	enum tn_sim_status status = tn_sim_action_status(action, at);

	tn_value_set_text(arena, object, "code", draft->code);
	tn_value_set(arena, object, "dependencies",
	    tn_sim_show_dependencies(arena, draft, status != TN_SIM_BUILT));
	tn_value_set_text(arena, object, "runtime", draft->runtime);
	tn_value_set_text(arena, object, "status", tn_sim_status_name(status));
	tn_value_set(arena, object, "secrets", tn_sim_show_secrets(arena, draft, 0));
	add_modules(arena, object, draft);
}

struct tn_value *
tn_sim_show_action(struct tn_arena *arena, const struct tn_sim_action *action, int64_t at)
{
	struct tn_value *object = tn_value_object(arena);

	show_entity(arena, object, action);
	tn_sim_show_time(arena, object, "updated_at",
	    tn_sim_action_updated_at(action, at));
	if (action->draft != NULL)
		show_draft(arena, object, action, at);
	show_versions(arena, object, action, at);
	tn_value_set_bool(arena, object, "all_changes_deployed",
	    tn_sim_action_all_deployed(action, at));
	return object;
}

struct tn_value *
tn_sim_show_binding(struct tn_arena *arena, const char *trigger,
    const struct tn_sim_binding *binding, const struct tn_sim_action *action, int64_t at)
{
	struct tn_value *object = tn_value_object(arena);
	struct tn_value *of = tn_value_object(arena);

	show_entity(arena, of, action);
	tn_sim_show_time(arena, of, "updated_at", action->entity_at);
	show_versions(arena, of, action, at);
	tn_value_set_bool(arena, of, "all_changes_deployed", false);
	tn_value_set_text(arena, object, "id", binding->id);
	tn_value_set_text(arena, object, "trigger_id", trigger);
	tn_value_set(arena, object, "action", of);
	tn_sim_show_time(arena, object, "created_at", binding->created_at);
	tn_sim_show_time(arena, object, "updated_at", binding->created_at);
	tn_value_set_text(arena, object, "display_name", binding->display_name);
	return object;
}
