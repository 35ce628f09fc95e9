#include "config/load.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

/* --- Tenants that an item names --------------------------------------------------- */

static void
refuse_tenant(struct tn_load *load, const struct tn_load_item *item, struct tn_mark mark,
    const char *name)
{
	struct tn_diag *diag = tn_load_finding(load, item, "unknown-tenant", mark,
	    "the project names no tenant \"%s\"", name);
	const char *nearest = !load->has_tenants
	    ? NULL
	    : tn_load_nearest(load, name, load->tenant_names, load->n_tenants);

	if (nearest != NULL)
		tn_diags_hint(load->diags, diag, "did you mean \"%s\"?", nearest);
	else
		tn_diags_hint(load->diags, diag, "name it under `tenants:`");
}

static void
check_only(struct tn_load *load, const struct tn_load_item *item)
{
	const struct tn_value *only = tn_value_get(item->written->value, "only");

	for (size_t i = 0; i < tn_value_count(only); i++) {
		const struct tn_value *value = tn_value_at(only, i);
		const char *name = tn_value_text(value);

		if (name != NULL && tn_load_tenant_index(load, name) == TN_LOAD_NO_TENANT)
			refuse_tenant(load, item, value->mark, name);
	}
}

static void
warn_of_difference(struct tn_load *load, const struct tn_load_item *item,
    const struct tn_member *difference)
{
	struct tn_diag *diag = tn_diags_warning(load->diags, "unused-difference",
	    difference->mark, "`only` leaves tenant \"%s\" out", difference->key);

	tn_diags_resource(load->diags, diag, "%s/%s", item->kind, item->written->key);
	tn_diags_hint(load->diags, diag, "add it to `only`, or take it out of `per`");
}

static void
check_per(struct tn_load *load, const struct tn_load_item *item)
{
	const struct tn_value *per = tn_value_get(item->written->value, "per");

	for (size_t i = 0; tn_value_is(per, TN_VALUE_OBJECT) && i < per->count; i++) {
		const struct tn_member *member = &per->as.members[i];
		size_t tenant = tn_load_tenant_index(load, member->key);

		if (tenant == TN_LOAD_NO_TENANT)
			refuse_tenant(load, item, member->mark, member->key);
		else if (!tn_load_is_in(item, tenant))
			warn_of_difference(load, item, member);
	}
}

/* --- Actions ---------------------------------------------------------------------- */

static void
check_reserved(struct tn_load *load, const struct tn_load_item *item)
{
	if (strcmp(item->written->key, "others") != 0)
		return;
	tn_diags_hint(load->diags,
	    tn_load_finding(load, item, "reserved-name", item->written->mark,
		"an action cannot be called \"others\""),
	    "in bindings that word stands for whoever else is bound");
}

static void
check_renamed_from_itself(struct tn_load *load, const struct tn_load_item *item)
{
	const struct tn_value *from = tn_value_get(item->written->value, "renamedFrom");

	if (!tn_text_equal(tn_value_text(from), item->written->key))
		return;
	tn_diags_hint(load->diags,
	    tn_load_finding(load, item, "bad-rename", from->mark,
		"an action cannot be renamed from its own name"),
	    "name the one that it had before, or take renamedFrom out");
}

/* --- Uses of modules -------------------------------------------------------------- */

static void
refuse_module(struct tn_load *load, const struct tn_load_item *item, struct tn_mark mark,
    const char *name)
{
	struct tn_diag *diag = tn_load_finding(load, item, "unknown-module", mark,
	    "there is no module \"%s\" in these files", name);
	const char *nearest = tn_load_nearest_item(load, &load->modules, name, NULL);

	if (nearest != NULL)
		tn_diags_hint(load->diags, diag, "did you mean \"%s\"?", nearest);
	else
		tn_diags_hint(load->diags, diag,
		    "declare it under modules, or pin one that is not ours: {%s: VERSION}",
		    name);
}

static void
check_use(struct tn_load *load, const struct tn_load_item *item,
    const struct tn_value *use)
{
	const char *name = tn_value_text(use);

	if (name != NULL && tn_load_find(&load->modules, name) == NULL)
		refuse_module(load, item, use->mark, name);
	if (!tn_value_is(use, TN_VALUE_OBJECT) || use->count != 1)
		return;
	name = use->as.members[0].key;
	if (tn_load_find(&load->modules, name) == NULL)
		return;
	tn_diags_hint(load->diags,
	    tn_load_finding(load, item, "pinned-module", use->as.members[0].mark,
		"\"%s\" is a module of these files and cannot be pinned", name),
	    "write its name alone: the version that equals its file is used");
}

static const char *
use_name(const struct tn_value *use)
{
	if (tn_value_is(use, TN_VALUE_OBJECT) && use->count == 1)
		return use->as.members[0].key;
	return tn_value_text(use);
}

