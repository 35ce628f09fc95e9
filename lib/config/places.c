#include "config/load.h"

#include <stdlib.h>

#include "base/mem.h"

/* --- What an item says about tenants -------------------------------------------------
 */

static int
compare_tenants(const void *a, const void *b)
{
	const size_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* The schema sees to it that no name is there twice. */
static void
read_only(struct tn_load *load, struct tn_load_item *item)
{
	const struct tn_value *only = tn_value_get(item->written->value, "only");
	size_t n = tn_value_is(only, TN_VALUE_ARRAY) ? only->count : 0;
	size_t *tenants = tn_arena_array(load->arena, n, size_t);

	item->everywhere = !tn_value_is(only, TN_VALUE_ARRAY);
	item->only = tenants;
	for (size_t i = 0; i < n; i++) {
		const char *name = tn_value_text(tn_value_at(only, i));
		size_t tenant = name != NULL ? tn_load_tenant_index(load, name)
					     : TN_LOAD_NO_TENANT;

		if (tenant != TN_LOAD_NO_TENANT)
			tenants[item->n_only++] = tenant;
	}
	qsort(tenants, item->n_only, sizeof(*tenants), compare_tenants);
}

bool
tn_load_is_in(const struct tn_load_item *item, size_t tenant)
{
	return item->everywhere ||
	    bsearch(&tenant, item->only, item->n_only, sizeof(tenant), compare_tenants) !=
	    NULL;
}

static int
compare_differences(const void *a, const void *b)
{
	const struct tn_load_difference *x = a, *y = b;

	return (x->tenant > y->tenant) - (x->tenant < y->tenant);
}

static void
read_per(struct tn_load *load, struct tn_load_item *item)
{
	const struct tn_value *per = tn_value_get(item->written->value, "per");
	size_t n = tn_value_is(per, TN_VALUE_OBJECT) ? per->count : 0;
	struct tn_load_difference *differences = tn_arena_array(load->arena, n,
	    struct tn_load_difference);

	item->per = differences;
	for (size_t i = 0; i < n; i++) {
		const struct tn_member *member = &per->as.members[i];
		size_t tenant = tn_load_tenant_index(load, member->key);

		if (tenant != TN_LOAD_NO_TENANT &&
		    tn_value_is(member->value, TN_VALUE_OBJECT))
			differences[item->n_per++] = (struct tn_load_difference){ tenant,
				member->value };
	}
	qsort(differences, item->n_per, sizeof(*differences), compare_differences);
}

const struct tn_value *
tn_load_difference(const struct tn_load_item *item, size_t tenant)
{
	const struct tn_load_difference wanted = { .tenant = tenant };
	const struct tn_load_difference *found = bsearch(&wanted, item->per, item->n_per,
	    sizeof(wanted), compare_differences);

	return found != NULL ? found->value : NULL;
}

void
tn_load_places(struct tn_load *load, struct tn_load_item *item)
{
	read_only(load, item);
	read_per(load, item);
}

/* --- The bound ------------------------------------------------------------------------
 */

/* The tenants of an item in their order; NULL stands for what is in all of them. */
static size_t
count_tenants(const struct tn_load *load, const struct tn_load_item *item)
{
	return item == NULL || item->everywhere ? load->n_tenants : item->n_only;
}

static size_t
tenant_at(const struct tn_load_item *item, size_t i)
{
	return item == NULL || item->everywhere ? i : item->only[i];
}

static size_t
count_pairs(const struct tn_load *load)
{
	size_t n = load->n_flows * load->n_tenants;

	for (size_t i = 0; i < load->actions.n; i++)
		n += count_tenants(load, &load->actions.items[i]);
	for (size_t i = 0; i < load->modules.n; i++)
		n += count_tenants(load, &load->modules.items[i]);
	for (size_t i = 0; i < load->n_flows; i++) {
		for (size_t k = 0; k < load->flows[i].n_entries; k++)
			n += count_tenants(load, load->flows[i].actions[k]);
	}
	return n;
}

void
tn_load_refuse_many(struct tn_load *load, struct tn_mark mark, const char *message)
{
	tn_diags_hint(load->diags,
	    tn_diags_error(load->diags, "too-many", mark, "%s", message),
	    "use several projects");
	load->well_formed = false;
}

/* --- By tenant ------------------------------------------------------------------------
 */

/* Of n things that are for the tenants of these items. */
static const struct tn_load_there *
sort_by_tenant(struct tn_load *load, const struct tn_load_item *const *items, size_t n)
{
	struct tn_load_there *there = tn_arena_array(load->arena, load->n_tenants,
	    struct tn_load_there);

	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < count_tenants(load, items[i]); k++)
			there[tenant_at(items[i], k)].n++;
	}
	for (size_t i = 0; i < load->n_tenants; i++) {
		there[i].at = tn_arena_array(load->arena, there[i].n, size_t);
		there[i].n = 0;
	}
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < count_tenants(load, items[i]); k++) {
			struct tn_load_there *of = &there[tenant_at(items[i], k)];

			of->at[of->n++] = i;
		}
	}
	return there;
}

static void
sort_items(struct tn_load *load, struct tn_load_items *items)
{
	TN_CLEANUP(tn_freep)
	const struct tn_load_item **all = tn_alloc(items->n + 1, sizeof(*all));

	for (size_t i = 0; i < items->n; i++)
		all[i] = &items->items[i];
	items->there = sort_by_tenant(load, all, items->n);
}

void
tn_load_by_tenant(struct tn_load *load)
{
	if (!load->well_formed)
		return;
	if (count_pairs(load) > TN_LOAD_PAIRS_MAX) {
		tn_load_refuse_many(load, load->tenants[0].mark,
		    "there are more than 200,000 pairs of a tenant with an action, a module "
		    "or a binding");
		return;
	}
	sort_items(load, &load->actions);
	sort_items(load, &load->modules);
	for (size_t i = 0; i < load->n_flows; i++) {
		struct tn_load_flow *flow = &load->flows[i];

		if (flow->differs)
			flow->there = sort_by_tenant(load, flow->actions,
			    flow->n_entries);
	}
}
