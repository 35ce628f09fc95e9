#include "config/load.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* One item as it is for one tenant, while it is made. */
struct making {
	struct tn_load *load;
	struct tn_load_item *item;
	const struct tn_load_tenant *tenant;
	const struct tn_value *value; /* merged, with variables put in */
	bool expanded;                /* variables were put into it */
	bool incomplete;              /* a finding says why */
};

static int
compare_dependencies(const void *a, const void *b)
{
	const struct tn_dependency *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static int
compare_secrets(const void *a, const void *b)
{
	const struct tn_secret_ref *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static int
compare_uses(const void *a, const void *b)
{
	const struct tn_want_use *x = a, *y = b;

	return strcmp(x->name, y->name);
}

/*
 * Text of a fixed form. The schema lets references pass there; what is left of one when
 * variables were put in was meant as text.
 */
static const char *
fixed_text(struct making *m, const struct tn_value *object, const char *key)
{
	const struct tn_value *value = tn_value_get(object, key);
	const char *text = tn_value_text(value);
	struct tn_diag *diag;

	if (!m->expanded || text == NULL)
		return text;
	if (*text != '\0' && !tn_load_text_refers(tn_span(text)))
		return text;
	diag = tn_load_finding(m->load, m->item, "bad-format", value->mark,
	    "the %s does not have the right form with its variables", key);
	tn_diags_hint(m->load->diags, diag, "in one of the tenants it is \"%s\"", text);
	m->incomplete = true;
	return NULL;
}

/* --- Content ---------------------------------------------------------------------- */

/* PACKAGE: VERSION, or PACKAGE: {version: …, registry: …} */
static void
read_dependencies(struct making *m, struct tn_content *content)
{
	const struct tn_value *value = tn_value_get(m->value, "dependencies");
	size_t n = tn_value_is(value, TN_VALUE_OBJECT) ? value->count : 0;
	struct tn_dependency *items = tn_arena_array(m->load->arena, n,
	    struct tn_dependency);

	for (size_t i = 0; i < n; i++) {
		const struct tn_member *member = &value->as.members[i];
		const char *version = tn_value_text(member->value);

		if (version == NULL)
			version = fixed_text(m, member->value, "version");
		items[i] = (struct tn_dependency){
			.name = member->key,
			.version = version,
			.registry = fixed_text(m, member->value, "registry"),
		};
	}
	qsort(items, n, sizeof(*items), compare_dependencies);
	content->dependencies = items;
	content->n_dependencies = n;
}

static void
read_secrets(struct making *m, struct tn_content *content)
{
	const struct tn_value *value = tn_value_get(m->value, "secrets");
	size_t n = tn_value_is(value, TN_VALUE_ARRAY) ? value->count : 0, kept = 0;
	struct tn_secret_ref *items = tn_arena_array(m->load->arena, n,
	    struct tn_secret_ref);

	for (size_t i = 0; i < n; i++) {
		const char *name = tn_value_text(value->as.items[i]);

		if (name != NULL)
			items[kept++].name = name;
	}
	qsort(items, kept, sizeof(*items), compare_secrets);
	content->secrets = items;
	content->n_secrets = kept;
}

/* A module may have no keys at all. */
static bool
may_be_left_out(const struct making *m)
{
	return tn_value_is(m->value, TN_VALUE_OBJECT) ||
	    (tn_value_is(m->value, TN_VALUE_NULL) &&
		strcmp(m->item->kind, "module") == 0);
}

/* The file that `code` names, or NAME.js beside the file that has the item. */
static int
read_code(struct making *m, bool substitute, struct tn_content *content,
    const char **path_out, struct tn_mark *mark_out, struct tn_error *err)
{
	const struct tn_value *value = tn_value_get(m->value, "code");
	const struct tn_member *written = m->item->written;
	const char *name = tn_value_text(value);
	struct tn_load_file *file;
	int r;

	*mark_out = value != NULL ? value->mark : written->mark;
	m->incomplete = true;
	if (value == NULL && may_be_left_out(m))
		name = tn_arena_printf(m->load->arena, "%s.js", written->key);
	if (name == NULL)
		return 0; /* of a wrong kind: the schema has said so */
	r = tn_load_file(m->load, m->item, "code", name, *mark_out, &file, err);
	if (r < 0 || file == NULL)
		return r;
	*path_out = file->path;
	content->code = file->text.ptr;
	if (substitute && file->references) {
		m->item->references = true;
		content->code = m->tenant != NULL
		    ? tn_load_expand_file(m->load, m->item, m->tenant, file)
		    : NULL;
	}
	m->incomplete = content->code == NULL;
	return 0;
}

/* --- Of actions alone ------------------------------------------------------------- */

/* "post-login@v3" */
static void
read_trigger(struct making *m, struct tn_trigger *out)
{
	const char *written = fixed_text(m, m->value, "trigger");
	const char *at = written != NULL ? strchr(written, '@') : NULL;
	struct tn_diag *diag;

	if (at != NULL && at != written && at[1] != '\0') {
		out->id = tn_arena_bytes(m->load->arena, written, (size_t)(at - written));
		out->version = at + 1;
		return;
	}
	m->incomplete = true;
	if (!m->expanded || written == NULL)
		return; /* a finding has said so */
	diag = tn_load_finding(m->load, m->item, "bad-format",
	    tn_value_get(m->value, "trigger")->mark,
	    "the trigger does not have the right form with its variables");
	tn_diags_hint(m->load->diags, diag,
	    "expected a trigger with its version, such as post-login@v3");
}

static void
read_use(const struct tn_value *value, struct tn_want_use *out)
{
	*out = (struct tn_want_use){ .name = tn_value_text(value), .mark = value->mark };
	if (tn_value_is(value, TN_VALUE_OBJECT) && value->count == 1) {
		out->name = value->as.members[0].key;
		out->mark = value->as.members[0].mark;
		if (!tn_value_to_int(value->as.members[0].value, &out->version))
			out->name = NULL;
	}
}

static void
read_uses(struct making *m, struct tn_want_action *out)
{
	const struct tn_value *value = tn_value_get(m->value, "modules");
	size_t n = tn_value_is(value, TN_VALUE_ARRAY) ? value->count : 0, kept = 0;
	struct tn_want_use *uses = tn_arena_array(m->load->arena, n, struct tn_want_use);

	for (size_t i = 0; i < n; i++) {
		read_use(value->as.items[i], &uses[kept]);
		kept += uses[kept].name != NULL;
	}
	qsort(uses, kept, sizeof(*uses), compare_uses);
	out->modules = uses;
	out->n_modules = kept;
}

static int
read_test(struct making *m, const struct tn_value *value, struct tn_want_test *out,
    struct tn_error *err)
{
	const struct tn_value *payload = tn_value_get(value, "payload");
	struct tn_load_file *file = NULL;
	int r = 0;

	*out = (struct tn_want_test){ .mark = value->mark,
		.expect = tn_value_get(value, "expect") };
	if (tn_value_text(payload) != NULL)
		r = tn_load_file(m->load, m->item, "payload", tn_value_text(payload),
		    payload->mark, &file, err);
	if (r == 0 && file != NULL) {
		out->payload_path = file->path;
		out->payload = tn_load_json(m->load, m->item, file, payload->mark);
	}
	return r;
}

static int
read_tests(struct making *m, struct tn_want_action *out, struct tn_error *err)
{
	const struct tn_value *value = tn_value_get(m->value, "tests");
	size_t n = tn_value_is(value, TN_VALUE_ARRAY) ? value->count : 0;
	struct tn_want_test *tests = tn_arena_array(m->load->arena, n,
	    struct tn_want_test);

	for (size_t i = 0; i < n; i++) {
		int r = read_test(m, value->as.items[i], &tests[i], err);

		if (r < 0)
			return r;
		m->incomplete |= tests[i].payload == NULL;
	}
	out->tests = tests;
	out->n_tests = n;
	return 0;
}

static int
make_action(struct making *m, struct tn_want_action *out, struct tn_error *err)
{
	const struct tn_member *written = m->item->written;
	const struct tn_value *renamed = tn_value_get(m->value, "renamedFrom");
	int r;

	*out = (struct tn_want_action){ .name = written->key, .mark = written->mark };
	out->protect = tn_value_get_bool(m->value, "protect", false);
	out->substitute = tn_value_get_bool(m->value, "substitute", false);
	out->renamed_from = tn_value_text(renamed);
	if (renamed != NULL)
		out->renamed_mark = renamed->mark;
	r = read_code(m, out->substitute, &out->content, &out->code_path, &out->code_mark,
	    err);
	if (r < 0)
		return r;
	out->content.runtime = fixed_text(m, m->value, "runtime");
	read_trigger(m, &out->trigger);
	read_dependencies(m, &out->content);
	read_secrets(m, &out->content);
	read_uses(m, out);
	return read_tests(m, out, err);
}

static int
make_module(struct making *m, struct tn_want_module *out, struct tn_error *err)
{
	const struct tn_member *written = m->item->written;
	int r;

	*out = (struct tn_want_module){ .name = written->key, .mark = written->mark };
	out->protect = tn_value_get_bool(m->value, "protect", false);
	r = read_code(m, false, &out->content, &out->code_path, &out->code_mark, err);
	if (r < 0)
		return r;
	read_dependencies(m, &out->content);
	read_secrets(m, &out->content);
	return 0;
}

/* --- By tenant -------------------------------------------------------------------- */

/* What differs in a tenant, merged and with its variables. False after a finding. */
static bool
prepare(struct tn_load *load, struct tn_load_item *item, size_t tenant,
    struct making *out)
{
	const struct tn_value *over = tn_load_difference(item, tenant);
	const struct tn_value *value = item->written->value;

	*out = (struct making){
		.load = load,
		.item = item,
		.tenant = &load->tenants[tenant],
	};
	if (over != NULL)
		value = tn_load_merge(load->arena, value, over);
	out->expanded = item->references || tn_load_refers(over);
	out->value = out->expanded ? tn_load_expand(load, item, out->tenant, value)
				   : value;
	return out->value != NULL;
}

static bool
is_same_everywhere(const struct tn_load_item *item, size_t tenant)
{
	return !item->references &&
	    (tenant == TN_LOAD_NO_TENANT || tn_load_difference(item, tenant) == NULL);
}

static bool
same_uses(const struct tn_want_action *a, const struct tn_want_action *b)
{
	bool same = a->n_modules == b->n_modules;

	for (size_t i = 0; same && i < a->n_modules; i++)
		same = strcmp(a->modules[i].name, b->modules[i].name) == 0;
	return same;
}

/* Whoever has checked one has checked the other: they differ in what is not looked at. */
static bool
is_alike(const struct tn_want_action *a, const struct tn_want_action *b)
{
	struct tn_content x = a->content, y = b->content;

	if (x.code != y.code || !tn_text_equal(a->trigger.id, b->trigger.id) ||
	    !tn_text_equal(a->trigger.version, b->trigger.version) || !same_uses(a, b))
		return false;
	x.code = y.code = NULL;
	x.runtime = y.runtime = NULL;
	return tn_content_differs(&x, &y) == 0;
}

static bool
is_checked(const struct tn_load_item *item, const struct tn_want_action *action)
{
	for (size_t i = 0; i < TN_ARRAY_LEN(item->recent); i++) {
		if (item->recent[i] != NULL && is_alike(item->recent[i], action))
			return true;
	}
	return false;
}

static const struct tn_want_action *
keep_action(struct tn_load *load, struct tn_load_item *item,
    const struct tn_want_action *action)
{
	struct tn_want_action *kept = tn_arena_new_object(load->arena,
	    struct tn_want_action);

	*kept = *action;
	if (is_checked(item, kept))
		return kept;
	item->recent[item->n_recent++ % TN_ARRAY_LEN(item->recent)] = kept;
	load->all_actions = tn_arena_grow(load->arena, load->all_actions,
	    load->n_all_actions, &load->all_actions_cap, sizeof(*load->all_actions));
	load->all_actions[load->n_all_actions++] = kept;
	return kept;
}

int
tn_load_action(struct tn_load *load, struct tn_load_item *item, size_t tenant,
    const struct tn_want_action **out, struct tn_error *err)
{
	struct making m = { .load = load, .item = item, .value = item->written->value };
	struct tn_want_action action;
	int r;

	*out = item->action;
	if (is_same_everywhere(item, tenant)) {
		if (item->action != NULL || item->refused)
			return 0;
		r = make_action(&m, &action, err);
		if (r < 0)
			return r;
		if (!item->references) {
			item->refused = m.incomplete;
			if (!m.incomplete)
				item->action = keep_action(load, item, &action);
			*out = item->action;
			return 0;
		}
	}
	*out = NULL;
	if (tenant == TN_LOAD_NO_TENANT || !prepare(load, item, tenant, &m))
		return 0;
	r = make_action(&m, &action, err);
	if (r == 0 && !m.incomplete)
		*out = keep_action(load, item, &action);
	return r;
}

static const struct tn_want_module *
keep_module(struct tn_load *load, const struct tn_want_module *module)
{
	struct tn_want_module *kept = tn_arena_new_object(load->arena,
	    struct tn_want_module);

	*kept = *module;
	load->all_modules = tn_arena_grow(load->arena, load->all_modules,
	    load->n_all_modules, &load->all_modules_cap, sizeof(*load->all_modules));
	load->all_modules[load->n_all_modules++] = kept;
	return kept;
}

int
tn_load_module(struct tn_load *load, struct tn_load_item *item, size_t tenant,
    const struct tn_want_module **out, struct tn_error *err)
{
	struct making m = { .load = load, .item = item, .value = item->written->value };
	struct tn_want_module module;
	bool same = is_same_everywhere(item, tenant);
	int r;

	*out = item->module;
	if (same && (item->module != NULL || item->refused))
		return 0;
	*out = NULL;
	if (!same && (tenant == TN_LOAD_NO_TENANT || !prepare(load, item, tenant, &m)))
		return 0;
	r = make_module(&m, &module, err);
	if (r < 0)
		return r;
	if (!m.incomplete)
		*out = keep_module(load, &module);
	if (same) {
		item->module = *out;
		item->refused = m.incomplete;
	}
	return 0;
}
