#include "lint/lint.h"

#include <string.h>

#include "base/text.h"
#include "lint/npm.h"

struct check {
	const struct tn_want *want;
	const struct tn_capabilities *capabilities;
	struct tn_diags *diags;
};

static void
about_action(const struct check *check, struct tn_diag *diag,
    const struct tn_want_action *action)
{
	tn_diags_resource(check->diags, diag, "action/%s", action->name);
}

/* "the code has 120000 bytes; the platform takes 102400": limit 0 is none. */
static void
check_limit(const struct check *check, const struct tn_want_action *action,
    const char *code, const char *what, const char *unit, size_t count, size_t limit)
{
	if (limit == 0 || count <= limit)
		return;
	about_action(check,
	    tn_diags_error(check->diags, code, action->mark,
		"%s %zu %s; the platform takes %zu", what, count, unit, limit),
	    action);
}

static bool
has_control(const char *text)
{
	for (; *text != '\0'; text++) {
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			return true;
	}
	return false;
}

static void
check_name(const struct check *check, const struct tn_want_action *action)
{
	const char *name = action->name;
	const char *wrong = NULL;

	if (*name == '\0')
		wrong = "is empty";
	else if (has_control(name))
		wrong = "has a control character";
	else if (*name == ' ' || tn_text_ends(name, " "))
		wrong = "begins or ends with a space";
	if (wrong != NULL)
		about_action(check,
		    tn_diags_error(check->diags, "bad-name", action->mark,
			"the name of this action %s", wrong),
		    action);
}

/* "^1.2.3" and the like most probably mean the version that stands in them. */
static void
hint_version(const struct check *check, struct tn_diag *diag, const char *version)
{
	const char *bare = version + strspn(version, "^~>=v ");

	if (tn_npm_version_exact(bare))
		tn_diags_hint(check->diags, diag, "did you mean \"%s\"?", bare);
	else
		tn_diags_hint(check->diags, diag,
		    "write the version that is to be installed, like 1.7.2");
}

static void
check_dependency(const struct check *check, const struct tn_want_action *action,
    const struct tn_dependency *dependency)
{
	struct tn_diag *diag;

	if (!tn_npm_name_valid(dependency->name)) {
		diag = tn_diags_error(check->diags, "bad-dependency", action->mark,
		    "dependency \"%s\": that is no name of an npm package",
		    dependency->name);
		about_action(check, diag, action);
	}
	if (!tn_npm_version_exact(dependency->version)) {
		diag = tn_diags_error(check->diags, "inexact-version", action->mark,
		    "dependency \"%s\": \"%s\" is not one exact version",
		    dependency->name, dependency->version);
		about_action(check, diag, action);
		hint_version(check, diag, dependency->version);
	}
}

static void
check_dependencies(const struct check *check, const struct tn_want_action *action)
{
	const struct tn_content *content = &action->content;

	check_limit(check, action, "too-many-dependencies", "this action has",
	    "dependencies", content->n_dependencies,
	    check->capabilities->max_dependencies);
	for (size_t i = 0; i < content->n_dependencies; i++)
		check_dependency(check, action, &content->dependencies[i]);
}

static void
check_secrets(const struct check *check, const struct tn_want_action *action)
{
	const struct tn_content *content = &action->content;

	if (content->n_secrets > 0 && !check->capabilities->secrets)
		about_action(check,
		    tn_diags_error(check->diags, "no-secrets", action->mark,
			"this platform has no secrets in actions"),
		    action);
	check_limit(check, action, "too-many-secrets", "this action has", "secrets",
	    content->n_secrets, check->capabilities->max_secrets);
	for (size_t i = 0; i < content->n_secrets; i++) {
		const char *name = content->secrets[i].name;

		if (*name == '\0')
			about_action(check,
			    tn_diags_error(check->diags, "bad-secret", action->mark,
				"a secret of this action has an empty name"),
			    action);
		check_limit(check, action, "secret-name-too-long",
		    "the name of a secret of this action has", "characters",
		    tn_utf8_length(tn_span(name)), check->capabilities->max_secret_name);
	}
}

static void
check_action(const struct check *check, const struct tn_want_action *action)
{
	check_name(check, action);
	if ((action->unstated & TN_PART_CODE) == 0)
		check_limit(check, action, "code-too-large", "the code has", "bytes",
		    strlen(action->content.code), check->capabilities->max_code);
	check_dependencies(check, action);
	check_secrets(check, action);
}

/* An action runs only in the flow that it was written for, of whatever version. */
static void
check_entry(const struct check *check, const struct tn_want_flow *flow,
    const struct tn_want_entry *entry)
{
	const struct tn_want_action *action;
	struct tn_diag *diag;

	if (entry->kind != TN_ENTRY_ACTION)
		return;
	action = tn_want_action(check->want, entry->name);
	if (action == NULL || tn_text_equal(action->trigger.id, flow->trigger))
		return;
	diag = tn_diags_error(check->diags, "wrong-trigger", entry->mark,
	    "\"%s\" is written for %s and cannot run in %s", entry->name,
	    action->trigger.id, flow->trigger);
	tn_diags_resource(check->diags, diag, "bindings/%s", flow->trigger);
	tn_diags_hint(check->diags, diag, "bind it under %s, or change its trigger",
	    action->trigger.id);
}

static void
check_flow(const struct check *check, const struct tn_want_flow *flow)
{
	size_t limit = check->capabilities->max_bindings;
	size_t named = 0;
	struct tn_diag *diag;

	for (size_t i = 0; i < flow->n_entries; i++) {
		named += flow->entries[i].kind != TN_ENTRY_OTHERS;
		check_entry(check, flow, &flow->entries[i]);
	}
	if (limit == 0 || named <= limit)
		return;
	diag = tn_diags_error(check->diags, "too-many-bindings", flow->mark,
	    "%zu actions are bound to %s; the platform takes %zu", named, flow->trigger,
	    limit);
	tn_diags_resource(check->diags, diag, "bindings/%s", flow->trigger);
}

void
tn_lint_want(const struct tn_want *want, const struct tn_capabilities *capabilities,
    struct tn_diags *diags)
{
	const struct check check = {
		.want = want,
		.capabilities = capabilities,
		.diags = diags,
	};
	size_t limit = capabilities->max_actions;

	if (limit != 0 && want->n_actions > limit)
		tn_diags_error(diags, "too-many-actions", want->actions[limit].mark,
		    "the files have %zu actions; the platform takes %zu", want->n_actions,
		    limit);
	for (size_t i = 0; i < want->n_actions; i++)
		check_action(&check, &want->actions[i]);
	for (size_t i = 0; i < want->n_flows; i++)
		check_flow(&check, &want->flows[i]);
}
