#include "run/secrets.h"

#include <string.h>

#include "base/mem.h"
#include "base/secret.h"
#include "crypto/crypto.h"

/* Versioned: a change of the recipe must not look like a change of every secret. */
#define FINGERPRINT_DOMAIN "tenon-secret-1"

struct tn_secret_item {
	const char *name;
	const char *asked; /* by which the files ask for it; NULL: its own */
	size_t number;     /* of its source */
};

void
tn_secret_box_done(struct tn_secret_box *box)
{
	tn_arena_free(box->arena);
}

static const struct tn_secret_item *
find_item(const struct tn_secret_box *box, const struct tn_secret_ref *ref)
{
	for (size_t i = 0; i < box->n; i++)
		if (tn_text_equal(box->items[i].name, ref->name) &&
		    tn_text_equal(box->items[i].asked, ref->source))
			return &box->items[i];
	return NULL;
}

const struct tn_secret *
tn_secret_box_find(const struct tn_secret_box *box, const struct tn_secret_ref *ref)
{
	const struct tn_secret_item *item = find_item(box, ref);

	return item == NULL ? NULL : tn_resolve_value(box->resolve, item->number);
}

static const struct tn_secret_source *
listed(const struct tn_connection_entry *entry, const char *name)
{
	for (size_t i = 0; i < entry->n_secrets; i++)
		if (tn_text_equal(entry->secrets[i].name, name))
			return &entry->secrets[i].source;
	return NULL;
}

static bool
is_placeholder(const struct tn_connection_entry *entry, const char *name)
{
	for (size_t i = 0; i < entry->n_placeholders; i++)
		if (tn_text_equal(entry->placeholders[i], name))
			return true;
	return false;
}

static const struct tn_secret_source *
variable(struct tn_arena *arena, const char *prefix, const char *name)
{
	struct tn_secret_source *source = tn_arena_new_object(arena,
	    struct tn_secret_source);

	source->kind = TN_SECRET_ENV;
	source->name = tn_arena_printf(arena, "%s%s", prefix, name);
	return source;
}

/* Where the connection says that the value comes from; NULL when it does not. */
static const struct tn_secret_source *
source_of(struct tn_arena *arena, const struct tn_connection_entry *entry,
    const struct tn_secret_ref *ref)
{
	const struct tn_secret_source *source = listed(entry, ref->name);

	if (source == NULL && ref->source != NULL)
		source = listed(entry, ref->source);
	if (source == NULL && ref->source != NULL && is_placeholder(entry, ref->source))
		source = variable(arena, "", ref->source);
	return source;
}

static void
ask_one(struct tn_secret_box *box, struct tn_resolve *resolve,
    const struct tn_connection_entry *entry, const struct tn_secret_ref *ref)
{
	TN_CLEANUP(tn_str_done) struct tn_str what = TN_STR_INIT;
	const struct tn_secret_source *source = source_of(box->arena, entry, ref);

	if (find_item(box, ref) != NULL)
		return;
	if (source == NULL)
		source = variable(box->arena, "TENON_SECRET_", ref->name);
	tn_str_addf(&what, "the secret %s of tenant %s", ref->name, entry->tenant);
	box->items = tn_arena_grow(box->arena, box->items, box->n, &box->cap,
	    sizeof(*box->items));
	box->items[box->n++] = (struct tn_secret_item){
		.name = ref->name,
		.asked = ref->source,
		.number = tn_resolve_add(resolve, source, tn_str_text(&what)),
	};
}

/* An action or a module that is wanted with secrets. */
struct owner {
	const char *kind;
	const char *name;
	struct tn_mark mark;
	struct tn_content *content;
	const struct tn_content_limits *limits;
};

static size_t
count_owners(const struct tn_want *want)
{
	return want->n_actions + want->n_modules;
}

static struct owner
owner_at(const struct tn_want *want, const struct tn_limits *limits, size_t i)
{
	struct tn_want_module *module;

	if (i < want->n_actions) {
		struct tn_want_action *action = &want->actions[i];

		return (struct owner){ "action", action->name, action->mark,
			&action->content, limits != NULL ? &limits->action : NULL };
	}
	module = &want->modules[i - want->n_actions];
	return (struct owner){ "module", module->name, module->mark, &module->content,
		limits != NULL ? &limits->module : NULL };
}

void
tn_secret_box_ask(struct tn_secret_box *box, struct tn_resolve *resolve,
    const struct tn_connection_entry *entry, const struct tn_want *want)
{
	box->resolve = resolve;
	box->arena = tn_arena_new();
	for (size_t i = 0; i < count_owners(want); i++) {
		const struct tn_content *content = owner_at(want, NULL, i).content;

		for (size_t k = 0; k < content->n_secrets; k++)
			ask_one(box, resolve, entry, &content->secrets[k]);
	}
}

