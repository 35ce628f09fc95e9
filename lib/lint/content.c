#include "lint/lint.h"

#include <string.h>

#include "base/text.h"
#include "lint/code.h"
#include "lint/npm.h"

/* An action or a module: what they have in common. */
struct subject {
	const char *kind; /* "action", "module" */
	const char *name;
	struct tn_mark mark;
	struct tn_mark code_mark;
	const char *code; /* NULL: the files leave it out */
	const struct tn_content *content;
	const struct tn_content_limits *limits;
	struct tn_diags *diags;
};

static struct tn_diag *finding(const struct subject *s, const char *code,
    struct tn_mark mark, const char *format, ...) TN_PRINTF(4, 5);

static struct tn_diag *
finding(const struct subject *s, const char *code, struct tn_mark mark,
    const char *format, ...)
{
	TN_CLEANUP(tn_str_done) struct tn_str message = TN_STR_INIT;
	struct tn_diag *diag;
	va_list args;

	va_start(args, format);
	tn_str_addv(&message, format, args);
	va_end(args);
	diag = tn_diags_error(s->diags, code, mark, "%s", tn_str_text(&message));
	tn_diags_resource(s->diags, diag, "%s/%s", s->kind, s->name);
	return diag;
}

/* "the code has 120000 bytes; the platform takes 102400 of an action": limit 0 is none.
 */
static void
check_limit(const struct subject *s, const char *code, struct tn_mark mark,
    const char *what, size_t count, const char *unit, size_t limit, const char *cure)
{
	if (limit == 0 || count <= limit)
		return;
	tn_diags_hint(s->diags,
	    finding(s, code, mark, "%sthis %s has %zu %s; the platform takes %zu", what,
		s->kind, count, unit, limit),
	    "%s", cure);
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
check_name(const struct subject *s)
{
	const char *wrong = NULL;

	if (*s->name == '\0')
		wrong = "is empty";
	else if (has_control(s->name))
		wrong = "has a control character";
	else if (*s->name == ' ' || tn_text_ends(s->name, " "))
		wrong = "begins or ends with a space";
	if (wrong != NULL)
		tn_diags_hint(s->diags,
		    finding(s, "bad-name", s->mark, "the name of this %s %s", s->kind,
			wrong),
		    "give it a name that people can read and write");
	check_limit(s, "name-too-long", s->mark, "the name of ",
	    tn_utf8_length(tn_span(s->name)), "characters", s->limits->name,
	    "shorten it");
}

/* "^1.2.3" and the like most probably mean the version that stands in them. */
static void
hint_version(const struct subject *s, struct tn_diag *diag, const char *version)
{
	const char *bare = version + strspn(version, "^~>=v ");

	if (tn_npm_version_exact(bare))
		tn_diags_hint(s->diags, diag, "did you mean \"%s\"?", bare);
	else
		tn_diags_hint(s->diags, diag,
		    "write the version that is to be installed, like 1.7.2");
}

static void
check_dependency(const struct subject *s, const struct tn_dependency *dependency)
{
	if (!tn_npm_name_valid(dependency->name))
		tn_diags_hint(s->diags,
		    finding(s, "bad-dependency", s->mark,
			"dependency \"%s\": that is no name of an npm package",
			dependency->name),
		    "names are like axios or @scope/name");
	if (!tn_npm_version_exact(dependency->version))
		hint_version(s,
		    finding(s, "inexact-version", s->mark,
			"dependency \"%s\": \"%s\" is not one exact version",
			dependency->name, dependency->version),
		    dependency->version);
}

static void
check_dependencies(const struct subject *s)
{
	const struct tn_content *content = s->content;

	check_limit(s, "too-many-dependencies", s->mark, "", content->n_dependencies,
	    "dependencies", s->limits->dependencies,
	    "leave out those that it can do without");
	for (size_t i = 0; i < content->n_dependencies; i++)
		check_dependency(s, &content->dependencies[i]);
}

static void
check_secrets(const struct subject *s)
{
	const struct tn_content *content = s->content;

	check_limit(s, "too-many-secrets", s->mark, "", content->n_secrets, "secrets",
	    s->limits->secrets,
	    "leave out those that it can do without, or join some into one");
	for (size_t i = 0; i < content->n_secrets; i++) {
		const char *name = content->secrets[i].name;

		if (*name == '\0')
			tn_diags_hint(s->diags,
			    finding(s, "bad-secret", s->mark,
				"a secret of this %s has an empty name", s->kind),
			    "name it as the code does: event.secrets.NAME");
		check_limit(s, "secret-name-too-long", s->mark,
		    "the name of a secret of ", tn_utf8_length(tn_span(name)),
		    "characters", s->limits->secret_name, "shorten it");
	}
}

static void
check_content(const struct subject *s)
{
	check_name(s);
	if (s->code != NULL)
		check_limit(s, "code-too-large", s->code_mark, "the code of ",
		    strlen(s->code), "bytes", s->limits->code,
		    "leave out comments and data that it does not need, or make a package or a "
		    "module of a part");
	check_dependencies(s);
	check_secrets(s);
}

void
tn_lint_action(const struct tn_want_action *action,
    const struct tn_capabilities *capabilities, struct tn_diags *diags)
{
	const struct subject s = {
		.kind = "action",
		.name = action->name,
		.mark = action->mark,
		.code_mark = action->code_mark,
		.code = (action->unstated & TN_PART_CODE) == 0 ? action->content.code
							       : NULL,
		.content = &action->content,
		.limits = &capabilities->limits.action,
		.diags = diags,
	};

	check_content(&s);
	if (action->content.n_secrets > 0 && !capabilities->secrets)
		tn_diags_hint(diags,
		    finding(&s, "no-secrets", s.mark,
			"this platform has no secrets in actions"),
		    "take `secrets` out");
	check_limit(&s, "too-many-modules", s.mark, "", action->n_modules, "modules",
	    capabilities->limits.uses, "join some of them into one module");
	if (s.code != NULL)
		tn_code_lint(
		    &(struct tn_code_subject){
			.kind = s.kind,
			.name = s.name,
			.mark = s.mark,
			.text = tn_span(s.code),
			.file = action->code_path,
			.trigger = &action->trigger,
			.content = s.content,
			.modules = action->modules,
			.n_modules = action->n_modules,
			.unstated = action->unstated,
		    },
		    diags);
}

void
tn_lint_module(const struct tn_want_module *module,
    const struct tn_capabilities *capabilities, struct tn_diags *diags)
{
	const struct subject s = {
		.kind = "module",
		.name = module->name,
		.mark = module->mark,
		.code_mark = module->code_mark,
		.code = module->content.code,
		.content = &module->content,
		.limits = &capabilities->limits.module,
		.diags = diags,
	};

	check_content(&s);
	tn_code_lint(
	    &(struct tn_code_subject){
		.kind = s.kind,
		.name = s.name,
		.mark = s.mark,
		.text = tn_span(s.code),
		.file = module->code_path,
		.content = s.content,
	    },
	    diags);
}
