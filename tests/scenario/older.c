#include "older.h"

#include <string.h>

void
older_text(const char *text, struct tn_str *out)
{
	static const char actions[] = "/actions/actions", versions[] = "/versions";
	const char *at = text;

	for (const char *found; (found = strstr(at, actions)) != NULL;) {
		size_t path = strcspn(found, " \"\n");
		bool stays = memmem(found, path, versions, strlen(versions)) != NULL;

		tn_str_add_bytes(out, at, (size_t)(found - at));
		tn_str_add(out, stays ? actions : "/actions");
		at = found + strlen(actions);
	}
	tn_str_add(out, at);
}
