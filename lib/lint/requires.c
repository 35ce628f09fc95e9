/* Which packages and modules the code requires. */
#include "lint/code.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

/*
 * What Node has built in: node:module's builtinModules of version 22, the runtime of the
 * platform's newest actions, by the part before a slash. Sorted.
 */
static const char *const builtins[] = { "assert", "async_hooks", "buffer",
	"child_process", "cluster", "console", "constants", "crypto", "dgram",
	"diagnostics_channel", "dns", "domain", "events", "fs", "http", "http2", "https",
	"inspector", "module", "net", "os", "path", "perf_hooks", "process", "punycode",
	"querystring", "readline", "repl", "stream", "string_decoder", "sys", "timers",
	"tls", "trace_events", "tty", "url", "util", "v8", "vm", "wasi", "worker_threads",
	"zlib" };

#define MODULES "actions:"

static bool
begins_with(struct tn_span text, const char *prefix)
{
	size_t len = strlen(prefix);

	return text.len >= len && memcmp(text.ptr, prefix, len) == 0;
}

/* "@scope/name/path" is of "@scope/name", "name/path" of "name". */
static struct tn_span
package_of(struct tn_span name)
{
	const char *from = name.ptr;
	const char *slash;

	if (name.len > 0 && *from == '@') {
		slash = memchr(from, '/', name.len);
		if (slash != NULL)
			from = slash + 1;
	}
	slash = memchr(from, '/', name.len - (size_t)(from - name.ptr));
	return slash != NULL ? tn_span_of(name.ptr, (size_t)(slash - name.ptr)) : name;
}

/* Modules count as they are named, packages whichever of their files is required. */
static void
use(struct tn_code *code, size_t i, struct tn_span name, enum tn_code_surety surety)
{
	tn_code_use(&code->requires, begins_with(name, MODULES) ? name : package_of(name),
	    code->tokens[i].at, surety);
}

/*
 * A declaration at the top of the code runs whenever the code does; anything else may
 * stand under a condition. const and let stand under none.
 */
static enum tn_code_surety
surety_of(const struct tn_code *code, size_t i)
{
	size_t declared = i - 2;

	if (code->tokens[i].open != TN_CODE_NOWHERE ||
	    tn_code_at(code, i - 1)->id != TN_JS_EQUALS)
		return TN_CODE_LIKELY;
	if (tn_code_at(code, declared)->id == TN_JS_BRACE_CLOSE)
		declared = code->tokens[declared].partner;
	return tn_code_at(code, declared - 1)->id == TN_JS_CONST ||
		tn_code_at(code, declared - 1)->id == TN_JS_LET
	    ? TN_CODE_SURE
	    : TN_CODE_LIKELY;
}

void
tn_code_see_require(struct tn_code *code, size_t i)
{
	struct tn_span name;
	uint8_t behind = tn_code_at(code, i + 3)->id;

	if (tn_code_is_dot(code, i + 1)) {
		code->requires.unclear = true; /* require.resolve(…) */
	} else if (tn_code_at(code, i + 1)->id != TN_JS_PAREN_OPEN) {
		code->own_require = true;
	} else if (tn_code_literal(code, i + 2, &name) &&
	    (behind == TN_JS_PAREN_CLOSE || behind == TN_JS_COMMA)) {
		use(code, i + 2, name, surety_of(code, i));
	} else {
		code->requires.unclear = true;
		/* function require(…) { … } */
		code->own_require = code->own_require ||
		    tn_code_at(code, i - 1)->id == TN_JS_FUNCTION;
	}
}

void
tn_code_see_import(struct tn_code *code, size_t i)
{
	struct tn_span name;

	if (code->tokens[i].id == TN_JS_IMPORT &&
	    tn_code_at(code, i + 1)->id == TN_JS_PAREN_OPEN) {
		if (tn_code_literal(code, i + 2, &name))
			use(code, i + 2, name, TN_CODE_LIKELY);
		else
		code->requires.unclear = true;
	} else if (!code->module_syntax) {
		code->module_syntax = true;
		tn_code_find(code, TN_CODE_MODULE_SYNTAX, code->tokens[i].at,
		    tn_code_text(code, i));
	}
}

/* --- Judging ------------------------------------------------------------------------ */

static bool
is_builtin(struct tn_span package)
{
	for (size_t i = 0; i < TN_ARRAY_LEN(builtins); i++) {
		if (tn_span_is(package, builtins[i]))
			return true;
	}
	return false;
}

