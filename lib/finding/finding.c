#include "finding/finding.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "finding/table.h"

static const struct tn_finding_table *const tables[] = {
	&tn_finding_document,
	&tn_finding_form,
	&tn_finding_project,
	&tn_finding_code,
	&tn_finding_limits,
	&tn_finding_tenant,
	&tn_finding_connections,
	&tn_finding_deploycli,
	&tn_finding_daemon,
};

size_t
tn_finding_count(void)
{
	size_t n = 0;

	for (size_t i = 0; i < TN_ARRAY_LEN(tables); i++)
		n += tables[i]->count;
	return n;
}

/* The first code behind another one, or of all for NULL. */
static const struct tn_finding *
after(const char *code)
{
	const struct tn_finding *first = NULL;

	for (size_t i = 0; i < TN_ARRAY_LEN(tables); i++) {
		for (size_t k = 0; k < tables[i]->count; k++) {
			const struct tn_finding *entry = &tables[i]->entries[k];

			if (code != NULL && strcmp(entry->code, code) <= 0)
				continue;
			if (first == NULL || strcmp(entry->code, first->code) < 0)
				first = entry;
		}
	}
	return first;
}

/* The tables stand by topic; who asks for the order of the alphabet is in no hurry. */
const struct tn_finding *
tn_finding_at(size_t i)
{
	const struct tn_finding *entry = after(NULL);

	while (entry != NULL && i-- > 0)
		entry = after(entry->code);
	return entry;
}

const struct tn_finding *
tn_finding_find(const char *code)
{
	for (size_t i = 0; i < TN_ARRAY_LEN(tables); i++) {
		for (size_t k = 0; k < tables[i]->count; k++)
			if (strcmp(tables[i]->entries[k].code, code) == 0)
				return &tables[i]->entries[k];
	}
	return NULL;
}

const char *
tn_finding_nearest(const char *code)
{
	size_t count = tn_finding_count(), n = 0;
	TN_CLEANUP(tn_freep) const char **codes = tn_alloc(count, sizeof(*codes));

	for (size_t i = 0; i < TN_ARRAY_LEN(tables); i++) {
		for (size_t k = 0; k < tables[i]->count; k++)
			codes[n++] = tables[i]->entries[k].code;
	}
	return tn_text_nearest(code, codes, n);
}
