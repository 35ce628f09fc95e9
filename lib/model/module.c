#include "model/module.h"

#include "base/error.h"
#include "base/value.h"

bool
tn_live_module_published(const struct tn_live_module *module)
{
	return module->has_latest || module->latest_number > 0 || module->all_published;
}

bool
tn_live_module_clean(const struct tn_live_module *module)
{
	if (module->has_latest)
		return tn_content_differs(&module->draft, &module->latest.content) == 0;
	return module->all_published;
}

const struct tn_content *
tn_live_module_latest(const struct tn_live_module *module)
{
	if (module->has_latest)
		return &module->latest.content;
	return module->all_published ? &module->draft : NULL;
}

void
tn_live_module_copy(struct tn_arena *arena, struct tn_live_module *to,
    const struct tn_live_module *from)
{
	struct tn_live_module copy = *from;
	struct tn_version *versions = tn_arena_array(arena, from->n_versions,
	    struct tn_version);

	copy.id = tn_arena_text(arena, from->id);
	copy.name = tn_arena_text(arena, from->name);
	copy.created_at = tn_arena_text(arena, from->created_at);
	copy.updated_at = tn_arena_text(arena, from->updated_at);
	tn_content_copy(arena, &copy.draft, &from->draft);
	tn_version_copy(arena, &copy.latest, &from->latest);
	for (size_t i = 0; i < from->n_versions; i++)
		tn_version_copy(arena, &versions[i], &from->versions[i]);
	copy.versions = versions;
	*to = copy;
}

struct tn_value *
tn_live_module_to_value(struct tn_arena *arena, const struct tn_live_module *module)
{
	struct tn_value *value = tn_value_object(arena);

	tn_value_set_text(arena, value, "id", module->id);
	tn_value_set_text(arena, value, "name", module->name);
	tn_value_set_text(arena, value, "created_at", module->created_at);
	tn_value_set_text(arena, value, "updated_at", module->updated_at);
	tn_value_set(arena, value, "draft", tn_content_to_value(arena, &module->draft));
	tn_value_set_bool(arena, value, "all_published", module->all_published);
	tn_value_set_int(arena, value, "latest_number", module->latest_number);
	if (module->has_latest)
		tn_value_set(arena, value, "latest",
		    tn_version_to_value(arena, &module->latest));
	return value;
}