/* The schema bounds the list, and has said so if this one is long. */
static void
check_uses(struct tn_load *load, const struct tn_load_item *item,
    const struct tn_value *written)
{
	const struct tn_value *uses = tn_value_get(written, "modules");
	size_t n = tn_value_is(uses, TN_VALUE_ARRAY) ? uses->count : 0;

	for (size_t i = 0; i < n && load->well_formed; i++) {
		const struct tn_value *use = uses->as.items[i];
		size_t k = 0;

		check_use(load, item, use);
		while (
		    k < i && !tn_text_equal(use_name(uses->as.items[k]), use_name(use)))
			k++;
		if (k < i)
			tn_diags_hint(load->diags,
			    tn_load_finding(load, item, "duplicate-module", use->mark,
				"module \"%s\" is already there", use_name(use)),
			    "an action has one version of a module");
	}
}

static void
check_item(struct tn_load *load, const struct tn_load_item *item)
{
	const struct tn_value *per = tn_value_get(item->written->value, "per");

	check_only(load, item);
	check_per(load, item);
	check_uses(load, item, item->written->value);
	for (size_t i = 0; tn_value_is(per, TN_VALUE_OBJECT) && i < per->count; i++)
		check_uses(load, item, per->as.members[i].value);
}

void
tn_load_check_names(struct tn_load *load)
{
	for (size_t i = 0; i < load->actions.n; i++) {
		check_reserved(load, &load->actions.items[i]);
		check_renamed_from_itself(load, &load->actions.items[i]);
		check_item(load, &load->actions.items[i]);
	}
	for (size_t i = 0; i < load->modules.n; i++)
		check_item(load, &load->modules.items[i]);
}

/* --- Of one tenant ---------------------------------------------------------------- */

static struct tn_diag *
action_finding(struct tn_load *load, const struct tn_want_action *action,
    const char *code, struct tn_mark mark, const char *message)
{
	struct tn_diag *diag = tn_diags_error(load->diags, code, mark, "%s", message);

	tn_diags_resource(load->diags, diag, "action/%s", action->name);
	return diag;
}

/* The old name may be that of another action only when that one moves away itself. */
static void
check_old_name(struct tn_load *load, const struct tn_want *want,
    const struct tn_want_action *action)
{
	const struct tn_want_action *holder = tn_want_action(want, action->renamed_from);

	if (holder == NULL || holder == action || holder->renamed_from != NULL)
		return;
	tn_diags_hint(load->diags,
	    action_finding(load, action, "bad-rename", action->renamed_mark,
		tn_arena_printf(load->arena, "\"%s\" is still an action of these files",
		    action->renamed_from)),
	    "take out the old action, or renamedFrom");
}

static int
compare_renames(const void *a, const void *b)
{
	const struct tn_want_action *const *x = a, *const *y = b;

	return strcmp((*x)->renamed_from, (*y)->renamed_from);
}

static void
check_renames(struct tn_load *load, const struct tn_want *want)
{
	TN_CLEANUP(tn_freep)
	const struct tn_want_action **renamed = tn_alloc(want->n_actions + 1,
	    sizeof(*renamed));
	size_t n = 0;

	for (size_t i = 0; i < want->n_actions; i++) {
		if (want->actions[i].renamed_from == NULL)
			continue;
		check_old_name(load, want, &want->actions[i]);
		renamed[n++] = &want->actions[i];
	}
	if (n > 1)
		qsort(renamed, n, sizeof(*renamed), compare_renames);
	for (size_t i = 1; i < n; i++) {
		if (compare_renames(&renamed[i - 1], &renamed[i]) != 0)
			continue;
		tn_diags_hint(load->diags,
		    action_finding(load, renamed[i], "bad-rename",
			renamed[i]->renamed_mark,
			tn_arena_printf(load->arena, "\"%s\" is renamed from \"%s\" too",
			    renamed[i - 1]->name, renamed[i]->renamed_from)),
		    "one action becomes one action");
	}
}

/* A module that these files have, in a tenant that `only` keeps it from. */
static void
check_modules_there(struct tn_load *load, size_t tenant,
    const struct tn_want_action *action)
{
	for (size_t i = 0; i < action->n_modules; i++) {
		const struct tn_want_use *use = &action->modules[i];
		const struct tn_load_item *module = tn_load_find(&load->modules,
		    use->name);

		if (module == NULL || tn_load_is_in(module, tenant))
			continue;
		tn_diags_hint(load->diags,
		    action_finding(load, action, "module-not-there", use->mark,
			tn_arena_printf(load->arena,
			    "module \"%s\" is not in every tenant that has this action",
			    use->name)),
		    "its `only` must name all of them");
	}
}

void
tn_load_check_want(struct tn_load *load, const struct tn_want *want, size_t tenant)
{
	check_renames(load, want);
	for (size_t i = 0; i < want->n_actions; i++)
		check_modules_there(load, tenant, &want->actions[i]);
}
