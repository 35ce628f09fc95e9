#include "store/history.h"

#include "base/mem.h"
#include "base/text.h"

void
tn_history_free(struct tn_history *history)
{
	if (history == NULL)
		return;
	tn_arena_free(history->arena);
	tn_free(history);
}

static const struct tn_value *
version_in(const struct tn_past_object *object, int64_t version)
{
	/* A run that was put back leaves a new version, whose number it does not tell. */
	if (object->version_after == version && object->after != NULL)
		return object->after;
	return object->version_before == version ? object->before : NULL;
}

const struct tn_value *
tn_history_version(const struct tn_history *history, const char *object_id,
    int64_t version)
{
	for (size_t i = 0; i < history->n_runs; i++) {
		const struct tn_past_run *run = &history->runs[i];

		for (size_t k = 0; k < run->n_objects; k++) {
			const struct tn_past_object *object = &run->objects[k];
			const struct tn_value *found = tn_text_equal(object->id,
							   object_id)
			    ? version_in(object, version)
			    : NULL;

			if (found != NULL)
				return found;
		}
	}
	return NULL;
}
