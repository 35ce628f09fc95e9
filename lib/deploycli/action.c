#include "deploycli/reading.h"

#include <stdlib.h>
#include <string.h>

/* What the tool writes for a value that it was not told. */
#define NOT_SHOWN "_VALUE_NOT_SHOWN_"

/* One action being read. */
struct item {
	struct tn_reading *reading;
	const struct tn_value *value;
	struct tn_want_action *out;
	const char *resource;
};

static void
about(const struct item *item, struct tn_diag *diag, const char *hint)
{
	tn_diags_resource(item->reading->diags, diag, "%s", item->resource);
	if (hint != NULL)
		tn_diags_hint(item->reading->diags, diag, "%s", hint);
}

/* NULL for a key that is left out, or empty as good as that. */
static const struct tn_value *
stated(const struct item *item, const char *key)
{
	const struct tn_value *value = tn_value_get(item->value, key);

	return tn_value_is(value, TN_VALUE_NULL) ? NULL : value;
}

/* Two of one name are one too many. Sorted, so that they are neighbours. */
static void
check_twice(const struct item *item, const char *what, const char *a, const char *b)
{
	if (strcmp(a, b) == 0)
		about(item,
		    tn_diags_error(item->reading->diags, "duplicate-item",
			item->out->mark, "the %s \"%s\" stands here twice", what, a),
		    NULL);
}

