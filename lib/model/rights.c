#include "model/provider.h"

void
tn_rights_words(const struct tn_rights *rights, struct tn_str *out)
{
	tn_str_add(out, rights->n == 1 ? "the right" : "the rights");
	for (size_t i = 0; i < rights->n; i++) {
		const char *before = i == 0 ? " " : i + 1 < rights->n ? ", " : " and ";

		tn_str_addf(out, "%s%s", before, rights->items[i]);
	}
}