/* What the declarations have: a name, and whether the code came by it. */
struct declared {
	const char *name;
	bool used;
};

static int
compare_declared(const void *a, const void *b)
{
	const struct declared *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static bool
mark_used(struct declared *declared, size_t n, struct tn_span name)
{
	size_t low = 0;

	while (low < n) {
		size_t middle = low + (n - low) / 2;
		int order = strncmp(declared[middle].name, name.ptr, name.len);

		if (order == 0 && declared[middle].name[name.len] != '\0')
			order = 1;
		if (order == 0) {
			declared[middle].used = true;
			return true;
		}
		if (order < 0)
			low = middle + 1;
		else
			n = middle;
	}
	return false;
}

struct judge {
	struct declared *packages;
	struct declared *modules;
	size_t n_packages;
	size_t n_modules;
	bool check_packages; /* they are declared here */
	bool check_modules;
};

/* node:fs, ./file, #internal: nothing that could be declared. */
static bool
is_foreign(struct tn_span name)
{
	return name.len == 0 || *name.ptr == '.' || *name.ptr == '#' ||
	    memchr(name.ptr, ':', name.len) != NULL || is_builtin(name);
}

static void
judge_use(struct tn_code *code, const struct judge *judge, const struct tn_code_use *use)
{
	bool sure = use->surety == TN_CODE_SURE;
	struct tn_span name = use->name;

	if (begins_with(name, MODULES)) {
		name = tn_span_of(name.ptr + strlen(MODULES), name.len - strlen(MODULES));
		if (!mark_used(judge->modules, judge->n_modules, name) &&
		    judge->check_modules)
			tn_code_find(code,
			    sure ? TN_CODE_UNDECLARED_MODULE : TN_CODE_DOUBTFUL_MODULE,
			    use->at, name);
	} else if (!mark_used(judge->packages, judge->n_packages, name) &&
	    judge->check_packages && !is_foreign(name)) {
		tn_code_find(code,
		    sure ? TN_CODE_UNDECLARED_PACKAGE : TN_CODE_DOUBTFUL_PACKAGE, use->at,
		    name);
	}
}

static void
judge_unused(struct tn_code *code, enum tn_code_finding finding,
    const struct declared *declared, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (!declared[i].used)
			tn_code_find(code, finding, TN_CODE_NOWHERE,
			    tn_span(declared[i].name));
	}
}

/* One finding for each name: the surest use of it, else the first. */
static void
judge_all(struct tn_code *code, const struct judge *judge)
{
	const struct tn_code_uses *uses = &code->requires;
	size_t i = 0;

	tn_code_sort_uses(&code->requires);
	while (i < uses->n) {
		const struct tn_code_use *best = &uses->items[i];

		for (i++; i < uses->n && tn_span_equal(uses->items[i].name, best->name);
		     i++) {
			if (uses->items[i].surety > best->surety)
				best = &uses->items[i];
		}
		judge_use(code, judge, best);
	}
	if (code->requires.unclear)
		return;
	if (judge->check_packages)
		judge_unused(code, TN_CODE_UNUSED_DEPENDENCY, judge->packages,
		    judge->n_packages);
	if (judge->check_modules)
		judge_unused(code, TN_CODE_UNUSED_MODULE, judge->modules,
		    judge->n_modules);
}

void
tn_code_judge_requires(struct tn_code *code)
{
	const struct tn_code_subject *about = code->about;
	struct judge judge = {
		.n_packages = about->content->n_dependencies,
		.n_modules = about->n_modules,
		.check_packages = (about->unstated & TN_PART_DEPENDENCIES) == 0,
		.check_modules = about->trigger != NULL,
	};

	/* Code that brings its own require is bundled, and its names are of its parts. */
	if (code->own_require || code->module_syntax)
		return;
	judge.packages = tn_alloc(judge.n_packages + 1, sizeof(*judge.packages));
	judge.modules = tn_alloc(judge.n_modules + 1, sizeof(*judge.modules));
	for (size_t i = 0; i < judge.n_packages; i++)
		judge.packages[i].name = about->content->dependencies[i].name;
	for (size_t i = 0; i < judge.n_modules; i++)
		judge.modules[i].name = about->modules[i].name;
	qsort(judge.packages, judge.n_packages, sizeof(*judge.packages),
	    compare_declared);
	qsort(judge.modules, judge.n_modules, sizeof(*judge.modules), compare_declared);
	judge_all(code, &judge);
	tn_free(judge.packages);
	tn_free(judge.modules);
}
