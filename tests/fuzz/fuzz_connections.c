/* connections.yaml: what is accepted has an address to go to and a credential's place. */
#include "fuzz.h"

#include "base/text.h"
#include "config/config.h"
#include "http/message.h"
#include "schema/schema.h"

static void
must_be_source(const struct tn_secret_source *source)
{
	if (source->kind != TN_SECRET_NONE)
		must_be_words(source->name);
}

static void
must_be_entry(const struct tn_connection_entry *entry)
{
	struct tn_url url;

	must_be_words(entry->tenant);
	must_be_words(entry->provider);
	must(entry->base_url != NULL);
	must(tn_url_parse(entry->base_url, &url, NULL) == 0);
	must(tn_span_is(url.scheme, "https") || tn_url_is_loopback(&url));
	must_be_source(&entry->client_secret);
	must_be_source(&entry->token);
	must((entry->client_secret.kind != TN_SECRET_NONE) !=
	    (entry->token.kind != TN_SECRET_NONE));
	for (size_t i = 0; i < entry->n_secrets; i++) {
		must_be_words(entry->secrets[i].name);
		must(entry->secrets[i].source.kind != TN_SECRET_NONE);
		must_be_source(&entry->secrets[i].source);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static struct tn_schemas *schemas;
	TN_CLEANUP(tn_diags_freep) struct tn_diags *diags = tn_diags_new();
	TN_CLEANUP(tn_connections_freep) struct tn_connections *connections = NULL;
	int r;

	if (schemas == NULL)
		schemas = tn_schemas_new();
	r = tn_connections_load("connections.yaml", tn_span_of((const char *)bytes, len),
	    schemas, &connections, diags);
	must_be_findings(diags, len);
	must(r == (tn_diags_errors(diags) > 0 ? -TN_E_INPUT : 0));
	must((connections != NULL) == (r == 0));
	for (size_t i = 0; r == 0 && i < connections->n_entries; i++)
		must_be_entry(&connections->entries[i]);
	return 0;
}
