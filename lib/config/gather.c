#include "config/load.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

/* Bounds for the search of nearest words: a platform takes 100 actions. */
#define CANDIDATES 200
#define HINTED     ((size_t)100)

/* --- Findings --------------------------------------------------------------------- */

struct tn_diag *
tn_load_finding(struct tn_load *load, const struct tn_load_item *item, const char *code,
    struct tn_mark mark, const char *format, ...)
{
	TN_CLEANUP(tn_str_done) struct tn_str message = TN_STR_INIT;
	struct tn_diag *diag;
	va_list args;

	va_start(args, format);
	tn_str_addv(&message, format, args);
	va_end(args);
	diag = tn_diags_error(load->diags, code, mark, "%s", tn_str_text(&message));
	tn_diags_resource(load->diags, diag, "%s/%s", item->kind, item->written->key);
	return diag;
}

const char *
tn_load_nearest(const struct tn_load *load, const char *word, const char *const *names,
    size_t n)
{
	if (tn_diags_count(load->diags) > HINTED)
		return NULL;
	return tn_text_nearest(word, names, n < CANDIDATES ? n : CANDIDATES);
}

const char *
tn_load_nearest_item(const struct tn_load *load, const struct tn_load_items *items,
    const char *word, const char *also)
{
	const char *names[CANDIDATES + 1];
	size_t n = 0;

	for (; n < items->n && n < CANDIDATES; n++)
		names[n] = items->items[n].written->key;
	if (also != NULL)
		names[n++] = also;
	return tn_diags_count(load->diags) > HINTED ? NULL
						    : tn_text_nearest(word, names, n);
}

/* --- Sections of all files -------------------------------------------------------- */

/* A member of a section, and where it comes in the order of files and lines. */
struct found {
	const struct tn_member *member;
	size_t order;
};

static int
compare_found(const void *a, const void *b)
{
	const struct found *x = a, *y = b;
	int by_name = strcmp(x->member->key, y->member->key);

	if (by_name != 0)
		return by_name;
	return (x->order > y->order) - (x->order < y->order);
}

static void
refuse_second(struct tn_load *load, const char *kind, const struct tn_member *second,
    struct tn_mark first)
{
	struct tn_diag *diag = tn_diags_error(load->diags, "duplicate-name", second->mark,
	    "\"%s\" is in another file already", second->key);

	tn_diags_resource(load->diags, diag, "%s/%s", kind, second->key);
	tn_diags_hint(load->diags, diag, "it stands first at %s:%u:%u", first.file,
	    first.line, first.col);
}

/* The members of one section in all files, sorted and each once; on the heap. */
static struct found *
gather(struct tn_load *load, const char *section, const char *kind, size_t *n)
{
	struct found *found = NULL;
	size_t count = 0, cap = 0, kept = 0;

	for (size_t i = 0; i < load->n_documents; i++) {
		const struct tn_value *value = tn_value_get(load->documents[i], section);

		for (size_t k = 0;
		     tn_value_is(value, TN_VALUE_OBJECT) && k < value->count; k++) {
			found = tn_grow(found, count, &cap, sizeof(*found));
			found[count] = (struct found){ &value->as.members[k], count };
			count++;
		}
	}
	if (count > 0)
		qsort(found, count, sizeof(*found), compare_found);
	for (size_t i = 0; i < count; i++) {
		if (kept > 0 &&
		    strcmp(found[kept - 1].member->key, found[i].member->key) == 0)
			refuse_second(load, kind, found[i].member,
			    found[kept - 1].member->mark);
		else
			found[kept++] = found[i];
	}
	*n = kept;
	return found;
}

/* --- Tenants ---------------------------------------------------------------------- */

static int
compare_names(const void *name, const void *names)
{
	return strcmp(name, *(const char *const *)names);
}

size_t
tn_load_tenant_index(const struct tn_load *load, const char *name)
{
	const char *const *at;

	if (!load->has_tenants)
		return TN_LOAD_NO_TENANT;
	at = bsearch(name, load->tenant_names, load->n_tenants,
	    sizeof(*load->tenant_names), compare_names);
	return at != NULL ? load->tenant_indexes[at - load->tenant_names]
			  : TN_LOAD_NO_TENANT;
}

