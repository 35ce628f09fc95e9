#include "run/secrets.h"

#include <string.h>

#include "base/mem.h"
#include "base/secret.h"
#include "crypto/crypto.h"

/* Versioned: a change of the recipe must not look like a change of every secret. */
#define FINGERPRINT_DOMAIN "tenon-secret-1"

void
tn_secret_box_done(struct tn_secret_box *box)
{
	for (size_t i = 0; i < box->n; i++)
		tn_secret_unref((struct tn_secret *)(uintptr_t)box->items[i].value);
	tn_free(box->items);
}

const struct tn_secret *
tn_secret_box_find(const struct tn_secret_box *box, const char *name)
{
	for (size_t i = 0; i < box->n; i++)
		if (tn_text_equal(box->items[i].name, name))
			return box->items[i].value;
	return NULL;
}

static struct tn_secret *
keep(const struct tn_run_options *options, const char *bytes, size_t len)
{
	struct tn_secret *secret = tn_secret_new(bytes, len);

	if (options->redactor != NULL)
		tn_redactor_add(options->redactor, secret);
	return secret;
}

static int
resolve_file(const struct tn_run_options *options, const char *path,
    struct tn_secret **out, struct tn_error *err)
{
	struct tn_str bytes = TN_STR_INIT;
	unsigned mode;
	int r = options->environment.read_file(options->environment.arg, path, &bytes,
	    &mode, err);

	if (r == 0) {
		size_t len = bytes.len;

		/* An editor ends the last line; the newline is not part of the value. */
		if (len > 0 && bytes.ptr[len - 1] == '\n')
			len--;
		*out = keep(options, tn_str_text(&bytes), len);
	}
	if (bytes.ptr != NULL)
		tn_wipe(bytes.ptr, bytes.len);
	tn_str_done(&bytes);
	return r;
}

int
tn_secret_resolve(const struct tn_run_options *options,
    const struct tn_secret_source *source, struct tn_secret **out, struct tn_error *err)
{
	const char *value;

	*out = NULL;
	switch (source->kind) {
	case TN_SECRET_NONE:
		return 0;
	case TN_SECRET_ENV:
		value = options->environment.get(options->environment.arg, source->name);
		if (value != NULL && value[0] != '\0')
			*out = keep(options, value, strlen(value));
		return 0;
	case TN_SECRET_FILE:
		return resolve_file(options, source->name, out, err);
	}
	return 0;
}

static const struct tn_secret_source *
source_of(const struct tn_connection_entry *entry, const char *name)
{
	for (size_t i = 0; i < entry->n_secrets; i++)
		if (tn_text_equal(entry->secrets[i].name, name))
			return &entry->secrets[i].source;
	return NULL;
}

static int
add_secret(struct tn_secret_box *box, const struct tn_run_options *options,
    const struct tn_connection_entry *entry, const char *name, struct tn_error *err)
{
	TN_CLEANUP(tn_str_done) struct tn_str variable = TN_STR_INIT;
	const struct tn_secret_source *source = source_of(entry, name);
	struct tn_secret_source fallback = { .kind = TN_SECRET_ENV };
	struct tn_secret *value = NULL;
	int r;

	if (tn_secret_box_find(box, name) != NULL)
		return 0;
	if (source == NULL) {
		tn_str_addf(&variable, "TENON_SECRET_%s", name);
		fallback.name = tn_str_text(&variable);
		source = &fallback;
	}
	r = tn_secret_resolve(options, source, &value, err);
	if (r < 0) {
		tn_error_context(err, "the secret %s of tenant %s", name, entry->tenant);
		return r;
	}
	if (value == NULL)
		return 0;
	box->items = tn_grow(box->items, box->n, &box->cap, sizeof(*box->items));
	box->items[box->n].name = name;
	box->items[box->n].value = value;
	box->n++;
	return 0;
}

int
tn_secret_box_fill(struct tn_secret_box *box, const struct tn_run_options *options,
    const struct tn_connection_entry *entry, const struct tn_want *want,
    struct tn_error *err)
{
	for (size_t i = 0; i < want->n_actions; i++) {
		const struct tn_content *content = &want->actions[i].content;

		for (size_t k = 0; k < content->n_secrets; k++) {
			int r = add_secret(box, options, entry, content->secrets[k].name,
			    err);

			if (r < 0)
				return r;
		}
	}
	return 0;
}

static void
demand_one(const struct tn_secret_box *box, const struct tn_connection_entry *entry,
    const struct tn_want_action *action, const char *name, struct tn_diags *diags)
{
	const struct tn_secret_source *source = source_of(entry, name);
	struct tn_diag *diag;

	if (tn_secret_box_find(box, name) != NULL)
		return;
	diag = tn_diags_error(diags, "missing-secret", action->mark,
	    "the secret %s has no value for tenant %s", name, entry->tenant);
	tn_diags_resource(diags, diag, "action/%s", action->name);
	if (source != NULL)
		tn_diags_hint(diags, diag,
		    "the connections file takes it from the variable %s, which is not set",
		    source->name);
	else
		tn_diags_hint(diags, diag,
		    "name its source in the connections file (connections.%s.secrets.%s) or "
		    "set TENON_SECRET_%s",
		    entry->tenant, name, name);
}

void
tn_secret_box_demand(const struct tn_secret_box *box,
    const struct tn_connection_entry *entry, const struct tn_want *want,
    struct tn_diags *diags)
{
	for (size_t i = 0; i < want->n_actions; i++)
		for (size_t k = 0; k < want->actions[i].content.n_secrets; k++)
			demand_one(box, entry, &want->actions[i],
			    want->actions[i].content.secrets[k].name, diags);
}

void
tn_secret_box_fingerprint(const struct tn_secret_box *box, const struct tn_secret *key,
    struct tn_want *want)
{
	for (size_t i = 0; i < want->n_actions; i++) {
		struct tn_content *content = &want->actions[i].content;
		struct tn_secret_ref *refs = tn_arena_array(want->arena,
		    content->n_secrets, struct tn_secret_ref);

		for (size_t k = 0; k < content->n_secrets; k++) {
			const struct tn_secret *value = tn_secret_box_find(box,
			    content->secrets[k].name);
			char hex[TN_SHA256_HEX];

			refs[k] = content->secrets[k];
			if (value == NULL)
				continue;
			tn_hmac_secret_hex(key, FINGERPRINT_DOMAIN, refs[k].name, value,
			    hex);
			refs[k].fingerprint = tn_arena_text(want->arena, hex);
		}
		content->secrets = refs;
	}
}