static void
demand_one(const struct tn_secret_box *box, const struct tn_connection_entry *entry,
    const struct owner *owner, const struct tn_secret_ref *ref, struct tn_diags *diags)
{
	const struct tn_secret_source *source = source_of(box->arena, entry, ref);
	const struct tn_secret_item *item = find_item(box, ref);
	struct tn_diag *diag;

	if (tn_resolve_value(box->resolve, item->number) != NULL ||
	    tn_resolve_failed(box->resolve, item->number))
		return;
	diag = tn_diags_error(diags, "missing-secret", owner->mark,
	    "the secret %s has no value for tenant %s", ref->name, entry->tenant);
	tn_diags_resource(diags, diag, "%s/%s", owner->kind, owner->name);
	if (source != NULL)
		tn_diags_hint(diags, diag,
		    "the connection takes it from the variable %s, which is not set",
		    source->name);
	else if (ref->source != NULL)
		tn_diags_hint(diags, diag,
		    "name its source in the connections file (connections.%s.secrets.%s), "
		    "let it be the variable %s there (placeholders: [%s]), or set "
		    "TENON_SECRET_%s",
		    entry->tenant, ref->name, ref->source, ref->source, ref->name);
	else
		tn_diags_hint(diags, diag,
		    "name its source in the connections file (connections.%s.secrets.%s) or "
		    "set TENON_SECRET_%s",
		    entry->tenant, ref->name, ref->name);
}

void
tn_secret_box_demand(const struct tn_secret_box *box,
    const struct tn_connection_entry *entry, const struct tn_want *want,
    struct tn_diags *diags)
{
	for (size_t i = 0; i < count_owners(want); i++) {
		const struct owner owner = owner_at(want, NULL, i);

		for (size_t k = 0; k < owner.content->n_secrets; k++)
			demand_one(box, entry, &owner, &owner.content->secrets[k], diags);
	}
}

void
tn_secret_box_demand_one(const struct tn_secret_box *box,
    const struct tn_connection_entry *entry, const char *kind, const char *name,
    struct tn_mark mark, const struct tn_secret_ref *ref, struct tn_diags *diags)
{
	const struct owner owner = { .kind = kind, .name = name, .mark = mark };

	demand_one(box, entry, &owner, ref, diags);
}

void
tn_secret_box_demand_new(const struct tn_secret_box *box,
    const struct tn_connection_entry *entry, const struct tn_want_action *action,
    const struct tn_content *have, struct tn_diags *diags)
{
	for (size_t k = 0; k < action->content.n_secrets; k++) {
		const struct tn_secret_ref *ref = &action->content.secrets[k];

		if (have == NULL || tn_content_secret(have, ref->name) == NULL)
			tn_secret_box_demand_one(box, entry, "action", action->name,
			    action->mark, ref, diags);
	}
}

static void
measure_one(const struct tn_secret_box *box, const struct owner *owner,
    const struct tn_secret_ref *ref, struct tn_diags *diags)
{
	const struct tn_secret *value = tn_secret_box_find(box, ref);
	size_t most = owner->limits->secret_value;
	struct tn_diag *diag;

	if (value == NULL || most == 0 || tn_secret_len(value) <= most)
		return;
	diag = tn_diags_error(diags, "secret-too-long", owner->mark,
	    "the value of the secret %s has %zu bytes; the platform takes %zu", ref->name,
	    tn_secret_len(value), most);
	tn_diags_resource(diags, diag, "%s/%s", owner->kind, owner->name);
	tn_diags_hint(diags, diag,
	    "is it the right value? A longer one can be split over several secrets");
}

void
tn_secret_box_measure(const struct tn_secret_box *box, const struct tn_want *want,
    const struct tn_limits *limits, struct tn_diags *diags)
{
	for (size_t i = 0; i < count_owners(want); i++) {
		const struct owner owner = owner_at(want, limits, i);

		for (size_t k = 0; k < owner.content->n_secrets; k++)
			measure_one(box, &owner, &owner.content->secrets[k], diags);
	}
}

void
tn_secret_box_fingerprint(const struct tn_secret_box *box, const struct tn_secret *key,
    const struct tn_saved_plan *saved, struct tn_want *want)
{
	char id[TN_KEY_ID_SIZE];

	tn_key_id(key, TN_KEY_DOMAIN, id);
	for (size_t i = 0; i < count_owners(want); i++) {
		const struct owner owner = owner_at(want, NULL, i);
		struct tn_content *content = owner.content;
		struct tn_secret_ref *refs = tn_arena_array(want->arena,
		    content->n_secrets, struct tn_secret_ref);

		for (size_t k = 0; k < content->n_secrets; k++) {
			const struct tn_secret *value = tn_secret_box_find(box,
			    &content->secrets[k]);
			char hex[TN_SHA256_HEX];

			refs[k] = content->secrets[k];
			if (value == NULL ||
			    (saved != NULL &&
				tn_saved_plan_defers(saved, owner.kind, owner.name,
				    refs[k].name)))
				continue;
			tn_hmac_secret_hex(key, FINGERPRINT_DOMAIN, refs[k].name, value,
			    hex);
			refs[k].fingerprint = tn_arena_printf(want->arena, "%s:%s", id,
			    hex);
		}
		content->secrets = refs;
	}
}