static int
compare_dependencies(const void *a, const void *b)
{
	const struct tn_dependency *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static void
read_dependencies(const struct item *item)
{
	const struct tn_value *list = stated(item, "dependencies");
	struct tn_content *content = &item->out->content;
	size_t n = tn_value_is(list, TN_VALUE_ARRAY) ? list->count : 0, kept = 0;
	struct tn_dependency *items = tn_arena_array(item->reading->arena, n,
	    struct tn_dependency);

	if (list == NULL)
		item->out->unstated |= TN_PART_DEPENDENCIES;
	for (size_t i = 0; i < n; i++) {
		const struct tn_value *from = tn_value_at(list, i);

		items[kept] = (struct tn_dependency){
			.name = tn_value_get_text(from, "name"),
			.version = tn_value_get_text(from, "version"),
			.registry = tn_value_get_text(from, "registry_url"),
		};
		kept += items[kept].name != NULL && items[kept].version != NULL;
	}
	if (kept > 1)
		qsort(items, kept, sizeof(*items), compare_dependencies);
	for (size_t i = 1; i < kept; i++)
		check_twice(item, "dependency", items[i - 1].name, items[i].name);
	content->dependencies = items;
	content->n_dependencies = kept;
}

static bool
is_connection_secret(const struct tn_reading *reading, const char *name)
{
	for (size_t i = 0; i < reading->options->n_secrets; i++)
		if (strcmp(reading->options->secrets[i], name) == 0)
			return true;
	return false;
}

/* The environment's name gives a secret its value: it must not be text elsewhere. */
static void
note_source(struct tn_reading *reading, const struct tn_secret_ref *secret)
{
	if (is_connection_secret(reading, secret->name) ||
	    is_connection_secret(reading, secret->source))
		return;
	reading->secret_names = tn_arena_grow(reading->arena, reading->secret_names,
	    reading->n_secret_names, &reading->secret_names_cap,
	    sizeof(*reading->secret_names));
	reading->secret_names[reading->n_secret_names++] = (struct tn_keyword_use){
		.name = secret->source,
	};
}

/* A value is never used: the operator has it. Nor shown, as it may be a real one. */
static void
refuse_value(const struct item *item, const struct tn_secret_ref *secret,
    const char *value)
{
	struct tn_diags *diags = item->reading->diags;
	struct tn_diag *diag;

	if (tn_keyword_any(value)) {
		diag = tn_diags_warning(diags, "secret-in-files", item->out->mark,
		    "the value of secret %s is more than one placeholder, and is not used",
		    secret->name);
	} else {
		tn_reading_hide(item->reading, value);
		diag = tn_diags_warning(diags, "secret-in-files", item->out->mark,
		    "the value of secret %s stands in these files, and is not used",
		    secret->name);
	}
	about(item, diag, NULL);
	tn_diags_hint(diags, diag,
	    "give it in the connections file under secrets, or in the variable "
	    "TENON_SECRET_%s",
	    secret->name);
}

static bool
read_secret(const struct item *item, const struct tn_value *from,
    struct tn_secret_ref *out)
{
	const char *value = tn_value_get_text(from, "value");

	*out = (struct tn_secret_ref){ .name = tn_value_get_text(from, "name") };
	if (out->name == NULL)
		return false;
	if (value == NULL || *value == '\0' || strcmp(value, NOT_SHOWN) == 0)
		return true;
	out->source = tn_keyword_whole(&item->reading->keywords, value);
	if (out->source != NULL)
		note_source(item->reading, out);
	else
		refuse_value(item, out, value);
	return true;
}

static int
compare_secrets(const void *a, const void *b)
{
	const struct tn_secret_ref *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static void
read_secrets(const struct item *item)
{
	const struct tn_value *list = stated(item, "secrets");
	struct tn_content *content = &item->out->content;
	size_t n = tn_value_is(list, TN_VALUE_ARRAY) ? list->count : 0, kept = 0;
	struct tn_secret_ref *items = tn_arena_array(item->reading->arena, n,
	    struct tn_secret_ref);

	if (list == NULL)
		item->out->unstated |= TN_PART_SECRETS;
	for (size_t i = 0; i < n; i++)
		kept += read_secret(item, tn_value_at(list, i), &items[kept]);
	if (kept > 1)
		qsort(items, kept, sizeof(*items), compare_secrets);
	for (size_t i = 1; i < kept; i++)
		check_twice(item, "secret", items[i - 1].name, items[i].name);
	content->secrets = items;
	content->n_secrets = kept;
}

static void
read_trigger(const struct item *item)
{
	const struct tn_value *first =
	    tn_value_at(tn_value_get(item->value, "supported_triggers"), 0);

	item->out->trigger = (struct tn_trigger){
		.id = tn_value_get_text(first, "id"),
		.version = tn_value_get_text(first, "version"),
	};
}

/*
 * One runtime has two names: most triggers offer node18-actions, these node18 (the
 * trigger list of tenants). The platform takes the name that it offers.
 */
static const char *
runtime_name(const char *runtime, const struct tn_trigger *trigger)
{
	if (runtime == NULL || strcmp(runtime, "node18") != 0 ||
	    tn_text_equal(trigger->id, "custom-token-exchange") ||
	    (tn_text_equal(trigger->id, "post-login") &&
		tn_text_equal(trigger->version, "v2")))
		return runtime;
	return "node18-actions";
}

static void
read_runtime(const struct item *item)
{
	struct tn_want_action *out = item->out;

	out->content.runtime = runtime_name(tn_value_text(stated(item, "runtime")),
	    &out->trigger);
	if (out->content.runtime == NULL)
		out->unstated |= TN_PART_RUNTIME;
}

static int
read_code(const struct item *item, struct tn_error *err)
{
	const struct tn_value *value = stated(item, "code");
	const char *written = tn_value_text(value);

	if (written == NULL || *written == '\0') {
		item->out->unstated |= TN_PART_CODE;
		return 0;
	}
	item->out->code_mark = value->mark;
	return tn_reading_code(item->reading, item->resource, value,
	    &item->out->code_path, &item->out->content.code, err);
}

/*
 * An action that the tool would not deploy, or that a marketplace manages, is not ours to
 * put live; nor is one that needs modules, which tenon cannot give it. It is left alone,
 * and what binds it finds it in the tenant.
 */
static bool
is_managed(const struct item *item)
{
	struct tn_diags *diags = item->reading->diags;
	struct tn_mark mark = item->out->mark;

	if (tn_value_count(stated(item, "modules")) > 0) {
		about(item,
		    tn_diags_warning(diags, "uses-modules", mark,
			"this action uses modules, and is left alone"),
		    "tenon does not manage modules of actions yet");
		return false;
	}
	if (stated(item, "integration") != NULL) {
		about(item,
		    tn_diags_warning(diags, "marketplace-action", mark,
			"this action comes from the marketplace and is left alone"),
		    NULL);
		return false;
	}
	if (tn_value_get_bool(item->value, "deployed", false))
		return true;
	about(item,
	    tn_diags_warning(diags, "not-deployed", mark,
		"this action is not to be deployed, and is left alone"),
	    "auth0-deploy-cli would write its draft without deploying it; with "
	    "`deployed: true` it is managed");
	return false;
}

static int
read_action(struct tn_reading *reading, const struct tn_value *value,
    struct tn_want_action *out, bool *managed, struct tn_error *err)
{
	const struct tn_value *name = tn_value_get(value, "name");
	struct item item = { .reading = reading, .value = value, .out = out };

	*managed = false;
	*out = (struct tn_want_action){ .name = tn_value_text(name) };
	if (out->name == NULL)
		return 0; /* the schema has said so */
	out->mark = name->mark;
	item.resource = tn_arena_printf(reading->arena, "action/%s", out->name);
	*managed = is_managed(&item);
	if (!*managed)
		return 0;
	read_trigger(&item);
	read_runtime(&item);
	read_dependencies(&item);
	read_secrets(&item);
	return read_code(&item, err);
}

static int
compare_actions(const void *a, const void *b)
{
	const struct tn_want_action *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static void
check_names(struct tn_reading *reading)
{
	const struct tn_want *want = reading->want;

	for (size_t i = 1; i < want->n_actions; i++) {
		const struct tn_want_action *first = &want->actions[i - 1];
		const struct tn_want_action *second = &want->actions[i];
		struct tn_diag *diag;

		if (strcmp(first->name, second->name) != 0)
			continue;
		diag = tn_diags_error(reading->diags, "duplicate-name", second->mark,
		    "there are two actions of this name");
		tn_diags_resource(reading->diags, diag, "action/%s", second->name);
		tn_diags_hint(reading->diags, diag, "the other one is at %s:%u",
		    first->mark.file, first->mark.line);
	}
}

int
tn_reading_actions(struct tn_reading *reading, const struct tn_value *actions,
    struct tn_error *err)
{
	size_t n = tn_value_is(actions, TN_VALUE_ARRAY) ? actions->count : 0;
	struct tn_want *want = reading->want;

	want->actions = tn_arena_array(reading->arena, n, struct tn_want_action);
	for (size_t i = 0; i < n; i++) {
		bool managed;
		int r = read_action(reading, tn_value_at(actions, i),
		    &want->actions[want->n_actions], &managed, err);

		if (r < 0)
			return r;
		want->n_actions += managed;
	}
	if (want->n_actions > 1)
		qsort(want->actions, want->n_actions, sizeof(*want->actions),
		    compare_actions);
	check_names(reading);
	return 0;
}
