#include "schema/check.h"

#include <string.h>

static bool
is_required(const struct tn_schema_node *node, const char *key)
{
	for (size_t i = 0; i < node->required_count; i++) {
		if (strcmp(node->required[i], key) == 0)
			return true;
	}
	return false;
}

static bool
is_required_by_all(const struct tn_schema_forms *forms, const char *key)
{
	for (size_t i = 0; i < forms->count; i++) {
		if (!is_required(forms->nodes[i], key))
			return false;
	}
	return true;
}

/* --- Which form is meant ----------------------------------------------------------- */

static bool
is_complete(const struct tn_schema_node *node, const struct tn_value *object)
{
	for (size_t i = 0; i < node->required_count; i++) {
		if (tn_value_member(object, node->required[i]) == NULL)
			return false;
	}
	return true;
}

static size_t
known_members(const struct tn_schema_node *node, const struct tn_value *object)
{
	size_t known = 0;

	for (size_t i = 0; i < object->count; i++)
		known += tn_schema_property(node, object->as.members[i].key) != NULL;
	return known;
}

/* The member that tells form a from form b: there, required by a and unknown to b. */
static const struct tn_member *
telling_member(const struct tn_schema_node *a, const struct tn_schema_node *b,
    const struct tn_value *object)
{
	for (size_t i = 0; i < a->required_count; i++) {
		if (tn_schema_property(b, a->required[i]) == NULL)
			return tn_value_member(object, a->required[i]);
	}
	return NULL;
}

static void
report_both(struct tn_schema_checker *c, const struct tn_schema_forms *complete,
    const struct tn_value *object, const struct tn_schema_path *path)
{
	const struct tn_schema_node *a = complete->nodes[0], *b = complete->nodes[1];
	const struct tn_member *first = telling_member(a, b, object);
	const struct tn_member *second = telling_member(b, a, object);
	struct tn_diag *diag;

	if (first > second) {
		const struct tn_member *swap = first;

		first = second;
		second = swap;
	}
	diag = tn_schema_finding(c, path, "not-together", second->mark,
	    "\"%s\" and \"%s\" exclude each other", first->key, second->key);
	tn_diags_hint(c->diags, diag, "remove one of them");
}

/* The forms whose required keys are all there, else those that know the most of the keys.
 */
static struct tn_schema_forms
narrow(struct tn_schema_checker *c, const struct tn_schema_forms *forms,
    const struct tn_value *object, const struct tn_schema_path *path)
{
	struct tn_schema_forms complete = { .count = 0 }, best = { .count = 0 };
	size_t most = 0;

	for (size_t i = 0; i < forms->count; i++) {
		size_t known = known_members(forms->nodes[i], object);

		if (is_complete(forms->nodes[i], object))
			complete.nodes[complete.count++] = forms->nodes[i];
		if (known > most)
			best.count = 0;
		if (known >= most)
			best.nodes[best.count++] = forms->nodes[i];
		most = known > most ? known : most;
	}
	if (complete.count == 0)
		return best;
	if (complete.count > 1)
		report_both(c, &complete, object, path);
	return complete;
}

/* --- What is missing --------------------------------------------------------------- */

static void
report_missing(struct tn_schema_checker *c, const struct tn_schema_node *node,
    const char *key, const struct tn_value *object, const struct tn_schema_path *path)
{
	const struct tn_schema_node *property = tn_schema_property(node, key);
	struct tn_diag *diag;

	diag = tn_schema_finding(c, path, "missing-key", object->mark,
	    "\"%s\" is missing", key);
	if (property != NULL)
		tn_schema_hint_title(c, diag, property);
}

/*
 * "token", or "clientId" and "clientSecret": what each form wants that not all
 * of them want.
 */
static void
report_missing_choice(struct tn_schema_checker *c, const struct tn_schema_forms *forms,
    const struct tn_value *object, const struct tn_schema_path *path)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

	for (size_t i = 0; i < forms->count; i++) {
		const struct tn_schema_node *node = forms->nodes[i];
		const char *separator = i > 0 ? ", or " : "";

		for (size_t k = 0; k < node->required_count; k++) {
			if (is_required_by_all(forms, node->required[k]) ||
			    tn_value_member(object, node->required[k]) != NULL)
				continue;
			tn_str_addf(&text, "%s\"%s\"", separator, node->required[k]);
			separator = " and ";
		}
	}
	/* Nothing is missing where several forms are complete. */
	if (text.len == 0)
		return;
	tn_schema_finding(c, path, "missing-key", object->mark,
	    "one of these is missing: %s", tn_str_text(&text));
}