static void
read_tenant(const struct tn_member *member, struct tn_load_tenant *out)
{
	const struct tn_value *vars = tn_value_get(member->value, "vars");
	const struct tn_value *mode = tn_value_get(member->value, "delete");

	*out = (struct tn_load_tenant){ .name = member->key, .mark = member->mark };
	if (tn_value_is(vars, TN_VALUE_OBJECT))
		out->vars = vars;
	if (mode == NULL)
		return;
	out->delete_mark = mode->mark;
	if (tn_text_equal(tn_value_text(mode), tn_want_delete_name(TN_DELETE_MANAGED)))
		out->delete_mode = TN_DELETE_MANAGED;
	else if (tn_text_equal(tn_value_text(mode), tn_want_delete_name(TN_DELETE_ALL)))
		out->delete_mode = TN_DELETE_ALL;
}

static int
compare_order(const void *a, const void *b)
{
	const struct found *x = a, *y = b;

	return (x->order > y->order) - (x->order < y->order);
}

static void
gather_tenants(struct tn_load *load)
{
	size_t n;
	TN_CLEANUP(tn_freep)
	struct found *found = gather(load, "tenants", "tenant", &n);
	const char **names = tn_arena_array(load->arena, n, const char *);
	size_t *indexes = tn_arena_array(load->arena, n, size_t);

	load->has_tenants = n > 0;
	load->n_tenants = n > 0 ? n : 1;
	load->tenants = tn_arena_array(load->arena, load->n_tenants,
	    struct tn_load_tenant);
	load->tenant_names = names;
	load->tenant_indexes = indexes;
	/* In the order written; the rank there is the index of a name. */
	for (size_t i = 0; i < n; i++)
		names[i] = found[i].member->key;
	if (n > 0)
		qsort(found, n, sizeof(*found), compare_order);
	for (size_t i = 0; i < n; i++) {
		const char *const *at = bsearch(found[i].member->key, names, n,
		    sizeof(*names), compare_names);

		indexes[at - names] = i;
		read_tenant(found[i].member, &load->tenants[i]);
	}
	if (n > TN_LOAD_TENANTS_MAX)
		tn_load_refuse_many(load, load->tenants[TN_LOAD_TENANTS_MAX].mark,
		    "there are more than 1000 tenants");
}

/* --- Actions, modules, triggers --------------------------------------------------- */

static void
gather_items(struct tn_load *load, const char *section, const char *kind,
    struct tn_load_items *out)
{
	size_t n;
	TN_CLEANUP(tn_freep) struct found *found = gather(load, section, kind, &n);

	out->items = tn_arena_array(load->arena, n, struct tn_load_item);
	out->n = n;
	for (size_t i = 0; i < n; i++) {
		out->items[i] = (struct tn_load_item){
			.kind = kind,
			.written = found[i].member,
			.references = tn_load_refers(found[i].member->value),
		};
		tn_load_places(load, &out->items[i]);
	}
}

static void
gather_flows(struct tn_load *load)
{
	size_t n;
	TN_CLEANUP(tn_freep)
	struct found *found = gather(load, "bindings", "bindings", &n);

	load->flows = tn_arena_array(load->arena, n, struct tn_load_flow);
	load->n_flows = n;
	for (size_t i = 0; i < n; i++)
		load->flows[i].written = found[i].member;
}

static int
compare_item(const void *name, const void *item)
{
	return strcmp(name, ((const struct tn_load_item *)item)->written->key);
}

const struct tn_load_item *
tn_load_find(const struct tn_load_items *items, const char *name)
{
	if (items->n == 0)
		return NULL;
	return bsearch(name, items->items, items->n, sizeof(*items->items), compare_item);
}

void
tn_load_gather(struct tn_load *load)
{
	gather_tenants(load);
	gather_items(load, "actions", "action", &load->actions);
	gather_items(load, "modules", "module", &load->modules);
	gather_flows(load);
}
