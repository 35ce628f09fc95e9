#include "model/action.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define RUNTIME_SUFFIX "-actions"

void
tn_trigger_add(const struct tn_trigger *trigger, struct tn_str *out)
{
	tn_str_add(out, trigger->id != NULL ? trigger->id : "(none)");
	if (trigger->version != NULL)
		tn_str_addf(out, "@%s", trigger->version);
}

static int
compare_dependencies(const void *a, const void *b)
{
	const struct tn_dependency *const *x = a, *const *y = b;
	int order = strcmp((*x)->name, (*y)->name);

	return order != 0 ? order : strcmp((*x)->version, (*y)->version);
}

static int
compare_secrets(const void *a, const void *b)
{
	const struct tn_secret_ref *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

/*
 * Pointers to n items in order, each once: a set. On the heap; *n_set of them.
 */
static const void **
set_of(const void *items, size_t n, size_t size,
    int (*compare)(const void *, const void *), size_t *n_set)
{
	const void **set = tn_alloc(n + 1, sizeof(*set));
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		set[i] = (const char *)items + i * size;
	qsort(set, n, sizeof(*set), compare);
	for (size_t i = 0; i < n; i++) {
		if (kept == 0 || compare(&set[kept - 1], &set[i]) != 0)
			set[kept++] = set[i];
	}
	*n_set = kept;
	return set;
}

static int
compare_modules(const void *a, const void *b)
{
	const struct tn_module_ref *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

static bool
dependencies_differ(const struct tn_content *a, const struct tn_content *b)
{
	size_t n, m;
	TN_CLEANUP(tn_freep)
	const void **x = set_of(a->dependencies, a->n_dependencies,
	    sizeof(*a->dependencies), compare_dependencies, &n);
	TN_CLEANUP(tn_freep)
	const void **y = set_of(b->dependencies, b->n_dependencies,
	    sizeof(*b->dependencies), compare_dependencies, &m);
	bool differ = n != m;

	for (size_t i = 0; !differ && i < n; i++)
		differ = compare_dependencies(&x[i], &y[i]) != 0;
	return differ;
}

static bool
secrets_differ(const struct tn_content *a, const struct tn_content *b)
{
	size_t n, m;
	TN_CLEANUP(tn_freep)
	const void **x = set_of(a->secrets, a->n_secrets, sizeof(*a->secrets),
	    compare_secrets, &n);
	TN_CLEANUP(tn_freep)
	const void **y = set_of(b->secrets, b->n_secrets, sizeof(*b->secrets),
	    compare_secrets, &m);
	bool differ = n != m;

	for (size_t i = 0; !differ && i < n; i++) {
		const struct tn_secret_ref *p = x[i], *q = y[i];

		differ = strcmp(p->name, q->name) != 0 ||
		    (p->updated_at != NULL && q->updated_at != NULL &&
			strcmp(p->updated_at, q->updated_at) != 0);
	}
	return differ;
}

static bool
modules_differ(const struct tn_content *a, const struct tn_content *b)
{
	size_t n, m;
	TN_CLEANUP(tn_freep)
	const void **x = set_of(a->modules, a->n_modules, sizeof(*a->modules),
	    compare_modules, &n);
	TN_CLEANUP(tn_freep)
	const void **y = set_of(b->modules, b->n_modules, sizeof(*b->modules),
	    compare_modules, &m);
	bool differ = n != m;

	for (size_t i = 0; !differ && i < n; i++) {
		const struct tn_module_ref *p = x[i], *q = y[i];

		differ = strcmp(p->name, q->name) != 0 || p->number != q->number ||
		    (p->version_id != NULL && q->version_id != NULL &&
			strcmp(p->version_id, q->version_id) != 0);
	}
	return differ;
}

/*
 * "-actions" at the end of a name does not make another runtime: lists of triggers and
 * older actions know one by two names.
 */
static bool
runtime_differs(const char *a, const char *b)
{
	size_t n = strlen(a), m = strlen(b);

	n -= tn_text_ends(a, RUNTIME_SUFFIX) ? strlen(RUNTIME_SUFFIX) : 0;
	m -= tn_text_ends(b, RUNTIME_SUFFIX) ? strlen(RUNTIME_SUFFIX) : 0;
	return !tn_span_equal(tn_span_of(a, n), tn_span_of(b, m));
}

static bool
code_differs(const struct tn_content *a, const struct tn_content *b)
{
	return strcmp(a->code != NULL ? a->code : "", b->code != NULL ? b->code : "") !=
	    0;
}

const char *
tn_part_name(unsigned part)
{
	switch (part) {
	case TN_PART_CODE:
		return "code";
	case TN_PART_RUNTIME:
		return "runtime";
	case TN_PART_DEPENDENCIES:
		return "dependencies";
	case TN_PART_SECRETS:
		return "secrets";
	default:
		return "modules";
	}
}

unsigned
tn_content_differs(const struct tn_content *a, const struct tn_content *b)
{
	unsigned parts = 0;

	if (code_differs(a, b))
		parts |= TN_PART_CODE;
	if (a->runtime != NULL && b->runtime != NULL &&
	    runtime_differs(a->runtime, b->runtime))
		parts |= TN_PART_RUNTIME;
	if (dependencies_differ(a, b))
		parts |= TN_PART_DEPENDENCIES;
	if (secrets_differ(a, b))
		parts |= TN_PART_SECRETS;
	if (modules_differ(a, b))
		parts |= TN_PART_MODULES;
	return parts;
}

bool
tn_fingerprint_same_key(const char *a, const char *b)
{
	const char *colon = strchr(a, ':'), *other = strchr(b, ':');
	size_t len = colon == NULL ? 0 : (size_t)(colon - a);

	return len == (other == NULL ? 0 : (size_t)(other - b)) && memcmp(a, b, len) == 0;
}

const struct tn_secret_ref *
tn_content_secret(const struct tn_content *content, const char *name)
{
	for (size_t i = 0; i < content->n_secrets; i++) {
		if (strcmp(content->secrets[i].name, name) == 0)
			return &content->secrets[i];
	}
	return NULL;
}

const struct tn_module_ref *
tn_content_module(const struct tn_content *content, const char *name)
{
	for (size_t i = 0; i < content->n_modules; i++) {
		if (strcmp(content->modules[i].name, name) == 0)
			return &content->modules[i];
	}
	return NULL;
}

const char *
tn_build_name(enum tn_build build)
{
	switch (build) {
	case TN_BUILD_RUNNING:
		return "running";
	case TN_BUILD_BUILT:
		return "built";
	case TN_BUILD_FAILED:
		return "failed";
	}
	return "unknown";
}

bool
tn_live_action_runs(const struct tn_live_action *action)
{
	return action->has_live && action->live.built;
}

bool
tn_live_action_clean(const struct tn_live_action *action)
{
	if (!action->has_live)
		return false;
	return action->installed ||
	    tn_content_differs(&action->draft, &action->live.content) == 0;
}

static struct tn_module_ref *
copy_modules(struct tn_arena *arena, const struct tn_content *from)
{
	struct tn_module_ref *modules = tn_arena_array(arena, from->n_modules,
	    struct tn_module_ref);

	for (size_t i = 0; i < from->n_modules; i++) {
		const struct tn_module_ref *ref = &from->modules[i];

		modules[i] = (struct tn_module_ref){
			.name = tn_arena_text(arena, ref->name),
			.number = ref->number,
			.module_id = tn_arena_text(arena, ref->module_id),
			.version_id = tn_arena_text(arena, ref->version_id),
		};
	}
	return modules;
}

void
tn_content_copy(struct tn_arena *arena, struct tn_content *to,
    const struct tn_content *from)
{
	struct tn_dependency *dependencies = tn_arena_array(arena, from->n_dependencies,
	    struct tn_dependency);
	struct tn_secret_ref *secrets = tn_arena_array(arena, from->n_secrets,
	    struct tn_secret_ref);

	for (size_t i = 0; i < from->n_dependencies; i++) {
		const struct tn_dependency *dependency = &from->dependencies[i];

		dependencies[i] = (struct tn_dependency){
			.name = tn_arena_text(arena, dependency->name),
			.version = tn_arena_text(arena, dependency->version),
			.registry = tn_arena_text(arena, dependency->registry),
		};
	}
	for (size_t i = 0; i < from->n_secrets; i++) {
		const struct tn_secret_ref *secret = &from->secrets[i];

		secrets[i] = (struct tn_secret_ref){
			.name = tn_arena_text(arena, secret->name),
			.source = tn_arena_text(arena, secret->source),
			.fingerprint = tn_arena_text(arena, secret->fingerprint),
			.updated_at = tn_arena_text(arena, secret->updated_at),
		};
	}
	*to = (struct tn_content){
		.code = tn_arena_text(arena, from->code),
		.runtime = tn_arena_text(arena, from->runtime),
		.dependencies = dependencies,
		.n_dependencies = from->n_dependencies,
		.secrets = secrets,
		.n_secrets = from->n_secrets,
		.modules = copy_modules(arena, from),
		.n_modules = from->n_modules,
	};
}

void
tn_version_copy(struct tn_arena *arena, struct tn_version *to,
    const struct tn_version *from)
{
	struct tn_version copy = *from;

	copy.id = tn_arena_text(arena, from->id);
	copy.created_at = tn_arena_text(arena, from->created_at);
	tn_content_copy(arena, &copy.content, &from->content);
	*to = copy;
}

void
tn_live_action_copy(struct tn_arena *arena, struct tn_live_action *to,
    const struct tn_live_action *from)
{
	struct tn_live_action copy = *from;

	copy.id = tn_arena_text(arena, from->id);
	copy.name = tn_arena_text(arena, from->name);
	copy.trigger.id = tn_arena_text(arena, from->trigger.id);
	copy.trigger.version = tn_arena_text(arena, from->trigger.version);
	copy.created_at = tn_arena_text(arena, from->created_at);
	copy.updated_at = tn_arena_text(arena, from->updated_at);
	copy.build_status = tn_arena_text(arena, from->build_status);
	tn_content_copy(arena, &copy.draft, &from->draft);
	tn_version_copy(arena, &copy.live, &from->live);
	*to = copy;
}