static void
check_required(struct tn_schema_checker *c, const struct tn_schema_forms *forms,
    const struct tn_value *object, const struct tn_schema_path *path)
{
	const struct tn_schema_node *node = forms->nodes[0];

	for (size_t i = 0; i < node->required_count; i++) {
		if (is_required_by_all(forms, node->required[i]) &&
		    tn_value_member(object, node->required[i]) == NULL)
			report_missing(c, node, node->required[i], object, path);
	}
	if (forms->count > 1)
		report_missing_choice(c, forms, object, path);
}

/* --- Members ----------------------------------------------------------------------- */

/* Sets *open when members that are not named may have any value. */
static const struct tn_schema_node *
member_node(const struct tn_schema_forms *forms, const char *key, bool *open)
{
	const struct tn_schema_node *found = NULL;

	*open = false;
	for (size_t i = 0; i < forms->count; i++) {
		found = tn_schema_property(forms->nodes[i], key);
		if (found != NULL)
			return found;
	}
	for (size_t i = 0; i < forms->count && found == NULL; i++) {
		found = forms->nodes[i]->additional;
		*open = *open || !forms->nodes[i]->closed;
	}
	return found;
}

static void
report_unknown(struct tn_schema_checker *c, const struct tn_schema_forms *forms,
    const struct tn_member *member, const struct tn_schema_path *path)
{
	struct tn_diag *diag = tn_schema_finding(c, path, "unknown-key", member->mark,
	    "unknown key \"%s\"", tn_schema_short(c, member->key));
	const char **known;
	size_t count = 0;

	for (size_t i = 0; i < forms->count; i++)
		count += forms->nodes[i]->property_count;
	known = tn_arena_array(c->arena, count, const char *);
	count = 0;
	for (size_t i = 0; i < forms->count; i++) {
		for (size_t k = 0; k < forms->nodes[i]->property_count; k++)
			known[count++] = forms->nodes[i]->properties[k].key;
	}
	if (count == 0)
		tn_diags_hint(c->diags, diag, "no keys are known here");
	else
		tn_schema_hint_words(c, diag, member->key, known, count);
}

static void
check_count(struct tn_schema_checker *c, const struct tn_schema_node *node,
    const struct tn_value *object, const struct tn_schema_path *path)
{
	struct tn_diag *diag = NULL;

	if (object->count < node->min_members)
		diag = tn_schema_finding(c, path, "too-few", object->mark,
		    "there are %zu entries, at least %zu are needed", object->count,
		    node->min_members);
	else if (object->count > node->max_members)
		diag = tn_schema_finding(c, path, "too-many",
		    object->as.members[node->max_members].mark,
		    "there are %zu entries, at most %zu are allowed", object->count,
		    node->max_members);
	if (diag != NULL)
		tn_schema_hint_title(c, diag, node);
}

static void
check_member(struct tn_schema_checker *c, const struct tn_schema_forms *forms,
    const struct tn_member *member, const struct tn_schema_path *parent)
{
	struct tn_schema_path path = { .parent = parent, .key = member->key };
	bool open;
	const struct tn_schema_node *node = member_node(forms, member->key, &open);

	if (forms->nodes[0]->names != NULL)
		tn_schema_check_name(c, forms->nodes[0]->names, member, &path);
	if (node != NULL)
		tn_schema_check_value(c, node, member->value, &path);
	else if (open)
		tn_schema_check_value(c, &tn_schema_anything, member->value, &path);
	else
		report_unknown(c, forms, member, &path);
}

void
tn_schema_check_object(struct tn_schema_checker *c, struct tn_schema_forms forms,
    struct tn_value *object, const struct tn_schema_path *path)
{
	if (forms.count > 1)
		forms = narrow(c, &forms, object, path);
	check_required(c, &forms, object, path);
	if (forms.count == 1)
		check_count(c, forms.nodes[0], object, path);
	for (size_t i = 0; i < object->count; i++)
		check_member(c, &forms, &object->as.members[i], path);
}
